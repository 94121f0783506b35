"""The report: bound numbers, working links, the same content in every format."""

from __future__ import annotations

import base64
import io
import json
import math
import re
import zipfile
from collections import Counter
from collections.abc import Iterable
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import docx
import pandas as pd
import pytest
from fontTools.ttLib import TTFont

from pipeline import tables
from pipeline.method import Settings, calibrated, load_glossary
from pipeline.report import font, html, markdown, sections, source, word
from pipeline.report.document import Bullets, Document, Paragraph, Span, Table, joined, spans
from pipeline.report.parts import occurrences
from pipeline.report.wording import Wording, load
from tests.built import FIGURES
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
        self.drawn: list[str] = []  # the alternative texts of figures
        self.shown: list[str] = []
        self._cell = ""
        self._start = ""
        self._hidden = False
        self._behind = False
        self._row: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"][1:]] if given.get("href", "").startswith("#") else []
        self.remote += [v for k, v in given.items() if k in ("src", "href") and re.match(r"(?:https?:)?//", v)]
        self.drawn += [given["aria-label"]] if given.get("class", "").startswith("canvas ") else []
        self.links += [given["xlink:href"][1:]] if given.get("xlink:href", "").startswith("#") else []
        self._start = given.get("data-of", self._start)
        own = given.get("data-cell", "")
        self._cell = f"{self._start}{own[1:]}" if own.startswith("~") else own
        self._behind |= given.get("class") == "figure-data"
        if tag == "td":
            self._row.append("")
        self._hidden = tag in ("style", "script")

    def handle_data(self, data: str) -> None:
        if self._cell and data.strip():
            self.cells.append((self._cell, data.strip()))
        if not self._hidden:
            self.shown.append(data)
        if self._row:
            self._row[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            if self._behind and self._row:  # what the marks of a figure show: of what, which measure, number, cell
                self.cells.append((self._row[3], self._row[2]))
            self._row = []
        self._behind &= tag != "details"
        self._cell = ""
        self._hidden = False


@pytest.fixture(scope="module")
def text(built: Path) -> str:
    return (built / "reports/vocational-teachers/report.html").read_text("utf-8")


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def half(text: str, language: str) -> str:
    """The sections in one language, and what both share."""
    return "".join(re.findall(rf'<section class="(?:{language}|shared)".*?</section>', text, flags=re.DOTALL))


@cache
def rows_of(path: Path, table: tables.Table, keys: int) -> dict[tuple[str, ...], list[dict[str, object]]]:
    """The rows of a table by the first values of their key, as text."""
    frame = tables.read(path, table)
    found: dict[tuple[str, ...], list[dict[str, object]]] = {}
    texts = zip(*(frame[name].astype(str) for name in table.key[:keys]), strict=True)
    for key, row in zip(texts, frame.to_dict("records"), strict=True):
        found.setdefault(key, []).append(row)
    return found


def stored(processed: Path, calibration_csv: Path, cell: str) -> float:
    """The value in the table cell that a number names."""
    file, key, column = cell.split(" | ")
    table = tables.by_name(file.removesuffix(".csv"))
    if (table, column) == (tables.TOKENS, "measure_id"):  # no cell: how many measures hold the term
        found = tables.read(processed / file, table)
        return float(found[found["term"] == key]["measure_id"].nunique())
    parts = (
        key.split("|", 2) if table is tables.SEGMENTATION_AUDIT else key.replace("k=", "").replace("–", "|").split("|")
    )
    path = calibration_csv if table is tables.CALIBRATION else processed / file
    (row,) = rows_of(path, table, len(parts))[tuple(parts)]
    return float(str(row[column]))


BETWEEN = " … "  # in the key of a bar: the two values between which it counts


def counted(processed: Path, bar: str) -> range:
    """How many values of the column the bar may count: its ends are written with three decimals."""
    file, key, column = bar.split(" | ")
    values = tables.read(processed / file, tables.by_name(file.removesuffix(".csv")))[column]
    low, high = map(float, key.split(BETWEEN))
    fewest, most = (int(values.between(low + near, high - near).sum()) for near in (0.0005, -0.0005))
    return range(fewest, most + 1)


def wrong_cells(cells: Iterable[tuple[str, str]], processed: Path, calibration_csv: Path) -> list[tuple[str, str]]:
    """The cells whose rounded value is not what is shown."""
    wrong = []
    for cell, shown in sorted(set(cells)):
        if BETWEEN in cell:
            wrong += [] if int(shown) in counted(processed, cell) else [(cell, shown)]
            continue
        value = stored(processed, calibration_csv, cell)
        number = shown.strip("<% ").replace(",", "").replace("\u2212", "-")
        if shown == "—":
            right = math.isnan(value)
        elif shown.startswith("<"):
            right = value < float(number)
        else:
            half = 0.5 * 10 ** -len(number.partition(".")[2])
            right = abs(value * (100 if shown.endswith("%") else 1) - float(number)) <= half + 1e-6
        wrong += [] if right else [(cell, shown)]
    return wrong


def test_every_bound_number_is_the_value_of_its_table_cell_rounded(page: Page, built: Path, processed: Path) -> None:
    assert len(page.cells) > 500
    assert wrong_cells(page.cells, processed, built / "reports/calibration/calibration.csv") == []


def test_the_bars_of_the_shuffled_corpora_count_each_of_them_once(page: Page, processed: Path) -> None:
    draws = len(tables.read(processed / "null_distribution.csv", tables.NULL_DISTRIBUTION))
    bars = {(cell, int(shown)) for cell, shown in page.cells if BETWEEN in cell}
    for view in ("words", "characters"):
        assert sum(shown for cell, shown in bars if cell.endswith(f" | {view}")) == draws > 0


def thresholds(settings: Settings) -> set[str]:
    """Numbers of the settings that findings name as they are."""
    resampling, specification = settings.resampling, settings.specification
    shares = (settings.keywords.common_share, resampling.level, resampling.stable, specification.robust)
    asked = (settings.background.fits, settings.background.refused)
    numbers = (settings.permutation.alpha, resampling.reliability, settings.verdict.jaccard, *asked)
    counts = (resampling.resamples, resampling.halvings, settings.permutation.draws, settings.similarity.first)
    sizes = settings.calibration.regions  # of the corpora that say what could have been shown
    return (
        {f"{100 * share:.0f}%" for share in shares} | {f"{each:g}" for each in numbers} | set(map(str, counts + sizes))
    )


def test_every_number_of_the_findings_is_bound_to_a_cell_but_for_the_settings_it_names(
    text: str, settings: Settings
) -> None:
    for language in LANGUAGES:
        own = half(text, language)
        start = own.index('<details class="finding ')
        findings = own[start : own.index('questions"', start)]
        findings = findings[: findings.rindex("</details>")]
        unbound = re.sub(r"<(a|span) [^>]*data-cell[^>]*>.*?</\1>", "", findings)
        assert unbound != findings
        unbound = unbound.replace(settings.background.name, "")  # which may have a year in it
        loose = re.findall(r"\d+(?:\.\d+)?%?", unescape(re.sub(r"<[^>]+>", "", unbound)))
        groups = set(map(str, range(1, 10)))  # the numbers that groups go by, links to their table
        linked = re.findall(r'<a href="#(?:en-)?table-groups">(\d+)</a>', unbound)
        assert set(linked) <= groups
        for number in linked:
            loose.remove(number)
        assert set(loose) <= thresholds(settings)


@pytest.mark.parametrize(
    ("titles", "corpus", "zh", "en"),
    [
        (["经验"], "mine", "经验", "Experience"),
        (["做法"], "mine", "做法", "mine"),  # which the glossary lacks
        ([""], "mine", "mine", "mine"),
        (["甲", "乙"], "mine", "mine", "mine"),
        ([""], "各地", "各地", ""),
        ([""], "经验", "经验", "Experience"),
    ],
)
def test_a_report_goes_by_the_title_of_its_texts_or_by_the_name_of_the_corpus(
    titles: list[str], corpus: str, zh: str, en: str
) -> None:
    found = [sections.title_of(titles, corpus, load(one, {"经验": "Experience"}, {})) for one in LANGUAGES]
    assert dict(zip(LANGUAGES, found, strict=True)) == {"zh": zh, "en": en}


# --- what `make calibrate` measured ------------------------------------------------------------------------------


@pytest.fixture
def calibration_csv(tmp_path: Path, settings: Settings) -> Path:
    """A small calibration as `make calibrate` leaves it."""
    columns = (
        "scenario",
        "regions",
        "strength",
        "draws",
        "structure",
        "supported",
        "supported_low",
        "supported_high",
        "weak",
        "rand",
    )
    rows = [
        ("shuffled", 13, 0.0, 300, 0.043, 0.006667, 0.000809, 0.023889, 0.036, math.nan),
        ("own topics", 13, 0.3, 300, 0.9, 0.013333, 0.003644, 0.033794, 0.88, math.nan),
        ("groups", 13, 0.1, 60, 0.2, 0.05, 0.010425, 0.139243, 0.15, 0.21),
        ("groups", 13, 0.3, 60, 1.0, 0.916667, 0.816139, 0.972353, 0.08, 0.94),
    ]  # fmt: skip
    path = tmp_path / "calibration.csv"
    tables.write((pd.DataFrame(rows, columns=list(columns)), tables.CALIBRATION, path))
    path.with_suffix(".json").write_text(json.dumps({"settings": calibrated(settings)}), "utf-8")
    return path


def page_of(processed: Path, calibration_csv: Path, settings: Settings) -> str:
    """The page of the built tables with another calibration."""
    loaded = source.load(processed, calibration_csv)
    provenance = json.loads((processed / "provenance.json").read_text("utf-8"))
    editions = []
    for language in LANGUAGES:
        wording = load(language, {}, loaded.region_en)
        document = sections.build(loaded, wording, settings, provenance)
        drawn = {name: (processed / f"figures/{name}.{language}.svg").read_bytes() for name in FIGURES}
        editions.append(html.Edition(document, wording, drawn))
    return html.render(editions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_of_the_calibration_are_bound_to_its_table_which_lies_beside_the_method(
    processed: Path, calibration_csv: Path, settings: Settings, language: str
) -> None:
    page = Page(half(page_of(processed, calibration_csv, settings), language))
    measured = [(cell, shown) for cell, shown in page.cells if cell.startswith("calibration.csv")]
    assert ("calibration.csv | groups|13|0.3 | supported", "92%") in measured
    assert ("calibration.csv | shuffled|13|0.0 | supported", "1%") in measured
    assert wrong_cells(page.cells, processed, calibration_csv) == []
    # every number of the table stands in the report, but for the agreement where there are no true groups
    assert {cell.split(" | ")[2] for cell, _ in measured} == set(tables.CALIBRATION.names) - {"scenario", "regions"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_without_a_calibration_names_no_cell_of_it_and_says_so(
    processed: Path, settings: Settings, tmp_path: Path, language: str
) -> None:
    text = page_of(processed, tmp_path / "none.csv", settings)
    page = Page(half(text, language))
    assert not [cell for cell, _ in page.cells if cell.startswith("calibration")]
    assert "make calibrate" in "".join(page.shown)
    assert set(page.links) <= set(Page(text).ids)


# --- links, figures, fonts ---------------------------------------------------------------------------------------


def test_every_link_inside_the_page_has_a_target_and_no_id_is_used_twice(page: Page) -> None:
    assert set(page.links) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))


def test_the_english_half_links_to_itself_and_to_the_source_texts_that_both_share(text: str, processed: Path) -> None:
    own = [
        "".join(re.findall(rf'<section class="{language}".*?</section>', text, flags=re.DOTALL))
        for language in ("en", "zh")
    ]
    english, chinese = map(Page, own)
    # Without the drawings: ids of clips and symbols have the language of the drawing in them.
    told = [set(Page(re.sub(r"<svg .*?</svg>", "", one, flags=re.DOTALL)).ids) for one in own]
    shared = set(Page("".join(re.findall(r'<section class="shared".*?</section>', text, flags=re.DOTALL))).ids)
    assert {one for one in shared if one.startswith("approach-")}
    assert {f"en-{one}" for one in told[1]} == told[0]
    assert set(english.links) <= set(english.ids) | shared
    assert set(chinese.links) <= set(chinese.ids) | shared
    measures = set(tables.read(processed / "measures.csv", tables.MEASURES)["measure_id"])
    assert measures <= shared
    assert measures & set(english.links) == measures & set(chinese.links) != set()


def test_both_languages_number_their_tables_and_figures_alike(text: str) -> None:
    found = {
        language: re.findall(rf">{word} (\d+)</b>", half(text, language))
        for language, word in {"zh": "(?:表|图)", "en": "(?:Table|Figure)"}.items()
    }
    assert found["zh"] == found["en"]
    assert len(found["zh"]) > len(FIGURES) + 20


def test_the_page_needs_no_network_and_every_figure_has_alternative_text(page: Page) -> None:
    assert page.remote == []
    assert len(page.drawn) == len(LANGUAGES) * len(FIGURES)
    assert all(re.fullmatch(r"(?:图|Figure) \d+ \S.*", alternative) for alternative in page.drawn)


def test_the_page_says_nothing_so_often_that_it_grows(text: str) -> None:
    # The appendix took 3.4 MB when names, numbers and looks stood once each, 4.2 MB before.
    assert len(text.encode()) < 3_600_000


def test_the_embedded_font_has_every_character_of_the_page_that_the_whole_font_has(page: Page, text: str) -> None:
    encoded = re.search(r"data:font/woff2;base64,([^)]+)\)", text)
    assert encoded
    known = TTFont(io.BytesIO(base64.b64decode(encoded[1]))).getBestCmap()
    missing = {c for c in "".join(page.shown) if c.isprintable() and ord(c) not in known}
    assert missing <= set(font.lacking_in("".join(page.shown)))


def test_the_source_text_of_every_region_stands_in_the_page_whole(page: Page, processed: Path) -> None:
    shown = "".join(page.shown)
    for text in tables.read(processed / "measures.csv", tables.MEASURES)["text"]:
        assert text in shown


def test_html_markdown_and_word_state_the_same_findings(built: Path) -> None:
    folder = built / "reports/vocational-teachers"
    first = docx.Document(str(folder / "report.zh.docx")).paragraphs
    runs = ["".join(node.text or "" for node in p._p.iter() if node.tag.endswith("}t")) for p in first]
    runs = [re.sub(r"（[图表] \d+(?:、[图表] \d+)*）", "", text) for text in runs]  # only pages need cross-references
    bullets = [text for p, text in zip(first, runs, strict=True) if p.style.name == "List Bullet"]
    assert len(bullets) >= 20
    shown = re.sub(r"\s+", "", "".join(Page((folder / "report.html").read_text("utf-8")).shown))
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", (folder / "report.zh.md").read_text("utf-8"))
    plain = re.sub(r"[\\*\s]", "", plain)
    for bullet in bullets:
        assert re.sub(r"\s+", "", bullet) in shown
        assert re.sub(r"\s+", "", bullet) in plain


def test_the_markdown_shows_only_figures_that_exist(built: Path) -> None:
    folder = built / "reports/vocational-teachers"
    for language in LANGUAGES:
        named = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", (folder / f"report.{language}.md").read_text("utf-8"))
        assert sorted(named) == sorted(f"figures/{name}.{language}.svg" for name in FIGURES)
        assert all((folder / name).exists() for name in named)


def test_the_markdown_links_have_targets(built: Path) -> None:
    for language in LANGUAGES:
        text = (built / f"reports/vocational-teachers/report.{language}.md").read_text("utf-8")
        assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(re.findall(r'<a id="([^"]+)">', text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_word_shows_every_figure_and_numbers_its_caption(built: Path, language: str) -> None:
    path = built / f"reports/vocational-teachers/report.{language}.docx"
    with zipfile.ZipFile(path) as archive:
        body = archive.read("word/document.xml").decode()
        drawn = [name for name in archive.namelist() if name.endswith(".svg")]
    assert body.count(" SEQ 图 " if language == "zh" else " SEQ Figure ") == len(FIGURES) == len(drawn)
    assert len(docx.Document(str(path)).inline_shapes) == len(FIGURES)


def test_the_english_page_glosses_the_terms_it_lists(text: str, processed: Path) -> None:
    glossary = load_glossary(ROOT / "method/glossary.csv")
    keywords = tables.read(processed / "keywords.csv", tables.KEYWORDS)
    listed = keywords[keywords["rank"] <= 10]["term"]
    assert [term for term in listed if term not in glossary] == []
    shown = "".join(Page(half(text, "en")).shown)
    assert all(glossary[term] in shown for term in listed)


def words(language: str = "zh") -> Wording:
    return load(language, {"双师": "dual-qualified"}, {"浙江": "Zhejiang"})


@pytest.mark.parametrize(
    ("value", "style", "shown"),
    [
        (1234.0, "int", "1,234"),
        (0.694, "share", "69%"),
        (0.6946, "share1", "69.5%"),
        (0.9996, "share", "100%"),
        (math.nan, "2", "—"),
        (math.nan, "share", "—"),
        (0.0004, "p", "< 0.001"),
        (0.0126, "p", "0.013"),
        (-0.5, "2", "\u22120.50"),
        (-0.004, "2", "0.00"),  # no sign where it is nothing
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


def test_a_word_goes_with_the_number_before_it() -> None:
    wording = Wording("en", {"x": {"y": "{n} {n:region is|regions are} near"}}, {}, {})
    assert wording.text("x.y", n=Span("1", cell="c")) == "1 region is near"
    assert [wording.text("x.y", n=n) for n in (0, 2, "1,001")] == [f"{n} regions are near" for n in (0, 2, "1,001")]


def test_a_list_of_names_ends_as_the_language_ends_it() -> None:
    names = [Span("甲"), Span("乙"), Span("丙")]
    assert "".join(span.text for span in words("zh").listed(names)) == "甲、乙、丙"
    assert "".join(span.text for span in words("en").listed(names)) == "甲, 乙 and 丙"
    assert [span.text for span in words("en").listed(names[:1])] == ["甲"]


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


def test_a_character_that_the_font_lacks_is_left_to_the_readers_fonts() -> None:
    assert font.subset_woff2("中\U00020000") == font.subset_woff2("中")


def test_the_font_subset_depends_on_the_characters_only() -> None:
    assert font.subset_woff2("政策文本") == font.subset_woff2("本文策政政")


def test_equal_reports_are_equal_word_files() -> None:
    table = Table("标题", ("甲",), ((spans(Span("1", href="#x")),),), "r", "x")
    document = Document("zh", "题", "副题", (Paragraph(spans("文")), Bullets((spans("项"),)), table))
    first, second = (word.render(document, words(), Path()) for _ in range(2))
    assert first == second


def test_what_names_of_cells_begin_with_stands_once_where_it_spares_letters() -> None:
    pair = [Span(text, cell=f"pair_tests.csv | 浙江–上海 | {text}") for text in ("p", "q")]
    other = Span("3", cell="regions.csv | 浙江 | measures")
    start = html.start_of([(pair[0], other), (pair[1],)])
    assert start == "pair_tests.csv | 浙江–上海 | "
    written = html.span_html((*pair, other), "zh", start=start)
    assert re.findall('data-cell="([^"]*)"', written) == ["~p", "~q", "regions.csv | 浙江 | measures"]
    assert html.start_of([(pair[0], other)]) == ""  # each but once
    assert html.start_of([(Span("no number"),)]) == ""


def test_no_line_ends_between_a_sign_and_its_number() -> None:
    assert (
        html.span_html((Span("p = "), Span("0.05"), Span(" ≤ 0.1, k = v")), "zh")
        == "p\u00a0=\u00a00.05 ≤\u00a00.1, k = v"
    )


def test_where_the_end_of_a_list_of_keywords_is_a_tie_that_is_said(text: str, processed: Path) -> None:
    keywords = tables.read(processed / "keywords.csv", tables.KEYWORDS)
    told = Counter[str]()
    for region, mine in keywords[keywords["rank"].notna()].groupby("region", sort=False):
        (last,) = mine.loc[mine["rank"] == 10, "tf_idf"]
        tied = mine.loc[mine["tf_idf"] == last, "rank"].astype(int)
        first, more = tied.min(), (tied > 10).sum()
        kind = "none" if len(tied) == 1 else "one" if first == 10 else "some"
        note = {
            "none": "",
            "one": f"第 10 项与另外 {more} 项权重相同",
            "some": f"第 {first}–10 项权重相同，" + (f"另有 {more} 项同值而未列" if more else "先后没有意义"),
        }[kind]
        after = text[text.index(f'id="keywords-{region}"') :]
        assert note in after[after.index("</figure>") :][:300]
        told[kind] += 1
    assert told["one"] > 0
    assert told["some"] > 0


def test_no_line_ends_inside_an_interval() -> None:
    low, high = (Span(text, cell=f"x.csv | 甲 | {name}") for text, name in (("0%", "low"), ("100%", "high")))
    written = html.span_html((Span("占 "), low, Span("–"), high, Span("–"), Span("乙")), "zh")
    assert written == (
        '占 <span class="whole"><span data-cell="x.csv | 甲 | low">0%</span>–'
        '<span data-cell="x.csv | 甲 | high">100%</span></span>–乙'
    )


def test_marks_name_their_rows_of_the_table_behind_the_figure_in_the_words_of_its_readers() -> None:
    mark = '<g class="mark" data-cell="{}" data-shown="{}"{}><path d="M0 0"/></g>'
    svg = "".join(
        (
            mark.format("similarity.csv | 浙江|上海 | cosine", "0.27", ""),
            mark.format("similarity.csv | 浙江|上海 | cosine", "0.27", ""),  # a cell that two marks show
            mark.format("coassignment.csv | 3|浙江|&lt;b&gt; | share", "14%", ""),  # its number of groups names nobody
            mark.format("regions.csv | 甲 | 乙 | p", "1", ""),  # a name with the sign in it reads as two
            mark.format("null_distribution.csv | 1 | x", "7", ' data-what="0.01–0.02"'),
        )
    )
    drawing, rows = html.behind(svg, {"浙江": "Zhejiang"}, {"cosine": "cosine", "share": "Share"})
    assert drawing == "".join(f'<g class="mark" data-row="{row}"><path d="M0 0"/></g>' for row in (0, 0, 1, 2, 3))
    assert rows == [
        ("Zhejiang · 上海", "cosine", "0.27", "similarity.csv | 浙江|上海 | cosine"),
        ("Zhejiang · <b>", "Share", "14%", "coassignment.csv | 3|浙江|<b> | share"),
        ("甲  ·  乙", "p", "1", "regions.csv | 甲 | 乙 | p"),
        ("0.01–0.02", "x", "7", "null_distribution.csv | 1 | x"),
    ]
