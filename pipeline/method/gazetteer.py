"""`method/regions.csv`: administrative units by their names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.method.files import rows_of


@dataclass(frozen=True)
class Place:
    """One administrative unit of the gazetteer; ``tile`` is (row, column) for the 34 provincial units."""

    name: str
    short: str
    aliases: tuple[str, ...]
    name_en: str
    level: str
    province: str
    adcode: str
    prefecture = ""
    symbol: str
    tile: tuple[int, int] | None


LEVELS = (
    "province",
    "municipality",
    "autonomous region",
    "special administrative region",
    "prefecture-level city",
    "league",
)


def _problem(row: dict[str, str], before: list[Place], tile: tuple[int, int] | None) -> tuple[str, str] | None:
    """What is wrong with a row, in Chinese and English; None where nothing is."""
    empty = [key for key in ("name", "short", "name_en", "level", "province") if not row[key]]
    if empty:
        return f"{'、'.join(empty)} 是空的。请填写。", f"{', '.join(empty)} is empty. Fill it in."
    if row["level"] not in LEVELS:
        return (
            f"level“{row['level']}”不认识，可用：{'、'.join(LEVELS)}。",
            f"unknown level {row['level']!r}. Known: {', '.join(LEVELS)}.",
        )
    if any(row["name"] == place.name or row["short"] == place.short for place in before):
        return f"“{row['name']}”前面已经有了。请删去一处。", f"{row['name']} stands above already. Delete one."
    if tile is not None and any(tile == place.tile for place in before):
        return f"方格 {tile} 已被占用。", f"the tile {tile} is taken."
    return None


def load_gazetteer(path: Path) -> tuple[Place, ...]:
    """The administrative units known by name."""
    columns = [
        "name",
        "short",
        "aliases",
        "name_en",
        "level",
        "province",
        "adcode",
        "symbol",
        "tile_row",
        "tile_column",
    ]
    places: list[Place] = []
    for number, row in rows_of(path, columns):
        if not re.fullmatch(r"\d{6}", row["adcode"]):
            raise InputError(
                f"adcode“{row['adcode']}”应为六位数字。",
                f"adcode {row['adcode']!r} must be six digits.",
                file=path,
                line=number,
            )
        cells = (row["tile_row"], row["tile_column"])
        if any(cells) and not all(cell.isdecimal() for cell in cells):
            raise InputError(
                f"tile_row 与 tile_column 应为整数或都为空，这里是 {cells}。",
                f"tile_row and tile_column must be whole numbers or both empty, not {cells}.",
                file=path,
                line=number,
            )
        tile = (int(cells[0]), int(cells[1])) if any(cells) else None
        problem = _problem(row, places, tile)
        if problem:
            raise InputError(*problem, file=path, line=number)
        aliases = tuple(alias for alias in row["aliases"].split(";") if alias)
        kept = {key: row[key] for key in ("name", "short", "name_en", "level", "province", "adcode", "symbol")}
        places.append(Place(aliases=aliases, tile=tile, **kept))
    if not any(place.tile for place in places):
        raise InputError(
            "没有一个省级单位有方格位置（tile_row、tile_column）。请恢复原文件。",
            "no provincial unit has a place in the tile grid (tile_row, tile_column). Restore the file.",
            file=path,
        )
    return tuple(places)


Gazetteer = tuple[Place, ...]


@dataclass(frozen=True)
class Resolution:
    place: Place | None
    status: str
    candidates: tuple[Place, ...]


def resolve(gazetteer: Gazetteer, written: str, *, within: str = "") -> Resolution:
    name = re.sub(r"\s", "", written)
    found = [place for place in gazetteer if name in (place.name, place.short, *place.aliases)]
    return Resolution(found[0], "found", tuple(found)) if len(found) == 1 else Resolution(None, "unknown", ())


def found_in(gazetteer: Gazetteer, text: str) -> Resolution:
    found = [place for place in gazetteer if place.name in text or place.short in text]
    return Resolution(found[0], "found", tuple(found)) if len(found) == 1 else Resolution(None, "unknown", ())


def at_level(gazetteer: Gazetteer, place: Place, level: str) -> Place | None:
    return next((one for one in gazetteer if one.short == place.province), None) if level == "province" else None
