"""Plain jieba in two processes against one, through the pipeline's own workers."""

from __future__ import annotations

import os
import time
from functools import cache
from pathlib import Path

import jieba

from benchmarks.apart import apart
from benchmarks.corpus import Corpus
from benchmarks.rows import Found, Value
from benchmarks.watching import Limits
from pipeline.workers import streamed

_CACHE = Path(".cache/jieba")
_AT_ONCE = 1_000  # texts to a task


@cache
def _tokenizer() -> jieba.Tokenizer:
    """One to a process."""
    jieba.setLogLevel("CRITICAL")
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(_CACHE)
    tokenizer.initialize()
    return tokenizer


def _words(texts: list[str]) -> tuple[int, int]:
    """How many, and the process that counted."""
    return sum(len(_tokenizer().lcut(text)) for text in texts), os.getpid()


def cut(lines: str) -> dict[str, float]:
    """Cut every line of a file; the start of the processes counts, reading the file does not."""
    texts = Path(lines).read_text("utf-8").splitlines()
    tasks = [texts[at : at + _AT_ONCE] for at in range(0, len(texts), _AT_ONCE)]
    start = time.perf_counter()
    done = list(streamed(_words, tasks, title="cut"))
    seconds = time.perf_counter() - start
    processes = {process for _, process in done}
    return {"seconds": seconds, "words": sum(words for words, _ in done), "processes": len(processes)}


def found(corpus: Corpus, count: int, folder: Path, limits: Limits) -> Found:
    lines = folder / "parallel.txt"
    lines.write_text("\n".join(text.text.replace("\n", " ") for text in corpus.taken("short", count)), "utf-8")
    _CACHE.mkdir(parents=True, exist_ok=True)
    _tokenizer()  # the prepared dictionary is there for both
    one, two = (
        apart("benchmarks.parallel:cut", lines, limits=limits, environment={"JOBS": n, "SCHEDULER": ""})
        for n in ("1", "2")
    )
    if one["words"] != two["words"]:
        raise AssertionError(f"one process finds {one['words']} words, two find {two['words']}")
    if (one["processes"], two["processes"]) != (1, min(2, -(-count // _AT_ONCE))):
        raise AssertionError(f"{one['processes']} and {two['processes']} processes did the work")
    beside = f"{one['seconds']:.1f} s in one, {two['seconds']:.1f} s in two"
    return Found({"parallel.two": Value(one["seconds"] / two["seconds"], beside)})
