"""The pages in a real browser: nothing overflows, the font is the embedded one, a link opens what hides its target."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from pipeline import tables

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--allow-file-access-from-files",
    "--virtual-time-budget=8000",
)


@pytest.fixture(scope="module")
def browser() -> str:
    if CHROMIUM is None:
        message = "no chromium on this machine: install Debian's package chromium to run the browser tests"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return CHROMIUM


def measured(browser: str, page: Path, folder: Path, *, width: int, fragment: str, script: str) -> dict[str, object]:
    """What ``script`` (an expression over the page's window ``w``) says of the page in a frame of that width."""
    (folder / "page.html").write_bytes(page.read_bytes())
    frame = folder / "frame.html"
    frame.write_text(
        f'<!doctype html><meta charset="utf-8"><iframe src="page.html{fragment}" width="{width}" height="800"></iframe>'
        "<pre></pre><script>onload=async()=>{const w=document.querySelector('iframe').contentWindow;"
        "await w.document.fonts.ready;await new Promise(r=>setTimeout(r,300));"
        f"document.querySelector('pre').textContent='RESULT'+JSON.stringify({script})+'END'}}</script>",
        "utf-8",
    )
    command = [browser, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", frame.as_uri()]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    found = re.search(r"RESULT(.*?)END</pre>", printed, flags=re.DOTALL)
    assert found, printed[-500:]
    return dict(json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [360, 1200])
def test_no_page_is_wider_than_its_window(browser: str, built: Path, tmp_path: Path, language: str, width: int) -> None:
    page = built / "reports/vocational-teachers/report.html"
    script = "{page: w.document.documentElement.scrollWidth, window: w.document.documentElement.clientWidth}"
    found = measured(browser, page, tmp_path, width=width, fragment=f"#&lang={language}", script=script)
    assert 0.9 * width < int(str(found["window"])) <= width
    assert found["page"] == found["window"]


def test_the_text_is_set_in_the_embedded_font(browser: str, built: Path, tmp_path: Path) -> None:
    page = built / "reports/vocational-teachers/report.html"
    script = "{loaded: [...w.document.fonts].map(f => f.family + ' ' + f.status)}"
    found = measured(browser, page, tmp_path, width=1000, fragment="", script=script)
    assert [name.replace('"', "") for name in list(found["loaded"])] == ["Jingyan Sans loaded"]  # type: ignore[call-overload]


def test_a_link_to_a_closed_part_opens_it(browser: str, built: Path, tmp_path: Path) -> None:
    page = built / "reports/vocational-teachers/report.html"
    script = "{open: w.document.getElementById('numbers').open, other: w.document.getElementById('settings').open}"
    found = measured(browser, page, tmp_path, width=1000, fragment="#numbers", script=script)
    assert found == {"open": True, "other": False}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_mark_of_the_theme_matrix_opens_its_clauses(
    browser: str, built: Path, tmp_path: Path, language: str
) -> None:
    page = built / "reports/vocational-teachers/report.html"
    evidence = tables.read(built / "data/processed/vocational-teachers/theme_evidence.csv", tables.THEME_EVIDENCE)
    counted = evidence[evidence["status"] == "counted"]
    marks = {f"#approach-{region}-{theme}" for region, theme in zip(counted["region"], counted["theme"], strict=True)}
    # Clicking every dot in turn: what is then at the place that the address names, whether it shows, what is marked in it.
    script = (
        "await (async () => { const d = w.document, found = {};"
        "for (const a of d.querySelectorAll('section.LANGUAGE .w-theme_matrix a.mark')) {"
        " a.dispatchEvent(new w.MouseEvent('click', {bubbles: true, cancelable: true, view: w}));"
        " await new Promise(r => setTimeout(r, 20));"
        " const hash = decodeURIComponent(w.location.hash), target = d.getElementById(hash.slice(1));"
        " found[hash] = target && target.closest('details').open && target.offsetHeight > 0"
        " ? [...target.querySelectorAll('mark')].map(m => m.textContent) : null; }"
        " return found; })()"
    ).replace("LANGUAGE", language)
    found = measured(browser, page, tmp_path, width=1000, fragment=f"#&lang={language}", script=script)
    assert set(found) == marks
    for hit in counted.itertuples():
        shown = list(found[f"#approach-{hit.region}-{hit.theme}"] or [])  # type: ignore[call-overload]
        assert any(hit.indicator in text for text in shown), hit


# --- the policy --------------------------------------------------------------------------------------------------


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


def opened(browser: str, page: Path, folder: Path) -> tuple[str, str]:
    """The document after its scripts have run, and what the console said."""
    command = [
        browser, *FLAGS, "--enable-logging=stderr", f"--user-data-dir={folder / 'profile'}", "--dump-dom", page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_breaks_no_rule_of_its_own_policy(browser: str, built: Path, tmp_path: Path, language: str) -> None:
    page = tmp_path / "page.html"
    page.write_bytes((built / "reports/vocational-teachers/report.html").read_bytes())
    assert opened(browser, page, tmp_path)[1] == ""
    # The console does say so where a page breaks it.
    page.write_text(
        page.read_text("utf-8").replace('<main id="text" tabindex="-1">', '<main><p style="color: red">x</p>', 1),
        "utf-8",
    )
    assert "Content Security Policy" in opened(browser, page, tmp_path)[1]


@pytest.mark.parametrize("protected", [True, False])
def test_what_is_smuggled_into_the_page_does_not_run_and_asks_nothing_of_the_network(
    browser: str, built: Path, tmp_path: Path, server: tuple[str, list[str]], protected: bool
) -> None:
    address, asked = server
    smuggled = (
        "<script>document.documentElement.dataset.ran = 'script'</script>"
        "<img src=x onerror=\"document.documentElement.dataset.handled = 'yes'\">"
        f'<img src="{address}/image.png"><link rel="stylesheet" href="{address}/style.css">'
        f'<iframe src="{address}/frame"></iframe><script src="{address}/script.js"></script>'
        f"<style>body {{ background: url({address}/ground.png) }}</style>"
    )
    text = (
        (built / "reports/vocational-teachers/report.html")
        .read_text("utf-8")
        .replace('<main id="text" tabindex="-1">', f"<main>{smuggled}", 1)
    )
    page = tmp_path / "page.html"
    # Without the policy all of it works: the test can tell.
    page.write_text(
        text if protected else re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", text), "utf-8"
    )
    shown = opened(browser, page, tmp_path)[0]
    assert ('data-ran="script"' in shown) is not protected
    assert ('data-handled="yes"' in shown) is not protected
    if protected:
        assert asked == []
    else:
        assert {"/image.png", "/style.css", "/frame", "/script.js"} <= set(asked)
