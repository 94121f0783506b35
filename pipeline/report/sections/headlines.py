"""One sentence for each finding with a word on how sure it is; both follow from the numbers."""

from __future__ import annotations

from typing import Any

from pipeline.method import Settings
from pipeline.report.document import Span, Spans
from pipeline.report.parts import metric, pair_anchor, pair_number, region_link
from pipeline.report.sections import background_hedges, hedges, theme_hedges
from pipeline.report.source import Tables
from pipeline.report.wording import Wording

Headline = tuple[str, Spans]  # certainty, sentence

_NAMED = 4  # regions that a headline names


def _of_three(w: Wording, name: str, some: object, every: bool, **values: object) -> Headline:
    """all: robust; some: sensitive; none: not shown."""
    kind = "all" if some and every else "some" if some else "none"
    certainty = {"all": "robust", "some": "sensitive", "none": "not shown"}[kind]
    return certainty, w.sentence(f"headline.{name}_{kind}", **values)


def corpus(t: Tables, w: Wording) -> Headline:
    values = {name: metric(t, name) for name in ("regions", "measures")}
    return "description", w.sentence("headline.corpus", **values, own=metric(t, "own_types_share", "share"))


def closest(t: Tables, w: Wording, settings: Settings, best: Any) -> Headline:
    """Whether the pair with the largest cosine can be called the most similar one."""
    if best.cosine == 0:
        return "description", w.sentence("headline.closest_nothing")
    key = (best.region_a, best.region_b)
    values = {
        "a": Span(w.region(best.region_a), href=f"#{pair_anchor(*key)}"),
        "b": Span(w.region(best.region_b), href=f"#{pair_anchor(*key)}"),
    }
    place = hedges.place_of(t, settings, best)
    if place == "only":
        return "description", w.sentence("headline.closest_only", **values, cosine=pair_number(best, "cosine", "2"))
    claim = hedges.claim_of(t, "closest", *key)
    if place == "certain":
        robust = claim is None or claim.standing == "robust"
        kind = "robust" if robust else "certain"
        return "robust" if robust else "sensitive", w.sentence(f"headline.closest_{kind}", **values)
    return {"among": "sensitive", "not_first": "not shown"}[place], w.sentence(f"headline.closest_{place}", **values)


def nearest(t: Tables, w: Wording, settings: Settings) -> Headline:
    """For how many regions the nearest neighbour is certain."""
    sure = int((t["neighbours"]["nearest_share"] >= settings.resampling.level).sum())
    return _of_three(w, "nearest", sure, sure == len(t.names), certain=metric(t, "nearest_certain"))


def ranking(t: Tables, w: Wording, settings: Settings) -> Headline:
    """Whether the order of the pairs as a whole can be relied on."""
    said = hedges.reliable(t, settings)
    certainty = {"high": "robust", "low": "not shown", "unknown": "description"}[said]
    return certainty, w.sentence(f"headline.ranking_{said}")


def groups(t: Tables, w: Wording) -> Headline:
    """Whether words show groups of regions."""
    kind = hedges.verdict_kind(t)
    certainty = {"supported": "robust", "weak": "sensitive"}.get(kind, "not shown")
    return certainty, w.sentence(f"headline.groups_{kind}", k=metric(t, "k"))


def approaches(t: Tables, w: Wording) -> Headline:
    """The theme that most regions mention."""
    if theme_hedges.unsupervised(t):
        return "description", w.sentence("headline.approaches_exploratory")
    used = t["codebook"][t["codebook"]["measures"] > 0]
    if used.empty:
        return "description", w.sentence("headline.approaches_none")
    most = next(used.sort_values(["regions", "measures"], ascending=False, kind="stable").itertuples())
    return "description", w.sentence(
        "headline.approaches_all" if most.regions == len(t.names) else "headline.approaches",
        theme=theme_hedges.name(t, w, most.theme),
        mentioning=t.cell("codebook", (most.theme,), "regions", "int", "#table-themes"),
        regions=metric(t, "regions"),
    )


def first_themes(t: Tables, w: Wording, settings: Settings) -> Headline:
    """For which regions a theme leads whatever measures are drawn."""
    sure = theme_hedges.leading(t, settings)["region"].drop_duplicates().tolist()
    kind = "some" if len(sure) <= _NAMED else "several"
    if 0 < len(sure) < len(t.names):
        named = w.listed([region_link(w, region) for region in sure[:_NAMED]])
        return "sensitive", w.sentence(f"headline.first_{kind}", list=named)
    return _of_three(w, "first", len(sure), True)


def theme_groups(t: Tables, w: Wording) -> Headline:
    """Whether themes show groups of regions."""
    kind = theme_hedges.verdict_kind(t)
    certainty = {"supported": "robust", "weak": "sensitive"}.get(kind, "not shown")
    return certainty, w.sentence(f"headline.theme_groups_{kind}")


def keywords(t: Tables, w: Wording) -> Headline:
    """Whether the keyword lists say more than that these texts use these words."""
    found, stable = int(t.metric["listed_discovered"]), int(t.metric["listed_stable"])
    values = {"listed": metric(t, "listed")}
    if found and len(t.names) > 1:
        return "robust", w.sentence("headline.keywords_discovered", **values, discovered=metric(t, "listed_discovered"))
    if stable:
        kind = "stable" if len(t.names) > 1 else "alone"
        return "sensitive", w.sentence(f"headline.keywords_{kind}", **values, stable=metric(t, "listed_stable"))
    return "not shown", w.sentence("headline.keywords_none", **values)


def background(t: Tables, w: Wording) -> Headline:
    """Whether a background corpus changes what is claimed."""
    outcome = background_hedges.outcome(t)
    if outcome in ("none", "refused"):
        return "description", w.sentence(f"headline.background_{outcome}")
    counts = {name: metric(t, f"background_{name}", href="#background-claims") for name in ("claims", "claims_changed")}
    changed = t.metric["background_claims_changed"] > 0
    kind = "doubtful" if outcome == "doubtful" else "changed" if changed else "same"
    return "robust" if kind == "same" else "sensitive", w.sentence(f"headline.background_{kind}", **counts)


def settings_hold(t: Tables, w: Wording) -> Headline:
    """How many claims stand under other settings."""
    robust, claims = int(t.metric["claims_robust"]), int(t.metric["claims"])
    values = {name: metric(t, name, href="#table-claims") for name in ("claims", "claims_robust")}
    return _of_three(w, "settings", robust, robust == claims, **values)
