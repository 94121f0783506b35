"""TF-IDF is count times smooth idf over the Euclidean norm, as worked by hand and as scikit-learn has it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from pipeline.stats.weighting import tf_idf

# Three documents; 培训, 评价 and 双师 are in two of them, 基地 and 校企 in one.
DOCUMENTS = [["培训", "培训", "基地", "评价"], ["培训", "评价", "双师"], ["双师", "双师", "校企"]]
TWO = 1.2876820724517809  # ln(4/3) + 1 = 0.287682072451781 + 1
ONE = 1.6931471805599453  # ln(4/2) + 1 = 0.693147180559945 + 1


def test_weights_and_idf_are_those_worked_by_hand() -> None:
    weights, idf, terms = tf_idf(DOCUMENTS, normed=False)
    assert dict(zip(terms, idf, strict=True)) == pytest.approx(
        {"培训": TWO, "评价": TWO, "双师": TWO, "基地": ONE, "校企": ONE}, abs=1e-12
    )
    first = dict(zip(terms, weights[0], strict=True))
    assert first == pytest.approx({"培训": 2 * TWO, "基地": ONE, "评价": TWO, "双师": 0, "校企": 0}, abs=1e-12)


def test_a_normed_row_is_divided_by_its_length() -> None:
    weights, _, terms = tf_idf(DOCUMENTS)
    # (2 x 1.287682)^2 + 1.693147^2 + 1.287682^2 = 6.632500 + 2.866747 + 1.658125 = 11.157373; root 3.340265
    # 2.575364 / 3.340265 = 0.771006; 1.693147 / 3.340265 = 0.506890; 1.287682 / 3.340265 = 0.385503
    first = dict(zip(terms, weights[0], strict=True))
    assert first["培训"] == pytest.approx(0.7710058432202013, abs=1e-9)
    assert first["基地"] == pytest.approx(0.5068900148458076, abs=1e-9)
    assert first["评价"] == pytest.approx(0.3855029216101006, abs=1e-9)
    # three terms of equal weight: 1 / root 3
    second = dict(zip(terms, weights[1], strict=True))
    assert [second[term] for term in ("培训", "评价", "双师")] == pytest.approx([1 / math.sqrt(3)] * 3, abs=1e-12)


def test_terms_are_taken_as_they_are() -> None:
    documents = [["1+X证书", "A", "a", "x y"], ["A"]]
    assert set(tf_idf(documents)[2]) == {"1+X证书", "A", "a", "x y"}


def test_a_document_without_terms_is_a_row_of_zeros() -> None:
    weights, _, _ = tf_idf([["培训"], []])
    assert weights.tolist() == [[1.0], [0.0]]


@given(
    st.lists(st.lists(st.sampled_from("甲乙丙丁戊"), max_size=8), min_size=1, max_size=6).filter(
        lambda docs: any(docs)
    ),
    st.booleans(),
)
def test_the_weights_are_those_of_two_other_scikit_learn_classes(documents: list[list[str]], normed: bool) -> None:
    weights, idf, terms = tf_idf(documents, normed=normed)
    counter = CountVectorizer(analyzer=lambda document: document)
    counts = counter.fit_transform(documents)
    transformer = TfidfTransformer(norm="l2" if normed else None)
    expected = transformer.fit_transform(counts).toarray()
    assert terms == counter.get_feature_names_out().tolist()
    np.testing.assert_allclose(weights, expected, rtol=1e-12)
    np.testing.assert_allclose(idf, transformer.idf_, rtol=1e-12)
