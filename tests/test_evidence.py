"""Planted groups are found and nothing is found where nothing is; every number is that of a plain loop over the same draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform
from sklearn.metrics import adjusted_rand_score, silhouette_score

from pipeline import evidence
from pipeline.evidence import (
    Shuffled,
    Stability,
    all_alike,
    base_views,
    chunks,
    clarity,
    described_k,
    group_numbers,
    indices_of,
    observed_partitions,
    outcome_of,
    partition_set,
    shuffled,
    stability,
    tree_statistics,
)
from pipeline.method import Settings, SpecificationSettings
from pipeline.representations import CHARACTER_TEXTS, WORD_TEXTS, Corpus, Regions, View, specifications, units_of, views
from pipeline.stats.grouping import ALGORITHMS, partitions
from pipeline.stats.partitions import co_assignment, consensus
from pipeline.stats.resampling import shuffled_among

pytestmark = pytest.mark.usefixtures("in_this_process")

VIEW = View("dictionary", "in", "tf-idf", 1)
TRUTH = [0, 0, 0, 1, 1, 1, 2, 2, 2]
SIZES = (3, 4, 3, 3, 4, 3, 3, 4, 5)  # measures of the regions


def corpus_of(strength: float, *, groups: Sequence[int] = TRUTH, sizes: Sequence[int] = SIZES, seed: int = 1) -> Corpus:
    """Measures of ten words, each with probability ``strength`` one of the theme of its region's group."""
    rng = np.random.default_rng(seed)
    of = np.repeat(np.arange(len(sizes)), sizes)
    theme = np.array(groups)
    said = [
        (measure, f"主题{theme[region]}{rng.integers(6)}" if rng.random() < strength else f"词{rng.integers(40)}")
        for measure, region in enumerate(of)
        for _ in range(10)
    ]
    regions = Regions(tuple(f"地区{at}" for at in range(len(sizes))), tuple(f"m{at}" for at in range(len(of))), of)
    units = units_of(said)
    return Corpus(regions, dict.fromkeys((*WORD_TEXTS, *CHARACTER_TEXTS), units), 1.0)


@pytest.fixture(scope="module")
def planted() -> Corpus:
    """Nine regions in three groups with a theme each."""
    return corpus_of(0.6)


@pytest.fixture(scope="module")
def unstructured() -> Corpus:
    return corpus_of(0.0)


# --- numbers of groups, portions, verdicts -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "chosen", "expected"),
    [
        (0, {}, []),
        (1, {}, []),
        (2, {}, []),
        (3, {}, [2]),
        (5, {}, [2, 3, 4]),
        (7, {}, [2, 3, 4, 5, 6]),
        (13, {}, [2, 3, 4, 5, 6]),
        (13, {"k": 4}, [2, 3, 4, 5, 6]),
        (13, {"k": 8}, [2, 3, 4, 5, 6, 7, 8]),  # one is set beyond the largest
        (7, {"k": 8}, [2, 3, 4, 5, 6]),
        (13, {"k_min": 4, "k": 3}, [3, 4, 5, 6]),  # or below the smallest
        (13, {"k_min": 4}, [4, 5, 6]),
        (13, {"k": 1}, [2, 3, 4, 5, 6]),
        (4, {"k_min": 5}, []),
    ],
)
def test_the_numbers_of_groups_are_those_that_can_be_looked_at(
    settings: Settings, n: int, chosen: dict[str, int], expected: list[int]
) -> None:
    k_min, k = chosen.get("k_min", 2), chosen.get("k", 0)
    assert group_numbers(n, replace(settings.cluster, k_min=k_min, k_max=6, k=k)) == expected


@pytest.mark.parametrize(
    ("cells", "draws", "expected"),
    [
        (10**9, 120, [(0, 50), (50, 100), (100, 120)]),  # 50 at most
        (10**9, 50, [(0, 50)]),
        (10**9, 0, []),
        (40, 7, [(0, 3), (3, 6), (6, 7)]),  # 2 regions x 6 terms fit three times
        (11, 2, [(0, 1), (1, 2)]),  # one draw at least
    ],
)
def test_portions_hold_all_draws_once_and_no_more_cells_than_fit(
    monkeypatch: pytest.MonkeyPatch, cells: int, draws: int, expected: list[tuple[int, int]]
) -> None:
    regions = Regions(("山东", "浙江"), ("m0", "m1"), np.array([0, 1]))
    corpus = Corpus(regions, {"dictionary": units_of((0, letter) for letter in "abcdef")}, 1.0)
    monkeypatch.setattr(evidence, "_CELLS", cells)
    for workers in ("1", "2", "64"):  # portions depend on the corpus alone
        monkeypatch.setenv("JOBS", workers)
        assert [(part.start, part.stop) for part in chunks(corpus, VIEW, draws)] == expected


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ([(2, 0.5, 0), (3, 0.7, 1), (4, 0.6, 0)], 3),
        ([(2, 0.5, 0), (3, 0.7, 1), (4, 0.9, 3)], 3),  # 4 has too many groups of one
        ([(2, 0.5, 0), (3, 0.7, 2), (4, 0.6, 0)], 3),  # as many as allowed
        ([(2, 0.5, 0), (3, 0.7, 0), (4, 0.7, 0)], 3),  # equal: the smaller
        ([(2, 0.5, 0), (3, 0.7, 0), (4, 0.7 + 1e-12, 0)], 3),  # equal but for rounding
        ([(2, -0.5, 0), (3, -0.2, 0)], 3),
        ([(2, 0.1, 3), (3, 0.4, 4), (4, 0.3, 5)], 3),  # none is allowed: all are looked at
        ([(5, 0.0, 0)], 5),
    ],
)
def test_the_number_of_groups_described_is_the_least_ambiguous_one_without_too_many_of_one_region(
    choice: list[tuple[int, float, int]], expected: int
) -> None:
    assert described_k(choice, 2) == expected


@pytest.mark.parametrize(("structure", "unambiguous", "stable"), list(product([True, False], repeat=3)))
def test_groups_are_supported_by_all_three_weak_by_structure_only_and_else_not_shown(
    structure: bool, unambiguous: bool, stable: bool
) -> None:
    expected = {(True, True, True): "supported"} | {
        (True, *rest): "weak" for rest in ((True, False), (False, True), (False, False))
    }
    found = outcome_of(structure=structure, unambiguous=unambiguous, stable=stable)
    assert found == expected.get((structure, unambiguous, stable), "not shown")


# --- structure test ----------------------------------------------------------------------------------------------


def test_planted_groups_have_the_smallest_p_there_is(planted: Corpus) -> None:
    found = shuffled(planted, VIEW, [2, 3, 4, 5], 99, 1, title="")
    assert found.p == 1 / 100
    assert int(found.silhouette.argmax()) == 1  # three groups


def test_where_there_are_no_groups_a_small_p_is_as_rare_as_it_should_be() -> None:
    p = [shuffled(corpus_of(0.0, seed=seed), VIEW, [2, 3, 4], 39, seed, title="").p for seed in range(100, 150)]
    # 5 % of 50 are 2.5; more than 7 come by chance in 4 of 1000 series
    assert sum(each <= 0.05 for each in p) <= 7
    assert 0.3 < float(np.mean(p)) < 0.7


def test_the_test_statistic_is_the_largest_silhouette_over_k_in_every_draw_too() -> None:
    null = np.array([[0.2, 0.1], [0.5, 0.0], [0.1, 0.25]])
    found = Shuffled(np.array([0.1, 0.3]), null, np.zeros(3), np.zeros((3, 3)), np.zeros(0))
    assert found.largest == 0.3
    assert found.null_largest.tolist() == [0.2, 0.5, 0.25]
    assert found.p == 2 / 4


def plain_statistics(cosines: np.ndarray, ks: Sequence[int]) -> tuple[list[float], list[float]]:
    """Mean silhouettes by scikit-learn on SciPy's groups, and ln dispersions by plain loops."""
    distances = 1 - cosines
    np.fill_diagonal(distances, 0)
    tree = linkage(squareform(distances, checks=False), "average")
    fit, dispersion = [], []
    for k in (1, *ks):
        labels = fcluster(tree, k, "maxclust")
        if k > 1:
            fit.append(float(silhouette_score(distances, labels, metric="precomputed")))
        within = [np.flatnonzero(labels == group) for group in range(1, k + 1)]
        total = sum(2 * sum(distances[i, j] ** 2 for i, j in combinations(own, 2)) / (2 * len(own)) for own in within)
        dispersion.append(float(np.log(total)))
    return fit, dispersion


def test_silhouettes_and_dispersions_are_those_of_scikit_learn_and_plain_loops(
    planted: Corpus, unstructured: Corpus
) -> None:
    cosines = np.concatenate([each.cosines(VIEW) for each in (planted, unstructured)])
    fit, dispersion = tree_statistics(cosines, [2, 3, 5])
    assert fit.shape == (3, 2)
    assert dispersion.shape == (4, 2)
    for case in range(2):
        expected = plain_statistics(cosines[case], [2, 3, 5])
        assert fit[:, case].tolist() == pytest.approx(expected[0], abs=1e-9)
        assert dispersion[:, case].tolist() == pytest.approx(expected[1], abs=1e-9)


def test_a_region_without_words_is_at_no_distance_from_itself() -> None:
    # Its cosine with itself is 0: regions 0 and 1 are alike, 2 is empty
    cosines = np.array([[[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 0.0]]])
    fit, dispersion = tree_statistics(cosines, [2])
    # 0 and 1: own 0.5, other 1: 0.5 each; 2 alone: 0. Dispersion: (0.25 + 1 + 1) / 3 and 0.25 / 2
    assert fit[:, 0].tolist() == pytest.approx([1 / 3], abs=1e-12)
    assert dispersion[:, 0].tolist() == pytest.approx([np.log(0.75), np.log(0.125)], abs=1e-12)


def test_every_draw_is_the_corpus_with_its_measures_dealt_anew() -> None:
    corpus, draws, seed = corpus_of(0.3, groups=[0, 0, 1, 1], sizes=(1, 2, 2, 3)), 20, 5
    found = shuffled(corpus, VIEW, [2, 3], draws, seed, title="")
    deals = shuffled_among(corpus.regions.of, draws, np.random.default_rng([seed, evidence._SHUFFLE]))
    own = corpus.cosines(VIEW)[0]
    drawn = [corpus.cosines(VIEW, regions=deal[None])[0] for deal in deals]
    expected = plain_statistics(own, [2, 3])
    assert found.silhouette.tolist() == pytest.approx(expected[0], abs=1e-9)
    assert found.dispersion.tolist() == pytest.approx(expected[1], abs=1e-9)
    for at, each in enumerate(drawn):
        fit, dispersion = plain_statistics(each, [2, 3])
        assert found.null_silhouette[at].tolist() == pytest.approx(fit, abs=1e-9)
        assert found.null_dispersion[at].tolist() == pytest.approx(dispersion, abs=1e-9)


def test_where_documents_are_dealt_a_pair_is_compared_with_pairs_of_the_same_two_numbers_of_documents() -> None:
    draws, seed = 17, 6
    whole = corpus_of(0.3, groups=[0, 0, 1, 1], sizes=(4, 4, 5, 6))
    documents = np.repeat(np.arange(9), [2, 2, 3, 1, 2, 2, 1, 3, 3])  # 2, 2, 3 and 2 documents
    corpus = replace(whole, regions=replace(whole.regions, documents=documents))
    found = shuffled(corpus, VIEW, [2], draws, seed, title="").pair_p
    deals = shuffled_among(corpus.regions.of, draws, np.random.default_rng([seed, evidence._SHUFFLE]), documents)
    drawn = [corpus.cosines(VIEW, regions=deal[None])[0] for deal in deals]
    own, several = corpus.cosines(VIEW)[0], (2, 2, 3, 2)
    pairs = list(combinations(range(4), 2))
    for (a, b), p in zip(pairs, found, strict=True):
        alike = [(i, j) for i, j in pairs if sorted((several[i], several[j])) == sorted((several[a], several[b]))]
        null = [each[i, j] for each in drawn for i, j in alike]
        assert p == pytest.approx((1 + sum(value >= own[a, b] - 1e-12 for value in null)) / (1 + len(null)), abs=1e-12)


def test_a_pair_is_compared_with_the_shuffled_pairs_of_the_same_two_numbers_of_measures() -> None:
    sizes, draws, seed = (1, 3, 2, 3, 1, 2), 23, 6
    corpus = corpus_of(0.3, groups=[0, 0, 0, 1, 1, 1], sizes=sizes)
    found = shuffled(corpus, VIEW, [2], draws, seed, title="").pair_p
    deals = shuffled_among(corpus.regions.of, draws, np.random.default_rng([seed, evidence._SHUFFLE]))
    drawn = [corpus.cosines(VIEW, regions=deal[None])[0] for deal in deals]
    own = corpus.cosines(VIEW)[0]
    pairs = list(combinations(range(6), 2))
    for (a, b), p in zip(pairs, found, strict=True):
        alike = [(i, j) for i, j in pairs if {sizes[i], sizes[j]} == {sizes[a], sizes[b]}]
        null = [each[i, j] for each in drawn for i, j in alike]
        assert p == pytest.approx((1 + sum(value >= own[a, b] - 1e-12 for value in null)) / (1 + len(null)), abs=1e-12)
    assert len({len(each) for each in evidence._pair_classes(np.array(sizes))}) > 1


def test_a_shuffled_pair_as_alike_as_the_pair_itself_counts() -> None:
    regions = Regions(("山东", "浙江", "上海"), ("m0", "m1", "m2", "m3"), np.array([0, 1, 1, 2]))
    same = Corpus(regions, {"dictionary": units_of((at, letter) for at in range(4) for letter in "甲乙丙")}, 1.0)
    found = shuffled(same, replace(VIEW, weight="binary"), [2], 9, 1, title="")
    assert found.pair_p.tolist() == [1, 1, 1]


def test_planted_pairs_are_closer_than_chance_has_it_and_others_are_not(planted: Corpus) -> None:
    found = shuffled(planted, VIEW, [2], 99, 1, title="").pair_p
    within = np.array([TRUTH[i] == TRUTH[j] for i, j in combinations(range(9), 2)])
    assert found[within].max() < 0.05
    assert found[~within].min() > 0.1


def test_neither_portions_nor_processes_change_what_shuffling_finds(
    unstructured: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run() -> list[bytes]:
        return values_of(shuffled(unstructured, VIEW, [2, 3], 120, 1, title=""))

    here = run()
    monkeypatch.setenv("JOBS", "2")
    assert run() == here
    monkeypatch.setenv("JOBS", "1")
    monkeypatch.setattr(evidence, "_CELLS", 1)  # every draw for itself
    assert run() == here


def values_of(found: Shuffled) -> list[bytes]:
    parts = (found.silhouette, found.null_silhouette, found.dispersion, found.null_dispersion, found.pair_p)
    return [part.tobytes() for part in parts]


def test_every_view_has_the_same_deals_and_another_seed_has_others(unstructured: Corpus) -> None:
    # the texts of this corpus say the same words
    one = values_of(shuffled(unstructured, VIEW, [2], 30, 1, title=""))
    assert values_of(shuffled(unstructured, replace(VIEW, text="no dictionary"), [2], 30, 1, title="")) == one
    assert values_of(shuffled(unstructured, VIEW, [2], 30, 2, title="")) != one


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_regions_have_no_groups_but_their_pairs_are_tested(n: int) -> None:
    found = shuffled(corpus_of(0.0, sizes=(2, 3)[:n]), VIEW, [], 60, 1, title="")
    assert found.silhouette.shape == (0,)
    assert found.null_silhouette.shape == (60, 0)
    assert found.dispersion.shape == (1,)
    assert found.null_dispersion.shape == (60, 1)
    assert found.pair_p.shape == (n - 1,)


# --- partitions --------------------------------------------------------------------------------------------------


def test_the_partitions_are_every_specification_on_every_resample_and_the_first_on_the_texts_as_they_are(
    unstructured: Corpus,
) -> None:
    ks, resamples = [2, 4], 3
    found = partition_set(unstructured, ks, resamples, 1)
    assert found.shape == (2, 48 * 5 * resamples, 9)
    by_place = found.reshape(2, 48, 5, resamples, 9)
    rng = np.random.default_rng(1)
    for at, view in enumerate(views()):
        cosines = unstructured.cosines(view)
        for which, algorithm in enumerate(("average", "complete", "ward")):  # without chance
            expected = partitions(cosines, algorithm, ks, rng)[:, 0]
            assert by_place[:, at, which, 0].tolist() == expected.tolist()
    differ = (by_place[:, :, :, 1:] != by_place[:, :, :, :1]).any(axis=-1)
    assert differ.mean() > 0.5  # without structure most resamples fall into other groups
    draws = by_place[0, :, 0, 1]
    assert len(np.unique(draws, axis=0)) > 24  # every view has resamples of its own


def test_the_partitions_are_those_of_the_views_that_the_corpus_names(unstructured: Corpus) -> None:
    named = views()[5:7]
    few = replace(unstructured, views=named)
    found = partition_set(few, [2, 4], 3, 1)
    assert found.shape == (2, 2 * 5 * 3, 9)
    by_place = found.reshape(2, 2, 5, 3, 9)
    rng = np.random.default_rng(1)
    for at, view in enumerate(named):
        for which, algorithm in enumerate(("average", "complete", "ward")):
            expected = partitions(unstructured.cosines(view), algorithm, [2, 4], rng)[:, 0]
            assert by_place[:, at, which, 0].tolist() == expected.tolist()


def test_all_resamples_of_planted_groups_fall_into_them(planted: Corpus) -> None:
    labels = partition_set(planted, [3], 2, 1)[0]
    assert adjusted_rand_score(TRUTH, consensus(co_assignment(labels), 3)) == 1
    assert np.mean([adjusted_rand_score(TRUTH, own) for own in labels]) > 0.8


def test_portions_that_fit_the_memory_leave_every_partition_in_its_place(
    unstructured: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = partition_set(unstructured, [3], 3, 1)[0].reshape(48, 5, 3, 9)
    monkeypatch.setattr(evidence, "_CELLS", 1)  # every draw for itself
    parts = partition_set(unstructured, [3], 3, 1)[0].reshape(48, 5, 3, 9)
    assert parts[:, :3].tolist() == whole[:, :3].tolist()  # k-means and spectral start anew in each portion


def test_the_groups_of_the_texts_as_they_are_come_in_the_order_of_the_specifications(unstructured: Corpus) -> None:
    cosines = {view: unstructured.cosines(view)[0] for view in views()}
    found = observed_partitions(cosines, 4, 1)
    assert found.shape == (240, 9)
    rng = np.random.default_rng(1)
    for labels, each in zip(found, specifications(), strict=True):
        if each.algorithm in ("average", "complete", "ward"):
            assert labels.tolist() == partitions(cosines[each.view][None], each.algorithm, [4], rng)[0, 0].tolist()
    assert found.tobytes() == observed_partitions(cosines, 4, 1).tobytes()
    assert len(ALGORITHMS) * len(cosines) == len(found)


# --- stability ---------------------------------------------------------------------------------------------------


def test_the_indices_of_partitions_are_worked_by_hand(settings: Settings) -> None:
    bounds = replace(settings.verdict, ambiguous_low=0.2, ambiguous_high=0.8)
    # Shares: 0-1 1, 0-2 and 1-2 1/4, 2-3 1/2, 2-4 1/4, 3-4 3/4, else 0: 5 of 10 pairs are ambiguous.
    four = np.array([[0, 0, 1, 1, 1], [0, 0, 0, 1, 1], [1, 1, 0, 0, 2], [0, 0, 1, 2, 2]])
    # k = 3: {0, 1} overlaps 1 2/3 1 1, {3, 4} 2/3 1 1/2 1, {2} has no credit: the second best is 19/24
    # k = 2: {0, 1} 11/12, {2, 3, 4} 1 2/3 2/3 2/3: 3/4. k = 1: there is no second. 0 and 1 are always together: 1.
    found = indices_of(np.stack([four, four, four]), [3, 2, 1], bounds)
    expected = [[0.5, 19 / 24, 1.0], [0.5, 3 / 4, 1.0]]
    np.testing.assert_allclose(found[:2], expected, atol=1e-12)
    assert found[2, 1] == 0


def test_the_support_among_the_indices_is_that_of_the_best_supported_region(settings: Settings) -> None:
    bounds = replace(settings.verdict, ambiguous_low=0.2, ambiguous_high=0.8)
    # {0, 1, 2} and {3, 4}: together 0-1 3/4, 0-2 1/2, 1-2 3/4 and 3-4 1/4, the others less than 1/2
    # 0: (3/4 + 1/2) / 2, 1: 3/4, 2: 5/8, 3 and 4: 1/4 or less beside others
    labels = np.array([[[0, 0, 0, 1, 1], [0, 0, 0, 1, 2], [0, 0, 1, 2, 1], [0, 1, 1, 2, 0]]])
    assert indices_of(labels, [2], bounds)[0, 2] == pytest.approx(0.75, abs=1e-12)


def test_ambiguity_is_better_the_smaller_and_the_other_indices_the_larger() -> None:
    null = np.array([[[0.2] * 4], [[0.3] * 4], [[0.4] * 4]])
    assert Stability(np.full((1, 4), 0.25), null).p().tolist() == [[2 / 4, 3 / 4, 3 / 4, 3 / 4]]
    assert Stability(np.full((1, 4), 0.1), null).p().tolist() == [[1 / 4, 1, 1, 1]]


def specification(settings: Settings, null_draws: int) -> SpecificationSettings:
    return replace(settings.specification, null_draws=null_draws)


def test_planted_groups_are_more_stable_than_those_of_shuffled_texts(planted: Corpus, settings: Settings) -> None:
    found = stability(planted, VIEW, [3, 5], specification(settings, 9), settings.verdict, 1)
    assert found.alike.shape == (2, 4)
    assert found.null.shape == (9, 2, 4)
    assert found.p()[0].tolist() == [1 / 10] * 4
    pac, jaccard, prediction, support = found.alike[0]
    assert pac < 0.2
    assert min(jaccard, prediction, support) > 0.75
    assert np.median(found.null[:, 0, 2]) < 0.4  # halves of shuffled texts do not fall into the same groups
    assert (found.p()[1, :2] > found.p()[0, :2]).any()  # five groups are not what was planted


def test_stability_is_that_of_the_views_that_the_corpus_names(planted: Corpus, settings: Settings) -> None:
    # In the views that are named nothing is alike: every text says one word of its own
    empty = units_of((at, f"词{at}") for at in range(sum(SIZES)))
    corpus = replace(planted, units={**planted.units, "single characters": empty})
    chosen = specification(settings, 9)
    named = [
        stability(
            replace(corpus, views=tuple(view for view in views() if (view.text == "single characters") == alone)),
            VIEW, [3], chosen, settings.verdict, 1,
        ).alike[0]
        for alone in (False, True)
    ]  # fmt: skip
    assert named[0][1] > 0.75 > named[1][1]  # jaccard
    assert named[0][2] == named[1][2]  # prediction strength is that of the base view


def test_groups_of_texts_without_structure_are_as_stable_as_those_of_shuffled_texts(
    unstructured: Corpus, settings: Settings
) -> None:
    found = stability(unstructured, VIEW, [3], specification(settings, 9), settings.verdict, 1)
    low, high = found.null.min(axis=0), found.null.max(axis=0)
    spread = high - low
    assert (found.alike > low - spread).all()
    assert (found.alike < high + spread).all()
    assert found.p().min() > 1 / 10


def test_shuffled_texts_are_resampled_and_halved_within_their_own_regions(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = (1, 2, 5, 4)
    corpus = corpus_of(0.0, groups=[0, 0, 1, 1], sizes=sizes)
    of = corpus.regions.of
    resampled: list[tuple[np.ndarray, np.ndarray]] = []
    halved: list[tuple[np.ndarray, np.ndarray]] = []
    original = Corpus.cosines

    def watched(self: Corpus, view: View, *, regions: np.ndarray, times: np.ndarray) -> np.ndarray:
        (resampled if regions.ndim == 2 else halved).append((regions, times))
        return original(self, view, regions=regions, times=times)

    monkeypatch.setattr(Corpus, "cosines", watched)
    stability(corpus, VIEW, [2], specification(settings, 6), settings.verdict, 1)
    assert len(resampled) == 48
    for regions, times in resampled:
        assert regions[0].tolist() == of.tolist()  # the corpus itself, then six shuffled ones
        assert (regions[1:] != of).any(axis=1).sum() == 6
        for row, often in zip(regions, times, strict=True):
            assert np.bincount(row, often).tolist() == list(sizes)
    assert [row.tolist() for row, _ in halved[::2]] == resampled[0][0].tolist()
    for (row, first), (again, second) in zip(halved[::2], halved[1::2], strict=True):
        assert row.tolist() == again.tolist()
        assert (first + second == 1).all()
        for half in first:
            assert all(abs(2 * got - size) <= 1 for got, size in zip(np.bincount(row, half), sizes, strict=True))


def test_neither_the_time_nor_the_number_of_processes_changes_partitions_and_stability(
    unstructured: Corpus, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run() -> list[bytes]:
        beside = stability(unstructured, VIEW, [2, 3], specification(settings, 2), settings.verdict, 7)
        return [part.tobytes() for part in (partition_set(unstructured, [2, 3], 2, 7), beside.alike, beside.null)]

    here = run()
    assert run() == here
    monkeypatch.setenv("JOBS", "2")
    assert run() == here


def test_no_two_uses_share_a_stream_of_random_numbers(
    unstructured: Corpus, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = 5 * len(unstructured.regions.names) * len(unstructured.terms(VIEW))
    monkeypatch.setattr(evidence, "_CELLS", cells)  # more than one portion
    streams: list[bytes] = []
    real = np.random.default_rng

    def watched(key: list[int]) -> np.random.Generator:
        streams.append(real(key).bytes(16))
        return real(key)

    monkeypatch.setattr(np.random, "default_rng", watched)
    shuffled(unstructured, VIEW, [2], 3, 7, title="")
    partition_set(unstructured, [2], 2, 7)
    stability(unstructured, VIEW, [2], specification(settings, 12), settings.verdict, 7)
    assert len(streams) > 48 * 4
    assert len(set(streams)) == len(streams)
    drawn = set(streams)
    streams.clear()
    observed_partitions({view: unstructured.cosines(view)[0] for view in views()}, 2, 7)
    assert not drawn & set(streams)
    assert len(set(streams)) == 48  # the algorithms of one view may start alike


def test_another_seed_gives_other_draws(unstructured: Corpus, settings: Settings) -> None:
    labels = [partition_set(unstructured, [3], 2, seed).tobytes() for seed in (1, 2)]
    assert labels[0] != labels[1]
    chosen = specification(settings, 1)
    null = [stability(unstructured, VIEW, [3], chosen, settings.verdict, seed).null for seed in (1, 2)]
    assert null[0].tobytes() != null[1].tobytes()


def test_prediction_strength_is_that_of_the_base_view_in_two_halves(planted: Corpus, settings: Settings) -> None:
    # Every region has at least three measures, so each half has its theme and falls into the planted groups
    base = base_views(exclude_generic=True)["words"]
    strong = corpus_of(0.95)
    found = stability(strong, base, [3], specification(settings, 1), settings.verdict, 3)
    assert found.alike[0, 2] == 1
    assert found.null[0, 0, 2] < 1


@pytest.mark.parametrize(
    ("ambiguous", "by_chance", "share"),
    [(0.0, 0.6, 1.0), (0.6, 0.6, 0.0), (0.3, 0.6, 0.5), (0.9, 0.6, -0.5), (0.0, 0.0, 0.0)],
)
def test_clarity_is_the_share_of_chance_ambiguity_that_is_gone(
    ambiguous: float, by_chance: float, share: float
) -> None:
    assert clarity(ambiguous, by_chance) == pytest.approx(share)


@pytest.mark.parametrize(
    ("cosines", "alike"),
    [
        ([], True),
        ([0.4], True),
        ([0.0, 0.0, 0.0], True),
        ([1.0, 1.0, 1.0], True),
        ([0.3, 0.3 + 1e-15, 0.3 - 1e-15], True),
        ([0.3, 0.3, 0.300001], False),
        ([0.0, 0.0, 0.2], False),
    ],
)
def test_regions_are_alike_where_all_pairs_have_the_same_cosine(cosines: list[float], alike: bool) -> None:
    assert all_alike(np.array(cosines)) is alike
