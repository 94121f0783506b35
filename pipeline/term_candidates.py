"""Strings of the corpus that behave like terms and that the present dictionary cuts apart."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.method import CUT_FREE, SuggestSettings
from pipeline.phrases import c_value, unexplained
from pipeline.segmentation import QUOTED, Segmenter
from pipeline.stats.cohesion import branching_entropy, halves, occurrences, weakest_joint

# Tags of jieba's set, by how they begin. No term holds a conjunction, preposition, particle or pronoun; none begins or
# ends with an adverb, number, measure word or direction.
_NEVER = tuple("cpuyr")
_NOT_AT_THE_EDGE = (*"dmqf", "ad", "vd")
# The head: nouns, verbal nouns, fixed expressions; verbs too, for to jieba's dictionary 创新 and 评审 are verbs; x: unknown.
_HEADS = ("n", "vn", "v", "l", "j", "i", "x")


@dataclass(frozen=True)
class Clause:
    """A run of text between marks and blanks; ``words`` joined give ``text``, which begins at ``start`` of its measure."""

    text: str
    words: tuple[str, ...]
    region: str
    measure_id: str
    start: int
    quoted: bool = False


@dataclass(frozen=True)
class TermCandidate:
    """A string and what speaks for it.

    ``words``: what it is cut into now; ``places``: number of the clause and offset
    in it, for every occurrence; entropies in bits.
    """

    term: str
    words: tuple[str, ...]
    places: tuple[tuple[int, int], ...]
    c_value: float
    npmi: float
    entropy_left: float
    entropy_right: float
    quoted: bool


def clauses_of(measures: pd.DataFrame, segmenter: Segmenter, *, longest_quotation: int) -> list[Clause]:
    """All clauses in the order of the text. ``quoted``: in a “quotation” of at most so many characters."""
    clauses: list[Clause] = []
    for measure in measures.itertuples():
        short = [match.span(1) for match in QUOTED.finditer(measure.text) if len(match[1]) <= longest_quotation]
        for run in CUT_FREE.finditer(measure.text):
            words = tuple(word.surface for word in segmenter.words(run[0]))
            quoted = any(first <= run.start() and run.end() <= last for first, last in short)
            clauses.append(Clause(run[0], words, measure.region, measure.measure_id, run.start(), quoted))
    return clauses


def _repeated(clauses: Sequence[Clause], settings: SuggestSettings) -> tuple[Counter[str], dict[str, tuple[str, ...]]]:
    """How often adjoining words make each string, and the words of its first occurrence.

    Strings of too few occurrences are left out: most occurrences of a candidate are
    such, so these are more than half of the least count.
    """
    counts: Counter[str] = Counter()
    words: dict[str, tuple[str, ...]] = {}
    for clause in clauses:
        for first in range(len(clause.words)):
            string = clause.words[first]
            for last in range(first + 1, len(clause.words)):
                string += clause.words[last]
                if len(string) > settings.max_characters:
                    break
                counts[string] += 1
                words.setdefault(string, clause.words[first : last + 1])
    kept = Counter({string: count for string, count in counts.items() if 2 * count > settings.min_count})
    return kept, {string: words[string] for string in kept}


def _termlike(
    words: Sequence[str], tags: Mapping[str, str], stop_words: Collection[str], generic: Collection[str]
) -> bool:
    """Whether the words can make a term, by their tags and the word lists: 教师队伍 / 建设, not 加快 / 建设, 取得 / 新."""
    first, last = words[0], words[-1]
    opens, closes = tags[first], tags[last]
    if not all(any(character.isalpha() for character in word) for word in words):
        return False
    if any(tags[word].startswith(_NEVER) for word in words):
        return False
    if first in stop_words or last in stop_words or first in generic:  # 强化 | 教师培训, as in phrases
        return False
    if opens.startswith(_NOT_AT_THE_EDGE) or not (closes.startswith("n") or closes in _HEADS):
        return False
    verb = opens.startswith("v") and opens != "vn"
    if verb and (len(first) == 1 or all(word in generic for word in words[1:])):
        return False  # 居 | 全国, 加快 | 建设: a verb and what it is done to
    # 扎实 | 推进, 统筹 | 推进, but 政策 | 支持
    return not (last in generic and closes == "v" and not opens.startswith("n"))


def _quoted(
    clauses: Sequence[Clause], words_known: Collection[str], left_out: Collection[str]
) -> dict[str, tuple[str, ...]]:
    """Quoted clauses that are not one word of a dictionary, with the words they are cut into."""
    return {
        clause.text: clause.words
        for clause in reversed(clauses)  # the first occurrence stays
        if clause.quoted
        and len(clause.text) > 1
        and clause.text[0] != "#"  # begins a comment in the word lists
        and any(character.isalpha() for character in clause.text)
        and clause.text not in left_out
        and not (len(clause.words) == 1 and clause.text in words_known)
    }


def _places(clauses: Sequence[Clause], wanted: Collection[str]) -> dict[str, list[tuple[int, int]]]:
    lengths = sorted({len(string) for string in wanted})
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, clause in enumerate(clauses):
        for string, start in occurrences(clause.text, wanted, lengths):
            found[string].append((number, start))
    return found


def _entropy(string: str, places: Iterable[tuple[int, int]], clauses: Sequence[Clause], *, left: bool) -> float:
    neighbours = Counter(
        (text[start - 1 : start] if left else text[start + len(string) : start + len(string) + 1])
        for text, start in ((clauses[number].text, start) for number, start in places)
    )
    return branching_entropy({char: n for char, n in neighbours.items() if char}, neighbours[""])


def _own_places(places: Mapping[str, Sequence[tuple[int, int]]]) -> dict[str, int]:
    """For each string, how many of its places lie in no place of a longer string."""
    by_clause: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for string, found in places.items():
        for clause, start in found:
            by_clause[clause].append((start, start + len(string), string))
    own = dict.fromkeys(places, 0)
    for spans in by_clause.values():
        for start, end, string in spans:
            own[string] += not any(a <= start and end <= b and b - a > end - start for a, b, _ in spans)
    return own


def _containing(strings: Collection[str]) -> dict[str, set[str]]:
    """string -> longer strings of the collection that contain it."""
    lengths = sorted({len(string) for string in strings})
    inside: dict[str, set[str]] = defaultdict(set)
    for longer in strings:
        for string, _ in occurrences(longer, strings, lengths):
            if string != longer:
                inside[string].add(longer)
    return inside


def term_candidates(
    clauses: Sequence[Clause],
    tags: Mapping[str, str],
    *,
    listed: Collection[str],
    known: Collection[str],
    stop_words: Collection[str],
    generic: Collection[str],
    settings: SuggestSettings,
) -> list[TermCandidate]:
    """Candidates for the dictionary, highest C-value first, then highest NPMI, then by character.

    ``listed``: terms of the user dictionary; ``known``: words of any dictionary;
    ``tags``: part of speech of every word of the clauses.

    A candidate is two or more adjoining words in most of its occurrences, firm and
    free enough for the settings, and not only a piece of longer candidates; or a
    short quotation, whatever its numbers, for an author who quotes a phrase says
    that it is a term.
    """
    aligned, words = _repeated(clauses, settings)
    repeated = {s for s in aligned if s not in listed and _termlike(words[s], tags, stop_words, generic)}
    quoted = _quoted(clauses, known, {*listed, *stop_words, *generic})
    parts = {part for string in {*repeated, *quoted} for both in halves(string) for part in both}
    places = _places(clauses, {*repeated, *quoted, *parts})
    counts = {string: len(found) for string, found in places.items()}
    characters = sum(len(clause.text) for clause in clauses)

    firm: dict[str, tuple[float, float, float]] = {}
    for string in sorted({*repeated, *quoted}):
        count = counts[string]
        enough = string in repeated and count >= settings.min_count and 2 * aligned[string] > count
        if not enough and string not in quoted:
            continue
        npmi = weakest_joint(string, counts, characters)
        left, right = (_entropy(string, places[string], clauses, left=side) for side in (True, False))
        free = min(left, right) >= settings.min_entropy * math.log2(count)
        if string in quoted or (npmi >= settings.min_npmi and free):
            firm[string] = (npmi, left, right)

    own = _own_places({string: places[string] for string in firm})
    kept = {s for s in firm if s in quoted or (own[s] and own[s] >= settings.own_share * counts[s])}
    free_counts = unexplained({string: counts[string] for string in sorted(kept)}, _containing(kept))
    found = [
        TermCandidate(
            string,
            cut,
            tuple(places[string]),
            c_value(len(cut), free_counts[string]),
            *firm[string],
            quoted=string in quoted,
        )
        for string, cut in ((string, words.get(string) or quoted[string]) for string in sorted(kept))
    ]
    return sorted(found, key=lambda c: (-c.c_value, -c.npmi, c.term))
