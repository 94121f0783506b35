"""The texts of `make bench`: made up, or those of a file of one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks.made_up import SEED, Text, long, short
from pipeline.readers.paragraphs import documents, files_of

_LONG = 5_000  # characters from which a document of one's own is a long text


class TooFewError(Exception):
    """The corpus has fewer texts than a part needs."""


@dataclass(frozen=True)
class Corpus:
    """``source``: where the texts come from, for the page. ``taken`` gives the first so many of a kind."""

    source: str
    taken: Callable[[str, int], list[Text]]


def made_up() -> Corpus:
    makers = {"short": short, "long": long}
    return Corpus(
        "made up of words drawn as often as jieba's dictionary has them, in clauses of policy papers, with "
        f"hidden themes (`benchmarks/made_up.py`, seed {SEED})",
        lambda kind, count: list(islice(makers[kind](), count)),
    )


def own(path: Path) -> Corpus:
    """Its paragraphs are the short texts, its documents of some length the long ones; each is a unit."""
    found = [document for file in files_of(path) for document in documents(file)]
    paragraphs = [paragraph for document in found for paragraph in document.paragraphs]
    whole = ["\n".join(document.paragraphs) for document in found]
    texts = {"short": paragraphs, "long": [text for text in whole if len(text) >= _LONG]}

    def taken(kind: str, count: int) -> list[Text]:
        if count > len(texts[kind]):
            raise TooFewError(f"the corpus has only {len(texts[kind]):,} {kind} texts, not {count:,}")
        return [Text(f"文本{at:06d}", -1, text) for at, text in enumerate(texts[kind][:count], 1)]

    told = ", ".join(f"{len(each):,} {kind}" for kind, each in texts.items())
    return Corpus(f"`{path.name}` ({told})", taken)
