"""What changed between two runs; columns that end in _a are of run A, in _b of run B."""

from __future__ import annotations

from pipeline.contracts.columns import EXACT, REGION, Column, Table, flag, ids, integer, real, text


def _both(column: Column) -> tuple[Column, Column]:
    """The column for each of the two runs."""
    first, second = (
        Column(f"{column.name}_{side.lower()}", column.kind, f"{column.meaning}, in {side}", column.digits, column.optional)
        for side in ("A", "B")
    )  # fmt: skip
    return first, second


COMPARE_RUNS = Table(
    "compare_runs",
    "one of the two runs",
    ("run",),
    (
        text("run", "A or B"),
        text("name", "folder of data/processed/"),
        text("raw_file", "its raw file"),
        text("raw_sha256", "of the raw file"),
        text("idf", "whose idf all weights use: own, A, B, or the name of a background"),
        integer("idf_texts", "texts from which that idf was counted: regions, or paragraphs of the background"),
        integer("left_out", "words left out of lists and vectors as common"),
    ),
)

COMPARE_INPUTS = Table(
    "compare_inputs",
    "one thing that went into a run",
    ("kind", "item"),
    (
        text("kind", "raw, method, code, lock, package, program or unit"),
        text("item", "file, package, python and pipeline, or unit"),
        *_both(
            text(
                "value",
                "SHA-256 of a file, version of a package, what was compared (unit); empty where the run has none",
                optional=True,
            )
        ),
        flag("same", "equal in both runs"),
    ),
)

COMPARE_REGIONS = Table(
    "compare_regions",
    "one region of either run",
    ("region",),
    (
        REGION,
        text("region_en", "English name"),
        text("where", "both, A or B"),
        *_both(integer("documents", "documents", optional=True)),
        *_both(integer("measures", "measures", optional=True)),
        *_both(integer("characters", "characters of its cleaned text", optional=True)),
        flag("same_text", "its cleaned text is the same in both runs"),
        real(
            "cosine",
            "of its own words in A and in B, by one idf: the reference's, or that of all texts of both runs together",
            optional=True,
        ),
        *_both(text("nearest", "most similar other region; empty where all cosines are 0", optional=True)),
        *_both(real("nearest_cosine", "that cosine", optional=True)),
        *_both(real("nearest_share", "share of the resamples in which it is the nearest, by the run's own idf", optional=True)),
        flag("nearest_changed", "it is in both runs, and its nearest region is another one"),
        flag(
            "nearest_sure",
            "changed, and neither run counts the other's among the regions of which one is the nearest (neighbours.csv)",
        ),
        *_both(integer("listed", "keywords in its list", optional=True)),
        integer("shared", "keywords in both lists", optional=True),
        real("jaccard", "shared keywords over those in either list, 0 to 1", optional=True),
        real("rbo", "rank-biased overlap of the lists, extrapolated, p = 0.9; 1 the same, 0 nothing shared", optional=True),
        *_both(integer("cluster", "group", optional=True)),
    ),
)  # fmt: skip

COMPARE_KEYWORDS = Table(
    "compare_keywords",
    "one term of one region of both runs that is in either list",
    ("region", "term"),
    (
        REGION,
        text("term", "word or phrase"),
        text("status", "gained, lost or kept"),
        *_both(integer("rank", "place in the list or behind it; empty where it is not ranked", optional=True)),
        *_both(integer("count", "occurrences in the region")),
        *_both(real("tf", "count (of a phrase: what longer ones leave) over the region's kept words", EXACT)),
        *_both(integer("df", "regions of the run that have the term")),
        *_both(real("idf", "ln((1 + texts) / (1 + df)) + 1, of the run or of the reference", EXACT)),
        *_both(real("tf_idf", "weight over the norm of the region's word vector", EXACT)),
        *_both(real("weight", "tf times idf, before division by the norm", EXACT)),
        real("change", "weight_b less weight_a", EXACT),
        real("from_tf", "part that the region's own text makes: change of tf times mean idf", EXACT),
        real(
            "from_idf",
            "part that the other regions make: change of idf times mean tf; the two parts sum to the change",
            EXACT,
        ),
        text(
            "cause",
            "absent: the other run's text of the region does not have it; cut: the text has it, but it is cut or counted otherwise; "
            "unranked: barred there; text or others: the larger part of the change, without what the number of regions adds to every idf; "
            "displaced: that did not move it this way, other terms came or went; same: kept, and nothing but that number moved it",
        ),
        *_both(text("unranked", "why it is not ranked", optional=True)),
        *_both(real("stability", "share of the resamples in which it is in the list, by the run's own idf")),
        flag(
            "sure",
            "in the list in at least the share `stable` of the resamples where it is listed and outside in at least as many where not",
        ),
        *_both(ids("measures", "measures that carry the term")),
    ),
)

COMPARE_PAIRS = Table(
    "compare_pairs",
    "one unordered pair of regions of both runs",
    ("region", "other"),
    (
        text("region", "region, first in the order of run A"),
        text("other", "region"),
        *_both(real("cosine", "cosine of the TF-IDF word vectors, 0 to 1", EXACT)),
        *_both(integer("rank", "place among the pairs of both runs, ties share the better rank")),
        *_both(real("low", "interval of the cosine when measures are drawn anew: lower end")),
        *_both(real("high", "upper end")),
        real("change", "cosine_b less cosine_a", EXACT),
        flag("disjoint", "the intervals do not touch: more than drawing the measures anew would change"),
        *_both(integer("shared_terms", "terms with a positive product")),
        text("terms_gained", "terms that they share in B only, the largest product first, joined by ·", optional=True),
        text("terms_lost", "terms that they share in A only, the largest product first, joined by ·", optional=True),
    ),
)

COMPARE_PAIR_TERMS = Table(
    "compare_pair_terms",
    "one term that a pair of regions shares in either run",
    ("region", "other", "term"),
    (
        text("region", "region, first in the order of run A"),
        text("other", "region"),
        text("term", "shared term"),
        *_both(real("product", "product of the two tf-idf weights, 0 where it is not shared", EXACT)),
        real("change", "product_b less product_a; the changes of a pair sum to the change of its cosine", EXACT),
        integer("rank", "place by the size of the change"),
        text("status", "gained, lost or kept"),
        ids("measures_a", "measures of both regions that carry it, in A"),
        ids("measures_b", "the same in B"),
    ),
)

COMPARE_GROUPS = Table(
    "compare_groups",
    "one region of either run",
    ("region",),
    (
        REGION,
        *_both(integer("cluster", "its group", optional=True)),
        *_both(text("members", "other regions of its group, joined by ·", optional=True)),
        *_both(flag("confident", "it belongs to its group with confidence")),
        text("left", "regions of both runs that were in its group in A and are not in B, joined by ·", optional=True),
        text("joined", "regions of both runs that were not and are now, joined by ·", optional=True),
        text("gone", "members of its group in A that run B does not have, joined by ·", optional=True),
        text("new", "members of its group in B that run A does not have, joined by ·", optional=True),
    ),
)

COMPARE_VERDICT = Table(
    "compare_verdict",
    "one criterion of the verdict on grouping, then the verdict",
    ("criterion",),
    (
        text("criterion", "as in verdict.csv"),
        *_both(real("value", "what was measured", optional=True)),
        *_both(real("threshold", "what it is held against", optional=True)),
        *_both(flag("met", "whether it is met")),
        *_both(text("outcome", "of the verdict: supported, weak or not shown", optional=True)),
    ),
)

COMPARE_TERMS = Table(
    "compare_terms",
    "one word or phrase of either run",
    ("term",),
    (
        text("term", "word or phrase"),
        text("status", "both, new (only in B) or vanished (only in A)"),
        *_both(integer("df", "regions that have it")),
        *_both(real("idf", "ln((1 + regions) / (1 + df)) + 1 of the run itself, whatever the reference", EXACT)),
        real("drift", "idf_b less idf_a", EXACT),
        real("from_size", "part that the number of regions makes, the same for every term", EXACT),
        real("from_df", "part that the change of df makes; the two parts sum to the drift", EXACT),
        text("regions_a", "regions that use it in A, joined by ·", optional=True),
        text("regions_b", "regions that use it in B, joined by ·", optional=True),
    ),
)

COMPARE_SUMMARY = Table(
    "compare_summary",
    "one number about the two runs",
    ("metric",),
    (
        text("metric", "name of the number"),
        *_both(real("value", "the number; empty where it is of the two together, or not defined", optional=True)),
        real("change", "value_b less value_a, or the number of the two together", optional=True),
        text("derived_from", "table and columns it was computed from"),
    ),
)

COMPARED = (
    COMPARE_RUNS, COMPARE_INPUTS, COMPARE_REGIONS, COMPARE_KEYWORDS, COMPARE_PAIRS, COMPARE_PAIR_TERMS, COMPARE_GROUPS,
    COMPARE_VERDICT, COMPARE_TERMS, COMPARE_SUMMARY,
)  # fmt: skip
