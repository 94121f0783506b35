# %% [markdown]
# # 换一部词典，结果会变多少？ What would change with another dictionary?
#
# 中文没有空格，词典决定哪里是词：“教学创新团队”是一个词，还是三个？这一本笔记把同样的举措换词典重新切、重新算，
# 与原来的结果并排。不写任何文件，几秒钟就好。
#
# Chinese has no blanks; a dictionary decides what is a word: is 教学创新团队 one, or three? This tour cuts and weighs the
# same measures with another dictionary and sets both results side by side, in seconds and without writing a file.

# %%
from pipeline.explore import change_picture, changed_keywords, changed_neighbours, changed_words, load, recut, show

t = load("data/processed/vocational-teachers")

# %% [markdown]
# ## 完全不用词典 No dictionary at all
#
# `recut(t, dictionary=False)` 只用 jieba 自带的词，不用 `method/user_dict.txt`。哪些词的次数变了？
#
# `recut(t, dictionary=False)` takes jieba's own words only, without `method/user_dict.txt`. Which words change their
# number?

# %%
without = recut(t, dictionary=False)
show(changed_words(t, without))

# %% [markdown]
# `count_after` 为零的，是词典里的词被切碎了；`count_before` 为零的，是碎片。
#
# Where `count_after` is zero, a term of the dictionary was cut apart; where `count_before` is zero, there is a piece.
#
# ## 关键词变了吗？ Do the keywords change?
#
# 空格表示不在表中。排在前面的还在前面，就可以放心；只有换掉的词不见了，是词典的作用，不是发现。
#
# An empty cell: not in the list. Where the first ones stay first, rest easy; a term that goes with its entry is the work
# of the dictionary and no finding.

# %%
show(changed_keywords(t, without, "湖南"))

# %% [markdown]
# ## 谁像浙江，变了吗？ Do the neighbours of 浙江 change?

# %%
change_picture(t, without, "浙江")

# %% [markdown]
# **看到什么 What do you see?** 线短，词典影响小。右边是名次的前后：前几名换了次序，就要写明用的是哪部词典。
#
# A short line: the dictionary matters little. On the right the places before and after: where the first ones change
# places, name the dictionary in your text.

# %%
show(changed_neighbours(t, without, "浙江"))

# %% [markdown]
# ## 添一个词，去一个词 One term more, one term less
#
# `add` 添上词典没有的词，`drop` 去掉词典里的词。你不同意某一条，就这样试：变化大吗？
#
# `add` puts in terms that the dictionary lacks, `drop` takes entries out. Where you dispute an entry, try it: does much
# change?

# %%
fewer = recut(t, drop=["教学创新团队", "创新团队"])
show(changed_words(t, fewer))

# %%
change_picture(t, fewer, "河北")

# %% [markdown]
# ## 有多大把握？ How sure can we be?
#
# 词典只是许多选择之一。报告把每种选择的组合都算了一遍：下表是文本单位的各个选项（用词典、不用词典、单字、字对），
# `first_share` 是报告所说的最近一对在多大比例的设定中仍居首。
#
# The dictionary is one choice of many. The report tries all combinations: below, the options of the unit of text, and the
# share of the settings in which the report's closest pair is still the first.

# %%
from pipeline.explore import by_choice, claims

show(by_choice(t, "text"))

# %% [markdown]
# 其余的选择也可以这样看：`generic` 是否计入通用词，`weight` 权重，`min_df` 最少地区数，`algorithm` 分组算法。
# 每项结论受哪种选择影响最大，见 `most_sensitive_to`：写着“文本单位”的，词典最要紧。
#
# Ask the same of `generic`, `weight`, `min_df` and `algorithm`. Which choice each claim depends on most stands in
# `most_sensitive_to`: where it says text, the dictionary matters most.

# %%
show(claims(t, "pair"))

# %% [markdown]
# ## 练习 Exercise
#
# 1. 把“双师型教师”加进词典，哪些词的次数会变？浙江的邻居变吗？
# 2. 哪种选择对“最近的一对”影响最大：词典、权重，还是算法？
# 3. 要长期使用另一部词典，该怎样做，才能与原来的结果并排比较？
#
# 在下面加一格试一试，再看提示与答案。
#
# 1. Add 双师型教师 to the dictionary: which words change their number, and do the neighbours of 浙江?
# 2. What moves the closest pair most: dictionary, weight or algorithm?
# 3. To work with another dictionary for good: how are both results set side by side?
#
# Add a cell below and try; then compare.

# %% [markdown]
# ## 提示与答案 Hint and solution
#
# <details><summary>提示 Hint</summary>
#
# 第一题用 `recut(t, add=[…])`。第二题对各个选择用 `by_choice`，看哪一种的 `first_share` 差别最大。第三题：建一个文件夹
# `my-method`，放入改好的 `user_dict.txt`，运行 `make all METHOD=my-method`，再运行
# `make compare A=vocational-teachers B=vocational-teachers+my-method`。
#
# For the first take `recut(t, add=[…])`; for the second `by_choice` with each choice: whose `first_share` differs most? For
# the third: a folder `my-method` with your `user_dict.txt`, `make all METHOD=my-method`, then
# `make compare A=vocational-teachers B=vocational-teachers+my-method`.
#
# </details>

# %%
more = recut(t, add=["双师型教师"])
show(changed_words(t, more))

# %%
show(by_choice(t, "weight"))
