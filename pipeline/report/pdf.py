"""Write the report as PDF: tables and figures -> report.{zh,en}.pdf."""

from __future__ import annotations

from pathlib import Path

from pipeline.cli import run
from pipeline.report import reading, typeset
from pipeline.writing import write


def main(
    tables_folder: Path,
    settings_toml: Path,
    glossary_csv: Path,
    calibration_csv: Path,
    figures_folder: Path,
    report_folder: Path,
) -> None:
    typeset.available()
    found = reading.read(tables_folder, settings_toml, glossary_csv, calibration_csv)
    write(
        {
            report_folder / f"report.{language}.pdf": typeset.render(
                found.document(language, brief=True), found.words[language], figures_folder
            )
            for language in reading.LANGUAGES
        }
    )


if __name__ == "__main__":
    run(main)
