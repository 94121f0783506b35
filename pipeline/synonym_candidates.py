"""Pairs of terms that may be one: an abbreviation, another spelling, another wording."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, combinations

import numpy as np
from scipy.sparse import coo_array, csr_array

from pipeline.background import Space
from pipeline.method import SuggestSettings
from pipeline.segmentation import Segmenter
from pipeline.stats.cohesion import context_vectors
from pipeline.term_candidates import Clause, TermCandidate

REASONS = ("abbreviation", "sound", "one character", "wording", "background")
# Tags of names of places and persons: 山西 is not 陕西, however alike they look.
_NAMES = ("ns", "nr")
_HALF = 0.5  # of the characters in common
_COINED = ("j", "x")  # an abbreviation, or a word that no dictionary knows
# The first level of GB 2312 (rows 16 to 55) holds its 3755 characters in the order of their pronunciation.
_FIRST, _LAST = (0xB0, 0xA1), (0xD7, 0xF9)


@dataclass(frozen=True)
class SynonymCandidate:
    """``variant`` may be counted as ``term``; ``reason``: one of `REASONS`; ``similarity`` of their contexts, 0 to 1."""

    variant: str
    term: str
    reason: str
    similarity: float


@dataclass(frozen=True)
class Contexts:
    """``terms`` with the numbers of the clauses that use them, and for each a row of unit length in ``vectors``."""

    terms: tuple[str, ...]
    clauses: Mapping[str, Sequence[int]]
    vectors: csr_array

    def similarities(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Cosine of the contexts of each pair."""
        place = {term: at for at, term in enumerate(self.terms)}
        left, right = ([place[pair[side]] for pair in pairs] for side in (0, 1))
        products = self.vectors[left].multiply(self.vectors[right]) if pairs else np.zeros((0, 1))
        return [float(value) for value in np.asarray(products.sum(axis=1)).ravel()]


def contexts_of(
    clauses: Sequence[Clause],
    term_of: Mapping[str, str],
    candidates: Iterable[TermCandidate],
    *,
    generic: Collection[str],
    words: int,
) -> Contexts:
    """What stands up to ``words`` words before and after each term in its clause.

    ``term_of``: what each kept word is counted as. Generic words have no row, but
    they are neighbours like others.
    """
    kept = [[term_of.get(word) for word in clause.words] for clause in clauses]
    uses = [
        (term, number, at, at + 1)
        for number, terms in enumerate(kept)
        for at, term in enumerate(terms)
        if term is not None and term not in generic
    ]
    offsets = [list(accumulate(map(len, clause.words), initial=0)) for clause in clauses]
    for candidate in candidates:
        if len(candidate.words) > 1:
            for number, start in candidate.places:
                ends = {offset: at for at, offset in enumerate(offsets[number])}
                if start in ends and start + len(candidate.term) in ends:  # on the bounds of words
                    uses.append((candidate.term, number, ends[start], ends[start + len(candidate.term)]))

    where: dict[str, list[int]] = defaultdict(list)
    cells: Counter[tuple[str, str]] = Counter()
    for term, number, first, after in uses:
        where[term].append(number)
        for neighbour in (*kept[number][max(first - words, 0) : first], *kept[number][after : after + words]):
            if neighbour is not None:
                cells[term, neighbour] += 1
    row = {term: at for at, term in enumerate(sorted(where))}
    column = {word: at for at, word in enumerate(sorted({word for _, word in cells}))}
    places = ([row[term] for term, _ in cells], [column[word] for _, word in cells])
    counts = coo_array((np.array([*cells.values()], dtype=np.float64), places), shape=(len(row), len(column)))
    return Contexts(tuple(row), where, context_vectors(csr_array(counts)))


def finest_words(words: Iterable[str], segmenter: Segmenter) -> Iterator[str]:
    """Words taken apart as far as jieba can, as if no dictionary listed them: 职业 / 教育 of 职业教育."""
    for word in words:
        parts = [part.surface for part in segmenter.parts(word)] if len(word) > 2 else []
        if len(parts) > 1:
            yield from finest_words(parts, segmenter)
        else:
            yield word


def abbreviations(words: Sequence[str]) -> set[str]:
    """Short forms of a term of these words: the first character of each, of the last perhaps the last.

    职业 / 教育: 职教, 职育; 高等 / 学校: 高学, 高校. At least two words are shortened.
    """
    if sum(len(word) > 1 for word in words) < 2:
        return set()
    return {"".join(word[0] for word in words[:-1]) + last for last in (words[-1][0], words[-1][-1])}


def difference(a: str, b: str) -> tuple[str, str]:
    """What is left of each after the common beginning and the common end are taken off."""
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    a, b = a[start:], b[start:]
    end = next((at for at, (x, y) in enumerate(zip(a[::-1], b[::-1], strict=False)) if x != y), min(len(a), len(b)))
    return a[: len(a) - end], b[: len(b) - end]


def told_apart(a: str, b: str, contrasts: Iterable[str]) -> bool:
    """Whether the two differ in a numeral or in two characters of one group: 三级 四级, 省级 国家级, 职前 职后."""
    x, y = difference(a, b)
    return any(character.isnumeric() for character in x + y) or any(
        {*group} & {*x} and {*group} & {*y} for group in contrasts
    )


def _place_by_sound(character: str) -> int | None:
    try:
        row, cell = character.encode("gb2312")
    except (UnicodeEncodeError, ValueError):  # not in GB 2312; a Latin letter
        return None
    return (row - _FIRST[0]) * 94 + cell - _FIRST[1] if _FIRST <= (row, cell) <= _LAST else None


def sound_distance(a: str, b: str) -> int | None:
    """Places between two characters in the order of their pronunciation; None where one is too rare to have a place.

    The first level of GB 2312 is ordered by syllable, tone and strokes: 订 and 定 are neighbours, 教 and 培 are not.
    """
    x, y = _place_by_sound(a), _place_by_sound(b)
    return None if x is None or y is None else abs(x - y)


def overlap(a: str, b: str) -> float:
    """Share of the characters of the longer that both have in the same order, in common runs, 0 to 1."""
    matching = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    return sum(block.size for block in matching) / max(len(a), len(b), 1)


def _one_character_apart(terms: Iterable[str]) -> Iterator[tuple[str, str]]:
    masked: dict[tuple[str, str], list[str]] = defaultdict(list)
    for term in terms:
        for at in range(len(term)):
            masked[term[:at], term[at + 1 :]].append(term)
    for group in masked.values():
        yield from combinations(group, 2)


def _used_alike(contexts: Contexts, heads: Mapping[str, str], least: float) -> Iterator[tuple[str, str]]:
    """Pairs with the same last word whose contexts are at least so similar."""
    groups: dict[str, list[int]] = defaultdict(list)
    for at, term in enumerate(contexts.terms):
        if heads[term] != term:
            groups[heads[term]].append(at)
    for members in groups.values():
        rows = contexts.vectors[members]
        products = coo_array(rows @ rows.T)
        for x, y, value in zip(*products.coords, products.data, strict=True):
            if x < y and value >= least:
                yield contexts.terms[members[x]], contexts.terms[members[y]]


def _side_by_side(a: str, b: str, contexts: Contexts, clauses: Sequence[Clause]) -> bool:
    """Whether the two ever stand in one clause or in neighbouring ones of a measure: what is listed together differs."""
    of_a = frozenset(contexts.clauses[a])
    return any(
        near in of_a and clauses[near].measure_id == clauses[number].measure_id
        for number in contexts.clauses[b]
        for near in (number - 1, number, number + 1)
    )


def _pairs(
    contexts: Contexts, words_of: Mapping[str, Sequence[str]], settings: SuggestSettings
) -> dict[tuple[str, str], str]:
    """(variant, term) -> reason, for every pair whose form allows it; the rarer is the variant."""
    count = {term: len(places) for term, places in contexts.clauses.items()}
    reasons: dict[tuple[str, str], str] = {}

    def rarer_first(a: str, b: str) -> tuple[str, str]:
        return (a, b) if (count[a], b) < (count[b], a) else (b, a)

    heads = {term: words_of[term][-1] for term in contexts.terms}
    for a, b in _used_alike(contexts, heads, settings.min_similarity):
        if overlap(a, b) >= settings.min_overlap and a not in b and b not in a:
            reasons[rarer_first(a, b)] = "wording"
    for a, b in _one_character_apart(contexts.terms):
        distance = sound_distance(*difference(a, b))
        if distance is not None and distance <= settings.sound_distance:
            reasons[rarer_first(a, b)] = "sound"
        elif len(a) >= settings.long_term:
            reasons[rarer_first(a, b)] = "one character"
        elif overlap(a, b) >= settings.min_overlap:
            reasons[rarer_first(a, b)] = "wording"
    for term in contexts.terms:
        for short in abbreviations(words_of[term]):
            if count.get(short, 0) >= settings.min_count and short not in term:
                reasons[short, term] = "abbreviation"
    return reasons


def synonym_candidates(
    clauses: Sequence[Clause],
    contexts: Contexts,
    words_of: Mapping[str, Sequence[str]],
    tags: Mapping[str, str],
    *,
    listed: Collection[str],
    settings: SuggestSettings,
) -> list[SynonymCandidate]:
    """Pairs of the terms of ``contexts`` that may be one, in the order of `REASONS`, then by score.

    ``words_of``: the finest words of each term; ``tags``: part of speech of these
    and of the terms (``x``: unknown); ``listed``: the user dictionary.

    abbreviation: the first characters of all words; its contexts must share
    something, and those of an everyday word (生产 of 生命 / 财产) as much as those of a wording.
    sound: one character differs and sounds alike; the contexts share something.
    one character: all others of a long term are the same.
    wording: most characters are the same, and the last word or all characters but one; both are repeated and used alike.

    Never pairs that differ in a numeral, a name or two contrasting characters; no
    wording and no long term that is ever listed beside the other. Score: the
    similarity times log2(1 + uses of the rarer), for much evidence is worth more than little.
    """
    reasons = _pairs(contexts, words_of, settings)
    pairs = sorted(reasons)
    ranked: list[tuple[int, float, SynonymCandidate]] = []
    for (variant, term), similarity in zip(pairs, contexts.similarities(pairs), strict=True):
        reason = reasons[variant, term]
        uses = min(len(contexts.clauses[variant]), len(contexts.clauses[term]))
        coined = variant in listed or tags[variant] in _COINED
        if reason == "sound" or (reason == "abbreviation" and coined):
            alike = similarity >= settings.hint_similarity
        elif reason == "one character":
            alike = True
        else:
            alike = similarity >= settings.min_similarity and uses >= settings.min_count
        different = (
            any(character.isnumeric() for character in variant)
            if reason == "abbreviation"
            else told_apart(variant, term, settings.contrasts)
            or any(tags[word].startswith(_NAMES) for word in {*words_of[variant]} ^ {*words_of[term]})
        )
        listed_together = reason in ("one character", "wording") and _side_by_side(variant, term, contexts, clauses)
        if alike and not different and not listed_together:
            score = similarity * math.log2(1 + uses)
            ranked.append(
                (REASONS.index(reason), -round(score, 9), SynonymCandidate(variant, term, reason, similarity))
            )
    return [pair for _, _, pair in sorted(ranked, key=lambda row: (*row[:2], row[2].variant, row[2].term))]


def background_candidates(
    terms: Sequence[str],
    words_of: Mapping[str, Sequence[str]],
    tags: Mapping[str, str],
    space: Space,
    uses: Mapping[str, int],
    settings: SuggestSettings,
) -> list[SynonymCandidate]:
    """Pairs of ``terms`` that a background uses alike and that have half their characters in common; the rarer is the variant.

    Use alone is not enough: in a background of many subjects all words of one subject are used alike (培训, 技能). Never
    a term and a part of it, nor pairs that differ in a numeral, a name or two contrasting characters.
    """
    known = [term for term in terms if term in space.place and len(term) > 1]
    directions = space.directions[[space.place[term] for term in known]]
    cosines = np.triu(directions @ directions.T, 1).round(9)
    found = []
    for i, j in zip(*np.nonzero(cosines >= settings.min_background), strict=True):
        a, b = sorted((known[i], known[j]), key=lambda term: (uses[term], term))
        if (
            overlap(a, b) < _HALF
            or overlap(a, b) * len(max(a, b, key=len)) < 2  # 师德, 教师
            or a in b
            or b in a
            or told_apart(a, b, settings.contrasts)
            or any(tags[word].startswith(_NAMES) for word in {*words_of[a]} ^ {*words_of[b]})
        ):
            continue
        found.append(SynonymCandidate(a, b, "background", float(cosines[i, j])))
    return sorted(found, key=lambda pair: (-pair.similarity, pair.variant, pair.term))
