# %% [markdown]
# # 这些地区分得成组吗？ Do the regions fall into groups?
#
# 任何数据都能分组；问题是分出来的组站不站得住。所以先看判断，再看组。
#
# Any data can be cut into groups; the question is whether the groups hold. So the verdict comes first, then the groups.

# %%
from pipeline.explore import certainty, group_picture, groups, load, members, numbers, show

t = load("data/processed/vocational-teachers")

# %% [markdown]
# ## 判断 The verdict
#
# 把举措在地区之间随机打乱，没有结构的文字也能分出组来。实际的文字要比它们分得更清楚，才算“支持”。
# 各项依据的 `value` 是量得的，`threshold` 是要求的。
#
# Shuffle the measures among the regions: texts without structure can be cut into groups, too. Only where the real texts
# come apart more clearly are groups supported. Each criterion has what was measured and the threshold it must meet.

# %%
show(certainty(t))

# %% [markdown]
# ## 各组 The groups
#
# 判断若是“未显示”，下面的组只说明谁与谁用词相近，不是发现。
# `support` 是支持度：换设定、换抽样，组员有多大比例仍在一起；`confident` 是有把握归组的地区数。
#
# Where the verdict is “not shown”, the groups below say who is near whom; they are not a finding. `support`: in which
# share of all settings and draws do the members stay together? `confident` counts those that surely belong.
#
# 轮廓系数比较一个地区离本组近，还是离另一组近：一是分得很清，零是两可，负数是更近别的组。
#
# The silhouette asks whether a region is closer to its own group or to the next: one is clear-cut, zero
# is a toss-up, below zero it is closer to the other group.

# %%
show(groups(t))

# %%
group_picture(t)

# %% [markdown]
# **看到什么 What do you see?** 横轴画到负一与一：条都很短，就是没有分得清的组。条伸向左边的地区，离别的组更近。
#
# The axis runs from minus one to one: short bars everywhere mean that no group is clear-cut. A region whose bar goes to
# the left is nearer to another group.
#
# 逐个地区看：支持度不高，或与次选组相差不多的，归到哪一组都说得过去。
#
# Region by region: where support is low, or hardly larger than that of the group that comes second, the region could
# as well be in either.

# %%
show(members(t))

# %% [markdown]
# ## 分几组？ How many groups?
#
# 每一种组数都看过。各项指标的 `p` 是随机打乱的文字至少同样好的比例：
# 若都不小，就没有哪一种组数是数据自己给出的。`pac` 是归属不明的地区对所占比例。
#
# Every number of groups was looked at. The `p` beside each index is the share of shuffled texts that do at least as
# well: where none is small, no number of groups is given by the data. `pac` is the share of ambiguous pairs.

# %%
from pipeline.explore import group_choice, group_terms

show(group_choice(t))

# %% [markdown]
# ## 哪些词把组分开？ Which terms set a group apart?
#
# `G2` 比较一个词在组内外的多少。`p` 没有为同时检验很多词作校正，组又是从同样的词分出来的：只作线索，不作检验。
#
# `G2` compares how often a term stands inside and outside the group. `p` is not corrected for testing many
# terms, and the groups were made from the same words: a hint, not a test.

# %%
show(group_terms(t))

# %% [markdown]
# ## 有多大把握？ How sure can we be?
#
# 各种设定分出的组彼此有多一致（`rand_median`，一是相同，零是碰巧）？有几个地区能有把握地归组？
# 归组若不稳健，这样的分组只是整理材料的一种方式，不能据此说某地“属于”某种模式。文本少而短，“未显示”也不等于“不存在”。
#
# How well do the groups of all settings agree (`rand_median`: one the same, zero as by chance), and how many regions
# surely belong? Where memberships are not robust, a grouping is one way to arrange the material: it does not show that
# a region belongs to a model of policy. The texts are few and short, so “not shown” is not “absent” either.

# %%
show(numbers(t, "specifications", "rand_median", "confident", "members", "members_robust"))

# %%
from pipeline.explore import claims

show(claims(t, "membership"))

# %% [markdown]
# ## 练习 Exercise
#
# 1. 归组最脆弱的地区是哪一个？哪种选择影响最大？
# 2. 各组的核心比单个地区稳健吗？
# 3. 如果你的论文需要一句关于分组的话，怎样写才不过分？
#
# 在下面加一格试一试，再看提示与答案。
#
# 1. Which membership is the most fragile, and which choice moves it most?
# 2. Are the cores of the groups more robust than single regions?
# 3. If your paper needs one sentence on groups, what may it say?
#
# Add a cell below and try; then compare.

# %% [markdown]
# ## 提示与答案 Hint and solution
#
# <details><summary>提示 Hint</summary>
#
# 归组用 `claims(t, "membership")`，核心用 `claims(t, "core")`；看 `share` 与 `most_sensitive_to`。
# 判断是“未显示”时，可以写“在多数设定下某地与某地同组”，并写出比例；不要写“存在几种模式”或“某地属于某类”。
#
# Memberships: `claims(t, "membership")`; cores: `claims(t, "core")`; look at `share` and `most_sensitive_to`. Where the
# verdict is “not shown”, you may write that two regions are in one group under most settings, with the share; not that
# there are types, or that a region belongs to one.
#
# </details>

# %%
show(claims(t, "core"))
