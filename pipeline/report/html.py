"""Write a report as one self-contained HTML page."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipeline.report.document import Document, Figure, Spans, internal, plain
from pipeline.report.wording import Wording

_HERE = Path(__file__).parent


def span_html(runs: Spans, language: str) -> Markup:
    """Spans as HTML: links, table cells as titles, marks, glosses."""
    parts = []
    for span in runs:
        text = escape(plain(span.text))
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
        if span.href and span.text and internal(span.href):
            text = Markup('<a href="{}"{}>{}</a>').format(span.href, cell, text)
        elif cell:
            text = Markup("<span{}>{}</span>").format(cell, text)
        parts.append(text)
    return Markup("").join(parts)


def shown_width(svg: bytes) -> int:
    """Greatest width on the page in CSS points: a quarter larger than in print, so that type is as large as the text."""
    found = re.search(rb'<svg [^>]*width="([0-9.]+)pt"', svg)
    return round(1.27 * float(found[1])) if found else 650


def unstyled(svg: bytes) -> str:
    """The SVG without declarations, comments and styles: what these say becomes attributes, which no policy forbids."""
    text = svg.decode()
    text = re.sub(r"<!--.*?-->\s*|<metadata>.*?</metadata>\s*", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r' style="([^"]*)"', lambda style: _attributes(style[1]), text)
    # matplotlib's one rule is for all elements: what the root has, they inherit.
    found = re.search(r"\s*<defs>\s*<style[^>]*>\s*\*\{([^}]*)\}\s*</style>\s*</defs>", text)
    if found:
        text = text[: found.start()] + text[found.end() :]
        text = text.replace("<svg ", f"<svg{_attributes(found[1])} ", 1)
    return text


def _attributes(style: str) -> str:
    """`fill: #fff; stroke: none` as attributes of their own."""
    pairs = (rule.split(":", 1) for rule in style.split(";") if rule.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)


def inlined(svg: bytes) -> Markup:
    """The SVG as part of the page, so that its links work: without a size of its own."""
    head, rest = unstyled(svg).split(">", 1)
    return Markup(re.sub(r' (?:width|height)="[^"]*"', "", head) + ">" + rest)


def _hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _between(page: str, start: str, end: str) -> str:
    at = page.index(start) + len(start)
    return page[at : page.index(end, at)]


def sealed(page: str, face: str) -> str:
    """The page with its font, and the policy that lets a browser run and load nothing but what stands in it.

    Both slots stand before anything that comes from a document.
    """
    page = page.replace("/*FONT*/", face, 1)
    style = _hashed(_between(page, "<style>", "</style>"))
    script = _hashed((_HERE / "script.js").read_text("utf-8"))
    policy = (
        f"default-src 'none'; img-src data:; font-src data:; style-src {style}; script-src {script}; "
        "base-uri 'none'; form-action 'none'"
    )
    return page.replace("/*POLICY*/", policy, 1)


def render(document: Document, wording: Wording, figures: Mapping[str, bytes], other: str) -> str:
    """The page, with a slot left for the embedded font.

    `sealed` fills the slots. ``figures``: figure name -> SVG bytes. ``other``: file name of the report in the other language.
    """
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.finalize = lambda value: plain(value) if type(value) is str else value
    environment.filters["spans"] = lambda runs: span_html(runs, document.language)
    environment.globals["kind"] = lambda block: type(block).__name__
    return environment.get_template("template.html.j2").render(
        document=document,
        w=wording,
        style=Markup((_HERE / "style.css").read_text("utf-8")),
        script=Markup((_HERE / "script.js").read_text("utf-8")),
        figures={name: base64.b64encode(unstyled(svg).encode()).decode() for name, svg in figures.items()},
        inline={
            block.name: inlined(figures[block.name])
            for block in document.blocks
            if isinstance(block, Figure) and block.linked
        },
        widths={name: shown_width(svg) for name, svg in figures.items()},
        other=other,
    )
