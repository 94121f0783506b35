"""Run make as a person would, also from inside `make test`."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parent.parent
VENV = Path(sys.prefix)
Make = Callable[..., "subprocess.CompletedProcess[str]"]


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`make ARGUMENTS` in ``folder`` with this environment's Python, free of an outer make's flags."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    if not (folder / ".venv").exists():
        (folder / ".venv").symlink_to(VENV)
    return subprocess.run(
        ["make", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
