"""Phrases: contiguous content words with a noun-like head, as terms beside words."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.method import KeywordsSettings

# Tags of jieba's set. Head: nouns, verbal nouns, fixed expressions. Before it also adjectives and distinguishing words.
_HEADS = ("n", "vn", "l", "j", "i")
_MODIFIERS = (*_HEADS, "a", "b", "t", "eng")


@dataclass(frozen=True)
class Mention:
    """One occurrence of a phrase: ``words`` are its terms; offsets are the document's.

    ``whole``: nothing adjoins it that belongs to it.
    """

    phrase: str
    words: tuple[str, ...]
    region: str
    measure_id: str
    start: int
    end: int
    whole: bool = True


def _tagged(tag: str, allowed: tuple[str, ...]) -> bool:
    return tag in allowed or (tag.startswith("n") and "n" in allowed)


def _runs(words: list[Any]) -> Iterator[tuple[list[Any], bool]]:
    """Longest stretches of adjoining nouns and their modifiers, and whether a verb goes on right after."""
    run: list[Any] = []
    for word in words:
        adjoining = bool(run) and word.start == run[-1].end
        fits = _tagged(word.pos, _MODIFIERS)
        if run and not (adjoining and fits):
            yield run, adjoining and word.pos.startswith("v")
            run = []
        # A generic word opens no phrase: 强化 / 教师工资福利.
        if fits and (run or not word.generic):
            run = [*run, word]
    if run:
        yield run, False


def mentions(tokens: pd.DataFrame, settings: KeywordsSettings) -> Iterator[Mention]:
    """Every candidate within the settings' limits: stretches of words, whole ones and parts of longer ones.

    A stretch that a verb cuts short (校本化教师素质 | 提高工程) counts as a part.
    """
    plain = tokens[tokens["nested_in"] == ""]
    for measure_id, group in plain.groupby("measure_id", sort=False):
        for run, cut_short in _runs(list(group.itertuples())):
            for first in range(len(run)):
                for last in range(first + 1, min(first + settings.phrase_max_words, len(run))):
                    part = run[first : last + 1]
                    start, end = part[0].start, part[-1].end
                    if part[0].generic or not _tagged(part[-1].pos, _HEADS):
                        continue
                    if end - start <= settings.phrase_max_characters:
                        yield Mention(
                            "".join(word.surface for word in part),
                            tuple(word.term for word in part),
                            part[0].region,
                            str(measure_id),
                            start,
                            end,
                            whole=len(part) == len(run) and not cut_short,
                        )


def accepted(found: list[Mention], settings: KeywordsSettings, words: frozenset[str]) -> list[Mention]:
    """Mentions of phrases that are somewhere a whole stretch or that the corpus repeats; words are no phrases.

    A part of a longer stretch that is said once is a fragment (三级教师 of 三级教师教学创新团队培育体系).
    """
    counts = Counter(mention.phrase for mention in found)
    wholes = {mention.phrase for mention in found if mention.whole}
    return [
        mention
        for mention in found
        if mention.phrase not in words
        and (mention.phrase in wholes or counts[mention.phrase] >= settings.phrase_min_count)
    ]


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
