"""Write a report as a Word file that Word and WPS users can edit and quote."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
import numpy as np
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from PIL import Image

from pipeline.report.document import (
    Block,
    Bullets,
    Details,
    Document,
    Figure,
    Heading,
    Measure,
    Paragraph,
    Span,
    Spans,
    Table,
    internal,
    plain,
)
from pipeline.report.wording import Wording

_BODY, _HEAD, _LATIN = "宋体", "黑体", "Times New Roman"
_WIDTH, _HEIGHT = 16.0, 22.0  # cm between the margins of A4, with room for a caption
_SHRUNK = 1.3  # a figure so many times as high as a page is still made smaller; a higher one is cut
_EPOCH = datetime(2000, 1, 1)
_SOFT = RGBColor(0x5B, 0x65, 0x70)


def _element(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _fonts(style: Any, east_asian: str, size: float, *, colour: RGBColor | None = None) -> None:
    """Set both scripts' fonts; the theme's fonts are removed, for they would win."""
    style.font.name, style.font.size = _LATIN, Pt(size)
    style.font.bold = style.font.italic = False
    style.font.color.rgb = colour or RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script, name in (("ascii", _LATIN), ("hAnsi", _LATIN), ("eastAsia", east_asian)):
        fonts.set(qn(f"w:{script}"), name)


class _Writer:
    def __init__(self, document: Document, wording: Wording, figures: Path) -> None:
        self._document, self._w, self._figures = document, wording, figures
        self._bookmarks = 0
        self._sequence = {"Figure": 0, "Table": 0}
        self._names = bookmark_names(_anchors(document.blocks))
        self.file = docx.Document()
        self._prepare()

    def _prepare(self) -> None:
        styles = self.file.styles
        for language in styles.element.iter(qn("w:lang")):
            language.set(qn("w:val"), "en-US")
            language.set(qn("w:eastAsia"), "zh-CN")
        _fonts(styles["Normal"], _BODY, 10.5)
        styles["Normal"].paragraph_format.line_spacing = 1.4
        styles["Normal"].paragraph_format.space_after = Pt(6)
        _fonts(styles["Title"], _HEAD, 20)
        for level, size in ((1, 15), (2, 12.5), (3, 11)):
            _fonts(styles[f"Heading {level}"], _HEAD, size)
        _fonts(styles["Caption"], _HEAD, 9)
        _fonts(styles["List Bullet"], _BODY, 10.5)
        for name, size in (("Table Text", 8), ("Note", 9)):
            style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = styles["Normal"]
            _fonts(style, _BODY, size)
        styles["Table Text"].paragraph_format.space_after = Pt(1)
        styles["Table Text"].paragraph_format.line_spacing = 1.1
        section = self.file.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm((21 - _WIDTH) / 2)
        section.top_margin = section.bottom_margin = Cm(2.4)
        properties = self.file.core_properties
        properties.title, properties.author, properties.comments = plain(self._document.title)[:255], "Jingyan", ""
        properties.created = properties.modified = _EPOCH

    def _bookmark(self, paragraph: Any, anchor: str) -> None:
        if not anchor:
            return
        self._bookmarks += 1
        number = str(self._bookmarks)
        start = _element("w:bookmarkStart", id=number, name=self._names[anchor])
        paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
        paragraph._p.append(_element("w:bookmarkEnd", id=number))

    def _spans(self, paragraph: Any, runs: Spans) -> None:
        for span in runs:
            if not span.text:
                continue
            run = paragraph.add_run(plain(span.text))
            if span.kind in ("mark", "strong"):
                run.font.bold = True
            if span.kind == "gloss":
                run.font.color.rgb = _SOFT
            if span.kind == "code":
                run.font.size = Pt(7)
            name = self._names.get(span.href.removeprefix("#")) if internal(span.href) else None
            if name:
                link = _element("w:hyperlink", anchor=name, history="1")
                paragraph._p.append(link)
                link.append(run._r)

    def _caption(self, sequence: str, label: str, runs: Spans, anchor: str = "") -> Any:
        """A caption whose number is a field, so that Word renumbers it and can list it."""
        paragraph = self.file.add_paragraph(style="Caption")
        paragraph.paragraph_format.space_before = Pt(8)
        paragraph.add_run(f"{label} ")
        self._sequence[sequence] += 1
        field = _element("w:fldSimple", instr=f" SEQ {sequence} \\* ARABIC ")
        number = paragraph.add_run(str(self._sequence[sequence]))
        paragraph._p.append(field)
        field.append(number._r)
        paragraph.add_run("  ")
        self._spans(paragraph, runs)
        self._bookmark(paragraph, anchor)
        return paragraph

    def block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self._bookmark(self.file.add_heading(plain(block.text), block.level - 1), block.anchor)
        elif isinstance(block, Paragraph):
            paragraph = self.file.add_paragraph(style="Note" if block.kind == "note" else None)
            self._spans(paragraph, block.spans)
        elif isinstance(block, Bullets):
            for item in block.items:
                self._spans(self.file.add_paragraph(style="List Bullet"), item)
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Figure):
            self._figure(block)
        elif isinstance(block, Measure):
            self._measure(block)
        elif isinstance(block, Details) and not block.long:
            paragraph = self.file.add_paragraph()
            paragraph.paragraph_format.keep_with_next = True
            self._spans(paragraph, block.summary)
            for run in paragraph.runs:
                run.font.bold = True
            self._bookmark(paragraph, block.anchor)
            for inner in block.blocks:
                self.block(inner)

    def _measure(self, block: Measure) -> None:
        paragraph = self.file.add_paragraph()
        paragraph.paragraph_format.left_indent = Cm(1.9)
        paragraph.paragraph_format.first_line_indent = Cm(-1.9)
        label = paragraph.add_run(f"{plain(block.label)}\t")
        label.font.color.rgb = _SOFT
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(1.9))
        self._spans(paragraph, block.spans)
        self._bookmark(paragraph, block.anchor)

    def _figure(self, block: Figure) -> None:
        path = self._figures / f"{block.name}.{self._document.language}.png"
        for piece in pieces(path):
            picture = self.file.add_picture(piece)
            scale = min(1.0, Cm(_WIDTH) / picture.width, Cm(_HEIGHT) / picture.height)
            picture.width, picture.height = round(picture.width * scale), round(picture.height * scale)
            picture._inline.docPr.set("descr", plain(block.alt))
            paragraph = self.file.paragraphs[-1]
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
        self._caption("Figure", "图" if self._document.language == "zh" else "Figure", block.caption)

    def _table(self, block: Table) -> None:
        label = "表" if self._document.language == "zh" else "Table"
        caption = self._caption("Table", label, _plain(block.caption), block.anchor)
        caption.paragraph_format.keep_with_next = True
        table = self.file.add_table(rows=1 + len(block.rows), cols=len(block.header))
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        table.autofit = False
        in_table = self.file.styles["Table Text"].style_id
        contents = [tuple(map(_plain, block.header)), *block.rows]
        widths = column_widths([["".join(span.text for span in cell) for cell in row] for row in contents])
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Cm(width)
        for row, cells in zip(table.rows, contents, strict=True):
            for letter, cell, runs, width in zip(block.align, row.cells, cells, widths, strict=True):
                cell.width = Cm(width)
                paragraph = cell.paragraphs[0]
                paragraph._p.style = in_table  # python-docx's own setter searches all styles for each cell
                if letter == "r":
                    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
                self._spans(paragraph, runs)
            row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
        _three_lines(table)
        self.file.add_paragraph().paragraph_format.space_after = Pt(2)


def _anchors(blocks: Iterable[Block]) -> Iterator[str]:
    """Anchors of everything that Word shows: a link to what is left out would lead nowhere."""
    for block in blocks:
        if isinstance(block, Details) and block.long:
            continue
        anchor = getattr(block, "anchor", "")
        if anchor:
            yield anchor
        if isinstance(block, Details):
            yield from _anchors(block.blocks)


def pieces(png: Path) -> list[Any]:
    """The picture, or where it is much higher than a page its page-high pieces, cut where a row of it is white."""
    with Image.open(png) as image:
        page = round(image.width * _HEIGHT / _WIDTH)
        if image.height <= _SHRUNK * page:
            return [str(png)]
        white = np.asarray(image.convert("L")).min(axis=1) == 255
        ends = [0]
        while image.height - ends[-1] > page:
            lines = np.flatnonzero(white[: ends[-1] + page])
            ends.append(int(lines[-1]) if len(lines) and lines[-1] > ends[-1] + page // 2 else ends[-1] + page)
        found: list[Any] = []
        for top, bottom in pairwise([*ends, image.height]):
            piece = BytesIO()
            image.crop((0, top, image.width, bottom)).save(piece, format="png", dpi=image.info["dpi"])
            piece.seek(0)
            found.append(piece)
        return found


def column_widths(rows: list[list[str]]) -> list[float]:
    """Widths in cm: what the longest cell needs, the widest columns narrowed until all fit the page."""
    needed = [max(map(_text_width, column)) + 0.45 for column in zip(*rows, strict=True)]
    if sum(needed) <= _WIDTH:
        return needed
    # The widest columns share what the narrow ones leave.
    left, columns = _WIDTH, sorted(range(len(needed)), key=lambda at: needed[at])
    widths = [0.0] * len(needed)
    for place, at in enumerate(columns):
        widths[at] = min(needed[at], left / (len(columns) - place))
        left -= widths[at]
    return widths


def _text_width(text: str) -> float:
    """Width in cm at 8 points; a Han character is an em, others about half of one."""
    return sum(0.285 if ord(character) > 0x2E7F else 0.155 for character in text)


def _plain(text: str) -> Spans:
    return (Span(text),)


def bookmark_names(anchors: Iterable[str]) -> dict[str, str]:
    """A bookmark for each anchor: letters, digits and underscores, at most 40, begun with a letter, none twice.

    Word takes upper and lower case for the same.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for anchor in anchors:
        whole = "a_" + "".join(c if c.isalnum() else "_" for c in anchor)
        name, number = whole[:40], 1
        while name.casefold() in taken:
            number += 1
            name = f"{whole[: 39 - len(str(number))]}_{number}"
        taken.add(name.casefold())
        names[anchor] = name
    return names


def _three_lines(table: Any) -> None:
    """Rules above, below and under the header only (三线表); the header repeats on every page."""
    properties = table._tbl.tblPr
    borders = _element("w:tblBorders")
    for side, size in (("top", "12"), ("bottom", "12")):
        borders.append(_element(f"w:{side}", val="single", sz=size, space="0", color="000000"))
    properties.append(borders)
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    for cell in table.rows[0].cells:
        edges = _element("w:tcBorders")
        edges.append(_element("w:bottom", val="single", sz="6", space="0", color="000000"))
        cell._tc.get_or_add_tcPr().append(edges)


def _stable(data: bytes) -> bytes:
    """The same archive with its parts in order and one fixed date, so that equal content is equal bytes."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        # Word wants the content types first.
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            new.writestr(entry, old.read(name))
    return written.getvalue()


def render(document: Document, wording: Wording, figures: Path) -> bytes:
    """The report as the bytes of a .docx; ``figures`` is the folder of the PNG files."""
    writer = _Writer(document, wording, figures)
    writer.file.add_heading(plain(document.title), 0)
    writer.file.add_paragraph(plain(document.subtitle))
    for block in document.blocks:
        writer.block(block)
    written = BytesIO()
    writer.file.save(written)
    return _stable(written.getvalue())
