"""Figures on the page: text as text, marks that name the cells they show, nothing that the page's policy forbids."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from lxml import etree
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import labels, marks, style
from pipeline.charts.wording import Wording
from pipeline.numbers import number
from tests.built import FIGURES
from tests.conftest import METHOD
from tests.test_report import wrong_cells

MPLSTYLE = METHOD / "figures.mplstyle"
LANGUAGES = ("zh", "en")


def drawn(wording: Wording) -> Figure:
    """Two cells of a heat map, the second of which leads somewhere, and a line."""
    figure, page = style.page(3, 2)
    frame = pd.DataFrame({"region_a": ["浙江", "浙江"], "region_b": ["上海", '<"&>'], "cosine": [0.2712, 0.1]})
    cells = marks.cells_of(frame, "similarity", ("region_a", "region_b"), "cosine", "2")
    style.boxes(page, [(0, 0, 1, 1), (1, 0, 1, 1)], ["#ffffff", "#000000"], cells=cells)
    page.collections[0].set_urls(["", "#approach-x"])
    labels.put(page, 0.1, 1.5, "双师\n型")
    (line,) = page.plot([0, 1], [0, 1])
    marks.tell(line, marks.Cell("x", ("1",), "y", "3", "三"))
    return figure


@pytest.fixture
def published(tmp_path: Path) -> Path:
    style.publish(
        drawn, [Wording("zh", {}, {}, {})], mplstyle=MPLSTYLE, stem=tmp_path / "own" / "x", page=tmp_path / "page" / "x"
    )
    return tmp_path


def test_marks_name_their_cells_and_what_they_show_on_the_page_only(published: Path) -> None:
    tree = etree.fromstring((published / "page/x.zh.svg").read_bytes().replace(b"<svg", b'<svg xmlns:xlink="l"', 1))
    found = [dict(node.attrib) for node in tree.iter() if node.get("class") == "mark"]
    assert found == [
        {"class": "mark", "data-cell": "similarity.csv | 浙江|上海 | cosine", "data-shown": "0.27"},
        {"{l}href": "#approach-x", "class": "mark", "data-cell": 'similarity.csv | 浙江|<"&> | cosine', "data-shown": "0.10"},
        {"class": "mark", "data-cell": "x.csv | 1 | y", "data-shown": "3", "data-what": "三"},
    ]  # fmt: skip
    own = (published / "own/x.zh.svg").read_text("utf-8")
    assert "mark" not in re.sub(r"<!--.*?-->", "", own)
    assert "similarity" not in own
    assert "cells" not in own


def test_on_the_page_letters_are_letters_and_in_a_file_of_its_own_outlines(published: Path) -> None:
    page = (published / "page/x.zh.svg").read_text("utf-8")
    assert re.findall(r"<text[^>]*>([^<]*)</text>", page) == ["双师", "型"]
    assert "<text" not in (published / "own/x.zh.svg").read_text("utf-8")


def test_on_the_page_nothing_is_a_style_and_ids_are_of_this_figure_and_language(published: Path) -> None:
    page = (published / "page/x.zh.svg").read_text("utf-8")
    assert page.startswith("<svg ")
    assert " style=" not in page
    assert "<style" not in page
    assert "font-family" not in page
    assert all(own.startswith("x-zh-") for own in re.findall(r' id="([^"]*)"', page))
    used = set(re.findall(r'(?:xlink:href="|url\()#(?!approach)([^")]+)', page))
    assert used == set(re.findall(r' id="([^"]*)"', page))


def test_the_same_figure_is_the_same_bytes_on_the_page(published: Path, tmp_path: Path) -> None:
    before = (published / "page/x.zh.svg").read_bytes()
    style.publish(
        drawn, [Wording("zh", {}, {}, {})], mplstyle=MPLSTYLE, stem=tmp_path / "y" / "x", page=tmp_path / "z" / "x"
    )
    assert (tmp_path / "z/x.zh.svg").read_bytes() == before


def on_the_page(draw: Callable[[Axes], None]) -> str:
    """What the page has of a figure of 3 by 2 inches, whose ground is its first shape."""
    with style.drawing(MPLSTYLE, Path("x")):
        figure, page = style.page(3, 2)
        draw(page)
        return marks.page_svg(figure, marks.taken(figure), "x").decode()


def test_of_very_many_cells_none_says_what_it_shows_and_those_of_a_shade_are_one_shape() -> None:
    side = 51
    frame = pd.DataFrame({"at": range(side * side), "cosine": [0.1, 0.2, 0.3] * (side * side // 3)})
    cells = marks.cells_of(frame, "similarity", ("at",), "cosine", "2")
    places = [(0.03 * (at % side), 0.03 * (at // side), 0.03, 0.03) for at in range(side * side)]
    shades = ["#111111", "#222222", "#333333"] * (side * side // 3)

    def draw(count: int) -> str:
        return on_the_page(lambda page: style.boxes(page, places[:count], shades[:count], cells=cells[:count]))

    many, fewer = draw(side * side), draw(marks.MOST)
    assert fewer.count('class="mark"') == marks.MOST
    assert "mark" not in many
    _, *drawn_as = re.findall(r' d="([^"]*)"', many)
    assert [shape.count("M") for shape in drawn_as] == [side * side // 3] * 3


def test_a_blank_of_any_width_is_told_as_it_is_and_what_turns_letters_around_is_not() -> None:
    def draw(page: Axes) -> None:
        (line,) = page.plot([0, 1], [0, 1])
        marks.tell(line, marks.Cell("x", ("甲\u3000乙\u202e",), "y", "3"))

    assert 'data-cell="x.csv | 甲\u3000乙\ufffd | y"' in on_the_page(draw)


def test_the_cell_of_a_pair_is_found_by_its_regions_in_any_order() -> None:
    frame = pd.DataFrame({"k": [2], "region_a": ["甲"], "region_b": ["乙"], "share": [0.5]})
    found = marks.pair_cells(frame, "coassignment", "share", "share", key="k")
    assert found[frozenset(("乙", "甲"))].name == "coassignment.csv | 2|甲|乙 | share"
    assert found[frozenset(("乙", "甲"))].shown == number(0.5, "share") == "50%"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mark_of_the_report_shows_the_number_of_its_cell(built: Path, processed: Path, language: str) -> None:
    cells: dict[str, list[tuple[str, str]]] = {}
    for name in FIGURES:
        text = (processed / f"figures/{name}.{language}.svg").read_text("utf-8")
        cells[name] = re.findall(r'data-cell="([^"]*)" data-shown="([^"]*)"', text)
    assert all(cells.values())
    # Of these the cell is a count over several rows.
    counted = {
        cell
        for found in cells.values()
        for cell, _ in found
        if cell.startswith(("null_distribution.csv", "tokens.csv"))
    }
    every = [(cell, shown) for found in cells.values() for cell, shown in found if cell not in counted]
    assert len(every) > 500
    assert wrong_cells(every, processed, built / "reports/calibration/calibration.csv") == []
    draws = len(tables.read(processed / "null_distribution.csv", tables.NULL_DISTRIBUTION))
    for view in ("words", "characters"):
        bars = [int(n) for cell, n in cells["null_distribution"] if cell.startswith("null") and cell.endswith(view)]
        assert sum(bars) == draws
    tokens = tables.read(processed / "tokens.csv", tables.TOKENS)
    holding = tokens.groupby("term")["measure_id"].nunique()
    for cell, shown in cells["cooccurrence_network"]:
        assert int(shown) == holding[cell.split(" | ")[1]]
