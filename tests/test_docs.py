"""What the documentation names exists, and what exists is documented."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import asdict
from pathlib import Path

import docx
import pytest

from benchmarks import theme_accuracy
from pipeline import tables
from pipeline.explore import preview, refusal
from pipeline.hashing import sha256
from pipeline.ingest import gathered, ingested, summary_of
from pipeline.method import Gazetteer, Settings, calibrated, found_in, load_settings
from pipeline.readers import formats
from pipeline.readers.file_names import fields_of
from pipeline.trials import scenarios
from tests import appendix
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
    links = [link for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text) if "://" not in link]
    paths = re.findall(r"`((?:pipeline|tests|notebooks|data/raw|docs)/[\w./-]+\.\w+)`", text)
    for link in links:
        assert (ROOT / name).parent.joinpath(link).exists(), link
    for path in paths:
        if path == "data/raw/my-regions.docx":  # stands for the reader's own file
            continue
        assert (ROOT / path).exists(), path


@pytest.mark.parametrize("name", [*READMES, "data/raw/README.md"])
def test_every_link_to_a_heading_leads_to_one(name: str) -> None:
    for file, anchor in re.findall(r"\]\(([^)#:]*)#([^)]+)\)", (ROOT / name).read_text("utf-8")):
        text = ((ROOT / name).parent / file if file else ROOT / name).read_text("utf-8")
        headings = re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE)
        assert anchor in [heading.lower().replace(" ", "-") for heading in headings]


# --- the chapter on one's own documents ----------------------------------------------------------------------------

CHAPTERS = {"README.md": "## Your own documents\n", "README.zh.md": "## 用自己的文件\n"}
chapters = pytest.mark.parametrize("name", READMES)


def chapter(name: str) -> str:
    return (ROOT / name).read_text("utf-8").split(CHAPTERS[name])[1].split("\n## ")[0]


def blocks(name: str, language: str) -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", chapter(name), flags=re.MULTILINE | re.DOTALL)
    return [text for kind, text in found if kind == language]


@chapters
def test_every_command_of_the_chapter_is_a_target_with_variables_that_make_knows(name: str) -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    lines = [line.partition("#")[0].split() for block in blocks(name, "sh") for line in block.splitlines()]
    assert len(lines) >= 5
    for command, target, *given in lines:
        assert command == "make"
        assert target in targets()
        for variable in (one.partition("=")[0] for one in given):
            assert f"$({variable})" in makefile, variable


@chapters
def test_the_chapter_names_the_formats_that_are_read_and_those_that_are_not(name: str) -> None:
    rows = [line.split(" | ")[0] for line in chapter(name).splitlines() if line.startswith("| `.")]
    assert set(re.findall(r"`(\.\w+)`", "".join(rows))) == set(formats.ENDINGS)
    others = set(re.findall(r"`(\.\w+)`", chapter(name))) - set(formats.ENDINGS)
    assert others == set(formats.OLD)


@chapters
def test_each_heading_that_the_chapter_names_is_known_as_what_it_says(name: str, settings: Settings) -> None:
    part = chapter(name).split("```toml")[0].split("```")[-1]
    rows = [line.split("|")[2] for line in part.splitlines() if line.startswith("|")][-4:]
    roles = [("text",), ("region",), ("province", "prefecture"), ("year", "title", "serial")]
    for row, wanted in zip(rows, roles, strict=True):
        listed = re.split("[;；]", re.split("[:：]", row)[0])
        for role, names in zip(wanted, listed, strict=True):
            for heading in re.split("[,、]", names):
                assert heading.strip() in settings.columns.headings[role], heading


@chapters
def test_the_method_of_the_chapter_reads_a_table_with_its_headings(name: str, tmp_path: Path) -> None:
    (tmp_path / "method").mkdir()
    (written,) = blocks(name, "toml")
    (tmp_path / "method/settings.toml").write_text(written, "utf-8")
    raw = tmp_path / "name.csv"
    raw.write_text("来源地,材料\n山东,培训骨干教师。\n浙江,评选名师。\n", "utf-8")
    assert preview(raw, method=tmp_path / "method")["documents"]["region"].tolist() == ["山东", "浙江"]
    assert len(refusal(raw)) == 1


@chapters
def test_what_a_run_says_in_the_chapter_is_what_it_says_of_the_appendix(
    name: str, tmp_path: Path, places: Gazetteer, settings: Settings
) -> None:
    document = docx.Document()
    table = document.add_table(0, 3)
    for row in (appendix.HEADER, *appendix.ROWS):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    raw = tmp_path / "my-regions.docx"
    document.save(str(raw))
    found = ingested(gathered(raw, settings), raw, places, settings, "region")
    said = "".join(f"  {line}\n" for line in summary_of(found, "region", Path("cleaning.csv")))
    assert blocks(name, "") == [said]


@chapters
@pytest.mark.parametrize("file", ["01_浙江_2023.docx", "兴安盟_经验做法.pdf", "2022/上海.txt"])
def test_the_names_of_files_that_the_chapter_recommends_say_where_and_when(
    name: str, file: str, places: Gazetteer
) -> None:
    assert f"`{file}`" in chapter(name)
    fields = fields_of(file)
    assert found_in(places, fields["title"]).status == "found"
    assert fields.get("year", "") == "".join(re.findall(r"20\d\d", file))


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


# --- the pages in docs/ --------------------------------------------------------------------------------------------

PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))
WRITTEN = [page for page in PAGES if page not in ("docs/tables.md", "docs/gazetteer.md", "docs/cluster.md")]
FAQ = ("docs/faq.md", "docs/faq.en.md")
# What only a corpus, a method or a comparison of the reader's own would have.
OF_THE_READER = {"my-regions", "my-method", "vocational-teachers+my-method", "名称", "name", "文件", "file"}


def known_files() -> set[str]:
    """Names of files that the repository holds or a run writes."""
    written = {"report.html", "report.zh.docx", "report.en.docx", "user_dict.txt"}
    return written | {f"{table.name}.csv" for table in (*tables.ALL, *tables.APART)}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_command_file_and_link_of_a_page_exists(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for command in re.findall(r"`make ([^`]+)`", text):
        target, *given = command.split()
        assert target in targets(), command
        for variable, value in (one.split("=") for one in given):
            assert f"$({variable})" in makefile, command
            if variable in ("CORPUS", "METHOD", "A", "B", "CODING"):
                assert value in OF_THE_READER or (ROOT / f"data/raw/{value}.txt").exists(), command
    for path in re.findall(r"`((?:pipeline|notebooks|method|docs|reports|data)/[\w./-]*)`", text):
        if not path.startswith(("data/processed/", "reports/vocational-teachers/report")):  # a run writes them
            assert (ROOT / path).exists(), path
    for file in re.findall(r"`([\w.-]+\.(?:csv|txt|docx|html|toml))`", text):
        assert file in known_files() or list(ROOT.glob(f"method/{file}")), file
    for link, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]+))?\)", text):
        target_file = (ROOT / name).parent / link if link else ROOT / name
        assert target_file.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target_file.read_text("utf-8"), flags=re.MULTILINE)
            assert anchor in [heading.lower().replace(" ", "-") for heading in headings], anchor


@pytest.mark.parametrize("name", WRITTEN)
def test_every_setting_that_a_page_names_exists(name: str) -> None:
    known = tomllib.loads((ROOT / "method/settings.toml").read_text("utf-8"))
    for section, key in re.findall(r"`\[(\w+)\](?:` `| )(\w+)`", (ROOT / name).read_text("utf-8")):
        assert key in known.get(section, {}), f"[{section}] {key}"


@pytest.mark.parametrize("zh", [page for page in WRITTEN if page.replace(".md", ".en.md") in PAGES])
def test_a_page_in_both_languages_has_the_same_parts_commands_and_threads(zh: str) -> None:
    texts = [(ROOT / page).read_text("utf-8") for page in (zh, zh.replace(".md", ".en.md"))]
    for pattern in (r"^(#+) ", r"[\w.-]+/[\w.-]+#\d+", r"`(?:method|notebooks)/[\w.-]+`", r"`(\w+\.csv)`"):
        a, b = (re.findall(pattern, text, flags=re.MULTILINE) for text in texts)
        assert sorted(a) == sorted(b), pattern
    a, b = (sorted(found.split()[0] for found in re.findall(r"`make ([^`]+)`", text)) for text in texts)
    assert a == b


@pytest.mark.parametrize("name", FAQ)
def test_every_question_has_an_answer_and_most_name_the_thread_they_come_from(name: str) -> None:
    questions = re.split(r"^### ", (ROOT / name).read_text("utf-8"), flags=re.MULTILINE)[1:]
    assert len(questions) >= 20
    for question in questions:
        heading, *answer = [line for line in question.split("\n## ")[0].splitlines() if line]
        assert heading[-1] in "？?."
        assert len(" ".join(answer)) > 40, heading
    cited = [question for question in questions if re.search(r"[\w.-]+/[\w.-]+#\d+", question)]
    assert len(cited) > 0.75 * len(questions)


def test_the_readmes_lead_to_every_page() -> None:
    for name in READMES:
        text = (ROOT / name).read_text("utf-8")
        language = ".en.md" if name == "README.md" else ".md"
        for page in ("how-to-read", "faq"):
            assert f"(docs/{page}{language})" in text, page
        for page in ("method.md", "tables.md", "cluster.md", "gazetteer.md"):
            assert f"(docs/{page})" in text, page
