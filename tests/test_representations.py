"""What is counted: words and characters as they stand in the texts, every view once, and the cosines of similarity.csv."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.sparse import csr_array

from pipeline.background import TEXTS, Background, Space, centred, inner
from pipeline.evidence import base_views
from pipeline.method import Settings
from pipeline.representations import (
    CHARACTER_TEXTS,
    FUSED_VIEW,
    WORD_TEXTS,
    Corpus,
    Regions,
    Specification,
    Units,
    View,
    all_units,
    background_views,
    character_ngrams,
    characters,
    common_above,
    fused_parts,
    regions_of,
    specifications,
    theme_views,
    units_of,
    views,
    with_background,
    words,
)
from tests import conftest
from tests.conftest import measures_frame, tokens_frame


def table_of(units: Units, measures: int) -> dict[str, list[float]]:
    """Term -> count in every measure."""
    table = np.zeros((measures, len(units.terms)))
    table[units.measure, units.term] = units.count
    return dict(zip(units.terms, table.T.tolist(), strict=True))


# --- units -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "n", "expected"),
    [
        ("职业教育", 2, ["职业", "业教", "教育"]),
        ("职业教育", 1, ["职", "业", "教", "育"]),
        ("培训，基地。", 2, ["培训", "基地"]),  # none across a comma
        ("“双师”型 教师", 2, ["双师", "教师"]),  # 型 stands alone between a quotation mark and a space
        ("1+X证书", 2, ["X证", "证书"]),
        ("甲_乙", 2, []),
        ("甲", 2, []),
        ("", 1, []),
        ("双双双", 2, ["双双", "双双"]),
    ],
)
def test_runs_of_characters_never_span_punctuation(text: str, n: int, expected: list[str]) -> None:
    assert list(character_ngrams(text, n)) == expected


def test_runs_of_characters_never_span_two_measures() -> None:
    units = characters(measures_frame([("山东", "甲乙"), ("山东", "丙丁"), ("浙江", "甲乙甲乙")]), 2)
    assert table_of(units, 3) == {"丙丁": [0, 1, 0], "乙甲": [0, 0, 1], "甲乙": [1, 0, 2]}
    assert not units.generic.any()


def test_terms_stand_in_code_point_order_with_their_counts_and_marks() -> None:
    units = units_of([(1, "乙"), (0, "乙"), (1, "a"), (1, "乙"), (0, "丙")], frozenset({"丙", "丁"}))
    assert units.terms == ("a", "丙", "乙")
    assert units.generic.tolist() == [False, True, False]
    assert table_of(units, 2) == {"a": [0, 1], "丙": [1, 0], "乙": [1, 2]}


def test_a_corpus_that_says_nothing_has_no_units() -> None:
    units = units_of([])
    assert units.terms == ()
    assert [len(cells) for cells in units.cells] == [0, 0, 0]


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from("甲乙丙丁")), max_size=30))
def test_every_pair_that_is_said_is_counted_once(said: list[tuple[int, str]]) -> None:
    units = units_of(said)
    cells = zip(units.measure.tolist(), (units.terms[at] for at in units.term), units.count.tolist(), strict=True)
    assert {(measure, term): count for measure, term, count in cells} == dict(Counter(said))
    assert len(units.count) == len(set(said))


@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from("甲乙丙丁")), max_size=30),
    st.frozensets(st.sampled_from("甲乙丙丁")),
)
def test_leaving_terms_out_is_as_if_they_had_not_been_said(
    said: list[tuple[int, str]], generic: frozenset[str]
) -> None:
    units = units_of(said, generic)
    found = units.without(units.generic)
    expected = units_of([pair for pair in said if pair[1] not in generic], generic)
    assert found.terms == expected.terms
    assert [cells.tolist() for cells in found.cells] == [cells.tolist() for cells in expected.cells]
    assert found.generic.tolist() == expected.generic.tolist() == [False] * len(found.terms)


def test_regions_are_numbered_as_the_corpus_meets_them() -> None:
    found = regions_of(measures_frame([("浙江", "甲"), ("山东", "乙"), ("浙江", "丙"), ("上海", "丁")]))
    assert found.names == ("浙江", "山东", "上海")
    assert found.measures == ("D01-1", "D02-1", "D03-1", "D04-1")
    assert found.of.tolist() == [0, 1, 0, 2]


def test_documents_are_numbered_only_where_a_region_has_several_and_dealt_only_where_each_has() -> None:
    frame = measures_frame([("浙江", "甲"), ("山东", "乙"), ("浙江", "丙"), ("山东", "丁")])
    assert regions_of(frame.assign(doc_id=["D1", "D2", "D1", "D2"])).documents is None
    mixed = regions_of(frame.assign(doc_id=["D1", "D2", "D3", "D2"]))
    assert mixed.documents is not None
    assert mixed.documents.tolist() == [0, 1, 2, 1]
    assert mixed.dealt is None
    each = regions_of(frame.assign(doc_id=["D1", "D2", "D3", "D4"]))
    assert each.dealt is not None
    assert each.dealt.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("share", "n", "common", "not_common"),
    [
        (0.6, 13, 8, 7),  # 7.8
        (0.6, 5, 4, 3),  # 3 of 5 are not more than 0.6
        (0.07, 100, 8, 7),  # though 0.07 x 100 is 7.000000000000001
        (0.58, 100, 59, 58),  # and 0.58 x 100 is 57.99999999999999
        (0.6, 3, 3, 2),  # two of three are more than 0.6: never only two
        (0.6, 2, 3, 2),
        (0.0, 13, 3, 2),
        (1.0, 13, 14, 13),
    ],
)
def test_a_word_of_more_than_the_share_of_the_regions_is_common_but_never_one_of_two(
    share: float, n: int, common: int, not_common: int
) -> None:
    assert not_common <= common_above(share, n) < common


def test_words_are_those_of_the_tokens_in_the_order_of_the_measures() -> None:
    regions = regions_of(measures_frame([("山东", "甲"), ("浙江", "乙"), ("上海", "丙")]))
    tokens = tokens_frame(
        [("上海", "D03-1", ["培训", "培训"]), ("山东", "D01-1", ["建设", "培训"])], generic=["建设"]
    )  # the second measure has no word left
    units = words(tokens, regions)
    assert table_of(units, 3) == {"培训": [1, 0, 2], "建设": [1, 0, 0]}
    assert dict(zip(units.terms, units.generic.tolist(), strict=True)) == {"培训": False, "建设": True}


def test_every_kind_of_text_is_counted_from_its_own_table() -> None:
    measures = measures_frame([("山东", "甲乙丙"), ("浙江", "甲乙")])
    with_dictionary = tokens_frame([("山东", "D01-1", ["甲乙丙"]), ("浙江", "D02-1", ["甲乙"])])
    without = tokens_frame([("山东", "D01-1", ["甲乙", "丙"]), ("浙江", "D02-1", ["甲乙"])])
    found = all_units(with_dictionary, without, measures, regions_of(measures))
    assert {text: units.terms for text, units in found.items()} == {
        "dictionary": ("甲乙", "甲乙丙"),
        "no dictionary": ("丙", "甲乙"),
        "single characters": ("丙", "乙", "甲"),
        "character pairs": ("乙丙", "甲乙"),
    }
    assert set(found) == {*WORD_TEXTS, *CHARACTER_TEXTS}


# --- views -------------------------------------------------------------------------------------------------------


def test_the_views_are_every_combination_and_the_generic_list_applies_to_words_only() -> None:
    expected = {
        View(text, generic, weight, min_df)
        for text, generic, weight, min_df in product(
            ("dictionary", "no dictionary", "single characters", "character pairs"),
            ("out", "in", "—"),
            ("tf-idf", "sublinear", "bm25", "binary"),
            (1, 2),
        )
        if (generic == "—") == ("character" in text)
    }
    assert set(views()) == expected
    assert len(views()) == len(expected) == 48


def test_the_views_of_themes_are_every_weight_and_leave_no_theme_out() -> None:
    expected = {View("themes", "—", weight, 1) for weight in ("tf-idf", "sublinear", "bm25", "binary")}
    assert set(theme_views()) == expected
    assert len(theme_views()) == 4
    assert not expected & set(views())


def test_a_corpus_is_tried_in_every_view_unless_it_says_which() -> None:
    assert Corpus(REGIONS, {}, 1.0).views == views()
    assert Corpus(REGIONS, {}, 1.0, theme_views()).views == theme_views()


def test_a_theme_of_all_regions_counts_though_a_word_would_be_common() -> None:
    said = units_of([(0, "甲"), (1, "乙"), (2, "甲"), (3, "甲")])  # 甲 in every region, 乙 in the first
    corpus = Corpus(REGIONS, {"themes": said, "dictionary": said}, 0.6, theme_views())
    # 甲: idf ln(4/4) + 1 = 1; 乙: ln(4/2) + 1 = 1.693147; the first region is at 1 / root(1 + 1.693147^2) from the others
    for view in theme_views()[:1]:
        cosines = corpus.cosines(view)[0]
        assert cosines[1, 2] == pytest.approx(1)
        assert cosines[0, 1] == cosines[0, 2] == pytest.approx(0.508542, abs=1e-6)
    assert corpus.cosines(View("dictionary", "in", "tf-idf", 1))[0][1, 2] == 0


def test_the_specifications_are_every_view_with_every_algorithm() -> None:
    found = specifications()
    assert len(found) == len(set(found)) == 240
    assert [each.view for each in found[::5]] == list(views())  # an algorithm after the other within each view
    assert [each.algorithm for each in found[:5]] == ["average", "complete", "ward", "kmeans", "spectral"]


def test_both_views_of_the_report_are_among_them() -> None:
    for exclude_generic, generic in ((True, "out"), (False, "in")):
        base = base_views(exclude_generic=exclude_generic)
        assert set(base.values()) <= set(views())
        assert base["words"].generic == generic


def test_choices_are_words_for_a_table() -> None:
    view = View("character pairs", "—", "bm25", 2)
    choices = {"text": "character pairs", "generic": "—", "weight": "bm25", "min_df": "2"}
    assert view.choices == choices
    assert Specification(view, "ward").choices == {**choices, "algorithm": "ward"}


# --- counts and cosines ------------------------------------------------------------------------------------------

#          measure  0     1      2       3
SAID = ["甲甲乙", "乙丙", "甲丁", "甲丙丙"]
REGIONS = Regions(("山东", "浙江", "上海"), ("m0", "m1", "m2", "m3"), np.array([0, 0, 1, 2]))


def small(common_share: float = 1.0, *, generic: frozenset[str] = frozenset()) -> Corpus:
    units = units_of([(at, letter) for at, said in enumerate(SAID) for letter in said], generic)
    return Corpus(REGIONS, dict.fromkeys((*WORD_TEXTS, *CHARACTER_TEXTS), units), common_share)


def counted(regions: list[int], times: list[int], letters: str) -> list[list[float]]:
    """Counts of the letters in the three regions, by writing out what each says."""
    says = ["".join(said * n for said, r, n in zip(SAID, regions, times, strict=True) if r == at) for at in range(3)]
    return [[each.count(letter) for letter in letters] for each in says]


RAW = View("dictionary", "in", "tf-idf", 1)


def test_counts_are_those_of_the_texts_of_each_region_moved_or_repeated() -> None:
    corpus = small()
    letters = "".join(corpus.terms(RAW))
    assert letters == "丁丙乙甲"
    moved, times = np.array([[2, 0, 0, 1], [1, 1, 0, 2]]), np.array([[1, 1, 1, 1], [2, 0, 0, 3]])
    own = REGIONS.of.tolist()
    assert corpus.counts(RAW).tolist() == [counted(own, [1] * 4, letters)]
    assert corpus.counts(RAW, regions=moved).tolist() == [counted(row.tolist(), [1] * 4, letters) for row in moved]
    assert corpus.counts(RAW, times=times).tolist() == [counted(own, row.tolist(), letters) for row in times]
    assert corpus.counts(RAW, regions=moved, times=times).tolist() == [
        counted(row.tolist(), often.tolist(), letters) for row, often in zip(moved, times, strict=True)
    ]


def test_generic_words_are_out_of_the_views_that_say_so_and_of_no_other() -> None:
    corpus = small(generic=frozenset("乙丁"))
    assert corpus.terms(View("no dictionary", "out", "tf-idf", 1)) == ("丙", "甲")
    assert corpus.terms(View("no dictionary", "in", "tf-idf", 1)) == ("丁", "丙", "乙", "甲")
    assert corpus.terms(View("single characters", "—", "tf-idf", 1)) == ("丁", "丙", "乙", "甲")
    assert corpus.counts(View("dictionary", "out", "tf-idf", 1)).tolist() == [counted([0, 0, 1, 2], [1] * 4, "丙甲")]


def test_common_words_do_not_count_but_common_characters_do() -> None:
    # 甲 is in all three regions: without it 浙江 has only 丁, which no other has; 山东 and 上海 share 丙
    corpus = small(common_share=0.7)
    by_words = corpus.cosines(View("dictionary", "in", "binary", 1))[0]
    by_characters = corpus.cosines(View("single characters", "—", "binary", 1))[0]
    assert by_words[0, 1] == by_words[1, 2] == 0
    # 山东 乙 丙, 上海 丙; idf ln(4/2) + 1 = 1.693147 and ln(4/3) + 1 = 1.287682
    assert by_words[0, 2] == pytest.approx(1.287682072452 / np.hypot(1.693147180560, 1.287682072452), abs=1e-9)
    # 上海 甲 丙 (idf 1 and 1.287682), 浙江 甲 丁 (1 and 1.693147): 1 / (1.630333 x 1.966380)
    expected = 1 / (np.hypot(1, 1.287682072452) * np.hypot(1, 1.693147180560))
    assert by_characters[1, 2] == pytest.approx(expected, abs=1e-9)


def test_terms_of_fewer_regions_than_the_view_asks_for_do_not_count() -> None:
    # 乙 and 丁 are in one region each: what is left of 山东 is 甲 丙, as in 上海, and 甲 of 浙江
    found = small().cosines(View("dictionary", "in", "binary", 2))[0]
    assert found[0, 2] == pytest.approx(1, abs=1e-12)
    assert found[0, 1] == pytest.approx(1 / np.hypot(1, 1.287682072452), abs=1e-9)


def test_the_weight_of_the_view_is_used() -> None:
    raw = small().cosines(View("dictionary", "in", "tf-idf", 1))[0]
    others = [small().cosines(View("dictionary", "in", weight, 1))[0] for weight in ("sublinear", "bm25", "binary")]
    found = [round(float(each[0, 2]), 9) for each in (raw, *others)]
    assert len(set(found)) == 4


def test_each_draw_has_the_cosines_of_the_texts_it_moves_and_repeats() -> None:
    corpus = small(common_share=0.7)
    moved, times = np.array([[2, 0, 0, 1], [1, 1, 0, 2]]), np.array([[1, 1, 0, 2], [2, 0, 0, 3]])
    found = corpus.cosines(RAW, regions=moved, times=times)
    for draw in range(2):
        said = [
            (at, letter) for at, text in enumerate(SAID) for letter in text for _ in range(times[draw, at])
        ]  # a corpus that really has these texts
        regions = Regions(REGIONS.names, REGIONS.measures, moved[draw])
        expected = Corpus(regions, {"dictionary": units_of(said)}, 0.7).cosines(RAW)[0]
        np.testing.assert_allclose(found[draw], expected, atol=1e-12)


def test_both_views_of_the_appendix_have_the_cosines_of_the_table(corpus: conftest.Corpus, settings: Settings) -> None:
    regions = regions_of(corpus.measures)
    units = all_units(corpus.tokens, corpus.plain, corpus.measures, regions)
    counted_once = Corpus(regions, units, settings.keywords.common_share)
    found = base_views(exclude_generic=settings.keywords.exclude_generic)
    above = np.triu_indices(13, 1)
    for view, column in (("words", "cosine"), ("characters", "cosine_char")):
        cosines = counted_once.cosines(found[view])
        assert cosines.shape == (1, 13, 13)
        np.testing.assert_allclose(cosines[0][above], corpus.similarity[column], atol=1e-9)
    assert regions.names == conftest.REGIONS


# --- through a background ------------------------------------------------------------------------------------------------


def background() -> Background:
    """Knows 甲, 乙 and 丙, not 丁."""
    rng = np.random.default_rng(5)
    space = Space(tuple("丙乙甲"), np.array([5, 2, 40]), rng.standard_normal((3, 2)), np.array([3.0, 1.0]))
    return Background({"name": "small", "paragraphs": 50}, dict.fromkeys(TEXTS, space))


def test_the_views_through_a_background_are_each_once_and_none_of_those_without() -> None:
    expected = {
        View("dictionary", generic, weight, 1)
        for generic in ("out", "in")
        for weight in ("background-idf", "background-lsa", "soft-cosine")
    } | {
        View(text, "—", weight, 1)
        for text in ("single characters", "character pairs")
        for weight in ("background-idf", "background-lsa")
    }
    assert set(background_views()) == expected | {FUSED_VIEW}
    assert len(background_views()) == 11
    assert set(fused_parts()) < expected
    assert not set(background_views()) & set(views())
    assert with_background(small(), background()).views == background_views()
    assert len(specifications(background_views())) == 55


@pytest.mark.parametrize("view", [view for view in background_views() if view != FUSED_VIEW], ids=str)
def test_each_draw_through_a_background_is_of_the_texts_it_moves_and_repeats(view: View) -> None:
    seen = with_background(small(generic=frozenset("乙")), background())
    moved, times = np.array([[2, 0, 0, 1], [1, 1, 0, 2]]), np.array([[1, 1, 0, 2], [2, 0, 0, 3]])
    found = seen.cosines(view, regions=moved, times=times)
    assert found.shape == (2, 3, 3)
    letters = "丁丙甲" if view.generic == "out" else "丁丙乙甲"
    part = background().part(view.text, list(letters))
    for draw in range(2):
        counts = np.array(counted(moved[draw].tolist(), times[draw].tolist(), letters))
        expected = centred(inner(part, view.weight, csr_array(counts)))
        np.testing.assert_allclose(found[draw], expected, atol=1e-12)
    np.testing.assert_allclose(seen.cosines(view, times=times)[1], seen.cosines(view, times=times[1:])[0], atol=1e-12)


def test_the_fused_view_is_the_mean_of_its_parts_in_every_draw() -> None:
    seen = with_background(small(), background())
    times = np.array([[1, 1, 1, 1], [2, 0, 0, 3]])
    parts = [seen.cosines(part, times=times) for part in fused_parts()]
    assert len(parts) == 4
    np.testing.assert_allclose(seen.cosines(FUSED_VIEW, times=times), sum(parts) / 4, atol=1e-12)


def test_the_size_of_a_view_is_that_of_its_images_and_of_the_fused_one_that_of_its_largest_part() -> None:
    seen = with_background(small(generic=frozenset("乙")), background())
    assert seen.size(View("dictionary", "out", "background-idf", 1)) == 3
    assert seen.size(View("dictionary", "in", "background-lsa", 1)) == 2
    assert seen.size(View("dictionary", "in", "soft-cosine", 1)) == 3  # two dimensions, and 丁
    assert seen.size(FUSED_VIEW) == 3
    assert small().size(View("dictionary", "in", "tf-idf", 1)) == 4
