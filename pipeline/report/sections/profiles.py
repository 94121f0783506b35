"""Region by region: what it does, what only it says, its keywords, whom it resembles, and how sure that is."""

from __future__ import annotations

from typing import Any

from pipeline.anchors import anchor
from pipeline.method import Settings
from pipeline.report.document import Block, Bullets, Details, Heading, Paragraph, Span, Spans, joined, spans
from pipeline.report.parts import (
    first_of,
    group_number,
    keyword_number,
    many_regions,
    pair_number,
    region_link,
    to_keywords,
)
from pipeline.report.sections import hedges, portrait, theme_hedges
from pipeline.report.sections.findings import shared_terms
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording

_LEADING = 2  # themes named beside a region, unless more share the first place


def _labelled(w: Wording, name: str, *parts: Spans) -> Spans:
    """What stands behind a label; nothing where all of it is empty."""
    said = hedges.sentences(w, *parts)
    return spans(Span(w.text(f"profiles.{name}"), kind="strong"), w.text("page.colon"), said) if said else ()


def _approach(t: Tables, w: Wording, region: str, most: int) -> Spans:
    """The headlines of its measures, each with the themes that it carries."""
    counted = t.themes_of
    own = [row for row in t.measure.values() if row.region == region]
    items = []
    for row in own[:most]:
        themes = [
            Span(theme_hedges.name(t, w, theme), href=theme_hedges.anchor_of(region, theme))
            for theme in counted.get(row.measure_id, ())
        ]
        listed = w.sentence("profiles.themes", list=joined(themes, w.text("page.comma"))) if themes else ()
        items.append(
            spans(Span(t.numbered(row), href=f"#{row.measure_id}"), " ", Span(row.headline, kind="source"), listed)
        )
    said = joined(items, w.text("page.semicolon"))
    more = len(own) - len(items)
    return spans(said, w.sentence("profiles.more_measures", more=number(more, "int")) if more > 0 else w.text("page.stop"))  # fmt: skip


def _own(t: Tables, w: Wording, region: str, most: int) -> Spans:
    """What it says that others do not: themes and terms."""
    only, shared = portrait.seldom_themes(t, w, region)
    terms = portrait.repeated_terms(t, w, region, most)
    single = portrait.single_terms(t, w, region, most)
    return hedges.sentences(
        w,
        w.sentence("profiles.themes_only", list=only) if only else (),
        w.sentence("profiles.themes_shared", list=shared) if shared else (),
        w.sentence("profiles.terms_repeated", list=terms) if terms else w.sentence("profiles.terms_none"),
        w.sentence("profiles.terms_once", list=single) if single else (),
    )


def _keywords(t: Tables, w: Wording, settings: Settings, region: str) -> Spans:
    keywords = t["keywords"]
    listed = keywords[(keywords["region"] == region) & (keywords["rank"] <= settings.keywords.top)]
    items = [
        spans(
            w.term(row.term, first_of(row.measure_ids)),
            " ",
            keyword_number(row, "stability", "share"),
            w.text("profiles.keyword_stable") if row.stability >= settings.resampling.stable else "",
        )
        for row in listed.itertuples()
    ]
    if not items:
        return ()
    href = to_keywords(t, settings, region)
    return hedges.sentences(
        w,
        w.sentence("profiles.keyword_list", list=joined(items, w.text("page.comma"))),
        w.sentence(
            "profiles.keywords_single",
            listed=Span(str(len(listed)), href=href),
            single=Span(str(int(listed["single_mention"].sum())), href=href),
        )
        if listed["single_mention"].any()
        else (),
    )


def certain_nearest(t: Tables, settings: Settings, region: str, other: str) -> bool:
    """Whether the other is its nearest whatever measures are drawn."""
    return bool(t.row("neighbours", region, other).nearest_share >= settings.resampling.level)


def _near(t: Tables, w: Wording, settings: Settings, region: str) -> list[Spans]:
    rows = portrait.neighbours(t, region, settings.report.profile_neighbours)
    if not rows:
        return [_labelled(w, "near", w.sentence("profiles.near_none"))] if len(t.names) > 1 else []
    kind = "certain" if certain_nearest(t, settings, region, rows[0].other) else "uncertain"
    first = w.sentence(
        f"profiles.near_{kind}",
        other=region_link(w, rows[0].other),
        share=t.cell("neighbours", (region, rows[0].other), "nearest_share", "share"),
    )
    listed = [
        spans(
            portrait.interval(t, w, settings, region, row),
            w.sentence("profiles.through", terms=shared_terms(t, w, region, row.other)),
        )
        for row in ([] if many_regions(t, settings) else rows)
    ]
    return [_labelled(w, "near", first), *listed]


def _group(t: Tables, w: Wording, region: str) -> Spans:
    if t.metric["k"] < 2:
        return ()
    row = t.row("clusters", region)
    values = {
        "cluster": group_number(t, region, "cluster", "int"),
        "support": group_number(t, region, "support", "share"),
    }
    return w.sentence("profiles.group_confident" if row.confident else "profiles.group_not", **values)


def _careful(t: Tables, w: Wording, region: str) -> Spans:
    """What could not be computed for it."""
    mine = t["limits"][t["limits"]["item"] == region]["what"]
    return hedges.sentences(w, *(w.sentence(f"certainty.limit_{what}", items=w.region(region)) for what in mine))


def _leading(t: Tables, w: Wording, region: str) -> Spans:
    """The themes with the largest share of its measures, where a codebook names themes and few share that place."""
    themes = t["themes"]
    first = themes[(themes["region"] == region) & (themes["rank"] == 1) & (themes["measures"] > 0)]["theme"]
    if first.empty or len(first) > _LEADING or theme_hedges.unsupervised(t):
        return ()
    return w.sentence(
        "profiles.leading", list=w.text("page.comma").join(theme_hedges.name(t, w, theme) for theme in first)
    )


def _summary(t: Tables, w: Wording, row: Any) -> Spans:
    values = {
        "region": w.region(row.region),
        "measures": t.cell("regions", (row.region,), "measures", "int"),
        "themes": _leading(t, w, row.region),
    }
    if not row.nearest:
        return w.sentence("profiles.summary_alone", **values)
    cosine = pair_number(t.pair(row.region, row.nearest), "cosine", "2")
    return w.sentence("profiles.summary", **values, other=w.region(row.nearest), cosine=cosine)


def section(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """One block for each region; of many regions a short one, without its measures and its clauses."""
    many = many_regions(t, settings)
    blocks: list[Block] = [
        Heading(3, w.text("profiles.heading"), "profiles"),
        Paragraph(w.sentence("profiles.intro_many" if many else "profiles.intro"), "note"),
    ]
    for row in t["regions"].itertuples():
        region = row.region
        listed = [
            () if many else _labelled(w, "approach", _approach(t, w, region, settings.report.profile_measures)),
            _labelled(w, "own", _own(t, w, region, settings.report.profile_terms)) if len(t.names) > 1 else (),
            _labelled(w, "keywords", _keywords(t, w, settings, region)),
            *_near(t, w, settings, region),
            _labelled(w, "group", _group(t, w, region)),
            _labelled(w, "careful", _careful(t, w, region)),
        ]
        quoted = portrait.quotes(t, w, region, settings.report.profile_terms) if len(t.names) > 1 and not many else []
        inner: list[Block] = [Bullets(tuple(item for item in listed if item))]
        if quoted:
            inner += [Paragraph(w.sentence("profiles.quoted"), "note"), *quoted]
        blocks.append(Details(_summary(t, w, row), tuple(inner), anchor("profile", region)))
    return blocks
