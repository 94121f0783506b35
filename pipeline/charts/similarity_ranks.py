"""Draw how sure the order of the closest pairs is: similarity.csv, similarity_intervals.csv, pair_tests.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pipeline import tables
from pipeline.charts import keys, labels, marks, style
from pipeline.charts.behind import Behind, behind
from pipeline.charts.sheets import DOUBLE, Sheet
from pipeline.charts.wording import Publish, Wording, publish
from pipeline.cli import run
from pipeline.method import Settings

PAIRS = 20  # rows at most
ROW, ASIDE = 0.27, 0.05  # inches: from pair to pair; of each view from the middle of the row
OVER = 0.13  # inches for names and numbers over the lines
DOT = 4  # points
PALE = 0.5  # character pairs: this share of the colour of words


def rows_of(
    similarity: pd.DataFrame, intervals: pd.DataFrame, tests: pd.DataFrame, *, pairs: int = PAIRS
) -> pd.DataFrame:
    """The closest pairs by words, in the order of their ranks, with their intervals and tests."""
    closest = similarity.sort_values("rank", kind="stable").head(pairs)
    key = ["region_a", "region_b"]
    return closest.merge(intervals, on=key, validate="1:1").merge(tests, on=key, validate="1:1")


def ticks_of(pairs: int) -> list[int]:
    """Round ranks between the first and the last, which are always named."""
    ticks = MaxNLocator(8, steps=[1, 2, 5, 10], integer=True).tick_values(1, max(2, pairs))
    aside = (ticks[1] - ticks[0]) / 2
    return sorted({1, pairs, *(int(tick) for tick in ticks if 1 + aside < tick < pairs - aside)})


def _probability(p: float) -> str:
    return "<0.001" if p < 0.0005 else f"{p:.3f}"


def _range(
    axes: Axes, y: float, ranks: tuple[float, float, float], shade: str, *, filled: bool, told: marks.Cell | None = None
) -> None:
    """A dot at the rank on a line from the best to the worst rank of the interval."""
    low, rank, high = ranks
    style.lines(axes, [[(low, y), (high, y)]], shade, clip_on=False)
    fill = style.fill_of(shade, sure=filled)
    (dot,) = axes.plot(
        rank, y, "o", color=fill, markeredgecolor=shade, markersize=DOT, mew=0.9, clip_on=False, zorder=3
    )
    if told:
        marks.tell(dot, told)


def _key(wording: Wording, settings: Settings) -> list[keys.Line]:
    """The two views, filled and hollow dots, and what p is."""
    level, alpha = f"{100 * settings.resampling.level:g}", f"{settings.permutation.alpha:g}"
    words, characters = style.colour("mark"), style.blend(style.colour("mark"), PALE)

    def sample(reach: float, shade: str, *, filled: bool) -> keys.Mark:
        return lambda page, x, y: _range(page, y, (x + 0.14 - reach, x + 0.14, x + 0.14 + reach), shade, filled=filled)

    return [
        keys.Line(wording.say("ranks_words", level=level), sample(0.14, words, filled=False), 0.36),
        keys.Line(wording.say("ranks_characters"), sample(0.14, characters, filled=False), 0.36),
        keys.Line(wording.say("ranks_holds", alpha=alpha), sample(0, words, filled=True), 0.36),
        keys.Line(wording.say("ranks_open"), sample(0, words, filled=False), 0.36),
        keys.Line(wording.say("ranks_p")),
    ]


def figure_of(
    similarity: pd.DataFrame,
    intervals: pd.DataFrame,
    tests: pd.DataFrame,
    wording: Wording,
    settings: Settings,
    sheet: Sheet = DOUBLE,
) -> Figure:
    """One row for each pair: its rank and interval by words, below them lighter those by character pairs.

    In one column the names and numbers stand over the lines.
    """
    if similarity.empty:
        return labels.told(wording.say("pairs_none"), sheet)
    rows = rows_of(similarity, intervals, tests)
    names = [
        wording.say("pair", a=wording.region(a), b=wording.region(b))
        for a, b in zip(rows["region_a"], rows["region_b"], strict=True)
    ]
    columns = [
        (wording.say("ranks_cosine"), [f"{cosine:.3f}" for cosine in rows["cosine"]]),
        ("p", [_probability(p) for p in rows["p"]]),
    ]
    widths = [labels.widest([head, *numbers], style.SMALL) for head, numbers in columns]
    taken = sum(widths) + 0.2 * len(widths)
    over = OVER if sheet.narrow else 0.0
    row = ROW + over - (0.03 if sheet.narrow else 0)
    left = 0.12 if sheet.narrow else style.MARGIN + min(2.4, labels.widest(names)) + 0.12
    right = sheet.right - (0.06 if sheet.narrow else taken)
    top, height = 0.26, row * len(rows)
    end = top + height + 0.5
    key, (x, room) = _key(wording, settings), keys.place(left, sheet)
    figure, page = style.page(sheet.width, end + keys.height_of(key, room) + style.MARGIN)
    axes = style.panel(figure, left, top, right - left, height)
    axes.set(xlim=(1, max(2, len(similarity))), ylim=(height, 0), yticks=[], xticks=ticks_of(len(similarity)))
    axes.set_xlabel(wording.say("ranks_axis", pairs=len(similarity)))
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_axisbelow(True)

    words = style.colour("mark")
    characters = style.blend(words, PALE)
    ground: dict[str, Any] = {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.6}} if sheet.narrow else {}
    look: dict[str, Any]
    words_told, characters_told = (
        marks.cells_of(rows, "similarity", ("region_a", "region_b"), name, "int") for name in ("rank", "rank_char")
    )
    for at, pair in enumerate(rows.itertuples()):
        middle = row * at + over + (row - over) / 2
        by_words = (pair.rank_low, pair.rank, pair.rank_high)
        by_characters = (pair.rank_char_low, pair.rank_char, pair.rank_char_high)
        _range(axes, middle + ASIDE, by_characters, characters, filled=pair.holds, told=characters_told[at])
        _range(axes, middle - ASIDE, by_words, words, filled=pair.holds, told=words_told[at])
        if sheet.narrow:
            width = sheet.right - taken - style.MARGIN
            place, look = (style.MARGIN, top + row * at + over / 2), {"size": style.SMALL, **ground}
        else:
            width = left - 0.12 - style.MARGIN
            place, look = (left - 0.12, top + middle), {"ha": "right"}
        labels.put_within(page, *place, names[at], width, least=sheet.smallest, **look)
    across = sheet.right - taken
    for (head, numbers), width in zip(columns, widths, strict=True):
        across += 0.2 + width
        labels.put(page, across, top - 0.12, head, size=style.SMALL, role="light", ha="right")
        for at, number in enumerate(numbers):
            middle = top + row * at + (over / 2 if sheet.narrow else row / 2)
            labels.put(page, across, middle, number, size=style.SMALL, ha="right", **ground)
    keys.put(page, x, end, key, room)
    return figure


def numbers_of(similarity: pd.DataFrame, intervals: pd.DataFrame, tests: pd.DataFrame) -> Behind:
    """The pairs that are drawn, the closest first."""
    columns = [
        "region_a", "region_b", "cosine", "rank", "rank_low", "rank_high", "rank_char", "rank_char_low",
        "rank_char_high", "p", "holds",
    ]  # fmt: skip
    shown = rows_of(similarity, intervals, tests)[columns]
    known = (tables.SIMILARITY, tables.SIMILARITY_INTERVALS, tables.PAIR_TESTS)
    return behind(shown, "one unordered pair of regions", columns[:2], *known)


def main(
    similarity_csv: Path,
    similarity_intervals_csv: Path,
    pair_tests_csv: Path,
    documents_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    similarity = tables.read(similarity_csv, tables.SIMILARITY)
    intervals = tables.read(similarity_intervals_csv, tables.SIMILARITY_INTERVALS)
    tests = tables.read(pair_tests_csv, tables.PAIR_TESTS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(
        lambda wording, settings, sheet: figure_of(similarity, intervals, tests, wording, settings, sheet),
        lambda _: numbers_of(similarity, intervals, tests),
        look,
        documents,
    )


if __name__ == "__main__":
    run(main)
