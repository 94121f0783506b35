"""Hash what came out: provenance.json and every output -> manifest.json."""

from __future__ import annotations

import json
import platform
from pathlib import Path

from pipeline.cli import run
from pipeline.hashing import sha256, write_json


def main(provenance_json: Path, *outputs_then_manifest_json: Path) -> None:
    *outputs, manifest_json = outputs_then_manifest_json
    manifest = {
        **json.loads(provenance_json.read_text("utf-8")),
        "python": platform.python_version(),
        "outputs": {path.as_posix(): sha256(path) for path in sorted(outputs)},
    }
    write_json(manifest, manifest_json)


if __name__ == "__main__":
    run(main)
