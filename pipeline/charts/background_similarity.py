"""Draw how alike the regions are without a background and through one: background_similarity.csv, background_groups.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording, publish
from pipeline.cli import run
from pipeline.method import ChartsSettings


def cells_of(similarity: pd.DataFrame, place: dict[str, int]) -> dict[tuple[int, int], float]:
    """(row, column) -> value: cosine of words below the diagonal, fused similarity above."""
    cells = {}
    for a, b, words, fused in zip(
        similarity["region_a"], similarity["region_b"], similarity["cosine_words"], similarity["cosine"], strict=True
    ):
        first, last = sorted((place[a], place[b]))
        cells[last, first], cells[first, last] = float(words), float(fused)
    return cells


def said(value: float) -> str:
    """Two decimals without the zero before the point; what rounds to zero has no sign."""
    rounded = f"{abs(value):.2f}"
    sign = "−" if value < 0 and float(rounded) > 0 else ""
    return sign + rounded.removeprefix("0")


def shade_of(value: float, highest: float) -> str:
    """White at 0, the colour of marks towards ``highest``, that of values below zero towards the other end."""
    return style.blend(style.colour("mark" if value > 0 else "below"), abs(value) / highest)


def two_ended_ramp(axes: Axes, x: float, y: float, highest: float, caption: str) -> None:
    """The key of a scale with zero in its middle."""
    width, height, steps = 1.1, 0.09, 44
    places = [(x + width * at / steps, y - height / 2, width / steps, height) for at in range(steps)]
    fills = [shade_of(2 * (at + 0.5) / steps - 1, 1.0) for at in range(steps)]
    style.boxes(axes, places, fills, edge="face", linewidth=0.3)
    style.boxes(axes, [(x, y - height / 2, width, height)], ["none"], edge=style.colour("line"), linewidth=0.4)
    style.lines(
        axes,
        [[(x + width / 2, y - height / 2), (x + width / 2, y + height / 2)]],
        style.colour("light"),
        linewidths=0.5,
    )
    shown = f"{highest:.2f}"
    labels.put(axes, x - 0.05, y, f"−{shown}", size=style.SMALL, role="light", ha="right")
    labels.put(axes, x + width + 0.05, y, shown, size=style.SMALL, role="light")
    end = x + width + 0.15 + labels.width_of(shown, style.SMALL)
    labels.put(axes, end, y, caption, size=style.SMALL, role="light")


def figure_of(similarity: pd.DataFrame, groups: pd.DataFrame, wording: Wording, settings: ChartsSettings) -> Figure:
    """Regions x regions in the order of the leaves through the background, two decimals in every cell."""
    if similarity.empty:
        return labels.told(wording.say("background_none"))
    order, unsure = style.leaf_order(groups), style.unsure_of(groups)
    names = [wording.region(region) for region, _ in order]
    group_of = [group for _, group in order]
    left, gap = style.MARGIN + min(1.8, labels.widest(names)) + 0.08, 0.06
    cell = min(0.5, (style.WIDTH - style.MARGIN - left - gap * style.breaks(group_of)) / len(order))
    height = labels.row_height(cell, len(order))
    top = style.MARGIN + labels.heads_height(names, cell)
    lefts = style.offsets(group_of, left, cell, gap)
    tops = style.offsets(group_of, top, height, gap)
    end = tops[-1] + height
    figure, page = style.page(style.WIDTH, end + (1.3 if unsure else 1.06))
    palette = settings.palette
    labels.column_heads(page, order, lefts, cell=cell, bottom=top, wording=wording, palette=palette, unsure=unsure)

    cells = cells_of(similarity, {region: at for at, (region, _) in enumerate(order)})
    words = max(similarity["cosine_words"].max(), 0.0) or 1.0
    fused = similarity["cosine"].abs().max() or 1.0
    size = labels.number_size(cell, 2.3)
    where = [(lefts[column], tops[row], cell, height) for row, column in cells]
    fills = [shade_of(value, words if row > column else fused) for (row, column), value in cells.items()]
    below, above = (
        marks.pair_cells(similarity, "background_similarity", name, "2") for name in ("cosine_words", "cosine")
    )
    told = [(below if row > column else above)[frozenset((order[row][0], order[column][0]))] for row, column in cells]
    style.boxes(page, where, fills, edge=style.colour("grid"), cells=told)
    for (x, y, *_), fill, value in zip(where, fills, cells.values(), strict=True) if size else ():
        labels.put(page, x + cell / 2, y + height / 2, said(value), size=size, ha="center", color=style.on(fill))
    labels.row_heads(page, names, tops, left=left, height=height)

    x = min(left, 0.6)
    room = style.WIDTH - style.MARGIN - x - 0.17
    for y, key, corner in ((end + 0.2, "background_below", (0, 1)), (end + 0.42, "background_above", (1, 0))):
        half = [(0, 0), corner, (1, 1)]
        page.add_patch(
            Polygon(
                [(x + 0.1 * across, y - 0.05 + 0.1 * down) for across, down in half], color=style.colour("mark"), lw=0
            )
        )
        text = wording.say(key)
        labels.put(page, x + 0.17, y, text, size=labels.fitted(text, room, style.SMALL))
    labels.ramp(page, x + 0.12, end + 0.68, words, wording.say("scale_background_words"))
    two_ended_ramp(page, x + 0.12, end + 0.92, fused, wording.say("scale_background"))
    if unsure:
        labels.unsure_key(page, x, end + 1.06, wording.say("mark_unsure"), width=room)
    return figure


def main(
    similarity_csv: Path,
    groups_csv: Path,
    documents_csv: Path,
    *look: Path,
) -> None:
    similarity = tables.read(similarity_csv, tables.BACKGROUND_SIMILARITY)
    groups = tables.read(groups_csv, tables.BACKGROUND_GROUPS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(lambda wording, settings: figure_of(similarity, groups, wording, settings.charts), look, documents)


if __name__ == "__main__":
    run(main)
