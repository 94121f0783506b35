"""Tables and prose of PDFs. The appendix is LibreOffice's (its fonts taken out); the others are written in tests/pdf.py."""

from __future__ import annotations

import logging
import random
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.readers import Source, pdf as reader
from tests.appendix import HEADINGS, ROWS, TITLE, refused, rows_of
from tests.make import ROOT
from tests.pdf import PICTURE, bomb, line, pdf, table, text

DATA = ROOT / "tests" / "data"
XS = (40, 70, 100, 360)
HEAD = ("序号", "省市", "经验做法")
LONG = "加强组织领导，形成高效管理机制，以多种方式考核，助推发展"  # 28 characters, 280 points


def read(data: bytes) -> Source:
    return reader.read(data, Path("a.pdf"), HEADINGS)


def texts(source: Source) -> list[str]:
    return [record.text.text for record in source.records]


def read_or_refused(data: bytes) -> Source | InputError:
    """What the reader gives; any other exception is a failure."""
    try:
        return read(data)
    except InputError as error:
        return error


def removed(source: Source, reason: str) -> list[tuple[str, str]]:
    return [(run.where.part, run.characters) for run in source.removed if run.reason == reason]


# --- the appendix ----------------------------------------------------------------------------------------------------


def test_the_appendix_comes_back_from_nine_pages_though_its_rows_cross_them() -> None:
    source = read((DATA / "appendix.pdf").read_bytes())
    assert (rows_of(source), source.title) == (ROWS, TITLE)
    pages = [record.text.where.part for record in source.records]
    assert pages[:3] == ["1", "1", "2"]
    assert {record.text.where.kind for record in source.records} == {"page"}
    assert removed(source, "page number") == [(str(number), str(number)) for number in range(1, 10)]
    assert removed(source, "page header") == [(str(number), "职业教育资料汇编") for number in range(1, 10)]
    assert removed(source, "title") == [("1", "附件1"), ("1", TITLE)]
    assert len(removed(source, "header")) == 27


def test_a_pdf_whose_password_only_forbids_changes_is_read() -> None:
    assert rows_of(read((DATA / "appendix-owner-password.pdf").read_bytes())) == ROWS


def test_a_pdf_that_needs_a_password_is_refused() -> None:
    refused(reader.read, (DATA / "appendix-password.pdf").read_bytes(), "a.pdf", None, "密码", "password")


# --- tables ----------------------------------------------------------------------------------------------------------


def test_lines_of_a_cell_are_joined_as_the_script_asks() -> None:
    rows = [HEAD, ("1", ["浙", "江"], ["实施“1+X”证书，", "引进 IT", "skills training", "与双师"])]
    source = read(pdf([table(XS, (350, 330, 200), rows)]))
    assert source.records[0].fields == {"serial": "1", "region": "浙江"}
    assert texts(source) == ["实施“1+X”证书，引进 IT skills training与双师"]
    assert (source.records[0].text.where.part, source.records[0].text.where.line) == ("1", 2)


def test_a_paragraph_within_a_cell_begins_behind_a_sentence_that_ends_early() -> None:
    rows = [HEAD, ("1", "浙江", [LONG[:25], "的机制。", "二是保障经费，设立专项资金，加强督导检查考核评价", "工作"])]
    assert texts(read(pdf([table(XS, (350, 330, 200), rows)]))) == [
        LONG[:25] + "的机制。\n二是保障经费，设立专项资金，加强督导检查考核评价工作"
    ]


def test_text_above_the_table_is_the_title_and_text_below_is_listed() -> None:
    rows = [HEAD, ("1", "浙江", "甲")]
    content = text(150, 385, "附件一") + text(120, 365, "经验简介") + table(XS, (350, 330, 300), rows)
    source = read(pdf([content + text(40, 200, "注：资料来自各省。")]))
    assert (source.title, texts(source)) == ("经验简介", ["甲"])
    assert removed(source, "title") == [("1", "附件一"), ("1", "经验简介")]
    assert removed(source, "after the table") == [("1", "注：资料来自各省。")]


@pytest.mark.parametrize("repeated", [True, False])
@pytest.mark.parametrize("closed", [True, False])
def test_a_row_that_crosses_a_page_is_one_row(repeated: bool, closed: bool) -> None:
    one = table(
        XS,
        (350, 330, 300, 100),
        [HEAD, ("1", "浙江", "甲"), ("2", "山东", ["加强领导，", "保障"])],
        closed=(True, closed),
    )
    rest = [("", "", ["经费。"]), ("3", "广东", "丙")]
    if repeated:
        two = table(XS, (350, 330, 300, 270), [HEAD, *rest])
    else:
        two = table(XS, (350, 320, 290), rest, closed=(closed, True))
    source = read(pdf([one, two]))
    assert [record.fields["region"] for record in source.records] == ["浙江", "山东", "广东"]
    assert texts(source) == ["甲", "加强领导，保障经费。", "丙"]
    assert [record.text.where.part for record in source.records] == ["1", "1", "2"]


def test_a_row_over_three_pages_is_one_row() -> None:
    pages = [
        table(XS, (350, 330, 100), [HEAD, ("1", "浙江", "一，")]),
        table(XS, (350, 330, 100), [HEAD, ("", "", "二，")]),
        table(XS, (350, 330, 200, 100), [HEAD, ("", "", "三。"), ("2", "山东", "四")]),
    ]
    assert texts(read(pdf(pages))) == ["一，二，三。", "四"]


def test_the_name_of_a_row_may_stand_on_its_second_page() -> None:
    pages = [
        table(XS, (350, 330, 100), [HEAD, ("", "", "一，")]),
        table(XS, (350, 330, 200), [HEAD, ("1", "浙江", "二。")]),
    ]
    source = read(pdf(pages))
    assert (texts(source), source.records[0].fields["region"]) == (["一，二。"], "浙江")


def test_an_empty_name_at_the_top_of_another_table_is_a_fault_and_not_a_continuation() -> None:
    pages = [
        table(XS, (350, 330, 300), [HEAD, ("1", "浙江", "甲")]) + text(40, 200, "表二"),
        table(XS, (350, 330, 300), [HEAD, ("", "", "乙")]),
    ]
    refused(reader.read, pdf(pages), "a.pdf", 2, "第 2 页", "地区")


def test_a_merged_cell_counts_for_every_row_that_it_covers() -> None:
    drawn = "".join(line(x, 350, x, 230) for x in XS)
    drawn += "".join(line(40, y, 360, y) for y in (350, 320, 230)) + line(40, 275, 70, 275) + line(100, 275, 360, 275)
    for x, y, words in ((42, 335, HEAD[0]), (72, 335, HEAD[1]), (102, 335, HEAD[2]), (42, 300, "1"), (42, 250, "2"),
                        (72, 270, "浙江"), (102, 300, "甲"), (102, 250, "乙")):  # fmt: skip
        drawn += text(x, y, words)
    source = read(pdf([drawn]))
    assert [(r.fields["region"], r.text.text) for r in source.records] == [("浙江", "甲"), ("浙江", "乙")]


def test_a_table_without_a_known_header_that_is_most_of_the_file_is_refused() -> None:
    data = pdf([table(XS, (350, 330, 300), [("甲", "乙", "丙"), ("1", "2", LONG)])])
    refused(reader.read, data, "a.pdf", 1, "表头", "settings.toml")


# --- prose -----------------------------------------------------------------------------------------------------------


def test_lines_become_paragraphs_by_indent_by_an_early_end_and_by_a_gap() -> None:
    wide = [
        (60, 320, LONG[:26] + "一"),
        (40, 305, LONG + "二"),
        (40, 290, "到此为止。"),
        (40, 275, LONG + "三"),
        (40, 260, LONG + "。"),
        (60, 245, "缩进的一段，" + LONG[:20] + "四"),
        (40, 230, "没有结束" + LONG[:24] + "六"),
        (40, 190, LONG + "五"),
    ]
    source = read(pdf(["".join(text(x, y, words) for x, y, words in wide)]))
    assert texts(source) == [
        "\n".join(
            (
                LONG[:26] + "一" + LONG + "二到此为止。",
                LONG + "三" + LONG + "。",
                "缩进的一段，" + LONG[:20] + "四没有结束" + LONG[:24] + "六",
                LONG + "五",
            )
        )
    ]
    assert (source.title, source.records[0].fields, source.removed) == ("", {}, ())


def test_a_paragraph_goes_on_over_the_page_without_its_head_and_number() -> None:
    pages = [
        text(40, 385, f"第{at}期 职教简报") + text(40, 300, LONG + words) + text(190, 20, f"- {at} -")
        for at, words in enumerate("一二三", 1)
    ]
    source = read(pdf(pages))
    assert texts(source) == [f"{LONG}一{LONG}二{LONG}三"]
    assert removed(source, "page number") == [("1", "- 1 -"), ("2", "- 2 -"), ("3", "- 3 -")]
    assert removed(source, "page header") == [("1", "第1期 职教简报"), ("2", "第2期 职教简报"), ("3", "第3期 职教简报")]


@pytest.mark.parametrize("number", ["1", "— 1 —", "第 1 页", "第1页 共3页", "1 / 3", "iv"])
def test_page_numbers_are_known_at_the_foot_only(number: str) -> None:
    source = read(pdf([text(40, 300, LONG) + text(40, 200, number) + text(190, 20, number)]))
    assert removed(source, "page number") == [("1", number)]
    assert number in texts(source)[0]


def test_a_table_beside_much_prose_does_not_make_the_file_a_table() -> None:
    prose = "".join(text(40, 380 - 15 * at, LONG + "。") for at in range(8))
    source = read(pdf([prose + table(XS, (200, 180, 160), [("甲", "乙", "丙"), ("1", "2", "3")])]))
    assert len(source.records) == 1
    assert texts(source)[0].startswith(LONG)
    assert "丙" in texts(source)[0]


def test_a_table_with_a_header_is_read_however_much_stands_around_it() -> None:
    prose = "".join(text(40, 380 - 15 * at, LONG + "。") for at in range(8))
    source = read(pdf([prose + table(XS, (200, 180, 160), [HEAD, ("1", "浙江", "甲")])]))
    assert (texts(source), removed(source, "title")) == (["甲"], [("1", LONG + "。")] * 8)


def test_frames_around_prose_are_no_table() -> None:
    frame = (
        line(30, 323, 370, 323)
        + line(30, 350, 370, 350)
        + line(30, 250, 370, 250)
        + line(30, 350, 30, 250)
        + line(370, 350, 370, 250)
    )
    assert texts(read(pdf([frame + text(40, 330, LONG) + text(40, 315, LONG)]))) == [LONG + LONG]


def test_characters_of_any_size_on_one_baseline_are_one_line() -> None:
    assert texts(read(pdf([text(40, 300, "加强") + text(60, 300, "领", size=30) + text(90, 300, "导")]))) == [
        "加强领导"
    ]


def test_letters_and_digits_stand_as_they_stand_in_the_file() -> None:
    words = "共 13 个省，投入5200.7亿元 in total"
    assert texts(read(pdf([text(40, 300, words) + text(40, 280, LONG)]))) == [words + "\n" + LONG]


def test_a_character_drawn_twice_to_look_bold_is_one() -> None:
    assert texts(read(pdf([text(40, 300, LONG) + text(40.3, 300, LONG)]))) == [LONG]


# --- what cannot be read ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pages", [[PICTURE], [PICTURE, PICTURE + text(40, 20, "1")], [""], [line(0, 0, 100, 100)]])
def test_pages_without_text_ask_for_ocr(pages: list[str]) -> None:
    refused(reader.read, pdf(pages), "a.pdf", None, "OCR", "扫描")


def test_one_page_that_is_a_picture_is_listed() -> None:
    source = read(pdf([text(40, 300, LONG), PICTURE, ""]))
    assert texts(source) == [LONG]
    assert removed(source, "page without text") == [("2", "")]


def test_a_font_that_does_not_name_its_characters_makes_the_text_unusable() -> None:
    refused(reader.read, pdf([text(40, 300, LONG, font="F2")]), "a.pdf", None, "Unicode", "OCR")


def test_a_few_characters_without_a_name_are_listed() -> None:
    source = read(pdf([text(40, 300, LONG) + text(40, 280, LONG) + text(30, 280, "甲", font="F2")]))
    assert texts(source) == [LONG + LONG]
    assert [part for part, characters in removed(source, "character without Unicode") if "cid" in characters] == ["1"]


def test_rotated_text_is_listed_and_refused_where_it_is_most_of_the_file() -> None:
    source = read(pdf([text(40, 300, LONG) + text(200, 50, "机密", turned=True)]))
    assert texts(source) == [LONG]
    assert removed(source, "rotated text") == [("1", "机密")]
    refused(reader.read, pdf([text(40, 300, "甲") + text(200, 50, LONG, turned=True)]), "a.pdf", None, "竖排")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"PK\x03\x04" + b"\x00" * 50, (".docx",)),
        ("不是 PDF".encode(), ("不是 PDF", "not a PDF")),
        (b"%PDF-1.7\n", ("PDF",)),
        (b"%PDF-1.7\n" + b"\xff\x00" * 500, ("PDF",)),
    ],
)
def test_what_is_no_sound_pdf_is_refused(data: bytes, words: tuple[str, ...]) -> None:
    refused(reader.read, data, "a.pdf", None, *words)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_pdf_that_is_cut_off_is_refused_or_read_and_never_a_traceback(share: float) -> None:
    data = (DATA / "appendix.pdf").read_bytes()
    found = read_or_refused(data[: int(share * len(data))])
    assert isinstance(found, InputError) or set(rows_of(found)) <= set(ROWS)


def test_a_pdf_with_a_broken_index_is_mended() -> None:
    data = pdf([text(40, 300, LONG)])
    assert texts(read(data.replace(b"startxref\n", b"startxref\n9"))) == [LONG]


def test_damage_anywhere_is_one_message_and_never_a_traceback() -> None:
    draw = random.Random(1)
    whole = (DATA / "appendix.pdf").read_bytes()
    found: list[Source | InputError] = []
    for _ in range(25):
        data = bytearray(whole)
        for _ in range(200):
            data[draw.randrange(10, len(data))] = draw.randrange(256)
        found.append(read_or_refused(bytes(data)))
    assert any(isinstance(one, InputError) for one in found)


@pytest.mark.parametrize("depth", [1, 2])
def test_a_stream_that_unpacks_to_too_much_is_refused_before_it_is_unpacked(
    depth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_UNPACKED", 1_000_000)
    assert texts(read(pdf([text(40, 300, LONG)], streams=[bomb(depth, 999_999)]))) == [LONG]
    refused(
        reader.read, pdf([text(40, 300, LONG)], streams=[bomb(depth, 1_000_001)]), "a.pdf", None, "太大", "too large"
    )
    refused(reader.read, pdf([text(40, 300, LONG)], streams=[bomb(depth, 900_000)] * 6), "a.pdf", None, "太大")


def test_pages_and_characters_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    data = pdf([text(40, 300, LONG)] * 3)
    monkeypatch.setattr(reader, "_PAGES", 3)
    monkeypatch.setattr(reader, "_CHARACTERS", 84)
    assert len(read(data).records) == 1
    monkeypatch.setattr(reader, "_CHARACTERS", 83)
    refused(reader.read, data, "a.pdf", None, "太大")
    monkeypatch.setattr(reader, "_CHARACTERS", 84)
    monkeypatch.setattr(reader, "_PAGES", 2)
    refused(reader.read, data, "a.pdf", None, "太大")


def test_scripts_and_attachments_are_not_looked_at() -> None:
    script = (
        "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> /Names << /EmbeddedFiles << /Names [(a) 99 0 R] >> >>"
    )
    assert texts(read(pdf([text(40, 300, LONG)], catalog=script, packed=True))) == [LONG]


def test_what_the_library_logs_is_not_seen_and_its_loggers_are_left_as_they_were(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logger = logging.getLogger("pdfminer")
    logger.setLevel(logging.INFO)
    try:
        with pytest.raises(InputError):
            read(pdf([text(40, 300, "甲") + text(40, 200, LONG, font="F2")]))
        assert logger.level == logging.INFO
    finally:
        logger.setLevel(logging.NOTSET)
    assert not caplog.records
