"""Draw the provincial units as tiles, the corpus in its groups' colours: documents.csv, clusters.csv, regions.csv -> SVG and PNG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import keys, labels, marks, style
from pipeline.charts.behind import Behind, behind
from pipeline.charts.sheets import DOUBLE, Sheet
from pipeline.charts.wording import Publish, Wording, publish
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


@dataclass(frozen=True)
class _Look:
    """How large a tile is, in inches and beside one of a whole page, and the smallest type in it."""

    tile: float
    least: float
    palette: Sequence[str]
    language: str

    @property
    def share(self) -> float:
        return self.tile / TILE


def _tile(
    page: Axes, x: float, y: float, place: Place, member: Member | None, insets: Sequence[Member], look: _Look
) -> list[Member]:
    """One tile; returns the units, of the corpus, whose names found no room."""
    name, tile = place.name_en if look.language == "en" else place.short, look.tile
    if member is None:
        ink = style.colour("light")
        style.boxes(page, [(x, y, tile, tile)], [style.colour("quiet")])
    else:
        shade = style.group_colour(member.group, look.palette)
        ink = style.on(style.fill_of(shade, sure=member.sure, pale=PALE))
        style.group_marks(page, [(x, y, tile, tile)], [shade], [member.sure], pale=PALE, cells=member.told)
    room = tile - 0.06 * look.share
    size = labels.fitted(name, room, 0.75 if look.share == 1 else 1.0)
    named = size >= look.least
    parts = [(0.26 if named else 0.33, 1.75), (0.51, 0)] if not insets else [(0.15, 1.3), (0.31, 0)]
    (high, large), (low, _) = parts
    labels.put(
        page,
        x + tile / 2,
        y + high * look.share,
        place.symbol,
        size=max(look.least, large * look.share),
        ha="center",
        color=ink,
    )
    if named and (not insets or look.share == 1):
        labels.put(page, x + tile / 2, y + low * look.share, name, size=min(size, 0.8), ha="center", color=ink)
    lost = (
        []
        if named or member is None
        else [Member(f"{place.symbol} {member.name}", member.group, member.sure, member.region)]
    )
    beside = SQUARE + 0.03
    shown = [m for m in insets if labels.width_of(m.name, max(SMALLEST, look.least)) <= room - beside][
        : 2 if look.share == 1 else 1
    ]
    for at, inset in enumerate(shown):
        middle = y + tile - 0.075 - ROW * (len(shown) - 1 - at)
        size = labels.fitted(inset.name, room - beside, max(0.75, look.least))
        start = x + (tile - beside - labels.width_of(inset.name, size)) / 2
        _square(page, start, middle, inset, look.palette)
        dark = ink if member else style.colour("ink")
        labels.put(page, start + beside, middle, inset.name, size=size, color=dark)
    others = [inset for inset in insets if inset not in shown]
    if look.share < 1 and others and not shown:
        _square(page, x + tile / 2 - SQUARE / 2, y + tile - 0.075, others[0], look.palette)
        others = [Member(f"{place.symbol} {m.name}", m.group, m.sure, m.region) for m in others]
    return [*lost, *others]


def _square(page: Axes, x: float, middle: float, member: Member, palette: Sequence[str]) -> None:
    """The mark of a smaller unit, parted from a tile of the same colour by a white rim."""
    place = (x, middle - SQUARE / 2, SQUARE, SQUARE)
    style.boxes(page, [place], ["#ffffff"], edge="#ffffff", linewidth=1)
    style.group_marks(
        page, [place], [style.group_colour(member.group, palette)], [member.sure], pale=PALE, cells=member.told
    )


def _listed(
    page: Axes | None, y: float, members: Sequence[Member], wording: Wording, palette: Sequence[str], sheet: Sheet
) -> float:
    """The regions that no tile names, in lines; returns where they end (without a page: only that)."""
    text = wording.say("tiles_listed")
    x, step = style.MARGIN, labels.line_height()
    if page is not None:
        labels.put(page, x, y + step / 2, text, size=style.SMALL, role="light")
    x += labels.width_of(text, style.SMALL) + 0.1
    for member in members:
        width = labels.width_of(member.name, style.SMALL) + 0.11
        if x + width > sheet.right:
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
    sheet: Sheet = DOUBLE,
) -> Figure:
    """A schematic, not a map: a smaller unit is marked inside its province, which stays uncoloured."""
    tiles = [place for place in places if place.tile is not None]
    whole, inside, homeless = members_of(documents, clusters, tiles, wording)
    rows = [place.tile[0] for place in tiles if place.tile]
    columns = [place.tile[1] for place in tiles if place.tile]
    across = max(columns) - min(columns) + 1
    tile = min(TILE, (sheet.room + GAP) / across - GAP)
    step = labels.line_height()
    grid = style.MARGIN + (max(rows) - min(rows) + 1) * (tile + GAP)

    def absent(page: Axes, x: float, y: float) -> None:
        style.boxes(page, [(x, y - 0.05, 0.1, 0.1)], [style.colour("quiet")], edge=style.colour("grid"))

    def inset(page: Axes, x: float, y: float) -> None:
        style.boxes(page, [(x, y - SQUARE / 2, SQUARE, SQUARE)], [style.colour("light")])

    more = [keys.Line(wording.say("tiles_absent"), absent)]
    more = [keys.Line(wording.say("tiles_inset"), inset), *more] if inside else more
    unsure = bool(style.unsure_of(clusters))
    groups = style.groups_of(clusters)
    side = sheet.right - style.MARGIN - across * (tile + GAP) - 0.1
    key = keys.Side(groups, wording, settings.palette, sheet, unsure=unsure, pale=PALE, more=more, side=side)
    note = wording.say("tiles_note")
    look = _Look(tile, 0.0 if not sheet.narrow else sheet.smallest, settings.palette, wording.language)
    figure, page = style.page(sheet.width, grid)
    # what stands below the tiles is known when they are drawn
    left_over = list(homeless)
    for place in tiles:
        if place.tile is None:
            continue
        x = style.MARGIN + (place.tile[1] - min(columns)) * (tile + GAP)
        y = style.MARGIN + (place.tile[0] - min(rows)) * (tile + GAP)
        left_over += _tile(page, x, y, place, whole.get(place.adcode), inside.get(place.short, []), look)
    left_over.sort(key=lambda member: member.group)
    top = style.MARGIN + (0 if sheet.narrow else 0.3)
    bottom = _listed(None, grid + 0.08, left_over, wording, settings.palette, sheet) if left_over else grid
    beside = key.height(grid if not sheet.narrow else bottom, top)
    end = beside if sheet.narrow else max(beside, bottom + style.MARGIN)
    if not sheet.narrow and left_over:
        bottom = max(bottom, beside + 0.08)
    figure.set_size_inches(sheet.width, end)
    page.set_ylim(end, 0)
    if left_over:
        _listed(page, grid + 0.08, left_over, wording, settings.palette, sheet)
    if sheet.narrow:
        labels.put(page, style.MARGIN, style.MARGIN + step / 2, note, size=style.SMALL, role="light")
    else:
        labels.put(page, sheet.right - key.aside + keys.APART, style.MARGIN + step / 2, note, role="light")
    key.put(page, bottom if sheet.narrow else grid, top)
    return figure


def numbers_of(documents: pd.DataFrame, clusters: pd.DataFrame) -> Behind:
    """Every region with its province, level and group."""
    place = documents.drop_duplicates("region")[["region", "province", "level"]]
    shown = clusters.sort_values("leaf")[["region", "cluster", "confident"]].merge(place, on="region")
    return behind(shown, "one region", ("region",), tables.CLUSTERS, tables.DOCUMENTS)


def main(
    documents_csv: Path,
    clusters_csv: Path,
    regions_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    clusters = tables.read(clusters_csv, tables.CLUSTERS)
    places = load_gazetteer(regions_csv)
    publish(
        lambda wording, settings, sheet: figure_of(documents, clusters, places, wording, settings.charts, sheet),
        lambda _: numbers_of(documents, clusters),
        look,
        documents,
    )


if __name__ == "__main__":
    run(main)
