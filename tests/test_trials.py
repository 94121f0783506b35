"""Corpora whose truth is known: made of the source's own words, judged by the steps of the report, counted as they fall."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy.stats import binomtest

from pipeline import tables, trials
from pipeline.background import Background, load
from pipeline.cluster import cluster_of
from pipeline.consensus import consensus_tables
from pipeline.measures import measures_of
from pipeline.method import Gazetteer, Settings
from pipeline.permutation import permutation_of
from pipeline.representations import (
    CHARACTER_TEXTS,
    WORD_TEXTS,
    Corpus,
    View,
    all_units,
    background_views,
    regions_of,
    views,
)
from pipeline.trials import (
    Source,
    assessed,
    calibration_of,
    corpus_drawn,
    drawn_measures,
    judged_views,
    recovered,
    scenarios,
    source_of,
    themes_drawn,
)
from tests.conftest import METHOD, RAW, Cut, ingest, measures_frame, tokens_frame

pytestmark = pytest.mark.usefixtures("in_this_process")


@pytest.fixture(scope="module")
def tokens(cut_measures: Cut, places: Gazetteer, settings: Settings) -> pd.DataFrame:
    """The words of the appendix."""
    documents = ingest(RAW, places, settings).documents
    return cut_measures(measures_of(documents, headline_max=settings.measures.headline_max))[0]


@pytest.fixture(scope="module")
def source(tokens: pd.DataFrame) -> Source:
    return source_of(tokens)


def quick(settings: Settings, *, draws: int = 99, null_draws: int = 19, resamples: int = 2, k_max: int = 4) -> Settings:
    return replace(
        settings,
        permutation=replace(settings.permutation, draws=draws),
        specification=replace(settings.specification, null_draws=null_draws, resamples=resamples),
        cluster=replace(settings.cluster, k_max=k_max),
    )


# --- the source --------------------------------------------------------------------------------------------------


def test_a_word_inside_a_longer_one_stays_with_its_host() -> None:
    frame = tokens_frame(
        [("山东", "D01-1", ["双师型教师", "培训"]), ("山东", "D01-2", ["培训"]), ("浙江", "D02-1", ["校企合作"])]
    )
    inner = frame.iloc[[0, 0, 3]].assign(
        surface=["双师", "教师", "校企"],
        term=["双师型教师", "教师", "校企"],
        nested_in=["双师型教师", "双师型教师", "校企合作"],
    )
    inner.index = pd.Index([0.3, 0.6, 3.5])
    frame = pd.concat([frame, inner]).sort_index().reset_index(drop=True)
    found = source_of(frame)
    assert found.measures == (
        (("双师型教师", ("双师型教师", "双师型教师", "教师")), ("培训", ("培训",))),
        (("培训", ("培训",)),),
        (("校企合作", ("校企合作", "校企")),),
    )
    assert found.sizes == (2, 1)
    assert len(found.words) == 4


def test_the_words_of_the_source_are_those_of_the_table(tokens: pd.DataFrame, source: Source) -> None:
    assert Counter(term for _, terms in source.words for term in terms) == Counter(tokens["term"])
    hosts = tokens[tokens["nested_in"] == ""]
    assert [surface for surface, _ in source.words] == hosts["surface"].tolist()
    assert sum(source.sizes) == len(source.measures) == tokens["measure_id"].nunique()
    assert len(source.sizes) == 13
    assert any(len(terms) > 1 for _, terms in source.words)
    assert source.generic == frozenset(tokens.loc[tokens["generic"], "term"])


# --- measures without structure ----------------------------------------------------------------------------------


def test_as_many_regions_as_the_source_get_exactly_its_measures_in_another_order(source: Source) -> None:
    drawn, of_region = drawn_measures(source, 13, np.random.default_rng(1))
    assert Counter(map(tuple, drawn)) == Counter(source.measures)
    assert [tuple(measure) for measure in drawn] != list(source.measures)
    assert np.bincount(of_region).tolist() == list(source.sizes)
    other, _ = drawn_measures(source, 13, np.random.default_rng(2))
    assert other != drawn


SMALL = Source(
    ((("培训", ("培训",)), ("评价", ("评价",))), (("双师", ("双师",)),), (("校企合作", ("校企合作", "校企")),) * 5),
    (1, 2),
    frozenset(),
)


@given(st.integers(1, 30).filter(lambda n: n != 2), st.integers(0, 2**32))
def test_other_numbers_of_regions_get_measures_of_the_lengths_and_words_of_the_source(n: int, seed: int) -> None:
    drawn, of_region = drawn_measures(SMALL, n, np.random.default_rng(seed))
    assert len(drawn) == len(of_region)
    assert set(np.bincount(of_region, minlength=n)) <= {1, 2}
    assert of_region.tolist() == sorted(of_region)
    assert {len(measure) for measure in drawn} <= {2, 1, 5}
    assert {word for measure in drawn for word in measure} <= set(SMALL.words)


def test_about_half_of_the_words_of_a_drawn_measure_are_others(source: Source) -> None:
    drawn, _ = drawn_measures(source, 100, np.random.default_rng(1))
    by_length: dict[int, list[tuple[object, ...]]] = {}
    for measure in source.measures:
        by_length.setdefault(len(measure), []).append(measure)
    kept = [
        max(sum(a == b for a, b in zip(measure, own, strict=True)) for own in by_length[len(measure)]) / len(measure)
        for measure in drawn
        if len(measure) >= 6
    ]
    assert len(kept) > 50
    assert 0.4 < float(np.mean(kept)) < 0.7  # one half stays; of the others some are the same by chance


# --- corpora -----------------------------------------------------------------------------------------------------

GROUPS = np.array([0, 1, 0, 1, 2, 2, 0, 1, 2, 0, 1, 2, 0])


def terms_of(corpus: Corpus, regions: Sequence[int]) -> set[str]:
    counts = corpus.counts(View("dictionary", "in", "tf-idf", 1))[0][list(regions)].sum(axis=0)
    return {term for term, count in zip(corpus.units["dictionary"].terms, counts, strict=True) if count}


def test_at_strength_0_every_word_is_one_of_the_source(source: Source, settings: Settings) -> None:
    corpus = corpus_drawn(source, GROUPS, 0.0, settings, np.random.default_rng(1))
    units = corpus.units["dictionary"]
    found: Counter[str] = Counter()
    for term, count in zip(units.term, units.count, strict=True):
        found[units.terms[term]] += int(count)
    assert found == Counter(term for _, terms in source.words for term in terms)
    assert frozenset(np.array(units.terms)[units.generic]) == source.generic
    assert corpus.units["no dictionary"] is units
    assert len(corpus.regions.names) == 13
    assert np.bincount(corpus.regions.of).tolist() == list(source.sizes)


def test_at_strength_0_the_characters_are_those_of_the_words_as_written(source: Source, settings: Settings) -> None:
    corpus = corpus_drawn(source, GROUPS, 0.0, settings, np.random.default_rng(1))
    units = corpus.units["single characters"]
    found: Counter[str] = Counter()
    for term, count in zip(units.term, units.count, strict=True):
        found[units.terms[term]] += int(count)
    written = "".join(surface for surface, _ in source.words)  # an inner word is written once
    assert found == Counter(letter for letter in written if letter.isalnum())
    assert set(corpus.units) == {*WORD_TEXTS, *CHARACTER_TEXTS}
    assert {len(gram) for gram in corpus.units["character pairs"].terms} == {2}


def test_at_strength_1_a_region_says_only_the_theme_of_its_group(source: Source, settings: Settings) -> None:
    corpus = corpus_drawn(source, GROUPS, 1.0, settings, np.random.default_rng(1))
    vocabulary = {term for _, terms in source.words for term in terms}
    themes = [terms_of(corpus, np.flatnonzero(group == GROUPS).tolist()) for group in range(3)]
    for a, b in combinations(themes, 2):
        assert not a & b
    letters = set("".join(surface for surface, _ in source.words))
    for theme in themes:
        assert len(theme) == settings.calibration.theme_words
        assert all(len(word) == 2 and set(word) <= letters for word in theme)
        assert len(theme & vocabulary) <= 1  # invented, but for chance
    for region, group in enumerate(GROUPS):
        assert terms_of(corpus, [region]) <= themes[group]
    assert len(corpus.units["dictionary"].count) > 0
    said = corpus.counts(View("dictionary", "in", "tf-idf", 1))[0].sum()
    assert said == len(source.words)  # each word and the words inside it are one word of the theme


def test_in_between_the_strength_is_the_share_of_theme_words(source: Source, settings: Settings) -> None:
    corpus = corpus_drawn(source, np.arange(13), 0.3, settings, np.random.default_rng(1))
    vocabulary = {term for _, terms in source.words for term in terms}
    units = corpus.units["dictionary"]
    theme = sum(
        count for term, count in zip(units.term, units.count, strict=True) if units.terms[term] not in vocabulary
    )
    # a binomial share: 0.06 is more than three times root(0.3 x 0.7 / 648)
    assert len(source.words) == 648
    assert theme / len(source.words) == pytest.approx(0.3, abs=0.06)


def test_every_draw_has_themes_of_its_own(source: Source, settings: Settings) -> None:
    corpora = [corpus_drawn(source, GROUPS, 1.0, settings, np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert corpora[0].units["dictionary"].terms == corpora[1].units["dictionary"].terms
    assert corpora[0].units["dictionary"].terms != corpora[2].units["dictionary"].terms


# --- the verdict -------------------------------------------------------------------------------------------------


def test_strong_groups_are_supported_and_found(source: Source, settings: Settings) -> None:
    truth = np.arange(13) % 3
    corpus = corpus_drawn(source, truth, 0.6, settings, np.random.default_rng(1))
    assert assessed(corpus, quick(settings), 1) == (True, "supported")
    assert recovered(corpus, truth, 1) == 1


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffled_measures_show_no_groups(source: Source, settings: Settings, seed: int) -> None:
    truth = np.arange(13) % 3
    corpus = corpus_drawn(source, truth, 0.0, settings, np.random.default_rng(seed))
    assert assessed(corpus, quick(settings), 1) == (False, "not shown")
    assert recovered(corpus, truth, 1) < 0.5


def test_structure_without_groups_that_come_back_is_weak(
    source: Source, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = corpus_drawn(source, np.arange(13) % 3, 0.6, settings, np.random.default_rng(1))
    chosen = quick(settings)
    asked = replace(chosen, verdict=replace(chosen.verdict, jaccard=1.01))
    assert assessed(corpus, asked, 1) == (True, "weak")


# Three groups of three regions; blanks between the words of a measure
CLEAR = [
    (f"{name}地", text)
    for name, theme in zip(
        "甲乙丙丁戊己庚辛壬", ["培训 研修 进修"] * 3 + ["企业 园区 技师"] * 3 + ["网络 平台 慕课"] * 3, strict=True
    )
    for text in (theme, theme[:5] + " 评价", theme[3:] + " 双师")
]
# The same measures dealt so that every region has one of each theme
MIXED = [(CLEAR[at][0], CLEAR[(at * 9 + at // 3) % 27][1]) for at in range(27)]


@pytest.mark.parametrize(("said", "expected"), [(CLEAR, "supported"), (MIXED, "not shown")])
def test_the_verdict_is_reached_by_the_steps_of_the_report(
    settings: Settings, said: list[tuple[str, str]], expected: str
) -> None:
    chosen = quick(settings)
    measures = measures_frame([(region, "，".join(text.split())) for region, text in said])
    ids = measures["measure_id"].tolist()
    words = tokens_frame([(region, at, text.split()) for (region, text), at in zip(said, ids, strict=True)])
    regions = regions_of(measures)
    corpus = Corpus(regions, all_units(words, words, measures, regions), settings.keywords.common_share)
    _, structure, _ = permutation_of(words, measures, chosen)
    _, consensus, stability = consensus_tables(words, words, measures, chosen)
    pairs = list(combinations(regions.names, 2))
    i, j = np.triu_indices(len(regions.names), 1)
    cosines = corpus.cosines(View("dictionary", "out", "tf-idf", 1))[0][i, j]
    similarity = pd.DataFrame({"region_a": [a for a, _ in pairs], "region_b": [b for _, b in pairs], "cosine": cosines})
    *_, verdict = cluster_of(consensus, stability, structure, similarity, words, chosen)
    rows = verdict.set_index("criterion")
    structured, outcome = assessed(corpus, chosen, settings.resampling.seed)
    assert outcome == rows.loc["verdict", "outcome"] == expected
    assert structured == (rows.loc["structure_words", "met"] and rows.loc["structure_characters", "met"])


# --- the stage ---------------------------------------------------------------------------------------------------


def test_there_is_a_scenario_for_every_size_and_strength(settings: Settings) -> None:
    asked = replace(
        settings.calibration,
        null_regions=(4, 5), null_draws=7, own_strengths=(0.3,), regions=(4, 6), groups=(2, 3), group_draws=(3, 2),
        strengths=(0.2, 0.5),
    )  # fmt: skip
    found = scenarios(replace(settings, calibration=asked))
    assert [(name, n, strength, draws, truth.tolist()) for name, n, strength, draws, truth in found] == [
        ("shuffled", 4, 0.0, 7, [0, 0, 0, 0]),
        ("own topics", 4, 0.3, 7, [0, 1, 2, 3]),
        ("shuffled", 5, 0.0, 7, [0, 0, 0, 0, 0]),
        ("own topics", 5, 0.3, 7, [0, 1, 2, 3, 4]),
        ("groups", 4, 0.2, 3, [0, 1, 0, 1]),
        ("groups", 4, 0.5, 3, [0, 1, 0, 1]),
        ("groups", 6, 0.2, 2, [0, 1, 2, 0, 1, 2]),
        ("groups", 6, 0.5, 2, [0, 1, 2, 0, 1, 2]),
    ]


def tiny(settings: Settings) -> Settings:
    """Few corpora of few regions, and a level that few draws can reach."""
    chosen = quick(settings, draws=9, null_draws=2, resamples=1, k_max=3)
    asked = replace(
        settings.calibration,
        null_regions=(4,), null_draws=3, own_strengths=(0.4,), regions=(5,), groups=(2,), group_draws=(2,),
        strengths=(0.2, 0.9),
    )  # fmt: skip
    return replace(chosen, calibration=asked, permutation=replace(chosen.permutation, alpha=0.4))


def test_the_table_has_a_row_for_every_scenario_and_exact_intervals(tokens: pd.DataFrame, settings: Settings) -> None:
    chosen = tiny(settings)
    found = calibration_of(tokens, chosen)
    tables.check(found, tables.CALIBRATION)
    asked = [(name, n, strength, draws) for name, n, strength, draws, _ in scenarios(chosen)]
    names = ["scenario", "regions", "strength", "draws"]
    assert [tuple(row) for row in found[names].values.tolist()] == asked
    for row in found.itertuples():
        exact = binomtest(round(row.supported * row.draws), row.draws).proportion_ci(0.95, "exact")
        assert (row.supported_low, row.supported_high) == pytest.approx((exact.low, exact.high), abs=1e-9)
        assert math.isnan(row.rand) == (row.scenario != "groups")
        assert row.supported + row.weak <= row.structure + 1e-12
    strong = found.iloc[-1]
    assert strong["structure"] == 1
    assert strong["rand"] == 1


def test_every_outcome_is_counted_once(
    tokens: pd.DataFrame, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    fallen = iter([(True, "supported"), (True, "weak"), (False, "not shown")] * 100)
    monkeypatch.setattr(trials, "assessed", lambda *_: next(fallen))
    rand = iter([0.5, 0.75] * 100)
    monkeypatch.setattr(trials, "recovered", lambda *_: next(rand))
    found = calibration_of(tokens, tiny(settings))
    # three draws, three draws, then two and two: supported and weak, not shown and supported
    assert found["supported"].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 2, 1 / 2])
    assert found["weak"].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 2, 0])
    assert found["structure"].tolist() == pytest.approx([2 / 3, 2 / 3, 1, 1 / 2])
    assert found["rand"].tolist()[2:] == [0.625, 0.625]


def test_no_two_draws_are_the_same_corpus(
    tokens: pd.DataFrame, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    met: list[tuple[bytes, int]] = []

    def watched(corpus: Corpus, _: Settings, seed: int) -> tuple[bool, str]:
        met.append((corpus.units["dictionary"].measure.tobytes() + corpus.units["dictionary"].term.tobytes(), seed))
        return False, "not shown"

    monkeypatch.setattr(trials, "assessed", watched)
    monkeypatch.setattr(trials, "recovered", lambda *_: 0.0)
    streams: list[bytes] = []
    real = np.random.default_rng

    def noted(key: list[int]) -> np.random.Generator:
        streams.append(real(key).bytes(16))
        return real(key)

    monkeypatch.setattr(np.random, "default_rng", noted)
    calibration_of(tokens, tiny(settings))
    assert len(set(streams)) == len(streams) == 3 + 3 + 2 + 2
    assert len(met) == len(streams)
    assert len({corpus for corpus, _ in met}) == len({seed for _, seed in met}) == len(met)


def test_the_number_of_processes_does_not_change_a_byte(
    tokens: pd.DataFrame, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    chosen = tiny(settings)
    asked = replace(chosen.calibration, own_strengths=(), strengths=(0.5,), null_draws=2)
    written = []
    for workers in ("1", "2"):
        monkeypatch.setenv("JOBS", workers)
        path = tmp_path / f"{workers}.csv"
        tables.write((calibration_of(tokens, replace(chosen, calibration=asked)), tables.CALIBRATION, path))
        written.append(path.read_bytes())
    assert written[0] == written[1]
    assert written[0].count(b"\r\n") == 3


# --- with a background -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def background() -> Background:
    return load(METHOD / "background/work-reports-2025.npz")


def test_a_theme_of_a_background_holds_words_that_it_uses_alike(source: Source, background: Background) -> None:
    space = background.spaces["dictionary"]
    rng = np.random.default_rng(5)
    themes = themes_drawn(source, 20, 6, space, rng)
    assert all(len(set(theme)) == 6 for theme in themes)
    cosines = space.directions @ space.directions.T
    for theme in themes:
        at = [space.place[term] for term in theme]
        # the first is the seed: no term outside the theme is nearer to it than those within
        outside = np.delete(cosines[at[0]], at)
        assert cosines[at[0], at].min() >= outside.max() - 1e-8
    assert len({theme[0] for theme in themes}) > 15


def test_an_invented_theme_is_unknown_to_the_background(source: Source, background: Background) -> None:
    themes = themes_drawn(source, 4, 12, None, np.random.default_rng(5))
    known = {term for theme in themes for term in theme if term in background.spaces["dictionary"].place}
    assert len(known) < 6  # two characters by lot make a word now and then


def test_a_corpus_with_a_background_is_judged_by_its_fused_view_and_by_characters(
    source: Source, settings: Settings, background: Background
) -> None:
    truth = np.arange(6) % 2
    seen = corpus_drawn(source, truth, 0.5, settings, np.random.default_rng(3), background)
    plain = corpus_drawn(source, truth, 0.5, settings, np.random.default_rng(3))
    assert seen.views == background_views()
    assert plain.views == views()
    assert [view.text for view in judged_views(seen, settings)] == ["fused", "character pairs"]
    assert [view.text for view in judged_views(plain, settings)] == ["dictionary", "character pairs"]


def test_groups_of_a_background_s_themes_are_found_through_it(
    source: Source, settings: Settings, background: Background
) -> None:
    truth = np.arange(12) % 3
    corpus = corpus_drawn(source, truth, 0.6, settings, np.random.default_rng(8), background)
    assert recovered(corpus, truth, 1) > 0.9


def test_a_number_of_regions_without_draws_is_not_tried_with_the_background(settings: Settings) -> None:
    chosen = replace(settings, background=replace(settings.background, group_draws=(4, 0, 0)))
    tried = [(name, n, draws) for name, n, _, draws, _ in scenarios(chosen, background=True)]
    first = settings.calibration.regions[0]
    assert [each for each in tried if each[0] == "groups"] == [("groups", first, 4)] * len(
        settings.calibration.strengths
    )
    assert [each for each in tried if each[0] != "groups"] == [
        (name, n, draws) for name, n, _, draws, _ in scenarios(settings) if name != "groups"
    ]
