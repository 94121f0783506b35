"""What is known of one region: its neighbours, what only it says, its themes; shared by the profiles and the questions."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.method import Settings
from pipeline.report.document import Measure, Span, Spans, joined, spans
from pipeline.report.parts import first_of, highlighted, keyword_number, pair_anchor, pair_number, region_link
from pipeline.report.sections import theme_hedges
from pipeline.report.source import Tables
from pipeline.report.wording import Wording


def neighbours(t: Tables, region: str, most: int) -> list[Any]:
    """The rows of neighbours.csv of the regions that share a word with it, the nearest first."""
    frame = t["neighbours"]
    own = frame[frame["region"] == region].sort_values("rank", kind="stable").head(most)
    return [row for row in own.itertuples() if t.pair(region, row.other).cosine > 0]


def neighbour_names(t: Tables, w: Wording, region: str, rows: list[Any]) -> Spans:
    """The neighbours with their cosines."""
    items = [
        w.sentence(
            "profiles.neighbour_name",
            other=region_link(w, row.other),
            cosine=pair_number(t.pair(region, row.other), "cosine", "2"),
        )
        for row in rows
    ]
    return w.listed(items)


def own_terms(t: Tables, region: str) -> pd.DataFrame:
    """The keywords that no other region uses: those said more than once first, then by G²."""
    keywords = t["keywords"]
    own = keywords[(keywords["region"] == region) & (keywords["df"] == 1) & keywords["rank"].notna()]
    ranked = own.assign(repeated=own["count"] > 1, key=own["g2"].round(9))
    return ranked.sort_values(["repeated", "key", "rank"], ascending=[False, False, True], kind="stable")


def repeated_terms(t: Tables, w: Wording, region: str, most: int) -> Spans:
    """The first of the terms that it repeats and no other region uses, each with its count and stability."""
    own = own_terms(t, region)
    items = [
        w.sentence(
            "profiles.own_term",
            term=w.term(row.term, first_of(row.measure_ids)),
            count=keyword_number(row, "count", "int"),
            stability=keyword_number(row, "stability", "share"),
        )
        for row in own[own["repeated"]].head(most).itertuples()
    ]
    return joined(items, w.text("page.comma"))


def single_terms(t: Tables, w: Wording, region: str, most: int) -> Spans:
    """The first of the terms that it uses once and no other region uses."""
    own = own_terms(t, region)
    once = own[~own["repeated"]].head(most)
    return joined([w.term(row.term, first_of(row.measure_ids)) for row in once.itertuples()], w.text("page.comma"))


def quotes(t: Tables, w: Wording, region: str, most: int) -> list[Measure]:
    """The clauses that carry the first of its own terms, each once, the terms marked."""
    own = own_terms(t, region).head(most)
    terms = own["term"].tolist()
    ids = dict.fromkeys(row.measure_ids[0] for row in own.itertuples())
    return [
        Measure(
            "",
            f"{w.region(region)}·{t.numbered(t.measure[i])}",
            (Span("", href=f"#{i}"), *highlighted(t, i, terms)),
        )
        for i in ids
    ]


def seldom_themes(t: Tables, w: Wording, region: str) -> tuple[Spans, Spans]:
    """The themes that only this region mentions, and those that it shares with one other only."""
    codebook = t["codebook"]
    mine = t["themes"][(t["themes"]["region"] == region) & (t["themes"]["measures"] > 0)]["theme"]
    found: dict[int, list[Spans]] = {1: [], 2: []}
    for row in codebook[codebook["theme"].isin(mine) & codebook["regions"].isin([1, 2])].itertuples():
        shown = theme_hedges.mark(t, w, region, row.theme, words=True)
        others = t["themes"][(t["themes"]["theme"] == row.theme) & (t["themes"]["measures"] > 0)]["region"]
        other = [region_link(w, name) for name in others if name != region]
        found[row.regions].append(
            w.sentence("profiles.theme_with", theme=shown, other=other[0]) if other else spans(shown)
        )
    only, shared = (joined(found[regions], w.text("page.comma")) for regions in (1, 2))
    return only, shared


def most_distinctive(t: Tables) -> str:
    """The region that repeats most terms that no other uses; of equal ones that with the larger sum of G², then the earlier."""

    def size(region: str) -> tuple[int, float]:
        own = own_terms(t, region)
        own = own[own["repeated"]]
        return len(own), round(float(own["g2"].sum()), 6)

    return max(t.names, key=size)


def pair_link(w: Wording, a: str, b: str, text: str) -> Span:
    """A link to the likeness of the pair, taken apart."""
    return Span(w.text(text), href=f"#{pair_anchor(a, b)}")


def of_pair(t: Tables, region: str, other: str) -> tuple[str, str]:
    """The two regions in corpus order."""
    pair = t.pair(region, other)
    return pair.region_a, pair.region_b


def interval(t: Tables, w: Wording, settings: Settings, region: str, row: Any) -> Spans:
    """One neighbour in full: cosine, rank of the pair with its interval, share of the draws in which it is the nearest."""
    key = of_pair(t, region, row.other)
    href = f"#{pair_anchor(*key)}"
    return w.sentence(
        "profiles.neighbour",
        other=region_link(w, row.other),
        cosine=pair_number(t.pair(region, row.other), "cosine", "2"),
        rank=pair_number(t.pair(region, row.other), "rank", "int"),
        low=t.cell("similarity_intervals", key, "rank_low", "int", href),
        high=t.cell("similarity_intervals", key, "rank_high", "int", href),
        share=t.cell("neighbours", (region, row.other), "nearest_share", "share", href),
    )
