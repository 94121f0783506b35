"""Where a text falls into measures (举措), and what a measure begins with."""

from __future__ import annotations

import re
from collections.abc import Iterator

ENDS = "。！？；!?;\n"
_SENTENCE_ENDS = "。！？!?"
_QUOTE_ENDS = "”’」』"
_CARRIES_ON = tuple("，、：,:；;")
_PAIRS = {
    "“": "”",
    "‘": "’",
    "（": "）",
    "(": ")",
    "《": "》",
    "【": "】",
    "「": "」",
    "『": "』",
    "〔": "〕",
    "[": "]",
}
_CLOSERS = frozenset(_PAIRS.values())
_MARKS = re.compile(f"[{re.escape(''.join([*_PAIRS, *_CLOSERS]))}]")
_END = re.compile(f"[{re.escape(ENDS)}]")


def nesting(text: str) -> list[int]:
    """For each character, how many pairs of quotation marks or brackets it stands in, the marks themselves included.

    Only pairs closed before the line ends count: an opening mark without its
    closing one protects nothing, so that one slip does not swallow the rest.
    """
    depth = [0] * len(text)
    stack: list[tuple[str, int]] = []
    for at, character in enumerate(text):
        if character == "\n":
            stack.clear()
        elif character in _PAIRS:
            stack.append((_PAIRS[character], at))
        elif character in _CLOSERS and any(closer == character for closer, _ in stack):
            while stack[-1][0] != character:
                stack.pop()
            _, start = stack.pop()
            for place in range(start, at + 1):
                depth[place] += 1
    return depth


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of the measures: from sentence end or semicolon to the next, outside quotes and brackets, blanks trimmed.

    A sentence end just inside a closing quotation mark (…。”) ends the measure
    after the mark, unless a comma or the like carries the sentence on.
    """
    start = 0
    if not _MARKS.search(text):  # most short texts: nothing to look into, at a fifth of the time
        for end in _END.finditer(text):
            yield from _trimmed(text, start, end.start())
            start = end.end()
        yield from _trimmed(text, start, len(text))
        return
    depth = nesting(text)
    for at, character in enumerate(text):
        following = text[at + 1 : at + 2]
        quoted_end = depth[at] == 1 and character in _QUOTE_ENDS and text[at - 1] in _SENTENCE_ENDS
        if quoted_end and following not in _CARRIES_ON and nesting(text[: at + 1])[at]:
            yield from _trimmed(text, start, at + 1)
            start = at + 1
        elif character in ENDS and depth[at] == 0:
            yield from _trimmed(text, start, at)
            start = at + 1
    yield from _trimmed(text, start, len(text))


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if any(character.isalnum() for character in text[start:end]):
        yield start, end


def headline(text: str, longest: int) -> str:
    """The leading phrase of a measure, up to the first comma or colon outside quotes and brackets."""
    depth = nesting(text)
    stop = next((at for at, character in enumerate(text) if character in "，：,:" and depth[at] == 0), len(text))
    return text[: min(stop, longest)] if stop else text[:longest]
