"""Keyness: how far a term's frequency here departs from its frequency elsewhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtrc, xlogy


def signed_g2(count: ArrayLike, total: ArrayLike, count_rest: ArrayLike, total_rest: ArrayLike) -> NDArray[np.float64]:
    """Log-likelihood ratio of the 2 x 2 table (term or not, here or elsewhere), negative where the term is rarer here.

    G2 = 2 sum O ln(O / E) over the four cells (Dunning 1993, Computational
    Linguistics 19(1), 61-74). All arguments broadcast; ``total`` counts all
    terms, so ``count <= total``. A term that takes up all or nothing of both
    sides has 0.
    """
    a, n1, b, n2 = (np.asarray(x, dtype=float) for x in (count, total, count_rest, total_rest))
    n, k = n1 + n2, a + b
    cells = ((a, n1 * k), (b, n2 * k), (n1 - a, n1 * (n - k)), (n2 - b, n2 * (n - k)))
    with np.errstate(divide="ignore", invalid="ignore"):
        g2 = 2 * sum(xlogy(observed, observed * n / expected) * (observed > 0) for observed, expected in cells)
        over = a * n2 >= b * n1
    return np.where(over, 1.0, -1.0) * np.maximum(np.nan_to_num(g2), 0.0)


def g2_p(g2: ArrayLike) -> NDArray[np.float64]:
    """P of a (signed) G2 under chi-square with one degree of freedom; an approximation where expected counts are below 5."""
    return np.asarray(chdtrc(1, np.abs(np.asarray(g2, dtype=float))))


def log_odds_z(
    count: ArrayLike,
    total: ArrayLike,
    count_rest: ArrayLike,
    total_rest: ArrayLike,
    prior: ArrayLike,
    prior_total: float,
) -> NDArray[np.float64]:
    """Weighted log-odds ratio with an informative Dirichlet prior, in standard errors.

    The difference of the two sides' log odds, each with ``prior`` pseudo-counts
    added (of ``prior_total`` in all), over the square root of its approximate
    variance 1 / (y1 + a) + 1 / (y2 + a) (Monroe, Colaresi and Quinn 2008,
    Political Analysis 16(4), 372-403, equations 16, 20, 22). All arguments broadcast; ``prior`` above 0.
    The only term there is has 0.
    """
    y1, n1, y2, n2, a = (np.asarray(x, dtype=float) for x in (count, total, count_rest, total_rest, prior))
    others_here, others_rest = (n - y + prior_total - a for n, y in ((n1, y1), (n2, y2)))
    only = np.maximum(others_here, others_rest) < 1e-9
    here = np.log((y1 + a) / np.where(only, 1.0, others_here))
    rest = np.log((y2 + a) / np.where(only, 1.0, others_rest))
    return np.where(only, 0.0, (here - rest) / np.sqrt(1 / (y1 + a) + 1 / (y2 + a)))
