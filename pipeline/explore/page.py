"""Tables as readers see them."""

from __future__ import annotations

import html
import math
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import report

_HEADS = {
    "region": "地区", "region_en": "英文名", "level": "层级", "documents": "文本", "characters": "字数", "measures": "举措",
    "words": "词次", "own_types": "独有词", "metric": "指标", "value": "数值", "derived_from": "来自", "rank": "名次",
    "term": "词", "kind": "类", "count": "次数", "df": "地区数", "tf_idf": "权重", "single_mention": "只说一次",
    "measure_ids": "出处", "measure_id": "出处", "left": "上文", "hit": "词", "right": "下文", "headline": "提要",
    "text": "原文", "product": "乘积", "share": "占比", "region_a": "地区甲", "region_b": "地区乙",
    "shared_terms": "共有词", "cosine": "相似度", "sum_of_products": "乘积之和", "cosine_char": "字对相似度",
    "rank_char": "字对名次", "place": "名次", "place_char": "字对名次", "cluster": "组", "label": "代表词", "size": "地区数",
    "members": "成员", "silhouette": "轮廓系数", "silhouette_min": "最低", "regions": "地区数", "g2": "G2", "g2_p": "p",
    "k": "组数", "sizes": "各组大小", "singletons": "单地区组", "chosen": "采用", "stability": "稳定度",
    "rank_low": "最好名次", "rank_high": "最差名次", "first_share": "居首比例", "holds": "胜过随机",
    "nearest_share": "最近的比例", "among": "可能最近", "support": "支持度", "runner_up": "次选组",
    "runner_up_support": "次选组支持度", "confident": "有把握", "verdict": "判断", "pac": "归属不明", "pac_p": "p",
    "jaccard": "第二组的重合度", "jaccard_p": "p", "prediction_strength": "预测强度", "prediction_strength_p": "p",
    "gap": "间隔", "gap_error": "标准误", "silhouette_p": "p", "criterion": "依据", "threshold": "界限", "met": "满足",
    "outcome": "结果", "view": "量法", "measure": "项目", "low": "下限", "high": "上限", "p": "值", "why": "缘由",
    "specifications": "设定数", "standing": "稳健性", "most_sensitive_to": "最受影响于", "best_option": "最有利的选项",
    "best_share": "其中占比", "worst_option": "最不利的选项", "worst_share": "其中占比", "theme": "主题", "zh": "主题名",
    "en": "主题英文名", "definition": "含义", "single_hit": "只凭一处", "rules_used": "用到的指示词", "rules": "指示词",
    "share_low": "占比下限", "share_high": "占比上限", "leading_share": "领先比例", "first_rank": "首见于第几条",
    "indicator": "所见", "rule": "手册写法", "line": "手册行号", "only": "唯一依据", "status": "处理",
    "reason": "排除语或否定词", "terms": "主要的词", "shared_themes": "共有主题", "cosine_low": "相似度下限",
    "cosine_high": "相似度上限", "q": "校正的 p", "cosine_words": "按词相似度", "rank_words": "按词名次",
    "rank_themes": "按主题名次", "share_rest": "组外占比", "cluster_words": "按词的组", "difference": "名次差",
    "themes": "主要主题", "difference_without": "去掉第一条后", "unit": "单位", "units": "编码数", "both": "都有",
    "codebook_only": "仅手册", "coder_only": "仅编码者", "neither": "都无", "agreement": "一致率", "kappa": "κ", "alpha": "α",
    "alpha_low": "α 下限", "alpha_high": "α 上限", "usable": "可用程度", "unit_id": "编码对象", "codebook": "手册", "coder": "编码者",
    "indicators": "手册的依据", "coding_line": "编码文件行号", "doc_id": "文本", "region_raw": "原文地名", "province": "省级",
    "year": "年份", "title": "标题", "file": "文件", "part": "表页", "row": "行号", "columns": "列", "encoding": "编码",
    "skipped": "未读缘由", "removed": "原有", "replacement": "改为", "left_out_as": "缘由", "message": "提示", "message_en": "英文提示",
    "adcode": "区划代码", "candidates": "可能是", "passage_id": "段号", "shared_characters": "别处也有的字数", "passages": "共有条数",
    "passages_within": "一地之内", "mean": "平均相似度", "mean_without": "去掉后", "cosine_without": "去掉后",
    "doc_a": "文本甲", "doc_b": "文本乙", "title_a": "标题甲", "title_b": "标题乙", "containment": "含有比例",
    "resemblance": "重合比例", "others": "别处地区数", "count_before": "原次数", "count_after": "新次数",
    "regions_before": "原地区数", "regions_after": "新地区数", "rank_before": "原名次", "rank_after": "新名次",
    "tf_idf_before": "原权重", "tf_idf_after": "新权重", "cosine_before": "原相似度", "cosine_after": "新相似度",
    "place_before": "原名次", "place_after": "新名次", "option": "选项", "rank_median": "名次中位数", "rand_median": "与所述分组的一致",
    "draw": "第几次", "drawn": "抽到的举措", "left_out": "没抽到的", "nearest": "最近", "nearest_cosine": "相似度",
    "closest": "最相似的一对", "closest_cosine": "相似度", "bias": "偏差", "p_shuffled": "p", "scenario": "情形",
    "strength": "共同主题的比例", "draws": "次数", "supported": "判为支持", "supported_low": "下限", "supported_high": "上限",
    "weak": "判为较弱", "reported": "报告所说", "with_specifications": "用词典的设定数", "with_share": "其中占比",
    "with_standing": "用词典的稳健性", "without_specifications": "不用词典的设定数", "without_share": "其中占比",
    "without_standing": "不用词典的稳健性",
}  # fmt: skip
# What the tables say in English, by column.
_OUTCOMES = {"supported": "支持", "weak": "较弱", "not shown": "未显示"}
_CHOICES = {"text": "文本单位", "generic": "通用词", "weight": "权重", "min_df": "最少地区数", "algorithm": "算法"}
_WORDS = {
    "verdict": _OUTCOMES,
    "outcome": {**_OUTCOMES, "fewer than 3 regions": "地区不足三个", "texts are alike": "各文本没有差别"},
    "criterion": {
        "structure_words": "结构，按词", "structure_characters": "结构，按字对", "structure_themes": "结构，按主题",
        "pac": "归属不明的地区对少", "jaccard": "至少两组稳定", "verdict": "判断",
    },
    "standing": {"robust": "稳健", "sensitive": "敏感", "fragile": "脆弱"},
    "usable": {"good": "良好", "tentative": "初步", "low": "不足", "unknown": "无法判断"},
    "kind": {
        "word": "词", "phrase": "短语", "closest": "最相似的一对", "pair": "居前的一对", "core": "同组",
        "membership": "归组", "keyword": "关键词", "line": "文本的行", "row": "表格的行", "sheet": "工作表的行", "page": "页的行",
        "paragraph": "段",
    },
    "most_sensitive_to": _CHOICES,
    "view": {"words": "词", "characters": "字对", "both": "两者"},
    "measure": {
        "split_half": "折半", "split_half_corrected": "折半，校正后", "length": "与长度", "views": "两种量法",
        "views_given_length": "两种量法，扣除长度", "mantel": "地区对的远近", "rand": "分成同样多的组",
        "described": "各自采用的分组",
    },
    "status": {
        "excluded": "排除", "negated": "否定", "found": "认得", "former": "旧名", "ambiguous": "不止一处", "unknown": "不认得",
    },
    "unit": {"measure": "举措", "region": "地区"},
    "scenario": {"shuffled": "打乱（无组）", "own topics": "各有主题（无组）", "groups": "有组"},
    "option": {
        "dictionary": "用词典", "no dictionary": "不用词典", "single characters": "单字", "character pairs": "字对",
        "out": "不计", "in": "计入",
    },
}  # fmt: skip

_OF_THE_REPORT = {
    "level": ("levels",),
    "left_out_as": ("audit", "reasons"),
    "skipped": ("audit", "skipped_reasons"),
}


def _words_of(column: str) -> Mapping[str, str]:
    """The Chinese of the column's own words: of the tables alone, or as the report has it."""
    if column not in _OF_THE_REPORT:
        return _WORDS.get(column, {})
    texts = tomllib.loads((Path(report.__file__).parent / "strings.zh.toml").read_text("utf-8"))
    for key in _OF_THE_REPORT[column]:
        texts = texts[key]
    return texts


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(value)
    if value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
    if isinstance(value, float):
        return "< 0.001" if 0 < value < 0.001 else f"{value:.3f}"
    return str(value)


def _said(column: str, value: Any) -> str:
    """The cell, in Chinese too where the column has words of its own."""
    return _in_both(value, _words_of(column))


def _in_both(value: Any, words: Mapping[str, str]) -> str:
    known = words.get(value, "") if isinstance(value, str) else ""
    return f"{known} {value}" if known else _cell(value)


@dataclass(frozen=True)
class Page:
    """A table as readers see it: bilingual heads, cells never cut short, numbers and left contexts to the right."""

    frame: pd.DataFrame

    def _cells(self) -> pd.DataFrame:
        words = {name: _words_of(name) for name in self.frame.columns}
        return pd.DataFrame(
            {name: [_in_both(v, own) for v in self.frame[name].tolist()] for name, own in words.items()}
        )

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
