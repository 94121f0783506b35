"""What the report on two runs is written from: both runs, their comparison, and the clauses cited so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline.method import Settings
from pipeline.report.document import Span, Spans, spans
from pipeline.report.source import Tables
from pipeline.report.wording import Wording


@dataclass
class Page:
    """The tables of the comparison, of both runs, and the clauses cited so far."""

    t: Tables
    w: Wording
    runs: Mapping[str, Tables]
    settings: Settings
    cited: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def metric(self, name: str, style: str = "int", column: str = "change") -> Span:
        return self.t.cell("compare_summary", (name,), column, style, "#summary")

    def value(self, name: str) -> float:
        return float(self.t.row("compare_summary", name).change)

    def run(self, side: str) -> Any:
        return self.t.row("compare_runs", side)

    def cite(self, side: str, ids: Iterable[str], term: str) -> str:
        """The anchor of the first of the clauses, which the page then quotes with the term marked; "" without one."""
        first = next(iter(ids), "")
        if not first:
            return ""
        self.cited.setdefault((side, first), set()).add(term)
        return f"#{side.lower()}-{first}"

    def term(self, row: Any) -> Spans:
        """A gained or lost keyword, linked to a clause that has it."""
        side = "B" if row.status == "gained" else "A"
        return self.w.term(row.term, self.cite(side, row.measures_b if side == "B" else row.measures_a, row.term))

    def names(self, regions: str | Iterable[str]) -> str:
        """Regions joined by · or in a row, as the reader writes them."""
        listed = [name for name in regions.split("·") if name] if isinstance(regions, str) else regions
        return self.w.text("page.comma").join(map(self.w.region, listed)) or "—"

    def both(self, table: str, key: tuple[Any, ...], column: str, style: str) -> Spans:
        """The number in A, an arrow, the number in B; one number where both show the same."""
        x, y = (self.t.cell(table, key, f"{column}_{mark}", style) for mark in "ab")
        return spans(x) if x.text == y.text else spans(x, " → ", y)


def most_changed(pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs, the largest change first."""
    size = -pairs["change"].abs().round(12)
    return pairs.assign(size=size).sort_values("size", kind="stable").drop(columns="size")
