"""Draw each region's leading terms as bars: keywords.csv, clusters.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, style
from pipeline.charts.wording import Wording, publish
from pipeline.cli import run
from pipeline.method import ChartsSettings

HEAD, ROW, BAR, BELOW, GUTTER = 0.29, 0.18, 0.042, 0.13, 0.16  # inches
NUMBER = 0.25
SHRINK = 0.8  # a long label may become this much smaller before the panels become wider


def leading_of(keywords: pd.DataFrame, *, bars: int) -> pd.DataFrame:
    """The rows that hold a region's first ``bars`` ranks, in that order."""
    return keywords[keywords["rank"].notna() & (keywords["rank"].fillna(0) <= bars)].sort_values(["region", "rank"])


def columns_for(longest: float) -> int:
    """Panels side by side, 2 to 5: as many as leave room for the longest label."""
    fitting = [n for n in (5, 4, 3) if (style.WIDTH - 2 * style.MARGIN - GUTTER * (n - 1)) / n >= longest]
    return max(fitting, default=2)


def _bars(
    page: Axes, places: Sequence[tuple[float, float, float]], shades: Sequence[str], once: Sequence[bool]
) -> None:
    """Thin bars (left, top, width); hollow for a single mention."""
    fills = ["#ffffff" if hollow else shade for shade, hollow in zip(shades, once, strict=True)]
    style.boxes(page, [(x, y, width, BAR) for x, y, width in places], fills, edge=shades, linewidth=0.5)


def _key(
    page: Axes, x: float, y: float, width: float, groups: dict[int, list[str]], wording: Wording, palette: Sequence[str]
) -> None:
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
    order, groups = style.leaf_order(clusters), style.groups_of(clusters)
    longest = max((labels.term_width(term, wording, style.SMALL) for term in leading["term"].unique()), default=1.0)
    columns = columns_for(longest * SHRINK + NUMBER)
    width = (style.WIDTH - 2 * style.MARGIN - GUTTER * (columns - 1)) / columns
    full = HEAD + ROW * settings.bars + BELOW
    key_row = len(order) // columns
    key_height = 3 * ROW + 0.12 + labels.group_key_height(groups, wording)
    height = full * key_row + max(key_height, full if len(order) % columns else 0.0) + 2 * style.MARGIN
    figure, page = style.page(style.WIDTH, height)
    highest = float(leading["tf_idf"].max()) if len(leading) else 1.0

    def corner(at: int) -> tuple[float, float]:
        return style.MARGIN + (at % columns) * (width + GUTTER), style.MARGIN + (at // columns) * full

    places, shades, once = [], [], []
    for at, (region, group) in enumerate(order):
        x, y = corner(at)
        shade, name = style.group_colour(group, settings.palette), wording.region(region)
        labels.put(page, x, y + 0.1, name, size=labels.fitted(name, width, style.LARGE))
        style.lines(page, [[(x, y + HEAD - 0.05), (x + width, y + HEAD - 0.05)]], shade)
        own = leading[leading["region"] == region]
        if own.empty:
            labels.put(page, x, y + HEAD + ROW / 2, wording.say("bars_none"), size=style.SMALL, role="light")
        for row, (term, weight) in enumerate(zip(own["term"], own["tf_idf"], strict=True)):
            middle = y + HEAD + ROW * row + 0.065
            places.append((x, middle + 0.065, width * weight / highest))
            labels.put_term(page, x, middle, term, wording, size=style.SMALL, width=width - NUMBER)
            number = f"{weight:.2f}".removeprefix("0")
            labels.put(page, x + width, middle, number, size=0.8, role="light", ha="right")
        shades += [shade] * len(own)
        once += own["single_mention"].tolist()
    _bars(page, places, shades, once)
    _key(page, *corner(len(order)), width, groups, wording, settings.palette)
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
