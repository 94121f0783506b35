"""What went into two runs: their sizes, and the files, packages and settings that differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.comparing.sides import Side

_KINDS = ("raw", "method", "code", "lock", "package", "program", "unit")


def runs_of(a: Side, b: Side) -> pd.DataFrame:
    return tables.from_rows(
        (
            {
                "run": side.run.side,
                "name": side.run.name,
                "raw_file": side.run.manifest["raw"]["file"],
                "raw_sha256": side.run.manifest["raw"]["sha256"],
                "idf": side.weights.name,
                "idf_texts": side.weights.texts,
                "left_out": len(side.weights.common),
            }
            for side in (a, b)
        ),
        tables.COMPARE_RUNS,
    )


def _matched(a: Mapping[str, str], b: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(name, value in a, value in b). Files in different folders are one where their own names match and are alone in it."""
    found = [(name, a[name], b[name]) for name in a if name in b]
    rest_a, rest_b = ([name for name in one if name not in other] for one, other in ((a, b), (b, a)))
    of_a, of_b = (Counter(Path(name).name for name in rest) for rest in (rest_a, rest_b))
    moved = {Path(name).name: name for name in rest_b}
    for name in rest_a:
        own = Path(name).name
        if of_a[own] == of_b[own] == 1:
            found.append((f"{name} – {moved[own]}", a[name], b[moved[own]]))
            rest_b.remove(moved[own])
        else:
            found.append((name, a[name], ""))
    return found + [(name, "", b[name]) for name in rest_b]


def inputs_of(a: Mapping[str, Any], b: Mapping[str, Any]) -> pd.DataFrame:
    """Everything that the two manifests name, beside each other."""
    named = [
        (
            {m["raw"]["file"]: m["raw"]["sha256"]},
            m["method"]["files"],
            m["code"]["files"],
            m["locks"],
            m["packages"],
            {"pipeline": m["pipeline"], "python": m["python"]},
            {"unit": m.get("run", {}).get("unit", "")},
        )
        for m in (a, b)
    ]
    rows = []
    for kind, first, second in zip(_KINDS, *named, strict=True):
        matched = _matched(first, second)
        if kind == "raw":
            (one,), (two,) = first.items(), second.items()
            matched = [(one[0] if one[0] == two[0] else f"{one[0]} – {two[0]}", one[1], two[1])]
        rows += [
            {"kind": kind, "item": item, "value_a": x, "value_b": y, "same": x == y} for item, x, y in sorted(matched)
        ]
    return tables.from_rows(rows, tables.COMPARE_INPUTS)
