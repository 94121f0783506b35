"""Themes and regions as shaded cells, for one column of a page: the names of themes lie, and a number needs no dot to hold it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline.charts import keys, labels, style
from pipeline.charts.sheets import Sheet
from pipeline.charts.wording import Wording
from pipeline.method import ChartsSettings

NAMES, ROW, GAP = 1.42, 0.2, 0.03  # inches: the names of themes at most, a line, between groups
SUMS = 0.22  # inches for the number of all measures
EDGE = 1.0  # points: of the first theme of a region


def columns_that_fit(room: float, sheet: Sheet) -> int:
    """Columns whose upright names are not smaller than the smallest type."""
    return int(room / ((style.points(1.3 * sheet.smallest) + 1.6) / 72))


def _cells(
    page: Axes, cells: pd.DataFrame, places: Sequence[tuple[float, float]], size: tuple[float, float], sheet: Sheet
) -> float:
    """A shade for the share, the number of measures, a dark edge for the first theme; returns the share of the darkest shade."""
    full = style.full_scale(cells["share"].max()) if len(cells) else 1.0
    mark = style.colour("mark")
    wide, high = size
    boxes = [(x, y, wide, high) for x, y in places]
    fills = [style.blend(mark, share / full) for share in cells["share"]]
    if len(cells):
        style.boxes(page, boxes, fills, edge=style.colour("grid"))
    first = [box for box, rank in zip(boxes, cells["rank"], strict=True) if rank == 1]
    inset = EDGE / 2 / 72
    inner = [(x + inset, y + inset, w - 2 * inset, h - 2 * inset) for x, y, w, h in first]
    style.boxes(page, inner, ["none"] * len(inner), edge=style.colour("ink"), linewidth=EDGE, zorder=2)
    for (x, y), fill, measures in zip(places, fills, cells["measures"], strict=True):
        number = labels.number_size(wide - 0.02, labels.width_of(str(measures)) * 72 / style.points(), sheet.smallest)
        if number:
            put = {"ha": "center", "color": style.on(fill)}
            labels.put(page, x + wide / 2, y + high / 2, str(measures), size=number, **put)
    return full


def _key(full: float, left_out: int, wording: Wording, *, unsure: bool) -> list[keys.Line]:
    mark = style.colour("mark")
    scale, wide = keys.ramp(f"{100 * full:g}%", lambda share: style.blend(mark, share))

    def edge(page: Axes, x: float, y: float) -> None:
        style.boxes(page, [(x, y - 0.05, 0.1, 0.1)], ["none"], edge=style.colour("ink"), linewidth=EDGE)

    return [
        keys.Line(wording.say("matrix_shade"), scale, wide),
        keys.Line(wording.say("matrix_first"), edge),
        *([keys.unsure_line(wording)] if unsure else []),
        *([keys.Line(wording.say("matrix_left_out", count=left_out))] if left_out else []),
    ]


def figure_of(
    cells: pd.DataFrame,
    named: dict[str, str],
    groups: pd.DataFrame,
    total: pd.Series,
    wording: Wording,
    settings: ChartsSettings,
    sheet: Sheet,
) -> Figure:
    """Themes x regions; regions x themes where the regions are too many for columns.

    ``cells``: region, theme, measures, share and rank of what is drawn; ``total``: measures of each region.
    """
    names = min(NAMES, labels.widest(list(named.values()), style.SMALL))
    room = sheet.right - style.MARGIN - names - 0.08
    if len(groups) <= columns_that_fit(room - 0.1, sheet):
        return _themes_down(cells, named, groups, total, wording, settings, sheet, names)
    return _regions_down(cells, named, groups, total, wording, settings, sheet)


def _themes_down(
    cells: pd.DataFrame,
    named: dict[str, str],
    groups: pd.DataFrame,
    total: pd.Series,
    wording: Wording,
    settings: ChartsSettings,
    sheet: Sheet,
    names: float,
) -> Figure:
    order, unsure = style.leaf_order(groups), style.unsure_of(groups)
    group_of = [group for _, group in order]
    left = style.MARGIN + names + 0.08
    cell = min(0.4, (sheet.right - left - GAP * style.breaks(group_of)) / len(order))
    heads = [wording.region(region) for region, _ in order]
    top = style.MARGIN + labels.heads_height(heads, cell, sheet.smallest)
    lefts = style.offsets(group_of, left, cell, GAP)
    tops = [top + ROW * at for at in range(len(named))]
    end = tops[-1] + ROW
    across, down = dict(zip((region for region, _ in order), lefts, strict=True)), dict(zip(named, tops, strict=True))
    places = [(across[one.region], down[one.theme]) for one in cells.itertuples()]
    full = style.full_scale(cells["share"].max()) if len(cells) else 1.0
    key = _key(full, 0, wording, unsure=bool(unsure))
    figure, page = style.page(sheet.width, end + SUMS + 0.08 + keys.height_of(key, sheet.room) + style.MARGIN)
    labels.column_heads(
        page, order, lefts, cell=cell, bottom=top, wording=wording, palette=settings.palette, unsure=unsure,
        least=sheet.smallest,
    )  # fmt: skip
    style.boxes(page, [(x, y, cell, ROW) for x in lefts for y in tops], ["#ffffff"] * len(lefts) * len(tops),
                edge=style.colour("grid"))  # fmt: skip
    _cells(page, cells, places, (cell, ROW), sheet)
    labels.row_heads(page, list(named.values()), tops, left=left, height=ROW, size=style.SMALL, least=sheet.smallest)
    middle = end + SUMS / 2
    sums = wording.say("matrix_measures")
    labels.put_within(
        page, left - 0.08, middle, sums, names, least=sheet.smallest, size=style.SMALL, role="light", ha="right"
    )
    for (region, _), x in zip(order, lefts, strict=True):
        number = str(total[region])
        size = labels.number_size(cell, labels.width_of(number) * 72 / style.points(), sheet.smallest)
        if size:
            labels.put(page, x + cell / 2, middle, number, size=size, role="light", ha="center")
    keys.put(page, style.MARGIN, end + SUMS + 0.08, key, sheet.room)
    return figure


def _regions_down(
    cells: pd.DataFrame,
    named: dict[str, str],
    groups: pd.DataFrame,
    total: pd.Series,
    wording: Wording,
    settings: ChartsSettings,
    sheet: Sheet,
) -> Figure:
    order, unsure = style.leaf_order(groups), style.unsure_of(groups)
    regions = [wording.region(region) for region, _ in order]
    left = style.MARGIN + 0.1 + min(1.1, labels.widest(regions, style.SMALL)) + 0.08
    most = max(1, min(len(named), columns_that_fit(sheet.right - left - SUMS, sheet)))
    kept = dict(list(named.items())[:most])
    cell = min(0.4, (sheet.right - left - SUMS) / most)
    size = min(style.SMALL, max(sheet.smallest, (cell * 72 - 1.5) / style.points(1.3)))
    told = [labels.within(name, 1.6, least=size, size=size)[0] for name in kept.values()]
    top = style.MARGIN + 0.06 + max(
        len(name) * labels.PITCH * style.points(size) / 72 if labels.stacked(name) else labels.width_of(name, size)
        for name in (*told, wording.say("matrix_measures"))
    )  # fmt: skip
    row = max(0.1, min(ROW, 8.0 / len(order)))
    lefts = [left + cell * at for at in range(most)]
    tops = style.offsets([group for _, group in order], top, row, GAP)
    end = tops[-1] + row
    across, down = dict(zip(kept, lefts, strict=True)), dict(zip((region for region, _ in order), tops, strict=True))
    shown = cells[cells["theme"].isin(kept)]
    places = [(across[one.theme], down[one.region]) for one in shown.itertuples()]
    full = style.full_scale(shown["share"].max()) if len(shown) else 1.0
    key = _key(full, len(named) - most, wording, unsure=bool(unsure))
    figure, page = style.page(sheet.width, end + 0.1 + keys.height_of(key, sheet.room) + style.MARGIN)
    for x, name in zip(lefts, told, strict=True):
        labels.put_upright(page, x + cell / 2, top - 0.05, name, size=size)
    right = lefts[-1] + cell + SUMS / 2
    labels.put_upright(page, right, top - 0.05, wording.say("matrix_measures"), size=size, role="light")
    labels.row_heads(page, regions, tops, left=left, height=row, size=style.SMALL, least=sheet.smallest)
    marks = [(style.MARGIN, y, 0.06, row) for y in tops]
    shades = [style.group_colour(group, settings.palette) for _, group in order]
    style.group_marks(page, marks, shades, [region not in unsure for region, _ in order])
    style.boxes(page, [(x, y, cell, row) for x in lefts for y in tops], ["#ffffff"] * len(lefts) * len(tops),
                edge=style.colour("grid"))  # fmt: skip
    _cells(page, shown, places, (cell, row), sheet)
    for (region, _), y in zip(order, tops, strict=True):
        labels.put(page, right, y + row / 2, str(total[region]), size=sheet.smallest, role="light", ha="center")
    keys.put(page, style.MARGIN, end + 0.1, key, sheet.room)
    return figure
