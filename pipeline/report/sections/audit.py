"""Section: what cleaning and cutting did."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.method import Settings
from pipeline.report.document import Block, Details, Heading, Paragraph, Table, spans
from pipeline.report.parts import first_of, measure_links, metric
from pipeline.report.sections.shared import cell, columns
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


def section(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """What the dictionary did, and what cleaning and cutting removed."""
    frame = t["segmentation_audit"]
    taken = t["cleaning"][~t["cleaning"]["reason"].isin(["structure", "blank"])]
    reasons: Mapping[str, str] = w.texts["audit"]["reasons"]
    removed = [
        w.text("audit.removed_item", line=row.line, removed=row.removed.replace("\\t", ""), reason=reasons[row.reason])
        for row in taken.itertuples()
    ]
    blocks: list[Block] = [
        Heading(2, w.text("audit.heading"), "audit"),
        Paragraph(w.sentence("audit.intro"), "note"),
        Paragraph(
            spans(
                w.sentence("audit.cleaned", removed=metric(t, "removed"), runs=metric(t, "removed_runs")),
                w.text("page.semicolon").join(removed),
                "。" if w.language == "zh" else ".",
            )
        ),
    ]
    for check, group in frame.groupby("check", sort=False):
        title = w.text("audit.count_check", check=w.text(f"audit.check_{check}"), items=len(group))
        rows = tuple(
            (
                w.term(row.item) if check in ("generic", "split", "unmatched") else cell(row.item),
                cell(_audit_note(w, str(check), row.rule)),
                spans(bound(row.count, "int", table="segmentation_audit", key=f"{check}|{row.item}|{row.rule}", column="count",
                            href=first_of(row.measure_ids))),
                measure_links(t, w, row.measure_ids),
            )
            for row in group.itertuples(index=False)
        )  # fmt: skip
        table = Table(title, columns(w, "audit.columns")[1:], rows, "llrw", f"audit-{check}")
        blocks.append(Details(cell(title), (table,), long=check in ("dropped", "generic", "nested")))
    return blocks
