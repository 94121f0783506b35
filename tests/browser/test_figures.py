"""Figures of the page say by mouse and by keyboard what the tables say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

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


# The page has tens of thousands of elements, and a selector of Playwright's looks at all of them: what a figure shows is
# asked of the figure, all of it at once.
_EQUIPPED = """figure => {
  const found = document.getElementById(figure);
  found.scrollIntoView({block: 'nearest', behavior: 'instant'});
  return 'live' in found.dataset;
}"""
# What the tip says and which marks of the figure are lit; nothing as long as no tip is to be seen.
_TOLD = """figure => {
  const tip = document.getElementById('tip');
  const box = tip.getBoundingClientRect();
  if (!tip.checkVisibility({visibilityProperty: true}) || !box.width || !box.height) return null;
  return {
    says: tip.innerText, cell: tip.querySelector('small').textContent, left: box.left, right: box.right,
    lit: [...document.getElementById(figure).querySelectorAll('.mark.on')].map(m => saidBy(m).slice(2)),
    heard: document.querySelector('[aria-live=polite]').textContent,
  };
}"""
_SILENT = "() => !document.getElementById('tip').checkVisibility({visibilityProperty: true})"


def figures_of(page: Page, language: str) -> list[str]:
    """Ids of the figures of one half that have marks."""
    return page.evaluate(
        "half => [...document.querySelectorAll(`section.${half} figure.drawing`)].filter(f => f.querySelector('.mark')).map(f => f.id)",
        language,
    )


def in_view(page: Page, figure: str) -> None:
    """Scroll to the figure, and wait until its marks answer."""
    page.wait_for_function(_EQUIPPED, arg=figure)


def told(page: Page, figure: str) -> dict[str, Any]:
    """What the tip says when it is there: the number and the cell of the one mark that is lit."""
    found: dict[str, Any] = page.wait_for_function(_TOLD, arg=figure).json_value()
    ((shown, cell),) = found["lit"]
    assert shown in found["says"], figure
    assert found["cell"] == cell, figure
    return {**found, "shown": shown}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mark_of_every_figure_is_its_cell_of_a_table(explorer: Explorer, processed: Path, language: str) -> None:
    page = explorer.at("#findings" if language == "zh" else "#en-findings", language)
    marks = page.evaluate(
        """half => [...document.querySelectorAll(`section.${half} .mark`)].map(mark => {
             const figure = mark.closest('figure');
             const row = figure.querySelector('.figure-data tbody').rows[mark.dataset.row];
             return [figure.id, row.cells[3].textContent, row.cells[2].textContent];
           })""",
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
    for figure in figures_of(page, language):
        in_view(page, figure)
        x, y = page.evaluate(_ON_A_MARK, figure)
        page.mouse.move(x, y)
        found = told(page, figure)
        assert found["left"] >= 0
        assert found["right"] <= 1280
        page.mouse.move(1, 1)
        page.wait_for_function(_SILENT)


def test_the_marks_of_a_figure_are_reached_by_the_keyboard(explorer: Explorer) -> None:
    page = explorer.at("#findings")
    for figure in figures_of(page, "zh"):
        in_view(page, figure)
        marks = page.evaluate(
            """figure => {
                 const canvas = document.getElementById(figure).querySelector('.canvas');
                 canvas.focus();
                 return canvas.querySelectorAll('.mark').length;
               }""",
            figure,
        )
        said = []
        for key in ("Home", "End", "ArrowUp", "ArrowLeft", "ArrowDown", "ArrowRight"):
            page.keyboard.press(key)
            found = told(page, figure)
            assert found["shown"] in found["heard"], f"{figure} {key}"  # for readers who listen too
            said.append(found["says"])
        # The ends are two places, and an arrow leads from one mark to another.
        assert marks == 1 or len(set(said)) > 1, figure
        page.keyboard.press("Escape")
        page.wait_for_function(_SILENT)


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
        summary = page.evaluate_handle(
            "figure => document.getElementById(figure).querySelector('details.figure-data > summary')", figure
        ).as_element()
        assert summary
        summary.click()
        rows, marks = page.wait_for_function(
            """figure => {
                 const found = document.getElementById(figure);
                 const details = found.querySelector('details.figure-data');
                 const rows = [...details.querySelectorAll('tbody tr')].filter(row => row.checkVisibility());
                 return details.open && rows.length && [
                   rows.length, [...found.querySelectorAll('.mark')].map(mark => Number(mark.dataset.row)),
                 ];
               }""",
            arg=figure,
        ).json_value()
        assert sorted(set(marks)) == list(range(rows)), figure
        summary.click()


def test_a_mark_says_the_same_when_the_table_behind_its_figure_was_sorted(explorer: Explorer) -> None:
    page = explorer.at("#findings")
    figure = "figure-similarity_ranks"
    in_view(page, figure)
    asked = (
        "figure => [...document.getElementById(figure).querySelectorAll('.mark')].map(mark => saidBy(mark).join(' '))"
    )
    before = page.evaluate(asked, figure)
    page.evaluate("figure => document.getElementById(figure).querySelector('.figure-data > summary').click()", figure)
    heads = page.locator(f"#{figure} .figure-data th button")
    first = page.locator(f"#{figure} .figure-data tbody tr").first
    was = first.inner_text()
    heads.nth(2).click()
    if first.inner_text() == was:
        heads.nth(2).click()
    assert first.inner_text() != was
    assert page.evaluate(asked, figure) == before
