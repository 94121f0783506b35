"""Whatever stands in a document is text in the explorer too: it is shown, found and linked to, and never runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from pipeline import tables
from pipeline.hashing import read_json
from pipeline.method import Settings
from pipeline.report import explorer as explored, html, sections
from pipeline.report.document import Figure
from pipeline.report.source import Tables
from pipeline.report.wording import load
from tests.browser.conftest import Reader, arrives
from tests.conftest import Corpus, word_table_text

STRANGE = (
    "<script>document.title='x'</script>",
    "</script><script>alert(1)</script>",
    "\"quoted' & &lt;b&gt;",
    "#pair=浙江–上海&lang=en",
    "<img src=x onerror=alert(1)>",
    "100% %41 a\\nb ${1} {term}",
)
ROWS = (
    ("山东", f"培训教师{STRANGE[0]}，建设基地{STRANGE[1]}。评价教师，评价教师。"),
    ("浙江", f"培训教师{STRANGE[2]}，校企合作。评价教师{STRANGE[3]}。"),
    ("上海", f"双师培训{STRANGE[4]}，校企合作。建设基地{STRANGE[5]}。"),
)
DRAWING = b'<svg viewBox="0 0 9 9" width="9pt"><path d="M0 0"/></svg>'


@pytest.fixture(scope="module")
def hostile(
    corpus_of: Callable[..., Corpus], settings: Settings, processed: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Corpus]:
    """The page of three documents that hold what would be code on a page; few draws, for no number is looked at."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "raw.txt").write_text(word_table_text(ROWS), "utf-8")
    few = replace(
        settings,
        resampling=replace(settings.resampling, resamples=20, halvings=10),
        permutation=replace(settings.permutation, draws=19),
        specification=replace(settings.specification, resamples=1, null_draws=2),
    )
    corpus = corpus_of(folder / "raw.txt", few)
    frames = {table.name: frame for frame, table in corpus.with_contracts()}
    t = Tables({**frames, "calibration": tables.from_rows([], tables.CALIBRATION)})
    data = read_json(processed / "provenance.json")
    words = {language: load(language, {}, t.region_en) for language in ("zh", "en")}
    documents = {language: sections.build(t, w, few, data) for language, w in words.items()}
    editions = [
        html.Edition(
            document, words[language], {one.name: DRAWING for one in document.blocks if isinstance(one, Figure)}
        )
        for language, document in documents.items()
    ]
    page = folder / "report.html"
    rendered = html.render(editions, explored.of(t, words, few, documents["zh"]))
    page.write_text(html.sealed(rendered, "@font-face{}"), "utf-8")
    return page, corpus


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_region_whose_text_would_be_code_is_read_as_it_stands(
    reader: Reader, hostile: tuple[Path, Corpus], language: str
) -> None:
    path, corpus = hostile
    page = reader.opens(path, language=language)
    title = page.title()
    for region, group in corpus.measures.groupby("region"):
        arrives(page, f"#region={region}")
        assert page.locator("#explorer-region .measure .text").all_text_contents() == list(group["text"])
    assert page.title() == title
    assert page.locator("#explorer img, #explorer script:not([type='application/json'])").count() == 0


def test_what_would_be_code_is_found_and_linked_to(reader: Reader, hostile: tuple[Path, Corpus]) -> None:
    path, corpus = hostile
    page = reader.opens(path)
    found = 0
    for strange in STRANGE:
        wanted = [
            region
            for region, text in zip(corpus.measures["region"], corpus.measures["text"], strict=True)
            if strange in text
        ]
        arrives(page, f"#term={quote(strange)}")
        nodes = page.locator("#explorer-term .kwic td.node").all_text_contents()
        assert nodes == [strange] * len(wanted), strange
        found += len(wanted)
        # Looked up by hand, the address that then stands there leads to the same.
        arrives(page, "#region=山东")
        page.locator("#explorer-tab-term").click()
        page.locator("#explorer-term-text").fill(strange)
        page.locator("#explorer-term-text").press("Enter")
        expect(page.locator("#explorer-term .kwic td.node")).to_have_count(len(wanted))
        again = reader.opens(path, page.evaluate("location.hash"))
        assert again.locator("#explorer-term .kwic td.node").all_text_contents() == nodes
    assert found >= 4  # the others are cut apart at their marks


@pytest.mark.parametrize(
    "fragment",
    [
        "#region=<img src=x onerror=alert(1)>",
        "#pair=</script><script>alert(1)</script>–上海",
        '#theme="><svg onload=alert(1)>',
        "#term=<iframe src='javascript:alert(1)'></iframe>",
        "#term=%",
        "#region=%E0%A4%A",
        "#%",
        "#region=__proto__",
        "#theme=constructor",
        "#pair=–",
        "#lang=xx&region=浙江",
    ],
)
def test_no_address_makes_the_page_do_what_it_does_not(
    reader: Reader, hostile: tuple[Path, Corpus], fragment: str
) -> None:
    page = reader.opens(hostile[0])
    page.evaluate("fragment => { location.hash = fragment; }", fragment)
    page.evaluate("new Promise(done => setTimeout(done, 50))")
    assert page.locator("#explorer img, #explorer svg, #explorer iframe, #explorer script:not([type])").count() == 0
    copying = page.locator("#explorer .copy-link")
    if copying.count():
        copying.click()
        assert page.evaluate("navigator.clipboard.readText()").startswith(hostile[0].as_uri())
