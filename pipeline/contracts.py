"""The contracts of the tables: what one row means, which columns, in which order."""

from __future__ import annotations

from dataclasses import dataclass

EXACT = 15  # digits of numbers that later stages multiply and add
SHOWN = 6  # digits of numbers that are only read


@dataclass(frozen=True)
class Column:
    """One column: ``kind`` is text, int, float, flag or ids (measure ids joined by ``;``)."""

    name: str
    kind: str
    meaning: str
    digits: int = SHOWN
    optional: bool = False


@dataclass(frozen=True)
class Table:
    """A contract: the meaning of one row, the columns in order, and the key that is unique."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]


def _text(name: str, meaning: str, *, optional: bool = False) -> Column:
    return Column(name, "text", meaning, optional=optional)


def _int(name: str, meaning: str, *, optional: bool = False) -> Column:
    return Column(name, "int", meaning, optional=optional)


def _float(name: str, meaning: str, digits: int = SHOWN, *, optional: bool = False) -> Column:
    return Column(name, "float", meaning, digits, optional)


def _flag(name: str, meaning: str) -> Column:
    return Column(name, "flag", meaning)


def _ids(name: str, meaning: str) -> Column:
    return Column(name, "ids", meaning, optional=True)


REGION = _text("region", "normalised short name of the region, e.g. 浙江")

DOCUMENTS = Table(
    "documents",
    "one document",
    ("doc_id",),
    (
        _text("doc_id", "D and the running number in the source"),
        _int("serial", "serial number as written in the source"),
        _text("region_raw", "region as written in the source"),
        REGION,
        _text("region_en", "English name of the region"),
        _text("level", "administrative level; unknown where the gazetteer has no entry"),
        _text("province", "provincial unit the region belongs to", optional=True),
        _text("adcode", "six-digit code of GB/T 2260", optional=True),
        _text("year", "year of the document where the source gives one", optional=True),
        _text("title", "title of the document or of the table it comes from", optional=True),
        _text("text", "cleaned text; all offsets count its characters from 0"),
        _int("source_line", "line of the raw file on which the text begins, from 1"),
        _int("source_start", "character offset in the decoded raw file of the first character of the cell"),
    ),
)
CLEANING = Table(
    "cleaning",
    "one run of raw characters that is in no cell of documents.csv",
    ("start",),
    (
        _text("doc_id", "document whose cell held the characters; empty outside the rows", optional=True),
        _int("line", "line of the raw file, from 1"),
        _int("start", "character offset in the decoded raw file, first character"),
        _int("end", "character offset after the last character"),
        _text("removed", "the characters, with \\n, \\t and \\ufeff written out"),
        _text("reason", "why: title, header, structure, bookmark, blank, byte-order mark, repeated row"),
    ),
)
MEASURES = Table(
    "measures",
    "one measure (举措): the text between sentence ends and semicolons",
    ("measure_id",),
    (
        _text("measure_id", "document id, a hyphen, position"),
        _text("doc_id", "document"),
        REGION,
        _int("position", "place within the document, from 1"),
        _text("headline", "the leading phrase, up to the first comma or colon"),
        _text("text", "the measure, without the mark that ends it"),
        _int("start", "offset in the document's text"),
        _int("end", "offset after the last character"),
    ),
)
TOKENS = Table(
    "tokens",
    "one kept occurrence of a term in a measure",
    ("measure_id", "start", "end"),
    (
        _text("measure_id", "measure that holds the term"),
        REGION,
        _int("position", "place among all tokens of the measure, from 1; a nested term has that of its host"),
        _text("surface", "the characters as they stand in the text"),
        _text("term", "the term counted: the surface, or what the synonym table makes of it"),
        _text("pos", "part of speech by jieba's tag set; user dictionary first; x unknown"),
        _flag("generic", "on the list of generic policy words"),
        _text("nested_in", "dictionary term that contains this one here", optional=True),
        _int("start", "offset in the document's text"),
        _int("end", "offset after the last character"),
    ),
)
SEGMENTATION_AUDIT = Table(
    "segmentation_audit",
    "one thing to know about how the text was cut",
    ("check", "item", "rule"),
    (
        _text("check", "unmatched, split, nested, merged, dropped, generic, quoted or unlisted"),
        _text("item", "dictionary entry, word or quoted phrase"),
        _text("rule", "by which rule, or how it was cut", optional=True),
        _int("count", "occurrences"),
        _ids("measure_ids", "where"),
    ),
)
KEYWORDS = Table(
    "keywords",
    "one term of one region",
    ("region", "term"),
    (
        REGION,
        _text("term", "word or phrase"),
        _text("kind", "word or phrase (contiguous content words)"),
        _int("count", "occurrences in the region"),
        _float("tf", "count divided by the region's kept words"),
        _int("df", "regions that have the term"),
        _float("idf", "ln((1 + regions) / (1 + df)) + 1"),
        _float(
            "tf_idf",
            "count (of a phrase: less what longer phrases explain) times idf, over the norm of the word vector",
            EXACT,
        ),
        _int("rank", "place in the region's list by tf-idf; empty where `unranked` says why", optional=True),
        _int("rank_all", "place if the list of generic words were not applied", optional=True),
        _text("unranked", "generic word; explained by a longer term; common to most regions", optional=True),
        _flag("single_mention", "the region says it once"),
        _flag("generic", "on the list of generic policy words"),
        _text("explained_by", "longer term that accounts for every mention", optional=True),
        _float("c_value", "log2(1 + words) times the count not inside longer phrases"),
        _float("g2", "signed log-likelihood ratio against the other regions; negative: rarer here"),
        _float("g2_p", "p of g2, chi-square with one degree of freedom, uncorrected"),
        _ids("measure_ids", "measures that carry the term"),
    ),
)
COOCCURRENCE = Table(
    "cooccurrence",
    "one unordered pair of terms that share a measure",
    ("term_a", "term_b"),
    (
        _text("term_a", "term, first in code-point order"),
        _text("term_b", "term"),
        _int("measures", "measures that hold both"),
        _int("regions", "regions those measures belong to"),
        _float("npmi", "normalised pointwise mutual information over measures, -1 to 1"),
        _ids("measure_ids", "where"),
    ),
)
CHARACTER_SIMILARITY = Table(
    "character_similarity",
    "one unordered pair of regions, compared without a dictionary",
    ("region_a", "region_b"),
    (
        _text("region_a", "region, first in corpus order"),
        _text("region_b", "region"),
        _float("cosine_char", "cosine of the TF-IDF vectors of character pairs, 0 to 1", EXACT),
    ),
)
SIMILARITY = Table(
    "similarity",
    "one unordered pair of regions",
    ("region_a", "region_b"),
    (
        _text("region_a", "region, first in corpus order"),
        _text("region_b", "region"),
        _float("cosine", "cosine of the TF-IDF word vectors, 0 to 1", EXACT),
        _int("rank", "1 = most similar pair; ties share the better rank"),
        _float("cosine_char", "cosine of the TF-IDF vectors of character pairs, 0 to 1", EXACT),
        _int("rank_char", "rank by cosine_char"),
        _int("shared_terms", "terms with a positive product"),
    ),
)
SIMILARITY_TERMS = Table(
    "similarity_terms",
    "one shared term of one pair of regions",
    ("region_a", "region_b", "term"),
    (
        _text("region_a", "region, first in corpus order"),
        _text("region_b", "region"),
        _text("term", "shared term"),
        _float("product", "product of the two tf-idf weights; the products of a pair sum to its cosine", EXACT),
        _float("share", "product divided by the cosine, 0 to 1"),
        _int("rank", "place among the pair's terms, from 1"),
        _ids("measures_a", "measures of region_a that carry the term"),
        _ids("measures_b", "measures of region_b that carry the term"),
    ),
)
REGION_MAP = Table(
    "region_map",
    "one region on the plane of the two leading axes of classical scaling",
    ("region",),
    (
        REGION,
        _float("x", "first axis"),
        _float("y", "second axis"),
        _float("share_x", "share of the positive eigenvalues that the first axis carries, 0 to 1"),
        _float("share_y", "the same for the second axis"),
    ),
)
CLUSTERS = Table(
    "clusters",
    "one region",
    ("region",),
    (
        REGION,
        _int("cluster", "group number, from 1 in the order of the dendrogram's leaves"),
        _text("label", "leading terms by keyness, joined by ·"),
        _float("silhouette", "fit to its own group against the next one, -1 to 1; 0 for a region alone"),
        _int("leaf", "place among the dendrogram's leaves, from 1"),
    ),
)
CLUSTER_TERMS = Table(
    "cluster_terms",
    "one term that tells a group from the rest",
    ("cluster", "term"),
    (
        _int("cluster", "group"),
        _text("term", "term"),
        _int("rank", "place among the group's terms, from 1"),
        _int("count", "occurrences in the group"),
        _int("regions", "regions of the group that have it"),
        _float("g2", "signed log-likelihood ratio against the other groups"),
        _float("g2_p", "p of g2, uncorrected"),
        _ids("measure_ids", "where"),
    ),
)
CLUSTER_CHOICE = Table(
    "cluster_choice",
    "one number of groups",
    ("k",),
    (
        _int("k", "number of groups"),
        _float("silhouette", "mean silhouette over the regions, -1 to 1"),
        _text("sizes", "regions per group, largest first"),
        _int("singletons", "groups of one region"),
        _flag("chosen", "the number of groups that the report describes"),
    ),
)
DENDROGRAM = Table(
    "dendrogram",
    "one merge of two groups",
    ("step",),
    (
        _int("step", "order of merging, from 1"),
        _int("left", "merged node: 0 to n-1 regions in corpus order, then n + step - 1 for earlier merges"),
        _int("right", "the other node"),
        _float("height", "cosine distance at which they merge"),
        _int("size", "regions in the merged group"),
    ),
)
REGIONS = Table(
    "regions",
    "one region at a glance",
    ("region",),
    (
        REGION,
        _text("region_en", "English name"),
        _text("level", "administrative level"),
        _text("province", "provincial unit", optional=True),
        _text("adcode", "code of GB/T 2260", optional=True),
        _int("documents", "documents of the region"),
        _int("characters", "characters of its cleaned text"),
        _int("measures", "measures"),
        _int("words", "kept occurrences of words, generic ones included"),
        _int("types", "different words"),
        _int("own_types", "words no other region has"),
        _text("nearest", "most similar other region by cosine; empty where all are 0", optional=True),
        _float("nearest_cosine", "that cosine"),
        _text("nearest_char", "most similar other region by character pairs; empty where all are 0", optional=True),
        _int("cluster", "group"),
    ),
)
SUMMARY = Table(
    "summary",
    "one number about the whole corpus",
    ("metric",),
    (
        _text("metric", "name of the number"),
        _float("value", "the number; empty where it is not defined, such as the mean of nothing", optional=True),
        _text("derived_from", "table and columns it was computed from"),
    ),
)
ALL = (
    DOCUMENTS, CLEANING, MEASURES, TOKENS, SEGMENTATION_AUDIT, KEYWORDS, COOCCURRENCE, CHARACTER_SIMILARITY, SIMILARITY, SIMILARITY_TERMS,
    REGION_MAP, CLUSTERS, CLUSTER_TERMS, CLUSTER_CHOICE, DENDROGRAM, REGIONS, SUMMARY,
)  # fmt: skip
