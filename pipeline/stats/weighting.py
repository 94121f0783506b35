"""TF-IDF by scikit-learn over documents cut into terms, and its variants over many count tables at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def tf_idf(documents: Sequence[Sequence[str]], *, normed: bool = True) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Weights (documents x terms), idf and terms of documents given as lists of terms.

    scikit-learn's definition: count times ln((1 + n) / (1 + df)) + 1, each row
    divided by its Euclidean norm unless ``normed`` is false. No terms at all: no columns.
    """
    if not any(documents):
        return np.zeros((len(documents), 0)), np.zeros(0), []
    # 0.6 s that most stages, which only weigh counts, need not spend
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectorizer = TfidfVectorizer(analyzer=_as_is, norm="l2" if normed else None)
    weights = vectorizer.fit_transform(documents).toarray()
    return weights, vectorizer.idf_, vectorizer.get_feature_names_out().tolist()


def _as_is(terms: Sequence[str]) -> Sequence[str]:
    return terms


WEIGHTS = ("tf-idf", "sublinear", "bm25", "binary")
_K1, _B = 1.2, 0.75  # BM25's customary values (Robertson and Zaragoza 2009, section 3.5.2)


def weigh(counts: NDArray[np.float64], weight: str, *, min_df: int = 1, max_df: float = np.inf) -> NDArray[np.float64]:
    """Unit vectors (... x documents x terms) of counts of the same shape; a document without terms stays 0.

    tf-idf: count times ln((1 + n) / (1 + df)) + 1, as `tf_idf`. The others put in
    place of the count: sublinear 1 + ln(count); binary 1; bm25
    count (k1 + 1) / (count + k1 (1 - b + b length / mean length)). Terms of fewer
    than ``min_df`` or more than ``max_df`` documents are left out.
    """
    n = counts.shape[-2]
    present = counts > 0
    df = present.sum(axis=-2)
    used = (df >= min_df) & (df <= max_df)
    idf = np.where(used, np.log((1 + n) / (1 + df)) + 1, 0.0)[..., None, :]
    if weight == "tf-idf":
        values = counts * idf
    elif weight == "sublinear":
        values = (1 + np.log(np.where(present, counts, 1.0))) * np.where(present, idf, 0.0)
    elif weight == "binary":
        values = np.where(present, idf, 0.0)
    elif weight == "bm25":
        length = (counts * used[..., None, :]).sum(axis=-1, keepdims=True)
        mean = np.maximum(length.mean(axis=-2, keepdims=True), 1e-12)
        values = counts * (_K1 + 1) / (counts + _K1 * (1 - _B + _B * length / mean)) * idf
    else:
        raise ValueError(f"weight must be one of {', '.join(WEIGHTS)}")
    norm = np.sqrt((values * values).sum(axis=-1, keepdims=True))
    return np.asarray(values / np.where(norm > 0, norm, 1.0))


def cosines(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cosine of every two unit vectors (... x n x terms -> ... x n x n), 0 where one is empty, rounding kept in 0 to 1."""
    return np.clip(vectors @ np.swapaxes(vectors, -1, -2), 0.0, 1.0)
