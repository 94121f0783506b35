"""Section: the method, ready to paste."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.method import Settings
from pipeline.report.document import Block, Heading, Paragraph, Span
from pipeline.report.parts import metric
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording

REFERENCES = (
    "Barrón-Cedeño A, Sierra G, Drouin P, Ananiadou S (2009) An improved automatic term recognition method for Spanish. "
    "CICLing 2009, Lecture Notes in Computer Science 5449: 125–136.",
    "Dunning T (1993) Accurate methods for the statistics of surprise and coincidence. Computational Linguistics 19(1): 61–74.",
    "Frantzi K, Ananiadou S, Mima H (2000) Automatic recognition of multi-word terms: the C-value/NC-value method. "
    "International Journal on Digital Libraries 3(2): 115–130.",
    "Kaufman L, Rousseeuw PJ (1990) Finding Groups in Data. New York: Wiley.",
    "Rousseeuw PJ (1987) Silhouettes: a graphical aid to the interpretation and validation of cluster analysis. "
    "Journal of Computational and Applied Mathematics 20: 53–65.",
    "Torgerson WS (1952) Multidimensional scaling: I. Theory and method. Psychometrika 17: 401–419.",
)


def _k_rule(t: Tables, w: Wording, settings: Settings) -> str:
    """How the number of groups came about, in words."""
    if settings.cluster.k:
        return w.text("method.k_set")
    if t.metric["k"] == t.metric["silhouette_max_k"]:
        return w.text("method.k_best")
    return w.text("method.k_limited", singletons=settings.cluster.max_singletons)


def section(t: Tables, w: Wording, settings: Settings, provenance: Mapping[str, Any]) -> list[Block]:
    """The method paragraph, with the parameters of this run."""
    packages = provenance["packages"]

    def either(condition: bool, yes: str, no: str) -> str:
        return w.text(f"method.{yes if condition else no}")

    paragraph = w.sentence(
        "method.paragraph",
        **{name: metric(t, name) for name in ("regions", "documents", "measures", "k_min", "k_max", "k")},
        jieba=packages["jieba"],
        sklearn=packages["scikit-learn"],
        hmm=either(settings.segment.hmm, "used", "unused"),
        min_length=str(settings.segment.min_length),
        nested=either(settings.segment.count_nested, "counted", "not_counted"),
        merged=metric(t, "audit_merged"),
        common=metric(t, "common"),
        common_share=number(settings.keywords.common_share, "share"),
        generic=metric(t, "generic_words"),
        generic_use=either(settings.keywords.exclude_generic, "excluded", "included"),
        phrase_words=str(settings.keywords.phrase_max_words),
        phrase_characters=str(settings.keywords.phrase_max_characters),
        phrase_count=str(settings.keywords.phrase_min_count),
        k_rule=_k_rule(t, w, settings),
        linkage=w.text(f"clusters.linkage_{settings.cluster.linkage}"),
        silhouette=metric(t, "silhouette", "2"),
    )
    return [
        Heading(2, w.text("method.heading"), "method"),
        Paragraph(paragraph, "copy"),
        Paragraph(w.sentence("method.caveat"), "copy"),
        Heading(3, w.text("method.references_heading"), "references"),
        *(Paragraph((Span(reference),), "note") for reference in REFERENCES),
    ]
