"""Compare every pair of regions by pairs of characters: measures.csv -> character_similarity.csv."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.representations import character_ngrams
from pipeline.stats.weighting import tf_idf


def character_similarity_of(measures: pd.DataFrame) -> pd.DataFrame:
    """Cosine of each pair's TF-IDF vectors of character pairs: a view that no dictionary shapes.

    A pair of characters never spans two measures. Where no text has two
    adjoining characters every cosine is 0.
    """
    names = measures["region"].drop_duplicates().tolist()
    texts = {name: group["text"].tolist() for name, group in measures.groupby("region", sort=False)}
    documents = [[pair for text in texts[name] for pair in character_ngrams(text, 2)] for name in names]
    weights = tf_idf(documents)[0]
    cosines = weights @ weights.T
    return tables.from_rows(
        (
            {
                "region_a": a,
                "region_b": b,
                "cosine_char": round(float(cosines[names.index(a), names.index(b)]), tables.EXACT),
            }
            for a, b in combinations(names, 2)
        ),
        tables.CHARACTER_SIMILARITY,
    )


def main(measures_csv: Path, character_similarity_csv: Path) -> None:
    measures = tables.read(measures_csv, tables.MEASURES)
    tables.write((character_similarity_of(measures), tables.CHARACTER_SIMILARITY, character_similarity_csv))


if __name__ == "__main__":
    run(main)
