"""Draw how alike the regions are: similarity.csv, clusters.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording, publish
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


def figure_of(similarity: pd.DataFrame, clusters: pd.DataFrame, wording: Wording, settings: ChartsSettings) -> Figure:
    """Regions x regions in leaf order, two decimals in every cell."""
    order = style.leaf_order(clusters)
    names = [wording.region(region) for region, _ in order]
    groups = [group for _, group in order]
    left, gap = style.MARGIN + min(1.8, labels.widest(names)) + 0.08, 0.06
    cell = min(0.5, (style.WIDTH - style.MARGIN - left - gap * style.breaks(groups)) / len(order))
    height = labels.row_height(cell, len(order))
    top = style.MARGIN + labels.heads_height(names, cell)
    lefts = style.offsets(groups, left, cell, gap)
    tops = style.offsets(groups, top, height, gap)
    end = tops[-1] + height
    figure, page = style.page(style.WIDTH, end + 0.78)
    labels.column_heads(page, order, lefts, cell=cell, bottom=top, wording=wording, palette=settings.palette)

    cells = cells_of(similarity, {region: at for at, (region, _) in enumerate(order)})
    highest = max(cells.values(), default=0.0) or 1.0
    size = labels.number_size(cell, 1.8)
    where = [(lefts[column], tops[row], cell, height) for row, column in cells]
    fills = [style.blend(style.colour("mark"), value / highest) for value in cells.values()]
    below, above = (marks.pair_cells(similarity, "similarity", name, "2") for name in ("cosine", "cosine_char"))
    told = [(below if row > column else above)[frozenset((order[row][0], order[column][0]))] for row, column in cells]
    style.boxes(page, where, fills, edge=style.colour("grid"), cells=told)
    for (x, y, *_), fill, value in zip(where, fills, cells.values(), strict=True) if size else ():
        shown = f"{value:.2f}".removeprefix("0")
        labels.put(page, x + cell / 2, y + height / 2, shown, size=size, ha="center", color=style.on(fill))
    labels.row_heads(page, names, tops, left=left, height=height)

    for y, key, corner in ((end + 0.2, "similarity_below", (0, 1)), (end + 0.42, "similarity_above", (1, 0))):
        half = [(0, 0), corner, (1, 1)]
        page.add_patch(
            Polygon([(left + 0.1 * x, y - 0.05 + 0.1 * down) for x, down in half], color=style.colour("mark"), lw=0)
        )
        labels.put(page, left + 0.17, y, wording.say(key), size=style.SMALL)
    labels.ramp(page, left + 0.12, end + 0.64, highest, wording.say("scale_cosine"))
    return figure


def main(
    similarity_csv: Path,
    clusters_csv: Path,
    documents_csv: Path,
    *look: Path,
) -> None:
    similarity = tables.read(similarity_csv, tables.SIMILARITY)
    clusters = tables.read(clusters_csv, tables.CLUSTERS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(lambda wording, settings: figure_of(similarity, clusters, wording, settings.charts), look, documents)


if __name__ == "__main__":
    run(main)
