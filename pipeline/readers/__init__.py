"""Readers: one module per input format, each `read(data, path, headings) -> Source`; `coding_file` reads what a second coder coded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.errors import InputError

# What a column may hold. Headings that name a role come from the settings.
ROLES = ("serial", "region", "text", "year", "title", "province", "prefecture")

Headings = Mapping[str, tuple[str, ...]]  # role -> headings that name it, the best first


@dataclass(frozen=True)
class Where:
    """Where a person finds something in a file.

    ``kind``: line (of a text file), row (of a Word or HTML table), sheet (row of a sheet), page (of a PDF) or
    paragraph. ``part``: number of the table or page, name of the sheet; empty for lines and paragraphs. ``line``: from 1,
    the line, row or paragraph; on a page the row of its tables, or its line.
    """

    kind: str
    part: str
    line: int


@dataclass(frozen=True)
class Cell:
    """Characters that stand together in the source, outer blanks apart.

    ``start``: offset of the first one, in the decoded file where that is text
    (.txt, .md), else in the cell, paragraph or page.
    """

    text: str
    where: Where
    start: int = 0


@dataclass(frozen=True)
class Record:
    """One document as the source has it.

    ``fields``: what stands in its other columns, by role; a column without a
    role by its own heading. A folder's file has those that its name holds.
    """

    text: Cell
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Removed:
    """A run of characters in no record. ``record`` counts the records from 0 where the run stands within one."""

    where: Where
    start: int
    end: int
    characters: str
    reason: str
    record: int | None = None


@dataclass(frozen=True)
class Source:
    """What a reader returns: nothing of the file is in neither a record nor a removed run.

    ``columns``: each heading of its tables, or key of its records, with the role it was taken for; empty where it has none.
    ``doubt``: why a file that is mostly a table was read as running text.
    """

    title: str
    records: tuple[Record, ...]
    removed: tuple[Removed, ...]
    encoding: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    doubt: InputError | None = None
