"""The page is laid out as it is meant: nothing wider than its window, its own font, its pictures there."""

from __future__ import annotations

import base64
import re
import unicodedata
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, Explorer, Reader, arrives

EXPLORED = ("#region=湖南", "#pair=浙江–上海", "#term=教师", "#theme=training")


def too_wide(page: Page) -> list[str]:
    """What lies beyond the right edge of the window, though nothing around it scrolls."""
    return page.evaluate(
        """() => {
          const edge = document.documentElement.clientWidth, found = [];
          const scrolls = element => element && (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(element).overflowX)
            || scrolls(element.parentElement));
          for (const element of document.body.querySelectorAll('*')) {
            if (element.getBoundingClientRect().right > edge + 1 && element.checkVisibility({visibilityProperty: true})
                && !element.closest('svg') && !scrolls(element)) found.push(element.outerHTML.slice(0, 160));
          }
          return found;
        }"""
    )


def widths(page: Page) -> tuple[int, int]:
    """Of the document and of the window."""
    found = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return found[0], found[1]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_nothing_is_wider_than_the_window(reader: Reader, report: Path, language: str, size: tuple[int, int]) -> None:
    page = reader.opens(report, language=language, size=size)
    assert widths(page) == (size[0], size[0])
    assert too_wide(page) == []
    if size == PHONE:
        for fragment in EXPLORED:
            arrives(page, fragment)
            assert widths(page) == (size[0], size[0]), fragment


def test_something_too_wide_is_seen(reader: Reader, tmp_path: Path) -> None:
    wide = tmp_path / "page.html"
    wide.write_text('<!doctype html><title>x</title><p style="width: 2000px">x</p>', "utf-8")
    page = reader.opens(wide)
    assert widths(page)[0] > widths(page)[1]
    assert too_wide(page) == ['<p style="width: 2000px">x</p>']


def test_the_text_is_set_in_the_embedded_font(explorer: Explorer) -> None:
    page = explorer.at("#findings")
    faces = page.evaluate("[...document.fonts].map(face => [face.family.replaceAll('\"', ''), face.status])")
    assert faces == [["Jingyan Sans", "loaded"]]
    assert page.evaluate("[...document.images].filter(image => !image.naturalWidth).length") == 0


def test_what_the_script_writes_is_in_the_embedded_font_too(explorer: Explorer, report: Path) -> None:
    face = re.search(r"url\(\"?data:font/woff2?;base64,([A-Za-z0-9+/=]+)", report.read_text("utf-8"))
    assert face
    known = TTFont(BytesIO(base64.b64decode(face[1]))).getBestCmap()
    for fragment in EXPLORED:
        for language in ("zh", "en"):
            shown = explorer.at(fragment, language).locator("#explorer").inner_text()
            assert {character for character in shown if unicodedata.name(character, "").startswith("CJK")} <= {
                chr(code) for code in known
            }
