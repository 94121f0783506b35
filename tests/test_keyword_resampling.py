"""The lists of resampled texts follow the rules of keywords.csv, worked by hand and on the appendix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, strategies as st

from pipeline import keywords
from pipeline.keyword_resampling import Lists, list_shares, top_shares
from pipeline.method import Settings
from pipeline.representations import units_of
from pipeline.stats.resampling import resampled_within
from tests.conftest import Corpus

# --- the first places of one list --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "top", "expected"),
    [
        ([5, 3, 4, 1], 2, [1, 0, 1, 0]),
        ([5, 3, 3, 1], 2, [1, 1 / 2, 1 / 2, 0]),  # two share one place
        ([3, 3, 3, 1], 2, [2 / 3, 2 / 3, 2 / 3, 0]),
        ([3, 3, 1, 1], 2, [1, 1, 0, 0]),  # the tie ends at the border
        ([3, 2, 2, 2], 3, [1, 2 / 3, 2 / 3, 2 / 3]),
        ([3, 0, 0, 0], 2, [1, 0, 0, 0]),  # weight 0 is in no list, though there is room
        ([3, 2, 1, 0], 9, [1, 1, 1, 0]),
        ([0, 0, 0, 0], 2, [0, 0, 0, 0]),
        ([2, 2 + 1e-12, 1, 1], 1, [1 / 2, 1 / 2, 0, 0]),  # equal but for rounding
        ([2, 2.001, 1, 1], 1, [0, 1, 0, 0]),
    ],
)
def test_the_first_places_are_shared_by_those_that_tie_for_the_last(
    weights: list[float], top: int, expected: list[float]
) -> None:
    assert top_shares(np.array([weights], dtype=float), top)[0].tolist() == pytest.approx(expected, abs=1e-12)


@given(
    st.integers(1, 7).flatmap(lambda n: st.lists(st.lists(st.integers(0, 4), min_size=n, max_size=n), min_size=1)),
    st.integers(1, 6),
)
def test_the_shares_of_a_list_sum_to_its_places_or_to_the_terms_there_are(rows: list[list[int]], top: int) -> None:
    shares = top_shares(np.array(rows, dtype=float), top)
    assert shares.sum(axis=1).tolist() == pytest.approx([min(top, sum(w > 0 for w in row)) for row in rows], abs=1e-9)
    for row, found in zip(rows, shares.tolist(), strict=True):
        ordered = [share for _, share in sorted(zip(row, found, strict=True), reverse=True)]
        assert ordered == sorted(ordered, reverse=True)
        assert len({(weight, share) for weight, share in zip(row, found, strict=True)}) == len(set(row))


# --- lists of drawn texts ----------------------------------------------------------------------------------------


def lists_of(
    measures: Sequence[str],
    *,
    top: int = 1,
    phrases: str = "",
    barred: str = "",
    hosts: Mapping[str, str] | None = None,
    common_above: float = 99.0,
) -> tuple[Lists, dict[str, int]]:
    """Rules over texts in which each letter is a term; and the number of each term."""
    units = units_of((at, letter) for at, said in enumerate(measures) for letter in said)
    place = {term: at for at, term in enumerate(units.terms)}
    phrase = np.array([term in phrases for term in units.terms])
    left_out = np.array([term in barred for term in units.terms])
    inside = {place[term]: [place[host] for host in outer] for term, outer in (hosts or {}).items()}
    return Lists(units.cells, phrase, left_out, ~phrase, inside, common_above, top), place


def shares_of(
    lists: Lists, place: dict[str, int], region_of: list[int], times: list[list[int]]
) -> list[dict[str, float]]:
    """For each region the terms that were ever in its list."""
    found = list_shares(lists, np.array(region_of), np.array(times))
    return [{term: float(row[at]) for term, at in place.items() if row[at]} for row in found]


def test_the_share_is_that_of_the_draws_with_the_term_in_the_list() -> None:
    # 山东 says aab in one measure and bb in another, 浙江 c: idf is the same for all
    lists = lists_of(["aab", "bb", "c"])
    # a 2 b 1 + b 2: b leads; twice the first: a 4 b 2; twice the second: b 4
    times = [[1, 1, 1], [2, 0, 1], [2, 0, 1], [0, 2, 1]]
    assert shares_of(*lists, [0, 0, 1], times) == [{"a": 0.5, "b": 0.5}, {"c": 1.0}]


def test_a_term_of_another_region_is_in_no_list_though_there_is_room() -> None:
    assert shares_of(*lists_of(["ab", "bc"], top=5), [0, 1], [[1, 1]]) == [{"a": 1, "b": 1}, {"b": 1, "c": 1}]


def test_idf_is_that_of_the_drawn_texts() -> None:
    # 山东: aa and b; 浙江: a in one measure, c in the other. a is in both regions and weighs 2 x 1, b 1 x (ln(3/2) + 1),
    # 1.41; b twice, 2.81. When the measure of 浙江 with a is not drawn, a weighs 2.81 too.
    lists = lists_of(["aabb", "a", "c"])
    assert shares_of(*lists, [0, 1, 1], [[1, 1, 1]])[0] == {"b": 1.0}
    assert shares_of(*lists, [0, 1, 1], [[1, 0, 2]])[0] == {"a": 0.5, "b": 0.5}


def test_words_that_too_many_regions_use_are_dropped_draw_by_draw_but_phrases_are_not() -> None:
    # a is in two of three regions, more than 1.5, unless the measure of 浙江 that has it is not drawn
    said, region_of = ["aaab", "a", "c", "d"], [0, 1, 1, 2]
    times = [[1, 1, 1, 1], [1, 0, 2, 1]]
    assert shares_of(*lists_of(said, common_above=1.5), region_of, times)[0] == {"a": 0.5, "b": 0.5}
    assert shares_of(*lists_of(said, common_above=1.5, phrases="a"), region_of, times)[0] == {"a": 1.0}
    assert shares_of(*lists_of(said, common_above=2), region_of, times)[0] == {"a": 1.0}  # more than 2


def test_a_barred_word_is_in_no_list_and_takes_no_place() -> None:
    assert shares_of(*lists_of(["aaab", "c"], barred="a"), [0, 1], [[1, 1]])[0] == {"b": 1.0}


def test_a_term_that_is_always_inside_a_longer_one_is_not_listed_beside_it() -> None:
    # P holds a. In the first measure both come once and so a is only part of P; the second has a alone.
    lists = lists_of(["Pa", "a", "c"], top=5, phrases="P", hosts={"a": "P"})
    region_of = [0, 0, 1]
    assert shares_of(*lists, region_of, [[2, 0, 1]])[0] == {"P": 1.0}
    assert shares_of(*lists, region_of, [[1, 1, 1]])[0] == {"P": 1.0, "a": 1.0}
    assert shares_of(*lists, region_of, [[0, 2, 1]])[0] == {"a": 1.0}


def test_a_term_as_frequent_as_one_of_several_longer_ones_is_explained_by_that_one() -> None:
    # a twice, P twice, Q once
    lists = lists_of(["PaQ", "Pa", "c"], top=5, phrases="PQ", hosts={"a": "PQ"})
    assert shares_of(*lists, [0, 0, 1], [[1, 1, 1]])[0] == {"P": 1.0, "Q": 1.0}


def test_a_phrase_weighs_what_the_longer_ones_leave_of_it_and_a_word_its_whole_count() -> None:
    # p is in P (3 times) and in Q (once): 5 - (3 + 1) / 2 = 3 are its own, less than the 4 of b and as many as P
    said, region_of = ["ppppp" + "PPP" + "Q" + "bbbb", "c"], [0, 1]
    hosts = {"p": "PQ"}
    times = [[1, 1]]
    assert shares_of(*lists_of(said, phrases="pPQ", hosts=hosts, top=2), region_of, times)[0] == {
        "b": 1.0,
        "p": 0.5,
        "P": 0.5,
    }
    assert shares_of(*lists_of(said, phrases="PQ", hosts=hosts), region_of, times)[0] == {"p": 1.0}


def test_only_the_longer_terms_that_were_drawn_take_from_a_phrase() -> None:
    # Both measures: p 4 - (2 + 1) / 2 = 2.5 against b 2 and P 2; the first twice: P 4 times, p 4 - 4 = 0 and explained
    said = ["ppPPb", "ppQb", "c"]
    lists = lists_of(said, phrases="pPQ", hosts={"p": "PQ"})
    assert shares_of(*lists, [0, 0, 1], [[1, 1, 1]])[0] == {"p": 1.0}
    assert shares_of(*lists, [0, 0, 1], [[2, 0, 1]])[0] == {"P": 1.0}
    # the second twice: p 4 - 2 = 2 (P is not there), b 2, Q 2
    assert shares_of(*lists, [0, 0, 1], [[0, 2, 1]])[0] == pytest.approx({"p": 1 / 3, "b": 1 / 3, "Q": 1 / 3})


def test_a_longer_term_of_another_region_explains_nothing_here() -> None:
    lists = lists_of(["a", "Pa"], top=5, phrases="P", hosts={"a": "P"})
    assert shares_of(*lists, [0, 1], [[1, 1]]) == [{"a": 1.0}, {"P": 1.0}]


@pytest.mark.parametrize("m", [1, 2, 4, 8])
def test_a_term_of_one_of_m_measures_is_in_the_list_when_that_measure_is_drawn(m: int) -> None:
    # top has room for all; the measure is missed by one of m drawings with 1 - 1/m, by all m with (1 - 1/m)^m
    lists, place = lists_of([*"abcdefgh"[:m], "z"], top=20)
    region_of = np.array([0] * m + [1])
    times = resampled_within(region_of, 3000, np.random.default_rng(1))
    found = list_shares(lists, region_of, times)[0]
    assert found[place["a"]] == pytest.approx((times[:, 0] > 0).mean(), abs=1e-12)
    assert found[place["a"]] == pytest.approx(1 - (1 - 1 / m) ** m, abs=0.04)
    assert found[place["z"]] == 0


def test_the_share_does_not_depend_on_how_many_draws_are_counted_at_once() -> None:
    # 250 draws are more than one portion: the same as each draw for itself
    said, region_of = ["aab", "bbc", "cd", "da", "b"], np.array([0, 0, 0, 1, 1])
    lists, _ = lists_of(said, top=2)
    times = resampled_within(region_of, 250, np.random.default_rng(2))
    alone = np.mean([list_shares(lists, region_of, row[None]) for row in times], axis=0)
    np.testing.assert_allclose(list_shares(lists, region_of, times), alone, atol=1e-12)


def test_the_texts_as_they_are_have_the_lists_of_the_table(
    corpus: Corpus, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keywords, "resampled_within", lambda region_of, *_: np.ones((1, len(region_of)), int))
    borders = []
    for top in (1, 3, 10):
        chosen = replace(settings.keywords, top=top)
        found = keywords.keywords_of(corpus.tokens, corpus.measures, chosen, settings.resampling)
        assert (found.loc[found["rank"].isna(), "stability"] == 0).all()
        for _, region in found[found["rank"].notna()].groupby("region"):
            last = region.loc[region["rank"] == top, "tf_idf"].item()
            above, tied = region["tf_idf"] > last + 1e-6, (region["tf_idf"] - last).abs() < 1e-6
            places = (top - above.sum()) / tied.sum()  # of those that tie for the last places, for each
            np.testing.assert_allclose(region["stability"], np.where(tied, places, above), atol=1e-12)
            borders.append(places == 1)
            if places == 1:
                assert ((region["rank"] <= top) == (region["stability"] == 1)).all()
    assert any(borders)
    assert not all(borders)


def test_on_the_appendix_no_more_places_are_given_than_a_list_has(corpus: Corpus, settings: Settings) -> None:
    sums = corpus.keywords.groupby("region")["stability"].sum()
    # Each draw gives at most so many; a region whose terms were not all drawn may have fewer
    assert (sums <= settings.keywords.top + 1e-9).all()
    assert (sums > settings.keywords.top * 0.8).all()
    ranked = corpus.keywords[corpus.keywords["unranked"].isin(["generic"])]
    assert (ranked["stability"] == 0).all()
