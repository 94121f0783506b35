"""Small figures, each with the words that say what it shows."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib import font_manager, style
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipeline.explore.approaches import profile
from pipeline.explore.lookups import (
    BY_THEMES,
    COSINES,
    Tables,
    _grouped,
    _label,
    _labels,
    _region,
    closest_pair,
    keywords_of,
    neighbours,
    similarity_matrix,
    verdict,
)
from pipeline.explore.page import _said
from pipeline.fonts import font_file

_STRONG, _PALE, _OTHER, _LIGHT = "#0072B2", "#A9CFE6", "#D55E00", "#666666"
_DOTS = 144  # an inch: half as many again as a page shows, for sharp characters


@contextmanager
def _chinese() -> Iterator[None]:
    """Draw with the font that has the Chinese characters; one that it lacks is an error, not a box."""
    font = font_file()
    if font.name not in {Path(entry.fname).name for entry in font_manager.fontManager.ttflist}:
        font_manager.fontManager.addfont(font)
    names = [font_manager.FontProperties(fname=font).get_name(), "DejaVu Sans"]
    settings: dict[str, Any] = {
        "font.family": names,
        "font.size": 9,
        "axes.unicode_minus": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 10,
        "legend.frameon": False,
    }
    # after_reset: a reader's own matplotlibrc must not change what a notebook shows
    with style.context(settings, after_reset=True), warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph")
        yield


@dataclass(frozen=True)
class Picture:
    """A figure with the words that say what it shows to those who cannot see it."""

    figure: Figure
    words: str

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """The image and its size on the page; it tells nothing of the version that drew it."""
        with _chinese():
            stream = io.BytesIO()
            self.figure.savefig(stream, format="png", dpi=_DOTS, metadata={"Software": None})
        width, height = self.figure.get_size_inches()
        return stream.getvalue(), {"width": round(width * 96), "height": round(height * 96)}

    def __repr__(self) -> str:
        return self.words


def _canvas(title: str, width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot(title=title)
    axes.tick_params(length=0)
    return figure, axes


def keyword_picture(tables: Tables, region: str, top: int = 10) -> Picture:
    """Bars: the weight of the region's keywords; pale where the region says the term only once; stability beside them."""
    region = _region(tables, region)
    rows = keywords_of(tables, region, top)
    title = f"{_label(tables, region)}：关键词 keywords"
    with _chinese():
        figure, axes = _canvas(title, 6.4, 1.3 + 0.26 * len(rows))
        for single, colour, label in ((False, _STRONG, "说过多次 repeated"), (True, _PALE, "只说一次 said once")):
            part = rows[rows["single_mention"] == single]
            axes.barh(part.index, part["tf_idf"], color=colour, label=label, height=0.7)
        for at, row in enumerate(rows.itertuples()):
            axes.annotate(
                f"{row.stability:.0%}", (row.tf_idf, at), (3, 0), textcoords="offset points", va="center", color=_LIGHT
            )
        axes.margins(x=0.1)  # room for the percentages
        axes.set_yticks(range(len(rows)), rows["term"])
        axes.invert_yaxis()
        axes.set_xlabel("TF-IDF（条末：稳定度 at the bars: stability）")
        figure.legend(loc="outside lower right", ncols=2)
    return Picture(figure, f"{title}; {int(rows['single_mention'].sum())} / {len(rows)} 只说一次 said once")


def neighbour_picture(tables: Tables, region: str) -> Picture:
    """Points: how similar the region is to every other one, by words and by character pairs."""
    region = _region(tables, region)
    rows = neighbours(tables, region)
    title = f"{_label(tables, region)}：与其他地区的相似度 similarity to the others"
    with _chinese():
        figure, axes = _canvas(title, 6.4, 1.3 + 0.24 * len(rows))
        axes.hlines(rows.index, rows[list(COSINES)].min(axis=1), rows[list(COSINES)].max(axis=1), color="#CCCCCC")
        axes.plot(rows["cosine"], rows.index, "o", color=_STRONG, label="词 words")
        axes.plot(rows["cosine_char"], rows.index, "D", color=_OTHER, label="字对 character pairs", fillstyle="none")
        axes.set_yticks(rows.index, [_label(tables, other) for other in rows["region"]])
        axes.set_xlim(left=0)
        axes.invert_yaxis()
        axes.set_xlabel("余弦相似度 cosine")
        figure.legend(loc="outside lower right", ncols=2)
    nearest, share = rows["region"].iloc[0], rows["nearest_share"].iloc[0]
    said = f"按词最近 nearest by words: {nearest}, 占重抽样的 in {share:.0%} of the resamples"
    return Picture(figure, f"{title}; {said}")


def similarity_picture(tables: Tables, column: str = "cosine") -> Picture:
    """A matrix of all pairs in the order of the consensus tree; the scale ends at the largest value off the diagonal."""
    matrix = similarity_matrix(tables, column)
    by = "themes" if column == BY_THEMES else "words"
    order = _grouped(tables, "groups", by).sort_values("leaf")["region"].tolist()
    matrix = matrix.loc[order, order]
    closest = closest_pair(tables, column)
    highest = float(matrix.loc[closest])
    title = {
        "cosine": "按词的相似度 similarity by words",
        "cosine_char": "按字对的相似度 similarity by character pairs",
        BY_THEMES: "按主题的相似度 similarity by themes",
    }[column]
    with _chinese():
        figure, axes = _canvas(title, 1.8 + 0.385 * len(order), 0.8 + 0.37 * len(order))
        pairs = matrix.mask(pd.DataFrame([[a == b for b in order] for a in order], order, order))
        image = axes.imshow(pairs, cmap="Blues", vmin=0, vmax=highest or 1)
        axes.set_facecolor("#EEEEEE")  # a region beside itself is no pair: grey, not the white of 0
        for at, a in enumerate(order):
            for over, b in enumerate(order):
                if a != b:
                    ink = "white" if matrix.loc[a, b] > 0.6 * highest else "#333333"
                    shown = f"{matrix.loc[a, b]:.2f}".removeprefix("0")
                    axes.text(over, at, shown, ha="center", va="center", color=ink, fontsize=7)
        axes.set_xticks(range(len(order)), order, rotation=90 if max(map(len, order)) > 3 else 0)
        axes.set_yticks(range(len(order)), [_label(tables, region) for region in order])
        axes.spines[:].set_visible(False)
        figure.colorbar(image, shrink=0.6).outline.set_visible(False)
    return Picture(figure, f"{title}; 最相似 most similar: {', '.join(closest)}")


def theme_picture(tables: Tables) -> Picture:
    """Regions by themes: the share of the region's measures, and their number; the regions as the groups by themes order them."""
    order = tables["theme_groups"].sort_values("leaf")["region"].tolist()
    book, cells = tables["codebook"], tables["themes"].set_index(["region", "theme"])
    numbers = cells["measures"].unstack().loc[order, book["theme"]]
    title = "各地区带有主题的举措数 measures that carry a theme\n颜色：占该地区举措的比例 shade: share of the region's measures"
    with _chinese():
        figure, axes = _canvas(title, 1.8 + 0.42 * len(book), 2.4 + 0.27 * len(order))
        shares = cells["share"].unstack().loc[order, book["theme"]]
        image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        for at, region in enumerate(order):
            for over, theme in enumerate(book["theme"]):
                if numbers.loc[region, theme]:
                    ink = "white" if shares.loc[region, theme] > 0.6 else "#333333"
                    axes.text(
                        over, at, f"{numbers.loc[region, theme]}", ha="center", va="center", color=ink, fontsize=7
                    )
        axes.set_xticks(range(len(book)), [f"{row.zh} {row.theme}" for row in book.itertuples()], rotation=90)
        axes.set_yticks(range(len(order)), [_label(tables, region) for region in order])
        axes.spines[:].set_visible(False)
        figure.colorbar(image, shrink=0.6).outline.set_visible(False)
    most = book.loc[book["measures"].idxmax()]
    words = title.replace("\n", "; ")
    return Picture(figure, f"{words}; 最多 most: {most['zh']} {most['theme']}, {most['measures']}")


def profile_picture(tables: Tables, region: str) -> Picture:
    """Points: the share of the region's measures that carry each theme, with its interval; beside it the number of measures."""
    region = _region(tables, region)
    rows = profile(tables, region)
    total = int((tables["measures"]["region"] == region).sum())
    title = f"{_label(tables, region)}：主题 themes"
    with _chinese():
        figure, axes = _canvas(title, 6.4, 1.3 + 0.26 * len(rows))
        axes.hlines(rows.index, rows["share_low"], rows["share_high"], color=_PALE, linewidth=4)
        axes.plot(rows["share"], rows.index, "o", color=_STRONG)
        axes.set_yticks(rows.index, [f"{row.zh} {row.theme}" for row in rows.itertuples()])
        numbers = axes.secondary_yaxis("right")
        numbers.set_yticks(rows.index, [f"{number} / {total}" for number in rows["measures"]])
        numbers.tick_params(length=0, labelcolor=_LIGHT)
        numbers.spines[:].set_visible(False)
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(max(len(rows), 1) - 0.5, -0.5)
        axes.set_xlabel("占该地区举措的比例（浅色：区间） share of the region's measures (pale: interval)")
    first = rows[rows["rank"] == 1]
    said = [
        f"{row.zh} {row.theme} {row.share:.0%}, 领先 leads in {row.leading_share:.0%}" for row in first.itertuples()
    ]
    return Picture(figure, "; ".join([title, *said]))


def group_picture(tables: Tables, by: str = "words") -> Picture:
    """Bars: how well each region fits its group, on the whole scale from -1 to 1; above them whether there are groups."""
    rows = _grouped(tables, "groups", by).sort_values("leaf").reset_index(drop=True)
    labels = _labels(tables, by)
    judged = f"判断 verdict: {_said('verdict', verdict(tables, by))}"
    title = f"各地区与本组的契合度 how well each region fits its group\n{judged}"
    with _chinese():
        figure, axes = _canvas(title, 6.8, 1.5 + 0.26 * len(rows))
        places = rows.index + 0.7 * (rows["cluster"] != rows["cluster"].shift()).cumsum()
        axes.barh(places, rows["silhouette"], color=_STRONG, height=0.7)
        axes.axvline(0, color=_LIGHT, linewidth=0.6)
        axes.set_yticks(places, [_label(tables, region) for region in rows["region"]])
        for cluster, own in places.groupby(rows["cluster"]):
            words = f"第 {cluster} 组 group {cluster}\n{labels[cluster]}"
            axes.text(1.02, own.mean(), words, va="center", color=_LIGHT, transform=axes.get_yaxis_transform())
        axes.set_xlim(-1, 1)
        axes.invert_yaxis()
        axes.set_xlabel("轮廓系数 silhouette")
    words = title.replace("\n", "; ")
    return Picture(figure, f"{words}; 平均 mean {rows['silhouette'].mean():.3f}")


def shared_picture(tables: Tables) -> Picture:
    """Bars: the characters of each region, and of these the ones that other regions have, too, word for word."""
    rows = tables["shared_regions"]
    title = "各地的字数，其中别处也有的 characters, of which shared with others"
    with _chinese():
        figure, axes = _canvas(title, 6.8, 1.3 + 0.26 * len(rows))
        own = rows["characters"] - rows["shared_characters"]
        axes.barh(rows.index, own, color=_PALE, label="仅本地 its own", height=0.7)
        axes.barh(rows.index, rows["shared_characters"], left=own, color=_OTHER, label="别处也有 shared", height=0.7)
        for row in rows.itertuples():
            axes.annotate(
                f"{row.share:.0%}",
                (row.characters, row.Index),
                (3, 0),
                textcoords="offset points",
                va="center",
                color=_LIGHT,
            )
        axes.margins(x=0.1)  # room for the percentages
        axes.set_yticks(rows.index, [_label(tables, region) for region in rows["region"]])
        axes.invert_yaxis()
        axes.set_xlabel("字数（条末：别处也有的比例） characters (at the bars: share that is shared)")
        figure.legend(loc="outside lower right", ncols=2)
    most = rows.loc[rows["share"].idxmax()]
    return Picture(figure, f"{title}; 最多 most: {most['region']}, {most['share']:.0%}")
