"""Write a report as Markdown."""

from __future__ import annotations

import re
from html import escape

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
    Spans,
    Table,
    anchor_of,
    internal,
    plain,
)
from pipeline.report.wording import Wording

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#&~$])")
# What some readers make a link of, or a mention, without any mark around it.
_LINKING = re.compile(r":(?=//)|(?<=www)\.|(?<=mailto):|(?<=xmpp):|@", re.IGNORECASE)
# What opens a list, a heading, a rule or a block of code where it begins a line.
_OPENING = re.compile(r"^(?:([-+=])|(\d{1,9})([.)]))")


def escaped(text: str) -> str:
    """The text as text: on one line, with nothing in it that Markdown or HTML would read as markup."""
    return _LINKING.sub(r"\\\g<0>", _SPECIAL.sub(r"\\\1", plain(text)))


def _opened(line: str) -> str:
    """A line that begins a paragraph, whatever it begins with."""
    return _OPENING.sub(lambda m: f"\\{m[1]}" if m[1] else f"{m[2]}\\{m[3]}", line.strip())


def _code(text: str) -> str:
    """The text as code; as plain text where it has what would end the code or the cell around it."""
    return escaped(text) if {"`", "|"} & set(text) or not text.strip() else f"`{plain(text)}`"


def span_markdown(runs: Spans) -> str:
    """Spans as Markdown; marked keywords are bold, glosses stand in parentheses."""
    parts = []
    for span in runs:
        text = escaped(span.text)
        if span.kind in ("mark", "strong"):
            text = f"**{text}**"
        elif span.kind == "gloss":
            text = f" ({text.strip()})"
        elif span.kind == "code":
            text = _code(span.text)
        parts.append(f"[{text}]({span.href})" if span.href and text and internal(span.href) else text)
    return "".join(parts)


class _Writer:
    def __init__(self, document: Document, wording: Wording) -> None:
        self._zh = document.language == "zh"
        self._language = document.language
        self._w = wording
        self._tables = self._figures = 0
        self.lines: list[str] = []

    def _anchor(self, anchor: str) -> str:
        return f'<a id="{escape(anchor)}"></a>' if anchor else ""

    def block(self, block: Block) -> None:
        if isinstance(block, Heading):
            self.lines += [f"{'#' * block.level} {self._anchor(block.anchor)}{escaped(block.text)}", ""]
        elif isinstance(block, Paragraph):
            text = span_markdown(block.spans)
            self.lines += [f"> {_opened(text)}" if block.kind in ("lead", "copy") else _opened(text), ""]
        elif isinstance(block, Bullets):
            self.lines += [*(f"- {_opened(span_markdown(item))}" for item in block.items), ""]
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Figure):
            self._figures += 1
            name = f"图 {self._figures}" if self._zh else f"Figure {self._figures}"
            self.lines += [
                f"{self._anchor(anchor_of(block))}![{escaped(block.alt)}](figures/{block.name}.{self._language}.svg)",
                "",
                f"**{name}** {span_markdown(block.caption)}",
                "",
            ]
        elif isinstance(block, Measure):
            href = "" if block.anchor else block.spans[0].href
            label = f"[{escaped(block.label)}]({href})" if href else escaped(block.label)
            self.lines += [_opened(f"{self._anchor(block.anchor)}{label} {span_markdown(block.spans)}"), ""]
        elif isinstance(block, Finding):
            shown = span_markdown(block.headline)
            self.lines += [f"{self._anchor(block.anchor)}**{shown}** ({escaped(block.label)})", ""]
            for inner in block.blocks:
                self.block(inner)
        elif isinstance(block, Details):
            self.lines += [f"{self._anchor(block.anchor)}**{span_markdown(block.summary)}**", ""]
            for inner in block.blocks:
                self.block(inner)

    def _table(self, block: Table) -> None:
        self._tables += 1
        name = f"表 {self._tables}" if self._zh else f"Table {self._tables}"
        rule = ["---:" if letter == "r" else "---" for letter in block.align]
        self.lines += [
            f"{self._anchor(block.anchor)}**{name}** {escaped(block.caption)}",
            "",
            f"| {' | '.join(map(escaped, block.header))} |",
            f"| {' | '.join(rule)} |",
            *(f"| {' | '.join(span_markdown(cell) for cell in row)} |" for row in block.rows),
            "",
        ]


def render(document: Document, wording: Wording) -> str:
    """The report as one Markdown file that shows the figures beside it."""
    writer = _Writer(document, wording)
    writer.lines += [f"# {escaped(document.title)}", "", _opened(escaped(document.subtitle)), ""]
    for block in document.blocks:
        writer.block(block)
    return "\n".join(writer.lines).rstrip() + "\n"
