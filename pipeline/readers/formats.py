"""One raw file of any known format: read once, by the reader for its ending and its content."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from stat import S_ISREG
from typing import NoReturn

from pipeline.errors import InputError
from pipeline.readers import Headings, Source
from pipeline.readers.encodings import decoded

# Ending -> module of this package. Imported when met: the libraries behind some take longer than all else of `ingest`.
_MODULES = {
    ".txt": "plain_text",
    ".md": "plain_text",
    ".markdown": "plain_text",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".jsonl": "json_lines",
    ".ndjson": "json_lines",
    ".json": "json_lines",
    ".docx": "word_document",
    ".docm": "word_document",
    ".xlsx": "spreadsheet",
    ".xlsm": "spreadsheet",
    ".xls": "spreadsheet",
    ".ods": "spreadsheet",
    ".html": "web_page",
    ".htm": "web_page",
    ".pdf": "pdf",
}
ENDINGS = tuple(_MODULES)
# Read by nobody here: the reader of what they hold says what to do.
_OLD = {
    ".doc": "word_document",
    ".wps": "word_document",
    ".rtf": "word_document",
    ".odt": "word_document",
    ".et": "spreadsheet",
}
OLD = tuple(_OLD)


def bytes_of(path: Path) -> bytes:
    """The bytes of the file, read once; an `InputError` where it changed or vanished meanwhile, or is no file."""
    try:
        before = path.stat()
        if not S_ISREG(before.st_mode):  # a pipe or a device, which might be waited for without end
            raise InputError(
                "不是文件，也不是文件夹。请换成普通文件。",
                "neither a file nor a folder. Put an ordinary file in its place.",
                file=path,
            )
        data = path.read_bytes()
        after = path.stat()
    except FileNotFoundError:
        raise InputError(
            "读取时文件不见了。请放回原处，或再运行一次。",
            "the file vanished while it was read. Put it back, or run again.",
            file=path,
        ) from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(data) != after.st_size:
        raise InputError(
            "读取时文件被改动。请等它写完，再运行一次。",
            "the file changed while it was read. Wait until it is written, then run again.",
            file=path,
        )
    return data


def read(data: bytes, path: Path, headings: Headings) -> Source:
    """What the file holds; an `InputError` where its format is unknown, or where it is empty."""
    if not data.strip():
        raise InputError(
            "文件是空的。请填写内容，或从文件夹中删去。",
            "the file is empty. Fill it in, or delete it from its folder.",
            file=path,
        )
    ending = path.suffix.lower()
    if ending not in _MODULES and ending not in OLD:
        known = " ".join(ENDINGS)
        raise InputError(
            f"不认识的格式“{ending}”。请另存为可读的格式：{known}，或含有这些文件的文件夹。",
            f"unknown format {ending!r}. Save it in one that is known: {known}, or a folder of such files.",
            file=path,
        )
    name = _MODULES.get(ending) or _OLD[ending]
    module = import_module(f"pipeline.readers.{name}")
    if ending == ".txt" and module.looks_like_word_table(decoded(data, path)[0]):
        module = import_module("pipeline.readers.word_table")
    found = module.read(data, path, headings)
    if not isinstance(found, Source):
        raise TypeError(f"{name}.read gave {type(found)}")
    return found


def _raised(error: OSError) -> NoReturn:
    raise error


def files_of(raw: Path) -> list[Path]:
    """The file itself, or every file in the folder and its folders, links not followed.

    An `OSError` where there is none, or where a folder cannot be looked into: its files would be missing without a word.
    """
    if not raw.is_dir():
        raw.stat()
        return [raw]
    return [Path(folder) / name for folder, _, names in os.walk(raw, onerror=_raised) for name in names]
