"""Memory of a token: the pipeline's tokens on disk and in memory, against lists of strings."""

from __future__ import annotations

import time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.apart import apart, memory
from benchmarks.rows import Found, Value
from benchmarks.watching import Limits
from pipeline import tables
from pipeline.method import load_dictionary, load_settings, load_synonyms, load_word_list
from pipeline.readers.paragraphs import documents
from pipeline.segmentation import Keeping, Segmenter

_METHOD = Path("method")
_CACHE = Path(".cache/jieba")


def files(processed: Path) -> list[Path]:
    """What holds the tokens: the store where there is one, else the table."""
    store = processed / "corpus"
    return sorted(path for path in store.rglob("*") if path.is_file()) if store.is_dir() else [processed / "tokens.csv"]


def held(processed: Path) -> Any:
    """All tokens as the pipeline has them in memory: `pipeline.store.load` of the store, else the table."""
    if (processed / "corpus").is_dir() and find_spec("pipeline.store"):
        return import_module("pipeline.store").load(processed / "corpus")
    return tables.read(processed / "tokens.csv", tables.TOKENS)


def ours(processed: str) -> dict[str, float]:
    """What the process grew by."""
    before, start = memory("VmRSS"), time.perf_counter()
    kept = held(Path(processed))
    seconds = time.perf_counter() - start
    grown = memory("VmRSS") - before
    del kept
    return {"seconds": seconds, "grown": grown}


def lists(raw: str) -> dict[str, float]:
    """The same terms, kept by the same rules, as a list of strings for each document."""
    settings = load_settings(_METHOD / "settings.toml")
    entries = load_dictionary(_METHOD / "user_dict.txt")
    keeping = Keeping(
        frozenset(entry.term for entry in entries),
        load_word_list(_METHOD / "stop_words.txt"),
        load_synonyms(_METHOD / "synonyms.csv"),
        settings.segment,
    )
    segmenter = Segmenter(entries, hmm=settings.segment.hmm, cache=_CACHE, engine="rjieba")
    texts = ["\n".join(document.paragraphs) for document in documents(Path(raw))]
    keeping.terms(texts[0], segmenter)  # the tables of the engine are no part of a token
    before, start = memory("VmRSS"), time.perf_counter()
    kept = [keeping.terms(text, segmenter) for text in texts]
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "grown": memory("VmRSS") - before, "tokens": sum(map(len, kept))}


def found(raw: Path, processed: Path, limits: Limits) -> Found:
    theirs = apart("benchmarks.stored:lists", raw, limits=limits)
    mine = apart("benchmarks.stored:ours", processed, limits=limits)
    tokens = theirs["tokens"]
    on_disk = sum(path.stat().st_size for path in files(processed))
    what = "tokens.csv" if files(processed)[0].name == "tokens.csv" else "the store"
    grown = f"{mine['grown'] / tokens:.1f} and {theirs['grown'] / tokens:.1f} bytes a token"
    return Found(
        {
            "store.disk": Value(on_disk / tokens, f"{what}, {tokens:,} tokens"),
            "store.memory": Value(mine["grown"] / theirs["grown"], grown),
            "store.peak": Value(mine["peak"] / 1e6, f"read in {mine['seconds']:.1f} s"),
        }
    )
