"""Draw the tree of the regions: dendrogram.csv, clusters.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording, publish
from pipeline.cli import run
from pipeline.method import ChartsSettings

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


def figure_of(dendrogram: pd.DataFrame, clusters: pd.DataFrame, wording: Wording, settings: ChartsSettings) -> Figure:
    """Regions on the left, distance from 0 to 1 to the right: how late they merge is part of the picture.

    The order is the tree's own. Groups are not cut from this tree: a branch has
    the colour of a group where all its regions belong to it.
    """
    if dendrogram.empty:
        return labels.told(wording.say("pairs_none"))
    order = clusters.iloc[order_of(dendrogram, len(clusters))]
    groups, unsure = style.groups_of(clusters), style.unsure_of(clusters)
    merges = merges_of(dendrogram, [int(group) for group in clusters["cluster"]])
    names = [wording.region(str(region)) for region in order["region"]]
    note = wording.say("mark_unsure") if unsure else ""
    told = [term for terms in groups.values() for term in (terms if wording.glossary else ["·".join(terms)])]
    widths = [labels.term_width(term, wording, style.SMALL) for term in told]
    widths += [labels.width_of(wording.say("group", number=group)) for group in groups]
    side = min(1.45, 0.17 + max(*widths, labels.width_of(note, style.SMALL)))
    key = labels.group_key_height(groups, wording) + (0.1 + labels.unsure_key_height(note, side) if note else 0)
    left = style.MARGIN + min(2.0, labels.widest(names)) + 0.14
    row = min(ROW, max(LOWEST, PAGE / len(order)))
    top, height = 0.3, row * len(order)
    width = style.WIDTH - style.MARGIN - side - 0.2 - left
    # the last merge joins all regions in every tree: it needs no number
    numbers = [(merge, f"{100 * merge.support:.0f}") for merge in merges[:-1]]
    # where regions merge at once, the numbers stand before the axis
    taken = [labels.width_of(number, style.SMALL) + 2 * AWAY - merge.node.height * width for merge, number in numbers]
    before = max([0.0, *taken])
    figure, page = style.page(style.WIDTH, max(top + height + 0.55, top + key + style.MARGIN))
    axes = style.panel(figure, left + before, top, width - before, height)
    axes.set(xlim=(0, max(1.0, dendrogram["height"].max())), ylim=(len(order) + 0.5, 0.5), yticks=[])
    axes.set_xlabel(wording.say("dendrogram_axis"))
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_axisbelow(True)

    _tree(axes, merges, settings.palette)
    look = {"ha": "right", "bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.8}}  # keeps the grid off
    for merge, number in numbers:
        across, up = axes.transData.transform((merge.node.height, merge.between)) / figure.dpi
        labels.put(page, across - AWAY, figure.get_figheight() - up, number, size=style.SMALL, role="light", **look)
    if numbers:
        text = wording.say("dendrogram_support")
        room = style.WIDTH - style.MARGIN - left
        labels.put(page, left, 0.13, text, size=labels.fitted(text, room, style.SMALL))

    supports = marks.cells_of(order, "clusters", ("region",), "support", "share")
    for at, (name, region, group) in enumerate(zip(names, order["region"], order["cluster"], strict=True)):
        middle = top + row * (at + 0.5)
        size = labels.fitted(name, left - 0.14 - style.MARGIN, min(1.0, row * 72 / style.points(1.1)))
        labels.put(page, left - 0.13, middle, name, size=size, ha="right")
        mark = (left - 0.095, middle - MARK / 2, MARK, MARK)
        shade, own = style.group_colour(int(group), settings.palette), supports[at]
        style.group_marks(page, [mark], [shade], [region not in unsure], cells=[own])
    x = style.WIDTH - style.MARGIN - side
    y = labels.group_key(page, x, top, groups, wording, settings.palette, width=side) + 0.1
    if note:
        labels.unsure_key(page, x, y, note, width=side)
    return figure


def main(
    dendrogram_csv: Path,
    clusters_csv: Path,
    documents_csv: Path,
    *look: Path,
) -> None:
    dendrogram = tables.read(dendrogram_csv, tables.DENDROGRAM)
    clusters = tables.read(clusters_csv, tables.CLUSTERS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(lambda wording, settings: figure_of(dendrogram, clusters, wording, settings.charts), look, documents)


if __name__ == "__main__":
    run(main)
