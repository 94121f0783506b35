"""The whole pipeline on more and more texts: seconds, memory, each stage's share, and how both grow."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from benchmarks import editing, opening, stored
from benchmarks.checkout import Checkout
from benchmarks.corpus import Corpus
from benchmarks.made_up import FORMS, Text
from benchmarks.rows import Detail, Found, Value, exponent, exponent_above
from benchmarks.watching import Run
from pipeline.fonts import font_file

_ENDINGS = {"short": ".csv", "long": ".jsonl"}
_NAME = "bench"
_OPENED = 5  # times


@dataclass(frozen=True)
class Sizes:
    """``short``, ``long``: numbers of texts, rising. Memory is judged above that of the first.

    ``growing``: the two short ones between which growth is judged; ``large``: the one that is compared with a naive
    script, edited and weighed. ``page``: the long one whose page is opened.
    """

    short: tuple[int, ...]
    long: tuple[int, ...]
    growing: tuple[int, int]
    large: int
    page: int


def found(checkout: Checkout, corpus: Corpus, sizes: Sizes, say: Callable[[str], None]) -> Found:
    """Where one size cannot be done, larger ones of its kind are not tried."""
    editing.counted(checkout)
    result = Found()
    runs: dict[str, dict[int, Run]] = {"short": {}, "long": {}}
    for kind, counts in (("short", sizes.short), ("long", sizes.long)):
        failed = 0
        for count in counts:
            key = f"growth.{kind}-{count}"
            say(f"{count:,} {kind} texts")
            if failed:
                result.why[key] = f"not tried, for {failed:,} were not done"
            elif not result.attempt(key, partial(_one, checkout, corpus, kind, count, sizes, runs[kind])):
                failed = count
    small, large = sizes.growing
    short = runs["short"]
    if small in short and large in short:
        result.add(judged(short[sizes.short[0]], small, short[small], large, short[large]))
    else:
        result.why["growth.time"] = result.why["growth.memory"] = f"{small:,} and {large:,} texts were not both done"
    if sizes.page not in runs["long"]:
        result.why["page"] = f"{sizes.page:,} long texts were not done"
    if sizes.large not in short:
        why = result.why[f"growth.short-{sizes.large}"]
        result.why |= dict.fromkeys(("large", "editing", "store"), f"{sizes.large:,} texts were not done: {why}")
    for kind, done in runs.items():
        result.details += told(kind, done)
    return result


def _one(checkout: Checkout, corpus: Corpus, kind: str, count: int, sizes: Sizes, runs: dict[int, Run]) -> Found:
    texts = corpus.taken(kind, count)
    raw = checkout.folder / f"data/raw/{_NAME}{_ENDINGS[kind]}"
    checkout.without(_NAME)
    try:
        raw.write_bytes(FORMS[raw.suffix](texts))
        run = runs[count] = checkout.watched(["make", "all", f"CORPUS={_NAME}"])
        beside = f"{_mb(run.peak)} MB in one process, {_mb(run.together)} MB together"
        result = Found({f"growth.{kind}-{count}": Value(run.seconds, beside)})
        if kind == "long" and count == sizes.page:
            result.attempt("page", partial(opening.found, checkout.report(_NAME), _OPENED))
        if kind == "short" and count == sizes.large:
            result.attempt("large", partial(against_naive, checkout, raw, run))
            result.attempt("store", partial(stored.found, raw, checkout.processed(_NAME), checkout.limits))
            result.attempt("editing", partial(_edited, checkout, raw, texts, run))
        return result
    finally:
        checkout.without(_NAME)


def against_naive(checkout: Checkout, raw: Path, run: Run) -> Found:
    script = [checkout.python, "benchmarks/naive_large.py", str(raw), str(font_file()), "naive"]
    naive = checkout.watched(script)
    beside = f"the script {naive.seconds:.1f} s, {_mb(naive.together)} MB"
    return Found(
        {
            "large.time": Value(run.seconds),
            "large.peak": Value(run.together / 1e6, f"{_mb(run.peak)} MB in one process"),
            "large.naive": Value(run.seconds / naive.seconds, beside),
        }
    )


def _edited(checkout: Checkout, raw: Path, texts: Sequence[Text], first: Run) -> Found:
    changed = editing.edited(texts)
    return editing.found(checkout, _NAME, raw, changed, FORMS[raw.suffix](changed), first)


def judged(base: Run, small: int, less: Run, large: int, more: Run) -> Found:
    """Growth between two sizes; memory above what the smallest corpus takes, all processes together."""
    memory = exponent_above(base.together, small, less.together, large, more.together)
    beside = f"{_mb(less.together)} MB and {_mb(more.together)} MB, base {_mb(base.together)} MB"
    return Found(
        {
            "growth.time": Value(
                exponent(small, less.seconds, large, more.seconds), f"{less.seconds:.1f} s and {more.seconds:.1f} s"
            ),
            "growth.memory": Value(memory, beside),
        }
    )


def told(kind: str, runs: Mapping[int, Run]) -> list[Detail]:
    """Seconds, memory and exponents from size to size, and what each stage takes of the seconds of all."""
    if not runs:
        return []
    steps = {
        more: (exponent(less, runs[less].seconds, more, runs[more].seconds),
               exponent(less, runs[less].together, more, runs[more].together))
        for less, more in pairwise(runs)
    }  # fmt: skip
    whole = [
        (
            f"{count:,}", f"{run.seconds:.1f}", _mb(run.peak), _mb(run.together),
            *((f"{value:.2f}" for value in steps[count]) if count in steps else ("", "")),
        )
        for count, run in runs.items()
    ]  # fmt: skip
    return [
        Detail(
            f"The whole pipeline on {kind} texts",
            "From the raw file to the report. Memory: the largest process, and all processes at once (shared pages "
            "divided among those that share them). Exponents: from the size before; 1 is as much more as there are more texts.",
            ("texts", "seconds", "largest process, MB", "together, MB", "exponent of time", "of memory"),
            whole,
        ),
        shares(f"{kind} texts", {f"{count:,}": run for count, run in runs.items()}),
    ]


def shares(what: str, runs: Mapping[str, Run]) -> Detail:
    """What each stage takes of the seconds of all, a column a run; memory of the last one."""
    sums = {name: sum(stage.seconds for stage in run.stages.values()) or 1.0 for name, run in runs.items()}
    largest = list(runs.values())[-1]
    names = dict.fromkeys(name for run in runs.values() for name in run.stages)
    ordered = sorted(names, key=lambda name: -largest.stages[name].seconds if name in largest.stages else 0.0)
    cells = [
        (name, *(_share(run, name, sums[column]) for column, run in runs.items()),
         _mb(largest.stages[name].peak) if name in largest.stages else "—")
        for name in ordered
    ]  # fmt: skip
    return Detail(
        f"What the stages take: {what}",
        "Seconds of each stage and its share of the seconds of all stages (they run side by side, so the sum is more "
        "than the time of the whole); memory of its largest process, of the most texts.",
        ("stage", *runs, "MB"),
        cells,
    )


def _share(run: Run, name: str, total: float) -> str:
    if name not in run.stages:
        return "—"
    return f"{run.stages[name].seconds:.1f} ({run.stages[name].seconds / total:.0%})"


def _mb(size: float) -> str:
    return f"{size / 1e6:,.0f}"
