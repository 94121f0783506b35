"""A bundle's archive: equal contents are equal bytes, whatever the machine; names survive."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.sharing import archive

ENTRIES = {"top/data/raw/各省 做法.txt": "培训".encode(), "top/a.csv": b"a,b\n" * 500, "top/b/empty": b""}


def test_equal_contents_are_equal_bytes_in_any_order_at_any_time(tmp_path: Path) -> None:
    written = tmp_path / "a.csv"
    written.write_bytes(ENTRIES["top/a.csv"])
    os.utime(written, (2_000_000_000, 2_000_000_000))
    written.chmod(0o600)
    archive.write(ENTRIES, tmp_path / "one.zip")
    archive.write({**dict(reversed(ENTRIES.items())), "top/a.csv": written}, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_entries_are_sorted_with_one_time_one_mode_and_chinese_names_marked_as_utf_8(tmp_path: Path) -> None:
    archive.write(ENTRIES, tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as file:
        found = file.infolist()
        assert [entry.filename for entry in found] == sorted(ENTRIES)
        assert {entry.date_time for entry in found} == {(1980, 1, 1, 0, 0, 0)}
        assert {entry.external_attr >> 16 for entry in found} == {0o100644}
        assert {entry.create_system for entry in found} == {3}
        assert [bool(entry.flag_bits & 0x800) for entry in found] == [False, False, True]
        assert {name: file.read(name) for name in file.namelist()} == ENTRIES
        assert file.testzip() is None


def test_what_is_packed_is_unpacked(tmp_path: Path) -> None:
    archive.write(ENTRIES, tmp_path / "one.zip")
    top = archive.unpack(tmp_path / "one.zip", tmp_path / "out")
    assert top == tmp_path / "out" / "top"
    found = {f"top/{path.relative_to(top).as_posix()}": path.read_bytes() for path in top.rglob("*") if path.is_file()}
    assert found == ENTRIES


def test_so_many_zeros_stand_for_a_file_of_that_size(tmp_path: Path) -> None:
    archive.write({"top/a": 3, "top/b": (1 << 20) + 5, "top/c": 0}, tmp_path / "one.zip")
    with zipfile.ZipFile(tmp_path / "one.zip") as file:
        assert [file.read(name) for name in file.namelist()] == [bytes(3), bytes((1 << 20) + 5), b""]


def _zip(path: Path, *names: str) -> Path:
    with zipfile.ZipFile(path, "w") as file:
        for name in names:
            file.writestr(name, b"")
    return path


@pytest.mark.parametrize("names", [("a/x", "b/x"), ("a/../../x",), ()], ids=["two folders", "climbs out", "empty"])
def test_another_zip_is_refused_and_writes_nothing(tmp_path: Path, names: tuple[str, ...]) -> None:
    with pytest.raises(InputError, match="no bundle"):
        archive.unpack(_zip(tmp_path / "one.zip", *names), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_damaged_zip_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "one.zip").write_bytes(b"PK no more")
    with pytest.raises(InputError, match="damaged") as caught:
        archive.unpack(tmp_path / "one.zip", tmp_path / "out")
    assert caught.value.file == str(tmp_path / "one.zip")


@pytest.mark.parametrize(
    ("names", "odd"),
    [
        (["a/各省.txt", "a/b.csv"], []),
        (["a/B.csv", "a/b.csv", "a/c"], ["a/B.csv", "a/b.csv"]),
        (["a/con.txt", "a/console.txt"], ["a/con.txt"]),
        (["a/x:y", 'a/"q"', "a/w?", "a/back\\slash"], ['a/"q"', "a/back\\slash", "a/w?", "a/x:y"]),
        (["a/dot.", "b /c", "a/ok.d"], ["a/dot.", "b /c"]),
    ],
)
def test_names_that_windows_cannot_unpack_are_found(names: list[str], odd: list[str]) -> None:
    assert archive.not_on_windows(names) == odd
