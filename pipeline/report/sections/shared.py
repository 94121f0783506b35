"""What the sections share: figures with captions, column heads, plain cells."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.report.document import Figure, Span, Spans, spans
from pipeline.report.wording import Wording


def figure(w: Wording, section: str, name: str, data: Iterable[str], **values: object) -> Figure:
    """A figure whose caption and alternative text say the same ``values``."""
    caption = w.sentence(f"{section}.figure_{name}", **values)
    alt = "".join(span.text for span in w.sentence(f"{section}.alt_{name}", **values))
    return Figure(name, caption, alt, tuple(data))


def columns(w: Wording, key: str) -> tuple[str, ...]:
    section, name = key.split(".")
    return tuple(w.texts[section][name])


def first_rows(w: Wording, shown: int, found: int, table: str) -> str:
    """Of a list that is not shown whole: how many of how many, and the table that has all."""
    if shown >= found:
        return ""
    return w.text("page.first_rows", shown=f"{shown:,}", found=f"{found:,}", table=table)


def cell(value: object) -> Spans:
    return spans(value if isinstance(value, Span) else str(value))
