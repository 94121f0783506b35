"""SHA-256 of files, and JSON whose equal data are equal bytes."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def combined(hashes: Mapping[str, str]) -> str:
    """One hash for many files: over the sorted lines `hash  name`."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def write_text(text: str, path: Path) -> None:
    """Write atomically."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, "utf-8")
    os.replace(part, path)


def write_json(data: Mapping[str, Any], path: Path) -> None:
    """Write atomically, keys sorted, so that equal data are equal bytes."""
    write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", path)
