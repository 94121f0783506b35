"""Draw how sure the order of the closest pairs is: similarity.csv, similarity_intervals.csv, pair_tests.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording, publish
from pipeline.cli import run
from pipeline.method import Settings

PAIRS = 20  # rows at most
ROW, ASIDE = 0.27, 0.05  # inches: from pair to pair; of each view from the middle of the row
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


def _key(page: Axes, x: float, y: float, wording: Wording, settings: Settings) -> None:
    """The two views, filled and hollow dots, and what p is, one below the other."""
    level, alpha = f"{100 * settings.resampling.level:g}", f"{settings.permutation.alpha:g}"
    sample, dot = (x, x + 0.14, x + 0.28), (x + 0.14, x + 0.14, x + 0.14)
    words, characters = style.colour("mark"), style.blend(style.colour("mark"), PALE)
    step = labels.line_height()
    for ranks, shade, filled, text in (
        (sample, words, False, wording.say("ranks_words", level=level)),
        (sample, characters, False, wording.say("ranks_characters")),
        (dot, words, True, wording.say("ranks_holds", alpha=alpha)),
        (dot, words, False, wording.say("ranks_open")),
    ):
        _range(page, y + step / 2, ranks, shade, filled=filled)
        room = style.WIDTH - style.MARGIN - x - 0.36
        labels.put(page, x + 0.36, y + step / 2, text, size=labels.fitted(text, room, style.SMALL))
        y += step
    text = wording.say("ranks_p")
    room = style.WIDTH - style.MARGIN - x
    labels.put(page, x, y + step / 2, text, size=labels.fitted(text, room, style.SMALL), role="light")


def figure_of(
    similarity: pd.DataFrame, intervals: pd.DataFrame, tests: pd.DataFrame, wording: Wording, settings: Settings
) -> Figure:
    """One row for each pair: its rank and interval by words, below them lighter those by character pairs."""
    if similarity.empty:
        return labels.told(wording.say("pairs_none"))
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
    left, top, height = style.MARGIN + min(2.4, labels.widest(names)) + 0.12, 0.26, ROW * len(rows)
    right = style.WIDTH - style.MARGIN - sum(widths) - 0.2 * len(widths)
    end = top + height + 0.5
    figure, page = style.page(style.WIDTH, end + 5 * labels.line_height() + style.MARGIN)
    axes = style.panel(figure, left, top, right - left, height)
    axes.set(xlim=(1, max(2, len(similarity))), ylim=(height, 0), yticks=[], xticks=ticks_of(len(similarity)))
    axes.set_xlabel(wording.say("ranks_axis", pairs=len(similarity)))
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_axisbelow(True)

    words = style.colour("mark")
    characters = style.blend(words, PALE)
    words_told, characters_told = (
        marks.cells_of(rows, "similarity", ("region_a", "region_b"), name, "int") for name in ("rank", "rank_char")
    )
    for at, row in enumerate(rows.itertuples()):
        middle = ROW * (at + 0.5)
        by_words = (row.rank_low, row.rank, row.rank_high)
        by_characters = (row.rank_char_low, row.rank_char, row.rank_char_high)
        _range(axes, middle + ASIDE, by_characters, characters, filled=row.holds, told=characters_told[at])
        _range(axes, middle - ASIDE, by_words, words, filled=row.holds, told=words_told[at])
        size = labels.fitted(names[at], left - 0.12 - style.MARGIN)
        labels.put(page, left - 0.12, top + middle, names[at], size=size, ha="right")
    x = right
    for (head, numbers), width in zip(columns, widths, strict=True):
        x += 0.2 + width
        labels.put(page, x, top - 0.12, head, size=style.SMALL, role="light", ha="right")
        for at, number in enumerate(numbers):
            labels.put(page, x, top + ROW * (at + 0.5), number, size=style.SMALL, ha="right")
    _key(page, left, end, wording, settings)
    return figure


def main(
    similarity_csv: Path,
    similarity_intervals_csv: Path,
    pair_tests_csv: Path,
    documents_csv: Path,
    *look: Path,
) -> None:
    similarity = tables.read(similarity_csv, tables.SIMILARITY)
    intervals = tables.read(similarity_intervals_csv, tables.SIMILARITY_INTERVALS)
    tests = tables.read(pair_tests_csv, tables.PAIR_TESTS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(lambda wording, settings: figure_of(similarity, intervals, tests, wording, settings), look, documents)


if __name__ == "__main__":
    run(main)
