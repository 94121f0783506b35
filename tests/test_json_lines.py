"""Records as JSON: keys by their role, values as a person would write them, faults with their line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pipeline.readers import Source, json_lines
from tests.appendix import HEADER, HEADINGS, ROWS, refused, rows_of


def read(data: bytes | str, name: str = "a.jsonl") -> Source:
    return json_lines.read(data if isinstance(data, bytes) else data.encode(), Path(name), HEADINGS)


def lines_of(*records: object) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


OBJECTS = [dict(zip(HEADER, (int(serial), region, text), strict=True)) for serial, region, text in ROWS]


@pytest.mark.parametrize(
    "data",
    [
        lines_of(*OBJECTS).encode(),
        lines_of(*OBJECTS).replace("\n", "\r\n").encode("utf-8-sig"),
        lines_of(*OBJECTS).encode("gb18030"),
        "".join(json.dumps(record) + "\n\n" for record in OBJECTS).encode(),
        json.dumps(OBJECTS).encode(),
        json.dumps(OBJECTS, indent=2, ensure_ascii=False).encode("utf-16"),
    ],
)
def test_the_appendix_comes_back_as_lines_and_as_a_list(data: bytes) -> None:
    source = read(data)
    assert rows_of(source) == ROWS
    assert source.removed == ()


def test_every_record_stands_on_its_line() -> None:
    in_lines = read('\n{"text": "甲"}\n\n{"text": "乙"}\n')
    in_list = read('[\n {"text": "甲"},\n\n {\n "text": "乙"}, {"text": "丙"}]\n')
    whole = read('\n{\n"text":\n"甲"}')
    assert [record.text.where.line for record in in_lines.records] == [2, 4]
    assert [record.text.where.line for record in in_list.records] == [2, 4, 5]
    assert [record.text.where.line for record in whole.records] == [2]


@pytest.mark.parametrize("key", ["full_text", "content", "正文", "Text", "经验做法简介"])
def test_the_text_is_known_by_the_headings_of_the_settings(key: str) -> None:
    assert read(lines_of({"省份": "浙江", key: "甲"})).records[0].text.text == "甲"


def test_keys_may_differ_from_record_to_record() -> None:
    source = read(lines_of({"text": "甲", "region": "浙江"}, {"地区": "山东", "正文": "乙"}))
    assert [(r.text.text, r.fields["region"]) for r in source.records] == [("甲", "浙江"), ("乙", "山东")]


def test_of_two_keys_that_name_the_text_none_hides_the_other() -> None:
    source = read(lines_of({"content": "甲", "text": "乙"}))
    assert source.records[0].text.text == "甲"
    assert source.records[0].fields == {"text (2)": "乙"}


def test_values_are_written_as_a_person_would() -> None:
    record = {
        "text": ["第一段", "第二段"],
        "region": " 浙江 ",
        "serial": 7,
        "year": 2024.0,
        "备注": None,
        "是": True,
        "率": 0.5,
        "nested": {"b": [1, "二"]},
    }
    record["序号"] = record.pop("serial")
    found = read(lines_of(record)).records[0]
    assert found.text.text == "第一段\n第二段"
    assert found.fields == {
        "region": "浙江",
        "year": "2024",
        "备注": "",
        "是": "true",
        "率": "0.5",
        "nested": '{"b": [1, "二"]}',
        "serial": "7",
    }


@pytest.mark.parametrize("text", [None, "", " \n", "——", []])
def test_a_record_without_text_is_left_out_and_its_values_listed(text: object) -> None:
    source = read(lines_of({"地区": "浙江", "正文": text}, {"地区": "山东", "正文": "乙"}, {"地区": "广东"}))
    assert [record.fields["region"] for record in source.records] == ["山东"]
    found = [(run.characters, run.where.line, run.reason) for run in source.removed if run.characters != "——"]
    assert found == [("浙江", 1, "row without text"), ("广东", 3, "row without text")]


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        ('{"text": "甲"}\n{"text": "乙"\n', 2, ("JSON", "column")),
        ('{"text": "甲"}\n["乙"]\n', 2, ("对象", "object")),
        ('{"text": "甲"}\n"乙"\n', 2, ("对象",)),
        ("text,region\n甲,浙江\n", 1, ("JSON",)),
        ('{"text": "甲", "text": "乙"}\n', 1, ("text",)),
        ('{"text": "甲", "b": {"c": 1, "c": 2}}\n', 1, ("c",)),
        ('{"text": "甲", "year": NaN}\n', 1, ("NaN",)),
        ('{"text": "甲", "year": -Infinity}\n', 1, ("Infinity",)),
        ('{"text": "甲", "year": 1e999}\n', 1, ("JSON",)),
        ('{"text": "甲"}\n{"text": "\\ud800"}\n', 2, ("\\ud800", "text")),
        ('{"text": "甲", "region": "\\u0000"}\n', 1, ("\\u0000", "region")),
        ('{"text": "甲\t"}\n', 1, ("JSON",)),
        ('{"text": {"a": "甲"}}\n', 1, ("文字", "neither text")),
        ('{"text": 5}\n', 1, ("文字",)),
        ('{"text": ["甲", 5]}\n', 1, ("文字",)),
        ('{"text": "甲"}\n{"a": ' + "[" * 100_000 + "\n", 2, ("JSON",)),
        ('{"text": "甲"}\n{"a": ' + "[" * 100_000 + "]" * 100_000 + "}\n", 2, ("JSON",)),
        ('{"text": "甲", "a": ' + "1" * 5000 + "}\n", 1, ("JSON",)),
        ('{"备注": "甲"}\n', 1, ("正文", "备注", "settings.toml")),
        ('{"text": "甲", "region": "浙江"}\n{"text": "乙"}\n', 2, ("地区",)),
        ('{"text": "甲", "region": "浙江"}\n{"text": "乙", "region": " "}\n', 2, ("地区",)),
        ('[{"text": "甲"},\n{"text": "乙"},\n]', 3, ("JSON",)),
        ('[{"text": "甲"}\n{"text": "乙"}]', 2, ("JSON",)),
        ('[{"text": "甲"},\n 5]', 2, ("对象",)),
        ('[{"text": "甲"}]\n[]', 2, ("JSON",)),
        ('[{"text": "甲"},\n{"text": "乙"', 2, ("JSON",)),
        ('[{"text": "甲"},\n' + "[" * 100_000, 2, ("JSON",)),
        ("[]", 1, ("正文",)),
    ],
)
def test_a_fault_is_one_message_with_its_line(data: str, line: int, words: tuple[str, ...]) -> None:
    refused(json_lines.read, data.encode(), "a.jsonl", line, *words)


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from('\n\t"\\'), max_size=20)


@given(
    st.lists(st.tuples(TEXT, TEXT, st.integers()), min_size=1, max_size=5), st.booleans(), st.sampled_from([None, 1])
)
def test_what_is_written_comes_back(rows: list[tuple[str, str, int]], plain: bool, indent: int | None) -> None:
    objects = [{"正文": f"甲{text}甲", "备注": note, "序号": number} for text, note, number in rows]
    if indent:
        data = json.dumps(objects, ensure_ascii=plain, indent=indent)
    else:
        data = "".join(json.dumps(one, ensure_ascii=plain) + "\n" for one in objects)
    found = [(r.text.text, r.fields["备注"], r.fields["serial"]) for r in read(data).records]
    assert found == [(f"甲{text}甲", note.strip(), str(number)) for text, note, number in rows]
