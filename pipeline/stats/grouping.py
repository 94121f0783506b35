"""Partitions of n objects for several numbers of groups at once, from cosines; many tables of cosines at a time.

Labels are 0 to k - 1. Everything is (cases x n x n) in and (cases x n) per k out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ALGORITHMS = ("average", "complete", "ward", "kmeans", "spectral")
_STARTS = 6  # random starts of k-means; the best by its own criterion counts
_ROUNDS = 25  # k-means stops here at the latest


def partitions(cosines: Floats, algorithm: str, ks: Sequence[int], rng: np.random.Generator) -> Ints:
    """Labels (ks x cases x n) by one algorithm.

    average, complete: linkage on 1 - cosine. ward, kmeans: on the unit vectors,
    whose squared distance is 2 - 2 cosine (1 to an empty one). spectral: the normalised
    eigenvectors of the normalised affinities (Ng, Jordan and Weiss 2002), then k-means.
    """
    if algorithm in ("average", "complete", "ward"):
        return cut(trees(cosines, algorithm), ks)
    if algorithm == "kmeans":
        return np.stack([kernel_kmeans(cosines, k, rng) for k in ks])
    if algorithm == "spectral":
        return np.stack([kernel_kmeans(kernel, k, rng) for k, kernel in zip(ks, _spectral(cosines, ks), strict=True)])
    raise ValueError(f"algorithm must be one of {', '.join(ALGORITHMS)}")


def squared_distances(kernel: Floats) -> Floats:
    """Squared Euclidean distance of the objects whose inner products are given (... x n x n)."""
    own = np.diagonal(kernel, axis1=-2, axis2=-1)
    return np.maximum(own[..., :, None] + own[..., None, :] - 2 * kernel, 0.0)


def trees(cosines: Floats, method: str) -> Floats:
    """scipy's linkage of every case (cases x n - 1 x 4)."""
    n = cosines.shape[-1]
    if n < 2:  # scipy knows no tree of one object
        return np.zeros((len(cosines), 0, 4))
    from scipy.cluster.hierarchy import linkage  # 0.1 s that stages which group nothing need not spend

    i, j = np.triu_indices(n, 1)
    distances = np.sqrt(squared_distances(cosines)) if method == "ward" else 1 - cosines
    flat = distances[:, i, j].round(12)  # what is equal but for rounding is equal
    return np.stack([linkage(one, method) for one in flat])


def cut(tree: Floats, ks: Sequence[int]) -> Ints:
    """Labels (ks x cases x n) when each tree (cases x n - 1 x 4) is undone down to k groups."""
    cases, steps = tree.shape[:2]
    n = steps + 1
    node = np.tile(np.arange(n), (cases, 1))
    found: dict[int, Ints] = {n: node.copy()}
    merged = tree[:, :, :2].astype(np.int64)
    for step in range(steps):
        hit = (node == merged[:, step, :1]) | (node == merged[:, step, 1:])
        node[hit] = n + step
        found[n - step - 1] = node.copy()
    return np.stack([numbered(found[k]) for k in ks])


def numbered(labels: Ints) -> Ints:
    """Labels (cases x n) as 0, 1, 2 … in the order in which the objects meet them."""
    same = labels[:, :, None] == labels[:, None, :]
    first = same.argmax(axis=-1)  # the first object of the same group
    opens = first == np.arange(labels.shape[1])
    return np.take_along_axis(np.cumsum(opens, axis=1) - 1, first, axis=1)


def kernel_kmeans(kernel: Floats, k: int, rng: np.random.Generator) -> Ints:
    """Labels (cases x n) of Lloyd's k-means on the objects whose inner products are given; the best of six starts.

    A start takes k different objects as centres. A group that loses all its
    objects stays empty, so fewer than k groups are possible.
    """
    cases, n, _ = kernel.shape
    own = np.diagonal(kernel, axis1=-2, axis2=-1)
    seeds = np.argsort(rng.random((cases, _STARTS, n)), axis=-1)[:, :, :k]
    case = np.arange(cases)[:, None, None, None]
    between = kernel[case, np.arange(n)[:, None], seeds[:, :, None, :]]  # cases x starts x n x k
    labels = (np.take_along_axis(own[:, None, :], seeds, axis=2)[:, :, None, :] - 2 * between).round(9).argmin(axis=-1)
    labels = labels.reshape(-1, n)
    inertia = np.empty(len(labels))
    eye = np.eye(k)
    active = np.arange(len(labels))  # starts that have not come to rest
    for _ in range(_ROUNDS):
        belongs = eye[labels[active]]
        sizes = np.maximum(belongs.sum(axis=1), 1e-12)
        sums = kernel[active // _STARTS] @ belongs
        within = (belongs * sums).sum(axis=1) / sizes**2
        scores = within[:, None, :] - 2 * sums / sizes[:, None, :]
        scores = np.where(sizes[:, None, :] < 1, np.inf, scores)
        moved = scores.round(9).argmin(axis=-1)
        inertia[active] = np.take_along_axis(scores, moved[..., None], axis=-1)[..., 0].sum(axis=-1)
        unrest = (moved != labels[active]).any(axis=1)
        labels[active] = moved
        active = active[unrest]
        if not len(active):
            break
    best = inertia.reshape(cases, _STARTS).round(9).argmin(axis=1)
    return np.asarray(labels.reshape(cases, _STARTS, n)[np.arange(cases), best])


def _spectral(cosines: Floats, ks: Sequence[int]) -> list[Floats]:
    """Inner products of the objects' rows in the space of the k leading eigenvectors, for every k."""
    affinities = np.maximum(cosines, 0.0)  # seen from their mean, texts may be less alike than average
    degree = np.maximum(affinities.sum(axis=-1), 1e-12)
    scale = 1 / np.sqrt(degree)
    _, vectors = np.linalg.eigh(affinities * scale[:, :, None] * scale[:, None, :])
    kernels = []
    for k in ks:
        rows = vectors[:, :, -k:]
        norm = np.linalg.norm(rows, axis=-1, keepdims=True)
        rows = rows / np.where(norm > 1e-12, norm, 1.0)
        kernels.append(rows @ np.swapaxes(rows, -1, -2))
    return kernels
