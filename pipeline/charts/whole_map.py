"""Draw units of a large corpus as points, coloured by group: whole_map.csv, whole_groups.csv -> SVG and PNG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import keys, marks, style
from pipeline.charts.behind import Behind, behind
from pipeline.charts.sheets import DOUBLE, Sheet
from pipeline.charts.wording import Publish, Wording, publish, withdraw
from pipeline.cli import run
from pipeline.method import ChartsSettings

MARK = 0.035  # inches across
SHAPES = "o^sD"
HEIGHT = 4.2
KEY = 2.3  # inches for the words of the groups


def shape_of(group: int, palette: Sequence[str]) -> str:
    """The mark of a group: another one when the colours begin again."""
    return SHAPES[(group - 1) // len(palette) % len(SHAPES)]


def _shape(group: int, palette: Sequence[str]) -> keys.Mark:
    def mark(page: Axes, x: float, y: float) -> None:
        shade = style.group_colour(group, palette)
        page.plot(x + 0.05, y, shape_of(group, palette), color=shade, markersize=0.08 * 72, mew=0)

    return mark


def figure_of(
    points: pd.DataFrame,
    groups: pd.DataFrame,
    wording: Wording,
    settings: ChartsSettings,
    sheet: Sheet = DOUBLE,
) -> Figure:
    """One mark for each drawn unit; the groups beside the plane, in one column of a page below it."""
    left, top, bottom, palette = 0.3, 0.1, 0.4, settings.palette
    aside = 0.0 if sheet.narrow else KEY + 0.2
    width, high = sheet.right - aside - left, 3.1 if sheet.narrow else HEIGHT
    named = [
        (int(group), f"{group} {label} ({100 * share:.0f}%)")
        for group, label, share in zip(groups["group"], groups["label"], groups["share"], strict=True)
    ]
    note = wording.say("whole_points", count=f"{len(points):,}")
    key = [keys.Line(text, _shape(group, palette)) for group, text in named] + [keys.Line(note)]
    room = sheet.room if sheet.narrow else KEY
    tall = keys.height_of(key, room)
    end = top + high + bottom + tall if sheet.narrow else top + max(high + bottom, tall)
    figure, page = style.page(sheet.width, end + style.MARGIN)
    axes = style.panel(figure, left, top, width, high)
    axes.set(xticks=[], yticks=[], xlabel=wording.say("whole_axis_1"), ylabel=wording.say("whole_axis_2"))
    for group, own in points.groupby("group"):
        shade, shape = style.group_colour(int(group), palette), shape_of(int(group), palette)
        drawn = axes.scatter(own["x"], own["y"], s=(MARK * 72) ** 2, c=shade, marker=shape, alpha=0.7, linewidths=0)
        marks.tell(drawn, *marks.cells_of(own, "whole_map", ("unit",), "group", "int"))
    x, y = (style.MARGIN, top + high + bottom) if sheet.narrow else (sheet.right - KEY, top)
    keys.put(page, x, y, key, room)
    return figure


def numbers_of(points: pd.DataFrame) -> Behind:
    """Every mark."""
    columns = ["unit", "group", "x", "y"]
    return behind(points[columns], "one unit drawn at random", columns[:1], tables.WHOLE_MAP)


def main(
    whole_map_csv: Path,
    whole_groups_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    points = tables.read(whole_map_csv, tables.WHOLE_MAP)
    groups = tables.read(whole_groups_csv, tables.WHOLE_GROUPS)
    if points.empty or groups.empty:
        withdraw(look)
        return
    publish(
        lambda wording, settings, sheet: figure_of(points, groups, wording, settings.charts, sheet),
        lambda _: numbers_of(points),
        look,
    )


if __name__ == "__main__":
    run(main)
