"""Draw the tree of the regions: dendrogram.csv, clusters.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, style
from pipeline.charts.wording import Wording, publish
from pipeline.cli import run
from pipeline.method import ChartsSettings

ROW = 0.23  # inches from leaf to leaf

Branch = tuple[list[tuple[float, float]], int]


def branches_of(dendrogram: pd.DataFrame, clusters: pd.DataFrame) -> list[Branch]:
    """One bracket per merge as (distance, leaf) points, with its group; 0 where groups are joined."""
    nodes = [(0.0, float(leaf), int(group)) for leaf, group in zip(clusters["leaf"], clusters["cluster"], strict=True)]
    found: list[Branch] = []
    for left, right, height in zip(dendrogram["left"], dendrogram["right"], dendrogram["height"], strict=True):
        (start, low, one), (end, high, other) = nodes[left], nodes[right]
        group = one if one == other else 0
        found.append(([(start, low), (height, low), (height, high), (end, high)], group))
        nodes.append((height, (low + high) / 2, group))
    return found


def cut_of(dendrogram: pd.DataFrame, groups: int) -> float:
    """The distance halfway between the last merge within the groups and the first among them."""
    heights = [0.0, *sorted(dendrogram["height"])]
    at = len(heights) - groups
    return (heights[at] + heights[at + 1]) / 2 if 0 <= at < len(heights) - 1 else heights[-1]


def figure_of(dendrogram: pd.DataFrame, clusters: pd.DataFrame, wording: Wording, settings: ChartsSettings) -> Figure:
    """Regions on the left, distance from 0 to 1 to the right: how late they merge is part of the picture."""
    order, groups = style.leaf_order(clusters), style.groups_of(clusters)
    names = [wording.region(region) for region, _ in order]
    left = style.MARGIN + min(2.0, labels.widest(names)) + 0.12
    told = {
        group: [wording.say("group", number=group), *(terms if wording.glossary else ["·".join(terms)])]
        for group, terms in groups.items()
    }
    side = min(1.7, max(labels.term_width(line, wording) for lines in told.values() for line in lines))
    top, height = 0.3, ROW * len(order)
    figure, page = style.page(style.WIDTH, top + height + 0.55)
    axes = style.panel(figure, left, top, style.WIDTH - style.MARGIN - side - 0.2 - left, height)
    axes.set(xlim=(0, max(1.0, dendrogram["height"].max())), ylim=(len(order) + 0.5, 0.5), yticks=[])
    axes.set_xlabel(wording.say("dendrogram_axis"))
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_axisbelow(True)

    grey = style.colour("light")
    branches = branches_of(dendrogram, clusters)
    shades = [style.group_colour(group, settings.palette) if group else grey for _, group in branches]
    # a region alone has no branch of its own: its stem up to the first merge takes its colour
    alone = {group for group in groups if sum(other == group for _, other in order) == 1}
    style.lines(axes, [path for path, _ in branches], shades, clip_on=False)
    for path, group in branches:
        for stem in (path[:2], path[:1:-1]):
            place = order[round(stem[0][1]) - 1][1]
            if not group and stem[0][0] == 0 and place in alone:
                style.lines(axes, [stem], style.group_colour(place, settings.palette), clip_on=False)
    cut = cut_of(dendrogram, len(groups))
    axes.axvline(cut, color=style.colour("ink"), linewidth=0.7, dashes=(4, 3))
    across, _ = axes.transData.transform((cut, 0)) / figure.dpi
    note = wording.say("dendrogram_cut", groups=len(groups))
    labels.put(page, across, top - 0.13, note, size=style.SMALL, ha="right" if across > style.WIDTH / 2 else "left")

    for at, (name, (_, group)) in enumerate(zip(names, order, strict=True)):
        middle = top + ROW * (at + 0.5)
        size = labels.fitted(name, left - 0.12 - style.MARGIN)
        labels.put(page, left - 0.1, middle, name, size=size, ha="right")
        style.boxes(page, [(left - 0.06, middle - 0.04, 0.04, 0.08)], [style.group_colour(group, settings.palette)])
    x = style.WIDTH - style.MARGIN - side
    for group, lines in told.items():
        rows = [at for at, (_, other) in enumerate(order) if other == group]
        first, last = top + ROW * rows[0], top + ROW * (rows[-1] + 1)
        shade = style.group_colour(group, settings.palette)
        style.lines(page, [[(x - 0.08, first + 0.03), (x - 0.08, last - 0.03)]], shade, linewidths=1.6)
        step = labels.line_height()
        shown = lines if len(lines) * step <= last - first else lines[:1]
        y = (first + last) / 2 - step * (len(shown) - 1) / 2
        labels.put(page, x, y, shown[0], size=labels.fitted(shown[0], side))
        for at, term in enumerate(shown[1:], 1):
            labels.put_term(page, x, y + at * step, term, wording, size=style.SMALL, width=side)
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
