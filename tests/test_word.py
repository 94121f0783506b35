"""The Word report: styles and no formatting beside them, fields that arrive, fonts for both scripts, tables of three lines."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from lxml import etree

from pipeline.report import word, word_package
from pipeline.report.document import Document, Table
from tests import report_of_all_kinds as sample

NS = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "asvg": "http://schemas.microsoft.com/office/drawing/2016/SVG/main",
}
W = f"{{{NS['w']}}}"
# The order that the standard (ISO/IEC 29500-1, 17.3) asks for, of what we write.
PARAGRAPH = [
    "pStyle",
    "keepNext",
    "keepLines",
    "pageBreakBefore",
    "widowControl",
    "numPr",
    "pBdr",
    "tabs",
    "spacing",
    "ind",
    "jc",
    "outlineLvl",
    "sectPr",
]
RUN = ["rStyle", "rFonts", "b", "bCs", "color", "sz", "szCs", "lang"]
ROW = ["cantSplit", "tblHeader"]
TABLE = ["tblStyle", "tblW", "jc", "tblInd", "tblBorders", "tblLayout", "tblCellMar", "tblLook"]
HAN = re.compile(r"[\u3400-\u9fff]")


class File:
    """A Word file, unpacked."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        with zipfile.ZipFile(BytesIO(data)) as archive:
            self.parts = {name: archive.read(name) for name in archive.namelist()}
        self.body = etree.fromstring(self.parts["word/document.xml"])
        self.styles = {style.get(f"{W}styleId"): style for style in self.all("//w:style", "word/styles.xml")}
        relations = etree.fromstring(self.parts["word/_rels/document.xml.rels"])
        self.targets = {relation.get("Id"): f"word/{relation.get('Target')}" for relation in relations}

    def all(self, path: str, part: str = "word/document.xml") -> list[Any]:
        tree = self.body if part == "word/document.xml" else etree.fromstring(self.parts[part])
        return tree.xpath(path, namespaces=NS)

    def chain(self, style: str) -> list[Any]:
        """The style and those it is based on."""
        found = [self.styles[style]]
        while (based := found[-1].find(f"{W}basedOn")) is not None:
            found.append(self.styles[based.get(f"{W}val")])
        return found


def shown(element: Any) -> str:
    return "".join(element.xpath(".//w:t/text()", namespaces=NS))


def rendered(language: str, figures: Path) -> bytes:
    return word.render(sample.document(language), sample.wording(language), figures)


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample.figures(tmp_path_factory.mktemp("figures"))


@pytest.fixture(scope="module", params=["zh", "en"])
def file(request: pytest.FixtureRequest, figures: Path) -> File:
    return File(rendered(request.param, figures))


def is_zh(file: File) -> bool:
    return "图" in "".join(file.all("//w:fldSimple/@w:instr"))


# --- checks that hold for any report ---------------------------------------------------------------------------------


def assert_fields_arrive(file: File) -> None:
    """Captions run from 1, references say what their caption says, and every link has its bookmark."""
    marks = {mark.get(f"{W}name"): mark for mark in file.all("//w:bookmarkStart")}
    numbers: dict[str, list[int]] = {}
    for field in file.all("//w:body//w:fldSimple"):
        instruction = field.get(f"{W}instr").split()
        if instruction[0] == "SEQ":
            numbers.setdefault(instruction[1], []).append(int(shown(field)))
        else:
            assert instruction[0] == "REF"
            mark = marks[instruction[1]]
            number = mark.get(f"{W}id")
            inside = []
            for after in mark.itersiblings():
                if after.tag == f"{W}bookmarkEnd" and after.get(f"{W}id") == number:
                    break
                inside.append(shown(after))
            assert shown(field) == "".join(inside)
    assert all(found == list(range(1, len(found) + 1)) for found in numbers.values())
    assert set(numbers) <= {"图", "表"} or set(numbers) <= {"Figure", "Table"}
    assert set(file.all("//w:hyperlink/@w:anchor")) <= set(marks)


def assert_only_styles_form_the_text(file: File) -> None:
    """What paragraphs and runs say of their form is a style, what keeps them together, or which script's font a sign has."""
    used = set(file.all("//w:pStyle/@w:val | //w:rStyle/@w:val | //w:tblStyle/@w:val"))
    assert used <= set(file.styles)
    for properties in file.all("//w:p/w:pPr"):
        assert {etree.QName(one).localname for one in properties} <= {"pStyle", "keepNext", "pageBreakBefore", "sectPr"}
    for properties in file.all("//w:r/w:rPr"):
        assert {etree.QName(one).localname for one in properties} <= {"rStyle", "rFonts"}
        assert not properties.xpath("w:rFonts[not(@w:hint='eastAsia') or count(@*) > 1]", namespaces=NS)


def assert_chinese_has_a_font(file: File) -> None:
    """Every run of Chinese has the font of a style for it, and no font of a theme hides that."""
    assert b"Theme=" not in file.parts["word/styles.xml"]
    default = file.all("//w:docDefaults//w:rFonts/@w:eastAsia", "word/styles.xml")
    for run in file.all("//w:r[w:t]"):
        if HAN.search(shown(run)):
            styles = [*run.xpath("w:rPr/w:rStyle/@w:val", namespaces=NS), *run.xpath("ancestor::w:p/w:pPr/w:pStyle/@w:val", namespaces=NS)]  # fmt: skip
            fonts = [
                style.xpath("w:rPr/w:rFonts/@w:eastAsia", namespaces=NS)
                for name in styles
                for style in file.chain(name)
            ]
            assert next((found for found in fonts if found), default)[0] in ("宋体", "黑体")


def assert_pictures_have_words(file: File) -> None:
    """Every picture has an alternative text, a number of its own, and both of its forms in the file."""
    drawn = file.all("//wp:docPr")
    assert all(one.get("descr") for one in drawn)
    assert len({one.get("id") for one in drawn}) == len(drawn)
    for blip in file.all("//a:blip"):
        assert file.parts[file.targets[blip.get(f"{{{NS['r']}}}embed")]].startswith(b"\x89PNG")
        for vector in blip.xpath(".//asvg:svgBlip", namespaces=NS):
            name = file.targets[vector.get(f"{{{NS['r']}}}embed")]
            drawing = etree.fromstring(file.parts[name])
            assert etree.QName(drawing).localname == "svg"
            assert drawing.xpath("//*[local-name() = 'a' or local-name() = 'style']") == []
            assert f'PartName="/{name}" ContentType="image/svg+xml"'.encode() in file.parts["[Content_Types].xml"]


def assert_tables_have_three_lines(file: File) -> None:
    """Every table has the one style, no line of its own, a head that is repeated and rows that stay whole."""
    for table in file.all("//w:tbl"):
        assert table.xpath("w:tblPr/w:tblStyle/@w:val", namespaces=NS) == ["ThreeLineTable"]
        assert table.xpath(".//w:tcBorders | .//w:tblBorders | .//w:shd", namespaces=NS) == []
        first, *others = table.xpath("w:tr", namespaces=NS)
        assert first.xpath("w:trPr/w:tblHeader", namespaces=NS)
        assert not [row for row in others if row.xpath("w:trPr/w:tblHeader", namespaces=NS)]
        assert all(row.xpath("w:trPr/w:cantSplit", namespaces=NS) for row in (first, *others))
        columns = list(map(int, table.xpath("w:tblGrid/w:gridCol/@w:w", namespaces=NS)))
        for row in (first, *others):
            assert list(map(int, row.xpath("w:tc/w:tcPr/w:tcW/@w:w", namespaces=NS))) == columns
        after = table.xpath("following::w:sectPr[1]", namespaces=NS)[0]
        (page,) = after.xpath("w:pgSz/@w:w", namespaces=NS)
        sides = after.xpath("w:pgMar/@w:left | w:pgMar/@w:right", namespaces=NS)
        assert sum(columns) <= int(page) - sum(map(int, sides)) + len(columns)  # each rounded to a twentieth of a point


def assert_in_order(file: File) -> None:
    """Properties stand in the order of the standard; Word refuses files in which they do not."""
    for part in ("word/document.xml", "word/styles.xml"):
        for tag, order in (("pPr", PARAGRAPH), ("rPr", RUN), ("trPr", ROW), ("tblPr", TABLE)):
            for properties in file.all(f"//w:{tag}", part):
                names = [etree.QName(one).localname for one in properties]
                assert names == sorted(names, key=order.index), (part, tag)


def assert_sound(data: bytes) -> File:
    file = File(data)
    for check in (
        assert_fields_arrive,
        assert_only_styles_form_the_text,
        assert_chinese_has_a_font,
        assert_pictures_have_words,
        assert_tables_have_three_lines,
        assert_in_order,
    ):
        check(file)
    return file


# --- the sample ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_with_every_kind_of_block_is_a_sound_word_file(language: str, figures: Path) -> None:
    data = rendered(language, figures)
    assert_sound(data)
    opened = docx.Document(BytesIO(data))
    assert opened.core_properties.title == "标题 Title"
    assert opened.core_properties.language == {"zh": "zh-CN", "en": "en-US"}[language]
    assert len(opened.tables) == 2
    assert len(opened.inline_shapes) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_whole_report_of_the_appendix_is_a_sound_word_file(built: Path, language: str) -> None:
    file = assert_sound((built / f"reports/vocational-teachers/report.{language}.docx").read_bytes())
    assert len(file.all("//w:tbl")) > 10
    assert [name for name in file.all("//w:fldSimple/@w:instr") if name.startswith(" REF ")]


def test_equal_reports_are_equal_bytes(figures: Path) -> None:
    assert rendered("en", figures) == rendered("en", figures)
    with zipfile.ZipFile(BytesIO(rendered("zh", figures))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"


def test_captions_say_figure_and_table_in_the_language_of_the_report(file: File) -> None:
    captions = [shown(p) for p in file.all("//w:p[w:pPr/w:pStyle[@w:val='Caption' or @w:val='TableCaption']]")]
    assert captions == (
        ["图 1\u2002说明 caption", "表 1\u2002Pairs 地区对", "表 2\u2002many"]
        if is_zh(file)
        else ["Figure 1\u2002说明 caption", "Table 1\u2002Pairs 地区对", "Table 2\u2002many"]
    )


def test_the_text_refers_to_tables_and_figures_by_fields(file: File) -> None:
    told = [shown(p) for p in file.all("//w:p[.//w:fldSimple[starts-with(@w:instr, ' REF ')]]")]
    assert told == (
        ["余弦 0.27，如图所示（表 1、图 1）。下一句。", "The cosine is 0.27; see（表 1）"]
        if is_zh(file)
        else ["余弦 0.27，如图所示。下一句。 (Table 1, Figure 1)", "The cosine is 0.27 (Table 1); see"]
    )


def test_a_link_says_which_cell_its_number_was_read_from(file: File) -> None:
    assert set(file.all("//w:hyperlink[@w:anchor='a_table_few']/@w:tooltip")) == {"similarity.csv | 浙江–上海 | cosine"}


def test_a_link_to_what_is_left_out_or_outside_is_plain_text(file: File) -> None:
    for words in ("nowhere", "outside"):
        (run,) = file.all(f"//w:r[w:t='{words}']")
        assert run.getparent().tag == f"{W}p"
    assert "too long" not in shown(file.body)


def test_the_contents_are_a_field_with_a_link_for_every_heading_of_two_levels(file: File) -> None:
    (field,) = file.all("//w:instrText")
    assert field.text.split() == ["TOC", "\\o", '"1-2"', "\\n", "\\h", "\\z", "\\u"]
    assert file.all("//w:fldChar/@w:fldCharType") == ["begin", "separate", "end"]
    entries = file.all("//w:p[w:pPr/w:pStyle[starts-with(@w:val, 'TOC')]]")
    assert [shown(entry) for entry in entries] == ["目录" if is_zh(file) else "Contents", "一、Findings “结果”", "Many"]
    levels = dict(zip(["一、Findings “结果”", "Many"], ["TOC1", "TOC2"], strict=True))
    for entry in entries[1:]:
        assert entry.xpath("w:pPr/w:pStyle/@w:val", namespaces=NS) == [levels[shown(entry)]]
        (anchor,) = entry.xpath("w:hyperlink/@w:anchor", namespaces=NS)
        (start,) = file.all(f"//w:bookmarkStart[@w:name='{anchor}']")
        assert shown(start.getparent()) == shown(entry)


def test_headings_and_captions_stay_with_what_follows_and_no_line_is_left_alone(file: File) -> None:
    for name in ("Title", "Heading1", "Heading2", "Heading3", "Heading4", "FigureImage", "TableCaption"):
        assert file.styles[name].find(f"{W}pPr/{W}keepNext") is not None
    assert file.all("//w:pPrDefault/w:pPr/w:widowControl", "word/styles.xml")


def test_the_lines_of_a_table_are_thick_thin_thick(file: File) -> None:
    style = file.styles["ThreeLineTable"]
    sizes = [style.xpath(f"{path}/@w:sz", namespaces=NS) for path in (
        "w:tblPr/w:tblBorders/w:top", "w:tblPr/w:tblBorders/w:bottom", "w:tblStylePr[@w:type='firstRow']//w:bottom")]  # fmt: skip
    assert sizes == [["12"], ["12"], ["6"]]  # eighths of a point: 1.5, 1.5, 0.75
    assert not style.xpath(".//w:insideH | .//w:insideV | .//w:left[@w:val] | .//w:right[@w:val]", namespaces=NS)


def test_columns_of_numbers_are_set_right(file: File) -> None:
    first = file.all("(//w:tbl)[1]//w:tc/w:p/w:pPr/w:pStyle/@w:val")
    assert first == ["TableText", "TableNumber"] * 3
    assert file.styles["TableNumber"].xpath("w:pPr/w:jc/@w:val", namespaces=NS) == ["right"]


def test_a_short_table_stays_on_one_page_and_a_long_one_may_be_divided(file: File) -> None:
    short, long = file.all("//w:tbl")
    kept = [len(row.xpath(".//w:keepNext", namespaces=NS)) for row in short.xpath("w:tr", namespaces=NS)]
    assert kept == [2, 2, 0]
    assert len(long.xpath(".//w:keepNext", namespaces=NS)) == 2


def test_the_languages_are_told_and_source_words_are_chinese(file: File) -> None:
    assert file.all("//w:rPrDefault//w:lang/@w:eastAsia", "word/styles.xml") == ["zh-CN"]
    assert file.all("//w:rPrDefault//w:lang/@w:val", "word/styles.xml") == ["en-US"]
    for name in ("SourceWords", "KeywordMark"):
        assert file.styles[name].xpath("w:rPr/w:lang/@w:val", namespaces=NS) == ["zh-CN"]
    (run,) = file.all("//w:r[w:t='加强']")
    assert run.xpath("w:rPr/w:rStyle/@w:val", namespaces=NS) == ["SourceWords"]


def test_quotation_marks_of_chinese_text_have_its_font(file: File) -> None:
    hinted = [shown(run) for run in file.all("//w:r[w:rPr/w:rFonts[@w:hint='eastAsia']]")]
    assert hinted.count("“") == hinted.count("”") == 3  # contents, heading, source
    assert "……" not in hinted or is_zh(file)


def test_pages_are_a4_with_the_title_above_and_a_number_below(file: File) -> None:
    (section,) = file.all("//w:sectPr")
    size = section.find(f"{W}pgSz")
    assert (int(size.get(f"{W}w")), int(size.get(f"{W}h"))) == (11906, 16838)  # 210 by 297 mm
    assert section.find(f"{W}titlePg") is not None
    heads = [shown(etree.fromstring(part)) for name, part in sorted(file.parts.items()) if "header" in name]
    assert sorted(heads) == ["", "标题 Title"]
    for name, part in file.parts.items():
        if "footer" in name:
            assert b'w:instr=" PAGE "' in part, name


def test_a_table_too_wide_stands_alone_on_turned_pages(figures: Path) -> None:
    wide = Table("wide", ("h",) * 12, (tuple(sample.spans("字" * 6) for _ in range(12)),), "r" * 12, "table-wide")
    plain = sample.document("en")
    document = Document("en", "t", "s", (*plain.blocks, wide, *plain.blocks[:1]))
    file = File(word.render(document, sample.wording("en"), figures))
    assert_tables_have_three_lines(file)
    before, turned, after = file.all("//w:sectPr")
    forms = [(one.find(f"{W}pgSz").get(f"{W}orient", "portrait"), int(one.find(f"{W}pgSz").get(f"{W}w"))) for one in (before, turned, after)]  # fmt: skip
    assert forms == [("portrait", 11906), ("landscape", 16838), ("portrait", 11906)]
    assert [len(one.xpath("w:headerReference | w:titlePg", namespaces=NS)) for one in (before, turned, after)] == [
        3,
        0,
        0,
    ]
    inside = turned.xpath("preceding::w:tbl", namespaces=NS)[-1]
    assert shown(inside).startswith("h")


def test_a_drawing_keeps_its_look_and_loses_its_links() -> None:
    svg = (
        b'<?xml version="1.0"?>\n<!DOCTYPE svg>\n<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        b"<metadata><x/></metadata><defs><style>*{stroke-linejoin: round; stroke-linecap: butt}</style></defs>"
        b'<!-- a --><a xlink:href="#m1"><path d="M 0 0" style="fill: #0072b2"/></a></svg>'
    )
    assert word_package.drawing(svg) == (
        b'<svg stroke-linejoin="round" stroke-linecap="butt" xmlns="http://www.w3.org/2000/svg" '
        b'xmlns:xlink="http://www.w3.org/1999/xlink"><defs></defs><path d="M 0 0" style="fill: #0072b2"/></svg>'
    )


def test_word_opens_the_file_as_one_of_its_own_time(file: File) -> None:
    assert file.all("//w:compatSetting[@w:name='compatibilityMode']/@w:val", "word/settings.xml") == ["15"]
    assert not [name for name in file.parts if "thumbnail" in name or "stylesWithEffects" in name]
