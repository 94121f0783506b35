"""Which words mark a group of regions: keyness against all others."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.method import KeywordsSettings
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


def label_of(terms: pd.DataFrame, most: int) -> dict[int, str]:
    """The first ``most`` terms of each group, joined by ·."""
    return {int(cluster): "·".join(group["term"].head(most)) for cluster, group in terms.groupby("cluster")}
