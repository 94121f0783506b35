"""What runs on a worker of a cluster before the code of the project is there: the standard library and Dask only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def found(packages: Sequence[str]) -> dict[str, str]:
    """The versions that this process has of the packages; of one that it has not, an empty one."""
    from importlib.metadata import PackageNotFoundError, version

    versions = {}
    for package in packages:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = ""
    return versions


def call(code: bytes, name: str, wanted: Mapping[str, str], work: bytes, task: bytes) -> bytes:
    """The answer to a task, by the code of whoever asks, whatever code this worker had before; with one thread."""
    import os
    import sys
    from importlib import import_module, invalidate_caches
    from io import BytesIO
    from pathlib import Path
    from zipfile import ZipFile

    from distributed import get_worker

    here = Path(get_worker().local_directory) / name
    if not here.exists() or str(here) not in sys.path:
        if found([*wanted]) != dict(wanted):
            raise ImportError(f"{wanted} instead of {found([*wanted])}")
        with ZipFile(BytesIO(code)) as files:
            files.extractall(here)
    if sys.path[0] != str(here):
        sys.path[:] = [str(here), *(path for path in sys.path if path != str(here))]
        for module in [module for module in sys.modules if module.partition(".")[0] == "pipeline"]:
            del sys.modules[module]
        invalidate_caches()
    # With several threads sums differ from run to run: the names are for libraries that are yet to be loaded.
    os.environ |= {
        "JOBS": "1",
        "SCHEDULER": "",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        return import_module("pipeline.workers").answer(work, task)
