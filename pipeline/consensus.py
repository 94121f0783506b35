"""Group the regions by every specification on resampled texts: tokens.csv of both segmentations, measures.csv -> coassignment.csv, consensus.csv, stability.csv."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.evidence import base_views
from pipeline.groups import consensus_of
from pipeline.method import Settings, load_settings
from pipeline.representations import Corpus, all_units, regions_of


def consensus_tables(
    tokens: pd.DataFrame, plain: pd.DataFrame, measures: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Co-assignment, consensus groups and stability for every number of groups, by all views of the texts."""
    regions = regions_of(measures)
    corpus = Corpus(regions, all_units(tokens, plain, measures, regions), settings.keywords.common_share)
    base = base_views(exclude_generic=settings.keywords.exclude_generic)["words"]
    return consensus_of(corpus, base, settings)


def main(
    tokens_csv: Path,
    plain_tokens_csv: Path,
    measures_csv: Path,
    settings_toml: Path,
    coassignment_csv: Path,
    consensus_csv: Path,
    stability_csv: Path,
) -> None:
    shares, groups, indices = consensus_tables(
        tables.read(tokens_csv, tables.TOKENS),
        tables.read(plain_tokens_csv, tables.TOKENS),
        tables.read(measures_csv, tables.MEASURES),
        load_settings(settings_toml),
    )
    tables.write(
        (shares, tables.COASSIGNMENT, coassignment_csv),
        (groups, tables.CONSENSUS, consensus_csv),
        (indices, tables.STABILITY, stability_csv),
    )


if __name__ == "__main__":
    run(main)
