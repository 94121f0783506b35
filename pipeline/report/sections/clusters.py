"""Section: the groups, introduced by the verdict on them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from pipeline.method import Settings
from pipeline.report.document import Block, Heading, Paragraph, Span, Spans, Table, joined, spans
from pipeline.report.parts import first_of, group_number, measure_links, metric, references
from pipeline.report.sections import headlines, hedges
from pipeline.report.sections.shared import cell, columns, figure
from pipeline.report.source import Tables, bound
from pipeline.report.wording import Wording

_INDICES = (("silhouette", "3"), ("pac", "2"), ("jaccard", "2"), ("prediction_strength", "2"))
_WORDS = 6  # marking words of a group


def _choice_table(t: Tables, w: Wording) -> Table:
    """Every number of groups with its indices, each beside its p."""

    def row_of(row: Any) -> tuple[Spans, ...]:
        def number_in(column: str, style: str) -> Span:
            return t.cell("cluster_choice", (row.k,), column, style, "#table-k")

        indices = [
            spans(one) for name, style in _INDICES for one in (number_in(name, style), number_in(f"{name}_p", "p"))
        ]
        gap = spans(number_in("gap", "3"), " (", number_in("gap_error", "3"), ")")
        return (cell(row.k), *indices, gap, cell(row.sizes), cell(w.text("clusters.chosen") if row.chosen else ""))

    rows = tuple(row_of(row) for row in t["cluster_choice"].itertuples())
    return Table(
        w.text("clusters.caption_choice"), columns(w, "clusters.columns_choice"), rows, "rrrrrrrrrrll", "table-k"
    )


def _group_table(t: Tables, w: Wording, settings: Settings) -> Table:
    """Every group with its regions and their support, and its marking words."""
    rows = []
    for cluster, group in t["clusters"].sort_values("leaf").groupby("cluster"):
        leading = t["cluster_terms"][t["cluster_terms"]["cluster"] == cluster].head(_WORDS)

        def of_term(row: Any, column: str, style: str, cluster: Any = cluster) -> Span:
            key = f"{cluster}|{row.term}"
            return bound(
                getattr(row, column),
                style,
                table="cluster_terms",
                key=key,
                column=column,
                href=first_of(row.measure_ids),
            )

        words = [
            spans(w.term(row.term, first_of(row.measure_ids)), " (", of_term(row, "g2", "1"), "; ", of_term(row, "regions", "int"), ")")
            for row in leading.itertuples()
        ]  # fmt: skip
        evidence = dict.fromkeys(i for ids in leading["measure_ids"] for i in ids)
        rows.append(
            (
                spans(Span(str(cluster), href="#table-groups")),
                joined([_member(t, w, row) for row in group.itertuples()], w.text("page.comma")),
                joined(words, w.text("page.comma")),
                measure_links(t, w, evidence, references(t, settings)),
            )
        )
    return Table(
        w.text("clusters.caption_groups"), columns(w, "clusters.columns_groups"), tuple(rows), "lwwl", "table-groups"
    )


def _member(t: Tables, w: Wording, row: Any) -> Spans:
    """A region with its support and, where there is one, the next best group."""
    next_best: Sequence[Span | str] = ()
    if not pd.isna(row.runner_up):
        next_best = (
            "; ",
            *w.sentence(
                "clusters.next_best",
                cluster=group_number(t, row.region, "runner_up", "int"),
                support=group_number(t, row.region, "runner_up_support", "share"),
            ),
        )
    sure = "＊" if row.confident else ""
    return spans(w.region(row.region), sure, " (", group_number(t, row.region, "support", "share"), *next_best, ")")


def _verdict_table(t: Tables, w: Wording) -> Table:
    """What was asked, what was measured, and whether it is met."""
    rows = []
    for row in t["verdict"].itertuples():
        if row.criterion == "verdict":
            continue
        asked = "at_least" if row.criterion == "jaccard" else "at_most"
        style = "2" if row.criterion == "jaccard" else "p"
        rows.append(
            (
                cell(w.text(f"clusters.criterion_{row.criterion}")),
                spans(t.cell("verdict", (row.criterion,), "value", style, "#table-verdict")),
                cell(w.text(f"clusters.{asked}", value=f"{row.threshold:g}")),
                cell(
                    w.texts["why"][row.outcome]
                    if row.outcome
                    else w.text("clusters.met" if row.met else "clusters.not_met")
                ),
            )
        )
    return Table(
        w.text("clusters.caption_verdict"), columns(w, "clusters.columns_verdict"), tuple(rows), "lrll", "table-verdict"
    )


def _found(t: Tables, w: Wording) -> Spans:
    """The p of the structure test by both views, where it was made."""
    if pd.isna(t.row("verdict", "structure_words").value):
        return ()
    p = {
        f"p_{view}": t.cell("verdict", (f"structure_{view}",), "value", "p", "#table-verdict")
        for view in ("words", "characters")
    }
    return w.sentence("clusters.null_found", **p)


def _best_branch(t: Tables, w: Wording) -> Spans:
    """The largest support of a branch; the whole tree is none."""
    branches = t["dendrogram"].iloc[:-1]
    if branches.empty:
        return ()
    best = next(branches.loc[[branches["support"].idxmax()]].itertuples())
    return w.sentence("clusters.support_most", share=t.cell("dendrogram", (best.step,), "support", "share"))


def section(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """The groups, introduced by the verdict on them."""
    verdict = headlines.groups(t, w)[1]
    lead = hedges.sentences(
        w,
        hedges.stated(w, verdict),
        hedges.verdict(t, w, settings),
        hedges.power(t, w),
        hedges.members(t, w),
    )
    linkage = w.text(f"clusters.linkage_{settings.cluster.linkage}")
    below = bool((t["cluster_choice"]["silhouette"] < settings.cluster.silhouette_none).all())
    k = metric(t, "k")
    return [
        Heading(2, w.text("clusters.heading"), "clusters"),
        Paragraph(lead, "lead"),
        _verdict_table(t, w),
        figure(w, "clusters", "null_distribution", ["null_distribution", "structure"], draws=settings.permutation.draws,
                found=_found(t, w)),
        figure(w, "clusters", "coassignment_heatmap", ["coassignment", "clusters"], k=k,
                specifications=metric(t, "specifications"), resamples=settings.specification.resamples, members=hedges.members(t, w)),
        _group_table(t, w, settings),
        figure(w, "clusters", "tile_grid", ["documents", "clusters"], regions=metric(t, "regions"), verdict=verdict),
        figure(w, "clusters", "dendrogram", ["dendrogram", "clusters"], linkage=linkage, draws=settings.resampling.resamples,
                support=_best_branch(t, w)),
        figure(w, "clusters", "silhouette", ["cluster_choice"], threshold=str(settings.cluster.silhouette_none), linkage=linkage,
                largest=metric(t, "silhouette_max", "2"), at=metric(t, "silhouette_max_k"),
                relation=w.text("clusters.below" if below else "clusters.not_below")),
        Paragraph(w.sentence("clusters.gap_choice", k=metric(t, "gap_k", href="#table-k")), "note"),
        _choice_table(t, w),
    ]  # fmt: skip
