"""A Dask cluster gives the bytes of one process, whatever becomes of its workers; what it cannot do is one message."""

from __future__ import annotations

import json
import os
import platform
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from time import sleep
from typing import Any
from zipfile import ZipFile

import numpy as np
import pytest

import pipeline
from pipeline import scheduler, workers
from pipeline.errors import InputError
from pipeline.scheduler import code
from pipeline.workers import mapped, streamed
from tests.make import ROOT, make

if find_spec("distributed") is None and os.environ.get("CI") != "true":
    pytest.skip("Dask is not installed: make extras", allow_module_level=True)

CORPUS = "vocational-teachers"
_DASK = (sys.executable, "-m", "dask")


def until(there: Callable[[], Any]) -> Any:
    for _ in range(1200):
        if found := there():
            return found
        sleep(0.05)
    raise AssertionError("it never came")


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


class Machines:
    """A scheduler and its workers, each a process of its own, on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.processes = folder, list[subprocess.Popen[bytes]]()
        file = folder / "scheduler.json"
        self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(file), "--no-show")
        self.address = str(until(lambda: file.exists() and json.loads(file.read_text() or "{}").get("address")))

    def _start(self, *arguments: str) -> subprocess.Popen[bytes]:
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS", "JOBS"))}
        with (self.folder / f"{len(self.processes)}.log").open("wb") as log:
            process = subprocess.Popen(
                [*_DASK, *arguments, "--no-dashboard"], cwd=self.folder, stdout=log, stderr=log,
                env={**kept, "OMP_NUM_THREADS": "4", "SCHEDULER": "tcp://nobody:1"},  # neither is what tasks shall see
            )  # fmt: skip
        self.processes.append(process)
        return process

    def worker(self, threads: int = 1) -> subprocess.Popen[bytes]:
        return self._start(
            "worker", self.address, "--nworkers", "1", "--nthreads", str(threads), "--host", "127.0.0.1",
            "--no-nanny", "--local-directory", str(self.folder),
        )  # fmt: skip

    def present(self) -> int:
        """How many workers the scheduler knows."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            return len(client.scheduler_info()["workers"])


@contextmanager
def machines(folder: Path) -> Iterator[Machines]:
    started = Machines(folder)
    try:
        yield started
    finally:
        for process in reversed(started.processes):
            end(process)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with machines(tmp_path_factory.mktemp("cluster")) as started:
        for _ in range(2):
            started.worker()
        yield started


@pytest.fixture
def used(cluster: Machines, monkeypatch: pytest.MonkeyPatch) -> Machines:
    monkeypatch.setenv("SCHEDULER", cluster.address)
    until(lambda: cluster.present() == 2)
    return cluster


def test_the_cluster_gives_the_bytes_of_one_process_in_the_order_of_the_tasks(
    used: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(seed: int) -> tuple[bytes, int]:
        drawn = np.random.default_rng([1, seed]).standard_normal((60, 400))
        return (drawn @ drawn.T).tobytes(), os.getpid()

    spread = [mapped(work, range(12), title=""), list(streamed(work, iter(range(12)), title=""))]
    monkeypatch.setenv("SCHEDULER", "")
    monkeypatch.setenv("JOBS", "1")
    alone = mapped(work, range(12), title="")
    pids = {process.pid for process in used.processes[1:]}
    for found in spread:
        assert [drawn for drawn, _ in found] == [drawn for drawn, _ in alone]
        assert {pid for _, pid in found} == pids


def test_through_make_a_stage_writes_the_same_bytes_on_a_cluster(used: Machines, built: Path, tmp_path: Path) -> None:
    copied = tmp_path / "copy"
    shutil.copytree(built, copied, symlinks=True)
    names = [f"data/processed/{CORPUS}/{name}.csv" for name in ("pair_tests", "structure", "null_distribution")]
    before = [(copied / name).read_bytes() for name in names]
    for name in names:
        (copied / name).unlink()
    done = make(copied, *names, f"SCHEDULER={used.address}")
    assert (done.returncode, done.stderr) == (0, "")
    assert "机器 machines: 1" in done.stdout
    assert [(copied / name).read_bytes() for name in names] == before


def test_of_a_stream_only_a_few_tasks_for_each_worker_stand_in_memory(used: Machines) -> None:
    drawn: list[int] = []

    def tasks() -> Iterator[int]:
        for task in range(10**9):
            drawn.append(task)
            yield task

    results = streamed(lambda task: -task, tasks(), title="")
    for taken, result in enumerate(results):
        assert result == -taken
        assert len(drawn) - taken <= 2 * workers._AHEAD
        if taken == 20:
            break
    results.close()
    assert len(drawn) > 20


def test_what_is_wrong_with_a_task_arrives_as_itself(used: Machines) -> None:
    def work(task: int) -> int:
        if task == 3:
            raise InputError("坏", "bad", file="list.csv", line=task)
        return task

    with pytest.raises(InputError) as caught:
        mapped(work, range(6), title="")
    assert str(caught.value) == "list.csv:3\n  错误：坏\n  Error: bad"
    with pytest.raises(ZeroDivisionError):
        mapped(lambda task: 1 / task, [1, 0], title="")


def test_a_worker_has_one_thread_and_starts_no_workers_whatever_its_environment_says(used: Machines) -> None:
    def work(_: int) -> tuple[list[int], int, list[int]]:
        import sklearn.cluster  # noqa: F401  brings OpenMP along
        from threadpoolctl import threadpool_info

        from pipeline.workers import mapped as nested, workers as count

        return [each["num_threads"] for each in threadpool_info()], count(), nested(abs, [-1, -2], title="")

    for threads, count, nested in mapped(work, range(4), title=""):
        assert {*threads} == {1}
        assert count == 1
        assert nested == [1, 2]


def test_the_code_and_the_files_that_lie_beside_it_come_along(used: Machines) -> None:
    def here(_: int) -> dict[str, str]:
        package = Path(sys.modules["pipeline"].__file__ or "").parent
        kept = {".py", ".toml", ".j2", ".css", ".js"}
        files = [path for path in package.rglob("*") if path.suffix in kept]
        return {path.relative_to(package).as_posix(): sha256(path.read_bytes()).hexdigest() for path in files}

    expected = here(0)
    assert "charts/strings.zh.toml" in expected
    assert mapped(here, range(4), title="") == [expected] * 4


def test_workers_take_over_code_that_was_changed_since_the_last_run(
    used: Machines, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def which(_: int) -> str:
        return str(sys.modules["pipeline"].__version__)

    assert mapped(which, range(4), title="") == [pipeline.__version__] * 4
    with monkeypatch.context() as changed:
        shutil.copytree(ROOT / "pipeline", tmp_path / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
        first = tmp_path / "pipeline/__init__.py"
        first.write_text(first.read_text("utf-8").replace(pipeline.__version__, "changed"), "utf-8")
        changed.setattr(scheduler, "__file__", str(tmp_path / "pipeline/scheduler.py"))
        assert mapped(which, range(4), title="") == ["changed"] * 4
    assert mapped(which, range(4), title="") == [pipeline.__version__] * 4


def test_equal_code_is_packed_into_equal_bytes_and_other_code_has_another_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, text in (("a", "x = 1\n"), ("b", "x = 1\n"), ("c", "x = 2\n")):
        (tmp_path / name / "__pycache__").mkdir(parents=True)
        (tmp_path / name / "__pycache__/x.pyc").write_text(name)
        (tmp_path / name / "x.py").write_text(text)
    packed = {}
    for name in "abc":
        monkeypatch.setattr(time, "time", partial(float, 10**9 * (1 + len(packed))))  # packed years apart
        (tmp_path / name).rename(tmp_path / "pipeline")
        monkeypatch.setattr(scheduler, "__file__", str(tmp_path / "pipeline/scheduler.py"))
        packed[name] = code()
        (tmp_path / "pipeline").rename(tmp_path / name)
    assert packed["a"] == packed["b"]
    assert packed["a"][1] != packed["c"][1]
    (tmp_path / "packed.zip").write_bytes(packed["a"][0])
    assert ZipFile(tmp_path / "packed.zip").namelist() == ["pipeline/x.py"]


def test_what_a_worker_that_is_killed_had_in_hand_is_done_by_another(used: Machines, tmp_path: Path) -> None:
    victim = used.worker()
    notes = tmp_path / "notes"
    notes.mkdir()

    def work(task: int) -> int:
        (notes / f"{task}.{os.getpid()}").touch()
        sleep(0.2)
        return task**2

    def killed() -> list[str]:
        return [path.stem for path in notes.glob(f"*.{victim.pid}")]

    until(lambda: used.present() == 3)
    results = streamed(work, range(30), title="")
    first = [next(results)]
    until(killed)
    end(victim)
    assert [*first, *results] == [task**2 for task in range(30)]
    begun = {stem: len([*notes.glob(f"{stem}.*")]) for stem in killed()}
    assert max(begun.values()) == 2


@pytest.mark.parametrize(
    ("name", "there", "said"),
    [("version", "0.0", "numpy {} (0.0)"), ("python_version", "3.99.1", "Python {} (3.99)")],
    ids=["package", "python"],
)
def test_a_worker_with_other_versions_is_named_before_it_gets_work(
    used: Machines, monkeypatch: pytest.MonkeyPatch, name: str, there: str, said: str
) -> None:
    own = np.__version__ if name == "version" else ".".join(platform.python_version_tuple()[:2])
    monkeypatch.setattr(scheduler if name == "version" else platform, name, lambda *_: there)
    with pytest.raises(InputError) as caught:
        mapped(abs, [1, 2], title="")
    assert "tcp://127.0.0.1:" in caught.value.en
    assert said.format(own) in caught.value.en
    assert "make extras" in caught.value.zh


def test_without_workers_or_with_the_wrong_ones_a_run_says_so_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "_WITHOUT", 1)
    note = tmp_path / "begun"

    def forever(_: int) -> None:
        note.touch()
        sleep(600)

    with machines(tmp_path) as found:
        monkeypatch.setenv("SCHEDULER", found.address)
        with pytest.raises(InputError, match="no worker for 1 seconds") as caught:
            mapped(abs, [1, 2], title="")
        assert f"dask worker {found.address} --nthreads 1" in caught.value.zh

        monkeypatch.setattr(scheduler, "_WITHOUT", 60)
        only = found.worker()
        results = streamed(lambda task: forever(task) if task else task, [0, 1, 2], title="")
        assert next(results) == 0
        until(note.exists)
        end(only)
        monkeypatch.setattr(scheduler, "_WITHOUT", 1)
        with pytest.raises(InputError, match="no worker for 1 seconds"):
            next(results)

        found.worker(threads=2)
        monkeypatch.setattr(scheduler, "_WITHOUT", 60)
        with pytest.raises(InputError, match="has 2 threads instead of one") as caught:
            mapped(abs, [1, 2], title="")
        assert "--nthreads 1" in caught.value.zh

        end(found.processes[-1])
        until(lambda: found.present() == 0)
        found.worker()
        results = streamed(lambda task: sleep(600) if task else task, [0, 1, 2], title="")
        assert next(results) == 0
        end(found.processes[0])
        with pytest.raises(InputError, match="connection to the scheduler is lost"):
            next(results)


def test_a_scheduler_that_does_not_answer_is_told_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "_CONNECTING", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent:  # takes the call, and says nothing
        port = silent.getsockname()[1]
        monkeypatch.setenv("SCHEDULER", f"tcp://127.0.0.1:{port}")
        with pytest.raises(InputError, match="no scheduler answers") as caught:
            mapped(abs, [1, 2], title="")
        assert caught.value.file == f"tcp://127.0.0.1:{port}"
    for address in (f"tcp://127.0.0.1:{port}", "tcp://no-such-host.invalid:8786", "tcp://localhost:99999"):
        monkeypatch.setenv("SCHEDULER", address)
        with pytest.raises(InputError, match="no scheduler answers"):
            mapped(abs, [1, 2], title="")


def test_make_tells_once_that_there_is_no_scheduler(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    done = make(ROOT, "scheduler", "--assume-old=.venv/core.ok", f"SCHEDULER=tcp://127.0.0.1:{port}")
    assert done.returncode == 2
    assert done.stderr.count("错误：调度器没有回答") == done.stderr.count("Error: no scheduler answers") == 1
    assert "Traceback" not in done.stderr


def test_without_dask_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.setenv("SCHEDULER", "tcp://127.0.0.1:8786")
    with pytest.raises(InputError, match="make extras") as caught:
        mapped(abs, [1, 2], title="")
    assert "make extras" in caught.value.zh


def test_one_task_or_none_asks_no_cluster(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHEDULER", "tcp://no-such-host.invalid:8786")
    assert mapped(abs, [-1], title="") == [1]
    assert list(streamed(abs, [], title="")) == []
