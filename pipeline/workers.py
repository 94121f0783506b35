"""Spread independent pieces of work over processes, in a fixed order, with progress where someone is watching."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from queue import SimpleQueue
from time import sleep
from traceback import format_exc
from typing import TextIO, TypeVar

from tqdm import tqdm

from pipeline.resources import jobs

Task = TypeVar("Task")
Result = TypeVar("Result")

_WATCHED = 2  # seconds after which progress shows
_UNIT = " 份/tasks"
_AHEAD = 4  # tasks of a stream that a process may have in hand: done and waiting, under way, or next


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
    """How many processes to use; one inside a worker."""
    return 1 if parent_process() is not None else jobs()


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


def _progress(
    results: Iterable[Result], title: str, total: int | None, unit: str, screen: TextIO | None
) -> tqdm[Result]:
    """The same results; on the screen how many there are, how many a second, and how long the rest will take."""
    return tqdm(results, title, total, leave=False, file=screen, disable=screen is None, unit=unit, delay=_WATCHED)


def mapped(work: Callable[[Task], Result], tasks: Sequence[Task], *, title: str, unit: str = _UNIT) -> list[Result]:
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
        with _progress(results, title, len(tasks), unit, screen) as shown:
            return list(shown)


def _serve(asked: Connection, parent: int, work: bytes) -> None:
    """A process of a stream: answer every task with its result or with what went wrong, until nobody asks."""
    import cloudpickle

    end_with(parent)
    done = cloudpickle.loads(work)
    with suppress(EOFError):
        while True:
            task = asked.recv_bytes()
            try:
                answer = cloudpickle.dumps((done(cloudpickle.loads(task)), None))
            except Exception as error:
                error.add_note(format_exc())  # where it was, which no process but this one knows
                answer = cloudpickle.dumps((None, error))
            asked.send_bytes(answer)


@contextmanager
def _serving(work: bytes, count: int) -> Iterator[Callable[[bytes], bytes]]:
    """Processes that end with the block; what is yielded asks one that is idle, from any of ``count`` threads."""
    context = get_context("spawn")
    idle: SimpleQueue[Connection] = SimpleQueue()
    processes = []

    def asked(task: bytes) -> bytes:
        server = idle.get()
        try:
            server.send_bytes(task)
            return server.recv_bytes()
        except (EOFError, OSError):
            raise BrokenExecutor("a process was ended") from None
        finally:
            idle.put(server)

    try:
        with _uninterrupted():  # the processes start here
            for _ in range(count):
                here, there = context.Pipe()
                process = context.Process(target=_serve, args=(there, os.getpid(), work), daemon=True)
                process.start()
                there.close()
                idle.put(here)
                processes.append(process)
        yield asked
    finally:
        for process in processes:
            process.kill()
            process.join()


def _spread(work: Callable[[Task], Result], tasks: Iterator[Task], count: int) -> Generator[Result]:
    """The results of ``count`` processes, which end with this generator, however that ends."""
    import cloudpickle

    with ThreadPoolExecutor(count) as threads, _serving(cloudpickle.dumps(work), count) as asked:
        drawn = (threads.submit(asked, cloudpickle.dumps(task)) for task in tasks)
        try:
            ahead = deque(islice(drawn, count * _AHEAD))
            while ahead:
                result, error = cloudpickle.loads(ahead.popleft().result())
                if error is not None:
                    raise error
                yield result
                ahead.extend(islice(drawn, 1))
        finally:
            threads.shutdown(wait=False, cancel_futures=True)


def streamed(
    work: Callable[[Task], Result], tasks: Iterable[Task], *, title: str, total: int | None = None, unit: str = _UNIT
) -> Iterator[Result]:
    """``work`` done on every task of a stream too long for memory; results in the order of the tasks.

    A task is drawn when a result is taken: at most `_AHEAD` tasks of each process are drawn and not yet given back. As
    with `mapped`, a task carries its own seed. Whoever stops early closes the iterator, or lets go of it.
    """
    ahead = iter(tasks)
    first = list(islice(ahead, workers()))  # no more processes than tasks
    given = chain(first, ahead)
    results = _spread(work, given, len(first)) if len(first) > 1 else (work(task) for task in given)
    with closing(results), _screen() as screen, _progress(results, title, total, unit, screen) as shown:
        yield from shown
