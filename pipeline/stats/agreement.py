"""How far coders agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LEVELS = ("nominal", "ordinal", "interval")


def krippendorff_alpha(codings: NDArray[np.float64], level: str = "nominal") -> float:
    """Krippendorff's alpha of codings (coders x units), missing ones not a number: 1 agreement, 0 chance.

    1 - observed / expected disagreement over the coincidence matrix
    (Krippendorff 2004, Content Analysis, 2nd ed., ch. 11). Not a number where no
    unit has two codings; 1 where all codings are the same value.

    ``level`` nominal, ordinal or interval says how far apart two values are.
    """
    if level not in _LEVELS:
        raise ValueError(f"level must be one of {', '.join(_LEVELS)}")
    coded = ~np.isnan(codings)
    paired = coded[:, coded.sum(axis=0) > 1]
    values = codings[:, coded.sum(axis=0) > 1]
    if not paired.any():
        return float("nan")
    kinds = np.unique(values[paired])
    counts = np.array([((values == kind) & paired).sum(axis=0) for kind in kinds], dtype=float)  # kinds x units
    coders = counts.sum(axis=0)
    coincidences = (counts / (coders - 1)) @ counts.T - np.diag((counts / (coders - 1)).sum(axis=1))
    totals = coincidences.sum(axis=1)
    expected = np.outer(totals, totals) - np.diag(totals)
    apart = _distance(kinds, totals, level)
    chance = float((expected * apart).sum())
    if chance == 0:
        return 1.0
    return float(1 - (totals.sum() - 1) * (coincidences * apart).sum() / chance)


def _distance(kinds: NDArray[np.float64], totals: NDArray[np.float64], level: str) -> NDArray[np.float64]:
    """Squared distance of every two values."""
    if level == "nominal":
        return 1 - np.eye(len(kinds))
    if level == "interval":
        return np.asarray((kinds[:, None] - kinds) ** 2)
    upto = np.cumsum(totals)
    middle = upto - totals / 2  # ordinal: how many codings lie between two values
    return np.asarray((middle[:, None] - middle) ** 2)
