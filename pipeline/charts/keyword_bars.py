"""Draw each region's leading terms as bars: keywords.csv, clusters.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.panels import ROW, Panels, leading_of, panels_of
from pipeline.charts.wording import Wording, publish
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


def _key(panels: Panels, groups: dict[int, list[str]], wording: Wording, palette: Sequence[str]) -> None:
    page, width, (x, y) = panels.page, panels.width, panels.key
    for once, key in ((False, "bars_more"), (True, "bars_once")):
        _bars(page, [(x, y + ROW / 2 - BAR / 2, 0.28)], [style.colour("mark")], [once])
        text = wording.say(key)
        labels.put(page, x + 0.36, y + ROW / 2, text, size=labels.fitted(text, width - 0.36, style.SMALL))
        y += ROW
    text = wording.say("bars_note")
    labels.put(page, x, y + ROW / 2, text, size=labels.fitted(text, width, style.SMALL), role="light")
    labels.group_key(page, x, y + ROW + 0.08, groups, wording, palette, width=width)


def figure_of(keywords: pd.DataFrame, clusters: pd.DataFrame, wording: Wording, settings: ChartsSettings) -> Figure:
    """One panel per region in leaf order, the key in the cells after the last."""
    leading = leading_of(keywords, bars=settings.bars)
    highest = (float(leading["tf_idf"].max()) if len(leading) else 0.0) or 1.0
    panels = panels_of(
        leading,
        clusters,
        wording,
        settings,
        number=lambda keyword: f"{keyword.tf_idf:.2f}".removeprefix("0"),
        key_lines=3,
    )
    places = [(entry.x, entry.y, panels.width * entry.keyword.tf_idf / highest) for entry in panels.entries]
    shades = [entry.shade for entry in panels.entries]
    told = marks.cells_of(panels.told(leading), "keywords", ("region", "term"), "tf_idf", "3")
    _bars(panels.page, places, shades, [entry.keyword.single_mention for entry in panels.entries], told)
    _key(panels, style.groups_of(clusters), wording, settings.palette)
    return panels.figure


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
