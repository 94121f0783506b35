"""Who stays together over many partitions: groups, supports and stability worked by hand and recounted by plain loops."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from pipeline import tables
from pipeline.consensus import consensus_of, grouping_of, main, stability_of
from pipeline.evidence import INDICES, base_views, indices_of, partition_set, stability
from pipeline.method import Settings
from pipeline.representations import Corpus, all_units, regions_of
from tests.conftest import METHOD, measures_frame, tokens_frame

pytestmark = pytest.mark.usefixtures("in_this_process")

# Five regions in four partitions. Together: 甲乙 4, 甲丙 1, 乙丙 1, 丙丁 2, 丙戊 1, 丁戊 3 times of 4, the others never.
NAMES = ("甲", "乙", "丙", "丁", "戊")
FOUR = np.array([[0, 0, 1, 1, 1], [0, 0, 0, 1, 1], [1, 1, 0, 0, 2], [0, 0, 1, 2, 2]])
SHARES = {
    ("甲", "乙"): 1,
    ("甲", "丙"): 1 / 4,
    ("乙", "丙"): 1 / 4,
    ("丙", "丁"): 1 / 2,
    ("丙", "戊"): 1 / 4,
    ("丁", "戊"): 3 / 4,
}


def grouped(k: int, labels: np.ndarray = FOUR) -> tuple[pd.DataFrame, pd.DataFrame]:
    pairs, rows = grouping_of(NAMES, k, labels)
    return tables.from_rows(pairs, tables.COASSIGNMENT), tables.from_rows(rows, tables.CONSENSUS)


# --- one number of groups ----------------------------------------------------------------------------------------


def test_the_share_of_a_pair_is_that_of_the_partitions_that_keep_it_together() -> None:
    pairs, _ = grouped(2)
    tables.check(pairs, tables.COASSIGNMENT)
    assert pairs[["region_a", "region_b"]].values.tolist() == [list(pair) for pair in combinations(NAMES, 2)]
    assert (pairs["k"] == 2).all()
    found = {(row.region_a, row.region_b): row.share for row in pairs.itertuples()}
    assert {pair: share for pair, share in found.items() if share} == SHARES


def test_groups_have_the_support_runner_up_and_overlap_worked_by_hand() -> None:
    _, rows = grouped(2)
    tables.check(rows, tables.CONSENSUS)
    by_region = rows.set_index("region")
    # 甲乙 at 0, 丁戊 at 1/4; 丙 is at (1/2 + 3/4) / 2 from 丁戊 and at 3/4 from 甲乙: {甲, 乙} and {丙, 丁, 戊}
    pair, three = by_region.loc["甲", "cluster"], by_region.loc["丙", "cluster"]
    assert {pair, three} == {1, 2}
    assert by_region["cluster"].tolist() == [pair, pair, three, three, three]
    assert by_region["runner_up"].tolist() == [three, three, pair, pair, pair]
    # 甲: with 乙 1, with the others (1/4 + 0 + 0) / 3. 丙: (1/2 + 1/4) / 2, with 甲 and 乙 1/4. 丁: (1/2 + 3/4) / 2.
    assert by_region["support"].tolist() == pytest.approx([1, 1, 3 / 8, 5 / 8, 1 / 2], abs=1e-12)
    assert by_region["runner_up_support"].tolist() == pytest.approx([1 / 12, 1 / 12, 1 / 4, 0, 0], abs=1e-12)
    # {甲, 乙}: 1, 2/3 of {甲, 乙, 丙}, 1, 1; {丙, 丁, 戊}: 1, then 2/3 of {丁, 戊}, {丙, 丁} and {丁, 戊}
    assert by_region["jaccard"].tolist() == pytest.approx([11 / 12] * 2 + [3 / 4] * 3, abs=1e-12)


def test_a_region_alone_has_neither_support_nor_stability() -> None:
    by_region = grouped(3)[1].set_index("region")
    assert by_region["cluster"].nunique() == 3
    assert by_region.loc["丙", ["support", "jaccard"]].tolist() == [0, 0]
    assert by_region.loc["丙", "runner_up"] == by_region.loc["丁", "cluster"]
    assert by_region.loc["丙", "runner_up_support"] == pytest.approx(3 / 8, abs=1e-12)
    # {丁, 戊}: 2/3 of {丙, 丁, 戊}, 1, 1/2 of {戊} (or 1/3 of {丙, 丁}), 1
    assert by_region.loc["丁", "jaccard"] == pytest.approx((2 / 3 + 1 + 1 / 2 + 1) / 4, abs=1e-12)


def test_one_group_of_all_has_no_runner_up() -> None:
    _, rows = grouped(1)
    assert rows["cluster"].tolist() == [1] * 5
    assert rows["runner_up"].isna().all()
    assert (rows["runner_up_support"] == 0).all()
    assert rows.set_index("region")["support"].to_dict() == pytest.approx(
        {"甲": 5 / 16, "乙": 5 / 16, "丙": 5 / 16, "丁": 5 / 16, "戊": 4 / 16}, abs=1e-12
    )
    tables.check(rows, tables.CONSENSUS)


PARTITIONS = st.integers(1, 6).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 3), min_size=n, max_size=n), min_size=1, max_size=6)
)


@given(PARTITIONS, st.integers(1, 6))
def test_groups_are_numbered_along_the_leaves_and_their_supports_are_recounted(
    partitions: list[list[int]], k: int
) -> None:
    labels = np.array(partitions)
    n = labels.shape[1]
    k = min(k, n)
    names = tuple(f"地区{at}" for at in range(n))
    pairs, rows = grouping_of(names, k, labels)
    assert len(pairs) == n * (n - 1) // 2
    assert sorted(row["leaf"] for row in rows) == list(range(1, n + 1))
    along = [row["cluster"] for row in sorted(rows, key=lambda row: row["leaf"])]
    assert along == sorted(along)  # no group is cut in two by another
    assert set(along) == set(range(1, k + 1))
    group = {row["region"]: row["cluster"] for row in rows}
    together = {frozenset((pair["region_a"], pair["region_b"])): pair["share"] for pair in pairs}
    for row in rows:
        means = {}
        for each in range(1, k + 1):
            others = [
                together[frozenset((row["region"], name))]
                for name in names
                if group[name] == each and name != row["region"]
            ]
            means[each] = float(np.mean(others)) if others else 0.0
        assert row["support"] == pytest.approx(means.pop(row["cluster"]), abs=1e-12)
        if means:
            assert row["runner_up_support"] == pytest.approx(max(means.values()), abs=1e-12)
            assert means[row["runner_up"]] == pytest.approx(max(means.values()), abs=1e-12)


# --- stability ---------------------------------------------------------------------------------------------------


def test_stability_stands_beside_the_middle_and_the_ends_of_the_shuffled_corpora() -> None:
    values = np.arange(8.0).reshape(2, 4) / 10
    alike, p = values + 0.05, values + 0.01
    null = np.linspace(0, 1, 21)[:, None, None] * (values + 1)
    found = stability_of(values, alike, null, p, [2, 5])
    tables.check(found, tables.STABILITY)
    assert found[["k", "index"]].values.tolist() == [[k, index] for k in (2, 5) for index in INDICES]
    assert found["value"].tolist() == values.ravel().tolist()
    assert found["value_alike"].tolist() == alike.ravel().tolist()
    assert found["p"].tolist() == p.ravel().tolist()
    for column, place in (("null_low", 0.05), ("null_median", 0.5), ("null_high", 0.95)):
        assert found[column].tolist() == pytest.approx((place * (values + 1)).ravel().tolist(), abs=1e-12)


# --- the stage ---------------------------------------------------------------------------------------------------

SAID = [
    ("山东", "培训 评价"), ("山东", "培训 基地 研修"),
    ("浙江", "培训 评价 研修"), ("浙江", "基地 培训"),
    ("上海", "双师 校企"), ("上海", "比赛 企业 双师"),
    ("湖南", "比赛 校企"), ("湖南", "比赛 企业 双师"),
]  # fmt: skip


def frames_of(said: list[tuple[str, str]]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Tokens with and without the dictionary, and measures; blanks between the words of a measure."""
    measures = measures_frame([(region, "，".join(text.split())) for region, text in said])
    ids = measures["measure_id"].tolist()
    plain = [(region, text.replace("校企", "企业")) for region, text in said]
    tokens = [
        tokens_frame([(region, measure, text.split()) for (region, text), measure in zip(rows, ids, strict=True)])
        for rows in (said, plain)
    ]
    return tokens[0], tokens[1], measures


def quick(settings: Settings, *, resamples: int = 2, null_draws: int = 5) -> Settings:
    return replace(
        settings,
        keywords=replace(settings.keywords, common_share=1.0),
        specification=replace(settings.specification, resamples=resamples, null_draws=null_draws),
    )


def test_every_k_has_its_groups_and_the_supports_that_its_shares_make(settings: Settings) -> None:
    shares, groups, indices = consensus_of(*frames_of(SAID), quick(settings))
    for frame, table in ((shares, tables.COASSIGNMENT), (groups, tables.CONSENSUS), (indices, tables.STABILITY)):
        tables.check(frame, table)
    assert groups["k"].tolist() == [k for k in (1, 2, 3) for _ in range(4)]
    assert groups.groupby("k")["cluster"].nunique().to_dict() == {1: 1, 2: 2, 3: 3}
    assert len(shares) == 18
    assert (shares.loc[shares["k"] == 1, "share"] == 1).all()
    together = {(row.k, frozenset((row.region_a, row.region_b))): row.share for row in shares.itertuples()}
    for row in groups.itertuples():
        own = groups[(groups["k"] == row.k) & (groups["cluster"] == row.cluster) & (groups["region"] != row.region)]
        means = [together[row.k, frozenset((row.region, other))] for other in own["region"]]
        assert row.support == pytest.approx(float(np.mean(means)) if means else 0, abs=1e-12)


def test_two_groups_that_speak_of_different_things_are_found(settings: Settings) -> None:
    _, groups, indices = consensus_of(*frames_of(SAID), quick(settings, null_draws=19))
    two = groups[groups["k"] == 2].set_index("region")["cluster"]
    assert two["山东"] == two["浙江"] != two["上海"] == two["湖南"]
    by_index = indices.set_index(["k", "index"])
    assert by_index.loc[(2, "pac"), "value"] < by_index.loc[(2, "pac"), "null_median"]
    assert by_index.loc[(2, "jaccard"), "value"] > by_index.loc[(2, "jaccard"), "null_median"]


def test_indices_are_those_of_all_partitions_but_prediction_strength_has_its_own_halves(settings: Settings) -> None:
    tokens, plain, measures = frames_of(SAID)
    chosen = quick(settings)
    _, _, found = consensus_of(tokens, plain, measures, chosen)
    regions = regions_of(measures)
    corpus = Corpus(regions, all_units(tokens, plain, measures, regions), 1.0)
    seed = settings.resampling.seed
    whole = indices_of(partition_set(corpus, [2, 3], 2, seed), [2, 3], settings.verdict)
    base = base_views(exclude_generic=True)["words"]
    beside = stability(corpus, base, [2, 3], chosen.specification, settings.verdict, seed)
    by_index = found.set_index(["index", "k"])
    for at, name in enumerate(("pac", "jaccard", "support")):
        assert by_index.loc[name, "value"].tolist() == whole[:, at].tolist()
    assert by_index.loc["prediction_strength", "value"].tolist() == beside.alike[:, 2].tolist()
    for at, name in enumerate(INDICES):
        assert by_index.loc[name, "value_alike"].tolist() == beside.alike[:, at].tolist()
        expected = np.median(beside.null[:, :, at], axis=0)
        assert by_index.loc[name, "null_median"].tolist() == pytest.approx(expected.tolist(), abs=1e-12)


@pytest.mark.parametrize("n", [1, 2])
def test_fewer_than_three_regions_are_one_group(n: int, settings: Settings) -> None:
    shares, groups, indices = consensus_of(*frames_of(SAID[: 2 * n]), quick(settings))
    assert len(shares) == n - 1
    assert groups[["k", "cluster", "leaf"]].values.tolist() == [[1, 1, at + 1] for at in range(n)]
    assert groups["support"].tolist() == ([0.0] if n == 1 else [1.0, 1.0])
    assert groups["runner_up"].isna().all()
    assert indices.empty
    for frame, table in ((shares, tables.COASSIGNMENT), (groups, tables.CONSENSUS), (indices, tables.STABILITY)):
        assert list(frame.columns) == table.names
        tables.check(frame, table)


@pytest.mark.parametrize("order", [(3, 2, 1, 0), (2, 0, 3, 1)])
def test_the_order_of_the_regions_does_not_change_who_is_with_whom(settings: Settings, order: tuple[int, ...]) -> None:
    names = list(dict.fromkeys(region for region, _ in SAID))
    said = [row for at in order for row in SAID if row[0] == names[at]]
    _, groups, _ = consensus_of(*frames_of(said), quick(settings, null_draws=1))
    two = groups[groups["k"] == 2].groupby("cluster")["region"].agg(frozenset)
    assert set(two) == {frozenset(("山东", "浙江")), frozenset(("上海", "湖南"))}


def test_the_stage_reads_and_writes_its_tables(settings: Settings, tmp_path: Path) -> None:
    frames = frames_of(SAID)
    inputs = [tmp_path / f"{name}.csv" for name in ("tokens", "plain", "measures")]
    tables.write(*zip(frames, (tables.TOKENS, tables.TOKENS, tables.MEASURES), inputs, strict=True))
    text = (METHOD / "settings.toml").read_text("utf-8").replace("resamples = 20\n", "resamples = 1\n")
    (tmp_path / "settings.toml").write_text(text.replace("null_draws = 99", "null_draws = 19"), "utf-8")
    written = (tables.COASSIGNMENT, tables.CONSENSUS, tables.STABILITY)
    outputs = [tmp_path / f"{table.name}.csv" for table in written]
    main(*inputs, tmp_path / "settings.toml", *outputs)
    chosen = replace(settings, specification=replace(settings.specification, resamples=1, null_draws=19))
    expected = consensus_of(*frames, chosen)
    for table, path, frame in zip(written, outputs, expected, strict=True):
        found = tables.read(path, table)
        numbers = [column.name for column in table.columns if column.kind == "float"]
        np.testing.assert_allclose(found[numbers].astype(float), frame[numbers].astype(float), atol=1e-6)
        rest = [name for name in table.names if name not in numbers]
        pd.testing.assert_frame_equal(found[rest], frame[rest], check_dtype=False)
