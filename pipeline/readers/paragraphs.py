"""A corpus of any size as paragraphs, one document after the other: JSON lines, CSV, plain text, or a folder of these."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from pipeline.errors import InputError

# Columns or keys that hold the text, the first that is there.
TEXT_NAMES = ("full_text", "text", "content", "正文", "内容", "经验做法")
_ENDINGS = (".jsonl", ".csv", ".tsv", ".txt", ".md")
_CELL = 16_000_000  # characters; csv's own limit is far below a long report


@dataclass(frozen=True)
class Document:
    """Where a document stands and its paragraphs: the lines of its text that are not blank."""

    file: Path
    line: int
    paragraphs: tuple[str, ...]


def files_of(source: Path) -> list[Path]:
    """The file, or the files of the folder and its folders in order of name; an `InputError` where there are none."""
    if source.is_file():
        found = [source]
    else:
        found = sorted(path for path in source.rglob("*") if path.is_file() and path.suffix.lower() in _ENDINGS)
    if not found or found[0].suffix.lower() not in _ENDINGS:
        raise InputError(
            f"这里没有可读的语料。支持：{'、'.join(_ENDINGS)}，或含有这些文件的文件夹。",
            f"no corpus that can be read. Known: {', '.join(_ENDINGS)}, or a folder of such files.",
            file=source,
        )
    return found


def documents(path: Path) -> Iterator[Document]:
    """The documents of one file. Text: one document. Rows without text are passed over by the caller: no paragraphs."""
    reading = {".jsonl": _json_lines, ".csv": _table, ".tsv": _table}.get(path.suffix.lower(), _plain)
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            yield from reading(file, path)
        except UnicodeDecodeError as error:
            raise InputError(
                f"不是 UTF-8 编码（{error.reason}）。请另存为 UTF-8。",
                f"not UTF-8 ({error.reason}). Save it as UTF-8.",
                file=path,
            ) from None


def _split(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _plain(file: TextIO, path: Path) -> Iterator[Document]:
    block: list[str] = []
    first = 1
    for number, line in enumerate(file, 1):
        block += _split(line)
        if len(block) >= 1000:  # a file of a gigabyte is not held in memory
            yield Document(path, first, tuple(block))
            block, first = [], number + 1
    yield Document(path, first, tuple(block))


def _chosen(record: dict[str, Any], path: Path, line: int) -> str:
    for name in TEXT_NAMES:
        if name in record:
            value = record[name]
            if value is None or isinstance(value, str):
                return value or ""
            raise InputError(
                f"“{name}”不是文字。请改为文字。", f"{name} is not text. Make it text.", file=path, line=line
            )
    raise InputError(
        f"没有正文列。请把它命名为以下之一：{'、'.join(TEXT_NAMES)}。",
        f"no column holds the text. Name it one of: {', '.join(TEXT_NAMES)}.",
        file=path,
        line=line,
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for at, (key, _) in enumerate(pairs) if any(key == other for other, _ in pairs[:at]))
        raise ValueError(f"“{twice}” ×2")
    return found


def _no_number(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are JavaScript, not JSON


# A key that is there twice would hide a text.
DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)


def _why(error: Exception) -> tuple[str, str]:
    """The decoder's reason, in words that no version of Python changes where it speaks of itself."""
    if isinstance(error, RecursionError):
        return "嵌套过深", "nested too deeply"
    if isinstance(error, json.JSONDecodeError):
        said = f"{error.msg}, column {error.colno}"
        return said, said
    if "set_int_max_str_digits" in str(error):
        return "数字太长", "a number of too many digits"
    return str(error), str(error)


def no_json(error: Exception, path: Path, line: int) -> InputError:
    """The error for a place that the decoder refuses; a line within a line (of one record) says nothing."""
    zh, en = _why(error)
    return InputError(
        f"这一行不是 JSON（{zh}）。请改正，或重新导出：每行一个完整的对象。",
        f"this line is not JSON ({en}). Mend it or export again: one whole object in each line.",
        file=path,
        line=line,
    )


def no_object(path: Path, line: int) -> InputError:
    """The error for a value that is no object."""
    return InputError(
        '这不是 JSON 对象。每条记录应写成 {"列名": "内容", …}。',
        'this is not a JSON object. Write each record as {"name": "value", …}.',
        file=path,
        line=line,
    )


def records(file: Iterable[str], path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of JSON lines with their line numbers; ``path`` for the message about a line that is none."""
    for number, line in enumerate(file, 1):
        if not line.strip():
            continue
        try:
            record = DECODER.decode(line)
        except (ValueError, RecursionError) as error:  # the second: brackets in brackets in brackets
            raise no_json(error, path, number) from None
        if not isinstance(record, dict):
            raise no_object(path, number)
        yield number, record


def _json_lines(file: TextIO, path: Path) -> Iterator[Document]:
    for number, record in records(file, path):
        yield Document(path, number, _split(_chosen(record, path, number)))


def _table(file: TextIO, path: Path) -> Iterator[Document]:
    csv.field_size_limit(min(_CELL, sys.maxsize))
    rows = csv.DictReader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",", strict=True)
    try:
        for record in rows:
            yield Document(path, rows.line_num, _split(_chosen(record, path, rows.line_num)))
    except csv.Error as error:
        raise InputError(
            f"表格读不通（{error}）。请用 Excel 或 WPS 打开，另存为 CSV UTF-8。",
            f"not a sound table ({error}). Open it in Excel or WPS and save it as CSV UTF-8.",
            file=path,
            line=rows.reader.line_num,
        ) from None
