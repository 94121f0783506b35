# %% [markdown]
# # 湖南说了什么别处少说的？ What does 湖南 say that others rarely say?
#
# 本笔记带你从关键词走到原文：先看有多少材料，再看一个地区的词表，看它与别处差在哪里，最后回到句子。
# 把“湖南”换成任何一个地区，同样走一遍。
#
# This tour leads from keywords to the text: how much there is, one region's list, what sets it apart, and back to the
# sentences. Put any other region in the place of 湖南 and walk it again.

# %%
from pipeline.explore import keyword_picture, keywords_of, load, numbers, only_here, regions, show

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
show(keywords_of(t, "湖南"))

# %%
keyword_picture(t, "湖南")

# %% [markdown]
# **看到什么 What do you see?** 条越长，越是这里说、别处少说。浅色的只说过一次：换一种写法，它就可能不在表上。
# 条末是稳定度：权重高的词，稳定度不一定高。
#
# A longer bar: said here, rarely elsewhere. Pale bars were said once: another turn of phrase, and they might not be
# listed. Stability stands at the end of each bar: a heavy term need not be a stable one.

# %% [markdown]
# ## 只有这里说的 What only this region says
#
# 别的地区都没有的词，各附第一条用到它的举措。别处没有这个词，不等于别处没有这件事：换个说法就看不出来。
# 所以还要看主题。
#
# Terms that no other region has, each with the first measure that uses it. That others lack the word does not mean that
# they lack the thing: they may say it in other words. So look at the themes, too.

# %%
show(only_here(t, "湖南"))

# %% [markdown]
# ## 与别处相比，它多做什么、少说什么？ Beside the others: more of what, less of what?
#
# 主题由编码手册判定，一条举措可有几个。`share` 是占本地区举措的比例，`share_rest` 是占其余地区全部举措的比例，
# `others` 是提到它的别处地区数。
#
# Themes come from the codebook; a measure may carry several. `share` is their part of this region's measures,
# `share_rest` of all other measures, `others` the number of other regions that mention them.

# %%
from pipeline.explore import contrast_picture, theme_contrast

contrast_picture(t, "湖南")

# %%
show(theme_contrast(t, "湖南"))

# %% [markdown]
# **看到什么 What do you see?** 圆点在菱形右边，这里说得多；在左边，说得少。左右相差很大而 `others` 也大，
# 是“更强调”；`others` 接近零，才是“别处少有”。零条只说明这段简介没有提，不等于没有做。
#
# A dot to the right of its diamond: more is said here; to the left: less. Far apart while `others` is large means "more
# weight on it"; only where `others` is near zero does it mean "rare elsewhere". Nothing here means that this short text
# does not mention it, not that it is not done.

# %% [markdown]
# ## 有多大把握？ How sure can we be?
#
# 各地词表合起来，只说一次的有多少？经得起重抽样的（`listed_stable`）有多少？
# 作多重检验校正后，仍明显多于别处的（`listed_discovered`）又有多少？后两个数若很小，关键词就只是描述，不是结论。
# 上表的 `g2_p` 没有校正：看了许多主题，总有一两个会小。
#
# Over all lists: how many entries were said once, how many stay when the measures are drawn anew
# (`listed_stable`), and how many stand out after correction for the number of tests (`listed_discovered`)?
# Where the last two are small, keywords describe these texts and prove nothing about the regions' policies. `g2_p` above
# is not corrected: of many themes one or two will have a small one.

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

show(concordance(t, "精准"))

# %%
show(measures_with(t, "精准送培"))

# %% [markdown]
# ## 练习 Exercise
#
# 1. 天津有哪些词是别处没有的？其中哪些只是说法不同，别处也做？
# 2. 天津的哪个主题最突出？它“更强调”，还是“别处少有”？
#
# 在下面加一格试一试，再看提示与答案。
#
# 1. Which terms does 天津 have that no other region has? Which of them are another wording only of what others do, too?
# 2. Which theme stands out in 天津? Is there more weight on it, or is it rare elsewhere?
#
# Add a cell below and try; then compare.

# %% [markdown]
# ## 提示与答案 Hint and solution
#
# <details><summary>提示 Hint</summary>
#
# 先用 `only_here` 列出词，再用 `concordance` 查其中的一部分（如“鲁班工坊”之于“国际合作”）。
# 主题看 `theme_contrast`：先比 `share` 与 `share_rest`，再看 `others`。
#
# List the terms with `only_here` and look for a part of one in other regions with `concordance`. For the themes take
# `theme_contrast`: compare `share` with `share_rest`, then look at `others`.
#
# </details>

# %%
show(only_here(t, "天津"))

# %%
contrast_picture(t, "天津")
