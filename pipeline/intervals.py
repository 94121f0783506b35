"""How likeness varies when the measures of the regions are drawn anew."""

from __future__ import annotations

import numpy as np

from pipeline.evidence import chunks
from pipeline.representations import Corpus, View
from pipeline.stats import matrices
from pipeline.stats.resampling import Floats, Ints
from pipeline.workers import mapped


def drawn_cosines(corpus: Corpus, view: View, times: Ints, *, title: str) -> Floats:
    """Cosines (draws x n x n) with every measure counted ``times`` (draws x measures)."""
    parts = chunks(corpus, view, len(times))
    return np.concatenate(mapped(lambda part: corpus.cosines(view, times=times[part]), parts, title=title))


def first_shares(values: Floats) -> Floats:
    """For each column the share of the rows in which it is the largest; ties are shared, a row of zeros counts for none."""
    if not values.shape[-1]:
        return np.zeros(0)
    largest = values.round(12) == values.round(12).max(axis=-1, keepdims=True)
    largest &= values > 0
    return np.asarray((largest / np.maximum(largest.sum(axis=-1, keepdims=True), 1)).mean(axis=0))


def ranked(values: Floats) -> Ints:
    """Ranks (draws x pairs), 1 the closest; pairs that share nothing are last, however many they are."""
    return np.where(values > 0, matrices.places(values), values.shape[-1])


def rank_interval(ranks: Ints, level: float) -> tuple[Ints, Ints]:
    """Whole ranks that enclose the percentile interval."""
    tail = (1 - level) / 2
    low = np.quantile(ranks, tail, axis=0, method="lower")
    high = np.quantile(ranks, 1 - tail, axis=0, method="higher")
    return low.astype(int), high.astype(int)
