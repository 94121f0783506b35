"""Section: the source texts by measure."""

from __future__ import annotations

from pipeline.anchors import anchor
from pipeline.method import Settings
from pipeline.report.document import Block, Heading, Measure, Paragraph
from pipeline.report.parts import highlighted, long_corpus
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording


def where_stands(t: Tables, w: Wording, doc_id: str) -> str:
    """Where the document stands: the file, where there are several, and the place in it."""
    row = t.source[doc_id]
    place = w.text(f"source.{row.kind}", part=row.part, line=row.line)
    return place if len(t["files"]) == 1 else f"{row.file.rpartition('/')[2]} {place}"


def _printed(w: Wording, key: str, shown: int, every: int, kind: str = "") -> Paragraph:
    return Paragraph(w.sentence(key, shown=number(shown, "int"), measures=number(every, "int")), kind)


def section(t: Tables, w: Wording, settings: Settings, linked: frozenset[str]) -> list[Block]:
    """The source texts by measure, the keywords of each region marked; of long texts the ``linked`` measures."""
    blocks: list[Block] = [
        Heading(2, w.text("source.heading"), "source"),
        Paragraph(w.sentence("source.intro"), "note"),
    ]
    keywords, measures = t["keywords"], t["measures"]
    if long_corpus(t, settings):
        measures = measures[measures["measure_id"].isin(linked)]
        blocks.append(_printed(w, "source.linked_only", len(measures), len(t["measures"])))
    whole = len(measures) == len(t["measures"])
    for region in t.names:
        listed = keywords[(keywords["region"] == region) & (keywords["rank"] <= settings.keywords.top)]
        documents = t.documents_of[region]
        one = len(documents) == 1
        heading = "source.region" if one else "source.region_several"
        where = where_stands(t, w, documents[0].doc_id)
        told = w.text(heading, region=w.region(region), where=where, documents=len(documents))
        blocks.append(Heading(3, told, anchor("region", region)))
        if not whole:
            printed, every = (int((frame["region"] == region).sum()) for frame in (measures, t["measures"]))
            blocks.append(_printed(w, "source.linked_here", printed, every, "note"))
        for place_in_region, document in enumerate(documents, 1):
            mine = measures[measures["doc_id"] == document.doc_id]
            if mine.empty and not whole:
                continue
            if not one:
                place = where_stands(t, w, document.doc_id)
                named = w.text("source.document", number=place_in_region, title=document.title, where=place)
                blocks.append(Heading(4, named.strip(), f"document-{document.doc_id}"))
            blocks += [
                Measure(
                    row.measure_id,
                    f"{w.region(region)}·{t.numbered(row)}",
                    highlighted(t, row.measure_id, listed["term"]),
                )
                for row in mine.itertuples()
            ]
    return blocks
