# %% [markdown]
# # 我自己的文件会被读成什么？ What becomes of a file of my own?
#
# 在把自己的文件放进 `data/raw/` 之前，先看它会被怎样读：哪些是文本，哪一列是什么，什么没有收入、为什么。
# 本笔记的例子用的是附件原有的文字，写在一个临时文件夹里，用完即删，不动你的 `data/raw/`。
#
# Before a file of yours goes to `data/raw/`: how will it be read? What is a document, which column is what, what is left
# out, and why? The examples here hold the appendix's own texts, in a temporary folder that is gone afterwards; your
# `data/raw/` is not touched.

# %%
from pipeline.explore import example_files, load, preview, show

t = load("data/processed/vocational-teachers")
word, folder, renamed, method = example_files(t)

# %% [markdown]
# ## 一个 Word 表格 A table in Word
#
# `preview` 照 `make all` 的办法读，但只要几秒，也不写任何文件。你自己的文件这样看：`preview("data/raw/my-regions.docx")`。
#
# `columns` 说表头被认作什么：`省市=region` 是地区，`经验做法简介=text` 是正文；没有等号的列没有专门用处，但可以用来合并文本（见下）。
#
# `preview` reads as `make all` does, in seconds and without writing anything. For a file of your own:
# `preview("data/raw/my-regions.docx")`. The column `columns` says what each heading was taken for: `region`, `text`;
# one without an equals sign has no use of its own, but texts can be pooled by it (below).

# %%
from pipeline.explore import cleaning, files, notes, sources

p = preview(word)
show(files(p))

# %% [markdown]
# 每一行正文是一份文本。右边几列说它在哪个文件、第几张表、第几行：以后每个词、每个数字都能沿着 `doc_id` 回到这里。
#
# Each row with a text is a document. The columns on the right say where it stands: file, table, row. From every term and
# every number of the report, `doc_id` leads back to this place.

# %%
show(sources(p))

# %% [markdown]
# ## 什么没有收入？ What is left out?
#
# 没有一个字会悄悄消失：标题、表头、页眉、表下的注、没有正文的行、看不见的字符，都列在这里，也在 `cleaning.csv` 和报告的“分词审查”里。
#
# No character goes without notice: titles, headers, page headers, notes below a table, rows without a text and
# characters that nobody sees are listed here, in `cleaning.csv` and in the report's audit.

# %%
show(cleaning(p))

# %% [markdown]
# 需要你看一眼的，`make all` 会在运行时说出来：
#
# What asks for your attention, `make all` says while it runs:

# %%
show(notes(p))

# %% [markdown]
# ## 表头不一样怎么办？ What if my headings are others?
#
# 认不出表头，就不会乱猜，而是说明缺什么：
#
# A header that is not known is no matter for guessing: you are told what is missing.

# %%
from pipeline.explore import refusal

show(refusal(renamed))

# %% [markdown]
# 两个办法：改表头；或者另建一个文件夹，放一个只有三行的 `settings.toml`，写明列名
# （`[columns]`、`region = ["来源地"]`、`text = ["材料"]`），运行 `make all CORPUS=名称 METHOD=文件夹`。
# 词典、停用词、编码手册也可以这样换；没有放进去的，仍用 `method/` 里的。
#
# Change the header; or make a folder with a `settings.toml` of three lines that names the columns (`[columns]`,
# `region = ["来源地"]`, `text = ["材料"]`) and run `make all CORPUS=name METHOD=folder`. Dictionary, stop words and
# codebook can be replaced in the same way; what the folder lacks is taken from `method/`.

# %%
show(sources(preview(renamed, method=method)))

# %% [markdown]
# ## 地名认得吗？ Are the names known?
#
# 全称、简称、旧名都认；`former` 是旧名，按今名处理；几处同名的（`ambiguous`）和不认得的（`unknown`）按原样保留，不猜。
#
# Full, short and former names are known (`former`: taken as the present one). A name of several places (`ambiguous`) and
# one that is not in the gazetteer (`unknown`) are kept as written; nothing is guessed.

# %%
from pipeline.explore import place_names

show(place_names("浙江省", "宜昌", "襄樊市", "鼓楼区", "南京市鼓楼区", "长三角"))

# %% [markdown]
# 表里若另有一列写省或市，同名的地方就分得清：
#
# A column with the province or the city tells namesakes apart:

# %%
show(place_names("鼓楼区", within="福建省"))

# %% [markdown]
# ## 按什么比较？ What is compared?
#
# 默认按地区：同一地区的几份文本合在一起。`UNIT=province` 按省，`UNIT=year` 按年份，`UNIT=title` 按标题，
# 也可以写表里的任何一列，例如 `make all CORPUS=my-regions UNIT=层级`。下面的 `region` 就是比较单位，地区还在 `region_raw`。
#
# By default regions are compared, all documents of a region together; by province with `UNIT=province`, by year with
# `UNIT=year`, by title with `UNIT=title`, or by any column of the table: `make all CORPUS=my-regions UNIT=层级`. Below,
# `region` is the unit of comparison; the place still stands in `region_raw`.

# %%
show(sources(preview(word, unit="层级")))

# %% [markdown]
# ## 一个文件夹 A folder
#
# 文件夹里一个文件一份文本（里面有表格的，一行一份）；文件名说地区、年份和标题。没有读的文件也会列出来，并说明原因。
#
# In a folder each file is a document (each row, where it holds a table); its name says region, year and title. Files
# that were not read are listed with the reason.

# %%
f = preview(folder)
show(files(f))

# %%
show(sources(f))

# %% [markdown]
# ## 几份文本里同样的话 The same words in several documents
#
# 各地的文件常有逐字相同的话：转发的上级文件、固定的开头，或者同一份文件收了两次。这里每份都以同一个标题开头，
# 摘录又都在全文之内。
#
# Documents of different regions often share passages word for word: a circular that all pass on, a formula at the
# beginning, one document taken twice. Here all begin with the same title, and the extracts are parts of the whole texts.

# %%
from pipeline.explore import near_duplicates, shared_effect, shared_passages, shared_picture

show(shared_passages(f))

# %%
shared_picture(f)

# %% [markdown]
# **看到什么 What do you see?** 条里深浅两段：后一段是别处也有的字。若它很长，相似就多半来自照抄的话。
#
# Each bar has two parts; the second is what others have, too. Where it is long, likeness mostly comes from copied words.
#
# 去掉几个地区共有的话，相似度变多少？若变得多，原来的“相似”就多半是照抄，不是做法相近。
# 一个地区自己的几份文本之间重复的（`passages_within`）不使两地相近，但会使那些词显得更常说。
#
# Without the passages of several regions, how much do the likenesses change? Where they change much, the likeness was one
# of copied words rather than of practice. What the documents of one region repeat (`passages_within`) makes no two
# regions alike, but its terms seem to be said more often.

# %%
show(shared_effect(f))

# %% [markdown]
# 大部分相同的两份文本。同一份文件收了两次，就删去一份再运行。
#
# Pairs of documents that are mostly the same. Where one was taken twice, take one away and run again.

# %%
show(near_duplicates(f))

# %% [markdown]
# ## 从词回到文件 From a term to the file
#
# 报告里每个数字都可以这样查回去：词，举措，文本，文件的第几行。
#
# Every number of the report can be followed like this: term, measure, document, row of the file.

# %%
from pipeline.explore import keywords_of, origins

show(keywords_of(p, "宜昌", top=5))

# %%
show(origins(p, "双师"))

# %% [markdown]
# ## 有多大把握？ How sure can we be?
#
# `preview` 只读、只数，没有重抽样，也没有与随机重排比较：它告诉你读得对不对，不告诉你结论站不站得住。后者要看 `make all` 的报告，
# 地区少、文字短的时候尤其如此。也请想一想：各地的文件是按同样的要求写的吗？没有收进来的，是没有做，还是没有写？
#
# `preview` reads and counts; nothing is drawn anew or compared with shuffled texts. It tells you whether your files were
# read rightly, not whether a finding holds: that is for the report of `make all` to say, above all where regions are few
# and texts short. And ask: were these documents written to the same brief? What is not in them, was it not done, or not
# written down?

# %% [markdown]
# ## 练习 Exercise
#
# 1. 把你自己的 Word 文件存为 `data/raw/my-regions.docx`，用 `preview` 读它。每一列都认对了吗？
# 2. `cleaning` 里有没有不该去掉的话？
# 3. 用 `place_names` 查你的文件里最难认的地名。
#
# 没有自己的文件，就用例子里的 `word`。在下面加一格试一试，再看提示与答案。
#
# 1. Save a Word file of yours as `data/raw/my-regions.docx` and `preview` it. Is each column taken for what it is?
# 2. Does `cleaning` list anything that should have stayed?
# 3. Ask `place_names` for the oddest name in your file.
#
# Without a file of your own take `word` of the examples. Add a cell below and try; then compare.

# %% [markdown]
# ## 提示与答案 Hint and solution
#
# <details><summary>提示 Hint</summary>
#
# `p = preview("data/raw/my-regions.docx")`，然后 `show(files(p))` 看列，`show(cleaning(p))` 看去掉了什么，
# `show(notes(p))` 看提示。列认错了，就像上面那样用 `METHOD=` 的文件夹写明列名。都对了，运行
# `make all CORPUS=my-regions`。下面是对例子文件的做法。
#
# `p = preview("data/raw/my-regions.docx")`, then `show(files(p))` for the columns, `show(cleaning(p))` for what was left
# out, `show(notes(p))` for remarks. A column taken for the wrong thing is named in a folder for `METHOD=`, as above. If all
# is well: `make all CORPUS=my-regions`. Below, the example's file.
#
# </details>

# %%
show(files(preview(word)))

# %%
show(cleaning(preview(word)))
