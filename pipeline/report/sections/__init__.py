"""The sections of the report, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.hashing import short
from pipeline.method import Settings
from pipeline.report.document import Block, Document, links_in
from pipeline.report.sections import (
    approaches,
    audit,
    background,
    certainty,
    clusters,
    findings,
    glance,
    keywords,
    method,
    provenance,
    similarity,
    source,
    whole,
)
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording


def title_of(titles: Sequence[str], corpus: str, w: Wording) -> str:
    """The title that all documents share; where they have none, or several, the name of the corpus.

    In English by the glossary, else the name again; empty where that has other than ASCII characters, too.
    """
    shared = titles[0] if len(titles) == 1 else ""
    if w.language == "zh":
        return shared or corpus
    return w.glossary.get(shared or corpus, "") or (corpus if corpus.isascii() else "")


def build(t: Tables, w: Wording, settings: Settings, data: Mapping[str, Any], *, brief: bool = False) -> Document:
    """The whole report in one language; ``brief``: of a long corpus only the measures that a reader of Word meets."""
    given = title_of(t["documents"]["title"].unique().tolist(), data["run"]["corpus"], w)
    title = w.text("page.title", title=given) if given else w.text("page.fallback_title")
    subtitle = w.text(
        "page.subtitle",
        regions=number(whole.size(t, "units"), "int"),
        fingerprint=short(data["findings"]["fingerprint"]),
    )
    before: list[Block] = [
        *whole.section(t, w, settings),
        *findings.section(t, w, settings),
        *glance.section(t, w, settings),
        *keywords.section(t, w, settings),
    ]
    after: list[Block] = [
        *clusters.section(t, w, settings),
        *approaches.section(t, w, settings),
        *background.section(t, w, settings),
        *certainty.section(t, w, settings),
        *audit.section(t, w, settings),
        *method.section(t, w, settings, data),
        *provenance.section(t, w, settings, data, title),
    ]
    # Pairs and measures that something links to are printed, however long the lists are.
    linked = frozenset(links_in([*before, *after]))
    blocks: list[Block] = [
        *before,
        *similarity.section(t, w, settings, linked),
        *after,
    ]
    blocks += source.section(t, w, settings, frozenset(links_in(blocks, brief=brief)))
    return Document(w.language, title, subtitle, tuple(blocks), shared="source")
