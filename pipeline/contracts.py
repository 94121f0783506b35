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
        _float("g2_q", "g2_p after Benjamini and Hochberg over all rows of this table"),
        _float("log_odds_z", "weighted log-odds against the other regions, in standard errors"),
        _float(
            "stability", "share of the resamples in which the term is in the region's list, 0 to 1; ties count in part"
        ),
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
SIMILARITY_INTERVALS = Table(
    "similarity_intervals",
    "one unordered pair of regions under resampling of the measures",
    ("region_a", "region_b"),
    (
        _text("region_a", "region, first in corpus order"),
        _text("region_b", "region"),
        _int("rank_low", "best rank of the pair in the interval of the setting `level`, by words"),
        _int("rank_high", "worst rank in that interval"),
        _float("first_share", "share of the resamples in which no pair is closer, 0 to 1"),
        _float("cosine_low", "lower end of the percentile interval of the cosine of words"),
        _float("cosine_high", "upper end"),
        _float("bias", "mean of the resampled cosines less the cosine: what drawing measures twice costs"),
        _int("rank_char_low", "best rank in the interval, by character pairs"),
        _int("rank_char_high", "worst rank in that interval"),
    ),
)
NEIGHBOURS = Table(
    "neighbours",
    "one region as another's nearest under resampling",
    ("region", "other"),
    (
        REGION,
        _text("other", "another region"),
        _int("rank", "place of the other by cosine of words, 1 nearest; ties share the better rank"),
        _float("nearest_share", "share of the resamples in which it is the nearest, 0 to 1; ties count in part"),
        _flag(
            "among", "in the smallest set of regions of which one is the nearest in the share `level` of the resamples"
        ),
    ),
)
RELIABILITY = Table(
    "reliability",
    "one number about the similarities as a whole",
    ("view", "measure"),
    (
        _text("view", "words, characters, or both"),
        _text("measure", "split_half, split_half_corrected, length, views, or views_given_length"),
        _float("value", "Spearman's rho over the pairs; empty where `why` says why", optional=True),
        _float("low", "lower end of the interval over the halvings", optional=True),
        _float("high", "upper end", optional=True),
        _float("p", "p by permutation of the regions, one-sided; of length two-sided", optional=True),
        _text("why", "why there is no value", optional=True),
    ),
)
LEAVE_ONE_OUT = Table(
    "leave_one_out",
    "one region left out, the rest computed anew",
    ("region",),
    (
        _text("region", "the region left out"),
        _float("rho", "Spearman's rho of the other pairs' cosines with and without it", optional=True),
        _text("closest_a", "closest pair of the rest", optional=True),
        _text("closest_b", "closest pair of the rest", optional=True),
        _flag("closest_same", "it is the closest of these pairs with the region, too"),
        _float("silhouette_max", "largest mean silhouette over k without it", optional=True),
    ),
)
PAIR_TESTS = Table(
    "pair_tests",
    "one unordered pair of regions against shuffled measures",
    ("region_a", "region_b"),
    (
        _text("region_a", "region, first in corpus order"),
        _text("region_b", "region"),
        _float(
            "p", "share of shuffled pairs, of regions with the same two numbers of measures, at least as alike by words"
        ),
        _float("q", "p after Benjamini and Hochberg over the pairs"),
        _float("p_char", "the same by character pairs"),
        _float("q_char", "p_char after Benjamini and Hochberg over the pairs"),
        _flag("holds", "q and q_char are at most the setting `alpha`"),
    ),
)
STRUCTURE = Table(
    "structure",
    "one view of the regions and one number of groups against shuffled measures",
    ("view", "k"),
    (
        _text("view", "words or characters"),
        _int("k", "number of groups; 0: the largest silhouette over all k, the test statistic"),
        _float("silhouette", "mean silhouette of average linkage on 1 - cosine; 0 for one group"),
        _float("null_median", "median over the shuffled corpora"),
        _float("null_high", "95th percentile over the shuffled corpora"),
        _float("p", "share of shuffled corpora with at least this silhouette; empty for one group", optional=True),
        _float("gap", "gap statistic: expected less observed ln dispersion; empty for k 0", optional=True),
        _float("gap_error", "standard error of the gap", optional=True),
    ),
)
NULL_DISTRIBUTION = Table(
    "null_distribution",
    "one shuffled corpus",
    ("draw",),
    (
        _int("draw", "number of the draw, from 1"),
        _float("words", "its largest mean silhouette over k, by words"),
        _float("characters", "the same by character pairs"),
    ),
)
COASSIGNMENT = Table(
    "coassignment",
    "one unordered pair of regions for one number of groups",
    ("k", "region_a", "region_b"),
    (
        _int("k", "number of groups"),
        _text("region_a", "region, first in corpus order"),
        _text("region_b", "region"),
        _float("share", "share of the partitions (specifications times resamples) with both in one group, 0 to 1"),
    ),
)
CONSENSUS = Table(
    "consensus",
    "one region for one number of groups",
    ("k", "region"),
    (
        _int("k", "number of groups"),
        REGION,
        _int("cluster", "consensus group: average linkage on 1 - co-assignment, from 1 in the order of its leaves"),
        _int("leaf", "place among the leaves of the consensus tree, from 1"),
        _float("support", "mean co-assignment with the other members of its group, 0 to 1; 0 for a region alone"),
        _int("runner_up", "the other group with the largest mean co-assignment", optional=True),
        _float("runner_up_support", "that mean"),
        _float(
            "jaccard", "stability of its group: mean best Jaccard overlap over the partitions; 0 for a region alone"
        ),
    ),
)
STABILITY = Table(
    "stability",
    "one stability index for one number of groups, beside shuffled corpora",
    ("k", "index"),
    (
        _int("k", "number of groups"),
        _text(
            "index", "pac, jaccard (second-best group of several regions), prediction_strength or support (best region)"
        ),
        _float("value", "the index over all specifications and resamples, 0 to 1"),
        _float("value_alike", "the index computed as for a shuffled corpus: every specification on one resample"),
        _float("null_median", "median over the shuffled corpora, computed alike"),
        _float("null_low", "5th percentile"),
        _float("null_high", "95th percentile"),
        _float("p", "share of shuffled corpora at least as stable (pac: at most as ambiguous)"),
    ),
)
CLUSTERS = Table(
    "clusters",
    "one region",
    ("region",),
    (
        REGION,
        _int("cluster", "consensus group that the report describes, from 1 in the order of the leaves"),
        _text("label", "leading terms by keyness, joined by ·"),
        _float("silhouette", "fit to its own group against the next one, by words, -1 to 1; 0 for a region alone"),
        _float("support", "mean co-assignment with the other members of its group, 0 to 1; 0 for a region alone"),
        _int("runner_up", "the group with the next largest mean co-assignment", optional=True),
        _float("runner_up_support", "that mean"),
        _flag(
            "confident",
            "groups are shown, and support and its lead over the runner-up reach the settings and what shuffled texts give",
        ),
        _int("leaf", "place among the leaves of the consensus tree, from 1"),
    ),
)
VERDICT = Table(
    "verdict",
    "one criterion of the verdict on grouping, then the verdict",
    ("criterion",),
    (
        _text("criterion", "structure_words, structure_characters, pac, jaccard, or verdict"),
        _float("value", "what was measured; empty where it could not be", optional=True),
        _float("threshold", "what it is held against", optional=True),
        _flag("met", "whether it is met; of the verdict: whether grouping is supported"),
        _text(
            "outcome",
            "of the verdict: supported, weak or not shown; of a criterion: why it could not be measured",
            optional=True,
        ),
    ),
)
ROBUSTNESS = Table(
    "robustness",
    "one claim over all specifications",
    ("claim_id",),
    (
        _text("claim_id", "kind and number"),
        _text(
            "kind",
            "closest (the closest pair), pair (a pair in the first ten), core (a whole group), membership or keyword",
        ),
        _text("region_a", "region of the claim; of a core the regions joined by ·"),
        _text("region_b", "second region of a pair", optional=True),
        _text("term", "keyword", optional=True),
        _int("specifications", "specifications that can speak to it"),
        _float("share", "share of them that bear it out, 0 to 1"),
        _text("standing", "robust, sensitive or fragile"),
        _text(
            "most_sensitive_to", "choice whose options differ most in that share; empty where all agree", optional=True
        ),
        _text("best_option", "its option with the largest share", optional=True),
        _float("best_share", "that share", optional=True),
        _text("worst_option", "its option with the smallest share", optional=True),
        _float("worst_share", "that share", optional=True),
    ),
)
SPECIFICATIONS = Table(
    "specifications",
    "one specification on the texts as they are",
    ("specification",),
    (
        _int("specification", "running number"),
        _text("text", "dictionary, no dictionary, single characters or character pairs"),
        _text("generic", "generic words: out, in, or — where the list does not apply"),
        _text("weight", "tf-idf, sublinear, bm25 or binary"),
        _int("min_df", "least number of regions of a term"),
        _text("algorithm", "average, complete, ward, kmeans or spectral"),
        _int("closest_rank", "rank of the report's closest pair"),
        _float("closest_cosine", "its cosine"),
        _float(
            "rand",
            "adjusted Rand index of its groups with those the report describes; empty for one group",
            optional=True,
        ),
        _float("rand_mean", "mean adjusted Rand index of its groups with those of the others", optional=True),
    ),
)
LIMITS = Table(
    "limits",
    "one thing that could not be computed, or means less than it seems",
    ("what", "item"),
    (
        _text("what", "pairs, groups, alike, k_too_large, one_measure, no_words or alone"),
        _text("item", "region or number it concerns; — for all"),
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
        _float("silhouette", "mean silhouette of average linkage by words, -1 to 1; 0 for one group"),
        _text("sizes", "regions per consensus group, largest first"),
        _int("singletons", "groups of one region"),
        _flag("chosen", "the number of groups that the report describes"),
        _float("pac", "proportion of ambiguous pairs over the specifications", optional=True),
        _float("pac_p", "share of shuffled corpora at most as ambiguous", optional=True),
        _float("jaccard", "Jaccard stability of the second-best group of several regions", optional=True),
        _float("jaccard_p", "share of shuffled corpora at least as stable", optional=True),
        _float("prediction_strength", "prediction strength between halves of the measures", optional=True),
        _float("prediction_strength_p", "share of shuffled corpora at least as large", optional=True),
        _float("gap", "gap statistic against shuffled corpora", optional=True),
        _float("gap_error", "its standard error", optional=True),
        _float("silhouette_p", "share of shuffled corpora with at least this silhouette of words", optional=True),
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
        _float("support", "share of the resamples whose tree has exactly this branch, 0 to 1"),
        _float("jaccard", "mean over the resamples of the best Jaccard overlap with one of their branches, 0 to 1"),
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
# Not among ALL: it is about the method, not about a corpus, and is no part of `make all`.
CALIBRATION = Table(
    "calibration",
    "one kind of drawn corpora whose truth is known",
    ("scenario", "regions", "strength"),
    (
        _text("scenario", "shuffled, own topics (both: no groups to find) or groups"),
        _int("regions", "regions of each corpus"),
        _float("strength", "share of the words drawn from the vocabulary of a theme, 0 to 1; 0 for shuffled"),
        _int("draws", "corpora drawn"),
        _float("structure", "share of them in which the structure test holds, 0 to 1"),
        _float("supported", "share with the verdict supported"),
        _float("supported_low", "lower end of the 95% interval of that share (Clopper and Pearson)"),
        _float("supported_high", "upper end"),
        _float("weak", "share with the verdict weak"),
        _float(
            "rand",
            "mean adjusted Rand index of the groups found with the true ones; empty where there are none",
            optional=True,
        ),
    ),
)
ALL = (
    DOCUMENTS, CLEANING, MEASURES, TOKENS, SEGMENTATION_AUDIT, KEYWORDS, COOCCURRENCE, CHARACTER_SIMILARITY, SIMILARITY, SIMILARITY_TERMS,
    REGION_MAP, SIMILARITY_INTERVALS, NEIGHBOURS, RELIABILITY, LEAVE_ONE_OUT, DENDROGRAM, PAIR_TESTS, STRUCTURE,
    NULL_DISTRIBUTION, COASSIGNMENT, CONSENSUS, STABILITY, CLUSTERS, CLUSTER_TERMS, CLUSTER_CHOICE, VERDICT,
    SPECIFICATIONS, ROBUSTNESS, LIMITS, REGIONS, SUMMARY,
)  # fmt: skip
