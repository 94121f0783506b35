"""What every format of the report is made from: the tables of a run, the words of both languages, the settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.hashing import read_json
from pipeline.method import Settings, load_glossary, load_settings
from pipeline.report import sections, source, wording
from pipeline.report.document import Document
from pipeline.report.source import Tables
from pipeline.report.wording import Wording

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Run:
    """A run of the pipeline, read."""

    tables: Tables
    words: Mapping[str, Wording]
    settings: Settings
    provenance: Mapping[str, Any]

    def document(self, language: str, *, brief: bool = False) -> Document:
        """The report in zh or en; ``brief``: as a format with pages shows it."""
        return sections.build(self.tables, self.words[language], self.settings, self.provenance, brief=brief)


def read(tables_folder: Path, settings_toml: Path, glossary_csv: Path, calibration_csv: Path) -> Run:
    """Read what the report is made from."""
    settings, glossary = load_settings(settings_toml), load_glossary(glossary_csv)
    data = read_json(
        tables_folder / "provenance.json", "pipeline", "raw", "method", "code", "locks", "packages", "findings", "run"
    )
    tables = source.load(tables_folder, calibration_csv)
    words = {language: wording.load(language, glossary, tables.region_en) for language in LANGUAGES}
    return Run(tables, words, settings, data)
