"""Claims on tables made by hand: in which specifications they hold, how they are called, what moves them most."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy.stats import rankdata
from sklearn.metrics import adjusted_rand_score

from pipeline import tables
from pipeline.representations import background_views, specifications, views
from pipeline.robustness import (
    Claim,
    core_of,
    group_claims,
    pair_claims,
    robustness_of,
    sensitivity_of,
    specifications_of,
)

FIRST, SECOND, THIRD = views()[:3]


# --- pairs -------------------------------------------------------------------------------------------------------


def pairs_frame(*rows: tuple[str, float, int]) -> pd.DataFrame:
    """(two names of one letter, cosine, rank)."""
    return pd.DataFrame(
        [{"region_a": names[0], "region_b": names[1], "cosine": cosine, "rank": rank} for names, cosine, rank in rows]
    )


def test_the_closest_pair_holds_where_it_is_first_and_a_pair_where_it_is_among_the_first() -> None:
    pairs = pairs_frame(("甲乙", 0.3, 2), ("甲丙", 0.1, 3), ("乙丙", 0.5, 1))
    ranks = {FIRST: np.array([2, 3, 1]), SECOND: np.array([1, 2, 3]), THIRD: np.array([3, 1, 1])}
    closest, first, second = pair_claims(pairs, ranks, 2)
    assert (closest.kind, closest.region_a, closest.region_b) == ("closest", "乙", "丙")
    assert closest.holds == [True, False, True]
    assert (first.kind, first.region_a, first.region_b) == ("pair", "乙", "丙")
    assert first.holds == [True, False, True]
    assert (second.kind, second.region_a, second.region_b) == ("pair", "甲", "乙")
    assert second.holds == [True, True, False]
    assert closest.choices == first.choices == [FIRST.choices, SECOND.choices, THIRD.choices]


def test_no_claim_is_made_of_a_pair_that_shares_nothing() -> None:
    ranks = {FIRST: np.array([1, 2, 2])}
    found = list(pair_claims(pairs_frame(("甲乙", 0.3, 1), ("甲丙", 0.0, 2), ("乙丙", 0.0, 2)), ranks, 2))
    assert [(claim.kind, claim.region_b) for claim in found] == [("closest", "乙"), ("pair", "乙")]
    assert list(pair_claims(pairs_frame(("甲乙", 0.0, 1)), {FIRST: np.array([1])}, 10)) == []


@pytest.mark.parametrize(("first", "kinds"), [(2, ["closest", "pair", "pair"]), (3, ["closest"]), (10, ["closest"])])
def test_being_among_the_first_is_no_claim_where_every_pair_is(first: int, kinds: list[str]) -> None:
    ranks = {FIRST: np.array([1, 2, 3])}
    found = pair_claims(pairs_frame(("甲乙", 0.3, 1), ("甲丙", 0.2, 2), ("乙丙", 0.1, 3)), ranks, first)
    assert [claim.kind for claim in found] == kinds


def test_pairs_that_share_the_first_place_are_each_claimed_to_be_the_closest() -> None:
    ranks = {FIRST: np.array([1, 1, 3]), SECOND: np.array([2, 1, 3])}
    found = list(pair_claims(pairs_frame(("甲乙", 0.3, 1), ("甲丙", 0.3, 1), ("乙丙", 0.1, 3)), ranks, 1))
    assert [(claim.kind, claim.region_b, claim.holds) for claim in found] == [
        ("closest", "乙", [True, False]), ("pair", "乙", [True, False]),
        ("closest", "丙", [True, True]), ("pair", "丙", [True, True]),
    ]  # fmt: skip


# --- groups ------------------------------------------------------------------------------------------------------


def members(**support: float) -> pd.DataFrame:
    return pd.DataFrame({"region": list(support), "support": list(support.values())})


@pytest.mark.parametrize(
    ("supports", "shares", "expected"),
    [
        ({"甲": 0.9, "乙": 0.6, "丙": 0.5}, {}, ["甲", "乙"]),  # those with enough support
        ({"甲": 0.9, "乙": 0.7, "丙": 0.6}, {}, ["甲", "乙", "丙"]),
        ({"甲": 0.9, "乙": 0.5, "丙": 0.5}, {"甲乙": 0.2, "甲丙": 0.4, "乙丙": 0.3}, ["甲", "丙"]),  # one is no core
        ({"甲": 0.5, "乙": 0.5, "丙": 0.5}, {"甲乙": 0.2, "甲丙": 0.3, "乙丙": 0.4}, ["乙", "丙"]),
        ({"甲": 0.5, "乙": 0.5, "丙": 0.5}, {"甲乙": 0.2, "甲丙": 0.4, "乙丙": 0.4 + 1e-12}, ["甲", "丙"]),  # the first
        ({"甲": 0.1, "乙": 0.1}, {"甲乙": 0.1}, ["甲", "乙"]),
    ],
)
def test_the_core_of_a_group_has_enough_support_or_is_the_pair_most_often_together(
    supports: dict[str, float], shares: dict[str, float], expected: list[str]
) -> None:
    assert core_of(members(**supports), {frozenset(pair): share for pair, share in shares.items()}, 0.6) == expected


def labels_of(*patterns: Sequence[int]) -> np.ndarray:
    """As many partitions as there are specifications: the patterns over and over."""
    return np.array([patterns[at % len(patterns)] for at in range(len(specifications()))])


def test_a_core_holds_where_all_of_it_is_together_and_a_membership_where_most_are() -> None:
    clusters = pd.DataFrame(
        {"region": list("甲乙丙丁戊"), "cluster": [2, 1, 2, 2, 3], "support": [0.9, 0.0, 0.8, 0.7, 0.0]}
    )
    labels = labels_of([0, 1, 0, 0, 1], [0, 1, 0, 1, 2], [0, 0, 1, 2, 2])
    found = list(group_claims(clusters, {}, labels, 0.6, specifications()))
    assert {len(claim.holds) for claim in found} == {len(specifications())}
    # 乙 and 戊 are groups of one, of which nothing is claimed; of three the half of the others is not most
    assert [(claim.kind, claim.region_a, claim.holds[:3]) for claim in found] == [
        ("core", "甲·丙·丁", [True, False, False]),
        ("membership", "甲", [True, False, False]),
        ("membership", "丙", [True, False, False]),
        ("membership", "丁", [True, False, False]),
    ]
    assert found[0].choices == [each.choices for each in specifications()]


def test_a_membership_needs_more_than_half_of_the_others() -> None:
    clusters = pd.DataFrame({"region": list("甲乙丙丁"), "cluster": [1] * 4, "support": [0.9, 0.9, 0.1, 0.1]})
    labels = labels_of([0, 0, 0, 1], [0, 0, 1, 1])
    found = {
        (claim.kind, claim.region_a): claim.holds[:2]
        for claim in group_claims(clusters, {}, labels, 0.6, specifications())
    }
    # First pattern: 甲 with 乙 and 丙, two of three; 丁 with none. Second: each with one of three.
    assert found == {
        ("core", "甲·乙"): [True, True],
        ("membership", "甲"): [True, False],
        ("membership", "乙"): [True, False],
        ("membership", "丙"): [True, False],
        ("membership", "丁"): [False, False],
    }


def test_all_cores_come_before_the_memberships_in_the_order_of_the_groups() -> None:
    clusters = pd.DataFrame({"region": list("甲乙丙丁"), "cluster": [2, 1, 2, 1], "support": [0.9] * 4})
    found = list(group_claims(clusters, {}, labels_of([0, 1, 0, 1]), 0.6, specifications()))
    assert [(claim.kind, claim.region_a) for claim in found] == [
        ("core", "乙·丁"), ("core", "甲·丙"),
        ("membership", "乙"), ("membership", "丁"), ("membership", "甲"), ("membership", "丙"),
    ]  # fmt: skip
    assert all(all(claim.holds) for claim in found)


# --- standing and sensitivity ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("holding", "of", "standing"),
    [(4, 5, "robust"), (5, 5, "robust"), (79, 100, "sensitive"), (1, 2, "sensitive"), (49, 100, "fragile"), (0, 5, "fragile")],
)  # fmt: skip
def test_a_claim_is_robust_from_the_first_share_on_and_fragile_below_the_second(
    holding: int, of: int, standing: str
) -> None:
    claim = Claim("pair", "甲", "乙", choices=[{}] * of, holds=[True] * holding + [False] * (of - holding))
    found = robustness_of([claim], robust=0.8, fragile=0.5)
    tables.check(found, tables.ROBUSTNESS)
    assert found[["claim_id", "specifications", "share", "standing"]].values.tolist() == [
        ["pair-1", of, holding / of, standing]
    ]


def grid(**options: Sequence[str]) -> list[dict[str, str]]:
    return [dict(zip(options, values, strict=True)) for values in product(*options.values())]


def test_a_claim_is_most_sensitive_to_the_choice_whose_options_differ_most() -> None:
    choices = grid(text=("dictionary", "character pairs"), weight=("tf-idf", "bm25", "binary"))
    # dictionary 3/3, pairs 1/3; tf-idf 2/2, bm25 1/2, binary 1/2
    found = sensitivity_of(Claim("pair", "甲", "乙", choices=choices, holds=[True, True, True, True, False, False]))
    assert found == {
        "most_sensitive_to": "text",
        "best_option": "dictionary",
        "best_share": 1.0,
        "worst_option": "character pairs",
        "worst_share": pytest.approx(1 / 3),
    }
    # dictionary 2/3, pairs 1/3; tf-idf 2/2, bm25 1/2, binary 0
    found = sensitivity_of(Claim("pair", "甲", "乙", choices=choices, holds=[True, True, False, True, False, False]))
    assert found["most_sensitive_to"] == "weight"
    assert (found["best_option"], found["best_share"]) == ("tf-idf", 1.0)
    assert (found["worst_option"], found["worst_share"]) == ("binary", 0.0)


def test_of_options_and_choices_that_differ_equally_the_first_is_named() -> None:
    choices = grid(text=("dictionary", "no dictionary", "single characters"), min_df=("1", "2"))
    found = sensitivity_of(Claim("pair", "甲", choices=choices, holds=[True, False, True, False, True, False]))
    assert found["most_sensitive_to"] == "min_df"
    assert (found["best_option"], found["worst_option"]) == ("1", "2")
    found = sensitivity_of(Claim("pair", "甲", choices=choices, holds=[True, True, True, True, False, False]))
    assert (found["best_option"], found["worst_option"]) == ("dictionary", "single characters")
    crossed = grid(text=("dictionary", "no dictionary"), weight=("tf-idf", "binary"))
    found = sensitivity_of(Claim("pair", "甲", choices=crossed, holds=[True, False, False, False]))
    assert found["most_sensitive_to"] == "text"  # both differ by one half


def test_an_option_that_does_not_apply_is_compared_with_none() -> None:
    # The list of generic words says nothing of characters
    choices = [
        {"text": "dictionary", "generic": "out"},
        {"text": "dictionary", "generic": "in"},
        {"text": "character pairs", "generic": "—"},
    ]
    found = sensitivity_of(Claim("pair", "甲", choices=choices, holds=[True, False, True]))
    assert (found["most_sensitive_to"], found["best_option"], found["worst_option"]) == ("generic", "out", "in")
    only = [{"text": "dictionary", "generic": "out"}, {"text": "dictionary", "generic": "—"}]
    assert sensitivity_of(Claim("pair", "甲", choices=only, holds=[True, False]))["most_sensitive_to"] == ""


@pytest.mark.parametrize("holds", [True, False])
def test_where_all_specifications_agree_no_choice_is_named(holds: bool) -> None:
    choices = [each.choices for each in specifications()]
    found = sensitivity_of(Claim("core", "甲·乙", choices=choices, holds=[holds] * len(choices)))
    assert [found[name] for name in ("most_sensitive_to", "best_option", "worst_option")] == ["", "", ""]
    assert math.isnan(found["best_share"])
    assert math.isnan(found["worst_share"])


def test_where_no_single_choice_matters_none_is_named() -> None:
    # holds where both are the same: each option of each choice in one half
    choices = grid(text=("dictionary", "no dictionary"), weight=("tf-idf", "binary"))
    found = sensitivity_of(Claim("pair", "甲", choices=choices, holds=[True, False, False, True]))
    assert found["most_sensitive_to"] == ""


CHOICES = [each.choices for each in specifications()]


@given(st.lists(st.booleans(), min_size=len(CHOICES), max_size=len(CHOICES)))
def test_the_widest_span_is_that_of_counting_option_by_option(holds: list[bool]) -> None:
    def shares(choice: str) -> dict[str, float]:
        asked, held_in = Counter[str](), Counter[str]()
        for given_, true in zip(CHOICES, holds, strict=True):
            asked[given_[choice]] += 1
            held_in[given_[choice]] += true
        return {option: held_in[option] / asked[option] for option in asked if option != "—"}

    spans = {
        choice: max(shares(choice).values()) - min(shares(choice).values())
        for choice in ("text", "generic", "weight", "min_df", "algorithm")
    }
    found = sensitivity_of(Claim("core", "甲·乙", choices=CHOICES, holds=holds))
    if found["most_sensitive_to"]:
        assert spans[found["most_sensitive_to"]] == pytest.approx(max(spans.values()), abs=1e-9)
        own = shares(found["most_sensitive_to"])
        assert own[found["best_option"]] == found["best_share"] == max(own.values())
        assert own[found["worst_option"]] == found["worst_share"] == min(own.values())
    else:
        assert max(spans.values()) == pytest.approx(0, abs=1e-9)


# --- specifications ----------------------------------------------------------------------------------------------


def test_a_specification_has_the_rank_of_the_closest_pair_and_the_agreement_of_its_groups() -> None:
    rng = np.random.default_rng(1)
    cosines = {view: rng.random(6) for view in views()}
    ranks = {view: rankdata(-values, method="min").astype(int) for view, values in cosines.items()}
    labels = rng.integers(0, 2, (len(specifications()), 4))
    groups = np.array([0, 0, 1, 1])
    found = specifications_of(specifications(), cosines, ranks, 2, labels, groups)
    tables.check(found, tables.SPECIFICATIONS)
    assert found["specification"].tolist() == list(range(1, 241))
    for at in (0, 7, 239):
        view = specifications()[at].view
        assert found.loc[at, "closest_rank"] == ranks[view][2]
        assert found.loc[at, "closest_cosine"] == cosines[view][2]
        assert found.loc[at, "rand"] == pytest.approx(adjusted_rand_score(groups, labels[at]), abs=1e-12)
        others = [adjusted_rand_score(labels[at], labels[other]) for other in range(240) if other != at]
        assert found.loc[at, "rand_mean"] == pytest.approx(float(np.mean(others)), abs=1e-12)
        assert found.loc[at, ["text", "generic", "weight", "algorithm"]].tolist() == [
            specifications()[at].choices[name] for name in ("text", "generic", "weight", "algorithm")
        ]
    empty = specifications_of(
        specifications(), cosines, ranks, 2, np.zeros((0, 0), dtype=np.int64), np.zeros(4, dtype=np.int64)
    )
    assert empty[["rand", "rand_mean"]].isna().all().all()
    assert empty["closest_rank"].tolist() == found["closest_rank"].tolist()


def test_only_the_specifications_that_are_tried_stand_in_the_table_and_in_the_claims() -> None:
    tried = specifications(background_views()[:2])
    rng = np.random.default_rng(2)
    cosines = {view: rng.random(6) for view in background_views()}
    ranks = {view: rankdata(-values, method="min").astype(int) for view, values in cosines.items()}
    labels = rng.integers(0, 2, (len(tried), 4))
    found = specifications_of(tried, cosines, ranks, 5, labels, np.array([0, 0, 1, 1]))
    tables.check(found, tables.SPECIFICATIONS)
    assert found["weight"].tolist() == [view.weight for view in background_views()[:2] for _ in range(5)]
    assert found["closest_cosine"].tolist() == [cosines[view][5] for view in background_views()[:2] for _ in range(5)]
    clusters = pd.DataFrame({"region": list("甲乙丙丁"), "cluster": [1, 1, 2, 2], "support": [0.9] * 4})
    for claim in group_claims(clusters, {}, labels, 0.6, tried):
        assert claim.choices == [each.choices for each in tried]
        assert len(claim.holds) == len(tried)
