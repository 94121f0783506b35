"""Everything that is measured, in one run, ratios side by side: `make bench` writes benchmarks/results.md.

`SIZES=tiny` tries the suite itself in a few minutes; `ONLY=growth,peers` runs some parts; `BENCH_CORPUS=file` takes
texts of one's own; `PEER_PYTHON=python` names a Python that has gensim. Without the first three the page is written anew;
else it is only printed, unless OUT says where to.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import signal
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks import appendix, corpus as texts, growth, large, parallel, peers, segmentation, start_up, vectors
from benchmarks.checkout import Checkout, checkout
from benchmarks.corpus import Corpus
from benchmarks.rows import Found, Row, Target, table, verdicts
from benchmarks.watching import Limits
from pipeline.errors import InputError
from pipeline.writing import write

PAGE = Path("benchmarks/results.md")
_LIBRARIES = ("numpy", "scipy", "scikit-learn", "pandas", "jieba", "rjieba", "matplotlib")
_OF_MEMORY = 0.8  # share of the machine's memory at which a run is stopped
_FULL = "full"


@dataclass(frozen=True)
class Sizes:
    """Numbers of texts, and how often what is short is repeated. ``seconds``: at which one run is stopped."""

    segmented: int
    segmented_long: int
    parallel: int
    weighed: int
    neighbours: int
    many_neighbours: int
    peers: int
    regions: int
    growth: growth.Sizes
    repeats: int
    seconds: float


SIZES = {
    _FULL: Sizes(
        100_000, 100, 200_000, 181_000, 10_000, 100_000, 10_000, large.REGIONS,
        growth.Sizes((1_000, 10_000, 20_000, 100_000, 200_000), (31, 100, 300, 1_000), (20_000, 200_000), 200_000, 100),
        3, 1_200,
    ),
    "tiny": Sizes(40, 1, 1_500, 60, 30, 60, 30, 4, growth.Sizes((12, 200), (2,), (12, 200), 200, 2), 1, 600),
}  # fmt: skip


def rows(sizes: Sizes) -> list[Row]:
    """What is measured and what is wanted."""
    small, more = sizes.growth.growing
    many, edited = f"{sizes.growth.large:,} short texts", f"one of {sizes.growth.large:,} short texts edited"
    short, long = (
        f"cutting {count:,} {kind} texts on one core"
        for kind, count in (("short", sizes.segmented), ("long", sizes.segmented_long))
    )
    nearest = f"{vectors.NEAREST} nearest neighbours of {sizes.neighbours:,} short texts"
    weighed = f"TF-IDF of {sizes.weighed:,} short texts"
    return [
        Row("segmentation.short", f"{short}: plain jieba's time over ours", "x", Target(8, at_least=True), "goal 15x"),
        Row("segmentation.long", f"{long}: plain jieba's time over ours", "x", Target(5, at_least=True), "goal 15x"),
        Row("segmentation.short-raw", f"{short}: time of rjieba by itself over ours", "x"),
        Row("segmentation.long-raw", f"{long}: time of rjieba by itself over ours", "x"),
        Row("segmentation.differ", "texts cut otherwise than by jieba, of these in four settings", "", Target(0)),
        Row("parallel.two", f"plain jieba over {sizes.parallel:,} short texts: one process's time over that of two", "x", Target(1.6, at_least=True)),
        Row("tf-idf.time", f"{weighed}: our time over bare TfidfVectorizer's", "x", Target(1.2)),
        Row("tf-idf.peak", f"{weighed}: peak memory", "MB", Target(550)),
        Row("neighbours.time", f"{nearest}: time of cosine_similarity and argpartition over ours", "x", Target(2.5, at_least=True)),
        Row("neighbours.exact", f"{nearest}: texts whose neighbours are not the nearest", "", Target(0)),
        Row("neighbours.peak", f"the same of {sizes.many_neighbours:,}: peak memory", "MB", Target(300)),
        Row("appendix.light", "the appendix without the uncertainty stages, over a naive script", "x", Target(3)),
        Row("appendix.uncertainty", f"the uncertainty stages of the appendix, {_draws()} draws", "s", Target(20)),
        Row("appendix.whole", "the appendix with all stages, over the naive script", "x"),
        Row("appendix.idle", "`make all` with nothing to do, over an empty make", "s", Target(0.1)),
        Row("regions.time", f"{sizes.regions} regions of {large.MEASURES} measures, raw file to report", "s"),
        *(Row(f"start-up.{stage}", f"start-up of {stage}", "s", Target(0.5)) for stage in start_up.STAGES),
        *(Row(f"start-up.{stage}-loads", f"scikit-learn, matplotlib loaded by {stage}", "", Target(0)) for stage in start_up.STAGES),
        Row("large.time", f"{many}, raw file to report", "s", Target(120)),
        Row("large.peak", f"{many}: peak memory, all processes together", "MB", Target(1_500)),
        Row("large.naive", f"{many}: our time over a naive script's", "x", Target(0.6)),
        Row("growth.time", f"from {small:,} to {more:,} short texts: exponent of time", "", Target(1.1)),
        Row("growth.memory", f"from {small:,} to {more:,} short texts: exponent of memory above the base", "", Target(0.5)),
        Row("store.disk", "tokens on disk, a token", "bytes"),
        Row("store.memory", "tokens in memory over lists of strings", "x"),
        Row("store.peak", "peak memory of a process that reads the tokens", "MB"),
        Row("editing.cut", f"{edited}: texts cut again", "", Target(1)),
        Row("editing.time", f"{edited}: second make over the first", "x"),
        *(Row(f"growth.short-{count}", f"the whole pipeline on {count:,} short texts", "s") for count in sizes.growth.short),
        *(Row(f"growth.long-{count}", f"the whole pipeline on {count:,} long texts", "s") for count in sizes.growth.long),
        Row("page.size", f"the page of {sizes.growth.page:,} long texts", "MB", Target(10)),
        Row("page.open", "that page in headless Chromium, until its explorer answers", "s", Target(2)),
        Row("peers.r", f"words to similarities of {sizes.peers:,} short texts: R's time over ours", "x"),
        Row("peers.gensim", f"words to neighbours of {sizes.peers:,} short texts: gensim's time over ours", "x"),
    ]  # fmt: skip


def _draws() -> str:
    found = re.search(r"^resamples = (\d+)$", Path("method/settings.toml").read_text("utf-8"), re.MULTILINE)
    return f"{int(found[1]):,}" if found else "?"


def parts(sizes: Sizes, corpus: Corpus, copy: Checkout, say: Callable[[str], None]) -> dict[str, Callable[[], Found]]:
    """What measures the rows, by the part of their keys; ``growth`` also measures large, store, editing and page."""
    folder, limits = copy.folder, copy.limits
    return {
        "segmentation": lambda: segmentation.found(corpus, sizes.segmented, sizes.segmented_long),
        "parallel": lambda: parallel.found(corpus, sizes.parallel, folder, limits),
        "tf-idf": lambda: vectors.of_tf_idf(corpus, sizes.weighed, sizes.repeats, folder, limits),
        "neighbours": lambda: vectors.of_neighbours(
            corpus, sizes.neighbours, sizes.many_neighbours, sizes.repeats, folder, limits
        ),
        "appendix": lambda: appendix.found(copy, sizes.repeats),
        "regions": lambda: appendix.of_regions(copy, sizes.regions),
        "start-up": lambda: start_up.found(copy, sizes.repeats),
        "growth": lambda: growth.found(copy, corpus, sizes.growth, say),
        "peers": lambda: peers.found(corpus, sizes.peers, folder, limits),
    }


def memory() -> int:
    """Bytes of the machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def machine() -> list[tuple[str, str]]:
    """What the numbers depend on; no names of hosts or folders."""
    found = [("cores", str(os.cpu_count())), ("memory", f"{memory() / 2**30:.0f} GiB"), ("system", platform.system())]
    information = Path("/proc/cpuinfo")
    names = re.findall(r"^model name\s*: (.+)$", information.read_text(), re.MULTILINE) if information.exists() else []
    found += [("processor", name) for name in dict.fromkeys(names)]
    return [*found, ("Python", platform.python_version()), *((name, version(name)) for name in _LIBRARIES)]


def page(sizes: Sizes, found: Found, source: str, seconds: float) -> str:
    wanted = rows(sizes)
    judged = [row for row in wanted if row.target is not None]
    met = sum(
        row.key in found.values and bool(row.target and row.target.met(found.values[row.key].value)) for row in judged
    )
    lines = [
        "# What the pipeline takes",
        "",
        f"Written by `make bench` in {seconds / 60:.0f} minutes, in one run on one machine; every ratio is of two things "
        f"done in that run. Texts: {source}. Of {len(judged)} targets {met} are met.",
        "",
        *verdicts(wanted, found),
        "",
        "## The machine",
        "",
        *table(("what", "value"), machine()),
    ]
    for detail in found.details:
        lines += ["", f"## {detail.title}", "", detail.note, "", *table(detail.head, detail.cells)]
    return "\n".join(lines) + "\n"


def measure(sizes: Sizes, corpus: Corpus, venv: Path, only: Sequence[str] = ()) -> Found:
    """Every part, or those of ``only``, with a line about each as it begins."""
    limits = Limits(sizes.seconds, int(_OF_MEMORY * memory()))
    start = time.perf_counter()

    def say(what: str) -> None:
        print(f"{time.perf_counter() - start:6.0f} s  {what}", file=sys.stderr, flush=True)

    result = Found()
    with checkout(venv, limits) as copy:
        for name, part in parts(sizes, corpus, copy, say).items():
            if not only or name in only:
                say(name)
                if not result.attempt(name, part):
                    say(f"{name} failed: {result.why[name]}")
    return result


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("venv", type=Path)
    parser.add_argument("--sizes", choices=SIZES, default=_FULL)
    parser.add_argument("--only", default="", help="parts, commas between")
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args(arguments)
    sizes = SIZES[given.sizes]
    corpus = texts.own(given.corpus) if given.corpus else texts.made_up()
    start = time.perf_counter()
    found = measure(sizes, corpus, given.venv, [name for name in given.only.split(",") if name])
    written = page(sizes, found, corpus.source, time.perf_counter() - start)
    print(written)
    whole = given.sizes == _FULL and not given.only and not given.corpus
    if out := given.out or (PAGE if whole else None):
        write({out: written.encode()})


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the copy goes then too
    try:
        main(sys.argv[1:])
    except InputError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None
    except KeyboardInterrupt:
        raise SystemExit(130) from None
