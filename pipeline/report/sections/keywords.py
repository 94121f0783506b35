"""Section: keywords of every region."""

from __future__ import annotations

from typing import Any

from pipeline.anchors import anchor
from pipeline.method import Settings
from pipeline.report.document import Block, Heading, Paragraph, Table, spans
from pipeline.report.parts import first_of, keyword_number, many_regions, measure_links, metric, references
from pipeline.report.sections.shared import cell, columns, figure
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording


def _keyword_table(t: Tables, w: Wording, settings: Settings, region: str) -> Table:
    keywords, top, stable = t["keywords"], settings.keywords.top, settings.resampling.stable

    def marks(row: Any) -> list[str]:
        found = {"single": row.single_mention, "stable": row.stability >= stable}
        return [w.text(f"keywords.{mark}") for mark, true in found.items() if true]

    mine = keywords[(keywords["region"] == region) & (keywords["rank"] <= top)]
    rows = tuple(
        (
            cell(row.rank),
            w.term(row.term, first_of(row.measure_ids)),
            spans(keyword_number(row, "count", "int")),
            cell(w.text("page.comma").join(marks(row))),
            spans(keyword_number(row, "df", "int")),
            spans(keyword_number(row, "idf", "2")),
            spans(keyword_number(row, "tf_idf", "3")),
            spans(keyword_number(row, "stability", "share1")),
            spans(keyword_number(row, "g2", "1")),
            spans(keyword_number(row, "g2_q", "p")),
            spans(keyword_number(row, "log_odds_z", "1")),
            measure_links(t, w, row.measure_ids, references(t, settings)),
        )
        for row in mine.itertuples()
    )
    return Table(
        w.text(
            "keywords.caption",
            region=w.region(region),
            listed=len(mine),
            stable=int((mine["stability"] >= stable).sum()),
            single=int(mine["single_mention"].sum()),
        ),
        columns(w, "keywords.columns"),
        rows,
        "rwrlrrrrrrrl",
        anchor("keywords", region),
    )


def section(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """Keywords of every region, with the figures; of many regions their profiles and the explorer list them."""
    top = settings.keywords.top
    listed = {
        name: metric(t, of)
        for name, of in (("listed", "listed"), ("single", "listed_single"), ("stable", "listed_stable"))
    }
    blocks: list[Block] = [
        Heading(2, w.text("keywords.heading"), "keywords"),
        Paragraph(
            w.sentence(
                "keywords.intro",
                low=metric(t, "single_p_min", "3"),
                high=metric(t, "single_p_max", "3"),
                draws=settings.resampling.resamples,
                stable=number(settings.resampling.stable, "share"),
            ),
            "note",
        ),
        Paragraph(
            w.sentence(
                "keywords.generic",
                words=metric(t, "generic_words"),
                would_list=metric(t, "generic_would_list"),
                would_lead=metric(t, "generic_would_lead"),
                top=str(top),
            )
        ),
        figure(
            w,
            "keywords",
            "keyword_heatmap",
            ["keywords", "clusters"],
            terms=settings.charts.heatmap_terms,
            own=metric(t, "own_types_share", "share"),
        ),
        figure(w, "keywords", "keyword_bars", ["keywords", "clusters"], **listed),
        figure(
            w,
            "keywords",
            "keyword_stability",
            ["keywords", "clusters"],
            draws=settings.resampling.resamples,
            stable=number(settings.resampling.stable, "share"),
            number=listed["stable"],
            listed=listed["listed"],
        ),
        figure(
            w,
            "keywords",
            "cooccurrence_network",
            ["cooccurrence", "tokens"],
            least=settings.cooccurrence.min_measures,
            terms=settings.charts.network_terms,
            measures=metric(t, "measures"),
        ),
    ]
    if many_regions(t, settings):
        return [*blocks, Paragraph(w.sentence("keywords.many"))]
    for region in t.names:
        blocks += [_keyword_table(t, w, settings, region), *_ties(t, w, region, top)]
    return blocks


def _ties(t: Tables, w: Wording, region: str, top: int) -> list[Block]:
    """A note where the last entries of the list have equal weights, so that their order means nothing."""
    mine = t["keywords"][(t["keywords"]["region"] == region) & t["keywords"]["rank"].notna()]
    listed = mine[mine["rank"] <= top]
    if listed.empty:
        return []
    equal = mine[mine["tf_idf"] == listed["tf_idf"].iloc[-1]]
    first, last, more = int(equal["rank"].min()), int(listed["rank"].max()), int((equal["rank"] > top).sum())
    if first == last and not more:
        return []
    if not more:
        note = w.sentence("keywords.ties_all", first=first, last=last)
    elif first == last:
        note = w.sentence("keywords.ties_last", last=last, more=more)
    else:
        note = w.sentence("keywords.ties", first=first, last=last, more=more)
    return [Paragraph(note, "note")]
