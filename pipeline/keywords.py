"""Weigh the words and phrases of each region and say how stable its list is: tokens.csv, measures.csv -> keywords.csv."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline import phrases, tables
from pipeline.cli import run
from pipeline.keyword_resampling import Lists, list_shares
from pipeline.method import KeywordsSettings, ResamplingSettings, load_settings
from pipeline.representations import common_above, regions_of, units_of
from pipeline.stats.inference import benjamini_hochberg
from pipeline.stats.keyness import g2_p, log_odds_z, signed_g2
from pipeline.stats.resampling import resampled_within
from pipeline.stats.weighting import tf_idf

_KEYWORDS = 21  # stream of random numbers


def _idf(df: int, regions: int) -> float:
    return float(np.log((1 + regions) / (1 + df)) + 1)


class _Region:
    """What one region says, while its rows are built."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.where: dict[str, list[str]] = defaultdict(list)
        self.first: dict[str, int] = {}

    def add(self, term: str, measure_id: str, place: int) -> None:
        self.counts[term] += 1
        self.first.setdefault(term, place)
        if measure_id not in self.where[term]:
            self.where[term].append(measure_id)


def _collected(names: Iterable[str], tokens: pd.DataFrame, found: Iterable[phrases.Mention]) -> dict[str, _Region]:
    regions: dict[str, _Region] = {region: _Region() for region in names}
    for place, token in enumerate(tokens.itertuples()):
        regions[token.region].add(token.term, token.measure_id, place)
    for place, mention in enumerate(found):
        regions[mention.region].add(mention.phrase, mention.measure_id, place)
    return regions


def _stability(
    tokens: pd.DataFrame,
    measures: pd.DataFrame,
    found: list[phrases.Mention],
    contains: Mapping[str, set[str]],
    settings: KeywordsSettings,
    resampling: ResamplingSettings,
) -> dict[tuple[str, str], float]:
    """(region, term) -> share of the resamples in which the term is in the region's list."""
    regions = regions_of(measures)
    number = {measure: at for at, measure in enumerate(regions.measures)}
    units = units_of(
        [(number[m], term) for m, term in zip(tokens["measure_id"], tokens["term"], strict=True)]
        + [(number[mention.measure_id], mention.phrase) for mention in found],
        frozenset(tokens.loc[tokens["generic"], "term"]),
    )
    place = {term: at for at, term in enumerate(units.terms)}
    of_phrases = {mention.phrase for mention in found}
    phrase = np.array([term in of_phrases for term in units.terms])
    hosts = {
        place[term]: [place[host] for host in sorted(longer) if host in place]
        for term, longer in contains.items()
        if term in place
    }
    common = common_above(settings.common_share, len(regions.names))
    lists = Lists(units.cells, phrase, units.generic, ~phrase, hosts, common, settings.top)
    rng = np.random.default_rng([resampling.seed, _KEYWORDS])
    times = resampled_within(regions.of, resampling.resamples, rng, regions.documents)
    shares = list_shares(lists, regions.of, times)
    return {
        (regions.names[region], units.terms[term]): float(shares[region, term])
        for region, term in zip(*np.nonzero(shares), strict=True)
    }


def keywords_of(
    tokens: pd.DataFrame, measures: pd.DataFrame, settings: KeywordsSettings, resampling: ResamplingSettings
) -> pd.DataFrame:
    """One row per region and term, ranked by tf-idf within the region.

    The prior of the log-odds is the corpus's own frequency of the term, scaled to
    ``settings.prior`` average regions. Ties, which are many where most terms are said once, go to the higher
    C-value, then to the higher mean idf of the words, then to the earlier mention.
    """
    words = frozenset(tokens["term"])
    generic = frozenset(tokens.loc[tokens["generic"], "term"])
    found = phrases.accepted(list(phrases.mentions(tokens, settings)), settings, words)
    word_count = {mention.phrase: len(mention.words) for mention in found}
    parts = {mention.phrase: mention.words for mention in found}
    contains = phrases.containment(tokens, found)
    names = measures["region"].drop_duplicates().tolist()
    regions = _collected(names, tokens, found)
    df = Counter(term for region in regions.values() for term in region.counts)
    common = {term for term in words if df[term] > common_above(settings.common_share, len(names))}
    left_out = common | (generic if settings.exclude_generic else set())
    vectors = {
        region: [term for term in group["term"] if term not in left_out]
        for region, group in tokens.groupby("region", sort=False)
    }
    raw, _, _ = tf_idf([vectors.get(region, []) for region in names], normed=False)
    norms = dict(zip(names, np.linalg.norm(raw, axis=1), strict=True))
    kept = {region: sum(regions[region].counts[term] for term in words) for region in names}
    everything = Counter(tokens["term"]) + Counter(mention.phrase for mention in found)

    rows: list[dict[str, Any]] = []
    for region in names:
        said = regions[region]
        free = phrases.unexplained(said.counts, contains)
        explained = phrases.explained_by(said.counts, contains)
        for term, count in said.counts.items():
            is_phrase = term in word_count
            idf = _idf(df[term], len(names))
            weighed = free[term] if is_phrase else count
            reason = "common" if term in common else "generic" if term in generic else ""
            reason = reason or ("explained" if term in explained else "")
            rows.append(
                {
                    "region": region,
                    "term": term,
                    "kind": "phrase" if is_phrase else "word",
                    "count": count,
                    "tf": count / kept[region],
                    "df": df[term],
                    "idf": idf,
                    "tf_idf": weighed * idf / norms[region] if norms[region] else 0.0,
                    "unranked": reason,
                    "single_mention": count == 1,
                    "generic": term in generic,
                    "explained_by": explained.get(term, ""),
                    "c_value": phrases.c_value(word_count.get(term, 1), free[term]),
                    "count_rest": everything[term] - count,
                    "total": kept[region],
                    "total_rest": sum(kept.values()) - kept[region],
                    "mean_idf": float(np.mean([_idf(df[part], len(names)) for part in parts.get(term, (term,))])),
                    "first": said.first[term],
                    "measure_ids": said.where[term],
                }
            )
    frame = pd.DataFrame(rows)
    frame["g2"] = signed_g2(frame["count"], frame["total"], frame["count_rest"], frame["total_rest"])
    frame["g2_p"] = g2_p(frame["g2"])
    frame["g2_q"] = benjamini_hochberg(frame["g2_p"])
    words_in_all = sum(kept.values())
    prior = settings.prior * words_in_all / len(names)
    pseudo = prior * (frame["count"] + frame["count_rest"]) / words_in_all
    sides = (frame["count"], frame["total"], frame["count_rest"], frame["total_rest"])
    frame["log_odds_z"] = log_odds_z(*sides, pseudo, prior)
    stable = _stability(tokens, measures, found, contains, settings, resampling)
    frame["stability"] = [stable.get(key, 0.0) for key in zip(frame["region"], frame["term"], strict=True)]
    return _ranked(frame, names)


def _ranked(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    order = {region: place for place, region in enumerate(names)}
    frame = (
        frame.assign(order=frame["region"].map(order), tf_idf=frame["tf_idf"].round(tables.EXACT))
        .sort_values(
            ["order", "tf_idf", "c_value", "mean_idf", "first", "term"],
            ascending=[True, False, False, False, True, True],
            kind="stable",
        )
        .reset_index(drop=True)
    )
    frame["rank"] = _places(frame, frame["unranked"] == "")
    frame["rank_all"] = _places(frame, frame["unranked"].isin(["", "generic"]))
    return frame[tables.KEYWORDS.names]


def _places(frame: pd.DataFrame, wanted: pd.Series) -> pd.Series:
    """1, 2, 3 … within each region over the wanted rows; missing elsewhere."""
    return frame[wanted].groupby("region", sort=False).cumcount().add(1).reindex(frame.index).astype("Int64")


def main(tokens_csv: Path, measures_csv: Path, settings_toml: Path, keywords_csv: Path) -> None:
    tokens = tables.read(tokens_csv, tables.TOKENS)
    measures = tables.read(measures_csv, tables.MEASURES)
    settings = load_settings(settings_toml)
    keywords = keywords_of(tokens, measures, settings.keywords, settings.resampling)
    tables.write((keywords, tables.KEYWORDS, keywords_csv))


if __name__ == "__main__":
    run(main)
