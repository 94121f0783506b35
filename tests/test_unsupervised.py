"""Groups of like measures in the place of themes: planted ones are found, named and led back to the texts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from sklearn.decomposition import NMF
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score

from pipeline import tables
from pipeline.coding import COUNTED
from pipeline.method import Settings
from pipeline.stats.keyness import signed_g2
from pipeline.stats.partitions import jaccard_stability
from pipeline.unsupervised import (
    factored,
    grouped,
    hits_in,
    in_order,
    marking_terms,
    number_of_groups,
    stability_of,
    weights_of,
)
from tests.conftest import Said, measures_frame, tokens_frame

# Three sets of measures that share no character, nine measures of three regions
SETS = (("培训研修 教师进修", "培训研修 跟岗", "进修 教师进修 跟岗"), ("企业 车间 工厂", "工厂企业 车间", "企业工厂"), ("经费 补贴 拨款", "拨款经费", "补贴拨款 奖励"))  # fmt: skip
PLANTED: Said = [(region, own[at]) for at, region in enumerate(("山东", "浙江", "上海")) for own in SETS]
TRUTH = [0, 1, 2] * 3


def quick(settings: Settings, *, groups: int = 0, subsamples: int = 5, terms: int = 10) -> Settings:
    chosen = replace(settings.themes, measure_groups=groups, subsamples=subsamples, group_terms=terms)
    return replace(settings, themes=chosen)


def checked(
    tokens: pd.DataFrame, measures: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, str]]:
    """Groups, evidence, and the group of every measure."""
    themes, evidence = grouped(measures, tokens, settings)
    tables.check(themes, tables.CODEBOOK)
    tables.check(evidence, tables.THEME_EVIDENCE)
    group = evidence.drop_duplicates(["measure_id", "theme"]).set_index("measure_id")["theme"]
    assert group.index.is_unique  # a measure is in one group
    return themes, evidence, group.to_dict()


def frames_of(said: Said) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tokens and measures: each row is a region and the words of one of its measures, commas between them in the text."""
    measures = measures_frame([(region, "，".join(words.split())) for region, words in said])
    rows = zip(said, measures["measure_id"], strict=True)
    tokens = tokens_frame([(region, name, " / ".join(words.split()).split()) for (region, words), name in rows])
    return tokens, measures


# --- how many groups ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("measures", "wanted", "expected"),
    [
        (59, 0, 8),
        (9, 0, 3),
        (2, 0, 1),
        (3, 0, 2),
        (1, 0, 1),
        (0, 0, 1),
        (1000, 0, 32),
        (59, 5, 5),
        (3, 5, 3),
        (0, 5, 1),
    ],
)
def test_there_are_as_many_groups_as_asked_or_the_root_of_the_measures(
    measures: int, wanted: int, expected: int
) -> None:
    assert number_of_groups(measures, wanted) == expected


def test_the_setting_says_how_many_groups_there_are_at_most(settings: Settings) -> None:
    for asked in (1, 2, 3):
        themes, _, _ = checked(*frames_of(PLANTED), quick(settings, groups=asked))
        assert len(themes) == asked


# --- weights and groups ------------------------------------------------------------------------------------------


def test_weights_are_scikit_learns_of_characters_and_pairs() -> None:
    texts = ["教师培训", "培训，教师", "企业1+X"]
    parts = [
        ["教", "师", "培", "训", "教师", "师培", "培训"],
        ["培", "训", "教", "师", "培训", "教师"],
        ["企", "业", "1", "X", "企业", "业1"],
    ]
    expected = TfidfVectorizer(analyzer=list).fit_transform(parts).toarray()
    np.testing.assert_allclose(weights_of(texts), expected, atol=1e-12)


@pytest.mark.parametrize("texts", [[], [""], ["，。"], ["", "——"]])
def test_texts_without_characters_have_no_weight(texts: list[str]) -> None:
    found = weights_of(texts)
    assert found.shape == (len(texts), 0)
    assert factored(found, 3, 1).tolist() == [-1] * len(texts)
    assert stability_of(found, factored(found, 3, 1), 3, 5, 1).tolist() == []


def test_a_text_is_in_the_group_of_the_component_that_weighs_most_in_it() -> None:
    # The loads alone would put the sixth text into another group: its component is the longer one
    texts = ["企费师教费评培", "经师", "训评企评费费", "费培业", "价训价培", "业评教价经评", "费价培", "经训业经"]
    weights = weights_of(texts)
    model = NMF(3, init="nndsvda", max_iter=300, random_state=7)
    loads = model.fit_transform(weights)
    # what a component adds to a text: its load times the length of the component
    share = [[np.linalg.norm(load * part) for load, part in zip(row, model.components_, strict=True)] for row in loads]
    assert factored(weights, 3, 7).tolist() == np.argmax(share, axis=1).tolist()
    assert loads[5].argmax() != factored(weights, 3, 7)[5]


def test_texts_that_share_no_character_are_in_different_groups() -> None:
    found = factored(weights_of([text for _, text in PLANTED]), 3, 7)
    assert adjusted_rand_score(TRUTH, found) == 1


def test_a_text_without_characters_is_in_no_group_and_does_not_move_the_others() -> None:
    texts = [text for _, text in PLANTED]
    found = factored(weights_of([*texts[:4], "……", *texts[4:]]), 3, 1)
    assert found[4] == -1
    assert adjusted_rand_score(TRUTH, np.delete(found, 4)) == 1


def test_there_are_no_more_groups_than_texts_with_characters() -> None:
    weights = weights_of(["培训", "企业", "，"])
    assert sorted(factored(weights, 9, 1).tolist()) == [-1, 0, 1]
    assert factored(weights_of(["培"]), 9, 1).tolist() == [0]


def test_groups_are_numbered_as_they_appear_and_no_group_stays_none() -> None:
    assert in_order(np.array([4, -1, 2, 4, 0, 2])).tolist() == [0, -1, 1, 0, 2, 1]
    assert in_order(np.array([-1, -1])).tolist() == [-1, -1]
    assert in_order(np.array([], dtype=np.int64)).tolist() == []


@given(st.lists(st.integers(-1, 5), max_size=12))
def test_numbering_anew_keeps_who_is_with_whom(groups: list[int]) -> None:
    found = in_order(np.array(groups, dtype=np.int64)).tolist()
    seen = [group for group in dict.fromkeys(found) if group >= 0]
    assert seen == list(range(len(seen)))
    for a, b in zip(groups, found, strict=True):
        assert (a == -1) == (b == -1)
        assert [each == a for each in groups] == [each == b for each in found]


# --- stability ---------------------------------------------------------------------------------------------------


def test_groups_that_share_no_character_come_back_from_every_subsample() -> None:
    # four of each, so that of every four fifths two of each group are left
    texts = [text for own in SETS for text in (*own, own[0])]
    weights = weights_of(texts)
    groups = in_order(factored(weights, 3, 1))
    assert stability_of(weights, groups, 3, 20, 1).tolist() == pytest.approx([1, 1, 1])


def test_stability_is_that_of_plain_loops_over_the_same_subsamples() -> None:
    rng = np.random.default_rng(5)
    texts = ["".join(rng.choice(list("培训教师企业经费评价"), 6)) for _ in range(11)]
    weights = weights_of(texts)
    groups = in_order(factored(weights, 3, 1))
    draws = np.random.default_rng([1, 22])
    expected = []
    for _ in range(6):
        order = draws.permutation(11)
        kept = [at for at in range(11) if order[at] < 0.8 * 11]
        assert len(kept) == 9
        again = factored(weights[kept], 3, 1)
        row = []
        for group in range(int(groups.max()) + 1):
            own = {at for at in kept if groups[at] == group}
            others = [{kept[at] for at in np.flatnonzero(again == each)} for each in set(again.tolist())]
            best = max(len(own & other) / len(own | other) for other in others)
            row.append(best if len(own) > 1 else 0.0)  # a group of one has no credit
        expected.append(row)
    found = stability_of(weights, groups, 3, 6, 1)
    assert found.tolist() == pytest.approx(np.mean(expected, axis=0).tolist(), abs=1e-12)
    assert jaccard_stability(np.array([0, 1]), np.array([[0, 0]])).tolist() == [0, 0]


# --- names and places --------------------------------------------------------------------------------------------


def test_marking_terms_are_those_of_larger_keyness_against_the_other_groups() -> None:
    tokens = tokens_frame(
        [
            ("甲", "m1", ["培训", "培训", "教师", "加强"]),
            ("甲", "m2", ["培训", "研修", "教师"]),
            ("乙", "m3", ["企业", "教师", "教师"]),
            ("乙", "m4", ["经费", "经费"]),
        ],
        generic=["加强"],
    )
    group = pd.Series([0, 0, 1, -1], index=["m1", "m2", "m3", "m4"])
    found = marking_terms(tokens, group, 9)
    # group 0: 培训 3, 教师 2, 研修 1 of 6; elsewhere (also in no group): 企业 1, 教师 2, 经费 2 of 5
    assert signed_g2(2, 6, 2, 5) < 0 < signed_g2(1, 6, 0, 5) < signed_g2(3, 6, 0, 5)
    assert found[0] == ["培训", "研修"]
    # group 1: 企业 1, 教师 2 of 3; elsewhere 教师 2 of 8
    assert 0 < signed_g2(2, 3, 2, 8) < signed_g2(1, 3, 0, 8)
    assert found[1] == ["企业", "教师"]
    assert marking_terms(tokens, group, 1) == {0: ["培训"], 1: ["企业"]}


def test_a_group_is_named_by_its_three_leading_terms(settings: Settings) -> None:
    themes, _, _ = checked(*frames_of(PLANTED), quick(settings))
    tokens, measures = frames_of(PLANTED)
    for row in themes.itertuples():
        _, evidence, group = checked(tokens, measures, quick(settings))
        members = {name for name, own in group.items() if own == row.theme}
        terms = marking_terms(tokens, pd.Series({name: 0 if name in members else 1 for name in group}), 3)[0]
        assert row.zh == row.en == "·".join(terms)
        assert set(evidence.loc[evidence["theme"] == row.theme, "rule"]) >= set(terms[:1])
    assert set(themes["source"]) == {"unsupervised"}


def measure_row(measure_id: str, text: str, start: int = 0) -> pd.Series:
    frame = measures_frame([("甲", text)]).assign(measure_id=measure_id, start=start, end=start + len(text))
    return next(frame.itertuples())


def test_marks_are_the_terms_in_the_measure_the_longest_of_overlapping_ones() -> None:
    tokens = tokens_frame([("甲", "m", ["教师培训", "/", "培训", "/", "研修"])])
    # 培训 inside 教师培训 is counted beside it
    nested = tokens.iloc[[0]].assign(surface="培训", term="培训", start=2, end=4)
    said = pd.concat([tokens, nested])
    measure = measure_row("m", "教师培训，培训，研修")
    assert hits_in(measure, said, ["研修", "培训", "教师培训"]) == [(0, 4, "教师培训"), (5, 7, "培训"), (8, 10, "研修")]
    assert hits_in(measure, said, ["培训"]) == [(2, 4, "培训"), (5, 7, "培训")]
    crossing = pd.concat([nested.assign(term="职业教", start=0, end=3), nested.assign(term="业教育改", start=1, end=5)])
    assert hits_in(measure, crossing, ["职业教", "业教育改"]) == [(1, 5, "业教育改")]


def test_a_measure_without_a_marking_term_is_led_to_by_its_longest_word_or_as_a_whole() -> None:
    tokens = tokens_frame([("甲", "m", ["研修", "教师队伍", "职业教育"])])
    measure = measure_row("m", "研修教师队伍职业教育")
    assert hits_in(measure, tokens, ["培训"]) == [(2, 6, "教师队伍")]  # of equal ones the first
    assert hits_in(measure_row("m", "的了", 7), tokens.head(0), ["培训"]) == [(7, 9, "的了")]


# --- the tables --------------------------------------------------------------------------------------------------


def test_planted_groups_are_found_and_each_measure_is_led_to(settings: Settings) -> None:
    tokens, measures = frames_of(PLANTED)
    themes, evidence, group = checked(tokens, measures, quick(settings, subsamples=20))
    assert [group[name] for name in measures["measure_id"]] == [f"g{1 + own}" for own in TRUTH]
    assert themes["theme"].tolist() == ["g1", "g2", "g3"]
    assert themes["measures"].tolist() == themes["regions"].tolist() == [3, 3, 3]
    assert themes["share"].tolist() == pytest.approx([1 / 3] * 3)
    assert (evidence["status"] == COUNTED).all()
    assert set(evidence["measure_id"]) == set(measures["measure_id"])
    assert evidence["line"].isna().all()
    for row in evidence.itertuples():
        text = measures.set_index("measure_id").loc[row.measure_id, "text"]
        assert text[row.start : row.end] == row.indicator == row.rule
    for row in themes.itertuples():
        own = evidence[evidence["theme"] == row.theme]
        hits = Counter(own["measure_id"])
        assert row.single_hit == list(hits.values()).count(1)
        assert row.rules_used == own["rule"].nunique() <= row.rules
        assert 0 <= row.stability <= 1


def test_offsets_are_those_of_the_document(settings: Settings) -> None:
    tokens, measures = frames_of(PLANTED)
    moved = measures.assign(start=measures["start"] + 7, end=measures["end"] + 7)
    later = tokens.assign(start=tokens["start"] + 7, end=tokens["end"] + 7)
    (_, here, _), (_, there, _) = (checked(*frames, quick(settings)) for frames in ((tokens, measures), (later, moved)))
    assert there["indicator"].tolist() == here["indicator"].tolist()
    assert there["start"].tolist() == (here["start"] + 7).tolist()
    assert there["end"].tolist() == (here["end"] + 7).tolist()


def test_the_groups_do_not_depend_on_the_run(settings: Settings) -> None:
    chosen = quick(settings)
    first, second = (grouped(*reversed(frames_of(PLANTED)), chosen) for _ in range(2))
    for one, two in zip(first, second, strict=True):
        pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_the_order_of_the_measures_changes_their_numbers_only(settings: Settings) -> None:
    order = [5, 2, 8, 0, 7, 4, 1, 3, 6]
    _, _, group = checked(*frames_of([PLANTED[at] for at in order]), quick(settings))
    assert adjusted_rand_score([TRUTH[at] for at in order], list(group.values())) == 1
    assert list(dict.fromkeys(group.values())) == ["g1", "g2", "g3"]


def small(texts: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every text a measure of a region of its own, and its words: what stands between blanks and marks."""
    measures = measures_frame([(f"地区{at}", text) for at, text in enumerate(texts)]) if texts else empty_measures()
    said = [(row.region, row.measure_id, row.text) for row in measures.itertuples()]
    tokens = [
        (region, measure, text.replace("，", " / ").replace("。", " / ").split()) for region, measure, text in said
    ]
    return tokens_frame(tokens).astype({"generic": bool}), measures


def empty_measures() -> pd.DataFrame:
    return tables.from_rows([], tables.MEASURES)


@pytest.mark.parametrize(
    ("texts", "grouped_ones"),
    [
        ([], 0),
        (["培训"], 1),
        (["培训", "企业"], 2),
        (["培训", "培训"], 2),
        (["，。"], 0),
        (["，", "。"], 0),
        (["培训", "，"], 1),
        (["培", "训", "，"], 2),
    ],
)
def test_few_measures_and_measures_without_letters_are_grouped_as_far_as_they_can_be(
    settings: Settings, texts: list[str], grouped_ones: int
) -> None:
    tokens, measures = small(texts)
    themes, evidence, group = checked(tokens, measures, quick(settings))
    assert len(group) == grouped_ones
    assert themes["measures"].sum() == grouped_ones
    assert set(evidence["theme"]) == set(themes["theme"])


def test_a_measure_without_words_is_led_to_as_a_whole(settings: Settings) -> None:
    measures = measures_frame([("甲", "的了"), ("乙", "的了吧")])
    themes, evidence, _ = checked(tokens_frame([]).astype({"generic": bool}), measures, quick(settings, groups=1))
    assert evidence[["measure_id", "indicator", "start", "end"]].values.tolist() == [
        ["D01-1", "的了", 0, 2],
        ["D02-1", "的了吧", 0, 3],
    ]
    assert themes["zh"].tolist() == ["的了·的了吧"]
    assert themes[["rules", "rules_used"]].values.tolist() == [[0, 2]]


LETTERS = st.lists(
    st.lists(st.sampled_from(["培训", "教师", "企业", "经费", "x", "，"]), max_size=5).map("".join),
    min_size=1,
    max_size=7,
)


@given(st.one_of(LETTERS, st.lists(st.text(max_size=6), min_size=1, max_size=5)))
def test_every_measure_of_any_texts_that_has_a_letter_is_led_to(settings: Settings, texts: list[str]) -> None:
    _, measures = small(texts)
    words = [
        (row.region, row.measure_id, [row.text[at : at + 2] for at in range(0, len(row.text), 2)])
        for row in measures.itertuples()
        if row.text.isalpha()
    ]
    tokens = tokens_frame(words).astype({"generic": bool})
    themes, evidence, group = checked(tokens, measures, quick(settings, subsamples=2))
    with_letters = {row.measure_id for row in measures.itertuples() if any(letter.isalnum() for letter in row.text)}
    assert set(group) == with_letters
    place = measures.set_index("measure_id")
    for row in evidence.itertuples():
        assert 0 <= row.start < row.end <= place.loc[row.measure_id, "end"]
        assert place.loc[row.measure_id, "text"][row.start : row.end] == row.indicator
    assert themes["stability"].between(0, 1).all()
    assert themes["theme"].tolist() == [f"g{at}" for at in range(1, len(themes) + 1)]
