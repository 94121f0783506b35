"""JOBS says how many processes a run uses, by hand and through make; anything but a number is refused before the work."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.resources import jobs
from tests.make import ROOT, make

# Neither a number of processes nor nothing.
_BAD = ["0", "00", "-1", "x", "1.5", "²", "٣", "1 2", "10000", "'", "$(shell id)"]


@pytest.mark.parametrize(("given", "expected"), [("3", 3), ("1", 1), ("0010", 10), ("9999", 9999)])
def test_jobs_says_how_many_processes(monkeypatch: pytest.MonkeyPatch, given: str, expected: int) -> None:
    monkeypatch.setenv("JOBS", given)
    assert jobs() == expected


def test_without_jobs_there_are_as_many_as_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    monkeypatch.setenv("JOBS", "")
    assert jobs() == 7
    monkeypatch.delenv("JOBS")
    assert jobs() == 7
    monkeypatch.setattr(os, "cpu_count", lambda: None)  # a system that does not say
    assert jobs() == 1


@pytest.mark.parametrize("given", _BAD)
def test_what_is_no_number_of_processes_is_refused_with_what_to_write(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("JOBS", given)
    with pytest.raises(InputError) as caught:
        jobs()
    said = str(caught.value)
    assert said.startswith(f"JOBS={given}\n  错误：")
    assert "from 1 to 9999" in said


def test_a_stage_tells_a_mistake_in_jobs_before_it_does_anything(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def main(out_csv: Path) -> None:
        out_csv.touch()

    monkeypatch.setenv("JOBS", "-1")
    with pytest.raises(SystemExit) as ended:
        run(main, [str(tmp_path / "out.csv")])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.count("JOBS=-1") == said.count("错误：") == said.count("Error:") == 1
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("given", _BAD)
def test_make_refuses_it_with_one_message(given: str) -> None:
    done = make(ROOT, "corpora", f"JOBS={given.replace('$', '$$')}")
    assert done.returncode == 2
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert "from 1 to 9999" in line
    assert "应为 1 至 9999 的整数" in line


def seen(folder: Path, *arguments: str) -> list[str]:
    """What a stage sees of JOBS and of make's own flags, with a shell in the place of Python."""
    spy = folder / "spy"
    spy.write_text('#!/bin/sh\necho "${JOBS:-none} $MAKEFLAGS"\n')
    spy.chmod(0o755)
    done = make(ROOT, "corpora", f"PY={spy}", "--assume-old=.venv/core.ok", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_make_runs_as_many_jobs_side_by_side_as_a_stage_may_use_processes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    count, *flags = seen(tmp_path, "JOBS=3")
    assert count == "3"
    assert "-j3" in flags
    monkeypatch.setenv("JOBS", "5")  # JOBS=5 make all
    count, *flags = seen(tmp_path)
    assert count == "5"
    assert "-j5" in flags
    monkeypatch.delenv("JOBS")
    processors = os.sysconf("SC_NPROCESSORS_ONLN")
    for empty in ((), ("JOBS=",)):
        count, *flags = seen(tmp_path, *empty)
        assert count == "none"  # a stage then starts processes only where they save time
        assert {f"-j{processors}"} & {*flags} or processors == 1


def test_the_help_of_make_lists_jobs() -> None:
    assert "JOBS=n             use n processes" in make(ROOT, "help", "JOBS=4").stdout
    assert "(now: 4)" in make(ROOT, "help", "JOBS=4").stdout
