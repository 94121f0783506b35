"""Compare the two engines and rjieba by itself: words that differ, and speed, side by side.

`make bench` does so on the texts that it does everything with.

`python -m benchmarks.segmentation [CORPUS.jsonl]` writes reports/calibration/segmentation.md. Without a corpus the
texts are made up, the same each time: words drawn as often as jieba's dictionary has them, set into policy sentences.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import jieba
import rjieba

from benchmarks.corpus import Corpus
from benchmarks.rows import Detail, Found, Value, table
from pipeline.engine import batches
from pipeline.method import Entry, load_dictionary
from pipeline.segmentation import Segmenter
from pipeline.writing import write

PAGE = Path("reports/calibration/segmentation.md")
_CACHE = Path(".cache/jieba")
_LONG = 17_000  # characters of a long text, as the work reports of provinces have
_FRAMES = (
    "推进{}，加强{}与{}；",
    "到20{}年{}达到{}%，",
    "实施“{}”行动计划（2021-2025年），建设{}{}个，",
    "完善{}的{}制度，{}；",
    "以{}为抓手，推动{}、{}和{}，GPT-4o等AI+{}加快应用。",
)


def made_up(characters: int, seed: int = 20190124) -> Iterator[str]:
    """Sentences of about 40 to 120 characters, to so many characters in all."""
    jieba.setLogLevel("CRITICAL")
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(_CACHE)
    tokenizer.initialize()
    words, counts = zip(*((word, count) for word, count in tokenizer.FREQ.items() if count), strict=True)
    draw = random.Random(seed)
    drawn: list[str] = []
    made = 0
    while made < characters:
        parts = []
        for frame in draw.choices(_FRAMES, k=3):
            slots = frame.count("{}")
            if len(drawn) < 10 * slots:
                drawn = draw.choices(words, counts, k=10_000)
            parts.append(frame.format(*("".join(drawn.pop() for _ in range(3)) for _ in range(slots))))
        made += sum(map(len, parts))
        yield "".join(parts)


def corpus_of(path: Path) -> list[str]:
    """The longest field of every line."""
    return [max(map(str, json.loads(line).values()), key=len) for line in path.read_text("utf-8").splitlines() if line]


@dataclass(frozen=True)
class Result:
    """One row: ``differ`` and ``raw_differ`` count texts."""

    texts: str
    count: int
    megabytes: float
    dictionary: bool
    hmm: bool
    differ: int
    raw_differ: int
    seconds: tuple[float, float, float]  # jieba, ours, rjieba by itself


Cut = Callable[[Sequence[str]], Iterable[list[str]]]


def _timed(cut: Cut, texts: Sequence[str]) -> tuple[float, list[list[str]]]:
    start = time.process_time()
    found = list(cut(texts))
    return time.process_time() - start, found


def compared(name: str, texts: Sequence[str], entries: Sequence[Entry], *, hmm: bool) -> Result:
    """All three on the same batch in turn, so that what else the machine does slows all; the words are not kept."""
    by_jieba, by_rjieba = (Segmenter(entries, hmm=hmm, cache=_CACHE, engine=engine) for engine in ("jieba", "rjieba"))
    raw = rjieba.Jieba()
    for entry in entries:
        raw.add_word(entry.term, by_jieba._jieba.FREQ[entry.term], entry.tag)
    cuts: tuple[Cut, ...] = (
        by_jieba.words_of,
        by_rjieba.words_of,
        lambda batch: [raw.cut(text, hmm) for text in batch],
    )
    for cut in cuts:  # what is made ready once
        list(cut(texts[:1]))
    seconds, differ, raw_differ = [0.0, 0.0, 0.0], 0, 0
    for batch in batches(texts):
        found = []
        for at, cut in enumerate(cuts):
            took, words = _timed(cut, batch)
            seconds[at] += took
            found.append(words)
        first, second, third = found
        differ += sum(a != b for a, b in zip(first, second, strict=True))
        raw_differ += sum(a != b for a, b in zip(first, third, strict=True))
    theirs, ours, bare = seconds
    return Result(
        name, len(texts), sum(len(text.encode()) for text in texts) / 1e6, bool(entries), hmm,
        differ, raw_differ, (theirs, ours, bare),
    )  # fmt: skip


_HEAD = (
    "texts", "number", "MB", "dictionary", "HMM", "texts that differ from jieba", "rjieba by itself", "jieba, MB/s",
    "times jieba", "rjieba by itself",
)  # fmt: skip


def _cells(row: Result) -> tuple[str, ...]:
    theirs, ours, bare = row.seconds
    return (
        row.texts, f"{row.count:,}", f"{row.megabytes:.1f}", "yes" if row.dictionary else "no", "on" if row.hmm else "off",
        f"{row.differ:,}", f"{row.raw_differ:,}", f"{row.megabytes / theirs:.2f}", f"{theirs / ours:.1f}",
        f"{theirs / bare:.1f}",
    )  # fmt: skip


def of_settings(name: str, texts: Sequence[str]) -> list[Result]:
    """With and without the user dictionary, with and without the hidden Markov model."""
    entries = load_dictionary(Path("method/user_dict.txt"))
    return [compared(name, texts, own, hmm=hmm) for own in ((), entries) for hmm in (True, False)]


def found(corpus: Corpus, count: int, long: int) -> Found:
    """The slowest setting counts."""
    results = {
        kind: of_settings(kind, [text.text for text in corpus.taken(kind, number)])
        for kind, number in (("short", count), ("long", long))
    }
    values = {}
    for kind, rows in results.items():
        slowest = min(rows, key=lambda row: row.seconds[0] / row.seconds[1])
        theirs, ours, bare = slowest.seconds
        speeds = ", ".join(f"{row.seconds[0] / row.seconds[1]:.1f}" for row in rows)
        values[f"segmentation.{kind}"] = Value(theirs / ours, f"the four settings: {speeds}")
        values[f"segmentation.{kind}-raw"] = Value(bare / ours, f"{slowest.megabytes / bare:.1f} MB/s by itself")
    every = [row for rows in results.values() for row in rows]
    raw = sum(row.raw_differ for row in every)
    values["segmentation.differ"] = Value(sum(row.differ for row in every), f"rjieba by itself: {raw:,}")
    note = "One core, seconds of the processor. Of texts that differ, words stand at other places than jieba puts them."
    return Found(values, details=[Detail("Segmentation", note, _HEAD, [_cells(row) for row in every])])


def page(results: Sequence[Result], source: str) -> str:
    lines = [
        "# Segmentation: jieba, and rjieba into the same words",
        "",
        f"Written by `python -m benchmarks.segmentation`. jieba {version('jieba')}, rjieba "
        f"{version('rjieba')}, one core, seconds of the processor. Texts: {source}.",
        "",
        '`engine = "rjieba"` is what the pipeline runs for large corpora (`[segment]` in `method/settings.toml`). '
        "rjieba by itself is faster and cuts some texts otherwise.",
        "",
        *table(_HEAD, map(_cells, results)),
    ]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> None:
    if arguments:
        whole = corpus_of(Path(arguments[0]))
        source = f"`{Path(arguments[0]).name}`"
        short = [line for text in whole for line in text.splitlines() if line.strip()]
    else:
        short = list(made_up(1_800_000))
        joined = "".join(short)
        whole = [joined[at : at + _LONG] for at in range(0, len(joined), _LONG)]
        source = "made up of words drawn as often as jieba's dictionary has them, in policy sentences (seed 20190124)"
    results = [row for name, texts in (("short", short), ("long", whole)) for row in of_settings(name, texts)]
    text = page(results, source)
    if not arguments:
        write({PAGE: text.encode()})
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
