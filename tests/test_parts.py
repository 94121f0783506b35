"""Large files in parts: whole rows, the same records and lines as when the file is read at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pipeline.errors import InputError
from pipeline.method import load_settings
from pipeline.readers import Source, formats, parts
from tests.conftest import METHOD

HEADINGS = load_settings(METHOD / "settings.toml").columns.headings
CELLS = st.text('教师培训"\n\r,，;； a1', max_size=12)

Seen = list[tuple[str, int, dict[str, str]]]


def at_once(path: Path) -> Seen:
    return seen(formats.read(path.read_bytes(), path, HEADINGS), 0)


def seen(source: Source, shift: int) -> Seen:
    return [(one.text.text, one.text.where.line + shift, dict(one.fields)) for one in source.records]


def in_parts(path: Path, size: int) -> tuple[Seen, int]:
    found: Seen = []
    count = 0
    for part in parts.parts_of(path, size, HEADINGS):
        found += seen(parts.read(part, HEADINGS), part.shift)
        count += 1
    return found, count


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


@given(rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=30), size=st.integers(60, 400))
def test_a_table_in_parts_has_the_records_and_lines_of_the_table_at_once(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]], size: int
) -> None:
    path = tmp_path_factory.mktemp("parts") / "table.csv"
    lines = [f"{quoted(f'区{at}' + a.strip())},{quoted('文' + b)}" for at, (a, b) in enumerate(rows)]
    path.write_text("\n".join(["各地经验汇编,", "地区,正文", *lines]) + "\n", "utf-8", newline="")
    assert in_parts(path, size)[0] == at_once(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_of_any_encoding_is_read_alike_in_parts(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "table.csv"
    rows = [f"第{at}区,推进职业教育教师队伍建设第{at}项" for at in range(400)]
    path.write_bytes("\r\n".join(["地区,正文", *rows, ""]).encode(encoding))
    found, count = in_parts(path, 4000)
    assert found == at_once(path)
    assert len(found) == 400
    assert found[-1][1] == 401
    assert count == (1 if encoding == "utf-16" else pytest.approx(4, abs=3))
    assert (count > 1) == (encoding != "utf-16")


def test_json_lines_in_parts_keep_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text("".join(f'{{"地区": "第{at}区", "正文": "推进第{at}项"}}\n\n' for at in range(100)), "utf-8")
    found, count = in_parts(path, 1000)
    assert found == at_once(path)
    assert [line for _, line, _ in found] == list(range(1, 200, 2))
    assert count > 3


def test_a_fault_in_a_later_part_names_the_line_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "records.jsonl"
    good = '{"地区": "甲", "正文": "推进培训"}\n'
    path.write_text(good * 150 + "{nonsense}\n" + good * 50, "utf-8")
    with pytest.raises(InputError) as told:
        in_parts(path, 1000)
    assert told.value.line == 151


def test_a_row_that_is_too_long_in_a_later_part_of_a_table_names_the_line_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("汇编,\n地区,正文\n" + "甲,推进培训\n" * 150 + "甲,推进,培训\n", "utf-8")
    with pytest.raises(InputError) as told:
        in_parts(path, 600)
    assert told.value.line == 153


def test_a_quote_inside_a_bare_cell_keeps_the_table_in_one_part(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    rows = ['甲,管径5"的水管', *(f'第{at}区,"推进\n第{at}项"' for at in range(100))]
    path.write_text("\n".join(["地区,正文", *rows]) + "\n", "utf-8")
    found, count = in_parts(path, 500)
    assert found == at_once(path)
    assert count < 3


def test_what_stands_above_the_header_is_left_out_once(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("各地经验\n地区,正文\n" + "甲,推进培训\n" * 300, "utf-8")
    removed = [
        one.characters for part in parts.parts_of(path, 600, HEADINGS) for one in parts.read(part, HEADINGS).removed
    ]
    assert removed == ["各地经验", "地区", "正文"]


def test_a_file_without_any_record_is_one_part_that_tells_its_fault(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("甲,乙\n" * 300, "utf-8")
    with pytest.raises(InputError):
        in_parts(path, 200)
