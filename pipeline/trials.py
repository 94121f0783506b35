"""Corpora whose truth is known, and how often the verdict on them is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.background import WORDS, Background, Space
from pipeline.evidence import (
    base_views,
    clarity,
    described_k,
    group_numbers,
    indices_of,
    outcome_of,
    partition_set,
    shuffled,
    stability,
)
from pipeline.method import Settings
from pipeline.representations import (
    FUSED_VIEW,
    Corpus,
    Regions,
    View,
    character_ngrams,
    units_of,
    with_background,
)
from pipeline.stats import partitions as of
from pipeline.stats.inference import share_interval
from pipeline.stats.resampling import Ints
from pipeline.workers import mapped

_RESAMPLES = 4  # of every specification, where only the adjusted Rand index is wanted

Word = tuple[str, tuple[str, ...]]  # the characters, and the terms they count as


@dataclass(frozen=True)
class Source:
    """A real corpus as building material: words of its measures, measures of its regions, generic words."""

    measures: tuple[tuple[Word, ...], ...]
    sizes: tuple[int, ...]
    generic: frozenset[str]

    @property
    def words(self) -> list[Word]:
        return [word for measure in self.measures for word in measure]


def source_of(tokens: pd.DataFrame) -> Source:
    """The kept words of tokens.csv, each with the words nested in it."""
    measures = []
    for _, group in tokens.groupby("measure_id", sort=False):
        whole: list[Word] = []
        for token in group.itertuples():
            if token.nested_in:
                surface, terms = whole[-1]
                whole[-1] = (surface, (*terms, token.term))
            else:
                whole.append((token.surface, (token.term,)))
        measures.append(tuple(whole))
    sizes = tokens.groupby("region", sort=False)["measure_id"].nunique()
    return Source(tuple(measures), tuple(sizes), frozenset(tokens.loc[tokens["generic"], "term"]))


def drawn_measures(source: Source, n: int, rng: np.random.Generator) -> tuple[list[list[Word]], Ints]:
    """Measures without any structure and the region of each.

    As many regions as the source has: its own measures, dealt anew. Other numbers:
    measures of the source of which every second word, by lot, is another of its words.
    """
    if n == len(source.sizes):
        order = rng.permutation(len(source.measures))
        return [list(source.measures[at]) for at in order], np.repeat(np.arange(n), source.sizes)
    words = source.words
    of_region = np.repeat(np.arange(n), rng.choice(source.sizes, n))
    drawn = [
        [words[rng.integers(len(words))] if rng.random() < 0.5 else word for word in source.measures[at]]
        for at in rng.integers(len(source.measures), size=len(of_region))
    ]
    return drawn, of_region


def themes_drawn(
    source: Source, number: int, size: int, space: Space | None, rng: np.random.Generator
) -> list[list[str]]:
    """Words of ``number`` themes: invented, of two characters of the source.

    With a background's ``space``: a word of it by lot and those that lie nearest, for invented words it does not know.
    """
    if space is None:
        letters = sorted({letter for surface, _ in source.words for letter in surface if letter.isalpha()})
        return [["".join(rng.choice(letters, 2)) for _ in range(size)] for _ in range(number)]
    themes = []
    for _ in range(number):
        first = rng.integers(len(space.terms))
        nearest = np.argsort(-(space.directions @ space.directions[first]).round(9), kind="stable")[:size]
        themes.append([space.terms[at] for at in nearest])
    return themes


def corpus_drawn(
    source: Source,
    groups: Ints,
    strength: float,
    settings: Settings,
    rng: np.random.Generator,
    background: Background | None = None,
) -> Corpus:
    """A corpus in which each word is, with probability ``strength``, one of the theme words of its region's group.

    ``groups`` (regions) are numbered from 0; a theme has `calibration.theme_words` words. Strength 0: no structure.
    With a background the corpus is seen through it.
    """
    n = len(groups)
    drawn, of_region = drawn_measures(source, n, rng)
    size = settings.calibration.theme_words
    themes = themes_drawn(source, int(groups.max()) + 1, size, background.spaces[WORDS] if background else None, rng)
    said: list[tuple[int, str]] = []
    texts: list[str] = []
    for number, (measure, region) in enumerate(zip(drawn, of_region, strict=True)):
        spoken = []
        for surface, terms in measure:
            if strength and rng.random() < strength:
                theme = themes[groups[region]][rng.integers(size)]
                spoken.append(theme)
                said.append((number, theme))
            else:
                spoken.append(surface)
                said += [(number, term) for term in terms]
        texts.append("".join(spoken))
    regions = Regions(tuple(map(str, range(n))), tuple(map(str, range(len(drawn)))), of_region)
    words = units_of(said, source.generic)
    characters = {
        name: units_of((at, gram) for at, text in enumerate(texts) for gram in character_ngrams(text, length))
        for name, length in (("single characters", 1), ("character pairs", 2))
    }
    units = {"dictionary": words, "no dictionary": words, **characters}
    corpus = Corpus(regions, units, settings.keywords.common_share)
    return with_background(corpus, background) if background else corpus


def judged_views(corpus: Corpus, settings: Settings) -> tuple[View, View]:
    """The two views of the structure test: words, or the background's fused view, and pairs of characters."""
    base = base_views(exclude_generic=settings.keywords.exclude_generic)
    return (FUSED_VIEW if corpus.images else base["words"]), base["characters"]


def assessed(corpus: Corpus, settings: Settings, seed: int) -> tuple[bool, str]:
    """Whether the structure test holds, and the verdict: the same steps and settings as for the report."""
    ks = group_numbers(len(corpus.regions.names), settings.cluster)
    alpha = settings.permutation.alpha
    views = judged_views(corpus, settings)
    for view in views:
        if shuffled(corpus, view, ks, settings.permutation.draws, seed, title="").p > alpha:
            return False, "not shown"
    labels = partition_set(corpus, ks, settings.specification.resamples, seed)
    beside = stability(corpus, views[0], ks, settings.specification, settings.verdict, seed)
    p = beside.p()
    middle = np.median(beside.null[:, :, 0], axis=0)
    singles = [int((np.bincount(of.consensus(of.co_assignment(labels[at]), k)) == 1).sum()) for at, k in enumerate(ks)]
    clear = [clarity(*pair) for pair in zip(beside.alike[:, 0], middle, strict=True)]
    k = described_k(list(zip(ks, clear, singles, strict=True)), settings.cluster.max_singletons)
    at = ks.index(k)
    jaccard = indices_of(labels, ks, settings.verdict)[at, 1]
    return True, outcome_of(
        structure=True,
        unambiguous=bool(p[at, 0] <= alpha),
        stable=bool(jaccard >= settings.verdict.jaccard and p[at, 1] <= alpha),
    )


def recovered(corpus: Corpus, truth: Ints, seed: int) -> float:
    """Adjusted Rand index of the consensus groups with the true ones, their number given."""
    k = int(truth.max()) + 1
    return of.adjusted_rand(of.consensus(of.co_assignment(partition_set(corpus, [k], _RESAMPLES, seed)[0]), k), truth)


def scenarios(settings: Settings, *, background: bool = False) -> list[tuple[str, int, float, int, Ints]]:
    """Name, number of regions, strength, draws and true groups of every scenario."""
    asked = settings.calibration
    found: list[tuple[str, int, float, int, Ints]] = []
    for n in asked.null_regions:
        found.append(("shuffled", n, 0.0, asked.null_draws, np.zeros(n, dtype=np.int64)))
        found += [("own topics", n, each, asked.null_draws, np.arange(n)) for each in asked.own_strengths]
    drawn = settings.background.group_draws if background else asked.group_draws
    sizes = zip(asked.regions, asked.groups, drawn, strict=True)
    for (n, groups, draws), strength in product(sizes, asked.strengths):
        if not draws:
            continue
        found.append(("groups", n, strength, draws, np.arange(n) % groups))
    return found


def calibration_of(tokens: pd.DataFrame, settings: Settings, background: Background | None = None) -> pd.DataFrame:
    """One row per scenario; with a background the verdict on the corpora as seen through it."""
    source = source_of(tokens)
    rows: list[dict[str, Any]] = []
    for number, (name, n, strength, draws, truth) in enumerate(scenarios(settings, background=background is not None)):

        def work(
            draw: int,
            key: Sequence[int] = (number, n),
            truth: Ints = truth,
            strength: float = strength,
            name: str = name,
        ) -> tuple[bool, str, float]:
            rng = np.random.default_rng([settings.calibration.seed, *key, draw])
            corpus = corpus_drawn(source, truth, strength, settings, rng, background)
            seed = int(rng.integers(2**62))
            found = recovered(corpus, truth, seed) if name == "groups" else np.nan
            return *assessed(corpus, settings, seed), found

        done = mapped(work, range(draws), title=f"{name}, n = {n}, {strength:g}")
        supported = sum(outcome == "supported" for _, outcome, _ in done)
        low, high = share_interval(supported, draws, 0.95)
        rows.append(
            {
                "scenario": name,
                "regions": n,
                "strength": strength,
                "draws": draws,
                "structure": float(np.mean([structure for structure, _, _ in done])),
                "supported": supported / draws,
                "supported_low": low,
                "supported_high": high,
                "weak": float(np.mean([outcome == "weak" for _, outcome, _ in done])),
                "rand": float(np.mean([found for _, _, found in done])),
            }
        )
    return tables.from_rows(rows, tables.CALIBRATION)
