"""Say whether the workers of a Dask cluster, SCHEDULER=tcp://host:8786, can do the work of a stage; hand it to them."""

from __future__ import annotations

import platform
import socket
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from io import BytesIO
from itertools import count
from operator import call
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zipfile import ZipFile, ZipInfo

from pipeline import remote
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.resources import scheduler
from pipeline.workers import Serving

if TYPE_CHECKING:
    from distributed import Client, Future

_CONNECTING = 10  # seconds until a scheduler that does not answer is called unreachable
_WITHOUT = 30  # seconds that a run waits for workers where there are none
# Other versions of these may give other results, or do not understand each other.
_ALIKE = (
    "cloudpickle",
    "dask",
    "distributed",
    "jieba",
    "numpy",
    "pandas",
    "rjieba",
    "scikit-learn",
    "scipy",
    "threadpoolctl",
)
_KEPT = {".py", ".toml", ".j2", ".css", ".js"}


def code() -> tuple[bytes, str]:
    """The package as a zip file, and a name that only equal bytes have."""
    package = Path(__file__).parent
    packed = BytesIO()
    with ZipFile(packed, "w") as files:
        for path in sorted(package.rglob("*")):
            if path.suffix in _KEPT:  # a date of its own would give equal code other bytes
                files.writestr(ZipInfo(path.relative_to(package.parent).as_posix()), path.read_bytes())
    return packed.getvalue(), f"jingyan-{sha256(packed.getvalue()).hexdigest()}"


@contextmanager
def _carried() -> Iterator[None]:
    """In the block, functions of `remote` are sent themselves, and not by a name that those who get them do not have."""
    import cloudpickle

    cloudpickle.register_pickle_by_value(remote)
    try:
        yield
    finally:
        cloudpickle.unregister_pickle_by_value(remote)


def _minor(python: str) -> str:
    return ".".join(python.split(".")[:2])


class Cluster:
    """The workers of a scheduler: looked at before they get work, asked, and missed where they are gone."""

    def __init__(self, client: Client, address: str) -> None:
        self.client, self.address = client, address
        self.known: dict[str, Any] = {}
        self.looked = 0.0
        self.alike = {name: version(name) for name in _ALIKE}

    def _told(self, zh: str, en: str) -> InputError:
        return InputError(zh, en, file=self.address)

    def _lost(self) -> InputError:
        return self._told(
            "与调度器的连接断了。请重新启动调度器和工作进程，再运行一次。",
            "the connection to the scheduler is lost. Start the scheduler and the workers again, then run again.",
        )

    def _check(self, new: Mapping[str, Any]) -> None:
        """An `InputError` where one of the workers would give other results."""
        for worker, facts in new.items():
            if facts["nthreads"] != 1:
                raise self._told(
                    f"工作进程 {worker} 有 {facts['nthreads']} 个线程，应为一个。请用 --nthreads 1 启动，--nworkers 写处理器个数。",
                    f"the worker {worker} has {facts['nthreads']} threads instead of one. Start it with --nthreads 1, and --nworkers for the processors.",
                )
        told: Any = self.client.get_versions()  # asks without sending code, which another Python could not read
        pythons = {worker: facts["host"]["python"] for worker, facts in told["workers"].items() if worker in new}
        for worker, python in pythons.items():
            self._compare(worker, {"Python": _minor(python)}, {"Python": _minor(platform.python_version())})
        with _carried():
            found = self.client.run(remote.found, _ALIKE, workers=[*pythons], on_error="ignore")
        for worker, versions in found.items():
            self._compare(worker, versions, self.alike)

    def _compare(self, worker: str, there: Mapping[str, str], here: Mapping[str, str]) -> None:
        others = [name for name in here if there[name] != here[name]]
        if others:
            zh = "，".join(f"{name} {there[name] or '没有'}（{here[name]}）" for name in others)
            en = ", ".join(f"{name} {there[name] or 'missing'} ({here[name]})" for name in others)
            raise self._told(
                f"工作进程 {worker} 的版本与这里（括号内）不同：{zh}。请在那台机器上按同一份代码运行 make extras，再启动。",
                f"the worker {worker} has other versions than there are here (in brackets): {en}. "
                "Run `make extras` there in the same version of the project, then start it again.",
            )

    def look(self) -> int:
        """How many workers there are, as of a second ago at the most; an `InputError` where none comes or one is other."""
        since = monotonic()
        while monotonic() - self.looked > 1:
            try:
                found = dict(self.client.scheduler_info()["workers"])
                self._check({worker: facts for worker, facts in found.items() if worker not in self.known})
            except OSError:
                raise self._lost() from None
            self.known = found
            if found:
                self.looked = monotonic()
            elif monotonic() - since > _WITHOUT:
                raise self._told(
                    f"{_WITHOUT} 秒内没有工作进程。请启动（dask worker {self.address} --nthreads 1），再运行一次。",
                    f"no worker for {_WITHOUT} seconds. Start some (dask worker {self.address} --nthreads 1), then run again.",
                )
            else:
                sleep(0.2)
        return len(self.known)

    def answer(self, future: Future) -> bytes:
        """What came of the task. Meanwhile newcomers are looked at, and that all are gone is noticed."""
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        while True:
            try:
                return future.result(timeout=1)
            except TimeoutError:
                self.look()
            except (FutureCancelledError, OSError):
                raise self._lost() from None
            except KilledWorker:
                raise self._told(
                    "同一项工作使几个工作进程先后被结束，多半因为内存不足。请减少每台机器的工作进程，再运行一次。",
                    "one piece of work ended several workers, most likely for want of memory. Start fewer on each machine, then run again.",
                ) from None
            except ImportError as error:  # of a worker that came between two looks
                raise self._told(
                    f"一个工作进程的版本与这里不同：{error}", f"a worker has other versions: {error}"
                ) from None


def _reach(address: str) -> None:
    """An `InputError` where no scheduler answers: Dask itself would wait for ever for one that takes a call and says nothing."""
    parts = urlsplit(address)
    try:
        with socket.create_connection((parts.hostname, parts.port), timeout=_CONNECTING) as called:
            if parts.scheme == "tcp" and not called.recv(1):  # a Dask server speaks first; with TLS nobody does
                raise OSError("hung up")
    except (OSError, ValueError):
        raise InputError(
            f"调度器没有回答（最多等 {_CONNECTING} 秒）。请检查地址，以及调度器是否已经启动（dask scheduler）。",
            f"no scheduler answers (within {_CONNECTING} seconds). Check the address, and whether it was started (dask scheduler).",
            file=address,
        ) from None


@contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """The cluster of a scheduler, with at least one worker, each of which can do the work."""
    try:
        import dask

        with dask.config.set(
            {"logging": {"distributed": "critical", "distributed.client": "critical", "tornado": "critical"}}
        ):
            from distributed import Client
    except ImportError:
        raise InputError(
            "使用集群需要 Dask。请运行 make extras，或去掉 SCHEDULER。",
            "a cluster needs Dask. Run `make extras`, or leave SCHEDULER out.",
            file=address,
        ) from None
    _reach(address)
    with warnings.catch_warnings(action="ignore"):  # versions that differ are told by the look at the workers
        client = Client(address, timeout=_CONNECTING, set_as_default=False, name="jingyan")
    with client, dask.config.set({"distributed.admin.large-graph-warning-threshold": "1TB"}):
        cluster = Cluster(client, address)
        cluster.look()
        yield cluster


@contextmanager
def serving(address: str, work: bytes) -> Iterator[Serving]:
    """The workers of the scheduler at ``address``.

    Code and work lie with the workers as results of tasks of their own: a worker that comes later gets them, and those of
    a worker that is killed are made again.
    """
    with connected(address) as cluster:
        package, name = code()
        first = partial(cluster.client.submit, pure=False)
        from cloudpickle import dumps, loads

        with _carried():
            asked = first(loads, dumps(remote.call))
        packed, sent = first(bytes, package), first(bytes, work)

        turns = count()

        def submit(task: bytes) -> Callable[[], bytes]:
            future = first(call, asked, packed, name, cluster.alike, sent, task, priority=-next(turns))
            return partial(cluster.answer, future)

        yield Serving(submit, cluster.look)


def main() -> None:
    address = scheduler()
    with connected(address) as cluster:
        machines = {facts["host"] for facts in cluster.known.values()}
        print(f"{address}  工作进程 workers: {len(cluster.known)}  机器 machines: {len(machines)}")


if __name__ == "__main__":
    run(main)
