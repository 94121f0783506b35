"""Records as JSON lines (.jsonl, .ndjson), one object in each line, or as one list of objects (.json)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.readers import ROLES, Cell, Headings, Record, Removed, Source, Where
from pipeline.readers.encodings import decoded, line_of
from pipeline.readers.paragraphs import DECODER, no_json, no_object, records
from pipeline.readers.tabular import first_of, names_of

# What JSON can write with \u and no text may hold: control characters and halves of a pair.
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_BLANK = re.compile(r"[ \t\r\n]*")


def _list(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a list, each with the line on which it begins."""
    at, line, counted = text.index("[") + 1, 1, 0
    expected = False  # whether a comma asks for one more
    while True:
        at = _behind_blanks(text, at)
        line, counted = line + line_of(text[counted:at], at - counted) - 1, at
        if text.startswith("]", at) and not expected:
            break
        try:
            record, at = DECODER.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            if isinstance(error, json.JSONDecodeError):
                line = line_of(text, error.pos)
            raise no_json(error, path, line) from None
        if not isinstance(record, dict):
            raise no_object(path, line)
        yield line, record
        at = _behind_blanks(text, at)
        expected = text.startswith(",", at)
        if expected:
            at += 1
        elif not text.startswith("]", at):
            raise no_json(json.JSONDecodeError("Expecting ',' or ']'", text, at), path, line_of(text, at))
    if (end := _behind_blanks(text, at + 1)) < len(text):
        raise no_json(json.JSONDecodeError("Extra data", text, end), path, line_of(text, end))


def _objects(text: str, path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects with their lines: of a list, of a file that is one object over several lines, of lines."""
    begin = _behind_blanks(text, 0)
    if text.startswith("[", begin):
        return _list(text, path)
    if text.startswith("{", begin):
        try:
            record, end = DECODER.raw_decode(text, begin)
        except (ValueError, RecursionError):
            return records(text.split("\n"), path)  # which tells the line
        if _behind_blanks(text, end) == len(text):
            return iter([(line_of(text, begin), record)])
    return records(text.split("\n"), path)


def _behind_blanks(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _words(value: Any, key: str, is_text: bool, path: Path, line: int) -> str:
    """The value as text: numbers as written by hand, lists of words as paragraphs, other values as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        words = value
    elif isinstance(value, list) and all(isinstance(item, str) for item in value):
        words = "\n".join(value)
    elif is_text:
        raise InputError(
            f"“{key}”不是文字，也不是文字的列表。请改为文字。",
            f"{key} is neither text nor a list of texts. Make it text.",
            file=path,
            line=line,
        )
    elif isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        words = str(int(value))  # 2024.0, as programs write a year
    else:
        try:
            words = json.dumps(value, ensure_ascii=False, allow_nan=False)  # 1e999 is read as infinity
        except RecursionError as error:
            raise no_json(error, path, line) from None
        except ValueError:
            raise no_json(ValueError("Infinity"), path, line) from None
    if unfit := _UNFIT.search(words):
        raise InputError(
            f"“{key}”里有不是文字的字符 \\u{ord(unfit[0]):04x}。请删去。",
            f"{key} holds \\u{ord(unfit[0]):04x}, which is no character of text. Delete it.",
            file=path,
            line=line,
        )
    return words


def _cell(words: str, line: int) -> Cell:
    return Cell(words.strip(), Where("line", "", line), len(words) - len(words.lstrip()))


def _no_text(path: Path, line: int, keys: tuple[str, ...], headings: Headings) -> InputError:
    names, seen = first_of(headings.get("text", ())), "、".join(f"“{key[:20]}”" for key in keys[:8]) or "—"
    return InputError(
        f"没有一条记录有正文：需要名为 {names} 的键。第一条记录的键是 {seen}。请改键名，或在 method/settings.toml（或 METHOD= 的文件夹）的 [columns] 中写明。",
        f"no record has a text: a key named {names} is needed. The keys of the first record are {seen}. Rename the key, or "
        "name it under [columns] in method/settings.toml (or in a folder for METHOD=).",
        file=path,
        line=line,
    )


def _roles(keys: tuple[str, ...], headings: Headings) -> dict[str, str]:
    """Key -> role, or the key itself where it has none."""
    names = names_of([Cell(key, Where("line", "", 1)) for key in keys], headings)
    return {key: names[at] for at, key in enumerate(keys)}


def read(data: bytes, path: Path, headings: Headings) -> Source:
    """The records that have a text; keys may differ from record to record.

    A record without a text is left out, its values listed. Errors
    (`InputError`, with the line): those of `decoded`, no JSON, no object, a key
    twice in one object, NaN, a text that is no text, a character that is none,
    no text in any record, a text without a region where other records have one.
    """
    text, encoding = decoded(data, path)
    found: list[Record] = []
    removed: list[Removed] = []
    known: dict[tuple[str, ...], dict[str, str]] = {}
    first: tuple[int, tuple[str, ...]] | None = None
    any_text = False
    for line, record in _objects(text, path):
        keys = tuple(record)
        first = first or (line, keys)
        if keys not in known:
            known[keys] = _roles(keys, headings)
        roles = known[keys]
        cells = {
            roles[key]: _cell(_words(value, key, roles[key] == "text", path, line), line)
            for key, value in record.items()
        }
        any_text = any_text or "text" in cells
        body = cells.pop("text", None)
        if body is None or not any(map(str.isalnum, body.text)):
            for cell in [*cells.values(), *([body] if body else [])]:
                if cell.text:
                    end = cell.start + len(cell.text)
                    removed.append(Removed(cell.where, cell.start, end, cell.text, "row without text"))
            continue
        found.append(Record(body, {name: cell.text for name, cell in cells.items()}))
    if not any_text:
        raise _no_text(path, *(first or (1, ())), headings)
    if any("region" in record.fields for record in found):
        for one in found:
            if not one.fields.get("region"):
                raise InputError(
                    "这条记录没有地区名。请填写。",
                    "this record has no region. Fill it in.",
                    file=path,
                    line=one.text.where.line,
                )
    stated = [(key, role if role in ROLES else "") for roles in known.values() for key, role in roles.items()]
    return Source("", tuple(found), tuple(removed), encoding, tuple(dict.fromkeys(stated)))
