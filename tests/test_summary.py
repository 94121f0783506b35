"""Every number of the summary is worked by hand on three documents and recounted on thirteen."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from scipy.stats import spearmanr

from pipeline import tables
from pipeline.method import Settings
from pipeline.summary import nearest_of, summary_of
from tests.conftest import REGIONS, Corpus


def numbers(summary: pd.DataFrame) -> dict[str, float]:
    return dict(zip(summary["metric"], summary["value"], strict=True))


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("regions", 3),
        ("documents", 3),
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
        ("views_rho", 1.0),  # the pairs of characters are the words
        ("nearest_agree", 3),
        ("silhouette_max", 0.34189789918706265),  # as worked in test_cluster.py
        ("silhouette_max_k", 2),
        ("k", 2),
        ("silhouette", 0.34189789918706265),
        ("k_min", 2),
        ("k_max", 2),
        ("removed", 15),  # title 2; header with its tabs 3 + 3 + 7
        ("removed_runs", 4),
        ("audit_dropped", 1),  # 、 alone: the sentence ends stand outside the measures
        ("audit_merged", 0),
        ("audit_quoted", 0),
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
    found = numbers(
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
    found = numbers(
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
    found = numbers(
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
    # 附件1, the title, the three header cells with their tabs, [bookmark: _GoBack]
    assert found["removed"] == 3 + 16 + 3 + 3 + 7 + 19
    rho = spearmanr(corpus.similarity["cosine"], corpus.similarity["cosine_char"]).statistic
    assert found["views_rho"] == pytest.approx(rho, abs=1e-12)


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
