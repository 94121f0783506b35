"""How much changed, in numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.comparing.sides import Side, in_both
from pipeline.method import Settings
from pipeline.stats.change import rand_of
from pipeline.stats.matrices import mantel

_EQUAL = 1e-12  # weights that differ by less are equal but for rounding
_KINDS = ("raw", "method", "code", "lock", "package", "program", "unit")
_RAND = 41  # stream of random numbers
_MANTEL = 42  # stream of random numbers


def _square(side: Side, names: Sequence[str]) -> np.ndarray:
    return np.array([[1.0 if x == y else side.cosine(x, y) for y in names] for x in names])


def _mean(values: Any) -> float:
    found = pd.to_numeric(pd.Series(list(values), dtype=object)).dropna()
    return float(found.mean()) if len(found) else float("nan")


def summary_of(
    a: Side, b: Side, inputs: pd.DataFrame, regions: pd.DataFrame, keywords: pd.DataFrame, pairs: pd.DataFrame,
    groups: pd.DataFrame, terms: pd.DataFrame, settings: Settings,
) -> pd.DataFrame:  # fmt: skip
    """Numbers of each run, then of the two together."""
    both = in_both(a.run, b.run)
    rows: list[dict[str, Any]] = []

    def of_each(metric: str, values: Sequence[float], derived: str) -> None:
        x, y = values
        rows.append({"metric": metric, "value_a": x, "value_b": y, "change": y - x, "derived_from": derived})

    def together(metric: str, value: float, derived: str) -> None:
        rows.append({"metric": metric, "change": value, "derived_from": derived})

    runs = (a.run, b.run)
    for name in ("documents", "measures", "characters", "words"):
        of_each(name, [float(run["regions"][name].sum()) for run in runs], f"regions.csv {name}")
    of_each("regions", [len(run.names) for run in runs], "regions.csv")
    of_each("types", [run["tokens"]["term"].nunique() for run in runs], "tokens.csv term")
    of_each("terms", [len(run.df) for run in runs], "keywords.csv term")
    of_each("mean_cosine", [_mean(side.cosines) for side in (a, b)], "the idf of compare_runs.csv")
    of_each("mean_cosine_common", [_mean(pairs[f"cosine_{mark}"]) for mark in "ab"], "compare_pairs.csv cosine")
    of_each("groups", [run["clusters"]["cluster"].nunique() for run in runs], "clusters.csv cluster")
    of_each("confident", [int(run["clusters"]["confident"].sum()) for run in runs], "clusters.csv confident")

    for kind in _KINDS:
        differ = int(((inputs["kind"] == kind) & ~inputs["same"]).sum())
        together(f"inputs_{kind}", differ, "compare_inputs.csv same")
    together("regions_common", len(both), "compare_regions.csv where")
    together("regions_only_a", int((regions["where"] == "A").sum()), "compare_regions.csv where")
    together("regions_only_b", int((regions["where"] == "B").sum()), "compare_regions.csv where")
    together("texts_changed", len(both) - int(regions["same_text"].sum()), "compare_regions.csv same_text")
    together("mean_cosine_own", _mean(regions["cosine"]), "compare_regions.csv cosine")
    together("nearest_changed", int(regions["nearest_changed"].sum()), "compare_regions.csv")
    together("nearest_sure", int(regions["nearest_sure"].sum()), "compare_regions.csv")
    together("mean_jaccard", _mean(regions["jaccard"]), "compare_regions.csv jaccard")
    together("mean_rbo", _mean(regions["rbo"]), "compare_regions.csv rbo")
    moved = keywords["status"] != "kept"
    for status in ("gained", "lost", "kept"):
        own = keywords["status"] == status
        together(f"keywords_{status}", int(own.sum()), "compare_keywords.csv status")
        together(f"keywords_{status}_sure", int((own & keywords["sure"]).sum()), "compare_keywords.csv sure")
    together("keywords_moved", int(moved.sum()), "compare_keywords.csv status")
    together("keywords_moved_sure", int((moved & keywords["sure"]).sum()), "compare_keywords.csv sure")
    together("keywords_moved_unsure", int((moved & ~keywords["sure"]).sum()), "compare_keywords.csv sure")
    for cause in ("absent", "cut", "unranked", "text", "others", "displaced"):
        together(f"cause_{cause}", int((moved & (keywords["cause"] == cause)).sum()), "compare_keywords.csv cause")
    together("pairs_common", len(pairs), "compare_pairs.csv")
    together("pairs_disjoint", int(pairs["disjoint"].sum()), "compare_pairs.csv disjoint")
    together("pairs_changed", int((pairs["change"].abs() >= _EQUAL).sum()), "compare_pairs.csv change")
    together("mean_pair_change", _mean(pairs["change"].abs()), "compare_pairs.csv change, without its sign")
    seed, draws = settings.resampling.seed, settings.permutation.draws
    rho, rho_p = (
        mantel(_square(a, both), _square(b, both), draws, np.random.default_rng([seed, _MANTEL]))
        if len(both) > 2
        else (math.nan, math.nan)
    )
    together("pairs_rho", rho, "Spearman's rho of compare_pairs.csv cosine")
    together("pairs_rho_p", rho_p, "permutation of the regions (Mantel 1967)")
    common = groups[groups["cluster_a"].notna() & groups["cluster_b"].notna()]
    labels = [common[f"cluster_{mark}"].to_numpy(dtype=np.int64) for mark in "ab"]
    # one group in either run leaves nothing to agree or to differ on
    chosen_groups = all(len(set(own)) > 1 for own in labels)
    rand, rand_p = (
        rand_of(labels[0], labels[1], draws, np.random.default_rng([seed, _RAND]))
        if chosen_groups
        else (math.nan, math.nan)
    )
    together("rand", rand, "adjusted Rand index of compare_groups.csv")
    together("rand_p", rand_p, "permutation of the regions")
    together("groups_moved", int(((common["left"] != "") | (common["joined"] != "")).sum()), "compare_groups.csv")
    kept = terms[terms["status"] == "both"]
    together("terms_both", len(kept), "compare_terms.csv status")
    together("terms_new", int((terms["status"] == "new").sum()), "compare_terms.csv status")
    together("terms_vanished", int((terms["status"] == "vanished").sum()), "compare_terms.csv status")
    together("terms_df_changed", int((kept["df_a"] != kept["df_b"]).sum()), "compare_terms.csv df")
    together("drift_size", math.log((1 + len(b.run.names)) / (1 + len(a.run.names))), "compare_terms.csv from_size")
    together("drift_mean", _mean(kept["drift"]), "compare_terms.csv drift, of terms in both")
    together("drift_mean_size", _mean(kept["drift"].abs()), "compare_terms.csv drift, without its sign")
    return tables.from_rows(rows, tables.COMPARE_SUMMARY)
