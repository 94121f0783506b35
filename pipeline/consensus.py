"""Group the regions by every specification on resampled texts: tokens.csv of both segmentations, measures.csv -> coassignment.csv, consensus.csv, stability.csv."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.evidence import INDICES, base_views, group_numbers, indices_of, partition_set, stability
from pipeline.method import Settings, load_settings
from pipeline.representations import Corpus, all_units, regions_of
from pipeline.stats import partitions as of
from pipeline.stats.grouping import numbered
from pipeline.stats.resampling import Floats, Ints


def grouping_of(names: tuple[str, ...], k: int, labels: Ints) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of coassignment.csv and of consensus.csv for one k, from its partitions (partitions x n)."""
    shares = of.co_assignment(labels)
    _, leaves = of.consensus_tree(shares)
    groups = numbered(of.consensus(shares, k)[leaves][None])[0][np.argsort(leaves)]  # numbered along the leaves
    support = of.membership_support(shares, groups)
    jaccard = of.jaccard_stability(groups, labels)
    i, j = np.triu_indices(len(names), 1)
    pairs = [
        {"k": k, "region_a": names[a], "region_b": names[b], "share": shares[a, b]} for a, b in zip(i, j, strict=True)
    ]
    rows = []
    for at, name in enumerate(names):
        own = int(groups[at])
        others = np.where(np.arange(k) == own, -1.0, support[at])
        second = int(others.round(12).argmax()) if k > 1 else None
        rows.append(
            {
                "k": k,
                "region": name,
                "cluster": own + 1,
                "leaf": int(np.flatnonzero(leaves == at)[0]) + 1,
                "support": support[at, own],
                "runner_up": pd.NA if second is None else second + 1,
                "runner_up_support": 0.0 if second is None else support[at, second],
                "jaccard": jaccard[own],
            }
        )
    return pairs, rows


def stability_of(values: Floats, alike: Floats, null: Floats, p: Floats, ks: list[int]) -> pd.DataFrame:
    """One row per k and index; ``values`` over all resamples (ks x indices), ``alike`` and ``null`` (draws first) on one."""
    return tables.from_rows(
        (
            {
                "k": k,
                "index": index,
                "value": values[at, which],
                "value_alike": alike[at, which],
                "null_median": np.median(null[:, at, which]),
                "null_low": np.quantile(null[:, at, which], 0.05),
                "null_high": np.quantile(null[:, at, which], 0.95),
                "p": p[at, which],
            }
            for at, k in enumerate(ks)
            for which, index in enumerate(INDICES)
        ),
        tables.STABILITY,
    )


def consensus_of(
    tokens: pd.DataFrame, plain: pd.DataFrame, measures: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Co-assignment, consensus groups and stability for every number of groups; fewer than three regions: one group."""
    regions = regions_of(measures)
    corpus = Corpus(regions, all_units(tokens, plain, measures, regions), settings.keywords.common_share)
    ks = group_numbers(len(regions.names), settings.cluster)
    pairs, rows = grouping_of(regions.names, 1, np.zeros((1, len(regions.names)), dtype=np.int8))
    if not ks:
        return (
            tables.from_rows(pairs, tables.COASSIGNMENT),
            tables.from_rows(rows, tables.CONSENSUS),
            tables.from_rows([], tables.STABILITY),
        )
    chosen, seed = settings.specification, settings.resampling.seed
    labels = partition_set(corpus, ks, chosen.resamples, seed)
    for at, k in enumerate(ks):
        of_k = grouping_of(regions.names, k, labels[at])
        pairs += of_k[0]
        rows += of_k[1]
    base = base_views(exclude_generic=settings.keywords.exclude_generic)["words"]
    beside = stability(corpus, base, ks, chosen, settings.verdict, seed)
    values = np.insert(indices_of(labels, ks, settings.verdict), 2, beside.alike[:, 2], axis=1)
    return (
        tables.from_rows(pairs, tables.COASSIGNMENT),
        tables.from_rows(rows, tables.CONSENSUS).astype({"runner_up": "Int64"}),
        stability_of(values, beside.alike, beside.null, beside.p(), ks),
    )


def main(
    tokens_csv: Path,
    plain_tokens_csv: Path,
    measures_csv: Path,
    settings_toml: Path,
    coassignment_csv: Path,
    consensus_csv: Path,
    stability_csv: Path,
) -> None:
    shares, groups, indices = consensus_of(
        tables.read(tokens_csv, tables.TOKENS),
        tables.read(plain_tokens_csv, tables.TOKENS),
        tables.read(measures_csv, tables.MEASURES),
        load_settings(settings_toml),
    )
    tables.write(
        (shares, tables.COASSIGNMENT, coassignment_csv),
        (groups, tables.CONSENSUS, consensus_csv),
        (indices, tables.STABILITY, stability_csv),
    )


if __name__ == "__main__":
    run(main)
