"""What changed in each region: its text, its weights, its nearest."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.comparing.keywords import listed_in
from pipeline.comparing.runs import OWN, nearest_of, pooled_weights
from pipeline.comparing.sides import Side, in_both, in_either
from pipeline.method import Settings
from pipeline.stats.change import jaccard, rank_biased_overlap


def own_cosines(a: Side, b: Side, settings: Settings) -> dict[str, float]:
    """Region -> cosine of its words in A and in B by one idf; 1 where both are without words, 0 where one is."""
    share, exclude = settings.keywords.common_share, settings.keywords.exclude_generic
    weights = pooled_weights(a.run, b.run, share) if a.weights.name == OWN else a.weights
    generic = {term for side in (a, b) for term in side.rows.loc[side.rows["generic"], "term"]} if exclude else set()
    vectors: list[dict[str, dict[str, float]]] = []
    for side in (a, b):
        counted = side.rows[side.rows["kind"] == "word"]
        counted = counted[[term not in weights.common and term not in generic for term in counted["term"]]]
        vectors.append(
            {
                str(region): {row.term: row.count * weights.idf(row.term) for row in group.itertuples()}
                for region, group in counted.groupby("region")
            }
        )
    found = {}
    for region in in_both(a.run, b.run):
        first, second = vectors[0].get(region, {}), vectors[1].get(region, {})
        if first == second:  # also both empty
            found[region] = 1.0
            continue
        size = math.sqrt(math.fsum(x * x for x in first.values()) * math.fsum(x * x for x in second.values()))
        found[region] = (
            math.fsum(first[term] * second[term] for term in first if term in second) / size if size else 0.0
        )
    return found


def regions_of(a: Side, b: Side, settings: Settings) -> pd.DataFrame:
    """Every region of either run."""
    cosines, top = own_cosines(a, b, settings), settings.keywords.top
    both = set(in_both(a.run, b.run))
    facts = []
    for side in (a, b):
        table = side.run["regions"].set_index("region")
        near = {(row.region, row.other): row for row in side.run["neighbours"].itertuples()}
        facts.append((side, table, nearest_of(side.run.names, side.cosines), near))
    rows = []
    for region in in_either(a.run, b.run):
        row: dict[str, Any] = {
            "region": region,
            "where": "both" if region in both else "A" if region in a.run.names else "B",
        }
        lists: list[list[str]] = []
        nearest: list[str] = []
        for mark, (side, table, nearby, near) in zip("ab", facts, strict=True):
            here = region in table.index
            other, cosine = nearby[region] if here else ("", None)
            lists.append(listed_in(side, region, top) if here else [])
            nearest.append(other)
            row |= {
                **{
                    f"{name}_{mark}": table.at[region, name] if here else None
                    for name in ("documents", "measures", "characters", "cluster")
                },
                f"nearest_{mark}": other,
                f"nearest_cosine_{mark}": cosine,
                f"nearest_share_{mark}": near[region, other].nearest_share if (region, other) in near else None,
                f"listed_{mark}": len(lists[-1]) if here else None,
            }
            row.setdefault("region_en", table.at[region, "region_en"] if here else None)
            row["region_en"] = row["region_en"] or (table.at[region, "region_en"] if here else None)
        shared = region in both
        changed = shared and nearest[0] != nearest[1]
        known = [fact[3].get((region, other)) for fact, other in zip(facts, reversed(nearest), strict=True)]
        rows.append(
            {
                **row,
                "same_text": shared and a.run.text[region] == b.run.text[region],
                "cosine": cosines.get(region),
                "nearest_changed": changed,
                "nearest_sure": changed and not any(each is not None and each.among for each in known),
                "shared": len({*lists[0]} & {*lists[1]}) if shared else None,
                "jaccard": jaccard(lists[0], lists[1]) if shared else None,
                "rbo": rank_biased_overlap(lists[0], lists[1]) if shared else None,
            }
        )
    frame = tables.from_rows(rows, tables.COMPARE_REGIONS)
    whole = [column.name for column in tables.COMPARE_REGIONS.columns if column.kind == "int"]
    return frame.astype(dict.fromkeys(whole, "Int64"))
