"""Readers: one module per input format, each `read(path) -> Source`; `coding_file` reads what a second coder coded."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """Characters that were kept: ``text == raw[start:end]`` less what ``Source.removed`` lists in between."""

    text: str
    line: int
    start: int


@dataclass(frozen=True)
class Row:
    """One document as the source has it."""

    serial: Cell
    region: Cell
    text: Cell


@dataclass(frozen=True)
class Removed:
    """A run of raw characters in no cell. ``row`` counts the kept rows from 0; None outside them."""

    start: int
    end: int
    line: int
    characters: str
    reason: str
    row: int | None


@dataclass(frozen=True)
class Source:
    """What a reader returns: every character of the file is in exactly one cell or one removed run."""

    title: str
    rows: tuple[Row, ...]
    removed: tuple[Removed, ...]
