"""Measures cut into words, weighed and compared by the code of the stages, without a file being written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from pipeline.method import Entry, Settings, load_synonyms, load_word_list


def here_or_above(path: str | Path) -> Path:
    """A relative path from here or from a folder above, so that a notebook finds it from its own folder, too."""
    bases = [base / path for base in (Path(), *Path.cwd().parents)]
    return next((base for base in bases if base.exists()), bases[0])


def tokens_of(
    measures: pd.DataFrame, entries: Sequence[Entry], of_method: Callable[[str], Path], settings: Settings
) -> pd.DataFrame:
    """The kept words, as in tokens.csv. ``of_method``: where a word list of that name lies."""
    from pipeline.segment import cut
    from pipeline.segmentation import Segmenter

    tokens, _ = cut(
        measures,
        Segmenter(
            entries,
            hmm=settings.segment.hmm,
            cache=here_or_above("method/settings.toml").parent.parent / ".cache" / "jieba",
        ),
        entries=entries,
        stop_words=load_word_list(of_method("stop_words.txt")),
        generic=load_word_list(of_method("generic_words.txt")),
        synonyms=load_synonyms(of_method("synonyms.csv")),
        settings=settings.segment,
    )
    return tokens


def likeness_of(tokens: pd.DataFrame, measures: pd.DataFrame, settings: Settings) -> dict[str, pd.DataFrame]:
    """keywords, similarity and similarity_terms of these words."""
    from pipeline.characters import character_similarity_of
    from pipeline.keywords import keywords_of
    from pipeline.similarity import similarity_of

    keywords = keywords_of(tokens, measures, settings.keywords, settings.resampling)
    characters = character_similarity_of(measures)
    similarity, terms, _ = similarity_of(keywords, characters, exclude_generic=settings.keywords.exclude_generic)
    return {"keywords": keywords, "similarity": similarity, "similarity_terms": terms}
