"""Raw text becomes documents with the right places, and every removed character is on record."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import tables
from pipeline.drafts import spelled_out
from pipeline.errors import InputError
from pipeline.ingest import Ingested, main, summary_of
from pipeline.method import Gazetteer, Settings
from tests import pdf
from tests.conftest import METHOD, RAW, REGIONS, Corpus, ingest, word_table_text
from tests.containers import paragraph, table, word
from tests.make import ROOT

GAZETTEER, SETTINGS = METHOD / "regions.csv", METHOD / "settings.toml"
Read = Callable[..., Ingested]
OUTPUTS = ("documents.csv", "sources.csv", "files.csv", "cleaning.csv", "scale.csv")


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
        ["", "序号", "header"],
        ["", "省市", "header"],
        ["", "经验做法简介", "header"],
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
    sources = corpus.sources.set_index("doc_id")
    for document in corpus.documents.itertuples():
        source = sources.loc[document.doc_id]
        assert (source["file"], source["kind"], source["part"]) == (RAW.as_posix(), "line", "")
        inside = corpus.cleaning[
            (corpus.cleaning["doc_id"] == document.doc_id) & (corpus.cleaning["start"] >= source["start"])
        ]
        skipped = int((inside["end"] - inside["start"]).sum())
        end = source["start"] + skipped + len(document.text)
        assert raw[source["start"] : end].replace("[bookmark: _GoBack]", "") == document.text
        assert raw.splitlines()[source["line"] - 1].endswith(document.text)


@pytest.fixture
def read(tmp_path: Path, places: Gazetteer, settings: Settings) -> Read:
    """Files of a folder, by name -> what is read of them."""

    def run(files: dict[str, str | bytes], unit: str = "region") -> Ingested:
        raw = tmp_path / "corpus"
        for name, content in files.items():
            path = raw / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return ingest(raw, places, settings, unit)

    return run


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
def test_a_region_is_known_by_full_name_short_name_and_alias(read: Read, written: str, region: str, level: str) -> None:
    document = read({"表.txt": word_table_text([(written, "文字。")])}).documents.iloc[0]
    assert (document["region_raw"], document["region"], document["level"]) == (written, region, level)


def test_an_unknown_region_keeps_its_name_and_has_no_code(read: Read) -> None:
    document = read({"表.txt": word_table_text([("某县", "文字。")])}).documents.iloc[0]
    assert (document["region_en"], document["province"], document["adcode"]) == ("某县", "", "")


def test_an_unknown_region_is_noted_in_both_languages_with_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = tmp_path / "raw.txt"
    raw.write_text(word_table_text([("山东", "文字。"), ("某县", "另一段。")]), "utf-8")
    main(raw, Path("region"), GAZETTEER, SETTINGS, *(tmp_path / name for name in OUTPUTS), tmp_path / "corpus")
    said = capsys.readouterr().err
    # title 1, header 2-4, empty 5, row one 6-8, empty 9, row two 10-12: its text stands in line 12
    assert said.startswith(f"{raw}:12\n")
    assert "地名表里没有“某县”" in said
    assert "某县 is not in the gazetteer" in said
    assert "山东" not in said


def test_a_county_name_of_several_places_is_kept_as_written_and_its_candidates_are_named(read: Read) -> None:
    found = read({"表.csv": "地区,正文\n城关区,文字。\n山东,另一段。\n"})
    assert found.documents["region"].tolist() == ["城关区", "山东"]
    note = next(note for note in found.notes if note.kind == "ambiguous")
    assert "西藏拉萨城关区、甘肃兰州城关区" in note.zh
    assert "如“西藏拉萨城关区”" in note.zh


def test_a_column_of_provinces_decides_between_places_of_one_name(read: Read) -> None:
    found = read({"表.csv": "省,区县,正文\n甘肃省,城关区,甲文字。\n西藏自治区,城关区,乙文字。\n"})
    assert found.documents["adcode"].tolist() == ["620102", "540102"]
    assert found.documents["region"].tolist() == ["兰州城关", "拉萨城关"]  # told apart


def test_a_former_name_is_taken_as_the_present_one_and_noted(read: Read) -> None:
    found = read({"表.csv": "地区,正文\n襄樊市,文字。\n"})
    assert found.documents["region"].tolist() == ["襄阳"]
    assert [note.kind for note in found.notes] == ["former"]


def test_invisible_characters_are_spelled_out_in_the_cleaning_log() -> None:
    assert spelled_out("甲\t\r\n\u200b\ufeff乙\u202e") == "甲\\t\\r\\n\\u200b\\ufeff乙\\u202e"


def test_a_document_repeated_word_for_word_is_taken_once_and_listed(read: Read) -> None:
    found = read({"表.txt": word_table_text([("山东", "文字。"), ("浙江", "另一段。"), ("山东", "文字。")])})
    assert found.documents["region"].tolist() == ["山东", "浙江"]
    repeated = found.cleaning[found.cleaning["reason"] == "repeated document"]
    assert repeated[["line", "removed"]].values.tolist() == [[16, "文字。"]]
    assert [note.kind for note in found.notes] == ["repeat"]


def test_several_documents_of_a_region_under_two_names_are_pooled(read: Read) -> None:
    found = read({"表.txt": word_table_text([("山东", "甲乙。"), ("山东省", "丙丁。"), ("浙江", "戊己。")])})
    assert found.documents["region"].tolist() == ["山东", "山东", "浙江"]
    assert found.documents["region_raw"].tolist() == ["山东", "山东省", "浙江"]
    assert found.documents["doc_id"].tolist() == ["D01", "D02", "D03"]


def test_what_is_cleaned_from_a_text_is_listed_with_its_place_and_what_took_it(read: Read) -> None:
    found = read({"表.csv": "地区,正文\n山东,２０２５年\u200b规划。\n"})
    assert found.documents["text"].tolist() == ["2025年规划。"]
    rows = found.cleaning[["doc_id", "kind", "line", "start", "end", "removed", "replacement", "reason"]]
    assert rows[rows["doc_id"] == "D01"].values.tolist() == [
        ["D01", "line", 2, 0, 4, "２０２５", "2025", "compatibility form"],
        ["D01", "line", 2, 5, 6, "\\u200b", "", "invisible character"],
    ]


def test_a_folder_is_read_in_natural_order_with_what_the_names_say(read: Read) -> None:
    found = read({
        "10_浙江省_经验_2024.txt": "浙江的正文。", "2_湖北省宜昌市_做法_2023.txt": "宜昌的正文。", "2022/上海市.md": "上海的正文。",
        "~$草稿.docx": "x", "照片.jpg": "x",
    })  # fmt: skip
    assert found.documents[["serial", "region", "year", "text"]].values.tolist() == [
        [1, "宜昌", "2023", "宜昌的正文。"],
        [2, "浙江", "2024", "浙江的正文。"],
        [3, "上海", "2022", "上海的正文。"],
    ]
    skipped = found.files[found.files["skipped"] != ""]
    assert sorted(skipped["skipped"]) == ["lock file", "unknown ending"]
    assert {note.kind for note in found.notes} == {"skipped"}


def test_files_that_are_not_read_stand_in_the_tables_that_are_written(tmp_path: Path) -> None:
    """Nearly every folder has one: .DS_Store, Thumbs.db, ~$…"""
    raw, outputs = tmp_path / "corpus", [tmp_path / name for name in OUTPUTS]
    raw.mkdir()
    (raw / "山东_经验.txt").write_text("文字。", "utf-8")
    (raw / ".DS_Store").write_bytes(b"x")
    main(raw, Path("region"), GAZETTEER, SETTINGS, *outputs, tmp_path / "corpus")
    files = tables.read(outputs[2], tables.FILES)
    assert files[["documents", "skipped"]].values.tolist() == [[0, "system file"], [1, ""]]
    assert files["sha256"].str.len().tolist() == [0, 64]


def test_a_page_without_text_is_noted_and_stands_in_the_table_that_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, outputs = tmp_path / "山东.pdf", [tmp_path / name for name in OUTPUTS]
    raw.write_bytes(pdf.pdf([pdf.text(40, 300, "一是建立制度。二是加强培训。"), pdf.PICTURE]))
    main(raw, Path("region"), GAZETTEER, SETTINGS, *outputs, tmp_path / "corpus")
    said = capsys.readouterr().err
    assert "第 2 页没有文字层" in said
    assert "Recognise its text first" in said
    cleaning = tables.read(outputs[3], tables.CLEANING)
    assert cleaning[["part", "removed", "reason"]].values.tolist() == [["2", "", "page without text"]]


@pytest.mark.parametrize(("number", "serial"), [("9" * 9, 999_999_999), ("9" * 10, 1), ("9" * 5000, 1), ("²", 1)])
def test_a_number_too_long_to_be_a_serial_number_is_none(read: Read, number: str, serial: int) -> None:
    assert read({"表.csv": f"序号,地区,正文\n{number},山东,文字。\n"}).documents["serial"].tolist() == [serial]


@pytest.mark.parametrize(
    ("table", "column", "zh", "en"),
    [
        ("地区,正文,内容\n山东,甲文。,乙文。\n", "内容", "也像正文", "called like the text"),
        ("地区,正文,正文\n山东,甲文。,乙文。\n", "正文", "也像正文", "called like the text"),
        ("地区,省市,正文\n山东,浙江,甲文。\n", "省市", "也像地区", "called like the region"),
    ],
)
def test_a_second_column_of_texts_or_regions_is_noted(read: Read, table: str, column: str, zh: str, en: str) -> None:
    [note] = [note for note in read({"表.csv": table}).notes if note.kind == "second column"]
    assert column in note.zh
    assert column in note.en
    assert zh in note.zh
    assert en in note.en
    assert note.file.endswith("表.csv")


def test_a_column_of_another_meaning_or_without_a_word_is_not_noted(read: Read) -> None:
    found = read({"表.csv": "地区,省,正文,内容,备注\n济南,山东,甲文。,,乙。\n"})
    assert [note.kind for note in found.notes] == []


def test_a_name_that_no_table_can_hold_is_told_to_be_changed(tmp_path: Path, read: Read) -> None:
    (tmp_path / "corpus").mkdir()
    name = os.path.join(os.fsencode(tmp_path), b"corpus", "山东".encode("gb18030") + b".txt")
    with open(name, "wb") as file:
        file.write("文字。".encode())
    with pytest.raises(InputError, match="Rename the file") as caught:
        read({"浙江.txt": "文字。"})
    assert "\\udcb6" in caught.value.zh
    str(caught.value).encode("utf-8")  # itself written in characters that can be printed


@pytest.mark.parametrize(
    ("unit", "units", "levels"),
    [
        ("region", ["宜昌", "武汉", "浙江"], ["prefecture-level city", "prefecture-level city", "province"]),
        ("province", ["湖北", "湖北", "浙江"], ["province"] * 3),
        ("year", ["2023", "2024", "2024"], ["year"] * 3),
        ("title", ["甲", "乙", "丙"], ["title"] * 3),
        ("部门", ["教育厅", "人社厅", "未注明"], ["column"] * 3),
    ],
)
def test_documents_are_pooled_by_the_unit_that_is_asked_for(
    read: Read, unit: str, units: list[str], levels: list[str]
) -> None:
    table = (
        "地区,日期,标题,部门,正文\n宜昌市,2023-05-01,甲,教育厅,一。\n武汉市,2024年,乙,人社厅,二。\n浙江,2024,丙,,三。\n"
    )
    documents = read({"表.csv": table}, unit).documents
    assert documents["region"].tolist() == units
    assert documents["level"].tolist() == levels


def test_a_unit_that_no_document_has_is_refused_with_the_columns_that_there_are(read: Read) -> None:
    with pytest.raises(InputError) as caught:
        read({"表.csv": "地区,部门,正文,科室\n山东,教育厅,一。,甲\n"}, "处室")
    assert "一列：科室、部门。" in caught.value.zh
    with pytest.raises(InputError, match="column of the source: —"):
        read({"a/山东.txt": "一。", "表.csv": "地区,正文\n山东,二。\n"}, "处室")


def test_a_unit_that_some_documents_do_not_state_is_noted_and_one_that_none_states_is_refused(read: Read) -> None:
    found = read({"表.csv": "地区,年份,正文\n山东,2023,一。\n浙江,,二。\n"}, "year")
    assert [(note.kind, note.line) for note in found.notes] == [("not stated", 3)]
    assert found.documents["region"].tolist() == ["2023", "未注明"]
    with pytest.raises(InputError, match="UNIT=year: no document states it"):
        read({"表.csv": "地区,年份,正文\n山东,,一。\n浙江,,二。\n"}, "year")


@pytest.mark.parametrize(
    ("name", "content", "columns"),
    [
        ("表.csv", "备注,省（区、市）,县（市、区）,做法\n甲,浙江,鄞州区,一。\n", "备注 · 省（区、市）=province · 县（市、区）=region · 做法=text"),
        ("表.csv", "地区,内容,内容\n浙江,一。,二。\n", "地区=region · 内容=text · 内容"),
        ("表.jsonl", '{"region": "浙江", "source": "x", "text": "一。"}\n{"text": "二。", "region": "山东", "year": 2020}\n', "region=region · source · text=text · year=year"),
        ("浙江.txt", "一。", ""),
    ],
)  # fmt: skip
def test_each_file_comes_with_its_headings_and_what_each_was_taken_for(
    read: Read, name: str, content: str, columns: str
) -> None:
    assert read({name: content}).files["columns"].tolist() == [columns]


@pytest.mark.parametrize("heading", ["县（市、区）", "县", "区县", "县市区", "旗（县、区）", "县市区名称"])
def test_a_column_of_counties_is_the_region_and_those_above_it_tell_namesakes_apart(read: Read, heading: str) -> None:
    found = read({"表.csv": f"省,地级市,{heading},做法\n江苏,南京市,鼓楼区,一。\n福建,福州市,鼓楼区,二。\n"})
    assert found.documents["adcode"].tolist() == ["320106", "350102"]


def test_a_table_in_traditional_characters_has_a_header_too(read: Read) -> None:
    found = read({"表.csv": "縣市,標題,發布日期,內容\n山东,甲,2020年,一。\n"})
    assert found.files["columns"].tolist() == ["縣市=region · 標題=title · 發布日期=year · 內容=text"]


def test_what_was_read_is_told_with_the_columns_and_where_what_was_left_out_is_listed(read: Read) -> None:
    found = read({"表.csv": "省市,备注,正文\n山东,甲,一。\n浙江,乙,\n山东,丙,\u200b二。\n", "上海.txt": "三。"})
    assert list(summary_of(found, "region", Path("cleaning.csv"))) == [
        "读到 3 份文本，2 个地区。 Read: 3 documents, 2 regions.",
        "列 columns: 省市=地区 region · 备注 · 正文=正文 text",
        "未收入或有改动：3 处 left out or changed: 3 -> cleaning.csv",  # 浙江 and 乙 of the row without text, \u200b
    ]
    assert "2 个比较单位（year）" in next(summary_of(found, "year", Path("cleaning.csv")))


def test_a_word_table_whose_header_is_unknown_is_refused_alone_and_noted_among_others(
    read: Read, tmp_path: Path, places: Gazetteer, settings: Settings
) -> None:
    unknown = word(table(("来源地", "材料"), ("山东", "一。"), ("浙江", "二。")))
    framed = word(table(("甲省的经验：一。二。三。",), ("四。",)))
    form = word(paragraph("本地区的做法与成效说明如下。") + table(("校名", "人数"), ("甲校", "20")))
    found = read({"山东.docx": unknown, "浙江.docx": framed, "上海.docx": form})
    assert [(note.kind, Path(note.file).name, note.line) for note in found.notes] == [("no header", "山东.docx", 1)]
    assert found.documents["text"].tolist()[1] == "来源地\n材料\n山东\n一。\n浙江\n二。"
    with pytest.raises(InputError, match=r"no header row.*“来源地”、“材料”.*\[columns\]") as caught:
        ingest(tmp_path / "corpus" / "山东.docx", places, settings)
    assert caught.value.line == 1
    assert len(ingest(tmp_path / "corpus" / "浙江.docx", places, settings).documents) == 1


def test_of_many_headers_the_first_are_told_and_the_others_counted(read: Read) -> None:
    files = {f"{number}.csv": f"地区,栏{number},正文\n山东,甲,第{number}篇。\n" for number in range(14)}
    said = list(summary_of(read(files), "region", Path("cleaning.csv")))
    assert len(said) == 14
    assert "栏11" in said[12]
    assert said[13] == "… 另有 2 种表头。 2 other headers."


BAD_INPUT = {
    "empty file": (b"", None, "文件是空的", "the file is empty"),
    "missing file": (None, None, "找不到这个文件", "no such file"),
    "two cells": (
        word_table_text([("山东", "文字。")]).encode() + "\t2\n\t浙江\n".encode(),
        10,
        "2 个单元格",
        "2 cells",
    ),
    "no text at all": (word_table_text([("山东", "")]).encode(), 6, "没有可用的正文", "no document with a text"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_ends_with_one_message_and_leaves_earlier_output_alone(tmp_path: Path, case: str) -> None:
    content, line, zh, en = BAD_INPUT[case]
    raw, outputs = tmp_path / "raw.txt", [tmp_path / name for name in OUTPUTS]
    if content is not None:
        raw.write_bytes(content)
    for output in outputs:
        output.write_bytes(b"earlier")
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.ingest", raw, "region", GAZETTEER, SETTINGS, *outputs, tmp_path / "corpus"],
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
    assert [output.read_bytes() for output in outputs] == [b"earlier"] * 5
    assert sorted(tmp_path.iterdir()) == sorted([*outputs, raw] if content is not None else outputs)
