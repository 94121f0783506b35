# %% [markdown]
# # 这些地区分得成组吗？ Do the regions fall into groups?
#
# 任何数据都能分组；问题是分出来的组站不站得住。
#
# Any data can be cut into groups; the question is whether the groups hold.

# %%
from pipeline.explore import group_choice, group_picture, group_terms, groups, load, neighbour_picture, numbers, show

t = load("data/processed/vocational-teachers")

# %% [markdown]
# ## 各组 The groups
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
# ## 分几组？ How many groups?
#
# 每一种组数都看过。平均轮廓系数若都接近零，就没有哪一种组数是数据自己给出的。
#
# Every number of groups was looked at. Where all mean silhouettes are near zero, no number is given by the data.

# %%
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
# 文本少而短；轮廓系数接近零，组与组之间就没有清楚的空隙。这样的分组只是整理材料的一种方式，不是发现，
# 不能据此说某地“属于”某种模式。
#
# The texts are few and short, and a silhouette near zero means no clear gap between the groups. Such a grouping is
# one way to arrange the material, not a finding: it does not show that a region belongs to a model of policy.

# %%
show(numbers(t, "regions", "characters_min", "characters_max", "k", "silhouette", "silhouette_max"))

# %% [markdown]
# ## 练习 Exercise
#
# 1. 在上图里找最接近零的地区。它最近的地区在本组还是在别组？
# 2. 在 `method/settings.toml` 里换一种 `linkage`，运行 `make notebooks`：哪些地区换了组？
#
# 1. Find the region nearest to zero in the figure. Is its nearest region in its own group?
# 2. Set another `linkage` in `method/settings.toml` and run `make notebooks`: which regions change groups?

# %%
neighbour_picture(t, "山东")
