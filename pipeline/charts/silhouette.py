"""Draw how well each number of groups fits: cluster_choice.csv -> SVG and PNG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.behind import Behind, behind
from pipeline.charts.placing import Box
from pipeline.charts.sheets import DOUBLE, SINGLE, Sheet
from pipeline.charts.wording import Publish, Wording, publish
from pipeline.cli import run
from pipeline.method import Settings
from pipeline.numbers import number


def _free(x: float, ys: Sequence[float], width: float, taken: Sequence[Box]) -> float:
    """The first of the ``ys`` at which a line of words centred on ``x`` touches nothing."""
    tall = labels.line_height(style.SMALL)
    boxes = [(y, Box.around(x, y, width, tall)) for y in ys]
    free = (y for y, box in boxes if not any(box.touches(other) for other in taken))
    return next(free, ys[-1])


def figure_of(choice: pd.DataFrame, wording: Wording, settings: Settings, sheet: Sheet = DOUBLE) -> Figure:
    """The mean silhouette on its whole scale up to 1, so that nearness to 0 shows; one column wide on any sheet."""
    bound, mark, width_of = settings.cluster.silhouette_none, style.colour("mark"), labels.width_of
    first, last = int(choice["k"].min()), int(choice["k"].max())
    lowest = min(0.0, float(choice["silhouette"].min()))
    left, top, bottom, height = 0.48, 0.1, 0.42, 1.9
    width = SINGLE.right - left
    figure, page = style.page(SINGLE.width, top + height + bottom)
    axes = style.panel(figure, left, top, width, height)
    axes.set(xlim=(first - 0.5, last + 0.5), ylim=(lowest - (0.1 if lowest < 0 else 0), 1))
    axes.set(xlabel=wording.say("silhouette_x"), ylabel=wording.say("silhouette_y"))
    step = -(-(last - first + 1) // 10)
    axes.set_xticks(range(first, last + 1, step))
    axes.grid(axis="y")
    axes.set_axisbelow(True)
    axes.axhspan(axes.get_ylim()[0], bound, color=style.colour("grid"), alpha=0.45, linewidth=0, zorder=0)
    axes.plot(choice["k"], choice["silhouette"], color=style.colour("line"))

    def place(k: float, value: float) -> tuple[float, float]:
        across, up = axes.transData.transform((k, value)) / figure.dpi
        return float(across), figure.get_figheight() - float(up)

    # every value where there is room, always that of the chosen k
    anchor = int(choice.loc[choice["chosen"], "k"].iloc[0])
    taken = []
    for k, value, chosen in zip(choice["k"], choice["silhouette"], choice["chosen"], strict=True):
        (dot,) = axes.plot(
            k, value, "o", color=mark if chosen else "white", markeredgecolor=mark, markersize=4, mew=0.9,
            clip_on=False, zorder=3,
        )  # fmt: skip
        marks.tell(dot, marks.Cell("cluster_choice", (str(k),), "silhouette", number(value, "3")))
        x, y = place(k, value)
        taken.append(Box.around(x, y, 0.12, 0.12))
        if (k - anchor) % step == 0:
            shown, role = f"{value:.3f}", "ink" if chosen else "light"
            labels.put(page, x, y - 0.1, shown, size=style.SMALL, role=role, ha="center")
            taken.append(Box.around(x, y - 0.1, width_of(shown, style.SMALL), labels.line_height(style.SMALL)))

    # what they mean stands beside them: in or above the band, and over the number that was chosen
    note = wording.say("silhouette_none", bound=f"{bound:g}")
    wide = width_of(note, style.SMALL)
    edge = place(first, bound)[1]
    y = _free(left + 0.06 + wide / 2, [edge - 0.08, edge - 0.3, top + 0.1], wide, taken)
    labels.put(page, left + 0.06, y, note, size=style.SMALL, role="light")
    taken.append(Box.around(left + 0.06 + wide / 2, y, wide, 0.13))
    text = wording.say("silhouette_chosen")
    x, y = place(anchor, float(choice.loc[choice["chosen"], "silhouette"].iloc[0]))
    wide = width_of(text, style.SMALL)
    middle = min(max(x, left + wide / 2 + 0.03), SINGLE.right - wide / 2)
    ups = [y - 0.24 - 0.06 * at for at in range(int((y - 0.24 - top) / 0.06))] or [y + 0.12]
    free = _free(middle, ups, wide, taken)
    style.lines(page, [[(x, y - 0.17), (x, free + 0.07)]], style.colour("light"), linewidths=0.5)
    labels.put(page, middle, free, text, size=style.SMALL, ha="center")
    return figure


def numbers_of(choice: pd.DataFrame) -> Behind:
    """The silhouette of every number of groups."""
    return behind(choice[["k", "silhouette", "chosen"]], "one number of groups", ("k",), tables.CLUSTER_CHOICE)


def main(
    cluster_choice_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    cluster_choice = tables.read(cluster_choice_csv, tables.CLUSTER_CHOICE)
    publish(
        lambda wording, settings, sheet: figure_of(cluster_choice, wording, settings, sheet),
        lambda _: numbers_of(cluster_choice),
        look,
    )


if __name__ == "__main__":
    run(main)
