"""What one region has that the others do not, in words and in themes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.explore.approaches import _named
from pipeline.explore.lookups import Tables, _hits, _label, _marked, _region
from pipeline.explore.pictures import _LIGHT, _OTHER, _PALE, _STRONG, Picture, _canvas, _chinese
from pipeline.stats.keyness import g2_p, signed_g2


def only_here(tables: Tables, region: str) -> pd.DataFrame:
    """The terms that no other region has, the most frequent first: one row each, with the first measure that has it, whole.

    A word that stands in longer terms of the list only is left out: it says nothing that they do not.
    """
    region = _region(tables, region)
    rows = tables["keywords"]
    rows = rows[(rows["region"] == region) & (rows["df"] == 1)].sort_values(["count", "term"], ascending=[False, True])
    counted = list(zip(rows["term"], rows["count"], strict=True))
    alone = np.array(
        [
            not any(term != other and term in other and often >= count for other, often in counted)
            for term, count in counted
        ],
        dtype=bool,
    )
    rows = rows[alone].reset_index(drop=True)
    texts = tables["measures"].set_index("measure_id")["text"]
    found = []
    for term in rows["term"]:
        hits = [hit for hit in _hits(tables, term) if hit[0] == _hits(tables, term)[0][0]]
        found.append((hits[0][0], _marked(texts[hits[0][0]], [(start, end) for _, start, end in hits])))
    return rows[["term", "kind", "count", "stability"]].assign(
        measure_id=pd.Series([measure_id for measure_id, _ in found], dtype=object),
        text=pd.Series([text for _, text in found], dtype=object),
    )


def theme_contrast(tables: Tables, region: str) -> pd.DataFrame:
    """Every theme of the codebook: its share of the region's measures and of all others', the largest difference first.

    ``others`` counts the other regions that carry it; ``g2`` compares the two
    shares, negative where the region has less, ``g2_p`` is uncorrected.
    """
    region = _region(tables, region)
    cells = tables["themes"]
    totals = tables["measures"].groupby("region").size()
    own, rest = int(totals[region]), int(totals.sum() - totals[region])
    here = cells[cells["region"] == region].set_index("theme")["measures"]
    away = cells[cells["region"] != region]
    elsewhere = away.groupby("theme")["measures"].sum().reindex(here.index)
    g2 = signed_g2(here, own, elsewhere, rest)
    frame = pd.DataFrame(
        {
            "theme": here.index,
            "measures": here.to_numpy(),
            "share": here.to_numpy() / own,
            "share_rest": elsewhere.to_numpy() / max(rest, 1),
            "others": away[away["measures"] > 0].groupby("theme").size().reindex(here.index, fill_value=0).to_numpy(),
            "g2": g2,
            "g2_p": g2_p(g2),
        }
    )
    order = (frame["share"] - frame["share_rest"]).round(12).sort_values(ascending=False, kind="stable").index
    return _named(tables, frame.loc[order])


def contrast_picture(tables: Tables, region: str) -> Picture:
    """Points: the share of the region's measures that carry each theme, beside the share of all others'."""
    region = _region(tables, region)
    rows = theme_contrast(tables, region)
    title = f"{_label(tables, region)}：主题与其余地区相比 themes beside the other regions"
    with _chinese():
        figure, axes = _canvas(title, 6.8, 1.3 + 0.26 * len(rows))
        axes.hlines(rows.index, rows["share_rest"], rows["share"], color=_PALE, linewidth=3)
        axes.plot(rows["share"], rows.index, "o", color=_STRONG, label="本地区 here")
        axes.plot(rows["share_rest"], rows.index, "D", color=_OTHER, label="其余地区 elsewhere", fillstyle="none")
        axes.set_yticks(rows.index, [f"{row.zh} {row.theme}" for row in rows.itertuples()])
        numbers = axes.secondary_yaxis("right")
        numbers.set_yticks(rows.index, [f"{own} 条" for own in rows["measures"]])
        numbers.tick_params(length=0, labelcolor=_LIGHT)
        numbers.spines[:].set_visible(False)
        axes.set_xlim(-0.02, 1.02)
        axes.invert_yaxis()
        axes.set_xlabel("占举措的比例（右：本地区条数） share of the measures (right: measures here)")
        figure.legend(loc="outside lower right", ncols=2)
    first = rows.iloc[0]
    said = (
        f"相差最大 largest difference: {first['zh']} {first['theme']}, {first['share']:.0%} / {first['share_rest']:.0%}"
    )
    return Picture(figure, f"{title}; {said}")
