"""Code a text by the codebook: which indicators of which theme stand where, and which of them count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pipeline.method import CLAUSE_ENDS, Codebook, Negation, Theme, folded

COUNTED, EXCLUDED, NEGATED = "counted", "excluded", "negated"


@dataclass(frozen=True)
class Hit:
    """An indicator of a theme at ``start`` to ``end`` of the text; ``reason``: what excludes or negates it."""

    theme: str
    rule: str
    line: int
    start: int
    end: int
    status: str
    reason: str = ""


def _overlap(a: Hit, b: Hit) -> bool:
    return a.start < b.end and b.start < a.end


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of overlapping hits the longest, then the first; in the order of the text."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start - hit.end, hit.start, hit.line)):
        if not any(_overlap(hit, other) for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: (hit.start, hit.end))


def _standing(text: str, words: Iterable[str]) -> Iterator[tuple[int, int]]:
    for word in words:
        at = text.find(word)
        while at >= 0:
            yield at, at + len(word)
            at = text.find(word, at + 1)


def negations(text: str, negation: Negation) -> list[tuple[int, int, str, bool]]:
    """Offsets and form of every negating word of a folded text, and whether it governs what follows."""
    harmless = list(_standing(text, negation.not_))
    found = []
    for words, forward in ((negation.before, True), (negation.after, False)):
        for start, end in _standing(text, words):
            if not any(a <= start and end <= b for a, b in harmless):
                found.append((start, end, text[start:end], forward))
    return found


def _negated_by(start: int, end: int, text: str, cues: list[tuple[int, int, str, bool]], reach: int) -> str:
    """The negating word that governs the text from ``start`` to ``end``, or nothing."""
    for cue_start, cue_end, form, forward in cues:
        between = text[cue_end:start] if forward else text[end:cue_start]
        near = 0 <= (start - cue_end if forward else cue_start - end) <= reach
        if near and not any(mark in CLAUSE_ENDS for mark in between):
            return form
    return ""


def hits_of(theme: Theme, text: str, cues: list[tuple[int, int, str, bool]], reach: int) -> list[Hit]:
    """The hits of one theme in a folded text."""
    excluded = [(*span, one.pattern) for one in theme.exclusions for span in one.spans(text)]
    found: dict[str, list[Hit]] = {COUNTED: [], EXCLUDED: [], NEGATED: []}
    for indicator in theme.indicators:
        for start, end in indicator.spans(text):
            status, reason = COUNTED, next((why for a, b, why in excluded if a <= start and end <= b), "")
            if reason:
                status = EXCLUDED
            elif reason := _negated_by(start, end, text, cues, reach):
                status = NEGATED
            found[status].append(Hit(theme.id, indicator.pattern, indicator.line, start, end, status, reason))
    return [hit for hits in found.values() for hit in longest(hits)]


def coded(text: str, codebook: Codebook) -> list[Hit]:
    """Every hit of every theme in the text, in the order of the codebook, then of the text."""
    plain = folded(text)
    cues = negations(plain, codebook.negation)
    return [
        hit
        for theme in codebook.themes
        for hit in sorted(hits_of(theme, plain, cues, codebook.negation.reach), key=lambda hit: (hit.start, hit.end))
    ]


def themes_in(text: str, codebook: Codebook) -> list[str]:
    """The themes that the text carries, in the order of the codebook."""
    return list(dict.fromkeys(hit.theme for hit in coded(text, codebook) if hit.status == COUNTED))
