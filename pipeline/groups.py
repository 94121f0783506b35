"""Tables about groups of regions, of words and of themes alike: structure, consensus, stability, choice, verdict."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.evidence import (
    INDICES,
    STRUCTURE_VIEWS,
    Shuffled,
    clarity,
    described_k,
    group_numbers,
    indices_of,
    outcome_of,
    partition_set,
    stability,
)
from pipeline.method import Settings
from pipeline.representations import Corpus, View
from pipeline.stats import partitions as of
from pipeline.stats.grouping import numbered
from pipeline.stats.inference import permutation_p
from pipeline.stats.partitions import gap
from pipeline.stats.resampling import Floats, Ints
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


def structure_of(view: str, found: Shuffled, ks: list[int]) -> list[dict[str, Any]]:
    """Rows of one view: the test statistic, one group, and every number of groups."""
    gaps, errors = gap(found.dispersion, found.null_dispersion)
    rows: list[dict[str, Any]] = []
    if ks:
        null = found.null_largest
        rows.append(_row(view, 0, found.largest, null) | {"p": found.p})
    rows.append(_row(view, 1, 0.0, np.zeros(1)) | {"gap": gaps[0], "gap_error": errors[0]})
    for at, k in enumerate(ks):
        null = found.null_silhouette[:, at]
        row = _row(view, k, found.silhouette[at], null)
        rows.append(
            row
            | {"p": float(permutation_p(found.silhouette[at], null)), "gap": gaps[at + 1], "gap_error": errors[at + 1]}
        )
    return rows


def _row(view: str, k: int, observed: float, null: np.ndarray) -> dict[str, Any]:
    return {
        "view": view,
        "k": k,
        "silhouette": observed,
        "null_median": float(np.median(null)),
        "null_high": float(np.quantile(null, 0.95)),
        "p": np.nan,
        "gap": np.nan,
        "gap_error": np.nan,
    }


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


def consensus_of(corpus: Corpus, base: View, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Co-assignment, consensus groups and stability for every number of groups; fewer than three regions: one group.

    The groups are those of all views of the corpus; ``base`` is the one whose prediction strength is measured.
    """
    names = corpus.regions.names
    ks = group_numbers(len(names), settings.cluster)
    pairs, rows = grouping_of(names, 1, np.zeros((1, len(names)), dtype=np.int8))
    if not ks:
        return (
            tables.from_rows(pairs, tables.COASSIGNMENT),
            tables.from_rows(rows, tables.CONSENSUS),
            tables.from_rows([], tables.STABILITY),
        )
    chosen, seed = settings.specification, settings.resampling.seed
    labels = partition_set(corpus, ks, chosen.resamples, seed)
    for at, k in enumerate(ks):
        of_k = grouping_of(names, k, labels[at])
        pairs += of_k[0]
        rows += of_k[1]
    beside = stability(corpus, base, ks, chosen, settings.verdict, seed)
    values = np.insert(indices_of(labels, ks, settings.verdict), 2, beside.alike[:, 2], axis=1)
    return (
        tables.from_rows(pairs, tables.COASSIGNMENT),
        tables.from_rows(rows, tables.CONSENSUS).astype({"runner_up": "Int64"}),
        stability_of(values, beside.alike, beside.null, beside.p(), ks),
    )


def choice_of(
    consensus: pd.DataFrame,
    stability: pd.DataFrame,
    structure: pd.DataFrame,
    settings: Settings,
    *,
    alike: bool,
    view: str = "words",
) -> pd.DataFrame:
    """The look at every k from 1, and which one is described; ``view``: whose rows of the structure count."""
    by_index = {(row.k, row.index_name): row for row in stability.rename(columns={"index": "index_name"}).itertuples()}
    fit = {row.k: row for row in structure[structure["view"] == view].itertuples()}
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


def verdict_of(
    choice: pd.DataFrame, structure: pd.DataFrame, settings: Settings, views: tuple[str, str] = STRUCTURE_VIEWS
) -> pd.DataFrame:
    """The criteria with what was measured, then the verdict with the number of groups it stands for.

    Structure must show in both ``views``: one alone rejects too often where every text has a topic of its own.
    """
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
    in_both = [ask(f"structure_{view}", p.get(view, np.nan), alpha, p.get(view, 1.0) <= alpha) for view in views]
    clear = ask("pac", chosen["pac_p"] if several else np.nan, alpha, chosen["pac_p"] <= alpha)
    stable = ask(
        "jaccard",
        chosen["jaccard"] if several else np.nan,
        asked.jaccard,
        chosen["jaccard"] >= asked.jaccard and chosen["jaccard_p"] <= alpha,
    )
    outcome = outcome_of(structure=several and all(in_both), unambiguous=clear, stable=stable)
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


def members_of(
    groups: pd.DataFrame,
    label: dict[int, str],
    stability: pd.DataFrame,
    verdict: pd.DataFrame,
    similarity: pd.DataFrame,
    settings: Settings,
) -> pd.DataFrame:
    """The regions of the groups described (rows of one k of the consensus), and who belongs with confidence."""
    k = int(groups["k"].iloc[0])
    by_chance = stability.loc[(stability["k"] == k) & (stability["index"] == "support"), "null_high"]
    shown = verdict["outcome"].iloc[-1] != "not shown"  # where no groups are shown nobody surely belongs to one
    sure = (
        shown
        & (groups["support"] >= settings.verdict.support)
        & ((groups["support"] - groups["runner_up_support"]).round(9) >= settings.verdict.margin)
        & (groups["support"] > by_chance.max())
    )
    distances = distances_of(similarity, groups["region"].tolist())
    return groups.assign(
        label=[label.get(group, "—") for group in groups["cluster"]],
        silhouette=silhouettes(distances, groups["cluster"].to_numpy()),
        confident=sure & (sure.groupby(groups["cluster"]).transform("sum") > 1),  # nobody is sure to be with nobody
    )
