"""Work comes back in order from any number of processes, mistakes arrive, and nobody sees progress who is not there."""

from __future__ import annotations

import io
import itertools
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep

import pytest

from pipeline import workers
from pipeline.errors import InputError
from pipeline.workers import mapped, streamed
from tests.make import ROOT


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAKE_TERMERR", raising=False)


@pytest.mark.parametrize("count", ["1", "2"])
def test_results_come_in_the_order_of_the_tasks(monkeypatch: pytest.MonkeyPatch, count: str) -> None:
    def work(task: int) -> tuple[int, int]:
        sleep(0.2 if task == 5 else 0)  # the first is done last
        return task, task**2

    monkeypatch.setenv("JOBS", count)
    assert mapped(work, [5, 3, 8, 1, 9], title="squares") == [
        (5, 25), (3, 9), (8, 64), (1, 1), (9, 81),
    ]  # fmt: skip


def test_two_workers_are_processes_of_their_own_and_one_is_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for count, here in (("2", False), ("1", True)):
        monkeypatch.setenv("JOBS", count)
        found = mapped(lambda _: os.getpid(), range(4), title="processes")
        assert (os.getpid() in found) is here


def test_unless_asked_for_other_processes_start_only_where_they_save_more_than_starting_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A clock on which each task takes a second: with two processors the 3 that are left would be done 1.5 s sooner."""
    clock = itertools.count()
    monkeypatch.setattr(workers, "process_time", lambda: next(clock))
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.delenv("JOBS", raising=False)
    for starting, here in ((1.6, 4), (1.4, 1), (0.9, 1)):
        monkeypatch.setattr(workers, "_STARTING", starting)
        found = mapped(lambda task: (task, os.getpid()), range(4), title="processes")
        assert [task for task, _ in found] == [0, 1, 2, 3]
        assert [pid for _, pid in found].count(os.getpid()) == here


def test_a_worker_starts_no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBS", "2")
    assert mapped(lambda _: workers.workers(), range(2), title="nested") == [1, 1]


def test_one_task_or_none_needs_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBS", "2")
    assert mapped(lambda _: os.getpid(), ["only"], title="one") == [os.getpid()]
    assert mapped(lambda task: task, [], title="none") == []


@pytest.mark.parametrize("count", ["1", "2"])
def test_an_exception_in_the_work_arrives(monkeypatch: pytest.MonkeyPatch, count: str) -> None:
    def work(task: int) -> float:
        return 1 / task

    monkeypatch.setenv("JOBS", count)
    with pytest.raises(ZeroDivisionError):
        mapped(work, [1, 2, 0, 3], title="fractions")


class Drawn:
    """The numbers from 0, and how many of them were asked for."""

    def __init__(self, end: int) -> None:
        self.end, self.count = end, 0

    def __iter__(self) -> Iterator[int]:
        while self.count < self.end:
            self.count += 1
            yield self.count - 1


def squared(task: int) -> tuple[int, int]:
    sleep(0.2 if task == 0 else 0)  # the first is done last
    return task**2, os.getpid()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_stream_comes_in_the_order_of_its_tasks_from_any_number_of_processes(
    monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setenv("JOBS", str(count))
    done = list(streamed(squared, Drawn(40), title="squares"))
    assert [square for square, _ in done] == [number**2 for number in range(40)]
    pids = {pid for _, pid in done}
    assert pids == {os.getpid()} if count == 1 else os.getpid() not in pids


@pytest.mark.parametrize("count", [1, 2, 3])
def test_of_a_stream_only_a_few_tasks_for_each_process_stand_in_memory(
    monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setenv("JOBS", str(count))
    tasks = Drawn(10**9)
    results = streamed(lambda task: task, tasks, title="endless")
    assert tasks.count == 0
    for taken, result in enumerate(results):
        assert result == taken
        assert tasks.count - taken <= workers._AHEAD * count
        if taken == 50:
            break
    results.close()
    assert tasks.count <= 50 + workers._AHEAD * count


def test_a_stream_of_no_task_or_one_needs_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBS", "2")
    assert list(streamed(squared, [], title="none")) == []
    assert list(streamed(squared, [3], title="one")) == [(9, os.getpid())]


@pytest.mark.parametrize("count", ["1", "2"])
def test_what_is_wrong_with_a_task_of_a_stream_arrives_in_its_turn(monkeypatch: pytest.MonkeyPatch, count: str) -> None:
    def work(task: int) -> int:
        if task == 3:
            raise InputError("坏", "bad", file="list.csv", line=task)
        return task

    monkeypatch.setenv("JOBS", count)
    taken: list[int] = []
    with pytest.raises(InputError) as caught:
        taken.extend(streamed(work, range(10), title="numbers"))
    assert str(caught.value) == "list.csv:3\n  错误：坏\n  Error: bad"
    assert (caught.value.zh, caught.value.en, caught.value.file, caught.value.line) == ("坏", "bad", "list.csv", 3)


@pytest.mark.parametrize("count", ["1", "2"])
def test_what_is_wrong_with_the_source_of_a_stream_arrives(monkeypatch: pytest.MonkeyPatch, count: str) -> None:
    def tasks() -> Iterator[int]:
        yield from range(12)
        raise InputError("坏", "bad", file="list.csv")

    monkeypatch.setenv("JOBS", count)
    with pytest.raises(InputError, match="bad"):
        list(streamed(lambda task: task, tasks(), title="numbers"))


def test_in_a_stream_too_a_worker_starts_no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBS", "2")
    assert list(streamed(lambda _: workers.workers(), range(4), title="nested")) == [1, 1, 1, 1]


def test_streams_may_feed_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBS", "2")
    inner = streamed(lambda task: task + 1, range(20), title="inner")
    assert list(streamed(lambda task: task * 2, inner, title="outer")) == [2 * (task + 1) for task in range(20)]


def test_nothing_is_printed_where_stderr_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(workers, "_WATCHED", 0)
    for count in ("1", "2"):
        monkeypatch.setenv("JOBS", count)
        mapped(lambda task: task, range(5), title="silent")
    assert capfd.readouterr() == ("", "")


def test_on_a_terminal_progress_shows_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(workers, "_WATCHED", 0)
    monkeypatch.setenv("JOBS", "1")
    mapped(lambda task: task, range(5), title="shuffles")
    assert "shuffles" in terminal.getvalue()
    assert "/5" in terminal.getvalue()


def test_work_that_is_soon_done_shows_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(workers, "_WATCHED", 1000)
    monkeypatch.setenv("JOBS", "1")
    mapped(lambda task: task, range(5), title="shuffles")
    assert terminal.getvalue().strip() == ""


@pytest.mark.parametrize("device", ["/dev/null", "/dev/no-such-terminal"])
def test_behind_make_progress_goes_to_makes_terminal_or_nowhere(monkeypatch: pytest.MonkeyPatch, device: str) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(workers, "_WATCHED", 0)
    monkeypatch.setenv("MAKE_TERMERR", device)
    monkeypatch.setenv("JOBS", "1")
    assert mapped(lambda task: task, range(3), title="shuffles") == [0, 1, 2]
    assert terminal.getvalue() == ""


_WATCHED_STAGE = """
from time import sleep
from pipeline import workers
workers._WATCHED = 0
def slow(task):
    sleep(0.02)
    return task
def main():
    for total in (30, None):
        assert sum(workers.streamed(slow, range(30), title="texts 文本", total=total, unit="篇 documents")) == 435
    assert workers.mapped(slow, range(30), title="draws 抽样") == [*range(30)]
    print("made")
if __name__ == "__main__":
    main()
"""


def watched(folder: Path, *, terminal: bool, jobs: str) -> str:
    """What comes on the screen of somebody who runs that stage through make, as our Makefile does it."""
    (folder / "stage.py").write_text(_WATCHED_STAGE, "utf-8")
    (folder / "Makefile").write_text(f"MAKEFLAGS += --output-sync=target\nall: ; @'{sys.executable}' stage.py\n")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    screen, device = pty.openpty() if terminal else os.pipe()
    with subprocess.Popen(
        ["make"], cwd=folder, env={**environment, "PYTHONPATH": str(ROOT), "JOBS": jobs}, stdout=subprocess.PIPE,
        stderr=device,
    ) as process:  # fmt: skip
        os.close(device)
        said = b""
        with suppress(OSError):  # how a terminal says that nobody is left
            while read := os.read(screen, 4096):
                said += read
        os.close(screen)
        assert process.stdout is not None
        assert process.stdout.read() == b"made\n"
    assert process.returncode == 0
    return said.decode("utf-8")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_through_make_a_terminal_shows_count_rate_and_what_is_left(tmp_path: Path, jobs: str) -> None:
    said = watched(tmp_path, terminal=True, jobs=jobs)
    assert re.search(r"texts 文本: +\d+%\|.*\| \d+/30, +\d+\.\d+ 篇 documents/s, 还需 left 00:\d\d", said)
    assert re.search(r"texts 文本: \d+, +\d+\.\d+ 篇 documents/s, 已用 elapsed 00:\d\d", said)
    assert re.search(r"draws 抽样: +\d+%\|.*\| \d+/30, +\d+\.\d+ 份 tasks/s, 还需 left 00:\d\d", said)


def test_through_make_nothing_is_shown_where_nobody_watches(tmp_path: Path) -> None:
    assert watched(tmp_path, terminal=False, jobs="1") == ""
