"""The house rules that a machine can hold."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from pipeline import tables
from pipeline.described import described
from tests.make import ROOT, make

PIPELINE = sorted((ROOT / "pipeline").rglob("*.py"))


@cache
def names_in(module: Path) -> frozenset[Path]:
    """Files of the pipeline that a module names in its imports."""
    return frozenset(files_in(ast.walk(ast.parse(module.read_text("utf-8")))))


def files_in(nodes: Iterable[ast.AST]) -> set[Path]:
    """Files of the pipeline that the imports among the nodes name."""
    found: set[Path] = set()
    for node in nodes:
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        for name in names:
            path = ROOT.joinpath(*name.split("."))
            if name.startswith("pipeline"):
                found |= {file for file in (path.with_suffix(".py"), path / "__init__.py") if file.exists()}
    return found


def imported(module: Path) -> set[Path]:
    """Files of the pipeline that a module needs, directly or not, packages' __init__ included."""
    found: set[Path] = set()
    ahead = [module]
    while ahead:
        new = names_in(ahead.pop()) - found
        found |= new
        ahead += new
    return found


@cache
def rules() -> dict[str, tuple[frozenset[str], str]]:
    """Target -> (prerequisites, recipe), from make's own database."""
    printed = make(ROOT, "--print-data-base", "--question", "all").stdout
    found: dict[str, tuple[frozenset[str], str]] = {}
    for block in printed.split("\n\n"):
        lines = [line for line in block.splitlines() if not line.startswith("#")]
        if not lines or lines[0].startswith("\t") or ":" not in lines[0]:
            continue
        target, _, wanted = lines[0].partition(":")
        recipe = "\n".join(line for line in lines[1:] if line.startswith("\t"))
        if ("-m pipeline" in recipe or "$(RUN)" in recipe) and "$(1)" not in recipe and "/" in target:  # files
            found[target] = (frozenset(wanted.replace("&", "").split("|")[0].split()), recipe)
    return found


def stage_of(recipe: str) -> str:
    match = re.search(r"(?:\$\(RUN\)|-m pipeline)\.([a-z_.]+)", recipe)
    assert match
    return match[1]


def test_the_makefile_has_a_rule_for_every_stage() -> None:
    stages = {stage_of(recipe) for _, recipe in rules().values()}
    assert {"ingest", "measures", "segment", "keywords", "similarity", "cooccurrence", "cluster", "summary"} <= stages
    assert {"resampling", "permutation", "consensus", "claims"} <= stages
    assert {"report", "provenance", "manifest", "charts", "characters", "genre"} <= stages


def test_the_import_contract_keeps_every_stage_apart_from_the_others() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    apart = next(contract["modules"] for contract in contracts if contract["type"] == "independence")
    stages = {f"pipeline.{stage_of(recipe)}" for _, recipe in rules().values()}
    alone = stages - {"pipeline.execute_notebook"}  # which makes no table
    assert not [stage for stage in alone if not any(f"{stage}.".startswith(f"{one}.") for one in apart)]
    assert "pipeline.learn_background" in apart  # its target is no file


def test_every_rule_lists_all_the_code_that_its_stage_imports() -> None:
    missing = {}
    for target, (wanted, recipe) in rules().items():
        stage = ROOT.joinpath("pipeline", *stage_of(recipe).split("."))
        module = stage / "__main__.py" if stage.is_dir() else stage.with_suffix(".py")
        code = {path.relative_to(ROOT).as_posix() for path in {module, *imported(module)}}
        if code - wanted:
            missing[target] = sorted(code - wanted)
    assert missing == {}


def test_every_note_of_a_figure_to_draw_lists_all_the_code_that_draws_it() -> None:
    printed = make(ROOT, "--print-data-base", "--question", "all").stdout
    noted = dict(re.findall(r"^\S*/figures/(\w+)\.todo: (.+)$", printed, flags=re.MULTILINE))
    modules = {path.stem: path for path in (ROOT / "pipeline/charts").glob("*.py")}
    shared = {"__init__", "__main__", "style", "marks", "sheets", "labels", "keys", "panels", "matrix", "placing"}
    shared |= {"theme_cells", "behind", "wording", "compact"}
    apart = {
        "calibration",
        "slides",
    }  # of the method, not of a corpus; for `make figures`: `make all` does not draw them
    assert set(noted) == set(modules) - shared - apart
    for name, wanted in noted.items():
        code = {path.relative_to(ROOT).as_posix() for path in {modules[name], *imported(modules[name])}}
        assert code <= set(wanted.split()), name


def test_a_notebook_is_run_anew_when_code_changes_that_its_look_ups_import() -> None:
    printed = make(ROOT, "--print-data-base", "--question", "all").stdout
    wanted = {
        target: set(" ".join(re.findall(rf"^{re.escape(target)}: (.+)$", printed, flags=re.MULTILINE)).split())
        for target in (
            "notebooks/%.ipynb",
            *(f"notebooks/{script.stem}.ipynb" for script in (ROOT / "notebooks").glob("*.py")),
        )
    }
    explore = sorted((ROOT / "pipeline/explore").glob("*.py"))
    every = {path.relative_to(ROOT).as_posix() for module in explore for path in {module, *at_once(module)}}
    assert every - wanted["notebooks/%.ipynb"] == set()
    preview = {path.relative_to(ROOT).as_posix() for path in imported(ROOT / "pipeline/explore/own_files.py")}
    assert preview - set().union(*wanted.values()) == set()
    for script in (ROOT / "notebooks").glob("*.py"):
        if re.search(r"\b(?:preview|recut)\(", script.read_text("utf-8")):
            assert preview <= wanted["notebooks/%.ipynb"] | wanted[f"notebooks/{script.stem}.ipynb"], script.stem


def at_once(module: Path) -> set[Path]:
    """Files of the pipeline that are loaded with a module, which leaves out what a function imports when it is called."""
    found: set[Path] = set()
    ahead = [module]
    while ahead:
        tree = ast.parse(ahead.pop().read_text("utf-8"))
        kept = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        new = files_in(kept) - found
        found |= new
        ahead += new
    return found


def test_every_pipeline_module_says_in_a_docstring_what_it_does() -> None:
    lacking = [path.name for path in PIPELINE if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert lacking == []


def test_importing_a_module_does_no_work() -> None:
    allowed = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.Expr, ast.If)
    for path in PIPELINE:
        for node in ast.parse(path.read_text("utf-8")).body:
            assert isinstance(node, allowed), f"{path.name}:{node.lineno}"
            if isinstance(node, ast.Expr):
                assert isinstance(node.value, ast.Constant), f"{path.name}:{node.lineno} runs on import"


@pytest.mark.parametrize("package", ["charts", "report"])
def test_the_wordings_of_both_languages_have_the_same_keys_and_slots(package: str) -> None:
    zh, en = (
        tomllib.loads((ROOT / "pipeline" / package / f"strings.{language}.toml").read_text("utf-8"))
        for language in ("zh", "en")
    )
    assert shape(zh) == shape(en)


def shape(texts: dict[str, object]) -> dict[str, object]:
    """Keys, list lengths and the slots of each text."""
    result: dict[str, object] = {}
    for key, value in texts.items():
        if isinstance(value, dict):
            result[key] = shape(value)
        elif isinstance(value, list):
            result[key] = len(value)
        else:
            result[key] = sorted({name for _, name, _, _ in Formatter().parse(str(value)) if name})
    return result


def test_the_page_on_tables_is_written_from_the_contracts() -> None:
    assert (ROOT / "docs/tables.md").read_text("utf-8") == described(), "run `make tables-page`"


def test_the_page_on_tables_lists_each_of_them_under_one_subject_with_a_link_to_its_heading() -> None:
    page = (ROOT / "docs/tables.md").read_text("utf-8")
    linked = re.findall(r"\[(\w+)\]\(#(\w+)csv\)", page)
    assert sorted(name for name, _ in linked) == sorted(table.name for table in (*tables.ALL, *tables.APART))
    assert all(name == anchor for name, anchor in linked)


def test_no_tracked_file_names_a_machine_path_or_an_address_in_a_lock() -> None:
    for lock in ROOT.glob("*.lock"):
        assert "://" not in lock.read_text("utf-8")
    machine = re.compile(r"(?<![\w.$}])/(?:home|root|Users)/\w")
    listed: list[str] = []
    if shutil.which("git"):
        listed = subprocess.run(
            ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
        ).stdout.split()
    for name in listed or [path.relative_to(ROOT).as_posix() for path in PIPELINE]:
        path = ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".ipynb", ".csv", ".txt", "") and path.is_file():
            assert not machine.search(path.read_text("utf-8")), name
