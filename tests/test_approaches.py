"""Regions compared and grouped by their themes: worked by hand, by plain loops, and on planted corpora."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations, permutations
from pathlib import Path

import hypothesis
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy.stats import chi2, chi2_contingency, false_discovery_control, rankdata
from sklearn.metrics import adjusted_rand_score

from pipeline import approaches, evidence, tables
from pipeline.approaches import (
    agreement_of,
    approaches_of,
    differences_of,
    labels_of,
    main,
    pairs_of,
    partitions_at,
    profiles_of,
    shared_themes_of,
    theme_units,
)
from pipeline.cli import run
from pipeline.coding import COUNTED, EXCLUDED
from pipeline.evidence import base_views, group_numbers
from pipeline.method import Codebook, Settings
from pipeline.permutation import permutation_of
from pipeline.representations import Corpus, View, regions_of, theme_views, words
from pipeline.stats.change import rand_of
from pipeline.stats.resampling import resampled_within, shuffled_among
from pipeline.themes import coding_of, evidence_of
from tests import conftest
from tests.conftest import METHOD, NO_THEMES, Said, codebook_of, measures_frame, plain_cosines, tokens_frame

pytestmark = pytest.mark.usefixtures("in_this_process")

VIEW = View("themes", "—", "tf-idf", 1)
BOOK = codebook_of({"training": ["培训"], "evaluation": ["评价"], "ethics": ["师德"], "funding": ["经费"]})
NAMES = (
    "theme_similarity", "theme_pairs", "theme_structure", "theme_coassignment", "theme_choice", "theme_verdict",
    "theme_groups", "theme_profiles", "view_agreement", "view_differences",
)  # fmt: skip


def quick(settings: Settings, *, resamples: int = 30, draws: int = 19, null_draws: int = 3) -> Settings:
    """Few draws, and no word that is too common."""
    return replace(
        settings,
        keywords=replace(settings.keywords, common_share=1.0),
        resampling=replace(settings.resampling, resamples=resamples),
        permutation=replace(settings.permutation, draws=draws),
        specification=replace(settings.specification, resamples=2, null_draws=null_draws),
        themes=replace(settings.themes, subsamples=2),
    )


def frames_of(said: Said) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tokens and measures: each row is a region and the words of one of its measures, commas between them in the text."""
    measures = measures_frame([(region, "，".join(text.split())) for region, text in said])
    rows = zip(said, measures["measure_id"], strict=True)
    tokens = tokens_frame([(region, name, " / ".join(text.split()).split()) for (region, text), name in rows])
    return tokens.astype({"generic": bool}), measures


def similarity_of(said: Said) -> pd.DataFrame:
    """similarity.csv, by scikit-learn; what is about characters does not matter here."""
    names = list(dict.fromkeys(region for region, _ in said))
    cosines = plain_cosines([[w for region, text in said if region == name for w in text.split()] for name in names])
    pairs = list(combinations(range(len(names)), 2))
    values = np.array([cosines[i, j] for i, j in pairs])
    return pd.DataFrame(
        {
            "region_a": [names[i] for i, _ in pairs],
            "region_b": [names[j] for _, j in pairs],
            "cosine": values,
            "rank": rankdata(-values.round(12), method="min").astype(int) if pairs else [],
            "cosine_char": 0.0,
            "rank_char": 1,
            "shared_terms": 0,
        }
    )[tables.SIMILARITY.names]


def structure_of(characters: float) -> pd.DataFrame:
    """structure.csv as far as it is read: p of the structure test by characters; by words all is clear."""
    rows = [
        {"view": view, "k": 0, "silhouette": 0.5, "null_median": 0.1, "null_high": 0.2, "p": p}
        for view, p in (("words", 0.001), ("characters", characters))
    ]
    return tables.from_rows(rows, tables.STRUCTURE)


def consensus_of(groups: Mapping[int, Sequence[int]], names: Sequence[str]) -> pd.DataFrame:
    """consensus.csv of the words: k -> the group of each of the regions."""
    rows = [
        {"k": k, "region": name, "cluster": cluster, "leaf": at, "support": 1.0, "runner_up_support": 0.0, "jaccard": 1.0}
        for k, own in groups.items()
        for at, (name, cluster) in enumerate(zip(names, own, strict=True), 1)
    ]  # fmt: skip
    return tables.from_rows(rows, tables.CONSENSUS)


def inputs_of(
    said: Said,
    settings: Settings,
    codebook: Codebook = BOOK,
    *,
    groups: Mapping[int, Sequence[int]] | None = None,
    described: int | None = None,
    structure: pd.DataFrame | None = None,
    terms: pd.DataFrame | None = None,
) -> list[pd.DataFrame]:
    """All that the stage reads, in order; ``groups`` are those by words, of which those of ``described`` are shown."""
    tokens, measures = frames_of(said)
    names = regions_of(measures).names
    ks = group_numbers(len(names), settings.cluster)
    made = groups or {k: [at % k + 1 for at in range(len(names))] for k in (1, *ks)}
    shown = described or max(made)
    clusters = pd.DataFrame({"region": names, "cluster": made[shown], "label": "—", "silhouette": 0.0, "support": 1.0})
    clusters = clusters.assign(runner_up=pd.NA, runner_up_support=0.0, confident=False, leaf=range(1, len(names) + 1))
    coded, found, _, _ = coding_of(measures, tokens, codebook, settings)
    return [
        measures,
        tokens,
        coded,
        found,
        similarity_of(said),
        tables.from_rows([], tables.SIMILARITY_TERMS) if terms is None else terms,
        structure_of(0.001) if structure is None else structure,
        consensus_of(made, names),
        clusters[tables.CLUSTERS.names],
    ]


def made(said: Said, settings: Settings, *args: Codebook, **other: object) -> dict[str, pd.DataFrame]:
    """Every table of the stage, each within its contract."""
    found = approaches_of(*inputs_of(said, settings, *args, **other), settings)  # type: ignore[arg-type]
    assert tuple(found) == NAMES
    for name, frame in found.items():
        tables.check(frame, tables.by_name(name))
    return found


def corpus_of(said: Said, codebook: Codebook = BOOK) -> tuple[Corpus, pd.DataFrame]:
    """The themes of the regions, and their evidence."""
    _, measures = frames_of(said)
    regions, found = regions_of(measures), evidence_of(measures, codebook)
    return Corpus(regions, {"themes": theme_units(found, regions)}, 1.0, theme_views()), found


# 甲 says training twice and evaluation once, 乙 training, 丙 evaluation and ethics
SAID: Said = [("甲", "培训 培训"), ("甲", "评价 培训"), ("乙", "培训"), ("丙", "评价 师德"), ("丙", "修路")]


# --- what is counted ---------------------------------------------------------------------------------------------


def test_a_theme_counts_once_a_measure_and_only_where_it_counts() -> None:
    _, measures = frames_of([("甲", "x"), ("甲", "y"), ("乙", "z")])
    rows = [("D01-1", "t", COUNTED), ("D01-1", "t", COUNTED), ("D01-1", "e", EXCLUDED), ("D03-1", "e", COUNTED)]
    frame = pd.DataFrame(rows, columns=["measure_id", "theme", "status"])
    found = theme_units(frame, regions_of(measures))
    assert found.terms == ("e", "t")
    assert [part.tolist() for part in found.cells] == [[0, 2], [1, 0], [1, 1]]


def test_cosines_ranks_and_shared_themes_are_worked_by_hand(settings: Settings) -> None:
    found = made(SAID, quick(settings))
    pairs = found["theme_similarity"]
    assert pairs[["region_a", "region_b"]].values.tolist() == [["甲", "乙"], ["甲", "丙"], ["乙", "丙"]]
    # training and evaluation are in two of three regions: idf ln(4/3) + 1 = 1.287682; ethics in one: ln 2 + 1 = 1.693147
    # 甲 (2, 1, 0) / root 5, 乙 (1, 0, 0), 丙 (0, 1.287682, 1.693147) / 2.127175
    expected = [2 / math.sqrt(5), 1 / math.sqrt(5) * 0.6053485, 0]
    assert pairs["cosine"].tolist() == pytest.approx(expected, abs=1e-6)
    assert pairs["rank"].tolist() == [1, 2, 3]
    assert pairs["shared_themes"].tolist() == [1, 1, 0]
    by_words = similarity_of(SAID)
    assert pairs["cosine_words"].tolist() == by_words["cosine"].tolist()
    assert pairs["rank_words"].tolist() == by_words["rank"].tolist()
    shared = found["theme_pairs"]
    assert shared[["region_a", "region_b", "theme", "rank", "measures_a", "measures_b"]].values.tolist() == [
        ["甲", "乙", "training", 1, ["D01-1", "D02-1"], ["D03-1"]],
        ["甲", "丙", "evaluation", 1, ["D02-1"], ["D04-1"]],
    ]
    assert shared["product"].tolist() == pytest.approx(expected[:2], abs=1e-6)
    assert shared["share"].tolist() == [1, 1]


CODED = st.lists(
    st.tuples(st.sampled_from("甲乙丙丁"), st.lists(st.sampled_from(["培训", "评价", "师德", "经费", "修路"]), max_size=4)),
    min_size=1,
    max_size=12,
).map(lambda rows: [(region, " ".join(own) or "修路") for region, own in rows])  # fmt: skip


@given(CODED)
def test_the_products_of_a_pair_sum_to_its_cosine_and_its_cosine_is_scikit_learns(said: list[tuple[str, str]]) -> None:
    corpus, found = corpus_of(said)
    shared = shared_themes_of(corpus, found)
    tables.check(shared, tables.THEME_PAIRS)
    names = corpus.regions.names
    theme = {"培训": "training", "评价": "evaluation", "师德": "ethics", "经费": "funding"}
    carried = {
        name: [theme[word] for region, text in said if region == name for word in set(text.split()) if word in theme]
        for name in names
    }
    cosines = corpus.cosines(VIEW)[0]
    if any(carried.values()):
        expected = plain_cosines(list(carried.values()))
        np.testing.assert_allclose(cosines, expected, atol=1e-9)
    for i, j in combinations(range(len(names)), 2):
        own = shared[(shared["region_a"] == names[i]) & (shared["region_b"] == names[j])]
        assert math.fsum(own["product"]) == pytest.approx(cosines[i, j], abs=1e-12)
        assert set(own["theme"]) == set(carried[names[i]]) & set(carried[names[j]])
        assert own["rank"].tolist() == list(range(1, len(own) + 1))
        assert (own["product"].diff().dropna() <= 1e-9).all()
        if len(own):
            assert math.fsum(own["share"]) == pytest.approx(1)
        for row in own.itertuples():
            for name, ids in ((names[i], row.measures_a), (names[j], row.measures_b)):
                assert len(ids) == carried[name].count(row.theme)


# --- pairs -------------------------------------------------------------------------------------------------------

MORE: Said = [
    ("山东", "培训 评价"), ("山东", "培训"), ("山东", "经费"),
    ("浙江", "培训 评价"), ("浙江", "师德"),
    ("上海", "师德 经费"), ("上海", "评价"),
    ("湖南", "经费"), ("湖南", "师德 培训"),
]  # fmt: skip
WORDS = {"培训": "training", "评价": "evaluation", "师德": "ethics", "经费": "funding"}


def cosines_of(said: Said, regions: Sequence[int], times: Sequence[int], n: int) -> np.ndarray:
    """scikit-learn's, of the themes of measures moved and repeated."""
    documents: list[list[str]] = [[] for _ in range(n)]
    for (_, text), region, often in zip(said, regions, times, strict=True):
        documents[region] += [WORDS[word] for word in text.split()] * int(often)
    return plain_cosines(documents)


def test_p_is_the_place_of_a_pair_among_the_shuffled_pairs_of_like_size_and_q_is_corrected(settings: Settings) -> None:
    draws = 29
    found = made(MORE, quick(settings, draws=draws))["theme_similarity"]
    of = np.array([0, 0, 0, 1, 1, 2, 2, 3, 3])
    deals = shuffled_among(of, draws, np.random.default_rng([settings.resampling.seed, evidence._SHUFFLE]))
    drawn = [cosines_of(MORE, deal, [1] * 9, 4) for deal in deals]
    own = cosines_of(MORE, of, [1] * 9, 4)
    pairs = list(combinations(range(4), 2))
    expected = []
    for a, b in pairs:
        like = [(i, j) for i, j in pairs if (0 in (i, j)) == (0 in (a, b))]  # 山东 has three measures, the others two
        null = [each[i, j] for each in drawn for i, j in like]
        expected.append((1 + sum(value >= own[a, b] - 1e-9 for value in null)) / (1 + len(null)))
    assert found["p"].tolist() == pytest.approx(expected, abs=1e-12)
    assert found["q"].tolist() == pytest.approx(false_discovery_control(expected).tolist(), abs=1e-12)
    assert found["p"].between(1 / (1 + draws * 6), 1).all()
    assert (found["q"] >= found["p"] - 1e-12).all()


def test_intervals_are_those_of_scikit_learn_on_the_same_draws(settings: Settings) -> None:
    draws = 40
    chosen = quick(settings, resamples=draws)
    corpus, _ = corpus_of(MORE)
    found = pairs_of(corpus, similarity_of(MORE), np.full(6, 0.5), chosen)
    of = corpus.regions.of
    times = resampled_within(of, draws, np.random.default_rng([settings.resampling.seed, approaches._RESAMPLE]))
    above = np.triu_indices(4, 1)
    drawn = np.array([cosines_of(MORE, of, each, 4)[above] for each in times])
    np.testing.assert_allclose(found["cosine_low"], np.percentile(drawn, 2.5, axis=0), atol=1e-9)
    np.testing.assert_allclose(found["cosine_high"], np.percentile(drawn, 97.5, axis=0), atol=1e-9)
    observed = cosines_of(MORE, of, [1] * 9, 4)[above]
    np.testing.assert_allclose(found["bias"], drawn.mean(axis=0) - observed, atol=1e-9)
    rounded = drawn.round(9)
    ranks = np.sort(np.where(rounded > 0, rankdata(-rounded, method="min", axis=1), 6), axis=0)
    assert found["rank_low"].tolist() == ranks[math.floor(0.025 * 39)].tolist()
    assert found["rank_high"].tolist() == ranks[math.ceil(0.975 * 39)].tolist()
    largest = (rounded == rounded.max(axis=1, keepdims=True)) & (rounded > 0)
    shares = (largest / np.maximum(largest.sum(axis=1, keepdims=True), 1)).mean(axis=0)
    assert found["first_share"].tolist() == pytest.approx(shares.tolist())


# --- profiles of the groups --------------------------------------------------------------------------------------


def profiles(said: Said, cluster_of: Mapping[str, int], themes: Sequence[str]) -> pd.DataFrame:
    _, measures = frames_of(said)
    found = profiles_of(evidence_of(measures, BOOK), measures, themes, "words", cluster_of)
    tables.check(found, tables.THEME_PROFILES)
    return found


def keyness(here: int, total: int, elsewhere: int, rest: int) -> float:
    table = [[here, elsewhere], [total - here, rest - elsewhere]]
    value = float(chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic)
    return value if here * rest >= elsewhere * total else -value


def test_the_themes_of_a_group_are_held_against_the_measures_of_all_others() -> None:
    # group 1: 山东 and 浙江 with 5 measures, group 2: 上海 and 湖南 with 4
    cluster = {"山东": 1, "浙江": 1, "上海": 2, "湖南": 2}
    found = profiles(MORE, cluster, ["training", "evaluation", "ethics", "funding"])
    columns = ["cluster", "theme", "measures", "share", "share_rest", "regions", "measure_ids"]
    assert found[columns].values.tolist() == [
        [1, "training", 3, 3 / 5, 1 / 4, 2, ["D01-1", "D02-1", "D04-1"]],
        [1, "evaluation", 2, 2 / 5, 1 / 4, 2, ["D01-1", "D04-1"]],
        [1, "ethics", 1, 1 / 5, 2 / 4, 1, ["D05-1"]],
        [1, "funding", 1, 1 / 5, 2 / 4, 1, ["D03-1"]],
        [2, "training", 1, 1 / 4, 3 / 5, 1, ["D09-1"]],
        [2, "evaluation", 1, 1 / 4, 2 / 5, 1, ["D07-1"]],
        [2, "ethics", 2, 2 / 4, 1 / 5, 2, ["D06-1", "D09-1"]],
        [2, "funding", 2, 2 / 4, 1 / 5, 2, ["D06-1", "D08-1"]],
    ]
    g2 = [keyness(3, 5, 1, 4), keyness(2, 5, 1, 4), keyness(1, 5, 2, 4)]
    expected = [g2[0], g2[1], g2[2], g2[2], -g2[0], -g2[1], -g2[2], -g2[2]]
    assert found["g2"].tolist() == pytest.approx(expected, abs=1e-9)
    assert found["g2_p"].tolist() == pytest.approx(chi2.sf(np.abs(expected), 1).tolist(), abs=1e-9)
    assert found["rank"].tolist() == [1, 2, 3, 4, 4, 3, 1, 2]  # of equal ones the first of the codebook
    assert set(found["grouping"]) == {"words"}


def test_a_theme_that_a_measure_mentions_often_counts_once_and_one_that_nobody_has_is_listed() -> None:
    said = [("甲", "培训 培训 培训"), ("甲", "修路"), ("乙", "修路")]
    found = profiles(said, {"甲": 1, "乙": 2}, ["training", "ethics"])
    assert found["measures"].tolist() == [1, 0, 0, 0]
    assert found["share"].tolist() == [0.5, 0, 0, 0]
    assert found["g2"].tolist() == pytest.approx([keyness(1, 2, 0, 1), 0, -keyness(1, 2, 0, 1), 0], abs=1e-9)


def test_one_group_of_all_has_shares_and_nothing_to_hold_them_against() -> None:
    found = profiles(SAID, dict.fromkeys("甲乙丙", 1), ["training", "ethics"])
    assert found["share"].tolist() == [3 / 5, 1 / 5]
    assert found[["share_rest", "g2"]].values.tolist() == [[0, 0], [0, 0]]
    assert found["g2_p"].tolist() == [1, 1]
    assert labels_of(found) == {}


def test_a_group_is_labelled_by_at_most_three_themes_that_mark_it_the_strongest_first() -> None:
    rows = [
        (1, "a", 3.0, 2), (1, "b", 5.0, 1), (1, "c", 1.0, 4), (1, "d", 2.0, 3), (1, "e", -1.0, 5),
        (2, "a", -3.0, 2), (2, "b", 0.0, 1),
        (3, "a", -3.0, 2), (3, "b", 0.5, 1),
    ]  # fmt: skip
    found = labels_of(pd.DataFrame(rows, columns=["cluster", "theme", "g2", "rank"]))
    assert found == {1: "b·a·d", 3: "b"}


# --- do themes and words agree? ----------------------------------------------------------------------------------


def test_the_rand_p_is_that_of_all_permutations_of_the_regions() -> None:
    a = np.array([0, 0, 1, 1])
    value, p = rand_of(a, np.array([1, 1, 0, 0]), 4000, np.random.default_rng(1))
    assert value == 1
    # 8 of the 24 orders leave the pairs together
    assert p == pytest.approx(1 / 3, abs=0.025)
    b = np.array([0, 1, 0, 1])
    value, p = rand_of(a, b, 4000, np.random.default_rng(1))
    all_orders = [adjusted_rand_score(a, b[list(order)]) for order in permutations(range(4))]
    assert value == pytest.approx(adjusted_rand_score(a, b))
    assert p == pytest.approx(np.mean([each >= value - 1e-12 for each in all_orders]), abs=0.025)


@given(st.integers(2, 8).flatmap(lambda n: st.tuples(*[st.lists(st.integers(0, 3), min_size=n, max_size=n)] * 2)))
def test_the_rand_index_is_scikit_learns_and_its_p_a_place_among_its_draws(groups: tuple[list[int], list[int]]) -> None:
    a, b = (np.array(each) for each in groups)
    value, p = rand_of(a, b, 20, np.random.default_rng(3))
    assert value == pytest.approx(adjusted_rand_score(a, b), abs=1e-12)
    orders = np.random.default_rng(3).permuted(np.tile(np.arange(len(a)), (20, 1)), axis=1)
    null = [adjusted_rand_score(a, b[order]) for order in orders]
    assert p == pytest.approx((1 + sum(each >= value - 1e-9 for each in null)) / 21)


def symmetric(*above: float) -> np.ndarray:
    n = {1: 2, 3: 3, 6: 4}[len(above)]
    found = np.eye(n)
    found[np.triu_indices(n, 1)] = above
    return np.maximum(found, found.T)


def said_of(found: pd.DataFrame) -> dict[tuple[str, int], tuple[float, float, str]]:
    tables.check(found, tables.VIEW_AGREEMENT)
    return {(row.measure, row.k): (row.value, row.p, row.why) for row in found.itertuples()}


HALVES, OTHERS, ONE = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 0]), np.zeros(4, dtype=np.int64)


def test_the_agreement_is_stated_for_the_cosines_every_number_of_groups_and_the_groups_described(
    settings: Settings,
) -> None:
    a, b = symmetric(0.1, 0.2, 0.3, 0.4, 0.5, 0.6), symmetric(0.1, 0.2, 0.3, 0.4, 0.6, 0.5)
    found = said_of(agreement_of(a, b, {2: (HALVES, HALVES), 3: (HALVES, OTHERS)}, (HALVES, ONE), quick(settings)))
    assert list(found) == [("mantel", 0), ("rand", 2), ("rand", 3), ("rand", -1)]
    # ranks 1 2 3 4 5 6 and 1 2 3 4 6 5: 1 - 6 x 2 / (6 x 35)
    assert found["mantel", 0][0] == pytest.approx(1 - 12 / 210)
    assert found["rand", 2][0] == 1
    assert found["rand", 3][0] == pytest.approx(adjusted_rand_score(HALVES, OTHERS))
    for key in (("mantel", 0), ("rand", 2), ("rand", 3)):
        assert 1 / 20 <= found[key][1] <= 1
        assert found[key][2] == ""
    assert np.isnan(found["rand", -1][:2]).all()
    assert found["rand", -1][2] == "one group"


def test_cosines_that_do_not_vary_agree_with_nothing(settings: Settings) -> None:
    flat, other = symmetric(0.5, 0.5, 0.5), symmetric(0.1, 0.2, 0.3)
    three = (np.array([0, 0, 1]), np.array([0, 0, 1]))
    for pair in ((flat, other), (other, flat)):
        value, p, why = said_of(agreement_of(*pair, {}, three, quick(settings)))["mantel", 0]
        assert math.isnan(value)
        assert math.isnan(p)
        assert why == "the cosines do not vary"


@pytest.mark.parametrize("matrix", [np.eye(1), symmetric(0.5)])
def test_fewer_than_three_regions_have_no_agreement(settings: Settings, matrix: np.ndarray) -> None:
    own = np.arange(len(matrix))
    found = said_of(agreement_of(matrix, matrix, {}, (own, own), quick(settings)))
    assert {why for _, _, why in found.values()} == {"fewer than 3 regions"}
    assert np.isnan([each[:2] for each in found.values()]).all()


def test_where_every_measure_is_one_word_of_one_theme_themes_and_words_say_the_same(settings: Settings) -> None:
    said = [(region, word) for region, text in MORE for word in text.split()]
    found = made(said, quick(settings))
    pairs = found["theme_similarity"]
    assert pairs["cosine"].tolist() == pytest.approx(pairs["cosine_words"].tolist(), abs=1e-12)
    assert pairs["rank"].tolist() == pairs["rank_words"].tolist()
    mantel = said_of(found["view_agreement"])["mantel", 0]
    assert mantel[0] == pytest.approx(1)
    assert found["view_differences"].empty


def test_the_groups_of_both_views_are_held_against_each_other_in_the_order_of_the_regions(settings: Settings) -> None:
    chosen = quick(settings)
    groups = {1: [1, 1, 1, 1], 2: [1, 2, 2, 1], 3: [1, 2, 3, 1]}
    found = made(MORE, chosen, groups=groups, described=3)
    agreement = said_of(found["view_agreement"])
    assert [key for key in agreement if key[0] == "rand"] == [("rand", 2), ("rand", 3), ("rand", -1)]
    own = found["theme_groups"].set_index("region")
    assert own["cluster_words"].loc[["山东", "浙江", "上海", "湖南"]].tolist() == groups[3]
    described = own["cluster"].loc[["山东", "浙江", "上海", "湖南"]].tolist()
    if len(set(described)) > 1:
        assert agreement["rand", -1][0] == pytest.approx(adjusted_rand_score(described, groups[3]))
    assert set(found["theme_profiles"]["grouping"]) == {"words", "themes"}
    by_words = found["theme_profiles"][found["theme_profiles"]["grouping"] == "words"]
    assert sorted(set(by_words["cluster"])) == [1, 2, 3]


def test_partitions_are_read_in_the_order_of_the_regions() -> None:
    frame = consensus_of({1: [1, 1, 1], 2: [2, 1, 2]}, ["丙", "甲", "乙"])
    found = partitions_at(frame, ["甲", "乙", "丙"])
    assert {k: own.tolist() for k, own in found.items()} == {1: [0, 0, 0], 2: [0, 1, 1]}


# --- where they differ -------------------------------------------------------------------------------------------

# 甲 and 乙 say the same but for one measure of 甲: many words, no theme. 丙 shares words with 丁, no theme with anybody.
ODD = "修路 架桥 种树 挖渠 通车 铺轨 建房 开矿"
DIFFER: Said = [
    ("甲", "培训 教师"), ("甲", ODD), ("甲", "评价 教师"),
    ("乙", "培训 教师"), ("乙", "评价 教师"),
    ("丙", "师德 教师 课堂"), ("丙", "学生 课堂"),
    ("丁", "经费 教师 课堂"), ("丁", "学生 课堂"),
]  # fmt: skip


def differences(said: Said, settings: Settings, most: int = 10, terms: pd.DataFrame | None = None) -> pd.DataFrame:
    chosen = replace(quick(settings), themes=replace(settings.themes, differences=most, subsamples=2))
    return made(said, chosen, terms=terms)["view_differences"]


def test_the_measure_that_makes_two_regions_differ_is_named_with_what_is_left_without_it(settings: Settings) -> None:
    assert similarity_of(DIFFER).set_index(["region_a", "region_b"])["rank"].to_dict()["甲", "乙"] > 1
    found = differences(DIFFER, settings).set_index(["region_a", "region_b"])
    row = found.loc[("甲", "乙")]
    assert row["rank_themes"] == 1
    assert row["difference"] == row["rank_words"] - 1 > 0
    assert row["measure_ids"] == ["D02-1"]
    assert row["difference_without"] == 0
    assert row["themes"] in ("training·evaluation", "evaluation·training")
    assert found.loc[("丙", "丁"), "difference"] < 0  # closer by words
    assert found.loc[("丙", "丁"), "themes"] == ""


def drawn(seed: int) -> Said:
    """Four regions with three measures of three words each, half of them indicators."""
    rng = np.random.default_rng(seed)
    return [
        (name, " ".join(rng.choice(["培训", "评价", "师德", "经费", "教师", "课堂", "学生", "修路"], 3)))
        for name in "甲乙丙丁"
        for _ in range(3)
    ]


@pytest.mark.parametrize("said", [DIFFER, drawn(1), drawn(2), drawn(3)], ids=["made", "1", "2", "3"])
def test_differences_are_those_of_scikit_learn_without_each_measure_in_turn(said: Said, settings: Settings) -> None:
    found = differences(said, settings, 100)
    names = ["甲", "乙", "丙", "丁"]
    pairs = list(combinations(range(4), 2))

    def ranks(said: Said, themes: bool) -> dict[tuple[str, str], int]:
        documents = [
            [
                WORDS.get(word, word)
                for region, text in said
                if region == name
                for word in (dict.fromkeys(text.split()) if themes else text.split())
                if word in WORDS or not themes
            ]
            for name in names
        ]
        cosines = plain_cosines(documents)
        values = np.array([cosines[i, j] for i, j in pairs]).round(9)
        own = rankdata(-values, method="min").astype(int).tolist()
        return {(names[i], names[j]): rank for (i, j), rank in zip(pairs, own, strict=True)}

    def difference(said: Said) -> dict[tuple[str, str], int]:
        by_words, by_themes = ranks(said, False), ranks(said, True)
        return {pair: by_words[pair] - by_themes[pair] for pair in by_words}

    whole = difference(said)
    without = {f"D{at + 1:02d}-1": difference([*said[:at], *said[at + 1 :]]) for at in range(len(said))}
    owner = {f"D{at + 1:02d}-1": region for at, (region, _) in enumerate(said)}
    assert {(row.region_a, row.region_b): row.difference for row in found.itertuples()} == {
        pair: value for pair, value in whole.items() if value
    }
    sizes = found["difference"].abs().tolist()
    assert sizes == sorted(sizes, reverse=True)
    for row in found.itertuples():
        pair = (row.region_a, row.region_b)
        left = {
            name: each[pair] for name, each in without.items() if owner[name] in pair and abs(each[pair]) < abs(whole[pair])
        }  # fmt: skip
        expected = sorted(left, key=lambda name: (abs(left[name]), name))[:3]
        assert row.measure_ids == expected
        assert (None if pd.isna(row.difference_without) else row.difference_without) == (
            left[expected[0]] if expected else None
        )


def test_no_more_pairs_are_listed_than_the_setting_says_the_most_different_first(settings: Settings) -> None:
    all_of_them = differences(DIFFER, settings, 100)
    assert len(all_of_them) > 2
    pd.testing.assert_frame_equal(differences(DIFFER, settings, 2), all_of_them.head(2))


def test_a_pair_that_differs_names_the_words_that_carry_most_of_its_likeness(settings: Settings) -> None:
    rows = [
        {"region_a": "甲", "region_b": "乙", "term": term, "product": 1 / rank, "share": 0.1, "rank": rank}
        for rank, term in enumerate(["教师", "培训", "评价", "课堂"], 1)
    ]
    terms = tables.from_rows(rows, tables.SIMILARITY_TERMS)
    found = differences(DIFFER, settings, terms=terms).set_index(["region_a", "region_b"])["terms"]
    assert found["甲", "乙"] == "教师·培训·评价"
    assert set(found.drop(("甲", "乙"))) <= {""}


# --- few regions, nothing coded ----------------------------------------------------------------------------------


def numbers_of(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.select_dtypes("number")


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_regions_are_one_group_and_have_no_more_than_their_pair(n: int, settings: Settings) -> None:
    found = made([row for row in MORE if row[0] in ("山东", "浙江")[:n]], quick(settings))
    assert len(found["theme_similarity"]) == n - 1
    assert np.isfinite(numbers_of(found["theme_similarity"]).to_numpy(dtype=float)).all()
    assert found["theme_groups"]["cluster"].tolist() == [1] * n
    assert found["theme_groups"]["confident"].tolist() == [False] * n
    assert found["theme_verdict"]["outcome"].iloc[-1] == "not shown"
    assert set(found["view_agreement"]["why"]) == {"fewer than 3 regions"}
    assert found["view_differences"].empty
    assert found["theme_structure"]["k"].tolist() == [1]
    assert np.isfinite(found["theme_profiles"][["share", "share_rest", "g2", "g2_p"]].to_numpy(dtype=float)).all()


@pytest.mark.parametrize("n", [1, 2, 3, 5])
@pytest.mark.parametrize("codebook", [BOOK, NO_THEMES], ids=["codebook", "none"])
def test_where_nothing_is_coded_nothing_is_alike_and_no_groups_are_shown(
    settings: Settings, n: int, codebook: Codebook
) -> None:
    # without a codebook: texts without a letter, which are in no group of measures
    text = "修路 种树" if codebook.themes else "，"
    said = [(name, text) for name in "甲乙丙丁戊"[:n] for _ in range(2)]
    if codebook.themes:
        found = made(said, quick(settings), codebook)
    else:
        inputs = inputs_of([(name, "修路") for name, _ in said], quick(settings))
        inputs[0] = measures_frame(said)
        inputs[2], inputs[3], _, _ = coding_of(inputs[0], inputs[1].head(0), codebook, quick(settings))
        assert inputs[2].empty
        found = approaches_of(*inputs, quick(settings))
        for name, frame in found.items():
            tables.check(frame, tables.by_name(name))
    assert (found["theme_similarity"]["cosine"] == 0).all()
    assert found["theme_pairs"].empty
    assert found["theme_groups"]["cluster"].tolist() == [1] * n
    assert found["theme_verdict"]["outcome"].iloc[-1] == "not shown"
    assert (found["theme_profiles"]["measures"] == 0).all()


def test_regions_that_carry_the_same_themes_are_one_group(settings: Settings) -> None:
    found = made([(name, text) for name in "甲乙丙丁" for text in ("培训 评价", "师德")], quick(settings))
    assert found["theme_similarity"]["cosine"].tolist() == pytest.approx([1] * 6)
    assert (found["theme_similarity"]["p"] > 0.05).all()
    assert set(found["theme_groups"]["cluster"]) == {1}
    assert found["theme_verdict"]["outcome"].iloc[-1] == "not shown"


@hypothesis.settings(max_examples=25)
@given(CODED)
def test_any_coding_keeps_the_contracts(settings: Settings, said: list[tuple[str, str]]) -> None:
    ordered = sorted(said, key=lambda row: [each for each, _ in said].index(row[0]))
    found = made(ordered, quick(settings, resamples=4, draws=4, null_draws=1))
    pairs = found["theme_similarity"]
    assert pairs["p"].between(0, 1, inclusive="right").all()
    assert pairs["q"].between(0, 1, inclusive="right").all()
    for column in ("cosine", "cosine_low", "cosine_high", "first_share"):
        assert pairs[column].between(0, 1).all()
    assert (pairs["rank_low"] <= pairs["rank_high"]).all()
    summed = found["theme_pairs"].groupby(["region_a", "region_b"])["product"].sum()
    for row in pairs.itertuples():
        assert summed.get((row.region_a, row.region_b), 0.0) == pytest.approx(row.cosine, abs=1e-9)
    assert found["view_agreement"]["value"].dropna().between(-1 - 1e-9, 1 + 1e-9).all()
    assert found["theme_groups"]["silhouette"].between(-1, 1).all()


# --- planted groups ----------------------------------------------------------------------------------------------

TOPICS = (("培训", "研修进修轮训送培"), ("经费", "拨款补助津贴奖金"), ("评价", "考核督导验收评分"))
PLACES = tuple(f"{letter}地" for letter in "甲乙丙丁戊己庚辛壬")


def planted(strength: float, seed: int = 1) -> Said:
    """Nine regions in three groups with a topic each; a measure is on its group's topic with this probability."""
    rng = np.random.default_rng(seed)
    said = []
    for at, name in enumerate(PLACES):
        for _ in range(5):
            indicator, letters = TOPICS[at // 3 if rng.random() < strength else int(rng.integers(3))]
            own = "".join(rng.choice(list(letters), 4))
            common = "".join(rng.choice(list("学校教师工作建设发展职业"), 2))
            said.append((name, f"{indicator} {own} {common}"))
    return said


@pytest.fixture(scope="module")
def topics() -> Codebook:
    return codebook_of({"training": ["培训"], "funding": ["经费"], "evaluation": ["评价"]})


def judged(said: Said, settings: Settings, codebook: Codebook) -> dict[str, pd.DataFrame]:
    """With the structure of the characters as the stage before finds it."""
    chosen = quick(settings, draws=39, null_draws=19)
    chosen = replace(chosen, specification=replace(chosen.specification, resamples=5))
    tokens, measures = frames_of(said)
    _, structure, _ = permutation_of(tokens, measures, chosen)
    return made(said, chosen, codebook, structure=structure)


def test_planted_groups_whose_characters_agree_are_found_and_supported(settings: Settings, topics: Codebook) -> None:
    found = judged(planted(0.95), settings, topics)
    groups = found["theme_groups"].set_index("region")["cluster"]
    assert adjusted_rand_score([at // 3 for at in range(9)], groups.loc[list(PLACES)]) == 1
    assert found["theme_verdict"]["criterion"].tolist()[:2] == ["structure_themes", "structure_characters"]
    assert found["theme_verdict"]["outcome"].iloc[-1] == "supported"
    assert found["theme_verdict"]["value"].iloc[-1] == 3
    assert found["theme_groups"]["confident"].all()
    labels = found["theme_groups"].set_index("region")["label"]
    for at, name in enumerate(PLACES):
        assert labels[name].split("·")[0] == ("training", "funding", "evaluation")[at // 3]
    within = np.array([i // 3 == j // 3 for i, j in combinations(range(9), 2)])
    p = found["theme_similarity"]["p"]
    assert p[within].max() < 0.1 < 0.5 < p[~within].min()


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_in_shuffled_measures_no_groups_are_shown(settings: Settings, topics: Codebook, seed: int) -> None:
    said = planted(0.95)
    order = np.random.default_rng(seed).permutation(len(said))
    shuffled = [(name, said[at][1]) for (name, _), at in zip(said, order, strict=True)]
    found = judged(shuffled, settings, topics)
    assert found["theme_verdict"]["outcome"].iloc[-1] == "not shown"
    assert not found["theme_groups"]["confident"].any()


def test_groups_by_themes_that_the_characters_do_not_bear_out_are_not_shown(
    settings: Settings, topics: Codebook
) -> None:
    found = made(planted(0.95), quick(settings, draws=39, null_draws=19), topics, structure=structure_of(0.4))
    verdict = found["theme_verdict"].set_index("criterion")
    assert verdict.loc["structure_themes", "met"]
    assert not verdict.loc["structure_characters", "met"]
    assert verdict.loc["verdict", "outcome"] == "not shown"


def test_groups_of_measures_are_compared_as_themes_are(settings: Settings) -> None:
    chosen = replace(quick(settings), themes=replace(settings.themes, measure_groups=3, subsamples=2))
    said = planted(1.0)
    found = made(said, chosen, NO_THEMES)
    groups = found["theme_groups"].set_index("region")["cluster"]
    assert adjusted_rand_score([at // 3 for at in range(9)], groups.loc[list(PLACES)]) == 1
    assert set(found["theme_pairs"]["theme"]) <= {"g1", "g2", "g3"}


# --- the stage ---------------------------------------------------------------------------------------------------

INPUTS = (
    tables.MEASURES, tables.TOKENS, tables.CODEBOOK, tables.THEME_EVIDENCE, tables.SIMILARITY, tables.SIMILARITY_TERMS,
    tables.STRUCTURE, tables.CONSENSUS, tables.CLUSTERS,
)  # fmt: skip


@pytest.fixture
def stage(tmp_path: Path, settings: Settings) -> list[str]:
    """The arguments of the stage; the inputs are there, and outputs of an earlier run."""
    frames = inputs_of(MORE, settings)
    tables.write(*((frame, table, tmp_path / f"{table.name}.csv") for frame, table in zip(frames, INPUTS, strict=True)))
    text = (METHOD / "settings.toml").read_text("utf-8").replace("resamples = 1000", "resamples = 100")
    text = text.replace("resamples = 20\n", "resamples = 1\n").replace("null_draws = 99", "null_draws = 19")
    (tmp_path / "settings.toml").write_text(text, "utf-8")
    for name in NAMES:
        (tmp_path / f"{name}.csv").write_text("earlier", "utf-8")
    names = [*(f"{table.name}.csv" for table in INPUTS), "settings.toml", *(f"{name}.csv" for name in NAMES)]
    return [str(tmp_path / name) for name in names]


def test_the_docstring_names_what_goes_in_and_what_comes_out() -> None:
    first = (approaches.__doc__ or "").split(": ", 1)[1].rstrip(".")
    ins, outs = (part.split(", ") for part in first.split(" -> "))
    assert ins == [f"{table.name}.csv" for table in INPUTS]
    assert outs == [f"{name}.csv" for name in NAMES]


def test_the_stage_reads_and_writes_its_tables(stage: list[str], tmp_path: Path, settings: Settings) -> None:
    run(main, stage)
    chosen = replace(
        settings,
        resampling=replace(settings.resampling, resamples=100),
        specification=replace(settings.specification, resamples=1, null_draws=19),
    )
    read = [tables.read(tmp_path / f"{table.name}.csv", table) for table in INPUTS]
    for name, frame in approaches_of(*read, chosen).items():
        tables.write((frame, tables.by_name(name), tmp_path / "expected.csv"))
        assert (tmp_path / f"{name}.csv").read_bytes() == (tmp_path / "expected.csv").read_bytes(), name


@pytest.mark.parametrize("gone", ["theme_evidence.csv", "clusters.csv", "settings.toml"])
def test_a_missing_file_is_one_message_and_leaves_earlier_outputs_alone(
    gone: str, stage: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / gone).unlink()
    with pytest.raises(SystemExit) as caught:
        run(main, stage)
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{tmp_path / gone}\n")
    assert "找不到这个文件" in said
    assert "no such file" in said
    for name in NAMES:
        assert (tmp_path / f"{name}.csv").read_text("utf-8") == "earlier"


def test_neither_the_run_nor_the_number_of_processes_changes_a_table(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = quick(settings, resamples=120)  # more than one portion of draws
    inputs = inputs_of(MORE, chosen)
    here, again = (approaches_of(*inputs, chosen) for _ in range(2))
    monkeypatch.setenv("JOBS", "2")
    there = approaches_of(*inputs, chosen)
    for name in NAMES:
        pd.testing.assert_frame_equal(here[name], again[name], check_exact=True)
        pd.testing.assert_frame_equal(here[name], there[name], check_exact=True)


def test_another_seed_gives_other_draws(settings: Settings) -> None:
    chosen = quick(settings)
    other = replace(chosen, resampling=replace(chosen.resampling, seed=chosen.resampling.seed + 1))
    found = [made(MORE, each)["theme_similarity"] for each in (chosen, other)]
    assert found[0]["cosine"].tolist() == found[1]["cosine"].tolist()
    assert found[0]["bias"].tolist() != found[1]["bias"].tolist()


# --- the appendix ------------------------------------------------------------------------------------------------


def test_the_pairs_of_the_appendix_are_those_of_its_evidence(corpus: conftest.Corpus) -> None:
    counted = corpus.theme_evidence[corpus.theme_evidence["status"] == COUNTED]
    marks = counted.drop_duplicates(["measure_id", "theme"])
    documents = [marks.loc[marks["region"] == name, "theme"].tolist() for name in conftest.REGIONS]
    cosines = plain_cosines(documents)
    above = [cosines[i, j] for i, j in combinations(range(13), 2)]
    np.testing.assert_allclose(corpus.theme_similarity["cosine"], above, atol=1e-9)
    assert corpus.theme_similarity["rank"].tolist() == rankdata(-np.round(above, 9), method="min").astype(int).tolist()
    assert corpus.theme_similarity["cosine_words"].tolist() == corpus.similarity["cosine"].tolist()
    assert corpus.theme_similarity["rank_words"].tolist() == corpus.similarity["rank"].tolist()
    sums = corpus.theme_pairs.groupby(["region_a", "region_b"])["product"].agg(math.fsum)
    for row in corpus.theme_similarity.itertuples():
        assert sums.get((row.region_a, row.region_b), 0.0) == pytest.approx(row.cosine, abs=1e-12)
        own = set(documents[conftest.REGIONS.index(row.region_a)]) & set(
            documents[conftest.REGIONS.index(row.region_b)]
        )
        assert row.shared_themes == len(own)


def test_the_verdict_on_the_themes_of_the_appendix_follows_from_its_tables(corpus: conftest.Corpus) -> None:
    verdict = corpus.theme_verdict.set_index("criterion")
    own = corpus.theme_structure.set_index("k").loc[0, "p"]
    characters = corpus.structure.set_index(["view", "k"]).loc[("characters", 0), "p"]
    chosen = corpus.theme_choice[corpus.theme_choice["chosen"]].iloc[0]
    assert verdict.loc["structure_themes", "value"] == own
    assert verdict.loc["structure_characters", "value"] == characters
    if chosen["k"] > 1:
        assert verdict.loc["pac", "value"] == chosen["pac_p"]
        assert verdict.loc["jaccard", "value"] == chosen["jaccard"]
    if max(own, characters) > 0.05:
        assert verdict.loc["verdict", "outcome"] == "not shown"
        assert not corpus.theme_groups["confident"].any()
    assert set(corpus.theme_structure["view"]) == {"themes"}


def test_the_differences_of_the_appendix_are_those_of_its_ranks(corpus: conftest.Corpus) -> None:
    pairs = corpus.theme_similarity
    whole = (pairs["rank_words"] - pairs["rank"]).abs().sort_values(ascending=False)
    assert corpus.view_differences["difference"].abs().tolist() == whole.head(10).tolist()
    owner = corpus.measures.set_index("measure_id")["region"]
    for row in corpus.view_differences.itertuples():
        assert row.difference == row.rank_words - row.rank_themes
        assert {owner[name] for name in row.measure_ids} <= {row.region_a, row.region_b}
        assert len(row.measure_ids) <= 3
        if row.measure_ids:
            assert abs(row.difference_without) < abs(row.difference)


def test_words_are_compared_as_in_the_table_of_words(corpus: conftest.Corpus, settings: Settings) -> None:
    view = base_views(exclude_generic=settings.keywords.exclude_generic)["words"]
    regions = regions_of(corpus.measures)
    texts = Corpus(regions, {"dictionary": words(corpus.tokens, regions)}, settings.keywords.common_share)
    themes = Corpus(regions, {"themes": theme_units(corpus.theme_evidence, regions)}, 1.0, theme_views())
    assert differences_of(
        themes, texts, view, corpus.theme_similarity.assign(rank_words=corpus.theme_similarity["rank"]),
        corpus.theme_pairs, corpus.similarity_terms, 10,
    ).empty  # fmt: skip
    above = np.triu_indices(13, 1)
    np.testing.assert_allclose(texts.cosines(view)[0][above], corpus.similarity["cosine"], atol=1e-9)
