"""Draw the provincial units as tiles, the corpus in its groups' colours: documents.csv, clusters.csv, regions.csv -> SVG and PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording, publish
from pipeline.cli import run
from pipeline.method import TIERS, ChartsSettings, Place, load_gazetteer

TILE, GAP = 0.66, 0.045  # inches
SQUARE, ROW = 0.07, 0.115  # of a unit inside its province
PALE = 0.25  # of a group's colour: a region that belongs to it without confidence
SMALLEST = 0.6  # of the font size: a name that would have to be smaller is listed under the grid


@dataclass(frozen=True)
class Member:
    """A region of the corpus: its name as shown, its group, and whether it belongs there with confidence."""

    name: str
    group: int
    sure: bool = True
    region: str = ""  # as the tables name it

    @property
    def told(self) -> list[marks.Cell]:
        """What its mark shows."""
        return [marks.Cell("clusters", (self.region,), "cluster", str(self.group))] if self.region else []


def members_of(
    documents: pd.DataFrame, clusters: pd.DataFrame, tiles: Sequence[Place], wording: Wording
) -> tuple[dict[str, Member], dict[str, list[Member]], list[Member]]:
    """Provincial units of the corpus by code; smaller units by province; regions whose province is unknown."""
    codes, provinces = {place.adcode for place in tiles}, {place.short for place in tiles}
    place_of = {
        region: (code if TIERS.get(level) == 1 else "", province)
        for region, code, level, province in zip(
            *(documents[column] for column in ("region", "adcode", "level", "province")), strict=True
        )
    }
    unsure = style.unsure_of(clusters)
    whole: dict[str, Member] = {}
    inside: dict[str, list[Member]] = {}
    homeless = []
    for region, group in style.leaf_order(clusters):
        member = Member(wording.region(region), group, region not in unsure, region)
        code, province = place_of[region]  # the name alone would not do: 吉林 is a province and a city
        if code in codes:
            whole[code] = member
        elif province in provinces:
            inside.setdefault(province, []).append(member)
        else:
            homeless.append(member)
    return whole, inside, homeless


def _tile(
    page: Axes,
    x: float,
    y: float,
    place: Place,
    member: Member | None,
    insets: Sequence[Member],
    palette: Sequence[str],
    wording: Wording,
) -> list[Member]:
    """One tile; returns the units inside whose names found no room."""
    name = place.name_en if wording.language == "en" else place.short
    if member is None:
        ink = style.colour("light")
        style.boxes(page, [(x, y, TILE, TILE)], [style.colour("quiet")])
    else:
        shade = style.group_colour(member.group, palette)
        ink = style.on(style.fill_of(shade, sure=member.sure, pale=PALE))
        style.group_marks(page, [(x, y, TILE, TILE)], [shade], [member.sure], pale=PALE, cells=member.told)
    room = TILE - 0.06
    size = labels.fitted(name, room, 0.75)
    if not insets:
        labels.put(page, x + TILE / 2, y + 0.26, place.symbol, size=1.75, ha="center", color=ink)
        labels.put(page, x + TILE / 2, y + 0.51, name, size=size, ha="center", color=ink)
        return []
    labels.put(page, x + TILE / 2, y + 0.15, place.symbol, size=1.3, ha="center", color=ink)
    labels.put(page, x + TILE / 2, y + 0.31, name, size=size, ha="center", color=ink)
    shown = [m for m in insets if labels.width_of(m.name, SMALLEST) <= room - SQUARE - 0.03][:2]
    for at, inset in enumerate(shown):
        middle = y + TILE - 0.075 - ROW * (len(shown) - 1 - at)
        size = labels.fitted(inset.name, room - SQUARE - 0.03, 0.75)
        start = x + (TILE - SQUARE - 0.03 - labels.width_of(inset.name, size)) / 2
        _square(page, start, middle, inset, palette)
        dark = ink if member else style.colour("ink")
        labels.put(page, start + SQUARE + 0.03, middle, inset.name, size=size, color=dark)
    return [inset for inset in insets if inset not in shown]


def _square(page: Axes, x: float, middle: float, member: Member, palette: Sequence[str]) -> None:
    """The mark of a smaller unit, parted from a tile of the same colour by a white rim."""
    place = (x, middle - SQUARE / 2, SQUARE, SQUARE)
    style.boxes(page, [place], ["#ffffff"], edge="#ffffff", linewidth=1)
    style.group_marks(
        page, [place], [style.group_colour(member.group, palette)], [member.sure], pale=PALE, cells=member.told
    )


def _listed(page: Axes | None, y: float, members: Sequence[Member], wording: Wording, palette: Sequence[str]) -> float:
    """The regions that have no place in a tile, in lines; returns where they end (without a page: only that)."""
    text = wording.say("tiles_listed")
    x, step = style.MARGIN, labels.line_height()
    if page is not None:
        labels.put(page, x, y + step / 2, text, size=style.SMALL, role="light")
    x += labels.width_of(text, style.SMALL) + 0.1
    for member in members:
        width = labels.width_of(member.name, style.SMALL) + 0.11
        if x + width > style.WIDTH - style.MARGIN:
            x, y = style.MARGIN, y + step
        if page is not None:
            _square(page, x, y + step / 2, member, palette)
            labels.put(page, x + 0.11, y + step / 2, member.name, size=style.SMALL)
        x += width + 0.12
    return y + step


def figure_of(
    documents: pd.DataFrame,
    clusters: pd.DataFrame,
    places: Sequence[Place],
    wording: Wording,
    settings: ChartsSettings,
) -> Figure:
    """A schematic, not a map: a smaller unit is marked inside its province, which stays uncoloured."""
    tiles = [place for place in places if place.tile is not None]
    whole, inside, homeless = members_of(documents, clusters, tiles, wording)
    groups = style.groups_of(clusters)
    rows = [place.tile[0] for place in tiles if place.tile]
    columns = [place.tile[1] for place in tiles if place.tile]
    grid = style.MARGIN + (max(rows) - min(rows) + 1) * (TILE + GAP)
    step = labels.line_height()
    x = style.MARGIN + (max(columns) - min(columns) + 1) * (TILE + GAP) + 0.1
    width = style.WIDTH - style.MARGIN - x
    pale = wording.say("mark_pale") if style.unsure_of(clusters) else ""
    key_height = labels.group_key_height(groups, wording) + 0.9
    key_height += 0.1 + labels.unsure_key_height(pale, width) if pale else 0
    height = max(grid, key_height + 2 * style.MARGIN)
    # every name may end up under the grid: room for it is found by listing them without a page
    figure, page = style.page(style.WIDTH, height)
    left_over = list(homeless)
    for place in tiles:
        if place.tile is None:
            continue
        member = whole.get(place.adcode)
        across = style.MARGIN + (place.tile[1] - min(columns)) * (TILE + GAP)
        down = style.MARGIN + (place.tile[0] - min(rows)) * (TILE + GAP)
        left_over += _tile(page, across, down, place, member, inside.get(place.short, []), settings.palette, wording)
    if left_over:
        end = _listed(None, height + 0.08, left_over, wording, settings.palette) + style.MARGIN
        figure.set_size_inches(style.WIDTH, end)
        page.set_ylim(end, 0)
        _listed(page, height + 0.08, left_over, wording, settings.palette)

    y = style.MARGIN
    note = wording.say("tiles_note")
    labels.put(page, x, y + step / 2, note, size=labels.fitted(note, width), role="light")
    y = labels.group_key(page, x, y + 0.3, groups, wording, settings.palette, width=width) + 0.1
    if pale:
        y = labels.unsure_key(page, x, y, pale, width=width, pale=PALE) + 0.1
    if inside:
        style.boxes(page, [(x, y + step / 2 - SQUARE / 2, SQUARE, SQUARE)], [style.colour("light")])
        for key in ("tiles_inset", "tiles_inset_2"):
            text = wording.say(key)
            labels.put(page, x + 0.16, y + step / 2, text, size=labels.fitted(text, width - 0.16, style.SMALL))
            y += step
        y += 0.06
    style.boxes(page, [(x, y + step / 2 - 0.05, 0.1, 0.1)], [style.colour("quiet")], edge=style.colour("grid"))
    text = wording.say("tiles_absent")
    labels.put(page, x + 0.16, y + step / 2, text, size=labels.fitted(text, width - 0.16, style.SMALL))
    return figure


def main(
    documents_csv: Path,
    clusters_csv: Path,
    regions_csv: Path,
    *look: Path,
) -> None:
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    clusters = tables.read(clusters_csv, tables.CLUSTERS)
    places = load_gazetteer(regions_csv)
    publish(lambda wording, settings: figure_of(documents, clusters, places, wording, settings.charts), look, documents)


if __name__ == "__main__":
    run(main)
