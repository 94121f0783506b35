"""Findings in brief: sentences whose every number is bound to a table cell."""

from __future__ import annotations

from typing import Any

from pipeline.method import Settings
from pipeline.report.document import Bullets, Heading, Paragraph, Span, Spans, joined, spans
from pipeline.report.parts import first_of, keyword_number, metric, pair_anchor, pair_number
from pipeline.report.source import Tables, bound, number
from pipeline.report.wording import Wording

_DISTINCT = 3  # terms named as most distinctive
_FIRST = 10  # ranks within which both measures must have a pair that is named
_SIMILAR = 3  # terms named for the closest pair


def _distinctive(t: Tables, w: Wording) -> Spans:
    keywords = t["keywords"]
    repeated = keywords[(keywords["count"] > 1) & (keywords["df"] == 1) & keywords["rank"].notna()]
    ranked = repeated.assign(key=repeated["g2"].round(9)).sort_values("key", ascending=False, kind="stable")
    items = [
        w.sentence(
            "findings.distinct",
            region=w.region(row.region),
            term=w.term(row.term, first_of(row.measure_ids)),
            count=keyword_number(row, "count", "int"),
            g2=keyword_number(row, "g2", "1"),
        )
        for row in ranked.head(_DISTINCT).itertuples()
    ]
    if not items:
        return w.sentence("findings.distinct_none")
    return w.sentence("findings.distinct_list", list=joined(items, w.text("page.semicolon")))


def _common(t: Tables, w: Wording, settings: Settings) -> Spans:
    keywords = t["keywords"]
    common = keywords[keywords["df"] > settings.keywords.common_share * len(t.names)]
    common = common[~common["generic"] & (common["kind"] == "word")].drop_duplicates("term")
    share = number(settings.keywords.common_share, "share")
    if common.empty:
        return w.sentence("findings.no_common", share=share)
    items = [
        w.sentence(
            "findings.common_item",
            term=w.term(row.term, first_of(row.measure_ids)),
            df=keyword_number(row, "df", "int"),
        )
        for row in common.sort_values(["df", "term"], ascending=[False, True]).itertuples()
    ]
    return w.sentence("findings.common", share=share, terms=joined(items, w.text("page.comma")))


def closest(t: Tables, column: str) -> Any:
    """The pair with the largest value; of equal ones the first in corpus order."""
    similarity = t["similarity"]
    return next(similarity.loc[[similarity[column].idxmax()]].itertuples())


def _similar(t: Tables, w: Wording) -> Spans:
    best = closest(t, "cosine")
    if best.cosine == 0:
        return w.sentence("findings.similar_none")
    terms = t["similarity_terms"]
    mine = terms[(terms["region_a"] == best.region_a) & (terms["region_b"] == best.region_b)].head(_SIMILAR)
    items = [
        w.sentence(
            "findings.similar_term",
            term=w.term(row.term, first_of(row.measures_a)),
            share=bound(
                row.share,
                "share",
                table="similarity_terms",
                key=f"{row.region_a}–{row.region_b}|{row.term}",
                column="share",
                href=f"#{pair_anchor(best.region_a, best.region_b)}",
            ),
        )
        for row in mine.itertuples()
    ]
    return w.sentence(
        "findings.similar",
        pairs=metric(t, "pairs"),
        a=w.region(best.region_a),
        b=w.region(best.region_b),
        cosine=pair_number(best, "cosine", "2"),
        mean=metric(t, "cosine_mean", "2"),
        terms=joined(items, w.text("page.comma")),
    )


def _in_both(t: Tables, w: Wording) -> Spans:
    """The pairs that are among the first by words and by characters."""
    similarity = t["similarity"]
    pairs = similarity[(similarity["rank"] <= _FIRST) & (similarity["rank_char"] <= _FIRST)].sort_values("rank")
    if pairs.empty:
        return w.sentence("findings.both_none", top=_FIRST)
    items = [
        spans(
            Span(
                f"{w.region(row.region_a)}–{w.region(row.region_b)}", href=f"#{pair_anchor(row.region_a, row.region_b)}"
            )
        )
        for row in pairs.itertuples()
    ]
    return w.sentence("findings.both", top=_FIRST, list=joined(items, w.text("page.comma")))


def _views(t: Tables, w: Wording) -> Spans:
    """How the comparison by characters agrees with that by words."""
    best_char = closest(t, "cosine_char")
    if best_char.cosine_char == 0:
        return w.sentence("findings.views_none")
    return w.sentence(
        "findings.views",
        a=w.region(best_char.region_a),
        b=w.region(best_char.region_b),
        cosine=pair_number(best_char, "cosine_char", "2"),
        rho=metric(t, "views_rho", "2"),
        pairs=metric(t, "pairs"),
        agree=metric(t, "nearest_agree"),
        both=_in_both(t, w),
    )


def no_structure(t: Tables, settings: Settings) -> bool:
    """Whether the largest mean silhouette stays below the threshold of the settings."""
    return t.metric["silhouette_max"] < settings.cluster.silhouette_none


def groups(t: Tables, w: Wording) -> Spans:
    """Each group with its label and its regions, in one line."""
    clusters = t["clusters"].sort_values("leaf")
    items = [
        w.sentence(
            "findings.group",
            cluster=Span(str(cluster), href="#table-groups"),
            label=joined([w.term(term) for term in members["label"].iloc[0].split("·")], " · "),
            regions=w.text("page.comma").join(w.region(name) for name in members["region"]),
        )
        for cluster, members in clusters.groupby("cluster")
    ]
    return joined(items, w.text("page.semicolon"))


def _groups(t: Tables, w: Wording, settings: Settings) -> Spans:
    """The verdict on the groups and the groups themselves."""
    if t.metric["k"] < 2:
        return w.sentence("findings.clusters_same")
    verdict = w.sentence(
        "findings.clusters_none" if no_structure(t, settings) else "findings.clusters_weak",
        k_min=metric(t, "k_min"),
        k_max=metric(t, "k_max"),
        silhouette=metric(t, "silhouette_max", "2", "#clusters"),
        k=metric(t, "silhouette_max_k"),
        threshold=str(settings.cluster.silhouette_none),
        chosen=metric(t, "k"),
    )
    return spans(verdict, "" if w.language == "zh" else " ", w.sentence("findings.groups", groups=groups(t, w)))


def section(t: Tables, w: Wording, settings: Settings) -> list[Heading | Paragraph | Bullets]:
    """The section as blocks."""
    words = ("regions", "measures", "characters_min", "characters_max", "words", "nested", "types", "own_types")
    items = [
        w.sentence(
            "findings.corpus",
            **{name: metric(t, name) for name in words},
            own_types_share=metric(t, "own_types_share", "share"),
        ),
        w.sentence(
            "findings.keywords",
            listed=metric(t, "listed"),
            listed_single=metric(t, "listed_single"),
            listed_single_share=metric(t, "listed_single_share", "share"),
            distinct=_distinctive(t, w),
        ),
        _common(t, w, settings),
        _similar(t, w),
        _views(t, w),
        _groups(t, w, settings),
    ]
    return [
        Heading(2, w.text("findings.heading"), "findings"),
        Paragraph(w.sentence("findings.intro"), "note"),
        Bullets(tuple(items)),
    ]
