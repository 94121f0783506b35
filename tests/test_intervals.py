"""Ranks, first places and intervals over draws of the measures: worked by hand, or by plain loops."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy.stats import false_discovery_control, rankdata

from pipeline import evidence
from pipeline.intervals import beside_words, drawn_cosines, first_shares, pair_intervals, rank_interval, ranked
from pipeline.method import Settings
from pipeline.representations import Corpus, View, regions_of, words
from pipeline.stats.resampling import resampled_within
from tests.conftest import plain_cosines, said_frames

pytestmark = pytest.mark.usefixtures("in_this_process")

VIEW = View("dictionary", "in", "tf-idf", 1)


@pytest.mark.parametrize(
    ("cosines", "expected"),
    [
        ([0.5, 0.2, 0.9], [2, 3, 1]),
        ([0.5, 0.5, 0.2], [1, 1, 3]),
        ([0.5, 0.5 + 1e-14, 0.2], [1, 1, 3]),  # equal but for rounding
        ([0.5, 0.2, 0.0, 0.0], [1, 2, 4, 4]),  # those that share nothing are last, not third
        ([0.0, 0.0, 0.0], [3, 3, 3]),
        ([-0.2, 0.0, -0.5], [2, 1, 3]),  # as seen from the mean, 0 is nothing special
    ],
)
def test_the_closest_pair_has_rank_1_and_pairs_that_share_nothing_are_last(
    cosines: list[float], expected: list[int]
) -> None:
    assert ranked(np.array([cosines])).tolist() == [expected]


def test_each_draw_is_ranked_for_itself() -> None:
    assert ranked(np.array([[0.5, 0.2], [0.1, 0.3]])).tolist() == [[1, 2], [2, 1]]


def test_the_share_of_first_places_divides_ties_and_counts_no_row_of_zeros() -> None:
    values = np.array([[0.5, 0.2, 0.1], [0.2, 0.6, 0.1], [0.3, 0.3, 0.0], [0.4, 0.4 + 1e-14, 0.4], [0.0, 0.0, 0.0]])
    # first: 1 + 0 + 1/2 + 1/3 + 0 of 5 rows
    assert first_shares(values).tolist() == pytest.approx([11 / 30, 11 / 30, 2 / 30], abs=1e-12)
    assert first_shares(np.zeros((4, 0))).tolist() == []


def test_the_closest_of_pairs_that_are_all_unlike_has_the_first_place() -> None:
    assert first_shares(np.array([[-1.0], [-1.0]])).tolist() == [1.0]  # two texts as seen from their mean
    assert first_shares(np.array([[-0.5, -0.2, -0.7], [-0.5, -0.5, -0.5]])).tolist() == pytest.approx(
        [1 / 6, 4 / 6, 1 / 6]
    )


@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(st.integers(0, 3), min_size=n, max_size=n), min_size=1)))
def test_first_places_sum_to_the_rows_in_which_something_is_shared(rows: list[list[int]]) -> None:
    shares = first_shares(np.array(rows, dtype=float))
    assert shares.sum() == pytest.approx(sum(any(row) for row in rows) / len(rows), abs=1e-12)


def test_the_interval_of_ranks_has_whole_ends_that_enclose_the_level() -> None:
    # 100 ranks: place 0.025 x 99 = 2.475 is between 3 and 4, 0.975 x 99 = 96.525 between 97 and 98
    low, high = rank_interval(np.random.default_rng(1).permutation(np.arange(1, 101))[:, None], 0.95)
    assert (low.tolist(), high.tolist()) == ([3], [98])
    low, high = rank_interval(np.array([[1, 7]] * 9 + [[4, 7]]), 0.5)  # one draw of ten is outside
    assert (low.tolist(), high.tolist()) == ([1, 7], [1, 7])


SAID = [("甲", "培训 评价"), ("甲", "基地"), ("乙", "培训 双师"), ("乙", "评价"), ("丙", "双师 基地 基地")]


def corpus() -> Corpus:
    tokens, measures = said_frames(SAID)
    regions = regions_of(measures)
    return Corpus(regions, {"dictionary": words(tokens, regions)}, 1.0)


def test_the_cosines_of_a_draw_are_those_of_texts_that_repeat_its_measures() -> None:
    times = np.array([[1, 1, 1, 1, 1], [2, 0, 0, 2, 1], [0, 2, 1, 1, 1]])
    found = drawn_cosines(corpus(), VIEW, times, title="")
    assert found.shape == (3, 3, 3)
    for draw, often in zip(found, times, strict=True):
        said: dict[str, list[str]] = {"甲": [], "乙": [], "丙": []}
        for (region, text), number in zip(SAID, often, strict=True):
            said[region] += text.split() * int(number)
        np.testing.assert_allclose(draw, plain_cosines(list(said.values())), atol=1e-12)


def test_neither_portions_nor_processes_change_the_cosines_of_the_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    times = np.random.default_rng(1).integers(0, 3, (60, len(SAID)))
    whole = drawn_cosines(corpus(), VIEW, times, title="")
    monkeypatch.setenv("JOBS", "2")
    assert drawn_cosines(corpus(), VIEW, times, title="").tobytes() == whole.tobytes()
    monkeypatch.setenv("JOBS", "1")
    monkeypatch.setattr(evidence, "_CELLS", 1)  # every draw for itself
    assert drawn_cosines(corpus(), VIEW, times, title="").tobytes() == whole.tobytes()


def test_every_pair_has_its_numbers_over_the_draws_of_measures(settings: Settings) -> None:
    p = np.array([0.01, 0.03, 0.5])
    chosen = replace(settings.resampling, resamples=200, level=0.9)
    found = pair_intervals(corpus(), VIEW, p, chosen, 26, title="")
    assert list(zip(found["region_a"], found["region_b"], strict=True)) == list(combinations("甲乙丙", 2))
    observed = corpus().cosines(VIEW)[0][np.triu_indices(3, 1)]
    assert found["cosine"].tolist() == observed.tolist()
    assert found["rank"].tolist() == (rankdata(-observed.round(12), method="min")).tolist()
    assert found["p"].tolist() == p.tolist()
    np.testing.assert_allclose(found["q"], false_discovery_control(p), atol=1e-12)
    # the draws again: each region as many of its own measures as it has
    rng = np.random.default_rng([chosen.seed, 26])
    times = resampled_within(corpus().regions.of, 200, rng)
    drawn = drawn_cosines(corpus(), VIEW, times, title="")[:, *np.triu_indices(3, 1)]
    np.testing.assert_allclose(found["bias"], drawn.mean(axis=0) - observed, atol=1e-12)
    np.testing.assert_allclose(found["cosine_low"], np.quantile(drawn, 0.05, axis=0), atol=1e-12)
    np.testing.assert_allclose(found["cosine_high"], np.quantile(drawn, 0.95, axis=0), atol=1e-12)
    assert found["first_share"].tolist() == first_shares(drawn).tolist()
    low, high = rank_interval(ranked(drawn), 0.9)
    assert (found["rank_low"].tolist(), found["rank_high"].tolist()) == (low.tolist(), high.tolist())
    assert not found["cosine_low"].equals(found["cosine_high"])
    other = pair_intervals(corpus(), VIEW, p, chosen, 27, title="")
    assert other["bias"].tolist() != found["bias"].tolist()  # a stream of its own


def test_pairs_find_their_numbers_by_words_in_whatever_order() -> None:
    pairs = pd.DataFrame({"region_a": ["甲", "甲"], "region_b": ["乙", "丙"], "cosine": [0.9, 0.8]})
    similarity = pd.DataFrame(
        {
            "region_a": ["甲", "甲"],
            "region_b": ["丙", "乙"],
            "cosine": [0.1, 0.2],
            "rank": [2, 1],
            "cosine_char": [0, 0],
        }
    )
    found = beside_words(pairs, similarity)
    assert found["cosine"].tolist() == [0.9, 0.8]
    assert found["cosine_words"].tolist() == [0.2, 0.1]
    assert found["rank_words"].tolist() == [1, 2]
