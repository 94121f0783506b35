"""Name the groups of the consensus and judge them: consensus.csv, stability.csv, structure.csv, similarity.csv, tokens.csv -> clusters.csv, cluster_terms.csv, cluster_choice.csv, verdict.csv."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.evidence import all_alike
from pipeline.group_terms import label_of, terms_of
from pipeline.groups import choice_of, members_of, verdict_of
from pipeline.method import Settings, load_settings


def cluster_of(
    consensus: pd.DataFrame,
    stability: pd.DataFrame,
    structure: pd.DataFrame,
    similarity: pd.DataFrame,
    tokens: pd.DataFrame,
    settings: Settings,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Groups, their terms, the look at every k, and the verdict."""
    choice = choice_of(
        consensus, stability, structure, settings, alike=all_alike(similarity["cosine"].to_numpy(dtype=float))
    )
    k = int(choice.loc[choice["chosen"], "k"].iloc[0])
    groups = consensus[consensus["k"] == k].reset_index(drop=True)
    names = groups["region"].tolist()
    terms = terms_of(tokens, dict(zip(names, groups["cluster"], strict=True)), settings.keywords)
    verdict = verdict_of(choice, structure, settings)
    clusters = members_of(
        groups, label_of(terms, settings.cluster.label_terms), stability, verdict, similarity, settings
    )
    return clusters[tables.CLUSTERS.names], terms, choice, verdict


def main(
    consensus_csv: Path,
    stability_csv: Path,
    structure_csv: Path,
    similarity_csv: Path,
    tokens_csv: Path,
    settings_toml: Path,
    clusters_csv: Path,
    cluster_terms_csv: Path,
    cluster_choice_csv: Path,
    verdict_csv: Path,
) -> None:
    settings = load_settings(settings_toml)
    clusters, terms, choice, verdict = cluster_of(
        tables.read(consensus_csv, tables.CONSENSUS),
        tables.read(stability_csv, tables.STABILITY),
        tables.read(structure_csv, tables.STRUCTURE),
        tables.read(similarity_csv, tables.SIMILARITY),
        tables.read(tokens_csv, tables.TOKENS),
        settings,
    )
    if clusters["cluster"].max() > len(settings.charts.palette):
        raise InputError(
            f"[charts] palette 只有 {len(settings.charts.palette)} 种颜色，少于组数。请补充颜色。",
            f"[charts] palette has {len(settings.charts.palette)} colours, fewer than there are groups. Add some.",
            file=settings_toml,
        )
    tables.write(
        (clusters, tables.CLUSTERS, clusters_csv),
        (terms, tables.CLUSTER_TERMS, cluster_terms_csv),
        (choice, tables.CLUSTER_CHOICE, cluster_choice_csv),
        (verdict, tables.VERDICT, verdict_csv),
    )


if __name__ == "__main__":
    run(main)
