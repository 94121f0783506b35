"""Two runs side by side: keywords, regions, pairs, groups, idf, inputs."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import adjusted_rand_score

from pipeline import tables
from pipeline.background import WORDS
from pipeline.compare import compared, main, read_run, weights_of
from pipeline.comparing.groups import groups_of, terms_of, verdict_of
from pipeline.comparing.inputs import inputs_of
from pipeline.comparing.runs import Run, background_weights, frozen_intervals, own_weights
from pipeline.errors import InputError
from tests.compare_runs import MANIFEST, SETTINGS, run_of
from tests.conftest import METHOD

A = (("山东", "培训 培训 基地"), ("浙江", "培训 评价"), ("上海", "双师 评价"))
B = (("山东", "培训 基地 基地 师德"), ("浙江", "培训 评价"), ("上海", "双师 评价"), ("四川", "基地"))


def between(a: Run, b: Run, reference: str = "own", settings: Any = SETTINGS) -> dict[str, pd.DataFrame]:
    """The tables of a comparison, each as its contract promises."""
    weights = weights_of(a, b, reference, settings, METHOD / "background", METHOD / "settings.toml")
    made = compared(a, b, weights, settings)
    for table in tables.COMPARED:
        tables.check(made[table.name], table)
    return made


@pytest.fixture(scope="module")
def made() -> dict[str, pd.DataFrame]:
    return between(run_of("A", A), run_of("B", B))


def keyed(frame: pd.DataFrame, *key: str) -> dict[Any, Any]:
    names = key[0] if len(key) == 1 else list(key)
    return {
        (value if isinstance(names, str) else tuple(value)): row
        for value, row in zip(frame[names].to_numpy().tolist(), frame.itertuples(), strict=True)
    }


def idf(df: int, n: int) -> float:
    return math.log((1 + n) / (1 + df)) + 1


# --- keywords --------------------------------------------------------------------------------------------------------


def test_a_lost_and_a_gained_keyword_have_the_weights_worked_by_hand(made: Mapping[str, pd.DataFrame]) -> None:
    rows = keyed(made["compare_keywords"], "region", "term")
    # 山东 says 培训 2 of 3 times in A, 1 of 4 times in B; two regions of three, then two of four
    lost = rows["山东", "培训"]
    assert (lost.status, lost.rank_a, lost.rank_b, lost.count_a, lost.count_b, lost.df_a, lost.df_b) == (
        "lost",
        1,
        3,
        2,
        1,
        2,
        2,
    )
    assert lost.weight_a == pytest.approx(2 / 3 * idf(2, 3), abs=1e-12)
    assert lost.weight_b == pytest.approx(1 / 4 * idf(2, 4), abs=1e-12)
    assert lost.from_tf == pytest.approx((1 / 4 - 2 / 3) * (idf(2, 3) + idf(2, 4)) / 2, abs=1e-12)
    assert lost.from_idf == pytest.approx((idf(2, 4) - idf(2, 3)) * (2 / 3 + 1 / 4) / 2, abs=1e-12)
    assert lost.cause == "text"
    gained = rows["山东", "基地"]
    assert (gained.status, gained.rank_a, gained.rank_b, gained.measures_a, gained.measures_b) == (
        "gained",
        2,
        1,
        ["D01-1"],
        ["D01-1"],
    )
    assert set(rows) == {("山东", "培训"), ("山东", "基地"), ("浙江", "培训"), ("上海", "双师")}


@pytest.mark.parametrize("reference", ["own", "A", "B"])
def test_the_two_parts_of_every_change_sum_to_it(reference: str) -> None:
    settings = replace(SETTINGS, keywords=replace(SETTINGS.keywords, top=10))
    frame = between(run_of("A", A), run_of("B", B), reference, settings)["compare_keywords"]
    assert len(frame) == 7
    assert np.allclose(frame["from_tf"] + frame["from_idf"], frame["change"], atol=1e-15)
    assert np.allclose(frame["weight_b"] - frame["weight_a"], frame["change"], atol=1e-15)
    assert (frame["from_idf"].abs() > 1e-3).any() == (reference == "own")


def cause_of(a: Run, b: Run, term: str, region: str = "山东") -> tuple[str, str]:
    row = keyed(between(a, b)["compare_keywords"], "region", "term")[region, term]
    return row.status, row.cause


def test_a_term_that_the_text_no_longer_has_is_absent() -> None:
    a, b = run_of("A", (("山东", "基地"), ("浙江", "评价"))), run_of("B", (("山东", "师德"), ("浙江", "评价")))
    assert cause_of(a, b, "基地") == ("lost", "absent")
    assert cause_of(a, b, "师德") == ("gained", "absent")


def test_a_term_that_the_text_still_has_but_is_cut_otherwise_is_cut() -> None:
    text = {"山东": "名师工作室"}
    a = run_of("A", (("山东", "名师工作室"), ("浙江", "评价")), texts=text)
    b = run_of("B", (("山东", "名师"), ("浙江", "评价")), texts=text)
    assert cause_of(a, b, "名师工作室") == ("lost", "cut")
    longer = run_of("B", (("山东", "名师"), ("浙江", "评价")), texts={"山东": "名师工作室很好"})
    assert cause_of(a, longer, "名师工作室") == ("lost", "cut")


def test_a_term_counted_more_often_in_the_same_text_is_cut_not_text() -> None:
    text = {"山东": "基地培训"}
    a = run_of("A", (("山东", "基地 基地 培训"), ("浙江", "评价")), texts=text)
    b = run_of("B", (("山东", "基地 培训 培训"), ("浙江", "评价")), texts=text)
    assert cause_of(a, b, "基地") == ("lost", "cut")


def test_a_term_that_became_generic_is_unranked() -> None:
    said = (("山东", "基地 基地 培训"), ("浙江", "评价"))
    assert cause_of(run_of("A", said), run_of("B", said, generic=["基地"]), "基地") == ("lost", "unranked")


def test_a_term_that_others_took_up_is_lost_to_the_others_and_what_takes_its_place_is_displaced() -> None:
    a = run_of("A", (("山东", "基地 师德"), ("浙江", "评价"), ("上海", "双师")))
    b = run_of("B", (("山东", "基地 师德"), ("浙江", "评价 基地"), ("上海", "双师 基地")))
    assert cause_of(a, b, "基地") == ("lost", "others")
    assert cause_of(a, b, "师德") == ("gained", "displaced")


def test_what_only_the_number_of_regions_moved_is_the_same(made: Mapping[str, pd.DataFrame]) -> None:
    row = keyed(made["compare_keywords"], "region", "term")["上海", "双师"]
    assert (row.status, row.cause) == ("kept", "same")
    assert row.change == pytest.approx(1 / 2 * math.log(5 / 4))


@pytest.mark.parametrize(
    ("in_a", "in_b", "sure"),
    [(0.7, 0.3, True), (0.69, 0.3, False), (0.7, 0.31, False), (1.0, 0.0, True), (0.2, 0.0, False)],
)
def test_a_loss_is_sure_only_when_stable_where_listed_and_stably_absent_where_not(
    in_a: float, in_b: float, sure: bool
) -> None:
    a, b = (
        run_of(side, said, stable={("山东", "培训"): value}) for side, said, value in (("A", A, in_a), ("B", B, in_b))
    )
    assert keyed(between(a, b)["compare_keywords"], "region", "term")["山东", "培训"].sure == sure


@pytest.mark.parametrize(("in_a", "in_b", "sure"), [(0.3, 0.7, True), (0.31, 0.7, False), (0.3, 0.69, False)])
def test_a_gain_is_sure_only_when_stably_absent_before_and_stable_now(in_a: float, in_b: float, sure: bool) -> None:
    a, b = (
        run_of(side, said, stable={("山东", "基地"): value}) for side, said, value in (("A", A, in_a), ("B", B, in_b))
    )
    assert keyed(between(a, b)["compare_keywords"], "region", "term")["山东", "基地"].sure == sure


@pytest.mark.parametrize(("in_a", "in_b", "sure"), [(0.7, 0.7, True), (0.7, 0.6, False), (0.6, 0.7, False)])
def test_a_kept_keyword_is_sure_only_when_stable_in_both(in_a: float, in_b: float, sure: bool) -> None:
    a, b = (
        run_of(side, said, stable={("上海", "双师"): value}) for side, said, value in (("A", A, in_a), ("B", B, in_b))
    )
    assert keyed(between(a, b)["compare_keywords"], "region", "term")["上海", "双师"].sure == sure


# --- one idf for both ------------------------------------------------------------------------------------------------


def test_by_the_idf_of_a_nothing_changes_for_regions_whose_texts_are_the_same() -> None:
    made = between(run_of("A", A), run_of("B", B), "A")
    words = made["compare_keywords"].query("region != '山东'")
    assert (words["change"] == 0).all()
    pairs = keyed(made["compare_pairs"], "region", "other")
    assert pairs["浙江", "上海"].change == 0
    assert pairs["山东", "浙江"].change != 0
    own = keyed(between(run_of("A", A), run_of("B", B))["compare_pairs"], "region", "other")
    assert own["浙江", "上海"].change != 0


def test_by_the_idf_of_b_a_word_of_a_alone_counts_as_the_rarest() -> None:
    a, b = run_of("A", A), run_of("B", (("山东", "培训"), ("浙江", "培训 评价"), ("上海", "双师 评价")))
    weights = weights_of(a, b, "B", SETTINGS, METHOD, METHOD)
    assert weights[0] is weights[1]
    assert weights[0].idf("基地") == pytest.approx(idf(0, 3))
    runs = between(a, b, "B")["compare_runs"]
    assert runs[["idf", "idf_texts"]].to_numpy().tolist() == [["B", 3], ["B", 3]]


def test_a_phrase_is_as_rare_in_a_background_as_its_rarest_word() -> None:
    run = run_of("A", (("山东", "精准/n 培训/n"), ("浙江", "评价")))
    space = SimpleNamespace(place={"精准": 0, "培训": 1, "评价": 2}, df=np.array([3, 40, 5]))
    background: Any = SimpleNamespace(spaces={WORDS: space}, paragraphs=99, name="genre")
    weights = background_weights(run, run, background, SETTINGS.keywords)
    assert weights.df["精准培训"] == 3
    assert weights.idf("培训") == pytest.approx(math.log(100 / 41) + 1)
    assert weights.idf("从未见过") == pytest.approx(math.log(100) + 1)


def test_an_interval_by_one_idf_of_regions_with_a_single_measure_is_their_cosine() -> None:
    run = run_of("A", A)
    ends = frozen_intervals(run, own_weights(run, "A"), SETTINGS.resampling, 43, exclude_generic=True)
    first = ends.iloc[0]
    x, y = np.array([2 * idf(2, 3), idf(1, 3), 0]), np.array([idf(2, 3), 0, idf(2, 3)])
    cosine = x @ y / np.linalg.norm(x) / np.linalg.norm(y)
    assert (first["region_a"], first["region_b"]) == ("山东", "浙江")
    assert [first["cosine_low"], first["cosine_high"]] == pytest.approx([cosine, cosine])
    two = run_of("A", (("山东", "培训"), ("山东", "基地"), ("浙江", "培训")))
    drawn = frozen_intervals(two, own_weights(two, "A"), SETTINGS.resampling, 43, exclude_generic=True).iloc[0]
    assert (drawn["cosine_low"], drawn["cosine_high"]) == (pytest.approx(0), pytest.approx(1))  # either measure twice


# --- regions ---------------------------------------------------------------------------------------------------------


def test_a_region_is_compared_with_itself_by_the_idf_of_all_texts_of_both_runs(
    made: Mapping[str, pd.DataFrame],
) -> None:
    rows = keyed(made["compare_regions"], "region")
    # seven texts: 培训 in 4, 基地 in 3, 师德 in 1
    x = np.array([2 * idf(4, 7), idf(3, 7), 0])
    y = np.array([idf(4, 7), 2 * idf(3, 7), idf(1, 7)])
    assert rows["山东"].cosine == pytest.approx(x @ y / np.linalg.norm(x) / np.linalg.norm(y))
    assert rows["浙江"].cosine == 1
    assert [rows[name].where for name in ("山东", "四川")] == ["both", "B"]
    assert [bool(rows[name].same_text) for name in ("山东", "浙江", "四川")] == [False, True, False]
    assert pd.isna(rows["四川"].cosine)
    assert (rows["山东"].shared, rows["山东"].jaccard, rows["山东"].rbo) == (0, 0, 0)
    assert (rows["浙江"].shared, rows["浙江"].jaccard, rows["浙江"].rbo) == (1, 1, 1)


def test_the_nearest_region_is_that_of_the_larger_cosine_and_its_change_sure_only_where_neither_was_a_candidate() -> (
    None
):
    said = {
        "A": (("山东", "培训"), ("浙江", "培训"), ("上海", "双师")),
        "B": (("山东", "双师"), ("浙江", "培训"), ("上海", "双师")),
    }
    candidates = {"A": [("山东", "浙江")], "B": [("山东", "上海")]}
    for among, sure in ((candidates, True), ({**candidates, "A": [*candidates["A"], ("山东", "上海")]}, False)):
        a, b = (run_of(side, said[side], among=among[side]) for side in ("A", "B"))
        row = keyed(between(a, b)["compare_regions"], "region")["山东"]
        assert (row.nearest_a, row.nearest_b, row.nearest_changed, row.nearest_sure) == ("浙江", "上海", True, sure)
    alone = keyed(between(a, b)["compare_regions"], "region")["浙江"]
    assert (alone.nearest_a, alone.nearest_b) == ("山东", "")


# --- pairs -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reference", ["own", "A"])
def test_the_changes_of_a_pairs_terms_sum_to_the_change_of_its_cosine(reference: str) -> None:
    made = between(run_of("A", A), run_of("B", B), reference)
    sums = made["compare_pair_terms"].groupby(["region", "other"])["change"].sum()
    for row in made["compare_pairs"].itertuples():
        assert sums.get((row.region, row.other), 0.0) == pytest.approx(row.cosine_b - row.cosine_a, abs=1e-13)
        assert row.change == row.cosine_b - row.cosine_a


def test_pairs_of_both_runs_are_ranked_among_themselves_with_the_terms_gained_and_lost() -> None:
    a = run_of("A", (("山东", "培训 评价"), ("浙江", "培训 师德"), ("上海", "双师")))
    b = run_of("B", (("上海", "双师"), ("四川", "双师"), ("浙江", "培训 师德"), ("山东", "师德 评价")))
    frame = between(a, b)["compare_pairs"]
    rows = keyed(frame, "region", "other")
    assert set(rows) == {("山东", "浙江"), ("山东", "上海"), ("浙江", "上海")}
    row = rows["山东", "浙江"]
    assert (row.rank_a, row.rank_b, row.terms_gained, row.terms_lost) == (1, 1, "师德", "培训")
    assert (row.shared_terms_a, row.shared_terms_b) == (1, 1)


@pytest.mark.parametrize(
    ("ends_a", "ends_b", "apart"),
    [
        ((0.1, 0.2), (0.3, 0.4), True),
        ((0.3, 0.4), (0.1, 0.2), True),
        ((0.1, 0.3), (0.3, 0.4), False),
        ((0.1, 0.6), (0.2, 0.3), False),
    ],
)
def test_a_pairs_intervals_lie_apart_only_when_they_do_not_touch(
    ends_a: tuple[float, float], ends_b: tuple[float, float], apart: bool
) -> None:
    a, b = (run_of(side, A, spans={("山东", "浙江"): ends}) for side, ends in (("A", ends_a), ("B", ends_b)))
    row = keyed(between(a, b)["compare_pairs"], "region", "other")["山东", "浙江"]
    assert (row.disjoint, row.low_a, row.high_b) == (apart, ends_a[0], ends_b[1])


# --- groups, idf, inputs ---------------------------------------------------------------------------------------------


def test_members_say_who_left_and_who_joined_whatever_the_numbers_of_the_groups() -> None:
    a = run_of("A", A, groups={"山东": 1, "浙江": 1, "上海": 2})
    b = run_of("B", B, groups={"山东": 3, "浙江": 2, "上海": 2, "四川": 3})
    rows = keyed(groups_of(a, b), "region")
    assert [
        (r.members_a, r.members_b, r.left, r.joined, r.gone, r.new) for r in (rows["山东"], rows["上海"], rows["四川"])
    ] == [
        ("浙江", "四川", "浙江", "", "", "四川"),
        ("", "浙江", "", "浙江", "", ""),
        ("", "山东", "", "", "", ""),
    ]


def test_a_member_that_the_other_run_does_not_have_is_gone_and_has_not_left() -> None:
    groups = {"山东": 1, "浙江": 1, "上海": 1, "四川": 1}
    rows = keyed(groups_of(run_of("A", B, groups=groups), run_of("B", A, groups=groups)), "region")
    assert (rows["山东"].left, rows["山东"].gone, rows["山东"].joined, rows["山东"].new) == ("", "四川", "", "")


def test_the_agreement_of_the_groupings_is_that_of_scikit_learn() -> None:
    names = "甲乙丙丁戊己"
    said = tuple((name, f"培训 {name}") for name in names)
    labels = ([1, 1, 1, 2, 2, 2], [1, 1, 2, 2, 2, 2])
    a, b = (
        run_of(side, said, groups=dict(zip(names, own, strict=True))) for side, own in zip("AB", labels, strict=True)
    )
    summary = keyed(between(a, b)["compare_summary"], "metric")
    assert summary["rand"].change == pytest.approx(adjusted_rand_score(*labels))
    assert 0 < summary["rand_p"].change <= 1
    assert summary["groups_moved"].change == 6
    one = run_of("B", said)
    assert pd.isna(keyed(between(a, one)["compare_summary"], "metric")["rand"].change)


def test_both_verdicts_stand_side_by_side() -> None:
    frame = keyed(verdict_of(run_of("A", A, outcome="weak"), run_of("B", B)), "criterion")
    assert (frame["verdict"].outcome_a, frame["verdict"].outcome_b) == ("weak", "not shown")
    assert frame["pac"].value_a == 0.2


def test_the_drift_of_an_idf_is_the_part_of_the_number_of_regions_and_the_part_of_its_own_users() -> None:
    rows = keyed(terms_of(run_of("A", A), run_of("B", B)), "term")
    base = rows["基地"]
    assert (base.status, base.df_a, base.df_b, base.regions_a, base.regions_b) == ("both", 1, 2, "山东", "山东·四川")
    assert (base.from_size, base.from_df) == (pytest.approx(math.log(5 / 4)), pytest.approx(math.log(2 / 3)))
    assert rows["师德"].status == "new"
    assert rows["师德"].idf_a == pytest.approx(idf(0, 3))
    for row in rows.values():
        assert row.from_size + row.from_df == pytest.approx(row.drift, abs=1e-14)
        assert row.idf_b - row.idf_a == pytest.approx(row.drift, abs=1e-15)
    assert keyed(terms_of(run_of("A", B), run_of("B", A)), "term")["师德"].status == "vanished"


def changed(**parts: object) -> dict[str, Any]:
    manifest = copy.deepcopy(dict(MANIFEST))
    for name, value in parts.items():
        manifest[name] = value
    return manifest


def differing(frame: pd.DataFrame) -> list[list[str]]:
    return frame.loc[~frame["same"], ["kind", "item", "value_a", "value_b"]].to_numpy().tolist()


def test_inputs_that_differ_are_listed_and_a_file_in_another_folder_is_the_same_file() -> None:
    assert differing(inputs_of(MANIFEST, MANIFEST)) == []
    method = {"files": {"method/settings.toml": "22", "mine/user_dict.txt": "99"}}
    assert differing(inputs_of(MANIFEST, changed(method=method))) == [
        ["method", "method/user_dict.txt – mine/user_dict.txt", "33", "99"]
    ]
    moved = {"files": {"method/settings.toml": "22", "mine/user_dict.txt": "33"}}
    assert differing(inputs_of(MANIFEST, changed(method=moved))) == []
    raw = {"file": "data/raw/two.txt", "sha256": "77"}
    assert differing(inputs_of(MANIFEST, changed(raw=raw))) == [
        ["raw", "data/raw/one.txt – data/raw/two.txt", "11", "77"]
    ]
    assert differing(inputs_of(MANIFEST, changed(packages={}))) == [["package", "numpy", "2.4.0", ""]]
    assert differing(inputs_of(MANIFEST, changed(run={"unit": "province"}))) == [["unit", "unit", "", "province"]]


# --- all of it -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reference", ["own", "A", "B"])
def test_a_run_beside_its_copy_has_no_gains_no_losses_and_no_changes(reference: str) -> None:
    made = between(run_of("A", A), run_of("B", A), reference)
    assert set(made["compare_keywords"]["status"]) == {"kept"}
    assert set(made["compare_keywords"]["cause"]) == {"same"}
    for table in ("compare_keywords", "compare_pairs", "compare_pair_terms"):
        assert (made[table]["change"] == 0).all(), table
    assert (made["compare_terms"]["drift"] == 0).all()
    assert (made["compare_regions"][["cosine", "jaccard", "rbo"]] == 1).all(axis=None)
    assert not made["compare_regions"]["nearest_changed"].any()
    assert (made["compare_groups"][["left", "joined", "gone", "new"]] == "").all(axis=None)
    assert made["compare_inputs"]["same"].all()


def test_the_summary_counts_what_the_tables_hold(made: Mapping[str, pd.DataFrame]) -> None:
    row = keyed(made["compare_summary"], "metric")
    assert (row["regions"].value_a, row["regions"].value_b, row["regions"].change) == (3, 4, 1)
    assert (row["words"].value_a, row["words"].value_b) == (7, 9)
    wanted = {
        "regions_common": 3, "regions_only_a": 0, "regions_only_b": 1, "texts_changed": 1, "keywords_gained": 1,
        "keywords_lost": 1, "keywords_kept": 2, "keywords_moved": 2, "cause_text": 2, "pairs_common": 3,
        "terms_both": 4, "terms_new": 1, "terms_vanished": 0, "terms_df_changed": 1, "inputs_raw": 0,
    }  # fmt: skip
    assert {name: row[name].change for name in wanted} == wanted
    assert row["mean_pair_change"].change == pytest.approx(made["compare_pairs"]["change"].abs().mean())


def test_two_runs_with_one_region_in_common_have_no_pairs() -> None:
    made = between(run_of("A", (("山东", "培训"), ("浙江", "评价"))), run_of("B", (("山东", "培训"), ("上海", "评价"))))
    assert made["compare_pairs"].empty
    assert pd.isna(keyed(made["compare_summary"], "metric")["pairs_rho"].change)


@pytest.fixture
def stored(tmp_path: Path) -> Any:
    """Write a run as `make all` leaves it."""

    def write(run: Run) -> Path:
        folder = tmp_path / run.name
        by_name = {table.name: table for table in tables.ALL}
        tables.write(*((frame, by_name[name], folder / f"{name}.csv") for name, frame in run.frames.items()))
        (folder / "manifest.json").write_text(json.dumps(run.manifest), "utf-8")
        return folder

    return write


def test_the_stage_reads_two_folders_and_writes_every_table(stored: Any, tmp_path: Path) -> None:
    a, b = stored(run_of("A", A)), stored(run_of("B", B))
    main(a, b, Path("A"), METHOD / "settings.toml", METHOD / "background", tmp_path / "a--b")
    for table in tables.COMPARED:
        assert len(tables.read(tmp_path / "a--b" / f"{table.name}.csv", table))
    assert read_run("B", b).names == ["山东", "浙江", "上海", "四川"]


@pytest.mark.parametrize(
    ("reference", "said", "zh"),
    [("C", B, "不认识"), ("own", (("江苏", "培训"),), "没有共同的地区")],
)
def test_what_cannot_be_compared_is_refused_in_words_and_nothing_is_written(
    stored: Any, tmp_path: Path, reference: str, said: Any, zh: str
) -> None:
    a, b = stored(run_of("A", A)), stored(run_of("B", said))
    with pytest.raises(InputError) as told:
        main(a, b, Path(reference), METHOD / "settings.toml", METHOD / "background", tmp_path / "a--b")
    assert zh in told.value.zh
    assert not (tmp_path / "a--b").exists()


def test_a_manifest_that_make_all_did_not_write_is_refused(stored: Any) -> None:
    folder = stored(run_of("A", A))
    for text in ("{", "{}", "[]"):
        (folder / "manifest.json").write_text(text, "utf-8")
        with pytest.raises(InputError) as told:
            read_run("A", folder)
        assert told.value.file.endswith("manifest.json")


def test_a_background_that_is_not_chosen_or_does_not_fit_is_no_reference() -> None:
    a, b = run_of("A", A), run_of("B", B)
    none = replace(SETTINGS, background=replace(SETTINGS.background, name=""))
    with pytest.raises(InputError) as told:
        weights_of(a, b, "background", none, METHOD / "background", METHOD / "settings.toml")
    assert "没有选定背景" in told.value.zh
    fit = tables.from_rows([{"name": SETTINGS.background.name, "outcome": "refused"}], tables.BACKGROUND_FIT)
    refused = replace(b, frames={**b.frames, "background_fit": fit})
    with pytest.raises(InputError) as told:
        weights_of(a, refused, "background", SETTINGS, METHOD / "background", METHOD / "settings.toml")
    assert "不合" in told.value.zh
    one, two = weights_of(a, b, "background", SETTINGS, METHOD / "background", METHOD / "settings.toml")
    assert one is two
    assert one.name == SETTINGS.background.name


def test_pairs_cover_every_two_regions_of_both(made: Mapping[str, pd.DataFrame]) -> None:
    frame = made["compare_pairs"]
    assert list(zip(frame["region"], frame["other"], strict=True)) == list(combinations(("山东", "浙江", "上海"), 2))
