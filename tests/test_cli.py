"""A stage is run by its paths; its docstring is the help and a mistake is one message, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from pipeline import ingest
from pipeline.cli import parser_of, run
from pipeline.errors import InputError
from tests.make import ROOT

STAGES = (
    "ingest", "measures", "segment", "keywords", "characters", "similarity", "cooccurrence", "resampling",
    "permutation", "consensus", "cluster", "claims", "themes", "coders", "summary", "calibration", "suggest",
)  # fmt: skip


@pytest.fixture
def called() -> list[tuple[Path, ...]]:
    return []


def test_paths_arrive_in_the_order_of_the_parameters(called: list[tuple[Path, ...]]) -> None:
    def main(first_csv: Path, second_csv: Path) -> None:
        called.append((first_csv, second_csv))

    run(main, ["a.csv", "b.csv"])
    assert called == [(Path("a.csv"), Path("b.csv"))]


def test_a_starred_parameter_takes_the_rest(called: list[tuple[Path, ...]]) -> None:
    def main(first_csv: Path, *others: Path) -> None:
        called.append((first_csv, *others))

    run(main, ["a.csv", "b.csv", "c.csv"])
    assert called == [(Path("a.csv"), Path("b.csv"), Path("c.csv"))]


@pytest.mark.parametrize("given", [[], ["a.csv"], ["a.csv", "b.csv", "c.csv"]])
def test_too_few_or_too_many_paths_are_refused(given: list[str], called: list[tuple[Path, ...]]) -> None:
    def main(first_csv: Path, second_csv: Path) -> None:
        called.append((first_csv, second_csv))

    with pytest.raises(SystemExit) as caught:
        run(main, given)
    assert caught.value.code == 2
    assert called == []


def test_the_help_names_the_files_in_order_and_says_what_the_stage_does() -> None:
    text = parser_of(ingest.main, ingest.__doc__ or "").format_help()
    assert text.startswith("usage: python -m pipeline.ingest")
    assert (ingest.__doc__ or "").splitlines()[0] in " ".join(text.split())
    places = [text.index(name) for name in ("RAW", "UNIT", "GAZETTEER_CSV", "SETTINGS_TOML", "CLEANING_CSV")]
    assert places == sorted(places)


def test_a_mistake_of_the_researcher_is_one_message_and_exit_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    def main(raw_txt: Path) -> None:
        raise InputError("这里错了。", "this is wrong.", file=raw_txt, line=7)

    with pytest.raises(SystemExit) as caught:
        run(main, ["raw.txt"])
    assert caught.value.code == 2
    said = capsys.readouterr()
    assert said.err == "raw.txt:7\n  错误：这里错了。\n  Error: this is wrong.\n"
    assert said.out == ""


def test_a_missing_file_is_named_in_both_languages(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    missing = tmp_path / "missing.csv"

    def main(table_csv: Path) -> None:
        table_csv.read_text()

    with pytest.raises(SystemExit) as caught:
        run(main, [str(missing)])
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{missing}\n")
    assert "找不到这个文件" in said
    assert "no such file" in said


def test_a_fault_of_the_program_is_not_hidden() -> None:
    def main(raw_txt: Path) -> None:
        raise ZeroDivisionError(raw_txt)

    with pytest.raises(ZeroDivisionError):
        run(main, ["raw.txt"])


@pytest.mark.parametrize(
    ("line", "text"),
    [(None, "a.txt\n  错误：甲\n  Error: A"), (3, "a.txt:3\n  错误：甲\n  Error: A")],
)
def test_an_input_error_prints_file_line_and_both_languages(line: int | None, text: str) -> None:
    assert str(InputError("甲", "A", file=Path("a.txt"), line=line)) == text


@pytest.mark.parametrize("stage", STAGES)
def test_the_first_line_of_a_stages_docstring_says_what_goes_in_and_what_comes_out(stage: str) -> None:
    module = __import__(f"pipeline.{stage}", fromlist=["main"])
    first = (module.__doc__ or "").splitlines()[0]
    assert " -> " in first
    for name in first.split(" -> ")[1].rstrip(".").split(", "):
        assert name.endswith((".csv", ".json"))
        expected = "audit_csv" if name == "segmentation_audit.csv" else name.replace(".", "_")
        assert expected in module.main.__annotations__


def test_a_stage_prints_its_help_from_the_command_line() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.ingest", "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert done.stdout.startswith("usage: python -m pipeline.ingest")


_SCRIPT = '''"""Use several processes and say which: out -> pids."""
import os
from pathlib import Path
from time import sleep

from pipeline.cli import run
from pipeline.workers import mapped


def work(_: int) -> int:
    sleep(0.1)  # so that each of the two has something to do
    return os.getpid()


def main(pids_txt: Path) -> None:
    pids_txt.write_text(" ".join(map(str, {*mapped(work, range(8), title="pids")})))


if __name__ == "__main__":
    run(main)
'''


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_stage_that_used_several_processes_leaves_none_behind(tmp_path: Path) -> None:
    (tmp_path / "stage.py").write_text(_SCRIPT, "utf-8")
    pids = tmp_path / "pids.txt"
    environment = {**os.environ, "JOBS": "2", "PYTHONPATH": str(ROOT)}
    with (tmp_path / "said").open("w") as said:  # a pipe would stay open as long as a process that is left behind
        done = subprocess.run(
            [sys.executable, str(tmp_path / "stage.py"), str(pids)],
            env=environment, stdout=said, stderr=said, timeout=120, check=False,
        )  # fmt: skip
    assert done.returncode == 0, (tmp_path / "said").read_text("utf-8")
    found = [int(pid) for pid in pids.read_text("utf-8").split()]
    assert len(found) == 2
    for _ in range(100):  # they may still be on their way out
        if not any(map(running, found)):
            break
        sleep(0.1)
    assert not any(map(running, found))
    assert (tmp_path / "said").read_text("utf-8") == ""
