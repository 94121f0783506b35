"""Draw how many measures and regions carry each theme: codebook.csv, themes.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

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
from pipeline.numbers import number
from pipeline.tables import Column

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


def figure_of(codebook: pd.DataFrame, themes: pd.DataFrame, wording: Wording, sheet: Sheet = DOUBLE) -> Figure:
    """One bar for each theme, the most frequent first, pale where few regions carry it; what stands beside says it in numbers.

    In one column of a page the name stands over its bar.
    """
    named, carriers = theme_names(codebook, wording), carriers_of(themes)
    if not named:
        return labels.told(wording.say("themes_none"), sheet)
    rows, regions = codebook.set_index("theme"), themes["region"].nunique()
    few, least = seldom_of(regions), sheet.smallest
    beside = {theme: label_of(rows.loc[theme], carriers.get(theme, []), wording, regions=regions) for theme in named}
    over = 0.145 if sheet.narrow else 0.0
    words = sheet.room if sheet.narrow else min(WORDS, labels.widest(list(named.values())))
    left = style.MARGIN + (0 if sheet.narrow else words + 0.1)
    room = sheet.right - left - 0.07
    # inches for all measures: every bar and what stands beside it have room, and a bar may take most of the line
    ends = [
        (max(0.4 * room, room - labels.width_of(said, style.SMALL) - 0.01), rows.loc[theme, "share"])
        for theme, said in beside.items()
    ]
    scale = min([longest / share for longest, share in ends if share], default=0.0)
    pale = any(0 < len(carriers.get(theme, [])) <= few for theme in named)
    row = ROW + over
    end = style.MARGIN + row * len(named)
    mark = style.colour("mark")
    several = (codebook["source"] == "codebook").any()  # a measure is in one group only, but may carry several themes

    def sample(page: Axes, x: float, y: float) -> None:
        style.group_marks(page, [(x, y - BAR / 2, 0.3, BAR)], [mark], [False], pale=PALE)

    key = [keys.Line(wording.say("use_several" if several else "use_one", regions=regions))]
    key += [keys.Line(wording.say("use_seldom", few=few, regions=regions), sample, 0.37)] if pale else []
    figure, page = style.page(sheet.width, end + 0.1 + keys.height_of(key, sheet.right - left) + style.MARGIN)
    tops = [style.MARGIN + row * at + over + (ROW - BAR) / 2 for at in range(len(named))]
    lengths = [scale * rows.loc[theme, "share"] for theme in named]
    drawn = [(left, top, length, BAR) for top, length in zip(tops, lengths, strict=True) if length]
    sure = [len(carriers[theme]) > few for theme in named if theme in carriers]
    told = [marks.Cell("codebook", (theme,), "share", number(rows.loc[theme, "share"], "share")) for theme in named]
    told = [one for one, length in zip(told, lengths, strict=True) if length]
    style.group_marks(page, drawn, [mark] * len(drawn), sure, pale=PALE, cells=told)
    axis = [[(left, top - (ROW - BAR) / 2), (left, top + (ROW + BAR) / 2)] for top in tops]
    style.lines(page, axis, style.colour("line"), linewidths=0.6)
    for (theme, name), top, length in zip(named.items(), tops, lengths, strict=True):
        y, used = top + BAR / 2, theme in carriers
        role = "ink" if used else "light"
        if sheet.narrow:
            labels.put_within(page, left, y - over, name, words, least=least, role=role)
        else:
            labels.put_within(page, left - 0.1, y, name, words, least=least, role=role, ha="right")
        labels.put_within(
            page, left + length + 0.07, y, beside[theme], room - length, least=least, size=style.SMALL, role=role
        )
    keys.put(page, left, end + 0.1, key, sheet.right - left)
    return figure


def numbers_of(codebook: pd.DataFrame, themes: pd.DataFrame) -> Behind:
    """Every theme with its measures and regions, the most frequent first; few regions by name."""
    carriers, regions = carriers_of(themes), themes["region"].nunique()
    few = seldom_of(regions)
    shown = codebook.sort_values("measures", ascending=False, kind="stable")
    shown = shown[["theme", "zh", "en", "measures", "share"]].assign(
        regions=[len(carriers.get(theme, [])) for theme in shown["theme"]],
        named=["·".join(own) if len(own := carriers.get(theme, [])) <= few else "" for theme in shown["theme"]],
    )
    named = Column("named", "text", "regions that carry a theme seldom used, joined by ·", optional=True)
    return behind(shown, "one theme", ("theme",), tables.CODEBOOK, own=(named,))


def main(
    codebook_csv: Path,
    themes_csv: Path,
    documents_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    codebook = tables.read(codebook_csv, tables.CODEBOOK)
    themes = tables.read(themes_csv, tables.THEMES)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(
        lambda wording, _, sheet: figure_of(codebook, themes, wording, sheet),
        lambda _: numbers_of(codebook, themes),
        look,
        documents,
    )


if __name__ == "__main__":
    run(main)
