"""Run `make all` once more, for a comparison: in a folder of its own, free of an outer make, under another hash seed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

_SEED = "20190124"


def differences(expected: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """Names whose hash differs or that only one side has, sorted."""
    return sorted(name for name in {*expected, *found} if expected.get(name) != found.get(name))


def arguments(run: Mapping[str, str]) -> list[str]:
    """What `make` is told to repeat a run, as provenance.json has it."""
    unit = [] if run["unit"] == "region" else [f"UNIT={run['unit']}"]
    method = [] if run["method"] == "method" else [f"METHOD={run['method']}"]
    return [f"CORPUS={run['corpus']}", *unit, *method]


def make_all(
    folder: Path, run: Mapping[str, str], coding: str = "", *, shown: bool = False
) -> subprocess.CompletedProcess[str]:
    """`make all` in ``folder``; ``coding``: a second coder's file; ``shown``: to the terminal instead of being captured."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    for name in ("CORPUS", "UNIT", "METHOD"):
        environment.pop(name, None)
    return subprocess.run(
        ["make", "all", *arguments(run)],
        cwd=folder,
        env={**environment, "CODING": coding, "PYTHONHASHSEED": _SEED},
        capture_output=not shown,
        text=True,
        check=False,
    )
