"""Firmness, freedom and likeness of strings agree with values worked by hand and keep their bounds."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.sparse import csr_array

from pipeline.stats.cohesion import (
    branching_entropy,
    context_vectors,
    halves,
    npmi,
    occurrences,
    weakest_joint,
)


@pytest.mark.parametrize(
    ("text", "wanted", "expected"),
    [
        ("甲乙丙", {"乙丙"}, [("乙丙", 1)]),
        ("甲甲甲", {"甲甲"}, [("甲甲", 0), ("甲甲", 1)]),  # they may overlap
        ("甲乙丙", {"乙", "甲乙"}, [("乙", 1), ("甲乙", 0)]),
        ("甲", {"甲乙"}, []),
        ("", {"甲"}, []),
    ],
)
def test_every_occurrence_is_found_with_its_place(text: str, wanted: set[str], expected: list[tuple[str, int]]) -> None:
    assert sorted(occurrences(text, wanted, sorted({len(string) for string in wanted}))) == sorted(expected)


def test_a_string_has_one_cut_less_than_characters() -> None:
    assert list(halves("甲乙丙")) == [("甲", "乙丙"), ("甲乙", "丙")]
    assert list(halves("甲")) == []


@pytest.mark.parametrize(
    ("string", "counts", "total", "expected"),
    [
        # in 甲乙甲乙丙丁 甲乙 stands twice, as often as 甲 and 乙: ln(2 x 6 / (2 x 2)) / ln(6 / 2) = 1
        ("甲乙", {"甲乙": 2, "甲": 2, "乙": 2}, 6, 1.0),
        # chance: 10 and 20 of 100 characters, 2 expected, 2 seen
        ("甲乙", {"甲乙": 2, "甲": 10, "乙": 20}, 100, 0.0),
        # 甲 | 乙丙: ln(4 x 100 / (8 x 4)) / ln 25 = 0.784661; 甲乙 | 丙: ln(4 x 100 / (5 x 10)) / ln 25 = ln 8 / ln 25
        ("甲乙丙", {"甲乙丙": 4, "甲": 8, "乙丙": 4, "甲乙": 5, "丙": 10}, 100, math.log(8) / math.log(25)),
        ("甲", {"甲": 3}, 9, 1.0),  # nothing to cut
    ],
)
def test_a_string_is_as_firm_as_its_weakest_joint(
    string: str, counts: dict[str, int], total: int, expected: float
) -> None:
    assert weakest_joint(string, counts, total) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("neighbours", "boundaries", "expected"),
    [
        ({}, 0, 0.0),
        ({"甲": 4}, 0, 0.0),
        ({"甲": 1, "乙": 1}, 0, 1.0),
        ({"甲": 2, "乙": 1, "丙": 1}, 0, 1.5),  # 1/2 x 1 + 1/4 x 2 + 1/4 x 2
        ({"甲": 2}, 2, 1.5),  # each boundary is a neighbour of its own
        ({}, 2, 1.0),
        ({}, 1, 0.0),
    ],
)
def test_the_branching_entropy_is_that_of_the_neighbours_in_bits(
    neighbours: dict[str, int], boundaries: int, expected: float
) -> None:
    assert branching_entropy(neighbours, boundaries) == pytest.approx(expected, abs=1e-12)


@given(st.dictionaries(st.characters(), st.integers(1, 50)), st.integers(0, 20))
def test_the_branching_entropy_lies_between_none_and_that_of_all_different(
    neighbours: dict[str, int], boundaries: int
) -> None:
    total = sum(neighbours.values()) + boundaries
    assert -1e-12 <= branching_entropy(neighbours, boundaries) <= math.log2(max(total, 1)) + 1e-9


@given(st.text("甲乙丙", min_size=2, max_size=30), st.data())
def test_the_weakest_joint_of_a_piece_of_text_keeps_its_bounds_and_is_the_least_of_its_cuts(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    string = text[start : start + data.draw(st.integers(2, 6))]
    wanted = {string, *(part for both in halves(string) for part in both)}
    counts = Counter(found for found, _ in occurrences(text, wanted, sorted({len(part) for part in wanted})))
    value = weakest_joint(string, counts, len(text))
    assert -1 - 1e-12 <= value <= 1 + 1e-12
    assert value == min(npmi(counts[string], counts[a], counts[b], len(text)) for a, b in halves(string))


def cosines(counts: list[list[int]]) -> np.ndarray:
    vectors = context_vectors(csr_array(np.array(counts, dtype=float)))
    return (vectors @ vectors.T).toarray()


def test_the_likeness_of_contexts_is_as_worked_by_hand() -> None:
    # of 8: rows 2, 3, 3, columns 4, 2, 2; e.g. first cell ln(2 x 8 / (2 x 4)) = ln 2, last ln(2 x 8 / (3 x 2)) = ln 8/3,
    # the three others ln 4/3
    found = cosines([[2, 0, 0], [2, 1, 0], [0, 1, 2]])
    a, b = math.log(4 / 3), math.log(8 / 3)
    assert found[0, 1] == pytest.approx(1 / math.sqrt(2), abs=1e-12)
    assert found[1, 2] == pytest.approx(a * a / (a * math.sqrt(2) * math.sqrt(a * a + b * b)), abs=1e-12)
    assert found[0, 2] == 0


def test_words_that_stand_near_everything_make_nothing_alike() -> None:
    assert cosines([[1, 1], [1, 1]]).tolist() == [[0, 0], [0, 0]]  # each cell as often as chance has it


def test_no_terms_and_no_contexts_are_no_error() -> None:
    assert context_vectors(csr_array((0, 0))).shape == (0, 0)
    assert context_vectors(csr_array((2, 0))).shape == (2, 0)
    assert context_vectors(csr_array((2, 3))).toarray().tolist() == [[0.0] * 3] * 2


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=5))
def test_likeness_lies_between_0_and_1_and_is_1_with_oneself(counts: list[list[int]]) -> None:
    found = cosines(counts)
    assert (found >= 0).all()
    assert (found <= 1 + 1e-9).all()
    assert set(np.diag(found).round(9)) <= {0.0, 1.0}
    assert np.allclose(found, found.T)
