"""Draw how often two regions are in one group: coassignment.csv, clusters.csv, documents.csv -> SVG and PNG."""

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


def cells_of(coassignment: pd.DataFrame, place: dict[str, int], *, k: int) -> dict[tuple[int, int], float]:
    """(row, column) below the diagonal -> share of the partitions into ``k`` groups that keep both regions together."""
    own = coassignment[coassignment["k"] == k]
    pairs = zip(own["region_a"], own["region_b"], own["share"], strict=True)
    return {(max(place[a], place[b]), min(place[a], place[b])): float(share) for a, b, share in pairs}


def figure_of(
    coassignment: pd.DataFrame,
    clusters: pd.DataFrame,
    wording: Wording,
    settings: ChartsSettings,
    sheet: Sheet = DOUBLE,
) -> Figure:
    """Regions x regions in leaf order, percent in every cell that has room, for the number of groups that the report describes."""
    k = int(clusters["cluster"].max())
    if k == 1:
        return labels.told(wording.say("coassignment_none"), sheet)
    grid, unsure = matrix.matrix_of(clusters, wording, sheet), style.unsure_of(clusters)
    cells = cells_of(coassignment, {region: at for at, (region, _) in enumerate(grid.order)}, k=k)
    size = labels.number_size(grid.cell, 1.8, sheet.smallest)
    mark = style.colour("mark")
    scale, wide = keys.ramp("100%", lambda share: style.blend(mark, share))
    key = [
        keys.Line(wording.say("scale_coassignment"), scale, wide),
        keys.Line(wording.say("coassignment_note" if size else "coassignment_shade", k=k)),
        *([keys.unsure_line(wording)] if unsure else []),
    ]
    x, room = keys.place(grid.left, sheet)
    figure, page = style.page(sheet.width, grid.end + 0.1 + keys.height_of(key, room) + style.MARGIN)
    matrix.heads(page, grid, wording, settings.palette, sheet, unsure)
    own = marks.pair_cells(coassignment[coassignment["k"] == k], "coassignment", "share", "share", key="k")
    told = matrix.told_of(grid, cells, own, own)
    matrix.fill(
        page, grid, cells, lambda _, share: style.blend(mark, share), lambda share: f"{100 * share:.0f}", size, told
    )
    keys.put(page, x, grid.end + 0.1, key, room)
    return figure


def numbers_of(coassignment: pd.DataFrame, clusters: pd.DataFrame) -> Behind:
    """The share of every pair; no row where there are no groups."""
    k = int(clusters["cluster"].max())
    columns = ["k", "region_a", "region_b", "share"]
    shown = matrix.ordered(coassignment[(coassignment["k"] == k) & (k > 1)], clusters)[columns]
    return behind(shown, "one unordered pair of regions", columns[:3], tables.COASSIGNMENT)


def main(
    coassignment_csv: Path,
    clusters_csv: Path,
    documents_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    coassignment = tables.read(coassignment_csv, tables.COASSIGNMENT)
    clusters = tables.read(clusters_csv, tables.CLUSTERS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(
        lambda wording, settings, sheet: figure_of(coassignment, clusters, wording, settings.charts, sheet),
        lambda _: numbers_of(coassignment, clusters),
        look,
        documents,
    )


if __name__ == "__main__":
    run(main)
