"""What changed between two runs, and why: the tables and manifests of two folders -> compare_runs.csv, compare_inputs.csv, compare_regions.csv, compare_keywords.csv, compare_pairs.csv, compare_pair_terms.csv, compare_groups.csv, compare_verdict.csv, compare_terms.csv, compare_summary.csv."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.background import chosen
from pipeline.cli import run as run_main
from pipeline.comparing import (
    OWN,
    Run,
    Weights,
    background_weights,
    frozen_intervals,
    idf_of,
    nearest_of,
    own_weights,
    pair_cosines,
    pair_terms,
    pooled_weights,
    scored,
)
from pipeline.errors import InputError
from pipeline.hashing import read_json
from pipeline.method import Settings, load_settings
from pipeline.stats.change import jaccard, product_parts, rand_of, rank_biased_overlap
from pipeline.stats.matrices import mantel, places

_RAND, _MANTEL, _RESAMPLE = range(41, 44)  # streams of random numbers
_EQUAL = 1e-12  # weights that differ by less are equal but for rounding
_KINDS = ("raw", "method", "code", "lock", "package", "program", "unit")
_READ = (
    tables.DOCUMENTS, tables.MEASURES, tables.TOKENS, tables.KEYWORDS, tables.SIMILARITY, tables.SIMILARITY_TERMS,
    tables.SIMILARITY_INTERVALS, tables.NEIGHBOURS, tables.CLUSTERS, tables.VERDICT, tables.REGIONS, tables.SUMMARY,
    tables.BACKGROUND_FIT,
)  # fmt: skip


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


def _both(a: Run, b: Run) -> list[str]:
    """Regions of both runs in the order of A."""
    return [name for name in a.names if name in set(b.names)]


def _either(a: Run, b: Run) -> list[str]:
    return [*a.names, *(name for name in b.names if name not in set(a.names))]


# --- what went in ----------------------------------------------------------------------------------------------------


def runs_of(a: Side, b: Side) -> pd.DataFrame:
    return tables.from_rows(
        (
            {
                "run": side.run.side,
                "name": side.run.name,
                "raw_file": side.run.manifest["raw"]["file"],
                "raw_sha256": side.run.manifest["raw"]["sha256"],
                "idf": side.weights.name,
                "idf_texts": side.weights.texts,
                "left_out": len(side.weights.common),
            }
            for side in (a, b)
        ),
        tables.COMPARE_RUNS,
    )


def _matched(a: Mapping[str, str], b: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(name, value in a, value in b). Files in different folders are one where their own names match and are alone in it."""
    found = [(name, a[name], b[name]) for name in a if name in b]
    rest_a, rest_b = ([name for name in one if name not in other] for one, other in ((a, b), (b, a)))
    of_a, of_b = (Counter(Path(name).name for name in rest) for rest in (rest_a, rest_b))
    moved = {Path(name).name: name for name in rest_b}
    for name in rest_a:
        own = Path(name).name
        if of_a[own] == of_b[own] == 1:
            found.append((f"{name} – {moved[own]}", a[name], b[moved[own]]))
            rest_b.remove(moved[own])
        else:
            found.append((name, a[name], ""))
    return found + [(name, "", b[name]) for name in rest_b]


def inputs_of(a: Mapping[str, Any], b: Mapping[str, Any]) -> pd.DataFrame:
    """Everything that the two manifests name, beside each other."""
    named = [
        (
            {m["raw"]["file"]: m["raw"]["sha256"]},
            m["method"]["files"],
            m["code"]["files"],
            m["locks"],
            m["packages"],
            {"pipeline": m["pipeline"], "python": m["python"]},
            {"unit": m.get("run", {}).get("unit", "")},
        )
        for m in (a, b)
    ]
    rows = []
    for kind, first, second in zip(_KINDS, *named, strict=True):
        matched = _matched(first, second)
        if kind == "raw":
            (one,), (two,) = first.items(), second.items()
            matched = [(one[0] if one[0] == two[0] else f"{one[0]} – {two[0]}", one[1], two[1])]
        rows += [
            {"kind": kind, "item": item, "value_a": x, "value_b": y, "same": x == y} for item, x, y in sorted(matched)
        ]
    return tables.from_rows(rows, tables.COMPARE_INPUTS)


# --- keywords --------------------------------------------------------------------------------------------------------


def _cause(row: Mapping[str, Any], other: Run, surfaces: set[str], shift: float, *, same_text: bool) -> str:
    """Why a term was gained, lost or kept with another weight.

    ``other``: the run in whose list it is not. ``shift``: what the number of texts alone adds to every idf; it lifts all
    terms and is no reason why one of them moves.
    """
    from_others = row["from_idf"] - shift * (row["tf_a"] + row["tf_b"]) / 2
    own_text = "cut" if same_text else "text"
    larger = own_text if abs(row["from_tf"]) >= abs(from_others) else "others"
    moved_by = row["from_tf"] + from_others
    if row["status"] == "kept":
        return "same" if abs(moved_by) < _EQUAL else larger
    count, barred = (
        (row["count_b"], row["unranked_b"]) if row["status"] == "lost" else (row["count_a"], row["unranked_a"])
    )
    if not count:
        text = other.text[row["region"]]
        return "cut" if same_text or any(surface in text for surface in surfaces) else "absent"
    if barred:
        return "unranked"
    moved = moved_by < -_EQUAL if row["status"] == "lost" else moved_by > _EQUAL
    return larger if moved else "displaced"


def keywords_of(a: Side, b: Side, settings: Settings) -> pd.DataFrame:
    """Every term in either list of a region of both runs, in the order of list A, then of list B."""
    top, stable = settings.keywords.top, settings.resampling.stable
    shift = math.log((1 + b.weights.texts) / (1 + a.weights.texts))
    rows = []
    by_key = [{(row.region, row.term): row for row in side.rows.itertuples()} for side in (a, b)]
    for region in _both(a.run, b.run):
        same_text = a.run.text[region] == b.run.text[region]
        listed = [listed_in(side, region, top) for side in (a, b)]
        for term in dict.fromkeys([*listed[0], *listed[1]]):
            status = "kept" if term in listed[0] and term in listed[1] else "lost" if term in listed[0] else "gained"
            row: dict[str, Any] = {"region": region, "term": term, "status": status}
            for mark, side, found in (("a", a, by_key[0]), ("b", b, by_key[1])):
                own = found.get((region, term))
                row |= {
                    f"rank_{mark}": own.rank if own else None,
                    f"count_{mark}": own.count if own else 0,
                    f"tf_{mark}": own.tf if own else 0.0,
                    f"df_{mark}": side.run.df.get(term, 0),
                    f"idf_{mark}": side.weights.idf(term),
                    f"tf_idf_{mark}": own.tf_idf if own else 0.0,
                    f"unranked_{mark}": own.unranked if own else "",
                    f"stability_{mark}": own.stability if own else 0.0,
                    f"measures_{mark}": own.measure_ids if own else [],
                    f"weight_{mark}": own.weight if own else 0.0,
                }
            from_tf, from_idf = product_parts(row["tf_a"], row["idf_a"], row["tf_b"], row["idf_b"])
            row |= {"from_tf": float(from_tf), "from_idf": float(from_idf), "change": row["weight_b"] - row["weight_a"]}
            here, there = (b.run, a.run) if status == "gained" else (a.run, b.run)
            surfaces = here.surfaces.get((region, term), {term})
            inside = [row["stability_a"] >= stable, row["stability_b"] >= stable]
            outside = [row["stability_a"] <= 1 - stable + _EQUAL, row["stability_b"] <= 1 - stable + _EQUAL]
            row["sure"] = (inside if term in listed[0] else outside)[0] and (inside if term in listed[1] else outside)[
                1
            ]
            row["cause"] = _cause(row, there, surfaces, shift, same_text=same_text)
            rows.append(row)
    frame = tables.from_rows(rows, tables.COMPARE_KEYWORDS)
    return frame.astype({"rank_a": "Int64", "rank_b": "Int64"})


def listed_in(side: Side, region: str, top: int) -> list[str]:
    """The region's list, first to last."""
    own = side.rows[(side.rows["region"] == region) & (side.rows["rank"] <= top).fillna(False)]
    return own.sort_values("rank")["term"].tolist()


# --- regions ---------------------------------------------------------------------------------------------------------


def own_cosines(a: Side, b: Side, settings: Settings) -> dict[str, float]:
    """Region -> cosine of its words in A and in B by one idf; 1 where both are without words, 0 where one is."""
    share, exclude = settings.keywords.common_share, settings.keywords.exclude_generic
    weights = pooled_weights(a.run, b.run, share) if a.weights.name == OWN else a.weights
    generic = {term for side in (a, b) for term in side.rows.loc[side.rows["generic"], "term"]} if exclude else set()
    vectors: list[dict[str, dict[str, float]]] = []
    for side in (a, b):
        counted = side.rows[side.rows["kind"] == "word"]
        counted = counted[[term not in weights.common and term not in generic for term in counted["term"]]]
        vectors.append(
            {
                str(region): {row.term: row.count * weights.idf(row.term) for row in group.itertuples()}
                for region, group in counted.groupby("region")
            }
        )
    found = {}
    for region in _both(a.run, b.run):
        first, second = vectors[0].get(region, {}), vectors[1].get(region, {})
        if first == second:  # also both empty
            found[region] = 1.0
            continue
        size = math.sqrt(math.fsum(x * x for x in first.values()) * math.fsum(x * x for x in second.values()))
        found[region] = (
            math.fsum(first[term] * second[term] for term in first if term in second) / size if size else 0.0
        )
    return found


def regions_of(a: Side, b: Side, settings: Settings) -> pd.DataFrame:
    """Every region of either run."""
    cosines, top = own_cosines(a, b, settings), settings.keywords.top
    both = set(_both(a.run, b.run))
    facts = []
    for side in (a, b):
        table = side.run["regions"].set_index("region")
        near = {(row.region, row.other): row for row in side.run["neighbours"].itertuples()}
        facts.append((side, table, nearest_of(side.run.names, side.cosines), near))
    rows = []
    for region in _either(a.run, b.run):
        row: dict[str, Any] = {
            "region": region,
            "where": "both" if region in both else "A" if region in a.run.names else "B",
        }
        lists: list[list[str]] = []
        nearest: list[str] = []
        for mark, (side, table, nearby, near) in zip("ab", facts, strict=True):
            here = region in table.index
            other, cosine = nearby[region] if here else ("", None)
            lists.append(listed_in(side, region, top) if here else [])
            nearest.append(other)
            row |= {
                **{
                    f"{name}_{mark}": table.at[region, name] if here else None
                    for name in ("documents", "measures", "characters", "cluster")
                },
                f"nearest_{mark}": other,
                f"nearest_cosine_{mark}": cosine,
                f"nearest_share_{mark}": near[region, other].nearest_share if (region, other) in near else None,
                f"listed_{mark}": len(lists[-1]) if here else None,
            }
            row.setdefault("region_en", table.at[region, "region_en"] if here else None)
            row["region_en"] = row["region_en"] or (table.at[region, "region_en"] if here else None)
        shared = region in both
        changed = shared and nearest[0] != nearest[1]
        known = [fact[3].get((region, other)) for fact, other in zip(facts, reversed(nearest), strict=True)]
        rows.append(
            {
                **row,
                "same_text": shared and a.run.text[region] == b.run.text[region],
                "cosine": cosines.get(region),
                "nearest_changed": changed,
                "nearest_sure": changed and not any(each is not None and each.among for each in known),
                "shared": len({*lists[0]} & {*lists[1]}) if shared else None,
                "jaccard": jaccard(lists[0], lists[1]) if shared else None,
                "rbo": rank_biased_overlap(lists[0], lists[1]) if shared else None,
            }
        )
    frame = tables.from_rows(rows, tables.COMPARE_REGIONS)
    whole = [column.name for column in tables.COMPARE_REGIONS.columns if column.kind == "int"]
    return frame.astype(dict.fromkeys(whole, "Int64"))


# --- pairs -----------------------------------------------------------------------------------------------------------


def pair_terms_of(a: Side, b: Side) -> pd.DataFrame:
    """What every shared term adds to the change of a pair's cosine, the largest change first."""
    both = _both(a.run, b.run)
    order = {name: at for at, name in enumerate(both)}
    found: dict[tuple[str, str, str], dict[str, tuple[float, list[str]]]] = {}
    for mark, side in (("a", a), ("b", b)):
        for row in side.terms.itertuples():
            if row.region in order and row.other in order:
                region, other = sorted((row.region, row.other), key=order.__getitem__)
                found.setdefault((region, other, row.term), {})[mark] = (row.product, row.measures)
    rows = []
    for (region, other, term), held in found.items():
        (x, ids_a), (y, ids_b) = held.get("a", (0.0, [])), held.get("b", (0.0, []))
        rows.append(
            {
                "region": region,
                "other": other,
                "term": term,
                "product_a": x,
                "product_b": y,
                "change": y - x,
                "status": "kept" if len(held) == 2 else "lost" if "a" in held else "gained",
                "measures_a": ids_a,
                "measures_b": ids_b,
            }
        )
    frame = tables.from_rows(rows, tables.COMPARE_PAIR_TERMS)
    keyed = frame.assign(
        first=frame["region"].map(order), second=frame["other"].map(order), size=-frame["change"].abs().round(12)
    ).sort_values(["first", "second", "size", "term"], kind="stable")
    keyed["rank"] = keyed.groupby(["first", "second"]).cumcount() + 1
    return keyed[tables.COMPARE_PAIR_TERMS.names].reset_index(drop=True)


def pairs_of(a: Side, b: Side, terms: pd.DataFrame) -> pd.DataFrame:
    """Every pair of regions of both runs."""
    both = _both(a.run, b.run)
    of_pair = dict(iter(terms.groupby(["region", "other"])))
    rows = []
    for at, region in enumerate(both):
        for other in both[at + 1 :]:
            own = of_pair.get((region, other), terms.iloc[:0])
            x, y = a.cosine(region, other), b.cosine(region, other)
            ends = [side.intervals[frozenset((region, other))] for side in (a, b)]
            row = {"region": region, "other": other, "cosine_a": x, "cosine_b": y, "change": y - x}
            for mark, (low, high), missing, status in zip(
                "ab", ends, ("gained", "lost"), ("lost", "gained"), strict=True
            ):
                only = own[own["status"] == status].sort_values([f"product_{mark}", "term"], ascending=[False, True])
                row |= {
                    f"low_{mark}": low,
                    f"high_{mark}": high,
                    f"shared_terms_{mark}": int((own["status"] != missing).sum()),
                }
                row[f"terms_{status}"] = "·".join(only["term"])
            row["disjoint"] = ends[0][1] < ends[1][0] or ends[1][1] < ends[0][0]
            rows.append(row)
    frame = tables.from_rows(rows, tables.COMPARE_PAIRS)
    for mark in ("a", "b"):
        frame[f"rank_{mark}"] = places(frame[f"cosine_{mark}"].to_numpy(dtype=float))
    return frame


# --- groups, terms ---------------------------------------------------------------------------------------------------


def groups_of(a: Run, b: Run) -> pd.DataFrame:
    """Every region with the members of its group in each run; groups are numbered by each run, so members are what counts."""
    of = [dict(zip(run["clusters"]["region"], run["clusters"]["cluster"].astype(int), strict=True)) for run in (a, b)]
    sure = [dict(zip(run["clusters"]["region"], run["clusters"]["confident"], strict=True)) for run in (a, b)]
    order = _either(a, b)
    rows = []
    for region in order:
        members = [[m for m in order if m != region and region in own and own.get(m) == own[region]] for own in of]
        known = region in of[0] and region in of[1]

        def joined(names: Sequence[str]) -> str:
            return "·".join(names)

        left = [m for m in members[0] if known and m in of[1] and m not in members[1]]
        came = [m for m in members[1] if known and m in of[0] and m not in members[0]]
        rows.append(
            {
                "region": region,
                "cluster_a": of[0].get(region),
                "cluster_b": of[1].get(region),
                "members_a": joined(members[0]),
                "members_b": joined(members[1]),
                "confident_a": bool(sure[0].get(region, False)),
                "confident_b": bool(sure[1].get(region, False)),
                "left": joined(left),
                "joined": joined(came),
                "gone": joined([m for m in members[0] if m not in of[1]]),
                "new": joined([m for m in members[1] if m not in of[0]]),
            }
        )
    frame = tables.from_rows(rows, tables.COMPARE_GROUPS)
    return frame.astype({"cluster_a": "Int64", "cluster_b": "Int64"})


def verdict_of(a: Run, b: Run) -> pd.DataFrame:
    left, right = (
        run["verdict"].set_index("criterion").rename(columns=lambda name, mark=mark: f"{name}_{mark}")
        for run, mark in ((a, "a"), (b, "b"))
    )
    frame = left.join(right, how="inner").reset_index()
    return frame[tables.COMPARE_VERDICT.names]


def terms_of(a: Run, b: Run) -> pd.DataFrame:
    """Every word and phrase of either run; how far its idf drifted, by the number of regions and by its own df."""
    users: list[dict[str, list[str]]] = []
    for run in (a, b):
        grouped = run["keywords"].groupby("term", sort=False)["region"].agg(list)
        users.append({str(term): regions for term, regions in grouped.items()})
    n_a, n_b = len(a.names), len(b.names)
    rows = []
    for term in {**a.df, **b.df}:
        x, y = a.df.get(term, 0), b.df.get(term, 0)
        rows.append(
            {
                "term": term,
                "status": "both" if x and y else "vanished" if x else "new",
                "df_a": x,
                "df_b": y,
                "idf_a": idf_of(x, n_a),
                "idf_b": idf_of(y, n_b),
                "drift": idf_of(y, n_b) - idf_of(x, n_a),
                "from_size": math.log((1 + n_b) / (1 + n_a)),
                "from_df": math.log((1 + x) / (1 + y)),
                "regions_a": "·".join(users[0].get(term, ())),
                "regions_b": "·".join(users[1].get(term, ())),
            }
        )
    return tables.from_rows(rows, tables.COMPARE_TERMS)


# --- numbers ---------------------------------------------------------------------------------------------------------


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
    both = _both(a.run, b.run)
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


# --- all of it -------------------------------------------------------------------------------------------------------


def compared(a: Run, b: Run, weights: tuple[Weights, Weights], settings: Settings) -> dict[str, pd.DataFrame]:
    """Every table of this stage by name."""
    first, second = (side_of(run, own, settings) for run, own in zip((a, b), weights, strict=True))
    regions, keywords = regions_of(first, second, settings), keywords_of(first, second, settings)
    pair_parts = pair_terms_of(first, second)
    pairs, groups, terms = pairs_of(first, second, pair_parts), groups_of(a, b), terms_of(a, b)
    inputs = inputs_of(a.manifest, b.manifest)
    return {
        "compare_runs": runs_of(first, second),
        "compare_inputs": inputs,
        "compare_regions": regions,
        "compare_keywords": keywords,
        "compare_pairs": pairs,
        "compare_pair_terms": pair_parts,
        "compare_groups": groups,
        "compare_verdict": verdict_of(a, b),
        "compare_terms": terms,
        "compare_summary": summary_of(first, second, inputs, regions, keywords, pairs, groups, terms, settings),
    }


def read_run(side: str, folder: Path) -> Run:
    """The tables and the manifest of one folder."""
    path = folder / "manifest.json"
    manifest = read_json(path)
    try:
        inputs_of(manifest, manifest)
    except (ValueError, LookupError, TypeError):
        raise InputError(
            "这个文件不是 make all 写出的清单。请删除它并重新运行 make all。",
            "this is not a manifest that `make all` wrote. Delete it and run `make all` again.",
            file=path,
        ) from None
    frames = {table.name: tables.read(folder / f"{table.name}.csv", table) for table in _READ}
    return Run(side, folder.name, frames, manifest)


def weights_of(
    a: Run, b: Run, reference: str, settings: Settings, background_folder: Path, settings_toml: Path
) -> tuple[Weights, Weights]:
    """The idf of each run: its own, or one for both."""
    if reference == OWN:
        return own_weights(a), own_weights(b)
    if reference in ("A", "B"):
        one = own_weights(a if reference == "A" else b, reference)
        return one, one
    if reference != "background":
        raise InputError(
            f"REFERENCE={reference} 不认识；可用 A、B、background，不写则各用各的 idf。",
            f"REFERENCE={reference} is unknown; use A, B or background, or none for each run's own idf.",
            file="make compare",
        )
    background, path = chosen(background_folder, settings.background.name, settings_toml)
    if background is None:
        raise InputError(
            '[background] name = ""：没有选定背景，不能以它的 idf 为准。请写上名称，或改用 REFERENCE=A。',
            '[background] name = "": no background is chosen whose idf could be used. Name one, or use REFERENCE=A.',
            file=settings_toml,
        )
    for run in (a, b):
        refused = run["background_fit"]
        refused = refused[(refused["name"] == background.name) & (refused["outcome"] == "refused")]
        if len(refused):
            raise InputError(
                f"背景“{background.name}”与 {run.name} 不合（background_fit.csv），不能以它的 idf 为准。请改用 REFERENCE=A 或 B。",
                f"the background {background.name!r} does not fit {run.name} (background_fit.csv): its idf cannot be "
                "the reference. Use REFERENCE=A or B.",
                file=path or settings_toml,
            )
    one = background_weights(a, b, background, settings.keywords)
    return one, one


def main(
    a_folder: Path, b_folder: Path, reference: Path, settings_toml: Path, background_folder: Path, compared_folder: Path
) -> None:
    """``reference``: own, A, B or background, not a file."""
    settings = load_settings(settings_toml)
    a, b = read_run("A", a_folder), read_run("B", b_folder)
    if not _both(a, b):
        raise InputError(
            f"{a.name} 与 {b.name} 没有共同的地区，无从比较。",
            f"{a.name} and {b.name} have no region in common: there is nothing to compare.",
            file=b_folder / "regions.csv",
        )
    weights = weights_of(a, b, str(reference), settings, background_folder, settings_toml)
    made = compared(a, b, weights, settings)
    tables.write(*((made[table.name], table, compared_folder / f"{table.name}.csv") for table in tables.COMPARED))


if __name__ == "__main__":
    run_main(main)
