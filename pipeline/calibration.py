"""Measure how often the verdict is wrong, on corpora whose truth is known: tokens.csv -> calibration.csv, calibration.json."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from pipeline import tables
from pipeline.cli import run
from pipeline.hashing import write_json
from pipeline.method import calibrated, load_settings
from pipeline.trials import calibration_of


def main(tokens_csv: Path, settings_toml: Path, calibration_csv: Path, calibration_json: Path) -> None:
    settings = load_settings(settings_toml)
    calibration = calibration_of(tables.read(tokens_csv, tables.TOKENS), settings)
    tables.write((calibration, tables.CALIBRATION, calibration_csv))
    write_json({"calibration": asdict(settings.calibration), "settings": calibrated(settings)}, calibration_json)


if __name__ == "__main__":
    run(main)
