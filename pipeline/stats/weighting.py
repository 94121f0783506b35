"""TF-IDF by scikit-learn over documents that are already cut into terms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer


def tf_idf(documents: Sequence[Sequence[str]], *, normed: bool = True) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Weights (documents x terms), idf and terms of documents given as lists of terms.

    scikit-learn's definition: count times ln((1 + n) / (1 + df)) + 1, each row
    divided by its Euclidean norm unless ``normed`` is false. No terms at all: no columns.
    """
    if not any(documents):
        return np.zeros((len(documents), 0)), np.zeros(0), []
    vectorizer = TfidfVectorizer(analyzer=_as_is, norm="l2" if normed else None)
    weights = vectorizer.fit_transform(documents).toarray()
    return weights, vectorizer.idf_, vectorizer.get_feature_names_out().tolist()


def _as_is(terms: Sequence[str]) -> Sequence[str]:
    return terms
