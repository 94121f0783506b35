"""Draw how well shuffled corpora fall into groups, beside the real one: null_distribution.csv, structure.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.behind import Behind, behind
from pipeline.charts.sheets import DOUBLE, Sheet
from pipeline.charts.wording import Publish, Wording, publish
from pipeline.cli import run
from pipeline.numbers import number
from pipeline.tables import Column

VIEWS = {"words": "null_words", "characters": "null_characters"}  # column -> its name in the strings
BINS = 50  # about so many bars across the scale
PALE = 0.4
LEFT, GAP, TOP, HEIGHT, BOTTOM = 0.5, 0.3, 0.6, 1.4, 0.42  # inches
SAID = 0.32  # inches above the bars for what the lines are
SAMPLE = 0.16  # inches: a bar in the key


def bars_of(draws: pd.Series, observed: float, step: float) -> tuple[np.ndarray, np.ndarray]:
    """Edges and counts of bars ``step`` wide, one of whose edges is the observed value: none holds draws of both sides."""
    first = int(np.floor((draws.min() - observed) / step))
    last = int(np.floor((draws.max() - observed) / step)) + 1
    edges = observed + step * np.arange(first, last + 1)
    return edges, np.histogram(draws, edges)[0]


def _said(page: Axes, axes: Axes, ends: tuple[float, float], top: float, row: Any, wording: Wording) -> None:
    """Over the lines what they are: the observed value and the 95th percentile, the left one on top."""
    figure, (left, right) = axes.figure, ends
    named = [
        (float(row.silhouette), "null_observed", "ink", "solid"),
        (float(row.null_high), "null_high", "light", (0, (2, 1.5))),
    ]
    for at, (value, key, role, dashes) in enumerate(sorted(named, key=lambda mark: mark[0])):
        x = float(axes.transData.transform((value, 0))[0]) / figure.dpi
        y = top - SAID + labels.line_height() * (at + 0.5)
        text = wording.say(key, value=f"{value:.3f}")
        wide = labels.width_of(text, style.SMALL)
        style.lines(page, [[(x, y), (x, top)]], style.colour(role), linewidths=0.9, linestyles=[dashes])
        start = max(left, min(x + 0.05, right - wide))
        ground = {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.8}} if start < x else {}
        labels.put(page, start, y, text, size=style.SMALL, role=role, **ground)


def _head(page: Axes, ends: tuple[float, float], top: float, name: str, row: Any, wording: Wording) -> None:
    """What is counted, and the share of the draws that reach the observed value, beside a dark bar."""
    (left, right), y = ends, top - SAID - 0.12
    labels.put(page, left, y, name, size=style.LARGE)
    text = wording.say("null_p", p=labels.probability(row.p))
    size = labels.fitted(text, right - left - labels.width_of(name, style.LARGE) - SAMPLE - 0.2, style.SMALL)
    labels.put(page, right, y, text, size=size, ha="right")
    start = right - labels.width_of(text, size) - 0.06 - SAMPLE
    style.boxes(page, [(start, y - 0.045, SAMPLE, 0.09)], [style.colour("mark")])


def _scales(null_distribution: pd.DataFrame, structure: pd.DataFrame) -> tuple[dict[str, Any], list[float], float]:
    """The test of each view, all values that are drawn, and the width of a bar."""
    tests = {row.view: row for row in structure[structure["k"] == 0].itertuples()}
    values = [*null_distribution[list(VIEWS)].to_numpy().ravel(), *(row.silhouette for row in tests.values())]
    ends_of = MaxNLocator(BINS, steps=[1, 2, 2.5, 5, 10]).tick_values(min(values), max(values))
    return tests, values, float(ends_of[1] - ends_of[0])


def figure_of(
    null_distribution: pd.DataFrame, structure: pd.DataFrame, wording: Wording, sheet: Sheet = DOUBLE
) -> Figure:
    """Words and character pairs on the same scales: the bars right of the observed value are the draws that reach it."""
    if null_distribution.empty:
        return labels.told(wording.say("null_none"), sheet)
    tests, values, step = _scales(null_distribution, structure)
    bars = {view: bars_of(null_distribution[view], float(tests[view].silhouette), step) for view in VIEWS}
    highest = max(int(counts.max()) for _, counts in bars.values())
    ends = [edge for edges, _ in bars.values() for edge in (edges[0], edges[-1])] + values
    columns = 1 if sheet.narrow else len(VIEWS)
    width = (sheet.right - LEFT - GAP * (columns - 1)) / columns
    tall = TOP + HEIGHT + BOTTOM
    figure, page = style.page(sheet.width, tall * (len(VIEWS) // columns))
    for at, (view, name) in enumerate(VIEWS.items()):
        left, top = LEFT + (at % columns) * (width + GAP), TOP + (at // columns) * tall
        edges, counts = bars[view]
        observed = float(tests[view].silhouette)
        axes = style.panel(figure, left, top, width, HEIGHT)
        axes.set(xlim=(min(ends) - step, max(ends) + step), ylim=(0, highest * 1.05))
        axes.set_xlabel(wording.say("null_x"))
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True, steps=[1, 2, 5, 10]))
        if at % columns:
            axes.tick_params(labelleft=False)
        else:
            axes.set_ylabel(wording.say("null_y"))
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        mark = style.colour("mark")
        fills = [mark if edge >= observed else style.blend(mark, PALE) for edge in edges[:-1]]
        places = [(edge, 0.0, step, float(count)) for edge, count in zip(edges[:-1], counts, strict=True)]
        # A bar is no cell: it counts the draws between two values of its column.
        told = [
            marks.Cell(
                "null_distribution", (f"{number(edge, '3')} … {number(edge + step, '3')}",), view, number(count, "int")
            )
            for edge, count in zip(edges[:-1], counts, strict=True)
        ]
        style.boxes(axes, places, fills, edge="#ffffff", linewidth=0.3, cells=told)
        high = axes.axvline(tests[view].null_high, color=style.colour("light"), linewidth=0.9, dashes=(2, 1.5))
        line = axes.axvline(observed, color=style.colour("ink"), linewidth=0.9)
        for artist, column, value in ((high, "null_high", tests[view].null_high), (line, "silhouette", observed)):
            marks.tell(artist, marks.Cell("structure", (view, "0"), column, number(value, "3")))
        _head(page, (left, left + width), top, wording.say(name), tests[view], wording)
        _said(page, axes, (left, left + width), top, tests[view], wording)
    return figure


def numbers_of(null_distribution: pd.DataFrame, structure: pd.DataFrame) -> Behind:
    """Every bar with its ends and height, beside the observed value, the 95th percentile and p of its view."""
    columns = ["view", "low", "high", "draws", "silhouette", "null_high", "p"]
    rows = []
    if len(null_distribution):
        tests, _, step = _scales(null_distribution, structure)
        for view in VIEWS:
            test = tests[view]
            edges, counts = bars_of(null_distribution[view], float(test.silhouette), step)
            rows += [
                (view, low, high, count, test.silhouette, test.null_high, test.p)
                for low, high, count in zip(edges[:-1], edges[1:], counts.tolist(), strict=True)
            ]
    own = (
        Column("low", "float", "where the bar begins; the draw itself is in the bar"),
        Column("high", "float", "where it ends"),
        Column("draws", "int", "shuffled corpora in the bar"),
    )
    shown = pd.DataFrame(rows, columns=columns)
    return behind(shown, "one bar of shuffled corpora", columns[:2], tables.STRUCTURE, own=own)


def main(
    null_distribution_csv: Path,
    structure_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    null_distribution = tables.read(null_distribution_csv, tables.NULL_DISTRIBUTION)
    structure = tables.read(structure_csv, tables.STRUCTURE)
    publish(
        lambda wording, _, sheet: figure_of(null_distribution, structure, wording, sheet),
        lambda _: numbers_of(null_distribution, structure),
        look,
    )


if __name__ == "__main__":
    run(main)
