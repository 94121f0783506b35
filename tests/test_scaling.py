"""Classical scaling recovers what can be recovered and agrees with scikit-learn's implementation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from hypothesis.extra import numpy as arrays
from scipy.spatial.distance import pdist, squareform
from sklearn.manifold import ClassicalMDS

from pipeline.stats.scaling import classical_scaling
from tests.conftest import REGIONS, Corpus

POINTS = arrays.arrays(
    float, st.tuples(st.integers(2, 7), st.just(4)), elements=st.floats(-3, 3).map(lambda x: round(x, 2))
)


def test_three_points_on_a_line_come_back_on_the_first_axis() -> None:
    # places 0, 3, 4: mean 7/3; centred -7/3, 2/3, 5/3, and the largest (the first) is made positive
    distances = np.array([[0, 3, 4], [3, 0, 1], [4, 1, 0]], dtype=float)
    coordinates, shares = classical_scaling(distances)
    assert coordinates[:, 0].tolist() == pytest.approx([7 / 3, -2 / 3, -5 / 3], abs=1e-9)
    assert coordinates[:, 1].tolist() == pytest.approx([0, 0, 0], abs=1e-6)
    assert shares.tolist() == pytest.approx([1, 0], abs=1e-9)


def test_a_rectangle_keeps_its_sides_and_its_shares() -> None:
    # corners (+-2, +-1): the axes carry 4 x 2^2 = 16 and 4 x 1^2 = 4 of 20
    corners = np.array([[2, 1], [2, -1], [-2, 1], [-2, -1]], dtype=float)
    coordinates, shares = classical_scaling(squareform(pdist(corners)))
    assert shares.tolist() == pytest.approx([0.8, 0.2], abs=1e-9)
    np.testing.assert_allclose(np.abs(coordinates), [[2, 1]] * 4, atol=1e-9)


def test_what_no_plane_can_hold_is_left_out_of_the_shares() -> None:
    # 1 + 1 < 3: the axis (1, 0, -1) has 9 / 2 = 4.5; the sum of all is (1 + 9 + 1) / 3 = 3.67, so another has -0.83
    _, shares = classical_scaling(np.array([[0, 1, 3], [1, 0, 1], [3, 1, 0]], dtype=float))
    assert shares.tolist() == pytest.approx([1, 0], abs=1e-9)


def test_points_that_are_all_alike_stand_in_the_origin() -> None:
    coordinates, shares = classical_scaling(np.zeros((4, 4)))
    assert coordinates.tolist() == [[0.0, 0.0]] * 4
    assert shares.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("n", [0, 1, 2])
def test_no_one_or_two_points_need_no_second_axis(n: int) -> None:
    distances = np.ones((n, n)) - np.eye(n)
    coordinates, shares = classical_scaling(distances)
    assert coordinates.shape == (n, 2)
    assert coordinates[:, 1].tolist() == [0.0] * n
    assert shares[0] == pytest.approx(float(n > 1), abs=1e-12)


def test_the_argument_is_left_alone() -> None:
    distances = squareform(pdist(np.arange(8.0).reshape(4, 2)))
    before = distances.copy()
    classical_scaling(distances)
    np.testing.assert_array_equal(distances, before)


@given(arrays.arrays(float, st.tuples(st.integers(2, 7), st.just(2)), elements=st.integers(-5, 5).map(float)))
def test_distances_in_a_plane_come_back_exactly(points: np.ndarray) -> None:
    distances = squareform(pdist(points))
    coordinates, _ = classical_scaling(distances)
    np.testing.assert_allclose(squareform(pdist(coordinates)), distances, atol=1e-5)


@given(POINTS)
def test_the_entry_of_largest_size_on_an_axis_is_positive(points: np.ndarray) -> None:
    coordinates, shares = classical_scaling(squareform(pdist(points)))
    for axis in coordinates.T:
        assert axis.max() >= -axis.min() - 1e-6
    assert 0 <= shares[1] <= shares[0] <= 1 + 1e-12


def test_the_map_of_the_appendix_is_that_of_scikit_learn_up_to_sign(corpus: Corpus) -> None:
    distances = np.zeros((13, 13))
    for pair in corpus.similarity.itertuples():
        i, j = REGIONS.index(pair.region_a), REGIONS.index(pair.region_b)
        distances[i, j] = distances[j, i] = 1 - pair.cosine
    theirs = ClassicalMDS(n_components=2, metric="precomputed").fit_transform(distances)
    ours = corpus.region_map[["x", "y"]].to_numpy()
    np.testing.assert_allclose(np.abs(ours), np.abs(theirs), atol=1e-9)
    np.testing.assert_allclose(np.abs((ours * theirs).sum(axis=0)), (theirs**2).sum(axis=0), atol=1e-9)
