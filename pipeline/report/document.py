"""What a report is made of, before it becomes HTML, Markdown, Word or PDF."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Span:
    """A run of text. ``href`` leads to its evidence (#id); ``cell`` names the table cell a number was read from.

    ``kind``: empty, strong, mark (a keyword in its sentence), gloss (English beside a Chinese term), code, source
    (Chinese source text inside an English page) or latin (no Chinese inside a Chinese page).
    """

    text: str
    href: str = ""
    cell: str = ""
    kind: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True)
class Heading:
    level: int
    text: str
    anchor: str


@dataclass(frozen=True)
class Paragraph:
    """``kind``: empty, lead (under a title), note (small), copy (ready to paste), question or answer."""

    spans: Spans
    kind: str = ""


@dataclass(frozen=True)
class Bullets:
    items: tuple[Spans, ...]


@dataclass(frozen=True)
class Table:
    """``align``: one letter per column: l left, n left and never broken, r right, w left and wide enough to read a list in."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Spans, ...], ...]
    align: str
    anchor: str = ""


@dataclass(frozen=True)
class Figure:
    """``name``: file name without language and ending; ``data``: the tables it was drawn from; ``linked``: its marks are links."""

    name: str
    caption: Spans
    alt: str
    data: tuple[str, ...]
    linked: bool = False


@dataclass(frozen=True)
class Measure:
    """One measure of a source text, the target of every reference to it."""

    anchor: str
    label: str
    spans: Spans


@dataclass(frozen=True)
class Details:
    """Blocks that open on demand where the format can; ``long`` ones are left out of Word.

    ``shared``: they hold source text, with labels in the language of the document; a page with several prints them once.
    """

    summary: Spans
    blocks: tuple[Block, ...]
    anchor: str = ""
    long: bool = False
    shared: bool = False


CERTAINTIES = ("robust", "sensitive", "not shown", "description")


@dataclass(frozen=True)
class Finding:
    """A result in one sentence that says how sure it is, and what it rests on.

    ``certainty``: one of `CERTAINTIES`; ``label``: the same in a word of the report's language.
    """

    headline: Spans
    certainty: str
    label: str
    blocks: tuple[Block, ...]
    anchor: str


Block = Heading | Paragraph | Bullets | Table | Figure | Measure | Details | Finding


@dataclass(frozen=True)
class Document:
    """A report in one language (zh or en).

    ``shared``: anchor of the heading from which on the blocks hold the same source text
    in every language and differ in labels only: a page with several prints them once.
    """

    language: str
    title: str
    subtitle: str
    blocks: tuple[Block, ...] = field(default=())
    shared: str = ""


_BREAKS = re.compile(r"\s*[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+\s*")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def plain(text: str) -> str:
    """The text on one line, with � for what neither HTML nor XML can hold: no text of a document breaks out of its place."""
    return printable(_BREAKS.sub(" ", text))


def printable(text: str) -> str:
    """The text with � for each character that neither HTML nor XML can hold: what stands where in it stays."""
    return _UNPRINTABLE.sub("\ufffd", text)


def internal(href: str) -> bool:
    """Whether a link stays on the page."""
    return href.startswith("#")


def spans(*parts: Span | str | Iterable[Span]) -> Spans:
    """Strings and spans, flattened into one run."""
    flat: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            flat.append(Span(part))
        elif isinstance(part, Span):
            flat.append(part)
        else:
            flat.extend(part)
    return tuple(span for span in flat if span.text)


def anchor_of(block: Block) -> str:
    """The anchor by which a link finds the block; empty where it has none."""
    return f"figure-{block.name}" if isinstance(block, Figure) else getattr(block, "anchor", "")


def links_in(blocks: Iterable[Block], *, brief: bool = False) -> Iterator[str]:
    """The anchors that the blocks link to; ``brief``: without the long parts, which Word leaves out."""
    for run in _runs(blocks, brief):
        yield from (span.href[1:] for span in run if internal(span.href))


def _runs(blocks: Iterable[Block], brief: bool) -> Iterator[Spans]:
    for block in blocks:
        if isinstance(block, Paragraph | Measure):
            yield block.spans
        elif isinstance(block, Bullets):
            yield from block.items
        elif isinstance(block, Table):
            for row in block.rows:
                yield from row
        elif isinstance(block, Figure):
            yield block.caption
        elif isinstance(block, Details) and not (brief and block.long):
            yield block.summary
            yield from _runs(block.blocks, brief)
        elif isinstance(block, Finding):
            yield block.headline
            yield from _runs(block.blocks, brief)


def joined(runs: Iterable[Spans | Span], separator: str) -> Spans:
    """Runs with a separator between them."""
    result: list[Span] = []
    for run in runs:
        if result:
            result.append(Span(separator))
        result.extend([run] if isinstance(run, Span) else run)
    return tuple(result)
