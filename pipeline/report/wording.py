"""Sentences in two languages, filled with spans."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from pipeline.report.document import Span, Spans, joined, spans

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Wording:
    """The texts of one language and the names it uses for terms and regions."""

    language: str
    texts: Mapping[str, Any]
    glossary: Mapping[str, str]
    region_en: Mapping[str, str]

    def text(self, key: str, **values: object) -> str:
        """The text at ``section.name`` with plain values filled in."""
        if values:
            return "".join(span.text for span in self._filled(key, values))
        section, name = key.split(".")
        return str(self.texts[section][name])

    def sentence(self, key: str, **values: object) -> Spans:
        """The text at ``section.name``; a value may be a span, a run of spans, or anything printable.

        A slot such as {n:region|regions} gives the first of the two words where n is 1, else the second.
        """
        return self._filled(key, values)

    def _filled(self, key: str, values: Mapping[str, object]) -> Spans:
        section, name = key.split(".")
        parts: list[Span] = []
        for literal, slot, forms, _ in Formatter().parse(str(self.texts[section][name])):
            parts.append(Span(literal))
            if slot is None:
                continue
            value = values[slot]
            run = value if isinstance(value, tuple) else (value if isinstance(value, Span) else Span(str(value)),)
            if forms:
                one, many = forms.split("|")
                run = (Span(one if "".join(span.text for span in run) == "1" else many),)
            parts.extend(run)
        return spans(parts)

    def listed(self, runs: Iterable[Spans | Span]) -> Spans:
        """A, B and C."""
        *first, last = runs
        comma, final = self.text("page.comma"), self.text("page.last_comma")
        return spans(joined(first, comma), final if first else "", last)

    def region(self, name: str) -> str:
        return name if self.language == "zh" else self.region_en.get(name, name)

    def term(self, term: str, href: str = "") -> Spans:
        """A term, in English with its gloss where the glossary has one."""
        if self.language == "zh" or term not in self.glossary:
            return (Span(term, href=href),)
        return (Span(term, href=href), Span(f" {self.glossary[term]}", kind="gloss"))


def load(language: str, glossary: Mapping[str, str], region_en: Mapping[str, str]) -> Wording:
    """The wording of zh or en."""
    texts = tomllib.loads((_HERE / f"strings.{language}.toml").read_text("utf-8"))
    return Wording(language, texts, glossary, region_en)
