"""Write a report in Chinese and English as one self-contained HTML page."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from itertools import groupby, takewhile
from operator import itemgetter
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipeline.report.document import Block, Details, Document, Finding, Heading, Spans, Table, internal, plain
from pipeline.report.wording import Wording

_HERE = Path(__file__).parent
_WORTH = 24  # letters that are to be spared before names of cells are shortened
_SCRIPTS = ("script.js", "script_tables.js", "script_figures.js", "script_explorer.js")


@dataclass(frozen=True)
class Edition:
    """The report in one language with its figures (name -> SVG as `charts.marks.page_svg` writes it)."""

    document: Document
    wording: Wording
    figures: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Explorer:
    """What the script of the page explores, as JSON, and the anchors that have a group's colour."""

    data: str
    after: str  # anchor of the section that it follows
    groups: Mapping[str, int]
    palette: Sequence[str]
    characters: frozenset[str] = frozenset()  # of the data, which may be packed: the font must have them
    # Language -> name of a region, theme or word -> what its readers know it by.
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Half:
    """One language on the page: ids of the English one begin with `en-`, but for those of the shared source texts."""

    edition: Edition
    shared: frozenset[str]
    names: Mapping[str, str] = field(default_factory=dict)
    _seen: Counter[str] = field(default_factory=Counter)

    @property
    def language(self) -> str:
        return self.edition.document.language

    @property
    def w(self) -> Wording:
        return self.edition.wording

    def id(self, anchor: str) -> str:
        return anchor if self.language == "zh" or anchor in self.shared else f"en-{anchor}"

    def numbered(self, kind: str) -> str:
        """What the next table or figure goes by."""
        self._seen[kind] += 1
        return self.w.text(f"page.{kind}", number=self._seen[kind])

    def spans(self, runs: Spans, start: str = "") -> Markup:
        return span_html(runs, self.language, self.shared, start)

    def told(self, runs: Spans, start: str = "") -> Markup:
        """The spans without their links: what opens and closes a part leads nowhere else, for some readers hear it as one."""
        return self.spans(tuple(replace(span, href="") for span in runs), start)

    def drawn(self, name: str) -> tuple[Markup, list[tuple[str, str, str, str]]]:
        """The drawing, its links leading to the same half, and the rows of the table behind it, which its marks name."""
        svg, rows = behind(self.edition.figures[name].decode(), self.names, self.w.texts["page"]["figure_measures"])
        return Markup(re.sub(r'<a xlink:href="#([^"]*)"', lambda m: f'<a xlink:href="#{self.id(m[1])}"', svg)), rows


# Where no line ends: p| =| 0.05
_UNBROKEN = re.compile(r"(?<=[=≤≥<×]) (?=[\d−]|$)|(?<=\b[a-zA-Z]) (?=[=≤≥<] (?:[\d−]|$))")
_NBSP = "\u00a0"
_MARK = re.compile(r' class="mark" data-cell="([^"]*)" data-shown="([^"]*)"(?: data-what="([^"]*)")?')
_PART = re.compile(r"\| ?")


def start_of(runs: Iterable[Spans]) -> str:
    """What it spares most to say once of the names of cells: `table.csv | key | ` of a row, or less; else nothing."""
    starts = Counter(
        span.cell[: part.end()] for run in runs for span in run if span.cell for part in _PART.finditer(span.cell)
    )
    spared = {start: (times - 1) * len(start) for start, times in starts.items()}
    most = max(spared, key=spared.__getitem__, default="")
    return most if spared.get(most, 0) > _WORTH else ""


def unbroken(text: str) -> str:
    """The text with blanks at which no line ends where a sign would part from its letter or its number."""
    return _UNBROKEN.sub(_NBSP, text)


def span_html(runs: Spans, language: str, shared: frozenset[str] = frozenset(), start: str = "") -> Markup:
    """Spans as HTML: links, names of table cells, marks, glosses. ``start``: what is said once of these names, ~ in each."""
    parts = []
    for span in runs:
        text = escape(unbroken(plain(span.text)))
        if span.kind == "strong":
            text = Markup("<strong>{}</strong>").format(text)
        elif span.kind == "mark":
            text = Markup("<mark{}>{}</mark>").format("" if language == "zh" else Markup(' lang="zh-CN"'), text)
        elif span.kind == "gloss":
            text = Markup('<span class="gloss">{}</span>').format(text)
        elif span.kind == "code":
            text = Markup("<code>{}</code>").format(text)
        elif span.kind == "source" and language != "zh":
            text = Markup('<span lang="zh-CN">{}</span>').format(text)
        elif span.kind == "latin" and language == "zh":
            text = Markup('<span lang="en">{}</span>').format(text)
        cell = Markup(' data-cell="{}"').format(plain(_within(span.cell, start))) if span.cell else ""
        if span.href and span.text and internal(span.href):
            own = language != "zh" and span.href[1:] not in shared
            href = f"#en-{span.href[1:]}" if own else span.href
            text = Markup('<a href="{}"{}>{}</a>').format(href, cell, text)
        elif cell:
            text = Markup("<span{}>{}</span>").format(cell, text)
        parts.append(text)
    return Markup("").join(_unbroken_intervals(runs, parts))


def _unbroken_intervals(runs: Spans, parts: Sequence[Markup]) -> Iterable[Markup]:
    """The parts, those of an interval as one: no line ends between a number, its dash and the next."""
    at = 0
    while at < len(parts):
        ends = runs[at : at + 3]
        if len(ends) == 3 and ends[1].text == "–" and ends[0].cell and ends[2].cell:
            yield Markup('<span class="whole">{}</span>').format(Markup("").join(parts[at : at + 3]))
            at += 3
        else:
            yield parts[at]
            at += 1


def _within(cell: str, start: str) -> str:
    return f"~{cell[len(start) :]}" if start and cell.startswith(start) else cell


def behind(
    svg: str, names: Mapping[str, str], measures: Mapping[str, str]
) -> tuple[str, list[tuple[str, str, str, str]]]:
    """The drawing with marks that name rows, and the rows: of what, which measure, its value, and the cell that has it.

    ``names``, ``measures``: words for keys and columns that have one. What several marks show is one row.
    """
    rows: dict[tuple[str, str, str, str], int] = {}

    def named(found: re.Match[str]) -> str:
        cell, shown, what = (unescape(text or "") for text in found.groups())
        key, column = cell.split(" | ", 1)[1].rsplit(" | ", 1)  # a name may hold the sign, too
        parts = key.split("|")
        words = [names.get(part, part) for part in parts if len(parts) == 1 or not part.isdecimal()]
        row = (what or " · ".join(words), measures.get(column, column), shown, cell)
        return f' class="mark" data-row="{rows.setdefault(row, len(rows))}"'

    return _MARK.sub(named, svg), list(rows)


def shown_width(svg: bytes) -> int:
    """Greatest width on the page in CSS points: a quarter larger than in print, so that type is as large as the text."""
    found = re.search(rb'<svg [^>]*width="([0-9.]+)(?:pt)?"', svg)
    return round(1.27 * float(found[1])) if found else 650


def script() -> str:
    """All that runs on the page."""
    return "".join((_HERE / name).read_text("utf-8") for name in _SCRIPTS)


def _hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _between(page: str, start: str, end: str) -> str:
    at = page.index(start) + len(start)
    return page[at : page.index(end, at)]


def sealed(page: str, face: str) -> str:
    """The page with its font, and the policy that lets a browser run and load nothing but what stands in it.

    Both slots stand before anything that comes from a document.
    """
    page = page.replace("/*FONT*/", face, 1)
    style = _hashed(_between(page, "<style>", "</style>"))
    policy = (
        f"default-src 'none'; img-src data:; font-src data:; style-src {style}; script-src {_hashed(script())}; "
        "base-uri 'none'; form-action 'none'"
    )
    return page.replace("/*POLICY*/", policy, 1)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def in_script(text: str) -> Markup:
    """JSON that ends no script element and begins no comment in one, and that every reader of scripts reads."""
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def _sections(document: Document) -> list[tuple[Block, ...]]:
    """The blocks by headings of the second level; what stands before the first is with it."""
    found: list[list[Block]] = [[]]
    for block in document.blocks:
        if isinstance(block, Heading) and block.level == 2 and any(isinstance(one, Heading) for one in found[-1]):
            found.append([])
        found[-1].append(block)
    return [tuple(blocks) for blocks in found]


def _anchor_of(blocks: Sequence[Block]) -> str:
    return next((block.anchor for block in blocks if isinstance(block, Heading)), "")


def anchors_in(blocks: Iterable[Block]) -> Iterable[str]:
    """Every anchor of the blocks, also of those inside them."""
    for block in blocks:
        yield from filter(None, [getattr(block, "anchor", "")])
        if isinstance(block, Details | Finding):
            yield from anchors_in(block.blocks)


def most_columns(blocks: Iterable[Block]) -> int:
    """Columns of the widest table of the blocks, and of those inside them."""
    found = 0
    for block in blocks:
        if isinstance(block, Table):
            found = max(found, len(block.align))
        elif isinstance(block, Details | Finding):
            found = max(found, most_columns(block.blocks))
    return found


def _parts(documents: Sequence[Document]) -> tuple[list[tuple[bool, tuple[Any, ...]]], frozenset[str]]:
    """Whether it stands once, and the blocks of all languages side by side; and the anchors that stand once."""
    parts: list[tuple[bool, tuple[Any, ...]]] = []
    shared: set[str] = set()
    inside = False
    for same in zip(*(_sections(document) for document in documents), strict=True):
        inside = inside or bool(documents[0].shared and _anchor_of(same[0]) == documents[0].shared)
        stands_once = [inside or (isinstance(block, Details) and block.shared) for block in same[0]]
        for once, run in groupby(zip(stands_once, *same, strict=True), itemgetter(0)):
            own = tuple(zip(*run, strict=True))[1:]
            parts.append((once, own))
            shared.update(anchors_in(own[0]) if once else ())
    return parts, frozenset(shared)


def _common(runs: Sequence[Spans]) -> int:
    """How many spans all of the runs begin with."""
    same = takewhile(
        lambda side: len({(span.text, span.kind, span.cell) for span in side}) == 1, zip(*runs, strict=False)
    )
    return len(list(same))


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.finalize = lambda value: plain(value) if type(value) is str else value
    environment.globals["kind"] = lambda block: type(block).__name__
    environment.globals["anchor_of"] = _anchor_of
    environment.globals["zip"] = zip
    environment.globals["common"] = _common
    environment.globals["start_of"] = start_of
    return environment


def render(editions: Sequence[Edition], explorer: Explorer | None = None) -> str:
    """The page with both languages (zh, then en), with a slot left for the embedded font; `sealed` fills the slots."""
    parts, shared = _parts([edition.document for edition in editions])
    named = explorer.names if explorer else {}
    widths = {name: shown_width(svg) for edition in editions for name, svg in edition.figures.items()}
    return _environment().get_template("template.html.j2").render(
        halves=[_Half(edition, shared, named.get(edition.document.language, {})) for edition in editions],
        parts=parts,
        style=Markup((_HERE / "style.css").read_text("utf-8")),
        script=Markup(script()),
        explorer=explorer,
        data=in_script(explorer.data) if explorer else "",
        words=in_script(_json({edition.document.language: edition.wording.texts["script"] for edition in editions})),
        groups=explorer.groups if explorer else {},
        palette=[str(colour) for colour in explorer.palette] if explorer else [],
        widths=sorted(widths.items()),
        columns=max((most_columns(edition.document.blocks) for edition in editions), default=0),
    )  # fmt: skip
