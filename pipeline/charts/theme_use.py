"""Draw how many measures and regions carry each theme: codebook.csv, themes.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording, publish, theme_names
from pipeline.cli import run
from pipeline.numbers import number

SELDOM = 2  # regions, at most: the themes that stand apart, as in summary.csv
ROW, BAR = 0.2, 0.115  # inches: a line, and the bar in it
WORDS = 2.8  # inches for the names of the themes, at most
PALE = 0.25


def seldom_of(regions: int) -> int:
    """Regions that carry a theme seldom used: at most two, and fewer than half of all, lest two of three be few."""
    return min(SELDOM, (regions - 1) // 2)


def carriers_of(themes: pd.DataFrame) -> dict[str, list[str]]:
    """Theme -> the regions that carry it, the largest share first; ties as in the corpus."""
    carried = themes[themes["measures"] > 0].sort_values("share", ascending=False, kind="stable")
    return {str(theme): rows["region"].tolist() for theme, rows in carried.groupby("theme", sort=False)}


def label_of(row: pd.Series, carriers: list[str], wording: Wording, *, regions: int) -> str:
    """What stands beside the bar: measures, regions, and the names of few."""
    if not carriers:
        return wording.say("use_unused")
    percent = 100 * row["share"]
    said = wording.say(
        "use_label",
        share=f"{percent:.0f}" if percent >= 1 else f"{percent:.1g}",
        measures=row["measures"],
        carrying=len(carriers),
        regions=regions,
    )
    if len(carriers) > seldom_of(regions):
        return said
    return wording.say(
        "use_named", said=said, names=wording.say("claims_comma").join(wording.region(name) for name in carriers)
    )


def figure_of(codebook: pd.DataFrame, themes: pd.DataFrame, wording: Wording) -> Figure:
    """One bar for each theme, the most frequent first, pale where few regions carry it; what stands beside says it in numbers."""
    named, carriers = theme_names(codebook, wording), carriers_of(themes)
    if not named:
        return labels.told(wording.say("themes_none"))
    rows, regions = codebook.set_index("theme"), themes["region"].nunique()
    few = seldom_of(regions)
    beside = {theme: label_of(rows.loc[theme], carriers.get(theme, []), wording, regions=regions) for theme in named}
    words = min(WORDS, labels.widest(list(named.values())))
    left = style.MARGIN + words + 0.1
    room = style.WIDTH - style.MARGIN - left - 0.07
    # inches for all measures: every bar and what stands beside it have room, and a bar may take most of the line
    ends = [
        (max(0.4 * room, room - labels.width_of(said, style.SMALL) - 0.01), rows.loc[theme, "share"])
        for theme, said in beside.items()
    ]
    scale = min([longest / share for longest, share in ends if share], default=0.0)
    pale = any(0 < len(carriers.get(theme, [])) <= few for theme in named)
    end = style.MARGIN + ROW * len(named)
    figure, page = style.page(style.WIDTH, end + 0.1 + labels.line_height() * (2 if pale else 1) + style.MARGIN)
    mark = style.colour("mark")
    tops = [style.MARGIN + ROW * at + (ROW - BAR) / 2 for at in range(len(named))]
    lengths = [scale * rows.loc[theme, "share"] for theme in named]
    drawn = [(left, top, length, BAR) for top, length in zip(tops, lengths, strict=True) if length]
    sure = [len(carriers[theme]) > few for theme in named if theme in carriers]
    told = [marks.Cell("codebook", (theme,), "share", number(rows.loc[theme, "share"], "share")) for theme in named]
    told = [one for one, length in zip(told, lengths, strict=True) if length]
    style.group_marks(page, drawn, [mark] * len(drawn), sure, pale=PALE, cells=told)
    style.lines(page, [[(left, style.MARGIN), (left, end)]], style.colour("line"), linewidths=0.6)
    for (theme, name), top, length in zip(named.items(), tops, lengths, strict=True):
        y, used = top + BAR / 2, theme in carriers
        role = "ink" if used else "light"
        labels.put(page, left - 0.1, y, name, size=labels.fitted(name, words), role=role, ha="right")
        size = labels.fitted(beside[theme], room - length, style.SMALL)
        labels.put(page, left + length + 0.07, y, beside[theme], size=size, role=role)
    y = end + 0.1 + labels.line_height() / 2
    several = (codebook["source"] == "codebook").any()  # a measure is in one group only, but may carry several themes
    note, width = wording.say("use_several" if several else "use_one"), style.WIDTH - style.MARGIN - left
    labels.put(page, left, y, note, size=labels.fitted(note, width, style.SMALL), role="light")
    if pale:
        y += labels.line_height()
        style.group_marks(page, [(left, y - BAR / 2, 0.3, BAR)], [mark], [False], pale=PALE)
        note = wording.say("use_seldom", few=few, regions=regions)
        labels.put(page, left + 0.37, y, note, size=labels.fitted(note, width - 0.37, style.SMALL))
    return figure


def main(
    codebook_csv: Path,
    themes_csv: Path,
    documents_csv: Path,
    *look: Path,
) -> None:
    codebook = tables.read(codebook_csv, tables.CODEBOOK)
    themes = tables.read(themes_csv, tables.THEMES)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(lambda wording, _: figure_of(codebook, themes, wording), look, documents)


if __name__ == "__main__":
    run(main)
