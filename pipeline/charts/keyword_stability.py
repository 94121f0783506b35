"""Draw how often each region's leading terms stay in its list under resampling: keywords.csv, clusters.csv, documents.csv -> SVG and PNG."""

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
from pipeline.method import Settings

DOT = 0.052  # inches across
TRACK = 0.03  # inches from the room below the words to the line on which the dot stands
PALE = 0.4
# key in the strings -> whether the term is said several times, and whether it is stable
KINDS = {"stability_stable": (True, True), "stability_several": (True, False), "stability_once": (False, False)}


def _fill(shade: str, *, several: bool, stable: bool) -> str:
    """Filled for a stable term, pale for another, hollow for a single mention."""
    return style.blend(shade, 1.0 if stable else PALE) if several else "#ffffff"


def _key(wording: Wording, settings: Settings) -> list[keys.Line]:
    """Filled, pale and hollow dots."""
    mark, stable = style.colour("mark"), f"{100 * settings.resampling.stable:g}"
    return [
        keys.Line(wording.say(key, stable=stable), keys.dot(_fill(mark, several=several, stable=own), mark, DOT))
        for key, (several, own) in KINDS.items()
    ]


def _tracks(page: Axes, places: Sequence[tuple[float, float]], width: float, stable: float) -> None:
    """Under each term a line from 0 to 100%, crossed where stability begins."""
    paths = [[(x, y), (x + width, y)] for x, y in places]
    style.lines(page, paths, style.colour("grid"), linewidths=0.6, zorder=0.5)
    bounds = [[(x + width * stable, y - 0.03), (x + width * stable, y + 0.03)] for x, y in places]
    style.lines(page, bounds, style.colour("line"), linewidths=0.8, zorder=0.6)


def _leading(keywords: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    return leading_of(keywords, bars=min(settings.keywords.top, settings.charts.bars))


def figure_of(
    keywords: pd.DataFrame, clusters: pd.DataFrame, wording: Wording, settings: Settings, sheet: Sheet = DOUBLE
) -> Figure:
    """The panels of keyword_bars; below each term a dot at the share of resamples that keep it in the list."""
    leading = _leading(keywords, settings)
    panels = panels_of(
        leading, clusters, wording, settings.charts, sheet,
        number=lambda keyword: f"{100 * keyword.stability:.1f}", key=_key(wording, settings),
        note=wording.say("stability_note", top=settings.keywords.top, stable=f"{100 * settings.resampling.stable:g}"),
    )  # fmt: skip
    width, bound, entries = panels.width, settings.resampling.stable, panels.entries
    places = [(entry.x, entry.y + TRACK) for entry in entries]
    _tracks(panels.page, places, width, bound)
    points = [(x + width * entry.keyword.stability, y) for (x, y), entry in zip(places, entries, strict=True)]
    fills = [
        _fill(entry.shade, several=not entry.keyword.single_mention, stable=entry.keyword.stability >= bound)
        for entry in entries
    ]
    told = marks.cells_of(panels.told(leading), "keywords", ("region", "term"), "stability", "share1")
    style.dots(panels.page, points, fills, [entry.shade for entry in entries], size=DOT, cells=told)
    return panels.figure


def numbers_of(keywords: pd.DataFrame, clusters: pd.DataFrame, settings: Settings) -> Behind:
    """The dots of every region."""
    columns = ["region", "cluster", "rank", "term", "stability", "single_mention"]
    shown = shown_of(_leading(keywords, settings), clusters, settings.charts)[columns]
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
        lambda wording, settings, sheet: figure_of(keywords, clusters, wording, settings, sheet),
        lambda settings: numbers_of(keywords, clusters, settings),
        look,
        documents,
    )


if __name__ == "__main__":
    run(main)
