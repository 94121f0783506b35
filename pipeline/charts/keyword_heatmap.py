"""Draw the terms that regions share as a heat map: keywords.csv, clusters.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording, publish
from pipeline.cli import run
from pipeline.method import ChartsSettings


def rows_of(keywords: pd.DataFrame, clusters: pd.DataFrame, *, terms: int) -> pd.DataFrame:
    """The cells of the terms that compare regions best.

    Words that at least two regions share, neither generic nor common to most;
    of these the ``terms`` with the largest summed tf-idf, ordered by the mean
    leaf of their regions, weighted by tf-idf, so that neighbours stand together.
    """
    kept = keywords[
        (keywords["kind"] == "word") & ~keywords["generic"] & (keywords["df"] >= 2) & (keywords["unranked"] != "common")
    ]
    cells = kept.assign(leaf=kept["region"].map(clusters.set_index("region")["leaf"]))
    cells["pull"] = cells["tf_idf"] * cells["leaf"]
    sums = cells.groupby("term")[["tf_idf", "pull"]].sum().round(9).reset_index()
    best = sums.sort_values(["tf_idf", "term"], ascending=[False, True]).head(terms)
    best = best.assign(leaf=(best["pull"] / best["tf_idf"]).round(9)).sort_values(["leaf", "term"])
    place = {term: at for at, term in enumerate(best["term"])}
    cells = cells[cells["term"].isin(place)]
    return cells.assign(row=cells["term"].map(place))[["term", "row", "region", "tf_idf", "count"]]


def figure_of(keywords: pd.DataFrame, clusters: pd.DataFrame, wording: Wording, settings: ChartsSettings) -> Figure:
    """Terms x regions in leaf order; the shade is tf-idf, the number the count."""
    cells = rows_of(keywords, clusters, terms=settings.heatmap_terms)
    terms = list(cells.sort_values("row")["term"].drop_duplicates())
    order = style.leaf_order(clusters)
    names = [wording.region(region) for region, _ in order]
    groups = [group for _, group in order]
    words = min(2.6, max((labels.term_width(term, wording) for term in terms), default=1.0))
    left, gap, height = style.MARGIN + words + 0.1, 0.06, 0.185
    cell = min(0.5, (style.WIDTH - style.MARGIN - left - gap * style.breaks(groups)) / len(order))
    top = style.MARGIN + labels.heads_height(names, cell)
    end = top + height * max(1, len(terms))
    figure, page = style.page(style.WIDTH, end + 0.34)
    lefts = style.offsets(groups, left, cell, gap)
    labels.column_heads(page, order, lefts, cell=cell, bottom=top, wording=wording, palette=settings.palette)

    column = {region: at for at, (region, _) in enumerate(order)}
    highest = float(cells["tf_idf"].max()) if len(cells) else 1.0
    grid = [(x, top + height * row, cell, height) for row in range(len(terms)) for x in lefts]
    fills = ["#ffffff"] * len(grid)
    filled: dict[int, marks.Cell] = {}
    size = labels.number_size(cell, 0.75)
    for row, term in enumerate(terms):
        labels.put_term(page, style.MARGIN, top + height * (row + 0.5), term, wording, width=words)
    told = marks.cells_of(cells, "keywords", ("region", "term"), "tf_idf", "3")
    for row, region, weight, count, own in zip(
        cells["row"], cells["region"], cells["tf_idf"], cells["count"], told, strict=True
    ):
        at = row * len(order) + column[region]
        filled[at] = own
        fills[at] = style.blend(style.colour("mark"), weight / highest)
        x, y, *_ = grid[at]
        put = {"ha": "center", "color": style.on(fills[at])}
        if labels.width_of(str(count), size) <= cell and size:
            labels.put(page, x + cell / 2, y + height / 2, str(count), size=size, **put)
    bare = [at for at in range(len(grid)) if at not in filled]
    style.boxes(page, [grid[at] for at in bare], [fills[at] for at in bare], edge=style.colour("grid"))
    style.boxes(
        page,
        [grid[at] for at in filled],
        [fills[at] for at in filled],
        edge=style.colour("grid"),
        cells=list(filled.values()),
    )
    if not terms:
        labels.put(page, left, top + height / 2, wording.say("heatmap_none"), role="light")
    note = wording.say("heatmap_note")
    labels.ramp(page, left + 0.12, end + 0.18, highest, wording.say("scale_tf_idf"))
    labels.put(page, style.WIDTH - style.MARGIN, end + 0.18, note, size=style.SMALL, role="light", ha="right")
    return figure


def main(
    keywords_csv: Path,
    clusters_csv: Path,
    documents_csv: Path,
    *look: Path,
) -> None:
    keywords = tables.read(keywords_csv, tables.KEYWORDS)
    clusters = tables.read(clusters_csv, tables.CLUSTERS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(lambda wording, settings: figure_of(keywords, clusters, wording, settings.charts), look, documents)


if __name__ == "__main__":
    run(main)
