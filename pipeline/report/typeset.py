"""Write a report as a PDF: the document becomes data, which typeset.typ sets in type."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from pipeline.errors import InputError
from pipeline.fonts import font_file
from pipeline.report.document import (
    Block,
    Bullets,
    Details,
    Document,
    Figure,
    Finding,
    Heading,
    Measure,
    Paragraph,
    Span,
    Spans,
    Table,
    anchor_of,
    internal,
    plain,
)
from pipeline.report.paged import (
    HEIGHT,
    TOGETHER,
    WIDTH,
    captions,
    cuts,
    fitted,
    headings_in_sources,
    label_of,
    referred,
    shown,
)
from pipeline.report.wording import Wording

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).with_name("typeset.typ")


class _Writer:
    def __init__(self, document: Document, figures: Path) -> None:
        self._language, self._figures = document.language, figures
        self._sources = headings_in_sources(document)
        self._named = captions(document.blocks, document.language)
        anchors = dict.fromkeys(anchor for block in shown(document.blocks) if (anchor := anchor_of(block)))
        self._labels = {anchor: f"a{number}" for number, anchor in enumerate(anchors)}

    def _label(self, anchor: str) -> dict[str, str]:
        return {"label": self._labels[anchor]} if anchor else {}

    def _spans(self, runs: Spans) -> list[dict[str, str]]:
        made = []
        for span in runs:
            target = self._labels.get(span.href.removeprefix("#")) if internal(span.href) else None
            if span.text:
                kind = span.kind or ("cell" if span.cell else "")
                made.append({"text": plain(span.text), "kind": kind, **({"to": target} if target else {})})
        return made

    def _referred(self, runs: Spans) -> list[dict[str, str]]:
        return self._spans(referred(runs, self._named, self._language))

    def block(self, block: Block) -> Iterator[dict[str, Any]]:
        """The block as data for the template; those inside it follow it."""
        if isinstance(block, Heading):
            yield {
                "is": "heading",
                "level": block.level - 1,
                "text": plain(block.text),
                "listed": block.level <= 3 and block.anchor not in self._sources,
                **self._label(block.anchor),
            }
        elif isinstance(block, Paragraph):
            yield {"is": "paragraph", "kind": block.kind, "spans": self._referred(block.spans)}
        elif isinstance(block, Bullets):
            yield {"is": "bullets", "items": [self._referred(item) for item in block.items]}
        elif isinstance(block, Measure):
            spans = self._spans(block.spans)
            yield {"is": "measure", "name": plain(block.label), "spans": spans, **self._label(block.anchor)}
        elif isinstance(block, Figure):
            yield self._figure(block)
        elif isinstance(block, Table):
            yield self._table(block)
        elif isinstance(block, Finding):
            title = self._spans((*block.headline, Span(f"  [{block.label}]")))
            yield {"is": "summary", "spans": title, **self._label(block.anchor)}
            for inner in block.blocks:
                yield from self.block(inner)
        elif isinstance(block, Details) and not block.long:
            yield {"is": "summary", "spans": self._spans(block.summary), **self._label(block.anchor)}
            for inner in block.blocks:
                yield from self.block(inner)

    def _figure(self, block: Figure) -> dict[str, Any]:
        """The drawing in cm, and the parts of it that stand on one page each."""
        png = self._figures / f"{block.name}.{self._language}.png"
        parts = cuts(png)
        with Image.open(png) as image:
            natural = image.width / image.info["dpi"][0] * 2.54
            width = min(natural, WIDTH)
            if len(parts) == 1:
                width = min(width, HEIGHT * image.width / image.height)
            scale = width / image.width
        return {
            "is": "figure",
            "file": f"/{block.name}.{self._language}.svg",
            "width": width,
            "height": parts[-1][1] * scale,
            "parts": [{"top": top * scale, "height": (bottom - top) * scale} for top, bottom in parts],
            "alt": plain(block.alt),
            "caption": self._spans(block.caption),
            "supplement": label_of(block, self._language),
            **self._label(anchor_of(block)),
        }

    def _table(self, block: Table) -> dict[str, Any]:
        fit = fitted(block)
        return {
            "is": "table",
            "caption": self._spans((Span(block.caption),)),
            "header": [plain(head) for head in block.header],
            "rows": [[self._spans(cell) for cell in row] for row in block.rows],
            "align": list(block.align),
            "widths": list(fit.widths),
            "size": fit.size,
            "turned": fit.turned,
            "together": len(block.rows) < TOGETHER,
            "supplement": label_of(block, self._language),
            **self._label(block.anchor),
        }


def data_of(document: Document, wording: Wording, figures: Path) -> str:
    """The report as JSON, for the template."""
    writer = _Writer(document, figures)
    data = {
        "language": document.language,
        "title": plain(document.title),
        "subtitle": plain(document.subtitle),
        "contents": wording.text("page.contents"),
        "blocks": [data for block in document.blocks for data in writer.block(block)],
    }
    return json.dumps(data, ensure_ascii=False)


def available() -> None:
    """Raise an `InputError` that says what to do where the typesetter, the extra ``pdf``, is not installed."""
    if importlib.util.find_spec("typst") is None:
        raise InputError(
            "生成 PDF 需要 Typst。请运行 make extras，再运行 make pdf；Word 文件不需要它。",
            "a PDF needs Typst. Run `make extras`, then `make pdf` again; the Word files do without it.",
            file="make pdf",
        )


def compiler(document: Document, wording: Wording, figures: Path) -> typst.Compiler:
    """The typesetter with the template and the report; it reads the folder of the figures and fonts that come with packages, nothing else."""
    import typst

    return typst.Compiler(
        TEMPLATE.read_bytes(),
        root=figures,
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[font_file().parent]),
        sys_inputs={"report": data_of(document, wording, figures)},
    )


def render(document: Document, wording: Wording, figures: Path) -> bytes:
    """The report as the bytes of a PDF; ``figures`` is the folder of the SVG and PNG files.

    The same bytes for the same report: no date, and no font of the machine.
    """
    written = compiler(document, wording, figures).compile(format="pdf", timestamp=0)
    if not isinstance(written, bytes):
        raise RuntimeError("the typesetter gave no PDF")
    return written
