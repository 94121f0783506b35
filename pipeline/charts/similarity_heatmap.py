"""Draw how alike the regions are: similarity.csv, clusters.csv, documents.csv -> SVG and PNG."""

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
    """(row, column) -> value: cosine of words below the diagonal, of character pairs above."""
    cells = {}
    for a, b, words, pairs in zip(
        similarity["region_a"], similarity["region_b"], similarity["cosine"], similarity["cosine_char"], strict=True
    ):
        first, last = sorted((place[a], place[b]))
        cells[last, first], cells[first, last] = float(words), float(pairs)
    return cells


def said(value: float) -> str:
    """Two decimals without the zero before the point."""
    return f"{value:.2f}".removeprefix("0")


def figure_of(
    similarity: pd.DataFrame,
    clusters: pd.DataFrame,
    wording: Wording,
    settings: ChartsSettings,
    sheet: Sheet = DOUBLE,
) -> Figure:
    """Regions x regions in leaf order, two decimals in every cell that has room."""
    grid = matrix.matrix_of(clusters, wording, sheet)
    cells = cells_of(similarity, {region: at for at, (region, _) in enumerate(grid.order)})
    highest = max(cells.values(), default=0.0) or 1.0
    mark = style.colour("mark")
    scale, wide = keys.ramp(f"{highest:.2f}", lambda share: style.blend(mark, share))
    key = [
        keys.Line(wording.say("similarity_below"), keys.half((0, 1))),
        keys.Line(wording.say("similarity_above"), keys.half((1, 0))),
        keys.Line(wording.say("scale_cosine"), scale, wide),
    ]
    x, room = keys.place(grid.left, sheet)
    figure, page = style.page(sheet.width, grid.end + 0.1 + keys.height_of(key, room) + style.MARGIN)
    matrix.heads(page, grid, wording, settings.palette, sheet)
    size = labels.number_size(grid.cell, 1.8, sheet.smallest)
    below, above = (marks.pair_cells(similarity, "similarity", name, "2") for name in ("cosine", "cosine_char"))
    told = matrix.told_of(grid, cells, below, above)
    matrix.fill(page, grid, cells, lambda _, value: style.blend(mark, value / highest), said, size, told)
    keys.put(page, x, grid.end + 0.1, key, room)
    return figure


def numbers_of(similarity: pd.DataFrame, clusters: pd.DataFrame) -> Behind:
    """Both cosines of every pair."""
    columns = ["region_a", "region_b", "cosine", "cosine_char"]
    shown = matrix.ordered(similarity, clusters)[columns]
    return behind(shown, "one unordered pair of regions", columns[:2], tables.SIMILARITY)


def main(
    similarity_csv: Path,
    clusters_csv: Path,
    documents_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    similarity = tables.read(similarity_csv, tables.SIMILARITY)
    clusters = tables.read(clusters_csv, tables.CLUSTERS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(
        lambda wording, settings, sheet: figure_of(similarity, clusters, wording, settings.charts, sheet),
        lambda _: numbers_of(similarity, clusters),
        look,
        documents,
    )


if __name__ == "__main__":
    run(main)
