"""The look-ups of the notebooks agree with the tables, and with sums done by hand."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline import explore, tables
from pipeline.coders import coders_of
from pipeline.explore import Tables, UnknownNameError
from pipeline.method import Codebook, Settings
from pipeline.readers.coding_file import Coded, Coding
from pipeline.themes import coding_of
from tests.conftest import METHOD, NO_THEMES, RAW, REGIONS, Corpus
from tests.make import ROOT

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def frames(corpus: Corpus) -> dict[str, pd.DataFrame]:
    return {table.name: frame for frame, table in corpus.with_contracts()}


@pytest.fixture(scope="module")
def t(corpus: Corpus) -> dict[str, pd.DataFrame]:
    """The appendix."""
    return frames(corpus)


@pytest.fixture(scope="module")
def small(three: Corpus) -> dict[str, pd.DataFrame]:
    """山东 培训、培训、基地、评价; 浙江 培训、评价、双师; 上海 双师、双师、校企."""
    return frames(three)


@pytest.fixture(scope="module")
def coded_twice(small: Tables, settings: Settings) -> dict[str, pd.DataFrame]:
    """A second coder sees training in 山东 and nowhere else, and teams in 浙江."""
    said = [
        ("D01-1", "training", True),
        ("D02-1", "training", False),
        ("D03-1", "training", False),
        ("D02-1", "teams", True),
    ]
    coding = Coding(
        "measure", tuple(Coded(unit, theme, carries, row) for row, (unit, theme, carries) in enumerate(said, 2))
    )
    found = coders_of(coding, small["measures"], small["codebook"], small["theme_evidence"], settings)
    return {**small, "coder_agreement": found[0], "coder_disagreements": found[1]}


def recoded(small: Tables, codebook: Codebook, settings: Settings) -> dict[str, pd.DataFrame]:
    """The three texts coded by another codebook."""
    names = ("codebook", "theme_evidence", "themes", "uncoded")
    return {**small, **dict(zip(names, coding_of(small["measures"], small["tokens"], codebook, settings), strict=True))}


# --- loading -----------------------------------------------------------------------------------------------------


def test_load_returns_every_table_of_the_contract_from_here_or_a_folder_above(
    three: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables.write(
        *((frame, table, tmp_path / "data/small" / f"{table.name}.csv") for frame, table in three.with_contracts())
    )
    (tmp_path / "notebooks").mkdir()
    monkeypatch.chdir(tmp_path / "notebooks")
    loaded = explore.load("data/small")
    assert list(loaded) == [table.name for table in tables.ALL]
    assert explore.keywords_of(loaded, "山东").equals(explore.keywords_of(frames(three), "山东"))


def test_load_says_in_both_languages_what_to_do_where_a_table_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"请先运行 make all.*documents\.csv: run `make all` first"):
        explore.load(tmp_path)


# --- names that the tables do not have ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "close"),
    [("浙江省", "浙江 Zhejiang"), ("zhejiang", "浙江 Zhejiang"), ("Hinggan", "兴安盟 Hinggan League"), ("", "Nothing")],
)
def test_an_unknown_region_is_answered_with_the_close_ones(t: Tables, name: str, close: str) -> None:
    with pytest.raises(UnknownNameError) as error:
        explore.keywords_of(t, name)
    assert f"没有“{name}”这个地区" in str(error.value)
    assert f"no region '{name}'" in str(error.value)
    assert close in str(error.value)


def test_an_unknown_term_is_answered_with_the_close_ones_and_is_a_key_error(t: Tables) -> None:
    with pytest.raises(KeyError) as error:
        explore.concordance(t, "双师型")
    assert "没有“双师型”这个词" in str(error.value)
    assert "双师" in str(error.value).partition("相近的有")[2]


@pytest.mark.parametrize("ask", [explore.concordance, explore.measures_with])
def test_a_term_like_nothing_else_is_said_to_be_so(t: Tables, ask: object) -> None:
    with pytest.raises(UnknownNameError, match="也没有相近的"):
        ask(t, "火星")  # type: ignore[operator]


def test_unknown_metrics_and_similarities_are_answered_with_the_known_ones(t: Tables) -> None:
    with pytest.raises(UnknownNameError, match="cosine_max"):
        explore.numbers(t, "cosine_maximum")
    with pytest.raises(UnknownNameError, match="cosine_char"):
        explore.similarity_matrix(t, "rank")
    with pytest.raises(UnknownNameError, match="相近的有：membership"):
        explore.claims(t, "member")
    with pytest.raises(UnknownNameError, match="closest, pair, core, membership, keyword"):
        explore.claims(t, "火星")
    with pytest.raises(UnknownNameError, match="zh, en"):
        explore.themes(t, "fr")


@pytest.mark.parametrize(
    "ask",
    [explore.groups, explore.members, explore.certainty, explore.verdict, explore.group_choice, explore.group_picture],
)
def test_groups_are_by_words_or_by_themes_and_by_nothing_else(t: Tables, ask: object) -> None:
    with pytest.raises(UnknownNameError, match=r"没有“letters”这个分组依据.*words.*themes"):
        ask(t, "letters")  # type: ignore[operator]
    with pytest.raises(UnknownNameError, match="没有“letters”这个分组依据"):
        explore.group_themes(t, by="letters")


def test_a_region_may_be_named_in_english(t: Tables) -> None:
    assert explore.keywords_of(t, "Zhejiang").equals(explore.keywords_of(t, "浙江"))
    assert explore.profile(t, "Zhejiang").equals(explore.profile(t, "浙江"))


def test_a_theme_may_be_named_by_its_id_or_in_either_language(t: Tables) -> None:
    by_id = explore.clauses(t, theme="industry")
    assert set(by_id["theme"]) == {"industry"}
    assert by_id.equals(explore.clauses(t, theme="双师与产教融合"))
    assert by_id.equals(explore.clauses(t, theme="Dual-qualified teachers and industry"))


@pytest.mark.parametrize(
    ("name", "close"), [("双师", "industry 双师与产教融合"), ("trainings", "training 培训体系与项目")]
)
def test_an_unknown_theme_is_answered_with_the_close_ones(t: Tables, name: str, close: str) -> None:
    with pytest.raises(UnknownNameError) as error:
        explore.clauses(t, theme=name)
    assert f"没有“{name}”这个主题" in str(error.value)
    assert f"no theme '{name}'" in str(error.value)
    assert close in str(error.value)


def test_a_theme_like_nothing_else_is_answered_with_all_of_them(t: Tables) -> None:
    with pytest.raises(UnknownNameError) as error:
        explore.clauses(t, theme="火星")
    for theme in t["codebook"]["theme"]:
        assert theme in str(error.value)


# --- terms in the text -------------------------------------------------------------------------------------------


def test_a_concordance_shows_every_mention_between_its_neighbours(small: Tables) -> None:
    rows = explore.concordance(small, "培训", width=1)
    assert rows.to_numpy().tolist() == [
        ["山东", "D01-1", "", "培训", "、"],
        ["山东", "D01-1", "、", "培训", "、"],
        ["浙江", "D02-1", "", "培训", "、"],
    ]


def test_a_concordance_without_width_shows_the_hits_alone(small: Tables) -> None:
    assert explore.concordance(small, "校企", width=0)[["left", "hit", "right"]].to_numpy().tolist() == [
        ["", "校企", ""]
    ]


def test_a_concordance_has_as_many_rows_as_the_keywords_table_counts(t: Tables) -> None:
    for term, rows in t["keywords"].groupby("term"):
        found = explore.concordance(t, str(term))
        assert len(found) == rows["count"].sum(), term
        assert set(found["measure_id"]) == {i for ids in rows["measure_ids"] for i in ids}, term


def test_a_phrase_is_found_where_its_words_are_and_not_inside_others(t: Tables) -> None:
    # D13-1 has the characters twice: 引领教师发展 is 教师 / 发展, 优秀骨干教师发展 is 骨干教师 / 发展
    text = t["measures"].set_index("measure_id")["text"]
    assert text["D13-1"].count("教师发展") == 2
    found = explore.concordance(t, "教师发展", width=2)
    assert found.loc[found["measure_id"] == "D13-1", ["left", "hit"]].to_numpy().tolist() == [["引领", "教师发展"]]


def test_every_context_stands_in_its_measure_word_for_word(t: Tables) -> None:
    text = t["measures"].set_index("measure_id")["text"]
    for term in ("教师", "企业实践", "1+X证书"):
        for row in explore.concordance(t, term).itertuples():
            assert f"{row.left}{row.hit}{row.right}" in text[row.measure_id]


def test_spellings_that_the_synonym_table_joins_are_found_together(t: Tables) -> None:
    assert set(explore.concordance(t, "职业教育")["hit"]) == {"职业教育", "职教"}


def test_measures_come_whole_with_each_mention_marked(small: Tables, t: Tables) -> None:
    assert explore.measures_with(small, "双师")["text"].tolist() == ["培训、评价、【双师】", "【双师】、【双师】、校企"]
    text = t["measures"].set_index("measure_id")["text"]
    for row in explore.measures_with(t, "教师").itertuples():
        assert row.text.replace("【", "").replace("】", "") == text[row.measure_id]


# --- keywords ----------------------------------------------------------------------------------------------------


def test_keywords_come_best_first_and_no_more_than_asked_for(small: Tables) -> None:
    # tf-idf over the norm: 培训 2 (ln 4/3 + 1), 基地 ln 2 + 1, 评价 ln 4/3 + 1
    rows = explore.keywords_of(small, "山东")
    assert rows["term"].tolist() == ["培训", "基地", "评价"]
    assert rows["count"].tolist() == [2, 1, 1]
    assert rows["single_mention"].tolist() == [False, True, True]
    assert explore.keywords_of(small, "山东", top=1)["term"].tolist() == ["培训"]
    assert explore.keywords_of(small, "山东", top=0).empty


def test_keywords_come_with_the_share_of_the_draws_in_which_they_stay(small: Tables, t: Tables) -> None:
    assert explore.keywords_of(small, "山东")["stability"].tolist() == [1.0, 1.0, 1.0]  # one measure, drawn every time
    stored = t["keywords"].set_index(["region", "term"])["stability"]
    for row in explore.keywords_of(t, "浙江").itertuples():
        assert row.stability == stored["浙江", row.term]


# --- pairs -------------------------------------------------------------------------------------------------------


def test_a_pair_is_explained_by_shared_terms_with_quotes_of_both_sides(small: Tables) -> None:
    # 浙江 weighs both terms alike and 山东 says 培训 twice as often: two thirds and one third
    rows = explore.explain_pair(small, "山东", "浙江", width=2)
    assert rows["term"].tolist() == ["培训", "评价"]
    assert rows["share"].tolist() == pytest.approx([2 / 3, 1 / 3])
    assert rows["山东"].tolist() == ["D01-1 【培训】、培…", "D01-1 …地、【评价】"]
    assert rows["浙江"].tolist() == ["D02-1 【培训】、评…", "D02-1 …训、【评价】、双…"]


def test_the_order_of_a_pair_only_turns_its_sides(t: Tables) -> None:
    a, b = explore.closest_pair(t)
    there, back = explore.explain_pair(t, a, b), explore.explain_pair(t, b, a)
    assert list(there.columns[-2:]) == [a, b]
    assert list(back.columns[-2:]) == [b, a]
    assert there.equals(back[there.columns])
    assert explore.compare(t, a, b)["cosine"].equals(explore.compare(t, b, a)["cosine"])


def test_the_products_of_every_pair_sum_to_its_cosine(t: Tables) -> None:
    for pair in t["similarity"].itertuples():
        rows = explore.explain_pair(t, pair.region_b, pair.region_a)
        assert math.fsum(rows["product"]) == pytest.approx(pair.cosine, abs=1e-12)
        assert len(rows) == pair.shared_terms
        shown = explore.compare(t, pair.region_a, pair.region_b).iloc[0]
        assert shown["sum_of_products"] == pytest.approx(shown["cosine"], abs=1e-12)


def test_a_pair_without_shared_terms_has_no_rows_and_cosine_zero(small: Tables) -> None:
    rows = explore.explain_pair(small, "山东", "上海")
    assert rows.empty
    assert rows.columns.tolist() == ["term", "product", "share", "山东", "上海"]
    assert explore.compare(small, "上海", "山东")[["cosine", "sum_of_products"]].to_numpy().tolist() == [[0.0, 0.0]]


def test_a_pair_is_compared_with_its_rank_in_the_draws_and_whether_it_beats_shuffled_measures(t: Tables) -> None:
    drawn = t["similarity_intervals"].set_index(["region_a", "region_b"])
    tested = t["pair_tests"].set_index(["region_a", "region_b"])
    for a, b in (("浙江", "上海"), ("山东", "兴安盟")):
        for row in (explore.compare(t, a, b).iloc[0], explore.compare(t, b, a).iloc[0]):
            for column in ("rank_low", "rank_high", "first_share"):
                assert row[column] == drawn.loc[(a, b), column]
            assert row["holds"] == tested.loc[(a, b), "holds"]


def test_a_region_is_not_compared_with_itself(small: Tables) -> None:
    with pytest.raises(ValueError, match="两个不同的地区"):
        explore.explain_pair(small, "山东", "Shandong")


def test_neighbours_are_all_other_regions_nearest_first(small: Tables, t: Tables) -> None:
    assert explore.neighbours(small, "上海")["region"].tolist() == ["浙江", "山东"]
    for region in REGIONS:
        rows = explore.neighbours(t, region)
        assert sorted([region, *rows["region"]]) == sorted(REGIONS)
        assert rows["cosine"].is_monotonic_decreasing
        summary = t["regions"].set_index("region").loc[region]
        assert summary["nearest"] == rows["region"].iloc[0]
        assert summary["nearest_char"] == rows.loc[rows["place_char"].idxmin(), "region"]


def test_neighbours_come_with_the_share_of_the_draws_in_which_each_is_the_nearest(small: Tables, t: Tables) -> None:
    rows = explore.neighbours(small, "上海")  # 浙江 shares 双师, 山东 nothing
    assert rows[["region", "nearest_share", "among"]].to_numpy().tolist() == [["浙江", 1.0, True], ["山东", 0.0, False]]
    stored = t["neighbours"].set_index(["region", "other"])
    for region in REGIONS:
        for row in explore.neighbours(t, region).itertuples():
            assert row.nearest_share == stored.loc[(region, row.region), "nearest_share"]
            assert row.among == stored.loc[(region, row.region), "among"]


@pytest.mark.parametrize("column", explore.COSINES)
def test_the_similarity_matrix_is_symmetric_with_ones_on_the_diagonal(t: Tables, column: str) -> None:
    matrix = explore.similarity_matrix(t, column)
    assert tuple(matrix.index) == tuple(matrix.columns) == REGIONS
    assert matrix.equals(matrix.T)
    assert all(matrix.loc[region, region] == 1 for region in REGIONS)
    for pair in t["similarity"].itertuples():
        assert matrix.loc[pair.region_b, pair.region_a] == getattr(pair, column)


def test_the_closest_pair_has_the_first_rank(t: Tables) -> None:
    assert explore.compare(t, *explore.closest_pair(t))["rank"].tolist() == [1]
    assert explore.compare(t, *explore.closest_pair(t, "cosine_char"))["rank_char"].tolist() == [1]


# --- groups and numbers ------------------------------------------------------------------------------------------


def test_every_region_is_in_one_group_whose_silhouette_is_the_mean_of_its_members(t: Tables) -> None:
    rows = explore.groups(t)
    assert sorted(region for members in rows["members"] for region in members.split("、")) == sorted(REGIONS)
    fit = t["clusters"].set_index("region")["silhouette"]
    for row in rows.itertuples():
        members = row.members.split("、")
        assert row.size == len(members)
        assert row.silhouette == pytest.approx(sum(fit[members]) / len(members))
        assert row.silhouette_min == min(fit[members])


def test_groups_come_with_their_support_their_sure_members_and_the_verdict(t: Tables) -> None:
    clusters = t["clusters"].set_index("region")
    outcome = t["verdict"]["outcome"].iloc[-1]
    assert outcome in ("supported", "weak", "not shown")
    assert explore.verdict(t) == outcome
    for row in explore.groups(t).itertuples():
        own = clusters.loc[row.members.split("、")]
        assert row.support == pytest.approx(sum(own["support"]) / len(own))
        assert row.confident == own["confident"].tolist().count(True)
        assert row.verdict == outcome


def test_confident_members_are_counted_for_each_group(t: Tables) -> None:
    first = t["clusters"]["cluster"] == 1
    sure = {**t, "clusters": t["clusters"].assign(confident=first)}
    rows = explore.groups(sure).set_index("cluster")
    assert rows["confident"].to_dict() == {cluster: first.sum() * (cluster == 1) for cluster in rows.index}


def test_members_stand_in_the_order_of_the_leaves_with_the_group_that_comes_second(small: Tables, t: Tables) -> None:
    rows = explore.members(t)
    stored = t["clusters"].set_index("region").loc[rows["region"]].reset_index()
    assert stored["leaf"].tolist() == list(range(1, 14))
    for column in ("cluster", "support", "runner_up", "runner_up_support", "confident", "silhouette"):
        assert rows[column].tolist() == stored[column].tolist()
    # two groups: the other one comes second
    assert sorted(explore.members(small)["region"]) == sorted(["山东", "浙江", "上海"])
    assert (explore.members(small)["cluster"] + explore.members(small)["runner_up"]).tolist() == [3, 3, 3]


def test_certainty_lists_every_criterion_and_the_verdict_last(t: Tables) -> None:
    rows = explore.certainty(t)
    criteria = ["structure_words", "structure_characters", "pac", "jaccard", "verdict"]
    assert rows["criterion"].tolist() == criteria
    assert rows["outcome"].iloc[-1] == explore.verdict(t)


def test_claims_are_all_of_the_report_or_those_of_one_kind(small: Tables, t: Tables) -> None:
    assert len(explore.claims(t)) == len(t["robustness"])
    assert sum(len(explore.claims(t, kind)) for kind in explore.CLAIMS) == len(t["robustness"])
    heads = explore.claims(t, "keyword")
    assert heads["region_a"].tolist() == list(REGIONS)
    assert heads["term"].tolist() == [explore.keywords_of(t, region)["term"].iloc[0] for region in REGIONS]
    # of three regions every pair is among the first ten, which is no claim; which of them is the closest is one
    assert explore.claims(small, "pair").empty
    closest = explore.claims(small, "closest")[["region_a", "region_b", "specifications"]]
    assert closest.to_numpy().tolist() == [["山东", "浙江", 48]]


def test_group_terms_are_the_leading_ones_of_every_group(t: Tables) -> None:
    rows = explore.group_terms(t, top=2)
    assert rows["rank"].tolist() == [1, 2] * t["clusters"]["cluster"].nunique()
    for cluster, terms in rows.groupby("cluster")["term"]:
        label = t["clusters"].set_index("cluster").loc[[cluster], "label"].iloc[0]
        assert label.startswith("·".join(terms))


def test_numbers_come_in_the_order_asked_for_and_whole_where_they_are_whole(t: Tables) -> None:
    rows = explore.numbers(t, "silhouette", "regions")
    assert rows["metric"].tolist() == ["silhouette", "regions"]
    assert rows["value"].iloc[1] == 13
    assert isinstance(rows["value"].iloc[1], int)
    assert explore.numbers(t).empty


def test_no_look_up_changes_the_tables(corpus: Corpus, t: Tables) -> None:
    before = {name: frame.copy(deep=True) for name, frame in t.items()}
    a, b = explore.closest_pair(t)
    explore.explain_pair(t, b, a)
    explore.measures_with(t, "教师")
    explore.neighbours(t, a)
    explore.groups(t)
    explore.claims(t, "pair")
    explore.group_picture(t)
    explore.clauses(t, a)
    explore.explain_themes(t, b, a)
    explore.groups(t, "themes")
    explore.view_agreement(t)
    explore.views_differ(t)
    explore.theme_picture(t)
    assert all(frame.equals(before[name]) for name, frame in t.items())


# --- themes ------------------------------------------------------------------------------------------------------


def test_the_codebook_comes_with_what_was_found_in_either_language(small: Tables) -> None:
    rows = explore.themes(small).set_index("theme")
    found = rows.loc[rows["measures"] > 0, ["measures", "regions", "single_hit"]]
    assert found.to_dict("index") == {
        "training": {"measures": 2, "regions": 2, "single_hit": 1},  # 山东 says it twice
        "industry": {"measures": 2, "regions": 2, "single_hit": 1},
        "evaluation": {"measures": 2, "regions": 2, "single_hit": 2},
    }
    assert rows.index.tolist() == small["codebook"]["theme"].tolist()
    assert rows.loc["training", "zh"] == "培训体系与项目"
    english = explore.themes(small, "en").set_index("theme").loc["training"]
    assert english["en"] == "Training systems and programmes"
    assert english["definition"].startswith("How teachers learn")
    assert "stability" not in rows.columns


def test_a_profile_lists_the_themes_that_a_region_has_the_largest_share_first(small: Tables, t: Tables) -> None:
    rows = explore.profile(small, "山东")  # one measure carries both: neither leads the other
    assert rows["theme"].tolist() == ["training", "evaluation"]
    assert rows["zh"].tolist() == ["培训体系与项目", "考核评价与监督"]
    assert rows[["measures", "share", "leading_share", "first_rank"]].to_numpy().tolist() == [[1, 1, 0.5, 1]] * 2
    for region in REGIONS:
        rows = explore.profile(t, region)
        assert rows["share"].is_monotonic_decreasing
        assert (rows["measures"] == rows["measure_ids"].map(len)).all()
        assert ((rows["share_low"] <= rows["share"]) & (rows["share"] <= rows["share_high"])).all()
        stored = t["themes"][(t["themes"]["region"] == region) & (t["themes"]["measures"] > 0)]
        assert sorted(rows["theme"]) == sorted(stored["theme"])


def test_the_clause_behind_every_mark_is_the_whole_measure_with_the_indicator_marked(small: Tables, t: Tables) -> None:
    assert explore.clauses(small, "山东")[["theme", "rule", "only", "text"]].to_numpy().tolist() == [
        ["training", "培训", False, "【培训】、培训、基地、评价"],
        ["training", "培训", False, "培训、【培训】、基地、评价"],
        ["evaluation", "评价", True, "培训、培训、基地、【评价】"],
    ]
    measures = t["measures"].set_index("measure_id")
    rows = explore.clauses(t)
    counted = t["theme_evidence"][t["theme_evidence"]["status"] == "counted"]
    assert len(rows) == len(counted)
    for row, hit in zip(rows.itertuples(), counted.itertuples(), strict=True):
        text, start = measures.loc[hit.measure_id, ["text", "start"]]
        assert text[hit.start - start : hit.end - start] == row.indicator
        assert row.text == f"{text[: hit.start - start]}【{row.indicator}】{text[hit.end - start :]}"


def test_the_line_of_a_clause_is_the_one_of_the_codebook_that_has_the_indicator(t: Tables, settings: Settings) -> None:
    lines = (METHOD / "themes.toml").read_text("utf-8").splitlines()
    for row in explore.clauses(t).itertuples():
        assert f'"{row.rule}"' in lines[row.line - 1].lower(), row


def test_clauses_are_those_of_a_region_of_a_theme_of_both_or_those_that_stand_alone(small: Tables, t: Tables) -> None:
    assert explore.clauses(small, theme="evaluation")["measure_id"].tolist() == ["D01-1", "D02-1"]
    assert explore.clauses(small, "上海", "industry")["indicator"].tolist() == ["双师", "双师", "校企"]
    assert explore.clauses(small, "上海", "training").empty
    alone = explore.clauses(small, only=True)[["measure_id", "theme"]].to_numpy().tolist()
    assert alone == [["D01-1", "evaluation"], ["D02-1", "training"], ["D02-1", "industry"], ["D02-1", "evaluation"]]
    book = t["codebook"].set_index("theme")["single_hit"]
    for theme in book.index:
        assert len(explore.clauses(t, theme=theme, only=True)) == book[theme]


def test_what_was_passed_over_comes_with_its_reason_and_is_not_among_the_clauses(small: Tables, t: Tables) -> None:
    hits = small["theme_evidence"].copy()
    hits.loc[0, ["status", "reason"]] = ["negated", "不"]
    changed = {**small, "theme_evidence": hits}
    assert explore.passed_over(changed)[["indicator", "status", "reason", "text"]].to_numpy().tolist() == [
        ["培训", "negated", "不", "【培训】、培训、基地、评价"]
    ]
    assert explore.clauses(changed, "山东", "training")["only"].tolist() == [True]  # the other one is left
    assert explore.passed_over(small).empty
    everything = len(explore.passed_over(t)) + len(explore.clauses(t))
    assert everything == len(t["theme_evidence"])


def test_measures_without_a_theme_come_whole_with_the_words_that_mark_them(
    small: Tables, codebook: Codebook, settings: Settings
) -> None:
    assert explore.uncoded(small).empty
    industry = replace(codebook, themes=tuple(one for one in codebook.themes if one.id == "industry"))
    rows = explore.uncoded(recoded(small, industry, settings), top=2)
    # of its four words against the six coded ones: 基地 1 to 0 (g2 1.83), 培训 2 to 1 (0.87), 评价 1 to 1 (0.08)
    assert rows["measure_id"].tolist() == ["D01-1"]
    assert rows["text"].tolist() == ["培训、培训、基地、评价"]
    assert rows["terms"].tolist() == ["基地、培训"]


def test_without_a_codebook_the_groups_of_measures_are_themes_with_a_stability_and_no_line(
    small: Tables, settings: Settings
) -> None:
    found = recoded(small, NO_THEMES, settings)
    assert explore.themes(found)["stability"].notna().all()
    rows = explore.clauses(found)
    assert rows["line"].isna().all()
    assert all(f"【{row.indicator}】" in row.text for row in rows.itertuples())
    assert set(explore.profile(found, "山东")["theme"]) <= set(found["codebook"]["theme"])
    for draw in (explore.profile_picture(found, "山东"), explore.theme_picture(found)):
        assert draw._repr_png_()[0].startswith(SIGNATURE)


# --- pairs and groups by themes ----------------------------------------------------------------------------------


def test_a_pair_is_explained_by_shared_themes_with_every_measure_that_carries_them(small: Tables) -> None:
    # every theme in two regions of three weighs the same: 山东 has two of them, 浙江 three, so 2 / sqrt(2 * 3)
    rows = explore.explain_themes(small, "山东", "浙江", width=2)
    assert rows["theme"].tolist() == ["evaluation", "training"]
    assert rows["product"].tolist() == pytest.approx([1 / math.sqrt(6)] * 2)
    assert rows["share"].tolist() == pytest.approx([0.5, 0.5])
    assert rows["山东"].tolist() == ["D01-1 …地、【评价】", "D01-1 【培训】、培…"]
    assert rows["浙江"].tolist() == ["D02-1 …训、【评价】、双…", "D02-1 【培训】、评…"]
    back = explore.explain_themes(small, "浙江", "山东", width=2)
    assert list(back.columns[-2:]) == ["浙江", "山东"]
    assert rows.equals(back[rows.columns])


def test_a_pair_without_shared_themes_has_no_rows(small: Tables) -> None:
    rows = explore.explain_themes(small, "山东", "上海")
    assert rows.empty
    assert rows.columns.tolist() == ["theme", "zh", "product", "share", "山东", "上海"]
    assert explore.compare_themes(small, "上海", "山东")[["shared_themes", "cosine"]].to_numpy().tolist() == [[0, 0.0]]


def test_a_pair_is_compared_by_themes_beside_its_rank_by_words(small: Tables, t: Tables) -> None:
    row = explore.compare_themes(small, "浙江", "上海").iloc[0]
    assert row["cosine"] == pytest.approx(1 / math.sqrt(3))  # one theme of three, and the only one of 上海
    assert (row["rank"], row["rank_words"], row["shared_themes"]) == (2, 2, 1)
    for pair in t["theme_similarity"].itertuples():
        shown = explore.compare_themes(t, pair.region_b, pair.region_a).iloc[0]
        assert (shown["region_a"], shown["region_b"]) == (pair.region_b, pair.region_a)
        assert shown["sum_of_products"] == pytest.approx(pair.cosine, abs=1e-12)
        assert shown["rank_words"] == explore.compare(t, pair.region_a, pair.region_b)["rank"].iloc[0]
        assert len(explore.explain_themes(t, pair.region_a, pair.region_b)) == pair.shared_themes


def test_every_quoted_measure_carries_the_theme_for_which_it_is_quoted(t: Tables) -> None:
    text = t["measures"].set_index("measure_id")["text"]
    a, b = explore.closest_pair(t, explore.BY_THEMES)
    for row in explore.explain_themes(t, a, b, width=100).itertuples(index=False):
        for region, quotes in ((a, row[-2]), (b, row[-1])):
            carrying = explore.clauses(t, region, row.theme)["measure_id"].unique().tolist()
            assert [quote.partition(" ")[0] for quote in quotes.split(" ‖ ")] == carrying
            for quote in quotes.split(" ‖ "):
                measure_id, _, said = quote.partition(" ")
                assert said.replace("【", "").replace("】", "") == text[measure_id]


def test_the_closest_pair_by_themes_has_the_first_rank_and_the_largest_cosine_of_the_matrix(t: Tables) -> None:
    a, b = explore.closest_pair(t, explore.BY_THEMES)
    assert explore.compare_themes(t, a, b)["rank"].tolist() == [1]
    matrix = explore.similarity_matrix(t, explore.BY_THEMES)
    assert matrix.equals(matrix.T)
    assert matrix.loc[a, b] == t["theme_similarity"]["cosine"].max()
    words = repr(explore.similarity_picture(t, explore.BY_THEMES))
    assert words == f"按主题的相似度 similarity by themes; 最相似 most similar: {a}, {b}"


def test_groups_by_themes_have_their_own_verdict_and_the_names_of_their_themes(small: Tables, t: Tables) -> None:
    rows = explore.groups(small, "themes")
    assert rows[["themes", "members", "size"]].to_numpy().tolist() == [
        ["双师与产教融合", "上海", 1],
        ["培训体系与项目、考核评价与监督", "浙江、山东", 2],
    ]
    other = {**t, "theme_verdict": t["theme_verdict"].assign(outcome="weak")}
    assert explore.verdict(other, "themes") == "weak"
    assert explore.verdict(other) == explore.verdict(t)
    assert set(explore.groups(other, "themes")["verdict"]) == {"weak"}
    assert "较弱 weak" in repr(explore.group_picture(other, "themes"))
    assert explore.certainty(t, "themes")["criterion"].iloc[0] == "structure_themes"
    assert explore.group_choice(t, "themes").equals(t["theme_choice"])


def test_members_by_themes_stand_beside_their_group_by_words(t: Tables) -> None:
    rows = explore.members(t, "themes").set_index("region")
    by_words = explore.members(t).set_index("region")["cluster"]
    assert rows["cluster_words"].to_dict() == by_words.to_dict()
    assert rows["cluster"].to_dict() == t["theme_groups"].set_index("region")["cluster"].to_dict()
    assert "cluster_words" not in explore.members(t)


def test_group_themes_are_those_more_frequent_inside_and_the_ones_that_name_the_group(small: Tables, t: Tables) -> None:
    rows = explore.group_themes(small)
    assert rows[["cluster", "theme", "measures", "share", "share_rest"]].to_numpy().tolist() == [
        [1, "industry", 1, 1.0, 0.5],
        [2, "training", 2, 1.0, 0.0],
        [2, "evaluation", 2, 1.0, 0.0],
    ]
    named = explore.groups(t, "themes").set_index("cluster")["themes"]
    for cluster, own in explore.group_themes(t).groupby("cluster"):
        assert "、".join(own["zh"]) == named[cluster]
    by_words = explore.group_themes(t, top=1, by="words")
    assert set(by_words["cluster"]) <= set(t["clusters"]["cluster"])


def test_the_views_are_compared_by_pairs_by_groups_and_by_the_groups_described(t: Tables) -> None:
    rows = explore.view_agreement(t)
    assert rows["measure"].tolist() == ["mantel", *["rand"] * (len(rows) - 2), "described"]
    assert rows["k"].isna().tolist() == [True, *[False] * (len(rows) - 2), True]
    assert rows["value"].equals(t["view_agreement"]["value"])


def test_the_pairs_on_which_the_views_differ_come_with_the_measures_in_full(small: Tables, t: Tables) -> None:
    made = {
        "region_a": "山东", "region_b": "浙江", "rank_themes": 3, "rank_words": 1, "difference": -2,
        "themes": "training·evaluation", "terms": "培训·评价", "measure_ids": ["D02-1", "D01-1"],
        "difference_without": 0,
    }  # fmt: skip
    rows = explore.views_differ({**small, "view_differences": tables.from_rows([made], tables.VIEW_DIFFERENCES)})
    assert rows["themes"].tolist() == ["培训体系与项目、考核评价与监督"]
    assert rows["terms"].tolist() == ["培训、评价"]
    assert rows["text"].tolist() == ["D02-1 培训、评价、双师 ‖ D01-1 培训、培训、基地、评价"]
    assert explore.views_differ(small).empty
    for row in explore.views_differ(t).itertuples():
        ranks = explore.compare_themes(t, row.region_a, row.region_b).iloc[0]
        assert row.difference == ranks["rank_words"] - ranks["rank"] == row.rank_words - row.rank_themes


# --- a second coder ----------------------------------------------------------------------------------------------


def test_without_a_second_coder_both_tables_have_heads_alone(small: Tables) -> None:
    for frame in (explore.coders(small), explore.disagreements(small)):
        assert frame.empty
        assert explore.show(frame)._repr_html_().count("<tr>") == 1


def test_a_second_coder_agrees_or_not_theme_by_theme_and_then_on_all(coded_twice: Tables) -> None:
    # training: the codebook marks 山东 and 浙江, the coder 山东; teams: only the coder marks 浙江
    rows = explore.coders(coded_twice)
    columns = ["theme", "zh", "units", "both", "codebook_only", "coder_only", "neither", "agreement"]
    assert rows[columns].to_numpy().tolist() == [
        ["training", "培训体系与项目", 3, 1, 1, 0, 1, pytest.approx(2 / 3)],
        ["teams", "团队与名师引领", 1, 0, 0, 1, 0, 0.0],
        ["all", "全部", 4, 1, 1, 1, 1, 0.5],
    ]
    assert rows["usable"].tolist()[-1] == "low"


def test_disagreements_come_with_what_the_codebook_found_and_the_measures_in_full(coded_twice: Tables) -> None:
    rows = explore.disagreements(coded_twice)
    columns = ["unit_id", "theme", "codebook", "coder", "indicators", "coding_line", "text"]
    assert rows[columns].to_numpy().tolist() == [
        ["D02-1", "training", True, False, "培训", 3, "D02-1 培训、评价、双师"],
        ["D02-1", "teams", False, True, "", 5, "D02-1 培训、评价、双师"],
    ]


# --- what readers see --------------------------------------------------------------------------------------------


def test_a_shown_table_is_bilingual_whole_and_safe() -> None:
    page = explore.show(pd.DataFrame({"term": ["<b>" + "长" * 80], "share": [0.25], "single_mention": [True]}))
    shown = page._repr_html_()
    assert "term<br>词" in shown
    assert "&lt;b&gt;" + "长" * 80 in shown
    assert ">0.250<" in shown
    assert ">是 yes<" in shown
    assert "长" * 80 in repr(page)


@pytest.mark.parametrize(
    ("value", "shown"),
    [(["D01-1", "D02-3"], "D01-1 D02-3"), ([], ""), (pd.NA, ""), (math.nan, ""), (0.0, "0.000"), (0.0004, "< 0.001"), (-0.0004, "-0.000"), (7, "7")],
)  # fmt: skip
def test_cells_are_short_and_never_hide_a_small_p(value: object, shown: str) -> None:
    assert explore.page._cell(value) == shown


def test_words_of_the_tables_are_shown_in_both_languages_and_the_corpus_as_it_is(
    t: Tables, coded_twice: Tables
) -> None:
    page = repr(explore.show(pd.DataFrame({"outcome": ["not shown", ""], "term": ["weak", "not shown"]})))
    assert "未显示 not shown" in page
    assert "较弱" not in page  # a term of the corpus that looks like an outcome
    for frame, columns in (
        (explore.certainty(t), ["criterion", "outcome"]),
        (explore.claims(t), ["kind", "standing", "most_sensitive_to"]),
        (explore.reliability(t), ["view", "measure"]),
        (explore.groups(t), ["verdict"]),
        (explore.certainty(t, "themes"), ["criterion", "outcome"]),
        (explore.passed_over(t), ["status"]),
        (explore.view_agreement(t), ["measure"]),
        (explore.coders(coded_twice), ["unit", "usable"]),
        (explore.regions(t), ["level"]),
        (explore.sources(t), ["level", "kind"]),
        (explore.cleaning(t, everything=True), ["kind", "left_out_as"]),
        (explore.place_names("浙江", "襄樊市", "朝阳区", "长三角"), ["status", "level"]),
        (explore.shared_effect(t), ["view"]),
    ):
        for column in columns:
            for word in filter(None, frame[column]):
                assert re.fullmatch(rf"[\u4e00-\u9fff，]+ {word}", explore.page._said(column, word)), (column, word)


def test_columns_of_a_shown_table_line_up_though_chinese_characters_are_wider() -> None:
    lines = repr(explore.show(pd.DataFrame({"term": ["双师", "1+X证书"], "count": [7, 12]}))).splitlines()
    assert lines == ["term 词  count 次数", "双师              7", "1+X证书          12"]


def test_a_table_without_rows_still_shows_its_heads(small: Tables) -> None:
    page = explore.show(explore.explain_pair(small, "山东", "上海"))
    assert page._repr_html_().count("<tr>") == 1
    assert repr(page) == "term 词  product 乘积  share 占比  山东  上海"


def test_every_column_of_a_look_up_has_a_chinese_head(t: Tables) -> None:
    a, b = explore.closest_pair(t)
    without = explore.recut(t, dictionary=False)
    looked_up = [
        explore.regions(t), explore.numbers(t), explore.keywords_of(t, a), explore.concordance(t, "教师"),
        explore.measures_with(t, "教师"), explore.compare(t, a, b), explore.neighbours(t, a), explore.groups(t),
        explore.group_terms(t), explore.group_choice(t), explore.members(t), explore.certainty(t),
        explore.reliability(t), explore.claims(t), explore.explain_pair(t, a, b).drop(columns=[a, b]),
        explore.themes(t), explore.themes(t, "en"), explore.profile(t, a), explore.clauses(t), explore.passed_over(t),
        explore.uncoded(t), explore.compare_themes(t, a, b), explore.explain_themes(t, a, b).drop(columns=[a, b]),
        explore.groups(t, "themes"), explore.members(t, "themes"), explore.group_themes(t), explore.view_agreement(t),
        explore.views_differ(t), explore.coders(t), explore.disagreements(t), explore.sources(t), explore.files(t),
        explore.cleaning(t), explore.shared_passages(t), explore.shared_regions(t), explore.shared_effect(t),
        explore.near_duplicates(t), explore.origins(t, "教师"), explore.place_names("浙江"), explore.refusal(RAW),
        explore.notes(explore.preview(RAW)), explore.only_here(t, a), explore.theme_contrast(t, a),
        explore.changed_words(t, without), explore.changed_keywords(t, without, a), explore.changed_neighbours(t, without, a),
        explore.by_choice(t), explore.redraw(t, a), explore.closest_over_draws(t), explore.intervals(t, a),
        explore.calibration(file=ROOT / "reports/calibration/calibration.csv"),
    ]  # fmt: skip
    assert {name for frame in looked_up for name in frame.columns} == set(explore.page._HEADS)


@pytest.mark.parametrize("draw", [explore.keyword_picture, explore.neighbour_picture, explore.profile_picture])
def test_a_picture_of_a_region_is_the_same_bytes_each_time_and_names_no_software(t: Tables, draw: object) -> None:
    first, size = draw(t, "浙江")._repr_png_()  # type: ignore[operator]
    again, _ = draw(t, "浙江")._repr_png_()  # type: ignore[operator]
    assert first == again
    assert first.startswith(SIGNATURE)
    assert b"tEXt" not in first
    assert size["width"] > size["height"] > 0


@pytest.mark.parametrize("draw", [explore.similarity_picture, explore.group_picture, explore.theme_picture])
def test_a_picture_of_the_corpus_also_works_for_three_regions(small: Tables, t: Tables, draw: object) -> None:
    for corpus in (small, t):
        assert draw(corpus)._repr_png_()[0].startswith(SIGNATURE)  # type: ignore[operator]


def test_a_picture_says_in_words_what_it_shows(small: Tables) -> None:
    assert repr(explore.keyword_picture(small, "山东")).endswith("2 / 3 只说一次 said once")
    assert repr(explore.neighbour_picture(small, "上海")).endswith(
        "nearest by words: 浙江, 占重抽样的 in 100% of the resamples"
    )
    assert "判断 verdict: 未显示 not shown" in repr(explore.group_picture(small))
    assert repr(explore.profile_picture(small, "上海")).endswith("双师与产教融合 industry 100%, 领先 leads in 100%")
    assert repr(explore.theme_picture(small)).endswith("最多 most: 培训体系与项目 training, 2")


def test_a_picture_of_a_region_without_themes_is_empty_and_no_error(small: Tables) -> None:
    bare = {**small, "themes": small["themes"].assign(measures=0)}
    picture = explore.profile_picture(bare, "山东")
    assert repr(picture) == "山东 Shandong：主题 themes"
    assert picture._repr_png_()[0].startswith(SIGNATURE)


def test_a_picture_of_groups_bears_the_verdict_and_one_of_keywords_their_stability(small: Tables, t: Tables) -> None:
    weak = {**t, "verdict": t["verdict"].assign(outcome=t["verdict"]["outcome"].replace(explore.verdict(t), "weak"))}
    assert "较弱 weak" in explore.group_picture(weak).figure.axes[0].get_title(loc="left")
    beside = [text.get_text() for text in explore.keyword_picture(small, "山东").figure.axes[0].texts]
    assert beside == ["100%", "100%", "100%"]


def test_a_character_that_the_font_lacks_is_an_error_and_not_a_box(small: Tables) -> None:
    renamed = {**small, "keywords": small["keywords"].replace("培训", "培\U0002b73a")}
    picture = explore.keyword_picture(renamed, "山东")
    with pytest.raises(UserWarning, match="Glyph"):
        picture._repr_png_()


def test_the_scale_of_fit_is_whole_so_that_little_looks_little(t: Tables) -> None:
    assert explore.group_picture(t).figure.axes[0].get_xlim() == (-1, 1)
