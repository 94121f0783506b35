"""Keywords that a region gained and lost, and why."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.comparing.runs import Run
from pipeline.comparing.sides import Side, in_both
from pipeline.method import Settings
from pipeline.stats.change import product_parts

_EQUAL = 1e-12  # weights that differ by less are equal but for rounding


def _cause(row: Mapping[str, Any], other: Run, surfaces: set[str], shift: float, *, same_text: bool) -> str:
    """Why a term was gained, lost or kept with another weight.

    ``other``: the run in whose list it is not. ``shift``: what the number of texts alone adds to every idf; it lifts all
    terms and is no reason why one of them moves.
    """
    from_others = row["from_idf"] - shift * (row["tf_a"] + row["tf_b"]) / 2
    own_text = "cut" if same_text else "text"
    larger = own_text if abs(row["from_tf"]) >= abs(from_others) else "others"
    moved_by = row["from_tf"] + from_others
    if row["status"] == "kept":
        return "same" if abs(moved_by) < _EQUAL else larger
    count, barred = (
        (row["count_b"], row["unranked_b"]) if row["status"] == "lost" else (row["count_a"], row["unranked_a"])
    )
    if not count:
        text = other.text[row["region"]]
        return "cut" if same_text or any(surface in text for surface in surfaces) else "absent"
    if barred:
        return "unranked"
    moved = moved_by < -_EQUAL if row["status"] == "lost" else moved_by > _EQUAL
    return larger if moved else "displaced"


def keywords_of(a: Side, b: Side, settings: Settings) -> pd.DataFrame:
    """Every term in either list of a region of both runs, in the order of list A, then of list B."""
    top, stable = settings.keywords.top, settings.resampling.stable
    shift = math.log((1 + b.weights.texts) / (1 + a.weights.texts))
    rows = []
    by_key = [{(row.region, row.term): row for row in side.rows.itertuples()} for side in (a, b)]
    for region in in_both(a.run, b.run):
        same_text = a.run.text[region] == b.run.text[region]
        listed = [listed_in(side, region, top) for side in (a, b)]
        for term in dict.fromkeys([*listed[0], *listed[1]]):
            status = "kept" if term in listed[0] and term in listed[1] else "lost" if term in listed[0] else "gained"
            row: dict[str, Any] = {"region": region, "term": term, "status": status}
            for mark, side, found in (("a", a, by_key[0]), ("b", b, by_key[1])):
                own = found.get((region, term))
                row |= {
                    f"rank_{mark}": own.rank if own else None,
                    f"count_{mark}": own.count if own else 0,
                    f"tf_{mark}": own.tf if own else 0.0,
                    f"df_{mark}": side.run.df.get(term, 0),
                    f"idf_{mark}": side.weights.idf(term),
                    f"tf_idf_{mark}": own.tf_idf if own else 0.0,
                    f"unranked_{mark}": own.unranked if own else "",
                    f"stability_{mark}": own.stability if own else 0.0,
                    f"measures_{mark}": own.measure_ids if own else [],
                    f"weight_{mark}": own.weight if own else 0.0,
                }
            from_tf, from_idf = product_parts(row["tf_a"], row["idf_a"], row["tf_b"], row["idf_b"])
            row |= {"from_tf": float(from_tf), "from_idf": float(from_idf), "change": row["weight_b"] - row["weight_a"]}
            here, there = (b.run, a.run) if status == "gained" else (a.run, b.run)
            surfaces = here.surfaces.get((region, term), {term})
            inside = [row["stability_a"] >= stable, row["stability_b"] >= stable]
            outside = [row["stability_a"] <= 1 - stable + _EQUAL, row["stability_b"] <= 1 - stable + _EQUAL]
            row["sure"] = (inside if term in listed[0] else outside)[0] and (inside if term in listed[1] else outside)[
                1
            ]
            row["cause"] = _cause(row, there, surfaces, shift, same_text=same_text)
            rows.append(row)
    frame = tables.from_rows(rows, tables.COMPARE_KEYWORDS)
    return frame.astype({"rank_a": "Int64", "rank_b": "Int64"})


def listed_in(side: Side, region: str, top: int) -> list[str]:
    """The region's list, first to last."""
    own = side.rows[(side.rows["region"] == region) & (side.rows["rank"] <= top).fillna(False)]
    return own.sort_values("rank")["term"].tolist()
