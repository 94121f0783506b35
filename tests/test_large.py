"""A large corpus through make: an overview of all of it, a sample studied in full, and nothing done twice."""

from __future__ import annotations

import json
import re
import shutil
import time
from pathlib import Path

import pytest

from pipeline import tables
from tests.built import fast_method
from tests.make import Make
from tests.test_report import Page
from tests.test_whole import SMALL, recorded, settings_of, texts

NAME = "offices"
METHOD = "few"


@pytest.fixture(scope="module")
def folder(built: Path, tmp_path_factory: pytest.TempPathFactory, make: Make) -> Path:
    """A copy of the project in which `make all` has read 160 texts under a method that calls them many."""
    copied = tmp_path_factory.mktemp("large") / "project"
    shutil.copytree(built, copied, symlinks=True, ignore=shutil.ignore_patterns("vocational-teachers*", "calibration"))
    recorded(copied / "data/raw", texts(160)).rename(copied / f"data/raw/{NAME}.jsonl")
    whole = settings_of(copied, **SMALL, in_parts_above=0).read_text("utf-8")
    scale = whole[whole.index("[scale]\n") : whole.index("[calibration]\n")]
    fast_method(copied / METHOD, scale)
    done = make(copied, "all", f"CORPUS={NAME}", f"METHOD={METHOD}")
    assert done.returncode == 0, done.stdout + done.stderr
    return copied


def processed(folder: Path) -> Path:
    return folder / f"data/processed/{NAME}+{METHOD}"


def reports(folder: Path) -> Path:
    return folder / f"reports/{NAME}+{METHOD}"


@pytest.mark.parametrize(("language", "first"), [("zh", "总览：全部语料"), ("en", "Overview: the whole corpus")])
def test_the_report_begins_with_the_whole_and_says_what_the_sample_is(folder: Path, language: str, first: str) -> None:
    written = (reports(folder) / f"report.{language}.md").read_text("utf-8")
    headings = re.findall(r"^## (?:<a [^>]*></a>)?(.+)$", written, flags=re.MULTILINE)
    assert headings[0] == first
    assert "160" in written.split("\n## ")[1]
    assert re.search(
        r"细读随机抽取的 12 个单位" if language == "zh" else r"study 12 units drawn at random from all 160", written
    )
    assert written.count("whole_groups." + language + ".svg") == 1


def test_every_number_of_the_overview_names_a_cell_that_holds_it(folder: Path) -> None:
    page = (reports(folder) / "report.html").read_text("utf-8")
    found = [[*name.split(" | "), shown] for name, shown in Page(page).cells]
    cells = [one for one in found if re.fullmatch(r"(whole\w*|scale)\.csv", one[0])]
    assert len(cells) > 60
    held = {}
    for file, key, column, shown in cells:
        table = tables.by_name(file.removesuffix(".csv"))
        if file not in held:
            frame = tables.read(processed(folder) / file, table)
            keys = frame[list(table.key)].astype(str).agg("|".join, axis=1)
            held[file] = frame.set_index(keys)
        value = float(held[file].loc[key, column])
        number = shown.replace(",", "").replace("\u2212", "-").removeprefix("< ")
        exact = float(number.removesuffix("%")) / 100 if number.endswith("%") else float(number)
        decimals = len(number.removesuffix("%").partition(".")[2]) + (2 if number.endswith("%") else 0)
        assert abs(value - exact) <= 0.5 * 10**-decimals + 1e-6 or (shown.startswith("<") and value < exact)


def test_the_manifest_holds_partitions_and_figures_of_the_whole(folder: Path) -> None:
    outputs = json.loads((processed(folder) / "manifest.json").read_text("utf-8"))["outputs"]
    made = [*reports(folder).rglob("*.*"), *processed(folder).rglob("*.csv"), *processed(folder).rglob("*.npz")]
    assert {path.relative_to(folder).as_posix() for path in made} == set(outputs)
    assert sum("figures/whole_" in name for name in outputs) == 12


def test_with_nothing_changed_nothing_is_done(folder: Path, make: Make) -> None:
    assert "Nothing to be done for 'all'" in make(folder, "all", f"CORPUS={NAME}", f"METHOD={METHOD}").stdout


def test_after_an_edit_of_one_text_the_others_are_not_cut_again(folder: Path, make: Make) -> None:
    corpus = processed(folder) / "corpus"
    before = {path.name: path.stat().st_mtime_ns for path in corpus.glob("terms-*")}
    raw = folder / f"data/raw/{NAME}.jsonl"
    time.sleep(0.01)
    # As many bytes as before, so that the parts of the file stay as they are.
    raw.write_text(raw.read_text("utf-8").replace("关于", "对于", 1), "utf-8")
    target = f"{processed(folder).relative_to(folder)}/partitions.csv"
    done = make(folder, target, f"CORPUS={NAME}", f"METHOD={METHOD}")
    assert done.returncode == 0, done.stderr
    after = {path.name: path.stat().st_mtime_ns for path in corpus.glob("terms-*")}
    kept = {name for name in before if after.get(name) == before[name]}
    assert len(before) == len(after) == len(kept) + 1
