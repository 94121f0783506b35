"""Find what several documents say word for word, and what it does to the similarities: documents.csv, measures.csv, tokens.csv, similarity.csv -> shared_passages.csv, shared_regions.csv, shared_effect.csv, near_duplicates.csv."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline import tables
from pipeline.cli import run
from pipeline.method import Settings, SharedSettings, load_settings
from pipeline.stats.shingles import in_common

_COLUMNS = {"words": "cosine", "characters": "cosine_char"}
_NO_TEXT = re.compile(r"[\W_]+")


def bare(text: str) -> str:
    """Letters, digits and Han characters only: one passage may be set with other commas."""
    return _NO_TEXT.sub("", text)


def passages_of(measures: pd.DataFrame, *, min_characters: int) -> pd.DataFrame:
    """The measures that at least two documents have, in the order of their first occurrence."""
    found: dict[str, list[Any]] = defaultdict(list)
    for measure in measures.itertuples():
        found[bare(measure.text)].append(measure)
    shared = [
        (said, where)
        for said, where in found.items()
        if len(said) >= min_characters and len({measure.doc_id for measure in where}) > 1
    ]
    rows = []
    for number, (said, where) in enumerate(shared, 1):
        regions = list(dict.fromkeys(measure.region for measure in where))
        rows.append(
            {
                "passage_id": f"S{number}",
                "text": where[0].text,
                "characters": len(said),
                "documents": len({measure.doc_id for measure in where}),
                "regions": len(regions),
                "measure_ids": [measure.measure_id for measure in where],
                "region_names": "、".join(regions),
            }
        )
    return tables.from_rows(rows, tables.SHARED_PASSAGES)


def left_out_of(measures: pd.DataFrame, passages: pd.DataFrame) -> np.ndarray:
    """Which measures are passages that several regions have; one that a single region repeats makes no two regions alike."""
    between = {measure for row in passages.itertuples() if row.regions > 1 for measure in row.measure_ids}
    return measures["measure_id"].isin(between).to_numpy(dtype=bool)


def regions_shared(measures: pd.DataFrame, left_out: np.ndarray) -> pd.DataFrame:
    """One row per region: how much of its text other regions have, too."""
    said = measures["text"].map(bare)
    lengths = said.str.len()
    rows = []
    for region, own in measures.groupby("region", sort=False).indices.items():
        out = own[left_out[own]]
        total, shared = int(lengths.iloc[own].sum()), int(lengths.iloc[out].sum())
        rows.append(
            {
                "region": region,
                "characters": total,
                "shared_characters": shared,
                "share": shared / total,
                "passages": said.iloc[out].nunique(),
            }
        )
    return tables.from_rows(rows, tables.SHARED_REGIONS)


def without(
    measures: pd.DataFrame, tokens: pd.DataFrame, left_out: np.ndarray, settings: Settings
) -> dict[str, NDArray[np.float64]]:
    """The cosines (regions x regions, in corpus order) of the views of similarity.csv when some measures are not counted."""
    # A corpus that shares nothing need not spend the time that they take to load.
    from pipeline.evidence import base_views
    from pipeline.representations import Corpus, characters, regions_of, words

    regions = regions_of(measures)
    units = {"dictionary": words(tokens, regions), "character pairs": characters(measures, 2)}
    corpus = Corpus(regions, units, settings.keywords.common_share)
    views = base_views(exclude_generic=settings.keywords.exclude_generic)
    counted = (~left_out).astype(np.int64)[None]
    return {name: corpus.cosines(view, times=counted)[0] for name, view in views.items()}


def effect_of(
    measures: pd.DataFrame,
    tokens: pd.DataFrame,
    similarity: pd.DataFrame,
    passages: pd.DataFrame,
    shared: pd.DataFrame,
    left_out: np.ndarray,
    settings: Settings,
) -> pd.DataFrame:
    """One row per view: the pairs as they are, and without what several regions say word for word."""
    left = set(measures.loc[~left_out, "region"])
    compared = (similarity["region_a"].isin(left) & similarity["region_b"].isin(left)).to_numpy(dtype=bool)
    seen = without(measures, tokens, left_out, settings) if left_out.any() else {}
    rows = []
    for view, column in _COLUMNS.items():
        before = similarity[column].to_numpy(dtype=float)
        after = before
        if view in seen:
            place = {name: at for at, name in enumerate(shared["region"])}
            after = seen[view][similarity["region_a"].map(place), similarity["region_b"].map(place)]
        change = np.where(compared, np.abs(after - before).round(12), 0.0)
        most = int(change.argmax()) if change.any() else None
        row = None if most is None else similarity.iloc[most]
        rows.append(
            {
                "view": view,
                "passages": int((passages["regions"] > 1).sum()),
                "passages_within": int((passages["regions"] == 1).sum()),
                "share": shared["shared_characters"].sum() / shared["characters"].sum(),
                "pairs": len(before),
                "mean": before.mean() if len(before) else np.nan,
                "pairs_without": int(compared.sum()),
                "mean_without": after[compared].mean() if compared.any() else np.nan,
                "region_a": "" if row is None else row["region_a"],
                "region_b": "" if row is None else row["region_b"],
                "cosine": np.nan if most is None else before[most],
                "cosine_without": np.nan if most is None else after[most],
            }
        )
    return tables.from_rows(rows, tables.SHARED_EFFECT)


def near_duplicates_of(documents: pd.DataFrame, settings: SharedSettings) -> pd.DataFrame:
    """The pairs of documents that have at least the share ``near_duplicate`` of the shorter one in common."""
    sizes, shared = in_common([bare(text) for text in documents["text"]], settings.shingle)
    smaller = np.minimum(sizes[:, None], sizes[None])
    close = np.argwhere((shared > 0) & (shared >= settings.near_duplicate * smaller - 1e-9))
    names, regions = documents["doc_id"].tolist(), documents["region"].tolist()
    return tables.from_rows(
        (
            {
                "doc_a": names[a],
                "doc_b": names[b],
                "region_a": regions[a],
                "region_b": regions[b],
                "shingles_a": int(sizes[a]),
                "shingles_b": int(sizes[b]),
                "shared": int(shared[a, b]),
                "containment": shared[a, b] / smaller[a, b],
                "resemblance": shared[a, b] / (sizes[a] + sizes[b] - shared[a, b]),
            }
            for a, b in close
        ),
        tables.NEAR_DUPLICATES,
    )


def shared_of(
    documents: pd.DataFrame, measures: pd.DataFrame, tokens: pd.DataFrame, similarity: pd.DataFrame, settings: Settings
) -> tuple[pd.DataFrame, ...]:
    """Passages, regions, effect, near-duplicates."""
    passages = passages_of(measures, min_characters=settings.shared.min_characters)
    left_out = left_out_of(measures, passages)
    regions = regions_shared(measures, left_out)
    effect = effect_of(measures, tokens, similarity, passages, regions, left_out, settings)
    return passages, regions, effect, near_duplicates_of(documents, settings.shared)


def main(
    documents_csv: Path,
    measures_csv: Path,
    tokens_csv: Path,
    similarity_csv: Path,
    settings_toml: Path,
    shared_passages_csv: Path,
    shared_regions_csv: Path,
    shared_effect_csv: Path,
    near_duplicates_csv: Path,
) -> None:
    passages, regions, effect, close = shared_of(
        tables.read(documents_csv, tables.DOCUMENTS),
        tables.read(measures_csv, tables.MEASURES),
        tables.read(tokens_csv, tables.TOKENS),
        tables.read(similarity_csv, tables.SIMILARITY),
        load_settings(settings_toml),
    )
    tables.write(
        (passages, tables.SHARED_PASSAGES, shared_passages_csv),
        (regions, tables.SHARED_REGIONS, shared_regions_csv),
        (effect, tables.SHARED_EFFECT, shared_effect_csv),
        (close, tables.NEAR_DUPLICATES, near_duplicates_csv),
    )


if __name__ == "__main__":
    run(main)
