"""The tables of all of a large corpus: what is counted for every unit, in time and memory that grow no faster than the corpus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from pipeline import tables
from pipeline.counted import Clause, Counted, Partitions, clauses_of, counted, said_by
from pipeline.method import ScaleSettings, Settings, load_settings, load_word_list
from pipeline.representations import common_above
from pipeline.stats.inference import benjamini_hochberg
from pipeline.stats.keyness import log_odds_z, signed_g2
from pipeline.stats.neighbours import NONE, nearest
from pipeline.whole_groups import (
    Choice,
    Floats,
    Ints,
    axes,
    centres,
    choice,
    cohesion,
    coordinates,
    halved,
    idf_of,
    nearest_centre,
    recurrence,
    rows_of,
    stability,
    tf_idf,
    tried,
)

Row = dict[str, Any]

_FITTED, _JUDGED, _LOOKED_FOR, _MAPPED, _STABLE = range(61, 66)  # streams of random numbers


@dataclass(frozen=True)
class Grouped:
    """``group``: of each unit, from 0, the largest first, -1 without a counted term. ``points`` in the latent space."""

    group: Ints
    points: np.ndarray
    middles: np.ndarray
    chosen: Choice
    by: str  # what the halves consist of
    stable: Floats
    fitted: int  # units on which the groups were formed
    judges: int  # others that judged them

    @property
    def centrality(self) -> tuple[Floats, Ints, Floats]:
        """Of each unit the cosine with its centre, the centre that is next, and how much nearer its own is."""
        cosines = self.points @ self.middles.T
        order = np.argsort(-cosines, axis=1, kind="stable")[:, :2]
        near = np.take_along_axis(cosines, order, axis=1).astype(float)
        return near[:, 0], order[:, 1], near[:, 0] - near[:, 1]


def _sample(seed: int, stream: int, among: Ints, size: int) -> Ints:
    """So many at random, in their order; all where there are no more."""
    if len(among) <= size:
        return among
    return np.sort(np.random.default_rng([seed, stream]).choice(among, size, replace=False))


def grouped(
    corpus: Counted, vectors: csr_array, idf: Floats, kept: np.ndarray, partitions: Partitions, settings: Settings
) -> Grouped | None:
    """Groups of units; None where there are too few units for any."""
    scale, seed = settings.scale, settings.resampling.seed
    spoken = np.flatnonzero(np.diff(vectors.indptr))
    fitted = _sample(seed, _FITTED, spoken, min(scale.fitted_units, len(spoken) // 2))
    ks = tried(len(fitted), scale.group_numbers)
    if not ks:
        return None
    space = axes(rows_of(vectors, fitted), scale.dimensions, seed)
    points = coordinates(vectors, space)
    middles = {k: centres(points[fitted], k, seed) for k in ks}
    judges = _sample(seed, _JUDGED, np.setdiff1d(spoken, fitted), scale.judging_units)
    by = "measures" if corpus.measures[judges].mean() >= 2 else "terms"
    said = said_by(partitions, corpus, judges, kept)
    halves = halved(said, len(judges), by, idf, space, middles, scale.halvings, seed)
    recurring = recurrence(points[fitted], ks, scale.subsample_units, scale.subsamples, seed)
    chosen = choice(recurring, halves, scale.null_draws, seed)
    middle = middles[chosen.chosen]
    group = np.where(np.abs(points).sum(axis=1) > 0, nearest_centre(points, middle), NONE)
    sizes = np.bincount(group[group >= 0], minlength=len(middle))
    order = np.lexsort((np.arange(len(middle)), -sizes))
    place = np.full(len(middle) + 1, NONE)
    place[order] = np.arange(len(order))
    stable = stability(points[fitted], middle[order], scale.subsample_units, scale.subsamples, (seed, _STABLE))
    ordered = replace(chosen, kappa=chosen.kappa[order], kappa_p=chosen.kappa_p[order])
    return Grouped(place[group], points, middle[order], ordered, by, stable, len(fitted), len(judges))


@dataclass(frozen=True)
class _Seen:
    """The corpus weighed: which terms count, and the units as vectors of length 1."""

    units_with: Ints
    generic: np.ndarray
    common: np.ndarray
    kept: np.ndarray
    idf: Floats
    vectors: csr_array


def _seen(corpus: Counted, generic: frozenset[str], settings: Settings) -> _Seen:
    n, units_with = len(corpus.units), corpus.units_with
    is_generic = np.array([term in generic for term in corpus.terms], dtype=bool)
    common = units_with > common_above(settings.keywords.common_share, n)
    kept = ~(common | is_generic) if settings.keywords.exclude_generic else ~common
    idf = idf_of(units_with, n)
    return _Seen(units_with, is_generic, common, kept, idf, tf_idf(_only(corpus.counts, kept), idf))


def weighed(corpus: Counted, method: Path) -> csr_array:
    """The units (units x terms) as they are compared: TF-IDF of the words that count, of length 1."""
    settings = load_settings(method / "settings.toml")
    return _seen(corpus, load_word_list(method / "generic_words.txt"), settings).vectors


def _terms(corpus: Counted, seen: _Seen) -> Iterator[Row]:
    with_term, generic, common = seen.units_with, seen.generic, seen.common
    totals = np.bincount(corpus.counts.indices, corpus.counts.data, minlength=len(corpus.terms))
    order = sorted(range(len(corpus.terms)), key=lambda at: (-with_term[at], -totals[at], corpus.terms[at]))
    for at in order:
        yield {
            "term": corpus.terms[at],
            "count": int(totals[at]),
            "units": int(with_term[at]),
            "share": with_term[at] / len(corpus.units),
            "generic": bool(generic[at]),
            "common": bool(common[at]),
        }


def _units(corpus: Counted, found: Grouped | None, studied: frozenset[str], ids: Sequence[str]) -> pd.DataFrame:
    n = len(corpus.units)
    if found is None:
        group, near, runner_up, margin = np.full(n, NONE), np.zeros(n), np.full(n, NONE), np.zeros(n)
    else:
        group = found.group
        near, runner_up, margin = found.centrality
        runner_up = np.where(group == NONE, NONE, runner_up)
    return pd.DataFrame(
        {
            "unit": corpus.units,
            "documents": corpus.documents,
            "measures": corpus.measures,
            "tokens": np.asarray(corpus.counts.sum(axis=1)).astype(np.int64),
            "group": group + 1,
            "centrality": near,
            "runner_up": runner_up + 1,
            "margin": margin,
            "studied": [unit in studied for unit in corpus.units],
            "document": ids,
            "partition": corpus.partition,
        }
    )


def _marking(corpus: Counted, found: Grouped, kept: np.ndarray, with_term: Ints, settings: Settings) -> list[Row]:
    """The marking terms of each group, with the most central unit that has each."""
    k, n = len(found.middles), len(corpus.units)
    member = csr_array((np.ones(n), (found.group + 1, np.arange(n))), shape=(k + 1, n))
    counts = np.asarray((member @ corpus.counts).todense())[1:][:, kept]
    has = corpus.counts.copy()
    has.data = np.ones_like(has.data)
    units = np.asarray((member @ has).todense())[1:][:, kept]
    terms = np.flatnonzero(kept)
    totals, everything = counts.sum(axis=0), counts.sum()
    prior = totals / max(everything, 1) * settings.keywords.prior * everything / k
    near = found.centrality[0]
    columns = corpus.counts.tocsc()
    rows: list[Row] = []
    for group in range(k):
        own, rest = counts[group], totals - counts[group]
        z = log_odds_z(own, own.sum(), rest, rest.sum(), np.maximum(prior, 1e-9), max(prior.sum(), 1e-9))
        g2 = signed_g2(own, own.sum(), rest, max(rest.sum(), 1))
        size = int((found.group == group).sum())
        order = [at for at in np.lexsort((terms, -z.round(9))) if own[at] > 0 and z[at] > 0]
        for rank, at in enumerate(order[: settings.scale.group_terms], 1):
            users = columns.indices[columns.indptr[terms[at]] : columns.indptr[terms[at] + 1]]
            inside = users[found.group[users] == group]
            unit = int(inside[np.lexsort((inside, -near[inside].round(6)))[0]])
            rows.append(
                {
                    "group": group + 1, "rank": rank, "term": corpus.terms[terms[at]], "count": int(own[at]),
                    "count_rest": int(rest[at]), "share": units[group, at] / size,
                    "share_rest": (with_term[terms[at]] - units[group, at]) / max(n - size, 1),
                    "log_odds_z": z[at], "g2": g2[at], "unit": corpus.units[unit],
                }
            )  # fmt: skip
    return rows


def _typical(corpus: Counted, found: Grouped, scale: ScaleSettings) -> list[Row]:
    near = found.centrality[0].round(6)
    rows = []
    for group in range(len(found.middles)):
        own = np.flatnonzero(found.group == group)
        for rank, at in enumerate(own[np.lexsort((own, -near[own]))][: scale.typical], 1):
            rows.append({"group": group + 1, "rank": rank, "unit": corpus.units[at], "centrality": near[at]})
    return rows


def _map(corpus: Counted, found: Grouped, scale: ScaleSettings, seed: int) -> Iterator[Row]:
    chosen = _sample(seed, _MAPPED, np.flatnonzero(found.group >= 0), scale.map_units)
    points = found.points[chosen].astype(float)
    _, _, directions = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    flat = (points - points.mean(axis=0)) @ directions[:2].T
    flat *= np.sign(flat[np.abs(flat).round(9).argmax(axis=0), np.arange(flat.shape[1])])
    for at, (x, y) in zip(chosen.tolist(), flat.tolist(), strict=True):
        yield {"unit": corpus.units[at], "group": int(found.group[at]) + 1, "x": x, "y": y}


@dataclass(frozen=True)
class _Pair:
    a: int
    b: int
    similarity: float
    terms: tuple[tuple[str, float], ...]  # with their shares


def _pairs(
    corpus: Counted, vectors: csr_array, looked: Ints, near: Ints, cosines: Floats, scale: ScaleSettings
) -> list[_Pair]:
    """The closest pairs among the neighbours that were found, each once, with the terms that carry them."""
    seen: dict[tuple[int, int], float] = {}
    for unit, others, values in zip(looked.tolist(), near.tolist(), cosines.tolist(), strict=True):
        for other, value in zip(others, values, strict=True):
            if other != NONE:
                seen[min(unit, other), max(unit, other)] = value
    closest = sorted(seen, key=lambda pair: (-seen[pair], pair))[: scale.pairs]
    found = []
    for a, b in closest:
        product = (vectors[[a]] * vectors[[b]]).tocoo()
        shares = sorted(
            zip(product.coords[-1].tolist(), product.data.tolist(), strict=True),
            key=lambda one: (-round(one[1], 12), one[0]),
        )
        total = sum(value for _, value in shares)
        named = tuple((corpus.terms[at], value / total) for at, value in shares[: scale.pair_terms])
        found.append(_Pair(a, b, seen[a, b], named))
    return found


def _looked_for(units: int, scale: ScaleSettings) -> int:
    """Units whose neighbours are looked for: as many as the comparisons allow, at least a thousand."""
    return max(1000, scale.comparisons // max(units, 1))


def _verdict(found: Grouped, holds: np.ndarray, alpha: float) -> str:
    """Whether groups come back. Words of one measure belong together in any text, so halves of measures say less: weak."""
    if found.chosen.p > alpha or holds.sum() < 2:
        return "not shown"
    return "supported" if found.by == "measures" else "weak"


def overview(
    folder: Path, files: Sequence[str], studied: frozenset[str], generic: frozenset[str], settings: Settings
) -> Mapping[str, list[Row] | pd.DataFrame]:
    """Rows of every table whose name begins with whole."""
    scale, seed = settings.scale, settings.resampling.seed
    partitions = Partitions(folder, tuple(files))
    corpus = counted(partitions)
    seen = _seen(corpus, generic, settings)
    n, vectors = len(corpus.units), seen.vectors
    looked = _sample(seed, _LOOKED_FOR, np.flatnonzero(np.diff(vectors.indptr)), _looked_for(n, scale))
    near, cosines = nearest(vectors, scale.neighbours, looked)
    pairs = _pairs(corpus, vectors, looked, near, cosines, scale)
    forming = seen.kept & (seen.units_with <= common_above(scale.forming_share, n))
    found = grouped(corpus, tf_idf(_only(corpus.counts, forming), seen.idf), seen.idf, forming, partitions, settings)
    marking = _marking(corpus, found, seen.kept, seen.units_with, settings) if found else []
    typical = _typical(corpus, found, scale) if found else []
    clauses = clauses_of(
        partitions,
        [(row["unit"], row["term"]) for row in marking]
        + [(row["unit"], "") for row in typical]
        + [(corpus.units[unit], pair.terms[0][0]) for pair in pairs for unit in (pair.a, pair.b)],
    )
    for row in marking:
        row |= _told(clauses[row["unit"], row["term"]])
    for row in typical:
        clause = clauses[row["unit"], ""]
        row |= {"document": clause.document, "clause": clause.text}
    listed = list(zip(looked.tolist(), near.tolist(), cosines.tolist(), strict=True))
    result: dict[str, list[Row] | pd.DataFrame] = {
        "whole_units": _units(corpus, found, studied, _first_documents(corpus, partitions)),
        "whole_terms": list(_terms(corpus, seen)),
        "whole_neighbours": [
            {"unit": corpus.units[unit], "rank": rank, "neighbour": corpus.units[other], "similarity": value}
            for unit, others, values in listed
            for rank, (other, value) in enumerate(zip(others, values, strict=True), 1)
            if other != NONE
        ],
        "whole_pairs": [
            {
                "rank": rank, "unit_a": corpus.units[pair.a], "unit_b": corpus.units[pair.b], "similarity": pair.similarity,
                "terms": "; ".join(f"{term} {share:.2f}" for term, share in pair.terms),
                **{
                    f"{what}_{side}": value
                    for side, unit in (("a", pair.a), ("b", pair.b))
                    for what, value in (
                        ("document", clauses[corpus.units[unit], pair.terms[0][0]].document),
                        ("clause", clauses[corpus.units[unit], pair.terms[0][0]].text),
                    )
                },
            }
            for rank, pair in enumerate(pairs, 1)
        ],
    }  # fmt: skip
    numbers: list[tuple[str, float, str]] = [
        ("units", n, ""),
        ("documents", int(corpus.documents.sum()), ""),
        ("measures", int(corpus.measures.sum()), ""),
        ("tokens", float(corpus.counts.sum()), ""),
        ("terms", len(corpus.terms), ""),
        ("units_without_terms", int((np.diff(vectors.indptr) == 0).sum()), ""),
        ("neighbours_looked_for", len(looked), "all" if len(looked) == n else "drawn at random"),
        ("similarity_first_neighbour", _median(cosines[:, 0]), "median"),
        ("alike", int((cosines[:, 0] > 0.999).sum()), "units whose nearest neighbour uses the same terms as often"),
    ]
    if found:
        groups = _of_groups(corpus, found, vectors, marking, typical, settings)
        result |= groups
        holds = np.array([row["holds"] for row in groups["whole_groups"]])
        verdict = _verdict(found, holds, settings.permutation.alpha)
        at = found.chosen.ks.index(found.chosen.chosen)
        numbers += [
            ("fitted_units", found.fitted, ""),
            ("judging_units", found.judges, f"{found.by} halved"),
            ("groups", len(found.middles), ""),
            ("groups_that_hold", int(holds.sum()), ""),
            ("agreement", float(found.chosen.agreement[at]), "adjusted Rand index"),
            ("recurrence", float(found.chosen.recurrence[at]), "adjusted Rand index"),
            ("p", found.chosen.p, "halves dealt among the units"),
            ("verdict", np.nan, verdict),
        ]
    else:
        numbers.append(("verdict", np.nan, "too few units"))
    result["whole"] = [{"metric": name, "value": value, "note": note} for name, value, note in numbers]
    return result


def _of_groups(
    corpus: Counted,
    found: Grouped,
    vectors: csr_array,
    marking: Sequence[Row],
    typical: Sequence[Row],
    settings: Settings,
) -> dict[str, list[Row]]:
    chosen, k = found.chosen, len(found.middles)
    alike = cohesion(vectors, found.group, k)
    q = benjamini_hochberg(chosen.kappa_p)
    recurs = (chosen.kappa >= settings.scale.kappa) & (q <= settings.permutation.alpha)
    holds = recurs & (found.stable >= settings.verdict.jaccard)
    sizes = np.bincount(found.group[found.group >= 0], minlength=k)
    labels = {group: [row["term"] for row in marking if row["group"] == group + 1] for group in range(k)}
    return {
        "whole_groups": [
            {
                "group": group + 1, "units": int(sizes[group]), "share": sizes[group] / sizes.sum(),
                "stability": found.stable[group], "cohesion": alike[group, group], "kappa": chosen.kappa[group],
                "q": q[group],
                "holds": bool(holds[group]),
                "label": "·".join(labels[group][: settings.cluster.label_terms]) or "—",
            }
            for group in range(k)
        ],
        "whole_group_terms": list(marking),
        "whole_typical": list(typical),
        "whole_group_similarity": [
            {"group_a": a + 1, "group_b": b + 1, "similarity": alike[a, b]} for a in range(k) for b in range(a, k)
        ],
        "whole_choice": [
            {
                "k": number, "agreement": chosen.agreement[at],
                "recurrence": chosen.recurrence[at],
                "chance_high": chosen.chance_high[at],
                "chosen": number == chosen.chosen,
            }
            for at, number in enumerate(chosen.ks)
        ],
        "whole_map": list(_map(corpus, found, settings.scale, settings.resampling.seed)),
    }  # fmt: skip


def _told(clause: Clause) -> Row:
    return {"document": clause.document, "start": clause.start, "end": clause.end, "clause": clause.text}


def _median(values: Floats) -> float:
    return float(np.median(values)) if len(values) else np.nan


def _only(counts: csr_array, kept: np.ndarray) -> csr_array:
    """The counts without those of the terms that are not kept; these keep their place."""
    wanted = kept[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))[wanted]
    ends = np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=counts.shape[0]))])
    return csr_array((counts.data[wanted], counts.indices[wanted], ends), shape=counts.shape)


def _first_documents(corpus: Counted, partitions: Partitions) -> list[str]:
    """The number of the first document of each unit."""
    ids = [""] * len(corpus.units)
    for number in range(len(partitions.files)):
        own = np.flatnonzero(corpus.partition == number)
        if len(own):
            written = tables.read_columns(partitions.documents(number), tables.DOCUMENTS, "doc_id")["doc_id"].tolist()
            for unit in own:
                ids[unit] = written[corpus.row[unit]]
    return ids
