"""The main job, through make, in a folder of its own."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from pipeline import tables
from pipeline.hashing import sha256
from tests.make import ROOT, Make

CORPUS = "vocational-teachers"


def test_make_all_writes_every_table_figure_and_report(built: Path) -> None:
    processed, reports = built / "data/processed" / CORPUS, built / "reports" / CORPUS
    assert {path.name for path in processed.glob("*.csv")} == {f"{table.name}.csv" for table in tables.ALL}
    for table in tables.ALL:
        assert len(tables.read(processed / f"{table.name}.csv", table)) > 0
    assert len(list((reports / "figures").iterdir())) == 8 * 2 * 2
    names = {"report.zh.html", "report.en.html", "report.zh.md", "report.en.md", "report.zh.docx", "figures"}
    assert {path.name for path in reports.iterdir()} == names


def test_make_all_prints_no_warning_and_says_where_the_report_is(built: Path) -> None:
    assert (built / "stderr").read_text("utf-8") == ""
    printed = (built / "stdout").read_text("utf-8")
    assert f"reports/{CORPUS}/report.zh.html" in printed
    assert "warning" not in printed.lower()


def test_the_manifest_holds_the_hash_of_every_input_and_output(built: Path) -> None:
    manifest = json.loads((built / "data/processed" / CORPUS / "manifest.json").read_text("utf-8"))
    named = {**manifest["outputs"], **manifest["method"]["files"], **manifest["code"]["files"], **manifest["locks"]}
    assert {name: sha256(built / name) for name in named} == named
    assert manifest["raw"]["sha256"] == sha256(built / "data/raw/vocational-teachers.txt")
    made = [*(built / "reports").rglob("*.*"), *(built / "data/processed").rglob("*.csv")]
    assert {path.relative_to(built).as_posix() for path in made if path.is_file()} == set(manifest["outputs"])


def test_a_second_make_all_does_nothing_and_says_so(built: Path, make: Make) -> None:
    before = {path: path.stat().st_mtime_ns for path in (built / "data/processed").rglob("*")}
    done = make(built, "all")
    assert done.returncode == 0
    assert "Nothing to be done for 'all'" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in (built / "data/processed").rglob("*")} == before


@pytest.mark.parametrize(
    ("touched", "runs", "rests"),
    [
        ("method/synonyms.csv", {"segment", "keywords", "similarity", "cluster", "report"}, {"ingest", "measures"}),
        ("pipeline/stats/scaling.py", {"similarity", "region_map", "report"}, {"keywords", "segment"}),
        ("pipeline/charts/silhouette.py", {"silhouette", "report"}, {"dendrogram", "cluster"}),
        ("pipeline/report/style.css", {"report", "provenance"}, {"summary", "silhouette", "cluster"}),
    ],
)
def test_a_touched_file_reruns_what_depends_on_it_and_nothing_else(
    built: Path, make: Make, touched: str, runs: set[str], rests: set[str]
) -> None:
    os.utime(built / touched)
    done = make(built, "all")
    assert done.returncode == 0
    ran = {word for line in done.stdout.splitlines() for word in line.split()[:2]}
    assert runs <= ran
    assert not rests & ran


def test_a_broken_raw_file_stops_make_with_one_message_and_leaves_no_table(built: Path, make: Make) -> None:
    (built / "data/raw/broken.txt").write_text("\t序号\n\t省市\n\t经验做法简介\n\n\t1\n\t山东\n\t \n", "utf-8")
    done = make(built, "all", "CORPUS=broken")
    assert done.returncode != 0
    assert "data/raw/broken.txt:7" in done.stderr
    assert "错误：" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((built / "data/processed").glob("broken/documents*"))


def test_a_broken_setting_leaves_earlier_outputs_as_they_were(built: Path, make: Make) -> None:
    settings = built / "method/settings.toml"
    before = settings.read_bytes()
    outputs = {path: sha256(path) for path in (built / "data/processed" / CORPUS).glob("*.csv")}
    times = settings.stat()
    try:
        settings.write_bytes(before.replace(b"top = 10", b"tpo = 10"))
        done = make(built, "all")
    finally:
        settings.write_bytes(before)
        os.utime(settings, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert done.returncode != 0
    assert "method/settings.toml:" in done.stderr
    assert "tpo" in done.stderr
    assert {path: sha256(path) for path in outputs} == outputs


def test_a_python_that_cannot_make_environments_is_told_what_to_install(
    built: Path, make: Make, tmp_path: Path
) -> None:
    lacking = tmp_path / "python3"
    lacking.write_text(f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n')
    lacking.chmod(0o755)
    done = make(built, "all", f"VENV={tmp_path / 'none'}", f"PYTHON={lacking}")
    assert done.returncode != 0
    assert f"sudo apt install python3.{sys.version_info.minor}-venv" in done.stderr


def test_make_alone_prints_the_help(make: Make) -> None:
    done = make(ROOT)
    assert done.returncode == 0
    assert "make all" in done.stdout
    assert "make verify" in done.stdout
