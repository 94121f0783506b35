"""Sentences about themes that say how sure they are; which one is said follows from the numbers."""

from __future__ import annotations

import pandas as pd

from pipeline.anchors import approach
from pipeline.method import Settings
from pipeline.report.document import Span, Spans, joined
from pipeline.report.parts import metric
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording

_NAMED = 3  # themes named as the most widespread


def anchor_of(region: str, theme: str) -> str:
    """Where the clauses behind a mark stand."""
    return f"#{approach(region, theme)}"


def name(t: Tables, w: Wording, theme: str) -> str:
    """The theme's name; of a group of measures its marking terms."""
    row = t.row("codebook", theme)
    return str(row.zh if w.language == "zh" else row.en)


def mark(t: Tables, w: Wording, region: str, theme: str, *, words: bool = False) -> Span:
    """The region (or, with ``words``, the theme) and how many measures carry it, linked to the clauses."""
    text = name(t, w, theme) if words else w.region(region)
    measures = int(t.row("themes", region, theme).measures)
    return Span(text if words else f"{text}\u00a0{measures}", href=anchor_of(region, theme))


def unsupervised(t: Tables) -> bool:
    return bool((t["codebook"]["source"] == "unsupervised").any())


def coding(t: Tables, w: Wording) -> Spans:
    """How many measures carry a theme, and how many marks hang on a single indicator."""
    key = "exploratory" if unsupervised(t) else "coded_all" if t.metric["uncoded"] == 0 else "coded_some"
    names = ("themes", "rules", "measures", "coded", "uncoded", "marks", "marks_single")
    shares = {"coded_share": metric(t, "coded_share", "share", "#table-themes")}
    return w.sentence(f"approaches.{key}", **{one: metric(t, one, href="#table-themes") for one in names}, **shares)


def use(t: Tables, w: Wording) -> list[Spans]:
    """Which themes most regions carry, which few, which none."""
    codebook = t["codebook"]

    def listed(rows: object) -> Spans:
        items = [
            w.sentence(
                "approaches.use_item",
                theme=name(t, w, row.theme),
                regions=t.cell("codebook", (row.theme,), "regions", "int", "#table-themes"),
                measures=t.cell("codebook", (row.theme,), "measures", "int", "#table-themes"),
            )
            for row in rows.itertuples()  # type: ignore[attr-defined]
        ]
        return joined(items, w.text("page.comma"))

    used = codebook[codebook["measures"] > 0]
    if used.empty:
        return [w.sentence("approaches.use_none")]
    most = used.sort_values(["regions", "measures"], ascending=False, kind="stable").head(_NAMED)
    seldom = used[(used["regions"] <= 2) & ~used["theme"].isin(most["theme"])]
    unused = codebook[codebook["measures"] == 0]
    unnamed = w.text("page.comma").join(name(t, w, theme) for theme in unused["theme"])
    return [
        w.sentence("approaches.use_most", list=listed(most)),
        w.sentence("approaches.use_seldom", list=listed(seldom)) if len(seldom) else (),
        w.sentence("approaches.use_unused", list=unnamed) if len(unused) else (),
    ]


def leading(t: Tables, settings: Settings) -> pd.DataFrame:
    """The rows of themes.csv whose theme leads its region whatever measures are drawn."""
    themes = t["themes"]
    return themes[(themes["leading_share"] >= settings.resampling.level) & (themes["measures"] > 0)]


def first_themes(t: Tables, w: Wording, settings: Settings) -> Spans:
    """For which regions a theme leads whatever measures are drawn."""
    level = settings.resampling.level
    certain = leading(t, settings)
    if certain.empty:
        return w.sentence(
            "approaches.first_none", level=number(level, "share"), draws=str(settings.resampling.resamples)
        )
    items = [
        w.sentence(
            "approaches.first_item", region=w.region(row.region), theme=mark(t, w, row.region, row.theme, words=True)
        )
        for row in certain.itertuples()
    ]
    return w.sentence(
        "approaches.first_some",
        level=number(level, "share"),
        draws=str(settings.resampling.resamples),
        list=joined(items, w.text("page.semicolon")),
    )


def _chosen_k(t: Tables) -> int:
    choice = t["theme_choice"]
    return int(choice.loc[choice["chosen"], "k"].iloc[0])


def verdict_kind(t: Tables) -> str:
    """supported, weak or not_shown; few or alike where nothing was grouped."""
    if len(t.names) < 3:
        return "few"
    return "alike" if _chosen_k(t) < 2 else str(t["theme_verdict"]["outcome"].iloc[-1]).replace(" ", "_")


def verdict(t: Tables, w: Wording, settings: Settings) -> list[Spans]:
    """What the verdict on groups by themes rests on, and who is grouped with confidence."""
    kind = verdict_kind(t)
    if kind in ("few", "alike"):
        return [w.sentence(f"approaches.groups_{kind}")]
    k = _chosen_k(t)
    rows = {criterion: t.row("theme_verdict", criterion) for criterion in ("pac", "jaccard")}
    failed = [w.text(f"clusters.fails_{one}") for one, row in rows.items() if not row.met]
    confident = t["theme_groups"][t["theme_groups"]["confident"]]["region"]
    members = (
        w.sentence("approaches.members_some", list=w.text("page.comma").join(w.region(one) for one in confident))
        if len(confident)
        else w.sentence("approaches.members_none")
    )
    said = w.sentence(
        f"approaches.groups_{kind}",
        draws=str(settings.permutation.draws),
        alpha=f"{settings.permutation.alpha:g}",
        themes=t.cell("theme_structure", ("themes", 0), "silhouette", "2", "#table-theme-verdict"),
        p_themes=t.cell("theme_verdict", ("structure_themes",), "value", "p", "#table-theme-verdict"),
        p_characters=t.cell("theme_verdict", ("structure_characters",), "value", "p", "#table-theme-verdict"),
        k=t.cell("theme_choice", (k,), "k", "int", "#table-theme-groups"),
        failed=w.text("page.comma").join(failed),
    )
    return [said, members]


def agreement(t: Tables, w: Wording, settings: Settings) -> list[Spans]:
    """Whether themes and words say the same of the regions."""
    row = t.row("view_agreement", "mantel", 0)
    if row is None or row.why:
        return []
    alpha, href = settings.permutation.alpha, "#table-view-agreement"
    parts = [
        w.sentence(
            "approaches.agree_more" if row.p <= alpha else "approaches.agree_no_more",
            rho=t.cell("view_agreement", ("mantel", 0), "value", "2", href),
            p=t.cell("view_agreement", ("mantel", 0), "p", "p", href),
        )
    ]
    described = t.row("view_agreement", "rand", -1)
    if not described.why:
        parts.append(
            w.sentence(
                "approaches.rand_more" if described.p <= alpha else "approaches.rand_no_more",
                rand=t.cell("view_agreement", ("rand", -1), "value", "2", href),
                p=t.cell("view_agreement", ("rand", -1), "p", "p", href),
            )
        )
    return parts
