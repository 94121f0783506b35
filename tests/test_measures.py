"""Measures are cut at sentence ends and semicolons, never inside quotes or brackets, and nothing is lost."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from pipeline import tables
from pipeline.clauses import headline, nesting, spans
from pipeline.measures import measures_of
from tests.conftest import REGIONS, Corpus


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in spans(text)]


# Counted by reading the appendix: one for each stretch between 。 and ；, and none inside “ ” or （ ）.
@pytest.mark.parametrize(
    ("region", "measures"), list(zip(REGIONS, (4, 5, 4, 5, 6, 3, 5, 4, 3, 5, 6, 6, 3), strict=True))
)
def test_each_region_of_the_appendix_has_the_measures_that_a_reader_counts(
    corpus: Corpus, region: str, measures: int
) -> None:
    assert int((corpus.measures["region"] == region).sum()) == measures


def test_the_appendix_has_fifty_nine_measures(corpus: Corpus) -> None:
    assert len(corpus.measures) == 59


def test_every_measure_of_the_appendix_stands_where_its_offsets_say(corpus: Corpus) -> None:
    for measure in corpus.measures.itertuples():
        assert corpus.text(measure.doc_id)[measure.start : measure.end] == measure.text
        assert measure.text.startswith(measure.headline)
        assert measure.measure_id == f"{measure.doc_id}-{measure.position}"


@pytest.mark.parametrize(
    ("measure_id", "leading"),
    [
        ("D01-4", "绩效考核"),
        ("D03-1", "市级统筹、宏观规划"),
        ("D04-1", "“精准送培”主要经验"),
        ("D10-3", "“助优、激中、扶低”总体布局"),
        ("D12-2", "实施“走出去，请进来”、导师制及企业实践等策略"),
    ],
)
def test_a_headline_of_the_appendix_is_the_leading_phrase(corpus: Corpus, measure_id: str, leading: str) -> None:
    assert corpus.measures.set_index("measure_id").loc[measure_id, "headline"] == leading


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  \n", []),
        ("。；！", []),
        ("甲", ["甲"]),
        ("甲。", ["甲"]),
        ("甲；乙。丙", ["甲", "乙", "丙"]),
        ("甲！乙？丙", ["甲", "乙", "丙"]),
        ("甲;乙!丙?丁", ["甲", "乙", "丙", "丁"]),
        ("甲\n乙", ["甲", "乙"]),
        (" 甲 。 乙 ", ["甲", "乙"]),
        ("甲。——。乙", ["甲", "乙"]),
        ("甲，乙：丙、丁", ["甲，乙：丙、丁"]),
        ("做到“一；二”。三", ["做到“一；二”", "三"]),
        ("（一。二）三", ["（一。二）三"]),
        ("《甲；乙》丙；丁", ["《甲；乙》丙", "丁"]),
        ("“一‘二；三’四；五”；六", ["“一‘二；三’四；五”", "六"]),
        ("他说：“好。”大家同意。", ["他说：“好。”", "大家同意"]),
        ("他说：“好。”，大家同意。", ["他说：“好。”，大家同意"]),
        ("（他说“好。”大家同意）。", ["（他说“好。”大家同意）"]),
        ("“一。“二。”", ["“一", "“二。”"]),
        ("一”；二", ["一”", "二"]),
        ("“一；二\n三；四”", ["“一", "二", "三", "四”"]),
        ("（规划。’办法）甲", ["（规划。’办法）甲"]),
        ("（一）甲。（二）乙。", ["（一）甲", "（二）乙"]),
    ],
)
def test_a_text_is_cut_as_a_reader_would_cut_it(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("", []),
        ("甲“乙”", [0, 1, 1, 1]),
        ("（“甲”）", [1, 2, 2, 2, 1]),
        ("“甲", [0, 0]),
        ("甲”", [0, 0]),
        ("“（甲”）", [1, 1, 1, 1, 0]),
    ],
)
def test_only_closed_pairs_protect_what_they_hold(text: str, depth: list[int]) -> None:
    assert nesting(text) == depth


@pytest.mark.parametrize(
    ("text", "longest", "expected"),
    [
        ("领导重视，成立小组", 40, "领导重视"),
        ("主要经验：以需求", 40, "主要经验"),
        ("“走出去，请进来”，导师制", 40, "“走出去，请进来”"),
        ("没有停顿的一句话", 40, "没有停顿的一句话"),
        ("没有停顿的一句话", 4, "没有停顿"),
        ("，以停顿开头", 40, "，以停顿开头"),
    ],
)
def test_a_headline_ends_at_the_first_comma_or_colon_outside_quotes(text: str, longest: int, expected: str) -> None:
    assert headline(text, longest) == expected


TEXT = st.text(st.sampled_from("甲乙1a。！？；;!?\n，：、 \u3000“”‘’（）()《》【】「」『』[]"), max_size=40) | st.text(
    max_size=40
)


@given(TEXT)
def test_measures_stand_apart_in_order_and_hold_every_letter_and_digit(text: str) -> None:
    at = 0
    covered = set()
    for start, end in spans(text):
        assert at <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        covered.update(range(start, end))
        at = end
    assert all(place in covered for place, character in enumerate(text) if character.isalnum())


@given(st.lists(TEXT, min_size=1, max_size=4))
def test_the_measures_of_any_documents_stand_in_them_in_order_and_what_is_between_ends_a_measure_or_says_nothing(
    texts: list[str],
) -> None:
    ids = [f"D{at:02d}" for at in range(1, len(texts) + 1)]
    found = measures_of(pd.DataFrame({"doc_id": ids, "region": "山东", "text": texts}), headline_max=20)
    assert found["doc_id"].tolist() == sorted(found["doc_id"])
    for doc_id, text in zip(ids, texts, strict=True):
        own = found[found["doc_id"] == doc_id]
        assert own["position"].tolist() == list(range(1, len(own) + 1))
        assert own["text"].tolist() == [text[start:end] for start, end in zip(own["start"], own["end"], strict=True)]
        assert all(row.text.startswith(row.headline) for row in own.itertuples())
        edges = [0, *(edge for row in own.itertuples() for edge in (row.start, row.end)), len(text)]
        assert edges == sorted(edges)
        between = "".join(text[edges[at] : edges[at + 1]] for at in range(0, len(edges), 2))
        assert not any(map(str.isalnum, between))
        assert "".join(sorted(between + "".join(own["text"]))) == "".join(sorted(text))


@given(TEXT)
def test_every_measure_holds_a_letter_or_digit_and_no_bare_sentence_end(text: str) -> None:
    for start, end in spans(text):
        measure, depth = text[start:end], nesting(text)[start:end]
        assert any(character.isalnum() for character in measure)
        assert not any(character in "。！？；" and level == 0 for character, level in zip(measure, depth, strict=True))


PAIRS = ("“”", "‘’", "（）", "《》", "「」", "【】")
INSIDE = st.text(st.sampled_from("甲乙。；！，"), max_size=4)
QUOTED = st.recursive(
    INSIDE,
    lambda inner: st.tuples(st.sampled_from(PAIRS), INSIDE, inner, INSIDE).map(
        lambda parts: f"{parts[0][0]}{parts[1]}{parts[2]}{parts[3]}{parts[0][1]}"
    ),
    max_leaves=3,
)


@given(st.lists(st.tuples(INSIDE, st.sampled_from(PAIRS), QUOTED, st.sampled_from(["", "’", "”", "）"])), max_size=4))
def test_a_balanced_quote_is_never_cut_apart(parts: list[tuple[str, str, str, str]]) -> None:
    """Each part: plain text, a pair, what it holds, and perhaps a stray closing mark of another kind inside it."""
    text, pairs = "", []
    for plain, pair, inside, stray in parts:
        text += plain
        kept = stray if stray != pair[1] and stray not in inside else ""
        pairs.append((len(text), len(text) + len(inside) + len(kept) + 2))
        text += f"{pair[0]}{inside}{kept}{pair[1]}"
    edges = [edge for span in spans(text) for edge in span]
    for start, end in pairs:
        assert not [edge for edge in edges if start < edge < end], (text, cut(text))


def test_measures_of_several_documents_are_numbered_within_each(corpus: Corpus) -> None:
    two = corpus.documents.head(2).assign(text=["甲；乙。", "丙。"])
    measures = measures_of(two, headline_max=40)
    assert measures[["measure_id", "region", "position", "text"]].values.tolist() == [
        ["D01-1", "山东", 1, "甲"],
        ["D01-2", "山东", 2, "乙"],
        ["D02-1", "浙江", 1, "丙"],
    ]


def test_a_corpus_without_a_single_letter_has_the_columns_and_no_row(corpus: Corpus) -> None:
    empty = measures_of(corpus.documents.assign(text="。"), headline_max=40)
    assert (list(empty.columns), len(empty)) == (tables.MEASURES.names, 0)
