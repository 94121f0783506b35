"""Every kind of claim on tables made by hand: in which specifications it holds, how it is called, what moves it most."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy.stats import rankdata
from sklearn.metrics import adjusted_rand_score

from pipeline import tables
from pipeline.claims import (
    Claim,
    claims_of,
    core_of,
    group_claims,
    keyword_claims,
    main,
    pair_claims,
    robustness_of,
    sensitivity_of,
    specifications_of,
)
from pipeline.consensus import consensus_tables
from pipeline.evidence import observed_partitions
from pipeline.method import Settings
from pipeline.representations import Corpus, View, all_units, regions_of, specifications, units_of, views
from tests.conftest import METHOD, measures_frame, tokens_frame

pytestmark = pytest.mark.usefixtures("in_this_process")

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
    found = list(group_claims(clusters, {}, labels, 0.6))
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
    found = {(claim.kind, claim.region_a): claim.holds[:2] for claim in group_claims(clusters, {}, labels, 0.6)}
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
    found = list(group_claims(clusters, {}, labels_of([0, 1, 0, 1]), 0.6))
    assert [(claim.kind, claim.region_a) for claim in found] == [
        ("core", "乙·丁"), ("core", "甲·丙"),
        ("membership", "乙"), ("membership", "丁"), ("membership", "甲"), ("membership", "丙"),
    ]  # fmt: skip
    assert all(all(claim.holds) for claim in found)


# --- keywords ----------------------------------------------------------------------------------------------------


def heads(**terms: str) -> pd.DataFrame:
    return pd.DataFrame([{"region": region, "term": term, "rank": 1} for region, term in terms.items()])


def keyword_corpus(
    said: Mapping[str, str], plain: Mapping[str, str] | None = None, *, generic: str = "", common_share: float = 1.0
) -> Corpus:
    """One measure a region; the words of each, blanks between them."""
    measures = measures_frame([(region, text.replace(" ", "")) for region, text in said.items()])
    units = {
        name: units_of(
            ((at, word) for at, text in enumerate(given.values()) for word in text.split()), frozenset(generic.split())
        )
        for name, given in (("dictionary", said), ("no dictionary", plain or said))
    }
    return Corpus(regions_of(measures), units, common_share)


def held(claims: Sequence[Claim], region: str) -> dict[tuple[str, str, str], bool]:
    """(text, generic, weight) -> whether the keyword of the region is in its list."""
    claim = next(claim for claim in claims if claim.region_a == region)
    return {
        (given["text"], given["generic"], given["weight"]): holds
        for given, holds in zip(claim.choices, claim.holds, strict=True)
    }


def test_a_keyword_holds_where_fewer_than_the_list_has_places_weigh_more() -> None:
    # 甲: 培训 three times, 基地 once, in one region both; 评价 twice in both regions
    corpus = keyword_corpus({"甲": "培训 培训 培训 基地 评价 评价", "乙": "评价 双师"})
    texts = {"甲": "培训培训培训基地评价评价", "乙": "评价双师"}
    claims = list(keyword_claims(corpus, heads(甲="培训", 乙="评价"), texts, 1))
    assert [(claim.kind, claim.region_a, claim.term) for claim in claims] == [
        ("keyword", "甲", "培训"), ("keyword", "乙", "评价")
    ]  # fmt: skip
    first, second = held(claims, "甲"), held(claims, "乙")
    assert set(first) == set(
        product(("dictionary", "no dictionary"), ("out", "in"), ("tf-idf", "sublinear", "bm25", "binary"))
    )
    assert all(first.values())  # 3 x 1.405 is the most, and in binary weights it ties with 基地
    assert not any(second.values())  # 1 against 1.405 of 双师
    assert all(held(list(keyword_claims(corpus, heads(甲="培训", 乙="评价"), texts, 2)), "乙").values())


def test_a_keyword_that_only_some_weights_put_first_holds_in_these() -> None:
    # 甲 says 评价 three times, as 乙 does once, and 基地 twice: 3 against 2 x 1.405, but 1 + ln 3 = 2.10 against
    # (1 + ln 2) x 1.405 = 2.38, and 1 against 1.405
    said = {"甲": "评价 评价 评价 基地 基地", "乙": "评价"}
    texts = {region: text.replace(" ", "") for region, text in said.items()}
    found = held(list(keyword_claims(keyword_corpus(said), heads(甲="评价", 乙="评价"), texts, 1)), "甲")
    by_weight = {weight: {holds for (_, _, each), holds in found.items() if each == weight} for _, _, weight in found}
    assert by_weight["tf-idf"] == {True}
    assert by_weight["sublinear"] == by_weight["binary"] == {False}


def test_a_phrase_is_counted_as_a_string_where_no_word_is_that_term() -> None:
    # 校企合作 is no word: 甲 says it twice, 乙 says 校企 and 合作 apart, so that it is in one region
    said = {"甲": "校企 合作 校企 合作 培训", "乙": "校企 培训 合作"}
    texts = {"甲": "校企合作，校企合作，培训", "乙": "校企、培训、合作"}
    claims = list(keyword_claims(keyword_corpus(said), heads(甲="校企合作", 乙="校企合作"), texts, 1))
    assert all(held(claims, "甲").values())
    assert not any(held(claims, "乙").values())  # what a region does not say is not in its list


def test_a_word_that_only_the_dictionary_knows_is_counted_as_a_string_without_it() -> None:
    said = {"甲": "双师型教师 双师型教师 培训", "乙": "培训"}
    plain = {"甲": "双 师型 教师 双 师型 教师 培训", "乙": "培训"}
    texts = {"甲": "双师型教师和双师型教师培训", "乙": "培训"}
    found = held(list(keyword_claims(keyword_corpus(said, plain), heads(甲="双师型教师"), texts, 1)), "甲")
    assert all(found.values())


def test_a_keyword_that_too_many_regions_use_does_not_hold() -> None:
    said = {"甲": "培训 培训 基地", "乙": "培训", "丙": "培训 双师"}
    texts = {region: text.replace(" ", "") for region, text in said.items()}
    for share, expected in ((0.6, False), (1.0, True)):
        claims = list(keyword_claims(keyword_corpus(said, common_share=share), heads(甲="培训"), texts, 2))
        assert set(held(claims, "甲").values()) == {expected}


def test_generic_words_take_places_only_where_they_are_in() -> None:
    said = {"甲": "加强 加强 加强 培训 培训", "乙": "基地"}
    texts = {region: text.replace(" ", "") for region, text in said.items()}
    found = held(
        list(keyword_claims(keyword_corpus(said, generic="加强"), heads(甲="培训", 乙="基地"), texts, 1)), "甲"
    )
    assert {holds for (_, generic, _), holds in found.items() if generic == "out"} == {True}
    assert {holds for (_, generic, weight), holds in found.items() if (generic, weight) == ("in", "tf-idf")} == {False}


def test_terms_that_are_not_first_in_their_region_are_not_claimed() -> None:
    keywords = pd.DataFrame({"region": ["甲", "甲"], "term": ["培训", "基地"], "rank": [1, 2]})
    corpus = keyword_corpus({"甲": "培训 基地", "乙": "双师"})
    found = list(keyword_claims(corpus, keywords, {"甲": "培训基地", "乙": "双师"}, 1))
    assert [claim.term for claim in found] == ["培训"]


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
    found = specifications_of(cosines, ranks, 2, labels, groups)
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
    empty = specifications_of(cosines, ranks, 2, np.zeros((0, 0), dtype=np.int64), np.zeros(4, dtype=np.int64))
    assert empty[["rand", "rand_mean"]].isna().all().all()
    assert empty["closest_rank"].tolist() == found["closest_rank"].tolist()


# --- the stage ---------------------------------------------------------------------------------------------------

SAID = [
    ("山东", "培训 评价"), ("山东", "培训 基地 研修"),
    ("浙江", "培训 评价 研修"), ("浙江", "基地 培训"),
    ("上海", "双师 校企"), ("上海", "比赛 企业 双师"),
    ("湖南", "比赛 校企"), ("湖南", "比赛 企业 双师"),
]  # fmt: skip

Frames = dict[str, pd.DataFrame]


def frames_of(said: Sequence[tuple[str, str]], settings: Settings, *, k: int) -> Frames:
    """What the stage reads; similarity by the two views of the corpus, groups by the consensus, heads by the count."""
    measures = measures_frame([(region, "，".join(text.split())) for region, text in said])
    ids = measures["measure_id"].tolist()
    tokens = tokens_frame([(r, m, text.split()) for (r, text), m in zip(said, ids, strict=True)])
    regions = regions_of(measures)
    corpus = Corpus(regions, all_units(tokens, tokens, measures, regions), 1.0)
    pairs = list(combinations(regions.names, 2))
    i, j = np.triu_indices(len(regions.names), 1)
    columns = {}
    for column, view in (
        ("cosine", View("dictionary", "out", "tf-idf", 1)), ("cosine_char", View("character pairs", "—", "tf-idf", 1))
    ):  # fmt: skip
        values = corpus.cosines(view)[0][i, j]
        columns[column] = values
        columns[column.replace("cosine", "rank")] = rankdata(-values.round(12), method="min").astype(int)
    similarity = pd.DataFrame(
        {"region_a": [a for a, _ in pairs], "region_b": [b for _, b in pairs], **columns, "shared_terms": 0}
    )
    shares, groups, _ = consensus_tables(tokens, tokens, measures, settings)
    clusters = groups[groups["k"] == k].reset_index(drop=True)
    counts = tokens.groupby(["region", "term"], sort=False).size().reset_index(name="count")
    first = counts.sort_values("count", ascending=False, kind="stable").drop_duplicates("region")
    return {
        "tokens": tokens,
        "measures": measures,
        "similarity": similarity[tables.SIMILARITY.names],
        "keywords": first.assign(rank=1).sort_index(),
        "clusters": clusters,
        "coassignment": shares,
    }


def run(frames: Frames, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    return claims_of(
        frames["tokens"], frames["tokens"], frames["measures"], frames["similarity"], frames["keywords"],
        frames["clusters"], frames["coassignment"], settings,
    )  # fmt: skip


def quick(settings: Settings) -> Settings:
    return replace(
        settings,
        keywords=replace(settings.keywords, common_share=1.0, top=3),
        similarity=replace(settings.similarity, first=2),
        specification=replace(settings.specification, resamples=1, null_draws=1),
    )


def test_the_claims_are_pairs_groups_and_keywords_each_with_a_name_of_its_own(settings: Settings) -> None:
    chosen = quick(settings)
    frames = frames_of(SAID, chosen, k=2)
    claims, table = run(frames, chosen)
    tables.check(claims, tables.ROBUSTNESS)
    tables.check(table, tables.SPECIFICATIONS)
    assert claims["kind"].tolist() == ["closest", *["pair"] * 2, *["core"] * 2, *["membership"] * 4, *["keyword"] * 4]
    assert claims["claim_id"].tolist() == [f"{kind}-{at}" for at, kind in enumerate(claims["kind"], 1)]
    numbers = {"closest": 48, "pair": 48, "core": 240, "membership": 240, "keyword": 16}
    assert claims["specifications"].tolist() == [numbers[kind] for kind in claims["kind"]]
    # 山东 and 浙江, 上海 and 湖南 share nothing across: in every specification that sees two groups, these two
    cores = claims[claims["kind"] == "core"]
    assert {frozenset(core.split("·")) for core in cores["region_a"]} == {
        frozenset(("山东", "浙江")), frozenset(("上海", "湖南"))
    }  # fmt: skip
    assert (cores["standing"] == "robust").all()
    assert claims.loc[claims["kind"] == "keyword", "region_a"].tolist() == ["山东", "浙江", "上海", "湖南"]


def test_the_share_of_a_claim_is_that_of_the_specifications_of_the_other_table(settings: Settings) -> None:
    chosen = quick(settings)
    frames = frames_of(SAID, chosen, k=2)
    claims, table = run(frames, chosen)
    closest = claims[claims["kind"] == "closest"].iloc[0]
    per_view = table.drop_duplicates(["text", "generic", "weight", "min_df"])
    assert closest["share"] == pytest.approx((per_view["closest_rank"] == 1).mean(), abs=1e-12)
    measures, tokens = frames["measures"], frames["tokens"]
    regions = regions_of(measures)
    corpus = Corpus(regions, all_units(tokens, tokens, measures, regions), 1.0)
    cosines = {view: corpus.cosines(view)[0] for view in views()}
    labels = observed_partitions(cosines, 2, settings.resampling.seed)
    groups = frames["clusters"]["cluster"].to_numpy()
    expected = [adjusted_rand_score(groups, own) for own in labels]
    assert table["rand"].tolist() == pytest.approx(expected, abs=1e-12)


def test_one_group_makes_no_claim_about_groups(settings: Settings) -> None:
    chosen = quick(settings)
    claims, table = run(frames_of(SAID, chosen, k=1), chosen)
    assert set(claims["kind"]) == {"closest", "pair", "keyword"}
    assert table[["rand", "rand_mean"]].isna().all().all()
    assert len(table) == 240


def test_one_region_alone_has_claims_about_its_keyword_only(settings: Settings) -> None:
    chosen = quick(settings)
    claims, table = run(frames_of(SAID[:2], chosen, k=1), chosen)
    assert claims["kind"].tolist() == ["keyword"]
    assert claims["share"].tolist() == [1.0]
    assert table.empty
    assert list(table.columns) == tables.SPECIFICATIONS.names
    tables.check(table, tables.SPECIFICATIONS)


def test_texts_without_keywords_have_no_claims_about_them(settings: Settings) -> None:
    chosen = quick(settings)
    frames = frames_of(SAID, chosen, k=2)
    frames["keywords"] = frames["keywords"].iloc[:0]
    claims, _ = run(frames, chosen)
    assert "keyword" not in set(claims["kind"])


def test_the_stage_reads_and_writes_its_tables(settings: Settings, tmp_path: Path) -> None:
    frames = frames_of(SAID, quick(settings), k=2)
    keywords = pd.DataFrame([{column.name: 0 for column in tables.KEYWORDS.columns}] * 4)
    keywords = keywords.assign(
        region=frames["keywords"]["region"].tolist(), term=frames["keywords"]["term"].tolist(), rank=1, kind="word",
        measure_ids=[[]] * 4,
    )  # fmt: skip
    clusters = frames["clusters"].assign(label="—", silhouette=0.0, confident=False)[tables.CLUSTERS.names]
    given_ = (
        (frames["tokens"], tables.TOKENS), (frames["tokens"], tables.TOKENS), (frames["measures"], tables.MEASURES),
        (frames["similarity"], tables.SIMILARITY), (keywords, tables.KEYWORDS), (clusters, tables.CLUSTERS),
        (frames["coassignment"], tables.COASSIGNMENT),
    )  # fmt: skip
    inputs = [tmp_path / f"{at}.csv" for at in range(len(given_))]
    tables.write(*((frame, table, path) for (frame, table), path in zip(given_, inputs, strict=True)))
    outputs = [tmp_path / "robustness.csv", tmp_path / "specifications.csv"]
    main(*inputs, METHOD / "settings.toml", *outputs)
    expected, table = claims_of(*(frame for frame, _ in given_), settings)
    found = tables.read(outputs[0], tables.ROBUSTNESS)
    names = ["claim_id", "region_a", "region_b", "term", "standing", "most_sensitive_to", "best_option", "worst_option"]
    assert found[names].values.tolist() == expected[names].values.tolist()
    np.testing.assert_allclose(found["share"], expected["share"], atol=1e-6)
    read = tables.read(outputs[1], tables.SPECIFICATIONS)
    assert read["closest_rank"].tolist() == table["closest_rank"].tolist()
    np.testing.assert_allclose(read["rand_mean"].astype(float), table["rand_mean"].astype(float), atol=1e-6)
