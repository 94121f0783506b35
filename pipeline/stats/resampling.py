"""Resample measures within regions, shuffle them among regions, split them in halves; count terms afterwards.

``region_of`` gives for every measure the number of its region, 0 to n - 1. A
measure is the unit: its words stay together (method.md: "Units and weights").

``document_of`` gives for every measure the number of its document, 0 to the number
of documents - 1, none of two regions; None where every region has one. Measures of
one document are by one hand and say what goes together, so documents come first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def _evenly(number: int) -> Floats:
    return np.full(number, 1 / number)


def resampled_within(region_of: Ints, draws: int, rng: np.random.Generator, document_of: Ints | None = None) -> Ints:
    """How often each measure is drawn (draws x measures), with replacement, every region from its own.

    A region of one document keeps its number of measures: the bootstrap of Efron and
    Tibshirani (1993, An Introduction to the Bootstrap, ch. 6), within strata. A region
    of several keeps its number of documents, and each document that is drawn its number
    of measures: the two-stage bootstrap of Davison and Hinkley (1997, Bootstrap Methods
    and their Application, sec. 3.8).
    """
    times = np.zeros((draws, len(region_of)), dtype=np.int64)
    for region in np.unique(region_of):
        own = np.flatnonzero(region_of == region)
        documents = [own] if document_of is None else [own[document_of[own] == d] for d in np.unique(document_of[own])]
        if len(documents) == 1:
            times[:, own] = rng.multinomial(len(own), _evenly(len(own)), size=draws)
            continue
        drawn = rng.multinomial(len(documents), _evenly(len(documents)), size=draws)
        for often, within in zip(drawn.T, documents, strict=True):
            times[:, within] = rng.multinomial(often * len(within), _evenly(len(within)))
    return times


def shuffled_among(region_of: Ints, draws: int, rng: np.random.Generator, document_of: Ints | None = None) -> Ints:
    """Regions of the measures (draws x measures) after the measures, or the whole documents, were dealt anew.

    Every region keeps its number of them.
    """
    if document_of is None:
        return rng.permuted(np.tile(region_of, (draws, 1)), axis=1)
    return rng.permuted(np.tile(region_of[_firsts(document_of)], (draws, 1)), axis=1)[:, document_of]


def _firsts(document_of: Ints) -> Ints:
    """The place of the first measure of every document."""
    return np.unique(document_of, return_index=True)[1]


def numbers(region_of: Ints, document_of: Ints | None, n: int) -> Ints:
    """How many measures, or documents, each of the ``n`` regions has."""
    return np.bincount(region_of if document_of is None else region_of[_firsts(document_of)], minlength=n)


def dealt(times: Ints, region_of: Ints, regions: Ints) -> Ints:
    """The ``times`` (draws x measures) of `resampled_within` for measures dealt anew (``regions``, draws x measures).

    The first measure that a region now has is drawn as often as the first that it had, and so on.
    """
    before = times[:, np.argsort(region_of, kind="stable")]
    result = np.empty_like(times)
    np.put_along_axis(result, np.argsort(regions, axis=1, kind="stable"), before, axis=1)
    return result


def resampled_dealt(region_of: Ints, regions: Ints, rng: np.random.Generator, document_of: Ints | None = None) -> Ints:
    """`resampled_within` for measures, or whole documents, dealt anew (``regions``, draws x measures)."""
    if document_of is None:
        return dealt(resampled_within(region_of, len(regions), rng), region_of, regions)
    return np.concatenate([resampled_within(each, 1, rng, document_of) for each in regions])


def halves(region_of: Ints, draws: int, rng: np.random.Generator, document_of: Ints | None = None) -> NDArray[np.bool_]:
    """Which measures are in the first half (draws x measures).

    Each region is split as evenly as the number of its documents, or of the measures of
    its only one, allows; the half that gets the odd one is drawn. A region of one measure
    is in one half only.
    """
    first = np.zeros((draws, len(region_of)), dtype=bool)
    for region in np.unique(region_of):
        own = np.flatnonzero(region_of == region)
        parts = np.arange(len(own))
        if document_of is not None and np.ptp(document_of[own]):
            parts = np.unique(document_of[own], return_inverse=True)[1]
        number = int(parts.max()) + 1
        size = number // 2 + rng.integers(0, 2, size=draws) * (number % 2)
        chosen = rng.permuted(np.tile(np.arange(number), (draws, 1)), axis=1) < size[:, None]
        first[:, own] = chosen[:, parts]
    return first


def region_counts(
    cells: tuple[Ints, Ints, Floats], regions: Ints, times: Ints | None, shape: tuple[int, int]
) -> Floats:
    """Counts (draws x regions x terms) of the terms in the regions.

    ``cells`` are the measure, the term and the count of every non-zero cell;
    ``regions`` (measures, or draws x measures) the region of each measure;
    ``times`` (draws x measures) how often each measure counts, None once.
    """
    measure, term, count = cells
    n, v = shape
    draws = len(regions) if regions.ndim == 2 else len(times) if times is not None else 1
    result = np.empty((draws, n, v))
    for draw in range(draws):
        place = (regions[draw] if regions.ndim == 2 else regions)[measure] * v + term
        weight = count if times is None else count * times[draw][measure]
        result[draw] = np.bincount(place, weight, minlength=n * v).reshape(n, v)
    return result


def percentile_interval(draws: Floats, observed: Floats, level: float) -> tuple[Floats, Floats, Floats]:
    """Lower and upper percentile over the first axis, and the bias: mean of the draws less the observed value.

    Percentile interval: Efron and Tibshirani 1993, ch. 13; bias: ch. 10. The
    interval is not corrected; where the bias is large, it need not hold the
    observed value.
    """
    tail = (1 - level) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=0)
    return low, high, draws.mean(axis=0) - observed
