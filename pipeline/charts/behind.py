"""The numbers behind a figure, as one table whose columns are those of the contracts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.tables import Column, Table


@dataclass(frozen=True)
class Behind:
    """What a figure shows: the rows, and what one row and each column mean."""

    frame: pd.DataFrame
    table: Table


def behind(frame: pd.DataFrame, row: str, key: Sequence[str], *contracts: Table, own: Sequence[Column] = ()) -> Behind:
    """The columns of ``frame``, each with its meaning in ``own`` or else in the first of the contracts that has it.

    ``row``: what one row is. A column that none of them has is a `KeyError`: numbers of a figure come from tables.
    """
    known = {column.name: column for contract in reversed(contracts) for column in contract.columns}
    known.update({column.name: column for column in own})
    columns = tuple(known[name] for name in frame.columns)
    return Behind(frame.reset_index(drop=True), Table("behind", row, tuple(key), columns))
