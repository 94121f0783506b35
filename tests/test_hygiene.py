"""Cleaning: what goes, what stays, and that every change can be followed in the text as given."""

from __future__ import annotations

import itertools
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from pipeline.errors import InputError
from pipeline.hygiene import Change, all_cleaned, cleaned, repeated_lines
from pipeline.method import Settings, TextSettings, load_settings
from tests.conftest import METHOD, Corpus

KEPT = load_settings(METHOD / "settings.toml").text
SIMPLIFIED = replace(KEPT, traditional="simplify")

# Pieces that make each other's neighbours: marks over letters, halves of a line end, bookmarks inside bookmarks.
PIECES = (
    "[bookmark: ", "_GoBack]", "]", "[", "\r", "\n", "\r\n", "\x85", "\f", "\t", " ", "\xa0", "\u3000", "\u200b", "\u202e",
    "\xad", "\ufeff", "\ufffd", "\ud800", "\x07", "ｂ", "ｶ", "ﾞ", "e", "\u0301", "\u0323", "´", "㈱", "①", "²", "，", "︵", "⼈", "⺠",
    "\uf900", "ﬁ", "２", "％", "教", "乾", "隆", "薴", "職", "業", "ᄀ", "ᅡ",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.text(
    st.characters(exclude_categories=()), max_size=12
)


def applied(text: str, changes: Sequence[Change]) -> str:
    """The text with every change made, each checked against the characters that stand there, in order and apart."""
    parts, at = [], 0
    for change in changes:
        assert at <= change.start < change.end
        assert text[change.start : change.end] == change.removed
        parts += [text[at : change.start], change.replacement]
        at = change.end
    return "".join([*parts, text[at:]])


def told(text: str, settings: TextSettings = KEPT) -> tuple[str, list[tuple[str, str, str]]]:
    now, changes = cleaned(text, settings)
    assert applied(text, changes) == now
    return now, [(change.removed, change.replacement, change.reason) for change in changes]


@pytest.mark.parametrize("settings", [KEPT, SIMPLIFIED])
@given(text=TEXTS)
def test_the_cleaned_text_is_the_given_one_with_each_change_applied(settings: TextSettings, text: str) -> None:
    now, changes = cleaned(text, settings)
    assert applied(text, changes) == now


@given(
    text=st.text("，。；：、！？（）《》“”‘’—…·～教育师资⼈职業abcXYZ019 ,.;:%-+()/\n"),
    form=st.sampled_from(["", "…", "①-⑳"]),
)
def test_a_text_of_plain_characters_is_cleaned_the_same_the_short_way_and_step_by_step(text: str, form: str) -> None:
    settings = replace(KEPT, kept_forms=(form,) if form else ())
    # The mark in front is taken out by the steps, through which the whole text then goes.
    assert cleaned(text, settings)[0] == cleaned("\u200b" + text, settings)[0]


@pytest.mark.parametrize("settings", [KEPT, SIMPLIFIED])
@given(text=TEXTS)
def test_a_cleaned_text_is_clean(settings: TextSettings, text: str) -> None:
    now, _ = cleaned(text, settings)
    again, changes = cleaned(now, settings)
    assert again == now
    assert {change.reason for change in changes} <= {"lost character"}  # which stays, and is named each time


@given(text=TEXTS)
def test_changes_that_touch_have_different_reasons_and_each_changes_something(text: str) -> None:
    _, changes = cleaned(text, KEPT)
    assert all(a.end < b.start or a.reason != b.reason for a, b in itertools.pairwise(changes))
    assert all(change.removed != change.replacement or change.reason == "lost character" for change in changes)


@given(text=st.text("，。；：？！（）“”‘’—…、《》〈〉【】「」『』〔〕·～教育abc019.,;:?!()%+-[] \t\n"))
def test_chinese_and_ascii_punctuation_with_plain_blanks_is_left_alone(text: str) -> None:
    assert cleaned(text, KEPT) == (text, ())


@pytest.mark.parametrize(
    ("text", "now", "removed", "reason"),
    [
        ("教师[bookmark: _GoBack]队伍", "教师队伍", "[bookmark: _GoBack]", "bookmark"),
        ("教\x07师", "教师", "\x07", "control character"),
        ("教\x9f师", "教师", "\x9f", "control character"),
        ("教\ufffe师", "教师", "\ufffe", "control character"),
        ("教\U0001ffff师", "教师", "\U0001ffff", "control character"),
        ("教\udc80师", "教师", "\udc80", "control character"),
        ("教\u200b\u2060师", "教师", "\u200b\u2060", "invisible character"),
        ("\ufeff教师", "教师", "\ufeff", "invisible character"),
        ("教\xad师", "教师", "\xad", "invisible character"),
        ("葛\U000e0100城", "葛城", "\U000e0100", "invisible character"),
        ("教\u180e\u3164师", "教师", "\u180e\u3164", "invisible character"),
        ("教\ufff9\U000e0041师", "教师", "\ufff9\U000e0041", "invisible character"),
        ("教\u202e\u2066\u200f\u061c师", "教师", "\u202e\u2066\u200f\u061c", "direction mark"),
        ("　\xa0 教师", "教师", "　\xa0 ", "blank"),  # indentation, with the plain blank beside it
        ("教师　\n", "教师\n", "　", "blank"),
        ("甲\n　　乙", "甲\n乙", "　　", "blank"),
    ],
)
def test_what_only_steers_the_display_is_taken_out(text: str, now: str, removed: str, reason: str) -> None:
    assert told(text) == (now, [(removed, "", reason)])


@pytest.mark.parametrize("written", ["\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_break_is_one_line_feed(written: str) -> None:
    assert told(f"甲{written}乙") == ("甲\n乙", [(written, "\n", "line break")])


def test_a_line_feed_and_a_tab_stay() -> None:
    assert cleaned("\t甲\n\n乙\t", KEPT) == ("\t甲\n\n乙\t", ())


@pytest.mark.parametrize("blank", ["\xa0", "\u2003", "\u202f", "\u3000", "\ue5e5", "\u2800", " \u3000 "])
def test_inside_a_line_one_plain_blank_keeps_two_words_apart(blank: str) -> None:
    assert told(f"第一章{blank}总则") == ("第一章 总则", [(blank, " ", "blank")])


def test_plain_blanks_between_han_characters_are_the_author_s() -> None:
    assert cleaned("  职 业 教 育  \n", KEPT) == ("  职 业 教 育  \n", ())


@pytest.mark.parametrize(
    ("written", "common"),
    [
        ("２０２５年", "2025年"), ("ＡＩ", "AI"), ("％", "%"), ("＋", "+"), ("ｶﾞ", "ガ"), ("⼈", "人"), ("\uf900", "豈"), ("ﬁ", "fi"),
        ("e\u0301", "é"), ("︵", "（"), ("﹐", "，"), ("︑", "、"), ("｢", "「"), ("⺠", "民"), ("⻓", "长"),
    ],
)  # fmt: skip
def test_another_form_of_a_character_becomes_the_common_one(written: str, common: str) -> None:
    now, changes = told(f"甲{written}乙")
    assert now == f"甲{common}乙"
    assert {reason for *_, reason in changes} == {"compatibility form"}


@pytest.mark.parametrize("kept", ["，；：？！（）…", "①⑳㈠⒈", "Ⅰ–Ⅻ", "㎡℃№½", "m²", "￣´", "～"])
def test_punctuation_and_signs_that_would_lose_their_meaning_stay(kept: str) -> None:
    assert unicodedata.normalize("NFKC", kept) != kept
    assert cleaned(f"甲{kept}乙", KEPT) == (f"甲{kept}乙", ())


def test_which_forms_stay_is_for_the_settings_to_say() -> None:
    assert cleaned("，①②", replace(KEPT, kept_forms=("②-④",)))[0] == ",1②"
    assert cleaned("②-③", replace(KEPT, kept_forms=("①-",)))[0] == "2-3"


def test_a_radical_whose_common_form_is_traditional_becomes_the_simplified_character() -> None:
    assert cleaned("用⼾和⾭年、⿈河", KEPT)[0] == "用户和青年、黄河"


@pytest.mark.parametrize("radical", "⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰")
def test_a_radical_that_pdf_exports_put_for_a_character_becomes_the_character(radical: str) -> None:
    """By Unicode's names: the radical and what its character was simplified from have the same number."""
    now, _ = cleaned(radical, KEPT)
    assert unicodedata.name(radical).startswith("CJK RADICAL")
    assert unicodedata.name(now).startswith("CJK UNIFIED IDEOGRAPH")


def test_changes_of_one_reason_that_touch_are_one_run_with_its_place() -> None:
    text = "于２０２５\u200b\u202e年"
    _, changes = cleaned(text, KEPT)
    assert changes == (
        Change(1, 5, "２０２５", "2025", "compatibility form"),
        Change(5, 6, "\u200b", "", "invisible character"),
        Change(6, 7, "\u202e", "", "direction mark"),
    )


def test_what_one_change_brings_together_is_cleaned_too() -> None:
    assert told("甲[book\u200bmark: x]乙") == ("甲乙", [("[book\u200bmark: x]", "", "bookmark")])
    assert told("甲[bookmark: [bookmark: a]b]乙") == ("甲乙", [("[bookmark: [bookmark: a]b]", "", "bookmark")])
    assert told("甲e[bookmark: a]\u0301乙") == ("甲é乙", [("e[bookmark: a]\u0301", "é", "compatibility form")])


def test_a_lost_character_is_named_and_stays() -> None:
    assert told("教\ufffd\ufffd师") == ("教\ufffd\ufffd师", [("\ufffd\ufffd", "\ufffd\ufffd", "lost character")])


def test_traditional_characters_stay_unless_the_settings_say_simplify() -> None:
    assert cleaned("職業教育", KEPT) == ("職業教育", ())
    assert told("職業教育", SIMPLIFIED) == ("职业教育", [("職業", "职业", "traditional character")])


def test_traditional_characters_are_simplified_by_phrase_also_across_what_was_taken_out() -> None:
    assert told("乾隆、乾燥", SIMPLIFIED)[0] == "乾隆、干燥"
    assert told("乾\u200b隆", SIMPLIFIED) == ("乾隆", [("\u200b", "", "invisible character")])


def test_a_simplified_text_is_not_changed_by_simplifying(corpus: Corpus) -> None:
    for text in corpus.documents["text"]:
        assert cleaned(text, SIMPLIFIED) == (text, ())


def test_without_opencc_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opencc", None)
    with pytest.raises(InputError, match="make extras") as caught:
        cleaned("職業", SIMPLIFIED)
    assert "make extras" in caught.value.zh
    assert cleaned("職業", KEPT) == ("職業", ())


def test_the_appendix_comes_out_unchanged_but_for_its_bookmark(corpus: Corpus, settings: Settings) -> None:
    for text in corpus.documents["text"]:
        assert cleaned(text, settings.text) == (text, ())
    raw = (METHOD.parent / "data" / "raw" / "vocational-teachers.txt").read_bytes().decode("utf-8")
    cells = [line.removeprefix("\t").rstrip() for line in raw.splitlines() if line.startswith("\t")]
    changes = [change for cell in cells for change in cleaned(cell, settings.text)[1]]
    assert [change.reason for change in changes] == ["bookmark"]
    assert changes[0].removed.startswith("[bookmark: ")
    assert repeated_lines(corpus.documents["text"].tolist(), settings.text) == ((),) * 13


# --- what pages and web sites put around a text ------------------------------------------------------------------


def gone(*texts: str, settings: TextSettings = KEPT) -> list[list[tuple[str, str]]]:
    found = repeated_lines(texts, settings)
    for text, changes in zip(texts, found, strict=True):
        applied(text, changes)
    return [[(change.removed, change.reason) for change in changes] for changes in found]


@pytest.mark.parametrize(
    "line",
    ["— 12 —", "- 3 -", "－3－", "—１２—", "第 3 页 共 20 页", "第3页", "第3页，共20页", "Page 3 of 20", "　— 2 —　"],
)
def test_a_page_number_goes_with_its_line(line: str) -> None:
    assert gone(f"加强培训，\n{line}\n提高待遇。") == [[(f"{line}\n", "page number")]]


@pytest.mark.parametrize("line", ["12", "3/20", "第3页的表", "—12", "2024-2025", "— 第一 —", "第三条"])
def test_a_number_that_may_be_part_of_the_text_stays(line: str) -> None:
    assert gone(f"加强培训，\n{line}\n提高待遇。") == [[]]


def test_a_bare_number_beside_a_form_feed_is_a_page_number() -> None:
    assert gone("甲\n1\n\f乙\n2\n\f3\n丙\n4\n丁") == [
        [("1\n", "page number"), ("2\n", "page number"), ("3\n", "page number")]
    ]


PAGES = "某省教育厅文件\n第一页的正文。\n— 1 —\n某省教育厅文件\n第二页的正文。\n— 2 —\n某省教育厅文件\n第三页的正文。\n— 3 —\n"


def test_a_running_head_at_the_edge_of_its_pages_goes_wherever_it_stands() -> None:
    heads = [("某省教育厅文件\n", "repeated line")] * 3
    (found,) = gone(PAGES)
    assert [each for each in found if each[1] == "repeated line"] == heads
    assert [each[0] for each in found if each[1] == "page number"] == ["— 1 —\n", "— 2 —\n", "— 3 —\n"]
    (fed,) = gone("职教之窗\n甲\n\f职教之窗\n乙\n\f职教之窗\n丙\n")
    assert fed == [("职教之窗\n", "repeated line")] * 3


def test_a_second_running_head_below_the_first_goes_too() -> None:
    (found,) = gone("".join(f"某刊\n职教专号\n正文{page}\n正文{page}续\n\f" for page in "甲乙丙丁"))
    assert found == [("某刊\n职教专号\n", "repeated line")] * 4


def test_a_line_that_comes_back_inside_the_pages_stays() -> None:
    said = "".join(
        f"任务{one}\n责任单位：省教育厅\n要求{one}\n— {page} —\n说明{one}\n" for page, one in enumerate("甲乙丙丁", 1)
    )
    assert {reason for _, reason in gone(said)[0]} == {"page number"}
    assert gone("责任单位省教育厅\n正文\n" * 9) == [[]]  # no pages at all: nothing says that it is a head


def test_salutations_and_numbered_headings_stay_also_at_the_edge_of_pages() -> None:
    for line in ("各位代表！", "各位代表：", "一、总体要求", "（一）主要目标", "第一章 总则", "1.目标"):
        text = "".join(f"{line}\n正文{page}\n— {page} —\n" for page in range(1, 6))
        assert {reason for _, reason in gone(text)[0]} == {"page number"}, line


def test_twice_is_no_running_head_and_thresholds_are_settings() -> None:
    two = "某刊\n甲\n— 1 —\n某刊\n乙\n— 2 —\n"
    assert {reason for _, reason in gone(two)[0]} == {"page number"}
    assert ("某刊\n", "repeated line") in gone(two, settings=replace(KEPT, repeated_pages=2))[0]
    long = PAGES.replace("某省教育厅文件", "某" * 41)
    assert {reason for _, reason in gone(long)[0]} == {"page number"}
    assert "repeated line" in {reason for _, reason in gone(long, settings=replace(KEPT, repeated_line_max=41))[0]}


def test_a_line_that_is_mostly_inside_its_pages_stays() -> None:
    """Three of four times at the edge: below the share that the settings ask for."""
    text = "某刊\n甲\n— 1 —\n某刊\n乙\n— 2 —\n某刊\n丙\n某刊\n丁\n— 3 —\n"
    assert {reason for _, reason in gone(text)[0]} == {"page number"}
    assert "repeated line" in {reason for _, reason in gone(text, settings=replace(KEPT, page_edge_share=0.75))[0]}


def test_lines_of_a_web_site_go_from_the_ends_of_documents_that_share_them() -> None:
    texts = [
        f"当前位置：首页\n{place}经验\n正文{place}。\n又{place}。\n【打印本页】【关闭窗口】"
        for place in ("甲", "乙", "丙")
    ]
    for found in gone(*texts):
        assert found == [("【打印本页】【关闭窗口】", "repeated line")] or found == [
            ("当前位置：首页\n", "repeated line"), ("【打印本页】【关闭窗口】", "repeated line")
        ]  # fmt: skip
    assert gone(*texts)[0][0] == ("当前位置：首页\n", "repeated line")
    assert gone(*texts[:2]) == [[], []]  # of two documents both may say it
    assert gone(*(f"一\n二\n三\n打印本页\n四{x}\n五{x}\n六{x}" for x in "甲乙丙")) == [[], [], []]  # in the middle


def test_headings_that_every_document_has_once_stay() -> None:
    """Both kinds stand first or last in most documents; only the words of a web site tell the one from the other."""
    texts = [
        f"政府工作报告\n各位代表：\n一、总体要求\n{place}。\n总体目标\n{place}好。\n二、保障措施\n{place}行。\n特此通知。\n附件"
        for place in "甲乙丙丁戊己"
    ]
    assert gone(*texts) == [[]] * 6


def test_lines_and_characters_are_cleaned_together_with_places_in_the_text_as_read() -> None:
    text = "\ufeff教育[bookmark: a]\r\n— 1 —\r\n\f　提高\u200b待遇"
    ((now, changes),) = all_cleaned([text], KEPT)
    assert now == "教育\n\n提高待遇"
    assert applied(text, changes) == now
    assert [(change.removed, change.reason) for change in changes] == [
        ("\ufeff", "invisible character"), ("[bookmark: a]", "bookmark"), ("\r\n", "line break"), ("— 1 —\r\n", "page number"),
        ("\f", "line break"), ("　", "blank"), ("\u200b", "invisible character"),
    ]  # fmt: skip


@given(
    texts=st.lists(st.lists(st.sampled_from([*PIECES, "— 1 —", "某刊", "甲\n"]), max_size=12).map("".join), max_size=4)
)
def test_cleaning_a_corpus_can_be_followed_in_each_of_its_texts(texts: list[str]) -> None:
    for text, (now, changes) in zip(texts, all_cleaned(texts, KEPT), strict=True):
        assert applied(text, changes) == now
