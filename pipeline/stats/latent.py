"""Leading right singular vectors of a matrix that is read in pieces."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]

_SPARE = 20  # dimensions more than asked, so that those asked for settle soon
_ROUNDS = 12  # passes over the pieces at the most
_SETTLED = 1e-5  # largest relative change of a singular value that still counts


def right_singular(
    pieces: Callable[[], Iterable[csr_array]], columns: int, dimensions: int, seed: int
) -> tuple[Floats, Floats]:
    """Vectors (columns x d) and singular values (d), d at most ``dimensions`` and at most the rank, the largest first.

    Block power iteration on X'X with a final rotation (Rayleigh and Ritz; Halko, Martinsson and Tropp 2011,
    section 4.5): in memory are columns x d numbers and one piece. Signs are fixed: a vector's largest entry is positive.
    """
    width = min(columns, dimensions + _SPARE)
    if not width:
        return np.zeros((columns, 0)), np.zeros(0)
    basis, _ = np.linalg.qr(np.random.default_rng(seed).standard_normal((columns, width)))
    before = np.zeros(width)
    for _ in range(_ROUNDS):
        product = np.zeros((columns, width))
        for piece in pieces():
            product += piece.T @ (piece @ basis)
        values, rotation = np.linalg.eigh(basis.T @ product)
        order = np.argsort(-values, kind="stable")
        found = values[order]
        ritz = basis @ rotation[:, order]
        basis, _ = np.linalg.qr(product @ rotation[:, order])
        settled = np.abs(found - before)[:dimensions].max(initial=0.0) <= _SETTLED * max(found[0], 1e-30)
        before = found
        if settled:
            break
    kept = min(dimensions, int((before > max(before[0], 0.0) * 1e-10).sum()))
    ritz = ritz[:, :kept]
    largest = np.abs(ritz).argmax(axis=0)
    signs = np.sign(ritz[largest, np.arange(kept)])
    return ritz * signs, np.sqrt(np.maximum(before[:kept], 0.0))
