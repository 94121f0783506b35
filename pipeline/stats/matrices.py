"""Two similarity matrices beside each other: rank correlation, Mantel, partial correlation, reliability."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.stats.inference import permutation_p

Floats = NDArray[np.float64]


def ranks(values: Floats) -> Floats:
    """Mean ranks from 1 along the last axis; values equal but for rounding share their mean rank."""
    if not values.size:  # one region has no pairs
        return np.zeros(values.shape)
    rounded = values.round(12)
    n = values.shape[-1]
    flat = zip(np.sort(rounded, axis=-1).reshape(-1, n), rounded.reshape(-1, n), strict=True)
    found = [(np.searchsorted(row, own, "left") + np.searchsorted(row, own, "right") + 1) / 2 for row, own in flat]
    return np.array(found).reshape(values.shape)


def places(values: Floats) -> NDArray[np.int64]:
    """Places from 1, the largest first, along the last axis; equal values share the better place."""
    if not values.size:
        return np.zeros(values.shape, dtype=np.int64)
    rounded = values.round(12)
    ordered = np.sort(rounded, axis=-1)
    n = values.shape[-1]
    flat = zip(ordered.reshape(-1, n), rounded.reshape(-1, n), strict=True)
    found = [n - np.searchsorted(row, own, side="right") + 1 for row, own in flat]
    return np.array(found, dtype=np.int64).reshape(values.shape)


def pearson(x: Floats, y: Floats) -> Floats:
    """Product-moment correlation along the last axis; not a number where one side does not vary."""
    if not x.shape[-1]:
        return np.full(np.broadcast_shapes(x.shape, y.shape)[:-1], np.nan)
    a = x - x.mean(axis=-1, keepdims=True)
    b = y - y.mean(axis=-1, keepdims=True)
    size = np.sqrt((a * a).sum(axis=-1) * (b * b).sum(axis=-1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(size > 1e-12, (a * b).sum(axis=-1) / size, np.nan))


def spearman(x: Floats, y: Floats) -> Floats:
    """Rank correlation along the last axis (Spearman 1904)."""
    return pearson(ranks(x), ranks(y))


def above_diagonal(matrix: Floats) -> Floats:
    """The entries above the diagonal (..., n x n) in row order (..., pairs)."""
    i, j = np.triu_indices(matrix.shape[-1], 1)
    return np.asarray(matrix[..., i, j])


def mantel(a: Floats, b: Floats, draws: int, rng: np.random.Generator) -> tuple[float, float]:
    """Spearman's rho of the entries above the diagonals, and its one-sided permutation p.

    The rows and columns of ``b`` are permuted together, since the entries of a
    matrix are not independent (Mantel 1967, Cancer Research 27, 209-220).
    """
    left, right = ranks(above_diagonal(a)), ranks(above_diagonal(b))
    observed = float(pearson(left, right))
    if np.isnan(observed):
        return observed, float("nan")
    i, j = np.triu_indices(len(a), 1)
    place = np.zeros(a.shape, dtype=int)
    place[i, j] = place[j, i] = np.arange(len(i))
    order = rng.permuted(np.tile(np.arange(len(a)), (draws, 1)), axis=1)
    null = pearson(left[None, :], right[place[order[:, i], order[:, j]]])
    return observed, float(permutation_p(observed, null))


def partial(xy: float, xz: float, yz: float) -> float:
    """Correlation of x and y with z held fixed; not a number where z explains one of them wholly (Yule 1907)."""
    rest = (1 - xz**2) * (1 - yz**2)
    return (xy - xz * yz) / rest**0.5 if rest > 1e-12 else float("nan")


def spearman_brown(half: float) -> float:
    """Reliability of the whole from the correlation of its halves: 2 r / (1 + r) (Spearman 1910, Brown 1910).

    Below 0 the formula has no meaning and exceeds any bound; r itself is returned.
    """
    return 2 * half / (1 + half) if half > 0 else half
