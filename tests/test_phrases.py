"""Phrases are runs of adjoining content words, and what a longer phrase explains is no term of its own."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import pandas as pd
import pytest

from pipeline.method import KeywordsSettings, Settings
from pipeline.phrases import (
    Mention,
    accepted,
    c_value,
    containment,
    explained_by,
    mentions,
    unexplained,
)
from tests.conftest import Corpus, tokens_frame


@pytest.fixture
def limits(settings: Settings) -> KeywordsSettings:
    return replace(settings.keywords, phrase_min_count=1, phrase_max_words=3, phrase_max_characters=10)


def found_in(words: list[str], limits: KeywordsSettings, *, generic: tuple[str, ...] = ()) -> list[str]:
    tokens = tokens_frame([("山东", "D01-1", words)], generic=generic)
    return [mention.phrase for mention in mentions(tokens, limits)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], []),
        (["教师/n"], []),
        (["教师/n", "队伍/n"], ["教师队伍"]),
        (["优秀/a", "教师/n"], ["优秀教师"]),
        (["教师/n", "优秀/a"], []),  # the head must be noun-like
        (["教师/n", "优秀/a", "团队/n"], ["教师优秀团队", "优秀团队"]),
        (["推进/v", "教师/n", "队伍/n"], ["教师队伍"]),
        (["教师/n", "推进/v", "队伍/n"], []),
        (["教师/n", "/", "队伍/n"], []),  # something dropped stands between them
        (["上海/ns", "教师/n"], ["上海教师"]),  # names of places are nouns
        (["数学/nz", "培养/vn"], ["数学培养"]),
        (["甲甲/n", "乙乙/n", "丙丙/n"], ["甲甲乙乙", "甲甲乙乙丙丙", "乙乙丙丙"]),
        (
            ["甲甲/n", "乙乙/n", "丙丙/n", "丁丁/n"],
            ["甲甲乙乙", "甲甲乙乙丙丙", "乙乙丙丙", "乙乙丙丙丁丁", "丙丙丁丁"],
        ),
        (["六个字的词啊/n", "五个字的词/n"], []),  # eleven characters
        (["五个字的词/n", "五个字的词/n"], ["五个字的词五个字的词"]),  # ten
    ],
)
def test_a_phrase_is_adjoining_content_words_with_a_noun_like_head(
    limits: KeywordsSettings, words: list[str], expected: list[str]
) -> None:
    assert found_in(words, limits) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["建设/vn", "教师/n"], []),
        (["教师/n", "建设/vn"], ["教师建设"]),
        # inside; what it would open is no candidate: no 建设队伍
        (["教师/n", "建设/vn", "队伍/n"], ["教师建设", "教师建设队伍"]),
        (["建设/vn", "教师/n", "队伍/n"], ["教师队伍"]),
        (["建设/vn", "建设/vn", "教师/n", "队伍/n"], ["教师队伍"]),
        (["建设/vn", "建设/vn"], []),
    ],
)
def test_a_generic_word_stands_inside_or_at_the_end_of_a_phrase_but_never_opens_one(
    limits: KeywordsSettings, words: list[str], expected: list[str]
) -> None:
    assert found_in(words, limits, generic=("建设",)) == expected


def wholes_in(words: list[str], limits: KeywordsSettings, *, generic: tuple[str, ...] = ()) -> dict[str, bool]:
    tokens = tokens_frame([("山东", "D01-1", words)], generic=generic)
    return {mention.phrase: mention.whole for mention in mentions(tokens, limits)}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["甲甲/n", "乙乙/n"], {"甲甲乙乙": True}),
        (["甲甲/n", "乙乙/n", "丙丙/n"], {"甲甲乙乙": False, "甲甲乙乙丙丙": True, "乙乙丙丙": False}),
        # a modifier after the head belongs to the stretch, so the head's phrase is a part
        (["甲甲/n", "乙乙/n", "优秀/a"], {"甲甲乙乙": False}),
        # too long for a phrase as a whole: every candidate is a part
        (
            ["甲甲/n", "乙乙/n", "丙丙/n", "丁丁/n"],
            dict.fromkeys(["甲甲乙乙", "甲甲乙乙丙丙", "乙乙丙丙", "乙乙丙丙丁丁", "丙丙丁丁"], False),
        ),
        # a verb right after cuts the stretch short (校本化教师素质 | 提高工程), one before it or after a gap does not
        (["甲甲/n", "乙乙/n", "提高/v"], {"甲甲乙乙": False}),
        (["甲甲/n", "乙乙/n", "可/vd"], {"甲甲乙乙": False}),
        (["提高/v", "甲甲/n", "乙乙/n"], {"甲甲乙乙": True}),
        (["甲甲/n", "乙乙/n", "/", "提高/v"], {"甲甲乙乙": True}),
        # nor does any other word
        (["甲甲/n", "乙乙/n", "很/d"], {"甲甲乙乙": True}),
        # a verbal noun goes on with the stretch
        (["甲甲/n", "乙乙/n", "提高/vn"], {"甲甲乙乙": False, "甲甲乙乙提高": True, "乙乙提高": False}),
        # a generic word before it is not of the stretch
        (["建设/vn", "甲甲/n", "乙乙/n"], {"甲甲乙乙": True}),
    ],
)
def test_a_mention_is_whole_where_nothing_adjoins_it_that_belongs_to_it(
    limits: KeywordsSettings, words: list[str], expected: dict[str, bool]
) -> None:
    assert wholes_in(words, limits, generic=("建设",)) == expected


@pytest.mark.parametrize(
    ("words", "characters", "expected"),
    [
        (["甲甲/n", "乙乙/n", "丙丙/n", "丁丁/n"], 8, True),  # four words
        (["甲甲/n", "乙乙/n", "丙丙/n", "丁丁/n", "戊戊/n"], 10, False),
        (["六个字的词啊/n", "六个字的词啊/n"], 12, True),  # twelve characters
        (["七个字的一个词/n", "六个字的词啊/n"], 13, False),
    ],
)
def test_the_settings_of_the_project_allow_four_words_and_twelve_characters(
    settings: Settings, words: list[str], characters: int, expected: bool
) -> None:
    whole = "".join(word.partition("/")[0] for word in words)
    assert len(whole) == characters
    assert (whole in found_in(words, settings.keywords)) == expected


def test_a_phrase_does_not_cross_from_one_measure_into_the_next(limits: KeywordsSettings) -> None:
    tokens = tokens_frame([("山东", "D01-1", ["教师/n"]), ("山东", "D01-2", ["队伍/n"])])
    assert list(mentions(tokens, limits)) == []


def test_a_nested_term_starts_and_ends_no_phrase(limits: KeywordsSettings) -> None:
    tokens = tokens_frame([("山东", "D01-1", ["四级培训体系/n", "建成/vn"])])
    nested = tokens.head(1).assign(surface="培训体系", term="培训体系", nested_in="四级培训体系", start=2)
    both = pd.concat([tokens.head(1), nested, tokens.tail(1)])
    assert [mention.phrase for mention in mentions(both, limits)] == ["四级培训体系建成"]


def test_a_mention_knows_its_words_and_its_place(limits: KeywordsSettings) -> None:
    tokens = tokens_frame([("山东", "D01-1", ["推进/v", "教师/n", "队伍/n"])]).replace({"term": {"队伍": "团队"}})
    assert list(mentions(tokens, limits)) == [Mention("教师队伍", ("教师", "团队"), "山东", "D01-1", 2, 6)]


def test_a_part_seen_too_seldom_or_a_phrase_listed_as_a_word_is_not_accepted(limits: KeywordsSettings) -> None:
    # a verb after each, so that none is whole
    tokens = tokens_frame(
        [
            ("山东", "D01-1", ["教师/n", "队伍/n", "提高/v"]),
            ("浙江", "D02-1", ["教师/n", "队伍/n", "提高/v"]),
            ("浙江", "D02-2", ["教师/n", "团队/n", "提高/v"]),
        ]
    )
    found = list(mentions(tokens, limits))
    twice = replace(limits, phrase_min_count=2)
    assert [m.phrase for m in accepted(found, twice, frozenset())] == ["教师队伍", "教师队伍"]
    assert [m.phrase for m in accepted(found, limits, frozenset({"教师队伍"}))] == ["教师团队"]
    assert accepted(found, replace(limits, phrase_min_count=3), frozenset()) == []


def test_a_whole_stretch_is_accepted_at_any_count_and_its_parts_only_when_repeated(limits: KeywordsSettings) -> None:
    tokens = tokens_frame([("山东", "D01-1", ["甲甲/n", "乙乙/n", "丙丙/n"]), ("浙江", "D02-1", ["教师/n", "队伍/n"])])
    found = list(mentions(tokens, limits))
    for least, phrases in {
        1: ["甲甲乙乙", "甲甲乙乙丙丙", "乙乙丙丙", "教师队伍"],
        2: ["甲甲乙乙丙丙", "教师队伍"],
    }.items():
        chosen = accepted(found, replace(limits, phrase_min_count=least), frozenset())
        assert [mention.phrase for mention in chosen] == phrases
    listed = accepted(found, replace(limits, phrase_min_count=2), frozenset({"教师队伍"}))
    assert [mention.phrase for mention in listed] == ["甲甲乙乙丙丙"]


def test_a_part_that_is_a_whole_stretch_elsewhere_is_accepted_in_both_places(limits: KeywordsSettings) -> None:
    tokens = tokens_frame([("山东", "D01-1", ["甲甲/n", "乙乙/n", "丙丙/n"]), ("浙江", "D02-1", ["甲甲/n", "乙乙/n"])])
    # the count of two is not what lets it in
    found = accepted(list(mentions(tokens, limits)), replace(limits, phrase_min_count=9), frozenset())
    assert [(mention.region, mention.phrase, mention.whole) for mention in found] == [
        ("山东", "甲甲乙乙", False),
        ("山东", "甲甲乙乙丙丙", True),
        ("浙江", "甲甲乙乙", True),
    ]


def test_a_phrase_of_the_appendix_is_somewhere_whole_or_repeated(corpus: Corpus, settings: Settings) -> None:
    found = list(mentions(corpus.tokens, settings.keywords))
    wholes = {mention.phrase for mention in found if mention.whole}
    times = Counter(mention.phrase for mention in found)
    words = set(corpus.tokens["term"])
    expected = {phrase for phrase in times if (phrase in wholes or times[phrase] >= 2) and phrase not in words}
    assert expected == set(corpus.keywords.loc[corpus.keywords["kind"] == "phrase", "term"])
    assert {phrase for phrase in times if times[phrase] == 1 and phrase not in wholes}  # fragments there are
    generic = set(corpus.tokens.loc[corpus.tokens["generic"], "term"])
    assert not {mention.words[0] for mention in found} & generic
    assert {mention.words[-1] for mention in found} & generic


@pytest.mark.parametrize(
    ("counts", "contains", "expected"),
    [
        ({}, {}, {}),
        ({"甲": 3}, {}, {"甲": 3.0}),
        # 甲 stands 3 times; the longer 甲乙 2 times, 甲丙 once: 3 - (2 + 1) / 2 = 1.5
        ({"甲": 3, "甲乙": 2, "甲丙": 1}, {"甲": {"甲乙", "甲丙"}}, {"甲": 1.5, "甲乙": 2.0, "甲丙": 1.0}),
        # a longer phrase of another region does not count here
        ({"甲": 3}, {"甲": {"甲乙"}}, {"甲": 3.0}),
        # twice in one mention of the longer phrase: never below 0
        ({"甲": 1, "甲甲": 2}, {"甲": {"甲甲"}}, {"甲": 0.0, "甲甲": 2.0}),
    ],
)
def test_what_longer_phrases_explain_is_taken_off(
    counts: dict[str, int], contains: dict[str, set[str]], expected: dict[str, float]
) -> None:
    assert unexplained(counts, contains) == expected


@pytest.mark.parametrize(
    ("words", "count", "expected"),
    [(1, 2.0, 2.0), (3, 1.5, 3.0), (2, 1.0, math.log2(3)), (3, 0.0, 0.0)],  # log2(2) = 1, log2(4) = 2
)
def test_the_c_value_grows_with_words_and_count(words: int, count: float, expected: float) -> None:
    assert c_value(words, count) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("counts", "contains", "expected"),
    [
        ({"甲": 1, "甲乙": 1}, {"甲": {"甲乙"}}, {"甲": "甲乙"}),
        ({"甲": 2, "甲乙": 1}, {"甲": {"甲乙"}}, {}),  # once it stands alone
        (
            {"甲": 1, "甲乙": 1, "甲乙丙": 1},
            {"甲": {"甲乙", "甲乙丙"}, "甲乙": {"甲乙丙"}},
            {"甲": "甲乙丙", "甲乙": "甲乙丙"},
        ),
        ({"甲": 1}, {"甲": {"甲乙"}}, {}),  # the longer one is said elsewhere
    ],
)
def test_a_term_said_only_inside_a_longer_one_names_the_longest(
    counts: dict[str, int], contains: dict[str, set[str]], expected: dict[str, str]
) -> None:
    assert explained_by(counts, contains) == expected


def test_words_phrases_and_dictionary_terms_know_what_contains_them(limits: KeywordsSettings) -> None:
    tokens = tokens_frame([("山东", "D01-1", ["甲甲/n", "乙乙/n", "丙丙/n"])])
    nested = tokens.tail(1).assign(surface="丙", term="丙", nested_in="丙丙", start=4, end=5)
    both = pd.concat([tokens, nested], ignore_index=True)
    inside = containment(both, list(mentions(both, limits)))
    assert inside["甲甲"] == {"甲甲乙乙", "甲甲乙乙丙丙"}
    assert inside["乙乙"] == {"甲甲乙乙", "乙乙丙丙", "甲甲乙乙丙丙"}
    assert inside["甲甲乙乙"] == {"甲甲乙乙丙丙"}
    assert inside["丙"] == {"丙丙", "乙乙丙丙", "甲甲乙乙丙丙"}
    assert "甲甲乙乙丙丙" not in inside or not inside["甲甲乙乙丙丙"]


def test_every_phrase_of_the_appendix_stands_in_its_text(corpus: Corpus, settings: Settings) -> None:
    doc_of = dict(zip(corpus.measures["measure_id"], corpus.measures["doc_id"], strict=True))
    found = list(mentions(corpus.tokens, settings.keywords))
    assert found
    for mention in found:
        assert corpus.text(doc_of[mention.measure_id])[mention.start : mention.end] == mention.phrase
        assert 2 <= len(mention.words) <= settings.keywords.phrase_max_words
        assert len(mention.phrase) <= settings.keywords.phrase_max_characters
    counted = Counter(mention.phrase for mention in found)
    phrases = corpus.keywords[corpus.keywords["kind"] == "phrase"]
    for phrase, total in phrases.groupby("term")["count"].sum().items():
        assert counted[str(phrase)] == total
