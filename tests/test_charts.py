"""Figures: every word readable and whole, the same bytes on every run, exactly what the tables say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

from pipeline import tables
from pipeline.charts import (
    cooccurrence_network,
    dendrogram,
    keyword_bars,
    keyword_heatmap,
    labels,
    region_map,
    silhouette,
    similarity_heatmap,
    style,
    tile_grid,
)
from pipeline.charts.labels import Box
from pipeline.charts.wording import LANGUAGES, Wording, load_wordings
from pipeline.errors import InputError
from pipeline.method import Place, Settings, load_gazetteer, load_glossary
from tests.conftest import METHOD, Corpus, word_table_text
from tests.make import ROOT

CHARTS = ROOT / "pipeline" / "charts"
STRINGS = (CHARTS / "strings.zh.toml", CHARTS / "strings.en.toml")
MPLSTYLE = METHOD / "figures.mplstyle"
STEM = Path("figures") / "figure"
Draw = Callable[[Corpus, Wording, Settings], Figure]

FIGURES: dict[str, Draw] = {
    "keyword_heatmap": lambda c, w, s: keyword_heatmap.figure_of(c.keywords, c.clusters, w, s.charts),
    "keyword_bars": lambda c, w, s: keyword_bars.figure_of(c.keywords, c.clusters, w, s.charts),
    "similarity_heatmap": lambda c, w, s: similarity_heatmap.figure_of(c.similarity, c.clusters, w, s.charts),
    "dendrogram": lambda c, w, s: dendrogram.figure_of(c.dendrogram, c.clusters, w, s.charts),
    "region_map": lambda c, w, s: region_map.figure_of(c.region_map, c.clusters, c.documents, w, s.charts),
    "cooccurrence_network": lambda c, w, s: cooccurrence_network.figure_of(c.cooccurrence, c.tokens, w, s.charts),
    "silhouette": lambda c, w, s: silhouette.figure_of(c.cluster_choice, w, s),
    "tile_grid": lambda c, w, s: tile_grid.figure_of(
        c.documents, c.clusters, load_gazetteer(METHOD / "regions.csv"), w, s.charts
    ),
}
each_figure = pytest.mark.parametrize("name", FIGURES)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def wording_of(corpus: Corpus, language: str) -> Wording:
    wordings = load_wordings(*STRINGS, METHOD / "glossary.csv", corpus.documents)
    return next(wording for wording in wordings if wording.language == language)


def words_in(figure: Figure) -> list[str]:
    return [text.get_text() for text in shown(figure)]


def shown(figure: Figure) -> list[Text]:
    """The texts that are drawn; ticks outside their axis are not."""
    FigureCanvasAgg(figure).draw()
    inside = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_view_interval())
            drawn = set(axis._update_ticks()) if axes.axison else set()
            for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
                if tick not in drawn or not low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                    inside = [text for text in inside if text not in (tick.label1, tick.label2)]
            if not axes.axison:
                inside = [text for text in inside if text not in (axis.label, axis.offsetText)]
    return inside


def clashes(figure: Figure) -> list[str]:
    """Words that touch each other or leave the figure."""
    texts = shown(figure)
    extents = [text.get_window_extent() for text in texts]
    width, height = figure.get_size_inches() * figure.dpi
    found = [
        f"{text.get_text()!r} leaves the figure"
        for text, box in zip(texts, extents, strict=True)
        if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height
    ]
    for (one, a), (other, b) in combinations(zip(texts, extents, strict=True), 2):
        if a.x0 < b.x1 and b.x0 < a.x1 and a.y0 < b.y1 and b.y0 < a.y1:
            found.append(f"{one.get_text()!r} touches {other.get_text()!r}")
    return found


@pytest.fixture
def drawn() -> Iterator[None]:
    """The project's style, as `publish` sets it."""
    with style.drawing(MPLSTYLE, STEM):
        yield


@pytest.fixture(scope="session")
def corpora(
    corpus: Corpus, corpus_of: Callable[..., Corpus], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Corpus]:
    """The appendix, a corpus of three regions, and one of forty with long names, some unknown to the gazetteer."""
    folder = tmp_path_factory.mktemp("corpora")
    texts = corpus.documents["text"].tolist()

    def made(name: str, regions: list[str]) -> Corpus:
        # no two alike: the beginning of one document and of another
        n = len(texts)
        rows = [(region, texts[at % n][: 90 + at] + texts[(5 * at + 3) % n][:70]) for at, region in enumerate(regions)]
        path = folder / f"{name}.txt"
        path.write_text(word_table_text(rows), "utf-8")
        return corpus_of(path)

    known = ["北京", "天津", "河北", "山西", "内蒙古", "辽宁", "吉林", "黑龙江", "上海", "江苏", "浙江", "安徽", "福建"]
    cities = ["石家庄", "呼和浩特", "兴安盟", "锡林郭勒盟", "阿拉善盟", "沈阳", "大连", "杭州", "宁波", "乌鲁木齐"]
    unknown = [f"黔西南布依族苗族自治州第{number}" for number in "一二三四五六七八九十"]
    rest = ["广西", "海南", "重庆", "四川", "贵州", "云南", "西藏"]
    return {
        "appendix": corpus,
        "three": made("three", ["山东", "浙江", "宜昌"]),
        "forty": made("forty", [*known, *cities, *unknown, *rest]),
    }


@each_language
@each_figure
@pytest.mark.parametrize("size", ["appendix", "three", "forty"])
def test_no_two_labels_touch_and_none_leaves_the_figure(
    name: str,
    language: str,
    size: str,
    corpora: dict[str, Corpus],
    settings: Settings,
    drawn: None,
) -> None:
    corpus = corpora[size]
    assert clashes(FIGURES[name](corpus, wording_of(corpus, language), settings)) == []


def test_the_search_for_clashes_finds_touching_and_cut_labels(drawn: None) -> None:
    figure, page = style.page(3, 1)
    labels.put(page, 1.0, 0.5, "校企合作")
    labels.put(page, 1.2, 0.5, "双师")
    labels.put(page, 2.8, 0.8, "教学创新团队")
    assert clashes(figure) == ["'教学创新团队' leaves the figure", "'校企合作' touches '双师'"]


@each_figure
def test_english_figures_say_chinese_for_corpus_terms_and_symbols_only(
    name: str, corpus: Corpus, settings: Settings, places: tuple[Place, ...], drawn: None
) -> None:
    terms = {*corpus.keywords["term"], *corpus.tokens["term"], *(place.symbol for place in places)}
    said = words_in(FIGURES[name](corpus, wording_of(corpus, "en"), settings))
    assert [word for word in said if re.search(r"[\u4e00-\u9fff]", word) and word not in terms] == []


@each_figure
def test_chinese_figures_name_regions_in_chinese(name: str, corpus: Corpus, settings: Settings, drawn: None) -> None:
    said = words_in(FIGURES[name](corpus, wording_of(corpus, "zh"), settings))
    assert not set(said) & set(corpus.documents["region_en"])
    if name not in ("cooccurrence_network", "silhouette"):
        assert set(corpus.documents["region"]) <= set(said)


def test_every_string_is_said_by_some_figure() -> None:
    strings = load_wordings(*STRINGS, METHOD / "glossary.csv")[0].strings
    code = "".join(path.read_text("utf-8") for path in CHARTS.glob("*.py"))
    assert [key for key in strings if f'"{key}"' not in code and not key.startswith("map_axis_")] == []


def test_a_term_without_gloss_stays_chinese(drawn: None) -> None:
    wording = Wording("en", {}, {"教师": "teacher"}, {})
    figure, page = style.page(3, 1)
    labels.put_term(page, 0.1, 0.3, "教师", wording)
    labels.put_term(page, 0.1, 0.7, "整校", wording)
    assert words_in(figure) == ["教师", "teacher", "整校"]


# --- files -------------------------------------------------------------------------------------------------------


def write_tables(corpus: Corpus, folder: Path) -> None:
    tables.write(*((frame, table, folder / f"{table.name}.csv") for frame, table in corpus.with_contracts()))


TABLES = {
    "keyword_heatmap": ("keywords", "clusters", "documents"),
    "keyword_bars": ("keywords", "clusters", "documents"),
    "similarity_heatmap": ("similarity", "clusters", "documents"),
    "dendrogram": ("dendrogram", "clusters", "documents"),
    "region_map": ("region_map", "clusters", "documents"),
    "cooccurrence_network": ("cooccurrence", "tokens"),
    "silhouette": ("cluster_choice",),
    "tile_grid": ("documents", "clusters"),
}


def draw_as_make_does(name: str, folder: Path, stem: Path, *, seed: str = "0") -> subprocess.Popen[str]:
    gazetteer = [METHOD / "regions.csv"] if name == "tile_grid" else []
    method = [METHOD / "settings.toml", METHOD / "glossary.csv", MPLSTYLE]
    given = [*(folder / f"{table}.csv" for table in TABLES[name]), *gazetteer, *method, *STRINGS, stem]
    return subprocess.Popen(
        [sys.executable, "-m", f"pipeline.charts.{name}", *map(str, given)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed, "MPLBACKEND": "Agg"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@each_figure
def test_a_figure_has_the_same_bytes_under_another_hash_seed_and_prints_nothing(
    name: str, corpus: Corpus, tmp_path: Path
) -> None:
    write_tables(corpus, tmp_path)
    stems = {seed: tmp_path / seed / "figures" / name for seed in ("1", "2")}
    for running in [draw_as_make_does(name, tmp_path, stem, seed=seed) for seed, stem in stems.items()]:
        assert (*running.communicate(), running.returncode) == ("", "", 0)
    one, other = (
        {path.name: sha256(path.read_bytes()).hexdigest() for path in stem.parent.iterdir()} for stem in stems.values()
    )
    assert one == other
    assert sorted(one) == [f"{name}.{language}.{kind}" for language in ("en", "zh") for kind in ("png", "svg")]


def test_files_carry_no_date_no_program_and_no_text_that_needs_a_font(corpus: Corpus, tmp_path: Path) -> None:
    write_tables(corpus, tmp_path)
    running = draw_as_make_does("silhouette", tmp_path, tmp_path / "silhouette")
    assert (*running.communicate(), running.returncode) == ("", "", 0)
    svg = (tmp_path / "silhouette.zh.svg").read_text("utf-8")
    assert "<text" not in svg
    assert "dc:date" not in svg
    assert "dc:creator" not in svg
    with Image.open(tmp_path / "silhouette.zh.png") as image:
        assert set(image.info) == {"dpi"}
        assert [round(dots) for dots in image.info["dpi"]] == [300, 300]
        assert image.size[0] == round(style.NARROW * 300)


def test_a_character_the_font_lacks_is_an_error_that_names_figure_and_character(tmp_path: Path) -> None:
    def draw(wording: Wording) -> Figure:
        figure, page = style.page(2, 1)
        page.text(1, 0.5, "职教\U0001f337")
        return figure

    with pytest.raises(InputError) as caught:
        style.publish(draw, [Wording("zh", {}, {}, {})], mplstyle=MPLSTYLE, stem=tmp_path / "tulip")
    assert "tulip" in caught.value.zh
    assert "\U0001f337" in caught.value.zh
    assert "U+1F337" in caught.value.en
    assert not (tmp_path / "tulip.zh.png").exists()
    assert not (tmp_path / "tulip.zh.svg").exists()


def test_measuring_a_character_the_font_lacks_is_the_same_error() -> None:
    with pytest.raises(InputError, match="U\\+1F337"), style.drawing(MPLSTYLE, STEM):
        labels.width_of("\U0001f337")


@pytest.mark.parametrize(
    ("line", "said"),
    [("font.sise: 7", "font.sise"), ("text.color: no colour", "text.color")],
)
def test_a_style_that_cannot_be_followed_is_an_error(line: str, said: str, tmp_path: Path) -> None:
    mplstyle = tmp_path / "figures.mplstyle"
    mplstyle.write_text(MPLSTYLE.read_text("utf-8") + f"\n{line}\n", "utf-8")
    with pytest.raises(InputError, match=said):
        style.publish(
            lambda _: style.page(2, 1)[0], [Wording("zh", {}, {}, {})], mplstyle=mplstyle, stem=tmp_path / "x"
        )


def test_an_indexed_image_keeps_frequent_colours_exact_and_takes_the_nearest_for_the_rest() -> None:
    pixels = np.full((300, 4, 4), 255, dtype=np.uint8)
    pixels[:257, 0, 0] = np.arange(257) % 256
    pixels[:257, 0, 1] = 0
    pixels[256, 0] = (10, 1, 255, 255)
    places, palette = style.indexed(pixels)
    back = palette[places]
    assert len(palette) == 256
    assert back[299, 3].tolist() == [255, 255, 255]
    assert (back[:256, 0] == pixels[:256, 0, :3]).all(axis=1).sum() >= 255
    assert np.abs(back.astype(int) - pixels[..., :3].astype(int)).max() <= 2


# --- what is drawn -----------------------------------------------------------------------------------------------


def test_a_group_has_one_colour_and_the_palette_begins_anew_after_its_end() -> None:
    palette = ("#000001", "#000002", "#000003")
    assert [style.group_colour(group, palette) for group in (1, 2, 3, 4)] == [*palette, "#000001"]


def test_words_on_a_dark_ground_are_white_and_on_a_light_one_ink(drawn: None) -> None:
    assert style.on("#1b2b3b") == "#ffffff"
    assert style.on("#f0f0f0") == style.colour("ink")


def test_cells_move_on_by_the_gap_where_the_group_changes() -> None:
    assert style.offsets([1, 1, 2], 1.0, 0.5, 0.1) == pytest.approx([1.0, 1.5, 2.1])
    assert style.breaks([1, 1, 2]) == 1


def test_the_heat_map_keeps_shared_specific_words_and_orders_them_by_the_leaves_of_their_regions() -> None:
    def row(region: str, term: str, weight: float, **other: object) -> dict[str, object]:
        plain = {"kind": "word", "count": 1, "df": 2, "unranked": "", "generic": False}
        return {"region": region, "term": term, "tf_idf": weight, **plain, **other}

    keywords = pd.DataFrame(
        [
            row("甲", "后", 0.1),
            row("乙", "后", 0.9),
            row("甲", "前", 0.5),
            row("乙", "前", 0.1),
            row("甲", "独", 0.9, df=1),
            row("甲", "短语", 0.9, kind="phrase"),
            row("甲", "加强", 0.9, generic=True),
            row("甲", "常见", 0.9, unranked="common"),
            row("甲", "弱", 0.2),
        ]
    )
    clusters = pd.DataFrame({"region": ["甲", "乙"], "leaf": [1, 2]})
    cells = keyword_heatmap.rows_of(keywords, clusters, terms=2)
    assert cells.sort_values("row")["term"].drop_duplicates().tolist() == ["前", "后"]
    assert keyword_heatmap.rows_of(keywords, clusters, terms=3)["term"].nunique() == 3


def test_bars_take_the_first_ranks_and_no_unranked_term() -> None:
    keywords = pd.DataFrame(
        {
            "region": ["甲", "甲", "甲", "甲"],
            "term": ["二", "一", "无", "三"],
            "rank": pd.array([2, 1, None, 3], dtype="Int64"),
        }
    )
    assert keyword_bars.leading_of(keywords, bars=2)["term"].tolist() == ["一", "二"]


def test_every_bar_label_shows_the_whole_term(corpus: Corpus, settings: Settings, drawn: None) -> None:
    said = words_in(keyword_bars.figure_of(corpus.keywords, corpus.clusters, wording_of(corpus, "zh"), settings.charts))
    leading = keyword_bars.leading_of(corpus.keywords, bars=settings.charts.bars)
    assert set(leading["term"]) <= set(said)


def test_similarity_has_words_below_the_diagonal_and_character_pairs_above() -> None:
    similarity = pd.DataFrame({"region_a": ["甲"], "region_b": ["乙"], "cosine": [0.25], "cosine_char": [0.5]})
    assert similarity_heatmap.cells_of(similarity, {"甲": 0, "乙": 1}) == {(1, 0): 0.25, (0, 1): 0.5}
    assert similarity_heatmap.cells_of(similarity, {"甲": 1, "乙": 0}) == {(1, 0): 0.25, (0, 1): 0.5}


def test_a_merge_is_a_bracket_from_both_nodes_to_its_height() -> None:
    merges = pd.DataFrame({"left": [0, 3], "right": [2, 1], "height": [0.5, 0.9]})
    clusters = pd.DataFrame({"leaf": [1, 3, 2], "cluster": [1, 2, 1]})
    assert dendrogram.branches_of(merges, clusters) == [
        ([(0.0, 1.0), (0.5, 1.0), (0.5, 2.0), (0.0, 2.0)], 1),
        ([(0.5, 1.5), (0.9, 1.5), (0.9, 3.0), (0.0, 3.0)], 0),
    ]


@pytest.mark.parametrize(("groups", "cut"), [(1, 0.9), (2, 0.7), (3, 0.25)])
def test_the_cut_lies_between_the_merges_within_and_among_groups(groups: int, cut: float) -> None:
    assert dendrogram.cut_of(pd.DataFrame({"height": [0.5, 0.9]}), groups) == pytest.approx(cut)


def test_the_network_takes_the_terms_with_most_partners_and_the_links_among_them() -> None:
    links = pd.DataFrame({"term_a": ["甲", "甲", "甲"], "term_b": ["乙", "丙", "丁"], "measures": [2, 5, 3]})
    terms, kept = cooccurrence_network.network_of(links, terms=3)
    assert terms == ["甲", "丙", "丁"]
    assert kept == [("甲", "丙", 5), ("甲", "丁", 3)]


def test_steps_count_links_and_parts_are_what_no_link_joins() -> None:
    steps = cooccurrence_network.steps_between(
        ["甲", "乙", "丙", "丁", "戊"], [("甲", "乙", 1), ("乙", "丙", 1), ("丁", "戊", 1)]
    )
    assert steps[0].tolist() == [0, 1, 2, np.inf, np.inf]
    assert [part.tolist() for part in cooccurrence_network.parts_of(steps)] == [[0, 1, 2], [3, 4]]


def test_the_layout_puts_a_chain_in_its_order_across_the_page() -> None:
    places = cooccurrence_network.layout_of(np.abs(np.subtract.outer(np.arange(4.0), np.arange(4.0))))
    assert places[:, 0].tolist() in ([0, *sorted(places[1:3, 0]), 1], [1, *sorted(places[1:3, 0])[::-1], 0])


def test_circles_are_pushed_apart_to_the_gap_and_stay_on_the_page() -> None:
    page, radii = Box(0, 0, 3, 3), np.array([0.2, 0.2, 0.2])
    moved = cooccurrence_network.spread(np.array([[1.0, 1.0], [1.0, 1.0], [1.1, 1.0]]), radii, gap=0.1, page=page)
    apart = [float(np.hypot(*(a - b))) for a, b in combinations(moved, 2)]
    assert min(apart) >= 0.5 - 1e-5
    assert moved.min() >= 0.2
    assert moved.max() <= 2.8


def test_labels_find_places_free_of_marks_other_labels_and_the_edge() -> None:
    page = Box(0, 0, 2, 2)
    marks = [Box.around(1 + 0.1 * at, 1, 0.08, 0.08) for at in range(6)]
    found = labels.places_of(marks, [(0.4, 0.15)] * 6, page=page, gap=0.03)
    for one, other in combinations([*found, *marks], 2):
        assert (
            one.right <= other.left + 1e-9
            or other.right <= one.left + 1e-9
            or one.bottom <= other.top + 1e-9
            or other.bottom <= one.top + 1e-9
        )
    assert all(box.within(page) for box in found)


def test_a_label_prefers_a_place_that_no_line_crosses() -> None:
    mark = [Box.around(1, 1, 0.1, 0.1)]
    right = labels.places_of(mark, [(0.4, 0.1)], page=Box(0, 0, 2, 2), gap=0.03)[0]
    other = labels.places_of(mark, [(0.4, 0.1)], page=Box(0, 0, 2, 2), gap=0.03, lines=[(1, 1, 2, 1)])[0]
    assert right.left > 1
    assert not (other.top < 1 < other.bottom and other.left > 1)


def test_no_room_for_a_label_is_said_and_not_drawn_over() -> None:
    with pytest.raises(ValueError, match="no room"):
        labels.places_of([Box.around(0.5, 0.5, 0.1, 0.1)], [(2, 2)], page=Box(0, 0, 1, 1), gap=0.05)


def test_a_city_is_marked_inside_its_province_and_does_not_colour_it(corpus: Corpus, places: tuple[Place, ...]) -> None:
    tiles = [place for place in places if place.tile]
    whole, inside, homeless = tile_grid.members_of(corpus.documents, corpus.clusters, tiles, wording_of(corpus, "zh"))
    assert len(whole) == 10
    assert {province: [member.name for member in members] for province, members in inside.items()} == {
        "甘肃": ["兰州"],
        "湖北": ["宜昌"],
        "内蒙古": ["兴安盟"],
    }
    assert homeless == []


def test_a_region_without_known_province_is_listed_under_the_grid(
    corpora: dict[str, Corpus], settings: Settings, places: tuple[Place, ...], drawn: None
) -> None:
    corpus = corpora["forty"]
    said = words_in(
        tile_grid.figure_of(corpus.documents, corpus.clusters, places, wording_of(corpus, "zh"), settings.charts)
    )
    assert set(corpus.documents["region"]) <= set(said)
    assert len([word for word in said if word.startswith("黔西南")]) == 10


def test_the_silhouette_axis_reaches_from_zero_or_below_to_one(corpus: Corpus, settings: Settings, drawn: None) -> None:
    wording = wording_of(corpus, "zh")
    for values, lowest in ((corpus.cluster_choice, 0.0), (corpus.cluster_choice.assign(silhouette=-0.2), -0.3)):
        axes = silhouette.figure_of(values, wording, settings).axes[1]
        assert axes.get_ylim() == pytest.approx((lowest, 1.0))


def test_the_silhouette_says_every_value_and_the_reference(corpus: Corpus, settings: Settings, drawn: None) -> None:
    said = words_in(silhouette.figure_of(corpus.cluster_choice, wording_of(corpus, "en"), settings))
    assert {f"{value:.3f}" for value in corpus.cluster_choice["silhouette"]} <= set(said)
    assert any("0.25" in word for word in said)


def test_axes_of_the_region_map_say_their_share(corpus: Corpus, settings: Settings, drawn: None) -> None:
    figure = region_map.figure_of(
        corpus.region_map, corpus.clusters, corpus.documents, wording_of(corpus, "en"), settings.charts
    )
    share = float(corpus.region_map["share_x"].iloc[0])
    assert f"Axis 1 ({100 * share:.1f}%)" in words_in(figure)
    axes = figure.axes[1]
    across = np.ptp(axes.get_xlim()) / axes.get_window_extent().width
    assert across == pytest.approx(np.ptp(axes.get_ylim()) / axes.get_window_extent().height)


def test_a_corpus_without_shared_terms_or_pairs_still_has_figures(
    corpus: Corpus, settings: Settings, drawn: None
) -> None:
    empty = replace(corpus, keywords=corpus.keywords.iloc[:0], cooccurrence=corpus.cooccurrence.iloc[:0])
    for name in ("keyword_heatmap", "keyword_bars", "cooccurrence_network"):
        for language in LANGUAGES:
            assert clashes(FIGURES[name](empty, wording_of(corpus, language), settings)) == []


def test_drawing_leaves_matplotlibs_settings_as_they_were(tmp_path: Path) -> None:
    from matplotlib import rcParams

    before = dict(rcParams)
    with warnings.catch_warnings(), style.drawing(MPLSTYLE, STEM):
        assert rcParams["svg.hashsalt"] == "jingyan"
    assert dict(rcParams) == before


def test_the_glossary_holds_what_the_figures_gloss() -> None:
    assert load_glossary(METHOD / "glossary.csv")["教师"] == "teacher"
