"""How sure the findings are."""

from __future__ import annotations

from pipeline.contracts.columns import REGION, Table, flag, ids, integer, real, text

SIMILARITY_INTERVALS = Table(
    "similarity_intervals",
    "one unordered pair of regions under resampling of the measures",
    ("region_a", "region_b"),
    (
        text("region_a", "region, first in corpus order"),
        text("region_b", "region"),
        integer("rank_low", "best rank of the pair in the interval of the setting `level`, by words"),
        integer("rank_high", "worst rank in that interval"),
        real("first_share", "share of the resamples in which no pair is closer, 0 to 1"),
        real("cosine_low", "lower end of the percentile interval of the cosine of words"),
        real("cosine_high", "upper end"),
        real("bias", "mean of the resampled cosines less the cosine: what drawing measures twice costs"),
        integer("rank_char_low", "best rank in the interval, by character pairs"),
        integer("rank_char_high", "worst rank in that interval"),
    ),
)

NEIGHBOURS = Table(
    "neighbours",
    "one region as another's nearest under resampling",
    ("region", "other"),
    (
        REGION,
        text("other", "another region"),
        integer("rank", "place of the other by cosine of words, 1 nearest; ties share the better rank"),
        real("nearest_share", "share of the resamples in which it is the nearest, 0 to 1; ties count in part"),
        flag(
            "among", "in the smallest set of regions of which one is the nearest in the share `level` of the resamples"
        ),
    ),
)

RELIABILITY = Table(
    "reliability",
    "one number about the similarities as a whole",
    ("view", "measure"),
    (
        text("view", "words, characters, or both"),
        text("measure", "split_half, split_half_corrected, length, views, or views_given_length"),
        real("value", "Spearman's rho over the pairs; empty where `why` says why", optional=True),
        real("low", "lower end of the interval over the halvings", optional=True),
        real("high", "upper end", optional=True),
        real("p", "p by permutation of the regions, one-sided; of length two-sided", optional=True),
        text("why", "why there is no value", optional=True),
    ),
)

LEAVE_ONE_OUT = Table(
    "leave_one_out",
    "one region left out, the rest computed anew",
    ("region",),
    (
        text("region", "the region left out"),
        real("rho", "Spearman's rho of the other pairs' cosines with and without it", optional=True),
        text("closest_a", "closest pair of the rest", optional=True),
        text("closest_b", "closest pair of the rest", optional=True),
        flag("closest_same", "it is the closest of these pairs with the region, too"),
        real("silhouette_max", "largest mean silhouette over k without it", optional=True),
    ),
)

PAIR_TESTS = Table(
    "pair_tests",
    "one unordered pair of regions against shuffled measures",
    ("region_a", "region_b"),
    (
        text("region_a", "region, first in corpus order"),
        text("region_b", "region"),
        real(
            "p", "share of shuffled pairs, of regions with the same two numbers of measures, at least as alike by words"
        ),
        real("q", "p after Benjamini and Hochberg over the pairs"),
        real("p_char", "the same by character pairs"),
        real("q_char", "p_char after Benjamini and Hochberg over the pairs"),
        flag("holds", "q and q_char are at most the setting `alpha`"),
    ),
)

STRUCTURE = Table(
    "structure",
    "one view of the regions and one number of groups against shuffled measures",
    ("view", "k"),
    (
        text("view", "words or characters"),
        integer("k", "number of groups; 0: the largest silhouette over all k, the test statistic"),
        real("silhouette", "mean silhouette of average linkage on 1 - cosine; 0 for one group"),
        real("null_median", "median over the shuffled corpora"),
        real("null_high", "95th percentile over the shuffled corpora"),
        real("p", "share of shuffled corpora with at least this silhouette; empty for one group", optional=True),
        real("gap", "gap statistic: expected less observed ln dispersion; empty for k 0", optional=True),
        real("gap_error", "standard error of the gap", optional=True),
    ),
)

NULL_DISTRIBUTION = Table(
    "null_distribution",
    "one shuffled corpus",
    ("draw",),
    (
        integer("draw", "number of the draw, from 1"),
        real("words", "its largest mean silhouette over k, by words"),
        real("characters", "the same by character pairs"),
    ),
)

SPECIFICATIONS = Table(
    "specifications",
    "one specification on the texts as they are",
    ("specification",),
    (
        integer("specification", "running number"),
        text("text", "dictionary, no dictionary, single characters or character pairs"),
        text("generic", "generic words: out, in, or — where the list does not apply"),
        text("weight", "tf-idf, sublinear, bm25 or binary"),
        integer("min_df", "least number of regions of a term"),
        text("algorithm", "average, complete, ward, kmeans or spectral"),
        integer("closest_rank", "rank of the report's closest pair"),
        real("closest_cosine", "its cosine"),
        real(
            "rand",
            "adjusted Rand index of its groups with those the report describes; empty for one group",
            optional=True,
        ),
        real("rand_mean", "mean adjusted Rand index of its groups with those of the others", optional=True),
    ),
)

ROBUSTNESS = Table(
    "robustness",
    "one claim over all specifications",
    ("claim_id",),
    (
        text("claim_id", "kind and number"),
        text(
            "kind",
            "closest (the closest pair), pair (a pair in the first ten), core (a whole group), membership or keyword",
        ),
        text("region_a", "region of the claim; of a core the regions joined by ·"),
        text("region_b", "second region of a pair", optional=True),
        text("term", "keyword", optional=True),
        integer("specifications", "specifications that can speak to it"),
        real("share", "share of them that bear it out, 0 to 1"),
        text("standing", "robust, sensitive or fragile"),
        text(
            "most_sensitive_to", "choice whose options differ most in that share; empty where all agree", optional=True
        ),
        text("best_option", "its option with the largest share", optional=True),
        real("best_share", "that share", optional=True),
        text("worst_option", "its option with the smallest share", optional=True),
        real("worst_share", "that share", optional=True),
        *(
            column
            for side in ("with", "without")
            for column in (
                integer(f"{side}_specifications", f"specifications of words cut {side} the user dictionary"),
                real(f"{side}_share", "share of these that bear it out; empty where there are none", optional=True),
                text(f"{side}_standing", "robust, sensitive or fragile among these", optional=True),
            )
        ),
    ),
)

DICTIONARY_KEYWORDS = Table(
    "dictionary_keywords",
    "one term in the list of one region, with the user dictionary, without it, or both",
    ("region", "term"),
    (
        REGION,
        text("term", "word or phrase"),
        text(
            "status", "kept (in both lists), lost (only in that with the dictionary) or gained (only in that without)"
        ),
        integer("rank", "place with the dictionary; empty where it has none", optional=True),
        integer("rank_without", "place without it", optional=True),
        integer("count", "occurrences in the region as cut with the dictionary; 0 where it is no term then"),
        integer("count_without", "the same without it"),
        real("stability", "share of the resamples in which it is in the list with the dictionary"),
        real("stability_without", "the same without it"),
        text(
            "cause",
            "why it is in one list only: cut (no term of the region on the other side) or rank (a term there too)",
            optional=True,
        ),
        flag(
            "sure",
            "in its list in at least the share `stable` of the resamples, and out of the other in at least as many",
        ),
        ids("measure_ids", "measures that carry the term"),
    ),
)

DICTIONARY_REGIONS = Table(
    "dictionary_regions",
    "one region with the user dictionary and without it",
    ("region",),
    (
        REGION,
        integer("kept", "terms in both lists"),
        integer("lost", "terms only in the list with the dictionary"),
        integer("gained", "terms only in the list without it"),
        real("jaccard", "terms in both lists, of those in either, 0 to 1"),
        text("nearest", "most similar other region with the dictionary; empty where all cosines are 0", optional=True),
        real("nearest_cosine", "that cosine"),
        text("nearest_without", "the same without the dictionary", optional=True),
        real("nearest_cosine_without", "that cosine"),
        flag("nearest_same", "both name the same region"),
    ),
)

# Not among ALL: it is about the method, not about a corpus, and is no part of `make all`.
CALIBRATION = Table(
    "calibration",
    "one kind of drawn corpora whose truth is known",
    ("scenario", "regions", "strength"),
    (
        text("scenario", "shuffled, own topics (both: no groups to find) or groups"),
        integer("regions", "regions of each corpus"),
        real("strength", "share of the words drawn from the vocabulary of a theme, 0 to 1; 0 for shuffled"),
        integer("draws", "corpora drawn"),
        real("structure", "share of them in which the structure test holds, 0 to 1"),
        real("supported", "share with the verdict supported"),
        real("supported_low", "lower end of the 95% interval of that share (Clopper and Pearson)"),
        real("supported_high", "upper end"),
        real("weak", "share with the verdict weak"),
        real(
            "rand",
            "mean adjusted Rand index of the groups found with the true ones; empty where there are none",
            optional=True,
        ),
    ),
)
