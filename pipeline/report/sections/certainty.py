"""Section: how sure the findings are: reliability, single regions, specifications, calibration, limits."""

from __future__ import annotations

from typing import Any

import pandas as pd

from pipeline.method import Settings, calibrated
from pipeline.report.document import Block, Heading, Paragraph, Spans, Table, spans
from pipeline.report.parts import metric
from pipeline.report.sections import dictionary, hedges
from pipeline.report.sections.shared import cell, columns, figure
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording


def _reliability_table(t: Tables, w: Wording) -> Table:
    rows = []
    for row in t["reliability"].itertuples():
        key = (row.view, row.measure)
        href = "#table-reliability"
        ends = [t.cell("reliability", key, end, "2", href) for end in ("low", "high")]
        rows.append(
            (
                cell(w.text(f"certainty.view_{row.view}")),
                cell(w.text(f"certainty.measure_{row.measure}")),
                spans(t.cell("reliability", key, "value", "2", href)) if not row.why else cell(w.texts["why"][row.why]),
                spans() if pd.isna(row.low) else w.sentence("similarity.interval", low=ends[0], high=ends[1]),
                spans() if pd.isna(row.p) else spans(t.cell("reliability", key, "p", "p", href)),
            )
        )
    return Table(
        w.text("certainty.caption_reliability"),
        columns(w, "certainty.columns_reliability"),
        tuple(rows),
        "llrrr",
        "table-reliability",
    )


def _left_out_table(t: Tables, w: Wording) -> list[Block]:
    rows = []
    for row in t["leave_one_out"].itertuples():

        def number_in(column: str, style: str, region: str = row.region) -> Spans:
            return spans(t.cell("leave_one_out", (region,), column, style, "#table-left-out"))

        pair = spans(hedges.pair_name(w, row.closest_a, row.closest_b)) if row.closest_a else cell("—")
        same = cell(w.text("certainty.same" if row.closest_same else "certainty.changed"))
        rows.append((cell(w.region(row.region)), number_in("rho", "3"), pair, same, number_in("silhouette_max", "3")))
    if not rows:
        return []
    return [
        Table(
            w.text("certainty.caption_left_out"),
            columns(w, "certainty.columns_left_out"),
            tuple(rows),
            "lrllr",
            "table-left-out",
        )
    ]


def _claims_table(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    rows = []
    for row in t["robustness"].itertuples():
        key = (row.claim_id,)
        why = hedges.sensitivity(t, w, row)
        rows.append(
            (
                hedges.claim_words(w, row, settings),
                spans(t.cell("robustness", key, "specifications", "int", "#table-claims")),
                spans(t.cell("robustness", key, "share", "share", "#table-claims")),
                cell(w.texts["certainty"]["standing"][row.standing]),
                why,
            )
        )
    if not rows:
        return []
    return [
        Table(
            w.text("certainty.caption_claims"),
            columns(w, "certainty.columns_claims"),
            tuple(rows),
            "wrrlw",
            "table-claims",
        )
    ]


def _calibration(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """How often the verdict is wrong, by `make calibrate`."""
    frame = t["calibration"]
    heading = Heading(3, w.text("certainty.calibration_heading"), "calibration")
    if frame.empty:
        return [heading, Paragraph(w.sentence("certainty.power_missing"))]
    nulls = frame[frame["scenario"] != "groups"]
    sizes = sorted(nulls["regions"].unique(), key=lambda n: (abs(n - len(t.names)), n))
    of_size = nulls[nulls["regions"] == sizes[0]]
    shuffled = next(of_size[of_size["scenario"] == "shuffled"].itertuples())
    own = next(of_size[of_size["scenario"] == "own topics"].sort_values("supported", ascending=False).itertuples())

    def number_in(row: Any, column: str, style: str = "share") -> Any:
        return t.cell("calibration", (row.scenario, row.regions, row.strength), column, style, "#calibration")

    said = w.sentence(
        "certainty.calibration",
        draws=number_in(shuffled, "draws", "int"),
        regions=str(shuffled.regions),
        false=number_in(shuffled, "supported"),
        false_low=number_in(shuffled, "supported_low"),
        false_high=number_in(shuffled, "supported_high"),
        own=number_in(own, "supported"),
        own_low=number_in(own, "supported_low"),
        own_high=number_in(own, "supported_high"),
    )
    rows = tuple(
        (
            cell(w.texts["certainty"]["scenarios"][row.scenario]),
            cell(row.regions),
            spans(number_in(row, "strength")),
            spans(number_in(row, "draws", "int")),
            spans(number_in(row, "structure")),
            spans(number_in(row, "supported")),
            w.sentence(
                "similarity.interval", low=number_in(row, "supported_low"), high=number_in(row, "supported_high")
            ),
            spans(number_in(row, "weak")),
            cell("") if pd.isna(row.rand) else spans(number_in(row, "rand", "2")),
        )
        for row in frame.itertuples()
    )
    table = Table(
        w.text("certainty.caption_calibration"),
        columns(w, "certainty.columns_calibration"),
        rows,
        "lrrrrrrrr",
        "table-calibration",
    )
    stale = () if t.calibrated == calibrated(settings) else w.sentence("certainty.stale")
    return [heading, Paragraph(hedges.sentences(w, said, hedges.power(t, w), stale)), table]


def section(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """How sure the findings are."""
    blocks: list[Block] = [
        Heading(2, w.text("certainty.heading"), "certainty"),
        Paragraph(w.sentence("certainty.intro"), "note"),
    ]
    if limits := hedges.limits(t, w):
        blocks.append(Paragraph(limits))
    if t["similarity"].empty:
        return [*blocks, *_claims_table(t, w, settings), *dictionary.section(t, w, settings)]
    best = hedges.closest(t, "cosine")
    claim = hedges.claim_of(t, "closest", best.region_a, best.region_b)
    held = w.sentence("certainty.curve_none")
    if claim is not None:
        held = w.sentence(
            "certainty.curve_held", share=t.cell("robustness", (claim.claim_id,), "share", "share", "#table-claims")
        )
    return [
        *blocks,
        Paragraph(hedges.sentences(w, hedges.reliability(t, w, settings), *hedges.left_out(t, w), hedges.specifications(t, w, settings))),
        _reliability_table(t, w),
        *_left_out_table(t, w),
        figure(w, "certainty", "specification_curve", ["specifications"], a=w.region(best.region_a), b=w.region(best.region_b),
                views=metric(t, "views"), held=held),
        figure(w, "certainty", "claim_robustness", ["robustness"], robust=number(settings.specification.robust, "share"),
                fragile=number(settings.specification.fragile, "share"), claims=metric(t, "claims"), count=metric(t, "claims_robust")),
        *_claims_table(t, w, settings),
        *dictionary.section(t, w, settings),
        *_calibration(t, w, settings),
    ]  # fmt: skip
