"""Draw each region's leading terms as bars: keywords.csv, clusters.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import keys, marks, style
from pipeline.charts.behind import Behind, behind
from pipeline.charts.panels import leading_of, panels_of, shown_of
from pipeline.charts.sheets import DOUBLE, Sheet
from pipeline.charts.wording import Publish, Wording, publish
from pipeline.cli import run
from pipeline.method import ChartsSettings

BAR = 0.042  # inches


def _bars(
    page: Axes,
    places: Sequence[tuple[float, float, float]],
    shades: Sequence[str],
    once: Sequence[bool],
    told: Sequence[marks.Cell] = (),
) -> None:
    """Thin bars (left, top, width); hollow for a single mention."""
    fills = ["#ffffff" if hollow else shade for shade, hollow in zip(shades, once, strict=True)]
    style.boxes(page, [(x, y, width, BAR) for x, y, width in places], fills, edge=shades, linewidth=0.5, cells=told)


def _key(wording: Wording) -> list[keys.Line]:
    """Filled and hollow bars, and what their length is."""

    def bar(once: bool) -> keys.Mark:
        return lambda page, x, y: _bars(page, [(x, y - BAR / 2, 0.28)], [style.colour("mark")], [once])

    return [
        keys.Line(wording.say("bars_more"), bar(once=False), 0.36),
        keys.Line(wording.say("bars_once"), bar(once=True), 0.36),
        keys.Line(wording.say("bars_note")),
    ]


def figure_of(
    keywords: pd.DataFrame,
    clusters: pd.DataFrame,
    wording: Wording,
    settings: ChartsSettings,
    sheet: Sheet = DOUBLE,
) -> Figure:
    """One panel per region in leaf order, the key after the last."""
    leading = leading_of(keywords, bars=settings.bars)
    highest = (float(leading["tf_idf"].max()) if len(leading) else 0.0) or 1.0
    panels = panels_of(
        leading, clusters, wording, settings, sheet,
        number=lambda keyword: f"{keyword.tf_idf:.2f}".removeprefix("0"), key=_key(wording),
    )  # fmt: skip
    places = [(entry.x, entry.y, panels.width * entry.keyword.tf_idf / highest) for entry in panels.entries]
    shades = [entry.shade for entry in panels.entries]
    told = marks.cells_of(panels.told(leading), "keywords", ("region", "term"), "tf_idf", "3")
    _bars(panels.page, places, shades, [entry.keyword.single_mention for entry in panels.entries], told)
    return panels.figure


def numbers_of(keywords: pd.DataFrame, clusters: pd.DataFrame, settings: ChartsSettings) -> Behind:
    """The bars of every region."""
    columns = ["region", "cluster", "rank", "term", "tf_idf", "single_mention"]
    shown = shown_of(leading_of(keywords, bars=settings.bars), clusters, settings)[columns]
    return behind(shown, "one leading term of one region", ("region", "term"), tables.KEYWORDS, tables.CLUSTERS)


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
