"""The second coder, where there is one: agreement by theme, and every difference with both sides' evidence."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.method import Settings
from pipeline.report.document import Block, Heading, Paragraph, Span, Spans, Table, joined, spans
from pipeline.report.parts import measure_links
from pipeline.report.sections import theme_hedges as said
from pipeline.report.sections.shared import cell, columns
from pipeline.report.source import Tables
from pipeline.report.wording import Wording


def _theme(t: Tables, w: Wording, theme: str) -> str:
    return w.text("coders.all_themes") if theme == "all" else said.name(t, w, theme)


def _agreement_table(t: Tables, w: Wording) -> Table:
    rows = []
    for row in t["coder_agreement"].itertuples():

        def number_in(column: str, style: str, theme: str = row.theme) -> Span:
            return t.cell("coder_agreement", (theme,), column, style, "#table-coders")

        interval: Spans = ()
        if not pd.isna(row.alpha_low):
            interval = w.sentence(
                "similarity.interval", low=number_in("alpha_low", "2"), high=number_in("alpha_high", "2")
            )
        counts = [spans(number_in(one, "int")) for one in ("units", "both", "codebook_only", "coder_only", "neither")]
        rows.append(
            (
                cell(_theme(t, w, row.theme)),
                *counts,
                spans(number_in("agreement", "share")),
                spans(number_in("kappa", "2")),
                spans(number_in("alpha", "2")),
                interval,
                cell(w.texts["coders"]["standing"][row.standing]),
            )
        )
    return Table(w.text("coders.caption"), columns(w, "coders.columns"), tuple(rows), "lrrrrrrrrrl", "table-coders")


def _differences_table(t: Tables, w: Wording) -> list[Block]:
    def side(flag: bool) -> str:
        return w.text("coders.yes" if flag else "coders.no")

    def text_of(row: Any) -> Spans:
        return joined([spans(Span(t.measure[one].text, kind="source")) for one in row.measure_ids], " / ")

    rows = tuple(
        (
            measure_links(t, w, row.measure_ids, most=4),
            cell(_theme(t, w, row.theme)),
            cell(side(row.codebook)),
            cell(side(row.coder)),
            spans(Span(row.indicators, kind="source")) if row.indicators else cell("—"),
            text_of(row),
            cell(str(row.line)),
        )
        for row in t["coder_disagreements"].itertuples()
    )
    if not rows:
        return [Paragraph(w.sentence("coders.no_differences"))]
    return [
        Table(
            w.text("coders.caption_differences"),
            columns(w, "coders.columns_differences"),
            rows,
            "nlllwwr",
            "table-coder-differences",
        )
    ]


def blocks(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """Nothing where no coding was given."""
    if t["coder_agreement"].empty:
        return [Paragraph(w.sentence("coders.none"), "note")]
    whole = t.row("coder_agreement", "all")
    href = "#table-coders"

    def number_in(column: str, style: str) -> Span:
        return t.cell("coder_agreement", ("all",), column, style, href)

    lead = w.sentence(
        f"coders.lead_{whole.standing}",
        units=number_in("units", "int"),
        agreement=number_in("agreement", "share"),
        kappa=number_in("kappa", "2"),
        alpha=number_in("alpha", "2"),
        low=number_in("alpha_low", "2"),
        high=number_in("alpha_high", "2"),
        good=f"{settings.coders.good:g}",
        tentative=f"{settings.coders.tentative:g}",
        differences=Span(str(len(t["coder_disagreements"])), href="#table-coder-differences"),
    )
    return [
        Heading(3, w.text("coders.heading"), "coders"),
        Paragraph(lead),
        _agreement_table(t, w),
        *_differences_table(t, w),
    ]
