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
from pipeline.charts.wording import Wording, publish
from pipeline.cli import run
from pipeline.numbers import number

VIEWS = {"words": "null_words", "characters": "null_characters"}  # column -> its name in the strings
BINS = 50  # about so many bars across the scale
PALE = 0.4
LEFT, GAP, TOP, HEIGHT, BOTTOM = 0.5, 0.3, 0.62, 1.4, 0.42  # inches
SAMPLE = 0.16  # inches: a line or a bar in the key


def bars_of(draws: pd.Series, observed: float, step: float) -> tuple[np.ndarray, np.ndarray]:
    """Edges and counts of bars ``step`` wide, one of whose edges is the observed value: none holds draws of both sides."""
    first = int(np.floor((draws.min() - observed) / step))
    last = int(np.floor((draws.max() - observed) / step)) + 1
    edges = observed + step * np.arange(first, last + 1)
    return edges, np.histogram(draws, edges)[0]


def _key(page: Axes, x: float, width: float, row: Any, wording: Wording) -> None:
    """The observed value, the share of the draws that reach it, and the 95th percentile, each with its sample."""
    mark, ink, light = style.colour("mark"), style.colour("ink"), style.colour("light")
    said = {key: f"{value:.3f}" for key, value in (("null_observed", row.silhouette), ("null_high", row.null_high))}
    upper, lower = 0.31, 0.31 + labels.line_height()
    style.lines(page, [[(x + SAMPLE / 2, upper - 0.06), (x + SAMPLE / 2, upper + 0.06)]], ink)
    style.lines(
        page, [[(x + SAMPLE / 2, lower - 0.06), (x + SAMPLE / 2, lower + 0.06)]], light, linestyles=[(0, (2, 1.5))]
    )
    for y, key in ((upper, "null_observed"), (lower, "null_high")):
        labels.put(page, x + SAMPLE + 0.06, y, wording.say(key, value=said[key]), size=style.SMALL)
    middle = x + width / 2
    style.boxes(page, [(middle, upper - 0.045, SAMPLE, 0.09)], [mark])
    text = wording.say("null_p", p=labels.probability(row.p))
    labels.put(
        page, middle + SAMPLE + 0.06, upper, text, size=labels.fitted(text, width / 2 - SAMPLE - 0.06, style.SMALL)
    )


def figure_of(null_distribution: pd.DataFrame, structure: pd.DataFrame, wording: Wording) -> Figure:
    """Words and character pairs on the same scales: the bars right of the observed value are the draws that reach it."""
    if null_distribution.empty:
        return labels.told(wording.say("null_none"))
    tests = {row.view: row for row in structure[structure["k"] == 0].itertuples()}
    values = [*null_distribution[list(VIEWS)].to_numpy().ravel(), *(row.silhouette for row in tests.values())]
    ends_of = MaxNLocator(BINS, steps=[1, 2, 2.5, 5, 10]).tick_values(min(values), max(values))
    step = float(ends_of[1] - ends_of[0])
    bars = {view: bars_of(null_distribution[view], float(tests[view].silhouette), step) for view in VIEWS}
    highest = max(int(counts.max()) for _, counts in bars.values())
    ends = [edge for edges, _ in bars.values() for edge in (edges[0], edges[-1])] + values
    width = (style.WIDTH - style.MARGIN - LEFT - GAP) / 2
    figure, page = style.page(style.WIDTH, TOP + HEIGHT + BOTTOM)
    for at, (view, name) in enumerate(VIEWS.items()):
        left = LEFT + at * (width + GAP)
        edges, counts = bars[view]
        observed = float(tests[view].silhouette)
        labels.put(page, left, 0.11, wording.say(name), size=style.LARGE)
        _key(page, left, width, tests[view], wording)
        axes = style.panel(figure, left, TOP, width, HEIGHT)
        axes.set(xlim=(min(ends) - step, max(ends) + step), ylim=(0, highest * 1.05))
        axes.set_xlabel(wording.say("null_x"))
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True, steps=[1, 2, 5, 10]))
        if at:
            axes.tick_params(labelleft=False)
        else:
            axes.set_ylabel(wording.say("null_y"))
        axes.grid(axis="y")
        axes.set_axisbelow(True)
        mark = style.colour("mark")
        fills = [mark if edge >= observed else style.blend(mark, PALE) for edge in edges[:-1]]
        places = [(edge, 0.0, step, float(count)) for edge, count in zip(edges[:-1], counts, strict=True)]
        # A bar is no cell: it counts the draws between two values of its column.
        spans = [f"{number(edge, '3')} … {number(edge + step, '3')}" for edge in edges[:-1]]
        told = [
            marks.Cell("null_distribution", (span,), view, number(count, "int"))
            for span, count in zip(spans, counts, strict=True)
        ]
        style.boxes(axes, places, fills, edge="#ffffff", linewidth=0.3, cells=told)
        for value, column, look in (
            (
                tests[view].null_high,
                "null_high",
                {"color": style.colour("light"), "linewidth": 0.9, "dashes": (2, 1.5)},
            ),
            (observed, "silhouette", {"color": style.colour("ink")}),
        ):
            marks.tell(axes.axvline(value, **look), marks.Cell("structure", (view, "0"), column, number(value, "3")))
    return figure


def main(
    null_distribution_csv: Path,
    structure_csv: Path,
    *look: Path,
) -> None:
    null_distribution = tables.read(null_distribution_csv, tables.NULL_DISTRIBUTION)
    structure = tables.read(structure_csv, tables.STRUCTURE)
    publish(lambda wording, _: figure_of(null_distribution, structure, wording), look)


if __name__ == "__main__":
    run(main)
