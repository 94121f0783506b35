"""Resample measures within regions, shuffle them among regions, split them in halves; count terms afterwards.

``region_of`` gives for every measure the number of its region, 0 to n - 1. A
measure is the unit: its words stay together (method.md: "Units and weights").
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


def resampled_within(region_of: Ints, draws: int, rng: np.random.Generator) -> Ints:
    """How often each measure is drawn (draws x measures): every region keeps its number of measures, drawn with replacement.

    The bootstrap of Efron and Tibshirani (1993, An Introduction to the Bootstrap, ch. 6), within strata.
    """
    times = np.zeros((draws, len(region_of)), dtype=np.int64)
    for region in np.unique(region_of):
        own = np.flatnonzero(region_of == region)
        times[:, own] = rng.multinomial(len(own), np.full(len(own), 1 / len(own)), size=draws)
    return times


def shuffled_among(region_of: Ints, draws: int, rng: np.random.Generator) -> Ints:
    """Regions of the measures (draws x measures) after the measures were dealt anew: every region keeps its number."""
    return rng.permuted(np.tile(region_of, (draws, 1)), axis=1)


def dealt(times: Ints, region_of: Ints, regions: Ints) -> Ints:
    """The ``times`` (draws x measures) of `resampled_within` for measures dealt anew (``regions``, draws x measures).

    The first measure that a region now has is drawn as often as the first that it had, and so on.
    """
    before = times[:, np.argsort(region_of, kind="stable")]
    result = np.empty_like(times)
    np.put_along_axis(result, np.argsort(regions, axis=1, kind="stable"), before, axis=1)
    return result


def halves(region_of: Ints, draws: int, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which measures are in the first half (draws x measures).

    Each region is split as evenly as its number allows; the half that gets the
    odd one is drawn. A region of one measure is in one half only.
    """
    first = np.zeros((draws, len(region_of)), dtype=bool)
    for region in np.unique(region_of):
        own = np.flatnonzero(region_of == region)
        size = len(own) // 2 + rng.integers(0, 2, size=draws) * (len(own) % 2)
        first[:, own] = rng.permuted(np.tile(np.arange(len(own)), (draws, 1)), axis=1) < size[:, None]
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
