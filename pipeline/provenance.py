"""Hash what goes in: raw file, method, code and locks -> provenance.json."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline import __version__
from pipeline.cli import run
from pipeline.hashing import combined, sha256, write_json


def locked_versions(lock: str) -> dict[str, str]:
    """Package -> version of a hash-locked requirements file."""
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock, flags=re.MULTILINE))


def provenance_of(raw: Path, files: Sequence[Path]) -> dict[str, Any]:
    """What this run is made of; the same on every machine."""
    hashes = {path.as_posix(): sha256(path) for path in sorted(files)}
    # What `make calibrate` found once and what a second coder coded are, like the method, inputs that are not computed.
    given = ("method/", "reports/", "data/")
    method = {name: digest for name, digest in hashes.items() if name.startswith(given)}
    locks = {name: digest for name, digest in hashes.items() if name.endswith(".lock")}
    code = {name: digest for name, digest in hashes.items() if name not in method and name not in locks}
    lock = next((path for path in files if path.name == "requirements.lock"), None)
    return {
        "pipeline": __version__,
        "raw": {"file": raw.as_posix(), "bytes": raw.stat().st_size, "sha256": sha256(raw)},
        "method": {"sha256": combined(method), "files": method},
        "code": {"sha256": combined(code), "files": code},
        "locks": locks,
        "packages": locked_versions(lock.read_text("utf-8")) if lock else {},
    }


def main(raw: Path, *files_then_provenance_json: Path) -> None:
    *files, provenance_json = files_then_provenance_json
    write_json(provenance_of(raw, files), provenance_json)


if __name__ == "__main__":
    run(main)
