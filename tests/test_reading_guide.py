"""What the guides to the report say is what the tables hold, cell by cell, and they leave no number unchecked."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from pipeline import tables
from tests.make import ROOT

GUIDES = ("docs/how-to-read.md", "docs/how-to-read.en.md")
guides = pytest.mark.parametrize("name", GUIDES)
# 0.27<!--similarity 浙江/上海 cosine-->: the number, the table, the key of the row, the column.
CELL = re.compile(r"([\d.,]+%?)<!--(\w+) (\S+) (\w+)-->")


def value_of(processed: Path, table: str, key: str, column: str) -> float:
    """What the cell holds; of settings.toml the setting."""
    if table == "settings":
        return float(tomllib.loads((ROOT / "method/settings.toml").read_text("utf-8"))[key][column])
    contract = next(each for each in (*tables.ALL, *tables.APART) if each.name == table)
    folder = ROOT / "reports/calibration" if table == "calibration" else processed
    frame = tables.read(folder / f"{table}.csv", contract)
    for name, wanted in zip(contract.key, key.split("/"), strict=True):
        kind = frame[name].dtype.kind
        frame = frame[frame[name] == (float(wanted) if kind == "f" else int(wanted) if kind in "iu" else wanted)]
    assert len(frame) == 1, (table, key)
    return float(frame[column].iloc[0])


def printed(value: float, like: str) -> str:
    """The value with as many decimals as ``like`` has, as a percentage where that is one."""
    digits = len(like.rstrip("%").partition(".")[2])
    return f"{value:.{digits}%}" if like.endswith("%") else f"{value:,.{digits}f}"


@guides
def test_every_number_of_a_guide_is_that_of_its_cell(name: str, processed: Path) -> None:
    cells = CELL.findall((ROOT / name).read_text("utf-8"))
    assert len(cells) > 50
    for like, table, key, column in cells:
        assert printed(value_of(processed, table, key, column), like) == like, (table, key, column)


@guides
def test_no_number_of_a_guide_goes_unchecked(name: str) -> None:
    text = CELL.sub("", (ROOT / name).read_text("utf-8"))
    assert "<!--" not in text  # a comment that the test above does not understand
    text = re.sub(r"```.*?```|`[^`]*`|\]\([^)]*\)|^\d\. |D\d\d-\d+|GB/T \d+", "", text, flags=re.DOTALL | re.MULTILINE)
    assert re.findall(r".{0,20}\d.{0,20}", text) == []


def test_both_guides_say_the_same_numbers_of_the_same_cells() -> None:
    zh, en = (CELL.findall((ROOT / name).read_text("utf-8")) for name in GUIDES)
    assert zh == en


@guides
def test_what_a_guide_says_in_words_of_the_appendix_is_so(name: str, processed: Path) -> None:
    measures = tables.read(processed / "measures.csv", tables.MEASURES)
    often = measures.groupby("region").size()
    assert (often.min(), often.max()) == (3, 6)  # "three to six"
    named = set(re.findall(r"D\d\d-\d+", (ROOT / name).read_text("utf-8")))
    assert named <= set(measures["measure_id"])
    keywords = tables.read(processed / "keywords.csv", tables.KEYWORDS)
    said = keywords[keywords["term"] == "精准送培"]
    assert said["region"].tolist() == ["湖南"]  # "no other text has it"
    assert said["measure_ids"].iloc[0] == ["D04-1", "D04-5"]
    similarity = tables.read(processed / "similarity.csv", tables.SIMILARITY)
    largest = similarity.loc[similarity["cosine"].idxmax(), ["region_a", "region_b"]].tolist()
    assert largest == ["浙江", "上海"]  # "the largest"
    claims = tables.read(processed / "robustness.csv", tables.ROBUSTNESS).set_index("claim_id").loc["closest-1"]
    assert (claims["region_a"], claims["region_b"]) == ("浙江", "上海")
    assert (claims["most_sensitive_to"], claims["worst_option"]) == ("text", "single characters")
    verdict = tables.read(processed / "verdict.csv", tables.VERDICT).set_index("criterion")
    assert verdict.loc["verdict", "outcome"] == "not shown"


@guides
def test_every_section_of_the_report_is_in_the_table_of_a_guide(name: str) -> None:
    language = "en" if name.endswith(".en.md") else "zh"
    report = (ROOT / f"reports/vocational-teachers/report.{language}.md").read_text("utf-8")
    sections = re.findall(r'^## <a id="[\w-]+"></a>(?:\d+ |[一二三四五六七八九十]+、)(.+)$', report, flags=re.MULTILINE)
    rows = [
        line.split("|")[1].strip() for line in (ROOT / name).read_text("utf-8").splitlines() if line.count("|") == 5
    ]
    assert rows[2:] == sections
