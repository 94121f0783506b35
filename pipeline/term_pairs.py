"""Why two texts are alike through a background: their fused similarity as a sum over pairs of terms."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.background import Background
from pipeline.representations import Corpus, View, fused_parts
from pipeline.stats.resampling import Floats

# What is counted, and what the part of the similarity that it makes is called.
PARTS = {"dictionary": "words", "character pairs": "character pairs", "single characters": "single characters"}


@dataclass(frozen=True)
class Explanation:
    """One part of one pair: (term, term, value) of the largest, number and sum of the others."""

    shown: list[tuple[str, str, float]]
    others: int
    rest: float


class Explained:
    """The fused similarity of any two texts of a corpus as a sum over pairs of their terms.

    Each part is (x - m)' S (y - m) / (|x - m| |y - m|) for the texts x, y and their mean m, the lengths those of the
    images: a sum over pairs of terms. A term counts by how much more of it a text has than the mean. All that is exact.
    """

    def __init__(self, corpus: Corpus, background: Background) -> None:
        self._parts = []
        n = len(corpus.regions.names)
        for view in fused_parts():
            units = corpus.units[view.text]
            part = background.part(view.text, units.terms)
            vectors = np.zeros((n, len(units.terms)))
            np.add.at(vectors, (corpus.regions.of[units.measure], units.term), units.count * part.idf[units.term])
            vectors /= np.maximum(_norms(corpus, view), 1e-12)[:, None]
            images = corpus.seen(view)[0]
            images = images - images.mean(axis=0)
            size = np.sqrt((images * images).sum(axis=1))
            scale = np.where(size > 1e-9, 1 / np.where(size > 1e-9, size, 1.0), 0.0) / np.sqrt(len(fused_parts()))
            self._parts.append((view, units.terms, part, vectors, vectors.mean(axis=0), images, scale))

    def pair(self, a: int, b: int, most: int) -> dict[str, Explanation]:
        """Of each part the ``most`` pairs of terms that contribute most, and all others, also of terms that the two lack."""
        values: dict[str, Floats] = {}
        total: dict[str, float] = {}
        said: dict[str, tuple[list[str], list[str], int]] = {}
        said_more: dict[str, NDArray[np.bool_]] = {}
        for view, terms, part, vectors, mean, images, scale in self._parts:
            i, j = np.flatnonzero(vectors[a]), np.flatnonzero(vectors[b])
            if view.weight == "soft-cosine":
                alike = part.directions[i] @ part.directions[j].T
                alike += (i[:, None] == j) & ~part.known[i][:, None]
            else:
                alike = part.vectors[i] @ part.vectors[j].T
            name = PARTS[view.text]
            own, other = (vectors[a, i] - mean[i]) * scale[a], (vectors[b, j] - mean[j]) * scale[b]
            found = own[:, None] * alike * other
            values[name] = values[name] + found if name in values else found
            # two regions that have less of their terms than the mean are alike in that, but it is nothing they say
            more = (own > 0)[:, None] & (other > 0)
            said_more[name] = said_more[name] & more if name in said_more else more
            total[name] = total.get(name, 0.0) + float(images[a] @ images[b] * scale[a] * scale[b])
            said[name] = ([terms[at] for at in i], [terms[at] for at in j], len(terms) ** 2)
        explained = {}
        for name, found in values.items():
            flat, more = found.ravel(), said_more[name].ravel()
            order = np.argsort(-flat.round(9), kind="stable")  # equal ones in the order of the terms
            first = order[more[order] & (flat[order] > 0)][:most]
            columns = max(found.shape[1], 1)
            firsts, seconds, pairs = said[name]
            shown = [(firsts[at // columns], seconds[at % columns], float(flat[at])) for at in first]
            explained[name] = Explanation(shown, pairs - len(first), total[name] - float(flat[first].sum()))
        return explained


def _norms(corpus: Corpus, view: View) -> Floats:
    """Lengths (n) of the regions' images."""
    sums = np.zeros((len(corpus.regions.names), corpus.images[view].shape[1]))
    np.add.at(sums, corpus.regions.of, corpus.images[view].toarray())
    return np.sqrt((sums * sums).sum(axis=1))
