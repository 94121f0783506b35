"""Large tables and record files in parts of whole rows, so that none has to stand in memory as a whole.

A part of a table begins with the lines above its first record, so that each is read by the same columns. Where the parts
cannot be told apart safely (a file in UTF-16, a quote inside a cell without quotes), there is one part, the whole file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.errors import InputError
from pipeline.readers import Headings, Source, formats
from pipeline.readers.encodings import kind_of

_TABLES = (".csv", ".tsv")
ENDINGS = (*_TABLES, ".jsonl", ".ndjson")
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # encodings in which a line feed is no byte of its own
# A quote with something other than a delimiter, a quote or the end of a line on both sides.
_STRAY = re.compile(rb'[^,;|\t\r\n"\x8c\xbf]"[^,;|\t\r\n"\xef]')
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Part:
    """Some rows of a file. ``data``: ``head`` lines of the whole file, repeated, then the rows; ``before``: lines before these."""

    path: str
    data: bytes
    head: int = 0
    before: int = 0

    @property
    def shift(self) -> int:
        """What a line of ``data`` behind the head is short of its number in the file."""
        return self.before - self.head


def divisible(path: Path) -> bool:
    """Whether the file can be read in parts."""
    return path.suffix.lower() in ENDINGS


def _pieces(path: Path, size: int) -> Iterator[bytes]:
    """The file in pieces of about ``size`` bytes that end with a row; rows with line ends in quotes stay whole."""
    table = path.suffix.lower() in _TABLES
    with path.open("rb") as file:
        rest = file.read(size)
        if rest.startswith(_WIDE) or b"\0" in rest or kind_of(rest):
            yield rest + file.read()
            return
        while True:
            more = file.read(size)
            if not more:
                yield rest
                return
            if table and _STRAY.search(rest):
                yield rest + more + file.read()
                return
            end = _row_end(rest) if table else rest.rfind(b"\n") + 1
            if end:
                yield rest[:end]
                rest = rest[end:]
            rest += more


def _row_end(data: bytes) -> int:
    """Behind the last line end outside quotes; 0 where there is none."""
    end = data.rfind(b"\n") + 1
    quotes = data.count(b'"', 0, end)
    while end and quotes % 2:
        before = data.rfind(b"\n", 0, end - 1) + 1
        quotes -= data.count(b'"', before, end)
        end = before
    return end


def _lines(data: bytes) -> int:
    """Line ends as an editor counts them."""
    return data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")


def parts_of(path: Path, size: int, headings: Headings) -> Iterator[Part]:
    """The parts of a file in order, of about ``size`` bytes each and whole rows."""
    head, before = b"", 0
    table = path.suffix.lower() in _TABLES
    waiting = b""
    for piece in _pieces(path, size):
        data = waiting + piece
        waiting = b""
        if not data.strip():
            waiting = data
            continue
        if table and not before:
            found = _head(data, path, headings)
            if found is None:
                waiting = data
                continue
            head = found
        yield Part(path.as_posix(), data if not before else head + data, _lines(head) if before else 0, before)
        before += _lines(data)
    if waiting and not before:
        yield Part(path.as_posix(), waiting)


def _head(data: bytes, path: Path, headings: Headings) -> bytes | None:
    """The lines above the first record, none in a faulty piece, which is told when it is read; None where there is no record."""
    try:
        source = formats.read(data, path, headings)
    except InputError:
        return b""
    if not source.records:
        return None
    first = source.records[0].text.where.line
    lines = data.splitlines(keepends=True)
    return b"".join(lines[: first - 1]).removeprefix(_MARK)


def read(part: Part, headings: Headings) -> Source:
    """What the part holds, without what its repeated head holds; lines count from the beginning of ``part.data``.

    An `InputError` names the line of the file.
    """
    try:
        source = formats.read(part.data, Path(part.path), headings)
    except InputError as error:
        if error.line is not None and error.line > part.head:
            error.line += part.shift
        raise
    if not part.head:
        return source
    return replace(source, removed=tuple(one for one in source.removed if one.where.line > part.head))
