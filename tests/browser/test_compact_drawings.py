"""A figure in the short form of the page looks as it does in matplotlib's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Ellipse
from PIL import Image
from playwright.sync_api import Browser

from pipeline.charts import compact, labels, style
from tests.conftest import METHOD


def shapes(page: Axes) -> None:
    """Boxes, circles, lines, points, letters, some alike and some not."""
    places = [(0.3 * at, 0.1 * (at % 3), 0.25, 0.3) for at in range(9)]
    style.boxes(page, places, ["#cc3311", "#cc3311", "#0077bb"] * 3, edge="#333333")
    page.scatter([0.4, 0.9, 1.7], [0.9, 1.1, 1.0], s=[20, 20, 60], color=["#009988", "#ee7733", "#009988"])
    page.plot([0.1, 2.8, 2.8, 1.0], [1.3, 1.3, 1.9, 1.5], color="#ee3377", marker="o")
    page.vlines([0.5, 1.5], 1.2, 1.9, color="#bbbbbb")
    page.add_patch(Circle((2.2, 0.8), 0.2, facecolor="#ddaa33", edgecolor="#000000"))
    page.add_patch(Ellipse((2.6, 0.9), 0.3, 0.15, angle=30, facecolor="#004488", alpha=0.5))
    for at, letters in enumerate(("甲", "双师型", "AB", "丁")):
        labels.put(
            page, 0.2 + 0.5 * at, 1.7, letters, color="#ff0000" if at == 2 else "#222222", rotation=15 * (at == 3)
        )


def heat_map(page: Axes) -> None:
    places = [(0.05 * (at % 50), 0.05 * (at // 50), 0.05, 0.05) for at in range(2000)]
    shades = [["#3e5c76", "#8fa3b4", "#e7ebee"][at // 7 % 3] for at in range(2000)]
    style.boxes(page, places, shades, edge="face", linewidth=0.05)


@pytest.mark.parametrize(("draw", "crowded"), [(shapes, False), (heat_map, False), (heat_map, True)])
def test_it_looks_the_same(chromium: Browser, draw: Callable[[Axes], None], crowded: bool) -> None:
    with style.drawing(METHOD / "figures.mplstyle", Path("x")), rc_context({"svg.fonttype": "none"}):
        figure, page = style.page(3, 2)
        draw(page)
        written = BytesIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None}, facecolor="none")
    whole = written.getvalue().decode()
    whole = whole[whole.index("<svg") :]
    short = compact.joined(compact.plain(whole, "x"), crowded=crowded)
    assert len(short) < 0.7 * len(whole)
    # Both with one family of letters, for the page names its own.
    looks = [
        pictured(chromium, re.sub(r"font: ([\d.]+px)[^;\"]*", r"font: \1 sans-serif", text)) for text in (whole, short)
    ]
    difference = np.abs(looks[0] - looks[1])
    assert (difference > 60).mean() < 0.001
    assert looks[0].std() > 10  # there is something to be seen


def pictured(chromium: Browser, svg: str) -> np.ndarray:
    page = chromium.new_page(viewport={"width": 660, "height": 450})
    page.set_content(f"<style>body{{margin:0}}svg{{width:600px;height:auto;font-family:sans-serif}}</style>{svg}")
    picture = np.asarray(Image.open(BytesIO(page.screenshot())).convert("L"), dtype=float)
    page.close()
    return picture
