"""Corpora in parts: the documents of the corpus read at once, and a sample that stays the same when others come."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline import batches, tables
from pipeline.batches import partition, scanned
from pipeline.errors import InputError
from pipeline.ingest import gathered, ingested
from pipeline.method import Gazetteer, Settings
from pipeline.study import studied


def records(path: Path, rows: Sequence[tuple[str, str]]) -> Path:
    path.write_text("".join(json.dumps({"地区": a, "正文": b}, ensure_ascii=False) + "\n" for a, b in rows), "utf-8")
    return path


@pytest.fixture
def small_parts(settings: Settings) -> Settings:
    return replace(settings, scale=replace(settings.scale, part_bytes=2000, in_parts_above=0))


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBS", "1")


def whole(
    raw: Path, places: Gazetteer, settings: Settings, folder: Path, unit: str = "region"
) -> dict[str, pd.DataFrame]:
    paths = sorted(raw.iterdir()) if raw.is_dir() else [raw]
    totals = scanned(paths, raw, unit, places, settings, folder)
    return studied(folder, totals.partitions, None, settings.scale, 1)


ROWS = [(f"第{at}区", f"推进教师队伍建设第{at}项；开展培训。") for at in range(200)]


def test_documents_in_parts_are_those_of_the_corpus_at_once_but_for_their_numbers(
    tmp_path: Path, places: Gazetteer, small_parts: Settings
) -> None:
    raw = records(tmp_path / "corpus.jsonl", ROWS)
    found = whole(raw, places, small_parts, tmp_path / "corpus")
    once = ingested(gathered(raw, small_parts), raw, places, small_parts, "region")
    for name in ("documents", "sources"):
        columns = [column for column in getattr(once, name).columns if column != "doc_id"]
        pd.testing.assert_frame_equal(found[name][columns], getattr(once, name)[columns], check_dtype=False)
    assert found["documents"]["doc_id"].tolist() == [f"D{number:08d}" for number in range(1, 201)]


def test_a_text_said_again_in_another_part_is_left_out_and_listed(
    tmp_path: Path, places: Gazetteer, small_parts: Settings
) -> None:
    raw = records(tmp_path / "corpus.jsonl", [*ROWS, ROWS[3]])
    totals = scanned([raw], raw, "region", places, small_parts, tmp_path / "corpus")
    found = studied(tmp_path / "corpus", totals.partitions, None, small_parts.scale, 1)
    assert totals.partitions > 3
    assert (totals.documents, totals.repeats) == (200, 1)
    last = found["cleaning"].iloc[-1]
    assert (last["reason"], last["line"], last["removed"]) == ("repeated document", 201, ROWS[3][1])
    assert found["cleaning"]["run"].is_unique


def test_places_of_one_name_in_different_parts_are_told_apart(
    tmp_path: Path, places: Gazetteer, small_parts: Settings
) -> None:
    raw = records(tmp_path / "corpus.jsonl", [("北京市朝阳区", "推进培训。"), *ROWS, ("长春市朝阳区", "推进培训。")])
    found = whole(raw, places, small_parts, tmp_path / "corpus")
    once = ingested(gathered(raw, small_parts), raw, places, small_parts, "region")
    assert found["documents"]["region"].tolist() == once.documents["region"].tolist()
    assert found["documents"]["region"].iloc[0] != found["documents"]["region"].iloc[-1]
    assert found["documents"]["region_en"].tolist() == once.documents["region_en"].tolist()


def test_a_corpus_of_several_files_keeps_the_line_of_each(
    tmp_path: Path, places: Gazetteer, small_parts: Settings
) -> None:
    raw = tmp_path / "folder"
    raw.mkdir()
    records(raw / "a.jsonl", ROWS[:120])
    records(raw / "b.jsonl", ROWS[120:])
    found = whole(raw, places, small_parts, tmp_path / "corpus")["sources"]
    assert found["file"].str[-7:].tolist() == ["a.jsonl"] * 120 + ["b.jsonl"] * 80
    assert found["line"].tolist() == [*range(1, 121), *range(1, 81)]


def test_an_unknown_unit_names_the_columns_there_are(tmp_path: Path, places: Gazetteer, small_parts: Settings) -> None:
    raw = tmp_path / "corpus.jsonl"
    raw.write_text('{"地区": "甲", "正文": "推进培训", "部门": "教育"}\n' * 80, "utf-8")
    with pytest.raises(InputError, match="部门"):
        scanned([raw], raw, "行业", places, small_parts, tmp_path / "corpus")


def test_a_corpus_without_any_text_names_the_first_row(
    tmp_path: Path, places: Gazetteer, small_parts: Settings
) -> None:
    raw = records(tmp_path / "corpus.jsonl", [("甲", "……"), ("乙", "——")])
    with pytest.raises(InputError) as told:
        scanned([raw], raw, "region", places, small_parts, tmp_path / "corpus")
    assert told.value.line == 1


def test_new_partitions_take_the_place_of_old_ones_and_leave_the_terms(tmp_path: Path) -> None:
    new, old = tmp_path / "new", tmp_path / "old"
    for folder, names in (
        (new, ["documents-00000.csv"]),
        (old, ["documents-00000.csv", "documents-00001.csv", "terms-a.npz"]),
    ):
        folder.mkdir()
        for name in names:
            (folder / name).write_text(folder.name)
    batches.take_place(new, old)
    assert {path.name: path.read_text() for path in old.iterdir()} == {
        "documents-00000.csv": "new",
        "terms-a.npz": "old",
    }
    assert not new.exists()


def test_every_partition_keeps_the_contracts(tmp_path: Path, places: Gazetteer, small_parts: Settings) -> None:
    raw = records(tmp_path / "corpus.jsonl", ROWS)
    totals = scanned([raw], raw, "region", places, small_parts, tmp_path / "corpus")
    for number in range(totals.partitions):
        for kind, table in batches.KINDS.items():
            tables.read(partition(tmp_path / "corpus", kind, number), table)


def test_two_processes_write_the_same_bytes_as_one(
    tmp_path: Path, places: Gazetteer, small_parts: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = records(tmp_path / "corpus.jsonl", [*ROWS, ROWS[3]])
    for jobs in ("1", "2"):
        monkeypatch.setenv("JOBS", jobs)
        scanned([raw], raw, "region", places, small_parts, tmp_path / jobs)
    one, two = ({path.name: path.read_bytes() for path in (tmp_path / jobs).iterdir()} for jobs in ("1", "2"))
    assert one == two
    assert len(one) > 6


def test_what_a_killed_process_left_is_removed_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    living = os.getppid()
    for writer in (dead.pid, living):
        (tmp_path / f"corpus.{writer}.part").mkdir()
    new = batches.begun(tmp_path / "corpus")
    assert new.name == f"corpus.{os.getpid()}.part"
    assert [path.name for path in tmp_path.iterdir()] == [f"corpus.{living}.part"]
