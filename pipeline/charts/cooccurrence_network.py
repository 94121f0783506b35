"""Draw the terms that share measures as a network: cooccurrence.csv, tokens.csv -> SVG and PNG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import EllipseCollection
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, marks, placing, style
from pipeline.charts.behind import Behind, behind
from pipeline.charts.placing import Box
from pipeline.charts.sheets import DOUBLE, Sheet
from pipeline.charts.wording import Publish, Wording, publish
from pipeline.cli import run
from pipeline.method import ChartsSettings
from pipeline.numbers import number
from pipeline.tables import Column

LARGEST = 0.17  # inches: radius of the most frequent term
WIDEST = 3.0  # points: the strongest link
SHELF = 0.35  # inches between the parts
GROWS = 12  # times that a page may become higher

Link = tuple[str, str, int]


def network_of(cooccurrence: pd.DataFrame, *, terms: int) -> tuple[list[str], list[Link]]:
    """The ``terms`` with the most partners (then measures shared, then code points), and the links among them."""
    links = [
        (str(a), str(b), int(n))
        for a, b, n in zip(cooccurrence["term_a"], cooccurrence["term_b"], cooccurrence["measures"], strict=True)
    ]
    partners: Counter[str] = Counter()
    shared: Counter[str] = Counter()
    for a, b, measures in links:
        partners.update((a, b))
        shared.update({a: measures, b: measures})
    chosen = set(sorted(partners, key=lambda term: (-partners[term], -shared[term], term))[:terms])
    kept = [link for link in links if link[0] in chosen and link[1] in chosen]
    linked = {term for a, b, _ in kept for term in (a, b)}
    return sorted(linked, key=lambda term: (-partners[term], -shared[term], term)), kept


def steps_between(terms: list[str], links: list[Link]) -> np.ndarray:
    """Links on the shortest way between each two terms (Floyd and Warshall); infinite where there is none."""
    place = {term: at for at, term in enumerate(terms)}
    steps = np.full((len(terms), len(terms)), np.inf)
    np.fill_diagonal(steps, 0)
    for a, b, _ in links:
        steps[place[a], place[b]] = steps[place[b], place[a]] = 1
    for via in range(len(terms)):
        steps = np.minimum(steps, steps[:, [via]] + steps[[via], :])
    return steps


def parts_of(steps: np.ndarray) -> list[np.ndarray]:
    """The terms of each connected part, largest first."""
    parts = {tuple(np.flatnonzero(np.isfinite(row)).tolist()) for row in steps}
    return [np.array(part) for part in sorted(parts, key=lambda part: (-len(part), part))]


def layout_of(steps: np.ndarray, *, rounds: int = 200) -> np.ndarray:
    """Points whose distances follow the steps, each from 0 to 1 on both axes.

    Stress majorisation (Gansner, Koren & North 2005, Graph Drawing, 239-250),
    from terms on a circle: no random start.
    """
    n = len(steps)
    angles = 2 * np.pi * np.arange(n) * 0.381966  # the golden angle keeps neighbours in rank apart
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1) * np.sqrt(np.arange(1, n + 1) / n)[:, None]
    weights = np.where(steps > 0, 1 / np.maximum(steps, 1) ** 2, 0)
    inverse = np.linalg.pinv(np.diag(weights.sum(axis=1)) - weights)
    for _ in range(rounds):
        apart = np.sqrt(((points[:, None] - points) ** 2).sum(axis=2))
        pull = -weights * steps / np.maximum(apart, 1e-9)
        np.fill_diagonal(pull, 0)
        np.fill_diagonal(pull, -pull.sum(axis=1))
        points = inverse @ (pull @ points)
    points = points - points.mean(axis=0)
    # the longest direction across the page
    _, _, turn = np.linalg.svd(points, full_matrices=False)
    points = points @ (turn * np.sign(turn.sum(axis=1, keepdims=True) + 1e-12)).T
    span = np.ptp(points, axis=0)
    return ((points - points.min(axis=0)) / np.where(span > 1e-6, span, np.inf)).round(6)


def shelves_of(sizes: Sequence[int], width: float) -> tuple[list[Box], float]:
    """A field for each part of so many terms, side by side in shelves of this width; and the height of all shelves."""
    fields: list[Box] = []
    left = top = tall = 0.0
    for size in sizes:
        wide, high = min(width, 0.3 * size + 0.3), 0.5 + 0.1 * size
        if fields and left + wide > width:
            left, top, tall = 0.0, top + tall + SHELF, 0.0
        inset = wide / 8
        fields.append(Box(left + inset, top, left + wide - inset, top + high))
        left, tall = left + wide, max(tall, high)
    return fields, top + tall


def fields_of(parts: Sequence[np.ndarray], page: Box) -> list[Box]:
    """A field for each part: the largest on top, the others in shelves below it, as wide as they have terms."""
    shelves, tall = shelves_of([len(part) for part in parts[1:]], page.right - page.left)
    if not shelves:
        return [page]
    start = page.bottom - tall
    below = [Box(page.left + b.left, start + b.top, page.left + b.right, start + b.bottom) for b in shelves]
    return [Box(page.left, page.top, page.right, start - SHELF), *below]


def spread(points: np.ndarray, radii: np.ndarray, *, gap: float, page: Box, rounds: int = 200) -> np.ndarray:
    """Circles pushed apart until none is nearer than the gap to another, within the page."""
    points = points.copy()
    low = np.array([page.left, page.top]) + radii[:, None]
    high = np.array([page.right, page.bottom]) - radii[:, None]
    for _ in range(rounds):
        moved = False
        for a in range(len(points)):
            for b in range(a + 1, len(points)):
                apart = points[b] - points[a]
                distance = float(np.hypot(*apart))
                short = radii[a] + radii[b] + gap - distance
                if short > 1e-6:
                    way = apart / distance if distance > 1e-9 else np.array([1.0, 0.0])
                    points[a] -= way * short / 2
                    points[b] += way * short / 2
                    moved = True
        points = np.clip(points, low, high)
        if not moved:
            break
    return points.round(6)


def _circles(page: Axes, points: np.ndarray, radii: np.ndarray, cells: Sequence[marks.Cell] = ()) -> None:
    sizes = 2 * radii
    shape = EllipseCollection(
        sizes, sizes, np.zeros(len(radii)), units="xy", offsets=points, offset_transform=page.transData
    )
    shape.set(facecolor=style.colour("mark"), edgecolor="white", linewidth=0.6)
    page.add_collection(shape, autolim=False)
    marks.tell(shape, *cells)


def _placed(parts: Sequence[np.ndarray], steps: np.ndarray, radii: np.ndarray, inner: Box) -> np.ndarray:
    """The middles of the circles, every part in its field."""
    points = np.zeros((len(radii), 2))
    for part, field in zip(parts, fields_of(parts, inner), strict=True):
        scaled = layout_of(steps[np.ix_(part, part)]) * [field.right - field.left, field.bottom - field.top]
        points[part] = scaled + np.array([field.left, field.top])
    return spread(points, radii, gap=0.22, page=inner)


def figure_of(
    cooccurrence: pd.DataFrame,
    tokens: pd.DataFrame,
    wording: Wording,
    settings: ChartsSettings,
    sheet: Sheet = DOUBLE,
) -> Figure:
    """Circles as large as the measures that hold a term, lines as wide as the measures two terms share."""
    terms, links = network_of(cooccurrence, terms=settings.network_terms)
    if not terms:
        return labels.told(wording.say("network_none"), sheet)
    measures = tokens.groupby("term")["measure_id"].nunique()[terms]
    sizes = [placing.stacked_size(term, wording, least=sheet.smallest) for term in terms]
    largest = LARGEST * (0.7 if sheet.narrow else 1.0)
    radii = largest * np.sqrt(measures.to_numpy(dtype=float) / measures.max())
    aside = max(width for width, _ in sizes) / 2
    steps = steps_between(terms, links)
    parts = parts_of(steps)
    place = {term: at for at, term in enumerate(terms)}
    _, shelves = shelves_of([len(part) for part in parts[1:]], sheet.width - 2 * aside)
    rest = shelves + SHELF if shelves else 0.0
    # several times the room that the labels take, and more until all have a place
    first = [sizes[at] for at in parts[0]]
    tall = max(2.0, 0.165 * len(first), (5 if sheet.narrow else 3) * sum(w * h for w, h in first) / sheet.width)
    for _ in range(GROWS):
        height = tall + rest + 0.6
        points = _placed(parts, steps, radii, Box(aside, 0.3, sheet.width - aside, height - 0.3))
        ends = [(*points[place[a]].tolist(), *points[place[b]].tolist()) for a, b, _ in links]
        taken = [Box.around(x, y, 2 * r, 2 * r) for (x, y), r in zip(points, radii, strict=True)]
        whole = Box(style.MARGIN, style.MARGIN, sheet.right, height)
        found = placing.places_found(taken, sizes, page=whole, gap=0.025, lines=ends)
        if None not in found:
            break
        tall *= 1.25
    shared = sorted({shared for *_, shared in links})
    figure, page = style.page(sheet.width, height + 0.45 + (0.3 if sheet.narrow else 0))
    widths = [WIDEST * shared / max(shared for *_, shared in links) for *_, shared in links]
    paths = [[(x1, y1), (x2, y2)] for x1, y1, x2, y2 in ends]
    style.lines(page, paths, style.colour("line"), linewidths=widths, zorder=0.5)
    told = [marks.Cell("tokens", (term,), "measure_id", number(count, "int")) for term, count in measures.items()]
    _circles(page, points, radii, told)
    for term, mark, box in zip(terms, taken, found, strict=True):
        if box is None:
            raise ValueError("no room for a label: the page is too small")
        placing.put_stacked(page, mark, box, term, wording, least=sheet.smallest)
    _node_key(page, height + 0.22, int(measures.max()), largest, wording)
    aside = style.MARGIN if sheet.narrow else sheet.width * 0.55
    _edge_key(page, aside, height + (0.52 if sheet.narrow else 0.22), shared, wording)
    return figure


def _node_key(page: Axes, y: float, most: int, largest: float, wording: Wording) -> None:
    """Circles of example sizes under the network; ``largest``: radius of the one of ``most`` measures."""
    x = style.MARGIN
    for count in sorted({1, max(1, most // 4), most}):
        radius = largest * float(np.sqrt(count / most))
        _circles(page, np.array([[x + radius, y]]), np.array([radius]))
        labels.put(page, x + 2 * radius + 0.04, y, str(count), size=style.SMALL, role="light")
        x += 2 * radius + 0.16 + labels.width_of(str(count), style.SMALL)
    labels.put(page, x, y, wording.say("network_node"), size=style.SMALL, role="light")


def _edge_key(page: Axes, x: float, y: float, shared: list[int], wording: Wording) -> None:
    """Lines of example widths."""
    for count in sorted({shared[0], shared[-1]}):
        width = WIDEST * count / shared[-1]
        style.lines(page, [[(x, y), (x + 0.25, y)]], style.colour("line"), linewidths=width)
        labels.put(page, x + 0.29, y, str(count), size=style.SMALL, role="light")
        x += 0.42 + labels.width_of(str(count), style.SMALL)
    labels.put(page, x, y, wording.say("network_edge"), size=style.SMALL, role="light")


def numbers_of(cooccurrence: pd.DataFrame, tokens: pd.DataFrame, settings: ChartsSettings) -> Behind:
    """Every line with the measures of both its ends, the widest first."""
    _, links = network_of(cooccurrence, terms=settings.network_terms)
    each = tokens.groupby("term")["measure_id"].nunique()
    columns = ["term_a", "term_b", "measures"]
    shown = pd.DataFrame(links, columns=columns).sort_values(["measures", *columns[:2]], ascending=[False, True, True])
    ends = {f"measures_{side}": shown[f"term_{side}"].map(each) for side in "ab"}
    own = [Column(name, "int", f"measures that hold term_{name[-1]}: the area of its circle") for name in ends]
    return behind(shown.assign(**ends), "one pair of terms", columns[:2], tables.COOCCURRENCE, own=own)


def main(
    cooccurrence_csv: Path,
    tokens_csv: Path,
    *look: Path,
    publish: Publish = publish,
) -> None:
    cooccurrence = tables.read(cooccurrence_csv, tables.COOCCURRENCE)
    tokens = tables.read(tokens_csv, tables.TOKENS)
    publish(
        lambda wording, settings, sheet: figure_of(cooccurrence, tokens, wording, settings.charts, sheet),
        lambda settings: numbers_of(cooccurrence, tokens, settings.charts),
        look,
    )


if __name__ == "__main__":
    run(main)
