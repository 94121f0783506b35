"""See the regions through a background of the genre: measures.csv, tokens.csv, keywords.csv, similarity.csv, structure.csv, clusters.csv, coassignment.csv, robustness.csv, method/background/ -> background_*.csv."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from pipeline import tables
from pipeline.background import WORDS, Background, chosen
from pipeline.blocks import centred_parts, fused, rows_of, tf_idf_rows
from pipeline.cli import run
from pipeline.evidence import all_alike, group_numbers, observed_partitions, shuffled
from pipeline.group_terms import label_of, terms_of
from pipeline.groups import choice_of, consensus_of, members_of, structure_of, verdict_of
from pipeline.hashing import sha256
from pipeline.intervals import beside_words, pair_intervals
from pipeline.learning import PERCENTILES, rarity
from pipeline.method import BackgroundSettings, ResamplingSettings, Settings, load_settings
from pipeline.representations import (
    CHARACTER_TEXTS,
    FUSED_VIEW,
    Corpus,
    Regions,
    View,
    background_views,
    characters,
    fused_parts,
    regions_of,
    specifications,
    with_background,
    words,
)
from pipeline.robustness import Claim, group_claims, pair_claims, robustness_of, specifications_of
from pipeline.stats import matrices
from pipeline.stats.grouping import cut, trees
from pipeline.stats.resampling import Floats, Ints
from pipeline.term_pairs import PARTS, Explained

_RESAMPLE, _FIT = 26, 27  # streams of random numbers
_COLUMNS = {
    ("dictionary", "background-lsa"): "lsa_words",
    ("character pairs", "background-lsa"): "lsa_pairs",
    ("single characters", "background-lsa"): "lsa_single",
    ("dictionary", "soft-cosine"): "soft_cosine",
}
_IDF = View("dictionary", "in", "background-idf", 1)
_NAMED = 3  # pairs of words named for two measures
FITS, DOUBTFUL, REFUSED = "fits", "doubtful", "refused"


def corpus_of(tokens: pd.DataFrame, measures: pd.DataFrame, regions: Regions, common_share: float) -> Corpus:
    """Words and characters of the measures, for ``regions`` that may also be the measures themselves."""
    units = {text: characters(measures, length) for text, length in zip(CHARACTER_TEXTS, (1, 2), strict=True)}
    return Corpus(regions, {WORDS: words(tokens, regions), **units}, common_share)


# --- does it fit? ------------------------------------------------------------------------------------------------------


def coverage_of(tokens: pd.DataFrame, names: Sequence[str], background: Background) -> pd.DataFrame:
    """What the background knows of every region's words."""
    space = background.spaces[WORDS]

    def df(term: str) -> int:
        return int(space.df[space.place[term]]) if term in space.place else 0

    rows = []
    for name in names:
        said = Counter(tokens.loc[tokens["region"] == name, "term"])
        unknown = sorted((term for term in said if df(term) < 2), key=lambda term: (-said[term], term))
        share, rare = rarity(said, df, background.paragraphs)
        rows.append(
            {
                "region": name,
                "tokens": said.total(),
                "known": said.total() - sum(said[term] for term in unknown),
                "share": share,
                "rarity": rare,
                "unknown_terms": "·".join(unknown),
            }
        )
    return tables.from_rows(rows, tables.BACKGROUND_COVERAGE)


def fit_of(
    coverage: pd.DataFrame, background: Background, digest: str, asked: BackgroundSettings, drawn: ResamplingSettings
) -> pd.DataFrame:
    """Whether the background fits, by the share of the corpus's words that it knows against what it knows of its own texts."""
    about = background.about
    held_out = about["held_out"]
    known, tokens = coverage["known"].to_numpy(dtype=float), coverage["tokens"].to_numpy(dtype=float)
    share = known.sum() / max(tokens.sum(), 1.0)
    own = held_out["coverage"][50] if held_out["coverage"] else np.nan
    rare = float(coverage["rarity"].median())
    relative = float(np.round(share / own, 12)) if own else np.nan  # 0.7 / 0.875 is 0.8
    rng = np.random.default_rng([drawn.seed, _FIT])
    times = rng.multinomial(len(known), np.full(len(known), 1 / len(known)), size=drawn.resamples)
    shares = times @ known / np.maximum(times @ tokens, 1.0)
    tail = (1 - drawn.level) / 2
    low, high = np.quantile(shares, [tail, 1 - tail]) / own if own else (np.nan, np.nan)
    if np.isnan(own):
        outcome, reason = REFUSED, "no held-out paragraphs"
    elif own < asked.held_out or not own:
        outcome, reason = REFUSED, "unknown to itself"
    else:
        outcome = FITS if relative >= asked.fits else REFUSED if relative < asked.refused else DOUBTFUL
        reason = "overlap"
    space = background.spaces[WORDS]
    row = {
        "name": background.name,
        "sha256": digest,
        "sources": ";".join(source["name"] for source in about["sources"]),
        "documents": about["documents"],
        "paragraphs": about["paragraphs"],
        "characters": about["characters"],
        "terms": len(space.terms),
        "dimensions": space.vectors.shape[1],
        "coverage": share,
        "coverage_held_out": own,
        "relative_coverage": relative,
        "relative_low": low,
        "relative_high": high,
        "rarity": rare,
        "rarity_held_out": held_out["rarity"][50] if held_out["rarity"] else np.nan,
        "place": place_of(rare, held_out["rarity"]),
        "outcome": outcome,
        "reason": reason,
    }
    return tables.from_rows([row], tables.BACKGROUND_FIT)


def place_of(value: float, percentiles: Sequence[float]) -> float:
    """Share of the values, given by their percentiles 0 to 100, that are at least ``value``; not a number without any."""
    if not percentiles or np.isnan(value):
        return float("nan")
    return float(1 - np.interp(value, percentiles, PERCENTILES / 100))


# --- who is like whom, and by which words? -------------------------------------------------------------------------------


def pairs_of(corpus: Corpus, similarity: pd.DataFrame, pair_p: Floats, settings: Settings) -> pd.DataFrame:
    """One row per pair, with the parts of its fused similarity."""
    pairs = pair_intervals(
        corpus, FUSED_VIEW, pair_p, settings.resampling, _RESAMPLE, title="resamples 重抽样 (background)"
    )
    parts = {
        _COLUMNS[view.text, view.weight]: matrices.above_diagonal(corpus.cosines(view)[0]) for view in fused_parts()
    }
    pairs = beside_words(pairs.assign(**parts, idf=matrices.above_diagonal(corpus.cosines(_IDF)[0])), similarity)
    return pairs[tables.BACKGROUND_SIMILARITY.names]


def terms_of_pairs(corpus: Corpus, background: Background, asked: BackgroundSettings) -> pd.DataFrame:
    """The pairs of terms of every region with its nearest ones."""
    names = corpus.regions.names
    cosines = corpus.cosines(FUSED_VIEW)[0]
    nearest = {
        tuple(sorted((at, int(other))))
        for at in range(len(names))
        for other in [one for one in np.argsort(-cosines[at].round(9), kind="stable") if one != at][: asked.neighbours]
    }
    explained = Explained(corpus, background, centred_parts(corpus))
    where = {PARTS[text]: _places(corpus, text) for text in PARTS}
    rows: list[dict[str, Any]] = []
    for a, b in sorted(nearest):
        for part, told in explained.pair(a, b, asked.explained_terms).items():

            def row(kind: str, pairs: int, value: float, a: int = a, b: int = b, part: str = part) -> dict[str, Any]:
                return {
                    "region_a": names[a],
                    "region_b": names[b],
                    "part": part,
                    "kind": kind,
                    "term_a": "",
                    "term_b": "",
                    "pairs": pairs,
                    "value": value,
                    "rank": 0,
                    "measures_a": [],
                    "measures_b": [],
                }

            for rank, (first, second, value) in enumerate(told.shown, 1):
                rows.append(
                    row("terms", 1, value)
                    | {
                        "term_a": first,
                        "term_b": second,
                        "rank": rank,
                        "measures_a": where[part][a, first],
                        "measures_b": where[part][b, second],
                    }
                )
            rows.append(row("rest", told.others, told.rest))
    return tables.from_rows(rows, tables.BACKGROUND_TERMS)


def _places(corpus: Corpus, text: str) -> dict[tuple[int, str], list[str]]:
    """Measure ids of every region and term."""
    units, regions = corpus.units[text], corpus.regions
    found: dict[tuple[int, str], list[str]] = {}
    for measure, term in zip(units.measure, units.term, strict=True):
        found.setdefault((int(regions.of[measure]), units.terms[term]), []).append(regions.measures[measure])
    return found


def measures_of(tokens: pd.DataFrame, measures: pd.DataFrame, regions: Regions, background: Background) -> pd.DataFrame:
    """For every measure the most similar one of another region, through the background and by words alone."""
    ids = regions.measures
    each = Regions(ids, ids, np.arange(len(ids)))
    corpus = with_background(corpus_of(tokens, measures, each, 1.0), background)
    parts = centred_parts(corpus)
    explained = Explained(corpus, background, parts)
    units = corpus.units[WORDS].without(corpus.units[WORDS].generic)
    shape = (len(ids), len(units.terms))
    words_alone = tf_idf_rows(csr_array((units.count, (units.measure, units.term)), shape=shape))
    rows: list[dict[str, Any]] = []
    for block in rows_of(len(ids)):
        elsewhere = regions.of[block, None] != regions.of
        alike = np.where(elsewhere, fused(parts, block).round(9), -np.inf)
        shared = np.where(elsewhere, (words_alone[block] @ words_alone.T).toarray().clip(0, 1).round(9), 0.0)
        for at, own in enumerate(range(block.start, block.stop)):
            row: dict[str, Any] = {"measure_id": ids[own], "region": regions.names[regions.of[own]]}
            row |= {"nearest": "", "similarity": np.nan, "terms": "", "nearest_words": "", "cosine_words": np.nan}
            if elsewhere[at].any():
                other = int(alike[at].argmax())
                pairs = explained.pair(own, other, _NAMED)["words"].shown
                row |= {
                    "nearest": ids[other],
                    "similarity": alike[at, other],
                    "terms": "·".join(f"{a}×{b}" for a, b, _ in pairs),
                }
            if shared[at].max(initial=0.0) > 0:
                row |= {"nearest_words": ids[int(shared[at].argmax())], "cosine_words": shared[at].max()}
            rows.append(row)
    return tables.from_rows(rows, tables.BACKGROUND_MEASURES)


# --- which claims change? ------------------------------------------------------------------------------------------------


def keyword_claims(tokens: pd.DataFrame, keywords: pd.DataFrame, background: Background, top: int) -> Iterator[Claim]:
    """The first keyword of each region is in its list when the background says how rare a word is.

    Words only, as many as the list is long; generic words out and in. A keyword of several words counts as
    often as in keywords.csv, with the rarity of a term that the background lacks.
    """
    views = [view for view in background_views() if view.text == WORDS and view.weight == "background-idf"]
    for head in keywords[keywords["rank"] == 1].itertuples():
        own = tokens[tokens["region"] == head.region]
        holds = []
        for view in views:
            counts = Counter(own.loc[~own["generic"], "term"] if view.generic == "out" else own["term"])
            counts[head.term] = int(head.count)
            terms = sorted(counts)
            weights = np.array([counts[term] for term in terms]) * background.part(WORDS, terms).idf
            mine = weights[terms.index(head.term)]
            holds.append(bool((weights.round(9) > mine.round(9)).sum() < top))
        yield Claim("keyword", head.region, term=head.term, choices=[view.choices for view in views], holds=holds)


def claims_of(
    corpus: Corpus,
    tokens: pd.DataFrame,
    keywords: pd.DataFrame,
    similarity: pd.DataFrame,
    clusters: pd.DataFrame,
    coassignment: pd.DataFrame,
    robustness: pd.DataFrame,
    background: Background,
    settings: Settings,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Every claim of robustness.csv in the specifications with the background, and these specifications."""
    tried = specifications(background_views())
    claims: list[Claim] = []
    table = tables.from_rows([], tables.BACKGROUND_SPECIFICATIONS)
    if len(similarity):
        cosines = {view: corpus.cosines(view)[0] for view in background_views()}
        pairs = {view: matrices.above_diagonal(each) for view, each in cosines.items()}
        ranks = {view: matrices.places(each) for view, each in pairs.items()}
        k = int(clusters["cluster"].max())
        labels: Ints = np.zeros((0, 0), dtype=np.int64)
        groups: list[Claim] = []
        if k > 1:
            labels = observed_partitions(cosines, k, settings.resampling.seed)
            of_k = coassignment[coassignment["k"] == k]
            shares = {frozenset((row.region_a, row.region_b)): row.share for row in of_k.itertuples()}
            groups = list(group_claims(clusters, shares, labels, settings.verdict.support, tried))
        claims = [*pair_claims(similarity, ranks, settings.similarity.first), *groups]
        closest = int(similarity["cosine"].to_numpy().argmax())
        table = specifications_of(tried, pairs, ranks, closest, labels, clusters["cluster"].to_numpy() - 1)
    claims += keyword_claims(tokens, keywords, background, settings.keywords.top)
    asked = settings.specification
    found = robustness_of(claims, robust=asked.robust, fragile=asked.fragile)
    key = ["kind", "region_a", "region_b", "term"]
    without = robustness.set_index(key)
    same = [without.loc[each] for each in found[key].itertuples(index=False, name=None)]
    found["claim_id"] = [each["claim_id"] for each in same]
    found["share_without"] = [each["share"] for each in same]
    found["standing_without"] = [each["standing"] for each in same]
    found["changes"] = found["standing"] != found["standing_without"]
    return found[tables.BACKGROUND_CLAIMS.names], table


# --- the stage -------------------------------------------------------------------------------------------------------------


def genre_of(
    measures: pd.DataFrame,
    tokens: pd.DataFrame,
    keywords: pd.DataFrame,
    similarity: pd.DataFrame,
    structure: pd.DataFrame,
    clusters: pd.DataFrame,
    coassignment: pd.DataFrame,
    robustness: pd.DataFrame,
    settings: Settings,
    background: Background | None,
    digest: str,
) -> dict[str, pd.DataFrame]:
    """Every table of this stage by name; without a background, or with one that does not fit, most are empty."""
    made = {table.name: tables.from_rows([], table) for table in tables.ALL if table.name.startswith("background_")}
    if background is None:
        return made
    regions = regions_of(measures)
    names = regions.names
    coverage = coverage_of(tokens, names, background)
    fit = fit_of(coverage, background, digest, settings.background, settings.resampling)
    made |= {"background_fit": fit, "background_coverage": coverage}
    if fit["outcome"].iloc[0] == REFUSED:
        return made
    corpus = with_background(corpus_of(tokens, measures, regions, settings.keywords.common_share), background)
    ks = group_numbers(len(names), settings.cluster)
    draws, seed = settings.permutation.draws, settings.resampling.seed
    found = shuffled(corpus, FUSED_VIEW, ks, draws, seed, title="shuffles 打乱 (background)")
    own_structure = tables.from_rows(structure_of("background", found, ks), tables.BACKGROUND_STRUCTURE)
    pairs = pairs_of(corpus, similarity, found.pair_p, settings)
    shares, consensus, stability = consensus_of(corpus, FUSED_VIEW, settings)
    alike = all_alike(pairs["cosine"].to_numpy(dtype=float))
    choice = choice_of(consensus, stability, own_structure, settings, alike=alike, view="background")
    # Characters as the second view, as for words: they know nothing of the background.
    both = pd.concat([own_structure, structure[structure["view"] == "characters"]])
    verdict = verdict_of(choice, both, settings, ("background", "characters"))
    k = int(choice.loc[choice["chosen"], "k"].iloc[0])
    groups = consensus[consensus["k"] == k].reset_index(drop=True)
    of_region = dict(zip(groups["region"], groups["cluster"].astype(int), strict=True))
    label = label_of(terms_of(tokens, of_region, settings.keywords), settings.cluster.label_terms)
    members = members_of(groups, label, stability, verdict, pairs, settings)
    by_words = dict(zip(clusters["region"], clusters["cluster"].astype(int), strict=True))
    alone = cut(trees(corpus.cosines(FUSED_VIEW), "average"), [k])[0, 0] + 1
    members["cluster_fused"] = members["region"].map(dict(zip(names, alone.tolist(), strict=True)))
    members["cluster_words"] = members["region"].map(by_words)
    claims, tried = claims_of(
        corpus, tokens, keywords, similarity, clusters, coassignment, robustness, background, settings
    )
    return made | {
        "background_similarity": pairs,
        "background_terms": terms_of_pairs(corpus, background, settings.background),
        "background_measures": measures_of(tokens, measures, regions, background),
        "background_structure": own_structure,
        "background_coassignment": shares,
        "background_choice": choice,
        "background_verdict": verdict,
        "background_groups": members[tables.BACKGROUND_GROUPS.names],
        "background_specifications": tried,
        "background_claims": claims,
    }


def main(
    measures_csv: Path,
    tokens_csv: Path,
    keywords_csv: Path,
    similarity_csv: Path,
    structure_csv: Path,
    clusters_csv: Path,
    coassignment_csv: Path,
    robustness_csv: Path,
    settings_toml: Path,
    background_folder: Path,
    *outputs: Path,
) -> None:
    settings = load_settings(settings_toml)
    background, file = chosen(background_folder, settings.background.name, settings_toml)
    made = genre_of(
        tables.read(measures_csv, tables.MEASURES),
        tables.read(tokens_csv, tables.TOKENS),
        tables.read(keywords_csv, tables.KEYWORDS),
        tables.read(similarity_csv, tables.SIMILARITY),
        tables.read(structure_csv, tables.STRUCTURE),
        tables.read(clusters_csv, tables.CLUSTERS),
        tables.read(coassignment_csv, tables.COASSIGNMENT),
        tables.read(robustness_csv, tables.ROBUSTNESS),
        settings,
        background,
        sha256(file) if file else "",
    )
    tables.write(*((made[path.stem], tables.by_name(path.stem), path) for path in outputs))


if __name__ == "__main__":
    run(main)
