"""The appendix from clean outputs against one naive script, and with nothing to do; and many regions of its clauses."""

from __future__ import annotations

import shutil
import statistics
from collections.abc import Sequence

from benchmarks import large
from benchmarks.checkout import Checkout, seconds_of
from benchmarks.growth import shares
from benchmarks.rows import Detail, Found, Value
from benchmarks.watching import StoppedError
from pipeline.fonts import font_file

_CORPUS = "vocational-teachers"
_UNCERTAINTY = "ROBUSTNESS"  # the variable of the Makefile with the tables of these stages
_NOTHING = "nothing:\n\t@:\n"


def _removed(checkout: Checkout, kept: Sequence[str]) -> None:
    """All outputs but those that are ``kept``."""
    aside = checkout.folder / "kept"
    for name in kept:
        (aside / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(checkout.folder / name, aside / name)
    checkout.make("clean")
    for name in kept:
        (checkout.folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(aside / name, checkout.folder / name)


def found(checkout: Checkout, repeats: int) -> Found:
    """Medians of runs by turns; the outputs are removed before each, the environment and the prepared dictionary stay."""
    raw = f"data/raw/{_CORPUS}.txt"
    script = [checkout.python, "benchmarks/naive.py", raw, str(font_file()), "naive"]
    empty = checkout.folder / "empty.mk"
    empty.write_text(_NOTHING, "utf-8")
    tables = checkout.variable(_UNCERTAINTY)
    old = [part for name in tables for part in ("-o", name)]
    checkout.make("all")
    seconds_of(script, checkout.folder, checkout.environment)
    times: dict[str, list[float]] = {}

    def timed(what: str, seconds: float) -> None:
        times.setdefault(what, []).append(seconds)

    for _ in range(repeats):
        timed("naive script", seconds_of(script, checkout.folder, checkout.environment))
        _removed(checkout, tables)
        made = [(checkout.folder / name).stat().st_mtime_ns for name in tables]
        timed("make all without the uncertainty", checkout.make("all", *old))
        if made != [(checkout.folder / name).stat().st_mtime_ns for name in tables]:
            raise StoppedError("make made the tables of the uncertainty anew, which it was told to leave")
        for name in tables:
            (checkout.folder / name).unlink()
        timed("the uncertainty", checkout.make("robustness"))
        _removed(checkout, ())
        timed("make all", checkout.make("all"))
        timed("make all, nothing to do", checkout.make("all"))
        timed("empty make", checkout.make("-f", empty.name, "nothing"))
    _removed(checkout, ())
    profile = shares("the appendix", {"seconds": checkout.watched(["make", "all"])})
    medians = {what: statistics.median(values) for what, values in times.items()}

    def ratio(one: str, other: str) -> float:
        return statistics.median(a / b for a, b in zip(times[one], times[other], strict=True))

    idle = zip(times["make all, nothing to do"], times["empty make"], strict=True)
    naive = f"the script {medians['naive script']:.1f} s"
    return Found(
        {
            "appendix.light": Value(ratio("make all without the uncertainty", "naive script"), naive),
            "appendix.uncertainty": Value(medians["the uncertainty"]),
            "appendix.whole": Value(ratio("make all", "naive script"), f"{medians['make all']:.1f} s"),
            "appendix.idle": Value(statistics.median(a - b for a, b in idle)),
        },
        details=[
            Detail(
                "The appendix",
                f"{repeats} runs by turns, outputs removed before each.",
                ("work", "median, s", "least", "most"),
                [
                    (what, f"{medians[what]:.2f}", f"{min(each):.2f}", f"{max(each):.2f}")
                    for what, each in times.items()
                ],
            ),
            profile,
        ],
    )


def of_regions(checkout: Checkout, regions: int) -> Found:
    """A corpus of so many regions, once."""
    large.write(checkout.folder / f"data/raw/{_CORPUS}.txt", checkout.folder / "data/raw/large.txt", regions)
    try:
        run = checkout.watched(["make", "all", "CORPUS=large"])
        return Found({"regions.time": Value(run.seconds, f"{run.together / 1e6:,.0f} MB")})
    finally:
        checkout.without("large")
