"""Tables about groups: structure, consensus, stability, the number of groups, the verdict and its members, worked by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from pipeline import tables
from pipeline.evidence import INDICES, Shuffled
from pipeline.groups import (
    choice_of,
    consensus_of,
    distances_of,
    grouping_of,
    members_of,
    stability_of,
    structure_of,
    verdict_of,
)
from pipeline.method import Settings
from pipeline.representations import Corpus, View, regions_of, theme_views, units_of
from tests import conftest
from tests.conftest import said_frames
from tests.group_tables import (
    CLEAR,
    GROUPS,
    NAMES,
    SIMILAR,
    TWO,
    consensus_frame,
    described,
    pairs_of,
    rows_of,
    stability_frame,
    structure_frame,
)

pytestmark = pytest.mark.usefixtures("in_this_process")

# --- distances -------------------------------------------------------------------------------------------------------

# The corpus of the fixture `three`: distances 1 - cosine
#   山东-浙江 1 - 0.667710646695 = 0.332289353305
#   山东-上海 1
#   浙江-上海 1 - 0.482429001674 = 0.517570998326
NEAR, FAR, MIDDLE = 0.3322893533050636, 1.0, 0.5175709983255273


def test_distances_are_symmetric_with_zeros_on_the_diagonal(three: conftest.Corpus) -> None:
    distances = distances_of(three.similarity, ["山东", "浙江", "上海"])
    expected = [[0, NEAR, FAR], [NEAR, 0, MIDDLE], [FAR, MIDDLE, 0]]
    np.testing.assert_allclose(distances, expected, atol=1e-9)


def test_equal_texts_are_at_no_distance_even_where_rounding_makes_their_cosine_exceed_one() -> None:
    similarity = pairs_of({("A", "B"): 1.0000000000000002})
    assert distances_of(similarity, ["A", "B"]).tolist() == [[0.0, 0.0], [0.0, 0.0]]


# --- structure -------------------------------------------------------------------------------------------------------


def test_the_rows_of_a_view_are_the_statistic_one_group_and_every_number_of_groups() -> None:
    null = [[0.1, 0.3], [0.4, 0.2], [0.2, 0.25], [0.05, 0.0]]
    found = Shuffled(
        np.array([0.2, 0.35]),
        np.array(null),
        np.array([1.0, 0.5, 0.2]),
        np.array([[1.5, 0.5, 0.4], [0.5, 0.7, 0.2], [1.0, 0.6, 0.3], [1.0, 0.6, 0.3]]),
        np.zeros(0),
    )
    rows = tables.from_rows(structure_of("words", found, [2, 3]), tables.STRUCTURE)
    tables.check(rows, tables.STRUCTURE)
    assert rows["k"].tolist() == [0, 1, 2, 3]
    by_k = rows.set_index("k")
    # k = 0: the larger of each draw, 0.3 0.4 0.25 0.05; one of four is at least 0.35
    assert by_k.loc[0, ["silhouette", "null_median", "p"]].tolist() == pytest.approx([0.35, 0.275, 2 / 5])
    assert by_k.loc[0, "null_high"] == pytest.approx(0.3 + 0.85 * 0.1)  # place 0.95 x 3 of 0.05 0.25 0.3 0.4
    assert by_k.loc[1, ["silhouette", "null_median", "null_high"]].tolist() == [0, 0, 0]
    # k = 2: 0.4 and 0.2 of 0.1 0.4 0.2 0.05; k = 3: none of 0.3 0.2 0.25 0
    assert by_k.loc[[2, 3], "p"].tolist() == pytest.approx([3 / 5, 1 / 5])
    assert by_k.loc[2, "null_median"] == pytest.approx(0.15)
    # expected less observed, and the deviation of the draws times root(1 + 1/4)
    assert by_k.loc[[1, 2, 3], "gap"].tolist() == pytest.approx([0.0, 0.1, 0.1], abs=1e-12)
    deviations = [math.sqrt(0.125), math.sqrt(0.005), math.sqrt(0.005)]
    assert by_k.loc[[1, 2, 3], "gap_error"].tolist() == pytest.approx([d * math.sqrt(1.25) for d in deviations])
    assert by_k.loc[0, ["gap", "gap_error"]].isna().all()
    assert math.isnan(by_k.loc[1, "p"])


def test_without_numbers_of_groups_there_is_no_statistic_but_one_group() -> None:
    rows = tables.from_rows(
        structure_of("words", Shuffled(np.zeros(0), np.zeros((2, 0)), np.zeros(1), np.zeros((2, 1)), np.zeros(0)), []),
        tables.STRUCTURE,
    )
    assert rows["k"].tolist() == [1]
    assert rows["silhouette"].tolist() == [0.0]


# Five regions in four partitions. Together: 甲乙 4, 甲丙 1, 乙丙 1, 丙丁 2, 丙戊 1, 丁戊 3 times of 4, the others never.
FIVE = ("甲", "乙", "丙", "丁", "戊")
FOUR = np.array([[0, 0, 1, 1, 1], [0, 0, 0, 1, 1], [1, 1, 0, 0, 2], [0, 0, 1, 2, 2]])
SHARES = {
    ("甲", "乙"): 1,
    ("甲", "丙"): 1 / 4,
    ("乙", "丙"): 1 / 4,
    ("丙", "丁"): 1 / 2,
    ("丙", "戊"): 1 / 4,
    ("丁", "戊"): 3 / 4,
}


def grouped(k: int, labels: np.ndarray = FOUR) -> tuple[pd.DataFrame, pd.DataFrame]:
    pairs, rows = grouping_of(FIVE, k, labels)
    return tables.from_rows(pairs, tables.COASSIGNMENT), tables.from_rows(rows, tables.CONSENSUS)


# --- one number of groups ----------------------------------------------------------------------------------------


def test_the_share_of_a_pair_is_that_of_the_partitions_that_keep_it_together() -> None:
    pairs, _ = grouped(2)
    tables.check(pairs, tables.COASSIGNMENT)
    assert pairs[["region_a", "region_b"]].values.tolist() == [list(pair) for pair in combinations(FIVE, 2)]
    assert (pairs["k"] == 2).all()
    found = {(row.region_a, row.region_b): row.share for row in pairs.itertuples()}
    assert {pair: share for pair, share in found.items() if share} == SHARES


def test_groups_have_the_support_runner_up_and_overlap_worked_by_hand() -> None:
    _, rows = grouped(2)
    tables.check(rows, tables.CONSENSUS)
    by_region = rows.set_index("region")
    # 甲乙 at 0, 丁戊 at 1/4; 丙 is at (1/2 + 3/4) / 2 from 丁戊 and at 3/4 from 甲乙: {甲, 乙} and {丙, 丁, 戊}
    pair, three = by_region.loc["甲", "cluster"], by_region.loc["丙", "cluster"]
    assert {pair, three} == {1, 2}
    assert by_region["cluster"].tolist() == [pair, pair, three, three, three]
    assert by_region["runner_up"].tolist() == [three, three, pair, pair, pair]
    # 甲: with 乙 1, with the others (1/4 + 0 + 0) / 3. 丙: (1/2 + 1/4) / 2, with 甲 and 乙 1/4. 丁: (1/2 + 3/4) / 2.
    assert by_region["support"].tolist() == pytest.approx([1, 1, 3 / 8, 5 / 8, 1 / 2], abs=1e-12)
    assert by_region["runner_up_support"].tolist() == pytest.approx([1 / 12, 1 / 12, 1 / 4, 0, 0], abs=1e-12)
    # {甲, 乙}: 1, 2/3 of {甲, 乙, 丙}, 1, 1; {丙, 丁, 戊}: 1, then 2/3 of {丁, 戊}, {丙, 丁} and {丁, 戊}
    assert by_region["jaccard"].tolist() == pytest.approx([11 / 12] * 2 + [3 / 4] * 3, abs=1e-12)


def test_a_region_alone_has_neither_support_nor_stability() -> None:
    by_region = grouped(3)[1].set_index("region")
    assert by_region["cluster"].nunique() == 3
    assert by_region.loc["丙", ["support", "jaccard"]].tolist() == [0, 0]
    assert by_region.loc["丙", "runner_up"] == by_region.loc["丁", "cluster"]
    assert by_region.loc["丙", "runner_up_support"] == pytest.approx(3 / 8, abs=1e-12)
    # {丁, 戊}: 2/3 of {丙, 丁, 戊}, 1, 1/2 of {戊} (or 1/3 of {丙, 丁}), 1
    assert by_region.loc["丁", "jaccard"] == pytest.approx((2 / 3 + 1 + 1 / 2 + 1) / 4, abs=1e-12)


def test_one_group_of_all_has_no_runner_up() -> None:
    _, rows = grouped(1)
    assert rows["cluster"].tolist() == [1] * 5
    assert rows["runner_up"].isna().all()
    assert (rows["runner_up_support"] == 0).all()
    assert rows.set_index("region")["support"].to_dict() == pytest.approx(
        {"甲": 5 / 16, "乙": 5 / 16, "丙": 5 / 16, "丁": 5 / 16, "戊": 4 / 16}, abs=1e-12
    )
    tables.check(rows, tables.CONSENSUS)


PARTITIONS = st.integers(1, 6).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 3), min_size=n, max_size=n), min_size=1, max_size=6)
)


@given(PARTITIONS, st.integers(1, 6))
def test_groups_are_numbered_along_the_leaves_and_their_supports_are_recounted(
    partitions: list[list[int]], k: int
) -> None:
    labels = np.array(partitions)
    n = labels.shape[1]
    k = min(k, n)
    names = tuple(f"地区{at}" for at in range(n))
    pairs, rows = grouping_of(names, k, labels)
    assert len(pairs) == n * (n - 1) // 2
    assert sorted(row["leaf"] for row in rows) == list(range(1, n + 1))
    along = [row["cluster"] for row in sorted(rows, key=lambda row: row["leaf"])]
    assert along == sorted(along)  # no group is cut in two by another
    assert set(along) == set(range(1, k + 1))
    group = {row["region"]: row["cluster"] for row in rows}
    together = {frozenset((pair["region_a"], pair["region_b"])): pair["share"] for pair in pairs}
    for row in rows:
        means = {}
        for each in range(1, k + 1):
            others = [
                together[frozenset((row["region"], name))]
                for name in names
                if group[name] == each and name != row["region"]
            ]
            means[each] = float(np.mean(others)) if others else 0.0
        assert row["support"] == pytest.approx(means.pop(row["cluster"]), abs=1e-12)
        if means:
            assert row["runner_up_support"] == pytest.approx(max(means.values()), abs=1e-12)
            assert means[row["runner_up"]] == pytest.approx(max(means.values()), abs=1e-12)


# --- stability ---------------------------------------------------------------------------------------------------


def test_stability_stands_beside_the_middle_and_the_ends_of_the_shuffled_corpora() -> None:
    values = np.arange(8.0).reshape(2, 4) / 10
    alike, p = values + 0.05, values + 0.01
    null = np.linspace(0, 1, 21)[:, None, None] * (values + 1)
    found = stability_of(values, alike, null, p, [2, 5])
    tables.check(found, tables.STABILITY)
    assert found[["k", "index"]].values.tolist() == [[k, index] for k in (2, 5) for index in INDICES]
    assert found["value"].tolist() == values.ravel().tolist()
    assert found["value_alike"].tolist() == alike.ravel().tolist()
    assert found["p"].tolist() == p.ravel().tolist()
    for column, place in (("null_low", 0.05), ("null_median", 0.5), ("null_high", 0.95)):
        assert found[column].tolist() == pytest.approx((place * (values + 1)).ravel().tolist(), abs=1e-12)


def test_groups_are_those_of_the_views_of_the_corpus(settings: Settings) -> None:
    # 甲乙 and 丙丁 share a theme, 甲丙 and 乙丁 a word; in each view the pairs are told apart beyond doubt
    _, measures = said_frames([(name, "词") for name in "甲乙丙丁" for _ in range(2)])
    regions = regions_of(measures)
    units = {
        "themes": units_of((at, "训" if at < 4 else "评") for at in range(8)),
        "dictionary": units_of((at, "基" if at % 4 < 2 else "企") for at in range(8)),
    }
    chosen = replace(settings, specification=replace(settings.specification, resamples=2, null_draws=3))
    found = {}
    for text, views in (("themes", theme_views()), ("dictionary", (View("dictionary", "in", "tf-idf", 1),))):
        pairs, groups, stability = consensus_of(Corpus(regions, units, 1.0, views), views[0], chosen)
        for frame, table in (
            (pairs, tables.COASSIGNMENT), (groups, tables.CONSENSUS), (stability, tables.STABILITY)
        ):  # fmt: skip
            tables.check(frame, table)
        two = groups[groups["k"] == 2].set_index("region")
        assert (two["support"] == 1).all()
        found[text] = {frozenset(own.index) for _, own in two.groupby("cluster")}
        assert set(stability["index"]) == set(INDICES)
    assert found["themes"] == {frozenset("甲乙"), frozenset("丙丁")}
    assert found["dictionary"] == {frozenset("甲丙"), frozenset("乙丁")}


# --- the number of groups that is described ----------------------------------------------------------------------

# a sixth of the chance ambiguity is gone for 2 groups, a quarter for 3, though within what chance spreads
LESS_AMBIGUOUS_3 = {2: (0.50, 0.60, 0.58, 0.62), 3: (0.30, 0.40, 0.20, 0.60)}
# a sixth for both
EQUALLY_AMBIGUOUS = {2: (0.50, 0.60, 0.50, 0.70), 3: (0.35, 0.42, 0.35, 0.45)}


def test_the_number_of_groups_that_lacks_the_largest_share_of_chance_ambiguity_is_described(
    settings: Settings,
) -> None:
    choice = choice_of(
        consensus_frame(), stability_frame(LESS_AMBIGUOUS_3), structure_frame([2, 3]), settings, alike=False
    )
    assert described(choice) == [3]


def test_of_equally_clear_numbers_of_groups_the_smallest_is_described(settings: Settings) -> None:
    choice = choice_of(
        consensus_frame(), stability_frame(EQUALLY_AMBIGUOUS), structure_frame([2, 3]), settings, alike=False
    )
    assert described(choice) == [2]


@pytest.mark.parametrize(("allowed", "k"), [(2, 3), (1, 2), (0, 2)])
def test_groups_of_one_region_are_limited_by_the_setting(settings: Settings, allowed: int, k: int) -> None:
    # 3 groups are clearer, but two of them have one region; where no number qualifies the clearest of all is taken
    chosen = replace(settings, cluster=replace(settings.cluster, max_singletons=allowed))
    found = choice_of(
        consensus_frame(), stability_frame(LESS_AMBIGUOUS_3), structure_frame([2, 3]), chosen, alike=False
    )
    assert found["singletons"].tolist() == [0, 0, 2]
    assert described(found) == [k]
    none = choice_of(
        consensus_frame({**GROUPS, 2: [1, 1, 1, 2]}),
        stability_frame(LESS_AMBIGUOUS_3),
        structure_frame([2, 3]),
        replace(settings, cluster=replace(settings.cluster, max_singletons=0)),
        alike=False,
    )
    assert described(none) == [3]


@pytest.mark.parametrize(("asked", "k"), [(0, 3), (2, 2), (3, 3), (4, 3), (9, 3)])
def test_a_number_of_groups_that_the_setting_names_is_described_where_it_can_be_had(
    settings: Settings, asked: int, k: int
) -> None:
    # of 4 regions 2 and 3 groups were looked at; 4 and 9 cannot be had and are left to limits.csv
    chosen = replace(settings, cluster=replace(settings.cluster, k=asked))
    choice = choice_of(
        consensus_frame(), stability_frame(LESS_AMBIGUOUS_3), structure_frame([2, 3]), chosen, alike=False
    )
    assert described(choice) == [k]


@pytest.mark.parametrize("asked", [0, 3])
def test_where_nothing_tells_the_regions_apart_one_group_is_described_whatever_the_setting(
    settings: Settings, asked: int
) -> None:
    chosen = replace(settings, cluster=replace(settings.cluster, k=asked))
    choice = choice_of(
        consensus_frame(), stability_frame(LESS_AMBIGUOUS_3), structure_frame([2, 3]), chosen, alike=True
    )
    assert described(choice) == [1]


def test_shuffled_texts_that_are_all_equally_ambiguous_are_no_division_by_zero(settings: Settings) -> None:
    # for 2 groups no spread and no lead; for 3 no spread and a lead
    flat = {2: (0.6, 0.6, 0.6, 0.6), 3: (0.5, 0.6, 0.6, 0.6)}
    choice = choice_of(consensus_frame(), stability_frame(flat), structure_frame([2, 3]), settings, alike=False)
    assert described(choice) == [3]


def test_the_look_at_every_number_of_groups_gathers_what_the_tests_of_each_found(settings: Settings) -> None:
    choice = choice_of(
        consensus_frame(), stability_frame(LESS_AMBIGUOUS_3), structure_frame([2, 3]), settings, alike=False
    )
    tables.check(choice, tables.CLUSTER_CHOICE)
    rows = choice.set_index("k")
    assert rows["sizes"].to_dict() == {1: "4", 2: "2+2", 3: "2+1+1"}
    assert rows["singletons"].to_dict() == {1: 0, 2: 0, 3: 2}
    # the structure of the words, not of the characters
    assert rows.loc[3, ["silhouette", "silhouette_p", "gap", "gap_error"]].tolist() == [0.3, 0.03, 3, 0.003]
    assert rows.loc[1, ["silhouette", "gap", "gap_error"]].tolist() == [0.0, 0.01, 0.001]
    assert rows.loc[3, ["pac", "pac_p", "jaccard", "jaccard_p"]].tolist() == [0.03, 0.003, 0.3, 0.06]
    assert rows.loc[3, ["prediction_strength", "prediction_strength_p"]].tolist() == [0.15, 0.6]
    assert rows.loc[1, ["silhouette_p", "pac", "pac_p", "jaccard", "prediction_strength"]].isna().all()


def test_too_few_regions_to_look_at_any_number_of_groups_are_one_group(settings: Settings) -> None:
    chosen = replace(settings, cluster=replace(settings.cluster, k=2))
    choice = choice_of(consensus_frame({1: [1, 1]}), stability_frame({}), structure_frame([]), chosen, alike=False)
    tables.check(choice, tables.CLUSTER_CHOICE)
    assert choice[["k", "sizes", "singletons", "chosen"]].values.tolist() == [[1, "2", 0, True]]


# --- the verdict -------------------------------------------------------------------------------------------------


def choice_frame(k: int = 2, **other: float) -> pd.DataFrame:
    """One number of groups that meets every criterion unless ``other`` says so, and one that meets none."""
    met = {"k": k, "pac": 0.1, "pac_p": 0.01, "jaccard": 0.9, "jaccard_p": 0.01, "chosen": True, **other}
    missed = {"k": 7, "pac": 0.9, "pac_p": 0.99, "jaccard": 0.1, "jaccard_p": 0.99, "chosen": False}
    return pd.DataFrame([missed, met])


@pytest.mark.parametrize(
    ("p", "other", "missed", "outcome"),
    [
        ((0.001, 0.001), {}, [], "supported"),
        ((0.05, 0.05), {"pac_p": 0.05, "jaccard_p": 0.05, "jaccard": 0.75}, [], "supported"),  # at the thresholds
        ((0.051, 0.001), {}, ["structure_words"], "not shown"),
        ((0.001, 0.051), {}, ["structure_characters"], "not shown"),
        ((0.051, 0.051), {}, ["structure_words", "structure_characters"], "not shown"),
        ((0.001, 0.001), {"pac_p": 0.051}, ["pac"], "weak"),
        ((0.001, 0.001), {"jaccard": 0.749}, ["jaccard"], "weak"),
        ((0.001, 0.001), {"jaccard_p": 0.051}, ["jaccard"], "weak"),  # as large in shuffled texts
        ((0.001, 0.001), {"pac_p": 0.9, "jaccard": 0.1}, ["pac", "jaccard"], "weak"),
        ((0.051, 0.001), {"pac_p": 0.9}, ["structure_words", "pac"], "not shown"),
    ],
)
def test_groups_are_supported_where_all_criteria_are_met_and_weak_where_only_structure_is(
    settings: Settings, p: tuple[float, float], other: dict[str, float], missed: list[str], outcome: str
) -> None:
    assert (settings.permutation.alpha, settings.verdict.jaccard) == (0.05, 0.75)
    verdict = verdict_of(choice_frame(**other), structure_frame([2], words=p[0], characters=p[1]), settings)
    found = rows_of(verdict)
    assert list(found) == ["structure_words", "structure_characters", "pac", "jaccard", "verdict"]
    assert [name for name, (met, _) in found.items() if not met and name != "verdict"] == missed
    assert found["verdict"] == (outcome == "supported", outcome)
    # it stands for the number of groups described, or for one group
    value = verdict.set_index("criterion")["value"]["verdict"]
    assert value == (2.0 if outcome == "supported" else 1.0)


def test_a_criterion_states_what_was_measured_and_what_it_is_held_against(settings: Settings) -> None:
    asked = replace(
        settings,
        permutation=replace(settings.permutation, alpha=0.2),
        verdict=replace(settings.verdict, jaccard=0.95),
    )
    verdict = verdict_of(choice_frame(3, pac_p=0.11), structure_frame([3], words=0.12, characters=0.13), asked)
    stated = [(row.criterion, row.value, row.threshold, row.met) for row in verdict.itertuples()][:4]
    assert stated == [
        ("structure_words", 0.12, 0.2, True),
        ("structure_characters", 0.13, 0.2, True),
        ("pac", 0.11, 0.2, True),
        ("jaccard", 0.9, 0.95, False),
    ]
    assert rows_of(verdict)["verdict"] == (False, "weak")


def test_regions_that_nothing_tells_apart_have_no_groups_and_the_table_says_why(settings: Settings) -> None:
    empty = dict.fromkeys(("pac", "pac_p", "jaccard", "jaccard_p"), np.nan)
    verdict = verdict_of(choice_frame(1, **empty), structure_frame([2]), settings)
    found = rows_of(verdict)
    assert found["pac"] == found["jaccard"] == (False, "texts are alike")
    assert found["structure_words"] == (True, "")  # measured all the same
    assert found["verdict"] == (False, "not shown")
    assert verdict.set_index("criterion")["value"][["pac", "jaccard"]].isna().all()


def test_fewer_than_three_regions_have_no_groups_and_the_table_says_why(settings: Settings) -> None:
    empty = dict.fromkeys(("pac", "pac_p", "jaccard", "jaccard_p"), np.nan)
    found = rows_of(verdict_of(choice_frame(1, **empty), structure_frame([]), settings))
    assert found.pop("verdict") == (False, "not shown")
    assert set(found.values()) == {(False, "fewer than 3 regions")}


def theme_structure(p: float) -> pd.DataFrame:
    """The structure of a view of another name beside both usual ones."""
    own = structure_frame([2, 3], words=p)
    own = own[own["view"] == "words"].assign(view="themes", silhouette=own["silhouette"] / 2)
    return pd.concat([structure_frame([2, 3], words=0.9, characters=0.02), own])


def test_the_number_of_groups_and_the_verdict_read_the_views_that_are_named(settings: Settings) -> None:
    structure = theme_structure(0.03)
    choice = choice_of(
        consensus_frame(), stability_frame(LESS_AMBIGUOUS_3), structure, settings, alike=False, view="themes"
    )
    assert choice.set_index("k")["silhouette"].to_dict() == {1: 0.0, 2: 0.1, 3: 0.15}
    verdict = verdict_of(choice_frame(), structure, settings, ("themes", "characters"))
    found = rows_of(verdict)
    assert list(found) == ["structure_themes", "structure_characters", "pac", "jaccard", "verdict"]
    assert verdict["value"].tolist()[:2] == [0.03, 0.02]
    assert found["verdict"] == (True, "supported")  # though the words show no structure
    missed = rows_of(verdict_of(choice_frame(), theme_structure(0.051), settings, ("themes", "characters")))
    assert missed["verdict"] == (False, "not shown")


# --- who belongs to a group with confidence ----------------------------------------------------------------------


def members(
    consensus: pd.DataFrame, stability: pd.DataFrame, structure: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The members of the two groups that are alike, and the verdict."""
    choice = choice_of(consensus, stability, structure, settings, alike=False)
    assert described(choice) == [2]
    verdict = verdict_of(choice, structure, settings)
    groups = consensus[consensus["k"] == 2].reset_index(drop=True)
    found = members_of(groups, {1: "培训"}, stability, verdict, SIMILAR, settings)[tables.CLUSTERS.names]
    tables.check(found, tables.CLUSTERS)
    return found, verdict


def confident(settings: Settings, support: list[float], runner_up: list[float], by_chance: float = 0.5) -> list[bool]:
    consensus = consensus_frame(TWO, support=support, runner_up_support=runner_up)
    found, _ = members(consensus, stability_frame(CLEAR, by_chance), structure_frame([2]), settings)
    return found["confident"].tolist()


@pytest.mark.parametrize(
    ("support", "runner_up", "by_chance", "expected"),
    [
        ([0.9, 0.9, 0.9, 0.9], [0.1, 0.1, 0.1, 0.1], 0.5, [True, True, True, True]),
        # support of at least 0.6
        ([0.6, 0.6, 0.6, 0.6], [0.1, 0.1, 0.1, 0.1], 0.5, [True, True, True, True]),
        ([0.9, 0.9, 0.59, 0.59], [0.1, 0.1, 0.1, 0.1], 0.5, [True, True, False, False]),
        # a lead of at least 0.2: 0.7 - 0.5 counts though it is 0.19999999999999996
        ([0.7, 0.7, 0.7, 0.7], [0.5, 0.5, 0.51, 0.51], 0.5, [True, True, False, False]),
        # more than shuffled texts give
        ([0.9, 0.9, 0.8, 0.8], [0.1, 0.1, 0.1, 0.1], 0.8, [True, True, False, False]),
        ([0.9, 0.9, 0.9, 0.9], [0.1, 0.1, 0.1, 0.1], 0.95, [False, False, False, False]),
        # nobody is sure to be with nobody
        ([0.9, 0.9, 0.9, 0.3], [0.1, 0.1, 0.1, 0.1], 0.5, [True, True, False, False]),
    ],
)
def test_a_region_belongs_with_confidence_where_support_lead_and_shuffled_texts_allow_it_and_another_one_does(
    settings: Settings, support: list[float], runner_up: list[float], by_chance: float, expected: list[bool]
) -> None:
    assert (settings.verdict.support, settings.verdict.margin) == (0.6, 0.2)
    assert confident(settings, support, runner_up, by_chance) == expected


@pytest.mark.parametrize(
    ("p", "pac_p", "outcome", "sure"),
    [
        (0.001, 0.01, "supported", True),
        (0.001, 0.9, "weak", True),
        (0.06, 0.01, "not shown", False),
    ],
)
def test_nobody_belongs_with_confidence_where_no_groups_are_shown(
    settings: Settings, p: float, pac_p: float, outcome: str, sure: bool
) -> None:
    stability = stability_frame(CLEAR)
    met = {"pac": {"p": pac_p}, "jaccard": {"value": 0.9, "p": 0.01}}
    for index, values in met.items():
        for column, value in values.items():
            stability.loc[stability["index"] == index, column] = value
    consensus = consensus_frame(TWO, support=[0.9] * 4, runner_up_support=[0.1] * 4)
    structure = structure_frame([2], characters=p)
    found, verdict = members(consensus, stability, structure, settings)
    assert rows_of(verdict)["verdict"] == (outcome == "supported", outcome)
    assert found["confident"].tolist() == [sure] * 4


def test_members_have_the_support_fit_and_label_of_their_group(settings: Settings) -> None:
    support, second = [0.9, 0.8, 0.7, 0.65], [0.4, 0.3, 0.2, 0.1]
    consensus = consensus_frame(TWO, support=support, runner_up_support=second)
    found, _ = members(consensus, stability_frame(CLEAR), structure_frame([2]), settings)
    assert found["region"].tolist() == list(NAMES)
    assert found["cluster"].tolist() == [1, 1, 2, 2]
    assert found["runner_up"].tolist() == [2, 2, 1, 1]
    assert (found["support"].tolist(), found["runner_up_support"].tolist()) == (support, second)
    # 0.1 from its own, 0.9 from the others: (0.9 - 0.1) / 0.9
    assert found["silhouette"].tolist() == pytest.approx([8 / 9] * 4, abs=1e-12)
    assert found["label"].tolist() == ["培训", "培训", "—", "—"]  # a group without a label has a dash
