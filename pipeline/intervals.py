"""How likeness varies when the measures of the regions are drawn anew."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.evidence import chunks
from pipeline.method import ResamplingSettings
from pipeline.representations import Corpus, View
from pipeline.stats import matrices
from pipeline.stats.inference import benjamini_hochberg
from pipeline.stats.resampling import Floats, Ints, percentile_interval, resampled_within
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
    largest &= (values != 0).any(axis=-1, keepdims=True)
    return np.asarray((largest / np.maximum(largest.sum(axis=-1, keepdims=True), 1)).mean(axis=0))


def ranked(values: Floats) -> Ints:
    """Ranks (draws x pairs), 1 the closest; pairs that share nothing are last, however many they are.

    A cosine of 0 means that; of cosines seen from the mean, some of which are negative, none is special.
    """
    places = matrices.places(values)
    return places if values.min(initial=0.0) < 0 else np.where(values > 0, places, values.shape[-1])


def rank_interval(ranks: Ints, level: float) -> tuple[Ints, Ints]:
    """Whole ranks that enclose the percentile interval."""
    tail = (1 - level) / 2
    low = np.quantile(ranks, tail, axis=0, method="lower")
    high = np.quantile(ranks, 1 - tail, axis=0, method="higher")
    return low.astype(int), high.astype(int)


def pair_intervals(
    corpus: Corpus, view: View, pair_p: Floats, chosen: ResamplingSettings, stream: int, *, title: str
) -> pd.DataFrame:
    """One row per pair: cosine and rank in the view, their intervals, how often the pair is first, p and q.

    ``pair_p`` in the order of the upper triangle; ``stream`` of random numbers.
    """
    names = corpus.regions.names
    rng = np.random.default_rng([chosen.seed, stream])
    times = resampled_within(corpus.regions.of, chosen.resamples, rng, corpus.regions.documents)
    observed = matrices.above_diagonal(corpus.cosines(view)[0])
    drawn = matrices.above_diagonal(drawn_cosines(corpus, view, times, title=title))
    low, high, bias = percentile_interval(drawn, observed, chosen.level)
    rank_low, rank_high = rank_interval(ranked(drawn), chosen.level)
    i, j = np.triu_indices(len(names), 1)
    return pd.DataFrame(
        {
            "region_a": [names[at] for at in i],
            "region_b": [names[at] for at in j],
            "cosine": observed,
            "rank": matrices.places(observed[None])[0],
            "rank_low": rank_low,
            "rank_high": rank_high,
            "first_share": first_shares(drawn),
            "cosine_low": low,
            "cosine_high": high,
            "bias": bias,
            "p": pair_p,
            "q": benjamini_hochberg(pair_p),
        }
    )


def beside_words(pairs: pd.DataFrame, similarity: pd.DataFrame) -> pd.DataFrame:
    """The pairs with cosine and rank by words, as in similarity.csv."""
    by_words = similarity.set_index(["region_a", "region_b"])
    keys = list(zip(pairs["region_a"], pairs["region_b"], strict=True))
    return pairs.assign(
        cosine_words=[by_words.loc[key, "cosine"] for key in keys],
        rank_words=[by_words.loc[key, "rank"] for key in keys],
    )
