"""The one look of all figures: figures.mplstyle, the font, the palette; pages measured in inches; files whose bytes never change."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
import pandas as pd
from matplotlib import font_manager, rc_context, rcParams
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from PIL import Image

from pipeline.charts import marks
from pipeline.errors import InputError
from pipeline.fonts import font_file
from pipeline.method import read_text
from pipeline.writing import replacing

WIDTH = 7.1  # inches: both columns of a journal page
NARROW = 3.5  # one column
MARGIN = 0.06
SMALL = 0.87  # of the font size: glosses, notes, numbers
LARGE = 1.15  # headings
EDGE = 0.8  # points: the edge of a hollow mark

# Nothing in a file may tell when, where or by which version it was made.
_NO_METADATA: dict[str, None] = {"Date": None, "Creator": None}
_ROLES: dict[str, Any] = {
    "ink": "text.color",
    "light": "axes.labelcolor",
    "line": "axes.edgecolor",
    "grid": "grid.color",
    "mark": "patch.facecolor",
    "quiet": "axes.facecolor",
    "below": "hatch.color",
}


# --- files -------------------------------------------------------------------------------------------------------


class _Complaints(logging.Handler):
    """Keeps what matplotlib would print: an unknown key of the style, a font that is not there."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage().strip())


@contextmanager
def drawing(mplstyle: Path, stem: Path) -> Iterator[None]:
    """Draw in the style; a character the font lacks, or a style that cannot be followed, is an `InputError`."""
    logger, complaints = logging.getLogger("matplotlib"), _Complaints()
    propagates = logger.propagate
    logger.addHandler(complaints)
    logger.propagate = False
    try:
        if font_file().stem not in {Path(font.fname).stem for font in font_manager.fontManager.ttflist}:
            font_manager.fontManager.addfont(font_file())
        read_text(mplstyle)  # matplotlib itself would stop with a traceback where it is not UTF-8
        with rc_context(fname=mplstyle), warnings.catch_warnings():
            _refuse_unusable(mplstyle)
            rcParams["text.parse_math"] = False  # a name between two $ is a name, whatever the style says
            warnings.filterwarnings("error", message="Glyph")
            yield
    except UserWarning as warning:
        raise _missing_glyph(str(warning), stem) from None
    finally:
        logger.removeHandler(complaints)
        logger.propagate = propagates
    if complaints.said:
        raise InputError(
            f"图形样式无法照办：{complaints.said[0]}",
            f"the figure style cannot be followed: {complaints.said[0]}",
            file=mplstyle,
        )


def _refuse_unusable(mplstyle: Path) -> None:
    """An `InputError` where a value of the style would break every figure."""
    size, dpi = rcParams["font.size"], rcParams["savefig.dpi"]
    wrong = {
        "font.family": rcParams["font.family"] != ["Noto Sans SC"],
        "font.size": not 5 <= size <= 14,
        "savefig.dpi": not isinstance(dpi, int | float) or not 50 <= dpi <= 1200,
        "text.usetex": bool(rcParams["text.usetex"]),
    }
    for key, is_wrong in wrong.items():
        if is_wrong:
            raise InputError(
                f"{key} 应为：font.family Noto Sans SC；font.size 5–14；savefig.dpi 50–1200；text.usetex False。",
                f"{key} cannot be used. Needed: font.family Noto Sans SC; font.size 5 to 14; savefig.dpi 50 to 1200; "
                "text.usetex False.",
                file=mplstyle,
            )


def _missing_glyph(warning: str, stem: Path) -> InputError:
    found = re.search(r"Glyph (\d+)", warning)
    character = chr(int(found[1])) if found else "?"
    code = f"U+{ord(character):04X}"
    return InputError(
        f"图 {stem.name}：字体没有“{character}”（{code}）这个字，画出来会是方框。请在原文或词表中改用通行的字。",
        f"figure {stem.name}: the font lacks {character!r} ({code}) and would draw a box. "
        "Use a common character in the source or the word lists.",
        file=stem,
    )


def indexed(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """An opaque image (height x width x RGBA) as places in a palette, and the palette (at most 256 x RGB).

    The 256 most frequent colours stay exact, the others, edges of letters, take
    the nearest of them: a third of the bytes, with every flat colour as drawn.
    """
    packed = (np.ascontiguousarray(pixels).view("<u4")[..., 0] & 0xFFFFFF).ravel()
    # Most pixels are as the one before: there are ten times fewer runs to sort than pixels.
    starts = np.flatnonzero(np.diff(packed, prepend=~packed[:1]))
    lengths = np.diff(starts, append=len(packed))
    found, run = np.unique(packed[starts], return_inverse=True)
    order = np.lexsort((found, -np.bincount(run, lengths)))
    rgb = np.stack([found & 255, found >> 8 & 255, found >> 16], axis=1).astype(np.int64)[order]
    palette = rgb[:256]
    place = np.empty(len(found), dtype=np.uint8)
    place[order] = ((rgb[:, None] - palette) ** 2).sum(axis=2).argmin(axis=1)
    return np.repeat(place[run], lengths).reshape(pixels.shape[:2]), palette.astype(np.uint8)


def write_png(figure: Figure, path: Path) -> None:
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    places, palette = indexed(np.asarray(canvas.buffer_rgba()))
    image = Image.fromarray(places)
    image.putpalette(palette.tobytes())
    image.save(path, format="png", dpi=(figure.dpi, figure.dpi))


def write_svg(figure: Figure, path: Path) -> None:
    written = BytesIO()
    figure.savefig(written, format="svg", metadata=_NO_METADATA)
    # A link leads to another place on the page of the report; matplotlib would have it open a second copy.
    path.write_bytes(written.getvalue().replace(b' target="_blank"', b""))


class Spoken(Protocol):
    """What a figure says in one language."""

    @property
    def language(self) -> str: ...


Words = TypeVar("Words", bound=Spoken)


def publish(
    draw: Callable[[Words], Figure], wordings: Sequence[Words], *, mplstyle: Path, stem: Path, page: Path | None = None
) -> None:
    """Write STEM.LANGUAGE.svg and .png for every wording, and PAGE.LANGUAGE.svg for the page; all of them or none."""
    paths = [stem.with_name(f"{stem.name}.{w.language}.{kind}") for w in wordings for kind in ("svg", "png")]
    pages = [page.with_name(f"{page.name}.{w.language}.svg") for w in wordings] if page else []
    with replacing(*paths, *pages) as parts:
        for at, wording in enumerate(wordings):
            with drawing(mplstyle, stem):
                figure = draw(wording)
                told = marks.taken(figure)
                write_svg(figure, parts[2 * at])
                write_png(figure, parts[2 * at + 1])
                if pages:
                    parts[len(paths) + at].write_bytes(marks.page_svg(figure, told, f"{stem.name}-{wording.language}"))


def withdraw(languages: Iterable[str], *stems: Path) -> None:
    """Remove the files that `publish` would write; ``stems``: of the page and of the figure's own files."""
    for language in languages:
        for stem in stems:
            for kind in ("svg", "png"):
                stem.with_name(f"{stem.name}.{language}.{kind}").unlink(missing_ok=True)


def colour(role: str) -> str:
    """Colour of ink, light ink, line, grid, mark, quiet ground or what lies below zero, as figures.mplstyle says."""
    return to_hex(rcParams[_ROLES[role]])


def points(size: float = 1.0) -> float:
    """A multiple of the font size, in points."""
    return float(rcParams["font.size"]) * size


def page(width: float, height: float) -> tuple[Figure, Axes]:
    """An empty figure and axes that count inches from its top left corner."""
    figure = Figure(figsize=(width, height), dpi=rcParams["savefig.dpi"])
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set(xlim=(0, width), ylim=(height, 0))
    return figure, axes


def panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes with scales of their own at a place given in inches."""
    across, down = figure.get_size_inches()
    axes = figure.add_axes((left / across, 1 - (top + height) / down, width / across, height / down), facecolor="none")
    axes.spines[["top", "right"]].set_visible(False)
    return axes


# --- colours and marks -------------------------------------------------------------------------------------------


def full_scale(highest: float) -> float:
    """Where a scale of shares ends: at 1, or earlier where no share comes near it, so that small ones can be told apart."""
    return next((end for end in (0.05, 0.1, 0.2, 0.3) if highest <= end), 1.0)


def group_colour(cluster: int, palette: Sequence[str]) -> str:
    """The colour of a group: the same in every figure."""
    return palette[(cluster - 1) % len(palette)]


def blend(target: str, share: float) -> str:
    """White with this share of the target colour."""
    red, green, blue = (1 - (1 - channel) * share for channel in to_rgb(target))
    return to_hex((red, green, blue))


def on(ground: str) -> str:
    """White or ink, whichever is easier to read on the ground (relative luminance as WCAG 2 defines it)."""

    def luminance(shown: str) -> float:
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(shown)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = luminance(ground) + 0.05, luminance(colour("ink")) + 0.05
    return colour("ink") if light / dark > 1.05 / light else "#ffffff"


def fill_of(shade: str, *, sure: bool, pale: float = 0.0) -> str:
    """The colour of a group inside a mark; white, or a pale shade of it, for a region whose membership is not sure."""
    return shade if sure else blend(shade, pale)


def boxes(
    axes: Axes,
    places: Sequence[tuple[float, float, float, float]],
    fills: Sequence[str],
    *,
    edge: str | Sequence[str] = "none",
    linewidth: float = 0.5,
    zorder: float = 1,
    cells: Sequence[marks.Cell] = (),
) -> None:
    """Rectangles (left, top, width, height); ``cells``: what each shows."""
    corners = [[(x, y), (x + w, y), (x + w, y + h), (x, y + h)] for x, y, w, h in places]
    drawn = PolyCollection(
        corners, facecolors=list(fills), edgecolors=edge, linewidths=linewidth, joinstyle="miter", zorder=zorder
    )
    axes.add_collection(drawn, autolim=False)
    marks.tell(drawn, *cells)


def group_marks(
    axes: Axes,
    places: Sequence[tuple[float, float, float, float]],
    shades: Sequence[str],
    sure: Sequence[bool],
    *,
    pale: float = 0.0,
    cells: Sequence[marks.Cell] = (),
) -> None:
    """Rectangles in the colours of groups, hollow (or pale) with a coloured edge where membership is not sure."""
    half = EDGE / 2 / 72
    inner = [(x + half, y + half, w - 2 * half, h - 2 * half) for x, y, w, h in places]
    fills = [fill_of(shade, sure=certain, pale=pale) for shade, certain in zip(shades, sure, strict=True)]
    boxes(axes, inner, fills, edge=shades, linewidth=EDGE, cells=cells)


def dots(
    axes: Axes,
    points: Sequence[tuple[float, float]],
    fills: Sequence[str],
    edges: Sequence[str],
    *,
    size: float,
    zorder: float = 3,
    cells: Sequence[marks.Cell] = (),
) -> None:
    """Circles ``size`` inches across, edge included; ``cells``: what each shows."""
    x, y = [point[0] for point in points], [point[1] for point in points]
    area = (size * 72 - EDGE) ** 2
    drawn = axes.scatter(
        x, y, area, c=list(fills), edgecolors=list(edges), linewidths=EDGE, zorder=zorder, clip_on=False
    )
    marks.tell(drawn, *cells)


def lines(axes: Axes, paths: Sequence[Sequence[tuple[float, float]]], colours: Any, **options: Any) -> None:
    """Straight lines through the points of each path."""
    options = {"linewidths": rcParams["lines.linewidth"], **options}
    axes.add_collection(LineCollection(list(paths), colors=colours, **options), autolim=False)


def leaf_order(clusters: pd.DataFrame) -> list[tuple[str, int]]:
    """(region, group) in the order of the dendrogram's leaves."""
    ordered = clusters.sort_values("leaf")
    return [(str(region), int(group)) for region, group in zip(ordered["region"], ordered["cluster"], strict=True)]


def unsure_of(clusters: pd.DataFrame) -> frozenset[str]:
    """Regions that belong to their group without confidence; none where there is one group: belonging says nothing."""
    several = clusters["cluster"].nunique() > 1
    return frozenset(str(region) for region in clusters.loc[~clusters["confident"], "region"] if several)


def groups_of(clusters: pd.DataFrame) -> dict[int, list[str]]:
    """Group -> the terms of its label."""
    labels = clusters.sort_values("cluster").drop_duplicates("cluster")
    return {int(row.cluster): str(row.label).split("·") for row in labels.itertuples()}


def offsets(groups: Sequence[int], start: float, cell: float, gap: float) -> list[float]:
    """Where each cell begins, with a gap wherever the group changes."""
    found, at = [], start
    for place, group in enumerate(groups):
        at += gap if place and group != groups[place - 1] else 0
        found.append(at)
        at += cell
    return found


def breaks(groups: Sequence[int]) -> int:
    """How often the group changes along the order."""
    return sum(a != b for a, b in pairwise(groups))
