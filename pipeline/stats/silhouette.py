"""Silhouettes from a distance matrix."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def silhouettes(distances: NDArray[np.float64], labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """How much nearer each object is to its own group than to the next one, -1 to 1; 0 for an object alone.

    (b - a) / max(a, b), a the mean distance to the rest of its group, b the
    smallest mean distance to another group (Rousseeuw 1987, Journal of
    Computational and Applied Mathematics 20, 53-65). One group only: all 0.
    scikit-learn's `silhouette_samples` gives the same (tested), but takes 0.6 s to import.
    """
    groups, member = np.unique(labels, return_inverse=True)
    if len(groups) < 2:
        return np.zeros(len(labels))
    belongs = np.eye(len(groups))[member]
    sizes = belongs.sum(axis=0)
    sums = distances @ belongs
    own = sums[np.arange(len(labels)), member] / np.maximum(sizes[member] - 1, 1)
    means = sums / sizes
    means[np.arange(len(labels)), member] = np.inf
    other = means.min(axis=1)
    largest = np.maximum(own, other)
    with np.errstate(invalid="ignore"):
        result = np.where(largest > 0, (other - own) / largest, 0.0)
    return np.where(sizes[member] == 1, 0.0, result)
