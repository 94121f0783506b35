"""Two engines that cut texts into the same words: jieba, and a fast one that takes the paths from rjieba.

rjieba is jieba in Rust. Through the words of the dictionary it finds the path that jieba finds, once the totals of
the frequencies are equal: jieba counts a word that is listed again twice, rjieba once, and the total decides ties.
Three things it does otherwise. It rounds the hidden Markov model (常在就 becomes 常在 就), it cuts Latin letters and
digits by another rule (GPT-4o), and it takes more code points for Han characters. So pieces that the path leaves single
are divided here, by jieba's model and rules, and those code points stay away from rjieba.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import accumulate, compress
from typing import Protocol

import jieba
import numpy as np
from jieba import finalseg
from numpy.typing import NDArray

_HAN = "\u4e00-\u9fd5"  # what jieba takes for Han characters
_FIRST_HAN, _LAST_HAN = 0x4E00, 0x9FD5
_MARK, _END = "\x1f", "\x1e"  # between words and between texts; stand in no text that was cleaned
# Code points that may be Han characters to rjieba and are none to jieba, for which each is a word, as the end is.
_OTHER = re.compile(f"[^\0-\u33ff{_HAN}\ue000-\uf8ff\ufb00-\uffff]")
_LATIN = re.compile(r"([a-zA-Z0-9]+(?:\.\d+)?%?)")  # what jieba keeps whole between Han characters, and what is between
_KEEPS_MORE = re.compile(r"[.%]|[+#&_\-]{2}")  # only where this stands is that more than the path keeps whole
_IN_BLOCKS = np.array([bool(re.match(r"[a-zA-Z0-9+#&._%\-]", chr(code))) for code in range(128)] + [False])
_TOGETHER = (
    50_000  # characters cut at once: enough that numpy's calls cost little, few enough for the processor's cache
)
_NOWHERE = "\ue000\ue001"  # of the private area: a word that is in the total and in no text

Codes = NDArray[np.uint32]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]


class Engine(Protocol):
    """Cuts texts into words, punctuation included; the words of a text joined give it back."""

    def cut(self, texts: Iterable[str]) -> Iterator[list[str]]: ...


class Plain:
    """jieba itself."""

    def __init__(self, tokenizer: jieba.Tokenizer, *, hmm: bool) -> None:
        self._tokenizer, self._hmm = tokenizer, hmm

    def cut(self, texts: Iterable[str]) -> Iterator[list[str]]:
        return (list(self._tokenizer.cut(text, HMM=self._hmm)) for text in texts)


class Fast:
    """rjieba, with the words of jieba.

    ``tokenizer`` has the ``added`` words already.
    """

    def __init__(self, tokenizer: jieba.Tokenizer, added: Sequence[str], *, hmm: bool) -> None:
        import rjieba  # few corpora need it, and it loads a dictionary of its own

        self._frequency: Mapping[str, int] = tokenizer.FREQ
        self._rust = rjieba.Jieba()
        for word in added:
            self._rust.add_word(word, self._frequency[word], "n")
        # What jieba counts twice: added words that it listed, and lines that its own dictionary repeats.
        if twice := tokenizer.total - sum(tokenizer.FREQ.values()):
            self._rust.add_word(_NOWHERE, twice, "n")
        self._hmm = hmm
        self._plain = Plain(tokenizer, hmm=hmm)
        # The path would not say whether A B is one word or two where A alone is a word as well.
        self._letters = any(len(word) == 1 and word.isascii() for word in added)

    def cut(self, texts: Iterable[str]) -> Iterator[list[str]]:
        if self._letters:
            return self._plain.cut(texts)
        return self._divided(texts) if self._hmm else map(self._path, texts)

    def _path(self, text: str) -> list[str]:
        """The words without the model."""
        masked = _OTHER.sub(_END, text)
        path = self._rust.cut(masked, False)
        if masked == text:
            return path
        return [text[stop - len(word) : stop] for word, stop in zip(path, accumulate(map(len, path)), strict=True)]

    def _divided(self, texts: Iterable[str]) -> Iterator[list[str]]:
        """The words with the model, of many texts at once: a call to numpy costs as much for one run as for hundreds."""
        for batch in batches(texts):
            whole = "".join(text + _END for text in batch)
            if _MARK in whole or whole.count(_END) > len(batch):
                yield from self._plain.cut(batch)
                continue
            codes = _codes(whole)
            begins = self._begins(whole, codes)
            ends = np.flatnonzero(codes == ord(_END))  # no marks there: they stand only between words
            begins[ends] = begins[ends + 1] = begins[0] = False
            marked = np.full(len(codes) + np.count_nonzero(begins), ord(_MARK), dtype=codes.dtype)
            marked[np.arange(len(codes)) + np.cumsum(begins[:-1])] = codes
            for text in marked.tobytes().decode("utf-32-le").split(_END)[:-1]:
                yield text.split(_MARK) if text else []

    def _begins(self, whole: str, codes: Codes) -> Flags:
        """For each character whether a word begins with it; one more for the end."""
        path = self._rust.cut(_OTHER.sub(_END, whole), False)
        # The words are joined, not measured one by one: numpy finds the marks sooner than Python the lengths.
        marks = np.flatnonzero(_codes(_MARK + _MARK.join(path) + _MARK) == ord(_MARK))
        starts = marks - np.arange(len(marks))
        begins = np.zeros(len(whole) + 1, dtype=bool)
        begins[starts] = True
        # Single are pieces of one Han character, letters, digits and signs; what follows is about two or more of them.
        first, alone = codes[starts[:-1]], np.diff(starts) == 1
        latin = _IN_BLOCKS[np.minimum(first, 128)]
        for at in np.flatnonzero(latin & ~alone).tolist():  # letters and digits come joined, and are single if no word
            latin[at] = not self._frequency.get(path[at])
        loose = latin | (alone & (first >= _FIRST_HAN) & (first <= _LAST_HAN))
        for start, stop in _pairs(starts[_runs(loose & latin)]):
            part = whole[start:stop]
            if _KEEPS_MORE.search(part):
                words = filter(None, _LATIN.split(part))
                begins[start:stop] = False
                begins[list(accumulate(map(len, words), initial=start))] = True
        _model(codes, starts[_runs(loose & ~latin)], begins)
        # Where the run as a whole is a listed word, jieba asks no model: its characters stay single.
        changed = np.concatenate([[0], np.cumsum(~(alone & begins[starts[:-1]]))])
        runs = _runs(loose)
        doubtful = starts[runs[changed[runs[:, 0]] < changed[runs[:, 1]]]]
        listed = map(self._frequency.get, (whole[start:stop] for start, stop in _pairs(doubtful)))
        for start, stop in compress(_pairs(doubtful), listed):
            begins[start:stop] = True
        return begins


def _codes(text: str) -> Codes:
    return np.frombuffer(text.encode("utf-32-le"), dtype="<u4")


def batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """The texts in order, as many at a time as are cut at once."""
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text) + 1
        if size >= _TOGETHER:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _pairs(runs: Places) -> Iterator[tuple[int, int]]:
    return zip(*runs.T.tolist(), strict=True)


def _runs(wanted: Flags) -> Places:
    """Where runs of two or more begin and end."""
    edges = np.flatnonzero(np.diff(wanted, prepend=False, append=False)).reshape(-1, 2)
    return edges[edges[:, 1] - edges[:, 0] > 1]


_STATES = "BMES"
_B, _, _E, _S = range(4)
_FROM = np.array([[2, 0, 0, 2], [3, 1, 1, 3]])  # whence each state comes; of two as likely jieba takes the later letter
_TO = np.array(
    [[[finalseg.trans_P[_STATES[one]][to]] for one, to in zip(ones, _STATES, strict=True)] for ones in _FROM]
)
_START = np.array([[finalseg.start_P[state]] for state in _STATES])


@cache
def _emissions() -> NDArray[np.float64]:
    """The log probabilities of jieba's model for each Han character: rows for the states B, M, E, S."""
    table = np.full((4, _LAST_HAN - _FIRST_HAN + 1), finalseg.MIN_FLOAT)
    for row, state in zip(table, _STATES, strict=True):
        for character, value in finalseg.emit_P[state].items():
            if _FIRST_HAN <= ord(character) <= _LAST_HAN:
                row[ord(character) - _FIRST_HAN] = value
    return table


def _model(codes: Codes, runs: Places, begins: Flags) -> None:
    """Sets where words begin in runs of Han characters: Viterbi for all at once, with jieba's order of sums and of ties."""
    lengths = runs[:, 1] - runs[:, 0]
    longest_first = np.argsort(-lengths, kind="stable")
    at, lengths = runs[longest_first, 0], lengths[longest_first]
    emissions = _emissions()
    score = _START + emissions[:, codes[at] - _FIRST_HAN]
    second: list[Flags] = []  # for each step and state of the runs that go on: which of the two it came from
    for step in range(1, lengths.max(initial=0)):
        more = int(np.searchsorted(-lengths, -step))
        one, other = score[:, :more][_FROM] + _TO + emissions[:, codes[at[:more] + step] - _FIRST_HAN]
        second.append(other >= one)
        score[:, :more] = np.maximum(one, other)
    state = np.where(score[_S] >= score[_E], _S, _E)
    for step in range(len(second), 0, -1):
        more = second[step - 1].shape[1]
        now = state[:more]
        begins[at[:more] + step] = (now == _B) | (now == _S)
        state[:more] = _FROM[second[step - 1][now, np.arange(more)].astype(np.intp), now]
