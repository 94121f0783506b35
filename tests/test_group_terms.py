"""The words that mark a group, worked by hand: shared ones first, neither generic nor common ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline import tables
from pipeline.group_terms import label_of, terms_of
from pipeline.method import Settings
from tests.conftest import tokens_frame


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
    names = ("山东", "浙江", "上海")
    tokens = tokens_frame([(name, f"D{at}-1", [f"词{at}"]) for at, name in enumerate(names)])
    terms = terms_of(tokens, dict.fromkeys(names, 1), settings.keywords)
    tables.check(terms, tables.CLUSTER_TERMS)
    assert terms.empty


def test_a_label_is_the_first_terms_of_the_group_and_no_more(settings: Settings) -> None:
    tokens = tokens_frame(
        [
            ("山东", "D01-1", ["基地", "基地", "基地", "培训", "培训", "研修"]),
            ("浙江", "D02-1", ["评价", "双师", "双师"]),
        ]
    )
    terms = terms_of(tokens, {"山东": 1, "浙江": 2}, settings.keywords)
    assert label_of(terms, 2) == {1: "基地·培训", 2: "双师·评价"}
    assert label_of(terms, 9) == {1: "基地·培训·研修", 2: "双师·评价"}
    assert label_of(terms.iloc[:0], 2) == {}
