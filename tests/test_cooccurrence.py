"""Terms are linked when they share measures, and never because one stands inside the other."""

from __future__ import annotations

import math
from itertools import combinations

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from pipeline import tables
from pipeline.cooccurrence import cooccurrence_of, npmi
from pipeline.method import Settings
from tests.conftest import Corpus, tokens_frame


@pytest.mark.parametrize(
    ("both", "a", "b", "total", "expected"),
    [
        (2, 2, 2, 4, 1.0),  # only ever together: ln((2/4) / (2/4 x 2/4)) / -ln(2/4) = ln 2 / ln 2
        (1, 2, 2, 4, 0.0),  # as often as chance: ln((1/4) / (1/2 x 1/2)) = 0
        (4, 4, 4, 4, 1.0),  # in every measure, where -ln p(a,b) is 0
        # ln((1/4) / (3/4 x 2/4)) / -ln(1/4) = ln(2/3) / ln 4 = -0.405465108108 / 1.386294361120
        (1, 3, 2, 4, -0.2924812503605781),
        # ln((2/10) / (3/10 x 4/10)) / -ln(2/10) = ln(5/3) / ln 5 = 0.510825623766 / 1.609437912434
        (2, 3, 4, 10, 0.3173938055063147),
    ],
)
def test_npmi_is_as_worked_by_hand(both: int, a: int, b: int, total: int, expected: float) -> None:
    assert npmi(both, a, b, total) == pytest.approx(expected, abs=1e-9)


@given(st.integers(1, 20), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20))
def test_npmi_lies_between_minus_one_and_one_and_is_symmetric(both: int, only_a: int, only_b: int, none: int) -> None:
    a, b, total = both + only_a, both + only_b, both + only_a + only_b + none
    value = npmi(both, a, b, total)
    assert -1 - 1e-12 <= value <= 1 + 1e-12
    assert value == pytest.approx(npmi(both, b, a, total), abs=1e-12)


FOUR = [
    ("山东", "D01-1", ["培训", "基地", "培训"]),
    ("山东", "D01-2", ["培训", "评价"]),
    ("浙江", "D02-1", ["基地", "培训"]),
    ("浙江", "D02-2", ["双师"]),
]


def test_pairs_are_counted_by_measure_and_region() -> None:
    # code points: 培 57F9, 基 57FA, 评 8BC4
    linked = cooccurrence_of(tokens_frame(FOUR), min_measures=1, exclude_generic=True)
    assert linked[["term_a", "term_b", "measures", "regions", "measure_ids"]].values.tolist() == [
        ["培训", "基地", 2, 2, ["D01-1", "D02-1"]],
        ["培训", "评价", 1, 1, ["D01-2"]],
    ]


def test_a_pair_in_too_few_measures_is_left_out() -> None:
    linked = cooccurrence_of(tokens_frame(FOUR), min_measures=2, exclude_generic=True)
    assert linked["measures"].tolist() == [2]
    # 培训 in 3 of 4 measures, 基地 in 2, both in 2: ln((2/4) / (3/4 x 2/4)) / -ln(2/4) = ln(4/3) / ln 2
    assert linked["npmi"].tolist() == pytest.approx([math.log(4 / 3) / math.log(2)], abs=1e-12)


def test_generic_words_are_linked_only_when_the_setting_says_so() -> None:
    tokens = tokens_frame([("山东", "D01-1", ["加强", "培训"])], generic=["加强"])
    assert cooccurrence_of(tokens, min_measures=1, exclude_generic=True).empty
    assert len(cooccurrence_of(tokens, min_measures=1, exclude_generic=False)) == 1


def nested_in_host(beside: bool) -> pd.DataFrame:
    """四级培训体系 with 培训体系 inside it, and perhaps 培训体系 once more on its own."""
    words = ["四级培训体系", *(["培训体系"] if beside else [])]
    tokens = tokens_frame([("河北", "D01-1", words), ("河北", "D01-2", ["双师"])])
    inside = tokens.head(1).assign(surface="培训体系", term="培训体系", nested_in="四级培训体系", start=2)
    return pd.concat([tokens, inside], ignore_index=True)


@pytest.mark.parametrize(("beside", "links"), [(False, 0), (True, 1)])
def test_a_term_is_linked_to_its_host_only_where_it_also_stands_apart(beside: bool, links: int) -> None:
    assert len(cooccurrence_of(nested_in_host(beside), min_measures=1, exclude_generic=True)) == links


def test_no_token_makes_no_link() -> None:
    nothing = tokens_frame(FOUR).head(0)
    empty = cooccurrence_of(nothing, min_measures=1, exclude_generic=True)
    assert (list(empty.columns), len(empty)) == (tables.COOCCURRENCE.names, 0)


def test_the_links_of_the_appendix_are_those_of_a_count_over_all_pairs(corpus: Corpus, settings: Settings) -> None:
    kept = corpus.tokens[~corpus.tokens["generic"]]
    counted: dict[tuple[str, str], list[str]] = {}
    for measure, group in kept.groupby("measure_id", sort=False):
        places = [(token.term, set(range(token.start, token.end))) for token in group.itertuples()]
        apart = {
            (a, b) for (a, at), (b, other) in combinations(sorted(places, key=lambda p: p[0]), 2) if not at & other
        }
        for a, b in apart:
            if a != b:
                counted.setdefault((a, b), []).append(str(measure))
    expected = {pair: ids for pair, ids in counted.items() if len(ids) >= settings.cooccurrence.min_measures}
    found = corpus.cooccurrence
    assert dict(zip(zip(found["term_a"], found["term_b"], strict=True), found["measure_ids"], strict=True)) == expected
    assert expected
    assert found["measures"].is_monotonic_decreasing
    tables.check(found, tables.COOCCURRENCE)
