"""Draw how often the verdict on groups is wrong and how often it finds them: calibration.csv -> SVG and PNG."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, style
from pipeline.charts.behind import Behind, behind
from pipeline.charts.sheets import DOUBLE
from pipeline.charts.wording import Wording, publish
from pipeline.cli import run
from pipeline.method import ChartsSettings

ALARMS = {"shuffled": "calibration_shuffled", "own topics": "calibration_own"}  # nothing to find: name in the strings
FOUND = "groups"
BOUNDS = (5, 8)  # percent: the level of the tests, and what false alarms should stay below
SCALE = 10  # percent: false alarms are drawn to here, or as far as they reach
TOP, ROW, LEAST, BELOW = 0.34, 0.2, 1.7, 0.46  # inches
ALARMS_WIDTH, FOUND_WIDTH, RAND_WIDTH, GAP = 1.45, 1.85, 1.35, 0.52
DOT, DODGE = 0.06, 0.045  # inches: across; between the whiskers of two numbers of regions


def shades_of(calibration: pd.DataFrame, palette: Sequence[str]) -> dict[int, str]:
    """Number of regions -> its colour."""
    return {n: style.group_colour(at, palette) for at, n in enumerate(sorted(calibration["regions"].unique()), 1)}


def alarms_of(calibration: pd.DataFrame) -> list[tuple[str, float, pd.DataFrame]]:
    """Scenario, strength and rows of what has no groups to find, the number of regions ascending."""
    parts = [
        (scenario, strength, own.sort_values("regions"))
        for (scenario, strength), own in calibration.groupby(["scenario", "strength"], sort=True)
        if scenario in ALARMS
    ]
    return sorted(parts, key=lambda part: (list(ALARMS).index(part[0]), part[1]))


def _alarms(
    page: Axes, axes: Axes, left: float, calibration: pd.DataFrame, shades: dict[int, str], wording: Wording
) -> None:
    """A heading for each scenario, below it a dot on its interval for each number of regions."""
    parts = alarms_of(calibration)
    reach = max([SCALE, *(100 * float(own["supported_high"].max()) for *_, own in parts)])
    axes.set(yticks=[], xlim=(0, reach))
    if reach <= 2 * SCALE:  # else their numbers would touch
        axes.set_xticks([0, *BOUNDS, SCALE])
    axes.set_xlabel(wording.say("calibration_share"))
    axes.spines["left"].set_color(style.colour("grid"))
    for bound in BOUNDS:
        axes.axvline(bound, color=style.colour("light"), linewidth=0.6, dashes=(3, 2), zorder=1)
    y = 0.0
    for scenario, strength, own in parts:
        head = wording.say(ALARMS[scenario], strength=f"{100 * strength:g}")
        room = left - 0.1 - style.MARGIN
        labels.put(page, style.MARGIN, TOP + y + ROW / 2, head, size=labels.fitted(head, room), role="light")
        for row in own.itertuples():
            y += ROW
            middle, shade = y + ROW / 2, shades[row.regions]
            style.lines(
                axes, [[(100 * row.supported_low, middle), (100 * row.supported_high, middle)]], shade, clip_on=False
            )
            style.dots(axes, [(100 * row.supported, middle)], [shade], [shade], size=DOT)
            text = wording.say("calibration_regions", regions=row.regions)
            labels.put(page, left - 0.1, TOP + middle, text, size=style.SMALL, ha="right")
        y += ROW * 1.3


def _against_strength(axes: Axes, found: pd.DataFrame, name: str, wording: Wording) -> None:
    """Scales of a panel: strength to the right, up to 1 upwards."""
    lowest = min(0.0, float(found[name].min())) if len(found) else 0.0
    most = 100 * float(found["strength"].max()) if len(found) else 100.0
    axes.set(xlim=(0, most * 1.08), ylim=(lowest, 1))
    axes.set_xlabel(wording.say("calibration_strength"))
    axes.grid(axis="y")
    axes.set_axisbelow(True)


def _shifted(own: pd.DataFrame, aside: float) -> list[float]:
    """The strengths in percent, moved so that whiskers do not cover each other."""
    return [100 * float(strength) + aside for strength in own["strength"]]


def _line(axes: Axes, xs: Sequence[float], shares: pd.Series, shade: str) -> None:
    """A line with a dot at each point."""
    axes.plot(xs, shares, color=shade, clip_on=False)
    shades = [shade] * len(xs)
    style.dots(axes, list(zip(xs, shares, strict=True)), shades, shades, size=DOT)


def _found(axes: Axes, rand_axes: Axes, found: pd.DataFrame, shades: dict[int, str], wording: Wording) -> None:
    """Detection with its intervals and, dashed, the structure test; beside it the adjusted Rand index."""
    _against_strength(axes, found, "supported", wording)
    _against_strength(rand_axes, found, "rand", wording)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25%", "50%", "75%", "100%"])
    unit = (axes.get_xlim()[1] - axes.get_xlim()[0]) / FOUND_WIDTH
    for at, (n, shade) in enumerate(shades.items()):
        own = found[found["regions"] == n].sort_values("strength")
        xs = _shifted(own, (at - (len(shades) - 1) / 2) * DODGE * unit)
        axes.plot(xs, own["structure"], color=shade, linewidth=0.8, dashes=(3, 2), clip_on=False)
        _line(axes, xs, own["supported"], shade)
        ends = zip(xs, own["supported_low"], own["supported_high"], strict=True)
        style.lines(axes, [[(x, low), (x, high)] for x, low, high in ends], shade, linewidths=0.7, clip_on=False)
        known = own[own["rand"].notna()]
        _line(rand_axes, _shifted(known, 0), known["rand"], shade)


def _key(page: Axes, y: float, shades: dict[int, str], wording: Wording) -> None:
    """Colours of the numbers of regions, then what whole and dashed lines are."""
    named = {wording.say("calibration_regions", regions=n): shade for n, shade in shades.items()}
    x = labels.dot_key(page, style.MARGIN, y, named, size=DOT)
    for key, dashes in (("calibration_supported", "solid"), ("calibration_structure", (0, (3, 2)))):
        style.lines(page, [[(x, y), (x + 0.3, y)]], style.colour("ink"), linewidths=0.9, linestyles=[dashes])
        text = wording.say(key)
        labels.put(page, x + 0.36, y, text, size=style.SMALL)
        x += 0.36 + labels.width_of(text, style.SMALL) + 0.18


def figure_of(calibration: pd.DataFrame, wording: Wording, settings: ChartsSettings) -> Figure:
    """False alarms where there are no groups; where there are, how often they are found and how well."""
    if calibration.empty:
        return labels.told(wording.say("calibration_none"), DOUBLE)
    shades = shades_of(calibration, settings.palette)
    height = max(LEAST, sum(ROW * (len(own) + 1.3) for *_, own in alarms_of(calibration)))
    figure, page = style.page(style.WIDTH, TOP + height + BELOW + 0.22)
    rand_left = style.WIDTH - style.MARGIN - RAND_WIDTH
    found_left = rand_left - GAP - FOUND_WIDTH
    left = found_left - GAP - ALARMS_WIDTH
    alarms = style.panel(figure, left, TOP, ALARMS_WIDTH, height)
    alarms.set_ylim(height, 0)
    found = style.panel(figure, found_left, TOP, FOUND_WIDTH, height)
    rand = style.panel(figure, rand_left, TOP, RAND_WIDTH, height)
    for x, key in (
        (style.MARGIN, "calibration_alarms"),
        (found_left, "calibration_found"),
        (rand_left, "calibration_rand"),
    ):
        labels.put(page, x, 0.13, wording.say(key))
    _alarms(page, alarms, left, calibration, shades, wording)
    _found(found, rand, calibration[calibration["scenario"] == FOUND], shades, wording)
    _key(page, TOP + height + BELOW + 0.1, shades, wording)
    return figure


def numbers_of(calibration: pd.DataFrame) -> Behind:
    """All of the table is drawn."""
    return behind(calibration, tables.CALIBRATION.row, tables.CALIBRATION.key, tables.CALIBRATION)


def main(
    calibration_csv: Path,
    *look: Path,
) -> None:
    calibration = tables.read(calibration_csv, tables.CALIBRATION)
    publish(
        lambda wording, settings, _: figure_of(calibration, wording, settings.charts),
        lambda _: numbers_of(calibration),
        look,
    )


if __name__ == "__main__":
    run(main)
