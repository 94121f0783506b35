"""Section: regions at a glance."""

from __future__ import annotations

from typing import Any

from pipeline.anchors import anchor
from pipeline.method import Settings
from pipeline.report.document import Block, Heading, Paragraph, Span, Spans, Table, joined, spans
from pipeline.report.parts import first_of, group_number, pair_number, region_link
from pipeline.report.sections import background_hedges
from pipeline.report.sections.shared import cell, columns
from pipeline.report.source import Tables, bound
from pipeline.report.wording import Wording

_FIRST_KEYWORDS = 3  # keywords named in the overview


def _named(w: Wording, keyword: Any) -> Spans:
    """A keyword, with a note where the region says it once."""
    once = f" ({w.text('keywords.single')})" if keyword.single_mention else ""
    return spans(w.term(keyword.term, first_of(keyword.measure_ids)), once)


def _neighbour(t: Tables, w: Wording, region: str, other: str, column: str) -> Spans:
    if not other:
        return (Span("—"),)
    value = pair_number(t.pair(region, other), column, "2")
    if column != "cosine":
        return spans(w.region(other), " (", value, ")")
    return spans(
        w.region(other),
        " (",
        value,
        "; ",
        t.cell("neighbours", (region, other), "nearest_share", "share", f"#{anchor('region', region)}"),
        ")",
    )


def section(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """Regions at a glance."""
    keywords = t["keywords"]
    rows = []
    for row in t["regions"].itertuples():
        first = keywords[(keywords["region"] == row.region) & (keywords["rank"] <= _FIRST_KEYWORDS)]

        def of_region(column: str, row: Any = row) -> Span:
            value = getattr(row, column)
            return bound(
                value, "int", table="regions", key=row.region, column=column, href=f"#{anchor('region', row.region)}"
            )

        rows.append(
            (
                spans(region_link(w, row.region)),
                cell(w.texts["levels"].get(row.level, row.level)),
                spans(of_region("characters")),
                spans(of_region("measures")),
                spans(of_region("words")),
                spans(of_region("own_types")),
                joined([_named(w, k) for k in first.itertuples()], w.text("page.comma")),
                _neighbour(t, w, row.region, row.nearest, "cosine"),
                _neighbour(t, w, row.region, row.nearest_char, "cosine_char"),
                spans(
                    group_number(t, row.region, "cluster", "int"),
                    "＊" if t.row("clusters", row.region).confident else "",
                    " (",
                    group_number(t, row.region, "support", "share"),
                    ")",
                ),
            )
        )
    return [
        Heading(2, w.text("glance.heading"), "glance"),
        Paragraph(spans(w.sentence("glance.intro"), background_hedges.glance(t, w)), "note"),
        Table(w.text("glance.caption"), columns(w, "glance.columns"), tuple(rows), "llrrrrwlll", "table-regions"),
    ]
