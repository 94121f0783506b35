"""Claims of the report, each tried in many specifications: which bear it out, how robust it is, what it is most sensitive to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.representations import Specification, View
from pipeline.stats.partitions import adjusted_rand, adjusted_rands
from pipeline.stats.resampling import Floats, Ints

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
    clusters: pd.DataFrame,
    shares: Mapping[frozenset[str], float],
    labels: Ints,
    support: float,
    tried: Sequence[Specification],
) -> Iterator[Claim]:
    """Each core stays together; each region is with most of its group. ``labels`` (specifications ``tried`` x regions)."""
    place = {name: at for at, name in enumerate(clusters["region"])}
    choices = [specification.choices for specification in tried]
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


def _standing(share: float, robust: float, fragile: float) -> str:
    return "robust" if share >= robust else "fragile" if share < fragile else "sensitive"


def by_dictionary(claim: Claim, *, robust: float, fragile: float) -> dict[str, Any]:
    """How the claim fares in the specifications of words cut with the user dictionary, and in those without it."""
    found: dict[str, Any] = {}
    for side, text in (("with", "dictionary"), ("without", "no dictionary")):
        holds = [held for given, held in zip(claim.choices, claim.holds, strict=True) if given.get("text") == text]
        share = float(np.mean(holds)) if holds else np.nan
        found[f"{side}_specifications"] = len(holds)
        found[f"{side}_share"] = share
        found[f"{side}_standing"] = _standing(share, robust, fragile) if holds else ""
    return found


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
                "standing": _standing(share, robust, fragile),
                **sensitivity_of(claim),
                **by_dictionary(claim, robust=robust, fragile=fragile),
            }
        )
    return tables.from_rows(rows, tables.ROBUSTNESS)


def specifications_of(
    tried: Sequence[Specification],
    cosines: Mapping[View, Floats],
    ranks: Mapping[View, Ints],
    closest: int,
    labels: Ints,
    groups: Ints,
) -> pd.DataFrame:
    """One row per specification ``tried``; ``labels`` (specifications x regions) are empty where one group is described."""
    rows = []
    for number, each in enumerate(tried):
        known = len(labels) > 0
        rows.append(
            {
                "specification": number + 1,
                **each.choices,
                "min_df": each.view.min_df,
                "closest_rank": int(ranks[each.view][closest]),
                "closest_cosine": float(cosines[each.view][closest]),
                "rand": adjusted_rand(labels[number], groups) if known else np.nan,
                "rand_mean": adjusted_rands(labels[number], np.delete(labels, number, axis=0)).mean()
                if known
                else np.nan,
            }
        )
    return tables.from_rows(rows, tables.SPECIFICATIONS)
