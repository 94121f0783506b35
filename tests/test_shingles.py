"""Shingles that texts have in common: counted as sets of strings would be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, strategies as st

from pipeline.stats import shingles as of
from pipeline.stats.shingles import in_common, shingles

TEXTS = st.lists(st.text("教师培\U00020000a", max_size=12), max_size=7)


def sets(texts: list[str], length: int) -> list[set[str]]:
    return [{text[at : at + length] for at in range(len(text) - length + 1)} for text in texts]


@given(texts=TEXTS, length=st.integers(2, 5))
def test_sizes_and_pairs_are_those_of_sets_of_strings(texts: list[str], length: int) -> None:
    sizes, shared = in_common(texts, length)
    expected = sets(texts, length)
    assert sizes.tolist() == [len(one) for one in expected]
    for a in range(len(texts)):
        for b in range(len(texts)):
            assert shared[a, b] == (len(expected[a] & expected[b]) if a < b else 0)


@given(texts=TEXTS)
def test_frequent_shingles_are_counted_like_rare_ones(texts: list[str]) -> None:
    rare = in_common(texts, 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(of, "_RARE", 1)
        patch.setattr(of, "_BLOCK", 3)
        frequent = in_common(texts, 2)
    assert all(np.array_equal(a, b) for a, b in zip(rare, frequent, strict=True))


def test_no_shingle_reaches_from_one_text_into_the_next() -> None:
    number, text = shingles(["教师", "教师", "培训教师"], 2)
    assert text.tolist().count(2) == 3  # 培训, 训教, 教师
    assert len(set(number.tolist())) == 3  # 师培 is in no text
    assert in_common(["abcd", "efg"], 5)[0].tolist() == [0, 0]
