"""Compare every pair of regions and say why: keywords.csv, measures.csv -> similarity.csv, similarity_terms.csv, region_map.csv."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.method import load_settings
from pipeline.stats.scaling import classical_scaling
from pipeline.stats.weighting import tf_idf

_RUN = re.compile(r"[^\W_]+")


def character_pairs(text: str) -> Iterator[str]:
    """Every two adjoining letters, digits or Han characters."""
    for run_of in _RUN.findall(text):
        for at in range(len(run_of) - 1):
            yield run_of[at : at + 2]


def character_cosines(measures: pd.DataFrame, names: list[str]) -> np.ndarray:
    """Cosines (regions x regions) of TF-IDF vectors of character pairs: a view that no dictionary shapes."""
    texts = [measures.loc[measures["region"] == name, "text"] for name in names]
    documents = [[pair for text in region for pair in character_pairs(text)] for region in texts]
    weights, _, _ = tf_idf(documents)
    return weights @ weights.T


def explained_pairs(words: pd.DataFrame, names: list[str]) -> tuple[dict[tuple[str, str], float], pd.DataFrame]:
    """Cosine of each pair and the term products that sum to it exactly.

    The vectors have length 1, so the cosine is the sum over shared terms of the
    product of the two weights; the sum is taken by `math.fsum`.
    """
    vectors = {
        name: {row.term: (row.tf_idf, row.measure_ids) for row in group.itertuples()}
        for name, group in words.groupby("region", sort=False)
    }
    cosines: dict[tuple[str, str], float] = {}
    rows: list[dict[str, Any]] = []
    for a, b in combinations(names, 2):
        left, right = vectors.get(a, {}), vectors.get(b, {})
        products = {term: left[term][0] * right[term][0] for term in left if term in right}
        cosine = cosines[a, b] = math.fsum(products.values())
        for rank, term in enumerate(sorted(products, key=lambda t: (-round(products[t], tables.EXACT), t)), 1):
            rows.append(
                {
                    "region_a": a,
                    "region_b": b,
                    "term": term,
                    "product": products[term],
                    "share": products[term] / cosine,
                    "rank": rank,
                    "measures_a": left[term][1],
                    "measures_b": right[term][1],
                }
            )
    return cosines, tables.from_rows(rows, tables.SIMILARITY_TERMS)


def similarity_of(keywords: pd.DataFrame, measures: pd.DataFrame, *, exclude_generic: bool) -> tuple[pd.DataFrame, ...]:
    """The pairs, their shared terms and the map of the regions."""
    names = measures["region"].drop_duplicates().tolist()
    words = keywords[keywords["kind"] == "word"]
    if exclude_generic:
        words = words[~words["generic"]]
    cosines, terms = explained_pairs(words, names)
    by_character = character_cosines(measures, names)
    place = {name: at for at, name in enumerate(names)}
    shared = terms.groupby(["region_a", "region_b"]).size()
    pairs = pd.DataFrame(
        [
            {
                "region_a": a,
                "region_b": b,
                "cosine": round(cosine, tables.EXACT),
                "cosine_char": round(float(by_character[place[a], place[b]]), tables.EXACT),
                "shared_terms": int(shared.get((a, b), 0)),
            }
            for (a, b), cosine in cosines.items()
        ],
        columns=["region_a", "region_b", "cosine", "cosine_char", "shared_terms"],
    )
    pairs["rank"] = pairs["cosine"].rank(method="min", ascending=False).astype(int)
    pairs["rank_char"] = pairs["cosine_char"].rank(method="min", ascending=False).astype(int)
    return pairs[tables.SIMILARITY.names], terms, _map_of(names, cosines)


def _map_of(names: list[str], cosines: dict[tuple[str, str], float]) -> pd.DataFrame:
    distances = np.zeros((len(names), len(names)))
    for (a, b), cosine in cosines.items():
        i, j = names.index(a), names.index(b)
        distances[i, j] = distances[j, i] = 1 - cosine
    coordinates, shares = classical_scaling(distances)
    return pd.DataFrame(
        {
            "region": names,
            "x": coordinates[:, 0],
            "y": coordinates[:, 1],
            "share_x": shares[0],
            "share_y": shares[1],
        }
    )


def main(
    keywords_csv: Path,
    measures_csv: Path,
    settings_toml: Path,
    similarity_csv: Path,
    similarity_terms_csv: Path,
    region_map_csv: Path,
) -> None:
    keywords = tables.read(keywords_csv, tables.KEYWORDS)
    measures = tables.read(measures_csv, tables.MEASURES)
    exclude_generic = load_settings(settings_toml).keywords.exclude_generic
    pairs, terms, places = similarity_of(keywords, measures, exclude_generic=exclude_generic)
    tables.write(
        (pairs, tables.SIMILARITY, similarity_csv),
        (terms, tables.SIMILARITY_TERMS, similarity_terms_csv),
        (places, tables.REGION_MAP, region_map_csv),
    )


if __name__ == "__main__":
    run(main)
