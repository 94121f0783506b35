"""Figures of the page say by mouse and by keyboard what the tables say."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Explorer
from tests.browser.told import cell, shows

LANGUAGES = ("zh", "en")
_COUNTED = ("null_distribution.csv", "tokens.csv")  # of these the number is a count over rows: tests/test_marks.py
# A point in the window that is on a mark of the figure; a mark may be a ring, or lie under another.
_ON_A_MARK = """figure => {
  for (const mark of document.querySelectorAll(`[id='${figure}'] .mark`)) {
    mark.scrollIntoView({block: 'center', behavior: 'instant'});
    const box = mark.getBoundingClientRect();
    for (const across of [.5, .25, .75, .05, .95]) for (const down of [.5, .25, .75, .05, .95]) {
      const [x, y] = [box.left + across * box.width, box.top + down * box.height];
      if (document.elementFromPoint(x, y)?.closest('.mark') === mark) return [x, y];
    }
  }
  return null;
}"""


def figures_of(page: Page, language: str) -> list[str]:
    """Ids of the figures of one half that have marks."""
    return page.evaluate(
        "half => [...document.querySelectorAll(`section.${half} figure.drawing`)].filter(f => f.querySelector('.mark')).map(f => f.id)",
        language,
    )


def in_view(page: Page, figure: str) -> None:
    """Scroll to the figure, and wait until its marks answer."""
    page.locator(f"[id='{figure}']").scroll_into_view_if_needed()
    expect(page.locator(f"[id='{figure}'][data-live]")).to_be_attached()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mark_of_every_figure_is_its_cell_of_a_table(explorer: Explorer, processed: Path, language: str) -> None:
    page = explorer.at("#findings" if language == "zh" else "#en-findings", language)
    marks = page.evaluate(
        """half => [...document.querySelectorAll(`section.${half} .mark`)].map(
             mark => [mark.closest('figure').id, mark.dataset.cell, mark.dataset.shown])""",
        language,
    )
    assert len(figures_of(page, language)) > 10
    assert len(marks) > 500
    for figure, name, shown in marks:
        if name.startswith(_COUNTED):
            continue
        assert shows(shown, cell(processed, name)), (figure, name, shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mark_under_the_mouse_says_its_number_and_its_cell(explorer: Explorer, language: str) -> None:
    page = explorer.at("#findings" if language == "zh" else "#en-findings", language)
    tip = page.locator("#tip")
    for figure in figures_of(page, language):
        in_view(page, figure)
        x, y = page.evaluate(_ON_A_MARK, figure)
        page.mouse.move(x, y)
        expect(tip, figure).to_be_visible()
        lit = page.locator(f"[id='{figure}'] .mark.on")
        expect(lit).to_have_count(1)
        expect(tip).to_contain_text(lit.get_attribute("data-shown") or "?")
        expect(tip.locator("small")).to_have_text(lit.get_attribute("data-cell") or "?")
        box = tip.bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280
        page.mouse.move(1, 1)
        expect(tip).to_be_hidden()


def test_the_marks_of_a_figure_are_reached_by_the_keyboard(explorer: Explorer) -> None:
    page = explorer.at("#findings")
    tip = page.locator("#tip")
    for figure in figures_of(page, "zh"):
        in_view(page, figure)
        page.locator(f"[id='{figure}'] .canvas").focus()
        said = []
        for key in ("Home", "End", "ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight"):
            page.keyboard.press(key)
            lit = page.locator(f"[id='{figure}'] .mark.on")
            expect(lit, f"{figure} {key}").to_have_count(1)
            expect(tip).to_contain_text(lit.get_attribute("data-shown") or "?")
            said.append(tip.inner_text())
        # The ends are two places, and an arrow leads from one mark to another, for readers who listen too.
        count = page.locator(f"[id='{figure}'] .mark").count()
        assert count == 1 or len(set(said)) > 1, figure
        live = page.locator("[aria-live=polite]")
        expect(live).to_contain_text(page.locator(f"[id='{figure}'] .mark.on").get_attribute("data-shown") or "?")
        page.keyboard.press("Escape")
        expect(tip).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letters_of_a_figure_stay_inside_it(explorer: Explorer, language: str) -> None:
    page = explorer.at("#findings" if language == "zh" else "#en-findings", language)
    outside = page.evaluate(
        """half => {
          const found = [];
          for (const canvas of document.querySelectorAll(`section.${half} .canvas`)) {
            const frame = canvas.getBoundingClientRect();
            for (const text of canvas.querySelectorAll('text')) {
              const box = text.getBoundingClientRect();
              const beyond = Math.max(frame.left - box.left, frame.top - box.top, box.right - frame.right, box.bottom - frame.bottom);
              if (beyond > 4) found.push(`${canvas.closest('figure').id}: ${text.textContent} ${Math.round(beyond)}`);
            }
          }
          return found;
        }""",
        language,
    )
    assert outside == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_behind_every_figure_stands_a_table_with_its_numbers(explorer: Explorer, language: str) -> None:
    page = explorer.at("#findings" if language == "zh" else "#en-findings", language)
    for figure in figures_of(page, language):
        in_view(page, figure)
        details = page.locator(f"[id='{figure}'] details.figure-data")
        details.locator("summary").click()
        shown = set(
            details.locator("tbody tr").evaluate_all(
                "rows => rows.map(r => r.cells[2].textContent + ' ' + r.cells[3].textContent)"
            )
        )
        marks = page.locator(f"[id='{figure}'] .mark").evaluate_all(
            "marks => marks.map(m => m.dataset.shown + ' ' + m.dataset.cell)"
        )
        assert shown == set(marks), figure
        details.locator("summary").click()
