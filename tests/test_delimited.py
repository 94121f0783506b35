"""Delimited text: the appendix comes back in every encoding with every delimiter; faults are told with their line."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import assume, given, strategies as st

from pipeline.readers import Source, delimited
from tests.appendix import HEADER, HEADINGS, ROWS, TITLE, refused, rows_of

HEAD = "序号,省市,经验做法\n"


def read(data: bytes | str, name: str = "a.csv") -> Source:
    return delimited.read(data if isinstance(data, bytes) else data.encode(), Path(name), HEADINGS)


def written(
    rows: list[tuple[str, ...]], delimiter: str = ",", end: str = "\r\n", quoting: int = csv.QUOTE_MINIMAL
) -> str:
    """As Python's csv module writes it: another implementation of the same rules."""
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)  # type: ignore[call-overload]
    return file.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "，"])
@pytest.mark.parametrize(
    ("codec", "encoding"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8 (BOM)"),
        ("gb18030", "GB18030"),
        ("utf-16", "UTF-16 LE (BOM)"),
    ],
)
def test_the_appendix_comes_back_whatever_the_encoding_and_the_delimiter(
    codec: str, encoding: str, delimiter: str
) -> None:
    source = read(written([HEADER, *ROWS], delimiter).encode(codec))
    assert rows_of(source) == ROWS
    assert source.encoding == encoding
    assert [run.characters for run in source.removed] == list(HEADER)


def test_lines_above_the_header_are_the_title() -> None:
    source = read(written([("附件1", "", ""), (TITLE,), HEADER, *ROWS]))
    assert (source.title, rows_of(source)) == (TITLE, ROWS)


def test_the_full_width_commas_of_chinese_prose_are_no_delimiter() -> None:
    rows = "序号;省市;经验做法\n1;浙江;一，二，三\n2;山东;四，五，六\n"
    assert [record.text.text for record in read(rows).records] == ["一，二，三", "四，五，六"]


def test_a_delimiter_that_most_rows_have_within_their_text_is_not_taken_without_a_header() -> None:
    rows = "地区\t正文\n浙江\t甲,乙,丙\n山东\t丁,戊,己\n广东\t庚,辛,壬\n"
    assert [record.fields for record in read(rows).records] == [
        {"region": "浙江"},
        {"region": "山东"},
        {"region": "广东"},
    ]


def test_a_header_says_more_than_how_many_rows_have_a_mark() -> None:
    source = read("各地经验,汇编\n地区;正文\n浙江;甲,乙\n")
    assert (source.title, source.records[0].text.text) == ("各地经验,汇编", "甲,乙")


def test_of_two_delimiters_that_both_make_a_header_the_one_that_most_rows_have_is_taken() -> None:
    source = read("地区,正文;年份;备注\n浙江,甲\n山东,乙\n")
    assert [(r.fields["region"], r.text.text) for r in source.records] == [("浙江", "甲"), ("山东", "乙")]


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;"])
def test_the_line_by_which_excel_names_the_delimiter_is_obeyed_and_listed(first: str) -> None:
    source = read(f"{first}\r\n地区;正文\r\n浙江;甲\r\n")
    assert [(record.fields["region"], record.text.text) for record in source.records] == [("浙江", "甲")]
    assert (source.removed[0].characters, source.removed[0].reason) == (first, "delimiter line")
    assert source.records[0].text.where.line == 3


def test_a_row_stands_on_the_line_on_which_it_begins() -> None:
    source = read('地区,正文\r\n\r\n浙江,"甲\r\n乙\n丙"\r\n \r\n山东,丁\r广东,戊\n')
    assert [(r.text.where.line, r.text.text) for r in source.records] == [(3, "甲\r\n乙\n丙"), (7, "丁"), (8, "戊")]


def test_quotes_written_twice_are_one_and_quotes_within_a_cell_stay() -> None:
    source = read('地区,正文\n"浙江" , "称为""双高""计划, 等"\n山东,他说"好"了\n')
    assert [(r.fields["region"], r.text.text) for r in source.records] == [
        ("浙江", '称为"双高"计划, 等'),
        ("山东", '他说"好"了'),
    ]


def test_outer_blanks_are_cut_and_counted() -> None:
    cell = read("地区,正文\n浙江,  甲 乙 \n").records[0].text
    assert (cell.text, cell.start) == ("甲 乙", 2)


def test_empty_columns_at_the_end_and_missing_cells_are_no_fault() -> None:
    source = read("序号,地区,正文,备注,,\n1,浙江,甲,,,,,,\n2,山东,乙\n,,,\n")
    assert [record.fields for record in source.records] == [
        {"serial": "1", "region": "浙江", "备注": ""},
        {"serial": "2", "region": "山东", "备注": ""},
    ]


def test_a_row_that_ends_before_its_text_is_listed() -> None:
    source = read("地区,正文\n浙江\n山东,乙\n")
    assert len(source.records) == 1
    assert [(run.characters, run.reason, run.where.line) for run in source.removed][2:] == [
        ("浙江", "row without text", 2)
    ]


def test_two_columns_of_one_name_are_both_kept() -> None:
    source = read("地区,正文,备注,备注,text\n浙江,甲,一,二,三\n")
    assert source.records[0].fields == {"region": "浙江", "备注": "一", "备注 (2)": "二", "text (2)": "三"}
    assert source.records[0].text.text == "甲"


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (HEAD + '1,浙江,甲\n2,山东,乙,"丙"\n', 3, ("4", "3", ",")),
        ("序号\t省市\t经验做法\n1\t浙江\t甲\t乙\n", 2, ("tab",)),
        (HEAD + '1,浙江,"甲\n乙\n2,山东,丙\n', 2, ("双引号", "never closed")),
        (HEAD + '1,浙江,甲\n2,山东,"双高"计划\n', 3, ("双引号", "twice")),
        ("地区,备注\n浙江,甲\n", 1, ("表头", "settings.toml")),
        ("只有一列\n甲\n", 1, ("表头",)),
        (HEAD + "1,浙江,甲\n2,,乙\n", 3, ("地区",)),
        (HEAD + "1,浙江,甲\x00\n", 2, ("U+0000",)),
        ("", 1, ("空",)),
    ],
)
def test_a_fault_is_one_message_with_its_line(data: str, line: int, words: tuple[str, ...]) -> None:
    refused(delimited.read, data.encode(), "a.csv", line, *words)


def test_a_cell_beyond_the_limit_is_refused_where_it_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    before = csv.field_size_limit()
    monkeypatch.setattr(delimited, "_CELL", 200_000)
    assert len(read(HEAD + "1,浙江," + "甲" * 200_000).records[0].text.text) == 200_000
    for cell in ("甲" * 200_001, '"' + "甲" * 200_001 + '"'):
        refused(delimited.read, (HEAD + "1,浙江,一\n2,山东," + cell).encode(), "a.csv", 3, "200,000")
    assert csv.field_size_limit() == before


CELL = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from(',;\t|，"\n'), max_size=12
)


@given(
    st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t", "|", "，"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
)
def test_what_is_written_comes_back_cell_by_cell(
    cells: list[tuple[str, str]], delimiter: str, end: str, quoting: int, codec: str
) -> None:
    rows = [(f"R{at}", f"甲{one}甲", f"乙{two}") for at, (one, two) in enumerate(cells)]
    text = written([("地区", "正文", "备注"), *rows], delimiter, end, quoting)
    # Of GB18030 only what a person writes: rare characters alone are refused.
    assume(
        codec != "gb18030"
        or all(character in "甲乙" or character < "\x7f" for row in rows for character in "".join(row))
    )
    source = read(text.encode(codec))
    found = [(r.fields["region"], r.text.text, r.fields["备注"]) for r in source.records]
    assert found == [(region, body, note.strip()) for region, body, note in rows]
    lines = [
        1 + len(("\n".join(["地区", *("".join(row) for row in rows[:at])])).split("\n")) for at in range(len(rows))
    ]
    assert [record.text.where.line for record in source.records] == lines
