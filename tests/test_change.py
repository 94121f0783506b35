"""Two states side by side: a product taken apart, ordered lists, partitions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, strategies as st

from pipeline.stats.change import PERSISTENCE, jaccard, product_parts, rank_biased_overlap

LISTS = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8)


def test_each_factor_gets_its_change_times_the_mean_of_the_other() -> None:
    # 2 * 3 = 6 -> 5 * 7 = 35: (5 - 2) * (3 + 7) / 2 = 15 and (7 - 3) * (2 + 5) / 2 = 14
    first, second = product_parts(2, 3, 5, 7)
    assert (float(first), float(second)) == (15, 14)


def test_a_factor_that_stays_has_no_part_in_the_change() -> None:
    assert [float(part) for part in product_parts(2, 3, 2, 5)] == [0, 4]
    assert [float(part) for part in product_parts(2, 3, 0, 3)] == [-6, 0]


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4))
def test_the_parts_sum_to_the_change(values: list[float]) -> None:
    x_a, y_a, x_b, y_b = values
    assert sum(map(float, product_parts(x_a, y_a, x_b, y_b))) == pytest.approx(x_b * y_b - x_a * y_a, abs=1e-15)


def test_jaccard_is_the_shared_share_of_either() -> None:
    assert jaccard(["a", "b", "c"], ["b", "c", "d"]) == 0.5
    assert jaccard(["a"], []) == 0
    assert math.isnan(jaccard([], []))


def test_lists_of_one_length_overlap_as_the_formula_of_equal_depth_says() -> None:
    # equation 30 of the paper, k = 2, X_1 = 0, X_2 = 2: X_k / k p^k + (1 - p) / p * sum of X_d / d p^d
    p = 0.9
    assert rank_biased_overlap(["a", "b"], ["b", "a"]) == pytest.approx(p**2 + (1 - p) / p * p**2)


def test_lists_of_unequal_length_overlap_as_worked_by_hand() -> None:
    # s = 1, l = 2, X_1 = X_2 = 1, p = 1/2: (1 - p) / p = 1; 1 * 1/2 + 1/2 * 1/4; beyond 1 * (2 - 1) / (1 * 2) * 1/4;
    # last [(1 - 1) / 2 + 1 / 1] * 1/4
    assert rank_biased_overlap(["a"], ["a", "b"], 0.5) == pytest.approx(0.5 + 0.125 + 0.125 + 0.25)
    # X_1 = 0, X_2 = 1: 0 + 1/2 * 1/4, beyond 0, last [(1 - 0) / 2 + 0] * 1/4
    assert rank_biased_overlap(["b"], ["a", "b"], 0.5) == pytest.approx(0.125 + 0.125)


def test_the_first_places_count_most() -> None:
    top = rank_biased_overlap(["x", "a", "b", "c"], ["x", "d", "e", "f"])
    bottom = rank_biased_overlap(["a", "b", "c", "x"], ["d", "e", "f", "x"])
    assert top > bottom > 0


def test_nothing_overlaps_with_an_empty_list() -> None:
    assert rank_biased_overlap([], ["a"]) == 0
    assert math.isnan(rank_biased_overlap([], []))


@given(LISTS, LISTS)
def test_overlap_is_the_same_both_ways_and_lies_between_0_and_1(a: list[str], b: list[str]) -> None:
    if not a and not b:
        return
    forth, back = rank_biased_overlap(a, b), rank_biased_overlap(b, a)
    assert forth == pytest.approx(back)
    assert -1e-12 <= forth <= 1 + 1e-12
    if a == b:
        assert forth == pytest.approx(1)
    if not {*a} & {*b}:
        assert forth == 0


def test_the_weight_of_the_first_ten_places_is_what_the_comment_says() -> None:
    # Webber et al. 2010, equation 21: 1 - p^(d-1) + (1 - p) / p * d * (ln(1 / (1 - p)) - sum over i < d of p^i / i)
    p, d = PERSISTENCE, 10
    rest = math.log(1 / (1 - p)) - sum(p**i / i for i in range(1, d))
    assert 1 - p ** (d - 1) + (1 - p) / p * d * rest == pytest.approx(0.86, abs=0.005)
