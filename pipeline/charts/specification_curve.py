"""Draw the rank of the closest pair in every specification: specifications.csv, robustness.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording, publish
from pipeline.cli import run

# choice -> its name in the strings; option -> its name in the strings
CHOICES = {"text": "choice_text", "generic": "choice_generic", "weight": "choice_weight", "min_df": "choice_min_df"}
OPTIONS = {
    "dictionary": "text_dictionary",
    "no dictionary": "text_no_dictionary",
    "single characters": "text_characters",
    "character pairs": "text_pairs",
    "out": "generic_out",
    "in": "generic_in",
    "tf-idf": "weight_tf_idf",
    "sublinear": "weight_sublinear",
    "bm25": "weight_bm25",
    "binary": "weight_binary",
}
PALE = 0.4
TOP, CURVE, ROW, GAP = 0.36, 1.35, 0.155, 0.07  # inches
INSIDE = 0.08  # inches from the edge of the curve's field to the first and last rank
APART = 0.14  # inches between ranks that are named


def views_of(specifications: pd.DataFrame) -> pd.DataFrame:
    """The specifications that differ in what is compared, the best rank and the largest cosine first.

    The algorithm groups regions and cannot change a rank.
    """
    views = specifications.drop_duplicates(list(CHOICES))
    return views.sort_values(["closest_rank", "closest_cosine"], ascending=[True, False], kind="stable")


def options_of(views: pd.DataFrame, choice: str) -> list[str]:
    """The options of a choice that views take, in the order of the specifications; — is none."""
    values = views.sort_values("specification")[choice].astype(str)
    return [option for option in values.drop_duplicates() if option != "—"]


def depth_of(rank: int, last: int) -> float:
    """Inches below the top of the curve's field, on a logarithmic scale from 1 to the last rank."""
    return INSIDE + (CURVE - 2 * INSIDE) * float(np.log(rank) / np.log(max(last, 2)))


def named_of(ranks: Sequence[int]) -> list[int]:
    """Ranks on the scale: those that occur; if they stand too close, round ones."""
    last = max(ranks)
    powers = [10**power for power in range(len(str(last)))]
    exact, fine = sorted({1, *ranks}), [digit * power for power in powers for digit in (1, 2, 5)]
    for named in (exact, [rank for rank in fine if rank <= last]):
        if all(depth_of(b, last) - depth_of(a, last) >= APART for a, b in pairwise(named)):
            return named
    return powers


def _option(option: str, wording: Wording) -> str:
    return wording.say(OPTIONS[option]) if option in OPTIONS else option


def _curve(
    page: Axes,
    middles: Sequence[float],
    ranks: Sequence[int],
    *,
    left: float,
    right: float,
    told: Sequence[marks.Cell] = (),
) -> None:
    last, mark = max(ranks), style.colour("mark")
    for rank in named_of(ranks):
        y = TOP + depth_of(rank, last)
        style.lines(page, [[(left, y), (right, y)]], style.colour("grid"), linewidths=0.5, zorder=0.5)
        labels.put(page, left - 0.06, y, str(rank), size=style.SMALL, role="light", ha="right")
    points = [(x, TOP + depth_of(rank, last)) for x, rank in zip(middles, ranks, strict=True)]
    style.lines(page, [points], style.colour("line"), linewidths=0.6)
    size = min(0.065, 0.8 * (right - left) / len(ranks))
    style.dots(
        page, points, [mark if rank == 1 else "#ffffff" for rank in ranks], [mark] * len(ranks), size=size, cells=told
    )


def figure_of(specifications: pd.DataFrame, robustness: pd.DataFrame, wording: Wording) -> Figure:
    """A column for each view: above, the rank of the pair; below, the options that the view takes, dark where it is first."""
    closest = robustness[robustness["kind"] == "closest"]
    if specifications.empty or closest.empty:
        return labels.told(wording.say("curve_none"))
    views = views_of(specifications)
    ranks = [int(rank) for rank in views["closest_rank"]]
    first = np.array(ranks) == 1
    rows = [(choice, option) for choice in CHOICES for option in options_of(views, choice)]
    named = [_option(option, wording) for _, option in rows]
    heads = {choice: wording.say(name) for choice, name in CHOICES.items()}
    count = wording.say("curve_first")
    aside = max(labels.width_of(count, style.SMALL), labels.width_of("48/48", style.SMALL)) + 0.1
    left = style.MARGIN + labels.widest(list(heads.values())) + 0.14 + labels.widest(named, style.SMALL) + 0.1
    right = style.WIDTH - style.MARGIN - aside
    cell = (right - left) / len(views)
    lefts = [left + cell * at for at in range(len(views))]
    numbers = [list(CHOICES).index(choice) for choice, _ in rows]
    field = CURVE if max(ranks) > 1 else 2 * INSIDE
    tops = style.offsets(numbers, TOP + field + 0.1, ROW, GAP)
    figure, page = style.page(style.WIDTH, tops[-1] + ROW + style.MARGIN)

    a, b = (wording.region(str(closest[column].iloc[0])) for column in ("region_a", "region_b"))
    title = wording.say("curve_title", pair=wording.say("pair", a=a, b=b), views=len(views), first=int(first.sum()))
    room = style.WIDTH - style.MARGIN - left
    labels.put(page, left, 0.14, title, size=labels.fitted(title, room))
    labels.put(page, style.MARGIN, TOP + INSIDE, wording.say("curve_rank"), size=style.SMALL, role="light")
    told = [
        replace(cell, what=" · ".join(_option(str(row[choice]), wording) for choice in CHOICES))
        for cell, (_, row) in zip(
            marks.cells_of(views, "specifications", ("specification",), "closest_rank", "int"),
            views.iterrows(),
            strict=True,
        )
    ]
    _curve(page, [x + cell / 2 for x in lefts], ranks, left=left, right=right, told=told)

    mark = style.colour("mark")
    shades = [mark if best else style.blend(mark, PALE) for best in first]
    end = style.WIDTH - style.MARGIN
    labels.put(page, end, tops[0] - 0.1, count, size=style.SMALL, role="light", ha="right")
    for (choice, option), name, top in zip(rows, named, tops, strict=True):
        takes = (views[choice].astype(str) == option).to_numpy()
        middle = top + ROW / 2
        if option == options_of(views, choice)[0]:
            labels.put(page, style.MARGIN, middle, heads[choice])
        labels.put(page, left - 0.08, middle, name, size=style.SMALL, ha="right")
        style.lines(page, [[(left, middle), (right, middle)]], style.colour("grid"), linewidths=0.5, zorder=0.5)
        at = np.flatnonzero(takes)
        places = [(lefts[place] + cell * 0.15, middle - 0.045, cell * 0.7, 0.09) for place in at]
        style.boxes(page, places, [shades[place] for place in at])
        labels.put(page, end, middle, f"{(first & takes).sum()}/{takes.sum()}", size=style.SMALL, ha="right")
    return figure


def main(
    specifications_csv: Path,
    robustness_csv: Path,
    documents_csv: Path,
    *look: Path,
) -> None:
    specifications = tables.read(specifications_csv, tables.SPECIFICATIONS)
    robustness = tables.read(robustness_csv, tables.ROBUSTNESS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(lambda wording, _: figure_of(specifications, robustness, wording), look, documents)


if __name__ == "__main__":
    run(main)
