"""The contracts hold: what breaks one is refused, what keeps it comes back as it was, and files are written whole."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, strategies as st

from pipeline import tables
from pipeline.described import described
from pipeline.errors import InputError
from pipeline.tables import Column, ContractError, Table
from tests.conftest import Corpus

EVERY_KIND = Table(
    "every_kind",
    "one of each",
    ("name",),
    (
        Column("name", "text", "the key"),
        Column("note", "text", "may be empty", optional=True),
        Column("count", "int", "a whole number"),
        Column("rank", "int", "may be missing", optional=True),
        Column("share", "float", "six digits"),
        Column("weight", "float", "fifteen digits", tables.EXACT),
        Column("value", "float", "may be missing", optional=True),
        Column("flag", "flag", "yes or no"),
        Column("ids", "ids", "measures", optional=True),
    ),
)


def row(**other: object) -> dict[str, object]:
    good = {
        "name": "甲", "note": "", "count": 1, "rank": 1, "share": 0.5, "weight": 0.5, "value": 0.5, "flag": True,
        "ids": ["D01-1"],
    }  # fmt: skip
    return {**good, **other}


def frame(*rows: dict[str, object]) -> pd.DataFrame:
    return tables.from_rows(rows, EVERY_KIND)


def test_a_good_table_passes() -> None:
    tables.check(frame(row(), row(name="乙", rank=None, value=None, note=None, ids=[])), EVERY_KIND)


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (frame(row()).drop(columns="note"), "columns"),
        (frame(row()).assign(more=1), "columns"),
        (frame(row())[[*reversed(EVERY_KIND.names)]], "columns"),
        (frame(row(), row()), "repeats"),
        (frame(row(), row(name="")), "name is empty in row 1"),
        (frame(row(name=None)), "name is empty in row 0"),
        (frame(row(), row(name="乙", count=None)), "count is empty in row 1"),
        (frame(row(share=float("nan"))), "share is empty in row 0"),
        (frame(row(flag=None)), "flag is empty in row 0"),
    ],
)
def test_a_broken_contract_is_refused_by_name(broken: pd.DataFrame, message: str, tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=f"^every_kind: .*{message}"):
        tables.check(broken, EVERY_KIND)
    with pytest.raises(ContractError):
        tables.write((broken, EVERY_KIND, tmp_path / "table.csv"))
    assert not (tmp_path / "table.csv").exists()


def test_when_one_table_is_broken_no_file_changes(tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_bytes(b"earlier")
    with pytest.raises(ContractError):
        tables.write((frame(row()), EVERY_KIND, first), (frame(row(name="")), EVERY_KIND, second))
    assert first.read_bytes() == b"earlier"
    assert not second.exists()


def test_a_file_is_utf8_with_a_mark_and_windows_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "table.csv"
    tables.write((frame(row(note='他说"好"，走', ids=["D01-1", "D02-3"])), EVERY_KIND, path))
    assert path.read_bytes() == (
        b"\xef\xbb\xbfname,note,count,rank,share,weight,value,flag,ids\r\n"
        + '甲,"他说""好""，走",1,1,0.500000,0.500000000000000,0.500000,1,D01-1;D02-3\r\n'.encode()
    )
    assert [file.name for file in path.parent.iterdir()] == ["table.csv"]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.0, "0.000000"),
        (-0.0, "0.000000"),
        (-1e-9, "0.000000"),
        (-0.5, "-0.500000"),
        (1 / 3, "0.333333"),
        (2 / 3, "0.666667"),
        (12, "12.000000"),
        (1e-6, "0.000001"),
    ],
)
def test_a_float_is_written_rounded_and_without_a_negative_zero(tmp_path: Path, value: float, written: str) -> None:
    tables.write((frame(row(share=value)), EVERY_KIND, tmp_path / "table.csv"))
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(csv.DictReader(file))["share"] == written


TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=8)
ROUNDED = st.integers(-(10**9), 10**9).map(lambda whole: whole / 10**6)
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": TEXT.filter(bool),
            "note": TEXT | st.sampled_from(["NA", "nan", "", "1", "a,b", '"', "\r\n", "\n", "\r", " 甲 ", "\ufeff"]),
            "count": st.integers(-(2**40), 2**40),
            "rank": st.none() | st.integers(1, 99),
            "share": ROUNDED,
            "weight": st.floats(0, 1).map(lambda value: round(value, 15)),
            "value": st.none() | ROUNDED,
            "flag": st.booleans(),
            "ids": st.lists(st.from_regex(r"D[0-9]{2}-[1-9]", fullmatch=True), max_size=3),
        }
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda row: row["name"],
)


@given(ROWS)
def test_every_kind_of_column_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, object]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.csv"
    tables.write((tables.from_rows(rows, EVERY_KIND), EVERY_KIND, path))
    back = tables.read(path, EVERY_KIND)
    for name in ("name", "note", "count", "flag", "ids"):
        assert back[name].tolist() == [given[name] for given in rows]
    for name in ("rank", "value"):
        assert [None if pd.isna(value) else value for value in back[name]] == [
            None if given[name] is None else pytest.approx(given[name], abs=1e-12) for given in rows
        ]
    assert back["share"].tolist() == pytest.approx([given["share"] for given in rows], abs=1e-12)
    assert back["weight"].tolist() == pytest.approx([given["weight"] for given in rows], abs=1e-15)


def test_every_table_of_the_appendix_comes_back_and_is_written_to_the_same_bytes(
    corpus: Corpus, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    for stored, table in corpus.with_contracts():
        tables.write((stored, table, first))
        back = tables.read(first, table)
        assert len(back) == len(stored)
        tables.check(back, table)
        tables.write((back, table, second))
        assert first.read_bytes() == second.read_bytes(), table.name


EVERY = (*tables.ALL, *tables.APART)


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)
def test_a_table_without_rows_comes_back_with_its_columns(table: Table, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    tables.write((tables.from_rows([], table), table, path))
    back = tables.read(path, table)
    assert (list(back.columns), len(back)) == (table.names, 0)


def test_a_written_table_is_left_alone(tmp_path: Path) -> None:
    given = frame(row(share=1 / 3))
    tables.write((given, EVERY_KIND, tmp_path / "table.csv"))
    pd.testing.assert_frame_equal(given, frame(row(share=1 / 3)))


GOOD = (",".join(EVERY_KIND.names) + "\n").encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"name,count\n",
        GOOD.replace(b"note,", b""),
        GOOD.replace(b"\n", b",more\n"),
        GOOD.replace(b"name,note", b"note,name"),
        "名称,说明\n甲,乙\n".encode("gb18030"),
        GOOD + '甲,"没有结束\n'.encode(),
    ],
    ids=["empty", "other", "column gone", "column more", "order", "gb18030", "cut off"],
)
def test_a_file_that_is_not_the_table_is_an_input_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        tables.read(path, EVERY_KIND)
    assert str(caught.value).startswith(f"{path}\n")
    assert "这个表的列与约定不符" in str(caught.value)
    assert "its columns are not those of every_kind" in str(caught.value)
    assert "make all" in caught.value.zh
    assert "make all" in caught.value.en


def test_names_and_keys_of_the_contracts_are_sound() -> None:
    names = [table.name for table in EVERY]
    assert len(names) == len(set(names))
    for table in EVERY:
        assert len(table.names) == len(set(table.names))
        assert set(table.key) <= set(table.names)
        assert {column.kind for column in table.columns} <= {"text", "int", "float", "flag", "ids"}


def test_what_make_all_does_not_make_is_not_among_the_tables_of_a_corpus() -> None:
    assert tables.CALIBRATION in tables.APART
    assert tables.SUGGESTIONS in tables.APART
    assert not {*tables.APART} & {*tables.ALL}


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)
def test_a_contract_is_found_by_its_name(table: Table) -> None:
    assert tables.by_name(table.name) is table


def test_a_name_without_a_contract_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="keyword"):
        tables.by_name("keyword")


def test_the_description_names_every_table_key_and_column() -> None:
    page = described([EVERY_KIND]).splitlines()
    assert page[page.index("## every_kind.csv") :] == [
        "## every_kind.csv",
        "",
        "One row: one of each. Key: name.",
        "",
        "| column | kind | meaning |",
        "|---|---|---|",
        "| name | text | the key |",
        "| note | text, may be empty | may be empty |",
        "| count | int | a whole number |",
        "| rank | int, may be empty | may be missing |",
        "| share | float, 6 digits | six digits |",
        "| weight | float, 15 digits | fifteen digits |",
        "| value | float, 6 digits, may be empty | may be missing |",
        "| flag | flag | yes or no |",
        "| ids | ids, may be empty | measures |",
    ]


def test_a_long_table_is_written_as_a_short_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tables.from_rows(({"metric": f"m{at}", "value": at} for at in range(10)), tables.SCALE)
    whole, parts = tmp_path / "whole.csv", tmp_path / "parts.csv"
    tables.write((rows, tables.SCALE, whole))
    monkeypatch.setattr(tables, "_ROWS", 3)
    tables.write((rows, tables.SCALE, parts))
    assert parts.read_bytes() == whole.read_bytes()
    assert parts.read_bytes().count(b"metric,value") == 1
