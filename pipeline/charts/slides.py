"""Draw the figures for papers and slides, side by side: NAME.todo files -> PDF, one-column SVG, PNG and PDF, the numbers as CSV; index.csv."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path

import pandas as pd
from matplotlib import rc_context
from matplotlib.figure import Figure

from pipeline import tables
from pipeline.charts import marks, style
from pipeline.charts.__main__ import FIGURES, LOOK, arguments_of, draw_all
from pipeline.charts.behind import with_english
from pipeline.charts.sheets import SHEETS, SINGLE, kinds_of, set_of
from pipeline.charts.wording import LANGUAGES, Draw, Numbers, load_wordings
from pipeline.cli import run
from pipeline.method import load_settings, read_text
from pipeline.tables import Column, Table
from pipeline.writing import replacing

INDEX = Table(
    "index",
    "one file of a figure",
    ("file",),
    (
        Column("file", "text", "name of the file"),
        Column("figure", "text", "what all files of the figure begin with"),
        Column("language", "text", "zh or en; empty for the numbers", optional=True),
        Column(
            "columns", "int", "of a journal page that the figure takes: 1 or 2; empty for the numbers", optional=True
        ),
        Column("shows_zh", "text", "what the figure shows, in Chinese"),
        Column("shows_en", "text", "the same in English"),
        Column("tables", "text", "tables that the numbers come from"),
    ),
)
_NO_METADATA: dict[str, None] = {"CreationDate": None, "Creator": None, "Producer": None}


def _without_links(figure: Figure) -> None:
    """Links lead to places on the page of the report: a file of its own has none."""
    for artist in figure.findobj():
        artist.set_url(None)
        if hasattr(artist, "set_urls"):
            artist.set_urls([None])


def _write_pdf(figure: Figure, path: Path) -> None:
    with rc_context({"pdf.fonttype": 42}):  # letters stay letters: a reader can search and copy them
        figure.savefig(path, format="pdf", metadata=_NO_METADATA)


_WRITERS = {".svg": style.write_svg, ".png": style.write_png, ".pdf": _write_pdf}


def publish_set(draw: Draw, numbers: Numbers, look: Sequence[Path], documents: pd.DataFrame | None = None) -> None:
    """Write what a figure has beyond the files of the report. Arguments as for `pipeline.charts.wording.publish`.

    The numbers come last: where they are, the set is whole.
    """
    settings_toml, glossary_csv, mplstyle, strings_zh, strings_en, *_, stem = look
    settings = load_settings(settings_toml)
    wordings = load_wordings(strings_zh, strings_en, glossary_csv, documents, name_width=settings.charts.name_width)
    *paths, numbers_csv = set_of(stem, LANGUAGES)
    with replacing(*paths) as parts:
        todo = iter(zip(paths, parts, strict=True))
        for sheet in SHEETS:
            for wording in wordings:
                with style.drawing(mplstyle, stem):
                    figure = draw(wording, settings, sheet)
                    marks.taken(figure)  # what they say is for the page
                    _without_links(figure)
                    for path, part in islice(todo, len(kinds_of(sheet))):
                        _WRITERS[path.suffix](figure, part)
    shown = with_english(numbers(settings), documents)
    tables.write((shown.frame, shown.table, numbers_csv))


def _set_drawn(todo: Path) -> None:
    FIGURES[todo.stem](*arguments_of(todo), publish=publish_set)


def index_of(
    shown: Mapping[str, Sequence[Path]], files: Sequence[str], strings: Mapping[str, Mapping[str, str]]
) -> pd.DataFrame:
    """A row for each of the files that belongs to a figure. ``shown``: figure -> the tables that it is drawn from."""
    rows = []
    for figure, given in shown.items():
        told = {f"shows_{own}": strings[own][f"shows_{figure}"] for own in LANGUAGES}
        sources = ";".join(path.name for path in given)
        for file in sorted(files):
            name, *parts = file.split(".")
            if name == figure:
                language = parts[-2] if len(parts) > 1 else ""
                columns = pd.NA if not language else 1 if SINGLE.name in parts else 2
                rows.append(
                    {
                        "file": file,
                        "figure": figure,
                        "language": language,
                        "columns": columns,
                        **told,
                        "tables": sources,
                    }
                )
    return tables.from_rows(rows, INDEX)


def main(*todo: Path) -> None:
    given = {note.stem: arguments_of(note) for note in todo}
    missing = [note for note in todo if not all(path.exists() for path in set_of(given[note.stem][-1], LANGUAGES))]
    draw_all(missing, _set_drawn)
    look = given[todo[0].stem][-LOOK:]
    folder = look[-1].parent
    strings = {own: tomllib.loads(read_text(path)) for own, path in zip(LANGUAGES, look[3:5], strict=True)}
    shown = {name: [path for path in paths[:-LOOK] if path.suffix == ".csv"] for name, paths in sorted(given.items())}
    files = [path.name for path in folder.iterdir()]
    tables.write((index_of(shown, files, strings), INDEX, folder / "index.csv"))


if __name__ == "__main__":
    run(main)
