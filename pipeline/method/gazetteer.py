"""`method/regions.csv`: administrative units from province to county, by their names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.errors import InputError
from pipeline.method.files import rows_of


@dataclass(frozen=True)
class Place:
    """One administrative unit of the gazetteer; ``tile`` is (row, column) for the 34 provincial units.

    ``province`` and ``prefecture`` are short names: of the unit that this one belongs to, or of itself. A province has no
    prefecture, nor has a county that the province governs directly; a municipality is its own.
    """

    name: str
    short: str
    aliases: tuple[str, ...]
    name_en: str
    level: str
    province: str
    adcode: str
    symbol: str
    tile: tuple[int, int] | None
    prefecture: str = ""
    former: tuple[str, ...] = ()

    @property
    def tier(self) -> int:
        """1 for provincial units, 2 for prefectures, 3 for counties."""
        return TIERS[self.level]

    @property
    def in_full(self) -> str:
        """With the units above it, which tells namesakes apart: 江苏南京鼓楼区."""
        above = dict.fromkeys(one for one in (self.province, self.prefecture) if one and one != self.short)
        return "".join((*above, self.name))

    def within(self, other: Place) -> bool:
        """Whether this unit is the other one or belongs to it."""
        if self.province != other.province:
            return False
        if other.tier == 1:
            return True
        return self.prefecture == other.short if other.tier == 2 else self == other


# level -> tier
TIERS = {
    "province": 1,
    "municipality": 1,
    "autonomous region": 1,
    "special administrative region": 1,
    "prefecture-level city": 2,
    "prefecture": 2,
    "autonomous prefecture": 2,
    "league": 2,
    "district": 3,
    "county-level city": 3,
    "county": 3,
    "autonomous county": 3,
    "banner": 3,
    "autonomous banner": 3,
    "special district": 3,
    "forestry district": 3,
}


def _by_name(pairs: Iterable[tuple[str, Place]]) -> dict[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for name, place in pairs:
        found.setdefault(name, []).append(place)
    return {name: tuple(places) for name, places in found.items()}


class Gazetteer(tuple[Place, ...]):
    """The places in the order of the file, and who bears a name; the indexes are built when first asked for."""

    @cached_property
    def full(self) -> dict[str, tuple[Place, ...]]:
        """Full names of today."""
        return _by_name((place.name, place) for place in self)

    @cached_property
    def short(self) -> dict[str, tuple[Place, ...]]:
        """Short names and aliases."""
        return _by_name((name, place) for place in self for name in dict.fromkeys((place.short, *place.aliases)))

    @cached_property
    def former(self) -> dict[str, tuple[Place, ...]]:
        """Names that are no longer in force."""
        return _by_name((name, place) for place in self for name in place.former)

    @cached_property
    def names(self) -> frozenset[str]:
        """All names, so that most strings need one look."""
        return frozenset().union(self.full, self.short, self.former)

    @cached_property
    def longest(self) -> int:
        """Characters of the longest name."""
        return max(map(len, self.names), default=0)

    @cached_property
    def above(self) -> dict[tuple[str, str], Place]:
        """(province, prefecture) -> the unit of that name; (province, "") -> the provincial unit."""
        named = {
            (place.province, place.short): place
            for place in self
            if place.tier == 2 or (place.tier == 1 and place.prefecture)
        }
        return named | {(place.province, ""): place for place in self if place.tier == 1}


def _problem(row: dict[str, str], seen: set[tuple[str, ...]]) -> tuple[str, str] | None:
    """What is wrong with a row, in Chinese and English; None where nothing is. ``seen`` grows by what must be unique."""
    empty = [key for key in ("name", "short", "name_en", "level", "province") if not row[key]]
    if empty:
        return f"{'、'.join(empty)} 是空的。请填写。", f"{', '.join(empty)} is empty. Fill it in."
    if row["level"] not in TIERS:
        return (
            f"level“{row['level']}”不认识，可用：{'、'.join(TIERS)}。",
            f"unknown level {row['level']!r}. Known: {', '.join(TIERS)}.",
        )
    if len(row["adcode"]) != 6 or not (row["adcode"].isascii() and row["adcode"].isdigit()):
        return f"adcode“{row['adcode']}”应为六位数字。", f"adcode {row['adcode']!r} must be six digits."
    cells = (row["tile_row"], row["tile_column"])
    if any(cells) and not all(cell.isdecimal() for cell in cells):
        return (
            f"tile_row 与 tile_column 应为整数或都为空，这里是 {cells}。",
            f"tile_row and tile_column must be whole numbers or both empty, not {cells}.",
        )
    of_name = ("name", row["name"], row["prefecture"], row["province"])
    if of_name in seen or ("adcode", row["adcode"]) in seen:
        return f"“{row['name']}”前面已经有了。请删去一处。", f"{row['name']} stands above already. Delete one."
    if any(cells) and ("tile", *cells) in seen:
        return f"方格 {cells} 已被占用。", f"the tile {cells} is taken."
    seen |= {of_name, ("adcode", row["adcode"]), ("tile", *cells)}
    return None


def _problem_above(place: Place, above: dict[tuple[str, str], Place]) -> tuple[str, str] | None:
    """What is wrong with the units that a place is said to belong to; None where nothing is."""
    prefecture = above.get((place.province, place.prefecture))
    if (place.province, "") not in above:
        column, name = "province", place.province
    elif prefecture is None or (place.tier == 2 and place != prefecture):
        column, name = "prefecture", place.prefecture
    else:
        return None
    return (
        f"{column}“{name}”不是表中上级单位（或本单位）的 short。请改正，或补上该单位一行。",
        f"{column} {name!r} is not the short name of such a unit, or of this one. Correct it, or add a row for the unit.",
    )


def load_gazetteer(path: Path) -> Gazetteer:
    """The administrative units known by name."""
    columns = [
        *("name", "short", "aliases", "former", "name_en", "level", "province", "prefecture"),
        *("adcode", "symbol", "tile_row", "tile_column"),
    ]
    places: list[Place] = []
    lines: list[int] = []
    seen: set[tuple[str, ...]] = set()
    for number, row in rows_of(path, columns):
        problem = _problem(row, seen)
        if problem:
            raise InputError(*problem, file=path, line=number)
        lines.append(number)
        places.append(
            Place(
                name=row["name"],
                short=row["short"],
                aliases=tuple(filter(None, row["aliases"].split(";"))),
                name_en=row["name_en"],
                level=row["level"],
                province=row["province"],
                adcode=row["adcode"],
                symbol=row["symbol"],
                tile=(int(row["tile_row"]), int(row["tile_column"])) if row["tile_row"] else None,
                prefecture=row["prefecture"],
                former=tuple(filter(None, row["former"].split(";"))),
            )
        )
    gazetteer = Gazetteer(places)
    for number, place in zip(lines, gazetteer, strict=True):
        problem = _problem_above(place, gazetteer.above)
        if problem:
            raise InputError(*problem, file=path, line=number)
    if not any(place.tile for place in gazetteer):
        raise InputError(
            "没有一个省级单位有方格位置（tile_row、tile_column）。请恢复原文件。",
            "no provincial unit has a place in the tile grid (tile_row, tile_column). Restore the file.",
            file=path,
        )
    return gazetteer
