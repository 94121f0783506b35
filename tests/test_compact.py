"""A drawing in its short form is the same drawing: shapes, looks and places are those that matplotlib wrote."""

from __future__ import annotations

import re

import pytest
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Ellipse

from pipeline.charts import compact, labels, style
from tests.test_marks import on_the_page

_CELL = "M{} {}h10v5h-10z"


@pytest.mark.parametrize(
    ("style_text", "attributes"),
    [
        ("fill: #fff; stroke: none", ' fill="#fff" stroke="none"'),
        ("font: 7.5px 'Noto Sans SC'; text-anchor: middle", ' font-size="7.5px" text-anchor="middle"'),
        ("font-size: 7px; font-family: 'Noto Sans SC'", ' font-size="7px"'),
        ("", ""),
    ],
)
def test_a_style_becomes_attributes_and_the_page_has_the_font(style_text: str, attributes: str) -> None:
    assert compact.attributes_of(style_text) == attributes


def test_a_circle_is_its_middle_and_its_radius() -> None:
    text = on_the_page(lambda page: page.add_patch(Circle((1, 1), 0.25, facecolor="#123456", edgecolor="none")))
    # 72 points an inch, from the top: the middle at (72, 72), a quarter of an inch to its edge.
    assert re.findall(r'<circle cx="([^"]*)" cy="([^"]*)" r="([^"]*)"', text) == [("72", "72", "18")]


@pytest.mark.parametrize("height", [0.25, 0.45])
def test_what_is_no_circle_stays_as_it_is(height: float) -> None:
    text = on_the_page(lambda page: page.add_patch(Ellipse((1, 1), 0.5, height, angle=30, facecolor="#123456")))
    assert "<circle" not in text
    (outline,) = re.findall(r' d="(M[^"]*C[^"]*)"', text)
    assert outline.count("C") == 8


def test_boxes_that_look_alike_and_say_nothing_are_one_shape() -> None:
    places = [(0.0, 0.0, 1.0, 1.0), (1.0, 0.0, 1.0, 1.0), (2.0, 0.0, 1.0, 1.0)]
    text = on_the_page(lambda page: style.boxes(page, places, ["#ffffff", "#ffffff", "#000000"]))
    _, white, black = re.findall(r' d="([^"]*)"', text)
    assert white == "M0 0h72v72h-72zM72 0h72v72h-72z"
    assert black == "M144 0h72v72h-72z"


def test_lines_along_the_axes_are_written_as_such_and_others_as_they_are() -> None:
    def draw(page: Axes) -> None:
        for ends in (([0, 1], [1, 1]), ([1, 1], [0, 1]), ([0, 1], [0, 1])):
            page.plot(*ends, color="#123456", solid_capstyle="butt")

    text = on_the_page(draw)
    assert [d for d in re.findall(r' d="([^"]*)"', text) if "z" not in d] == ["M0 72H72", "M72 0V72", "M0 0L72 72"]


def test_letters_say_once_how_they_look() -> None:
    def draw(page: Axes) -> None:
        for at, letters in enumerate(("甲", "乙", "丙", "丁")):
            labels.put(page, 0.2, 0.3 * (at + 1), letters, color="#ff0000" if letters == "丙" else "#123456")

    text = on_the_page(draw)
    assert re.findall(r"<text[^>]*>([^<]*)</text>", text) == ["甲", "乙", "丙", "丁"]
    assert text.count('fill="#123456"') == text.count('fill="#ff0000"') == text.count("font-size=") == 1
    assert re.search(r'<g [^>]*fill="#123456"[^>]*><text', text)


def test_a_shape_that_is_used_once_stands_where_it_is_used_and_one_that_is_used_twice_is_defined() -> None:
    defined = '<defs><path id="{0}" d="M0 0h1v1h-1z" stroke="#000"/></defs>'
    use = '<use xlink:href="#{0}" x="{1}" y="2" fill="#fff" stroke="#fff"/>'
    once = compact.joined(f"<g>{defined.format('a')}<g>{use.format('a', 3)}</g></g>")
    assert once == '<g><g fill="#fff" stroke="#000"><path d="M0 0h1v1h-1z" transform="translate(3 2)"/></g></g>'
    twice = f"<g>{defined.format('b')}{use.format('b', 3)}{use.format('b', 4)}</g>"
    assert compact.joined(twice) == twice


def cells(*places: tuple[int, int, str]) -> str:
    return "".join(f'<path d="{_CELL.format(x, y)}" fill="{fill}"/>' for x, y, fill in places)


def test_of_very_many_cells_neighbours_of_a_shade_are_one_strip() -> None:
    drawn = cells((20, 0, "#111"), (0, 0, "#111"), (0, 5, "#222"), (10, 0, "#111"), (10, 5, "#111"), (40, 0, "#111"))
    strips = "M0 0h30v5h-30zM40 0h10v5h-10zM10 5h10v5h-10z"
    assert (
        compact.joined(drawn, crowded=True)
        == f'<path d="{strips}" fill="#111"/><path d="{_CELL.format(0, 5)}" fill="#222"/>'
    )
    assert compact.joined(drawn).count("M") == 6


def test_what_is_no_box_makes_no_strip() -> None:
    drawn = '<path d="M0 0L1 1" fill="#111"/><path d="M1 1L2 2" fill="#111"/>'
    assert compact.joined(drawn, crowded=True) == '<path d="M0 0L1 1M1 1L2 2" fill="#111"/>'
