"""Draw the terms that regions share as a heat map: keywords.csv, clusters.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import keys, labels, marks, style
from pipeline.charts.behind import Behind, behind
from pipeline.charts.sheets import DOUBLE, Sheet
from pipeline.charts.wording import Publish, Wording, publish
from pipeline.cli import run
from pipeline.method import ChartsSettings

NAMES = 2.6  # inches for the terms, at most
_LEAST_NAMES = 0.7  # inches from the edge, for names of regions however many columns there are


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


def _many(
    cells: pd.DataFrame, clusters: pd.DataFrame, wording: Wording, settings: ChartsSettings, sheet: Sheet
) -> Figure:
    """Regions x terms, where there are more regions than columns with names: the shade alone."""
    terms = list(cells.sort_values("row")["term"].drop_duplicates())
    order = style.leaf_order(clusters)
    names = [wording.region(region) for region, _ in order]
    left = style.MARGIN + 0.12 + min(1.2 if sheet.narrow else NAMES, labels.widest(names, sheet.names)) + 0.08
    # The heads of the columns stand side by side at the smallest size: where they need more room, names of regions are shortened.
    thinnest = (style.points(1.3) * sheet.smallest + 1.5) / 72
    left = max(_LEAST_NAMES, min(left, sheet.right - thinnest * len(terms)))
    cell = min(0.25, (sheet.right - left) / max(1, len(terms)))
    size = min(1.0, max(sheet.smallest, (cell * 72 - 1.5) / style.points(1.3)))
    heads = [labels.glossed(term, wording) for term in terms]
    height, top = labels.row_height(cell, len(order)), style.MARGIN + 0.08 + labels.widest(heads, size)
    tops = style.offsets([group for _, group in order], top, height, 0.04)
    highest = float(cells["tf_idf"].max())
    key = _key(highest, 0.0, wording)
    x, room = keys.place(left, sheet)
    figure, page = style.page(sheet.width, tops[-1] + height + 0.1 + keys.height_of(key, room) + style.MARGIN)
    for at, head in enumerate(heads):
        labels.put_upright(page, left + cell * (at + 0.5), top - 0.05, head, size=size, turned=True)
    labels.row_heads(page, names, tops, left=left, height=height, size=sheet.names, least=sheet.smallest)
    bars = [(style.MARGIN, y, 0.05, height) for y in tops]
    style.boxes(page, bars, [style.group_colour(group, settings.palette) for _, group in order])
    row = {region: y for (region, _), y in zip(order, tops, strict=True)}
    places = [
        (left + cell * at, row[region], cell, height) for at, region in zip(cells["row"], cells["region"], strict=True)
    ]
    style.boxes(page, places, [style.blend(style.colour("mark"), weight / highest) for weight in cells["tf_idf"]])
    ends = left + cell * len(terms)
    lines = [[(left, y), (ends, y)] for y in (*tops, tops[-1] + height)]
    style.lines(page, lines, style.colour("grid"), linewidths=0.3)
    keys.put(page, x, tops[-1] + height + 0.1, key, room)
    return figure


def _key(highest: float, size: float, wording: Wording) -> list[keys.Line]:
    """The scale, and what the numbers are where there are any."""
    scale, wide = keys.ramp(f"{highest:.2f}", lambda share: style.blend(style.colour("mark"), share))
    note = [keys.Line(wording.say("heatmap_note"))] if size else []
    return [keys.Line(wording.say("scale_tf_idf"), scale, wide), *note]


def figure_of(
    keywords: pd.DataFrame,
    clusters: pd.DataFrame,
    wording: Wording,
    settings: ChartsSettings,
    sheet: Sheet = DOUBLE,
) -> Figure:
    """Terms x regions in leaf order; the shade is tf-idf, the number the count."""
    cells = rows_of(keywords, clusters, terms=settings.heatmap_terms)
    terms = list(cells.sort_values("row")["term"].drop_duplicates())
    order = style.leaf_order(clusters)
    names = [wording.region(region) for region, _ in order]
    groups = [group for _, group in order]
    least, size = sheet.smallest, sheet.names
    longest = max((labels.term_width(term, wording, size, least=least) for term in terms), default=1.0)
    words = min(1.3 if sheet.narrow else NAMES, longest)
    gap, height = (0.03, 0.165) if sheet.narrow else (0.06, 0.185)
    left = style.MARGIN + words + 0.1
    cell = min(0.5, (sheet.right - left - gap * style.breaks(groups)) / len(order))
    if terms and labels.nameless(names, cell, least):
        return _many(cells, clusters, wording, settings, sheet)
    top = style.MARGIN + labels.heads_height(names, cell, least)
    end = top + height * max(1, len(terms))
    highest = float(cells["tf_idf"].max()) if len(cells) else 1.0
    numbers = labels.number_size(cell, 0.75, least)
    key = _key(highest, numbers, wording)
    x, room = keys.place(left, sheet)
    figure, page = style.page(sheet.width, end + 0.1 + keys.height_of(key, room) + style.MARGIN)
    lefts = style.offsets(groups, left, cell, gap)
    labels.column_heads(
        page, order, lefts, cell=cell, bottom=top, wording=wording, palette=settings.palette, least=least
    )

    column = {region: at for at, (region, _) in enumerate(order)}
    grid = [(x, top + height * row, cell, height) for row in range(len(terms)) for x in lefts]
    fills = ["#ffffff"] * len(grid)
    for row, term in enumerate(terms):
        middle = top + height * (row + 0.5)
        labels.put_term(page, style.MARGIN, middle, term, wording, size=size, width=words, least=least)
    filled: dict[int, marks.Cell] = {}
    told = marks.cells_of(cells, "keywords", ("region", "term"), "tf_idf", "3")
    for row, region, weight, count, own in zip(
        cells["row"], cells["region"], cells["tf_idf"], cells["count"], told, strict=True
    ):
        at = row * len(order) + column[region]
        fills[at] = style.blend(style.colour("mark"), weight / highest)
        filled[at] = own
        where, y, *_ = grid[at]
        put = {"ha": "center", "color": style.on(fills[at])}
        if labels.width_of(str(count), numbers) <= cell and numbers:
            labels.put(page, where + cell / 2, y + height / 2, str(count), size=numbers, **put)
    bare, edge = [at for at in range(len(grid)) if at not in filled], style.colour("grid")
    style.boxes(page, [grid[at] for at in bare], [fills[at] for at in bare], edge=edge)
    shown = [grid[at] for at in filled]
    style.boxes(page, shown, [fills[at] for at in filled], edge=edge, cells=list(filled.values()))
    if not terms:
        labels.put(page, left, top + height / 2, wording.say("heatmap_none"), role="light")
    keys.put(page, x, end + 0.1, key, room)
    return figure


def numbers_of(keywords: pd.DataFrame, clusters: pd.DataFrame, settings: ChartsSettings) -> Behind:
    """The shade and the number of every cell that is not empty, term by term."""
    cells = rows_of(keywords, clusters, terms=settings.heatmap_terms)
    cells = cells.assign(leaf=cells["region"].map(clusters.set_index("region")["leaf"])).sort_values(["row", "leaf"])
    columns = ["term", "region", "tf_idf", "count"]
    return behind(cells[columns], "one term of one region", columns[:2], tables.KEYWORDS)


def main(
    keywords_csv: Path,
    clusters_csv: Path,
    documents_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    keywords = tables.read(keywords_csv, tables.KEYWORDS)
    clusters = tables.read(clusters_csv, tables.CLUSTERS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(
        lambda wording, settings, sheet: figure_of(keywords, clusters, wording, settings.charts, sheet),
        lambda settings: numbers_of(keywords, clusters, settings.charts),
        look,
        documents,
    )


if __name__ == "__main__":
    run(main)
