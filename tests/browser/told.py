"""Numbers as the page writes them, beside the cells they come from, without the code that wrote them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import tables

_NUMBER = re.compile(r"([-−]?)([\d,]+)(?:\.(\d+))?(%?)")


def shows(text: str, value: object) -> bool:
    """Whether the text is the value, to the last place that it writes."""
    text = text.strip()
    if text == "—":
        return bool(pd.isna(value))
    if pd.isna(value):
        return False
    number = float(value)  # type: ignore[arg-type]
    if text.startswith("<"):
        return number < float(text[1:])
    found = _NUMBER.fullmatch(text)
    if not found:
        return False
    sign, whole, decimals, percent = found.groups(default="")
    written = float(f"{'-' if sign else ''}{whole.replace(',', '')}.{decimals or '0'}")
    shift = 100 if percent else 1
    return math.isclose(written, shift * number, abs_tol=0.5 * 10.0 ** -len(decimals) + 1e-9, rel_tol=0)


@cache
def _rows(folder: Path, name: str) -> Mapping[tuple[str, ...], Any]:
    contract = tables.by_name(name)
    frame = tables.read(folder / f"{name}.csv", contract)
    return {tuple(str(row[column]) for column in contract.key): row for row in frame.to_dict("records")}


def cell(folder: Path, name: str) -> object:
    """The value of `table.csv | key | column`. Regions of a pair have a dash between them, or a bar; numbers of groups `k=`."""
    table, key, column = name.split(" | ")
    key = key.removeprefix("k=")
    rows = _rows(folder, table.removesuffix(".csv"))
    for parts in (tuple(key.split("|")), tuple(re.split(r"[|–]", key))):
        if parts in rows:
            return rows[parts][column]
    raise KeyError(name)
