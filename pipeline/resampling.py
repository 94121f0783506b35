"""Draw every region's measures anew and see what stays: tokens.csv, measures.csv, similarity.csv -> similarity_intervals.csv, neighbours.csv, dendrogram.csv, reliability.csv, leave_one_out.csv."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import linkage, optimal_leaf_ordering

from pipeline import tables
from pipeline.cli import run
from pipeline.evidence import base_views, group_numbers, tree_statistics
from pipeline.intervals import drawn_cosines, first_shares, rank_interval, ranked
from pipeline.method import ResamplingSettings, Settings, load_settings
from pipeline.representations import Corpus, Regions, View, characters, regions_of, words
from pipeline.stats import matrices, resampling
from pipeline.stats.inference import two_sided
from pipeline.stats.partitions import clade_support
from pipeline.stats.resampling import Floats

_RESAMPLE, _HALVES, _MANTEL = range(11, 14)  # streams of random numbers


def corpus_of(tokens: pd.DataFrame, measures: pd.DataFrame, common_share: float) -> Corpus:
    """The two views of similarity.csv."""
    regions = regions_of(measures)
    units = {"dictionary": words(tokens, regions), "character pairs": characters(measures, 2)}
    return Corpus(regions, units, common_share)


def intervals_of(names: tuple[str, ...], observed: Floats, drawn: dict[str, Floats], level: float) -> pd.DataFrame:
    """One row per pair: ``observed`` cosines of words (n x n), ``drawn`` ones of both views (draws x n x n)."""
    above = {view: matrices.above_diagonal(values) for view, values in drawn.items()}
    low, high, bias = resampling.percentile_interval(above["words"], matrices.above_diagonal(observed), level)
    rank_low, rank_high = rank_interval(ranked(above["words"]), level)
    char_low, char_high = rank_interval(ranked(above["characters"]), level)
    i, j = np.triu_indices(len(names), 1)
    return pd.DataFrame(
        {
            "region_a": [names[at] for at in i],
            "region_b": [names[at] for at in j],
            "rank_low": rank_low,
            "rank_high": rank_high,
            "first_share": first_shares(above["words"]),
            "cosine_low": low,
            "cosine_high": high,
            "bias": bias,
            "rank_char_low": char_low,
            "rank_char_high": char_high,
        }
    )


def smallest_set(shares: Floats, level: float) -> np.ndarray:
    """Which entries belong to the smallest set, largest first, that together reaches ``level``; all above 0 where none does."""
    order = np.argsort(-shares.round(12), kind="stable")
    before = np.cumsum(shares[order]) - shares[order]
    chosen = np.zeros(len(shares), dtype=bool)
    chosen[order] = (before < level - 1e-12) & (shares[order] > 0)
    return chosen


def neighbours_of(names: tuple[str, ...], observed: Floats, drawn: Floats, level: float) -> pd.DataFrame:
    """One row per region and other region."""
    rows: list[dict[str, Any]] = []
    for at, name in enumerate(names):
        others = [other for other in range(len(names)) if other != at]
        shares = first_shares(drawn[:, at, others])
        ranks = matrices.places(observed[None, at, others])[0]
        among = smallest_set(shares, level)
        rows += [
            {"region": name, "other": names[other], "rank": rank, "nearest_share": share, "among": inside}
            for other, rank, share, inside in zip(others, ranks.tolist(), shares.tolist(), among.tolist(), strict=True)
        ]
    return tables.from_rows(rows, tables.NEIGHBOURS)


def tree_of(observed: Floats, drawn: Floats, method: str) -> pd.DataFrame:
    """The tree of the observed cosines and how often its branches come back in the drawn ones."""
    if len(observed) < 2:
        return tables.from_rows([], tables.DENDROGRAM)
    condensed = np.maximum(1 - matrices.above_diagonal(observed), 0.0)
    tree = optimal_leaf_ordering(linkage(condensed, method), condensed)
    others = np.stack([linkage(row, method) for row in np.maximum(1 - matrices.above_diagonal(drawn), 0).round(12)])
    support, jaccard = clade_support(tree, others)
    return pd.DataFrame(
        {
            "step": range(1, len(tree) + 1),
            "left": tree[:, 0].astype(int),
            "right": tree[:, 1].astype(int),
            "height": tree[:, 2],
            "size": tree[:, 3].astype(int),
            "support": support,
            "jaccard": jaccard,
        }
    )


def _number(view: str, measure: str, value: float, why: str, **more: float) -> dict[str, Any]:
    known = not np.isnan(value)
    bounds = {key: (more.get(key, np.nan) if known else np.nan) for key in ("low", "high", "p")}
    return {"view": view, "measure": measure, "value": value, **bounds, "why": "" if known else why}


def reliability_of(
    corpus: Corpus, views: dict[str, View], observed: dict[str, Floats], lengths: Floats, settings: ResamplingSettings
) -> pd.DataFrame:
    """Split-half reliability of each view, agreement of the views, and what text length explains of them.

    The length of a pair is the sum of the logarithms of its two numbers of
    characters. Halves whose similarities do not vary, so that no order of theirs
    can be compared, count as a correlation of 0: they show no reliability.
    """
    few = "fewer than 3 regions" if len(lengths) < 3 else "the cosines do not vary"
    rng = np.random.default_rng([settings.seed, _HALVES])
    first = resampling.halves(corpus.regions.of, settings.halvings, rng, corpus.regions.documents)
    size = np.log(np.maximum(lengths, 1))
    long = size[:, None] + size
    rng = np.random.default_rng([settings.seed, _MANTEL])
    rows: list[dict[str, Any]] = []
    for name, view in views.items():
        sides = [
            matrices.above_diagonal(drawn_cosines(corpus, view, half.astype(np.int64), title="halves 折半"))
            for half in (first, ~first)
        ]
        # halves of equal texts may differ alike, but there is no order of the pairs that they could agree on
        ordered = len(lengths) > 2 and np.ptp(matrices.above_diagonal(observed[name]).round(12)) > 0
        rho = np.nan_to_num(matrices.spearman(*sides)) if ordered else np.full(1, np.nan)
        middle = float(rho.mean())
        tail = (1 - settings.level) / 2
        low, high = np.quantile(rho, [tail, 1 - tail])
        corrected = matrices.spearman_brown(middle)
        rows.append(_number(name, "split_half", middle, few, low=low, high=high))
        rows.append(_number(name, "split_half_corrected", corrected, few))
        value, one_sided = matrices.mantel(observed[name], long, settings.resamples, rng)
        p = two_sided(one_sided, settings.resamples)  # short texts may go with likeness, too
        rows.append(_number(name, "length", value, few if len(set(lengths)) > 1 else "texts of equal length", p=p))
    rho_views, p = matrices.mantel(observed["words"], observed["characters"], settings.resamples, rng)
    rows.append(_number("both", "views", rho_views, few, p=p))
    by_length = {row["view"]: row["value"] for row in rows if row["measure"] == "length"}
    given = matrices.partial(rho_views, by_length["words"], by_length["characters"])
    explained = not np.isnan([rho_views, *by_length.values()]).any()
    why = "length explains all" if explained else few if len(set(lengths)) > 1 else "texts of equal length"
    rows.append(_number("both", "views_given_length", given, why))
    return tables.from_rows(rows, tables.RELIABILITY)


def left_out(corpus: Corpus, region: int) -> Corpus:
    """The corpus without one region."""
    kept = corpus.regions.of != region
    place = np.cumsum(kept) - 1
    of = corpus.regions.of[kept]
    names = tuple(name for at, name in enumerate(corpus.regions.names) if at != region)
    ids = tuple(measure for measure, keep in zip(corpus.regions.measures, kept, strict=True) if keep)
    units = {
        text: type(each)(
            place[each.measure[kept[each.measure]]], each.term[kept[each.measure]], each.count[kept[each.measure]],
            each.terms, each.generic,
        )
        for text, each in corpus.units.items()
    }  # fmt: skip
    documents = None if corpus.regions.documents is None else corpus.regions.documents[kept]
    return Corpus(Regions(names, ids, np.where(of > region, of - 1, of), documents), units, corpus.common_share)


def leave_one_out_of(corpus: Corpus, view: View, observed: Floats, settings: Settings) -> pd.DataFrame:
    """The view computed anew without each region in turn."""
    names = corpus.regions.names
    if len(names) < 3:
        return tables.from_rows([], tables.LEAVE_ONE_OUT)
    rows = []
    for region, name in enumerate(names):
        rest = [at for at in range(len(names)) if at != region]
        cosines = left_out(corpus, region).cosines(view)[0]
        before = matrices.above_diagonal(observed[np.ix_(rest, rest)])
        after = matrices.above_diagonal(cosines)
        i, j = np.triu_indices(len(rest), 1)
        best, best_before = int(after.round(12).argmax()), int(before.round(12).argmax())
        ks = group_numbers(len(rest), settings.cluster)
        rows.append(
            {
                "region": name,
                "rho": float(matrices.spearman(before, after)) if len(after) > 2 else np.nan,
                "closest_a": names[rest[i[best]]] if after[best] > 0 else "",
                "closest_b": names[rest[j[best]]] if after[best] > 0 else "",
                "closest_same": bool(after[best] > 0 and after[best_before].round(12) == after[best].round(12)),
                "silhouette_max": float(tree_statistics(cosines[None], ks)[0].max()) if ks else np.nan,
            }
        )
    return tables.from_rows(rows, tables.LEAVE_ONE_OUT)


def resampling_of(
    tokens: pd.DataFrame, measures: pd.DataFrame, similarity: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, ...]:
    """Intervals, neighbours, tree, reliability, leave-one-out."""
    corpus = corpus_of(tokens, measures, settings.keywords.common_share)
    names, level = corpus.regions.names, settings.resampling.level
    views = base_views(exclude_generic=settings.keywords.exclude_generic)
    seeded = np.random.default_rng([settings.resampling.seed, _RESAMPLE])
    of, documents = corpus.regions.of, corpus.regions.documents
    times = resampling.resampled_within(of, settings.resampling.resamples, seeded, documents)
    drawn = {name: drawn_cosines(corpus, view, times, title="resamples 重抽样") for name, view in views.items()}
    i, j = np.triu_indices(len(names), 1)
    observed = {name: np.eye(len(names)) for name in views}
    for name, column in (("words", "cosine"), ("characters", "cosine_char")):
        observed[name][i, j] = observed[name][j, i] = similarity[column]
    lengths = measures["text"].str.len().groupby(measures["region"], sort=False).sum().to_numpy(dtype=float)
    return (
        intervals_of(names, observed["words"], drawn, level)[tables.SIMILARITY_INTERVALS.names],
        neighbours_of(names, observed["words"], drawn["words"], level),
        tree_of(observed["words"], drawn["words"], settings.cluster.linkage),
        reliability_of(corpus, views, observed, lengths, settings.resampling),
        leave_one_out_of(corpus, views["words"], observed["words"], settings),
    )


def main(
    tokens_csv: Path,
    measures_csv: Path,
    similarity_csv: Path,
    settings_toml: Path,
    similarity_intervals_csv: Path,
    neighbours_csv: Path,
    dendrogram_csv: Path,
    reliability_csv: Path,
    leave_one_out_csv: Path,
) -> None:
    intervals, neighbours, tree, reliability, rest = resampling_of(
        tables.read(tokens_csv, tables.TOKENS),
        tables.read(measures_csv, tables.MEASURES),
        tables.read(similarity_csv, tables.SIMILARITY),
        load_settings(settings_toml),
    )
    tables.write(
        (intervals, tables.SIMILARITY_INTERVALS, similarity_intervals_csv),
        (neighbours, tables.NEIGHBOURS, neighbours_csv),
        (tree, tables.DENDROGRAM, dendrogram_csv),
        (reliability, tables.RELIABILITY, reliability_csv),
        (rest, tables.LEAVE_ONE_OUT, leave_one_out_csv),
    )


if __name__ == "__main__":
    run(main)
