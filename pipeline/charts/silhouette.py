"""Draw how well each number of groups fits: cluster_choice.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording, publish
from pipeline.cli import run
from pipeline.method import Settings
from pipeline.numbers import number


def figure_of(choice: pd.DataFrame, wording: Wording, settings: Settings) -> Figure:
    """The mean silhouette on its whole scale up to 1, so that nearness to 0 shows."""
    bound, mark = settings.cluster.silhouette_none, style.colour("mark")
    first, last = int(choice["k"].min()), int(choice["k"].max())
    lowest = min(0.0, float(choice["silhouette"].min()))
    left, top, bottom, height = 0.48, 0.42, 0.42, 1.9
    width = style.NARROW - style.MARGIN - left
    figure, page = style.page(style.NARROW, top + height + bottom)
    axes = style.panel(figure, left, top, width, height)
    axes.set(xlim=(first - 0.5, last + 0.5), ylim=(lowest - (0.1 if lowest < 0 else 0), 1))
    axes.set(xlabel=wording.say("silhouette_x"), ylabel=wording.say("silhouette_y"))
    step = -(-(last - first + 1) // 10)
    axes.set_xticks(range(first, last + 1, step))
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    axes.axhspan(axes.get_ylim()[0], bound, color=style.colour("grid"), alpha=0.45, linewidth=0, zorder=0)
    axes.plot(choice["k"], choice["silhouette"], color=style.colour("line"))
    # every value where there is room, always that of the chosen k
    anchor = int(choice.loc[choice["chosen"], "k"].iloc[0])
    for k, value, chosen in zip(choice["k"], choice["silhouette"], choice["chosen"], strict=True):
        (dot,) = axes.plot(
            k, value, "o", color=mark if chosen else "white", markeredgecolor=mark, markersize=4, mew=0.9
        )
        marks.tell(dot, marks.Cell("cluster_choice", (str(k),), "silhouette", number(value, "3")))
        if (k - anchor) % step == 0:
            across, up = axes.transData.transform((k, value)) / figure.dpi
            above = top + height + bottom - up - 0.1
            role = "ink" if chosen else "light"
            labels.put(page, across, above, f"{value:.3f}", size=style.SMALL, role=role, ha="center")

    note = wording.say("silhouette_none", bound=f"{bound:g}")
    style.boxes(page, [(left, 0.07, 0.16, 0.09)], [style.blend(style.colour("grid"), 0.45)])
    labels.put(page, left + 0.22, 0.115, note, size=style.SMALL, role="light")
    page.plot(left + 0.08, 0.285, "o", color=mark, markersize=4)
    labels.put(page, left + 0.22, 0.285, wording.say("silhouette_chosen"), size=style.SMALL, role="light")
    return figure


def main(
    cluster_choice_csv: Path,
    *look: Path,
) -> None:
    choice = tables.read(cluster_choice_csv, tables.CLUSTER_CHOICE)
    publish(lambda wording, settings: figure_of(choice, wording, settings), look)


if __name__ == "__main__":
    run(main)
