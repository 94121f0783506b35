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

from pipeline import tables
from pipeline.method import Settings, calibrated
from pipeline.provenance import provenance_of
from pipeline.report import sections, wording
from pipeline.report.document import Block, Bullets, Details, Document, Figure, Heading, Measure, Paragraph, Span, Table
from pipeline.report.sections import certainty, findings, hedges
from pipeline.report.source import Tables
from pipeline.report.wording import Wording
from pipeline.summary import certainty_of
from tests.conftest import Corpus, word_table_text
from tests.make import ROOT

LANGUAGES = ("zh", "en")

# --- two corpora: one with groups, one without -------------------------------------------------------------------

REGIONS = ("山东", "浙江", "上海", "湖南", "广东", "河北", "河南", "天津", "安徽")
THEMES = (
    "培训 研修 进修 轮训 跟岗 送教 学分 导师".split(),
    "企业 园区 技师 工匠 顶岗 车间 订单 产业".split(),
    "网络 平台 慕课 课件 直播 数据 资源 智能".split(),
)
PAIR = ("师德 竞赛".split(), "专利 孵化".split(), "云端 虚拟".split())  # of the first two regions of a group
LINK = ("年度", "股份", "论坛")  # of the first and the third
OWN = "考核 督导 考核 督导 财政 经费 农村 扶贫 港澳 留学 冬奥 冰雪 粮食 农机 港口 航海 茶叶 中药".split()
OTHER = (
    "教研 教材 教案 听课 评课 示范 课堂 作业 图书 食堂 宿舍 校服 安全 消防 保险 医保 体检 心理 军训 社团 音乐 美术 书法 舞蹈 "
    "体育 篮球 排球 游泳 旅游 酒店 烹饪 护理 幼儿 养老 会计 税务 银行 证券 物流 快递 汽车 轮船 航空 铁路 地铁 桥梁 隧道 建筑 "
    "装修 园艺 果树 畜牧 水产 森林 草原 沙漠 石油 煤炭 钢铁 化肥"
).split()

Rows = list[tuple[str, str]]


def measures_of(words: Sequence[Sequence[str]]) -> str:
    """Words to measures; nothing but commas, so that no phrases arise."""
    return "；".join("、".join(each) for each in words) + "。"


def grouped() -> Rows:
    """Nine regions in three groups: in every measure five words of the group's theme, and what two of a group share."""
    rows = []
    for at, name in enumerate(REGIONS):
        group, place = divmod(at, 3)
        theme = THEMES[group]
        said = [
            [
                *(theme[(number + step) % 8] for step in range(5)),
                *(PAIR[group] if place < 2 else ()),
                *([LINK[group]] if place != 1 else ()),
                OWN[2 * at + number % 2],
            ]
            for number in range(8)
        ]
        rows.append((name, measures_of(said)))
    return rows


def dealt() -> Rows:
    """The same number of regions and measures: 108 words, each said once by two regions drawn at random."""
    rng = np.random.default_rng(1)
    words = [word for each in (*THEMES, *PAIR, dict.fromkeys(OWN), LINK, OTHER) for word in each][:108]
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
    """Few draws; three groups described."""
    return replace(
        settings,
        resampling=replace(settings.resampling, resamples=200, halvings=20),
        permutation=replace(settings.permutation, draws=99),
        specification=replace(settings.specification, resamples=2, null_draws=19),
        cluster=replace(settings.cluster, k=3),
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
            patch.setenv("WORKERS", "1")
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
        "clusters.supported", "clusters.weak", "clusters.not_shown", "clusters.one_few", "clusters.one_alike"
    ),
    "good": ("certainty.power_good",),
    "poor": ("certainty.power_poor",),
    "groups": ("findings.groups",),
    "members": ("clusters.members_all", "clusters.members_some", "clusters.members_none"),
    "specifications": ("certainty.specifications",),
    **{
        f"limit {what}": (f"certainty.limit_{what}",)
        for what in ("pairs", "groups", "alike", "k_too_large", "one_measure", "no_words", "alone")
    },
}  # fmt: skip
# Sentences that only count, and pieces of others.
PLAIN = {
    "findings.intro", "findings.corpus", "findings.keywords", "findings.distinct", "findings.common_item",
    "findings.similar_term", "findings.group", "certainty.sensitive",
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


def pattern_of(template: str) -> re.Pattern[str]:
    """The literal parts of a template in order, anything in its slots."""
    parts = [
        re.escape(literal) + ("" if slot is None else ".*?") for literal, slot, _, _ in Formatter().parse(template)
    ]
    return re.compile("".join(parts))


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
            if pattern_of(w.texts[section][name]).search(text):
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
        hit = np.logical_and.reduce([(frame[name] == value).to_numpy() for name, value in rows.items()])
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
    anew = {metric: float(value) for metric, value, _ in counted}
    summary = frames["summary"]
    frames["summary"] = change_summary(
        summary.assign(value=[anew.get(row.metric, row.value) for row in summary.itertuples()])
    )
    return Tables({**frames, "calibration": NO_CALIBRATION if power is None else power})


FIRST = {"region_a": "山东", "region_b": "浙江"}  # the closest pair of the strong corpus
ONE = {"region": "山东", "rank": 1}
COUNTED = ("discovered", "stable")

# Name: corpus, changes, and the family with the sentence that is said then (None: none).
CASES: dict[str, tuple[str, dict[str, Change], dict[str, str | None]]] = {
    "no keyword stays": ("strong", {"keywords": every(stability=0.699)}, {"stable": "stable_none"}),
    "one keyword stays": ("weak", {"keywords": at(ONE, stability=0.7)}, {"stable": "stable_some"}),
    "no keyword is over-used": ("strong", {"keywords": every(g2_q=0.0501)}, {"discovered": "discovered_none"}),
    "one keyword is over-used": ("weak", {"keywords": at(ONE, g2_q=0.05)}, {"discovered": "discovered_some"}),
    "nothing is repeated": ("strong", {"keywords": every(count=1)}, {"distinct": "distinct_none"}),
    "one word is repeated by one region": (
        "weak", {"keywords": at(ONE, count=2, df=1)}, {"distinct": "distinct_list"}
    ),
    "six regions use a word": ("strong", {"keywords": at({"term": "培训"}, df=6)}, {"common": "common"}),
    "five regions use a word": ("weak", {"keywords": at({"term": "教师"}, df=5)}, {"common": "no_common"}),
    "nothing is shared": (
        "strong", {"similarity": every(cosine=0.0)},
        {"similar": "similar_none", "rank": None, "closest": None, "hold": None, "robust": None},
    ),
    "the rank stays but it is not first often enough": (
        "strong", {"similarity_intervals": at(FIRST, first_share=0.949)}, {"rank": "rank_among"}
    ),
    "first often enough but the interval is wider": (
        "strong", {"similarity_intervals": at(FIRST, first_share=0.96, rank_high=2)}, {"rank": "rank_among"}
    ),
    "the interval ends in the first half": (
        "strong", {"similarity_intervals": at(FIRST, first_share=0.5, rank_high=18)}, {"rank": "rank_among"}
    ),
    "the interval ends in the second half": (
        "strong", {"similarity_intervals": at(FIRST, first_share=0.5, rank_high=19)}, {"rank": "rank_not_first"}
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
        {"closest": "closest_sensitive", "sensitive": "sensitive_to"},
    ),
    "the closest pair is fragile": (
        "strong", {"robustness": at({"kind": "closest"}, standing="fragile")}, {"closest": "closest_fragile"}
    ),
    "no claim about the closest pair": (
        "strong", {"robustness": lambda frame: frame[frame["kind"] != "closest"]}, {"closest": None}
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
        {"nearest": "nearest_all"},
    ),
    "one nearest neighbour is certain": (
        "weak",
        {
            "neighbours": both_of(
                every(nearest_share=0.5), at({"region": "山东", "other": "浙江"}, nearest_share=0.95)
            )
        },
        {"nearest": "nearest_some"},
    ),
    "no nearest neighbour is certain": ("strong", {"neighbours": every(nearest_share=0.949)}, {"nearest": "nearest_none"}),
    "there are no neighbours": ("strong", {"neighbours": every(nearest_share=0.0)}, {"nearest": None}),
    "no characters are shared": (
        "strong", {"similarity": every(cosine_char=0.0)}, {"views": "views_none", "agree": None, "both": None}
    ),
    "the views cannot be compared": (
        "strong", {"reliability": at({"measure": "views"}, why="the cosines do not vary")},
        {"views": "views", "agree": None, "both": None},
    ),
    "the views name different pairs": ("strong", {"similarity": every(rank_char=11)}, {"both": "both_none"}),
    "the views name the same pairs": (
        "weak", {"similarity": lambda frame: frame.assign(rank_char=frame["rank"])}, {"both": "both"}
    ),
    "reliable enough": (
        "weak", {"reliability": at({"measure": "split_half_corrected"}, value=0.7)}, {"reliability": "reliability_high"}
    ),
    "words are reliable but characters are not": (
        "strong", {"reliability": at({"view": "characters", "measure": "split_half_corrected"}, value=0.699)},
        {"reliability": "reliability_low"},
    ),
    "characters are reliable but words are not": (
        "strong", {"reliability": at({"view": "words", "measure": "split_half_corrected"}, value=0.699)},
        {"reliability": "reliability_low"},
    ),
    "reliability is not known": (
        "strong", {"reliability": at({"measure": "split_half_corrected"}, value=np.nan, why="fewer than 3 regions")},
        {"reliability": "reliability_unknown"},
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
        "weak", {"verdict": at({"criterion": "verdict"}, outcome="supported")}, {"verdict": "supported"}
    ),
    "groups are weak": ("strong", {"verdict": at({"criterion": "verdict"}, outcome="weak")}, {"verdict": "weak"}),
    "groups are not shown": (
        "strong", {"verdict": at({"criterion": "verdict"}, outcome="not shown")}, {"verdict": "not_shown"}
    ),
    "all pairs are alike": (
        "strong", {"summary": at({"metric": "k"}, value=1.0)},
        {"verdict": "one_alike", "groups": None, "members": None},
    ),
    "too few regions": (
        "strong", {"summary": at({"metric": "k"}, value=1.0), "regions": lambda frame: frame.head(2)},
        {"verdict": "one_few", "groups": None, "members": None},
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
    **{
        f"limit {what}": ("strong", {"limits": rows_of((what, item))}, {f"limit {what}": f"limit_{what}"})
        for what, item in (
            ("pairs", "—"), ("groups", "2"), ("alike", "—"), ("k_too_large", "9"), ("one_measure", "山东"),
            ("no_words", "山东"), ("alone", "山东"),
        )
    },
}  # fmt: skip


def named(found: Said) -> dict[str, str]:
    """Without the section of the file of strings."""
    return {family: key.split(".")[1] for family, key in found.items()}


def natural(name: str, corpora: Mapping[str, Corpus], chosen: Settings) -> dict[str, str]:
    return named(said(tables_of(corpora[name], chosen), chosen))


def test_groups_that_were_planted_are_spoken_of_with_confidence(corpora: dict[str, Corpus], chosen: Settings) -> None:
    assert natural("strong", corpora, chosen) == {
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
        "specifications": "specifications",
    }


def test_words_dealt_at_random_are_spoken_of_with_reserve(corpora: dict[str, Corpus], chosen: Settings) -> None:
    found = natural("weak", corpora, chosen)
    assert found.pop("closest", "") in ("closest_robust", "closest_sensitive")  # all views count the same words once
    for by_chance in ("members", "robust", "both", "length", "sensitive"):
        found.pop(by_chance, None)
    assert found == {
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
        "specifications": "specifications",
    }


@pytest.mark.parametrize("case", CASES)
def test_a_sentence_follows_the_number_it_speaks_of(case: str, corpora: dict[str, Corpus], chosen: Settings) -> None:
    name, changes, expected = CASES[case]
    found = named(said(tables_of(corpora[name], chosen, changes), chosen))
    assert {family: found.get(family) for family in expected} == expected
    # and it did not stand there before, or another of its family did
    before = natural(name, corpora, chosen)
    if name == "strong":
        assert {family: before.get(family) for family in expected} != expected
