"""How often the units of a large corpus use its terms: one sparse table, from the partitions that `cut` wrote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_array

from pipeline import store, tables
from pipeline.store import Cut, Ints, Numbers


@dataclass(frozen=True)
class Counted:
    """``counts``: units x terms. Of each unit the documents, the measures, and where its first document is: partition, row.

    ``units`` and ``terms`` in the order in which the corpus first has them, and in code-point order.
    """

    units: tuple[str, ...]
    terms: tuple[str, ...]
    counts: csr_array
    documents: Ints
    measures: Ints
    partition: Ints
    row: Ints

    @property
    def units_with(self) -> Ints:
        """Units that have each term."""
        return np.bincount(self.counts.indices, minlength=len(self.terms))


@dataclass(frozen=True)
class Partitions:
    """The partitions of a large corpus: the folder, and the file of terms of each."""

    folder: Path
    files: tuple[str, ...]

    def documents(self, number: int) -> Path:
        """The table of the documents."""
        return self.folder / f"documents-{number:05d}.csv"

    def regions(self, number: int) -> list[str]:
        """The unit of each document."""
        return list(tables.read_columns(self.documents(number), tables.DOCUMENTS, "region")["region"])

    def cut(self, number: int) -> Cut:
        """The terms."""
        return store.read(self.folder / self.files[number])

    def __iter__(self) -> Iterator[tuple[int, list[str], Cut]]:
        """Number, units and terms of each, one at a time."""
        for number in range(len(self.files)):
            yield number, self.regions(number), self.cut(number)


def _row_of(begins: Numbers) -> Ints:
    lengths: Ints = np.diff(begins).astype(np.int64)
    return np.repeat(np.arange(len(lengths)), lengths)


def measure_of(cut: Cut) -> Ints:
    """The measure of each term."""
    return _row_of(cut.tokens)


def document_of(cut: Cut) -> Ints:
    """The document of each measure."""
    return _row_of(cut.measures)


def counted(partitions: Partitions) -> Counted:
    """All partitions, one after the other; in memory are the counts that are not 0."""
    units, place = store.numbering(), store.numbering()
    documents, measures, first = [], [], []
    pieces: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for number, regions, cut in partitions:
        new = len(units)
        of_document = np.fromiter(map(units.__getitem__, regions), dtype=np.int64, count=len(regions))
        begins, rows = np.unique(of_document, return_index=True)
        first.append(np.stack([np.full(len(begins), number), rows], axis=1)[begins >= new])
        terms = np.fromiter(map(place.__getitem__, cut.words), dtype=np.int64, count=len(cut.words))
        of_measure = of_document[document_of(cut)]
        documents.append(np.bincount(of_document))
        measures.append(np.bincount(of_measure))
        keys = of_measure[measure_of(cut)] * 2**31 + terms[cut.terms]
        cells, counts = np.unique(keys, return_counts=True)
        pieces.append(
            ((cells >> 31).astype(np.int32), (cells & (2**31 - 1)).astype(np.int32), counts.astype(np.float32))
        )
    order = sorted(place)
    at = np.empty(len(order), dtype=np.int32)
    at[[place[word] for word in order]] = np.arange(len(order), dtype=np.int32)
    rows, columns, values = (np.concatenate([piece[kind] for piece in pieces]) for kind in range(3))
    pieces.clear()
    counts = csr_array((values, (rows, at[columns])), shape=(len(units), len(order)), dtype=np.float64)
    counts.sum_duplicates()
    begin = np.concatenate(first)
    return Counted(
        tuple(units), tuple(order), counts, _total(documents, len(units)), _total(measures, len(units)), begin[:, 0], begin[:, 1]
    )  # fmt: skip


def _total(parts: Sequence[Ints], length: int) -> Ints:
    total = np.zeros(length, dtype=np.int64)
    for part in parts:
        total[: len(part)] += part
    return total


@dataclass(frozen=True)
class Said:
    """Every counted occurrence of a term in some units: their number among these, the measure, and the term."""

    unit_of_measure: Ints
    measure: Ints
    term: Ints

    @property
    def unit(self) -> Ints:
        """The unit of each occurrence."""
        return self.unit_of_measure[self.measure]


def said_by(partitions: Partitions, corpus: Counted, chosen: Ints, kept: np.ndarray) -> Said:
    """What the ``chosen`` units say, of the terms that are ``kept``."""
    number = np.full(len(corpus.units), -1, dtype=np.int64)
    number[chosen] = np.arange(len(chosen))
    unit = {name: number[at] for at, name in enumerate(corpus.units)}
    place = {term: at for at, term in enumerate(corpus.terms)}
    of_measure, measure, term, before = [], [], [], 0
    for _, regions, cut in partitions:
        own = np.array([unit[name] for name in regions], dtype=np.int64)[document_of(cut)]
        terms = np.array([place[word] for word in cut.words], dtype=np.int64)[cut.terms]
        places = np.cumsum(own >= 0) - 1
        within = measure_of(cut)
        wanted = (own[within] >= 0) & kept[terms]
        of_measure.append(own[own >= 0])
        measure.append(places[within[wanted]] + before)
        term.append(terms[wanted])
        before += len(of_measure[-1])
    return Said(np.concatenate(of_measure), np.concatenate(measure), np.concatenate(term))


@dataclass(frozen=True)
class Clause:
    """A measure of a document: where it stands, and what it says."""

    document: str
    start: int
    end: int
    text: str


def clauses_of(partitions: Partitions, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Clause]:
    """For each (unit, term) the first measure of the unit that has the term; an empty term: its first measure."""
    terms_of: dict[str, set[str]] = {}
    for unit, term in wanted:
        terms_of.setdefault(unit, set()).add(term)
    found: dict[tuple[str, str], Clause] = {}
    for number, regions, cut in partitions:
        rows = [at for at, name in enumerate(regions) if terms_of.get(name)]
        if not rows:
            continue
        texts = tables.read_columns(partitions.documents(number), tables.DOCUMENTS, "doc_id", "text")
        ids, written = texts["doc_id"].tolist(), texts["text"].tolist()
        for row in rows:
            missing = terms_of[regions[row]]
            for measure in range(cut.measures[row], cut.measures[row + 1]):
                here = {cut.words[at] for at in cut.terms[cut.tokens[measure] : cut.tokens[measure + 1]]} | {""}
                start, end = int(cut.start[measure]), int(cut.end[measure])
                for term in missing & here:
                    found[regions[row], term] = Clause(ids[row], start, end, written[row][start:end])
                missing -= here
    return found
