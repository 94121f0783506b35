"""Measures are drawn, dealt and split within the rules, evenly, and their terms counted as a plain loop counts them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.stats import chisquare

from pipeline.stats.resampling import (
    dealt,
    halves,
    numbers,
    percentile_interval,
    region_counts,
    resampled_dealt,
    resampled_within,
    shuffled_among,
)

REGION_OF = st.lists(st.integers(0, 3), min_size=1, max_size=12).map(lambda regions: np.array(regions, dtype=np.int64))
SEED = st.integers(0, 2**32)


def occurrences(draws: np.ndarray) -> list[int]:
    """How often each different row comes."""
    return np.unique(draws, axis=0, return_counts=True)[1].tolist()


# --- drawn with replacement --------------------------------------------------------------------------------------


@given(REGION_OF, SEED)
def test_every_region_keeps_its_number_of_measures_in_every_resample(region_of: np.ndarray, seed: int) -> None:
    times = resampled_within(region_of, 7, np.random.default_rng(seed))
    assert times.shape == (7, len(region_of))
    assert times.min() >= 0
    for region in set(region_of.tolist()):
        own = region_of == region
        assert times[:, own].sum(axis=1).tolist() == [own.sum()] * 7


def test_the_only_measure_of_a_region_is_in_every_resample_once() -> None:
    times = resampled_within(np.array([0, 1, 0, 0]), 50, np.random.default_rng(1))
    assert times[:, 1].tolist() == [1] * 50


def test_each_measure_is_drawn_as_often_as_drawing_with_replacement_has_it() -> None:
    # One of three measures in three drawings: never (2/3)^3 = 8/27, once 12/27, twice 6/27, three times 1/27
    times = resampled_within(np.array([5, 5, 5]), 9000, np.random.default_rng(2))
    for column in times.T:
        found = np.bincount(column, minlength=4)
        assert chisquare(found, np.array([8, 12, 6, 1]) / 27 * 9000).pvalue > 0.001


def test_regions_are_resampled_independently_of_each_other() -> None:
    # Two measures: 2 and 0, 1 and 1, 0 and 2 with 1/4, 1/2, 1/4; with two regions the products of these
    times = resampled_within(np.array([0, 0, 1, 1]), 8000, np.random.default_rng(3))
    expected = np.outer([1, 2, 1], [1, 2, 1]).ravel() / 16 * 8000
    found = np.bincount(times[:, 0] * 3 + times[:, 2], minlength=9)
    assert chisquare(found, expected).pvalue > 0.001


# --- dealt anew --------------------------------------------------------------------------------------------------


@given(REGION_OF, SEED)
def test_dealing_keeps_the_number_of_measures_of_every_region(region_of: np.ndarray, seed: int) -> None:
    dealt = shuffled_among(region_of, 5, np.random.default_rng(seed))
    assert [sorted(row) for row in dealt.tolist()] == [sorted(region_of.tolist())] * 5


def test_every_way_to_deal_comes_equally_often() -> None:
    dealt = shuffled_among(np.array([0, 0, 1, 1]), 6000, np.random.default_rng(4))
    found = occurrences(dealt)
    assert len(found) == 6  # 4! / (2! 2!)
    assert chisquare(found).pvalue > 0.001


def test_dealing_leaves_the_regions_of_the_corpus_alone() -> None:
    region_of = np.arange(20)
    shuffled_among(region_of, 3, np.random.default_rng(5))
    assert region_of.tolist() == list(range(20))


def test_what_was_drawn_follows_the_regions_when_the_measures_are_dealt_anew() -> None:
    # Region 0 drew its measures 0 and 2 twice and never; now it has 1 and 2. Region 1 drew 1 and 3 once; now 0 and 3.
    # In the second draw region 0 drew never and twice and has 0 and 3.
    times = np.array([[2, 1, 0, 1], [0, 1, 2, 1]])
    regions = np.array([[1, 0, 0, 1], [0, 1, 1, 0]])
    assert dealt(times, np.array([0, 1, 0, 1]), regions).tolist() == [[1, 2, 0, 1], [0, 1, 1, 2]]


@given(REGION_OF, SEED)
def test_every_region_draws_as_often_from_its_new_measures_as_from_its_own(region_of: np.ndarray, seed: int) -> None:
    times = resampled_within(region_of, 4, np.random.default_rng(seed))
    regions = shuffled_among(region_of, 4, np.random.default_rng(seed))
    found = dealt(times, region_of, regions)
    for before, after, moved in zip(times, found, regions, strict=True):
        for region in set(region_of.tolist()):
            assert after[moved == region].tolist() == before[region_of == region].tolist()
    assert dealt(times, region_of, np.tile(region_of, (4, 1))).tolist() == times.tolist()


# --- halves ------------------------------------------------------------------------------------------------------


@given(REGION_OF, SEED)
def test_each_region_is_split_as_evenly_as_its_number_allows(region_of: np.ndarray, seed: int) -> None:
    first = halves(region_of, 6, np.random.default_rng(seed))
    for region in set(region_of.tolist()):
        own = region_of == region
        sizes = first[:, own].sum(axis=1)
        assert set(sizes.tolist()) <= {own.sum() // 2, (own.sum() + 1) // 2}


def test_every_even_split_of_a_region_comes_equally_often() -> None:
    found = occurrences(halves(np.array([0, 0, 0, 0]), 6000, np.random.default_rng(6)))
    assert len(found) == 6  # 2 of 4
    assert chisquare(found).pvalue > 0.001


def test_the_odd_measure_falls_to_either_half_equally_often() -> None:
    # Three measures: 1 or 2 in the first half, each in three ways
    found = occurrences(halves(np.array([2, 2, 2]), 6000, np.random.default_rng(7)))
    assert len(found) == 6
    assert chisquare(found).pvalue > 0.001


def test_the_only_measure_of_a_region_is_in_one_half_or_the_other() -> None:
    first = halves(np.array([0, 1]), 4000, np.random.default_rng(8))
    found = occurrences(first)
    assert len(found) == 4  # independently of the other region's
    assert chisquare(found).pvalue > 0.001


# --- several documents of a region -------------------------------------------------------------------------------

# Region 0: documents 0 (measures 0, 1) and 2 (4); region 1: documents 1 (2) and 3 (3, 5)
OF, DOCUMENT_OF = np.array([0, 0, 1, 1, 0, 1]), np.array([0, 0, 1, 3, 2, 3])


@st.composite
def several(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Regions and documents of measures, the documents numbered by their first measure."""
    documents = draw(st.lists(st.integers(0, 5), min_size=1, max_size=14))
    order = list(dict.fromkeys(documents))
    region = draw(st.lists(st.integers(0, 2), min_size=len(order), max_size=len(order)))
    document_of = np.array([order.index(document) for document in documents])
    return np.array(region)[document_of], document_of


@given(several(), SEED)
def test_a_region_draws_as_many_documents_as_it_has_and_whole_numbers_of_their_measures(
    corpus: tuple[np.ndarray, np.ndarray], seed: int
) -> None:
    of, document_of = corpus
    times = resampled_within(of, 6, np.random.default_rng(seed), document_of)
    for region in set(of.tolist()):
        documents = [np.flatnonzero(document_of == one) for one in set(document_of[of == region].tolist())]
        drawn = np.stack([times[:, own].sum(axis=1) / len(own) for own in documents])
        assert (drawn == drawn.astype(int)).all()
        assert drawn.sum(axis=0).tolist() == [len(documents)] * 6


def test_documents_are_drawn_first_and_their_measures_within_them() -> None:
    # Document 0 never, once or twice with 1/4, 1/2, 1/4. Then measure 0 is drawn 0, 1, 2 times out of two (1/4, 1/2,
    # 1/4), or 0 to 4 times out of four (1, 4, 6, 4, 1 of 16). 0: 1/4 + 1/8 + 1/64 = 25/64; 1: 1/4 + 4/64 = 20/64;
    # 2: 1/8 + 6/64 = 14/64; 3: 4/64; 4: 1/64
    times = resampled_within(OF, 9000, np.random.default_rng(21), DOCUMENT_OF)
    found = np.bincount(times[:, 0], minlength=5)
    assert chisquare(found, np.array([25, 20, 14, 4, 1]) / 64 * 9000).pvalue > 0.001


@given(REGION_OF, SEED)
def test_with_one_document_a_region_nothing_changes(region_of: np.ndarray, seed: int) -> None:
    for draw in (resampled_within, halves):
        one, other = (draw(region_of, 4, np.random.default_rng(seed), given) for given in (None, region_of))
        assert one.tolist() == other.tolist()


@given(several(), SEED)
def test_whole_documents_are_dealt_and_every_region_keeps_its_number_of_them(
    corpus: tuple[np.ndarray, np.ndarray], seed: int
) -> None:
    of, document_of = corpus
    for moved in shuffled_among(of, 4, np.random.default_rng(seed), document_of):
        assert all(len(set(moved[document_of == one].tolist())) == 1 for one in set(document_of.tolist()))
        assert numbers(moved, document_of, 3).tolist() == numbers(of, document_of, 3).tolist()


def test_every_way_to_deal_documents_comes_equally_often() -> None:
    found = occurrences(shuffled_among(OF, 6000, np.random.default_rng(22), DOCUMENT_OF))
    assert len(found) == 6  # 4 documents, 2 a region
    assert chisquare(found).pvalue > 0.001


def test_the_numbers_are_of_measures_or_of_documents() -> None:
    assert numbers(OF, None, 3).tolist() == [3, 3, 0]
    assert numbers(OF, DOCUMENT_OF, 3).tolist() == [2, 2, 0]


def test_dealt_documents_are_resampled_within_their_new_regions() -> None:
    # Documents 0 and 1 now are of region 0, documents 2 and 3 of region 1: two drawings of each region's two documents
    moved = np.tile(np.array([0, 0, 0, 1, 1, 1]), (300, 1))
    times = resampled_dealt(OF, moved, np.random.default_rng(23), DOCUMENT_OF)
    assert set((times[:, :2].sum(axis=1) / 2 + times[:, 2]).tolist()) == {2.0}
    assert set((times[:, [3, 5]].sum(axis=1) / 2 + times[:, 4]).tolist()) == {2.0}
    assert set(times[:, 2].tolist()) == {0, 1, 2}


@given(REGION_OF, SEED)
def test_dealt_measures_are_resampled_as_their_new_regions_are(region_of: np.ndarray, seed: int) -> None:
    regions = shuffled_among(region_of, 4, np.random.default_rng(seed))
    found = resampled_dealt(region_of, regions, np.random.default_rng(seed))
    assert (
        found.tolist()
        == dealt(resampled_within(region_of, 4, np.random.default_rng(seed)), region_of, regions).tolist()
    )


@given(several(), SEED)
def test_halves_hold_whole_documents_of_a_region_with_several(corpus: tuple[np.ndarray, np.ndarray], seed: int) -> None:
    of, document_of = corpus
    first = halves(of, 5, np.random.default_rng(seed), document_of)
    for region in set(of.tolist()):
        documents = [np.flatnonzero(document_of == one) for one in sorted(set(document_of[of == region].tolist()))]
        if len(documents) == 1:
            assert set(first[:, documents[0]].sum(axis=1).tolist()) <= {
                len(documents[0]) // 2,
                -(-len(documents[0]) // 2),
            }
            continue
        whole = np.stack([first[:, own].mean(axis=1) for own in documents])
        assert set(whole.ravel().tolist()) <= {0.0, 1.0}
        assert set(whole.sum(axis=0).tolist()) <= {len(documents) // 2, -(-len(documents) // 2)}


@pytest.mark.parametrize("draw", [resampled_within, shuffled_among, halves])
def test_the_same_seed_gives_the_same_draws_and_another_one_others(draw: object) -> None:
    region_of = np.repeat(np.arange(3), 6)
    one, again, other = (draw(region_of, 20, np.random.default_rng(seed)) for seed in (1, 1, 2))  # type: ignore[operator]
    assert one.tobytes() == again.tobytes()
    assert one.tobytes() != other.tobytes()


# --- counts ------------------------------------------------------------------------------------------------------


@st.composite
def corpora(draw: st.DrawFn) -> tuple[list[list[int]], np.ndarray | None, np.ndarray | None, list[int]]:
    """Measures as term numbers, the regions of one or more draws, and how often each measure counts."""
    said = draw(st.lists(st.lists(st.integers(0, 4), max_size=6), min_size=1, max_size=6))
    regions = draw(st.lists(st.integers(0, 2), min_size=len(said), max_size=len(said)))
    row = st.lists(st.integers(0, 2), min_size=len(said), max_size=len(said))
    rows = st.lists(row, min_size=2, max_size=2).map(lambda table: np.array(table, dtype=np.int64))
    return said, draw(st.none() | rows), draw(st.none() | rows), regions


@given(corpora())
def test_counts_are_those_of_a_plain_loop_over_draws_measures_and_words(
    corpus: tuple[list[list[int]], np.ndarray | None, np.ndarray | None, list[int]],
) -> None:
    said, moved, times, regions = corpus
    cells = sorted({(measure, term, terms.count(term)) for measure, terms in enumerate(said) for term in terms})
    table = np.array(cells, dtype=np.int64).reshape(-1, 3)
    draws = 1 if moved is None and times is None else 2
    expected = np.zeros((draws, 3, 5))
    for number in range(draws):
        for measure, terms in enumerate(said):
            for term in terms:
                region = regions[measure] if moved is None else moved[number, measure]
                expected[number, region, term] += 1 if times is None else times[number, measure]
    found = region_counts(
        (table[:, 0], table[:, 1], table[:, 2].astype(float)),
        np.array(regions, dtype=np.int64) if moved is None else moved,
        times,
        (3, 5),
    )
    assert found.tolist() == expected.tolist()


def test_a_corpus_without_terms_has_counts_without_columns() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert region_counts((none, none, np.zeros(0)), np.array([0, 1]), None, (2, 0)).shape == (1, 2, 0)


# --- intervals ---------------------------------------------------------------------------------------------------


def test_the_interval_holds_the_middle_draws_and_the_bias_is_mean_less_observed() -> None:
    # 0, 1 … 100 in any order: 5 % of them are below 5, 5 % above 95; their mean is 50. The squares: 25, 9025, 3350.
    draws = np.random.default_rng(9).permutation(101).astype(float)
    low, high, bias = percentile_interval(np.stack([draws, draws**2], axis=1), np.array([47.0, 3351.0]), 0.9)
    assert low.tolist() == pytest.approx([5, 25], abs=1e-9)
    assert high.tolist() == pytest.approx([95, 9025], abs=1e-9)
    assert bias.tolist() == pytest.approx([3, -1], abs=1e-9)


def test_a_bound_between_two_draws_lies_between_them_in_proportion() -> None:
    # a quarter and three quarters of the way through 4 draws: places 0.75 and 2.25, so 0.75 and 20 + 0.25 x 10
    low, high, _ = percentile_interval(np.array([20.0, 0.0, 30.0, 1.0]), np.array(0.0), 0.5)
    assert [float(low), float(high)] == pytest.approx([0.75, 22.5], abs=1e-12)
