"""A figure as the page of the report shows it: letters are letters, and its marks say which cells of tables they show."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from unicodedata import category
from xml.sax.saxutils import escape

import pandas as pd
from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.collections import Collection
from matplotlib.figure import Figure

from pipeline.numbers import number

MOST = 2500  # marks of a figure: the pairs of fifty regions, twice
_TOLD = "cells "
_HREF = re.compile(r'<a xlink:href="mark:(\d+)">')
_TAG = re.compile(r"<[a-zA-Z][^>]*>")
# Shapes side by side, marks or not, and what they mostly have in common.
_GROUP = re.compile(r"<g>((?:<[ag] [^>]*><path [^>]*/></[ag]>|<path [^>]*/>)+)</g>")
_LOOKS = ("fill", "stroke", "stroke-width", "stroke-linejoin")
# Shapes that follow each other, look alike and say nothing: one shape. What lets others shine through stays by itself.
_ALIKE = re.compile(
    r'(<path d="[^"]*)"((?: (?:fill|stroke|stroke-width|stroke-linejoin)="[^"]*")*)/>(?:<path d="([^"]*)"\2/>)+'
)
_RUN = re.compile(r'(?:<path d="[^"]*"[^>]*/>){2,}')
_CIRCLE = re.compile(r' d="M ([-0-9.]+ [-0-9.]+)((?: C(?: [-0-9.]+){6}){8}) z ?"')


@dataclass(frozen=True)
class Cell:
    """What a mark shows: a number as the tables of the report write it, and the cell it was read from."""

    table: str
    key: tuple[str, ...]
    column: str
    shown: str
    what: str = ""  # in words, where the key says nothing to a reader

    @property
    def name(self) -> str:
        """`table.csv | key | column`, as the report names a cell."""
        return f"{self.table}.csv | {'|'.join(self.key)} | {self.column}"


def cells_of(frame: pd.DataFrame, table: str, key: Sequence[str], column: str, style: str) -> list[Cell]:
    """The cells of a column, row by row; ``style``: how their numbers are written."""
    values, keys = frame[column], zip(*(frame[name].astype(str) for name in key), strict=True)
    return [Cell(table, own, column, number(value, style)) for own, value in zip(keys, values, strict=True)]


def pair_cells(
    frame: pd.DataFrame, table: str, column: str, style: str, *, key: str = ""
) -> dict[frozenset[str], Cell]:
    """The cells of a table of pairs by their two regions; ``key``: a column that comes before these."""
    names = [*([key] if key else []), "region_a", "region_b"]
    cells = cells_of(frame, table, names, column, style)
    return {frozenset(cell.key[-2:]): cell for cell in cells}


def tell(artist: Artist, *cells: Cell) -> None:
    """Let the artist, or each part of a collection in turn, say what it shows. It then says so on the page only."""
    if cells:
        artist.set_gid(_TOLD + json.dumps([[cell.name, cell.shown, cell.what] for cell in cells], ensure_ascii=False))


def taken(figure: Figure) -> dict[Artist, list[list[str]]]:
    """What the artists of a figure say, which they then say no more: a file has no names of cells in it."""
    found = {}
    for artist in figure.findobj(lambda one: (one.get_gid() or "").startswith(_TOLD)):
        found[artist] = json.loads(str(artist.get_gid()).removeprefix(_TOLD))
        artist.set_gid(None)
    return found


def page_svg(figure: Figure, told: Mapping[Artist, Sequence[Sequence[str]]], name: str) -> bytes:
    """The figure as a part of an HTML page, small: no declaration, no style, no ground; ids begin with ``name``.

    Of more than `MOST` marks none says what it shows: those of a hundred regions two by two would be most of the page.
    """
    crowded = sum(map(len, told.values())) > MOST
    if crowded:
        told = {}
    attributes: list[str] = []
    for artist, cells in told.items():
        links = artist.get_urls() if isinstance(artist, Collection) else [artist.get_url()]
        own = []
        for at, (cell, shown, what) in enumerate(cells):
            link = (links[at % len(links)] if links else "") or ""
            own.append(f"mark:{len(attributes)}")
            opened = f'a xlink:href="{_attribute(link)}"' if link.startswith("#") else "g"
            named = f' data-what="{_attribute(what)}"' if what else ""
            attributes.append(
                f'{opened} class="mark" data-cell="{_attribute(cell)}" data-shown="{_attribute(shown)}"{named}'
            )
        if isinstance(artist, Collection):
            artist.set_urls(own)
        else:
            artist.set_url(own[0])
    written = BytesIO()
    with rc_context({"svg.fonttype": "none"}):
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None}, facecolor="none")
    text = _small(written.getvalue().decode(), name)
    if crowded:  # cells side by side: none lies on another, so that they may come in any order
        text = _RUN.sub(_by_looks, text)
    text = _ALIKE.sub(_joined, _marked(text, attributes))
    return _GROUP.sub(_hoisted, text).encode()


def _attribute(text: str) -> str:
    return escape("".join(c if c.isprintable() or category(c) == "Zs" else "\ufffd" for c in text), {'"': "&quot;"})


def _marked(text: str, attributes: Sequence[str]) -> str:
    """Links to marks become groups that say what they show, or links to where the mark leads."""
    parts, at = [], 0
    for found in _HREF.finditer(text):
        end = text.index("</a>", found.end())
        inner, opened = text[found.end() : end].strip(), attributes[int(found[1])]
        parts += [text[at : found.start()], f"<{opened}>{inner}</{opened[0]}>"]
        at = end + len("</a>")
    return "".join([*parts, text[at:]])


def _by_looks(run: re.Match[str]) -> str:
    """The shapes of a run, those of the same looks one after the other."""
    return "".join(sorted(re.findall(r"<path [^>]*/>", run[0]), key=lambda shape: shape.split('"', 2)[2]))


def _joined(shapes: re.Match[str]) -> str:
    """One shape for several."""
    outlines = re.findall(r' d="([^"]*)"', shapes[0])
    return f'<path d="{"".join(outlines)}"{shapes[2]}/>'


def _hoisted(group: re.Match[str]) -> str:
    """A group of shapes with the looks that most of them have, where all have one, which these inherit."""
    inner, looks = group[1], ""
    shapes = inner.count("<path ")
    for name in _LOOKS:
        found = re.findall(rf' {name}="[^"]*"', inner)
        if len(found) == shapes:
            ((most, _),) = Counter(found).most_common(1)
            looks += most
            inner = inner.replace(most, "")
    return f"<g{looks}>{inner}</g>"


def _circle(curves: re.Match[str]) -> str:
    """Two arcs for the eight curves that matplotlib makes of a circle, from one end of its height by way of its right side."""
    x, start = map(float, curves[1].split())
    ends = [tuple(map(float, curve.split()[-2:])) for curve in curves[2].split(" C")[1:]]
    side, middle = ends[1]
    across, opposite = side - x, 2 * middle - start
    corners = [(side, middle), (x, opposite), (x - across, middle), (x, start)]
    if any(
        abs(value - other) > 0.03
        for end, corner in zip(ends[1::2], corners, strict=True)
        for value, other in zip(end, corner, strict=True)
    ):
        return curves[0]
    arc = f"A{_short(abs(across))} {_short(abs(start - middle))} 0 0 0"
    return f' d="M{curves[1]}{arc} {_short(x)} {_short(opposite)}{arc} {curves[1]}z"'


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _small(text: str, name: str) -> str:
    """Without what the page does not need: it has a policy against styles, and a fifth of a hundredth of a point shows nowhere."""
    text = re.sub(r"<!--.*?-->\s*|<metadata>.*?</metadata>\s*", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r' style="([^"]*)"', lambda style: attributes_of(style[1]), text)
    # matplotlib's one rule is for all elements: what the root has, they inherit.
    rule = re.search(r"\s*<defs>\s*<style[^>]*>\s*\*\{([^}]*)\}\s*</style>\s*</defs>", text)
    if rule:
        text = text[: rule.start()] + text[rule.end() :]
        text = text.replace("<svg ", f"<svg{attributes_of(rule[1])} ", 1)
    # Axes that are the whole page cut nothing off.
    for whole in re.findall(r'<clipPath id="([^"]+)">\s*<rect x="0" y="0"', text):
        text = text.replace(f' clip-path="url(#{whole})"', "")
    used = set(re.findall(r'(?:href="|url\()#([^")]+)', text))

    def tidy(tag: re.Match[str]) -> str:
        found = re.sub(
            r' id="([^"]*)"', lambda own: f' id="{name}-{own[1]}"' if own[1] in used else "", tag[0], count=1
        )
        found = re.sub(r'(xlink:href="|url\()#(?!approach)([^")]+)', rf"\1#{name}-\2", found)
        if "mark:" not in found:
            found = re.sub(r"-?\d+\.\d{3,}", lambda number: _short(float(number[0])), found)
        found = _CIRCLE.sub(_circle, re.sub(r"\s+", " ", found))
        # Rectangles: from corner to corner along the axes.
        return re.sub(
            r' d="M (\S+) (\S+) L (\S+) \2 L \3 (\S+) L \1 \4 (?:L \1 \2 )?z ?"', r' d="M\1 \2H\3V\4H\1z"', found
        )

    text = _TAG.sub(tidy, text)
    text = text.replace(' target="_blank"', "")
    head, rest = text.split(">", 1)
    head = re.sub(r' (?:xmlns(?::xlink)?|version|height)="[^"]*"', "", head)
    rest = re.sub(r"<(?:defs|g)>\s*</(?:defs|g)>", "", re.sub(r"<clipPath>.*?</clipPath>", "", rest, flags=re.DOTALL))
    rest = re.sub(r">\s+<", "><", rest).strip()
    return (
        head
        + ">"
        + re.sub(r"<g>(<text[^>]*>[^<]*</text>)</g>", r"\1", re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", rest))
    )


def attributes_of(style: str) -> str:
    """`fill: #fff; stroke: none` as attributes of their own; of a font its size: the page has the family."""
    pairs = []
    for rule in filter(str.strip, style.split(";")):
        name, value = (part.strip() for part in rule.split(":", 1))
        size = re.search(r"[\d.]+px", value) if name == "font" else None
        pairs += [("font-size", size[0])] if size else [] if name in ("font-family", "font") else [(name, value)]
    return "".join(f' {name}="{value}"' for name, value in pairs)
