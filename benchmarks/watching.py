"""Run a command and watch its processes in /proc: seconds, memory, and how long each stage of the pipeline took."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_PROC = Path("/proc")
_EVERY = 0.05  # seconds between two looks
_WEIGHED = 0.5  # seconds between two looks at what all take together, which cost more
_STAGE = re.compile(rb"\0-m\0pipeline\.([\w.]+)\0")
_ENDING = 10  # seconds that killed processes may take
_TOLD = 400  # characters of what a command printed last that a message quotes


class StoppedError(Exception):
    """The command failed, or was stopped at one of its limits."""


@dataclass(frozen=True)
class Limits:
    """At which a run is stopped, so that one too large does not take the machine with it."""

    seconds: float
    memory: int  # bytes, of all its processes together


@dataclass
class Stage:
    """One stage, all its runs together: ``peak`` of its largest process."""

    seconds: float = 0.0
    peak: int = 0


@dataclass(frozen=True)
class Run:
    """``peak``: bytes of the largest process; ``together``: of all at once, a shared page divided among those that share it."""

    seconds: float
    peak: int
    together: int
    stages: Mapping[str, Stage]
    printed: str


@dataclass
class _Seen:
    """A process while it lives."""

    started: float
    stage: str = ""
    own: bool = False  # began the stage; others of the stage were started by it
    last: float = 0.0
    peak: int = 0


@dataclass
class _Watch:
    """What was seen so far of the processes below ``root``."""

    root: int
    seen: dict[tuple[int, float], _Seen] = field(default_factory=dict)
    now: float = 0.0
    together: int = 0
    weighed: float = 0.0

    def look(self) -> None:
        """Look at every process once, and now and then at what all take together."""
        self.now = time.clock_gettime(time.CLOCK_BOOTTIME)
        weigh = self.now - self.weighed >= _WEIGHED
        total = 0
        waiting = [(self.root, "")]
        while waiting:
            pid, above = waiting.pop()
            try:
                stage = self._one(pid, above)
                total += kilobytes(_PROC / str(pid) / "smaps_rollup", "Pss") if weigh else 0
                below = [
                    int(child)
                    for task in (_PROC / str(pid) / "task").iterdir()
                    for child in (task / "children").read_text().split()
                ]
            except (OSError, ValueError, IndexError):  # it has ended in the meantime
                continue
            waiting += [(child, stage) for child in below]
        if weigh:
            self.weighed = self.now
            self.together = max(self.together, total)

    def _one(self, pid: int, above: str) -> str:
        """Note a process; the stage that it belongs to."""
        folder = _PROC / str(pid)
        started = int((folder / "stat").read_text().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
        process = self.seen.setdefault((pid, started), _Seen(started))
        if not process.stage:  # until it has become what it was started for
            found = _STAGE.search((folder / "cmdline").read_bytes())
            process.stage, process.own = (above, False) if above or not found else (found[1].decode(), True)
        process.last = self.now
        process.peak = max(process.peak, kilobytes(folder / "status", "VmHWM"))
        return process.stage

    def stages(self) -> dict[str, Stage]:
        found: dict[str, Stage] = {}
        for process in self.seen.values():
            if process.stage:
                stage = found.setdefault(process.stage, Stage())
                stage.peak = max(stage.peak, process.peak)
                stage.seconds += process.last - process.started if process.own else 0.0
        return found


def kilobytes(file: Path, key: str) -> int:
    """Bytes that a line of /proc/PID/status or the like states in kB; 0 where there is none, as of a process that has ended."""
    said = file.read_bytes()
    at = said.find(f"\n{key}:".encode())
    return int(said[at:].split(None, 2)[1]) * 1024 if at >= 0 else 0


def watched(command: Sequence[str], folder: Path, limits: Limits, environment: Mapping[str, str] | None = None) -> Run:
    """The command run to its end; `StoppedError` where it fails, takes longer or needs more than the limits allow."""
    if not _PROC.joinpath("self/status").exists():
        raise StoppedError("memory is read from /proc, which only Linux has")
    with tempfile.TemporaryFile() as printed:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=dict(environment or os.environ), stdout=printed, stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        watch = _Watch(process.pid)
        try:
            while process.poll() is None:
                watch.look()
                if time.perf_counter() - start > limits.seconds:
                    raise StoppedError(f"stopped after {limits.seconds:,.0f} s{_during(watch)}")
                if watch.together > limits.memory:
                    raise StoppedError(f"stopped at {watch.together / 1e9:.1f} GB{_during(watch)}")
                time.sleep(_EVERY)
            seconds = time.perf_counter() - start
        finally:
            _end(process, watch)
        printed.seek(0)
        said = printed.read().decode(errors="replace")
    if process.returncode:
        raise StoppedError(f"{Path(command[0]).name} failed: {' '.join(said.split())[-_TOLD:]}")
    peak = max((each.peak for each in watch.seen.values()), default=0)
    return Run(seconds, peak, max(peak, watch.together), watch.stages(), said)


def _during(watch: _Watch) -> str:
    """The stages that were running, for a message."""
    running = sorted({each.stage for each in watch.seen.values() if each.own and each.last == watch.now})
    return f" in {', '.join(running)}" if running else ""


def _end(process: subprocess.Popen[bytes], watch: _Watch) -> None:
    """Where it still runs, end it and what it started, and wait until they have let go of their files."""
    if process.poll() is not None:
        return
    watch.look()
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    latest = time.monotonic() + _ENDING
    while any(_runs(pid, process.pid) for pid, _ in watch.seen) and time.monotonic() < latest:
        time.sleep(_EVERY)


def _runs(pid: int, session: int) -> bool:
    """Whether a process of the session is there and has not ended."""
    try:
        fields = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return fields[0] != "Z" and int(fields[3]) == session
