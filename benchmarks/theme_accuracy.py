"""How well does the codebook code texts that it was not written for? Hand codings -> reports/calibration/themes.md."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.coding import themes_in
from pipeline.method import Codebook, load_codebook

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "reports/calibration"
PAGE = FOLDER / "themes.md"
_VOCATIONAL = re.compile("职业教育|职业院校|职业学校|职教|技工|产教融合|高职|中职")


@dataclass(frozen=True)
class Sample:
    """Texts, the themes that a reader found in them, and those of the codebook when it first met them."""

    texts: tuple[str, ...]
    by_hand: tuple[frozenset[str], ...]
    first_pass: tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Score:
    """Marks that both set, that only the codebook set, that only the reader set."""

    both: int
    codebook_only: int
    reader_only: int

    @property
    def precision(self) -> str:
        return _share(self.both, self.both + self.codebook_only)

    @property
    def recall(self) -> str:
        return _share(self.both, self.both + self.reader_only)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "—"


def load_sample(path: Path) -> Sample:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    sets = {
        key: tuple(frozenset(filter(None, row[key].split(";"))) for row in rows) for key in ("by_hand", "first_pass")
    }
    return Sample(tuple(row["text"] for row in rows), sets["by_hand"], sets["first_pass"])


def scores(
    found: Iterable[frozenset[str]], by_hand: Iterable[frozenset[str]], themes: Iterable[str]
) -> dict[str, Score]:
    """Score of every theme, and of `all` together."""
    counts: Counter[tuple[str, str]] = Counter()
    for ours, theirs in zip(found, by_hand, strict=True):
        counts.update(("both", theme) for theme in ours & theirs)
        counts.update(("codebook", theme) for theme in ours - theirs)
        counts.update(("reader", theme) for theme in theirs - ours)
    each = {theme: Score(*(counts[side, theme] for side in ("both", "codebook", "reader"))) for theme in themes}
    whole = Score(
        *(sum(getattr(score, side) for score in each.values()) for side in ("both", "codebook_only", "reader_only"))
    )
    return {**each, "all": whole}


def table(sample: Sample, codebook: Codebook) -> list[str]:
    """One row per theme: at first sight, and with today's codebook."""
    ids = [theme.id for theme in codebook.themes]
    first = scores(sample.first_pass, sample.by_hand, ids)
    now = scores((frozenset(themes_in(text, codebook)) for text in sample.texts), sample.by_hand, ids)
    lines = [
        "| theme | by hand | first pass: precision | recall | today: precision | recall | both | codebook only | reader only |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for theme in [*ids, "all"]:
        a, b = first[theme], now[theme]
        cells = [
            b.both + b.reader_only,
            a.precision,
            a.recall,
            b.precision,
            b.recall,
            b.both,
            b.codebook_only,
            b.reader_only,
        ]
        lines.append(f"| {theme} | {' | '.join(map(str, cells))} |")
    return lines


def differences(sample: Sample, codebook: Codebook) -> list[str]:
    """Every text on which today's codebook and the reader differ."""
    lines = []
    for text, theirs in zip(sample.texts, sample.by_hand, strict=True):
        ours = frozenset(themes_in(text, codebook))
        if ours != theirs:
            only = ", ".join(sorted(ours - theirs)) or "—"
            lines.append(f"| {text.replace('|', chr(92) + '|')} | {only} | {', '.join(sorted(theirs - ours)) or '—'} |")
    return ["| text | codebook only | reader only |", "|---|---|---|", *lines]


def sentences_of(reports: Path) -> list[str]:
    """The sentences of the work reports (one JSON object a line) that speak of vocational education."""
    texts = [json.loads(line)["full_text"] for line in reports.read_text("utf-8").splitlines() if line]
    parts = (part.strip() for text in texts for part in re.split("[。！？；\n]", text))
    return [part for part in parts if _VOCATIONAL.search(part)]


def coverage(sentences: list[str], codebook: Codebook) -> str:
    """The sentence about the share coded, which needs the reports themselves."""
    coded = sum(bool(themes_in(sentence, codebook)) for sentence in sentences)
    return f"Of the {len(sentences)} sentences {coded} ({coded / len(sentences):.0%}) carry a theme."


def page(covered: str, codebook_path: Path) -> str:
    codebook = load_codebook(codebook_path)
    sentences, measures = (load_sample(FOLDER / f"theme_{name}.csv") for name in ("sentences", "measures"))
    absent = [theme.id for theme in codebook.themes if not any(theme.id in found for found in sentences.by_hand)]
    digest = hashlib.sha256(codebook_path.read_bytes()).hexdigest()[:12]
    return "\n".join(
        [
            "# How well does the codebook code other texts?",
            "",
            f"Written by `python -m benchmarks.theme_accuracy` with `method/themes.toml` ({digest}). Precision: of the marks",
            "that the codebook set, the share that the reader set too. Recall: of the reader's marks, the share that the",
            "codebook set. — where there was none to share. *First pass* is the coding when the codebook first met the texts;",
            "*today* that of the present codebook, which has since been mended after reading the differences: only the first",
            "pass measures how it does on texts that nobody has seen.",
            "",
            "## Sentences on vocational education in the work reports of 31 provincial governments, 2025",
            "",
            covered,
            "They are the sentences (cut at 。！？； and line ends) with 职业教育, 职业院校, 职业学校, 职教, 技工, 产教融合, 高职 or",
            "中职; two hold 技工 only by accident (国防科技工业, 科技工作). Eleven were looked at while the codebook was",
            f"written; the other {len(sentences.texts)} were first coded by hand, by the definitions alone, without looking at the",
            "codebook's coding: `theme_sentences.csv`. These sentences speak of schools, students and degrees more than of",
            f"teachers; themes that the reader found in none of them: {', '.join(absent) or 'none'}.",
            "",
            *table(sentences, codebook),
            "",
            "What still differs:",
            "",
            *differences(sentences, codebook),
            "",
            "## Measures on the vocational-teacher workforce",
            "",
            f"{len(measures.texts)} measures in the style of the appendix, invented and coded by a reader who had not seen the",
            "codebook: `theme_measures.csv`. They are no source of facts; they hold every theme at least eight times.",
            "",
            *table(measures, codebook),
            "",
        ]
    )


def main(reports: Path) -> None:
    codebook_path = ROOT / "method/themes.toml"
    PAGE.write_text(page(coverage(sentences_of(reports), load_codebook(codebook_path)), codebook_path), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
