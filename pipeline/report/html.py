"""Write a report as one self-contained HTML page."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipeline.report.document import Document, Figure, Spans
from pipeline.report.wording import Wording

_HERE = Path(__file__).parent


def span_html(runs: Spans, language: str) -> Markup:
    """Spans as HTML: links, table cells as titles, marks, glosses."""
    parts = []
    for span in runs:
        text = escape(span.text)
        if span.kind == "strong":
            text = Markup("<strong>{}</strong>").format(text)
        elif span.kind == "mark":
            text = Markup('<mark lang="zh">{}</mark>').format(text)
        elif span.kind == "gloss":
            text = Markup('<span class="gloss">{}</span>').format(text)
        elif span.kind == "code":
            text = Markup("<code>{}</code>").format(text)
        elif span.kind == "source" and language != "zh":
            text = Markup('<span lang="zh">{}</span>').format(text)
        cell = Markup(' data-cell="{0}" title="{0}"').format(span.cell) if span.cell else ""
        if span.href and span.text:
            text = Markup('<a href="{}"{}>{}</a>').format(span.href, cell, text)
        elif cell:
            text = Markup("<span{}>{}</span>").format(cell, text)
        parts.append(text)
    return Markup("").join(parts)


def shown_width(svg: bytes) -> int:
    """Greatest width on the page in CSS points: a quarter larger than in print, so that type is as large as the text."""
    found = re.search(rb'<svg [^>]*width="([0-9.]+)pt"', svg)
    return round(1.27 * float(found[1])) if found else 650


def inlined(svg: bytes) -> Markup:
    """The SVG as part of the page, so that its links work: without declarations and without a size of its own."""
    text = svg.decode()
    text = text[text.index("<svg") :]
    head, rest = text.split(">", 1)
    return Markup(re.sub(r' (?:width|height)="[^"]*"', "", head) + ">" + rest)


def render(document: Document, wording: Wording, figures: Mapping[str, bytes], other: str) -> str:
    """The page, with a slot left for the embedded font.

    ``figures``: figure name -> SVG bytes. ``other``: file name of the report in the other language.
    """
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["spans"] = lambda runs: span_html(runs, document.language)
    environment.globals["kind"] = lambda block: type(block).__name__
    return environment.get_template("template.html.j2").render(
        document=document,
        w=wording,
        style=Markup((_HERE / "style.css").read_text("utf-8")),
        figures={name: base64.b64encode(svg).decode() for name, svg in figures.items()},
        inline={
            block.name: inlined(figures[block.name])
            for block in document.blocks
            if isinstance(block, Figure) and block.linked
        },
        widths={name: shown_width(svg) for name, svg in figures.items()},
        other=other,
    )
