"""Paragraphs of work reports are labelled by the one sector that their heading names; neither heading nor province stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.sectors import GAZETTEER, MASK, headed, labelled, main, masked, masking, sector_of
from pipeline.errors import InputError
from pipeline.method import load_gazetteer

NAMES = masking(load_gazetteer(GAZETTEER))
BODY = "新建一批公办园，" * 12  # 96 characters


@pytest.mark.parametrize(
    ("heading", "sector"),
    [
        ("办好人民满意的教育", "教育"),
        ("扎实做好就业工作", "民生就业"),
        ("统筹教育和医疗", None),  # two sectors
        ("以科技创新引领产业升级", None),  # a sector and a topic that is not used
        ("提振消费", None),  # such a topic alone
        ("感谢各位代表", None),
    ],
)
def test_a_heading_labels_only_when_it_names_exactly_one_sector(heading: str, sector: str | None) -> None:
    assert sector_of(heading) == sector


@pytest.mark.parametrize("number", ["", "（三）", "(三)", "三、", "3.", "12．", "一是", "十二是", "——", "  （3）、"])
def test_the_number_before_a_heading_is_taken_off(number: str) -> None:
    assert headed(f"{number}办好教育。新建学校。") == ("办好教育", "新建学校。")


def test_what_only_looks_like_a_number_stays() -> None:
    assert headed("三农工作扎实。粮食增产。") == ("三农工作扎实", "粮食增产。")
    assert headed("3.5万农户增收。粮食增产。") == ("3.5万农户增收", "粮食增产。")


@pytest.mark.parametrize(
    "paragraph",
    [
        "办教育。新建学校。",
        "办好教育；新建学校。粮食增产。",
        f"{'办好教育' * 11}。新建学校。",
        "办好教育。",
        "办好教育",
    ],
    ids=["too short", "two clauses", "too long", "nothing follows", "no full stop"],
)
def test_a_leading_sentence_that_is_no_heading_gives_nothing(paragraph: str) -> None:
    assert headed(paragraph) is None


def test_full_and_short_names_of_provincial_units_are_masked_and_others_stay() -> None:
    text = "内蒙古自治区与广西、北京市携手，宁波参加。"
    assert masked(text, NAMES) == f"{MASK}与{MASK}、{MASK}携手，宁波参加。"
    assert masked(masked(text, NAMES), NAMES) == masked(text, NAMES)


def test_a_labelled_paragraph_has_lost_its_heading_and_the_name_of_its_province() -> None:
    report = f"工作报告\n（一）办好人民满意的教育。海南{BODY}\n（二）统筹教育和医疗。{BODY}"
    (found,) = labelled("海南省", report, NAMES)
    assert (found.text, found.label, found.document) == (f"{MASK}{BODY}", "教育", "海南省")


@pytest.mark.parametrize(("length", "kept"), [(79, 0), (80, 1), (600, 1), (601, 0)])
def test_only_bodies_of_80_to_600_characters_are_labelled(length: int, kept: int) -> None:
    assert len(list(labelled("海南省", f"办好教育。{'学' * length}", NAMES))) == kept


def test_the_set_is_one_json_object_a_line_and_a_report_without_text_is_passed_over(tmp_path: Path) -> None:
    reports, out = tmp_path / "reports.jsonl", tmp_path / "out.jsonl"
    rows = [
        {"province": "青海省", "full_text": None},
        {"province": "海南省", "full_text": f"一是办好人民满意的教育。{BODY}"},
    ]
    reports.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    main(reports, out)
    assert [json.loads(line) for line in out.read_text("utf-8").splitlines()] == [
        {"text": BODY, "label": "教育", "document": "海南省"}
    ]


@pytest.mark.parametrize(
    ("content", "line", "told"),
    [
        ('{"province": "海南省", "full_text": ""}\n{', 2, "this line is not JSON"),
        ('{"province": "海南省"}', 1, "province and full_text"),
        ("[]", 1, "not a JSON object"),
        ('{"province": "海南省", "full_text": "各位代表：\\n谢谢。"}', None, "exactly one sector"),
    ],
)
def test_bad_input_is_one_message_that_says_where(tmp_path: Path, content: str, line: int | None, told: str) -> None:
    reports = tmp_path / "reports.jsonl"
    reports.write_text(content, "utf-8")
    with pytest.raises(InputError, match=told) as caught:
        main(reports, tmp_path / "out.jsonl")
    assert caught.value.line == line
    assert not (tmp_path / "out.jsonl").exists()


def test_a_file_that_is_not_utf_8_is_one_message(tmp_path: Path) -> None:
    reports = tmp_path / "reports.jsonl"
    reports.write_bytes("教育".encode("gbk"))
    with pytest.raises(InputError, match="not UTF-8"):
        main(reports, tmp_path / "out.jsonl")
