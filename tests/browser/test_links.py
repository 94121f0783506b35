"""Links of the page lead to what they name, and show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import tables
from tests.browser.conftest import Explorer, Reader


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_link_to_a_closed_part_opens_it(reader: Reader, report: Path, language: str) -> None:
    half = "" if language == "zh" else "en-"
    page = reader.opens(report, f"#{half}numbers", language=language)
    assert page.locator(f"#{half}numbers").evaluate("part => part.open && part.checkVisibility()")
    assert not page.locator(f"#{half}settings").evaluate("part => part.open")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_mark_of_the_theme_matrix_opens_its_clauses(explorer: Explorer, processed: Path, language: str) -> None:
    half = "" if language == "zh" else "en-"
    evidence = tables.read(processed / "theme_evidence.csv", tables.THEME_EVIDENCE)
    counted = evidence[evidence["status"] == "counted"]
    page = explorer.at(f"#{half}figure-theme_matrix", language)
    # Following every dot in turn: what then is at the place that the address names, if it shows, and what is marked in it.
    shown = page.evaluate(
        """async half => {
          const found = {};
          for (const link of document.querySelectorAll(`#${half}figure-theme_matrix .canvas a`)) {
            const gone = new Promise(done => addEventListener('hashchange', () => setTimeout(done), {once: true}));
            const fragment = link.getAttribute('xlink:href') ?? link.getAttribute('href');
            if (fragment in found || decodeURIComponent(location.hash) === fragment) continue;
            link.dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true, view: window}));
            await gone;
            const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
            found[fragment] = target.closest('details').open && target.offsetHeight > 0
              ? [...target.querySelectorAll('mark')].map(mark => mark.textContent) : null;
          }
          return found;
        }""",
        half,
    )
    assert set(shown) == {f"#approach-{hit.region}-{hit.theme}" for hit in counted.itertuples()}
    for hit in counted.itertuples():
        marked = shown[f"#approach-{hit.region}-{hit.theme}"] or []
        assert any(hit.indicator in text for text in marked), hit
