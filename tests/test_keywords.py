"""Keywords: weights worked by hand, ranks that leave generic, explained and common words out, and say so."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from logodds import log_odds_details  # type: ignore[import-untyped]
from scipy.stats import chi2_contingency, false_discovery_control
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline import tables
from pipeline.keywords import keywords_of
from pipeline.method import KeywordsSettings, ResamplingSettings, Settings, load_settings, load_word_list
from tests.conftest import METHOD, REGIONS, Corpus, tokens_frame

# The corpus of the fixture `three`:
#   山东  培训 培训 基地 评价     4 words
#   浙江  培训 评价 双师          3 words
#   上海  双师 双师 校企          3 words
# df: 培训 2, 评价 2, 双师 2, 基地 1, 校企 1 of 3 regions
# idf: df 2: ln(4/3) + 1 = 0.287682072451781 + 1 = 1.287682072451781
#      df 1: ln(4/2) + 1 = 0.693147180559945 + 1 = 1.693147180559945
# norms: squares 1.287682072451781^2 = 1.658125119714014 and 1.693147180559945^2 = 2.866747375058121
#   山东  root(4 x 1.658125119714 + 2.866747375058 + 1.658125119714) = root 11.157372973661 = 3.340265404666
#   浙江  root(3 x 1.658125119714) = root 4.974375359142 = 2.230330773482
#   上海  root(4 x 1.658125119714 + 2.866747375058) = root 9.499247853914 = 3.082084984859
# G2 = 2 sum O ln(O/E) over (term, others) x (here, elsewhere); here of 4, 3, 3 words, elsewhere of 6, 7, 7:
#   培训 in 山东 2/4, 1/6: E 1.2 1.8 2.8 4.2   2 [2 ln(2/1.2) + ln(1/1.8) + 2 ln(2/2.8) + 5 ln(5/4.2)]
#       = 2 [1.021651247532 - 0.587786664902 - 0.672944473242 + 0.871766935724] = 1.265374090223
#   基地 in 山东 1/4, 0/6: E 0.4 0.6 3.6 5.4   2 [0.916290731874 + 3 ln(3/3.6) + 6 ln(6/5.4)]
#       = 2 [0.916290731874 - 0.546964670382 + 0.632163093947] = 2.002978310878
#   评价 in 山东 1/4, 1/6: E 0.8 1.2 3.2 4.8   2 [0.223143551314 - 0.182321556794 - 0.193615563413 + 0.204109972601]
#       = 0.102632807417
#   培训 in 浙江 1/3, 2/7: E 0.9 2.1 2.1 4.9   2 [0.105360515658 - 0.097580328339 - 0.097580328339 + 0.101013536588]
#       = 0.022426791135; 双师 in 浙江 has the same table
#   评价 in 浙江 1/3, 1/7: E 0.6 1.4 2.4 5.6   2 [0.510825623766 - 0.336472236621 - 0.364643113588 + 0.413957228921]
#       = 0.447335004957
#   双师 in 上海 2/3, 1/7: E 0.9 2.1 2.1 4.9   2 [1.597015392436 - 0.741937344729 - 0.741937344729 + 1.215145584669]
#       = 2.656572575291
#   校企 in 上海 1/3, 0/7: E 0.3 0.7 2.7 6.3   2 [1.203972804326 - 0.600209184901 + 0.737523609605] = 2.682574458060
BY_HAND = [
    # region, term, count, tf, df, idf, tf-idf, G2
    ("山东", "培训", 2, 2 / 4, 2, 1.2876820724517809, 2.5753641449035618 / 3.3402654046657221, 1.2653740902226506),
    ("山东", "基地", 1, 1 / 4, 1, 1.6931471805599453, 1.6931471805599453 / 3.3402654046657221, 2.0029783108784980),
    ("山东", "评价", 1, 1 / 4, 2, 1.2876820724517809, 1.2876820724517809 / 3.3402654046657221, 0.1026328074176345),
    ("浙江", "培训", 1, 1 / 3, 2, 1.2876820724517809, 1.2876820724517809 / 2.2303307734820727, 0.0224267911353911),
    ("浙江", "评价", 1, 1 / 3, 2, 1.2876820724517809, 1.2876820724517809 / 2.2303307734820727, 0.4473350049571544),
    ("浙江", "双师", 1, 1 / 3, 2, 1.2876820724517809, 1.2876820724517809 / 2.2303307734820727, 0.0224267911353911),
    ("上海", "双师", 2, 2 / 3, 2, 1.2876820724517809, 2.5753641449035618 / 3.0820849848589423, 2.6565725752912661),
    ("上海", "校企", 1, 1 / 3, 1, 1.6931471805599453, 1.6931471805599453 / 3.0820849848589423, 2.6825744580600879),
]


@pytest.mark.parametrize(("region", "term", "count", "tf", "df", "idf", "weight", "g2"), BY_HAND)
def test_three_documents_have_the_values_worked_by_hand(
    three: Corpus, region: str, term: str, count: int, tf: float, df: int, idf: float, weight: float, g2: float
) -> None:
    row = three.keywords.set_index(["region", "term"]).loc[(region, term)]
    assert (row["count"], row["df"], row["kind"]) == (count, df, "word")
    found = [row["tf"], row["idf"], row["tf_idf"], row["g2"]]
    assert found == pytest.approx([tf, idf, weight, g2], abs=1e-9)


def test_three_documents_have_these_terms_and_no_other(three: Corpus) -> None:
    assert sorted(zip(three.keywords["region"], three.keywords["term"], strict=True)) == sorted(
        (region, term) for region, term, *_ in BY_HAND
    )


def test_terms_are_ranked_by_weight_and_ties_by_first_mention(three: Corpus) -> None:
    ranked = three.keywords.groupby("region", sort=False)["term"].agg(list).to_dict()
    # 山东 by hand: 0.771, 0.507, 0.386; 浙江: three equal weights; 上海: 0.836, 0.549
    assert ranked == {"山东": ["培训", "基地", "评价"], "浙江": ["培训", "评价", "双师"], "上海": ["双师", "校企"]}
    assert three.keywords["rank"].tolist() == [1, 2, 3, 1, 2, 3, 1, 2]


FEW = replace(load_settings(METHOD / "settings.toml").resampling, resamples=100)  # where stability is not asked for


def weighed(tokens: pd.DataFrame, settings: KeywordsSettings, resampling: ResamplingSettings = FEW) -> pd.DataFrame:
    """Keywords of a corpus whose measures are those of its tokens."""
    measures = tokens.drop_duplicates("measure_id").assign(doc_id=lambda frame: frame["region"])
    return keywords_of(tokens, measures, settings, resampling)


@pytest.fixture
def plain(settings: Settings) -> KeywordsSettings:
    """No phrases and no common words."""
    return replace(settings.keywords, phrase_max_words=1, common_share=1.0)


def listed(keywords: pd.DataFrame, region: str, column: str = "rank") -> list[str]:
    own = keywords[(keywords["region"] == region) & keywords[column].notna()]
    return own.sort_values(column)["term"].tolist()


def test_a_generic_word_has_no_rank_but_the_one_it_would_have(plain: KeywordsSettings) -> None:
    tokens = tokens_frame([("山东", "D01-1", ["加强", "加强", "培训"]), ("浙江", "D02-1", ["评价"])], generic=["加强"])
    keywords = weighed(tokens, plain)
    generic = keywords.set_index("term").loc["加强"]
    assert (generic["unranked"], generic["generic"], generic["rank_all"]) == ("generic", True, 1)
    assert listed(keywords, "山东") == ["培训"]
    assert listed(keywords, "山东", "rank_all") == ["加强", "培训"]


def test_a_generic_word_takes_no_part_in_the_length_of_the_vector_unless_the_setting_says_so(
    plain: KeywordsSettings,
) -> None:
    tokens = tokens_frame([("山东", "D01-1", ["加强", "培训"]), ("浙江", "D02-1", ["评价"])], generic=["加强"])
    alone = weighed(tokens, plain).set_index("term")
    beside = weighed(tokens, replace(plain, exclude_generic=False)).set_index("term")
    # 山东 alone has both words, so their idf is equal: 培训 is 1 / 1 without 加强 and 1 / root 2 beside it
    assert alone.loc["培训", "tf_idf"] == pytest.approx(1.0, abs=1e-12)
    assert beside.loc["培训", "tf_idf"] == pytest.approx(1 / math.sqrt(2), abs=1e-12)


@pytest.mark.parametrize(("share", "reason"), [(0.5, "common"), (0.75, ""), (1.0, "")])
def test_a_word_of_more_than_the_given_share_of_regions_is_common(
    plain: KeywordsSettings, share: float, reason: str
) -> None:
    # 培训 is in 3 of 4 regions
    said = [("山东", ["培训"]), ("浙江", ["培训"]), ("湖南", ["培训"]), ("上海", ["双师"])]
    tokens = tokens_frame([(region, f"D{at}-1", words) for at, (region, words) in enumerate(said)])
    keywords = weighed(tokens, replace(plain, common_share=share)).set_index(["region", "term"])
    assert keywords.loc[("山东", "培训"), "unranked"] == reason
    assert pd.isna(keywords.loc[("山东", "培训"), "rank"]) == bool(reason)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.6])
def test_a_word_of_two_regions_is_never_common_however_few_regions_there_are(
    plain: KeywordsSettings, share: float
) -> None:
    tokens = tokens_frame([("山东", "D01-1", ["培训"]), ("浙江", "D02-1", ["培训"]), ("上海", "D03-1", ["双师"])])
    keywords = weighed(tokens, replace(plain, common_share=share))
    assert keywords["unranked"].tolist() == ["", "", ""]
    assert keywords["rank"].tolist() == [1, 1, 1]


def test_a_common_word_takes_no_part_in_the_length_of_the_vector(plain: KeywordsSettings) -> None:
    tokens = tokens_frame(
        [
            ("山东", "D01-1", ["培训", "培训", "基地", "评价"]),
            ("浙江", "D02-1", ["培训", "双师"]),
            ("上海", "D03-1", ["校企"]),
            ("湖南", "D04-1", ["培训"]),
        ]
    )
    alone = weighed(tokens, replace(plain, common_share=0.5)).set_index(["region", "term"])
    beside = weighed(tokens, plain).set_index(["region", "term"])
    # 培训 is in 3 of 4 regions: idf i = ln(5/4) + 1 = 1.223144; the others in 1: j = ln(5/2) + 1 = 1.916291
    i, j = 1.2231435513142097, 1.9162907318741551
    # 山东 without 培训: (j, j) of length j root 2; with it: (2i, j, j) of length root(4 i^2 + 2 j^2)
    assert alone.loc[("山东", "基地"), "tf_idf"] == pytest.approx(1 / math.sqrt(2), abs=1e-12)
    assert beside.loc[("山东", "基地"), "tf_idf"] == pytest.approx(j / math.sqrt(4 * i**2 + 2 * j**2), abs=1e-12)
    # 浙江 without it has one word left
    assert alone.loc[("浙江", "双师"), "tf_idf"] == pytest.approx(1.0, abs=1e-12)
    # its own weight is over the same length: 2i / (j root 2)
    assert alone.loc[("山东", "培训"), "tf_idf"] == pytest.approx(2 * i / (j * math.sqrt(2)), abs=1e-12)
    # the counts are those of all words
    for column in ("count", "tf", "df", "idf", "g2"):
        assert alone[column].sort_index().equals(beside[column].sort_index())


def test_a_region_of_common_words_alone_has_weights_of_zero_and_no_list(plain: KeywordsSettings) -> None:
    tokens = tokens_frame(
        [
            ("山东", "D01-1", ["培训"]),
            ("浙江", "D02-1", ["培训", "双师"]),
            ("上海", "D03-1", ["校企"]),
            ("湖南", "D04-1", ["培训"]),
        ]
    )
    keywords = weighed(tokens, replace(plain, common_share=0.5))
    assert keywords.set_index(["region", "term"]).loc[("山东", "培训"), "tf_idf"] == 0.0
    assert listed(keywords, "山东") == []
    assert listed(keywords, "浙江") == ["双师"]


def test_a_word_with_several_reasons_is_common_before_generic_and_generic_before_explained(
    plain: KeywordsSettings,
) -> None:
    # everything is in 3 of 4 regions; 教师, 队伍 and 建设 stand only inside 教师队伍建设
    words = ["教师/n", "队伍/n", "建设/vn"]
    said = [("山东", words), ("浙江", words), ("湖南", words), ("上海", ["双师"])]
    tokens = tokens_frame([(region, f"D{at}-1", each) for at, (region, each) in enumerate(said)], generic=["建设"])

    def reasons(share: float) -> dict[str, str]:
        keywords = weighed(tokens, replace(plain, phrase_max_words=3, common_share=share))
        own = keywords[keywords["region"] == "山东"].set_index("term")
        assert set(own.loc[["教师", "队伍", "建设"], "explained_by"]) == {"教师队伍建设"}
        return own.loc[["教师", "建设", "教师队伍", "教师队伍建设"], "unranked"].to_dict()

    common = {
        "教师": "common",
        "建设": "common",
        "教师队伍": "explained",
        "教师队伍建设": "",
    }  # phrases are never common
    assert reasons(0.5) == common
    assert reasons(1.0) == {**common, "教师": "explained", "建设": "generic"}


def test_a_phrase_stands_beside_its_words_and_explains_those_said_only_inside_it(plain: KeywordsSettings) -> None:
    tokens = tokens_frame(
        [
            ("山东", "D01-1", ["教师/n", "队伍/n"]),
            ("山东", "D01-2", ["教师/n"]),
            ("浙江", "D02-1", ["评价/n"]),
        ]
    )
    keywords = weighed(tokens, replace(plain, phrase_max_words=2)).set_index("term")
    assert keywords.loc["教师队伍", "kind"] == "phrase"
    assert keywords.loc["队伍", ["unranked", "explained_by"]].tolist() == ["explained", "教师队伍"]
    assert keywords.loc["教师", ["unranked", "explained_by"]].tolist() == ["", ""]
    # count 2, once inside the phrase of two words: C-value log2(1 + 1) x (2 - 1) = 1; the phrase log2(1 + 2) x 1
    assert keywords.loc["教师", "c_value"] == pytest.approx(1.0, abs=1e-12)
    assert keywords.loc["教师队伍", "c_value"] == pytest.approx(math.log2(3), abs=1e-12)
    # idf of df 1 of 2 regions is ln(3/2) + 1 for all; norm idf x root(2^2 + 1^2); the phrase weighs idf / that
    assert keywords.loc["教师队伍", "tf_idf"] == pytest.approx(1 / math.sqrt(5), abs=1e-12)


def test_a_phrase_weighs_only_what_longer_phrases_leave_of_it(plain: KeywordsSettings) -> None:
    tokens = tokens_frame(
        [
            ("山东", "D01-1", ["甲甲/n", "乙乙/n", "丙丙/n"]),
            ("山东", "D01-2", ["甲甲/n", "乙乙/n"]),
            ("浙江", "D02-1", ["评价"]),
        ]
    )
    # at a least count of 1 every part of a stretch is a term, so 乙乙丙丙 too
    keywords = weighed(tokens, replace(plain, phrase_max_words=3, phrase_min_count=1)).set_index("term")
    # all are said by 山东 alone, so one idf cancels; the vector is 甲甲 2, 乙乙 2, 丙丙 1, its length root 9 = 3
    # 甲甲乙乙: 2 less the 1 of 甲甲乙乙丙丙; 乙乙丙丙: 1 less 1; 甲甲 in 甲甲乙乙 and 甲甲乙乙丙丙 counts in full all the same
    weights = keywords["tf_idf"].loc[["甲甲乙乙丙丙", "甲甲乙乙", "乙乙丙丙", "甲甲"]]
    assert weights.tolist() == pytest.approx([1 / 3, 1 / 3, 0.0, 2 / 3], abs=1e-12)
    # at 2 a part said once is none, and nothing else changes
    twice = weighed(tokens, replace(plain, phrase_max_words=3, phrase_min_count=2)).set_index("term")
    assert "乙乙丙丙" not in twice.index
    weights = twice["tf_idf"].loc[["甲甲乙乙丙丙", "甲甲乙乙", "甲甲"]]
    assert weights.tolist() == pytest.approx([1 / 3, 1 / 3, 2 / 3], abs=1e-12)


def test_single_mentions_say_so_and_measures_are_named_once(plain: KeywordsSettings) -> None:
    tokens = tokens_frame(
        [("山东", "D01-1", ["培训", "培训"]), ("山东", "D01-2", ["培训", "基地"]), ("浙江", "D02-1", ["评价"])]
    )
    keywords = weighed(tokens, plain).set_index("term")
    assert keywords.loc["培训", "measure_ids"] == ["D01-1", "D01-2"]
    assert not keywords.loc["培训", "single_mention"]
    assert keywords.loc["基地", "single_mention"]


def test_a_region_of_generic_words_alone_has_weights_of_zero_and_no_list(plain: KeywordsSettings) -> None:
    tokens = tokens_frame([("山东", "D01-1", ["加强"]), ("浙江", "D02-1", ["培训"])], generic=["加强"])
    keywords = weighed(tokens, plain)
    assert keywords.set_index("term").loc["加强", "tf_idf"] == 0.0
    assert listed(keywords, "山东") == []


def test_the_argument_is_left_alone(three: Corpus, settings: Settings) -> None:
    tokens, measures = three.tokens.copy(deep=True), three.measures.copy(deep=True)
    keywords_of(three.tokens, three.measures, settings.keywords, FEW)
    pd.testing.assert_frame_equal(three.tokens, tokens)
    pd.testing.assert_frame_equal(three.measures, measures)


def test_a_region_whose_measures_have_no_words_is_a_region_all_the_same(plain: KeywordsSettings) -> None:
    # 培训 and 基地 are in 1 of 2 regions, not in 1 of 1: idf ln(3/2) + 1
    tokens = tokens_frame([("山东", "D01-1", ["培训", "基地"])])
    measures = pd.DataFrame({"measure_id": ["D01-1", "D02-1"], "region": ["山东", "浙江"], "doc_id": ["D01", "D02"]})
    keywords = keywords_of(tokens, measures, plain, FEW)
    assert keywords["region"].tolist() == ["山东", "山东"]
    assert keywords["idf"].tolist() == pytest.approx([math.log(3 / 2) + 1] * 2, abs=1e-12)


@pytest.mark.parametrize("prior", [0.1, 0.3, 1.0])
def test_a_corpus_of_one_word_alone_has_no_keyness(plain: KeywordsSettings, prior: float) -> None:
    tokens = tokens_frame([("山东", "D01-1", ["双师"]), ("浙江", "D02-1", ["双师"]), ("上海", "D03-1", ["双师"] * 5)])
    keywords = weighed(tokens, replace(plain, prior=prior))
    assert keywords[["g2", "log_odds_z"]].to_numpy().tolist() == [[0.0, 0.0]] * 3
    tables.check(keywords, tables.KEYWORDS)


# --- how sure a keyword is ---------------------------------------------------------------------------------------


def test_log_odds_of_three_documents_have_the_values_worked_by_hand(three: Corpus) -> None:
    # 10 words, 3 regions: the prior has 10/3 words, of which 培训 (said 3 times) has 3/3 = 1, 基地 and 校企 1/3.
    #   培训 in 山东 2 of 4, 1 of 6 elsewhere: odds 3 / (22/3 - 3) = 9/13 and 2 / (28/3 - 2) = 3/11
    #       ln(33/13) / root(1/3 + 1/2) = 0.931558204 / 0.912870929 = 1.020471
    #   基地 in 山东 1 of 4, 0 of 6: odds 4/3 / (22/3 - 4/3) = 2/9 and 1/3 / (28/3 - 1/3) = 1/27
    #       ln 6 / root(3/4 + 3) = 1.791759469 / 1.936491673 = 0.925261
    #   校企 in 上海 1 of 3, 0 of 7: odds 4/3 / (19/3 - 4/3) = 4/15 and 1/3 / (31/3 - 1/3) = 1/30
    #       ln 8 / root(3/4 + 3) = 2.079441542 / 1.936491673 = 1.073819
    found = three.keywords.set_index(["region", "term"])["log_odds_z"]
    wanted = {("山东", "培训"): 1.020471, ("山东", "基地"): 0.925261, ("上海", "校企"): 1.073819}
    assert {key: found[key] for key in wanted} == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("prior", [0.5, 1.0, 4.0])
def test_log_odds_of_the_appendix_are_those_of_the_package_logodds(
    corpus: Corpus, settings: Settings, prior: float
) -> None:
    chosen = replace(settings.keywords, prior=prior)
    keywords = keywords_of(corpus.tokens, corpus.measures, chosen, FEW)
    words = keywords[keywords["kind"] == "word"]
    everywhere = Counter(corpus.tokens["term"])
    of_average_region = {term: prior * count / 13 for term, count in everywhere.items()}
    for region in ("山东", "兴安盟"):
        here = Counter(corpus.tokens.loc[corpus.tokens["region"] == region, "term"])
        rest = everywhere - here
        details = log_odds_details(here, rest, prior_counts=of_average_region, alpha=1e-12)
        own = words[words["region"] == region]
        assert own["log_odds_z"].tolist() == pytest.approx([details[term]["z"] for term in own["term"]], abs=1e-6)


def test_q_values_of_the_appendix_are_scipys_over_all_rows(corpus: Corpus) -> None:
    expected = false_discovery_control(corpus.keywords["g2_p"])
    np.testing.assert_allclose(corpus.keywords["g2_q"], expected, atol=1e-12)


def test_a_region_of_one_measure_has_the_same_list_in_every_draw(plain: KeywordsSettings) -> None:
    # every region draws its one measure again; 双师 and 校企 have the same weight and share the one place
    tokens = tokens_frame([("山东", "D01-1", ["培训", "培训", "基地"]), ("浙江", "D02-1", ["双师", "校企"])])
    keywords = weighed(tokens, replace(plain, top=1))
    found = dict(zip(keywords["term"], keywords["stability"], strict=True))
    assert found == pytest.approx({"培训": 1.0, "基地": 0.0, "双师": 0.5, "校企": 0.5}, abs=1e-12)


def test_a_term_of_one_of_two_measures_is_drawn_three_times_in_four(plain: KeywordsSettings) -> None:
    # 山东 draws its two measures both (1/2), the first twice (1/4) or the second twice (1/4); 培训 and 基地 weigh alike
    tokens = tokens_frame([("山东", "D01-1", ["培训"]), ("山东", "D01-2", ["基地"]), ("浙江", "D02-1", ["双师"])])
    many = replace(FEW, resamples=4000)  # standard error of 3/4: 0.007
    for top, expected in ((1, 0.5), (2, 0.75)):  # both drawn: one place is shared, two are not
        found = weighed(tokens, replace(plain, top=top), many).set_index("term")["stability"]
        assert found[["培训", "基地"]].tolist() == pytest.approx([expected, expected], abs=0.03)
        assert found["双师"] == 1.0


def test_a_term_that_is_in_no_list_has_no_stability(plain: KeywordsSettings) -> None:
    # 加强 is generic, 队伍 stands only inside 教师队伍, 培训 is in 3 of 3 regions
    tokens = tokens_frame(
        [
            ("山东", "D01-1", ["加强", "教师/n", "队伍/n", "/", "培训"]),
            ("浙江", "D02-1", ["培训"]),
            ("上海", "D03-1", ["培训"]),
        ],
        generic=["加强"],
    )
    found = weighed(tokens, replace(plain, phrase_max_words=2, common_share=0.6)).set_index(["region", "term"])
    own = found.loc["山东"]
    assert own["unranked"].to_dict() == {
        "教师队伍": "", "加强": "generic", "教师": "explained", "队伍": "explained", "培训": "common",
    }  # fmt: skip
    assert own["stability"].to_dict() == {"教师队伍": 1.0, "加强": 0.0, "教师": 0.0, "队伍": 0.0, "培训": 0.0}


def test_the_stabilities_of_a_region_of_the_appendix_sum_to_the_places_of_its_list(
    corpus: Corpus, settings: Settings
) -> None:
    # ten places in every draw, shared by those that tie for the last; only a draw of few words leaves some empty
    sums = corpus.keywords.groupby("region")["stability"].sum()
    assert sums.max() <= settings.keywords.top + 1e-6
    assert sums.min() > settings.keywords.top - 1


def test_no_keyword_of_the_appendix_stays_in_the_list_oftener_than_it_is_drawn(corpus: Corpus) -> None:
    # a term of m of n measures is missing from a draw with probability (1 - m/n)^n; 1000 draws: standard error 0.016
    measures = corpus.measures.groupby("region").size()
    for row in corpus.keywords.itertuples():
        n, m = int(measures[row.region]), len(row.measure_ids)
        assert row.stability <= 1 - (1 - m / n) ** n + 0.06


def test_another_seed_gives_other_draws_and_nothing_else(corpus: Corpus, settings: Settings) -> None:
    one, other = (
        keywords_of(corpus.tokens, corpus.measures, settings.keywords, replace(FEW, seed=seed)) for seed in (1, 2)
    )
    assert (one["stability"] != other["stability"]).any()
    pd.testing.assert_frame_equal(one.drop(columns="stability"), other.drop(columns="stability"))


# --- the appendix ------------------------------------------------------------------------------------------------


def test_no_generic_word_of_the_appendix_has_a_rank(corpus: Corpus) -> None:
    generic = load_word_list(METHOD / "generic_words.txt")
    found = corpus.keywords[corpus.keywords["term"].isin(generic)]
    assert set(found["unranked"]) == {"generic", "common"}
    assert found["rank"].isna().all()
    assert found["generic"].all()


def test_ranks_of_the_appendix_run_from_one_without_gaps_in_falling_weight(corpus: Corpus) -> None:
    for region in REGIONS:
        own = corpus.keywords[(corpus.keywords["region"] == region) & corpus.keywords["rank"].notna()]
        assert own["rank"].tolist() == list(range(1, len(own) + 1))
        assert own["tf_idf"].is_monotonic_decreasing


def test_a_term_of_the_appendix_is_unranked_if_and_only_if_a_reason_is_given(corpus: Corpus) -> None:
    assert (corpus.keywords["rank"].isna() == (corpus.keywords["unranked"] != "")).all()
    assert set(corpus.keywords["unranked"]) == {"", "generic", "explained", "common"}


def test_word_counts_of_the_appendix_are_those_of_its_tokens(corpus: Corpus) -> None:
    words = corpus.keywords[corpus.keywords["kind"] == "word"]
    counted = dict(zip(zip(words["region"], words["term"], strict=True), words["count"], strict=True))
    assert counted == Counter(zip(corpus.tokens["region"], corpus.tokens["term"], strict=True))
    assert words.groupby("region")["tf"].sum().tolist() == pytest.approx([1.0] * 13, abs=1e-12)


def test_common_words_of_the_appendix_are_those_of_more_than_the_given_share_of_regions(
    corpus: Corpus, settings: Settings
) -> None:
    assert settings.keywords.common_share == 0.6
    spread = corpus.tokens.groupby("term")["region"].nunique()
    found = corpus.keywords.loc[corpus.keywords["unranked"] == "common", "term"]
    assert set(found) == set(spread[spread >= 8].index)  # 0.6 x 13 = 7.8
    assert {"教师", "职业教育"} <= set(found)


def test_word_weights_of_the_appendix_are_scikit_learns(corpus: Corpus) -> None:
    # max_df drops what more than 0.6 of the regions say, before the length of the vector is taken
    kept = corpus.tokens[~corpus.tokens["generic"]]
    documents = [kept.loc[kept["region"] == region, "term"].tolist() for region in REGIONS]
    vectorizer = TfidfVectorizer(analyzer=lambda document: document, max_df=0.6)
    weights = pd.DataFrame(
        vectorizer.fit_transform(documents).toarray(), index=list(REGIONS), columns=vectorizer.get_feature_names_out()
    )
    words = corpus.keywords[(corpus.keywords["kind"] == "word") & ~corpus.keywords["generic"]]
    words = words[words["unranked"] != "common"]
    expected = [weights.loc[row.region, row.term] for row in words.itertuples()]
    np.testing.assert_allclose(words["tf_idf"], expected, atol=1e-12)
    assert len(words) == np.count_nonzero(weights)


def test_weights_of_common_words_of_the_appendix_are_over_the_length_of_the_vector_without_them(
    corpus: Corpus,
) -> None:
    kept = corpus.tokens[~corpus.tokens["generic"]]
    spread = corpus.tokens.groupby("term")["region"].nunique()
    common = corpus.keywords[corpus.keywords["unranked"] == "common"]
    reduced = kept[~kept["term"].isin(set(common["term"]))]
    idf = {term: math.log(14 / (1 + df)) + 1 for term, df in spread.items()}
    for _, row in common.iterrows():
        counts = Counter(reduced.loc[reduced["region"] == row["region"], "term"])
        norm = math.sqrt(math.fsum((count * idf[term]) ** 2 for term, count in counts.items()))
        assert row["tf_idf"] == pytest.approx(row["count"] * idf[row["term"]] / norm, abs=1e-12)


def test_keyness_of_the_appendix_is_scipys_log_likelihood(corpus: Corpus) -> None:
    words = corpus.keywords[corpus.keywords["kind"] == "word"]
    total = corpus.tokens.groupby("region").size()
    everywhere = corpus.tokens.groupby("term").size()
    for _, row in words.iloc[::17].iterrows():
        n1, here, all_of_it = total[row["region"]], row["count"], everywhere[row["term"]]
        n2, rest = len(corpus.tokens) - n1, all_of_it - here
        test = chi2_contingency([[here, n1 - here], [rest, n2 - rest]], lambda_="log-likelihood", correction=False)
        assert abs(row["g2"]) == pytest.approx(test.statistic, abs=1e-9)
        assert (row["g2"] > 0) == (here / n1 > rest / n2)


def test_every_keyword_of_the_appendix_stands_in_the_measures_it_names(corpus: Corpus) -> None:
    surfaces = corpus.tokens.groupby(["measure_id", "term"])["surface"].agg(set)
    text = corpus.measures.set_index("measure_id")["text"]
    for _, row in corpus.keywords.iterrows():
        for measure in row["measure_ids"]:
            written = surfaces[(measure, row["term"])] if row["kind"] == "word" else {row["term"]}
            assert any(surface in text[measure] for surface in written)


def test_keywords_keep_their_contract(corpus: Corpus, three: Corpus) -> None:
    for frame in (corpus.keywords, three.keywords):
        tables.check(frame, tables.KEYWORDS)
