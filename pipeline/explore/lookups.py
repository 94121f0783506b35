"""Look-ups: the tables of one corpus in, short tables out."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import pandas as pd

from pipeline.tables import ALL, read

Tables = Mapping[str, pd.DataFrame]
COSINES = ("cosine", "cosine_char")
BY_THEMES = "cosine_themes"
CLAIMS = ("closest", "pair", "core", "membership", "keyword")
_GROUPED = {
    "words": {"groups": "clusters", "verdict": "verdict", "choice": "cluster_choice"},
    "themes": {"groups": "theme_groups", "verdict": "theme_verdict", "choice": "theme_choice"},
}


class UnknownNameError(KeyError):
    """A name that the tables do not have, told in Chinese and English, with the names that come close.

    ``kind`` is what was asked for in both languages, e.g. ``("地区", "region")``.
    """

    def __init__(self, kind: tuple[str, str], name: str, close: Sequence[str]) -> None:
        zh, en = kind
        found = f"相近的有：{'、'.join(close)}。" if close else "也没有相近的。"
        near = f"Close: {', '.join(close)}." if close else "Nothing comes close."
        super().__init__(f"没有“{name}”这个{zh}，{found} / There is no {en} {name!r}. {near}")

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError alone would show the message's repr


def _close(name: str, known: Iterable[str], most: int = 6) -> list[str]:
    """Known names that contain the name or lie in it, then those spelt alike; at most ``most``."""
    names = list(dict.fromkeys(known))
    within = [other for other in names if name and (name in other or other in name)]
    return list(dict.fromkeys(within + get_close_matches(name, names, n=most, cutoff=0.5)))[:most]


def load(folder: str | Path) -> dict[str, pd.DataFrame]:
    """Every table of a processed corpus by name: ``load(...)["keywords"]``.

    A relative ``folder`` is looked for here and in the folders above, so that a
    notebook finds it from the root of the repository and from its own folder.
    """
    bases = [base / folder for base in (Path(), *Path.cwd().parents)]
    found = next((base for base in bases if base.is_dir()), bases[0])
    missing = [table.name for table in ALL if not (found / f"{table.name}.csv").is_file()]
    if missing:
        raise FileNotFoundError(
            f"{folder} 里没有 {missing[0]}.csv，请先运行 make all。/ {folder} has no {missing[0]}.csv: run `make all` first."
        )
    return {table.name: read(found / f"{table.name}.csv", table) for table in ALL}


def _region(tables: Tables, name: str) -> str:
    """The region of this Chinese or English name."""
    names = _names(tables)
    for region, english in names.items():
        if name in (region, english):
            return str(region)
    both = {region: f"{region} {english}" for region, english in names.items()}
    both |= {english: both[region] for region, english in names.items()}
    close = _close(name, [*names, *names.values()]) or _close(name.capitalize(), names.values())
    raise UnknownNameError(("地区", "region"), name, list(dict.fromkeys(both[one] for one in close)))


def _names(tables: Tables) -> dict[str, str]:
    """Chinese -> English name of each region, in corpus order; a preview knows its documents only."""
    return dict(zip(tables["documents"]["region"], tables["documents"]["region_en"], strict=True))


def _label(tables: Tables, region: str) -> str:
    return f"{region} {_names(tables)[region]}"


def regions(tables: Tables) -> pd.DataFrame:
    """One row per region: its names, level, and how much text there is to judge it by."""
    columns = ["region", "region_en", "level", "documents", "characters", "measures", "words", "own_types"]
    return tables["regions"][columns]


def numbers(tables: Tables, *metrics: str) -> pd.DataFrame:
    """The rows of summary.csv for these metrics, in this order; whole numbers as such."""
    rows = tables["summary"].set_index("metric")
    for metric in metrics:
        if metric not in rows.index:
            raise UnknownNameError(("指标", "metric"), metric, _close(metric, rows.index))
    values = [rows.loc[metric, "value"] for metric in metrics]
    return pd.DataFrame(
        {
            "metric": metrics,
            "value": pd.Series([int(v) if float(v).is_integer() else float(v) for v in values], dtype=object),
            "derived_from": [rows.loc[metric, "derived_from"] for metric in metrics],
        }
    )


def keywords_of(tables: Tables, region: str, top: int = 10) -> pd.DataFrame:
    """The region's keywords by tf-idf, best first, at most ``top``.

    ``count`` is how often the region says the term, ``df`` how many regions do,
    ``stability`` in which share of the resamples the term is still in the list.
    """
    rows = tables["keywords"]
    rows = rows[(rows["region"] == _region(tables, region)) & (rows["rank"] <= top).fillna(False)]
    columns = ["rank", "term", "kind", "count", "df", "tf_idf", "stability", "single_mention", "measure_ids"]
    return rows.sort_values("rank")[columns].reset_index(drop=True)


def _hits(tables: Tables, term: str) -> list[tuple[str, int, int]]:
    """Measure id and offsets within the measure of every mention that keywords.csv counts, in corpus order."""
    known = tables["keywords"]
    rows = known[known["term"] == term]
    if rows.empty:
        raise UnknownNameError(("词", "term"), term, _close(term, known["term"]))
    measures = tables["measures"].set_index("measure_id")
    if rows["kind"].iloc[0] == "phrase":
        ids = [measure_id for listed in rows["measure_ids"] for measure_id in listed]
        plain = tables["tokens"][tables["tokens"]["nested_in"] == ""]
        places = [
            (measure_id, *match.span(1))
            for measure_id in ids
            for match in re.finditer(f"(?=({re.escape(term)}))", measures.loc[measure_id, "text"])
        ]
        # A phrase begins and ends where words do: no 教师发展 in 骨干教师 / 发展.
        starts = set(zip(plain["measure_id"], plain["start"] - plain["measure_id"].map(measures["start"]), strict=True))
        ends = set(zip(plain["measure_id"], plain["end"] - plain["measure_id"].map(measures["start"]), strict=True))
        return [(i, start, end) for i, start, end in places if (i, start) in starts and (i, end) in ends]
    tokens = tables["tokens"]
    tokens = tokens[tokens["term"] == term]
    before = tokens["measure_id"].map(measures["start"])
    return list(zip(tokens["measure_id"], tokens["start"] - before, tokens["end"] - before, strict=True))


def concordance(tables: Tables, term: str, width: int = 14) -> pd.DataFrame:
    """Every mention of the term in its context, over all regions: region, measure_id, left, hit, right.

    ``width`` is the number of characters on either side, never beyond the
    measure. ``hit`` may differ from the term where the synonym table joins two
    spellings (职教, counted as 职业教育).
    """
    measures = tables["measures"].set_index("measure_id")
    rows = []
    for measure_id, start, end in _hits(tables, term):
        region, text = measures.loc[measure_id, ["region", "text"]]
        rows.append((region, measure_id, text[max(start - width, 0) : start], text[start:end], text[end : end + width]))
    return pd.DataFrame(rows, columns=["region", "measure_id", "left", "hit", "right"])


def measures_with(tables: Tables, term: str) -> pd.DataFrame:
    """Every measure that has the term, whole: region, measure_id, headline, text with each mention in 【】."""
    hits: dict[str, list[tuple[int, int]]] = {}
    for measure_id, start, end in _hits(tables, term):
        hits.setdefault(measure_id, []).append((start, end))
    rows = tables["measures"]
    rows = rows[rows["measure_id"].isin(hits)].reset_index(drop=True)
    marked = [_marked(text, hits[i]) for i, text in zip(rows["measure_id"], rows["text"], strict=True)]
    return rows[["region", "measure_id", "headline"]].assign(text=marked)


def origins(tables: Tables, term: str, width: int = 14) -> pd.DataFrame:
    """Every mention of the term as `concordance` has it, with the place in the raw file where its document stands."""
    documents = tables["measures"].set_index("measure_id")["doc_id"]
    places = tables["sources"].rename(columns={"line": "row"})[["doc_id", "file", "kind", "part", "row"]]
    found = concordance(tables, term, width)
    found.insert(2, "doc_id", found["measure_id"].map(documents))
    return found.merge(places, on="doc_id", how="left")


def _marked(text: str, places: Iterable[tuple[int, int]]) -> str:
    for start, end in sorted(places, reverse=True):
        text = f"{text[:start]}【{text[start:end]}】{text[end:]}"
    return text


def _pair(tables: Tables, a: str, b: str) -> tuple[str, str, bool]:
    """Both regions by their Chinese names, and whether similarity.csv names them the other way round."""
    first, second = _region(tables, a), _region(tables, b)
    if first == second:
        raise ValueError(f"请给出两个不同的地区。/ Name two different regions, not {first} twice.")
    order = list(_names(tables))
    return first, second, order.index(first) > order.index(second)


def _rows_of(table: pd.DataFrame, a: str, b: str, swapped: bool) -> pd.DataFrame:
    left, right = (b, a) if swapped else (a, b)
    return table[(table["region_a"] == left) & (table["region_b"] == right)]


def _quote(tables: Tables, term: str, measure_ids: list[str], width: int) -> str:
    """The first mention of the term in these measures, with its measure: D02-4 …【校企】双向交流…"""
    measures = tables["measures"].set_index("measure_id")
    measure_id, start, end = next(hit for hit in _hits(tables, term) if hit[0] in measure_ids)
    return f"{measure_id} {_cut(measures.loc[measure_id, 'text'], start, end, width)}"


def _cut(text: str, start: int, end: int, width: int) -> str:
    """The marked place with ``width`` characters on either side; … where the text goes on."""
    left, right = text[max(start - width, 0) : start], text[end : end + width]
    cut_left, cut_right = "…" if start > width else "", "…" if end + width < len(text) else ""
    return f"{cut_left}{left}【{text[start:end]}】{right}{cut_right}"


def explain_pair(tables: Tables, a: str, b: str, width: int = 10) -> pd.DataFrame:
    """Why two regions are alike: their shared terms, the largest product first.

    The products sum to the pair's cosine; ``share`` is a product's part of it.
    The last two columns bear the names of the regions, in the order given, and
    quote the first mention of the term with ``width`` characters on either side.
    No shared term: no row.
    """
    a, b, swapped = _pair(tables, a, b)
    rows = _rows_of(tables["similarity_terms"], a, b, swapped).sort_values("rank").reset_index(drop=True)
    sides = ("measures_b", "measures_a") if swapped else ("measures_a", "measures_b")
    frame = rows[["term", "product", "share"]]
    for region, side in zip((a, b), sides, strict=True):
        quotes = [_quote(tables, term, ids, width) for term, ids in zip(rows["term"], rows[side], strict=True)]
        frame = frame.assign(**{region: pd.Series(quotes, dtype=object, index=rows.index)})
    return frame


def compare(tables: Tables, a: str, b: str) -> pd.DataFrame:
    """One row: both cosines of the pair, their ranks among all pairs, and the sum of the products that explain it.

    ``rank_low`` and ``rank_high`` enclose the rank in the resamples, ``first_share`` is the share
    of them in which no pair is closer; ``holds``: closer than shuffled measures make it, by both cosines.
    """
    a, b, swapped = _pair(tables, a, b)
    row = _rows_of(tables["similarity"], a, b, swapped).iloc[0]
    drawn = _rows_of(tables["similarity_intervals"], a, b, swapped).iloc[0]
    products = _rows_of(tables["similarity_terms"], a, b, swapped)["product"]
    return pd.DataFrame(
        {
            "region_a": [a],
            "region_b": [b],
            "shared_terms": [row["shared_terms"]],
            "cosine": [row["cosine"]],
            "sum_of_products": [math.fsum(products)],
            "rank": [row["rank"]],
            "rank_low": [drawn["rank_low"]],
            "rank_high": [drawn["rank_high"]],
            "first_share": [drawn["first_share"]],
            "cosine_char": [row["cosine_char"]],
            "rank_char": [row["rank_char"]],
            "holds": [_rows_of(tables["pair_tests"], a, b, swapped)["holds"].iloc[0]],
        }
    )


def closest_pair(tables: Tables, column: str = "cosine") -> tuple[str, str]:
    """The two most similar regions by one of the cosines; of equal pairs the first in corpus order."""
    pairs = _cosines(tables, column)
    row = pairs.loc[pairs[column].idxmax()]
    return str(row["region_a"]), str(row["region_b"])


def _cosines(tables: Tables, column: str) -> pd.DataFrame:
    """Every pair of regions with this cosine: by words, by character pairs or by themes."""
    if column == BY_THEMES:
        return tables["theme_similarity"].rename(columns={"cosine": column})[["region_a", "region_b", column]]
    if column not in COSINES:
        raise UnknownNameError(("相似度", "similarity"), column, (*COSINES, BY_THEMES))
    return tables["similarity"][["region_a", "region_b", column]]


def neighbours(tables: Tables, region: str) -> pd.DataFrame:
    """The other regions, most similar first by ``cosine``, with their places by either cosine (1 = nearest).

    ``nearest_share`` is the share of the resamples in which a region is the nearest;
    those marked ``among`` are the fewest of which one is the nearest in nearly all resamples.
    """
    region = _region(tables, region)
    pairs = tables["similarity"]
    pairs = pairs[(pairs["region_a"] == region) | (pairs["region_b"] == region)]
    others = pairs["region_a"].where(pairs["region_b"] == region, pairs["region_b"])
    frame = pairs[["cosine", "cosine_char", "shared_terms"]].assign(region=others)
    for column, place in zip(COSINES, ("place", "place_char"), strict=True):
        frame[place] = frame[column].rank(method="min", ascending=False).astype(int)
    frame = frame.sort_values("place", kind="stable").reset_index(drop=True)
    drawn = tables["neighbours"]
    drawn = drawn[drawn["region"] == region].set_index("other")
    frame = frame.assign(**{name: drawn[name].reindex(frame["region"]).tolist() for name in ("nearest_share", "among")})
    columns = ["region", "place", "cosine", "nearest_share", "among", "place_char", "cosine_char", "shared_terms"]
    return frame[columns]


def similarity_matrix(tables: Tables, column: str = "cosine") -> pd.DataFrame:
    """Regions by regions, in corpus order; 1 on the diagonal. ``column`` is cosine, cosine_char or cosine_themes."""
    names = tables["regions"]["region"].tolist()
    matrix = pd.DataFrame(1.0, index=names, columns=names)
    for a, b, value in _cosines(tables, column).itertuples(index=False):
        matrix.loc[a, b] = matrix.loc[b, a] = value
    return matrix


def _grouped(tables: Tables, table: str, by: str) -> pd.DataFrame:
    """One of the tables on the groups by words or by themes."""
    if by not in _GROUPED:
        raise UnknownNameError(("分组依据", "basis of groups"), by, tuple(_GROUPED))
    return tables[_GROUPED[by][table]]


def _theme_names(tables: Tables, joined: str) -> str:
    """Ids of themes joined by ·, as the Chinese names."""
    names = dict(zip(tables["codebook"]["theme"], tables["codebook"]["zh"], strict=True))
    return "、".join(names[theme] for theme in joined.split("·") if theme)


def _labels(tables: Tables, by: str) -> dict[int, str]:
    """What marks each group: its leading terms joined by ·, or the Chinese names of its leading themes."""
    rows = _grouped(tables, "groups", by).drop_duplicates("cluster")
    labels = dict(zip(rows["cluster"], rows["label"], strict=True))
    return {group: _theme_names(tables, label) for group, label in labels.items()} if by == "themes" else labels


def verdict(tables: Tables, by: str = "words") -> str:
    """Whether groups are shown, by words or by themes: supported, weak or not shown."""
    return str(_grouped(tables, "verdict", by).set_index("criterion").loc["verdict", "outcome"])


def groups(tables: Tables, by: str = "words") -> pd.DataFrame:
    """One row per group: what marks it, size, members along the consensus tree, mean and smallest silhouette (-1 to 1).

    ``by``: words, then the group's leading terms are its ``label``; or themes,
    then ``themes`` are its leading ones. ``support`` is the mean share of
    partitions that keep a member together with the others, ``confident`` counts
    the members that surely belong, ``verdict`` says whether there are groups at all.
    """
    labels = _labels(tables, by)
    rows = [
        {
            "cluster": cluster,
            "themes" if by == "themes" else "label": labels[cluster],
            "size": len(members),
            "members": "、".join(members["region"]),
            "silhouette": members["silhouette"].mean(),
            "silhouette_min": members["silhouette"].min(),
            "support": members["support"].mean(),
            "confident": int(members["confident"].sum()),
            "verdict": verdict(tables, by),
        }
        for cluster, members in _grouped(tables, "groups", by).sort_values("leaf").groupby("cluster")
    ]
    return pd.DataFrame(rows)


def members(tables: Tables, by: str = "words") -> pd.DataFrame:
    """One row per region along the consensus tree: its group, its support, the group that comes second, and how sure that is.

    By themes, ``cluster_words`` is the region's group by words.
    """
    columns = ["region", "cluster", "support", "runner_up", "runner_up_support", "confident", "silhouette"]
    rows = _grouped(tables, "groups", by).sort_values("leaf").reset_index(drop=True)
    return rows[[*columns, "cluster_words"] if by == "themes" else columns]


def group_terms(tables: Tables, top: int = 5) -> pd.DataFrame:
    """For every group the terms that tell it from the rest, at most ``top``; ``g2_p`` is uncorrected."""
    rows = tables["cluster_terms"]
    columns = ["cluster", "rank", "term", "count", "regions", "g2", "g2_p"]
    return rows.loc[rows["rank"] <= top, columns].sort_values(["cluster", "rank"]).reset_index(drop=True)


def group_choice(tables: Tables, by: str = "words") -> pd.DataFrame:
    """One row per number of groups that was looked at: the indices, each beside shuffled texts, and which was chosen."""
    return _grouped(tables, "choice", by)


def certainty(tables: Tables, by: str = "words") -> pd.DataFrame:
    """What the verdict on the groups rests on: each criterion with its threshold, then the verdict itself."""
    return _grouped(tables, "verdict", by)


def reliability(tables: Tables) -> pd.DataFrame:
    """How far the order of the pairs can be relied on: halves of the texts, both cosines, length of the texts."""
    return tables["reliability"]


def claims(tables: Tables, kind: str | None = None) -> pd.DataFrame:
    """The claims of the report, or those of one kind, with the share of the specifications that bear each out.

    ``kind``: closest, pair, core, membership or keyword. ``most_sensitive_to`` is
    the choice on which a claim depends most, with its best and its worst option.
    """
    rows = tables["robustness"].drop(columns="claim_id")
    if kind is not None:
        if kind not in CLAIMS:
            raise UnknownNameError(("结论种类", "kind of claim"), kind, _close(kind, CLAIMS) or CLAIMS)
        rows = rows[rows["kind"] == kind]
    return rows.reset_index(drop=True)
