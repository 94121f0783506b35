"""Hash what goes in and what was found: raw files, method, code, locks and tables -> provenance.json."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import __version__, tables
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.fingerprint import findings_of
from pipeline.hashing import combined, sha256, write_json
from pipeline.method import load_settings


def locked_versions(lock: str) -> dict[str, str]:
    """Package -> version of a hash-locked requirements file."""
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock, flags=re.MULTILINE))


def raw_of(read: pd.DataFrame) -> dict[str, Any]:
    """The raw files as they were read; an `InputError` where one is another by now."""
    taken = read[read["skipped"] == ""]
    for row in taken.itertuples():
        if not Path(row.file).exists() or sha256(Path(row.file)) != row.sha256:
            raise InputError(
                "运行期间原始文件被改动。请再运行一次 make all。",
                "the raw file changed during the run. Run `make all` again.",
                file=row.file,
            )
    hashes = dict(zip(taken["file"], taken["sha256"], strict=True))
    return {
        "file": os.path.commonpath(hashes) if len(hashes) > 1 else next(iter(hashes)),
        "files": hashes,
        "bytes": int(taken["bytes"].sum()),
        "sha256": combined(hashes) if len(hashes) > 1 else next(iter(hashes.values())),
    }


def provenance_of(read: pd.DataFrame, files: Sequence[Path], method_folder: str) -> dict[str, Any]:
    """What this run is made of; the same on every machine."""
    hashes = {path.as_posix(): sha256(path) for path in sorted(files)}
    # What `make calibrate` found once and what a second coder coded are, like the method, inputs that are not computed.
    given = ("method/", "reports/", "data/", f"{method_folder}/")
    method = {name: digest for name, digest in hashes.items() if name.startswith(given)}
    locks = {name: digest for name, digest in hashes.items() if name.endswith(".lock")}
    code = {name: digest for name, digest in hashes.items() if name not in method and name not in locks}
    lock = next((path for path in files if path.name == "requirements.lock"), None)
    return {
        "pipeline": __version__,
        "raw": raw_of(read),
        "method": {"sha256": combined(method), "files": method},
        "code": {"sha256": combined(code), "files": code},
        "locks": locks,
        "packages": locked_versions(lock.read_text("utf-8")) if lock else {},
    }


def main(
    corpus: Path,
    unit: Path,
    method: Path,
    settings_toml: Path,
    tables_folder: Path,
    calibration_csv: Path,
    *files_then_provenance_json: Path,
) -> None:
    *files, provenance_json = files_then_provenance_json
    settings = load_settings(settings_toml)
    characters = int(tables.read(tables_folder / "measures.csv", tables.MEASURES)["text"].str.len().sum())
    engine = settings.segment.engine_for(characters)
    chosen = {"corpus": corpus.name, "unit": unit.name, "method": method.as_posix(), "engine": engine}
    read = tables.read(tables_folder / "files.csv", tables.FILES)
    made = {f"{table.name}.csv": sha256(tables_folder / f"{table.name}.csv") for table in tables.ALL}
    calibration = {calibration_csv.name: sha256(calibration_csv)} if calibration_csv.exists() else {}
    record = provenance_of(read, files, chosen["method"])
    found = findings_of(made, settings, calibration)
    write_json({**record, "findings": found, "run": chosen}, provenance_json)


if __name__ == "__main__":
    run(main)
