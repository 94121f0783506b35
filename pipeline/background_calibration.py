"""Measure how often the verdict through the background is wrong, on corpora whose truth is known: tokens.csv, method/background/ -> background.csv, background.json."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from pipeline import tables
from pipeline.background import chosen
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.hashing import sha256, write_json
from pipeline.method import calibrated, load_settings
from pipeline.trials import calibration_of


def main(
    tokens_csv: Path, settings_toml: Path, background_folder: Path, calibration_csv: Path, calibration_json: Path
) -> None:
    settings = load_settings(settings_toml)
    background, file = chosen(background_folder, settings.background.name, settings_toml)
    if background is None or file is None:
        raise InputError(
            "[background] name 为空，没有可校准的背景模型。",
            "[background] name is empty: there is no background to calibrate.",
            file=settings_toml,
        )
    calibration = calibration_of(tables.read(tokens_csv, tables.TOKENS), settings, background)
    tables.write((calibration, tables.CALIBRATION, calibration_csv))
    told = {"name": background.name, "sha256": sha256(file)}
    write_json(
        {
            "calibration": asdict(settings.calibration) | {"group_draws": settings.background.group_draws},
            "settings": calibrated(settings),
            "background": told,
        },
        calibration_json,
    )


if __name__ == "__main__":
    run(main)
