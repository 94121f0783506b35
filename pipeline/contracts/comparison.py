"""Keywords, and the regions compared."""

from __future__ import annotations

from pipeline.contracts.columns import EXACT, REGION, Table, flag, ids, integer, real, text

KEYWORDS = Table(
    "keywords",
    "one term of one region",
    ("region", "term"),
    (
        REGION,
        text("term", "word or phrase"),
        text("kind", "word or phrase (contiguous content words)"),
        integer("count", "occurrences in the region"),
        real("tf", "count divided by the region's kept words"),
        integer("df", "regions that have the term"),
        real("idf", "ln((1 + regions) / (1 + df)) + 1"),
        real(
            "tf_idf",
            "count (of a phrase: less what longer phrases explain) times idf, over the norm of the word vector",
            EXACT,
        ),
        integer("rank", "place in the region's list by tf-idf; empty where `unranked` says why", optional=True),
        integer("rank_all", "place if the list of generic words were not applied", optional=True),
        text("unranked", "generic word; explained by a longer term; common to most regions", optional=True),
        flag("single_mention", "the region says it once"),
        flag("generic", "on the list of generic policy words"),
        text("explained_by", "longer term that accounts for every mention", optional=True),
        real("c_value", "log2(1 + words) times the count not inside longer phrases"),
        real("g2", "signed log-likelihood ratio against the other regions; negative: rarer here"),
        real("g2_p", "p of g2, chi-square with one degree of freedom, uncorrected"),
        real("g2_q", "g2_p after Benjamini and Hochberg over all rows of this table"),
        real("log_odds_z", "weighted log-odds against the other regions, in standard errors"),
        real(
            "stability", "share of the resamples in which the term is in the region's list, 0 to 1; ties count in part"
        ),
        ids("measure_ids", "measures that carry the term"),
    ),
)

COOCCURRENCE = Table(
    "cooccurrence",
    "one unordered pair of terms that share a measure",
    ("term_a", "term_b"),
    (
        text("term_a", "term, first in code-point order"),
        text("term_b", "term"),
        integer("measures", "measures that hold both"),
        integer("regions", "regions those measures belong to"),
        real("npmi", "normalised pointwise mutual information over measures, -1 to 1"),
        ids("measure_ids", "where"),
    ),
)

CHARACTER_SIMILARITY = Table(
    "character_similarity",
    "one unordered pair of regions, compared without a dictionary",
    ("region_a", "region_b"),
    (
        text("region_a", "region, first in corpus order"),
        text("region_b", "region"),
        real("cosine_char", "cosine of the TF-IDF vectors of character pairs, 0 to 1", EXACT),
    ),
)

SIMILARITY = Table(
    "similarity",
    "one unordered pair of regions",
    ("region_a", "region_b"),
    (
        text("region_a", "region, first in corpus order"),
        text("region_b", "region"),
        real("cosine", "cosine of the TF-IDF word vectors, 0 to 1", EXACT),
        integer("rank", "1 = most similar pair; ties share the better rank"),
        real("cosine_char", "cosine of the TF-IDF vectors of character pairs, 0 to 1", EXACT),
        integer("rank_char", "rank by cosine_char"),
        integer("shared_terms", "terms with a positive product"),
    ),
)

SIMILARITY_TERMS = Table(
    "similarity_terms",
    "one shared term of one pair of regions",
    ("region_a", "region_b", "term"),
    (
        text("region_a", "region, first in corpus order"),
        text("region_b", "region"),
        text("term", "shared term"),
        real("product", "product of the two tf-idf weights; the products of a pair sum to its cosine", EXACT),
        real("share", "product divided by the cosine, 0 to 1"),
        integer("rank", "place among the pair's terms, from 1"),
        ids("measures_a", "measures of region_a that carry the term"),
        ids("measures_b", "measures of region_b that carry the term"),
    ),
)

REGION_MAP = Table(
    "region_map",
    "one region on the plane of the two leading axes of classical scaling",
    ("region",),
    (
        REGION,
        real("x", "first axis"),
        real("y", "second axis"),
        real("share_x", "share of the positive eigenvalues that the first axis carries, 0 to 1"),
        real("share_y", "the same for the second axis"),
    ),
)

DENDROGRAM = Table(
    "dendrogram",
    "one merge of two groups",
    ("step",),
    (
        integer("step", "order of merging, from 1"),
        integer("left", "merged node: 0 to n-1 regions in corpus order, then n + step - 1 for earlier merges"),
        integer("right", "the other node"),
        real("height", "cosine distance at which they merge"),
        integer("size", "regions in the merged group"),
        real("support", "share of the resamples whose tree has exactly this branch, 0 to 1"),
        real("jaccard", "mean over the resamples of the best Jaccard overlap with one of their branches, 0 to 1"),
    ),
)
