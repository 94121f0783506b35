"""The repetition of a bundle tells apart what is identical, what is compressed otherwise and what differs."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import remaking, reproduce
from pipeline.errors import InputError
from pipeline.hashing import sha256, write_json
from tests.test_contents import png

PUBLISHED, AGAIN = "0123456789abcdef" * 4, "f" * 64


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An unpacked bundle whose run was repeated here."""
    published = {"a.csv": b"1", "b.csv": b"1", "f.png": png(1), "g.png": png(1), "gone.csv": b"1", "r.html": b"x"}
    again = {"a.csv": b"1", "b.csv": b"2", "f.png": png(9), "g.png": png(9, dot=7), "r.html": b"x"}
    for base, files in ((tmp_path / "results", published), (tmp_path, again)):
        base.mkdir(exist_ok=True)
        for name, data in files.items():
            (base / name).write_bytes(data)
    return tmp_path


def outputs(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path) for path in (folder / "results").iterdir()}


def test_each_output_is_identical_of_the_same_content_or_different(folder: Path) -> None:
    found = reproduce.compared(folder, outputs(folder))
    assert found == {"identical": ["a.csv", "r.html"], "same": ["f.png"], "different": ["b.csv", "g.png", "gone.csv"]}


def test_what_a_private_bundle_leaves_out_is_compared_by_its_hash(folder: Path) -> None:
    hashes = outputs(folder)
    for name in ("a.csv", "f.png"):
        (folder / "results" / name).unlink()
    found = reproduce.compared(folder, {name: hashes[name] for name in ("a.csv", "f.png")})
    assert found == {"identical": ["a.csv"], "same": [], "different": ["f.png"]}


def test_the_outcome_is_told_with_the_fingerprint_of_both_sides(folder: Path) -> None:
    told = "\n".join(reproduce.told(reproduce.compared(folder, outputs(folder)), PUBLISHED, AGAIN))
    assert "1 files of the same content, compressed otherwise:\n  f.png" in told
    assert "3 files differ:\n  b.csv\n  g.png\n  gone.csv" in told
    assert "2 files identical, byte for byte" in told
    assert "0123-4567-89ab-cdef 不同 different: ffff-ffff-ffff-ffff" in told
    alike = "\n".join(reproduce.told({"identical": ["a"], "same": [], "different": []}, PUBLISHED, PUBLISHED))
    assert "differ" not in alike
    assert "compressed" not in alike
    assert "0123-4567-89ab-cdef 一致 the same" in alike


def test_inputs_that_changed_after_unpacking_are_named_before_anything_is_made(tmp_path: Path) -> None:
    for name in ("Makefile", "method/settings.toml", "data/raw/a.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"abc")
    digest = sha256(tmp_path / "Makefile")
    made = {
        "raw": {"files": {"data/raw/a.txt": digest}},
        "method": {"files": {"method/settings.toml": digest, "data/processed/x/coding.given": "made again"}},
        "code": {"files": {"Makefile": digest, "pipeline/gone.py": digest}},
        "locks": {},
    }
    assert list(reproduce.altered(tmp_path, made)) == ["pipeline/gone.py"]
    (tmp_path / "data/raw/a.txt").write_bytes(b"abc\r\n")
    assert list(reproduce.altered(tmp_path, made)) == ["data/raw/a.txt", "pipeline/gone.py"]
    rest = {"run": {}, "findings": {}, "outputs": {}, "python": ""}
    write_json({**made, **rest}, tmp_path / "results/manifest.json")
    write_json({"name": "x", "coding": "", "private": False, "left_out": {}}, tmp_path / "bundle.json")
    with pytest.raises(
        InputError, match=r"not as they were published, or not here: data/raw/a\.txt, pipeline/gone\.py"
    ):
        reproduce.repeated(tmp_path)


def test_a_folder_that_is_no_bundle_is_one_message(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no unpacked bundle"):
        reproduce.repeated(tmp_path)


@pytest.mark.parametrize(
    ("unit", "method", "told"),
    [("region", "method", ["CORPUS=c"]), ("year", "my-method", ["CORPUS=c", "UNIT=year", "METHOD=my-method"])],
)
def test_make_is_told_what_the_run_was_of(unit: str, method: str, told: list[str]) -> None:
    assert remaking.arguments({"corpus": "c", "unit": unit, "method": method}) == told
