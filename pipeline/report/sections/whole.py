"""Section: all of a large corpus. Every other section speaks of the units that are studied in full."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.method import Settings
from pipeline.report.document import Block, Details, Heading, Paragraph, Span, Spans, Table, joined, spans
from pipeline.report.sections.shared import cell, columns, figure, first_rows
from pipeline.report.source import Tables, bound, number
from pipeline.report.wording import Wording

_WORDS = 20  # widespread words that are named
_PAIRS = 20  # pairs shown; the table holds all


def is_large(t: Tables) -> bool:
    """Whether only a sample of the units is studied in full."""
    return bool(size(t, "large"))


def size(t: Tables, metric: str) -> int:
    """A number of scale.csv."""
    return int(t.row("scale", metric).value)


def sized(t: Tables, metric: str) -> Span:
    """The same, bound to its cell."""
    return t.cell("scale", (metric,), "value", "int")


def _said(t: Tables, metric: str, style: str = "int") -> Span:
    return t.cell("whole", (metric,), "value", style)


def banner(t: Tables, w: Wording) -> list[Block]:
    """Of what the sections speak that follow."""
    named = {name: sized(t, name) for name in ("studied_units", "studied_documents", "units", "documents")}
    key = "whole.sample" if size(t, "studied_units") < size(t, "units") else "whole.sample_documents"
    return [Paragraph(w.sentence(key, **named), "lead")]


def _verdict(t: Tables, w: Wording, settings: Settings) -> Spans:
    verdict = t.row("whole", "verdict").note
    if verdict == "too few units":
        return w.sentence("whole.too_few")
    by = t.row("whole", "judging_units").note.partition(" ")[0]
    return w.sentence(
        f"whole.{verdict.replace(' ', '_')}",
        groups=_said(t, "groups"),
        hold=_said(t, "groups_that_hold"),
        agreement=_said(t, "agreement", "2"),
        p=_said(t, "p", "p"),
        recurrence=_said(t, "recurrence", "2"),
        halves=w.text(f"whole.by_{by}"),
        jaccard=f"{settings.verdict.jaccard:g}",
        kappa=f"{settings.scale.kappa:g}",
        alpha=f"{settings.permutation.alpha:g}",
    )


def _rows(t: Tables, table: str, frame: pd.DataFrame, *asked: tuple[str, str]) -> list[tuple[Spans, ...]]:
    """The cells of the rows; ``asked``: columns, each with how its number is written, or nothing for a text."""
    key = t.key_of(table)
    rows = []
    for row in frame.itertuples():
        name = "|".join(str(getattr(row, column)) for column in key)
        rows.append(tuple(_cell(row, table, name, column, style) for column, style in asked))
    return rows


def _cell(row: Any, table: str, key: str, column: str, style: str) -> Spans:
    value = getattr(row, column)
    if style == "source":
        return (Span(value, kind="source"),)
    return spans(bound(value, style, table=table, key=key, column=column) if style else str(value))


def _groups(t: Tables, w: Wording) -> list[Block]:
    groups = t["whole_groups"]
    counts = {"groups": _said(t, "groups"), "hold": _said(t, "groups_that_hold")}
    rows = [
        (*cells, cell(w.text("whole.holds" if holds else "whole.holds_not")), (Span(label, kind="source"),))
        for cells, holds, label in zip(
            _rows(
                t, "whole_groups", groups, ("group", ""), ("units", "int"), ("share", "share1"), ("kappa", "2"),
                ("q", "p"), ("stability", "2"), ("cohesion", "3"),
            ),
            groups["holds"], groups["label"], strict=True,
        )
    ]  # fmt: skip
    blocks: list[Block] = [
        Heading(3, w.text("whole.groups_heading"), "whole-groups"),
        figure(w, "whole", "whole_groups", ("whole_groups.csv",), **counts),
        Table(w.text("whole.groups_caption"), columns(w, "whole.groups_columns"), tuple(rows), "rrrrrrrlw", "table-whole-groups"),
        Paragraph(w.sentence("whole.groups_note", fitted=_said(t, "fitted_units"), judges=_said(t, "judging_units")), "note"),
    ]  # fmt: skip
    terms = _rows(
        t, "whole_group_terms", t["whole_group_terms"], ("group", ""), ("term", "source"), ("share", "share1"),
        ("share_rest", "share1"), ("log_odds_z", "1"), ("clause", "source"), ("unit", "source"), ("document", ""),
    )  # fmt: skip
    typical = _rows(
        t, "whole_typical", t["whole_typical"], ("group", ""), ("unit", "source"), ("centrality", "2"), ("clause", "source"),
        ("document", ""),
    )  # fmt: skip
    choice = _rows(
        t, "whole_choice", t["whole_choice"], ("k", ""), ("recurrence", "2"), ("agreement", "2"), ("chance_high", "3")
    )
    return [
        *blocks,
        Details(cell(w.text("whole.terms_title")), (Table(w.text("whole.terms_title"), columns(w, "whole.terms_columns"), tuple(terms), "rlrrrwll"),), "whole-group-terms", long=True),
        Details(cell(w.text("whole.typical_title")), (Table(w.text("whole.typical_title"), columns(w, "whole.typical_columns"), tuple(typical), "rlrwl"),), "whole-typical"),
        figure(w, "whole", "whole_similarity", ("whole_group_similarity.csv", "whole_groups.csv"), **counts),
        figure(w, "whole", "whole_map", ("whole_map.csv", "whole_groups.csv"), **counts),
        Details(cell(w.text("whole.choice_title")), (Table(w.text("whole.choice_title"), columns(w, "whole.choice_columns"), tuple(choice), "rrrr"),), "whole-choice"),
    ]  # fmt: skip


def _pairs(t: Tables, w: Wording) -> list[Block]:
    pairs = t["whole_pairs"]
    if pairs.empty:
        return [Paragraph(w.sentence("whole.no_pairs"))]
    all_looked = t.row("whole", "neighbours_looked_for").note == "all"
    shown = pairs.head(_PAIRS)
    rows = _rows(
        t, "whole_pairs", shown, ("similarity", "2"), ("unit_a", "source"), ("clause_a", "source"), ("unit_b", "source"),
        ("clause_b", "source"), ("terms", "source"),
    )  # fmt: skip
    caption = w.text("whole.pairs_caption") + first_rows(w, len(shown), len(pairs), "whole_pairs")
    return [
        Heading(3, w.text("whole.pairs_heading"), "whole-pairs"),
        Paragraph(
            w.sentence(
                "whole.pairs_all" if all_looked else "whole.pairs_sample",
                looked=_said(t, "neighbours_looked_for"),
                units=_said(t, "units"),
                median=_said(t, "similarity_first_neighbour", "2"),
                alike=_said(t, "alike"),
            )
        ),
        Table(caption, columns(w, "whole.pairs_columns"), tuple(rows), "rlwlww", "table-whole-pairs"),
    ]


def _words(t: Tables, w: Wording) -> Paragraph:
    terms = t["whole_terms"]
    kept = terms[~terms["generic"]].head(_WORDS)
    items = [
        spans(w.term(row.term), " ", bound(row.share, "share1", table="whole_terms", key=row.term, column="share"))
        for row in kept.itertuples()
    ]
    return Paragraph(w.sentence("whole.words", terms=joined(items, w.text("page.comma"))))


def section(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """Nothing where the corpus is studied in full."""
    if not is_large(t):
        return []
    named = {name: sized(t, name) for name in ("documents", "units", "characters")}
    blocks: list[Block] = [
        Heading(2, w.text("whole.heading"), "whole"),
        Paragraph(
            w.sentence("whole.size", **named, **{name: _said(t, name) for name in ("measures", "tokens", "terms")}),
            "lead",
        ),
    ]
    if size(t, "repeats") or size(t, "without_text"):
        left = {name: sized(t, name) for name in ("repeats", "without_text")}
        blocks.append(Paragraph(w.sentence("whole.left_out", **left), "note"))
    blocks += [
        _words(t, w),
        Paragraph(_verdict(t, w, settings)),
        *(_groups(t, w) if len(t["whole_groups"]) else []),
        *_pairs(t, w),
        Heading(3, w.text("whole.sample_heading"), "whole-sample"),
        *banner(t, w),
        Paragraph(
            w.sentence(
                "whole.limits", units=number(settings.scale.units_in_full, "int"),
                characters=number(settings.scale.characters_in_full, "int"),
            ),
            "note",
        ),
    ]  # fmt: skip
    return blocks
