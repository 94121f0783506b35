"""Without a codebook: groups of like measures in the place of themes, named by the words that mark them."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.coding import COUNTED
from pipeline.method import Settings
from pipeline.representations import character_ngrams
from pipeline.stats.keyness import signed_g2
from pipeline.stats.partitions import jaccard_stability
from pipeline.stats.resampling import Floats, Ints
from pipeline.stats.weighting import weigh

_SUBSAMPLE = 22  # stream of random numbers
_KEPT = 0.8  # of the measures in a subsample
_NAMED = 3  # terms in a name


def weights_of(texts: Sequence[str]) -> Floats:
    """TF-IDF (texts x terms) of single characters and pairs: unit vectors, a text without characters 0."""
    counted = [Counter(run for n in (1, 2) for run in character_ngrams(text, n)) for text in texts]
    place = {term: at for at, term in enumerate(sorted(set().union(*counted)))}
    counts = np.zeros((len(texts), len(place)))
    for row, terms in zip(counts, counted, strict=True):
        for term, number in terms.items():
            row[place[term]] = number
    return weigh(counts, "tf-idf")


def number_of_groups(measures: int, wanted: int) -> int:
    """``wanted``, or the square root of the number of measures; never more than there are."""
    return max(1, min(wanted or round(measures**0.5), measures))


def factored(weights: Floats, k: int, seed: int) -> Ints:
    """Group of every text, -1 where it has no weight: the leading component of a non-negative factorisation.

    Lee and Seung 1999, Nature 401, 788-791; started from the singular vectors
    (Boutsidis and Gallopoulos 2008), so without a draw of its own. A component
    may lead in no text.
    """
    from sklearn.decomposition import NMF
    from sklearn.exceptions import ConvergenceWarning

    used = weights.any(axis=1)
    groups = np.full(len(weights), -1, dtype=np.int64)
    if used.any():
        k = min(k, int(used.sum()), weights.shape[1])
        model = NMF(k, init="nndsvda", max_iter=300, random_state=seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # 300 rounds are enough to group by
            loads = model.fit_transform(weights[used]) * np.linalg.norm(model.components_, axis=1)
        groups[used] = loads.argmax(axis=1)
    return groups


def in_order(groups: Ints) -> Ints:
    """The groups numbered anew from 0 in the order in which they first appear; -1 stays."""
    order = {group: at for at, group in enumerate(dict.fromkeys(groups[groups >= 0].tolist()))}
    return np.array([order.get(group, -1) for group in groups.tolist()], dtype=np.int64)


def stability_of(weights: Floats, groups: Ints, k: int, draws: int, seed: int) -> Floats:
    """For each group the mean best Jaccard overlap with a group of a subsample of the texts, 0 to 1 (Hennig 2007)."""
    if not (groups >= 0).any():
        return np.zeros(0)
    rng = np.random.default_rng([seed, _SUBSAMPLE])
    found = np.zeros((draws, int(groups.max()) + 1))
    for draw in range(draws):
        kept = np.flatnonzero((rng.permutation(len(groups)) < _KEPT * len(groups)) & (groups >= 0))
        if not len(kept):
            continue
        present, own = np.unique(groups[kept], return_inverse=True)
        found[draw, present] = jaccard_stability(own, factored(weights[kept], k, seed)[None])
    return np.asarray(found.mean(axis=0))


def marking_terms(tokens: pd.DataFrame, group_of: pd.Series, most: int) -> dict[int, list[str]]:
    """For each group the terms that mark it against the other groups, the strongest first."""
    kept = tokens[~tokens["generic"]]
    group = kept["measure_id"].map(group_of)
    everywhere = Counter(kept["term"])
    result: dict[int, list[str]] = {}
    for number in sorted(set(group_of[group_of >= 0])):
        counts = Counter(kept.loc[group == number, "term"])
        total = counts.total()
        scored = {
            term: float(signed_g2(count, total, everywhere[term] - count, max(len(kept) - total, 1)))
            for term, count in counts.items()
        }
        ranked = sorted((term for term in scored if scored[term] > 0), key=lambda term: (-round(scored[term], 9), term))
        result[number] = ranked[:most]
    return result


def hits_in(measure: Any, said: pd.DataFrame, terms: Sequence[str]) -> list[tuple[int, int, str]]:
    """Where the terms stand in a measure (start, end, term), the longest of overlapping ones; at least one place."""
    place = {term: at for at, term in enumerate(terms)}
    found = [(row.start, row.end, row.term) for row in said.itertuples() if row.term in place]
    if not found:
        # Grouped by its characters: its longest word stands for it, or all of it where it has none.
        longest = max(said.itertuples(), key=lambda row: (row.end - row.start, -row.start), default=None)
        return [
            (longest.start, longest.end, longest.term) if longest else (measure.start, measure.end, measure.headline)
        ]
    kept: list[tuple[int, int, str]] = []
    for start, end, term in sorted(found, key=lambda one: (one[0] - one[1], one[0])):
        if all(end <= a or start >= b for a, b, _ in kept):
            kept.append((start, end, term))
    return sorted(kept)


def grouped(measures: pd.DataFrame, tokens: pd.DataFrame, settings: Settings) -> tuple[pd.DataFrame, pd.DataFrame]:
    """codebook.csv and theme_evidence.csv of the groups of like measures: a description, not a coding.

    Characters and their pairs with non-negative factorisation found more of what
    two coders had marked than words, k-means, Ward's or spectral groups did
    (reports/calibration/unsupervised.md).
    """
    chosen, seed = settings.themes, settings.resampling.seed
    weights = weights_of(measures["text"].tolist())
    k = number_of_groups(len(measures), chosen.measure_groups)
    groups = in_order(factored(weights, k, seed))
    stable = stability_of(weights, groups, k, chosen.subsamples, seed)
    group_of = pd.Series(groups, index=measures["measure_id"])
    terms = marking_terms(tokens, group_of, chosen.group_terms)
    rows: list[dict[str, Any]] = []
    for measure, group in zip(measures.itertuples(), groups.tolist(), strict=True):
        if group < 0:
            continue
        said = tokens[tokens["measure_id"] == measure.measure_id]
        rows += [
            {
                "measure_id": measure.measure_id,
                "region": measure.region,
                "theme": f"g{group + 1}",
                "indicator": measure.text[start - measure.start : end - measure.start],
                "rule": term,
                "line": pd.NA,
                "start": start,
                "end": end,
                "status": COUNTED,
                "reason": "",
            }
            for start, end, term in hits_in(measure, said, terms[group])
        ]
    evidence = tables.from_rows(rows, tables.THEME_EVIDENCE).astype({"line": "Int64"})
    themes = [
        _theme(group, evidence[evidence["theme"] == f"g{group + 1}"], terms[group], float(stable[group]), len(measures))
        for group in terms
    ]
    return tables.from_rows(themes, tables.CODEBOOK), evidence


def _theme(group: int, own: pd.DataFrame, terms: list[str], stable: float, measures: int) -> dict[str, Any]:
    hits = Counter(own["measure_id"])
    name = "·".join(terms[:_NAMED] or dict.fromkeys(own["rule"].head(_NAMED)))
    return {
        "theme": f"g{group + 1}",
        "zh": name,
        "en": name,
        "definition_zh": f"自动归为一组的 {len(hits)} 条举措，以其特征词命名；没有使用编码手册。",
        "definition_en": f"A group of {len(hits)} like measures, named by the words that mark it; no codebook was used.",
        "source": "unsupervised",
        "rules": len(terms),
        "rules_used": own["rule"].nunique(),
        "measures": len(hits),
        "share": len(hits) / measures,
        "regions": own["region"].nunique(),
        "single_hit": sum(number == 1 for number in hits.values()),
        "stability": stable,
    }
