"""Numbers as readers see them: the same in tables, sentences and figures."""

from __future__ import annotations

import pandas as pd


def number(value: float, style: str) -> str:
    """A number as readers see it: int, share (percent), share1 (percent with a decimal), p, or a number of decimals; — where there is none."""
    if pd.isna(value):
        return "—"
    if style == "int":
        return f"{round(value):,}"
    if style == "share":
        return f"{100 * value:.0f}%"
    if style == "share1":
        return f"{100 * value:.1f}%"
    if style == "p":
        return "< 0.001" if value < 0.001 else f"{value:.3f}"
    return f"{value:.{int(style)}f}"
