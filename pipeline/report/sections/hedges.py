"""Sentences that say how sure a finding is; which one is said follows from the numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pipeline.anchors import anchor
from pipeline.method import Settings
from pipeline.report.document import Span, Spans, joined, spans
from pipeline.report.parts import metric, pair_anchor
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording

_NAMED = 6  # pairs or regions named in a sentence before "and others"
_LIKELY, _UNLIKELY = 0.8, 0.5  # power that is called good, and poor


def blank(w: Wording) -> str:
    """What stands between two sentences."""
    return "" if w.language == "zh" else " "


def sentences(w: Wording, *parts: Spans) -> Spans:
    """Sentences in a row; empty ones leave no gap."""
    return joined([part for part in parts if part], blank(w))


def stated(w: Wording, headline: Spans) -> Spans:
    """A headline as a sentence of a paragraph, set off from what follows."""
    return (*(replace(span, kind="strong") for span in headline), Span(w.text("page.stop"), kind="strong"))


def pair_name(w: Wording, a: str, b: str) -> Span:
    return Span(f"{w.region(a)}–{w.region(b)}", href=f"#{pair_anchor(a, b)}")


def named(w: Wording, items: list[Span]) -> Spans:
    """The first of the items, with their number where there are more."""
    shown = joined(items[:_NAMED], w.text("page.comma"))
    return shown if len(items) <= _NAMED else spans(shown, w.text("page.and_others", n=len(items)))


def option(w: Wording, choice: str, value: str) -> str:
    """An option of a choice in words: no dictionary, binary weights, at least 2 regions."""
    return str(w.texts["options"].get(value, w.text(f"certainty.{choice}_option", value=value)))


def sensitivity(t: Tables, w: Wording, claim: Any) -> Spans:
    """Which choice moves a claim most; empty where all specifications agree."""
    if not claim.most_sensitive_to:
        return ()
    key = (claim.claim_id,)
    return w.sentence(
        "certainty.sensitive",
        choice=w.texts["choices"][claim.most_sensitive_to],
        best=option(w, claim.most_sensitive_to, claim.best_option),
        best_share=t.cell("robustness", key, "best_share", "share", "#table-claims"),
        worst=option(w, claim.most_sensitive_to, claim.worst_option),
        worst_share=t.cell("robustness", key, "worst_share", "share", "#table-claims"),
    )


def claim_words(w: Wording, row: Any, settings: Settings) -> Spans:
    """The claim in words, linked to what it is about."""
    regions = w.text("page.comma").join(w.region(name) for name in row.region_a.split("·"))
    said = w.sentence(
        f"certainty.claim_{row.kind}",
        a=w.region(row.region_a),
        b=w.region(row.region_b),
        regions=regions,
        first=str(settings.similarity.first),
        term=w.term(row.term),
    )
    return spans(said, " ", Span("↗", href=f"#{pair_anchor(row.region_a, row.region_b)}")) if row.region_b else said


def claim_of(t: Tables, kind: str, a: str, b: str = "") -> Any:
    """The row of robustness.csv; None where the report makes no such claim."""
    rows = t["robustness"]
    rows = rows[(rows["kind"] == kind) & (rows["region_a"] == a) & (rows["region_b"] == b)]
    return next(rows.itertuples(), None)


def closest(t: Tables, column: str) -> Any:
    """The pair with the largest value; of equal ones the first in corpus order."""
    similarity = t["similarity"]
    return next(similarity.loc[[similarity[column].idxmax()]].itertuples())


def place_of(t: Tables, settings: Settings, best: Any) -> str:
    """certain: the closest whatever is drawn; among: of the closer half; not_first: neither; only: there is no other pair."""
    if len(t["similarity"]) < 2:
        return "only"
    row = t.row("similarity_intervals", best.region_a, best.region_b)
    if row.rank_high == 1 and row.first_share >= settings.resampling.level:
        return "certain"
    return "among" if 2 * row.rank_high <= len(t["similarity"]) else "not_first"


def closest_pair(t: Tables, w: Wording, settings: Settings, best: Any) -> list[Spans]:
    """How far the closest pair can be called the closest: resampling, other specifications."""
    kind = place_of(t, settings, best)
    if kind == "only":
        return []
    key = (best.region_a, best.region_b)
    href = f"#{pair_anchor(*key)}"
    first = w.sentence(
        f"similarity.rank_{kind}",
        draws=str(settings.resampling.resamples),
        level=number(settings.resampling.level, "share"),
        low=t.cell("similarity_intervals", key, "rank_low", "int", href),
        high=t.cell("similarity_intervals", key, "rank_high", "int", href),
        share=t.cell("similarity_intervals", key, "first_share", "share", href),
    )
    claim = claim_of(t, "closest", *key)
    if claim is None:
        return [first]
    return [
        first,
        w.sentence(
            f"similarity.closest_{claim.standing}",
            views=t.cell("robustness", (claim.claim_id,), "specifications", "int", "#table-claims"),
            share=t.cell("robustness", (claim.claim_id,), "share", "share", "#table-claims"),
            why=w.sentence("certainty.sensitive_to", most=most) if (most := sensitivity(t, w, claim)) else (),
        ),
    ]


def pairs_hold(t: Tables, w: Wording, settings: Settings) -> Spans:
    """Which pairs are more alike than shuffled measures make them, by both views, after correction."""
    tests = t["pair_tests"]
    alpha = f"{settings.permutation.alpha:g}"
    holding = tests[tests["holds"]]
    if len(holding):
        names = [pair_name(w, row.region_a, row.region_b) for row in holding.sort_values("p").itertuples()]
        return w.sentence("similarity.hold_some", alpha=alpha, held=metric(t, "pairs_hold"), list=named(w, names))
    least = next(tests.loc[[tests["p"].idxmin()]].itertuples())
    key = (least.region_a, least.region_b)
    return w.sentence(
        "similarity.hold_none",
        alpha=alpha,
        pairs=metric(t, "pairs"),
        pair=pair_name(w, *key),
        p=t.cell("pair_tests", key, "p", "p", f"#{pair_anchor(*key)}"),
        q=t.cell("pair_tests", key, "q", "p", f"#{pair_anchor(*key)}"),
    )


def robust_pairs(t: Tables, w: Wording, settings: Settings) -> Spans:
    """Which of the first pairs are among the first in most specifications."""
    if not t.metric["first_pairs"]:
        return ()
    rows = t["robustness"]
    robust = rows[(rows["kind"] == "pair") & (rows["standing"] == "robust")]
    values = {
        "views": metric(t, "views"),
        "first": str(settings.similarity.first),
        "pairs": metric(t, "first_pairs"),
        "share": number(settings.specification.robust, "share"),
    }
    if robust.empty:
        return w.sentence("similarity.robust_none", **values)
    names = [
        pair_name(w, row.region_a, row.region_b) for row in robust.sort_values("share", ascending=False).itertuples()
    ]
    return w.sentence("similarity.robust_some", **values, robust=metric(t, "first_pairs_robust"), list=named(w, names))


def nearest(t: Tables, w: Wording, settings: Settings) -> Spans:
    """Whose nearest neighbour is certain, and among how many the others' stands."""
    frame = t["neighbours"]
    if len(t["similarity"]) < 2 or not (frame["nearest_share"] > 0).any():
        return ()
    level = number(settings.resampling.level, "share")
    values = {"level": level, "median": metric(t, "nearest_among"), "certain": metric(t, "nearest_certain")}
    pairs = frame[frame["nearest_share"] >= settings.resampling.level]
    if pairs.empty:
        return w.sentence("similarity.nearest_none", **values)
    names = [
        Span(f"{w.region(row.region)} → {w.region(row.other)}", href=f"#{anchor('region', row.region)}")
        for row in pairs.itertuples()
    ]
    return w.sentence(
        "similarity.nearest_some" if len(pairs) < len(t.names) else "similarity.nearest_all",
        **values,
        list=named(w, names),
    )


def reliable(t: Tables, settings: Settings) -> str:
    """high, low or unknown: whether the order of the pairs as a whole can be relied on, by the worse of the two views."""
    half = t.row("reliability", "words", "split_half_corrected")
    if half.why:
        return "unknown"
    worst = min(half.value, t.row("reliability", "characters", "split_half_corrected").value)
    return "high" if worst >= settings.resampling.reliability else "low"


def reliability(t: Tables, w: Wording, settings: Settings) -> Spans:
    """Whether the order of the pairs as a whole can be relied on, with the numbers that decide."""
    kind = reliable(t, settings)
    if kind == "unknown":
        half = t.row("reliability", "words", "split_half_corrected")
        return w.sentence("certainty.reliability_unknown", why=w.texts["why"][half.why])
    return w.sentence(
        f"certainty.reliability_{kind}",
        halvings=str(settings.resampling.halvings),
        rho=t.cell("reliability", ("words", "split_half"), "value", "2", "#table-reliability"),
        corrected=t.cell("reliability", ("words", "split_half_corrected"), "value", "2", "#table-reliability"),
        characters=t.cell("reliability", ("characters", "split_half_corrected"), "value", "2", "#table-reliability"),
        threshold=f"{settings.resampling.reliability:g}",
    )


def left_out(t: Tables, w: Wording) -> list[Spans]:
    """Whether single regions or text length make the picture."""
    parts: list[Spans] = []
    if len(t["leave_one_out"]) and not t["leave_one_out"]["rho"].isna().all():
        parts.append(
            w.sentence(
                "certainty.left_out",
                regions=metric(t, "regions"),
                kept=metric(t, "closest_kept", href="#table-left-out"),
                rho=metric(t, "left_out_rho", "3", "#table-left-out"),
            )
        )
    length = t.row("reliability", "words", "length")
    given = t.row("reliability", "both", "views_given_length")
    if not length.why and not given.why:
        parts.append(
            w.sentence(
                "certainty.length_matters" if length.p <= 0.05 else "certainty.length_not",
                rho=t.cell("reliability", ("words", "length"), "value", "2", "#table-reliability"),
                p=t.cell("reliability", ("words", "length"), "p", "p", "#table-reliability"),
                views=t.cell("reliability", ("both", "views"), "value", "2", "#table-reliability"),
                given=t.cell("reliability", ("both", "views_given_length"), "value", "2", "#table-reliability"),
            )
        )
    return parts


def outcome(t: Tables) -> str:
    """supported, weak or not shown."""
    return str(t.row("verdict", "verdict").outcome)


def verdict_kind(t: Tables) -> str:
    """supported, weak or not_shown; one_few, one_apart or one_alike where nothing was grouped."""
    if t.metric["k"] >= 2:
        return outcome(t).replace(" ", "_")
    if len(t.names) < 3:
        return "one_few"
    return "one_apart" if (t["limits"]["what"] == "apart").any() else "one_alike"


def verdict(t: Tables, w: Wording, settings: Settings) -> Spans:
    """What the verdict on groups rests on: the numbers that decide."""
    kind = verdict_kind(t)
    if t.metric["k"] < 2:
        return w.sentence(f"clusters.{kind}")
    rows = {criterion: t.row("verdict", criterion) for criterion in ("pac", "jaccard")}
    failed = [w.text(f"clusters.fails_{name}") for name, row in rows.items() if not row.met]
    k = int(t.metric["k"])
    return w.sentence(
        f"clusters.{kind}",
        draws=str(settings.permutation.draws),
        alpha=f"{settings.permutation.alpha:g}",
        words=t.cell("structure", ("words", 0), "silhouette", "2", "#clusters"),
        characters=t.cell("structure", ("characters", 0), "silhouette", "2", "#clusters"),
        p_words=t.cell("verdict", ("structure_words",), "value", "p", "#table-verdict"),
        p_characters=t.cell("verdict", ("structure_characters",), "value", "p", "#table-verdict"),
        k=metric(t, "k"),
        pac=t.cell("cluster_choice", (k,), "pac", "2", "#table-k"),
        pac_p=t.cell("cluster_choice", (k,), "pac_p", "p", "#table-k"),
        jaccard=t.cell("cluster_choice", (k,), "jaccard", "2", "#table-k"),
        jaccard_threshold=f"{settings.verdict.jaccard:g}",
        failed=w.text("page.comma").join(failed),
    )


def power(t: Tables, w: Wording) -> Spans:
    """What so many texts could have shown, by the calibration nearest in number of regions; empty without one."""
    rows = t["calibration"]
    rows = rows[rows["scenario"] == "groups"]
    if rows.empty or t.metric["k"] < 2 or outcome(t) == "supported":
        return ()
    sizes = sorted(rows["regions"].unique(), key=lambda n: (abs(n - len(t.names)), n))
    rows = rows[rows["regions"] == sizes[0]].sort_values("strength")
    good, poor = rows[rows["supported"] >= _LIKELY].head(1), rows[rows["supported"] < _UNLIKELY].tail(1)
    parts: list[Spans] = []
    for kind, row in (("good", good), ("poor", poor)):
        if len(row):
            strength = float(row["strength"].iloc[0])
            key = ("groups", int(sizes[0]), strength)
            parts.append(
                w.sentence(
                    f"certainty.power_{kind}",
                    regions=str(sizes[0]),
                    strength=t.cell("calibration", key, "strength", "share", "#calibration"),
                    power=t.cell("calibration", key, "supported", "share", "#calibration"),
                )
            )
    return sentences(w, *parts)


def members(t: Tables, w: Wording) -> Spans:
    """Who belongs to a described group with confidence."""
    clusters = t["clusters"]
    if clusters["cluster"].max() < 2:
        return ()
    sure = clusters[clusters["confident"]].sort_values("leaf")
    if sure.empty:
        return w.sentence("clusters.members_none")
    names = [Span(w.region(name), href="#table-groups") for name in sure["region"]]
    kind = "all" if len(sure) == len(clusters) else "some"
    return w.sentence(
        f"clusters.members_{kind}", confident=metric(t, "confident"), list=joined(names, w.text("page.comma"))
    )


def specifications(t: Tables, w: Wording, settings: Settings) -> Spans:
    """How far the specifications agree on the groups and on the claims."""
    if not t.metric["members"]:
        return ()
    return w.sentence(
        "certainty.specifications",
        specifications=metric(t, "specifications"),
        rand=metric(t, "rand_median", "2", "#table-claims"),
        members=metric(t, "members"),
        members_robust=metric(t, "members_robust", href="#table-claims"),
        heads=metric(t, "heads"),
        heads_robust=metric(t, "heads_robust", href="#table-claims"),
        share=number(settings.specification.robust, "share"),
    )


def limits(t: Tables, w: Wording) -> Spans:
    """What could not be computed, and why; empty where nothing is amiss."""
    rows = t["limits"]
    if rows.empty:
        return ()
    parts = []
    for what, group in rows.groupby("what", sort=False):
        items = w.text("page.comma").join(w.region(item) for item in group["item"])
        parts.append(w.sentence(f"certainty.limit_{what}", items=items))
    return sentences(w, *parts)
