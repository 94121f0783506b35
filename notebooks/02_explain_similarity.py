# %% [markdown]
# # 两个地区为什么相似？ Why are two regions alike?
#
# 相似度是一个数，但每个数都能拆成词，每个词都能回到句子。
#
# Likeness is a number, but each number comes apart into terms, and each term leads back to its sentence.

# %%
from pipeline.explore import claims, closest_pair, compare, explain_pair, load, neighbours, numbers, reliability, show

t = load("data/processed/vocational-teachers")

# %% [markdown]
# ## 全部地区 All regions
#
# 颜色越深越相似。余弦相似度从零（没有共有词）到一（用词完全成比例）；色标只到最大值，先看它有多大。
#
# Darker is more alike. The cosine runs from zero (no shared term) to one (the same terms in the same
# proportion); the scale ends at the largest value here: look at it first.

# %%
from pipeline.explore import similarity_picture

similarity_picture(t)

# %% [markdown]
# ## 最相似的一对 The closest pair
#
# 共有词的权重相乘，乘积之和就是相似度：`sum_of_products` 与 `cosine` 应当相等。这一对真的最相似吗？
# 把举措重抽样，名次在 `rank_low` 与 `rank_high` 之间，居首的占 `first_share`；
# `holds` 说它是否胜过随机打乱的举措。
#
# Multiply the two weights of every shared term: the products sum to the cosine; the two columns must agree.
# Is this pair the closest indeed? When the measures are drawn anew, its rank lies between `rank_low` and
# `rank_high`, and `first_share` says how often it is first; `holds` asks whether it beats shuffled measures.

# %%
a, b = closest_pair(t)
show(compare(t, a, b))

# %% [markdown]
# 词、它在相似度里的占比、两地的原话。排在前面的词说的是同一件事吗？
#
# Each term, its share of the likeness, both sides in their own words. Do the leading terms mean the same thing?

# %%
show(explain_pair(t, a, b))

# %% [markdown]
# ## 换一种量法 Another measure
#
# 词典和分词会影响结果。字对相似度不用词典：两种量法都说近，才比较可信。
# 但两种量法读的是同一篇文字，举措换几条，两种都会变：`nearest_share` 是重抽样后仍为最近的比例，
# 只能说最近的一个在标了 `among` 的几个地区之中。
#
# Dictionary and segmentation shape the result. Character pairs need neither: trust a likeness more where both agree.
# Both read the same text, though, and both move with its measures: `nearest_share` is the share of the draws in which
# a region is the nearest; all that can be said is that the nearest is one of those marked `among`.

# %%
from pipeline.explore import neighbour_picture

neighbour_picture(t, a)

# %%
show(neighbours(t, a))

# %% [markdown]
# ## 有多大把握？ How sure can we be?
#
# 把每个地区的举措随机分成两半，两半给出的名次像不像？
# `split_half_corrected` 若接近零，地区对的整体排序就靠不住，
# 哪怕两种量法（`views`）彼此一致：它们读的是同样的字。
#
# Split every region's measures into halves at random: do both halves rank the pairs alike? Where
# `split_half_corrected` is near zero, the ranking as a whole cannot be relied on, however well both measures agree
# (`views`): they read the same characters.

# %%
show(reliability(t))

# %% [markdown]
# `pairs_hold` 是校正后仍胜过随机打乱的地区对数，`nearest_certain` 是“最近”可以确定的地区数，
# `nearest_among` 是要在几个地区之中找最近的一个（中位数）。没有把握的名次，不要当作有差别。
#
# `pairs_hold` counts the pairs that beat shuffled measures after correction, `nearest_certain` the regions whose
# nearest is certain, `nearest_among` among how many it is to be sought (median). Do not read uncertain ranks as
# different.

# %%
show(numbers(t, "pairs", "cosine_max", "cosine_mean", "pairs_hold", "nearest_certain", "nearest_among"))

# %% [markdown]
# 居前的各对，换了设定还居前吗？“稳健”的可以谈；“脆弱”的，名次出自某一种设定。
#
# Do the first pairs stay among the first under other settings? Robust ones can be spoken of; the rank of a fragile one
# comes from one way of doing it.

# %%
show(claims(t, "pair"))

# %% [markdown]
# ## 练习 Exercise
#
# 1. 在矩阵里找一对你没想到的地区，用 `explain_pair` 看原话。相似的是做法，还是套话？
# 2. 哪一对的相似度主要靠一个词？去掉它，还剩多少？
#
# 改好后运行 `make notebooks`。
#
# 1. Find a pair in the matrix that you did not expect and read `explain_pair`: alike in practice, or in phrasing?
# 2. Which pair leans on one term? Without it, what remains?
#
# Then run `make notebooks`.

# %%
show(explain_pair(t, "宜昌", "湖南"))
