"""Section: the regions seen through a background of the genre, beside what they are without it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from operator import attrgetter
from typing import Any

import pandas as pd

from pipeline.anchors import anchor
from pipeline.method import Settings
from pipeline.report.document import Block, Details, Heading, Measure, Paragraph, Span, Spans, Table, joined, spans
from pipeline.report.parts import first_of, highlighted, pair_anchor, pair_links
from pipeline.report.sections import background_hedges as said, hedges
from pipeline.report.sections.shared import cell, columns, figure
from pipeline.report.source import Tables
from pipeline.report.wording import Wording

_PAIRS = 8  # closest pairs that are taken apart
_SHOWN = 3  # of these, in Word too
_TERMS = 4  # pairs of words named for a pair in the table
_QUOTED = 4  # pairs of words whose clauses are quoted
_MEASURES = 15  # most similar pairs of measures
_PARTS = ("words", "character pairs", "single characters")
_FIT = (
    ("documents", "int"),
    ("paragraphs", "int"),
    ("characters", "int"),
    ("terms", "int"),
    ("dimensions", "int"),
    ("coverage", "share1"),
    ("coverage_held_out", "share1"),
    ("relative_coverage", "3"),
    ("rarity", "2"),
    ("rarity_held_out", "2"),
    ("place", "share1"),
)


def _fit_table(t: Tables, w: Wording) -> Table:
    row = next(t["background_fit"].itertuples())
    href = "#table-background-fit"

    def number_in(column: str, style: str) -> Span:
        return t.cell("background_fit", (row.name,), column, style, href)

    rows = [
        (cell(w.text("background.fit_name")), spans(Span(row.name, kind="code"))),
        (cell(w.text("background.fit_sources")), spans(Span(row.sources.replace(";", ", "), kind="code"))),
    ]
    for column, style in _FIT:
        shown = spans(number_in(column, style))
        if column == "relative_coverage":
            ends = {end: number_in(f"relative_{end}", style) for end in ("low", "high")}
            shown = spans(shown, " (", w.sentence("similarity.interval", **ends), ")")
        rows.append((cell(w.text(f"background.fit_{column}")), shown))
    rows.append((cell(w.text("background.fit_outcome")), cell(w.texts["background"]["outcome"][row.outcome])))
    return Table(
        w.text("background.caption_fit"),
        columns(w, "background.columns_fit"),
        tuple(rows),
        "ll",
        "table-background-fit",
    )


def _coverage_table(t: Tables, w: Wording, most: int) -> Table:
    """What the background knows of every region, and the first ``most`` words that it does not know."""
    rows = []
    for row in t["background_coverage"].itertuples():

        def number_in(column: str, style: str, region: str = row.region) -> Spans:
            return spans(t.cell("background_coverage", (region,), column, style, f"#{anchor('region', region)}"))

        unknown = [w.term(term) for term in row.unknown_terms.split("·") if term]
        rows.append(
            (
                spans(Span(w.region(row.region), href=f"#{anchor('region', row.region)}")),
                number_in("tokens", "int"),
                number_in("known", "int"),
                number_in("share", "share"),
                number_in("rarity", "2"),
                spans(
                    joined(unknown[:most], w.text("page.comma")) if unknown else "—",
                    w.text("page.and_others", n=len(unknown)) if len(unknown) > most else "",
                ),
            )
        )
    return Table(
        w.text("background.caption_coverage"),
        columns(w, "background.columns_coverage"),
        tuple(rows),
        "nrrrrw",
        "table-background-coverage",
    )


# --- regions -----------------------------------------------------------------------------------------------------------


def nearest_of(frame: pd.DataFrame, region: str, column: str) -> Any:
    """The row of the pair that joins the region to its most similar other one; of equal ones the earlier region."""
    own = frame[(frame["region_a"] == region) | (frame["region_b"] == region)]
    return next(own.loc[[own[column].idxmax()]].itertuples(), None)


def other_of(pair: Any, region: str) -> str:
    return str(pair.region_b if pair.region_a == region else pair.region_a)


def _nearest_table(t: Tables, w: Wording) -> Table:
    """For each region its nearest one without the background and through it."""
    rows = []
    for row in t["regions"].itertuples():
        pair = nearest_of(t["background_similarity"], row.region, "cosine")
        key = (pair.region_a, pair.region_b)
        href = f"#{said.anchor_of(*key)}" if _explained(t, *key) else "#figure-background_similarity"
        without: list[Spans] = [cell("—"), spans(), spans(), spans()]
        if row.nearest:
            plain = t.pair(row.region, row.nearest)
            plain_key, to = (plain.region_a, plain.region_b), f"#{pair_anchor(plain.region_a, plain.region_b)}"
            without = [
                spans(Span(w.region(row.nearest), href=to)),
                spans(t.cell("similarity", plain_key, "cosine", "2", to)),
                w.sentence(
                    "background.ranks",
                    rank=t.cell("similarity", plain_key, "rank", "int", to),
                    low=t.cell("similarity_intervals", plain_key, "rank_low", "int", to),
                    high=t.cell("similarity_intervals", plain_key, "rank_high", "int", to),
                ),
                spans(t.cell("similarity_intervals", plain_key, "first_share", "share", to)),
            ]

        def number_in(column: str, style: str, key: tuple[str, str] = key, href: str = href) -> Span:
            return t.cell("background_similarity", key, column, style, href)

        other = other_of(pair, row.region)
        rows.append(
            (
                spans(Span(w.region(row.region), href=f"#{anchor('region', row.region)}")),
                *without,
                spans(Span(w.region(other), href=href)),
                spans(number_in("cosine", "2")),
                w.sentence(
                    "background.ranks",
                    rank=number_in("rank", "int"),
                    low=number_in("rank_low", "int"),
                    high=number_in("rank_high", "int"),
                ),
                spans(number_in("first_share", "share")),
                cell(w.text("background.same" if other == row.nearest else "background.other")),
            )
        )
    return Table(
        w.text("background.caption_nearest"),
        columns(w, "background.columns_nearest"),
        tuple(rows),
        "nnrrrnrrrl",
        "table-background-nearest",
    )


# --- pairs of regions, taken apart ----------------------------------------------------------------------------------------


def _explained(t: Tables, a: str, b: str) -> bool:
    terms = t["background_terms"]
    return bool(((terms["region_a"] == a) & (terms["region_b"] == b)).any())


def _value(t: Tables, row: Any, href: str, column: str = "value", style: str = "4") -> Span:
    key = (row.region_a, row.region_b, row.part, row.kind, row.term_a, row.term_b)
    return t.cell("background_terms", key, column, style, href)


def _term_pair(t: Tables, w: Wording, row: Any, href: str) -> Spans:
    """Both terms, each a link to the first measure of its region that has it, and what they contribute."""
    return w.sentence(
        "background.term_pair",
        a=w.term(row.term_a, first_of(row.measures_a)),
        b=w.term(row.term_b, first_of(row.measures_b)),
        value=_value(t, row, href),
    )


def _ranked(rows: Sequence[Any]) -> list[Any]:
    return sorted(rows, key=attrgetter("rank"))


def _words(rows: Sequence[Any]) -> list[Any]:
    """Of a pair of regions its pairs of words, the largest contribution first."""
    return _ranked([row for row in rows if (row.part, row.kind) == ("words", "terms")])


def _apart(t: Tables, w: Wording, pair: Any, rows: Sequence[Any]) -> Details:
    """The pair as a sum over pairs of terms, and the clauses of both sides that hold the leading words."""
    key = (pair.region_a, pair.region_b)
    href = f"#{said.anchor_of(*key)}"

    def number_in(column: str, style: str) -> Span:
        return t.cell("background_similarity", key, column, style, href)

    inner: list[Block] = []
    for part in _PARTS:
        own = [row for row in rows if row.part == part]
        items = []
        for row in _ranked([row for row in own if row.kind == "terms"]):
            links = spans(" (", pair_links(t, w, row.measures_a, row.measures_b, 4), ")") if part == "words" else ()
            items.append(spans(_term_pair(t, w, row, href), links))
        items += [
            w.sentence("background.part_rest", pairs=_value(t, row, href, "pairs", "int"), value=_value(t, row, href))
            for row in own
            if row.kind == "rest"
        ]
        inner.append(Paragraph(spans(w.texts["background"]["part"][part], joined(items, w.text("page.semicolon")))))
    inner.append(Paragraph(w.sentence("background.part_sum", similarity=number_in("cosine", "4"))))
    leading = _words(rows)[:_QUOTED]
    for measures, column in (("measures_a", "term_a"), ("measures_b", "term_b")):
        terms = [getattr(row, column) for row in leading]
        for one in dict.fromkeys(ids[0] for ids in map(attrgetter(measures), leading) if ids):
            measure = t.measure[one]
            label = f"{w.region(measure.region)}·{t.numbered(measure)}"
            inner.append(Measure("", label, (Span("", href=f"#{one}"), *highlighted(t, one, terms))))
    summary = w.sentence(
        "background.pair_heading",
        a=w.region(pair.region_a),
        b=w.region(pair.region_b),
        similarity=number_in("cosine", "3"),
        rank=number_in("rank", "int"),
        words=number_in("cosine_words", "3"),
        rank_words=number_in("rank_words", "int"),
    )
    return Details(summary, tuple(inner), said.anchor_of(*key))


def _pairs(t: Tables, w: Wording) -> list[Block]:
    """The closest pairs in numbers and words, and every pair that was taken apart."""
    ordered = t["background_similarity"].sort_values(["rank", "rank_words"], kind="stable")
    of_pair: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in t["background_terms"].itertuples():
        of_pair[row.region_a, row.region_b].append(row)
    numbers, words = [], []
    for pair in ordered.head(_PAIRS).itertuples():
        key = (pair.region_a, pair.region_b)
        href = f"#{said.anchor_of(*key)}" if key in of_pair else "#figure-background_similarity"

        def number_in(column: str, style: str, key: tuple[str, str] = key, href: str = href) -> Span:
            return t.cell("background_similarity", key, column, style, href)

        name = spans(Span(w.text("similarity.pair", a=w.region(key[0]), b=w.region(key[1])), href=href))
        numbers.append(
            (
                spans(number_in("rank", "int")),
                w.sentence("similarity.interval", low=number_in("rank_low", "int"), high=number_in("rank_high", "int")),
                name,
                spans(number_in("cosine", "2")),
                w.sentence("background.span", low=number_in("cosine_low", "2"), high=number_in("cosine_high", "2")),
                spans(number_in("bias", "2")),
                spans(number_in("p", "p")),
                spans(number_in("q", "p")),
                *(spans(number_in(column, "2")) for column in ("lsa_words", "soft_cosine", "lsa_pairs", "lsa_single")),
                spans(number_in("rank_words", "int")),
            )
        )
        if key not in of_pair:
            continue
        rows = _words(of_pair[key])
        different = [row for row in rows if row.term_a != row.term_b]
        words.append(
            (
                name,
                *(
                    joined(
                        [_term_pair(t, w, row, href) for row in some[:_TERMS]],
                        w.text("page.semicolon"),
                    )
                    or cell("—")
                    for some in (rows, different)
                ),
            )
        )
    apart = [
        _apart(t, w, pair, of_pair[pair.region_a, pair.region_b])
        for pair in ordered.itertuples()
        if (pair.region_a, pair.region_b) in of_pair
    ]
    hidden = tuple(apart[_SHOWN:])
    return [
        Table(w.text("background.caption_pairs"), columns(w, "background.columns_pairs"), tuple(numbers), "rrnrrrrrrrrrr", "table-background-pairs"),
        Table(w.text("background.caption_terms"), columns(w, "background.columns_terms"), tuple(words), "nww", "table-background-terms"),
        *apart[:_SHOWN],
        *([Details(w.sentence("background.all_pairs"), hidden, "background-all-pairs", long=True)] if hidden else []),
    ]  # fmt: skip


# --- groups, claims, measures ---------------------------------------------------------------------------------------------


def _verdict_table(t: Tables, w: Wording) -> Table:
    rows = []
    for row in t["background_verdict"].itertuples():
        if row.criterion == "verdict":
            continue
        asked, style = ("at_least", "2") if row.criterion == "jaccard" else ("at_most", "p")
        where = "background" if row.criterion == "structure_background" else "clusters"
        met = w.text("clusters.met" if row.met else "clusters.not_met")
        rows.append(
            (
                cell(w.text(f"{where}.criterion_{row.criterion}")),
                spans(t.cell("background_verdict", (row.criterion,), "value", style, "#table-background-verdict")),
                cell(w.text(f"clusters.{asked}", value=f"{row.threshold:g}")),
                cell(w.texts["why"][row.outcome] if row.outcome else met),
            )
        )
    return Table(
        w.text("background.caption_verdict"),
        columns(w, "clusters.columns_verdict"),
        tuple(rows),
        "lrll",
        "table-background-verdict",
    )


def _group_table(t: Tables, w: Wording) -> Table:
    """Each region's group through the background beside the one without it."""
    rows = []
    for row in t["background_groups"].sort_values("leaf").itertuples():

        def number_in(column: str, style: str, table: str = "background_groups", region: str = row.region) -> Span:
            href = "#table-groups" if table == "clusters" else "#table-background-groups"
            return t.cell(table, (region,), column, style, href)

        def group(sure: bool, cluster: Span, support: Span) -> Spans:
            return spans(w.sentence("background.supported", cluster=cluster, support=support), "＊" if sure else "")

        runner_up = cell("—")
        if not pd.isna(row.runner_up):
            runner_up = w.sentence(
                "background.supported",
                cluster=number_in("runner_up", "int"),
                support=number_in("runner_up_support", "share"),
            )
        plain = t.row("clusters", row.region)
        rows.append(
            (
                spans(Span(w.region(row.region), href=f"#{anchor('region', row.region)}")),
                group(row.confident, number_in("cluster", "int"), number_in("support", "share")),
                runner_up,
                spans(number_in("silhouette", "2")),
                spans(number_in("cluster_fused", "int")),
                group(plain.confident, number_in("cluster_words", "int"), number_in("support", "share", "clusters")),
            )
        )
    return Table(
        w.text("background.caption_groups"),
        columns(w, "background.columns_groups"),
        tuple(rows),
        "nrrrrr",
        "table-background-groups",
    )


def _groups(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    heading = Heading(3, w.text("background.groups_heading"), "background-groups")
    labels: Spans = ()
    if len(t.names) > 2 and said.chosen(t) > 1:
        groups = t["background_groups"].drop_duplicates("cluster").sort_values("cluster")
        items = [
            w.sentence(
                "background.group",
                cluster=Span(str(row.cluster), href="#table-background-groups"),
                label=joined([w.term(term) for term in row.label.split("·")], " · "),
            )
            for row in groups.itertuples()
        ]
        labels = w.sentence("background.labels", list=joined(items, w.text("page.semicolon")))
    text = hedges.sentences(w, said.verdict(t, w, settings), said.members(t, w), labels)
    shown = len(t.names) > 2 and not pd.isna(t["background_verdict"]["value"].iloc[0])
    return [
        heading,
        Paragraph(text),
        *([_verdict_table(t, w)] if shown else []),
        *([_group_table(t, w)] if labels else []),
    ]


def _fewest(t: Tables, w: Wording, settings: Settings) -> Spans:
    """The claim whose share rests on the fewest specifications: a share of two is coarse."""
    claims = t["background_claims"]
    if claims.empty:
        return ()
    row = next(claims.loc[[claims["specifications"].idxmin()]].itertuples())
    least = t.cell("background_claims", (row.claim_id,), "specifications", "int", "#background-claims")
    return w.sentence("background.claims_few", least=least, claim=hedges.claim_words(w, row, settings))


def _claims(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """The claims whose standing depends on the background."""
    rows = []
    standing = w.texts["certainty"]["standing"]
    for row in t["background_claims"][t["background_claims"]["changes"]].itertuples():

        def number_in(column: str, style: str, claim: str = row.claim_id) -> Spans:
            return spans(t.cell("background_claims", (claim,), column, style, "#table-background-claims"))

        rows.append(
            (
                hedges.claim_words(w, row, settings),
                number_in("share_without", "share"),
                cell(standing[row.standing_without]),
                number_in("share", "share"),
                cell(standing[row.standing]),
                number_in("specifications", "int"),
            )
        )
    blocks: list[Block] = [
        Heading(3, w.text("background.claims_heading"), "background-claims"),
        Paragraph(hedges.sentences(w, said.claims(t, w), _fewest(t, w, settings))),
    ]
    if rows:
        blocks.append(
            Table(
                w.text("background.caption_claims"),
                columns(w, "background.columns_claims"),
                tuple(rows),
                "wrlrlr",
                "table-background-claims",
            )
        )
    return blocks


def closest_measures(t: Tables) -> list[Any]:
    """The most similar pairs of measures, each once."""
    frame = t["background_measures"]
    frame = frame[frame["nearest"] != ""]
    ordered = frame.assign(key=frame["similarity"].round(6)).sort_values("key", ascending=False, kind="stable")
    found: dict[frozenset[str], Any] = {}
    for row in ordered.itertuples():
        found.setdefault(frozenset((row.measure_id, row.nearest)), row)
    return list(found.values())[:_MEASURES]


def _measures(t: Tables, w: Wording) -> list[Block]:
    """Which measures are most alike through the background, and whether words alone find the same."""

    def linked(measure_id: str) -> Spans:
        measure = t.measure[measure_id]
        name = Span(f"{w.region(measure.region)}·{t.numbered(measure)}", href=f"#{measure_id}")
        return spans(name, " ", Span(measure.headline, kind="source"))

    rows = []
    for row in closest_measures(t):
        href = "#table-background-measures"
        by_words = cell(w.text("background.words_none"))
        if row.nearest_words:
            measure = t.measure[row.nearest_words]
            by_words = w.sentence(
                "background.words_same" if row.nearest_words == row.nearest else "background.words_other",
                measure=Span(f"{w.region(measure.region)}·{t.numbered(measure)}", href=f"#{row.nearest_words}"),
                cosine=t.cell("background_measures", (row.measure_id,), "cosine_words", "2", href),
            )
        pairs = [each.split("×") for each in row.terms.split("·") if each]
        terms = [spans(w.term(a), " × ", w.term(b)) for a, b in pairs]
        rows.append(
            (
                spans(t.cell("background_measures", (row.measure_id,), "similarity", "2", href)),
                linked(row.measure_id),
                linked(row.nearest),
                joined(terms, w.text("page.semicolon")) if terms else cell("—"),
                by_words,
            )
        )
    heading = Heading(3, w.text("background.measures_heading"), "background-measures")
    if not rows:
        return []
    table = Table(
        w.text("background.caption_measures", most=len(rows)),
        columns(w, "background.columns_measures"),
        tuple(rows),
        "rwwwl",
        "table-background-measures",
    )
    return [heading, Paragraph(said.measures(t, w)), table]


# --- the section -----------------------------------------------------------------------------------------------------------


def section(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """What a background adds; where none is used, why."""
    heading = Heading(2, w.text("background.heading"), "background")
    lead = Paragraph(said.fit(t, w, settings), "lead")
    if not said.used(t):
        coverage = [_coverage_table(t, w, settings.report.words)] if len(t["background_coverage"]) else []
        return [heading, lead, Paragraph(w.sentence("background.remedy"), "note"), *coverage]
    unknown = Details(
        w.sentence("background.unknown"),
        (_coverage_table(t, w, settings.report.words),),
        "background-unknown",
        long=True,
    )
    blocks: list[Block] = [heading, lead, Paragraph(w.sentence("background.intro"), "note"), _fit_table(t, w)]
    if t["background_similarity"].empty:
        return [*blocks, Paragraph(w.sentence("background.few")), unknown]
    return [
        *blocks,
        Heading(3, w.text("background.nearest_heading"), "background-nearest"),
        Paragraph(hedges.sentences(w, said.first(t, w, settings), said.pairs_hold(t, w, settings), said.nearest(t, w))),
        figure(
            w,
            "background",
            "background_similarity",
            ["background_similarity", "background_groups"],
            kept=said.nearest(t, w),
        ),
        _nearest_table(t, w),
        Heading(3, w.text("background.pairs_heading"), "background-pairs"),
        Paragraph(w.sentence("background.pairs_intro"), "note"),
        *_pairs(t, w),
        *_groups(t, w, settings),
        *_claims(t, w, settings),
        *_measures(t, w),
        unknown,
    ]
