"""Read a web page (.html, .htm, or a table that was saved as one, also under the name .xls).

Nothing is fetched. A table with a header is read as a table; one that holds
other tables only lays out the page, and its text is that of the page. Where no
table has a header, the text of the whole page is one record: menus and
footers are in it, for nothing in a page tells them from the text.

Scripts, styles and comments are no text. What the page hides by its own
attributes is listed; what a style sheet hides is not known here.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import lxml.html
from lxml import etree

from pipeline.errors import InputError
from pipeline.readers import Cell, Headings, Removed, Source, Where
from pipeline.readers.archives import refuse_many_tags
from pipeline.readers.encodings import decoded
from pipeline.readers.tabular import Grid, has_header, is_header, prose_of, refuse_wide, source_of, with_removed

_BLOCKS = frozenset(
    (
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
        "option",
        "optgroup",
    )
)
_NO_TEXT = frozenset(("script", "style", "head", "meta", "link", "object", "iframe", "svg", "canvas", "audio", "video"))
_HIDDEN_TAGS = frozenset(("template", "noscript", "datalist"))
_STRUCTURE = frozenset(("caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr"))
# Western encodings fit any bytes: a Chinese page that names one names it by mistake.
_ENCODINGS = {
    "utf-8": ("utf-8", "UTF-8"),
    **dict.fromkeys(("gb2312", "gbk", "x-gbk", "gb18030"), ("gb18030", "GB18030")),  # as browsers do
    **dict.fromkeys(("big5", "big5-hkscs"), ("big5hkscs", "Big5")),
}
_SPAN, _ROW_SPAN = 1000, 65534  # what browsers take at most

_Left = list[tuple[Cell | None, Removed]]  # what is left out, with the cell that it stood in


def _text_of(data: bytes, path: Path) -> tuple[str, str]:
    """The text and its encoding: what the page itself names, if it is one for Chinese and fits, else as of any text."""
    named = re.search(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]+)", data[:8192], re.IGNORECASE)
    named = named or re.match(rb"\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9_.:\-]+)", data[:400])
    codec, name = _ENCODINGS.get(named[1].decode("ascii").lower() if named else "", ("", ""))
    if codec and not data.startswith(codecs.BOM_UTF8):
        try:
            return data.decode(codec), name
        except UnicodeDecodeError:
            pass
    return decoded(data, path)


def _parsed(text: str, path: Path) -> Any:
    """The page as a tree; refused where the parser would give up and drop the rest."""
    declaration = re.match(r"\s*<\?xml\b[^>]*\?>", text[:400])  # what it says of the encoding holds no longer
    plain = text[declaration.end() :] if declaration else text
    refuse_many_tags(plain.count("<"), path.name, path)
    parser = lxml.html.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8"
    )
    try:
        root = lxml.html.document_fromstring(plain.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        root = None
    fatal = next((error for error in parser.error_log if error.level == etree.ErrorLevels.FATAL), None)
    if fatal is not None:
        raise InputError(
            f"网页结构异常，读不完整（{fatal.message.strip()}）。请在浏览器中打开，把正文或表格另存为 .docx 或 .xlsx。",
            f"the page cannot be read whole ({fatal.message.strip()}). Open it in a browser and save its text or table as "
            ".docx or .xlsx.",
            file=path,
            line=fatal.line,
        )
    if root is None:
        raise InputError("网页里没有文字。请检查文件。", "there is no text in the page. Look at the file.", file=path)
    return root


def _why(element: Any) -> str:
    """Why the text in an element is left out, or nothing."""
    style = re.sub(r"\s", "", element.get("style", "")).lower()
    if "hidden" in element.attrib or element.tag in _HIDDEN_TAGS:
        return "hidden text"
    if re.search(r"(^|;)(display:none|visibility:hidden|mso-hide:all)", style):
        return "hidden text"
    return {"del": "deleted text", "rt": "reading aid", "rp": "reading aid"}.get(element.tag, "")


@dataclass
class _Text:
    """Characters as a browser lays them out, each run with the reason why it is left out, or none."""

    pieces: list[tuple[str, str]] = field(default_factory=list)

    def add(self, characters: str | None, reason: str, *, preserved: bool) -> None:
        """Blanks and line ends of the source are one blank, as on the page; a no-break blank is kept."""
        text = characters or ""
        if not preserved:
            text = re.sub(r"[ \t\r\n\f]+", " ", text)
            if self._at_blank():
                text = text.removeprefix(" ")
        else:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if text:
            self.pieces.append((text, reason))

    def _at_blank(self) -> bool:
        return not self.pieces or self.pieces[-1][0][-1] in " \n"

    def end_line(self, *, always: bool) -> None:
        """A line end: ``always`` at <br>, at a block only where something stands in the line."""
        if always or (self.pieces and not self.pieces[-1][0].endswith("\n")):
            self.pieces.append(("\n", ""))

    def cell(self, where: Where) -> tuple[Cell, _Left]:
        runs, kept = [], []
        at, start = 0, -1
        for text, reason in self.pieces:
            if reason:
                if text.strip():
                    runs.append(Removed(where, at, at + len(text), text, reason))
            else:
                kept.append(text)
                if start < 0 and text.strip():
                    start = at + len(text) - len(text.lstrip())
            at += len(text)
        plain = re.sub(r" ?\n ?", "\n", "".join(kept)).strip()
        cell = Cell(plain, where, max(start, 0))
        return cell, [(cell, run) for run in runs]


def _own(element: Any, *tags: str) -> Iterator[Any]:
    """The elements of these names within a table or row, but not those of a table inside it."""
    for child in element:
        if child.tag in tags:
            yield child
        elif child.tag != "table" and isinstance(child.tag, str):
            yield from _own(child, *tags)


def _span(element: Any, name: str, most: int) -> int:
    said = re.match(r"\s*(\d{1,9})", element.get(name, ""))
    return min(int(said[1]), most) if said else 1


@dataclass
class _Page:
    """The page in order: lines of text, and the tables that are no mere layout."""

    path: Path
    headings: Headings
    blocks: list[Cell | Grid] = field(default_factory=list)
    left: _Left = field(default_factory=list)
    lines: int = 0
    tables: int = 0

    def walk(self, element: Any, text: _Text, reason: str, *, preserved: bool = False, page: bool = False) -> None:
        """What stands in the element; what follows it belongs to its parent. ``page``: not within a table that is read."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _NO_TEXT:
            return
        if tag == "br":
            self.end_line(text, page, always=True)
            return
        reason = reason or _why(element)
        if page and tag == "table" and not reason and self._is_data(element):
            self.end_line(text, page)
            self._table(element)
            return
        preserved = preserved or tag in ("pre", "textarea")
        if tag in _BLOCKS:
            self.end_line(text, page)
        text.add(element.text, reason, preserved=preserved)
        for child in element:
            self.walk(child, text, reason, preserved=preserved, page=page)
            text.add(child.tail, reason, preserved=preserved)
        if tag in _BLOCKS:
            self.end_line(text, page)

    def end_line(self, text: _Text, page: bool, *, always: bool = False) -> None:
        """In a cell, where something stands in the line or ``always``; on the page the line is complete."""
        if not page:
            text.end_line(always=always)
            return
        cell, left = text.cell(Where("paragraph", "", self.lines + 1))
        text.pieces.clear()
        self.left += left
        if cell.text:
            self.lines += 1
            self.blocks.append(cell)

    def _is_data(self, table: Any) -> bool:
        """A table that holds another one is a table only where one of its own rows is a header."""
        if sum(1 for _, _ in zip(table.iter("table"), range(2), strict=False)) < 2:
            return True
        for row in _own(table, "tr"):
            if next(row.iter("table"), None) is None:
                cells = [self._cell(element, Where("row", "", 1), "")[0] for element in _own(row, "td", "th")]
                if is_header(cells, self.headings):
                    return True
        return False

    def _cell(self, element: Any, where: Where, reason: str) -> tuple[Cell, _Left]:
        text = _Text()
        self.walk(element, text, reason)
        return text.cell(where)

    def _table(self, table: Any) -> None:
        self.tables += 1
        self._outside_cells(table)
        rows: list[list[Cell | None]] = []
        width = 0
        below: dict[int, tuple[Cell | None, int]] = {}  # column -> cell that reaches down, and through how many rows
        for number, row in enumerate(_own(table, "tr"), 1):
            where = Where("row", str(self.tables), number)
            reason = next(
                (why for one in (row, *row.iterancestors("tbody", "thead", "tfoot")) if (why := _why(one))), ""
            )
            cells: list[Cell | None] = []
            reaching, below = below, {}
            for element in _own(row, "td", "th"):
                while len(cells) in reaching:
                    cells.append(reaching[len(cells)][0])
                cell, left = self._cell(element, where, reason)
                self.left += left
                down = _span(element, "rowspan", _ROW_SPAN) or _ROW_SPAN  # 0: to the end of the table
                for _ in range(max(1, _span(element, "colspan", _SPAN))):
                    below[len(cells)] = (cell if cell.text else None, down)
                    cells.append(cell if cell.text else None)
                refuse_wide(len(rows), len(cells), where, self.path)
            for column, above in reaching.items():
                cells += [None] * (column + 1 - len(cells))
                if column not in below:
                    cells[column] = above[0]
                    below[column] = above
            below = {column: (held, down - 1) for column, (held, down) in below.items() if down > 1}
            if not reason and cells:
                rows.append(cells)
                width = max(width, len(cells))
                refuse_wide(len(rows), width, where, self.path)
        self.blocks.append(Grid(tuple(tuple(row + [None] * (width - len(row))) for row in rows)))

    def _outside_cells(self, table: Any) -> None:
        """Text in a table and in no cell stands before it, its caption last."""
        text = _Text()
        captions = list(_own(table, "caption"))
        for element in (table, *_own_structure(table)):
            text.add(element.text, "", preserved=False)
            for child in element:
                if child.tag not in _STRUCTURE and child.tag not in ("td", "th"):
                    self.walk(child, text, "", page=True)
                text.add(child.tail, "", preserved=False)
            self.end_line(text, page=True)
        for caption in captions:
            self.walk(caption, text, "", page=True)
            self.end_line(text, page=True)


def _own_structure(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag in _STRUCTURE and child.tag != "caption":
            yield child
            yield from _own_structure(child)


def _title(root: Any) -> str:
    found = next(root.iter("title"), None)
    return re.sub(r"\s+", " ", found.text or "").strip() if found is not None else ""


def read(data: bytes, path: Path, headings: Headings) -> Source:
    """The records of the tables that have a header, or one record with the text of the page where none has.

    Errors (`InputError`): unknown encoding, a page that cannot be read whole, no
    text, and those of `tabular`.
    """
    text, encoding = _text_of(data, path)
    root = _parsed(text, path)
    page = _Page(path, headings)
    last = _Text()
    page.walk(root, last, "", page=True)
    page.end_line(last, page=True)
    title = _title(root)
    named = [(None, Removed(Where("paragraph", "", 1), 0, len(title), title, "title"))] if title else []
    grids: list[Grid] = []
    before: list[Cell] = []
    for block in page.blocks:
        if isinstance(block, Cell):
            before.append(block)
        else:
            grids.append(replace(block, before=tuple(before)))
            before = []
    if any(has_header(grid, headings) for grid in grids):
        source = with_removed(source_of(grids, path, headings, after=before), [*named, *page.left])
        return replace(source, title=source.title or title, encoding=encoding)
    prose = prose_of(list(_lines(page.blocks)), path, title=title)
    left = [(prose.records[0].text, run) for _, run in page.left]
    return replace(with_removed(prose, [*named, *left]), encoding=encoding)


def _lines(blocks: Sequence[Cell | Grid]) -> Iterator[Cell]:
    for block in blocks:
        if isinstance(block, Cell):
            yield block
        else:
            yield from {id(cell): cell for row in block.rows for cell in row if cell}.values()
