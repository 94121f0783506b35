"""Figures of a large corpus: every word readable, what the tables say, and no file where there is nothing to draw."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import tables
from pipeline.charts import style, whole_groups, whole_map, whole_similarity
from pipeline.charts.wording import LANGUAGES, Wording, load_wordings
from pipeline.method import Settings
from tests.conftest import METHOD
from tests.test_charts import MPLSTYLE, STRINGS, clashes, words_in

LOOK = (METHOD / "settings.toml", METHOD / "glossary.csv", MPLSTYLE, *STRINGS)


@pytest.fixture(autouse=True)
def look() -> Iterator[None]:
    with style.drawing(MPLSTYLE, Path("figure")):
        yield


def wording(language: str) -> Wording:
    return next(one for one in load_wordings(*STRINGS, METHOD / "glossary.csv") if one.language == language)


def groups(count: int, label: str = "教师·培训·双师型教师") -> pd.DataFrame:
    share = np.arange(count, 0, -1) / np.arange(count + 1).sum()
    kappa = np.linspace(-0.05, 1.0, count)
    return pd.DataFrame(
        {
            "group": np.arange(1, count + 1), "units": (1000 * share).astype(int), "share": share, "stability": 0.9,
            "cohesion": 0.1, "kappa": kappa, "q": 0.01, "holds": kappa >= 0.2, "label": label,
        }
    )  # fmt: skip


def similarity(count: int) -> pd.DataFrame:
    pairs = [(a, b) for a in range(1, count + 1) for b in range(a, count + 1)]
    values = [np.nan if (a, b) == (1, 1) else 0.2 if a == b else 0.05 for a, b in pairs]
    return pd.DataFrame({"group_a": [a for a, _ in pairs], "group_b": [b for _, b in pairs], "similarity": values})


def points(count: int) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((2, 300))
    return pd.DataFrame(
        {"unit": [f"第{at}所" for at in range(300)], "group": np.arange(300) % count + 1, "x": x, "y": y}
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [2, 8, 16])
@pytest.mark.parametrize("label", ["教师", "中华人民共和国职业教育法实施条例·一体化教学改革试点·产教融合型企业认证"])
def test_no_words_touch_however_many_groups_and_long_their_names(
    settings: Settings, language: str, count: int, label: str
) -> None:
    own = groups(count, label)
    said = wording(language)
    assert clashes(whole_groups.figure_of(own, said, settings)) == []
    assert clashes(whole_similarity.figure_of(similarity(count), own, said)) == []
    assert clashes(whole_map.figure_of(points(count), own, said, settings.charts)) == []


def test_the_numbers_are_those_of_the_table(settings: Settings) -> None:
    own = groups(4)
    words = words_in(whole_groups.figure_of(own, wording("zh"), settings))
    assert {"40.0%", "30.0%", "20.0%", "10.0%"} <= set(words)
    assert {"-0.05", "0.30", "0.65", "1.00"} <= set(words)
    cells = words_in(whole_similarity.figure_of(similarity(3), groups(3), wording("zh")))
    assert sorted(word for word in cells if word.startswith(".")) == [".050"] * 3 + [".200"] * 2
    assert "随机抽取的 300 个单位" in words_in(
        whole_map.figure_of(points(3), groups(3), wording("zh"), settings.charts)
    )


def test_groups_of_one_colour_have_different_marks(settings: Settings) -> None:
    palette = settings.charts.palette
    looks = {
        (style.group_colour(group, palette), whole_map.shape_of(group, palette))
        for group in range(1, 3 * len(palette) + 1)
    }
    assert len(looks) == 3 * len(palette)


@pytest.mark.parametrize(
    ("main", "contracts", "frames"),
    [
        (whole_groups.main, (tables.WHOLE_GROUPS,), (groups(3),)),
        (whole_similarity.main, (tables.WHOLE_GROUP_SIMILARITY, tables.WHOLE_GROUPS), (similarity(3), groups(3))),
        (whole_map.main, (tables.WHOLE_MAP, tables.WHOLE_GROUPS), (points(3), groups(3))),
    ],
    ids=["groups", "similarity", "map"],
)
def test_a_figure_is_drawn_where_there_are_groups_and_taken_away_where_there_are_none(
    tmp_path: Path, main: object, contracts: tuple[tables.Table, ...], frames: tuple[pd.DataFrame, ...]
) -> None:
    paths = [tmp_path / f"{table.name}.csv" for table in contracts]
    stem = tmp_path / "figures" / "figure"
    drawn = {f"figure.{language}.{kind}" for language in LANGUAGES for kind in ("svg", "png")}
    tables.write(*zip(frames, contracts, paths, strict=True))
    main(*paths, *LOOK, stem)  # type: ignore[operator]
    assert {path.name for path in stem.parent.iterdir()} == drawn
    tables.write(*((tables.from_rows([], table), table, path) for table, path in zip(contracts, paths, strict=True)))
    main(*paths, *LOOK, stem)  # type: ignore[operator]
    assert list(stem.parent.iterdir()) == []
