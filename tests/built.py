"""The fixture that runs the main job once: a copy of the inputs in a folder of its own, `make all` done."""

from __future__ import annotations

import re
import shutil
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


@pytest.fixture(scope="session")
def make() -> runner.Make:
    return runner.make


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which `make all` has run; what it printed stands in stdout and stderr."""
    folder = tmp_path_factory.mktemp("built")
    for name in _COPIED:
        if name == _OPTIONAL and not (ROOT / name).exists():
            continue
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(ROOT / name, folder / name)
    for lock in ROOT.glob("requirements*.lock"):
        shutil.copy2(lock, folder / lock.name)
    done = runner.make(folder, "all")
    (folder / "stdout").write_text(done.stdout, "utf-8")
    (folder / "stderr").write_text(done.stderr, "utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="session")
def processed(built: Path) -> Path:
    """The folder of the default corpus's tables."""
    return built / "data" / "processed" / "vocational-teachers"
