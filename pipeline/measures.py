"""Cut each document into measures (举措): documents.csv -> measures.csv."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipeline import tables
from pipeline.clauses import headline, spans
from pipeline.cli import run
from pipeline.method import load_settings


def measures_of(documents: pd.DataFrame, *, headline_max: int) -> pd.DataFrame:
    """One row per measure; ``text`` is exactly ``document text[start:end]``."""
    rows = []
    for document in documents.itertuples():
        for position, (start, end) in enumerate(spans(document.text), 1):
            text = document.text[start:end]
            rows.append(
                {
                    "measure_id": f"{document.doc_id}-{position}",
                    "doc_id": document.doc_id,
                    "region": document.region,
                    "position": position,
                    "headline": headline(text, headline_max),
                    "text": text,
                    "start": start,
                    "end": end,
                }
            )
    return tables.from_rows(rows, tables.MEASURES)


def main(documents_csv: Path, settings_toml: Path, measures_csv: Path) -> None:
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    settings = load_settings(settings_toml).measures
    tables.write((measures_of(documents, headline_max=settings.headline_max), tables.MEASURES, measures_csv))


if __name__ == "__main__":
    run(main)
