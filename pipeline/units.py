"""Which unit of comparison a document belongs to: its region, a larger one, its year, its title or what another column says."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.method import Gazetteer, Place, Resolution, at_level, found_in, resolve

LARGER = ("province", "prefecture")
NOT_STATED = ("未注明", "not stated")


@dataclass(frozen=True)
class Unit:
    """``name``: what the documents are pooled by; ``place``: where the gazetteer knows one."""

    name: str
    name_en: str
    level: str
    place: Place | None = None


@dataclass(frozen=True)
class Placed:
    """The place that a document names: as ``written``, and what the gazetteer makes of it."""

    written: str
    found: Resolution


def year_of(written: str) -> str:
    """The first year from 1900 to 2099 in a date or a title; empty where there is none."""
    found = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d(?=\d{4}(?!\d))", written)
    return found[0] if found else ""


def title_of(stem: str, gazetteer: Gazetteer) -> str:
    """The title in a file's name: 山东_职教经验_2024 is 职教经验, for its other parts say where and when. One part is all."""
    parts = [part for part in re.split(r"[_\s]+|(?<=\D)[-—]+(?=\D)", stem) if part]
    said = [part for part in parts if year_of(part) != part.removesuffix("年") and not resolve(gazetteer, part).place]
    return "_".join(said) if said and len(said) < len(parts) else stem


def placed(fields: Mapping[str, str], gazetteer: Gazetteer) -> Placed:
    """Where the document comes from: its own column, else the smallest unit of the others, else its title or file's name."""
    columns = [fields.get(role, "").strip() for role in ("region", "prefecture", "province")]
    for at, written in enumerate(columns):
        if written:
            return Placed(written, resolve(gazetteer, written, within="".join(reversed(columns[at + 1 :]))))
    for role in ("title", "name", "folder"):
        found = found_in(gazetteer, fields.get(role, ""))
        if found.place or found.candidates:
            return Placed(found.place.short if found.place else fields[role], found)
    return Placed("", Resolution(None, "unknown", ()))


def unit_of(unit: str, fields: Mapping[str, str], where: Placed, gazetteer: Gazetteer) -> Unit:
    """The unit of a document; ``unit``: region, province, prefecture, year, title or the heading of a column."""
    if unit == "region" or unit in LARGER:
        own = where.found.place
        place = own if own is None or unit == "region" else at_level(gazetteer, own, unit)
        if place:
            return Unit(place.short, place.name_en, place.level, place)
        # A province has no prefecture, an unknown place no province: it stands for itself.
        name = (own.short if own else where.written) or fields.get("title") or fields.get("name") or NOT_STATED[0]
        return Unit(name, own.name_en if own else name, own.level if own else "unknown", own)
    value = re.sub(r"\s+", " ", fields.get(unit, "")).strip()
    if unit == "year":
        value = year_of(value) or year_of(fields.get("title", "")) or year_of(fields.get("name", ""))
    kind = unit if unit in ("year", "title") else "column"
    return Unit(value, value, kind) if value else Unit(*NOT_STATED, kind)


def codes_of(units: Iterable[Unit]) -> dict[str, set[str]]:
    """For each name the codes of the places that it stands for."""
    codes: dict[str, set[str]] = defaultdict(set)
    for unit in units:
        codes[unit.name].add(unit.place.adcode if unit.place else "")
    return codes


def told_apart(units: Sequence[Unit], codes: Mapping[str, set[str]] | None = None) -> list[Unit]:
    """The units, those of one name that are different places with the unit above before it, or in full.

    北京朝阳 and 长春朝阳; 吉林省 and 吉林市, of which one lies in the other. ``codes``: `codes_of` the whole corpus, where
    the units are a part of it.
    """
    codes = codes_of(units) if codes is None else codes
    result = []
    for unit in units:
        place = unit.place
        if place is None or len(codes[unit.name]) == 1:
            result.append(unit)
            continue
        above = place.prefecture or place.province
        if above == place.short:
            result.append(replace(unit, name=place.name))
        else:
            result.append(replace(unit, name=f"{above}{unit.name}", name_en=f"{unit.name_en} ({above})"))
    return result
