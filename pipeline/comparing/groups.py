"""What changed in groups, in the verdict on them, and in how rare terms are."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from pipeline import tables
from pipeline.comparing.runs import Run, idf_of
from pipeline.comparing.sides import in_either


def groups_of(a: Run, b: Run) -> pd.DataFrame:
    """Every region with the members of its group in each run; groups are numbered by each run, so members are what counts."""
    of = [dict(zip(run["clusters"]["region"], run["clusters"]["cluster"].astype(int), strict=True)) for run in (a, b)]
    sure = [dict(zip(run["clusters"]["region"], run["clusters"]["confident"], strict=True)) for run in (a, b)]
    order = in_either(a, b)
    rows = []
    for region in order:
        members = [[m for m in order if m != region and region in own and own.get(m) == own[region]] for own in of]
        known = region in of[0] and region in of[1]

        def joined(names: Sequence[str]) -> str:
            return "·".join(names)

        left = [m for m in members[0] if known and m in of[1] and m not in members[1]]
        came = [m for m in members[1] if known and m in of[0] and m not in members[0]]
        rows.append(
            {
                "region": region,
                "cluster_a": of[0].get(region),
                "cluster_b": of[1].get(region),
                "members_a": joined(members[0]),
                "members_b": joined(members[1]),
                "confident_a": bool(sure[0].get(region, False)),
                "confident_b": bool(sure[1].get(region, False)),
                "left": joined(left),
                "joined": joined(came),
                "gone": joined([m for m in members[0] if m not in of[1]]),
                "new": joined([m for m in members[1] if m not in of[0]]),
            }
        )
    frame = tables.from_rows(rows, tables.COMPARE_GROUPS)
    return frame.astype({"cluster_a": "Int64", "cluster_b": "Int64"})


def verdict_of(a: Run, b: Run) -> pd.DataFrame:
    left, right = (
        run["verdict"].set_index("criterion").rename(columns=lambda name, mark=mark: f"{name}_{mark}")
        for run, mark in ((a, "a"), (b, "b"))
    )
    frame = left.join(right, how="inner").reset_index()
    return frame[tables.COMPARE_VERDICT.names]


def terms_of(a: Run, b: Run) -> pd.DataFrame:
    """Every word and phrase of either run; how far its idf drifted, by the number of regions and by its own df."""
    users: list[dict[str, list[str]]] = []
    for run in (a, b):
        grouped = run["keywords"].groupby("term", sort=False)["region"].agg(list)
        users.append({str(term): regions for term, regions in grouped.items()})
    n_a, n_b = len(a.names), len(b.names)
    rows = []
    for term in {**a.df, **b.df}:
        x, y = a.df.get(term, 0), b.df.get(term, 0)
        rows.append(
            {
                "term": term,
                "status": "both" if x and y else "vanished" if x else "new",
                "df_a": x,
                "df_b": y,
                "idf_a": idf_of(x, n_a),
                "idf_b": idf_of(y, n_b),
                "drift": idf_of(y, n_b) - idf_of(x, n_a),
                "from_size": math.log((1 + n_b) / (1 + n_a)),
                "from_df": math.log((1 + x) / (1 + y)),
                "regions_a": "·".join(users[0].get(term, ())),
                "regions_b": "·".join(users[1].get(term, ())),
            }
        )
    return tables.from_rows(rows, tables.COMPARE_TERMS)
