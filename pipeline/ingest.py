"""Read raw files into clean documents: data/raw/NAME -> documents.csv, sources.csv, files.csv, cleaning.csv."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.drafts import (
    REPEATED,
    WITHOUT_TEXT,
    Draft,
    File,
    cleaning_of,
    document_row,
    drafts_of,
    source_row,
    spelled_out,
    without_repeats,
)
from pipeline.errors import InputError
from pipeline.method import Gazetteer, Settings, load_gazetteer, load_settings
from pipeline.readers import ROLES, Source, file_names, formats
from pipeline.reading_notes import TOLD, Note, notes_of, told, unstated
from pipeline.units import LARGER, NOT_STATED, Unit, told_apart, unit_of

_SERIAL = 9  # digits of a number in a list; a longer one is something else
# What a column was taken for, in Chinese.
_ROLES = {
    "serial": "序号",
    "region": "地区",
    "text": "正文",
    "year": "年份",
    "title": "标题",
    "province": "省",
    "prefecture": "市州",
}
_EXPECTED = ("structure", "blank", "header", "title")  # left out of every table, which nobody needs to be told


@dataclass(frozen=True)
class Ingested:
    documents: pd.DataFrame
    sources: pd.DataFrame
    files: pd.DataFrame
    cleaning: pd.DataFrame
    notes: tuple[Note, ...]


def _known_unit(unit: str, drafts: Sequence[Draft], raw: Path) -> None:
    """An `InputError` where no document has a column of that name."""
    if unit in ("region", "year", "title", *LARGER) or any(unit in draft.fields for draft in drafts):
        return
    columns = sorted({name for draft in drafts for name in draft.fields} - {*ROLES, "name", "folder"})
    raise InputError(
        f"UNIT={unit}：没有这一列。请改用 region、province、prefecture、year、title，或原文的一列：{'、'.join(columns) or '—'}。",
        f"UNIT={unit}: no such column. Use region, province, prefecture, year, title, or a column of the source: "
        f"{', '.join(columns) or '—'}.",
        file=raw,
    )


def _refuse_unstated(unit: str, units: Sequence[Unit], raw: Path) -> None:
    """An `InputError` where no document says what they are to be compared by."""
    if unit not in ("region", *LARGER) and all(one.name == NOT_STATED[0] for one in units):
        raise InputError(
            f"UNIT={unit}：没有一份文本写明，无从比较。请在表中加一列，或写进文件名。",
            f"UNIT={unit}: no document states it, so there is nothing to compare. Add a column, or put it into the files' names.",
            file=raw,
        )


def _nothing_to_read(files: Sequence[File], empty: Sequence[Draft], raw: Path) -> InputError:
    """No document is left; where there are rows without a text, the first is named."""
    rows = [(draft.file.name, draft.record.text.where.line) for draft in empty]
    for file in files:
        taken = file.source.removed if file.source else ()
        rows += [(file.name, one.where.line) for one in taken if one.reason == WITHOUT_TEXT]
    if not rows:
        return InputError(
            "没有可用的正文。请检查：表头下面是否有内容，文件夹里是否有可读的文件。",
            "no document with a text was found. Check that something stands below the header, or that the folder holds "
            "files that can be read.",
            file=raw,
        )
    file_name, line = rows[0]
    return InputError(
        "没有可用的正文：这一行没有，其他行也没有。请检查正文是否在表头所指的那一列。",
        "no document with a text was found: this row has none, nor has any other. Check that the texts stand in the "
        "column that the header names.",
        file=file_name,
        line=line,
    )


def ingested(files: Sequence[File], raw: Path, gazetteer: Gazetteer, settings: Settings, unit: str) -> Ingested:
    """The tables of the files; an `InputError` where nothing can be compared."""
    doubts = [file.source.doubt for file in files if file.source and file.source.doubt]
    if doubts and not raw.is_dir():  # one text, and nothing to compare it with
        raise doubts[0]
    drafts, repeats = without_repeats(list(drafts_of(files, gazetteer, settings)))
    empty = [draft for draft in drafts if not any(map(str.isalnum, draft.text))]
    drafts = [draft for draft in drafts if any(map(str.isalnum, draft.text))]
    if not drafts:
        raise _nothing_to_read(files, empty, raw)
    _known_unit(unit, drafts, raw)
    units = told_apart([unit_of(unit, draft.fields, draft.placed, gazetteer) for draft in drafts])
    _refuse_unstated(unit, units, raw)
    digits = max(2, len(str(len(drafts))))
    ids = {(draft.file.name, draft.number): f"D{number:0{digits}d}" for number, draft in enumerate(drafts, 1)}
    serials = [draft.fields.get("serial", "") for draft in drafts]
    numbered = all(serial.isdecimal() and len(serial) <= _SERIAL for serial in serials)
    rows = [
        document_row(draft, ids, own, int(serials[at]) if numbered else at + 1)
        for at, (draft, own) in enumerate(zip(drafts, units, strict=True))
    ]
    left_out = [(draft, REPEATED) for draft in repeats] + [(draft, WITHOUT_TEXT) for draft in empty]
    cleaning = cleaning_of(files, ids, drafts, left_out)
    taken = Counter(draft.file.name for draft in drafts)
    return Ingested(
        tables.from_rows(rows, tables.DOCUMENTS),
        tables.from_rows((source_row(draft, ids) for draft in drafts), tables.SOURCES),
        tables.from_rows(
            (
                {
                    "file": file.name,
                    "bytes": file.size,
                    "sha256": file.sha256,
                    "encoding": file.source.encoding if file.source else "",
                    "columns": _columns(file.source) if file.source else "",
                    "documents": taken[file.name],
                    "skipped": file.skipped,
                }
                for file in files
            ),
            tables.FILES,
        ),
        cleaning,
        (*notes_of(files, drafts, repeats, cleaning, settings), *unstated(unit, drafts, units)),
    )


def _columns(source: Source) -> str:
    """省市=region · 内容=text · 备注: a heading without a role is a column all the same, for UNIT=."""
    return " · ".join(f"{heading}={role}" if role else heading for heading, role in source.columns)


def gathered(raw: Path, settings: Settings) -> list[File]:
    """Every file of the corpus, read once; those of a folder in natural order, with what their names say."""
    headings = settings.columns.headings
    found = formats.files_of(raw)
    if not found:
        raise InputError("文件夹是空的。请放入文件。", "the folder is empty. Put files into it.", file=raw)
    files = []
    for path in file_names.in_natural_order(found):
        if not file_names.is_text(path.as_posix()):  # of an old archive or disk; no table could hold it
            name = file_names.shown(path.name)
            raise InputError(
                f"文件名“{name}”的编码不是 UTF-8，读不出来。请改名。",
                f"the name {name} is not in UTF-8 and cannot be read. Rename the file.",
                file=raw,
            )
        reason = file_names.readable(path, raw) if raw.is_dir() else ""
        if reason:
            files.append(File(path.as_posix(), path.lstat().st_size, skipped=reason))
            continue
        data = formats.bytes_of(path)
        named = file_names.fields_of(path.relative_to(raw if raw.is_dir() else raw.parent).as_posix())
        source = formats.read(data, path, headings)
        files.append(File(path.as_posix(), len(data), hashlib.sha256(data).hexdigest(), source, named))
    return files


def summary_of(found: Ingested, unit: str, cleaning_csv: Path) -> Iterator[str]:
    """What was read, in lines for a person: how much, which column as what, and where to see what was left out."""
    documents, units = len(found.documents), found.documents["region"].nunique()
    zh, en = ("个地区", "regions") if unit == "region" else (f"个比较单位（{unit}）", f"units of comparison ({unit})")
    yield f"读到 {documents} 份文本，{units} {zh}。 Read: {documents} documents, {units} {en}."
    columns = [written for written in dict.fromkeys(found.files["columns"]) if written]
    for written in columns[:TOLD]:
        named = [column.rpartition("=") for column in written.split(" · ")]
        said = [f"{heading}={_ROLES[role]} {role}" if heading else role for heading, _, role in named]
        yield f"列 columns: {spelled_out(' · '.join(said))}"
    if len(columns) > TOLD:
        yield f"… 另有 {len(columns) - TOLD} 种表头。 {len(columns) - TOLD} other headers."
    places = int((~found.cleaning["reason"].isin(_EXPECTED)).sum())
    if places:
        yield f"未收入或有改动：{places} 处 left out or changed: {places} -> {cleaning_csv}"


def main(
    raw: Path,
    unit: Path,
    gazetteer_csv: Path,
    settings_toml: Path,
    documents_csv: Path,
    sources_csv: Path,
    files_csv: Path,
    cleaning_csv: Path,
) -> None:
    settings = load_settings(settings_toml)
    found = ingested(gathered(raw, settings), raw, load_gazetteer(gazetteer_csv), settings, unit.name)
    told(found.notes)
    for line in summary_of(found, unit.name, cleaning_csv):
        print(f"  {line}")
    tables.write(
        (found.documents, tables.DOCUMENTS, documents_csv),
        (found.sources, tables.SOURCES, sources_csv),
        (found.files, tables.FILES, files_csv),
        (found.cleaning, tables.CLEANING, cleaning_csv),
    )


if __name__ == "__main__":
    run(main)
