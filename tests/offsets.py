"""Whether what a reader says of places is true: where a text stood, and what was taken out around and inside it."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from pipeline.readers import Cell, Source
from pipeline.readers.encodings import decoded

_KINDS = ("line", "row", "sheet", "page", "paragraph")


def faults(source: Source, data: bytes, path: Path, reader: str) -> list[str]:
    """What is not true of the source that ``reader`` made of the data; nothing where all is."""
    found = _of_any(source)
    if reader in ("plain_text", "word_table"):
        found += _of_text(source, decoded(data, path)[0], one_text=reader == "plain_text")
    if reader == "delimited":
        found += _of_cells(source, decoded(data, path)[0])
    if reader == "json_lines":
        found += _of_objects(source, decoded(data, path)[0])
    return found


def _of_any(source: Source) -> list[str]:
    """What holds for every format."""
    found = []
    for record in source.records:
        cell = record.text
        if not cell.text or cell.text != cell.text.strip() or cell.start < 0:
            found.append(f"record {cell.text[:20]!r} at {cell.start}")
        if cell.where.kind not in _KINDS or cell.where.line < 1:
            found.append(f"place {cell.where}")
        if not all(isinstance(one, str) for one in (cell.text, *record.fields, *record.fields.values())):
            found.append("a field that is no text")
    for run in source.removed:
        if not run.start >= 0 or run.end - run.start != len(run.characters):
            found.append(f"removed {run.start}:{run.end} {run.characters[:20]!r}")
        if run.where.kind not in _KINDS or run.where.line < 1 or not run.reason:
            found.append(f"removed place {run.where}")
        if run.record is not None and not 0 <= run.record < len(source.records):
            found.append(f"removed from record {run.record} of {len(source.records)}")
    return found


def _of_text(source: Source, text: str, *, one_text: bool) -> list[str]:
    """Offsets count the decoded file: what is removed and what is kept are the whole of it, and nothing twice."""
    at, kept, starts = 0, [], []
    for run in sorted(source.removed, key=lambda run: run.start):
        if run.start < at:
            return [f"removed twice at {run.start}"]
        if text[run.start : run.end] != run.characters:
            return [f"at {run.start} stands {text[run.start : run.end][:20]!r}, not {run.characters[:20]!r}"]
        kept.append(text[at : run.start])
        starts.append(at)
        at = run.end
    rest = "".join([*kept, text[at:]])
    if one_text:
        record = source.records[0].text
        return [] if record.text == rest and text[record.start] == rest[0] else [f"kept {rest[:20]!r}"]
    found = []
    for record in source.records:
        start = record.text.start
        if text[start : start + len(record.text.text)] != record.text.text:
            found.append(f"record at {start}")
    said = Counter("".join("".join((one.text.text, *one.fields.values())) for one in source.records))
    return found if said == Counter(rest) else [*found, "characters are lost or doubled"]


def _of_cells(source: Source, text: str) -> list[str]:
    """Offsets count the cell, which begins with as many blanks and stands on its line or, with its row, below it."""
    found = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cells = [record.text for record in source.records]
    cells += [Cell(run.characters, run.where, run.start) for run in source.removed if run.reason == "row without text"]
    for cell in cells:
        below = "\n".join(lines[cell.where.line - 1 :]).replace('""', '"')
        if cell.text.replace("\r\n", "\n").replace("\r", "\n").replace('""', '"') not in below:
            found.append(f"line {cell.where.line} has no {cell.text[:20]!r}")
    return found


def _of_objects(source: Source, text: str) -> list[str]:
    """Offsets count the value of the object on that line, for JSON lines."""
    found: list[str] = []
    lines = text.split("\n")
    for record in source.records:
        try:
            values = json.loads(lines[record.text.where.line - 1]).values()
        except (ValueError, AttributeError, RecursionError, IndexError):
            continue  # one object or list over several lines
        joined = ["\n".join(value) if isinstance(value, list) else str(value) for value in values if value]
        start, words = record.text.start, record.text.text
        if not any(value[start : start + len(words)] == words for value in joined):
            found.append(f"line {record.text.where.line}: {words[:20]!r} at {start}")
    return found
