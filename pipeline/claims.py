"""Try every claim of the report in every specification: both segmentations, measures.csv, similarity.csv, keywords.csv, clusters.csv, coassignment.csv -> robustness.csv, specifications.csv."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.evidence import observed_partitions
from pipeline.method import Settings, load_settings
from pipeline.representations import (
    WORD_TEXTS,
    Corpus,
    all_units,
    common_above,
    regions_of,
    specifications,
    views,
)
from pipeline.robustness import Claim, group_claims, pair_claims, robustness_of, specifications_of
from pipeline.stats.matrices import places
from pipeline.stats.weighting import weigh


def keyword_claims(corpus: Corpus, keywords: pd.DataFrame, texts: Mapping[str, str], top: int) -> Iterator[Claim]:
    """The first keyword of each region is in its list.

    Words only, of any number of regions: a term of one region is what a keyword
    often is. A term that the words of a specification lack is counted as a string.
    """
    heads = keywords[keywords["rank"] == 1]
    tried = [view for view in views() if view.text in WORD_TEXTS and view.min_df == 1]
    names = corpus.regions.names
    ranks: dict[str, list[bool]] = {region: [] for region in heads["region"]}
    for view in tried:
        counts = corpus.counts(view)[0]
        terms = corpus.terms(view)
        place = {term: at for at, term in enumerate(terms)}
        added = [term for term in dict.fromkeys(heads["term"]) if term not in place]
        strings = np.array([[texts[name].count(term) for term in added] for name in names], dtype=float)
        weights = weigh(
            np.concatenate([counts, strings.reshape(len(names), len(added))], axis=1),
            view.weight,
            max_df=common_above(corpus.common_share, len(names)),
        ).round(12)
        place |= {term: len(terms) + at for at, term in enumerate(added)}
        for head in heads.itertuples():
            own = weights[names.index(head.region)]
            mine = own[place[head.term]]
            ranks[head.region].append(bool(mine > 0 and (own > mine).sum() < top))
    for head in heads.itertuples():
        yield Claim(
            "keyword", head.region, term=head.term, choices=[v.choices for v in tried], holds=ranks[head.region]
        )


def claims_of(
    tokens: pd.DataFrame,
    plain: pd.DataFrame,
    measures: pd.DataFrame,
    similarity: pd.DataFrame,
    keywords: pd.DataFrame,
    clusters: pd.DataFrame,
    coassignment: pd.DataFrame,
    settings: Settings,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Robustness of every claim, and the specifications."""
    regions = regions_of(measures)
    corpus = Corpus(regions, all_units(tokens, plain, measures, regions), settings.keywords.common_share)
    texts = measures.groupby("region")["text"].agg("。".join).to_dict()
    claims = list(keyword_claims(corpus, keywords, texts, settings.keywords.top))
    table = pd.DataFrame(columns=tables.SPECIFICATIONS.names)
    if len(similarity):
        i, j = np.triu_indices(len(regions.names), 1)
        cosines = {view: corpus.cosines(view)[0] for view in views()}
        pairs = {view: each[i, j] for view, each in cosines.items()}
        ranks = {view: places(each) for view, each in pairs.items()}
        k = int(clusters["cluster"].max())
        labels = (
            observed_partitions(cosines, k, settings.resampling.seed) if k > 1 else np.zeros((0, 0), dtype=np.int64)
        )
        of_k = coassignment[coassignment["k"] == k]
        shares = {frozenset((row.region_a, row.region_b)): row.share for row in of_k.itertuples()}
        groups = (
            list(group_claims(clusters, shares, labels, settings.verdict.support, specifications())) if k > 1 else []
        )
        claims = [*pair_claims(similarity, ranks, settings.similarity.first), *groups, *claims]
        closest = int(similarity["cosine"].to_numpy().argmax())
        table = specifications_of(specifications(), pairs, ranks, closest, labels, clusters["cluster"].to_numpy() - 1)
    chosen = settings.specification
    return robustness_of(claims, robust=chosen.robust, fragile=chosen.fragile), table


def main(
    tokens_csv: Path,
    plain_tokens_csv: Path,
    measures_csv: Path,
    similarity_csv: Path,
    keywords_csv: Path,
    clusters_csv: Path,
    coassignment_csv: Path,
    settings_toml: Path,
    robustness_csv: Path,
    specifications_csv: Path,
) -> None:
    robustness, table = claims_of(
        tables.read(tokens_csv, tables.TOKENS),
        tables.read(plain_tokens_csv, tables.TOKENS),
        tables.read(measures_csv, tables.MEASURES),
        tables.read(similarity_csv, tables.SIMILARITY),
        tables.read(keywords_csv, tables.KEYWORDS),
        tables.read(clusters_csv, tables.CLUSTERS),
        tables.read(coassignment_csv, tables.COASSIGNMENT),
        load_settings(settings_toml),
    )
    tables.write((robustness, tables.ROBUSTNESS, robustness_csv), (table, tables.SPECIFICATIONS, specifications_csv))


if __name__ == "__main__":
    run(main)
