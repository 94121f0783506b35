"""A small report with every kind of block, for the formats with pages; its figure is drawn here."""

from __future__ import annotations

from pathlib import Path

import matplotlib.figure

from pipeline.report.document import (
    Bullets,
    Details,
    Document,
    Figure,
    Heading,
    Measure,
    Paragraph,
    Span,
    Table,
)
from pipeline.report.wording import Wording, load

CAPTIONED = ("figure-one", "table-few", "table-many")  # in the order in which they stand


def spans(*texts: str) -> tuple[Span, ...]:
    return tuple(map(Span, texts))


def document(language: str) -> Document:
    number = Span("0.27", href="#table-few", cell="similarity.csv | 浙江–上海 | cosine")
    few = Table(
        "Pairs 地区对",
        ("pair", "cosine"),
        ((spans("浙江 – 上海"), (number,)), (spans("Hunan"), spans("0.10"))),
        "nr",
        "table-few",
    )
    many = Table("many", ("n", "text"), tuple((spans(str(n)), spans("字" * 60)) for n in range(40)), "rw", "table-many")
    blocks = (
        Heading(2, "一、Findings “结果”", "findings"),
        Paragraph(spans("lead 首段"), "lead"),
        Paragraph((Span("Who? 谁？", kind="strong"),), "question"),
        Paragraph(spans("Nobody. 没有谁。"), "answer"),
        Paragraph((Span("余弦 "), number, Span("，如图"), Span("所示", href="#figure-one"), Span("。下一句。"))),
        Bullets(((Span("The cosine is "), number, Span("; see")), (Span("培训", kind="mark"), Span(" training", kind="gloss")))),
        Figure("one", (Span("说明 caption"),), "alt text 替代文字", ("table",)),
        few,
        Heading(3, "Many", "many"),
        many,
        Paragraph((Span("code", kind="code"), Span("bold", kind="strong"), Span("原文“引号”", kind="source")), "note"),
        Details((Span("浙江 – 上海"),), (Paragraph((Span("", href="#m1"), Span("see"), Span("1", href="#m1"))),), "pair-a"),
        Details(spans("left out"), (Paragraph(spans("too long")), Table("x", ("a",), (), "l", "table-long")), "long", long=True),
        Paragraph((Span("nowhere", href="#table-long"), Span("outside", href="https://evil.example/")), "copy"),
        Heading(4, "浙江", "region"),
        Measure("m1", "浙江·1", (Span("加强", kind="source"), Span("培训", kind="mark"), Span("……", kind="source"))),
    )  # fmt: skip
    return Document(language, "标题 Title", "副标题 Subtitle", blocks)


def figures(folder: Path) -> Path:
    """The folder with the drawing of the figure, as the charts write it."""
    for language in ("zh", "en"):
        drawing = matplotlib.figure.Figure(figsize=(3, 2))
        drawing.subplots().plot([0, 1])
        drawing.savefig(folder / f"one.{language}.png", dpi=300)
        drawing.savefig(folder / f"one.{language}.svg")
    return folder


def wording(language: str) -> Wording:
    return load(language, {}, {})
