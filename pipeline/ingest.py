"""Read raw files into clean documents: data/raw/NAME -> documents.csv, sources.csv, files.csv, cleaning.csv."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.drafts import File, file_row, sorted_out, spelled_out, tabled
from pipeline.errors import InputError
from pipeline.method import Gazetteer, Settings, load_gazetteer, load_settings
from pipeline.readers import file_names, formats
from pipeline.reading_notes import TOLD, Note, notes_of, told, unstated
from pipeline.refusals import first_without_text, nothing_to_read, refuse_unknown_unit, refuse_unstated
from pipeline.units import told_apart

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


def ingested(files: Sequence[File], raw: Path, gazetteer: Gazetteer, settings: Settings, unit: str) -> Ingested:
    """The tables of the files; an `InputError` where nothing can be compared."""
    doubts = [file.source.doubt for file in files if file.source and file.source.doubt]
    if doubts and not raw.is_dir():  # one text, and nothing to compare it with
        raise doubts[0]
    found = sorted_out(files, gazetteer, settings, unit)
    if not found.drafts:
        raise nothing_to_read(*first_without_text(files, found.empty), raw)
    refuse_unknown_unit(unit, {name for draft in found.drafts for name in draft.fields}, raw)
    refuse_unstated(unit, (one.name for one in found.units), raw)
    found = replace(found, units=tuple(told_apart(found.units)))
    documents, sources, cleaning = tabled(files, found)
    taken = Counter(draft.file.name for draft in found.drafts)
    return Ingested(
        documents,
        sources,
        tables.from_rows((file_row(file, taken[file.name]) for file in files), tables.FILES),
        cleaning,
        (
            *notes_of(files, found.drafts, found.repeats, cleaning, settings),
            *unstated(unit, found.drafts, found.units),
        ),
    )


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
