"""What the user dictionary decides: keywords.csv, similarity.csv, both without it -> dictionary_keywords.csv, dictionary_regions.csv."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.method import load_settings
from pipeline.nearest import nearest_of


def _joined(keywords: pd.DataFrame, plain: pd.DataFrame, top: int) -> pd.DataFrame:
    """The terms that a region's list holds on either side, each with what both sides know of it."""
    columns = ["region", "term", "rank", "count", "stability", "measure_ids"]
    both = keywords[columns].merge(plain[columns], on=["region", "term"], how="outer", suffixes=("", "_without"))
    for side in ("", "_without"):
        both[f"listed{side}"] = (both[f"rank{side}"] <= top).fillna(False).astype(bool)
        both[f"known{side}"] = both[f"count{side}"].notna()
    return both[both["listed"] | both["listed_without"]]


def keywords_of(
    keywords: pd.DataFrame, plain: pd.DataFrame, names: list[str], *, top: int, stable: float
) -> pd.DataFrame:
    """One row per region and term in the list of the first ``top`` with the dictionary, without it (``plain``) or both.

    A change is sure where the term is in its list in at least ``stable`` of the resamples on one side and in at
    most 1 - ``stable`` of them on the other. The kept come first, then the lost, then the gained, each by rank.
    """
    rows: list[dict[str, Any]] = []
    for row in _joined(keywords, plain, top).itertuples():
        status = "kept" if row.listed and row.listed_without else "lost" if row.listed else "gained"
        other_known = row.known_without if status == "lost" else row.known
        here, there = (0.0 if pd.isna(share) else float(share) for share in (row.stability, row.stability_without))
        rows.append(
            {
                "region": row.region,
                "term": row.term,
                "status": status,
                "rank": row.rank,
                "rank_without": row.rank_without,
                "count": int(row.count) if row.known else 0,
                "count_without": int(row.count_without) if row.known_without else 0,
                "stability": here,
                "stability_without": there,
                "cause": "" if status == "kept" else "rank" if other_known else "cut",
                "sure": status != "kept" and max(here, there) >= stable and min(here, there) <= 1 - stable + 1e-9,
                "measure_ids": row.measure_ids if row.known else row.measure_ids_without,
            }
        )
    frame = tables.from_rows(rows, tables.DICTIONARY_KEYWORDS)
    frame = frame.astype({"rank": "Int64", "rank_without": "Int64"})
    order = {"kept": 0, "lost": 1, "gained": 2}
    frame = frame.assign(
        place=frame["region"].map({name: at for at, name in enumerate(names)}),
        kind=frame["status"].map(order),
        at=frame["rank"].where(frame["status"] != "gained", frame["rank_without"]).astype(float),
    ).sort_values(["place", "kind", "at"], kind="stable")
    return frame[tables.DICTIONARY_KEYWORDS.names].reset_index(drop=True)


def regions_of(listed: pd.DataFrame, similarity: pd.DataFrame, plain: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """How much of each region's list stays, and its nearest neighbour with the dictionary and without it (``plain``)."""
    here, there = (nearest_of(frame, names, "cosine") for frame in (similarity, plain))
    counts = listed.groupby(["region", "status"]).size()
    rows = []
    for name in names:
        kept, lost, gained = (int(counts.get((name, status), 0)) for status in ("kept", "lost", "gained"))
        rows.append(
            {
                "region": name,
                "kept": kept,
                "lost": lost,
                "gained": gained,
                "jaccard": kept / (kept + lost + gained) if kept + lost + gained else 1.0,
                "nearest": here[name][0],
                "nearest_cosine": here[name][1],
                "nearest_without": there[name][0],
                "nearest_cosine_without": there[name][1],
                "nearest_same": here[name][0] == there[name][0] != "",
            }
        )
    return tables.from_rows(rows, tables.DICTIONARY_REGIONS)


def main(
    keywords_csv: Path,
    similarity_csv: Path,
    plain_keywords_csv: Path,
    plain_similarity_csv: Path,
    measures_csv: Path,
    settings_toml: Path,
    dictionary_keywords_csv: Path,
    dictionary_regions_csv: Path,
) -> None:
    settings = load_settings(settings_toml)
    names = tables.read(measures_csv, tables.MEASURES)["region"].drop_duplicates().tolist()
    listed = keywords_of(
        tables.read(keywords_csv, tables.KEYWORDS),
        tables.read(plain_keywords_csv, tables.KEYWORDS),
        names,
        top=settings.keywords.top,
        stable=settings.resampling.stable,
    )
    regions = regions_of(
        listed,
        tables.read(similarity_csv, tables.SIMILARITY),
        tables.read(plain_similarity_csv, tables.SIMILARITY),
        names,
    )
    tables.write(
        (listed, tables.DICTIONARY_KEYWORDS, dictionary_keywords_csv),
        (regions, tables.DICTIONARY_REGIONS, dictionary_regions_csv),
    )


if __name__ == "__main__":
    run(main)
