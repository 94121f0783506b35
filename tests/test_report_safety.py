"""Documents are hostile data: whatever stands in them, the report is made of its own elements only, and every link stays inside."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest
from hypothesis import given, strategies as st
from lxml import etree
from markdown_it import MarkdownIt
from matplotlib.figure import Figure as Drawing

from pipeline.anchors import anchor, approach, slug
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording as ChartWording
from pipeline.method import Settings
from pipeline.report import explorer, font, html, markdown, parts, sections, source, word
from pipeline.report.document import (
    Block,
    Bullets,
    Details,
    Document,
    Heading,
    Measure,
    Paragraph,
    Span,
    Table,
    anchor_of,
    internal,
    links_in,
    plain,
    printable,
)
from pipeline.report.source import Tables
from pipeline.report.wording import Wording, load
from tests.built import FIGURES
from tests.make import ROOT

MPLSTYLE = ROOT / "method/figures.mplstyle"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></title></script><script>alert(1)//",
    "<!-- --!> ]]> <![CDATA[x",
    "[x](javascript:alert(1))",
    "![x](http://evil.example/x.png)",
    "<http://evil.example> http://evil.example www.evil.example a@evil.example",
    "`code` ``more`` | cell # hash *star* _under_ ~~gone~~ $math$",
    "- item",
    "1. item",
    "# heading",
    "> quote",
    "    block of code",
    "first\n\n# second\r\n- third\u2028fourth",
    "&lt;b&gt; &#106;avascript:",
    "{{ 7 * 7 }} {% raw %} {0} {region} %s",
    '{ HYPERLINK "http://evil.example" } =cmd|/c calc DDEAUTO INCLUDEPICTURE',
    "/*FONT*/ /*POLICY*/",
    "nul\x00 bell\x07 escape\x1b lone\ud800 end\uffff",
    "\u202eright to left",
    "𠀀🌷\ue000",
)
REPORT_TAGS = {"html", "head", "meta", "style", "title", "body", "header", "nav", "main", "section", "script", "noscript", "fieldset", "legend", "input", "label", "h1", "h2", "h3", "h4", "p", "a", "ol", "ul", "li", "figure", "figcaption", "div", "img", "table", "thead", "tbody", "tr", "th", "td", "b", "strong", "mark", "span", "code", "details", "summary"}  # fmt: skip
DRAWING_TAGS = {"svg", "g", "path", "circle", "defs", "use", "clippath", "rect", "text"}
ATTRIBUTES = {
    "lang",
    "charset",
    "name",
    "content",
    "http-equiv",
    "id",
    "class",
    "href",
    "src",
    "alt",
    "title",
    "data-cell",
    "data-of",
    "tabindex",
    "role",
    "aria-label",
    "aria-labelledby",
    "scope",
    "open",
    "type",
    "value",
    "checked",
    "for",
}


class Page(HTMLParser):
    """Elements, attributes and text of a page as a browser sees them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text: list[str] = []
        self.scripts: list[str] = []
        self.comments: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self._open.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        inside = self._open[-1] if self._open else ""
        if inside == "script":
            self.scripts[-1] += data
        elif inside != "style":
            self.text.append(data)

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


# What a drawing may carry: shapes, places, looks, and what its marks say.
DRAWN = {
    *("id", "class", "d", "x", "y", "cx", "cy", "r", "width", "height", "viewbox", "transform", "clip-path", "xlink:href", "opacity"),
    *("fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-linejoin", "stroke-linecap"),
    *("stroke-dasharray", "stroke-dashoffset", "font-size", "text-anchor", "data-cell", "data-shown", "data-what"),
}  # fmt: skip


def labels_of(page: Page) -> str:
    """What the marks of a drawing say, and show."""
    return "".join(a["data-what"] + a["data-shown"] for _, a in page.elements if "data-shown" in a)


def assert_own_elements_only(page: str) -> Page:
    """Nothing in the page that its template and its figures do not make."""
    found = Page(page)
    assert {tag for tag, _ in found.elements} <= REPORT_TAGS | DRAWING_TAGS
    kinds = [attributes.get("type", "") for tag, attributes in found.elements if tag == "script"]
    assert kinds in (["application/json", ""], ["application/json", "application/json", ""])
    assert found.scripts[-1] == html.script()
    for told in found.scripts[:-1]:
        json.loads(told)  # words, and what the explorer shows
    assert found.comments == []
    ids = [attributes["id"] for _, attributes in found.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for tag, attributes in found.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)
        if tag in REPORT_TAGS and tag != "a":
            assert set(attributes) <= ATTRIBUTES, (tag, attributes)
        target = attributes.get("href", attributes.get("xlink:href", ""))
        if target.startswith("#"):
            assert target[1:] in ids, target
        else:
            assert not target, target
        assert "src" not in attributes
    return found


def assert_own_markdown_only(text: str) -> str:
    """What a reader of Markdown makes of it: no element but anchors, no picture but the figures, no link outside; its text."""
    reader = MarkdownIt("commonmark", {"linkify": False}).enable("table").enable("strikethrough")
    shown: list[str] = []
    ids, links = [], []

    def walk(tokens: list[Any]) -> None:
        for token in tokens:
            if token.type in ("html_inline", "html_block"):
                found = re.fullmatch(r'<a id="([\w.\-]+)">|</a>', token.content.strip())
                assert found, token.content
                ids.extend([found[1]] if found[1] else [])
            assert token.type not in ("code_block", "fence", "hr", "s_open")
            if token.type == "link_open":
                links.append(token.attrs["href"])
            if token.type == "image":
                assert re.fullmatch(r"figures/\w+\.(zh|en)\.svg", token.attrs["src"])
                continue
            if token.children:
                walk(token.children)
            elif token.type in ("text", "code_inline"):
                shown.append(token.content)

    walk(reader.parse(text))
    assert len(ids) == len(set(ids))
    assert {unquote(link)[1:] for link in links} <= set(ids)
    assert all(link.startswith("#") for link in links)
    return "".join(shown)


def assert_own_word_only(data: bytes) -> str:
    """Every part is XML, fields number captions, links stay inside; the text."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                tree = etree.fromstring(archive.read(name))
                if name.endswith(".rels"):
                    assert not [one for one in tree if one.get("TargetMode") == "External"], name
        body = etree.fromstring(archive.read("word/document.xml"))
    assert {told.text for told in body.iter(f"{W}instrText")} <= {' TOC \\o "1-2" \\n \\h \\z \\u '}
    assert len(body.findall(f".//{W}fldChar")) == 3 * len(body.findall(f".//{W}instrText"))
    for field in body.iter(f"{W}fldSimple"):
        assert re.fullmatch(r" (SEQ (图|表|Figure|Table) \\\* ARABIC|REF \w+ \\h) ", field.get(f"{W}instr"))
    marks = [mark.get(f"{W}name") for mark in body.iter(f"{W}bookmarkStart")]
    assert len({mark.casefold() for mark in marks}) == len(marks)
    assert all(re.fullmatch(r"[^\W\d_]\w{0,39}", mark) for mark in marks)
    for link in body.iter(f"{W}hyperlink"):
        assert link.get(f"{W}anchor") in marks
    return "".join(node.text or "" for node in body.iter(f"{W}t"))


@pytest.fixture(params=["zh", "en"])
def wording(request: pytest.FixtureRequest) -> Wording:
    return load(request.param, {}, {})


def sealed(documents: Iterable[Document], explored: html.Explorer | None = None) -> str:
    """The page of the document in both languages."""
    editions = [html.Edition(document, load(document.language, {}, {})) for document in documents]
    return html.sealed(html.render(editions, explored), "@font-face{}")


def hostile_page(text: str, explored: html.Explorer | None = None) -> str:
    return sealed((hostile_document(language, text) for language in ("zh", "en")), explored)


def hostile_document(language: str, text: str) -> Document:
    """Every kind of block, with the text wherever a text can stand."""
    at = anchor("region", text)
    link = Span(text, href=f"#{at}")
    blocks = (
        Heading(2, text, anchor("heading", text)),
        Heading(3, text, at),
        *(Paragraph((Span(text, kind=kind), Span(" "), link), "note") for kind in ("", "strong", "mark", "gloss", "code")),
        Paragraph((Span(text, kind="source"), Span(text, href="javascript:alert(1)"), Span(text, href="//evil.example")), "lead"),
        Bullets(((Span(text),), (link,))),
        Table(text, (text, text), (((Span(text, cell=text),), (Span(text, kind="code"),)), ((link,), ())), "lr", anchor("table", text)),
        Measure(anchor("measure", text), text, (Span(text, kind="source"), Span(text, kind="mark"))),
        Measure("", text, (Span("", href=f"#{anchor('measure', text)}"), Span(text))),
        Details((Span(text),), (Paragraph((Span(text),)), Measure(approach(text, "a-theme"), text, (Span(text),))), anchor("pair", text, text)),
    )  # fmt: skip
    return Document(language, text, text, blocks)


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_a_text_in_html_and_markdown(text: str, wording: Wording) -> None:
    page = assert_own_elements_only(hostile_page(text))
    expected = " ".join(plain(text).split())
    assert " ".join("".join(page.text).split()).count(expected) >= 2 * 10
    document = hostile_document(wording.language, text)
    assert expected.lstrip() in " ".join(assert_own_markdown_only(markdown.render(document, wording)).split())


def test_hostile_texts_stay_texts_in_word(tmp_path: Path) -> None:
    words = load("zh", {}, {})
    documents = [hostile_document("zh", text) for text in HOSTILE]
    document = replace(documents[0], title="\x07" * 300, blocks=tuple(one for each in documents for one in each.blocks))
    shown = " ".join(assert_own_word_only(word.render(document, words, tmp_path)).split())
    for text in HOSTILE:
        assert " ".join(plain(text).split()) in shown


@given(text=st.text(min_size=1, max_size=40))
def test_any_text_stays_a_text_in_html_and_markdown(text: str) -> None:
    assert_own_elements_only(hostile_page(text))
    assert_own_markdown_only(markdown.render(hostile_document("zh", text), load("zh", {}, {})))


@given(text=st.text(max_size=40) | st.sampled_from(HOSTILE))
def test_any_text_in_the_data_of_the_explorer_is_read_back_as_it_was_and_ends_no_script(text: str) -> None:
    explored = html.Explorer(explorer.packed(explorer.written({"text": [text]})), "", {}, ())
    told = html.in_script(explored.data)
    assert not set("<>&\u2028\u2029") & set(told)
    assert printable(json.loads(told)["text"][0]) == printable(text)  # JSON has a way to write the controls
    assert len(printable(text)) == len(text)
    found = assert_own_elements_only(hostile_page("x", explored))
    assert found.scripts[1] == told


@given(text=st.text(alphabet="[](){}<>!#*_`|\\&;:/.$~-+=1a@'\"\n ", min_size=1, max_size=30))
def test_any_row_of_marks_reads_in_markdown_as_it_stands(text: str) -> None:
    shown = assert_own_markdown_only(
        markdown.render(Document("zh", "t", "s", (Paragraph((Span(text),)),)), load("zh", {}, {}))
    )
    assert " ".join(shown.split()) == "ts" + " ".join(plain(text).split())


@given(text=st.text(max_size=60))
def test_plain_text_is_one_line_that_xml_can_hold_and_common_text_is_left_alone(text: str) -> None:
    told = plain(text)
    element = etree.Element("x")
    element.text = told
    assert len(told.splitlines()) <= 1
    assert plain(told) == told
    if text.isprintable():
        assert told == text


# --- anchors -----------------------------------------------------------------------------------------------------


@given(a=st.tuples(st.text(max_size=8), st.text(max_size=8)), b=st.tuples(st.text(max_size=8), st.text(max_size=8)))
def test_different_names_have_different_anchors_of_harmless_characters(a: tuple[str, str], b: tuple[str, str]) -> None:
    assert (anchor("pair", *a) == anchor("pair", *b)) == (a == b)
    assert all(c.isalnum() or c in ".-" for c in anchor("pair", *a))


def test_an_anchor_of_plain_names_is_these_names() -> None:
    assert anchor("pair", "山东", "内蒙古") == "pair-山东-内蒙古"
    assert approach("宜昌", "dual-teacher") == "approach-宜昌-dual-teacher"
    assert slug("a b-c") == "a.20.b.2d.c"


def test_word_has_a_bookmark_of_its_own_for_every_anchor() -> None:
    long = "pair-" + "长" * 50
    anchors = ["a-b", "a.b", "A-B", long, long + "一", long + "二"]
    names = word.bookmark_names(anchors)
    assert names["a-b"] == "a_a_b"
    assert len({name.casefold() for name in names.values()}) == len(anchors)
    assert max(map(len, names.values())) == 40


def test_only_a_link_to_a_place_on_the_page_is_internal() -> None:
    assert internal("#x")
    assert not any(map(internal, ("", "javascript:alert(1)", "http://x", "//x", "data:text/html,x", " #x")))


# --- the policy --------------------------------------------------------------------------------------------------


def test_the_policy_is_first_and_allows_the_style_and_script_of_the_page_by_their_hashes() -> None:
    page = hostile_page("/*POLICY*/ /*FONT*/ <style></style>")
    head = page[page.index("<head>") :]
    policy = re.match(r'<head>\n<meta http-equiv="Content-Security-Policy" content="([^"]+)">\n', head)
    assert policy
    rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
    style_text = re.search("<style>(.*?)</style>", page, flags=re.DOTALL)
    script = re.search("<script>(.*?)</script>", page, flags=re.DOTALL)
    assert style_text
    assert script

    def digest(text: str) -> str:
        return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

    assert rules == {
        "default-src": "'none'",
        "img-src": "data:",
        "font-src": "data:",
        "style-src": digest(style_text[1]),
        "script-src": digest(script[1]),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert '<meta name="referrer" content="no-referrer">' in head
    assert "@font-face{}" in style_text[1]


# --- a whole report of a hostile corpus ----------------------------------------------------------------------------

EVIL = {
    "山东": '<script>alert("山东")</script> | # \'%',
    "浙江": "[浙江](javascript:alert(1))\n# x",
    "上海": "- $上海$ {{7*7}} {x}",
    "湖南": "湖南-浙江",
    "广东": "1. 广东 `&amp;` \\",
}


def renamed(value: Any) -> Any:
    """A region's name, alone or in a list, by its hostile one."""
    if not isinstance(value, str):
        return value
    return "·".join(EVIL.get(part, part) for part in value.split("·"))


def hostile_tables(loaded: Tables) -> Tables:
    """The tables of the appendix with hostile names, titles, headings and sentences."""
    frames: dict[str, pd.DataFrame] = {}
    for name, frame in loaded.frames.items():
        changed = frame.copy()
        for column in changed.columns:
            changed[column] = changed[column].map(renamed)
        frames[name] = changed
    marks = " ".join(HOSTILE[:17])
    frames["documents"]["title"] = marks
    frames["measures"]["text"] += marks
    frames["sources"]["file"] = "<b onclick=x>.txt"
    frames["files"]["file"] = "<b onclick=x>.txt"
    frames["cleaning"]["removed"] = "`|<script>"
    return replace(loaded, frames=frames)


@pytest.fixture(scope="module")
def loaded(processed: Path, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return source.load(processed, tmp_path_factory.mktemp("none") / "calibration.csv")


@pytest.fixture(scope="module")
def provenance(processed: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((processed / "provenance.json").read_text("utf-8"))
    return found


def test_a_hostile_corpus_makes_a_report_of_its_own_elements_only(
    loaded: Tables, provenance: dict[str, Any], built: Path, settings: Settings
) -> None:
    hostile = hostile_tables(loaded)
    words = {language: load(language, {}, {}) for language in ("zh", "en")}
    documents = {language: sections.build(hostile, w, settings, provenance) for language, w in words.items()}
    folder = built / "data/processed/vocational-teachers/figures"
    # The drawn figures link to the names of the appendix, so that here they lead nowhere.
    editions = [
        html.Edition(
            document,
            words[language],
            {
                name: (folder / f"{name}.{language}.svg")
                .read_bytes()
                .replace(b' xlink:href="#approach-', b' data-href="')
                for name in FIGURES
            },
        )
        for language, document in documents.items()
    ]
    explored = explorer.of(hostile, words, settings, documents["zh"])
    page = assert_own_elements_only(html.sealed(html.render(editions, explored), "@font-face{}"))
    shown = " ".join("".join(page.text).split())
    told = json.loads(explored.data)
    for name in EVIL.values():
        assert " ".join(name.split()) in shown
        assert name in [region[0] for region in told["regions"]]
    for language, document in documents.items():
        assert_own_markdown_only(markdown.render(document, words[language]))
        assert_own_word_only(word.render(document, words[language], built / "reports/vocational-teachers/figures"))


# --- figures -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*HOSTILE, "$\\frac{a}{b}$", "$x", "a<b>&c"])
def test_a_hostile_name_in_a_figure_is_drawn_and_becomes_no_markup(text: str, tmp_path: Path) -> None:
    def draw(wording: ChartWording) -> Drawing:
        figure, page = style.page(3, 1)
        labels.put(page, 0.1, 0.5, wording.region(text), url=f"#{approach(text, 'x')}")
        style.boxes(page, [(0, 0, 1, 1)], ["#ffffff"], cells=[marks.Cell("x", (text,), "y", "1", text)])
        return figure

    # What is not seen, control characters and blanks but the common one, is shown as �.
    seen = "".join("\ufffd" if unicodedata.category(c)[0] in "CZ" and c != " " else c for c in text)
    own = tmp_path / "own.mplstyle"
    own.write_text(MPLSTYLE.read_text("utf-8").replace("text.parse_math: False", "text.parse_math: True"), "utf-8")
    wording = ChartWording("zh", {}, {}, {text: " ".join(plain(text).split())})
    style.publish(draw, [wording], mplstyle=own, stem=tmp_path / "x", page=tmp_path / "page" / "x")
    svg = (tmp_path / "x.zh.svg").read_bytes()
    tree = etree.fromstring(svg)
    assert {etree.QName(node).localname for node in tree.iter() if isinstance(node.tag, str)} <= {
        *("svg", "metadata", "RDF", "Work", "type", "format", "creator", "Agent", "title", "date"),
        *("defs", "style", "g", "path", "use", "a", "clipPath", "rect"),
    }
    # The one clip is matplotlib's own: the axes that are the page. It says nothing but numbers.
    clips = list(tree.iter("{*}clipPath", "{*}rect"))
    assert [(etree.QName(node).localname, len(node)) for node in clips] == [("clipPath", 1), ("rect", 0)]
    assert {**clips[1].attrib} == {"x": "0", "y": "0", "width": "216", "height": "72"}  # 3 by 1 inches, in points
    assert re.fullmatch(r"p[0-9a-f]{10}", clips[0].attrib["id"])
    assert all(
        value.startswith("#")
        for node in tree.iter()
        for key, value in node.attrib.items()
        if key.endswith("href") and isinstance(node.tag, str)
    )
    inlined = Page(f"<div>{(tmp_path / 'page' / 'x.zh.svg').read_text('utf-8')}</div>")
    assert {tag for tag, _ in inlined.elements} <= {"div", "svg", "g", "path", "use", "defs", "a", "text"}
    assert {name for _, attributes in inlined.elements for name in attributes} <= DRAWN
    assert inlined.comments == []
    assert labels_of(inlined) == f"{seen}1"


def test_a_character_without_a_glyph_is_drawn_as_a_geta_and_an_unseen_one_not_at_all() -> None:
    with style.drawing(MPLSTYLE, Path("x")):
        assert labels.drawn("职教🌷\ue000𠀀") == "职教〓〓〓"
        assert labels.drawn("浙\u200b江\ufe0f") == "浙江"
        assert labels.drawn("一\n二") == "一\n二"
        assert labels.width_of("🌷") == labels.width_of("〓")
        assert labels.drawn("〓") == "〓"
    assert font.lacking_in("职教🌷\ue000\u200b") == ["\ue000", "🌷"]


# --- long corpora ------------------------------------------------------------------------------------------------


def limited(settings: Settings, **values: int) -> Settings:
    return replace(settings, report=replace(settings.report, **values))


def anchors_in(blocks: Any) -> Iterator[str]:
    for block in blocks:
        yield from filter(None, [getattr(block, "anchor", "")])
        yield from anchors_in(getattr(block, "blocks", ()))


def in_full(block: Block) -> bool:
    """Whether it is a measure where its text stands, not where it is quoted."""
    return isinstance(block, Measure) and bool(block.anchor)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_of_a_long_corpus_the_report_prints_what_it_links_to_and_says_how_much(
    loaded: Tables, provenance: dict[str, Any], settings: Settings, language: str
) -> None:
    words = load(language, {}, loaded.region_en)
    asked = limited(settings, whole_text=100, rows=2, rows_long=2, pairs=7, clauses=1, words=3)
    # Of most keywords only the first measures are linked, so that some measure is not.
    short = sections.build(loaded, words, asked, provenance)
    whole = sections.build(loaded, words, settings, provenance)
    anchors = set(anchors_in(short.blocks))
    assert set(links_in(short.blocks)) - {f"figure-{name}" for name in FIGURES} <= anchors
    ids = set(loaded["measures"]["measure_id"])
    linked = set(links_in([block for block in short.blocks if not in_full(block)]))
    assert anchors & ids == linked & ids
    assert set(anchors_in(whole.blocks)) >= ids
    said = "".join(span.text for block in short.blocks if isinstance(block, Paragraph) for span in block.spans)
    key = "source.linked_only"
    assert words.text(key, shown=len(anchors & ids), measures=len(ids)) in said
    assert len([one for one in anchors if one.startswith("pair-")]) < 78
    listed = [block for block in short.blocks if isinstance(block, Details) and block.anchor == "all-pairs"]
    told = "".join(span.text for span in listed[0].summary)
    shown = len([one for one in anchors if one.startswith("pair-")])
    assert told == words.text("similarity.some_pairs", pairs=78, explained=shown)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_of_many_regions_the_report_tells_the_short_form_whose_links_all_lead_somewhere(
    loaded: Tables, provenance: dict[str, Any], settings: Settings, language: str
) -> None:
    words = load(language, {}, loaded.region_en)
    short = sections.build(loaded, words, limited(settings, whole_text=100, profiles=12), provenance)
    whole = sections.build(loaded, load(language, {}, loaded.region_en), settings, provenance)
    anchors, every = set(anchors_in(short.blocks)), set(anchors_in(whole.blocks))
    assert set(links_in(short.blocks)) - {f"figure-{name}" for name in FIGURES} <= anchors
    missing = {one for one in every - anchors if not re.fullmatch(r"D\d+-\d+|pair-.*", one)}
    assert missing == {"table-profiles", *(f"keywords-{region}" for region in loaded.names)}
    said = {"".join(span.text for span in block.spans) for block in short.blocks if isinstance(block, Paragraph)}
    for key in ("keywords.many", "profiles.intro_many", "approaches.first_clauses"):
        assert words.text(key) in said
    # A theme of a region is quoted with one clause, a list names at most three measures.
    counted = loaded["theme_evidence"][loaded["theme_evidence"]["status"] == "counted"]
    marks = counted.drop_duplicates(["region", "theme"])
    quoted = [
        inner
        for block in short.blocks
        if isinstance(block, Details) and block.anchor.startswith("approaches-")
        for inner in block.blocks
        if isinstance(inner, Measure)
    ]
    assert len(quoted) == len(marks)
    assert all(len([span for span in one.spans if span.href]) == 1 for one in quoted)


def test_a_list_names_as_many_measures_as_the_settings_say(loaded: Tables, settings: Settings) -> None:
    words, ids = load("zh", {}, {}), loaded["measures"]["measure_id"].tolist()
    assert parts.references(loaded, settings) == settings.report.references
    assert parts.references(loaded, limited(settings, whole_text=100)) == settings.report.references_long
    assert parts.rows(loaded, settings) == settings.report.rows
    assert parts.rows(loaded, limited(settings, whole_text=100)) == settings.report.rows_long
    for most in (2, 3, len(ids)):
        found = parts.measure_links(loaded, words, ids, most)
        assert [span.href for span in found if span.href] == [f"#{one}" for one in ids[:most]]
        assert (found[-1].text == " …") == (most < len(ids))


@pytest.mark.parametrize(
    ("most", "a", "b"), [(8, 4, 4), (3, 1, 1), (1, 1, 1), (4, 2, 2), (100, 4, 5)], ids=["8", "3", "1", "4", "all"]
)
def test_references_to_a_pair_name_measures_of_both_regions(loaded: Tables, most: int, a: int, b: int) -> None:
    one, other = (loaded["measures"].query("region == @name")["measure_id"].tolist() for name in ("山东", "浙江"))
    assert (len(one), len(other)) == (4, 5)
    found = parts.pair_links(loaded, load("zh", {}, {}), one, other, most)
    assert [span.href[1:] for span in found if span.href] == [*one[:a], *other[:b]]
    assert (found[-1].text == " …") == ((a, b) != (4, 5))


def test_a_list_that_is_cut_says_how_many_of_how_many_and_where_all_are(
    loaded: Tables, provenance: dict[str, Any], settings: Settings
) -> None:
    words = load("en", {}, loaded.region_en)
    document = sections.build(loaded, words, limited(settings, rows=2, rows_long=2), provenance)
    found = [
        inner
        for block in document.blocks
        if isinstance(block, Details)
        for inner in block.blocks
        if isinstance(inner, Table) and inner.anchor == "audit-nested"
    ]
    rows = int((loaded["segmentation_audit"]["check"] == "nested").sum())
    assert len(found[0].rows) == 2
    assert found[0].caption.endswith(f"(the first 2 of {rows}; all in segmentation_audit.csv)")


def test_word_prints_of_a_long_corpus_only_what_its_own_parts_link_to(
    loaded: Tables, provenance: dict[str, Any], settings: Settings
) -> None:
    words = load("zh", {}, {})
    document = sections.build(loaded, words, limited(settings, whole_text=100), provenance, brief=True)
    before = [block for block in document.blocks if not in_full(block)]
    shown = {anchor_of(block) for block in document.blocks if in_full(block)}
    assert shown == set(links_in(before, brief=True)) & set(loaded["measures"]["measure_id"])
    assert shown < set(links_in(before))
