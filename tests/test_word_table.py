"""The reader of Word's text export keeps every character, in a cell or in the list of what was removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pipeline.errors import InputError
from pipeline.hygiene import cleaned
from pipeline.method import load_settings
from pipeline.readers import Source, word_table
from tests.conftest import METHOD, RAW, REGIONS, word_table_text

SETTINGS = load_settings(METHOD / "settings.toml")
HEADINGS = SETTINGS.columns.headings
Write = Callable[[str | bytes], Path]


@pytest.fixture
def raw_file(tmp_path: Path) -> Write:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "raw.txt"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def read(path: Path) -> Source:
    return word_table.read(path.read_bytes(), path, HEADINGS)


def rows(source: Source) -> list[tuple[str, str, str]]:
    return [(record.fields["serial"], record.fields["region"], record.text.text) for record in source.records]


def assert_partitioned(source: Source, raw: str) -> None:
    """Removed runs are what they say, in order and apart; what is left is the cells, in order and nothing else."""
    left, at = "", 0
    for run in source.removed:
        assert at <= run.start < run.end
        assert raw[run.start : run.end] == run.characters
        assert run.where.line == raw.count("\n", 0, run.start) + 1
        left, at = left + raw[at : run.start], run.end
    left += raw[at:]
    assert left == "".join("".join(row) for row in rows(source))
    for run in source.removed:
        if run.reason in ("structure", "blank"):
            assert run.characters.strip() == "", "text was removed without a reason"
    for record in source.records:
        cell = record.text
        assert raw[cell.start : cell.start + len(cell.text)] == cell.text
        assert cell.where.line == raw.count("\n", 0, cell.start) + 1


def test_the_appendix_has_thirteen_rows_in_its_own_order() -> None:
    source = read(RAW)
    assert tuple(record.fields["region"] for record in source.records) == REGIONS
    assert [record.fields["serial"] for record in source.records] == [str(number) for number in range(1, 14)]


def test_the_last_line_of_prose_before_the_table_is_the_title() -> None:
    assert read(RAW).title == "省市职教教师队伍建设经验做法简介"


def test_every_character_of_the_appendix_is_in_a_cell_or_listed_as_removed() -> None:
    assert_partitioned(read(RAW), RAW.read_text("utf-8"))


def test_what_the_appendix_carries_beside_its_cells_is_listed_with_its_reason() -> None:
    source = read(RAW)
    named = [(run.reason, run.characters, run.where.line, run.record) for run in source.removed]
    assert [run for run in named if run[0] != "structure"] == [
        ("title", "附件1", 1, None),
        ("title", "省市职教教师队伍建设经验做法简介", 2, None),
        ("header", "序号", 3, None),
        ("header", "省市", 4, None),
        ("header", "经验做法简介", 5, None),
        ("blank", "\n ", 57, None),
    ]


def test_a_line_without_a_tab_goes_on_with_the_cell_before_it(raw_file: Write) -> None:
    source = read(raw_file(word_table_text([("山东", "第一段。\n第二段。"), ("浙江", "文字。")])))
    assert source.records[0].text.text == "第一段。\n第二段。"


def test_a_table_without_a_header_loses_no_paragraph(raw_file: Write) -> None:
    raw = "标题\n\t1\n\t山东\n\t第一段。\n第二段。\n"
    source = read(raw_file(raw))
    assert source.records[0].text.text == "第一段。\n第二段。"
    assert source.title == "标题"
    assert_partitioned(source, raw)


def test_a_table_that_begins_right_after_a_byte_order_mark_is_read(raw_file: Write) -> None:
    raw = "\ufeff\t1\n\t山东\n\t文字。\n"
    source = read(raw_file(raw))
    assert source.records[0].fields["region"] == "山东"
    assert source.encoding == "UTF-8 (BOM)"
    assert_partitioned(source, raw.removeprefix("\ufeff"))


def test_windows_line_ends_are_removed_not_kept(raw_file: Write) -> None:
    raw = word_table_text([("山东", "文字。"), ("浙江", "另一段。")]).replace("\n", "\r\n")
    source = read(raw_file(raw))
    assert [record.text.text for record in source.records] == ["文字。", "另一段。"]
    assert_partitioned(source, raw)


def test_an_empty_last_row_of_the_table_is_no_document(raw_file: Write) -> None:
    raw = word_table_text([("山东", "文字。"), ("", "")]).replace("\t2\n", "\t\n")
    source = read(raw_file(raw))
    assert len(source.records) == 1
    assert_partitioned(source, raw)


def test_a_header_of_other_columns_is_read_by_its_words(raw_file: Write) -> None:
    raw = "\t地区\n\t年份\n\t备注\n\t经验做法\n\n\t山东\n\t2024\n\t无\n\t文字。\n"
    record = read(raw_file(raw)).records[0]
    assert (record.fields, record.text.text) == ({"region": "山东", "year": "2024", "备注": "无"}, "文字。")


def test_a_row_without_a_text_is_left_out_and_listed(raw_file: Write) -> None:
    raw = HEAD + GOOD + "\t2\n\t浙江\n\t——。\n"
    source = read(raw_file(raw))
    assert [record.fields["region"] for record in source.records] == ["山东"]
    listed = [(run.characters, run.where.line) for run in source.removed if run.reason == "row without text"]
    assert listed == [("2", 10), ("浙江", 11), ("——。", 12)]
    assert_partitioned(source, raw)


# Line numbers: the title is line 1, the header 2 to 4, an empty line 5; a row takes three lines and an empty one.
GOOD = "\t1\n\t山东\n\t文字。\n\n"
HEAD = "标题\n\t序号\n\t省市\n\t经验做法简介\n\n"


@pytest.mark.parametrize(
    ("content", "line", "zh", "en"),
    [
        (HEAD + GOOD + "\t2\n\t浙江\n", 10, "2 个单元格，应有 3 个", "has 2 cells, 3 expected"),
        (HEAD + GOOD + "\t2\n\t浙江\n\t文字。\n\t多余\n", 10, "4 个单元格", "has 4 cells"),
        ("标题\n" + GOOD + "没有制表符的一段\n", 6, "1 个单元格", "has 1 cells"),
        (HEAD + GOOD + "没有制表符的一段\n", 10, "1 个单元格", "has 1 cells"),
        (HEAD + GOOD + "\t2\n\t\n\t文字。\n", 12, "地区名是空的", "the region is empty"),
        ("\t序号\n\t省市\n\t某某\n\n" + GOOD, 1, "没有找到表头", "no header row"),
        ("只有一段话。\n", 1, "没有找到表格行", "no table row found"),
    ],
)
def test_a_broken_table_is_refused_with_its_line_in_both_languages(
    raw_file: Write, content: str, line: int, zh: str, en: str
) -> None:
    path = raw_file(content)
    with pytest.raises(InputError) as caught:
        read(path)
    error = caught.value
    assert (error.file, error.line) == (str(path), line)
    assert str(error).startswith(f"{path}:{line}\n")
    assert zh in str(error)
    assert en in str(error)


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
    source = read(path)
    found = [(serial, region, cleaned(text, SETTINGS.text)[0]) for serial, region, text in rows(source)]
    assert found == [(serial, region, cleaned(text, SETTINGS.text)[0]) for serial, region, text in written.cells]
    assert_partitioned(source, written.raw.removeprefix("\ufeff"))


@given(st.text(st.sampled_from("\t\n\r \u3000\ufeff1山东文字。[bookmark: a]"), max_size=40))
def test_any_text_is_read_whole_or_refused_in_words(tmp_path_factory: pytest.TempPathFactory, raw: str) -> None:
    path = tmp_path_factory.getbasetemp() / "anything.txt"
    path.write_bytes(raw.encode())
    refused: InputError | None = None
    try:
        source = read(path)
    except InputError as error:
        refused = error
    if refused is None:
        assert_partitioned(source, raw)
    else:
        assert refused.line is not None
        assert 1 <= refused.line <= raw.count("\n") + 1
