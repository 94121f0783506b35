"""Read the raw file into clean documents: raw text -> documents.csv, cleaning.csv."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.method import Place, find_place, load_gazetteer
from pipeline.readers import Source, word_table


def documents_of(source: Source, places: tuple[Place, ...]) -> pd.DataFrame:
    """One row per document; a region that the gazetteer lacks keeps its written name and level ``unknown``."""
    rows = []
    for number, row in enumerate(source.rows, 1):
        place = find_place(places, row.region.text)
        rows.append(
            {
                "doc_id": f"D{number:02d}",
                "serial": int(row.serial.text),
                "region_raw": row.region.text,
                "region": place.short if place else row.region.text,
                "region_en": place.name_en if place else row.region.text,
                "level": place.level if place else "unknown",
                "province": place.province if place else "",
                "adcode": place.adcode if place else "",
                "year": "",
                "title": source.title,
                "text": row.text.text,
                "source_line": row.text.line,
                "source_start": row.text.start,
            }
        )
    return tables.from_rows(rows, tables.DOCUMENTS)


def refuse_one_region_under_two_names(documents: pd.DataFrame, raw_txt: Path) -> None:
    """An `InputError` where two rows mean the same region, such as 山东 and 山东省."""
    first: dict[str, int] = {}
    for row in documents.itertuples():
        if row.region in first:
            raise InputError(
                f"“{row.region_raw}”与第 {first[row.region]} 行的地区相同（{row.region}）。每个地区只能有一行，请合并。",
                f"{row.region_raw} is the region of line {first[row.region]} ({row.region}). One row per region: merge them.",
                file=raw_txt,
                line=row.source_line,
            )
        first[row.region] = row.source_line


def cleaning_of(source: Source) -> pd.DataFrame:
    """One row per run of characters that is in no document."""
    rows = [
        {
            "doc_id": "" if run.row is None else f"D{run.row + 1:02d}",
            "line": run.line,
            "start": run.start,
            "end": run.end,
            "removed": run.characters.replace("\ufeff", "\\ufeff")
            .replace("\n", "\\n")
            .replace("\t", "\\t")
            .replace("\r", "\\r"),
            "reason": run.reason,
        }
        for run in source.removed
    ]
    return tables.from_rows(rows, tables.CLEANING)


def main(raw_txt: Path, gazetteer_csv: Path, documents_csv: Path, cleaning_csv: Path) -> None:
    source = word_table.read(raw_txt)
    documents = documents_of(source, load_gazetteer(gazetteer_csv))
    refuse_one_region_under_two_names(documents, raw_txt)
    for _, row in documents[documents["level"] == "unknown"].iterrows():
        print(
            f"{raw_txt}:{row['source_line']}\n  提示：地名表里没有“{row['region']}”，按原名处理。"
            f"\n  Note: {row['region']} is not in the gazetteer; it is kept as written.",
            file=sys.stderr,
        )
    tables.write((documents, tables.DOCUMENTS, documents_csv), (cleaning_of(source), tables.CLEANING, cleaning_csv))


if __name__ == "__main__":
    run(main)
