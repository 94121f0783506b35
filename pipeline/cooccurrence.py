"""Link the terms that share a measure: tokens.csv -> cooccurrence.csv."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.method import load_settings
from pipeline.stats.cohesion import npmi


def cooccurrence_of(
    tokens: pd.DataFrame, *, min_measures: int, exclude_generic: bool, common_share: float = 1.0
) -> pd.DataFrame:
    """Pairs of terms that at least ``min_measures`` measures hold, most frequent first.

    A term and a dictionary term that contains it are no pair in a measure where
    the one only stands inside the other. Terms of more than ``common_share`` of
    the regions are left out: they would be linked with everything.
    """
    spread = tokens.groupby("term")["region"].transform("nunique")
    kept = tokens[spread <= common_share * tokens["region"].nunique()]
    kept = kept[~kept["generic"]] if exclude_generic else kept
    places: dict[str, list[str]] = defaultdict(list)
    region_of: dict[str, str] = {}
    pairs: dict[tuple[str, str], list[str]] = defaultdict(list)
    for measure_id, group in kept.groupby("measure_id", sort=False):
        measure = str(measure_id)
        region_of[measure] = group["region"].iloc[0]
        spans: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for token in group.itertuples():
            spans[token.term].append((token.start, token.end))
        for term in spans:
            places[term].append(measure)
        for a, b in combinations(sorted(spans), 2):
            if any(x_end <= y_start or y_end <= x_start for x_start, x_end in spans[a] for y_start, y_end in spans[b]):
                pairs[a, b].append(measure)
    total = tokens["measure_id"].nunique()
    rows: list[dict[str, Any]] = [
        {
            "term_a": a,
            "term_b": b,
            "measures": len(where),
            "regions": len({region_of[measure] for measure in where}),
            "npmi": npmi(len(where), len(places[a]), len(places[b]), total),
            "measure_ids": where,
        }
        for (a, b), where in pairs.items()
        if len(where) >= min_measures
    ]
    rows.sort(key=lambda row: (-row["measures"], row["term_a"], row["term_b"]))
    return tables.from_rows(rows, tables.COOCCURRENCE)


def main(tokens_csv: Path, settings_toml: Path, cooccurrence_csv: Path) -> None:
    tokens = tables.read(tokens_csv, tables.TOKENS)
    settings = load_settings(settings_toml)
    frame = cooccurrence_of(
        tokens,
        min_measures=settings.cooccurrence.min_measures,
        exclude_generic=settings.keywords.exclude_generic,
        common_share=settings.keywords.common_share,
    )
    tables.write((frame, tables.COOCCURRENCE, cooccurrence_csv))


if __name__ == "__main__":
    run(main)
