"""Tables of the page are sorted, filtered, copied and saved, and say the same as before."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from pipeline import tables
from tests.browser.conftest import Reader, arrives
from tests.browser.told import cell, shows

TABLE = "table-regions"  # one row a region
LONG = "keywords-浙江"


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(reader: Reader, report: Path, language: str) -> Iterator[Page]:
    return reader.opens(report, language=language)


def figure_of(page: Page, anchor: str, language: str) -> Locator:
    """The table of that anchor, with its tools, which come when it is in view; a closed part that holds it is opened."""
    name = f"{'' if language == 'zh' else 'en-'}{anchor}"
    arrives(page, f"#{name}")
    figure = page.locator(f"[id='{name}']")
    expect(figure.locator(".tools")).to_be_attached()
    return figure


def rows_of(figure: Locator) -> list[list[str]]:
    """What the rows that show say, without the small links into the explorer."""
    return figure.locator("tbody tr:not([hidden])").evaluate_all(
        """rows => rows.map(row => [...row.cells].map(cell => {
             const copy = cell.cloneNode(true);
             for (const link of copy.querySelectorAll('.into')) link.remove();
             return copy.textContent.trim().replace(/\\s+/g, ' ');
           }))"""
    )  # fmt: skip


def test_a_column_sorts_upwards_then_downwards_then_as_before(page: Page, processed: Path, language: str) -> None:
    figure = figure_of(page, TABLE, language)
    before = rows_of(figure)
    names = figure.locator("tbody [data-cell$='characters']")
    column = names.first.evaluate("number => number.closest('td').cellIndex")
    regions = tables.read(processed / "regions.csv", tables.REGIONS)
    ordered = sorted(regions["characters"])
    assert len(set(ordered)) > 10
    head = figure.locator("thead th").nth(column)
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert [int(text.replace(",", "")) for text in names.all_text_contents()] == ordered
    head.get_by_role("button").press("Enter")
    expect(head).to_have_attribute("aria-sort", "descending")
    assert [int(text.replace(",", "")) for text in names.all_text_contents()] == ordered[::-1]
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") is None
    assert rows_of(figure) == before


def test_a_filter_leaves_the_rows_that_have_the_words_and_says_how_many(page: Page, language: str) -> None:
    figure = figure_of(page, TABLE, language)
    before = rows_of(figure)
    wanted = {"zh": "湖", "en": "hu"}[language]
    figure.locator(".tools input").fill(wanted)
    kept = [row for row in before if any(wanted in text.lower() for text in row)]
    assert 0 < len(kept) < len(before)
    assert rows_of(figure) == kept
    expect(figure.locator(".tools [role=status]")).to_contain_text(f"{len(kept)}")
    figure.locator(".tools input").fill("")
    assert rows_of(figure) == before


def test_a_table_is_copied_and_saved_as_it_shows(page: Page, language: str) -> None:
    figure = figure_of(page, TABLE, language)
    head = figure.locator("thead th").all_text_contents()
    figure.locator(".tools input").fill({"zh": "湖", "en": "hu"}[language])
    shown = rows_of(figure)
    figure.locator(".tools .copy").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert [line.split("\t") for line in copied.splitlines()] == [[one.strip() for one in head], *shown]
    with page.expect_download() as waiting:
        figure.locator(".tools .csv").click()
    saved = Path(waiting.value.path()).read_bytes()
    assert waiting.value.suggested_filename == f"{TABLE}.csv"
    assert saved.startswith(b"\xef\xbb\xbf")  # so that Excel reads it as UTF-8
    assert list(csv.reader(StringIO(saved.decode("utf-8-sig"), newline=""))) == [[one.strip() for one in head], *shown]


def test_a_saved_table_has_the_numbers_of_the_run(page: Page, processed: Path, language: str) -> None:
    figure = figure_of(page, LONG, language)
    named = figure.locator("tbody [data-cell]").evaluate_all(
        "numbers => numbers.map(number => [cellOf(number), number.textContent, number.closest('tr').rowIndex, number.closest('td').cellIndex])"
    )
    with page.expect_download() as waiting:
        figure.locator(".tools .csv").click()
    rows = list(csv.reader(StringIO(Path(waiting.value.path()).read_text("utf-8-sig"), newline="")))
    assert len(named) > 20
    for name, text, row, column in named:
        assert shows(text, cell(processed, name)), (name, text)
        assert text.strip() in rows[row][column]


def test_a_number_below_zero_is_saved_as_one_that_spreadsheets_read(page: Page, language: str) -> None:
    figure = figure_of(page, "table-reliability", language)
    shown = [text for row in rows_of(figure) for text in row if text.startswith("\u2212")]
    assert shown
    with page.expect_download() as waiting:
        figure.locator(".tools .csv").click()
    saved = list(csv.reader(StringIO(Path(waiting.value.path()).read_text("utf-8-sig"), newline="")))
    assert [text for row in saved for text in row if text.startswith("-")] == [
        text.replace("\u2212", "-") for text in shown
    ]


def test_what_a_spreadsheet_would_compute_is_saved_as_text(reader: Reader, report: Path, tmp_path: Path) -> None:
    text = report.read_text("utf-8")
    start = text.index('id="keywords-浙江"')
    at = text.index("<tbody>", start)
    end = text.index("</tr>", at)
    row = text[at:end]
    first = row.index("<td>", row.index("<td>") + 1)
    hostile = tmp_path / "page.html"
    hostile.write_text(text[: at + first] + '=1+2 "x", y' + text[at + first :], "utf-8")
    page = reader.opens(hostile)
    figure = figure_of(page, LONG, "zh")
    shown = rows_of(figure)[0][0]
    assert shown.endswith('=1+2 "x", y')
    with page.expect_download() as waiting:
        figure.locator(".tools .csv").click()
    saved = list(csv.reader(StringIO(Path(waiting.value.path()).read_text("utf-8-sig"), newline="")))[1][0]
    assert saved == shown if not shown.startswith("=") else saved == f"'{shown}"
