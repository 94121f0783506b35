"""Groups of many units: k-means on a latent space, and how surely they come back.

The groups are formed on some of the units; the others judge them. What each of these says is halved at random, and each
half asked to which group it points. Halves that say nothing of each other agree as by chance, which is known exactly:
they can be dealt among the units. So no frequent word and no choice of a number makes groups where there are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from pipeline.counted import Said
from pipeline.stats.inference import permutation_p
from pipeline.stats.latent import right_singular
from pipeline.stats.partitions import adjusted_rand, jaccard_stability
from pipeline.workers import mapped

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_HALVES, _NULL, _RECUR = range(51, 54)  # streams of random numbers
_ROWS = 4000  # of the sparse table that are multiplied at a time
_STARTS = 2  # random starts of k-means; the best by its own criterion counts
_ROUNDS = 100
_FEWEST = 15  # units for each group, or a number of groups is not tried


def rows_of(table: csr_array, chosen: Ints) -> csr_array:
    """Some rows, indices in order, so that sums do not depend on how the table came about."""
    found = csr_array(table[chosen])
    found.sort_indices()
    return found


def tf_idf(counts: csr_array, idf: Floats) -> csr_array:
    """Rows of unit length: counts times idf; empty rows stay empty."""
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    values = counts.data * idf[counts.indices]
    norm = np.sqrt(np.bincount(rows, values * values, minlength=counts.shape[0]))
    return csr_array((values / np.where(norm > 0, norm, 1.0)[rows], counts.indices, counts.indptr), shape=counts.shape)


def idf_of(units_with: Ints, units: int) -> Floats:
    """ln((1 + n) / (1 + df)) + 1, as scikit-learn's smooth idf."""
    return np.log((1 + units) / (1 + units_with)) + 1


def axes(vectors: csr_array, dimensions: int, seed: int) -> NDArray[np.float32]:
    """The leading right singular vectors (terms x dimensions).

    A term of one unit has nothing to say about any other and stays at 0: most of a large vocabulary, and of the memory.
    """
    shared = np.flatnonzero(np.bincount(vectors.indices, minlength=vectors.shape[1]) > 1)
    table = csr_array(vectors[:, shared])
    table.sort_indices()

    def pieces() -> Iterator[csr_array]:
        return (table[at : at + _ROWS] for at in range(0, table.shape[0], _ROWS))

    found, _ = right_singular(pieces, len(shared), min(dimensions, table.shape[0] - 1), seed)
    space = np.zeros((vectors.shape[1], found.shape[1]), dtype=np.float32)
    space[shared] = found
    return space


def coordinates(vectors: csr_array, space: NDArray[np.floating]) -> NDArray[np.float32]:
    """Directions of the rows in the space, of length 1; a row that is empty there stays 0."""
    found = np.zeros((vectors.shape[0], space.shape[1]), dtype=np.float32)
    for at in range(0, vectors.shape[0], _ROWS):
        piece = vectors[at : at + _ROWS] @ space
        length = np.linalg.norm(piece, axis=1, keepdims=True)
        found[at : at + _ROWS] = piece / np.where(length > 1e-12, length, 1.0)
    return found


def centres(points: NDArray[np.float32], k: int, seed: int) -> NDArray[np.float32]:
    """Directions (k x dimensions) of the centres of k groups."""
    from sklearn.cluster import KMeans  # corpora that are not large never need it

    model = KMeans(k, n_init=_STARTS, max_iter=_ROUNDS, random_state=seed % 2**32).fit(points)
    found = model.cluster_centers_
    length = np.linalg.norm(found, axis=1, keepdims=True)
    return np.asarray(found / np.where(length > 1e-12, length, 1.0), dtype=np.float32)


def nearest_centre(points: NDArray[np.float32], middles: NDArray[np.float32]) -> Ints:
    """For each point the centre with the largest cosine."""
    return np.asarray((points @ middles.T).argmax(axis=1), dtype=np.int64)


def cohesion(vectors: csr_array, group: Ints, k: int) -> Floats:
    """Mean cosine of two different units, one of each of two groups (k x k); NaN in a group of one.

    Exact over all pairs: the product of two sums of unit vectors is the sum of all their products. ``group`` -1: in none.
    """
    n = len(group)
    spoken = np.diff(vectors.indptr) > 0
    member = csr_array((np.ones(n), (group + 1, np.arange(n))), shape=(k + 1, n))
    sums = (member @ vectors).toarray()[1:]
    sizes = np.bincount(group[group >= 0], minlength=k).astype(float)
    themselves = np.bincount(group[spoken & (group >= 0)], minlength=k)
    pairs = np.outer(sizes, sizes) - np.diag(sizes)
    products = sums @ sums.T - np.diag(themselves)
    return np.where(pairs > 0, products / np.where(pairs > 0, pairs, 1.0), np.nan)


def stability(
    points: NDArray[np.float32], middles: NDArray[np.float32], size: int, draws: int, seed: Sequence[int]
) -> Floats:
    """For each group the mean best Jaccard overlap with a group of another draw of units (Hennig 2007), 0 to 1."""
    labels = nearest_centre(points, middles)
    size = min(size, len(points) // 2)
    rng = np.random.default_rng(list(seed))
    found = np.zeros((draws, len(middles)))
    for draw in range(draws):
        order = rng.permutation(len(points))
        other = nearest_centre(
            points[order[size : 2 * size]], centres(points[order[:size]], len(middles), int(rng.integers(2**31)))
        )
        own = labels[order[size : 2 * size]]
        present, numbered = np.unique(own, return_inverse=True)
        found[draw, present] = jaccard_stability(numbered, other[None])
    return np.asarray(found.mean(axis=0))


def tried(units: int, ks: Sequence[int]) -> list[int]:
    """The numbers of groups that so many units allow; none where they are too few."""
    return [k for k in sorted(set(ks)) if units >= _FEWEST * k]


@dataclass(frozen=True)
class Halves:
    """For each number of groups and each halving the groups that the two halves of a unit's text point to.

    ``first``, ``second``: halvings x units, by k; -1 where a half says nothing that is counted.
    """

    first: Mapping[int, Ints]
    second: Mapping[int, Ints]
    by: str

    def agreement(self, k: int, order: Ints | None = None) -> float:
        """Mean adjusted Rand index over the halvings; ``order``: the second halves dealt among the units so."""
        return float(np.mean([adjusted_rand(a, b) for a, b in self._pairs(k, order)]))

    def kappas(self, k: int, order: Ints | None = None) -> Floats:
        """For each group Cohen's kappa of whether one half and the other point to it, mean over the halvings."""
        found = np.zeros(k)
        pairs = list(self._pairs(k, order))
        for a, b in pairs:
            table = np.zeros((k, k))
            np.add.at(table, (a, b), 1 / max(len(a), 1))
            rows, columns, both = table.sum(axis=1), table.sum(axis=0), table.diagonal()
            expected = rows * columns + (1 - rows) * (1 - columns)
            observed = 1 - rows - columns + 2 * both
            found += np.where(
                expected < 1 - 1e-12, (observed - expected) / np.where(expected < 1, 1 - expected, 1), 0.0
            )
        return found / len(pairs)

    def _pairs(self, k: int, order: Ints | None) -> Iterator[tuple[Ints, Ints]]:
        for a, b in zip(self.first[k], self.second[k], strict=True):
            dealt = b if order is None else b[order]
            told = (a >= 0) & (dealt >= 0)
            yield a[told], dealt[told]


def halved(
    said: Said,
    units: int,
    by: str,
    idf: Floats,
    space: NDArray[np.floating],
    middles: Mapping[int, NDArray[np.float32]],
    draws: int,
    seed: int,
) -> Halves:
    """Halve what each unit says at random, and ask each half to which group it points.

    ``by`` measures: each measure falls into one half. terms: each term does, for all units alike, so that no word can
    speak for itself.
    """
    rng = np.random.default_rng([seed, _HALVES])
    first: dict[int, list[Ints]] = {k: [] for k in middles}
    second: dict[int, list[Ints]] = {k: [] for k in middles}
    for _ in range(draws):
        if by == "measures":
            side = (rng.random(len(said.unit_of_measure)) < 0.5)[said.measure]
        else:
            side = (rng.random(len(idf)) < 0.5)[said.term]
        for half, found in ((side, first), (~side, second)):
            counts = csr_array((np.ones(half.sum()), (said.unit[half], said.term[half])), shape=(units, len(idf)))
            counts.sum_duplicates()
            points = coordinates(tf_idf(counts, idf), space)
            empty = np.abs(points).sum(axis=1) == 0
            for k, centre in middles.items():
                found[k].append(np.where(empty, -1, nearest_centre(points, centre)))
    return Halves({k: np.array(one) for k, one in first.items()}, {k: np.array(one) for k, one in second.items()}, by)


@dataclass(frozen=True)
class Choice:
    """For each number of groups how surely they come back from other units, and how well two halves of the texts agree.

    ``kappa``, ``kappa_p``: of each group, for the number ``chosen``; ``p``: of the agreement for that number.
    """

    ks: tuple[int, ...]
    recurrence: Floats
    agreement: Floats
    chance_high: Floats  # 95th percentile when the halves are dealt among the units
    chosen: int
    p: float
    kappa: Floats
    kappa_p: Floats


def recurrence(points: NDArray[np.float32], ks: Sequence[int], size: int, draws: int, seed: int) -> Floats:
    """For each k how alike the groups formed on two draws of units part all others: mean adjusted Rand index."""
    found = mapped(
        partial(_formed_twice, points=points, ks=tuple(ks), size=size, seed=seed), range(draws), title="分组 groups"
    )
    return np.mean(found, axis=0)


def _formed_twice(draw: int, *, points: NDArray[np.float32], ks: Sequence[int], size: int, seed: int) -> Floats:
    rng = np.random.default_rng([seed, _RECUR, draw])
    order = rng.permutation(len(points))
    size = min(size, len(points) // 3)
    first, second, others = points[order[:size]], points[order[size : 2 * size]], points[order[2 * size :]]
    start = int(rng.integers(2**31))
    return np.array(
        [
            adjusted_rand(
                nearest_centre(others, centres(first, k, start)), nearest_centre(others, centres(second, k, start + 1))
            )
            for k in ks
        ]
    )


def choice(recurring: Floats, halves: Halves, draws: int, seed: int) -> Choice:
    """Taken is the number of groups that come back most surely, the smaller of equals; the halves then judge them.

    The halves take no part in the choice, so that their p needs no correction for it.
    """
    ks = tuple(halves.first)
    rng = np.random.default_rng([seed, _NULL])
    orders = [rng.permutation(halves.first[ks[0]].shape[1]) for _ in range(draws)]
    agreement = np.array([halves.agreement(k) for k in ks])
    null = np.array([[halves.agreement(k, order) for k in ks] for order in orders])
    at = int(recurring.round(9).argmax())
    kappa = halves.kappas(ks[at])
    return Choice(
        ks,
        recurring,
        agreement,
        np.quantile(null, 0.95, axis=0),
        ks[at],
        float(permutation_p(agreement[at], null[:, at])),
        kappa,
        permutation_p(kappa, np.array([halves.kappas(ks[at], order) for order in orders])),
    )
