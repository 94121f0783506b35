"""Two engines that cut a text into the same words: jieba, and a fast one that takes the paths from rjieba.

rjieba is jieba in Rust. Through the words of the dictionary it finds the path that jieba finds, once the totals of
the frequencies are equal: jieba counts a word that is listed again twice, rjieba once, and the total decides ties.
Three things it does otherwise. It rounds the hidden Markov model (常在就 becomes 常在 就), it cuts Latin letters and
digits by another rule (GPT-4o), and it takes more code points for Han characters. So single characters side by side are
handed to jieba's model here, by jieba's rules, and those code points stay away from rjieba.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Protocol

import jieba
from jieba import finalseg

_HAN = "\u4e00-\u9fd5"  # what jieba takes for Han characters
_MARK = "\x1f"  # between words; stands in no text that was cleaned
# Two or more pieces of a block that the path leaves single: characters, and letters and digits, which come joined.
_SINGLES = re.compile(rf"(?<={_MARK})(?:(?:[{_HAN}+#&._%\-]|[a-zA-Z0-9]+){_MARK}){{2,}}")
# Code points that may be Han characters to rjieba and are none to jieba, for which each is a word.
_OTHER = re.compile(f"([^\0-\u33ff{_HAN}\ue000-\uf8ff\ufb00-\uffff]+)")
_BETWEEN = re.compile(f"([^{_HAN}]+)")
_LATIN = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")  # what jieba keeps whole between Han characters
_REMEMBERED = 200_000  # runs of single characters; the same come again and again
_NOWHERE = "\ue000\ue001"  # of the private area: a word that is in the total and in no text


class Engine(Protocol):
    """Cuts a text into words, punctuation included; the words joined give back the text."""

    def cut(self, text: str) -> list[str]: ...


class Plain:
    """jieba itself."""

    def __init__(self, tokenizer: jieba.Tokenizer, *, hmm: bool) -> None:
        self._tokenizer, self._hmm = tokenizer, hmm

    def cut(self, text: str) -> list[str]:
        return list(self._tokenizer.cut(text, HMM=self._hmm))


class Fast:
    """rjieba, with the words of jieba.

    ``tokenizer`` has the ``added`` words already; ``before``: the sum of the frequencies
    that these had in its dictionary before they were added.
    """

    def __init__(self, tokenizer: jieba.Tokenizer, added: Sequence[str], before: int, *, hmm: bool) -> None:
        import rjieba  # few corpora need it, and it loads a dictionary of its own

        self._frequency: Mapping[str, int] = tokenizer.FREQ
        self._rust = rjieba.Jieba()
        for word in added:
            self._rust.add_word(word, self._frequency[word], "n")
        if before:
            self._rust.add_word(_NOWHERE, before, "n")
        self._hmm = hmm
        self._resolved = lru_cache(_REMEMBERED)(self._resolve)
        self._plain = Plain(tokenizer, hmm=hmm)
        # The path would not say whether A B is one word or two where A alone is a word as well.
        self._letters = any(len(word) == 1 and word.isascii() for word in added)

    def cut(self, text: str) -> list[str]:
        if self._letters:
            return self._plain.cut(text)
        parts = _OTHER.split(text)
        if len(parts) == 1:
            return self._words(text)
        return [word for at, part in enumerate(parts) for word in (part if at % 2 else self._words(part))]

    def _words(self, text: str) -> list[str]:
        path = self._rust.cut(text, False)
        if not self._hmm or not path:
            return path
        if _MARK in text:
            return self._plain.cut(text)
        # One pass over the joined words finds the few runs; a loop over every word would take as long as the path.
        joined = _MARK + _MARK.join(path) + _MARK
        return _SINGLES.sub(lambda run: self._resolved(run[0]), joined)[1:-1].split(_MARK)

    def _resolve(self, run: str) -> str:
        """What jieba makes of a run of pieces that are no words of the path, each with a mark behind it."""
        if len(run) == 4 and run[0] > "\x7f" < run[2]:  # two Han characters, as most runs are
            pair = run[0] + run[2]
            return run if self._frequency.get(pair) or _are_two(pair) else pair + _MARK
        found: list[str] = []
        single = ""
        for piece in run.split(_MARK):  # the last is empty
            if len(piece) == 1 or (piece and not self._frequency.get(piece)):
                single += piece
                continue
            if len(single) == 1 or self._frequency.get(single):
                found += single
            elif single:
                found += _guessed(single)
            single = ""
            found += filter(None, (piece,))
        return _MARK.join([*found, ""])


def _guessed(single: str) -> list[str]:
    """What jieba's hidden Markov model makes of characters that the path leaves single."""
    if not _BETWEEN.search(single):
        return _modelled(single)
    found: list[str] = []
    for at, part in enumerate(_BETWEEN.split(single)):
        if at % 2:
            found += filter(None, _LATIN.split(part))
        elif part:
            found += _modelled(part)
    return found


_LOWEST = finalseg.MIN_FLOAT
_UNKNOWN = (_LOWEST,) * 4
_TO = finalseg.trans_P
_BE, _BM, _MM, _ME = _TO["B"]["E"], _TO["B"]["M"], _TO["M"]["M"], _TO["M"]["E"]
_EB, _ES, _SB, _SS = _TO["E"]["B"], _TO["E"]["S"], _TO["S"]["B"], _TO["S"]["S"]
_FIRST = tuple(finalseg.start_P[state] for state in "BMES")


@cache
def _emissions() -> dict[str, tuple[float, ...]]:
    """For each character of jieba's model its log probabilities as beginning, middle, end and single word."""
    tables = [finalseg.emit_P[state] for state in "BMES"]
    return {one: tuple(table.get(one, _LOWEST) for table in tables) for one in {key for each in tables for key in each}}


def _are_two(pair: str) -> bool:
    """Whether `_modelled` leaves two characters two words."""
    emissions = _emissions()
    begin, middle, _, alone = emissions.get(pair[0], _UNKNOWN)
    _, _, end, last = emissions.get(pair[1], _UNKNOWN)
    start_b, start_m, _, start_s = _FIRST
    together = max(start_b + begin + _BE + end, start_m + middle + _ME + end)
    return start_s + alone + _SS + last >= together


def _modelled(run: str) -> list[str]:
    """The likeliest words of a run of Han characters: Viterbi, with jieba's order of sums and of ties, without its tables."""
    emissions = _emissions()
    first = emissions.get(run[0], _UNKNOWN)
    b, m, e, s = (start + emission for start, emission in zip(_FIRST, first, strict=True))
    to_b, to_m, to_e, to_s = "B", "M", "E", "S"
    for character in run[1:]:
        begin, middle, end, alone = emissions.get(character, _UNKNOWN)
        from_e, from_s = e + _EB + begin, s + _SB + begin
        from_m, from_b = m + _MM + middle, b + _BM + middle
        next_b, path_b = (from_s, to_s) if from_s >= from_e else (from_e, to_e)
        next_m, path_m = (from_m, to_m) if from_m >= from_b else (from_b, to_b)
        from_s, from_e = s + _SS + alone, e + _ES + alone
        from_b, from_m = b + _BE + end, m + _ME + end
        s, path_s = (from_s, to_s) if from_s >= from_e else (from_e, to_e)
        e, path_e = (from_m, to_m) if from_m >= from_b else (from_b, to_b)
        b, m = next_b, next_m
        to_b, to_m, to_e, to_s = path_b + "B", path_m + "M", path_e + "E", path_s + "S"
    found, start = [], 0
    for at, state in enumerate(to_s if s >= e else to_e, 1):
        if state in "ES":
            found.append(run[start:at])
            start = at
    return found
