"""Corpora that do not fit in memory as objects: read in parts, kept as partitions on disk.

A partition is three tables of corpus/: documents-NNNNN.csv, sources-NNNNN.csv and cleaning-NNNNN.csv. Parts are read by
any number of processes; what depends on all of them (numbers of documents, texts said twice, places of one name) is
settled here, in the order of the source.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.drafts import REPEATED, WITHOUT_TEXT, File, columns_of, sorted_out, tabled
from pipeline.method import Gazetteer, ScaleSettings, Settings
from pipeline.readers import Headings, file_names, formats, parts
from pipeline.reading_notes import TOLD, Note, notes_of, unstated
from pipeline.refusals import first_without_text, nothing_to_read, refuse_unknown_unit, refuse_unstated
from pipeline.units import Unit, codes_of, told_apart
from pipeline.workers import streamed

_DIGITS = 8  # of document numbers: they do not depend on how many follow
KINDS = {"documents": tables.DOCUMENTS, "sources": tables.SOURCES, "cleaning": tables.CLEANING}


def partition(folder: Path, kind: str, number: int) -> Path:
    """Where a table of a partition is."""
    return folder / f"{kind}-{number:05d}.csv"


@dataclass(frozen=True)
class Batch:
    """What one process reads: parts of files, and what the names of these say."""

    parts: tuple[parts.Part, ...]
    named: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Read:
    """The tables of a batch as if it were a corpus of its own, and what has to be known of it to settle the rest."""

    documents: pd.DataFrame
    sources: pd.DataFrame
    cleaning: pd.DataFrame
    stated: tuple[bool, ...]  # whether the serial number of a document is the source's own
    keys: tuple[bytes, ...]  # equal for two documents of which the second says again what the first said
    units: tuple[Unit, ...]
    fields: frozenset[str]
    files: tuple[tuple[str, str, str], ...]  # name, encoding, columns
    notes: tuple[Note, ...]
    more_notes: Mapping[str, int]  # beyond those, by kind
    without_text: tuple[str, int | None]


def read(batch: Batch, *, unit: str, gazetteer: Gazetteer, settings: Settings) -> Read:
    """One batch; an `InputError` names the line of the file."""
    headings = settings.columns.headings
    files, shifts = [], {}
    for part, named in zip(batch.parts, batch.named, strict=True):
        files.append(File(part.path, len(part.data), source=parts.read(part, headings), named=named))
        shifts[part.path] = part.shift
    found = sorted_out(files, gazetteer, settings, unit)
    documents, sources, cleaning = tabled(files, found)
    notes: dict[str, list[Note]] = defaultdict(list)
    for note in (
        *notes_of(files, found.drafts, found.repeats, cleaning, settings),
        *unstated(unit, found.drafts, found.units),
    ):
        notes[note.kind].append(note)
    for table in (sources, cleaning):
        table["line"] += table["file"].map(shifts).where(table["kind"] == "line", 0).astype("int64")
    file, line = first_without_text(files, found.empty)
    keys = (
        "\x1f".join((draft.placed.written, draft.fields.get("year", ""), draft.fields.get("title", ""), draft.text))
        for draft in found.drafts
    )
    return Read(
        documents,
        sources,
        cleaning,
        tuple(draft.fields.get("serial", "").isdecimal() for draft in found.drafts),
        tuple(hashlib.blake2b(key.encode(), digest_size=16).digest() for key in keys),
        found.units,
        frozenset(name for draft in found.drafts for name in draft.fields),
        tuple(
            (one.name, one.source.encoding, columns_of(one.source)) for one in files if one.source
        ),
        tuple(
            replace(note, line=note.line if note.line is None else note.line + shifts.get(note.file, 0))
            for own in notes.values()
            for note in own[:TOLD]
        ),
        {kind: len(own) - TOLD for kind, own in notes.items() if len(own) > TOLD},
        (file, None if line is None else line + shifts.get(file, 0)),
    )  # fmt: skip


def _batches(paths: Sequence[Path], raw: Path, settings: Settings) -> Iterator[Batch]:
    """The files in order, small ones together, large ones in parts."""
    size, headings = settings.scale.part_bytes, settings.columns.headings
    waiting: list[tuple[parts.Part, Mapping[str, str]]] = []
    held = 0

    def together() -> Batch:
        read_parts, named = zip(*waiting, strict=True)
        return Batch(read_parts, named)

    for path in paths:
        named = file_names.fields_of(path.relative_to(raw if raw.is_dir() else raw.parent).as_posix())
        for part in _parts(path, size, headings):
            if waiting and held + len(part.data) > size:
                yield together()
                waiting, held = [], 0
            waiting.append((part, named))
            held += len(part.data)
            if part.before or len(part.data) >= size:  # two parts of one file would be two files of one name
                yield together()
                waiting, held = [], 0
    if waiting:
        yield together()


def _parts(path: Path, size: int, headings: Headings) -> Iterator[parts.Part]:
    if parts.divisible(path) and path.stat().st_size > size:
        yield from parts.parts_of(path, size, headings)
    else:
        yield parts.Part(path.as_posix(), formats.bytes_of(path))


def in_parts(paths: Iterable[Path], scale: ScaleSettings) -> bool:
    """Whether files are so large, or so many, that they are read in parts."""
    return sum(path.stat().st_size for path in paths if parts.divisible(path)) > scale.in_parts_above


@dataclass
class Totals:
    """What has been seen so far."""

    documents: int = 0
    characters: int = 0
    partitions: int = 0
    repeats: int = 0
    without_text: int = 0
    cleaned: int = 0
    of_unit: dict[str, list[int]] = field(default_factory=dict)  # documents, characters
    codes: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    fields: set[str] = field(default_factory=set)
    taken: Counter[str] = field(default_factory=Counter)
    files: dict[str, tuple[dict[str, None], dict[str, None]]] = field(default_factory=dict)  # encodings, columns
    notes: list[Note] = field(default_factory=list)
    more_notes: Counter[str] = field(default_factory=Counter)
    first_without_text: tuple[str, int | None] = ("", None)

    def add(self, documents: pd.DataFrame, cleaning: pd.DataFrame) -> None:
        """Count what a partition holds."""
        self.documents += len(documents)
        self.partitions += 1
        self.cleaned += len(cleaning)
        self.repeats += int((cleaning["reason"] == REPEATED).sum())
        lines = cleaning.loc[cleaning["reason"] == WITHOUT_TEXT, ["file", "part", "line"]]
        self.without_text += len(lines.drop_duplicates())
        lengths = documents["text"].str.len()
        self.characters += int(lengths.sum())
        for name, length in zip(documents["region"], lengths, strict=True):
            seen = self.of_unit.setdefault(name, [0, 0])
            seen[0] += 1
            seen[1] += int(length)

    def told(self, found: Read) -> None:
        """Take over what a batch has to say."""
        for name, codes in codes_of(found.units).items():
            self.codes[name] |= codes
        self.fields |= found.fields
        for name, encoding, columns in found.files:
            encodings, headers = self.files.setdefault(name, ({}, {}))
            encodings[encoding] = headers[columns] = None
        counted = Counter(note.kind for note in self.notes)
        for note in found.notes:
            if counted[note.kind] < TOLD:
                self.notes.append(note)
                counted[note.kind] += 1
            else:
                self.more_notes[note.kind] += 1
        self.more_notes.update(found.more_notes)
        if self.first_without_text[1] is None:
            self.first_without_text = found.without_text


def _renumbered(found: Read, seen: set[bytes], totals: Totals) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The tables of a batch in their place in the corpus, without what an earlier one has said."""
    new = np.zeros(len(found.keys), dtype=np.bool_)
    for at, key in enumerate(found.keys):
        new[at] = key not in seen
        seen.add(key)
    documents = found.documents.copy()
    numbers = totals.documents + np.cumsum(new)
    ids = dict(zip(documents["doc_id"], (f"D{number:0{_DIGITS}d}" for number in numbers), strict=True))
    again = documents.loc[~new, ["doc_id", "text"]].merge(found.sources, on="doc_id")
    serials = np.where(found.stated, documents["serial"], numbers)
    documents = documents.assign(doc_id=documents["doc_id"].map(ids), serial=serials)[new]
    gone = set(again["doc_id"])
    sources = found.sources[~found.sources["doc_id"].isin(gone)]
    sources = sources.assign(doc_id=sources["doc_id"].map(ids))
    cleaning = found.cleaning[~found.cleaning["doc_id"].isin(gone)]
    cleaning = cleaning.assign(doc_id=[ids.get(one, "") for one in cleaning["doc_id"]])
    repeats = [
        {
            "run": 0, "doc_id": "", "file": row.file, "kind": row.kind, "part": row.part, "line": row.line,
            "start": row.start, "end": row.start + len(row.text), "removed": row.text, "replacement": "", "reason": REPEATED,
        }
        for row in again.itertuples()
    ]  # fmt: skip
    cleaning = pd.concat([cleaning, tables.from_rows(repeats, tables.CLEANING)]) if repeats else cleaning
    cleaning = cleaning.assign(run=np.arange(totals.cleaned + 1, totals.cleaned + len(cleaning) + 1))
    return documents, sources, cleaning


def write_partition(folder: Path, number: int, *written: pd.DataFrame) -> None:
    """``written``: documents, sources and cleaning."""
    tables.write(
        *((frame, table, partition(folder, kind, number)) for frame, (kind, table) in zip(written, KINDS.items(), strict=True))
    )  # fmt: skip


def scanned(
    paths: Sequence[Path], raw: Path, unit: str, gazetteer: Gazetteer, settings: Settings, folder: Path
) -> Totals:
    """Write every partition to the folder; an `InputError` where nothing can be compared."""
    totals, seen = Totals(), set[bytes]()
    size = sum(path.stat().st_size for path in paths)
    about = -(-size // settings.scale.part_bytes)
    work = partial(read, unit=unit, gazetteer=gazetteer, settings=settings)
    for found in streamed(work, _batches(paths, raw, settings), title="读取 ingest", total=about, unit="份 parts"):
        totals.told(found)
        documents, sources, cleaning = _renumbered(found, seen, totals)
        if not len(documents) and not len(cleaning):
            continue
        write_partition(folder, totals.partitions, documents, sources, cleaning)
        totals.taken.update(sources["file"])
        totals.add(documents, cleaning)
    if not totals.documents:
        raise nothing_to_read(*totals.first_without_text, raw)
    refuse_unknown_unit(unit, totals.fields, raw)
    refuse_unstated(unit, totals.of_unit, raw)
    _tell_apart(totals, gazetteer, folder)
    return totals


def _tell_apart(totals: Totals, gazetteer: Gazetteer, folder: Path) -> None:
    """Where a name stands for several places, write the partitions that have it anew, the places told apart."""
    several = {name for name, codes in totals.codes.items() if len(codes) > 1}
    if not several:
        return
    places = {place.adcode: place for place in gazetteer}
    totals.of_unit.clear()
    for number in range(totals.partitions):
        path = partition(folder, "documents", number)
        documents = tables.read(path, tables.DOCUMENTS)
        if documents["region"].isin(several).any():
            units = [
                Unit(row.region, row.region_en, row.level, places.get(row.adcode) if row.region in several else None)
                for row in documents.itertuples()
            ]
            apart = told_apart(units, totals.codes)
            documents = documents.assign(region=[one.name for one in apart], region_en=[one.name_en for one in apart])
            tables.write((documents, tables.DOCUMENTS, path))
        for name, length in zip(documents["region"], documents["text"].str.len(), strict=True):
            own = totals.of_unit.setdefault(name, [0, 0])
            own[0] += 1
            own[1] += int(length)


def partitioned(
    documents: pd.DataFrame, sources: pd.DataFrame, cleaning: pd.DataFrame, scale: ScaleSettings, folder: Path
) -> Totals:
    """The same for a corpus that was read as a whole: partitions of about as many bytes."""
    totals = Totals()
    place = documents["text"].str.encode("utf-8").str.len().cumsum() // scale.part_bytes
    of_document = dict(zip(documents["doc_id"], place, strict=True))
    of_run = cleaning["doc_id"].map(of_document).ffill().fillna(0) if len(cleaning) else pd.Series(dtype=float)
    for number in sorted(place.unique()):
        own = documents[place == number]
        runs = cleaning[of_run == number] if len(cleaning) else cleaning
        write_partition(folder, totals.partitions, own, sources[sources["doc_id"].isin(set(own["doc_id"]))], runs)
        totals.add(own, runs)
    return totals


def take_place(new: Path, folder: Path) -> None:
    """The tables of a folder that was just written take the place of the old ones; what is cut of these stays."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {path.name for path in new.iterdir()}
    for path in sorted(new.iterdir()):
        path.replace(folder / path.name)
    new.rmdir()
    for path in folder.iterdir():
        if path.name not in names and path.name.startswith(tuple(f"{kind}-" for kind in KINDS)):
            path.unlink()


def begun(folder: Path) -> Path:
    """A folder of this process beside the one that it will take the place of; what killed processes left is removed."""
    for left in folder.parent.glob(f"{folder.name}.*.part"):
        writer = left.name.split(".")[-2]
        if not writer.isdecimal() or not _alive(int(writer)):
            cleared(left)
    return folder.with_name(f"{folder.name}.{os.getpid()}.part")


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        pass
    return True


def cleared(folder: Path) -> None:
    """Remove a folder that no large corpus needs any more, or that was left half written."""
    if folder.exists():
        shutil.rmtree(folder)
