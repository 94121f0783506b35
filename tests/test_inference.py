"""P values, false discovery rates and exact intervals: worked by hand, and as SciPy has them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import binomtest, false_discovery_control

from pipeline.stats.inference import benjamini_hochberg, permutation_p, share_interval, two_sided

P_VALUES = st.lists(st.floats(0, 1) | st.sampled_from([0.01, 0.05, 0.5, 1.0]), min_size=1, max_size=20)


@pytest.mark.parametrize(
    ("observed", "expected"),
    [
        (5.0, 1 / 5),  # above all four draws: only itself
        (3.5, 2 / 5),
        (3.0, 3 / 5),  # the draw of 3 counts too
        (0.0, 5 / 5),
    ],
)
def test_p_counts_the_draws_at_least_as_large_and_the_observed_value_itself(observed: float, expected: float) -> None:
    assert permutation_p(observed, [1.0, 4.0, 2.0, 3.0]) == pytest.approx(expected, abs=1e-12)


def test_a_draw_that_differs_by_rounding_only_counts_as_equal() -> None:
    assert 0.1 + 0.2 > 0.3
    assert permutation_p(0.1 + 0.2, [0.3]) == 1.0
    assert permutation_p(0.3 + 1e-9, [0.3]) == 0.5


def test_every_column_has_its_own_p() -> None:
    null = [[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]
    assert permutation_p([3.5, 1.5], null).tolist() == pytest.approx([1 / 4, 3 / 4], abs=1e-12)


@given(st.integers(-5, 5), st.lists(st.integers(-5, 5), min_size=1, max_size=30))
def test_p_is_the_count_of_draws_at_least_as_large_the_observed_one_among_them(observed: int, null: list[int]) -> None:
    everything = [observed, *null]
    expected = sum(value >= observed for value in everything) / len(everything)
    assert float(permutation_p(observed, null)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("p", "both"),
    [(0.01, 0.02), (1.0, 0.02), (0.5, 1.0), (0.6, 0.82)],  # of 99 draws: 1 - 1.0 + 1/100, 1 - 0.6 + 1/100, doubled
)
def test_a_two_sided_p_is_twice_the_smaller_tail(p: float, both: float) -> None:
    assert two_sided(p, 99) == pytest.approx(both)


def test_a_q_that_equals_its_bound_is_not_lifted_above_it_by_rounding() -> None:
    assert (benjamini_hochberg([0.05, 0.05, 0.05]) <= 0.05).all()


@given(st.lists(st.integers(0, 6).map(float), min_size=2, max_size=20), st.floats(0.001, 1))
def test_of_values_that_may_change_places_no_more_than_alpha_are_called(values: list[float], alpha: float) -> None:
    # What makes a p value valid: each of the values in turn observed, the others its null draws
    p = [float(permutation_p(value, values[:at] + values[at + 1 :])) for at, value in enumerate(values)]
    assert np.mean(np.array(p) <= alpha) <= alpha + 1e-12


@pytest.mark.parametrize(
    ("p", "expected"),
    [
        # times 4 / rank: 0.01 x 4, 0.02 x 2, 0.03 x 4/3, 0.04 x 1, all 0.04
        ([0.01, 0.04, 0.03, 0.02], [0.04, 0.04, 0.04, 0.04]),
        # times 3, 3/2 and 1
        ([0.005, 0.5, 0.02], [0.015, 0.5, 0.03]),
        # 0.02 x 3 = 0.06 and 0.03 x 3/2 = 0.045: the smaller p cannot have the larger q
        ([0.02, 0.03, 0.9], [0.045, 0.045, 0.9]),
        ([0.3], [0.3]),
        ([], []),
    ],
)
def test_q_values_are_those_worked_by_hand(p: list[float], expected: list[float]) -> None:
    assert benjamini_hochberg(p).tolist() == pytest.approx(expected, abs=1e-12)


@given(P_VALUES)
def test_q_values_are_scipys(p: list[float]) -> None:
    np.testing.assert_allclose(benjamini_hochberg(p), false_discovery_control(p, method="bh"), rtol=1e-12, atol=1e-15)


@given(P_VALUES)
def test_no_q_is_below_its_p_and_the_order_is_kept(p: list[float]) -> None:
    q = benjamini_hochberg(p)
    assert (q >= np.array(p) - 1e-12).all()
    assert q.max() <= 1
    assert (np.diff(q[np.argsort(p, kind="stable")]) >= 0).all()


@given(st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.5, 0.999))
def test_the_interval_of_a_share_is_that_of_scipys_exact_test(counts: tuple[int, int], level: float) -> None:
    successes, trials = counts
    theirs = binomtest(successes, trials).proportion_ci(confidence_level=level, method="exact")
    assert share_interval(successes, trials, level) == pytest.approx((theirs.low, theirs.high), abs=1e-6)


def test_the_interval_of_nothing_and_of_everything_touches_the_end() -> None:
    # 0 of 10: (1 - p)^10 = 0.025, so p = 1 - 0.025^0.1 = 1 - 0.691502892182
    assert share_interval(0, 10, 0.95) == pytest.approx((0, 0.308497107818), abs=1e-9)
    assert share_interval(10, 10, 0.95) == pytest.approx((0.691502892182, 1), abs=1e-9)
    assert share_interval(0, 0, 0.95) == (0, 1)
