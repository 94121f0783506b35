"""Large corpora: how large, where its partitions are, and what is computed from all of it."""

from __future__ import annotations

from pipeline.contracts.columns import Table, flag, integer, real, text

SCALE = Table(
    "scale",
    "one number about the size of the corpus",
    ("metric",),
    (
        text(
            "metric",
            "large (1: only a sample is studied in full), documents, units, characters, of the corpus and studied; "
            "partitions, repeats, without_text, cleaned",
        ),
        integer("value", "the number"),
    ),
)

PARTITIONS = Table(
    "partitions",
    "one partition of a large corpus",
    ("partition",),
    (
        integer("partition", "running number: corpus/documents-NNNNN.csv holds its documents"),
        integer("documents", "documents"),
        integer("measures", "measures"),
        integer("tokens", "kept occurrences of terms, nested ones included"),
        integer("characters", "characters"),
        text("file", "its terms, in the folder corpus"),
    ),
)

WHOLE = Table(
    "whole",
    "one number about all of a large corpus",
    ("metric",),
    (
        text("metric", "name of the number"),
        real("value", "the number; empty where it is not defined", optional=True),
        text("note", "how it was computed, where there is a choice", optional=True),
    ),
)

WHOLE_UNITS = Table(
    "whole_units",
    "one unit of a large corpus",
    ("unit",),
    (
        text("unit", "name"),
        integer("documents", "documents"),
        integer("measures", "measures"),
        integer("tokens", "counted occurrences of terms"),
        integer("group", "group, from 1, the largest first; 0 where the unit has no counted term"),
        real("centrality", "cosine with the centre of its group, in the space in which groups are formed"),
        integer("runner_up", "group whose centre is next; 0 where there is none"),
        real("margin", "how much nearer the own centre is: difference of the two cosines"),
        flag("studied", "in the sample that is studied in full"),
        text("document", "its first document: corpus/documents-NNNNN.csv has the text"),
        integer("partition", "partition of that document"),
    ),
)

WHOLE_GROUPS = Table(
    "whole_groups",
    "one group of units of a large corpus",
    ("group",),
    (
        integer("group", "number, the largest group first"),
        integer("units", "units"),
        real("share", "share of the units that have a counted term"),
        real("stability", "mean Jaccard overlap with the most similar group when other units are drawn (Hennig 2007)"),
        real("cohesion", "mean cosine of two of its units, in TF-IDF of words", optional=True),
        real(
            "kappa",
            "Cohen's kappa of whether one half of a unit's text and the other point to it, mean over the halvings",
        ),
        real("q", "share of halves dealt among the units that agree at least as well, after Benjamini and Hochberg"),
        flag(
            "holds",
            "whether stability is at least [verdict] jaccard, kappa at least [scale] kappa, and q at most [permutation] alpha",
        ),
        text("label", "its most marking terms"),
    ),
)

WHOLE_GROUP_TERMS = Table(
    "whole_group_terms",
    "one term that marks a group",
    ("group", "term"),
    (
        integer("group", "group"),
        integer("rank", "place among the marking terms"),
        text("term", "term"),
        integer("count", "occurrences in the group"),
        integer("count_rest", "occurrences in the other groups"),
        real("share", "share of the group's units that have it"),
        real("share_rest", "share of the other units that have it"),
        real("log_odds_z", "weighted log-odds against the rest, with its z (Monroe, Colaresi and Quinn 2008)"),
        real("g2", "signed log-likelihood ratio G² (Dunning 1993)"),
        text("unit", "typical unit that has the term"),
        text("document", "document that holds the clause"),
        integer("start", "offset of the clause in the document's text"),
        integer("end", "offset after the last character"),
        text("clause", "the clause"),
    ),
)

WHOLE_TYPICAL = Table(
    "whole_typical",
    "one of the most typical units of a group",
    ("group", "rank"),
    (
        integer("group", "group"),
        integer("rank", "place, the most central first"),
        text("unit", "unit"),
        real("centrality", "cosine with the centre of the group"),
        text("document", "its first document"),
        text("clause", "the first measure of that document"),
    ),
)

WHOLE_GROUP_SIMILARITY = Table(
    "whole_group_similarity",
    "one pair of groups, a group with itself included",
    ("group_a", "group_b"),
    (
        integer("group_a", "group"),
        integer("group_b", "group, not before the first"),
        real(
            "similarity",
            "mean cosine of two different units, one of each, in TF-IDF of words: exact over all pairs",
            optional=True,
        ),
    ),
)

WHOLE_CHOICE = Table(
    "whole_choice",
    "one number of groups that was tried",
    ("k",),
    (
        integer("k", "number of groups"),
        real(
            "recurrence", "adjusted Rand index of the groups formed on two draws of units, over all other units; mean"
        ),
        real(
            "agreement",
            "adjusted Rand index of the groups that two halves of the texts point to, mean over the halvings",
        ),
        real("chance_high", "95th percentile when the halves are dealt among the units"),
        flag("chosen", "taken"),
    ),
)

WHOLE_NEIGHBOURS = Table(
    "whole_neighbours",
    "one unit and one of its most similar units",
    ("unit", "rank"),
    (
        text("unit", "unit"),
        integer("rank", "place, the most similar first"),
        text("neighbour", "the other unit"),
        real("similarity", "cosine of TF-IDF of words, exact, among all units"),
    ),
)

WHOLE_PAIRS = Table(
    "whole_pairs",
    "one of the closest pairs among the neighbours that were looked for",
    ("rank",),
    (
        integer("rank", "place, the closest first"),
        text("unit_a", "unit"),
        text("unit_b", "unit"),
        real("similarity", "cosine of TF-IDF of words"),
        text("terms", "terms that carry it with their shares, the largest first: term 0.42; ..."),
        text("document_a", "first document of the first unit"),
        text("document_b", "first document of the second unit"),
        text("clause_a", "measure of the first that holds most of it"),
        text("clause_b", "measure of the second that holds most of it"),
    ),
)

WHOLE_TERMS = Table(
    "whole_terms",
    "one term of a large corpus, the most widespread first",
    ("term",),
    (
        text("term", "term"),
        integer("count", "occurrences"),
        integer("units", "units that have it"),
        real("share", "share of the units"),
        flag("generic", "on the list of generic policy words"),
        flag("common", "in more than [keywords] common_share of the units: it counts in no similarity"),
    ),
)

WHOLE_MAP = Table(
    "whole_map",
    "one unit drawn at random, as a point",
    ("unit",),
    (
        text("unit", "unit"),
        integer("group", "group"),
        real("x", "first principal coordinate of the drawn units"),
        real("y", "second principal coordinate"),
    ),
)

WHOLE_ALL = (
    WHOLE,
    WHOLE_UNITS,
    WHOLE_GROUPS,
    WHOLE_GROUP_TERMS,
    WHOLE_TYPICAL,
    WHOLE_GROUP_SIMILARITY,
    WHOLE_CHOICE,
    WHOLE_NEIGHBOURS,
    WHOLE_PAIRS,
    WHOLE_TERMS,
    WHOLE_MAP,
)
