"""How often each keyword stays in its region's list when the measures are drawn anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from pipeline.stats.resampling import Floats, Ints, region_counts

_CELLS = 20_000_000  # of one chunk of draws x regions x terms


@dataclass(frozen=True)
class Lists:
    """What decides who is in a list: all terms of the corpus, where they stand, and the rules.

    ``cells``: measure, term and count; ``phrase`` (terms): weighed by what longer
    phrases leave unexplained; ``barred`` (terms): never listed; ``words`` (terms):
    dropped when more than ``common_above`` regions have them; ``hosts``:
    term number -> numbers of the longer terms that contain it somewhere.
    """

    cells: tuple[Ints, Ints, Floats]
    phrase: np.ndarray
    barred: np.ndarray
    words: np.ndarray
    hosts: Mapping[int, Sequence[int]]
    common_above: float
    top: int


def top_shares(weights: Floats, top: int) -> Floats:
    """Membership (rows x terms) in the first ``top`` of each row; terms that tie for the last places share them.

    Terms of weight 0 are in no list.
    """
    rounded = weights.round(9)
    ordered = np.sort(rounded, axis=1)
    n = rounded.shape[1]
    result = np.empty_like(rounded)
    for row in range(len(rounded)):
        above = n - np.searchsorted(ordered[row], rounded[row], side="right")
        equal = n - np.searchsorted(ordered[row], rounded[row], side="left") - above
        result[row] = np.clip((top - above) / equal, 0, 1)
    return np.where(rounded > 0, result, 0.0)


def _weights(counts: Floats, idf: Floats, lists: Lists, own: Ints) -> Floats:
    """Weights (draws x own terms) of one region's terms, 0 for what may not be listed."""
    place = {int(term): at for at, term in enumerate(own)}
    pairs = [(place[t], place[h]) for t in place for h in lists.hosts.get(t, ()) if h in place]
    explained = np.zeros(counts.shape, dtype=bool)
    free = counts.copy()
    if pairs:
        inner, outer = np.array(pairs, dtype=np.int64).T
        once = np.ones(len(pairs))
        contains = csr_array((once, (outer, inner)), shape=(len(own), len(own)))
        present = (counts > 0).astype(float) @ contains
        free = np.maximum(counts - (counts @ contains) / np.maximum(present, 1), 0.0)
        equal = (counts[:, inner] == counts[:, outer]) & (counts[:, inner] > 0)
        explained = (
            equal.astype(float) @ csr_array((once, (np.arange(len(pairs)), inner)), shape=(len(pairs), len(own))) > 0
        )
    weighed = np.where(lists.phrase[own], free, counts) * idf
    return np.where(explained | lists.barred[own], 0.0, weighed)


def list_shares(lists: Lists, region_of: Ints, times: Ints) -> Floats:
    """Share of the draws (``times``, draws x measures) in which each term (n x terms) is in each region's list."""
    n, v = int(region_of.max()) + 1, len(lists.phrase)
    size = max(1, min(100, _CELLS // (n * v)))
    observed = region_counts(lists.cells, region_of, None, (n, v))[0]
    terms = [np.flatnonzero(row) for row in observed]
    total = np.zeros((n, v))
    for start in range(0, len(times), size):
        counts = region_counts(lists.cells, region_of, times[start : start + size], (n, v))
        df = (counts > 0).sum(axis=1)
        idf = np.log((1 + n) / (1 + df)) + 1
        idf = np.where(lists.words & (df > lists.common_above), 0.0, idf)
        for region, own in enumerate(terms):
            weights = _weights(counts[:, region, own], idf[:, own], lists, own)
            total[region, own] += top_shares(weights, lists.top).sum(axis=0)
    return total / len(times)
