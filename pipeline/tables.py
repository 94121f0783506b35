"""Read and write the tables between the stages; each is checked against its contract both times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from pipeline.contracts import (
    ALL as ALL,
    APART as APART,
    BACKGROUND_CHOICE as BACKGROUND_CHOICE,
    BACKGROUND_CLAIMS as BACKGROUND_CLAIMS,
    BACKGROUND_COASSIGNMENT as BACKGROUND_COASSIGNMENT,
    BACKGROUND_COVERAGE as BACKGROUND_COVERAGE,
    BACKGROUND_FIT as BACKGROUND_FIT,
    BACKGROUND_GROUPS as BACKGROUND_GROUPS,
    BACKGROUND_MEASURES as BACKGROUND_MEASURES,
    BACKGROUND_SIMILARITY as BACKGROUND_SIMILARITY,
    BACKGROUND_SPECIFICATIONS as BACKGROUND_SPECIFICATIONS,
    BACKGROUND_STRUCTURE as BACKGROUND_STRUCTURE,
    BACKGROUND_TERMS as BACKGROUND_TERMS,
    BACKGROUND_VERDICT as BACKGROUND_VERDICT,
    CALIBRATION as CALIBRATION,
    CHARACTER_SIMILARITY as CHARACTER_SIMILARITY,
    CLEANING as CLEANING,
    CLUSTER_CHOICE as CLUSTER_CHOICE,
    CLUSTER_TERMS as CLUSTER_TERMS,
    CLUSTERS as CLUSTERS,
    COASSIGNMENT as COASSIGNMENT,
    CODEBOOK as CODEBOOK,
    CODER_AGREEMENT as CODER_AGREEMENT,
    CODER_DISAGREEMENTS as CODER_DISAGREEMENTS,
    COMPARE_GROUPS as COMPARE_GROUPS,
    COMPARE_INPUTS as COMPARE_INPUTS,
    COMPARE_KEYWORDS as COMPARE_KEYWORDS,
    COMPARE_PAIR_TERMS as COMPARE_PAIR_TERMS,
    COMPARE_PAIRS as COMPARE_PAIRS,
    COMPARE_REGIONS as COMPARE_REGIONS,
    COMPARE_RUNS as COMPARE_RUNS,
    COMPARE_SUMMARY as COMPARE_SUMMARY,
    COMPARE_TERMS as COMPARE_TERMS,
    COMPARE_VERDICT as COMPARE_VERDICT,
    COMPARED as COMPARED,
    CONSENSUS as CONSENSUS,
    COOCCURRENCE as COOCCURRENCE,
    DENDROGRAM as DENDROGRAM,
    DICTIONARY_KEYWORDS as DICTIONARY_KEYWORDS,
    DICTIONARY_REGIONS as DICTIONARY_REGIONS,
    DOCUMENTS as DOCUMENTS,
    EXACT as EXACT,
    FILES as FILES,
    KEYWORDS as KEYWORDS,
    LEAVE_ONE_OUT as LEAVE_ONE_OUT,
    LIMITS as LIMITS,
    MEASURES as MEASURES,
    NEAR_DUPLICATES as NEAR_DUPLICATES,
    NEIGHBOURS as NEIGHBOURS,
    NULL_DISTRIBUTION as NULL_DISTRIBUTION,
    PAIR_TESTS as PAIR_TESTS,
    PARTITIONS as PARTITIONS,
    REGION_MAP as REGION_MAP,
    REGIONS as REGIONS,
    RELIABILITY as RELIABILITY,
    ROBUSTNESS as ROBUSTNESS,
    SCALE as SCALE,
    SEGMENTATION_AUDIT as SEGMENTATION_AUDIT,
    SHARED_EFFECT as SHARED_EFFECT,
    SHARED_PASSAGES as SHARED_PASSAGES,
    SHARED_REGIONS as SHARED_REGIONS,
    SHOWN as SHOWN,
    SIMILARITY as SIMILARITY,
    SIMILARITY_INTERVALS as SIMILARITY_INTERVALS,
    SIMILARITY_TERMS as SIMILARITY_TERMS,
    SOURCES as SOURCES,
    SPECIFICATIONS as SPECIFICATIONS,
    STABILITY as STABILITY,
    STRUCTURE as STRUCTURE,
    SUGGESTIONS as SUGGESTIONS,
    SUMMARY as SUMMARY,
    THEME_CHOICE as THEME_CHOICE,
    THEME_COASSIGNMENT as THEME_COASSIGNMENT,
    THEME_EVIDENCE as THEME_EVIDENCE,
    THEME_GROUPS as THEME_GROUPS,
    THEME_PAIRS as THEME_PAIRS,
    THEME_PROFILES as THEME_PROFILES,
    THEME_SIMILARITY as THEME_SIMILARITY,
    THEME_STRUCTURE as THEME_STRUCTURE,
    THEME_VERDICT as THEME_VERDICT,
    THEMES as THEMES,
    TOKENS as TOKENS,
    UNCODED as UNCODED,
    VERDICT as VERDICT,
    VIEW_AGREEMENT as VIEW_AGREEMENT,
    VIEW_DIFFERENCES as VIEW_DIFFERENCES,
    WHOLE as WHOLE,
    WHOLE_ALL as WHOLE_ALL,
    WHOLE_CHOICE as WHOLE_CHOICE,
    WHOLE_GROUP_SIMILARITY as WHOLE_GROUP_SIMILARITY,
    WHOLE_GROUP_TERMS as WHOLE_GROUP_TERMS,
    WHOLE_GROUPS as WHOLE_GROUPS,
    WHOLE_MAP as WHOLE_MAP,
    WHOLE_NEIGHBOURS as WHOLE_NEIGHBOURS,
    WHOLE_PAIRS as WHOLE_PAIRS,
    WHOLE_TERMS as WHOLE_TERMS,
    WHOLE_TYPICAL as WHOLE_TYPICAL,
    WHOLE_UNITS as WHOLE_UNITS,
    Column as Column,
    Table as Table,
)
from pipeline.errors import InputError
from pipeline.formulas import inert, restored
from pipeline.writing import replacing

_ROWS = 20_000  # that are written at a time


def by_name(name: str) -> Table:
    """The contract of the table of this name; `KeyError` where there is none."""
    return {table.name: table for table in (*ALL, *APART)}[name]


class ContractError(AssertionError):
    """A stage broke a table's contract: a fault of the program, never of the data."""


def check(frame: pd.DataFrame, table: Table) -> None:
    """Raise `ContractError` unless ``frame`` has the columns, the key and the values that ``table`` promises."""
    if list(frame.columns) != table.names:
        raise ContractError(f"{table.name}: columns {list(frame.columns)}, promised {table.names}")
    repeated = frame[frame.duplicated(list(table.key))]
    if len(repeated):
        raise ContractError(f"{table.name}: {table.key} repeats: {repeated[list(table.key)].iloc[0].tolist()}")
    for column in table.columns:
        if column.optional:
            continue
        values = frame[column.name]
        empty = values.isna() | (values == "") if column.kind == "text" else values.isna()
        if empty.any():
            raise ContractError(f"{table.name}: {column.name} is empty in row {int(empty.argmax())}")


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or value != value


def _written(values: pd.Series, column: Column) -> list[str]:
    """Each value as the file holds it."""
    listed = values.tolist()  # plain Python values, many times faster to walk over than the column
    if column.kind == "float":
        # + 0.0 turns -0.0 into 0.0, so that no sign depends on rounding noise
        digits = column.digits
        return ["" if _missing(value) else f"{round(value, digits) + 0.0:.{digits}f}" for value in listed]
    if column.kind == "int":
        return ["" if _missing(value) else str(int(value)) for value in listed]
    if column.kind == "flag":
        return ["1" if value else "0" for value in listed]
    if column.kind == "ids":
        return [";".join(value) for value in listed]
    return ["" if _missing(value) else inert(str(value)) for value in listed]


def write(*written: tuple[pd.DataFrame, Table, Path]) -> None:
    """Check each table and write all of them, or none.

    UTF-8 with a byte-order mark (Excel opens it), RFC 4180.
    """
    for frame, table, _ in written:
        check(frame, table)
    with replacing(*(path for _, _, path in written)) as parts:
        for (frame, table, _), part in zip(written, parts, strict=True):
            with part.open("w", encoding="utf-8-sig", newline="") as file:
                for at in range(0, max(len(frame), 1), _ROWS):  # a long table as text would take many times its memory
                    some = frame.iloc[at : at + _ROWS]
                    cells = pd.DataFrame({column.name: _written(some[column.name], column) for column in table.columns})
                    cells.to_csv(file, index=False, header=at == 0, lineterminator="\r\n")


def _no_flag(column: Column) -> pd.Series:
    raise ValueError(f"{column.name} holds something other than 0 and 1")


def _read_column(values: pd.Series, column: Column) -> pd.Series | list[list[str]]:
    if column.kind == "float":
        return pd.to_numeric(values.mask(values == ""))
    if column.kind == "int":
        return pd.to_numeric(values.mask(values == "")).astype("Int64" if column.optional else "int64")
    if column.kind == "flag":
        return values.map({"1": True, "0": False}).astype(bool) if values.isin(["0", "1"]).all() else _no_flag(column)
    if column.kind == "ids":
        return pd.Series([value.split(";") if value else [] for value in values], dtype=object, index=values.index)
    return values.map(restored)


def read(path: Path, table: Table) -> pd.DataFrame:
    """The table at ``path``; an `InputError` where its columns are not those promised."""
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except ValueError:  # empty, cut off, or saved again by another program in another encoding
        frame = pd.DataFrame()
    if list(frame.columns) != table.names:
        raise InputError(
            f"这个表的列与约定不符（应为 {', '.join(table.names)}）。请删除它并重新运行 make all。",
            f"its columns are not those of {table.name} ({', '.join(table.names)}). Delete it and run `make all` again.",
            file=path,
        )
    try:
        result = pd.DataFrame({column.name: _read_column(frame[column.name], column) for column in table.columns})
        check(result, table)
    except (ValueError, TypeError, ContractError) as error:
        raise InputError(
            f"这个表与约定不符（{error}）。请删除它并重新运行 make all。",
            f"this table is not as promised ({error}). Delete it and run `make all` again.",
            file=path,
        ) from None
    return result


def read_columns(path: Path, table: Table, *names: str) -> pd.DataFrame:
    """Some columns of a table whose contract was checked when it was written: of a large one, in a tenth of the time."""
    kinds = {column.name: column for column in table.columns}
    try:
        frame = pd.read_csv(path, usecols=list(names), dtype=str, keep_default_na=False, encoding="utf-8-sig")
        return pd.DataFrame({name: _read_column(frame[name], kinds[name]) for name in names})
    except ValueError as error:
        raise InputError(
            f"这个表与约定不符（{error}）。请删除它并重新运行 make all。",
            f"this table is not as promised ({error}). Delete it and run `make all` again.",
            file=path,
        ) from None


def from_rows(rows: Iterable[Mapping[str, object]], table: Table) -> pd.DataFrame:
    """Rows as a frame with the table's columns in order, also when there are none."""
    return pd.DataFrame(list(rows), columns=table.names)
