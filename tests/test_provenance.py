"""What a run is made of and what came out of it is on record, byte for byte, the same on every machine."""

from __future__ import annotations

import hashlib
import json
import platform
import subprocess
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import __version__, manifest, provenance, tables, verify
from pipeline.errors import InputError
from pipeline.hashing import combined, sha256, short, write_json
from tests.conftest import METHOD, measures_frame

# SHA-256 of the bytes "abc" and of nothing, as FIPS 180-4 and its examples give them.
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.mark.parametrize(("content", "digest"), [(b"abc", ABC), (b"", EMPTY)])
def test_the_hash_of_a_file_is_the_published_one(tmp_path: Path, content: bytes, digest: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert sha256(path) == digest


def test_the_hash_of_many_files_is_that_of_their_sorted_list(tmp_path: Path) -> None:
    listed = f"{ABC}  a.txt\n{EMPTY}  b.txt\n".encode()
    assert combined({"b.txt": EMPTY, "a.txt": ABC}) == hashlib.sha256(listed).hexdigest()
    # the list is what sha256sum prints, so anybody can work the hash out again
    (tmp_path / "a.txt").write_bytes(b"abc")
    (tmp_path / "b.txt").write_bytes(b"")
    printed = subprocess.run(["sha256sum", "a.txt", "b.txt"], cwd=tmp_path, capture_output=True, check=True).stdout
    assert printed == listed


@pytest.mark.parametrize(
    "changed",
    [{"a.txt": EMPTY, "b.txt": EMPTY}, {"a.txt": EMPTY, "b.txt": ABC}, {"a.txt": ABC}, {"c.txt": ABC, "b.txt": EMPTY}],
    ids=["content", "swapped", "gone", "renamed"],
)
def test_any_change_of_a_file_or_name_changes_the_hash_of_many(changed: dict[str, str]) -> None:
    assert combined(changed) != combined({"a.txt": ABC, "b.txt": EMPTY})


def test_equal_data_are_equal_bytes_and_chinese_stays_readable(tmp_path: Path) -> None:
    one, two = tmp_path / "deep" / "one.json", tmp_path / "two.json"
    write_json({"b": 1, "a": {"词": 2, "字": 3}}, one)
    write_json({"a": {"字": 3, "词": 2}, "b": 1}, two)
    assert one.read_bytes() == two.read_bytes()
    assert one.read_bytes().decode("utf-8") == '{\n "a": {\n  "字": 3,\n  "词": 2\n },\n "b": 1\n}\n'
    assert [path.name for path in one.parent.iterdir()] == ["one.json"]


LOCK = """\
# made by pip-compile
jieba==0.42.1 \\
    --hash=sha256:055ca12f62674fafed09427f176506079bc135638a14e23e25be909131928db2
numpy==2.4.6 ; python_version >= "3.11" \\
    --hash=sha256:aaa
ruamel.yaml==0.18.10
    # via numpy==9.9.9
"""


def test_a_lock_gives_packages_and_versions_without_hashes_and_comments() -> None:
    assert provenance.locked_versions(LOCK) == {"jieba": "0.42.1", "numpy": "2.4.6", "ruamel.yaml": "0.18.10"}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project in the current folder."""
    files = {
        "data/raw/corpus.txt": "abc",
        "method/settings.toml": "[measures]\n",
        "method/user_dict.txt": "双师\n",
        "reports/calibration/calibration.csv": "abc",
        "pipeline/ingest.py": "",
        "Makefile": "all:\n",
        "requirements.lock": LOCK,
        "requirements-dev.lock": "pytest==9.2.0\n",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read() -> pd.DataFrame:
    """files.csv of the one raw file."""
    row = {
        "file": "data/raw/corpus.txt",
        "bytes": 3,
        "sha256": ABC,
        "encoding": "UTF-8",
        "columns": "",
        "documents": 1,
        "skipped": "",
    }
    return tables.from_rows([row], tables.FILES)


def recorded(files: list[Path]) -> dict[str, Any]:
    return provenance.provenance_of(read(), files, "method")


def written(region: str = "山东") -> dict[str, Any]:
    """provenance.json of a run whose tables are empty but for the raw file and one measure."""
    full = {"files": read(), "measures": measures_frame([(region, "双师")])}
    folder = Path("tables")
    tables.write(
        *((full.get(one.name, tables.from_rows([], one)), one, folder / f"{one.name}.csv") for one in tables.ALL)
    )
    chosen = (Path("corpus"), Path("region"), Path("method"), METHOD / "settings.toml", folder)
    provenance.main(*chosen, Path("reports/calibration/calibration.csv"), *INPUTS, Path("provenance.json"))
    found: dict[str, Any] = json.loads(Path("provenance.json").read_text("utf-8"))
    return found


INPUTS = [
    Path(name)
    for name in (
        "requirements.lock",
        "requirements-dev.lock",
        "Makefile",
        "method/user_dict.txt",
        "method/settings.toml",
        "reports/calibration/calibration.csv",
        "pipeline/ingest.py",
    )
]


@pytest.mark.usefixtures("project")
def test_a_raw_file_that_changed_during_the_run_is_an_error_that_names_it() -> None:
    Path("data/raw/corpus.txt").write_text("abd", "utf-8")
    with pytest.raises(InputError) as caught:
        recorded(INPUTS)
    assert caught.value.file == "data/raw/corpus.txt"


@pytest.mark.usefixtures("project")
def test_the_record_tells_method_code_and_locks_apart() -> None:
    record = recorded(INPUTS)
    assert record["pipeline"] == __version__
    assert record["raw"] == {
        "file": "data/raw/corpus.txt",
        "files": {"data/raw/corpus.txt": ABC},
        "bytes": 3,
        "sha256": ABC,
    }
    # what `make calibrate` found once is, like the method, no result of the run
    measured = "reports/calibration/calibration.csv"
    assert set(record["method"]["files"]) == {"method/settings.toml", "method/user_dict.txt", measured}
    assert record["method"]["files"][measured] == ABC
    assert set(record["code"]["files"]) == {"Makefile", "pipeline/ingest.py"}
    assert record["code"]["files"]["pipeline/ingest.py"] == EMPTY
    assert record["code"]["sha256"] == combined(record["code"]["files"])
    assert set(record["locks"]) == {"requirements.lock", "requirements-dev.lock"}
    assert record["packages"]["jieba"] == "0.42.1"
    assert "pytest" not in record["packages"]


@pytest.mark.usefixtures("project")
def test_the_record_does_not_depend_on_the_order_of_the_files() -> None:
    assert recorded(INPUTS) == recorded(INPUTS[::-1])


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("changed", ["method/user_dict.txt", "reports/calibration/calibration.csv"])
def test_a_changed_method_changes_its_hash_and_no_other(changed: str) -> None:
    before = recorded(INPUTS)
    Path(changed).write_text("双师\n校企\n", "utf-8")
    after = recorded(INPUTS)
    assert after["method"]["sha256"] != before["method"]["sha256"]
    assert {key for key in before if before[key] != after[key]} == {"method"}


@pytest.mark.usefixtures("project")
def test_without_a_lock_there_are_no_versions() -> None:
    assert recorded([Path("Makefile")])["packages"] == {}


def test_the_record_names_no_folder_of_this_machine(project: Path) -> None:
    written()
    assert str(project) not in (project / "provenance.json").read_text("utf-8")


@pytest.mark.usefixtures("project")
def test_the_record_has_a_fingerprint_over_every_table_and_the_calibration_that_one_cell_changes() -> None:
    first, again, other = written(), written(), written("浙江")
    assert set(first["findings"]["parts"]) == {
        *(f"{one.name}.csv" for one in tables.ALL),
        "calibration.csv",
        "settings",
    }
    assert first == again
    changed = {
        name for name, digest in first["findings"]["parts"].items() if other["findings"]["parts"][name] != digest
    }
    assert changed == {"measures.csv"}
    assert first["findings"]["fingerprint"] != other["findings"]["fingerprint"]
    Path("method/user_dict.txt").write_text("校企\n", "utf-8")  # where it changes no table, the findings are the same
    assert written("浙江")["findings"] == other["findings"]


def test_the_manifest_is_the_record_and_the_hash_of_every_output(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written()
    for name in ("b.csv", "a.csv"):
        (project / name).write_bytes(b"abc" if name == "a.csv" else b"")
    manifest.main(*map(Path, ("provenance.json", "corpus", "figures", "b.csv", "a.csv", "manifest.json")))
    made = json.loads((project / "manifest.json").read_text("utf-8"))
    assert made.pop("outputs") == {"a.csv": ABC, "b.csv": EMPTY}
    assert made.pop("python") == platform.python_version()
    assert made == json.loads((project / "provenance.json").read_text("utf-8"))
    shown = short(made["findings"]["fingerprint"])
    assert f"发现指纹 findings fingerprint: {shown}\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("expected", "found", "names"),
    [
        ({}, {}, []),
        ({"a": "1", "b": "2"}, {"b": "2", "a": "1"}, []),
        ({"a": "1"}, {"a": "2"}, ["a"]),
        ({"a": "1"}, {}, ["a"]),
        ({}, {"a": "1"}, ["a"]),
        ({"c": "1", "b": "1", "a": "1"}, {"c": "2", "b": "1", "d": "1"}, ["a", "c", "d"]),
    ],
)
def test_verification_names_what_differs_is_missing_or_is_new(
    expected: dict[str, str], found: dict[str, str], names: list[str]
) -> None:
    assert verify.differences(expected, found) == names


def test_the_second_run_gets_the_second_coders_file_by_a_name_that_holds_in_another_folder(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str | None] = []

    def run(*_: object, env: dict[str, str], **__: object) -> subprocess.CompletedProcess[str]:
        found.append(env.get("CODING"))
        return subprocess.CompletedProcess([], 1, "", "")

    for name in verify._COPIED:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        if not (project / name).exists():
            (project / name).write_text("", "utf-8")
    monkeypatch.setattr(subprocess, "run", run)
    chosen = {"corpus": "corpus", "unit": "region", "method": "method"}
    made = {"run": chosen, "locks": {}, "raw": {"files": {"data/raw/corpus.txt": ABC}}}
    for number, given in enumerate(("a b.xlsx", "")):
        monkeypatch.setenv("CODING", given)
        with pytest.raises(SystemExit):
            verify.remake(project / str(number), made, Path(".venv"))
    assert found == [str(project / "a b.xlsx"), ""]


def test_the_second_run_gets_a_folder_with_the_files_that_were_not_read(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run(*_: object, **__: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1, "", "")

    (project / "data/raw/folder").mkdir()
    for name in ("read.txt", "unread.jpg"):
        (project / "data/raw/folder" / name).write_text(name, "utf-8")
    for name in verify._COPIED:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        if not (project / name).exists():
            (project / name).write_text("", "utf-8")
    monkeypatch.setattr(subprocess, "run", run)
    chosen = {"corpus": "folder", "unit": "region", "method": "method"}
    made = {"run": chosen, "locks": {}, "raw": {"files": {"data/raw/folder/read.txt": ABC}}}
    with pytest.raises(SystemExit):
        verify.remake(project / "second", made, Path(".venv"))
    assert {path.name for path in (project / "second/data/raw/folder").iterdir()} == {"read.txt", "unread.jpg"}


@pytest.mark.usefixtures("project")
def test_the_manifest_holds_what_only_a_large_corpus_has(project: Path) -> None:
    written()
    for name in (
        "corpus/terms-1.npz",
        "corpus/documents-00000.csv",
        "figures/whole_map.zh.svg",
        "figures/silhouette.zh.svg",
    ):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_bytes(b"abc")
    manifest.main(*map(Path, ("provenance.json", "corpus", "figures", "manifest.json")))
    made = json.loads((project / "manifest.json").read_text("utf-8"))["outputs"]
    assert made == dict.fromkeys(("corpus/documents-00000.csv", "corpus/terms-1.npz", "figures/whole_map.zh.svg"), ABC)
