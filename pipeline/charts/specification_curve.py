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
from pipeline.charts.behind import Behind, behind
from pipeline.charts.sheets import DOUBLE, Sheet
from pipeline.charts.wording import Publish, Wording, publish
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
    top: float,
    left: float,
    right: float,
    told: Sequence[marks.Cell] = (),
) -> None:
    last, mark = max(ranks), style.colour("mark")
    for rank in named_of(ranks):
        y = top + depth_of(rank, last)
        style.lines(page, [[(left, y), (right, y)]], style.colour("grid"), linewidths=0.5, zorder=0.5)
        labels.put(page, left - 0.06, y, str(rank), size=style.SMALL, role="light", ha="right")
    points = [(x, top + depth_of(rank, last)) for x, rank in zip(middles, ranks, strict=True)]
    style.lines(page, [points], style.colour("line"), linewidths=0.6)
    size = min(0.065, 0.8 * (right - left) / len(ranks))
    style.dots(
        page, points, [mark if rank == 1 else "#ffffff" for rank in ranks], [mark] * len(ranks), size=size, cells=told
    )


def figure_of(
    specifications: pd.DataFrame, robustness: pd.DataFrame, wording: Wording, sheet: Sheet = DOUBLE
) -> Figure:
    """A column for each view: above, the rank of the pair; below, the options that the view takes, dark where it is first.

    In one column of a page a choice stands over its options.
    """
    closest = robustness[robustness["kind"] == "closest"]
    if specifications.empty or closest.empty:
        return labels.told(wording.say("curve_none"), sheet)
    views = views_of(specifications)
    ranks = [int(rank) for rank in views["closest_rank"]]
    first = np.array(ranks) == 1
    rows = [(choice, option) for choice in CHOICES for option in options_of(views, choice)]
    named = [_option(option, wording) for _, option in rows]
    heads = {choice: wording.say(name) for choice, name in CHOICES.items()}
    count, scale = wording.say("curve_first"), wording.say("curve_rank")
    aside = max(labels.width_of(count, style.SMALL), labels.width_of("48/48", style.SMALL)) + 0.1
    before = 0.0 if sheet.narrow else labels.widest(list(heads.values())) + 0.14
    left = style.MARGIN + before + labels.widest(named, style.SMALL) + 0.1
    right = sheet.right - aside
    cell = (right - left) / len(views)
    lefts = [left + cell * at for at in range(len(views))]
    a, b = (wording.region(str(closest[column].iloc[0])) for column in ("region_a", "region_b"))
    title = wording.say("curve_title", pair=wording.say("pair", a=a, b=b), views=len(views), first=int(first.sum()))
    start = style.MARGIN if sheet.narrow else left
    lines = labels.even_lines(title, sheet.right - start)
    field = CURVE if max(ranks) > 1 else 2 * INSIDE
    top = TOP + labels.line_height() * (len(lines) - 1)
    numbers = [list(CHOICES).index(choice) for choice, _ in rows]
    over = labels.line_height() if sheet.narrow else 0.0
    tops = style.offsets(numbers, top + field + 0.1 + over, ROW, GAP + over)
    figure, page = style.page(sheet.width, tops[-1] + ROW + style.MARGIN)

    for at, line in enumerate(lines):
        labels.put(page, start, 0.14 + labels.line_height() * at, line)
    room = (left if sheet.narrow else before) - style.MARGIN - 0.18
    for at, line in enumerate(labels.in_lines(scale, room, style.SMALL)):
        y = top + INSIDE + labels.line_height() * at
        labels.put(page, style.MARGIN, y, line, size=style.SMALL, role="light")
    told = [
        replace(own, what=" · ".join(_option(str(row[choice]), wording) for choice in CHOICES))
        for own, (_, row) in zip(
            marks.cells_of(views, "specifications", ("specification",), "closest_rank", "int"),
            views.iterrows(),
            strict=True,
        )
    ]
    _curve(page, [x + cell / 2 for x in lefts], ranks, top=top, left=left, right=right, told=told)

    mark = style.colour("mark")
    shades = [mark if best else style.blend(mark, PALE) for best in first]
    end = sheet.right
    labels.put(page, end, tops[0] - 0.1, count, size=style.SMALL, role="light", ha="right")
    for (choice, option), name, place in zip(rows, named, tops, strict=True):
        takes = (views[choice].astype(str) == option).to_numpy()
        middle = place + ROW / 2
        if option == options_of(views, choice)[0]:
            labels.put(page, style.MARGIN, middle - over, heads[choice])
        if sheet.narrow:
            labels.put(page, style.MARGIN + 0.06, middle, name, size=style.SMALL)
        else:
            labels.put(page, left - 0.08, middle, name, size=style.SMALL, ha="right")
        style.lines(page, [[(left, middle), (right, middle)]], style.colour("grid"), linewidths=0.5, zorder=0.5)
        places = [(lefts[at] + cell * 0.15, middle - 0.045, cell * 0.7, 0.09) for at in np.flatnonzero(takes)]
        style.boxes(page, places, [shades[at] for at in np.flatnonzero(takes)])
        labels.put(page, end, middle, f"{(first & takes).sum()}/{takes.sum()}", size=style.SMALL, ha="right")
    return figure


def numbers_of(specifications: pd.DataFrame, robustness: pd.DataFrame) -> Behind:
    """The views from left to right: what each takes, and the rank and cosine of the pair in it."""
    closest = robustness[robustness["kind"] == "closest"]
    views = views_of(specifications) if len(closest) else specifications.iloc[:0]
    pair = {name: closest[name].iloc[0] if len(closest) else "" for name in ("region_a", "region_b")}
    columns = ["region_a", "region_b", "specification", *CHOICES, "closest_rank", "closest_cosine"]
    shown = views.assign(**pair)[columns]
    return behind(shown, "one view of the closest pair", ("specification",), tables.SPECIFICATIONS, tables.SIMILARITY)


def main(
    specifications_csv: Path,
    robustness_csv: Path,
    documents_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    specifications = tables.read(specifications_csv, tables.SPECIFICATIONS)
    robustness = tables.read(robustness_csv, tables.ROBUSTNESS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(
        lambda wording, _, sheet: figure_of(specifications, robustness, wording, sheet),
        lambda _: numbers_of(specifications, robustness),
        look,
        documents,
    )


if __name__ == "__main__":
    run(main)
