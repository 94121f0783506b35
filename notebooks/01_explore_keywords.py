# %% [markdown]
# # 一个地区说了什么别处少说的？ What does a region say that others rarely say?
#
# 本笔记带你从关键词走到原文：先看有多少材料，再看一个地区的词表，最后回到句子。
#
# This tour leads from keywords to the text: how much there is, one region's list, and back to the sentences.

# %%
from pipeline.explore import keyword_picture, keywords_of, load, numbers, regions, show

t = load("data/processed/vocational-teachers")

# %% [markdown]
# ## 先看材料多少 First, how much there is
#
# 每个地区只有一段短文，词频往往只差一两次。读下面各表时请记住这一点。
#
# Each region has one short text, and counts often differ by a mention or two: keep that in mind below.

# %%
show(regions(t))

# %% [markdown]
# ## 一个地区的关键词 One region's keywords
#
# 权重高，表示本地区说、别处少说。`df` 是说这个词的地区数，“出处”是举措编号。
# `stability` 是稳定度：把本地区的举措重抽样许多次，这个词有多大比例仍在表上。
#
# A high weight: said here, rarely elsewhere. `df` counts the regions that say it; the ids name the measures.
# `stability`: draw the region's measures anew many times; in which share of the draws is the term still listed?

# %%
show(keywords_of(t, "浙江"))

# %% [markdown]
# 浅色的条只说过一次：换一种写法，它就可能不在表上。条末是稳定度：权重高的词，稳定度不一定高。
#
# Pale bars were said once: another turn of phrase, and they might not be listed. Stability stands at the end of
# each bar: a heavy term need not be a stable one.

# %%
keyword_picture(t, "浙江")

# %% [markdown]
# ## 有多大把握？ How sure can we be?
#
# 各地词表合起来，只说一次的有多少？经得起重抽样的（`listed_stable`）有多少？
# 作多重检验校正后，仍明显多于别处的（`listed_discovered`）又有多少？后两个数若很小，关键词就只是描述，不是结论。
#
# Over all lists: how many entries were said once, how many stay when the measures are drawn anew
# (`listed_stable`), and how many stand out after correction for the number of tests (`listed_discovered`)?
# Where the last two are small, keywords describe these texts and prove nothing about the regions' policies.

# %%
show(numbers(t, "listed", "listed_single", "listed_single_share", "listed_stable", "listed_discovered"))

# %% [markdown]
# 换一种做法，各地的首位关键词还在表上吗？`share` 是成立的设定所占比例；“敏感”的，要连同设定一起引用。
#
# Done another way, is each region's first keyword still listed? `share` counts the settings in which it is; quote a
# sensitive one together with its settings.

# %%
from pipeline.explore import claims

show(claims(t, "keyword"))

# %% [markdown]
# ## 回到原文 Back to the text
#
# 同一个词，各地放在什么话里说？中间一列是原文的写法，同义写法按一个词计。
#
# One term: in which words does each region put it? The middle column is as written; spellings that mean
# the same count as one term.

# %%
from pipeline.explore import concordance, measures_with

show(concordance(t, "双师"))

# %%
show(measures_with(t, "企业实践"))

# %% [markdown]
# ## 练习 Exercise
#
# 1. 把“浙江”换成你熟悉的地区。哪些词出乎意料？用 `concordance` 查它的出处。
# 2. 挑一个稳定度低的词：若删去那一句，你对该地区的看法会变吗？
#
# 改好后运行 `make notebooks`。
#
# 1. Put a region you know in the place of 浙江. Which term surprises you? Look it up with `concordance`.
# 2. Choose a term of low stability: without that sentence, would you see the region differently?
#
# Then run `make notebooks`.

# %%
keyword_picture(t, "天津")
