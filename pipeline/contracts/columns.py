"""What a contract is made of: columns of a kind, and tables of columns."""

from __future__ import annotations

from dataclasses import dataclass

EXACT = 15  # digits of numbers that later stages multiply and add
SHOWN = 6  # digits of numbers that are only read


@dataclass(frozen=True)
class Column:
    """One column: ``kind`` is text, int, float, flag or ids (measure ids joined by ``;``)."""

    name: str
    kind: str
    meaning: str
    digits: int = SHOWN
    optional: bool = False


@dataclass(frozen=True)
class Table:
    """A contract: the meaning of one row, the columns in order, and the key that is unique."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def text(name: str, meaning: str, *, optional: bool = False) -> Column:
    return Column(name, "text", meaning, optional=optional)


def integer(name: str, meaning: str, *, optional: bool = False) -> Column:
    return Column(name, "int", meaning, optional=optional)


def real(name: str, meaning: str, digits: int = SHOWN, *, optional: bool = False) -> Column:
    return Column(name, "float", meaning, digits, optional)


def flag(name: str, meaning: str) -> Column:
    return Column(name, "flag", meaning)


def ids(name: str, meaning: str) -> Column:
    return Column(name, "ids", meaning, optional=True)


REGION = text("region", "normalised short name of the region, e.g. 浙江")
