"""The page for readers who do not see it, see it badly, or use no mouse."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.browser import axe
from tests.browser.conftest import PHONE, Reader

LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_serious(reader: Reader, report: Path, language: str) -> None:
    page = reader.opens(report, language=language)
    axe.thin(page)
    assert axe.hindrances(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_contrast_holds_in_the_dark(reader: Reader, report: Path, language: str) -> None:
    page = reader.opens(report, language=language, dark=True)
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3).map(Number)")
    assert max(ground) < 64
    axe.thin(page)
    assert axe.hindrances(page, ["color-contrast"]) == []


def test_axe_finds_nothing_serious_on_a_phone(reader: Reader, report: Path) -> None:
    page = reader.opens(report, size=PHONE)
    axe.thin(page)
    assert axe.hindrances(page) == []


def test_axe_does_see_what_hinders(reader: Reader, tmp_path: Path) -> None:
    hindered = tmp_path / "page.html"
    hindered.write_text(
        '<!doctype html><html lang="en"><title>x</title><main><h1>x</h1><img src="data:,">'
        '<p style="color: #aaa; background: #fff">pale</p><select></select><button></button></main>',
        "utf-8",
    )
    found = axe.hindrances(reader.opens(hindered))
    assert sorted(line.split()[0] for line in found) == ["button-name", "color-contrast", "image-alt", "select-name"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_in_order(reader: Reader, report: Path, language: str) -> None:
    page = reader.opens(report, language=language)
    levels = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(h => h.checkVisibility()).map(h => +h.tagName[1])"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert levels.count(2) > 8
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_picture_has_a_name(reader: Reader, report: Path) -> None:
    page = reader.opens(report)
    pictures = page.evaluate(
        """[...document.querySelectorAll('img, svg')].map(picture => {
          const named = picture.closest('[role=img], [role=group], [aria-hidden=true], img');
          return [picture.closest('figure')?.id ?? picture.outerHTML.slice(0, 80),
                  named && (named.getAttribute('aria-hidden') ?? named.getAttribute('aria-label') ?? named.getAttribute('alt'))];
        })"""
    )
    assert len(pictures) > 20
    assert [figure for figure, name in pictures if not name] == []


def test_every_id_stands_once_and_every_link_has_a_place(reader: Reader, report: Path) -> None:
    page = reader.opens(report)
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(element => element.id)")
    assert len(ids) == len(set(ids))
    links = page.evaluate(
        "[...document.querySelectorAll('a')].map(a => a.getAttribute('href') ?? a.getAttribute('xlink:href') ?? '')"
    )
    assert len(links) > 1000
    explored = ("#region=", "#pair=", "#term=", "#theme=")
    assert {link for link in links if not link.startswith(explored)} <= {f"#{one}" for one in ids}


# What the Tab key stops at: of a group of radio buttons one, of tabs the chosen one.
_STOPS = """() => [...document.querySelectorAll('a[href], button, input, select, summary, [tabindex]')]
  .filter(element => element.checkVisibility() && !element.disabled && element.tabIndex >= 0 && !element.closest('svg')
    && !(element.type === 'radio' && !element.checked)).map(element => element.outerHTML.slice(0, 120))"""


def test_every_control_of_the_explorer_is_reached_by_tab_and_shows_it(reader: Reader, report: Path) -> None:
    page = reader.opens(report, "#pair=浙江–上海")
    page.evaluate(
        """() => { for (const element of document.querySelectorAll('main > section:not(#explorer), nav')) element.remove(); }"""
    )
    wanted = page.evaluate(_STOPS)
    assert len(wanted) > 15
    page.evaluate("document.body.focus()")
    reached, unseen = [], []
    for _ in range(len(wanted) + 5):
        page.keyboard.press("Tab")
        html, ringed = page.evaluate(
            """() => {
              const element = document.activeElement;
              const ringed = one => one && (getComputedStyle(one).outlineStyle !== 'none' && parseFloat(getComputedStyle(one).outlineWidth) > 0);
              return [element === document.body ? '' : element.outerHTML.slice(0, 120),
                      ringed(element) || ringed(element.nextElementSibling) || element.matches('.skip')];
            }"""
        )
        if not html or (reached and html == reached[0]):
            break
        reached.append(html)
        if not ringed:
            unseen.append(html)
    assert sorted(reached) == sorted(wanted)
    assert unseen == []
    # The other tabs are reached by arrows.
    page.locator("#explorer-tab-pair").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "explorer-tab-term"


def test_the_first_stop_leads_past_the_head_of_the_page(reader: Reader, report: Path) -> None:
    page = reader.opens(report)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "text"


def test_no_control_of_the_page_is_left_out_of_the_order_of_tab(reader: Reader, report: Path) -> None:
    page = reader.opens(report)
    left_out = page.evaluate(
        """[...document.querySelectorAll('a[href], button, input, select, summary')].filter(element => element.tabIndex < 0
             && !element.closest('[role=tablist], svg')).map(element => element.outerHTML.slice(0, 120))"""
    )
    assert left_out == []
    assert page.locator("[tabindex]:not([tabindex='0']):not([tabindex='-1'])").count() == 0
