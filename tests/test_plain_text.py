"""Prose is one record; markup goes and is listed; what is kept and what is removed are the whole file."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pipeline.readers import Source, plain_text
from pipeline.readers.plain_text import looks_like_word_table
from tests.appendix import HEADINGS, ROWS, refused
from tests.make import ROOT


def read(text: str, name: str = "a.txt", codec: str = "utf-8") -> Source:
    return plain_text.read(text.encode(codec), Path(name), HEADINGS)


def markdown(text: str) -> str:
    return read(text, "a.md").records[0].text.text


def everything(source: Source, text: str) -> None:
    """The rule of offsets: the record and the removed runs are the file, each character once."""
    cell = source.records[0].text
    kept: list[str | None] = list(text)
    for run in source.removed:
        assert text[run.start : run.end] == run.characters != ""
        assert run.where.line == 1 + text.count("\n", 0, run.start)
        assert all(kept[at] is not None for at in range(run.start, run.end)), "twice"
        kept[run.start : run.end] = [None] * (run.end - run.start)
    left = [at for at, character in enumerate(kept) if character is not None]
    assert "".join(text[at] for at in left) == cell.text
    assert left[0] == cell.start
    for run in source.removed:
        assert (run.record == 0) == (cell.start <= run.start <= left[-1])


@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16"])
def test_the_text_is_the_file_without_outer_blanks(codec: str) -> None:
    body = "\r\n\r\n".join(f"　　{row[2]}" for row in ROWS)
    source = read(f"\r\n{body} \r\n", codec=codec)
    cell = source.records[0].text
    assert (cell.text, cell.start, cell.where.line) == (body.lstrip(), 4, 2)
    assert [(run.characters, run.reason, run.record) for run in source.removed] == [
        ("\r\n　　", "blank", None),
        (" \r\n", "blank", None),
    ]


def test_of_a_txt_nothing_is_markup() -> None:
    text = "---\ntitle: 甲\n---\n# 一、**加强**\n- [乙](丙)"
    source = read(text)
    assert source.records[0].text.text == text
    assert (source.removed, source.records[0].fields) == ((), {})


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("# 标题\n\n正文", "标题\n\n正文"),
        ("### 标题 ###\n正文", "标题\n正文"),
        ("> 引\n> > 再引\n正文", "引\n再引\n正文"),
        ("- 一\n* 二\n+ 三\n  1. 四\n10) 五", "一\n二\n三\n四\n五"),
        ("> - ## 甲", "甲"),
        ("要**抓好**与__落实__。", "要抓好与落实。"),
        ("见[文件](http://a.b/c_(d)?e=1)与![图](x.png)。", "见文件与图。"),
        ("**[文件](http://a.b)**", "文件"),
        ("甲\n***\n乙\n---\n丙\n===\n丁", "甲\n\n乙\n\n丙\n\n丁"),
        ("```python\n代码\n```\n乙", "代码\n\n乙"),
        ("甲<!-- 注\n释 -->乙", "甲乙"),
        ("snake__case__name，2 * 3 * 4，2 ** 3", "snake__case__name，2 * 3 * 4，2 ** 3"),
        ("#没有空格，1.也没有，-也没有", "#没有空格，1.也没有，-也没有"),
        ("1、中文的序号不是标记", "1、中文的序号不是标记"),
        (r"\**不是\**", r"\**不是\**"),
        ("甲**", "甲**"),
        ("[__甲](乙__)。", "甲。"),
    ],
)
def test_markup_is_removed_and_nothing_else(written: str, kept: str) -> None:
    for end in ("\n", "\r\n"):
        file = written.replace("\n", end)
        assert markdown(file) == kept.replace("\n", end)
        everything(read(file, "a.md"), file)


def test_each_run_of_markup_is_listed_with_its_place() -> None:
    source = read("甲\n## 乙**丙**<!-- 丁 -->", "a.md")
    assert [(run.characters, run.reason, run.where.line, run.start, run.record) for run in source.removed] == [
        ("## ", "markup", 2, 2, 0),
        ("**", "markup", 2, 6, 0),
        ("**", "markup", 2, 9, None),
        ("<!-- 丁 -->", "comment", 2, 11, None),
    ]


def test_the_keys_of_the_front_matter_are_fields_and_listed() -> None:
    front = "---\ntitle: \"浙江: 经验\"\n地区: 浙江省\nyear: 2024\nauthor:\n  - 甲\nnote: '乙'\n# 丙\n---\n"
    source = read(f"{front}\n正文", "a.md")
    assert source.records[0].fields == {"title": "浙江: 经验", "region": "浙江省", "year": "2024", "note": "乙"}
    assert source.title == "浙江: 经验"
    assert (source.records[0].text.text, source.records[0].text.where.line) == ("正文", 11)
    assert (source.removed[0].characters, source.removed[0].reason) == (front, "front matter")


def test_the_text_of_a_file_is_not_what_its_front_matter_calls_text() -> None:
    source = read("---\ntext: 甲\n---\n乙", "a.md")
    assert (source.records[0].text.text, source.records[0].fields) == ("乙", {})


@pytest.mark.parametrize(
    "first", ["---\n正文在两条线之间\n---\n乙", "---\n主要做法：甲\n---\n乙", "---\ntitle: 甲\n乙"]
)
def test_prose_between_rules_is_no_front_matter(first: str) -> None:
    source = read(first, "a.md")
    assert "front matter" not in {run.reason for run in source.removed}
    assert source.records[0].fields == {}


@pytest.mark.parametrize("text", ["---\ntitle: 甲\n---\n", "# \n**\n", "……\n——"])
def test_a_file_of_nothing_but_markup_is_refused(text: str) -> None:
    refused(plain_text.read, text.encode(), "a.md", 1, "正文", "no text")


@given(st.text(st.sampled_from("甲乙1 #>-*+_.()[]!`~=:\n\t\\<"), min_size=1, max_size=80))
def test_whatever_the_markdown_every_character_is_kept_or_listed_once(text: str) -> None:
    text = f"甲{text}乙"
    everything(read(text, "a.md"), text)


def test_the_appendix_is_a_table_from_word() -> None:
    raw = (ROOT / "data" / "raw" / "vocational-teachers.txt").read_text("utf-8")
    assert looks_like_word_table(raw)
    assert looks_like_word_table(raw.replace("\n", "\r\n"))


@pytest.mark.parametrize(
    "table",
    [
        "\t地区\n\t做法\n\n\t浙江\n\t一是加强领导；二是保障经费。\n\n\t山东\n\t加大投入。\n",
        "标题\n\t序号\n\t省市\n\t经验做法\n\n\t1\n\t浙江\n",
        "\t1\n\t浙江\n\t加强领导，形成高效管理机制；精准培训，开展专项培训。\n\n\t2\n\t山东\n\t加大投入。\n",
        "\t1\n\t浙江\n\t加强领导，形成高效管理机制；精准培训，开展专项培训。\n",
        "\t地区\n\t正文\n\n\t浙江\n\t第一段。\n第二段，同一格。\n\n\t山东\n",
    ],
)
def test_cells_behind_tabs_are_a_table(table: str) -> None:
    assert looks_like_word_table(table)


@pytest.mark.parametrize(
    "prose",
    [
        "\t各位代表：\n\t现在，我代表省人民政府，向大会报告工作，请予审议。\n\t一、2024年工作回顾\n",
        "浙江经验\n\n\t一是加强领导，成立领导小组。\n\n\t二是保障经费，设立专项资金。\n",
        "\t一、加强领导\n\t成立领导小组，形成管理机制；明确责任。\n\n\t二、保障经费\n\t设立专项资金。\n",
        "\t目录\n\t一、领导\n\n\t正文第一段，讲领导小组的工作。\n\n\t正文第二段。\n\n\t正文第三段。\n",
        "没有制表符的文字。\n\n第二段。",
        "\t只有一段。",
        ("\t" + "加强组织领导形成高效管理机制" * 2 + "\n\t" + "保障专项经费推进团队建设" * 2 + "\n\n") * 2,
    ],
)
def test_paragraphs_that_are_indented_by_tabs_are_prose(prose: str) -> None:
    assert not looks_like_word_table(prose)
