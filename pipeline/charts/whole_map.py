"""Draw units of a large corpus as points, coloured by group: whole_map.csv, whole_groups.csv -> SVG and PNG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording, publish, withdraw
from pipeline.cli import run
from pipeline.method import ChartsSettings

MARK = 0.035  # inches across
SHAPES = "o^sD"
HEIGHT = 4.2
KEY = 2.3  # inches for the words of the groups


def shape_of(group: int, palette: Sequence[str]) -> str:
    """The mark of a group: another one when the colours begin again."""
    return SHAPES[(group - 1) // len(palette) % len(SHAPES)]


def figure_of(points: pd.DataFrame, groups: pd.DataFrame, wording: Wording, settings: ChartsSettings) -> Figure:
    """One mark for each drawn unit."""
    left, top, bottom = 0.3, 0.1, 0.4
    width = style.WIDTH - style.MARGIN - KEY - 0.2 - left
    figure, page = style.page(style.WIDTH, top + HEIGHT + bottom)
    axes = style.panel(figure, left, top, width, HEIGHT)
    axes.set(xticks=[], yticks=[], xlabel=wording.say("whole_axis_1"), ylabel=wording.say("whole_axis_2"))
    for group, own in points.groupby("group"):
        shade, shape = style.group_colour(int(group), settings.palette), shape_of(int(group), settings.palette)
        drawn = axes.scatter(own["x"], own["y"], s=(MARK * 72) ** 2, c=shade, marker=shape, alpha=0.7, linewidths=0)
        marks.tell(drawn, *marks.cells_of(own, "whole_map", ("unit",), "group", "int"))
    x = style.WIDTH - style.MARGIN - KEY
    for at, (group, label, share) in enumerate(zip(groups["group"], groups["label"], groups["share"], strict=True)):
        y = top + 0.15 + 0.24 * at
        shade = style.group_colour(int(group), settings.palette)
        page.plot(x + 0.05, y, shape_of(int(group), settings.palette), color=shade, markersize=0.08 * 72, mew=0)
        text = f"{group} {label} ({100 * share:.0f}%)"
        labels.put(page, x + 0.16, y, text, size=labels.fitted(text, KEY - 0.16, style.SMALL))
    note = wording.say("whole_points", count=f"{len(points):,}")
    labels.put(
        page,
        style.WIDTH - style.MARGIN,
        top + HEIGHT + 0.2,
        note,
        size=labels.fitted(note, KEY, style.SMALL),
        role="light",
        ha="right",
    )
    return figure


def main(
    whole_map_csv: Path,
    whole_groups_csv: Path,
    *look: Path,
) -> None:
    points = tables.read(whole_map_csv, tables.WHOLE_MAP)
    groups = tables.read(whole_groups_csv, tables.WHOLE_GROUPS)
    if points.empty or groups.empty:
        withdraw(look)
    else:
        publish(lambda wording, settings: figure_of(points, groups, wording, settings.charts), look)


if __name__ == "__main__":
    run(main)
