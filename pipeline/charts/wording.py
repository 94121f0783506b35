"""What the figures say: strings, glossary and region names in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from pipeline.charts import style
from pipeline.method import Settings, load_glossary, load_settings, read_text

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Wording:
    """What a figure says in one language."""

    language: str
    strings: Mapping[str, str]
    glossary: Mapping[str, str]
    regions: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """The string of ``strings.LANGUAGE.toml``, its {places} filled."""
        return self.strings[key].format(**values)

    def region(self, name: str) -> str:
        """The region's name; as in the table where no other is known."""
        return self.regions.get(name, name)

    def gloss(self, term: str) -> str:
        """English gloss of a term; empty in Chinese figures and where the glossary has none."""
        return self.glossary.get(term, "")


def wordings_of(
    strings: Mapping[str, Mapping[str, str]], glossary: Mapping[str, str], documents: pd.DataFrame | None = None
) -> tuple[Wording, ...]:
    """One `Wording` per language; region names come from the documents."""
    names = {} if documents is None else dict(zip(documents["region"], documents["region_en"], strict=True))
    return tuple(
        Wording(language, strings[language], *((glossary, names) if language == "en" else ({}, {})))
        for language in LANGUAGES
    )


def theme_names(codebook: pd.DataFrame, wording: Wording) -> dict[str, str]:
    """Theme -> its name, the themes that most measures carry first; ties as in the codebook."""
    ordered = codebook.sort_values("measures", ascending=False, kind="stable")
    return dict(zip(ordered["theme"], ordered[wording.language], strict=True))


def load_wordings(
    strings_zh: Path, strings_en: Path, glossary_csv: Path, documents: pd.DataFrame | None = None
) -> tuple[Wording, ...]:
    """`wordings_of` the files."""
    strings = {
        language: tomllib.loads(read_text(path))
        for language, path in zip(LANGUAGES, (strings_zh, strings_en), strict=True)
    }
    return wordings_of(strings, load_glossary(glossary_csv), documents)


def publish(
    draw: Callable[[Wording, Settings], Figure], look: Sequence[Path], documents: pd.DataFrame | None = None
) -> None:
    """Draw in every language and write the files.

    ``look``: settings, glossary, style, strings in Chinese and in English, and
    the folder and name of the figure, as the Makefile hands them to every figure.
    """
    settings_toml, glossary_csv, mplstyle, strings_zh, strings_en, stem = look
    settings = load_settings(settings_toml)
    wordings = load_wordings(strings_zh, strings_en, glossary_csv, documents)
    style.publish(lambda wording: draw(wording, settings), wordings, mplstyle=mplstyle, stem=stem)
