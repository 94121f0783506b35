"""What the figures say: strings, glossary and region names in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from unicodedata import east_asian_width

import pandas as pd
from matplotlib.figure import Figure

from pipeline.charts import style
from pipeline.charts.behind import Behind
from pipeline.charts.sheets import DOUBLE, Sheet, sweep
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


def _ems(name: str) -> float:
    """Width in Han characters; other letters count half."""
    return sum(1.0 if east_asian_width(character) in "WF" else 0.5 for character in name)


def _cut(name: str, most: float) -> str:
    """The beginning of the name, at most so wide."""
    while _ems(name) > most:
        name = name[:-1]
    return name


def _alike(names: Sequence[str]) -> int:
    """How many characters all of the names begin with."""
    return next((at for at, own in enumerate(zip(*names, strict=False)) if len(set(own)) > 1), min(map(len, names)))


def shortened(names: Iterable[str], most: int) -> dict[str, str]:
    """Every name on one line and at most about ``most`` wide, no two alike.

    A long one keeps its beginning and its end; of several that are then alike
    each keeps the place from which on it differs from the others.
    """
    lines = {name: " ".join(name.split()) for name in dict.fromkeys(names)}
    found = {name: line for name, line in lines.items() if _ems(line) <= most}
    alike: dict[str, list[str]] = {}
    for name, line in lines.items():
        if name not in found:
            end = _cut(line[::-1], 0.4 * most)[::-1]
            alike.setdefault(f"{_cut(line, 0.6 * most - 1)}…{end}", []).append(name)
    taken = set(found.values())
    for short, own in alike.items():
        differs = max(0, _alike([lines[name] for name in own]) - 1)
        for name in own:
            rest = lines[name][differs:]
            told = short if len(own) == 1 else f"{_cut(lines[name], 0.3 * most)}…{_cut(rest, 0.7 * most - 2)}"
            told += "…" if len(own) > 1 and not lines[name].endswith(told[-1:]) else ""
            number, base = 1, told
            while told in taken:
                number += 1
                told = f"{base}{number}"
            taken.add(told)
            found[name] = told
    return found


def wordings_of(
    strings: Mapping[str, Mapping[str, str]],
    glossary: Mapping[str, str],
    documents: pd.DataFrame | None = None,
    *,
    name_width: int = 100,
) -> tuple[Wording, ...]:
    """One `Wording` per language; region names come from the documents, long ones shortened."""
    if documents is None:
        return tuple(
            Wording(language, strings[language], glossary if language == "en" else {}, {}) for language in LANGUAGES
        )
    own, english = documents["region"].tolist(), documents["region_en"].tolist()
    short = {"zh": shortened(own, name_width), "en": shortened(english, name_width)}
    return (
        Wording("zh", strings["zh"], {}, short["zh"]),
        Wording("en", strings["en"], glossary, {a: short["en"][b] for a, b in zip(own, english, strict=True)}),
    )


def theme_names(codebook: pd.DataFrame, wording: Wording) -> dict[str, str]:
    """Theme -> its name, the themes that most measures carry first; ties as in the codebook."""
    ordered = codebook.sort_values("measures", ascending=False, kind="stable")
    names = (" ".join(str(name).split()) for name in ordered[wording.language])
    return dict(zip(ordered["theme"], names, strict=True))


def load_wordings(
    strings_zh: Path,
    strings_en: Path,
    glossary_csv: Path,
    documents: pd.DataFrame | None = None,
    *,
    name_width: int = 100,
) -> tuple[Wording, ...]:
    """`wordings_of` the files."""
    strings = {
        language: tomllib.loads(read_text(path))
        for language, path in zip(LANGUAGES, (strings_zh, strings_en), strict=True)
    }
    return wordings_of(strings, load_glossary(glossary_csv), documents, name_width=name_width)


Draw = Callable[[Wording, Settings, Sheet], Figure]
Numbers = Callable[[Settings], Behind]


class Publish(Protocol):
    """What a figure hands over: how it is drawn, the numbers behind it, and where to; as for `publish`."""

    def __call__(
        self, draw: Draw, numbers: Numbers, look: Sequence[Path], documents: pd.DataFrame | None = None
    ) -> None: ...


def publish(draw: Draw, numbers: Numbers, look: Sequence[Path], documents: pd.DataFrame | None = None) -> None:
    """Draw in every language, as wide as a page, and write the files of the report.

    What `pipeline.charts.slides` made of the figure as it was is taken away.

    ``look``: settings, glossary, style, strings in Chinese and in English, the folder and
    name of the figure on the page of the report, and those of the figure's own files, as
    the Makefile hands them to every figure; a figure of no report has own files only.
    """
    settings_toml, glossary_csv, mplstyle, strings_zh, strings_en, *page, stem = look
    settings = load_settings(settings_toml)
    wordings = load_wordings(strings_zh, strings_en, glossary_csv, documents, name_width=settings.charts.name_width)
    style.publish(
        lambda wording: draw(wording, settings, DOUBLE),
        wordings,
        mplstyle=mplstyle,
        stem=stem,
        page=page[0] if page else None,
    )
    sweep(stem, LANGUAGES)


def withdraw(look: Sequence[Path]) -> None:
    """Remove the files of a figure that there is nothing to draw for; ``look`` as for `publish`."""
    style.withdraw(LANGUAGES, *look[5:])
    sweep(look[-1], LANGUAGES)
