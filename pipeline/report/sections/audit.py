"""Section: what cleaning and cutting did."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.method import Settings
from pipeline.report import font, parts
from pipeline.report.document import Block, Details, Heading, Paragraph, Spans, Table, joined, spans
from pipeline.report.parts import first_of, measure_links, metric, references
from pipeline.report.sections import shared_passages
from pipeline.report.sections.shared import cell, columns, first_rows
from pipeline.report.source import Tables, bound
from pipeline.report.wording import Wording


def _audit_note(w: Wording, check: str, rule: str) -> str:
    """The rule of an audit row in the report's language."""
    named: Mapping[str, str] = w.texts["audit"]["rules"]
    if rule in named:
        return named[rule]
    if rule == "whole":
        return w.text("audit.whole")
    if check == "nested":
        return w.text("audit.in_host", host=rule.removeprefix("in "))
    if check == "merged":
        term, kind = rule.removeprefix("→ ").removesuffix(")").rsplit(" (", 1)
        return w.text("audit.merged_into", term=term, kind=w.texts["audit"]["kinds"][kind])
    return rule


_GLYPHS = 40  # characters named that the figures cannot draw
_FEW = 12  # runs that a sentence can name; of more it says how many there are of each kind


def _reason(w: Wording, reason: str) -> str:
    reasons: Mapping[str, str] = w.texts["audit"]["reasons"]
    return reasons.get(reason, reason)  # what a file holds beside text has many names


def _removed(w: Wording, taken: pd.DataFrame, *, several: bool) -> list[str]:
    """What was taken out: run by run where they are few, with the file where there are several; else how many of each kind."""
    if len(taken) <= _FEW:
        return [
            w.text(
                "audit.removed_item",
                where=f"{_file(row)} {_where(w, row)}" if several else _where(w, row),
                removed=_cut(row.removed),
                reason=_reason(w, row.reason),
            )
            for row in taken.itertuples()
        ]
    counts = taken["reason"].value_counts(sort=False).sort_index().sort_values(ascending=False, kind="stable")
    return [w.text("audit.removed_kind", reason=_reason(w, str(name)), runs=f"{n:,}") for name, n in counts.items()]


def _file(row: Any) -> str:
    return str(row.file.rpartition("/")[2])


def _where(w: Wording, row: Any) -> str:
    return w.text(f"source.{row.kind}", part=row.part, line=row.line)


def _long_list(w: Wording, taken: pd.DataFrame, most: int) -> list[Block]:
    """The runs as a folded table, where they are too many for a sentence."""
    if len(taken) <= _FEW:
        return []
    rows = tuple(
        (
            cell(f"{_file(row)} {_where(w, row)}"),
            cell(_cut(row.removed)),
            cell(_cut(row.replacement)),
            cell(_reason(w, row.reason)),
        )
        for row in taken.head(most).itertuples()
    )
    title = w.text("audit.removed_title", shown=len(rows), runs=len(taken))
    return [Details(cell(title), (Table(title, columns(w, "audit.removed_columns"), rows, "lwll", "audit-cleaning"),))]


def _cleaned(t: Tables, w: Wording, taken: pd.DataFrame) -> Paragraph:
    """What reading took out of the files, in a sentence; then the files that were not read."""
    several = len(t["files"]) > 1
    said = w.sentence("audit.not_cleaned")
    if len(taken):
        said = spans(
            w.sentence("audit.cleaned", removed=metric(t, "removed"), runs=metric(t, "removed_runs")),
            w.text("page.semicolon").join(_removed(w, taken, several=several)),
            "。" if w.language == "zh" else ".",
        )
    unread = t["files"][t["files"]["skipped"] != ""]
    if unread.empty:
        return Paragraph(said)
    why: Mapping[str, str] = w.texts["audit"]["skipped_reasons"]
    named = [w.text("audit.skipped_item", file=_file(row), reason=why[row.skipped]) for row in unread.itertuples()]
    listed = spans(w.text("page.comma").join(named[:_FEW]))
    if len(named) > _FEW:
        listed = spans(listed, w.text("page.and_others", n=len(named)))
    return Paragraph(spans(said, w.sentence("audit.skipped", files=len(named), listed=listed)))


def _glyphless(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """The characters that the figures cannot draw, and where they stand."""
    measures = t["measures"]
    lacking = font.lacking_in("".join([*measures["text"], *t.names]))
    if not lacking:
        return []
    listed: list[Spans] = []
    for character in lacking[:_GLYPHS]:
        ids = measures.loc[measures["text"].str.contains(character, regex=False), "measure_id"].tolist()
        places = spans(" (", measure_links(t, w, ids, references(t, settings)), ")") if ids else ()
        listed.append(spans(font.named([character]), places))
    named = joined(listed, w.text("page.comma"))
    if len(lacking) > len(listed):
        named = spans(named, w.text("page.and_others", n=len(lacking)))
    return [Paragraph(w.sentence("audit.glyphless", characters=named))]


def _cut(characters: str) -> str:
    return characters if len(characters) <= 60 else f"{characters[:59]}…"


def section(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """What the dictionary did, and what cleaning and cutting removed."""
    frame = t["segmentation_audit"]
    taken = t["cleaning"][~t["cleaning"]["reason"].isin(["structure", "blank"])]
    blocks: list[Block] = [
        Heading(2, w.text("audit.heading"), "audit"),
        Paragraph(w.sentence("audit.intro"), "note"),
        _cleaned(t, w, taken),
        *_long_list(w, taken, parts.rows(t, settings)),
        *_glyphless(t, w, settings),
        *shared_passages.blocks(t, w, settings),
        Heading(3, w.text("audit.cut_heading"), "audit-cut"),
    ]
    for check, group in frame.groupby("check", sort=False):
        title = w.text("audit.count_check", check=w.text(f"audit.check_{check}"), items=len(group))
        rows = tuple(
            (
                w.term(row.item) if check in ("generic", "split", "unmatched") else cell(row.item),
                cell(_audit_note(w, str(check), row.rule)),
                spans(bound(row.count, "int", table="segmentation_audit", key=f"{check}|{row.item}|{row.rule}", column="count",
                            href=first_of(row.measure_ids))),
                measure_links(t, w, row.measure_ids, references(t, settings)),
            )
            for row in group.head(parts.rows(t, settings)).itertuples(index=False)
        )  # fmt: skip
        title += first_rows(w, len(rows), len(group), "segmentation_audit")
        table = Table(title, columns(w, "audit.columns")[1:], rows, "llrw", f"audit-{check}")
        blocks.append(Details(cell(title), (table,), long=check in ("dropped", "generic", "nested")))
    return blocks
