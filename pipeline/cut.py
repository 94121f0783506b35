"""Cut all texts of a large corpus into terms: corpus/documents-*.csv -> corpus/terms-*.npz, partitions.csv.

A text that was cut before is not cut again, whatever comes before it now; nor is anything after a run that was stopped.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np

from pipeline import clauses, engine, segmentation, store, tables
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.method import (
    Entry,
    SegmentSettings,
    Synonym,
    load_dictionary,
    load_settings,
    load_synonyms,
    load_word_list,
)
from pipeline.segmentation import Keeping, Segmenter
from pipeline.store import Cut, Ints
from pipeline.workers import streamed

_CACHE = Path(".cache") / "jieba"


@dataclass
class Cutter:
    """Cuts texts into measures and these into the terms that count, as in tokens.csv; sent to every process once."""

    entries: tuple[Entry, ...]
    stop_words: frozenset[str]
    synonyms: Mapping[str, Synonym]
    settings: SegmentSettings
    engine: str
    _known: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False)
    _segmenter: Segmenter | None = field(default=None, init=False, repr=False)

    def __call__(self, texts: Sequence[str]) -> Cut:
        if self._segmenter is None:  # in the process that cuts
            self._segmenter = Segmenter(self.entries, hmm=self.settings.hmm, cache=_CACHE, engine=self.engine)
        listed = frozenset(entry.term for entry in self.entries)
        keeping = Keeping(listed, self.stop_words, self.synonyms, self.settings)
        spans = [tuple(clauses.spans(text)) for text in texts]
        measures = [text[start:end] for text, own in zip(texts, spans, strict=True) for start, end in own]
        known, terms = self._known, []
        for surfaces in self._segmenter.words_of(measures):
            for surface in surfaces:
                if surface not in known:  # what a word becomes depends on the word alone
                    known[surface] = tuple(keeping.terms_of(surface, self._segmenter))
            terms.append([term for surface in surfaces for term in known[surface]])
        return store.of_lists(texts, spans, terms)

    @property
    def key(self) -> str:
        """Equal where every text is cut alike: lists, settings, code and jieba."""
        digest = hashlib.sha256()
        synonyms = sorted((written, one.term) for written, one in self.synonyms.items())
        entries = [(entry.term, entry.frequency, entry.tag) for entry in self.entries]
        chosen = (entries, sorted(self.stop_words), synonyms, astuple(self.settings), version("jieba"))
        digest.update(repr(chosen).encode())
        for module in (clauses, engine, segmentation, store):
            digest.update(Path(str(module.__file__)).read_bytes())
        return digest.hexdigest()[:16]


@dataclass(frozen=True)
class Earlier:
    """Texts that were cut before: their hashes in order, with the file and the place in it of each."""

    hashes: np.ndarray
    files: tuple[Path, ...]
    file: Ints
    place: Ints

    def found(self, hashes: np.ndarray) -> Ints:
        """For each text where its hash stands in ``hashes``; -1 where it was not cut before."""
        wanted = _sortable(hashes)
        if not len(self.hashes):
            return np.full(len(wanted), -1)
        at = np.minimum(np.searchsorted(self.hashes, wanted), len(self.hashes) - 1)
        return np.where(self.hashes[at] == wanted, at, -1)


def _sortable(hashes: np.ndarray) -> np.ndarray:
    """The hashes as byte strings, which numpy can sort and compare."""
    return np.ascontiguousarray(hashes).view("S16").reshape(-1)


def earlier(files: Sequence[Path]) -> Earlier:
    """What the files of earlier runs hold; one that is damaged holds nothing."""
    sound, parts = [], []
    for file in files:
        try:
            hashes = store.read_hashes(file)
        except InputError:
            continue
        sound.append(file)
        parts.append(hashes)
    of = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    place = np.concatenate([np.empty(0, dtype=np.int64), *(np.arange(len(part)) for part in parts)])
    hashes = _sortable(np.concatenate([np.empty((0, 16), dtype=np.uint8), *parts]))
    order = np.argsort(hashes, kind="stable")
    return Earlier(hashes[order], tuple(sound), of[order], place[order])


def assembled(hashes: np.ndarray, known: Ints, before: Earlier, cut: Cut) -> Cut:
    """The cut of a partition: texts that were cut before, as they were; the others, ``cut``, in their order."""
    pieces, rows = [cut], [np.flatnonzero(known < 0)]
    old = np.flatnonzero(known >= 0)
    files = before.file[known[old]]
    for file in np.unique(files):
        own = old[files == file]
        pieces.append(store.read(before.files[file]).take(before.place[known[own]]))
        rows.append(own)
    order = np.empty(len(hashes), dtype=np.int64)
    order[np.concatenate(rows)] = np.arange(len(hashes))
    return store.joined(pieces).take(order)


def _named(key: str, hashes: np.ndarray) -> str:
    """The name of the file for these texts, cut in this way."""
    return f"terms-{key}-{hashlib.blake2b(hashes.tobytes(), digest_size=12).hexdigest()}.npz"


def partitions_of(corpus: Path, count: int, cutter: Cutter) -> Iterator[dict[str, object]]:
    """Cut every partition that is not yet cut, and write its file at once; the rows of partitions.csv."""
    key = cutter.key
    before = earlier(sorted(corpus.glob(f"terms-{key}-*.npz")))
    waiting: deque[tuple[int, np.ndarray, Ints, int]] = deque()

    def tasks() -> Iterator[list[str]]:
        for number in range(count):
            documents = tables.read(corpus / f"documents-{number:05d}.csv", tables.DOCUMENTS)
            texts = documents["text"].tolist()
            hashes = store.hashes_of(texts)
            known = before.found(hashes)
            waiting.append((number, hashes, known, sum(map(len, texts))))
            yield [texts[at] for at in np.flatnonzero(known < 0)]

    for fresh in streamed(cutter, tasks(), title="分词 cut", total=count, unit="份 parts"):
        number, hashes, known, characters = waiting.popleft()
        path = corpus / _named(key, hashes)
        cut = assembled(hashes, known, before, fresh)
        if not path.exists() or len(fresh):
            store.write(cut, path)
        yield {
            "partition": number,
            "documents": len(cut),
            "measures": len(cut.start),
            "tokens": len(cut.terms),
            "characters": characters,
            "file": path.name,
        }


def main(
    scale_csv: Path,
    settings_toml: Path,
    user_dict_txt: Path,
    stop_words_txt: Path,
    synonyms_csv: Path,
    corpus: Path,
    partitions_csv: Path,
) -> None:
    scale = tables.read(scale_csv, tables.SCALE).set_index("metric")["value"]
    settings = load_settings(settings_toml).segment
    rows: list[dict[str, object]] = []
    if scale["large"]:
        cutter = Cutter(
            load_dictionary(user_dict_txt),
            load_word_list(stop_words_txt),
            load_synonyms(synonyms_csv),
            settings,
            settings.engine_for(int(scale["characters"])),
        )
        rows = list(partitions_of(corpus, int(scale["partitions"]), cutter))
        needed = {row["file"] for row in rows}
        for old in corpus.glob("terms-*.npz"):
            if old.name not in needed:
                old.unlink()
    tables.write((tables.from_rows(rows, tables.PARTITIONS), tables.PARTITIONS, partitions_csv))


if __name__ == "__main__":
    run(main)
