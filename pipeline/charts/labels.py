"""The words of a figure: how wide they are, heads and keys."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from matplotlib import font_manager, rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ft2font import LoadFlags

from pipeline.charts import style
from pipeline.charts.wording import Wording

GETA = "〓"  # printers' mark for a character that is not in the case
LEGIBLE = 0.5  # of the font size: words and numbers that would have to be smaller are left out


def line_height(size: float = 1.0) -> float:
    """Inches from one line of words to the next."""
    return style.points(size) * 1.5 / 72


@cache
def _glyphs(family: str) -> frozenset[int]:
    """The characters that the font can draw."""
    return frozenset(font_manager.get_font(font_manager.findfont(family)).get_charmap())


def drawn(text: str) -> str:
    """The text with 〓 for what the font cannot draw, and without what nobody sees: an empty box would say nothing."""
    known = _glyphs(rcParams["font.family"][0])
    kept = (c for c in text if ord(c) in known or c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Mn", "Me"))
    return "".join(c if ord(c) in known or c == "\n" else GETA for c in kept)


@cache
def _width(text: str, family: str) -> float:
    """Width in units of the font size. Measured large and unhinted: at 7 points whole pixels would be counted."""
    font = font_manager.get_font(font_manager.findfont(family))
    font.set_size(100, 72)
    font.set_text(text, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64 / 100


def width_of(text: str, size: float = 1.0) -> float:
    """Inches that the text takes."""
    return _width(drawn(text), rcParams["font.family"][0]) * style.points(size) / 72


def widest(texts: Sequence[str], size: float = 1.0) -> float:
    """Inches that the longest of the texts takes; 0 without texts."""
    return max((width_of(text, size) for text in texts), default=0.0)


def fitted(text: str, width: float, size: float = 1.0) -> float:
    """The size, or the largest smaller one at which the text fits the width."""
    taken = width_of(text, size)
    return size if taken <= width else size * width / taken * 0.99


def in_lines(text: str, width: float, size: float = 1.0) -> list[str]:
    """The text broken at spaces into lines that fit the width; a single word may exceed it."""
    found: list[str] = []
    for word in text.split(" "):
        longer = f"{found[-1]} {word}" if found else word
        if found and width_of(longer, size) <= width:
            found[-1] = longer
        else:
            found.append(word)
    return found


def put(axes: Axes, x: float, y: float, text: str, *, size: float = 1.0, role: str = "ink", **options: Any) -> None:
    """Words on a page: left-aligned and centred on the line unless the options say otherwise."""
    options = {"va": "center_baseline", "color": style.colour(role), **options}
    axes.figure.text(x, y, drawn(text), fontsize=style.points(size), transform=axes.transData, **options)


def told(text: str) -> Figure:
    """A page that only says why there is nothing to draw."""
    figure, axes = style.page(style.WIDTH, 0.6)
    size = fitted(text, style.WIDTH - 2 * style.MARGIN)
    put(axes, style.WIDTH / 2, 0.3, text, size=size, role="light", ha="center")
    return figure


def probability(p: float) -> str:
    """A p with its sign, three decimals; below what they can show, that."""
    return "< 0.001" if p < 0.0005 else f"= {p:.3f}"


def term_width(term: str, wording: Wording, size: float = 1.0) -> float:
    """Inches that `put_term` takes."""
    gloss = wording.gloss(term)
    return width_of(term, size) + (width_of(gloss, size * style.SMALL) + style.points(size) * 0.4 / 72 if gloss else 0)


def put_term(
    axes: Axes, x: float, y: float, term: str, wording: Wording, *, size: float = 1.0, width: float | None = None
) -> None:
    """A term and, lighter, its gloss; smaller where the width asks for it."""
    if width is not None:
        size *= min(1.0, 0.99 * width / max(term_width(term, wording, size), 1e-9))
    put(axes, x, y, term, size=size)
    if gloss := wording.gloss(term):
        put(
            axes,
            x + width_of(term, size) + style.points(size) * 0.4 / 72,
            y,
            gloss,
            size=size * style.SMALL,
            role="light",
        )


def ramp(axes: Axes, x: float, y: float, highest: float, caption: str, *, shown: str = "") -> None:
    """The key of a heat map: white is 0, the darkest shade the highest value, with two decimals unless ``shown``."""
    width, height, steps = 1.1, 0.09, 44
    places = [(x + width * at / steps, y - height / 2, width / steps, height) for at in range(steps)]
    fills = [style.blend(style.colour("mark"), (at + 0.5) / steps) for at in range(steps)]
    style.boxes(axes, places, fills, edge="face", linewidth=0.3)
    style.boxes(axes, [(x, y - height / 2, width, height)], ["none"], edge=style.colour("line"), linewidth=0.4)
    put(axes, x - 0.05, y, "0", size=style.SMALL, role="light", ha="right")
    shown = shown or f"{highest:.2f}"
    put(axes, x + width + 0.05, y, shown, size=style.SMALL, role="light")
    put(axes, x + width + 0.15 + width_of(shown, style.SMALL), y, caption, size=style.SMALL, role="light")


def number_size(cell: float, digits: float) -> float:
    """Size of the numbers in cells of this width; 0: they could not be read, and only the shade speaks.

    ``digits``: the widest number, in units of the font size.
    """
    size = min(style.SMALL, cell * 72 / style.points(digits))
    return size if size >= LEGIBLE else 0.0


def row_height(cell: float, rows: int) -> float:
    """Height of a matrix's rows: as high as its cells are wide, but with room for a name, a smaller one where rows are many."""
    return max(min(0.15, max(0.1, 9.5 / rows)), min(0.24, cell))


def row_heads(axes: Axes, names: Sequence[str], tops: Sequence[float], *, left: float, height: float) -> None:
    """The regions' names left of a matrix that begins at ``left``."""
    most = min(1.0, height * 72 / style.points(1.35))
    for name, top in zip(names, tops, strict=True):
        put(axes, left - 0.08, top + height / 2, name, size=fitted(name, left - 0.08 - style.MARGIN, most), ha="right")


def _upright(names: Sequence[str], cell: float) -> bool:
    return widest(names) > cell - 0.05


def _upright_size(cell: float) -> float:
    return min(1.0, (cell * 72 - 1.5) / style.points(1.4))


def _nameless(names: Sequence[str], cell: float) -> bool:
    """Whether columns are too narrow for names: the rows have them, in the same order."""
    return _upright(names, cell) and _upright_size(cell) < LEGIBLE


def heads_height(names: Sequence[str], cell: float) -> float:
    """Inches that `column_heads` needs above the cells."""
    tall = widest(names) if _upright(names, cell) and not _nameless(names, cell) else line_height()
    return line_height() + 0.16 + tall


def column_heads(
    axes: Axes,
    order: Sequence[tuple[str, int]],
    lefts: Sequence[float],
    *,
    cell: float,
    bottom: float,
    wording: Wording,
    palette: Sequence[str],
    unsure: Collection[str] = (),
) -> None:
    """Above a matrix: each group's name and colour, then the regions, upright where they are long.

    The colour is hollow above the ``unsure`` regions.
    """
    names = [wording.region(region) for region, _ in order]
    upright = _upright(names, cell)
    top = bottom - heads_height(names, cell)
    nameless = _nameless(names, cell)
    if nameless:
        put(axes, lefts[0], bottom - line_height() / 2, wording.say("columns_as_rows"), size=style.SMALL, role="light")
    for place, name in enumerate([] if nameless else names):
        middle = lefts[place] + cell / 2
        if upright:
            put(axes, middle, bottom - 0.04, name, size=_upright_size(cell), ha="center", va="bottom", rotation=90)
        else:
            put(axes, middle, bottom - line_height() / 2, name, ha="center")
    runs = [
        (group, sure, [left for left, _ in run])
        for (group, sure), run in groupby(
            zip(lefts, order, strict=True), key=lambda column: (column[1][1], column[1][0] not in unsure)
        )
    ]
    bars = [(own[0], top + line_height(), own[-1] + cell - own[0], 0.05) for _, _, own in runs]
    shades = [style.group_colour(group, palette) for group, _, _ in runs]
    style.group_marks(axes, bars, shades, [sure for _, sure, _ in runs])
    for group in dict.fromkeys(group for _, group in order):
        own = [left for left, (_, other) in zip(lefts, order, strict=True) if other == group]
        width = own[-1] + cell - own[0]
        text = wording.say("group", number=group)
        text = text if width_of(text, style.SMALL) <= width else str(group)
        put(axes, own[0] + width / 2, top + line_height() / 2, text, size=style.SMALL, role="light", ha="center")


def unsure_key_height(text: str, width: float) -> float:
    """Inches that `unsure_key` needs."""
    return len(in_lines(text, width - 0.16, style.SMALL)) * line_height()


def unsure_key(axes: Axes, x: float, y: float, text: str, *, width: float, pale: float = 0.0) -> float:
    """What a hollow (or pale) mark means, in as many lines as it takes; returns where they end."""
    step = line_height()
    style.group_marks(axes, [(x, y + step / 2 - 0.05, 0.1, 0.1)], [style.colour("light")], [False], pale=pale)
    for line in in_lines(text, width - 0.16, style.SMALL):
        put(axes, x + 0.16, y + step / 2, line, size=fitted(line, width - 0.16, style.SMALL))
        y += step
    return y


def dot_key(axes: Axes, x: float, y: float, fills: Mapping[str, str], *, size: float, edge: str | None = None) -> float:
    """Dots (words -> fill) and what they mean, side by side; returns where the next would begin.

    ``edge``: of all dots; None: each has that of its fill.
    """
    for text, fill in fills.items():
        style.dots(axes, [(x + 0.05, y)], [fill], [edge or fill], size=size)
        put(axes, x + 0.15, y, text, size=style.SMALL)
        x += 0.15 + width_of(text, style.SMALL) + 0.2
    return x


def group_key_height(groups: dict[int, list[str]], wording: Wording) -> float:
    """Inches that `group_key` needs."""
    lines_each = [1 + (len(terms) if wording.glossary else 1) for terms in groups.values()]
    return sum(lines_each) * line_height() + (len(groups) - 1) * 0.06


def group_key(
    axes: Axes,
    x: float,
    y: float,
    groups: dict[int, list[str]],
    wording: Wording,
    palette: Sequence[str],
    *,
    width: float,
) -> float:
    """Each group's colour, number and leading terms, one below the other; returns where it ends."""
    for group, terms in groups.items():
        step = line_height()
        style.boxes(axes, [(x, y + step / 2 - 0.05, 0.1, 0.1)], [style.group_colour(group, palette)])
        put(
            axes,
            x + 0.16,
            y + step / 2,
            wording.say("group", number=group),
            size=fitted(wording.say("group", number=group), width - 0.16),
        )
        for term in terms if wording.glossary else ["·".join(terms)]:
            y += step
            put_term(axes, x + 0.16, y + step / 2, term, wording, size=style.SMALL, width=width - 0.16)
        y += step + 0.06
    return y - 0.06
