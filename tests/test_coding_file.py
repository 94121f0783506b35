"""A second coder's file is read in every usual form; a mistake in it is one message with its row and the remedy."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, strategies as st

from pipeline.errors import InputError
from pipeline.readers.coding_file import Coded, Coding, begun, read
from tests.containers import data, paragraph, sheet_members, sheets, word, zipped

THEMES = {"training": "培训", "teams": "团队", "digital": "信息化"}
MEASURES = ("D01-1", "D01-2", "D02-1")
REGIONS = ("山东", "浙江")
Write = Callable[..., Path]
FAR = '<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'

WIDE = Coding(
    "measure",
    (
        Coded("D01-1", "training", True, 2),
        Coded("D01-1", "teams", False, 2),
        Coded("D02-1", "training", False, 3),
        Coded("D02-1", "teams", True, 3),
    ),
)


def reading(path: Path) -> Coding:
    return read(path, themes=THEMES, measures=MEASURES, regions=REGIONS)


def order(one: Coded) -> tuple[str, str]:
    return one.unit, one.theme


def attempt(path: Path) -> Coding | InputError:
    """What comes of reading: codings or one message, never another error."""
    try:
        return reading(path)
    except InputError as error:
        return error


def xlsx(*sheets: Sequence[Sequence[object]]) -> bytes:
    """A workbook with these sheets; a cell of None stays out."""
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    book.set_properties({"created": datetime(2025, 1, 1)})  # else no two would have the same bytes
    for rows in sheets:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(at, column, cell)
    book.close()
    return held.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Write:
    def write(content: str | bytes, name: str = "coding.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


# --- what is read ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "measure_id,training,teams\nD01-1,1,0\nD02-1,0,1\n",
        "measure_id;training;teams\r\nD01-1;1;0\r\nD02-1;0;1",
        "measure_id\ttraining\tteams\rD01-1\t1\t0\rD02-1\t0\t1\r",
        '"measure_id","region","text","training","teams"\n"D01-1","山东","甲，""乙"",\n丙","1","0"\n"D02-1","浙江","","0","1"\n',
        "举措编号,省市,举措,培训,团队\nd01-1,山东,甲,１,０\n Ｄ02-1 ,浙江,乙, 0 ,1.0\n",
        "Measure_ID,Training,TEAMS,,\nD01-1,1,0,,\nD02-1,0,1,,\n,,,,\n",
        "text,teams,measure_id,training\n#1,0,D01-1,1\n,1,D02-1,0\n",
    ],
    ids=["commas", "semicolons", "tabs", "quoted", "chinese", "trailing", "other order"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_sheet_with_a_column_for_each_theme_is_read_in_every_usual_spelling(
    file: Write, text: str, encoding: str
) -> None:
    found = reading(file(text.encode(encoding)))
    assert found.unit == "measure"
    assert sorted(found.codings, key=order) == sorted(WIDE.codings, key=order)


@pytest.mark.parametrize(
    "text",
    [
        "measure_id,theme,value\nD01-1,training,1\nD02-1,teams,0\n",
        "举措编号\t主题\t值\nD01-1\t培训\t1\nD02-1\t团队\t０\n",
        "举措;主题;编码\nD01-1;training;1\nD02-1;团队;0\n",
        "note,note,value,theme,region,measure_id\nx,,1,training,Mars,D01-1\n,y,0,teams,,D02-1\n",
    ],
    ids=["ids", "chinese", "names", "other columns"],
)
def test_a_list_of_codings_is_read_and_its_other_columns_are_not(file: Write, text: str) -> None:
    expected = (Coded("D01-1", "training", True, 2), Coded("D02-1", "teams", False, 3))
    assert reading(file(text)) == Coding("measure", expected)


@pytest.mark.parametrize(
    "text", ["地区,主题,值\n浙江,teams,1\n", "region,teams\n浙江,1\n", "省市,text,团队\n浙江,甲,1\n"]
)
def test_regions_may_be_coded_instead_of_measures(file: Write, text: str) -> None:
    assert reading(file(text)) == Coding("region", (Coded("浙江", "teams", True, 2),))


def test_a_workbook_is_read_with_numbers_and_texts_from_the_first_sheet_that_holds_codings(file: Write) -> None:
    notes = [["怎样编码"], ["1", 2]]
    sheet = [["measure_id", "region", "training", "teams"], ["D01-1", "山东", 1, "0"], ["D02-1", "浙江", 0.0, " １"]]
    other = [["measure_id", "teams"], ["D01-2", 1]]
    assert reading(file(xlsx(notes, sheet, other), "coding.xlsx")) == WIDE
    assert reading(file(xlsx(sheet), "named-wrongly.csv")) == WIDE


def test_rows_count_as_in_a_spreadsheet_blank_ones_and_broken_lines_included(file: Write) -> None:
    text = 'measure_id,text,teams\n\n#名称,"甲\n乙",团队\n＃ 2,,\nD01-1,"甲\n乙",1\n'
    assert [one.row for one in reading(file(text)).codings] == [5]
    rows = [[], ["measure_id", "teams"], ["#", "团队"], [], ["D01-1", 1]]
    assert [one.row for one in reading(file(xlsx(rows), "coding.xlsx")).codings] == [5]


CELLS = {True: ("1", "1.0", "１", " 1", "1.00"), False: ("0", "0.0", "０", "0 ", "0.00")}


@given(
    st.dictionaries(st.sampled_from(MEASURES), st.tuples(*[st.booleans()] * 3), min_size=1),
    st.sampled_from(",;\t"),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    st.text(st.characters(codec="gb18030", exclude_characters="\0", exclude_categories=["Cc", "Cs"])),
    st.data(),
)
def test_any_coding_is_read_back_whatever_its_text_delimiter_encoding_and_spelling_of_0_and_1(
    tmp_path_factory: pytest.TempPathFactory,
    coded: dict[str, tuple[bool, ...]],
    delimiter: str,
    encoding: str,
    text: str,
    data: st.DataObject,
) -> None:
    held = io.StringIO()
    writer = csv.writer(held, delimiter=delimiter)
    writer.writerow(["measure_id", "text", *THEMES])
    for measure, values in coded.items():
        writer.writerow([measure, text, *(data.draw(st.sampled_from(CELLS[value])) for value in values)])
    path = tmp_path_factory.mktemp("any") / "coding.csv"
    path.write_bytes(held.getvalue().encode(encoding))
    found = {(one.unit, one.theme): one.carries for one in reading(path).codings}
    assert found == {
        (measure, theme): value
        for measure, values in coded.items()
        for theme, value in zip(THEMES, values, strict=True)
    }


def test_a_name_that_two_themes_share_stands_for_neither(file: Write) -> None:
    path = file("measure_id,theme,value\nD01-1,培训,1\n")
    with pytest.raises(InputError, match="no theme '培训'"):
        read(path, themes={"a": "培训", "b": "培训"}, measures=MEASURES, regions=REGIONS)


# --- what is refused -------------------------------------------------------------------------------------------------

HEAD = "measure_id,training,teams\n"
LONG = "measure_id,theme,value\n"


@pytest.mark.parametrize(
    ("content", "line", "zh", "en"),
    [
        # units and themes that are not there
        (HEAD + "D01-1,1,0\nD09-9,1,0\n", 3, "没有举措“D09-9”", "no measure 'D09-9'. Ids are those of measures.csv (D01-1 to D02-1)"),
        ("region,teams\n海南,1\n", 2, "已有的地区：山东、浙江", "no region '海南'. Known: 山东, 浙江"),
        (HEAD + ",1,0\n", 2, "measure_id 是空的", "measure_id is empty"),
        ("measure_id,training,team\nD01-1,1,0\n", 1, "没有主题“team”。已有的主题：training, teams, digital", "no theme 'team'. Known: training, teams, digital"),
        (LONG + "D01-1,training,1\nD01-1,team,1\n", 3, "没有主题“team”", "no theme 'team'. Known: training"),
        (LONG + "D01-1,,1\n", 2, "没有主题“”", "no theme ''"),
        # values
        (HEAD + "D01-1,1,2\n", 2, "D01-1 的主题 teams 的值“2”不是 0 或 1", "D01-1, theme teams: '2' is neither 0 nor 1"),
        (HEAD + "D01-1,yes,0\n", 2, "有这个主题填 1，没有填 0", "'yes' is neither 0 nor 1"),
        (LONG + "D01-1,teams,0.5\n", 2, "“0.5”不是 0 或 1", "'0.5' is neither"),
        (LONG + "D01-1,teams,10\n", 2, "“10”不是 0 或 1", "'10' is neither"),
        # twice
        (HEAD + "D01-1,1,0\nD01-2,1,0\nD01-1,0,0\n", 4, "编码了两次（第 2 行已有，值不同）", "coded twice (row 2 has it, another value)"),
        (LONG + "D01-1,teams,1\nD01-1,团队,1\n", 3, "（第 2 行已有，值相同）", "coded twice (row 2 has it, the same value)"),
        ("measure_id,teams,training,teams\nD01-1,1,0,1\n", 1, "“teams”这一列出现了两次", "'teams' stands twice"),
        ("measure_id,teams,团队\nD01-1,1,1\n", 1, "“团队”这一列出现了两次", "'团队' stands twice"),
        ("measure_id,measure_id,theme,value\nD01-1,D01-2,teams,1\n", 1, "“measure_id”这一列", "'measure_id' stands twice"),
        # not filled in
        (HEAD + "D01-1,1,0\nD01-2,,0\nD02-1,,\n", 3, "主题 training 的格子是空的；全表共有 3 个空格", "theme training is empty, one of 3 empty cells. Fill them with 0 or 1; delete the rows"),
        (HEAD + "D01-1,1\n", 2, "主题 teams 的格子是空的；全表共有 1 个空格", "theme teams is empty, one of 1 empty cells"),
        (HEAD + "D01-1,,\nD01-2,,\nD02-1,,\n", 2, "全表共有 6 个空格", "one of 6 empty cells"),
        (LONG + "D01-1,teams,1\nD01-2,teams,\n", 3, "全表共有 1 个空格", "one of 1 empty cells"),
        # columns
        ("id,name\nD01-1,1\n", 1, "认不出这些列：id、name", "no known columns here: id, name"),
        ("\n\n标题\nmeasure_id,teams\nD01-1,1\n", 3, "认不出这些列：标题", "`make coding-sheet` writes a blank sheet"),
        ("training,teams\n1,0\n", 1, "认不出这些列", "no known columns"),
        ("measure_id,theme\nD01-1,teams\n", 1, "认不出这些列", "Needed: measure_id (or region), theme and value"),
        ("measure_id,teams,备注\nD01-1,1,好\n", 1, "没有主题“备注”", "no theme '备注'"),
        ("measure_id,teams,\nD01-1,1,\nD01-2,1,好\n", 3, "第 3 列没有表头，却有内容“好”", "column 3 has no head but holds '好'"),
        ("measure_id,teams\nD01-1,1,1\n", 2, "第 3 列没有表头", "column 3 has no head"),
        # nothing
        ("", 1, "文件是空的", "the file is empty"),
        ("\ufeff\r\n,,\r\n", 1, "文件是空的", "the file is empty"),
        (HEAD, 1, "表头下面没有任何编码", "no coding below the header"),
        (HEAD + "#名称,培训,团队\n", 1, "表头下面没有任何编码", "no coding below the header"),
        (xlsx([]), 1, "文件是空的", "the file is empty"),
        # another kind of file
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504), None, "旧的 .xls 文件，或设有密码", "an old .xls file, or has a password"),
        (b"PK\x03\x04 and nothing more", None, "不完整或已损坏", "cut off or damaged"),
        (xlsx([["measure_id"]])[:-40], None, "不完整或已损坏", "cut off or damaged"),
        (word(paragraph("文")), None, "扩展名改成 .docx", "it is a Word document"),
        (sheets(FAR), 1048576, "请删去多余的行列", "too many"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x01\x02", 3, "既不是表格，也不是 UTF-8 或 GB18030", "no text in UTF-8 or GB18030"),
        ((HEAD + "D01-1,1,0\n").encode("utf-16"), 1, "另存为 .xlsx 或 CSV UTF-8", "Save it as .xlsx or as CSV UTF-8"),
        (HEAD + 'D01-1,"1,0\nD01-2,1,0\n', 2, "引号不成对", "quotation marks are unpaired"),
    ],
)  # fmt: skip
def test_a_wrong_coding_file_is_refused_with_its_row(
    file: Write, content: str | bytes, line: int | None, zh: str, en: str
) -> None:
    path = file(content)
    with pytest.raises(InputError) as caught:
        reading(path)
    assert (caught.value.file, caught.value.line) == (str(path), line)
    assert zh in caught.value.zh
    assert en in caught.value.en


@pytest.mark.parametrize("cell", [True, 0.5, 2, "有", "#N/A"])
def test_a_cell_of_a_workbook_that_is_neither_0_nor_1_is_refused_with_its_row(file: Write, cell: object) -> None:
    path = file(xlsx([["measure_id", "teams"], ["D01-1", 1], ["D01-2", cell]]), "coding.xlsx")
    with pytest.raises(InputError, match="neither 0 nor 1") as caught:
        reading(path)
    assert caught.value.line == 3


def test_a_number_of_strings_that_is_stated_and_not_there_takes_no_memory(file: Write) -> None:
    members = sheet_members(data(["measure_id", "teams"], ["D01-1", "1"]))
    strings = str(members["xl/sharedStrings.xml"]).replace("<sst ", "<sst uniqueCount='99999999999999' ")
    path = file(zipped({**members, "xl/sharedStrings.xml": strings}), "coding.xlsx")
    assert [(one.unit, one.theme, one.row) for one in reading(path).codings] == [("D01-1", "teams", 2)]


@given(st.binary(max_size=200))
def test_no_bytes_bring_the_reader_down(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "coding"
    for beginning in (b"", b"PK\x03\x04", HEAD.encode(), LONG.encode()):
        path.write_bytes(beginning + content)
        found = attempt(path)
        assert str(found).startswith(str(path)) if isinstance(found, InputError) else found.codings


WORKBOOK = xlsx([["measure_id", "teams"], ["D01-1", 1]])  # once: its bytes hold the time


@given(st.data())
def test_no_damaged_workbook_brings_the_reader_down(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    whole = bytearray(WORKBOOK)
    for at in data.draw(st.lists(st.integers(4, len(whole) - 1), min_size=1, max_size=4)):
        whole[at] ^= data.draw(st.integers(1, 255))
    path = tmp_path_factory.mktemp("damaged") / "coding.xlsx"
    path.write_bytes(whole)
    found = attempt(path)
    assert str(found).startswith(str(path)) if isinstance(found, InputError) else found.codings


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (HEAD, False),
        (HEAD + "#名称,培训,团队\nD01-1,,\n", False),
        ("measure_id,region,text,teams\nD01-1,山东,甲,\n", False),
        (HEAD + "D01-1,,\nD01-2,0,\n", True),
        ("measure_id,gone,teams\nD01-1,1,\n", True),  # a theme that the codebook no longer has
        (xlsx([["measure_id", "teams"], ["D01-1", None]], [["怎样编码"], ["填 1"]]), False),
        (xlsx([["measure_id", "teams"], ["D01-1", 0]]), True),
        (b"PK\x03\x04 cut off", True),
    ],
)
def test_a_sheet_counts_as_begun_from_the_first_cell_filled_in(
    file: Write, content: str | bytes, expected: bool
) -> None:
    assert begun(file(content)) is expected
