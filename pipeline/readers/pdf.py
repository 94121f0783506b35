"""A PDF with a text layer: tables drawn with lines, else prose.

Not handled: two columns of text (their lines are mixed), vertical and rotated text (left out and listed; refused where it
is most of the file), tables without lines (read as prose), rows of a table that are apart without a line between them.
Pages with very many lines (maps) are not searched for tables. A PDF that draws a form within forms many times over takes as
long as it takes: only pages, characters and unpacked bytes are bounded, and the bytes not where the file is encrypted.
Scripts, attachments and comments are never looked at. Radicals that stand for characters (⼭ for 山) are kept as the file
has them.
"""

from __future__ import annotations

import io
import logging
import re
import statistics
import warnings
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfpage import PDFPage
from pdfplumber.page import Page
from pdfplumber.utils import dedupe_chars

from pipeline.errors import InputError
from pipeline.readers import Cell, Headings, Record, Removed, Source, Where
from pipeline.readers.encodings import refused_kind
from pipeline.readers.tabular import Grid, is_header, names_of, source_of

_PAGES = 3_000
_CHARACTERS = 10_000_000
_UNPACKED = 100_000_000  # bytes of one stream; a page of text has some thousands, a Chinese font ten millions
_EDGES = 20_000  # of one page that is searched for tables
_UNREADABLE = 0.05  # share of characters without Unicode from which the text layer is of no use
_MARGIN = 0.15  # of the height of a page, where running heads and page numbers stand
_SCANNED = 10  # characters on a page, at most, where all that is to be read is in the picture

_CJK = re.compile("[\u2e80-\ua4cf\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff“”‘’—…·]")
_ENDED = re.compile("[。！？；：.!?;:][”’」』）)\"']*$")
_PAGE_NUMBER = re.compile(
    r"[\s\-—–_·~]*(?:第\s*)?(?:\d{1,4}|[ivxlcIVXLC]{1,6})\s*页?(?:\s*[/／，,]?\s*(?:共|of)?\s*\d{1,4}\s*页?)?[\s\-—–_·~]*"
)
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
# Fonts give these where they do not say which character a glyph is.
_NO_CHARACTER = re.compile("\\(cid:\\d+\\)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ue000-\uf8ff\ufffd]")


@dataclass(frozen=True)
class _Line:
    """Characters on one baseline; lengths in points, ``base`` from the top of the page."""

    text: str
    left: float
    right: float
    base: float
    size: float
    edges: tuple[float, float] = (0.0, 0.0)  # of the cell or page around it


@dataclass(frozen=True)
class _Box:
    """The lines of one cell of a table."""

    where: Where
    lines: tuple[_Line, ...]


_Row = tuple[_Box | None, ...]
_Rectangle = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True)
class _Table:
    top: float
    rows: tuple[_Row, ...]


@dataclass(frozen=True)
class _Sheet:
    """What is kept of a page. ``outside``: the lines in no table; ``lines``: all of them."""

    number: int
    height: float
    lines: tuple[_Line, ...]
    outside: tuple[_Line, ...]
    tables: tuple[_Table, ...]
    pictures: bool
    characters: int
    in_tables: int
    unreadable: str
    rotated: str


class _TooLargeError(Exception):
    """A stream unpacks to more than any text."""


@contextmanager
def _quiet() -> Iterator[None]:
    """What pdfminer thinks of a file is not for the researcher."""
    loggers = [logging.getLogger(name) for name in ("pdfminer", "pdfplumber")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


# --- before it is opened: how large does it become? -----------------------------------------------------------------


def _inflated(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The chunks unpacked, piece by piece, as far as they can be."""
    engine, total = zlib.decompressobj(), 0
    for chunk in chunks:
        pending = chunk
        while pending and not engine.eof:
            try:
                piece = engine.decompress(pending, 1 << 20)
            except zlib.error:
                return
            total += len(piece)
            if total > _UNPACKED:
                raise _TooLargeError
            yield piece
            pending = engine.unconsumed_tail


def _refuse_what_unpacks_to_too_much(data: bytes) -> None:
    """pdfminer unpacks a stream whole: 100 kB can become 100 MB, and those again 100 GB."""
    total = 0
    for found in _STREAM.finditer(data):
        head = data[max(0, found.start() - 2000) : found.start()].rpartition(b"obj")[2]
        if re.search(rb"/Subtype\s*/Image", head):
            continue  # pictures are not unpacked
        end = data.find(b"endstream", found.end())
        end = len(data) if end < 0 else end
        pieces: Iterator[bytes] = (data[at : min(at + 65536, end)] for at in range(found.end(), end, 65536))
        for _ in range(max(1, head.count(b"/FlateDecode") + head.count(b"/Fl "))):
            pieces = _inflated(pieces)
        total += sum(map(len, pieces))
        if total > 5 * _UNPACKED:
            raise _TooLargeError


# --- a page: characters, lines, tables ------------------------------------------------------------------------------


def _gap(before: dict[str, Any], after: dict[str, Any], blank: bool) -> str:
    """What stands between two characters of a line: a blank where the file has one, or where Latin words are apart.

    Between Han characters and digits programs leave a gap that is no blank.
    """
    width = (after["x0"] - before["x1"]) / max(before["size"], after["size"], 1)
    han = bool(_CJK.search(before["text"]) or _CJK.search(after["text"]))
    return " " if blank or width > (0.8 if han else 0.2) else ""


def _line(characters: list[dict[str, Any]], edges: tuple[float, float]) -> _Line | None:
    ordered = sorted(characters, key=lambda character: character["x0"])
    seen = [character for character in ordered if character["text"].strip()]
    if not seen:
        return None
    text, before, blank = "", None, False
    for character in ordered:
        if not character["text"].strip():
            blank = True
            continue
        text += ("" if before is None else _gap(before, character, blank)) + character["text"]
        before, blank = character, False
    size = statistics.median(character["size"] for character in seen)
    base = statistics.median(character["base"] for character in seen)
    return _Line(text, seen[0]["x0"], max(character["x1"] for character in seen), base, size, edges)


def _lines(characters: Iterable[dict[str, Any]], edges: tuple[float, float] | None = None) -> tuple[_Line, ...]:
    """The lines from top to bottom. Baselines, for characters of two fonts differ in height on one line."""
    rows: list[list[dict[str, Any]]] = []
    for character in sorted(characters, key=lambda character: character["base"]):
        if rows and character["base"] - rows[-1][0]["base"] <= 0.5 * max(character["size"], rows[-1][0]["size"]):
            rows[-1].append(character)
        else:
            rows.append([character])
    found = [line for row in rows if (line := _line(row, edges or (0.0, 0.0)))]
    if edges is None and found:
        around = min(line.left for line in found), max(line.right for line in found)
        found = [replace(line, edges=around) for line in found]
    return tuple(found)


def _bands(edges: Iterable[float]) -> list[tuple[float, float]]:
    """The spaces between edges; edges that are nearer than any character is wide are one."""
    places: list[float] = []
    for edge in sorted(edges):
        if not places or edge - places[-1] > 3:
            places.append(edge)
    return list(pairwise(places))


def _table(cells: Sequence[_Rectangle], characters: list[dict[str, Any]], page: int, row: int) -> _Table:
    """The cells in rows and columns, a merged one in every place that it covers; ``row``: number of the first row."""
    columns = _bands(edge for cell in cells for edge in (cell[0], cell[2]))
    rows = _bands(edge for cell in cells for edge in (cell[1], cell[3]))
    boxes: dict[int, _Box | None] = {}
    for at, (left, top, right, bottom) in enumerate(cells):
        held = [one for one in characters if left <= one["middle"] < right and top <= one["centre"] < bottom]
        first = next((number for number, band in enumerate(rows) if sum(band) / 2 > top), 0)
        lines = _lines(held)
        boxes[at] = _Box(Where("page", str(page), row + first), lines) if lines else None
    found: list[_Row] = []
    for top, bottom in rows:
        across: list[_Box | None] = []
        for left, right in columns:
            x, y = (left + right) / 2, (top + bottom) / 2
            held_by = (n for n, cell in enumerate(cells) if cell[0] <= x < cell[2] and cell[1] <= y < cell[3])
            across.append(boxes.get(next(held_by, -1)))
        if any(across):
            found.append(tuple(across))
    return _Table(min(cell[1] for cell in cells), tuple(found))


def _with_open_rows(cells: list[_Rectangle], page: Page) -> list[_Rectangle]:
    """The cells, with those of a row that the end of the page leaves without a line above or below."""
    columns = _bands(edge for cell in cells for edge in (cell[0], cell[2]))
    top, bottom = min(cell[1] for cell in cells), max(cell[3] for cell in cells)
    places = {place for column in columns for place in column}
    along = [
        edge
        for edge in page.vertical_edges
        if any(abs(edge["x0"] - place) <= 3 for place in places)
        and edge["top"] <= bottom + 3
        and edge["bottom"] >= top - 3
    ]
    ends = [edge["bottom"] for edge in along if edge["bottom"] > bottom + 3]
    begins = [edge["top"] for edge in along if edge["top"] < top - 3]
    if len(ends) >= len(places):
        cells = [*cells, *((left, bottom, right, max(ends)) for left, right in columns)]
    if len(begins) >= len(places):
        cells = [*((left, min(begins), right, top) for left, right in columns), *cells]
    return cells


def _sheet(page: Page) -> _Sheet:
    written: list[dict[str, Any]] = []
    unreadable, rotated = [], []
    for character in dedupe_chars(page.chars):
        text = character["text"]
        if _NO_CHARACTER.search(text):
            unreadable.append(text)
        elif not character["upright"]:
            rotated.append(text.strip())
        else:
            written.append(
                {
                    "text": text,
                    "x0": character["x0"],
                    "x1": character["x1"],
                    "size": character["size"],
                    "base": page.height - character["matrix"][5],
                    "middle": (character["x0"] + character["x1"]) / 2,
                    "centre": (character["top"] + character["bottom"]) / 2,
                }
            )
    tables: list[_Table] = []
    outside = written
    number = 1
    for found in sorted(page.find_tables(), key=lambda table: table.bbox[1]) if len(page.edges) <= _EDGES else ():
        cells = [cell for cell in found.cells if cell[2] - cell[0] > 3 and cell[3] - cell[1] > 3]
        if len({round(cell[0]) for cell in cells}) < 2:
            continue  # a frame around text
        cells = _with_open_rows(cells, page)
        table = _table(cells, outside, page.page_number, number)
        if not table.rows:
            continue
        number += len(table.rows)
        tables.append(table)
        outside = [one for one in outside if not any(_inside(one, cell) for cell in cells)]
    seen = sum(bool(one["text"].strip()) for one in written)
    return _Sheet(
        page.page_number,
        float(page.height),
        _lines(written),
        _lines(outside),
        tuple(tables),
        bool(page.images),
        seen,
        seen - sum(bool(one["text"].strip()) for one in outside),
        "".join(unreadable),
        "".join(rotated),
    )


def _inside(character: dict[str, Any], cell: _Rectangle) -> bool:
    return cell[0] <= character["middle"] < cell[2] and cell[1] <= character["centre"] < cell[3]


# --- all pages: running heads, paragraphs, rows that cross a page ----------------------------------------------------


def _furniture(sheets: Sequence[_Sheet]) -> dict[tuple[int, _Line], str]:
    """Page numbers, and lines at the top or bottom that most pages have; the numbers in them may differ."""
    found: dict[tuple[int, _Line], str] = {}
    for top, reason in ((True, "page header"), (False, "page footer")):
        for _ in range(3):  # a head of several lines
            ends: list[tuple[int, _Line]] = []
            for sheet in sheets:
                left = [line for line in sheet.outside if (sheet.number, line) not in found]
                line = left[0 if top else -1] if left else None
                depth = (line.base if top else sheet.height - line.base) if line else sheet.height
                if line and depth <= _MARGIN * sheet.height:
                    ends.append((sheet.number, line))
            often = Counter(re.sub(r"\d+", "#", line.text) for _, line in ends)
            new = {
                (number, line): "page number" if _PAGE_NUMBER.fullmatch(line.text) else reason
                for number, line in ends
                if _PAGE_NUMBER.fullmatch(line.text) or 2 * often[re.sub(r"\d+", "#", line.text)] > max(2, len(sheets))
            }
            if not new:
                break
            found |= new
    return found


def _joined(before: str, after: str) -> str:
    """Two lines as one: Chinese goes on without a blank."""
    han = _CJK.search(before[-1]) or _CJK.search(after[0])
    return f"{before}{after}" if han else f"{before} {after}"


def _text(lines: Sequence[_Line], starts: Iterable[bool]) -> str:
    """The lines as paragraphs; ``starts``: whether a paragraph begins with each line but the first."""
    paragraphs = [lines[0].text]
    for line, begins in zip(lines[1:], starts, strict=True):
        if begins:
            paragraphs.append(line.text)
        else:
            paragraphs[-1] = _joined(paragraphs[-1], line.text)
    return "\n".join(paragraphs)


def _indented(line: _Line) -> bool:
    return line.left - line.edges[0] > 1.5 * line.size


def _room(line: _Line) -> float:
    """How many more characters the line could hold. Two may move to the next line with a mark that must not begin one."""
    return (line.edges[1] - line.right) / max(line.size, 1)


def _cell_text(box: _Box) -> str:
    """In a narrow cell every line is short: only behind the end of a sentence a paragraph may begin."""
    pairs = zip(box.lines, box.lines[1:], strict=False)
    return _text(box.lines, [bool(_ENDED.search(a.text)) and (_room(a) > 2.5 or _indented(b)) for a, b in pairs])


def _prose(lines: Sequence[tuple[int, _Line]]) -> str:
    """Paragraphs begin with an indent, behind a gap, and behind a line that ends early."""
    steps = [b.base - a.base for (p, a), (q, b) in pairwise(lines) if p == q]
    usual = statistics.median(steps) if steps else 0.0
    starts = []
    for (page, before), (other, line) in pairwise(lines):
        wide = before.edges[1] - before.edges[0]
        early = _room(before) > 2.5 and (bool(_ENDED.search(before.text)) or before.edges[1] - before.right > wide / 4)
        apart = page == other and line.base - before.base > 1.6 * usual
        starts.append(_indented(line) or early or apart)
    return _text([line for _, line in lines], starts)


def _as_cells(row: _Row, made: dict[int, Cell]) -> tuple[Cell | None, ...]:
    """The row as cells; a merged one is the same object again."""
    return tuple(None if box is None else made.setdefault(id(box), Cell(_cell_text(box), box.where)) for box in row)


def _with_rest(row: _Row, rest: _Row) -> _Row:
    """A row that crosses a page and what the next page has of it."""
    return tuple(replace(a, lines=(*a.lines, *b.lines)) if a and b else a or b for a, b in zip(row, rest, strict=True))


def _keyless(row: _Row, keys: Sequence[int]) -> bool:
    return bool(keys) and any(row) and not any(row[at] for at in keys)


def _tables(
    sheets: Sequence[_Sheet], furniture: dict[tuple[int, _Line], str], headings: Headings
) -> tuple[list[Grid], tuple[Cell, ...], bool]:
    """The tables of all pages, the lines behind the last, and whether one of them has a header.

    Where a table goes on at the top of the next page and its first row there, or the last one here, has nothing in
    the columns that say whose text it is, the two are one row.
    """
    found: list[tuple[list[_Row], tuple[Cell, ...]]] = []
    last: list[_Row] = []  # the table that holds the last row
    outside: list[Cell] = []
    keys: list[int] = []
    width = 0
    goes_on = headed = False
    for sheet in sheets:
        items: list[tuple[float, _Line | _Table]] = [(table.top, table) for table in sheet.tables]
        items += [(line.base, line) for line in sheet.outside if (sheet.number, line) not in furniture]
        number = 0
        for _, item in sorted(items, key=lambda pair: pair[0]):
            if isinstance(item, _Line):
                number += 1
                outside.append(Cell(item.text, Where("page", str(sheet.number), number)))
                goes_on = False
                continue
            rows = list(item.rows)
            cells = [_as_cells(row, {}) for row in rows[:20]]
            header = next((at for at, row in enumerate(cells) if is_header(row, headings)), None)
            if header is not None:
                names = names_of(cells[header], headings)
                keys = [at for at, name in names.items() if name in headings and name != "text"]
                headed = True
            body = 0 if header is None else header + 1
            fits = goes_on and len(rows[0]) == width and bool(last) and len(rows) > body
            if fits and (_keyless(rows[body], keys) or _keyless(last[-1], keys)):
                last[-1] = _with_rest(last[-1], rows.pop(body))
            if len(rows) > body:
                last = rows
            found.append((rows, tuple(outside)))
            outside, width, goes_on = [], len(item.rows[0]), True
    made: dict[int, Cell] = {}
    grids = [Grid(tuple(_as_cells(row, made) for row in rows), before) for rows, before in found]
    return grids, tuple(outside), headed


# --- the file -------------------------------------------------------------------------------------------------------


def _whole(number: int, characters: str, reason: str) -> Removed:
    return Removed(Where("page", str(number), 1), 0, len(characters), characters, reason)


def _removed(sheets: Sequence[_Sheet], furniture: dict[tuple[int, _Line], str]) -> Iterator[Removed]:
    for sheet in sheets:
        for at, line in enumerate(sheet.outside, 1):
            reason = furniture.get((sheet.number, line))
            if reason:
                yield Removed(Where("page", str(sheet.number), at), 0, len(line.text), line.text, reason)
        if sheet.unreadable:
            yield _whole(sheet.number, sheet.unreadable, "character without Unicode")
        if sheet.rotated:
            yield _whole(sheet.number, sheet.rotated, "rotated text")
        if sheet.pictures and not sheet.characters:
            yield _whole(sheet.number, "", "page without text")


def _sheets(data: bytes, path: Path) -> list[_Sheet]:
    """The pages, one after the other: what is read of one is dropped before the next."""
    sheets: list[_Sheet] = []
    total = 0
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        count = sum(1 for _ in islice(PDFPage.create_pages(pdf.doc), _PAGES + 1))
        if count > _PAGES:
            raise _too_large(path)
        for page in pdf.pages:
            total += len(page.chars)
            if total > _CHARACTERS:
                raise _too_large(path)
            sheets.append(_sheet(page))
            page.close()
    return sheets


def _too_large(path: Path) -> InputError:
    return InputError(
        f"这个 PDF 太大（超过 {_PAGES:,} 页、{_CHARACTERS:,} 字，或解压后过大）。请拆成几个文件。",
        f"this PDF is too large (more than {_PAGES:,} pages or {_CHARACTERS:,} characters, or too much once unpacked). "
        "Split it into several files.",
        file=path,
    )


def _cause(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those that it was made of: pdfplumber hands on the first one as an argument."""
    while isinstance(error, BaseException):
        yield error
        error = next((part for part in error.args if isinstance(part, BaseException)), None)


def _opened(data: bytes, path: Path) -> list[_Sheet]:
    if b"%PDF-" not in data[:1024]:
        raise refused_kind(data, path) or InputError(
            "这不是 PDF 文件。请检查扩展名，或重新下载。",
            "this is not a PDF. Check its ending, or download it again.",
            file=path,
        )
    try:
        _refuse_what_unpacks_to_too_much(data)
        with _quiet():
            sheets = _sheets(data, path)
    except InputError:
        raise
    except _TooLargeError:
        raise _too_large(path) from None
    except Exception as error:  # pdfminer raises whatever a damaged file leads it into
        if any(isinstance(one, PDFPasswordIncorrect) for one in _cause(error)):
            raise InputError(
                "这个 PDF 需要密码才能打开。请先去掉密码，另存一份。",
                "this PDF needs a password. Save a copy without one.",
                file=path,
            ) from None
        raise InputError(
            "这个 PDF 已损坏，读不出来。请重新下载，或用阅读器打开后“打印为 PDF”另存。",
            "this PDF is damaged and cannot be read. Download it again, or open it in a viewer and print it to a PDF.",
            file=path,
        ) from None
    if not sheets:
        raise InputError(
            "这个 PDF 没有一页，可能没有下载完整。请重新下载。",
            "this PDF has no page; it may be cut off. Download it again.",
            file=path,
        )
    return sheets


def _refuse_what_has_no_text(sheets: Sequence[_Sheet], path: Path) -> None:
    written = sum(sheet.characters for sheet in sheets)
    unreadable = sum(len(_NO_CHARACTER.findall(sheet.unreadable)) for sheet in sheets)
    rotated = sum(len(sheet.rotated) for sheet in sheets)
    if unreadable > _UNREADABLE * (written + unreadable):
        raise InputError(
            "这个 PDF 的字体没有 Unicode 对应，文字层不能用（复制出来是乱码）。请用 OCR 识别，或向来源索取 Word 文件。",
            "the fonts of this PDF do not say which characters they show, so its text layer is of no use (copied text is "
            "garbled). Recognise its text (OCR), or ask the source for the Word file.",
            file=path,
        )
    if rotated > written:
        raise InputError(
            "这个 PDF 的文字大多是竖排或旋转的，读不了。请旋转页面或转成横排后再存。",
            "most text of this PDF is vertical or rotated, which is not read. Turn the pages, or set it horizontally.",
            file=path,
        )
    if not written or (written <= _SCANNED * len(sheets) and all(sheet.pictures for sheet in sheets)):
        raise InputError(
            "这个 PDF 没有文字层（是扫描件或图片）。请先用 OCR 识别，另存为带文字的 PDF、Word 或文本。",
            "this PDF has no text layer (a scan or pictures). Recognise its text first (OCR) and save a PDF with text, a "
            "Word file or plain text.",
            file=path,
        )


def read(data: bytes, path: Path, headings: Headings) -> Source:
    """The records of its tables; where none has a header and most text stands in no table, one record of prose.

    Errors (`InputError`): no PDF, a password, damaged, too large, no text
    layer, a text layer without characters; most text in tables without a
    header, and what `source_of` refuses.
    """
    sheets = _opened(data, path)
    _refuse_what_has_no_text(sheets, path)
    furniture = _furniture(sheets)
    removed = tuple(_removed(sheets, furniture))
    grids, after, headed = _tables(sheets, furniture, headings)
    in_tables = sum(sheet.in_tables for sheet in sheets)
    if headed or 2 * in_tables > sum(sheet.characters for sheet in sheets):
        source = source_of(grids, path, headings, after=after)
        return replace(source, removed=(*removed, *source.removed))
    lines = [(sheet.number, line) for sheet in sheets for line in sheet.lines if (sheet.number, line) not in furniture]
    if not lines:
        raise InputError(
            "这个 PDF 除页眉页码外没有文字。请检查文件。",
            "this PDF has no text but running heads and page numbers. Check the file.",
            file=path,
        )
    record = Record(Cell(_prose(lines), Where("page", str(lines[0][0]), 1)))
    return Source("", (record,), removed)
