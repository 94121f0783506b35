# %% [markdown]
# # 文字这么少，能有多大把握？ How sure can one be with so little text?
#
# 每个地区一段短文，几条举措。这一本笔记不引进新的结果，只做一件事：让你亲眼看到“重抽样”“随机打乱”“校准”是怎么回事，
# 再回头看报告里的每一句话。
#
# One short text and a few measures for each region. This tour brings no new result; it shows before your eyes what drawing
# anew, shuffling and calibrating are, so that you can read each sentence of the report with them in mind.

# %%
from pipeline.explore import closest_over_draws, interval_picture, load, null_picture, numbers, redraw, show

t = load("data/processed/vocational-teachers")

# %% [markdown]
# ## 重抽样是怎么回事？ What is drawing anew?
#
# 假如这些地区的简介由另一个人来写，会提到的举措不会完全相同。我们没有那另一份简介，就从现有的举措里有放回地抽：
# 抽到的 `drawn`，有的两次；没抽到的 `left_out`。每抽一次就重算一次。
#
# Had somebody else written these texts, the measures would not be quite the same. We do not have those other texts, so we
# draw from the measures there are, with replacement: some are `drawn` twice, some are `left_out`. Each draw is computed
# anew.

# %%
show(redraw(t, "浙江"))

# %% [markdown]
# **看到什么 What do you see?** 只换了几条举措，最近的地区就换了吗？最相似的一对换了吗？换一个 `seed` 再看几次：
# `redraw(t, "浙江", seed=…)`。
#
# A few measures are others: is the nearest region another, and the closest pair? Look at a few more with another `seed`:
# `redraw(t, "浙江", seed=…)`.

# %% [markdown]
# 抽许多次，数一数哪一对居首。报告的那一对（`reported`）占多大比例？别的对合起来占多大比例？
#
# Draw many times and count which pair comes first. How large is the share of the report's pair (`reported`), and that of
# all others together?

# %%
show(closest_over_draws(t))

# %% [markdown]
# 报告就是这样得到区间的，只是抽得更多。
#
# That is how the report comes by its intervals, with more draws.

# %%
interval_picture(t, "湖南")

# %% [markdown]
# ## 随机打乱是怎么回事？ What is shuffling?
#
# 把所有举措像发牌一样随机发给各地区，每地条数不变。这样的语料里没有地区特色，可是照样能分出“组”来。
# 实际的语料（竖线）要比它们多数都分得更清楚，才谈得上有组。
#
# Deal all measures anew among the regions like cards, each region keeping its number. Such a corpus has no regional
# character, yet it can be cut into groups, too. Only where the real corpus (the line) comes apart more clearly than nearly
# all of them can one speak of groups.

# %%
null_picture(t)

# %% [markdown]
# **看到什么 What do you see?** 竖线在这堆条的中间，就是“与偶然没有两样”；在最右端之外，才是“胜过偶然”。
# 图题里的 `p` 是打乱的语料中至少同样清楚的比例。
#
# A line in the middle of the heap: no different from chance. Only beyond its right end does it beat chance. `p` is the
# share of shuffled corpora that come apart at least as clearly.

# %%
null_picture(t, "characters")

# %% [markdown]
# ## “未显示”就是“没有”吗？ Is "not shown" the same as "not there"?
#
# 用真相已知的语料试过：`shuffled` 与 `own topics` 本来没有组，判为“支持”就是误报；`groups` 本来有组，
# `strength` 是同组地区出自共同主题的用词比例，判为“支持”的比例就是看得出来的机会。
#
# The verdict was tried on corpora whose truth is known. `shuffled` and `own topics` have no groups: "supported" is a false
# alarm there. `groups` have them; `strength` is the share of words from a common theme, and the share of "supported" is the
# chance to see them.

# %%
from pipeline.explore import calibration

show(calibration(13))

# %% [markdown]
# 共同之处弱的时候，`supported` 也小：这么少的文字看不出来。所以“未显示”要读作“这些材料看不出来”，不读作“不存在”。
#
# Where what is common is weak, `supported` is small: so little text cannot show it. Read "not shown" as "these texts do not
# show it", not as "absent".
#
# ## 有多大把握？ How sure can we be?
#
# 报告里各项的总账：`pairs_hold` 胜过偶然的地区对，`nearest_certain` 最近邻可以确定的地区，`confident` 有把握归组的地区，
# `listed_stable` 稳定的关键词，`first_pairs_robust` 换了设定仍居前的地区对。
#
# The account of the report: pairs that beat chance, regions whose nearest is certain, regions that surely belong to their
# group, stable keywords, pairs that stay among the first under other settings.

# %%
show(numbers(t, "pairs_hold", "nearest_certain", "confident", "listed_stable", "first_pairs", "first_pairs_robust"))

# %% [markdown]
# ## 练习 Exercise
#
# 1. 换三个 `seed`，各看八次抽样。河北的最近邻换过几次？
# 2. 地区多了，看得出组的机会一定大吗？比较不同地区数的校准结果。
# 3. 要更有把握，你会补充什么材料？
#
# 在下面加一格试一试，再看提示与答案。
#
# 1. Take three values of `seed` and look at eight draws each: how often does the nearest of 河北 change?
# 2. Do more regions always make groups easier to see? Compare the calibration for different numbers of regions.
# 3. To be surer, which material would you add?
#
# Add a cell below and try; then compare.

# %% [markdown]
# ## 提示与答案 Hint and solution
#
# <details><summary>提示 Hint</summary>
#
# 第一题：`redraw(t, "河北", seed=…)`，看 `nearest` 一列。第二题：`calibration()` 不写地区数，就列出全部；同一 `strength`
# 之下比较 `supported`，看地区多的是不是更大。第三题：`supported` 随什么升高？那就是材料里要更多的东西。
# 更长的文字、每地更多的文件在这里没有试过：用自己的语料运行一次，看区间窄了多少。
#
# The first: `redraw(t, "河北", seed=…)`, column `nearest`. The second: `calibration()` without a number lists all; compare
# `supported` at one `strength`: is it larger where there are more regions? The third: with what does `supported` rise? Of
# that there must be more. Longer texts, or more documents for each region, were not tried here: run a corpus of yours and
# see how much narrower the intervals become.
#
# </details>

# %%
show(redraw(t, "河北", seed=2))

# %%
show(calibration())
