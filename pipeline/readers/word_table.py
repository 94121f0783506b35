"""Read the text that Word writes for a table: each cell begins with a tab, an empty line ends a row."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import InputError
from pipeline.readers import Cell, Headings, Removed, Source, Where, tabular
from pipeline.readers.encodings import decoded

# The columns of a table without a header row.
_COLUMNS = ("serial", "region", "text")


@dataclass(frozen=True)
class _Line:
    number: int
    start: int
    text: str  # without the line break


def _lines(raw: str) -> list[_Line]:
    found, start = [], 0
    for number, text in enumerate(raw[start:].split("\n"), 1):
        found.append(_Line(number, start, text.removesuffix("\r")))
        start += len(text) + 1
    return found


def _blocks(lines: list[_Line]) -> Iterator[list[_Line]]:
    """Runs of lines between blank ones; a line that is only a tab is an empty cell."""
    block: list[_Line] = []
    for line in lines:
        if line.text.startswith("\t") or line.text.strip("\ufeff \u3000"):
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _cells(block: list[_Line]) -> list[list[_Line]]:
    """Lines of a row grouped by cell: a line without a tab goes on with the cell before it."""
    cells: list[list[_Line]] = []
    for line in block:
        if line.text.startswith("\t") or not cells:
            cells.append([line])
        else:
            cells[-1].append(line)
    return cells


def _cell(raw: str, lines: list[_Line]) -> Cell | None:
    """The cell without its tab and outer blanks; None where nothing is left."""
    first, last = lines[0], lines[-1]
    start, end = first.start, last.start + len(last.text)
    while start < end and raw[start].isspace():
        start += 1
    while end > start and raw[end - 1].isspace():
        end -= 1
    line = first.number + raw.count("\n", first.start, start)
    return Cell(raw[start:end], Where("line", "", line), start) if start < end else None


def _wrong_cells(path: Path, count: int, wanted: int, line: int) -> InputError:
    return InputError(
        f"这一行表格有 {count} 个单元格，应有 {wanted} 个。请在原表中补齐后重新导出。",
        f"this table row has {count} cells, {wanted} expected. Mend the table and export it again.",
        file=path,
        line=line,
    )


def _grid(raw: str, path: Path, headings: Headings) -> tabular.Grid:
    """The rows of the table, and the prose before it.

    Prose ends with the first header or row: from then on a line without a tab goes on with a cell.
    """
    before: list[Cell] = []
    rows: list[tuple[Cell | None, ...]] = []
    width = 0
    for block in _blocks(_lines(raw)):
        if not any(line.text.strip() for line in block):
            continue
        first = next((at for at, line in enumerate(block) if rows or line.text.startswith("\t")), len(block))
        before += [cell for line in block[:first] if (cell := _cell(raw, [line]))]
        if not block[first:]:
            continue
        grouped = _cells(block[first:])
        row = tuple(_cell(raw, lines) for lines in grouped)
        if tabular.is_header(row, headings):
            width = len(row)
        elif len(row) != (width or len(_COLUMNS)):
            raise _wrong_cells(path, len(row), width or len(_COLUMNS), grouped[0][0].number)
        rows.append(row)
    return tabular.Grid(tuple(rows), tuple(before))


def _rest(raw: str, taken: list[tuple[int, int, int | None]]) -> Iterator[Removed]:
    """Every run of characters that no cell and no named removal holds; a run between two cells of a record belongs to it."""
    starts = [0] + [at + 1 for at, character in enumerate(raw) if character == "\n"]
    at, before = 0, None
    for start, end, record in [*sorted(taken), (len(raw), len(raw), None)]:
        if at < start:
            reason = "blank" if raw[at:start].strip("\n\t\r") else "structure"
            inside = record if record is not None and record == before else None
            yield Removed(Where("line", "", bisect_right(starts, at)), at, start, raw[at:start], reason, inside)
        at, before = end, record


def read(data: bytes, path: Path, headings: Headings) -> Source:
    """The rows of the table, its title, and every character that is in no row.

    Errors (`InputError`, with the line): no table, a row without as many cells as
    the header (three where there is none: number, region, text), a text without a
    region. A row without a text is left out and listed.
    """
    raw, encoding = decoded(data, path)
    grid = _grid(raw, path, headings)
    if not grid.rows:
        raise InputError(
            "没有找到表格行：每个单元格应以制表符开头，各行之间空一行。请从 Word 表格另存为纯文本。",
            "no table row found: every cell must begin with a tab and an empty line must end a row. "
            "Save the Word table as plain text.",
            file=path,
            line=1,
        )
    read = tabular.source_of([grid], path, headings, otherwise=_COLUMNS)
    listed = {run.start for run in read.removed}
    cells = [cell for row in grid.rows for cell in row if cell and cell.start not in listed]
    record_of: dict[int, int] = {}
    by_text = {record.text.start: number for number, record in enumerate(read.records)}
    for row in grid.rows:
        number = next((by_text[cell.start] for cell in row if cell and cell.start in by_text), None)
        record_of |= {cell.start: number for cell in row if cell and number is not None}
    taken = [(cell.start, cell.start + len(cell.text), record_of.get(cell.start)) for cell in cells]
    taken += [(run.start, run.end, None) for run in read.removed]
    removed = sorted([*read.removed, *_rest(raw, taken)], key=lambda run: run.start)
    return replace(read, removed=tuple(removed), encoding=encoding)
