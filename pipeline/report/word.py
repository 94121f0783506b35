"""Write a report as a Word file that Word and WPS users can edit, cite and quote."""

from __future__ import annotations

import re
from collections.abc import Iterable
from copy import deepcopy
from io import BytesIO
from pathlib import Path
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm

from pipeline.report.document import (
    Block,
    Bullets,
    Details,
    Document,
    Figure,
    Finding,
    Heading,
    Measure,
    Paragraph,
    Span,
    Spans,
    Table,
    anchor_of,
    internal,
    plain,
)
from pipeline.report.paged import (
    HEIGHT,
    SMALL,
    TOGETHER,
    WIDTH,
    captions,
    fitted,
    headings_in_sources,
    label_of,
    pieces,
    referred,
    shown,
)
from pipeline.report.word_package import drawing, element, field, new, run, stable
from pipeline.report.wording import Wording

_PARAGRAPHS = {
    "": "BodyText", "lead": "Lead", "note": "Note", "copy": "BodyText", "question": "Question", "answer": "BodyText"
}  # fmt: skip
_SPANS = {"strong": "Strong", "mark": "KeywordMark", "gloss": "Gloss", "code": "CodeWords", "source": "SourceWords"}
# Signs that Chinese and Latin fonts both have, of different widths.
_BOTH = re.compile(r"([“”‘’…—]+)")
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


class _Writer:
    def __init__(self, document: Document, wording: Wording, figures: Path) -> None:
        self._document, self._w, self._figures = document, wording, figures
        self._zh = document.language == "zh"
        self._bookmarks = self._drawings = 0
        self._named = captions(document.blocks, document.language)
        self._sources = headings_in_sources(document)
        self._names = bookmark_names(anchor for block in shown(document.blocks) if (anchor := anchor_of(block)))
        self._break = False  # before what follows the contents
        self._counts = {"Figure": 0, "Table": 0}
        self.file = new(document)
        self._body = self.file.element.body

    # --- paragraphs and what stands in them

    def paragraph(self, style: str) -> Any:
        made = element("w:p", element("w:pPr", element("w:pStyle", val=style)))
        self._body.insert(len(self._body) - 1, made)  # the properties of the section come last
        return made

    def _bookmarked(self, anchor: str, inner: list[Any]) -> list[Any]:
        """The elements between the marks of their bookmark."""
        if not anchor:
            return inner
        self._bookmarks += 1
        number = str(self._bookmarks)
        start = element("w:bookmarkStart", id=number, name=self._names[anchor])
        return [start, *inner, element("w:bookmarkEnd", id=number)]

    def _runs(self, text: str, style: str = "") -> list[Any]:
        """The text as runs; what both scripts write is Chinese where the text around it is."""
        if not (self._zh or _HAN.search(text)):
            return [run(text, style)]
        return [
            run(part, style, east_asian=bool(at % 2)) for at, part in enumerate(_BOTH.split(text)) if part
        ]  # every second part is what was split at

    def _spans(self, runs: Spans) -> list[Any]:
        made: list[Any] = []
        for span in runs:
            text, target = plain(span.text), span.href.removeprefix("#")
            name = self._names.get(target) if text and internal(span.href) else None
            style = _SPANS.get(span.kind) or ("CellNumber" if span.cell else "EvidenceLink" if name else "")
            if not text:
                continue
            if name and span.kind == "reference":
                made.append(field(f" REF {name} \\h ", self._runs(text, "EvidenceLink")))
            elif name:
                told = {"tooltip": plain(span.cell)[:255]} if span.cell else {}
                made.append(element("w:hyperlink", *self._runs(text, style), anchor=name, history="1", **told))
            else:
                made += self._runs(text, style)
        return made

    # --- blocks

    def _level(self, heading: Heading) -> int:
        """Of the heading in Word, where the title has none; those of single sources are below what the contents list."""
        return heading.level - 1 + (heading.anchor in self._sources)

    def block(self, block: Block) -> None:
        if isinstance(block, Heading):
            made = self.paragraph(f"Heading{self._level(block)}")
            if self._break:
                made.pPr.append(element("w:pageBreakBefore"))
                self._break = False
            made.extend(self._bookmarked(block.anchor, self._runs(plain(block.text))))
        elif isinstance(block, Paragraph):
            self.paragraph(_PARAGRAPHS[block.kind]).extend(self._spans(self._referred(block.spans)))
        elif isinstance(block, Bullets):
            for item in block.items:
                self.paragraph("ListBullet").extend(self._spans(self._referred(item)))
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Figure):
            self._figure(block)
        elif isinstance(block, Measure):
            label = run(plain(block.label), "MeasureLabel")
            label.append(element("w:tab"))
            self.paragraph("SourceText").extend(self._bookmarked(block.anchor, [label, *self._spans(block.spans)]))
        elif isinstance(block, Finding):
            title = self._spans((*block.headline, Span(f"  [{block.label}]")))
            self.paragraph("Heading4").extend(self._bookmarked(block.anchor, title))
            for inner in block.blocks:
                self.block(inner)
        elif isinstance(block, Details) and not block.long:
            self.paragraph("Heading4").extend(self._bookmarked(block.anchor, self._spans(block.summary)))
            for inner in block.blocks:
                self.block(inner)

    def _referred(self, runs: Spans) -> Spans:
        return referred(runs, self._named, self._document.language)

    def contents(self) -> None:
        """A table of contents that Word can renew; as it stands it has links and no page numbers, for only Word knows these."""
        listed = [
            block
            for block in self._document.blocks
            if isinstance(block, Heading) and self._level(block) <= 2 and block.anchor
        ]
        if not listed:
            return
        self.paragraph("TOCHeading").extend(self._runs(self._w.text("page.contents")))
        for at, block in enumerate(listed):
            made = self.paragraph(f"TOC{self._level(block)}")
            if at == 0:
                told = element("w:instrText")
                told.text = ' TOC \\o "1-2" \\n \\h \\z \\u '
                for part in (_mark("begin"), told, _mark("separate")):
                    made.append(element("w:r", part))
            made.append(
                element("w:hyperlink", *self._runs(plain(block.text)), anchor=self._names[block.anchor], history="1")
            )
        made.append(element("w:r", _mark("end")))
        self._break = True

    def _caption(self, block: Figure | Table, runs: Spans) -> None:
        """A caption whose number is a field, so that Word renumbers it and lists it; the bookmark holds label and number."""
        label = label_of(block, self._document.language)
        kind = type(block).__name__
        self._counts[kind] += 1
        number = field(f" SEQ {label} \\* ARABIC ", [run(str(self._counts[kind]))])
        made = self.paragraph("TableCaption" if isinstance(block, Table) else "Caption")
        made.extend(self._bookmarked(anchor_of(block), [*self._runs(f"{label} "), number]))
        made.extend([*self._runs("\u2002"), *self._spans(runs)])

    def _figure(self, block: Figure) -> None:
        """The picture, 300 dots to the inch; with the drawing that newer programs show instead where it is on one page."""
        path = self._figures / f"{block.name}.{self._document.language}.png"
        cut = pieces(path)
        for at, piece in enumerate(cut):
            made = self.paragraph("FigureImage")
            holder = element("w:r")
            made.append(holder)
            inline = self.file.part.new_pic_inline(BytesIO(piece))
            holder.append(element("w:drawing", inline))
            scale = min(1.0, Cm(WIDTH) / inline.extent.cx, Cm(HEIGHT) / inline.extent.cy)
            for extent in (inline.extent, inline.graphic.graphicData.pic.spPr.xfrm.find(qn("a:ext"))):
                extent.cx, extent.cy = round(extent.cx * scale), round(extent.cy * scale)
            self._drawings += 1
            inline.docPr.id = inline.graphic.graphicData.pic.nvPicPr.cNvPr.id = self._drawings
            inline.docPr.set("name", f"{block.name} {at + 1}" if len(cut) > 1 else block.name)
            inline.docPr.set("descr", plain(block.alt))
            if len(cut) == 1:
                self._drawing(inline, path.with_suffix(".svg"))
        self._caption(block, block.caption)

    def _drawing(self, inline: Any, svg: Path) -> None:
        """Lay the SVG over the picture."""
        name = PackURI(f"/word/media/drawing{self._drawings}.svg")
        part = Part(name, "image/svg+xml", drawing(svg.read_bytes()), self.file.part.package)
        related = self.file.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
        blip = inline.graphic.graphicData.pic.blipFill.find(qn("a:blip"))
        blip.append(
            parse_xml(
                '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
                'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
                '<a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}">'
                f'<asvg:svgBlip xmlns:asvg="{_SVG}" r:embed="{related}"/></a:ext></a:extLst>'
            )
        )

    def _table(self, block: Table) -> None:
        fit = fitted(block)
        if fit.turned:
            self._section(turned=False)
        self._caption(block, (Span(block.caption),))
        twips = [round(width * 1440 / 2.54) for width in fit.widths]
        made = element(
            "w:tbl",
            element(
                "w:tblPr",
                element("w:tblStyle", val="ThreeLineTable"),
                element("w:tblW", w=str(sum(twips)), type="dxa"),
                element("w:jc", val="center"),
                element("w:tblLayout", type="fixed"),
                element("w:tblLook", val="0020", firstRow="1", lastRow="0", firstColumn="0", lastColumn="0", noHBand="1", noVBand="1"),
            ),
            element("w:tblGrid", *(element("w:gridCol", w=str(width)) for width in twips)),
        )  # fmt: skip
        small = "Small" if fit.size == SMALL else ""
        rows = [tuple((Span(head),) for head in block.header), *block.rows]
        for at, cells in enumerate(rows):
            together = at == 0 or (len(rows) <= TOGETHER and at < len(rows) - 1)
            properties = element("w:trPr", element("w:cantSplit"), *([element("w:tblHeader")] if at == 0 else []))
            row = element("w:tr", properties)
            for letter, runs, width in zip(block.align, cells, twips, strict=True):
                style = element("w:pStyle", val=("TableNumber" if letter == "r" else "TableText") + small)
                held = element("w:pPr", style, *([element("w:keepNext")] if together else []))
                row.append(
                    element(
                        "w:tc",
                        element("w:tcPr", element("w:tcW", w=str(width), type="dxa")),
                        element("w:p", held, *self._spans(runs)),
                    )
                )
            made.append(row)
        self._body.insert(len(self._body) - 1, made)
        self.paragraph("TableEnd")
        if fit.turned:
            self._section(turned=True)

    def _section(self, *, turned: bool) -> None:
        """End the section here: what came last stands on pages of this form, what follows on upright ones."""
        last = self._body[-2]
        if last.tag != qn("w:p"):
            last = self.paragraph("TableEnd")
        properties = deepcopy(self._body[-1])
        if turned:
            size = properties.find(qn("w:pgSz"))
            width, height = size.get(qn("w:w")), size.get(qn("w:h"))
            for name, value in (("w", height), ("h", width), ("orient", "landscape")):
                size.set(qn(f"w:{name}"), value)
        last.pPr.append(properties)

    def finish(self) -> None:
        """Header and footer stand with the first section; the others take them over."""
        first, *others = self._body.iter(qn("w:sectPr"))
        for properties in others:
            for name in ("headerReference", "footerReference", "titlePg"):
                for found in properties.findall(qn(f"w:{name}")):
                    if first is not properties:
                        properties.remove(found)


def _mark(kind: str) -> Any:
    return element("w:fldChar", fldCharType=kind)


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


def render(document: Document, wording: Wording, figures: Path) -> bytes:
    """The report as the bytes of a .docx; ``figures`` is the folder of the PNG and SVG files."""
    writer = _Writer(document, wording, figures)
    writer.paragraph("Title").append(run(plain(document.title)))
    writer.paragraph("Subtitle").append(run(plain(document.subtitle)))
    writer.contents()
    for block in document.blocks:
        writer.block(block)
    writer.finish()
    return stable(writer.file)
