"""P values of pairs and of structure: those of plain loops over the same deals, and what one or two regions allow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy.stats import false_discovery_control

from pipeline import evidence, tables
from pipeline.evidence import Shuffled
from pipeline.method import Settings
from pipeline.permutation import main, pair_tests_of, permutation_of
from pipeline.representations import character_ngrams
from pipeline.stats.resampling import shuffled_among
from tests.conftest import METHOD, plain_cosines, said_frames

pytestmark = pytest.mark.usefixtures("in_this_process")

SAID = [
    ("山东", "培训 评价 基地"), ("山东", "培训 评价"),
    ("浙江", "培训 评价 培训"),
    ("上海", "双师 校企"), ("上海", "双师 比赛"), ("上海", "师德"),
    ("湖南", "双师 校企 比赛"), ("湖南", "基地"),
    ("广东", "师德 竞赛"),
]  # fmt: skip


def quick(settings: Settings, draws: int = 19) -> Settings:
    """Few deals, and no word that is too common."""
    return replace(
        settings,
        keywords=replace(settings.keywords, common_share=1.0),
        permutation=replace(settings.permutation, draws=draws),
    )


def shuffled_of(
    pair_p: Sequence[float] = (), silhouette: Sequence[float] = (), null: Sequence[Sequence[float]] = ((),)
) -> Shuffled:
    """One view by hand; the dispersions do not matter."""
    ks = len(silhouette)
    flat = np.zeros(ks + 1)
    return Shuffled(np.array(silhouette), np.array(null), flat, np.tile(flat, (len(null), 1)), np.array(pair_p))


# --- pairs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", ["words", "characters"])
def test_the_p_of_a_pair_is_its_place_among_the_shuffled_pairs_of_like_size(view: str, settings: Settings) -> None:
    draws = 19
    found, _, _ = permutation_of(*said_frames(SAID), quick(settings, draws))
    regions = [region for region, _ in SAID]
    names = list(dict.fromkeys(regions))
    of = np.array([names.index(region) for region in regions])
    deals = shuffled_among(of, draws, np.random.default_rng([settings.resampling.seed, evidence._SHUFFLE]))

    def terms(text: str) -> list[str]:
        return text.split() if view == "words" else list(character_ngrams("，".join(text.split()), 2))

    def cosines(deal: np.ndarray) -> np.ndarray:
        said = [
            [term for (_, text), own in zip(SAID, deal, strict=True) if own == at for term in terms(text)]
            for at in range(len(names))
        ]
        return plain_cosines(said)

    own, drawn = cosines(of), [cosines(deal) for deal in deals]
    size = {name: regions.count(name) for name in names}
    pairs = list(combinations(range(len(names)), 2))
    expected = []
    for a, b in pairs:
        like = [
            (i, j)
            for i, j in pairs
            if sorted((size[names[i]], size[names[j]])) == sorted((size[names[a]], size[names[b]]))
        ]
        null = [each[i, j] for each in drawn for i, j in like]
        expected.append((1 + sum(value >= own[a, b] - 1e-9 for value in null)) / (1 + len(null)))
    suffix = {"words": "", "characters": "_char"}[view]
    assert found[["region_a", "region_b"]].values.tolist() == [[names[a], names[b]] for a, b in pairs]
    assert found[f"p{suffix}"].tolist() == pytest.approx(expected, abs=1e-12)
    assert found[f"q{suffix}"].tolist() == pytest.approx(false_discovery_control(expected).tolist(), abs=1e-12)


P = st.lists(st.floats(0.001, 1), min_size=3, max_size=3)


@given(P, P)
def test_a_pair_holds_where_both_views_say_so_after_correction(words: list[float], characters: list[float]) -> None:
    found = pair_tests_of(("甲", "乙", "丙"), {"words": shuffled_of(words), "characters": shuffled_of(characters)}, 0.3)
    q, q_char = false_discovery_control(words), false_discovery_control(characters)
    assert found["p"].tolist() == words
    assert found["p_char"].tolist() == characters
    assert found["q"].tolist() == pytest.approx(q.tolist(), abs=1e-12)
    for row, left, right in zip(found.itertuples(), q, q_char, strict=True):
        if min(abs(left - 0.3), abs(right - 0.3)) > 1e-9:
            assert row.holds == (left < 0.3 and right < 0.3)
    tables.check(found, tables.PAIR_TESTS)


def test_a_pair_at_the_level_holds_and_one_view_alone_is_not_enough() -> None:
    # q of 1/16 1/8 1/2 is 3/16 3/16 1/2; of 1/4 1/4 1/4 it is 1/4 each
    found = pair_tests_of(
        ("甲", "乙", "丙"),
        {"words": shuffled_of([1 / 16, 1 / 8, 1 / 2]), "characters": shuffled_of([1 / 4] * 3)},
        0.25,
    )
    assert found["q"].tolist() == [3 / 16, 3 / 16, 1 / 2]
    assert found["q_char"].tolist() == [1 / 4] * 3
    assert found["holds"].tolist() == [True, True, False]


# --- structure ---------------------------------------------------------------------------------------------------


def test_the_stage_has_both_views_and_a_null_distribution_of_the_statistic(settings: Settings) -> None:
    pairs, structure, null = permutation_of(*said_frames(SAID), quick(settings, 29))
    for frame, table in (
        (pairs, tables.PAIR_TESTS), (structure, tables.STRUCTURE), (null, tables.NULL_DISTRIBUTION)
    ):  # fmt: skip
        tables.check(frame, table)
    assert structure[["view", "k"]].values.tolist() == [
        [view, k] for view in ("words", "characters") for k in (0, 1, 2, 3, 4)
    ]
    assert null["draw"].tolist() == list(range(1, 30))
    for view in ("words", "characters"):
        own = structure[structure["view"] == view].set_index("k")
        assert own.loc[0, "silhouette"] == own.loc[2:, "silhouette"].max()
        assert own.loc[0, "null_median"] == pytest.approx(null[view].median(), abs=1e-12)
        assert own.loc[0, "p"] == pytest.approx((1 + (null[view] >= own.loc[0, "silhouette"] - 1e-9).sum()) / 30)


@pytest.mark.parametrize("n", [1, 2])
def test_fewer_than_three_regions_have_no_statistic_and_an_empty_null_distribution(n: int, settings: Settings) -> None:
    pairs, structure, null = permutation_of(
        *said_frames([row for row in SAID if row[0] in ("山东", "浙江")[:n]]), quick(settings)
    )
    assert len(pairs) == n - 1
    assert structure[["view", "k"]].values.tolist() == [["words", 1], ["characters", 1]]
    assert null.empty
    for frame, table in (
        (pairs, tables.PAIR_TESTS), (structure, tables.STRUCTURE), (null, tables.NULL_DISTRIBUTION)
    ):  # fmt: skip
        assert list(frame.columns) == table.names
        tables.check(frame, table)


def test_equal_texts_are_not_more_alike_than_shuffled_ones(settings: Settings) -> None:
    pairs, structure, _ = permutation_of(
        *said_frames([(name, text) for name in ("甲", "乙", "丙") for text in ("培训 评价", "双师 校企")] * 2),
        quick(settings),
    )
    assert not pairs["holds"].any()
    assert structure.loc[structure["k"] == 0, "silhouette"].tolist() == pytest.approx([0, 0])
    assert (structure.loc[structure["k"] == 0, "p"] == 1).all()


def test_words_on_the_list_of_generic_words_count_only_where_the_setting_says_so(settings: Settings) -> None:
    said = [("甲", "加强 培训"), ("乙", "加强 评价"), ("丙", "双师"), ("丁", "校企")]
    tokens, measures = said_frames(said)
    tokens["generic"] = tokens["term"] == "加强"
    chosen = quick(settings, 9)
    p = {
        out: permutation_of(tokens, measures, replace(chosen, keywords=replace(chosen.keywords, exclude_generic=out)))[
            0
        ]
        for out in (True, False)
    }
    # Without it no two regions share a word, so that every shuffled pair is at least as alike
    assert p[True]["p"].tolist() == [1.0] * 6
    assert p[False]["p"].tolist()[1:] == [1.0] * 5
    assert p[False]["p"][0] < 1
    assert p[True]["p_char"].tolist() == p[False]["p_char"].tolist()


def test_another_seed_gives_other_deals(settings: Settings) -> None:
    chosen = quick(settings)
    other = replace(chosen, resampling=replace(chosen.resampling, seed=chosen.resampling.seed + 1))
    null = [permutation_of(*said_frames(SAID), each)[2] for each in (chosen, chosen, other)]
    pd.testing.assert_frame_equal(null[0], null[1], check_exact=True)
    assert null[0]["words"].tolist() != null[2]["words"].tolist()


def test_the_stage_reads_and_writes_its_tables(settings: Settings, tmp_path: Path) -> None:
    tokens, measures = said_frames(SAID[:6])
    inputs = [tmp_path / "tokens.csv", tmp_path / "measures.csv"]
    tables.write((tokens, tables.TOKENS, inputs[0]), (measures, tables.MEASURES, inputs[1]))
    written = (tables.PAIR_TESTS, tables.STRUCTURE, tables.NULL_DISTRIBUTION)
    outputs = [tmp_path / f"{table.name}.csv" for table in written]
    main(*inputs, METHOD / "settings.toml", *outputs)
    expected = permutation_of(tokens, measures, settings)
    for table, path, frame in zip(written, outputs, expected, strict=True):
        found = tables.read(path, table)
        numbers = [column.name for column in table.columns if column.kind == "float"]
        np.testing.assert_allclose(found[numbers].astype(float), frame[numbers].astype(float), atol=1e-6)
        rest = [name for name in table.names if name not in numbers]
        assert found[rest].values.tolist() == frame[rest].values.tolist()
