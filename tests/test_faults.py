"""Nothing that happens to the machine breaks a run: killed, interrupted, doubled, refused, it goes on to the same bytes."""

from __future__ import annotations

import json
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest

from pipeline.hashing import sha256
from tests.built import SMALL, SMALL_NAME, project, with_small_corpus
from tests.make import make

# In the place of Python: notes which stage begins, then is Python.
_WATCHED = '#!/bin/sh\necho "$2" >> begun\nexec .venv/bin/python "$@"\n'


def fresh(folder: Path) -> Path:
    """The project with the small corpus, in which nothing was made yet; and Python watched."""
    with_small_corpus(project(folder))
    (folder / ".venv").symlink_to(sys.prefix)
    return watched(folder)


def watched(folder: Path) -> Path:
    (folder / "watched").write_text(_WATCHED)
    (folder / "watched").chmod(0o755)
    return folder


def started(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """`make all` in a session of its own, so that it can be killed with all that it started."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    return subprocess.Popen(
        ["make", "all", *SMALL, *arguments], cwd=folder, env={**kept, **environment}, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def made(folder: Path) -> dict[str, str]:
    """Every generated file of tables, figures and reports, by its hash."""
    folders = (folder / "data/processed" / SMALL_NAME, folder / "reports" / SMALL_NAME)
    kinds = {".csv", ".json", ".svg", ".png", ".html", ".md", ".docx", ".toml"}
    found = (path for one in folders for path in one.rglob("*") if path.suffix in kinds)
    return {path.relative_to(folder).as_posix(): sha256(path) for path in found}


def left_over(folder: Path) -> list[str]:
    return [path.name for name in ("data", "reports") for path in (folder / name).rglob("*.part")]


@pytest.fixture(scope="module")
def undisturbed(small: Path) -> Path:
    manifest = json.loads((small / "data/processed" / SMALL_NAME / "manifest.json").read_text("utf-8"))
    found = made(small)
    assert {name: found[name] for name in manifest["outputs"]} == manifest["outputs"]
    return small


@pytest.fixture
def copied(undisturbed: Path, tmp_path: Path) -> Path:
    """A copy with its times, to be disturbed: `make all` has nothing to do in it."""
    folder = tmp_path / "copy"
    shutil.copytree(undisturbed, folder, symlinks=True)
    return watched(folder)


def stages(folder: Path) -> set[str]:
    """Every stage that `make all` runs."""
    printed = make(folder, "--dry-run", "--always-make", "all", *SMALL).stdout
    return set(re.findall(r"/python -m (pipeline\.[a-z_.]+)", printed))


def begun(folder: Path) -> set[str]:
    path = folder / "begun"
    return set(path.read_text().split()) if path.exists() else set()


def test_a_run_that_is_killed_in_every_stage_goes_on_to_the_bytes_of_one_that_was_not(
    undisturbed: Path, tmp_path: Path
) -> None:
    folder = fresh(tmp_path / "killed")
    expected, ahead = stages(folder), random.Random(20190124)
    assert len(expected) > 20
    seen: set[str] = set()
    while True:
        process = started(folder, "PY=./watched", JOBS="2")
        # Killed soon after a stage has begun for the first time; in the last round all have.
        while process.poll() is None and not begun(folder) - seen:
            sleep(0.01)
        if process.poll() is not None:
            break
        sleep(ahead.choice((0.0, 0.3, 0.6, 1.2)))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        seen |= begun(folder)
    said = process.communicate()[0]
    assert process.returncode == 0, said
    assert seen == expected
    assert made(folder) == made(undisturbed)
    assert left_over(folder) == []


def test_two_runs_at_once_in_one_folder_both_end_well_with_the_bytes_of_one(undisturbed: Path, tmp_path: Path) -> None:
    folder = fresh(tmp_path / "doubled")
    runs = [started(folder, JOBS="1") for _ in range(2)]
    said = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], "\n".join(said)
    assert made(folder) == made(undisturbed)
    assert left_over(folder) == []
    assert "Nothing to be done for 'all'" in make(folder, "all", *SMALL).stdout


@pytest.mark.parametrize("stage", ["permutation", "charts"])
def test_after_ctrl_c_make_says_no_traceback_keeps_the_old_files_and_goes_on(copied: Path, stage: str) -> None:
    before = made(copied)
    os.utime(copied / "pipeline" / ("permutation.py" if stage == "permutation" else "charts/silhouette.py"))
    process = started(copied, "PY=./watched", JOBS="2")
    while process.poll() is None and f"pipeline.{stage}" not in begun(copied):
        sleep(0.01)
    sleep(0.3)  # past the first moments of Python itself
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate()[0]
    assert process.returncode != 0
    assert "Traceback" not in said
    assert made(copied) == before
    done = make(copied, "all", *SMALL)
    assert done.returncode == 0, done.stderr
    assert made(copied) == before
    assert left_over(copied) == []


# Runs every stage of a list once more, in a process of its own that the machine refuses something.
_DRIVER = """
import ctypes, importlib, json, os, resource, sys
from pathlib import Path

from pipeline.cli import run


def refuse(kind):
    if kind == "full":  # like a full disk: files are made, and what is written to them is refused
        resource.setrlimit(resource.RLIMIT_FSIZE, (16, 16))
    elif os.geteuid() == 0:  # root may write anywhere, until it gives that up
        nothing = (ctypes.c_uint32 * 6)()
        assert ctypes.CDLL(None, use_errno=True).capset((ctypes.c_uint32 * 2)(0x20080522, 0), nothing) == 0


kind, found = sys.argv[1], []
for words in json.loads(sys.stdin.read()):
    name, *arguments = words
    module = importlib.import_module(name)
    if hasattr(module, "__path__"):
        module = importlib.import_module(name + ".__main__")
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(sender, 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.close(receiver)
        refuse(kind)
        try:
            run(module.main, arguments)
            code = 0
        except SystemExit as end:
            code = end.code
        except BaseException:
            import traceback
            traceback.print_exc()
            code = 1
        sys.stderr.flush()
        os._exit(code)
    os.close(sender)
    with open(receiver, encoding="utf-8") as said:
        text = said.read()
    found.append([name, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text])
print(json.dumps(found))
"""


def commands(folder: Path) -> list[list[str]]:
    """Every stage with its arguments, as `make all` would run it."""
    printed = make(folder, "--dry-run", "--always-make", "all", *SMALL).stdout
    lines = re.findall(r"(?m)^.*/python -m (pipeline\..*)$", printed)
    return [shlex.split(line, comments=True) for line in lines]


@pytest.mark.parametrize(("kind", "zh", "en"), [("full", "请", "then run again"), ("read-only", "权限", "permission")])
def test_a_full_disk_or_a_folder_that_nobody_may_write_to_is_told_by_every_stage_and_the_old_files_stand(
    copied: Path, kind: str, zh: str, en: str
) -> None:
    before, asked = made(copied), commands(copied)
    folders = [
        path
        for name in ("data/processed", "reports")
        for path in (copied / name, *(copied / name).rglob("*"))
        if path.is_dir()
    ]
    if kind == "read-only":
        for path in folders:
            path.chmod(0o555)
    try:
        done = subprocess.run(
            [sys.executable, "-c", _DRIVER, kind], input=json.dumps(asked), cwd=copied, capture_output=True, text=True,
            env={**os.environ, "JOBS": "1", "PYTHONPATH": ".", "MPLBACKEND": "Agg", "MPLCONFIGDIR": ".cache/matplotlib",
                 "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}, check=False,
        )  # fmt: skip
    finally:
        for path in folders:
            path.chmod(0o755)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [name for name, _, _ in found] == [words[0] for words in asked]
    for name, code, said in found:
        assert (name, code) == (name, 2), said
        assert "错误：" in said, name
        assert zh in said, name
        assert en in said, name
        assert "Traceback" not in said, said
        assert ".part" not in said, said
    assert made(copied) == before
    assert left_over(copied) == []


def may_mount() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run(
        ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
    ).returncode == 0  # fmt: skip


@pytest.mark.skipif(not may_mount(), reason="no mount namespace of one's own here; RLIMIT_FSIZE stands for it above")
def test_make_on_a_full_disk_says_so_and_leaves_the_old_files_and_goes_on_when_there_is_space(copied: Path) -> None:
    """`data/processed` on a disk of its own, filled to the last byte; then emptied."""
    before = made(copied)
    os.utime(copied / "pipeline/segment.py")
    script = f"""
mkdir kept && cp -a data/processed/. kept/
mount -t tmpfs -o size=24m none data/processed && cp -a kept/. data/processed/
dd if=/dev/zero of=data/processed/fill bs=64k 2>/dev/null; dd if=/dev/zero of=data/processed/fill2 bs=1 count=65536 2>/dev/null
make all {" ".join(SMALL)}; echo "code $?"
cp -a data/processed/. kept/
rm data/processed/fill data/processed/fill2 kept/fill kept/fill2
make all {" ".join(SMALL)} >/dev/null && echo gone on
(cd data/processed/{SMALL_NAME} && sha256sum manifest.json)
"""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    done = subprocess.run(
        ["unshare", "-m", "sh", "-c", script], cwd=copied, env=environment, capture_output=True, text=True, check=False
    )
    assert "code 2" in done.stdout
    assert "磁盘空间" in done.stderr
    assert "no space left" in done.stderr
    assert "Traceback" not in done.stderr
    assert "gone on" in done.stdout
    assert before[f"data/processed/{SMALL_NAME}/manifest.json"] in done.stdout
    kept = {
        f"data/processed/{path.relative_to(copied / 'kept').as_posix()}": sha256(path)
        for path in (copied / "kept").rglob("*.csv")
    }
    assert kept == {name: digest for name, digest in before.items() if name.endswith(".csv")}
