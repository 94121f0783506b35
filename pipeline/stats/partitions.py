"""Many partitions of the same n objects: who stays together, and how sure that is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.stats.grouping import cut

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def co_assignment(labels: Ints) -> Floats:
    """Share of the partitions (partitions x n) in which two objects are in the same group (n x n, diagonal 1)."""
    n = labels.shape[1]
    together = np.zeros((n, n))
    for group in range(int(labels.max(initial=0)) + 1):
        member = (labels == group).astype(float)
        together += member.T @ member
    return together / len(labels)


def pac(shares: Floats, low: float, high: float) -> float:
    """Proportion of ambiguous clustering: share of pairs whose co-assignment lies strictly between the bounds.

    0 unambiguous, 1 all ambiguous (Şenbabaoğlu, Michailidis and Li 2014,
    Scientific Reports 4, 6207).
    """
    i, j = np.triu_indices(len(shares), 1)
    pairs = shares[i, j]
    return float(((pairs > low) & (pairs < high)).mean()) if len(pairs) else 0.0


def consensus_tree(shares: Floats) -> tuple[Floats, Ints]:
    """Average linkage on 1 - co-assignment (n - 1 x 4), and the order of its leaves (Monti et al. 2003).

    Machine Learning 52, 91-118.
    """
    if len(shares) < 2:
        return np.zeros((0, 4)), np.arange(len(shares))
    from scipy.cluster.hierarchy import leaves_list, linkage, optimal_leaf_ordering  # as in `grouping.trees`
    from scipy.spatial.distance import squareform

    condensed = squareform(np.maximum(1 - shares, 0).round(12), checks=False)
    tree = optimal_leaf_ordering(linkage(condensed, "average"), condensed)
    return tree, leaves_list(tree)


def consensus(shares: Floats, k: int) -> Ints:
    """The k groups (0 to k - 1) of the consensus tree."""
    if k == 1:
        return np.zeros(len(shares), dtype=np.int64)
    from scipy.cluster.hierarchy import linkage  # as in `grouping.trees`

    i, j = np.triu_indices(len(shares), 1)
    return cut(linkage(np.maximum(1 - shares[i, j], 0).round(12), "average")[None], [k])[0, 0]


def jaccard_stability(groups: Ints, labels: Ints) -> Floats:
    """For each group 0 to k - 1 the mean over the partitions of its largest Jaccard overlap with one of their groups.

    Hennig 2007, Computational Statistics & Data Analysis 52, 258-271: below 0.6
    dissolved, 0.75 valid, 0.85 highly stable. A group of one gets 0, no credit: it
    is found again for being alone, not for being a group.
    """
    k = int(groups.max()) + 1
    member = np.eye(k)[groups]  # n x k
    best = np.zeros((len(labels), k))
    for group in range(int(labels.max(initial=0)) + 1):
        other = (labels == group).astype(float)
        both = other @ member
        either = other.sum(axis=1)[:, None] + member.sum(axis=0) - both
        best = np.maximum(best, both / either)
    return np.where(member.sum(axis=0) > 1, best.mean(axis=0), 0.0)


def membership_support(shares: Floats, groups: Ints) -> Floats:
    """Mean co-assignment of each object with the other members of each group (n x k); 0 for an object alone in its own."""
    k = int(groups.max()) + 1
    member = np.eye(k)[groups]
    sums = shares @ member - member  # without itself
    sizes = member.sum(axis=0) - member
    return np.asarray(np.where(sizes > 0, sums / np.maximum(sizes, 1), 0.0))


def prediction_strength(first: Ints, second: Ints) -> float:
    """Mean over the cases of the smallest share of pairs of one group of ``first`` that ``second`` keeps together.

    Both (cases x n). After Tibshirani and Walther 2005 (Journal of Computational
    and Graphical Statistics 14, 511-528), for two partitions of the same objects
    from separate halves of their texts. Groups of one say nothing; a case of nothing else counts 0.
    """
    same_first = first[:, :, None] == first[:, None, :]
    same_second = second[:, :, None] == second[:, None, :]
    worst = np.full(len(first), np.inf)
    for group in range(int(first.max(initial=0)) + 1):
        member = first == group
        pairs = member[:, :, None] & member[:, None, :] & same_first
        size = member.sum(axis=1)
        kept = (pairs & same_second).sum(axis=(1, 2)) - size
        possible = size * (size - 1)
        share = kept / np.maximum(possible, 1)
        worst = np.where(possible > 0, np.minimum(worst, share), worst)
    return float(np.where(np.isinf(worst), 0.0, worst).mean())


def log_dispersion(distances: Floats, labels: Ints) -> Floats:
    """ln of the within-group dispersion: sum over the groups of the squared distances over twice the size.

    (cases x n x n, cases x n -> cases); W_k of the gap statistic.
    """
    belongs = np.eye(int(labels.max(initial=0)) + 1)[labels]
    sizes = belongs.sum(axis=-2)
    sums = (belongs * ((distances**2) @ belongs)).sum(axis=-2)
    return np.asarray(np.log(np.maximum((sums / np.maximum(2 * sizes, 1)).sum(axis=-1), 1e-12)))


def gap(observed: Floats, null: Floats) -> tuple[Floats, Floats]:
    """Gap for each k, and its standard error (Tibshirani, Walther and Hastie 2001, JRSS B 63, 411-423).

    ``observed`` (ks) and ``null`` (draws x ks) are `log_dispersion`s; here the
    reference draws are the shuffled measures, not a uniform box.
    """
    draws = len(null)
    return null.mean(axis=0) - observed, null.std(axis=0) * np.sqrt(1 + 1 / draws)


def gap_choice(gaps: Floats, errors: Floats) -> int:
    """Place of the smallest k whose gap is at least the next one's less its error; the last where none is."""
    for at in range(len(gaps) - 1):
        if gaps[at] >= gaps[at + 1] - errors[at + 1]:
            return at
    return len(gaps) - 1


def adjusted_rands(a: Ints, others: Ints) -> Floats:
    """Agreement of a partition (n) with each of others (cases x n): 1 the same, 0 as by chance.

    Hubert and Arabie 1985, Journal of Classification 2. Two partitions without any choice (all together, or all
    apart, in both) agree: 1.
    """

    def pairs(x: Floats) -> Floats:
        return x * (x - 1) / 2

    table = np.eye(int(a.max()) + 1)[a].T @ np.eye(int(others.max(initial=0)) + 1)[others]  # cases x groups x groups
    both, rows = pairs(table).sum(axis=(1, 2)), pairs(table.sum(axis=2)).sum(axis=1)
    columns = pairs(table.sum(axis=1)).sum(axis=1)
    expected = rows * columns / max(len(a) * (len(a) - 1) / 2, 1)
    largest = (rows + columns) / 2
    chance = largest == expected
    return np.asarray(np.where(chance, 1.0, (both - expected) / np.where(chance, 1.0, largest - expected)))


def adjusted_rand(a: Ints, b: Ints) -> float:
    """`adjusted_rands` of two partitions (n)."""
    return float(adjusted_rands(a, b[None])[0])


def clade_support(tree: Floats, trees: Floats) -> tuple[Floats, Floats]:
    """For each merge of ``tree`` (n - 1 x 4): share of ``trees`` with the same branch, and the mean of the best Jaccard overlap.

    The share is the bootstrap probability of a branch (Felsenstein 1985, Evolution 39, 783-791).
    """
    wanted = _clades(tree[None])[0].astype(float)  # merges x n
    found = _clades(trees).astype(float)
    sizes, others = wanted.sum(axis=1), found.sum(axis=2)
    both = found @ wanted.T  # draws x merges x merges
    overlap = both / (others[:, :, None] + sizes - both)
    best = overlap.max(axis=1)
    return (best > 1 - 1e-9).mean(axis=0), best.mean(axis=0)


def _clades(trees: Floats) -> NDArray[np.bool_]:
    """Members of every merge (cases x n - 1 x n)."""
    cases, steps = trees.shape[:2]
    n = steps + 1
    member = np.zeros((cases, n + steps, n), dtype=bool)
    member[:, np.arange(n), np.arange(n)] = True
    case = np.arange(cases)
    for step in range(steps):
        left, right = trees[:, step, 0].astype(int), trees[:, step, 1].astype(int)
        member[:, n + step] = member[case, left] | member[case, right]
    return member[:, n:]
