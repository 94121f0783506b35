"""Load `method/`: every choice that a critic may dispute, validated, as frozen objects."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_type_hints

from pipeline.errors import InputError

# What one run of characters jieba looks words up in; a term with any other character can never match.
_WORD = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%\-]+")
_TAG = re.compile(r"[a-z]{1,4}")


@dataclass(frozen=True)
class MeasuresSettings:
    headline_max: int


@dataclass(frozen=True)
class SegmentSettings:
    hmm: bool
    min_length: int
    count_nested: bool


@dataclass(frozen=True)
class KeywordsSettings:
    top: int
    common_share: float
    phrase_min_count: int
    phrase_max_words: int
    phrase_max_characters: int
    exclude_generic: bool


@dataclass(frozen=True)
class CooccurrenceSettings:
    min_measures: int


@dataclass(frozen=True)
class SimilaritySettings:
    explained_terms: int


@dataclass(frozen=True)
class ClusterSettings:
    linkage: str
    k_min: int
    k_max: int
    k: int
    max_singletons: int
    silhouette_none: float
    label_terms: int


@dataclass(frozen=True)
class ChartsSettings:
    heatmap_terms: int
    bars: int
    network_terms: int
    palette: tuple[str, ...]


@dataclass(frozen=True)
class Settings:
    """`method/settings.toml`, one attribute per section; the file's comments say what each means."""

    measures: MeasuresSettings
    segment: SegmentSettings
    keywords: KeywordsSettings
    cooccurrence: CooccurrenceSettings
    similarity: SimilaritySettings
    cluster: ClusterSettings
    charts: ChartsSettings


@dataclass(frozen=True)
class Entry:
    """One term of the user dictionary. ``frequency`` None: as high as it takes to stay whole."""

    term: str
    frequency: int | None
    tag: str
    line: int


@dataclass(frozen=True)
class Synonym:
    """``variant`` is counted as ``term``; ``kind`` is variant, abbreviation or typo."""

    variant: str
    term: str
    kind: str
    line: int


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


def read_text(path: Path) -> str:
    """The file as UTF-8 text; an `InputError` names the line that is not."""
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            "不是 UTF-8 编码。请用 UTF-8 另存。", "not UTF-8. Save it as UTF-8.", file=path, line=line
        ) from None


def _line_of(text: str, section: str, key: str | None) -> int | None:
    """Line of a key in its section, for messages: tomllib keeps no positions."""
    current = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[([^\]]+)\]", line):
            current = header[1].strip()
            if current == section and key is None:
                return number
        elif current == section and key is not None and re.match(rf"\s*\"?{re.escape(key)}\"?\s*=", line):
            return number
    return None


def _section(kind: type, name: str, given: Any, path: Path, text: str) -> Any:
    if not isinstance(given, Mapping):
        line = _line_of(text, "", name)
        raise InputError(
            f"“{name}”应写成 [{name}] 一节。", f"write {name!r} as a section [{name}].", file=path, line=line
        )
    expected = get_type_hints(kind)
    for key in given:
        if key not in expected:
            raise InputError(
                f"[{name}] 里没有“{key}”这个设置。可用的有：{', '.join(expected)}。",
                f"unknown setting {key!r} in [{name}]. Known: {', '.join(expected)}.",
                file=path,
                line=_line_of(text, name, key),
            )
    values: dict[str, Any] = {}
    for key, wanted in expected.items():
        if key not in given:
            raise InputError(
                f"[{name}] 缺少设置“{key}”。请补上这一行。",
                f"[{name}] lacks the setting {key!r}. Add the line.",
                file=path,
                line=_line_of(text, name, None),
            )
        value = tuple(given[key]) if isinstance(given[key], list) else given[key]
        base = tuple if str(wanted).startswith("tuple") else wanted
        right = isinstance(value, base) and not (base is int and isinstance(value, bool))
        if not (right or (base is float and isinstance(value, int))):
            raise InputError(
                f"[{name}] {key} 的值 {given[key]!r} 类型不对，应为 {base.__name__}。",
                f"[{name}] {key} = {given[key]!r} has the wrong type; it must be {base.__name__}.",
                file=path,
                line=_line_of(text, name, key),
            )
        values[key] = value
    return kind(**values)


# Key -> (smallest, largest) allowed value, for keys where a wrong number would break a stage.
_BOUNDS: dict[tuple[str, str], tuple[float, float]] = {
    ("measures", "headline_max"): (1, 1000),
    ("segment", "min_length"): (1, 20),
    ("keywords", "top"): (1, 1000),
    ("keywords", "common_share"): (0, 1),
    ("keywords", "phrase_min_count"): (1, 1_000_000),
    ("keywords", "phrase_max_words"): (1, 10),
    ("keywords", "phrase_max_characters"): (2, 100),
    ("cooccurrence", "min_measures"): (1, 1_000_000),
    ("similarity", "explained_terms"): (1, 1000),
    ("cluster", "k_min"): (2, 1000),
    ("cluster", "k_max"): (2, 1000),
    ("cluster", "k"): (0, 1000),
    ("cluster", "max_singletons"): (0, 1000),
    ("cluster", "silhouette_none"): (-1, 1),
    ("cluster", "label_terms"): (1, 20),
    ("charts", "heatmap_terms"): (1, 200),
    ("charts", "bars"): (1, 50),
    ("charts", "network_terms"): (2, 200),
}


def _check_values(settings: Settings, path: Path, text: str) -> None:
    for (section, key), (low, high) in _BOUNDS.items():
        value = getattr(getattr(settings, section), key)
        if not low <= value <= high:
            raise InputError(
                f"[{section}] {key} = {value} 超出范围，应在 {low} 与 {high} 之间。",
                f"[{section}] {key} = {value} is out of range: {low} to {high}.",
                file=path,
                line=_line_of(text, section, key),
            )
    cluster = settings.cluster
    if cluster.linkage not in ("average", "complete", "single"):
        raise InputError(
            f"[cluster] linkage = {cluster.linkage!r} 不认识；可用 average、complete、single。",
            f"[cluster] linkage = {cluster.linkage!r} is unknown; use average, complete or single.",
            file=path,
            line=_line_of(text, "cluster", "linkage"),
        )
    if cluster.k_min > cluster.k_max or cluster.k == 1:
        raise InputError(
            "[cluster] 需要 k_min ≤ k_max；k 为 0 或不小于 2。",
            "[cluster] needs k_min <= k_max, and k either 0 or at least 2.",
            file=path,
            line=_line_of(text, "cluster", "k_min" if cluster.k_min > cluster.k_max else "k"),
        )
    wrong = [colour for colour in settings.charts.palette if not re.fullmatch(r"#[0-9A-Fa-f]{6}", str(colour))]
    if wrong or not settings.charts.palette:
        raise InputError(
            f"[charts] palette 里的 {wrong} 不是 #RRGGBB 颜色。",
            f"[charts] palette: {wrong} is not a list of #RRGGBB colours.",
            file=path,
            line=_line_of(text, "charts", "palette"),
        )


def load_settings(path: Path) -> Settings:
    """`settings.toml`, complete and checked: an unknown, missing or wrong setting is an `InputError` with its line."""
    text = read_text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise InputError(
            f"不是合法的 TOML：{error}。", f"not valid TOML: {error}.", file=path, line=int(found[1]) if found else None
        ) from None
    sections = {field.name: field for field in fields(Settings)}
    for name in data:
        if name not in sections:
            raise InputError(
                f"没有“{name}”这一节。可用的有：{', '.join(sections)}。",
                f"unknown section {name!r}. Known: {', '.join(sections)}.",
                file=path,
                line=_line_of(text, name, None) or _line_of(text, "", name),
            )
    kinds = get_type_hints(Settings)
    settings = Settings(**{name: _section(kinds[name], name, data.get(name, {}), path, text) for name in sections})
    _check_values(settings, path, text)
    return settings


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Numbered lines without comments (# at the start or after a space) and blanks."""
    for number, line in enumerate(read_text(path).splitlines(), 1):
        content = re.sub(r"(^|\s)#.*$", "", line).strip()
        if content:
            yield number, content


def load_word_list(path: Path) -> frozenset[str]:
    """One word a line; a word listed twice is an `InputError`."""
    seen: dict[str, int] = {}
    for number, word in _lines(path):
        if len(word.split()) != 1:
            raise InputError(f"一行只能有一个词：“{word}”。", f"one word a line: {word!r}.", file=path, line=number)
        if word in seen:
            raise InputError(
                f"“{word}”在第 {seen[word]} 行已经有了。请删去一处。",
                f"{word!r} stands in line {seen[word]} already. Delete one.",
                file=path,
                line=number,
            )
        seen[word] = number
    return frozenset(seen)


def load_dictionary(path: Path) -> tuple[Entry, ...]:
    """The user dictionary, `term [frequency] [tag]` a line, as jieba reads it.

    A frequency that is no positive whole number, a tag that is no tag, a term
    repeated, or a term with a character at which jieba always cuts (it could
    never match) is an `InputError` with its line. A term inside a longer one is
    allowed: `segment` decides by setting whether it counts there, and lists it.
    """
    seen: dict[str, Entry] = {}
    for number, content in _lines(path):
        term, *rest = content.split()
        frequency: int | None = None
        if rest and _TAG.fullmatch(rest[0]) is None:
            if not rest[0].isascii() or not rest[0].isdigit() or int(rest[0]) == 0:
                raise InputError(
                    f"词频“{rest[0]}”不是正整数。格式：词 [词频] [词性]，如：鲁班工坊 10 n。",
                    f"the frequency {rest[0]!r} is not a positive whole number. Format: term [frequency] [tag].",
                    file=path,
                    line=number,
                )
            frequency = int(rest.pop(0))
        tag = rest.pop(0) if rest else "n"
        if rest or _TAG.fullmatch(tag) is None:
            raise InputError(
                f"看不懂“{content}”。格式：词 [词频] [词性]。",
                f"cannot read {content!r}. Format: term [frequency] [tag].",
                file=path,
                line=number,
            )
        if _WORD.fullmatch(term) is None:
            raise InputError(
                f"“{term}”含有分词时必然断开的字符，永远不会匹配。请只用汉字、字母、数字和 + # & . _ % -。",
                f"{term!r} holds a character at which text is always cut, so it can never match. "
                "Use Han characters, letters, digits and + # & . _ % - only.",
                file=path,
                line=number,
            )
        if term in seen:
            raise InputError(
                f"“{term}”在第 {seen[term].line} 行已经有了。请删去一处。",
                f"{term!r} stands in line {seen[term].line} already. Delete one.",
                file=path,
                line=number,
            )
        seen[term] = Entry(term, frequency, tag, number)
    return tuple(seen.values())


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Numbered rows of a CSV file; lines that begin with # are comments."""
    numbered = [(n, line) for n, line in enumerate(read_text(path).splitlines(), 1) if line.strip() and line[0] != "#"]
    for place, cells in enumerate(csv.reader(line for _, line in numbered)):
        number = numbered[place][0]
        if place == 0:
            if cells != columns:
                raise InputError(
                    f"表头应为：{','.join(columns)}。",
                    f"the header must be {','.join(columns)}.",
                    file=path,
                    line=number,
                )
        elif len(cells) != len(columns):
            raise InputError(
                f"这一行有 {len(cells)} 列，应有 {len(columns)} 列。",
                f"{len(cells)} cells in this row, {len(columns)} expected.",
                file=path,
                line=number,
            )
        else:
            yield number, dict(zip(columns, (cell.strip() for cell in cells), strict=True))


def load_synonyms(path: Path) -> dict[str, Synonym]:
    """variant -> synonym. Chains (a to b, b to c) and repeated variants are `InputError`s."""
    table: dict[str, Synonym] = {}
    for number, row in _rows(path, ["variant", "term", "kind", "note"]):
        variant = row["variant"]
        if not variant or not row["term"] or variant == row["term"] or variant in table:
            raise InputError(
                f"“{variant}”一行不对：每个变体只写一次，且要与归并后的词不同。",
                f"{variant!r}: give every variant once, and a term that differs from it.",
                file=path,
                line=number,
            )
        if row["kind"] not in ("variant", "abbreviation", "typo"):
            raise InputError(
                f"kind“{row['kind']}”应为 variant、abbreviation 或 typo。",
                f"kind {row['kind']!r} must be variant, abbreviation or typo.",
                file=path,
                line=number,
            )
        table[variant] = Synonym(variant, row["term"], row["kind"], number)
    for synonym in table.values():
        if synonym.term in table:
            raise InputError(
                f"“{synonym.variant}”归并到“{synonym.term}”，后者又被归并。请直接写最终的词。",
                f"{synonym.variant!r} becomes {synonym.term!r}, which is itself a variant. Name the final term.",
                file=path,
                line=synonym.line,
            )
    return table


def load_glossary(path: Path) -> dict[str, str]:
    """Chinese term -> English gloss, for the English report and figures."""
    return {row["zh"]: row["en"] for _, row in _rows(path, ["zh", "en"])}


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
    for number, row in _rows(path, columns):
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
