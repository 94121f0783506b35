"""Free places for labels beside the marks of a figure, and labels put there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

import numpy as np
from matplotlib.axes import Axes

from pipeline.charts import labels, style
from pipeline.charts.wording import Wording

_BESIDE = 20  # places in each ring around a mark


@dataclass(frozen=True)
class Box:
    """A rectangle on the page, in inches."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, x: float, y: float, width: float, height: float) -> Box:
        return cls(x - width / 2, y - height / 2, x + width / 2, y + height / 2)

    @property
    def centre(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def within(self, other: Box) -> bool:
        return (
            other.left <= self.left
            and other.top <= self.top
            and self.right <= other.right
            and self.bottom <= other.bottom
        )

    def touches(self, other: Box) -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


def _free(box: Box, taken: np.ndarray) -> bool:
    """Whether the box touches none of the ``taken`` (rows: left, top, right, bottom)."""
    apart = (
        (taken[:, 2] <= box.left) | (taken[:, 0] >= box.right) | (taken[:, 3] <= box.top) | (taken[:, 1] >= box.bottom)
    )
    return bool(apart.all())


def _crossings(box: Box, lines: np.ndarray) -> int:
    """Lines (rows: x1, y1, x2, y2) that pass through the box, seen at 24 points of each."""
    if not len(lines):
        return 0
    along = np.linspace(0, 1, 24)
    x = lines[:, [0]] + (lines[:, [2]] - lines[:, [0]]) * along
    y = lines[:, [1]] + (lines[:, [3]] - lines[:, [1]]) * along
    return int(((x > box.left) & (x < box.right) & (y > box.top) & (y < box.bottom)).any(axis=1).sum())


def _candidates(mark: Box, width: float, height: float, gap: float) -> Iterator[tuple[int, Box]]:
    """Places for a label beside its mark, nearest ring first: right, left, above, below, each straight, then shifted."""
    x, y = mark.centre
    reach = (mark.right - mark.left) / 2
    for ring, shift in product(range(1, 80), (0.0, -0.25, 0.25, -0.5, 0.5)):
        across, down = reach + ring * gap + width / 2, reach + ring * gap + height / 2
        for dx, dy in (
            (across, shift * height),
            (-across, shift * height),
            (shift * width, -down),
            (shift * width, down),
        ):
            yield ring, Box.around(x + dx, y + dy, width, height)


def places_of(
    marks: Sequence[Box],
    sizes: Sequence[tuple[float, float]],
    *,
    page: Box,
    gap: float,
    lines: Sequence[tuple[float, float, float, float]] = (),
) -> list[Box]:
    """`places_found`, where every label must have a place."""
    found = places_found(marks, sizes, page=page, gap=gap, lines=lines)
    kept = [place for place in found if place is not None]
    if len(kept) < len(found):
        raise ValueError("no room for a label: the page is too small")
    return kept


def places_found(
    marks: Sequence[Box],
    sizes: Sequence[tuple[float, float]],
    *,
    page: Box,
    gap: float,
    lines: Sequence[tuple[float, float, float, float]] = (),
) -> list[Box | None]:
    """A place for each label that touches no mark, no other label and not the edge of the page.

    The label with the fewest places beside its mark comes first. Among the places of
    the two nearest rings that have room, the one that the fewest ``lines`` cross is taken.
    None: there is no room.
    """
    segments = np.array(lines, dtype=float).reshape(-1, 4)
    taken = np.array([[mark.left, mark.top, mark.right, mark.bottom] for mark in marks], dtype=float).reshape(-1, 4)
    beside = [
        sum(box.within(page) and _free(box, taken) for _, box in islice(_candidates(mark, *size, gap), _BESIDE))
        for mark, size in zip(marks, sizes, strict=True)
    ]
    found: dict[int, Box] = {}
    for at in sorted(range(len(marks)), key=lambda at: beside[at]):
        best: tuple[float, Box] | None = None
        nearest = 0
        for ring, box in _candidates(marks[at], *sizes[at], gap):
            if best is not None and ring > nearest + 1:
                break
            if box.within(page) and _free(box, taken):
                nearest = nearest or ring
                cost = _crossings(box, segments) + 1.5 * ring
                if best is None or cost < best[0]:
                    best = cost, box
        if best is None:
            continue
        found[at] = best[1]
        taken = np.vstack([taken, [best[1].left, best[1].top, best[1].right, best[1].bottom]])
    return [found.get(at) for at in range(len(marks))]


def _leader(axes: Axes, mark: Box, place: Box) -> None:
    """A thin line from a mark to a label that does not stand beside it."""
    (x, y), radius = mark.centre, (mark.right - mark.left) / 2
    near = min(max(x, place.left), place.right), min(max(y, place.top), place.bottom)
    distance = float(np.hypot(near[0] - x, near[1] - y))
    if distance > radius + 0.1:
        style.lines(axes, [[(x, y), near]], style.colour("light"), linewidths=0.4, zorder=0.9)


def put_at(axes: Axes, mark: Box, place: Box, text: str, *, size: float = 1.0) -> None:
    """A label in the place found for it."""
    _leader(axes, mark, place)
    x, y = place.centre
    labels.put(axes, x, y, text, size=size, ha="center")


def stacked_size(term: str, wording: Wording, *, least: float = 0.0) -> tuple[float, float]:
    """Width and height that `put_stacked` takes."""
    gloss, small = wording.gloss(term), max(least, style.SMALL**2)
    width = max(labels.width_of(term), labels.width_of(gloss, small) if gloss else 0)
    return width + 0.02, labels.line_height() + (labels.line_height(small) if gloss else 0)


def put_stacked(axes: Axes, mark: Box, place: Box, term: str, wording: Wording, *, least: float = 0.0) -> None:
    """A term and its gloss below it, each on a white ground that keeps lines off the letters."""
    _leader(axes, mark, place)
    small = max(least, style.SMALL**2)
    rows = [(place.top + labels.line_height() / 2, term, 1.0, "ink")]
    if gloss := wording.gloss(term):
        rows.append((place.bottom - labels.line_height(small) / 2, gloss, small, "light"))
    for y, text, size, role in rows:
        width, height = labels.width_of(text, size) + 0.02, style.points(size) * 1.05 / 72
        ground = (place.centre[0] - width / 2, y - height / 2, width, height)
        style.boxes(axes, [ground], ["#ffffff"], zorder=0.7)
        labels.put(axes, place.centre[0], y, text, size=size, role=role, ha="center")
