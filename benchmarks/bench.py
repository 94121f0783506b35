"""Time `make all`: against one naive script side by side, and on 100 regions of 30 measures: `make bench`.

Both start from the ready environment; the outputs of `make all` are removed
before each run, jieba's prepared dictionary stays for both.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import large
from pipeline.fonts import font_file

_RUNS = 5
_COPIED = ("Makefile", "data/raw", "method", "pipeline", "reports/calibration", "benchmarks")


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def quiet(command: list[str], folder: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)


def main(venv: Path) -> None:
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
        make = ["make", "all"]
        python = [str(venv.absolute() / "bin" / "python"), "benchmarks/naive.py"]
        naive = [*python, "data/raw/vocational-teachers.txt", str(font_file()), "naive"]
        quiet(make, folder)
        quiet(naive, folder)
        times: dict[str, list[float]] = {"naive script": [], "make all": [], "make all, nothing to do": []}
        for _ in range(_RUNS):
            times["naive script"].append(seconds(lambda: quiet(naive, folder)))
            quiet(["make", "clean"], folder)
            times["make all"].append(seconds(lambda: quiet(make, folder)))
            times["make all, nothing to do"].append(seconds(lambda: quiet(make, folder)))
        large.write(folder / "data/raw/vocational-teachers.txt", folder / "data/raw/large.txt")
        hundred = seconds(lambda: quiet([*make, "CORPUS=large"], folder))
    print(f"{'median of ' + str(_RUNS):<26}{'seconds':>9}{'min':>9}{'max':>9}")
    for label, values in times.items():
        print(f"{label:<26}{statistics.median(values):>9.2f}{min(values):>9.2f}{max(values):>9.2f}")
    print(f"{f'{large.REGIONS} regions, once':<26}{hundred:>9.2f}")
    pairs = zip(times["make all"], times["naive script"], strict=True)
    print(f"make all takes {statistics.median(ours / theirs for ours, theirs in pairs):.2f} times the naive script")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
