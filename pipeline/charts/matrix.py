"""Regions x regions: where the cells stand, their heads, their shades and numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from pipeline.charts import labels, marks, style
from pipeline.charts.sheets import Sheet
from pipeline.charts.wording import Wording

WIDEST, GAP, NAMES = 0.5, 0.06, 1.8  # inches: a cell at most, between groups, names at most


@dataclass(frozen=True)
class Matrix:
    """Places in inches: the size of a cell, where columns and rows begin, where all ends."""

    order: Sequence[tuple[str, int]]
    names: Sequence[str]
    cell: float
    height: float
    lefts: Sequence[float]
    tops: Sequence[float]

    @property
    def left(self) -> float:
        return self.lefts[0]

    @property
    def top(self) -> float:
        return self.tops[0]

    @property
    def end(self) -> float:
        return self.tops[-1] + self.height


def matrix_of(groups: pd.DataFrame, wording: Wording, sheet: Sheet) -> Matrix:
    """Rows and columns in the order of the leaves, as large as the sheet allows."""
    order = style.leaf_order(groups)
    names = [wording.region(region) for region, _ in order]
    group_of = [group for _, group in order]
    gap = GAP * sheet.width / style.WIDTH
    left = style.MARGIN + min(NAMES * sheet.width / style.WIDTH, labels.widest(names, sheet.names)) + 0.08
    cell = min(WIDEST, (sheet.right - left - gap * style.breaks(group_of)) / len(order))
    height = labels.row_height(cell, len(order))
    top = style.MARGIN + labels.heads_height(names, cell, sheet.smallest)
    lefts, tops = style.offsets(group_of, left, cell, gap), style.offsets(group_of, top, height, gap)
    return Matrix(order, names, cell, height, lefts, tops)


def heads(
    page: Axes,
    matrix: Matrix,
    wording: Wording,
    palette: Sequence[str],
    sheet: Sheet,
    unsure: Collection[str] = (),
) -> None:
    """Names above and left of the cells."""
    labels.column_heads(
        page, matrix.order, matrix.lefts, cell=matrix.cell, bottom=matrix.top, wording=wording, palette=palette,
        unsure=unsure, least=sheet.smallest,
    )  # fmt: skip
    labels.row_heads(
        page, matrix.names, matrix.tops, left=matrix.left, height=matrix.height, size=sheet.names, least=sheet.smallest
    )


def fill(
    page: Axes,
    matrix: Matrix,
    cells: Mapping[tuple[int, int], float],
    shade: Callable[[tuple[int, int], float], str],
    said: Callable[[float], str],
    size: float,
    told: Sequence[marks.Cell],
) -> None:
    """A box in its shade for each (row, column), and in it what is ``said``, unless ``size`` is 0; ``told``: for the page of the report."""
    where = [(matrix.lefts[column], matrix.tops[row], matrix.cell, matrix.height) for row, column in cells]
    crowded = len(cells) > marks.MOST
    fills = [shade(place, round(value, 2) if crowded else value) for place, value in cells.items()]
    # Of very many the lines between them would be most of what one sees.
    edge, width = ("face", 0.3) if crowded else (style.colour("grid"), 0.5)
    style.boxes(page, where, fills, edge=edge, linewidth=width, cells=told)
    for (x, y, *_), ground, value in zip(where, fills, cells.values(), strict=True) if size else ():
        middle = x + matrix.cell / 2, y + matrix.height / 2
        labels.put(page, *middle, said(value), size=size, ha="center", color=style.on(ground))


def told_of(
    matrix: Matrix,
    cells: Iterable[tuple[int, int]],
    below: Mapping[frozenset[str], marks.Cell],
    above: Mapping[frozenset[str], marks.Cell],
) -> list[marks.Cell]:
    """What each (row, column) shows: of the pair of its regions, ``below`` and ``above`` the diagonal."""
    order = matrix.order
    return [(below if row > column else above)[frozenset((order[row][0], order[column][0]))] for row, column in cells]


def ordered(pairs: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    """Rows of pairs as the matrix shows them: by the leaf of the one that stands first, then of the other."""
    leaf = groups.set_index("region")["leaf"]
    ends = pd.DataFrame({side: pairs[f"region_{side}"].map(leaf) for side in "ab"})
    place = pd.DataFrame({"first": ends.min(axis=1), "last": ends.max(axis=1)})
    return pairs.loc[place.sort_values(["first", "last"], kind="stable").index]
