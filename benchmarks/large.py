"""A corpus of 100 regions, or so many, with 30 measures each, made of the clauses of the appendix in random order."""

from __future__ import annotations

import random
import re
from pathlib import Path

REGIONS, MEASURES, CLAUSES = 100, 30, 3


def word_table(raw: str, regions: int = REGIONS) -> str:
    """The corpus as Word's text export of a table of three columns; ``raw`` is the appendix in the same form."""
    cells = re.findall(r"\t\d+\n\t.+\n\t(.+)", raw)
    clauses = [
        clause
        for cell in cells
        for clause in re.split("[，。；]", cell)
        if 4 <= len(clause) <= 30 and "“" not in clause
    ]
    draw = random.Random(0)
    lines = ["标题", "\t序号", "\t省市", "\t经验做法简介", ""]
    for number in range(1, regions + 1):
        measures = ("，".join(draw.choices(clauses, k=CLAUSES)) for _ in range(MEASURES))
        lines += [f"\t{number}", f"\t示例县{number:03d}", f"\t{'。'.join(measures)}。", ""]
    return "\n".join(lines) + "\n"


def write(raw: Path, made: Path, regions: int = REGIONS) -> None:
    made.write_text(word_table(raw.read_text("utf-8"), regions), "utf-8")
