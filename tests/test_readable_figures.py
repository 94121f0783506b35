"""Figures of many regions, long names and small shares: what changes its form, and when."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from pipeline.charts import (
    coassignment_heatmap,
    keys,
    keyword_bars,
    keyword_heatmap,
    labels,
    placing,
    region_map,
    style,
    theme_matrix,
)
from pipeline.charts.panels import terms_for
from pipeline.charts.placing import Box
from pipeline.charts.sheets import SHEETS
from pipeline.charts.wording import Wording, load_wordings, shortened
from pipeline.method import Settings
from tests.make import ROOT
from tests.test_charts import clashes

METHOD = ROOT / "method"
STRINGS = (ROOT / "pipeline/charts/strings.zh.toml", ROOT / "pipeline/charts/strings.en.toml")


@pytest.fixture(autouse=True)
def drawing(tmp_path: Path):  # type: ignore[no-untyped-def]
    """The project's style."""
    with style.drawing(METHOD / "figures.mplstyle", tmp_path / "x"):
        yield


@pytest.fixture
def wording() -> Wording:
    return load_wordings(*STRINGS, METHOD / "glossary.csv")[0]


def said(figure) -> list[str]:  # type: ignore[no-untyped-def]
    return [text.get_text() for text in figure.texts]


def test_a_short_name_stays_and_a_long_one_keeps_its_beginning_and_end() -> None:
    long = "新疆生产建设兵团第十三师红星四场职业技术学校"
    found = shortened(["浙江", long, "Inner Mongolia"], 10)
    # 0.6 of 10 less one for …, and 0.4 of 10
    assert found == {"浙江": "浙江", "Inner Mongolia": "Inner Mongolia", long: "新疆生产建…技术学校"}


def test_long_names_that_would_look_alike_keep_the_place_where_they_differ() -> None:
    # 3 characters of the beginning, …, 5 from the one before the difference, …
    names = [f"关于进一步加强教师队伍建设的第{number}号文件的通知" for number in ("一", "二")]
    assert list(shortened(names, 10).values()) == ["关于进…第一号文件…", "关于进…第二号文件…"]


def test_a_name_with_a_line_break_is_one_line() -> None:
    assert shortened(["浙\n江"], 10) == {"浙\n江": "浙 江"}


@given(names=st.lists(st.text(alphabet="甲乙 ab", max_size=30), unique=True, max_size=12), most=st.integers(4, 14))
def test_names_that_differ_by_more_than_blanks_are_never_shortened_to_the_same(names: list[str], most: int) -> None:
    names = list({" ".join(name.split()): name for name in names}.values())
    found = shortened(names, most)
    assert set(found) == set(names)
    assert len(set(found.values())) == len(names)
    assert all(len(name) <= 2 * most + 4 for name in found.values())


@pytest.mark.parametrize(
    ("highest", "end"), [(0.03, 0.05), (0.05, 0.05), (0.12, 0.2), (0.3, 0.3), (0.31, 1.0), (1.0, 1.0)]
)
def test_a_scale_of_shares_ends_at_one_unless_all_shares_are_small(highest: float, end: float) -> None:
    assert style.full_scale(highest) == end


def test_small_shares_get_dots_as_large_as_others_and_the_key_says_so(wording: Wording, settings: Settings) -> None:
    groups = pd.DataFrame({"region": ["甲"], "cluster": [1], "leaf": [0], "confident": [True]})
    codebook = pd.DataFrame({"theme": ["a"], "zh": ["主题"], "en": ["Theme"], "measures": [1]})
    measures = pd.DataFrame({"region": ["甲"] * 10})

    def keyed(share: float) -> list[str]:
        themes = pd.DataFrame({"region": ["甲"], "theme": ["a"], "measures": [1], "share": [share], "rank": [1]})
        figure = theme_matrix.figure_of(themes, codebook, groups, measures, wording, settings.charts)
        return [text for text in said(figure) if text.endswith("%")]

    assert keyed(0.1) == ["2.5%", "5%", "10%"]
    assert keyed(0.9) == ["25%", "50%", "100%"]


@pytest.mark.parametrize(
    ("regions", "columns", "terms"),
    # 10 inches: 3 rows leave (10/3 - 0.42) / 0.18 = 16 lines, 7 rows 5.6, 20 rows 0.4
    [(13, 5, 8), (31, 5, 5), (100, 5, 3)],
)
def test_many_regions_have_fewer_terms_each(regions: int, columns: int, terms: int, settings: Settings) -> None:
    charts = replace(settings.charts, bars=8, panels_height=10.0)
    assert terms_for(regions, columns, charts) == terms


def test_panels_leave_room_for_what_else_stands_on_their_page(settings: Settings) -> None:
    charts = replace(settings.charts, bars=8, panels_height=10.0)
    # 13 regions in two columns, 1.2 inches for the key: (8.8/7 - 0.42) / 0.18 = 4.6; a gloss of 0.115 below each: 2.8
    assert terms_for(13, 2, charts, taken=1.2) == 4
    assert terms_for(13, 2, charts, line=0.295, taken=1.2) == 3


def test_panels_show_the_first_terms_that_have_room(wording: Wording, settings: Settings) -> None:
    names = [f"地区{n}" for n in range(60)]
    clusters = pd.DataFrame({"region": names, "cluster": 1, "leaf": range(60), "label": "甲·乙", "confident": True})
    rows = [
        {"region": name, "term": f"词{rank}", "rank": rank, "tf_idf": 1 / rank, "single_mention": False}
        for name in names
        for rank in range(1, 9)
    ]
    figure = keyword_bars.figure_of(pd.DataFrame(rows), clusters, wording, settings.charts)
    shown = said(figure)
    assert shown.count("词3") == 60
    assert "词4" not in shown


def matrix(regions: int, wording: Wording, settings: Settings) -> list[str]:
    names = [f"地区{n:03d}" for n in range(regions)]
    clusters = pd.DataFrame(
        {"region": names, "cluster": [1, 2] * (regions // 2), "leaf": range(regions), "confident": True}
    )
    pairs = [{"region_a": a, "region_b": b, "k": 2, "share": 0.37} for a, b in combinations(names, 2)]
    return said(
        coassignment_heatmap.figure_of(pd.DataFrame(pairs), clusters.assign(label="甲"), wording, settings.charts)
    )


def test_a_matrix_has_numbers_and_names_of_columns_only_while_they_can_be_read(
    wording: Wording, settings: Settings
) -> None:
    few, many = matrix(12, wording, settings), matrix(100, wording, settings)
    assert few.count("37") == 66
    assert few.count("地区003") == 2
    assert wording.say("columns_as_rows") not in few
    assert "37" not in many
    assert many.count("地区003") == 1
    assert wording.say("columns_as_rows") in many
    assert wording.say("coassignment_shade", k=2) in many
    assert wording.say("coassignment_note", k=2) in few


def test_a_label_without_room_has_no_place_and_the_others_have() -> None:
    marks = [Box.around(0.5, 0.5, 0.1, 0.1), Box.around(0.55, 0.5, 0.1, 0.1)]
    found = placing.places_found(marks, [(0.3, 0.1), (5.0, 0.1)], page=Box(0, 0, 1, 1), gap=0.03)
    assert found[0] is not None
    assert found[1] is None
    with pytest.raises(ValueError, match="no room"):
        placing.places_of(marks, [(0.3, 0.1), (5.0, 0.1)], page=Box(0, 0, 1, 1), gap=0.03)


def test_the_map_says_how_many_names_found_no_room(wording: Wording, settings: Settings) -> None:
    names = ["甲", "很长的名称" * 20]
    frame = pd.DataFrame({"region": names, "x": [0.0, 1.0], "y": [0.0, 0.2], "share_x": 0.5, "share_y": 0.2})
    clusters = pd.DataFrame({"region": names, "cluster": 1, "leaf": [0, 1], "label": "词", "confident": True})
    documents = pd.DataFrame({"region": names, "level": "unknown"})
    shown = said(region_map.figure_of(frame, clusters, documents, wording, settings.charts))
    assert "甲" in shown
    assert names[1] not in shown
    assert wording.say("map_unnamed", count=1) in shown


@given(text=st.text(alphabet="甲乙 ab，（）", min_size=1, max_size=20), width=st.floats(0.2, 1.0))
def test_words_keep_to_their_width_shrunk_to_the_least_size_and_then_cut(text: str, width: float) -> None:
    shown, size = labels.within(text, width, least=0.8)
    assert 0.8 <= size <= 1
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]) and size == 0.8)
    assert labels.width_of(shown, size) <= width + 1e-6 or len(shown) == 2
    if labels.width_of(text, 0.8) <= width * 0.99:
        assert shown == text


@given(text=st.text(alphabet="甲乙，、（）ab ", min_size=1, max_size=30), width=st.floats(0.3, 1.0))
def test_lines_hold_all_words_fit_and_begin_with_no_closing_mark(text: str, width: float) -> None:
    lines = labels.in_lines(text, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    for line in lines[1:]:
        assert line[:1] not in ("，", "、", "）") or not line
    for line in lines:
        assert labels.width_of(line) <= width or len(list(labels._pieces(line))) == 1


def test_lines_of_a_title_are_about_as_long_as_each_other() -> None:
    text = "甲乙丙丁戊己庚辛壬癸"
    width = labels.width_of("甲乙丙丁戊己庚") * 1.02
    assert [len(line) for line in labels.in_lines(text, width)] == [7, 3]
    assert [len(line) for line in labels.even_lines(text, width)] == [5, 5]


def test_upright_chinese_runs_down_and_other_writing_is_turned() -> None:
    _, page = style.page(2, 2)
    labels.put_upright(page, 0.5, 1.0, "兴安盟", size=1.0)
    labels.put_upright(page, 1.0, 1.0, "Hinggan League", size=1.0)
    down, turned = page.figure.texts
    assert (down.get_text(), down.get_rotation()) == ("兴\n安\n盟", 0)
    assert (turned.get_text(), turned.get_rotation()) == ("Hinggan League", 90)


def test_a_key_is_as_high_as_its_lines_and_draws_each_mark_once() -> None:
    marked: list[tuple[float, float]] = []
    long = "一个很长的说明，要写成几行才能放进一栏的宽度"
    lines = [keys.Line(long, lambda _, x, y: marked.append((x, y))), keys.Line("注")]
    _, page = style.page(3, 3)
    rows = len(labels.in_lines(long, 1.0 - keys.INDENT, style.SMALL))
    assert rows > 1
    end = keys.put(page, 0.1, 0.2, lines, 1.0)
    assert end - 0.2 == pytest.approx(keys.height_of(lines, 1.0)) == pytest.approx((rows + 1) * labels.line_height())
    assert marked == [(0.1, pytest.approx(0.2 + labels.line_height() / 2))]
    assert [text.get_color() for text in page.figure.texts] == [style.colour("ink")] * rows + [style.colour("light")]


def test_many_regions_stand_in_lines_of_the_heat_map_and_terms_in_columns(wording: Wording, settings: Settings) -> None:
    names = [f"地区{n:03d}" for n in range(100)]
    clusters = pd.DataFrame({"region": names, "cluster": 1, "leaf": range(100), "label": "词", "confident": True})
    rows = [
        {"region": name, "term": term, "tf_idf": 0.1 + at / 1000, "count": 2, "df": 50, "kind": "word"}
        for at, name in enumerate(names)
        for term in ("教师", "评价")
    ]
    keywords = pd.DataFrame(rows).assign(generic=False, unranked="")
    for sheet in SHEETS:
        figure = keyword_heatmap.figure_of(keywords, clusters, wording, settings.charts, sheet)
        assert clashes(figure) == []
        shown = said(figure)
        assert shown.count("地区042") == 1
        assert {"教师", "评价"} <= {word.replace("\n", "") for word in shown}
        assert "2" not in shown  # no cell has room for its count


def test_numbers_that_would_be_smaller_than_half_the_type_are_left_out() -> None:
    # 7.5 points, a number 1.8 of them wide: half the type is reached at 0.5 * 7.5 * 1.8 / 72 inches
    limit = 0.5 * 7.5 * 1.8 / 72
    assert labels.number_size(limit * 1.01, 1.8) == pytest.approx(0.505)
    assert labels.number_size(limit * 0.99, 1.8) == 0
    assert labels.number_size(0.5, 1.8) == style.SMALL
