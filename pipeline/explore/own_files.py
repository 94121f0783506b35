"""Files of one's own: read as `make all` would read them, in seconds and without a file being written, and examples to try that with."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from pipeline.errors import InputError
from pipeline.explore.cutting import here_or_above, likeness_of, tokens_of
from pipeline.explore.lookups import Tables
from pipeline.method import (
    Gazetteer,
    Settings,
    load_dictionary,
    load_gazetteer,
    load_settings,
    resolve,
    settings_of,
)

_LARGE = ("province", "municipality", "autonomous region", "special administrative region")


def _settings(default: Path, method: Path | None) -> Settings:
    from pipeline.overlay import in_force

    if method is None:
        return load_settings(default)
    text = in_force(default, method)
    return settings_of(tomllib.loads(text), method / "settings.toml", text)


def preview(raw: str | Path, unit: str = "region", method: str | Path | None = None) -> dict[str, pd.DataFrame]:
    """A file or folder as `make all` would read it: what is a document, what is left out, keywords, likeness, shared passages.

    ``unit`` and ``method`` are what UNIT= and METHOD= name. Files bear their names
    from the folder on in which ``raw`` lies. Nothing is drawn anew, grouped or
    written: for how sure any of it is, run `make all`. What it would refuse is
    refused with the same message.
    """
    # Only who asks for it waits for these to load.
    from pipeline.ingest import gathered, ingested
    from pipeline.measures import measures_of
    from pipeline.segment import refuse_without_words
    from pipeline.shared_passages import shared_of

    default, raw = here_or_above("method/settings.toml"), here_or_above(raw)
    chosen = None if method is None else here_or_above(method)

    def of_method(name: str) -> Path:
        own = default.parent if chosen is None or not (chosen / name).exists() else chosen
        return own / name

    settings = _settings(default, chosen)
    read = ingested(gathered(raw, settings), raw, load_gazetteer(of_method("regions.csv")), settings, unit)
    measures = measures_of(read.documents, headline_max=settings.measures.headline_max)
    tokens = tokens_of(measures, load_dictionary(of_method("user_dict.txt")), of_method, settings)
    refuse_without_words(tokens, raw)
    found = likeness_of(tokens, measures, settings)
    shared = shared_of(read.documents, measures, tokens, found["similarity"], settings)
    notes = pd.DataFrame(
        [(note.file, note.line, note.zh, note.en) for note in read.notes],
        columns=["file", "row", "message", "message_en"],
    )
    return {
        "documents": read.documents,
        "sources": _shortened(read.sources, raw),
        "files": _shortened(read.files, raw),
        "cleaning": _shortened(read.cleaning, raw),
        "notes": _shortened(notes, raw).astype({"row": "Int64"}),
        "measures": measures,
        "tokens": tokens,
        **found,
        **dict(zip(("shared_passages", "shared_regions", "shared_effect", "near_duplicates"), shared, strict=True)),
    }


def _short(file: str, raw: Path) -> str:
    return file.removeprefix(f"{raw.parent.as_posix()}/")


def _shortened(frame: pd.DataFrame, raw: Path) -> pd.DataFrame:
    return frame.assign(file=[_short(file, raw) for file in frame["file"]])


def refusal(raw: str | Path, unit: str = "region", method: str | Path | None = None) -> pd.DataFrame:
    """What `make all` would say instead of reading this: one row with file, row and message; no row where it reads it."""
    rows = []
    try:
        preview(raw, unit, method)
    except InputError as error:
        rows.append((_short(error.file, here_or_above(raw)), error.line, error.zh, error.en))
    return pd.DataFrame(rows, columns=["file", "row", "message", "message_en"]).astype({"row": "Int64"})


def notes(tables: Tables) -> pd.DataFrame:
    """What `make all` would remark on a preview's files and go on: files not read, tables without a header, rows without text, names not found."""
    return tables["notes"]


def place_names(*written: str, within: str = "") -> pd.DataFrame:
    """What the gazetteer makes of names: one row each. ``within``: what another column says, such as the province.

    ``status``: found, former, ambiguous (then ``candidates`` are the units of
    that name, and a text keeps the name as written), or unknown.
    """
    gazetteer = load_gazetteer(here_or_above("method/regions.csv"))
    return pd.DataFrame([_place_name(gazetteer, name, within) for name in written])


def _place_name(gazetteer: Gazetteer, written: str, within: str) -> dict[str, str]:
    found = resolve(gazetteer, written, within=within)
    place = found.place
    others = () if place else found.candidates
    return {
        "region_raw": written,
        "status": found.status,
        "region": place.short if place else written,
        "region_en": place.name_en if place else "",
        "level": place.level if place else "",
        "province": place.province if place else "",
        "adcode": place.adcode if place else "",
        "candidates": "、".join(other.in_full for other in others),
    }


def example_files(tables: Tables) -> tuple[Path, Path, Path, Path]:
    """Files as somebody might have them, in a temporary folder that goes when Python ends; every text is the corpus's own.

    A Word file with a table (several regions, one without a text, a note below);
    a folder with two files for each of three regions, the whole text and an
    extract; a Word file with headings that nobody could guess; the folder of a
    method that names these headings.
    """
    folder = Path(tempfile.mkdtemp(prefix="jingyan-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    texts = tables["documents"]
    title = str(texts["title"].iloc[0])
    some = texts[texts["region"].isin(["山东", "浙江", "上海", "宜昌", "兴安盟"])]
    rows = [
        (str(number), row.region_raw, "省级" if row.level in _LARGE else "地级", row.text)
        for number, row in enumerate(some.itertuples(), 1)
    ]
    rows[0] = (*rows[0][:3], rows[0][3].replace("，", "，\u200b", 1))  # as texts have it that come from web pages
    rows.append((str(len(rows) + 1), "重庆市", "省级", ""))
    word = folder / "my-regions.docx"
    _word_table(word, title, ("序号", "省市", "层级", "经验做法简介"), rows, "注：选自附件。")
    several = folder / "by-province"
    several.mkdir()
    for row in some.head(3).itertuples():
        first = "；".join(_measures(tables, row.doc_id)[:2])
        _word_text(several / f"{row.region}_全文.docx", (title, row.text))
        (several / f"{row.region}_摘录.txt").write_text(f"{title}\n{first}。\n", "utf-8")
    (several / "~$山东_全文.docx").write_bytes(b"Word")
    (several / "照片.jpg").write_bytes(b"\xff\xd8\xff")
    renamed = folder / "other-headings.docx"
    _word_table(renamed, title, ("来源地", "材料"), [(name, text) for _, name, _, text in rows[1:-1]], "")
    method = folder / "my-headings"
    method.mkdir()
    (method / "settings.toml").write_text('[columns]\nregion = ["来源地"]\ntext = ["材料"]\n', "utf-8")
    return word, several, renamed, method


def _measures(tables: Tables, doc_id: str) -> list[str]:
    measures = tables["measures"]
    return measures.loc[measures["doc_id"] == doc_id, "text"].tolist()


def _word_table(path: Path, title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], note: str) -> None:
    from docx import Document

    document = Document()
    document.sections[0].header.paragraphs[0].text = "附件"
    document.add_paragraph(title)
    table = document.add_table(rows=0, cols=len(heads))
    for row in (heads, *rows):
        for cell, written in zip(table.add_row().cells, row, strict=True):
            cell.text = written
    if note:
        last = table.add_row().cells
        last[0].merge(last[-1]).text = note
    document.save(str(path))


def _word_text(path: Path, paragraphs: Iterable[str]) -> None:
    from docx import Document

    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(path))
