"""Figures for papers and slides: whole sets, the same bytes on every run, and numbers that are those of the picture."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pdfplumber
import pytest
from matplotlib.collections import EllipseCollection, LineCollection, PathCollection, PolyCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from PIL import Image

from pipeline import tables
from pipeline.charts import (
    background_similarity,
    claim_robustness,
    coassignment_heatmap,
    cooccurrence_network,
    dendrogram,
    keyword_bars,
    keyword_heatmap,
    keyword_stability,
    null_distribution,
    region_map,
    sheets,
    silhouette,
    similarity_heatmap,
    similarity_ranks,
    slides,
    specification_curve,
    style,
    theme_matrix,
    theme_profiles,
    theme_use,
    tile_grid,
    whole_groups,
    whole_map,
    whole_similarity,
    wording as charts_wording,
)
from pipeline.charts.__main__ import FIGURES as DRAWN
from pipeline.charts.behind import Behind, behind, with_english
from pipeline.charts.sheets import DOUBLE, SINGLE
from pipeline.method import Settings, load_settings
from pipeline.tables import Column
from tests.conftest import METHOD, Corpus
from tests.make import ROOT
from tests.test_charts import FIGURES, MPLSTYLE, STRINGS, TABLES, drawn, wording_of, words_in, write_tables
from tests.test_whole_charts import groups, points, similarity, wording

__all__ = ["drawn"]  # a fixture

LOOK = (METHOD / "settings.toml", METHOD / "glossary.csv", MPLSTYLE, *STRINGS)
NUMBERS: dict[str, Callable[[Corpus, Settings], Behind]] = {
    "keyword_heatmap": lambda c, s: keyword_heatmap.numbers_of(c.keywords, c.clusters, s.charts),
    "keyword_bars": lambda c, s: keyword_bars.numbers_of(c.keywords, c.clusters, s.charts),
    "similarity_heatmap": lambda c, _: similarity_heatmap.numbers_of(c.similarity, c.clusters),
    "coassignment_heatmap": lambda c, _: coassignment_heatmap.numbers_of(c.coassignment, c.clusters),
    "similarity_ranks": lambda c, _: similarity_ranks.numbers_of(c.similarity, c.similarity_intervals, c.pair_tests),
    "dendrogram": lambda c, _: dendrogram.numbers_of(c.dendrogram, c.clusters),
    "region_map": lambda c, _: region_map.numbers_of(c.region_map, c.clusters, c.documents),
    "cooccurrence_network": lambda c, s: cooccurrence_network.numbers_of(c.cooccurrence, c.tokens, s.charts),
    "silhouette": lambda c, _: silhouette.numbers_of(c.cluster_choice),
    "tile_grid": lambda c, _: tile_grid.numbers_of(c.documents, c.clusters),
    "keyword_stability": lambda c, s: keyword_stability.numbers_of(c.keywords, c.clusters, s),
    "null_distribution": lambda c, _: null_distribution.numbers_of(c.null_distribution, c.structure),
    "specification_curve": lambda c, _: specification_curve.numbers_of(c.specifications, c.robustness),
    "claim_robustness": lambda c, _: claim_robustness.numbers_of(c.robustness),
    "theme_matrix": lambda c, _: theme_matrix.numbers_of(c.themes, c.codebook, c.theme_groups, c.measures),
    "theme_profiles": lambda c, _: theme_profiles.numbers_of(c.theme_profiles, c.codebook, c.theme_groups),
    "theme_use": lambda c, _: theme_use.numbers_of(c.codebook, c.themes),
    "background_similarity": lambda c, _: background_similarity.numbers_of(
        c.background_similarity, c.background_groups
    ),
}


# --- the numbers are those of the picture ------------------------------------------------------------------------


def marks_of(figure: Figure, kind: type, many: int, axes: int = 0) -> Any:
    """The only collection of so many marks of this kind."""
    listed = [one for one in figure.axes[axes].collections if type(one) is kind and len(one.get_paths()) == many]
    assert len(listed) == 1
    return listed[0]


def widths_of(bars: PolyCollection, edge: float = 0.0) -> np.ndarray:
    return np.array([np.ptp(path.vertices[:, 0]) + edge for path in bars.get_paths()])


def two_decimals(values: pd.Series) -> list[str]:
    return [background_similarity.said(value) for value in values]


def in_cells(figure: Figure) -> list[str]:
    """Numbers as they stand in cells: without a zero before the point."""
    return sorted(word for word in words_in(figure) if re.fullmatch(r"−?1?\.\d\d", word))


def heat(figure: Figure, frame: pd.DataFrame) -> None:
    assert sorted(word for word in words_in(figure) if word.isdigit() and word != "0") == sorted(
        str(n) for n in frame["count"]
    )
    cells = marks_of(figure, PolyCollection, len(frame))
    shades = [style.blend(style.colour("mark"), share) for share in frame["tf_idf"] / frame["tf_idf"].max()]
    assert sorted(to_hex(fill) for fill in cells.get_facecolor()) == sorted(shades)


def bars(figure: Figure, frame: pd.DataFrame) -> None:
    widths = widths_of(marks_of(figure, PolyCollection, len(frame)))
    assert widths / widths.max() == pytest.approx((frame["tf_idf"] / frame["tf_idf"].max()).to_numpy())


def tracks(figure: Figure, frame: pd.DataFrame) -> None:
    dots = next(
        one
        for one in figure.axes[0].collections
        if type(one) is PathCollection and len(one.get_offsets()) == len(frame)
    )
    lines = [
        one
        for one in figure.axes[0].collections
        if type(one) is LineCollection and len(one.get_segments()) == len(frame)
    ]
    starts, ends = (np.array([path[at, 0] for path in lines[0].get_segments()]) for at in (0, 1))
    assert (np.asarray(dots.get_offsets())[:, 0] - starts) / (ends - starts) == pytest.approx(
        frame["stability"].to_numpy()
    )


def cosines(figure: Figure, frame: pd.DataFrame) -> None:
    assert in_cells(figure) == sorted(two_decimals(pd.concat([frame["cosine"], frame["cosine_char"]])))


def shares(figure: Figure, frame: pd.DataFrame) -> None:
    said = sorted(word for word in words_in(figure) if word.isdigit() and word != "0")
    assert said == sorted(f"{100 * share:.0f}" for share in frame["share"])


def seen_through(figure: Figure, frame: pd.DataFrame) -> None:
    assert in_cells(figure) == sorted(two_decimals(pd.concat([frame["cosine_words"], frame["cosine"]])))


def ranks(figure: Figure, frame: pd.DataFrame) -> None:
    dots = sorted(figure.axes[1].lines, key=lambda dot: dot.get_ydata()[0])
    assert [dot.get_xdata()[0] for dot in dots[::2]] == frame["rank"].tolist()
    assert [dot.get_xdata()[0] for dot in dots[1::2]] == frame["rank_char"].tolist()
    ends = sorted((path for line in figure.axes[1].collections for path in line.get_segments()), key=lambda p: p[0, 1])
    assert [tuple(path[:, 0]) for path in ends[::2]] == list(zip(frame["rank_low"], frame["rank_high"], strict=True))
    assert {f"{value:.3f}" for value in (*frame["cosine"], *frame["p"])} <= set(words_in(figure))


def merges(figure: Figure, frame: pd.DataFrame) -> None:
    (tree,) = figure.axes[1].collections
    assert [path[0, 0] for path in tree.get_segments()[2::3]] == pytest.approx(frame["height"].tolist())
    said = [word for word in words_in(figure) if word.isdigit()]
    assert said == [f"{100 * support:.0f}" for support in frame["support"]][:-1]


def places(figure: Figure, frame: pd.DataFrame) -> None:
    marks = [line for line in figure.axes[1].lines if len(line.get_xdata()) == 1]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in marks] == list(
        zip(frame["x"], frame["y"], strict=True)
    )
    palette = load_settings(METHOD / "settings.toml").charts.palette
    shades = [style.group_colour(group, palette).lower() for group in frame["cluster"]]
    edges = [to_hex(line.get_markeredgecolor()) for line in marks]
    sure = frame["confident"].tolist()
    assert [shade if is_sure else edge for shade, edge, is_sure in zip(shades, edges, sure, strict=True)] == shades


def links(figure: Figure, frame: pd.DataFrame) -> None:
    lines = next(
        one
        for one in figure.axes[0].collections
        if type(one) is LineCollection and len(one.get_segments()) == len(frame)
    )
    widths = sorted(lines.get_linewidths(), reverse=True)
    assert np.array(widths) / widths[0] == pytest.approx((frame["measures"] / frame["measures"].max()).to_numpy())
    each = {
        **dict(zip(frame["term_a"], frame["measures_a"], strict=True)),
        **dict(zip(frame["term_b"], frame["measures_b"], strict=True)),
    }
    circles = next(one for one in figure.axes[0].collections if type(one) is EllipseCollection)
    areas = np.sort(np.asarray(circles._widths).ravel() ** 2)
    assert areas / areas[-1] == pytest.approx(np.sort(list(each.values())) / max(each.values()))


def line_of_k(figure: Figure, frame: pd.DataFrame) -> None:
    assert figure.axes[1].lines[0].get_xdata().tolist() == frame["k"].tolist()
    assert figure.axes[1].lines[0].get_ydata().tolist() == frame["silhouette"].tolist()


def coloured(figure: Figure, frame: pd.DataFrame) -> None:
    palette = load_settings(METHOD / "settings.toml").charts.palette
    down = figure.axes[0].transData.inverted()
    where = {
        text.get_text(): down.transform(text.get_window_extent().get_points()).mean(axis=0) for text in figure.texts
    }
    tiles = [
        (path.get_extents(), to_hex(edge))
        for one in figure.axes[0].collections
        if type(one) is PolyCollection and len(one.get_edgecolor())
        for path, edge in zip(one.get_paths(), one.get_edgecolor(), strict=True)
    ]
    provinces = frame[frame["region"] == frame["province"]]
    assert len(provinces) == 10
    for row in provinces.itertuples():
        own = [edge for box, edge in tiles if box.contains(*where[row.region])]
        assert own == [style.group_colour(row.cluster, palette).lower()]


def heights(figure: Figure, frame: pd.DataFrame) -> None:
    for axes, (_, own) in zip(figure.axes[1:], frame.groupby("view", sort=False), strict=True):
        (drawn_bars,) = axes.collections
        corners = [path.get_extents() for path in drawn_bars.get_paths()]
        assert [box.height for box in corners] == own["draws"].tolist()
        assert [box.x0 for box in corners] == pytest.approx(own["low"].tolist())
        assert [line.get_xdata()[0] for line in axes.lines] == [own["null_high"].iloc[0], own["silhouette"].iloc[0]]


def curve(figure: Figure, frame: pd.DataFrame) -> None:
    dots = next(one for one in figure.axes[0].collections if len(one.get_offsets()) == len(frame))
    y = np.asarray(dots.get_offsets())[:, 1]
    last = int(frame["closest_rank"].max())
    depths = np.array([specification_curve.depth_of(rank, last) for rank in frame["closest_rank"]])
    assert y - y[0] == pytest.approx(depths - depths[0])


def claims(figure: Figure, frame: pd.DataFrame) -> None:
    _, _, dots = figure.axes[1].collections
    assert [x for x, _ in dots.get_offsets()] == pytest.approx((100 * frame["share"]).tolist())
    assert [to_hex(fill) != "#ffffff" for fill in dots.get_facecolor()] == (frame["standing"] == "robust").tolist()


def themes(figure: Figure, frame: pd.DataFrame) -> None:
    dots = next(one for one in figure.axes[0].collections if any(one.get_urls()))
    areas = np.asarray(dots.get_sizes())
    assert areas / areas.max() == pytest.approx((frame["share"] / frame["share"].max()).to_numpy())
    numbers = [text.get_text() for text in figure.texts if text.get_url()]
    assert numbers == frame["measures"].astype(str).tolist()


def profiles(figure: Figure, frame: pd.DataFrame) -> None:
    for axes, (_, own) in zip(figure.axes[1:], frame.groupby("cluster"), strict=True):
        _, _, strokes, dots = axes.collections
        assert np.asarray(dots.get_offsets())[:, 0] == pytest.approx((100 * own["share"]).to_numpy())
        rest = [path[0, 0] for path in strokes.get_segments()]
        assert rest == pytest.approx((100 * own["share_rest"]).tolist())


def use(figure: Figure, frame: pd.DataFrame) -> None:
    used = frame[frame["measures"] > 0]
    widths = widths_of(figure.axes[0].collections[0], style.EDGE / 72)
    assert widths / widths.max() == pytest.approx((used["share"] / used["share"].max()).to_numpy())


SAME: dict[str, Callable[[Figure, pd.DataFrame], None]] = {
    "keyword_heatmap": heat,
    "keyword_bars": bars,
    "similarity_heatmap": cosines,
    "coassignment_heatmap": shares,
    "similarity_ranks": ranks,
    "dendrogram": merges,
    "region_map": places,
    "cooccurrence_network": links,
    "silhouette": line_of_k,
    "tile_grid": coloured,
    "keyword_stability": tracks,
    "null_distribution": heights,
    "specification_curve": curve,
    "claim_robustness": claims,
    "theme_matrix": themes,
    "theme_profiles": profiles,
    "theme_use": use,
    "background_similarity": seen_through,
}


@pytest.mark.parametrize("name", SAME)
def test_the_numbers_of_a_figure_are_those_that_are_drawn(
    name: str, corpus: Corpus, settings: Settings, drawn: None
) -> None:
    shown = NUMBERS[name](corpus, settings)
    tables.check(shown.frame, shown.table)
    SAME[name](FIGURES[name](corpus, wording_of(corpus, "zh"), settings), shown.frame)


@pytest.mark.parametrize("name", ["similarity_heatmap", "similarity_ranks", "claim_robustness", "theme_profiles"])
def test_one_column_shows_the_same_numbers(name: str, corpus: Corpus, settings: Settings, drawn: None) -> None:
    shown = NUMBERS[name](corpus, settings)
    SAME[name](FIGURES[name](corpus, wording_of(corpus, "en"), settings, SINGLE), shown.frame)


def test_cells_of_themes_in_one_column_have_the_numbers_and_shades_of_the_dots(
    corpus: Corpus, settings: Settings, drawn: None
) -> None:
    frame = NUMBERS["theme_matrix"](corpus, settings).frame
    figure = FIGURES["theme_matrix"](corpus, wording_of(corpus, "zh"), settings, SINGLE)
    cells = marks_of(figure, PolyCollection, len(frame))
    full = style.full_scale(frame["share"].max())
    fills = [style.blend(style.colour("mark"), share / full) for share in frame["share"]]
    assert [to_hex(fill) for fill in cells.get_facecolor()] == fills
    numbers = sorted(word for word in words_in(figure) if word.isdigit() and word != "0")
    totals = frame.drop_duplicates("region")["all_measures"]
    assert numbers == sorted(str(number) for number in (*frame["measures"], *totals))


def test_one_column_shows_the_first_of_the_terms_of_the_numbers(
    corpus: Corpus, settings: Settings, drawn: None
) -> None:
    frame = NUMBERS["keyword_bars"](corpus, settings).frame
    said = set(words_in(FIGURES["keyword_bars"](corpus, wording_of(corpus, "zh"), settings, SINGLE)))
    first, last = (set(frame.loc[frame["rank"] == rank, "term"]) for rank in (1, settings.charts.bars))
    assert first <= said
    assert not last - set(frame.loc[frame["rank"] < settings.charts.bars, "term"]) <= said


@pytest.mark.parametrize("sheet", sheets.SHEETS, ids=["double", "single"])
def test_the_numbers_of_a_large_corpus_are_those_that_are_drawn(
    settings: Settings, drawn: None, sheet: sheets.Sheet
) -> None:
    own, pairs, units = groups(5), similarity(5), points(5)
    for shown in (whole_groups.numbers_of(own), whole_similarity.numbers_of(pairs), whole_map.numbers_of(units)):
        tables.check(shown.frame, shown.table)
    said = words_in(whole_groups.figure_of(own, wording("en"), settings, sheet))
    frame = whole_groups.numbers_of(own).frame
    assert {f"{100 * share:.1f}%" for share in frame["share"]} | {f"{kappa:.2f}" for kappa in frame["kappa"]} <= set(
        said
    )
    cells = whole_similarity.figure_of(pairs, own, wording("en"), sheet)
    known = whole_similarity.numbers_of(pairs).frame["similarity"].dropna()
    numbers = sorted(word for word in words_in(cells) if re.fullmatch(r"\.\d{3}", word))
    assert numbers == sorted(f"{value:.3f}".removeprefix("0") for value in known)
    axes = whole_map.figure_of(units, own, wording("en"), settings.charts, sheet).axes[1]
    drawn_points = np.vstack([np.asarray(one.get_offsets()) for one in axes.collections])
    assert sorted(map(tuple, drawn_points)) == sorted(zip(units["x"], units["y"], strict=True))


def test_a_column_that_no_contract_has_is_no_number_of_a_figure() -> None:
    frame = pd.DataFrame({"region": ["甲"], "made_up": [1]})
    with pytest.raises(KeyError, match="made_up"):
        behind(frame, "one region", ("region",), tables.CLUSTERS)
    shown = behind(frame, "one region", ("region",), tables.CLUSTERS, own=[Column("made_up", "int", "a number")])
    assert [column.kind for column in shown.table.columns] == ["text", "int"]


def test_beside_regions_stand_their_english_names_where_these_are_known() -> None:
    frame = pd.DataFrame({"region_a": ["浙江", "某县"], "region_b": ["某县", "浙江"], "cosine": [0.5, 0.25]})
    shown = behind(frame, "one pair", ("region_a", "region_b"), tables.SIMILARITY)
    documents = pd.DataFrame({"region": ["浙江", "某县"], "region_en": ["Zhejiang", ""]})
    found = with_english(shown, documents)
    tables.check(found.frame, found.table)
    assert found.frame.columns.tolist() == ["region_a", "region_a_en", "region_b", "region_b_en", "cosine"]
    assert found.frame["region_a_en"].tolist() == ["Zhejiang", ""]
    assert found.frame["region_b_en"].tolist() == ["", "Zhejiang"]
    assert with_english(shown, documents.assign(region_en="")) is shown
    assert with_english(shown, None) is shown


# --- files -------------------------------------------------------------------------------------------------------


def noted(folder: Path, name: str, out: Path) -> Path:
    """NAME.todo as the Makefile writes it."""
    todo = out / f"{name}.todo"
    todo.parent.mkdir(parents=True, exist_ok=True)
    gazetteer = [METHOD / "regions.csv"] if name == "tile_grid" else []
    tables_of = [folder / f"{table}.csv" for table in TABLES[name]]
    given = [*tables_of, *gazetteer, *LOOK, out / "page" / name, out / "figures" / name]
    todo.write_text(" ".join(map(str, given)), "utf-8")
    return todo


def run(*todo: Path, seed: str = "0", module: str = "pipeline.charts.slides") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *map(str, todo)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": seed, "MPLBACKEND": "Agg", "JOBS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


SOME = ("silhouette", "theme_matrix", "tile_grid")
SET = {
    "{}.zh.pdf", "{}.en.pdf", "{}.single.zh.svg", "{}.single.zh.png", "{}.single.zh.pdf",
    "{}.single.en.svg", "{}.single.en.png", "{}.single.en.pdf", "{}.csv",
}  # fmt: skip


@pytest.fixture(scope="module")
def made(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Sets of a few figures, made twice under different hash seeds."""
    folder = tmp_path_factory.mktemp("slides")
    write_tables(corpus, folder)
    outs = folder / "one", folder / "two"
    running = [run(*(noted(folder, name, out) for name in SOME), seed=str(at)) for at, out in enumerate(outs, 1)]
    for process in running:
        assert (*process.communicate(), process.returncode) == ("", "", 0)
    return outs


def test_every_figure_has_its_set_and_the_index_lists_every_file(made: tuple[Path, Path]) -> None:
    figures = made[0] / "figures"
    files = {one.format(name) for name in SOME for one in SET}
    assert {path.name for path in figures.iterdir()} == files | {"index.csv"}
    index = tables.read(figures / "index.csv", slides.INDEX)
    assert set(index["file"]) == files
    row = index.set_index("file").loc["theme_matrix.single.en.pdf"]
    assert (row["language"], row["columns"], row["figure"]) == ("en", 1, "theme_matrix")
    assert row["tables"] == "themes.csv;codebook.csv;theme_groups.csv;measures.csv;documents.csv"
    assert row["shows_zh"] == "各地区举措涉及的主题"
    assert index.set_index("file").loc["tile_grid.zh.pdf", "columns"] == 2
    assert index.set_index("file").loc["tile_grid.csv", "language"] == ""
    assert index.set_index("file").loc["tile_grid.csv", "tables"] == "documents.csv;clusters.csv;regions.csv"


def test_a_set_has_the_same_bytes_under_another_hash_seed(made: tuple[Path, Path]) -> None:
    one, other = (
        {path.name: sha256(path.read_bytes()).hexdigest() for path in (out / "figures").iterdir()} for out in made
    )
    assert one == other


def test_a_pdf_has_its_own_font_letters_that_can_be_read_and_no_date(made: tuple[Path, Path]) -> None:
    content = (made[0] / "figures/theme_matrix.zh.pdf").read_bytes()
    assert b"/FontFile2" in content
    assert not re.search(rb"/(CreationDate|ModDate|Producer|Creator|URI)\b", content)
    with pdfplumber.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == 1
        assert float(pdf.pages[0].width) == pytest.approx(DOUBLE.width * 72, abs=0.1)
        assert {"浙江", "兴安盟"} <= set(pdf.pages[0].extract_text().split())


def test_one_column_files_are_as_wide_as_the_column_white_and_without_links(made: tuple[Path, Path]) -> None:
    for name in SOME:
        stem = made[0] / "figures" / f"{name}.single.en"
        with Image.open(stem.with_name(f"{stem.name}.png")) as image:
            assert image.size[0] == round(SINGLE.width * 300)
            assert image.mode == "P"
            assert "transparency" not in image.info
            assert image.convert("RGB").getpixel((0, 0)) == (255, 255, 255)
        svg = stem.with_name(f"{stem.name}.svg").read_text("utf-8")
        assert "<text" not in svg
        assert "<a " not in svg
        assert not re.search("dc:date|dc:creator", svg)
        assert re.search(r'width="252pt"', svg)


def test_the_numbers_on_disk_are_those_of_the_figure_with_a_byte_order_mark(
    made: tuple[Path, Path], corpus: Corpus, settings: Settings
) -> None:
    path = made[0] / "figures/silhouette.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbfk,silhouette,chosen\r\n")
    read = pd.read_csv(path, encoding="utf-8-sig")
    assert read["silhouette"].tolist() == pytest.approx(corpus.cluster_choice["silhouette"].tolist(), abs=5e-7)


def test_a_set_that_is_whole_is_not_drawn_again_and_a_figure_drawn_anew_loses_its_own(
    corpus: Corpus, tmp_path: Path
) -> None:
    write_tables(corpus, tmp_path)
    todo = noted(tmp_path, "silhouette", tmp_path)
    csv = tmp_path / "figures/silhouette.csv"
    assert run(todo).communicate() == ("", "")
    before = csv.stat().st_mtime_ns
    assert run(todo).communicate() == ("", "")
    assert csv.stat().st_mtime_ns == before
    assert run(todo, module="pipeline.charts").communicate() == ("", "")
    assert sorted(path.name for path in csv.parent.glob("silhouette.*")) == [
        f"silhouette.{language}.{kind}" for language in ("en", "zh") for kind in ("png", "svg")
    ]


def test_a_figure_without_anything_to_draw_has_no_set(tmp_path: Path) -> None:
    tables.write((tables.from_rows([], tables.WHOLE_GROUPS), tables.WHOLE_GROUPS, tmp_path / "whole_groups.csv"))
    stem = tmp_path / "figures/whole_groups"
    stem.parent.mkdir()
    left = [*sheets.set_of(stem, charts_wording.LANGUAGES), stem.with_name("whole_groups.zh.svg")]
    for path in left:
        path.touch()
    whole_groups.main(tmp_path / "whole_groups.csv", *LOOK, tmp_path / stem.name, stem, publish=slides.publish_set)
    assert list(stem.parent.iterdir()) == []


def test_every_figure_says_in_both_languages_what_it_shows() -> None:
    for language, strings in zip(charts_wording.LANGUAGES, STRINGS, strict=True):
        shown = set(re.findall(r"^shows_(\w+) = ", strings.read_text("utf-8"), flags=re.MULTILINE))
        assert shown == set(DRAWN), language
