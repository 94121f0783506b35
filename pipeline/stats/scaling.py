"""Classical multidimensional scaling."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def classical_scaling(distances: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Coordinates (n x 2) and the share of the positive eigenvalues that each axis carries.

    Double-centres the squared distances and takes the leading eigenvectors
    (Torgerson 1952, Psychometrika 17, 401-419). The sign of an axis is free: the
    entry of largest size is made positive.
    """
    n = len(distances)
    centre = np.eye(n) - 1 / max(n, 1)
    values, vectors = np.linalg.eigh(-0.5 * centre @ (distances**2) @ centre)
    values, vectors = values[::-1], vectors[:, ::-1]
    positive = np.maximum(values, 0.0)
    coordinates = np.zeros((n, 2))
    shares = np.zeros(2)
    for axis in range(min(2, n)):
        if positive[axis] <= 1e-12:
            continue
        vector = vectors[:, axis]
        # Rounded first, so that of two entries equal but for noise always the earlier one decides.
        sign = np.sign(vector[np.abs(vector).round(9).argmax()])
        coordinates[:, axis] = sign * vector * np.sqrt(positive[axis])
        shares[axis] = positive[axis] / positive.sum()
    return coordinates, shares
