"""Silhouettes are worked by hand on a line and agree with scikit-learn everywhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.spatial.distance import pdist, squareform
from sklearn.metrics import silhouette_samples

from pipeline.stats.silhouette import silhouettes


def on_a_line(*places: float) -> np.ndarray:
    return np.abs(np.subtract.outer(places, places)).astype(float)


def test_four_points_on_a_line_have_the_silhouettes_worked_by_hand() -> None:
    # 0 and 1 against 4 and 6
    #   0: own 1, other (4 + 6) / 2 = 5:  (5 - 1) / 5 = 0.8
    #   1: own 1, other (3 + 5) / 2 = 4:  (4 - 1) / 4 = 0.75
    #   4: own 2, other (4 + 3) / 2 = 3.5: (3.5 - 2) / 3.5 = 3/7
    #   6: own 2, other (6 + 5) / 2 = 5.5: (5.5 - 2) / 5.5 = 7/11
    found = silhouettes(on_a_line(0, 1, 4, 6), np.array([1, 1, 2, 2]))
    assert found.tolist() == pytest.approx([0.8, 0.75, 3 / 7, 7 / 11], abs=1e-12)


def test_the_nearest_other_group_counts_not_all_of_them() -> None:
    # 0 and 1 with 3 and 100 alone: 0 has own 1, nearest other 3; 1 has own 1, nearest other 2
    found = silhouettes(on_a_line(0, 1, 3, 100), np.array([5, 5, 7, 9]))
    assert found.tolist() == pytest.approx([2 / 3, 1 / 2, 0, 0], abs=1e-12)


def test_a_point_nearer_to_another_group_than_to_its_own_is_negative() -> None:
    # 0 shares a group with 10 and stands beside 1: own 10, other 1, (1 - 10) / 10
    assert silhouettes(on_a_line(0, 10, 1), np.array([1, 1, 2]))[0] == pytest.approx(-0.9, abs=1e-12)


@pytest.mark.parametrize("labels", [[1, 1, 1], [3, 3, 3]])
def test_one_group_fits_neither_well_nor_badly(labels: list[int]) -> None:
    assert silhouettes(on_a_line(0, 1, 5), np.array(labels)).tolist() == [0.0, 0.0, 0.0]


def test_points_in_one_place_in_two_groups_are_told_apart_by_nothing() -> None:
    assert silhouettes(np.zeros((4, 4)), np.array([1, 1, 2, 2])).tolist() == [0.0] * 4


@given(
    st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5), st.integers(1, 4)), min_size=3, max_size=9).filter(
        lambda points: 2 <= len({group for *_, group in points}) <= len(points) - 1
    )
)
def test_any_grouping_has_scikit_learns_silhouettes(points: list[tuple[int, int, int]]) -> None:
    distances = squareform(pdist(np.array([point[:2] for point in points], dtype=float)))
    labels = np.array([group for *_, group in points])
    theirs = silhouette_samples(distances, labels, metric="precomputed")
    np.testing.assert_allclose(silhouettes(distances, labels), theirs, atol=1e-9)


@given(
    st.lists(
        st.lists(st.tuples(st.integers(-5, 5), st.integers(-5, 5), st.integers(0, 3)), min_size=6, max_size=6),
        min_size=1,
        max_size=4,
    )
)
def test_leading_axes_are_separate_cases_whatever_groups_each_has(cases: list[list[tuple[int, int, int]]]) -> None:
    distances = np.stack([squareform(pdist(np.array([point[:2] for point in case], dtype=float))) for case in cases])
    labels = np.array([[group for *_, group in case] for case in cases])
    alone = [silhouettes(*case) for case in zip(distances, labels, strict=True)]
    np.testing.assert_allclose(silhouettes(distances, labels), alone, atol=1e-12)


def test_two_leading_axes_keep_their_shape() -> None:
    distances = np.tile(on_a_line(0, 1, 4, 6), (3, 2, 1, 1))
    labels = np.tile([1, 1, 2, 2], (3, 2, 1))
    labels[2, 1] = [1, 1, 1, 1]  # one group only
    found = silhouettes(distances, labels)
    assert found.shape == (3, 2, 4)
    np.testing.assert_allclose(found[0, 1], [0.8, 0.75, 3 / 7, 7 / 11], atol=1e-12)
    assert found[2, 1].tolist() == [0, 0, 0, 0]
