"""The reader chooses the language and light or dark, and stays where they were."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader


def ground(page: Page) -> int:
    """Of the page, from 0 (black) to 255."""
    return max(map(int, page.evaluate("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3)")))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_opens_in_the_language_of_the_browser_and_speaks_the_other_when_asked(
    reader: Reader, report: Path, language: str
) -> None:
    page = reader.opens(report, language=language)
    other = {"zh": "en", "en": "zh"}[language]
    for spoken, hidden in ((language, other), (other, language)):
        if spoken == other:
            page.locator(f"label[for=language-{other}]").click()
        expect(page.locator("html")).to_have_attribute("data-lang", spoken)
        expect(page.locator("html")).to_have_attribute("lang", {"zh": "zh-CN", "en": "en"}[spoken])
        expect(page.locator("h1:visible")).to_have_count(1)
        assert page.locator(f"main section.{hidden}:visible").count() == 0
        assert page.locator(f"main section.{spoken}:visible").count() > 8
        texts = page.locator("#explorer button:visible, #explorer label:visible, .bar button").all_inner_texts()
        han = any("\u4e00" <= character <= "\u9fff" for text in texts for character in text.split("\n")[0])
        assert han == (spoken == "zh"), texts
        assert page.title() == page.locator("h1:visible").inner_text()


def test_another_language_says_the_place_that_was_read(reader: Reader, report: Path) -> None:
    page = reader.opens(report, "#similarity")
    heading = page.locator("#similarity")
    expect(heading).to_be_in_viewport()
    before = heading.bounding_box()
    page.keyboard.press("Tab")
    page.evaluate("document.getElementById('language-en').click()")
    expect(page.locator("#en-similarity")).to_be_in_viewport()
    after = page.locator("#en-similarity").bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 300


def test_what_is_explored_stays_when_the_language_changes(reader: Reader, report: Path) -> None:
    page = reader.opens(report, "#pair=浙江–上海")
    expect(page.locator("#explorer-pair .sides")).to_be_visible()
    page.evaluate("document.getElementById('language-en').click()")
    expect(page.locator("#explorer-pair h3")).to_contain_text("Zhejiang")
    expect(page.locator("#explorer-pair h3")).to_contain_text("Shanghai")


@pytest.mark.parametrize("dark", [False, True])
def test_light_or_dark_is_that_of_the_system_until_the_reader_chooses(reader: Reader, report: Path, dark: bool) -> None:
    page = reader.opens(report, dark=dark)
    assert (ground(page) < 64) is dark
    page.locator("#theme").click()
    assert (ground(page) < 64) is not dark
    page.locator("#theme").click()
    assert (ground(page) < 64) is dark


def test_paper_is_light_even_when_the_screen_is_dark(reader: Reader, report: Path) -> None:
    page = reader.opens(report, dark=True)
    page.emulate_media(media="print")
    page.locator("#theme").evaluate("button => button.click()")
    ink = page.evaluate("getComputedStyle(document.body).color.match(/[0-9]+/g).slice(0, 3).map(Number)")
    assert max(ink) < 100
