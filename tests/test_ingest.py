"""Raw text becomes documents with the right places, and every removed character is on record."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import tables
from pipeline.errors import InputError
from pipeline.ingest import cleaning_of, documents_of, main, refuse_one_region_under_two_names
from pipeline.method import Place
from pipeline.readers import word_table
from tests.conftest import METHOD, RAW, REGIONS, Corpus, word_table_text
from tests.make import ROOT

GAZETTEER = METHOD / "regions.csv"


@pytest.mark.parametrize(
    ("doc_id", "region", "english", "level", "province", "adcode"),
    [
        ("D01", "山东", "Shandong", "province", "山东", "370000"),
        ("D02", "浙江", "Zhejiang", "province", "浙江", "330000"),
        ("D03", "上海", "Shanghai", "municipality", "上海", "310000"),
        ("D04", "湖南", "Hunan", "province", "湖南", "430000"),
        ("D05", "广东", "Guangdong", "province", "广东", "440000"),
        ("D06", "河北", "Hebei", "province", "河北", "130000"),
        ("D07", "河南", "Henan", "province", "河南", "410000"),
        ("D08", "天津", "Tianjin", "municipality", "天津", "120000"),
        ("D09", "安徽", "Anhui", "province", "安徽", "340000"),
        ("D10", "重庆", "Chongqing", "municipality", "重庆", "500000"),
        ("D11", "宜昌", "Yichang", "prefecture-level city", "湖北", "420500"),
        ("D12", "兰州", "Lanzhou", "prefecture-level city", "甘肃", "620100"),
        ("D13", "兴安盟", "Hinggan League", "league", "内蒙古", "152200"),
    ],
)
def test_each_document_of_the_appendix_knows_its_place(
    corpus: Corpus, doc_id: str, region: str, english: str, level: str, province: str, adcode: str
) -> None:
    document = corpus.documents.set_index("doc_id").loc[doc_id]
    found = document[["region", "region_en", "level", "province", "adcode"]].tolist()
    assert found == [region, english, level, province, adcode]
    assert document["serial"] == int(doc_id[1:])


def test_the_appendix_has_thirteen_documents_and_no_other(corpus: Corpus) -> None:
    assert tuple(corpus.documents["region"]) == REGIONS


def test_the_cleaning_log_holds_the_bookmark_the_title_and_the_header(corpus: Corpus) -> None:
    taken = corpus.cleaning[~corpus.cleaning["reason"].isin(["structure", "blank"])]
    assert taken[["doc_id", "removed", "reason"]].values.tolist() == [
        ["", "附件1", "title"],
        ["", "省市职教教师队伍建设经验做法简介", "title"],
        ["", "\\t序号", "header"],
        ["", "\\t省市", "header"],
        ["", "\\t经验做法简介", "header"],
        ["D03", "[bookmark: _GoBack]", "bookmark"],
    ]


def test_the_raw_file_is_the_documents_and_the_cleaning_log_and_nothing_else(corpus: Corpus) -> None:
    raw = RAW.read_text("utf-8")
    left, at = "", 0
    for run in corpus.cleaning.itertuples():
        assert at <= run.start < run.end
        assert run.removed == raw[run.start : run.end].replace("\n", "\\n").replace("\t", "\\t")
        left, at = left + raw[at : run.start], run.end
    left += raw[at:]
    assert left == "".join(f"{row.serial}{row.region_raw}{row.text}" for row in corpus.documents.itertuples())


def test_a_place_in_a_document_leads_back_to_its_place_in_the_raw_file(corpus: Corpus) -> None:
    raw = RAW.read_text("utf-8")
    for document in corpus.documents.itertuples():
        inside = corpus.cleaning[
            (corpus.cleaning["doc_id"] == document.doc_id) & (corpus.cleaning["start"] >= document.source_start)
        ]
        skipped = int((inside["end"] - inside["start"]).sum())
        end = document.source_start + skipped + len(document.text)
        assert raw[document.source_start : end].replace("[bookmark: _GoBack]", "") == document.text
        assert raw.splitlines()[document.source_line - 1].endswith(document.text)


def read_documents(tmp_path: Path, places: tuple[Place, ...], text: str) -> list[dict[str, object]]:
    raw = tmp_path / "raw.txt"
    raw.write_text(text, "utf-8")
    return documents_of(word_table.read(raw), places).to_dict("records")


@pytest.mark.parametrize(
    ("written", "region", "level"),
    [
        ("山东省", "山东", "province"),
        ("内蒙古自治区", "内蒙古", "autonomous region"),
        ("沪", "上海", "municipality"),
        ("兴 安 盟", "兴安盟", "league"),
        ("某县", "某县", "unknown"),
        ("宁", "宁夏", "autonomous region"),
    ],
)
def test_a_region_is_known_by_full_name_short_name_and_alias(
    tmp_path: Path, places: tuple[Place, ...], written: str, region: str, level: str
) -> None:
    document = read_documents(tmp_path, places, word_table_text([(written, "文字。")]))[0]
    assert (document["region_raw"], document["region"], document["level"]) == (written, region, level)


def test_an_unknown_region_keeps_its_name_and_has_no_code(tmp_path: Path, places: tuple[Place, ...]) -> None:
    document = read_documents(tmp_path, places, word_table_text([("某县", "文字。")]))[0]
    assert (document["region_en"], document["province"], document["adcode"]) == ("某县", "", "")


def test_an_unknown_region_is_noted_in_both_languages_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = tmp_path / "raw.txt"
    raw.write_text(word_table_text([("山东", "文字。"), ("某县", "另一段。")]), "utf-8")
    main(raw, GAZETTEER, tmp_path / "documents.csv", tmp_path / "cleaning.csv")
    said = capsys.readouterr().err
    # title 1, header 2-4, empty 5, row one 6-8, empty 9, row two 10-12: its text stands in line 12
    assert said.startswith(f"{raw}:12\n")
    assert "地名表里没有“某县”" in said
    assert "某县 is not in the gazetteer" in said
    assert "山东" not in said


def test_control_characters_are_spelled_out_in_the_cleaning_log(tmp_path: Path) -> None:
    raw = tmp_path / "raw.txt"
    raw.write_bytes("\ufeff\t1\r\n\t山东\r\n\t文字。\r\n".encode())
    removed = cleaning_of(word_table.read(raw))["removed"].tolist()
    assert removed == ["\\ufeff", "\\t", "\\r\\n\\t", "\\r\\n\\t", "\\r\\n"]


def test_a_repeated_row_is_in_the_cleaning_log_and_not_in_the_documents(tmp_path: Path) -> None:
    raw = tmp_path / "raw.txt"
    raw.write_text(word_table_text([("山东", "文字。"), ("山东", "文字。")]), "utf-8")
    main(raw, GAZETTEER, tmp_path / "documents.csv", tmp_path / "cleaning.csv")
    assert len(tables.read(tmp_path / "documents.csv", tables.DOCUMENTS)) == 1
    cleaning = tables.read(tmp_path / "cleaning.csv", tables.CLEANING)
    repeated = cleaning[cleaning["reason"] == "repeated row"]
    assert repeated[["line", "removed"]].values.tolist() == [[10, "\\t2\\n\\t山东\\n\\t文字。"]]


BAD_INPUT = {
    "empty file": (b"", 1, "文件是空的", "the file is empty"),
    "missing file": (None, None, "找不到这个文件", "no such file"),
    "two cells": (
        word_table_text([("山东", "文字。")]).encode() + "\t2\n\t浙江\n".encode(),
        10,
        "2 个单元格",
        "2 cells",
    ),
    "empty summary": (word_table_text([("山东", "")]).encode(), 8, "简介是空的", "the summary of 山东 is empty"),
    "region twice": (
        word_table_text([("山东", "文字。"), ("山东", "别的。")]).encode(),
        11,
        "已有另一段文字",
        "has another text in line 7",
    ),
    "gb18030": (word_table_text([("山东", "文字。")]).encode("gb18030"), 1, "看来是 GB18030", "it looks like GB18030"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_ends_with_one_message_and_leaves_earlier_output_alone(tmp_path: Path, case: str) -> None:
    content, line, zh, en = BAD_INPUT[case]
    raw, outputs = tmp_path / "raw.txt", [tmp_path / "documents.csv", tmp_path / "cleaning.csv"]
    if content is not None:
        raw.write_bytes(content)
    for output in outputs:
        output.write_bytes(b"earlier")
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.ingest", raw, GAZETTEER, *outputs],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith(f"{raw}:{line}\n" if line else f"{raw}\n")
    assert zh in done.stderr
    assert en in done.stderr
    assert [output.read_bytes() for output in outputs] == [b"earlier", b"earlier"]
    assert sorted(tmp_path.iterdir()) == sorted([*outputs, raw] if content is not None else outputs)


def test_one_region_under_two_names_is_refused_with_both_lines(tmp_path: Path, places: tuple[Place, ...]) -> None:
    raw = tmp_path / "raw.txt"
    raw.write_text("\t序号\n\t省市\n\t内容\n\n\t1\n\t山东\n\t甲乙。\n\n\t2\n\t山东省\n\t丙丁。\n", "utf-8")
    documents = documents_of(word_table.read(raw), places)
    with pytest.raises(InputError) as caught:
        refuse_one_region_under_two_names(documents, raw)
    assert caught.value.line == 11
    assert "7" in caught.value.zh
    assert "山东省" in caught.value.en
