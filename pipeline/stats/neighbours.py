"""The most similar rows of a sparse matrix, exactly, without the table of all pairs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_CELLS = 2_000_000  # products that stand in memory at a time, about
_DIGITS = 12  # what is equal but for rounding is equal
NONE = -1


def nearest(matrix: csr_array, count: int, rows: Ints | None = None) -> tuple[Ints, Floats]:
    """For each of ``rows`` (None: all) the ``count`` other rows with the largest inner product, the largest first.

    ``matrix``: rows of length 1, so that the products are cosines. Indices and
    products (rows x count); where fewer have a product above 0 the rest is -1
    and 0. Of equals the one that stands first.
    """
    wanted = np.arange(matrix.shape[0]) if rows is None else np.asarray(rows, dtype=np.int64)
    indices = np.full((len(wanted), count), NONE, dtype=np.int64)
    products = np.zeros((len(wanted), count))
    columns = matrix.T.tocsr()
    # A row meets as many others as its terms have rows: known before anything is multiplied.
    meets = np.concatenate([[0.0], np.cumsum(np.diff(columns.indptr)[matrix.indices], dtype=float)])
    weights = np.minimum(meets[matrix.indptr[wanted + 1]] - meets[matrix.indptr[wanted]], matrix.shape[0])
    chunk = np.cumsum(weights) // _CELLS
    for number in np.unique(chunk):
        first, last = np.searchsorted(chunk, [number, number + 1])
        found = matrix[wanted[first:last]] @ columns
        for at in range(first, last):
            own = slice(found.indptr[at - first], found.indptr[at - first + 1])
            _largest(found.indices[own], found.data[own], int(wanted[at]), indices[at], products[at])
    return indices, products


def _largest(others: Ints, values: Floats, itself: int, indices: Ints, products: Floats) -> None:
    """Fill one row."""
    kept = others != itself
    others, values = others[kept], values[kept].round(_DIGITS)
    count = min(len(indices), len(values))
    if not count:
        return
    least = np.partition(values, len(values) - count)[len(values) - count]
    among = np.flatnonzero(values >= least)
    order = among[np.lexsort((others[among], -values[among]))][:count]
    order = order[values[order] > 0]
    indices[: len(order)], products[: len(order)] = others[order], values[order]
