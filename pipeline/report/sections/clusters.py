"""Section: the groups, introduced by what they are not."""

from __future__ import annotations

from typing import Any

from pipeline.method import Settings
from pipeline.report.document import Block, Heading, Paragraph, Span, Table, joined, spans
from pipeline.report.parts import first_of, group_number, measure_links, metric
from pipeline.report.sections import findings
from pipeline.report.sections.shared import cell, columns, figure
from pipeline.report.source import Tables, bound
from pipeline.report.wording import Wording


def section(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """The groups, introduced by what they are not."""
    choice, terms, members = t["cluster_choice"], t["cluster_terms"], t["clusters"].sort_values("leaf")
    threshold = str(settings.cluster.silhouette_none)

    def of_choice(row: Any, column: str, style: str) -> Span:
        return bound(
            getattr(row, column), style, table="cluster_choice", key=f"k={row.k}", column=column, href="#clusters"
        )

    choice_rows = tuple(
        (
            cell(row.k),
            spans(of_choice(row, "silhouette", "3")),
            cell(row.sizes),
            spans(of_choice(row, "singletons", "int")),
            cell(w.text("clusters.chosen") if row.chosen else ""),
        )
        for row in choice.itertuples()
    )
    group_rows = []
    for cluster, group in members.groupby("cluster"):
        leading = terms[terms["cluster"] == cluster].head(6)
        words = [
            spans(
                w.term(row.term, first_of(row.measure_ids)),
                " (",
                bound(row.g2, "1", table="cluster_terms", key=f"{cluster}|{row.term}", column="g2", href=first_of(row.measure_ids)),
                "; ",
                bound(row.regions, "int", table="cluster_terms", key=f"{cluster}|{row.term}", column="regions", href=first_of(row.measure_ids)),
                ")",
            )
            for row in leading.itertuples()
        ]  # fmt: skip
        regions = [
            spans(w.region(name), " (", group_number(t, name, "silhouette", "2"), ")") for name in group["region"]
        ]
        evidence = dict.fromkeys(i for ids in leading["measure_ids"] for i in ids)
        group_rows.append(
            (
                spans(Span(str(cluster), href="#table-groups")),
                joined(regions, w.text("page.comma")),
                joined(words, w.text("page.comma")),
                measure_links(t, w, evidence),
            )
        )
    verdict = "clusters.none" if findings.no_structure(t, settings) else "clusters.weak"
    linkage = w.text(f"clusters.linkage_{settings.cluster.linkage}")
    below = bool((choice["silhouette"] < settings.cluster.silhouette_none).all())
    tables_of_groups = [
        Table(
            w.text("clusters.caption_groups"), columns(w, "clusters.columns_groups"), tuple(group_rows), "lwwl",
            "table-groups",
        )
    ]  # fmt: skip
    return [
        Heading(2, w.text("clusters.heading"), "clusters"),
        Paragraph(
            w.sentence(
                verdict,
                silhouette=metric(t, "silhouette_max", "3"),
                k=metric(t, "silhouette_max_k"),
                threshold=threshold,
                chosen=metric(t, "k"),
            ),
            "lead",
        ),
        figure(w, "clusters", "tile_grid", ["documents", "clusters"], regions=metric(t, "regions")),
        figure(w, "clusters", "dendrogram", ["dendrogram", "clusters"], linkage=linkage, k=metric(t, "k")),
        figure(w, "clusters", "silhouette", ["cluster_choice"], threshold=threshold,
                relation=w.text("clusters.below" if below else "clusters.not_below")),
        *tables_of_groups,
        Table(w.text("clusters.caption_choice"), columns(w, "clusters.columns_choice"), choice_rows, "rrlrl", "table-k"),
    ]  # fmt: skip
