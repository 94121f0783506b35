"""Write the report: tables and figures -> report.html in both languages, report.{zh,en}.md, report.zh.docx."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from html import unescape
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from pipeline.cli import run
from pipeline.hashing import read_json
from pipeline.method import load_glossary, load_settings
from pipeline.report import explorer, font, html, markdown, sections, source, word, wording
from pipeline.report.document import Document, Figure
from pipeline.workers import end_with
from pipeline.writing import write

_LANGUAGES = ("zh", "en")


def _figures(document: Document, folder: Path) -> dict[str, bytes]:
    """SVG of every figure of the document as the page shows it, by name."""
    names = [block.name for block in document.blocks if isinstance(block, Figure)]
    return {name: (folder / f"{name}.{document.language}.svg").read_bytes() for name in names}


def _send(work: Callable[[], bytes], sender: Connection, parent: int) -> None:
    """Send what ``work`` returns, or what the machine refused it."""
    end_with(parent)
    try:
        sender.send(work())
    except (OSError, MemoryError) as error:
        sender.send(error)


def _forked(work: Callable[[], bytes]) -> Callable[[], bytes]:
    """Start ``work`` in a forked process; calling the result waits for what it returns."""
    context = get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    # A daemon ends with this process, also when this process fails before it asks for the result.
    process = context.Process(target=_send, args=(work, sender, os.getpid()), daemon=True)
    process.start()
    sender.close()

    def result() -> bytes:
        try:
            written = receiver.recv()
        except EOFError:
            raise BrokenExecutor("the process that writes the Word file was ended") from None
        process.join()
        if isinstance(written, BaseException):
            raise written
        return written

    return result


def main(
    tables_folder: Path,
    settings_toml: Path,
    glossary_csv: Path,
    calibration_csv: Path,
    page_figures_folder: Path,
    figures_folder: Path,
    report_folder: Path,
) -> None:
    settings = load_settings(settings_toml)
    glossary = load_glossary(glossary_csv)
    data = read_json(
        tables_folder / "provenance.json", "pipeline", "raw", "method", "code", "locks", "packages", "findings", "run"
    )
    tables = source.load(tables_folder, calibration_csv)
    words = {language: wording.load(language, glossary, tables.region_en) for language in _LANGUAGES}
    documents = {language: sections.build(tables, words[language], settings, data) for language in _LANGUAGES}
    editions = [
        html.Edition(document, words[language], _figures(document, page_figures_folder))
        for language, document in documents.items()
    ]
    explored = explorer.of(tables, words, settings, documents["zh"])
    page = html.render(editions, explored)
    # The Word file takes as long as the font: a forked process, which shares the document, writes it meanwhile.
    docx = _forked(
        lambda: word.render(
            sections.build(tables, words["zh"], settings, data, brief=True), words["zh"], figures_folder
        )
    )
    face = font.face(font.subset_woff(unescape(page) + "".join(explored.characters)))
    outputs = {
        report_folder / "report.zh.docx": docx(),
        report_folder / "report.html": html.sealed(page, face).encode(),
    }
    for language, document in documents.items():
        outputs[report_folder / f"report.{language}.md"] = markdown.render(document, words[language]).encode()
    write(outputs)


if __name__ == "__main__":
    run(main)
