"""Whatever the bytes are, a reader gives a true source or a message: any bytes, damaged files, and what fuzzing found."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings as examples, strategies as st

from benchmarks import fuzz
from benchmarks.fuzz import KEPT, LONGEST, Target, added, smaller, targets, wrong_with
from pipeline import tables
from pipeline.drafts import File
from pipeline.errors import InputError
from pipeline.ingest import ingested
from pipeline.method import Gazetteer, Settings
from pipeline.readers import Cell, Record, Removed, Source, Where, formats
from tests.offsets import faults

TARGETS = targets()
FOUND = sorted(KEPT.glob("*/*.bin"))
ENDINGS = {
    **{"plain_text": ".txt", "markdown": ".md", "delimited": ".csv", "json_lines": ".jsonl", "web_page": ".html"},
    **{"word_document": ".docx", "spreadsheet": ".xlsx", "pdf_page": ".pdf"},
}
BY_READER = pytest.mark.parametrize("name", TARGETS)

# At a place: bytes that are put there, how many that stand there are left out, and whether what stands before comes again.
CHANGE = st.tuples(st.integers(0, 10**6), st.binary(max_size=3), st.integers(0, 3), st.booleans())
CUT = st.tuples(st.integers(0, 10**6), st.just(b""), st.integers(0, 10**6), st.just(False))


def damaged(seed: bytes, changes: list[tuple[int, bytes, int, bool]]) -> bytes:
    for place, put, less, again in changes:
        at = place % (len(seed) + 1)
        seed = seed[:at] + put + (seed[max(0, at - 40) : at] if again else b"") + seed[at + less :]
    return seed


def damage() -> st.SearchStrategy[list[tuple[int, bytes, int, bool]]]:
    return st.lists(CHANGE | CUT, min_size=1, max_size=4)


@BY_READER
@examples(max_examples=25)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_truly_or_refused_in_words(name: str, data: bytes) -> None:
    assert wrong_with(TARGETS[name], data, math.inf) == ""


@BY_READER
@examples(max_examples=30)
@given(seed=st.integers(0, 100), changes=damage())
def test_a_damaged_file_is_read_truly_or_refused_in_words(
    name: str, seed: int, changes: list[tuple[int, bytes, int, bool]]
) -> None:
    """Of .docx and .xlsx the damage is inside a member, which is packed again."""
    target = TARGETS[name]
    assert wrong_with(target, damaged(target.seeds[seed % len(target.seeds)], changes), math.inf) == ""


@pytest.mark.parametrize("name", ENDINGS)
@examples(max_examples=12)
@given(seed=st.integers(0, 100), changes=damage())
def test_what_is_read_of_a_damaged_file_fits_every_table_or_is_refused_in_words(
    places: Gazetteer, settings: Settings, name: str, seed: int, changes: list[tuple[int, bytes, int, bool]]
) -> None:
    target, path = TARGETS[name], Path(f"山东{ENDINGS[name]}")
    data = target.built(damaged(target.seeds[seed % len(target.seeds)], changes))
    try:
        source = formats.read(data, path, settings.columns.headings)
        found = ingested([File(path.name, len(data), "0" * 64, source)], path, places, settings, "region")
    except InputError:
        return
    for frame, table in (
        (found.documents, tables.DOCUMENTS),
        (found.sources, tables.SOURCES),
        (found.files, tables.FILES),
        (found.cleaning, tables.CLEANING),
    ):
        tables.check(frame, table)
        frame.to_csv().encode("utf-8")  # no halves of a pair
    assert all(text == text.strip() and any(map(str.isalnum, text)) for text in found.documents["text"])


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_an_input_that_fuzzing_found_is_read_truly_or_refused_in_words(path: Path) -> None:
    assert path.stat().st_size <= LONGEST
    assert wrong_with(TARGETS[path.parent.name], path.read_bytes(), math.inf) == ""


@BY_READER
def test_every_seed_of_a_reader_is_sound_and_one_at_least_is_read(name: str) -> None:
    target = TARGETS[name]
    assert [wrong_with(target, seed, math.inf) for seed in target.seeds] == [""] * len(target.seeds)
    target.read(target.built(target.seeds[0]))  # no error


# --- what finds the faults -----------------------------------------------------------------------------------------------

LINE = Where("line", "", 1)
TRUE = Source(
    "", (Record(Cell("文字。", LINE, 1)),), (Removed(LINE, 0, 1, "\t", "blank"), Removed(LINE, 4, 5, "\n", "blank"))
)


@pytest.mark.parametrize(
    "source",
    [
        replace(TRUE, records=(Record(Cell("文字。", LINE, 0)),)),  # the place of the text
        replace(TRUE, records=(Record(Cell("文。", LINE, 1)),)),  # a character is lost
        replace(TRUE, records=(Record(Cell("文字。\n", LINE, 1)),)),  # not trimmed
        replace(TRUE, records=(Record(Cell("文字。", Where("line", "", 0), 1)),)),
        replace(TRUE, removed=TRUE.removed[:1]),  # a run is not listed
        replace(TRUE, removed=(*TRUE.removed, Removed(LINE, 0, 1, "\t", "blank"))),  # one is twice
        replace(TRUE, removed=(Removed(LINE, 0, 1, " ", "blank"), TRUE.removed[1])),  # another character
        replace(TRUE, removed=(Removed(LINE, 0, 2, "\t", "blank"), TRUE.removed[1])),  # another length
        replace(TRUE, removed=(Removed(LINE, 0, 1, "\t", "blank", 1), TRUE.removed[1])),  # of a record that is not
        replace(TRUE, removed=(Removed(LINE, 0, 1, "\t", ""), TRUE.removed[1])),
    ],
)
def test_a_source_that_is_not_true_is_a_fault(source: Source) -> None:
    content = "\t文字。\n".encode()
    assert faults(TRUE, content, Path("a.txt"), "plain_text") == []
    assert faults(source, content, Path("a.txt"), "plain_text") != []


def test_a_cell_on_another_line_or_at_another_offset_of_its_value_is_a_fault() -> None:
    table = '地区,正文\n山东,甲\n浙江,"乙""一"\n'.encode()
    third = Source("", (Record(Cell('乙"一', Where("line", "", 3))),), ())
    assert faults(third, table, Path("a.csv"), "delimited") == []
    late = replace(third, records=(Record(Cell("甲", Where("line", "", 3))),))
    assert faults(late, table, Path("a.csv"), "delimited") != []
    lines = '{"text": " 甲"}\n'.encode()
    assert faults(Source("", (Record(Cell("甲", LINE, 1)),), ()), lines, Path("a.jsonl"), "json_lines") == []
    assert faults(Source("", (Record(Cell("甲", LINE, 0)),), ()), lines, Path("a.jsonl"), "json_lines") != []


def test_an_exception_an_untrue_source_and_a_slow_reading_are_each_told() -> None:
    def failing(_: bytes) -> list[str]:
        raise KeyError("x")

    sound = Target("t", (b"",), bytes, lambda _: [])
    assert wrong_with(sound, b"") == ""
    assert wrong_with(sound, b"", -1.0) == "more than 5 s"
    assert wrong_with(replace(sound, read=failing), b"") == "KeyError in test_fuzz.py failing"
    assert wrong_with(replace(sound, read=lambda _: ["removed twice at 7"]), b"") == "not true: removed twice at"


def test_an_input_is_made_smaller_as_long_as_its_fault_stays() -> None:
    assert smaller(b"aaaaXbbbbYcccc", lambda data: b"X" in data and b"Y" in data) == b"XY"


def test_runs_add_up_and_a_fault_found_twice_is_one() -> None:
    once = added({}, "pdf", 90.0, 10, ["b", "a"])
    assert added(once, "pdf", 30.0, 5, ["a"]) == {"pdf": {"minutes": 2.0, "executions": 15, "found": ["a", "b"]}}


def test_the_stored_results_are_of_every_reader_and_of_twenty_minutes() -> None:
    stored = json.loads(fuzz.RESULTS.read_text("utf-8"))
    assert set(stored) == set(TARGETS)
    assert sum(one["minutes"] for one in stored.values()) >= 20
    assert all(one["executions"] > 0 for one in stored.values())
