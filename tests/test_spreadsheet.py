"""A workbook is read as it is seen, sheet by sheet; what it hides is listed, what it cannot mean is refused."""

from __future__ import annotations

import contextlib
import datetime
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings, strategies as st

from pipeline.errors import InputError
from pipeline.readers import Source, Where, spreadsheet
from tests.appendix import HEADER, HEADINGS, ROWS, TITLE, refused, rows_of
from tests.containers import data, sheet_members, sheets, zipped

HEADS = ("序号", "省市", "经验做法")
GOOD = (HEADS, ("1", "山东", "文字。"))


def read(content: bytes, name: str = "a.xlsx") -> Source:
    return spreadsheet.read(content, Path(name), HEADINGS)


def made(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False})
    fill(book)
    book.close()
    return held.getvalue()


def one(fill: Callable[[Any, xlsxwriter.Workbook], None], rows: tuple[tuple[str, ...], ...] = GOOD) -> bytes:
    """One sheet that holds ``rows`` and what ``fill`` adds."""

    def with_rows(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("甲")
        for at, texts in enumerate(rows):
            for column, text in enumerate(texts):
                sheet.write_string(at, column, text)
        fill(sheet, book)

    return made(with_rows)


def left_out(source: Source) -> list[tuple[str, str, int]]:
    return [
        (run.reason, run.characters, run.where.line) for run in source.removed if run.reason not in ("header", "title")
    ]


def test_the_appendix_comes_back_with_its_title_above_the_header() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("附件1")
        sheet.merge_range(0, 0, 0, 2, TITLE)
        for at, texts in enumerate((HEADER, *ROWS), 2):
            for column, text in enumerate(texts):
                sheet.write(at, column, int(text) if text.isdecimal() else text)

    source = read(made(fill))
    assert (rows_of(source), source.title) == (ROWS, TITLE)
    assert source.records[12].text.where == Where(
        "sheet", "附件1", 16
    )  # as Excel counts: title, blank, header, 13 rows


def test_rows_have_the_numbers_that_excel_shows_also_where_the_sheet_begins_further_down() -> None:
    source = read(sheets(data(HEADS, ("1", "山东", "文字。"), first=7)))
    assert source.records[0].text.where == Where("sheet", "甲", 8)


@pytest.mark.parametrize(
    ("value", "form", "expected"),
    [
        (1, None, "1"),
        (2025.0, None, "2025"),
        (0.5, "0%", "0.5"),
        (0.1, None, "0.1"),
        (-3, None, "-3"),
        (1e15, None, "1000000000000000"),
        (1e-7, None, "0.0000001"),
        (True, None, "TRUE"),
        (False, None, "FALSE"),
        (datetime.datetime(2025, 3, 1), "yyyy/m/d", "2025-03-01"),
        (datetime.datetime(2025, 3, 1, 8, 30), "yyyy/m/d h:mm", "2025-03-01T08:30:00"),
        ("  1.0 ", None, "1.0"),
        ("=1+1", None, "=1+1"),
        ("a_x000D_b", None, "a_x000D_b"),
        ("一\n二", None, "一\n二"),
    ],
)
def test_a_cell_is_the_text_of_what_was_typed(value: object, form: str | None, expected: str) -> None:
    def fill(sheet: Any, book: xlsxwriter.Workbook) -> None:
        style = book.add_format({"num_format": form}) if form else None
        sheet.write(0, 3, "备注")
        sheet.write(1, 3, value, style)

    assert read(one(fill)).records[0].fields["备注"] == expected


def test_a_formula_is_its_last_result() -> None:
    source = read(one(lambda sheet, _: sheet.write_formula(1, 1, '="山"&"西"', None, "山西")))
    assert source.records[0].fields["region"] == "山西"


def test_rich_text_is_read_whole_and_its_reading_aid_is_not() -> None:
    strings = "<si><r><t>精准</t></r><r><t>培训</t></r><rPh sb='0' eb='1'><t>jing</t></rPh></si>"
    content = data(HEADS, ("1", "山东", "")).replace(
        "</row></sheetData>", '<c r="C2" t="s"><v>0</v></c></row></sheetData>'
    )
    assert read(sheets(content, strings=strings)).records[0].text.text == "精准培训"


def test_a_text_merged_over_two_regions_is_the_text_of_both() -> None:
    rows = (HEADS, ("1", "山东", ""), ("2", "浙江", ""), ("3", "上海", "另文。"))
    source = read(one(lambda sheet, _: sheet.merge_range(1, 2, 2, 2, "共同的做法。"), rows))
    assert rows_of(source) == (("1", "山东", "共同的做法。"), ("2", "浙江", "共同的做法。"), ("3", "上海", "另文。"))


def test_a_header_in_two_rows_gives_the_lower_headings() -> None:
    def fill(sheet: Any, _: object) -> None:
        sheet.merge_range(0, 0, 1, 0, "序号")
        sheet.merge_range(0, 1, 0, 2, "地区")
        sheet.merge_range(0, 3, 1, 3, "经验做法")

    source = read(one(fill, ((), ("", "省", "市", ""), ("1", "山东", "青岛", "文字。"))))
    assert source.records[0].fields == {"serial": "1", "province": "山东", "prefecture": "青岛"}


def test_a_note_over_all_columns_and_a_total_are_listed() -> None:
    def fill(sheet: Any, _: object) -> None:
        sheet.merge_range(2, 0, 2, 2, "注：截至2025年")
        sheet.write(4, 0, "合计")

    source = read(one(fill))
    assert len(source.records) == 1
    assert left_out(source) == [("row of one cell", "注：截至2025年", 3), ("row without text", "合计", 5)]


def test_every_sheet_that_is_shown_is_read_in_order() -> None:
    source = read(sheets(data(*GOOD), data(HEADS, ("1", "浙江", "另文。")), data()))
    assert [one.text.where for one in source.records] == [Where("sheet", "甲", 2), Where("sheet", "乙", 2)]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_listed_and_not_read(state: str) -> None:
    source = read(sheets(data(*GOOD), data(HEADS, ("1", "浙江", "藏。")), attributes=("", f'state="{state}"')))
    assert rows_of(source) == (("1", "山东", "文字。"),)
    assert left_out(source) == [
        ("hidden sheet", text, row) for row, texts in ((1, HEADS), (2, ("1", "浙江", "藏。"))) for text in texts
    ]
    assert {run.where.part for run in source.removed if run.reason == "hidden sheet"} == {"乙"}


def test_hidden_rows_and_columns_are_listed_and_not_read() -> None:
    def fill(sheet: Any, _: object) -> None:
        sheet.write(0, 3, "内部")
        sheet.write(1, 3, "机密")
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(3, 3, None, None, {"hidden": True})

    source = read(one(fill, (*GOOD, ("2", "浙江", "筛去。"), ("3", "上海", "另文。"))))
    assert rows_of(source) == (("1", "山东", "文字。"), ("3", "上海", "另文。"))
    assert [record.fields.keys() & {"内部"} for record in source.records] == [set(), set()]
    assert left_out(source) == [
        ("hidden column", "内部", 1),
        ("hidden column", "机密", 2),
        *[("hidden row", text, 3) for text in ("2", "浙江", "筛去。")],
    ]


def test_a_merged_cell_that_begins_in_a_hidden_row_is_seen_in_the_others() -> None:
    def fill(sheet: Any, _: object) -> None:
        sheet.merge_range(1, 1, 2, 1, "山东")
        sheet.set_row(1, None, None, {"hidden": True})

    source = read(one(fill, (HEADS, ("1", "", "甲。"), ("2", "", "乙。"))))
    assert rows_of(source) == (("2", "山东", "乙。"),)
    assert left_out(source) == [("hidden row", "1", 2), ("hidden row", "甲。", 2)]


@pytest.mark.parametrize("error", ["#REF!", "#DIV/0!", "#N/A", "#NAME?"])
def test_an_error_value_is_refused_with_its_sheet_and_cell(error: str) -> None:
    content = one(lambda sheet, _: sheet.write_formula(1, 2, "=1/0", None, error))
    refused(
        spreadsheet.read,
        content,
        "a.xlsx",
        2,
        f"工作表“甲”的 C2 是公式错误 {error}",
        f"sheet 甲, cell C2 holds the error {error}",
        "paste",
    )


def test_an_error_in_a_hidden_sheet_does_not_matter() -> None:
    bad = '<sheetData><row r="1"><c r="A1" t="e"><v>#REF!</v></c></row></sheetData>'
    assert len(read(sheets(data(*GOOD), bad, attributes=("", 'state="hidden"'))).records) == 1


@pytest.mark.parametrize("content", [sheets(data()), sheets(data(*GOOD), attributes=('state="hidden"',))])
def test_an_empty_or_wholly_hidden_workbook_is_refused(content: bytes) -> None:
    refused(spreadsheet.read, content, "a.xlsx", None, "没有内容，或全部隐藏", "Fill it in")


def test_a_sheet_without_a_header_is_refused_with_what_stands_there() -> None:
    refused(spreadsheet.read, sheets(data(("甲", "乙"), first=3)), "a.xlsx", 3, "没有找到表头", "“甲”、“乙”")


def test_a_web_page_under_the_name_xls_is_read_as_one() -> None:
    rows = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in texts) + "</tr>" for texts in GOOD)
    source = read(f"<html><head><meta charset=gbk></head><table>{rows}</table></html>".encode("gbk"), "a.xls")
    assert rows_of(source) == (("1", "山东", "文字。"),)


@pytest.mark.parametrize("stream", ["Workbook", "EncryptedPackage"])
def test_an_old_or_locked_workbook_is_refused_with_what_to_do(stream: str) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + stream.encode("utf-16-le")
    refused(spreadsheet.read, content, "a.xls", None, "另存", "save it")


# --- hostile ---------------------------------------------------------------------------------------------------------


def test_a_sheet_with_cells_far_apart_is_refused_with_its_place() -> None:
    far = '<sheetData><row r="1048576"><c r="Z1048576"><v>1</v></c></row></sheetData>'
    refused(spreadsheet.read, sheets(far), "a.xlsx", 1048576, "工作表“甲”", "1048576 rows and 26 columns")


@pytest.mark.parametrize("reference", ["", "1", "A", "A0", "ÀÀ1", "AAAA1", "A99999999", "A1B2"])
def test_a_cell_without_a_place_is_no_crash(reference: str) -> None:
    content = sheets(f'<sheetData><row r="1"><c r="{reference}"><v>1</v></c></row></sheetData>')
    refused_or_read(content)


def refused_or_read(content: bytes) -> None:
    """Nothing but an `InputError` comes out, and that names the file."""
    with contextlib.suppress(InputError):
        read(content)


@pytest.mark.parametrize(
    "cell", ["<c r='XFD1048576' t='s'><v>0</v></c>", "<c r='XFD1048576' t='str'><f>A1</f><v/></c>"]
)
def test_an_empty_value_far_away_counts_as_far_away(cell: str) -> None:
    content = sheets(f"<sheetData><row r='1048576'>{cell}</row></sheetData>", strings="<si><t/></si>")
    refused(spreadsheet.read, content, "a.xlsx", 1048576, "too many")


@pytest.mark.parametrize(
    "rows",
    ["<row r='1048576'><c><v>1</v></c><c r='Z1048576'><v>1</v></c></row>", "<row r='99999999'><c><v>1</v></c></row>"],
)
def test_a_row_far_away_is_told_also_where_its_cells_do_not_say_it(rows: str) -> None:
    refused(
        spreadsheet.read, sheets(f"<sheetData>{rows}</sheetData>"), "a.xlsx", 1048576 if "Z" in rows else None, "表格"
    )


def test_a_cell_with_only_a_format_far_away_does_not_matter() -> None:
    styled = data(*GOOD).replace("</sheetData>", "<row r='1048576'><c r='XFD1048576' s='0'/></row></sheetData>")
    assert len(read(sheets(styled)).records) == 1


@pytest.mark.parametrize(
    "tag",
    [
        "<sst ",
        "<!-- <sst> --><sst a='>' ",
        "<x:sst xmlns:x='http://schemas.openxmlformats.org/spreadsheetml/2006/main' ",
    ],
)
def test_a_number_of_strings_that_is_stated_and_not_there_takes_no_memory(tag: str) -> None:
    """Else the library asks for 24 bytes times the number, and the whole program ends."""
    members = sheet_members(data(*GOOD))
    part = str(members["xl/sharedStrings.xml"]).replace("<sst ", tag + "count='9' uniqueCount='99999999999999' ")
    members["xl/sharedStrings.xml"] = part.replace("</sst>", "</x:sst>") if tag.startswith("<x:") else part
    assert rows_of(read(zipped(members))) == (("1", "山东", "文字。"),)


def test_two_sheets_of_one_name_are_refused() -> None:
    members = sheet_members(data(*GOOD), data(*GOOD))
    members["xl/workbook.xml"] = str(members["xl/workbook.xml"]).replace("乙", "甲")
    refused(spreadsheet.read, zipped(members), "a.xlsx", None, "打不开", "Open it in Excel")


def test_a_part_that_nothing_refers_to_is_not_read_in_the_place_of_another() -> None:
    """The library looks for strings by a fixed name, the file may name another part."""
    content = data(HEADS, ("1", "山东", "")).replace(
        "</row></sheetData>", '<c r="C2" t="s"><v>0</v></c></row></sheetData>'
    )
    members = sheet_members(content, strings="<si><t>假的</t></si>")
    members["xl/real.xml"] = str(members["xl/sharedStrings.xml"]).replace("假的", "真的")
    name = "xl/_rels/workbook.xml.rels"
    members[name] = str(members[name]).replace("sharedStrings.xml", "real.xml")
    assert read(zipped(members)).records[0].text.text == "真的"


def test_a_workbook_whose_main_part_has_another_name_is_read() -> None:
    members = {
        name.replace("workbook.xml", "workbook2.xml"): str(part).replace("workbook.xml", "workbook2.xml")
        for name, part in sheet_members(data(*GOOD)).items()
    }
    assert rows_of(read(zipped(members))) == (("1", "山东", "文字。"),)


def test_a_string_shown_in_too_many_cells_is_refused_before_it_is_multiplied(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = "".join(f'<row r="{at}"><c r="A{at}" t="s"><v>0</v></c></row>' for at in range(1, 11))
    content = sheets(f"<sheetData>{cells}</sheetData>", strings=f"<si><t>{'字' * 100}</t></si>")
    monkeypatch.setattr(spreadsheet, "_CHARACTERS", 999)
    refused(spreadsheet.read, content, "a.xlsx", 10, "超过 999 个字", "Divide it")


def test_merged_ranges_over_one_another_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    ranges = '<mergeCell ref="A1:C2"/>' * 50
    content = sheets(data(*GOOD) + f'<mergeCells count="50">{ranges}</mergeCells>')
    monkeypatch.setattr(spreadsheet, "PLACES", 90)
    refused(spreadsheet.read, content, "a.xlsx", None, "merged cells overlap", "另存为 .xlsx")


@pytest.mark.parametrize("ref", ["A1:XFD1048576", "C9:A1", "", "A1", "ZZZZ9:A1", "XFD1048576:XFD1048576"])
def test_a_merged_range_of_any_extent_is_no_crash(ref: str) -> None:
    refused_or_read(sheets(data(*GOOD) + f'<mergeCells><mergeCell ref="{ref}"/></mergeCells>'))


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"]
)
@pytest.mark.parametrize(
    "content", ["", "<a/>", "<a>", "no xml", "<sheetData><row r='x'><c t='s'><v>99</v></c></row></sheetData>"]
)
def test_a_part_that_makes_no_sense_is_a_message(part: str, content: str) -> None:
    with pytest.raises(InputError):
        read(zipped({**sheet_members(data()), part: content}))


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.sampled_from(list("0123456789<>/\"'AZar= ")), st.booleans()),
        min_size=1,
        max_size=4,
    )
)
def test_any_change_within_a_sheet_is_read_or_refused(changes: list[tuple[int, str, bool]]) -> None:
    members = sheet_members(
        data(*GOOD) + '<mergeCells><mergeCell ref="A3:B4"/></mergeCells>', strings="<si><t>字</t></si>"
    )
    for at, character, in_sheet in changes:
        name = "xl/worksheets/sheet1.xml" if in_sheet else "xl/workbook.xml"
        part = str(members[name])
        members[name] = part[: at % len(part)] + character + part[at % len(part) + 1 :]
    refused_or_read(zipped(members))


# --- any text ----------------------------------------------------------------------------------------------------------

CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Zs", "Zl", "Zp")) | st.sampled_from(
    list("，。；：“”《》、（）—…·<>&\"'];=+-@_x000D　 \n\t山东经验")
)
TEXT = st.text(CHARACTERS, min_size=1, max_size=30).map(str.strip).filter(lambda one: any(map(str.isalnum, one)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4))
def test_any_text_that_another_library_writes_comes_back_cell_by_cell(rows: list[tuple[str, str]]) -> None:
    grid = (HEADS, *((str(at), *texts) for at, texts in enumerate(rows, 1)))
    source = read(one(lambda *_: None, grid))
    assert [(found.fields["region"], found.text.text) for found in source.records] == rows


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4))
def test_any_text_in_the_cells_own_xml_comes_back(rows: list[tuple[str, str]]) -> None:
    plain = [tuple(text.replace("_x", "_") for text in texts) for texts in rows]  # which Excel reads as an escape
    source = read(sheets(data(HEADS, *((str(at), *texts) for at, texts in enumerate(plain, 1)))))
    assert [(found.fields["region"], found.text.text) for found in source.records] == plain
