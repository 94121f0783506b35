"""Draw the regions as points, near where alike: region_map.csv, clusters.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from pipeline import tables
from pipeline.charts import labels, marks, placing, style
from pipeline.charts.placing import Box, places_found
from pipeline.charts.wording import Wording, publish
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


def figure_of(
    region_map: pd.DataFrame,
    clusters: pd.DataFrame,
    documents: pd.DataFrame,
    wording: Wording,
    settings: ChartsSettings,
) -> Figure:
    """The plane of classical scaling: colour is the group, shape the administrative level."""
    groups, unsure = style.groups_of(clusters), style.unsure_of(clusters)
    note = wording.say("mark_unsure") if unsure else ""
    group_of = dict(zip(clusters["region"], clusters["cluster"], strict=True))
    level_of = dict(zip(documents["region"], documents["level"], strict=True))
    kinds = {region: LEVELS.get(level_of.get(region, "unknown"), OTHER) for region in region_map["region"]}
    side = 1.45
    left, top, bottom = 0.55, 0.1, 0.45
    width = style.WIDTH - style.MARGIN - side - 0.25 - left
    key = labels.group_key_height(groups, wording) + 0.3 + labels.line_height() * len(set(kinds.values()))
    key += 0.1 + labels.unsure_key_height(note, side) if note else 0
    height = max(4.4, key, min(TALLEST, 0.11 * len(region_map)))
    figure, page = style.page(style.WIDTH, top + height + bottom)
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
        taken.append(Box.around(across, top + height + bottom - up, MARK, MARK))
    names = [wording.region(region) for region in region_map["region"]]
    type_size = 1.0 if len(names) <= MANY else SMALLER
    sizes = [(labels.width_of(name, type_size) + 0.02, labels.line_height(type_size)) for name in names]
    area = Box(left + 0.05, top + (0.16 if len(names) > MANY else 0), left + width, top + height - 0.05)
    places = places_found(taken, sizes, page=area, gap=0.03)
    for name, mark, place in zip(names, taken, places, strict=True):
        if place is not None:
            placing.put_at(page, mark, place, name, size=type_size)
    if unnamed := places.count(None):
        told = wording.say("map_unnamed", count=unnamed)
        labels.put(page, left + width, top + 0.08, told, size=style.SMALL, role="light", ha="right")

    x, y = style.WIDTH - style.MARGIN - side, top + 0.05
    y = labels.group_key(page, x, y, groups, wording, settings.palette, width=side)
    y = (labels.unsure_key(page, x, y + 0.1, note, width=side) if note else y) + 0.2
    for level, marker in dict.fromkeys(kinds.values()):
        page.plot(x + 0.05, y, marker, color=style.colour("light"), markersize=MARK * 60, mew=0)
        text = wording.say(level)
        labels.put(page, x + 0.16, y, text, size=labels.fitted(text, side - 0.16, style.SMALL))
        y += labels.line_height()
    return figure


def main(
    region_map_csv: Path,
    clusters_csv: Path,
    documents_csv: Path,
    *look: Path,
) -> None:
    region_map = tables.read(region_map_csv, tables.REGION_MAP)
    clusters = tables.read(clusters_csv, tables.CLUSTERS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(
        lambda wording, settings: figure_of(region_map, clusters, documents, wording, settings.charts), look, documents
    )


if __name__ == "__main__":
    run(main)
