"""Every sentence of the findings follows from the numbers: change these, and another sentence is said, in both languages alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from string import Formatter
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import YEAR, tables
from pipeline.hashing import sha256
from pipeline.method import Settings, calibrated
from pipeline.provenance import provenance_of
from pipeline.report import sections, wording
from pipeline.report.document import (
    Block,
    Bullets,
    Details,
    Document,
    Figure,
    Finding,
    Heading,
    Measure,
    Paragraph,
    Span,
    Table,
)
from pipeline.report.sections import certainty, findings, hedges
from pipeline.report.source import Tables
from pipeline.report.wording import Wording
from pipeline.summary import certainty_of, coding_of
from tests.conftest import Corpus, word_table_text
from tests.make import ROOT

LANGUAGES = ("zh", "en")

# --- two corpora: one with groups, one without -------------------------------------------------------------------

REGIONS = ("山东", "浙江", "上海", "湖南", "广东", "河北", "河南", "天津", "安徽")
THEMES = (
    "培训 研修 进修 轮训 跟岗 送教 学分 导师",
    "企业 园区 技师 工匠 顶岗 车间 订单 产业",
    "网络 平台 慕课 课件 直播 数据 资源 智能",
)
PAIR = ("师德 竞赛", "专利 孵化", "云端 虚拟")  # of the first two regions of a group
LINK = ("年度", "股份", "论坛")  # of the first and the third
OWN = (
    "考核 督导", "考核 督导", "财政 经费", "农村 扶贫", "港澳 留学", "冬奥 冰雪", "粮食 农机", "港口 航海", "茶叶 中药"
)  # fmt: skip
OTHER = (
    "教研 教材 教案 听课 评课 示范 课堂 作业 图书 食堂 宿舍 校服 安全 消防 保险 医保 体检 心理 军训 社团 音乐 美术 书法 舞蹈",
    "体育 篮球 排球 游泳 旅游 酒店 烹饪 护理 幼儿 养老 会计 税务 银行 证券 物流 快递 汽车 轮船 航空 铁路 地铁 桥梁 隧道 建筑",
    "装修 园艺 果树 畜牧 水产 森林 草原 沙漠 石油 煤炭 钢铁 化肥",
)

Rows = list[tuple[str, str]]


def measures_of(words: Sequence[Sequence[str]]) -> str:
    """Words to measures; nothing but commas, so that no phrases arise."""
    return "；".join("、".join(each) for each in words) + "。"


def grouped() -> Rows:
    """Nine regions in three groups: in every measure five words of the group's theme, and what two of a group share."""
    rows = []
    for at, name in enumerate(REGIONS):
        group, place = divmod(at, 3)
        theme = THEMES[group].split()
        said = [
            [
                *(theme[(number + step) % 8] for step in range(5)),
                *(PAIR[group].split() if place < 2 else ()),
                *([LINK[group]] if place != 1 else ()),
                OWN[at].split()[number % 2],
            ]
            for number in range(8)
        ]
        rows.append((name, measures_of(said)))
    return rows


def dealt() -> Rows:
    """The same number of regions and measures: 108 words, each said once by two regions drawn at random."""
    rng = np.random.default_rng(1)
    words = " ".join((*THEMES, *PAIR, *dict.fromkeys(OWN), *LINK, *OTHER)).split()[:108]
    sizes = range(20, 29)
    region = np.repeat(np.arange(9), sizes)
    deal = rng.permutation(np.repeat(np.arange(108), 2))
    while twice := [at for at in range(216) if (deal[region == region[at]] == deal[at]).sum() > 1]:
        other = rng.integers(216)
        deal[[twice[0], other]] = deal[[other, twice[0]]]
    rows = []
    for at, name in enumerate(REGIONS):
        own = [words[word] for word in deal[region == at]]
        rows.append((name, measures_of([["教师", *own[0::8]], *(own[number::8] for number in range(1, 8))])))
    return rows


def quick(settings: Settings) -> Settings:
    """Few draws."""
    return replace(
        settings,
        resampling=replace(settings.resampling, resamples=200, halvings=20),
        permutation=replace(settings.permutation, draws=99),
        specification=replace(settings.specification, resamples=2, null_draws=19),
    )


@pytest.fixture(scope="module")
def chosen(settings: Settings) -> Settings:
    return quick(settings)


Build = Callable[[Rows, Settings], Corpus]


@pytest.fixture(scope="module")
def build(corpus_of: Callable[..., Corpus], tmp_path_factory: pytest.TempPathFactory) -> Build:
    """(region, text) pairs and settings -> every table."""

    def run(rows: Rows, chosen: Settings) -> Corpus:
        raw = tmp_path_factory.mktemp("corpus") / "raw.txt"
        raw.write_text(word_table_text(rows), "utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("JOBS", "1")
            return corpus_of(raw, chosen)

    return run


@pytest.fixture(scope="module")
def corpora(build: Build, chosen: Settings) -> dict[str, Corpus]:
    return {"strong": build(grouped(), chosen), "weak": build(dealt(), chosen)}


# --- what is said ------------------------------------------------------------------------------------------------

# Of each line one sentence is said, or none.
FAMILIES: dict[str, tuple[str, ...]] = {
    "stable": ("findings.stable_some", "findings.stable_none"),
    "discovered": ("findings.discovered_some", "findings.discovered_none"),
    "distinct": ("findings.distinct_list", "findings.distinct_none"),
    "common": ("findings.common", "findings.no_common"),
    "similar": ("findings.similar", "findings.similar_none"),
    "rank": ("similarity.rank_certain", "similarity.rank_among", "similarity.rank_not_first"),
    "closest": ("similarity.closest_robust", "similarity.closest_sensitive", "similarity.closest_fragile"),
    "sensitive": ("certainty.sensitive_to",),
    "hold": ("similarity.hold_some", "similarity.hold_none"),
    "robust": ("similarity.robust_some", "similarity.robust_none"),
    "nearest": ("similarity.nearest_all", "similarity.nearest_some", "similarity.nearest_none"),
    "views": ("findings.views", "findings.views_none"),
    "agree": ("findings.views_agree",),
    "both": ("findings.both", "findings.both_none"),
    "reliability": ("certainty.reliability_high", "certainty.reliability_low", "certainty.reliability_unknown"),
    "left_out": ("certainty.left_out",),
    "length": ("certainty.length_matters", "certainty.length_not"),
    "verdict": (
        "clusters.supported", "clusters.weak", "clusters.not_shown", "clusters.one_few", "clusters.one_alike",
        "clusters.one_apart",
    ),
    "good": ("certainty.power_good",),
    "poor": ("certainty.power_poor",),
    "groups": ("findings.groups",),
    "members": ("clusters.members_all", "clusters.members_some", "clusters.members_none"),
    "coding": ("approaches.coded_all", "approaches.coded_some", "approaches.exploratory"),
    "use": ("approaches.use_most", "approaches.use_none"),
    "seldom": ("approaches.use_seldom",),
    "unused": ("approaches.use_unused",),
    "first": ("approaches.first_some", "approaches.first_none"),
    "theme groups": (
        "approaches.groups_supported", "approaches.groups_weak", "approaches.groups_not_shown", "approaches.groups_few",
        "approaches.groups_alike",
    ),
    "theme members": ("approaches.members_some", "approaches.members_none"),
    "theme cosines": ("approaches.agree_more", "approaches.agree_no_more"),
    "theme rand": ("approaches.rand_more", "approaches.rand_no_more"),
    "background": ("background.none",),
    "closest headline": (
        "headline.closest_robust", "headline.closest_certain", "headline.closest_among", "headline.closest_not_first",
        "headline.closest_only", "headline.closest_nothing",
    ),
    "nearest headline": ("headline.nearest_all", "headline.nearest_some", "headline.nearest_none"),
    "ranking headline": ("headline.ranking_high", "headline.ranking_low", "headline.ranking_unknown"),
    "groups headline": (
        "headline.groups_supported", "headline.groups_weak", "headline.groups_not_shown", "headline.groups_one_few",
        "headline.groups_one_alike", "headline.groups_one_apart",
    ),
    "approaches headline": (
        "headline.approaches_all", "headline.approaches_exploratory", "headline.approaches_none", "headline.approaches",
    ),
    "first headline": (
        "headline.first_all", "headline.first_some", "headline.first_several", "headline.first_none",
    ),
    "theme groups headline": (
        "headline.theme_groups_supported", "headline.theme_groups_weak", "headline.theme_groups_not_shown",
        "headline.theme_groups_few", "headline.theme_groups_alike",
    ),
    "keywords headline": (
        "headline.keywords_discovered", "headline.keywords_stable", "headline.keywords_alone", "headline.keywords_none",
    ),
    "background headline": ("headline.background_none",),
    "settings headline": ("headline.settings_all", "headline.settings_some", "headline.settings_none"),
    "limits headline": ("headline.limits",),
    "specifications": ("certainty.specifications",),
    **{
        f"limit {what}": (f"certainty.limit_{what}",)
        for what in ("pairs", "groups", "alike", "apart", "k_too_large", "one_measure", "no_words", "alone")
    },
}  # fmt: skip
# Sentences that only count, and pieces of others.
PLAIN = {
    "findings.intro", "findings.corpus", "findings.corpus_words", "headline.corpus", "findings.keywords", "findings.distinct", "findings.common_item",
    "findings.similar_term", "findings.group", "certainty.sensitive", "approaches.use_item", "approaches.first_item",
}  # fmt: skip

Said = dict[str, str]  # family -> the sentence of it that is said


@dataclass(frozen=True)
class Noted(Wording):
    """A wording that notes which sentences were asked for."""

    keys: list[str] = field(default_factory=list)

    def sentence(self, key: str, **values: object) -> tuple[Span, ...]:
        self.keys.append(key)
        return super().sentence(key, **values)


def worded(language: str, t: Tables) -> Noted:
    plain = wording.load(language, {}, t.region_en)
    return Noted(plain.language, plain.texts, plain.glossary, plain.region_en)


def stands_in(template: str, text: str) -> bool:
    """Whether a line of the text has the literal parts of the template in order, anything in its slots.

    Each part is looked for after the first place of the one before: a regular expression with a dozen slots would try
    every place of every part.
    """
    parts = [literal for literal, _, _, _ in Formatter().parse(template)]

    def holds(line: str) -> bool:
        end = 0
        for part in parts:
            start = line.find(part, end)
            if start < 0:
                return False
            end = start + len(part)
        return True

    return any(map(holds, text.split("\n")))


def text_of(blocks: Sequence[Block]) -> str:
    """All that the blocks show, a line for each paragraph, item and cell."""
    lines: list[str] = []

    def add(spans: Sequence[Span]) -> None:
        lines.append("".join(span.text for span in spans))

    for block in blocks:
        if isinstance(block, Heading):
            lines.append(block.text)
        elif isinstance(block, Paragraph | Measure):
            add(block.spans)
        elif isinstance(block, Bullets):
            for item in block.items:
                add(item)
        elif isinstance(block, Table):
            lines += [block.caption, *block.header]
            for row in block.rows:
                for one in row:
                    add(one)
        elif isinstance(block, Figure):
            add(block.caption)
            lines.append(block.alt)
        elif isinstance(block, Finding):
            add(block.headline)
            lines.append(block.label)
            lines.append(text_of(block.blocks))
        elif isinstance(block, Details):
            add(block.summary)
            lines.append(text_of(block.blocks))
    return "\n".join(lines)


def found_in(text: str, w: Wording) -> Said:
    """Which sentence of each family stands in the text."""
    found: Said = {}
    for family, keys in FAMILIES.items():
        for key in keys:
            section, name = key.split(".")
            if stands_in(w.texts[section][name], text):
                assert family not in found, f"{found.get(family)} and {key} are both said"
                found[family] = key
    return found


def findings_of(t: Tables, settings: Settings, language: str) -> tuple[str, Noted]:
    w = worded(language, t)
    return text_of(findings.section(t, w, settings)), w


def said(t: Tables, settings: Settings) -> Said:
    """What the findings say, found in their text: the same in both languages."""
    both = []
    for language in LANGUAGES:
        text, w = findings_of(t, settings, language)
        found = found_in(text, w)
        asked = {key for key in w.keys if key not in PLAIN}
        assert asked == set(found.values())  # no sentence is asked for that the text does not show, and the reverse
        both.append(found)
    assert both[0] == both[1]
    return both[0]


# --- tables with single numbers changed --------------------------------------------------------------------------

Frames = dict[str, pd.DataFrame]
Change = Callable[[pd.DataFrame], pd.DataFrame]


def every(**values: Any) -> Change:
    """All rows."""
    return lambda frame: frame.assign(**values)


def at(rows: Mapping[str, Any], **values: Any) -> Change:
    """The rows that have these values, which must be there."""

    def change(frame: pd.DataFrame) -> pd.DataFrame:
        hit = np.logical_and.reduce(
            [(frame[name] == value).fillna(False).to_numpy(bool) for name, value in rows.items()]
        )
        assert hit.any()
        return frame.assign(
            **{name: frame[name].astype(object).where(~hit, value).infer_objects() for name, value in values.items()}
        )

    return change


def both_of(*changes: Change) -> Change:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        for each in changes:
            frame = each(frame)
        return frame

    return change


def none(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[:0]


def rows_of(*rows: tuple[str, str]) -> Change:
    """limits.csv."""
    return lambda _: tables.from_rows(({"what": what, "item": item} for what, item in rows), tables.LIMITS)


def all_coded(frame: pd.DataFrame) -> pd.DataFrame:
    """A hit in every one of the 72 measures."""
    ids = [f"D{document:02}-{measure}" for document in range(1, 10) for measure in range(1, 9)]
    return pd.concat([frame.head(1)] * len(ids), ignore_index=True).assign(measure_id=ids, status="counted")


def power_of(*rows: tuple[int, float, float]) -> pd.DataFrame:
    """A calibration: (regions, strength, share supported) of true groups."""
    return tables.from_rows(
        (
            {
                "scenario": "groups", "regions": regions, "strength": strength, "draws": 10, "structure": supported,
                "supported": supported, "supported_low": 0.0, "supported_high": 1.0, "weak": 0.0, "rand": 0.5,
            }
            for regions, strength, supported in rows
        ),
        tables.CALIBRATION,
    )  # fmt: skip


NO_CALIBRATION = tables.from_rows([], tables.CALIBRATION)


def tables_of(
    corpus: Corpus,
    settings: Settings,
    changes: Mapping[str, Change] | None = None,
    *,
    power: pd.DataFrame | None = None,
) -> Tables:
    """The tables that the report reads; what summary.csv counts about certainty is counted anew after the changes."""
    frames: Frames = {table.name: frame for frame, table in corpus.with_contracts()}
    changes = dict(changes or {})
    change_summary = changes.pop("summary", every())
    for name, change in changes.items():
        frames[name] = change(frames[name])
    counted = certainty_of(
        *(
            frames[name]
            for name in (
                "keywords", "pair_tests", "neighbours", "leave_one_out", "clusters", "robustness", "specifications"
            )
        ),
        settings,
    )  # fmt: skip
    coded = coding_of(frames["codebook"], frames["theme_evidence"], len(frames["measures"]))
    anew = {metric: float(value) for metric, value, _ in [*counted, *coded]}
    summary = frames["summary"]
    frames["summary"] = change_summary(
        summary.assign(value=[anew.get(row.metric, row.value) for row in summary.itertuples()])
    )
    return Tables({**frames, "calibration": NO_CALIBRATION if power is None else power})


FIRST = {"region_a": "山东", "region_b": "浙江"}  # the closest pair of the strong corpus
ONE = {"region": "山东", "rank": 1}

# Name: corpus, changes, and the family with the sentence that is said then (None: none).
CASES: dict[str, tuple[str, dict[str, Change], dict[str, str | None]]] = {
    "no keyword stays": ("strong", {"keywords": every(stability=0.699)}, {"stable": "stable_none"}),
    "one keyword stays": ("weak", {"keywords": at(ONE, stability=0.7)}, {"stable": "stable_some", "keywords headline": "keywords_stable"}),
    "no keyword is over-used": ("strong", {"keywords": every(g2_q=0.0501)}, {"discovered": "discovered_none", "keywords headline": "keywords_stable"}),
    "one keyword is over-used": ("weak", {"keywords": at(ONE, g2_q=0.05)}, {"discovered": "discovered_some", "keywords headline": "keywords_discovered"}),
    "nothing is repeated": ("strong", {"keywords": every(count=1)}, {"distinct": "distinct_none"}),
    "one word is repeated by one region": (
        "weak", {"keywords": at(ONE, count=2, df=1)}, {"distinct": "distinct_list"}
    ),
    "six regions use a word": ("strong", {"keywords": at({"term": "培训"}, df=6)}, {"common": "common"}),
    "five regions use a word": ("weak", {"keywords": at({"term": "教师"}, df=5)}, {"common": "no_common"}),
    "nothing is shared": (
        "strong", {"similarity": every(cosine=0.0)},
        {"similar": "similar_none", "rank": None, "closest": None, "hold": None, "robust": None, "closest headline": "closest_nothing"},
    ),
    "the rank stays but it is not first often enough": (
        "strong", {"similarity_intervals": at(FIRST, first_share=0.949)}, {"rank": "rank_among", "closest headline": "closest_among"}
    ),
    "first often enough but the interval is wider": (
        "strong", {"similarity_intervals": at(FIRST, first_share=0.96, rank_high=2)}, {"rank": "rank_among", "closest headline": "closest_among"}
    ),
    "the interval ends in the first half": (
        "strong", {"similarity_intervals": at(FIRST, first_share=0.5, rank_high=18)}, {"rank": "rank_among", "closest headline": "closest_among"}
    ),
    "the interval ends in the second half": (
        "strong", {"similarity_intervals": at(FIRST, first_share=0.5, rank_high=19)}, {"rank": "rank_not_first", "closest headline": "closest_not_first"}
    ),
    "every resample agrees": (
        "weak", {"similarity_intervals": every(rank_low=1, rank_high=1, first_share=0.95)}, {"rank": "rank_certain"}
    ),
    "the closest pair is robust": (
        "weak", {"robustness": at({"kind": "closest"}, standing="robust", most_sensitive_to="")},
        {"closest": "closest_robust", "sensitive": None},
    ),
    "the closest pair is sensitive": (
        "strong",
        {
            "robustness": at(
                {"kind": "closest"}, standing="sensitive", most_sensitive_to="text", best_option="dictionary",
                best_share=1.0, worst_option="character pairs", worst_share=0.2,
            )
        },
        {"closest": "closest_sensitive", "sensitive": "sensitive_to", "closest headline": "closest_certain"},
    ),
    "the closest pair is fragile": (
        "strong", {"robustness": at({"kind": "closest"}, standing="fragile")}, {"closest": "closest_fragile", "closest headline": "closest_certain"}
    ),
    "no claim about the closest pair": (
        "strong", {"robustness": lambda frame: frame[frame["kind"] != "closest"]}, {"closest": None}
    ),
    "there is one pair": (
        "strong", {"similarity": lambda frame: frame.head(1)},
        {"closest headline": "closest_only", "rank": None, "closest": None, "nearest": None, "nearest headline": None},
    ),
    "there is one region": (
        "strong", {"summary": at({"metric": "k"}, value=1.0), "regions": lambda frame: frame.head(1), "similarity": none}, {"keywords headline": "keywords_alone"}
    ),
    "no claim is robust": ("strong", {"robustness": every(standing="sensitive")}, {"settings headline": "settings_none"}),
    "one claim is not robust": (
        "strong", {"robustness": at({"kind": "closest"}, standing="sensitive")}, {"settings headline": "settings_some"}
    ),
    "no claim is made": (
        "strong", {"robustness": none, "specifications": none}, {"settings headline": None, "specifications": None}
    ),
    "every region has a leading theme": (
        "strong", {"themes": every(leading_share=1.0, measures=1)}, {"first headline": "first_all"}
    ),
    "several regions have a leading theme": (
        "strong",
        {
            "themes": lambda frame: frame.assign(
                leading_share=frame["region"].isin(REGIONS[:5]).astype(float), measures=1
            )
        },
        {"first headline": "first_several"},
    ),
    "every region mentions a theme": (
        "strong", {"codebook": at({"theme": "training"}, regions=9)}, {"approaches headline": "approaches_all"}
    ),
    "something could not be computed": (
        "strong", {"limits": rows_of(("one_measure", "山东"))}, {"limits headline": "limits", "limit one_measure": "limit_one_measure"}
    ),
    "no pair holds": ("strong", {"pair_tests": every(holds=False)}, {"hold": "hold_none"}),
    "one pair holds": ("weak", {"pair_tests": at(FIRST, holds=True)}, {"hold": "hold_some"}),
    "no pair is robust": ("strong", {"robustness": at({"kind": "pair"}, standing="sensitive")}, {"robust": "robust_none"}),
    "one pair is robust": (
        "weak",
        {
            "robustness": both_of(
                at({"kind": "pair"}, standing="fragile"),
                lambda frame: frame.assign(
                    standing=frame["standing"].where(frame.index != frame.index[frame["kind"] == "pair"][0], "robust")
                ),
            )
        },
        {"robust": "robust_some"},
    ),
    "every nearest neighbour is certain": (
        "weak", {"neighbours": lambda frame: frame.assign(nearest_share=np.where(frame["rank"] == 1, 0.95, 0.0))},
        {"nearest": "nearest_all", "nearest headline": "nearest_all"},
    ),
    "one nearest neighbour is certain": (
        "weak",
        {
            "neighbours": both_of(
                every(nearest_share=0.5), at({"region": "山东", "other": "浙江"}, nearest_share=0.95)
            )
        },
        {"nearest": "nearest_some", "nearest headline": "nearest_some"},
    ),
    "no nearest neighbour is certain": ("strong", {"neighbours": every(nearest_share=0.949)}, {"nearest": "nearest_none", "nearest headline": "nearest_none"}),
    "there are no neighbours": ("strong", {"neighbours": every(nearest_share=0.0)}, {"nearest": None, "nearest headline": None}),
    "no characters are shared": (
        "strong", {"similarity": every(cosine_char=0.0)}, {"views": "views_none", "agree": None, "both": None}
    ),
    "the views cannot be compared": (
        "strong", {"reliability": at({"measure": "views"}, why="the cosines do not vary")},
        {"agree": None, "both": None},
    ),
    "the views name different pairs": ("strong", {"similarity": every(rank_char=11)}, {"both": "both_none"}),
    "the views name the same pairs": (
        "weak", {"similarity": lambda frame: frame.assign(rank_char=frame["rank"])}, {"both": "both"}
    ),
    "reliable enough": (
        "weak", {"reliability": at({"measure": "split_half_corrected"}, value=0.7)}, {"reliability": "reliability_high", "ranking headline": "ranking_high"}
    ),
    "words are reliable but characters are not": (
        "strong", {"reliability": at({"view": "characters", "measure": "split_half_corrected"}, value=0.699)},
        {"reliability": "reliability_low", "ranking headline": "ranking_low"},
    ),
    "characters are reliable but words are not": (
        "strong", {"reliability": at({"view": "words", "measure": "split_half_corrected"}, value=0.699)},
        {"reliability": "reliability_low"},
    ),
    "reliability is not known": (
        "strong", {"reliability": at({"measure": "split_half_corrected"}, value=np.nan, why="fewer than 3 regions")},
        {"reliability": "reliability_unknown", "ranking headline": "ranking_unknown"},
    ),
    "no region was left out": ("strong", {"leave_one_out": none}, {"left_out": None}),
    "what leaving out does is not known": ("strong", {"leave_one_out": every(rho=np.nan)}, {"left_out": None}),
    "length matters": (
        "strong", {"reliability": at({"view": "words", "measure": "length"}, p=0.05)}, {"length": "length_matters"}
    ),
    "length does not matter": (
        "weak", {"reliability": at({"view": "words", "measure": "length"}, p=0.0501)}, {"length": "length_not"}
    ),
    "all texts are equally long": (
        "strong", {"reliability": at({"measure": "length"}, value=np.nan, p=np.nan, why="texts of equal length")},
        {"length": None},
    ),
    "groups are supported": (
        "weak", {"verdict": at({"criterion": "verdict"}, outcome="supported")}, {"verdict": "supported", "groups headline": "groups_supported"}
    ),
    "groups are weak": ("strong", {"verdict": at({"criterion": "verdict"}, outcome="weak")}, {"verdict": "weak", "groups headline": "groups_weak"}),
    "groups are not shown": (
        "strong", {"verdict": at({"criterion": "verdict"}, outcome="not shown")}, {"verdict": "not_shown", "groups headline": "groups_not_shown"}
    ),
    "all pairs are alike": (
        "strong", {"summary": at({"metric": "k"}, value=1.0)},
        {"verdict": "one_alike", "groups": None, "members": None, "groups headline": "groups_one_alike"},
    ),
    "no two regions share a word": (
        "strong", {"summary": at({"metric": "k"}, value=1.0), "limits": rows_of(("apart", "—"))},
        {"verdict": "one_apart", "groups": None, "members": None, "limit apart": "limit_apart", "groups headline": "groups_one_apart"},
    ),
    "too few regions": (
        "strong", {"summary": at({"metric": "k"}, value=1.0), "regions": lambda frame: frame.head(2)},
        {"verdict": "one_few", "groups": None, "members": None, "groups headline": "groups_one_few"},
    ),
    "all members are confident": ("weak", {"clusters": every(confident=True)}, {"members": "members_all"}),
    "two members are confident": (
        "strong", {"clusters": lambda frame: frame.assign(confident=frame["region"].isin(["山东", "浙江"]))},
        {"members": "members_some"},
    ),
    "no member is confident": ("strong", {"clusters": every(confident=False)}, {"members": "members_none"}),
    "no memberships are claimed": (
        "strong", {"robustness": lambda frame: frame[frame["kind"] != "membership"]}, {"specifications": None}
    ),
    "no measure is coded": (
        "strong",
        {"codebook": every(measures=0, regions=0), "theme_evidence": every(status="excluded"), "themes": every(measures=0)},
        {"coding": "coded_some", "use": "use_none", "seldom": None, "unused": None, "first": "first_none", "approaches headline": "approaches_none"},
    ),
    "one measure is not coded": (
        "strong", {"theme_evidence": lambda frame: frame[frame["measure_id"] != "D01-1"]}, {"coding": "coded_some"}
    ),
    "every measure is coded": ("weak", {"theme_evidence": all_coded}, {"coding": "coded_all"}),
    "there is no codebook": ("strong", {"codebook": every(source="unsupervised")}, {"coding": "exploratory", "approaches headline": "approaches_exploratory"}),
    "every theme is in three regions": ("strong", {"codebook": every(measures=3, regions=3)}, {"seldom": None, "unused": None}),
    "no theme leads": ("strong", {"themes": every(leading_share=0.949)}, {"first": "first_none", "first headline": "first_none"}),
    "one theme leads": (
        "weak", {"themes": at({"region": "山东", "theme": "training"}, leading_share=0.95, measures=1)}, {"first": "first_some", "first headline": "first_some"}
    ),
    "theme groups are supported": (
        "weak", {"theme_verdict": at({"criterion": "verdict"}, outcome="supported")}, {"theme groups": "groups_supported", "theme groups headline": "theme_groups_supported"}
    ),
    "theme groups are weak": (
        "strong", {"theme_verdict": at({"criterion": "verdict"}, outcome="weak")}, {"theme groups": "groups_weak", "theme groups headline": "theme_groups_weak"}
    ),
    "theme groups are not shown": (
        "strong", {"theme_verdict": at({"criterion": "verdict"}, outcome="not shown")}, {"theme groups": "groups_not_shown", "theme groups headline": "theme_groups_not_shown"}
    ),
    "all pairs are alike in their themes": (
        "strong", {"theme_choice": lambda frame: frame.assign(chosen=frame["k"] == 1)},
        {"theme groups": "groups_alike", "theme members": None, "theme groups headline": "theme_groups_alike"},
    ),
    "two regions have no groups by themes": (
        "strong", {"regions": lambda frame: frame.head(2)}, {"theme groups": "groups_few", "theme members": None, "theme groups headline": "theme_groups_few"}
    ),
    "nobody belongs to a theme group": ("strong", {"theme_groups": every(confident=False)}, {"theme members": "members_none"}),
    "somebody belongs to a theme group": (
        "weak", {"theme_groups": lambda frame: frame.assign(confident=frame["region"].isin(["山东", "浙江"]))},
        {"theme members": "members_some"},
    ),
    "themes and words do not agree": (
        "strong", {"view_agreement": every(p=0.0501)}, {"theme cosines": "agree_no_more", "theme rand": "rand_no_more"}
    ),
    "themes and words agree": (
        "weak", {"view_agreement": every(p=0.05)}, {"theme cosines": "agree_more", "theme rand": "rand_more"}
    ),
    "themes and words cannot be compared": (
        "strong", {"view_agreement": every(why="the cosines do not vary")}, {"theme cosines": None, "theme rand": None}
    ),
    "the groups cannot be compared": (
        "strong", {"view_agreement": at({"measure": "rand"}, why="one group")}, {"theme rand": None}
    ),
    **{
        f"limit {what}": ("strong", {"limits": rows_of((what, item))}, {f"limit {what}": f"limit_{what}"})
        for what, item in (
            ("pairs", "—"), ("groups", "2"), ("alike", "—"), ("k_too_large", "9"), ("one_measure", "山东"),
            ("no_words", "山东"), ("alone", "山东"),
        )
    },
}  # fmt: skip


# Of the words dealt at random these sentences follow from how they fell.
BY_CHANCE = {
    "closest", "sensitive", "robust", "both", "length", "members", "seldom", "unused", "theme cosines", "theme rand",
    "settings headline",
}  # fmt: skip


def named(found: Said) -> dict[str, str]:
    """Without the section of the file of strings."""
    return {family: key.split(".")[1] for family, key in found.items()}


def natural(name: str, corpora: Mapping[str, Corpus], chosen: Settings) -> dict[str, str]:
    """What is said of the corpus as it is."""
    return named(said(tables_of(corpora[name], chosen), chosen))


CONFIDENT = {
    "stable": "stable_some",
    "discovered": "discovered_some",
    "distinct": "distinct_list",
    "common": "no_common",
    "similar": "similar",
    "rank": "rank_certain",
    "closest": "closest_robust",
    "hold": "hold_some",
    "robust": "robust_some",
    "nearest": "nearest_all",
    "views": "views",
    "agree": "views_agree",
    "both": "both",
    "reliability": "reliability_high",
    "left_out": "left_out",
    "length": "length_not",
    "verdict": "supported",
    "groups": "groups",
    "members": "members_all",
    "coding": "coded_all",
    "use": "use_most",
    "seldom": "use_seldom",
    "unused": "use_unused",
    "first": "first_some",
    "theme groups": "groups_supported",
    "theme members": "members_some",
    "theme cosines": "agree_more",
    "theme rand": "rand_more",
    "background": "none",
    "specifications": "specifications",
    "closest headline": "closest_robust",
    "nearest headline": "nearest_all",
    "ranking headline": "ranking_high",
    "groups headline": "groups_supported",
    "approaches headline": "approaches",
    "first headline": "first_some",
    "theme groups headline": "theme_groups_supported",
    "keywords headline": "keywords_discovered",
    "background headline": "background_none",
    "settings headline": "settings_all",
}
RESERVED = {
    "stable": "stable_none",
    "discovered": "discovered_none",
    "distinct": "distinct_none",
    "common": "common",
    "similar": "similar",
    "rank": "rank_not_first",
    "hold": "hold_none",
    "nearest": "nearest_none",
    "views": "views",
    "agree": "views_agree",
    "reliability": "reliability_low",
    "left_out": "left_out",
    "verdict": "not_shown",
    "groups": "groups",
    "coding": "coded_some",
    "use": "use_most",
    "first": "first_none",
    "theme groups": "groups_not_shown",
    "theme members": "members_none",
    "background": "none",
    "specifications": "specifications",
    "closest headline": "closest_not_first",
    "nearest headline": "nearest_none",
    "ranking headline": "ranking_low",
    "groups headline": "groups_not_shown",
    "approaches headline": "approaches",
    "first headline": "first_none",
    "theme groups headline": "theme_groups_not_shown",
    "keywords headline": "keywords_none",
    "background headline": "background_none",
}


def test_groups_that_were_planted_are_spoken_of_with_confidence(corpora: dict[str, Corpus], chosen: Settings) -> None:
    assert natural("strong", corpora, chosen) == CONFIDENT
    clusters = corpora["strong"].clusters
    assert {frozenset(own) for _, own in clusters.groupby("cluster")["region"]} == {
        frozenset(REGIONS[at : at + 3]) for at in (0, 3, 6)
    }


def test_words_dealt_at_random_are_spoken_of_with_reserve(corpora: dict[str, Corpus], chosen: Settings) -> None:
    found = natural("weak", corpora, chosen)
    assert {family: name for family, name in found.items() if family not in BY_CHANCE} == RESERVED


@pytest.mark.parametrize("case", CASES)
def test_a_sentence_follows_the_number_it_speaks_of(case: str, corpora: dict[str, Corpus], chosen: Settings) -> None:
    name, changes, expected = CASES[case]
    found = named(said(tables_of(corpora[name], chosen, changes), chosen))
    assert {family: found.get(family) for family in expected} == expected
    before = CONFIDENT if name == "strong" else RESERVED
    for family, sentence in expected.items():
        if name == "strong" or family not in BY_CHANCE:
            assert before.get(family) != sentence  # the change made the difference


POWER = {  # (regions, strength, share supported) of the calibration -> what is said of good and of poor power
    "both": ([(9, 0.2, 0.3), (9, 0.1, 0.0), (9, 0.5, 1.0), (9, 0.3, 0.8)], ("30%", "80%"), ("20%", "30%")),
    "neither": ([(9, 0.2, 0.5), (9, 0.5, 0.79)], None, None),
    "good only": ([(9, 0.2, 0.85), (9, 0.5, 1.0)], ("20%", "85%"), None),
    "poor only": ([(9, 0.2, 0.1), (9, 0.5, 0.49)], None, ("50%", "49%")),
    "the nearest number of regions, the smaller of two": (
        [(7, 0.2, 0.9), (11, 0.4, 0.9), (4, 0.1, 0.9), (13, 0.3, 0.9)], ("20%", "90%"), None
    ),
    "a larger number that is nearer": ([(4, 0.2, 0.1), (11, 0.4, 0.9)], ("40%", "90%"), None),
    "none": ([], None, None),
}  # fmt: skip


@pytest.mark.parametrize("case", POWER)
def test_what_the_texts_could_have_shown_is_said_by_the_calibration_of_the_nearest_size(
    case: str, corpora: dict[str, Corpus], chosen: Settings
) -> None:
    rows, good, poor = POWER[case]
    t = tables_of(corpora["weak"], chosen, power=power_of(*rows))
    found = named(said(t, chosen))
    assert ("good" in found, "poor" in found) == (good is not None, poor is not None)
    for language in LANGUAGES:
        cells = {
            span.text
            for span in hedges.power(t, worded(language, t))
            if span.cell.startswith("calibration.csv | groups|")
        }
        assert cells == {*(good or ()), *(poor or ())}


def test_power_is_not_spoken_of_where_groups_are_supported_or_none_are_described(
    corpora: dict[str, Corpus], chosen: Settings
) -> None:
    calibration = power_of((9, 0.2, 0.1), (9, 0.5, 0.9))
    assert "good" not in said(tables_of(corpora["strong"], chosen, power=calibration), chosen)
    one = {"summary": at({"metric": "k"}, value=1.0)}
    found = said(tables_of(corpora["weak"], chosen, one, power=calibration), chosen)
    assert not {"good", "poor"} & set(found)
    weak = {"verdict": at({"criterion": "verdict"}, outcome="weak")}
    found = said(tables_of(corpora["strong"], chosen, weak, power=calibration), chosen)
    assert {"good", "poor"} <= set(found)


def test_the_two_corpora_and_the_changes_say_every_sentence_there_is() -> None:
    every_name = {key.split(".")[1] for keys in FAMILIES.values() for key in keys}
    changed = {name for _, _, expected in CASES.values() for name in expected.values() if name}
    assert changed | set(CONFIDENT.values()) | set(RESERVED.values()) | {"power_good", "power_poor"} == every_name


def test_every_sentence_that_hedges_is_in_a_family() -> None:
    families = {key for keys in FAMILIES.values() for key in keys}
    hedging = (
        "rank_",
        "closest_",
        "hold_",
        "robust_",
        "nearest_",
        "reliability_",
        "length_",
        "power_",
        "members_",
        "coded_",
        "exploratory",
        "first_none",
        "first_some",
        "groups_",
        "agree_more",
        "agree_no",
        "rand_",
        "use_most",
        "use_none",
        "use_s",
        "use_u",
        "limit_",
    )
    elsewhere = {"certainty.power_missing", "approaches.groups_heading"}  # not among the findings
    for language in LANGUAGES:
        texts = wording.load(language, {}, {}).texts
        asked = {
            f"{section}.{name}"
            for section in ("findings", "similarity", "clusters", "certainty", "approaches")
            for name in texts[section]
            if name.startswith(hedging)
        }
        assert asked - elsewhere <= families
        assert all(key.split(".")[1] in texts[key.split(".")[0]] for key in families | PLAIN)


# --- what a sentence says ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("failed", [("pac",), ("jaccard",), ("pac", "jaccard"), ()])
def test_a_weak_verdict_names_what_is_missing(
    failed: tuple[str, ...], language: str, corpora: dict[str, Corpus], chosen: Settings
) -> None:
    changes = {
        "verdict": both_of(
            at({"criterion": "verdict"}, outcome="weak"),
            *(at({"criterion": name}, met=name not in failed) for name in ("pac", "jaccard")),
        )
    }
    t = tables_of(corpora["strong"], chosen, changes)
    text, w = findings_of(t, chosen, language)
    for name in ("pac", "jaccard"):
        assert (w.text(f"clusters.fails_{name}") in text) == (name in failed)


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_many_pairs_six_are_named_and_all_are_counted(
    language: str, corpora: dict[str, Corpus], chosen: Settings
) -> None:
    for holding, shown in ((6, 6), (7, 6), (36, 6), (2, 2)):
        changes = {"pair_tests": lambda frame, holding=holding: frame.assign(holds=frame.index < holding)}
        t = tables_of(corpora["strong"], chosen, changes)
        w = worded(language, t)
        spans = hedges.pairs_hold(t, w, chosen)
        assert len([span for span in spans if span.href.startswith("#pair-")]) == shown
        others = w.text("page.and_others", n=holding)
        assert (others in "".join(span.text for span in spans)) == (holding > 6)
        assert next(span.text for span in spans if "pairs_hold" in span.cell) == str(holding)


def test_pairs_are_named_from_the_surest_on(corpora: dict[str, Corpus], chosen: Settings) -> None:
    changes = {
        "pair_tests": lambda frame: frame.assign(holds=frame.index < 3, p=np.where(frame.index == 2, 0.001, 0.01))
    }
    t = tables_of(corpora["strong"], chosen, changes)
    pairs = [span.href for span in hedges.pairs_hold(t, worded("zh", t), chosen) if span.href.startswith("#pair-")]
    assert pairs == ["#pair-山东-湖南", "#pair-山东-浙江", "#pair-山东-上海"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_choice_that_moves_a_claim_is_named_with_its_options_in_words(
    language: str, corpora: dict[str, Corpus], chosen: Settings
) -> None:
    def sensitive_to(choice: str, best: str, worst: str) -> str:
        change = at(
            {"kind": "closest"}, standing="sensitive", most_sensitive_to=choice, best_option=best, best_share=0.9,
            worst_option=worst, worst_share=0.25,
        )  # fmt: skip
        return findings_of(tables_of(corpora["strong"], chosen, {"robustness": change}), chosen, language)[0]

    w = wording.load(language, {}, {})
    text = sensitive_to("text", "dictionary", "character pairs")
    assert f"{w.texts['options']['dictionary']} 90%" in text
    assert f"{w.texts['options']['character pairs']} 25%" in text
    assert w.texts["choices"]["text"] in text
    text = sensitive_to("min_df", "2", "1")
    assert f"{w.text('certainty.min_df_option', value='2')} 90%" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_regions_with_the_same_limit_are_named_in_one_sentence(
    language: str, corpora: dict[str, Corpus], chosen: Settings
) -> None:
    limits = rows_of(("one_measure", "山东"), ("one_measure", "上海"), ("alone", "上海"))
    t = tables_of(corpora["strong"], chosen, {"limits": limits})
    w = worded(language, t)
    text = "".join(span.text for span in hedges.limits(t, w))
    first = w.text("certainty.limit_one_measure", items=w.text("page.comma").join(map(w.region, ("山东", "上海"))))
    assert text == first + hedges.blank(w) + w.text("certainty.limit_alone", items=w.region("上海"))


# --- the section on certainty ------------------------------------------------------------------------------------


def calibration_frame(*sizes: int) -> pd.DataFrame:
    """Shuffled measures, own topics of two strengths and true groups, for each number of regions."""
    rows = []
    for n in sizes:
        for scenario, strength, supported in (
            ("shuffled", 0.0, n / 1000), ("own topics", 0.1, 0.02), ("own topics", 0.3, 0.03), ("groups", 0.5, 0.9)
        ):  # fmt: skip
            rows.append(
                {
                    "scenario": scenario, "regions": n, "strength": strength, "draws": 300, "structure": supported,
                    "supported": supported, "supported_low": 0.01, "supported_high": 0.95, "weak": 0.0,
                    "rand": 0.8 if scenario == "groups" else np.nan,
                }
            )  # fmt: skip
    return tables.from_rows(rows, tables.CALIBRATION)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_calibration_of_the_nearest_size_is_quoted_with_the_worse_of_the_own_topics(
    language: str, corpora: dict[str, Corpus], chosen: Settings
) -> None:
    t = replace(tables_of(corpora["weak"], chosen, power=calibration_frame(31, 13, 90)), calibrated=calibrated(chosen))
    w = worded(language, t)
    blocks = certainty.section(t, w, chosen)
    texts = w.texts["certainty"]
    assert stands_in(texts["calibration"], text_of(blocks))
    quoted = next(
        block
        for block in blocks
        if isinstance(block, Paragraph) and any("| shuffled|13|" in span.cell for span in block.spans)
    )
    cells = [span.cell for span in quoted.spans if span.cell]
    assert any(cell.startswith("calibration.csv | own topics|13|0.3 | supported") for cell in cells)
    assert not any("|31|" in cell or "|90|" in cell or "|0.1 " in cell for cell in cells)
    assert texts["stale"] not in text_of(blocks)
    assert texts["power_missing"] not in text_of(blocks)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_calibration_made_with_other_settings_or_none_is_said_to_be_so(
    language: str, corpora: dict[str, Corpus], chosen: Settings
) -> None:
    other = replace(chosen, permutation=replace(chosen.permutation, alpha=0.01))
    t = replace(tables_of(corpora["weak"], chosen, power=calibration_frame(13)), calibrated=calibrated(other))
    w = worded(language, t)
    assert w.text("certainty.stale") in text_of(certainty.section(t, w, chosen))
    without = tables_of(corpora["weak"], chosen)
    text = text_of(certainty.section(without, w, chosen))
    assert w.text("certainty.power_missing") in text
    assert w.text("certainty.stale") not in text


# --- corpora at the edge -----------------------------------------------------------------------------------------

BASE: Rows = [
    ("山东", "培训，研修，评价；培训，基地，农村；进修，督导。"),
    ("浙江", "培训，研修，学分；校企，产业；进修，园区，督导。"),
    ("上海", "双师，校企，园区；产业，工匠，技师；比赛，培训。"),
    ("湖南", "双师，校企，比赛；产业，工匠；评价，基地，研修。"),
]
SAME = "培训，研修，评价；校企，产业。"
EDGES: dict[str, tuple[Rows, int, dict[str, str]]] = {  # rows, k of the settings (0: chosen), limits
    "one region": (BASE[:1], 0, {"pairs": "—"}),
    "two regions": (BASE[:2], 0, {"groups": "2"}),
    "two equal regions": ([("山东", SAME), ("浙江", SAME)], 0, {"groups": "2"}),
    "three equal regions": ([(name, SAME) for name in REGIONS[:3]], 0, {"alike": "—"}),
    "equal regions of one measure": (
        [(name, "培训，研修。") for name in REGIONS[:3]], 0, {"alike": "—", "one_measure": "山东 浙江 上海"}
    ),
    "a region of one measure": ([*BASE[:3], ("湖南", "双师，校企，产业。")], 0, {"one_measure": "湖南"}),
    "a region without words": ([*BASE[:3], ("湖南", "的，了，和；是，在。")], 0, {"no_words": "湖南"}),
    "a first region without words": ([("湖南", "的，了，和；是，在。"), *BASE[:2]], 0, {"no_words": "湖南"}),
    "two regions, one without words": ([BASE[0], ("湖南", "的，了，和；是，在。")], 0, {"groups": "2", "no_words": "湖南", "alone": "山东"}),
    "a region that shares nothing": ([*BASE[:3], ("湖南", "冬奥，冰雪；航海，港口。")], 0, {"alone": "湖南"}),
    "regions that share nothing": (
        [("山东", "培训，研修；基地。"), ("浙江", "校企，产业；园区。"), ("上海", "双师，师德；比赛。")], 0, {"apart": "—"}
    ),
    "two regions that share nothing": (
        [("山东", "培训，研修；基地。"), ("浙江", "校企，产业；园区。")], 0, {"groups": "2", "alone": "山东 浙江"}
    ),
    "as many groups as regions": (BASE, 4, {"k_too_large": "4"}),
    "more groups than regions": (BASE, 9, {"k_too_large": "9"}),
    "groups of one region": (BASE[:1], 2, {"pairs": "—", "k_too_large": "2"}),
    "three groups of four regions": (BASE, 3, {}),
}  # fmt: skip


@pytest.fixture(scope="module", params=EDGES)
def edge(request: pytest.FixtureRequest, build: Build, settings: Settings) -> tuple[str, Corpus, Settings]:
    """A corpus at the edge, run with as few draws as there may be."""
    rows, k, _ = EDGES[request.param]
    chosen = replace(
        settings,
        resampling=replace(settings.resampling, resamples=20, halvings=5),
        permutation=replace(settings.permutation, draws=19),
        specification=replace(settings.specification, resamples=1, null_draws=3),
        cluster=replace(settings.cluster, k=k),
    )
    return request.param, build(rows, chosen), chosen


def test_the_tables_of_a_corpus_at_the_edge_are_complete_and_can_be_read_again(
    edge: tuple[str, Corpus, Settings], tmp_path: Path
) -> None:
    _, corpus, _ = edge
    for frame, table in corpus.with_contracts():
        tables.check(frame, table)  # nothing is missing but where a column says that it may be
        numbers = frame[[column.name for column in table.columns if column.kind == "float"]].astype(float)
        assert not np.isinf(numbers.to_numpy()).any()
        path = tmp_path / f"{table.name}.csv"
        tables.write((frame, table, path))
        found = tables.read(path, table)
        assert len(found) == len(frame)
        for column in table.columns:
            assert found[column.name].isna().tolist() == frame[column.name].isna().tolist() or column.kind == "text"


def test_a_corpus_at_the_edge_names_what_could_not_be_computed(edge: tuple[str, Corpus, Settings]) -> None:
    name, corpus, chosen = edge
    expected = EDGES[name][2]
    assert {what: " ".join(own["item"]) for what, own in corpus.limits.groupby("what")} == expected
    t = tables_of(corpus, chosen)
    found = said(t, chosen)
    assert {family.split()[1] for family in found if family.startswith("limit ")} == set(expected)
    # and nothing else is said that this makes idle
    few, alike = {"pairs", "groups"} & set(expected), {"alike", "apart"} & set(expected)
    if few or alike:
        assert found["reliability"] == "certainty.reliability_unknown"
        assert found["verdict"] == ("clusters.one_few" if few else f"clusters.one_{min(alike)}")
        assert not {"left_out", "length", "groups", "members", "specifications", "good", "poor"} & set(found)
    if "pairs" in expected:
        assert not {"discovered", "similar", "rank", "hold", "robust", "nearest", "views", "closest headline"} & set(
            found
        )
    for language in LANGUAGES:
        text, w = findings_of(t, chosen, language)
        for what, items in expected.items():
            listed = w.text("page.comma").join(w.region(item) for item in items.split())
            assert w.text(f"certainty.limit_{what}", items=listed) in text


@pytest.fixture(scope="module")
def provenance() -> dict[str, Any]:
    row = {"file": (ROOT / "pyproject.toml").as_posix(), "bytes": 1, "sha256": sha256(ROOT / "pyproject.toml"), "encoding": "UTF-8", "columns": "", "documents": 1, "skipped": ""}  # fmt: skip
    read = tables.from_rows([row], tables.FILES)
    chosen = {"corpus": "corpus", "unit": "region", "method": "method", "engine": "jieba"}
    findings = {"fingerprint": "0123456789abcdef" * 4, "parts": {}}
    return {**provenance_of(read, [ROOT / "requirements.lock"], "method"), "findings": findings, "run": chosen}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_corpus_at_the_edge_has_a_whole_report_without_empty_numbers(
    edge: tuple[str, Corpus, Settings], language: str, provenance: dict[str, Any]
) -> None:
    _, corpus, chosen = edge
    t = tables_of(corpus, chosen)
    document: Document = sections.build(t, worded(language, t), chosen, provenance)
    assert [block.anchor for block in document.blocks if isinstance(block, Heading) and block.level == 2] == [
        "findings", "glance", "keywords", "similarity", "clusters", "approaches", "background", "certainty", "audit", "method", "provenance", "source"
    ]  # fmt: skip
    text = text_of(document.blocks)
    assert not re.search(r"\b(nan|inf|None(?! of the \d)|NaT)\b|<NA>|nan%", text)
    # No slot is left over: this one is how BibTeX writes the year.
    assert set(re.findall(r"\{(\w+)\}", text)) == {str(YEAR)}


@pytest.mark.parametrize("name", ["strong", "weak"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_report_has_the_sentences_of_the_findings_where_it_repeats_them(
    name: str, language: str, corpora: dict[str, Corpus], chosen: Settings, provenance: dict[str, Any]
) -> None:
    t = tables_of(corpora[name], chosen)
    w = worded(language, t)
    document = sections.build(t, w, chosen, provenance)
    whole = text_of(document.blocks)
    # The verdict leads the section on groups and stands among the findings; a figure repeats who belongs to a group
    verdict = "".join(span.text for span in hedges.verdict(t, w, chosen))
    assert whole.count(verdict) == 2
    members = "".join(span.text for span in hedges.members(t, w))
    assert whole.count(members) == 4
    reliability = "".join(span.text for span in hedges.reliability(t, w, chosen))
    assert whole.count(reliability) == 2
