"""Draw how alike the units of the groups of a large corpus are: whole_group_similarity.csv, whole_groups.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording, publish, withdraw
from pipeline.cli import run

CELL = 0.42  # inches, at most
WORDS = 2.4  # inches for the words of a group, at most


def figure_of(similarity: pd.DataFrame, groups: pd.DataFrame, wording: Wording) -> Figure:
    """Groups x groups, the lower half: mean cosine of two different units, one of each."""
    names = [f"{group} {label}" for group, label in zip(groups["group"], groups["label"], strict=True)]
    left = style.MARGIN + min(WORDS, labels.widest(names)) + 0.08
    cell = min(CELL, (style.WIDTH - style.MARGIN - left) / len(groups))
    height = labels.row_height(cell, len(groups))
    top = style.MARGIN + 0.2
    end = top + height * len(groups)
    figure, page = style.page(style.WIDTH, end + 0.55)
    known = similarity.dropna(subset=["similarity"])
    highest = float(known["similarity"].max()) or 1.0
    where = [
        (left + cell * (a - 1), top + height * (b - 1), cell, height)
        for a, b in zip(known["group_a"], known["group_b"], strict=True)
    ]
    fills = [style.blend(style.colour("mark"), max(0.0, value) / highest) for value in known["similarity"]]
    told = marks.cells_of(known, "whole_group_similarity", ("group_a", "group_b"), "similarity", "3")
    style.boxes(page, where, fills, edge=style.colour("grid"), cells=told)
    size = labels.number_size(cell, 2.2)
    for (x, y, *_), fill, value in zip(where, fills, known["similarity"], strict=True) if size else ():
        shown = f"{value:.3f}".removeprefix("0")
        labels.put(page, x + cell / 2, y + height / 2, shown, size=size, ha="center", color=style.on(fill))
    for at, name in enumerate(names):
        y = top + height * (at + 0.5)
        labels.put(page, left - 0.08, y, name, size=labels.fitted(name, left - 0.08 - style.MARGIN), ha="right")
        head = str(groups["group"].iloc[at])
        labels.put(page, left + cell * (at + 0.5), top - 0.1, head, size=style.SMALL, role="light", ha="center")
    labels.ramp(page, left, end + 0.25, highest, wording.say("whole_scale"), shown=f"{highest:.3f}")
    return figure


def main(
    whole_group_similarity_csv: Path,
    whole_groups_csv: Path,
    *look: Path,
) -> None:
    similarity = tables.read(whole_group_similarity_csv, tables.WHOLE_GROUP_SIMILARITY)
    groups = tables.read(whole_groups_csv, tables.WHOLE_GROUPS)
    if groups.empty:
        withdraw(look)
    else:
        publish(lambda wording, _: figure_of(similarity, groups, wording), look)


if __name__ == "__main__":
    run(main)
