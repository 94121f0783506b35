"""Write a blank sheet for a second coder: measures.csv, codebook.csv -> coding-sheet.xlsx, coding-sheet.csv."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from pipeline import tables
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.formulas import inert
from pipeline.readers.coding_file import NOTE, begun
from pipeline.writing import write

_UNITS = ("measure_id", "region", "text")
# Rows below the header: a column of codebook.csv, and what stands before it. The first cell says to the reader that
# no measure follows.
_NOTES = {
    "zh": (f"{NOTE}名称", "地区", "举措原文"),
    "en": (f"{NOTE}name", "region", "text of the measure"),
    "definition_zh": (f"{NOTE}定义", "", ""),
    "definition_en": (f"{NOTE}definition", "", ""),
}
_FROZEN = 3  # rows that stay in sight: id and names

_EPOCH = datetime(2000, 1, 1)  # in the file's properties, so that equal sheets are equal bytes
_BODY, _HEAD = "宋体", "黑体"
_INK, _SOFT, _LINE, _UNFILLED, _YES = "#1F2933", "#5B6570", "#C9D1D9", "#FFF8DC", "#CFE8D5"
_WIDTHS = (11, 9, 46)  # of the columns of the unit, in digits of the body's size
_THEME_WIDTH = 15
_POINTS = 11  # size of the body

_HOW = (
    (
        "怎样编码",
        "How to code",
    ),
    (
        "每一行是一条举措，每一列是一个主题。请逐格判断：这条举措有这个主题，填 1；没有，填 0。",
        "A row is a measure, a column is a theme. Decide cell by cell: 1 where the measure carries the theme, 0 where it does not.",
    ),
    (
        "按意思判断，不按字面：词语不同而意思相合的填 1；出现同样的词而说的是别的事，填 0。主题的含义以定义为准。",
        "Go by meaning, not by words: 1 where other words say the same, 0 where the same words say something else. The definition says what a theme covers.",
    ),
    (
        "一条举措可以有几个主题，也可以一个都没有。",
        "A measure may carry several themes, or none.",
    ),
    (
        "请独立编码：编码完成之前，不要看程序的编码（报告、themes.csv、theme_evidence.csv），也不要与他人商量。",
        "Code on your own: until you are done, do not look at the machine's coding (report, themes.csv, theme_evidence.csv), and do not confer.",
    ),
    (
        "要编码的行，每一格都要填（浅黄色为未填）。不编码的举措，请删去整行；不编码的主题，请删去整列。",
        "In the rows that you code, fill every cell (pale yellow: not yet). Delete the rows of measures, and the columns of themes, that you do not code.",
    ),
    (
        "不要改动第一行的编号和第一列的举措编号。以 # 开头的行不会被读取。",
        "Leave the ids in the first row and in the first column as they are. Rows that begin with # are not read.",
    ),
    (
        "请另存到别处（.xlsx 或 .csv，如 data/coding/姓名.xlsx），再运行：make all CODING=data/coding/姓名.xlsx",
        "Save it elsewhere (.xlsx or .csv, such as data/coding/name.xlsx), then run: make all CODING=data/coding/name.xlsx",
    ),
)


def grid_of(measures: pd.DataFrame, codebook: pd.DataFrame) -> list[list[str]]:
    """The rows of the sheet: header, the themes' names and definitions, one row per measure with a blank cell per theme."""
    notes = [[*before, *codebook[column]] for column, before in _NOTES.items()]
    blank = [""] * len(codebook)
    rows = [[one.measure_id, one.region, one.text, *blank] for one in measures.itertuples()]
    return [[*_UNITS, *codebook["theme"]], *notes, *rows]


def csv_of(grid: list[list[str]]) -> bytes:
    """The sheet as CSV, as the pipeline writes its tables: UTF-8 with a byte-order mark, RFC 4180."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([inert(cell) for cell in row] for row in grid)
    return text.getvalue().encode("utf-8-sig")


def _height(text: str, width: float, points: float) -> float:
    """Points that wrapped text takes: programs other than Excel do not all fit a row to its text by themselves."""
    wide = sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1.1 for one in text)  # words break early
    return ceil(wide / (width * _POINTS / points - 1)) * points * 1.35 + 5


def _formats(book: xlsxwriter.Workbook) -> dict[str, Any]:
    plain = {"font_name": _BODY, "font_size": _POINTS, "font_color": _INK, "valign": "top"}
    cell = {**plain, "border": 1, "border_color": _LINE}
    small = {**cell, "font_size": 9, "text_wrap": True, "font_color": _SOFT}
    kinds = {
        "id": {**small, "align": "center", "valign": "vcenter"},
        "zh": {**cell, "font_name": _HEAD, "text_wrap": True, "align": "center", "valign": "vcenter"},
        "en": {**small, "align": "center", "valign": "vcenter"},
        "definition_zh": small,
        "definition_en": small,
        "unit": cell,
        "text": {**cell, "text_wrap": True},
        "code": {**cell, "align": "center", "valign": "vcenter"},
        "title": {**plain, "font_name": _HEAD, "font_size": 14},
        "line": {**plain, "text_wrap": True},
        "head": {**cell, "font_name": _HEAD},
    }
    return {name: book.add_format(given) for name, given in kinds.items()}


def _write_sheet(sheet: Any, grid: list[list[str]], book: xlsxwriter.Workbook, formats: dict[str, Any]) -> None:
    widths = [*_WIDTHS, *[_THEME_WIDTH] * (len(grid[0]) - len(_WIDTHS))]
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    heads = ("id", *_NOTES)
    for number, row in enumerate(grid):
        kinds = [heads[number]] * len(row) if number < len(heads) else ["unit", "unit", "text"]
        points = 9 if number < len(heads) and heads[number] != "zh" else _POINTS
        sheet.set_row(number, max(_height(text, width, points) for text, width in zip(row, widths, strict=True)))
        for at, text in enumerate(row):
            sheet.write_string(number, at, text, formats[kinds[at] if at < len(kinds) else "code"])
    sheet.freeze_panes(_FROZEN, len(_UNITS))
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, _FROZEN - 1)
    first, last = (len(heads), len(_UNITS)), (len(grid) - 1, len(grid[0]) - 1)
    if first[0] > last[0] or first[1] > last[1]:
        return
    sheet.data_validation(
        *first,
        *last,
        {
            "validate": "list",
            "source": ["0", "1"],
            "error_title": "0 / 1",
            "error_message": "只能填 0 或 1。\nOnly 0 or 1.",
        },
    )
    sheet.conditional_format(*first, *last, {"type": "blanks", "format": book.add_format({"bg_color": _UNFILLED})})
    yes = {"type": "cell", "criteria": "==", "value": 1, "format": book.add_format({"bg_color": _YES})}
    sheet.conditional_format(*first, *last, yes)


def _write_instructions(sheet: Any, codebook: pd.DataFrame, formats: dict[str, Any]) -> None:
    """How to code, then the themes with their definitions, Chinese beside English."""
    widths = (16, 20, 46, 30, 62)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, width)
    row = 0
    for number, (zh, en) in enumerate(_HOW):
        style = formats["title" if number == 0 else "line"]
        mark = "" if number == 0 else f"{number}. "
        left, right = sum(widths[:3]), sum(widths[3:])
        sheet.merge_range(row, 0, row, 2, mark + zh, style)
        sheet.merge_range(row, 3, row, 4, mark + en, style)
        sheet.set_row(row, 28 if number == 0 else max(_height(zh, left, _POINTS), _height(en, right, _POINTS)))
        row += 1
    row += 1
    columns = ("theme", "zh", "definition_zh", "en", "definition_en")
    for at, name in enumerate(("id", "主题", "定义", "theme", "definition")):
        sheet.write_string(row, at, name, formats["head"])
    for theme in codebook[list(columns)].itertuples(index=False):
        row += 1
        sheet.set_row(row, max(_height(text, width, _POINTS) for text, width in zip(theme, widths, strict=True)))
        for at, text in enumerate(theme):
            sheet.write_string(row, at, text, formats["text"])
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)


def xlsx_of(grid: list[list[str]], codebook: pd.DataFrame) -> bytes:
    """The sheet as a workbook, with a second sheet that says how to code; equal bytes for equal sheets."""
    held = io.BytesIO()
    font = {"font_name": _BODY, "font_size": _POINTS}
    book = xlsxwriter.Workbook(held, {"in_memory": True, "default_format_properties": font})
    book.set_properties({"title": "编码表 Coding sheet", "author": "Jingyan", "created": _EPOCH})
    formats = _formats(book)
    _write_sheet(book.add_worksheet("编码 coding"), grid, book, formats)
    _write_instructions(book.add_worksheet("说明 instructions"), codebook, formats)
    book.close()
    return held.getvalue()


def main(measures_csv: Path, codebook_csv: Path, coding_sheet_xlsx: Path, coding_sheet_csv: Path) -> None:
    measures = tables.read(measures_csv, tables.MEASURES)
    codebook = tables.read(codebook_csv, tables.CODEBOOK)
    for path in (coding_sheet_xlsx, coding_sheet_csv):
        if path.exists() and begun(path):
            raise InputError(
                "这张表已经有人填写，不会覆盖。请先移到别处（如 data/coding/），再重新生成空表。",
                "this sheet has been filled in and is not overwritten. Move it elsewhere (such as data/coding/) first.",
                file=path,
            )
    grid = grid_of(measures, codebook)
    write({coding_sheet_xlsx: xlsx_of(grid, codebook), coding_sheet_csv: csv_of(grid)})


if __name__ == "__main__":
    run(main)
