"""What the report says of reading: what was taken out of which file, and which files were not read."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

from pipeline import tables
from pipeline.method import Settings
from pipeline.reading_notes import SKIPPED
from pipeline.report.document import Paragraph
from pipeline.report.sections import audit
from pipeline.report.source import Tables
from tests.conftest import Corpus
from tests.test_hedges import LANGUAGES, text_of, worded

Run = tuple[str, int, str, str]  # file, row, characters, reason


def said(corpus: Corpus, settings: Settings, language: str, runs: Sequence[Run], skipped: Sequence[str] = ()) -> str:
    """The paragraph on reading, of three files and those that were not read."""
    frames: dict[str, pd.DataFrame] = {table.name: frame for frame, table in corpus.with_contracts()}
    frames["cleaning"] = tables.from_rows(
        (
            {"run": number, "doc_id": "", "file": f"data/raw/c/{file}", "kind": "row", "part": "1", "line": line,
             "start": 0, "end": len(removed), "removed": removed, "replacement": "", "reason": reason}
            for number, (file, line, removed, reason) in enumerate(runs, 1)
        ),
        tables.CLEANING,
    )  # fmt: skip
    names = [("山东.docx", ""), ("浙江.docx", ""), *((f"{number}.jpg", why) for number, why in enumerate(skipped, 1))]
    frames["files"] = tables.from_rows(
        (
            {"file": f"data/raw/c/{name}", "bytes": 1, "sha256": "", "encoding": "", "columns": "", "documents": 1,
             "skipped": why}
            for name, why in names
        ),
        tables.FILES,
    )  # fmt: skip
    t = Tables(frames)
    blocks = audit.section(t, worded(language, t), settings)
    return text_of([next(block for block in blocks if isinstance(block, Paragraph) and block.kind != "note")])


@pytest.mark.parametrize(
    ("language", "none"), [("zh", "没有从原文删去或替换文字"), ("en", "removed and replaced nothing")]
)
def test_where_nothing_was_taken_out_the_report_says_so(
    corpus: Corpus, settings: Settings, language: str, none: str
) -> None:
    text = said(corpus, settings, language, [("山东.docx", 1, "\\t", "structure")])
    assert none in text
    assert "：。" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_several_files_each_run_names_its_own_and_a_long_one_is_cut(
    corpus: Corpus, settings: Settings, language: str
) -> None:
    text = said(
        corpus, settings, language, [("山东.docx", 3, "注", "row of one cell"), ("浙江.docx", 4, "长" * 99, "title")]
    )
    assert "山东.docx " in text
    assert "浙江.docx " in text
    assert "长" * 59 + "…" in text
    assert "长" * 60 not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_files_that_were_not_read_are_named_with_the_reason_and_counted(
    corpus: Corpus, settings: Settings, language: str
) -> None:
    text = said(corpus, settings, language, [], ["unknown ending", "lock file"])
    assert "1.jpg" in text
    assert {"zh": "2.jpg（编辑软件的临时文件）", "en": "2.jpg (lock file)"}[language] in text
    many = said(corpus, settings, language, [], ["hidden file"] * 13)
    assert "12.jpg" in many
    assert "13.jpg" not in many
    assert "13 项" in many or "13 in all" in many
    assert "jpg" not in said(corpus, settings, language, [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_for_not_reading_a_file_has_a_name(corpus: Corpus, language: str) -> None:
    t = Tables({table.name: frame for frame, table in corpus.with_contracts()})
    named = worded(language, t).texts["audit"]["skipped_reasons"]
    assert set(named) == set(SKIPPED)
    if language == "zh":
        assert named == SKIPPED
