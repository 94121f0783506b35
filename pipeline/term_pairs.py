"""Why two texts are alike through a background: their fused similarity as a sum over pairs of terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

from pipeline.background import Background, Part
from pipeline.blocks import Centred
from pipeline.representations import Corpus, View, fused_parts
from pipeline.stats.resampling import Floats, Ints

# What is counted, and what the part of the similarity that it makes is called.
PARTS = {"dictionary": "words", "character pairs": "character pairs", "single characters": "single characters"}
_ROWS = 256  # terms of the first text looked at together


@dataclass(frozen=True)
class Explanation:
    """One part of one pair: (term, term, value) of the largest, number and sum of the others."""

    shown: list[tuple[str, str, float]]
    others: int
    rest: float


@dataclass(frozen=True)
class _Seen:
    """One part of the fused view: weights (texts x terms) that sum to the images, their mean, and the likeness of terms."""

    view: View
    terms: tuple[str, ...]
    part: Part
    weights: csr_array
    mean: Floats
    centred: Centred
    scale: Floats

    def excess(self, text: int) -> tuple[Ints, Floats]:
        """The terms of the text, and by how much more of each it has than the mean."""
        at = self.weights.indices[self.weights.indptr[text] : self.weights.indptr[text + 1]]
        value = self.weights.data[self.weights.indptr[text] : self.weights.indptr[text + 1]]
        order = np.argsort(at)
        return at[order].astype(np.int64), (value[order] - self.mean[at[order]]) * self.scale[text]

    @property
    def vectors(self) -> Floats:
        return self.part.directions if self.view.weight == "soft-cosine" else self.part.vectors

    def alike(self, i: Ints, j: Ints) -> Floats:
        """Likeness (i x j) of terms in the background; a term that it lacks is like itself alone where it counts at all."""
        found = self.vectors[i] @ self.vectors[j].T
        if self.view.weight == "soft-cosine":
            found += (i[:, None] == j) & ~self.part.known[i][:, None]
        return np.asarray(found)

    def longest(self, terms: Ints) -> Floats:
        """Of each term the most that its likeness with one of length 1 can be."""
        length = np.sqrt((self.vectors[terms] ** 2).sum(axis=1))
        return np.where(self.part.known[terms], length, 1.0) if self.view.weight == "soft-cosine" else length


class Explained:
    """The fused similarity of any two texts of a corpus as a sum over pairs of their terms.

    Each part is (x - m)' S (y - m) / (|x - m| |y - m|) for the texts x, y and their mean m, the lengths those of the
    images: a sum over pairs of terms. A term counts by how much more of it a text has than the mean. All that is exact.
    """

    def __init__(self, corpus: Corpus, background: Background, centred: Sequence[Centred]) -> None:
        self._parts: list[_Seen] = []
        n = len(corpus.regions.names)
        for view, seen in zip(fused_parts(), centred, strict=True):
            units = corpus.units[view.text]
            part = background.part(view.text, units.terms)
            places = (corpus.regions.of[units.measure], units.term)
            weighed = csr_array((units.count * part.idf[units.term], places), shape=(n, len(units.terms)))
            weights = csr_array(diags_array(1 / np.maximum(_norms(corpus, view), 1e-12)) @ weighed)
            mean = np.asarray(weights.sum(axis=0)).ravel() / max(n, 1)
            scale = seen.scale / np.sqrt(len(fused_parts()))
            self._parts.append(_Seen(view, units.terms, part, weights, mean, seen, scale))

    def pair(self, a: int, b: int, most: int) -> dict[str, Explanation]:
        """Of each part the ``most`` pairs of terms that contribute most, and all others, also of terms that the two lack."""
        explained = {}
        for name in dict.fromkeys(PARTS[seen.view.text] for seen in self._parts):
            own = [seen for seen in self._parts if PARTS[seen.view.text] == name]
            total = sum(seen.centred.cosine(a, b) for seen in own) / len(self._parts)
            terms = own[0].terms
            shown = [(terms[i], terms[j], value) for i, j, value in _largest(own, a, b, most)]
            rest = total - sum(value for _, _, value in shown)
            explained[name] = Explanation(shown, len(terms) ** 2 - len(shown), rest)
        return explained


def _largest(parts: Sequence[_Seen], a: int, b: int, most: int) -> list[tuple[int, int, float]]:
    """The pairs of terms with the largest sums over the parts, equal ones in the order of the terms.

    Of terms that both texts have more of than the mean: two that have less are
    alike in that, but it is nothing they say. The terms with the largest bounds come
    first, and those whose bounds are below what was found are not looked at.
    """
    i, own = _more(parts, a)
    j, other = _more(parts, b)
    if not len(i) or not len(j) or not most:
        return []
    reach_i = np.stack([value * seen.longest(i) for seen, value in zip(parts, own, strict=True)])
    reach_j = np.stack([value * seen.longest(j) for seen, value in zip(parts, other, strict=True)])
    bound = (reach_i * reach_j.max(axis=1)[:, None]).sum(axis=0)
    order = np.argsort(-bound, kind="stable")
    found: list[tuple[float, int, int, float]] = []  # (- rounded value, i, j, value), the best first
    for start in range(0, len(order), _ROWS):
        least = -found[-1][0] - 1e-9 if len(found) == most else 0.0
        rows = order[start : start + _ROWS]
        if bound[rows[0]] < least:
            break
        columns = np.flatnonzero((reach_i[:, rows].max(axis=1)[:, None] * reach_j).sum(axis=0) >= least)
        values = np.zeros((len(rows), len(columns)))
        for seen, mine, theirs in zip(parts, own, other, strict=True):
            values += mine[rows][:, None] * seen.alike(i[rows], j[columns]) * theirs[columns]
        rounded = values.round(9)
        flat = rounded.ravel()
        if len(flat) > most:
            least = max(least, float(np.partition(flat, -most)[-most]))
        at, to = np.nonzero((rounded >= least) & (values > 0))
        found += [
            (-float(rounded[x, y]), int(i[rows[x]]), int(j[columns[y]]), float(values[x, y]))
            for x, y in zip(at, to, strict=True)
        ]
        found = sorted(found)[:most]
    return [(first, second, value) for _, first, second, value in found]


def _more(parts: Sequence[_Seen], text: int) -> tuple[Ints, list[Floats]]:
    """The terms that the text has more of than the mean in every part, and by how much in each."""
    each = [seen.excess(text) for seen in parts]
    terms = each[0][0]
    more: NDArray[np.bool_] = np.all([value > 0 for _, value in each], axis=0)
    return terms[more], [value[more] for _, value in each]


def _norms(corpus: Corpus, view: View) -> Floats:
    """Lengths (n) of the regions' images."""
    regions = corpus.regions
    pooled = csr_array(
        (np.ones(len(regions.of)), (regions.of, np.arange(len(regions.of)))),
        shape=(len(regions.names), len(regions.of)),
    )
    sums = csr_array(pooled @ corpus.images[view])
    return np.sqrt(np.asarray(sums.multiply(sums).sum(axis=1)).ravel())
