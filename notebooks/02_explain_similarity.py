# %% [markdown]
# # 哪些地区像浙江，为什么？ Which regions resemble 浙江, and why?
#
# 相似度是一个数，但每个数都能拆成词，每个词都能回到句子；最后还要问：这个数有多牢靠？
#
# Likeness is a number, but each number comes apart into terms, and each term leads back to its sentence. Then comes the
# question how far the number can be trusted.

# %%
from pipeline.explore import claims, compare, explain_pair, interval_picture, intervals, load, neighbours, show

t = load("data/processed/vocational-teachers")

# %% [markdown]
# ## 谁离它近？ Who is near?
#
# 余弦相似度从零（没有共有词）到一（用词完全成比例）。圆点按词，菱形按相邻两字，后者不用词典。
#
# The cosine runs from zero (no shared term) to one (the same terms in the same proportion). Dots go by words, diamonds by
# pairs of adjoining characters, which need no dictionary.

# %%
from pipeline.explore import neighbour_picture

neighbour_picture(t, "浙江")

# %% [markdown]
# **看到什么 What do you see?** 先看横轴：最大的数离一有多远？再看两种量法是否都把同一个地区排在最前。
# 两种量法一致，是好消息，但读的是同一篇文字，不算两次证明。
#
# First look at the axis: how far is the largest number from one? Then see whether both measures put the same region
# first. Where they agree, good; but both read the same text, so that is not proof twice over.

# %%
show(neighbours(t, "浙江"))

# %% [markdown]
# ## 凭什么近？ Near because of what?
#
# 共有词的权重相乘，乘积之和就是相似度；`share` 是每个词占的份额。右边两列是两地的原话。
# 排在前面的词，两地说的是同一件事吗？
#
# Multiply the two weights of every shared term: the products sum to the cosine; `share` is each term's part. The last
# two columns quote both regions. Do the leading terms mean the same thing in both?

# %%
show(explain_pair(t, "浙江", "上海"))

# %% [markdown]
# 核对一下：`sum_of_products` 与 `cosine` 应当相等。`rank_low` 与 `rank_high` 之间是重抽样时名次的范围，
# `first_share` 是居首的比例。
#
# A check: `sum_of_products` must equal `cosine`. Between `rank_low` and `rank_high` lies the rank when measures are drawn
# anew; `first_share` says how often the pair is the closest.

# %%
show(compare(t, "浙江", "上海"))

# %% [markdown]
# ## 有多大把握？ How sure can we be?
#
# 每个地区只有几条举措。把它们重抽样（有的抽到两次，有的没抽到），相似度就会变；浅色的线是它变动的范围。
#
# Each region has a few measures only. Draw them anew (some twice, some not at all) and the cosine moves; the pale line is
# how far.

# %%
interval_picture(t, "浙江")

# %% [markdown]
# **看到什么 What do you see?** 两条线大半重叠，就不能说一个比另一个更近。点常在线的右端：重抽样会使相似度偏低
# （`bias`），区间没有作校正。右边的名次区间越宽，“第几名”越没有意义。
#
# Where two lines mostly overlap, neither region can be called the nearer one. The dot is often at the right end of its
# line: drawing anew lowers the cosine (`bias`), and the interval is not corrected. The wider the interval of the rank on
# the right, the less a rank means.

# %%
show(intervals(t, "浙江"))

# %% [markdown]
# `p` 是随机打乱的举措至少同样相近的比例；同时看了许多对，所以看校正后的 `q`：它不小，就不能说“胜过偶然”。
#
# `p` is the share of shuffled measures that are at least as alike. Many pairs were looked at, so go by `q`, which is
# corrected: where it is not small, the likeness does not beat chance.
#
# 换一种做法还成立吗？`share` 是成立的设定所占比例，后几列说哪种选择影响最大。
#
# Does it hold when done another way? `share` counts the settings in which it does; the last columns name the choice that
# matters most.

# %%
show(claims(t, "pair"))

# %% [markdown]
# 最后看整张排序表靠不靠得住：把每个地区的举措随机分成两半，两半给出的排序像不像？
# `split_half_corrected` 接近零，就只能谈个别地区对，不能谈整张排名。
#
# Last, the ranking as a whole: split every region's measures into halves at random; do both halves rank the pairs alike?
# Where `split_half_corrected` is near zero, single pairs can be spoken of, but not the ranking.

# %%
from pipeline.explore import reliability, similarity_picture

show(reliability(t))

# %% [markdown]
# 全部地区的矩阵，颜色越深越相似；色标只到最大值，先看它有多大。
#
# The matrix of all regions: darker is more alike. The scale ends at the largest value; look at it first.

# %%
similarity_picture(t)

# %% [markdown]
# ## 练习 Exercise
#
# 1. 浙江与兰州也相近。主要靠哪些词？其中有没有一个词单独占了很大份额？
# 2. 按上面的各项证据，用一句话写出浙江与兰州有多像、有多大把握。
#
# 在下面加一格试一试，再看提示与答案。
#
# 1. 浙江 and 兰州 are near, too. By which terms? Does one term alone make up a large part?
# 2. From all the evidence above, write one sentence: how alike are they, and how sure is that?
#
# Add a cell below and try; then compare.

# %% [markdown]
# ## 提示与答案 Hint and solution
#
# <details><summary>提示 Hint</summary>
#
# `explain_pair` 的 `share` 一列从大到小；`compare` 给出名次的区间和 `holds`。一句话里要有：相似度、名次区间、
# 主要的词、是否胜过随机。例如：“浙江与兰州用词较近（余弦……，名次区间……），主要因为都说……；与随机打乱的举措相比，
# 不能排除偶然。”
#
# `share` in `explain_pair` falls from the top; `compare` has the interval of the rank and `holds`. Your sentence needs
# the cosine, the interval of the rank, the leading terms, and whether it beats chance: "浙江 and 兰州 use similar words
# (cosine …, rank between … and …), mainly because both speak of …; chance cannot be excluded."
#
# </details>

# %%
show(explain_pair(t, "浙江", "兰州"))

# %%
show(compare(t, "浙江", "兰州"))
