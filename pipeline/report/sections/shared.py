"""What the sections share: figures with captions, column heads, plain cells."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.report.document import Figure, Span, Spans, spans
from pipeline.report.wording import Wording


def figure(w: Wording, section: str, name: str, data: Iterable[str], **values: object) -> Figure:
    caption = w.sentence(f"{section}.figure_{name}", **values)
    return Figure(name, caption, w.text(f"{section}.alt_{name}"), tuple(data))


def columns(w: Wording, key: str) -> tuple[str, ...]:
    section, name = key.split(".")
    return tuple(w.texts[section][name])


def cell(value: object) -> Spans:
    return spans(value if isinstance(value, Span) else str(value))
