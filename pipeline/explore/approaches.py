"""Look-ups on the approaches: the themes of the measures, the clause behind every mark, what themes say of the regions."""

from __future__ import annotations

import math

import pandas as pd

from pipeline.explore.lookups import (
    Tables,
    UnknownNameError,
    _close,
    _cut,
    _marked,
    _pair,
    _region,
    _rows_of,
    _theme_names,
)

LANGUAGES = ("zh", "en")
_BETWEEN = " ‖ "  # two quotes in one cell


def _theme(tables: Tables, name: str) -> str:
    """The id of the theme of this id, Chinese or English name."""
    book = tables["codebook"]
    known = [name in names for names in book[["theme", "zh", "en"]].itertuples(index=False)]
    if any(known):
        return str(book.loc[known, "theme"].iloc[0])
    said = {one: f"{row.theme} {row.zh}" for row in book.itertuples() for one in (row.theme, row.zh, row.en)}
    close = list(dict.fromkeys(said[one] for one in _close(name, said)))
    raise UnknownNameError(("主题", "theme"), name, close or list(dict.fromkeys(said.values())))


def _named(tables: Tables, rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with the Chinese name of their theme after its id."""
    names = tables["codebook"].set_index("theme")["zh"]
    at = rows.columns.get_loc("theme") + 1
    named = rows.reset_index(drop=True)
    named.insert(at, "zh", named["theme"].map(names))
    return named


def themes(tables: Tables, language: str = "zh") -> pd.DataFrame:
    """The codebook, with what was found: one row per theme in its order, the definition in Chinese (zh) or English (en).

    ``single_hit`` counts the measures that carry the theme by one place only,
    ``rules_used`` the indicators that were found at all. Themes found without a
    codebook also have their ``stability``.
    """
    if language not in LANGUAGES:
        raise UnknownNameError(("语言", "language"), language, LANGUAGES)
    book = tables["codebook"].rename(columns={f"definition_{language}": "definition"})
    columns = ["theme", language, "definition", "measures", "share", "regions", "single_hit", "rules_used", "rules"]
    return book[[*columns, "stability"] if (book["source"] == "unsupervised").any() else columns]


def profile(tables: Tables, region: str) -> pd.DataFrame:
    """The themes that the region's measures carry, the largest share first.

    ``share_low`` and ``share_high`` enclose the share when the region's measures
    are drawn anew; ``leading_share`` is the share of the draws in which no theme
    has a larger one. ``first_rank``: which measure is the first to carry it.
    """
    rows = tables["themes"]
    rows = rows[(rows["region"] == _region(tables, region)) & (rows["measures"] > 0)]
    rows = rows.sort_values(["rank", "first_rank"], kind="stable")
    columns = ["rank", "theme", "measures", "share", "share_low", "share_high", "leading_share", "first_rank"]
    return _named(tables, rows[[*columns, "measure_ids"]])


def _quoted(tables: Tables, hits: pd.DataFrame) -> pd.DataFrame:
    """The hits, each with its whole measure in which the indicator stands in 【】."""
    measures = tables["measures"].set_index("measure_id")
    texts = []
    for hit in hits.itertuples():
        text, before = measures.loc[hit.measure_id, ["text", "start"]]
        texts.append(_marked(text, [(hit.start - before, hit.end - before)]))
    return _named(tables, hits.drop(columns=["start", "end"]).assign(text=pd.Series(texts, hits.index, dtype=object)))


def _counted(tables: Tables) -> pd.DataFrame:
    hits = tables["theme_evidence"]
    return hits[hits["status"] == "counted"]


def clauses(tables: Tables, region: str | None = None, theme: str | None = None, *, only: bool = False) -> pd.DataFrame:
    """The clause behind every mark: one row per counted place, its measure whole with the indicator in 【】.

    All of them, or those of one region, of one theme, of both. ``rule`` is the
    indicator as ``method/themes.toml`` writes it on that ``line``. ``only``: it
    is the one place by which its measure carries the theme; without it the mark
    is gone. The argument of that name leaves out all others.
    """
    hits = _counted(tables)
    hits = hits.assign(only=~hits.duplicated(["measure_id", "theme"], keep=False))
    if region is not None:
        hits = hits[hits["region"] == _region(tables, region)]
    if theme is not None:
        hits = hits[hits["theme"] == _theme(tables, theme)]
    if only:
        hits = hits[hits["only"]]
    columns = ["region", "measure_id", "theme", "indicator", "rule", "line", "only", "start", "end"]
    return _quoted(tables, hits[columns])


def passed_over(tables: Tables) -> pd.DataFrame:
    """The places where an indicator stands and is not counted: inside an exclusion, or negated, and by what."""
    hits = tables["theme_evidence"]
    hits = hits[hits["status"] != "counted"]
    return _quoted(
        tables, hits[["region", "measure_id", "theme", "indicator", "line", "status", "reason", "start", "end"]]
    )


def uncoded(tables: Tables, top: int = 5) -> pd.DataFrame:
    """Every measure without a theme, whole, with the words that mark it against the others, at most ``top``.

    A word among them may be the indicator that the codebook lacks.
    """
    texts = tables["measures"].set_index("measure_id")["text"]
    rows = [
        {
            "region": of_measure["region"].iloc[0],
            "measure_id": measure_id,
            "terms": "、".join([term for term in of_measure["term"] if term][:top]),
            "text": texts[measure_id],
        }
        for measure_id, of_measure in tables["uncoded"].groupby("measure_id", sort=False)
    ]
    return pd.DataFrame(rows, columns=["region", "measure_id", "terms", "text"])


def compare_themes(tables: Tables, a: str, b: str) -> pd.DataFrame:
    """One row: the pair's cosine by themes with its interval, its rank among all pairs, and both beside those by words.

    ``rank_low`` and ``rank_high`` enclose the rank when measures are drawn anew, ``first_share`` is the
    share of the draws in which no pair is closer; ``q``: how often shuffled measures are as alike, corrected.
    """
    a, b, swapped = _pair(tables, a, b)
    row = _rows_of(tables["theme_similarity"], a, b, swapped).reset_index(drop=True)
    products = _rows_of(tables["theme_pairs"], a, b, swapped)["product"]
    drawn = ["cosine_low", "cosine_high", "rank", "rank_low", "rank_high", "first_share", "q"]
    row = row.assign(region_a=a, region_b=b, sum_of_products=math.fsum(products))
    names = ["region_a", "region_b", "shared_themes", "cosine", "sum_of_products"]
    return row[[*names, *drawn, "cosine_words", "rank_words"]]


def explain_themes(tables: Tables, a: str, b: str, width: int = 10) -> pd.DataFrame:
    """Why two regions are alike by themes: those that both carry, the largest product first.

    The products sum to the pair's cosine; ``share`` is a product's part of it.
    The last two columns bear the names of the regions, in the order given, and
    quote every measure that carries the theme: its first indicator with
    ``width`` characters on either side. No shared theme: no row.
    """
    a, b, swapped = _pair(tables, a, b)
    rows = _rows_of(tables["theme_pairs"], a, b, swapped).sort_values("rank").reset_index(drop=True)
    first = _counted(tables).drop_duplicates(["measure_id", "theme"]).set_index(["measure_id", "theme"])
    measures = tables["measures"].set_index("measure_id")

    def quote(measure_id: str, theme: str) -> str:
        text, before = measures.loc[measure_id, ["text", "start"]]
        hit = first.loc[(measure_id, theme)]
        return f"{measure_id} {_cut(text, hit['start'] - before, hit['end'] - before, width)}"

    sides = ("measures_b", "measures_a") if swapped else ("measures_a", "measures_b")
    frame = _named(tables, rows[["theme", "product", "share"]])
    for region, side in zip((a, b), sides, strict=True):
        quotes = [
            _BETWEEN.join(quote(i, theme) for i in ids) for theme, ids in zip(rows["theme"], rows[side], strict=True)
        ]
        frame = frame.assign(**{region: pd.Series(quotes, dtype=object, index=rows.index)})
    return frame


def group_themes(tables: Tables, top: int = 3, by: str = "themes") -> pd.DataFrame:
    """For every group the themes that tell it from the rest, at most ``top``; ``g2_p`` is uncorrected.

    ``by``: the groups by themes, or those by words.
    """
    rows = tables["theme_profiles"]
    known = rows["grouping"].unique()
    if by not in known:
        raise UnknownNameError(("分组依据", "basis of groups"), by, known)
    rows = rows[(rows["grouping"] == by) & (rows["g2"] > 0) & (rows["rank"] <= top)].sort_values(["cluster", "rank"])
    columns = ["cluster", "rank", "theme", "measures", "share", "share_rest", "regions", "g2", "g2_p", "measure_ids"]
    return _named(tables, rows[columns])


def view_agreement(tables: Tables) -> pd.DataFrame:
    """Do themes and words say the same of the regions? Of the likeness of the pairs, and of the groups for every ``k``.

    Zero is agreement as by chance; ``p`` is the share of permutations of the
    regions that agree at least as well. The last row: the groups that either describes.
    """
    rows = tables["view_agreement"]
    return rows.assign(
        measure=rows["measure"].mask(rows["k"] < 0, "described"), k=rows["k"].astype("Int64").mask(rows["k"] <= 0)
    )


def views_differ(tables: Tables) -> pd.DataFrame:
    """The pairs on which themes and words differ most, with the measures that make them differ, whole.

    ``difference`` is the rank by words less the rank by themes: above 0, closer
    by themes. Without the first of the measures it would be ``difference_without``.
    """
    texts = tables["measures"].set_index("measure_id")["text"]
    rows = tables["view_differences"]
    columns = ["region_a", "region_b", "rank_themes", "rank_words", "difference", "themes", "terms"]
    quotes = [_BETWEEN.join(f"{i} {texts[i]}" for i in ids) for ids in rows["measure_ids"]]
    return rows[[*columns, "difference_without"]].assign(
        themes=[_theme_names(tables, ids) for ids in rows["themes"]],
        terms=rows["terms"].str.replace("·", "、"),
        text=pd.Series(quotes, dtype=object, index=rows.index),
    )


def coders(tables: Tables) -> pd.DataFrame:
    """How far a second coder agrees with the codebook, theme by theme, then on all; no row where nobody coded.

    ``alpha`` is Krippendorff's, ``kappa`` Cohen's; ``usable``: what may be concluded from such a coding.
    """
    named = _named(tables, tables["coder_agreement"].rename(columns={"standing": "usable"}))
    return named.assign(zh=named["zh"].mask(named["theme"] == "all", "全部"))


def disagreements(tables: Tables) -> pd.DataFrame:
    """Where the codebook and the second coder differ, with the measures to read, whole.

    ``indicators`` is what the codebook found there, in brackets what it did not
    count; ``coding_line`` the line of the coding file.
    """
    texts = tables["measures"].set_index("measure_id")["text"]
    rows = tables["coder_disagreements"].rename(columns={"line": "coding_line"})
    quotes = [_BETWEEN.join(f"{i} {texts[i]}" for i in ids) for ids in rows["measure_ids"]]
    rows = rows.drop(columns="measure_ids").assign(text=pd.Series(quotes, dtype=object, index=rows.index))
    return _named(tables, rows)
