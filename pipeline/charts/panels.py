"""A small panel for each region, in the order of the leaves: its leading terms, a line for each, with room below the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline.charts import keys, labels, style
from pipeline.charts.sheets import DOUBLE, Sheet
from pipeline.charts.wording import Wording
from pipeline.method import ChartsSettings

HEAD, ROW, BELOW, GUTTER = 0.29, 0.18, 0.13, 0.16  # inches
WORDS = 0.065  # inches from the top of a line to the middle of its words, and from there to what stands below
NUMBER = 0.25
GLOSS = 0.115  # inches from a term to the gloss below it
FEWEST = 3  # terms of a region
MOST = 5  # panels side by side
KEY = 1.2  # inches of a page that the key takes below the panels
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
    """The panels with their words and key."""

    figure: Figure
    page: Axes
    width: float
    entries: list[Entry]

    def told(self, leading: pd.DataFrame) -> pd.DataFrame:
        """The rows of ``leading`` that the entries show, in their order."""
        return leading.loc[[entry.keyword.Index for entry in self.entries]]


def leading_of(keywords: pd.DataFrame, *, bars: int) -> pd.DataFrame:
    """The rows that hold a region's first ``bars`` ranks, in that order."""
    return keywords[keywords["rank"].notna() & (keywords["rank"].fillna(0) <= bars)].sort_values(["region", "rank"])


def shown_of(leading: pd.DataFrame, clusters: pd.DataFrame, settings: ChartsSettings) -> pd.DataFrame:
    """Of these rows those that the figure with most room shows, by regions in the order of the leaves, with their groups."""
    terms = terms_for(len(clusters), MOST, settings)
    kept = leading.groupby("region", sort=False).head(terms)
    return kept.merge(clusters[["region", "cluster", "leaf"]], on="region").sort_values(["leaf", "rank"], kind="stable")


def columns_for(longest: float, sheet: Sheet = DOUBLE) -> int:
    """Panels side by side, 2 to 5: as many as leave room for the longest label."""
    fitting = [n for n in range(MOST, 2, -1) if (sheet.room - GUTTER * (n - 1)) / n >= longest]
    return max(fitting, default=2)


def terms_for(regions: int, columns: int, settings: ChartsSettings, *, line: float = ROW, taken: float = 0.0) -> int:
    """Terms in each panel: as many as the settings ask for, fewer where the panels would be higher than their page.

    ``taken``: inches of the page that are not for panels.
    """
    room = (settings.panels_height - taken) / -(-regions // columns)
    return min(settings.bars, max(FEWEST, int((room - HEAD - BELOW) / line)))


def panels_of(
    leading: pd.DataFrame,
    clusters: pd.DataFrame,
    wording: Wording,
    settings: ChartsSettings,
    sheet: Sheet,
    *,
    number: Callable[[Any], str],
    key: Sequence[keys.Line],
    note: str = "",
) -> Panels:
    """Each region's name on the colour of its group, its terms and, right of each, its ``number``.

    ``note``: above the panels. The ``key`` and the groups stand in the cells after
    the last panel, in one column below all of them; there a gloss has a line of its own.
    """
    order, groups, least = style.leaf_order(clusters), style.groups_of(clusters), sheet.smallest
    twice = sheet.narrow and bool(wording.glossary)
    line = ROW + (GLOSS if twice else 0)
    longest = max((labels.term_width(term, wording, style.SMALL) for term in leading["term"].unique()), default=1.0)
    columns = 2 if sheet.narrow else columns_for(longest * SHRINK + NUMBER)
    width = (sheet.room - GUTTER * (columns - 1)) / columns
    terms = terms_for(len(order), columns, settings, line=line, taken=KEY if sheet.narrow else 0.0)
    full = HEAD + line * terms + BELOW
    notes = [keys.Line(note)] if note else []
    top = style.MARGIN + keys.height_of(notes, sheet.room) + (0.06 if note else 0)
    whole, rest = divmod(len(order), columns)
    if sheet.narrow:
        told = [*key, *keys.groups_of(groups, wording, settings.palette)]
        end = top + full * (whole + bool(rest))
        height = end + keys.height_of(told, sheet.room)
    else:
        below = keys.height_of(key, width) + 0.12 + labels.group_key_height(groups, wording)
        height = top + full * whole + max(below, full if rest else 0.0)
    figure, page = style.page(sheet.width, height + style.MARGIN)
    keys.put(page, style.MARGIN, style.MARGIN, notes, sheet.room)

    def corner(at: int) -> tuple[float, float]:
        return style.MARGIN + (at % columns) * (width + GUTTER), top + (at // columns) * full

    entries = []
    for at, (region, group) in enumerate(order):
        x, y = corner(at)
        shade, name = style.group_colour(group, settings.palette), wording.region(region)
        labels.put_within(page, x, y + 0.1, name, width, least=least, size=style.LARGE)
        style.lines(page, [[(x, y + HEAD - 0.05), (x + width, y + HEAD - 0.05)]], shade)
        own = leading[leading["region"] == region].head(terms)
        if own.empty:
            labels.put(page, x, y + HEAD + ROW / 2, wording.say("bars_none"), size=style.SMALL, role="light")
        for row, keyword in enumerate(own.itertuples()):
            middle, term = y + HEAD + line * row + WORDS, str(keyword.term)
            if twice:
                labels.put_within(page, x, middle, term, width - NUMBER, least=least, size=style.SMALL)
                gloss = wording.gloss(term)
                labels.put_within(page, x, middle + GLOSS, gloss, width, least=least, size=least, role="light")
            else:
                labels.put_term(
                    page, x, middle, term, wording, size=style.SMALL, width=width - NUMBER, least=least * sheet.narrow
                )
            labels.put(page, x + width, middle, number(keyword), size=max(0.8, least), role="light", ha="right")
            entries.append(Entry(x, middle + line - ROW + WORDS, shade, keyword))
    if sheet.narrow:
        keys.put(page, style.MARGIN, end, told, sheet.room)
    else:
        x, y = corner(len(order))
        y = keys.put(page, x, y, key, width)
        labels.group_key(page, x, y + 0.08, groups, wording, settings.palette, width=width)
    return Panels(figure, page, width, entries)
