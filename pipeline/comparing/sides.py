"""One run as a comparison sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.comparing.runs import OWN, Run, Weights, frozen_intervals, pair_cosines, pair_terms, scored
from pipeline.method import Settings

_RESAMPLE = 43  # stream of random numbers


@dataclass(frozen=True)
class Side:
    """One run as the comparison sees it: weighed rows, shared terms and cosine of every pair, intervals of the cosines."""

    run: Run
    weights: Weights
    rows: pd.DataFrame
    terms: pd.DataFrame
    cosines: pd.Series
    intervals: Mapping[frozenset[str], tuple[float, float]]

    def cosine(self, region: str, other: str) -> float:
        """Whichever of the two comes first."""
        return float(self.cosines[(region, other) if (region, other) in self.cosines.index else (other, region)])


def side_of(run: Run, weights: Weights, settings: Settings) -> Side:
    exclude = settings.keywords.exclude_generic
    rows = scored(run, weights, exclude_generic=exclude)
    terms = pair_terms(run, rows, weights, exclude_generic=exclude)
    if weights.name == OWN:
        ends = run["similarity_intervals"]
    else:  # one stream for both: equal texts have equal draws
        ends = frozen_intervals(run, weights, settings.resampling, _RESAMPLE, exclude_generic=exclude)
    intervals = {frozenset((e.region_a, e.region_b)): (e.cosine_low, e.cosine_high) for e in ends.itertuples()}
    return Side(run, weights, rows, terms, pair_cosines(run, terms), intervals)


def in_both(a: Run, b: Run) -> list[str]:
    """Regions of both runs in the order of A."""
    return [name for name in a.names if name in set(b.names)]


def in_either(a: Run, b: Run) -> list[str]:
    return [*a.names, *(name for name in b.names if name not in set(a.names))]
