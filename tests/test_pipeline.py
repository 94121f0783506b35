"""The main job, through make, in a folder of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from pipeline import tables
from pipeline.hashing import sha256, short
from tests.built import FIGURES, SMALL, SMALL_NAME
from tests.make import ROOT, Make

CORPUS = "vocational-teachers"
# Tables that say how sure each finding is, and those that they need.
UNCERTAINTY = {
    "similarity_intervals", "neighbours", "dendrogram", "reliability", "leave_one_out", "pair_tests", "structure",
    "null_distribution", "coassignment", "consensus", "stability", "clusters", "cluster_terms", "cluster_choice",
    "verdict", "robustness", "specifications", "dictionary_keywords", "dictionary_regions",
}  # fmt: skip
BEFORE = {
    "documents", "sources", "files", "cleaning", "scale", "measures", "tokens", "segmentation_audit", "keywords", "character_similarity",
    "similarity", "similarity_terms", "region_map", "without_dictionary/tokens", "without_dictionary/segmentation_audit",
    "without_dictionary/keywords", "without_dictionary/similarity", "without_dictionary/similarity_terms", "without_dictionary/region_map",
}  # fmt: skip


def test_make_all_writes_every_table_figure_and_report(built: Path) -> None:
    processed, reports = built / "data/processed" / CORPUS, built / "reports" / CORPUS
    assert {path.name for path in processed.glob("*.csv")} == {f"{table.name}.csv" for table in tables.ALL}
    empty = [t.name for t in tables.ALL if tables.read(processed / f"{t.name}.csv", t).empty]
    # what could not be computed and what was not coded: perhaps nothing; nobody was asked to code a second time; no two
    # regions of the appendix say the same
    alike = {"shared_passages", "near_duplicates"}
    of_large = {table.name for table in (tables.PARTITIONS, *tables.WHOLE_ALL)}
    assert of_large <= set(empty) <= {"limits", "uncoded", "coder_agreement", "coder_disagreements"} | alike | of_large
    drawn = {f"{name}.{language}.{kind}" for name in FIGURES for language in ("zh", "en") for kind in ("svg", "png")}
    assert {path.name for path in (reports / "figures").iterdir()} == drawn
    names = {"report.html", "report.zh.md", "report.en.md", "report.zh.docx", "report.en.docx", "figures"}
    assert {path.name for path in reports.iterdir()} == names


def test_make_all_prints_no_warning_and_says_where_the_report_is(built: Path) -> None:
    assert (built / "stderr").read_text("utf-8") == ""
    printed = (built / "stdout").read_text("utf-8")
    assert f"reports/{CORPUS}/report.html" in printed
    manifest = json.loads((built / "data/processed" / CORPUS / "manifest.json").read_text("utf-8"))
    assert f"发现指纹 findings fingerprint: {short(manifest['findings']['fingerprint'])}\n" in printed
    assert "warning" not in printed.lower()


def test_the_manifest_holds_the_hash_of_every_input_and_output(built: Path) -> None:
    manifest = json.loads((built / "data/processed" / CORPUS / "manifest.json").read_text("utf-8"))
    named = {**manifest["outputs"], **manifest["method"]["files"], **manifest["code"]["files"], **manifest["locks"]}
    assert {name: sha256(built / name) for name in named} == named
    assert manifest["raw"]["sha256"] == sha256(built / "data/raw/vocational-teachers.txt")
    made = [*(built / "reports" / CORPUS).rglob("*.*"), *(built / "data/processed" / CORPUS).rglob("*.csv")]
    assert {path.relative_to(built).as_posix() for path in made if path.is_file()} == set(manifest["outputs"])


def test_a_second_make_all_does_nothing_and_says_so(own: Path, make: Make) -> None:
    before = {path: path.stat().st_mtime_ns for path in (own / "data/processed").rglob("*")}
    done = make(own, "all")
    assert done.returncode == 0
    assert "Nothing to be done for 'all'" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in (own / "data/processed").rglob("*")} == before


@pytest.fixture(scope="module")
def own_small(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the folder in which the small corpus was run, to write to."""
    folder = tmp_path_factory.mktemp("own-small") / "copy"
    shutil.copytree(small, folder, symlinks=True)
    return folder


@pytest.mark.parametrize(
    ("touched", "runs", "rests"),
    [
        ("method/synonyms.csv", {"segment", "keywords", "similarity", "cluster", "report"}, {"ingest", "measures"}),
        ("pipeline/stats/scaling.py", {"similarity", "region_map", "report"}, {"keywords", "permutation", "consensus"}),
        (
            "pipeline/stats/partitions.py",
            {
                "resampling",
                "permutation",
                "consensus",
                "cluster",
                "claims",
                "summary",
                "coassignment_heatmap",
                "report",
            },
            {"segment", "keywords", "characters", "similarity", "cooccurrence", "cooccurrence_network"},
        ),
        (
            "pipeline/claims.py",
            {"claims", "summary", "claim_robustness", "report"},
            {"consensus", "cluster", "dendrogram"},
        ),
        ("pipeline/charts/silhouette.py", {"silhouette", "report"}, {"dendrogram", "cluster"}),
        ("pipeline/report/style.css", {"report", "provenance"}, {"summary", "silhouette", "cluster"}),
    ],
)
def test_a_touched_file_reruns_what_depends_on_it_and_nothing_else(
    own_small: Path, make: Make, touched: str, runs: set[str], rests: set[str]
) -> None:
    os.utime(own_small / touched)
    done = make(own_small, "all", *SMALL)
    assert done.returncode == 0
    ran = {word for line in done.stdout.splitlines() for word in line.split()[:2]}
    assert runs <= ran
    assert not rests & ran


@pytest.fixture
def copied(small: Path, tmp_path: Path) -> Path:
    """A copy of the folder in which the small corpus was run, with its times, to be spoilt."""
    folder = tmp_path / "copy"
    shutil.copytree(small, folder, symlinks=True)
    return folder


def made_in(folder: Path) -> set[str]:
    """The tables of the corpus, by name."""
    processed = folder / "data/processed" / SMALL_NAME
    return {path.relative_to(processed).as_posix().removesuffix(".csv") for path in processed.rglob("*.csv")}


def test_make_robustness_alone_builds_the_tables_of_uncertainty_with_what_they_need_and_nothing_else(
    copied: Path, make: Make
) -> None:
    shutil.rmtree(copied / "data/processed")
    shutil.rmtree(copied / "reports" / SMALL_NAME)
    done = make(copied, "robustness", *SMALL)
    assert (done.returncode, done.stderr) == (0, "")
    assert made_in(copied) == UNCERTAINTY | BEFORE
    assert not (copied / "reports" / SMALL_NAME).exists()
    ran = {line.split()[0] for line in done.stdout.splitlines()}
    assert {"resampling", "permutation", "consensus", "cluster", "claims"} <= ran
    assert not {"cooccurrence", "summary", "figure", "provenance", "report"} & ran
    again = make(copied, "robustness", *SMALL)
    assert "Nothing to be done for 'robustness'" in again.stdout


def test_the_number_of_processes_changes_no_byte_of_what_is_drawn_at_random(
    built: Path, make: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(built, folder, symlinks=True)
    names = sorted(f"data/processed/{CORPUS}/{name}.csv" for name in UNCERTAINTY)
    found = {}
    for count in ("1", "2", "3"):
        for name in names:
            (folder / name).unlink()
        monkeypatch.setenv("JOBS", count)
        done = make(folder, "robustness")
        assert (done.returncode, done.stderr) == (0, "")
        found[count] = {name: sha256(folder / name) for name in names}
    assert found["1"] == found["2"] == found["3"] == {name: sha256(built / name) for name in names}


def test_a_calibration_is_an_input_of_the_report_and_of_its_provenance_alone(copied: Path, make: Make) -> None:
    folder = copied / "reports/calibration"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    tables.write((tables.from_rows([], tables.CALIBRATION), tables.CALIBRATION, folder / "calibration.csv"))
    (folder / "calibration.json").write_text('{"settings": {}}', "utf-8")
    done = make(copied, "all", *SMALL)
    assert done.returncode == 0, done.stderr
    assert {line.split()[0] for line in done.stdout.splitlines() if " " in line and "/" not in line} <= {
        "provenance", "report", "发现指纹", "完成。请打开", "Done."
    }  # fmt: skip
    manifest = json.loads((copied / "data/processed" / SMALL_NAME / "manifest.json").read_text("utf-8"))
    assert "reports/calibration/calibration.csv" in manifest["method"]["files"]
    assert "reports/calibration/calibration.csv" not in manifest["outputs"]


def test_a_broken_raw_file_stops_make_with_one_message_and_leaves_no_table(own: Path, make: Make) -> None:
    (own / "data/raw/broken.txt").write_text("\t序号\n\t省市\n\t经验做法简介\n\n\t1\n\t山东\n\t \n", "utf-8")
    done = make(own, "all", "CORPUS=broken")
    assert done.returncode != 0
    assert "data/raw/broken.txt:5" in done.stderr
    assert "错误：" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((own / "data/processed").glob("broken/documents*"))


def test_a_broken_setting_leaves_earlier_outputs_as_they_were(own: Path, make: Make) -> None:
    settings = own / "method/settings.toml"
    before = settings.read_bytes()
    folders = (own / "data/processed" / CORPUS, own / "reports" / CORPUS)
    outputs = {path: sha256(path) for folder in folders for path in folder.rglob("*") if path.is_file()}
    times = settings.stat()
    try:
        settings.write_bytes(before.replace(b"top = 10", b"tpo = 10"))
        done = make(own, "all")
    finally:
        settings.write_bytes(before)
        os.utime(settings, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert done.returncode != 0
    assert "method/settings.toml:" in done.stderr
    assert "tpo" in done.stderr
    assert {path: sha256(path) for path in outputs} == outputs


def test_a_python_that_cannot_make_environments_is_told_what_to_install(own: Path, make: Make, tmp_path: Path) -> None:
    lacking = tmp_path / "python3"
    lacking.write_text(f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n')
    lacking.chmod(0o755)
    done = make(own, "all", f"VENV={tmp_path / 'none'}", f"PYTHON={lacking}")
    assert done.returncode != 0
    assert f"sudo apt install python3.{sys.version_info.minor}-venv" in done.stderr


def test_make_alone_prints_the_help(make: Make) -> None:
    done = make(ROOT)
    assert done.returncode == 0
    assert "make all" in done.stdout
    assert "make verify" in done.stdout


def table(*texts: str) -> str:
    """A raw file with a region for each text."""
    regions = ("山东", "浙江", "上海", "湖北", "New York")
    rows = (f"\t{n}\n\t{region}\n\t{text}\n" for n, (region, text) in enumerate(zip(regions, texts, strict=False), 1))
    return "标题\n\t序号\n\t省市\n\t内容\n\n" + "\n".join(rows)


@pytest.mark.parametrize(
    ("name", "texts", "said"),
    [
        ("alike", ["加强校企合作，推进双师素质提升。"] * 4, "用词无从区分地区"),
        (
            "apart",
            ["校企合作。", "精准培训；人才引进。", "赛训结合。", "经费投入。", "规划布局。"],
            "没有一对地区共用任何计入相似度的词",
        ),
        (
            "short",
            ["双师。", "精准培训，校企合作。", "双师，培训；人才引进。", "校企合作，人才引进。"],
            "未显示出分组结构",
        ),
        ("single", ["加强校企合作，推进双师素质提升；精准培训。"], "只有一个地区"),
        ("pair", ["校企合作，双师；人才引进。", "双师，精准培训；经费投入。"], "只有 2 个地区"),
        ("same", ["双师。", "双师。", "双师。"], "各对地区的余弦全都相同"),
    ],
)
def test_a_corpus_with_little_to_say_gets_a_report_that_says_so(
    own: Path, make: Make, name: str, texts: list[str], said: str
) -> None:
    (own / f"data/raw/{name}.txt").write_text(table(*texts), "utf-8")
    done = make(own, "all", f"CORPUS={name}")
    assert done.returncode == 0, done.stderr
    report = (own / f"reports/{name}/report.zh.md").read_text("utf-8")
    assert said in report
    assert not re.search(r"\bnan\b", report)


@pytest.mark.parametrize(
    ("name", "texts", "said"),
    [
        ("control", ["校企合作。", "双师\x01培训。", "人才引进。"], "data/raw/control.txt:12"),
        ("generic", ["加强推进。", "完善提高。", "建立实施。"], "generic"),
        ("silent", ["……", "——", "……"], "data/raw/silent.txt:6"),
    ],
)
def test_text_that_cannot_be_reported_stops_with_one_message(
    own: Path, make: Make, name: str, texts: list[str], said: str
) -> None:
    (own / f"data/raw/{name}.txt").write_text(table(*texts), "utf-8")
    done = make(own, "all", f"CORPUS={name}")
    assert done.returncode != 0
    assert said in done.stderr
    assert "错误：" in done.stderr
    assert "Traceback" not in done.stderr


def test_characters_that_the_figures_cannot_draw_stop_nothing_and_are_named(own: Path, make: Make) -> None:
    texts = ["校企合作，双师𠮷培训。", "双师培训；校企合作。", "校企合作，人才引进😀。"]
    (own / "data/raw/rare.txt").write_text(table(*texts), "utf-8")
    done = make(own, "all", "CORPUS=rare")
    assert done.returncode == 0, done.stderr
    report = (own / "reports/rare/report.zh.md").read_text("utf-8")
    assert "U+20BB7" in report
    assert "U+1F600" in report


def test_a_missing_raw_file_is_named_in_both_languages(own: Path, make: Make) -> None:
    done = make(own, "all", "CORPUS=nothing")
    assert done.returncode != 0
    assert "错误：data/raw 中没有“nothing”。" in done.stderr
    assert "Error: no file or folder nothing in data/raw." in done.stderr
    assert "make corpora" in done.stderr


@pytest.mark.parametrize("corpus", ["../raw", "", "a b", ".."])
def test_a_corpus_is_one_name_so_that_clean_removes_no_other_folder(make: Make, corpus: str) -> None:
    done = make(ROOT, "--dry-run", "clean", f"CORPUS={corpus}")
    assert done.returncode != 0
    assert "rm -rf" not in done.stdout


@pytest.mark.parametrize("name", ["", "two words", "../vocational-teachers", "..", "nothing"])
def test_a_background_needs_the_name_of_a_corpus(copied: Path, make: Make, name: str) -> None:
    before = sorted((copied / "method/background").iterdir())
    done = make(copied, "background", f"BACKGROUND={name}")
    assert done.returncode == 2
    assert "用法：make background BACKGROUND=名称" in done.stderr
    assert "Usage: make background BACKGROUND=name" in done.stderr
    assert sorted((copied / "method/background").iterdir()) == before


def test_a_background_of_another_genre_is_learned_refused_in_words_and_not_used(copied: Path, make: Make) -> None:
    dishes = ("番茄", "土豆", "茄子", "豆腐", "排骨", "鲈鱼", "青椒", "冬瓜", "莲藕", "牛腩")
    ways = ("切成薄片", "冷水下锅", "小火慢炖", "大火快炒", "加盐腌渍", "淋上香油", "撒上葱花", "裹粉油炸")
    steps = [
        f"第{at}道菜：把{dishes[at % 10]}洗净，{ways[at % 8]}，再放入{dishes[at * 7 % 10]}，{ways[at * 3 % 8]}，"
        f"等汤汁收浓以后{ways[at * 5 % 8]}，趁热装盘。"
        for at in range(400)
    ]
    (copied / "data/raw/recipes.txt").write_text("\n".join(steps), "utf-8")
    done = make(copied, "background", "BACKGROUND=recipes")
    assert done.returncode == 0, done.stderr
    assert "400 paragraphs" in done.stderr
    settings = copied / "method/settings.toml"
    settings.write_text(settings.read_text("utf-8").replace('name = "work-reports-2025"', 'name = "recipes"'), "utf-8")
    assert make(copied, f"data/processed/{SMALL_NAME}/background_fit.csv", *SMALL).returncode == 0
    folder = copied / "data/processed" / SMALL_NAME
    fit = tables.read(folder / "background_fit.csv", tables.BACKGROUND_FIT).iloc[0]
    assert (fit["name"], fit["outcome"]) == ("recipes", "refused")
    assert len(tables.read(folder / "background_similarity.csv", tables.BACKGROUND_SIMILARITY)) == 0


def test_verify_proves_a_second_run_byte_for_byte(own: Path, make: Make) -> None:
    assert make(own, "all").returncode == 0
    done = make(own, "verify")
    assert done.returncode == 0, done.stderr
    assert "identical, byte for byte" in done.stdout


def test_verify_names_a_file_that_was_changed(copied: Path, make: Make) -> None:
    changed = copied / f"reports/{SMALL_NAME}/report.en.md"
    times = changed.stat()
    changed.write_bytes(changed.read_bytes() + b"x")
    os.utime(changed, ns=(times.st_atime_ns, times.st_mtime_ns))
    done = make(copied, "verify", *SMALL)
    assert done.returncode != 0
    told = [line for line in done.stderr.splitlines() if ": " in line and not line.startswith("make: ")]
    assert told == [f"reports/{SMALL_NAME}/report.en.md: changed since `make all` 在 make all 之后被改动"]


def test_clean_removes_what_was_generated_and_keeps_the_committed_reports(copied: Path, make: Make) -> None:
    assert make(copied, "clean", *SMALL).returncode == 0
    assert not (copied / "data/processed" / SMALL_NAME).exists()
    left = {path.suffix for path in (copied / "reports" / SMALL_NAME).rglob("*") if path.is_file()}
    assert left == {".md", ".svg"}
    assert (copied / "data/raw/four.txt").exists()
