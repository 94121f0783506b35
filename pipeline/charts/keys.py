"""The key below a figure: lines of words with their marks, as many lines as the width takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from pipeline.charts import labels, style
from pipeline.charts.sheets import Sheet
from pipeline.charts.wording import Wording

Mark = Callable[[Axes, float, float], None]  # draws at a left edge and the middle of a line
INDENT = 0.16  # inches that a mark of ordinary size takes
RAMP = 1.1  # inches of a scale of shades


@dataclass(frozen=True)
class Line:
    """What a mark means; without a mark a remark."""

    text: str
    mark: Mark | None = None
    indent: float = INDENT

    @property
    def aside(self) -> float:
        return self.indent if self.mark else 0.0


def height_of(lines: Sequence[Line], width: float) -> float:
    """Inches that `put` takes."""
    return labels.line_height() * sum(len(_rows(line, width)) for line in lines)


def _rows(line: Line, width: float) -> list[str]:
    return labels.in_lines(line.text, width - line.aside, style.SMALL)


def put(page: Axes, x: float, y: float, lines: Sequence[Line], width: float) -> float:
    """The lines one below the other from ``y``; returns where they end."""
    step = labels.line_height()
    for line in lines:
        if line.mark:
            line.mark(page, x, y + step / 2)
        for row in _rows(line, width):
            role = "ink" if line.mark else "light"
            labels.put(page, x + line.aside, y + step / 2, row, size=style.SMALL, role=role)
            y += step
    return y


def place(left: float, sheet: Sheet) -> tuple[float, float]:
    """Where a key below a matrix or a row of bars begins, and its width: under the cells, of one column at the margin."""
    x = style.MARGIN if sheet.narrow else min(left, 1.0)
    return x, sheet.right - x


def square(shade: str, *, sure: bool = True, pale: float = 0.0) -> Mark:
    """The colour of a group; hollow or pale: without confidence."""
    return lambda page, x, y: style.group_marks(page, [(x, y - 0.05, 0.1, 0.1)], [shade], [sure], pale=pale)


def dot(fill: str, edge: str, size: float) -> Mark:
    """A circle ``size`` inches across."""
    return lambda page, x, y: style.dots(page, [(x + 0.05, y)], [fill], [edge], size=size)


def half(corner: tuple[float, float]) -> Mark:
    """One side of a diagonal."""

    def mark(page: Axes, x: float, y: float) -> None:
        corners = [(x + 0.1 * across, y - 0.05 + 0.1 * down) for across, down in ((0, 0), corner, (1, 1))]
        page.add_patch(Polygon(corners, color=style.colour("mark"), lw=0))

    return mark


def groups_of(groups: Mapping[int, Sequence[str]], wording: Wording, palette: Sequence[str]) -> list[Line]:
    """Each group's colour, number and leading terms with their glosses, in a line of its own."""
    found = []
    for group, terms in groups.items():
        joined = wording.say("key_comma").join(labels.glossed(term, wording) for term in terms)
        text = wording.say("key_group", group=wording.say("group", number=group), terms=joined)
        found.append(Line(text, square(style.group_colour(group, palette))))
    return found


def unsure_line(wording: Wording, *, pale: float = 0.0) -> Line:
    """What a hollow (or pale) mark means."""
    return Line(
        wording.say("mark_pale" if pale else "mark_unsure"), square(style.colour("light"), sure=False, pale=pale)
    )


def both(first: Mark, second: Mark) -> Mark:
    """Two marks side by side, the first of ordinary size."""

    def mark(page: Axes, x: float, y: float) -> None:
        first(page, x, y)
        second(page, x + INDENT, y)

    return mark


def ramp(
    highest: str, shade: Callable[[float], str], lowest: str = "0", *, before: float | None = None
) -> tuple[Mark, float]:
    """A scale of shades from ``lowest`` to ``highest``, and the inches that it takes; ``shade``: of a place from 0 to 1.

    ``before``: inches for ``lowest``, where several scales stand below each other.
    """
    before = (labels.width_of(lowest, style.SMALL) if before is None else before) + 0.05
    after = labels.width_of(highest, style.SMALL) + 0.05

    def mark(page: Axes, x: float, y: float) -> None:
        tall, steps, start = 0.09, 44, x + before
        places = [(start + RAMP * at / steps, y - tall / 2, RAMP / steps, tall) for at in range(steps)]
        style.boxes(page, places, [shade((at + 0.5) / steps) for at in range(steps)], edge="face", linewidth=0.3)
        style.boxes(page, [(start, y - tall / 2, RAMP, tall)], ["none"], edge=style.colour("line"), linewidth=0.4)
        labels.put(page, start - 0.05, y, lowest, size=style.SMALL, role="light", ha="right")
        labels.put(page, start + RAMP + 0.05, y, highest, size=style.SMALL, role="light")

    return mark, before + RAMP + after + 0.12


SIDE, APART = 1.45, 0.25  # inches: a key beside the figure at most, and from it


class Side:
    """The groups of a figure, and what else its marks mean: beside it, in one column below it.

    ``more``: further lines. ``side``: inches that it takes beside the figure at most. ``aside``: the inches that the key takes from the width of the figure.
    """

    def __init__(
        self,
        groups: Mapping[int, list[str]],
        wording: Wording,
        palette: Sequence[str],
        sheet: Sheet,
        *,
        unsure: bool,
        pale: float = 0.0,
        more: Sequence[Line] = (),
        side: float = SIDE,
    ) -> None:
        self._groups, self._wording, self._palette, self._sheet = dict(groups), wording, palette, sheet
        self._lines = [*([unsure_line(wording, pale=pale)] if unsure else []), *more]
        told = [term for terms in groups.values() for term in (terms if wording.glossary else ["·".join(terms)])]
        widths = [labels.term_width(term, wording, style.SMALL) for term in told]
        widths += [labels.width_of(wording.say("group", number=group)) for group in groups]
        widths += [labels.width_of(line.text, style.SMALL) for line in self._lines]
        self._width = sheet.room if sheet.narrow else min(side, INDENT + 0.01 + max(widths))
        self.aside = 0.0 if sheet.narrow else self._width + APART

    def _below(self) -> list[Line]:
        return [*groups_of(self._groups, self._wording, self._palette), *self._lines]

    def height(self, end: float, top: float) -> float:
        """Height of the page on which the figure ends at ``end`` and the key beside it begins at ``top``."""
        if self._sheet.narrow:
            return end + 0.08 + height_of(self._below(), self._width) + style.MARGIN
        tall = labels.group_key_height(self._groups, self._wording) + 0.1 + height_of(self._lines, self._width)
        return max(end, top + tall) + style.MARGIN

    def put(self, page: Axes, end: float, top: float) -> None:
        """Draw it; ``end`` and ``top`` as for `height`."""
        if self._sheet.narrow:
            put(page, style.MARGIN, end + 0.08, self._below(), self._width)
            return
        x = self._sheet.right - self._width
        y = labels.group_key(page, x, top, self._groups, self._wording, self._palette, width=self._width)
        put(page, x, y + 0.1, self._lines, self._width)
