"""What lies between two states: a product taken apart, two ordered lists, two partitions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from pipeline.stats.inference import permutation_p
from pipeline.stats.partitions import adjusted_rand, adjusted_rands

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

# Weight of depth d + 1 against depth d: the first ten places carry 86% (Webber et al. 2010, section 5.3).
PERSISTENCE = 0.9


def product_parts(x_a: ArrayLike, y_a: ArrayLike, x_b: ArrayLike, y_b: ArrayLike) -> tuple[Floats, Floats]:
    """The change of x y from a to b as the part of x and the part of y, which sum to it.

    Each factor's change times the mean of the other: the Shapley value of the two factors, so neither is said to have
    changed first (Shorrocks 2013, Journal of Economic Inequality 11, 99-126).
    """
    first_a, second_a, first_b, second_b = (np.asarray(each, dtype=float) for each in (x_a, y_a, x_b, y_b))
    return (first_b - first_a) * (second_a + second_b) / 2, (second_b - second_a) * (first_a + first_b) / 2


def jaccard(a: Sequence[str], b: Sequence[str]) -> float:
    """Shared members over those of either; not a number where both are empty."""
    either = {*a, *b}
    return len({*a} & {*b}) / len(either) if either else float("nan")


def rank_biased_overlap(a: Sequence[str], b: Sequence[str], p: float = PERSISTENCE) -> float:
    """Overlap of two ordered lists without repeats, the first places counting most: 1 the same, 0 nothing shared.

    RBO extrapolated to lists of unequal length: with X_d the members shared by the first d of both, s and l the shorter
    and the longer length, (1 - p) / p [sum over d <= l of X_d / d p^d + sum over s < d <= l of X_s (d - s) / (s d) p^d]
    + [(X_l - X_s) / l + X_s / s] p^l (Webber, Moffat and Zobel 2010, ACM Transactions on Information Systems 28(4),
    article 20, equation 32). 0 where one list is empty, not a number where both are.
    """
    short, long = sorted((a, b), key=len)
    s, l = len(short), len(long)  # noqa: E741
    if not s:
        return 0.0 if l else float("nan")
    shared = np.array([len({*short[:d]} & {*long[:d]}) for d in range(1, l + 1)], dtype=float)
    depth = np.arange(1, l + 1)
    known = (shared / depth * p**depth).sum()
    beyond = (shared[s - 1] * (depth[s:] - s) / (s * depth[s:]) * p ** depth[s:]).sum()
    last = ((shared[-1] - shared[s - 1]) / l + shared[s - 1] / s) * p**l
    return float((1 - p) / p * (known + beyond) + last)


def rand_of(a: Ints, b: Ints, draws: int, rng: np.random.Generator) -> tuple[float, float]:
    """Adjusted Rand index of two partitions, and its p when the objects of one are permuted."""
    order = rng.permuted(np.tile(np.arange(len(a)), (draws, 1)), axis=1)
    observed = adjusted_rand(a, b)
    return observed, float(permutation_p(observed, adjusted_rands(a, b[order])))
