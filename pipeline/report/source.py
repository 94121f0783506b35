"""The tables a report reads, and numbers that remember the cell they came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.hashing import read_json
from pipeline.numbers import number
from pipeline.report.document import Span


@dataclass(frozen=True)
class Tables:
    """Every table of a run by name, with the look-ups the report needs."""

    frames: Mapping[str, pd.DataFrame]
    calibrated: Mapping[str, Any] = field(default_factory=dict)  # the settings that `make calibrate` was run with

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.frames[name]

    @cached_property
    def names(self) -> list[str]:
        """Regions in corpus order."""
        return self["regions"]["region"].tolist()

    @cached_property
    def region_en(self) -> dict[str, str]:
        return dict(zip(self["regions"]["region"], self["regions"]["region_en"], strict=True))

    @cached_property
    def cluster(self) -> dict[str, int]:
        return dict(zip(self["clusters"]["region"], self["clusters"]["cluster"], strict=True))

    @cached_property
    def characters(self) -> int:
        """Characters of all measures."""
        return int(self["measures"]["text"].str.len().sum())

    @cached_property
    def measure(self) -> dict[str, Any]:
        """Measure id -> its row."""
        return {row.measure_id: row for row in self["measures"].itertuples()}

    @cached_property
    def documents_of(self) -> dict[str, list[Any]]:
        """Region -> the rows of its documents."""
        found: dict[str, list[Any]] = defaultdict(list)
        for row in self["documents"].itertuples():
            found[row.region].append(row)
        return found

    @cached_property
    def source(self) -> dict[str, Any]:
        """Document -> where it stands in the raw files."""
        return {row.doc_id: row for row in self["sources"].itertuples()}

    @cached_property
    def _place_of(self) -> dict[str, str]:
        """Document -> its number within its region and a point; nothing where it is the only one."""
        return {
            row.doc_id: f"{number}." if len(own) > 1 else ""
            for own in self.documents_of.values()
            for number, row in enumerate(own, 1)
        }

    def numbered(self, measure: Any) -> str:
        """The number of a measure within its region: 3, or 2.3 for the third of its second document."""
        return f"{self._place_of[measure.doc_id]}{measure.position}"

    @cached_property
    def tokens_of(self) -> dict[str, list[Any]]:
        """Measure id -> its tokens."""
        found: dict[str, list[Any]] = defaultdict(list)
        for token in self["tokens"].itertuples():
            found[token.measure_id].append(token)
        return found

    @cached_property
    def metric(self) -> dict[str, float]:
        return dict(zip(self["summary"]["metric"], self["summary"]["value"], strict=True))

    @cached_property
    def _found(self) -> dict[str, dict[tuple[Any, ...], Any]]:
        return {}

    def row(self, table: str, *key: Any) -> Any:
        """The row of ``table`` with these values in the key of its contract; None where there is none."""
        if table not in self._found:
            names = list(tables.by_name(table).key)
            keys = self[table][names].itertuples(index=False, name=None)
            self._found[table] = dict(zip(keys, self[table].itertuples(), strict=True))
        return self._found[table].get(key)

    def key_of(self, table: str) -> tuple[str, ...]:
        """The columns that name a row of the table."""
        return tables.by_name(table).key

    def cell(self, table: str, key: tuple[Any, ...], column: str, style: str, href: str = "") -> Span:
        """The number in one cell."""
        value = getattr(self.row(table, *key), column)
        return bound(value, style, table=table, key="|".join(map(str, key)), column=column, href=href)

    @cached_property
    def themes_of(self) -> dict[str, list[str]]:
        """Measure id -> the themes that it carries, in the order of the codebook."""
        found: dict[str, list[str]] = defaultdict(list)
        place = {theme: at for at, theme in enumerate(self["codebook"]["theme"])}
        counted = self["theme_evidence"]
        counted = counted[counted["status"] == "counted"]
        for row in counted.drop_duplicates(["measure_id", "theme"]).itertuples():
            found[row.measure_id].append(row.theme)
        return {measure: sorted(themes, key=place.__getitem__) for measure, themes in found.items()}

    @cached_property
    def terms_of(self) -> dict[tuple[str, str], list[Any]]:
        """Pair in corpus order -> its rows of similarity_terms.csv, the largest share first."""
        found: dict[tuple[str, str], list[Any]] = defaultdict(list)
        for row in self["similarity_terms"].itertuples():
            found[row.region_a, row.region_b].append(row)
        return found

    def pair(self, a: str, b: str) -> Any:
        """The row of the pair, whichever region comes first."""
        return self._pairs[frozenset((a, b))]

    @cached_property
    def _pairs(self) -> dict[frozenset[str], Any]:
        return {frozenset((row.region_a, row.region_b)): row for row in self["similarity"].itertuples()}


# As long as the corpus, and in no section.
_UNREAD = (tables.WHOLE_UNITS, tables.WHOLE_NEIGHBOURS)


def load(folder: Path, calibration_csv: Path) -> Tables:
    """Every table of the contract from ``folder``, and what `make calibrate` measured where it has."""
    read = [table for table in tables.ALL if table not in _UNREAD]
    frames = {table.name: tables.read(folder / f"{table.name}.csv", table) for table in read}
    if not calibration_csv.exists():
        return Tables({**frames, "calibration": tables.from_rows([], tables.CALIBRATION)})
    calibrated = read_json(calibration_csv.with_suffix(".json"), "settings")["settings"]
    return Tables({**frames, "calibration": tables.read(calibration_csv, tables.CALIBRATION)}, calibrated)


def bound(value: float, style: str, *, table: str, key: str, column: str, href: str = "") -> Span:
    """A number that names the cell it was read from: `table.csv | key | column`."""
    return Span(number(value, style), href=href, cell=f"{table}.csv | {key} | {column}")
