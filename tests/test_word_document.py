"""What a person sees in a Word document is read, cell by cell; what is left out is listed with its reason."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings, strategies as st

from pipeline.errors import InputError
from pipeline.readers import Source, Where, word_document
from tests.appendix import HEADER, HEADINGS, ROWS, TITLE, refused, rows_of
from tests.containers import STRICT, cell, paragraph, row, run, table, word, word_members, zipped

HEADS = ("序号", "省市", "经验做法")
MERGED = '<w:vMerge w:val="restart"/>'
GOES_ON = "<w:vMerge/>"


def read(data: bytes) -> Source:
    return word_document.read(data, Path("a.docx"), HEADINGS)


def saved(document: docx.document.Document) -> bytes:
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def one(content: str, **others: tuple[str, str]) -> Source:
    """A table of one record whose text has this content."""
    return read(word(table(HEADS, row("1", "山东", cell(content))), **others))


def text(source: Source) -> str:
    [record] = source.records
    return record.text.text


def left_out(source: Source) -> list[tuple[str, str]]:
    return [(run.reason, run.characters) for run in source.removed if run.reason not in ("header", "title")]


def appendix() -> docx.document.Document:
    document = docx.Document()
    document.add_paragraph("附件1")
    document.add_paragraph(TITLE)
    grid = document.add_table(0, 3)
    for texts in (HEADER, *ROWS):
        for at, content in zip(grid.add_row().cells, texts, strict=True):
            at.text = content
    return document


def test_the_appendix_comes_back_from_a_document_that_another_library_wrote() -> None:
    source = read(saved(appendix()))
    assert (rows_of(source), source.title) == (ROWS, TITLE)
    assert [run.characters for run in source.removed] == ["附件1", TITLE, *HEADER]


def test_a_record_knows_its_table_and_row() -> None:
    source = read(
        word(table(("甲", "乙")) + paragraph("") + table(HEADS, ("1", "山东", "文字。"), ("2", "浙江", "另文。")))
    )
    assert [record.text.where for record in source.records] == [Where("row", "2", 2), Where("row", "2", 3)]


def test_strict_documents_read_like_transitional_ones() -> None:
    body = table(HEADS, ("1", "山东", "文字。"))
    assert rows_of(read(word(body, STRICT))) == rows_of(read(word(body))) == (("1", "山东", "文字。"),)


def test_a_document_with_macros_is_read_and_its_macros_stay_packed() -> None:
    members = {**word_members(table(HEADS, ("1", "山东", "文字。"))), "word/vbaProject.bin": b"Sub AutoOpen()"}
    assert text(word_document.read(zipped(members), Path("a.docm"), HEADINGS)) == "文字。"


# --- characters --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (paragraph("一") + paragraph("二"), "一\n二"),
        (paragraph("一", "<w:r><w:br/></w:r>", "二"), "一\n二"),
        (paragraph("一", '<w:r><w:br w:type="page"/></w:r>', "二"), "一\n二"),
        (paragraph("一", "<w:r><w:cr/></w:r>", "二"), "一\n二"),
        (paragraph("一", "<w:r><w:tab/></w:r>", "二"), "一\t二"),
        (paragraph("A", "<w:r><w:noBreakHyphen/></w:r>", "B"), "A-B"),
        (paragraph("A", "<w:r><w:softHyphen/></w:r>", "B"), "AB"),
        (paragraph("一", '<w:r><w:sym w:font="Arial" w:char="2460"/></w:r>', "二"), "一①二"),
        (paragraph("一", "<w:r><w:lastRenderedPageBreak/></w:r>", "二"), "一二"),
        (paragraph("　　一 ", " 二　"), "一  二"),
        ("<w:p><w:r><w:t> 一\n二 </w:t></w:r></w:p>", "一 二"),
        (paragraph("一", f'<w:hyperlink r:id="x">{run("链接")}</w:hyperlink>', "二"), "一链接二"),
        (paragraph("一", f"<w:smartTag>{run('标签')}</w:smartTag>", "二"), "一标签二"),
        (paragraph("一", f"<w:sdt><w:sdtPr/><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>", "二"), "一控件二"),
        (f"<w:sdt><w:sdtContent>{paragraph('控件')}</w:sdtContent></w:sdt>" + paragraph("二"), "控件\n二"),
        (paragraph("一", f"<w:unheardOf>{run('新')}</w:unheardOf>", "二"), "一新二"),
        (paragraph("一", f"<w:fldSimple w:instr='DATE'>{run('2025年')}</w:fldSimple>"), "一2025年"),
        (
            paragraph(
                '<w:r><w:fldChar w:fldCharType="begin"/></w:r>',
                "<w:r><w:instrText> HYPERLINK x </w:instrText></w:r>",
                '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
                "结果",
                '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            ),
            "结果",
        ),
        (paragraph(f"<w:ins>{run('插入')}</w:ins>", f"<w:moveTo>{run('移来')}</w:moveTo>"), "插入移来"),
        (paragraph("<m:oMath><m:r><m:t>x</m:t></m:r></m:oMath>"), "x"),
        (
            paragraph(
                "<w:r><mc:AlternateContent><mc:Choice><w:t>新</w:t></mc:Choice><mc:Fallback><w:t>旧</w:t></mc:Fallback>"
                "</mc:AlternateContent></w:r>"
            ),
            "新",
        ),
        ("<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run("前半") + "</w:p>" + paragraph("后半"), "前半后半"),
        (paragraph("外") + table(("内甲", "内乙")) + paragraph("尾"), "外\n内甲\n内乙\n尾"),
    ],
)
def test_text_is_read_as_it_is_seen(content: str, expected: str) -> None:
    source = one(content)
    assert text(source) == expected
    assert left_out(source) == []


BOX = f"<w:txbxContent>{paragraph('框一')}{paragraph('框二')}</w:txbxContent>"


@pytest.mark.parametrize(
    "box",
    [
        f"<w:r><w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict></w:r>",
        "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:wsp><wps:txbx>"
        f"{BOX}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict>{BOX}</w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>",
    ],
)
def test_a_text_box_follows_the_paragraph_that_holds_it_and_is_read_once(box: str) -> None:
    assert text(one(paragraph("前", box, "后") + paragraph("尾"))) == "前后\n框一\n框二\n尾"


# --- what is left out ----------------------------------------------------------------------------------------------------

HIDDEN = (
    "styles",
    (
        "styles.xml",
        '<w:styles><w:style w:styleId="secret"><w:rPr><w:vanish/></w:rPr></w:style>'
        '<w:style w:styleId="child"><w:basedOn w:val="secret"/></w:style>'
        '<w:style w:styleId="shown"><w:basedOn w:val="secret"/><w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
        '<w:style w:styleId="ring"><w:basedOn w:val="ring"/></w:style></w:styles>',
    ),
)


@pytest.mark.parametrize(
    ("content", "reason", "characters"),
    [
        ("<w:del><w:r><w:delText>删去</w:delText></w:r></w:del>", "deleted text", "删去"),
        (f"<w:moveFrom>{run('移走')}</w:moveFrom>", "deleted text", "移走"),
        (run("隐藏", "<w:vanish/>"), "hidden text", "隐藏"),
        (run("隐藏", '<w:rStyle w:val="secret"/>'), "hidden text", "隐藏"),
        (run("隐藏", '<w:rStyle w:val="child"/>'), "hidden text", "隐藏"),
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + run("单击此处") + "</w:sdtContent></w:sdt>",
            "placeholder",
            "单击此处",
        ),
        (
            f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('jīng')}</w:rt><w:rubyBase/></w:ruby></w:r>",
            "reading aid",
            "jīng",
        ),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FC"/></w:r>', "symbol", "U+F0FC"),
        ('<w:r><w:pict><v:shape><v:textpath string="水印"/></v:shape></w:pict></w:r>', "word art", "水印"),
    ],
)
def test_text_that_is_not_seen_is_listed_with_its_reason_place_and_record(
    content: str, reason: str, characters: str
) -> None:
    source = one(paragraph("前", content, "后"), styles=HIDDEN[1])
    assert text(source) == "前后"
    [found] = [run for run in source.removed if run.reason != "header"]
    assert (found.reason, found.characters, found.record) == (reason, characters, 0)
    assert (found.where, found.start, found.end) == (Where("row", "1", 2), 1, 1 + len(characters))


@pytest.mark.parametrize(
    "properties", ['<w:vanish w:val="0"/>', '<w:rStyle w:val="shown"/>', '<w:rStyle w:val="ring"/>']
)
def test_text_whose_hiding_is_switched_off_is_read(properties: str) -> None:
    assert text(one(paragraph("前", run("可见", properties)), styles=HIDDEN[1])) == "前可见"


def test_a_paragraph_in_a_hidden_style_is_listed() -> None:
    hidden = '<w:p><w:pPr><w:pStyle w:val="secret"/></w:pPr>' + run("隐藏") + "</w:p>"
    assert left_out(one(paragraph("前") + hidden, styles=HIDDEN[1])) == [("hidden text", "隐藏")]


@pytest.mark.parametrize(("properties", "reason"), [("<w:del/>", "deleted text"), ("<w:hidden/>", "hidden row")])
def test_a_deleted_or_hidden_row_is_no_record_and_is_listed(properties: str, reason: str) -> None:
    source = read(
        word(
            table(
                HEADS,
                ("1", "山东", "文字。"),
                row("2", "浙江", "旧文。", properties=properties),
                ("3", "上海", "新文。"),
            )
        )
    )
    assert rows_of(source) == (("1", "山东", "文字。"), ("3", "上海", "新文。"))
    assert left_out(source) == [(reason, one) for one in ("2", "浙江", "旧文。")]
    assert source.records[1].text.where.line == 4  # rows are counted as they stand in the file


PARTS = {
    "header": ("header1.xml", "<w:hdr>" + paragraph("内部资料") + "</w:hdr>"),
    "footer": ("footer1.xml", "<w:ftr>" + paragraph("第1页") + "</w:ftr>"),
    "footnotes": ("footnotes.xml", "<w:footnotes><w:footnote>" + paragraph("脚注") + "</w:footnote></w:footnotes>"),
    "endnotes": ("endnotes.xml", "<w:endnotes><w:endnote>" + paragraph("尾注") + "</w:endnote></w:endnotes>"),
    "comments": ("comments.xml", "<w:comments><w:comment>" + paragraph("批注") + "</w:comment></w:comments>"),
    "diagramData": ("diagrams/data1.xml", "<dgm><a:p><a:r><a:t>图示</a:t></a:r></a:p></dgm>"),
    "chart": ("charts/chart1.xml", "<chart><a:p><a:r><a:t>图题</a:t></a:r></a:p></chart>"),
    "package": ("embeddings/book.xlsx", "<a>x</a>"),
}


def test_what_stands_outside_the_body_is_listed_and_never_in_the_text() -> None:
    source = one("文字。", **PARTS)
    assert text(source) == "文字。"
    assert left_out(source) == [
        ("page header", "内部资料"),
        ("page footer", "第1页"),
        ("footnote", "脚注"),
        ("endnote", "尾注"),
        ("comment", "批注"),
        ("diagram", "图示"),
        ("chart", "图题"),
        ("embedded file", "word/embeddings/book.xlsx"),
    ]


# --- tables ------------------------------------------------------------------------------------------------------------


def test_a_text_merged_over_two_regions_is_the_text_of_both() -> None:
    source = read(
        word(
            table(
                HEADS,
                row("1", "山东", cell("共同的做法。", MERGED)),
                row("2", "浙江", cell("", GOES_ON)),
                row("3", "上海", "自己的做法。"),
            )
        )
    )
    assert rows_of(source) == (
        ("1", "山东", "共同的做法。"),
        ("2", "浙江", "共同的做法。"),
        ("3", "上海", "自己的做法。"),
    )


def test_a_region_merged_over_two_texts_is_the_region_of_both() -> None:
    source = read(
        word(
            table(
                HEADS,
                row("1", cell("山东", MERGED), "甲。"),
                row("2", cell("", GOES_ON), "乙。"),
                ("3", "浙江", "丙。"),
            )
        )
    )
    assert [(one.fields["region"], one.text.text) for one in source.records] == [
        ("山东", "甲。"),
        ("山东", "乙。"),
        ("浙江", "丙。"),
    ]


def test_text_in_a_cell_that_goes_on_with_another_is_listed() -> None:
    source = read(word(table(HEADS, row("1", "山东", cell("甲。", MERGED)), row("2", "浙江", cell("看不见", GOES_ON)))))
    assert left_out(source) == [("under a merged cell", "看不见")]


def test_a_merge_that_goes_on_with_nothing_is_a_cell_of_its_own() -> None:
    source = read(word(table(HEADS, ("1", "山东", "甲。"), row("2", "浙江", cell("乙。", GOES_ON)))))
    assert rows_of(source) == (("1", "山东", "甲。"), ("2", "浙江", "乙。"))


def test_a_header_in_two_rows_gives_the_lower_headings() -> None:
    source = read(
        word(
            table(
                row(cell("序号", MERGED), cell("地区", '<w:gridSpan w:val="2"/>'), cell("经验做法", MERGED)),
                row(cell("", GOES_ON), "省", "市", cell("", GOES_ON)),
                ("1", "山东", "青岛", "文字。"),
            )
        )
    )
    [record] = source.records
    assert record.fields == {"serial": "1", "province": "山东", "prefecture": "青岛"}
    assert [run.characters for run in source.removed] == ["序号", "地区", "经验做法", "省", "市"]


def test_old_horizontal_merges_and_columns_left_blank_keep_the_columns_in_place() -> None:
    source = read(
        word(
            table(
                HEADS,
                row("山东", "文字。", properties='<w:gridBefore w:val="1"/>'),
                row(cell("注：全表", '<w:hMerge w:val="restart"/>'), cell("", "<w:hMerge/>"), cell("", "<w:hMerge/>")),
            )
        )
    )
    assert rows_of(source) == (("", "山东", "文字。"),)
    assert left_out(source) == [("row of one cell", "注：全表")]


@pytest.mark.parametrize(
    "heads",
    [
        ("序　号", "省　市", "经 验 做 法"),
        ("序号\n", "省\n市", "经验\n做法"),
        ("序号", "省市（区）", "主要经验做法简介"),
    ],
)
def test_headings_with_blanks_breaks_and_brackets_are_known(heads: tuple[str, ...]) -> None:
    held = [cell("".join(paragraph(part) for part in head.split("\n"))) for head in heads]
    assert rows_of(read(word(table(row(*held), ("1", "山东", "文字。"))))) == (("1", "山东", "文字。"),)


def test_a_header_repeated_at_a_page_and_empty_rows_are_no_records() -> None:
    source = read(word(table(HEADS, ("1", "山东", "甲。"), HEADS, ("", "", ""), ("2", "浙江", "乙。"))))
    assert rows_of(source) == (("1", "山东", "甲。"), ("2", "浙江", "乙。"))
    assert [run.reason for run in source.removed] == ["header"] * 6


def test_a_table_without_serial_numbers_is_read() -> None:
    source = read(word(table(("省市", "经验做法"), ("山东", "甲。"))))
    assert (source.records[0].fields, text(source)) == ({"region": "山东"}, "甲。")


def test_notes_totals_and_prose_around_the_tables_are_listed() -> None:
    body = (
        paragraph("标题")
        + table(
            HEADS,
            ("1", "山东", "甲。"),
            row(cell("注：数据截至2025年", '<w:gridSpan w:val="3"/>')),
            ("合计", "1个", ""),
        )
        + paragraph("续表")
        + table(("2", "浙江", "乙。"))
        + paragraph("落款")
    )
    source = read(word(body))
    assert (source.title, rows_of(source)) == ("标题", (("1", "山东", "甲。"), ("2", "浙江", "乙。")))
    assert [(run.reason, run.characters) for run in source.removed if run.reason != "header"] == [
        ("title", "标题"),
        ("row of one cell", "注：数据截至2025年"),
        ("row without text", "合计"),
        ("row without text", "1个"),
        ("title", "续表"),
        ("after the table", "落款"),
    ]


def test_a_table_of_another_kind_is_listed_whole() -> None:
    source = read(word(table(("甲", "乙"), ("丙", "丁")) + table(HEADS, ("1", "山东", "文字。"))))
    assert left_out(source) == [("other table", one) for one in "甲乙丙丁"]


# --- prose -------------------------------------------------------------------------------------------------------------


def test_a_document_without_a_table_of_texts_is_one_record_with_all_its_lines_in_order() -> None:
    deleted = "<w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"
    source = read(
        word(
            paragraph("第一段") + paragraph("") + table(("甲", "乙"), ("丙", "丁")) + paragraph("末段", deleted),
            **PARTS,
        )
    )
    [record] = source.records
    assert (record.text.text, record.fields, source.title) == ("第一段\n甲\n乙\n丙\n丁\n末段", {}, "")
    assert record.text.where == Where("paragraph", "", 1)
    [found] = [run for run in source.removed if run.reason == "deleted text"]
    assert (found.record, found.where) == (0, Where("paragraph", "", 3))
    assert {run.record for run in source.removed if run is not found} == {None}


def test_a_merged_cell_of_a_table_in_prose_is_one_line() -> None:
    wide = row(cell("甲", '<w:gridSpan w:val="2"/>'))
    assert text(read(word(table(wide, ("乙", "丙"))))) == "甲\n乙\n丙"


@pytest.mark.parametrize("body", ["", paragraph(""), paragraph("——"), "<w:p><w:r><w:drawing/></w:r></w:p>"])
def test_a_document_without_text_is_refused(body: str) -> None:
    refused(word_document.read, word(body), "a.docx", None, "只有图片", "Use a file with text")


@pytest.mark.parametrize("element", ['<w:altChunk r:id="x"/>', '<w:p><w:subDoc r:id="x"/></w:p>'])
def test_a_file_embedded_as_text_is_refused_with_what_to_do(element: str) -> None:
    refused(word_document.read, word(paragraph("前") + element), "a.docx", None, "嵌入了另一个文件", "save it as .docx")


def test_a_cell_far_too_long_is_refused_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.readers.tabular._CELL", 100)
    body = table(HEADS, ("1", "山东", "字" * 101))
    refused(
        word_document.read, word(body), "a.docx", 2, "第 1 张表第 2 行有 101 个字", "table 1, row 2: 101 characters"
    )
    refused(word_document.read, word(paragraph("短") + paragraph("字" * 101)), "a.docx", 2, "第 2 段", "paragraph 2")


# --- any text ----------------------------------------------------------------------------------------------------------

CHARACTERS = st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Zs", "Zl", "Zp")) | st.sampled_from(
    list("，。；：“”《》、（）—…·<>&\"'];=+-@　 \n\t山东经验")
)
TEXT = st.text(CHARACTERS, min_size=1, max_size=30).map(str.strip).filter(lambda one: any(map(str.isalnum, one)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=4))
def test_any_text_that_another_library_writes_comes_back_cell_by_cell(rows: list[tuple[str, str]]) -> None:
    document = docx.Document()
    grid = document.add_table(0, 3)
    for texts in (HEADS, *[(str(at), *texts) for at, texts in enumerate(rows, 1)]):
        for at, content in zip(grid.add_row().cells, texts, strict=True):
            at.text = content
    assert [(one.fields["region"], one.text.text) for one in read(saved(document)).records] == rows


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXT, min_size=1, max_size=6))
def test_any_paragraphs_come_back_line_by_line(texts: list[str]) -> None:
    document = docx.Document()
    for content in texts:
        document.add_paragraph(content)
    assert text(read(saved(document))) == "\n".join(texts)


TAGS = (
    "w:p",
    "w:r",
    "w:t",
    "w:tbl",
    "w:tr",
    "w:tc",
    "w:del",
    "w:ins",
    "w:sdt",
    "w:sdtContent",
    "w:txbxContent",
    "w:unknown",
)


def trees(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(TAGS), st.lists(children, max_size=3)).map(
        lambda pair: f"<{pair[0]}>{''.join(pair[1])}</{pair[0]}>"
    )


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.recursive(st.just("<w:t>字</w:t>") | st.just("<w:p><w:r><w:t>句</w:t></w:r></w:p>"), trees, max_leaves=20),
        max_size=4,
    )
)
def test_in_any_order_of_elements_every_paragraph_is_in_the_text_or_listed(parts: list[str]) -> None:
    body = "".join(parts)
    try:
        source = read(word(body))
    except InputError:
        return
    kept = "".join(record.text.text for record in source.records) + "".join(run.characters for run in source.removed)
    assert kept.count("句") == body.count("句")
