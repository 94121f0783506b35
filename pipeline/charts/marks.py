"""A figure as the page of the report shows it: letters are letters, and its marks say which cells of tables they show."""

from __future__ import annotations

import json
import re
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

from pipeline.charts import compact
from pipeline.numbers import number

MOST = 1600  # marks of a figure: the pairs of forty regions, twice
_TOLD = "cells "
_HREF = re.compile(r'<a xlink:href="mark:(\d+)">')


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
    text = _marked(compact.plain(written.getvalue().decode(), name), attributes)
    return compact.joined(text, crowded=crowded).encode()


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
