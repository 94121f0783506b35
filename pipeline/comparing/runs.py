"""What a comparison reads of a run: its terms weighed by its own idf or by one of reference, and the likeness of its regions."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from pipeline import phrases, tables
from pipeline.background import WORDS, Background
from pipeline.method import KeywordsSettings, ResamplingSettings
from pipeline.representations import common_above, regions_of, words
from pipeline.stats.resampling import percentile_interval, region_counts, resampled_within
from pipeline.stats.weighting import cosines

OWN = "own"  # the reference of a comparison in which each run keeps its own idf
_CELLS = 20_000_000  # of one chunk of draws x regions x terms


@dataclass(frozen=True)
class Run:
    """The tables of one run by name, and its manifest. ``side``: A or B; ``name``: its folder."""

    side: str
    name: str
    frames: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]

    @cached_property
    def names(self) -> list[str]:
        """Regions in corpus order."""
        return self["regions"]["region"].tolist()

    @cached_property
    def df(self) -> dict[str, int]:
        return dict(zip(self["keywords"]["term"], self["keywords"]["df"].astype(int), strict=True))

    @cached_property
    def common(self) -> frozenset[str]:
        """Words that this run leaves out as common."""
        return frozenset(self["keywords"].loc[self["keywords"]["unranked"] == "common", "term"])

    @cached_property
    def text(self) -> dict[str, str]:
        """Region -> its cleaned texts, one after the other."""
        return {str(region): "\n".join(group["text"]) for region, group in self["documents"].groupby("region")}

    @cached_property
    def surfaces(self) -> dict[tuple[str, str], set[str]]:
        """(region, word) -> how it stands in the text."""
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for token in self["tokens"].itertuples():
            found[token.region, token.term].add(token.surface)
        return found

    @cached_property
    def weighed(self) -> pd.DataFrame:
        """Of each row of keywords.csv how many mentions its weight counts (``mentions``) and the region's kept words (``kept``).

        A word has its count, a phrase what longer ones leave of it, which its tf-idf holds: tf-idf times the norm over idf,
        and the norm is the same for the region's words.
        """
        rows = self["keywords"]
        own = rows["kind"] == "word"
        kept = rows["region"].map(rows[own].groupby("region")["count"].sum())
        idf = rows["df"].map(lambda df: idf_of(df, len(self.names)))
        known = own & (rows["tf_idf"] > 0)
        norm = (rows["count"] * idf / rows["tf_idf"]).where(known).groupby(rows["region"]).transform("max")
        # a region whose words are all left out has no norm and no list that a weight could order
        left = (rows["tf_idf"] * norm / idf).round(9).fillna(rows["count"])
        return pd.DataFrame({"mentions": left.where(~own, rows["count"]).astype(float), "kept": kept.astype(float)})


def idf_of(df: float, texts: int) -> float:
    """ln((1 + texts) / (1 + df)) + 1."""
    return math.log((1 + texts) / (1 + df)) + 1


@dataclass(frozen=True)
class Weights:
    """An idf: whose it is, the texts it was counted from, the texts that hold each term, and the words left out as common."""

    name: str
    texts: int
    df: Mapping[str, int]
    common: frozenset[str]

    def idf(self, term: str) -> float:
        """A term that none of the texts has is the rarest."""
        return idf_of(self.df.get(term, 0), self.texts)


def own_weights(run: Run, name: str = OWN) -> Weights:
    return Weights(name, len(run.names), run.df, run.common)


def pooled_weights(a: Run, b: Run, share: float) -> Weights:
    """The idf over all texts of both runs, each region's text of A and of B counting as one."""
    texts = len(a.names) + len(b.names)
    df = {term: a.df.get(term, 0) + b.df.get(term, 0) for term in {**a.df, **b.df}}
    return Weights("both", texts, df, frozenset(term for term in df if df[term] > common_above(share, texts)))


def background_weights(a: Run, b: Run, background: Background, settings: KeywordsSettings) -> Weights:
    """The idf of a background's words; a phrase, which it does not know, is at least as rare as its rarest word.

    Words common in either run are left out of both, so that the same words count on both sides.
    """
    space = background.spaces[WORDS]
    df = {term: int(space.df[at]) for term, at in space.place.items()}
    for run in (a, b):
        for mention in phrases.mentions(run["tokens"], settings):
            if mention.phrase not in df:
                df[mention.phrase] = min(df.get(word, 0) for word in mention.words)
    return Weights(background.name, background.paragraphs, df, a.common | b.common)


def scored(run: Run, weights: Weights, *, exclude_generic: bool) -> pd.DataFrame:
    """keywords.csv with exact tf, idf and weight (tf times idf); by an idf of reference also tf-idf, rank and bar anew.

    Ties by an idf of reference go to the higher C-value, then to the earlier measure, then to the earlier in code-point
    order: nothing that other regions could move.
    """
    rows = run["keywords"]
    tf = run.weighed["mentions"] / run.weighed["kept"].where(run.weighed["kept"] > 0, 1)
    idf = rows["term"].map(weights.idf).astype(float)
    found = rows.assign(tf=tf, idf=idf, weight=tf * idf)
    if weights.name == OWN:
        return found
    barred = [
        "common"
        if row.kind == "word" and row.term in weights.common
        else ("generic" if row.generic else "explained" if row.explained_by else "")
        for row in rows.itertuples()
    ]
    found["unranked"] = barred
    squares = (found["weight"] ** 2).where(counts_in_vector(found, exclude_generic=exclude_generic), 0.0)
    norm = np.sqrt(squares.groupby(found["region"]).transform("sum"))
    found["tf_idf"] = (found["weight"] / norm.where(norm > 0, np.inf)).round(tables.EXACT)
    first = {measure: at for at, measure in enumerate(run["measures"]["measure_id"])}
    order = found.assign(by=-found["weight"].round(12), first=[first[ids[0]] for ids in found["measure_ids"]])
    order = order[order["unranked"] == ""].sort_values(
        ["by", "c_value", "first", "term"], ascending=[True, False, True, True], kind="stable"
    )
    ranks = order.groupby("region", sort=False).cumcount().add(1)
    return found.assign(rank=ranks.reindex(found.index).astype("Int64"))


def counts_in_vector(rows: pd.DataFrame, *, exclude_generic: bool) -> pd.Series:
    """Which rows are a word of a vector: not common, and not generic where generic words are excluded."""
    wanted = (rows["kind"] == "word") & (rows["unranked"] != "common")
    return wanted & ~rows["generic"] if exclude_generic else wanted


def pair_terms(run: Run, rows: pd.DataFrame, weights: Weights, *, exclude_generic: bool) -> pd.DataFrame:
    """region, other, term, product, measures of every shared term of every pair; by its own idf as similarity_terms.csv has them."""
    names = ["region", "other", "term", "product", "measures"]
    if weights.name == OWN:
        own = run["similarity_terms"]
        ids = [[*a, *b] for a, b in zip(own["measures_a"], own["measures_b"], strict=True)]
        return pd.DataFrame(
            {"region": own["region_a"], "other": own["region_b"], "term": own["term"], "product": own["product"]}
        ).assign(measures=pd.Series(ids, index=own.index, dtype=object))[names]
    counted = rows[counts_in_vector(rows, exclude_generic=exclude_generic)]
    vectors = {
        str(region): {row.term: (row.tf_idf, row.measure_ids) for row in group.itertuples()}
        for region, group in counted.groupby("region")
    }
    found = []
    for region, other in combinations(run.names, 2):
        left, right = vectors.get(region, {}), vectors.get(other, {})
        found += [
            (region, other, term, weight * right[term][0], [*ids, *right[term][1]])
            for term, (weight, ids) in left.items()
            if term in right
        ]
    return pd.DataFrame(found, columns=names)


def pair_cosines(run: Run, terms: pd.DataFrame) -> pd.Series:
    """Cosine of every pair (region, other) of the run: the exact sum of its terms' products."""
    sums = {key: math.fsum(group) for key, group in terms.groupby(["region", "other"])["product"]}
    pairs = list(combinations(run.names, 2))
    return pd.Series([sums.get(pair, 0.0) for pair in pairs], index=pd.Index(pairs, tupleize_cols=False), dtype=float)


def nearest_of(names: list[str], pairs: pd.Series) -> dict[str, tuple[str, float]]:
    """Region -> the most similar other one and its cosine, ties to the earlier; ("", 0) where all are 0."""
    found = dict.fromkeys(names, ("", 0.0))
    for region, other in combinations(names, 2):
        cosine = pairs[(region, other)]
        for one, two in ((region, other), (other, region)):
            if round(cosine, 12) > round(found[one][1], 12):
                found[one] = (two, float(cosine))
    return found


def frozen_intervals(
    run: Run, weights: Weights, settings: ResamplingSettings, stream: int, *, exclude_generic: bool
) -> pd.DataFrame:
    """cosine_low, cosine_high of every pair when the measures of each region are drawn anew and the idf stays as it is."""
    regions = regions_of(run["measures"])
    units = words(run["tokens"], regions)
    left_out = np.array([term in weights.common for term in units.terms], dtype=bool)
    units = units.without(left_out | units.generic if exclude_generic else left_out)
    idf = np.array([weights.idf(term) for term in units.terms])
    shape = (len(regions.names), len(units.terms))
    rng = np.random.default_rng([settings.seed, stream])
    times = resampled_within(regions.of, settings.resamples, rng, regions.documents)
    i, j = np.triu_indices(shape[0], 1)
    size = max(1, min(100, _CELLS // max(1, shape[0] * shape[1])))
    drawn = []
    for start in range(0, len(times), size):
        vectors = region_counts(units.cells, regions.of, times[start : start + size], shape) * idf
        norm = np.sqrt((vectors * vectors).sum(axis=-1, keepdims=True))
        drawn.append(cosines(vectors / np.where(norm > 0, norm, 1.0))[:, i, j])
    low, high, _ = percentile_interval(np.concatenate(drawn), np.zeros(len(i)), settings.level)
    return pd.DataFrame(
        {
            "region_a": [regions.names[at] for at in i],
            "region_b": [regions.names[at] for at in j],
            "cosine_low": low,
            "cosine_high": high,
        }
    )
