"""Look-ups on how the files were read: documents and their places, files, cleaning, what several documents share."""

from __future__ import annotations

import pandas as pd

from pipeline.explore.lookups import Tables

_PLAIN = ("structure", "blank")  # tabs and line ends between cells, of which there are hundreds


def sources(tables: Tables) -> pd.DataFrame:
    """One row per document: the region as written and as understood, year and title, and where it stands.

    ``kind`` says what ``row`` counts: lines of a text, rows of a table or a
    sheet, paragraphs, or the tables' rows and the lines of a page; ``part`` is
    the number of the table or page, or the name of the sheet.
    """
    documents = tables["documents"]
    columns = ["doc_id", "region_raw", "region", "level", "province", "year", "title"]
    places = tables["sources"].rename(columns={"line": "row"})[["doc_id", "file", "kind", "part", "row"]]
    return documents[columns].assign(characters=documents["text"].str.len()).merge(places, on="doc_id")


def files(tables: Tables) -> pd.DataFrame:
    """One row per raw file: how many documents it holds, what its columns were taken for, or why it was not read."""
    return tables["files"][["file", "documents", "columns", "encoding", "skipped"]]


def cleaning(tables: Tables, *, everything: bool = False) -> pd.DataFrame:
    """Every run of characters that is in no document as it stands, its place and why; ``everything``: blanks between cells, too.

    ``replacement`` is what stands there now; without one it is left out.
    """
    rows = tables["cleaning"]
    if not everything:
        rows = rows[~rows["reason"].isin(_PLAIN)]
    named = rows.rename(columns={"line": "row", "reason": "left_out_as"}).reset_index(drop=True)
    return named[["file", "kind", "part", "row", "doc_id", "removed", "replacement", "left_out_as"]]


def shared_passages(tables: Tables) -> pd.DataFrame:
    """The measures that several documents have word for word, those of most regions first, then the longest."""
    rows = tables["shared_passages"].sort_values(["regions", "characters"], ascending=False, kind="stable")
    columns = ["passage_id", "text", "characters", "documents", "regions", "measure_ids"]
    return rows[columns].reset_index(drop=True)


def shared_regions(tables: Tables) -> pd.DataFrame:
    """How much of each region's text other regions have, too, the largest share first."""
    return tables["shared_regions"].sort_values("share", ascending=False, kind="stable").reset_index(drop=True)


def shared_effect(tables: Tables) -> pd.DataFrame:
    """The mean cosine of the pairs with the passages of several regions and without, and the pair that changes most."""
    columns = ["view", "passages", "passages_within", "share", "mean", "mean_without", "region_a", "region_b"]
    return tables["shared_effect"][[*columns, "cosine", "cosine_without"]]


def near_duplicates(tables: Tables) -> pd.DataFrame:
    """The pairs of documents that have most of the shorter one in common, with their titles; the largest share first.

    ``containment`` is the share of the shorter one's strings of a few characters
    that the other has, too; ``resemblance`` their share of all strings of both.
    """
    titles = tables["documents"].set_index("doc_id")["title"]
    rows = tables["near_duplicates"].sort_values("containment", ascending=False, kind="stable").reset_index(drop=True)
    rows = rows.assign(title_a=rows["doc_a"].map(titles), title_b=rows["doc_b"].map(titles))
    return rows[["doc_a", "region_a", "title_a", "doc_b", "region_b", "title_b", "containment", "resemblance"]]
