# %% [markdown]
# # 两个地区为什么相似？ Why are two regions alike?
#
# 相似度是一个数，但每个数都能拆成词，每个词都能回到句子。
#
# Likeness is a number, but each number comes apart into terms, and each term leads back to its sentence.

# %%
from pipeline.explore import closest_pair, compare, explain_pair, load, neighbours, numbers, show

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
# 共有词的权重相乘，乘积之和就是相似度：`sum_of_products` 与 `cosine` 应当相等。
#
# Multiply the two weights of every shared term: the products sum to the cosine. The two columns must agree.

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
#
# Dictionary and segmentation shape the result. Character pairs need neither: trust a likeness more where both agree.

# %%
from pipeline.explore import neighbour_picture

neighbour_picture(t, a)

# %%
show(neighbours(t, a))

# %% [markdown]
# ## 有多大把握？ How sure can we be?
#
# `views_rho` 是两种量法在所有地区对上的等级相关，`nearest_agree` 是两种量法给出同一个“最近”的地区数。
# 文本很短，一两个共有词就能改变名次；名次相邻的，不要当作有差别。
#
# `views_rho` is the rank correlation of both measures over all pairs; `nearest_agree` counts the regions whose
# nearest region is the same by both. The texts are short: a shared term or two changes a rank, so do not read
# neighbouring ranks as different.

# %%
show(numbers(t, "pairs", "cosine_max", "cosine_mean", "cosine_min", "views_rho", "regions", "nearest_agree"))

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
