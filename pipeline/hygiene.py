"""Clean a text of what is no text."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Change:
    start: int
    end: int
    removed: str
    replacement: str
    reason: str


def cleaned(text: str, settings: object) -> tuple[str, tuple[Change, ...]]:
    marks = tuple(
        Change(m.start(), m.end(), m[0], "", "bookmark") for m in re.finditer(r"\[bookmark: [^\]\n]*\]", text)
    )
    return re.sub(r"\[bookmark: [^\]\n]*\]", "", text), marks
