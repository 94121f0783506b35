"""What a stage loads before and while it works: libraries that it has no use for would take longer than many a stage."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.conftest import METHOD, RAW
from tests.make import ROOT

# Half a second and more each; a stage takes one when it comes to it.
SLOW = {"sklearn", "matplotlib", "scipy.cluster", "scipy.stats", "joblib", "lxml", "docx", "pdfplumber", "PIL"}
# Which modules use them, and thereby which stages may load them: `keywords` and `characters` (the TF-IDF of
# scikit-learn), `themes` where there is no codebook, the groups of a large corpus, the charts, the report, the notebooks
# and what spreads work.
USES = {
    "sklearn": {"stats/weighting.py", "unsupervised.py", "whole_groups.py"},
    "matplotlib": {"charts/*", "explore/pictures.py", "execute_notebook.py"},
    "threadpoolctl": {"workers.py", "remote.py"},
}
TF_IDF = {"keywords.py", "characters.py"}
STAGES = sorted(
    path.stem
    for path in (ROOT / "pipeline").glob("*.py")
    if '__name__ == "__main__"' in path.read_text("utf-8") and path.stem not in ("alone", "verify")
)


def loaded(code: str, *arguments: object) -> set[str]:
    """The modules of a new process after the code, which finds the arguments in ``sys.argv[1:]``."""
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{code}\nprint(*sys.modules)", *map(str, arguments)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return set(done.stdout.split())


def named_in(path: Path) -> Iterable[str]:
    """What a file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)  # importlib.import_module("…")


def users_of(library: str) -> set[str]:
    found = set()
    for path in (ROOT / "pipeline").rglob("*.py"):
        if any(name == library or name.startswith(f"{library}.") for name in named_in(path)):
            place = path.relative_to(ROOT / "pipeline").as_posix()
            found.add("charts/*" if place.startswith("charts/") else place)
    return found


def test_no_stage_loads_a_slow_library_before_it_has_read_its_files() -> None:
    assert {"ingest", "measures", "segment", "keywords", "consensus", "summary", "provenance"} <= set(STAGES)
    lxml = {"coders", "coding_sheet"}  # read and write the sheets of a spreadsheet program
    clustering = {"resampling"}  # orders the leaves of a tree
    found = loaded("\n".join(f"import pipeline.{name}" for name in STAGES if name not in lxml | clustering))
    assert found & SLOW == set()


@pytest.mark.parametrize("library", USES)
def test_a_slow_library_is_used_by_the_modules_that_are_named_here_alone(library: str) -> None:
    assert users_of(library) == USES[library]


def test_scikit_learns_weights_are_taken_by_two_stages_alone() -> None:
    assert users_of("pipeline.stats.weighting.tf_idf") == TF_IDF


READING = """
from pathlib import Path
from pipeline import ingest, measures, segment
raw, method, settings, out = map(Path, sys.argv[1:])
documents = [out / f"{name}.csv" for name in ("documents", "sources", "files", "cleaning", "scale")]
ingest.main(raw, Path("region"), method / "regions.csv", settings, *documents, out / "corpus")
measures.main(documents[0], settings, out / "measures.csv")
lists = [method / name for name in ("user_dict.txt", "stop_words.txt", "generic_words.txt", "synonyms.csv")]
segment.main(out / "measures.csv", settings, *lists, out / "tokens.csv", out / "audit.csv")
"""
DRAWING = """
from pipeline import permutation
permutation.main(
    out / "tokens.csv", out / "measures.csv", settings, *(out / f"{name}.csv" for name in ("pairs", "structure", "null"))
)
"""


def test_reading_and_cutting_texts_takes_no_library_of_statistics(tmp_path: Path) -> None:
    found = loaded(READING, RAW, METHOD, METHOD / "settings.toml", tmp_path)
    assert (tmp_path / "tokens.csv").exists()
    assert found & {*SLOW, "scipy"} == set()


def test_shuffling_counts_takes_no_scikit_learn(tmp_path: Path) -> None:
    found = loaded(READING + DRAWING, RAW, METHOD, METHOD / "settings.toml", tmp_path)
    assert (tmp_path / "structure.csv").exists()
    assert found & {"sklearn", "matplotlib"} == set()
