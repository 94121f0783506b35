"""What drawing the measures anew leaves standing: ranks, neighbours, branches and halves worked by hand or by plain loops."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st
from scipy.stats import rankdata, spearmanr

from pipeline import resampling, tables
from pipeline.evidence import base_views
from pipeline.method import Settings
from pipeline.representations import Corpus
from pipeline.resampling import (
    corpus_of,
    intervals_of,
    leave_one_out_of,
    left_out,
    main,
    neighbours_of,
    reliability_of,
    resampling_of,
    smallest_set,
    tree_of,
)
from pipeline.stats.resampling import resampled_within
from tests.conftest import METHOD, Said, plain_cosines, said_frames

pytestmark = pytest.mark.usefixtures("in_this_process")

VIEWS = base_views(exclude_generic=True)
WORDS = VIEWS["words"]


def made(said: Said) -> Corpus:
    """A corpus without common words."""
    return corpus_of(*said_frames(said), 1.0)


def observed_of(corpus: Corpus) -> dict[str, np.ndarray]:
    return {name: corpus.cosines(view)[0] for name, view in VIEWS.items()}


def above(matrix: np.ndarray) -> list[float]:
    return [float(matrix[i, j]) for i, j in combinations(range(len(matrix)), 2)]


def quick(settings: Settings, *, resamples: int = 30, halvings: int = 10) -> Settings:
    """Few draws, and no word that is too common."""
    return replace(
        settings,
        keywords=replace(settings.keywords, common_share=1.0),
        resampling=replace(settings.resampling, resamples=resamples, halvings=halvings),
    )


# --- intervals -------------------------------------------------------------------------------------------------------


def test_the_intervals_of_a_pair_are_those_of_its_draws() -> None:
    def matrix(ab: float, ac: float, bc: float) -> np.ndarray:
        return np.array([[1, ab, ac], [ab, 1, bc], [ac, bc, 1]])

    words = np.stack([matrix(0.5, 0.4, 0.3), matrix(0.4, 0.5, 0.3), matrix(0.6, 0.5, 0.0)])
    characters = np.stack([matrix(0.1, 0.2, 0.3)] * 3)
    found = intervals_of(
        ("甲", "乙", "丙"), matrix(0.55, 0.45, 0.25), {"words": words, "characters": characters}, 0.999
    )
    assert found[["region_a", "region_b"]].values.tolist() == [["甲", "乙"], ["甲", "丙"], ["乙", "丙"]]
    assert found[["rank_low", "rank_high"]].values.tolist() == [[1, 2], [1, 2], [3, 3]]
    assert found[["rank_char_low", "rank_char_high"]].values.tolist() == [[3, 3], [2, 2], [1, 1]]
    assert found["first_share"].tolist() == pytest.approx([2 / 3, 1 / 3, 0], abs=1e-12)
    # means 0.5, 0.4667 and 0.2, less what was observed
    assert found["bias"].tolist() == pytest.approx([-0.05, 1.4 / 3 - 0.45, -0.05], abs=1e-12)
    # three draws, level 0.999: the ends lie 0.001 of the way from the outer draws to the middle one
    assert found["cosine_low"].tolist() == pytest.approx([0.4 + 1e-4, 0.4 + 1e-4, 3e-4], abs=1e-9)
    assert found["cosine_high"].tolist() == pytest.approx([0.6 - 1e-4, 0.5, 0.3], abs=1e-9)


# --- neighbours --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shares", "level", "expected"),
    [
        ([0.5, 0.3, 0.15, 0.05], 0.95, [1, 1, 1, 0]),  # 0.5 + 0.3 + 0.15 is enough
        ([0.05, 0.15, 0.3, 0.5], 0.96, [1, 1, 1, 1]),
        ([0.1, 0.9, 0.0], 0.9, [0, 1, 0]),
        ([0.2, 0.2, 0.6], 0.7, [1, 0, 1]),  # of equal ones the first
        ([0.2, 0.3, 0.0], 0.95, [1, 1, 0]),  # the level is not reached: all that ever were the nearest
        ([0.0, 0.0], 0.95, [0, 0]),
        ([0.1] * 10, 0.8, [1] * 8 + [0] * 2),  # sums of tenths miss 0.8 by rounding
        ([], 0.95, []),
    ],
)
def test_the_smallest_set_that_reaches_the_level_takes_the_largest_first(
    shares: list[float], level: float, expected: list[int]
) -> None:
    assert smallest_set(np.array(shares), level).astype(int).tolist() == expected


def test_neighbours_have_their_observed_rank_and_the_share_of_draws_in_which_they_are_nearest() -> None:
    observed = np.array([[1, 0.5, 0.4], [0.5, 1, 0.0], [0.4, 0.0, 1]])
    other = np.array([[1, 0.2, 0.4], [0.2, 1, 0.2], [0.4, 0.2, 1]])
    apart = np.eye(3)
    found = neighbours_of(("甲", "乙", "丙"), observed, np.stack([observed, observed, other, apart]), 0.75)
    assert found.values.tolist() == [
        ["甲", "乙", 1, 0.5, True],
        ["甲", "丙", 2, 0.25, True],
        ["乙", "甲", 1, 0.625, True],  # twice alone, once with 丙: 2.5 of 4
        ["乙", "丙", 2, 0.125, True],
        ["丙", "甲", 1, 0.75, True],
        ["丙", "乙", 2, 0.0, False],
    ]
    tables.check(found, tables.NEIGHBOURS)


def test_neighbours_at_equal_distance_share_the_better_rank() -> None:
    observed = np.full((3, 3), 0.5)
    found = neighbours_of(("甲", "乙", "丙"), observed, observed[None], 0.95)
    assert found["rank"].tolist() == [1] * 6
    assert found["nearest_share"].tolist() == [0.5] * 6


# --- tree --------------------------------------------------------------------------------------------------------

THREE = np.array([[1, 0.8, 0.3], [0.8, 1, 0.1], [0.3, 0.1, 1]])


def test_the_branches_of_a_tree_come_back_in_the_share_of_draws_that_have_them() -> None:
    other = THREE[np.ix_([2, 1, 0], [2, 1, 0])]  # 乙 and 丙 first
    found = tree_of(THREE, np.stack([THREE, other, other, THREE]), "average")
    # 甲 and 乙 at 0.2, 丙 at the mean of 0.7 and 0.9
    assert found["height"].tolist() == pytest.approx([0.2, 0.8], abs=1e-12)
    assert sorted(found.loc[0, ["left", "right"]]) == [0, 1]
    assert sorted(found.loc[1, ["left", "right"]]) == [2, 3]
    assert found["size"].tolist() == [2, 3]
    assert found["step"].tolist() == [1, 2]
    assert found["support"].tolist() == [0.5, 1.0]
    # {甲, 乙} against {乙, 丙} is 1/3, against all three 2/3: the best overlap of the other trees is 2/3
    assert found["jaccard"].tolist() == pytest.approx([(1 + 1 + 2 / 3 + 2 / 3) / 4, 1.0], abs=1e-12)
    tables.check(found, tables.DENDROGRAM)


@pytest.mark.parametrize("method", ["average", "complete", "single"])
def test_a_tree_has_all_its_branches_in_itself(method: str) -> None:
    corpus = made([(f"地区{at}", text) for at, text in enumerate(["a b c", "a b d", "c e f", "e f g", "g h a"])])
    observed = corpus.cosines(WORDS)[0]
    found = tree_of(observed, np.stack([observed] * 3), method)
    assert found["support"].tolist() == [1.0] * 4
    assert found["jaccard"].tolist() == [1.0] * 4


@pytest.mark.parametrize("n", [0, 1])
def test_a_single_region_has_no_tree(n: int) -> None:
    found = tree_of(np.ones((n, n)), np.ones((2, n, n)), "average")
    assert found.empty
    assert list(found.columns) == tables.DENDROGRAM.names


def test_a_cosine_above_1_by_rounding_gives_no_distance_below_0() -> None:
    close = np.array([[1, 1 + 1e-15], [1 + 1e-15, 1]])
    assert tree_of(close, close[None], "average")["height"].tolist() == [0.0]


# --- reliability -------------------------------------------------------------------------------------------------


def value_of(found: pd.DataFrame, view: str, measure: str) -> pd.Series:
    return found.set_index(["view", "measure"]).loc[(view, measure)]


def twice(texts: dict[str, str]) -> Corpus:
    """Every region says its one measure twice, so that its halves are copies of each other."""
    return made([(region, text) for region, text in texts.items() for _ in range(2)])


def test_halves_that_are_copies_of_each_other_agree_wholly(settings: Settings) -> None:
    corpus = twice({"甲": "培训 基地 评价", "乙": "培训 评价", "丙": "培训 双师", "丁": "双师 校企 比赛"})
    found = reliability_of(corpus, VIEWS, observed_of(corpus), np.array([12.0, 8, 9, 13]), quick(settings).resampling)
    tables.check(found, tables.RELIABILITY)
    for view in ("words", "characters"):
        assert value_of(found, view, "split_half")[["value", "low", "high"]].tolist() == pytest.approx([1, 1, 1])
        assert value_of(found, view, "split_half_corrected")["value"] == pytest.approx(1)
        assert math.isnan(value_of(found, view, "split_half_corrected")["low"])
    assert set(found["why"]) == {""}


def test_the_reliability_of_the_whole_is_that_of_the_halves_after_spearman_and_brown(settings: Settings) -> None:
    # 甲 and 乙 have one theme, 丙 and 丁 another; each measure lacks one of its three words
    said = [(name, text) for name in "甲乙" for text in ("a b", "b c", "a c", "a b")]
    said += [(name, text) for name in "丙丁" for text in ("d e", "e f", "d f", "d a")]
    corpus = made(said)
    found = reliability_of(corpus, VIEWS, observed_of(corpus), np.arange(4.0), quick(settings).resampling)
    half, low, high = value_of(found, "words", "split_half")[["value", "low", "high"]]
    assert 0 < half < 1
    assert low < half < high
    assert value_of(found, "words", "split_half_corrected")["value"] == pytest.approx(2 * half / (1 + half), abs=1e-12)


def test_halves_that_contradict_each_other_are_not_corrected(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # First halves: 甲-乙, then 乙-丙, then 甲-丙; second halves: 甲-丙, then 乙-丙, then 甲-乙
    said = [("甲", "a b"), ("甲", "h i"), ("乙", "a b c"), ("乙", "j k"), ("丙", "c g"), ("丙", "h i j")]
    corpus = made(said)
    monkeypatch.setattr(resampling.resampling, "halves", lambda *_: np.array([[True, False] * 3]))
    found = reliability_of(corpus, VIEWS, observed_of(corpus), np.arange(3.0), quick(settings).resampling)
    assert value_of(found, "words", "split_half")[["value", "low", "high"]].tolist() == pytest.approx([-1] * 3)
    assert value_of(found, "words", "split_half_corrected")["value"] == pytest.approx(-1)


@pytest.mark.parametrize("n", [1, 2])
def test_fewer_than_three_regions_have_no_reliability_and_the_table_says_why(n: int, settings: Settings) -> None:
    corpus = twice(dict(list({"甲": "培训 基地", "乙": "培训"}.items())[:n]))
    found = reliability_of(corpus, VIEWS, observed_of(corpus), np.array([9.0, 5.0])[:n], quick(settings).resampling)
    tables.check(found, tables.RELIABILITY)
    numbers = found[["value", "low", "high", "p"]]
    assert numbers.isna().all().all()
    lengths = "fewer than 3 regions" if n == 2 else "texts of equal length"
    assert found["why"].tolist() == [
        *["fewer than 3 regions"] * 2, lengths, *["fewer than 3 regions"] * 2, lengths, "fewer than 3 regions", lengths
    ]  # fmt: skip


def test_equal_cosines_and_equal_lengths_are_named_as_reasons(settings: Settings) -> None:
    corpus = twice(dict.fromkeys("甲乙丙", "培训 基地"))
    found = reliability_of(corpus, VIEWS, observed_of(corpus), np.array([9.0, 9, 9]), quick(settings).resampling)
    why = found.set_index(["view", "measure"])["why"]
    assert why["words", "split_half"] == why["both", "views"] == "the cosines do not vary"
    assert why["words", "length"] == why["both", "views_given_length"] == "texts of equal length"
    assert found["value"].isna().all()


def test_equal_texts_are_not_reliably_in_any_order_though_their_halves_are(settings: Settings) -> None:
    # Of three regions with two equal measures two always have the same first half, and then the same second half
    corpus = made([(name, text) for name in "甲乙丙" for text in ("a b", "c d")])
    found = reliability_of(corpus, VIEWS, observed_of(corpus), np.arange(3.0), quick(settings).resampling)
    halves = found[(found["view"] == "words") & found["measure"].isin(["split_half", "split_half_corrected"])]
    assert halves["value"].isna().all()
    assert set(halves["why"]) == {"the cosines do not vary"}


def test_cosines_that_follow_length_are_told_from_those_that_run_against_it(settings: Settings) -> None:
    # Cosines that are the sums of the two logarithms of length, and one minus these
    lengths = np.array([100.0, 150, 250, 500, 800, 1700, 4000])
    size = np.log(lengths)
    follows = (size[:, None] + size) / 20
    corpus = made([(name, "a b") for name in "甲乙丙丁戊己庚"])
    chosen = quick(settings, resamples=200).resampling
    found = reliability_of(corpus, VIEWS, {"words": follows, "characters": 1 - follows}, lengths, chosen)
    assert value_of(found, "words", "length")["value"] == pytest.approx(1)
    assert value_of(found, "words", "length")["p"] < 0.05
    assert value_of(found, "characters", "length")["value"] == pytest.approx(-1)
    assert value_of(found, "characters", "length")["p"] < 0.05  # two-sided: short texts may go with likeness, too
    assert value_of(found, "both", "views")["value"] == pytest.approx(-1)
    # length explains both wholly, and nothing is left to correlate
    assert math.isnan(value_of(found, "both", "views_given_length")["value"])
    assert value_of(found, "both", "views_given_length")["why"]


def test_the_agreement_of_the_views_is_given_beside_that_with_length_held_fixed(settings: Settings) -> None:
    rng = np.random.default_rng(3)
    lengths = np.array([100.0, 150, 250, 500, 800])
    size = np.log(lengths)
    long = above(size[:, None] + size)

    def symmetric() -> np.ndarray:
        values = rng.random((5, 5))
        return (values + values.T) / 2

    observed = {"words": symmetric(), "characters": symmetric()}
    corpus = made([(name, "a b") for name in "甲乙丙丁戊"])
    found = reliability_of(corpus, VIEWS, observed, lengths, quick(settings).resampling)
    x, y = above(observed["words"]), above(observed["characters"])
    r = spearmanr(np.array([x, y, long]), axis=1).statistic
    assert value_of(found, "both", "views")["value"] == pytest.approx(r[0, 1], abs=1e-12)
    assert value_of(found, "words", "length")["value"] == pytest.approx(r[0, 2], abs=1e-12)
    expected = (r[0, 1] - r[0, 2] * r[1, 2]) / math.sqrt((1 - r[0, 2] ** 2) * (1 - r[1, 2] ** 2))
    assert value_of(found, "both", "views_given_length")["value"] == pytest.approx(expected, abs=1e-12)


# --- one region left out -----------------------------------------------------------------------------------------

LETTERS = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5).map(" ".join)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.sampled_from("甲乙丙丁"), LETTERS), min_size=2, max_size=9), st.integers(0, 3))
def test_the_corpus_without_a_region_is_the_corpus_made_without_it(said: list[tuple[str, str]], at: int) -> None:
    corpus = made(said)
    name = corpus.regions.names[at % len(corpus.regions.names)]
    rest = [row for row in said if row[0] != name]
    found = left_out(corpus, corpus.regions.names.index(name))
    assert found.regions.names == tuple(dict.fromkeys(region for region, _ in rest))
    kept = [number for number, (region, _) in enumerate(said) if region != name]
    assert found.regions.measures == tuple(corpus.regions.measures[number] for number in kept)
    if rest:
        expected = made(rest)
        assert found.regions.of.tolist() == expected.regions.of.tolist()
        for view in VIEWS.values():
            np.testing.assert_allclose(found.cosines(view), expected.cosines(view), atol=1e-12)
            counts = found.counts(view)[0]
            assert counts[:, counts.any(axis=0)].tolist() == expected.counts(view)[0].tolist()


def test_what_one_region_changes_is_that_of_scikit_learn_without_it(settings: Settings) -> None:
    said = [
        ("甲", "a a b c"), ("甲", "d"), ("乙", "a b e"), ("丙", "a b f g"), ("丁", "a c c d f"), ("戊", "g h b"), ("戊", "a e"),
    ]  # fmt: skip
    corpus = made(said)
    names = corpus.regions.names
    documents = {name: [word for region, text in said if region == name for word in text.split()] for name in names}
    whole = plain_cosines(list(documents.values()))
    observed = corpus.cosines(WORDS)[0]
    np.testing.assert_allclose(observed, whole, atol=1e-12)
    found = leave_one_out_of(corpus, WORDS, observed, quick(settings)).set_index("region")
    assert list(found.index) == list(names)
    for out, name in enumerate(names):
        rest = [other for other in names if other != name]
        after = above(plain_cosines([documents[other] for other in rest]))
        before = above(np.delete(np.delete(whole, out, 0), out, 1))
        assert found.loc[name, "rho"] == pytest.approx(spearmanr(before, after).statistic, abs=1e-9)
        closest = list(combinations(rest, 2))[int(np.argmax(after))]
        assert tuple(found.loc[name, ["closest_a", "closest_b"]]) == closest
        assert found.loc[name, "closest_same"] == (np.argmax(before) == np.argmax(after))


def test_the_closest_pair_of_the_rest_is_another_where_the_region_left_out_made_it(settings: Settings) -> None:
    # 丁 says b, 丙 b and a, 甲 six times b and five times z; a is in 乙 too, v in 乙 only.
    # All four: idf a ln(5/3) + 1, b ln(5/4) + 1, z ln(5/2) + 1: a / b = 1.235, z / b = 1.567
    #   丙-丁 1 / root(1 + 1.235^2) = 0.629, 甲-丁 1 / root(1 + (5/6 x 1.567)^2) = 0.608
    # Without 乙 only 丙 has a: a / b = z / b = 1.693
    #   丙-丁 1 / root(1 + 1.693^2) = 0.509, 甲-丁 1 / root(1 + (5/6 x 1.693)^2) = 0.578
    corpus = made([("甲", "b " * 6 + "z " * 5), ("乙", "a v"), ("丙", "a b"), ("丁", "b")])
    found = leave_one_out_of(corpus, WORDS, corpus.cosines(WORDS)[0], quick(settings)).set_index("region")
    assert found.loc["乙", ["closest_a", "closest_b", "closest_same"]].tolist() == ["甲", "丁", False]
    assert found.loc["甲", ["closest_a", "closest_b", "closest_same"]].tolist() == ["丙", "丁", True]
    # of 甲-乙 0, 甲-丙 and 乙-丙 the order stays when 丁 goes; of 甲-丙, 甲-丁 and 丙-丁 two change places when 乙 goes
    assert found.loc["乙", "rho"] == pytest.approx(0.5, abs=1e-12)


def test_where_the_rest_shares_nothing_it_has_no_closest_pair(settings: Settings) -> None:
    corpus = made([("甲", "a b"), ("乙", "a"), ("丙", "b"), ("丁", "c")])
    found = leave_one_out_of(corpus, WORDS, corpus.cosines(WORDS)[0], quick(settings)).set_index("region")
    tables.check(found.reset_index(), tables.LEAVE_ONE_OUT)
    assert found.loc["甲", ["closest_a", "closest_b", "closest_same"]].tolist() == ["", "", False]
    assert math.isnan(found.loc["甲", "rho"])


def test_of_three_regions_two_are_left_which_have_neither_rank_correlation_nor_groups(settings: Settings) -> None:
    corpus = made([("甲", "a b"), ("乙", "a c"), ("丙", "b c c")])
    found = leave_one_out_of(corpus, WORDS, corpus.cosines(WORDS)[0], quick(settings))
    assert found[["rho", "silhouette_max"]].isna().all().all()
    assert found["closest_same"].tolist() == [True] * 3
    two = made([("甲", "a b"), ("乙", "a c")])
    assert leave_one_out_of(two, WORDS, two.cosines(WORDS)[0], quick(settings)).empty


# --- the stage ---------------------------------------------------------------------------------------------------

SAID = [
    ("山东", "培训 评价"), ("山东", "培训 基地"), ("山东", "双师"),
    ("浙江", "培训 评价 评价"), ("浙江", "校企"),
    ("上海", "双师 校企"), ("上海", "比赛"), ("上海", "培训"),
    ("湖南", "比赛 评价"), ("湖南", "比赛 基地 双师"),
]  # fmt: skip


def similarity_frame(corpus: Corpus) -> pd.DataFrame:
    observed = observed_of(corpus)
    pairs = list(combinations(corpus.regions.names, 2))
    return pd.DataFrame(
        {
            "region_a": [a for a, _ in pairs],
            "region_b": [b for _, b in pairs],
            "cosine": above(observed["words"]),
            "rank": rankdata(-np.array(above(observed["words"])), method="min").astype(int),
            "cosine_char": above(observed["characters"]),
            "rank_char": rankdata(-np.array(above(observed["characters"])), method="min").astype(int),
            "shared_terms": 0,
        }
    )


def run(said: Said, chosen: Settings) -> tuple[pd.DataFrame, ...]:
    return resampling_of(*said_frames(said), similarity_frame(made(said)), chosen)


def test_every_interval_is_that_of_scikit_learn_on_the_same_draws(settings: Settings) -> None:
    draws = 25
    chosen = quick(settings, resamples=draws)
    intervals, neighbours, *_ = run(SAID, chosen)
    corpus = made(SAID)
    rng = np.random.default_rng([settings.resampling.seed, resampling._RESAMPLE])
    times = resampled_within(corpus.regions.of, draws, rng)
    names = corpus.regions.names
    drawn = []
    for draw in times:
        documents: dict[str, list[str]] = {name: [] for name in names}
        for (region, text), often in zip(SAID, draw, strict=True):
            documents[region] += text.split() * int(often)
        drawn.append(plain_cosines(list(documents.values())))
    pairs = np.array([above(each) for each in drawn])
    observed = np.array(above(plain_cosines([[w for r, t in SAID if r == name for w in t.split()] for name in names])))
    np.testing.assert_allclose(intervals["cosine_low"], np.percentile(pairs, 2.5, axis=0), atol=1e-9)
    np.testing.assert_allclose(intervals["cosine_high"], np.percentile(pairs, 97.5, axis=0), atol=1e-9)
    np.testing.assert_allclose(intervals["bias"], pairs.mean(axis=0) - observed, atol=1e-9)
    rounded = pairs.round(9)
    ranks = np.where(rounded > 0, rankdata(-rounded, method="min", axis=1), pairs.shape[1])
    ordered = np.sort(ranks, axis=0)
    assert intervals["rank_low"].tolist() == ordered[math.floor(0.025 * (draws - 1))].tolist()
    assert intervals["rank_high"].tolist() == ordered[math.ceil(0.975 * (draws - 1))].tolist()
    for at, name in enumerate(names):
        for other, row in zip(
            [place for place in range(len(names)) if place != at],
            neighbours[neighbours["region"] == name].itertuples(),
            strict=True,
        ):
            assert row.other == names[other]
            best = [each[at].round(9) for each in drawn]
            for own in best:
                own[at] = -1
            expected = np.mean([(own[other] == own.max()) / (own == own.max()).sum() * (own.max() > 0) for own in best])
            assert row.nearest_share == pytest.approx(expected, abs=1e-9)


def test_every_table_of_the_stage_keeps_its_contract(settings: Settings) -> None:
    intervals, neighbours, tree, reliability, rest = run(SAID, quick(settings))
    tables.check(intervals, tables.SIMILARITY_INTERVALS)
    tables.check(neighbours, tables.NEIGHBOURS)
    tables.check(tree, tables.DENDROGRAM)
    tables.check(reliability, tables.RELIABILITY)
    tables.check(rest, tables.LEAVE_ONE_OUT)
    assert [len(frame) for frame in (intervals, neighbours, tree, reliability, rest)] == [6, 12, 3, 8, 4]


def test_length_is_that_of_the_texts_and_explains_cosines_that_grow_with_it(settings: Settings) -> None:
    # Every region has one word of its own and says the common word the oftener the longer its text is: its share of the
    # vector, and so every cosine, grows with length
    own = {"山东甲乙": 1, "浙江丙丁": 2, "上海戊己": 3, "湖南庚辛": 5, "广东壬癸": 9, "河北子丑": 20}
    said = [(name[:2], " ".join([*["培训"] * count, name[2:]])) for name, count in own.items()]
    *_, reliability, _ = run(said, quick(settings, resamples=200))
    found = value_of(reliability, "words", "length")
    lengths = np.log([len("，".join(text.split())) for _, text in said])
    x = above(made(said).cosines(WORDS)[0])
    y = above(lengths[:, None] + lengths)
    assert found["value"] == pytest.approx(spearmanr(x, y).statistic, abs=1e-9)
    assert found["value"] > 0.9
    assert found["p"] <= 0.05


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_regions_have_no_more_than_their_pair(n: int, settings: Settings) -> None:
    said = [row for row in SAID if row[0] in ("山东", "浙江")[:n]]
    intervals, neighbours, tree, reliability, rest = run(said, quick(settings))
    assert [len(frame) for frame in (intervals, neighbours, tree, reliability, rest)] == [n - 1, 2 * n - 2, n - 1, 8, 0]
    assert reliability["value"].isna().all()
    if n == 2:
        assert intervals[["rank_low", "rank_high"]].values.tolist() == [[1, 1]]
        assert tree["support"].tolist() == [1.0]


def test_another_seed_gives_other_draws_and_the_same_seed_the_same(settings: Settings) -> None:
    chosen = quick(settings)
    first = run(SAID, chosen)
    for one, two in zip(first, run(SAID, chosen), strict=True):
        pd.testing.assert_frame_equal(one, two, check_exact=True)
    other = replace(chosen, resampling=replace(chosen.resampling, seed=chosen.resampling.seed + 1))
    assert run(SAID, other)[0]["bias"].tolist() != first[0]["bias"].tolist()


def test_the_stage_reads_and_writes_its_tables(settings: Settings, tmp_path: Path) -> None:
    tokens, measures = said_frames(SAID)
    similarity = similarity_frame(made(SAID))
    inputs = [tmp_path / f"{name}.csv" for name in ("tokens", "measures", "similarity")]
    tables.write(
        *zip((tokens, measures, similarity), (tables.TOKENS, tables.MEASURES, tables.SIMILARITY), inputs, strict=True)
    )
    text = (METHOD / "settings.toml").read_text("utf-8")
    text = text.replace("resamples = 1000", "resamples = 100").replace("halvings = 500", "halvings = 10")
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    written = (
        tables.SIMILARITY_INTERVALS, tables.NEIGHBOURS, tables.DENDROGRAM, tables.RELIABILITY, tables.LEAVE_ONE_OUT
    )  # fmt: skip
    outputs = [tmp_path / f"{table.name}.csv" for table in written]
    main(*inputs, tmp_path / "settings.toml", *outputs)
    chosen = replace(settings, resampling=replace(settings.resampling, resamples=100, halvings=10))
    expected = resampling_of(tokens, measures, similarity, chosen)
    for table, path, frame in zip(written, outputs, expected, strict=True):
        found = tables.read(path, table)
        numbers = [column.name for column in table.columns if column.kind == "float"]
        np.testing.assert_allclose(found[numbers].astype(float), frame[numbers].astype(float), atol=1e-6)
        rest = [name for name in table.names if name not in numbers]
        assert found[rest].values.tolist() == frame[rest].values.tolist()
