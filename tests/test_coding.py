"""Which indicators stand where and which of them count: worked by hand, and laws that hold for any text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from pipeline.coding import COUNTED, EXCLUDED, NEGATED, Hit, coded, longest, negations, themes_in
from pipeline.method import Codebook, Negation, folded, load_codebook
from tests.conftest import METHOD, codebook_of

NEGATION = Negation(("不", "没有"), ("缺乏", "不足"), 3, ("不断", "不少于"))


def book(
    themes: Mapping[str, Iterable[str]],
    exclusions: Mapping[str, Iterable[str]] | None = None,
    negation: Negation = NEGATION,
) -> Codebook:
    return codebook_of(themes, exclusions, negation)


def found(text: str, codebook: Codebook) -> list[tuple[str, str, str, str]]:
    """Theme, what stands in the text, status and reason of every hit."""
    return [(hit.theme, text[hit.start : hit.end], hit.status, hit.reason) for hit in coded(text, codebook)]


def only(text: str, *patterns: str, exclusions: Iterable[str] = ()) -> list[tuple[str, str]]:
    """What stands in the text and its status, for one theme."""
    return [(said, status) for _, said, status, _ in found(text, book({"t": patterns}, {"t": exclusions}))]


# --- hits --------------------------------------------------------------------------------------------------------


def test_a_hit_has_its_theme_rule_line_and_offsets() -> None:
    codebook = book({"training": ["研修", "(国|省)培"], "teams": ["名师…工作室"]})
    text = "省培之后，名师主持工作室，开展研修"
    assert coded(text, codebook) == [
        Hit("training", "(国|省)培", 3, 0, 2, COUNTED),
        Hit("training", "研修", 2, 15, 17, COUNTED),
        Hit("teams", "名师…工作室", 102, 5, 12, COUNTED),
    ]
    assert themes_in(text, codebook) == ["training", "teams"]


def test_offsets_are_those_of_the_text_as_it_stands_whatever_its_forms() -> None:
    text = "ﬁ推行１＋Ｘ证书、1+X证书和ＭＯＯＣ"
    assert found(text, book({"t": ["1+x", "mooc"]})) == [
        ("t", said, COUNTED, "") for said in ("１＋Ｘ", "1+X", "ＭＯＯＣ")
    ]


def test_hits_stand_in_the_order_of_the_codebook_then_of_the_text() -> None:
    codebook = book({"second": ["乙", "甲"], "first": ["丙"]}, {"second": ["甲丁"]})
    text = "丙甲丁乙丙甲不乙"
    assert found(text, codebook) == [
        ("second", "甲", EXCLUDED, "甲丁"),
        ("second", "乙", COUNTED, ""),
        ("second", "甲", COUNTED, ""),
        ("second", "乙", NEGATED, "不"),
        ("first", "丙", COUNTED, ""),
        ("first", "丙", COUNTED, ""),
    ]


def test_a_text_without_an_indicator_has_no_hit() -> None:
    assert coded("", book({"t": ["培训"]})) == []
    assert coded("修路，种树。", book({"t": ["培训"]})) == []
    assert coded("培训", book({})) == []
    assert themes_in("修路", book({"t": ["培训"]})) == []


def test_every_place_is_a_hit_of_its_own() -> None:
    assert only("培训，再培训，培训培训", "培训") == [("培训", COUNTED)] * 4


@pytest.mark.parametrize("order", [1, -1])
def test_of_overlapping_hits_of_a_theme_the_longest_stands_whatever_the_order(order: int) -> None:
    patterns = ["培训", "教师培训", "训基地"][::order]
    assert only("教师培训基地", *patterns) == [("教师培训", COUNTED)]
    assert only("培训基地", *patterns) == [("训基地", COUNTED)]


def test_of_overlapping_hits_of_equal_length_the_first_stands_then_that_of_the_earlier_line() -> None:
    assert only("甲乙丙丁", "乙丙", "甲乙") == [("甲乙", COUNTED)]
    codebook = book({"t": ["研…修", "研修"]})
    assert [(hit.rule, hit.line) for hit in coded("研修", codebook)] == [("研…修", 2)]


def test_a_hit_that_only_touches_another_or_whose_rival_gave_way_stands() -> None:
    # 乙丙丁 (3) takes away 甲乙 (2), and 丁戊 (2); 己 touches nothing
    assert only("甲乙丙丁戊己", "甲乙", "乙丙丁", "丁戊", "己") == [("乙丙丁", COUNTED), ("己", COUNTED)]
    # 丙丁戊己 (4) takes away 乙丙丁 (3), so that 甲乙 (2) may stand
    assert only("甲乙丙丁戊己", "甲乙", "乙丙丁", "丙丁戊己") == [("甲乙", COUNTED), ("丙丁戊己", COUNTED)]
    assert only("培训研修", "培训", "研修") == [("培训", COUNTED), ("研修", COUNTED)]


def test_hits_of_different_themes_may_overlap() -> None:
    codebook = book({"training": ["培训基地"], "industry": ["基地", "训基"]})
    assert found("培训基地", codebook) == [("training", "培训基地", COUNTED, ""), ("industry", "训基", COUNTED, "")]
    assert [hit.start for hit in coded("培训基地", codebook)] == [0, 1]


# --- exclusions --------------------------------------------------------------------------------------------------


def test_a_hit_inside_an_exclusion_is_listed_with_it_and_does_not_count() -> None:
    codebook = book({"t": ["培训"]}, {"t": ["(就业|创业)…培训"]})
    text = "就业技能培训，教师培训"
    assert found(text, codebook) == [("t", "培训", EXCLUDED, "(就业|创业)…培训"), ("t", "培训", COUNTED, "")]
    assert themes_in("就业技能培训", codebook) == []


def test_a_hit_that_is_the_exclusion_itself_is_excluded_and_one_that_reaches_beyond_it_counts() -> None:
    assert only("培训机构", "培训机构", exclusions=["培训机构"]) == [("培训机构", EXCLUDED)]
    # 培训基地 reaches beyond 就业培训, and does not take the place of the excluded 培训
    assert only("就业培训基地", "培训", "培训基地", exclusions=["就业培训"]) == [
        ("培训", EXCLUDED), ("培训基地", COUNTED)
    ]  # fmt: skip


def test_an_exclusion_concerns_its_own_theme_only() -> None:
    codebook = book({"training": ["培训"], "needs": ["培训"]}, {"training": ["就业培训"]})
    assert found("就业培训", codebook) == [("training", "培训", EXCLUDED, "就业培训"), ("needs", "培训", COUNTED, "")]


def test_an_exclusion_that_crosses_no_clause_leaves_the_next_one_alone() -> None:
    assert only("促进就业，开展培训", "培训", exclusions=["就业…培训"]) == [("培训", COUNTED)]


def test_what_is_excluded_is_not_negated_too() -> None:
    assert only("不就业培训", "培训", exclusions=["就业培训"]) == [("培训", EXCLUDED)]


# --- negation ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "status", "reason"),
    [
        ("不培训", NEGATED, "不"),
        ("没有组织培训", NEGATED, "没有"),
        ("不再组织培训", NEGATED, "不"),  # three characters away
        ("不再统一组织培训", COUNTED, ""),  # five
        ("不甲乙丙丁培训", COUNTED, ""),  # four
        ("不，培训", COUNTED, ""),
        ("不。培训", COUNTED, ""),
        ("不,培训", COUNTED, ""),
        ("不\n培训", COUNTED, ""),
        ("不、培训", NEGATED, "不"),  # the same clause
        ("培训不", COUNTED, ""),  # it governs what follows
        ("培训不足", NEGATED, "不足"),
        ("培训力量缺乏", NEGATED, "缺乏"),
        ("培训的人员缺乏", NEGATED, "缺乏"),  # three
        ("培训的师资力量缺乏", COUNTED, ""),  # five
        ("培训甲乙丙丁缺乏", COUNTED, ""),  # four
        ("培训，缺乏", COUNTED, ""),
        ("缺乏培训", COUNTED, ""),  # among those that follow only
        ("不断培训", COUNTED, ""),
        ("不断加强培训", COUNTED, ""),
        ("不少于三天培训", COUNTED, ""),
        ("不断不培训", NEGATED, "不"),  # the second 不
        ("培训不断", COUNTED, ""),
    ],
)
def test_a_negation_governs_what_is_near_and_in_its_clause(text: str, status: str, reason: str) -> None:
    assert found(text, book({"t": ["培训"]})) == [("t", "培训", status, reason)]
    assert themes_in(text, book({"t": ["培训"]})) == (["t"] if status == COUNTED else [])


@pytest.mark.parametrize(("reach", "status"), [(0, COUNTED), (1, COUNTED), (2, NEGATED), (20, NEGATED)])
def test_the_reach_is_that_of_the_codebook(reach: int, status: str) -> None:
    negation = Negation(("不",), ("缺乏",), reach, ())
    for text in ("不组织培训", "培训人员缺乏"):
        assert [each[2] for each in found(text, book({"t": ["培训"]}, negation=negation))] == [status]


def test_a_negating_word_right_beside_governs_at_a_reach_of_none() -> None:
    assert [each[2] for each in found("不培训", book({"t": ["培训"]}, negation=Negation(("不",), (), 0, ())))] == [
        NEGATED
    ]


def test_a_negating_word_that_is_part_of_the_indicator_does_not_negate_it() -> None:
    assert only("不达标", "不达标") == [("不达标", COUNTED)]
    assert only("师资不足额", "师资不足") == [("师资不足", COUNTED)]


def test_a_negation_governs_every_theme_and_each_hit_that_is_near() -> None:
    codebook = book({"training": ["培训", "研修"], "needs": ["训"]})
    assert found("不培训研修，研修", codebook) == [
        ("training", "培训", NEGATED, "不"),
        ("training", "研修", NEGATED, "不"),
        ("training", "研修", COUNTED, ""),
        ("needs", "训", NEGATED, "不"),
    ]


def test_a_codebook_without_negation_negates_nothing() -> None:
    assert only("不培训", "培训") == [("培训", NEGATED)]
    assert found("不培训不足", book({"t": ["培训"]}, negation=Negation((), (), 0, ()))) == [("t", "培训", COUNTED, "")]


def test_negating_words_are_found_with_their_place_and_side_but_not_in_harmless_words() -> None:
    assert sorted(negations("不断有不足", NEGATION)) == [(3, 4, "不", True), (3, 5, "不足", False)]


# --- any text ----------------------------------------------------------------------------------------------------

SHIPPED = load_codebook(METHOD / "themes.toml")
_WORDS = sorted(
    {form for theme in SHIPPED.themes for one in (*theme.indicators[:12], *theme.exclusions) for form in one.forms}
)
PIECES = st.one_of(
    st.sampled_from(_WORDS).map(lambda form: form.replace("…", "的")),
    st.sampled_from([*SHIPPED.negation.before, *SHIPPED.negation.after, *SHIPPED.negation.not_]),
    st.sampled_from([*"，。；：！？、,;:!?\n（）“”", "的", "教师", "１＋Ｘ", "ＡＩ", "ﬁ"]),
)
DENSE = st.lists(PIECES, max_size=12).map("".join)
ANY = st.one_of(st.text(), DENSE)
RULES = {
    (theme.id, one.pattern): (one.regex, one.line) for theme in SHIPPED.themes for one in theme.indicators
}  # fmt: skip
EXCLUSIONS = {theme.id: {one.pattern: one.regex for one in theme.exclusions} for theme in SHIPPED.themes}


@given(ANY)
def test_every_hit_of_any_text_lies_in_it_and_is_what_its_rule_says(text: str) -> None:
    for hit in coded(text, SHIPPED):
        assert 0 <= hit.start < hit.end <= len(text)
        regex, line = RULES[hit.theme, hit.rule]
        assert regex.fullmatch(folded(text[hit.start : hit.end]))
        assert hit.line == line


@given(ANY)
def test_every_hit_of_any_text_has_one_status_and_the_reason_for_it(text: str) -> None:
    plain = folded(text)
    for hit in coded(text, SHIPPED):
        around = [
            pattern
            for pattern, regex in EXCLUSIONS[hit.theme].items()
            if any(match.start() <= hit.start and hit.end <= match.end() for match in regex.finditer(plain))
        ]
        assert (hit.status == EXCLUDED) == bool(around)
        if hit.status == EXCLUDED:
            assert hit.reason in around
        elif hit.status == NEGATED:
            reach = SHIPPED.negation.reach + len(hit.reason)
            assert hit.reason in (*SHIPPED.negation.before, *SHIPPED.negation.after)
            assert hit.reason in plain[max(0, hit.start - reach) : hit.start] + "\0" + plain[hit.end : hit.end + reach]
        else:
            assert (hit.status, hit.reason) == (COUNTED, "")


@given(ANY)
def test_hits_of_one_theme_and_status_do_not_overlap_and_no_place_is_listed_twice(text: str) -> None:
    hits = coded(text, SHIPPED)
    for at, hit in enumerate(hits):
        for other in hits[at + 1 :]:
            if (hit.theme, hit.status) == (other.theme, other.status):
                assert hit.end <= other.start  # which is in the order of the text
    assert len({(hit.theme, hit.start, hit.end) for hit in hits}) == len(hits)
    order = [theme.id for theme in SHIPPED.themes]
    places = [(order.index(hit.theme), hit.start, hit.end) for hit in hits]
    assert places == sorted(places)


@given(ANY)
def test_no_indicator_is_lost_but_to_a_hit_that_overlaps_it_and_is_as_long(text: str) -> None:
    plain = folded(text)
    hits = coded(text, SHIPPED)
    for (name, _), (regex, _) in RULES.items():
        for match in regex.finditer(plain):
            assert any(
                hit.theme == name
                and hit.start < match.end()
                and match.start() < hit.end
                and hit.end - hit.start >= match.end() - match.start()
                for hit in hits
            )


@given(DENSE, DENSE)
def test_a_full_stop_keeps_two_texts_apart(first: str, second: str) -> None:
    def said(text: str, shift: int = 0) -> set[tuple[str, str, int, int, str, str]]:
        return {
            (hit.theme, hit.rule, hit.start + shift, hit.end + shift, hit.status, hit.reason)
            for hit in coded(text, SHIPPED)
        }

    assert said(first + "。" + second) == said(first) | said(second, len(first) + 1)


@given(ANY)
def test_case_and_width_of_any_text_change_no_hit(text: str) -> None:
    assert coded(folded(text), SHIPPED) == coded(text, SHIPPED)


@given(ANY)
def test_a_text_carries_a_theme_where_a_hit_of_it_counts(text: str) -> None:
    carried = {hit.theme for hit in coded(text, SHIPPED) if hit.status == COUNTED}
    assert themes_in(text, SHIPPED) == [theme.id for theme in SHIPPED.themes if theme.id in carried]


HITS = st.lists(
    st.tuples(st.integers(0, 12), st.integers(1, 5), st.integers(1, 4)).map(
        lambda each: Hit("t", "x", each[2], each[0], each[0] + each[1], COUNTED)
    ),
    max_size=8,
)


@given(HITS)
def test_of_any_hits_the_longest_stand_and_the_others_each_yield_to_one_that_is_as_long(hits: list[Hit]) -> None:
    kept = longest(hits)
    assert set(kept) <= set(hits)
    assert [hit.start for hit in kept] == sorted(hit.start for hit in kept)
    for one, other in pairwise(kept):
        assert one.end <= other.start
    for hit in hits:
        assert any(
            hit.start < other.end and other.start < hit.end and other.end - other.start >= hit.end - hit.start
            for other in kept
        )
