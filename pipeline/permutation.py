"""Deal the measures anew among the regions and compare: tokens.csv, measures.csv -> pair_tests.csv, structure.csv, null_distribution.csv."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.evidence import Shuffled, base_views, group_numbers, shuffled
from pipeline.groups import structure_of
from pipeline.method import Settings, load_settings
from pipeline.representations import Corpus, characters, regions_of, words
from pipeline.stats.inference import benjamini_hochberg


def pair_tests_of(names: tuple[str, ...], found: dict[str, Shuffled], alpha: float) -> pd.DataFrame:
    """One row per pair of regions."""
    i, j = np.triu_indices(len(names), 1)
    p, p_char = found["words"].pair_p, found["characters"].pair_p
    q, q_char = benjamini_hochberg(p), benjamini_hochberg(p_char)
    return pd.DataFrame(
        {
            "region_a": [names[at] for at in i],
            "region_b": [names[at] for at in j],
            "p": p,
            "q": q,
            "p_char": p_char,
            "q_char": q_char,
            "holds": (q <= alpha) & (q_char <= alpha),
        }
    )


def permutation_of(
    tokens: pd.DataFrame, measures: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Pair tests, structure test, null distribution; the last two are about groups and need three regions."""
    regions = regions_of(measures)
    units = {"dictionary": words(tokens, regions), "character pairs": characters(measures, 2)}
    corpus = Corpus(regions, units, settings.keywords.common_share)
    ks = group_numbers(len(regions.names), settings.cluster)
    found = {
        name: shuffled(corpus, view, ks, settings.permutation.draws, settings.resampling.seed, title=f"shuffles 打乱 ({name})")
        for name, view in base_views(exclude_generic=settings.keywords.exclude_generic).items()
    }  # fmt: skip
    rows = [row for name, each in found.items() for row in structure_of(name, each, ks)]
    null = pd.DataFrame(columns=tables.NULL_DISTRIBUTION.names)
    if ks:
        draws = {name: each.null_largest for name, each in found.items()}
        null = pd.DataFrame({"draw": range(1, settings.permutation.draws + 1), **draws})
    return (
        pair_tests_of(regions.names, found, settings.permutation.alpha),
        tables.from_rows(rows, tables.STRUCTURE),
        null,
    )


def main(
    tokens_csv: Path,
    measures_csv: Path,
    settings_toml: Path,
    pair_tests_csv: Path,
    structure_csv: Path,
    null_distribution_csv: Path,
) -> None:
    pairs, structure, null = permutation_of(
        tables.read(tokens_csv, tables.TOKENS), tables.read(measures_csv, tables.MEASURES), load_settings(settings_toml)
    )
    tables.write(
        (pairs, tables.PAIR_TESTS, pair_tests_csv),
        (structure, tables.STRUCTURE, structure_csv),
        (null, tables.NULL_DISTRIBUTION, null_distribution_csv),
    )


if __name__ == "__main__":
    run(main)
