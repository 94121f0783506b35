"""Draw which themes the measures of each region carry: themes.csv, codebook.csv, theme_groups.csv, measures.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.anchors import approach
from pipeline.charts import keys, labels, marks, style, theme_cells
from pipeline.charts.behind import Behind, behind
from pipeline.charts.sheets import DOUBLE, Sheet
from pipeline.charts.wording import Publish, Wording, publish, theme_names
from pipeline.cli import run
from pipeline.method import ChartsSettings
from pipeline.tables import Column

WIDEST, TALLEST, LOWEST = 0.7, 0.3, 0.12  # inches: the width of a column at most, the height of a line
PAGE = 8.0  # inches: what the lines take of a page before they become lower
GAP = 0.09  # inches between groups
HEAD = 2.2  # inches that the name of a theme may take upwards
LINES = 3  # of a turned name, at most
FILLED = 0.88  # of the smaller side of a cell that the dot of all measures takes
PALE = 0.42  # of the darkest shade, inside a dot
RING = 1.3  # points
NUMBER = 0.8  # of the font size
KEYS = (0.25, 0.5, 1.0)  # in the key, of the largest dot


def cells_of(themes: pd.DataFrame, regions: Sequence[str], order: Sequence[str]) -> pd.DataFrame:
    """What is drawn: the themes that a region carries, each with its line (row) and column."""
    row, column = ({name: at for at, name in enumerate(names)} for names in (regions, order))
    cells = themes[(themes["measures"] > 0) & themes["theme"].isin(column)]
    cells = cells.assign(row=cells["region"].map(row), column=cells["theme"].map(column))
    return cells.sort_values(["row", "column"]).reset_index(drop=True)


def balanced(text: str, most: int, size: float = 1.0) -> list[str]:
    """The text broken at spaces into at most so many lines, the longest as short as can be."""
    words = text.split(" ")
    runs = {" ".join(words[first:last]) for first in range(len(words)) for last in range(first + 1, len(words) + 1)}
    for width in sorted(labels.width_of(words_of_run, size) for words_of_run in runs):
        lines = labels.in_lines(text, width, size)
        if len(lines) <= most and labels.widest(lines, size) <= width:
            return lines
    return [text]


def _head(name: str, cell: float) -> tuple[str, float, float]:
    """The name as it stands above a column of this width, its size, and the inches that it takes upwards."""
    broad = min(1.0, cell / labels.line_height())
    if labels.stacked(name):
        tall = len(name) * labels.PITCH * style.points() / 72
        size = min(broad, HEAD / tall)
        return "\n".join(name), size, size * tall
    lines = balanced(name, max(1, min(LINES, int(cell / labels.line_height()))))
    size = min(broad, HEAD / labels.widest(lines))
    return "\n".join(lines), size, labels.widest(lines, size)


def heads_height(names: Sequence[str], cell: float) -> float:
    """Inches that the names take above the columns."""
    return max((_head(name, cell)[2] for name in names), default=0.0) + 0.06


def _heads(page: Axes, names: Sequence[str], lefts: Sequence[float], *, cell: float, bottom: float, role: str) -> None:
    """The name of each column above it: Chinese from above to below, other writing turned."""
    for name, left in zip(names, lefts, strict=True):
        text, size, _ = _head(name, cell)
        look = (
            {"linespacing": labels.PITCH, "multialignment": "center"}
            if labels.stacked(name)
            else {"rotation": 90, "multialignment": "left", "linespacing": 1.25}
        )
        labels.put(page, left + cell / 2, bottom - 0.06, text, size=size, role=role, ha="center", va="bottom", **look)


def _regions(
    page: Axes,
    order: Sequence[tuple[str, int]],
    tops: Sequence[float],
    *,
    left: float,
    row: float,
    wording: Wording,
    palette: Sequence[str],
    unsure: frozenset[str],
) -> None:
    """Left of the lines: number and colour of each group, then the regions; ``left``: where the lines begin."""
    names = [wording.region(region) for region, _ in order]
    room = min(1.5, labels.widest(names))
    bar = left - 0.1 - room - 0.14
    runs = [
        (group, sure, [top for top, _ in run])
        for (group, sure), run in groupby(
            zip(tops, order, strict=True), key=lambda line: (line[1][1], line[1][0] not in unsure)
        )
    ]
    bars = [(bar, own[0] + 0.02, 0.05, own[-1] + row - own[0] - 0.04) for _, _, own in runs]
    shades = [style.group_colour(group, palette) for group, _, _ in runs]
    style.group_marks(page, bars, shades, [sure for _, sure, _ in runs])
    for name, top in zip(names, tops, strict=True):
        labels.put(
            page,
            left - 0.1,
            top + row / 2,
            name,
            size=labels.fitted(name, room, min(1.0, row * 72 / style.points(1.1))),
            ha="right",
        )
    for group in dict.fromkeys(group for _, group in order):
        own = [top for top, (_, other) in zip(tops, order, strict=True) if other == group]
        text = wording.say("group", number=group)
        middle = (own[0] + own[-1] + row) / 2
        labels.put(page, bar - 0.08, middle, text, size=style.SMALL, role="light", ha="right")


def _number(page: Axes, x: float, y: float, text: str, *, across: float, cell: float, url: str) -> None:
    """The number inside the dot, else beside it, else nowhere."""
    width, height = labels.width_of(text, NUMBER), style.points(NUMBER) * 0.72 / 72
    if np.hypot(width, height) <= across:
        labels.put(page, x, y, text, size=NUMBER, ha="center", url=url)
    elif across / 2 + 0.03 + width <= cell / 2:
        labels.put(page, x + across / 2 + 0.02, y, text, size=NUMBER, role="light", url=url)


def _dots(
    page: Axes,
    places: Sequence[tuple[float, float]],
    shares: Sequence[float],
    first: Sequence[bool],
    *,
    across: float,
    urls: Sequence[str] = (),
    told: Sequence[marks.Cell] = (),
) -> None:
    """Dots whose area is the share, ``across`` inches for the whole; a ring around the first theme of a region."""
    dots = page.scatter(
        [x for x, _ in places],
        [y for _, y in places],
        [(across * 72) ** 2 * share for share in shares],
        color=style.blend(style.colour("mark"), PALE),
        edgecolors=style.colour("ink"),
        linewidths=[RING if leads else 0.0 for leads in first],
        zorder=3,
    )
    dots.set_urls(list(urls))
    marks.tell(dots, *told)


def _key(wording: Wording, *, across: float, full: float, unsure: bool) -> list[keys.Line]:
    """What area, ring and number are, below the matrix."""

    def sizes(page: Axes, x: float, y: float) -> None:
        at = x
        for share in KEYS:
            reach, shown = across * share**0.5, f"{100 * full * share:g}%"
            _dots(page, [(at + reach / 2, y)], [share], [False], across=across)
            labels.put(page, at + reach + 0.05, y, shown, size=style.SMALL)
            at += reach + 0.05 + labels.width_of(shown, style.SMALL) + 0.14

    wide = sum(across * share**0.5 + 0.19 + labels.width_of(f"{100 * full * share:g}%", style.SMALL) for share in KEYS)
    return [
        keys.Line(wording.say("matrix_size"), sizes, wide),
        keys.Line(
            wording.say("matrix_first"), lambda page, x, y: _dots(page, [(x + 0.05, y)], [1.0], [True], across=0.1)
        ),
        *([keys.unsure_line(wording)] if unsure else []),
    ]


def figure_of(
    themes: pd.DataFrame,
    codebook: pd.DataFrame,
    groups: pd.DataFrame,
    measures: pd.DataFrame,
    wording: Wording,
    settings: ChartsSettings,
    sheet: Sheet = DOUBLE,
) -> Figure:
    """Regions in leaf order x themes, the most frequent first: the area of a dot is a share, the number its measures.

    In one column of a page shaded cells take the place of the dots.
    """
    named = theme_names(codebook, wording)
    if not named:
        return labels.told(wording.say("themes_none"), sheet)
    order, unsure = style.leaf_order(groups), style.unsure_of(groups)
    regions = [region for region, _ in order]
    total = measures["region"].value_counts()
    cells = cells_of(themes, regions, list(named))
    if sheet.narrow:
        return theme_cells.figure_of(cells, named, groups, total, wording, settings, sheet)
    names = [wording.region(region) for region in regions]
    numbers = [wording.say("group", number=group) for _, group in order]
    left = style.MARGIN + labels.widest(numbers, style.SMALL) + 0.08 + 0.14 + min(1.5, labels.widest(names)) + 0.1
    sums = 0.3  # inches for the number of measures right of the matrix
    cell = min(WIDEST, (sheet.right - left - sums) / len(named))
    row = max(LOWEST, min(TALLEST, cell, PAGE / len(regions)))
    across = FILLED * min(cell, row)
    top = style.MARGIN + max(
        heads_height(list(named.values()), cell), heads_height([wording.say("matrix_measures")], sums)
    )
    lefts = [left + cell * at for at in range(len(named))]
    tops = style.offsets([group for _, group in order], top, row, GAP)
    end, right = tops[-1] + row, lefts[-1] + cell
    full = style.full_scale(cells["share"].max()) if len(cells) else 1.0
    key, room = _key(wording, across=across, full=full, unsure=bool(unsure)), sheet.right - left
    spare = max(0.0, across - labels.line_height()) / 2  # the largest dot of the key is higher than a line
    figure, page = style.page(sheet.width, end + 0.12 + 2 * spare + keys.height_of(key, room) + style.MARGIN)
    _heads(page, list(named.values()), lefts, cell=cell, bottom=top, role="ink")
    _heads(page, [wording.say("matrix_measures")], [right], cell=sums, bottom=top, role="light")
    _regions(page, order, tops, left=left, row=row, wording=wording, palette=settings.palette, unsure=unsure)

    grid = [[(left, y + row / 2), (right, y + row / 2)] for y in tops]
    for _, lines in groupby(zip(tops, order, strict=True), key=lambda line: line[1][1]):
        own = [y for y, _ in lines]
        grid += [[(x + cell / 2, own[0]), (x + cell / 2, own[-1] + row)] for x in lefts]
    style.lines(page, grid, style.colour("grid"), linewidths=0.5, zorder=0.5)
    places = [(lefts[one.column] + cell / 2, tops[one.row] + row / 2) for one in cells.itertuples()]
    urls = [f"#{approach(one.region, one.theme)}" for one in cells.itertuples()]
    if len(cells):
        told = marks.cells_of(cells, "themes", ("region", "theme"), "share", "share")
        _dots(page, places, list(cells["share"] / full), list(cells["rank"] == 1), across=across, urls=urls, told=told)
    for (x, y), url, one in zip(places, urls, cells.itertuples(), strict=True):
        _number(page, x, y, str(one.measures), across=across * (one.share / full) ** 0.5, cell=cell, url=url)
    for region, y in zip(regions, tops, strict=True):
        labels.put(page, right + sums / 2, y + row / 2, str(total[region]), size=style.SMALL, role="light", ha="center")
    below = keys.put(page, left, end + 0.12 + spare, key[:1], room) + spare
    keys.put(page, left, below, key[1:], room)
    return figure


def numbers_of(themes: pd.DataFrame, codebook: pd.DataFrame, groups: pd.DataFrame, measures: pd.DataFrame) -> Behind:
    """Every theme that a region carries, beside all its measures; regions in the order of the leaves."""
    order = [region for region, _ in style.leaf_order(groups)]
    by_use = codebook.sort_values("measures", ascending=False, kind="stable")["theme"].tolist()
    cells = cells_of(themes, order, by_use)
    total = cells["region"].map(measures["region"].value_counts()).astype("Int64")
    shown = cells.assign(all_measures=total)[["region", "theme", "measures", "share", "rank", "all_measures"]]
    own = Column("all_measures", "int", "measures of the region")
    return behind(shown, "one theme that a region carries", ("region", "theme"), tables.THEMES, own=(own,))


def main(
    themes_csv: Path,
    codebook_csv: Path,
    theme_groups_csv: Path,
    measures_csv: Path,
    documents_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    themes = tables.read(themes_csv, tables.THEMES)
    codebook = tables.read(codebook_csv, tables.CODEBOOK)
    groups = tables.read(theme_groups_csv, tables.THEME_GROUPS)
    measures = tables.read(measures_csv, tables.MEASURES)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(
        lambda wording, settings, sheet: figure_of(themes, codebook, groups, measures, wording, settings.charts, sheet),
        lambda _: numbers_of(themes, codebook, groups, measures),
        look,
        documents,
    )


if __name__ == "__main__":
    run(main)
