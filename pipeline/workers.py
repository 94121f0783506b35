"""Spread independent pieces of work over processes, in a fixed order, with progress where someone is watching."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import parent_process
from time import sleep
from typing import TextIO, TypeVar

from tqdm import tqdm

Task = TypeVar("Task")
Result = TypeVar("Result")

_WATCHED = 2  # seconds after which progress shows


@contextmanager
def _screen() -> Iterator[TextIO | None]:
    """The terminal that someone watches, also behind `make`, which holds back what its jobs print; None where there is none."""
    device = os.environ.get("MAKE_TERMERR", "")
    if device.startswith("/dev/"):
        try:
            with open(device, "w", encoding="utf-8") as screen:
                yield screen
        except OSError:
            yield None
    else:
        yield sys.stderr if sys.stderr.isatty() else None


def workers() -> int:
    """How many processes to use: WORKERS of the environment, else as many as there are processors; one inside a worker."""
    if parent_process() is not None:
        return 1
    given = os.environ.get("WORKERS", "")
    return max(1, int(given)) if given.isdecimal() else os.cpu_count() or 1


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes that are started in the block never see a Ctrl-C, which would have each of them print a traceback."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # joblib undoes a mask
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def end_with(parent: int) -> None:
    """Have this process end within a second of ``parent``, also where that is killed and can tell nobody.

    Ctrl-C is for the parent alone.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def mapped(work: Callable[[Task], Result], tasks: Sequence[Task], *, title: str) -> list[Result]:
    """``work`` done on every task; results in the order of the tasks, whatever the number of processes.

    A task must carry its own seed, so that no result depends on who computed what before.
    """
    results: Iterable[Result]
    count = min(workers(), len(tasks))
    with _screen() as screen:
        if count > 1:
            from joblib import Parallel, delayed

            with _uninterrupted():  # the processes start here
                results = Parallel(count, return_as="generator", initializer=end_with, initargs=(os.getpid(),))(
                    delayed(work)(task) for task in tasks
                )
        else:
            results = map(work, tasks)
        return list(tqdm(results, title, len(tasks), leave=False, file=screen, disable=screen is None, delay=_WATCHED))
