"""Which part of a large corpus is studied in full: a random sample of its units, and of their documents."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd

from pipeline import tables
from pipeline.batches import KINDS, partition
from pipeline.method import ScaleSettings


def _drawn(seed: int, name: str) -> bytes:
    """A number for a name that looks random: the units with the smallest ones are the sample, whatever else there is."""
    return hashlib.blake2b(name.encode(), digest_size=8, key=seed.to_bytes(8, "big")).digest()


def units_studied(names: Collection[str], document: float, scale: ScaleSettings, seed: int) -> frozenset[str]:
    """A simple random sample of the units: a unit that comes or goes changes one of them at the most.

    ``document``: mean characters of a document. Of long ones fewer units, for each has at least one.
    """
    fitting = int(scale.characters_studied / max(document, 1.0))
    many = min(scale.units_studied, max(scale.units_studied_least, fitting))
    return frozenset(sorted(names, key=lambda name: (_drawn(seed, name), name))[:many])


def documents_studied(documents: pd.DataFrame, scale: ScaleSettings, seed: int) -> pd.Series:
    """For each document of the studied units whether it is in the sample.

    Where the units together have more than `characters_studied`, each has an equal share of these: documents drawn at
    random up to that share, and at least one.
    """
    lengths = documents["text"].str.len()
    if lengths.sum() <= scale.characters_studied:
        return pd.Series(True, index=documents.index)
    share = scale.characters_studied / documents["region"].nunique()
    order = (
        pd.Series([_drawn(seed, one) for one in documents["doc_id"]], index=documents.index)
        .sort_values(kind="stable")
        .index
    )
    before = lengths[order].groupby(documents["region"][order]).cumsum() - lengths[order]
    return (before < share).reindex(documents.index)


def studied(
    folder: Path, partitions: int, names: Collection[str] | None, scale: ScaleSettings, seed: int
) -> dict[str, pd.DataFrame]:
    """documents.csv, sources.csv and cleaning.csv of the sample; ``names`` None: of the whole corpus."""
    chosen: dict[str, list[pd.DataFrame]] = {kind: [] for kind in KINDS}
    for number in range(partitions):
        documents = tables.read(partition(folder, "documents", number), tables.DOCUMENTS)
        if names is not None:
            documents = documents[documents["region"].isin(names)]
        if len(documents):
            chosen["documents"].append(documents)
            own = set(documents["doc_id"])
            for kind in ("sources", "cleaning"):
                frame = tables.read(partition(folder, kind, number), KINDS[kind])
                chosen[kind].append(frame if names is None else frame[frame["doc_id"].isin(own)])
    found = {kind: pd.concat(frames, ignore_index=True) for kind, frames in chosen.items()}
    if names is None:
        return found
    kept = found["documents"][documents_studied(found["documents"], scale, seed)]
    own = set(kept["doc_id"])
    rest = {
        kind: found[kind][found[kind]["doc_id"].isin(own)].reset_index(drop=True) for kind in ("sources", "cleaning")
    }
    rest["cleaning"]["run"] = np.arange(1, len(rest["cleaning"]) + 1)
    return {"documents": kept.reset_index(drop=True), **rest}
