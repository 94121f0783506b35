"""Groups of regions and the verdict on them."""

from __future__ import annotations

from pipeline.contracts.columns import REGION, Table, flag, ids, integer, real, text

COASSIGNMENT = Table(
    "coassignment",
    "one unordered pair of regions for one number of groups",
    ("k", "region_a", "region_b"),
    (
        integer("k", "number of groups"),
        text("region_a", "region, first in corpus order"),
        text("region_b", "region"),
        real("share", "share of the partitions (specifications times resamples) with both in one group, 0 to 1"),
    ),
)

CONSENSUS = Table(
    "consensus",
    "one region for one number of groups",
    ("k", "region"),
    (
        integer("k", "number of groups"),
        REGION,
        integer("cluster", "consensus group: average linkage on 1 - co-assignment, from 1 in the order of its leaves"),
        integer("leaf", "place among the leaves of the consensus tree, from 1"),
        real("support", "mean co-assignment with the other members of its group, 0 to 1; 0 for a region alone"),
        integer("runner_up", "the other group with the largest mean co-assignment", optional=True),
        real("runner_up_support", "that mean"),
        real("jaccard", "stability of its group: mean best Jaccard overlap over the partitions; 0 for a region alone"),
    ),
)

STABILITY = Table(
    "stability",
    "one stability index for one number of groups, beside shuffled corpora",
    ("k", "index"),
    (
        integer("k", "number of groups"),
        text(
            "index", "pac, jaccard (second-best group of several regions), prediction_strength or support (best region)"
        ),
        real("value", "the index over all specifications and resamples, 0 to 1"),
        real("value_alike", "the index computed as for a shuffled corpus: every specification on one resample"),
        real("null_median", "median over the shuffled corpora, computed alike"),
        real("null_low", "5th percentile"),
        real("null_high", "95th percentile"),
        real("p", "share of shuffled corpora at least as stable (pac: at most as ambiguous)"),
    ),
)

CLUSTERS = Table(
    "clusters",
    "one region",
    ("region",),
    (
        REGION,
        integer("cluster", "consensus group that the report describes, from 1 in the order of the leaves"),
        text("label", "leading terms by keyness, joined by ·"),
        real("silhouette", "fit to its own group against the next one, by words, -1 to 1; 0 for a region alone"),
        real("support", "mean co-assignment with the other members of its group, 0 to 1; 0 for a region alone"),
        integer("runner_up", "the group with the next largest mean co-assignment", optional=True),
        real("runner_up_support", "that mean"),
        flag(
            "confident",
            "groups are shown, and support and its lead over the runner-up reach the settings and what shuffled texts give",
        ),
        integer("leaf", "place among the leaves of the consensus tree, from 1"),
    ),
)

CLUSTER_TERMS = Table(
    "cluster_terms",
    "one term that tells a group from the rest",
    ("cluster", "term"),
    (
        integer("cluster", "group"),
        text("term", "term"),
        integer("rank", "place among the group's terms, from 1"),
        integer("count", "occurrences in the group"),
        integer("regions", "regions of the group that have it"),
        real("g2", "signed log-likelihood ratio against the other groups"),
        real("g2_p", "p of g2, uncorrected"),
        ids("measure_ids", "where"),
    ),
)

CLUSTER_CHOICE = Table(
    "cluster_choice",
    "one number of groups",
    ("k",),
    (
        integer("k", "number of groups"),
        real("silhouette", "mean silhouette of average linkage by words, -1 to 1; 0 for one group"),
        text("sizes", "regions per consensus group, largest first"),
        integer("singletons", "groups of one region"),
        flag("chosen", "the number of groups that the report describes"),
        real("pac", "proportion of ambiguous pairs over the specifications", optional=True),
        real("pac_p", "share of shuffled corpora at most as ambiguous", optional=True),
        real("jaccard", "Jaccard stability of the second-best group of several regions", optional=True),
        real("jaccard_p", "share of shuffled corpora at least as stable", optional=True),
        real("prediction_strength", "prediction strength between halves of the measures", optional=True),
        real("prediction_strength_p", "share of shuffled corpora at least as large", optional=True),
        real("gap", "gap statistic against shuffled corpora", optional=True),
        real("gap_error", "its standard error", optional=True),
        real("silhouette_p", "share of shuffled corpora with at least this silhouette of words", optional=True),
    ),
)

VERDICT = Table(
    "verdict",
    "one criterion of the verdict on grouping, then the verdict",
    ("criterion",),
    (
        text("criterion", "structure_words, structure_characters, pac, jaccard, or verdict"),
        real("value", "what was measured; empty where it could not be", optional=True),
        real("threshold", "what it is held against", optional=True),
        flag("met", "whether it is met; of the verdict: whether grouping is supported"),
        text(
            "outcome",
            "of the verdict: supported, weak or not shown; of a criterion: why it could not be measured",
            optional=True,
        ),
    ),
)
