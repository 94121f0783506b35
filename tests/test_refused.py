"""What the machine refuses a stage, a file that is damaged or changes: one message in both languages, exit code 2, no traceback."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from time import sleep
from typing import NoReturn

import pandas as pd
import pytest

from pipeline import manifest, provenance, tables
from pipeline.charts.__main__ import arguments_of
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.hashing import read_json, sha256, write_json
from pipeline.method import load_settings
from pipeline.readers import formats
from tests.make import ROOT


def told(main: object, capsys: pytest.CaptureFixture[str]) -> str:
    """What a stage says that ends with exit code 2."""
    with pytest.raises(SystemExit) as caught:
        run(main, ["out.csv"])  # type: ignore[arg-type]
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert "错误：" in said
    assert "Error: " in said
    return said


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        (errno.ENOSPC, "磁盘空间", "no space left"),
        (errno.EDQUOT, "配额", "quota"),
        (errno.EFBIG, "ulimit -f", "larger than the system allows"),
        (errno.EROFS, "磁盘只读", "read-only"),
        (errno.EACCES, "权限", "permission"),
        (errno.EPERM, "权限", "permission"),
        (errno.EMFILE, "打开的文件太多", "too many open files"),
        (errno.ENOMEM, "内存不足", "not enough memory"),
        (errno.EIO, "磁盘读写出错", "fails to read or write"),
    ],
)
@pytest.mark.parametrize("named", [True, False])
def test_an_error_of_the_machine_is_told_with_what_to_do(
    number: int, zh: str, en: str, named: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    def main(out_csv: Path) -> None:
        raise OSError(number, os.strerror(number), *([str(out_csv)] if named else []))

    said = told(main, capsys)
    assert zh in said
    assert en in said
    assert said.startswith("out.csv\n") is named


def test_an_error_that_the_machine_did_not_cause_is_not_hidden() -> None:
    def main(out_csv: Path) -> NoReturn:
        raise OSError("encoder error")

    with pytest.raises(OSError, match="encoder"):
        run(main, ["out.csv"])


def test_want_of_memory_is_told_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    def main(out_csv: Path) -> None:
        bytearray(1 << 62)

    said = told(main, capsys)
    assert "内存不足" in said
    assert "JOBS=1" in said


def stage(folder: Path, body: str) -> subprocess.Popen[str]:
    """A stage that runs ``body`` as its main, with two processes for `mapped`, in a session of its own."""
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    (folder / "stage.py").write_text(
        '"""A stage -> out."""\nimport os, signal\nfrom pathlib import Path\nfrom time import sleep\n'
        "from pipeline.cli import run\nfrom pipeline.errors import InputError\n"
        "from pipeline.workers import end_with, mapped, streamed\n"
        "def note(_):\n    Path(f'{os.getpid()}.pid').touch()\n    sleep(600)\n"
        "def die(_):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        "def full(_):\n    raise OSError(28, 'No space left on device')\n"
        f"def main(out: Path) -> None:\n{indented}\nif __name__ == '__main__':\n    run(main)\n"
    )
    return subprocess.Popen(
        [sys.executable, "stage.py", "out"], cwd=folder, start_new_session=True,
        env={**os.environ, "JOBS": "2", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


_POOL = """from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
with ProcessPoolExecutor(2, get_context("fork"), end_with, (os.getpid(),)) as pool:
    list(pool.map(note, range(2)))"""
_MAPPED = "mapped(note, range(2), title='sleepers')"
_STREAMED = "list(streamed(note, range(2), title='sleepers'))"


def workers_of(folder: Path) -> list[int]:
    """Process ids of the two workers, once both are there."""
    for _ in range(1200):
        found = [int(path.stem) for path in folder.glob("*.pid")]
        if len(found) == 2:
            return found
        sleep(0.05)
    raise AssertionError("the workers never came")


def alive(pid: int) -> bool:
    """Whether the process runs; one that nobody has yet waited for does not."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return state.strip() != "" and not state.strip().startswith("Z")


def all_end(pids: list[int]) -> bool:
    for _ in range(600):
        if not any(map(alive, pids)):
            return True
        sleep(0.05)
    return False


@pytest.mark.parametrize("body", [_MAPPED, _STREAMED, _POOL], ids=["mapped", "stream", "pool"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_the_processes_of_a_stage_that_is_killed_end_with_it(tmp_path: Path, body: str, number: int) -> None:
    process = stage(tmp_path, body)
    pids = workers_of(tmp_path)
    process.send_signal(number)
    assert process.wait(60) == -number
    assert all_end(pids)
    process.communicate()


# What a stage does with the first result of a stream, while the processes are busy with the next ones.
_CONSUMER = """from pathlib import Path
def slow(task):
    if task:
        note(task)
    return task
results = streamed(slow, range(3), title='sleepers')
for result in results:
    while len(list(Path().glob('*.pid'))) < 2:
        sleep(0.05)
    {}"""


@pytest.mark.parametrize(
    "body", [_MAPPED, _STREAMED, _CONSUMER.format("sleep(600)")], ids=["mapped", "stream", "consumer"]
)
def test_after_ctrl_c_a_stage_ends_with_its_processes_and_without_a_traceback(tmp_path: Path, body: str) -> None:
    process = stage(tmp_path, body)
    pids = workers_of(tmp_path)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: everyone hears it
    said = process.communicate(timeout=120)[0]
    assert process.returncode == 130
    assert said == ""
    assert all_end(pids)


@pytest.mark.parametrize(
    ("then", "code", "said"),
    [
        ("raise InputError('坏', 'bad', file='list.csv')", 2, "list.csv\n  错误：坏\n  Error: bad\n"),
        ("break", 0, ""),
    ],
    ids=["raises", "stops"],
)
def test_the_processes_of_a_stream_end_where_what_takes_its_results_stops_early(
    tmp_path: Path, then: str, code: int, said: str
) -> None:
    process = stage(tmp_path, _CONSUMER.format(then))
    pids = workers_of(tmp_path)
    assert process.communicate(timeout=120)[0] == said
    assert process.returncode == code
    assert all_end(pids)


def test_ctrl_c_while_the_libraries_load_ends_a_stage_without_a_word() -> None:
    """The package's own import is where a stage begins: here it is held up, and interrupted, right after."""
    code = "import os, runpy, signal, sys; sys.argv = ['-m']; import pipeline; os.kill(os.getpid(), signal.SIGINT)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")


def test_a_program_that_imports_the_package_keeps_its_ctrl_c() -> None:
    code = "import pipeline, signal; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == "True\n"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("mapped(die, range(2), title='x')", "JOBS=1"),
        ("mapped(full, range(2), title='x')", "no space left"),
        ("list(streamed(die, range(2), title='x'))", "JOBS=1"),
        ("list(streamed(full, range(2), title='x'))", "no space left"),
    ],
    ids=["ended by the system", "disk full in a worker", "stream ended", "disk full in a stream"],
)
def test_what_befalls_a_worker_is_told_by_the_stage(tmp_path: Path, body: str, said: str) -> None:
    process = stage(tmp_path, body)
    found = process.communicate(timeout=120)[0]
    assert process.returncode == 2
    assert said in found
    assert "错误：" in found
    assert "Traceback" not in found


# --- raw files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [b"longer than before", b"none", None], ids=["longer", "as long", "removed"])
def test_a_raw_file_that_is_rewritten_or_removed_while_it_is_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: bytes | None
) -> None:
    path = tmp_path / "raw.txt"
    path.write_bytes(b"some")
    os.utime(path, ns=(0, 0))
    read = Path.read_bytes

    def meanwhile() -> None:
        path.unlink() if after is None else path.write_bytes(after)

    def slowly(self: Path) -> bytes:
        data = read(self)
        other = threading.Thread(target=meanwhile)
        other.start()
        other.join()
        return data

    monkeypatch.setattr(Path, "read_bytes", slowly)
    with pytest.raises(InputError, match="vanished" if after is None else "changed") as caught:
        formats.bytes_of(path)
    assert caught.value.file == str(path)


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_pipe_or_a_device_is_refused_and_not_waited_for(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "raw.txt"
    if kind == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("/dev/zero")
    [found] = formats.files_of(path)
    with pytest.raises(InputError, match="neither a file nor a folder"):
        formats.bytes_of(found)


def test_a_folder_that_may_not_be_looked_into_is_told_and_not_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "内").mkdir()
    look = os.scandir

    def forbidden(path: str) -> object:
        if str(path).endswith("内"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return look(path)

    monkeypatch.setattr(os, "scandir", forbidden)
    with pytest.raises(PermissionError) as caught:
        formats.files_of(tmp_path)
    assert caught.value.filename == str(tmp_path / "内")


def read_table(path: Path) -> pd.DataFrame:
    row = {
        "file": path.as_posix(),
        "bytes": 4,
        "sha256": sha256(path),
        "encoding": "utf-8",
        "columns": "",
        "documents": 1,
        "skipped": "",
    }
    return tables.from_rows([row], tables.FILES)


@pytest.mark.parametrize("after", [b"other", None], ids=["changed", "removed"])
def test_a_raw_file_that_is_another_after_the_run_stops_the_account_of_it(tmp_path: Path, after: bytes | None) -> None:
    path = tmp_path / "raw.txt"
    path.write_bytes(b"some")
    read = read_table(path)
    assert provenance.raw_of(read)["sha256"] == sha256(path)
    path.unlink() if after is None else path.write_bytes(after)
    with pytest.raises(InputError, match="changed during the run") as caught:
        provenance.raw_of(read)
    assert caught.value.file == str(path)


# --- generated files that are damaged ----------------------------------------------------------------------------


def table_of(folder: Path) -> tuple[Path, bytes]:
    """A table as it is written, with two rows of text."""
    path = folder / "uncoded.csv"
    kinds = {"text": "文字", "int": 1, "float": 0.5, "flag": True, "ids": ["M1", "M2"]}
    rows = [{c.name: f"文字{n}" if c.kind == "text" else kinds[c.kind] for c in tables.UNCODED.columns} for n in (1, 2)]
    tables.write((tables.from_rows(rows, tables.UNCODED), tables.UNCODED, path))
    return path, path.read_bytes()


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda _: b"\xef\xbb\xbf",
        lambda data: data[:20],
        lambda data: data[: data.rindex(b",")],
        lambda data: data.replace(b",", b";"),
        lambda data: data.decode("utf-8-sig").encode("gb18030"),
        lambda data: data.decode("utf-8-sig").encode("utf-16"),
        lambda data: b"\0" * len(data),
        lambda data: data + data.splitlines(keepends=True)[-1],
    ],
    ids=["empty", "only a mark", "head cut", "row cut", "semicolons", "GB 18030", "UTF-16", "zeros", "row repeated"],
)
def test_a_damaged_table_is_named_and_is_to_be_deleted(tmp_path: Path, damage: object) -> None:
    path, data = table_of(tmp_path)
    path.write_bytes(damage(data))  # type: ignore[operator]
    with pytest.raises(InputError, match="Delete it") as caught:
        tables.read(path, tables.UNCODED)
    assert caught.value.file == str(path)
    assert "删除它" in caught.value.zh


def test_a_table_saved_again_with_other_ends_of_lines_or_without_a_mark_is_read_as_it_was(tmp_path: Path) -> None:
    path, data = table_of(tmp_path)
    before = tables.read(path, tables.UNCODED)
    for other in (data.replace(b"\r\n", b"\n"), data.removeprefix(b"\xef\xbb\xbf")):
        path.write_bytes(other)
        pd.testing.assert_frame_equal(tables.read(path, tables.UNCODED), before)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"null", b"\xff\xfe", b'{"raw": 1', b"[" * 100_000])
def test_a_damaged_account_of_a_run_is_named_and_is_to_be_deleted(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "provenance.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match="Delete it") as caught:
        read_json(path, "raw")
    assert caught.value.file == str(path)
    with pytest.raises(SystemExit):
        run(manifest.main, [str(path), "corpus", "figures", str(path), str(tmp_path / "manifest.json")])
    assert capsys.readouterr().err.startswith(f"{path}\n")
    assert not (tmp_path / "manifest.json").exists()


def test_an_account_that_is_whole_is_read_as_it_was_written(tmp_path: Path) -> None:
    data = {"raw": {"文件": "甲"}, "run": [1]}
    write_json(data, tmp_path / "a.json")
    assert read_json(tmp_path / "a.json", "raw", "run") == data


SHORT = "choice.csv s.toml g.csv m.mplstyle zh.toml en.toml figures/silhouette\n"  # the page's name is missing


@pytest.mark.parametrize("content", [b"", b"a.csv", b"\xff", " ".join("abcdefghi").encode(), SHORT.encode()])
def test_a_damaged_note_of_a_figure_is_named_and_is_to_be_deleted(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "silhouette.todo"
    path.write_bytes(content)
    with pytest.raises(InputError, match="Delete it") as caught:
        arguments_of(path)
    assert caught.value.file == str(path)
    path.write_text("choice.csv s.toml g.csv m.mplstyle zh.toml en.toml page/silhouette figures/silhouette\n")
    assert arguments_of(path)[-2:] == [Path("page/silhouette"), Path("figures/silhouette")]


@pytest.mark.parametrize("content", [b"", b"[keywords\ntop = 1", b"\xff\xfe", b"[keywords]\n"])
def test_damaged_settings_in_force_are_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_settings(path)
    assert caught.value.file == str(path)
