"""Look-ups over all of a large corpus, also for units that are in no table of neighbours: the partitions are read anew."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from pipeline.contracts import DOCUMENTS, PARTITIONS
from pipeline.explore.lookups import UnknownNameError
from pipeline.tables import read, read_columns

if TYPE_CHECKING:
    from pipeline.counted import Partitions


def _partitions(folder: str | Path) -> Partitions:
    from pipeline.counted import Partitions  # few notebooks look into a large corpus

    path = Path(folder)
    files = read(path / "partitions.csv", PARTITIONS)["file"].tolist()
    if not files:
        raise FileNotFoundError(
            f"{folder} 不是大语料，全部内容都在它的表里。/ {folder} is no large corpus: its tables hold all of it."
        )
    return Partitions(path / "corpus", tuple(files))


def whole_concordance(folder: str | Path, term: str, width: int = 14, most: int = 200) -> pd.DataFrame:
    """The first ``most`` places where the characters stand in the texts, in context: unit, document, left, hit, right.

    Characters as they stand, whatever words they are cut into; ``width`` characters on either side.
    """
    partitions = _partitions(folder)
    rows: list[tuple[str, str, str, str, str]] = []
    for number in range(len(partitions.files)):
        texts = read_columns(partitions.documents(number), DOCUMENTS, "doc_id", "region", "text")
        for doc_id, unit, text in texts[texts["text"].str.contains(term, regex=False)].itertuples(index=False):
            at = text.find(term)
            while at >= 0 and len(rows) < most:
                end = at + len(term)
                rows.append((unit, doc_id, text[max(at - width, 0) : at], text[at:end], text[end : end + width]))
                at = text.find(term, end)
        if len(rows) == most:
            break
    return pd.DataFrame(rows, columns=["unit", "document", "left", "hit", "right"])


def whole_neighbours(folder: str | Path, unit: str, method: str | Path = "method", count: int = 10) -> pd.DataFrame:
    """The ``count`` most similar units of all, exactly, as in whole_neighbours.csv: neighbour, similarity, shared terms.

    ``method``: the folder of the settings and lists of the run.
    """
    from pipeline.counted import counted
    from pipeline.overview import weighed
    from pipeline.stats.neighbours import NONE, nearest

    partitions = _partitions(folder)
    corpus = counted(partitions)
    if unit not in corpus.units:
        raise UnknownNameError(("单位", "unit"), unit, get_close_matches(unit, corpus.units, 5))
    vectors = weighed(corpus, Path(method))
    at = corpus.units.index(unit)
    indices, products = nearest(vectors, count, np.array([at]))
    rows = []
    for other, value in zip(indices[0].tolist(), products[0].tolist(), strict=True):
        if other == NONE:
            continue
        shared = (vectors[[at]] * vectors[[other]]).tocoo()
        order = np.argsort(-shared.data, kind="stable")[:8]
        rows.append((corpus.units[other], value, "、".join(corpus.terms[shared.coords[-1][place]] for place in order)))
    return pd.DataFrame(rows, columns=["neighbour", "similarity", "terms"])
