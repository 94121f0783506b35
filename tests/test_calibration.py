"""The stages that calibrate the verdict, without and with the background, say what they were run with."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline import background_calibration, calibration, tables, trials
from pipeline.errors import InputError
from pipeline.hashing import sha256
from pipeline.method import Settings, calibrated
from tests.conftest import METHOD, Cut, measures_frame

pytestmark = pytest.mark.usefixtures("in_this_process")


@pytest.fixture
def files(tmp_path: Path, cut_measures: Cut, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Tokens of two regions, and where the stage writes; one scenario of one draw, nothing found."""
    monkeypatch.setattr(trials, "scenarios", lambda _, **__: [("shuffled", 2, 0.0, 1, np.zeros(2, dtype=np.int64))])
    monkeypatch.setattr(trials, "assessed", lambda *_: (False, "not shown"))
    paths = [tmp_path / name for name in ("tokens.csv", "found.csv", "found.json")]
    tokens, _ = cut_measures(measures_frame([("甲", "加强教师培训"), ("乙", "完善教师考核")]))
    tables.write((tokens, tables.TOKENS, paths[0]))
    return paths


def _row(path: Path) -> list[list[object]]:
    found: pd.DataFrame = tables.read(path, tables.CALIBRATION)
    return found[["scenario", "supported", "supported_low", "supported_high"]].values.tolist()


def test_the_stage_writes_the_settings_it_was_run_with(files: list[Path], settings: Settings) -> None:
    calibration.main(files[0], METHOD / "settings.toml", *files[1:])
    assert _row(files[1]) == [["shuffled", 0, 0, pytest.approx(0.975)]]
    noted = json.loads(files[2].read_text("utf-8"))
    assert noted["settings"] == calibrated(settings)
    assert noted["calibration"]["seed"] == settings.calibration.seed


def test_with_a_background_the_stage_also_writes_which(files: list[Path], settings: Settings) -> None:
    background_calibration.main(files[0], METHOD / "settings.toml", METHOD / "background", *files[1:])
    assert _row(files[1]) == [["shuffled", 0, 0, pytest.approx(0.975)]]
    noted = json.loads(files[2].read_text("utf-8"))
    name = settings.background.name
    assert noted["background"] == {"name": name, "sha256": sha256(METHOD / f"background/{name}.npz")}
    assert noted["calibration"]["group_draws"] == list(settings.background.group_draws)


def test_without_a_background_there_is_nothing_to_calibrate(
    files: list[Path], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = replace(settings, background=replace(settings.background, name=""))
    monkeypatch.setattr(background_calibration, "load_settings", lambda _: none)
    with pytest.raises(InputError, match="is empty"):
        background_calibration.main(files[0], METHOD / "settings.toml", METHOD / "background", *files[1:])
    assert not files[1].exists()
