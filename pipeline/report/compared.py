"""The report on two runs: what changed, how sure that is, and the clauses behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline.method import Settings
from pipeline.report.document import (
    Block,
    Bullets,
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
from pipeline.report.sections import whole
from pipeline.report.sections.shared import cell, columns
from pipeline.report.sections.source import where_stands
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording

_NAMED = 8  # terms or pairs named in a sentence
_PAIRS = 12  # pairs in the table, those that changed most
_CARRY = 5  # terms named for the change of a pair
_DRIFTED = 15  # terms in the table of idf
_KEYWORDS = 40  # gained and lost terms in the table, the sure ones first
_CAUSES = ("absent", "cut", "unranked", "text", "others", "displaced")
_INPUTS = ("raw", "method", "code", "lock", "package", "program", "unit")
_SURE = ("keywords_moved_sure", "pairs_disjoint", "nearest_sure")


@dataclass
class Page:
    """The tables of the comparison, of both runs, and the clauses cited so far."""

    t: Tables
    w: Wording
    runs: Mapping[str, Tables]
    settings: Settings
    cited: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def metric(self, name: str, style: str = "int", column: str = "change") -> Span:
        return self.t.cell("compare_summary", (name,), column, style, "#summary")

    def value(self, name: str) -> float:
        return float(self.t.row("compare_summary", name).change)

    def run(self, side: str) -> Any:
        return self.t.row("compare_runs", side)

    def cite(self, side: str, ids: Iterable[str], term: str) -> str:
        """The anchor of the first of the clauses, which the page then quotes with the term marked; "" without one."""
        first = next(iter(ids), "")
        if not first:
            return ""
        self.cited.setdefault((side, first), set()).add(term)
        return f"#{side.lower()}-{first}"

    def term(self, row: Any) -> Spans:
        """A gained or lost keyword, linked to a clause that has it."""
        side = "B" if row.status == "gained" else "A"
        return self.w.term(row.term, self.cite(side, row.measures_b if side == "B" else row.measures_a, row.term))

    def names(self, regions: str | Iterable[str]) -> str:
        """Regions joined by · or in a row, as the reader writes them."""
        listed = [name for name in regions.split("·") if name] if isinstance(regions, str) else regions
        return self.w.text("page.comma").join(map(self.w.region, listed)) or "—"

    def both(self, table: str, key: tuple[Any, ...], column: str, style: str) -> Spans:
        """The number in A, an arrow, the number in B; one number where both show the same."""
        x, y = (self.t.cell(table, key, f"{column}_{mark}", style) for mark in "ab")
        return spans(x) if x.text == y.text else spans(x, " → ", y)


# --- findings --------------------------------------------------------------------------------------------------------


def _only(page: Page, side: str) -> Spans:
    own = page.t["compare_regions"]
    listed = own.loc[own["where"] == side, "region"].tolist()
    key = "compare.only" if listed else "compare.only_none"
    return page.w.sentence(key, run=side, n=page.metric(f"regions_only_{side.lower()}"), list=page.names(listed))


def _runs_said(page: Page) -> Spans:
    sizes = {
        f"{name}_{mark}": page.metric(name, "int", f"value_{mark}")
        for name in ("regions", "measures", "words")
        for mark in "ab"
    }
    return spans(
        page.w.sentence("compare.runs", a=Span(page.run("A").name, kind="code"), b=Span(page.run("B").name, kind="code"), **sizes),
        page.w.sentence("compare.common", n=page.metric("regions_common")),
        _only(page, "A"),
        _only(page, "B"),
        page.w.sentence(
            "compare.texts_changed" if page.value("texts_changed") else "compare.texts_same", n=page.metric("texts_changed")
        ),
    )  # fmt: skip


def _idf_said(page: Page) -> Spans:
    run = page.run("A")
    texts = page.t.cell("compare_runs", ("A",), "idf_texts", "int")
    if run.idf == "own":
        return page.w.sentence("compare.idf_own")
    key = "compare.idf_run" if run.idf in ("A", "B") else "compare.idf_background"
    return page.w.sentence(key, idf=run.idf, texts=texts)


def _inputs_said(page: Page) -> Spans:
    differ = [kind for kind in _INPUTS if page.value(f"inputs_{kind}")]
    if not differ:
        return page.w.sentence("compare.inputs_same")
    frame = page.t["compare_inputs"]
    said = []
    for kind in differ:
        items = frame.loc[(frame["kind"] == kind) & ~frame["same"], "item"].tolist()
        # of a file that lies elsewhere in the other run its own name is enough
        short = [item.rpartition("/")[2] for item in items] if kind == "method" else items
        named = joined([Span(item, kind="code") for item in short[:4]], page.w.text("page.comma"))
        more = page.w.text("compare.more") if len(short) > 4 else ""
        said.append(
            page.w.sentence(
                "compare.input",
                kind=page.w.texts["compare"]["kinds"][kind],
                n=page.metric(f"inputs_{kind}"),
                list=spans(named, more),
            )
        )
    # a lock says which packages are installed: the two are one cause
    causes = {"package" if kind == "lock" else kind for kind in differ}
    key = "compare.inputs_one" if len(causes) == 1 else "compare.inputs_many"
    return page.w.sentence(key, list=joined(said, page.w.text("page.semicolon")))


def _named_keyword(page: Page, row: Any) -> Spans:
    return page.w.sentence(f"compare.keyword_{row.status}", region=page.w.region(row.region), term=page.term(row))


def _limited(page: Page, runs: list[Spans], most: int = _NAMED) -> Spans:
    more = page.w.text("compare.more") if len(runs) > most else ""
    return spans(joined(runs[:most], page.w.text("page.semicolon")), more)


def _keywords_said(page: Page) -> Spans:
    w, moved = page.w, page.value("keywords_moved")
    kept = page.metric("keywords_kept")
    if not moved:
        return w.sentence("compare.keywords_same", kept=kept, top=page.settings.keywords.top)
    frame = page.t["compare_keywords"]
    sure = frame[(frame["status"] != "kept") & frame["sure"]]
    causes = [
        w.sentence("compare.cause_item", cause=w.texts["compare"]["causes"][cause], n=page.metric(f"cause_{cause}"))
        for cause in _CAUSES
        if page.value(f"cause_{cause}")
    ]
    said = w.sentence(
        "compare.keywords",
        gained=page.metric("keywords_gained"),
        lost=page.metric("keywords_lost"),
        kept=kept,
        top=page.settings.keywords.top,
        jaccard=page.metric("mean_jaccard", "2"),
        rbo=page.metric("mean_rbo", "2"),
        causes=joined(causes, w.text("page.semicolon")),
    )
    stable = number(page.settings.resampling.stable, "share")
    if sure.empty:
        return spans(said, w.sentence("compare.keywords_unsure", stable=stable))
    return spans(
        said,
        w.sentence(
            "compare.keywords_sure",
            n=page.metric("keywords_moved_sure"),
            list=_limited(page, [_named_keyword(page, row) for row in sure.itertuples()]),
            stable=stable,
        ),
        w.sentence("compare.keywords_rest", n=page.metric("keywords_moved_unsure"))
        if page.value("keywords_moved_unsure")
        else (),
    )


def _pair_said(page: Page, row: Any) -> Spans:
    key = (row.region, row.other)

    def number_in(column: str) -> Span:
        return page.t.cell("compare_pairs", key, column, "2", "#table-compare-pairs")

    return page.w.sentence(
        "compare.pair_moved",
        region=page.w.region(row.region),
        other=page.w.region(row.other),
        a=number_in("cosine_a"),
        b=number_in("cosine_b"),
    )


def most_changed(pairs: pd.DataFrame) -> pd.DataFrame:
    """The pairs, the largest change first."""
    size = -pairs["change"].abs().round(12)
    return pairs.assign(size=size).sort_values("size", kind="stable").drop(columns="size")


def _pairs_said(page: Page) -> Spans:
    w = page.w
    if not page.value("pairs_common"):
        return w.sentence("compare.pairs_none")
    values = {name: page.metric(name) for name in ("pairs_common", "pairs_changed", "pairs_disjoint")}
    if not page.value("pairs_changed"):
        return w.sentence("compare.pairs_same", n=values["pairs_common"])
    ordered = most_changed(page.t["compare_pairs"])
    said = w.sentence(
        "compare.pairs",
        n=values["pairs_common"],
        changed=values["pairs_changed"],
        mean=page.metric("mean_pair_change", "3"),
        rho=page.metric("pairs_rho", "2"),
        first=_pair_said(page, next(ordered.itertuples())),
    )
    level = number(page.settings.resampling.level, "share")
    if not page.value("pairs_disjoint"):
        return spans(said, w.sentence("compare.pairs_unsure", level=level))
    apart = [_pair_said(page, row) for row in ordered[ordered["disjoint"]].itertuples()]
    return spans(
        said, w.sentence("compare.pairs_sure", n=values["pairs_disjoint"], list=_limited(page, apart), level=level)
    )


def _nearest_said(page: Page) -> Spans:
    w = page.w
    if page.value("regions_common") < 2:
        return ()
    if not page.value("nearest_changed"):
        return w.sentence("compare.nearest_same")
    if not page.value("nearest_sure"):
        return w.sentence("compare.nearest_unsure", n=page.metric("nearest_changed"))
    own = page.t["compare_regions"]
    return w.sentence(
        "compare.nearest_sure",
        n=page.metric("nearest_changed"),
        sure=page.metric("nearest_sure"),
        list=page.names(own.loc[own["nearest_sure"], "region"]),
    )


def _groups_said(page: Page) -> Spans:
    """What the verdicts allow to be said of moves between groups."""
    w = page.w
    verdict = page.t.row("compare_verdict", "verdict")
    outcomes = (verdict.outcome_a, verdict.outcome_b)
    said = w.sentence(
        "compare.verdicts", **{mark: w.texts["compare"]["verdict"][outcome] for mark, outcome in zip("ab", outcomes, strict=True)}
    )  # fmt: skip
    if "not shown" in outcomes:
        return spans(said, w.sentence("compare.groups_not_shown"))
    values = {"rand": page.metric("rand", "2"), "p": page.metric("rand_p", "p"), "n": page.metric("groups_moved")}
    key = "compare.groups_weak" if "weak" in outcomes else "compare.groups_shown"
    return spans(said, w.sentence(key, **values))


def _drift_said(page: Page) -> Spans:
    w = page.w
    names = ("terms_both", "terms_df_changed", "terms_new", "terms_vanished")
    said = w.sentence("compare.drift", **{name: page.metric(name) for name in names})
    if not page.value("drift_size"):
        return said
    sizes = {mark: page.metric("regions", "int", f"value_{mark}") for mark in "ab"}
    return spans(said, w.sentence("compare.drift_size", size=page.metric("drift_size", "3"), **sizes))


def _samples(page: Page) -> list[Block]:
    """Of a large corpus only the units that are studied in full are compared."""
    return [
        Paragraph(
            page.w.sentence(
                "compare.sample",
                run=side,
                **{name: number(whole.size(t, name), "int") for name in ("studied_units", "units")},
            ),
            "note",
        )
        for side, t in page.runs.items()
        if whole.is_large(t)
    ]


def _findings(page: Page) -> list[Block]:
    parts = (_runs_said, _idf_said, _inputs_said, _keywords_said)
    likeness = spans(_pairs_said(page), _nearest_said(page))
    said = [*(part(page) for part in parts), likeness, _groups_said(page), _drift_said(page)]
    fact = page.w.sentence("compare.intro_text") if page.value("texts_changed") else ()
    intro = "compare.intro" if any(page.value(name) for name in _SURE) else "compare.intro_unsure"
    if not page.value("keywords_moved") and not page.value("pairs_changed"):
        fact, intro = (), "compare.intro_same"
    return [
        Heading(2, page.w.text("compare.findings_heading"), "findings"),
        Paragraph(spans(fact, page.w.sentence(intro)), "lead"),
        *_samples(page),
        Bullets(tuple(said)),
    ]


# --- keywords --------------------------------------------------------------------------------------------------------


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
    sections = (_findings, _keywords, _regions, _pairs, _groups, _drift, _inputs, _method, _clauses)
    blocks: list[Block] = []
    for section in sections:  # the clauses last: by then all that cite one have spoken
        blocks += section(page)
    return Document(w.language, w.text("compare.title", **names), w.text("compare.subtitle"), tuple(blocks))
