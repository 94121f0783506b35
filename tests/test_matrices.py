"""Ranks and correlations are SciPy's; Mantel's p is that of all permutations; the rest is worked by hand."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st
from hypothesis.extra import numpy as arrays
from scipy.stats import rankdata, spearmanr

from pipeline.stats.matrices import (
    above_diagonal,
    mantel,
    partial,
    pearson,
    places,
    ranks,
    spearman,
    spearman_brown,
)

TABLE = arrays.arrays(float, st.tuples(st.integers(1, 3), st.integers(2, 9)), elements=st.integers(-4, 4).map(float))


def symmetric(above: list[float]) -> np.ndarray:
    """The matrix with these entries above the diagonal, in row order."""
    n = int((1 + (1 + 8 * len(above)) ** 0.5) / 2)
    matrix = np.eye(n)
    i, j = np.triu_indices(n, 1)
    matrix[i, j] = matrix[j, i] = above
    return matrix


# --- ranks -------------------------------------------------------------------------------------------------------


@given(TABLE)
def test_ranks_are_scipys_mean_ranks_row_by_row(values: np.ndarray) -> None:
    assert ranks(values).tolist() == rankdata(values, method="average", axis=-1).tolist()


@given(TABLE)
def test_places_are_scipys_from_the_largest_down(values: np.ndarray) -> None:
    assert places(values).tolist() == rankdata(-values, method="min", axis=-1).tolist()


def test_values_that_differ_by_rounding_only_share_rank_and_place() -> None:
    values = np.array([0.3, 0.1 + 0.2, 0.2, 0.2 + 1e-9])
    assert ranks(values).tolist() == [3.5, 3.5, 1.0, 2.0]
    assert places(values).tolist() == [1, 1, 4, 3]


def test_leading_axes_are_kept() -> None:
    values = np.arange(24.0).reshape(2, 3, 4)
    assert ranks(values).tolist() == [[[1, 2, 3, 4]] * 3] * 2
    assert places(values).tolist() == [[[4, 3, 2, 1]] * 3] * 2


def test_one_region_has_no_pairs_no_ranks_and_no_correlation() -> None:
    none = above_diagonal(np.ones((5, 1, 1)))
    assert ranks(none).shape == places(none).shape == (5, 0)
    assert np.isnan(pearson(none[0], none)).tolist() == [True] * 5


# --- correlation -------------------------------------------------------------------------------------------------


@given(TABLE)
def test_the_correlation_of_rows_is_numpys(x: np.ndarray) -> None:
    assume((np.ptp(x, axis=1) > 0).all())
    y: np.ndarray = x**3 - 5 * np.arange(x.shape[1])
    expected = [np.corrcoef(a, b)[0, 1] for a, b in zip(x, y, strict=True)]
    assert pearson(x, y).tolist() == pytest.approx(expected, abs=1e-9)


def test_a_side_that_does_not_vary_has_no_correlation() -> None:
    x = np.array([[1.0, 2.0, 3.0], [0.1, 0.1, 0.1]])
    found = pearson(x, np.array([[3.0, 2.0, 1.0], [1.0, 2.0, 3.0]]))
    assert found[0] == pytest.approx(-1, abs=1e-12)
    assert np.isnan(found[1])


def test_one_row_is_correlated_with_each_of_several() -> None:
    x = np.array([1.0, 2.0, 4.0])
    # centred -4/3, -1/3, 5/3 and -1, 1, 0: (4/3 - 1/3) / root(42/9 x 2) = 1 / 3.055050463304
    found = pearson(x[None, :], np.array([[2.0, 4.0, 8.0], [0.0, 2.0, 1.0]]))
    assert found.tolist() == pytest.approx([1, 0.327326835354], abs=1e-9)


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3, max_size=12).filter(
        lambda pairs: all(len(set(side)) > 1 for side in zip(*pairs, strict=True))
    )
)
def test_rank_correlation_is_scipys_with_ties(pairs: list[tuple[int, int]]) -> None:
    x, y = np.array(pairs, dtype=float).T
    assert float(spearman(x, y)) == pytest.approx(spearmanr(x, y).statistic, abs=1e-9)


def test_entries_above_the_diagonal_come_row_by_row() -> None:
    matrix = np.arange(9.0).reshape(3, 3)
    assert above_diagonal(matrix).tolist() == [1, 2, 5]
    assert above_diagonal(np.stack([matrix, -matrix])).tolist() == [[1, 2, 5], [-1, -2, -5]]


# --- Mantel ------------------------------------------------------------------------------------------------------


def exact_mantel(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """Rho, and its p from all n! orders of the rows and columns of ``b``; a plain loop over SciPy."""
    upper = np.triu_indices(len(a), 1)
    rho = [
        spearmanr(a[upper], b[np.ix_(order, order)][upper]).statistic
        for order in (list(each) for each in permutations(range(len(a))))
    ]
    return rho[0], float(np.mean(np.array(rho) >= rho[0] - 1e-9))


# Two pairs, alike in both: each matrix has 3 ways to pair off 4, so 1/3. Entries dealt freely would give 2 of 15.
PAIRS = symmetric([0.9, 0.1, 0.2, 0.3, 0.1, 0.8])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (symmetric([1, 0, 0, 0, 0, 1]), symmetric([1, 0, 0, 0, 0, 1])),
        (PAIRS, symmetric([0.7, 0.2, 0.1, 0.3, 0.2, 0.9])),
        (PAIRS, symmetric([0.1, 0.8, 0.6, 0.4, 0.9, 0.2])),  # the contrary: nearly all orders are at least as large
        (symmetric([0.1, 0.5, 0.3, 0.6, 0.2, 0.4]), symmetric([0.5, 0.4, 0.6, 0.2, 0.1, 0.3])),
    ],
)
def test_p_is_that_of_all_permutations_but_for_the_draws(a: np.ndarray, b: np.ndarray) -> None:
    rho, exact = exact_mantel(a, b)
    found, p = mantel(a, b, 4000, np.random.default_rng(1))
    assert found == pytest.approx(rho, abs=1e-9)
    # four standard errors of a share of 4000
    assert p == pytest.approx(exact, abs=4 * (exact * (1 - exact) / 4000) ** 0.5 + 1 / 4000)


def test_two_alike_matrices_of_two_pairs_have_the_p_worked_by_hand() -> None:
    rho, exact = exact_mantel(*[symmetric([1, 0, 0, 0, 0, 1])] * 2)
    assert rho == pytest.approx(1, abs=1e-12)
    assert exact == pytest.approx(1 / 3, abs=1e-12)


def test_p_is_no_smaller_than_one_of_all_draws() -> None:
    # 21 different entries: of 7! orders only the given one has rho 1
    matrix = symmetric(np.random.default_rng(2).permutation(21).tolist())
    rho, p = mantel(matrix, matrix, 99, np.random.default_rng(3))
    assert rho == pytest.approx(1, abs=1e-12)
    assert p == 1 / 100


@pytest.mark.parametrize("n", [1, 2, 4])
def test_a_matrix_that_does_not_vary_has_neither_rho_nor_p(n: int) -> None:
    varied = symmetric(list(range(n * (n - 1) // 2))) if n > 1 else np.ones((1, 1))
    assert np.isnan(mantel(varied, np.ones((n, n)), 9, np.random.default_rng(4))).all()


# --- partial correlation and reliability -------------------------------------------------------------------------


def test_the_partial_correlation_is_that_of_what_a_regression_leaves() -> None:
    x, y, z = np.random.default_rng(5).normal(size=(3, 40)) + np.linspace(0, 2, 40)
    left = [side - np.polyval(np.polyfit(z, side, 1), z) for side in (x, y)]
    r = np.corrcoef([x, y, z])
    assert partial(r[0, 1], r[0, 2], r[1, 2]) == pytest.approx(np.corrcoef(left)[0, 1], abs=1e-9)


def test_partial_correlations_worked_by_hand() -> None:
    # (0.5 - 0.25) / root(0.75 x 0.75), and (0 - 0.48) / root(0.64 x 0.36) = -1
    assert partial(0.5, 0.5, 0.5) == pytest.approx(1 / 3, abs=1e-12)
    assert partial(0.0, 0.6, 0.8) == pytest.approx(-1, abs=1e-12)
    assert partial(0.4, 0.0, 0.0) == pytest.approx(0.4, abs=1e-12)


def test_nothing_is_left_where_the_third_explains_one_wholly() -> None:
    assert np.isnan(partial(0.5, 1.0, 0.5))
    assert np.isnan(partial(0.5, 0.5, -1.0))


@pytest.mark.parametrize(
    ("half", "whole"), [(0.5, 2 / 3), (0.6, 0.75), (1.0, 1.0), (0.0, 0.0), (-0.5, -0.5), (-1.0, -1.0)]
)
def test_the_reliability_of_the_whole_is_worked_from_its_halves_and_below_0_left_alone(
    half: float, whole: float
) -> None:
    assert spearman_brown(half) == pytest.approx(whole, abs=1e-12)
