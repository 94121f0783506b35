"""Other tools on the same work, where they are installed: words, already cut, to TF-IDF and similar texts.

quanteda or tm in R, found as Rscript; gensim in the Python that PEER_PYTHON names. None of them is a dependency.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.apart import apart
from benchmarks.corpus import Corpus
from benchmarks.rows import Detail, Found, Value
from benchmarks.vectors import NEAREST, write_words
from benchmarks.watching import Limits, StoppedError, watched


def asked(command: Sequence[str], limits: Limits) -> dict[str, Any]:
    """What a peer says of itself in its last line, with its peak of memory."""
    run = watched(command, Path(), limits)
    said = json.loads(run.printed.splitlines()[-1])
    if "missing" in said:
        raise StoppedError(f"not installed: {said['missing']}")
    return {**said, "peak": run.peak}


def r(words: Path, limits: Limits) -> dict[str, Any]:
    found = shutil.which("Rscript")
    if not found:
        raise StoppedError("not installed: Rscript")
    return asked([found, "--vanilla", "benchmarks/peer.R", str(words)], limits)


def gensim(words: Path, limits: Limits) -> dict[str, Any]:
    python = os.environ.get("PEER_PYTHON", "")
    if not python:
        raise StoppedError("not installed: gensim, in a Python that PEER_PYTHON names")
    return asked([python, "benchmarks/peer_gensim.py", str(words), str(NEAREST)], limits)


def _ours(words: Path, folder: Path, limits: Limits) -> dict[str, float]:
    matrix = folder / "peer.npz"
    weighed = apart("benchmarks.vectors:weigh_ours", words, matrix, limits=limits)
    nearest = apart("benchmarks.vectors:nearest_ours", matrix, limits=limits)
    return {"seconds": weighed["seconds"] + nearest["seconds"], "peak": max(weighed["peak"], nearest["peak"])}


def found(corpus: Corpus, count: int, folder: Path, limits: Limits) -> Found:
    """Peers that are there are told of also where we cannot be compared with them."""
    words = folder / "words.txt"
    write_words([text.text for text in corpus.taken("short", count)], words)
    result = Found()
    said: dict[str, dict[str, Any]] = {}
    for key, ask in (("ours", partial(_ours, folder=folder)), ("r", r), ("gensim", gensim)):
        try:
            said[key] = ask(words, limits=limits)
        except StoppedError as error:
            result.why[f"peers.{key}"] = str(error)
    for key in ("r", "gensim"):
        if key in said and "ours" in said:
            beside = f"{said[key]['name']}: {said[key]['seconds']:.1f} s"
            result.values[f"peers.{key}"] = Value(said[key]["seconds"] / said["ours"]["seconds"], beside)
        elif key in said:
            result.why[f"peers.{key}"] = result.why["peers.ours"]
    cells = [
        (each.get("name", "ours"), "all pairs" if key == "r" else f"{NEAREST} nearest", f"{count:,}",
         f"{each['seconds']:.2f}", f"{each['peak'] / 1e6:.0f}")
        for key, each in said.items()
    ]  # fmt: skip
    note = "From words, already cut, to TF-IDF and the cosines; starting and reading the file not counted, but in the memory."
    result.details.append(
        Detail("Other tools on the same work", note, ("tool", "cosines", "texts", "seconds", "peak, MB"), cells)
    )
    return result
