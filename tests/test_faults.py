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
from tests.make import ROOT, make

SELECTED = ("CORPUS=four", "METHOD=fast")
NAME = "four+fast"
_COPIED = ("Makefile", "method", "pipeline")
_TEXTS = {
    "山东": "推进双师素质提升，加强校企合作；建设培训基地。完善教师评价制度。",
    "浙江": "深化产教融合，校企合作共建基地；精准培训。实施人才引进。",
    "上海": "开展赛训结合，双师型教师培训；校企合作。健全激励机制。",
    "湖北": "加大经费投入，规划布局；建设培训基地，人才引进。",
}
# The fewest draws that the settings allow: what is tested is that they come to the same end.
_FAST = """
[resampling]
resamples = 100
halvings = 10
[permutation]
draws = 999
[specification]
resamples = 1
null_draws = 19
[background]
group_draws = [2, 2, 0]
[themes]
subsamples = 10
"""
# In the place of Python: notes which stage begins, then is Python.
_WATCHED = '#!/bin/sh\necho "$2" >> begun\nexec .venv/bin/python "$@"\n'


def project(folder: Path) -> Path:
    """A copy of the project with a corpus of four short texts and the fewest draws."""
    for name in _COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    for lock in ROOT.glob("requirements*.lock"):
        shutil.copy2(lock, folder / lock.name)
    rows = (f"\t{n}\n\t{region}\n\t{text}\n" for n, (region, text) in enumerate(_TEXTS.items(), 1))
    (folder / "data/raw").mkdir(parents=True)
    (folder / "data/raw/four.txt").write_text("标题\n\t序号\n\t省市\n\t内容\n\n" + "\n".join(rows), "utf-8")
    (folder / "fast").mkdir()
    (folder / "fast/settings.toml").write_text(_FAST, "utf-8")
    style = (ROOT / "method/figures.mplstyle").read_text("utf-8")
    (folder / "fast/figures.mplstyle").write_text(re.sub(r"(?m)^savefig\.dpi.*", "savefig.dpi: 50", style), "utf-8")
    (folder / "watched").write_text(_WATCHED)
    (folder / "watched").chmod(0o755)
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def started(folder: Path, *arguments: str, **environment: str) -> subprocess.Popen[str]:
    """`make all` in a session of its own, so that it can be killed with all that it started."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    return subprocess.Popen(
        ["make", "all", *SELECTED, *arguments], cwd=folder, env={**kept, **environment}, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def made(folder: Path) -> dict[str, str]:
    """Every generated file of tables, figures and reports, by its hash."""
    folders = (folder / "data/processed" / NAME, folder / "reports" / NAME)
    kinds = {".csv", ".json", ".svg", ".png", ".html", ".md", ".docx", ".toml"}
    found = (path for one in folders for path in one.rglob("*") if path.suffix in kinds)
    return {path.relative_to(folder).as_posix(): sha256(path) for path in found}


def left_over(folder: Path) -> list[str]:
    return [path.name for name in ("data", "reports") for path in (folder / name).rglob("*.part")]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = project(tmp_path_factory.mktemp("faults") / "undisturbed")
    done = make(folder, "all", *SELECTED)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((folder / "data/processed" / NAME / "manifest.json").read_text("utf-8"))
    found = made(folder)
    assert {name: found[name] for name in manifest["outputs"]} == manifest["outputs"]
    return folder


@pytest.fixture
def copied(undisturbed: Path, tmp_path: Path) -> Path:
    """A copy with its times, to be disturbed: `make all` has nothing to do in it."""
    folder = tmp_path / "copy"
    shutil.copytree(undisturbed, folder, symlinks=True)
    return folder


def stages(folder: Path) -> set[str]:
    """Every stage that `make all` runs."""
    printed = make(folder, "--dry-run", "--always-make", "all", *SELECTED).stdout
    return set(re.findall(r"/python -m (pipeline\.[a-z_.]+)", printed))


def begun(folder: Path) -> set[str]:
    path = folder / "begun"
    return set(path.read_text().split()) if path.exists() else set()


def test_a_run_that_is_killed_in_every_stage_goes_on_to_the_bytes_of_one_that_was_not(
    undisturbed: Path, tmp_path: Path
) -> None:
    folder = project(tmp_path / "killed")
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
    folder = project(tmp_path / "doubled")
    runs = [started(folder, JOBS="1") for _ in range(2)]
    said = [run.communicate()[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], "\n".join(said)
    assert made(folder) == made(undisturbed)
    assert left_over(folder) == []
    assert "Nothing to be done for 'all'" in make(folder, "all", *SELECTED).stdout


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
    done = make(copied, "all", *SELECTED)
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
    printed = make(folder, "--dry-run", "--always-make", "all", *SELECTED).stdout
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
make all {" ".join(SELECTED)}; echo "code $?"
cp -a data/processed/. kept/
rm data/processed/fill data/processed/fill2 kept/fill kept/fill2
make all {" ".join(SELECTED)} >/dev/null && echo gone on
(cd data/processed/{NAME} && sha256sum manifest.json)
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
    assert before[f"data/processed/{NAME}/manifest.json"] in done.stdout
    kept = {
        f"data/processed/{path.relative_to(copied / 'kept').as_posix()}": sha256(path)
        for path in (copied / "kept").rglob("*.csv")
    }
    assert kept == {name: digest for name, digest in before.items() if name.endswith(".csv")}
