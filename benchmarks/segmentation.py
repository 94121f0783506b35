"""Compare the two engines and rjieba by itself: words that differ, and speed, side by side: part of `make bench`.

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


def page(results: Sequence[Result], source: str) -> str:
    lines = [
        "# Segmentation: jieba, and rjieba into the same words",
        "",
        f"Written by `python -m benchmarks.segmentation`, part of `make bench`. jieba {version('jieba')}, rjieba "
        f"{version('rjieba')}, one core, seconds of the processor. Texts: {source}.",
        "",
        '`engine = "rjieba"` is what the pipeline runs for large corpora (`[segment]` in `method/settings.toml`). '
        "rjieba by itself is faster and cuts some texts otherwise.",
        "",
        "| texts | number | MB | dictionary | HMM | texts that differ from jieba | rjieba by itself | jieba, MB/s | times jieba | rjieba by itself |",
        "|---|---:|---:|---|---|---:|---:|---:|---:|---:|",
    ]
    for row in results:
        theirs, ours, bare = row.seconds
        lines.append(
            f"| {row.texts} | {row.count:,} | {row.megabytes:.1f} | {'yes' if row.dictionary else 'no'} | "
            f"{'on' if row.hmm else 'off'} | {row.differ:,} | {row.raw_differ:,} | {row.megabytes / theirs:.2f} | "
            f"{theirs / ours:.1f} | {theirs / bare:.1f} |"
        )
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
    entries = load_dictionary(Path("method/user_dict.txt"))
    results = [
        compared(name, texts, own, hmm=hmm)
        for name, texts in (("short", short), ("long", whole))
        for own in ((), entries)
        for hmm in (True, False)
    ]
    text = page(results, source)
    if not arguments:
        write({PAGE: text.encode()})
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
