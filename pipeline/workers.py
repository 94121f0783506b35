"""Spread independent pieces of work over processes, in a fixed order, with progress where someone is watching."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from functools import lru_cache, partial
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from queue import SimpleQueue
from time import process_time, sleep
from traceback import format_exc
from typing import Any, NamedTuple, TextIO, TypeVar

from tqdm import tqdm

from pipeline.resources import asked, jobs, scheduler

Task = TypeVar("Task")
Result = TypeVar("Result")

_WATCHED = 2  # seconds after which progress shows
# A forked process has what this one has loaded. Elsewhere the system's own numerics do not survive a fork.
_METHOD = "fork" if sys.platform == "linux" else "spawn"
_STARTING = 0.2 if _METHOD == "fork" else 2.0  # seconds that other processes take to start; they must save more
_UNIT = "份 tasks"
_AHEAD = 4  # tasks of a stream that a process may have in hand: done and waiting, under way, or next


class Serving(NamedTuple):
    """Who does the work of a stream: takes a task and says what to call for its answer; and how many they are now."""

    submit: Callable[[bytes], Callable[[], bytes]]
    width: Callable[[], int]


def _inside() -> bool:
    """Whether this is a worker, which starts none itself."""
    return parent_process() is not None


@contextmanager
def _screen() -> Iterator[TextIO | None]:
    """The terminal that someone watches, also behind `make`, which holds back what its jobs print; None where there is none."""
    device = os.environ.get("MAKE_TERMERR", "")
    if _inside():
        yield None
    elif device.startswith("/dev/"):
        try:
            with open(device, "w", encoding="utf-8") as screen:
                yield screen
        except OSError:
            yield None
    else:
        yield sys.stderr if sys.stderr.isatty() else None


def workers() -> int:
    """How many processes to use; one inside a worker."""
    return 1 if _inside() else jobs()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Processes that are started in the block never see a Ctrl-C, which would have each of them print a traceback."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
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
    shown = "{desc}: {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt}, {rate_noinv_fmt}, 还需 left {remaining}"
    unending = "{desc}: {n_fmt}, {rate_noinv_fmt}, 已用 elapsed {elapsed}"
    return tqdm(
        results, title, total, leave=False, file=screen, disable=screen is None, delay=_WATCHED, unit=f" {unit}",
        bar_format=shown if total else unending,
    )  # fmt: skip


@lru_cache(maxsize=4)
def _loaded(work: bytes) -> Callable[[Any], Any]:
    import cloudpickle

    return cloudpickle.loads(work)


def _answer(load: Callable[[], Callable[[Any], Any]], task: bytes) -> bytes:
    """The result of the task, and None; or None, and what went wrong. Everything pickled: it comes from another process."""
    import cloudpickle

    try:
        return cloudpickle.dumps((load()(cloudpickle.loads(task)), None))
    except Exception as error:
        error.add_note(format_exc())  # where it was, which no process but this one knows
        try:
            told = cloudpickle.dumps((None, error))
            cloudpickle.loads(told)
        except Exception:  # it does not survive the way
            told = cloudpickle.dumps((None, RuntimeError(format_exc())))
        return told


def answer(work: bytes, task: bytes) -> bytes:
    """What a worker of a cluster, which is sent the work too, answers to a task."""
    return _answer(lambda: _loaded(work), task)


def _serve(asked: Connection, parent: int, load: Callable[[], Callable[[Any], Any]]) -> None:
    """A process of a stream: answer one task after the other, until nobody asks; with one thread, as `make` has it."""
    from threadpoolctl import threadpool_limits

    end_with(parent)
    with suppress(EOFError), threadpool_limits(1):
        while True:
            asked.send_bytes(_answer(load, asked.recv_bytes()))


@contextmanager
def _processes(work: Callable[[Any], Any], count: int) -> Iterator[Serving]:
    """``count`` processes, which end with the block."""
    import cloudpickle

    context: Any = get_context(_METHOD)
    load = (lambda: work) if _METHOD == "fork" else partial(_loaded, cloudpickle.dumps(work))
    idle: SimpleQueue[Connection] = SimpleQueue()
    started = []

    def asked(task: bytes) -> bytes:
        server = idle.get()
        try:
            server.send_bytes(task)
            return server.recv_bytes()
        except (EOFError, OSError):
            raise BrokenExecutor("a process was ended") from None
        finally:
            idle.put(server)

    with ThreadPoolExecutor(count) as threads:
        try:
            with _uninterrupted():  # the processes start here
                for _ in range(count):
                    here, there = context.Pipe()
                    process = context.Process(target=_serve, args=(there, os.getpid(), load), daemon=True)
                    process.start()
                    there.close()
                    idle.put(here)
                    started.append(process)
            yield Serving(lambda task: threads.submit(asked, task).result, lambda: count)
        finally:
            threads.shutdown(wait=False, cancel_futures=True)
            for process in started:  # their threads end with them
                process.kill()
                process.join()


def _in_turn(serving: AbstractContextManager[Serving], tasks: Iterator[Any]) -> Generator[Any]:
    """The results of those who serve, in the order of the tasks; who serves stops with this generator, however it ends."""
    import cloudpickle

    with serving as served:
        drawn = (served.submit(cloudpickle.dumps(task)) for task in tasks)
        ahead: deque[Callable[[], bytes]] = deque()
        while True:
            ahead.extend(islice(drawn, max(0, served.width() * _AHEAD - len(ahead))))
            if not ahead:
                return
            result, error = cloudpickle.loads(ahead.popleft()())
            if error is not None:
                raise error
            yield result


def _spread(work: Callable[[Task], Result], tasks: Iterable[Task]) -> Generator[Result]:
    """The results in the order of the tasks: from a cluster, from processes, or, of one task, from here."""
    ahead = iter(tasks)
    cluster = "" if _inside() else scheduler()
    first = list(islice(ahead, 2 if cluster else workers()))  # no more processes than tasks
    given = chain(first, ahead)
    if len(first) < 2:
        return (work(task) for task in given)
    if not cluster:
        return _in_turn(_processes(work, len(first)), given)
    import cloudpickle

    from pipeline.scheduler import serving  # takes a second to load

    return _in_turn(serving(cluster, cloudpickle.dumps(work)), given)


def streamed(
    work: Callable[[Task], Result], tasks: Iterable[Task], *, title: str, total: int | None = None, unit: str = _UNIT
) -> Iterator[Result]:
    """``work`` done on every task of a stream too long for memory; results in the order of the tasks.

    A task is drawn when a result is taken: at most `_AHEAD` tasks of each process are drawn and not yet given back. As
    with `mapped`, a task carries its own seed. Whoever stops early closes the iterator, or lets go of it. ``unit`` says
    what a task is, for the rate that is shown: ``篇 documents``.
    """
    results = _spread(work, tasks)
    with closing(results), _screen() as screen, _progress(results, title, total, unit, screen) as shown:
        yield from shown


def _results(work: Callable[[Task], Result], tasks: Sequence[Task]) -> Iterator[Result]:
    """The results in order: from here, and from other processes as soon as the first tasks show that these save time.

    Those that were asked for start at once.
    """
    start = process_time()
    for at, task in enumerate(tasks):
        left = len(tasks) - at
        count = min(workers(), left)
        saved = (process_time() - start) / at * left * (1 - 1 / count) if at else 0.0
        if count > 1 and (asked() or saved > _STARTING):
            with closing(_in_turn(_processes(work, count), iter(tasks[at:]))) as rest:
                yield from rest
            return
        yield work(task)


def mapped(work: Callable[[Task], Result], tasks: Sequence[Task], *, title: str, unit: str = _UNIT) -> list[Result]:
    """``work`` done on every task; results in the order of the tasks, whatever the number of processes.

    A task must carry its own seed, so that no result depends on who computed what before.
    """
    if scheduler():
        return list(streamed(work, tasks, title=title, total=len(tasks), unit=unit))
    with _screen() as screen, _progress(_results(work, tasks), title, len(tasks), unit, screen) as shown:
        return list(shown)
