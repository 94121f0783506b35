"""Tables as delimited text (.csv, .tsv): cells between delimiters, in double quotes where they hold one.

Not `csv`: its limit on the length of a cell is one for the whole process, it does not say on which line a quote was opened,
and its Sniffer takes the delimiter from letters that are frequent (in Chinese prose the full-width comma).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from pipeline.errors import InputError
from pipeline.readers import Cell, Headings, Removed, Source, Where
from pipeline.readers.encodings import decoded, line_of
from pipeline.readers.tabular import HEADER_WITHIN, Grid, is_header, source_of

DELIMITERS = (",", "\t", ";", "|", "，")  # of those that fit equally well the first
_NAMES = {"\t": "制表符 / tab"}
_WEIGHED = 200  # rows by which the delimiter is chosen
_CELL = 20_000_000  # characters
_ANNOUNCED = re.compile(r'"?sep=([^\r\n"])"?[ \t]*(?:\r\n?|\n|$)', re.IGNORECASE)  # Excel's first line
_BREAK = re.compile(r"\r\n?|\n")


@dataclass(frozen=True)
class _Line:
    """A row of the table: the physical line on which it begins, and its cells as they were meant."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class _FaultError(Exception):
    """Where and how the text breaks the rules of quotes, or a cell the limit."""

    at: int
    kind: str


def _quoted(text: str, at: int) -> tuple[str, int]:
    """The cell whose opening quote is at ``at``, and the offset behind its closing one."""
    parts, begin = [], at + 1
    while (end := text.find('"', begin)) >= 0:
        parts.append(text[begin:end])
        if not text.startswith('"', end + 1):
            return "".join(parts), end + 1
        parts.append('"')
        begin = end + 2
    raise _FaultError(at, "unclosed")


def _found(stop: re.Pattern[str], text: str, at: int) -> int:
    match = stop.search(text, at)
    return match.start() if match else len(text)


def _lines(text: str, delimiter: str, at: int) -> Iterator[_Line]:
    """The rows from the offset ``at`` on, those of blank lines too."""
    stop = re.compile(rf"[{re.escape(delimiter)}\r\n]|\Z")
    number, counted = line_of(text, at), at
    begin, cells = at, list[str]()
    while True:
        first = at
        while first < len(text) and text[first] in " \u3000":
            first += 1
        if text.startswith('"', first):
            cell, at = _quoted(text, first)
            end = _found(stop, text, at)
            if text[at:end].strip():
                raise _FaultError(first, "after quote")
        else:
            end = _found(stop, text, at)
            cell = text[at:end]
        at = end
        if len(cell) > _CELL:
            raise _FaultError(first, "too long")
        cells.append(cell)
        if text.startswith(delimiter, at):
            at += 1
            continue
        # Lines inside quotes are counted too: the next row begins after all of them.
        number += len(_BREAK.findall(text, counted, begin))
        counted = begin
        yield _Line(number, tuple(cells))
        if at == len(text):
            return
        at += 2 if text.startswith("\r\n", at) else 1
        if at == len(text):
            return
        begin, cells = at, []


def _fits(text: str, delimiter: str, at: int, headings: Headings) -> tuple[bool, float, int]:
    """How well the delimiter explains the first rows: a header is found, rows of one width, how many columns."""
    widths: list[int] = []
    header = False
    try:
        for line in islice(_lines(text, delimiter, at), _WEIGHED):
            if not any(map(str.strip, line.cells)):
                continue
            if len(widths) < HEADER_WITHIN and not header:
                header = is_header(_row(line), headings)
            widths.append(len(line.cells))
    except _FaultError:
        pass  # told when the delimiter is the one that fits best
    if not widths or max(widths) < 2:
        return False, 0.0, 0
    usual = max((width for width in set(widths) if width > 1), key=lambda width: (widths.count(width), width))
    return header, widths.count(usual) / len(widths), usual


def _row(line: _Line) -> tuple[Cell | None, ...]:
    where = Where("line", "", line.number)
    return tuple(
        Cell(kept, where, len(cell) - len(cell.lstrip())) if (kept := cell.strip()) else None for cell in line.cells
    )


def _fault(fault: _FaultError, text: str, path: Path) -> InputError:
    zh, en = {
        "unclosed": (
            '这里的双引号没有闭合。请补上另一个双引号；单元格里的双引号要写两次（""）。',
            'the quote opened here is never closed. Add the closing one; a quote inside a cell is written twice ("").',
        ),
        "after quote": (
            '单元格的双引号之后还有文字。整个单元格应在双引号内，其中的双引号要写两次（""）。',
            'there is text after the closing quote of a cell. Quote the whole cell and write a quote inside it twice ("").',
        ),
        "too long": (
            f"一个单元格超过 {_CELL:,} 个字。请检查引号，或把文件拆开。",
            f"a cell has more than {_CELL:,} characters. Check the quotes, or split the file.",
        ),
    }[fault.kind]
    return InputError(zh, en, file=path, line=line_of(text, fault.at))


def _surplus(line: _Line, width: int, delimiter: str, path: Path) -> InputError:
    name = _NAMES.get(delimiter, delimiter)
    return InputError(
        f"这一行有 {len(line.cells)} 个单元格，表头只有 {width} 个（分隔符：{name}）。含有分隔符的单元格请加双引号，或删去多余的内容。",
        f"this row has {len(line.cells)} cells, the header {width} (delimiter: {name}). Quote the cell that holds a "
        "delimiter, or delete what is too much.",
        file=path,
        line=line.number,
    )


def read(data: bytes, path: Path, headings: Headings) -> Source:
    """The records of the table.

    The delimiter is the one with which a header is found; then the one with
    which most rows are equally wide; then the one that makes most columns.

    Errors (`InputError`, with the line): those of `decoded` and `source_of`, a
    quote that is never closed or has text behind it, a row that has more
    cells than the header and something in them, a cell of a length beyond reason.
    """
    text, encoding = decoded(data, path)
    removed: list[Removed] = []
    begin = len(text) - len(text.lstrip("\ufeff"))
    announced = _ANNOUNCED.match(text, begin)
    if announced:
        line = announced[0].rstrip()
        removed.append(Removed(Where("line", "", 1), 0, len(line), line, "delimiter line"))
        delimiter, begin = announced[1], announced.end()
    else:
        delimiter = max(DELIMITERS, key=lambda one: _fits(text, one, begin, headings))
    rows: list[tuple[Cell | None, ...]] = []
    width = 0
    try:
        for found in _lines(text, delimiter, begin):
            row = _row(found)
            if width and any(row[width:]):
                raise _surplus(found, width, delimiter, path)
            if not width and len(rows) < HEADER_WITHIN and is_header(row, headings):
                width = len(row)
            if any(row):
                rows.append(row[:width] if width else row)
    except _FaultError as fault:
        raise _fault(fault, text, path) from None
    source = source_of([Grid(tuple(rows))], path, headings)
    return replace(source, removed=(*removed, *source.removed), encoding=encoding)
