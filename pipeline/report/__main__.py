"""Write the report: tables and figures -> report.{zh,en}.html, report.{zh,en}.md, report.zh.docx."""

from __future__ import annotations

import json
import os
from html import unescape
from pathlib import Path

from pipeline.cli import run
from pipeline.method import load_glossary, load_settings
from pipeline.report import font, html, markdown, sections, source, word, wording
from pipeline.report.document import Document, Figure

_OTHER = {"zh": "report.en.html", "en": "report.zh.html"}


def _figure_names(document: Document) -> list[str]:
    return [block.name for block in document.blocks if isinstance(block, Figure)]


def _write(outputs: dict[Path, bytes]) -> None:
    """All files or none."""
    parts = {path.with_name(path.name + ".part"): path for path in outputs}
    for part, path in parts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(outputs[path])
    for part, path in parts.items():
        os.replace(part, path)


def main(
    tables_folder: Path, settings_toml: Path, glossary_csv: Path, figures_folder: Path, report_folder: Path
) -> None:
    settings = load_settings(settings_toml)
    glossary = load_glossary(glossary_csv)
    data = json.loads((tables_folder / "provenance.json").read_text("utf-8"))
    tables = source.load(tables_folder)
    outputs: dict[Path, bytes] = {}
    pages: dict[str, str] = {}
    for language in ("zh", "en"):
        words = wording.load(language, glossary, tables.region_en)
        document = sections.build(tables, words, settings, data)
        figures = {name: (figures_folder / f"{name}.{language}.svg").read_bytes() for name in _figure_names(document)}
        pages[language] = html.render(document, words, figures, _OTHER[language])
        outputs[report_folder / f"report.{language}.md"] = markdown.render(document, words).encode()
        if language == "zh":
            outputs[report_folder / "report.zh.docx"] = word.render(document, words, figures_folder)
    woff = font.subset_woff(unescape("".join(pages.values())))
    for language, page in pages.items():
        outputs[report_folder / f"report.{language}.html"] = font.embedded(page, woff).encode()
    _write(outputs)


if __name__ == "__main__":
    run(main)
