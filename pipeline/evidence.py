"""What shuffled and resampled corpora say about groups of regions: structure test, partitions, stability, verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.method import ClusterSettings, SpecificationSettings, VerdictSettings
from pipeline.representations import Corpus, View
from pipeline.stats import partitions as of
from pipeline.stats.grouping import ALGORITHMS, cut, partitions, trees
from pipeline.stats.inference import permutation_p
from pipeline.stats.resampling import Floats, Ints, halves, numbers, resampled_dealt, resampled_within, shuffled_among
from pipeline.stats.silhouette import silhouettes
from pipeline.workers import mapped

# Every kind of draw has its own stream of random numbers: seed, kind, number. To numpy zeros at the end are nothing
# (seed, kind and seed, kind, 0 are one stream), so no two uses share a kind.
_SHUFFLE, _RESAMPLE, _ALGORITHM, _NULL, _HALVES, _OBSERVED, _NULL_RESAMPLE, _NULL_ALGORITHM = range(1, 9)
_HALVINGS = 10  # of each corpus, for prediction strength
_CELLS = 20_000_000  # of one chunk of draws x regions x terms

STRUCTURE_VIEWS = ("words", "characters")
INDICES = ("pac", "jaccard", "prediction_strength", "support")


def base_views(*, exclude_generic: bool) -> dict[str, View]:
    """The two views of similarity.csv."""
    return {
        "words": View("dictionary", "out" if exclude_generic else "in", "tf-idf", 1),
        "characters": View("character pairs", "—", "tf-idf", 1),
    }


def all_alike(cosines: Floats) -> bool:
    """Whether all pairs have the same cosine, so that nothing tells the regions apart; also with one pair or none."""
    return len(cosines) < 2 or bool(np.ptp(cosines) < 1e-12)


def group_numbers(n: int, settings: ClusterSettings) -> list[int]:
    """The numbers of groups that can be looked at: at least 2, fewer than there are regions; with ``k`` where one is set."""
    low, high = min(settings.k_min, settings.k or settings.k_min), max(settings.k_max, settings.k)
    return list(range(max(low, 2), min(high, n - 1) + 1))


def chunks(corpus: Corpus, view: View, draws: int) -> list[slice]:
    """Draws in pieces that fit the memory; the pieces depend on the corpus alone."""
    size = max(1, min(50, _CELLS // max(1, len(corpus.regions.names) * corpus.size(view))))
    return [slice(start, min(start + size, draws)) for start in range(0, draws, size)]


# --- is there any structure? -------------------------------------------------------------------------------------


def tree_statistics(cosines: Floats, ks: Sequence[int]) -> tuple[Floats, Floats]:
    """Mean silhouette for every k (ks x cases), and ln dispersion for k = 1 and every k (1 + ks x cases).

    Average linkage on 1 - cosine, as the tree of the report.
    """
    n = cosines.shape[-1]
    distances = np.where(np.eye(n, dtype=bool), 0.0, 1 - cosines)
    labels = cut(trees(cosines, "average"), [1, *ks])
    fit = np.zeros((len(ks), len(cosines)))
    for at, each in enumerate(labels[1:]):
        fit[at] = silhouettes(distances, each).mean(axis=-1)
    return fit, np.stack([of.log_dispersion(distances, each) for each in labels])


@dataclass(frozen=True)
class Shuffled:
    """One view beside shuffled corpora.

    ``silhouette`` (ks) and ``null_silhouette`` (draws x ks); ``dispersion`` and
    ``null_dispersion`` likewise for k = 1 and ks; ``pair_p`` (pairs, in the order
    of the upper triangle): share of the shuffled pairs of regions with the same
    two numbers of measures (of documents, where those are dealt) that are at least as alike.
    """

    silhouette: Floats
    null_silhouette: Floats
    dispersion: Floats
    null_dispersion: Floats
    pair_p: Floats

    @property
    def largest(self) -> float:
        return float(self.silhouette.max())

    @property
    def null_largest(self) -> Floats:
        return np.asarray(self.null_silhouette.max(axis=1))

    @property
    def p(self) -> float:
        """P of the largest silhouette over k."""
        return float(permutation_p(self.largest, self.null_largest))


def _pair_classes(sizes: Ints) -> list[Ints]:
    """Places of the pairs in the upper triangle, by the two numbers of what is dealt: these have the same null distribution."""
    i, j = np.triu_indices(len(sizes), 1)
    keys = np.sort(np.stack([sizes[i], sizes[j]], axis=1), axis=1)
    _, classes = np.unique(keys, axis=0, return_inverse=True)
    flat = classes.reshape(-1)
    return [np.flatnonzero(flat == each) for each in range(flat.max(initial=-1) + 1)]


def shuffled(corpus: Corpus, view: View, ks: Sequence[int], draws: int, seed: int, *, title: str) -> Shuffled:
    """The view beside ``draws`` corpora whose measures are dealt anew among the regions; the same deals for every view.

    Whole documents where every region has several (`Regions.dealt`).
    """
    n, of, documents = len(corpus.regions.names), corpus.regions.of, corpus.regions.dealt
    regions = shuffled_among(of, draws, np.random.default_rng([seed, _SHUFFLE]), documents)
    i, j = np.triu_indices(n, 1)
    classes = _pair_classes(numbers(of, documents, n))
    observed = corpus.cosines(view)
    pairs = observed[0][i, j]

    def work(part: slice) -> tuple[Floats, Floats, Ints]:
        cosines = corpus.cosines(view, regions=regions[part])
        drawn = cosines[:, i, j]
        above = np.zeros(len(i), dtype=np.int64)
        for own in classes:
            null = np.sort(drawn[:, own], axis=None)
            above[own] = len(null) - np.searchsorted(null, pairs[own] - 1e-12)
        fit, dispersion = tree_statistics(cosines, ks)
        return fit, dispersion, above

    done = mapped(work, chunks(corpus, view, draws), title=title)
    fit, dispersion = tree_statistics(observed, ks)
    sizes = np.ones(len(i))
    for own in classes:
        sizes[own] = len(own) * draws
    return Shuffled(
        fit[:, 0],
        np.concatenate([part[0] for part in done], axis=1).T,
        dispersion[:, 0],
        np.concatenate([part[1] for part in done], axis=1).T,
        (1 + sum(part[2] for part in done)) / (1 + sizes),
    )


# --- who stays together? -----------------------------------------------------------------------------------------


def _labels(
    corpus: Corpus, at: int, ks: Sequence[int], times: Ints, regions: Ints | None, key: Sequence[int]
) -> NDArray[np.int8]:
    """Partitions (ks x algorithms x draws x n) of the draws in view number ``at`` by every algorithm."""
    view = corpus.views[at]
    parts = []
    for part in chunks(corpus, view, len(times)):
        cosines = corpus.cosines(view, times=times[part], regions=None if regions is None else regions[part])
        rng = np.random.default_rng([*key, at, part.start])
        parts.append(np.stack([partitions(cosines, each, ks, rng) for each in ALGORITHMS], axis=1).astype(np.int8))
    return np.concatenate(parts, axis=2)


def partition_set(corpus: Corpus, ks: Sequence[int], resamples: int, seed: int) -> NDArray[np.int8]:
    """Partitions (ks x views * algorithms * resamples x n), the first draw of each being the texts as they are."""

    def work(at: int) -> NDArray[np.int8]:
        rng = np.random.default_rng([seed, _RESAMPLE, at])
        times = resampled_within(corpus.regions.of, resamples, rng, corpus.regions.documents)
        times[0] = 1
        return _labels(corpus, at, ks, times, None, [seed, _ALGORITHM])

    done = mapped(work, range(len(corpus.views)), title="specifications 各种设定")
    return np.concatenate([each.reshape(len(ks), -1, each.shape[-1]) for each in done], axis=1)


def observed_partitions(cosines: Mapping[View, Floats], k: int, seed: int) -> Ints:
    """Groups (specifications x n) of the texts as they are, in the order of `representations.specifications`."""
    done = [
        partitions(each[None], algorithm, [k], np.random.default_rng([seed, _OBSERVED, at]))[0, 0]
        for at, each in enumerate(cosines.values())
        for algorithm in ALGORITHMS
    ]
    return np.stack(done)


def _prediction(corpus: Corpus, view: View, ks: Sequence[int], regions: Ints, key: Sequence[int]) -> Floats:
    """Prediction strength (draws x ks) between halves of the measures of each draw's regions (draws x measures)."""
    result = np.empty((len(regions), len(ks)))
    for draw, of_draw in enumerate(regions):
        first = halves(of_draw, _HALVINGS, np.random.default_rng([*key, draw]), corpus.regions.dealt)
        two = [
            cut(trees(corpus.cosines(view, regions=of_draw, times=half.astype(np.int64)), "average"), ks)
            for half in (first, ~first)
        ]
        result[draw] = [of.prediction_strength(a, b) for a, b in zip(*two, strict=True)]
    return result


def indices_of(labels: NDArray[np.int8], ks: Sequence[int], settings: VerdictSettings) -> Floats:
    """pac, jaccard and support (ks x 3) of partitions (ks x partitions x n).

    jaccard: of the second-best group of several regions, for two are needed to
    tell regions apart; support: of the best-supported region.
    """
    result = np.zeros((len(ks), 3))
    for at, k in enumerate(ks):
        shares = of.co_assignment(labels[at])
        groups = of.consensus(shares, k)
        stable = np.sort(of.jaccard_stability(groups, labels[at]))
        own = of.membership_support(shares, groups)[np.arange(len(groups)), groups]
        result[at] = (
            of.pac(shares, settings.ambiguous_low, settings.ambiguous_high),
            stable[-2] if len(stable) > 1 else 0.0,
            own.max(),
        )
    return result


@dataclass(frozen=True)
class Stability:
    """Stability indices (ks x INDICES) of a corpus, computed alike for ``null`` (draws x ks x INDICES)."""

    alike: Floats
    null: Floats

    def p(self) -> Floats:
        """P of every index (ks x INDICES): pac is better the smaller, the others the larger."""
        sign = np.array([-1.0, 1.0, 1.0, 1.0])
        return permutation_p(self.alike * sign, self.null * sign)


def stability(
    corpus: Corpus, base: View, ks: Sequence[int], settings: SpecificationSettings, verdict: VerdictSettings, seed: int
) -> Stability:
    """Every specification on one resample of the corpus, and of shuffled corpora."""

    draws, of, documents = settings.null_draws, corpus.regions.of, corpus.regions.dealt
    moved = shuffled_among(of, draws, np.random.default_rng([seed, _NULL]), documents)
    regions = np.concatenate([of[None], moved])  # the first is the corpus itself

    def work(at: int) -> NDArray[np.int8]:
        times = resampled_dealt(of, regions, np.random.default_rng([seed, _NULL_RESAMPLE, at]), documents)
        return _labels(corpus, at, ks, times, regions, [seed, _NULL_ALGORITHM])

    done = np.stack(mapped(work, range(len(corpus.views)), title="shuffled corpora 打乱的语料"))

    def judged(part: slice) -> Floats:
        strength = _prediction(corpus, base, ks, regions[part], [seed, _HALVES, part.start])
        labels = [
            np.moveaxis(done[:, :, :, draw], 0, 1).reshape(len(ks), -1, done.shape[-1])
            for draw in range(part.start, part.stop)
        ]
        found = np.stack([indices_of(each, ks, verdict) for each in labels])
        return np.insert(found, 2, strength, axis=2)

    pieces = [slice(start, min(start + 10, draws + 1)) for start in range(0, draws + 1, 10)]
    indices = np.concatenate(mapped(judged, pieces, title="stability 稳定性"))
    return Stability(indices[0], indices[1:])


# --- what may be said? -------------------------------------------------------------------------------------------


def clarity(ambiguous: float, by_chance: float) -> float:
    """Share of the ambiguity of shuffled corpora (their median pac) that a corpus lacks: 1 none is left, 0 as by chance.

    A share, not a difference over its spread: with many regions the spread at too few groups is next to nothing, and
    the smallest difference there would count more than no ambiguity at all at the right number.
    """
    return 1 - ambiguous / by_chance if by_chance > 0 else 0.0


def described_k(choice: Sequence[tuple[int, float, int]], max_singletons: int) -> int:
    """Of (k, clarity, groups of one) the k to describe.

    The clearest, among those with few enough groups of one; equal ones: the smallest k.
    """
    allowed = [row for row in choice if row[2] <= max_singletons] or list(choice)
    return max(allowed, key=lambda row: (round(row[1], 9), -row[0]))[0]


def outcome_of(*, structure: bool, unambiguous: bool, stable: bool) -> str:
    """supported: all three; weak: structure only; else not shown."""
    if not structure:
        return "not shown"
    return "supported" if unambiguous and stable else "weak"
