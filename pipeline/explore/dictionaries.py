"""Another dictionary: the same measures cut, weighed and compared anew, beside what the run has."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.explore.cutting import here_or_above, likeness_of, tokens_of
from pipeline.explore.lookups import Tables, UnknownNameError, _close, _label, _region
from pipeline.explore.pictures import _LIGHT, _OTHER, _STRONG, Picture, _canvas, _chinese
from pipeline.method import Entry, load_dictionary, load_settings

CHOICES = ("text", "generic", "weight", "min_df", "algorithm")


def recut(
    tables: Tables, *, add: Sequence[str] = (), drop: Sequence[str] = (), dictionary: bool = True
) -> dict[str, pd.DataFrame]:
    """The same measures with terms added to the user dictionary or taken from it: words, keywords and likeness anew.

    ``dictionary`` false: with none of its entries but those added. Nothing is
    drawn anew or grouped and no file is written; an entry that is not in
    ``method/user_dict.txt`` cannot be dropped.
    """
    method = here_or_above("method")
    settings = load_settings(method / "settings.toml")
    entries = load_dictionary(method / "user_dict.txt") if dictionary else ()
    known = [entry.term for entry in entries]
    for term in drop:
        if term not in known:
            raise UnknownNameError(("词典条目", "dictionary entry"), term, _close(term, known))
    kept = [entry for entry in entries if entry.term not in {*add, *drop}]
    added = [Entry(term, None, "n", 0) for term in dict.fromkeys(add)]
    measures = tables["measures"]
    tokens = tokens_of(measures, [*kept, *added], method.joinpath, settings)
    return {**tables, "tokens": tokens, **likeness_of(tokens, measures, settings)}


def _counts(tables: Tables) -> pd.DataFrame:
    tokens = tables["tokens"]
    return tokens.groupby("term").agg(count=("term", "size"), regions=("region", "nunique"))


def changed_words(tables: Tables, other: Tables) -> pd.DataFrame:
    """The words whose number changes, the largest change first: how often and in how many regions, before and after."""
    before, after = _counts(tables), _counts(other)
    terms = before.index.union(after.index)
    before, after = (side.reindex(terms, fill_value=0) for side in (before, after))
    frame = pd.DataFrame(
        {
            "term": terms,
            "count_before": before["count"].to_numpy(),
            "count_after": after["count"].to_numpy(),
            "regions_before": before["regions"].to_numpy(),
            "regions_after": after["regions"].to_numpy(),
        }
    )
    change = frame["count_after"] - frame["count_before"]
    order = np.lexsort([terms.to_numpy(), -change.abs().to_numpy()])
    return frame.iloc[order][change.iloc[order] != 0].reset_index(drop=True)


def changed_keywords(tables: Tables, other: Tables, region: str, top: int = 10) -> pd.DataFrame:
    """The region's keywords in either list, in the order of the first: place and weight, before and after."""
    region = _region(tables, region)
    sides = []
    for each in (tables, other):
        rows = each["keywords"]
        rows = rows[(rows["region"] == region) & rows["rank"].notna()].set_index("term")
        sides.append(rows[["rank", "tf_idf"]])
    before, after = sides
    listed = list(dict.fromkeys([*before.index[before["rank"] <= top], *after.index[after["rank"] <= top]]))
    frame = pd.DataFrame(
        {
            "term": listed,
            "rank_before": before["rank"].reindex(listed).array,
            "rank_after": after["rank"].reindex(listed).array,
            "tf_idf_before": before["tf_idf"].reindex(listed).to_numpy(),
            "tf_idf_after": after["tf_idf"].reindex(listed).to_numpy(),
        }
    )
    order = frame[["rank_before", "rank_after"]].astype(float).fillna(np.inf)
    return frame.loc[order.sort_values(["rank_before", "rank_after"], kind="stable").index].reset_index(drop=True)


def _of_region(tables: Tables, region: str) -> pd.Series:
    """Cosine with every other region."""
    pairs = tables["similarity"]
    there = pairs[pairs["region_a"] == region].set_index("region_b")["cosine"]
    back = pairs[pairs["region_b"] == region].set_index("region_a")["cosine"]
    return pd.concat([back, there])


def changed_neighbours(tables: Tables, other: Tables, region: str) -> pd.DataFrame:
    """The other regions, the nearest first: cosine and place (1 the nearest), before and after."""
    region = _region(tables, region)
    before, after = _of_region(tables, region), _of_region(other, region)
    after = after.reindex(before.index)
    frame = pd.DataFrame(
        {
            "region": before.index,
            "cosine_before": before.to_numpy(),
            "cosine_after": after.to_numpy(),
            "place_before": before.round(12).rank(method="min", ascending=False).astype(int).to_numpy(),
            "place_after": after.round(12).rank(method="min", ascending=False).astype(int).to_numpy(),
        }
    )
    return frame.sort_values("place_before", kind="stable").reset_index(drop=True)


def change_picture(tables: Tables, other: Tables, region: str) -> Picture:
    """Points: the cosines of the region with every other one, before and after."""
    region = _region(tables, region)
    rows = changed_neighbours(tables, other, region)
    title = f"{_label(tables, region)}：换词典前后的相似度 similarity before and after"
    with _chinese():
        figure, axes = _canvas(title, 6.4, 1.3 + 0.26 * len(rows))
        axes.hlines(rows.index, rows["cosine_before"], rows["cosine_after"], color="#CCCCCC")
        axes.plot(rows["cosine_before"], rows.index, "o", color=_STRONG, label="原来 before")
        axes.plot(rows["cosine_after"], rows.index, "D", color=_OTHER, label="换后 after", fillstyle="none")
        axes.set_yticks(rows.index, [_label(tables, name) for name in rows["region"]])
        places = axes.secondary_yaxis("right")
        places.set_yticks(rows.index, [f"{row.place_before} → {row.place_after}" for row in rows.itertuples()])
        places.tick_params(length=0, labelcolor=_LIGHT)
        places.spines[:].set_visible(False)
        axes.set_xlim(left=0)
        axes.invert_yaxis()
        axes.set_xlabel("余弦相似度（右：名次） cosine (right: place)")
        figure.legend(loc="outside lower right", ncols=2)
    first = [rows.loc[rows[column].idxmin(), "region"] for column in ("place_before", "place_after")]
    return Picture(figure, f"{title}; 最近 nearest: {first[0]} → {first[1]}")


def by_choice(tables: Tables, choice: str = "text") -> pd.DataFrame:
    """What each option of a choice does, over all specifications that take it: to the closest pair and to the groups.

    ``choice``: text (dictionary, none, characters), generic, weight, min_df or
    algorithm. ``first_share`` is the share in which the report's closest pair
    is first, ``rank_median`` its median place, ``rand_median`` the median
    agreement of the groups with those described (1 the same, 0 as by chance).
    """
    if choice not in CHOICES:
        raise UnknownNameError(("选择", "choice"), choice, CHOICES)
    rows = tables["specifications"]
    found = rows.groupby(choice, sort=False).agg(
        specifications=("closest_rank", "size"),
        first_share=("closest_rank", lambda ranks: (ranks == 1).mean()),
        rank_median=("closest_rank", "median"),
        rand_median=("rand", "median"),
    )
    return found.reset_index().rename(columns={choice: "option"})
