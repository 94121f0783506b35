# %% [markdown]
# # 各地做了些什么？ What do the regions do?
#
# 前几本笔记数的是词。这一本看做法：编码手册把每条举措归入若干主题，每一处归入都能回到原句，也都可以不同意。
#
# The other tours count words. This one looks at approaches: a codebook gives each measure its themes; every mark
# leads back to its clause, and every mark may be disputed.

# %%
from pipeline.explore import clauses, load, numbers, passed_over, profile, show, themes, uncoded

t = load("data/processed/vocational-teachers")

# %% [markdown]
# ## 编码手册 The codebook
#
# 一条举措里出现某主题的指示词，就带有这个主题；可以同时带几个，也可以一个都没有。
# `single_hit` 是只凭一处指示词的举措数：改写那几个字，主题就没有了。英文定义用 `themes(t, "en")`。
#
# A measure carries a theme when one of the theme's indicators stands in it; it may carry several, or none.
# `single_hit` counts the measures that do so by one place only: put those few characters differently, and the mark is
# gone. For definitions in English: `themes(t, "en")`.

# %%
show(themes(t))

# %% [markdown]
# ## 哪些地区做什么？ Which region does what?
#
# 格中是举措条数，颜色是占该地区举措的比例。空格只说明这段简介没有提到，不等于没有做。
#
# Each cell has the number of measures; its shade is their share of the region's. An empty cell says that this short
# text does not mention it: not that nothing is done.

# %%
from pipeline.explore import profile_picture, theme_picture

theme_picture(t)

# %% [markdown]
# ## 一个地区 One region
#
# 区间是把这个地区的举措重抽样所得：举措只有几条，区间就很宽。`leading_share` 是该主题居首的抽样比例，
# 接近一才能说“以它为主”；`first_rank` 是最早第几条举措提到它。
#
# The interval comes from drawing the region's measures anew: of a few measures it is wide. `leading_share` is the share
# of the draws in which the theme comes first: only near one does it lead. `first_rank`: which measure is the first to
# carry it.

# %%
profile_picture(t, "浙江")

# %% [markdown]
# **看到什么 What do you see?** 浅色的线若大半重叠，主题之间的先后就没有把握；右边的数字说明这些比例出自几条举措。
#
# Where the pale lines mostly overlap, the order of the themes is not sure; the numbers on the right say how few measures
# these shares come from.

# %%
show(profile(t, "浙江"))

# %% [markdown]
# ## 凭哪句话？ By which clause?
#
# 每一行是一处指示词，用【】标在整条举措里。`rule` 是手册里的写法，`line` 是它在 `method/themes.toml` 的行号；
# `only` 说这条举措是不是只凭这一处。
#
# Each row is one place, in 【】 within its whole measure. `rule` is the indicator as the codebook writes it, `line` its
# line in `method/themes.toml`; `only` says whether the measure carries the theme by this place alone.

# %%
show(clauses(t, "浙江", "引才用人与人事改革"))

# %% [markdown]
# ## 你同意吗？ Do you agree?
#
# 只凭一处的，最值得逐条读。浙江那条说的是师德，大赛只是形式：算“以赛促教”吗？
#
# 不同意，就翻到 `line` 那一行：指示词本身不对，删去或改窄；词对而此处不对，在同一主题的 `exclusions` 里加一条。
#
# Marks that rest on one place deserve a reading each. The measure of 浙江 is about ethics, the contest only its form:
# is that a contest that moves teaching?
#
# Where you disagree, go to that `line`: an indicator that is wrong goes or becomes narrower; one that is wrong only
# here asks for an entry in the `exclusions` of its theme.

# %%
show(clauses(t, theme="competition", only=True))

# %%
show(clauses(t, "浙江", only=True))

# %% [markdown]
# 反过来，查到而未计入的也要看：排除（`reason` 是排除语）或否定（`reason` 是否定词）得对吗？
#
# The other way round: what was found and not counted. Is it rightly excluded (`reason` is the exclusion) or negated
# (`reason` is the negating word)?

# %%
show(passed_over(t))

# %% [markdown]
# 没有主题的举措，和其中可作新指示词的词。没有行，就是每条举措都有主题；那也可能是手册太宽。
#
# Measures without a theme, and words in them that may become indicators. No row: every measure carries a theme, which
# may also mean that the codebook is too wide.

# %%
show(uncoded(t))

# %% [markdown]
# ## 哪些地区做法相近？ Whose approaches are alike?
#
# 主题少，几乎每一对都有共有的主题，所以按主题的相似度普遍高于按词的：两者只比名次，不比大小。
#
# There are few themes and nearly every pair shares some, so cosines by themes are mostly larger than those by words:
# compare the ranks, not the sizes.

# %%
from pipeline.explore import closest_pair, compare_themes, explain_themes, similarity_picture

similarity_picture(t, "cosine_themes")

# %% [markdown]
# 最近的一对：名次的区间、居首的比例，以及按词排在第几。`q` 不小，就是打乱的举措也常常这样近。
#
# The closest pair: the interval of its rank, how often it is first, and its rank by words. Where `q` is not small,
# shuffled measures are often as close.

# %%
a, b = closest_pair(t, "cosine_themes")
show(compare_themes(t, a, b))

# %% [markdown]
# 相似度由哪些主题而来，两地各是哪几句话。同一主题之下，说的是同一件事吗？
#
# Which themes the cosine comes from, and both sides' clauses. Under one theme, do they speak of the same thing?

# %%
show(explain_themes(t, a, b))

# %% [markdown]
# ## 按主题分得成组吗？ Do the themes make groups?
#
# 与按词分组一样，先看判断。判断若是“未显示”，下面的组只说明谁与谁做法相近，不是几种“模式”。
#
# As for words, the verdict comes first. Where it is “not shown”, the groups below say whose approaches are near each
# other; they are not models of policy.

# %%
from pipeline.explore import certainty, group_picture, group_themes, groups, members

show(certainty(t, "themes"))

# %%
show(groups(t, "themes"))

# %%
group_picture(t, "themes")

# %% [markdown]
# 哪些主题把组分开（`g2_p` 没有校正，组又是从同样的主题分出来的：只作线索），以及各地区按词在哪一组。
#
# Which themes set a group apart (`g2_p` is not corrected, and the groups were made from the same themes: a hint only),
# and each region's group by words.

# %%
show(group_themes(t))

# %%
show(members(t, "themes"))

# %% [markdown]
# ## 词与主题说的一样吗？ Do words and themes agree?
#
# 第一行比较各对地区的远近，其余各行比较分组；零是碰巧。两者读的是同样的句子，一致也不算互相印证。
#
# The first row compares how near the pairs are, the others the groups; zero is agreement by chance. Both read the same
# sentences: where they agree, neither proves the other.

# %%
from pipeline.explore import coders, disagreements, view_agreement, views_differ

show(view_agreement(t))

# %% [markdown]
# 看法差得最多的地区对。`difference` 大于零：做法比用词近；小于零：用词像，做法不像。
# 右边是造成差别的举措全文；去掉其中第一条，名次差变成 `difference_without`。
#
# The pairs on which they differ most. `difference` above zero: nearer in what they do than in their words; below zero:
# like words for unlike things. On the right the measures that make the difference, whole; without the first of them the
# difference would be `difference_without`.

# %%
show(views_differ(t))

# %% [markdown]
# ## 有多大把握？ How sure can we be?
#
# 标记合起来有多少只凭一处（`marks_single`）？手册的指示词有多少在这里用得上（`rules_used`）？
# 手册是读着这些举措修订的，在这里准，不等于在别处准：别的文本上的准确率与召回率见 `reports/calibration/themes.md`。
#
# How many of all marks rest on one place (`marks_single`), how many of the indicators are of use here (`rules_used`)?
# The codebook was revised with these measures at hand: that it is right here does not mean that it is right elsewhere.
# For its precision and recall on other texts see `reports/calibration/themes.md`.

# %%
show(numbers(t, "coded", "uncoded", "marks", "marks_single", "rules_used", "rules"))

# %% [markdown]
# 真正的检验是另一个人独立编码：`make coding-sheet` 给出空白编码表，填好后运行 `make all CODING=文件`。
# 没有第二编码者时，下面两个表是空的，编码是否可靠就还不知道。
#
# The real test is another person who codes independently: `make coding-sheet` writes the blank sheet; once it is filled
# in, run `make all CODING=file`. Without a second coder both tables below are empty, and it is not known how reliable
# the coding is.

# %%
show(coders(t))

# %%
show(disagreements(t))

# %% [markdown]
# ## 练习 Exercise
#
# 1. 宜昌的每个标记凭哪句话？你有不同意的吗？
# 2. 若你认为浙江那条不算“以赛促教”，该改 `method/themes.toml` 的哪里？改后哪些结果会变？
#
# 在下面加一格试一试，再看提示与答案。
#
# 1. By which clause does 宜昌 have each of its marks? Do you disagree with any?
# 2. If you hold that the measure of 浙江 is no contest that moves teaching: what is to be changed in `method/themes.toml`,
#    and which results change?
#
# Add a cell below and try; then compare.

# %% [markdown]
# ## 提示与答案 Hint and solution
#
# <details><summary>提示 Hint</summary>
#
# 逐条看 `clauses(t, "宜昌")`，先看 `only` 为“是”的。要排除浙江那条，在 `competition` 的 `exclusions` 里加上
# `"教育周…大赛"`，运行 `make all`；主题、相似的地区对、分组都从这个表重算，可用 `make compare` 与原来的结果并排。
#
# Read `clauses(t, "宜昌")` mark by mark, those with `only` first. To leave out the measure of 浙江, add `"教育周…大赛"` to
# the `exclusions` of `competition` and run `make all`: themes, pairs and groups by themes are computed anew; `make compare`
# sets two runs side by side.
#
# </details>

# %%
show(clauses(t, "宜昌"))
