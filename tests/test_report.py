"""The report: bound numbers, working links, the same content in every format."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import docx
import pandas as pd
import pytest
from fontTools.ttLib import TTFont

from pipeline import tables
from pipeline.errors import InputError
from pipeline.method import load_glossary
from pipeline.report import font, html, markdown, source, word
from pipeline.report.document import Bullets, Document, Paragraph, Span, Table, joined, spans
from pipeline.report.parts import occurrences
from pipeline.report.wording import Wording, load
from tests.make import ROOT

LANGUAGES = ("zh", "en")


class Page(HTMLParser):
    """Ids, links, bound numbers, visible text and remote references of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.cells: list[tuple[str, str]] = []
        self.remote: list[str] = []
        self.images: list[dict[str, str]] = []
        self.shown: list[str] = []
        self._cell = ""
        self._hidden = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"][1:]] if given.get("href", "").startswith("#") else []
        self.remote += [v for k, v in given.items() if k in ("src", "href") and re.match(r"(?:https?:)?//", v)]
        self.images += [given] if tag == "img" else []
        self._cell = given.get("data-cell", "")
        self._hidden = tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if self._cell and data.strip():
            self.cells.append((self._cell, data.strip()))
        if not self._hidden:
            self.shown.append(data)

    def handle_endtag(self, _: str) -> None:
        self._cell = ""
        self._hidden = False


@pytest.fixture(scope="module", params=LANGUAGES)
def page(request: pytest.FixtureRequest, built: Path) -> Page:
    return Page((built / f"reports/vocational-teachers/report.{request.param}.html").read_text("utf-8"))


def stored(processed: Path, cell: str) -> float:
    """The value in the table cell that a number names."""
    file, key, column = cell.split(" | ")
    table = next(table for table in tables.ALL if f"{table.name}.csv" == file)
    frame = tables.read(processed / file, table)
    parts = (
        key.split("|", 2) if table is tables.SEGMENTATION_AUDIT else key.replace("k=", "").replace("–", "|").split("|")
    )
    keys = list(table.key)[: len(parts)]
    for name, part in zip(keys, parts, strict=True):
        frame = frame[frame[name].astype(str) == part]
    return float(frame[column].iloc[0])


def test_every_bound_number_is_the_value_of_its_table_cell_rounded(page: Page, processed: Path) -> None:
    assert len(page.cells) > 500
    for cell, shown in sorted(set(page.cells)):
        value = stored(processed, cell)
        if shown.startswith("<"):
            assert value < float(shown[1:])
        elif shown.endswith("%"):
            assert abs(100 * value - float(shown[:-1])) <= 0.5 + 1e-6, cell
        else:
            decimals = len(shown.partition(".")[2])
            assert abs(value - float(shown.replace(",", ""))) <= 0.5 * 10**-decimals + 1e-6, cell


def test_every_number_of_the_findings_is_bound_to_a_cell(built: Path) -> None:
    for language in LANGUAGES:
        text = (built / f"reports/vocational-teachers/report.{language}.html").read_text("utf-8")
        findings = text[text.index('<ul class="findings">') : text.index("</ul>", text.index('<ul class="findings">'))]
        prose = re.sub(r"<a [^>]*>.*?</a>", "", findings)
        loose = re.findall(r"\d+(?:\.\d+)?%?", unescape(re.sub(r"<[^>]+>", "", prose)))
        # Only thresholds stand in prose unbound: common words, silhouette, ranks that are named.
        assert set(loose) <= {"60%", "0.25", "10"}


def test_every_link_inside_the_page_has_a_target_and_no_id_is_used_twice(page: Page) -> None:
    assert set(page.links) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_every_measure_can_be_linked_to(page: Page, processed: Path) -> None:
    assert set(tables.read(processed / "measures.csv", tables.MEASURES)["measure_id"]) <= set(page.ids)


def test_the_page_needs_no_network_and_every_figure_has_alternative_text(page: Page) -> None:
    assert page.remote == []
    assert len(page.images) == 8
    for image in page.images:
        assert image["alt"]
        assert image["src"].startswith("data:image/svg+xml;base64,")


def test_the_embedded_font_has_every_character_that_the_page_shows(page: Page, built: Path) -> None:
    text = (built / "reports/vocational-teachers/report.zh.html").read_text("utf-8")
    encoded = re.search(r"data:font/woff;base64,([^)]+)\)", text)
    assert encoded
    known = TTFont(io.BytesIO(base64.b64decode(encoded[1]))).getBestCmap()
    assert [c for c in sorted(set("".join(page.shown))) if c.isprintable() and ord(c) not in known] == []


def test_the_source_text_of_every_region_stands_in_the_page_whole(page: Page, processed: Path) -> None:
    shown = "".join(page.shown)
    for text in tables.read(processed / "measures.csv", tables.MEASURES)["text"]:
        assert text in shown


def test_html_markdown_and_word_state_the_same_findings(built: Path) -> None:
    folder = built / "reports/vocational-teachers"
    first = docx.Document(str(folder / "report.zh.docx")).paragraphs
    runs = ["".join(node.text or "" for node in p._p.iter() if node.tag.endswith("}t")) for p in first]
    bullets = [text for p, text in zip(first, runs, strict=True) if p.style.name == "List Bullet"]
    assert len(bullets) >= 6
    shown = re.sub(r"\s+", "", "".join(Page((folder / "report.zh.html").read_text("utf-8")).shown))
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", (folder / "report.zh.md").read_text("utf-8"))
    plain = re.sub(r"[\\*\s]", "", plain)
    for bullet in bullets:
        assert re.sub(r"\s+", "", bullet) in shown
        assert re.sub(r"\s+", "", bullet) in plain


def test_the_markdown_shows_only_figures_that_exist(built: Path) -> None:
    folder = built / "reports/vocational-teachers"
    for language in LANGUAGES:
        named = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", (folder / f"report.{language}.md").read_text("utf-8"))
        assert len(named) == 8
        assert all((folder / name).exists() for name in named)


def test_the_markdown_links_have_targets(built: Path) -> None:
    for language in LANGUAGES:
        text = (built / f"reports/vocational-teachers/report.{language}.md").read_text("utf-8")
        assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(re.findall(r'<a id="([^"]+)">', text))


def test_word_has_chinese_fonts_numbered_captions_and_links_that_arrive(built: Path) -> None:
    path = built / "reports/vocational-teachers/report.zh.docx"
    with zipfile.ZipFile(path) as archive:
        body = archive.read("word/document.xml").decode()
        styles = archive.read("word/styles.xml").decode()
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert 'w:eastAsia="宋体"' in styles
    assert 'w:eastAsia="黑体"' in styles
    assert set(re.findall(r'w:anchor="([^"]+)"', body)) <= set(
        re.findall(r'w:bookmarkStart [^>]*w:name="([^"]+)"', body)
    )
    assert body.count(" SEQ Figure ") == 8
    assert body.count(" SEQ Table ") > 10
    assert len(docx.Document(str(path)).inline_shapes) == 8


def test_the_english_page_glosses_the_terms_it_lists(built: Path, processed: Path) -> None:
    glossary = load_glossary(ROOT / "method/glossary.csv")
    keywords = tables.read(processed / "keywords.csv", tables.KEYWORDS)
    listed = keywords[keywords["rank"] <= 10]["term"]
    assert [term for term in listed if term not in glossary] == []
    shown = "".join(Page((built / "reports/vocational-teachers/report.en.html").read_text("utf-8")).shown)
    assert all(glossary[term] in shown for term in listed)


def words(language: str = "zh") -> Wording:
    return load(language, {"双师": "dual-qualified"}, {"浙江": "Zhejiang"})


@pytest.mark.parametrize(
    ("value", "style", "shown"),
    [
        (1234.0, "int", "1,234"),
        (0.694, "share", "69%"),
        (0.0004, "p", "< 0.001"),
        (0.0126, "p", "0.013"),
        (-0.5, "2", "-0.50"),
    ],
)
def test_numbers_are_shown_in_the_style_asked_for(value: float, style: str, shown: str) -> None:
    assert source.number(value, style) == shown


def test_a_sentence_keeps_its_slots_as_spans_in_order() -> None:
    wording = Wording("zh", {"x": {"y": "从{a}到{b}。"}}, {}, {})
    runs = wording.sentence("x.y", a=Span("1", href="#m"), b=(Span("2"), Span("3")))
    assert [span.text for span in runs] == ["从", "1", "到", "2", "3", "。"]
    assert runs[1].href == "#m"


def test_a_term_carries_its_gloss_in_english_only() -> None:
    assert [span.text for span in words("en").term("双师")] == ["双师", " dual-qualified"]
    assert [span.text for span in words("zh").term("双师")] == ["双师"]
    assert words("en").region("浙江") == "Zhejiang"


def test_text_that_looks_like_markup_is_escaped_in_html_and_markdown() -> None:
    runs = spans(Span("<b>|*[x](y)", href="#a"))
    assert str(html.span_html(runs, "zh")) == '<a href="#a">&lt;b&gt;|*[x](y)</a>'
    assert markdown.span_markdown(runs) == r"[\<b\>\|\*\[x\](y)](#a)"


def test_joined_runs_have_the_separator_between_them_only() -> None:
    assert [s.text for s in joined([Span("a"), spans("b", "c")], "、")] == ["a", "、", "b", "c"]
    assert joined([], "、") == ()


def test_overlapping_keywords_are_marked_once_by_the_longest() -> None:
    measures = pd.DataFrame(
        [{"measure_id": "D1-1", "region": "甲", "position": 1, "text": "双师型教师与双师", "start": 5, "end": 13}]
    )
    columns = ["measure_id", "term", "start", "end"]
    tokens = pd.DataFrame(
        [("D1-1", "双师型教师", 5, 10), ("D1-1", "双师", 5, 7), ("D1-1", "双师", 11, 13)], columns=columns
    )
    t = source.Tables({"measures": measures, "tokens": tokens})
    assert occurrences(t, "D1-1", ["双师", "双师型教师"]) == [(0, 5), (6, 8)]


def test_a_character_that_the_font_lacks_is_an_error_and_never_a_box() -> None:
    with pytest.raises(InputError, match=r"U\+20000"):
        font.subset_woff("中\U00020000")


def test_the_font_subset_depends_on_the_characters_only() -> None:
    assert font.subset_woff("政策文本") == font.subset_woff("本文策政政")


def test_word_columns_fit_the_page_and_narrow_ones_keep_their_width() -> None:
    widths = word.column_widths([["1", "字" * 200, "字" * 30]])
    assert sum(widths) == pytest.approx(16.0)
    assert widths[0] == pytest.approx(0.155 + 0.45)
    assert word.column_widths([["1", "二"]]) == pytest.approx([0.605, 0.735])


def test_equal_reports_are_equal_word_files() -> None:
    table = Table("标题", ("甲",), ((spans(Span("1", href="#x")),),), "r", "x")
    document = Document("zh", "题", "副题", (Paragraph(spans("文")), Bullets((spans("项"),)), table))
    first, second = (word.render(document, words(), Path()) for _ in range(2))
    assert first == second
