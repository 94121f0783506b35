"""Printed, the report is a paper: its pages hold all that the document says, and nothing is cut off."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Reader


@dataclass(frozen=True)
class Printed:
    """A page of the PDF: its size in points, its text, and the boxes (left, bottom, right, top) of its lines."""

    size: tuple[float, float]
    text: str
    boxes: list[tuple[float, float, float, float]]


def printed(page: Page) -> list[Printed]:
    document = pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True))
    found = []
    for sheet in document:
        text = sheet.get_textpage()
        boxes = [text.get_rect(at) for at in range(text.count_rects())]
        found.append(Printed(sheet.get_size(), text.get_text_range(), boxes))
        text.close()
        sheet.close()
    document.close()
    return found


def letters(text: str) -> Counter[str]:
    """Letters and digits, however often; what a PDF writes with another code point for the same shape is one."""
    return Counter(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] in "LN")


def shown(page: Page, language: str) -> str:
    page.emulate_media(media="print")
    return page.evaluate(
        """language => {
          const found = [];
          const walk = element => {
            for (const child of element.childNodes) {
              if (child.nodeType === 3) found.push(child.data);
              else if (child.nodeType === 1 && child.tagName !== 'SCRIPT' && child.tagName !== 'STYLE' && child.checkVisibility()) walk(child);
            }
          };
          walk(document.body);
          return found.join('');
        }""",
        language,
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_printed_pages_hold_the_whole_document_and_nothing_lies_beyond_their_margins(
    reader: Reader, report: Path, language: str
) -> None:
    page = reader.opens(report, language=language)
    said = shown(page, language)
    headings = page.locator(f"main .{language} h2:visible").all_inner_texts()
    pages = printed(page)
    assert 10 < len(pages) < 400
    for number, sheet in enumerate(pages, 1):
        assert [round(side) for side in sheet.size] == [595, 842]  # A4
        assert sheet.text.strip(), number
        for left, bottom, right, top in sheet.boxes:
            assert left >= 40, (number, left)
            assert right <= 595 - 40, (number, right)
            assert 20 <= bottom <= top <= 842 - 40, (number, bottom, top)
    text = "".join(sheet.text for sheet in pages)
    missing = letters(said) - letters(text)
    assert missing == Counter()
    compact = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    places = [compact.find(re.sub(r"\s", "", unicodedata.normalize("NFKC", heading))) for heading in headings]
    assert len(headings) > 8
    assert -1 not in places


def test_no_control_of_the_screen_is_printed(reader: Reader, report: Path) -> None:
    page = reader.opens(report, "#pair=浙江–上海", printed=True)
    # What sorts a column is its heading, which stays.
    controls = page.locator("button:visible, input:visible, select:visible, nav:visible, a.into:visible")
    assert controls.evaluate_all("shown => shown.filter(one => !one.closest('th')).map(one => one.outerHTML)") == []


def test_closed_parts_are_printed_but_for_the_long_ones(reader: Reader, report: Path) -> None:
    page = reader.opens(report, printed=True)
    parts = page.evaluate(
        """() => [...document.querySelectorAll('main section.zh details:not([open]):not(.figure-data)')].map(part => {
             const first = part.querySelector('p, td, li');
             return [part.closest('.long') !== null, first.checkVisibility({contentVisibilityAuto: true})];
           })"""
    )
    assert parts.count([False, True]) > 20
    assert parts.count([True, False]) > 1
    assert parts.count([False, True]) + parts.count([True, False]) == len(parts)
