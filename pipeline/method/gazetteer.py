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
    symbol: str
    tile: tuple[int, int] | None


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
    places = []
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
        aliases = tuple(alias for alias in row["aliases"].split(";") if alias)
        kept = {key: row[key] for key in ("name", "short", "name_en", "level", "province", "adcode", "symbol")}
        places.append(Place(aliases=aliases, tile=tile, **kept))
    return tuple(places)


def find_place(places: tuple[Place, ...], written: str) -> Place | None:
    """The unit that is written like this, by full name, short name or alias; None when unknown or ambiguous."""
    name = re.sub(r"\s", "", written)
    found = [place for place in places if name in (place.name, place.short, *place.aliases)]
    return found[0] if len(found) == 1 else None
