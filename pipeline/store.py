"""The terms of many texts in a few arrays: four bytes for each term, where lists of strings take eighty.

A `Cut` holds documents, their measures and the terms of these; it can be taken apart by documents and put together, and
is the same, byte for byte, however it came about.
"""

from __future__ import annotations

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import InputError
from pipeline.writing import write as write_files

Numbers = NDArray[np.uint32]
Ints = NDArray[np.int64]
_HASH = 16  # bytes
_DAMAGE = (ValueError, KeyError, EOFError, BadZipFile)


@dataclass(frozen=True)
class Cut:
    """The terms of the measures of the documents.

    ``hashes`` (documents x 16 bytes): of the texts. ``measures``, ``tokens``: where the measures of each document and the
    terms of each measure begin, with the total behind the last. ``start``, ``end``: offsets of each measure in its text.
    ``terms``: numbers of ``words``, in the order of the text. ``words``: in code-point order.
    """

    hashes: NDArray[np.uint8]
    measures: Numbers
    tokens: Numbers
    start: Numbers
    end: Numbers
    terms: Numbers
    words: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.hashes)

    def take(self, documents: Ints) -> Cut:
        """These documents, in this order."""
        places, measures = _runs(self.measures, documents)
        within, tokens = _runs(self.tokens, places)
        used, terms = np.unique(self.terms[within], return_inverse=True)
        return Cut(
            self.hashes[documents],
            measures,
            tokens,
            self.start[places],
            self.end[places],
            terms.astype(np.uint32).reshape(-1),
            tuple(self.words[at] for at in used.tolist()),
        )


def hash_of(text: str) -> bytes:
    """What tells one text from another: 128 bits of BLAKE2."""
    return hashlib.blake2b(text.encode(), digest_size=_HASH).digest()


def hashes_of(texts: Iterable[str]) -> NDArray[np.uint8]:
    """The hashes (texts x 16 bytes)."""
    return np.frombuffer(b"".join(map(hash_of, texts)), dtype=np.uint8).reshape(-1, _HASH)


def numbering() -> defaultdict[str, int]:
    """A number for every word that it is asked for: 0, 1, 2 … as they come."""
    place: defaultdict[str, int] = defaultdict()
    place.default_factory = place.__len__
    return place


def _runs(begins: Numbers, rows: Ints) -> tuple[Ints, Numbers]:
    """The places of all items of these rows, one after the other, and where the items of each row then begin."""
    first = begins[rows].astype(np.int64)
    lengths = begins[rows + 1].astype(np.int64) - first
    ends = np.cumsum(lengths)
    shift = np.repeat(first - (ends - lengths), lengths)
    return np.arange(len(shift)) + shift, np.concatenate([[0], ends]).astype(np.uint32)


def _begins(parts: Sequence[Numbers]) -> Numbers:
    """One list of beginnings for several, each with its total at the end."""
    total, found = 0, [np.zeros(1, dtype=np.int64)]
    for part in parts:
        found.append(part[1:].astype(np.int64) + total)
        total += int(part[-1])
    if total >= 2**32:
        raise OverflowError("more than 4,294,967,295 terms in one partition")
    return np.concatenate(found).astype(np.uint32)


def joined(cuts: Sequence[Cut]) -> Cut:
    """The documents of all, one after the other."""
    words = sorted({word for cut in cuts for word in cut.words})
    place = {word: at for at, word in enumerate(words)}
    terms = [
        np.fromiter((place[word] for word in cut.words), dtype=np.uint32, count=len(cut.words))[cut.terms]
        for cut in cuts
    ]
    return Cut(
        np.concatenate([np.empty((0, _HASH), dtype=np.uint8), *(cut.hashes for cut in cuts)]),
        _begins([cut.measures for cut in cuts]),
        _begins([cut.tokens for cut in cuts]),
        np.concatenate([np.empty(0, dtype=np.uint32), *(cut.start for cut in cuts)]),
        np.concatenate([np.empty(0, dtype=np.uint32), *(cut.end for cut in cuts)]),
        np.concatenate([np.empty(0, dtype=np.uint32), *terms]),
        tuple(words),
    )


def of_lists(texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]], terms: Sequence[Sequence[str]]) -> Cut:
    """A `Cut` of texts, the spans of their measures, and the terms of all measures one after the other."""
    place = numbering()
    found = np.fromiter(map(place.__getitem__, chain.from_iterable(terms)), dtype=np.int64)
    words = sorted(place)
    ranks = np.empty(len(words), dtype=np.uint32)
    ranks[np.fromiter(map(place.__getitem__, words), dtype=np.int64, count=len(words))] = np.arange(len(words))
    flat = list(chain.from_iterable(spans))
    return Cut(
        hashes_of(texts),
        np.cumsum([0, *map(len, spans)]).astype(np.uint32),
        np.cumsum([0, *map(len, terms)]).astype(np.uint32),
        np.array([start for start, _ in flat], dtype=np.uint32),
        np.array([end for _, end in flat], dtype=np.uint32),
        ranks[found],
        tuple(words),
    )


def pack(cut: Cut) -> bytes:
    """The bytes of a file: equal for equal cuts."""
    words = np.frombuffer("\n".join(cut.words).encode(), dtype=np.uint8)
    held = io.BytesIO()
    np.savez(
        held, hashes=cut.hashes, measures=cut.measures, tokens=cut.tokens, start=cut.start, end=cut.end, terms=cut.terms,
        words=words,
    )  # fmt: skip
    return held.getvalue()


def write(cut: Cut, path: Path) -> None:
    """Write the file, whole or not at all."""
    write_files({path: pack(cut)})


def read(path: Path) -> Cut:
    """What `write` wrote; an `InputError` where the file is damaged."""
    try:
        with np.load(path) as held:
            words = held["words"].tobytes().decode()
            cut = Cut(
                held["hashes"], held["measures"], held["tokens"], held["start"], held["end"], held["terms"],
                tuple(words.split("\n")) if words else (),
            )  # fmt: skip
    except _DAMAGE:
        raise _damaged(path) from None
    if len(cut.measures) != len(cut) + 1 or len(cut.tokens) != len(cut.start) + 1 or cut.tokens[-1] != len(cut.terms):
        raise _damaged(path)
    return cut


def read_hashes(path: Path) -> NDArray[np.uint8]:
    """Only the hashes of the texts; an `InputError` where the file is damaged."""
    try:
        with np.load(path) as held:
            return np.asarray(held["hashes"])
    except _DAMAGE:
        raise _damaged(path) from None


def _damaged(path: Path) -> InputError:
    return InputError(
        "这个文件已损坏，或不是本流程生成的。请删除它并重新运行 make all。",
        "this file is damaged, or is not one that the pipeline wrote. Delete it and run `make all` again.",
        file=path,
    )
