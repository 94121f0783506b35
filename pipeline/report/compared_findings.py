"""The findings of a comparison of two runs, each in a sentence that says how sure it is."""

from __future__ import annotations

from typing import Any

from pipeline.report.compared_page import Page, most_changed
from pipeline.report.document import Block, Bullets, Heading, Paragraph, Span, Spans, joined, spans
from pipeline.report.sections import whole
from pipeline.report.source import number

_NAMED = 8  # terms or pairs named in a sentence
_CAUSES = ("absent", "cut", "unranked", "text", "others", "displaced")
_INPUTS = ("raw", "method", "code", "lock", "package", "program", "unit")
_SURE = ("keywords_moved_sure", "pairs_disjoint", "nearest_sure")


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


def findings(page: Page) -> list[Block]:
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
