"""Read the text that Word writes for a table: each cell begins with a tab, an empty line ends a row."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.readers import Cell, Removed, Row, Source

_HEADER = ("序号", "省市", "经验做法简介")
_SERIAL = ("序号", "编号", "no", "no.")
_BOOKMARK = re.compile(r"\[bookmark: [^\]\n]*\]")


@dataclass(frozen=True)
class _Line:
    number: int
    start: int
    text: str  # without the line break


def _decode(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        guess_zh, guess_en = "未知编码", "unknown"
        if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
            guess_zh = guess_en = "UTF-16"
        else:
            try:
                raw.decode("gb18030")
                guess_zh = guess_en = "GB18030"
            except UnicodeDecodeError:
                pass
        raise InputError(
            f"不是 UTF-8 编码（看来是 {guess_zh}）。请在 Word 或记事本里另存为 UTF-8 文本。",
            f"not UTF-8 (it looks like {guess_en}). Save it as UTF-8 text in Word or an editor.",
            file=path,
            line=line,
        ) from None


def _lines(raw: str) -> list[_Line]:
    found, start = [], int(raw.startswith("\ufeff"))
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


def _is_header(cells: list[list[_Line]]) -> bool:
    """A row that begins with 序号 or the like; Word repeats it where the table crosses a page."""
    return len(cells) >= 2 and re.sub(r"\s", "", cells[0][0].text).lower() in _SERIAL


def _cell(raw: str, lines: list[_Line], drop: list[tuple[int, int, str]]) -> Cell:
    """The cell without its tab, outer blanks and bookmarks, which are appended to ``drop`` as (start, end, reason)."""
    first, last = lines[0], lines[-1]
    start, end = first.start, last.start + len(last.text)
    while start < end and raw[start].isspace():
        start += 1
    while end > start and raw[end - 1].isspace():
        end -= 1
    kept, at = [], start
    for mark in _BOOKMARK.finditer(raw, start, end):
        kept.append(raw[at : mark.start()])
        drop.append((mark.start(), mark.end(), "bookmark"))
        at = mark.end()
    kept.append(raw[at:end])
    line = first.number + raw.count("\n", first.start, start)
    return Cell("".join(kept), line, start)


def _wrong_cells(path: Path, cells: list[list[_Line]]) -> InputError:
    count, line = len(cells), cells[0][0].number
    return InputError(
        f"这一行表格有 {count} 个单元格，应有 3 个（{'、'.join(_HEADER)}）。请在原表中补齐后重新导出。",
        f"this table row has {count} cells, 3 expected (number, region, summary). Mend the table and export it again.",
        file=path,
        line=line,
    )


def _row(path: Path, raw: str, block: list[_Line], drop: list[tuple[int, int, str]]) -> Row:
    cells = _cells(block)
    if len(cells) != 3:
        raise _wrong_cells(path, cells)
    serial, region = _cell(raw, cells[0], drop), _cell(raw, cells[1], drop)
    text = _cell(raw, cells[2], drop)
    if not region.text:
        raise InputError("地区名是空的。请填写。", "the region is empty. Fill it in.", file=path, line=region.line)
    if not any(map(str.isalnum, text.text)):
        raise InputError(
            f"“{region.text}”的经验做法简介是空的。请填写或删去这一行。",
            f"the summary of {region.text} is empty. Fill it in or delete the row.",
            file=path,
            line=cells[2][0].number,
        )
    if not serial.text.isdecimal():
        raise InputError(
            f"序号“{serial.text}”不是整数。",
            f"the serial number {serial.text!r} is not a whole number.",
            file=path,
            line=serial.line,
        )
    return Row(serial, region, text)


def _same_region(path: Path, rows: list[Row], new: Row) -> bool:
    """Whether ``new`` repeats an earlier row; an `InputError` where the region has another text."""
    for old in rows:
        if old.region.text == new.region.text:
            if old.text.text == new.text.text:
                return True
            raise InputError(
                f"“{new.region.text}”在第 {old.region.line} 行已有另一段文字。每个地区只能有一行，请合并或改名。",
                f"{new.region.text} has another text in line {old.region.line} already. One row per region: merge or "
                "rename them.",
                file=path,
                line=new.region.line,
            )
    return False


def _kept(rows: list[Row], marks: list[tuple[int, int, str]]) -> list[tuple[int, int, int]]:
    """Runs of raw characters that are in a cell, as (start, end, row)."""
    kept: list[tuple[int, int, int]] = []
    for number, row in enumerate(rows):
        for cell in (row.serial, row.region, row.text):
            at, left = cell.start, len(cell.text)
            for start, end, _ in marks:
                if at <= start <= at + left:
                    kept.append((at, start, number))
                    left -= start - at
                    at = end
            kept.append((at, at + left, number))
    return sorted(kept)


def _removed(raw: str, rows: list[Row], drop: list[tuple[int, int, str]], lines: list[_Line]) -> Iterator[Removed]:
    """Every character in no cell, in runs: those in ``drop`` with their reason, the rest as structure or blank.

    A run between two cells of one row belongs to that row.
    """
    marks = sorted(drop)
    starts = [0, *(line.start for line in lines[1:])]
    at, before = 0, None
    ends: list[tuple[int, int, int | None]] = [*_kept(rows, marks), (len(raw), len(raw), None)]
    for start, end, number in ends:
        while at < start:
            named = next(((stop, reason) for first, stop, reason in marks if first <= at < stop), None)
            if named:
                stop, reason = min(named[0], start), named[1]
            else:
                stop = min([first for first, _, _ in marks if first > at] + [start])
                reason = "structure" if not raw[at:stop].strip("\n\t\r") else "blank"
            inside = number if number == before or reason == "bookmark" else None
            yield Removed(at, stop, bisect_right(starts, at), raw[at:stop], reason, inside)
            at = stop
        at, before = max(at, end), number


def read(path: Path) -> Source:
    """The rows of the table, its title, and every character that is in no row.

    Errors (`InputError`, with the line): not UTF-8, no table, a row without
    exactly three cells, an empty region or summary, a serial number that is no
    number, a region twice with different texts. A row repeated word for word is
    left out and listed.
    """
    raw = _decode(path)
    if not raw.strip("\ufeff \t\r\n\u3000"):
        raise InputError("文件是空的。", "the file is empty.", file=path, line=1)
    control = re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", raw)
    if control:
        raise InputError(
            f"有不可见的控制字符 U+{ord(control[0]):04X}。请在编辑器里删去。",
            f"there is a control character, U+{ord(control[0]):04X}. Delete it in an editor.",
            file=path,
            line=raw.count("\n", 0, control.start()) + 1,
        )
    lines = _lines(raw)
    drop: list[tuple[int, int, str]] = [(0, 1, "byte-order mark")] if raw.startswith("\ufeff") else []
    rows: list[Row] = []
    title: list[str] = []
    seen_header = False
    for block in _blocks(lines):
        if not any(line.text.strip() for line in block):
            continue
        begun = seen_header or bool(rows)
        first = next((at for at, line in enumerate(block) if begun or line.text.startswith("\t")), len(block))
        prose, table = block[:first], block[first:]
        for line in prose:
            text = line.text.strip("\ufeff \u3000")
            title.append(text)
            start = line.start + line.text.index(text)
            drop.append((start, start + len(text), "title"))
        if not table:
            continue
        if _is_header(_cells(table)):
            seen_header = True
            for line in table:
                drop.append((line.start, line.start + len(line.text), "header"))
            continue
        marks: list[tuple[int, int, str]] = []
        row = _row(path, raw, table, marks)
        if _same_region(path, rows, row):
            drop.append((table[0].start, table[-1].start + len(table[-1].text), "repeated row"))
            continue
        rows.append(row)
        drop += marks
    if not rows:
        raise InputError(
            "没有找到表格行：每个单元格应以制表符开头，各行之间空一行。请从 Word 表格另存为纯文本。",
            "no table row found: every cell must begin with a tab and an empty line must end a row. "
            "Save the Word table as plain text.",
            file=path,
            line=1,
        )
    return Source(title[-1] if title else "", tuple(rows), tuple(_removed(raw, rows, drop, lines)))
