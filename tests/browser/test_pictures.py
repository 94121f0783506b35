"""The page looks as it did when its pictures were last looked at: `PICTURES=new` takes them anew (CONTRIBUTING.md).

All type is set in the embedded font, so that machines differ in the edges of letters only. Pictures are compared at a
quarter of their size, where a changed number is a shade of grey and a part that is missing or elsewhere is not.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, Reader

PICTURES = Path(__file__).parent / "pictures"
_COLOURS = 48  # of a picture that is kept
_KEPT, _COMPARED = 2, 4  # parts of the width
_SHADE = 40  # of 255: a difference that shows
_SHARE = 0.02  # of the picture that may differ


@dataclass(frozen=True)
class View:
    """What is looked at: the element at the top of the window."""

    name: str
    at: str
    language: str
    dark: bool = False
    size: tuple[int, int] = DESKTOP
    fragment: str = ""

    @property
    def file(self) -> Path:
        light, wide = "dark" if self.dark else "light", "phone" if self.size == PHONE else "wide"
        return PICTURES / f"{self.name}.{self.language}.{light}.{wide}.png"


VIEWS = (
    View("head", "body", "zh"),
    View("head", "body", "en", dark=True),
    View("head", "body", "zh", size=PHONE),
    View("region", "#explorer", "zh", fragment="#region=浙江"),
    View("region", "#explorer", "en", dark=True, size=PHONE, fragment="#region=浙江"),
    View("pair", "#explorer", "en", fragment="#pair=浙江–上海"),
    View("table", "#table-regions", "zh", dark=True),
    View("figure", "#en-figure-theme_matrix", "en"),
)


def pictured(reader: Reader, report: Path, view: View, broken: str = "") -> Image.Image:
    """The window with the view at its top; ``broken`` is added to the style."""
    page = reader.opens(
        report, view.fragment, language=view.language, dark=view.dark, size=view.size, lenient=True
    )  # fmt: skip
    page.add_style_tag(
        content="* { font-family: 'Jingyan Sans' !important; caret-color: transparent !important; scrollbar-width: none; }"
        + broken
    )
    _settled(page, view.at)
    return Image.open(BytesIO(page.screenshot(animations="disabled"))).convert("RGB")


def _settled(page: Page, at: str) -> None:
    """The element is at the top, and what comes into view with it has come: tools of tables, marks of figures."""
    for _ in range(2):
        page.evaluate(
            """async at => {
              await document.fonts.ready;
              document.activeElement.blur();
              scrollTo({top: document.querySelector(at).getBoundingClientRect().top + scrollY, behavior: 'instant'});
              for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
            }""",
            at,
        )


def kept(picture: Image.Image) -> Image.Image:
    """Small enough to be committed."""
    return picture.reduce(_KEPT).quantize(_COLOURS, dither=Image.Dither.NONE)


def different(picture: Image.Image, before: Image.Image) -> float:
    """The share of the picture that shows a difference."""
    smaller = [
        np.asarray(one.convert("RGB").reduce(_COMPARED // _KEPT), dtype=float) for one in (kept(picture), before)
    ]
    assert smaller[0].shape == smaller[1].shape
    return float((np.abs(smaller[0] - smaller[1]).max(axis=2) > _SHADE).mean())


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.file.stem)
def test_the_page_looks_as_before(reader: Reader, report: Path, tmp_path: Path, view: View) -> None:
    picture = pictured(reader, report, view)
    if os.environ.get("PICTURES") == "new":
        PICTURES.mkdir(exist_ok=True)
        kept(picture).save(view.file, optimize=True)
    share = different(picture, Image.open(view.file))
    kept(picture).save(tmp_path / view.file.name)
    assert share <= _SHARE, f"{share:.1%} differ: compare {tmp_path / view.file.name}, or take the pictures anew"


@pytest.mark.parametrize(
    "broken",
    ["#explorer [role=tablist] { display: none }", ".columns { display: block }", "body { background: #ccc }"],
)
def test_a_broken_layout_looks_otherwise(reader: Reader, report: Path, broken: str) -> None:
    view = VIEWS[3]
    assert different(pictured(reader, report, view, broken), Image.open(view.file)) > _SHARE


def test_pictures_are_small_and_none_is_left_over() -> None:
    sizes = {file.name: file.stat().st_size for file in PICTURES.iterdir()}
    assert sizes.keys() == {view.file.name for view in VIEWS}
    assert max(sizes.values()) < 120_000
    assert sum(sizes.values()) < 1_000_000
