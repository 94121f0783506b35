"""Draw which themes mark each group of regions: theme_profiles.csv, codebook.csv, theme_groups.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import keys, labels, marks, style
from pipeline.charts.behind import Behind, behind
from pipeline.charts.sheets import DOUBLE, Sheet
from pipeline.charts.wording import Publish, Wording, publish, theme_names
from pipeline.cli import run
from pipeline.method import ChartsSettings

GROUPING = "themes"  # the grouping of theme_profiles.csv that is drawn
ROW, GUTTER, AXIS = 0.185, 0.2, 0.3  # inches: a line; between panels; below a panel
NARROWEST, WIDEST = 0.85, 1.7  # inches of a panel
WORDS = 2.4  # inches for the names of the themes, at most
HEAD = 0.27  # inches: the number of a group over its colour
MARK, BETWEEN = 0.12, 0.1  # inches: the mark before a region's name, and what keeps it from the name before
LINES = 5  # of regions' names above a panel, at most
DOT, TICK = 0.085, 0.125  # inches: the dot of the group's share across, the stroke of the others' upwards
STEM, STROKE = 1.6, 1.1  # points: the line between them, the stroke
PALE = 0.4  # of its colour, a group of one region
TICKS = (0, 0.5, 1)  # of the scale


def profile_of(profiles: pd.DataFrame, group: int, order: Sequence[str]) -> pd.DataFrame:
    """The themes of one group, in this order."""
    own = profiles[(profiles["grouping"] == GROUPING) & (profiles["cluster"] == group)]
    return own.set_index("theme").loc[list(order)].reset_index()


def columns_for(groups: int, room: float, narrowest: float = NARROWEST) -> int:
    """Panels side by side: as many as fit, and about as many in every row."""
    most = max(1, int((room + GUTTER) / (narrowest + GUTTER)))
    rows = -(-groups // most)
    return -(-groups // rows)


def lines_of(names: Sequence[str], width: float) -> list[list[str]]:
    """The names, each with a mark before it, in lines that fit the width; a single one may exceed it."""
    found: list[list[str]] = []
    end = 0.0
    for name in names:
        needed = MARK + labels.width_of(name, style.SMALL)
        if found and end + BETWEEN + needed <= width:
            found[-1].append(name)
            end += BETWEEN + needed
        else:
            found.append([name])
            end = needed
    return found


def _title(
    page: Axes,
    corner: tuple[float, float],
    width: float,
    group: int,
    regions: Sequence[str],
    shade: str,
    unsure: frozenset[str],
    wording: Wording,
    least: float,
) -> None:
    """Number of the group over its colour, then its regions, each with a mark, hollow where it is not sure."""
    (x, y), step = corner, labels.line_height(style.SMALL)
    title = wording.say("group", number=group)
    labels.put_within(page, x, y + 0.1, title, width, least=least, size=style.LARGE)
    style.lines(page, [[(x, y + HEAD - 0.05), (x + width, y + HEAD - 0.05)]], shade)
    names = [wording.region(region) for region in regions]
    lines = lines_of(names, width)
    shown = lines if len(lines) <= LINES else lines[: LINES - 1]
    marked = iter(regions)
    y += HEAD + step / 2
    for line in shown:
        at = x
        for name in line:
            style.group_marks(page, [(at, y - 0.04, 0.08, 0.08)], [shade], [next(marked) not in unsure])
            text, size = labels.within(name, width - MARK, least=least, size=style.SMALL)
            labels.put(page, at + MARK, y, text, size=size)
            at += MARK + labels.width_of(text, size) + BETWEEN
        y += step
    if len(shown) < len(lines):
        more = wording.say("profiles_more", count=len(regions))
        labels.put_within(page, x, y, more, width, least=least, size=style.SMALL, role="light")


def _panel(
    figure: Figure,
    corner: tuple[float, float],
    width: float,
    profile: pd.DataFrame,
    shade: str,
    rest: bool,
    full: float,
    row: float,
    named: Mapping[str, str],
) -> None:
    """A line for each theme: the group's share as a dot, that of the others as a stroke, a line between them."""
    axes = style.panel(figure, *corner, width, row * len(profile))
    end = 100 * full
    ticks = [end * tick for tick in TICKS]
    axes.set(xlim=(0, end), ylim=(len(profile), 0), yticks=[], xticks=ticks)
    axes.spines["left"].set_visible(False)
    heights = [at + 0.5 for at in range(len(profile))]
    own, others = (100 * profile["share"]).tolist(), (100 * profile["share_rest"]).tolist()
    grid = [[(0, y), (end, y)] for y in heights] + [[(x, 0), (x, len(profile))] for x in ticks]
    style.lines(axes, grid, style.colour("grid"), linewidths=0.5, zorder=0.5)
    if rest:
        stems = [[(there, y), (here, y)] for here, there, y in zip(own, others, heights, strict=True)]
        shades = [shade if here > there else style.colour("line") for here, there in zip(own, others, strict=True)]
        style.lines(axes, stems, shades, linewidths=STEM, zorder=2)
        half = TICK / row / 2
        strokes = [[(there, y - half), (there, y + half)] for there, y in zip(others, heights, strict=True)]
        style.lines(axes, strokes, style.colour("light"), linewidths=STROKE, zorder=3, clip_on=False)
    fills = [shade] * len(profile)
    told = marks.cells_of(profile, "theme_profiles", ("grouping", "cluster", "theme"), "share", "share")
    told = [replace(cell, what=f"{named[cell.key[2]]} · {cell.key[1]}") for cell in told]
    style.dots(axes, list(zip(own, heights, strict=True)), fills, fills, size=DOT, zorder=4, cells=told)


def _key(wording: Wording, *, several: bool, single: bool, unsure: bool) -> list[keys.Line]:
    """What dot, stroke, pale dot and hollow mark are."""
    mark = style.colour("mark")

    def stroke(page: Axes, x: float, y: float) -> None:
        ends = [(x + 0.05, y - TICK / 2), (x + 0.05, y + TICK / 2)]
        style.lines(page, [ends], style.colour("light"), linewidths=STROKE)

    pale = style.blend(mark, PALE)
    return [
        keys.Line(wording.say("profiles_own"), keys.dot(mark, mark, DOT)),
        *([keys.Line(wording.say("profiles_rest"), stroke)] if several else []),
        *([keys.Line(wording.say("profiles_single"), keys.dot(pale, pale, DOT))] if single else []),
        *([keys.unsure_line(wording)] if unsure else []),
    ]


def _members(groups: pd.DataFrame) -> dict[int, list[str]]:
    """Group -> its regions in the order of the leaves."""
    members: dict[int, list[str]] = {}
    for region, group in style.leaf_order(groups):
        members.setdefault(group, []).append(region)
    return members


def figure_of(
    profiles: pd.DataFrame,
    codebook: pd.DataFrame,
    groups: pd.DataFrame,
    wording: Wording,
    settings: ChartsSettings,
    sheet: Sheet = DOUBLE,
) -> Figure:
    """One panel for each group, the themes in one order in all of them; pale where the group is a single region."""
    named = theme_names(codebook, wording)
    if not named:
        return labels.told(wording.say("themes_none"), sheet)
    members = _members(groups)
    unsure, several, least = style.unsure_of(groups), len(members) > 1, sheet.smallest
    single = {group for group, own in members.items() if several and len(own) == 1}
    words = min(1.4 if sheet.narrow else WORDS, labels.widest(list(named.values()), sheet.names))
    tall_row = 0.165 if sheet.narrow else ROW
    left, right = style.MARGIN + words + (0.1 if sheet.narrow else 0.14), sheet.width - 0.14
    columns = columns_for(len(members), right - left, 0.65 if sheet.narrow else NARROWEST)
    width = min(WIDEST, (right - left - GUTTER * (columns - 1)) / columns)
    step, tall = labels.line_height(style.SMALL), tall_row * len(named)
    ordered = sorted(members)
    rows = [ordered[at : at + columns] for at in range(0, len(ordered), columns)]
    heads = [
        HEAD
        + step * min(LINES, max(len(lines_of([wording.region(one) for one in members[group]], width)) for group in row))
        + 0.06
        for row in rows
    ]
    tops = [style.MARGIN + sum(heads[:at]) + at * (tall + AXIS) for at in range(len(rows))]
    end = tops[-1] + heads[-1] + tall + AXIS
    key = _key(wording, several=several, single=bool(single), unsure=bool(unsure))
    x, room = (style.MARGIN, sheet.room) if sheet.narrow else (left, right - left)
    figure, page = style.page(sheet.width, end + keys.height_of(key, room) + style.MARGIN)
    drawn = profiles[profiles["grouping"] == GROUPING]
    full = style.full_scale(drawn[["share", "share_rest"]].max().max())
    for row, top, head in zip(rows, tops, heads, strict=True):
        for at, name in enumerate(named.values()):
            y = top + head + tall_row * (at + 0.5)
            labels.put_within(page, style.MARGIN + words, y, name, words, least=least, size=sheet.names, ha="right")
        for at, group in enumerate(row):
            shade = style.group_colour(group, settings.palette)
            shade = style.blend(shade, PALE) if group in single else shade
            place = left + at * (width + GUTTER), top
            _title(page, place, width, group, members[group], shade, unsure, wording, least)
            profile = profile_of(profiles, group, list(named))
            _panel(figure, (place[0], top + head), width, profile, shade, several, full, tall_row, named)
    keys.put(page, x, end, key, room)
    return figure


def numbers_of(profiles: pd.DataFrame, codebook: pd.DataFrame, groups: pd.DataFrame) -> Behind:
    """Every group's share of every theme beside that of the others, panel by panel and from above to below."""
    order = codebook.sort_values("measures", ascending=False, kind="stable")["theme"]
    parts = [profile_of(profiles, group, list(order)) for group in sorted(_members(groups))] if len(order) else []
    columns = ["cluster", "theme", "share", "share_rest"]
    shown = pd.concat(parts)[columns] if parts else profiles.iloc[:0][columns]
    return behind(shown, "one theme of one group of regions", columns[:2], tables.THEME_PROFILES)


def main(
    theme_profiles_csv: Path,
    codebook_csv: Path,
    theme_groups_csv: Path,
    documents_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    profiles = tables.read(theme_profiles_csv, tables.THEME_PROFILES)
    codebook = tables.read(codebook_csv, tables.CODEBOOK)
    groups = tables.read(theme_groups_csv, tables.THEME_GROUPS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(
        lambda wording, settings, sheet: figure_of(profiles, codebook, groups, wording, settings.charts, sheet),
        lambda _: numbers_of(profiles, codebook, groups),
        look,
        documents,
    )


if __name__ == "__main__":
    run(main)
