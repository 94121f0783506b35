"""Strings of so many characters that two texts have in common, counted exactly for all pairs of texts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

_RARE = 50  # texts that hold a shingle; of more, products of matrices count the pairs faster
_BLOCK = 4096  # shingles in one product: its sums are whole numbers that 32 bits hold exactly


def shingles(texts: Sequence[str], length: int) -> tuple[Ints, Ints]:
    """Every different string of ``length`` characters in each text: (shingle, text) numbers, by shingle, then by text.

    Equal strings have equal numbers. No string reaches from one text into the next.
    """
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
    text_of = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    if len(codes) < length:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    single = number = np.unique(codes, return_inverse=True)[1]
    for step in range(1, length):  # numbered anew at each step, so that no number grows too large
        longer = number[: len(codes) - step] * (single.max() + 1) + single[step:]
        number = np.unique(longer, return_inverse=True)[1]
    whole = text_of[: len(number)] == text_of[length - 1 :]
    found = np.unique(number[whole] * len(texts) + text_of[: len(number)][whole])
    return found // len(texts), found % len(texts)


def in_common(texts: Sequence[str], length: int) -> tuple[Ints, Ints]:
    """How many different shingles each text has, and each pair in common (texts x texts, above the diagonal)."""
    n = len(texts)
    shingle, text = shingles(texts, length)
    shared = np.zeros((n, n), dtype=np.int64)
    _, first, holders = np.unique(shingle, return_index=True, return_counts=True)
    for size in np.unique(holders[(holders > 1) & (holders <= _RARE)]):
        held_by = text[first[holders == size][:, None] + np.arange(size)]
        for i, j in combinations(range(size), 2):
            np.add.at(shared, (held_by[:, i], held_by[:, j]), 1)
    frequent = np.flatnonzero(holders > _RARE)
    for at in range(0, len(frequent), _BLOCK):
        block = frequent[at : at + _BLOCK]
        holds = np.zeros((n, len(block)), dtype=np.float32)
        for column, one in enumerate(block):
            holds[text[first[one] : first[one] + holders[one]], column] = 1
        shared += np.triu(holds @ holds.T, 1).astype(np.int64)
    return np.bincount(text, minlength=n), shared
