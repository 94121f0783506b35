"""Made tables about groups of regions, for the tests of what reads them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import pandas as pd

from pipeline import tables

NAMES = ("山东", "浙江", "上海", "湖南")
Groups = Mapping[int, Sequence[int]]
GROUPS: Groups = {1: [1, 1, 1, 1], 2: [1, 1, 2, 2], 3: [1, 1, 2, 3]}


def consensus_frame(groups: Groups = GROUPS, **other: Sequence[float]) -> pd.DataFrame:
    """k -> the group of each of the regions; every region belongs wholly unless ``other`` says so."""
    rows = [
        {
            "k": k,
            "region": NAMES[at],
            "cluster": cluster,
            "leaf": at + 1,
            "support": 1.0,
            "runner_up": pd.NA if k == 1 else 1 if cluster > 1 else 2,
            "runner_up_support": 0.0,
            "jaccard": 1.0,
            **{name: values[at] for name, values in other.items()},
        }
        for k, of_k in groups.items()
        for at, cluster in enumerate(of_k)
    ]
    frame = tables.from_rows(rows, tables.CONSENSUS).astype({"runner_up": "Int64"})
    tables.check(frame, tables.CONSENSUS)
    return frame


def stability_frame(pac: Mapping[int, tuple[float, float, float, float]], support_high: float = 0.5) -> pd.DataFrame:
    """k -> pac as for a shuffled corpus, and the median, 5th and 95th percentile of the shuffled ones."""
    rows = []
    for k, (alike, median, low, high) in pac.items():
        shared = {"k": k, "value_alike": alike, "null_median": median, "null_low": low, "null_high": high}
        rows.append({**shared, "index": "pac", "value": k / 100, "p": k / 1000})
        rows.append({**shared, "index": "jaccard", "value": k / 10, "p": k / 50})
        rows.append({**shared, "index": "prediction_strength", "value": k / 20, "p": k / 5})
        rows.append({**shared, "index": "support", "value": 1.0, "p": 0.01, "null_high": support_high})
    frame = tables.from_rows(rows, tables.STABILITY)
    tables.check(frame, tables.STABILITY)
    return frame


def structure_frame(ks: Sequence[int], *, words: float = 0.001, characters: float = 0.001) -> pd.DataFrame:
    """Both views, with these p of the structure test."""
    rows = []
    for view, p in (("words", words), ("characters", characters)):
        shift = 0.0 if view == "words" else 0.5  # so that no number of the one can pass for one of the other
        of_view = {"view": view, "null_median": 0.1, "null_high": 0.2}
        rows += [{**of_view, "k": 0, "silhouette": 0.9 + shift, "p": p}] if ks else []
        rows.append({**of_view, "k": 1, "silhouette": 0.0, "gap": 0.01 + shift, "gap_error": 0.001})
        rows += [
            {**of_view, "k": k, "silhouette": k / 10 + shift, "p": k / 100, "gap": k + shift, "gap_error": k / 1000}
            for k in ks
        ]
    frame = tables.from_rows(rows, tables.STRUCTURE)
    tables.check(frame, tables.STRUCTURE)
    return frame


def pairs_of(cosines: Mapping[tuple[str, str], float]) -> pd.DataFrame:
    return pd.DataFrame(
        [(*pair, cosine) for pair, cosine in cosines.items()], columns=["region_a", "region_b", "cosine"]
    )


def described(choice: pd.DataFrame) -> list[int]:
    return choice.loc[choice["chosen"], "k"].tolist()


def rows_of(verdict: pd.DataFrame) -> dict[str, tuple[bool, str]]:
    """Criterion -> whether it is met, and the outcome."""
    tables.check(verdict, tables.VERDICT)
    return {row.criterion: (row.met, row.outcome) for row in verdict.itertuples()}


TWO: Groups = {1: [1, 1, 1, 1], 2: [1, 1, 2, 2]}
CLEAR = {2: (0.1, 0.5, 0.4, 0.6)}
# the first two and the last two are alike
SIMILAR = pairs_of({pair: 0.9 if pair in {NAMES[:2], NAMES[2:]} else 0.1 for pair in combinations(NAMES, 2)})
