"""TF-IDF and nearest neighbours of many short texts, against scikit-learn as it comes."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_array, load_npz, save_npz

from benchmarks.apart import apart
from benchmarks.corpus import Corpus
from benchmarks.rows import Detail, Found, Value
from benchmarks.watching import Limits
from pipeline import COLLECTIONS, store
from pipeline.counted import Partitions, counted
from pipeline.segmentation import Segmenter
from pipeline.stats.neighbours import NONE, nearest
from pipeline.whole_groups import idf_of, tf_idf

_CACHE = Path(".cache/jieba")
NEAREST = 10
_PARTITION = 20_000  # documents of a partition
_SAME = 1e-9  # cosines that are equal but for rounding


def segmenter() -> Segmenter:
    """The fast one, without a user dictionary."""
    return Segmenter([], hmm=True, cache=_CACHE, engine="rjieba")


def write_words(texts: Sequence[str], path: Path) -> None:
    """The words of each text on a line, blanks between: what both sides start from."""
    with path.open("w", encoding="utf-8") as file:
        for words in segmenter().words_of(texts):
            file.write(" ".join(word for word in words if len(word) > 1 and not word.isspace()) + "\n")


class _Cuts(Partitions):
    """Lines of words as partitions of the pipeline's store: each line a document, and a unit, of one measure."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__(Path(), tuple(map(str, range(0, len(lines), _PARTITION))))
        self._lines = lines

    def regions(self, number: int) -> list[str]:
        return [f"{number}-{at}" for at in range(len(self._part(number)))]

    def cut(self, number: int) -> store.Cut:
        part = self._part(number)
        return store.of_lists(part, [[(0, len(line))] for line in part], [line.split() for line in part])

    def _part(self, number: int) -> Sequence[str]:
        return self._lines[number * _PARTITION : (number + 1) * _PARTITION]


def weigh_ours(words: str, out: str = "") -> dict[str, float]:
    """As `make all` does for a large corpus, in a process set up as its stages are: terms numbered, counted, weighed."""
    gc.set_threshold(*COLLECTIONS)
    lines = Path(words).read_text("utf-8").splitlines()
    start = time.perf_counter()
    corpus = counted(_Cuts(lines))
    weights = tf_idf(corpus.counts, idf_of(corpus.units_with, len(corpus.units)))
    return _weighed(weights, start, out)


def weigh_bare(words: str, out: str = "") -> dict[str, float]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    lines = Path(words).read_text("utf-8").splitlines()
    start = time.perf_counter()
    weights = csr_array(TfidfVectorizer(analyzer=str.split).fit_transform(lines))
    return _weighed(weights, start, out)


def _weighed(weights: csr_array, start: float, out: str) -> dict[str, float]:
    seconds = time.perf_counter() - start
    if out:
        save_npz(out, weights, compressed=False)
    return {"seconds": seconds, "cells": int(weights.nnz), "sum": float(weights.sum())}


def nearest_ours(matrix: str, out: str = "") -> dict[str, float]:
    weights = csr_array(load_npz(matrix))
    start = time.perf_counter()
    indices, similarities = nearest(weights, NEAREST)
    seconds = time.perf_counter() - start
    if out:
        np.savez(out, indices=indices, similarities=similarities)
    return {"seconds": seconds}


def nearest_bare(matrix: str, out: str = "") -> dict[str, float]:
    """cosine_similarity, then argpartition of every row."""
    from sklearn.metrics.pairwise import cosine_similarity

    weights = csr_array(load_npz(matrix))
    start = time.perf_counter()
    cosines = cosine_similarity(weights)
    np.fill_diagonal(cosines, -1)
    count = min(NEAREST, len(cosines) - 1)
    indices = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
    similarities = np.take_along_axis(cosines, indices, axis=1)
    seconds = time.perf_counter() - start
    if out:
        np.savez(out, indices=indices, similarities=similarities)
    return {"seconds": seconds}


def wrong(matrix: csr_array, ours: dict[str, Any], theirs: dict[str, Any]) -> int:
    """Rows where our neighbours are not the nearest. Of several equally near ones any may be named."""
    count = theirs["similarities"].shape[1]
    mine, others = (np.sort(each["similarities"], axis=1)[:, ::-1][:, :count] for each in (ours, theirs))
    bad = (np.abs(mine - others) > _SAME).any(axis=1)
    for at in range(matrix.shape[0]):
        named, stated = (ours[key][at][:count] for key in ("indices", "similarities"))
        named, stated = named[named != NONE], stated[named != NONE]  # of those that have anything in common
        true = (matrix[[at]] @ matrix[named].T).toarray().ravel()
        distinct = len(set(named.tolist())) == len(named) and at not in named
        bad[at] |= not distinct or bool((np.abs(true - stated) > _SAME).any())
    return int(bad.sum())


def of_tf_idf(corpus: Corpus, count: int, repeats: int, folder: Path, limits: Limits) -> Found:
    words = folder / "words.txt"
    write_words([text.text for text in corpus.taken("short", count)], words)
    pairs = [
        (apart("benchmarks.vectors:weigh_ours", words, limits=limits), apart("benchmarks.vectors:weigh_bare", words, limits=limits))
        for _ in range(repeats)
    ]  # fmt: skip
    ours, bare = pairs[0]
    if ours["cells"] != bare["cells"] or abs(ours["sum"] - bare["sum"]) > 1e-6 * bare["sum"]:
        raise AssertionError(f"the weights differ: {ours} and {bare}")
    ratio = statistics.median(mine["seconds"] / theirs["seconds"] for mine, theirs in pairs)
    return Found(
        {
            "tf-idf.time": Value(ratio, f"{_median(pairs, 0):.2f} s and {_median(pairs, 1):.2f} s"),
            "tf-idf.peak": Value(_peak(pairs, 0), f"TfidfVectorizer {_peak(pairs, 1):.0f} MB"),
        }
    )


def _median(pairs: Sequence[Sequence[Any]], at: int) -> float:
    return statistics.median(pair[at]["seconds"] for pair in pairs)


def _peak(pairs: Sequence[Sequence[Any]], at: int) -> float:
    return max(pair[at]["peak"] for pair in pairs) / 1e6


def of_neighbours(corpus: Corpus, count: int, many: int, repeats: int, folder: Path, limits: Limits) -> Found:
    """Time and exactness at ``count`` texts, memory at ``many``."""
    texts = [text.text for text in corpus.taken("short", many)]
    words, matrix, large = folder / "words.txt", folder / "matrix.npz", folder / "large.npz"
    for number, out in ((count, matrix), (many, large)):
        write_words(texts[:number], words)
        apart("benchmarks.vectors:weigh_bare", words, out, limits=limits)
    kept = {side: folder / f"{side}.npz" for side in ("ours", "bare")}
    pairs = [
        tuple(apart(f"benchmarks.vectors:nearest_{side}", matrix, kept[side], limits=limits) for side in ("ours", "bare"))
        for _ in range(repeats)
    ]  # fmt: skip
    ratio = statistics.median(bare["seconds"] / ours["seconds"] for ours, bare in pairs)
    with np.load(kept["ours"]) as ours, np.load(kept["bare"]) as bare:
        differ = wrong(csr_array(load_npz(matrix)), dict(ours), dict(bare))
    alone = apart("benchmarks.vectors:nearest_ours", large, limits=limits)
    return Found(
        {
            "neighbours.time": Value(ratio, f"{_median(pairs, 1):.2f} s and {_median(pairs, 0):.2f} s"),
            "neighbours.exact": Value(differ),
            "neighbours.peak": Value(alone["peak"] / 1e6, f"{alone['seconds']:.1f} s"),
        },
        details=[
            Detail(
                f"{NEAREST} nearest neighbours",
                "Each in a process of its own; median seconds.",
                ("texts", "by", "seconds", "peak, MB"),
                [
                    (f"{count:,}", "ours", f"{_median(pairs, 0):.2f}", f"{_peak(pairs, 0):.0f}"),
                    (f"{count:,}", "scikit-learn", f"{_median(pairs, 1):.2f}", f"{_peak(pairs, 1):.0f}"),
                    (f"{many:,}", "ours", f"{alone['seconds']:.2f}", f"{alone['peak'] / 1e6:.0f}"),
                ],
            )
        ],
    )
