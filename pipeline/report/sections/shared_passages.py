"""What several documents say word for word, part of the section on cleaning."""

from __future__ import annotations

from typing import Any

from pipeline.method import Settings
from pipeline.report.document import Block, Details, Heading, Paragraph, Span, Spans, Table, spans
from pipeline.report.parts import measure_links
from pipeline.report.sections.shared import cell, columns
from pipeline.report.source import Tables, bound
from pipeline.report.wording import Wording

_FEW = 12  # rows that Word gets too
_SHOWN = 300  # rows of a table; its file holds all


def _effect(t: Tables, view: str, column: str, style: str) -> Span:
    return t.cell("shared_effect", (view,), column, style, "#shared-regions")


def _said(t: Tables, w: Wording, settings: Settings) -> Spans:
    """The passages that several regions have, and the mean similarity with and without them."""
    row = t.row("shared_effect", "words")
    parts = w.sentence(
        "shared.passages",
        passages=_effect(t, "words", "passages", "int"),
        least=settings.shared.min_characters,
        share=_effect(t, "words", "share", "share1"),
    )
    if row.pairs_without == 0:
        return spans(parts, w.sentence("shared.nothing_left"))
    parts = spans(
        parts,
        w.sentence(
            "shared.means",
            **{
                f"{column}_{view}": _effect(t, view, column, "3")
                for view in ("words", "characters")
                for column in ("mean", "mean_without")
            },
        ),
    )
    if row.region_a:
        change = {column: _effect(t, "words", column, "3") for column in ("cosine", "cosine_without")}
        parts = spans(parts, w.sentence("shared.most", a=w.region(row.region_a), b=w.region(row.region_b), **change))
    if row.pairs_without < row.pairs:
        left = {column: _effect(t, "words", column, "int") for column in ("pairs_without", "pairs")}
        parts = spans(parts, w.sentence("shared.fewer_pairs", **left))
    return parts


def _folded(
    title: str, header: tuple[str, ...], rows: tuple[tuple[Spans, ...], ...], align: str, anchor: str
) -> Details:
    return Details(cell(title), (Table(title, header, rows, align),), anchor, long=len(rows) > _FEW)


def _passages(t: Tables, w: Wording) -> list[Block]:
    frame = t["shared_passages"].sort_values(["regions", "characters"], ascending=False, kind="stable").head(_SHOWN)
    if frame.empty:
        return []

    def number(row: Any, column: str) -> Spans:
        return spans(bound(getattr(row, column), "int", table="shared_passages", key=row.passage_id, column=column))

    rows = tuple(
        (
            (Span(row.text, kind="source"),),
            number(row, "characters"),
            number(row, "documents"),
            number(row, "regions"),
            measure_links(t, w, row.measure_ids, most=31),
        )
        for row in frame.itertuples()
    )
    title = w.text("shared.passages_title", shown=len(rows), all=len(t["shared_passages"]))
    return [_folded(title, columns(w, "shared.passages_columns"), rows, "wrrrw", "shared-passages")]


def _regions(t: Tables, w: Wording) -> Details:
    def number(row: Any, column: str, style: str) -> Spans:
        return spans(bound(getattr(row, column), style, table="shared_regions", key=row.region, column=column))

    rows = tuple(
        (
            cell(w.region(row.region)),
            number(row, "characters", "int"),
            number(row, "shared_characters", "int"),
            number(row, "share", "share1"),
            number(row, "passages", "int"),
        )
        for row in t["shared_regions"].sort_values("share", ascending=False, kind="stable").itertuples()
    )
    return _folded(
        w.text("shared.regions_title"), columns(w, "shared.regions_columns"), rows, "lrrrr", "shared-regions"
    )


def _near_duplicates(t: Tables, w: Wording) -> list[Block]:
    frame = t["near_duplicates"].sort_values("containment", ascending=False, kind="stable").head(_SHOWN)
    if frame.empty:
        return []
    rows = tuple(
        (
            (Span(f"{w.region(row.region_a)} ({row.doc_a})", href=f"#{row.doc_a}-1"),),
            (Span(f"{w.region(row.region_b)} ({row.doc_b})", href=f"#{row.doc_b}-1"),),
            *(
                spans(bound(getattr(row, column), "share", table="near_duplicates", key=f"{row.doc_a}|{row.doc_b}", column=column))
                for column in ("containment", "resemblance")
            ),
        )
        for row in frame.itertuples()
    )  # fmt: skip
    title = w.text("shared.near_title", shown=len(rows), all=len(t["near_duplicates"]))
    return [_folded(title, columns(w, "shared.near_columns"), rows, "llrr", "near-duplicates")]


def blocks(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """How much of the texts is shared, what the similarities would be without it, and the passages themselves."""
    row = t.row("shared_effect", "words")
    heading = Heading(3, w.text("shared.heading"), "shared")
    chosen = {"characters": settings.shared.shingle, "share": f"{100 * settings.shared.near_duplicate:.0f}%"}
    least = settings.shared.min_characters
    near = w.sentence(
        "shared.near" if len(t["near_duplicates"]) else "shared.no_near", pairs=len(t["near_duplicates"]), **chosen
    )
    if t["shared_passages"].empty:
        return [heading, Paragraph(spans(w.sentence("shared.none", least=least), near)), *_near_duplicates(t, w)]
    said = _said(t, w, settings) if row.passages else w.sentence("shared.none_between", least=least)
    if row.passages_within:
        said = spans(said, w.sentence("shared.within", passages=_effect(t, "words", "passages_within", "int")))
    return [
        heading,
        Paragraph(spans(said, near)),
        *_passages(t, w),
        *([_regions(t, w)] if row.passages else []),
        *_near_duplicates(t, w),
    ]
