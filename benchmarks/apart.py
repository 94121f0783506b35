"""Run one function in a process of its own, so that its memory is its own: seconds and peak come back."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.watching import Limits, StoppedError, kilobytes

_STATUS = Path("/proc/self/status")


def memory(key: str = "VmHWM") -> int:
    """Resident bytes of this process: the most so far (VmHWM), or now (VmRSS).

    Not by getrusage where /proc is there: a process that was just started inherits the peak of the one that started it.
    """
    if _STATUS.exists():
        return kilobytes(_STATUS, key)
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def apart(function: str, *arguments: object, limits: Limits, environment: Mapping[str, str] | None = None) -> Any:
    """What ``module:function`` returns (a dict) for arguments given as strings, with its ``peak`` of memory."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.apart", str(limits.memory), function, *map(str, arguments)],
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", **(environment or {})},
            capture_output=True, text=True, check=False, timeout=limits.seconds,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise StoppedError(f"{function} stopped after {limits.seconds:,.0f} s") from None
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if line.strip()]
        raise StoppedError(f"{function}: {said[-1] if said else f'ended with {done.returncode}'}")
    return json.loads(done.stdout.splitlines()[-1])


def main(limit: str, function: str, *arguments: str) -> None:
    # What asks for more than the machine has gets an error of its own, and the machine is not brought to its knees.
    resource.setrlimit(resource.RLIMIT_AS, (int(limit), int(limit)))
    module, name = function.split(":")
    found = getattr(import_module(module), name)(*arguments)
    print(json.dumps({**found, "peak": memory()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
