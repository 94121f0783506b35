"""Section: the pairs of regions and where their similarity comes from."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.method import Settings
from pipeline.report.document import Block, Details, Heading, Measure, Paragraph, Span, Spans, Table, joined, spans
from pipeline.report.parts import (
    first_of,
    highlighted,
    many_regions,
    metric,
    pair_anchor,
    pair_links,
    pair_number,
    references,
)
from pipeline.report.sections import headlines, hedges
from pipeline.report.sections.shared import cell, columns, figure
from pipeline.report.source import Tables, bound, number
from pipeline.report.wording import Wording

_QUOTED_PAIRS = 6  # closest pairs explained with their measures
_TABLED_PAIRS = 12  # closest pairs in the table


def _pair_terms(t: Tables) -> dict[tuple[str, str], pd.DataFrame]:
    return {(str(a), str(b)): group for (a, b), group in t["similarity_terms"].groupby(["region_a", "region_b"])}


def _product(row: Any, column: str, style: str) -> Span:
    key = f"{row.region_a}–{row.region_b}|{row.term}"
    return bound(
        getattr(row, column), style, table="similarity_terms", key=key, column=column, href=first_of(row.measures_a)
    )


def _explained(t: Tables, w: Wording, terms: pd.DataFrame | None, most: int, settings: Settings) -> list[Block]:
    """The ``most`` shared terms of a pair with their products and the measures of both sides."""
    if terms is None:
        return [Paragraph(w.sentence("similarity.pair_none"))]
    rows = [
        spans(
            w.sentence(
                "similarity.pair_term",
                term=w.term(row.term),
                product=_product(row, "product", "3"),
                share=_product(row, "share", "share"),
            ),
            w.text("page.colon"),
            pair_links(t, w, row.measures_a, row.measures_b, references(t, settings)),
        )
        for row in terms.head(most).itertuples()
    ]
    rest = terms.iloc[most:]
    if len(rest):
        rows.append(
            w.sentence("similarity.pair_rest", terms=str(len(rest)), share=number(rest["share"].sum(), "share"))
        )
    return [Paragraph(joined(rows, w.text("page.semicolon")))]


def _quotes(t: Tables, w: Wording, terms: pd.DataFrame, most: int) -> list[Block]:
    """The measures of both sides that carry the leading shared terms, each once, the terms marked."""
    leading = terms.head(most)
    wanted = leading["term"].tolist()
    ids = dict.fromkeys(i for row in leading.itertuples() for i in (row.measures_a[0], row.measures_b[0]))
    return [
        Measure(
            "",
            f"{w.region(t.measure[i].region)}·{t.numbered(t.measure[i])}",
            (Span("", href=f"#{i}"), *highlighted(t, i, wanted)),
        )
        for i in ids
    ]


def _pair_heading(w: Wording, pair: Any) -> Spans:
    return w.sentence(
        "similarity.pair_heading",
        a=w.region(pair.region_a),
        b=w.region(pair.region_b),
        cosine=pair_number(pair, "cosine", "3"),
        rank=pair_number(pair, "rank", "int"),
        cosine_char=pair_number(pair, "cosine_char", "3"),
        rank_char=pair_number(pair, "rank_char", "int"),
    )


def section(t: Tables, w: Wording, settings: Settings, linked: frozenset[str]) -> list[Block]:
    """The closest pairs, explained; on demand as many as the settings allow, and every one that is ``linked``."""
    most = settings.similarity.explained_terms
    ordered = t["similarity"].sort_values(["rank", "rank_char"], kind="stable")
    terms = _pair_terms(t)
    rows, carried = [], []
    for pair in ordered.head(_TABLED_PAIRS).itertuples():
        mine = terms.get((pair.region_a, pair.region_b))
        main = [] if mine is None else [
            w.sentence("findings.similar_term", term=w.term(row.term), share=_product(row, "share", "share"))
            for row in mine.head(3).itertuples()
        ]  # fmt: skip
        key = (pair.region_a, pair.region_b)
        href = f"#{pair_anchor(*key)}"

        def interval(low: str, high: str, style: str, key: tuple[str, str] = key, href: str = href) -> Spans:
            ends = {
                name: t.cell("similarity_intervals", key, column, style, href)
                for name, column in (("low", low), ("high", high))
            }
            return w.sentence("similarity.interval", **ends)

        pair_cell = cell(w.text("similarity.pair", a=w.region(pair.region_a), b=w.region(pair.region_b)))
        rows.append(
            (
                spans(pair_number(pair, "rank", "int")),
                interval("rank_low", "rank_high", "int"),
                pair_cell,
                spans(pair_number(pair, "cosine", "2")),
                interval("cosine_low", "cosine_high", "2"),
                spans(t.cell("similarity_intervals", key, "bias", "2", href)),
                spans(t.cell("pair_tests", key, "p", "p", href)),
                spans(t.cell("pair_tests", key, "q", "p", href)),
                spans(pair_number(pair, "cosine_char", "2")),
                spans(pair_number(pair, "rank_char", "int")),
            )
        )
        carried.append((spans(pair_number(pair, "rank", "int")), pair_cell, joined(main, w.text("page.comma"))))
    shown: list[Block] = []
    hidden: list[Block] = []
    for at, pair in enumerate(ordered.itertuples()):
        key = (pair.region_a, pair.region_b)
        if at >= settings.report.pairs and pair_anchor(*key) not in linked:
            continue
        quoted = at < _QUOTED_PAIRS
        fewer = many_regions(t, settings) and not quoted
        explained_by = min(most, settings.report.references_long) if fewer else most
        body = _explained(t, w, terms.get(key), explained_by, settings)
        if quoted and key in terms:
            body += _quotes(t, w, terms[key], 3)
        block = Details(_pair_heading(w, pair), tuple(body), pair_anchor(*key))
        (shown if quoted else hidden).append(block)
    explained = len(shown) + len(hidden)
    which = "similarity.all_pairs" if explained == len(ordered) else "similarity.some_pairs"
    others = w.sentence(which, pairs=metric(t, "pairs"), explained=number(explained, "int"))
    first = t["region_map"].iloc[0]
    level = number(settings.resampling.level, "share")
    draws = settings.resampling.resamples
    intro = w.sentence("similarity.intro", draws=draws, level=level, shuffles=settings.permutation.draws)
    heading: list[Block] = [Heading(2, w.text("similarity.heading"), "similarity")]
    if ordered.empty:
        return [*heading, Paragraph(hedges.limits(t, w))]
    best = hedges.closest(t, "cosine")
    key = (best.region_a, best.region_b)

    def interval_of(end: str) -> Span:
        return t.cell("similarity_intervals", key, end, "int", f"#{pair_anchor(*key)}")

    named = {"a": w.region(best.region_a), "b": w.region(best.region_b), "cosine_max": metric(t, "cosine_max", "2")}
    return [
        *heading,
        Paragraph(intro, "note"),
        figure(w, "similarity", "similarity_heatmap", ["similarity", "clusters"],
                **named, cosine_mean=metric(t, "cosine_mean", "2"), ranking=headlines.ranking(t, w, settings)[1]),
        figure(w, "similarity", "similarity_ranks", ["similarity", "similarity_intervals", "pair_tests"], draws=draws, level=level,
                **named, low=interval_of("rank_low"), high=interval_of("rank_high")),
        figure(w, "similarity", "region_map", ["region_map", "clusters"],
                **named, share=number(first["share_x"] + first["share_y"], "share")),
        Table(w.text("similarity.caption"), columns(w, "similarity.columns"), tuple(rows), "rrnrrrrrrr", "table-pairs"),
        Table(w.text("similarity.caption_terms"), columns(w, "similarity.columns_terms"), tuple(carried), "rnw", "table-pair-terms"),
        *shown,
        Details(others, tuple(hidden), "all-pairs", long=True),
    ]  # fmt: skip
