"""Files come whole or not at all, whoever else writes and however a writer ends."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.writing import replacing, write
from tests.make import ROOT


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_files_and_the_folders_they_need_are_written_and_nothing_is_left_beside_them(tmp_path: Path) -> None:
    write({tmp_path / "a/one.csv": b"1", tmp_path / "b/two.csv": b""})
    assert (tmp_path / "a/one.csv").read_bytes() == b"1"
    assert (tmp_path / "b/two.csv").read_bytes() == b""
    assert [names(tmp_path / name) for name in "ab"] == [["one.csv"], ["two.csv"]]


def test_the_old_file_stands_until_the_block_ends_and_the_permissions_are_those_of_any_new_file(tmp_path: Path) -> None:
    path, plain = tmp_path / "table.csv", tmp_path / "plain"
    path.write_bytes(b"old")
    plain.write_bytes(b"")
    with replacing(path) as [part]:
        part.write_bytes(b"new")
        assert path.read_bytes() == b"old"
        assert part.parent == path.parent  # or moving it would be copying it
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("error", [ZeroDivisionError(), KeyboardInterrupt(), OSError(errno.ENOSPC, "full")])
def test_where_the_writer_fails_all_old_files_stand_and_no_temporary_one(tmp_path: Path, error: BaseException) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"old")
    with pytest.raises(type(error)), replacing(one, two) as parts:  # noqa: PT012 - the error comes from within the block
        parts[0].write_bytes(b"new")
        raise error
    assert one.read_bytes() == b"old"
    assert names(tmp_path) == ["one"]


@pytest.mark.parametrize(("count", "named"), [(1, "0"), (2, "")])
def test_an_error_of_the_disk_names_the_file_or_the_folder_of_several(tmp_path: Path, count: int, named: str) -> None:
    paths = [tmp_path / str(number) for number in range(count)]
    with pytest.raises(OSError, match="full") as caught, replacing(*paths):
        raise OSError(errno.ENOSPC, "full")
    assert Path(caught.value.filename) == tmp_path / named
    with pytest.raises(IsADirectoryError) as caught, replacing(*paths) as parts:  # noqa: PT012 - it fails at its end
        parts[0].unlink()
        parts[0].mkdir()
        try:
            parts[0].write_bytes(b"")
        finally:
            parts[0].rmdir()
    assert Path(caught.value.filename) == tmp_path / named


def test_an_error_about_another_file_keeps_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught, replacing(tmp_path / "out"):
        (tmp_path / "missing").read_bytes()
    assert Path(caught.value.filename) == tmp_path / "missing"


def test_two_writers_at_once_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    with replacing(path) as [first], replacing(path) as [second]:
        assert first != second
        first.write_bytes(b"first")
        second.write_bytes(b"second")
    assert path.read_bytes() == b"first"  # whose block ended last
    assert names(tmp_path) == ["table.csv"]


# Writes two files and is killed before it moves the file of this number to its place.
_KILLED = """
import os, signal, sys
from pathlib import Path
from pipeline.writing import write

moved = []

def watch(event, arguments):
    if event == "os.rename":
        moved.append(arguments)
        if len(moved) == int(sys.argv[1]):
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
write({Path("one"): b"new one", Path("two"): b"new two"})
"""


@pytest.mark.parametrize(
    ("moment", "found", "left"), [("1", [b"old one", b"old two"], 2), ("2", [b"new one", b"old two"], 1)]
)
def test_a_writer_that_is_killed_leaves_whole_files_and_the_next_one_removes_what_lies_beside_them(
    tmp_path: Path, moment: str, found: list[bytes], left: int
) -> None:
    one, two, other = tmp_path / "one", tmp_path / "two", tmp_path / "one.csv.0123abcd.part"
    write({one: b"old one", two: b"old two"})
    other.write_bytes(b"of another file")
    done = subprocess.run(
        [sys.executable, "-c", _KILLED, moment],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert [one.read_bytes(), two.read_bytes()] == found
    assert len(names(tmp_path)) == 3 + left
    write({one: b"newer one", two: b"newer two"})
    assert names(tmp_path) == ["one", "one.csv.0123abcd.part", "two"]
    assert [one.read_bytes(), two.read_bytes()] == [b"newer one", b"newer two"]


def test_a_name_that_a_pattern_would_read_as_its_own_is_only_a_name(tmp_path: Path) -> None:
    path, other = tmp_path / "a[1]+.csv", tmp_path / "a1.csv.0123abcd.part"
    other.write_bytes(b"of another file")
    (tmp_path / "a[1]+.csv.0123abcd.part").write_bytes(b"left over")
    write({path: b"new"})
    assert names(tmp_path) == sorted([path.name, other.name])
