"""Block: how to cite the report, the software, and a single number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from pipeline import AUTHORS, YEAR
from pipeline.hashing import short
from pipeline.report.document import Block, Heading, Paragraph, Span, plain, spans
from pipeline.report.parts import keyword_number, pair_number
from pipeline.report.source import Tables
from pipeline.report.wording import Wording

_LATEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}


def bibtex(text: str) -> str:
    """The text as the value of a BibTeX field: what LaTeX would read as a command stands behind a backslash."""
    return re.sub(r"[\\~^{}%&#_$]", lambda m: _LATEX.get(m[0], f"\\{m[0]}"), plain(text))


def run_name(run: Mapping[str, str]) -> str:
    """The name of the run as its folder has it: corpus, @unit and +method where they are others than usual."""
    unit = "" if run["unit"] == "region" else f"@{run['unit']}"
    return f"{run['corpus']}{unit}" + ("" if run["method"] == "method" else f"+{PurePath(run['method']).name}")


def fragment(name: str) -> str:
    """The name as a link to a part of the page has it, and as the page itself writes it: Han characters as they are."""
    return re.sub(r'[%&#+"<>\s]', lambda m: quote(m[0]), name)


def _number(t: Tables) -> Span | None:
    """A number to show how one is cited: the closest pair's cosine, else the count of the first keyword."""
    for row in t["similarity"].sort_values("rank", kind="stable").head(1).itertuples():
        return pair_number(row, "cosine", "2")
    for row in t["keywords"].head(1).itertuples():
        return keyword_number(row, "count", "int")
    return None


def blocks(t: Tables, w: Wording, data: Mapping[str, Any], title: str) -> list[Block]:
    """The fingerprint in a sentence, and entries to paste: GB/T 7714-2015, BibTeX, in the manner of APA."""
    fingerprint = data["findings"]["fingerprint"]
    facts = {
        "title": title,
        "corpus": run_name(data["run"]),
        "version": data["pipeline"],
        "fingerprint": short(fingerprint),
        "authors": AUTHORS,
        "year": str(YEAR),
        "digits": fingerprint[:8],
    }
    escaped = {name: bibtex(value) for name, value in facts.items()}
    found: list[Block] = [
        Heading(3, w.text("citing.heading"), "cite"),
        Paragraph(w.sentence("citing.fingerprint", fingerprint=Span(short(fingerprint), kind="code"))),
        Paragraph(w.sentence("citing.placeholders", **facts), "note"),
    ]
    for style in ("gbt", "apa"):
        found.append(Paragraph(spans(Span(w.text(f"citing.{style}_name"), kind="strong"))))
        found += [Paragraph(w.sentence(f"citing.{style}{what}", **facts), "copy") for what in ("", "_software")]
    found.append(Paragraph(spans(Span(w.text("citing.bibtex_name"), kind="strong"))))
    found += [
        Paragraph((Span(w.text(f"citing.bibtex{what}", **escaped), kind="code"),), "copy") for what in ("", "_software")
    ]
    region = next(iter(t.names))
    link = Span(w.text("citing.link", region=fragment(region)), kind="code")
    number = _number(t)
    if number is None:
        return [*found, Paragraph(w.sentence("citing.region", link=link))]
    cell = Span(number.cell, kind="code")
    return [
        *found,
        Paragraph(w.sentence("citing.number")),
        Paragraph(w.sentence("citing.example", number=number, cell=cell, **facts), "copy"),
        Paragraph(w.sentence("citing.region", link=link)),
    ]
