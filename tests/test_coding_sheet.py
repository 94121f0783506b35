"""The blank sheet can be filled, saved by another program and read back; it tells the coder what the themes mean."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given, strategies as st
from python_calamine import CalamineWorkbook

from pipeline import coding_sheet, tables
from pipeline.coders import coders_of
from pipeline.coding_sheet import csv_of, grid_of, xlsx_of
from pipeline.errors import InputError
from pipeline.formulas import inert
from pipeline.method import Settings, load_codebook
from pipeline.readers.coding_file import Coding, read
from pipeline.themes import codebook_of, evidence_of
from tests.conftest import measures_frame
from tests.test_coding_file import xlsx

THEME = """
[[theme]]
id = "{id}"
zh = "{zh}"
en = "{id} of teachers"
definition_zh = "{zh}的释义。"
definition_en = "What {id} means."
example = "{zh}。"
counterexample = "无。"
indicators = ["{zh}"]
"""
SAID = (("山东", "精准培训"), ("浙江", "定制课程"), ("浙江", "组建团队，组团培训"), ("上海", "加大投入"))
MARKED = {("D01-1", "training"), ("D03-1", "training"), ("D03-1", "teams")}
Frames = tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]


@pytest.fixture
def frames(tmp_path: Path) -> Frames:
    """Measures, codebook and evidence of a codebook with two themes."""
    path = tmp_path / "themes.toml"
    path.write_text(
        "".join(THEME.format(id=id, zh=zh) for id, zh in (("training", "培训"), ("teams", "团队"))), "utf-8"
    )
    codebook, measures = load_codebook(path), measures_frame(SAID)
    evidence = evidence_of(measures, codebook)
    return measures, codebook_of(codebook, evidence, measures), evidence


def rows_of(content: bytes) -> list[list[object]]:
    """The cells of a sheet as another program sees them."""
    if content.startswith(b"PK"):
        return (
            CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
        )
    return [list(row) for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))]


def filled(rows: list[list[object]], marked: set[tuple[str, str]], number: type) -> list[list[object]]:
    """The sheet with 1 where a measure and theme are marked, else 0, below the rows that begin with #."""
    return [
        row
        if at == 0 or str(row[0]).startswith("#")
        else [*row[:3], *(number((row[0], theme) in marked) for theme in rows[0][3:])]
        for at, row in enumerate(rows)
    ]


def as_csv(rows: list[list[object]]) -> bytes:
    held = io.StringIO()
    csv.writer(held).writerows(rows)
    return held.getvalue().encode("gb18030")


def reading(content: bytes, folder: Path, frames: Frames) -> Coding:
    path = folder / "filled"
    path.write_bytes(content)
    measures, codebook, _ = frames
    themes = dict(zip(codebook["theme"], codebook["zh"], strict=True))
    return read(path, themes=themes, measures=measures["measure_id"], regions=measures["region"])


def blank(kind: str, frames: Frames) -> bytes:
    grid = grid_of(frames[0], frames[1])
    return csv_of(grid) if kind == "csv" else xlsx_of(grid, frames[1])


KINDS = pytest.mark.parametrize("kind", ["csv", "xlsx"])


@KINDS
@pytest.mark.parametrize("saved", [as_csv, lambda rows: xlsx(rows)], ids=["saved as csv", "saved as xlsx"])
def test_a_sheet_filled_with_the_codebooks_own_coding_agrees_with_it_wholly(
    kind: str, saved: object, frames: Frames, settings: Settings, tmp_path: Path
) -> None:
    rows = filled(rows_of(blank(kind, frames)), MARKED, int)
    second = reading(saved(rows), tmp_path, frames)  # type: ignore[operator]
    agreement, disagreements = coders_of(second, *frames, settings)
    assert agreement["theme"].tolist() == ["training", "teams", "all"]
    assert agreement["units"].tolist() == [4, 4, 8]
    assert agreement[["agreement", "kappa", "alpha"]].to_numpy().tolist() == [[1, 1, 1]] * 3
    assert disagreements.empty


@KINDS
def test_one_changed_cell_is_the_one_disagreement_with_its_row(
    kind: str, frames: Frames, settings: Settings, tmp_path: Path
) -> None:
    rows = filled(rows_of(blank(kind, frames)), MARKED | {("D02-1", "training")}, float)
    assert rows[6][0] == "D02-1"  # row 7, below the header and four rows of notes
    agreement, disagreements = coders_of(reading(xlsx(rows), tmp_path, frames), *frames, settings)
    assert disagreements[["unit_id", "theme", "codebook", "coder", "line"]].to_numpy().tolist() == [
        ["D02-1", "training", False, True, 7]
    ]
    # chance: 2/4 x 3/4 + 2/4 x 1/4 = 1/2, and (3/4 - 1/2) / (1 - 1/2)
    assert agreement["kappa"].tolist() == pytest.approx([1 / 2, 1, 3 / 4], abs=1e-12)


@KINDS
def test_a_blank_sheet_is_refused_with_its_first_cell_and_the_number_of_cells(
    kind: str, frames: Frames, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="theme training is empty, one of 8 empty cells") as caught:
        reading(blank(kind, frames), tmp_path, frames)
    assert caught.value.line == 6


@KINDS
def test_the_rows_below_the_header_give_every_theme_its_name_and_definition_in_both_languages(
    kind: str, frames: Frames
) -> None:
    rows = rows_of(blank(kind, frames))
    assert rows[0] == ["measure_id", "region", "text", "training", "teams"]
    assert [row[3:] for row in rows[1:5]] == [
        ["培训", "团队"],
        ["training of teachers", "teams of teachers"],
        ["培训的释义。", "团队的释义。"],
        ["What training means.", "What teams means."],
    ]
    assert [row[:3] for row in rows[5:]] == [
        [f"D{at:02d}-1", region, text] for at, (region, text) in enumerate(SAID, 1)
    ]


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn", "Co"]), min_size=1),
        min_size=1,
        max_size=4,
    )
)
@example(["=1+1", "https://a.b", "_x0041_", '"甲", 乙'])
def test_any_text_stands_in_the_sheet_as_it_is_and_does_not_hinder_reading(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    measures = measures_frame([("山东", text) for text in texts])
    row = {column.name: 0 if column.kind in ("int", "float") else texts[0] for column in tables.CODEBOOK.columns}
    codebook = tables.from_rows([{**row, "theme": "training"}], tables.CODEBOOK)
    frames = measures, codebook, measures
    folder = tmp_path_factory.mktemp("any")
    for kind in ("csv", "xlsx"):
        rows = rows_of(blank(kind, frames))
        assert [row[2] for row in rows[5:]] == [inert(text) if kind == "csv" else text for text in texts]
        second = reading(xlsx(filled(rows, {("D01-1", "training")}, int)), folder, frames)
        assert [one.unit for one in second.codings if one.carries] == ["D01-1"]


def test_equal_sheets_are_equal_bytes_without_the_time_of_day(frames: Frames) -> None:
    content = blank("xlsx", frames)
    assert content == blank("xlsx", frames)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = parts.read("docProps/core.xml").decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT[\d:]+Z", properties)) == {"2000-01-01T00:00:00Z"}


def test_the_cells_to_fill_take_0_and_1_only_and_names_stay_in_sight(frames: Frames) -> None:
    with zipfile.ZipFile(io.BytesIO(blank("xlsx", frames))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        styles = parts.read("xl/styles.xml").decode()
    assert '<pane xSplit="3" ySplit="3" topLeftCell="D4"' in sheet
    rule = re.search(r"<dataValidation (.*?)>(.*?)</dataValidation>", sheet)
    assert rule
    assert 'type="list"' in rule[1]
    assert 'sqref="D6:E9"' in rule[1]
    assert rule[2] == '<formula1>"0,1"</formula1>'
    assert 'val="宋体"' in styles
    assert 'wrapText="1"' in styles


def test_the_second_sheet_says_in_both_languages_how_to_code_and_lists_the_themes(frames: Frames) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(blank("xlsx", frames)))
    assert book.sheet_names == ["编码 coding", "说明 instructions"]
    cells = [str(cell) for row in book.get_sheet_by_index(1).to_python() for cell in row if cell]
    text = "\n".join(cells)
    for said in ("填 1；没有，填 0", "1 where the measure carries the theme", "不要看程序的编码", "do not look at the machine's coding", "make all CODING="):  # fmt: skip
        assert said in text
    assert {"training", "培训", "培训的释义。", "training of teachers", "What training means."} <= set(cells)


def test_a_codebook_without_themes_gives_a_sheet_of_texts(frames: Frames) -> None:
    none = frames[1].iloc[:0]
    grid = grid_of(frames[0], none)
    content = xlsx_of(grid, none)
    assert rows_of(content)[5] == ["D01-1", "山东", "精准培训"]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert "dataValidation" not in parts.read("xl/worksheets/sheet1.xml").decode()


# --- the stage -------------------------------------------------------------------------------------------------------


@pytest.fixture
def paths(tmp_path: Path, frames: Frames) -> list[Path]:
    """What the stage reads and writes, in a folder of its own."""
    found = [tmp_path / "sheets" / name for name in ("measures.csv", "codebook.csv", "sheet.xlsx", "sheet.csv")]
    tables.write((frames[0], tables.MEASURES, found[0]), (frames[1], tables.CODEBOOK, found[1]))
    return found


def test_the_stage_writes_both_sheets_and_nothing_beside_them(paths: list[Path], frames: Frames) -> None:
    coding_sheet.main(*paths)
    coding_sheet.main(*paths)  # a blank sheet may be written anew
    assert [path.read_bytes() for path in paths[2:]] == [blank("xlsx", frames), blank("csv", frames)]
    assert sorted(paths[0].parent.iterdir()) == sorted(paths)


@pytest.mark.parametrize("kind", [2, 3], ids=["xlsx", "csv"])
def test_a_sheet_that_somebody_began_to_fill_is_not_overwritten(paths: list[Path], kind: int) -> None:
    coding_sheet.main(*paths)
    rows = rows_of(paths[kind].read_bytes())
    rows[8][4] = 0
    paths[kind].write_bytes(xlsx(rows) if kind == 2 else as_csv(rows))
    before = [path.read_bytes() for path in paths]
    with pytest.raises(InputError, match="has been filled in and is not overwritten") as caught:
        coding_sheet.main(*paths)
    assert caught.value.file == str(paths[kind])
    assert [path.read_bytes() for path in paths] == before
