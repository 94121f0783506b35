"""Groups, their terms, the number of groups and the verdict: worked by hand on made tables, recounted on the appendix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import AgglomerativeClustering
from sklearn.metrics import silhouette_samples, silhouette_score

from pipeline import tables
from pipeline.cluster import choice_of, cluster_of, distances_of, main, terms_of, verdict_of
from pipeline.errors import InputError
from pipeline.method import Settings
from tests.conftest import METHOD, REGIONS, Corpus, tokens_frame

# The corpus of the fixture `three`: distances 1 - cosine
#   山东-浙江 1 - 0.667710646695 = 0.332289353305
#   山东-上海 1
#   浙江-上海 1 - 0.482429001674 = 0.517570998326
NEAR, FAR, MIDDLE = 0.3322893533050636, 1.0, 0.5175709983255273


# --- three documents by hand -------------------------------------------------------------------------------------


def test_three_documents_have_the_silhouettes_worked_by_hand(three: Corpus) -> None:
    # 山东: (1 - 0.332289) / 1; 浙江: (0.517571 - 0.332289) / 0.517571; 上海 alone: 0
    by_region = three.clusters.set_index("region")["silhouette"].to_dict()
    assert by_region == pytest.approx({"山东": 0.6677106466949364, "浙江": 0.3579830508662513, "上海": 0.0}, abs=1e-9)
    columns = ["k", "sizes", "singletons", "chosen"]
    assert three.cluster_choice[columns].values.tolist() == [[1, "3", 0, False], [2, "2+1", 1, True]]
    assert three.cluster_choice["silhouette"].tolist() == pytest.approx([0.0, 0.34189789918706265], abs=1e-9)


def test_three_documents_have_the_group_terms_worked_by_hand(three: Corpus) -> None:
    group = three.clusters.set_index("region")["cluster"]
    assert group["山东"] == group["浙江"] != group["上海"]
    # The pair has 7 words, 上海 has 3. Expected counts beside the observed:
    #   培训 3/7, 0/3: E 2.1 0.9 4.9 2.1   2 [3 ln(3/2.1) + 4 ln(4/4.9) + 3 ln(3/2.1)] = 2.656572575291
    #   评价 2/7, 0/3: E 1.4 0.6 5.6 2.4   2 [2 ln(2/1.4) + 5 ln(5/5.6) + 3 ln(3/2.4)] = 1.632274230570
    #   基地 1/7, 0/3: E 0.7 0.3 6.3 2.7   2 [ln(1/0.7) + 6 ln(6/6.3) + 3 ln(3/2.7)] = 0.760031011791
    #   校企 1/3, 0/7 and 双师 2/3, 1/7 as in test_keywords.py; 双师 is rarer in the pair and is no term of it
    found = {(row.cluster, row.term): row.g2 for row in three.cluster_terms.itertuples()}
    pair, alone = group["山东"], group["上海"]
    assert found == pytest.approx(
        {
            (pair, "培训"): 2.656572575291265,
            (pair, "评价"): 1.6322742305701572,
            (pair, "基地"): 0.7600310117912383,
            (alone, "校企"): 2.6825744580600879,
            (alone, "双师"): 2.6565725752912661,
        },
        abs=1e-9,
    )
    labels = three.clusters.set_index("region")["label"].to_dict()
    assert labels == {"山东": "培训·评价·基地", "浙江": "培训·评价·基地", "上海": "校企·双师"}


def test_distances_are_symmetric_with_zeros_on_the_diagonal(three: Corpus) -> None:
    distances = distances_of(three.similarity, ["山东", "浙江", "上海"])
    expected = [[0, NEAR, FAR], [NEAR, 0, MIDDLE], [FAR, MIDDLE, 0]]
    np.testing.assert_allclose(distances, expected, atol=1e-9)


def pairs_of(cosines: Mapping[tuple[str, str], float]) -> pd.DataFrame:
    return pd.DataFrame(
        [(*pair, cosine) for pair, cosine in cosines.items()], columns=["region_a", "region_b", "cosine"]
    )


def test_equal_texts_are_at_no_distance_even_where_rounding_makes_their_cosine_exceed_one() -> None:
    similarity = pairs_of({("A", "B"): 1.0000000000000002})
    assert distances_of(similarity, ["A", "B"]).tolist() == [[0.0, 0.0], [0.0, 0.0]]


# --- the number of groups that is described ----------------------------------------------------------------------

Groups = Mapping[int, Sequence[int]]
GROUPS: Groups = {1: [1, 1, 1, 1], 2: [1, 1, 2, 2], 3: [1, 1, 2, 3]}
NAMES = ("山东", "浙江", "上海", "湖南")


def consensus_frame(groups: Groups = GROUPS, **other: Sequence[float]) -> pd.DataFrame:
    """k -> the group of each of the regions; every region belongs wholly unless ``other`` says so."""
    rows = [
        {
            "k": k,
            "region": NAMES[at],
            "cluster": cluster,
            "leaf": at + 1,
            "support": 1.0,
            "runner_up": pd.NA if k == 1 else 1 if cluster > 1 else 2,
            "runner_up_support": 0.0,
            "jaccard": 1.0,
            **{name: values[at] for name, values in other.items()},
        }
        for k, of_k in groups.items()
        for at, cluster in enumerate(of_k)
    ]
    frame = tables.from_rows(rows, tables.CONSENSUS).astype({"runner_up": "Int64"})
    tables.check(frame, tables.CONSENSUS)
    return frame


def stability_frame(pac: Mapping[int, tuple[float, float, float, float]], support_high: float = 0.5) -> pd.DataFrame:
    """k -> pac as for a shuffled corpus, and the median, 5th and 95th percentile of the shuffled ones."""
    rows = []
    for k, (alike, median, low, high) in pac.items():
        shared = {"k": k, "value_alike": alike, "null_median": median, "null_low": low, "null_high": high}
        rows.append({**shared, "index": "pac", "value": k / 100, "p": k / 1000})
        rows.append({**shared, "index": "jaccard", "value": k / 10, "p": k / 50})
        rows.append({**shared, "index": "prediction_strength", "value": k / 20, "p": k / 5})
        rows.append({**shared, "index": "support", "value": 1.0, "p": 0.01, "null_high": support_high})
    frame = tables.from_rows(rows, tables.STABILITY)
    tables.check(frame, tables.STABILITY)
    return frame


def structure_frame(ks: Sequence[int], *, words: float = 0.001, characters: float = 0.001) -> pd.DataFrame:
    """Both views, with these p of the structure test."""
    rows = []
    for view, p in (("words", words), ("characters", characters)):
        shift = 0.0 if view == "words" else 0.5  # so that no number of the one can pass for one of the other
        of_view = {"view": view, "null_median": 0.1, "null_high": 0.2}
        rows += [{**of_view, "k": 0, "silhouette": 0.9 + shift, "p": p}] if ks else []
        rows.append({**of_view, "k": 1, "silhouette": 0.0, "gap": 0.01 + shift, "gap_error": 0.001})
        rows += [
            {**of_view, "k": k, "silhouette": k / 10 + shift, "p": k / 100, "gap": k + shift, "gap_error": k / 1000}
            for k in ks
        ]
    frame = tables.from_rows(rows, tables.STRUCTURE)
    tables.check(frame, tables.STRUCTURE)
    return frame


# a sixth of the chance ambiguity is gone for 2 groups, a quarter for 3, though within what chance spreads
LESS_AMBIGUOUS_3 = {2: (0.50, 0.60, 0.58, 0.62), 3: (0.30, 0.40, 0.20, 0.60)}
# a sixth for both
EQUALLY_AMBIGUOUS = {2: (0.50, 0.60, 0.50, 0.70), 3: (0.35, 0.42, 0.35, 0.45)}


def described(choice: pd.DataFrame) -> list[int]:
    return choice.loc[choice["chosen"], "k"].tolist()


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


def rows_of(verdict: pd.DataFrame) -> dict[str, tuple[bool, str]]:
    """Criterion -> whether it is met, and the outcome."""
    tables.check(verdict, tables.VERDICT)
    return {row.criterion: (row.met, row.outcome) for row in verdict.itertuples()}


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


# --- who belongs to a group with confidence ----------------------------------------------------------------------

TWO = {1: [1, 1, 1, 1], 2: [1, 1, 2, 2]}
CLEAR = {2: (0.1, 0.5, 0.4, 0.6)}
TOKENS = tokens_frame([(name, f"D{at}-1", [f"词{at}"]) for at, name in enumerate(NAMES)])
# the first two and the last two are alike
SIMILAR = pairs_of({pair: 0.9 if pair in {NAMES[:2], NAMES[2:]} else 0.1 for pair in combinations(NAMES, 2)})


def confident(settings: Settings, support: list[float], runner_up: list[float], by_chance: float = 0.5) -> list[bool]:
    consensus = consensus_frame(TWO, support=support, runner_up_support=runner_up)
    clusters, _, _, _ = cluster_of(
        consensus, stability_frame(CLEAR, by_chance), structure_frame([2]), SIMILAR, TOKENS, settings
    )
    tables.check(clusters, tables.CLUSTERS)
    return clusters["confident"].tolist()


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
    clusters, _, _, verdict = cluster_of(consensus, stability, structure, SIMILAR, TOKENS, settings)
    assert rows_of(verdict)["verdict"] == (outcome == "supported", outcome)
    assert clusters["confident"].tolist() == [sure] * 4


def test_in_one_group_nobody_belongs_with_confidence(settings: Settings) -> None:
    alike = pairs_of(dict.fromkeys(combinations(NAMES, 2), 0.5))
    clusters, _, choice, verdict = cluster_of(
        consensus_frame(TWO), stability_frame(CLEAR), structure_frame([2]), alike, TOKENS, settings
    )
    assert described(choice) == [1]
    assert clusters["cluster"].tolist() == [1] * 4
    assert clusters["silhouette"].tolist() == [0.0] * 4
    assert clusters["confident"].tolist() == [False] * 4
    assert clusters["runner_up"].isna().all()
    assert rows_of(verdict)["verdict"] == (False, "not shown")


def test_the_groups_described_are_those_of_the_chosen_number_with_their_support_and_fit(settings: Settings) -> None:
    support, second = [0.9, 0.8, 0.7, 0.65], [0.4, 0.3, 0.2, 0.1]
    clusters, _, _, _ = cluster_of(
        consensus_frame(TWO, support=support, runner_up_support=second),
        stability_frame(CLEAR),
        structure_frame([2]),
        SIMILAR,
        TOKENS,
        settings,
    )
    assert clusters["region"].tolist() == list(NAMES)
    assert clusters["cluster"].tolist() == [1, 1, 2, 2]
    assert clusters["runner_up"].tolist() == [2, 2, 1, 1]
    assert (clusters["support"].tolist(), clusters["runner_up_support"].tolist()) == (support, second)
    # 0.1 from its own, 0.9 from the others: (0.9 - 0.1) / 0.9
    assert clusters["silhouette"].tolist() == pytest.approx([8 / 9] * 4, abs=1e-12)


def test_a_group_without_a_term_of_its_own_has_a_dash_for_a_label(settings: Settings) -> None:
    tokens = tokens_frame([(name, f"D{at}-1", ["加强"]) for at, name in enumerate(NAMES)], generic=["加强"])
    clusters, terms, _, _ = cluster_of(
        consensus_frame(TWO), stability_frame(CLEAR), structure_frame([2]), SIMILAR, tokens, settings
    )
    assert clusters["label"].tolist() == ["—"] * 4
    tables.check(terms, tables.CLUSTER_TERMS)
    assert terms.empty


# --- the terms of a group ----------------------------------------------------------------------------------------


def test_a_term_of_one_region_comes_after_those_that_the_group_shares(settings: Settings) -> None:
    tokens = tokens_frame(
        [
            ("山东", "D01-1", ["基地", "基地", "基地", "培训"]),
            ("浙江", "D02-1", ["培训", "评价"]),
            ("上海", "D03-1", ["双师", "双师"]),
        ]
    )
    terms = terms_of(tokens, {"山东": 1, "浙江": 1, "上海": 2}, settings.keywords)
    first = terms[terms["cluster"] == 1]
    # 基地 is the most frequent, but only 山东 says it
    assert first[["term", "regions", "rank"]].values.tolist() == [["培训", 2, 1], ["基地", 1, 2], ["评价", 1, 3]]
    assert first.set_index("term")["g2"]["基地"] > first.set_index("term")["g2"]["培训"]


def test_in_a_group_of_one_region_the_terms_stand_by_keyness_alone(settings: Settings) -> None:
    tokens = tokens_frame([("山东", "D01-1", ["基地", "基地", "培训"]), ("浙江", "D02-1", ["评价", "培训"])])
    terms = terms_of(tokens, {"山东": 1, "浙江": 2}, settings.keywords)
    # 培训 is in both, and more of the words of 浙江 (1 of 2) than of 山东 (1 of 3); 评价 is in 浙江 alone
    assert terms[["cluster", "term", "rank"]].values.tolist() == [[1, "基地", 1], [2, "评价", 1], [2, "培训", 2]]


GENERIC_SAID = [("山东", "D01-1", ["加强", "加强", "培训"]), ("浙江", "D02-1", ["评价", "双师"])]


def test_a_generic_word_labels_no_group_and_counts_in_its_size(settings: Settings) -> None:
    terms = terms_of(tokens_frame(GENERIC_SAID, generic=["加强"]), {"山东": 1, "浙江": 2}, settings.keywords)
    assert "加强" not in set(terms["term"])
    # 培训 1 of 3, 0 of 2: E 0.6 0.4 2.4 1.6   2 [ln(1/0.6) + 2 ln(2/2.4) + 2 ln(2/1.6)]
    # = 2 [0.510825623766 - 0.364643113588 + 0.446287102628] = 1.184939225614
    assert terms.set_index("term").loc["培训", "g2"] == pytest.approx(1.184939225614, abs=1e-9)


def test_a_generic_word_may_label_a_group_where_the_setting_says_so(settings: Settings) -> None:
    beside = replace(settings.keywords, exclude_generic=False)
    terms = terms_of(tokens_frame(GENERIC_SAID, generic=["加强"]), {"山东": 1, "浙江": 2}, beside)
    assert terms.iloc[0][["cluster", "term", "count"]].tolist() == [1, "加强", 2]


def test_a_common_word_speaks_for_no_group_and_counts_in_its_size(settings: Settings) -> None:
    # 培训 is in 3 of 3 regions; 基地 is in 2 of 3, which are never too many
    tokens = tokens_frame(
        [
            ("山东", "D01-1", ["培训", "培训", "基地"]),
            ("浙江", "D02-1", ["培训", "基地"]),
            ("上海", "D03-1", ["培训", "双师"]),
        ]
    )
    group = {"山东": 1, "浙江": 1, "上海": 2}
    narrow, wide = (replace(settings.keywords, common_share=share) for share in (0.1, 1.0))
    without, beside = terms_of(tokens, group, narrow), terms_of(tokens, group, wide)
    assert set(without["term"]) == {"基地", "双师"}
    assert set(beside["term"]) == {"基地", "双师", "培训"}
    for term in ("基地", "双师"):
        assert without.set_index("term")["g2"][term] == beside.set_index("term")["g2"][term]


def test_one_group_of_all_regions_has_no_term_that_tells_it_from_the_rest(settings: Settings) -> None:
    terms = terms_of(TOKENS, dict.fromkeys(NAMES, 1), settings.keywords)
    tables.check(terms, tables.CLUSTER_TERMS)
    assert terms.empty


# --- the stage ---------------------------------------------------------------------------------------------------


def written(corpus: Corpus, folder: Path) -> list[Path]:
    """The tables that the stage reads."""
    contracts = (tables.CONSENSUS, tables.STABILITY, tables.STRUCTURE, tables.SIMILARITY, tables.TOKENS)
    paths = [folder / f"{table.name}.csv" for table in contracts]
    tables.write(*((getattr(corpus, table.name), table, path) for table, path in zip(contracts, paths, strict=True)))
    return paths


def test_more_groups_than_colours_are_refused_with_the_file_that_lacks_them(corpus: Corpus, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    text = (METHOD / "settings.toml").read_text("utf-8").replace("\nk = 0", "\nk = 3")
    start = text.index("palette = [")
    end = text.index("]", start)
    settings.write_text(text[:start] + 'palette = ["#0072B2", "#D55E00"' + text[end:], "utf-8")
    outputs = [tmp_path / f"out{at}.csv" for at in range(4)]
    with pytest.raises(InputError) as caught:
        main(*written(corpus, tmp_path), settings, *outputs)
    assert caught.value.file == str(settings)
    assert "只有 2 种颜色" in str(caught.value)
    assert "has 2 colours" in str(caught.value)
    assert not any(output.exists() for output in outputs)


def test_the_stage_writes_what_the_function_returns(corpus: Corpus, tmp_path: Path) -> None:
    contracts = (tables.CLUSTERS, tables.CLUSTER_TERMS, tables.CLUSTER_CHOICE, tables.VERDICT)
    outputs = [tmp_path / f"out{at}.csv" for at in range(4)]
    main(*written(corpus, tmp_path), METHOD / "settings.toml", *outputs)
    for table, output in zip(contracts, outputs, strict=True):
        expected = tmp_path / "expected.csv"
        tables.write((getattr(corpus, table.name), table, expected))
        assert output.read_bytes() == expected.read_bytes(), table.name


# --- the appendix ------------------------------------------------------------------------------------------------


def distances_in_the_appendix(corpus: Corpus) -> np.ndarray:
    matrix = np.zeros((13, 13))
    for (i, j), cosine in zip(combinations(range(13), 2), corpus.similarity["cosine"], strict=True):
        matrix[i, j] = matrix[j, i] = 1 - cosine
    return matrix


def test_every_silhouette_of_the_appendix_is_that_of_scikit_learns_groups(corpus: Corpus, settings: Settings) -> None:
    distances = distances_in_the_appendix(corpus)
    looked_at = range(settings.cluster.k_min, settings.cluster.k_max + 1)
    assert corpus.cluster_choice["k"].tolist() == [1, *looked_at]
    for k, silhouette in corpus.cluster_choice.set_index("k")["silhouette"].loc[list(looked_at)].items():
        model = AgglomerativeClustering(n_clusters=k, metric="precomputed", linkage="average")
        labels = model.fit_predict(distances)
        assert silhouette == pytest.approx(silhouette_score(distances, labels, metric="precomputed"), abs=1e-9)


def test_the_groups_of_the_appendix_are_those_of_the_consensus_and_fit_as_scikit_learn_says(corpus: Corpus) -> None:
    assert corpus.cluster_choice["chosen"].sum() == 1
    k = described(corpus.cluster_choice)[0]
    assert k > 1
    of_k = corpus.consensus[corpus.consensus["k"] == k]
    for column in ("region", "cluster", "leaf", "support", "runner_up", "runner_up_support"):
        assert corpus.clusters[column].tolist() == of_k[column].tolist()
    fit = silhouette_samples(distances_in_the_appendix(corpus), corpus.clusters["cluster"], metric="precomputed")
    np.testing.assert_allclose(corpus.clusters["silhouette"], fit, atol=1e-9)
    for row in corpus.cluster_choice.itertuples():
        groups = corpus.consensus.loc[corpus.consensus["k"] == row.k, "cluster"]
        sizes = sorted(np.bincount(groups)[1:].tolist(), reverse=True)
        assert (row.sizes, row.singletons) == ("+".join(map(str, sizes)), sizes.count(1))


def test_the_verdict_on_the_appendix_follows_from_its_tables(corpus: Corpus) -> None:
    found = rows_of(corpus.verdict)
    value = corpus.verdict.set_index("criterion")["value"]
    structure = corpus.structure.set_index(["view", "k"])["p"]
    chosen = corpus.cluster_choice[corpus.cluster_choice["chosen"]].iloc[0]
    wanted = [structure["words", 0], structure["characters", 0], chosen["pac_p"], chosen["jaccard"]]
    assert value.tolist()[:4] == wanted
    met = [p <= 0.05 for p in wanted[:3]] + [bool(wanted[3] >= 0.75 and chosen["jaccard_p"] <= 0.05)]
    assert [found[name][0] for name in list(found)[:4]] == met
    outcome = "not shown" if not all(met[:2]) else "supported" if all(met) else "weak"
    assert found["verdict"] == (outcome == "supported", outcome)


def test_groups_of_the_appendix_are_neighbours_in_leaf_order_and_numbered_from_one(corpus: Corpus) -> None:
    ordered = corpus.clusters.sort_values("leaf")
    assert ordered["leaf"].tolist() == list(range(1, 14))
    groups = ordered["cluster"].tolist()
    assert groups == sorted(groups)
    assert sorted(set(groups)) == list(range(1, max(groups) + 1))
    assert tuple(corpus.clusters["region"]) == REGIONS


def test_group_terms_of_the_appendix_are_neither_generic_nor_common_and_stand_where_they_say(corpus: Corpus) -> None:
    left_out = corpus.keywords.loc[corpus.keywords["generic"] | (corpus.keywords["unranked"] == "common"), "term"]
    assert not set(left_out) & set(corpus.cluster_terms["term"])
    group = corpus.clusters.set_index("region")["cluster"]
    for row in corpus.cluster_terms.itertuples():
        said = corpus.tokens[(corpus.tokens["region"].map(group) == row.cluster) & (corpus.tokens["term"] == row.term)]
        assert (row.count, row.regions) == (len(said), said["region"].nunique())
        assert row.measure_ids == list(dict.fromkeys(said["measure_id"]))
