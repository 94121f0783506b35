"""Memory of a token: the pipeline's tokens on disk and in memory, against lists of strings."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from benchmarks.apart import apart, memory
from benchmarks.rows import Found, Value
from benchmarks.watching import Limits
from pipeline import store, tables
from pipeline.method import load_dictionary, load_settings, load_synonyms, load_word_list
from pipeline.readers.paragraphs import documents
from pipeline.segmentation import Keeping, Segmenter

_METHOD = Path("method")
_CACHE = Path(".cache/jieba")


def files(processed: Path) -> list[Path]:
    """What holds the tokens: the store of a large corpus, else the table."""
    return sorted((processed / "corpus").glob("terms-*.npz")) or [processed / "tokens.csv"]


def held(processed: Path) -> Any:
    """All tokens as the pipeline has them in memory."""
    found = files(processed)
    if found[0].suffix == ".npz":
        return [store.read(path) for path in found]
    return tables.read(found[0], tables.TOKENS)


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
    kept = [
        [term for surface in surfaces for term in keeping.terms_of(surface, segmenter)]
        for surfaces in segmenter.words_of(texts)
    ]
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "grown": memory("VmRSS") - before, "tokens": sum(map(len, kept))}


def found(raw: Path, processed: Path, limits: Limits) -> Found:
    theirs = apart("benchmarks.stored:lists", raw, limits=limits)
    mine = apart("benchmarks.stored:ours", processed, limits=limits)
    tokens = theirs["tokens"]
    on_disk = sum(path.stat().st_size for path in files(processed))
    what = "the store" if files(processed)[0].suffix == ".npz" else "tokens.csv"
    grown = f"{mine['grown'] / tokens:.1f} and {theirs['grown'] / tokens:.1f} bytes a token"
    return Found(
        {
            "store.disk": Value(on_disk / tokens, f"{what}, {tokens:,} tokens"),
            "store.memory": Value(mine["grown"] / theirs["grown"], grown),
            "store.peak": Value(mine["peak"] / 1e6, f"read in {mine['seconds']:.1f} s"),
        }
    )
