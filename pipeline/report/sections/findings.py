"""Findings in brief: sentences whose every number is bound to a table cell."""

from __future__ import annotations

from pipeline.method import Settings
from pipeline.report.document import Bullets, Heading, Paragraph, Span, Spans, joined, spans
from pipeline.report.parts import first_of, keyword_number, metric, pair_anchor, pair_number
from pipeline.report.sections import background_hedges, hedges, theme_hedges
from pipeline.report.source import Tables, bound, number
from pipeline.report.wording import Wording
from pipeline.representations import common_above

_DISTINCT = 3  # terms named as most distinctive
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
            stability=keyword_number(row, "stability", "share1"),
        )
        for row in ranked.head(_DISTINCT).itertuples()
    ]
    if not items:
        return w.sentence("findings.distinct_none")
    return w.sentence("findings.distinct_list", list=joined(items, w.text("page.semicolon")))


def _common(t: Tables, w: Wording, settings: Settings) -> Spans:
    keywords = t["keywords"]
    common = keywords[keywords["df"] > common_above(settings.keywords.common_share, len(t.names))]
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
        for row in common.sort_values(["df", "term"], ascending=[False, True]).head(settings.report.words).itertuples()
    ]
    named = joined(items, w.text("page.comma"))
    if len(common) > len(items):
        named = spans(named, w.text("page.and_others", n=number(len(common), "int")))
    return w.sentence("findings.common", share=share, terms=named)


def _similar(t: Tables, w: Wording, settings: Settings) -> Spans:
    """The closest pair, how sure it is the closest, and which pairs hold."""
    if t["similarity"].empty:
        return ()
    best = hedges.closest(t, "cosine")
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
    said = w.sentence(
        "findings.similar",
        pairs=metric(t, "pairs"),
        a=w.region(best.region_a),
        b=w.region(best.region_b),
        cosine=pair_number(best, "cosine", "2"),
        mean=metric(t, "cosine_mean", "2"),
        terms=joined(items, w.text("page.comma")),
    )
    return hedges.sentences(
        w,
        said,
        hedges.closest_pair(t, w, settings, best),
        hedges.pairs_hold(t, w, settings),
        hedges.robust_pairs(t, w, settings),
    )


def _in_both(t: Tables, w: Wording, first: int) -> Spans:
    """The pairs that are among the first by words and by characters."""
    similarity = t["similarity"]
    shared = similarity[similarity["cosine"] > 0]
    pairs = shared[(shared["rank"] <= first) & (shared["rank_char"] <= first)].sort_values("rank")
    if pairs.empty:
        return w.sentence("findings.both_none", top=first)
    names = [hedges.pair_name(w, row.region_a, row.region_b) for row in pairs.itertuples()]
    return w.sentence("findings.both", top=first, list=joined(names, w.text("page.comma")))


def _views(t: Tables, w: Wording, settings: Settings) -> Spans:
    """How the comparison by characters agrees with that by words."""
    if t["similarity"].empty:
        return ()
    best_char = hedges.closest(t, "cosine_char")
    if best_char.cosine_char == 0:
        return w.sentence("findings.views_none")
    said = w.sentence(
        "findings.views",
        a=w.region(best_char.region_a),
        b=w.region(best_char.region_b),
        cosine=pair_number(best_char, "cosine_char", "2"),
    )
    if t.row("reliability", "both", "views").why:
        return said
    agree = w.sentence(
        "findings.views_agree",
        rho=t.cell("reliability", ("both", "views"), "value", "2", "#table-reliability"),
        pairs=metric(t, "pairs"),
        agree=metric(t, "nearest_agree"),
    )
    return hedges.sentences(w, said, agree, _in_both(t, w, settings.similarity.first))


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
    """The verdict on the groups, what the texts could have shown, and the groups themselves."""
    if t.metric["k"] < 2:
        return hedges.verdict(t, w, settings)
    return hedges.sentences(
        w,
        hedges.verdict(t, w, settings),
        hedges.power(t, w),
        w.sentence("findings.groups", groups=groups(t, w)),
        hedges.members(t, w),
    )


def _keywords(t: Tables, w: Wording, settings: Settings) -> Spans:
    """How many entries the lists have, what of them is stable, and what stands out."""
    stable, discovered = int(t.metric["listed_stable"]), int(t.metric["listed_discovered"])
    return hedges.sentences(
        w,
        w.sentence(
            "findings.keywords",
            listed=metric(t, "listed"),
            listed_single=metric(t, "listed_single"),
            listed_single_share=metric(t, "listed_single_share", "share"),
        ),
        w.sentence(
            "findings.stable_some" if stable else "findings.stable_none",
            draws=str(settings.resampling.resamples),
            share=number(settings.resampling.stable, "share"),
            stable=metric(t, "listed_stable"),
        ),
        w.sentence(
            "findings.discovered_some" if discovered else "findings.discovered_none",
            alpha=f"{settings.permutation.alpha:g}",
            discovered=metric(t, "listed_discovered"),
        )
        if len(t.names) > 1
        else (),
        _distinctive(t, w),
    )


def section(t: Tables, w: Wording, settings: Settings) -> list[Heading | Paragraph | Bullets]:
    """The section as blocks."""
    words = ("regions", "measures", "characters_min", "characters_max", "words", "nested", "types", "own_types")
    items = [
        w.sentence(
            "findings.corpus",
            **{name: metric(t, name) for name in words},
            own_types_share=metric(t, "own_types_share", "share"),
        ),
        _keywords(t, w, settings),
        _common(t, w, settings),
        _similar(t, w, settings),
        hedges.nearest(t, w, settings),
        _views(t, w, settings),
        hedges.sentences(w, hedges.reliability(t, w, settings), hedges.left_out(t, w)),
        _groups(t, w, settings),
        theme_hedges.brief(t, w, settings),
        background_hedges.brief(t, w, settings),
        hedges.specifications(t, w, settings),
        hedges.limits(t, w),
    ]
    return [
        Heading(2, w.text("findings.heading"), "findings"),
        Paragraph(w.sentence("findings.intro"), "note"),
        Bullets(tuple(item for item in items if item)),
    ]
