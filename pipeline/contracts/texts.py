"""The texts and what is counted in them."""

from __future__ import annotations

from pipeline.contracts.columns import REGION, Table, flag, ids, integer, real, text

DOCUMENTS = Table(
    "documents",
    "one document",
    ("doc_id",),
    (
        text("doc_id", "D and the running number in the source"),
        integer("serial", "serial number as written in the source; the running number where it has none"),
        text("region_raw", "region as written in the source"),
        text("region", "unit of comparison: short name of the region, e.g. 浙江, or what UNIT= names instead"),
        text("region_en", "English name of the region"),
        text(
            "level",
            "administrative level; unknown where the gazetteer has no entry; of other units the column they come from",
        ),
        text("province", "provincial unit the region belongs to", optional=True),
        text("adcode", "six-digit code of GB/T 2260", optional=True),
        text("year", "year of the document where the source gives one", optional=True),
        text("title", "title of the document or of the table it comes from", optional=True),
        text("text", "cleaned text; all offsets count its characters from 0"),
    ),
)

SOURCES = Table(
    "sources",
    "where one document stands in the raw files",
    ("doc_id",),
    (
        text("doc_id", "document"),
        text("file", "file of data/raw"),
        text("kind", "line of a text file, row of a table, sheet, page, or paragraph"),
        text("part", "number of the table or page, name of the sheet", optional=True),
        integer("line", "line, row or paragraph on which the text begins, from 1"),
        integer(
            "start", "offset of its first character: in the decoded file where that is text, else in the cell or page"
        ),
    ),
)

FILES = Table(
    "files",
    "one raw file",
    ("file",),
    (
        text("file", "file of data/raw"),
        integer("bytes", "its size"),
        text("sha256", "hash of the bytes that were read; empty where none were", optional=True),
        text("encoding", "encoding of a text file", optional=True),
        text(
            "columns",
            "headings of its tables or keys of its records, joined by ·, each with = and what it was taken for",
            optional=True,
        ),
        integer("documents", "documents taken from it"),
        text("skipped", "why it was not read", optional=True),
    ),
)

CLEANING = Table(
    "cleaning",
    "one run of raw characters that is not in documents.csv as it stands",
    ("run",),
    (
        integer("run", "running number"),
        text("doc_id", "document whose cell held the characters; empty outside the documents", optional=True),
        text("file", "file of data/raw"),
        text("kind", "line, row, sheet, page or paragraph, as in sources.csv"),
        text("part", "number of the table or page, name of the sheet", optional=True),
        integer("line", "line, row or paragraph, from 1"),
        integer(
            "start", "offset of the first character: in the decoded file where that is text, else in the cell or page"
        ),
        integer("end", "offset after the last character"),
        text(
            "removed",
            "the characters, invisible ones written out as \\n, \\t or \\u and their code; empty for a page without text",
            optional=True,
        ),
        text("replacement", "what stands in their place", optional=True),
        text(
            "reason", "why: title, header, structure, blank, bookmark, row without text, repeated document and others"
        ),
    ),
)

MEASURES = Table(
    "measures",
    "one measure (举措): the text between sentence ends and semicolons",
    ("measure_id",),
    (
        text("measure_id", "document id, a hyphen, position"),
        text("doc_id", "document"),
        REGION,
        integer("position", "place within the document, from 1"),
        text("headline", "the leading phrase, up to the first comma or colon"),
        text("text", "the measure, without the mark that ends it"),
        integer("start", "offset in the document's text"),
        integer("end", "offset after the last character"),
    ),
)

TOKENS = Table(
    "tokens",
    "one kept occurrence of a term in a measure",
    ("measure_id", "start", "end"),
    (
        text("measure_id", "measure that holds the term"),
        REGION,
        integer("position", "place among all tokens of the measure, from 1; a nested term has that of its host"),
        text("surface", "the characters as they stand in the text"),
        text("term", "the term counted: the surface, or what the synonym table makes of it"),
        text("pos", "part of speech by jieba's tag set; user dictionary first; x unknown"),
        flag("generic", "on the list of generic policy words"),
        text("nested_in", "dictionary term that contains this one here", optional=True),
        integer("start", "offset in the document's text"),
        integer("end", "offset after the last character"),
    ),
)

SEGMENTATION_AUDIT = Table(
    "segmentation_audit",
    "one thing to know about how the text was cut",
    ("check", "item", "rule"),
    (
        text("check", "unmatched, split, nested, merged, dropped, generic, quoted or unlisted"),
        text("item", "dictionary entry, word or quoted phrase"),
        text("rule", "by which rule, or how it was cut", optional=True),
        integer("count", "occurrences"),
        ids("measure_ids", "where"),
    ),
)

SUGGESTIONS = Table(
    "suggestions",
    "one line that a researcher may paste into user_dict.txt or synonyms.csv",
    ("kind", "suggestion", "other"),
    (
        text("kind", "term, for user_dict.txt, or synonym, for synonyms.csv"),
        text("suggestion", "the term, or the variant that would be counted as another"),
        text("other", "the term that the variant would be counted as", optional=True),
        text("line", "the line to paste"),
        text("reason", "term: repeated or quoted; synonym: abbreviation, sound, one character, wording or background"),
        integer("count", "occurrences of the suggestion"),
        integer("count_other", "occurrences of the other term", optional=True),
        integer("regions", "regions that have the suggestion or the other"),
        real("c_value", "term: log2(1 + words) times the occurrences that longer ones do not explain", optional=True),
        real("npmi", "term: normalised pointwise mutual information of its weakest joint, -1 to 1", optional=True),
        real("entropy_left", "term: entropy of the characters before it, in bits", optional=True),
        real("entropy_right", "term: entropy of the characters after it, in bits", optional=True),
        real(
            "similarity",
            "synonym: cosine of the words near the two, 0 to 1; of reason background: of their vectors there",
            optional=True,
        ),
        text("near", "terms of the corpus that lie nearest in the background, joined by ·", optional=True),
        ids("measure_ids", "where"),
        text("quote", "a passage with its region; for a synonym one for each of the two"),
    ),
)

REGIONS = Table(
    "regions",
    "one region at a glance",
    ("region",),
    (
        REGION,
        text("region_en", "English name"),
        text("level", "administrative level"),
        text("province", "provincial unit", optional=True),
        text("adcode", "code of GB/T 2260", optional=True),
        integer("documents", "documents of the region"),
        integer("characters", "characters of its cleaned text"),
        integer("measures", "measures"),
        integer("words", "kept occurrences of words, generic ones included"),
        integer("types", "different words"),
        integer("own_types", "words no other region has"),
        text("nearest", "most similar other region by cosine; empty where all are 0", optional=True),
        real("nearest_cosine", "that cosine"),
        text("nearest_char", "most similar other region by character pairs; empty where all are 0", optional=True),
        integer("cluster", "group"),
    ),
)

SUMMARY = Table(
    "summary",
    "one number about the whole corpus",
    ("metric",),
    (
        text("metric", "name of the number"),
        real("value", "the number; empty where it is not defined, such as the mean of nothing", optional=True),
        text("derived_from", "table and columns it was computed from"),
    ),
)

LIMITS = Table(
    "limits",
    "one thing that could not be computed, or means less than it seems",
    ("what", "item"),
    (
        text("what", "pairs, groups, alike, apart, k_too_large, one_measure, no_words or alone"),
        text("item", "region or number it concerns; — for all"),
    ),
)
