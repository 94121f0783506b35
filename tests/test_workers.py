"""Work comes back in order from any number of processes, mistakes arrive, and nobody sees progress who is not there."""

from __future__ import annotations

import io
import os
import sys
from time import sleep

import pytest

from pipeline import workers
from pipeline.workers import mapped


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

    monkeypatch.setenv("WORKERS", count)
    assert mapped(work, [5, 3, 8, 1, 9], title="squares") == [
        (5, 25), (3, 9), (8, 64), (1, 1), (9, 81),
    ]  # fmt: skip


def test_two_workers_are_processes_of_their_own_and_one_is_this_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for count, here in (("2", False), ("1", True)):
        monkeypatch.setenv("WORKERS", count)
        found = mapped(lambda _: os.getpid(), range(4), title="processes")
        assert (os.getpid() in found) is here


def test_a_worker_starts_no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKERS", "2")
    assert mapped(lambda _: workers.workers(), range(2), title="nested") == [1, 1]


def test_one_task_or_none_needs_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKERS", "2")
    assert mapped(lambda _: os.getpid(), ["only"], title="one") == [os.getpid()]
    assert mapped(lambda task: task, [], title="none") == []


@pytest.mark.parametrize("count", ["1", "2"])
def test_an_exception_in_the_work_arrives(monkeypatch: pytest.MonkeyPatch, count: str) -> None:
    def work(task: int) -> float:
        return 1 / task

    monkeypatch.setenv("WORKERS", count)
    with pytest.raises(ZeroDivisionError):
        mapped(work, [1, 2, 0, 3], title="fractions")


@pytest.mark.parametrize(("given", "expected"), [("3", 3), ("1", 1), ("0", 1)])
def test_the_environment_says_how_many_processes(monkeypatch: pytest.MonkeyPatch, given: str, expected: int) -> None:
    monkeypatch.setenv("WORKERS", given)
    assert workers.workers() == expected


@pytest.mark.parametrize("given", ["", "two", "-1", "1.5", "²"])
def test_without_a_number_there_are_as_many_as_processors(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    monkeypatch.setenv("WORKERS", given)
    assert workers.workers() == 7
    monkeypatch.delenv("WORKERS")
    assert workers.workers() == 7
    monkeypatch.setattr(os, "cpu_count", lambda: None)  # a system that does not say
    assert workers.workers() == 1


def test_nothing_is_printed_where_stderr_is_no_terminal(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(workers, "_WATCHED", 0)
    for count in ("1", "2"):
        monkeypatch.setenv("WORKERS", count)
        mapped(lambda task: task, range(5), title="silent")
    assert capfd.readouterr() == ("", "")


def test_on_a_terminal_progress_shows_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(workers, "_WATCHED", 0)
    monkeypatch.setenv("WORKERS", "1")
    mapped(lambda task: task, range(5), title="shuffles")
    assert "shuffles" in terminal.getvalue()
    assert "/5" in terminal.getvalue()


def test_work_that_is_soon_done_shows_no_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(workers, "_WATCHED", 1000)
    monkeypatch.setenv("WORKERS", "1")
    mapped(lambda task: task, range(5), title="shuffles")
    assert terminal.getvalue().strip() == ""


@pytest.mark.parametrize("device", ["/dev/null", "/dev/no-such-terminal"])
def test_behind_make_progress_goes_to_makes_terminal_or_nowhere(monkeypatch: pytest.MonkeyPatch, device: str) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(workers, "_WATCHED", 0)
    monkeypatch.setenv("MAKE_TERMERR", device)
    monkeypatch.setenv("WORKERS", "1")
    assert mapped(lambda task: task, range(3), title="shuffles") == [0, 1, 2]
    assert terminal.getvalue() == ""
