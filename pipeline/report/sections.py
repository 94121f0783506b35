"""The sections of the report after the findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from pipeline.method import Settings
from pipeline.report import findings
from pipeline.report.document import (
    Block,
    Details,
    Document,
    Figure,
    Heading,
    Measure,
    Paragraph,
    Span,
    Spans,
    Table,
    joined,
    spans,
)
from pipeline.report.parts import (
    first_of,
    group_number,
    highlighted,
    keyword_number,
    measure_links,
    metric,
    pair_anchor,
    pair_number,
)
from pipeline.report.source import Tables, bound, number
from pipeline.report.wording import Wording

_FIRST_KEYWORDS = 3  # keywords named in the overview
_QUOTED_PAIRS = 6  # closest pairs explained with their measures
_TABLED_PAIRS = 12  # closest pairs in the table

REFERENCES = (
    "Dunning T (1993) Accurate methods for the statistics of surprise and coincidence. Computational Linguistics 19(1): 61–74.",
    "Frantzi K, Ananiadou S, Mima H (2000) Automatic recognition of multi-word terms: the C-value/NC-value method. "
    "International Journal on Digital Libraries 3(2): 115–130.",
    "Kaufman L, Rousseeuw PJ (1990) Finding Groups in Data. New York: Wiley.",
    "Rousseeuw PJ (1987) Silhouettes: a graphical aid to the interpretation and validation of cluster analysis. "
    "Journal of Computational and Applied Mathematics 20: 53–65.",
    "Torgerson WS (1952) Multidimensional scaling: I. Theory and method. Psychometrika 17: 401–419.",
)


def _figure(w: Wording, section: str, name: str, data: Iterable[str], **values: object) -> Figure:
    caption = w.sentence(f"{section}.figure_{name}", **values)
    return Figure(name, caption, w.text(f"{section}.alt_{name}"), tuple(data))


def _columns(w: Wording, key: str) -> tuple[str, ...]:
    section, name = key.split(".")
    return tuple(w.texts[section][name])


def _cell(value: object) -> Spans:
    return spans(value if isinstance(value, Span) else str(value))


def glance(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """Regions at a glance."""
    keywords = t["keywords"]
    rows = []
    for row in t["regions"].itertuples():
        first = keywords[(keywords["region"] == row.region) & (keywords["rank"] <= _FIRST_KEYWORDS)]
        nearest, nearest_char = t.pair(row.region, row.nearest), t.pair(row.region, row.nearest_char)

        def of_region(column: str, row: Any = row) -> Span:
            value = getattr(row, column)
            return bound(value, "int", table="regions", key=row.region, column=column, href=f"#region-{row.region}")

        rows.append(
            (
                spans(Span(w.region(row.region), href=f"#region-{row.region}")),
                _cell(w.texts["levels"].get(row.level, row.level)),
                spans(of_region("characters")),
                spans(of_region("measures")),
                spans(of_region("words")),
                spans(of_region("own_types")),
                joined([w.term(k.term, first_of(k.measure_ids)) for k in first.itertuples()], w.text("page.comma")),
                spans(w.region(row.nearest), " (", pair_number(nearest, "cosine", "2"), ")"),
                spans(w.region(row.nearest_char), " (", pair_number(nearest_char, "cosine_char", "2"), ")"),
                spans(group_number(t, row.region, "cluster", "int")),
            )
        )
    return [
        Heading(2, w.text("glance.heading"), "glance"),
        Paragraph(w.sentence("glance.intro"), "note"),
        Table(w.text("glance.caption"), _columns(w, "glance.columns"), tuple(rows), "llrrrrwllr", "table-regions"),
        _figure(w, "glance", "tile_grid", ["documents", "clusters"], regions=metric(t, "regions")),
    ]


def _keyword_table(t: Tables, w: Wording, region: str, top: int) -> Table:
    keywords = t["keywords"]
    mine = keywords[(keywords["region"] == region) & (keywords["rank"] <= top)]
    rows = tuple(
        (
            _cell(row.rank),
            w.term(row.term, first_of(row.measure_ids)),
            spans(keyword_number(row, "count", "int")),
            _cell(w.text("keywords.single") if row.single_mention else ""),
            spans(keyword_number(row, "df", "int")),
            spans(keyword_number(row, "idf", "2")),
            spans(keyword_number(row, "tf_idf", "3")),
            spans(keyword_number(row, "g2", "1")),
            spans(keyword_number(row, "g2_p", "p")),
            measure_links(t, w, row.measure_ids),
        )
        for row in mine.itertuples()
    )
    return Table(
        w.text("keywords.caption", region=w.region(region)),
        _columns(w, "keywords.columns"),
        rows,
        "rwrlrrrrrl",
        f"keywords-{region}",
    )


def keywords(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """Keywords of every region, with the figures."""
    top = settings.keywords.top
    blocks: list[Block] = [
        Heading(2, w.text("keywords.heading"), "keywords"),
        Paragraph(w.sentence("keywords.intro"), "note"),
        Paragraph(
            w.sentence(
                "keywords.generic",
                words=metric(t, "generic_words"),
                would_list=metric(t, "generic_would_list"),
                would_lead=metric(t, "generic_would_lead"),
                top=str(top),
            )
        ),
        _figure(w, "keywords", "keyword_heatmap", ["keywords", "clusters"]),
        _figure(w, "keywords", "keyword_bars", ["keywords", "clusters"]),
        _figure(
            w, "keywords", "cooccurrence_network", ["cooccurrence", "tokens"], least=settings.cooccurrence.min_measures
        ),
    ]
    return blocks + [_keyword_table(t, w, region, top) for region in t.names]


def _pair_terms(t: Tables) -> dict[tuple[str, str], pd.DataFrame]:
    return {(str(a), str(b)): group for (a, b), group in t["similarity_terms"].groupby(["region_a", "region_b"])}


def _product(row: Any, column: str, style: str) -> Span:
    key = f"{row.region_a}–{row.region_b}|{row.term}"
    return bound(
        getattr(row, column), style, table="similarity_terms", key=key, column=column, href=first_of(row.measures_a)
    )


def _explained(t: Tables, w: Wording, pair: Any, terms: pd.DataFrame | None, most: int) -> list[Block]:
    """The shared terms of a pair with their products and the measures of both sides."""
    if terms is None:
        return [Paragraph(w.sentence("similarity.pair_none"))]
    rows = [
        spans(
            w.sentence(
                "similarity.pair_term",
                term=w.term(row.term),
                product=_product(row, "product", "3"),
                share=_product(row, "share", "share"),
            ),
            w.text("page.colon"),
            measure_links(t, w, [*row.measures_a, *row.measures_b]),
        )
        for row in terms.head(most).itertuples()
    ]
    rest = terms.iloc[most:]
    if len(rest):
        rows.append(
            w.sentence("similarity.pair_rest", terms=str(len(rest)), share=number(rest["share"].sum(), "share"))
        )
    return [Paragraph(joined(rows, w.text("page.semicolon")))]


def _quotes(t: Tables, w: Wording, terms: pd.DataFrame, most: int) -> list[Block]:
    """The measures of both sides that carry the leading shared terms, each once, the terms marked."""
    leading = terms.head(most)
    wanted = leading["term"].tolist()
    ids = dict.fromkeys(i for row in leading.itertuples() for i in (row.measures_a[0], row.measures_b[0]))
    return [
        Measure(
            "",
            f"{w.region(t.measure[i].region)}·{t.measure[i].position}",
            (Span("", href=f"#{i}"), *highlighted(t, i, wanted)),
        )
        for i in ids
    ]


def _pair_heading(w: Wording, pair: Any) -> Spans:
    return w.sentence(
        "similarity.pair_heading",
        a=w.region(pair.region_a),
        b=w.region(pair.region_b),
        cosine=pair_number(pair, "cosine", "3"),
        rank=pair_number(pair, "rank", "int"),
        cosine_char=pair_number(pair, "cosine_char", "3"),
        rank_char=pair_number(pair, "rank_char", "int"),
    )


def similarity(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """The closest pairs, explained; all pairs on demand."""
    most = settings.similarity.explained_terms
    ordered = t["similarity"].sort_values(["rank", "rank_char"], kind="stable")
    terms = _pair_terms(t)
    rows = []
    for pair in ordered.head(_TABLED_PAIRS).itertuples():
        mine = terms.get((pair.region_a, pair.region_b))
        main = [] if mine is None else [
            w.sentence("findings.similar_term", term=w.term(row.term), share=_product(row, "share", "share"))
            for row in mine.head(3).itertuples()
        ]  # fmt: skip
        rows.append(
            (
                spans(pair_number(pair, "rank", "int")),
                _cell(w.text("similarity.pair", a=w.region(pair.region_a), b=w.region(pair.region_b))),
                spans(pair_number(pair, "cosine", "3")),
                spans(pair_number(pair, "cosine_char", "3")),
                spans(pair_number(pair, "rank_char", "int")),
                spans(pair_number(pair, "shared_terms", "int")),
                joined(main, w.text("page.comma")),
            )
        )
    shown: list[Block] = []
    hidden: list[Block] = []
    for at, pair in enumerate(ordered.itertuples()):
        key = (pair.region_a, pair.region_b)
        body = _explained(t, w, pair, terms.get(key), most)
        if at < _QUOTED_PAIRS and key in terms:
            body += _quotes(t, w, terms[key], 3)
        block = Details(_pair_heading(w, pair), tuple(body), pair_anchor(*key))
        (shown if at < _QUOTED_PAIRS else hidden).append(block)
    first = t["region_map"].iloc[0]
    return [
        Heading(2, w.text("similarity.heading"), "similarity"),
        Paragraph(w.sentence("similarity.intro"), "note"),
        _figure(w, "similarity", "similarity_heatmap", ["similarity", "clusters"],
                cosine_max=metric(t, "cosine_max", "2"), cosine_mean=metric(t, "cosine_mean", "2")),
        _figure(w, "similarity", "region_map", ["region_map", "clusters"],
                share=number(first["share_x"] + first["share_y"], "share")),
        Table(w.text("similarity.caption"), _columns(w, "similarity.columns"), tuple(rows), "rlrrrrw", "table-pairs"),
        *shown,
        Details(w.sentence("similarity.all_pairs", pairs=metric(t, "pairs")), tuple(hidden), "all-pairs", long=True),
    ]  # fmt: skip


def clusters(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """The groups, introduced by what they are not."""
    choice, terms, members = t["cluster_choice"], t["cluster_terms"], t["clusters"].sort_values("leaf")
    threshold = str(settings.cluster.silhouette_none)

    def of_choice(row: Any, column: str, style: str) -> Span:
        return bound(
            getattr(row, column), style, table="cluster_choice", key=f"k={row.k}", column=column, href="#clusters"
        )

    choice_rows = tuple(
        (
            _cell(row.k),
            spans(of_choice(row, "silhouette", "3")),
            _cell(row.sizes),
            spans(of_choice(row, "singletons", "int")),
            _cell(w.text("clusters.chosen") if row.chosen else ""),
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
            w.text("clusters.caption_groups"), _columns(w, "clusters.columns_groups"), tuple(group_rows), "lwwl",
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
        _figure(w, "clusters", "dendrogram", ["dendrogram", "clusters"], linkage=linkage, k=metric(t, "k")),
        _figure(w, "clusters", "silhouette", ["cluster_choice"], threshold=threshold,
                relation=w.text("clusters.below" if below else "clusters.not_below")),
        *tables_of_groups,
        Table(w.text("clusters.caption_choice"), _columns(w, "clusters.columns_choice"), choice_rows, "rrlrl", "table-k"),
    ]  # fmt: skip


def _audit_note(w: Wording, check: str, rule: str) -> str:
    """The rule of an audit row in the report's language."""
    named: Mapping[str, str] = w.texts["audit"]["rules"]
    if rule in named:
        return named[rule]
    if rule == "whole":
        return w.text("audit.whole")
    if check == "nested":
        return w.text("audit.in_host", host=rule.removeprefix("in "))
    if check == "merged":
        term, kind = rule.removeprefix("→ ").removesuffix(")").rsplit(" (", 1)
        return w.text("audit.merged_into", term=term, kind=w.texts["audit"]["kinds"][kind])
    return rule


def audit(t: Tables, w: Wording, settings: Settings) -> list[Block]:
    """What the dictionary did, and what cleaning and cutting removed."""
    frame = t["segmentation_audit"]
    taken = t["cleaning"][~t["cleaning"]["reason"].isin(["structure", "blank"])]
    reasons: Mapping[str, str] = w.texts["audit"]["reasons"]
    removed = [
        w.text("audit.removed_item", line=row.line, removed=row.removed.replace("\\t", ""), reason=reasons[row.reason])
        for row in taken.itertuples()
    ]
    blocks: list[Block] = [
        Heading(2, w.text("audit.heading"), "audit"),
        Paragraph(w.sentence("audit.intro"), "note"),
        Paragraph(
            spans(
                w.sentence("audit.cleaned", removed=metric(t, "removed"), runs=metric(t, "removed_runs")),
                w.text("page.semicolon").join(removed),
                "。" if w.language == "zh" else ".",
            )
        ),
    ]
    for check, group in frame.groupby("check", sort=False):
        title = w.text("audit.count_check", check=w.text(f"audit.check_{check}"), items=len(group))
        rows = tuple(
            (
                w.term(row.item) if check in ("generic", "split", "unmatched") else _cell(row.item),
                _cell(_audit_note(w, str(check), row.rule)),
                spans(bound(row.count, "int", table="segmentation_audit", key=f"{check}|{row.item}|{row.rule}", column="count",
                            href=first_of(row.measure_ids))),
                measure_links(t, w, row.measure_ids),
            )
            for row in group.itertuples(index=False)
        )  # fmt: skip
        table = Table(title, _columns(w, "audit.columns")[1:], rows, "llrw", f"audit-{check}")
        blocks.append(Details(_cell(title), (table,), long=check in ("dropped", "generic", "nested")))
    return blocks


def method(t: Tables, w: Wording, settings: Settings, provenance: Mapping[str, Any]) -> list[Block]:
    """The method paragraph, with the parameters of this run."""
    packages = provenance["packages"]

    def either(condition: bool, yes: str, no: str) -> str:
        return w.text(f"method.{yes if condition else no}")

    paragraph = w.sentence(
        "method.paragraph",
        **{name: metric(t, name) for name in ("regions", "documents", "measures", "k_min", "k_max", "k")},
        jieba=packages["jieba"],
        sklearn=packages["scikit-learn"],
        hmm=either(settings.segment.hmm, "used", "unused"),
        min_length=str(settings.segment.min_length),
        nested=either(settings.segment.count_nested, "counted", "not_counted"),
        merged=metric(t, "audit_merged"),
        generic=metric(t, "generic_words"),
        generic_use=either(settings.keywords.exclude_generic, "excluded", "included"),
        phrase_words=str(settings.keywords.phrase_max_words),
        phrase_characters=str(settings.keywords.phrase_max_characters),
        phrase_count=str(settings.keywords.phrase_min_count),
        linkage=w.text(f"clusters.linkage_{settings.cluster.linkage}"),
        silhouette=metric(t, "silhouette", "2"),
    )
    return [
        Heading(2, w.text("method.heading"), "method"),
        Paragraph(paragraph, "copy"),
        Paragraph(w.sentence("method.caveat"), "copy"),
        Heading(3, w.text("method.references_heading"), "references"),
        *(Paragraph((Span(reference),), "note") for reference in REFERENCES),
    ]


def provenance(t: Tables, w: Wording, settings: Settings, data: Mapping[str, Any]) -> list[Block]:
    """Hashes, versions, settings, and the numbers of the text with their origin."""
    raw, code, chosen = data["raw"], data["code"], data["method"]

    def hashed(name: str, digest: str) -> tuple[Spans, ...]:
        return (_cell(name), (Span(digest, kind="code"),))

    inputs = (
        hashed(w.text("provenance.raw", file=raw["file"], bytes=raw["bytes"]), raw["sha256"]),
        hashed(w.text("provenance.method", files=len(chosen["files"])), chosen["sha256"]),
        hashed(w.text("provenance.code", files=len(code["files"]), version=data["pipeline"]), code["sha256"]),
        *(hashed(w.text("provenance.lock", file=name), digest) for name, digest in sorted(data["locks"].items())),
    )
    software = ("jieba", "scikit-learn", "scipy", "numpy", "pandas", "matplotlib", "python-docx")
    packages = tuple((_cell(name), _cell(data["packages"][name])) for name in software)
    values = tuple(
        (_cell(f"{section}.{key}"), _cell(", ".join(value) if isinstance(value, tuple) else str(value).lower()))
        for section, keys in asdict(settings).items()
        for key, value in keys.items()
    )
    numbers = tuple(
        (
            _cell(row.metric),
            _cell("—" if pd.isna(row.value) else f"{row.value:.6f}".rstrip("0").rstrip(".")),
            _cell(row.derived_from),
        )
        for row in t["summary"].itertuples()
    )
    return [
        Heading(2, w.text("provenance.heading"), "provenance"),
        Paragraph(w.sentence("provenance.intro"), "note"),
        Table(w.text("provenance.caption"), _columns(w, "provenance.columns"), inputs, "ll"),
        Table(w.text("provenance.caption_packages"), _columns(w, "provenance.columns_packages"), packages, "ll"),
        Details(
            _cell(w.text("provenance.settings_heading")),
            (Table(w.text("provenance.caption_settings"), _columns(w, "provenance.columns_settings"), values, "ll"),),
            "settings",
        ),
        Details(
            _cell(w.text("provenance.numbers")),
            (Table(w.text("provenance.caption_numbers"), _columns(w, "provenance.columns_numbers"), numbers, "lrl"),),
            "numbers",
        ),
    ]


def source(t: Tables, w: Wording, settings: Settings) -> list[Block]:
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


def build(t: Tables, w: Wording, settings: Settings, data: Mapping[str, Any]) -> Document:
    """The whole report in one language."""
    source_title = t["documents"].iloc[0]["title"]
    given = source_title if w.language == "zh" else w.glossary.get(source_title, "")
    title = w.text("page.title", title=given) if given else w.text("page.fallback_title")
    subtitle = w.text("page.subtitle", regions=number(t.metric["regions"], "int"))
    blocks: list[Block] = [
        *findings.section(t, w, settings),
        *glance(t, w, settings),
        *keywords(t, w, settings),
        *similarity(t, w, settings),
        *clusters(t, w, settings),
        *audit(t, w, settings),
        *method(t, w, settings, data),
        *provenance(t, w, settings, data),
        *source(t, w, settings),
    ]
    return Document(w.language, title, subtitle, tuple(blocks))
