"""The page runs and loads nothing but what stands in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from tests.browser.conftest import Reader


class _Asked(BaseHTTPRequestHandler):
    """Notes the path of every request."""

    paths: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.paths.append(self.path)
        self.send_response(404)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A server of this machine's own, and the paths that were asked of it."""
    _Asked.paths.clear()
    served = ThreadingHTTPServer(("127.0.0.1", 0), _Asked)
    thread = Thread(target=served.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}", _Asked.paths
    served.shutdown()
    thread.join()
    served.server_close()


def test_the_console_says_so_where_a_page_breaks_its_policy(reader: Reader, report: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(report.read_text("utf-8").replace("<main", '<p style="color: red">x</p><main', 1), "utf-8")
    reader.opens(page)
    (said,) = reader.watched.taken("said")
    assert "Content Security Policy" in said


@pytest.mark.parametrize("protected", [True, False])
def test_what_is_smuggled_into_the_page_does_not_run_and_asks_nothing_of_the_network(
    reader: Reader, report: Path, tmp_path: Path, server: tuple[str, list[str]], protected: bool
) -> None:
    address, asked = server
    smuggled = (
        "<script>document.documentElement.dataset.ran = 'script'</script>"
        "<img src=x onerror=\"document.documentElement.dataset.handled = 'yes'\">"
        f'<img src="{address}/image.png"><link rel="stylesheet" href="{address}/style.css">'
        f'<iframe src="{address}/frame"></iframe><script src="{address}/script.js"></script>'
        f"<style>body {{ background: url({address}/ground.png) }}</style>"
    )
    text = report.read_text("utf-8").replace("<main", f"{smuggled}<main", 1)
    # Without the policy all of it works: the test can tell.
    policy = r'<meta http-equiv="Content-Security-Policy"[^>]*>'
    page = tmp_path / "page.html"
    page.write_text(text if protected else re.sub(policy, "", text), "utf-8")
    marks = reader.opens(page).evaluate("({...document.documentElement.dataset})")
    assert ("ran" in marks) is not protected
    assert ("handled" in marks) is not protected
    assert reader.watched.taken("said")
    wanted = {"/image.png", "/style.css", "/frame", "/script.js"}
    if protected:
        assert asked == []
        reader.watched.taken("asked")  # what the policy held back
    else:
        assert wanted <= set(asked)
        # What leaves the page is noticed.
        assert {f"{address}{path}" for path in wanted} <= set(reader.watched.taken("asked"))
