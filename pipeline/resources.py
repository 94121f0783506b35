"""What a run may use: JOBS and SCHEDULER of the environment, checked before a stage begins."""

from __future__ import annotations

import os
import re

from pipeline.errors import InputError


def jobs() -> int:
    """How many processes a stage may use: JOBS, else as many as there are processors."""
    given = os.environ.get("JOBS", "")
    if not given:
        return os.cpu_count() or 1
    if not (given.isascii() and given.isdecimal() and 1 <= int(given) <= 9999):
        raise InputError(
            "JOBS 是同时使用的进程数，应为 1 至 9999 的整数。不写则用全部处理器。",
            "JOBS is the number of processes to use, a whole number from 1 to 9999. Without it all processors are used.",
            file=f"JOBS={given}",
        )
    return int(given)


def asked() -> bool:
    """Whether JOBS names a number."""
    return bool(os.environ.get("JOBS"))


def scheduler() -> str:
    """The address of the scheduler of a Dask cluster that does the work; empty where there is none."""
    given = os.environ.get("SCHEDULER", "")
    if given and not re.fullmatch(r"(tcp|tls)://([\w.-]+|\[[\w.:]+\]):\d{1,5}", given, flags=re.ASCII):
        raise InputError(
            "SCHEDULER 是 Dask 调度器的地址，写作 tcp://主机:8786。",
            "SCHEDULER is the address of a Dask scheduler, as in tcp://host:8786.",
            file=f"SCHEDULER={given}",
        )
    return given
