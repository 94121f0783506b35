"""How sure a likeness is: measures drawn anew before one's eyes, intervals, shuffled corpora, corpora whose truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from pipeline.contracts import CALIBRATION
from pipeline.explore.cutting import here_or_above
from pipeline.explore.lookups import Tables, UnknownNameError, _label, _region, closest_pair
from pipeline.explore.pictures import _LIGHT, _OTHER, _PALE, _STRONG, Picture, _canvas, _chinese
from pipeline.method import load_settings
from pipeline.representations import Corpus, View, regions_of, words
from pipeline.stats.resampling import resampled_within
from pipeline.tables import read

VIEWS = {"words": "按词 by words", "characters": "按字对 by character pairs"}
_STREAM = 91  # of random numbers, that no stage has


def redraw(tables: Tables, region: str, draws: int = 8, seed: int = 1) -> pd.DataFrame:
    """The measures of every region drawn anew, ``draws`` times: what is drawn of this one, and what that does.

    ``drawn`` lists the places of its measures that were drawn, some twice, and
    ``left_out`` those that were not; then the region's nearest one and the
    closest pair of all, with their cosines. Another ``seed`` draws others.
    """
    region = _region(tables, region)
    settings = load_settings(here_or_above("method/settings.toml"))
    regions = regions_of(tables["measures"])
    view = View("dictionary", "out" if settings.keywords.exclude_generic else "in", "tf-idf", 1)
    corpus = Corpus(regions, {"dictionary": words(tables["tokens"], regions)}, settings.keywords.common_share)
    times = resampled_within(regions.of, draws, np.random.default_rng([seed, _STREAM]), regions.documents)
    cosines = corpus.cosines(view, times=times)
    at = regions.names.index(region)
    own = np.flatnonzero(regions.of == at)
    i, j = np.triu_indices(len(regions.names), 1)
    rows = []
    for number, (each, drawn) in enumerate(zip(cosines, times[:, own], strict=True), 1):
        others = np.where(np.arange(len(each)) == at, -1.0, each[at])
        pair = int(each[i, j].argmax())
        rows.append(
            {
                "draw": number,
                "drawn": " ".join(str(place + 1) for place, often in enumerate(drawn) for _ in range(int(often))),
                "left_out": " ".join(str(place + 1) for place, often in enumerate(drawn) if not often),
                "nearest": regions.names[int(others.argmax())],
                "nearest_cosine": float(others.max()),
                "closest": f"{regions.names[i[pair]]}–{regions.names[j[pair]]}",
                "closest_cosine": float(each[i[pair], j[pair]]),
            }
        )
    return pd.DataFrame(rows)


def intervals(tables: Tables, region: str) -> pd.DataFrame:
    """The other regions, most similar first: cosine and rank of the pair among all, each with its interval, p and q.

    ``bias`` is what drawing measures twice costs the cosine on average; ``q``: p
    after correction for the number of pairs; ``holds``: by both measures.
    """
    region = _region(tables, region)
    keys = ["region_a", "region_b"]
    pairs = tables["similarity"].merge(tables["similarity_intervals"], on=keys).merge(tables["pair_tests"], on=keys)
    pairs = pairs[(pairs["region_a"] == region) | (pairs["region_b"] == region)]
    other = pairs["region_a"].where(pairs["region_b"] == region, pairs["region_b"])
    pairs = pairs.assign(region=other).sort_values("rank", kind="stable").reset_index(drop=True)
    columns = ["region", "cosine", "cosine_low", "cosine_high", "bias", "rank", "rank_low", "rank_high", "p", "q"]
    return pairs[[*columns, "holds"]].rename(columns={"p": "p_shuffled"})


def interval_picture(tables: Tables, region: str) -> Picture:
    """Points: the cosine of the region with every other one; lines: its interval when the measures are drawn anew."""
    region = _region(tables, region)
    rows = intervals(tables, region)
    title = f"{_label(tables, region)}：相似度与区间 similarity and its interval"
    with _chinese():
        figure, axes = _canvas(title, 6.4, 1.3 + 0.26 * len(rows))
        axes.hlines(rows.index, rows["cosine_low"], rows["cosine_high"], color=_PALE, linewidth=4)
        axes.plot(rows["cosine"], rows.index, "o", color=_STRONG)
        axes.set_yticks(rows.index, [_label(tables, name) for name in rows["region"]])
        ranks = axes.secondary_yaxis("right")
        ranks.set_yticks(rows.index, [f"{row.rank_low}–{row.rank_high}" for row in rows.itertuples()])
        ranks.tick_params(length=0, labelcolor=_LIGHT)
        ranks.spines[:].set_visible(False)
        axes.set_xlim(left=0)
        axes.invert_yaxis()
        axes.set_xlabel("余弦（浅色：区间；右：名次区间） cosine (pale: interval; right: rank)")
    first = rows.iloc[0]
    said = f"{first['region']} {first['cosine']:.2f} [{first['cosine_low']:.2f}, {first['cosine_high']:.2f}]"
    return Picture(figure, f"{title}; 最近 nearest: {said}")


def null_picture(tables: Tables, view: str = "words") -> Picture:
    """Bars: the largest silhouette of corpora whose measures were shuffled; the line: that of the real one."""
    if view not in VIEWS:
        raise UnknownNameError(("量法", "view"), view, tuple(VIEWS))
    null = tables["null_distribution"][view]
    row = tables["structure"].set_index(["view", "k"]).loc[(view, 0)]
    title = f"打乱的语料与实际的语料，{VIEWS[view]} shuffled corpora and the real one"
    with _chinese():
        figure, axes = _canvas(title, 6.4, 2.6)
        axes.hist(null, bins=40, color=_PALE)
        axes.margins(y=0.2)  # room for the words
        axes.axvline(row["silhouette"], color=_OTHER)
        axes.annotate(
            f" 实际 real {row['silhouette']:.3f}", (row["silhouette"], 1), (2, -2), va="top", color=_OTHER,
            xycoords=("data", "axes fraction"), textcoords="offset points",
        )  # fmt: skip
        axes.set_xlabel("最大平均轮廓系数 largest mean silhouette")
        axes.set_ylabel("打乱的语料数 shuffled corpora")
    return Picture(figure, f"{title}; 实际 real {row['silhouette']:.3f}, p {row['p']:.3f}")


def calibration(regions: int | None = None, file: str | Path = "reports/calibration/calibration.csv") -> pd.DataFrame:
    """What `make calibrate` found on corpora whose truth is known: how often the verdict was "supported", or "weak".

    ``scenario``: shuffled and own topics have no groups, so a "supported" is a
    false alarm; of groups, ``strength`` is the share of the words that come from
    a common theme. ``regions``: only corpora of so many.
    """
    rows = read(here_or_above(file), CALIBRATION)
    known = rows["regions"].unique()
    if regions is not None and regions not in known:
        raise UnknownNameError(("地区数", "number of regions"), str(regions), [str(number) for number in known])
    rows = rows if regions is None else rows[rows["regions"] == regions]
    columns = ["scenario", "regions", "strength", "draws", "supported", "supported_low", "supported_high", "weak"]
    return rows[columns].reset_index(drop=True)


def closest_over_draws(tables: Tables, draws: int = 200, seed: int = 1) -> pd.DataFrame:
    """Which pair is the closest in so many draws, the most frequent first; ``reported``: the report's."""
    found = redraw(tables, tables["regions"]["region"].iloc[0], draws, seed)["closest"].value_counts()
    rows = pd.DataFrame({"closest": found.index, "draws": found.to_numpy()})
    rows = rows.sort_values(["draws", "closest"], ascending=[False, True]).reset_index(drop=True)
    return rows.assign(share=rows["draws"] / draws, reported=rows["closest"] == "–".join(closest_pair(tables)))
