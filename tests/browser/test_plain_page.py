"""Without scripts the page is a whole document in both languages."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from pipeline import tables
from tests.browser.conftest import PHONE, Reader


def headings(page: Page, language: str) -> list[str]:
    return page.evaluate(
        "language => [...document.querySelectorAll(`main .${language} h2, main h2 .${language}`)].map(h => h.textContent.trim())",
        language,
    )


def test_every_section_is_there_in_both_languages_and_one_of_them_shows(reader: Reader, report: Path) -> None:
    page = reader.opens(report, script=False)
    with_script = reader.opens(report)
    for language, other in (("zh", "en"), ("en", "zh")):
        page.locator(f"label[for=language-{language}]").click()
        expect(page.locator(f"main section.{language}").first).to_be_visible()
        expect(page.locator(f"main section.{other}").first).to_be_hidden()
        assert headings(page, language) == headings(with_script, language)
        assert len(headings(page, language)) > 9
        contents = page.locator(f"nav.{language} a")
        assert contents.count() >= len(headings(page, language)) - 1
        expect(page.locator("#explorer noscript, #explorer p.note").locator("visible=true").first).to_be_visible()


def test_the_language_is_chosen_with_the_keyboard_too(reader: Reader, report: Path) -> None:
    page = reader.opens(report, script=False)
    page.locator("#language-zh").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("main section.en").first).to_be_visible()
    expect(page.locator("main section.zh").first).to_be_hidden()


def test_no_control_is_there_that_needs_a_script(reader: Reader, report: Path) -> None:
    page = reader.opens(report, script=False)
    assert page.locator("button:visible, select:visible, input[type=search]:visible").count() == 0


def test_a_closed_part_opens_by_hand(reader: Reader, report: Path) -> None:
    page = reader.opens(report, script=False)
    part = page.locator("#numbers")
    assert not part.evaluate("part => part.open")
    part.locator("summary").first.click()
    assert part.evaluate("part => part.open")


def test_the_numbers_of_every_figure_open_by_hand(reader: Reader, report: Path) -> None:
    page = reader.opens(report, script=False)
    figures = page.locator("section.zh figure.drawing:has(.mark)")
    assert figures.count() > 10
    for figure in figures.all():
        figure.locator(".figure-data summary").click()
        named = figure.locator(".mark").evaluate_all("marks => marks.map(mark => Number(mark.dataset.row))")
        rows = figure.locator(".figure-data tbody tr").all_inner_texts()
        assert all(len(row.split("\t")) == 4 for row in rows)
        assert sorted(set(named)) == list(range(len(rows)))
        expect(figure.locator(".figure-data table")).to_be_visible()


def test_every_source_text_is_there(reader: Reader, report: Path, processed: Path) -> None:
    page = reader.opens(report, script=False, size=PHONE)
    measures = tables.read(processed / "measures.csv", tables.MEASURES)
    shown = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.shared .measure')].map(m => [m.id, m.lastElementChild.textContent]))"
    )
    assert {row.measure_id: shown.get(row.measure_id) for row in measures.itertuples()} == dict(
        zip(measures["measure_id"], measures["text"], strict=True)
    )
