"""What the documentation names exists, and what exists is documented."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks import theme_accuracy
from pipeline import tables
from pipeline.hashing import sha256
from pipeline.method import Settings, calibrated, load_settings
from pipeline.trials import scenarios
from tests.make import ROOT

READMES = ("README.md", "README.zh.md")


def targets() -> set[str]:
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE))


@pytest.mark.parametrize("name", READMES)
def test_a_readme_names_every_target_and_no_other(name: str) -> None:
    named = set(re.findall(r"`make ([a-z-]+)", (ROOT / name).read_text("utf-8")))
    assert named == targets()


@pytest.mark.parametrize("name", READMES)
def test_a_readme_describes_every_file_of_the_method(name: str) -> None:
    named = set(re.findall(r"`(method/[\w.]+)`", (ROOT / name).read_text("utf-8")))
    assert named == {path.relative_to(ROOT).as_posix() for path in (ROOT / "method").iterdir()}


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md", "data/raw/README.md", "CHANGELOG.md"])
def test_every_link_and_path_in_the_documentation_exists(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    paths = re.findall(r"`((?:pipeline|tests|notebooks|data/raw|docs)/[\w./-]+\.\w+)`", text)
    for link in links:
        assert (ROOT / name).parent.joinpath(link).exists(), link
    for path in paths:
        if path in ("data/raw/name.txt", "data/raw/名称.txt"):  # stands for the reader's own file
            continue
        assert (ROOT / path).exists(), path


def test_the_setting_file_has_a_comment_above_every_setting_or_its_neighbour() -> None:
    lines = (ROOT / "method/settings.toml").read_text("utf-8").splitlines()
    for at, line in enumerate(lines):
        if re.match(r"\w+ = ", line):
            above = next(before for before in reversed(lines[:at]) if not re.match(r"\w+ = ", before))
            assert above.startswith("#"), line
    load_settings(ROOT / "method/settings.toml")


def test_every_table_is_on_the_page_on_tables() -> None:
    named = re.findall(r"^## (\w+)\.csv", (ROOT / "docs/tables.md").read_text("utf-8"), flags=re.MULTILINE)
    assert named == [table.name for table in (*tables.ALL, *tables.APART)]


def test_the_raw_file_is_the_one_that_its_page_describes() -> None:
    text = (ROOT / "data/raw/README.md").read_text("utf-8")
    raw = ROOT / "data/raw/vocational-teachers.txt"
    assert sha256(raw) in text
    assert f"{raw.stat().st_size:,} bytes" in text


@pytest.mark.parametrize("name", READMES)
def test_the_numbers_of_the_first_screen_are_those_of_the_tables(name: str, processed: Path) -> None:
    summary = tables.read(processed / "summary.csv", tables.SUMMARY)
    metric = dict(zip(summary["metric"], summary["value"], strict=True))
    text = (ROOT / name).read_text("utf-8")
    shortest, longest = (str(int(metric[f"characters_{end}"])) for end in ("min", "max"))
    assert re.search(rf"{shortest}\D+{longest}", text)
    assert str(int(metric["regions"])) in text
    verdict = tables.read(processed / "verdict.csv", tables.VERDICT).set_index("criterion")
    assert verdict.loc["verdict", "outcome"] == "not shown"  # "no group structure"
    reliability = tables.read(processed / "reliability.csv", tables.RELIABILITY)
    corrected = reliability.loc[reliability["measure"] == "split_half_corrected", "value"]
    assert (corrected < 0.7).all()  # "no reliable ranking of pairs"
    assert 1 < metric["first_pairs_robust"] < 6  # "a few pairs that most settings agree on"


def test_the_stored_calibration_was_made_with_the_settings_of_today_and_has_every_scenario(settings: Settings) -> None:
    folder = ROOT / "reports/calibration"
    stored = json.loads((folder / "calibration.json").read_text("utf-8"))
    assert stored["settings"] == json.loads(json.dumps(calibrated(settings)))
    assert stored["calibration"] == json.loads(json.dumps(asdict(settings.calibration)))
    rows = tables.read(folder / "calibration.csv", tables.CALIBRATION)
    found = list(rows[["scenario", "regions", "strength", "draws"]].itertuples(index=False, name=None))
    assert found == [(name, n, strength, draws) for name, n, strength, draws, _ in scenarios(settings)]


def test_the_stored_calibration_of_the_background_was_made_with_it_and_with_the_settings_of_today(
    settings: Settings,
) -> None:
    folder = ROOT / "reports/calibration"
    stored = json.loads((folder / "background.json").read_text("utf-8"))
    name = settings.background.name
    assert stored["background"] == {"name": name, "sha256": sha256(ROOT / f"method/background/{name}.npz")}
    assert stored["settings"] == json.loads(json.dumps(calibrated(settings)))
    asked = asdict(settings.calibration) | {"group_draws": settings.background.group_draws}
    assert stored["calibration"] == json.loads(json.dumps(asked))
    rows = tables.read(folder / "background.csv", tables.CALIBRATION)
    found = list(rows[["scenario", "regions", "strength", "draws"]].itertuples(index=False, name=None))
    assert found == [(name, n, strength, draws) for name, n, strength, draws, _ in scenarios(settings, background=True)]


@pytest.mark.parametrize("name", ["calibration", "background"])
def test_the_stored_calibration_keeps_what_the_verdict_promises(name: str) -> None:
    rows = tables.read(ROOT / f"reports/calibration/{name}.csv", tables.CALIBRATION)
    nulls = rows[rows["scenario"] != "groups"]
    assert (nulls["draws"] >= 300).all()
    assert (nulls["supported"] <= 0.05).all()
    assert (nulls["supported_high"] <= 0.08).all()


def test_ci_calls_exactly_the_test_command_of_the_readme() -> None:
    assert "\nmake test\n" in (ROOT / ".ci/run").read_text("utf-8")
    assert re.search(r"^make test ", (ROOT / "README.md").read_text("utf-8"), flags=re.MULTILINE)


def test_the_page_on_the_codebook_was_written_with_the_codebook_of_today() -> None:
    stored = theme_accuracy.PAGE.read_text("utf-8")
    covered = next(line for line in stored.splitlines() if line.startswith("Of the "))  # needs the reports themselves
    assert theme_accuracy.page(covered, ROOT / "method/themes.toml") == stored, (
        "run python -m benchmarks.theme_accuracy"
    )


def test_precision_and_recall_are_shares_of_what_each_side_marked() -> None:
    found = [frozenset({"a", "b"}), frozenset({"a"}), frozenset()]
    by_hand = [frozenset({"a"}), frozenset({"b"}), frozenset()]
    scored = theme_accuracy.scores(found, by_hand, ["a", "b", "c"])
    assert (scored["a"].precision, scored["a"].recall) == ("0.50", "1.00")
    assert (scored["b"].precision, scored["b"].recall) == ("0.00", "0.00")
    assert (scored["c"].precision, scored["c"].recall) == ("—", "—")
    assert (scored["all"].both, scored["all"].codebook_only, scored["all"].reader_only) == (1, 2, 1)
