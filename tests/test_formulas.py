"""What a document says never becomes a formula in a spreadsheet, and comes back as it was."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from pipeline import tables
from pipeline.coding_sheet import csv_of, grid_of, xlsx_of
from pipeline.formulas import inert, restored
from pipeline.readers.coding_file import read

TEXTS = st.text("'=+-@＝＋－＠\t\r\n a双", max_size=6) | st.text(max_size=20)
HOSTILE = [
    '=HYPERLINK("http://example.org","点这里")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "＝1＋1",
    "\t=1",
    " =1",
]


@given(TEXTS)
def test_every_text_comes_back(text: str) -> None:
    assert restored(inert(text)) == text


@given(TEXTS)
def test_what_is_written_begins_with_no_sign_that_computes(text: str) -> None:
    assert inert(text).lstrip(" ")[:1] not in (*"=+-@＝＋－＠\t\r\n",) or not text


@given(TEXTS, TEXTS)
def test_texts_that_differ_are_written_differently(one: str, other: str) -> None:
    assert (one == other) == (inert(one) == inert(other))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_formula_stands_behind_an_apostrophe(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["双师", "", "'", "'引号'", "1-2", "a=b", "'a"])
def test_any_other_text_is_written_as_it_is(text: str) -> None:
    assert inert(text) == text


@pytest.mark.parametrize("text", [*HOSTILE[:5], "'=1"])
def test_a_table_holds_no_formula_and_is_read_as_it_was_written(tmp_path: Path, text: str) -> None:
    row = {"term": text, "region": "山东", "value": -0.5}
    contract = tables.Table(
        "made_up",
        "one",
        ("term",),
        (
            tables.Column("term", "text", "t"),
            tables.Column("region", "text", "r"),
            tables.Column("value", "float", "v", digits=2),
        ),
    )
    path = tmp_path / "made_up.csv"
    tables.write((tables.from_rows([row], contract), contract, path))
    raw = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    assert raw.to_dict("records") == [{"term": f"'{text}", "region": "山东", "value": "-0.50"}]
    assert tables.read(path, contract).to_dict("records") == [row]


@pytest.fixture
def sheet() -> tuple[list[list[str]], pd.DataFrame]:
    themes = {"theme": ["training"], "zh": ["=1+1"], "en": ["@x"], "definition_zh": ["-2"], "definition_en": ["+3"]}
    codebook = pd.DataFrame(themes)
    measures = pd.DataFrame({"measure_id": ["D01-1"], "region": ["=2+2"], "text": [HOSTILE[0]]})
    return grid_of(measures, codebook), codebook


def test_a_coding_sheet_holds_text_alone(sheet: tuple[list[list[str]], pd.DataFrame]) -> None:
    grid, codebook = sheet
    with zipfile.ZipFile(io.BytesIO(xlsx_of(grid, codebook))) as book:
        parts = {name: book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/sheet")}
    assert len(parts) == 2
    assert not any(b"<f>" in part for part in parts.values())
    cells = pd.read_csv(io.BytesIO(csv_of(grid)), dtype=str, header=None, keep_default_na=False).to_numpy().ravel()
    assert not [cell for cell in cells if cell[:1] and cell[0] in "=+-@"]
    assert f"'{HOSTILE[0]}" in cells


def test_a_coder_may_code_a_region_whose_name_looks_like_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "coding.csv"
    path.write_bytes(csv_of([["region", "training"], ["=2+2", "1"]]))
    found = read(path, themes={"training": "培训"}, measures=["D01-1"], regions=["=2+2"])
    assert [(one.unit, one.theme, one.carries) for one in found.codings] == [("=2+2", "training", True)]
