"""Try every claim of the report in every specification: both segmentations, measures.csv, similarity.csv, keywords.csv, clusters.csv, coassignment.csv -> robustness.csv, specifications.csv."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.evidence import observed_partitions
from pipeline.method import Settings, load_settings
from pipeline.representations import (
    WORD_TEXTS,
    Corpus,
    View,
    all_units,
    common_above,
    regions_of,
    specifications,
    views,
)
from pipeline.stats.matrices import places
from pipeline.stats.partitions import adjusted_rand
from pipeline.stats.resampling import Floats, Ints
from pipeline.stats.weighting import weigh

_CHOICES = ("text", "generic", "weight", "min_df", "algorithm")


@dataclass(frozen=True)
class Claim:
    """What the report says, and in which of the specifications that can speak to it (``choices``) it ``holds``."""

    kind: str
    region_a: str
    region_b: str = ""
    term: str = ""
    choices: Sequence[Mapping[str, str]] = field(default=())
    holds: Sequence[bool] = field(default=())


def pair_claims(pairs: pd.DataFrame, ranks: Mapping[View, Ints], first: int) -> Iterator[Claim]:
    """The closest pair is the closest; each of the first pairs is among the first. ``ranks``: view -> rank of every pair."""
    choices = [view.choices for view in ranks]
    first = first if first < len(pairs) else 0  # where every pair is among the first, that says nothing
    named = pairs[(pairs["rank"] <= max(first, 1)) & (pairs["cosine"] > 0)].sort_values("rank", kind="stable")
    for at, pair in zip(named.index, named.itertuples(), strict=True):
        if pair.rank == 1:
            holds = [bool(rank[at] == 1) for rank in ranks.values()]
            yield Claim("closest", pair.region_a, pair.region_b, choices=choices, holds=holds)
        if not first:
            continue
        holds = [bool(rank[at] <= first) for rank in ranks.values()]
        yield Claim("pair", pair.region_a, pair.region_b, choices=choices, holds=holds)


def core_of(members: pd.DataFrame, shares: Mapping[frozenset[str], float], support: float) -> list[str]:
    """The regions that stand for a group: those with enough support, else its two that are together most often."""
    strong = members.loc[members["support"] >= support, "region"].tolist()
    if len(strong) > 1:
        return strong
    pairs = [list(pair) for pair in combinations(members["region"], 2)]
    return max(pairs, key=lambda pair: round(shares[frozenset(pair)], 9))  # of equal ones the first


def group_claims(
    clusters: pd.DataFrame, shares: Mapping[frozenset[str], float], labels: Ints, support: float
) -> Iterator[Claim]:
    """Each core stays together; each region is with most of its group. ``labels`` (specifications x regions)."""
    place = {name: at for at, name in enumerate(clusters["region"])}
    choices = [specification.choices for specification in specifications()]
    groups = [group for _, group in clusters.groupby("cluster") if len(group) > 1]
    for group in groups:
        core = core_of(group, shares, support)
        own = labels[:, [place[name] for name in core]]
        yield Claim("core", "·".join(core), choices=choices, holds=(own == own[:, :1]).all(axis=1).tolist())
    for group in groups:
        for name in group["region"]:
            others = [place[other] for other in group["region"] if other != name]
            together = (labels[:, others] == labels[:, [place[name]]]).mean(axis=1)
            yield Claim("membership", name, choices=choices, holds=(together > 0.5).tolist())


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


def sensitivity_of(claim: Claim) -> dict[str, Any]:
    """The choice whose options differ most in the share that bears the claim out; nothing where all agree."""
    best: tuple[float, str, list[tuple[float, str]]] = (0.0, "", [])
    holds = np.array(claim.holds, dtype=float)
    for choice in _CHOICES:
        options = [given.get(choice, "—") for given in claim.choices]
        shares = [
            (float(holds[[given == option for given in options]].mean()), option)
            for option in dict.fromkeys(options)
            if option != "—"
        ]
        span = max(shares)[0] - min(shares)[0] if len(shares) > 1 else 0.0
        if round(span, 9) > round(best[0], 9):
            best = (span, choice, shares)
    if not best[1]:
        return dict.fromkeys(("most_sensitive_to", "best_option", "worst_option"), "") | dict.fromkeys(
            ("best_share", "worst_share"), np.nan
        )
    high, low = max(best[2], key=lambda one: one[0]), min(best[2], key=lambda one: one[0])
    return {
        "most_sensitive_to": best[1],
        "best_option": high[1],
        "best_share": high[0],
        "worst_option": low[1],
        "worst_share": low[0],
    }


def robustness_of(claims: Sequence[Claim], *, robust: float, fragile: float) -> pd.DataFrame:
    """One row per claim."""
    rows = []
    for number, claim in enumerate(claims, 1):
        share = float(np.mean(claim.holds))
        rows.append(
            {
                "claim_id": f"{claim.kind}-{number}",
                "kind": claim.kind,
                "region_a": claim.region_a,
                "region_b": claim.region_b,
                "term": claim.term,
                "specifications": len(claim.holds),
                "share": share,
                "standing": "robust" if share >= robust else "fragile" if share < fragile else "sensitive",
                **sensitivity_of(claim),
            }
        )
    return tables.from_rows(rows, tables.ROBUSTNESS)


def specifications_of(
    cosines: Mapping[View, Floats], ranks: Mapping[View, Ints], closest: int, labels: Ints, groups: Ints
) -> pd.DataFrame:
    """One row per specification; ``labels`` (specifications x regions) are empty where one group is described."""
    rows = []
    for number, each in enumerate(specifications()):
        known = len(labels) > 0
        with_others = [adjusted_rand(labels[number], other) for at, other in enumerate(labels) if at != number]
        rows.append(
            {
                "specification": number + 1,
                **each.choices,
                "min_df": each.view.min_df,
                "closest_rank": int(ranks[each.view][closest]),
                "closest_cosine": float(cosines[each.view][closest]),
                "rand": adjusted_rand(labels[number], groups) if known else np.nan,
                "rand_mean": float(np.mean(with_others)) if known else np.nan,
            }
        )
    return tables.from_rows(rows, tables.SPECIFICATIONS)


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
        groups = list(group_claims(clusters, shares, labels, settings.verdict.support)) if k > 1 else []
        claims = [*pair_claims(similarity, ranks, settings.similarity.first), *groups, *claims]
        closest = int(similarity["cosine"].to_numpy().argmax())
        table = specifications_of(pairs, ranks, closest, labels, clusters["cluster"].to_numpy() - 1)
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
