"""The report on two runs: what changed, how sure that is, and the clauses behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.method import Settings
from pipeline.report.compared_findings import findings
from pipeline.report.compared_page import Page, most_changed
from pipeline.report.document import (
    Block,
    Details,
    Document,
    Heading,
    Measure,
    Paragraph,
    Span,
    Spans,
    Table,
    joined,
    spans,
)
from pipeline.report.parts import highlighted
from pipeline.report.sections.shared import cell, columns
from pipeline.report.sections.source import where_stands
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording

_PAIRS = 12  # pairs in the table, those that changed most
_CARRY = 5  # terms named for the change of a pair
_DRIFTED = 15  # terms in the table of idf
_KEYWORDS = 40  # gained and lost terms in the table, the sure ones first


def _marked(page: Page, rows: pd.DataFrame) -> Spans:
    named = [spans(page.term(row), "＊" if row.sure else "") for row in rows.itertuples()]
    return joined(named, page.w.text("page.comma")) or cell("—")


def _keyword_row(page: Page, row: Any) -> tuple[Spans, ...]:
    key = (row.region, row.term)

    def number_in(column: str, style: str) -> Span:
        return page.t.cell("compare_keywords", key, column, style)

    return (
        cell(page.w.region(row.region)),
        spans(page.term(row), "＊" if row.sure else ""),
        cell(page.w.texts["compare"]["status"][row.status]),
        page.both("compare_keywords", key, "rank", "int"),
        page.both("compare_keywords", key, "count", "int"),
        page.both("compare_keywords", key, "df", "int"),
        spans(number_in("change", "4")),
        spans(number_in("from_tf", "4")),
        spans(number_in("from_idf", "4")),
        page.both("compare_keywords", key, "stability", "share"),
        cell(_cause(page.w, row)),
    )


def _cause(w: Wording, row: Any) -> str:
    """Why, and of a barred term what bars it."""
    barred = row.unranked_b if row.status == "lost" else row.unranked_a
    reason = w.texts["compare"]["unranked"][barred] if row.cause == "unranked" else ""
    return (
        w.text("compare.cause_because", cause=w.texts["compare"]["causes"][row.cause], reason=reason)
        if reason
        else str(w.texts["compare"]["causes"][row.cause])
    )


def _keywords(page: Page) -> list[Block]:
    w, frame = page.w, page.t["compare_keywords"]
    rows = []
    for region in page.t["compare_regions"].query("where == 'both'").itertuples():
        own = frame[frame["region"] == region.region]
        key = (region.region,)
        rows.append(
            (
                cell(w.region(region.region)),
                cell(w.text("compare.same_text" if region.same_text else "compare.other_text")),
                _marked(page, own[own["status"] == "gained"]),
                _marked(page, own[own["status"] == "lost"]),
                spans(page.t.cell("compare_regions", key, "shared", "int")),
                spans(page.t.cell("compare_regions", key, "jaccard", "2")),
                spans(page.t.cell("compare_regions", key, "rbo", "2")),
            )
        )
    blocks: list[Block] = [
        Heading(2, w.text("compare.keywords_heading"), "keywords"),
        Table(w.text("compare.caption_lists"), columns(w, "compare.columns_lists"), tuple(rows), "nnwwrrr", "table-compare-lists"),
    ]  # fmt: skip
    moved = frame[frame["status"] != "kept"].sort_values("sure", ascending=False, kind="stable")
    if moved.empty:
        return blocks
    blocks.append(Paragraph(w.sentence("compare.parts_intro"), "note"))
    listed = [_keyword_row(page, row) for row in moved.itertuples()]
    names = columns(w, "compare.columns_moved")
    blocks.append(
        Table(w.text("compare.caption_moved"), names, tuple(listed[:_KEYWORDS]), "nwnrrrrrrrw", "table-compare-moved")
    )
    if len(listed) > _KEYWORDS:
        blocks.append(
            Paragraph(page.w.sentence("compare.moved_more", n=_KEYWORDS, all=page.metric("keywords_moved")), "note")
        )
    return blocks


# --- regions and pairs -----------------------------------------------------------------------------------------------


def _nearest_cell(page: Page, region: Any, mark: str) -> Spans:
    other = getattr(region, f"nearest_{mark}")
    if not other:
        return cell("—")
    key = (region.region,)
    return page.w.sentence(
        "compare.nearest_item",
        other=page.w.region(other),
        cosine=page.t.cell("compare_regions", key, f"nearest_cosine_{mark}", "2"),
        share=page.t.cell("compare_regions", key, f"nearest_share_{mark}", "share"),
    )


def _regions(page: Page) -> list[Block]:
    w = page.w
    rows = []
    for region in page.t["compare_regions"].itertuples():
        key = (region.region,)
        changed = "changed_sure" if region.nearest_sure else "changed" if region.nearest_changed else "unchanged"
        rows.append(
            (
                cell(w.region(region.region)),
                cell(w.texts["compare"]["where"][region.where]),
                page.both("compare_regions", key, "characters", "int"),
                page.both("compare_regions", key, "measures", "int"),
                spans(page.t.cell("compare_regions", key, "cosine", "2")),
                _nearest_cell(page, region, "a"),
                _nearest_cell(page, region, "b"),
                cell(w.text(f"compare.{changed}") if region.where == "both" else "—"),
            )
        )
    return [
        Heading(2, w.text("compare.regions_heading"), "regions"),
        Paragraph(w.sentence("compare.regions_intro"), "note"),
        Table(w.text("compare.caption_regions"), columns(w, "compare.columns_regions"), tuple(rows), "nnrrrnnl", "table-compare-regions"),
    ]  # fmt: skip


def _carrying(page: Page, region: str, other: str) -> Spans:
    """The terms whose products changed most, each with its change and a clause."""
    frame = page.t["compare_pair_terms"]
    own = frame[(frame["region"] == region) & (frame["other"] == other) & (frame["change"].abs() > 5e-4)]
    parts = []
    for row in own.sort_values("rank").head(_CARRY).itertuples():
        side = "A" if row.status == "lost" else "B"
        href = page.cite(side, row.measures_b if side == "B" else row.measures_a, row.term)
        key = (region, other, row.term)
        sign = "+" if row.change > 0 else ""
        parts.append(
            spans(page.w.term(row.term, href), f" {sign}", page.t.cell("compare_pair_terms", key, "change", "3"))
        )
    return joined(parts, page.w.text("page.semicolon")) or cell("—")


def _pairs(page: Page) -> list[Block]:
    w = page.w
    changed = most_changed(page.t["compare_pairs"])
    changed = changed[changed["change"].abs() > 5e-4].head(_PAIRS)
    if changed.empty:
        return []
    rows = []
    for row in changed.itertuples():
        key = (row.region, row.other)

        def number_in(column: str, style: str = "2", key: tuple[str, str] = key) -> Span:
            return page.t.cell("compare_pairs", key, column, style)

        ends = {
            mark: w.sentence(
                "compare.with_interval",
                value=number_in(f"cosine_{mark}"),
                low=number_in(f"low_{mark}"),
                high=number_in(f"high_{mark}"),
            )
            for mark in "ab"
        }
        rows.append(
            (
                cell(w.text("similarity.pair", a=w.region(row.region), b=w.region(row.other))),
                ends["a"],
                ends["b"],
                spans(number_in("change", "3")),
                page.both("compare_pairs", key, "rank", "int"),
                cell(w.text("compare.disjoint" if row.disjoint else "compare.within")),
                _carrying(page, *key),
            )
        )
    return [
        Heading(2, w.text("compare.pairs_heading"), "pairs"),
        Paragraph(w.sentence("compare.pairs_intro", level=number(page.settings.resampling.level, "share")), "note"),
        Table(w.text("compare.caption_pairs"), columns(w, "compare.columns_pairs"), tuple(rows), "nrrrrnw", "table-compare-pairs"),
    ]  # fmt: skip


# --- groups, idf, inputs ---------------------------------------------------------------------------------------------


def _groups(page: Page) -> list[Block]:
    w = page.w
    verdict = page.t.row("compare_verdict", "verdict")
    shown = "not shown" not in (verdict.outcome_a, verdict.outcome_b)
    rows = []
    for row in page.t["compare_groups"].itertuples():
        rows.append(
            (
                cell(w.region(row.region)),
                cell(page.names(row.members_a)),
                cell(page.names(row.members_b)),
                cell(page.names("·".join(filter(None, (row.left, row.gone))))),
                cell(page.names("·".join(filter(None, (row.joined, row.new))))),
            )
        )
    table = Table(w.text("compare.caption_groups"), columns(w, "compare.columns_groups"), tuple(rows), "nwwww", "table-compare-groups")  # fmt: skip
    agreement = w.sentence(
        "compare.agreement",
        rand=page.metric("rand", "2"),
        p=page.metric("rand_p", "p"),
        n=page.metric("groups_moved"),
    )
    heading = Heading(2, w.text("compare.groups_heading"), "groups")
    if shown:
        return [heading, Paragraph(agreement), table]
    note = spans(w.sentence("compare.groups_not_shown"), agreement)
    return [heading, Paragraph(note, "note"), Details(w.sentence("compare.groups_anyway"), (table,), "groups-anyway")]


def _without(listed: str, left_out: str) -> list[str]:
    """Of regions joined by · those that are not among the others."""
    return [name for name in listed.split("·") if name and name not in left_out.split("·")]


def _drift(page: Page) -> list[Block]:
    w, frame = page.w, page.t["compare_terms"]
    # a term of one region in one run only is no news about the others
    moved = frame[(frame["df_a"] != frame["df_b"]) & (frame[["df_a", "df_b"]].max(axis=1) > 1)]
    moved = moved.assign(size=-moved["from_df"].abs().round(12)).sort_values(["size", "term"], kind="stable")
    if moved.empty:
        return []
    rows = []
    for row in moved.head(_DRIFTED).itertuples():
        key = (row.term,)
        rows.append(
            (
                w.term(row.term),
                cell(w.texts["compare"]["term_status"][row.status]),
                page.both("compare_terms", key, "df", "int"),
                page.both("compare_terms", key, "idf", "2"),
                spans(page.t.cell("compare_terms", key, "drift", "2")),
                spans(page.t.cell("compare_terms", key, "from_size", "2")),
                spans(page.t.cell("compare_terms", key, "from_df", "2")),
                cell(page.names(_without(row.regions_b, row.regions_a))),
                cell(page.names(_without(row.regions_a, row.regions_b))),
            )
        )
    return [
        Heading(2, w.text("compare.drift_heading"), "drift"),
        Paragraph(w.sentence("compare.drift_intro"), "note"),
        Table(w.text("compare.caption_drift"), columns(w, "compare.columns_drift"), tuple(rows), "wnrrrrrww", "table-compare-drift"),
    ]  # fmt: skip


def _inputs(page: Page) -> list[Block]:
    w, frame = page.w, page.t["compare_inputs"]
    differ = frame[~frame["same"]]
    summary = []
    for row in page.t["compare_summary"].itertuples():
        if row.metric not in w.texts["compare"]["metrics"]:
            continue
        style = "3" if "cosine" in row.metric else "int"
        numbers = (
            page.t.cell("compare_summary", (row.metric,), column, style) for column in ("value_a", "value_b", "change")
        )
        summary.append((cell(w.texts["compare"]["metrics"][row.metric]), *(spans(each) for each in numbers)))
    blocks: list[Block] = [
        Heading(2, w.text("compare.inputs_heading"), "summary"),
        Table(w.text("compare.caption_summary"), columns(w, "compare.columns_summary"), tuple(summary), "lrrr", "table-compare-summary"),
    ]  # fmt: skip
    if differ.empty:
        return blocks
    rows = tuple(
        (
            cell(w.texts["compare"]["kinds"][row.kind]),
            spans(Span(row.item, kind="code")),
            spans(Span(row.value_a[:12] or "—", kind="code")),
            spans(Span(row.value_b[:12] or "—", kind="code")),
        )
        for row in differ.itertuples()
    )
    table = Table(
        w.text("compare.caption_inputs"), columns(w, "compare.columns_inputs"), rows, "nlll", "table-compare-inputs"
    )
    return [*blocks, table]


def _method(page: Page) -> list[Block]:
    chosen = page.settings
    said = page.w.sentence(
        "compare.method",
        draws=chosen.resampling.resamples,
        level=number(chosen.resampling.level, "share"),
        stable=number(chosen.resampling.stable, "share"),
        unstable=number(1 - chosen.resampling.stable, "share"),
        shuffles=chosen.permutation.draws,
        top=chosen.keywords.top,
    )
    return [Heading(2, page.w.text("compare.method_heading"), "method"), Paragraph(said, "copy")]


def _clauses(page: Page) -> list[Block]:
    """Every clause that the page leads to, by region and run."""
    if not page.cited:
        return []
    regions = page.t["compare_regions"]["region"].tolist()
    place = {
        side: {measure: at for at, measure in enumerate(run["measures"]["measure_id"])}
        for side, run in page.runs.items()
    }
    blocks: list[Block] = [
        Heading(2, page.w.text("compare.clauses_heading"), "clauses"),
        Paragraph(page.w.sentence("compare.clauses_intro"), "note"),
    ]

    def order(key: tuple[str, str]) -> tuple[int, str, int]:
        side, measure_id = key
        return regions.index(page.runs[side].measure[measure_id].region), side, place[side][measure_id]

    for side, measure_id in sorted(page.cited, key=order):
        run = page.runs[side]
        measure = run.measure[measure_id]
        label = f"{side} · {page.w.region(measure.region)}·{run.numbered(measure)}"
        whence = where_stands(run, page.w, measure.doc_id)
        text = highlighted(run, measure_id, page.cited[side, measure_id])
        blocks.append(Measure(f"{side.lower()}-{measure_id}", label, spans(text, Span(f" {whence}", kind="gloss"))))
    return blocks


def build(t: Tables, w: Wording, runs: Mapping[str, Tables], settings: Settings) -> Document:
    """The whole report in one language. ``t``: the tables of the comparison; ``runs``: those of A and of B."""
    page = Page(t, w, runs, settings)
    names = {side.lower(): page.run(side).name for side in ("A", "B")}
    sections = (findings, _keywords, _regions, _pairs, _groups, _drift, _inputs, _method, _clauses)
    blocks: list[Block] = []
    for section in sections:  # the clauses last: by then all that cite one have spoken
        blocks += section(page)
    return Document(w.language, w.text("compare.title", **names), w.text("compare.subtitle"), tuple(blocks))
