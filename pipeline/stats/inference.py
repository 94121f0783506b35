"""P values from permutation, and what many of them are worth together."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv

Floats = NDArray[np.float64]

_EQUAL = 1e-12  # values that differ by less are equal but for rounding


def permutation_p(observed: ArrayLike, null: ArrayLike) -> Floats:
    """Share of the null draws (first axis) at least as large as the observed value, which counts as one of them.

    (1 + #{null >= observed}) / (1 + draws), so never 0 (Phipson and Smyth 2010,
    Statistical Applications in Genetics and Molecular Biology 9, article 39).
    """
    drawn = np.asarray(null, dtype=float)
    return np.asarray((1 + (drawn >= np.asarray(observed) - _EQUAL).sum(axis=0)) / (1 + len(drawn)))


def two_sided(p: float, draws: int) -> float:
    """P of a value as far out on either side, from its one-sided p over ``draws`` null draws: twice the smaller tail."""
    return min(1.0, 2 * min(p, 1 - p + 1 / (1 + draws)))


def benjamini_hochberg(p: ArrayLike) -> Floats:
    """Q values: the smallest false discovery rate at which each p would be called (Benjamini and Hochberg 1995).

    Journal of the Royal Statistical Society B 57, 289-300: p times m over its
    rank, made monotone from the largest down; at most 1.
    """
    values = np.asarray(p, dtype=float)
    m = len(values)
    order = np.argsort(values, kind="stable")[::-1]
    stepped = np.minimum.accumulate(values[order] * m / np.arange(m, 0, -1))
    result = np.empty(m)
    result[order] = np.minimum(stepped, 1.0).round(15)  # 0.05 * 3 / 3 is a trace above 0.05
    return result


def share_interval(successes: int, trials: int, level: float) -> tuple[float, float]:
    """Exact interval of a share (Clopper and Pearson 1934, Biometrika 26, 404-413)."""
    tail = (1 - level) / 2
    low = betaincinv(successes, trials - successes + 1, tail) if successes else 0.0
    high = betaincinv(successes + 1, trials - successes, 1 - tail) if successes < trials else 1.0
    return float(low), float(high)
