"""`method/themes.toml`: the codebook of themes, its indicators as patterns, checked."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from pipeline.errors import InputError
from pipeline.method.files import read_text

CLAUSE_ENDS = "，。；：！？,;:!?\n"
_ID = re.compile(r"[a-z][a-z0-9_-]*")
_PARTS = re.compile(r"\(([^()]*)\)|(…+)|([^()…]+)")
_TEXTS = ("zh", "en", "definition_zh", "definition_en", "example", "counterexample")
_THEME_KEYS = ("id", *_TEXTS, "indicators", "exclusions")
_RESERVED = ("all", "measure_id", "region", "text", "theme", "value")  # heads and rows of coding files and tables
_MOST_FORMS = 500  # of one indicator with its alternatives written out


def folded(text: str) -> str:
    """The text in small letters and half-width forms, character for character, so that offsets stay."""
    narrow = (unicodedata.normalize("NFKC", character).lower() for character in text)
    return "".join(new if len(new) == 1 else old for new, old in zip(narrow, text, strict=True))


@dataclass(frozen=True)
class Indicator:
    """A pattern of the codebook and the line it stands on; ``forms``: its alternatives written out."""

    pattern: str
    line: int
    regex: re.Pattern[str]
    forms: frozenset[str]

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Offsets of its hits in a text that was `folded`, left to right."""
        return (match.span() for match in self.regex.finditer(text))


@dataclass(frozen=True)
class Theme:
    """One theme; ``example`` shows it, ``counterexample`` does not."""

    id: str
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    example: str
    counterexample: str
    indicators: tuple[Indicator, ...]
    exclusions: tuple[Indicator, ...]
    line: int


@dataclass(frozen=True)
class Negation:
    """Words that turn a hit into its denial when they stand at most ``reach`` characters away; ``not_`` look like one."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    reach: int
    not_: tuple[str, ...]


@dataclass(frozen=True)
class Codebook:
    """The themes in order; without themes the measures are grouped without supervision."""

    themes: tuple[Theme, ...]
    negation: Negation


def compiled(pattern: str, gap: int) -> tuple[re.Pattern[str], frozenset[str]]:
    """The expression of a pattern and its written-out forms; `ValueError` (Chinese, English) where it is none."""
    parts: list[str] = []
    options: list[list[str]] = []
    between = f"[^{re.escape(CLAUSE_ENDS)}]{{0,{gap}}}?"
    at = 0
    for match in _PARTS.finditer(pattern):
        if match.start() != at:
            break
        at = match.end()
        alternatives, dots, literal = match.groups()
        if dots:
            parts.append(between)
            options.append(["…"])
            continue
        words = [
            re.sub("…+", "…", folded(word))
            for word in (alternatives.split("|") if alternatives is not None else [literal])
        ]
        if not all(word.strip() for word in words) or (alternatives is None and "|" in literal):
            raise ValueError("括号里的每一项都要有字，竖线只能写在括号里", "every alternative in ( ) needs text, and | stands only in ( )")  # fmt: skip
        if any(word[0] == "…" or word[-1] == "…" for word in words):
            raise ValueError("括号里的每一项不能以 … 开头或结尾", "no alternative may begin or end with …")
        # the longest first, so that 国家级 is not taken for 国家
        ordered = sorted(words, key=lambda word: (-len(word), word))
        parts.append(f"(?:{'|'.join(re.escape(word).replace('…', between) for word in ordered)})")
        options.append(words)
    if at != len(pattern) or not pattern:
        raise ValueError("括号不成对或套了括号", "brackets are unpaired or nested")
    if options[0] == ["…"] or options[-1] == ["…"]:
        raise ValueError("不能以 … 开头或结尾", "it must not begin or end with …")
    number = 1
    for words in options:
        number *= len(words)
    if number > _MOST_FORMS:
        raise ValueError(
            f"写开后有 {number} 种形式，最多 {_MOST_FORMS} 种", f"it stands for {number} forms; at most {_MOST_FORMS}"
        )
    return re.compile("".join(parts)), frozenset("".join(form) for form in product(*options))


class _Source:
    """The file's text, to say on which line something stands: tomllib keeps no positions."""

    def __init__(self, path: Path, text: str) -> None:
        self.path, self.lines = (
            path,
            text.removesuffix("\n").split("\n"),
        )  # as TOML counts: other separators end no line
        self.headers = [n for n, line in enumerate(self.lines, 1) if re.match(r"\s*\[\[?\s*[a-z]", line)]
        self.themes = [n for n in self.headers if re.match(r"\s*\[\[\s*theme\s*\]\]", self.lines[n - 1])]

    def end_of(self, start: int) -> int:
        """The last line of the section that begins on line ``start``."""
        return next((n - 1 for n in self.headers if n > start), len(self.lines))

    def find(self, needle: str, start: int = 1, *, nth: int = 0) -> int:
        """The line of the ``nth`` place at which ``needle``, a "text" or a key, stands within the section of ``start``; else ``start``."""
        end = self.end_of(start) if start > 1 else len(self.lines)
        quoted = needle.startswith('"')  # or else a key or a section
        wanted = rf"""["']{re.escape(needle[1:-1])}["']""" if quoted else rf"""^\s*\[*\s*["']?{re.escape(needle)}\b"""
        found = [n for n in range(start, end + 1) for _ in re.findall(wanted, self.lines[n - 1])]
        return found[min(nth, len(found) - 1)] if found else start

    def wrong(self, zh: str, en: str, line: int | None) -> InputError:
        return InputError(zh, en, file=self.path, line=line)


def _strings(given: Any, what: str, source: _Source, line: int) -> tuple[str, ...]:
    if not isinstance(given, list) or not all(isinstance(one, str) and one.strip() for one in given):
        raise source.wrong(f"{what} 应为一列文字，如 [\"甲\", \"乙\"]。", f"{what} must list texts: [\"甲\", \"乙\"].", line)  # fmt: skip
    return tuple(given)


def _indicators(given: Any, key: str, theme: str, gap: int, source: _Source, line: int) -> tuple[Indicator, ...]:
    patterns = _strings(given, key, source, source.find(key, line))
    found: list[Indicator] = []
    for pattern in patterns:
        at = source.find(f'"{pattern}"', source.find(key, line))
        try:
            regex, forms = compiled(pattern, gap)
        except ValueError as error:
            zh, en = error.args
            raise source.wrong(
                f"主题 {theme} 的 {key} “{pattern}” 不合写法：{zh}。",
                f"theme {theme}: {key} {pattern!r} cannot be read: {en}.",
                at,
            ) from None
        for earlier in found:
            if shared := sorted(earlier.forms & forms):
                again = source.find(f'"{pattern}"', source.find(key, line), nth=1) if earlier.pattern == pattern else at
                raise source.wrong(
                    f"主题 {theme} 的 {key} 里“{shared[0]}”写了两次（第 {earlier.line} 行已有）。请删去一处。",
                    f"theme {theme}: {shared[0]!r} stands twice in {key} (line {earlier.line} has it). Delete one.",
                    again,
                )
        found.append(Indicator(pattern, at, regex, forms))
    return tuple(found)


def _theme(given: Mapping[str, Any], gap: int, source: _Source, line: int) -> Theme:
    for key in given:
        if key not in _THEME_KEYS:
            raise source.wrong(
                f"主题里没有“{key}”这一项。可用的有：{', '.join(_THEME_KEYS)}。",
                f"unknown key {key!r} in a theme. Known: {', '.join(_THEME_KEYS)}.",
                source.find(key, line),
            )
    name = given.get("id", "")
    if not isinstance(name, str) or not _ID.fullmatch(name) or name in _RESERVED:
        raise source.wrong(
            f"主题的 id“{name}”应为小写英文字母开头的短名，如 training；不能是 {', '.join(_RESERVED)}。",
            f"a theme's id {name!r} must be a short name in small letters, such as training, and none of {', '.join(_RESERVED)}.",
            source.find("id", line),
        )
    for key in _TEXTS:
        if not isinstance(given.get(key), str) or not given[key].strip():
            raise source.wrong(
                f"主题 {name} 缺少 {key}。请补上这一行。",
                f"theme {name} lacks {key}. Add the line.",
                source.find(key, line),
            )
    indicators = _indicators(given.get("indicators", []), "indicators", name, gap, source, line)
    if not indicators:
        raise source.wrong(
            f"主题 {name} 没有指示词，永远不会被编码。请至少写一个，或删去这个主题。",
            f"theme {name} has no indicators and could never be coded. Give one, or delete the theme.",
            line,
        )
    exclusions = _indicators(given.get("exclusions", []), "exclusions", name, gap, source, line)
    texts = {key: given[key] for key in _TEXTS}
    return Theme(id=name, indicators=indicators, exclusions=exclusions, line=line, **texts)


def _negation(given: Any, source: _Source) -> Negation:
    line = source.find("negation")
    keys = {"before", "after", "reach", "not"}
    if not isinstance(given, Mapping) or set(given) - keys:
        raise source.wrong(
            f"[negation] 只认 {', '.join(sorted(keys))}。", f"[negation] knows {', '.join(sorted(keys))} only.", line
        )
    reach = given.get("reach", 0)
    if type(reach) is not int or not 0 <= reach <= 20:
        raise source.wrong("[negation] reach 应为 0 至 20 的整数。", "[negation] reach must be a whole number, 0 to 20.", source.find("reach", line))  # fmt: skip
    before, after, not_ = (_strings(given.get(key, []), key, source, line) for key in ("before", "after", "not"))
    return Negation(tuple(map(folded, before)), tuple(map(folded, after)), reach, tuple(map(folded, not_)))


def _check_shared(themes: tuple[Theme, ...], given: Any, source: _Source) -> None:
    """Every form that two themes have needs an entry of [[shared]], and every entry is needed."""
    allowed: dict[str, frozenset[str]] = {}
    known = {theme.id for theme in themes}
    starts = [n for n in source.headers if re.match(r"\s*\[\[\s*shared\s*\]\]", source.lines[n - 1])]
    for entry, line in zip(given, starts, strict=False):
        names = entry.get("themes", [])
        if (
            not isinstance(entry.get("indicator"), str)
            or not str(entry.get("why", "")).strip()
            or not isinstance(names, list)
            or len(names) < 2
        ):
            raise source.wrong(
                "[[shared]] 需要 indicator、至少两个 themes，以及理由 why。",
                "[[shared]] needs indicator, at least two themes, and the reason, why.",
                line,
            )
        if unknown := sorted(set(names) - known):
            raise source.wrong(f"没有主题“{unknown[0]}”。", f"there is no theme {unknown[0]!r}.", line)
        form = folded(entry["indicator"])
        if form in allowed:
            raise source.wrong(
                f"[[shared]] 里“{form}”写了两次。请合成一处。", f"[[shared]] has {form!r} twice. Make them one.", line
            )
        allowed[form] = frozenset(names)
    seen: dict[str, tuple[Theme, Indicator]] = {}
    for theme in themes:
        for indicator in theme.indicators:
            for form in sorted(indicator.forms):
                if form in seen:
                    other, first = seen[form]
                    if not {theme.id, other.id} <= allowed.get(form, frozenset()):
                        raise source.wrong(
                            f"“{form}”同时是 {other.id}（第 {first.line} 行）和 {theme.id} 的指示词。请删去一处，或在 [[shared]] 里写明理由。",
                            f"{form!r} is an indicator of {other.id} (line {first.line}) and of {theme.id}. Delete one, or give the reason in [[shared]].",
                            indicator.line,
                        )
                else:
                    seen[form] = theme, indicator
    owners = {form: {theme.id for theme in themes for one in theme.indicators if form in one.forms} for form in allowed}
    for (form, names), line in zip(allowed.items(), starts, strict=False):
        if owners[form] != set(names):
            raise source.wrong(
                f"[[shared]] 里的“{form}”并不是 {', '.join(sorted(names))} 共有的指示词。请更正或删去。",
                f"[[shared]]: {form!r} is not an indicator of {', '.join(sorted(names))}. Correct or delete the entry.",
                line,
            )


def load_codebook(path: Path) -> Codebook:
    """The codebook, checked; an empty file is a codebook without themes.

    A theme without indicators or without one of its texts, an id or an indicator
    given twice, a pattern that cannot be read or an unknown key is an
    `InputError` with its line.
    """
    text = read_text(path)
    source = _Source(path, text)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) if found else len(source.lines)
        raise source.wrong(f"不是合法的 TOML：{error}。", f"not valid TOML: {error}.", line) from None
    for key in data:
        if key not in ("gap", "negation", "theme", "shared"):
            raise source.wrong(
                f"没有“{key}”这一项。可用的有：gap、negation、theme、shared。",
                f"unknown key {key!r}. Known: gap, negation, theme, shared.",
                source.find(key),
            )
    for key in ("theme", "shared"):
        heads = [line for line in source.lines if re.match(rf"\s*\[\[\s*{key}\s*\]\]", line)]
        if not isinstance(data.get(key, []), list) or len(data.get(key, [])) != len(heads):
            raise source.wrong(f"“{key}”应写成 [[{key}]]。", f"write {key!r} as [[{key}]].", source.find(key))
    gap = data.get("gap", 8)
    if type(gap) is not int or not 1 <= gap <= 30:
        raise source.wrong("gap 应为 1 至 30 的整数。", "gap must be a whole number, 1 to 30.", source.find("gap"))
    given = data.get("theme", [])
    themes = tuple(_theme(one, gap, source, line) for one, line in zip(given, source.themes, strict=True))
    lines: dict[str, int] = {}
    for theme in themes:
        if theme.id in lines:
            raise source.wrong(
                f"主题 {theme.id} 在第 {lines[theme.id]} 行已经有了。",
                f"theme {theme.id} stands in line {lines[theme.id]} already.",
                theme.line,
            )
        lines[theme.id] = theme.line
    _check_shared(themes, data.get("shared", []), source)
    return Codebook(themes, _negation(data.get("negation", {}), source))
