"""Learn a background from paragraphs: how many hold a term, and the space of their TF-IDF; in bounded memory."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipeline.background import FORMAT, PAIRS, SINGLE, TEXTS, WORDS, Background, Space, packed
from pipeline.method import BackgroundSettings
from pipeline.representations import character_ngrams
from pipeline.stats.latent import right_singular

Ints = NDArray[np.int64]

_SEED = 1  # of the first basis, which the rounds forget
_PIECE = 4000  # paragraphs that are in memory at a time
_BLOCK = 200  # paragraphs of one document that are held out together at the most
_KINDS = 4_000_000  # different terms counted at a time; beyond, those found in one paragraph so far are forgotten
PERCENTILES = np.arange(101)


@dataclass
class Counts:
    """Paragraphs and documents seen, paragraphs passed over as too short, characters, and paragraphs that hold each term."""

    paragraphs: int = 0
    documents: int = 0
    short: int = 0
    characters: int = 0
    df: dict[str, Counter[str]] = field(default_factory=lambda: {text: Counter() for text in TEXTS})


def terms_of(paragraph: str, words: Sequence[str]) -> dict[str, Counter[str]]:
    """Every term of a paragraph with its count, by what is counted; ``words``: its words, cut."""
    return {
        WORDS: Counter(words),
        PAIRS: Counter(character_ngrams(paragraph, 2)),
        SINGLE: Counter(character_ngrams(paragraph, 1)),
    }


def vocabulary(df: Mapping[str, int], least: int, most: int) -> tuple[tuple[str, ...], Ints]:
    """The ``most`` most frequent terms of at least ``least`` paragraphs, in code-point order, and their frequencies."""
    known = sorted((term for term, count in df.items() if count >= least), key=lambda term: (-df[term], term))
    terms = tuple(sorted(known[:most]))
    return terms, np.array([df[term] for term in terms], dtype=np.int64)


def counts_of(paragraphs: Iterable[Mapping[str, int]], place: Mapping[str, int]) -> csr_array:
    """Counts (paragraphs x terms) of the terms that have a place."""
    starts, columns, values = [0], [], []
    for each in paragraphs:
        for term, count in each.items():
            if term in place:
                columns.append(place[term])
                values.append(count)
        starts.append(len(columns))
    data = (np.array(values, dtype=float), np.array(columns, dtype=np.int64), np.array(starts, dtype=np.int64))
    found = csr_array(data, shape=(len(starts) - 1, len(place)))
    found.sort_indices()  # the same sums in the same order, however the paragraph was read
    return found


def weighed(counts: csr_array, idf: NDArray[np.float64]) -> csr_array:
    """Rows of unit length: counts times idf."""
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    values = counts.data * idf[counts.indices]
    norm = np.sqrt(np.bincount(rows, values * values, minlength=counts.shape[0]))
    return csr_array((values / np.where(norm > 0, norm, 1.0)[rows], counts.indices, counts.indptr), shape=counts.shape)


def space_of(
    terms: tuple[str, ...], df: Ints, paragraphs: int, pieces: Callable[[], Iterable[csr_array]], dimensions: int
) -> Space:
    """The space of paragraphs given as count tables (paragraphs x terms)."""
    idf = np.log((1 + paragraphs) / (1 + df)) + 1
    vectors, strength = right_singular(
        lambda: (weighed(piece, idf) for piece in pieces()), len(terms), dimensions, _SEED
    )
    whole, step = packed(vectors)  # what is learned is what is stored
    return Space(terms, df, whole * step.astype(float)[:, None], strength.astype(np.float32).astype(float))


def dimensions_of(settings: BackgroundSettings) -> dict[str, int]:
    return {WORDS: settings.dimensions, PAIRS: settings.dimensions, SINGLE: settings.single_dimensions}


def rarity(counts: Mapping[str, int], df: Callable[[str], int], paragraphs: int) -> tuple[float, float]:
    """Of a text's terms, by occurrence: the share that at least two paragraphs hold, and the mean idf; (0, nan) without terms."""
    total = sum(counts.values())
    if not total:
        return 0.0, float("nan")
    known = sum(count for term, count in counts.items() if df(term) > 1)
    weight = sum(count * (np.log((1 + paragraphs) / (1 + df(term))) + 1) for term, count in counts.items())
    return known / total, float(weight / total)


def learned(
    name: str,
    documents: Iterable[Sequence[str]],
    cut: Callable[[str], Sequence[str]],
    settings: BackgroundSettings,
    about: Mapping[str, Any],
) -> Background:
    """A background of documents, each a sequence of paragraphs that ``cut`` turns into words.

    The documents are read once; what is needed again is kept in a temporary folder, a piece in memory at a time.
    Paragraphs shorter than `min_paragraph` (headings) are passed over.
    """
    with TemporaryDirectory() as folder:
        store = _Store(Path(folder))
        seen = _counted(documents, cut, settings.min_paragraph, store)
        chosen = {
            WORDS: vocabulary(seen.df[WORDS], 2, settings.words),
            PAIRS: vocabulary(seen.df[PAIRS], 2, settings.pairs),
            SINGLE: vocabulary(seen.df[SINGLE], 2, settings.single),
        }
        spaces = {}
        for text, (terms, df) in chosen.items():
            place = {term: at for at, term in enumerate(terms)}
            pieces = _Matrices(store, text, place)
            spaces[text] = space_of(terms, df, seen.paragraphs, pieces, dimensions_of(settings)[text])
        held_out = _held_out(store, seen)
    return Background(
        {
            "format": FORMAT,
            "name": name,
            "paragraphs": seen.paragraphs,
            "documents": seen.documents,
            "short_paragraphs": seen.short,
            "characters": seen.characters,
            "held_out": held_out,
            **about,
        },
        spaces,
    )


class _Store:
    """Terms of the paragraphs, in pieces on disk; a piece is a list of (block, terms by what is counted)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.number = 0

    def add(self, piece: list[tuple[int, dict[str, Counter[str]]]]) -> None:
        with (self.folder / f"{self.number}.pickle").open("wb") as file:
            pickle.dump(piece, file)
        self.number += 1

    def pieces(self) -> Iterator[list[tuple[int, dict[str, Counter[str]]]]]:
        for number in range(self.number):
            with (self.folder / f"{number}.pickle").open("rb") as file:
                yield pickle.load(file)


class _Matrices:
    """The stored paragraphs as count tables; written at the first reading."""

    def __init__(self, store: _Store, text: str, place: Mapping[str, int]) -> None:
        self.files = []
        for number, piece in enumerate(store.pieces()):
            file = store.folder / f"{TEXTS.index(text)}-{number}.matrix"
            with file.open("wb") as out:
                pickle.dump(counts_of((terms[text] for _, terms in piece), place), out)
            self.files.append(file)

    def __call__(self) -> Iterator[csr_array]:
        for file in self.files:
            with file.open("rb") as stored:
                yield pickle.load(stored)


def _counted(
    documents: Iterable[Sequence[str]], cut: Callable[[str], Sequence[str]], least: int, store: _Store
) -> Counts:
    seen = Counts()
    piece: list[tuple[int, dict[str, Counter[str]]]] = []
    block = 0
    for document in documents:
        seen.documents += bool(document)
        kept = 0
        for paragraph in document:
            if len(paragraph) < least:
                seen.short += 1
                continue
            if kept % _BLOCK == 0:
                block += 1
            kept += 1
            seen.characters += len(paragraph)
            seen.paragraphs += 1
            terms = terms_of(paragraph, cut(paragraph))
            for text, counts in terms.items():
                seen.df[text].update(counts.keys())
            piece.append((block, terms))
            if len(piece) == _PIECE:
                store.add(piece)
                piece = []
                for text, df in seen.df.items():
                    if len(df) > _KINDS:
                        seen.df[text] = Counter({term: count for term, count in df.items() if count > 1})
    if piece:
        store.add(piece)
    return seen


def _held_out(store: _Store, seen: Counts) -> dict[str, list[float]]:
    """Percentiles 0 to 100 of `rarity` of the paragraphs, each seen from all documents but its own."""
    found: list[tuple[float, float]] = []
    waiting: list[Counter[str]] = []
    current = -1

    def finish() -> None:
        own = Counter(term for counts in waiting for term in counts)
        rest = seen.paragraphs - len(waiting)
        if rest:  # one block alone leaves nothing to look from
            # a term that was forgotten on the way may be counted less often than here
            found.extend(
                rarity(counts, lambda term: max(seen.df[WORDS][term] - own[term], 0), rest) for counts in waiting
            )
        waiting.clear()

    for piece in store.pieces():
        for block, terms in piece:
            if block != current:
                finish()
                current = block
            waiting.append(terms[WORDS])
    finish()
    values = np.array([each for each in found if not np.isnan(each[1])]).reshape(-1, 2)
    if not len(values):
        return {"coverage": [], "rarity": []}
    known, rare = np.percentile(values, PERCENTILES, axis=0).T
    return {"coverage": known.round(6).tolist(), "rarity": rare.round(6).tolist()}
