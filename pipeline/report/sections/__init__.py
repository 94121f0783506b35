"""The sections of the report, in order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.method import Settings
from pipeline.report.document import Block, Document
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
)
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording


def build(t: Tables, w: Wording, settings: Settings, data: Mapping[str, Any]) -> Document:
    """The whole report in one language."""
    titles = t["documents"]["title"].unique()
    # Documents with titles of their own: the corpus goes by its name.
    source_title = titles[0] if len(titles) == 1 else data["run"]["corpus"]
    given = source_title if w.language == "zh" else w.glossary.get(source_title, "")
    title = w.text("page.title", title=given) if given else w.text("page.fallback_title")
    subtitle = w.text("page.subtitle", regions=number(t.metric["regions"], "int"))
    blocks: list[Block] = [
        *findings.section(t, w, settings),
        *glance.section(t, w, settings),
        *keywords.section(t, w, settings),
        *similarity.section(t, w, settings),
        *clusters.section(t, w, settings),
        *approaches.section(t, w, settings),
        *background.section(t, w, settings),
        *certainty.section(t, w, settings),
        *audit.section(t, w, settings),
        *method.section(t, w, settings, data),
        *provenance.section(t, w, settings, data),
        *source.section(t, w, settings),
    ]
    return Document(w.language, title, subtitle, tuple(blocks))
