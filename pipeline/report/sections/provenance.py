"""Section: hashes, versions, settings and the numbers quoted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from pipeline.method import Settings
from pipeline.report.document import Block, Details, Heading, Paragraph, Span, Spans, Table
from pipeline.report.sections import citing
from pipeline.report.sections.shared import cell, columns
from pipeline.report.source import Tables
from pipeline.report.wording import Wording


def section(t: Tables, w: Wording, settings: Settings, data: Mapping[str, Any], title: str) -> list[Block]:
    """How to cite the report of this ``title``; hashes, versions, settings, and the numbers of the text with their origin."""
    raw, code, chosen = data["raw"], data["code"], data["method"]

    def hashed(name: str, digest: str) -> tuple[Spans, ...]:
        return (cell(name), (Span(digest, kind="code"),))

    inputs = (
        hashed(w.text("provenance.fingerprint"), data["findings"]["fingerprint"]),
        hashed(w.text("provenance.raw", file=raw["file"], bytes=raw["bytes"]), raw["sha256"]),
        hashed(w.text("provenance.method", files=len(chosen["files"])), chosen["sha256"]),
        hashed(w.text("provenance.code", files=len(code["files"]), version=data["pipeline"]), code["sha256"]),
        *(hashed(w.text("provenance.lock", file=name), digest) for name, digest in sorted(data["locks"].items())),
    )
    software = ("jieba", "scikit-learn", "scipy", "numpy", "pandas", "matplotlib", "python-docx")
    packages = tuple((cell(name), cell(data["packages"][name])) for name in software)
    values = tuple(
        (cell(f"{section}.{key}"), cell(", ".join(map(str, value)) if isinstance(value, tuple) else str(value).lower()))
        for section, keys in asdict(settings).items()
        for key, value in keys.items()
    )
    numbers = tuple(
        (
            cell(row.metric),
            cell("—" if pd.isna(row.value) else f"{row.value:.6f}".rstrip("0").rstrip(".")),
            cell(row.derived_from),
        )
        for row in t["summary"].itertuples()
    )
    return [
        Heading(2, w.text("provenance.heading"), "provenance"),
        *citing.blocks(t, w, data, title),
        Heading(3, w.text("provenance.hashes_heading"), "hashes"),
        Paragraph(w.sentence("provenance.intro"), "note"),
        Table(w.text("provenance.caption"), columns(w, "provenance.columns"), inputs, "ll"),
        Table(w.text("provenance.caption_packages"), columns(w, "provenance.columns_packages"), packages, "ll"),
        Details(
            cell(w.text("provenance.settings_heading")),
            (Table(w.text("provenance.caption_settings"), columns(w, "provenance.columns_settings"), values, "ll"),),
            "settings",
        ),
        Details(
            cell(w.text("provenance.numbers")),
            (Table(w.text("provenance.caption_numbers"), columns(w, "provenance.columns_numbers"), numbers, "lrl"),),
            "numbers",
        ),
    ]
