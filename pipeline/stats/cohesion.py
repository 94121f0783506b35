"""How firmly a string of characters holds together, how freely it stands in the text, and how alike two contexts are."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from scipy.sparse import coo_array, csr_array, diags_array


def npmi(both: int, a: int, b: int, total: int) -> float:
    """Normalised pointwise mutual information, -1 to 1; 1 where both are everywhere.

    ln(p(a,b) / (p(a) p(b))) / -ln p(a,b) (Bouma 2009, Proceedings of GSCL, 31-40).
    """
    if both == total:
        return 1.0
    return math.log(both * total / (a * b)) / -math.log(both / total)


def occurrences(text: str, wanted: Collection[str], lengths: Sequence[int]) -> Iterator[tuple[str, int]]:
    """Every place in ``text`` at which a wanted string of one of the ``lengths`` begins; they may overlap."""
    for length in lengths:
        for start in range(len(text) - length + 1):
            if (piece := text[start : start + length]) in wanted:
                yield piece, start


def halves(string: str) -> Iterator[tuple[str, str]]:
    """Every way to cut the string into two parts."""
    for at in range(1, len(string)):
        yield string[:at], string[at:]


def weakest_joint(string: str, counts: Mapping[str, int], total: int) -> float:
    """The smallest NPMI of the two sides of a cut through the string, -1 to 1; 1 for a single character.

    ``counts``: occurrences of the string and of all its beginnings and ends; ``total``: characters of the text.
    A term is as firm as its weakest joint. The cuts go through the characters and
    not between the words of some segmentation, for that segmentation is what is in
    question here; inside a word a cut finds a firm joint and does no harm.
    """
    return min(
        (npmi(counts[string], counts[left], counts[right], total) for left, right in halves(string)), default=1.0
    )


def branching_entropy(neighbours: Mapping[str, int], boundaries: int = 0) -> float:
    """Entropy in bits of what stands next to a string on one side: -sum of p log2 p, 0 to log2 of the occurrences.

    ``neighbours``: how often each character does; ``boundaries``: how often text
    or clause ends there. Each boundary counts as a neighbour of its own, as in the
    accessor variety (Feng, Chen, Deng and Zheng 2004, Computational Linguistics
    30(1), 75-93): what ends a clause is free on that side. A string that is a
    piece of a longer one has the same neighbour again and again and little
    entropy (Jin and Tanaka-Ishii 2006, Proceedings of COLING/ACL, 428-435).
    """
    total = sum(neighbours.values()) + boundaries
    terms = [count * math.log2(total / count) for count in (*neighbours.values(), *[1] * boundaries)]
    return math.fsum(terms) / total if total else 0.0


def context_vectors(counts: csr_array) -> csr_array:
    """Rows of unit length whose dot product is the likeness of two contexts, 0 to 1; a row without weight stays 0.

    ``counts``: how often each word (column) stands near each term (row). A cell
    becomes max(0, ln(p(t,w) / (p(t) p(w)))): positive pointwise mutual information,
    compared by the cosine (Bullinaria and Levy 2007, Behavior Research Methods
    39(3), 510-526).
    """
    cells = coo_array(counts, dtype=np.float64)
    rows, columns = cells.coords
    of_row, of_column = np.asarray(counts.sum(axis=1)).ravel(), np.asarray(counts.sum(axis=0)).ravel()
    expected = of_row[rows] * of_column[columns] / max(of_row.sum(), 1)
    weights = csr_array((np.maximum(np.log(cells.data / expected), 0.0), (rows, columns)), shape=counts.shape)
    lengths = np.sqrt(np.asarray((weights * weights).sum(axis=1)).ravel())
    return csr_array(diags_array(1 / np.where(lengths == 0, 1.0, lengths)) @ weights)
