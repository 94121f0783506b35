"""The view by pairs of characters: worked by hand on two texts, checked by scikit-learn on thirteen."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from pipeline import tables
from pipeline.characters import character_similarity_of
from pipeline.representations import character_ngrams
from tests.conftest import REGIONS, Corpus, measures_frame


@given(st.text(max_size=30))
def test_character_pairs_of_any_text_are_its_adjoining_letters_and_digits(text: str) -> None:
    assert list(character_ngrams(text, 2)) == [a + b for a, b in pairwise(text) if a.isalnum() and b.isalnum()]


def test_characters_of_two_measures_of_a_region_make_no_pair() -> None:
    measures = measures_frame([("山东", "甲乙"), ("山东", "丙丁"), ("浙江", "乙丙")])
    assert character_similarity_of(measures)["cosine_char"].tolist() == [0.0]


def test_texts_without_two_adjoining_characters_are_alike_in_nothing() -> None:
    found = character_similarity_of(measures_frame([("山东", "甲"), ("浙江", "甲"), ("上海", "乙、丙")]))
    assert found.values.tolist() == [["山东", "浙江", 0.0], ["山东", "上海", 0.0], ["浙江", "上海", 0.0]]


def test_one_region_makes_no_pair() -> None:
    found = character_similarity_of(measures_frame([("山东", "甲乙")]))
    assert (list(found.columns), len(found)) == (tables.CHARACTER_SIMILARITY.names, 0)


def test_two_texts_have_the_cosine_worked_by_hand() -> None:
    # 山东 has the pairs 甲乙, 乙丙; 浙江 has 甲乙 alone. idf of 甲乙, in both: ln(3/3) + 1 = 1; of 乙丙: ln(3/2) + 1
    # = 1.405465108108; the vectors (1, 1.405465108108) and (1, 0): 1 / root(1 + 1.975332170106) = 0.579738671538
    found = character_similarity_of(measures_frame([("山东", "甲乙丙"), ("浙江", "甲乙")]))
    assert found["cosine_char"].tolist() == pytest.approx([0.579738671538], abs=1e-9)


def test_words_of_two_characters_apart_are_compared_alike_by_characters(three: Corpus) -> None:
    # every run of characters between the commas is one word of two characters: the pairs are the words
    assert three.character_similarity["cosine_char"].tolist() == pytest.approx(
        three.similarity["cosine"].tolist(), abs=1e-12
    )


def test_character_cosines_of_the_appendix_are_scikit_learns(corpus: Corpus) -> None:
    def pairs(region: str) -> list[str]:
        texts = corpus.measures.loc[corpus.measures["region"] == region, "text"]
        return [a + b for text in texts for a, b in pairwise(text) if a.isalnum() and b.isalnum()]

    vectorizer = TfidfVectorizer(analyzer=pairs)
    theirs = cosine_similarity(vectorizer.fit_transform(REGIONS))
    expected = [theirs[i, j] for i, j in combinations(range(13), 2)]
    np.testing.assert_allclose(corpus.character_similarity["cosine_char"], expected, atol=1e-12)
    tables.check(corpus.character_similarity, tables.CHARACTER_SIMILARITY)
