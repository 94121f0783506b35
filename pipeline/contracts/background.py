"""What a background of the genre adds: does it fit, and regions, groups and claims seen through it."""

from __future__ import annotations

from dataclasses import replace

from pipeline.contracts.certainty import SPECIFICATIONS, STRUCTURE
from pipeline.contracts.columns import EXACT, REGION, Table, flag, ids, integer, real, text
from pipeline.contracts.groups import CLUSTER_CHOICE, COASSIGNMENT, VERDICT

BACKGROUND_FIT = Table(
    "background_fit",
    "the background, and whether it fits the corpus; no row without one",
    ("name",),
    (
        text("name", "file of method/background/ without .npz"),
        text("sha256", "of the file"),
        text("sources", "files it was learned from, joined by ;"),
        integer("documents", "documents it was learned from"),
        integer("paragraphs", "paragraphs"),
        integer("characters", "characters"),
        integer("terms", "words that have a vector"),
        integer("dimensions", "of a word's vector"),
        real("coverage", "share of the corpus's words, by occurrence, that two of its paragraphs or more hold, 0 to 1"),
        real(
            "coverage_held_out",
            "the same of its own paragraphs, each seen from all documents but its own: median",
            optional=True,
        ),
        real("relative_coverage", "coverage divided by coverage_held_out", optional=True),
        real(
            "relative_low",
            "percentile interval of relative_coverage when the regions are drawn anew: lower end",
            optional=True,
        ),
        real("relative_high", "upper end", optional=True),
        real("rarity", "mean idf of a text's words in the background: median of the regions", optional=True),
        real("rarity_held_out", "median of its own held-out paragraphs", optional=True),
        real("place", "share of the held-out paragraphs whose words are at least as rare, 0 to 1", optional=True),
        text("outcome", "fits, doubtful or refused"),
        text(
            "reason",
            "overlap (the coverage decides), unknown to itself (its own held-out paragraphs are little covered) or no held-out paragraphs",
        ),
    ),
)

BACKGROUND_COVERAGE = Table(
    "background_coverage",
    "one region: what the background knows of its words",
    ("region",),
    (
        REGION,
        integer("tokens", "words of the region, nested ones included"),
        integer("known", "of these, held by two paragraphs of the background or more"),
        real("share", "known divided by tokens"),
        real("rarity", "mean idf of its words in the background; empty without words", optional=True),
        text("unknown_terms", "words that it does not know, the most frequent first, joined by ·", optional=True),
    ),
)

BACKGROUND_SIMILARITY = Table(
    "background_similarity",
    "one unordered pair of regions, seen through the background and without it",
    ("region_a", "region_b"),
    (
        text("region_a", "region, first in corpus order"),
        text("region_b", "region"),
        real(
            "cosine", "fused similarity: how alike beyond what all regions have in common, -1 to 1; 0 is average", EXACT
        ),
        integer("rank", "1 = most similar pair; ties share the better rank"),
        integer("rank_low", "rank interval over the draws of measures: lower end"),
        integer("rank_high", "upper end"),
        real("first_share", "share of the draws in which the pair is the most similar; ties count in part"),
        real("cosine_low", "percentile interval: lower end"),
        real("cosine_high", "upper end"),
        real("bias", "mean over the draws less the observed value"),
        real("p", "share of pairs of shuffled corpora at least as alike"),
        real("q", "p after Benjamini and Hochberg over all pairs"),
        real("lsa_words", "part of the fused similarity: words in the background's space", EXACT),
        real("lsa_pairs", "part: pairs of characters in its space", EXACT),
        real("lsa_single", "part: single characters in its space", EXACT),
        real("soft_cosine", "part: words, each also by the words used like it", EXACT),
        real("idf", "words with the background's idf only, not a part of the fused similarity", EXACT),
        real("cosine_words", "cosine by words without the background, as in similarity.csv", EXACT),
        integer("rank_words", "rank without the background"),
    ),
)

BACKGROUND_TERMS = Table(
    "background_terms",
    "one pair of terms that makes two regions alike through the background; with `rest` the values of a pair of regions sum to its fused similarity",
    ("region_a", "region_b", "part", "kind", "term_a", "term_b"),
    (
        text("region_a", "region, first in corpus order"),
        text("region_b", "region"),
        text("part", "words, character pairs or single characters"),
        text(
            "kind",
            "terms: one pair of terms; rest: all other pairs of terms of this part, also of terms that the two regions lack",
        ),
        text("term_a", "term of the first region", optional=True),
        text("term_b", "term of the second", optional=True),
        integer("pairs", "pairs of terms in the row"),
        real(
            "value",
            "contribution to the fused similarity: how much more than the mean each region has of its term, times how alike the background finds the two",
            EXACT,
        ),
        integer("rank", "place among the pairs of the part; 0 for rest"),
        ids("measures_a", "measures of the first region with the term"),
        ids("measures_b", "measures of the second region"),
    ),
)

BACKGROUND_MEASURES = Table(
    "background_measures",
    "one measure and the measures of other regions most like it, through the background and without it",
    ("measure_id",),
    (
        text("measure_id", "measure"),
        REGION,
        text("nearest", "measure of another region most like it through the background", optional=True),
        real("similarity", "fused similarity to it, -1 to 1", optional=True),
        text("terms", "pairs of words that contribute most, as a×b, joined by ·", optional=True),
        text(
            "nearest_words",
            "measure of another region most like it by words alone; empty where it shares no word with any",
            optional=True,
        ),
        real("cosine_words", "cosine with it", optional=True),
    ),
)

BACKGROUND_GROUPS = Table(
    "background_groups",
    "one region, grouped through the background",
    ("region",),
    (
        REGION,
        integer("cluster", "consensus group of all views through the background, from 1 in the order of the leaves"),
        text("label", "leading words by keyness, joined by ·"),
        real(
            "silhouette",
            "fit to its own group against the next one, by the fused similarity, -1 to 1; 0 for a region alone",
        ),
        real("support", "mean co-assignment with the other members of its group, 0 to 1; 0 for a region alone"),
        integer("runner_up", "the group with the next largest mean co-assignment", optional=True),
        real("runner_up_support", "that mean"),
        flag("confident", "as in clusters.csv"),
        integer("leaf", "place among the leaves of the consensus tree, from 1"),
        integer("cluster_fused", "group by average linkage on the fused similarity alone, the same number of groups"),
        integer("cluster_words", "the region's group without the background, as in clusters.csv"),
    ),
)

BACKGROUND_CLAIMS = Table(
    "background_claims",
    "one claim of the report, tried in the specifications without the background and in those with it",
    ("claim_id",),
    (
        text("claim_id", "as in robustness.csv"),
        text("kind", "closest, pair, core, membership or keyword"),
        text("region_a", "region, or the core's regions joined by ·"),
        text("region_b", "the pair's other region", optional=True),
        text("term", "the keyword", optional=True),
        integer("specifications", "specifications with the background that can speak to it"),
        real("share", "of these, how many bear it out"),
        text("standing", "robust, sensitive or fragile"),
        real("share_without", "share of the specifications without the background, as in robustness.csv"),
        text("standing_without", "standing without it"),
        flag("changes", "whether the two standings differ"),
    ),
)

BACKGROUND_SPECIFICATIONS = replace(SPECIFICATIONS, name="background_specifications")
BACKGROUND_STRUCTURE = replace(STRUCTURE, name="background_structure")
BACKGROUND_COASSIGNMENT = replace(COASSIGNMENT, name="background_coassignment")
BACKGROUND_CHOICE = replace(CLUSTER_CHOICE, name="background_choice")
BACKGROUND_VERDICT = replace(VERDICT, name="background_verdict")
