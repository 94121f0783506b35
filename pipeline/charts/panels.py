"""A small panel for each region, in the order of the leaves: its leading terms, a line for each, with room below the words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline.charts import labels, style
from pipeline.charts.wording import Wording
from pipeline.method import ChartsSettings

HEAD, ROW, BELOW, GUTTER = 0.29, 0.18, 0.13, 0.16  # inches
WORDS = 0.065  # inches from the top of a line to the middle of its words, and from there to what stands below
NUMBER = 0.25
FEWEST = 3  # terms of a region
SHRINK = 0.8  # a long label may become this much smaller before the panels become wider


@dataclass(frozen=True)
class Entry:
    """One line: where the room below its words begins, the colour of its group, its row of keywords.csv."""

    x: float
    y: float
    shade: str
    keyword: Any


@dataclass(frozen=True)
class Panels:
    """The panels with their words; ``key``: the corner of the cell after the last."""

    figure: Figure
    page: Axes
    width: float
    entries: list[Entry]
    key: tuple[float, float]

    def told(self, leading: pd.DataFrame) -> pd.DataFrame:
        """The rows of ``leading`` that the entries show, in their order."""
        return leading.loc[[entry.keyword.Index for entry in self.entries]]


def leading_of(keywords: pd.DataFrame, *, bars: int) -> pd.DataFrame:
    """The rows that hold a region's first ``bars`` ranks, in that order."""
    return keywords[keywords["rank"].notna() & (keywords["rank"].fillna(0) <= bars)].sort_values(["region", "rank"])


def columns_for(longest: float) -> int:
    """Panels side by side, 2 to 5: as many as leave room for the longest label."""
    fitting = [n for n in (5, 4, 3) if (style.WIDTH - 2 * style.MARGIN - GUTTER * (n - 1)) / n >= longest]
    return max(fitting, default=2)


def terms_for(regions: int, columns: int, settings: ChartsSettings) -> int:
    """Terms in each panel: as many as the settings ask for, fewer where the panels would be higher than their page."""
    room = settings.panels_height / -(-regions // columns)
    return min(settings.bars, max(FEWEST, int((room - HEAD - BELOW) / ROW)))


def panels_of(
    leading: pd.DataFrame,
    clusters: pd.DataFrame,
    wording: Wording,
    settings: ChartsSettings,
    *,
    number: Callable[[Any], str],
    key_lines: int,
    top: float = 0.0,
) -> Panels:
    """Each region's name on the colour of its group, its terms and, right of each, its ``number``.

    ``key_lines``: lines of the key above the groups. ``top``: inches left free above the panels.
    """
    order, groups = style.leaf_order(clusters), style.groups_of(clusters)
    longest = max((labels.term_width(term, wording, style.SMALL) for term in leading["term"].unique()), default=1.0)
    columns = columns_for(longest * SHRINK + NUMBER)
    width = (style.WIDTH - 2 * style.MARGIN - GUTTER * (columns - 1)) / columns
    terms = terms_for(len(order), columns, settings)
    full = HEAD + ROW * terms + BELOW
    key_height = key_lines * ROW + 0.12 + labels.group_key_height(groups, wording)
    last = max(key_height, full if len(order) % columns else 0.0)
    figure, page = style.page(style.WIDTH, top + full * (len(order) // columns) + last + 2 * style.MARGIN)

    def corner(at: int) -> tuple[float, float]:
        return style.MARGIN + (at % columns) * (width + GUTTER), top + style.MARGIN + (at // columns) * full

    entries = []
    for at, (region, group) in enumerate(order):
        x, y = corner(at)
        shade, name = style.group_colour(group, settings.palette), wording.region(region)
        labels.put(page, x, y + 0.1, name, size=labels.fitted(name, width, style.LARGE))
        style.lines(page, [[(x, y + HEAD - 0.05), (x + width, y + HEAD - 0.05)]], shade)
        own = leading[leading["region"] == region].head(terms)
        if own.empty:
            labels.put(page, x, y + HEAD + ROW / 2, wording.say("bars_none"), size=style.SMALL, role="light")
        for row, keyword in enumerate(own.itertuples()):
            middle = y + HEAD + ROW * row + WORDS
            labels.put_term(page, x, middle, str(keyword.term), wording, size=style.SMALL, width=width - NUMBER)
            labels.put(page, x + width, middle, number(keyword), size=0.8, role="light", ha="right")
            entries.append(Entry(x, middle + WORDS, shade, keyword))
    return Panels(figure, page, width, entries, corner(len(order)))
