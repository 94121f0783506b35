"""Read raw files into clean documents: data/raw/NAME -> documents.csv, sources.csv, files.csv, cleaning.csv."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pipeline import batches, study, tables
from pipeline.batches import Totals
from pipeline.cli import run
from pipeline.drafts import REPEATED, WITHOUT_TEXT, File, file_row, sorted_out, spelled_out, tabled
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


def listed(raw: Path) -> tuple[list[Path], list[File]]:
    """The files of the corpus that can be read, in natural order, and those that cannot, with the reason."""
    found = formats.files_of(raw)
    if not found:
        raise InputError("文件夹是空的。请放入文件。", "the folder is empty. Put files into it.", file=raw)
    paths, skipped = [], []
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
            skipped.append(File(path.as_posix(), path.lstat().st_size, skipped=reason))
        else:
            paths.append(path)
    return paths, skipped


def gathered(raw: Path, settings: Settings) -> list[File]:
    """Every file of the corpus, read once; those of a folder in natural order, with what their names say."""
    headings = settings.columns.headings
    paths, skipped = listed(raw)
    files = {Path(file.name): file for file in skipped}
    for path in paths:
        data = formats.bytes_of(path)
        named = file_names.fields_of(path.relative_to(raw if raw.is_dir() else raw.parent).as_posix())
        source = formats.read(data, path, headings)
        files[path] = File(path.as_posix(), len(data), hashlib.sha256(data).hexdigest(), source, named)
    return [files[path] for path in file_names.in_natural_order(list(files))]


def summary_of(found: Ingested, unit: str, cleaning_csv: Path) -> Iterator[str]:
    """What was read, in lines for a person: how much, which column as what, and where to see what was left out."""
    places = int((~found.cleaning["reason"].isin(_EXPECTED)).sum())
    yield from _said(len(found.documents), found.documents["region"].nunique(), found.files, unit)
    if places:
        yield f"未收入或有改动：{places} 处 left out or changed: {places} -> {cleaning_csv}"


def _said(documents: int, units: int, files: pd.DataFrame, unit: str) -> Iterator[str]:
    zh, en = ("个地区", "regions") if unit == "region" else (f"个比较单位（{unit}）", f"units of comparison ({unit})")
    yield f"读到 {documents} 份文本，{units} {zh}。 Read: {documents} documents, {units} {en}."
    columns = list(dict.fromkeys(header for written in files["columns"] for header in written.split("\n") if header))
    for written in columns[:TOLD]:
        named = [column.rpartition("=") for column in written.split(" · ")]
        said = [f"{heading}={_ROLES[role]} {role}" if heading else role for heading, _, role in named]
        yield f"列 columns: {spelled_out(' · '.join(said))}"
    if len(columns) > TOLD:
        yield f"… 另有 {len(columns) - TOLD} 种表头。 {len(columns) - TOLD} other headers."


@dataclass(frozen=True)
class Kept:
    """The tables that are written: of a large corpus, those of the sample; ``scale``: how large."""

    documents: pd.DataFrame
    sources: pd.DataFrame
    files: pd.DataFrame
    cleaning: pd.DataFrame
    scale: pd.DataFrame


def scale_of(whole: Mapping[str, int], documents: pd.DataFrame) -> pd.DataFrame:
    """scale.csv: the numbers of the corpus, and of the documents that are studied in full."""
    numbers = {
        **whole,
        "studied_documents": len(documents),
        "studied_units": documents["region"].nunique(),
        "studied_characters": int(documents["text"].str.len().sum()),
    }
    return tables.from_rows(({"metric": name, "value": value} for name, value in numbers.items()), tables.SCALE)


def _sampled(totals: Totals, files: pd.DataFrame, folder: Path, settings: Settings) -> Kept:
    """The tables of a corpus that lies in partitions: of all where it is not large, else of the sample."""
    scale, seed = settings.scale, settings.resampling.seed
    large = scale.is_large(len(totals.of_unit), totals.characters)
    names = study.units_studied(totals.of_unit, totals.characters / totals.documents, scale, seed) if large else None
    found = study.studied(folder, totals.partitions, names, scale, seed)
    numbers = {"large": int(large), "units": len(totals.of_unit)} | {
        name: getattr(totals, name) for name in ("documents", "characters", "partitions", "repeats", "without_text", "cleaned")
    }  # fmt: skip
    if not large:
        numbers["partitions"] = 0
    return Kept(found["documents"], found["sources"], files, found["cleaning"], scale_of(numbers, found["documents"]))


def _in_parts(
    paths: Sequence[Path],
    skipped: Sequence[File],
    raw: Path,
    gazetteer: Gazetteer,
    settings: Settings,
    unit: str,
    folder: Path,
) -> Kept:
    """A corpus too large to stand in memory; its partitions are written to the folder."""
    totals = batches.scanned(paths, raw, unit, gazetteer, settings, folder)
    told(totals.notes, totals.more_notes)
    rows = {Path(file.name): file_row(file, 0) for file in skipped}
    for path in paths:
        encodings, columns = totals.files.get(path.as_posix(), ({}, {}))
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        rows[path] = {
            **file_row(File(path.as_posix(), path.stat().st_size, digest), totals.taken[path.as_posix()]),
            # A part of plain ASCII, or without the mark at the beginning of the file, passes for UTF-8.
            "encoding": ", ".join(name for name in encodings if name != "UTF-8" or len(encodings) == 1),
            "columns": "\n".join(columns),
        }
    files = tables.from_rows((rows[path] for path in file_names.in_natural_order(list(rows))), tables.FILES)
    for line in _said(totals.documents, len(totals.of_unit), files, unit):
        print(f"  {line}")
    print(f"  未收入或有改动：{totals.cleaned} 处 left out or changed: {totals.cleaned}")
    return _sampled(totals, files, folder, settings)


def _at_once(raw: Path, gazetteer: Gazetteer, settings: Settings, unit: str, cleaning_csv: Path, folder: Path) -> Kept:
    """A corpus that is read as a whole; where it has many units, partitions of it are written to the folder."""
    found = ingested(gathered(raw, settings), raw, gazetteer, settings, unit)
    told(found.notes)
    for line in summary_of(found, unit, cleaning_csv):
        print(f"  {line}")
    units, characters = found.documents["region"].nunique(), int(found.documents["text"].str.len().sum())
    if settings.scale.is_large(units, characters):
        totals = batches.partitioned(found.documents, found.sources, found.cleaning, settings.scale, folder)
        return _sampled(totals, found.files, folder, settings)
    reasons = found.cleaning["reason"]
    lines = found.cleaning.loc[reasons == WITHOUT_TEXT, ["file", "part", "line"]].drop_duplicates()
    numbers = {
        "large": 0, "units": units, "documents": len(found.documents), "characters": characters, "partitions": 0,
        "repeats": int((reasons == REPEATED).sum()), "without_text": len(lines), "cleaned": len(found.cleaning),
    }  # fmt: skip
    return Kept(found.documents, found.sources, found.files, found.cleaning, scale_of(numbers, found.documents))


def main(
    raw: Path,
    unit: Path,
    gazetteer_csv: Path,
    settings_toml: Path,
    documents_csv: Path,
    sources_csv: Path,
    files_csv: Path,
    cleaning_csv: Path,
    scale_csv: Path,
    corpus: Path,
) -> None:
    settings, gazetteer = load_settings(settings_toml), load_gazetteer(gazetteer_csv)
    new = batches.begun(corpus)
    paths, skipped = listed(raw)
    try:
        if batches.in_parts(paths, settings.scale):
            kept = _in_parts(paths, skipped, raw, gazetteer, settings, unit.name, new)
        else:
            kept = _at_once(raw, gazetteer, settings, unit.name, cleaning_csv, new)
        if kept.scale.set_index("metric")["value"]["large"]:
            batches.take_place(new, corpus)
        else:
            batches.cleared(corpus)
        tables.write(
            (kept.documents, tables.DOCUMENTS, documents_csv),
            (kept.sources, tables.SOURCES, sources_csv),
            (kept.files, tables.FILES, files_csv),
            (kept.cleaning, tables.CLEANING, cleaning_csv),
            (kept.scale, tables.SCALE, scale_csv),
        )
    finally:
        batches.cleared(new)


if __name__ == "__main__":
    run(main)
