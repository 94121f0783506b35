"""Write the report on two runs: the tables of a comparison, measures, tokens and documents of both runs -> compare.html in both languages, compare.{zh,en}.md."""

from __future__ import annotations

from html import unescape
from pathlib import Path

from pipeline import tables
from pipeline.cli import run
from pipeline.method import load_glossary, load_settings
from pipeline.report import compared, font, html, markdown, wording
from pipeline.report.source import Tables
from pipeline.writing import write

_LANGUAGES = ("zh", "en")
_OF_A_RUN = (tables.MEASURES, tables.TOKENS, tables.DOCUMENTS, tables.SOURCES, tables.FILES, tables.SCALE)


def main(
    compared_folder: Path,
    a_folder: Path,
    b_folder: Path,
    settings_toml: Path,
    glossary_csv: Path,
    report_folder: Path,
) -> None:
    settings, glossary = load_settings(settings_toml), load_glossary(glossary_csv)
    found = Tables({table.name: tables.read(compared_folder / f"{table.name}.csv", table) for table in tables.COMPARED})
    runs = {
        side: Tables({table.name: tables.read(folder / f"{table.name}.csv", table) for table in _OF_A_RUN})
        for side, folder in (("A", a_folder), ("B", b_folder))
    }
    regions = found["compare_regions"]
    english = dict(zip(regions["region"], regions["region_en"], strict=True))
    words = {language: wording.load(language, glossary, english) for language in _LANGUAGES}
    documents = {language: compared.build(found, words[language], runs, settings) for language in _LANGUAGES}
    page = html.render([html.Edition(document, words[language]) for language, document in documents.items()])
    face = font.face(font.subset_woff2(unescape(page)))
    outputs: dict[Path, bytes] = {report_folder / "compare.html": html.sealed(page, face).encode()}
    for language, document in documents.items():
        outputs[report_folder / f"compare.{language}.md"] = markdown.render(document, words[language]).encode()
    write(outputs)


if __name__ == "__main__":
    run(main)
