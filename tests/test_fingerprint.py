"""Equal findings have one fingerprint; another cell, setting or text has another."""

from __future__ import annotations

import subprocess
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from pipeline import tables
from pipeline.fingerprint import findings_of, settings_that_count
from pipeline.hashing import sha256, short
from pipeline.method import Gazetteer, Settings
from tests.conftest import ingest, word_table_text

MADE = {"similarity.csv": "ab" * 32, "keywords.csv": "cd" * 32}
CALIBRATION = {"calibration.csv": "ef" * 32}


def fingerprint(settings: Settings, made: dict[str, str] = MADE, calibration: dict[str, str] = CALIBRATION) -> str:
    return str(findings_of(made, settings, calibration)["fingerprint"])


def test_anybody_can_work_the_fingerprint_out_again_with_sha256sum(settings: Settings, tmp_path: Path) -> None:
    found = findings_of(MADE, settings, CALIBRATION)
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(found["parts"].items()))
    assert {line.split()[1] for line in lines.splitlines()} == {*MADE, *CALIBRATION, "settings"}
    printed = subprocess.run(["sha256sum"], input=lines.encode(), capture_output=True, check=True).stdout
    assert printed.decode().split()[0] == found["fingerprint"]


def test_the_order_of_the_tables_does_not_matter(settings: Settings) -> None:
    assert fingerprint(settings, dict(reversed(MADE.items()))) == fingerprint(settings)


@pytest.mark.parametrize(
    "made",
    [{**MADE, "keywords.csv": "ce" * 32}, {"similarity.csv": "ab" * 32}, {**MADE, "more.csv": "cd" * 32}],
    ids=["cell", "gone", "new"],
)
def test_another_table_gives_another_fingerprint(settings: Settings, made: dict[str, str]) -> None:
    assert fingerprint(settings, made) != fingerprint(settings)


def test_one_cell_of_one_table_changes_it(settings: Settings, tmp_path: Path) -> None:
    def found(share: float) -> str:
        frame = tables.from_rows(
            [{"k": 2, "region_a": "山东", "region_b": "浙江", "share": share}], tables.COASSIGNMENT
        )
        path = tmp_path / "coassignment.csv"
        tables.write((frame, tables.COASSIGNMENT, path))
        return fingerprint(settings, {path.name: sha256(path)})

    assert found(0.25) == found(0.25)
    assert found(0.25) != found(0.250001)


def test_one_character_of_the_raw_text_changes_it_even_where_reading_leaves_it_out(
    settings: Settings, places: Gazetteer, tmp_path: Path
) -> None:
    def found(text: str) -> str:
        raw = tmp_path / "raw.txt"
        raw.write_text(text, "utf-8")
        read = ingest(raw, places, settings)
        tables.write((read.files, tables.FILES, tmp_path / "files.csv"))
        return fingerprint(settings, {"files.csv": sha256(tmp_path / "files.csv")})

    text = word_table_text([("山东", "校企合作。"), ("浙江", "精准培训。")])
    assert found(text) == found(text)
    assert len({found(text), found(text.replace("精准", "按需")), found(text + "\n")}) == 3


def changed(settings: Settings, section: str) -> Settings:
    """The settings with the first number or flag of a section changed."""
    keys = getattr(settings, section)
    for field in fields(keys):
        value = getattr(keys, field.name)
        if isinstance(value, bool):
            return replace(settings, **{section: replace(keys, **{field.name: not value})})
        if isinstance(value, int | float):
            return replace(settings, **{section: replace(keys, **{field.name: value + 1})})
        if isinstance(value, tuple):
            return replace(settings, **{section: replace(keys, **{field.name: value[:-1]})})
    raise AssertionError(section)


# What is drawn, printed, packed, suggested or simulated changes no finding.
SHOWN = {"report", "charts", "bundle", "suggest", "calibration"}


@pytest.mark.parametrize("section", [field.name for field in fields(Settings)])
def test_a_setting_changes_it_unless_it_only_says_what_is_shown(settings: Settings, section: str) -> None:
    assert (fingerprint(changed(settings, section)) != fingerprint(settings)) == (section not in SHOWN)


def test_a_whole_number_and_the_same_number_with_a_point_are_one_setting(settings: Settings) -> None:
    whole: Any = replace(settings, keywords=replace(settings.keywords, prior=1))
    pointed = replace(settings, keywords=replace(settings.keywords, prior=1.0))
    assert fingerprint(whole) == fingerprint(pointed)
    assert settings_that_count(settings)["segment"]["hmm"] is True


def test_the_largest_seeds_are_told_apart(settings: Settings) -> None:
    seeds = (2**63 - 1, 2**63 - 2)
    found = {fingerprint(replace(settings, resampling=replace(settings.resampling, seed=seed))) for seed in seeds}
    assert len(found) == 2


def test_another_calibration_changes_it_for_the_report_quotes_it(settings: Settings) -> None:
    assert (
        len({fingerprint(settings, calibration=one) for one in (CALIBRATION, {}, {"calibration.csv": "00" * 32})}) == 3
    )


def test_the_short_form_is_the_first_sixteen_digits_in_groups_of_four() -> None:
    assert short("0123456789abcdef" + "0" * 48) == "0123-4567-89ab-cdef"
