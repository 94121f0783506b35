"""A private bundle holds no text, and nothing from which one could be read back."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from pipeline import tables
from pipeline.sharing.private import FREE, free, quotations


def test_every_free_table_is_a_table() -> None:
    assert {table.name for table in tables.ALL} >= FREE


def test_no_free_table_says_where_a_word_stands_or_which_measures_hold_it() -> None:
    telling = {
        "measure_id",
        "text",
        "headline",
        "clause",
        "clause_a",
        "clause_b",
        "quote",
        "removed",
        "start",
        "surface",
        "title",
    }
    for table in tables.ALL:
        if table.name in FREE - {"specifications", "background_specifications"}:  # their text is "words" or "pairs"
            assert not telling & set(table.names), table.name
            assert "ids" not in {column.kind for column in table.columns}, table.name


@pytest.mark.parametrize(
    ("name", "goes"),
    [
        ("data/processed/name/similarity.csv", True),
        ("data/processed/name/documents.csv", False),
        ("data/processed/name/tokens.csv", False),
        ("data/processed/name/keywords.csv", False),
        ("data/processed/name/unheard_of.csv", False),
        ("data/processed/name/without_dictionary/tokens.csv", False),
        ("data/processed/name/corpus/regions.csv", False),  # parts of a large corpus, whatever their name
        ("data/processed/name/corpus/terms-00000.npz", False),
        ("reports/name/report.html", False),
        ("reports/name/report.zh.docx", False),
        ("reports/name/report.en.md", False),
        ("reports/name/figures/dendrogram.zh.svg", True),
        ("reports/name/figures/dendrogram.zh.png", True),
        ("reports/name/figures/dendrogram.csv", False),
    ],
)
def test_only_tables_of_numbers_and_figures_go_into_it(name: str, goes: bool) -> None:
    assert free(name) == goes


TEXT = "以专家意见、第三方评价为依据，完善绩效考核的办法。"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("a,b\n第三方评价为依据，完善绩效,1\n", {"x": 2}),
        ("a\n\n" + TEXT, {"x": 3}),
        ("第三方评价为依据，完善绩\n", {}),  # twelve characters
        ("第三方评价为依据，\n完善绩效考核", {}),  # on two lines
        ("plain words that no text has", {}),
    ],
)
def test_so_many_characters_in_a_row_as_a_text_has_them_are_a_quotation(content: str, found: dict[str, int]) -> None:
    assert quotations({"x": content, "y": "别的"}, ["无关的文字", TEXT], 13) == found


def test_code_in_latin_letters_that_a_text_has_too_is_no_quotation() -> None:
    assert quotations({"x": "from pipeline import tables"}, ["from pipeline import tables"], 13) == {}


@given(st.text("培训基地建设", min_size=20, max_size=40), st.integers(0, 7), st.text("abc ", max_size=5))
def test_whatever_piece_of_a_text_a_file_holds_is_found(text: str, start: int, around: str) -> None:
    assert quotations({"x": around + text[start : start + 13] + around}, [text], 13) == {"x": 1}
