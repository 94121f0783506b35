"""The reader of Word's text export keeps every character, in a cell or in the list of what was removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pipeline.errors import InputError
from pipeline.readers import Source, word_table
from tests.conftest import RAW, REGIONS, word_table_text

Write = Callable[[str | bytes], Path]


@pytest.fixture
def raw_file(tmp_path: Path) -> Write:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "raw.txt"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def assert_partitioned(source: Source, raw: str) -> None:
    """Removed runs are what they say, in order and apart; what is left is the cells, in order and nothing else."""
    left, at = "", 0
    for run in source.removed:
        assert at <= run.start < run.end
        assert raw[run.start : run.end] == run.characters
        assert run.line == raw.count("\n", 0, run.start) + 1
        left, at = left + raw[at : run.start], run.end
    left += raw[at:]
    cells = [cell for row in source.rows for cell in (row.serial, row.region, row.text)]
    assert left == "".join(cell.text for cell in cells)
    for run in source.removed:
        if run.reason in ("structure", "blank"):
            assert run.characters.strip() == "", "text was removed without a reason"
    for cell in cells:
        assert cell.line == raw.count("\n", 0, cell.start) + 1


def test_the_appendix_has_thirteen_rows_in_its_own_order() -> None:
    source = word_table.read(RAW)
    assert tuple(row.region.text for row in source.rows) == REGIONS
    assert [row.serial.text for row in source.rows] == [str(number) for number in range(1, 14)]


def test_the_last_line_of_prose_before_the_table_is_the_title() -> None:
    assert word_table.read(RAW).title == "省市职教教师队伍建设经验做法简介"


def test_every_character_of_the_appendix_is_in_a_cell_or_listed_as_removed() -> None:
    assert_partitioned(word_table.read(RAW), RAW.read_text("utf-8"))


def test_what_the_appendix_carries_beside_its_cells_is_listed_with_its_reason() -> None:
    source = word_table.read(RAW)
    named = [(run.reason, run.characters, run.line, run.row) for run in source.removed if run.reason != "structure"]
    assert named == [
        ("title", "附件1", 1, None),
        ("title", "省市职教教师队伍建设经验做法简介", 2, None),
        ("header", "\t序号", 3, None),
        ("header", "\t省市", 4, None),
        ("header", "\t经验做法简介", 5, None),
        ("bookmark", "[bookmark: _GoBack]", 17, 2),
        ("blank", "\n ", 57, None),
    ]


def test_a_bookmark_is_cut_out_of_the_cell_that_holds_it(raw_file: Write) -> None:
    row = word_table.read(raw_file("\t1\n\t山东\n\t前[bookmark: a]后\n")).rows[0]
    assert row.text.text == "前后"


def test_bookmarks_at_the_end_of_a_cell_belong_to_its_row(raw_file: Write) -> None:
    source = word_table.read(raw_file("\t1\n\t山东\n\t甲[bookmark: a][bookmark: b]\n\n\t2\n\t浙江\n\t乙\n"))
    assert [run.row for run in source.removed if run.reason == "bookmark"] == [0, 0]


def test_a_line_without_a_tab_goes_on_with_the_cell_before_it(raw_file: Write) -> None:
    source = word_table.read(raw_file(word_table_text([("山东", "第一段。\n第二段。"), ("浙江", "文字。")])))
    assert source.rows[0].text.text == "第一段。\n第二段。"


def test_a_table_without_a_header_loses_no_paragraph(raw_file: Write) -> None:
    raw = "标题\n\t1\n\t山东\n\t第一段。\n第二段。\n"
    source = word_table.read(raw_file(raw))
    assert source.rows[0].text.text == "第一段。\n第二段。"
    assert source.title == "标题"
    assert_partitioned(source, raw)


def test_a_table_that_begins_right_after_a_byte_order_mark_is_read(raw_file: Write) -> None:
    raw = "\ufeff\t1\n\t山东\n\t文字。\n"
    source = word_table.read(raw_file(raw))
    assert source.rows[0].region.text == "山东"
    assert source.removed[0].reason == "byte-order mark"
    assert_partitioned(source, raw)


def test_windows_line_ends_are_removed_not_kept(raw_file: Write) -> None:
    raw = word_table_text([("山东", "文字。"), ("浙江", "另一段。")]).replace("\n", "\r\n")
    source = word_table.read(raw_file(raw))
    assert [row.text.text for row in source.rows] == ["文字。", "另一段。"]
    assert_partitioned(source, raw)


def test_an_empty_last_row_of_the_table_is_no_document(raw_file: Write) -> None:
    raw = word_table_text([("山东", "文字。"), ("", "")]).replace("\t2\n", "\t\n")
    source = word_table.read(raw_file(raw))
    assert len(source.rows) == 1
    assert_partitioned(source, raw)


def test_a_row_repeated_word_for_word_is_left_out_and_listed(raw_file: Write) -> None:
    raw = word_table_text([("山东", "文字。"), ("浙江", "另一段。"), ("山东", "文字。")])
    source = word_table.read(raw_file(raw))
    assert [row.region.text for row in source.rows] == ["山东", "浙江"]
    repeated = [run for run in source.removed if run.reason == "repeated row"]
    assert [(run.characters, run.line) for run in repeated] == [("\t3\n\t山东\n\t文字。", 14)]
    assert_partitioned(source, raw)


# Line numbers: the title is line 1, the header 2 to 4, an empty line 5; a row takes three lines and an empty one.
GOOD = "\t1\n\t山东\n\t文字。\n\n"
HEAD = "标题\n\t序号\n\t省市\n\t经验做法简介\n\n"


@pytest.mark.parametrize(
    ("content", "line", "zh", "en"),
    [
        ("", 1, "文件是空的", "the file is empty"),
        ("\ufeff \n\t\n", 1, "文件是空的", "the file is empty"),
        ("只有一段话。\n", 1, "没有找到表格行", "no table row found"),
        (HEAD, 1, "没有找到表格行", "no table row found"),
        (HEAD + GOOD + "\t2\n\t浙江\n", 10, "2 个单元格", "has 2 cells"),
        (HEAD + GOOD + "\t2\n\t浙江\n\t文字。\n\t多余\n", 10, "4 个单元格", "has 4 cells"),
        ("标题\n" + GOOD + "没有制表符的一段\n", 6, "1 个单元格", "has 1 cells"),
        (HEAD + GOOD + "没有制表符的一段\n", 10, "1 个单元格", "has 1 cells"),
        (
            HEAD + GOOD + "\t2\n\t浙江\n\t\n\n\t3\n\t上海\n\t文字。\n",
            12,
            "经验做法简介是空的",
            "summary of 浙江 is empty",
        ),
        (HEAD + GOOD + "\t2\n\t浙江\n\t \n", 12, "经验做法简介是空的", "summary of 浙江 is empty"),
        (HEAD + GOOD + "\t2\n\t浙江\n\t[bookmark: a]\n", 12, "经验做法简介是空的", "summary of 浙江 is empty"),
        (HEAD + GOOD + "\t2\n\t浙江\n\t——。\n", 12, "经验做法简介是空的", "summary of 浙江 is empty"),
        (HEAD + GOOD + "\t2\n\t\n\t文字。\n", 11, "地区名是空的", "the region is empty"),
        (HEAD + GOOD + "\t\n\t浙江\n\t文字。\n", 10, "不是整数", "is not a whole number"),
        (HEAD + GOOD + "\t二\n\t浙江\n\t文字。\n", 10, "不是整数", "is not a whole number"),
        (HEAD + GOOD + "\t²\n\t浙江\n\t文字。\n", 10, "不是整数", "is not a whole number"),
        (HEAD + GOOD + "\t2\n\t山东\n\t别的。\n", 11, "第 7 行已有另一段文字", "another text in line 7"),
    ],
)
def test_a_broken_table_is_refused_with_its_line_in_both_languages(
    raw_file: Write, content: str, line: int, zh: str, en: str
) -> None:
    path = raw_file(content)
    with pytest.raises(InputError) as caught:
        word_table.read(path)
    error = caught.value
    assert (error.file, error.line) == (str(path), line)
    assert str(error).startswith(f"{path}:{line}\n")
    assert zh in str(error)
    assert en in str(error)


@pytest.mark.parametrize(
    ("encoding", "line", "guess"),
    # GB18030: the first two lines are ASCII, so the first byte that is no UTF-8 stands in line 2 of the file;
    # UTF-16 begins with a mark that is no UTF-8.
    [("gb18030", 2, "GB18030"), ("utf-16", 1, "UTF-16"), ("utf-16-be", 1, "UTF-16")],
)
def test_a_file_in_another_encoding_is_refused_with_a_guess(
    raw_file: Write, encoding: str, line: int, guess: str
) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    path = raw_file(mark + "\t1\n\t山东\n\t文字。\n".encode(encoding))
    with pytest.raises(InputError) as caught:
        word_table.read(path)
    assert caught.value.line == line
    assert f"不是 UTF-8 编码（看来是 {guess}）" in str(caught.value)
    assert f"not UTF-8 (it looks like {guess})" in str(caught.value)


def test_bytes_of_no_known_encoding_are_refused_without_a_guess(raw_file: Write) -> None:
    with pytest.raises(InputError) as caught:
        word_table.read(raw_file(b"\t1\n\t\xff\xff\n\tx\n"))
    assert "未知编码" in str(caught.value)
    assert "looks like unknown" in str(caught.value)


@dataclass(frozen=True)
class Written:
    raw: str
    cells: list[tuple[str, str, str]]


LETTERS = st.characters(blacklist_categories=("Cs", "Zs", "Zl", "Zp", "Cc"), blacklist_characters="\ufeff[]")
PARAGRAPH = st.text(LETTERS | st.sampled_from("，。；“” "), min_size=1, max_size=12).map(str.strip).filter(bool)


def has_letter(marked: tuple[str, str]) -> bool:
    return any(character.isalnum() for character in marked[1])


MARKED = st.lists(PARAGRAPH, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from(["[bookmark: _GoBack]", "[bookmark: a][bookmark: b]", ""]).map(
        lambda mark: (mark.join(parts), "".join(parts))
    )
)


@st.composite
def written_tables(draw: st.DrawFn) -> Written:
    """A table as Word may write it, and the cells that a reader must find in it."""
    line_end = draw(st.sampled_from(["\n", "\r\n"]))
    count = draw(st.integers(1, 4))
    regions = draw(st.lists(PARAGRAPH, min_size=count, max_size=count, unique=True))
    lines = draw(st.lists(PARAGRAPH, max_size=2))
    if draw(st.booleans()):
        lines += ["\t序号", "\t省市", "\t经验做法简介", ""]
    cells = []
    for number, region in enumerate(regions, 1):
        paragraphs = draw(st.lists(MARKED, min_size=1, max_size=3).filter(lambda some: any(map(has_letter, some))))
        written = line_end.join(marked for marked, _ in paragraphs)
        cells.append((str(number), region, line_end.join(plain for _, plain in paragraphs)))
        trail = draw(st.sampled_from(["", " ", "\u3000"]))
        lines += [f"\t{number}", f"\t{region}", f"\t{trail}{written}{trail}"]
        lines += [""] * draw(st.integers(1, 2))
    return Written(draw(st.sampled_from(["", "\ufeff"])) + line_end.join(lines), cells)


@given(written_tables())
def test_any_table_comes_back_and_its_cells_and_removed_runs_are_the_whole_file(
    tmp_path_factory: pytest.TempPathFactory, written: Written
) -> None:
    path = tmp_path_factory.getbasetemp() / "generated.txt"
    path.write_bytes(written.raw.encode())
    source = word_table.read(path)
    assert [(row.serial.text, row.region.text, row.text.text) for row in source.rows] == written.cells
    assert_partitioned(source, written.raw)


@given(st.text(st.sampled_from("\t\n\r \u3000\ufeff1山东文字。[bookmark: a]"), max_size=40))
def test_any_text_is_read_whole_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory, raw: str) -> None:
    path = tmp_path_factory.getbasetemp() / "anything.txt"
    path.write_bytes(raw.encode())
    refused: InputError | None = None
    try:
        source = word_table.read(path)
    except InputError as error:
        refused = error
    if refused is None:
        assert_partitioned(source, raw)
    else:
        assert refused.line is not None
        assert 1 <= refused.line <= raw.count("\n") + 1
