"""Numbers as readers see them: the same in tables, sentences and figures."""

from __future__ import annotations

import pandas as pd

MINUS = "\u2212"  # as wide as the digits; a hyphen is not


def number(value: float, style: str) -> str:
    """A number as readers see it: int, share (percent), share1 (percent with a decimal), p, or a number of decimals; — where there is none.

    What is below zero has a minus sign, what is rounded to zero has none.
    """
    if pd.isna(value):
        return "—"
    written = _written(value, style)
    if written.startswith("-"):
        return MINUS + written[1:] if any(c in "123456789" for c in written) else written[1:]
    return written


def _written(value: float, style: str) -> str:
    if style == "int":
        return f"{round(value):,}"
    if style == "share":
        return f"{100 * value:.0f}%"
    if style == "share1":
        return f"{100 * value:.1f}%"
    if style == "p":
        return "< 0.001" if value < 0.001 else f"{value:.3f}"
    return f"{value:.{int(style)}f}"
