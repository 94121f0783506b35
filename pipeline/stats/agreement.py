"""How far coders agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

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


def _four(counts: NDArray[np.generic]) -> tuple[Floats, Floats, Floats, Floats]:
    both, first_only, second_only, neither = np.moveaxis(np.asarray(counts, dtype=float), -1, 0)
    return both, first_only, second_only, neither


def _ratio(part: Floats, whole: Floats) -> Floats:
    """``part`` / ``whole``, not a number where ``whole`` is 0."""
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=whole != 0)


def two_coder_agreement(counts: NDArray[np.generic]) -> Floats:
    """Share of equal codings, 0 to 1.

    The last axis of ``counts`` has the units that both coders mark, the first
    only, the second only, neither; not a number where there are none.
    """
    both, first_only, second_only, neither = _four(counts)
    return _ratio(both + neither, both + first_only + second_only + neither)


def two_coder_alpha(counts: NDArray[np.generic]) -> Floats:
    """`krippendorff_alpha` (nominal) of two coders and two values from the counts of `two_coder_agreement`.

    With n units, d of them coded differently, and among the 2n codings n0 zeros
    and n1 ones: 1 - (2n - 1) d / (n0 n1), for the coincidence matrix has d in
    each cell off its diagonal (Krippendorff 2004, ch. 11). Not a number, unlike
    `krippendorff_alpha`, where all codings are one value: coders who never had
    to tell two values apart have not shown that they can.
    """
    both, first_only, second_only, neither = _four(counts)
    different = first_only + second_only
    ones, zeros = 2 * both + different, 2 * neither + different
    return np.asarray(1 - _ratio((ones + zeros - 1) * different, ones * zeros))


def cohen_kappa(counts: NDArray[np.generic]) -> Floats:
    """Cohen's kappa from the counts of `two_coder_agreement`: 1 agreement, 0 chance.

    (observed - expected) / (1 - expected) agreement, expected from each coder's
    own share of marks (Cohen 1960, A coefficient of agreement for nominal
    scales). Not a number where both coders use one and the same value only.
    """
    both, first_only, second_only, neither = _four(counts)
    units = both + first_only + second_only + neither
    # times units squared: whole numbers, so that no rounding decides whether chance leaves anything to agree on
    chance = (both + first_only) * (both + second_only) + (neither + first_only) * (neither + second_only)
    return _ratio(units * (both + neither) - chance, units**2 - chance)


def _distance(kinds: NDArray[np.float64], totals: NDArray[np.float64], level: str) -> NDArray[np.float64]:
    """Squared distance of every two values."""
    if level == "nominal":
        return 1 - np.eye(len(kinds))
    if level == "interval":
        return np.asarray((kinds[:, None] - kinds) ** 2)
    upto = np.cumsum(totals)
    middle = upto - totals / 2  # ordinal: how many codings lie between two values
    return np.asarray((middle[:, None] - middle) ** 2)
