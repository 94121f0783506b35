"""Answers to a reader's first questions and region profiles: what is said follows from the numbers, in both languages alike."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import docx
import pandas as pd
import pytest

from pipeline import tables
from pipeline.method import Settings
from pipeline.report import html, markdown, word, wording
from pipeline.report.document import (
    CERTAINTIES,
    Bullets,
    Details,
    Document,
    Finding,
    Heading,
    Measure,
    Paragraph,
    Span,
    links_in,
    spans,
)
from pipeline.report.sections import certainty, dictionary, findings, profiles, questions
from pipeline.report.source import Tables
from pipeline.report.wording import Wording
from pipeline.summary import certainty_of, dictionary_of
from tests.conftest import Corpus
from tests.test_hedges import LANGUAGES, Change, at, both_of, every, none, power_of, text_of, worded

PAIR = {"region_a": "浙江", "region_b": "上海"}  # the pair of the appendix with the largest cosine


def tables_of(
    corpus: Corpus, settings: Settings, changed: Mapping[str, Change] | None = None, power: pd.DataFrame | None = None
) -> Tables:
    """The tables of the report with some changed; what summary.csv counts of them is counted anew."""
    frames = {table.name: frame for frame, table in corpus.with_contracts()}
    for name, change in (changed or {}).items():
        frames[name] = change(frames[name])
    names = ("keywords", "pair_tests", "neighbours", "leave_one_out", "clusters", "robustness", "specifications")
    counted = [
        *certainty_of(*(frames[name] for name in names), settings),
        *dictionary_of(*(frames[name] for name in ("robustness", "dictionary_keywords", "dictionary_regions"))),
    ]
    anew = {metric: float(value) for metric, value, _ in counted}
    summary = frames["summary"]
    frames["summary"] = summary.assign(value=[anew.get(row.metric, row.value) for row in summary.itertuples()])
    return Tables({**frames, "calibration": tables.from_rows([], tables.CALIBRATION) if power is None else power})


def said(t: Tables, settings: Settings) -> set[str]:
    """The sentences of the answers, the same in both languages and all in their text."""
    both = []
    for language in LANGUAGES:
        w = worded(language, t)
        text = text_of(questions.section(t, w, settings))
        assert not re.search(r"\{\w+[:}]|\bnan\b|—", text)
        both.append({key for key in w.keys if key.split(".")[0] in ("questions", "dictionary", "certainty")})
    assert both[0] == both[1]
    return both[0]


ALIKE = {"similarity": every(cosine=0.0)}
STANDINGS = {
    name: {"robustness": at({"kind": "pair", **PAIR}, standing=name)} for name in ("robust", "sensitive", "fragile")
}
# Name: changes, what is said then, and what is not.
CASES: dict[str, tuple[dict[str, Change], set[str], set[str]]] = {
    "as it is": (
        {},
        {
            "questions.intro", "questions.similar_several", "questions.nearest_uncertain", "questions.pair_not",
            "questions.background_other", "questions.own_terms", "questions.own_no_theme", "dictionary.claims_changed",
            "dictionary.closest_stays", "dictionary.words_changed", "dictionary.sure_some", "questions.order_low",
            "questions.words_not", "questions.coder_none", "certainty.power_missing",
        },
        {"questions.nearest_certain", "questions.pair_holds", "questions.own_none", "questions.order_high"},
    ),
    "the nearest is certain": (
        {"neighbours": every(nearest_share=0.95)}, {"questions.nearest_certain"}, {"questions.nearest_uncertain"}
    ),
    "the nearest is not certain": (
        {"neighbours": every(nearest_share=0.949)}, {"questions.nearest_uncertain"}, {"questions.nearest_certain"}
    ),
    "the pair holds": ({"pair_tests": at(PAIR, holds=True)}, {"questions.pair_holds"}, {"questions.pair_not"}),
    **{
        f"the pair is {name}": (
            change, {f"questions.pair_{name}"}, {f"questions.pair_{other}" for other in STANDINGS if other != name}
        )
        for name, change in STANDINGS.items()
    },
    "no pair is claimed": (
        {"robustness": lambda frame: frame[frame["kind"] != "pair"]}, {"questions.pair_not"},
        {f"questions.pair_{name}" for name in STANDINGS},
    ),
    "nothing is shared": (ALIKE, {"questions.intro_own"}, {"questions.similar_several", "questions.nearest_uncertain"}),
    "one region shares a word": (
        {"similarity": lambda frame: frame.assign(cosine=frame["cosine"].where(frame["rank"] == 1, 0.0))},
        {"questions.similar_one"}, {"questions.similar_several"},
    ),
    "the background agrees": (
        {"background_similarity": lambda frame: frame.assign(
            cosine=frame["cosine"].where(~((frame["region_a"] == "浙江") & (frame["region_b"] == "上海")), 1.0))},
        {"questions.background_same"}, {"questions.background_other"},
    ),
    "there is no background": (
        {"background_fit": none}, set(), {"questions.background_same", "questions.background_other"}
    ),
    "nothing is repeated": ({"keywords": every(count=1)}, {"questions.own_none", "questions.own_once"}, {"questions.own_terms"}),
    "a theme is its own": (
        {"codebook": at({"theme": "training"}, regions=1)}, {"questions.own_themes"}, {"questions.own_no_theme"}
    ),
    "a theme is shared with one other": (
        {"codebook": at({"theme": "training"}, regions=2)}, {"questions.own_shared"}, {"questions.own_no_theme"}
    ),
    "no claim changes": (
        {"robustness": every(with_standing="robust", without_standing="robust")}, {"dictionary.claims_same"},
        {"dictionary.claims_changed", "dictionary.claims_named"},
    ),
    "no claim was tried": (
        {"robustness": every(with_standing="", without_standing="")}, set(),
        {"dictionary.claims_same", "dictionary.claims_changed"},
    ),
    "the closest pair moves": (
        {"specifications": at({"text": "no dictionary"}, closest_rank=2)}, {"dictionary.closest_moves"}, {"dictionary.closest_stays"}
    ),
    "no keyword changes": (
        {"dictionary_keywords": lambda frame: frame[frame["status"] == "kept"]}, {"dictionary.words_same"},
        {"dictionary.words_changed", "dictionary.sure_some", "dictionary.sure_none"},
    ),
    "no change is sure": ({"dictionary_keywords": every(sure=False)}, {"dictionary.sure_none"}, {"dictionary.sure_some"}),
    "the order is reliable": (
        {"reliability": at({"measure": "split_half_corrected"}, value=0.7)}, {"questions.order_high"}, {"questions.order_low"}
    ),
    "reliability is not known": (
        {"reliability": at({"measure": "split_half_corrected"}, why="fewer than 3 regions")}, set(),
        {"questions.order_high", "questions.order_low"},
    ),
    "a word is typical": ({"keywords": at({"region": "湖南", "rank": 1}, g2_q=0.05)}, set(), {"questions.words_not"}),
    "groups are supported": (
        {"verdict": at({"criterion": "verdict"}, outcome="supported")}, set(), {"certainty.power_missing"}
    ),
    "a second coder has coded": (
        {"coder_agreement": lambda _: pd.DataFrame([{"theme": "all"}])}, set(), {"questions.coder_none"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_an_answer_follows_the_number_it_speaks_of(case: str, corpus: Corpus, settings: Settings) -> None:
    changes, expected, absent = CASES[case]
    found = said(tables_of(corpus, settings, changes), settings)
    assert expected <= found
    assert not absent & found


def test_every_answer_there_is_is_given_in_some_case() -> None:
    given = {key.split(".")[1] for _, expected, _ in CASES.values() for key in expected}
    always = {"heading", "clauses", "similar_through", "own_careful", "dictionary_more"}
    for language in LANGUAGES:
        texts = worded(language, Tables({"regions": pd.DataFrame({"region": [], "region_en": []})})).texts
        assert {name for name in texts["questions"] if not name.endswith("_q")} - always == given & set(
            texts["questions"]
        )


def test_what_could_have_been_shown_is_told_where_a_calibration_knows(corpus: Corpus, settings: Settings) -> None:
    t = tables_of(corpus, settings, power=power_of((13, 0.2, 0.1), (13, 0.3, 0.9)))
    assert {"certainty.power_good", "certainty.power_poor"} <= said(t, settings)


def test_the_regions_are_chosen_by_the_rule_that_is_stated(corpus: Corpus, settings: Settings) -> None:
    t = tables_of(corpus, settings)
    own = corpus.keywords[
        (corpus.keywords["df"] == 1) & (corpus.keywords["count"] > 1) & corpus.keywords["rank"].notna()
    ]
    sizes = own.groupby("region")["g2"].agg(["size", "sum"])
    chosen = sizes.sort_values(["size", "sum"], ascending=False).index[0]
    best = corpus.similarity.sort_values("cosine", ascending=False).iloc[0]
    w = worded("zh", t)
    blocks = questions.section(t, w, settings)
    (rule,) = (block for block in blocks if isinstance(block, Paragraph) and block.kind == "note")
    assert text_of([rule]) == w.text(
        "questions.intro", similar=best["region_a"], own=chosen, profiles=w.text("profiles.heading")
    )
    # what only it says is quoted with the term marked
    quoted = [block for block in blocks if isinstance(block, Measure)]
    assert quoted
    for block in quoted:
        marked = {span.text for span in block.spans if span.kind == "mark"}
        assert marked & set(own.loc[own["region"] == chosen, "term"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_question_has_an_answer_of_few_sentences(language: str, corpus: Corpus, settings: Settings) -> None:
    t = tables_of(corpus, settings)
    blocks = [block for block in questions.section(t, worded(language, t), settings) if isinstance(block, Paragraph)]
    kinds = [block.kind for block in blocks if block.kind != "note"]
    assert kinds == ["question", "answer"] * 5


# --- findings in every format ----------------------------------------------------------------------------------------


def test_a_finding_is_shown_with_its_certainty_in_every_format() -> None:
    below = (Bullets((spans("依据", Span("0.3", href="#finding-x")),)),)
    found = Finding(spans("未显示", Span("分组", href="#finding-x")), "not shown", "未显示", below, "finding-x")
    editions = [
        html.Edition(Document(language, "题", "副题", (found,)), wording.load(language, {}, {}))
        for language in LANGUAGES
    ]
    page = html.render(editions)
    for prefix in ("", "en-"):
        assert f'<details class="finding not-shown" id="{prefix}finding-x">' in page
        assert f'依据<a href="#{prefix}finding-x">0.3</a>' in page
    # What opens a finding leads nowhere else.
    assert page.count('<summary><span class="certainty">未显示</span> <span>未显示分组</span></summary>') == 2
    zh = editions[0]
    written = markdown.render(zh.document, zh.wording)
    assert '<a id="finding-x"></a>**未显示[分组](#finding-x)** (未显示)' in written
    assert "- 依据[0.3](#finding-x)" in written
    paragraphs = docx.Document(io.BytesIO(word.render(zh.document, zh.wording, Path()))).paragraphs
    shown = ["".join(node.text or "" for node in each._p.iter() if node.tag.endswith("}t")) for each in paragraphs]
    assert "未显示分组  [未显示]" in shown
    assert "依据0.3" in shown
    assert list(links_in(zh.document.blocks)) == ["finding-x", "finding-x"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_headline_is_short_and_its_certainty_one_of_four(language: str, corpus: Corpus, settings: Settings) -> None:
    t = tables_of(corpus, settings)
    w = worded(language, t)
    found = [block for block in findings.section(t, w, settings) if isinstance(block, Finding)]
    assert len(found) >= 10
    for block in found:
        headline = "".join(span.text for span in block.headline)
        assert len(headline) <= 40 if language == "zh" else len(headline.split()) <= 25
        assert block.certainty in CERTAINTIES
        assert block.label == w.texts["certainty_words"][block.certainty]


# --- profiles ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_region_has_a_profile_that_leads_to_its_clauses_pairs_and_keywords(
    language: str, corpus: Corpus, settings: Settings
) -> None:
    t = tables_of(corpus, settings)
    blocks = profiles.section(t, worded(language, t), settings)
    found = [block for block in blocks if isinstance(block, Details)]
    assert [block.anchor for block in found] == [f"profile-{region}" for region in t.names]
    assert not any(block.long for block in found)
    for region, block in zip(t.names, found, strict=True):
        linked = set(links_in([block]))
        mine = corpus.measures[corpus.measures["region"] == region]["measure_id"]
        assert set(mine) <= linked  # every measure is named by its headline
        assert f"keywords-{region}" in linked or not (corpus.keywords["region"] == region).any()
        near = corpus.neighbours[corpus.neighbours["region"] == region].sort_values("rank", kind="stable").head(3)
        assert {f"profile-{other}" for other in near["other"]} <= linked
        text = text_of([block])
        for headline in corpus.measures[corpus.measures["region"] == region]["headline"]:
            assert headline in text


PROFILE_CASES: dict[str, tuple[dict[str, Change], str, str]] = {
    "certain": ({"neighbours": every(nearest_share=0.95)}, "near_certain", "near_uncertain"),
    "uncertain": ({"neighbours": every(nearest_share=0.949)}, "near_uncertain", "near_certain"),
    "alone": (ALIKE, "near_none", "near_certain"),
    "confident": ({"clusters": every(confident=True)}, "group_confident", "group_not"),
    "not confident": ({"clusters": every(confident=False)}, "group_not", "group_confident"),
    "repeats": ({"keywords": every(count=2, df=1)}, "terms_repeated", "terms_none"),
    "repeats nothing": ({"keywords": every(count=1, df=1)}, "terms_none", "terms_repeated"),
    "a theme of one region": ({"codebook": every(regions=1)}, "themes_only", "themes_shared"),
    "a theme of two regions": ({"codebook": every(regions=2)}, "themes_shared", "themes_only"),
}


@pytest.mark.parametrize("case", PROFILE_CASES)
def test_a_profile_says_what_the_numbers_say(case: str, corpus: Corpus, settings: Settings) -> None:
    changes, expected, absent = PROFILE_CASES[case]
    for language in LANGUAGES:
        t = tables_of(corpus, settings, changes)
        w = worded(language, t)
        profiles.section(t, w, settings)
        asked = {key.removeprefix("profiles.") for key in w.keys}
        assert expected in asked
        assert absent not in asked


def test_lists_of_a_profile_are_as_long_as_the_settings_say(corpus: Corpus, settings: Settings) -> None:
    report = replace(settings.report, profile_measures=1, profile_terms=1, profile_neighbours=1)
    few = replace(settings, report=report)
    t = tables_of(corpus, few)
    w = worded("zh", t)
    found = [block for block in profiles.section(t, w, few) if isinstance(block, Details)]
    for block in found:
        assert len([inner for inner in block.blocks if isinstance(inner, Measure)]) <= 1
        (listed,) = (inner for inner in block.blocks if isinstance(inner, Bullets))
        assert len([item for item in listed.items if item and item[0].kind != "strong"]) <= 1  # neighbours
    assert "profiles.more_measures" in w.keys


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_many_regions_a_profile_is_short_and_still_leads_to_clauses(
    language: str, corpus: Corpus, settings: Settings
) -> None:
    many = replace(settings, report=replace(settings.report, profiles=12))  # thirteen are more than twelve
    t = tables_of(corpus, many)
    w = worded(language, t)
    blocks = profiles.section(t, w, many)
    assert "profiles.intro_many" in w.keys
    assert not {"profiles.approach", "profiles.quoted", "profiles.neighbour"} & set(w.keys)
    found = [block for block in blocks if isinstance(block, Details)]
    assert [block.anchor for block in found] == [f"profile-{region}" for region in t.names]
    for region, block in zip(t.names, found, strict=True):
        linked = set(links_in([block]))
        assert not any(anchor.startswith("keywords-") for anchor in linked)
        own = corpus.keywords[
            (corpus.keywords["region"] == region) & (corpus.keywords["rank"] <= settings.keywords.top)
        ]
        assert {row.measure_ids[0] for row in own.itertuples()} <= linked


# --- the subsection on the dictionary --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_subsection_lists_the_claims_that_change_and_every_region(
    language: str, corpus: Corpus, settings: Settings
) -> None:
    t = tables_of(corpus, settings)
    w: Wording = worded(language, t)
    blocks = dictionary.section(t, w, settings)
    claims, regions = (block for block in blocks if getattr(block, "anchor", "").startswith("table-dictionary"))
    changed = corpus.robustness[corpus.robustness["with_standing"] != corpus.robustness["without_standing"]]
    changed = changed[(changed["with_standing"] != "") & (changed["without_standing"] != "")]
    assert len(claims.rows) == len(changed)  # type: ignore[union-attr]
    assert [text_of([Paragraph(row[0])]) for row in regions.rows] == [w.region(name) for name in t.names]  # type: ignore[union-attr]
    text = text_of(blocks)
    for term in corpus.dictionary_keywords[corpus.dictionary_keywords["status"] != "kept"]["term"]:
        assert term in text
    headings = [block.anchor for block in certainty.section(t, w, settings) if isinstance(block, Heading)]
    assert headings == ["certainty", "dictionary", "calibration"]


NEAREST: dict[str, dict[str, Any]] = {
    "nearest_all": {"nearest_same": True},
    "nearest_none": {"nearest_same": False},
}


@pytest.mark.parametrize("expected", ["nearest_all", "nearest_some", "nearest_none"])
def test_how_many_regions_keep_their_nearest_neighbour_is_said(
    expected: str, corpus: Corpus, settings: Settings
) -> None:
    change = every(**NEAREST[expected]) if expected in NEAREST else both_of(
        every(nearest_same=True), at({"region": "浙江"}, nearest_same=False)
    )  # fmt: skip
    for language in LANGUAGES:
        t = tables_of(corpus, settings, {"dictionary_regions": change})
        w = worded(language, t)
        dictionary.section(t, w, settings)
        asked = {key for key in w.keys if key.startswith("dictionary.nearest_")}
        assert asked == {f"dictionary.{expected}"}
