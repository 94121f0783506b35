"""One hash for what a report found: two readers whose reports have the same one have the same findings.

It is the SHA-256 of the lines `hash  name`, sorted, of every table that the report reads, of the settings that say what
counts, and of the calibration that the report quotes. Whatever changes a number, a verdict or a text changes a table; what
changes only a threshold that the report applies stands in the settings.

Not in it: the machine, the number of processes, the folder; words and looks of the report (its language, figures, rows
shown); and code and libraries, whose hashes stand beside it: where others give the same tables, the findings are the same.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pipeline.hashing import combined
from pipeline.method import Settings

# What is drawn, listed, packed, suggested or simulated: it changes no finding of a run.
_SHOWN = ("report", "charts", "bundle", "suggest", "calibration")


def settings_that_count(settings: Settings) -> dict[str, Any]:
    """The settings on which findings depend, by section; numbers as floats, so that 1 and 1.0 are the same."""
    return {name: _canonical(keys) for name, keys in asdict(settings).items() if name not in _SHOWN}


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _canonical(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(inner) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool):
        return value if value > 2**53 else float(value)  # a larger one has no float of its own
    return value


def findings_of(tables: Mapping[str, str], settings: Settings, calibration: Mapping[str, str]) -> dict[str, Any]:
    """The fingerprint, and the hashes it is made of.

    ``tables``: file name -> SHA-256 of every table of the report; ``calibration``: likewise, empty where none was made.
    """
    counted = json.dumps(settings_that_count(settings), ensure_ascii=False, sort_keys=True)
    parts = {**tables, **calibration, "settings": hashlib.sha256(counted.encode()).hexdigest()}
    return {"fingerprint": combined(parts), "parts": parts}
