"""Fixtures that run the main job once: a copy of the inputs in a folder of its own, `make all` done."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import make as runner
from tests.make import ROOT

_COPIED = ("Makefile", "data/raw", "method", "pipeline", "reports/calibration")
_OPTIONAL = "reports/calibration"  # what `make calibrate` found, where it has run
# The names of the figures as the Makefile lists them.
FIGURES = re.findall(
    r"^FIGURE_NAMES :=(.*)$", (ROOT / "Makefile").read_text("utf-8").replace("\\\n", " "), flags=re.MULTILINE
)[0].split()

# A corpus of four short texts, and the fewest draws that the settings allow: for tests of what make does, not of numbers.
SMALL = ("CORPUS=four", "METHOD=fast")
SMALL_NAME = "four+fast"
_TEXTS = {
    "山东": "推进双师素质提升，加强校企合作；建设培训基地。完善教师评价制度。",
    "浙江": "深化产教融合，校企合作共建基地；精准培训。实施人才引进。",
    "上海": "开展赛训结合，双师型教师培训；校企合作。健全激励机制。",
    "湖北": "加大经费投入，规划布局；建设培训基地，人才引进。",
}
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


def project(folder: Path) -> Path:
    """A copy of all that a run is made from, and of nothing that is made."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _COPIED:
        if name == _OPTIONAL and not (ROOT / name).exists():
            continue
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, folder / name)
    for lock in ROOT.glob("requirements*.lock"):
        shutil.copy2(lock, folder / lock.name)
    return folder


def fast_method(folder: Path, more: str = "") -> None:
    """A method of few draws and coarse pictures, with ``more`` settings."""
    folder.mkdir()
    (folder / "settings.toml").write_text(more + _FAST, "utf-8")
    style = (ROOT / "method/figures.mplstyle").read_text("utf-8")
    (folder / "figures.mplstyle").write_text(re.sub(r"(?m)^savefig\.dpi.*", "savefig.dpi: 50", style), "utf-8")


def with_small_corpus(folder: Path) -> Path:
    """The project with the small corpus and the fast method beside what it has."""
    rows = (f"\t{n}\n\t{region}\n\t{text}\n" for n, (region, text) in enumerate(_TEXTS.items(), 1))
    (folder / "data/raw/four.txt").write_text("标题\n\t序号\n\t省市\n\t内容\n\n" + "\n".join(rows), "utf-8")
    fast_method(folder / "fast")
    return folder


def _made(folder: Path, *arguments: str) -> None:
    """`make all`; what it prints stands in stdout and stderr."""
    done = runner.make(folder, "all", *arguments)
    (folder / "stdout").write_text(done.stdout, "utf-8")
    (folder / "stderr").write_text(done.stderr, "utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


def _once(factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], None]) -> Path:
    """A folder that the first process of the session that asks for it fills, and the others wait for."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        folder = factory.mktemp(name)
        fill(folder)
        return folder
    common = factory.getbasetemp().parent  # of the folders of all workers, new in every session
    folder, complete = common / name, common / f"{name}.complete"
    with (common / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)  # of a worker that failed
            folder.mkdir()
            fill(folder)
            complete.touch()
    return folder


def _times(folder: Path) -> dict[str, int]:
    inside = (path for name in ("data", "reports", "method") for path in (folder / name).rglob("*"))
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in inside}


def _only_read(folder: Path) -> Iterator[Path]:
    """The folder, and in the end a look whether a test has written to what all of them share."""
    before = _times(folder)
    yield folder
    assert _times(folder) == before, "a test has changed what others read: let it take a copy"


@pytest.fixture(scope="session")
def make() -> runner.Make:
    return runner.make


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder in which `make all` has run. It is read only: whoever writes takes `own` or a copy."""
    yield from _only_read(_once(tmp_path_factory, "built", lambda folder: _made(project(folder))))


@pytest.fixture(scope="session")
def small(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The same of the small corpus, with what the first run has compiled. It is read only as well."""

    def fill(folder: Path) -> None:
        made = shutil.ignore_patterns("vocational-teachers")  # the raw file has an ending
        shutil.copytree(built, folder, symlinks=True, ignore=made, dirs_exist_ok=True)
        _made(with_small_corpus(folder), *SMALL)

    yield from _only_read(_once(tmp_path_factory, "small", fill))


@pytest.fixture(scope="module")
def own(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the built folder with its times, for the tests of one file to write to."""
    folder = tmp_path_factory.mktemp("own") / "copy"
    shutil.copytree(built, folder, symlinks=True)
    return folder


@pytest.fixture(scope="session")
def processed(built: Path) -> Path:
    """The folder of the default corpus's tables."""
    return built / "data" / "processed" / "vocational-teachers"
