"""Cosines between very many texts, a block of rows at a time: all pairs at once would fill the memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import csr_array, diags_array

from pipeline.representations import Corpus, fused_parts
from pipeline.stats.resampling import Floats

_CELLS = 4_000_000  # of one block
_FILLED = 0.25  # a coordinate that this share of the texts has is kept in a dense array


def rows_of(n: int) -> Iterator[slice]:
    """Blocks of rows of an n x n matrix that fit the memory; they depend on n alone."""
    size = max(1, _CELLS // max(n, 1))
    for start in range(0, n, size):
        yield slice(start, min(start + size, n))


def scaled(rows: csr_array) -> csr_array:
    """Rows divided by their Euclidean norm; rows of zeros stay."""
    norm = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return csr_array(diags_array(1 / np.where(norm > 1e-12, norm, 1.0)) @ rows)


class Centred:
    """Texts (n x coordinates) as seen from the mean of their directions, as `background.centred` sees them."""

    def __init__(self, images: csr_array) -> None:
        rows = scaled(images)
        n = max(rows.shape[0], 1)
        filled = np.bincount(rows.indices, minlength=rows.shape[1]) >= _FILLED * n
        self._dense: Floats = rows[:, np.flatnonzero(filled)].toarray()
        self._sparse = csr_array(rows[:, np.flatnonzero(~filled)])
        dense, sparse = self._dense.mean(axis=0), np.asarray(self._sparse.sum(axis=0)).ravel() / n
        self._toward = self._dense @ dense + self._sparse @ sparse
        self._mean = float(dense @ dense + sparse @ sparse)
        own = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()
        size = np.sqrt(np.maximum(own - 2 * self._toward + self._mean, 0.0))
        self.scale: Floats = np.where(size > 1e-9, 1 / np.where(size > 1e-9, size, 1.0), 0.0)

    def cosines(self, rows: slice | Sequence[int]) -> Floats:
        """Cosines (rows x n), -1 to 1; a text's own with itself is not set to 1."""
        products = self._dense[rows] @ self._dense.T + (self._sparse[rows] @ self._sparse.T).toarray()
        moved = products - self._toward[rows][:, None] - self._toward + self._mean
        return np.clip(moved * self.scale[rows][:, None] * self.scale, -1.0, 1.0)

    def cosine(self, a: int, b: int) -> float:
        """Cosine of two texts, not kept in -1 to 1: the sum of its parts."""
        product = self._dense[a] @ self._dense[b] + (self._sparse[[a]] @ self._sparse[[b]].T).toarray()[0, 0]
        moved = product - self._toward[a] - self._toward[b] + self._mean
        return float(moved * self.scale[a] * self.scale[b])


def centred_parts(corpus: Corpus) -> list[Centred]:
    """The regions of the corpus in every part of the fused view."""
    regions = corpus.regions
    own = np.ones(len(regions.of))
    pooled = csr_array((own, (regions.of, np.arange(len(regions.of)))), shape=(len(regions.names), len(regions.of)))
    return [Centred(csr_array(pooled @ corpus.images[view])) for view in fused_parts()]


def fused(parts: Sequence[Centred], rows: slice) -> Floats:
    """The fused similarity (rows x n): the mean of the parts' cosines."""
    return np.asarray(sum(part.cosines(rows) for part in parts) / len(parts))


def tf_idf_rows(counts: csr_array) -> csr_array:
    """Unit rows of counts (n x terms) times ln((1 + n) / (1 + df)) + 1, as `weighting.weigh` with tf-idf."""
    df = np.bincount(counts.indices, minlength=counts.shape[1])
    return scaled(csr_array(counts @ diags_array(np.log((1 + counts.shape[0]) / (1 + df)) + 1)))
