"""From rows of cells to records: the header row is found by its words, whatever the format was."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from pipeline.errors import InputError
from pipeline.readers import ROLES, Cell, Headings, Record, Removed, Source, Where

HEADER_WITHIN = 20  # rows; a table whose first rows are all something else has no header
# Bounds against hostile files, far above any table of texts; no choice of the analysis.
COLUMNS = 2_000
PLACES = 5_000_000  # rows times columns of one table, empty ones counted
_CELL = 2_000_000  # characters; a government work report has some 20 000
_NAMED = 8  # headings that a message names
_LONGER_BY = 6  # characters that a heading may have beside the name that it contains (经验做法简介)


@dataclass(frozen=True)
class Grid:
    """One table. A merged cell is the same object in every place it covers; None where there is no cell or it is empty.

    ``before``: the text between this table and the one before it, or the file's beginning.
    """

    rows: tuple[tuple[Cell | None, ...], ...]
    before: tuple[Cell, ...] = ()


def normal(heading: str) -> str:
    """A heading for comparison: without blanks, brackets and their contents, in one width and case."""
    plain = unicodedata.normalize("NFKC", heading)
    return re.sub(r"\([^()]*\)|[\s*:_\-]", "", plain).casefold()


@dataclass(frozen=True)
class _Known:
    """The names of all roles, made comparable once: a table may have a million cells that are none."""

    exact: Mapping[str, str]  # name -> role
    names: tuple[tuple[str, str], ...]  # role and name, of two characters or more
    longest: int


@lru_cache(maxsize=16)
def _known(headings: tuple[tuple[str, tuple[str, ...]], ...]) -> _Known:
    exact: dict[str, str] = {}
    names = [(role, normal(name)) for role, own in headings for name in own]
    for role, name in names:
        exact.setdefault(name, role)
    return _Known(
        exact, tuple(one for one in names if len(one[1]) > 1), max((len(name) for _, name in names), default=0)
    )


def role_of(heading: str, headings: Headings) -> tuple[str, int] | None:
    """The role that the heading names, and how well: 0 by its own name, then by one that it contains, the longest first.

    A heading contains a Latin name only as a word (no is not in note), and is not much longer.
    """
    plain, known = normal(heading), _known(tuple(headings.items()))
    if not plain or len(plain) > known.longest + _LONGER_BY:
        return None
    if plain in known.exact:
        return known.exact[plain], 0
    words = frozenset(re.findall(r"[a-z0-9]+", unicodedata.normalize("NFKC", heading).casefold()))
    held = [
        (len(name), role)
        for role, name in known.names
        if len(plain) <= len(name) + _LONGER_BY and (name in words if name.isascii() else name in plain)
    ]
    if not held:
        return None
    # 省市经验做法: what the text is comes before whose it is.
    longest, role = max(held, key=lambda pair: (pair[1] == "text", pair[0]))
    return role, 100 - longest


def columns_of(row: Sequence[Cell | None], headings: Headings) -> dict[int, str]:
    """Column -> role, for the columns of a header row; of two with one role the one that names it better, then the first."""
    best: dict[str, tuple[int, int]] = {}
    seen: list[Cell] = []
    for at, cell in enumerate(row):
        if cell is None or any(cell is other for other in seen):
            continue
        seen.append(cell)
        found = role_of(cell.text, headings)
        if found and (found[0] not in best or found[1] < best[found[0]][0]):
            best[found[0]] = (found[1], at)
    return {at: role for role, (_, at) in best.items()}


def names_of(row: Sequence[Cell | None], headings: Headings) -> dict[int, str]:
    """Column -> role, or its own heading where it has none; no two have one name, or the second would hide the first."""
    names = columns_of(row, headings)
    taken = {*ROLES, *headings}
    for at, cell in enumerate(row):
        if cell is None or at in names:
            continue
        name, count = cell.text, 1
        while name in taken:
            count += 1
            name = f"{cell.text} ({count})"
        taken.add(name)
        names[at] = name
    return names


def taken_for(heads: Sequence[Cell | None], names: Mapping[int, str]) -> list[tuple[str, str]]:
    """Each heading with the role of its column, from left to right; empty for a column that is known by its own name only."""
    found: list[tuple[str, str]] = []
    for at in sorted(names):
        cell, is_role = heads[at], names[at] in ROLES
        written = cell.text if is_role and cell is not None else names[at]
        found.append((" ".join(written.split()), names[at] if is_role else ""))
    return found


def is_header(row: Sequence[Cell | None], headings: Headings) -> bool:
    """Whether the row names a column of texts and one more; a long cell is no heading."""
    cells = [cell for cell in row if cell]
    if any(len(cell.text) > 40 for cell in cells):
        return False
    return "text" in (roles := columns_of(row, headings).values()) and len(roles) > 1


def _unknown_header(row: Sequence[Cell | None], headings: Headings) -> bool:
    """Whether the row is a header (序号 …) that names no column of texts."""
    first = row[0] if row else None
    return first is not None and role_of(first.text, headings) == ("serial", 0)


def _whole(cell: Cell, reason: str, record: int | None = None) -> Removed:
    return Removed(cell.where, cell.start, cell.start + len(cell.text), cell.text, reason, record)


def _distinct(row: Iterable[Cell | None]) -> list[Cell]:
    found: list[Cell] = []
    for cell in row:
        if cell is not None and not any(cell is other for other in found):
            found.append(cell)
    return found


def has_header(grid: Grid, headings: Headings) -> bool:
    """Whether one of the table's first rows is a header."""
    return any(is_header(row, headings) for row in grid.rows[:HEADER_WITHIN])


def refuse_long(cells: Iterable[Cell | None], path: Path) -> None:
    """An `InputError` with the place of a cell or paragraph that is far too long to be one."""
    for cell in cells:
        if cell and len(cell.text) > _CELL:
            zh, en = where_of(cell.where)
            raise InputError(
                f"{zh}有 {len(cell.text)} 个字，一格或一段最多 {_CELL} 字。请检查文件，分成几段。",
                f"{en}: {len(cell.text)} characters; a cell or paragraph has {_CELL} at most. Look at the file and divide it.",
                file=path,
                line=cell.where.line,
            )


def refuse_wide(rows: int, columns: int, where: Where, path: Path) -> None:
    """An `InputError` before a table is laid out that is far larger than what stands in it can need."""
    if columns > COLUMNS or rows * columns > PLACES:
        zh, en = where_of(where)
        raise InputError(
            f"{zh}：表格有 {rows} 行 {columns} 列，太大（最多 {COLUMNS} 列、{PLACES} 格）。请删去多余的行列后另存。",
            f"{en}: the table has {rows} rows and {columns} columns, too many (at most {COLUMNS} columns and {PLACES} "
            "cells). Delete those that are not needed and save it again.",
            file=path,
            line=where.line,
        )


def prose_of(paragraphs: Sequence[Cell], path: Path, *, title: str = "") -> Source:
    """A file without a table of texts: one record, its paragraphs joined by line breaks."""
    refuse_long(paragraphs, path)
    if not any(map(str.isalnum, "".join(cell.text for cell in paragraphs))):
        raise InputError(
            "文件里没有文字（也许只有图片）。请换成有文字的文件。",
            "there is no text in the file (perhaps only pictures). Use a file with text.",
            file=path,
        )
    first = next(cell for cell in paragraphs if cell.text)
    text = "\n".join(cell.text for cell in paragraphs if cell.text)
    return Source(title, (Record(Cell(text, first.where, first.start)),), ())


def with_removed(source: Source, removed: Iterable[tuple[Cell | None, Removed]]) -> Source:
    """The source with what its reader left out of cells; each goes to the record whose text is that cell."""
    owner = {id(record.text): number for number, record in reversed(list(enumerate(source.records)))}
    more = tuple(replace(run, record=owner.get(id(cell))) for cell, run in removed)
    return replace(source, removed=source.removed + more)


def first_of(names: Sequence[str]) -> str:
    """The first of the headings that would do, for a message."""
    return " / ".join([*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])])


def no_header(path: Path, grids: Sequence[Grid], headings: Headings) -> InputError:
    """The error for a file whose tables have no header, with the first row and the names that would make one."""
    first = next((row for grid in grids for row in grid.rows if any(row)), ())
    seen = "、".join(f"“{cell.text[:20]}”" for cell in _distinct(first)[:8]) or "—"
    line = next((cell.where.line for cell in first if cell), None)
    text, region = (first_of(headings.get(role, ())) for role in ("text", "region"))
    return InputError(
        f"没有找到表头：需要一列正文（{text}）和至少另一列（如地区：{region}）。第一行是 {seen}。请改表头，或在 method/settings.toml（或 METHOD= 的文件夹）的 [columns] 中写明列名。",
        f"no header row: one column must hold the texts ({text}) and one more is needed (such as the region: {region}). "
        f"The first row is {seen}. Change the header, or name the columns under [columns] in method/settings.toml (or in a folder for METHOD=).",
        file=path,
        line=line,
    )


def _lowest(rows: Sequence[Sequence[Cell | None]], headings: Headings) -> Sequence[Cell | None]:
    """The last row of a header of several rows: cells merged downwards tie them together (地区 over 省 and 市)."""
    heads = rows[0]
    for row in rows[1:]:
        tied = any(cell is not None and cell is above for cell, above in zip(row, heads, strict=False))
        if not tied or not is_header(row, headings):
            break
        heads = row
    return heads


def _fields(row: Sequence[Cell | None], names: dict[int, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for at, name in names.items():
        cell = row[at] if at < len(row) else None
        found[name] = cell.text if cell else ""
    return found


def where_of(where: Where) -> tuple[str, str]:
    """The place in words, Chinese and English."""
    return {
        "line": (f"第 {where.line} 行", f"line {where.line}"),
        "row": (f"第 {where.part} 张表第 {where.line} 行", f"table {where.part}, row {where.line}"),
        "sheet": (f"工作表“{where.part}”第 {where.line} 行", f"sheet {where.part}, row {where.line}"),
        "page": (f"第 {where.part} 页第 {where.line} 行", f"page {where.part}, row {where.line}"),
        "paragraph": (f"第 {where.line} 段", f"paragraph {where.line}"),
    }[where.kind]


def source_of(
    grids: Sequence[Grid], path: Path, headings: Headings, *, after: Sequence[Cell] = (), otherwise: Sequence[str] = ()
) -> Source:
    """The records of all tables that have a header, or go on with the columns of the one before.

    Text outside the tables is the title: its last line before the first row. ``after``: text behind the last table.
    ``otherwise``: roles of the columns where there is no header. A row without a text is left out and listed.

    Errors (`InputError`): no header in the whole file, a text without a region
    where there is a column of regions.
    """
    records: list[Record] = []
    removed: list[Removed] = []
    title = ""
    columns: dict[int, str] = dict(enumerate(otherwise))
    stated: list[tuple[str, str]] = []
    width = len(otherwise)
    refuse_long((cell for grid in grids for row in (*grid.rows, grid.before) for cell in row), path)
    for grid in grids:
        for cell in grid.before:
            title = title if records else cell.text
            removed.append(_whole(cell, "title"))
        header = next((at for at, row in enumerate(grid.rows[:HEADER_WITHIN]) if is_header(row, headings)), None)
        if header is None and (not columns or max(map(len, grid.rows), default=0) != width):
            removed += [_whole(cell, "other table") for row in grid.rows for cell in _distinct(row)]
            continue
        if header is None and any(_unknown_header(row, headings) for row in grid.rows):
            raise no_header(path, grids, headings)
        if header is not None:
            heads = _lowest(grid.rows[header:], headings)
            width = len(heads)
            columns = names_of(heads, headings)
            stated += [one for one in taken_for(heads, columns) if one not in stated]
        previous: Sequence[Cell | None] = ()
        for at, row in enumerate(grid.rows):
            cells = _distinct(row)
            if header is not None and at < header:
                for cell in cells:
                    title = title if records else cell.text
                    removed.append(_whole(cell, "title"))
                continue
            if not cells or at == header or is_header(row, headings):
                removed += [_whole(cell, "header") for cell in cells if not any(cell is other for other in previous)]
                previous = row
                continue
            if all(a is b for a, b in zip(row, previous, strict=False)) and len(row) == len(previous):
                continue  # one row, merged over several
            previous = row
            removed += _taken(row, columns, records, path)
    removed += [_whole(cell, "after the table") for cell in after]
    if not columns:  # not even one table with a header
        raise no_header(path, grids, headings)
    return Source(title, tuple(records), tuple(removed), columns=tuple(stated))


def _taken(row: Sequence[Cell | None], columns: dict[int, str], records: list[Record], path: Path) -> list[Removed]:
    """Appends the row to ``records``; what is left out of it is returned."""
    at_text = next(at for at, role in columns.items() if role == "text")
    text = row[at_text] if at_text < len(row) else None
    rest = {at: name for at, name in columns.items() if at != at_text}
    surplus = [cell for at, cell in enumerate(row) if cell and at not in columns]
    if text is None or not any(map(str.isalnum, text.text)):
        return [_whole(cell, "row without text") for cell in _distinct(row)]
    over = {name for at, name in rest.items() if at < len(row) and row[at] is text}
    if "region" in over or (over and len(_distinct(row)) == 1):  # 注：… or 一、东部地区, over all columns
        return [_whole(cell, "row of one cell") for cell in _distinct(row)]
    fields = _fields(row, rest)
    if "region" in fields and not fields["region"].strip():
        zh, en = where_of(text.where)
        raise InputError(
            f"{zh}的地区名是空的。请填写。", f"{en}: the region is empty. Fill it in.", file=path, line=text.where.line
        )
    records.append(Record(text, fields))
    return [_whole(cell, "column without heading", len(records) - 1) for cell in surplus]
