"""Draw how often each region's leading terms stay in its list under resampling: keywords.csv, clusters.csv, documents.csv -> SVG and PNG."""

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
from pipeline.method import Settings

DOT = 0.052  # inches across
TRACK = 0.03  # inches from the room below the words to the line on which the dot stands
PALE = 0.4
# key in the strings -> whether the term is said several times, and whether it is stable
KINDS = {"stability_stable": (True, True), "stability_several": (True, False), "stability_once": (False, False)}


def _fill(shade: str, *, several: bool, stable: bool) -> str:
    """Filled for a stable term, pale for another, hollow for a single mention."""
    return style.blend(shade, 1.0 if stable else PALE) if several else "#ffffff"


def _key(panels: Panels, clusters: pd.DataFrame, wording: Wording, settings: Settings) -> None:
    page, width, (x, y) = panels.page, panels.width, panels.key
    mark = style.colour("mark")
    for key, (several, stable) in KINDS.items():
        style.dots(page, [(x + 0.05, y + ROW / 2)], [_fill(mark, several=several, stable=stable)], [mark], size=DOT)
        text = wording.say(key, stable=f"{100 * settings.resampling.stable:g}")
        labels.put(page, x + 0.16, y + ROW / 2, text, size=labels.fitted(text, width - 0.16, style.SMALL))
        y += ROW
    groups = style.groups_of(clusters)
    labels.group_key(page, x, y + 0.08, groups, wording, settings.charts.palette, width=width)


def _tracks(page: Axes, places: Sequence[tuple[float, float]], width: float, stable: float) -> None:
    """Under each term a line from 0 to 100%, crossed where stability begins."""
    paths = [[(x, y), (x + width, y)] for x, y in places]
    style.lines(page, paths, style.colour("grid"), linewidths=0.6, zorder=0.5)
    bounds = [[(x + width * stable, y - 0.03), (x + width * stable, y + 0.03)] for x, y in places]
    style.lines(page, bounds, style.colour("line"), linewidths=0.8, zorder=0.6)


def figure_of(keywords: pd.DataFrame, clusters: pd.DataFrame, wording: Wording, settings: Settings) -> Figure:
    """The panels of keyword_bars; below each term a dot at the share of resamples that keep it in the list."""
    leading = leading_of(keywords, bars=min(settings.keywords.top, settings.charts.bars))
    note = wording.say("stability_note", top=settings.keywords.top, stable=f"{100 * settings.resampling.stable:g}")
    panels = panels_of(
        leading, clusters, wording, settings.charts,
        number=lambda keyword: f"{100 * keyword.stability:.1f}", key_lines=len(KINDS), top=0.22,
    )  # fmt: skip
    room = style.WIDTH - 2 * style.MARGIN
    labels.put(panels.page, style.MARGIN, 0.12, note, size=labels.fitted(note, room, style.SMALL), role="light")
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
    _key(panels, clusters, wording, settings)
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
    publish(lambda wording, settings: figure_of(keywords, clusters, wording, settings), look, documents)


if __name__ == "__main__":
    run(main)
