"""Draw in what share of the specifications each claim holds: robustness.csv, documents.csv -> SVG and PNG."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording, publish
from pipeline.cli import run
from pipeline.method import Settings
from pipeline.numbers import number

CLAIMS = 12  # of each kind, at most
NAMES = 4  # regions of a core that are named
# heading in the strings -> kinds of claims under it
SECTIONS = {
    "claims_pairs": ("closest", "pair"),
    "claims_cores": ("core",),
    "claims_members": ("membership",),
    "claims_keywords": ("keyword",),
}
CHOICES = {
    "text": "choice_text",
    "generic": "choice_generic",
    "weight": "choice_weight",
    "min_df": "choice_min_df",
    "algorithm": "choice_algorithm",
}
TOP, ROW, HEAD, NOTE, BETWEEN = 0.26, 0.155, 0.2, 0.16, 0.06  # inches
DOT = 0.06  # inches across
RANGE = 1.5  # points
INDENT = 0.12


@dataclass(frozen=True)
class Section:
    """Claims of one heading, the most robust first, and how many are not shown."""

    heading: str
    claims: pd.DataFrame
    left_out: int

    @property
    def height(self) -> float:
        """Inches that it takes."""
        return HEAD + ROW * len(self.claims) + (NOTE if self.left_out else 0) + BETWEEN


def shown_of(claims: pd.DataFrame, *, most: int = CLAIMS) -> pd.DataFrame:
    """The ``most`` claims with the smallest shares, in descending order; one more where it alone would be left out."""
    kept = claims.sort_values("share", kind="stable").head(len(claims) if len(claims) == most + 1 else most)
    return kept.sort_values("share", ascending=False, kind="stable")


def sections_of(robustness: pd.DataFrame) -> list[Section]:
    """What is shown under each heading that has claims."""
    found = []
    for heading, kinds in SECTIONS.items():
        own = [robustness[robustness["kind"] == kind] for kind in kinds]
        kept = pd.concat(map(shown_of, own))
        if len(kept):
            found.append(Section(heading, kept, sum(map(len, own)) - len(kept)))
    return found


def label_of(claim: Any, wording: Wording) -> str:
    """The claim in words, but for the term of a keyword."""
    names = [wording.region(name) for name in claim.region_a.split("·")]
    if claim.kind in ("closest", "pair"):
        pair = wording.say("pair", a=names[0], b=wording.region(claim.region_b))
        return wording.say("claims_closest", pair=pair) if claim.kind == "closest" else pair
    joined = wording.say("claims_comma").join(names[:NAMES])
    return wording.say("claims_more", names=joined, count=len(names)) if len(names) > NAMES else joined


def _label_width(claim: Any, wording: Wording) -> float:
    width = labels.width_of(label_of(claim, wording))
    return width + (0.08 + labels.term_width(claim.term, wording) if claim.term else 0)


def _put_label(page: Axes, x: float, y: float, claim: Any, wording: Wording, *, width: float) -> None:
    """The claim in words, smaller where it is longer than ``width``."""
    size = min(1.0, 0.99 * width / _label_width(claim, wording))
    text = label_of(claim, wording)
    labels.put(page, x, y, text, size=size)
    if claim.term:
        labels.put_term(page, x + size * (labels.width_of(text) + 0.08), y, claim.term, wording, size=size)


def _lines(sections: list[Section]) -> Iterator[tuple[float, Any]]:
    """Each claim with the middle of its line, in inches below the first heading."""
    y = 0.0
    for section in sections:
        for at, claim in enumerate(section.claims.itertuples()):
            yield y + HEAD + ROW * (at + 0.5), claim
        y += section.height


def _zones(page: Axes, x: float, width: float, settings: Settings, wording: Wording) -> None:
    """Names of the standings above the shares they stand for, where there is room."""
    fragile, robust = settings.specification.fragile, settings.specification.robust
    for key, low, high in (
        ("claims_fragile", 0.0, fragile),
        ("claims_sensitive", fragile, robust),
        ("claims_robust", robust, 1.0),
    ):
        text = wording.say(key)
        if labels.width_of(text, style.SMALL) + 0.06 <= (high - low) * width:
            middle = x + width * (low + high) / 2
            labels.put(page, middle, TOP - 0.12, text, size=style.SMALL, role="light", ha="center")


def _key(page: Axes, y: float, wording: Wording, settings: Settings) -> None:
    """Filled and hollow dots, and what the line through a dot is."""
    mark, step = style.colour("mark"), labels.line_height()
    filled = wording.say("claims_filled", robust=f"{100 * settings.specification.robust:g}")
    labels.dot_key(page, style.MARGIN, y, {filled: mark, wording.say("claims_hollow"): "#ffffff"}, edge=mark, size=DOT)
    style.lines(
        page, [[(style.MARGIN, y + step), (style.MARGIN + 0.3, y + step)]], style.colour("line"), linewidths=RANGE
    )
    note, room = wording.say("claims_range"), style.WIDTH - 2 * style.MARGIN - 0.38
    labels.put(page, style.MARGIN + 0.38, y + step, note, size=labels.fitted(note, room, style.SMALL))


def _told(claim: Any, wording: Wording) -> str:
    """What the claim is about: regions, and the keyword where there is one."""
    regions = [wording.region(name) for name in (*str(claim.region_a).split("·"), claim.region_b) if name]
    return " – ".join(regions) + (f" · {claim.term}" if claim.term else "")


def figure_of(robustness: pd.DataFrame, wording: Wording, settings: Settings) -> Figure:
    """One line for each claim: its share as a dot, the range over the options of the choice that matters most as a line."""
    sections = sections_of(robustness)
    if not sections:
        return labels.told(wording.say("claims_none"))
    lines = list(_lines(sections))
    most = wording.say("claims_most")
    choices = {choice: wording.say(name) for choice, name in CHOICES.items()}
    words = min(2.8, max(_label_width(claim, wording) for _, claim in lines))
    left = style.MARGIN + INDENT + words + 0.15
    aside = labels.widest([most, *choices.values()], style.SMALL)
    numbers = style.WIDTH - style.MARGIN - aside - 0.14
    right = numbers - labels.width_of("100", style.SMALL) - 0.1
    height = sum(section.height for section in sections)
    figure, page = style.page(style.WIDTH, TOP + height + 0.46 + 2 * labels.line_height() + style.MARGIN)
    axes = style.panel(figure, left, TOP, right - left, height)
    axes.set(xlim=(0, 100), ylim=(height, 0), yticks=[])
    axes.set_xlabel(wording.say("claims_x"))
    axes.spines["left"].set_visible(False)
    light, mark = style.colour("light"), style.colour("mark")
    for bound in (settings.specification.fragile, settings.specification.robust):
        axes.axvline(100 * bound, color=light, linewidth=0.6, dashes=(3, 2), zorder=1)
    _zones(page, left, right - left, settings, wording)
    labels.put(page, numbers, TOP - 0.12, "%", size=style.SMALL, role="light", ha="right")
    labels.put(page, numbers + 0.14, TOP - 0.12, most, size=style.SMALL, role="light")

    y = TOP
    for section in sections:
        head = wording.say(section.heading, first=settings.similarity.first, top=settings.keywords.top)
        labels.put(
            page, style.MARGIN, y + HEAD / 2, head, size=labels.fitted(head, left - 0.1 - style.MARGIN), role="light"
        )
        if section.left_out:
            note = wording.say("claims_left_out", count=section.left_out)
            end = y + HEAD + ROW * len(section.claims) + NOTE / 2
            room = left - 0.1 - style.MARGIN - INDENT
            labels.put(
                page, style.MARGIN + INDENT, end, note, size=labels.fitted(note, room, style.SMALL), role="light"
            )
        y += section.height
    ranges = [[(100 * c.worst_share, y), (100 * c.best_share, y)] for y, c in lines if c.most_sensitive_to]
    style.lines(axes, [[(0, y), (100, y)] for y, _ in lines], style.colour("grid"), linewidths=0.5, zorder=0.5)
    style.lines(axes, ranges, style.colour("line"), linewidths=RANGE, zorder=2)
    fills = [mark if claim.standing == "robust" else "#ffffff" for _, claim in lines]
    told = [
        marks.Cell("robustness", (str(claim.claim_id),), "share", number(claim.share, "share"), _told(claim, wording))
        for _, claim in lines
    ]
    style.dots(axes, [(100 * claim.share, y) for y, claim in lines], fills, [mark] * len(lines), size=DOT, cells=told)
    for y, claim in lines:
        _put_label(page, style.MARGIN + INDENT, TOP + y, claim, wording, width=words)
        labels.put(page, numbers, TOP + y, f"{100 * claim.share:.0f}", size=style.SMALL, ha="right")
        if claim.most_sensitive_to:
            said = choices[claim.most_sensitive_to]
            labels.put(page, numbers + 0.14, TOP + y, said, size=style.SMALL, role="light")
    _key(page, TOP + height + 0.5, wording, settings)
    return figure


def main(
    robustness_csv: Path,
    documents_csv: Path,
    *look: Path,
) -> None:
    robustness = tables.read(robustness_csv, tables.ROBUSTNESS)
    documents = tables.read(documents_csv, tables.DOCUMENTS)
    publish(lambda wording, settings: figure_of(robustness, wording, settings), look, documents)


if __name__ == "__main__":
    run(main)
