"""SHA-256 of files, and JSON whose equal data are equal bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.writing import write


def sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def combined(hashes: Mapping[str, str]) -> str:
    """One hash for many files: over the sorted lines `hash  name`."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def short(digest: str) -> str:
    """The first 16 of its digits (64 bits) in groups of four, for people: 3f2a-91bc-77d0-e1f4."""
    return "-".join(digest[at : at + 4] for at in range(0, 16, 4))


def write_text(text: str, path: Path) -> None:
    """Write atomically."""
    write({path: text.encode()})


def read_json(path: Path, *keys: str) -> dict[str, Any]:
    """What `write_json` wrote; an `InputError` where the file is damaged, or another, without ``keys``."""
    try:
        data = json.loads(path.read_bytes())
        if not isinstance(data, dict) or not {*keys} <= {*data}:
            raise ValueError("keys")
    except (ValueError, RecursionError):
        raise InputError(
            "这个文件已损坏，或不是本流程生成的。请删除它并重新运行 make all。",
            "this file is damaged, or is not one that the pipeline wrote. Delete it and run `make all` again.",
            file=path,
        ) from None
    return data


def write_json(data: Mapping[str, Any], path: Path) -> None:
    """Write atomically, keys sorted, so that equal data are equal bytes."""
    write_text(json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", path)
