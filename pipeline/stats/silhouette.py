"""Silhouettes from a distance matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def silhouettes(distances: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much nearer each object is to its own group than to the next one, -1 to 1; 0 for an object alone.

    (b - a) / max(a, b), a the mean distance to the rest of its group, b the
    smallest mean distance to another group (Rousseeuw 1987, Journal of
    Computational and Applied Mathematics 20, 53-65). One group only: all 0.
    Leading axes (... x n x n, ... x n) are separate cases.
    scikit-learn's `silhouette_samples` gives the same (tested), but takes 0.6 s to import.
    """
    groups, member = np.unique(labels, return_inverse=True)
    belongs = np.eye(len(groups))[member.reshape(labels.shape)]
    sizes = belongs.sum(axis=-2)
    sums = distances @ belongs
    own_size = (belongs * sizes[..., None, :]).sum(axis=-1)
    own = (sums * belongs).sum(axis=-1) / np.maximum(own_size - 1, 1)
    means = np.where((belongs == 0) & (sizes[..., None, :] > 0), sums / np.maximum(sizes[..., None, :], 1), np.inf)
    other = means.min(axis=-1)
    largest = np.maximum(own, other)
    with np.errstate(invalid="ignore"):
        result = np.where((largest > 0) & np.isfinite(largest), (other - own) / largest, 0.0)
    return np.where(own_size == 1, 0.0, result)
