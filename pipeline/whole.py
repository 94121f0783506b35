"""All of a large corpus: its terms, groups of units, neighbours and closest pairs: corpus/ -> whole*.csv.

The tables of a corpus that is studied in full are empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.method import load_settings, load_word_list

Row = dict[str, Any]


def main(
    scale_csv: Path,
    documents_csv: Path,
    partitions_csv: Path,
    settings_toml: Path,
    generic_words_txt: Path,
    corpus: Path,
    *whole_csv: Path,
) -> None:
    large = bool(tables.read(scale_csv, tables.SCALE).set_index("metric")["value"]["large"])
    found: Mapping[str, Iterable[Row] | pd.DataFrame] = {}
    if large:
        from pipeline.overview import overview  # imports what a small corpus does without

        parts = tables.read(partitions_csv, tables.PARTITIONS)
        studied = frozenset(tables.read_columns(documents_csv, tables.DOCUMENTS, "region")["region"])
        generic = load_word_list(generic_words_txt)
        found = overview(corpus, tuple(parts["file"]), studied, generic, load_settings(settings_toml))
    given = [found.get(table.name, ()) for table in tables.WHOLE_ALL]
    frames = [
        one if isinstance(one, pd.DataFrame) else tables.from_rows(one, table)
        for one, table in zip(given, tables.WHOLE_ALL, strict=True)
    ]
    tables.write(*zip(frames, tables.WHOLE_ALL, whole_csv, strict=True))


if __name__ == "__main__":
    run(main)
