"""Describe every table for its reader, as the contracts have it: pipeline/contracts/ -> docs/tables.md."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from pipeline.cli import run
from pipeline.contracts import background, certainty, compare, comparison, groups, scale, shared, texts, themes
from pipeline.contracts.columns import Table
from pipeline.tables import ALL, APART
from pipeline.writing import write

# Subjects, each with the module of contracts that has its tables; before a module stand those whose tables it borrows.
SUBJECTS: tuple[tuple[str, ModuleType], ...] = (
    ("Texts: documents, measures, words 文本、举措与词", texts),
    ("Keywords and similarity 关键词与相似度", comparison),
    ("What several documents share 共有的文字", shared),
    ("How sure 有多大把握", certainty),
    ("Groups 分组", groups),
    ("Themes and coders 主题与编码者", themes),
    ("Through a background 借助背景", background),
    ("Large corpora 大语料", scale),
    ("Two runs 两次运行", compare),
)
_HEAD = """# Tables

Every file in `data/processed/CORPUS/`, and `reports/calibration/calibration.csv`, is UTF-8 with a byte-order
mark, RFC 4180, rows in the order of the corpus. `flag` is 1 or 0; `ids` are measure ids joined by `;`. A text
that a spreadsheet would compute (it begins with = + - @, a tab or a line end) stands behind an apostrophe.
`make tables-page` writes this page from `pipeline/contracts/`.
"""


def _subject(table: Table) -> str:
    """The subject of the first module that has the table; empty where none has."""
    found = (
        subject
        for subject, module in SUBJECTS
        for one in vars(module).values()
        if one is table or (isinstance(one, tuple) and any(each is table for each in one))
    )
    return next(found, "")


def described(tables: Iterable[Table] = (*ALL, *APART)) -> str:
    """The contracts as Markdown, after a list of the tables by subject: `docs/tables.md` holds exactly this."""
    every = list(tables)
    lines = [_HEAD]
    for subject, _ in SUBJECTS:
        links = [f"[{table.name}](#{table.name}csv)" for table in every if _subject(table) == subject]
        if links:
            lines.append(f"- **{subject}**: {', '.join(links)}")
    for table in every:
        lines += ["", f"## {table.name}.csv", "", f"One row: {table.row}. Key: {', '.join(table.key)}.", ""]
        lines += ["| column | kind | meaning |", "|---|---|---|"]
        for column in table.columns:
            kind = f"{column.kind}, {column.digits} digits" if column.kind == "float" else column.kind
            lines.append(f"| {column.name} | {kind}{', may be empty' if column.optional else ''} | {column.meaning} |")
    return "\n".join(lines) + "\n"


def main(tables_md: Path) -> None:
    write({tables_md: described().encode()})


if __name__ == "__main__":
    run(main)
