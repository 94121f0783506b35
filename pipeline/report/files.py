"""Write the files of a report: all of them or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path


def write(outputs: Mapping[Path, bytes]) -> None:
    """Everything goes to temporary files first; they replace the old ones only when all are complete."""
    parts = {path.with_name(path.name + ".part"): path for path in outputs}
    for part, path in parts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(outputs[path])
    for part, path in parts.items():
        os.replace(part, path)
