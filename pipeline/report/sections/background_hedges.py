"""Sentences about what a background adds that say how sure they are; which one is said follows from the numbers."""

from __future__ import annotations

from pipeline.anchors import anchor
from pipeline.method import Settings
from pipeline.report.document import Span, Spans
from pipeline.report.parts import metric
from pipeline.report.sections import hedges
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording

_REFUSED = {
    "overlap": "refused_overlap",
    "unknown to itself": "refused_itself",
    "no held-out paragraphs": "refused_held_out",
}


def outcome(t: Tables) -> str:
    """fits, doubtful, refused or none."""
    return "none" if t["background_fit"].empty else str(t["background_fit"]["outcome"].iloc[0])


def used(t: Tables) -> bool:
    return outcome(t) in ("fits", "doubtful")


def anchor_of(a: str, b: str) -> str:
    """Where the likeness of a pair through the background is taken apart."""
    return anchor("background", a, b)


def pair_name(t: Tables, w: Wording, a: str, b: str) -> Span:
    """The pair, linked to what makes it alike, or to the figure where it is not taken apart."""
    explained = bool(((t["background_terms"]["region_a"] == a) & (t["background_terms"]["region_b"] == b)).any())
    href = anchor_of(a, b) if explained else "figure-background_similarity"
    return Span(f"{w.region(a)}–{w.region(b)}", href=f"#{href}")


def fit(t: Tables, w: Wording, settings: Settings) -> Spans:
    """Whether the background fits, with the numbers that decide."""
    if outcome(t) == "none":
        return w.sentence("background.none")
    row = next(t["background_fit"].itertuples())
    asked = settings.background
    href = "#table-background-fit" if used(t) else "#table-background-coverage"

    def number_in(column: str, style: str) -> Span:
        return t.cell("background_fit", (row.name,), column, style, href)

    return w.sentence(
        f"background.{_REFUSED[row.reason] if row.outcome == 'refused' else row.outcome}",
        name=row.name,
        documents=number_in("documents", "int"),
        paragraphs=number_in("paragraphs", "int"),
        coverage=number_in("coverage", "share"),
        own=number_in("coverage_held_out", "share"),
        relative=number_in("relative_coverage", "2"),
        low=number_in("relative_low", "2"),
        high=number_in("relative_high", "2"),
        level=number(settings.resampling.level, "share"),
        fits=f"{asked.fits:g}",
        refused=f"{asked.refused:g}",
        held_out=number(asked.held_out, "share"),
    )


def first(t: Tables, w: Wording, settings: Settings) -> Spans:
    """The closest pair through the background, and how far it can be called that."""
    frame = t["background_similarity"]
    if len(frame) < 2:
        return ()
    best = next(frame.loc[[frame["cosine"].idxmax()]].itertuples())
    key = (best.region_a, best.region_b)
    certain = best.rank_high == 1 and best.first_share >= settings.resampling.level
    kind = "certain" if certain else "among" if 2 * best.rank_high <= len(frame) else "not"

    def number_in(column: str, style: str) -> Span:
        return t.cell("background_similarity", key, column, style, "#table-background-pairs")

    return w.sentence(
        f"background.first_{kind}",
        pair=pair_name(t, w, *key),
        similarity=number_in("cosine", "2"),
        words=number_in("rank_words", "int"),
        low=number_in("rank_low", "int"),
        high=number_in("rank_high", "int"),
        share=number_in("first_share", "share"),
        draws=str(settings.resampling.resamples),
        level=number(settings.resampling.level, "share"),
    )


def pairs_hold(t: Tables, w: Wording, settings: Settings) -> Spans:
    """Which pairs are more alike through the background than shuffled measures make them, after correction."""
    frame = t["background_similarity"]
    if len(frame) < 2:
        return ()
    alpha = f"{settings.permutation.alpha:g}"
    holding = frame[frame["q"] <= settings.permutation.alpha].sort_values("rank")
    if len(holding):
        names = [pair_name(t, w, row.region_a, row.region_b) for row in holding.itertuples()]
        held = metric(t, "background_pairs_hold", href="#table-background-pairs")
        return w.sentence("background.hold_some", alpha=alpha, held=held, list=hedges.named(w, names))
    least = next(frame.sort_values(["q", "rank"], kind="stable").head(1).itertuples())
    key = (least.region_a, least.region_b)
    q = t.cell("background_similarity", key, "q", "p", "#table-background-pairs")
    return w.sentence("background.hold_none", alpha=alpha, pair=pair_name(t, w, *key), q=q)


def nearest(t: Tables, w: Wording) -> Spans:
    """How many regions keep their nearest neighbour."""
    if len(t["background_similarity"]) < 2:
        return ()
    same = int(t.metric["background_nearest_same"])
    kind = "all" if same == len(t.names) else "some" if same else "none"
    return w.sentence(
        f"background.nearest_{kind}",
        regions=metric(t, "regions"),
        same=metric(t, "background_nearest_same", href="#table-background-nearest"),
    )


def chosen(t: Tables) -> int:
    """The number of groups described through the background."""
    choice = t["background_choice"]
    return int(choice.loc[choice["chosen"], "k"].iloc[0])


def verdict(t: Tables, w: Wording, settings: Settings) -> Spans:
    """Whether groups are shown through the background, with the numbers that decide."""
    if len(t.names) < 3:
        return w.sentence("background.groups_few")
    k = chosen(t)
    if k < 2:
        return w.sentence("background.groups_alike")
    said = str(t.row("background_verdict", "verdict").outcome).replace(" ", "_")
    rows = {criterion: t.row("background_verdict", criterion) for criterion in ("pac", "jaccard")}
    href = "#table-background-verdict"
    return w.sentence(
        f"background.groups_{said}",
        draws=str(settings.permutation.draws),
        alpha=f"{settings.permutation.alpha:g}",
        value=t.cell("background_structure", ("background", 0), "silhouette", "2", href),
        p=t.cell("background_verdict", ("structure_background",), "value", "p", href),
        p_characters=t.cell("background_verdict", ("structure_characters",), "value", "p", href),
        k=t.cell("background_choice", (k,), "k", "int", "#table-background-groups"),
        failed=w.text("page.comma").join(w.text(f"clusters.fails_{name}") for name, row in rows.items() if not row.met),
    )


def members(t: Tables, w: Wording) -> Spans:
    """Who belongs to a group through the background with confidence."""
    groups = t["background_groups"]
    if groups.empty or groups["cluster"].max() < 2:
        return ()
    sure = groups[groups["confident"]].sort_values("leaf")["region"]
    return w.sentence(
        "background.members_some" if len(sure) else "background.members_none",
        confident=metric(t, "background_confident", href="#table-background-groups"),
        list=w.text("page.comma").join(w.region(name) for name in sure),
    )


def claims(t: Tables, w: Wording) -> Spans:
    """How many claims hold whether the background is used or not."""
    if t["background_claims"].empty:
        return w.sentence("background.claims_none")
    changed = bool(t["background_claims"]["changes"].any())
    href = "#table-background-claims" if changed else "#table-claims"
    counts = {name: f"background_claims_{name}" for name in ("changed", "weaker", "stronger", "robust")}
    values = {name: metric(t, each, href=href) for name, each in ({"claims": "background_claims"} | counts).items()}
    return w.sentence("background.claims_changed" if changed else "background.claims_same", **values)


def measures(t: Tables, w: Wording) -> Spans:
    """How many measures keep their most similar one, and how many have none by words alone."""
    href = "#table-background-measures"
    same = metric(t, "background_measures_same", href=href)
    alone = metric(t, "background_measures_alone", href=href)
    return hedges.sentences(
        w,
        w.sentence("background.measures_same", measures=metric(t, "measures"), same=same),
        w.sentence("background.measures_alone", alone=alone) if t.metric["background_measures_alone"] else (),
    )


def brief(t: Tables, w: Wording, settings: Settings) -> list[Spans]:
    """The background in the findings in brief."""
    if not used(t):
        return [fit(t, w, settings)]
    return [
        claims(t, w),
        first(t, w, settings),
        pairs_hold(t, w, settings),
        nearest(t, w),
        hedges.sentences(w, verdict(t, w, settings), members(t, w)),
        fit(t, w, settings),
    ]


def glance(t: Tables, w: Wording) -> Spans:
    """One sentence beside the overview of the regions."""
    if outcome(t) in ("none", "refused"):
        return w.sentence(f"background.glance_{outcome(t)}")
    if len(t["background_similarity"]) < 2:
        return ()
    changed = int(t.metric["background_nearest_same"]) < len(t.names) or t.metric["background_claims_changed"] > 0
    return w.sentence(
        "background.glance_changed" if changed else "background.glance_same",
        regions=metric(t, "regions"),
        same=metric(t, "background_nearest_same", href="#table-background-nearest"),
        claims=metric(t, "background_claims", href="#background-claims"),
        changed=metric(t, "background_claims_changed", href="#background-claims"),
    )
