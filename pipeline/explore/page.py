"""Tables as readers see them."""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

_HEADS = {
    "region": "地区", "region_en": "英文名", "level": "层级", "documents": "文本", "characters": "字数", "measures": "举措",
    "words": "词次", "own_types": "独有词", "metric": "指标", "value": "数值", "derived_from": "来自", "rank": "名次",
    "term": "词", "kind": "类", "count": "次数", "df": "地区数", "tf_idf": "权重", "single_mention": "只说一次",
    "measure_ids": "出处", "measure_id": "出处", "left": "上文", "hit": "词", "right": "下文", "headline": "提要",
    "text": "原文", "product": "乘积", "share": "占比", "region_a": "地区甲", "region_b": "地区乙",
    "shared_terms": "共有词", "cosine": "相似度", "sum_of_products": "乘积之和", "cosine_char": "字对相似度",
    "rank_char": "字对名次", "place": "名次", "place_char": "字对名次", "cluster": "组", "label": "代表词", "size": "地区数",
    "members": "成员", "silhouette": "轮廓系数", "silhouette_min": "最低", "regions": "地区数", "g2": "G2", "g2_p": "p",
    "k": "组数", "sizes": "各组大小", "singletons": "单地区组", "chosen": "采用",
}  # fmt: skip


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value)
    if value is pd.NA:
        return ""
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
    if isinstance(value, float):
        return "< 0.001" if 0 < value < 0.001 else f"{value:.3f}"
    return str(value)


@dataclass(frozen=True)
class Page:
    """A table as readers see it: bilingual heads, cells never cut short, numbers and left contexts to the right."""

    frame: pd.DataFrame

    def _cells(self) -> pd.DataFrame:
        return pd.DataFrame({name: [_cell(v) for v in self.frame[name].tolist()] for name in self.frame.columns})

    def _sides(self) -> list[str]:
        numeric = [
            pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind) for kind in self.frame.dtypes
        ]
        return [
            "right" if number or name in ("left", "value") else "left"
            for name, number in zip(self.frame.columns, numeric, strict=True)
        ]

    def _repr_html_(self) -> str:
        """GitHub keeps the attribute, Jupyter obeys the style: both are there."""
        marks = [f'align="{side}" style="text-align:{side}"' for side in self._sides()]
        heads = [f"{html.escape(name)}<br>{_HEADS.get(name, '')}" for name in self.frame.columns]
        rows = [[html.escape(cell) for cell in row] for row in self._cells().itertuples(index=False)]
        lines = ["<table>", _line("th", heads, marks), *(_line("td", row, marks) for row in rows), "</table>"]
        return "\n".join(lines)

    def __repr__(self) -> str:
        heads = [f"{name} {_HEADS.get(name, '')}".strip() for name in self.frame.columns]
        columns = []
        for head, side, name in zip(heads, self._sides(), self.frame.columns, strict=True):
            texts = [head, *self._cells()[name]]
            wide = max(map(_columns, texts))
            blanks = [" " * (wide - _columns(text)) for text in texts]
            columns.append([b + t if side == "right" else t + b for t, b in zip(texts, blanks, strict=True)])
        return "\n".join("  ".join(row).rstrip() for row in zip(*columns, strict=True))


def _line(tag: str, cells: Iterable[str], marks: Iterable[str]) -> str:
    shown = "".join(f"<{tag} {mark}>{cell}</{tag}>" for cell, mark in zip(cells, marks, strict=True))
    return f"<tr>{shown}</tr>"


def _columns(text: str) -> int:
    """Columns of a terminal that the text takes: two for a full-width character."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def show(frame: pd.DataFrame) -> Page:
    """The table for the eye: as HTML in a notebook, as aligned text elsewhere."""
    return Page(frame)
