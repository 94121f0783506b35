"""The leading singular vectors are those of NumPy, in whatever pieces the matrix comes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.sparse import csr_array, random_array

from pipeline.stats.latent import right_singular


def pieces_of(matrix: np.ndarray, rows: int) -> Callable[[], Iterator[csr_array]]:
    """The matrix, so many rows at a time, as often as asked."""
    return lambda: (csr_array(matrix[at : at + rows]) for at in range(0, len(matrix), rows))


def fading(rows: int, columns: int, by: float, seed: int) -> np.ndarray:
    """A matrix whose singular values are 1, ``by``, ``by`` squared, ..."""
    rng = np.random.default_rng(seed)
    left, _ = np.linalg.qr(rng.standard_normal((rows, columns)))
    right, _ = np.linalg.qr(rng.standard_normal((columns, columns)))
    return np.asarray((left * by ** np.arange(columns)) @ right.T)


def assert_same_up_to_sign(found: np.ndarray, expected: np.ndarray, atol: float) -> None:
    """Columns; each of ``found`` turned to the side of ``expected``."""
    assert found.shape == expected.shape
    turned = found * np.sign((found * expected).sum(axis=0))
    np.testing.assert_allclose(turned, expected, atol=atol)


@pytest.mark.parametrize("seed", range(5))
def test_of_few_columns_vectors_and_values_are_exactly_those_of_numpy(seed: int) -> None:
    matrix = np.random.default_rng(seed).standard_normal((60, 18))
    _, values, rows = np.linalg.svd(matrix, full_matrices=False)
    vectors, strength = right_singular(pieces_of(matrix, 7), 18, 6, seed)
    np.testing.assert_allclose(strength, values[:6], rtol=1e-9)
    assert_same_up_to_sign(vectors, rows[:6].T, 1e-8)


def test_of_many_columns_they_settle_at_those_of_numpy() -> None:
    matrix = fading(300, 120, 0.85, 3)
    _, values, rows = np.linalg.svd(matrix, full_matrices=False)
    vectors, strength = right_singular(pieces_of(matrix, 64), 120, 8, 1)
    np.testing.assert_allclose(strength, values[:8], rtol=1e-6)
    assert_same_up_to_sign(vectors, rows[:8].T, 1e-4)


def test_of_a_sparse_matrix_with_many_columns_they_are_those_of_numpy() -> None:
    sparse = random_array((200, 90), density=0.05, rng=np.random.default_rng(4), format="csr").toarray()
    sparse[:80, :10] += 3  # a strong direction each, and one that is neither
    sparse[80:140, 10:20] += 2
    sparse[140:, 20:30] += 1
    _, values, rows = np.linalg.svd(sparse, full_matrices=False)
    assert values[2] > 5 * values[3]
    vectors, strength = right_singular(pieces_of(sparse, 33), 90, 3, 1)
    np.testing.assert_allclose(strength, values[:3], rtol=1e-6)
    assert_same_up_to_sign(vectors, rows[:3].T, 1e-4)


def test_the_first_basis_is_forgotten() -> None:
    matrix = fading(100, 80, 0.7, 5)
    first, second = (right_singular(pieces_of(matrix, 100), 80, 5, seed) for seed in (1, 2))
    np.testing.assert_allclose(first[0], second[0], atol=1e-4)
    np.testing.assert_allclose(first[1], second[1], rtol=1e-6)


@pytest.mark.parametrize("rows", [1, 7, 50, 1000])
def test_the_pieces_do_not_matter(rows: int) -> None:
    matrix = fading(50, 30, 0.8, 6)
    whole = right_singular(pieces_of(matrix, 50), 30, 5, 1)
    found = right_singular(pieces_of(matrix, rows), 30, 5, 1)
    np.testing.assert_allclose(found[0], whole[0], atol=1e-10)
    np.testing.assert_allclose(found[1], whole[1], rtol=1e-10)


def test_no_more_vectors_are_found_than_the_rank() -> None:
    rng = np.random.default_rng(7)
    matrix = rng.standard_normal((40, 3)) @ rng.standard_normal((3, 50))
    vectors, strength = right_singular(pieces_of(matrix, 11), 50, 10, 1)
    assert vectors.shape == (50, 3)
    np.testing.assert_allclose(strength, np.linalg.svd(matrix)[1][:3], rtol=1e-8)
    # every row lies in the space of the three
    np.testing.assert_allclose(matrix @ vectors @ vectors.T, matrix, atol=1e-9)


def test_fewer_columns_than_dimensions_give_as_many_vectors_as_columns() -> None:
    matrix = np.diag([3.0, 2.0, 1.0])
    vectors, strength = right_singular(pieces_of(matrix, 2), 3, 100, 1)
    np.testing.assert_allclose(vectors, np.eye(3), atol=1e-9)
    np.testing.assert_allclose(strength, [3, 2, 1], rtol=1e-9)


def test_a_column_of_zeros_has_no_part_in_any_vector() -> None:
    matrix = np.random.default_rng(8).standard_normal((30, 6))
    matrix[:, [1, 4]] = 0
    vectors, strength = right_singular(pieces_of(matrix, 30), 6, 6, 1)
    assert vectors.shape == (6, 4)
    np.testing.assert_allclose(vectors[[1, 4]], 0, atol=1e-9)
    assert (strength > 0).all()


@pytest.mark.parametrize(("rows", "columns"), [(5, 4), (0, 4), (5, 0)])
def test_of_nothing_there_are_no_vectors(rows: int, columns: int) -> None:
    vectors, strength = right_singular(pieces_of(np.zeros((rows, columns)), 2), columns, 3, 1)
    assert vectors.shape == (columns, 0)
    assert strength.shape == (0,)


@given(st.integers(0, 10**6))
def test_the_largest_entry_of_a_vector_is_positive_and_vectors_are_orthonormal(seed: int) -> None:
    matrix = -np.random.default_rng(seed).random((12, 8))
    vectors, strength = right_singular(pieces_of(matrix, 5), 8, 5, seed)
    assert (vectors[np.abs(vectors).argmax(axis=0), np.arange(5)] > 0).all()
    np.testing.assert_allclose(vectors.T @ vectors, np.eye(5), atol=1e-9)
    assert (np.diff(strength) <= 0).all()
