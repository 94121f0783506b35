"""What several documents say word for word."""

from __future__ import annotations

from pipeline.contracts.columns import EXACT, REGION, Table, ids, integer, real, text

SHARED_PASSAGES = Table(
    "shared_passages",
    "one measure that at least two documents have word for word, blanks and punctuation apart",
    ("passage_id",),
    (
        text("passage_id", "S and a running number, in the order in which the passages first occur"),
        text("text", "the measure as it stands where it first occurs"),
        integer("characters", "its letters, digits and Han characters"),
        integer("documents", "documents that have it"),
        integer("regions", "regions that have it; 1: documents of one region only"),
        ids("measure_ids", "where"),
        text("region_names", "those regions, joined by 、"),
    ),
)

SHARED_REGIONS = Table(
    "shared_regions",
    "one region and what of its text other regions have too",
    ("region",),
    (
        REGION,
        integer("characters", "letters, digits and Han characters of its measures"),
        integer("shared_characters", "of these, those of passages that other regions have too"),
        real("share", "shared_characters divided by characters"),
        integer("passages", "such passages, each counted once"),
    ),
)

SHARED_EFFECT = Table(
    "shared_effect",
    "one view of the regions, with passages of several regions and without them",
    ("view",),
    (
        text("view", "words or characters: the cosine and the cosine_char of similarity.csv"),
        integer("passages", "passages that at least two regions have, left out in what follows"),
        integer("passages_within", "other passages: of several documents of one region, not left out"),
        real("share", "characters of the passages left out, as a share of all"),
        integer("pairs", "pairs of regions"),
        real("mean", "mean cosine of the pairs", optional=True),
        integer("pairs_without", "pairs of which both regions have text left"),
        real("mean_without", "their mean cosine without the passages", optional=True),
        text("region_a", "a region of the pair whose cosine changes most; empty where none changes", optional=True),
        text("region_b", "the other region", optional=True),
        real("cosine", "cosine of this pair", EXACT, optional=True),
        real("cosine_without", "its cosine without the passages", EXACT, optional=True),
    ),
)

NEAR_DUPLICATES = Table(
    "near_duplicates",
    "one pair of documents that have most of the shorter one in common",
    ("doc_a", "doc_b"),
    (
        text("doc_a", "document, first in corpus order"),
        text("doc_b", "document"),
        text("region_a", "region of doc_a"),
        text("region_b", "region of doc_b"),
        integer("shingles_a", "different strings of `shingle` characters of doc_a, blanks and punctuation apart"),
        integer("shingles_b", "those of doc_b"),
        integer("shared", "those that both have"),
        real("containment", "shared divided by the smaller of the two numbers, 0 to 1"),
        real("resemblance", "shared divided by those that either has, 0 to 1"),
    ),
)
