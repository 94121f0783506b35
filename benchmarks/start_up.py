"""Start-up of the stages that every corpus goes through: a light one must not load what it does not need."""

from __future__ import annotations

import json
import statistics
import subprocess
import time

from benchmarks.checkout import Checkout
from benchmarks.rows import Found, Value

STAGES = ("ingest", "measures")
_HEAVY = ("sklearn", "matplotlib")
_LOADED = "import importlib, json, sys; importlib.import_module(sys.argv[1]); print(json.dumps([n for n in {heavy} if n in sys.modules]))"


def found(checkout: Checkout, repeats: int) -> Found:
    values = {}
    for stage in STAGES:
        times, loaded = [], set()
        command = [checkout.python, "-c", _LOADED.format(heavy=_HEAVY), f"pipeline.{stage}"]
        for at in range(repeats + 1):
            start = time.perf_counter()
            done = subprocess.run(
                command, cwd=checkout.folder, env=checkout.environment, capture_output=True, check=True
            )
            if at:  # the first compiles
                times.append(time.perf_counter() - start)
            loaded |= set(json.loads(done.stdout))
        values[f"start-up.{stage}"] = Value(statistics.median(times))
        values[f"start-up.{stage}-loads"] = Value(len(loaded), ", ".join(sorted(loaded)))
    return Found(values)
