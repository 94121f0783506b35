"""Name the groups of the consensus and judge them: consensus.csv, stability.csv, structure.csv, similarity.csv, tokens.csv -> clusters.csv, cluster_terms.csv, cluster_choice.csv, verdict.csv."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.evidence import all_alike, clarity, described_k, outcome_of
from pipeline.method import KeywordsSettings, Settings, load_settings
from pipeline.representations import common_above
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


def choice_of(
    consensus: pd.DataFrame, stability: pd.DataFrame, structure: pd.DataFrame, settings: Settings, *, alike: bool
) -> pd.DataFrame:
    """The look at every k from 1, and which one is described."""
    by_index = {(row.k, row.index_name): row for row in stability.rename(columns={"index": "index_name"}).itertuples()}
    fit = {row.k: row for row in structure[structure["view"] == "words"].itertuples()}
    rows: list[dict[str, Any]] = []
    clear: list[tuple[int, float, int]] = []
    for k, group in consensus.groupby("k"):
        sizes = sorted(Counter(group["cluster"]).values(), reverse=True)
        row = {
            "k": k,
            "silhouette": fit[k].silhouette,
            "sizes": "+".join(map(str, sizes)),
            "singletons": sizes.count(1),
            "gap": fit[k].gap,
            "gap_error": fit[k].gap_error,
            "silhouette_p": fit[k].p,
        }
        for index in ("pac", "jaccard", "prediction_strength"):
            found = by_index.get((k, index))
            row |= {index: found.value if found else np.nan, f"{index}_p": found.p if found else np.nan}
        if k > 1:
            pac = by_index[k, "pac"]
            clear.append((int(k), clarity(pac.value_alike, pac.null_median), sizes.count(1)))
        rows.append(row)
    frame = pd.DataFrame(rows)
    described = described_k(clear, settings.cluster.max_singletons) if clear and not alike else 1
    if settings.cluster.k in frame["k"].tolist() and not alike:
        described = settings.cluster.k
    frame["chosen"] = frame["k"] == described
    return frame[tables.CLUSTER_CHOICE.names]


def verdict_of(choice: pd.DataFrame, structure: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The criteria with what was measured, then the verdict with the number of groups it stands for."""
    alpha, asked = settings.permutation.alpha, settings.verdict
    chosen = choice[choice["chosen"]].iloc[0]
    p = {row.view: row.p for row in structure[structure["k"] == 0].itertuples()}
    rows: list[dict[str, Any]] = []

    def ask(criterion: str, value: float, threshold: float, met: bool) -> bool:
        known = not pd.isna(value)
        why = "" if known else "fewer than 3 regions" if not p else "texts are alike"
        rows.append(
            {"criterion": criterion, "value": value, "threshold": threshold, "met": known and met, "outcome": why}
        )
        return known and met

    several = chosen["k"] > 1
    in_words = ask("structure_words", p.get("words", np.nan), alpha, p.get("words", 1.0) <= alpha)
    in_characters = ask("structure_characters", p.get("characters", np.nan), alpha, p.get("characters", 1.0) <= alpha)
    clear = ask("pac", chosen["pac_p"] if several else np.nan, alpha, chosen["pac_p"] <= alpha)
    stable = ask(
        "jaccard",
        chosen["jaccard"] if several else np.nan,
        asked.jaccard,
        chosen["jaccard"] >= asked.jaccard and chosen["jaccard_p"] <= alpha,
    )
    outcome = outcome_of(structure=several and in_words and in_characters, unambiguous=clear, stable=stable)
    supported = outcome == "supported"
    rows.append(
        {
            "criterion": "verdict",
            "value": float(chosen["k"]) if supported else 1.0,
            "threshold": np.nan,
            "met": supported,
            "outcome": outcome,
        }
    )
    return tables.from_rows(rows, tables.VERDICT)


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
    by_chance = stability.loc[(stability["k"] == k) & (stability["index"] == "support"), "null_high"]
    verdict = verdict_of(choice, structure, settings)
    shown = verdict["outcome"].iloc[-1] != "not shown"  # where no groups are shown nobody surely belongs to one
    sure = (
        shown
        & (groups["support"] >= settings.verdict.support)
        & ((groups["support"] - groups["runner_up_support"]).round(9) >= settings.verdict.margin)
        & (groups["support"] > by_chance.max())
    )
    clusters = groups.assign(
        label=[label.get(group, "—") for group in groups["cluster"]],
        silhouette=silhouettes(distances_of(similarity, names), groups["cluster"].to_numpy()),
        confident=sure & (sure.groupby(groups["cluster"]).transform("sum") > 1),  # nobody is sure to be with nobody
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
