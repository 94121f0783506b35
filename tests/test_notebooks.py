"""The notebooks run, their stored results are current, and they hold no logic of their own."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.execute_notebook import CellError, check_results, execute, line_of, notebook_of
from tests.make import ROOT

SCRIPTS = sorted((ROOT / "notebooks").glob("*.py"))
SEEDS = ("1", "2")  # of Python's hashes: an order taken from a set would differ between them
# Imports and calls; a name may be given to a result. Anything else belongs into pipeline/explore.py.
ALLOWED = (
    ast.Module, ast.ImportFrom, ast.alias, ast.Expr, ast.Assign, ast.Tuple, ast.Name, ast.Load, ast.Store,
    ast.Call, ast.keyword, ast.Constant, ast.List,
)  # fmt: skip

scripts = pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)


def started(script: Path, target: Path, folder: Path = ROOT, **environment: str) -> subprocess.Popen[str]:
    """The stage, run as make runs it in the folder."""
    return subprocess.Popen(
        [sys.executable, "-m", "pipeline.execute_notebook", str(script), str(target)],
        cwd=folder,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def code_cells(text: str) -> list[str]:
    return [cell.source for cell in notebook_of(text).cells if cell.cell_type == "code"]


def prose_cells(text: str) -> list[str]:
    return [cell.source for cell in notebook_of(text).cells if cell.cell_type == "markdown"]


@pytest.fixture(scope="session")
def fresh(built: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """(script, seed) -> the notebook executed anew; all at once, because each waits for its kernel."""
    folder = tmp_path_factory.mktemp("notebooks")
    own = folder / "project"
    shutil.copytree(built, own, symlinks=True)
    shutil.copytree(ROOT / "notebooks", own / "notebooks")
    targets = {(script.stem, seed): folder / f"{script.stem}.{seed}.ipynb" for script in SCRIPTS for seed in SEEDS}
    running = {
        key: started(own / "notebooks" / f"{key[0]}.py", target, own, PYTHONHASHSEED=key[1])
        for key, target in targets.items()
    }
    for key, process in running.items():
        out, err = process.communicate()
        assert (process.returncode, out, err) == (0, "", ""), key
    return targets


# --- the tours ---------------------------------------------------------------------------------------------------


def test_there_are_notebooks_and_each_has_its_stored_results() -> None:
    assert len(SCRIPTS) >= 7
    assert [path.stem for path in sorted((ROOT / "notebooks").glob("*.ipynb"))] == [path.stem for path in SCRIPTS]


@scripts
def test_a_notebook_runs_without_error_or_warning(script: Path, fresh: dict[tuple[str, str], Path]) -> None:
    outputs = [output for cell in json.loads(fresh[script.stem, SEEDS[0]].read_text("utf-8"))["cells"]
               for output in cell.get("outputs", [])]  # fmt: skip
    assert {output["output_type"] for output in outputs} == {"execute_result"}
    assert any("image/png" in output["data"] for output in outputs)


@scripts
def test_the_stored_notebook_has_the_sources_of_its_script(script: Path) -> None:
    stored = json.loads(script.with_suffix(".ipynb").read_text("utf-8"))
    wanted = notebook_of(script.read_text("utf-8"))
    assert [("".join(cell["source"]), cell["cell_type"]) for cell in stored["cells"]] == [
        (cell.source, cell.cell_type) for cell in wanted.cells
    ], "run `make notebooks`"


@scripts
@pytest.mark.parametrize("seed", SEEDS)
def test_the_stored_results_are_those_of_a_fresh_run_byte_for_byte(
    script: Path, seed: str, fresh: dict[tuple[str, str], Path]
) -> None:
    assert script.with_suffix(".ipynb").read_bytes() == fresh[script.stem, seed].read_bytes(), "run `make notebooks`"


@scripts
def test_a_notebook_holds_no_logic_of_its_own(script: Path) -> None:
    tree = ast.parse(script.read_text("utf-8"))
    assert [f"line {getattr(node, 'lineno', 0)}: {type(node).__name__}" for node in ast.walk(tree)
            if not isinstance(node, ALLOWED)] == []  # fmt: skip
    assert {node.module for node in tree.body if isinstance(node, ast.ImportFrom)} == {"pipeline.explore"}


@scripts
def test_every_code_cell_has_one_to_three_lines(script: Path) -> None:
    lengths = [sum(bool(line.strip()) for line in cell.splitlines()) for cell in code_cells(script.read_text("utf-8"))]
    assert set(lengths) <= {1, 2, 3}


@scripts
def test_the_prose_is_in_both_languages_and_leaves_the_numbers_to_the_tables(script: Path) -> None:
    for cell in prose_cells(script.read_text("utf-8")):
        assert re.search(r"[\u4e00-\u9fff]{4}", cell), cell
        assert re.search(r"[A-Za-z]+ [a-z]+ [a-z]+", cell), cell
        unmarked = re.sub(r"`[^`]*`|^\d\. ", "", cell, flags=re.MULTILINE)  # names of columns, items of lists
        assert not re.search(r"\d", unmarked), cell


@scripts
def test_a_notebook_asks_a_question_shows_a_figure_doubts_and_sets_an_exercise(script: Path) -> None:
    text = script.read_text("utf-8")
    prose = prose_cells(text)
    assert "？" in prose[0].splitlines()[0]
    assert "?" in prose[0].splitlines()[0]
    assert any("_picture(" in cell for cell in code_cells(text))
    assert any("How sure can we be?" in cell for cell in prose)
    assert any("**看到什么 What do you see?**" in cell for cell in prose)
    assert any("## 练习 Exercise" in cell for cell in prose)


@scripts
def test_a_notebook_ends_with_a_folded_hint_and_an_answer_that_runs(script: Path) -> None:
    cells = notebook_of(script.read_text("utf-8")).cells
    (exercise,) = [at for at, cell in enumerate(cells) if "## 练习 Exercise" in cell.source]
    hint, *answer = cells[exercise + 1 :]
    assert re.search(r"^## 提示与答案 Hint and solution\n\n<details><summary>提示 Hint</summary>\n\n.+\n\n</details>$",
                     hint.source, flags=re.DOTALL)  # fmt: skip
    assert answer
    assert {cell.cell_type for cell in answer} == {"code"}
    stored = json.loads(script.with_suffix(".ipynb").read_text("utf-8"))["cells"]
    assert stored[-1]["outputs"]


def test_the_tours_ask_what_a_first_reader_asks() -> None:
    asked = [prose_cells(script.read_text("utf-8"))[0].splitlines()[0] for script in SCRIPTS]
    for words in ("像浙江", "湖南说了什么别处少说", "换一部词典", "多大把握", "自己的文件"):
        assert any(words in question for question in asked), words


# --- the stage that runs them ------------------------------------------------------------------------------------


def test_a_failing_cell_is_named_with_its_line_and_leaves_the_stored_notebook_alone(tmp_path: Path) -> None:
    script, target = tmp_path / "broken.py", tmp_path / "broken.ipynb"
    script.write_text("# %% [markdown]\n# Text\n\n# %%\nx = 1\n\n# %%\ny = x\n1 / 0\n", "utf-8")
    target.write_text("old", "utf-8")
    process = started(script, target)
    out, err = process.communicate()
    assert (process.returncode, out) == (2, "")
    assert f"{script}:8\n" in err
    assert "错误：单元“y = x”没有运行成功" in err
    assert "ZeroDivisionError: division by zero" in err
    assert "Traceback" not in err
    assert target.read_text("utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.ipynb", "broken.py"]


def test_a_home_that_cannot_be_written_to_causes_no_warning(tmp_path: Path) -> None:
    script = tmp_path / "small.py"
    script.write_text("# %%\n1 + 1\n", "utf-8")
    process = started(script, tmp_path / "small.ipynb", HOME=str(tmp_path / "nowhere"))
    out, err = process.communicate()
    said = [line for line in err.splitlines() if "matplotlib" not in line.lower()]  # it speaks of its own folder
    assert (process.returncode, out, said) == (0, "", [])


def test_a_missing_script_is_one_message_in_both_languages(tmp_path: Path) -> None:
    process = started(tmp_path / "none.py", tmp_path / "none.ipynb")
    _, err = process.communicate()
    assert process.returncode == 2
    assert "找不到这个文件" in err


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("import os; os.kill(os.getpid(), 9)", "DeadKernelError"),
        ("import time; time.sleep(60)", "TimeoutError: > 2 s"),
        ("undefined", "NameError: name 'undefined' is not defined"),
    ],
)
def test_a_cell_that_dies_hangs_or_errs_is_the_one_reported(tmp_path: Path, code: str, what: str) -> None:
    notebook = notebook_of(f"# %%\nx = 1\n\n# %%\n{code}\n\n# %%\nx\n")
    with pytest.raises(CellError) as error:
        execute(notebook, tmp_path, seconds=2)
    assert error.value.cell.id == "cell-02"
    assert what in error.value.what


def test_a_notebook_is_run_in_a_copy_by_this_python_in_the_folder_given(tmp_path: Path) -> None:
    notebook = notebook_of("# %%\nimport os, sys\nos.getcwd() + sys.prefix\n")
    done = execute(notebook, tmp_path)
    assert notebook.cells[0].outputs == []
    assert done.cells[0].outputs[0].data["text/plain"] == repr(f"{tmp_path}{sys.prefix}")


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("import warnings; warnings.warn('old', stacklevel=1)", "stderr: .*old"),
        ("from pathlib import Path; Path.cwd()", "path of this machine"),
    ],
)
def test_results_that_another_machine_would_not_give_are_refused(tmp_path: Path, code: str, what: str) -> None:
    with pytest.raises(CellError, match=what):
        check_results(execute(notebook_of(f"# %%\n{code}\n"), tmp_path), tmp_path)


def test_a_stored_notebook_tells_nothing_of_time_version_or_machine(fresh: dict[tuple[str, str], Path]) -> None:
    for path in fresh.values():
        stored = json.loads(path.read_text("utf-8"))
        assert stored["metadata"] == {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
        }
        assert [cell["id"] for cell in stored["cells"]] == [
            f"cell-{at:02}" for at in range(1, len(stored["cells"]) + 1)
        ]
        assert all(cell["metadata"] == {} for cell in stored["cells"])


def test_equal_cells_are_told_apart_by_their_lines() -> None:
    text = "# %%\nx\n\n# %%\nx\n"
    notebook = notebook_of(text)
    assert [line_of(text, notebook, cell) for cell in notebook.cells] == [2, 5]
