"""Phrases: contiguous content words with a noun-like head, as terms beside words."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.method import KeywordsSettings

# Tags of jieba's set. Head: nouns, verbal nouns, fixed expressions. Before it also adjectives and distinguishing words.
_HEADS = ("n", "vn", "l", "j", "i")
_MODIFIERS = (*_HEADS, "a", "b", "t", "eng")


@dataclass(frozen=True)
class Mention:
    """One occurrence of a phrase: ``words`` are its terms; offsets are the document's."""

    phrase: str
    words: tuple[str, ...]
    region: str
    measure_id: str
    start: int
    end: int


def _tagged(tag: str, allowed: tuple[str, ...]) -> bool:
    return tag in allowed or (tag.startswith("n") and "n" in allowed)


def mentions(tokens: pd.DataFrame, settings: KeywordsSettings) -> Iterator[Mention]:
    """Every candidate: two or more adjoining words of a measure, none generic, within the settings' limits."""
    plain = tokens[tokens["nested_in"] == ""]
    for measure_id, group in plain.groupby("measure_id", sort=False):
        words = list(group.itertuples())
        for first, head in enumerate(words):
            if head.generic or not _tagged(head.pos, _MODIFIERS):
                continue
            for last in range(first + 1, min(first + settings.phrase_max_words, len(words))):
                word, before = words[last], words[last - 1]
                length = word.end - words[first].start
                adjoining = word.start == before.end and not word.generic
                if not adjoining or length > settings.phrase_max_characters or not _tagged(word.pos, _MODIFIERS):
                    break
                if _tagged(word.pos, _HEADS):
                    run = words[first : last + 1]
                    yield Mention(
                        "".join(part.surface for part in run),
                        tuple(part.term for part in run),
                        head.region,
                        str(measure_id),
                        words[first].start,
                        word.end,
                    )


def accepted(found: list[Mention], settings: KeywordsSettings, words: frozenset[str]) -> list[Mention]:
    """Mentions of phrases that the corpus has often enough and that are not a word of the dictionary anyway."""
    counts = Counter(mention.phrase for mention in found)
    return [m for m in found if counts[m.phrase] >= settings.phrase_min_count and m.phrase not in words]


def unexplained(counts: Mapping[str, int], contains: Mapping[str, set[str]]) -> dict[str, float]:
    """Count of each term less the mean count of the longer phrases that contain it, never below 0.

    The discount of the C-value (Frantzi, Ananiadou and Mima 2000, International
    Journal on Digital Libraries 3(2), 115-130, equation 3): a term seen only
    inside longer ones is no term of its own.
    """
    result = {}
    for term, count in counts.items():
        longer = [counts[phrase] for phrase in contains.get(term, ()) if phrase in counts]
        result[term] = max(count - sum(longer) / len(longer), 0.0) if longer else float(count)
    return result


def c_value(words: int, count: float) -> float:
    """log2(1 + words) times the unexplained count; the 1 lets single words have a value (Barrón-Cedeño et al. 2009)."""
    return math.log2(1 + words) * count


def explained_by(counts: Mapping[str, int], contains: Mapping[str, set[str]]) -> dict[str, str]:
    """For each term whose every mention lies in one longer phrase: the longest such phrase."""
    result = {}
    for term, count in counts.items():
        hosts = [phrase for phrase in contains.get(term, ()) if counts.get(phrase, 0) == count]
        if hosts:
            result[term] = max(hosts, key=lambda phrase: (len(phrase), phrase))
    return result


def containment(tokens: pd.DataFrame, found: list[Mention]) -> dict[str, set[str]]:
    """term -> phrases and dictionary terms that contain it at some place of the corpus."""
    inside: dict[str, set[str]] = defaultdict(set)
    terms = {(t.measure_id, t.surface): t.term for t in tokens.itertuples() if t.nested_in == ""}
    for token in tokens.itertuples():
        host = terms.get((token.measure_id, token.nested_in)) if token.nested_in else None
        if host and host != token.term:
            inside[token.term].add(host)
    for mention in found:
        for word in mention.words:
            if word != mention.phrase:
                inside[word].add(mention.phrase)
    by_place: dict[str, list[Mention]] = defaultdict(list)
    for mention in found:
        by_place[mention.measure_id].append(mention)
    for group in by_place.values():
        for small in group:
            for large in group:
                if small is not large and large.start <= small.start and small.end <= large.end:
                    inside[small.phrase].add(large.phrase)
    for term in list(inside):  # what holds my host holds me
        for host in list(inside[term]):
            inside[term] |= inside.get(host, set()) - {term}
    return inside
