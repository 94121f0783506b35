"""The most similar rows: those that a full table of products names."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.sparse import csr_array
from sklearn.metrics.pairwise import cosine_similarity

from pipeline.stats import neighbours
from pipeline.stats.neighbours import NONE, nearest


def unit(table: np.ndarray) -> csr_array:
    length = np.linalg.norm(table, axis=1, keepdims=True)
    return csr_array(table / np.where(length > 0, length, 1))


def test_the_neighbours_of_three_rows_are_those_worked_by_hand() -> None:
    # cosines: a b 0.6, a c 0, b c 0.8
    indices, products = nearest(csr_array(np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]])), 2)
    assert indices.tolist() == [[1, NONE], [2, 0], [1, NONE]]
    assert products == pytest.approx(np.array([[0.6, 0], [0.8, 0.6], [0.8, 0]]))


@given(seed=st.integers(0, 2**32 - 1), rows=st.integers(1, 40), count=st.integers(1, 6))
def test_they_are_the_largest_of_the_full_table(seed: int, rows: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = unit(rng.integers(0, 3, (rows, 8)) * (rng.random((rows, 8)) < 0.4).astype(float))
    full = cosine_similarity(matrix)
    np.fill_diagonal(full, 0)
    indices, products = nearest(matrix, count)
    largest = -np.sort(-full, axis=1)[:, :count]
    assert products[:, : largest.shape[1]] == pytest.approx(largest)
    for row in range(rows):
        for other, product in zip(indices[row], products[row], strict=True):
            assert (other == NONE and product == 0) or full[row, other] == pytest.approx(product)


def test_of_equals_the_first_row_comes_first() -> None:
    indices, _ = nearest(unit(np.ones((5, 2))), 3)
    assert indices.tolist() == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2], [0, 1, 2]]


def test_the_size_of_the_chunks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    matrix = unit(rng.random((60, 12)) * (rng.random((60, 12)) < 0.3))
    wanted = np.array([3, 17, 58])
    whole = nearest(matrix, 4, wanted)
    monkeypatch.setattr(neighbours, "_CELLS", 10)
    for a, b in zip(whole, nearest(matrix, 4, wanted), strict=True):
        assert np.array_equal(a, b)
    assert np.array_equal(whole[0], nearest(matrix, 4)[0][wanted])
