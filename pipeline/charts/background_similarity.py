"""Draw how alike the regions are without a background and through one: background_similarity.csv, background_groups.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import keys, labels, marks, matrix, style
from pipeline.charts.behind import Behind, behind
from pipeline.charts.sheets import DOUBLE, Sheet
from pipeline.charts.wording import Publish, Wording, publish
from pipeline.cli import run
from pipeline.method import ChartsSettings


def cells_of(similarity: pd.DataFrame, place: dict[str, int]) -> dict[tuple[int, int], float]:
    """(row, column) -> value: cosine of words below the diagonal, fused similarity above."""
    cells = {}
    for a, b, words, fused in zip(
        similarity["region_a"], similarity["region_b"], similarity["cosine_words"], similarity["cosine"], strict=True
    ):
        first, last = sorted((place[a], place[b]))
        cells[last, first], cells[first, last] = float(words), float(fused)
    return cells


def said(value: float) -> str:
    """Two decimals without the zero before the point; what rounds to zero has no sign."""
    rounded = f"{abs(value):.2f}"
    sign = "−" if value < 0 and float(rounded) > 0 else ""
    return sign + rounded.removeprefix("0")


def shade_of(value: float, highest: float) -> str:
    """White at 0, the colour of marks towards ``highest``, that of values below zero towards the other end."""
    return style.blend(style.colour("mark" if value > 0 else "below"), abs(value) / highest)


def figure_of(
    similarity: pd.DataFrame,
    groups: pd.DataFrame,
    wording: Wording,
    settings: ChartsSettings,
    sheet: Sheet = DOUBLE,
) -> Figure:
    """Regions x regions in the order of the leaves through the background, two decimals in every cell that has room."""
    if similarity.empty:
        return labels.told(wording.say("background_none"), sheet)
    grid, unsure = matrix.matrix_of(groups, wording, sheet), style.unsure_of(groups)
    cells = cells_of(similarity, {region: at for at, (region, _) in enumerate(grid.order)})
    words = max(similarity["cosine_words"].max(), 0.0) or 1.0
    fused = similarity["cosine"].abs().max() or 1.0
    ends = f"{words:.2f}", f"{fused:.2f}"
    before = labels.widest(["0", f"−{ends[1]}"], style.SMALL)
    below, wide_below = keys.ramp(ends[0], lambda share: shade_of(share, 1.0), before=before)
    above, wide_above = keys.ramp(ends[1], lambda share: shade_of(2 * share - 1, 1.0), f"−{ends[1]}", before=before)
    key = [
        keys.Line(wording.say("background_below"), keys.both(keys.half((0, 1)), below), wide_below + keys.INDENT),
        keys.Line(wording.say("background_above"), keys.both(keys.half((1, 0)), above), wide_above + keys.INDENT),
        *([keys.unsure_line(wording)] if unsure else []),
    ]
    x, room = keys.place(grid.left, sheet)
    figure, page = style.page(sheet.width, grid.end + 0.1 + keys.height_of(key, room) + style.MARGIN)
    matrix.heads(page, grid, wording, settings.palette, sheet, unsure)
    told = matrix.told_of(
        grid,
        cells,
        *(marks.pair_cells(similarity, "background_similarity", name, "2") for name in ("cosine_words", "cosine")),
    )
    size = labels.number_size(grid.cell, 2.2, sheet.smallest)
    matrix.fill(
        page,
        grid,
        cells,
        lambda place, value: shade_of(value, words if place[0] > place[1] else fused),
        said,
        size,
        told,
    )
    keys.put(page, x, grid.end + 0.1, key, room)
    return figure


def numbers_of(similarity: pd.DataFrame, groups: pd.DataFrame) -> Behind:
    """Both similarities of every pair; no row without a background."""
    columns = ["region_a", "region_b", "cosine_words", "cosine"]
    shown = matrix.ordered(similarity, groups)[columns]
    return behind(shown, "one unordered pair of regions", columns[:2], tables.BACKGROUND_SIMILARITY)


def main(
    similarity_csv: Path,
    groups_csv: Path,
    documents_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    similarity = tables.read(similarity_csv, tables.BACKGROUND_SIMILARITY)
    groups = tables.read(groups_csv, tables.BACKGROUND_GROUPS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(
        lambda wording, settings, sheet: figure_of(similarity, groups, wording, settings.charts, sheet),
        lambda _: numbers_of(similarity, groups),
        look,
        documents,
    )


if __name__ == "__main__":
    run(main)
