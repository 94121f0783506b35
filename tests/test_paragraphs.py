"""Every format gives the same paragraphs; what cannot be read is one message with its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pipeline.errors import InputError
from pipeline.readers.paragraphs import TEXT_NAMES, Document, documents, files_of

TEXT = "第一段。\n\n  第二段，“引号”。\r\n　第三段\n"
PARAGRAPHS = ("第一段。", "第二段，“引号”。", "第三段")


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        list(documents(path))
    assert caught.value.file == str(path)
    return caught.value


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("a.txt", TEXT, 1),
        ("a.md", TEXT, 1),
        ("a.TXT", TEXT, 1),
        ("a.jsonl", json.dumps({"year": 2025, "full_text": TEXT}) + "\n", 1),
        ("a.jsonl", json.dumps({"text": TEXT}, ensure_ascii=False), 1),
        ("a.csv", f'year,正文\n2025,"{TEXT}"\n', 6),
        ("a.tsv", f'year\ttext\n2025\t"{TEXT}"\n', 6),
    ],
)
def test_every_format_gives_the_same_paragraphs_with_or_without_a_mark(
    name: str, content: str, line: int, bom: str, tmp_path: Path
) -> None:
    path = written(tmp_path, name, bom + content)
    assert list(documents(path)) == [Document(path, line, PARAGRAPHS)]


@pytest.mark.parametrize("name", TEXT_NAMES)
def test_the_text_is_in_the_first_column_that_has_such_a_name(name: str, tmp_path: Path) -> None:
    later = TEXT_NAMES[TEXT_NAMES.index(name) :]
    path = written(tmp_path, "a.jsonl", json.dumps({key: key for key in reversed(later)}))
    assert [document.paragraphs for document in documents(path)] == [(name,)]


def test_each_row_is_a_document_and_a_row_without_text_one_without_paragraphs(tmp_path: Path) -> None:
    rows = ['{"text": "甲"}', "", '{"text": null}', '{"text": ""}', '{"text": "乙\\n丙"}']
    path = written(tmp_path, "a.jsonl", "\n".join(rows))
    found = [(document.line, document.paragraphs) for document in documents(path)]
    assert found == [(1, ("甲",)), (3, ()), (4, ()), (5, ("乙", "丙"))]
    path = written(tmp_path, "a.csv", "region,text\r\n山东,甲\r\n浙江\r\n上海,\r\n湖南,丙,多\r\n")
    found = [(document.line, document.paragraphs) for document in documents(path)]
    assert found == [(2, ("甲",)), (3, ()), (4, ()), (5, ("丙",))]


def test_a_cell_of_any_length_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", f'text\n"{"长" * 200_000}"\n')
    assert [len(document.paragraphs[0]) for document in documents(path)] == [200_000]


def test_a_long_text_comes_in_portions_that_together_are_all_of_it(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", "".join(f"第{at}段\n\n" for at in range(2500)))
    found = list(documents(path))
    assert [len(document.paragraphs) for document in found] == [1000, 1000, 500]
    assert [document.line for document in found] == [1, 2000, 4000]
    assert [line for document in found for line in document.paragraphs] == [f"第{at}段" for at in range(2500)]


@pytest.mark.parametrize(
    ("name", "content", "line", "zh", "en"),
    [
        ("a.jsonl", '{"text": "甲"}\n\n{"text": \n', 3, "不是 JSON", "not JSON"),
        ("a.jsonl", '{"text": "甲"}\n[1]\n', 2, "不是 JSON 对象", "not a JSON object"),
        ("a.jsonl", "[" * 200_000, 1, "不是 JSON", "not JSON"),
        ("a.jsonl", '{"title": "甲"}\n', 1, "没有正文列", "no column holds the text"),
        ("a.jsonl", '{"text": "甲"}\n{"text": 5}\n', 2, "“text”不是文字", "text is not text"),
        ("a.csv", "title,year\n甲,2025\n", 2, "没有正文列", "no column holds the text"),
        ("a.csv", 'text\n甲\n"乙"丙\n', 3, "表格读不通", "not a sound table"),
        ("a.csv", 'text\n甲\n"乙\n丙\n', 4, "表格读不通", "not a sound table"),
        ("a.txt", "职业教育".encode("gb18030"), None, "不是 UTF-8", "not UTF-8"),
        ("a.csv", "text\n职业教育\n".encode("gb18030"), None, "不是 UTF-8", "not UTF-8"),
        ("a.jsonl", '{"text": "职业教育"}'.encode("gb18030"), None, "不是 UTF-8", "not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(
    name: str, content: str | bytes, line: int | None, zh: str, en: str, tmp_path: Path
) -> None:
    error = refused(written(tmp_path, name, content))
    assert error.line == line
    assert zh in error.zh
    assert en in error.en


def test_a_folder_is_all_that_can_be_read_in_it_in_order_of_name(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.jsonl", "a/c.csv", "c.MD", "picture.png", "a/notes.docx"):
        written(tmp_path, name, "甲")
    found = [path.relative_to(tmp_path).as_posix() for path in files_of(tmp_path)]
    assert found == ["a/c.csv", "a/z.jsonl", "b.txt", "c.MD"]
    assert files_of(tmp_path / "b.txt") == [tmp_path / "b.txt"]


@pytest.mark.parametrize("name", ["empty", "none", "picture.png"])
def test_where_nothing_can_be_read_the_known_formats_are_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    written(tmp_path, "picture.png", "甲")
    with pytest.raises(InputError) as caught:
        files_of(tmp_path / name)
    assert caught.value.file == str(tmp_path / name)
    assert ".jsonl" in caught.value.zh
    assert ".jsonl" in caught.value.en


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_any_text_has_the_same_paragraphs_in_json_and_in_memory(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = written(tmp_path_factory.mktemp("any"), "a.jsonl", json.dumps({"text": text}) + "\n")
    (found,) = documents(path)
    assert list(found.paragraphs) == [line.strip() for line in text.splitlines() if line.strip()]
    assert not any(separator in paragraph for paragraph in found.paragraphs for separator in "\n\r")
