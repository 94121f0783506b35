"""Draw the groups of a large corpus: their size, and how well two halves of a text agree on them: whole_groups.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording, publish, withdraw
from pipeline.cli import run
from pipeline.method import Settings
from pipeline.numbers import number

ROW, BAR = 0.24, 0.13  # inches: a line, and the bar in it
WORDS = 2.6  # inches for number and words of a group, at most
DOT = 0.045
TITLE = 0.3


def figure_of(groups: pd.DataFrame, wording: Wording, settings: Settings) -> Figure:
    """A line for each group: its words, the share of the units, the agreement of the halves; hollow where it does not hold."""
    palette, least = settings.charts.palette, settings.scale.kappa
    names = [f"{group} {label}" for group, label in zip(groups["group"], groups["label"], strict=True)]
    left = style.MARGIN + min(WORDS, labels.widest(names)) + 0.1
    room = style.WIDTH - style.MARGIN - left
    bars, gap = 0.5 * room, 0.25
    dots = room - bars - gap
    longest = bars - labels.widest(["100.0%"], style.SMALL) - 0.08
    top = style.MARGIN + TITLE
    end = top + ROW * len(groups)
    figure, page = style.page(style.WIDTH, end + 0.28 + 2 * labels.line_height() + style.MARGIN)
    shades = [style.group_colour(int(group), palette) for group in groups["group"]]
    tops = [top + ROW * at + (ROW - BAR) / 2 for at in range(len(groups))]
    scale = longest / groups["share"].max()
    drawn = [(left, y, scale * share, BAR) for y, share in zip(tops, groups["share"], strict=True)]
    told = marks.cells_of(groups, "whole_groups", ("group",), "share", "share1")
    style.group_marks(page, drawn, shades, groups["holds"].tolist(), cells=told)
    begin = left + bars + gap
    across = [begin + dots * min(1.0, max(0.0, kappa)) for kappa in groups["kappa"]]
    for value in (0.0, 0.5, 1.0):
        style.lines(
            page, [[(begin + dots * value, top), (begin + dots * value, end)]], style.colour("grid"), linewidths=0.6
        )
        labels.put(page, begin + dots * value, end + 0.1, f"{value:g}", size=style.SMALL, role="light", ha="center")
    style.lines(
        page, [[(begin + dots * least, top), (begin + dots * least, end)]], style.colour("light"), linewidths=0.8
    )
    for name, y, share, kappa, x, shade, holds in zip(
        names, tops, groups["share"], groups["kappa"], across, shades, groups["holds"], strict=True
    ):
        middle = y + BAR / 2
        labels.put(page, left - 0.1, middle, name, size=labels.fitted(name, left - 0.1 - style.MARGIN), ha="right")
        labels.put(page, left + scale * share + 0.06, middle, f"{100 * share:.1f}%", size=style.SMALL, role="light")
        fill = style.fill_of(shade, sure=bool(holds))
        (dot,) = page.plot(x, middle, "o", color=fill, markeredgecolor=shade, markersize=DOT * 2 * 72, mew=style.EDGE)
        marks.tell(dot, marks.Cell("whole_groups", (name.split(" ", 1)[0],), "kappa", number(kappa, "2")))
        beside = x + 0.1 if kappa < 0.8 else x - 0.1
        labels.put(page, beside, middle, f"{kappa:.2f}", size=style.SMALL, ha="left" if kappa < 0.8 else "right")
    for x, key in ((left, "whole_share"), (begin, "whole_kappa")):
        said = wording.say(key)
        labels.put(page, x, style.MARGIN + 0.1, said, size=labels.fitted(said, (bars if x == left else dots) + 0.05))
    y = end + 0.28
    note = wording.say("whole_least", least=f"{least:g}")
    labels.put(page, left, y, note, size=labels.fitted(note, room, style.SMALL), role="light")
    y += labels.line_height()
    note = wording.say("whole_hollow", jaccard=f"{settings.verdict.jaccard:g}", least=f"{least:g}")
    labels.put(page, left, y, note, size=labels.fitted(note, room, style.SMALL), role="light")
    return figure


def main(
    whole_groups_csv: Path,
    *look: Path,
) -> None:
    groups = tables.read(whole_groups_csv, tables.WHOLE_GROUPS)
    if groups.empty:
        withdraw(look)
    else:
        publish(lambda wording, settings: figure_of(groups, wording, settings), look)


if __name__ == "__main__":
    run(main)
