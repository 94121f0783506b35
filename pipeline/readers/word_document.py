"""Read a .docx: its tables, or the whole document as one text where no table has a header.

The text is what a person sees on the page, with changes that were tracked taken
as accepted. Lists carry no numbers: Word counts them when it draws the page, and
they are nowhere in the file. Text in pictures is not read. Field codes, names of
bookmarks and what Word keeps only for itself are no text.

Text boxes, content controls and tables within a cell are lines of the paragraph
or cell in which they stand, in order. Macros (.docm) are never run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.readers import Cell, Headings, Removed, Source, Where
from pipeline.readers.archives import attribute, checked, main_part, parsed, related
from pipeline.readers.tabular import Grid, has_header, no_header, prose_of, refuse_wide, source_of, with_removed

# A prefix per namespace, transitional and strict alike; elements of any other hold no text of their own.
_SPACES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w:",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w:",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m:",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m:",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a:",
    "http://purl.oclc.org/ooxml/drawingml/main": "a:",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
    "urn:schemas-microsoft-com:vml": "v:",
}
_MARKS = {"w:tab": "\t", "w:ptab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "-"}
_CODES = frozenset(("w:instrText", "w:delInstrText"))  # what a field computes; its result is text
_ELSEWHERE = {
    "header": "page header",
    "footer": "page footer",
    "footnotes": "footnote",
    "endnotes": "endnote",
    "comments": "comment",
    "diagramData": "diagram",
    "chart": "chart",
}
_OFF = ("0", "false", "off")

_Left = list[tuple[Cell | None, Removed]]  # what is left out, with the cell that it stood in


def _name(element: Any) -> str:
    space, _, name = str(element.tag)[1:].rpartition("}")
    return _SPACES.get(space, "?:") + name


def _child(element: Any, *path: str) -> Any:
    """The first child of that name, of its child, and so on; None where there is none."""
    for name in path:
        element = next((child for child in element if _name(child) == name), None) if element is not None else None
    return element


def _on(element: Any, *path: str) -> bool:
    """Whether a property is set: present, and not switched off."""
    found = _child(element, *path)
    return found is not None and (attribute(found, "val") or "1") not in _OFF


@dataclass
class _Text:
    """Characters in the order of the file, each run with the reason why it is left out, or none."""

    pieces: list[tuple[str, str]] = field(default_factory=list)

    def add(self, characters: str, reason: str) -> None:
        if characters:
            self.pieces.append((characters, reason))

    def cell(self, where: Where) -> tuple[Cell, _Left]:
        """What is kept, without its outer blanks, and what is not; offsets count both."""
        runs: list[Removed] = []
        start, at = -1, 0
        for text, reason in self.pieces:
            if reason:
                runs.append(Removed(where, at, at + len(text), text, reason))
            elif start < 0 and text.strip():
                start = at + len(text) - len(text.lstrip())
            at += len(text)
        kept = "".join(text for text, reason in self.pieces if not reason).strip()
        cell = Cell(kept, where, max(start, 0))
        return cell, [(cell, run) for run in runs]

    def characters(self) -> str:
        return "".join(text for text, _ in self.pieces).strip()


def _hidden_styles(styles: Any) -> frozenset[str]:
    """Styles of paragraphs and characters whose text is hidden, by themselves or by what they are based on."""
    own: dict[str, bool | None] = {}
    based: dict[str, str] = {}
    for style in styles:
        name = attribute(style, "styleId")
        if _name(style) == "w:style" and name is not None:
            said = _child(style, "w:rPr", "w:vanish") is not None
            own[name] = _on(style, "w:rPr", "w:vanish") if said else None
            parent = _child(style, "w:basedOn")
            based[name] = "" if parent is None else attribute(parent, "val") or ""
    found = set()
    for name in own:
        at, seen = name, set()
        while own.get(at, False) is None and at not in seen:
            seen.add(at)
            at = based[at]
        if own.get(at):
            found.add(name)
    return frozenset(found)


def _nearest(element: Any, *names: str) -> Iterator[Any]:
    """The elements of these names below ``element``, but not those within one of them."""
    for child in element:
        name = _name(child)
        if name in names:
            yield child
        elif name == "mc:AlternateContent":
            yield from _nearest(_chosen(child), *names)
        elif not name.endswith("Pr"):
            yield from _nearest(child, *names)


def _chosen(alternatives: Any) -> Any:
    """Of the same content written twice, for newer and for older programs, the newer."""
    choice = _child(alternatives, "mc:Choice")
    fallback = _child(alternatives, "mc:Fallback")
    return choice if choice is not None else fallback if fallback is not None else ()


@dataclass
class _Writer:
    """Turns elements into text. An unknown element is passed through, so that no text is lost below it."""

    hidden: frozenset[str]
    boxes: list[tuple[Any, str]] = field(default_factory=list)  # whose text follows the paragraph that holds them

    def write(self, element: Any, into: _Text, reason: str) -> None:
        name = _name(element)
        if name in _MARKS:
            into.add(_MARKS[name], reason)
        elif name in ("w:t", "m:t", "a:t"):
            into.add(_characters(element), reason)
            self.children(element, into, reason)  # no program writes any; if one stood there, its text would be lost
        elif name == "w:delText":
            into.add(_characters(element), reason or "deleted text")
        elif name == "w:sym":
            into.add(*_symbol(element, reason))
        elif name == "v:textpath":
            into.add(element.get("string", ""), reason or "word art")
        elif name == "w:p":
            self.paragraph(element, into, reason)
        elif name == "w:txbxContent":
            self.boxes.append((element, reason))
        elif name == "mc:AlternateContent":
            self.children(_chosen(element), into, reason)
        elif name == "w:tc":  # of a table within a cell
            held = _Text()
            self.content(element, held, reason)
            into.pieces += held.pieces if held.characters() else []
        elif name not in _CODES and not name.endswith("Pr"):
            self.children(element, into, reason or self._why(element, name))

    def children(self, element: Any, into: _Text, reason: str) -> None:
        for child in element:
            self.write(child, into, reason)

    def content(self, element: Any, into: _Text, reason: str) -> None:
        """What stands in the element, and behind it the text boxes that no paragraph holds."""
        outer, self.boxes = self.boxes, []
        self.children(element, into, reason)
        inner, self.boxes = self.boxes, outer
        for box, why in inner:
            self.content(box, into, why)

    def paragraph(self, element: Any, into: _Text, reason: str) -> bool:
        """The paragraph and its end, then its text boxes; False where its end was deleted and the next one goes on."""
        style = _child(element, "w:pPr", "w:pStyle")
        if not reason and style is not None and attribute(style, "val") in self.hidden:
            reason = "hidden text"
        outer, self.boxes = self.boxes, []
        self.children(element, into, reason)
        joined = _child(element, "w:pPr", "w:rPr", "w:del") is not None
        if not joined:
            into.add("\n", "")
        inner, self.boxes = self.boxes, outer
        for box, why in inner:
            self.content(box, into, why)
        return not joined

    def _why(self, element: Any, name: str) -> str:
        """Why the text within an element is left out, or nothing."""
        if name in ("w:del", "w:moveFrom"):
            return "deleted text"
        if name == "w:rt":
            return "reading aid"
        if name == "w:sdt":
            return "placeholder" if _on(element, "w:sdtPr", "w:showingPlcHdr") else ""
        if name == "w:tr":
            return _why_row(element)
        if name != "w:r":
            return ""
        if _child(element, "w:rPr", "w:vanish") is not None:
            return "hidden text" if _on(element, "w:rPr", "w:vanish") else ""
        style = _child(element, "w:rPr", "w:rStyle")
        return "hidden text" if style is not None and attribute(style, "val") in self.hidden else ""


def _characters(element: Any) -> str:
    text = re.sub(r"[\t\r\n]", " ", element.text or "")
    kept = element.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve" or not _name(element).startswith(
        "w:"
    )
    return text if kept else text.strip(" ")


def _symbol(element: Any, reason: str) -> tuple[str, str]:
    """A character by its number; those of a font's private area mean nothing without the font and are listed."""
    number = attribute(element, "char") or ""
    code = int(number, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,4}", number) else 0xE000
    if 0xD800 <= code <= 0xF8FF:
        return f"U+{number[:8]}", reason or "symbol"
    return chr(code) if code >= 0x20 else "", reason


def _why_row(row: Any) -> str:
    if _child(row, "w:trPr", "w:del") is not None:
        return "deleted text"
    return "hidden row" if _on(row, "w:trPr", "w:hidden") else ""


def _why_around(element: Any) -> str:
    """A paragraph or table is a placeholder where it stands in an empty content control."""
    controls = (one for one in element.iterancestors() if _name(one) == "w:sdt")
    return "placeholder" if any(_on(one, "w:sdtPr", "w:showingPlcHdr") for one in controls) else ""


def _number(element: Any, *path: str) -> int:
    """A property that counts columns; 0 where it is not said."""
    found = _child(element, *path)
    said = (attribute(found, "val") or "") if found is not None else ""
    return int(said) if re.fullmatch(r"\d{1,6}", said) else 0


def _goes_on(cell: Any, direction: str) -> bool:
    """Whether the cell belongs to the one above (vMerge) or to the left (hMerge, of old files)."""
    found = _child(cell, "w:tcPr", direction)
    return found is not None and (attribute(found, "val") or "continue") == "continue"


class _Table:
    """One table, row by row; a merged cell is one object in each of its places."""

    def __init__(self, number: int, writer: _Writer, path: Path) -> None:
        self.number, self.writer, self.path = number, writer, path
        self.rows: list[list[Cell | None]] = []
        self.width = 0
        self.left: _Left = []

    def read(self, table: Any) -> None:
        above_merged: dict[int, Cell | None] = {}  # column -> cell that the next row may go on with
        for at, row in enumerate(_nearest(table, "w:tr", "w:p", "w:tbl"), 1):
            why = _why_around(row) or _why_row(row)
            where = Where("row", str(self.number), at)
            if _name(row) != "w:tr":
                self._stray(row, where)
                continue
            cells: list[Cell | None] = [None] * _number(row, "w:trPr", "w:gridBefore")
            merged: dict[int, Cell | None] = {}
            for element in _nearest(row, "w:tc", "w:p", "w:tbl"):
                if _name(element) != "w:tc":
                    self._stray(element, where)
                    continue
                own, left = self._cell(element, where, why)
                cell: Cell | None = own if own.text else None
                column = len(cells)
                goes_on = _goes_on(element, "w:vMerge") and column in above_merged
                beside = _goes_on(element, "w:hMerge") and column > 0
                if goes_on or beside:
                    self._under(own, where)
                    cell = above_merged[column] if goes_on else cells[-1]
                self.left += left
                cells += [cell] * max(1, _number(element, "w:tcPr", "w:gridSpan"))
                refuse_wide(len(self.rows), len(cells), where, self.path)
                if _child(element, "w:tcPr", "w:vMerge") is not None:
                    merged[column] = cell
            if not why:
                above_merged = merged
                self.rows.append(cells)
                self.width = max(self.width, len(cells))
                refuse_wide(len(self.rows), self.width, where, self.path)

    def _cell(self, element: Any, where: Where, why: str) -> tuple[Cell, _Left]:
        text = _Text()
        if not why and _child(element, "w:tcPr", "w:cellDel") is not None:
            why = "deleted text"
        self.writer.content(element, text, why)
        return text.cell(where)

    def _stray(self, element: Any, where: Where) -> None:
        """Text between the cells, which no program writes."""
        text = _Text()
        self.writer.write(element, text, "")
        if kept := text.characters():
            self.left.append((None, Removed(where, 0, len(kept), kept, "outside the cells")))

    def _under(self, cell: Cell, where: Where) -> None:
        """Word does not show what is in a cell that goes on with another one."""
        if cell.text:
            run = Removed(where, cell.start, cell.start + len(cell.text), cell.text, "under a merged cell")
            self.left.append((None, run))

    def grid(self, before: Sequence[Cell]) -> Grid:
        rows = (row + [None] * (self.width - len(row)) for row in self.rows)
        return Grid(tuple(tuple(row) for row in rows), tuple(before))


def _blocks(body: Any, writer: _Writer, path: Path) -> tuple[list[Cell | _Table], _Left]:
    """Paragraphs and tables in order, and what is left out of the paragraphs."""
    blocks: list[Cell | _Table] = []
    left: _Left = []
    paragraphs = tables = 0
    text, where = _Text(), Where("paragraph", "", 1)
    for element in _nearest(body, "w:p", "w:tbl"):
        if _name(element) == "w:p":
            paragraphs += 1
            where = where if text.pieces else Where("paragraph", "", paragraphs)
            if not writer.paragraph(element, text, _why_around(element)):
                continue
        cell, runs = text.cell(where)
        text = _Text()
        left += runs
        blocks += [cell] if cell.text else []
        if _name(element) == "w:tbl":
            tables += 1
            table = _Table(tables, writer, path)
            table.read(element)
            blocks.append(table)
    cell, runs = text.cell(where)
    return blocks + ([cell] if cell.text else []), left + runs


def _elsewhere(parts: Mapping[str, bytes], main: str, writer: _Writer, path: Path) -> list[Removed]:
    """What is not in the body: page headers and footers, notes, comments, diagrams, charts, embedded files."""
    found: list[Removed] = []
    for kind, name in dict.fromkeys(related(parts, main, path).values()):
        if kind in ("oleObject", "package"):
            found.append(Removed(Where("paragraph", "", 1), 0, len(name), name, "embedded file"))
        if kind not in _ELSEWHERE or name not in parts:
            continue
        root = parsed(parts[name], name, path)
        for number, paragraph in enumerate(_nearest(root, "w:p", "a:p"), 1):
            text = _Text()
            writer.write(paragraph, text, "")
            if kept := text.characters():
                found.append(Removed(Where("paragraph", "", number), 0, len(kept), kept, _ELSEWHERE[kind]))
    return found


def _distinct(table: _Table) -> list[Cell]:
    return list({id(cell): cell for row in table.rows for cell in row if cell}.values())


def _mostly_tables(blocks: Sequence[Cell | _Table]) -> bool:
    """Whether most of the text stands in tables of several rows and columns; one cell only frames a text."""
    held = [
        sum(len(cell.text) for cell in _distinct(block))
        for block in blocks
        if isinstance(block, _Table) and len(block.rows) > 1 and block.width > 1
    ]
    outside = sum(len(block.text) for block in blocks if isinstance(block, Cell))
    return sum(held) > outside


def read(data: bytes, path: Path, headings: Headings) -> Source:
    """The records of the tables that have a header, or one record with the whole text where none has.

    Listed as removed: tracked deletions, hidden text and rows, placeholders,
    page headers and footers, notes, comments, diagrams, embedded files.

    Errors (`InputError`): not a sound and harmless .docx (see `archives`),
    another file embedded as text, no text, and those of `tabular`.
    """
    parts = checked(data, path, "docx")
    main = main_part(parts, path)
    styles = next((name for kind, name in related(parts, main, path).values() if kind == "styles"), "")
    hidden = _hidden_styles(parsed(parts[styles], styles, path)) if styles in parts else frozenset()
    writer = _Writer(hidden)
    body = parsed(parts[main], main, path)
    if next(body.iter("{*}altChunk", "{*}subDoc"), None) is not None:
        raise InputError(
            "文档里嵌入了另一个文件。请在 Word 中打开并另存为 .docx，使它成为正文。",
            "another file is embedded in the document. Open it in Word and save it as .docx, which makes it text.",
            file=path,
        )
    blocks, left = _blocks(body, writer, path)
    for table in blocks:
        left += table.left if isinstance(table, _Table) else []
    around = [(None, run) for run in _elsewhere(parts, main, writer, path)]
    grids: list[Grid] = []
    before: list[Cell] = []
    for block in blocks:
        if isinstance(block, Cell):
            before.append(block)
        else:
            grids.append(block.grid(before))
            before = []
    if any(has_header(grid, headings) for grid in grids):
        return with_removed(source_of(grids, path, headings, after=before), [*left, *around])
    lines = [cell for block in blocks for cell in ([block] if isinstance(block, Cell) else _distinct(block))]
    prose = prose_of(lines, path)
    if _mostly_tables(blocks):
        prose = replace(prose, doubt=no_header(path, grids, headings))
    return with_removed(prose, [*((prose.records[0].text, run) for _, run in left), *around])
