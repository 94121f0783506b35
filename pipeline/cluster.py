"""Group the regions and say how well the groups hold: similarity.csv, tokens.csv -> clusters.csv, cluster_terms.csv, cluster_choice.csv, dendrogram.csv."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.cluster.hierarchy import fcluster, leaves_list, linkage, optimal_leaf_ordering
from scipy.spatial.distance import squareform

from pipeline import tables
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.method import ClusterSettings, load_settings
from pipeline.stats.keyness import g2_p, signed_g2
from pipeline.stats.silhouette import silhouettes


def distances_of(similarity: pd.DataFrame, names: list[str]) -> np.ndarray:
    """1 - cosine (regions x regions), 0 on the diagonal."""
    place = {name: at for at, name in enumerate(names)}
    matrix = np.zeros((len(names), len(names)))
    for pair in similarity.itertuples():
        i, j = place[pair.region_a], place[pair.region_b]
        # equal texts may have a cosine of 1 and a rounding error
        matrix[i, j] = matrix[j, i] = max(0.0, 1 - pair.cosine)
    return matrix


def choice_of(tree: np.ndarray, distances: np.ndarray, settings: ClusterSettings) -> tuple[pd.DataFrame, np.ndarray]:
    """The look at every k, and the flat groups (from 1) of the chosen one."""
    n = len(distances)
    rows: list[dict[str, Any]] = []
    labels: dict[int, np.ndarray] = {}
    highest = max(settings.k_max, settings.k)
    for k in range(min(settings.k_min, settings.k or settings.k_min), min(highest, n - 1) + 1):
        labels[k] = fcluster(tree, k, criterion="maxclust")
        sizes = sorted(Counter(labels[k].tolist()).values(), reverse=True)
        if len(sizes) != k:  # equal heights can make k groups impossible
            continue
        rows.append(
            {
                "k": k,
                "silhouette": float(silhouettes(distances, labels[k]).mean()),
                "sizes": "+".join(map(str, sizes)),
                "singletons": sizes.count(1),
            }
        )
    if not rows:  # texts that are all alike: nothing can be told apart
        alone = {"k": 1, "silhouette": 0.0, "sizes": str(n), "singletons": 0, "chosen": True}
        return tables.from_rows([alone], tables.CLUSTER_CHOICE), np.ones(n, dtype=int)
    frame = pd.DataFrame(rows, columns=["k", "silhouette", "sizes", "singletons"])
    allowed = frame[frame["k"] == settings.k] if settings.k else frame[frame["singletons"] <= settings.max_singletons]
    if allowed.empty:
        allowed = frame
    chosen = int(allowed.loc[allowed["silhouette"].round(9).idxmax(), "k"])
    frame["chosen"] = frame["k"] == chosen
    return frame[tables.CLUSTER_CHOICE.names], labels[chosen]


def in_leaf_order(labels: np.ndarray, leaves: np.ndarray) -> np.ndarray:
    """Groups renumbered from 1 in the order in which the dendrogram's leaves meet them."""
    order = list(dict.fromkeys(labels[leaf] for leaf in leaves))
    return np.array([order.index(label) + 1 for label in labels])


def terms_of(tokens: pd.DataFrame, cluster_of: dict[str, int], *, exclude_generic: bool) -> pd.DataFrame:
    """Keyness of every term in every group against the other groups, ranked.

    In a group of several regions, terms of a single region come after those
    that its regions share: a label should speak for the group.
    """
    total = tokens.groupby(tokens["region"].map(cluster_of)).size()
    kept = tokens[~tokens["generic"]] if exclude_generic else tokens
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
    similarity: pd.DataFrame, tokens: pd.DataFrame, settings: ClusterSettings, *, exclude_generic: bool
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Groups, their terms, the look at every k, and the tree."""
    names = list(dict.fromkeys([*similarity["region_a"], *similarity["region_b"]]))
    distances = distances_of(similarity, names)
    condensed = squareform(distances, checks=False)
    tree = optimal_leaf_ordering(linkage(condensed, settings.linkage), condensed)
    leaves = leaves_list(tree)
    choice, labels = choice_of(tree, distances, settings)
    groups = in_leaf_order(labels, leaves)
    terms = terms_of(tokens, dict(zip(names, groups.tolist(), strict=True)), exclude_generic=exclude_generic)
    label = {cluster: "·".join(group["term"].head(settings.label_terms)) for cluster, group in terms.groupby("cluster")}
    clusters = pd.DataFrame(
        {
            "region": names,
            "cluster": groups,
            "label": [label.get(group, "—") for group in groups],
            "silhouette": silhouettes(distances, groups),
            "leaf": [int(np.flatnonzero(leaves == at)[0]) + 1 for at in range(len(names))],
        }
    )
    dendrogram = pd.DataFrame(
        {
            "step": range(1, len(tree) + 1),
            "left": tree[:, 0].astype(int),
            "right": tree[:, 1].astype(int),
            "height": tree[:, 2],
            "size": tree[:, 3].astype(int),
        }
    )
    return clusters, terms, choice, dendrogram


def main(
    similarity_csv: Path,
    tokens_csv: Path,
    settings_toml: Path,
    clusters_csv: Path,
    cluster_terms_csv: Path,
    cluster_choice_csv: Path,
    dendrogram_csv: Path,
) -> None:
    similarity = tables.read(similarity_csv, tables.SIMILARITY)
    tokens = tables.read(tokens_csv, tables.TOKENS)
    settings = load_settings(settings_toml)
    if len({*similarity["region_a"], *similarity["region_b"]}) < 3:
        raise InputError(
            "分组至少需要 3 个地区。请补充语料。",
            "grouping needs at least 3 regions. Add documents.",
            file=similarity_csv,
        )
    clusters, terms, choice, dendrogram = cluster_of(
        similarity, tokens, settings.cluster, exclude_generic=settings.keywords.exclude_generic
    )
    if settings.cluster.k and settings.cluster.k not in choice["k"].tolist():
        raise InputError(
            f"[cluster] k = {settings.cluster.k}：这些地区分不成这么多组。请改小，或用 0 由程序选取。",
            f"[cluster] k = {settings.cluster.k}: these regions cannot be cut into that many groups. "
            "Choose a smaller number, or 0.",
            file=settings_toml,
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
        (dendrogram, tables.DENDROGRAM, dendrogram_csv),
    )


if __name__ == "__main__":
    run(main)
