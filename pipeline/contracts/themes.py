"""Themes: what was coded in which measure, and the approaches of the regions."""

from __future__ import annotations

from dataclasses import replace

from pipeline.contracts.certainty import STRUCTURE
from pipeline.contracts.columns import EXACT, REGION, Table, flag, ids, integer, real, text
from pipeline.contracts.groups import CLUSTER_CHOICE, COASSIGNMENT, VERDICT

CODEBOOK = Table(
    "codebook",
    "one theme",
    ("theme",),
    (
        text("theme", "id of the theme"),
        text("zh", "Chinese name; of a theme found without a codebook: its leading terms"),
        text("en", "English name"),
        text("definition_zh", "what it covers"),
        text("definition_en", "what it covers"),
        text("source", "codebook, or unsupervised: a group of like measures"),
        integer("rules", "indicators of the codebook; terms of a group of measures"),
        integer("rules_used", "of these, how many were found at least once and counted"),
        integer("measures", "measures that carry the theme"),
        real("share", "of all measures, 0 to 1"),
        integer("regions", "regions that carry it"),
        integer("single_hit", "measures that carry it by one hit only: delete that indicator and the mark is gone"),
        real("stability", "of a group of measures: mean Jaccard overlap with its like in resamples", optional=True),
    ),
)

THEME_EVIDENCE = Table(
    "theme_evidence",
    "one place in a measure where an indicator of a theme stands",
    ("measure_id", "theme", "start", "end"),
    (
        text("measure_id", "measure"),
        REGION,
        text("theme", "theme"),
        text("indicator", "the characters as they stand in the text, from start to end"),
        text("rule", "the indicator as the codebook writes it"),
        integer("line", "line of themes.toml; empty without a codebook", optional=True),
        integer("start", "offset in the document's text"),
        integer("end", "offset after the last character"),
        text("status", "counted, excluded or negated"),
        text("reason", "the exclusion or the negating word", optional=True),
    ),
)

THEMES = Table(
    "themes",
    "one region and theme",
    ("region", "theme"),
    (
        REGION,
        text("theme", "theme"),
        integer("measures", "measures of the region that carry the theme"),
        real("share", "of the region's measures, 0 to 1"),
        real("share_low", "lower end of the percentile interval when the region's measures are drawn anew"),
        real("share_high", "upper end"),
        integer("first_rank", "position of the first measure that carries it, 1 the first of the text", optional=True),
        integer("rank", "place among the region's themes by share, ties share the better one", optional=True),
        real(
            "leading_share", "share of the draws in which no theme of the region has a larger share; ties count in part"
        ),
        ids("measure_ids", "where"),
    ),
)

UNCODED = Table(
    "uncoded",
    "one term of a measure that carries no theme; a measure without terms has one row",
    ("measure_id", "term"),
    (
        text("measure_id", "measure"),
        REGION,
        text("term", "a word that may become an indicator", optional=True),
        integer("count", "occurrences in measures without a theme"),
        integer("elsewhere", "occurrences in measures with one"),
        real("g2", "signed log-likelihood ratio against the measures with a theme"),
    ),
)

THEME_SIMILARITY = Table(
    "theme_similarity",
    "one unordered pair of regions, compared by their themes",
    ("region_a", "region_b"),
    (
        text("region_a", "region, first in corpus order"),
        text("region_b", "region"),
        real("cosine", "cosine of the TF-IDF vectors of themes, a theme counted once a measure, 0 to 1", EXACT),
        integer("rank", "1 = most similar pair; ties share the better rank"),
        integer("rank_low", "rank interval over the draws of measures: lower end"),
        integer("rank_high", "upper end"),
        real("first_share", "share of the draws in which the pair is the most similar; ties count in part"),
        real("cosine_low", "percentile interval of the cosine: lower end"),
        real("cosine_high", "upper end"),
        real("bias", "mean over the draws less the observed cosine"),
        real("p", "share of pairs of shuffled corpora at least as alike"),
        real("q", "p after Benjamini and Hochberg over all pairs"),
        real("cosine_words", "cosine by words, as in similarity.csv", EXACT),
        integer("rank_words", "rank by words"),
        integer("shared_themes", "themes that both carry"),
    ),
)

THEME_PAIRS = Table(
    "theme_pairs",
    "one shared theme of one pair of regions",
    ("region_a", "region_b", "theme"),
    (
        text("region_a", "region, first in corpus order"),
        text("region_b", "region"),
        text("theme", "shared theme"),
        real("product", "product of the two weights; the products of a pair sum to its cosine", EXACT),
        real("share", "of the cosine"),
        integer("rank", "place among the pair's themes"),
        ids("measures_a", "measures of the first region that carry it"),
        ids("measures_b", "measures of the second region"),
    ),
)

THEME_GROUPS = Table(
    "theme_groups",
    "one region, grouped by its themes",
    ("region",),
    (
        REGION,
        integer("cluster", "consensus group by themes, from 1 in the order of the leaves"),
        text("label", "leading themes by keyness, joined by ·"),
        real("silhouette", "fit to its own group against the next one, by themes, -1 to 1; 0 for a region alone"),
        real("support", "mean co-assignment with the other members of its group, 0 to 1; 0 for a region alone"),
        integer("runner_up", "the group with the next largest mean co-assignment", optional=True),
        real("runner_up_support", "that mean"),
        flag("confident", "as in clusters.csv"),
        integer("leaf", "place among the leaves of the consensus tree, from 1"),
        integer("cluster_words", "the region's group by words, as in clusters.csv"),
    ),
)

THEME_PROFILES = Table(
    "theme_profiles",
    "one theme of one group of regions",
    ("grouping", "cluster", "theme"),
    (
        text("grouping", "words (clusters.csv) or themes (theme_groups.csv)"),
        integer("cluster", "group"),
        text("theme", "theme"),
        integer("measures", "measures of the group that carry it"),
        real("share", "of the group's measures, 0 to 1"),
        real("share_rest", "of the measures of all other regions, 0 to 1"),
        integer("regions", "regions of the group that carry it"),
        real("g2", "signed log-likelihood ratio against the other groups"),
        real("g2_p", "p of g2, uncorrected"),
        integer("rank", "place among the group's themes by g2"),
        ids("measure_ids", "where"),
    ),
)

THEME_STRUCTURE = replace(STRUCTURE, name="theme_structure")
THEME_COASSIGNMENT = replace(COASSIGNMENT, name="theme_coassignment")
THEME_CHOICE = replace(CLUSTER_CHOICE, name="theme_choice")
THEME_VERDICT = replace(VERDICT, name="theme_verdict")

VIEW_AGREEMENT = Table(
    "view_agreement",
    "one comparison of what themes and words say of the regions",
    ("measure", "k"),
    (
        text("measure", "mantel (rank correlation of the cosines) or rand (adjusted Rand index of the groups)"),
        integer("k", "number of groups of both partitions; 0 for the cosines, -1 for the groups each view describes"),
        real("value", "-1 to 1; empty where it cannot be computed", optional=True),
        real("p", "share of the permutations of the regions with at least this value", optional=True),
        text("why", "why it cannot be computed", optional=True),
    ),
)

VIEW_DIFFERENCES = Table(
    "view_differences",
    "one unordered pair of regions and the measures that make themes and words differ on it",
    ("region_a", "region_b"),
    (
        text("region_a", "region, first in corpus order"),
        text("region_b", "region"),
        integer("rank_themes", "rank of the pair by themes"),
        integer("rank_words", "rank of the pair by words"),
        integer("difference", "rank by words less rank by themes: above 0, closer by themes"),
        text("themes", "themes that carry most of the likeness by themes, joined by ·", optional=True),
        text("terms", "words that carry most of the likeness by words, joined by ·", optional=True),
        ids(
            "measure_ids", "measures of the two regions without which the ranks would differ less, the strongest first"
        ),
        integer("difference_without", "the difference when the first of them is left out", optional=True),
    ),
)

CODER_AGREEMENT = Table(
    "coder_agreement",
    "one theme coded by the codebook and by a second coder; then all themes together",
    ("theme",),
    (
        text("theme", "theme, or all"),
        text("unit", "measure or region"),
        integer("units", "codings of both"),
        integer("both", "both say it is there"),
        integer("codebook_only", "only the codebook"),
        integer("coder_only", "only the second coder"),
        integer("neither", "both say it is not"),
        real("agreement", "share of equal codings, 0 to 1"),
        real("kappa", "Cohen's kappa; empty where both coders use one value only", optional=True),
        real("alpha", "Krippendorff's alpha, nominal; empty where all codings are one value", optional=True),
        real("alpha_low", "percentile interval when the units are drawn anew: lower end", optional=True),
        real("alpha_high", "upper end", optional=True),
        text("standing", "good (at least 0.80), tentative (at least 0.667), low, or unknown"),
    ),
)

CODER_DISAGREEMENTS = Table(
    "coder_disagreements",
    "one unit and theme on which the codebook and the second coder differ",
    ("unit_id", "theme"),
    (
        text("unit_id", "measure id or region"),
        REGION,
        text("theme", "theme"),
        flag("codebook", "the codebook's coding"),
        flag("coder", "the second coder's"),
        text("indicators", "what the codebook found, joined by ·; excluded or negated hits in brackets", optional=True),
        integer("line", "line of the coding file"),
        ids("measure_ids", "measures to read: those with a hit, else all of the unit"),
    ),
)
