"""The numbers behind a figure, as one table whose columns are those of the contracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.tables import Column, Table


@dataclass(frozen=True)
class Behind:
    """What a figure shows: the rows, and what one row and each column mean."""

    frame: pd.DataFrame
    table: Table


_REGIONS = ("region", "region_a", "region_b")


def with_english(shown: Behind, documents: pd.DataFrame | None) -> Behind:
    """Beside each column of regions their names in English, where any of the ``documents`` has one."""
    if documents is None or not documents["region_en"].ne("").any():
        return shown
    english = dict(zip(documents["region"], documents["region_en"], strict=True))
    frame, columns = shown.frame.copy(), []
    for column in shown.table.columns:
        columns.append(column)
        if column.name in _REGIONS:
            own = Column(f"{column.name}_en", "text", f"{column.name} in English, where that is known", optional=True)
            frame.insert(len(columns), own.name, frame[column.name].map(english).fillna(""))
            columns.append(own)
    return Behind(frame, replace(shown.table, columns=tuple(columns)))


def behind(frame: pd.DataFrame, row: str, key: Sequence[str], *contracts: Table, own: Sequence[Column] = ()) -> Behind:
    """The columns of ``frame``, each with its meaning in ``own`` or else in the first of the contracts that has it.

    ``row``: what one row is. A column that none of them has is a `KeyError`: numbers of a figure come from tables.
    """
    known = {column.name: column for contract in reversed(contracts) for column in contract.columns}
    known.update({column.name: column for column in own})
    columns = tuple(known[name] for name in frame.columns)
    return Behind(frame.reset_index(drop=True), Table("behind", row, tuple(key), columns))
