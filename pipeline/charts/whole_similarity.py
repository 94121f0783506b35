"""Draw how alike the units of the groups of a large corpus are: whole_group_similarity.csv, whole_groups.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import keys, labels, marks, style
from pipeline.charts.behind import Behind, behind
from pipeline.charts.sheets import DOUBLE, Sheet
from pipeline.charts.wording import Publish, Wording, publish, withdraw
from pipeline.cli import run

CELL = 0.42  # inches, at most
WORDS = 2.4  # inches for the words of a group, at most


def figure_of(similarity: pd.DataFrame, groups: pd.DataFrame, wording: Wording, sheet: Sheet = DOUBLE) -> Figure:
    """Groups x groups, the lower half: mean cosine of two different units, one of each.

    In one column of a page the rows have numbers only; what they stand for is said below.
    """
    numbers = [str(group) for group in groups["group"]]
    spelt = [f"{group} {label}" for group, label in zip(groups["group"], groups["label"], strict=True)]
    names = numbers if sheet.narrow else spelt
    left = style.MARGIN + min(WORDS, labels.widest(names)) + 0.08
    cell = min(CELL, (sheet.right - left) / len(groups))
    height = labels.row_height(cell, len(groups))
    top = style.MARGIN + 0.2
    end = top + height * len(groups)
    known = similarity.dropna(subset=["similarity"])
    highest = float(known["similarity"].max()) or 1.0
    mark = style.colour("mark")
    scale, wide = keys.ramp(f"{highest:.3f}", lambda share: style.blend(mark, share))
    key = [keys.Line(wording.say("whole_scale"), scale, wide)]
    key += [keys.Line(text) for text in spelt] if sheet.narrow else []
    x, room = (style.MARGIN, sheet.room) if sheet.narrow else (left, sheet.right - left)
    figure, page = style.page(sheet.width, end + 0.12 + keys.height_of(key, room) + style.MARGIN)
    where = [
        (left + cell * (a - 1), top + height * (b - 1), cell, height)
        for a, b in zip(known["group_a"], known["group_b"], strict=True)
    ]
    fills = [style.blend(mark, max(0.0, value) / highest) for value in known["similarity"]]
    told = marks.cells_of(known, "whole_group_similarity", ("group_a", "group_b"), "similarity", "3")
    style.boxes(page, where, fills, edge=style.colour("grid"), cells=told)
    size = labels.number_size(cell, 2.2, sheet.smallest)
    for (place, y, *_), fill, value in zip(where, fills, known["similarity"], strict=True) if size else ():
        shown = f"{value:.3f}".removeprefix("0")
        labels.put(page, place + cell / 2, y + height / 2, shown, size=size, ha="center", color=style.on(fill))
    for at, (name, number) in enumerate(zip(names, numbers, strict=True)):
        y, width = top + height * (at + 0.5), left - 0.08 - style.MARGIN
        labels.put_within(page, left - 0.08, y, name, width, least=sheet.smallest, ha="right")
        labels.put(page, left + cell * (at + 0.5), top - 0.1, number, size=style.SMALL, role="light", ha="center")
    keys.put(page, x, end + 0.12, key, room)
    return figure


def numbers_of(similarity: pd.DataFrame) -> Behind:
    """Every cell; empty where a group has one unit."""
    columns = ["group_a", "group_b", "similarity"]
    return behind(similarity[columns], "one pair of groups", columns[:2], tables.WHOLE_GROUP_SIMILARITY)


def main(
    whole_group_similarity_csv: Path,
    whole_groups_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    similarity = tables.read(whole_group_similarity_csv, tables.WHOLE_GROUP_SIMILARITY)
    groups = tables.read(whole_groups_csv, tables.WHOLE_GROUPS)
    if groups.empty:
        withdraw(look)
        return
    publish(
        lambda wording, _, sheet: figure_of(similarity, groups, wording, sheet),
        lambda _: numbers_of(similarity),
        look,
    )


if __name__ == "__main__":
    run(main)
