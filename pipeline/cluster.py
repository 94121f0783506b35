"""Name the groups of the consensus and judge them: consensus.csv, stability.csv, structure.csv, similarity.csv, tokens.csv -> clusters.csv, cluster_terms.csv, cluster_choice.csv, verdict.csv."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.evidence import all_alike
from pipeline.groups import choice_of, members_of, verdict_of
from pipeline.method import KeywordsSettings, Settings, load_settings
from pipeline.representations import common_above
from pipeline.stats.keyness import g2_p, signed_g2


def terms_of(tokens: pd.DataFrame, cluster_of: dict[str, int], settings: KeywordsSettings) -> pd.DataFrame:
    """Keyness of every term in every group against the other groups, ranked; common words speak for no group.

    In a group of several regions, terms of a single region come after those
    that its regions share: a label should speak for the group.
    """
    total = tokens.groupby(tokens["region"].map(cluster_of)).size()
    spread = tokens.groupby("term")["region"].transform("nunique")
    left_out = spread > common_above(settings.common_share, len(cluster_of))
    kept = tokens[~(left_out | tokens["generic"])] if settings.exclude_generic else tokens[~left_out]
    rows: list[dict[str, Any]] = []
    for cluster, group in kept.groupby(kept["region"].map(cluster_of)):
        counts, elsewhere = Counter(group["term"]), Counter(kept["term"])
        for term, count in counts.items():
            carriers = group[group["term"] == term]
            rows.append(
                {
                    "cluster": int(cluster),
                    "term": term,
                    "count": count,
                    "regions": carriers["region"].nunique(),
                    "rest": elsewhere[term] - count,
                    "measure_ids": carriers["measure_id"].drop_duplicates().tolist(),
                }
            )
    if not rows:
        return tables.from_rows([], tables.CLUSTER_TERMS)
    frame = pd.DataFrame(rows)
    own = frame["cluster"].map(total)
    frame["g2"] = signed_g2(frame["count"], own, frame["rest"], len(tokens) - own)
    frame["g2_p"] = g2_p(frame["g2"])
    members = pd.Series(Counter(cluster_of.values()))
    frame["shared"] = (frame["regions"] > 1) | (frame["cluster"].map(members) == 1)
    frame = frame[frame["g2"] > 0]
    if frame.empty:
        return tables.from_rows([], tables.CLUSTER_TERMS)
    frame = frame.assign(g2_key=frame["g2"].round(9))
    frame = frame.sort_values(
        ["cluster", "shared", "g2_key", "count", "term"], ascending=[True, False, False, False, True]
    ).reset_index(drop=True)
    frame["rank"] = frame.groupby("cluster").cumcount() + 1
    return frame[tables.CLUSTER_TERMS.names]


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
    most = settings.cluster.label_terms
    label = {cluster: "·".join(group["term"].head(most)) for cluster, group in terms.groupby("cluster")}
    verdict = verdict_of(choice, structure, settings)
    clusters = members_of(groups, label, stability, verdict, similarity, settings)
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
