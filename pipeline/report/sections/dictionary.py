"""Subsection: what would change with another dictionary."""

from __future__ import annotations

from typing import Any

from pipeline.method import Settings
from pipeline.report import parts
from pipeline.report.document import Block, Bullets, Heading, Paragraph, Spans, Table, joined, spans
from pipeline.report.parts import first_of, region_link
from pipeline.report.sections import dictionary_hedges, hedges
from pipeline.report.sections.shared import cell, columns, first_rows
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording


def _claims_table(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """The claims whose standing changes."""
    changed = dictionary_hedges.changed(t)
    rows = tuple(
        (
            hedges.claim_words(w, row, settings),
            *(
                shown
                for side in ("with", "without")
                for shown in (
                    spans(t.cell("robustness", (row.claim_id,), f"{side}_share", "share", "#table-claims")),
                    cell(w.texts["certainty"]["standing"][getattr(row, f"{side}_standing")]),
                )
            ),
        )
        for row in changed.head(parts.rows(t, settings)).itertuples()
    )
    if not rows:
        return []
    caption = w.text("dictionary.caption_claims") + first_rows(w, len(rows), len(changed), "robustness")
    return [Table(caption, columns(w, "dictionary.columns_claims"), rows, "wrlrl", "table-dictionary-claims")]


def _listed(w: Wording, rows: list[Any], most: int) -> Spans:
    """The terms that go or come: + where that is sure, † where the other cut does not make this word."""

    def marked(row: Any) -> Spans:
        marks = ("＊" if row.sure else "") + ("†" if row.cause == "cut" else "")
        return spans(w.term(row.term, first_of(row.measure_ids)), marks)

    if not rows:
        return cell("—")
    shown = joined([marked(row) for row in rows[:most]], w.text("page.comma"))
    return spans(shown, w.text("page.and_others", n=len(rows))) if len(rows) > most else shown


def _regions_table(t: Tables, w: Wording, settings: Settings) -> Table:
    listed: dict[tuple[str, str], list[Any]] = {}
    for row in t["dictionary_keywords"].itertuples():
        listed.setdefault((row.region, row.status), []).append(row)
    rows = []
    for row in t["dictionary_regions"].itertuples():
        key, href = (row.region,), parts.to_keywords(t, settings, row.region)
        nearest = [
            spans(region_link(w, name), " ", t.cell("dictionary_regions", key, column, "2", "#table-dictionary"))
            if name
            else cell("—")
            for name, column in (
                (row.nearest, "nearest_cosine"),
                (row.nearest_without, "nearest_cosine_without"),
            )
        ]
        rows.append(
            (
                spans(region_link(w, row.region)),
                spans(t.cell("dictionary_regions", key, "kept", "int", href)),
                *(_listed(w, listed.get((row.region, status), []), settings.report.profile_measures) for status in ("lost", "gained")),
                *nearest,
            )
        )  # fmt: skip
    return Table(
        w.text("dictionary.caption_regions"), columns(w, "dictionary.columns_regions"), tuple(rows), "nrwwnn", "table-dictionary"
    )  # fmt: skip


def section(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """What would change with another dictionary."""
    said = [
        dictionary_hedges.claims(t, w),
        dictionary_hedges.closest(t, w, settings),
        dictionary_hedges.nearest(t, w),
        *dictionary_hedges.keywords(t, w),
    ]
    return [
        Heading(3, w.text("dictionary.heading"), "dictionary"),
        Paragraph(w.sentence("dictionary.intro", share=number(settings.resampling.stable, "share")), "note"),
        Bullets(tuple(item for item in said if item)),
        *_claims_table(t, w, settings),
        _regions_table(t, w, settings),
    ]
