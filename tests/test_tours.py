"""What sets a region apart, another dictionary, draws before one's eyes: checked by hand, by scipy and by other tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency

from pipeline import explore
from pipeline.explore import Tables, UnknownNameError
from tests.conftest import REGIONS, Corpus
from tests.make import ROOT
from tests.test_explore import SIGNATURE, frames


@pytest.fixture(scope="module")
def t(corpus: Corpus) -> dict[str, pd.DataFrame]:
    """The appendix."""
    return frames(corpus)


@pytest.fixture(scope="module")
def small(three: Corpus) -> dict[str, pd.DataFrame]:
    """山东 培训、培训、基地、评价; 浙江 培训、评价、双师; 上海 双师、双师、校企."""
    return frames(three)


@pytest.fixture(scope="module")
def without(t: Tables) -> dict[str, pd.DataFrame]:
    """The appendix cut without the user dictionary."""
    return explore.recut(t, dictionary=False)


# --- what sets a region apart ------------------------------------------------------------------------------------


def test_only_here_are_the_terms_of_no_other_region_with_their_measure(small: Tables) -> None:
    rows = explore.only_here(small, "上海")
    assert rows[["term", "count", "measure_id", "text"]].to_numpy().tolist() == [
        ["校企", 1, "D03-1", "双师、双师、【校企】"]
    ]
    assert explore.only_here(small, "浙江").empty


@pytest.mark.parametrize("region", REGIONS)
def test_only_here_leaves_out_what_a_longer_term_says_as_often_and_nothing_else(t: Tables, region: str) -> None:
    keywords = t["keywords"]
    own = keywords[(keywords["region"] == region) & (keywords["df"] == 1)].set_index("term")["count"]
    rows = explore.only_here(t, region)
    assert rows["count"].is_monotonic_decreasing
    for term in set(own.index) - set(rows["term"]):
        assert any(term in longer and own[longer] >= own[term] for longer in own.index if longer != term), term
    elsewhere = set(keywords.loc[keywords["region"] != region, "term"])
    assert not set(rows["term"]) & elsewhere
    for row in rows.itertuples():
        assert f"【{row.term}】" in row.text or row.kind == "word"  # a synonym may be spelt otherwise


def test_what_hunan_repeats_and_others_do_not_say_comes_first(t: Tables) -> None:
    rows = explore.only_here(t, "湖南")
    assert rows.loc[rows["count"] == 2, "term"].tolist() == ["标准化", "精准送培"]


def test_the_contrast_of_themes_adds_up_to_the_codebook(t: Tables) -> None:
    book = t["codebook"].set_index("theme")
    for region in REGIONS:
        rows = explore.theme_contrast(t, region)
        own = int((t["measures"]["region"] == region).sum())
        rest = len(t["measures"]) - own
        for row in rows.itertuples():
            assert row.measures + round(row.share_rest * rest) == book.loc[row.theme, "measures"]
            assert row.others + (row.measures > 0) == book.loc[row.theme, "regions"]
            assert row.share == pytest.approx(row.measures / own)
        assert (rows["share"] - rows["share_rest"]).round(9).is_monotonic_decreasing


def test_the_g2_of_the_contrast_is_that_of_scipy_with_the_sign_of_the_difference(t: Tables) -> None:
    rows = explore.theme_contrast(t, "湖南").set_index("theme")
    total = len(t["measures"])
    own = int((t["measures"]["region"] == "湖南").sum())
    for theme, row in rows.iterrows():
        there = round(row["share_rest"] * (total - own))
        table = [[row["measures"], own - row["measures"]], [there, total - own - there]]
        g2, p, *_ = chi2_contingency(table, correction=False, lambda_="log-likelihood")
        assert abs(row["g2"]) == pytest.approx(g2), theme
        assert row["g2_p"] == pytest.approx(p), theme
        assert np.sign(row["g2"]) == np.sign(round(row["share"] - row["share_rest"], 12)), theme


# --- another dictionary ------------------------------------------------------------------------------------------


def test_recutting_with_the_same_dictionary_gives_the_tables_of_the_run(t: Tables) -> None:
    again = explore.recut(t)
    for name in ("tokens", "keywords", "similarity", "similarity_terms"):
        pd.testing.assert_frame_equal(again[name], t[name])
    assert explore.changed_words(t, again).empty


def test_without_a_dictionary_its_terms_are_gone_and_the_measures_the_same(t: Tables, without: Tables) -> None:
    assert without["measures"] is t["measures"]
    assert "教学创新团队" in set(t["tokens"]["term"])
    assert "教学创新团队" not in set(without["tokens"]["term"])


def test_a_term_is_dropped_from_the_dictionary_or_added_to_it(t: Tables) -> None:
    fewer = explore.recut(t, drop=["教学创新团队"])
    row = explore.changed_words(t, fewer).set_index("term").loc["教学创新团队"]
    assert (row["count_before"], row["count_after"]) == ((t["tokens"]["term"] == "教学创新团队").sum(), 0)
    assert "精准扶贫攻坚" not in set(t["tokens"]["term"])
    more = explore.recut(t, add=["培训达标上岗"])
    row = explore.changed_words(t, more).set_index("term").loc["培训达标上岗"]
    assert row[["count_before", "count_after", "regions_after"]].tolist() == [0, 1, 1]


def test_what_the_dictionary_does_not_have_cannot_be_dropped(t: Tables) -> None:
    with pytest.raises(UnknownNameError, match=r"没有“创新教学团队”这个词典条目.*教学创新团队"):
        explore.recut(t, drop=["创新教学团队"])


def test_changed_words_are_counted_on_both_sides_the_largest_change_first(t: Tables, without: Tables) -> None:
    rows = explore.changed_words(t, without)
    change = (rows["count_after"] - rows["count_before"]).abs()
    assert (change > 0).all()
    assert change.is_monotonic_decreasing
    for row in rows.itertuples():
        for tables_, count, regions in (
            (t, row.count_before, row.regions_before),
            (without, row.count_after, row.regions_after),
        ):
            own = tables_["tokens"][tables_["tokens"]["term"] == row.term]
            assert (len(own), own["region"].nunique()) == (count, regions), row.term


def test_changed_keywords_are_those_of_either_list_in_the_order_of_the_first(t: Tables, without: Tables) -> None:
    rows = explore.changed_keywords(t, without, "湖南", top=5)
    lists = [explore.keywords_of(each, "湖南", top=5)["term"].tolist() for each in (t, without)]
    assert set(rows["term"]) == set(lists[0]) | set(lists[1])
    assert rows["term"].tolist()[:5] == lists[0]


def test_changed_neighbours_have_the_cosines_of_both_runs(t: Tables, without: Tables) -> None:
    rows = explore.changed_neighbours(t, without, "浙江").set_index("region")
    assert rows["place_before"].tolist() == explore.neighbours(t, "浙江")["place"].tolist()
    matrix = explore.similarity_matrix({**t, "similarity": without["similarity"]})
    for region, row in rows.iterrows():
        assert row["cosine_after"] == matrix.loc["浙江", region]
        assert row["cosine_before"] == explore.similarity_matrix(t).loc["浙江", region]


@pytest.mark.parametrize("choice", ["text", "generic", "weight", "min_df", "algorithm"])
def test_the_options_of_a_choice_together_are_the_share_of_the_claim(t: Tables, choice: str) -> None:
    rows = explore.by_choice(t, choice)
    assert rows["specifications"].sum() == len(t["specifications"])
    mean = (rows["specifications"] * rows["first_share"]).sum() / rows["specifications"].sum()
    claim = t["robustness"].set_index("claim_id").loc["closest-1"]
    assert mean == pytest.approx(claim["share"])
    if choice == claim["most_sensitive_to"]:
        shares = rows.set_index("option")["first_share"]
        assert shares[claim["worst_option"]] == shares.min() == pytest.approx(claim["worst_share"])


def test_an_unknown_choice_is_answered_with_the_known_ones(t: Tables) -> None:
    with pytest.raises(UnknownNameError, match="text, generic, weight, min_df, algorithm"):
        explore.by_choice(t, "dictionary")


# --- draws -------------------------------------------------------------------------------------------------------


def test_regions_of_one_measure_are_drawn_as_they_are(small: Tables) -> None:
    rows = explore.redraw(small, "山东", draws=3)
    assert rows["drawn"].tolist() == ["1", "1", "1"]
    assert rows["left_out"].tolist() == ["", "", ""]
    assert set(rows["nearest"]) == {"浙江"}
    assert rows["nearest_cosine"].tolist() == pytest.approx(
        explore.compare(small, "山东", "浙江")["cosine"].tolist() * 3
    )
    assert set(rows["closest"]) == {"–".join(explore.closest_pair(small))}


def test_a_draw_has_as_many_measures_as_the_region_and_says_which_it_lacks(t: Tables) -> None:
    own = int((t["measures"]["region"] == "浙江").sum())
    rows = explore.redraw(t, "浙江", draws=20)
    for row in rows.itertuples():
        drawn = [int(place) for place in row.drawn.split()]
        assert len(drawn) == own
        assert set(drawn) | {int(place) for place in row.left_out.split()} == set(range(1, own + 1))
        assert row.closest_cosine >= row.nearest_cosine
    assert rows.equals(explore.redraw(t, "浙江", draws=20))
    assert not rows.equals(explore.redraw(t, "浙江", draws=20, seed=2))


def test_the_closest_over_many_draws_is_as_often_first_as_the_report_says(t: Tables) -> None:
    rows = explore.closest_over_draws(t, draws=400)
    assert rows["draws"].sum() == 400
    (reported,) = rows[rows["reported"]].itertuples()
    stored = t["similarity_intervals"].set_index(["region_a", "region_b"]).loc[explore.closest_pair(t), "first_share"]
    assert reported.share == pytest.approx(stored, abs=0.08)  # four standard errors of 400 draws


def test_intervals_are_those_of_the_tables_the_most_similar_first(t: Tables) -> None:
    rows = explore.intervals(t, "浙江")
    assert rows["region"].tolist() == explore.neighbours(t, "浙江")["region"].tolist()
    stored = t["similarity_intervals"].set_index(["region_a", "region_b"])
    tested = t["pair_tests"].set_index(["region_a", "region_b"])
    for row in rows.itertuples():
        pair = ("浙江", row.region) if ("浙江", row.region) in stored.index else (row.region, "浙江")
        assert (row.cosine_low, row.rank_high) == tuple(stored.loc[pair, ["cosine_low", "rank_high"]])
        assert (row.p_shuffled, row.q) == tuple(tested.loc[pair, ["p", "q"]])


def test_the_calibration_is_that_of_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT / "notebooks")
    rows = explore.calibration(13)
    assert set(rows["regions"]) == {13}
    assert {"shuffled", "own topics", "groups"} == set(rows["scenario"])
    assert len(rows) < len(explore.calibration())
    with pytest.raises(UnknownNameError, match="13, 31, 100"):
        explore.calibration(14)


# --- pictures ----------------------------------------------------------------------------------------------------


def test_the_pictures_say_in_words_what_they_show(t: Tables, without: Tables) -> None:
    said = {
        explore.contrast_picture(t, "湖南"): "需求导向与精准 needs|培训体系与项目 training",
        explore.change_picture(t, without, "浙江"): "最近 nearest: 上海 → ",
        explore.interval_picture(t, "浙江"): "最近 nearest: 上海 0.27 [0.03, 0.34]",
        explore.null_picture(t): "p 0.798",
        explore.null_picture(t, "characters"): "按字对",
    }
    for picture, words in said.items():
        assert any(each in repr(picture) for each in words.split("|")), repr(picture)
        assert picture._repr_png_()[0].startswith(SIGNATURE)


def test_the_pictures_also_work_for_three_regions(small: Tables) -> None:
    for picture in (
        explore.contrast_picture(small, "上海"),
        explore.change_picture(small, small, "上海"),
        explore.interval_picture(small, "上海"),
        explore.null_picture(small),
    ):
        assert picture._repr_png_()[0].startswith(SIGNATURE)


def test_shuffled_corpora_are_seen_by_words_or_characters_and_by_nothing_else(t: Tables) -> None:
    with pytest.raises(UnknownNameError, match="words, characters"):
        explore.null_picture(t, "themes")
