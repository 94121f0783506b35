"""Terms keep their offsets, required ones stay whole, and whatever was dropped or merged is on record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings as examples, strategies as st

from pipeline import tables
from pipeline.method import Entry, Settings
from pipeline.segment import Found, audit_of, drop_rule, quoted, unmatched_and_split
from tests.conftest import METHOD, Corpus, measures_frame

Cut = Callable[..., tuple[pd.DataFrame, Found]]


def audit_row(audit: pd.DataFrame, check: str, item: str, rule: str) -> tuple[int, list[str]]:
    row = audit.set_index(["check", "item", "rule"]).loc[(check, item, rule)]
    return int(row["count"]), row["measure_ids"]


# Occurrences counted by searching the appendix for the characters.
@pytest.mark.parametrize(
    ("term", "regions"),
    [
        ("教学创新团队", ["浙江", "上海", "河北", "河北", "天津"]),
        ("四级培训体系", ["河北", "宜昌", "兰州"]),
        ("师德师风", ["浙江"]),
        ("1+X证书", ["天津"]),
        ("职称评审", ["浙江", "上海"]),  # in 浙江 inside 职称评审权
        ("校企合作", ["河南"]),
        ("第三方评价", ["山东", "安徽"]),
        ("鲁班工坊", ["天津"]),
        ("精准送培", ["湖南", "湖南"]),
        ("整校发展", ["重庆"]),
        ("双证融通", ["上海"]),
        ("校本研修", ["重庆", "重庆"]),
    ],
)
def test_a_required_term_stays_whole_everywhere_in_the_appendix(corpus: Corpus, term: str, regions: list[str]) -> None:
    assert corpus.tokens.loc[corpus.tokens["surface"] == term, "region"].tolist() == regions
    assert "".join(corpus.documents["text"]).count(term) == len(regions)


def test_every_token_of_the_appendix_stands_where_its_offsets_say(corpus: Corpus) -> None:
    measures = corpus.measures.set_index("measure_id")
    for token in corpus.tokens.itertuples():
        measure = measures.loc[token.measure_id]
        assert corpus.text(str(measure["doc_id"]))[token.start : token.end] == token.surface
        assert measure["start"] <= token.start < token.end <= measure["end"]
        assert measure["region"] == token.region


def test_the_field_of_vocational_teaching_is_not_counted_inside_part_time_teachers(corpus: Corpus) -> None:
    # 职教 stands 16 times in the cells; in 广东 and 宜昌 once each it is the middle of 兼职教师. 16 - 2 = 14
    text = "".join(corpus.documents["text"])
    assert (text.count("职教"), text.count("兼职教师")) == (16, 2)
    counted = corpus.tokens[corpus.tokens["surface"] == "职教"]
    assert len(counted) == 14
    assert "广东" not in set(counted["region"])


@pytest.mark.parametrize(
    ("variant", "term", "kind", "measures"),
    [
        ("双师教师", "双师型教师", "variant", ["D12-4"]),
        ("订制", "定制", "variant", ["D10-1"]),
        ("教师素质提升计划", "教师素质提高计划", "variant", ["D06-2"]),
        ("教学能力大赛", "教学能力比赛", "variant", ["D12-5"]),
        ("名师工作师", "名师工作室", "typo", ["D01-3"]),
        ("大赛", "比赛", "variant", ["D02-1", "D12-5"]),
        ("职业院校教师素质提高计划", "教师素质提高计划", "variant", ["D01-1"]),
    ],
)
def test_variants_are_counted_as_one_term_and_listed(
    corpus: Corpus, variant: str, term: str, kind: str, measures: list[str]
) -> None:
    merged = corpus.tokens[corpus.tokens["surface"] == variant]
    assert set(merged["term"]) == {term}
    assert audit_row(corpus.audit, "merged", variant, f"→ {term} ({kind})") == (len(measures), measures)


def test_two_spellings_in_two_regions_make_one_shared_term(corpus: Corpus) -> None:
    said = corpus.tokens[corpus.tokens["term"] == "定制"]
    assert said[["region", "surface"]].values.tolist() == [["天津", "定制"], ["重庆", "定制"], ["重庆", "订制"]]


def test_every_drop_merge_and_nested_term_of_the_appendix_is_in_the_audit(corpus: Corpus) -> None:
    for (check, item, rule), where in corpus.found.items():
        count, measures = audit_row(corpus.audit, check, item, rule)
        assert (count, measures) == (len(where), list(dict.fromkeys(where)))


def test_the_tokens_and_the_dropped_words_of_the_appendix_are_the_whole_text(corpus: Corpus) -> None:
    kept = corpus.tokens.loc[corpus.tokens["nested_in"] == "", "surface"].str.len().sum()
    dropped = sum(len(item) * len(where) for (check, item, _), where in corpus.found.items() if check == "dropped")
    assert kept + dropped == corpus.measures["text"].str.len().sum()


@pytest.mark.parametrize(
    ("surface", "listed", "expected"),
    [
        ("，", False, "punctuation"),
        ("——", True, "punctuation"),
        ("2019", False, "number"),
        ("３０％", False, "number"),
        ("1.5%", False, "number"),
        ("的", False, "stop word"),
        ("的", True, ""),
        ("师", False, "too short"),
        ("师", True, ""),
        ("教师", False, ""),
        ("1+X", False, ""),
    ],
)
def test_a_word_is_dropped_by_the_first_rule_that_fits(surface: str, listed: bool, expected: str) -> None:
    assert drop_rule(surface, listed=listed, stop_words=frozenset({"的"}), min_length=2) == expected


def test_a_cut_text_has_terms_positions_and_offsets(cut_measures: Cut) -> None:
    # 以 0, 四级培训体系 1-7, 为 7, 依托 8-10
    tokens, _ = cut_measures(measures_frame([("河北", "以四级培训体系为依托")]))
    columns = ["position", "surface", "term", "nested_in", "start", "end", "generic"]
    assert tokens[columns].values.tolist() == [
        [1, "四级培训体系", "四级培训体系", "", 1, 7, False],
        [1, "四级", "四级", "四级培训体系", 1, 3, False],
        [1, "培训体系", "培训体系", "四级培训体系", 3, 7, False],
        [1, "培训", "培训", "四级培训体系", 3, 5, False],
        [1, "体系", "体系", "四级培训体系", 5, 7, True],
        [2, "依托", "依托", "", 8, 10, True],
    ]


def test_offsets_count_from_the_start_of_the_document_not_of_the_measure(cut_measures: Cut) -> None:
    measure = measures_frame([("河北", "校企合作")]).assign(start=100, end=104)
    tokens, _ = cut_measures(measure)
    assert tokens.loc[tokens["surface"] == "校企合作", ["start", "end"]].values.tolist() == [[100, 104]]


def test_nested_terms_are_listed_even_when_they_are_not_counted(cut_measures: Cut, settings: Settings) -> None:
    measures = measures_frame([("河北", "四级培训体系")])
    tokens, found = cut_measures(measures, settings=replace(settings.segment, count_nested=False))
    assert tokens["surface"].tolist() == ["四级培训体系"]
    for part in ("四级", "培训体系", "培训", "体系"):
        assert found["nested", part, "in 四级培训体系"] == ["D01-1"]


def test_a_nested_term_that_is_counted_as_its_host_is_not_counted_twice(cut_measures: Cut) -> None:
    # the long name of the programme is counted as the short one: the one in the other adds nothing, its words do
    tokens, found = cut_measures(measures_frame([("安徽", "职业院校教师素质提高计划")]))
    assert (tokens["term"] == "教师素质提高计划").sum() == 1
    assert tokens["surface"].tolist()[0] == "职业院校教师素质提高计划"
    assert "教师素质提高计划" not in set(tokens["surface"])
    assert found["nested", "教师素质提高计划", "in 职业院校教师素质提高计划"] == ["D01-1"]
    assert {"职业院校", "教师素质", "教师"} <= set(tokens.loc[tokens["nested_in"] != "", "term"])


def test_the_short_name_of_a_certificate_is_counted_inside_the_long_one(cut_measures: Cut) -> None:
    tokens, _ = cut_measures(measures_frame([("天津", "1+X证书")]))
    assert tokens[["term", "nested_in"]].values.tolist() == [["1+X证书", ""], ["1+X", "1+X证书"], ["证书", "1+X证书"]]


def test_a_nested_variant_is_counted_as_its_term(cut_measures: Cut) -> None:
    # 技能大赛 is counted as 技能比赛, and the 大赛 in it as 比赛
    tokens, found = cut_measures(measures_frame([("宜昌", "技能大赛")]))
    assert tokens[["surface", "term", "nested_in"]].values.tolist() == [
        ["技能大赛", "技能比赛", ""],
        ["技能", "技能", "技能大赛"],
        ["大赛", "比赛", "技能大赛"],
    ]
    assert found["merged", "大赛", "→ 比赛 (variant)"] == ["D01-1"]


@pytest.mark.parametrize(
    ("text", "nested"),
    [
        ("精准培训", ["精准", "培训"]),  # on our list
        ("规章制度", ["规章", "制度"]),  # on both
        ("高等院校", ["高等", "院校"]),  # on jieba's alone
        ("校本化", ["校本"]),
        ("信息化", []),  # three characters: 信息 is only jieba's
        ("兼职教师", ["兼职", "教师"]),  # 兼|职教|师 would cross the boundary
        ("双师型教师", ["双师", "教师"]),  # 型 is too short
        ("实事求是", ["实事"]),  # 求 and 是 are too short
    ],
)
def test_parts_long_enough_are_counted_beside_their_word(cut_measures: Cut, text: str, nested: list[str]) -> None:
    tokens, found = cut_measures(measures_frame([("山东", text)]))
    assert tokens[["surface", "nested_in"]].values.tolist() == [[text, ""], *([part, text] for part in nested)]
    assert tokens["position"].tolist() == [1] * (1 + len(nested))
    assert {key for key in found if key[0] == "nested"} == {("nested", part, f"in {text}") for part in nested}


def test_a_part_that_is_a_stop_word_or_too_short_is_no_nested_term(cut_measures: Cut, settings: Settings) -> None:
    measures = measures_frame([("山东", "规章制度")])
    tokens, _ = cut_measures(measures, stop_words=frozenset({"制度"}))
    assert tokens["surface"].tolist() == ["规章制度", "规章"]
    tokens, found = cut_measures(measures, settings=replace(settings.segment, min_length=3))
    assert tokens["surface"].tolist() == ["规章制度"]
    assert not any(check == "nested" for check, _, _ in found)


def test_nested_terms_of_the_appendix_stand_inside_their_word(corpus: Corpus) -> None:
    whole = corpus.tokens[corpus.tokens["nested_in"] == ""].set_index(["measure_id", "position"])
    nested = corpus.tokens[corpus.tokens["nested_in"] != ""]
    # what is counted as its host is on record, but no token
    same = {row.variant: row.term for row in pd.read_csv(METHOD / "synonyms.csv", comment="#").itertuples()}
    listed = {key[1:]: len(where) for key, where in corpus.found.items() if key[0] == "nested"}
    merged = {
        (part, rule): count
        for (part, rule), count in listed.items()
        if same.get(part, part) == same.get(rule.removeprefix("in "), rule.removeprefix("in "))
    }
    assert merged[("教师素质提高计划", "in 职业院校教师素质提高计划")] == 1
    assert len(nested) == sum(listed.values()) - sum(merged.values())
    for token in nested.itertuples():
        host = whole.loc[(token.measure_id, token.position)]
        assert host["surface"] == token.nested_in
        assert host["start"] <= token.start < token.end <= host["end"]
        assert len(token.surface) < len(token.nested_in)


def test_a_generic_word_is_kept_marked_and_listed(cut_measures: Cut) -> None:
    tokens, found = cut_measures(measures_frame([("河南", "加强校企合作")]))
    assert dict(zip(tokens["surface"], tokens["generic"], strict=True)) == {
        "加强": True,
        "校企合作": False,
        "校企": False,
        "合作": False,
    }
    assert found["generic", "加强", ""] == ["D01-1"]


def test_words_guessed_by_the_model_are_listed(cut_measures: Cut) -> None:
    _, found = cut_measures(measures_frame([("山东", "他来到了网易杭研大厦")]))
    assert found["unlisted", "杭研", "guessed by the hidden Markov model"] == ["D01-1"]


def test_a_quoted_phrase_is_listed_with_how_it_was_cut(cut_measures: Cut) -> None:
    measures = measures_frame(
        [("湖南", "“精准送培”主要经验"), ("兰州", "实施“走出去，请进来”"), ("重庆", "再说“精准送培”")]
    )
    tokens, _ = cut_measures(measures)
    assert quoted(measures, tokens) == {
        ("quoted", "精准送培", "whole"): (2, ["D01-1", "D03-1"]),
        ("quoted", "走出去，请进来", "走出去 / 请进来"): (1, ["D02-1"]),
    }


def test_dictionary_terms_that_never_occur_or_were_cut_are_reported(cut_measures: Cut) -> None:
    measures = measures_frame([("河南", "建立部门联动机制"), ("山东", "兼职教师")])
    tokens, found = cut_measures(measures)
    terms = [Entry(term, None, "n", 1) for term in ("部门联动机制", "鲁班工坊", "部门联动", "职教")]
    assert unmatched_and_split(measures, tokens, found, terms) == {
        ("unmatched", "鲁班工坊", ""): (0, []),
        ("split", "部门联动", ""): (1, ["D01-1"]),
        ("split", "职教", ""): (1, ["D02-1"]),
    }


def test_a_term_that_stands_inside_a_longer_one_is_not_reported_as_cut(cut_measures: Cut) -> None:
    measures = measures_frame([("天津", "启动1+X证书培训")])
    tokens, found = cut_measures(measures)
    assert unmatched_and_split(measures, tokens, found, [Entry("1+X", None, "n", 1)]) == {}


def test_a_corpus_of_punctuation_has_no_token_and_an_audit_all_the_same(
    cut_measures: Cut, entries: tuple[Entry, ...]
) -> None:
    measures = measures_frame([("山东", "——")])
    tokens, found = cut_measures(measures)
    assert (list(tokens.columns), len(tokens)) == (tables.TOKENS.names, 0)
    audit = audit_of(measures, tokens, found, entries)
    # jieba gives each character that is in no word on its own
    assert audit_row(audit, "dropped", "—", "punctuation") == (2, ["D01-1"])
    assert (audit["check"] == "unmatched").sum() == len(entries)


CHINESE = st.text(st.sampled_from("双师型教兼职称评审权四级培训体系1+X证书的一，。；“” \n%2"), min_size=1, max_size=30)


@examples(max_examples=20)  # each reads jieba's dictionary for its tags
@given(st.lists(CHINESE | st.text(min_size=1, max_size=20), min_size=1, max_size=6))
def test_any_text_is_cut_into_terms_whose_offsets_give_back_the_surface(
    cut_measures: Cut, entries: tuple[Entry, ...], texts: list[str]
) -> None:
    measures = measures_frame([("山东", text) for text in texts])
    tokens, found = cut_measures(measures)
    tables.check(tokens, tables.TOKENS)
    text_of = dict(zip(measures["measure_id"], measures["text"], strict=True))
    for token in tokens.itertuples():
        assert text_of[token.measure_id][token.start : token.end] == token.surface
    tables.check(audit_of(measures, tokens, found, entries), tables.SEGMENTATION_AUDIT)
    for _, own in tokens[tokens["nested_in"] == ""].groupby("measure_id"):
        edges = [edge for token in own.itertuples() for edge in (token.start, token.end)]
        assert edges == sorted(edges)  # one behind the other
        assert own["position"].is_monotonic_increasing
        assert own["position"].is_unique
    kept = tokens.loc[tokens["nested_in"] == "", "surface"].str.len().sum()
    dropped = sum(len(item) * len(where) for (check, item, _), where in found.items() if check == "dropped")
    assert kept + dropped == sum(map(len, texts))
