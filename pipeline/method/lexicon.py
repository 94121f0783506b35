"""The word lists of `method/`: dictionary, stop words, generic words, synonyms, glossary."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import InputError
from pipeline.method.files import lines_of, rows_of

# A run of characters in which jieba looks words up; a term with any other character can never match.
CUT_FREE = re.compile(r"[\u4e00-\u9fd5a-zA-Z0-9+#&._%\-]+")
_TAG = re.compile(r"[a-z]{1,4}")


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


def load_word_list(path: Path) -> frozenset[str]:
    """One word a line; a word listed twice is an `InputError`."""
    seen: dict[str, int] = {}
    for number, word in lines_of(path):
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
    for number, content in lines_of(path):
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
        if CUT_FREE.fullmatch(term) is None:
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


def load_synonyms(path: Path) -> dict[str, Synonym]:
    """variant -> synonym. Chains (a to b, b to c) and repeated variants are `InputError`s."""
    table: dict[str, Synonym] = {}
    for number, row in rows_of(path, ["variant", "term", "kind", "note"]):
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
    """Chinese term -> English gloss, for the English report and figures. A blank or repeated term is an `InputError`."""
    glosses: dict[str, str] = {}
    for number, row in rows_of(path, ["zh", "en"]):
        if not row["zh"] or not row["en"] or row["zh"] in glosses:
            raise InputError(
                f"“{row['zh']}”一行不对：中文与英文都要有，每个词只写一次。",
                f"{row['zh']!r}: give the Chinese and the English, and every term once.",
                file=path,
                line=number,
            )
        glosses[row["zh"]] = row["en"]
    return glosses
