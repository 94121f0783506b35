"""Read raw files into clean documents: data/raw/NAME -> documents.csv, sources.csv, files.csv, cleaning.csv."""

from __future__ import annotations

import hashlib
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.hygiene import Change, all_cleaned, cleaned
from pipeline.method import Gazetteer, Settings, load_gazetteer, load_settings
from pipeline.readers import ROLES, Record, Source, Where, file_names, formats
from pipeline.readers.tabular import role_of
from pipeline.units import LARGER, NOT_STATED, Placed, Unit, placed, title_of, told_apart, unit_of, year_of

# Why a file of a folder is not read, in Chinese.
_SKIPPED = {
    "system file": "系统文件",
    "lock file": "编辑软件的临时文件",
    "hidden file": "隐藏文件",
    "link out of the folder": "指向文件夹之外的链接",
    "link to nothing": "失效的链接",
    "not a file": "不是普通文件",
    "cannot be read": "无法读取",
    "unknown ending": "不认识的格式",
    "empty file": "空文件",
}
_WITHOUT_TEXT = "row without text"
_NO_LAYER = "page without text"
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
_TOLD = 12  # notes of one kind that are printed; the tables hold all


@dataclass(frozen=True)
class File:
    """One raw file as it was read; ``named``: what its name says; ``skipped``: why it was not read."""

    name: str
    size: int
    sha256: str = ""
    source: Source | None = None
    named: Mapping[str, str] = field(default_factory=dict)
    skipped: str = ""


@dataclass(frozen=True)
class Note:
    """Something the researcher should know, and nothing that stops the run."""

    kind: str
    zh: str
    en: str
    file: str
    line: int | None = None


@dataclass(frozen=True)
class Ingested:
    documents: pd.DataFrame
    sources: pd.DataFrame
    files: pd.DataFrame
    cleaning: pd.DataFrame
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class _Draft:
    """A record on its way to a document."""

    file: File
    number: int  # in its file
    record: Record
    fields: Mapping[str, str]
    text: str
    changes: tuple[Change, ...]
    placed: Placed


def _one_line(written: str, settings: Settings) -> str:
    """A name or a title, cleaned as texts are, and in one line."""
    return " ".join(cleaned(written, settings.text)[0].split())


def _drafts(files: Sequence[File], gazetteer: Gazetteer, settings: Settings) -> Iterator[_Draft]:
    read = [(file, at, one) for file in files if file.source for at, one in enumerate(file.source.records)]
    texts = all_cleaned([record.text.text for _, _, record in read], settings.text)
    for (file, number, record), (text, changes) in zip(read, texts, strict=True):
        stated = {role: _one_line(value, settings) for role, value in record.fields.items()}
        # What a file is called says less than what stands in it, and its title only where it holds one text.
        named = {
            role: _one_line(value, settings) for role, value in file.named.items() if role != "title" or not stated
        }
        if "title" in named:
            named["title"] = title_of(named["title"], gazetteer)
        fields = {**named, **{role: value for role, value in stated.items() if value}}
        if not fields.get("title"):
            fields["title"] = _one_line(file.source.title if file.source else "", settings)
        yield _Draft(file, number, record, fields, text, changes, placed(fields, gazetteer))


def _known_unit(unit: str, drafts: Sequence[_Draft], raw: Path) -> None:
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


def _without_repeats(drafts: Sequence[_Draft]) -> tuple[list[_Draft], list[_Draft]]:
    """The drafts, and those that say again, word for word, what the same region has said under the same title and year."""
    seen: set[tuple[str, ...]] = set()
    kept: list[_Draft] = []
    repeats: list[_Draft] = []
    for draft in drafts:
        key = (draft.placed.written, draft.fields.get("year", ""), draft.fields.get("title", ""), draft.text)
        (repeats if key in seen else kept).append(draft)
        seen.add(key)
    return kept, repeats


def spelled_out(characters: str) -> str:
    """The characters, with those that nobody sees written as \\n, \\t or \\u and their code."""
    named = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
    shown = []
    for character in characters:
        unseen = unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
        shown.append(named.get(character) or (f"\\u{ord(character):04x}" if unseen else character))
    return "".join(shown)


def _run(doc_id: str, file: str, where: Where, start: int, change: Change | None, characters: str, reason: str) -> dict:
    return {
        "doc_id": doc_id,
        "file": file,
        "kind": where.kind,
        "part": where.part,
        "line": where.line,
        "start": start,
        "end": start + len(characters),
        "removed": spelled_out(characters),
        "replacement": change.replacement if change else "",
        "reason": reason,
    }


def _nothing_to_read(files: Sequence[File], empty: Sequence[_Draft], raw: Path) -> InputError:
    """No document is left; where there are rows without a text, the first is named."""
    rows = [(draft.file.name, draft.record.text.where.line) for draft in empty]
    for file in files:
        taken = file.source.removed if file.source else ()
        rows += [(file.name, one.where.line) for one in taken if one.reason == _WITHOUT_TEXT]
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


def _cleaning(
    files: Sequence[File],
    ids: Mapping[tuple[str, int], str],
    drafts: Sequence[_Draft],
    left_out: Sequence[tuple[_Draft, str]],
) -> pd.DataFrame:
    """Every run that is in no document as it stands, in the order of the files; ``left_out``: whole texts, and why."""
    rows: list[tuple[int, int, int, dict]] = []
    place = {file.name: number for number, file in enumerate(files)}
    for file in files:
        for at, taken in enumerate(file.source.removed if file.source else ()):
            doc_id = "" if taken.record is None else ids.get((file.name, taken.record), "")
            row = _run(doc_id, file.name, taken.where, taken.start, None, taken.characters, taken.reason)
            rows.append((place[file.name], taken.where.line, at, row))
    for draft in drafts:
        where, start, text = draft.record.text.where, draft.record.text.start, draft.record.text.text
        by_line = where.kind == "line"
        for at, change in enumerate(draft.changes):
            line = where.line + (text.count("\n", 0, change.start) if by_line else 0)
            row = _run(
                ids[draft.file.name, draft.number], draft.file.name, Where(where.kind, where.part, line),
                start + change.start, change, change.removed, change.reason,
            )  # fmt: skip
            rows.append((place[draft.file.name], line, at, row))
    for draft, reason in left_out:
        cell = draft.record.text
        row = _run("", draft.file.name, cell.where, cell.start, None, cell.text, reason)
        rows.append((place[draft.file.name], cell.where.line, 0, row))
    rows.sort(key=lambda row: (row[0], row[3]["start"] if row[3]["kind"] == "line" else 0, row[1], row[2]))
    return tables.from_rows(({"run": number, **row[3]} for number, row in enumerate(rows, 1)), tables.CLEANING)


def _second_columns(file: File, settings: Settings) -> dict[str, str]:
    """Columns that say something and are called like the text or the region, for which another column was taken."""
    found: dict[str, str] = {}
    for record in file.source.records if file.source else ():
        for name, value in record.fields.items():
            if name not in ROLES and name not in found and any(map(str.isalnum, value)):
                role = role_of(name, settings.columns.headings)
                found[name] = role[0] if role else ""
    return {name: role for name, role in found.items() if role in ("text", "region")}


def _notes(
    files: Sequence[File],
    drafts: Sequence[_Draft],
    repeats: Sequence[_Draft],
    cleaning: pd.DataFrame,
    settings: Settings,
) -> Iterator[Note]:
    for file in files:
        if file.skipped:
            zh, name = _SKIPPED[file.skipped], file_names.shown(file.name)
            yield Note("skipped", f"没有读取：{zh}。", f"not read: {file.skipped}.", name)
        for column, role in _second_columns(file, settings).items():
            column = _one_line(column, settings)
            zh = f"“{column}”这一列也像{'正文' if role == 'text' else '地区'}，没有当作{'正文' if role == 'text' else '地区'}，可用作 UNIT。若应为正文或地区，请改表头。"
            en = f"the column {column} is called like the {role} too and is not taken for it; UNIT can name it. Change the header where that is wrong."
            yield Note("second column", zh, en, file.name)
        if file.source and file.source.doubt:
            zh, en = (
                "表格没有认出表头，全文按一份文本读取。",
                "its table has no header that is known; the whole file is read as one text.",
            )
            yield Note("no header", zh, en, file.name, file.source.doubt.line)
    for row in cleaning[cleaning["reason"] == _WITHOUT_TEXT].drop_duplicates(["file", "part", "line"]).itertuples():
        yield Note("no text", "这一行没有正文，未收入。", "this row has no text and is left out.", row.file, row.line)
    for row in cleaning[cleaning["reason"] == _NO_LAYER].itertuples():
        zh = f"第 {row.part} 页没有文字层（多半是扫描的图），未收入。请先用 OCR 识别。"
        en = f"page {row.part} has no text layer (most likely a scan) and is left out. Recognise its text first (OCR)."
        yield Note("page without text", zh, en, row.file)
    for draft in repeats:
        zh, en = "与前面一份文件逐字相同，只收一次。", "the same, word for word, as a document before it; taken once."
        yield Note("repeat", zh, en, draft.file.name, draft.record.text.where.line)
    told: set[str] = set()
    for draft in drafts:
        written, found = draft.placed.written, draft.placed.found
        if written in told or found.status == "found":
            continue
        told.add(written)
        line = draft.record.text.where.line
        if found.status == "former" and found.place:
            name = found.place.name
            yield Note("former", f"“{written}”是旧名，按今名“{name}”处理。", f"{written} is a former name, taken as {name}.", draft.file.name, line)  # fmt: skip
        elif found.status == "ambiguous":
            which = "、".join(place.in_full for place in found.candidates[:6])
            yield Note(
                "ambiguous",
                f"“{written}”有多个（{which}），按原名处理。可写明所属省市，如“{found.candidates[0].in_full}”。",
                f"{written} names several places ({which}); it is kept as written. Name the units above it, too.",
                draft.file.name,
                line,
            )
        elif written:
            yield Note("unknown", f"地名表里没有“{written}”，按原名处理。", f"{written} is not in the gazetteer; it is kept as written.", draft.file.name, line)  # fmt: skip
        else:
            yield Note("nowhere", "没有写明地区。", "no region is stated.", draft.file.name, line)


def _unstated(unit: str, drafts: Sequence[_Draft], units: Sequence[Unit]) -> Iterator[Note]:
    """The documents that do not say what they are compared by."""
    if unit in ("region", *LARGER):
        return
    for draft, own in zip(drafts, units, strict=True):
        if own.name == NOT_STATED[0]:
            zh, en = (
                f"没有写明 {unit}，归入“{NOT_STATED[0]}”。",
                f"{unit} is not stated; counted under {NOT_STATED[1]}.",
            )
            yield Note("not stated", zh, en, draft.file.name, draft.record.text.where.line)


def ingested(files: Sequence[File], raw: Path, gazetteer: Gazetteer, settings: Settings, unit: str) -> Ingested:
    """The tables of the files; an `InputError` where nothing can be compared."""
    doubts = [file.source.doubt for file in files if file.source and file.source.doubt]
    if doubts and not raw.is_dir():  # one text, and nothing to compare it with
        raise doubts[0]
    drafts, repeats = _without_repeats(list(_drafts(files, gazetteer, settings)))
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
        _document(draft, ids, own, int(serials[at]) if numbered else at + 1)
        for at, (draft, own) in enumerate(zip(drafts, units, strict=True))
    ]
    left_out = [(draft, "repeated document") for draft in repeats] + [(draft, _WITHOUT_TEXT) for draft in empty]
    cleaning = _cleaning(files, ids, drafts, left_out)
    taken = Counter(draft.file.name for draft in drafts)
    return Ingested(
        tables.from_rows(rows, tables.DOCUMENTS),
        tables.from_rows((_source(draft, ids) for draft in drafts), tables.SOURCES),
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
        (*_notes(files, drafts, repeats, cleaning, settings), *_unstated(unit, drafts, units)),
    )


def _columns(source: Source) -> str:
    """省市=region · 内容=text · 备注: a heading without a role is a column all the same, for UNIT=."""
    return " · ".join(f"{heading}={role}" if role else heading for heading, role in source.columns)


def _document(draft: _Draft, ids: Mapping[tuple[str, int], str], unit: Unit, serial: int) -> dict[str, object]:
    place = unit.place or draft.placed.found.place
    return {
        "doc_id": ids[draft.file.name, draft.number],
        "serial": serial,
        "region_raw": draft.placed.written or unit.name,
        "region": unit.name,
        "region_en": unit.name_en,
        "level": unit.level,
        "province": place.province if place else "",
        "adcode": place.adcode if place else "",
        "year": year_of(draft.fields.get("year", "")) or year_of(draft.fields["title"]),
        "title": draft.fields["title"],
        "text": draft.text,
    }


def _source(draft: _Draft, ids: Mapping[tuple[str, int], str]) -> dict[str, object]:
    where = draft.record.text.where
    return {
        "doc_id": ids[draft.file.name, draft.number],
        "file": draft.file.name,
        "kind": where.kind,
        "part": where.part,
        "line": where.line,
        "start": draft.record.text.start,
    }


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


def _told(notes: Sequence[Note]) -> None:
    """Prints the notes, of each kind the first ones."""
    for kind in dict.fromkeys(note.kind for note in notes):
        own = [note for note in notes if note.kind == kind]
        for note in own[:_TOLD]:
            where = note.file if note.line is None else f"{note.file}:{note.line}"
            print(f"{where}\n  提示：{note.zh}\n  Note: {note.en}", file=sys.stderr)
        if len(own) > _TOLD:
            more = len(own) - _TOLD
            print(f"  … 同类提示还有 {more} 条。 {more} more of this kind.", file=sys.stderr)


def summary_of(found: Ingested, unit: str, cleaning_csv: Path) -> Iterator[str]:
    """What was read, in lines for a person: how much, which column as what, and where to see what was left out."""
    documents, units = len(found.documents), found.documents["region"].nunique()
    zh, en = ("个地区", "regions") if unit == "region" else (f"个比较单位（{unit}）", f"units of comparison ({unit})")
    yield f"读到 {documents} 份文本，{units} {zh}。 Read: {documents} documents, {units} {en}."
    columns = [written for written in dict.fromkeys(found.files["columns"]) if written]
    for written in columns[:_TOLD]:
        named = [column.rpartition("=") for column in written.split(" · ")]
        said = [f"{heading}={_ROLES[role]} {role}" if heading else role for heading, _, role in named]
        yield f"列 columns: {spelled_out(' · '.join(said))}"
    if len(columns) > _TOLD:
        yield f"… 另有 {len(columns) - _TOLD} 种表头。 {len(columns) - _TOLD} other headers."
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
    _told(found.notes)
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
