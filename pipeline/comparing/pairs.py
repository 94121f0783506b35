"""What changed in the likeness of each pair, term by term."""

from __future__ import annotations

import pandas as pd

from pipeline import tables
from pipeline.comparing.sides import Side, in_both
from pipeline.stats.matrices import places


def pair_terms_of(a: Side, b: Side) -> pd.DataFrame:
    """What every shared term adds to the change of a pair's cosine, the largest change first."""
    both = in_both(a.run, b.run)
    order = {name: at for at, name in enumerate(both)}
    found: dict[tuple[str, str, str], dict[str, tuple[float, list[str]]]] = {}
    for mark, side in (("a", a), ("b", b)):
        for row in side.terms.itertuples():
            if row.region in order and row.other in order:
                region, other = sorted((row.region, row.other), key=order.__getitem__)
                found.setdefault((region, other, row.term), {})[mark] = (row.product, row.measures)
    rows = []
    for (region, other, term), held in found.items():
        (x, ids_a), (y, ids_b) = held.get("a", (0.0, [])), held.get("b", (0.0, []))
        rows.append(
            {
                "region": region,
                "other": other,
                "term": term,
                "product_a": x,
                "product_b": y,
                "change": y - x,
                "status": "kept" if len(held) == 2 else "lost" if "a" in held else "gained",
                "measures_a": ids_a,
                "measures_b": ids_b,
            }
        )
    frame = tables.from_rows(rows, tables.COMPARE_PAIR_TERMS)
    keyed = frame.assign(
        first=frame["region"].map(order), second=frame["other"].map(order), size=-frame["change"].abs().round(12)
    ).sort_values(["first", "second", "size", "term"], kind="stable")
    keyed["rank"] = keyed.groupby(["first", "second"]).cumcount() + 1
    return keyed[tables.COMPARE_PAIR_TERMS.names].reset_index(drop=True)


def pairs_of(a: Side, b: Side, terms: pd.DataFrame) -> pd.DataFrame:
    """Every pair of regions of both runs."""
    both = in_both(a.run, b.run)
    of_pair = dict(iter(terms.groupby(["region", "other"])))
    rows = []
    for at, region in enumerate(both):
        for other in both[at + 1 :]:
            own = of_pair.get((region, other), terms.iloc[:0])
            x, y = a.cosine(region, other), b.cosine(region, other)
            ends = [side.intervals[frozenset((region, other))] for side in (a, b)]
            row = {"region": region, "other": other, "cosine_a": x, "cosine_b": y, "change": y - x}
            for mark, (low, high), missing, status in zip(
                "ab", ends, ("gained", "lost"), ("lost", "gained"), strict=True
            ):
                only = own[own["status"] == status].sort_values([f"product_{mark}", "term"], ascending=[False, True])
                row |= {
                    f"low_{mark}": low,
                    f"high_{mark}": high,
                    f"shared_terms_{mark}": int((own["status"] != missing).sum()),
                }
                row[f"terms_{status}"] = "·".join(only["term"])
            row["disjoint"] = ends[0][1] < ends[1][0] or ends[1][1] < ends[0][0]
            rows.append(row)
    frame = tables.from_rows(rows, tables.COMPARE_PAIRS)
    for mark in ("a", "b"):
        frame[f"rank_{mark}"] = places(frame[f"cosine_{mark}"].to_numpy(dtype=float))
    return frame
