"""Section: the source texts by measure."""

from __future__ import annotations

from pipeline.method import Settings
from pipeline.report.document import Block, Heading, Measure, Paragraph
from pipeline.report.parts import highlighted
from pipeline.report.source import Tables
from pipeline.report.wording import Wording


def section(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """The source texts by measure, the keywords of each region marked."""
    blocks: list[Block] = [
        Heading(2, w.text("source.heading"), "source"),
        Paragraph(w.sentence("source.intro"), "note"),
    ]
    keywords = t["keywords"]
    for region in t.names:
        listed = keywords[(keywords["region"] == region) & (keywords["rank"] <= settings.keywords.top)]
        documents = t["documents"][t["documents"]["region"] == region]
        line = documents.iloc[0]["source_line"]
        blocks.append(Heading(3, w.text("source.region", region=w.region(region), line=line), f"region-{region}"))
        mine = t["measures"][t["measures"]["region"] == region]
        blocks += [
            Measure(
                row.measure_id, f"{w.region(region)}·{row.position}", highlighted(t, row.measure_id, listed["term"])
            )
            for row in mine.itertuples()
        ]
    return blocks
