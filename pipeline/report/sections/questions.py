"""The first questions of a reader, answered for regions that a rule chooses; what is said follows from the numbers."""

from __future__ import annotations

from pipeline.anchors import anchor
from pipeline.method import Settings
from pipeline.report.document import Block, Heading, Measure, Paragraph, Span, Spans, spans
from pipeline.report.parts import region_link
from pipeline.report.sections import background_hedges, dictionary_hedges, hedges, portrait
from pipeline.report.sections.background import nearest_of, other_of
from pipeline.report.sections.findings import shared_terms
from pipeline.report.sections.profiles import certain_nearest
from pipeline.report.source import Tables
from pipeline.report.wording import Wording

_QUOTED = 2  # own terms whose clauses are quoted


def _asked(w: Wording, name: str, answer: Spans, **values: object) -> list[Block]:
    question = "".join(span.text for span in w.sentence(f"questions.{name}_q", **values))
    return [Paragraph((Span(question, kind="strong"),), "question"), Paragraph(answer, "answer")]


def _similar(t: Tables, w: Wording, settings: Settings, region: str) -> list[Block]:
    """Who resembles the region, through which words, and how sure that is."""
    rows = portrait.neighbours(t, region, settings.report.profile_neighbours)
    other = rows[0].other
    answer = hedges.sentences(
        w,
        w.sentence(
            "questions.similar_several" if len(rows) > 1 else "questions.similar_one",
            region=region_link(w, region),
            list=portrait.neighbour_names(t, w, region, rows),
        ),
        w.sentence(
            "questions.similar_through",
            other=w.region(other),
            terms=shared_terms(t, w, region, other),
            clauses=portrait.pair_link(w, *portrait.of_pair(t, region, other), "questions.clauses"),
        ),
    )
    return [*_asked(w, "similar", answer, region=w.region(region)), *_sure(t, w, settings, region, other)]


def _sure(t: Tables, w: Wording, settings: Settings, region: str, other: str) -> list[Block]:
    key = portrait.of_pair(t, region, other)
    href = f"#{anchor('pair', *key)}"
    certain = certain_nearest(t, settings, region, other)
    parts = [
        w.sentence(
            "questions.nearest_certain" if certain else "questions.nearest_uncertain",
            region=w.region(region),
            other=w.region(other),
            share=t.cell("neighbours", (region, other), "nearest_share", "share", f"#{anchor('profile', region)}"),
        )
    ]
    test = t.row("pair_tests", *key)
    parts.append(
        w.sentence(
            "questions.pair_holds" if test.holds else "questions.pair_not",
            region=w.region(region),
            other=w.region(other),
            q=t.cell("pair_tests", key, "q", "p", href),
            q_char=t.cell("pair_tests", key, "q_char", "p", href),
        )
    )
    claim = hedges.claim_of(t, "pair", *key)
    if claim is not None:
        parts.append(
            w.sentence(
                f"questions.pair_{claim.standing}",
                first=str(settings.similarity.first),
                share=t.cell("robustness", (claim.claim_id,), "share", "share", "#table-claims"),
            )
        )
    if background_hedges.used(t) and len(t["background_similarity"]):
        through = other_of(nearest_of(t["background_similarity"], region, "cosine"), region)
        kind = "same" if through == other else "other"
        parts.append(w.sentence(f"questions.background_{kind}", other=region_link(w, through)))
    return _asked(w, "sure", hedges.sentences(w, *parts))


def _own(t: Tables, w: Wording, settings: Settings, region: str) -> list[Block]:
    """What the region does that others do not, with the clauses."""
    terms = portrait.repeated_terms(t, w, region, settings.report.profile_terms)
    once = portrait.single_terms(t, w, region, settings.report.profile_terms)
    only, shared = portrait.seldom_themes(t, w, region)
    answer = hedges.sentences(
        w,
        w.sentence("questions.own_terms" if terms else "questions.own_none", region=region_link(w, region), list=terms),
        w.sentence("questions.own_once", list=once) if once else (),
        w.sentence("questions.own_themes", list=only) if only else (),
        w.sentence("questions.own_shared", list=shared) if shared else (),
        w.sentence("questions.own_no_theme") if not only and not shared and len(t["codebook"]) else (),
        w.sentence("questions.own_careful"),
    )
    quoted: list[Measure] = portrait.quotes(t, w, region, _QUOTED)
    return [*_asked(w, "own", answer, region=w.region(region)), *quoted]


def _dictionary(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    answer = hedges.sentences(
        w,
        *dictionary_hedges.brief(t, w, settings),
        (Span(w.text("questions.dictionary_more"), href="#dictionary"),),
    )
    return _asked(w, "dictionary", answer)


def _more(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """What the texts could have shown, and what they could not."""
    reliable = hedges.reliable(t, settings)
    power: Spans = ()
    if t.metric["k"] >= 2 and hedges.outcome(t) != "supported":
        power = w.sentence("certainty.power_missing") if t["calibration"].empty else hedges.power(t, w)
    parts = [
        power,
        w.sentence(
            f"questions.order_{reliable}",
            corrected=t.cell("reliability", ("words", "split_half_corrected"), "value", "2", "#table-reliability"),
            characters=t.cell(
                "reliability", ("characters", "split_half_corrected"), "value", "2", "#table-reliability"
            ),
            threshold=f"{settings.resampling.reliability:g}",
        )
        if reliable != "unknown"
        else (),
        w.sentence("questions.words_not") if not t.metric["listed_discovered"] else (),
        w.sentence("questions.coder_none") if t["coder_agreement"].empty and len(t["codebook"]) else (),
    ]
    said = hedges.sentences(w, *parts)
    return _asked(w, "more", said) if said else []


def section(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """Five questions; those about other regions only where there are some."""
    heading = Heading(3, w.text("questions.heading"), "questions")
    if len(t.names) < 2:
        return [heading, *_dictionary(t, w, settings), *_more(t, w, settings)]
    own = portrait.most_distinctive(t)
    best = hedges.closest(t, "cosine")
    similar = best.region_a if best.cosine > 0 else ""
    rule = w.sentence(
        "questions.intro" if similar else "questions.intro_own",
        similar=w.region(similar),
        own=w.region(own),
        profiles=Span(w.text("profiles.heading"), href="#profiles"),
    )
    return [
        heading,
        Paragraph(spans(rule), "note"),
        *(_similar(t, w, settings, similar) if similar else []),
        *_own(t, w, settings, own),
        *_dictionary(t, w, settings),
        *_more(t, w, settings),
    ]
