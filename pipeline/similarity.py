"""Compare every pair of regions and say why: keywords.csv, character_similarity.csv -> similarity.csv, similarity_terms.csv, region_map.csv."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.method import load_settings
from pipeline.stats.scaling import classical_scaling


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


def similarity_of(
    keywords: pd.DataFrame, characters: pd.DataFrame, *, exclude_generic: bool
) -> tuple[pd.DataFrame, ...]:
    """The pairs, their shared terms and the map of the regions."""
    # one region alone is in no pair
    names = (
        list(dict.fromkeys([*characters["region_a"], *characters["region_b"]])) or keywords["region"].unique().tolist()
    )
    words = keywords[keywords["kind"] == "word"]
    words = words[words["unranked"] != "common"]
    if exclude_generic:
        words = words[~words["generic"]]
    cosines, terms = explained_pairs(words, names)
    by_character = characters.set_index(["region_a", "region_b"])["cosine_char"]
    shared = terms.groupby(["region_a", "region_b"]).size()
    pairs = pd.DataFrame(
        [
            {
                "region_a": a,
                "region_b": b,
                "cosine": round(cosine, tables.EXACT),
                "cosine_char": by_character[a, b],
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
    character_similarity_csv: Path,
    settings_toml: Path,
    similarity_csv: Path,
    similarity_terms_csv: Path,
    region_map_csv: Path,
) -> None:
    keywords = tables.read(keywords_csv, tables.KEYWORDS)
    characters = tables.read(character_similarity_csv, tables.CHARACTER_SIMILARITY)
    exclude_generic = load_settings(settings_toml).keywords.exclude_generic
    pairs, terms, places = similarity_of(keywords, characters, exclude_generic=exclude_generic)
    tables.write(
        (pairs, tables.SIMILARITY, similarity_csv),
        (terms, tables.SIMILARITY_TERMS, similarity_terms_csv),
        (places, tables.REGION_MAP, region_map_csv),
    )


if __name__ == "__main__":
    run(main)
