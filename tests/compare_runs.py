"""Small runs to be compared: every table that a comparison reads, of a few words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import pandas as pd

from pipeline import tables
from pipeline.characters import character_similarity_of
from pipeline.comparing.runs import Run
from pipeline.keywords import keywords_of
from pipeline.method import Settings, load_settings
from pipeline.similarity import similarity_of
from tests.conftest import METHOD, Said, measures_frame, tokens_frame

_SHIPPED = load_settings(METHOD / "settings.toml")
# No word is common, and few draws: where stability matters, a test sets it.
SETTINGS = replace(
    _SHIPPED,
    keywords=replace(_SHIPPED.keywords, common_share=1.0, top=1),
    resampling=replace(_SHIPPED.resampling, resamples=20),
    permutation=replace(_SHIPPED.permutation, draws=99),
)
MANIFEST: Mapping[str, Any] = {
    "raw": {"file": "data/raw/one.txt", "sha256": "11"},
    "method": {"files": {"method/settings.toml": "22", "method/user_dict.txt": "33"}},
    "code": {"files": {"pipeline/keywords.py": "44"}},
    "locks": {"requirements.lock": "55"},
    "packages": {"numpy": "2.4.0"},
    "pipeline": "0.1.0",
    "python": "3.11.7",
}


def _rows(table: tables.Table, rows: Iterable[Mapping[str, object]]) -> pd.DataFrame:
    """Rows with what a test does not ask for filled in."""
    blank = {"text": "—", "int": 0, "float": 0.0, "flag": False, "ids": []}
    return tables.from_rows(
        ({column.name: blank[column.kind] for column in table.columns} | dict(r) for r in rows), table
    )


def run_of(
    side: str,
    said: Said,
    *,
    groups: Mapping[str, int] | None = None,
    outcome: str = "not shown",
    generic: Iterable[str] = (),
    stable: Mapping[tuple[str, str], float] | None = None,
    spans: Mapping[tuple[str, str], tuple[float, float]] | None = None,
    among: Iterable[tuple[str, str]] | None = None,
    manifest: Mapping[str, Any] = MANIFEST,
    settings: Settings = SETTINGS,
    texts: Mapping[str, str] | None = None,
) -> Run:
    """A run of regions that say these words, each row a measure.

    ``stable``: (region, term) -> stability, 0 for the rest where given; ``spans``: interval of a pair's cosine, 0 to 1 for
    the rest; ``among``: (region, other) that count as possibly nearest, all where not given; ``texts``: a region's cleaned text.
    """
    measures = measures_frame(
        [(region, "".join(word.partition("/")[0] for word in text.split())) for region, text in said]
    )
    pairs = zip(said, measures["measure_id"], strict=True)
    tokens = tokens_frame([(region, measure, text.split()) for (region, text), measure in pairs], generic=generic)
    keywords = keywords_of(tokens, measures, settings.keywords, settings.resampling)
    if stable is not None:
        own = zip(keywords["region"], keywords["term"], strict=True)
        keywords["stability"] = [stable.get(key, 0.0) for key in own]
    characters = character_similarity_of(measures)
    similarity, terms, _ = similarity_of(keywords, characters, exclude_generic=settings.keywords.exclude_generic)
    names = list(dict.fromkeys(region for region, _ in said))
    joined = {name: "\n".join(measures.loc[measures["region"] == name, "text"]) for name in names} | dict(texts or {})
    group = groups or dict.fromkeys(names, 1)
    ends = {pair: (spans or {}).get(pair, (0.0, 1.0)) for pair in combinations(names, 2)}
    possible = {(a, b) for a in names for b in names} if among is None else set(among)
    frames = {
        "documents": _rows(tables.DOCUMENTS, ({"doc_id": f"D{at}", "region": n, "text": joined[n]} for at, n in enumerate(names))),
        "measures": measures,
        "tokens": tokens,
        "keywords": keywords,
        "similarity": similarity,
        "similarity_terms": terms,
        "similarity_intervals": _rows(
            tables.SIMILARITY_INTERVALS,
            ({"region_a": a, "region_b": b, "cosine_low": x, "cosine_high": y} for (a, b), (x, y) in ends.items()),
        ),
        "neighbours": _rows(
            tables.NEIGHBOURS,
            ({"region": a, "other": b, "nearest_share": 0.5, "among": (a, b) in possible} for a in names for b in names if a != b),
        ),
        "clusters": _rows(tables.CLUSTERS, ({"region": n, "cluster": group[n], "confident": False} for n in names)),
        "verdict": _rows(tables.VERDICT, [{"criterion": "pac", "value": 0.2, "outcome": ""}, {"criterion": "verdict", "outcome": outcome}]),
        "regions": _rows(
            tables.REGIONS,
            (
                {
                    "region": n, "region_en": f"{n} en", "documents": 1, "characters": len(joined[n]),
                    "measures": int((measures["region"] == n).sum()), "words": int((tokens["region"] == n).sum()), "cluster": group[n],
                }
                for n in names
            ),
        ),
        "summary": _rows(tables.SUMMARY, [{"metric": "regions", "value": float(len(names))}]),
        "background_fit": tables.from_rows([], tables.BACKGROUND_FIT),
    }  # fmt: skip
    return Run(side, f"run-{side.lower()}", frames, manifest)
