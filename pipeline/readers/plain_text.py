"""One document as plain text (.txt) or Markdown (.md).

The rule of offsets: `text == decoded[start:end]` less the removed runs inside, and every other character of the file
is in a removed run. Of Markdown only markup is taken out, so that a heading's # or the address of a link is no word:
what begins a line (#, >, -, *, +, 1.), rules, fences, ** and __, the brackets and address of a link, comments. Tables,
single * and _, and HTML stay as they are. Whether a .txt is the export of a table from Word is for the caller to ask:
`looks_like_word_table`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import InputError
from pipeline.readers import Cell, Headings, Record, Removed, Source, Where
from pipeline.readers.encodings import decoded, line_of
from pipeline.readers.tabular import names_of, normal

MARKDOWN = (".md",)
_FRONT = re.compile(r"---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.MULTILINE | re.DOTALL)
_KEY = re.compile(r"([^\s:#\-][^:]*?)[ \t]*:(?:[ \t]+(.*?))?[ \t]*$")
# Group 1, 2, … are what is taken out; the rest of a match stays.
_MARKUP = (
    (re.compile(r"(<!--.{0,9999}?-->)", re.DOTALL), "comment"),
    (re.compile(r"^([ \t]{0,3}(?:```|~~~)[^\r\n]*)", re.MULTILINE), "markup"),
    (
        re.compile(
            r"^([ \t]{0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,}|={3,}[ \t]*))(?=\r?$)", re.MULTILINE
        ),
        "markup",
    ),
    (
        re.compile(
            r"^([ \t]*(?:>[ \t]*)*(?:[-*+][ \t]+|\d{1,3}[.)][ \t]+)?(?:\#{1,6}[ \t]+)?)(?=\S)[^\r\n]*?(?<=\S)([ \t]+\#+[ \t]*)?(?=\r?$)",
            re.MULTILINE,
        ),
        "markup",
    ),
    (re.compile(r"(?<!\\)(!?\[)[^\[\]\r\n]*(\]\([^()\r\n]*(?:\([^()\r\n]*\)[^()\r\n]*)*\))"), "markup"),
    (re.compile(r"(?<![\\*])(\*\*)(?=[^\s*])[^\r\n]{1,999}?(?<=[^\s\\*])(\*\*)(?!\*)"), "markup"),
    (re.compile(r"(?<![\\_a-zA-Z0-9])(__)(?=[^\s_])[^\r\n]{1,999}?(?<=[^\s\\_])(__)(?![_a-zA-Z0-9])"), "markup"),
)
_SHORT = 20  # characters at most in a cell of a header
_SERIALS = ("序号", "编号", "no", "no.")
_SENTENCE = re.compile(r"[。；！？!?;]")


def looks_like_word_table(text: str) -> bool:
    """Whether tabs at the beginning of lines are the cells of a table that Word saved as plain text, or indents of prose.

    Rows are runs of lines between blank ones. It is a table where the first
    such run with a tab is a header (cells that are short and no sentences, or
    the first of which says 序号) and half of the others have as many cells, or
    where all begin with a number.
    """
    rows: list[list[str]] = []
    row: list[str] = []
    for line in [*re.split(r"\r\n?|\n", text), ""]:
        if line.startswith("\t"):
            row.append(line.strip())
        elif not line.strip() and row:
            rows.append(row)
            row = []
    if not rows or len(rows[0]) < 2:
        return False
    head, others = rows[0], rows[1:]
    if normal(head[0]) in _SERIALS:
        return True
    if 2 * sum(len(other) == len(head) for other in others) < len(others):
        return False
    if others and all(0 < len(cell) <= _SHORT and not _SENTENCE.search(cell) for cell in head):
        return True
    return len(head) > 2 and all(other[0].isdecimal() for other in rows)


def _front_matter(text: str, headings: Headings) -> tuple[dict[str, str], int]:
    """The fields of the front matter and where it ends; 0 where there is none."""
    match = _FRONT.match(text)
    if not match:
        return {}, 0
    pairs: list[tuple[str, str]] = []
    for line in match[1].splitlines():
        key = _KEY.match(line)
        if key:
            pairs.append((key[1].strip("\"'"), re.sub(r"^([\"'])(.*)\1$", r"\2", key[2] or "")))
        elif line.strip() and line[0] not in " \t#-":
            return {}, 0  # prose between two rules
    names = names_of([Cell(key, Where("line", "", 1)) for key, _ in pairs], headings)
    fields = {names[at]: value for at, (_, value) in enumerate(pairs) if value and names[at] != "text"}
    return fields, match.end()


def _marks(text: str, begin: int) -> list[tuple[int, int, str]]:
    """Runs of markup, in order and apart from each other."""
    found: list[tuple[int, int, str]] = []
    for order, (pattern, reason) in enumerate(_MARKUP):
        new = [
            (match.start(group), match.end(group), reason)
            for match in pattern.finditer(text, begin)
            for group in range(1, pattern.groups + 1)
            if match.end(group) > match.start(group)
            and not (order == 3 and not text[slice(*match.span(group))].strip())
        ]
        # What an earlier pattern took is not taken again: two lists in order would be merged in one pass.
        taken = sorted(found)
        at = 0
        for start, end, why in sorted(new):
            while at < len(taken) and taken[at][1] <= start:
                at += 1
            if at == len(taken) or end <= taken[at][0]:
                found.append((start, end, why))
    return sorted(found)


def _removed(text: str, start: int, end: int, marks: list[tuple[int, int, str]]) -> Iterator[Removed]:
    """Every run outside ``start:end`` and every mark, in order; what is neither is blank."""
    outside = [(0, start, None), (start, end, 0), (end, len(text), None)]
    line, counted = 1, 0
    for first, last, record in outside:
        at = first
        inside = [(max(a, first), min(b, last), why) for a, b, why in marks if a < last and b > first]
        for a, b, why in [*inside, (last, last, "")]:
            runs = [(a, b, why)] if record == 0 or a == at else [(at, a, "blank"), (a, b, why)]
            for begin, stop, reason in runs:
                if stop > begin:
                    line, counted = line + line_of(text[counted:begin], begin - counted) - 1, begin
                    yield Removed(Where("line", "", line), begin, stop, text[begin:stop], reason, record)
            at = b


def read(data: bytes, path: Path, headings: Headings) -> Source:
    """The file as one record; the keys of a Markdown file's front matter are its fields.

    Errors (`InputError`): those of `decoded`, no text beside the markup.
    """
    text, encoding = decoded(data, path)
    fields: dict[str, str] = {}
    marks: list[tuple[int, int, str]] = []
    if path.suffix.lower() in MARKDOWN:
        fields, begin = _front_matter(text, headings)
        marks = [*([(0, begin, "front matter")] if begin else []), *_marks(text, begin)]
    kept: list[tuple[int, int]] = []
    at = 0
    for first, last, _ in [*marks, (len(text), len(text), "")]:
        if text[at:first].strip("\ufeff \t\r\n\u3000"):
            run = text[at:first]
            kept.append((at + len(run) - len(run.lstrip()), at + len(run.rstrip())))
        at = last
    if not kept or not any(map(str.isalnum, text)):
        raise InputError(
            "文件里没有正文。请填写或删去。", "the file has no text. Fill it in or delete it.", file=path, line=1
        )
    start, end = kept[0][0], kept[-1][1]
    inside = [mark for mark in marks if start <= mark[0] < end]
    pieces, at = [], start
    for first, last, _ in inside:
        pieces.append(text[at:first])
        at = last
    pieces.append(text[at:end])
    cell = Cell("".join(pieces), Where("line", "", line_of(text, start)), start)
    removed = tuple(_removed(text, start, end, marks))
    return Source(fields.get("title", ""), (Record(cell, fields),), removed, encoding)
