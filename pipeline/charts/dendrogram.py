"""Draw the tree of the regions: dendrogram.csv, clusters.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import keys, labels, marks, style
from pipeline.charts.behind import Behind, behind
from pipeline.charts.sheets import DOUBLE, Sheet
from pipeline.charts.wording import Publish, Wording, publish
from pipeline.cli import run
from pipeline.method import ChartsSettings
from pipeline.tables import Column

ROW, LOWEST = 0.23, 0.12  # inches from leaf to leaf
PAGE = 10.0  # inches: what the leaves take of a page before they move together
MARK = 0.075  # of a region's group
AWAY = 0.035  # from a merge to its number


@dataclass(frozen=True)
class Node:
    """A region or a merge: its distance, the middle, first and last of its leaves' places, and its group; 0: several."""

    height: float
    middle: float
    first: int
    last: int
    group: int


@dataclass(frozen=True)
class Merge:
    """Two nodes and the node they become; ``support``: share of the resampled trees that have it."""

    low: Node
    high: Node
    node: Node
    support: float

    @property
    def between(self) -> float:
        """Where its number stands: between the last leaf of one side and the first of the other.

        Of all merges only this one and those farther right pass there, so that
        left of its line the space is free.
        """
        return self.low.last + 0.5


def order_of(dendrogram: pd.DataFrame, leaves: int) -> list[int]:
    """Regions, numbered in corpus order, from the first leaf to the last: the left node before the right."""
    nodes = [[leaf] for leaf in range(leaves)]
    for left, right in zip(dendrogram["left"], dendrogram["right"], strict=True):
        nodes.append(nodes[left] + nodes[right])
    return nodes[-1]


def merges_of(dendrogram: pd.DataFrame, groups: Sequence[int]) -> list[Merge]:
    """The merges in their order; ``groups``: of the regions in corpus order. Leaves stand at 1, 2, 3 …"""
    place = {leaf: at for at, leaf in enumerate(order_of(dendrogram, len(groups)), 1)}
    nodes = [Node(0.0, place[leaf], place[leaf], place[leaf], group) for leaf, group in enumerate(groups)]
    found: list[Merge] = []
    for left, right, height, support in zip(
        *(dendrogram[name] for name in ("left", "right", "height", "support")), strict=True
    ):
        low, high = nodes[left], nodes[right]
        group = low.group if low.group == high.group else 0
        nodes.append(Node(height, (low.middle + high.middle) / 2, low.first, high.last, group))
        found.append(Merge(low, high, nodes[-1], support))
    return found


def _tree(axes: Axes, merges: Sequence[Merge], palette: Sequence[str]) -> None:
    """From both nodes of a merge a line to its distance, and a line that joins them; each in the colour of its group."""
    paths, groups = [], []
    for merge in merges:
        reach, low, high = merge.node.height, merge.low, merge.high
        paths += [[(node.height, node.middle), (reach, node.middle)] for node in (low, high)]
        paths.append([(reach, low.middle), (reach, high.middle)])
        groups += [low.group, high.group, merge.node.group]
    shades = [style.group_colour(group, palette) if group else style.colour("light") for group in groups]
    style.lines(axes, paths, shades, capstyle="projecting", clip_on=False)


def figure_of(
    dendrogram: pd.DataFrame,
    clusters: pd.DataFrame,
    wording: Wording,
    settings: ChartsSettings,
    sheet: Sheet = DOUBLE,
) -> Figure:
    """Regions on the left, distance from 0 to 1 to the right: how late they merge is part of the picture.

    The order is the tree's own. Groups are not cut from this tree: a branch has
    the colour of a group where all its regions belong to it.
    """
    if dendrogram.empty:
        return labels.told(wording.say("pairs_none"), sheet)
    order = clusters.iloc[order_of(dendrogram, len(clusters))]
    groups, unsure = style.groups_of(clusters), style.unsure_of(clusters)
    merges = merges_of(dendrogram, [int(group) for group in clusters["cluster"]])
    names = [wording.region(str(region)) for region in order["region"]]
    key = keys.Side(groups, wording, settings.palette, sheet, unsure=bool(unsure))
    left = style.MARGIN + min(1.0 if sheet.narrow else 2.0, labels.widest(names, sheet.names)) + 0.14
    row = min(ROW, max(LOWEST, PAGE / len(order)))
    # the last merge joins all regions in every tree: it needs no number
    numbers = [(merge, f"{100 * merge.support:.0f}") for merge in merges[:-1]]
    notes = [keys.Line(wording.say("dendrogram_support"))] if numbers else []
    room = sheet.right - left if not sheet.narrow else sheet.room
    top, height = style.MARGIN + keys.height_of(notes, room) + 0.08, row * len(order)
    width = sheet.right - (key.aside or 0.06) - left
    # where regions merge at once, the numbers stand before the axis
    taken = [labels.width_of(number, style.SMALL) + 2 * AWAY - merge.node.height * width for merge, number in numbers]
    before = max([0.0, *taken])
    caption = labels.in_lines(wording.say("dendrogram_axis"), width)
    end = top + height + 0.25 + labels.line_height() * len(caption)
    figure, page = style.page(sheet.width, key.height(end, top))
    axes = style.panel(figure, left + before, top, width - before, height)
    axes.set(xlim=(0, max(1.0, dendrogram["height"].max())), ylim=(len(order) + 0.5, 0.5), yticks=[])
    axes.set_xlabel("\n".join(caption))
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_axisbelow(True)

    _tree(axes, merges, settings.palette)
    look = {"ha": "right", "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.8}}  # keeps the grid off
    for merge, number in numbers:
        across, up = axes.transData.transform((merge.node.height, merge.between)) / figure.dpi
        labels.put(page, across - AWAY, figure.get_figheight() - up, number, size=style.SMALL, role="light", **look)
    keys.put(page, style.MARGIN if sheet.narrow else left, style.MARGIN, notes, room)

    supports = marks.cells_of(order, "clusters", ("region",), "cluster", "int")
    for at, (name, region, group) in enumerate(zip(names, order["region"], order["cluster"], strict=True)):
        middle = top + row * (at + 0.5)
        size = max(sheet.smallest, min(sheet.names, row * 72 / style.points(1.1)))
        width = left - 0.14 - style.MARGIN
        labels.put_within(page, left - 0.13, middle, name, width, least=sheet.smallest, size=size, ha="right")
        mark = (left - 0.095, middle - MARK / 2, MARK, MARK)
        shade = style.group_colour(int(group), settings.palette)
        style.group_marks(page, [mark], [shade], [region not in unsure], cells=[supports[at]])
    key.put(page, end, top)
    return figure


def numbers_of(dendrogram: pd.DataFrame, clusters: pd.DataFrame) -> Behind:
    """Every merge with the regions on both sides, in the order of the tree."""
    regions = [[at] for at in range(len(clusters))]
    names = clusters["region"].tolist()
    sides: dict[str, list[str]] = {"regions_left": [], "regions_right": []}
    for nodes in zip(dendrogram["left"], dendrogram["right"], strict=True):
        for side, node in zip(sides, nodes, strict=True):
            sides[side].append("·".join(names[at] for at in regions[node]))
        regions.append([at for node in nodes for at in regions[node]])
    own = [Column(side, "text", f"regions of the node, joined by ·; {side[8:]} in the tree: nearer its {end}")
           for side, end in zip(sides, ("top", "end"), strict=True)]  # fmt: skip
    shown = dendrogram[["step", "height", "support"]].assign(**sides)
    return behind(
        shown[["step", *sides, "height", "support"]], "one merge of two groups", ("step",), tables.DENDROGRAM, own=own
    )


def main(
    dendrogram_csv: Path,
    clusters_csv: Path,
    documents_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    dendrogram = tables.read(dendrogram_csv, tables.DENDROGRAM)
    clusters = tables.read(clusters_csv, tables.CLUSTERS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(
        lambda wording, settings, sheet: figure_of(dendrogram, clusters, wording, settings.charts, sheet),
        lambda _: numbers_of(dendrogram, clusters),
        look,
        documents,
    )


if __name__ == "__main__":
    run(main)
