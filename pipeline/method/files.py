"""Text and rows of the files in `method/`, with line numbers for messages."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import InputError


def read_text(path: Path) -> str:
    """The file as UTF-8 text; an `InputError` names the line that is not."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            "不是 UTF-8 编码。请用 UTF-8 另存。", "not UTF-8. Save it as UTF-8.", file=path, line=line
        ) from None


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines without comments (# at the start or after a space) and blanks."""
    for number, line in enumerate(read_text(path).splitlines(), 1):
        content = re.sub(r"(^|\s)#.*$", "", line).strip()
        if content:
            yield number, content


def rows_of(path: Path, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Numbered rows of a CSV file; lines that begin with # are comments."""
    numbered = [(n, line) for n, line in enumerate(read_text(path).splitlines(), 1) if line.strip() and line[0] != "#"]
    for place, cells in enumerate(csv.reader(line for _, line in numbered)):
        number = numbered[place][0]
        if place == 0:
            if cells != columns:
                raise InputError(
                    f"表头应为：{','.join(columns)}。",
                    f"the header must be {','.join(columns)}.",
                    file=path,
                    line=number,
                )
        elif len(cells) != len(columns):
            raise InputError(
                f"这一行有 {len(cells)} 列，应有 {len(columns)} 列。",
                f"{len(cells)} cells in this row, {len(columns)} expected.",
                file=path,
                line=number,
            )
        else:
            yield number, dict(zip(columns, (cell.strip() for cell in cells), strict=True))
