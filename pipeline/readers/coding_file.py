"""Read another person's coding: a spreadsheet or CSV with one row per coding, or with one column per theme."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.formulas import restored
from pipeline.readers import spreadsheet

NOTE = "#"  # a row whose first cell begins with it says nothing about a measure, like the lines of the files in method/

# What a column may be called; of several in one header the first of its list is meant.
_MEASURE = ("measure_id", "measure", "举措编号", "举措id", "举措号", "举措")
_REGION = ("region", "地区", "省市", "省份")
_THEME = ("theme", "theme_id", "主题", "主题编号")
_VALUE = ("value", "值", "取值", "编码")
_READ_ONLY = (*_MEASURE, *_REGION, "text", "原文", "举措原文", "内容")  # stand beside the themes and say nothing

_LONG = (*_MEASURE, *_REGION, *_THEME, *_VALUE)

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # the container of .xls, and of .xlsx with a password
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Coded:
    """Whether the unit carries the theme, and the row that says so, from 1 as a spreadsheet counts."""

    unit: str
    theme: str
    carries: bool
    row: int


@dataclass(frozen=True)
class Coding:
    """What a coding file holds, in its order; ``unit`` is measure or region."""

    unit: str
    codings: tuple[Coded, ...]


def _written(cell: object) -> str:
    """A cell as it looks: full-width forms made half-width, outer blanks dropped, 1.0 as 1."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return unicodedata.normalize("NFKC", restored(str(cell))).strip("\ufeff \t\r\n")


def _key(name: str) -> str:
    return _written(name).lower()


def _decoded(raw: bytes, path: Path) -> str:
    """The text in UTF-8, or else in GB18030, in which Chinese editions of Excel and WPS save a .csv."""
    bad = 0
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError as error:
            bad = error.start
            continue
        binary = re.search(r"[\x00-\x08\x0e-\x1f]", text)
        if not binary:
            return text
        bad = len(text[: binary.start()].encode(encoding))
    raise InputError(
        "看不懂这个文件：它既不是表格，也不是 UTF-8 或 GB18030 编码的文字。请另存为 .xlsx 或 CSV UTF-8。",
        "this is no spreadsheet, and no text in UTF-8 or GB18030. Save it as .xlsx or as CSV UTF-8.",
        file=path,
        line=raw.count(b"\n", 0, bad) + 1,
    )


def _csv_rows(text: str, path: Path) -> list[list[str]]:
    """The rows; the delimiter is the one that makes the most columns of the first line that has any text."""
    head = next((line for line in text.splitlines() if line.strip(",;\t ")), "")
    delimiter = max(",;\t", key=head.count)
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            rows.append([_written(cell) for cell in row])
    except csv.Error as error:
        raise InputError(
            f"从这一行起引号不成对（{error}）。请用 Excel 或 WPS 打开并另存为 .xlsx。",
            f"from this row on quotation marks are unpaired ({error}). Open the file in Excel or WPS and save it as .xlsx.",
            file=path,
            line=len(rows) + 1,
        ) from None
    return rows


def _sheets(path: Path) -> list[list[list[str]]]:
    """The rows of every sheet, or of the one table of a text file; each row's place is its number less one."""
    raw = path.read_bytes()
    if raw.startswith(_OLD):
        raise InputError(
            "这是旧的 .xls 文件，或设有密码。请在 Excel 或 WPS 里去掉密码，另存为 .xlsx。",
            "this is an old .xls file, or has a password. Open it in Excel or WPS, remove the password, save it as .xlsx.",
            file=path,
        )
    if not raw.startswith(_ZIP):
        return [_csv_rows(_decoded(raw, path), path)]
    grids = spreadsheet.values(raw, path)
    return [[[_written(cell) for cell in row] for row in grid] for grid in grids]


class _Table:
    """A table with its header: the columns by what they mean, and the rows below it."""

    def __init__(self, rows: Sequence[list[str]]) -> None:
        self.head = next((at for at, row in enumerate(rows) if any(row)), 0)  # its place, from 0
        self.names = rows[self.head] if rows else []
        self.keys = [_key(name) for name in self.names]
        self.measure, self.region = self._first(_MEASURE), self._first(_REGION)
        self.theme, self.value = self._first(_THEME), self._first(_VALUE)
        self.rows = [(at + 1, row) for at, row in enumerate(rows) if at > self.head and any(row)]

    def _first(self, names: Sequence[str]) -> int | None:
        return next((self.keys.index(name) for name in names if name in self.keys), None)

    @property
    def unit(self) -> int | None:
        """The column that says what was coded: a measure rather than a region."""
        return self.region if self.measure is None else self.measure

    @property
    def long(self) -> bool:
        return self.theme is not None and self.value is not None

    def columns(self, themes: Mapping[str, str]) -> dict[int, str]:
        """Place -> theme of the columns that are named after a theme."""
        return {at: themes[key] for at, key in enumerate(self.keys) if key in themes}

    def recognised(self, themes: Mapping[str, str]) -> bool:
        return self.unit is not None and (self.long or bool(self.columns(themes)))

    def data(self) -> list[tuple[int, list[str]]]:
        """Number and cells of the rows that are no notes, each at least as long as the header."""
        found = []
        for number, row in self.rows:
            cells = [*row, *[""] * (len(self.names) - len(row))]
            said = (cells[self.unit] if self.unit is not None else "") or next(cell for cell in cells if cell)
            if not said.startswith(NOTE):
                found.append((number, cells))
        return found


class _Reader:
    def __init__(self, path: Path, themes: Mapping[str, str], measures: Iterable[str], regions: Iterable[str]) -> None:
        self.path, self.known = path, themes
        names = list(themes.values())
        # A theme may also be called by its name, where no other has the same.
        self.themes = {_key(name): theme for theme, name in themes.items() if names.count(name) == 1}
        self.themes |= {_key(theme): theme for theme in themes}
        self.measures = {_key(measure): measure for measure in measures}
        self.regions = {_key(region): region for region in regions}
        self.seen: dict[tuple[str, str], Coded] = {}
        self.empty: list[tuple[int, str]] = []  # row and theme of the cells that are not filled in

    def wrong(self, zh: str, en: str, row: int | None) -> InputError:
        return InputError(zh, en, file=self.path, line=row)

    @property
    def listed(self) -> str:
        return ", ".join(self.known)

    def read(self) -> Coding:
        sheets = [_Table(rows) for rows in _sheets(self.path) if any(map(any, rows))]
        if not sheets:
            raise self.wrong("文件是空的。", "the file is empty.", 1)
        table = next((sheet for sheet in sheets if sheet.recognised(self.themes)), None)
        if table is None:
            found = [name for name in sheets[0].names if name]
            raise self.wrong(
                f"认不出这些列：{'、'.join(found)}。需要 measure_id（或 region）、theme、value 三列，或 measure_id（或 region）加每个主题一列；主题有：{self.listed}。可用 make coding-sheet 生成空表。",
                f"no known columns here: {', '.join(found)}. Needed: measure_id (or region), theme and value, or measure_id (or region) and a column for each theme; themes: {self.listed}. `make coding-sheet` writes a blank sheet.",
                sheets[0].head + 1,
            )
        self._check_header(table)
        if table.long:
            self._long(table)
        else:
            self._wide(table)
        self._check_filled()
        if not self.seen:
            raise self.wrong(
                "表头下面没有任何编码。请填写后再用。",
                "there is no coding below the header. Fill the sheet in first.",
                table.head + 1,
            )
        return Coding("region" if table.measure is None else "measure", tuple(self.seen.values()))

    def _check_header(self, table: _Table) -> None:
        """No column twice; without a column of themes, every column is a theme or one that is only read."""
        row = table.head + 1
        named = [self.themes.get(key, key) for key in table.keys]
        for at, name in enumerate(named):
            counts = name and (not table.long or name in _LONG)
            if counts and name in named[:at]:
                raise self.wrong(
                    f"“{table.names[at]}”这一列出现了两次。请删去一列。",
                    f"the column {table.names[at]!r} stands twice. Delete one.",
                    row,
                )
        if table.long:
            return
        for key, name in zip(table.keys, table.names, strict=True):
            if key and key not in self.themes and key not in _READ_ONLY:
                raise self._unknown_theme(name, row)
        for number, cells in table.data():
            for at, cell in enumerate(cells):
                if cell and (at >= len(table.names) or not table.names[at]):
                    raise self.wrong(
                        f"第 {at + 1} 列没有表头，却有内容“{cell}”。请补上主题或删去这一列。",
                        f"column {at + 1} has no head but holds {cell!r}. Name its theme or delete the column.",
                        number,
                    )

    def _unknown_theme(self, name: str, row: int) -> InputError:
        return self.wrong(
            f"没有主题“{name}”。已有的主题：{self.listed}。请改正或删去。",
            f"there is no theme {name!r}. Known: {self.listed}. Correct or delete it.",
            row,
        )

    def _unit(self, table: _Table, cells: list[str], row: int) -> str:
        assert table.unit is not None
        name, head = cells[table.unit], table.names[table.unit]
        if not name:
            raise self.wrong(
                f"{head} 是空的。请填写或删去这一行。", f"{head} is empty. Fill it in or delete the row.", row
            )
        units = self.regions if table.measure is None else self.measures
        if _key(name) in units:
            return units[_key(name)]
        known = list(units.values())
        if table.measure is None:
            raise self.wrong(
                f"没有地区“{name}”。已有的地区：{'、'.join(known)}。",
                f"there is no region {name!r}. Known: {', '.join(known)}.",
                row,
            )
        raise self.wrong(
            f"没有举措“{name}”。编号应与 measures.csv 的 measure_id 一致（{known[0]} 至 {known[-1]}）；若原文改过，请重新生成空表。",
            f"there is no measure {name!r}. Ids are those of measures.csv ({known[0]} to {known[-1]}); if the texts changed, write a new sheet.",
            row,
        )

    def _add(self, unit: str, theme: str, cell: str, row: int) -> None:
        if not cell:
            self.empty.append((row, theme))
            return
        if not re.fullmatch(r"[01](\.0+)?", cell):
            raise self.wrong(
                f"{unit} 的主题 {theme} 的值“{cell}”不是 0 或 1。有这个主题填 1，没有填 0。",
                f"{unit}, theme {theme}: {cell!r} is neither 0 nor 1. Write 1 where the theme is there, else 0.",
                row,
            )
        coded = Coded(unit, theme, cell[0] == "1", row)
        if earlier := self.seen.get((unit, theme)):
            same = earlier.carries == coded.carries
            raise self.wrong(
                f"{unit} 的主题 {theme} 编码了两次（第 {earlier.row} 行已有，{'值相同' if same else '值不同'}）。请只留一处。",
                f"{unit}, theme {theme} is coded twice (row {earlier.row} has it, {'the same' if same else 'another'} value). Keep one.",
                row,
            )
        self.seen[unit, theme] = coded

    def _long(self, table: _Table) -> None:
        assert table.theme is not None
        assert table.value is not None
        for row, cells in table.data():
            unit, theme = self._unit(table, cells, row), cells[table.theme]
            if _key(theme) not in self.themes:
                raise self._unknown_theme(theme, row)
            self._add(unit, self.themes[_key(theme)], cells[table.value], row)

    def _wide(self, table: _Table) -> None:
        columns = table.columns(self.themes)
        for row, cells in table.data():
            unit = self._unit(table, cells, row)
            for at, theme in columns.items():
                self._add(unit, theme, cells[at], row)

    def _check_filled(self) -> None:
        if self.empty:
            row, theme = self.empty[0]
            raise self.wrong(
                f"主题 {theme} 的格子是空的；全表共有 {len(self.empty)} 个空格。请填 0 或 1；没有编码的举措请删去整行，没有编码的主题请删去整列。",
                f"the cell of theme {theme} is empty, one of {len(self.empty)} empty cells. Fill them with 0 or 1; delete the rows of measures, and the columns of themes, that were not coded.",
                row,
            )


def read(path: Path, *, themes: Mapping[str, str], measures: Iterable[str], regions: Iterable[str]) -> Coding:
    """The codings in a .csv or .xlsx file; ``themes`` maps the known ids to names that may stand for them.

    Long form: columns measure_id (or region), theme, value; others are ignored.
    Wide form: measure_id (or region) and a column for each theme; the first sheet
    that has either is read. Rows that begin with # are notes.

    Errors (`InputError`, with the row): not a spreadsheet, empty, no known
    columns, an unknown theme, measure or region, a value other than 0 and 1, a
    unit and theme coded twice, cells left empty.
    """
    return _Reader(path, themes, measures, regions).read()


def begun(path: Path) -> bool:
    """Whether anything stands below a theme's name in a sheet in wide form; also true of what cannot be read."""
    try:
        tables = [_Table(rows) for rows in _sheets(path)]
    except InputError:
        return True
    return any(
        cell
        for table in tables
        if table.measure is not None
        for _, cells in table.data()
        for name, cell in zip(table.keys, cells, strict=False)
        if name and name not in _READ_ONLY
    )
