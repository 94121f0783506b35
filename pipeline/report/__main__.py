"""Write the report: tables and figures -> report.html in both languages, report.{zh,en}.md, report.{zh,en}.docx."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from functools import partial
from html import unescape
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

from pipeline.cli import run
from pipeline.report import explorer, font, html, markdown, reading, word
from pipeline.report.document import Document, Figure
from pipeline.workers import end_with
from pipeline.writing import write


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
    found = reading.read(tables_folder, settings_toml, glossary_csv, calibration_csv)
    words = found.words
    documents = {language: found.document(language) for language in reading.LANGUAGES}
    editions = [
        html.Edition(document, words[language], _figures(document, page_figures_folder))
        for language, document in documents.items()
    ]
    explored = explorer.of(found.tables, words, found.settings, documents["zh"])
    page = html.render(editions, explored)

    def written(language: str) -> bytes:
        return word.render(found.document(language, brief=True), words[language], figures_folder)

    # The Word files take as long as the font: forked processes, which share the tables, write them meanwhile.
    docx = {language: _forked(partial(written, language)) for language in reading.LANGUAGES}
    face = font.face(font.subset_woff2(unescape(page) + "".join(explored.characters)))
    outputs = {report_folder / "report.html": html.sealed(page, face).encode()}
    outputs |= {report_folder / f"report.{language}.docx": result() for language, result in docx.items()}
    for language, document in documents.items():
        outputs[report_folder / f"report.{language}.md"] = markdown.render(document, words[language]).encode()
    write(outputs)


if __name__ == "__main__":
    run(main)
