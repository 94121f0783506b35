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
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import lxml.html
from lxml import etree

from pipeline.errors import InputError
from pipeline.readers import Cell, Headings, Removed, Source, Where
from pipeline.readers.tabular import Grid, has_header, prose_of, refuse_wide, source_of, with_removed

_DEPTH = 250  # elements within elements; the parser gives up silently a little later
_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody td tfoot "
    "th thead tr ul option optgroup".split()
)
_NO_TEXT = frozenset("script style head meta link object iframe svg canvas audio video".split())
_HIDDEN_TAGS = frozenset(("template", "noscript", "datalist"))
_SPAN, _ROW_SPAN = 1000, 65534  # what browsers take at most

_Left = list[tuple[Cell | None, Removed]]  # what is left out, with the cell that it stood in


def _declared(data: bytes) -> str:
    """The encoding that the page names, by a mark at its beginning or in its head; empty where it names none."""
    for mark, name in ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return name
    found = re.search(rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]+)", data[:8192], re.IGNORECASE)
    found = found or re.match(rb"\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9_.:\-]+)", data[:400])
    name = found[1].decode("ascii").lower() if found else ""
    return "gb18030" if name in ("gb2312", "gbk", "x-gbk", "gb_2312-80") else name  # as browsers do


def _decoded(data: bytes, path: Path) -> tuple[str, str]:
    """The text and its encoding: the declared one if it fits, else UTF-8, else GB18030."""
    declared = _declared(data)
    for encoding in (declared, "utf-8", "gb18030"):
        try:
            if encoding and codecs.lookup(encoding)._is_text_encoding:
                return data.decode(encoding), encoding.removesuffix("-sig")
        except (LookupError, UnicodeError):
            continue
    raise InputError(
        "看不懂网页的编码。请在浏览器中打开，另存为 UTF-8 的网页。",
        "the page's encoding is unknown. Open it in a browser and save it as UTF-8.",
        file=path,
    )


def _parsed(text: str, path: Path) -> Any:
    """The page as a tree; refused where the parser would give up and drop the rest."""
    declaration = re.match(r"\s*<\?xml\b[^>]*\?>", text[:400])  # what it says of the encoding holds no longer
    plain = text[declaration.end() :] if declaration else text
    parser = lxml.html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
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
        raise InputError(
            "网页里没有文字。请检查文件。", "there is no text in the page. Look at the file.", file=path
        )
    return root


def _why(element: Any) -> str:
    """Why the text in an element is left out, or nothing."""
    style = re.sub(r"\s", "", element.get("style", "")).lower()
    if "hidden" in element.attrib or element.tag in _HIDDEN_TAGS:
        return "hidden text"
    if re.search(r"(^|;)(display:none|visibility:hidden|mso-hide:all)", style):
        return "hidden text"
    return "deleted text" if element.tag == "del" else ""


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

    def end_line(self, reason: str, *, always: bool = False) -> None:
        """A line end: always at <br>, at a block only where something stands in the line."""
        if always or (self.pieces and not self.pieces[-1][0].endswith("\n")):
            self.pieces.append(("\n", reason))

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


class _Page:
    """Walks the page in order: lines of text, and the tables that hold no other table."""

    def __init__(self, path: Path, headings: Headings) -> None:
        self.path, self.headings = path, headings
        self.blocks: list[Cell | Grid] = []
        self.left: _Left = []
        self.lines = self.tables = 0
        self.text = _Text()
        self.title = ""

    def walk(self, element: Any, reason: str = "", *, preserved: bool = False) -> None:
        """What stands in the element; what follows it belongs to its parent."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _NO_TEXT:
            return
        reason = reason or _why(element)
        if tag == "table" and not reason and next(element.iter("table", "x"), None) is not None:
            inner = any(one is not element for one in element.iter("table"))
            if not inner:
                self.end_of_line()
                self.table(element)
                return
        self.into(self.text, element, reason, preserved=preserved, blocks=True)
