"""Read an .xlsx or .xlsm: every sheet that is shown is a table.

Cells hold what was typed: 1 and not 1.0, dates in ISO form, a percentage as its
share, the last result of a formula. Formats, comments and drawings are not
read, macros never run. What the sheet hides (sheets, rows, columns, also by a
filter) is listed, not read.

Old .xls and .ods files are refused: on damaged ones the library asks for more
memory than there is and ends the whole program. A web page under the name .xls
is read as what it is.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from pipeline.errors import InputError
from pipeline.readers import Cell, Headings, Removed, Source, Where, web_page
from pipeline.readers.archives import attribute, checked, elements, kind_of, local, main_part, packed, parsed, related
from pipeline.readers.tabular import PLACES, Grid, refuse_wide, source_of

_ROWS, _COLUMNS = 2**20, 2**14  # of a sheet of Excel
# A string that stands once in the file may be shown in any number of cells; bound against hostile files.
_CHARACTERS = 200_000_000
_ON = ("1", "true")
_ROOT = (  # by which the library finds the workbook
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    b'Target="xl/workbook.xml"/></Relationships>'
)


def written(value: object) -> str:
    """A cell as text."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        number = f"{Decimal(repr(value)):f}"
        return number.removesuffix(".0")
    if isinstance(value, datetime):
        return (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip()


def _place(reference: str) -> tuple[int, int] | None:
    """Row and column from 0 of a reference such as B3; None where Excel has no such cell."""
    found = re.fullmatch(r"([A-Z]{1,3})([1-9][0-9]{0,6})", reference)
    if not found:
        return None
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    return (row - 1, column - 1) if row <= _ROWS and column <= _COLUMNS else None


@dataclass
class _Layout:
    """What the sheet's own XML says beside its values."""

    rows: int = 0  # up to the last that holds anything, as `columns`
    columns: int = 0
    characters: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    errors: list[tuple[int, str, str]] = field(default_factory=list)  # row from 0, cell, what stands in it


def _lengths(part: bytes, name: str, path: Path) -> list[int]:
    """Characters of each shared string."""
    found: list[int] = []
    for element in elements(part, name, path):
        if local(element) == "si":
            found.append(sum(len(text) for text in element.itertext()))
            element.clear()
    return found


def _number(said: str | None, otherwise: int) -> int:
    return int(said) if said and said.isascii() and said.isdecimal() and len(said) < 10 else otherwise


class _Scan:
    """One pass over a sheet's XML, before the library lays it out."""

    def __init__(self, sheet: str, shared: Sequence[int], path: Path) -> None:
        self.sheet, self.shared, self.path = sheet, shared, path
        self.found = _Layout()
        self.row = self.column = 0  # where a cell stands that does not say it: behind the one before it

    def cell(self, element: Any) -> None:
        parent = element.getparent()
        said = parent.get("r") if parent is not None else None
        reference = element.get("r")
        place = _place(reference) if reference is not None else self._row(said) and (self._row(said) - 1, self.column)
        if not place:
            raise _unreadable(self.path, f"{self.sheet}: {ascii(reference or said)[:40]}")
        row, self.column = place[0], place[1] + 1
        filled = len(element) > 0
        value = next((child.text or "" for child in element if local(child) == "v"), "")
        kind = element.get("t", "n")
        if kind == "s":
            at = _number(value.strip(), len(self.shared))
            length = self.shared[at] if at < len(self.shared) else 0
        else:
            length = sum(len(text) for text in element.itertext())
        element.clear()
        if not filled:  # a format without a value
            return
        found = self.found
        found.rows, found.columns = max(found.rows, row + 1), max(found.columns, self.column)
        refuse_wide(found.rows, found.columns, Where("sheet", self.sheet, row + 1), self.path)
        found.characters += length
        if found.characters > _CHARACTERS:
            raise InputError(
                f"工作表“{self.sheet}”共有超过 {_CHARACTERS} 个字，太大。请分成几个文件。",
                f"sheet {self.sheet} shows more than {_CHARACTERS} characters, too many. Divide it into several files.",
                file=self.path,
                line=row + 1,
            )
        if kind == "e":
            found.errors.append((row, f"{_letters(place[1])}{row + 1}", value))

    def _row(self, said: str | None) -> int:
        """The number of the row, from 1."""
        number = self.row + 1 if said is None else _number(said, 0)
        if not 1 <= number <= _ROWS:
            raise _unreadable(self.path, f"{self.sheet}: {ascii(said)[:40]}")
        return number

    def ended_row(self, element: Any) -> None:
        self.row, self.column = self._row(element.get("r")), 0
        if element.get("hidden") in _ON:
            self.found.hidden_rows.add(self.row - 1)
        element.clear()


def _layout(part: bytes, name: str, shared: Sequence[int], sheet: str, path: Path) -> _Layout:
    scan = _Scan(sheet, shared, path)
    found = scan.found
    for element in elements(part, name, path):
        kind = local(element)
        if kind == "c":
            scan.cell(element)
        elif kind == "row":
            scan.ended_row(element)
        elif kind == "col" and element.get("hidden") in _ON:
            first, last = _number(element.get("min"), 1), _number(element.get("max"), 1)
            found.hidden_columns.update(range(first - 1, min(last, _COLUMNS)))
    return found


def _letters(column: int) -> str:
    name = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        name = chr(65 + rest) + name
        column -= 1
    return name


def _parts_of_sheets(parts: Mapping[str, bytes], main: str, path: Path) -> dict[str, str]:
    """Name of a sheet -> the part that holds it."""
    targets = {number: target for number, (_, target) in related(parts, main, path).items()}
    found = {}
    for element in parsed(parts[main], main, path).iter("{*}sheet"):
        target = targets.get(attribute(element, "id") or "", "")
        name = element.get("name", "")
        if name in found:
            raise _unreadable(path, f"{name}: 2 ×")
        if target in parts:
            found[name] = target
    return found


def _values(sheet: CalamineSheet, layout: _Layout, path: Path) -> list[list[Any]]:
    """What stands in the cells; refused where the library would lay out more than was looked at."""
    if sheet.total_height > layout.rows or sheet.total_width > layout.columns:
        raise _unreadable(path, sheet.name)
    return sheet.to_python(skip_empty_area=False)


def _rows(sheet: CalamineSheet, layout: _Layout, path: Path) -> list[list[Cell | None]]:
    """The sheet from its first row and column, so that rows have the numbers that Excel shows."""
    grid: list[list[Cell | None]] = []
    for number, values in enumerate(_values(sheet, layout, path), 1):
        where = Where("sheet", sheet.name, number)
        grid.append([Cell(text, where) if (text := written(value)) else None for value in values])
    covered = 0
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        covered += max(0, min(bottom + 1, len(grid)) - top)
        if covered > PLACES:  # ranges that lie over one another, which Excel never writes
            raise _unreadable(path, f"{sheet.name}: merged cells overlap")
        if top < len(grid) and left < len(grid[top]):
            first = grid[top][left]
            for row in grid[top : bottom + 1]:
                row[left : right + 1] = [first] * (min(right + 1, len(row)) - left)
    return grid


def _shown(grid: list[list[Cell | None]], layout: _Layout, left: list[Removed]) -> Iterator[tuple[Cell | None, ...]]:
    """The rows and columns that can be seen; the others are listed, unless they are covered by a merged cell."""
    seen = {
        id(cell)
        for number, row in enumerate(grid)
        for at, cell in enumerate(row)
        if cell and number not in layout.hidden_rows and at not in layout.hidden_columns
    }
    for number, row in enumerate(grid):
        hidden_row = number in layout.hidden_rows
        for cell in row:
            if cell and id(cell) not in seen:
                seen.add(id(cell))
                left.append(_whole(cell, "hidden row" if hidden_row else "hidden column"))
        if not hidden_row:
            yield tuple(cell for at, cell in enumerate(row) if at not in layout.hidden_columns)


def _whole(cell: Cell, reason: str) -> Removed:
    return Removed(cell.where, 0, len(cell.text), cell.text, reason)


def _refuse_errors(layout: _Layout, sheet: str, path: Path) -> None:
    if layout.errors:
        row, cell, said = layout.errors[0]
        count = len(layout.errors)
        raise InputError(
            f"工作表“{sheet}”的 {cell} 是公式错误 {said}（该表共 {count} 处）。请改正公式，或粘贴为值。",
            f"sheet {sheet}, cell {cell} holds the error {said} (one of {count} in this sheet). Mend the formula or paste "
            "its value.",
            file=path,
            line=row + 1,
        )


def _without_counts(part: bytes) -> bytes:
    """The part without stated numbers of strings and formats: the library takes memory for as many as are stated."""

    def without(tag: re.Match[bytes]) -> bytes:
        return re.sub(rb"""\s(?:uniqueCount|count)\s*=\s*(?:"[^"]*"|'[^']*')""", b"", tag[0])

    return re.sub(rb"""<(?:\w+:)?(?:sst|cellXfs|numFmts|mergeCells)\b(?:[^<>"']|"[^"]*"|'[^']*')*>""", without, part)


def _opened(parts: Mapping[str, bytes], main: str, sheets: Iterable[str], path: Path) -> CalamineWorkbook:
    """The workbook with the parts that were looked at and no other, under the names by which the library knows them."""
    kinds = {kind: name for kind, name in related(parts, main, path).values() if name in parts}
    folder, _, own = main.rpartition("/")
    known = {
        "xl/workbook.xml": main,
        "xl/_rels/workbook.xml.rels": f"{folder}/_rels/{own}.rels",
        **({"xl/sharedStrings.xml": kinds["sharedStrings"]} if "sharedStrings" in kinds else {}),
        **({"xl/styles.xml": kinds["styles"]} if "styles" in kinds else {}),
        **{name: name for name in sheets},
    }
    try:
        kept = {"_rels/.rels": _ROOT, **{name: _without_counts(parts[part]) for name, part in known.items()}}
        return CalamineWorkbook.from_filelike(io.BytesIO(packed(kept)))
    except (CalamineError, ValueError, OSError, KeyError) as error:
        raise _unreadable(path, str(error)) from None


def _unreadable(path: Path, said: str) -> InputError:
    return InputError(
        f"打不开这个表格（{said}）。请用 Excel 或 WPS 打开，另存为 .xlsx。",
        f"the spreadsheet cannot be opened ({said}). Open it in Excel or WPS and save it as .xlsx.",
        file=path,
    )


def _looked_at(data: bytes, path: Path) -> tuple[CalamineWorkbook, dict[str, _Layout]]:
    """The workbook, and how large each of its sheets is, before the library lays one out."""
    parts = checked(data, path, "xlsx")
    main = main_part(parts, path)
    names = _parts_of_sheets(parts, main, path)
    strings = {kind: part for kind, part in related(parts, main, path).values() if part in parts}.get(
        "sharedStrings", ""
    )
    shared = _lengths(parts[strings], strings, path) if strings in parts else []
    layouts = {sheet: _layout(parts[part], part, shared, sheet, path) for sheet, part in names.items()}
    return _opened(parts, main, names.values(), path), layouts


def values(data: bytes, path: Path) -> list[list[list[Any]]]:
    """What stands in the cells of every sheet, hidden ones too, row by row from the first one on."""
    book, layouts = _looked_at(data, path)
    found = []
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        if about.name not in layouts:
            raise _unreadable(path, about.name)
        try:
            found.append(_values(book.get_sheet_by_name(about.name), layouts[about.name], path))
        except (CalamineError, ValueError, OSError) as error:
            raise _unreadable(path, str(error)) from None
    return found


def read(data: bytes, path: Path, headings: Headings) -> Source:
    """The records of every sheet that is shown; hidden sheets, rows and columns are listed as removed.

    Errors (`InputError`): not a sound and harmless .xlsx (see `archives`), empty,
    an error value such as #REF!, and those of `tabular`.
    """
    if kind_of(data, path) == "html":  # many government systems export a page under the name .xls
        return web_page.read(data, path, headings)
    book, layouts = _looked_at(data, path)
    grids: list[Grid] = []
    left: list[Removed] = []
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:  # a chart or macros on a sheet of their own
            continue
        if about.name not in layouts:
            raise _unreadable(path, about.name)
        layout = layouts[about.name]
        try:
            grid = _rows(book.get_sheet_by_name(about.name), layout, path)
        except (CalamineError, ValueError, OSError) as error:
            raise _unreadable(path, str(error)) from None
        if about.visible != SheetVisibleEnum.Visible:
            cells = {id(cell): cell for row in grid for cell in row if cell}
            left += [_whole(cell, "hidden sheet") for cell in cells.values()]
            continue
        _refuse_errors(layout, about.name, path)
        rows = tuple(_shown(grid, layout, left))
        if any(any(row) for row in rows):
            grids.append(Grid(rows))
    if not grids:
        raise InputError(
            "表格里没有内容，或全部隐藏。请填写，或取消隐藏。",
            "nothing stands in the spreadsheet, or all of it is hidden. Fill it in, or show what is hidden.",
            file=path,
        )
    source = source_of(grids, path, headings)
    return replace(source, removed=source.removed + tuple(left))
