"""One process at a time does what two were asked to do, and the lock ends with whoever holds it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

from pipeline.alone import current
from tests.make import ROOT, VENV

# Says that it runs, waits until it may go on, makes the target.
_WORK = "echo run >> runs; while test ! -e go; do sleep 0.05; done; touch target"


def begun(folder: Path, command: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.alone", "cache/lock", "target", "source", "--", "/bin/sh", "-c", command],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def wait_for(path: Path) -> None:
    for _ in range(600):
        if path.exists():
            return
        sleep(0.05)
    raise AssertionError(f"{path.name} never came")


def test_a_target_is_current_when_no_source_is_newer(tmp_path: Path) -> None:
    target, source = tmp_path / "target", tmp_path / "source"
    source.write_bytes(b"")
    assert not current(target, [source])
    target.write_bytes(b"")
    for age, expected in ((-1, True), (0, True), (1, False)):
        os.utime(source, ns=(0, target.stat().st_mtime_ns + age))
        assert current(target, [source]) is expected


def test_the_second_waits_says_so_and_does_nothing_where_the_first_has_done_it(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"")
    first = begun(tmp_path, _WORK)
    wait_for(tmp_path / "runs")
    second = begun(tmp_path, _WORK)
    assert second.stderr
    assert "waiting" in second.stderr.readline()
    (tmp_path / "go").write_bytes(b"")
    assert [process.wait(60) for process in (first, second)] == [0, 0]
    assert (tmp_path / "runs").read_text() == "run\n"


def test_where_the_first_fails_the_second_does_it(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"")
    first = begun(tmp_path, "touch began; while test ! -e go; do sleep 0.05; done; exit 3")
    wait_for(tmp_path / "began")
    second = begun(tmp_path, _WORK)
    assert second.stderr
    assert "waiting" in second.stderr.readline()
    (tmp_path / "go").write_bytes(b"")
    assert [process.wait(60) for process in (first, second)] == [3, 0]
    assert (tmp_path / "target").exists()


def test_a_lock_whose_holders_are_killed_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"")
    first = subprocess.Popen(
        [sys.executable, "-m", "pipeline.alone", "cache/lock", "target", "source", "--", "/bin/sh", "-c", _WORK],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, start_new_session=True,
    )  # fmt: skip
    wait_for(tmp_path / "runs")
    os.killpg(first.pid, signal.SIGKILL)
    first.wait(60)
    (tmp_path / "go").write_bytes(b"")
    assert begun(tmp_path, _WORK).wait(60) == 0
    assert (tmp_path / "runs").read_text() == "run\nrun\n"


def test_two_runs_at_once_set_the_environment_up_once(tmp_path: Path) -> None:
    """With a Python that only links an environment, and a pip that only notes that it was called."""
    python = tmp_path / "python3"
    python.write_text(
        f'#!/bin/sh\nif test "$1 $2" = "-m venv"; then mkdir -p "$3/bin"; ln -s {VENV}/bin/python "$3/bin/python"; exit; fi\n'
        f'exec {VENV}/bin/python "$@"\n'
    )
    python.chmod(0o755)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    venv = tmp_path / "env"
    arguments = [
        f"VENV={venv}",
        f"PYTHON={python}",
        f"PIP=sleep 0.3; echo pip >> {tmp_path}/pips; :",
        f"{venv}/core.ok",
    ]
    folder = tmp_path / "project"
    folder.mkdir()
    for name in ("Makefile", "pipeline", "requirements.lock", "requirements-build.lock"):
        (folder / name).symlink_to(ROOT / name)
    runs = [
        subprocess.Popen(["make", *arguments], cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [run.communicate(timeout=120)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    assert (tmp_path / "pips").read_text() == "pip\npip\n"  # the two locks, once each


def test_an_environment_that_cannot_be_set_up_is_told_in_both_languages_and_not_taken_for_one(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    venv = tmp_path / "env"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").symlink_to(VENV / "bin/python")
    done = subprocess.run(
        ["make", f"VENV={venv}", f"PYTHON={VENV}/bin/python", "PIP=false", f"{venv}/core.ok"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "环境没有装好" in done.stderr
    assert "could not be set up" in done.stderr
    assert not (venv / "core.ok").exists()
