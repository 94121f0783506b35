"""Findings in two levels: a sentence that says how sure it is, and below it the numbers, each bound to a table cell."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.method import Settings
from pipeline.report.document import Block, Bullets, Finding, Heading, Paragraph, Span, Spans, joined, spans
from pipeline.report.parts import first_of, keyword_number, metric, pair_anchor, pair_number, region_link
from pipeline.report.sections import background_hedges, headlines, hedges, theme_hedges
from pipeline.report.source import Tables, bound, number
from pipeline.report.wording import Wording
from pipeline.representations import common_above

_DISTINCT = 3  # terms named as most distinctive
_SIMILAR = 3  # terms named for the closest pair


def finding(w: Wording, name: str, headline: headlines.Headline, items: Iterable[Spans]) -> Finding:
    """The headline with the items that are not empty."""
    certainty, sentence = headline
    below = tuple(item for item in items if item)
    return Finding(
        sentence,
        certainty,
        w.texts["certainty_words"][certainty],
        (Bullets(below),) if below else (),
        f"finding-{name}",
    )


def _distinctive(t: Tables, w: Wording) -> Spans:
    keywords = t["keywords"]
    repeated = keywords[(keywords["count"] > 1) & (keywords["df"] == 1) & keywords["rank"].notna()]
    ranked = repeated.assign(key=repeated["g2"].round(9)).sort_values("key", ascending=False, kind="stable")
    items = [
        w.sentence(
            "findings.distinct",
            region=region_link(w, row.region),
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


def shared_terms(t: Tables, w: Wording, a: str, b: str, most: int = _SIMILAR) -> Spans:
    """The words that carry the likeness of a pair, each with its share of the cosine."""
    a, b = (a, b) if t.names.index(a) < t.names.index(b) else (b, a)
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
                href=f"#{pair_anchor(a, b)}",
            ),
        )
        for row in t.terms_of.get((a, b), [])[:most]
    ]
    return w.listed(items)


def _similar(t: Tables, w: Wording, settings: Settings) -> list[Finding]:
    """The closest pair, how sure it is the closest, and which pairs hold."""
    if t["similarity"].empty:
        return []
    best = hedges.closest(t, "cosine")
    headline = headlines.closest(t, w, settings, best)
    if best.cosine == 0:
        return [finding(w, "closest", headline, [w.sentence("findings.similar_none")])]
    said = w.sentence(
        "findings.similar",
        pairs=metric(t, "pairs"),
        a=w.region(best.region_a),
        b=w.region(best.region_b),
        cosine=pair_number(best, "cosine", "2"),
        mean=metric(t, "cosine_mean", "2"),
        terms=shared_terms(t, w, best.region_a, best.region_b),
    )
    below = [
        said,
        *hedges.closest_pair(t, w, settings, best),
        hedges.pairs_hold(t, w, settings),
        hedges.robust_pairs(t, w, settings),
    ]
    return [finding(w, "closest", headline, below)]


def _in_both(t: Tables, w: Wording, first: int) -> Spans:
    """The pairs that are among the first by words and by characters."""
    similarity = t["similarity"]
    shared = similarity[similarity["cosine"] > 0]
    pairs = shared[(shared["rank"] <= first) & (shared["rank_char"] <= first)].sort_values("rank")
    if pairs.empty:
        return w.sentence("findings.both_none", top=first)
    names = [hedges.pair_name(w, row.region_a, row.region_b) for row in pairs.itertuples()]
    return w.sentence("findings.both", top=first, list=joined(names, w.text("page.comma")))


def _views(t: Tables, w: Wording, settings: Settings) -> list[Spans]:
    """How the comparison by characters agrees with that by words."""
    if t["similarity"].empty:
        return []
    best_char = hedges.closest(t, "cosine_char")
    if best_char.cosine_char == 0:
        return [w.sentence("findings.views_none")]
    said = w.sentence(
        "findings.views",
        a=w.region(best_char.region_a),
        b=w.region(best_char.region_b),
        cosine=pair_number(best_char, "cosine_char", "2"),
    )
    if t.row("reliability", "both", "views").why:
        return [said]
    agree = w.sentence(
        "findings.views_agree",
        rho=t.cell("reliability", ("both", "views"), "value", "2", "#table-reliability"),
        pairs=metric(t, "pairs"),
        agree=metric(t, "nearest_agree"),
    )
    return [said, agree, _in_both(t, w, settings.similarity.first)]


def groups(t: Tables, w: Wording) -> Spans:
    """Each group with its label and its regions, in one line."""
    clusters = t["clusters"].sort_values("leaf")
    items = [
        w.sentence(
            "findings.group",
            cluster=Span(str(cluster), href="#table-groups"),
            label=joined([w.term(term) for term in members["label"].iloc[0].split("·")], " · "),
            regions=joined([region_link(w, name) for name in members["region"]], w.text("page.comma")),
        )
        for cluster, members in clusters.groupby("cluster")
    ]
    return joined(items, w.text("page.semicolon"))


def _groups(t: Tables, w: Wording, settings: Settings) -> Finding:
    """The verdict on the groups, what the texts could have shown, and the groups themselves."""
    below = [hedges.verdict(t, w, settings)]
    if t.metric["k"] >= 2:
        below += [
            hedges.power(t, w),
            w.sentence("findings.groups", groups=groups(t, w)),
            hedges.members(t, w),
        ]
    return finding(w, "groups", headlines.groups(t, w), below)


def _keywords(t: Tables, w: Wording, settings: Settings) -> Finding:
    """How many entries the lists have, what of them is stable, what stands out, and what most regions share."""
    stable, discovered = int(t.metric["listed_stable"]), int(t.metric["listed_discovered"])
    below = [
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
        _common(t, w, settings),
    ]
    return finding(w, "keywords", headlines.keywords(t, w), below)


def _corpus(t: Tables, w: Wording) -> Finding:
    words = ("regions", "measures", "characters_min", "characters_max", "words", "nested", "types", "own_types")
    values = {name: metric(t, name) for name in words}
    share = metric(t, "own_types_share", "share")
    below = [w.sentence(f"findings.{name}", **values, own_types_share=share) for name in ("corpus", "corpus_words")]
    return finding(w, "corpus", headlines.corpus(t, w), below)


def _approaches(t: Tables, w: Wording, settings: Settings) -> list[Finding]:
    """What the regions do, which theme leads where, and whether themes show groups."""
    if t["codebook"].empty:
        return []
    return [
        finding(w, "approaches", headlines.approaches(t, w), [theme_hedges.coding(t, w), *theme_hedges.use(t, w)]),
        finding(w, "first-themes", headlines.first_themes(t, w, settings), [theme_hedges.first_themes(t, w, settings)]),
        finding(
            w,
            "theme-groups",
            headlines.theme_groups(t, w),
            [*theme_hedges.verdict(t, w, settings), *theme_hedges.agreement(t, w, settings)],
        ),
    ]


def _specifications(t: Tables, w: Wording, settings: Settings) -> list[Finding]:
    if not t.metric["claims"]:
        return []
    return [finding(w, "settings", headlines.settings_hold(t, w), [hedges.specifications(t, w, settings)])]


def _reliability(t: Tables, w: Wording, settings: Settings) -> Finding:
    below = [hedges.reliability(t, w, settings), *_views(t, w, settings), *hedges.left_out(t, w)]
    return finding(w, "ranking", headlines.ranking(t, w, settings), below)


def _nearest(t: Tables, w: Wording, settings: Settings) -> list[Finding]:
    said = hedges.nearest(t, w, settings)
    return [finding(w, "nearest", headlines.nearest(t, w, settings), [said])] if said else []


def section(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """The section as blocks."""
    limits = hedges.limits(t, w)
    return [
        Heading(2, w.text("findings.heading"), "findings"),
        Paragraph(w.sentence("findings.intro"), "note"),
        *_similar(t, w, settings),
        *_nearest(t, w, settings),
        _groups(t, w, settings),
        *_approaches(t, w, settings),
        _keywords(t, w, settings),
        *_specifications(t, w, settings),
        finding(w, "background", headlines.background(t, w), background_hedges.brief(t, w, settings)),
        _reliability(t, w, settings),
        _corpus(t, w),
        *([finding(w, "limits", ("description", w.sentence("headline.limits")), [limits])] if limits else []),
    ]
