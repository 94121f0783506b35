"""Section: the method, ready to paste."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.method import Settings
from pipeline.report.document import Block, Heading, Paragraph, Span, Spans, spans
from pipeline.report.parts import metric
from pipeline.report.sections import background_hedges, theme_hedges, whole
from pipeline.report.source import Tables, number
from pipeline.report.wording import Wording
from pipeline.representations import background_views, specifications, theme_views
from pipeline.stats.grouping import ALGORITHMS

REFERENCES = (
    "Barrón-Cedeño A, Sierra G, Drouin P, Ananiadou S (2009) An improved automatic term recognition method for Spanish. "
    "CICLing 2009, Lecture Notes in Computer Science 5449: 125–136.",
    "Benjamini Y, Hochberg Y (1995) Controlling the false discovery rate: a practical and powerful approach to multiple "
    "testing. Journal of the Royal Statistical Society B 57(1): 289–300.",
    "Cohen J (1960) A coefficient of agreement for nominal scales. Educational and Psychological Measurement 20(1): 37–46.",
    "Davison AC, Hinkley DV (1997) Bootstrap Methods and their Application. Cambridge: Cambridge University Press.",
    "Deerwester S, Dumais ST, Furnas GW, Landauer TK, Harshman R (1990) Indexing by latent semantic analysis. Journal of the "
    "American Society for Information Science 41(6): 391–407.",
    "Dunning T (1993) Accurate methods for the statistics of surprise and coincidence. Computational Linguistics 19(1): 61–74.",
    "Efron B, Tibshirani RJ (1993) An Introduction to the Bootstrap. New York: Chapman & Hall.",
    "Felsenstein J (1985) Confidence limits on phylogenies: an approach using the bootstrap. Evolution 39(4): 783–791.",
    "Frantzi K, Ananiadou S, Mima H (2000) Automatic recognition of multi-word terms: the C-value/NC-value method. "
    "International Journal on Digital Libraries 3(2): 115–130.",
    "Hennig C (2007) Cluster-wise assessment of cluster stability. Computational Statistics & Data Analysis 52(1): 258–271.",
    "Hubert L, Arabie P (1985) Comparing partitions. Journal of Classification 2: 193–218.",
    "Kaufman L, Rousseeuw PJ (1990) Finding Groups in Data. New York: Wiley.",
    "Krippendorff K (2004) Content Analysis: An Introduction to Its Methodology. 2nd ed. Thousand Oaks: Sage.",
    "Lee DD, Seung HS (1999) Learning the parts of objects by non-negative matrix factorization. Nature 401: 788–791.",
    "Mantel N (1967) The detection of disease clustering and a generalized regression approach. Cancer Research 27(2): 209–220.",
    "Monroe BL, Colaresi MP, Quinn KM (2008) Fightin’ words: lexical feature selection and evaluation for identifying the "
    "content of political conflict. Political Analysis 16(4): 372–403.",
    "Monti S, Tamayo P, Mesirov J, Golub T (2003) Consensus clustering: a resampling-based method for class discovery and "
    "visualization of gene expression microarray data. Machine Learning 52: 91–118.",
    "Phipson B, Smyth GK (2010) Permutation p-values should never be zero: calculating exact p-values when permutations are "
    "randomly drawn. Statistical Applications in Genetics and Molecular Biology 9(1): article 39.",
    "Rousseeuw PJ (1987) Silhouettes: a graphical aid to the interpretation and validation of cluster analysis. "
    "Journal of Computational and Applied Mathematics 20: 53–65.",
    "Senbabaoglu Y, Michailidis G, Li JZ (2014) Critical limitations of consensus clustering in class discovery. Scientific "
    "Reports 4: 6207.",
    "Sidorov G, Gelbukh A, Gómez-Adorno H, Pinto D (2014) Soft similarity and soft cosine measure: similarity of features in "
    "vector space model. Computación y Sistemas 18(3): 491–504.",
    "Simonsohn U, Simmons JP, Nelson LD (2020) Specification curve analysis. Nature Human Behaviour 4: 1208–1214.",
    "Tibshirani R, Walther G (2005) Cluster validation by prediction strength. Journal of Computational and Graphical "
    "Statistics 14(3): 511–528.",
    "Tibshirani R, Walther G, Hastie T (2001) Estimating the number of clusters in a data set via the gap statistic. Journal "
    "of the Royal Statistical Society B 63(2): 411–423.",
    "Torgerson WS (1952) Multidimensional scaling: I. Theory and method. Psychometrika 17: 401–419.",
)


# Cited where the corpus is large.
OF_LARGE = (
    "Halko N, Martinsson PG, Tropp JA (2011) Finding structure with randomness: probabilistic algorithms for constructing "
    "approximate matrix decompositions. SIAM Review 53(2): 217–288.",
    "Landis JR, Koch GG (1977) The measurement of observer agreement for categorical data. Biometrics 33(1): 159–174.",
    "Lloyd SP (1982) Least squares quantization in PCM. IEEE Transactions on Information Theory 28(2): 129–137.",
)


def _certainty(t: Tables, w: Wording, settings: Settings) -> Spans:
    """The second paragraph: how the uncertainty was measured, with every number that was chosen."""
    drawn, asked = settings.resampling, settings.verdict
    return w.sentence(
        "method.certainty",
        seed=str(drawn.seed),
        draws=str(drawn.resamples),
        level=number(drawn.level, "share"),
        halvings=str(drawn.halvings),
        stable=number(drawn.stable, "share"),
        prior=f"{settings.keywords.prior:g}",
        shuffles=str(settings.permutation.draws),
        alpha=f"{settings.permutation.alpha:g}",
        specifications=metric(t, "specifications"),
        views=metric(t, "views"),
        each=str(settings.specification.resamples),
        null_draws=str(settings.specification.null_draws),
        low=f"{asked.ambiguous_low:g}",
        high=f"{asked.ambiguous_high:g}",
        jaccard=f"{asked.jaccard:g}",
        support=f"{asked.support:g}",
        margin=f"{asked.margin:g}",
        robust=number(settings.specification.robust, "share"),
        fragile=number(settings.specification.fragile, "share"),
        reliability=f"{drawn.reliability:g}",
        k_rule=w.text(
            "method.k_set" if settings.cluster.k else "method.k_clear", singletons=settings.cluster.max_singletons
        ),
    )


def _engine(w: Wording, provenance: Mapping[str, Any]) -> str:
    """What stands behind jieba's name where the fast engine cut the text."""
    fast = provenance["run"]["engine"] == "rjieba"
    return w.text("method.engine_rjieba", version=provenance["packages"]["rjieba"]) if fast else ""


def _several_documents(t: Tables, w: Wording) -> list[Block]:
    """What was drawn and dealt where regions have several documents."""
    if not t.metric["regions_several"]:
        return []
    dealt = "documents" if t.metric["regions_several"] == t.metric["regions"] else "measures"
    drawn = w.sentence("method.drawn_documents", several=metric(t, "regions_several"))
    return [Paragraph(spans(drawn, "" if w.language == "zh" else " ", w.text(f"method.dealt_{dealt}")), "copy")]


def _background(t: Tables, w: Wording, settings: Settings) -> Spans:
    """The background, with its parameters; where none is used, that."""
    outcome = background_hedges.outcome(t)
    if outcome == "none":
        return w.sentence("method.background_none")
    row = next(t["background_fit"].itertuples())
    asked = settings.background

    def number_in(column: str, style: str = "int") -> Span:
        return t.cell("background_fit", (row.name,), column, style, "#background")

    return w.sentence(
        "method.background_refused" if outcome == "refused" else "method.background",
        name=row.name,
        sources=Span(row.sources.replace(";", ", "), kind="code"),
        **{column: number_in(column) for column in ("documents", "paragraphs", "terms", "dimensions")},
        relative=number_in("relative_coverage", "2"),
        outcome=w.texts["background"]["reason" if outcome == "refused" else "outcome"][
            row.reason if outcome == "refused" else outcome
        ],
        fits=f"{asked.fits:g}",
        refused=f"{asked.refused:g}",
        held_out=f"{asked.held_out:g}",
        draws=str(settings.resampling.resamples),
        shuffles=str(settings.permutation.draws),
        specifications=str(len(specifications(background_views()))),
    )


def _whole(t: Tables, w: Wording, settings: Settings, provenance: Mapping[str, Any]) -> list[Block]:
    """How all of a large corpus was counted and grouped, and the sample drawn."""
    if not whole.is_large(t):
        return []
    scale = settings.scale
    fast = settings.segment.engine_for(whole.size(t, "characters")) == "rjieba"
    grouped = len(t["whole_groups"]) > 0
    said = w.sentence(
        "method.whole",
        engine=f"rjieba {provenance['packages']['rjieba']}" if fast else f"jieba {provenance['packages']['jieba']}",
        **{name: whole.sized(t, name) for name in ("units", "documents", "studied_units", "studied_documents")},
        seed=str(settings.resampling.seed),
        looked=t.cell("whole", ("neighbours_looked_for",), "value", "int"),
        common_share=number(settings.keywords.common_share, "share"),
    )
    if not grouped:
        return [Paragraph(said, "copy")]
    groups = w.sentence(
        "method.whole_groups",
        dimensions=str(scale.dimensions),
        forming=number(scale.forming_share, "share"),
        ks=", ".join(map(str, scale.group_numbers)),
        **{name: t.cell("whole", (name,), "value", "int") for name in ("fitted_units", "judging_units", "groups")},
        subsamples=str(scale.subsamples),
        subsample_units=number(scale.subsample_units, "int"),
        halves=w.text(f"whole.by_{t.row('whole', 'judging_units').note.partition(' ')[0]}"),
        halvings=str(scale.halvings),
        draws=str(scale.null_draws),
        sklearn=provenance["packages"]["scikit-learn"],
    )
    return [Paragraph(said, "copy"), Paragraph(groups, "copy")]


def section(t: Tables, w: Wording, settings: Settings, provenance: Mapping[str, Any]) -> list[Block]:
    """The method paragraph, with the parameters of this run."""
    packages = provenance["packages"]

    def either(condition: bool, yes: str, no: str) -> str:
        return w.text(f"method.{yes if condition else no}")

    paragraph = w.sentence(
        "method.paragraph",
        **{name: metric(t, name) for name in ("regions", "documents", "measures", "k_min", "k_max")},
        jieba=packages["jieba"],
        engine=_engine(w, provenance),
        sklearn=packages["scikit-learn"],
        hmm=either(settings.segment.hmm, "used", "unused"),
        min_length=str(settings.segment.min_length),
        nested=either(settings.segment.count_nested, "counted", "not_counted"),
        merged=metric(t, "audit_merged"),
        common=metric(t, "common"),
        common_share=number(settings.keywords.common_share, "share"),
        generic=metric(t, "generic_words"),
        generic_use=either(settings.keywords.exclude_generic, "excluded", "included"),
        phrase_words=str(settings.keywords.phrase_max_words),
        phrase_characters=str(settings.keywords.phrase_max_characters),
        phrase_count=str(settings.keywords.phrase_min_count),
        linkage=w.text(f"clusters.linkage_{settings.cluster.linkage}"),
    )
    return [
        Heading(2, w.text("method.heading"), "method"),
        *_whole(t, w, settings, provenance),
        Paragraph(paragraph, "copy"),
        Paragraph(_certainty(t, w, settings), "copy"),
        *_several_documents(t, w),
        Paragraph(
            w.sentence(
                "method.exploratory" if theme_hedges.unsupervised(t) else "method.themes",
                themes=metric(t, "themes"),
                rules=metric(t, "rules"),
                specifications=str(len(theme_views()) * len(ALGORITHMS)),
                draws=str(settings.permutation.draws),
            ),
            "copy",
        ),
        Paragraph(_background(t, w, settings), "copy"),
        Paragraph(
            w.sentence("method.caveat", shortest=metric(t, "characters_min"), longest=metric(t, "characters_max")),
            "copy",
        ),
        Heading(3, w.text("method.references_heading"), "references"),
        *(
            Paragraph((Span(reference, kind="latin"),), "note")
            for reference in sorted((*REFERENCES, *(OF_LARGE if whole.is_large(t) else ())))
        ),
    ]
