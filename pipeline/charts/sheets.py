"""The widths of a journal page that a figure is drawn for, and the smallest type on each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.charts import style


@dataclass(frozen=True)
class Sheet:
    """``name``: in file names, empty for the figures of the report; ``width``: inches; ``least``: points of the smallest type."""

    name: str
    width: float
    least: float

    @property
    def right(self) -> float:
        """Inches from the left edge to the right margin."""
        return self.width - style.MARGIN

    @property
    def room(self) -> float:
        """Inches between the margins."""
        return self.width - 2 * style.MARGIN

    @property
    def narrow(self) -> bool:
        """Whether names, panels and keys have to stand below each other."""
        return self.width < style.WIDTH

    @property
    def names(self) -> float:
        """Size of names before rows, as a multiple of the font size."""
        return style.SMALL if self.narrow else 1.0

    @property
    def smallest(self) -> float:
        """The smallest type as a multiple of the font size: what would have to be smaller is cut, wrapped or left out."""
        return self.least / style.points()


DOUBLE = Sheet("", style.WIDTH, 3.75)  # half the type of the style: on a screen a reader enlarges a large corpus
SINGLE = Sheet("single", style.NARROW, 6.0)
SHEETS = (DOUBLE, SINGLE)


def kinds_of(sheet: Sheet) -> tuple[str, ...]:
    """Endings of the files that are drawn for papers and slides; SVG and PNG as wide as a page are in the report."""
    return ("pdf",) if sheet is DOUBLE else ("svg", "png", "pdf")


def set_of(stem: Path, languages: Iterable[str]) -> list[Path]:
    """The files of a figure beyond those of the report: PDF, one column wide also SVG and PNG, in every language; the numbers last."""
    names = [
        ".".join(filter(None, (stem.name, sheet.name, language, kind)))
        for sheet in SHEETS
        for language in languages
        for kind in kinds_of(sheet)
    ]
    return [stem.with_name(name) for name in (*names, f"{stem.name}.csv")]


def sweep(stem: Path, languages: Iterable[str]) -> None:
    """Remove the files of `set_of`."""
    for path in set_of(stem, languages):
        path.unlink(missing_ok=True)
