"""What many partitions say together: worked by hand, by plain sets, and as scikit-learn and SciPy have it."""

from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.cluster.hierarchy import fcluster, linkage, to_tree
from scipy.spatial.distance import pdist, squareform
from sklearn.metrics import adjusted_rand_score

from pipeline.stats.grouping import numbered
from pipeline.stats.partitions import (
    adjusted_rand,
    adjusted_rands,
    clade_support,
    co_assignment,
    consensus,
    consensus_tree,
    gap,
    gap_choice,
    jaccard_stability,
    log_dispersion,
    membership_support,
    pac,
    prediction_strength,
)

# Four partitions of five objects
#   0 and 1: together in all; 2 with them in one, with 3 in two, with 4 in two; 3 and 4 in three
FOUR = np.array([[0, 0, 1, 1, 1], [0, 0, 0, 1, 1], [1, 1, 0, 0, 2], [0, 0, 1, 2, 2]])
SHARES = np.array(
    [
        [1.0, 1.0, 0.25, 0.0, 0.0],
        [1.0, 1.0, 0.25, 0.0, 0.0],
        [0.25, 0.25, 1.0, 0.5, 0.25],
        [0.0, 0.0, 0.5, 1.0, 0.75],
        [0.0, 0.0, 0.25, 0.75, 1.0],
    ]
)
LABELS = st.integers(2, 8).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 3), min_size=n, max_size=n), min_size=1, max_size=6)
)


def members(labels: list[int]) -> list[set[int]]:
    """Groups as sets of objects."""
    return [{at for at, label in enumerate(labels) if label == group} for group in sorted(set(labels))]


# --- who stays together ------------------------------------------------------------------------------------------


def test_co_assignment_is_the_share_of_partitions_with_both_in_one_group() -> None:
    assert co_assignment(FOUR).tolist() == SHARES.tolist()


@given(LABELS)
def test_co_assignment_is_that_of_a_plain_loop(labels: list[list[int]]) -> None:
    n = len(labels[0])
    expected = [[sum(row[i] == row[j] for row in labels) / len(labels) for j in range(n)] for i in range(n)]
    np.testing.assert_allclose(co_assignment(np.array(labels)), expected, atol=1e-12)


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        # of ten pairs: 1, 0.25 twice, 0 four times, 0.5, 0.25, 0.75
        (0.2, 0.8, 5 / 10),
        (0.25, 0.75, 1 / 10),  # strictly between
        (0.1, 0.6, 4 / 10),
        (0.9, 1.0, 0.0),
    ],
)
def test_ambiguous_are_the_pairs_strictly_between_the_bounds(low: float, high: float, expected: float) -> None:
    assert pac(SHARES, low, high) == pytest.approx(expected, abs=1e-12)


def test_one_region_has_no_ambiguous_pair() -> None:
    assert pac(np.ones((1, 1)), 0.1, 0.9) == 0


# --- consensus ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("k", "expected"),
    [
        (1, [0, 0, 0, 0, 0]),
        # 0-1 join at 0, 3-4 at 0.25, 2 with these at (0.5 + 0.75) / 2, and with 0-1 it would be at 0.75
        (2, [0, 0, 1, 1, 1]),
        (3, [0, 0, 1, 2, 2]),
        (4, [0, 0, 1, 2, 3]),
        (5, [0, 1, 2, 3, 4]),
    ],
)
def test_consensus_groups_are_those_of_average_linkage_worked_by_hand(k: int, expected: list[int]) -> None:
    assert numbered(consensus(SHARES, k)[None])[0].tolist() == expected


def test_the_consensus_tree_has_the_heights_worked_by_hand() -> None:
    tree, order = consensus_tree(SHARES)
    # the last: mean of 0.75, 0.75 and four times 1
    assert tree[:, 2].tolist() == pytest.approx([0, 0.25, 0.625, 5.5 / 6], abs=1e-12)
    assert tree[:, 3].tolist() == [2, 2, 3, 5]
    assert sorted(order.tolist()) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("moved", list(permutations(range(5)))[::17])
def test_the_leaves_stand_in_the_order_in_which_neighbours_are_most_often_together(moved: tuple[int, ...]) -> None:
    # Within the tree ((0 1) (2 (3 4))) 2 stands beside 3 (1/2) rather than 4 (1/4) and beside 0 or 1 (1/4), so 4 ends
    place = list(moved)
    _, order = consensus_tree(SHARES[np.ix_(place, place)])
    leaves = [place[at] for at in order]
    assert leaves in ([4, 3, 2, 0, 1], [4, 3, 2, 1, 0], [0, 1, 2, 3, 4], [1, 0, 2, 3, 4])


@given(LABELS)
def test_the_consensus_groups_are_cut_from_the_consensus_tree(labels: list[list[int]]) -> None:
    shares = co_assignment(np.array(labels)) - 1e-4 * squareform(np.arange(len(labels[0]) * (len(labels[0]) - 1) // 2))
    tree, _ = consensus_tree(shares)  # made different from each other, for ties may be broken either way
    for k in range(1, len(shares) + 1):
        groups = fcluster(tree, k, "maxclust").tolist()
        assert members(consensus(shares, k).tolist()) == sorted(members(groups), key=min)


@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_regions_have_a_consensus_tree_without_merges(n: int) -> None:
    tree, order = consensus_tree(np.ones((n, n)))
    assert tree.shape == (0, 4)
    assert order.tolist() == list(range(n))


# --- stability of groups -----------------------------------------------------------------------------------------


def test_jaccard_stability_is_the_mean_best_overlap_and_a_group_of_one_has_no_credit() -> None:
    # Groups {0, 1}, {2}, {3, 4} in the four partitions
    #   {0, 1}: 1, 2/3 (in {0, 1, 2}), 1, 1: mean 11/12
    #   {2}: alone in the last one and so found again, but 0
    #   {3, 4}: 2/3 (in {2, 3, 4}), 1, 1/2 ({4}; {2, 3} has 1/3), 1: mean 19/24
    found = jaccard_stability(np.array([0, 0, 1, 2, 2]), FOUR)
    assert found.tolist() == pytest.approx([11 / 12, 0, 19 / 24], abs=1e-12)


@given(LABELS)
def test_jaccard_stability_is_that_of_plain_sets(labels: list[list[int]]) -> None:
    groups = numbered(np.array(labels[:1]))[0]
    expected = []
    for own in members(groups.tolist()):
        best = [max(len(own & other) / len(own | other) for other in members(row)) for row in labels]
        expected.append(float(np.mean(best)) if len(own) > 1 else 0.0)
    # numbers may be missing among the labels: a group without members is no group
    assert jaccard_stability(groups, np.array(labels)).tolist() == pytest.approx(expected, abs=1e-12)


def test_support_is_the_mean_co_assignment_with_the_other_members_of_each_group() -> None:
    found = membership_support(SHARES, np.array([0, 0, 1, 2, 2]))
    expected = [
        [1.0, 0.25, 0.0],  # 0: with 1; with 2; with 3 and 4
        [1.0, 0.25, 0.0],
        [0.25, 0.0, 0.375],  # 2: with 0 and 1; alone in its own; (0.5 + 0.25) / 2
        [0.0, 0.5, 0.75],
        [0.0, 0.25, 0.75],
    ]
    np.testing.assert_allclose(found, expected, atol=1e-12)


def test_prediction_strength_is_the_worst_group_and_groups_of_one_say_nothing() -> None:
    # {0, 1}: together in the second: 1; {2, 3, 4}: of 3-4, 2-3, 2-4 one pair of three stays: 1/3; the worst is 1/3
    first, second = np.array([[0, 0, 1, 1, 1]]), np.array([[0, 0, 0, 1, 1]])
    assert prediction_strength(first, second) == pytest.approx(1 / 3, abs=1e-12)
    # the other way: {0, 1, 2} keeps 0-1 of three pairs, {3, 4} stays: again 1/3
    assert prediction_strength(second, first) == pytest.approx(1 / 3, abs=1e-12)
    # {0, 1} and {3, 4} stay, {2} has no pairs
    assert prediction_strength(np.array([[0, 0, 1, 2, 2]]), second) == 1


def test_prediction_strength_is_the_mean_over_the_cases_and_0_where_all_stand_alone() -> None:
    first = np.array([[0, 0, 1, 1], [0, 1, 2, 3], [0, 0, 0, 1]])
    second = np.array([[1, 1, 0, 0], [0, 0, 0, 0], [0, 0, 1, 1]])
    # 1; 0; of 0-1, 0-2, 1-2 the first stays: 1/3
    assert prediction_strength(first, second) == pytest.approx((1 + 0 + 1 / 3) / 3, abs=1e-12)


def test_prediction_strength_does_not_go_by_the_numbers_of_the_groups() -> None:
    assert prediction_strength(np.array([[2, 2, 0, 0]]), np.array([[0, 0, 1, 1]])) == 1


# --- gap ---------------------------------------------------------------------------------------------------------


def test_dispersion_is_worked_by_hand_on_a_line() -> None:
    # 0, 1, 3 and 7, 8: ordered pairs twice 1 + 4 + 9 = 28 over 2 x 3, twice 1 = 2 over 2 x 2: 14/3 + 1/2 = 31/6
    # all together: squares 1 9 49 64, 4 36 49, 16 25, 1 = 254, twice that over 2 x 5 = 50.8
    places = np.array([0.0, 1.0, 3.0, 7.0, 8.0])
    distances = np.tile(np.abs(places[:, None] - places), (2, 1, 1))
    found = log_dispersion(distances, np.array([[0, 0, 0, 1, 1], [0, 0, 0, 0, 0]]))
    assert found.tolist() == pytest.approx([np.log(31 / 6), np.log(50.8)], abs=1e-12)


def test_groups_in_one_place_have_the_least_dispersion_there_is() -> None:
    found = log_dispersion(np.zeros((1, 3, 3)), np.array([[0, 1, 1]]))
    assert found.tolist() == pytest.approx([np.log(1e-12)], abs=1e-9)


def test_the_gap_is_the_mean_null_less_the_observed_and_its_error_grows_with_few_draws() -> None:
    # means 4 and 2; standard deviations (over the number of draws) 1 and 0.5, times root(1 + 1/2)
    gaps, errors = gap(np.array([2.5, 2.0]), np.array([[3.0, 1.5], [5.0, 2.5]]))
    assert gaps.tolist() == pytest.approx([1.5, 0.0], abs=1e-12)
    assert errors.tolist() == pytest.approx([1.5**0.5, 0.5 * 1.5**0.5], abs=1e-12)


@pytest.mark.parametrize(
    ("gaps", "errors", "place"),
    [
        ([0.1, 0.5, 0.4], [0.0, 0.0, 0.0], 1),  # 0.1 < 0.5, 0.5 >= 0.4
        ([0.1, 0.5, 0.6], [0.0, 0.0, 0.2], 1),  # 0.5 >= 0.6 - 0.2
        ([0.1, 0.5, 0.6], [0.0, 0.45, 0.0], 0),  # 0.1 >= 0.5 - 0.45
        ([0.1, 0.5, 0.6], [0.45, 0.0, 0.0], 2),  # the error is the next one's; none holds: the last
        ([0.5, 0.5], [0.0, 0.0], 0),  # at least
        ([0.3], [0.1], 0),
    ],
)
def test_the_smallest_k_whose_gap_reaches_the_next_less_its_error_is_chosen(
    gaps: list[float], errors: list[float], place: int
) -> None:
    assert gap_choice(np.array(gaps), np.array(errors)) == place


# --- adjusted Rand -----------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=12))
def test_the_adjusted_rand_index_is_scikit_learns(pairs: list[tuple[int, int]]) -> None:
    a, b = np.array(pairs).T
    assert adjusted_rand(a, b) == pytest.approx(adjusted_rand_score(a, b), abs=1e-9)


@given(st.lists(st.lists(st.integers(0, 4), min_size=6, max_size=6), min_size=1, max_size=5))
def test_the_adjusted_rand_indices_of_many_partitions_are_those_of_each(labels: list[list[int]]) -> None:
    a, others = np.array(labels[0]), np.array(labels)
    expected = [adjusted_rand_score(a, other) for other in others]
    assert adjusted_rands(a, others).tolist() == pytest.approx(expected, abs=1e-9)


def test_the_adjusted_rand_index_worked_by_hand_falls_below_0() -> None:
    # no pair together in both; 2 in each, 6 in all: (0 - 4/6) / (2 - 4/6) = -1/2
    assert adjusted_rand(np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])) == pytest.approx(-0.5, abs=1e-12)


@pytest.mark.parametrize("labels", [[0, 0, 0], [0, 1, 2], [0]])
def test_two_partitions_without_any_choice_agree(labels: list[int]) -> None:
    assert adjusted_rand(np.array(labels), np.array(labels)) == 1


# --- branches ----------------------------------------------------------------------------------------------------


def branches(tree: np.ndarray) -> list[frozenset[int]]:
    """Members of every merge, from SciPy's tree of nodes."""
    _, nodes = to_tree(tree, rd=True)
    return [frozenset(node.pre_order()) for node in nodes[len(tree) + 1 :]]


def test_support_of_branches_is_that_of_plain_sets() -> None:
    points = np.random.default_rng(1).normal(size=(8, 2))
    tree = linkage(pdist(points), "average")
    moved = [points + np.random.default_rng(seed).normal(scale=0.4, size=points.shape) for seed in range(25)]
    trees = np.stack([linkage(pdist(each), "average") for each in moved])
    support, overlap = clade_support(tree, trees)
    others = [branches(each) for each in trees]
    for at, own in enumerate(branches(tree)):
        assert support[at] == pytest.approx(np.mean([own in each for each in others]), abs=1e-12)
        best = [max(len(own & other) / len(own | other) for other in each) for each in others]
        assert overlap[at] == pytest.approx(np.mean(best), abs=1e-12)
    assert 0 < support[:-1].min() < support[:-1].max()


def test_branches_worked_by_hand() -> None:
    # ((0 1) 2) 3 beside itself and beside ((2 3) 0) 1: {0, 1} comes back as {0, 2, 3} 1/4 or {0, 1, 2, 3} 2/4;
    # {0, 1, 2} as {0, 2, 3} 2/4 or {0, 1, 2, 3} 3/4
    tree = np.array([[0, 1, 1, 2], [2, 4, 2, 3], [3, 5, 3, 4]], dtype=float)
    other = np.array([[2, 3, 1, 2], [0, 4, 2, 3], [1, 5, 3, 4]], dtype=float)
    support, overlap = clade_support(tree, np.stack([tree, other]))
    assert support.tolist() == [0.5, 0.5, 1.0]
    assert overlap.tolist() == pytest.approx([0.75, 0.875, 1.0], abs=1e-12)


@given(st.integers(2, 8), st.integers(0, 500))
def test_a_tree_bears_out_its_own_branches_and_all_objects_are_always_one(n: int, seed: int) -> None:
    pairs = len(list(combinations(range(n), 2)))
    first, second = (linkage(row, "average") for row in np.random.default_rng(seed).random((2, pairs)))
    assert clade_support(first, first[None])[0].tolist() == [1.0] * (n - 1)
    assert clade_support(first, second[None])[0][-1] == 1
