"""The cosine of a pair is worked by hand, agrees with scikit-learn, and is exactly the sum of what it is explained by."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from pipeline import tables
from pipeline.keywords import keywords_of
from pipeline.method import Settings
from pipeline.similarity import explained_pairs, similarity_of
from tests.conftest import REGIONS, Corpus, tokens_frame

# The corpus of the fixture `three`, weights as in test_keywords.py; i = 1.287682072452, j = 1.693147180560:
#   山东  培训 2i  基地 j  评价 i      norm 3.340265404666
#   浙江  培训 i   评价 i  双师 i      norm 2.230330773482
#   上海  双师 2i  校企 j             norm 3.082084984859
# 山东-浙江  培训 2i x i = 3.316250239428, 评价 i x i = 1.658125119714, over 3.340265404666 x 2.230330773482
#           = 3.316250239428 / 7.449896727 + 1.658125119714 / 7.449896727 = 0.445140431130 + 0.222570215565
# 浙江-上海  双师 i x 2i = 3.316250239428 over 2.230330773482 x 3.082084984859 = 0.482429001675
# 山东-上海  nothing in common
PAIRS = {("山东", "浙江"): 0.6677106466949364, ("山东", "上海"): 0.0, ("浙江", "上海"): 0.4824290016744727}
PRODUCTS = {
    ("山东", "浙江", "培训"): 0.4451404311299576,
    ("山东", "浙江", "评价"): 0.2225702155649788,
    ("浙江", "上海", "双师"): 0.4824290016744727,
}


def test_three_documents_have_the_cosines_worked_by_hand(three: Corpus) -> None:
    found = {(row.region_a, row.region_b): row.cosine for row in three.similarity.itertuples()}
    assert found == pytest.approx(PAIRS, abs=1e-9)
    assert three.similarity["rank"].tolist() == [1, 3, 2]
    assert three.similarity["shared_terms"].tolist() == [2, 0, 1]


def test_three_documents_have_the_products_worked_by_hand(three: Corpus) -> None:
    terms = three.similarity_terms
    found = {(row.region_a, row.region_b, row.term): row.product for row in terms.itertuples()}
    assert found == pytest.approx(PRODUCTS, abs=1e-9)
    # 培训 carries two parts of 山东-浙江, 评价 one
    assert terms["share"].tolist() == pytest.approx([2 / 3, 1 / 3, 1.0], abs=1e-9)
    assert terms["rank"].tolist() == [1, 2, 1]
    assert terms[["measures_a", "measures_b"]].values.tolist() == [
        [["D01-1"], ["D02-1"]], [["D01-1"], ["D02-1"]], [["D02-1"], ["D03-1"]],
    ]  # fmt: skip


def keywords_from(tokens: pd.DataFrame, settings: Settings, **other: object) -> pd.DataFrame:
    """Keywords of a corpus whose measures are those of its tokens, with other settings for keywords."""
    few = replace(settings.resampling, resamples=100)  # draws have no part in any cosine
    chosen = replace(settings.keywords, **other)  # type: ignore[arg-type]
    measures = tokens.drop_duplicates("measure_id").assign(doc_id=lambda frame: frame["region"])
    return keywords_of(tokens, measures, chosen, few)


def words_frame(vectors: dict[str, dict[str, float]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {"region": region, "term": term, "tf_idf": weight, "measure_ids": [f"{region}-{term}"]}
            for region, vector in vectors.items()
            for term, weight in vector.items()
        ],
        columns=["region", "term", "tf_idf", "measure_ids"],
    )


def test_the_cosines_by_characters_stand_beside_the_pair_they_belong_to(three: Corpus) -> None:
    by_character = three.character_similarity.assign(cosine_char=[0.1, 0.3, 0.2])
    pairs, _, _ = similarity_of(three.keywords, by_character.iloc[[0, 2, 1]], exclude_generic=True)
    found = {(row.region_a, row.region_b): (row.cosine_char, row.rank_char) for row in pairs.itertuples()}
    assert found == {("山东", "浙江"): (0.1, 3), ("山东", "上海"): (0.3, 1), ("浙江", "上海"): (0.2, 2)}


def test_products_of_equal_size_are_ordered_by_term() -> None:
    vector = {"丙": 0.5, "甲": 0.5, "乙": 0.5, "丁": 0.5}
    _, terms = explained_pairs(words_frame({"A": vector, "B": vector}), ["A", "B"])
    assert terms["term"].tolist() == sorted(vector)
    assert terms["rank"].tolist() == [1, 2, 3, 4]


def test_a_region_without_words_is_like_no_other() -> None:
    cosines, terms = explained_pairs(words_frame({"A": {"甲": 1.0}, "B": {"甲": 1.0}}), ["A", "B", "C"])
    assert cosines == {("A", "B"): 1.0, ("A", "C"): 0.0, ("B", "C"): 0.0}
    assert len(terms) == 1


def test_one_region_alone_is_in_no_pair_and_in_the_middle_of_the_map(three: Corpus) -> None:
    alone = three.keywords[three.keywords["region"] == "山东"]
    found = similarity_of(alone, three.character_similarity.head(0), exclude_generic=True)
    for frame, table in zip(found, (tables.SIMILARITY, tables.SIMILARITY_TERMS, tables.REGION_MAP), strict=True):
        tables.check(frame, table)
    pairs, terms, region_map = found
    assert (len(pairs), len(terms)) == (0, 0)
    assert region_map.values.tolist() == [["山东", 0.0, 0.0, 0.0, 0.0]]


def test_two_regions_lie_on_one_axis_as_far_apart_as_they_differ(three: Corpus) -> None:
    two = three.keywords[three.keywords["region"] != "上海"]
    characters = three.character_similarity.head(1)
    _, _, region_map = similarity_of(two, characters, exclude_generic=True)
    # 1 - 0.667710646695, half of it to either side of the middle
    assert sorted(region_map["x"]) == pytest.approx([-0.3322893533 / 2, 0.3322893533 / 2], abs=1e-9)
    assert region_map[["y", "share_x", "share_y"]].values.tolist() == [[0.0, 1.0, 0.0]] * 2


def test_equal_cosines_share_the_better_rank(three: Corpus) -> None:
    apart = three.keywords[three.keywords["df"] == 1]
    pairs, _, _ = similarity_of(apart, three.character_similarity, exclude_generic=True)
    assert pairs["cosine"].tolist() == [0.0, 0.0, 0.0]
    assert pairs["rank"].tolist() == [1, 1, 1]


def test_generic_words_make_no_two_regions_alike_unless_the_setting_says_so(three: Corpus) -> None:
    marked = three.keywords.assign(generic=three.keywords["term"] == "培训")
    without, _, _ = similarity_of(marked, three.character_similarity, exclude_generic=True)
    beside, _, _ = similarity_of(marked, three.character_similarity, exclude_generic=False)
    assert without["cosine"][0] == pytest.approx(PRODUCTS["山东", "浙江", "评价"], abs=1e-9)
    assert beside["cosine"][0] == pytest.approx(PAIRS["山东", "浙江"], abs=1e-9)


@pytest.mark.parametrize("exclude_generic", [True, False])
def test_common_words_make_no_two_regions_alike_whatever_the_setting_for_generic_ones(
    three: Corpus, settings: Settings, exclude_generic: bool
) -> None:
    # 培训 is the only word that two regions share, and in all three
    tokens = tokens_frame(
        [("山东", "D01-1", ["培训", "基地"]), ("浙江", "D02-1", ["培训", "评价"]), ("上海", "D03-1", ["培训"])]
    )
    keywords = keywords_from(tokens, settings, common_share=0.5, exclude_generic=exclude_generic)
    assert set(keywords.loc[keywords["unranked"] == "common", "term"]) == {"培训"}
    pairs, terms, _ = similarity_of(keywords, three.character_similarity, exclude_generic=exclude_generic)
    assert pairs["cosine"].tolist() == [0.0, 0.0, 0.0]
    assert terms.empty


def test_common_words_leave_the_cosine_of_the_rest(three: Corpus, settings: Settings) -> None:
    # 培训 in 3 of 3 regions is common at 0.7, 评价 in 2 is not:
    #   idf 评价 ln(4/3) + 1 = i = 1.287682, 基地 and 双师 ln(4/2) + 1 = j = 1.693147
    #   山东 培训 评价 基地 = (i, j), 浙江 培训 评价 = (i), 上海 培训 双师 = (j)
    #   山东-浙江: i x i / (root(i^2 + j^2) x i) = i / root(i^2 + j^2); the other pairs share 培训 alone: 0
    tokens = tokens_frame(
        [
            ("山东", "D01-1", ["培训", "评价", "基地"]),
            ("浙江", "D02-1", ["培训", "评价"]),
            ("上海", "D03-1", ["培训", "双师"]),
        ]
    )
    keywords = keywords_from(tokens, settings, common_share=0.7)
    pairs, terms, _ = similarity_of(keywords, three.character_similarity, exclude_generic=True)
    i, j = 1.2876820724517809, 1.6931471805599453
    assert pairs["cosine"].tolist() == pytest.approx([i / math.hypot(i, j), 0.0, 0.0], abs=1e-12)
    assert terms["term"].tolist() == ["评价"]
    assert pairs["shared_terms"].tolist() == [1, 0, 0]


def test_no_common_word_of_the_appendix_explains_a_likeness(corpus: Corpus) -> None:
    common = set(corpus.keywords.loc[corpus.keywords["unranked"] == "common", "term"])
    assert common
    assert not common & set(corpus.similarity_terms["term"])


def test_the_pairs_of_the_appendix_are_all_pairs_in_corpus_order(corpus: Corpus) -> None:
    pairs = list(zip(corpus.similarity["region_a"], corpus.similarity["region_b"], strict=True))
    assert pairs == list(combinations(REGIONS, 2))


def test_word_cosines_of_the_appendix_are_scikit_learns(corpus: Corpus) -> None:
    # generic words taken out of the lists, common ones (more than 0.6 of the regions) by max_df
    kept = corpus.tokens[~corpus.tokens["generic"]]
    documents = [kept.loc[kept["region"] == region, "term"].tolist() for region in REGIONS]
    vectorizer = TfidfVectorizer(analyzer=lambda document: document, max_df=0.6)
    theirs = cosine_similarity(vectorizer.fit_transform(documents))
    expected = [theirs[i, j] for i, j in combinations(range(13), 2)]
    np.testing.assert_allclose(corpus.similarity["cosine"], expected, atol=1e-12)


def test_common_words_taken_out_of_the_lists_give_the_same_cosines(corpus: Corpus) -> None:
    kept = corpus.tokens[~corpus.tokens["generic"]]
    spread = kept.groupby("term")["region"].nunique()
    reduced = kept[kept["term"].map(spread) <= 7]  # 0.6 x 13 = 7.8
    assert len(reduced) < len(kept)
    documents = [reduced.loc[reduced["region"] == region, "term"].tolist() for region in REGIONS]
    theirs = cosine_similarity(TfidfVectorizer(analyzer=lambda document: document).fit_transform(documents))
    expected = [theirs[i, j] for i, j in combinations(range(13), 2)]
    np.testing.assert_allclose(corpus.similarity["cosine"], expected, atol=1e-12)


def largest_gap(pairs: pd.DataFrame, terms: pd.DataFrame) -> float:
    """Between a pair's cosine and the sum of its products."""
    sums = terms.groupby(["region_a", "region_b"])["product"].agg(math.fsum)
    cosines = pairs.set_index(["region_a", "region_b"])["cosine"]
    return float((cosines - sums.reindex(cosines.index, fill_value=0.0)).abs().max())


def test_the_products_of_every_pair_of_the_appendix_sum_to_its_cosine(corpus: Corpus) -> None:
    assert largest_gap(corpus.similarity, corpus.similarity_terms) < 1e-12
    counted = corpus.similarity_terms.groupby(["region_a", "region_b"]).size()
    stated = corpus.similarity.set_index(["region_a", "region_b"])["shared_terms"]
    assert counted.reindex(stated.index, fill_value=0).tolist() == stated.tolist()


def test_the_sums_hold_for_the_files_as_written(corpus: Corpus, tmp_path: Path) -> None:
    tables.write(
        (corpus.similarity, tables.SIMILARITY, tmp_path / "similarity.csv"),
        (corpus.similarity_terms, tables.SIMILARITY_TERMS, tmp_path / "terms.csv"),
        (corpus.keywords, tables.KEYWORDS, tmp_path / "keywords.csv"),
    )
    pairs = tables.read(tmp_path / "similarity.csv", tables.SIMILARITY)
    terms = tables.read(tmp_path / "terms.csv", tables.SIMILARITY_TERMS)
    assert largest_gap(pairs, terms) < 1e-12
    keywords = tables.read(tmp_path / "keywords.csv", tables.KEYWORDS)
    weight = keywords[keywords["kind"] == "word"].set_index(["region", "term"])["tf_idf"]
    again = [weight[row.region_a, row.term] * weight[row.region_b, row.term] for row in terms.itertuples()]
    assert largest_gap(pairs, terms.assign(product=again)) < 1e-12


def test_shares_of_every_pair_of_the_appendix_sum_to_one_and_fall_with_rank(corpus: Corpus) -> None:
    for _, group in corpus.similarity_terms.groupby(["region_a", "region_b"]):
        assert group["share"].sum() == pytest.approx(1.0, abs=1e-12)
        assert group["rank"].tolist() == list(range(1, len(group) + 1))
        assert (group["product"].diff().dropna() <= 1e-15).all()


def test_shared_terms_of_the_appendix_name_measures_that_say_them(corpus: Corpus) -> None:
    said = corpus.tokens.groupby(["region", "term"])["measure_id"].agg(lambda ids: list(dict.fromkeys(ids)))
    for row in corpus.similarity_terms.itertuples():
        assert row.measures_a == said[row.region_a, row.term]
        assert row.measures_b == said[row.region_b, row.term]


def test_no_generic_word_of_the_appendix_explains_a_likeness(corpus: Corpus) -> None:
    generic = set(corpus.tokens.loc[corpus.tokens["generic"], "term"])
    assert generic
    assert not generic & set(corpus.similarity_terms["term"])


def test_the_map_of_three_documents_keeps_their_distances(three: Corpus) -> None:
    # three points always fit a plane; distance is 1 - cosine: 0.332289, 1, 0.517571 break the triangle rule
    # (0.332 + 0.518 < 1), so one axis carries everything that is positive
    assert three.region_map["share_x"].tolist() == pytest.approx([1.0] * 3, abs=1e-9)
    assert three.region_map["y"].tolist() == [0.0] * 3


def test_the_tables_keep_their_contracts(corpus: Corpus) -> None:
    tables.check(corpus.similarity, tables.SIMILARITY)
    tables.check(corpus.similarity_terms, tables.SIMILARITY_TERMS)
    tables.check(corpus.region_map, tables.REGION_MAP)


def test_no_cosine_exceeds_one_where_a_word_is_generic_and_common(settings: Settings) -> None:
    # 建设 is on the generic list and in all three regions: out of the norm, so out of the products too
    words = [
        ("山东", "D01-1", ["建设", "建设", "双师"]),
        ("浙江", "D02-1", ["建设", "双师"]),
        ("上海", "D03-1", ["建设", "校企"]),
    ]
    tokens = tokens_frame(words, generic=["建设"])
    keywords = keywords_from(tokens, settings, exclude_generic=False, common_share=0.7)  # more than 2.1 of 3
    characters = pd.DataFrame(
        [(a, b, 0.0) for a, b in combinations(("山东", "浙江", "上海"), 2)],
        columns=["region_a", "region_b", "cosine_char"],
    )
    pairs, terms, _ = similarity_of(keywords, characters, exclude_generic=False)
    assert pairs["cosine"].tolist() == pytest.approx([1.0, 0.0, 0.0])  # 双师 alone is left of the first two
    assert set(terms["term"]) == {"双师"}
