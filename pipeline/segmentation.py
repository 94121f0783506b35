"""A private jieba: the project's dictionary, its own cache, and offsets for every word."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import jieba

from pipeline.engine import Engine, Fast, Plain
from pipeline.method import Entry, SegmentSettings, Synonym

QUOTED = re.compile(r"“([^“”\n]+)”")
_NUMBER = re.compile(r"[0-9０-９.%％,，\-]+")


@dataclass(frozen=True)
class Word:
    """A piece of text: ``text[start:end] == surface``."""

    surface: str
    start: int
    end: int


class Segmenter:
    """Cuts text with jieba and a user dictionary, without touching jieba's global tokenizer.

    ``cache`` is a folder for jieba's prepared dictionary (0.3 s faster when it exists); ``engine`` jieba or rjieba,
    which gives the same words several times faster and takes longer to start.
    """

    def __init__(self, entries: Iterable[Entry], *, hmm: bool, cache: Path, engine: str = "jieba") -> None:
        # A cache that cannot be written, on a full disk say, costs time only: no traceback about it.
        jieba.setLogLevel(logging.CRITICAL)
        cache.mkdir(parents=True, exist_ok=True)
        self._jieba = jieba.Tokenizer()
        self._jieba.tmp_dir = str(cache)
        self._jieba.initialize()
        self._entries = {entry.term: entry for entry in entries}
        self._parts: dict[str, list[Word]] = {}
        # Shortest first: what keeps a term whole depends on its parts.
        ordered = sorted(self._entries.values(), key=lambda entry: (len(entry.term), entry.term))
        for entry in ordered:
            self._jieba.add_word(entry.term, entry.frequency, entry.tag)
        self._engine: Engine = (
            Fast(self._jieba, [entry.term for entry in ordered], hmm=hmm)
            if engine == "rjieba"
            else Plain(self._jieba, hmm=hmm)
        )

    def words(self, text: str) -> Iterator[Word]:
        """Every word, punctuation included; the words joined give back ``text``."""
        for surfaces in self._engine.cut((text,)):
            yield from placed(surfaces)

    def words_of(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The surfaces of the same words, for each text; many texts take less time than one by one."""
        return self._engine.cut(texts)

    def knows(self, word: str) -> bool:
        """Whether a dictionary, the user's or jieba's, lists the word."""
        return bool(self._jieba.FREQ.get(word))

    def tags(self, words: Iterable[str]) -> dict[str, str]:
        """Part of speech of each word: the user dictionary's tag, else jieba's dictionary's, else ``x``.

        One tag per word, not per occurrence: jieba's tagger is ten times slower
        than its cutter and its tags for these short clauses are no better.
        """
        wanted = set(words)
        found = {word: self._entries[word].tag for word in wanted if word in self._entries}
        encoded = {word.encode(): word for word in wanted if word not in found}
        with self._jieba.get_dict_file() as lines:
            for line in lines:  # bytes: decoding half a million lines would take longer than all else here
                if (word := encoded.get(line.partition(b" ")[0])) is not None:
                    found.setdefault(word, line.split()[-1].decode())
        return {word: found.get(word, "x") for word in wanted}

    def nested(self, word: Word) -> Iterator[Word]:
        """Known words inside a longer one, on its own word boundaries: 双师 in 双师型教师, no 职教 in 兼职教师.

        A word of four characters or more is taken apart as if no dictionary
        listed it; of a shorter one only terms of the user dictionary count
        (校本 in 校本化, but no 信息 in 信息化).
        """
        for part in self.parts(word.surface):
            if part.surface in self._entries or (len(word.surface) > 3 and self.knows(part.surface)):
                placed = Word(part.surface, word.start + part.start, word.start + part.end)
                yield placed
                yield from self.nested(placed)

    def parts(self, surface: str) -> list[Word]:
        """The parts that the surface would fall into if it were not listed as a whole."""
        if surface not in self._parts:
            frequency = self._jieba.FREQ.get(surface, 0)
            self._jieba.FREQ[surface] = 0
            parts = list(self._jieba.tokenize(surface, HMM=False)) if frequency else []
            self._jieba.FREQ[surface] = frequency
            self._parts[surface] = [Word(*part) for part in parts if part[0] != surface]
        return self._parts[surface]


def placed(surfaces: Iterable[str]) -> Iterator[Word]:
    """The words of a text with their places in it."""
    start = 0
    for surface in surfaces:
        end = start + len(surface)
        yield Word(surface, start, end)
        start = end


def drop_rule(surface: str, *, listed: bool, stop_words: frozenset[str], min_length: int) -> str:
    """Why a word is not kept, or an empty string: punctuation, number, stop word, too short."""
    if not any(character.isalnum() for character in surface):
        return "punctuation"
    if listed:
        return ""
    if _NUMBER.fullmatch(surface):
        return "number"
    if surface in stop_words:
        return "stop word"
    if len(surface) < min_length:
        return "too short"
    return ""


@dataclass(frozen=True)
class Keeping:
    """Which words of a text count, as in tokens.csv: no stop words, numbers or short words; synonyms merged; nested words beside."""

    listed: frozenset[str]
    stop_words: frozenset[str]
    synonyms: Mapping[str, Synonym]
    settings: SegmentSettings

    def terms(self, text: str, segmenter: Segmenter) -> list[str]:
        """The terms of the text in order, a word's nested ones after it."""
        return [term for word in segmenter.words(text) for term in self.terms_of(word.surface, segmenter)]

    def terms_of(self, surface: str, segmenter: Segmenter) -> list[str]:
        """What a word counts as, wherever it stands: its term and those nested in it; nothing where it is not kept."""
        word = Word(surface, 0, len(surface))
        if not self._keeps(word):
            return []
        whole = self._term(word)
        if not self.settings.count_nested:
            return [whole]
        parts = (self._term(part) for part in segmenter.nested(word) if self._keeps(part))
        return [whole, *(part for part in parts if part != whole)]

    def _keeps(self, word: Word) -> bool:
        return not drop_rule(
            word.surface,
            listed=word.surface in self.listed,
            stop_words=self.stop_words,
            min_length=self.settings.min_length,
        )

    def _term(self, word: Word) -> str:
        return self.synonyms[word.surface].term if word.surface in self.synonyms else word.surface
