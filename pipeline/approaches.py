"""Compare and group the regions by their themes: measures.csv, tokens.csv, codebook.csv, theme_evidence.csv, similarity.csv, similarity_terms.csv, structure.csv, consensus.csv, clusters.csv -> theme_similarity.csv, theme_pairs.csv, theme_structure.csv, theme_coassignment.csv, theme_choice.csv, theme_verdict.csv, theme_groups.csv, theme_profiles.csv, view_agreement.csv, view_differences.csv."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.cli import run
from pipeline.coding import COUNTED
from pipeline.evidence import all_alike, base_views, group_numbers, shuffled
from pipeline.groups import choice_of, consensus_of, members_of, structure_of, verdict_of
from pipeline.intervals import beside_words, pair_intervals
from pipeline.method import Settings, load_settings
from pipeline.representations import Corpus, Regions, Units, View, regions_of, theme_views, units_of, words
from pipeline.stats import matrices
from pipeline.stats.change import rand_of
from pipeline.stats.keyness import g2_p, signed_g2
from pipeline.stats.resampling import Floats, Ints
from pipeline.stats.weighting import weigh
from pipeline.workers import mapped

_RESAMPLE, _MANTEL, _RAND = range(23, 26)  # streams of random numbers
_VIEW = View("themes", "—", "tf-idf", 1)
_LEADING = 3  # themes or words that are named
_REMOVED = 3  # measures that are named for a pair on which the views differ


def theme_units(evidence: pd.DataFrame, regions: Regions) -> Units:
    """The themes of the measures, each counted once a measure."""
    place = {measure: at for at, measure in enumerate(regions.measures)}
    counted = evidence[evidence["status"] == COUNTED].drop_duplicates(["measure_id", "theme"])
    return units_of(zip(counted["measure_id"].map(place), counted["theme"], strict=True))


def pairs_of(corpus: Corpus, similarity: pd.DataFrame, pair_p: Floats, settings: Settings) -> pd.DataFrame:
    """One row per pair; ``pair_p`` in the order of the upper triangle."""
    carried = corpus.counts(_VIEW)[0] > 0
    i, j = np.triu_indices(len(corpus.regions.names), 1)
    pairs = pair_intervals(corpus, _VIEW, pair_p, settings.resampling, _RESAMPLE, title="resamples 重抽样 (themes)")
    return beside_words(pairs, similarity).assign(shared_themes=(carried[i] & carried[j]).sum(axis=1))


def shared_themes_of(corpus: Corpus, evidence: pd.DataFrame) -> pd.DataFrame:
    """The themes that the regions of each pair share, with the products that sum to the cosine."""
    vectors = weigh(corpus.counts(_VIEW)[0], _VIEW.weight)
    terms, names = corpus.terms(_VIEW), corpus.regions.names
    counted = evidence[evidence["status"] == COUNTED]
    where = counted.groupby(["region", "theme"])["measure_id"].unique()
    rows: list[dict[str, Any]] = []
    for a, b in zip(*np.triu_indices(len(names), 1), strict=True):
        products = {terms[at]: float(vectors[a, at] * vectors[b, at]) for at in np.flatnonzero(vectors[a] * vectors[b])}
        cosine = math.fsum(products.values())
        for rank, theme in enumerate(sorted(products, key=lambda one: (-round(products[one], tables.EXACT), one)), 1):
            rows.append(
                {
                    "region_a": names[a],
                    "region_b": names[b],
                    "theme": theme,
                    "product": products[theme],
                    "share": products[theme] / cosine,
                    "rank": rank,
                    "measures_a": where[names[a], theme].tolist(),
                    "measures_b": where[names[b], theme].tolist(),
                }
            )
    return tables.from_rows(rows, tables.THEME_PAIRS)


def profiles_of(
    evidence: pd.DataFrame, measures: pd.DataFrame, themes: Sequence[str], grouping: str, cluster_of: Mapping[str, int]
) -> pd.DataFrame:
    """Every theme in every group of regions against the measures of all other groups."""
    counted = evidence[evidence["status"] == COUNTED].drop_duplicates(["measure_id", "theme"])
    group = counted["region"].map(cluster_of)
    size = measures["region"].map(cluster_of).value_counts()
    rows: list[dict[str, Any]] = []
    for cluster in sorted(set(cluster_of.values())):
        total, rest = int(size.get(cluster, 0)), len(measures) - int(size.get(cluster, 0))
        for theme in themes:
            own = counted[(group == cluster) & (counted["theme"] == theme)]
            elsewhere = int(((group != cluster) & (counted["theme"] == theme)).sum())
            g2 = float(signed_g2(len(own), total, elsewhere, rest)) if rest else 0.0
            rows.append(
                {
                    "grouping": grouping,
                    "cluster": cluster,
                    "theme": theme,
                    "measures": len(own),
                    "share": len(own) / total,
                    "share_rest": elsewhere / rest if rest else 0.0,
                    "regions": own["region"].nunique(),
                    "g2": g2,
                    "g2_p": float(g2_p(g2)),
                    "measure_ids": own["measure_id"].tolist(),
                }
            )
    frame = tables.from_rows(rows, tables.THEME_PROFILES)
    frame["rank"] = frame["g2"].round(9).groupby(frame["cluster"]).rank(method="first", ascending=False).astype(int)
    return frame


def labels_of(profiles: pd.DataFrame) -> dict[int, str]:
    """The themes that mark each group, at most three, joined by ·."""
    marking = profiles[(profiles["g2"] > 0) & (profiles["rank"] <= _LEADING)].sort_values(["cluster", "rank"])
    return {int(cluster): "·".join(group["theme"]) for cluster, group in marking.groupby("cluster")}


def agreement_of(
    by_themes: Floats,
    by_words: Floats,
    groups: Mapping[int, tuple[Ints, Ints]],
    described: tuple[Ints, Ints],
    settings: Settings,
) -> pd.DataFrame:
    """Do themes and words say the same of the regions? ``groups``: for every k, both partitions."""
    seed, draws = settings.resampling.seed, settings.permutation.draws
    few = len(by_themes) < 3

    def row(measure: str, k: int, value: float, p: float, why: str) -> dict[str, Any]:
        known = not (few or np.isnan(value))
        return {
            "measure": measure,
            "k": k,
            "value": value if known else np.nan,
            "p": p if known else np.nan,
            "why": "" if known else "fewer than 3 regions" if few else why,
        }

    rho, p = (
        (np.nan, np.nan) if few else matrices.mantel(by_themes, by_words, draws, np.random.default_rng([seed, _MANTEL]))
    )
    rows = [row("mantel", 0, rho, p, "the cosines do not vary")]
    for k, (a, b) in {**groups, -1: described}.items():
        one = a.max() == 0 or b.max() == 0
        value, p = (np.nan, np.nan) if one or few else rand_of(a, b, draws, np.random.default_rng([seed, _RAND]))
        rows.append(row("rand", k, value, p, "one group"))
    return tables.from_rows(rows, tables.VIEW_AGREEMENT)


def differences_of(
    themes: Corpus,
    texts: Corpus,
    word_view: View,
    pairs: pd.DataFrame,
    shared: pd.DataFrame,
    terms: pd.DataFrame,
    most: int,
) -> pd.DataFrame:
    """The pairs on which ranks by words and by themes differ most, and the measures without which they differ less.

    Each measure of the two regions is left out in turn and both views are
    computed anew.
    """
    regions = themes.regions
    difference = (pairs["rank_words"] - pairs["rank"]).to_numpy()
    listed = np.argsort(-np.abs(difference), kind="stable")[:most]
    listed = listed[difference[listed] != 0]
    i, j = np.triu_indices(len(regions.names), 1)
    wanted = np.flatnonzero(np.isin(regions.of, np.concatenate([i[listed], j[listed]])))
    times = np.ones((len(wanted), len(regions.of)), dtype=np.int64)
    times[np.arange(len(wanted)), wanted] = 0

    def without(part: slice) -> Ints:
        ranks = [
            matrices.places(matrices.above_diagonal(corpus.cosines(view, times=times[part])))
            for corpus, view in ((texts, word_view), (themes, _VIEW))
        ]
        return ranks[0] - ranks[1]

    parts = [slice(at, at + 50) for at in range(0, len(wanted), 50)]
    left = np.concatenate(mapped(without, parts, title="measures 举措")) if parts else np.zeros((0, len(i)), dtype=int)
    leading = {key: "·".join(group["theme"].head(_LEADING)) for key, group in shared.groupby(["region_a", "region_b"])}
    spoken = {key: "·".join(group["term"].head(_LEADING)) for key, group in terms.groupby(["region_a", "region_b"])}
    rows = []
    for at in listed:
        key = (regions.names[i[at]], regions.names[j[at]])
        own = [draw for draw, measure in enumerate(wanted) if regions.of[measure] in (i[at], j[at])]
        better = [draw for draw in own if abs(left[draw, at]) < abs(difference[at])]
        better.sort(key=lambda draw: (abs(left[draw, at]), draw))
        rows.append(
            {
                "region_a": key[0],
                "region_b": key[1],
                "rank_themes": int(pairs["rank"].iloc[at]),
                "rank_words": int(pairs["rank_words"].iloc[at]),
                "difference": int(difference[at]),
                "themes": leading.get(key, ""),
                "terms": spoken.get(key, ""),
                "measure_ids": [regions.measures[wanted[draw]] for draw in better[:_REMOVED]],
                "difference_without": int(left[better[0], at]) if better else pd.NA,
            }
        )
    return tables.from_rows(rows, tables.VIEW_DIFFERENCES).astype({"difference_without": "Int64"})


def partitions_at(consensus: pd.DataFrame, names: Sequence[str]) -> dict[int, Ints]:
    """Groups (n, from 0) of every number of groups, in the order of ``names``."""
    return {
        int(k): group.set_index("region")["cluster"].loc[list(names)].to_numpy(dtype=np.int64) - 1
        for k, group in consensus.groupby("k")
    }


def approaches_of(
    measures: pd.DataFrame,
    tokens: pd.DataFrame,
    codebook: pd.DataFrame,
    evidence: pd.DataFrame,
    similarity: pd.DataFrame,
    similarity_terms: pd.DataFrame,
    structure: pd.DataFrame,
    consensus: pd.DataFrame,
    clusters: pd.DataFrame,
    settings: Settings,
) -> dict[str, pd.DataFrame]:
    """Every table of this stage by name."""
    regions = regions_of(measures)
    names = regions.names
    corpus = Corpus(regions, {"themes": theme_units(evidence, regions)}, 1.0, theme_views())
    ks = group_numbers(len(names), settings.cluster)
    found = shuffled(
        corpus, _VIEW, ks, settings.permutation.draws, settings.resampling.seed, title="shuffles 打乱 (themes)"
    )
    own_structure = tables.from_rows(structure_of("themes", found, ks), tables.THEME_STRUCTURE)
    pairs = pairs_of(corpus, similarity, found.pair_p, settings)
    shared = shared_themes_of(corpus, evidence)
    coassignment, own_consensus, stability = consensus_of(corpus, _VIEW, settings)
    alike = all_alike(pairs["cosine"].to_numpy(dtype=float))
    choice = choice_of(own_consensus, stability, own_structure, settings, alike=alike, view="themes")
    # Characters as the second view, as for words: they know nothing of the codebook.
    both = pd.concat([own_structure, structure[structure["view"] == "characters"]])
    verdict = verdict_of(choice, both, settings, ("themes", "characters"))
    k = int(choice.loc[choice["chosen"], "k"].iloc[0])
    groups = own_consensus[own_consensus["k"] == k].reset_index(drop=True)
    cluster_of = {
        "words": dict(zip(clusters["region"], clusters["cluster"].astype(int), strict=True)),
        "themes": dict(zip(groups["region"], groups["cluster"].astype(int), strict=True)),
    }
    themes = codebook["theme"].tolist()
    profiles = {name: profiles_of(evidence, measures, themes, name, of) for name, of in cluster_of.items()}
    members = members_of(groups, labels_of(profiles["themes"]), stability, verdict, pairs, settings)
    members["cluster_words"] = members["region"].map(cluster_of["words"])
    word_view = base_views(exclude_generic=settings.keywords.exclude_generic)["words"]
    texts = Corpus(regions, {"dictionary": words(tokens, regions)}, settings.keywords.common_share)
    by_themes, by_words = partitions_at(own_consensus, names), partitions_at(consensus, names)
    described = tuple(np.array([of[name] for name in names]) - 1 for of in cluster_of.values())
    agreement = agreement_of(
        corpus.cosines(_VIEW)[0],
        texts.cosines(word_view)[0],
        {k: (by_themes[k], by_words[k]) for k in ks},
        (described[1], described[0]),
        settings,
    )
    return {
        "theme_similarity": pairs,
        "theme_pairs": shared,
        "theme_structure": own_structure,
        "theme_coassignment": coassignment,
        "theme_choice": choice,
        "theme_verdict": verdict,
        "theme_groups": members[tables.THEME_GROUPS.names],
        "theme_profiles": pd.concat([each for each in profiles.values() if len(each)] or [profiles["words"]]),
        "view_agreement": agreement,
        "view_differences": differences_of(
            corpus, texts, word_view, pairs, shared, similarity_terms, settings.themes.differences
        ),
    }


def main(
    measures_csv: Path,
    tokens_csv: Path,
    codebook_csv: Path,
    theme_evidence_csv: Path,
    similarity_csv: Path,
    similarity_terms_csv: Path,
    structure_csv: Path,
    consensus_csv: Path,
    clusters_csv: Path,
    settings_toml: Path,
    *outputs: Path,
) -> None:
    made = approaches_of(
        tables.read(measures_csv, tables.MEASURES),
        tables.read(tokens_csv, tables.TOKENS),
        tables.read(codebook_csv, tables.CODEBOOK),
        tables.read(theme_evidence_csv, tables.THEME_EVIDENCE),
        tables.read(similarity_csv, tables.SIMILARITY),
        tables.read(similarity_terms_csv, tables.SIMILARITY_TERMS),
        tables.read(structure_csv, tables.STRUCTURE),
        tables.read(consensus_csv, tables.CONSENSUS),
        tables.read(clusters_csv, tables.CLUSTERS),
        load_settings(settings_toml),
    )
    tables.write(*((made[path.stem], tables.by_name(path.stem), path) for path in outputs))


if __name__ == "__main__":
    run(main)
