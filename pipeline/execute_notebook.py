"""Run a notebook script and store its results: notebooks/NAME.py -> NAME.ipynb."""

from __future__ import annotations

import importlib
import os
import sys
import tempfile
from pathlib import Path

import jupytext
import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.writing import write

SECONDS = 300  # for one cell
# Only what is the same everywhere: no version, no time, no name of a machine.
_METADATA = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}


class CellError(Exception):
    """A cell that failed, or whose results must not be stored: the cell and what went wrong."""

    def __init__(self, cell: nbformat.NotebookNode, what: str) -> None:
        super().__init__(what)
        self.cell, self.what = cell, what


def notebook_of(text: str) -> nbformat.NotebookNode:
    """The percent script as a notebook without results; cells are named by their place."""
    notebook = jupytext.reads(text, fmt="py:percent")
    notebook.metadata = nbformat.from_dict(_METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for place, cell in enumerate(notebook.cells, 1):
        cell.id, cell.metadata = f"cell-{place:02}", nbformat.from_dict({})
    return notebook


def execute(notebook: nbformat.NotebookNode, folder: Path, *, seconds: int = SECONDS) -> nbformat.NotebookNode:
    """A copy with the results of running every cell in ``folder`` by this Python; a `CellError` at the first failure.

    The kernel sees no profile of the user and speaks through files of its own:
    no port is opened, so that ipykernel has nothing to warn about.
    """
    # Fills matplotlib's font cache here, where its message cannot land in a cell.
    importlib.import_module("matplotlib.font_manager")
    done = nbformat.from_dict(notebook)
    running: list[nbformat.NotebookNode] = []
    with tempfile.TemporaryDirectory(prefix="nb-") as own:
        manager = AsyncKernelManager(
            kernel_name="python3",
            # Without folders to look in, python3 is the running Python and no kernel the user has installed.
            kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
            transport="ipc",
            connection_file=f"{own}/kernel.json",
        )
        client = NotebookClient(done, km=manager, timeout=seconds, record_timing=False)
        client.on_cell_execute = lambda cell, **_: running.append(cell)
        environment = {**os.environ, "IPYTHONDIR": f"{own}/ipython", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
        try:
            client.execute(cwd=str(folder), env=environment, cleanup_kc=True)
        except CellExecutionError as error:
            raise CellError(running[-1], f"{error.ename}: {error.evalue}") from None
        except CellTimeoutError:
            raise CellError(running[-1], f"TimeoutError: > {seconds} s") from None
        except DeadKernelError as error:
            raise CellError(running[-1], f"{type(error).__name__}: {error}") from None
    done.metadata = nbformat.from_dict(_METADATA)
    return done


def check_results(notebook: nbformat.NotebookNode, folder: Path) -> None:
    """A `CellError` where a result would differ on another machine: a warning, or a path of this one."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise CellError(cell, f"stderr: {output.text.strip()}")
            told = [text for kind, text in output.get("data", {}).items() if not kind.startswith("image/")]
            for path in (str(folder), sys.prefix):
                if any(path in str(text) for text in [*told, output.get("text", "")]):
                    raise CellError(cell, f"结果里有本机路径 the result holds a path of this machine: {path}")


def line_of(text: str, notebook: nbformat.NotebookNode, cell: nbformat.NotebookNode) -> int | None:
    """Line of the script, from 1, on which a code cell begins."""
    at = 0
    for other in notebook.cells:
        if other.cell_type != "code":
            continue
        at = text.find(other.source, at)
        if at < 0:
            return None
        if other.id == cell.id:
            return text.count("\n", 0, at) + 1
        at += len(other.source)
    return None


def main(script_py: Path, notebook_ipynb: Path) -> None:
    text, folder = script_py.read_text("utf-8"), Path.cwd()
    notebook = notebook_of(text)
    try:
        done = execute(notebook, folder)
        check_results(done, folder)
    except CellError as error:
        first = error.cell.source.partition("\n")[0]
        raise InputError(
            f"单元“{first}”没有运行成功，原有的 {notebook_ipynb.name} 未改动。{error.what}",
            f"the cell {first!r} failed; {notebook_ipynb.name} was left as it was. {error.what}",
            file=script_py,
            line=line_of(text, notebook, error.cell),
        ) from None
    write({notebook_ipynb: (nbformat.writes(done) + "\n").encode()})


if __name__ == "__main__":
    run(main)
