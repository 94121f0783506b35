"""When a corpus holds nothing that could be compared: the messages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from pipeline.drafts import WITHOUT_TEXT, Draft, File
from pipeline.errors import InputError
from pipeline.readers import ROLES
from pipeline.units import LARGER, NOT_STATED


def refuse_unknown_unit(unit: str, columns: Collection[str], raw: Path) -> None:
    """An `InputError` where no document has a column of that name."""
    if unit in ("region", "year", "title", *LARGER) or unit in columns:
        return
    named = sorted({*columns} - {*ROLES, "name", "folder"})
    raise InputError(
        f"UNIT={unit}：没有这一列。请改用 region、province、prefecture、year、title，或原文的一列：{'、'.join(named) or '—'}。",
        f"UNIT={unit}: no such column. Use region, province, prefecture, year, title, or a column of the source: "
        f"{', '.join(named) or '—'}.",
        file=raw,
    )


def refuse_unstated(unit: str, names: Iterable[str], raw: Path) -> None:
    """An `InputError` where no document says what they are to be compared by."""
    if unit not in ("region", *LARGER) and all(name == NOT_STATED[0] for name in names):
        raise InputError(
            f"UNIT={unit}：没有一份文本写明，无从比较。请在表中加一列，或写进文件名。",
            f"UNIT={unit}: no document states it, so there is nothing to compare. Add a column, or put it into the files' names.",
            file=raw,
        )


def first_without_text(files: Sequence[File], empty: Sequence[Draft]) -> tuple[str, int | None]:
    """File and line of the first row that has no text; no line where there is no such row."""
    rows = [(draft.file.name, draft.record.text.where.line) for draft in empty]
    for file in files:
        taken = file.source.removed if file.source else ()
        rows += [(file.name, one.where.line) for one in taken if one.reason == WITHOUT_TEXT]
    return rows[0] if rows else ("", None)


def nothing_to_read(file: str, line: int | None, raw: Path) -> InputError:
    """No document is left; where there are rows without a text, the first is named."""
    if line is None:
        return InputError(
            "没有可用的正文。请检查：表头下面是否有内容，文件夹里是否有可读的文件。",
            "no document with a text was found. Check that something stands below the header, or that the folder holds "
            "files that can be read.",
            file=raw,
        )
    return InputError(
        "没有可用的正文：这一行没有，其他行也没有。请检查正文是否在表头所指的那一列。",
        "no document with a text was found: this row has none, nor has any other. Check that the texts stand in the "
        "column that the header names.",
        file=file,
        line=line,
    )
