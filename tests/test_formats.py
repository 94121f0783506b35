"""The same table is the same documents, whatever the format it is given in."""

from __future__ import annotations

import csv
import html
import io
import json
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
import xlsxwriter

from pipeline.errors import InputError
from pipeline.method import Gazetteer, Settings
from pipeline.readers import formats
from tests.conftest import Corpus, ingest

TITLE = "省市职教教师队伍建设经验做法简介"
HEADER = ["序号", "省市", "经验做法简介"]
PDF = Path(__file__).parent / "data" / "appendix.pdf"

Rows = list[list[str]]


def delimited(rows: Rows, encoding: str, delimiter: str = ",") -> bytes:
    written = io.StringIO()
    out = csv.writer(written, delimiter=delimiter)
    out.writerow([*HEADER, "标题"])
    out.writerows([*row, TITLE] for row in rows)
    return written.getvalue().encode(encoding)


def word(rows: Rows) -> bytes:
    document = docx.Document()
    document.add_paragraph("附件1")
    document.add_paragraph(TITLE)
    table = document.add_table(rows=0, cols=3)
    for row in [HEADER, *rows]:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def sheet(rows: Rows) -> bytes:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.merge_range(0, 0, 0, 2, TITLE)
        for at, row in enumerate([HEADER, *rows], 1):
            page.write_row(at, 0, [int(row[0]) if row[0].isdecimal() else row[0], *row[1:]])
    return written.getvalue()


def page(rows: Rows) -> bytes:
    cells = "".join(f"<tr>{''.join(f'<td>{html.escape(cell)}</td>' for cell in row)}</tr>\n" for row in [HEADER, *rows])
    return f'<html><meta charset="utf-8"><body><table><caption>{TITLE}</caption>{cells}</table></body></html>'.encode()


def lines(rows: Rows) -> bytes:
    objects = ({**dict(zip(["序号", "地区", "text"], row, strict=True)), "title": TITLE} for row in rows)
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects).encode()


WRITTEN: dict[str, Callable[[Rows], bytes]] = {
    "utf-8.csv": lambda rows: delimited(rows, "utf-8"),
    "bom.csv": lambda rows: delimited(rows, "utf-8-sig", ";"),
    "gb18030.csv": lambda rows: delimited(rows, "gb18030"),
    "utf-16.csv": lambda rows: delimited(rows, "utf-16"),
    "table.tsv": lambda rows: delimited(rows, "utf-8", "\t"),
    "table.docx": word,
    "table.xlsx": sheet,
    "table.html": page,
    "table.jsonl": lines,
}


@pytest.fixture(scope="module")
def table(corpus: Corpus) -> Rows:
    return corpus.documents[["serial", "region_raw", "text"]].astype(str).values.tolist()


@pytest.mark.parametrize("name", WRITTEN)
def test_the_appendix_is_the_same_documents_in_every_format(
    tmp_path: Path, corpus: Corpus, table: Rows, places: Gazetteer, settings: Settings, name: str
) -> None:
    raw = tmp_path / name
    raw.write_bytes(WRITTEN[name](table))
    found = ingest(raw, places, settings)
    assert found.documents.to_csv(index=False) == corpus.documents.to_csv(index=False)
    assert found.files["documents"].tolist() == [13]


def test_the_appendix_is_the_same_documents_as_a_pdf(corpus: Corpus, places: Gazetteer, settings: Settings) -> None:
    assert ingest(PDF, places, settings).documents.to_csv(index=False) == corpus.documents.to_csv(index=False)


@pytest.mark.parametrize("ending", [".txt", ".md", ".docx"])
def test_the_appendix_is_the_same_documents_as_a_folder_with_a_file_for_each_region(
    tmp_path: Path, corpus: Corpus, table: Rows, places: Gazetteer, settings: Settings, ending: str
) -> None:
    for serial, region, text in table:
        path = tmp_path / f"{serial}_{region}_{TITLE}{ending}"
        if ending == ".docx":
            document = docx.Document()
            document.add_paragraph(text)
            document.save(path)
        else:
            path.write_text(text, "utf-8")
    documents = ingest(tmp_path, places, settings).documents
    assert documents.to_csv(index=False) == corpus.documents.to_csv(index=False)


@pytest.mark.parametrize(
    ("name", "content", "zh"),
    [
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "另存为"),
        ("图.jpg", b"\xff\xd8\xff\xe0 picture", "不认识的格式"),
        ("空.docx", b" \n", "文件是空的"),
        ("假.pdf", b"not a PDF at all, only plain text", "PDF"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(settings: Settings, name: str, content: bytes, zh: str) -> None:
    with pytest.raises(InputError) as caught:
        formats.read(content, Path(name), settings.columns.headings)
    assert zh in caught.value.zh
    assert caught.value.file == name
