"""The words of a figure: how wide they are, heads and keys."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any

from matplotlib import font_manager, rcParams
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ft2font import LoadFlags

from pipeline.charts import style
from pipeline.charts.sheets import Sheet
from pipeline.charts.wording import Wording

_OPENING, _CLOSING = "（“‘《「【(", "，。、；：！？）”’》」】,.;:!?)%·–… "  # what ends no line, and what begins none
GETA = "〓"  # printers' mark for a character that is not in the case
PITCH = 1.06  # of the font size, from one character to the one below it
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


def within(text: str, width: float, *, least: float, size: float = 1.0) -> tuple[str, float]:
    """The text and the size at which it fits the width; where even ``least`` were too large, its beginning and …."""
    fitting = fitted(text, width, size)
    if fitting >= least:
        return text, fitting
    kept = text
    while len(kept) > 1 and width_of(f"{kept}…", least) > width:
        kept = kept[:-1].rstrip()
    return kept if kept == text and width_of(text, least) <= width else f"{kept}…", least


def _pieces(text: str) -> Iterator[str]:
    """What lines are made of: a line may end after a blank, and beside a Han character unless punctuation binds it."""
    piece = ""
    for character in text:
        before = piece[-1:]
        han = any(unicodedata.east_asian_width(one) in "WF" for one in (before or " ") + character)
        apart = before == " " or (before and han and before not in _OPENING)
        if apart and character not in _CLOSING:
            yield piece
            piece = ""
        piece += character
    yield piece


def in_lines(text: str, width: float, size: float = 1.0) -> list[str]:
    """The text in lines that fit the width; a single word may exceed it."""
    found: list[str] = []
    for piece in _pieces(text):
        if found and width_of((found[-1] + piece).rstrip(), size) <= width:
            found[-1] += piece
        else:
            found.append(piece)
    return [line.rstrip() for line in found]


def even_lines(text: str, width: float, size: float = 1.0) -> list[str]:
    """As few lines as the width asks for, about as long as each other."""
    lines = in_lines(text, width, size)
    while len(closer := in_lines(text, width := 0.97 * width, size)) == len(lines) > 1:
        lines = closer
    return lines


def put(axes: Axes, x: float, y: float, text: str, *, size: float = 1.0, role: str = "ink", **options: Any) -> None:
    """Words on a page: left-aligned and centred on the line unless the options say otherwise."""
    options = {"va": "center_baseline", "color": style.colour(role), **options}
    axes.figure.text(x, y, drawn(text), fontsize=style.points(size), transform=axes.transData, **options)


def put_within(
    axes: Axes, x: float, y: float, text: str, width: float, *, least: float, size: float = 1.0, **options: Any
) -> None:
    """Words in a width: smaller where they are long, but not below ``least``; then their end gives way to …."""
    shown, size = within(text, width, least=least, size=size)
    put(axes, x, y, shown, size=size, **options)


def told(text: str, sheet: Sheet) -> Figure:
    """A page that only says why there is nothing to draw."""
    lines = in_lines(text, sheet.room)
    figure, axes = style.page(sheet.width, 0.6 + (len(lines) - 1) * line_height())
    for at, line in enumerate(lines):
        put(axes, sheet.width / 2, 0.3 + at * line_height(), line, role="light", ha="center")
    return figure


def probability(p: float) -> str:
    """A p with its sign, three decimals; below what they can show, that."""
    return "< 0.001" if p < 0.0005 else f"= {p:.3f}"


def glossed(term: str, wording: Wording) -> str:
    """The term and its gloss in one string."""
    return f"{term} {wording.gloss(term)}".strip()


def _gloss_size(size: float, least: float) -> float:
    return max(size * style.SMALL, min(size, least))


def term_width(term: str, wording: Wording, size: float = 1.0, *, least: float = 0.0) -> float:
    """Inches that `put_term` takes."""
    gloss = wording.gloss(term)
    aside = width_of(gloss, _gloss_size(size, least)) + style.points(size) * 0.4 / 72 if gloss else 0
    return width_of(term, size) + aside


def put_term(
    axes: Axes,
    x: float,
    y: float,
    term: str,
    wording: Wording,
    *,
    size: float = 1.0,
    width: float | None = None,
    least: float = 0.0,
) -> None:
    """A term and, lighter, its gloss; smaller where the width asks for it, but not below ``least``: then cut."""
    if width is not None:
        size *= min(1.0, 0.99 * width / max(term_width(term, wording, size, least=least), 1e-9))
    size = max(size, least)
    room = width if width is not None else float("inf")
    shown, size = within(term, room, least=least, size=size)
    put(axes, x, y, shown, size=size)
    aside = width_of(shown, size) + style.points(size) * 0.4 / 72
    if (gloss := wording.gloss(term)) and room - aside > style.points(2 * least) / 72:
        own = _gloss_size(size, least)
        put_within(axes, x + aside, y, gloss, room - aside, least=min(own, least or own), size=own, role="light")


def number_size(cell: float, digits: float, least: float = LEGIBLE) -> float:
    """Size of the numbers in cells of this width; 0: they could not be read, and only the shade speaks.

    ``digits``: the widest number, in units of the font size.
    """
    size = min(style.SMALL, cell * 72 / style.points(digits))
    return size if size >= least else 0.0


def row_height(cell: float, rows: int) -> float:
    """Height of a matrix's rows: as high as its cells are wide, but with room for a name, a smaller one where rows are many."""
    return max(min(0.15, max(0.1, 9.5 / rows)), min(0.24, cell))


def row_heads(
    axes: Axes,
    names: Sequence[str],
    tops: Sequence[float],
    *,
    left: float,
    height: float,
    size: float = 1.0,
    least: float = 0.0,
) -> None:
    """The regions' names left of a matrix that begins at ``left``."""
    most = max(least, min(size, height * 72 / style.points(1.35)))
    for name, top in zip(names, tops, strict=True):
        room = left - 0.08 - style.MARGIN
        put_within(axes, left - 0.08, top + height / 2, name, room, least=least, size=most, ha="right")


def stacked(name: str) -> bool:
    """Whether the name can be read from above to below, one character under the other, as Chinese can."""
    return all(character in "·…" or unicodedata.east_asian_width(character) in "WF" for character in name)


def put_upright(
    axes: Axes, x: float, bottom: float, name: str, *, size: float, turned: bool = False, role: str = "ink"
) -> None:
    """A name above a column: Chinese from above to below, other writing turned, like all where ``turned``."""
    down = stacked(name) and not turned
    look: dict[str, Any] = {"linespacing": PITCH, "multialignment": "center"} if down else {"rotation": 90}
    text = "\n".join(name) if down else name
    put(axes, x, bottom, text, size=size, role=role, ha="center", va="bottom", **look)


def _upright(names: Sequence[str], cell: float) -> bool:
    return widest(names) > cell - 0.05


def _upright_size(cell: float) -> float:
    return min(1.0, (cell * 72 - 1.5) / style.points(1.3))


def nameless(names: Sequence[str], cell: float, least: float = LEGIBLE) -> bool:
    """Whether columns are too narrow for names: the rows have them, in the same order."""
    return _upright(names, cell) and _upright_size(cell) < least


def _tall(name: str, cell: float) -> float:
    """Inches that an upright name takes."""
    size = _upright_size(cell)
    return len(name) * PITCH * style.points(size) / 72 if stacked(name) else width_of(name, size)


def heads_height(names: Sequence[str], cell: float, least: float = LEGIBLE) -> float:
    """Inches that `column_heads` needs above the cells."""
    upright = _upright(names, cell) and not nameless(names, cell, least)
    tall = max(_tall(name, cell) for name in names) if upright else line_height()
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
    least: float = LEGIBLE,
) -> None:
    """Above a matrix: each group's name and colour, then the regions, upright where they are long.

    The colour is hollow above the ``unsure`` regions. Upright Chinese runs from above to below.
    """
    names = [wording.region(region) for region, _ in order]
    upright = _upright(names, cell)
    top = bottom - heads_height(names, cell, least)
    without = nameless(names, cell, least)
    if without:
        put(axes, lefts[0], bottom - line_height() / 2, wording.say("columns_as_rows"), size=style.SMALL, role="light")
    for place, name in enumerate([] if without else names):
        middle = lefts[place] + cell / 2
        if upright:
            put_upright(axes, middle, bottom - 0.04, name, size=_upright_size(cell))
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
