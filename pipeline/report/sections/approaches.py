"""Section: what the regions do, by the themes of the codebook, and the clause behind every mark."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pandas as pd

from pipeline.anchors import anchor
from pipeline.method import Settings
from pipeline.report import parts
from pipeline.report.document import (
    Block,
    Details,
    Heading,
    Measure,
    Paragraph,
    Span,
    Spans,
    Table,
    joined,
    spans,
)
from pipeline.report.parts import (
    highlighted_at,
    many_regions,
    measure_links,
    metric,
    pair_anchor,
    pair_links,
    references,
)
from pipeline.report.sections import coders, headlines, hedges, theme_hedges as said
from pipeline.report.sections.shared import cell, columns, figure, first_rows
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording

_LED = 3  # themes named for a group or a pair
_SHOWN = 4  # leading themes of a region that are shown with their intervals, unless more share the first rank
_PAIRS = 10  # closest pairs by themes
_NAMED = 4  # measures named for a theme of a pair


def exploratory(t: Tables) -> str:
    """The ending of the strings that speak of groups of measures instead of a codebook."""
    return "_exploratory" if said.unsupervised(t) else ""


def _hits(t: Tables) -> dict[tuple[str, str], list[Any]]:
    """Region and theme -> the counted hits, in the order of the text."""
    found: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for hit in t["theme_evidence"].itertuples():
        if hit.status == "counted":
            found[hit.region, hit.theme].append(hit)
    return found


def _theme_table(t: Tables, w: Wording, settings: Settings) -> Table:
    """The codebook: what each theme covers and where it was found; of many regions where most of it was."""
    rows = []
    for row in t["codebook"].itertuples():

        def number_in(column: str, style: str, theme: str = row.theme) -> Spans:
            return spans(t.cell("codebook", (theme,), column, style, "#table-themes"))

        where = t["themes"][(t["themes"]["theme"] == row.theme) & (t["themes"]["measures"] > 0)]
        if many_regions(t, settings):
            where = where.sort_values("measures", ascending=False, kind="stable").head(settings.report.references)
        links = [said.mark(t, w, each.region, row.theme) for each in where.itertuples()]
        more = " …" if len(links) < row.regions else ""
        rows.append(
            (
                spans(
                    Span(said.name(t, w, row.theme), kind="strong"),
                    w.text("page.colon"),
                    row.definition_zh if w.language == "zh" else row.definition_en,
                    ()
                    if pd.isna(row.stability)
                    else w.sentence("approaches.stability", value=number_in("stability", "2")),
                ),
                number_in("measures", "int"),
                number_in("share", "share"),
                number_in("regions", "int"),
                spans(number_in("rules_used", "int"), " / ", number_in("rules", "int")),
                number_in("single_hit", "int"),
                spans(joined(links, w.text("page.comma")), more) if links else cell("—"),
            )
        )
    return Table(
        w.text("approaches.caption_themes" + exploratory(t)),
        columns(w, "approaches.columns_themes"),
        tuple(rows),
        "wrrrrrw",
        "table-themes",
    )


def _profile_table(t: Tables, w: Wording, settings: Settings) -> Table:
    """Every region's themes, the largest share first."""
    rows = []
    for region in t.names:
        mine = t["themes"][(t["themes"]["region"] == region) & (t["themes"]["measures"] > 0)]
        mine = mine.sort_values(["rank", "first_rank"], kind="stable")
        href = f"#{anchor('approaches', region)}"

        def entry(row: Any, region: str = region) -> Spans:
            key = (region, row.theme)
            return w.sentence(
                "approaches.profile_entry",
                theme=said.mark(t, w, region, row.theme, words=True),
                share=t.cell("themes", key, "share", "share", said.anchor_of(region, row.theme)),
                low=t.cell("themes", key, "share_low", "share", said.anchor_of(region, row.theme)),
                high=t.cell("themes", key, "share_high", "share", said.anchor_of(region, row.theme)),
            )

        listed = list(mine.itertuples())
        most = next((rank for rank in (3, 2) if sum(row.rank <= rank for row in listed) <= _SHOWN), 1)
        first = [row for row in listed if row.rank == 1]
        leads = [
            spans(
                said.name(t, w, row.theme), " ", t.cell("themes", (region, row.theme), "leading_share", "share", href)
            )
            for row in first[:_LED]
        ]
        rows.append(
            (
                spans(Span(w.region(region), href=href)),
                joined([entry(row) for row in listed if row.rank <= most] or [cell("—")], w.text("page.semicolon")),
                joined([spans(said.mark(t, w, region, row.theme, words=True)) for row in listed if row.rank > most] or [cell("—")], w.text("page.comma")),
                joined(leads or [cell("—")], w.text("page.comma")),
            )
        )  # fmt: skip
    return Table(
        w.text("approaches.caption_profiles", level=number(settings.resampling.level, "share")),
        columns(w, "approaches.columns_profiles"),
        tuple(rows),
        "nwww",
        "table-profiles",
    )


def _clauses(t: Tables, settings: Settings) -> int:
    """Clauses quoted for a region and a theme."""
    return 1 if many_regions(t, settings) else min(settings.report.clauses, references(t, settings))


def _evidence(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """For every region the clauses behind its marks, each the target of its mark; of a mark the first few."""
    found = _hits(t)
    most, many = _clauses(t, settings), many_regions(t, settings)
    blocks: list[Block] = [Paragraph(w.sentence("approaches.first_clauses"), "note")] if many else []
    for region in t.names:
        inner: list[Block] = []
        for theme in t["codebook"]["theme"]:
            hits = found.get((region, theme))
            if not hits:
                continue
            clauses = []
            carrying = list(dict.fromkeys(hit.measure_id for hit in hits))
            for measure_id in carrying[:most]:
                measure = t.measure[measure_id]
                places = [
                    (hit.start - measure.start, hit.end - measure.start) for hit in hits if hit.measure_id == measure_id
                ]
                link = Span(f"{t.numbered(measure)} ", href=f"#{measure_id}")
                clauses.append(spans(link, highlighted_at(measure.text, places)))
            shown = joined(clauses, w.text("approaches.between_clauses"))
            if len(carrying) > most and not many:
                shown = spans(shown, w.sentence("approaches.more_clauses", more=number(len(carrying) - most, "int")))
            inner.append(Measure(said.anchor_of(region, theme)[1:], said.name(t, w, theme), shown))
        summary = w.sentence(
            "approaches.region_summary",
            region=w.region(region),
            measures=str(int((t["measures"]["region"] == region).sum())),
            themes=str(len(inner)),
        )
        blocks.append(
            Details(
                summary,
                tuple(inner) or (Paragraph(w.sentence("approaches.no_themes")),),
                anchor("approaches", region),
                long=True,
                shared=True,
            )
        )
    return blocks  # fmt: skip


def _verdict_table(t: Tables, w: Wording) -> Table:
    rows = []
    for row in t["theme_verdict"].itertuples():
        if row.criterion == "verdict":
            continue
        asked, style = ("at_least", "2") if row.criterion == "jaccard" else ("at_most", "p")
        value = spans(t.cell("theme_verdict", (row.criterion,), "value", style, "#table-theme-verdict"))
        met = w.text("clusters.met" if row.met else "clusters.not_met")
        rows.append(
            (
                cell(w.text("approaches.criterion_structure_themes") if row.criterion == "structure_themes" else w.text(f"clusters.criterion_{row.criterion}")),
                value,
                cell(w.text(f"clusters.{asked}", value=f"{row.threshold:g}")),
                cell(w.texts["why"][row.outcome] if row.outcome else met),
            )
        )  # fmt: skip
    return Table(
        w.text("approaches.caption_verdict"),
        columns(w, "clusters.columns_verdict"),
        tuple(rows),
        "lrll",
        "table-theme-verdict",
    )


def _group_table(t: Tables, w: Wording, settings: Settings) -> Table:
    """The groups by themes with what marks them, and each region's group by words."""
    rows = []
    profiles = t["theme_profiles"]
    for cluster, group in t["theme_groups"].sort_values("leaf").groupby("cluster"):
        mine = profiles[(profiles["grouping"] == "themes") & (profiles["cluster"] == cluster) & (profiles["g2"] > 0)]

        def of_theme(row: Any, column: str, style: str, cluster: Any = cluster) -> Span:
            return t.cell("theme_profiles", ("themes", cluster, row.theme), column, style, "#table-theme-groups")

        marking = [
            spans(said.name(t, w, row.theme), " (", of_theme(row, "share", "share"), " : ", of_theme(row, "share_rest", "share"), "; G² ", of_theme(row, "g2", "1"), ")")
            for row in mine.sort_values("rank").head(_LED).itertuples()
        ]  # fmt: skip
        members = [
            spans(
                w.region(row.region),
                "＊" if row.confident else "",
                " (",
                t.cell("theme_groups", (row.region,), "support", "share", "#table-theme-groups"),
                w.text("approaches.word_group", cluster=row.cluster_words),
                ")",
            )
            for row in group.itertuples()
        ]
        evidence = [i for ids in mine.sort_values("rank").head(_LED)["measure_ids"] for i in ids]
        rows.append(
            (
                cell(str(cluster)),
                joined(members, w.text("page.comma")),
                joined(marking, w.text("page.comma")) if marking else cell("—"),
                measure_links(t, w, dict.fromkeys(evidence), references(t, settings)),
            )
        )
    return Table(
        w.text("approaches.caption_groups"),
        columns(w, "approaches.columns_groups"),
        tuple(rows),
        "lwwl",
        "table-theme-groups",
    )


def _agreement_table(t: Tables, w: Wording) -> list[Block]:
    rows = []
    for row in t["view_agreement"].itertuples():
        key, href = (row.measure, row.k), "#table-view-agreement"
        if row.measure == "mantel":
            what = w.text("approaches.agree_mantel")
        else:
            what = w.text("approaches.agree_described") if row.k < 0 else w.text("approaches.agree_rand", k=row.k)
        known = not row.why
        rows.append(
            (
                cell(what),
                spans(t.cell("view_agreement", key, "value", "2", href)) if known else cell(w.texts["why"][row.why]),
                spans(t.cell("view_agreement", key, "p", "p", href)) if known else cell(""),
            )
        )
    table = Table(
        w.text("approaches.caption_agreement"),
        columns(w, "approaches.columns_agreement"),
        tuple(rows),
        "lrr",
        "table-view-agreement",
    )
    return [table] if rows else []


def _differences_table(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """The pairs on which themes and words differ most, and the measures that make the difference."""
    rows = []
    for row in t["view_differences"].itertuples():
        key, href = (row.region_a, row.region_b), "#table-view-differences"
        without: Spans = ()
        if row.measure_ids:
            without = w.sentence(
                "approaches.without",
                measures=measure_links(t, w, row.measure_ids, references(t, settings)),
                difference=t.cell("view_differences", key, "difference_without", "int", href),
            )
        themes = [said.name(t, w, theme) for theme in row.themes.split("·") if theme]
        terms = [w.term(term) for term in row.terms.split("·") if term]
        rows.append(
            (
                spans(Span(w.text("similarity.pair", a=w.region(row.region_a), b=w.region(row.region_b)), href=f"#{pair_anchor(*key)}")),
                spans(t.cell("view_differences", key, "rank_themes", "int", href)),
                spans(t.cell("view_differences", key, "rank_words", "int", href)),
                joined([spans(name) for name in themes], w.text("page.comma")) if themes else cell("—"),
                joined(terms, w.text("page.comma")) if terms else cell("—"),
                without or cell("—"),
            )
        )  # fmt: skip
    if not rows:
        return []
    return [
        Table(
            w.text("approaches.caption_differences"),
            columns(w, "approaches.columns_differences"),
            tuple(rows),
            "nrrwww",
            "table-view-differences",
        )
    ]


def _pair_table(t: Tables, w: Wording) -> list[Block]:
    """The closest pairs by themes and the themes that their cosines come from."""
    ordered = t["theme_similarity"].sort_values(["rank", "rank_words"], kind="stable")
    ordered = ordered[ordered["cosine"] > 0].head(_PAIRS)
    shared = {key: list(group.itertuples()) for key, group in t["theme_pairs"].groupby(["region_a", "region_b"])}
    rows = []
    for pair in ordered.itertuples():
        key, href = (pair.region_a, pair.region_b), "#table-theme-pairs"

        def number_in(column: str, style: str, key: tuple[str, str] = key) -> Span:
            return t.cell("theme_similarity", key, column, style, "#table-theme-pairs")

        themes = [
            spans(
                said.name(t, w, row.theme),
                " ",
                t.cell("theme_pairs", (*key, row.theme), "share", "share", href),
                " (",
                pair_links(t, w, row.measures_a, row.measures_b, _NAMED),
                ")",
            )
            for row in shared.get(key, [])[:_LED]
        ]
        rows.append(
            (
                spans(number_in("rank", "int")),
                w.sentence("similarity.interval", low=number_in("rank_low", "int"), high=number_in("rank_high", "int")),
                cell(w.text("similarity.pair", a=w.region(pair.region_a), b=w.region(pair.region_b))),
                spans(number_in("cosine", "2")),
                w.sentence("similarity.interval", low=number_in("cosine_low", "2"), high=number_in("cosine_high", "2")),
                spans(number_in("q", "p")),
                spans(number_in("rank_words", "int")),
                joined(themes, w.text("page.comma")),
            )
        )
    if not rows:
        return []
    return [
        Table(
            w.text("approaches.caption_pairs"),
            columns(w, "approaches.columns_pairs"),
            tuple(rows),
            "rrnrrrrw",
            "table-theme-pairs",
        )
    ]


def _left_out(t: Tables, w: Wording, most: int) -> list[Block]:
    """What the codebook found and did not count, and the measures without a theme; ``most`` of each."""

    def spoken(key: str, shown: int, found: int) -> str:
        return w.text(key) + (first_rows(w, shown, found, "uncoded" if "uncoded" in key else "theme_evidence"))

    blocks: list[Block] = []
    passed = t["theme_evidence"][t["theme_evidence"]["status"] != "counted"]
    if len(passed):
        rows = tuple(
            (
                measure_links(t, w, [row.measure_id], 1),
                spans(Span(row.indicator, kind="source")),
                cell(said.name(t, w, row.theme)),
                cell(w.texts["approaches"]["status"][row.status]),
                spans(Span(row.reason, kind="source")),
            )
            for row in passed.head(most).itertuples()
        )
        table = Table(
            spoken("approaches.caption_passed", len(rows), len(passed)),
            columns(w, "approaches.columns_passed"),
            rows,
            "nllll",
            "table-passed",
        )
        blocks.append(Details(w.sentence("approaches.passed", hits=str(len(passed))), (table,), "passed", long=True))
    if len(t["uncoded"]):
        every = t["uncoded"]["measure_id"].drop_duplicates()
        listed = t["uncoded"][t["uncoded"]["measure_id"].isin(every.head(most))]
        bare = [
            (
                measure_links(t, w, [measure_id], 1),
                spans(Span(t.measure[str(measure_id)].text, kind="source")),
                joined(
                    [w.term(row.term) for row in group.itertuples() if row.term] or [cell("—")], w.text("page.comma")
                ),
            )
            for measure_id, group in listed.groupby("measure_id", sort=False)
        ]
        blocks.append(
            Table(
                spoken("approaches.caption_uncoded", len(bare), len(every)),
                columns(w, "approaches.columns_uncoded"),
                tuple(bare),
                "nww",
                "table-uncoded",
            )
        )
    return blocks


def section(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """The approaches of the regions."""
    regions = metric(t, "regions")
    heading = Heading(2, w.text("approaches.heading" + exploratory(t)), "approaches")
    if t["codebook"].empty:
        return [heading, Paragraph(w.sentence("approaches.nothing"))]
    most = headlines.approaches(t, w)[1]
    lead = hedges.sentences(w, said.coding(t, w), *said.use(t, w), said.first_themes(t, w, settings))
    groups: list[Block] = [
        Heading(3, w.text("approaches.groups_heading"), "theme-groups"),
        Paragraph(
            hedges.sentences(
                w,
                hedges.stated(w, headlines.theme_groups(t, w)[1]),
                *said.verdict(t, w, settings),
                *said.agreement(t, w, settings),
            )
        ),
    ]
    if len(t.names) > 1:
        groups += [
            *([_verdict_table(t, w)] if not pd.isna(t["theme_verdict"]["value"].iloc[0]) else []),
            _group_table(t, w, settings),
            figure(w, "approaches", "theme_profiles", ["theme_profiles"], verdict=headlines.theme_groups(t, w)[1]),
            *_pair_table(t, w),
            *_agreement_table(t, w),
            *_differences_table(t, w, settings),
        ]
    matrix = figure(
        w, "approaches", "theme_matrix", ["themes", "codebook", "theme_groups", "measures"], regions=regions,
        first=headlines.first_themes(t, w, settings)[1], most=most,
    )  # fmt: skip
    return [
        heading,
        Paragraph(lead, "lead"),
        Paragraph(w.sentence("approaches.intro" + exploratory(t), draws=settings.resampling.resamples, level=number(settings.resampling.level, "share")), "note"),
        replace(matrix, linked=True),
        *([] if many_regions(t, settings) else [_profile_table(t, w, settings)]),
        *_evidence(t, w, settings),
        _theme_table(t, w, settings),
        figure(w, "approaches", "theme_use", ["codebook", "themes"], regions=regions, most=most),
        *_left_out(t, w, parts.rows(t, settings)),
        *groups,
        *coders.blocks(t, w, settings),
    ]  # fmt: skip
