"""The benchmark on a few texts: what is drawn, what the background of a draw knows, and how the page compares."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from benchmarks import small_n
from benchmarks.small_n import (
    ALONE,
    FUSED_ALL,
    FUSED_AVERAGE,
    NAIVE,
    STRONGER,
    Draw,
    Study,
    background_without,
    draws_of,
    groupings,
    holders,
    labels_for,
    left,
    load_labelled,
    main,
    mean_of,
    most_frequent,
    ratio_of,
    resampled,
    sizes_of,
    space_from,
    study_of,
    tables_of,
)
from pipeline.background import PAIRS, SINGLE, WORDS
from pipeline.errors import InputError
from pipeline.learning import counts_of, space_of, terms_of, vocabulary
from pipeline.method import Settings
from tests.make import ROOT

# Invented sentences of two subjects, which share no character pair with the other subject.
SCHOOLS = ("新建学校扩大学位", "教师培训进学校", "学位增加教师增加", "学校食堂与教师宿舍")
FIELDS = ("小麦水稻丰收", "耕地保护种水稻", "水稻良种与耕地", "小麦良种推广")


# --- what is drawn -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n", "k", "sizes", "ways"), [(13, 3, (4, 4, 5), 3), (31, 4, (7, 8, 8, 8), 4), (12, 3, (4, 4, 4), 1)]
)
def test_sizes_are_as_equal_as_possible_and_any_group_may_have_the_surplus(
    n: int, k: int, sizes: tuple[int, ...], ways: int
) -> None:
    found = {tuple(sizes_of(n, k, np.random.default_rng(seed)).tolist()) for seed in range(1, 60)}
    assert {tuple(sorted(each)) for each in found} == {sizes}
    assert len(found) == ways


def test_a_draw_has_different_texts_of_k_labels_and_its_groups_are_these_labels() -> None:
    labels = ["a"] * 6 + ["b"] * 5 + ["c"] * 9 + ["d"] * 5 + ["few"] * 4
    found = draws_of(labels, 13, 3, 40)
    for draw in found:
        assert len(set(draw.texts.tolist())) == 13
        named = {(labels[text], group) for text, group in zip(draw.texts, draw.groups, strict=True)}
        assert len(named) == 3
        assert len({label for label, _ in named}) == 3
        assert sorted(np.bincount(draw.groups)) == [4, 4, 5]
    used = {labels[text] for draw in found for text in draw.texts}
    assert used == {"a", "b", "c", "d"}  # four texts are not enough where five may be drawn


def test_equal_seeds_draw_equal_texts_and_every_draw_is_another() -> None:
    labels = ["a"] * 20 + ["b"] * 20 + ["c"] * 20
    first, second = (draws_of(labels, 13, 3, 5) for _ in range(2))
    assert [draw.texts.tolist() for draw in first] == [draw.texts.tolist() for draw in second]
    assert len({tuple(sorted(draw.texts)) for draw in first}) == 5


@pytest.mark.parametrize(
    ("counts", "n", "k", "found"),
    [
        ({"a": 5, "b": 5, "c": 5}, 13, 3, (3, ("a", "b", "c"))),
        ({"a": 7, "b": 7, "c": 4}, 13, 3, (2, ("a", "b"))),  # 13 of two labels need 7 of one
        ({"a": 6, "b": 7}, 13, 3, (0, ())),
        ({"a": 8, "b": 8, "c": 8, "d": 8}, 31, 4, (4, ("a", "b", "c", "d"))),
        ({"a": 8, "b": 8, "c": 8, "d": 7}, 31, 4, (0, ())),
    ],
)
def test_fewer_labels_are_drawn_from_where_there_are_no_more_with_texts_enough(
    counts: dict[str, int], n: int, k: int, found: tuple[int, tuple[str, ...]]
) -> None:
    assert labels_for(list(Counter(counts).elements()), n, k) == found


# --- the background of a draw ------------------------------------------------------------------------------------------


def test_a_text_is_held_by_every_paragraph_that_contains_it_or_is_part_of_it() -> None:
    paragraphs = ["办好教育。新建学校。", "新建 学校。", "新建", "小麦。", "先新建学校。再新建学校。"]
    found = holders(["新建学校。", "小麦。水稻。", "大豆。"], paragraphs)
    assert [each.tolist() for each in found] == [[0, 1, 2, 4], [3], []]


def test_the_background_of_a_draw_knows_nothing_of_the_paragraphs_left_out(settings: Settings) -> None:
    paragraphs = [*SCHOOLS, *FIELDS]
    terms = [terms_of(each, [each[:2]]) for each in paragraphs]
    tables = tables_of(terms, settings.background)
    found = background_without(tables, np.arange(4))  # without the schools
    assert found.paragraphs == 4
    assert not {"学", "校"} & set(found.spaces[SINGLE].terms)
    space = found.spaces[PAIRS]
    assert dict(zip(space.terms, space.df.tolist(), strict=True)) == {"小麦": 2, "水稻": 3, "耕地": 2, "良种": 2}


def test_what_is_left_is_what_would_have_been_counted_without_the_paragraphs(settings: Settings) -> None:
    paragraphs = [terms_of(each, []) for each in (*SCHOOLS, *FIELDS, *SCHOOLS[:2])]
    out = np.array([1, 5, 8])
    rest = [each for at, each in enumerate(paragraphs) if at not in out]
    for text in (PAIRS, SINGLE):
        table = tables_of(paragraphs, settings.background)[text]
        terms, df, counts = left(table, out)
        expected, expected_df = vocabulary(Counter(term for each in rest for term in each[text]), 2, table.most)
        assert (terms, df.tolist()) == (expected, expected_df.tolist())
        again = counts_of((each[text] for each in rest), {term: at for at, term in enumerate(expected)})
        assert np.array_equal(counts.toarray(), again.toarray())


def test_the_most_frequent_terms_are_kept_and_of_equal_ones_the_first() -> None:
    assert most_frequent(np.array([2, 1, 3, 2, 5, 2]), 3).tolist() == [0, 2, 4]
    assert most_frequent(np.array([2, 1, 3]), 9).tolist() == [0, 2]


def test_the_short_side_gives_the_space_that_all_paragraphs_give() -> None:
    rng = np.random.default_rng(7)
    paragraphs = [Counter({f"t{term:02}": int(rng.integers(1, 4)) for term in rng.choice(30, 9)}) for _ in range(12)]
    df = Counter(term for each in paragraphs for term in each)
    terms, frequency = vocabulary(df, 2, 99)
    counts = counts_of(paragraphs, {term: at for at, term in enumerate(terms)})
    assert len(terms) > len(paragraphs)
    found = space_from(terms, frequency, counts, 12)
    expected = space_of(terms, frequency, 12, lambda: [counts], 12)
    assert found.strength == pytest.approx(expected.strength, abs=1e-4)
    # vectors are kept in steps of 1/127 of a term's largest entry
    assert found.vectors @ found.vectors.T == pytest.approx(expected.vectors @ expected.vectors.T, abs=0.03)


# --- groups and scores -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def study(settings: Settings) -> Study:
    """The eight sentences and one of the dictionary's terms; the background holds each twice."""
    texts = [*SCHOOLS, *FIELDS, "建设双师型教师队伍"]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)  # where the prepared dictionary lies
        return study_of(texts, [*texts, *(f"先{each}" for each in texts)], settings)


def test_texts_of_two_subjects_fall_apart_in_every_default(study: Study) -> None:
    assert [each.tolist() for each in study.held_by] == [[at, at + 9] for at in range(9)]
    draw = Draw(np.array([0, 4, 1, 5]), np.array([0, 1, 0, 1]))
    found = groupings(study, draw, [4, 1])
    assert len(found) == 2 + (3 + 7 + 1) * 5 + 2
    for row in (NAIVE, STRONGER, ALONE, FUSED_AVERAGE, FUSED_ALL):
        assert len(found[row]) == 4
    for row in (FUSED_AVERAGE, FUSED_ALL):
        assert found[row][0] == found[row][2] != found[row][1] == found[row][3], row


def test_the_ratio_of_a_series_to_itself_is_1_with_certainty() -> None:
    values = np.array([0.2, 0.9, 0.4, 0.7])
    found = ratio_of(values, values, resampled(4, 13))
    assert (found.value, found.low, found.high) == (1, 1, 1)


def test_the_ratio_of_a_series_to_its_half_is_2_because_both_resample_the_same_draws() -> None:
    values = np.array([0.2, 0.9, 0.4, 0.7])
    assert str(ratio_of(values, values / 2, resampled(4, 13))) == "2.00 [2.00, 2.00]"


def test_a_mean_has_an_interval_from_its_draws() -> None:
    assert str(mean_of(np.full(9, 0.5), resampled(9, 13))) == "0.50 [0.50, 0.50]"
    found = mean_of(np.array([0.0, 1.0] * 50), resampled(100, 13))
    assert found.value == 0.5
    # 1.96 standard errors of 0.05
    assert (found.low, found.high) == pytest.approx((0.402, 0.598), abs=0.025)


def test_there_is_no_ratio_to_what_is_no_better_than_chance() -> None:
    assert str(ratio_of(np.array([0.5, 0.6]), np.array([0.0, 0.0]), resampled(2, 13))) == "—"


# --- the inputs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "line", "told"),
    [
        ("a.csv", "text,kind\n新建学校,教育\n", 2, "no column label"),
        ("a.jsonl", '{"label": "教育"}', 1, "no column text"),
        ("a.csv", "text,label\n", None, "not one row"),
        ("a.jsonl", "\n", None, "not one row"),
        ("a.csv", "text,label\n新建学校,教育\n ,教育\n", 3, "text is empty"),
        ("a.csv", "text,label\n新建学校\n", 2, "label is empty"),
        ("a.jsonl", '{"text": "新建学校", "label": null}', 1, "label is empty"),
        ("a.jsonl", '{"text": ["新建学校"], "label": "教育"}', 1, "text is empty or no text"),
        ("a.jsonl", '\n{"text"', 2, "not JSON"),
        ("a.jsonl", "[]", 1, "not a JSON object"),
        ("a.csv", 'text,label\n"新建"学校,教育\n', 2, "not a sound table"),
        ("a.xlsx", "", None, ".csv or .jsonl"),
    ],
)
def test_a_bad_row_is_one_message_that_says_where(
    tmp_path: Path, name: str, content: str, line: int | None, told: str
) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    with pytest.raises(InputError, match=told) as caught:
        load_labelled(path)
    assert caught.value.line == line


def test_a_file_that_is_not_utf_8_is_one_message(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("text,label\n教育,学校\n".encode("gbk"))
    with pytest.raises(InputError, match="not UTF-8"):
        load_labelled(path)


def test_csv_and_json_lines_give_the_same_texts(tmp_path: Path) -> None:
    table, lines = tmp_path / "a.csv", tmp_path / "a.jsonl"
    table.write_text("﻿label,text,year\n1, 新建学校 ,2025\n", "utf-8")
    lines.write_text('{"text": "新建学校", "label": 1}\n', "utf-8")
    assert load_labelled(table) == load_labelled(lines) == small_n.Labelled(("新建学校",), ("1",))


def test_too_few_texts_are_refused_with_the_number_that_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,label\n" + "新建学校,教育\n" * 20 + "水稻,农业\n" * 6, "utf-8")
    with pytest.raises(InputError, match="at least two labels with 7 texts each"):
        main(path, path, tmp_path / "out.md")


def test_a_corpus_of_short_lines_only_is_refused(tmp_path: Path) -> None:
    path, corpus = tmp_path / "a.csv", tmp_path / "corpus.txt"
    path.write_text("text,label\n" + "新建学校,教育\n" * 7 + "水稻,农业\n" * 7, "utf-8")
    corpus.write_text("短\n", "utf-8")
    with pytest.raises(InputError, match="no paragraph of at least 40 characters"):
        main(path, corpus, tmp_path / "out.md")


# --- the page ----------------------------------------------------------------------------------------------------------


def test_a_run_writes_the_same_page_twice_and_names_files_without_their_folder(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("JOBS", "1")
    monkeypatch.setattr(small_n, "DRAWS", 2)
    texts = [
        (f"{a}，{b}", label)
        for label, said in (("教育", SCHOOLS), ("农业", FIELDS))
        for a in said
        for b in said
        if a < b
    ]
    texts += [(f"北京{text}", label) for text, label in texts[:1] + texts[-1:]]
    path = tmp_path / "mine.jsonl"
    path.write_text("".join(json.dumps({"text": text, "label": label}) + "\n" for text, label in texts), "utf-8")
    pages = [tmp_path / "1.md", tmp_path / "2.md"]
    for page in pages:
        small_n.alone(path, page)
    first, second = (page.read_text("utf-8") for page in pages)
    assert first == second
    assert "`mine.jsonl`, sha256 " in first
    assert str(tmp_path) not in first
    assert "14 labelled texts: 农业 7、教育 7." in first
    assert "## 13 texts of 2 labels" in first
    assert "Not drawn, for want of labels with enough texts: 31 texts." in first
    assert first.count("\n| with") + first.count("\n| scikit") == 2 + (3 + 7 + 1) * 5 + 2 + 2  # the headline has two


def test_the_committed_page_has_every_row_for_both_sizes() -> None:
    stored = (ROOT / "reports/calibration/small-n.md").read_text("utf-8")
    for n, k in small_n.SIZES:
        section = stored.split(f"## {n} texts of {k} labels\n")[1].split("\n## ")[0]
        rows = [
            tuple(line.split(" | ")[:2])
            for line in section.splitlines()
            if line.startswith("| with") or "scikit" in line
        ]
        assert len(set(rows)) == 2 + (3 + 7 + 1) * 5 + 2


def test_words_are_counted_as_the_pipeline_counts_them(study: Study) -> None:
    assert "双师型教师" in study.terms[8][WORDS]  # a term of the user dictionary
    assert "双师型教师" not in study.no_dictionary[8]
    assert "双师型教师" not in study.plain[8].split()
