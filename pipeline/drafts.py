"""Records on their way to documents: cleaned, with their fields and their place, and every run of characters that is left out."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from pipeline import tables
from pipeline.hygiene import Change, all_cleaned, cleaned
from pipeline.method import Gazetteer, Settings
from pipeline.readers import Record, Source, Where
from pipeline.units import Placed, Unit, placed, title_of, unit_of, year_of

WITHOUT_TEXT = "row without text"
REPEATED = "repeated document"
_SERIAL = 9  # digits of a number in a list; a longer one is something else


@dataclass(frozen=True)
class File:
    """One raw file as it was read; ``named``: what its name says; ``skipped``: why it was not read."""

    name: str
    size: int
    sha256: str = ""
    source: Source | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    skipped: str = ""


@dataclass(frozen=True)
class Draft:
    """A record on its way to a document."""

    file: File
    number: int  # in its file
    record: Record
    fields: Mapping[str, str]
    text: str
    changes: tuple[Change, ...]
    placed: Placed


def one_line(written: str, settings: Settings) -> str:
    """A name or a title, cleaned as texts are, and in one line."""
    return " ".join(cleaned(written, settings.text)[0].split())


def drafts_of(files: Sequence[File], gazetteer: Gazetteer, settings: Settings) -> Iterator[Draft]:
    read = [(file, at, one) for file in files if file.source for at, one in enumerate(file.source.records)]
    texts = all_cleaned([record.text.text for _, _, record in read], settings.text)
    for (file, number, record), (text, changes) in zip(read, texts, strict=True):
        stated = {role: one_line(value, settings) for role, value in record.fields.items()}
        # What a file is called says less than what stands in it, and its title only where it holds one text.
        named = {role: one_line(value, settings) for role, value in file.named.items() if role != "title" or not stated}
        if "title" in named:
            named["title"] = title_of(named["title"], gazetteer)
        fields = {**named, **{role: value for role, value in stated.items() if value}}
        if not fields.get("title"):
            fields["title"] = one_line(file.source.title if file.source else "", settings)
        yield Draft(file, number, record, fields, text, changes, placed(fields, gazetteer))


def without_repeats(drafts: Sequence[Draft]) -> tuple[list[Draft], list[Draft]]:
    """The drafts, and those that say again, word for word, what the same region has said under the same title and year."""
    seen: set[tuple[str, ...]] = set()
    kept: list[Draft] = []
    repeats: list[Draft] = []
    for draft in drafts:
        key = (draft.placed.written, draft.fields.get("year", ""), draft.fields.get("title", ""), draft.text)
        (repeats if key in seen else kept).append(draft)
        seen.add(key)
    return kept, repeats


def spelled_out(characters: str) -> str:
    """The characters, with those that nobody sees written as \\n, \\t or \\u and their code."""
    named = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
    shown = []
    for character in characters:
        unseen = unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
        shown.append(named.get(character) or (f"\\u{ord(character):04x}" if unseen else character))
    return "".join(shown)


def _run(doc_id: str, file: str, where: Where, start: int, change: Change | None, characters: str, reason: str) -> dict:
    return {
        "doc_id": doc_id,
        "file": file,
        "kind": where.kind,
        "part": where.part,
        "line": where.line,
        "start": start,
        "end": start + len(characters),
        "removed": spelled_out(characters),
        "replacement": change.replacement if change else "",
        "reason": reason,
    }


def cleaning_of(
    files: Sequence[File],
    ids: Mapping[tuple[str, int], str],
    drafts: Sequence[Draft],
    left_out: Sequence[tuple[Draft, str]],
) -> pd.DataFrame:
    """Every run that is in no document as it stands, in the order of the files; ``left_out``: whole texts, and why."""
    rows: list[tuple[int, int, int, dict]] = []
    place = {file.name: number for number, file in enumerate(files)}
    for file in files:
        for at, taken in enumerate(file.source.removed if file.source else ()):
            doc_id = "" if taken.record is None else ids.get((file.name, taken.record), "")
            row = _run(doc_id, file.name, taken.where, taken.start, None, taken.characters, taken.reason)
            rows.append((place[file.name], taken.where.line, at, row))
    for draft in drafts:
        where, start, text = draft.record.text.where, draft.record.text.start, draft.record.text.text
        by_line = where.kind == "line"
        for at, change in enumerate(draft.changes):
            line = where.line + (text.count("\n", 0, change.start) if by_line else 0)
            row = _run(
                ids[draft.file.name, draft.number], draft.file.name, Where(where.kind, where.part, line),
                start + change.start, change, change.removed, change.reason,
            )  # fmt: skip
            rows.append((place[draft.file.name], line, at, row))
    for draft, reason in left_out:
        cell = draft.record.text
        row = _run("", draft.file.name, cell.where, cell.start, None, cell.text, reason)
        rows.append((place[draft.file.name], cell.where.line, 0, row))
    rows.sort(key=lambda row: (row[0], row[3]["start"] if row[3]["kind"] == "line" else 0, row[1], row[2]))
    return tables.from_rows(({"run": number, **row[3]} for number, row in enumerate(rows, 1)), tables.CLEANING)


def document_row(draft: Draft, ids: Mapping[tuple[str, int], str], unit: Unit, serial: int) -> dict[str, object]:
    place = unit.place or draft.placed.found.place
    return {
        "doc_id": ids[draft.file.name, draft.number],
        "serial": serial,
        "region_raw": draft.placed.written or unit.name,
        "region": unit.name,
        "region_en": unit.name_en,
        "level": unit.level,
        "province": place.province if place else "",
        "adcode": place.adcode if place else "",
        "year": year_of(draft.fields.get("year", "")) or year_of(draft.fields["title"]),
        "title": draft.fields["title"],
        "text": draft.text,
    }


def source_row(draft: Draft, ids: Mapping[tuple[str, int], str]) -> dict[str, object]:
    where = draft.record.text.where
    return {
        "doc_id": ids[draft.file.name, draft.number],
        "file": draft.file.name,
        "kind": where.kind,
        "part": where.part,
        "line": where.line,
        "start": draft.record.text.start,
    }


def columns_of(source: Source) -> str:
    """省市=region · 内容=text · 备注: a heading without a role is a column all the same, for UNIT=."""
    return " · ".join(f"{heading}={role}" if role else heading for heading, role in source.columns)


def file_row(file: File, documents: int) -> dict[str, object]:
    """The row of files.csv."""
    return {
        "file": file.name,
        "bytes": file.size,
        "sha256": file.sha256,
        "encoding": file.source.encoding if file.source else "",
        "columns": columns_of(file.source) if file.source else "",
        "documents": documents,
        "skipped": file.skipped,
    }


@dataclass(frozen=True)
class SortedOut:
    """The drafts that become documents with the unit of each, those said again word for word, and those without a text."""

    drafts: tuple[Draft, ...]
    units: tuple[Unit, ...]
    repeats: tuple[Draft, ...]
    empty: tuple[Draft, ...]


def sorted_out(files: Sequence[File], gazetteer: Gazetteer, settings: Settings, unit: str) -> SortedOut:
    """The records of the files; units of one name are not yet told apart."""
    drafts, repeats = without_repeats(list(drafts_of(files, gazetteer, settings)))
    empty = tuple(draft for draft in drafts if not any(map(str.isalnum, draft.text)))
    kept = tuple(draft for draft in drafts if any(map(str.isalnum, draft.text)))
    units = tuple(unit_of(unit, draft.fields, draft.placed, gazetteer) for draft in kept)
    return SortedOut(kept, units, tuple(repeats), empty)


def tabled(files: Sequence[File], found: SortedOut) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """documents.csv, sources.csv and cleaning.csv."""
    digits = max(2, len(str(len(found.drafts))))
    ids = {(draft.file.name, draft.number): f"D{number:0{digits}d}" for number, draft in enumerate(found.drafts, 1)}
    serials = [draft.fields.get("serial", "") for draft in found.drafts]
    numbered = all(serial.isdecimal() and len(serial) <= _SERIAL for serial in serials)
    rows = [
        document_row(draft, ids, own, int(serials[at]) if numbered else at + 1)
        for at, (draft, own) in enumerate(zip(found.drafts, found.units, strict=True))
    ]
    left_out = [(draft, REPEATED) for draft in found.repeats] + [(draft, WITHOUT_TEXT) for draft in found.empty]
    return (
        tables.from_rows(rows, tables.DOCUMENTS),
        tables.from_rows((source_row(draft, ids) for draft in found.drafts), tables.SOURCES),
        cleaning_of(files, ids, found.drafts, left_out),
    )
