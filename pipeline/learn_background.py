"""Learn a background from a corpus of paragraphs: JSON lines, CSV or text files -> method/background/NAME.npz."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from tqdm import tqdm

from pipeline.background import save
from pipeline.cli import run
from pipeline.errors import InputError
from pipeline.hashing import sha256
from pipeline.learning import learned
from pipeline.method import load_dictionary, load_settings, load_synonyms, load_word_list
from pipeline.readers import paragraphs
from pipeline.segmentation import Keeping, Segmenter

_CACHE = Path(".cache") / "jieba"
_FEWEST = 100  # paragraphs; with fewer a background knows less than the corpus itself


def documents_of(files: Iterable[Path]) -> Iterator[Sequence[str]]:
    """The paragraphs of every document of the files."""
    for file in files:
        for document in tqdm(paragraphs.documents(file), file.name, unit=" 文", leave=False, disable=None, delay=2):
            yield document.paragraphs


def main(
    source: Path,
    settings_toml: Path,
    user_dict_txt: Path,
    stop_words_txt: Path,
    synonyms_csv: Path,
    background_npz: Path,
) -> None:
    settings = load_settings(settings_toml)
    entries = load_dictionary(user_dict_txt)
    segmenter = Segmenter(entries, hmm=settings.segment.hmm, cache=_CACHE)
    keeping = Keeping(
        frozenset(entry.term for entry in entries),
        load_word_list(stop_words_txt),
        load_synonyms(synonyms_csv),
        settings.segment,
    )
    files = paragraphs.files_of(source)
    about = {
        "sources": [{"name": file.name, "sha256": sha256(file), "bytes": file.stat().st_size} for file in files],
        "word_lists": {file.name: sha256(file) for file in (user_dict_txt, stop_words_txt, synonyms_csv)},
        "jieba": version("jieba"),
    }
    found = learned(
        background_npz.stem,
        documents_of(files),
        lambda text: keeping.terms(text, segmenter),
        settings.background,
        about,
    )
    if found.paragraphs < _FEWEST:
        raise InputError(
            f"只有 {found.paragraphs} 个不少于 {settings.background.min_paragraph} 字的段落，至少需要 {_FEWEST} 个。请换更大的语料。",
            f"only {found.paragraphs} paragraphs of at least {settings.background.min_paragraph} characters; "
            f"{_FEWEST} are needed. Take a larger corpus.",
            file=source,
        )
    save(found, background_npz)
    told = found.about
    print(
        f"{background_npz}: {told['documents']} documents 文, {found.paragraphs} paragraphs 段 "
        f"({told['short_paragraphs']} short ones passed over 过短略去), {told['characters']} characters 字, "
        + ", ".join(f"{len(space.terms)} {text}" for text, space in found.spaces.items())
        + f", {background_npz.stat().st_size / 1e6:.2f} MB",
        file=sys.stderr,
    )


if __name__ == "__main__":
    run(main)
