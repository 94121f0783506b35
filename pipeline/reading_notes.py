"""What the researcher should know about the files that were read, and nothing that stops the run."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.drafts import WITHOUT_TEXT, Draft, File, one_line
from pipeline.method import Settings
from pipeline.readers import ROLES, file_names
from pipeline.readers.tabular import role_of
from pipeline.units import LARGER, NOT_STATED, Unit

# Why a file of a folder is not read, in Chinese.
SKIPPED = {
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
_NO_LAYER = "page without text"
TOLD = 12  # notes of one kind that are printed; the tables hold all


@dataclass(frozen=True)
class Note:
    """Something the researcher should know, and nothing that stops the run."""

    kind: str
    zh: str
    en: str
    file: str
    line: int | None = None


def _second_columns(file: File, settings: Settings) -> dict[str, str]:
    """Columns that say something and are called like the text or the region, for which another column was taken."""
    found: dict[str, str] = {}
    for record in file.source.records if file.source else ():
        for name, value in record.fields.items():
            if name not in ROLES and name not in found and any(map(str.isalnum, value)):
                role = role_of(name, settings.columns.headings)
                found[name] = role[0] if role else ""
    return {name: role for name, role in found.items() if role in ("text", "region")}


def notes_of(
    files: Sequence[File],
    drafts: Sequence[Draft],
    repeats: Sequence[Draft],
    cleaning: pd.DataFrame,
    settings: Settings,
) -> Iterator[Note]:
    for file in files:
        if file.skipped:
            zh, name = SKIPPED[file.skipped], file_names.shown(file.name)
            yield Note("skipped", f"没有读取：{zh}。", f"not read: {file.skipped}.", name)
        for column, role in _second_columns(file, settings).items():
            column = one_line(column, settings)
            zh = f"“{column}”这一列也像{'正文' if role == 'text' else '地区'}，没有当作{'正文' if role == 'text' else '地区'}，可用作 UNIT。若应为正文或地区，请改表头。"
            en = f"the column {column} is called like the {role} too and is not taken for it; UNIT can name it. Change the header where that is wrong."
            yield Note("second column", zh, en, file.name)
        if file.source and file.source.doubt:
            zh, en = (
                "表格没有认出表头，全文按一份文本读取。",
                "its table has no header that is known; the whole file is read as one text.",
            )
            yield Note("no header", zh, en, file.name, file.source.doubt.line)
    for row in cleaning[cleaning["reason"] == WITHOUT_TEXT].drop_duplicates(["file", "part", "line"]).itertuples():
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


def unstated(unit: str, drafts: Sequence[Draft], units: Sequence[Unit]) -> Iterator[Note]:
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


def told(notes: Sequence[Note], more: Mapping[str, int] | None = None) -> None:
    """Prints the notes, of each kind the first ones; ``more``: how many of a kind there are beside these."""
    for kind in dict.fromkeys(note.kind for note in notes):
        own = [note for note in notes if note.kind == kind]
        for note in own[:TOLD]:
            where = note.file if note.line is None else f"{note.file}:{note.line}"
            print(f"{where}\n  提示：{note.zh}\n  Note: {note.en}", file=sys.stderr)
        left = len(own) - min(len(own), TOLD) + (more or {}).get(kind, 0)
        if left:
            print(f"  … 同类提示还有 {left} 条。 {left} more of this kind.", file=sys.stderr)
