"""What the formats with pages share, Word and PDF: what they show, the numbers of captions, cross-references, widths of columns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from math import ceil
from pathlib import Path

import numpy as np
from PIL import Image

from pipeline.report.document import (
    Block,
    Details,
    Document,
    Figure,
    Finding,
    Heading,
    Span,
    Spans,
    Table,
    anchor_of,
    internal,
    plain,
)

# cm between the margins of A4, upright and turned, and the height that leaves room for a caption.
WIDTH, TURNED, HEIGHT = 16.6, 25.3, 22.0
TOGETHER = 15  # rows, with the head, of a table that is not divided between pages
_SHRUNK = 1.3  # a figure so many times as high as a page is still made smaller; a higher one is cut
SIZE, SMALL = 8, 7  # points, the text of tables and of wide tables
_POINT = 0.0353  # cm
_MARGIN = 0.32  # cm beside the text of a cell
_WIDE, _OTHER, _THIN = 0.78, 0.52, dict.fromkeys(" .,:;'|!()[]ijlt", 0.32)  # widths in em
_FULL = "·“”‘’…—＊"  # as wide as a Han character in a Chinese font
_NARROWEST = {"l": 6.0, "w": 8.0}  # em: columns of running text are made so narrow

_WORD = re.compile(r"[^\s\-–/\u2e80-\uffff]+[-–/]?|\S")
_LABELS = {"zh": {Figure: "图", Table: "表"}, "en": {Figure: "Figure", Table: "Table"}}
_SENTENCE_END = {"zh": re.compile(r"[。；！？]"), "en": re.compile(r"[.;](?=\s|$)")}


def shown(blocks: Iterable[Block]) -> Iterator[Block]:
    """Every block that a format with pages shows, those inside others too: without the long parts."""
    for block in blocks:
        if isinstance(block, Details | Finding):
            if isinstance(block, Details) and block.long:
                continue
            yield block
            yield from shown(block.blocks)
        else:
            yield block


def headings_in_sources(document: Document) -> frozenset[str]:
    """The anchors of headings among the source texts, which end the contents: as many as there are texts, they would fill pages."""
    headings = [block for block in document.blocks if isinstance(block, Heading)]
    start = next((at for at, one in enumerate(headings) if one.anchor and one.anchor == document.shared), len(headings))
    return frozenset(one.anchor for one in headings[start + 1 :] if one.anchor)


def label_of(block: Figure | Table, language: str) -> str:
    """What stands before the number of a caption: 图, 表, Figure, Table."""
    return _LABELS[language][type(block)]


def captions(blocks: Iterable[Block], language: str) -> dict[str, str]:
    """Anchor of each figure and table that is shown -> its label and number, as in 表 3 or Table 3."""
    counts = {Figure: 0, Table: 0}
    named: dict[str, str] = {}
    for block in shown(blocks):
        if isinstance(block, Figure | Table):
            counts[type(block)] += 1
            if anchor_of(block):
                named[anchor_of(block)] = f"{label_of(block, language)} {counts[type(block)]}"
    return named


def referred(runs: Spans, named: Mapping[str, str], language: str) -> Spans:
    """The run with a cross-reference, (Table 3), at the end of the sentence in which something links to a figure or table.

    A link cannot be followed on paper. Each is named once in a run; the new spans have the kind reference.
    """
    found: list[Span] = []
    waiting: list[str] = []
    done: set[str] = set()
    depth = 0
    for span in runs:
        target = span.href.removeprefix("#")
        if internal(span.href) and target in named and target not in done:
            done.add(target)
            waiting.append(target)
        end, depth = _sentence_end(span, depth, language) if waiting else (-1, _depth(span.text, depth))
        if end < 0:
            found.append(span)
            continue
        found += [Span(span.text[:end], span.href, span.cell, span.kind)] if end else []
        found += [*_references(waiting, named, language), Span(span.text[end:], span.href, span.cell, span.kind)]
        waiting = []
    return (*found, *_references(waiting, named, language))


def _depth(text: str, depth: int) -> int:
    for character in text:
        depth += (character in "(（") - (character in ")）")
    return max(depth, 0)


def _sentence_end(span: Span, depth: int, language: str) -> tuple[int, int]:
    """Where in the span a sentence ends that is in no brackets, -1 where none does; and the brackets open after it."""
    after = _depth(span.text, depth)
    if span.href:  # the name of a place, not a part of the sentence
        return -1, after
    for end in _SENTENCE_END[language].finditer(span.text):
        if not _depth(span.text[: end.start()], depth):
            return end.start(), after
    return -1, after


def _references(targets: list[str], named: Mapping[str, str], language: str) -> list[Span]:
    if not targets:
        return []
    before, between, after = ("（", "、", "）") if language == "zh" else (" (", ", ", ")")
    spans: list[Span] = []
    for target in targets:
        spans += [Span(between if spans else before), Span(named[target], href=f"#{target}", kind="reference")]
    return [*spans, Span(after)]


def text_of(runs: Spans) -> str:
    return "".join(plain(span.text) for span in runs)


def _width(text: str) -> float:
    """Width in em as a serif font sets it: a Han character is one, a digit half of one."""
    return sum(
        1.0 if ord(c) > 0x2E7F or c in _FULL else _WIDE if c.isupper() or c in "%mw" else _THIN.get(c, _OTHER)
        for c in text
    )


def _least(text: str) -> float:
    """Width of the longest part that no line may break."""
    return max((_width(word) for word in _WORD.findall(text)), default=0.0)


@dataclass(frozen=True)
class Fit:
    """How a table fits its page: widths of the columns in cm, ``size`` of the text in points, ``turned`` pages or not."""

    widths: tuple[float, ...]
    size: int
    turned: bool


def fitted(table: Table) -> Fit:
    """Columns as wide as their longest cell and their head in two lines.

    Where that is more than the page, columns of running text get longer lines the more they hold, none less than its
    longest word; columns of numbers stay. Where that is still more, the text is smaller, then the page turned.
    """
    columns = list(zip(*([text_of(cell) for cell in row] for row in table.rows), strict=True)) or [()] * len(
        table.align
    )
    wanted, least = [], []
    for letter, head, cells in zip(table.align, table.header, columns, strict=True):
        whole, breakable = (max(map(measured, cells), default=0.0) for measured in (_width, _least))
        wide = max(_least(head), ceil(_width(head) / 2), whole)
        inner = max(breakable, _NARROWEST[letter]) if letter in _NARROWEST else whole
        wanted.append(wide)
        least.append(min(wide, max(_least(head), ceil(_width(head) / 3), inner)))
    for size, turned in ((SIZE, False), (SMALL, False), (SIZE, True), (SMALL, True)):
        em, room = size * _POINT, (TURNED if turned else WIDTH)
        wishes, needs = ([width * em + _MARGIN for width in widths] for widths in (wanted, least))
        if sum(needs) <= room:
            break
    else:
        needs = wishes = [room * need / sum(needs) for need in needs]
    return Fit(tuple(_shared(wishes, needs, room)), size, turned)


def _shared(wanted: list[float], least: list[float], room: float) -> list[float]:
    """Each column gets the same part of what it wants, no less than its least and no more than it wants."""
    if sum(wanted) <= room:
        return wanted
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        used = sum(max(few, middle * many) for few, many in zip(least, wanted, strict=True))
        low, high = (middle, high) if used <= room else (low, middle)
    return [max(few, low * many) for few, many in zip(least, wanted, strict=True)]


def cuts(png: Path) -> list[tuple[int, int]]:
    """Rows of the picture that are shown on one page: all, or where it is much higher than a page page-high parts.

    It is cut where a row of it is white.
    """
    with Image.open(png) as image:
        page = round(image.width * HEIGHT / WIDTH)
        if image.height <= _SHRUNK * page:
            return [(0, image.height)]
        white = np.asarray(image.convert("L")).min(axis=1) == 255
        ends = [0]
        while image.height - ends[-1] > page:
            lines = np.flatnonzero(white[: ends[-1] + page])
            ends.append(int(lines[-1]) if len(lines) and lines[-1] > ends[-1] + page // 2 else ends[-1] + page)
        return list(pairwise([*ends, image.height]))


def pieces(png: Path) -> list[bytes]:
    """The picture, or its parts by `cuts`."""
    rows = cuts(png)
    if len(rows) == 1:
        return [png.read_bytes()]
    found: list[bytes] = []
    with Image.open(png) as image:
        for top, bottom in rows:
            piece = BytesIO()
            image.crop((0, top, image.width, bottom)).save(piece, format="png", dpi=image.info["dpi"])
            found.append(piece.getvalue())
    return found
