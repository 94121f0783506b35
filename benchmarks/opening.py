"""The page of many long texts in the system's chromium: its size, and the seconds until it answers."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from benchmarks.rows import Found, Value
from benchmarks.watching import StoppedError

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
NO_CHROMIUM = "no chromium on this machine: install Debian's package chromium"
_FLAGS = (
    "--no-sandbox",  # there is none for root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
)
READY = "html[data-ready=true]"  # the script of the page says so when its explorer has its data
_LIMIT = 120_000  # milliseconds


@contextmanager
def browser() -> Iterator[Browser]:
    """The system's chromium, without a window; nothing is downloaded. `StoppedError` where there is none."""
    if CHROMIUM is None:
        raise StoppedError(NO_CHROMIUM)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_FLAGS))
        yield opened
        opened.close()


def found(page: Path, repeats: int) -> Found:
    """Median of fresh profiles of one running browser: from the address to a page whose explorer answers."""
    result = Found({"page.size": Value(page.stat().st_size / 1e6)})
    result.attempt("page.open", lambda: _opened(page, repeats))
    return result


def _opened(page: Path, repeats: int) -> Found:
    seconds, loaded = [], []
    with browser() as chromium:
        for _ in range(repeats):
            context = chromium.new_context()
            tab = context.new_page()
            start = time.perf_counter()
            tab.goto(page.as_uri(), timeout=_LIMIT)
            loaded.append(time.perf_counter() - start)
            tab.wait_for_selector(READY, state="attached", timeout=_LIMIT)
            seconds.append(time.perf_counter() - start)
            context.close()
    return Found({"page.open": Value(statistics.median(seconds), f"loaded after {statistics.median(loaded):.1f} s")})
