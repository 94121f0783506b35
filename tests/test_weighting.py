"""TF-IDF is count times smooth idf over the Euclidean norm, as worked by hand and as scikit-learn has it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer

from pipeline.stats.weighting import WEIGHTS, cosines, tf_idf, weigh

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


# --- variants over count tables ----------------------------------------------------------------------------------

WORDS = st.lists(st.sampled_from("甲乙丙丁戊"), max_size=8)
TEXTS = st.lists(WORDS, min_size=1, max_size=6).filter(any)
OPTIONS: dict[str, dict[str, bool]] = {
    "tf-idf": {},
    "sublinear": {"sublinear_tf": True},
    "binary": {"binary": True},
}


def counted(documents: list[list[str]]) -> np.ndarray:
    return np.array([[document.count(term) for term in "甲乙丙丁戊"] for document in documents], dtype=float)


@given(TEXTS, st.sampled_from(sorted(OPTIONS)), st.integers(1, 2), st.sampled_from([0.4, 0.5, 0.75, 1.0]))
def test_the_variants_are_scikit_learns_within_the_same_bounds_of_document_frequency(
    documents: list[list[str]], weight: str, min_df: int, max_share: float
) -> None:
    n = len(documents)
    kept = [term for term in "甲乙丙丁戊" if min_df <= sum(term in text for text in documents) <= max_share * n]
    expected = np.zeros((n, 5))
    if kept:  # scikit-learn refuses to keep no terms
        vectorizer = TfidfVectorizer(analyzer=list, min_df=min_df, max_df=max_share, **OPTIONS[weight])
        weights = vectorizer.fit_transform(documents).toarray()
        expected[:, ["甲乙丙丁戊".index(term) for term in vectorizer.get_feature_names_out()]] = weights
    found = weigh(counted(documents), weight, min_df=min_df, max_df=max_share * n)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@given(TEXTS, st.integers(1, 2), st.sampled_from([0.5, 1.0]))
def test_bm25_is_its_formula_term_by_term(documents: list[list[str]], min_df: int, max_share: float) -> None:
    n = len(documents)
    df = {term: sum(term in text for text in documents) for term in "甲乙丙丁戊"}
    kept = [term for term in df if min_df <= df[term] <= max_share * n]
    lengths = [sum(term in kept for term in text) for text in documents]
    expected = []
    for text, length in zip(documents, lengths, strict=True):
        row = []
        for term in df:
            count = text.count(term)
            if term not in kept or not count:
                row.append(0.0)
                continue
            saturated = count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / (sum(lengths) / n)))
            row.append(saturated * (math.log((1 + n) / (1 + df[term])) + 1))
        norm = math.sqrt(math.fsum(value**2 for value in row))
        expected.append([value / norm if norm else 0.0 for value in row])
    found = weigh(counted(documents), "bm25", min_df=min_df, max_df=max_share * n)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


def test_sublinear_and_binary_weights_are_worked_by_hand() -> None:
    # 甲 3 times and 乙 once in the first of two documents, 乙 in the second: idf ln(3/2) + 1 and 1
    counts = np.array([[3.0, 1.0], [0.0, 1.0]])
    idf = math.log(1.5) + 1
    sublinear = (1 + math.log(3)) * idf
    assert weigh(counts, "sublinear")[0].tolist() == pytest.approx(
        [sublinear / math.hypot(sublinear, 1), 1 / math.hypot(sublinear, 1)], abs=1e-12
    )
    assert weigh(counts, "binary")[0].tolist() == pytest.approx(
        [idf / math.hypot(idf, 1), 1 / math.hypot(idf, 1)], abs=1e-12
    )
    assert weigh(counts, "binary")[1].tolist() == [0, 1]


@pytest.mark.parametrize("weight", WEIGHTS)
def test_leading_axes_are_separate_corpora(weight: str) -> None:
    counts = np.random.default_rng(1).integers(0, 4, size=(2, 3, 5, 7)).astype(float)
    counts[0, 1, 2] = 0  # a document without terms
    found = weigh(counts, weight, min_df=2, max_df=0.8 * counts.shape[-2])
    for case in np.ndindex(2, 3):
        np.testing.assert_allclose(
            found[case], weigh(counts[case], weight, min_df=2, max_df=0.8 * counts.shape[-2]), atol=1e-12
        )


@pytest.mark.parametrize("weight", WEIGHTS)
def test_a_document_with_terms_has_length_1_and_one_without_stays_0(weight: str) -> None:
    found = weigh(np.array([[2.0, 0.0, 1.0], [0.0, 0.0, 0.0], [0.0, 5.0, 1.0]]), weight)
    assert np.linalg.norm(found, axis=1).tolist() == pytest.approx([1, 0, 1], abs=1e-12)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_where_every_term_is_left_out_all_weights_are_0(weight: str) -> None:
    assert weigh(np.ones((3, 2)), weight, max_df=1.8).tolist() == [[0, 0]] * 3


def test_an_unknown_weight_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="tf-idf, sublinear, bm25, binary"):
        weigh(np.ones((2, 2)), "tfidf")


def test_cosines_are_inner_products_and_0_beside_an_empty_document() -> None:
    vectors = np.array([[0.6, 0.8, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    expected = [[1.0, 0.8, 0.0], [0.8, 1.0, 0.0], [0.0, 0.0, 0.0]]
    np.testing.assert_allclose(cosines(vectors), expected, atol=1e-12)
    np.testing.assert_allclose(
        cosines(np.stack([vectors, vectors[::-1]]))[1], np.array(expected)[::-1, ::-1], atol=1e-12
    )


def test_rounding_takes_no_cosine_above_1() -> None:
    vector = np.full((1, 2), math.sqrt(0.5) * (1 + 1e-15))
    assert (vector @ vector.T).item() > 1
    assert cosines(vector).tolist() == [[1.0]]
