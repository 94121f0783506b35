"""axe-core, run in a page: what it finds that keeps readers out."""

from __future__ import annotations

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_GRAVE = ("serious", "critical")
# Rows of one table, items of one list and measures of one text are made alike: three of each kind stand for all. axe takes
# half a minute of processor time for the whole page, and says of every row what it says of the first.
_THINNED = """() => {
  const hidden = [...document.querySelectorAll('section, div, span, nav')].filter(half => !half.checkVisibility());
  for (const half of hidden) half.remove();
  for (const drawing of document.querySelectorAll('[role=img] svg')) drawing.replaceChildren();
  for (const parent of document.querySelectorAll('tbody, ul, ol, section, details, svg, svg g')) {
    const seen = new Map();
    for (const child of [...parent.children]) {
      if (!child.matches('tr, li, details, p.measure, g, a')) continue;
      const kind = child.tagName + '.' + (child.getAttribute('class') ?? '');
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      if (seen.get(kind) > 3) child.remove();
    }
  }
  for (const part of document.querySelectorAll('details')) part.open = true;
  return document.querySelectorAll('*').length;
}"""


def thin(page: Page) -> None:
    """Leave what shows, three of everything that is made alike, closed parts open. The page is of no further use."""
    page.evaluate(_THINNED)


def hindrances(page: Page, rules: Sequence[str] = ()) -> list[str]:
    """What is serious or critical, a line each: rule, how many elements, the first of them. ``rules``: only these."""
    options = {"resultTypes": ["violations"], "elementRef": False, "performanceTimer": False}
    if rules:
        options["runOnly"] = list(rules)
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {len(one['nodes'])}, first {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in _GRAVE
    ]
