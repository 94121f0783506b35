"""Every number of the summary is worked by hand on three documents and recounted on thirteen."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline import tables
from pipeline.method import Settings
from pipeline.nearest import nearest_of
from pipeline.summary import certainty_of, limits_of, summary_of, table_of
from tests.conftest import REGIONS, Corpus


def numbers(summary: pd.DataFrame) -> dict[str, float]:
    return dict(zip(summary["metric"], summary["value"], strict=True))


def by_metric(rows: Iterable[tuple[str, float, str]]) -> dict[str, float]:
    return {metric: float(value) for metric, value, _ in rows}


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("regions", 3),
        ("documents", 3),
        ("regions_several", 0),
        ("measures", 3),
        ("characters_min", 9),  # 培训、评价、双师。
        ("characters_max", 12),  # 培训、培训、基地、评价。
        ("words", 10),  # 4 + 3 + 3
        ("types", 5),  # 培训 基地 评价 双师 校企
        ("own_types", 2),  # 基地 校企
        ("own_types_share", 0.4),
        ("nested", 0),
        ("common", 0),  # the share is 1 here
        # 基地 in 山东, G2 2.002978310878, and 校企 in 上海, 2.682574458060 (test_keywords.py); P = erfc(root(G2 / 2))
        ("single_p_min", math.erfc(math.sqrt(2.6825744580600879 / 2))),
        ("single_p_max", math.erfc(math.sqrt(2.0029783108784980 / 2))),
        ("listed", 8),  # 3 + 3 + 2 terms
        ("listed_single", 6),  # all but 培训 in 山东 and 双师 in 上海
        ("listed_single_share", 0.75),
        ("generic_words", 0),
        ("generic_would_list", 0),
        ("generic_would_lead", 0),
        ("pairs", 3),
        ("cosine_max", 0.6677106466949364),  # as worked in test_similarity.py
        ("cosine_min", 0.0),
        ("cosine_mean", (0.6677106466949364 + 0.4824290016744727) / 3),
        ("nearest_agree", 3),
        # 山东 (1 - 0.332289) / 1, 浙江 (0.517571 - 0.332289) / 0.517571, 上海 alone 0 (test_cluster.py), over 3
        ("silhouette_max", 0.34189789918706265),
        ("silhouette_max_k", 2),
        ("k", 2),
        ("silhouette", 0.34189789918706265),
        ("k_min", 2),
        ("k_max", 2),
        ("removed", 12),  # title 2; header 2 + 2 + 6
        ("removed_runs", 4),
        ("audit_dropped", 1),  # 、 alone: the sentence ends stand outside the measures
        ("audit_merged", 0),
        ("audit_quoted", 0),
        # one measure a region is drawn again and again: every list is the same, and no draw moves a pair
        ("listed_stable", 8),
        ("listed_stable_single", 6),
        ("nearest_certain", 3),
        ("nearest_among", 1),
        ("closest_kept", 2),  # without 浙江 nothing is shared
        ("confident", 0),
        ("specifications", 240),  # 2 x 2 x 4 x 2 of words and 2 x 4 x 2 of characters, by 5 algorithms
        ("views", 48),
        ("first_pairs", 0),  # of three pairs all would be among the first ten
        ("heads", 3),
        ("members", 2),  # of the pair; a region alone is a member of nothing
    ],
)
def test_three_documents_have_the_numbers_worked_by_hand(three: Corpus, metric: str, value: float) -> None:
    assert numbers(three.summary)[metric] == pytest.approx(value, abs=1e-9)


def test_three_regions_at_a_glance_are_as_worked_by_hand(three: Corpus) -> None:
    columns = [
        "region",
        "documents",
        "characters",
        "measures",
        "words",
        "types",
        "own_types",
        "nearest",
        "nearest_char",
    ]
    assert three.regions[columns].values.tolist() == [
        ["山东", 1, 12, 1, 4, 3, 1, "浙江", "浙江"],
        ["浙江", 1, 9, 1, 3, 3, 0, "山东", "山东"],
        ["上海", 1, 9, 1, 3, 2, 1, "浙江", "浙江"],
    ]
    assert three.regions["nearest_cosine"].tolist() == pytest.approx(
        [0.6677106466949364, 0.6677106466949364, 0.4824290016744727], abs=1e-9
    )


def test_the_nearest_of_equals_is_the_one_earlier_in_the_corpus() -> None:
    pairs = pd.DataFrame(
        [("C", "A", 0.5), ("A", "B", 0.5), ("B", "C", 0.1)], columns=["region_a", "region_b", "cosine"]
    )
    assert nearest_of(pairs, ["B", "C", "A"], "cosine") == {"A": ("B", 0.5), "B": ("A", 0.5), "C": ("A", 0.5)}


def test_a_region_that_is_like_no_other_has_no_nearest_one_and_the_value_says_zero() -> None:
    pairs = pd.DataFrame(
        [("A", "B", 0.0), ("A", "C", 0.0), ("B", "C", 0.2)], columns=["region_a", "region_b", "cosine"]
    )
    assert nearest_of(pairs, ["A", "B", "C"], "cosine") == {"A": ("", 0.0), "B": ("C", 0.2), "C": ("B", 0.2)}


def test_two_views_that_both_name_no_nearest_region_do_not_agree(three: Corpus, settings: Settings) -> None:
    # as if 上海 were like no other by either cosine: of three that agree two are left
    alone = three.regions["region"] == "上海"
    regions = three.regions.assign(
        nearest=three.regions["nearest"].mask(alone, ""), nearest_char=three.regions["nearest_char"].mask(alone, "")
    )
    found = by_metric(
        summary_of(
            regions, three.cleaning, three.audit, three.keywords, three.similarity, three.cluster_choice,
            nested=0, top=settings.keywords.top,
        )
    )  # fmt: skip
    assert found["nearest_agree"] == 2


def test_generic_words_that_would_have_led_are_counted(three: Corpus, settings: Settings) -> None:
    # as if 培训 were generic: it leads 山东 (rank_all 1) and 浙江 (rank_all 1)
    marked = three.keywords["term"] == "培训"
    keywords = three.keywords.assign(generic=marked, rank=three.keywords["rank"].mask(marked))
    found = by_metric(
        summary_of(
            three.regions, three.cleaning, three.audit, keywords, three.similarity, three.cluster_choice,
            nested=7, top=settings.keywords.top,
        )
    )  # fmt: skip
    assert (found["generic_words"], found["generic_would_list"], found["generic_would_lead"]) == (1, 2, 2)
    assert found["listed"] == 6
    assert found["nested"] == 7  # as handed over


def test_a_common_word_is_counted_once_however_many_regions_say_it(three: Corpus, settings: Settings) -> None:
    # as if 培训 (山东, 浙江) and 双师 (浙江, 上海) were common
    marked = three.keywords["term"].isin(["培训", "双师"])
    keywords = three.keywords.assign(unranked=three.keywords["unranked"].mask(marked, "common"))
    found = by_metric(
        summary_of(
            three.regions, three.cleaning, three.audit, keywords, three.similarity, three.cluster_choice,
            nested=0, top=settings.keywords.top,
        )
    )  # fmt: skip
    assert found["common"] == 2


def test_nested_common_and_single_words_of_the_appendix_are_those_of_its_tables(corpus: Corpus) -> None:
    found = numbers(corpus.summary)
    tokens = corpus.tokens
    assert found["nested"] == (tokens["nested_in"].str.len() > 0).sum() > 0
    spread = tokens[~tokens["generic"]].groupby("term")["region"].nunique()
    assert found["common"] == (spread > 0.6 * 13).sum() > 0
    # a word said once in the corpus, in a region of n of N words: one cell 1, one 0, G2 = 2 ln(N / n) and what the
    # other words make of it; P falls as n does, so the extremes are those of the shortest and longest such region
    once = tokens.groupby("term").filter(lambda rows: len(rows) == 1)
    sizes = tokens.groupby("region").size()
    total = len(tokens)

    def p(n: int) -> float:
        rest = total - n
        cells = [(1, n / total), (n - 1, n * (total - 1) / total), (rest, rest * (total - 1) / total)]
        return math.erfc(math.sqrt(math.fsum(o * math.log(o / e) for o, e in cells)))  # root(G2 / 2)

    ps = [p(int(sizes[region])) for region in once["region"].unique()]
    assert (found["single_p_min"], found["single_p_max"]) == pytest.approx((min(ps), max(ps)), abs=1e-12)


def test_the_numbers_of_the_appendix_are_those_of_its_tables(corpus: Corpus, settings: Settings) -> None:
    found = numbers(corpus.summary)
    tokens = corpus.tokens
    spread = tokens.groupby("term")["region"].nunique()
    assert (found["regions"], found["documents"], found["measures"], found["pairs"]) == (13, 13, 59, 78)
    assert (found["words"], found["types"]) == (len(tokens), tokens["term"].nunique())
    assert found["own_types"] == (spread == 1).sum()
    assert found["listed"] == 13 * settings.keywords.top
    lengths = corpus.documents["text"].map(len)
    assert (found["characters_min"], found["characters_max"]) == (lengths.min(), lengths.max())
    # 附件1, the title, the three header cells, [bookmark: _GoBack]
    assert found["removed"] == 3 + 16 + 2 + 2 + 6 + 19
    assert (found["k_min"], found["k_max"]) == (settings.cluster.k_min, settings.cluster.k_max)
    fit = corpus.cluster_choice.set_index("k")["silhouette"]
    assert found["silhouette_max"] == max(fit[fit.index > 1])
    assert fit[found["silhouette_max_k"]] == found["silhouette_max"]
    assert found["silhouette"] == fit[found["k"]]
    assert found["k"] == corpus.clusters["cluster"].max()


def test_where_only_one_group_is_possible_the_numbers_of_groups_say_one(three: Corpus, settings: Settings) -> None:
    choice = three.cluster_choice[three.cluster_choice["k"] == 1].assign(chosen=True)
    found = by_metric(
        summary_of(
            three.regions, three.cleaning, three.audit, three.keywords, three.similarity, choice,
            nested=0, top=settings.keywords.top,
        )
    )  # fmt: skip
    names = ("k", "k_min", "k_max", "silhouette_max_k", "silhouette", "silhouette_max")
    assert [found[name] for name in names] == [1, 1, 1, 1, 0, 0]


# --- how sure the findings are -----------------------------------------------------------------------------------


def frame(columns: str, *rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=columns.split())


KEYWORDS = frame(
    "rank stability single_mention g2_q",
    (1, 0.9, False, 0.01),
    (2, 0.7, True, 0.05),  # at both thresholds
    (3, 0.69, True, 0.06),
    (4, 1.0, True, 0.01),  # below the places of the list
    (pd.NA, 1.0, False, 0.01),  # not ranked
)
NEIGHBOURS = frame(
    "region nearest_share among",
    ("A", 0.95, True), ("A", 0.05, False), ("A", 0.0, False),  # certain, among 1
    ("B", 0.5, True), ("B", 0.5, True), ("B", 0.0, False),  # among 2
    ("C", 0.4, True), ("C", 0.4, True), ("C", 0.2, True),  # among 3
    ("D", 0.94, True), ("D", 0.03, True), ("D", 0.03, True),  # among 3
)  # fmt: skip
ROBUSTNESS = frame(
    "kind standing",
    ("closest", "robust"),
    ("pair", "robust"), ("pair", "sensitive"), ("pair", "robust"),
    ("core", "robust"),
    ("membership", "fragile"), ("membership", "robust"), ("membership", "sensitive"), ("membership", "fragile"),
    ("keyword", "robust"), ("keyword", "robust"),
)  # fmt: skip
SPECIFICATIONS = frame(
    "text generic weight min_df algorithm rand_mean",
    ("dictionary", "out", "tf-idf", 1, "average", 0.1),
    ("dictionary", "out", "tf-idf", 1, "ward", 0.2),
    ("dictionary", "out", "tf-idf", 2, "ward", 0.6),
    ("dictionary", "in", "tf-idf", 2, "ward", 0.7),
)


@pytest.fixture
def sure(settings: Settings) -> dict[str, float]:
    """Numbers of the hand-made tables; three places in a list, stable from 0.7, level 0.95, alpha 0.05."""
    chosen = replace(
        settings,
        keywords=replace(settings.keywords, top=3),
        resampling=replace(settings.resampling, stable=0.7, level=0.95),
        permutation=replace(settings.permutation, alpha=0.05),
    )
    rest = frame("closest_same rho", (True, 0.99), (False, 0.91), (True, 0.95))
    return by_metric(
        certainty_of(
            KEYWORDS,
            frame("holds", (True,), (False,), (True,)),
            NEIGHBOURS,
            rest,
            frame("confident", (True,), (True,), (False,)),
            ROBUSTNESS,
            SPECIFICATIONS,
            chosen,
        )
    )


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("listed_stable", 2),
        ("listed_stable_single", 1),
        ("listed_discovered", 2),
        ("pairs_hold", 2),
        ("nearest_certain", 1),
        ("nearest_among", 3),  # of 1, 2, 3, 3 the upper median
        ("closest_kept", 2),
        ("left_out_rho", 0.91),
        ("confident", 2),
        ("specifications", 4),
        ("views", 3),  # the algorithm is no part of a view
        ("rand_median", 0.4),  # between 0.2 and 0.6
        ("first_pairs", 3),
        ("first_pairs_robust", 2),
        ("heads", 2),
        ("heads_robust", 2),
        ("members", 4),
        ("members_robust", 1),
    ],
)
def test_how_sure_the_findings_are_is_counted_by_hand(sure: dict[str, float], metric: str, value: float) -> None:
    assert sure[metric] == pytest.approx(value, abs=1e-12)


def test_where_there_is_one_region_its_pairs_and_groups_count_nothing(settings: Settings) -> None:
    empty = {
        table.name: tables.from_rows([], table)
        for table in (tables.PAIR_TESTS, tables.NEIGHBOURS, tables.LEAVE_ONE_OUT, tables.SPECIFICATIONS)
    }
    found = by_metric(
        certainty_of(
            KEYWORDS,
            empty["pair_tests"],
            empty["neighbours"],
            empty["leave_one_out"],
            frame("confident", (False,)),
            frame("kind standing", ("keyword", "robust")),
            empty["specifications"],
            settings,
        )
    )
    undefined = {"nearest_among", "left_out_rho", "rand_median"}  # the median or least of nothing
    assert {name for name, value in found.items() if math.isnan(value)} == undefined
    assert (found["heads"], found["heads_robust"]) == (1, 1)
    zero = {"pairs_hold", "nearest_certain", "closest_kept", "confident", "specifications", "views", "first_pairs"}
    assert {found[name] for name in zero} == {0.0}


def test_the_certainty_of_the_appendix_is_recounted_from_its_tables(corpus: Corpus) -> None:
    found = numbers(corpus.summary)
    listed = [row for row in corpus.keywords.itertuples() if not pd.isna(row.rank) and row.rank <= 10]
    assert found["listed_stable"] == sum(row.stability >= 0.7 for row in listed)
    assert found["listed_discovered"] == sum(row.g2_q <= 0.05 for row in listed)
    assert found["pairs_hold"] == sum(row.q <= 0.05 and row.q_char <= 0.05 for row in corpus.pair_tests.itertuples())
    assert found["left_out_rho"] == min(corpus.leave_one_out["rho"])
    assert found["heads"] == 13
    assert found["members"] == sum(
        len(group) for _, group in corpus.clusters.groupby("cluster") if len(group) > 1
    )  # a region alone is a member of nothing


# --- what could not be computed ----------------------------------------------------------------------------------


def regions_frame(*rows: tuple[str, int, int]) -> pd.DataFrame:
    return frame("region measures words", *rows)


def similarity_frame(*rows: tuple[str, str, float]) -> pd.DataFrame:
    if not rows:
        return tables.from_rows([], tables.SIMILARITY)
    return frame("region_a region_b cosine", *rows).assign(cosine_char=0.1)


FOUR = (("A", 4, 40), ("B", 3, 30), ("C", 2, 20), ("D", 5, 50))
APART = (("A", "B", 0.5), ("A", "C", 0.1), ("A", "D", 0.2), ("B", "C", 0.3), ("B", "D", 0.1), ("C", "D", 0.4))


def limits(
    settings: Settings, regions: Iterable[tuple[str, int, int]], pairs: Iterable[tuple[str, str, float]], k: int = 0
) -> list[list[str]]:
    chosen = replace(settings, cluster=replace(settings.cluster, k=k))
    found = limits_of(regions_frame(*regions), similarity_frame(*pairs), chosen)
    tables.check(found, tables.LIMITS)
    return found.values.tolist()


def test_where_everything_can_be_computed_there_are_no_limits(settings: Settings) -> None:
    assert limits(settings, FOUR, APART) == []


def test_one_region_has_no_pairs(settings: Settings) -> None:
    assert limits(settings, FOUR[:1], ()) == [["pairs", "—"]]


def test_two_regions_have_a_pair_and_no_groups(settings: Settings) -> None:
    assert limits(settings, FOUR[:2], APART[:1]) == [["groups", "2"]]


def test_three_regions_have_groups(settings: Settings) -> None:
    assert limits(settings, FOUR[:3], [APART[0], APART[1], APART[3]]) == []


def test_regions_that_share_no_word_are_apart_and_none_is_called_alone(settings: Settings) -> None:
    assert limits(settings, FOUR, [(a, b, 0.0) for a, b, _ in APART]) == [["apart", "—"]]


@pytest.mark.parametrize("cosine", [0.3, 1.0])
def test_regions_of_which_all_pairs_are_equal_are_alike_and_none_is_called_alone(
    settings: Settings, cosine: float
) -> None:
    assert limits(settings, FOUR, [(a, b, cosine) for a, b, _ in APART]) == [["alike", "—"]]


@pytest.mark.parametrize(("k", "found"), [(0, []), (3, []), (4, [["k_too_large", "4"]]), (9, [["k_too_large", "9"]])])
def test_a_number_of_groups_that_leaves_no_two_regions_together_is_too_large(
    settings: Settings, k: int, found: list[list[str]]
) -> None:
    assert limits(settings, FOUR, APART, k) == found


def test_a_region_of_one_measure_or_without_words_is_named(settings: Settings) -> None:
    regions = (("A", 1, 40), FOUR[1], ("C", 1, 0), ("D", 5, 0))
    pairs = [("A", "B", 0.5), ("A", "C", 0.0), ("A", "D", 0.0), ("B", "C", 0.0), ("B", "D", 0.0), ("C", "D", 0.0)]
    # C and D are alone too, but because they say nothing
    assert limits(settings, regions, pairs) == [
        ["one_measure", "A"], ["one_measure", "C"], ["no_words", "C"], ["no_words", "D"],
    ]  # fmt: skip


def test_a_region_that_shares_no_word_with_any_other_is_alone(settings: Settings) -> None:
    pairs = [(a, b, 0.0 if "C" in (a, b) else cosine) for a, b, cosine in APART]
    assert limits(settings, FOUR, pairs) == [["alone", "C"]]


def test_two_regions_that_share_nothing_are_both_alone(settings: Settings) -> None:
    assert limits(settings, FOUR[:2], [("A", "B", 0.0)]) == [["groups", "2"], ["alone", "A"], ["alone", "B"]]


def test_all_limits_stand_in_one_order(settings: Settings) -> None:
    assert limits(settings, [("A", 1, 10), ("B", 1, 0)], [("A", "B", 0.0)], k=5) == [
        ["groups", "2"], ["k_too_large", "5"], ["one_measure", "A"], ["one_measure", "B"], ["no_words", "B"], ["alone", "A"],
    ]  # fmt: skip


# --- the tables --------------------------------------------------------------------------------------------------


def test_numbers_become_rows_with_their_origin_and_what_is_not_defined_stays_empty(tmp_path: Path) -> None:
    found = table_of([("regions", 13, "regions: rows"), ("left_out_rho", math.nan, "leave_one_out: smallest rho")])
    tables.check(found, tables.SUMMARY)
    assert found["value"].tolist()[0] == 13.0
    tables.write((found, tables.SUMMARY, tmp_path / "summary.csv"))
    lines = (tmp_path / "summary.csv").read_text("utf-8-sig").splitlines()
    assert lines[1:] == ["regions,13.000000,regions: rows", "left_out_rho,,leave_one_out: smallest rho"]


def test_the_regions_of_the_appendix_sum_to_its_tables(corpus: Corpus) -> None:
    regions = corpus.regions
    assert tuple(regions["region"]) == REGIONS
    assert regions["measures"].sum() == 59
    assert regions["words"].sum() == len(corpus.tokens)
    assert regions["characters"].sum() == corpus.documents["text"].map(len).sum()
    assert regions["own_types"].sum() == numbers(corpus.summary)["own_types"]
    for row in regions.itertuples():
        own = corpus.similarity[(corpus.similarity[["region_a", "region_b"]] == row.region).any(axis=1)]
        assert row.nearest_cosine == own["cosine"].max()
        best = own.loc[own["cosine"].idxmax(), ["region_a", "region_b"]].tolist()
        assert sorted(best) == sorted([row.region, row.nearest])


def test_every_table_of_both_corpora_keeps_its_contract(corpus: Corpus, three: Corpus) -> None:
    for tables_of in (corpus, three):
        for frame, table in tables_of.with_contracts():
            tables.check(frame, table)
