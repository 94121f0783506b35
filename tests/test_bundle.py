"""A run in one file: what goes in, what stays out, and that another folder makes the same bytes of it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from pipeline import __version__, bundle, tables
from pipeline.errors import InputError
from pipeline.hashing import combined, sha256, write_json
from tests.built import fast_method
from tests.conftest import METHOD
from tests.make import ROOT, Make
from tests.test_pipeline import table

NAME = "各省"
D, R = f"data/processed/{NAME}", f"reports/{NAME}"
TEXT = "以专家意见、第三方评价为依据，完善绩效考核的办法。"
SETTINGS = (METHOD / "settings.toml").read_text("utf-8")
PRIVATE = SETTINGS.replace("private = false", "private = true")
INPUTS = {
    "method/settings.toml": SETTINGS,
    "method/user_dict.txt": "绩效考核\n",
    "pipeline/ingest.py": f"# {TEXT}\n",  # the code is everybody's
    "requirements.lock": "jieba==0.42.1\n",
}
RAW = {f"data/raw/{NAME}/01_浙江.txt": TEXT, f"data/raw/{NAME}/Con.txt": "校企合作。"}
OUTPUTS = {
    f"{D}/summary.csv": "metric\n",
    f"{D}/tokens.csv": "term\n",
    f"{R}/report.zh.md": TEXT,
    f"{R}/figures/map.zh.svg": "<svg/>",
}


def put(files: dict[str, str]) -> dict[str, str]:
    for name, content in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(content, "utf-8")
    return {name: sha256(Path(name)) for name in files}


def manifest(inputs: dict[str, str], raw: dict[str, str], outputs: dict[str, str], method: str = "method") -> Path:
    """A manifest of these hashes, beside the tables that a bundle reads."""
    made: dict[str, Any] = {
        "pipeline": __version__,
        "python": "3.11.2",
        "run": {"corpus": NAME, "unit": "region", "method": method, "engine": "jieba"},
        "raw": {"file": f"data/raw/{NAME}", "files": raw, "bytes": 1, "sha256": combined(raw)},
        "method": {"sha256": "", "files": {name: d for name, d in inputs.items() if name.startswith("method/")}},
        "code": {"sha256": "", "files": {name: d for name, d in inputs.items() if name.startswith("pipeline/")}},
        "locks": {name: d for name, d in inputs.items() if name.endswith(".lock")},
        "findings": {"fingerprint": "0123456789abcdef" * 4, "parts": {}},
        "outputs": outputs,
    }
    write_json(made, Path(f"{D}/manifest.json"))
    return Path(f"{D}/manifest.json")


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run in the current folder, its manifest."""
    monkeypatch.chdir(tmp_path)
    inputs, raw, outputs = put(INPUTS), put(RAW), put(OUTPUTS)
    put({f"data/raw/{NAME}/notes.rtf": "x", "LICENSE": "MIT", "coding.csv": f"text,teams\n{TEXT},1\n"})
    shared = {"encoding": "UTF-8", "columns": "", "documents": 1}
    rows = [{"file": name, "bytes": 1, "sha256": digest, "skipped": "", **shared} for name, digest in raw.items()]
    rows.append({"file": f"data/raw/{NAME}/notes.rtf", "bytes": 1, "sha256": "", "skipped": "rtf", **shared})
    document = {
        "doc_id": "D01", "serial": 1, "region_raw": "浙江", "region": "浙江", "region_en": "Zhejiang", "level": "province",
        "province": "浙江", "adcode": "", "year": "", "title": "", "text": TEXT,
    }  # fmt: skip
    tables.write((tables.from_rows(rows, tables.FILES), tables.FILES, Path(f"{D}/files.csv")))
    tables.write((tables.from_rows([document], tables.DOCUMENTS), tables.DOCUMENTS, Path(f"{D}/documents.csv")))
    return manifest(inputs, raw, outputs)


ARCHIVE = Path(f"{R}/{NAME}-bundle.zip")


def packed(made: Path, coding: str = "none", *more: str) -> dict[str, bytes]:
    """Name -> bytes of what a bundle holds, without its folder."""
    bundle.main(made, Path("method/settings.toml"), Path(D), Path(coding), Path("LICENSE"), *map(Path, more), ARCHIVE)
    with zipfile.ZipFile(ARCHIVE) as file:
        return {name.removeprefix(f"{NAME}-bundle/"): file.read(name) for name in file.namelist()}


def test_a_bundle_holds_what_went_in_where_it_was_and_what_came_out_under_results(made: Path) -> None:
    found = packed(made)
    skipped = f"data/raw/{NAME}/notes.rtf"  # named in files.csv: without it that table would be another
    outputs = {f"results/{name}" for name in OUTPUTS}
    assert set(found) == {
        *INPUTS,
        *RAW,
        skipped,
        *outputs,
        "LICENSE",
        "results/manifest.json",
        "bundle.json",
        "README.md",
    }
    for name, content in {**INPUTS, **RAW}.items():
        assert found[name].decode() == content
    assert found["results/manifest.json"] == made.read_bytes()
    assert found[skipped] == b"\0"  # its size, and nothing of what it holds
    assert found["README.md"].decode().count(f"`{skipped}`") == 2


def test_a_link_that_was_not_read_is_left_out_and_one_that_was_read_is_packed_as_what_it_leads_to(made: Path) -> None:
    read, unread = Path(f"data/raw/{NAME}/01_浙江.txt"), Path(f"data/raw/{NAME}/notes.rtf")
    for path in (read, unread):
        elsewhere = path.rename(Path(path.name))
        path.symlink_to(elsewhere.absolute())
    found = packed(made)
    assert found[read.as_posix()].decode() == TEXT
    assert unread.as_posix() not in found
    assert f"`{unread.as_posix()}`: a link that was not read" in found["README.md"].decode()


def test_the_same_run_gives_the_same_bytes_also_over_an_older_bundle(made: Path) -> None:
    packed(made)
    first = ARCHIVE.read_bytes()
    Path("LICENSE").touch()
    packed(made)
    assert ARCHIVE.read_bytes() == first


def test_the_readme_says_in_both_languages_how_to_repeat_the_run_and_names_no_folder_of_this_machine(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = packed(made, "coding.csv")
    text = found["README.md"].decode()
    assert text.count("make reproduce") >= 4
    assert text.count(f"make all CORPUS={NAME} CODING=coding/coding.csv") == 2
    for said in ("## 怎样重现", "## How to reproduce it", "0123-4567-89ab-cdef", "3.11.2", __version__, "Con.txt"):
        assert said in text
    assert "没有收入" not in text
    assert not any(str(tmp_path).encode() in content for content in found.values())
    assert found["coding/coding.csv"] == Path("coding.csv").read_bytes()
    assert json.loads(found["bundle.json"]) == {
        "name": NAME,
        "coding": "coding/coding.csv",
        "private": False,
        "left_out": {},
    }
    printed = capsys.readouterr().out
    assert "Con.txt" in printed  # which Windows cannot unpack
    assert "findings fingerprint: 0123-4567-89ab-cdef" in printed


@pytest.mark.parametrize("name", [*INPUTS, *RAW, *OUTPUTS])
@pytest.mark.parametrize("gone", [True, False])
def test_a_file_that_changed_after_the_run_is_one_message_and_the_older_bundle_stays(
    made: Path, name: str, gone: bool
) -> None:
    packed(made)
    before = ARCHIVE.read_bytes()
    if gone and name != "method/settings.toml":
        Path(name).unlink()
    else:
        Path(name).write_text(Path(name).read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(InputError, match="changed or removed") as caught:
        packed(made)
    assert caught.value.file == name
    assert ARCHIVE.read_bytes() == before


@pytest.mark.parametrize("method", ["../elsewhere", "/srv/method"])
def test_a_method_outside_the_project_is_refused(made: Path, method: str) -> None:
    record = json.loads(made.read_text("utf-8"))
    record["run"]["method"] = method
    write_json(record, made)
    with pytest.raises(InputError, match="outside the project"):
        packed(made)
    assert not ARCHIVE.exists()


def test_a_private_bundle_holds_no_text_and_says_what_it_leaves_out(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("method/settings.toml").write_text(PRIVATE, "utf-8")
    inputs = {name: sha256(Path(name)) for name in INPUTS}
    manifest(inputs, {name: sha256(Path(name)) for name in RAW}, {name: sha256(Path(name)) for name in OUTPUTS})
    found = packed(made, "coding.csv")
    outputs = {f"results/{name}" for name in (f"{D}/summary.csv", f"{R}/figures/map.zh.svg")}
    assert set(found) == {*INPUTS, *outputs, "LICENSE", "results/manifest.json", "bundle.json", "README.md"}
    del found["pipeline/ingest.py"]
    assert not any(TEXT[at : at + 16].encode() in content for content in found.values() for at in range(len(TEXT) - 15))
    text = found["README.md"].decode()
    for left in (*RAW, f"{D}/tokens.csv", f"{R}/report.zh.md", "coding/coding.csv"):
        assert text.count(f"`{left}`") >= 2, left
    for digest in (sha256(Path(name)) for name in RAW):
        assert digest in text  # which raw files are needed
    printed = capsys.readouterr().out
    assert "不外传原文" in printed
    assert "No text is passed on" in printed


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("method/user_dict.txt", "绩效考核\n# 第三方评价为依据，完善绩效考核的办法\n"),
        (f"{D}/summary.csv", TEXT),
        (f"{R}/figures/map.zh.svg", TEXT),
    ],
)
def test_a_list_table_or_figure_that_quotes_is_left_out_of_a_private_bundle_and_named(
    made: Path, capsys: pytest.CaptureFixture[str], name: str, content: str
) -> None:
    put({"method/settings.toml": PRIVATE, name: content})
    hashes = [{one: sha256(Path(one)) for one in names} for names in (INPUTS, RAW, OUTPUTS)]
    manifest(*hashes)
    found = packed(made)
    assert not any(inside.endswith(name) for inside in found)
    assert name in capsys.readouterr().out
    assert f"`{name}`：引用了原文" in found["README.md"].decode()
    assert f"`{name}`: it quotes the texts" in found["README.md"].decode()


# --- through make --------------------------------------------------------------------------------------------------

TEXTS = ("双师。", "精准培训，校企合作。", "双师，培训；人才引进。", "校企合作，人才引进；赛训结合。")


def test_another_folder_makes_the_same_bytes_of_a_bundle_and_names_what_does_not_fit(
    own: Path, make: Make, tmp_path: Path
) -> None:
    """A folder corpus with a name in Chinese, another unit, another method, a second coder: all that a run may be of."""
    raw, method = own / "data/raw/各省做法", own / "own-method"
    raw.mkdir()
    for region, text in zip(("山东", "浙江", "上海", "湖北"), TEXTS, strict=True):
        (raw / f"{region}_2023.txt").write_text(text, "utf-8")
    (raw / "cover.jpg").write_bytes(b"no text")  # not read, and named in files.csv
    fast_method(method, "[keywords]\ntop = 5\n")
    (own / "第二 编码.csv").write_text("measure_id,teams\nD01-1,1\n", "utf-8")
    given = ("CORPUS=各省做法", "UNIT=province", "METHOD=own-method", "CODING=第二 编码.csv")
    done = make(own, "bundle", *given)
    assert done.returncode == 0, done.stdout + done.stderr
    name = "各省做法@province+own-method"
    bundled = own / "reports" / name / f"{name}-bundle.zip"
    first = bundled.read_bytes()
    assert make(own, "bundle", *given).returncode == 0
    assert bundled.read_bytes() == first

    again = make(own, "reproduce", f"BUNDLE={bundled}")
    assert again.returncode == 0, again.stdout + again.stderr
    outputs = json.loads((own / "data/processed" / name / "manifest.json").read_text("utf-8"))["outputs"]
    assert f"{len(outputs)} files identical, byte for byte" in again.stdout
    assert "一致 the same" in again.stdout
    assert "differ" not in again.stdout

    with zipfile.ZipFile(bundled) as file:
        file.extractall(tmp_path)
    folder = tmp_path / f"{name}-bundle"
    (folder / "data/raw/各省做法/山东_2023.txt").write_text("双师", "utf-8")
    spoilt = make(folder, "reproduce")
    assert spoilt.returncode == 2
    assert "data/raw/各省做法/山东_2023.txt" in spoilt.stderr
    assert not (folder / "data/processed").exists()


def test_reproduce_outside_a_bundle_says_where_to_run_it(make: Make) -> None:
    done = make(ROOT, "reproduce")
    assert done.returncode == 2
    assert "this is no unpacked bundle" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_private_bundle_has_no_sentence_of_its_corpus(own: Path, make: Make) -> None:
    (own / "data/raw/secret.txt").write_text(table(*TEXTS, "以专家意见、第三方评价为依据完善绩效考核"), "utf-8")
    fast_method(own / "closed", "[bundle]\nprivate = true\n")
    done = make(own, "bundle", "CORPUS=secret", "METHOD=closed")
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(own / "reports/secret+closed/secret+closed-bundle.zip") as file:
        names = file.namelist()
        texts = [file.read(name).decode() for name in names if name.endswith((".csv", ".md", ".svg", ".json"))]
    assert not any("第三方评价为依据完善绩效考核" in text for text in texts)
    assert not any("/data/raw/" in name or "/report." in name for name in names)
    assert any(name.endswith("/similarity.csv") for name in names)
