"""Draw how often two regions are in one group: coassignment.csv, clusters.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording, publish
from pipeline.cli import run
from pipeline.method import ChartsSettings


def cells_of(coassignment: pd.DataFrame, place: dict[str, int], *, k: int) -> dict[tuple[int, int], float]:
    """(row, column) below the diagonal -> share of the partitions into ``k`` groups that keep both regions together."""
    own = coassignment[coassignment["k"] == k]
    pairs = zip(own["region_a"], own["region_b"], own["share"], strict=True)
    return {(max(place[a], place[b]), min(place[a], place[b])): float(share) for a, b, share in pairs}


def figure_of(coassignment: pd.DataFrame, clusters: pd.DataFrame, wording: Wording, settings: ChartsSettings) -> Figure:
    """Regions x regions in leaf order, percent in every cell, for the number of groups that the report describes."""
    k = int(clusters["cluster"].max())
    if k == 1:
        return labels.told(wording.say("coassignment_none"))
    order, unsure = style.leaf_order(clusters), style.unsure_of(clusters)
    names = [wording.region(region) for region, _ in order]
    groups = [group for _, group in order]
    left, gap = style.MARGIN + min(1.8, labels.widest(names)) + 0.08, 0.06
    cell = min(0.5, (style.WIDTH - style.MARGIN - left - gap * style.breaks(groups)) / len(order))
    height = labels.row_height(cell, len(order))
    top = style.MARGIN + labels.heads_height(names, cell)
    lefts = style.offsets(groups, left, cell, gap)
    tops = style.offsets(groups, top, height, gap)
    end = tops[-1] + height
    figure, page = style.page(style.WIDTH, end + (0.76 if unsure else 0.54))
    palette = settings.palette
    labels.column_heads(page, order, lefts, cell=cell, bottom=top, wording=wording, palette=palette, unsure=unsure)

    cells = cells_of(coassignment, {region: at for at, (region, _) in enumerate(order)}, k=k)
    size = labels.number_size(cell, 1.8)
    where = [(lefts[column], tops[row], cell, height) for row, column in cells]
    fills = [style.blend(style.colour("mark"), share) for share in cells.values()]
    own = marks.pair_cells(coassignment[coassignment["k"] == k], "coassignment", "share", "share", key="k")
    told = [own[frozenset((order[row][0], order[column][0]))] for row, column in cells]
    style.boxes(page, where, fills, edge=style.colour("grid"), cells=told)
    for (x, y, *_), fill, share in zip(where, fills, cells.values(), strict=True) if size else ():
        shown = f"{100 * share:.0f}"
        labels.put(page, x + cell / 2, y + height / 2, shown, size=size, ha="center", color=style.on(fill))
    labels.row_heads(page, names, tops, left=left, height=height)

    x, room = left + 0.12, style.WIDTH - style.MARGIN - left - 0.12
    labels.ramp(page, x, end + 0.18, 1.0, wording.say("scale_coassignment"), shown="100%")
    note = wording.say("coassignment_note" if size else "coassignment_shade", k=k)
    labels.put(page, x, end + 0.4, note, size=labels.fitted(note, room, style.SMALL), role="light")
    if unsure:
        labels.unsure_key(page, x, end + 0.54, wording.say("mark_unsure"), width=room)
    return figure


def main(
    coassignment_csv: Path,
    clusters_csv: Path,
    documents_csv: Path,
    *look: Path,
) -> None:
    coassignment = tables.read(coassignment_csv, tables.COASSIGNMENT)
    clusters = tables.read(clusters_csv, tables.CLUSTERS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(lambda wording, settings: figure_of(coassignment, clusters, wording, settings.charts), look, documents)


if __name__ == "__main__":
    run(main)
