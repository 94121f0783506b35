"""What `make bench` wants and what it found: rows with a verdict, tables below them, and how things grow."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Target:
    """At most so much, or at least."""

    limit: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit

    def told(self, unit: str) -> str:
        return f"{'≥' if self.at_least else '≤'} {shown(self.limit, unit)}"


@dataclass(frozen=True)
class Row:
    """``key``: PART.WHAT. Without a ``target`` the value is only told; ``goal``: what would be better still."""

    key: str
    work: str
    unit: str = ""
    target: Target | None = None
    goal: str = ""

    @property
    def wanted(self) -> str:
        return "—" if self.target is None else self.target.told(self.unit) + (f" ({self.goal})" if self.goal else "")


@dataclass(frozen=True)
class Value:
    """``beside``: what the value is made of."""

    value: float
    beside: str = ""


@dataclass(frozen=True)
class Detail:
    """A table below the table of rows."""

    title: str
    note: str
    head: Sequence[str]
    cells: Sequence[Sequence[str]]


@dataclass
class Found:
    """Values by the key of their row; ``why`` there is none, by the key of the row or by its part."""

    values: dict[str, Value] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    details: list[Detail] = field(default_factory=list)

    def add(self, other: Found) -> None:
        self.values |= other.values
        self.why |= other.why
        self.details += other.details

    def attempt(self, name: str, measure: Callable[[], Found]) -> bool:
        """Add what is measured. What goes wrong is kept as the reason under ``name``, and the others are still measured."""
        try:
            self.add(measure())
        except Exception as error:
            said = " ".join(str(error).split())
            self.why[name] = (
                said if type(error).__module__.startswith("benchmarks.") else f"{type(error).__name__}: {said}"
            )
            return False
        return True


def verdict(row: Row, found: Found) -> str:
    """A value that is missing meets no target."""
    value = found.values.get(row.key)
    if row.target is None:
        return "—"
    return "yes" if value is not None and row.target.met(value.value) else "**not met**"


def measured(row: Row, found: Found) -> str:
    value = found.values.get(row.key)
    if value is None:
        part = row.key.partition(".")[0]
        return f"not measured: {found.why.get(row.key) or found.why.get(part) or 'its part was not run'}"
    return shown(value.value, row.unit) + (f" ({value.beside})" if value.beside else "")


def shown(value: float, unit: str = "") -> str:
    """Three digits that count; whole numbers whole."""
    rounded = float(f"{value:.2e}")
    if value == int(value):
        number = f"{int(value):,}"
    elif abs(rounded) >= 100:
        number = f"{value:,.0f}"
    else:
        number = f"{value:.{2 - math.floor(math.log10(abs(rounded)))}f}"
    return f"{number}{'' if unit in ('x', '') else ' '}{unit}"


def exponent(small: float, less: float, large: float, more: float) -> float:
    """b where ``less`` = a ``small``^b and ``more`` = a ``large``^b: 1 where twice the texts take twice as much."""
    return math.log(more / less) / math.log(large / small)


def exponent_above(base: float, small: float, less: float, large: float, more: float) -> float:
    """`exponent` of what comes on top of ``base``, of which a hundredth is taken to be on top at the least."""
    least = base / 100
    return exponent(small, max(less - base, least), large, max(more - base, least))


def table(head: Iterable[str], cells: Iterable[Sequence[str]]) -> list[str]:
    """Markdown; columns of numbers stand to the right."""
    rows = [[cell.replace("|", "\\|") for cell in row] for row in cells]
    titles = list(head)
    right = [all(row[at][:1].isdigit() or row[at] in ("", "—") for row in rows) for at in range(len(titles))]
    return [
        f"| {' | '.join(titles)} |",
        f"|{'|'.join('---:' if flag else '---' for flag in right)}|",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def verdicts(rows: Iterable[Row], found: Found) -> list[str]:
    return table(
        ("work", "measured", "target", "met?"),
        ((row.work, measured(row, found), row.wanted, verdict(row, found)) for row in rows),
    )
