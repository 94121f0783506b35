"""One chromium for these tests, a context of its own for each; whatever the page must never do fails its test.

The browser is the system's: nothing is downloaded. It is closed before a test of another package runs, for the event
loop that drives it would be in the way of tests that have one of their own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from benchmarks import opening

_WITHIN = ("file:", "data:", "blob:", "about:")
_PATIENCE = 60_000  # milliseconds after which the browser itself gives up: generous, for the machine may be busy
DESKTOP = (1280, 900)
PHONE = (390, 844)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    if opening.CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail(opening.NO_CHROMIUM)
        pytest.skip(opening.NO_CHROMIUM)
    expect.set_options(timeout=_PATIENCE)
    with opening.browser() as browser:
        yield browser


@dataclass
class Watched:
    """What pages did that they must not do. A test that brings it about on purpose takes it away when it has seen it."""

    said: list[str] = field(default_factory=list)  # on the console, as a warning or an error, or thrown
    asked: list[str] = field(default_factory=list)  # addresses outside the page
    interrupted: list[str] = field(default_factory=list)  # dialogues, windows

    def taken(self, name: str) -> list[str]:
        """What is noted under the name, which is then empty."""
        found: list[str] = getattr(self, name)
        setattr(self, name, [])
        return found

    def over(self, context: BrowserContext) -> None:
        """Note what the pages of the context do from now on."""
        context.on("console", lambda message: message.type in ("error", "warning") and self.said.append(message.text))
        context.on("weberror", lambda thrown: self.said.append(str(thrown.error)))
        context.on("request", self._asked)
        context.on("dialog", lambda dialog: (self.interrupted.append(dialog.message), dialog.dismiss()))

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(_WITHIN):
            self.asked.append(request.url)

    def nothing(self) -> None:
        """Fail unless nothing is noted."""
        assert self.taken("said") == []
        assert self.taken("asked") == []
        assert self.taken("interrupted") == []


@dataclass
class Reader:
    """Opens pages, each with a profile of its own."""

    chromium: Browser
    watched: Watched = field(default_factory=Watched)
    contexts: list[BrowserContext] = field(default_factory=list)

    def opens(
        self,
        page: Path,
        fragment: str = "",
        *,
        size: tuple[int, int] = DESKTOP,
        dark: bool = False,
        script: bool = True,
        language: str = "zh",
        printed: bool = False,
        lenient: bool = False,
    ) -> Page:
        """The page at the fragment, when its fonts and its explorer are there.

        ``language``: of the browser. ``printed``: as on paper. ``lenient``: without the policy, so that a test may add a style.
        """
        context = self.chromium.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale={"zh": "zh-CN", "en": "en-GB"}[language],
            reduced_motion="reduce",
            bypass_csp=lenient,
            accept_downloads=True,
            permissions=["clipboard-read", "clipboard-write"],
        )
        context.set_default_timeout(_PATIENCE)
        self.contexts.append(context)
        self.watched.over(context)
        tab = context.new_page()
        if printed:
            tab.emulate_media(media="print")
        tab.on("popup", lambda window: self.watched.interrupted.append(window.url))
        tab.goto(page.as_uri() + fragment)
        tab.evaluate("document.fonts.ready.then(() => null)")
        if script and tab.locator("#explorer-data").count():
            tab.wait_for_selector(opening.READY, state="attached")
        return tab

    def leaves(self) -> None:
        for context in self.contexts:
            context.close()
        self.contexts = []


def arrives(page: Page, fragment: str) -> None:
    """The page has gone to the fragment, from another place, and shows what it asks for."""
    page.evaluate(
        """async fragment => {
          const goes = async hash => {
            const gone = new Promise(done => addEventListener('hashchange', () => setTimeout(done), {once: true}));
            location.hash = hash;
            await gone;
          };
          if (location.hash !== '#text') await goes('#text');
          await goes(fragment);
        }""",
        fragment,
    )


@dataclass
class Explorer:
    """The report, opened once in each language for all tests that only go from place to place in its explorer.

    Opening it takes two seconds of a processor.
    """

    reader: Reader
    report: Path
    pages: dict[str, Page] = field(default_factory=dict)

    def at(self, fragment: str, language: str = "zh") -> Page:
        """The page of that language at the fragment."""
        if language not in self.pages:
            self.pages[language] = self.reader.opens(self.report, language=language)
        arrives(self.pages[language], fragment)
        return self.pages[language]


@pytest.fixture(scope="session")
def report(built: Path) -> Path:
    """The page of the shipped corpus."""
    return built / "reports" / "vocational-teachers" / "report.html"


@pytest.fixture
def reader(chromium: Browser) -> Iterator[Reader]:
    found = Reader(chromium)
    yield found
    found.leaves()
    found.watched.nothing()


@pytest.fixture(scope="package")
def _staying(chromium: Browser, report: Path) -> Iterator[Explorer]:
    found = Explorer(Reader(chromium), report)
    yield found
    found.reader.leaves()


@pytest.fixture
def explorer(_staying: Explorer) -> Iterator[Explorer]:
    yield _staying
    _staying.reader.watched.nothing()
