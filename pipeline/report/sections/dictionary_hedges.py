"""Sentences about what another dictionary would change; which one is said follows from the numbers."""

from __future__ import annotations

import pandas as pd

from pipeline.method import Settings
from pipeline.report.document import Spans, joined
from pipeline.report.parts import metric
from pipeline.report.sections import hedges
from pipeline.report.source import Tables
from pipeline.report.wording import Wording

_NAMED = 3  # claims named of those that change


def claims(t: Tables, w: Wording) -> Spans:
    """How many claims have another standing without the dictionary."""
    if not t.metric["dictionary_claims"]:
        return ()
    changed = t.metric["dictionary_claims_changed"] > 0
    href = "#table-dictionary-claims" if changed else "#table-claims"
    names = ("claims", "claims_changed", "claims_weaker", "claims_stronger", "claims_robust")
    values = {name: metric(t, f"dictionary_{name}", href=href) for name in names}
    return w.sentence("dictionary.claims_changed" if changed else "dictionary.claims_same", **values)


def changed(t: Tables) -> pd.DataFrame:
    """The claims whose standing is another without the dictionary."""
    frame = t["robustness"]
    tried = frame[(frame["with_standing"] != "") & (frame["without_standing"] != "")]
    return tried[tried["with_standing"] != tried["without_standing"]]


def named(t: Tables, w: Wording, settings: Settings) -> Spans:
    """The first of the claims whose standing changes."""
    rows = changed(t).head(_NAMED)
    if rows.empty:
        return ()
    items = [hedges.claim_words(w, row, settings) for row in rows.itertuples()]
    return w.sentence("dictionary.claims_named", list=joined(items, w.text("page.semicolon")))


def keywords(t: Tables, w: Wording) -> list[Spans]:
    """How many keywords come and go, and how sure that is."""
    values = {
        name: metric(t, f"dictionary_{name}", href="#table-dictionary")
        for name in ("kept", "lost", "gained", "cut", "sure")
    }
    if not t.metric["dictionary_lost"] and not t.metric["dictionary_gained"]:
        return [w.sentence("dictionary.words_same", **values)]
    sure = "dictionary.sure_some" if t.metric["dictionary_sure"] else "dictionary.sure_none"
    return [w.sentence("dictionary.words_changed", **values), w.sentence(sure, sure=values["sure"])]


def nearest(t: Tables, w: Wording) -> Spans:
    """How many regions keep their nearest neighbour."""
    every, same = t.metric["dictionary_nearest"], t.metric["dictionary_nearest_same"]
    if not every:
        return ()
    values = {"same": metric(t, "dictionary_nearest_same"), "regions": metric(t, "dictionary_nearest")}
    kind = "all" if same == every else "some" if same else "none"
    return w.sentence(f"dictionary.nearest_{kind}", **values)


def closest(t: Tables, w: Wording, settings: Settings) -> Spans:
    """Where the closest pair stands without the dictionary, the other choices as they are."""
    frame = t["specifications"]
    generic = "out" if settings.keywords.exclude_generic else "in"
    plain = frame[
        (frame["text"] == "no dictionary")
        & (frame["generic"] == generic)
        & (frame["weight"] == "tf-idf")
        & (frame["min_df"] == 1)
    ]
    if plain.empty or len(t["similarity"]) < 2 or t["similarity"]["cosine"].max() == 0:
        return ()
    row = next(plain.itertuples())
    best = hedges.closest(t, "cosine")
    return w.sentence(
        "dictionary.closest_stays" if row.closest_rank == 1 else "dictionary.closest_moves",
        pair=hedges.pair_name(w, best.region_a, best.region_b),
        rank=t.cell("specifications", (row.specification,), "closest_rank", "int", "#figure-specification_curve"),
        cosine=t.cell("specifications", (row.specification,), "closest_cosine", "2", "#figure-specification_curve"),
    )


def brief(t: Tables, w: Wording, settings: Settings) -> list[Spans]:
    """What a reader asks first: claims, closest pair, keywords."""
    return [claims(t, w), named(t, w, settings), closest(t, w, settings), *keywords(t, w)]
