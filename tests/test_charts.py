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
from itertools import combinations, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from matplotlib import rcParams
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PathCollection, PolyCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image
from scipy.cluster.hierarchy import linkage
from scipy.stats import rankdata

from pipeline import anchors, tables
from pipeline.charts import (
    background_similarity,
    calibration,
    claim_robustness,
    coassignment_heatmap,
    cooccurrence_network,
    dendrogram,
    keyword_bars,
    keyword_heatmap,
    keyword_stability,
    labels,
    null_distribution,
    panels,
    placing,
    region_map,
    silhouette,
    similarity_heatmap,
    similarity_ranks,
    specification_curve,
    style,
    theme_matrix,
    theme_profiles,
    theme_use,
    tile_grid,
)
from pipeline.charts.placing import Box
from pipeline.charts.sheets import DOUBLE, SHEETS, SINGLE, Sheet
from pipeline.charts.wording import LANGUAGES, Wording, load_wordings, theme_names
from pipeline.errors import InputError
from pipeline.method import Place, Settings, load_gazetteer, load_glossary
from pipeline.representations import specifications
from tests.conftest import METHOD, Corpus, word_table_text
from tests.make import ROOT

CHARTS = ROOT / "pipeline" / "charts"
STRINGS = (CHARTS / "strings.zh.toml", CHARTS / "strings.en.toml")
MPLSTYLE = METHOD / "figures.mplstyle"
STEM = Path("figures") / "figure"
Draw = Callable[..., Figure]  # of a corpus or of tables made up

FIGURES: dict[str, Draw] = {
    "keyword_heatmap": lambda c, w, s, sheet=DOUBLE: keyword_heatmap.figure_of(
        c.keywords, c.clusters, w, s.charts, sheet
    ),
    "keyword_bars": lambda c, w, s, sheet=DOUBLE: keyword_bars.figure_of(c.keywords, c.clusters, w, s.charts, sheet),
    "similarity_heatmap": lambda c, w, s, sheet=DOUBLE: similarity_heatmap.figure_of(
        c.similarity, c.clusters, w, s.charts, sheet
    ),
    "coassignment_heatmap": lambda c, w, s, sheet=DOUBLE: coassignment_heatmap.figure_of(
        c.coassignment, c.clusters, w, s.charts, sheet
    ),
    "similarity_ranks": lambda c, w, s, sheet=DOUBLE: similarity_ranks.figure_of(
        c.similarity, c.similarity_intervals, c.pair_tests, w, s, sheet
    ),
    "dendrogram": lambda c, w, s, sheet=DOUBLE: dendrogram.figure_of(c.dendrogram, c.clusters, w, s.charts, sheet),
    "region_map": lambda c, w, s, sheet=DOUBLE: region_map.figure_of(
        c.region_map, c.clusters, c.documents, w, s.charts, sheet
    ),
    "cooccurrence_network": lambda c, w, s, sheet=DOUBLE: cooccurrence_network.figure_of(
        c.cooccurrence, c.tokens, w, s.charts, sheet
    ),
    "silhouette": lambda c, w, s, sheet=DOUBLE: silhouette.figure_of(c.cluster_choice, w, s, sheet),
    "tile_grid": lambda c, w, s, sheet=DOUBLE: tile_grid.figure_of(
        c.documents, c.clusters, load_gazetteer(METHOD / "regions.csv"), w, s.charts, sheet
    ),
    "keyword_stability": lambda c, w, s, sheet=DOUBLE: keyword_stability.figure_of(c.keywords, c.clusters, w, s, sheet),
    "null_distribution": lambda c, w, _, sheet=DOUBLE: null_distribution.figure_of(
        c.null_distribution, c.structure, w, sheet
    ),
    "specification_curve": lambda c, w, _, sheet=DOUBLE: specification_curve.figure_of(
        c.specifications, c.robustness, w, sheet
    ),
    "claim_robustness": lambda c, w, s, sheet=DOUBLE: claim_robustness.figure_of(c.robustness, w, s, sheet),
    "theme_matrix": lambda c, w, s, sheet=DOUBLE: theme_matrix.figure_of(
        c.themes, c.codebook, c.theme_groups, c.measures, w, s.charts, sheet
    ),
    "theme_profiles": lambda c, w, s, sheet=DOUBLE: theme_profiles.figure_of(
        c.theme_profiles, c.codebook, c.theme_groups, w, s.charts, sheet
    ),
    "theme_use": lambda c, w, _, sheet=DOUBLE: theme_use.figure_of(c.codebook, c.themes, w, sheet),
    "background_similarity": lambda c, w, s, sheet=DOUBLE: background_similarity.figure_of(
        c.background_similarity, c.background_groups, w, s.charts, sheet
    ),
}
# What does not name every region.
SOME_REGIONS = (
    "cooccurrence_network",
    "silhouette",
    "similarity_ranks",
    "null_distribution",
    "specification_curve",
    "theme_use",
)
each_figure = pytest.mark.parametrize("name", FIGURES)
each_sheet = pytest.mark.parametrize("sheet", SHEETS, ids=["double", "single"])
each_language = pytest.mark.parametrize("language", LANGUAGES)


def wording_of(corpus: Corpus | SimpleNamespace, language: str) -> Wording:
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
    x0, y0, x1, y1 = np.array([box.extents for box in extents]).reshape(-1, 4).T
    for at, text in enumerate(texts):
        rest = slice(at + 1, None)
        meets = (x0[at] < x1[rest]) & (x0[rest] < x1[at]) & (y0[at] < y1[rest]) & (y0[rest] < y1[at])
        found += [
            f"{text.get_text()!r} touches {texts[other].get_text()!r}" for other in np.flatnonzero(meets) + at + 1
        ]
    return found


def too_small(figure: Figure, sheet: Sheet) -> list[str]:
    """Words below six points on one column of a page, where nobody enlarges them."""
    return [text.get_text() for text in shown(figure) if sheet is SINGLE and text.get_fontsize() < 6 - 1e-6]


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


def made_up(regions: int, *, groups: int = 1) -> SimpleNamespace:
    """The tables of figures about pairs and groups, for any number of regions, drawn from fixed random numbers."""
    rng = np.random.default_rng(7)
    names = [f"地区{number}" for number in range(1, regions + 1)]
    pairs = list(combinations(names, 2))
    n = len(pairs)
    cosine = rng.beta(1.2, 8, n)
    tree = linkage(1 - cosine, "average") if regions > 1 else np.zeros((0, 4))
    ranks = {kind: rankdata(-values).astype(int) for kind, values in (("", cosine), ("_char", rng.random(n)))}
    ends = {
        f"rank{kind}_{end}": np.clip(rank + step, 1, n)
        for kind, rank in ranks.items()
        for end, step in (("low", -(n // 4)), ("high", n // 3))
    }
    key = {"region_a": [a for a, _ in pairs], "region_b": [b for _, b in pairs]}
    cluster = np.arange(regions) % groups + 1
    return SimpleNamespace(
        documents=pd.DataFrame(
            {"region": names, "region_en": [f"Region {number}" for number in range(1, regions + 1)]}
        ),
        similarity=pd.DataFrame(
            {**key, "cosine": cosine, "rank": ranks[""], "cosine_char": cosine, "rank_char": ranks["_char"]}
        ),
        similarity_intervals=pd.DataFrame({**key, **ends}),
        pair_tests=pd.DataFrame({**key, "p": rng.random(n), "holds": rng.random(n) < 0.5}),
        dendrogram=pd.DataFrame(
            {
                "left": tree[:, 0].astype(int),
                "right": tree[:, 1].astype(int),
                "height": tree[:, 2],
                "support": rng.random(len(tree)),
            }
        ),
        coassignment=pd.DataFrame({"k": groups, **key, "share": rng.random(n)}),
        clusters=pd.DataFrame(
            {
                "region": names,
                "cluster": cluster,
                "label": [f"教师·人才·双师{group}" for group in cluster],
                "confident": rng.random(regions) < 0.5,
                "leaf": rankdata(cluster, method="ordinal"),
                "support": rng.random(regions),
            }
        ),
    )


@each_language
@each_figure
@each_sheet
@pytest.mark.parametrize("size", ["appendix", "three", "forty"])
def test_no_two_labels_touch_none_leaves_the_figure_and_none_is_too_small(
    name: str,
    language: str,
    size: str,
    sheet: Sheet,
    corpora: dict[str, Corpus],
    settings: Settings,
    drawn: None,
) -> None:
    corpus = corpora[size]
    figure = FIGURES[name](corpus, wording_of(corpus, language), settings, sheet)
    assert clashes(figure) == []
    assert too_small(figure, sheet) == []
    assert figure.get_figwidth() == (SINGLE if name == "silhouette" else sheet).width


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
    if name not in SOME_REGIONS:
        assert set(corpus.documents["region"]) <= set(said)


def test_every_string_is_said_by_some_figure() -> None:
    strings = load_wordings(*STRINGS, METHOD / "glossary.csv")[0].strings
    code = "".join(path.read_text("utf-8") for path in CHARTS.glob("*.py"))
    assert [key for key in strings if f'"{key}"' not in code and not key.startswith(("map_axis_", "shows_"))] == []


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
    "coassignment_heatmap": ("coassignment", "clusters", "documents"),
    "similarity_ranks": ("similarity", "similarity_intervals", "pair_tests", "documents"),
    "dendrogram": ("dendrogram", "clusters", "documents"),
    "region_map": ("region_map", "clusters", "documents"),
    "cooccurrence_network": ("cooccurrence", "tokens"),
    "silhouette": ("cluster_choice",),
    "tile_grid": ("documents", "clusters"),
    "keyword_stability": ("keywords", "clusters", "documents"),
    "null_distribution": ("null_distribution", "structure"),
    "specification_curve": ("specifications", "robustness", "documents"),
    "claim_robustness": ("robustness", "documents"),
    "theme_matrix": ("themes", "codebook", "theme_groups", "measures", "documents"),
    "theme_profiles": ("theme_profiles", "codebook", "theme_groups", "documents"),
    "theme_use": ("codebook", "themes", "documents"),
    "background_similarity": ("background_similarity", "background_groups", "documents"),
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


def test_a_character_the_font_lacks_is_as_wide_as_the_mark_drawn_in_its_place() -> None:
    with style.drawing(MPLSTYLE, STEM):
        assert labels.width_of("职\U0001f337") == labels.width_of("职〓") > labels.width_of("职")


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
    assert panels.leading_of(keywords, bars=2)["term"].tolist() == ["一", "二"]


def test_every_bar_label_shows_the_whole_term(corpus: Corpus, settings: Settings, drawn: None) -> None:
    said = words_in(keyword_bars.figure_of(corpus.keywords, corpus.clusters, wording_of(corpus, "zh"), settings.charts))
    leading = panels.leading_of(corpus.keywords, bars=settings.charts.bars)
    assert set(leading["term"]) <= set(said)


def test_similarity_has_words_below_the_diagonal_and_character_pairs_above() -> None:
    similarity = pd.DataFrame({"region_a": ["甲"], "region_b": ["乙"], "cosine": [0.25], "cosine_char": [0.5]})
    assert similarity_heatmap.cells_of(similarity, {"甲": 0, "乙": 1}) == {(1, 0): 0.25, (0, 1): 0.5}
    assert similarity_heatmap.cells_of(similarity, {"甲": 1, "乙": 0}) == {(1, 0): 0.25, (0, 1): 0.5}


def background_tables(regions: int, groups: int) -> SimpleNamespace:
    """`made_up` with fused similarities of both signs."""
    made = made_up(regions, groups=groups)
    fused = np.random.default_rng(3).uniform(-0.6, 0.6, len(made.similarity))
    made.background_similarity = made.similarity.rename(columns={"cosine": "cosine_words"}).assign(cosine=fused)
    made.background_groups = made.clusters
    return made


def test_without_the_background_is_below_the_diagonal_and_through_it_above() -> None:
    row = {"region_a": "甲", "region_b": "乙", "cosine": -0.5, "cosine_words": 0.25}
    similarity = pd.DataFrame([row])
    assert background_similarity.cells_of(similarity, {"甲": 0, "乙": 1}) == {(1, 0): 0.25, (0, 1): -0.5}
    assert background_similarity.cells_of(similarity, {"甲": 1, "乙": 0}) == {(1, 0): 0.25, (0, 1): -0.5}


def test_what_lies_below_zero_has_a_sign_and_the_other_colour(drawn: None) -> None:
    assert [background_similarity.said(value) for value in (0.254, -0.254, 0.004, -0.004, -1.0)] == [
        ".25", "−.25", ".00", ".00", "−1.00"
    ]  # fmt: skip
    shades = [background_similarity.shade_of(value, 0.5) for value in (-0.5, 0.0, 0.5)]
    assert shades == [style.colour("below"), "#ffffff", style.colour("mark")]


@each_language
@pytest.mark.parametrize(("regions", "groups"), [(2, 1), (3, 3), (13, 2), (40, 4)])
def test_similarities_through_a_background_have_no_clashes_and_both_keys(
    language: str, regions: int, groups: int, settings: Settings, drawn: None
) -> None:
    made = background_tables(regions, groups)
    wording = wording_of(made, language)
    figure = FIGURES["background_similarity"](made, wording, settings)
    assert clashes(figure) == []
    highest = f"{made.background_similarity['cosine'].abs().max():.2f}"
    assert {f"−{highest}", highest, f"{made.background_similarity['cosine_words'].max():.2f}"} <= set(words_in(figure))


@each_language
def test_without_a_background_the_figure_says_so(language: str, settings: Settings, drawn: None) -> None:
    made = background_tables(5, 2)
    made.background_similarity = made.background_similarity.iloc[:0]
    wording = wording_of(made, language)
    figure = FIGURES["background_similarity"](made, wording, settings)
    assert words_in(figure) == [wording.say("background_none")]
    assert clashes(figure) == []


def test_the_tree_stands_in_its_own_order_the_left_node_before_the_right() -> None:
    merges = pd.DataFrame({"left": [2, 1], "right": [0, 3]})
    assert dendrogram.order_of(merges, 3) == [1, 2, 0]
    assert dendrogram.order_of(merges.iloc[:0], 1) == [0]


def test_a_merge_lies_between_its_nodes_and_has_a_group_where_all_below_it_share_one() -> None:
    merges = pd.DataFrame({"left": [0, 3], "right": [2, 1], "height": [0.5, 0.9], "support": [0.25, 1.0]})
    first, last = dendrogram.merges_of(merges, [1, 2, 1])
    assert first.node == dendrogram.Node(height=0.5, middle=1.5, first=1, last=2, group=1)
    assert (first.support, first.between) == (0.25, 1.5)
    assert last.node == dendrogram.Node(height=0.9, middle=2.25, first=1, last=3, group=0)
    assert (last.low, last.high.middle, last.between) == (first.node, 3, 2.5)


def test_the_tree_says_the_support_of_every_merge_but_the_last(corpus: Corpus, settings: Settings, drawn: None) -> None:
    figure = dendrogram.figure_of(corpus.dendrogram, corpus.clusters, wording_of(corpus, "zh"), settings.charts)
    said = [word for word in words_in(figure) if word.isdigit()]
    assert said == [f"{100 * support:.0f}" for support in corpus.dendrogram["support"]][:-1]


@pytest.mark.parametrize("regions", [12, 100])
def test_no_number_in_the_tree_touches_a_line(regions: int, settings: Settings, drawn: None) -> None:
    made = made_up(regions, groups=4)
    figure = dendrogram.figure_of(made.dendrogram, made.clusters, wording_of(made, "en"), settings.charts)
    numbers = [text.get_window_extent() for text in shown(figure) if text.get_text().isdigit()]
    assert len(numbers) == regions - 2
    (tree,) = figure.axes[1].collections
    half = rcParams["lines.linewidth"] / 2 / 72 * figure.dpi
    for path in tree.get_paths():
        (x0, y0), (x1, y1) = np.sort(figure.axes[1].transData.transform(path.vertices), axis=0)
        assert not [
            box
            for box in numbers
            if x0 - half < box.x1 and box.x0 < x1 + half and y0 - half < box.y1 and box.y0 < y1 + half
        ]


def test_coassignment_is_read_for_one_number_of_groups_and_stands_below_the_diagonal() -> None:
    shares = pd.DataFrame({"k": [2, 3], "region_a": ["甲", "甲"], "region_b": ["乙", "乙"], "share": [0.75, 0.5]})
    assert coassignment_heatmap.cells_of(shares, {"甲": 0, "乙": 1}, k=2) == {(1, 0): 0.75}
    assert coassignment_heatmap.cells_of(shares, {"甲": 1, "乙": 0}, k=3) == {(1, 0): 0.5}


def test_every_share_of_the_described_number_of_groups_is_a_cell_in_percent(
    corpus: Corpus, settings: Settings, drawn: None
) -> None:
    k = corpus.clusters["cluster"].max()
    figure = coassignment_heatmap.figure_of(
        corpus.coassignment, corpus.clusters, wording_of(corpus, "en"), settings.charts
    )
    shares = corpus.coassignment.loc[corpus.coassignment["k"] == k, "share"]
    said = [word for word in words_in(figure) if word.isdigit() and word != "0"]
    assert sorted(said) == sorted(f"{100 * share:.0f}" for share in shares)
    assert any(f"{k} groups" in word for word in words_in(figure))


def test_the_closest_pairs_come_in_the_order_of_their_ranks_and_no_more_than_asked() -> None:
    made = made_up(8)
    rows = similarity_ranks.rows_of(made.similarity, made.similarity_intervals, made.pair_tests)
    assert rows["rank"].tolist() == list(range(1, 21))
    own = made.similarity_intervals.set_index(["region_a", "region_b"])
    first = rows.iloc[0]
    assert first["rank_low"] == own.loc[(first["region_a"], first["region_b"]), "rank_low"]
    rows = similarity_ranks.rows_of(made.similarity, made.similarity_intervals, made.pair_tests, pairs=3)
    assert rows["rank"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("pairs", "ticks"),
    [(1, [1]), (3, [1, 2, 3]), (78, [1, 10, 20, 30, 40, 50, 60, 70, 78]), (4950, [1, 1000, 2000, 3000, 4000, 4950])],
)
def test_the_axis_of_ranks_names_the_first_the_last_and_round_ones_between(pairs: int, ticks: list[int]) -> None:
    assert similarity_ranks.ticks_of(pairs) == ticks


def test_ranks_and_intervals_are_where_the_tables_say_and_filled_where_the_pair_holds(
    settings: Settings, drawn: None
) -> None:
    made = made_up(6)
    rows = similarity_ranks.rows_of(made.similarity, made.similarity_intervals, made.pair_tests)
    assert set(rows["holds"]) == {False, True}
    axes = similarity_ranks.figure_of(
        made.similarity, made.similarity_intervals, made.pair_tests, wording_of(made, "zh"), settings
    ).axes[1]
    dots = sorted(axes.lines, key=lambda dot: dot.get_ydata()[0])
    assert [dot.get_xdata()[0] for dot in dots[::2]] == rows["rank"].tolist()
    assert [dot.get_xdata()[0] for dot in dots[1::2]] == rows["rank_char"].tolist()
    assert [dot.get_markerfacecolor() != "#ffffff" for dot in dots[::2]] == rows["holds"].tolist()
    whiskers = sorted((path.vertices for line in axes.collections for path in line.get_paths()), key=lambda p: p[0, 1])
    assert [tuple(ends[:, 0]) for ends in whiskers[::2]] == list(zip(rows["rank_low"], rows["rank_high"], strict=True))
    ends = list(zip(rows["rank_char_low"], rows["rank_char_high"], strict=True))
    assert [tuple(path[:, 0]) for path in whiskers[1::2]] == ends
    assert axes.get_xlim() == (1, len(made.similarity))


def test_a_tiny_p_is_said_to_be_below_a_thousandth(settings: Settings, drawn: None) -> None:
    made = made_up(3)
    made.pair_tests["p"] = [0.0004, 0.0006, 0.25]
    said = words_in(
        similarity_ranks.figure_of(
            made.similarity, made.similarity_intervals, made.pair_tests, wording_of(made, "en"), settings
        )
    )
    assert {"<0.001", "0.001", "0.250"} <= set(said)


@each_language
@pytest.mark.parametrize(("regions", "groups"), [(1, 1), (2, 1), (3, 3), (100, 6)])
@each_sheet
@pytest.mark.parametrize("name", ["coassignment_heatmap", "similarity_ranks", "dendrogram"])
def test_one_region_and_a_hundred_have_figures_without_clashes(
    name: str, regions: int, groups: int, sheet: Sheet, language: str, settings: Settings, drawn: None
) -> None:
    made = made_up(regions, groups=groups)
    figure = FIGURES[name](made, wording_of(made, language), settings, sheet)
    assert clashes(figure) == []
    assert too_small(figure, sheet) == []


def test_regions_that_merge_at_once_have_a_tree_whose_numbers_stand_before_the_axis(
    settings: Settings, drawn: None
) -> None:
    made = made_up(5, groups=2)
    made.dendrogram["height"] = 0.0
    figure = dendrogram.figure_of(made.dendrogram, made.clusters, wording_of(made, "zh"), settings.charts)
    assert clashes(figure) == []
    axis = figure.axes[1].get_window_extent().x0
    assert all(text.get_window_extent().x1 < axis for text in shown(figure) if text.get_text().isdigit())


def test_what_cannot_be_compared_is_said_in_a_sentence(settings: Settings, drawn: None) -> None:
    one, two = made_up(1), made_up(2)
    wording = wording_of(one, "zh")
    for name in ("similarity_ranks", "dendrogram"):
        assert words_in(FIGURES[name](one, wording, settings)) == ["只有一个地区，没有可比较的地区对"]
    for made in (one, two):
        said = words_in(FIGURES["coassignment_heatmap"](made, wording, settings))
        assert said == ["地区不足三个或文本没有差别，未作分组"]


# --- belonging without confidence --------------------------------------------------------------------------------


def test_regions_without_confidence_are_unsure_and_none_is_where_there_is_one_group() -> None:
    clusters = pd.DataFrame({"region": ["甲", "乙"], "cluster": [1, 2], "confident": [True, False]})
    assert style.unsure_of(clusters) == {"乙"}
    assert style.unsure_of(clusters.assign(cluster=1)) == set()


def test_a_mark_is_hollow_or_pale_where_membership_is_not_sure_and_as_large_as_another(drawn: None) -> None:
    for pale, fill in ((0.0, "#ffffff"), (0.25, "#bfbfff")):
        _, page = style.page(2, 1)
        places = [(0.1, 0.1, 0.2, 0.2), (0.5, 0.1, 0.2, 0.2)]
        style.group_marks(page, places, ["#0000ff", "#0000ff"], [True, False], pale=pale)
        (marks,) = page.collections
        assert [to_hex(shade) for shade in marks.get_facecolor()] == ["#0000ff", fill]
        assert {to_hex(shade) for shade in marks.get_edgecolor()} == {"#0000ff"}
        widths = [np.ptp(path.vertices[:, 0]) + style.EDGE / 72 for path in marks.get_paths()]
        assert widths == pytest.approx([0.2, 0.2])


@each_language
@pytest.mark.parametrize(
    "name", ["coassignment_heatmap", "dendrogram", "region_map", "tile_grid", "theme_matrix", "theme_profiles"]
)
def test_hollow_and_pale_marks_are_explained_where_there_are_any(
    name: str, language: str, corpus: Corpus, settings: Settings, drawn: None
) -> None:
    wording = wording_of(corpus, language)
    key = wording.say("mark_pale" if name == "tile_grid" else "mark_unsure").split(" ")[0]
    for confident, explained in (([False] * 12 + [True], 1), ([True] * 13, 0)):
        unsure = {table: getattr(corpus, table).assign(confident=confident) for table in ("clusters", "theme_groups")}
        some = replace(corpus, **unsure)
        figure = FIGURES[name](some, wording, settings)
        assert len([word for word in words_in(figure) if word.startswith(key)]) == explained
        assert clashes(figure) == []


def test_a_group_is_hollow_above_its_unsure_regions_only(drawn: None) -> None:
    _, page = style.page(3, 1)
    order, wording = [("甲", 1), ("乙", 1), ("丙", 1), ("丁", 2)], Wording("zh", {"group": "第{number}组"}, {}, {})
    look = {"wording": wording, "palette": ("#0000ff", "#ff0000"), "unsure": {"乙"}}
    labels.column_heads(page, order, [0.1, 0.6, 1.1, 1.7], cell=0.5, bottom=0.8, **look)
    (bars,) = page.collections
    assert [to_hex(shade) for shade in bars.get_facecolor()] == ["#0000ff", "#ffffff", "#0000ff", "#ff0000"]


def test_words_are_broken_at_spaces_into_lines_that_fit(drawn: None) -> None:
    text = "hollow: belongs to the group"
    lines = labels.in_lines(text, 0.8)
    assert " ".join(lines) == text
    assert len(lines) > 1
    assert all(labels.width_of(line) <= 0.8 for line in lines)
    assert labels.in_lines("空心：归属没有把握", 0.35) == [
        "空心：",
        "归属没",
        "有把握",
    ]  # three characters of 7.5 points


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
    found = placing.places_of(marks, [(0.4, 0.15)] * 6, page=page, gap=0.03)
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
    right = placing.places_of(mark, [(0.4, 0.1)], page=Box(0, 0, 2, 2), gap=0.03)[0]
    other = placing.places_of(mark, [(0.4, 0.1)], page=Box(0, 0, 2, 2), gap=0.03, lines=[(1, 1, 2, 1)])[0]
    assert right.left > 1
    assert not (other.top < 1 < other.bottom and other.left > 1)


def test_no_room_for_a_label_is_said_and_not_drawn_over() -> None:
    with pytest.raises(ValueError, match="no room"):
        placing.places_of([Box.around(0.5, 0.5, 0.1, 0.1)], [(2, 2)], page=Box(0, 0, 1, 1), gap=0.05)


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


def test_a_city_named_like_its_province_does_not_colour_it(corpus: Corpus, places: tuple[Place, ...]) -> None:
    tiles = [place for place in places if place.tile]
    documents, clusters = (
        corpus.documents.replace({"region": {"兰州": "甘肃"}}),
        corpus.clusters.replace({"兰州": "甘肃"}),
    )
    whole, inside, _ = tile_grid.members_of(documents, clusters, tiles, wording_of(corpus, "zh"))
    assert len(whole) == 10
    assert "620000" not in whole
    assert [member.name for member in inside["甘肃"]] == ["甘肃"]


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


# --- how sure: stability, shuffled corpora, specifications, calibration ------------------------------------------


def claim(kind: str, share: float, region: str = "甲", other: str = "", term: str = "") -> dict[str, object]:
    """A row of robustness.csv, sensitive to the weight unless all specifications agree."""
    sensitive = share < 1
    standing = "robust" if share >= 0.8 else "fragile" if share < 0.5 else "sensitive"
    named = {"region_a": region, "region_b": other, "term": term}
    most = {"most_sensitive_to": "weight" if sensitive else "", "worst_share": 0.0, "best_share": 1.0}
    claim_id = f"{kind}-{region}-{other}-{term}"
    return {"claim_id": claim_id, "kind": kind, "share": share, "standing": standing, **named, **most}


def made_up_claims(regions: int) -> SimpleNamespace:
    """The tables of these figures for any number of regions, drawn from fixed random numbers."""
    rng = np.random.default_rng(11)
    made = made_up(regions, groups=1 if regions < 3 else 3)
    names = made.documents["region"].tolist()
    terms = ["教师", "职业院校教师素质提高计划", "校企双向交流", "双师", "实践", "团队", "企业", "评价", "人才"]
    made.keywords = pd.DataFrame(
        [
            {
                "region": name,
                "term": term,
                "rank": rank,
                "stability": rng.random(),
                "single_mention": rng.random() < 0.5,
            }
            for name in names
            for rank, term in enumerate(terms, 1)
        ]
    )
    draws = 999 if regions > 2 else 0
    made.null_distribution = pd.DataFrame(
        {"draw": range(1, draws + 1), "words": rng.beta(5, 90, draws), "characters": rng.beta(6, 120, draws)}
    )
    made.structure = pd.DataFrame(
        [
            {"view": view, "k": 0, "silhouette": observed, "null_high": 0.1, "p": p}
            for view, observed, p in (("words", 0.4, 0.0004), ("characters", 0.03, 0.9))
        ]
    )
    pairs = list(combinations(names, 2))
    rows = (
        [claim("closest", 0.6, *pairs[0]), *(claim("pair", rng.random(), *pair) for pair in pairs[:30])]
        if pairs
        else []
    )
    if regions > 2:
        rows += [claim("core", rng.random(), "·".join(own)) for own in (names[:3], names[2:])]
        rows += [claim("membership", rng.random(), name) for name in names]
    rows += [claim("keyword", rng.random(), name, term=terms[1]) for name in names]
    columns = [
        "claim_id",
        "kind",
        "share",
        "standing",
        "region_a",
        "region_b",
        "term",
        "most_sensitive_to",
        "worst_share",
        "best_share",
    ]
    made.robustness = pd.DataFrame(rows, columns=columns)
    worst = max(1, len(pairs))
    made.specifications = pd.DataFrame(
        [
            {**specification.choices, "specification": at, "closest_rank": 1 + int(worst * rng.random() ** 6)}
            for at, specification in enumerate(specifications(), 1)
        ]
    ).assign(closest_cosine=lambda rows: 1 / rows["closest_rank"])
    made.specifications = made.specifications[: None if pairs else 0]
    return made


SURE = ["keyword_stability", "null_distribution", "specification_curve", "claim_robustness"]


@each_language
@each_sheet
@pytest.mark.parametrize("regions", [1, 2, 3, 100])
@pytest.mark.parametrize("name", SURE)
def test_figures_of_how_sure_fit_one_region_and_a_hundred(
    name: str, regions: int, sheet: Sheet, language: str, settings: Settings, drawn: None
) -> None:
    made = made_up_claims(regions)
    figure = FIGURES[name](made, wording_of(made, language), settings, sheet)
    assert clashes(figure) == []
    assert too_small(figure, sheet) == []
    if name != "keyword_stability":  # which has a panel for every region
        assert figure.get_figheight() < 10


@each_language
def test_a_figure_of_how_sure_without_rows_says_why(
    language: str, corpus: Corpus, settings: Settings, drawn: None
) -> None:
    wording = wording_of(corpus, language)
    tables_of = {"null_distribution": "null", "specifications": "curve", "robustness": "claims"}
    for table, key in tables_of.items():
        name = {"null": "null_distribution", "curve": "specification_curve", "claims": "claim_robustness"}[key]
        figure = FIGURES[name](replace(corpus, **{table: getattr(corpus, table).iloc[:0]}), wording, settings)
        assert words_in(figure) == [wording.say(f"{key}_none")]
        assert clashes(figure) == []
    empty = replace(corpus, keywords=corpus.keywords.iloc[:0])
    assert words_in(FIGURES["keyword_stability"](empty, wording, settings)).count(wording.say("bars_none")) == 13


def test_a_pair_that_shares_no_word_has_no_curve(corpus: Corpus, drawn: None) -> None:
    claims = corpus.robustness[corpus.robustness["kind"] != "closest"]
    wording = wording_of(corpus, "en")
    figure = specification_curve.figure_of(corpus.specifications, claims, wording)
    assert words_in(figure) == [wording.say("curve_none")]


def test_no_bar_of_shuffled_corpora_holds_draws_of_both_sides_of_the_observed_value() -> None:
    edges, counts = null_distribution.bars_of(pd.Series([0.11, 0.19, 0.2, 0.31]), 0.2, 0.05)
    assert edges == pytest.approx([0.1, 0.15, 0.2, 0.25, 0.3, 0.35])
    assert edges[2] == 0.2
    assert counts.tolist() == [1, 1, 1, 0, 1]
    edges, counts = null_distribution.bars_of(pd.Series([0.1, 0.12]), 0.9, 0.05)
    assert edges[-1] < 0.9
    assert counts.sum() == 2


def test_shuffled_corpora_have_one_scale_and_dark_are_those_that_reach_the_observed_value(
    corpus: Corpus, drawn: None
) -> None:
    figure = null_distribution.figure_of(corpus.null_distribution, corpus.structure, wording_of(corpus, "en"))
    one, other = figure.axes[1:]
    assert (one.get_xlim(), one.get_ylim()) == (other.get_xlim(), other.get_ylim())
    tests = corpus.structure[corpus.structure["k"] == 0].set_index("view")
    for axes, view in ((one, "words"), (other, "characters")):
        (bars,) = axes.collections
        dark = [to_hex(shade) == style.colour("mark") for shade in bars.get_facecolor()]
        heights = [np.ptp(path.vertices[:, 1]) for path in bars.get_paths()]
        reach = corpus.null_distribution[view] >= tests.loc[view, "silhouette"]
        assert sum(heights) == len(reach)
        assert sum(height for height, is_dark in zip(heights, dark, strict=True) if is_dark) == reach.sum()
        high, observed = (line.get_xdata()[0] for line in axes.lines)
        assert (high, observed) == tuple(tests.loc[view, ["null_high", "silhouette"]])
    said = words_in(figure)
    for row in tests.itertuples():
        assert f"the real corpus: {row.silhouette:.3f}" in said
        assert f"at least as large: p = {row.p:.3f}" in said


def test_a_tiny_p_is_not_said_to_be_nothing() -> None:
    assert [labels.probability(p) for p in (0.0004, 0.0006, 0.5)] == ["< 0.001", "= 0.001", "= 0.500"]


def test_a_stable_term_is_filled_another_pale_and_a_single_mention_hollow(settings: Settings, drawn: None) -> None:
    made = made_up(1)
    made.keywords = pd.DataFrame(
        {
            "region": "地区1",
            "term": ["教师", "评价", "人才", "团队"],
            "rank": [1, 2, 3, 11],
            "stability": [0.7, 0.25, 0.9, 1.0],
            "single_mention": [False, False, True, False],
        }
    )
    figure = keyword_stability.figure_of(made.keywords, made.clusters, wording_of(made, "zh"), settings)
    tracks, _, dots = figure.axes[0].collections[-3:]  # the tracks, their ticks and what stands on them come last
    shade = settings.charts.palette[0]
    fills = [shade, style.blend(shade, keyword_stability.PALE), "#ffffff"]
    assert [to_hex(fill) for fill in dots.get_facecolor()] == [fill.lower() for fill in fills]
    lines, shares = tracks.get_segments(), (0.7, 0.25, 0.9)
    for (x, y), ((left, middle), (right, _)), share in zip(dots.get_offsets(), lines, shares, strict=True):
        assert (x, y) == pytest.approx((left + (right - left) * share, middle))
    assert {"70.0", "25.0", "90.0"} <= set(words_in(figure))


def test_stability_has_the_panels_of_the_bars(corpus: Corpus, settings: Settings, drawn: None) -> None:
    wording = wording_of(corpus, "zh")
    bars = keyword_bars.figure_of(corpus.keywords, corpus.clusters, wording, settings.charts)
    dots = keyword_stability.figure_of(corpus.keywords, corpus.clusters, wording, settings)
    terms = set(panels.leading_of(corpus.keywords, bars=settings.charts.bars)["term"])
    named = [[word for word in words_in(figure) if word in terms] for figure in (bars, dots)]
    assert named[0] == named[1]


def test_views_come_once_the_best_rank_and_the_largest_cosine_first() -> None:
    rows = [("a", "out", 2, 0.9), ("a", "out", 2, 0.9), ("b", "—", 1, 0.2), ("c", "in", 1, 0.3)]
    table = pd.DataFrame(rows, columns=["text", "generic", "closest_rank", "closest_cosine"])
    views = specification_curve.views_of(table.assign(weight="tf-idf", min_df=1, specification=range(1, 5)))
    assert views["text"].tolist() == ["c", "b", "a"]
    assert specification_curve.options_of(views, "text") == ["a", "b", "c"]
    assert specification_curve.options_of(views, "generic") == ["out", "in"]


def test_every_option_of_the_curve_counts_the_views_in_which_the_pair_is_first(corpus: Corpus, drawn: None) -> None:
    figure = specification_curve.figure_of(corpus.specifications, corpus.robustness, wording_of(corpus, "en"))
    views = specification_curve.views_of(corpus.specifications)
    first = views["closest_rank"] == 1
    said = [word for word in words_in(figure) if re.fullmatch(r"\d+/\d+", word)]
    assert len(views) == 48
    assert len(said) == 4 + 2 + 4 + 2
    assert sum(int(word.split("/")[1]) for word in said[:4]) == len(views)
    assert sum(int(word.split("/")[0]) for word in said[:4]) == first.sum()
    curve = next(dots for dots in figure.axes[0].collections if len(dots.get_offsets()) == len(views))
    assert [to_hex(fill) != "#ffffff" for fill in curve.get_facecolor()] == first.tolist()


@pytest.mark.parametrize(
    ("ranks", "named"),
    [
        ([1, 1, 1], [1]),
        ([6, 2, 3, 2], [1, 2, 3, 6]),
        ([40, 41, 60], [1, 2, 5, 10, 20, 50]),
        ([1, 4900, 4901, 4950], [1, 10, 100, 1000]),
    ],
)
def test_the_scale_names_the_ranks_that_occur_or_where_they_crowd_round_ones(
    ranks: list[int], named: list[int]
) -> None:
    assert specification_curve.named_of(ranks) == named
    depths = [specification_curve.depth_of(rank, max(ranks)) for rank in named]
    assert all(b - a >= specification_curve.APART for a, b in pairwise(depths))


@pytest.mark.parametrize(("claims", "shown"), [(3, 3), (4, 4), (5, 3), (9, 3)])
def test_of_each_kind_the_least_robust_claims_are_shown_and_one_is_never_left_out_alone(
    claims: int, shown: int
) -> None:
    table = pd.DataFrame([claim("membership", at / 10, str(at)) for at in range(claims)])
    kept = claim_robustness.shown_of(table, most=3)
    assert kept["region_a"].tolist() == [str(at) for at in reversed(range(shown))]


def test_claims_that_are_not_shown_are_counted(settings: Settings, drawn: None) -> None:
    made = made_up_claims(100)
    sections = claim_robustness.sections_of(made.robustness)
    assert [len(section.claims) for section in sections] == [1 + 12, 2, 12, 12]
    assert [section.left_out for section in sections] == [30 - 12, 0, 100 - 12, 100 - 12]
    said = words_in(claim_robustness.figure_of(made.robustness, wording_of(made, "zh"), settings))
    assert [word for word in said if word.startswith("另有")] == [
        f"另有 {count} 项未列，均不低于以上各项" for count in (18, 88, 88)
    ]


def test_a_claim_is_named_by_its_regions_and_a_long_core_by_the_first_of_them(corpus: Corpus) -> None:
    names = corpus.documents["region"].tolist()
    rows = [claim("closest", 1, *names[1:3]), claim("core", 1, "·".join(names[:4])), claim("core", 1, "·".join(names))]
    zh, en = (
        [claim_robustness.label_of(row, wording_of(corpus, language)) for row in pd.DataFrame(rows).itertuples()]
        for language in LANGUAGES
    )
    assert zh == ["浙江 – 上海：居首位", "山东、浙江、上海、湖南", "山东、浙江、上海、湖南…（共 13 个）"]
    assert en[0] == "Zhejiang – Shanghai: rank 1"
    assert en[2] == "Shandong, Zhejiang, Shanghai, Hunan … (13 regions)"


def test_claims_stand_at_their_share_filled_where_robust_on_the_range_of_their_options(
    settings: Settings, drawn: None
) -> None:
    rows = [claim("pair", share, "甲", other) for share, other in ((0.25, "乙"), (1.0, "丙"), (0.8, "丁"))]
    figure = claim_robustness.figure_of(pd.DataFrame(rows), Wording("zh", zh_strings(), {}, {}), settings)
    _, ranges, dots = figure.axes[1].collections
    assert [x for x, _ in dots.get_offsets()] == [100, 80, 25]
    assert [to_hex(fill) != "#ffffff" for fill in dots.get_facecolor()] == [True, True, False]
    assert [path[:, 0].tolist() for path in ranges.get_segments()] == [[0, 100], [0, 100]]  # not of the agreed one
    assert [line.get_xdata()[0] for line in figure.axes[1].lines] == [50, 80]
    said = words_in(figure)
    assert [word for word in said if word.startswith("甲")] == ["甲 – 丙", "甲 – 丁", "甲 – 乙"]
    assert said.count("权重") == 2


# --- themes ------------------------------------------------------------------------------------------------------

LONG = "职业院校教师素质提高计划·校企双向交流·教学创新团队"  # as themes without a codebook are named


def made_up_themes(
    regions: int, *, groups: int = 1, themes: int = 9, carried: float = 0.3, measures: int = 4, source: str = "codebook"
) -> SimpleNamespace:
    """The tables of the figures about themes, for any number of regions, drawn from fixed random numbers."""
    rng = np.random.default_rng(19)
    made = made_up(regions, groups=groups)
    made.theme_groups, names = made.clusters, made.documents["region"].tolist()
    made.measures = pd.DataFrame({"region": np.repeat(names, measures)})
    counts = np.where(rng.random((regions, themes)) < carried, rng.integers(1, measures + 1, (regions, themes)), 0)
    ids = [f"t{at}" for at in range(themes)]
    named = (
        [LONG + chr(ord("一") + at) for at in range(themes)]
        if source == "unsupervised"
        else [f"主题的名称{at}" for at in range(themes)]
    )
    made.codebook = pd.DataFrame(
        {
            "theme": ids,
            "zh": named,
            "en": named if source == "unsupervised" else [f"Theme of many words {at}" for at in range(themes)],
            "source": source,
            "measures": counts.sum(axis=0),
            "share": counts.sum(axis=0) / (regions * measures),
            "regions": (counts > 0).sum(axis=0),
        }
    )
    made.themes = pd.DataFrame(
        [
            {"region": name, "theme": theme, "measures": count, "share": count / measures}
            for name, row in zip(names, counts, strict=True)
            for theme, count in zip(ids, row, strict=True)
        ],
        columns=["region", "theme", "measures", "share"],
    )
    ranks = (
        made.themes["share"]
        .where(made.themes["measures"] > 0)
        .groupby(made.themes["region"])
        .rank("min", ascending=False)
    )
    made.themes["rank"] = ranks.astype("Int64")
    cluster = made.clusters["cluster"].to_numpy()
    made.theme_profiles = pd.DataFrame(
        [
            {
                "grouping": grouping,
                "cluster": group,
                "theme": theme,
                "share": counts[own, at].sum() / (own.sum() * measures),
                "share_rest": counts[~own, at].sum() / ((~own).sum() * measures) if (~own).any() else 0.0,
            }
            for grouping in ("words", "themes")
            for group in sorted(set(cluster))
            for own in [cluster == group if grouping == "themes" else cluster != group]
            if own.any()
            for at, theme in enumerate(ids)
        ],
        columns=["grouping", "cluster", "theme", "share", "share_rest"],
    )
    return made


THEMES = ["theme_matrix", "theme_profiles", "theme_use"]


@each_language
@pytest.mark.parametrize(
    "given",
    [
        {"regions": 1},
        {"regions": 2},
        {"regions": 3, "groups": 3, "themes": 1},
        {"regions": 5, "groups": 2, "carried": 0.0},
        {"regions": 13, "groups": 5, "themes": 21, "source": "unsupervised"},
        {"regions": 40, "groups": 9, "themes": 30, "measures": 120, "carried": 0.05},
        {"regions": 100, "groups": 6, "themes": 15},
    ],
    ids=lambda given: " ".join(f"{key} {value}" for key, value in given.items()),
)
@each_sheet
@pytest.mark.parametrize("name", THEMES)
def test_figures_about_themes_stand_few_and_many_regions_and_themes(
    name: str, given: dict[str, Any], sheet: Sheet, language: str, settings: Settings, drawn: None
) -> None:
    made = made_up_themes(**given)
    figure = FIGURES[name](made, wording_of(made, language), settings, sheet)
    assert clashes(figure) == []
    assert too_small(figure, sheet) == []
    if sheet is SINGLE:
        return
    assert [text.get_text() for text in shown(figure) if text.get_fontsize() < 3] == []
    named = made.codebook[language].tolist()
    said = [word.replace("\n", "" if word[0] > "\u4e00" else " ") for word in words_in(figure)]
    rows = said.count(named[0]) if name == "theme_profiles" else 1  # the names stand before every row of panels
    assert sorted(word for word in said if word in named) == sorted(named * rows)
    assert rows


@each_language
@pytest.mark.parametrize("name", THEMES)
def test_a_figure_about_themes_without_a_theme_says_why(
    name: str, language: str, settings: Settings, drawn: None
) -> None:
    made = made_up_themes(3, themes=0)
    wording = wording_of(made, language)
    assert words_in(FIGURES[name](made, wording, settings)) == [wording.say("themes_none")]


def test_themes_come_by_the_measures_that_carry_them_and_ties_as_in_the_codebook() -> None:
    codebook = pd.DataFrame(
        {"theme": ["a", "b", "c"], "zh": ["甲", "乙", "丙"], "en": ["A", "B", "C"], "measures": [2, 5, 2]}
    )
    assert list(theme_names(codebook, Wording("zh", {}, {}, {})).items()) == [("b", "乙"), ("a", "甲"), ("c", "丙")]
    assert list(theme_names(codebook, Wording("en", {}, {}, {})).values()) == ["B", "A", "C"]


def dots_of(figure: Figure) -> PathCollection:
    """The dots of the matrix: the only marks that lead somewhere."""
    (dots,) = [marks for marks in figure.axes[0].collections if any(marks.get_urls())]
    assert isinstance(dots, PathCollection)
    return dots


def test_every_theme_of_a_region_is_a_dot_whose_area_is_its_share_in_its_line_and_column(
    corpus: Corpus, settings: Settings, drawn: None
) -> None:
    figure = FIGURES["theme_matrix"](corpus, wording_of(corpus, "zh"), settings)
    dots = dots_of(figure)
    shares = corpus.themes[corpus.themes["measures"] > 0].set_index(["region", "theme"])["share"]
    found = {}
    for (x, y), area, url in zip(dots.get_offsets(), dots.get_sizes(), dots.get_urls(), strict=True):
        region, theme = url.removeprefix("#approach-").split("-")
        found[region, theme] = (x, y, area)
    assert set(found) == set(shares.index)
    whole = max(area / shares[key] for key, (_, _, area) in found.items())
    assert {key: area / whole for key, (_, _, area) in found.items()} == pytest.approx(shares.to_dict())

    texts = {text.get_text(): text for text in shown(figure)}
    names = dict(zip(corpus.codebook["theme"], corpus.codebook["zh"], strict=True))
    down, across = figure.axes[0].transData.inverted(), {}
    for (region, theme), (x, y, _) in found.items():
        box = texts[region].get_window_extent().transformed(down)
        assert min(box.y0, box.y1) < y < max(box.y0, box.y1)
        box = texts["\n".join(names[theme])].get_window_extent().transformed(down)
        assert (box.x0 + box.x1) / 2 == pytest.approx(x, abs=0.02)
        across[theme] = x
    by_use = corpus.codebook.sort_values("measures", ascending=False, kind="stable")["theme"]
    assert sorted(across, key=lambda theme: across[theme]) == [theme for theme in by_use if theme in across]
    lines = sorted(corpus.documents["region"], key=lambda region: -texts[region].get_window_extent().y1)
    assert lines == corpus.theme_groups.sort_values("leaf")["region"].tolist()


def test_the_first_themes_of_a_region_have_an_edge_and_no_other(
    corpus: Corpus, settings: Settings, drawn: None
) -> None:
    dots = dots_of(FIGURES["theme_matrix"](corpus, wording_of(corpus, "en"), settings))
    edged = {url for url, width in zip(dots.get_urls(), dots.get_linewidths(), strict=True) if width}
    first = corpus.themes[corpus.themes["rank"] == 1]
    assert edged == {"#" + anchors.approach(row.region, row.theme) for row in first.itertuples()}
    assert 0 < len(edged) < len(dots.get_urls())


def test_the_matrix_says_the_measures_on_every_dot_that_has_room_and_all_beside_the_line(
    settings: Settings, drawn: None
) -> None:
    made = made_up_themes(3, themes=2, carried=1.0, measures=7)
    figure = FIGURES["theme_matrix"](made, wording_of(made, "en"), settings)
    numbers = [(text.get_text(), text.get_url()) for text in shown(figure) if text.get_text().isdigit()]
    links = [(str(one.measures), "#" + anchors.approach(one.region, one.theme)) for one in made.themes.itertuples()]
    assert sorted(number for number in numbers if number[1]) == sorted(links)
    assert [number for number, url in numbers if not url] == ["7"] * 3
    crowded = made_up_themes(3, themes=45, carried=1.0, measures=400)
    figure = FIGURES["theme_matrix"](crowded, wording_of(crowded, "en"), settings)
    assert len([text for text in shown(figure) if text.get_url()]) < len(dots_of(figure).get_urls())


def test_every_dot_of_the_saved_matrix_is_a_link_into_the_same_page(
    corpus: Corpus, settings: Settings, tmp_path: Path
) -> None:
    wordings = [wording_of(corpus, language) for language in LANGUAGES]
    stem = tmp_path / "theme_matrix"
    style.publish(lambda w: FIGURES["theme_matrix"](corpus, w, settings), wordings, mplstyle=MPLSTYLE, stem=stem)
    carried = corpus.themes[corpus.themes["measures"] > 0]
    anchors = {f"#approach-{row.region}-{row.theme}" for row in carried.itertuples()}
    assert len(anchors) > 50
    for language in LANGUAGES:
        root = ElementTree.parse(tmp_path / f"theme_matrix.{language}.svg").getroot()
        links = [link for link in root.iter() if link.tag.endswith("}a")]
        dots = [link for link in links if any(part.tag.endswith(("}path", "}use")) for part in link)]
        assert {link.get("{http://www.w3.org/1999/xlink}href") for link in links} == anchors
        assert sorted(str(link.get("{http://www.w3.org/1999/xlink}href")) for link in dots) == sorted(anchors)
        assert not any(link.get("target") for link in links)


def test_names_of_themes_are_broken_into_the_fewest_inches(drawn: None) -> None:
    assert theme_matrix.balanced("Training systems and programmes", 2) == ["Training systems", "and programmes"]
    assert theme_matrix.balanced("Training systems and programmes", 1) == ["Training systems and programmes"]
    assert theme_matrix.balanced("Contests", 3) == ["Contests"]


def test_a_group_shows_the_share_of_every_theme_against_that_of_all_others(
    corpus: Corpus, settings: Settings, drawn: None
) -> None:
    wording = wording_of(corpus, "zh")
    figure = FIGURES["theme_profiles"](corpus, wording, settings)
    order = list(theme_names(corpus.codebook, wording))
    own = corpus.theme_profiles[corpus.theme_profiles["grouping"] == "themes"]
    groups = sorted(corpus.theme_groups["cluster"].unique())
    assert len(figure.axes) == 1 + len(groups) > 2
    for axes, group in zip(figure.axes[1:], groups, strict=True):
        profile = own[own["cluster"] == group].set_index("theme").loc[order]
        _, stems, strokes, dots = axes.collections
        assert axes.get_xlim() == (0, 100)
        places = np.column_stack([100 * profile["share"], np.arange(len(order)) + 0.5])
        assert np.asarray(dots.get_offsets()) == pytest.approx(places)
        assert [path[0, 0] for path in strokes.get_segments()] == pytest.approx((100 * profile["share_rest"]).tolist())
        ends = np.array([path[:, 0] for path in stems.get_segments()])
        assert ends == pytest.approx(100 * profile[["share_rest", "share"]].to_numpy())
        alone = (corpus.theme_groups["cluster"] == group).sum() == 1
        shade = style.group_colour(group, settings.charts.palette).lower()
        shade = style.blend(shade, theme_profiles.PALE) if alone else shade
        assert {to_hex(fill) for fill in dots.get_facecolor()} == {shade}
        above = [to_hex(colour) == shade for colour in stems.get_colors()]
        assert above == (profile["share"] > profile["share_rest"]).tolist()


def test_a_group_of_one_region_is_pale_and_one_group_of_all_has_no_others(settings: Settings, drawn: None) -> None:
    made = made_up_themes(4, groups=2)
    made.theme_groups = made.theme_groups.assign(cluster=[1, 1, 1, 2], leaf=[1, 2, 3, 4])
    wording = wording_of(made, "en")
    figure = FIGURES["theme_profiles"](made, wording, settings)
    fills = [to_hex(axes.collections[-1].get_facecolor()[0]) for axes in figure.axes[1:]]
    one, other = (shade.lower() for shade in settings.charts.palette[:2])
    assert fills == [one, style.blend(other, theme_profiles.PALE)]
    assert wording.say("profiles_single") in words_in(figure)
    whole = made_up_themes(4, groups=1)
    figure = FIGURES["theme_profiles"](whole, wording, settings)
    assert [len(axes.collections) for axes in figure.axes[1:]] == [2]  # helper lines and dots
    assert wording.say("profiles_rest") not in words_in(figure)


@pytest.mark.parametrize("name", ["theme_matrix", "theme_profiles"])
def test_the_mark_of_a_region_is_hollow_exactly_where_its_theme_group_is_not_sure(
    name: str, settings: Settings, drawn: None
) -> None:
    made = made_up_themes(7, groups=2)
    confident = [True, True, False, True, True, True, False]
    made.theme_groups = made.theme_groups.assign(confident=confident)
    figure = FIGURES[name](made, wording_of(made, "zh"), settings)
    down = figure.axes[0].transData.inverted()
    place = {text.get_text(): text.get_window_extent().transformed(down) for text in shown(figure)}
    marks = [
        (path.get_extents(), to_hex(fill) == "#ffffff")
        for collection in figure.axes[0].collections
        if isinstance(collection, PolyCollection)
        for path, fill in zip(collection.get_paths(), collection.get_facecolor(), strict=True)
    ]
    for region, sure in zip(made.documents["region"], confident, strict=True):
        x, y = place[region].x0, (place[region].y0 + place[region].y1) / 2
        left = [(x - box.x1, hollow) for box, hollow in marks if box.y0 < y < box.y1 and box.x1 < x]
        assert min(left)[1] != sure, region


def test_of_too_many_regions_in_a_group_the_first_are_named_and_all_counted(settings: Settings, drawn: None) -> None:
    made = made_up_themes(100, groups=4)
    said = words_in(FIGURES["theme_profiles"](made, wording_of(made, "zh"), settings))
    assert said.count("……共 25 个地区") == 4
    assert 4 < len([word for word in said if re.fullmatch(r"地区\d+", word)]) < 100


@pytest.mark.parametrize(
    ("groups", "room", "columns"), [(1, 5.0, 1), (4, 5.0, 4), (6, 5.0, 3), (5, 4.0, 3), (2, 0.5, 1)]
)
def test_panels_of_groups_fill_their_rows(groups: int, room: float, columns: int) -> None:
    assert theme_profiles.columns_for(groups, room) == columns


def bars_of(figure: Figure, mark: str) -> list[tuple[float, bool]]:
    """Width and whether it is filled, of every bar from above to below."""
    bars = figure.axes[0].collections[0]
    fills = [to_hex(fill) == mark for fill in bars.get_facecolor()]
    return [(float(np.ptp(path.vertices[:, 0])), fill) for path, fill in zip(bars.get_paths(), fills, strict=True)]


def test_a_bar_is_the_share_of_all_measures_and_few_regions_are_pale_and_named(settings: Settings, drawn: None) -> None:
    made = made_up_themes(6, themes=4, measures=5)
    counts = {"t0": [1, 0, 0, 0, 0, 2], "t1": [5, 4, 3, 2, 1, 0], "t2": [0] * 6, "t3": [2, 1, 1, 0, 0, 0]}
    made.themes["measures"] = [counts[row.theme][int(row.region[2:]) - 1] for row in made.themes.itertuples()]
    made.themes["share"] = made.themes["measures"] / 5
    sums = np.array([sum(counts[theme]) for theme in made.codebook["theme"]])
    made.codebook = made.codebook.assign(measures=sums, share=sums / 30)
    figure = FIGURES["theme_use"](made, wording_of(made, "zh"), settings)
    bars = bars_of(figure, style.colour("mark"))
    lengths = [width + style.EDGE / 72 for width, _ in bars]
    assert [filled for _, filled in bars] == [True, True, False]  # 15, 4 and 3 measures; for none there is no bar
    assert np.array(lengths) / lengths[0] == pytest.approx(np.array([15, 4, 3]) / 15)
    said = words_in(figure)
    assert {
        "50%（15 条，5/6 个地区）",
        "13%（4 条，3/6 个地区）",
        "10%（3 条，2/6 个地区）：地区6、地区1",
        "0，没有举措用到",
    } <= set(said)
    assert "浅色：至多 2 个地区用到（共 6 个地区），列出其名" in said


def test_a_share_below_one_percent_is_not_said_to_be_nothing(drawn: None) -> None:
    wording = Wording("en", {"use_label": "{share}% ({measures}); {carrying} of {regions}"}, {}, {})
    said = [
        theme_use.label_of(pd.Series({"share": share, "measures": 2}), ["甲"] * 3, wording, regions=5)
        for share in (0.004, 0.0004, 0.01, 0.125, 1.0)
    ]
    assert [text.split("%")[0] for text in said] == ["0.4", "0.04", "1", "12", "100"]


def test_the_matrix_of_all_provinces_fits_a_page_and_grows_beyond(settings: Settings, drawn: None) -> None:
    heights = {}
    for regions in (13, 31, 100):
        made = made_up_themes(regions, groups=4, themes=15)
        heights[regions] = FIGURES["theme_matrix"](made, wording_of(made, "zh"), settings).get_figheight()
    assert heights[13] < heights[31] < 11 < heights[100]


@pytest.mark.parametrize(("regions", "few"), [(1, 0), (2, 0), (3, 1), (4, 1), (5, 2), (13, 2)])
def test_seldom_used_are_themes_of_at_most_two_regions_and_fewer_than_half(regions: int, few: int) -> None:
    assert theme_use.seldom_of(regions) == few


def test_bars_are_as_long_as_the_words_beside_them_allow(corpus: Corpus, settings: Settings, drawn: None) -> None:
    figure = FIGURES["theme_use"](corpus, wording_of(corpus, "en"), settings)
    width = figure.get_size_inches()[0] * figure.dpi
    ends = [text.get_window_extent().x1 for text in shown(figure)]
    assert width - 0.1 * figure.dpi < max(ends) <= width
    sizes = {text.get_fontsize() for text in shown(figure) if re.search(r"/13 regions", text.get_text())}
    assert sizes == {style.points(style.SMALL)}


def zh_strings() -> dict[str, str]:
    return dict(load_wordings(*STRINGS, METHOD / "glossary.csv")[0].strings)


def calibration_frame() -> pd.DataFrame:
    """As `make calibrate` writes it: nothing to find in two scenarios, groups in one; two numbers of regions."""
    rows = [("shuffled", 0.0, 0.01, np.nan), ("own topics", 0.3, 0.04, np.nan), ("own topics", 0.5, 0.0, np.nan)]
    rows += [("groups", strength, strength * 1.5, strength * 1.8) for strength in (0.1, 0.3, 0.5)]
    return tables.from_rows(
        [
            {
                "scenario": scenario,
                "regions": regions,
                "strength": strength,
                "draws": 300,
                "structure": min(1.0, 1.2 * supported),
                "supported": supported,
                "supported_low": 0.7 * supported,
                "supported_high": min(1.0, 1.3 * supported),
                "weak": 0.1,
                "rand": rand,
            }
            for scenario, strength, supported, rand in rows
            for regions in (100, 13)
        ],
        tables.CALIBRATION,
    )


@each_language
def test_calibration_is_drawn_without_clashes_also_where_a_part_is_missing(
    language: str, settings: Settings, drawn: None
) -> None:
    wording = load_wordings(*STRINGS, METHOD / "glossary.csv")[LANGUAGES.index(language)]
    whole = calibration_frame()
    groups = whole["scenario"] == "groups"
    for frame in (whole, whole[groups], whole[~groups], whole.assign(supported_high=0.4)):
        assert clashes(calibration.figure_of(frame, wording, settings.charts)) == []
    assert words_in(calibration.figure_of(whole.iloc[:0], wording, settings.charts)) == [
        wording.say("calibration_none")
    ]


def test_false_alarms_come_by_scenario_strength_and_number_of_regions_on_their_intervals(
    settings: Settings, drawn: None
) -> None:
    frame = calibration_frame()
    parts = calibration.alarms_of(frame)
    assert [(scenario, strength) for scenario, strength, _ in parts] == [
        ("shuffled", 0.0),
        ("own topics", 0.3),
        ("own topics", 0.5),
    ]
    assert [own["regions"].tolist() for *_, own in parts] == [[13, 100]] * 3
    alarms, found, rand = calibration.figure_of(frame, Wording("zh", zh_strings(), {}, {}), settings.charts).axes[1:]
    assert alarms.get_xlim() == (0, 10)
    assert [line.get_xdata()[0] for line in alarms.lines] == [5, 8]
    whiskers = [line.get_segments()[0][:, 0] for line in alarms.collections[::2]]
    assert np.array(whiskers) == pytest.approx(np.array([(0.7, 1.3)] * 2 + [(2.8, 5.2)] * 2 + [(0, 0)] * 2))
    shares = [line.get_ydata().tolist() for line in found.lines]  # of each number of regions: the test, the verdict
    assert np.array(shares) == pytest.approx(np.array([(0.18, 0.54, 0.9), (0.15, 0.45, 0.75)] * 2))
    assert [line.get_xdata().tolist() for line in rand.lines] == [[10, 30, 50]] * 2
    assert [line.get_color() for line in rand.lines] == list(settings.charts.palette[:2])


def test_calibration_is_drawn_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "calibration.csv"
    tables.write((calibration_frame(), tables.CALIBRATION, path))
    look = [METHOD / "settings.toml", METHOD / "glossary.csv", MPLSTYLE, *STRINGS, tmp_path / "calibration"]
    calibration.main(path, *look)
    assert sorted(file.suffix for file in tmp_path.glob("calibration.*.*")) == [".png", ".png", ".svg", ".svg"]
