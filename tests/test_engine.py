"""The fast engine cuts every text into the words into which jieba cuts it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate, pairwise
from pathlib import Path

import jieba
import numpy as np
import pytest
from hypothesis import example, given, settings as hypothesis, strategies as st
from jieba import finalseg

from benchmarks import segmentation
from pipeline import engine
from pipeline.engine import Fast, Plain
from pipeline.method import Entry, SegmentSettings, load_dictionary
from pipeline.segmentation import Segmenter
from tests.conftest import METHOD

# Words that exist already, one more often than jieba thinks, and words with signs.
ADDED = ("教师", "双师型教师", "1+X证书", "挽着时", "的了", "职教", "Q币", "a.b")
# Han characters of both dictionaries and of neither, blanks, signs that jieba keeps in a block, and others.
ALPHABET = (
    "双师型教职业培训的了和在我们一二三〇龥龦鿕鿖㐂𠮷𪚥aAzT恤超股Cc+#&._%-019 ３Ａ　\t\n\r，。：、“”…é日\u3131\ud7a3😀"
)


def engines(words: Sequence[str], cache: Path, *, hmm: bool) -> tuple[Plain, Fast]:
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(cache)
    tokenizer.initialize()
    for word in words:
        tokenizer.add_word(word, None if len(word) > 2 else 9999)
    return Plain(tokenizer, hmm=hmm), Fast(tokenizer, words, hmm=hmm)


@pytest.fixture(scope="module", params=[(hmm, words) for hmm in (True, False) for words in ((), ADDED)], ids=str)
def pair(request: pytest.FixtureRequest, jieba_cache: Path) -> tuple[Plain, Fast]:
    hmm, words = request.param
    return engines(words, jieba_cache, hmm=hmm)


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4o模型2011-2020年",
        "text-align：center",
        "AA制和T恤、卡拉OK",
        "C++语言a.b.c",
        "第1.2.3条增长3.5%，100%%",
        "1+X证书试点、双师型教师",
        "黑挽着时放慢",
        "龥龦鿕鿖鿿𠮷野家㐂〇一二",
        "职业教育2.0 版\r\n第二行\t完　了",
        "-", "a", "_", "%", "", " ", "中a", "a中", "的了2的了", "年2年",
    ],
)  # fmt: skip
def test_what_rjieba_alone_cuts_otherwise_is_cut_as_by_jieba(pair: tuple[Plain, Fast], text: str) -> None:
    plain, fast = pair
    assert list(fast.cut([text])) == list(plain.cut([text]))


@hypothesis(max_examples=400, deadline=None)
@given(texts=st.lists(st.text(ALPHABET, max_size=40) | st.text(max_size=20), max_size=4))
def test_any_texts_are_cut_together_as_by_jieba_one_by_one(pair: tuple[Plain, Fast], texts: list[str]) -> None:
    plain, fast = pair
    assert list(fast.cut(texts)) == list(plain.cut(texts))


def test_texts_of_more_than_one_batch_come_in_order_and_as_soon_as_their_batch_is_cut(
    pair: tuple[Plain, Fast], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, fast = pair
    monkeypatch.setattr(engine, "_TOGETHER", 12)
    texts = ["黑挽着时", "", "常在就我", "GPT-4o模型", "的了", "职业教育发展3.0", "", "\r", "\n"]
    assert list(fast.cut(texts)) == list(plain.cut(texts))
    asked: list[str] = []
    first = next(fast.cut(asked.append(text) or text for text in texts))
    assert first == next(plain.cut(texts[:1]))
    assert len(asked) < len(texts)


@pytest.mark.parametrize("inside", ["\x1f", "\x1e", "前\x1e后", "常在就\x1f我"])
def test_the_signs_that_stand_between_words_and_texts_may_stand_in_a_text(
    pair: tuple[Plain, Fast], inside: str
) -> None:
    plain, fast = pair
    texts = ["黑挽着时放慢", inside, "常在就"]
    assert list(fast.cut(texts)) == list(plain.cut(texts))


def test_lines_of_dictionary_words_in_any_order_are_cut_as_by_jieba(pair: tuple[Plain, Fast]) -> None:
    """Words drawn as often as the dictionary has them, with Latin runs between."""
    plain, fast = pair
    listed = [(word, count) for word, count in plain._tokenizer.FREQ.items() if count]
    words, counts = zip(*listed, strict=True)
    totals = list(accumulate(counts))  # or each draw would add them up
    draw = random.Random(7)
    signs = ("GPT-4o", "2011-2020", "3.5%", "T恤", "C++", "a_b", "1.2.3", "&", "5", "-")
    texts = []
    for at in range(500):
        parts = draw.choices(words, cum_weights=totals, k=25)
        if at % 4 == 0:
            parts.insert(draw.randrange(25), draw.choice(signs))
        texts.append("".join(parts))
    differ = [text for text, one, other in zip(texts, plain.cut(texts), fast.cut(texts), strict=True) if one != other]
    assert differ == []


HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FD5) | st.sampled_from(
    "双师型教职业培训的了和在我们常就不是有"
)


@hypothesis(max_examples=500, deadline=None)
@given(st.lists(st.text(HAN, min_size=1, max_size=9), max_size=5))
@example(["常在就", "了軧人贠们", "棜教猟馉有"])  # characters unknown to the model: two ways are as likely
def test_the_model_divides_runs_of_any_lengths_as_jiebas_own_does(runs: list[str]) -> None:
    whole = "".join(runs)
    starts = [0, *accumulate(map(len, runs))]
    begins = np.zeros(len(whole) + 1, dtype=bool)
    begins[starts] = True
    engine._model(engine._codes(whole), np.array(list(pairwise(starts)), dtype=int).reshape(-1, 2), begins)
    assert [whole[at:stop] for at, stop in pairwise(np.flatnonzero(begins))] == [
        word for run in runs for word in finalseg.cut(run)
    ]


@given(st.lists(st.text("双师型教职业培训一二三aA1+", min_size=2, max_size=5), max_size=6, unique=True))
@hypothesis(max_examples=12, deadline=None)
def test_any_dictionary_of_ones_own_leads_to_the_same_words(jieba_cache: Path, words: list[str]) -> None:
    plain, fast = engines(words, jieba_cache, hmm=True)
    draw = random.Random(len(words))
    texts = ["".join(draw.choices([*words, *"双师型教职业培训一二三aA1+，"], k=12)) for _ in range(60)]
    assert list(fast.cut(texts)) == list(plain.cut(texts))


def test_a_segmenter_gives_the_same_words_and_places_by_either_engine(jieba_cache: Path) -> None:
    entries = [*load_dictionary(METHOD / "user_dict.txt"), Entry("发展", 5, "n", 999)]
    text = "推进1+X证书制度试点，2019-2022年建设“双师型”教师队伍；GPT-4o辅助。职业教育发展3.0"
    one, other = (
        list(Segmenter(entries, hmm=True, cache=jieba_cache, engine=engine).words(text))
        for engine in ("jieba", "rjieba")
    )
    assert one == other
    assert "".join(text[word.start : word.end] for word in other) == text


def test_the_words_of_many_texts_are_those_of_one_after_the_other(jieba_cache: Path) -> None:
    texts = ["推进1+X证书制度试点", "", "黑挽着时放慢", "建设“双师型”教师队伍"]
    for name in ("jieba", "rjieba"):
        segmenter = Segmenter(load_dictionary(METHOD / "user_dict.txt"), hmm=True, cache=jieba_cache, engine=name)
        assert list(segmenter.words_of(texts)) == [[word.surface for word in segmenter.words(text)] for text in texts]


@pytest.mark.parametrize(
    ("name", "characters", "chosen"),
    [
        ("auto", 500_000, "jieba"),
        ("auto", 500_001, "rjieba"),
        ("jieba", 10**9, "jieba"),
        ("rjieba", 1, "rjieba"),
    ],
)
def test_the_fast_engine_is_for_large_corpora_unless_one_is_set(name: str, characters: int, chosen: str) -> None:
    assert SegmentSettings(True, 2, True, name, 500_000).engine_for(characters) == chosen


def test_the_benchmark_makes_the_same_texts_up_each_time_and_counts_texts_that_differ() -> None:
    texts = list(segmentation.made_up(3_000))
    assert texts == list(segmentation.made_up(3_000))
    result = segmentation.compared("short", ["黑挽着时放慢", "GPT-4o", "常在就我"], [], hmm=True)
    assert (result.count, result.differ, result.raw_differ) == (3, 0, 2)
    row = segmentation.page([result], "甲").splitlines()[-1]
    assert row.startswith("| short | 3 | 0.0 | no | on | 0 | 2 |")


def test_paths_of_equal_probability_are_decided_as_jieba_decides_them(jieba_cache: Path) -> None:
    entries = load_dictionary(METHOD / "user_dict.txt")
    plain, fast = (Segmenter(entries, hmm=False, cache=jieba_cache, engine=name) for name in ("jieba", "rjieba"))
    rng = random.Random(1)
    known = jieba.Tokenizer()
    known.tmp_dir = str(jieba_cache)
    known.initialize()
    # 本本|本 or 本|本本: the last bit of a sum decides, and with it the total of all frequencies to the unit.
    twice = sorted(word for word, count in known.FREQ.items() if count and len(word) == 2 and word[0] == word[1])
    others = sorted(word for word, count in known.FREQ.items() if count > 500 and len(word) == 2)
    texts = ["落实起会本本本可读性假装"]
    for _ in range(6000):
        texts.append("".join([*rng.choices(others, k=2), rng.choice(twice)[0] * 3, *rng.choices(others, k=2)]))
    assert list(fast.words_of(texts)) == list(plain.words_of(texts))
    tied = sum(f"{text[4]}{text[4]}" in words for text, words in zip(texts[1:], plain.words_of(texts[1:]), strict=True))
    assert tied > 1000
