"""Draw the regions as points, near where alike: region_map.csv, clusters.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from pipeline import tables
from pipeline.charts import keys, labels, marks, placing, style
from pipeline.charts.behind import Behind, behind
from pipeline.charts.placing import Box, places_found
from pipeline.charts.sheets import DOUBLE, Sheet
from pipeline.charts.wording import Publish, Wording, publish
from pipeline.cli import run
from pipeline.method import TIERS, ChartsSettings

# administrative level -> (key in the strings, marker)
LEVELS = {
    "province": ("level_province", "o"),
    "municipality": ("level_province", "o"),
    "autonomous region": ("level_province", "o"),
    "special administrative region": ("level_province", "o"),
    "prefecture-level city": ("level_city", "s"),
    "prefecture": ("level_prefecture", "v"),
    "autonomous prefecture": ("level_prefecture", "v"),
    "league": ("level_league", "^"),
    **{level: ("level_county", "P") for level, tier in TIERS.items() if tier == 3},
    "unknown": ("level_unknown", "X"),
}
OTHER = ("level_other", "D")
MARK = 0.09  # inches across
TALLEST = 6.5  # inches: names take room, but the plane is hardly higher than wide
MANY, SMALLER = 50, 0.75  # of more regions the names are smaller: this share of the font size


def _shape(marker: str) -> keys.Mark:
    """The mark of a level."""

    def mark(page: Axes, x: float, y: float) -> None:
        page.plot(x + 0.05, y, marker, color=style.colour("light"), markersize=MARK * 60, mew=0)

    return mark


def figure_of(
    region_map: pd.DataFrame,
    clusters: pd.DataFrame,
    documents: pd.DataFrame,
    wording: Wording,
    settings: ChartsSettings,
    sheet: Sheet = DOUBLE,
) -> Figure:
    """The plane of classical scaling: colour is the group, shape the administrative level."""
    groups, unsure = style.groups_of(clusters), style.unsure_of(clusters)
    group_of = dict(zip(clusters["region"], clusters["cluster"], strict=True))
    level_of = dict(zip(documents["region"], documents["level"], strict=True))
    kinds = {region: LEVELS.get(level_of.get(region, "unknown"), OTHER) for region in region_map["region"]}
    shapes = [keys.Line(wording.say(level), _shape(marker)) for level, marker in dict.fromkeys(kinds.values())]
    key = keys.Side(groups, wording, settings.palette, sheet, unsure=bool(unsure), more=shapes)
    left, top, bottom = 0.55, 0.1, 0.45
    width = sheet.right - key.aside - left
    least = 3.0 if sheet.narrow else max(4.4, key.height(0, top) - bottom)
    height = max(least, min(TALLEST, 0.11 * len(region_map)))
    figure, page = style.page(sheet.width, key.height(top + height + bottom - style.MARGIN, top))
    axes = style.panel(figure, left, top, width, height)
    # one unit is as long on both axes; what is over on one side becomes margin
    middles = [(region_map[axis].min() + region_map[axis].max()) / 2 for axis in "xy"]
    spans = [float(region_map[axis].max() - region_map[axis].min()) for axis in "xy"]
    unit = max(spans[0] / (width - 1.0), spans[1] / (height - 0.6)) or 1.0
    axes.set(
        xlim=(middles[0] - unit * width / 2, middles[0] + unit * width / 2),
        ylim=(middles[1] - unit * height / 2, middles[1] + unit * height / 2),
    )
    steps = axes.get_yticks()
    axes.xaxis.set_major_locator(MultipleLocator(steps[1] - steps[0]))
    for axis, number, set_label in (("x", "1", axes.set_xlabel), ("y", "2", axes.set_ylabel)):
        share = f"{100 * float(region_map[f'share_{axis}'].iloc[0]):.1f}"
        set_label(wording.say("map_axis", axis=wording.say(f"map_axis_{number}"), share=share))
    axes.axhline(0, color=style.colour("grid"), linewidth=0.6, zorder=0)
    axes.axvline(0, color=style.colour("grid"), linewidth=0.6, zorder=0)

    taken = []
    for region, x, y in zip(region_map["region"], region_map["x"], region_map["y"], strict=True):
        shade = style.group_colour(int(group_of[region]), settings.palette)
        sure = region not in unsure
        edge, wide, size = ("white", 0.6, MARK * 72) if sure else (shade, style.EDGE, MARK * 72 - 2 * style.EDGE)
        fill = style.fill_of(shade, sure=sure)
        (drawn,) = axes.plot(x, y, kinds[region][1], color=fill, markersize=size, markeredgecolor=edge, mew=wide)
        marks.tell(drawn, marks.Cell("clusters", (region,), "cluster", str(group_of[region])))
        across, up = axes.transData.transform((x, y)) / figure.dpi
        taken.append(Box.around(across, figure.get_figheight() - up, MARK, MARK))
    names = [wording.region(region) for region in region_map["region"]]
    type_size = max(sheet.smallest, sheet.names if len(names) <= MANY else SMALLER)
    sizes = [(labels.width_of(name, type_size) + 0.02, labels.line_height(type_size)) for name in names]
    area = Box(left + 0.05, top + (0.16 if len(names) > MANY else 0), left + width, top + height - 0.05)
    places = places_found(taken, sizes, page=area, gap=0.03)
    for name, mark, place in zip(names, taken, places, strict=True):
        if place is not None:
            placing.put_at(page, mark, place, name, size=type_size)
    if unnamed := places.count(None):
        told = wording.say("map_unnamed", count=unnamed)
        labels.put(page, left + width, top + 0.08, told, size=style.SMALL, role="light", ha="right")

    key.put(page, top + height + bottom - style.MARGIN, top)
    return figure


def numbers_of(region_map: pd.DataFrame, clusters: pd.DataFrame, documents: pd.DataFrame) -> Behind:
    """Every region's place, group and level."""
    level = documents.drop_duplicates("region")[["region", "level"]]
    shown = region_map.merge(clusters[["region", "cluster", "confident"]], on="region").merge(level, on="region")
    return behind(shown, "one region", ("region",), tables.REGION_MAP, tables.CLUSTERS, tables.DOCUMENTS)


def main(
    region_map_csv: Path,
    clusters_csv: Path,
    documents_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    region_map = tables.read(region_map_csv, tables.REGION_MAP)
    clusters = tables.read(clusters_csv, tables.CLUSTERS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(
        lambda wording, settings, sheet: figure_of(region_map, clusters, documents, wording, settings.charts, sheet),
        lambda _: numbers_of(region_map, clusters, documents),
        look,
        documents,
    )


if __name__ == "__main__":
    run(main)
