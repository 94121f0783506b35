"""Hash what came out: provenance.json and every output -> manifest.json."""

from __future__ import annotations

import platform
from pathlib import Path

from pipeline.cli import run
from pipeline.hashing import read_json, sha256, short, write_json


def of_large(corpus: Path, figures: Path) -> list[Path]:
    """What only a large corpus has: its partitions, and figures of the report: NAME.LANGUAGE.svg and .png."""
    drawn = [path for path in figures.glob("whole_*.*") if path.name.count(".") == 2]
    return [*corpus.rglob("*.*"), *(path for path in drawn if path.suffix in (".svg", ".png"))]


def main(provenance_json: Path, corpus: Path, figures: Path, *outputs_then_manifest_json: Path) -> None:
    *named, manifest_json = outputs_then_manifest_json
    outputs = [*named, *of_large(corpus, figures)]
    provenance = read_json(provenance_json, "raw", "run", "findings")
    manifest = {
        **provenance,
        "python": platform.python_version(),
        "outputs": {path.as_posix(): sha256(path) for path in sorted(outputs)},
    }
    write_json(manifest, manifest_json)
    print(f"\n发现指纹 findings fingerprint: {short(provenance['findings']['fingerprint'])}")


if __name__ == "__main__":
    run(main)
