"""Who stays together over many partitions: groups, supports and stability worked by hand and recounted by plain loops."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import tables
from pipeline.consensus import consensus_tables, main
from pipeline.evidence import INDICES, base_views, indices_of, partition_set, stability
from pipeline.method import Settings
from pipeline.representations import Corpus, all_units, regions_of
from tests.conftest import METHOD, measures_frame, tokens_frame

pytestmark = pytest.mark.usefixtures("in_this_process")

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
    shares, groups, indices = consensus_tables(*frames_of(SAID), quick(settings))
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
    _, groups, indices = consensus_tables(*frames_of(SAID), quick(settings, null_draws=19))
    two = groups[groups["k"] == 2].set_index("region")["cluster"]
    assert two["山东"] == two["浙江"] != two["上海"] == two["湖南"]
    by_index = indices.set_index(["k", "index"])
    assert by_index.loc[(2, "pac"), "value"] < by_index.loc[(2, "pac"), "null_median"]
    assert by_index.loc[(2, "jaccard"), "value"] > by_index.loc[(2, "jaccard"), "null_median"]


def test_indices_are_those_of_all_partitions_but_prediction_strength_has_its_own_halves(settings: Settings) -> None:
    tokens, plain, measures = frames_of(SAID)
    chosen = quick(settings)
    _, _, found = consensus_tables(tokens, plain, measures, chosen)
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
    shares, groups, indices = consensus_tables(*frames_of(SAID[: 2 * n]), quick(settings))
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
    _, groups, _ = consensus_tables(*frames_of(said), quick(settings, null_draws=1))
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
    expected = consensus_tables(*frames, chosen)
    for table, path, frame in zip(written, outputs, expected, strict=True):
        found = tables.read(path, table)
        numbers = [column.name for column in table.columns if column.kind == "float"]
        np.testing.assert_allclose(found[numbers].astype(float), frame[numbers].astype(float), atol=1e-6)
        rest = [name for name in table.names if name not in numbers]
        pd.testing.assert_frame_equal(found[rest], frame[rest], check_dtype=False)
