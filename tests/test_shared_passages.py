"""What several documents say word for word: found, counted, and taken out of the similarities; worked by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline import tables
from pipeline.method import Settings
from pipeline.shared_passages import (
    bare,
    left_out_of,
    near_duplicates_of,
    passages_of,
    regions_shared,
    shared_of,
    without,
)
from tests.conftest import Corpus, plain_cosines, tokens_frame

FORMULA = "全面落实立德树人根本任务"  # 12 characters
Said = Sequence[tuple[str, str, str]]  # document, region, measure


def frame_of(said: Said) -> pd.DataFrame:
    position: dict[str, int] = {}
    rows = []
    for document, region, text in said:
        position[document] = position.get(document, 0) + 1
        rows.append(
            {
                "measure_id": f"{document}-{position[document]}", "doc_id": document, "region": region,
                "position": position[document], "headline": text, "text": text, "start": 0, "end": len(text),
            }
        )  # fmt: skip
    return tables.from_rows(rows, tables.MEASURES)


def documents_of(texts: Sequence[str]) -> pd.DataFrame:
    rows = [{"doc_id": f"D{at}", "region": f"地{at}", "text": text} for at, text in enumerate(texts, 1)]
    return tables.from_rows(rows, tables.DOCUMENTS)


def shared(said: Said, words: Sequence[Sequence[str]], settings: Settings) -> tuple[pd.DataFrame, ...]:
    """All tables of measures with these words; no word counts as common."""
    chosen = replace(settings, keywords=replace(settings.keywords, common_share=1.0))
    measures = frame_of(said)
    tokens = tokens_frame(
        [(row.region, row.measure_id, own) for row, own in zip(measures.itertuples(), words, strict=True)]
    )
    names = list(dict.fromkeys(measures["region"]))
    texts = {
        name: [word for (_, region, _), own in zip(said, words, strict=True) if region == name for word in own]
        for name in names
    }
    pairs = [(a, b) for at, a in enumerate(names) for b in names[at + 1 :]]
    cosines = plain_cosines([texts[name] for name in names])
    similarity = tables.from_rows(
        (
            {
                "region_a": a,
                "region_b": b,
                "cosine": cosines[names.index(a), names.index(b)],
                "rank": 1,
                "cosine_char": 0.5,
                "rank_char": 1,
                "shared_terms": 0,
            }
            for a, b in pairs
        ),
        tables.SIMILARITY,
    )
    return shared_of(documents_of(["甲"]), measures, tokens, similarity, chosen)


# --- passages ------------------------------------------------------------------------------------------------------


def test_a_measure_of_two_documents_is_a_passage_whatever_its_punctuation_and_blanks() -> None:
    measures = frame_of(
        [
            ("D1", "甲", "全面落实“立德树人”，根本任务"),
            ("D1", "甲", "抓好培训"),
            ("D2", "乙", "全面落实立德树人 根本任务"),
        ]
    )
    (row,) = passages_of(measures, min_characters=8).itertuples(index=False)
    assert tuple(row) == ("S1", "全面落实“立德树人”，根本任务", 12, 2, 2, ["D1-1", "D2-1"], "甲、乙")


def test_a_document_that_repeats_itself_shares_nothing() -> None:
    assert passages_of(frame_of([("D1", "甲", FORMULA), ("D1", "甲", FORMULA)]), min_characters=8).empty


def test_shorter_measures_are_no_passages() -> None:
    said = [("D1", "甲", FORMULA), ("D2", "乙", FORMULA)]
    assert len(passages_of(frame_of(said), min_characters=12)) == 1
    assert passages_of(frame_of(said), min_characters=13).empty


def test_a_formula_inside_a_longer_measure_is_no_passage() -> None:
    assert passages_of(frame_of([("D1", "甲", FORMULA), ("D2", "乙", f"我们{FORMULA}")]), min_characters=8).empty


def test_passages_come_in_the_order_of_their_first_occurrence_with_every_place() -> None:
    other = "建立健全教师培训体系"
    said = [
        ("D1", "甲", other),
        ("D1", "甲", FORMULA),
        ("D2", "甲", FORMULA),
        ("D3", "乙", other),
        ("D3", "乙", FORMULA),
    ]
    passages = passages_of(frame_of(said), min_characters=8)
    assert passages["text"].tolist() == [other, FORMULA]
    assert passages["measure_ids"].tolist() == [["D1-1", "D3-1"], ["D1-2", "D2-1", "D3-2"]]
    assert passages[["documents", "regions"]].to_numpy().tolist() == [[2, 2], [3, 2]]


def test_what_only_one_region_repeats_is_listed_but_not_left_out() -> None:
    measures = frame_of([("D1", "甲", FORMULA), ("D2", "甲", FORMULA), ("D3", "乙", "抓好培训")])
    passages = passages_of(measures, min_characters=8)
    assert passages["regions"].tolist() == [1]
    assert not left_out_of(measures, passages).any()


# --- regions -------------------------------------------------------------------------------------------------------


def test_the_share_of_a_region_is_counted_in_characters_without_punctuation_and_blanks() -> None:
    said = [
        ("D1", "甲", f"{FORMULA}，"),
        ("D1", "甲", "抓好 培训"),
        ("D1", "甲", FORMULA),
        ("D2", "乙", FORMULA),
        ("D3", "丙", "评价"),
    ]
    measures = frame_of(said)
    rows = regions_shared(measures, left_out_of(measures, passages_of(measures, min_characters=8)))
    assert rows.to_numpy().tolist() == [["甲", 28, 24, 24 / 28, 1], ["乙", 12, 12, 1.0, 1], ["丙", 2, 0, 0.0, 0]]


# --- effect --------------------------------------------------------------------------------------------------------


def test_the_means_with_and_without_passages_are_those_worked_by_hand(settings: Settings) -> None:
    """落实 stands in two of three regions, every other word in one: its square over the squares of both words."""
    said = [
        ("D1", "甲", FORMULA),
        ("D1", "甲", "培训"),
        ("D2", "乙", FORMULA),
        ("D2", "乙", "基地"),
        ("D3", "丙", "评价"),
    ]
    _, _, effect, _ = shared(said, [["落实"], ["培训"], ["落实"], ["基地"], ["评价"]], settings)
    row = effect.set_index("view").loc["words"]
    two, one = math.log(4 / 3) + 1, math.log(4 / 2) + 1
    cosine = two**2 / (two**2 + one**2)
    assert row["mean"] == pytest.approx(cosine / 3)
    assert row["mean_without"] == 0
    assert row[["passages", "passages_within", "pairs", "pairs_without"]].tolist() == [1, 0, 3, 3]
    assert row[["region_a", "region_b", "cosine_without"]].tolist() == ["甲", "乙", 0]
    assert row["cosine"] == pytest.approx(cosine)
    assert row["share"] == pytest.approx(24 / 30)  # of 12 + 2 + 12 + 2 + 2 characters


def test_without_the_passages_the_cosines_are_those_of_the_rest_alone(settings: Settings) -> None:
    said = [
        ("D1", "甲", FORMULA), ("D1", "甲", "培训基地"), ("D1", "甲", "评价"), ("D2", "乙", FORMULA), ("D2", "乙", "培训"),
        ("D3", "丙", "评价基地"), ("D4", "丁", "培训评价"),
    ]  # fmt: skip
    words = [
        ["落实", "培训"],
        ["培训", "基地"],
        ["评价"],
        ["落实", "培训"],
        ["培训"],
        ["评价", "基地"],
        ["培训", "评价"],
    ]
    _, _, effect, _ = shared(said, words, settings)
    rest = plain_cosines([["培训", "基地", "评价"], ["培训"], ["评价", "基地"], ["培训", "评价"]])
    row = effect.set_index("view").loc["words"]
    assert row["mean_without"] == pytest.approx(rest[np.triu_indices(4, 1)].mean())


def test_pairs_of_which_a_region_has_no_text_left_are_not_counted(settings: Settings) -> None:
    said = [("D1", "甲", FORMULA), ("D1", "甲", "培训"), ("D2", "乙", FORMULA), ("D3", "丙", "培训")]
    _, _, effect, _ = shared(said, [["落实"], ["培训"], ["落实"], ["培训"]], settings)
    row = effect.set_index("view").loc["words"]
    assert row[["pairs", "pairs_without"]].tolist() == [3, 1]
    assert row["mean_without"] == pytest.approx(1)  # 甲 and 丙 now say the same
    assert row[["region_a", "region_b"]].tolist() == ["甲", "丙"]  # not 甲 and 乙, of which nothing is left to compare


def test_when_nothing_is_left_there_is_no_mean(settings: Settings) -> None:
    _, _, effect, _ = shared([("D1", "甲", FORMULA), ("D2", "乙", FORMULA)], [["落实"], ["落实"]], settings)
    row = effect.set_index("view").loc["words"]
    assert row[["pairs", "pairs_without"]].tolist() == [1, 0]
    assert np.isnan(row["mean_without"])
    assert row["region_a"] == ""


def test_one_region_alone_has_no_pairs(settings: Settings) -> None:
    passages, regions, effect, _ = shared(
        [("D1", "甲", FORMULA), ("D2", "甲", FORMULA)], [["落实"], ["落实"]], settings
    )
    assert len(passages) == len(regions) == 1
    assert effect["pairs"].tolist() == [0, 0]
    assert effect["mean"].isna().all()
    assert effect["passages_within"].tolist() == [1, 1]


def test_the_means_with_passages_are_those_of_the_similarities(corpus: Corpus) -> None:
    effect = corpus.shared_effect.set_index("view")
    assert effect.loc["words", "mean"] == pytest.approx(corpus.similarity["cosine"].mean())
    assert effect.loc["characters", "mean"] == pytest.approx(corpus.similarity["cosine_char"].mean())


def test_leaving_nothing_out_gives_the_similarities_themselves(corpus: Corpus, settings: Settings) -> None:
    seen = without(corpus.measures, corpus.tokens, np.zeros(len(corpus.measures), dtype=bool), settings)
    above = np.triu_indices(13, 1)
    assert seen["words"][above] == pytest.approx(corpus.similarity["cosine"].to_numpy(), abs=1e-12)
    assert seen["characters"][above] == pytest.approx(corpus.similarity["cosine_char"].to_numpy(), abs=1e-12)


def test_the_appendix_shares_no_measure_and_no_document(corpus: Corpus) -> None:
    assert corpus.shared_passages.empty
    assert corpus.near_duplicates.empty
    assert (corpus.shared_effect["mean"] == corpus.shared_effect["mean_without"]).all()


# --- near-duplicates -----------------------------------------------------------------------------------------------


def test_documents_with_most_of_the_shorter_one_in_common_are_a_pair(settings: Settings) -> None:
    """Strings of five characters: abcdefgh has 4, xabcdefg 4, of which abcde, bcdef and cdefg are in both."""
    found = near_duplicates_of(documents_of(["ab，cd efgh", "xabcdefg", "vwxyzvwxyz"]), settings.shared)
    (row,) = found.itertuples(index=False)
    assert tuple(row) == ("D1", "D2", "地1", "地2", 4, 4, 3, 3 / 4, 3 / 5)


def test_a_short_document_inside_a_long_one_is_found_by_what_it_contains(settings: Settings) -> None:
    found = near_duplicates_of(documents_of(["abcdefghijklmnopqrst", "fghijk"]), settings.shared)
    assert found[["shingles_a", "shingles_b", "shared", "containment"]].to_numpy().tolist() == [[16, 2, 2, 1.0]]
    assert found["resemblance"].item() == pytest.approx(2 / 16)


@pytest.mark.parametrize(("threshold", "pairs"), [(0.75, 1), (0.76, 0)])
def test_the_threshold_and_the_length_are_settings(settings: Settings, threshold: float, pairs: int) -> None:
    documents = documents_of(["abcdefgh", "xabcdefg"])
    assert len(near_duplicates_of(documents, replace(settings.shared, near_duplicate=threshold))) == pairs
    assert near_duplicates_of(documents, replace(settings.shared, shingle=8)).empty


def test_documents_too_short_for_a_string_are_no_pair(settings: Settings) -> None:
    assert near_duplicates_of(documents_of(["教师", "教师"]), settings.shared).empty


def test_digits_and_letters_are_text_and_underscores_are_not() -> None:
    assert bare("第1条：A_b，（教师）\n") == "第1条Ab教师"
