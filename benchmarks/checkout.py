"""A copy of the checkout in which `make` runs, and which goes when the measuring is done."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.watching import Limits, Run, StoppedError, watched

_COPIED = ("Makefile", "data/raw", "method", "pipeline", "reports/calibration", "benchmarks")


def seconds_of(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=dict(environment), capture_output=True, check=False)
    taken = time.perf_counter() - start
    if done.returncode:
        said = " ".join((done.stdout + done.stderr).decode(errors="replace").split())[-400:]
        raise StoppedError(f"{command[0]} failed: {said}")
    return taken


@dataclass(frozen=True)
class Checkout:
    """``limits``: of one run that is watched."""

    folder: Path
    limits: Limits

    @property
    def python(self) -> str:
        return str(self.folder / ".venv" / "bin" / "python")

    @property
    def environment(self) -> dict[str, str]:
        """Free of the flags of the make that runs us, and of a cluster; numerics in one thread, as the Makefile has them."""
        kept = {
            key: value
            for key, value in os.environ.items()
            if not key.startswith(("MAKE", "MFLAGS", "CORPUS", "SCHEDULER"))
        }
        return kept | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(self.folder)}

    def make(self, *arguments: str) -> float:
        """Seconds of `make ARGUMENTS`, which is not watched."""
        return seconds_of(["make", *arguments], self.folder, self.environment)

    def watched(self, command: Sequence[str], extra: Mapping[str, str] | None = None) -> Run:
        return watched(command, self.folder, self.limits, self.environment | dict(extra or {}))

    def variable(self, name: str, *arguments: str) -> list[str]:
        """The words of a variable of the Makefile."""
        show = f"bench-show: ; @echo $({name})"
        done = subprocess.run(
            ["make", *arguments, f"--eval={show}", "bench-show"],
            cwd=self.folder, env=self.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.split()

    def processed(self, corpus: str) -> Path:
        return self.folder / "data/processed" / corpus

    def report(self, corpus: str) -> Path:
        """Its page."""
        return self.folder / "reports" / corpus / "report.html"

    def without(self, corpus: str) -> None:
        """Remove what was made of the corpus, and its raw file."""
        shutil.rmtree(self.processed(corpus), ignore_errors=True)
        shutil.rmtree(self.folder / "reports" / corpus, ignore_errors=True)
        for file in (self.folder / "data/raw").glob(f"{corpus}.*"):
            file.unlink()


@contextmanager
def checkout(venv: Path, limits: Limits) -> Iterator[Checkout]:
    """A copy beside the temporary files that shares the environment ``venv``."""
    with tempfile.TemporaryDirectory(prefix="jingyan-bench-") as name:
        folder = Path(name)
        for part in _COPIED:
            if Path(part).is_dir():
                shutil.copytree(part, folder / part)
            else:
                shutil.copy2(part, folder / part)
        for lock in Path().glob("requirements*.lock"):
            shutil.copy2(lock, folder / lock.name)
        (folder / ".venv").symlink_to(venv.absolute())
        yield Checkout(folder, limits)
