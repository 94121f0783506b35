"""The PDF: no text of a document is read as markup, the same bytes each time, numbers and links that arrive, fonts inside."""

from __future__ import annotations

import importlib.util
import io
import json
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from hypothesis import given, settings, strategies as st

from pipeline.errors import InputError
from pipeline.report import pdf, typeset
from pipeline.report.document import Bullets, Document, Heading, Paragraph, Span, Table, plain
from tests import report_of_all_kinds as sample
from tests.make import ROOT

if importlib.util.find_spec("typst") is None:
    pytest.skip("Typst is not installed: make extras", allow_module_level=True)

HOSTILE = (
    '#import "x.typ"',
    '#read("/etc/passwd") #sys.inputs #eval("1+1") #panic()',
    "$x^2$ *bold* _under_ `code` ``` = heading",
    "@a1 <a1> #label(\"a1\") #link(\"https://evil.example\")[x]",
    "[ ] { } ( ) \\ \\u{41} // comment /* more",
    "- item + item / term: x",
    "https://evil.example ~ -- --- ... \"quoted\" 'single'",
    "“引号”……——𠀀🌷\u202e",
    "nul\x00 line\nbreak\u2028 lone\ud800",
)  # fmt: skip


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sample.figures(tmp_path_factory.mktemp("figures"))


@pytest.fixture(scope="module", params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def written(language: str, figures: Path) -> bytes:
    return typeset.render(sample.document(language), sample.wording(language), figures)


def text_of(content: Any) -> str:
    """The text of what the typesetter tells of a piece of content."""
    if isinstance(content, list):
        return "".join(map(text_of, content))
    if content.get("func") == "space":
        return " "
    return content.get("text", "") + "".join(
        text_of(content[name]) for name in ("children", "body", "child") if name in content
    )


def found(document: Document, figures: Path, selector: str, field: str) -> list[str]:
    compiler = typeset.compiler(document, sample.wording("zh"), figures)
    return [text_of(one) for one in json.loads(compiler.query(selector, field=field))]


def hostile(text: str) -> Document:
    """The text wherever one can stand without a figure."""
    blocks = (
        Heading(2, text, "a"),
        Paragraph(tuple(Span(text, "#a", "cell", kind) for kind in ("", "strong", "mark", "gloss", "code", "source"))),
        Bullets(((Span(text),),)),
        Table(text, (text,), (((Span(text),),),), "l", "t"),
    )
    return Document("zh", text, text, blocks)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_set_as_it_stands(text: str, figures: Path) -> None:
    document = hostile(text)
    assert found(document, figures, "heading.where(level: 1, outlined: true)", "body")[-1] == plain(text)
    assert plain(text) in found(document, figures, "figure", "caption")[0]
    with pdfplumber.open(io.BytesIO(typeset.render(document, sample.wording("zh"), figures))) as book:
        assert not [link for page in book.pages for link in page.hyperlinks if link.get("uri")]


@settings(max_examples=15)
@given(text=st.text(min_size=1, max_size=40).filter(lambda text: text.strip()))
def test_any_text_is_set_as_it_stands(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    document = Document("zh", "t", "s", (Heading(2, text, "a"), Paragraph((Span(text, "#a"),))))
    assert found(document, tmp_path_factory.getbasetemp(), "heading.where(level: 1, outlined: true)", "body")[
        -1
    ] == plain(text)


def test_equal_reports_are_equal_bytes(written: bytes, language: str, figures: Path) -> None:
    again = typeset.render(sample.document(language), sample.wording(language), figures)
    assert again == written
    assert b"CreationDate" not in written
    assert b"ModDate" not in written


def test_the_pdf_shows_what_the_word_report_shows(written: bytes, language: str) -> None:
    with pdfplumber.open(io.BytesIO(written)) as book:
        pages = [page.extract_text() for page in book.pages]
    told = "".join("".join(pages).split())
    captions = (
        ("图1说明caption", "表1Pairs地区对", "表2many")
        if language == "zh"
        else ("Figure1说明caption", "Table1Pairs地区对", "Table2many")
    )
    assert all(caption in told for caption in captions)
    assert "余弦0.27，如图所示" in told
    assert ("（表1、图1）。下一句。" if language == "zh" else "0.27(Table1);see") in told
    assert "toolong" not in told
    for listed in ("一、Findings“结果”", "Many"):
        assert "".join(pages[0].split()).count(listed) == 1  # in the contents


def test_the_head_of_a_divided_table_is_repeated(written: bytes) -> None:
    with pdfplumber.open(io.BytesIO(written)) as book:
        holding = [page.extract_text() for page in book.pages if "字" * 20 in page.extract_text()]
    assert len(holding) > 1
    assert all("n text" in page for page in holding)


def test_the_pdf_tells_its_title_and_language_and_brings_its_fonts(written: bytes, language: str) -> None:
    with pdfplumber.open(io.BytesIO(written)) as book:
        assert book.metadata["Title"] == "标题 Title"
        document = book.doc
        assert str(document.catalog["Lang"], "utf-8").lower() == {"zh": "zh-cn", "en": "en-us"}[language]
        fonts = {char["fontname"].partition("+")[2].partition("-")[0] for page in book.pages for char in page.chars}
        assert all("+" in char["fontname"] for page in book.pages for char in page.chars)  # a subset, embedded
    latin = set() if language == "zh" else {"LibertinusSerif"}
    assert fonts - {"DejaVuSansMono"} == {"NotoSansSC"} | latin


def test_every_link_stays_inside(written: bytes) -> None:
    with pdfplumber.open(io.BytesIO(written)) as book:
        annotations = [one for page in book.pages for one in page.annots]
    assert len(annotations) >= 5
    assert {one["uri"] for one in annotations} == {None}


def test_the_pdf_has_an_outline_with_every_heading(written: bytes) -> None:
    with pdfplumber.open(io.BytesIO(written)) as book:
        titles = [entry[1] for entry in book.doc.get_outlines()]
    assert [title for title in titles if title in ("一、Findings “结果”", "Many")] == ["一、Findings “结果”", "Many"]


def test_the_contents_end_with_the_source_texts_which_the_outline_lists_one_by_one(figures: Path) -> None:
    headings = (Heading(2, "One", "a"), Heading(3, "Part", "b"), Heading(2, "Sources", "s"), Heading(3, "浙江", "z"))
    document = Document("zh", "t", "s", headings, shared="s")
    listed = found(document, figures, "heading.where(outlined: true)", "body")
    assert [title for title in listed if title in ("One", "Part", "Sources", "浙江")] == ["One", "Part", "Sources"]
    with pdfplumber.open(io.BytesIO(typeset.render(document, sample.wording("zh"), figures))) as book:
        titles = [entry[1] for entry in book.doc.get_outlines()]
    assert titles[-4:] == ["One", "Part", "Sources", "浙江"]


def test_a_table_too_wide_turns_its_page(figures: Path) -> None:
    wide = Table("wide", ("h",) * 12, (tuple(sample.spans("字" * 6) for _ in range(12)),), "r" * 12, "table-wide")
    document = Document("zh", "t", "s", (Heading(2, "a", "a"), wide, Paragraph(sample.spans("after"))))
    with pdfplumber.open(io.BytesIO(typeset.render(document, sample.wording("zh"), figures))) as book:
        forms = [(page.width > page.height, "字" * 6 in page.extract_text()) for page in book.pages]
        assert all(char["x0"] >= 0 and char["x1"] <= page.width for page in book.pages for char in page.chars)
    assert forms == [(False, False), (False, False), (True, True), (False, False)]


def test_the_template_loads_nothing_and_evaluates_nothing() -> None:
    template = (ROOT / "pipeline/report/typeset.typ").read_text("utf-8")
    assert not {"import ", "include ", "eval(", "read(", "plugin("} & set(template.replace("(", "( ").split(" "))
    assert not [word for word in ("#import", "#include", "eval(", "read(", "plugin(", "@preview") if word in template]


def test_without_the_typesetter_one_message_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(InputError, match="make extras") as caught:
        pdf.main(*[tmp_path] * 6)  # before anything is read
    assert "make extras" in caught.value.zh


def test_the_report_of_the_appendix_becomes_a_pdf_in_both_languages(built: Path, tmp_path: Path) -> None:
    tables = built / "data/processed/vocational-teachers"
    figures = built / "reports/vocational-teachers/figures"
    method = built / "method"
    calibration = built / "reports/calibration/calibration.csv"
    pdf.main(tables, method / "settings.toml", method / "glossary.csv", calibration, figures, tmp_path)
    for language in ("zh", "en"):
        with pdfplumber.open(tmp_path / f"report.{language}.pdf") as book:
            assert len(book.pages) > 20
            assert all("uri" not in one or one["uri"] is None for page in book.pages[:3] for one in page.annots)
