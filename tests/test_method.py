"""What a researcher edits is checked on load: each mistake is one message with its file, line and remedy."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline import tables
from pipeline.errors import InputError
from pipeline.method import (
    Entry,
    Settings,
    Synonym,
    calibrated,
    load_dictionary,
    load_glossary,
    load_settings,
    load_synonyms,
    load_word_list,
)
from tests.conftest import METHOD, Corpus
from tests.make import ROOT

SETTINGS = (METHOD / "settings.toml").read_text("utf-8")


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "file"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def line_of(text: str, beginning: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith(beginning))


def assert_refused(load: Callable[[Path], object], path: Path, *, line: int | None, zh: str, en: str) -> None:
    with pytest.raises(InputError) as caught:
        load(path)
    error = caught.value
    assert (error.file, error.line) == (str(path), line)
    assert str(error).startswith(f"{path}:{line}\n" if line else f"{path}\n")
    assert zh in str(error)
    assert en in str(error)


# --- settings.toml ---------------------------------------------------------------------------------------------------


def test_the_settings_of_the_project_load_and_cannot_be_changed_afterwards(settings: Settings) -> None:
    assert settings.segment.min_length == 2
    assert settings.cluster.linkage == "average"
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.segment.min_length = 3  # type: ignore[misc]


def test_a_byte_order_mark_and_whole_numbers_for_fractions_are_welcome(file: Callable[[str], Path]) -> None:
    changed = SETTINGS.replace("common_share = 0.6", "common_share = 1")
    assert load_settings(file("\ufeff" + changed)).keywords.common_share == 1


@pytest.mark.parametrize(
    ("old", "new", "at", "zh", "en"),
    [
        # unknown
        ("min_length = 2", "min_length = 2\nminimum = 2", "minimum", "没有“minimum”这个设置", "unknown setting 'minimum'"),
        ("[segment]", "[segments]", "[segments]", "没有“segments”这一节", "unknown section 'segments'"),
        ("[columns]", "loud = true\n[columns]", "loud", "没有“loud”这一节", "unknown section 'loud'"),
        # missing: reported at the head of its section
        ("min_length = 2", "", "[segment]", "[segment] 缺少设置“min_length”", "lacks the setting 'min_length'"),
        ("linkage =", "# linkage =", "[cluster]", "缺少设置“linkage”", "lacks the setting 'linkage'"),
        # wrong type
        ("top = 10", 'top = "10"', "top", "类型不对，应为 int", "must be int"),
        ("top = 10", "top = 10.0", "top", "类型不对，应为 int", "must be int"),
        ("top = 10", "top = true", "top", "类型不对，应为 int", "must be int"),
        ("hmm = true", "hmm = 1", "hmm", "类型不对，应为 bool", "must be bool"),
        ("common_share = 0.6", 'common_share = "0.6"', "common_share", "类型不对，应为 float", "must be float"),
        ('linkage = "average"', "linkage = 1", "linkage", "类型不对，应为 str", "must be str"),
        # out of range
        ("min_length = 2", "min_length = 0", "min_length", "应在 1 与 20 之间", "out of range: 1 to 20"),
        ("common_share = 0.6", "common_share = 1.1", "common_share", "应在 0 与 1 之间", "out of range: 0 to 1"),
        ("common_share = 0.6", "common_share = nan", "common_share", "超出范围", "out of range"),
        ("k_min = 2", "k_min = 1", "k_min", "超出范围", "out of range"),
        ("k_min = 2", "k_min = 8", "k_min", "k_min ≤ k_max", "k_min <= k_max"),
        ("k = 0", "k = 1", "k =", "k 为 0 或不小于 2", "k either 0 or at least 2"),
        ("prior = 1.0", "prior = 0.0", "prior", "应在 0.001 与 1000 之间", "out of range: 0.001 to 1000"),
        ("seed = 20190124", "seed = -1", "seed", "超出范围", "out of range"),
        ("resamples = 1000", "resamples = 99", "resamples", "超出范围", "out of range: 100"),
        ("level = 0.95", "level = 1.0", "level", "超出范围", "out of range: 0.5 to 0.999"),
        ("draws = 999", "draws = 998", "draws", "超出范围", "out of range: 999"),
        ("alpha = 0.05", "alpha = 0.0", "alpha", "超出范围", "out of range"),
        ("null_draws = 99", "null_draws = 18", "null_draws", "超出范围", "out of range: 19"),
        ("fragile = 0.5", "fragile = 0.9", "fragile", "fragile 不能大于 robust", "must not be larger than robust"),
        ("hint_similarity = 0.04", "hint_similarity = 0.4", "hint_similarity", "不能大于 min_similarity", "larger than min_similarity"),
        ('contrasts = [', 'contrasts = ["前",', "contrasts", "不是两个以上的字", "not a group of two or more characters"),
        ('contrasts = [', 'contrasts = [12,', "contrasts", "不是两个以上的字", "not a group of two or more characters"),
        ("ambiguous_low = 0.2", "ambiguous_low = 0.9", "ambiguous_low", "不能大于 ambiguous_high", "larger than ambiguous_high"),
        ("private = false", "private = 0", "private", "类型不对，应为 bool", "must be bool"),
        ("quotation = 16", "quotation = 7", "quotation", "应在 8 与 1000 之间", "out of range: 8 to 1000"),
        ("good = 0.8", "good = 1.01", "good", "应在 0 与 1 之间", "out of range: 0 to 1"),
        ("tentative = 0.667", "tentative = 0.9", "tentative", "tentative 不能大于 good", "must not be larger than good"),
        ("regions = [13, 31, 100]", "regions = [13, 31]", "regions", "应当一样长", "must be equally long"),
        ("group_draws = [60, 30, 8]", "group_draws = [60]", "regions", "应当一样长", "must be equally long"),
        ("groups = [3, 4, 6]", 'groups = [3, "4", 6]', "groups", "不小于 2 的整数", "must list whole numbers of at least 2"),
        ("groups = [3, 4, 6]", "groups = [3, 4, true]", "groups", "不小于 2 的整数", "must list whole numbers of at least 2"),
        ("groups = [3, 4, 6]", "groups = [3, 1, 6]", "groups", "不小于 2 的整数", "must list whole numbers of at least 2"),
        ("null_regions = [13, 31]", "null_regions = []", "null_regions", "不小于 2 的整数", "must list whole numbers of at least 2"),
        ("own_strengths = [0.3]", "own_strengths = [-0.1]", "own_strengths", "不小于 0 的数", "must list numbers of at least 0"),
        ("theme_words = 12", "theme_words = [12]", "theme_words", "类型不对，应为 int", "must be int"),
        ('linkage = "average"', 'linkage = "ward"', "linkage", "可用 average、complete、single", "use average, complete or single"),
        ('engine = "auto"', 'engine = "fast"', "engine", "可用 auto、jieba、rjieba", "use auto, jieba or rjieba"),
        ('palette = ["#0072B2"', 'palette = ["blue"', "palette", "不是 #RRGGBB 颜色", "not a list of #RRGGBB colours"),
        # no TOML
        ("top = 10", "top = ", "top", "不是合法的 TOML", "not valid TOML"),
        ("top = 10", "top = 10\ntop = 11", "top = 11", "不是合法的 TOML", "not valid TOML"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_refused_with_its_line(
    file: Callable[[str], Path], old: str, new: str, at: str, zh: str, en: str
) -> None:
    changed = SETTINGS.replace(old, new, 1)
    assert changed != SETTINGS
    assert_refused(load_settings, file(changed), line=line_of(changed, at), zh=zh, en=en)


def test_a_section_that_is_no_section_is_refused(file: Callable[[str], Path]) -> None:
    start, end = SETTINGS.index("[keywords]"), SETTINGS.index("[cooccurrence]")
    changed = "keywords = 5\n" + SETTINGS[:start] + SETTINGS[end:]
    assert_refused(load_settings, file(changed), line=1, zh="应写成 [keywords] 一节", en="a section [keywords]")


def test_a_section_that_is_missing_is_refused_by_its_first_setting(file: Callable[[str], Path]) -> None:
    changed = SETTINGS.replace("[measures]", "").replace("headline_max = 40", "")
    assert_refused(
        load_settings, file(changed), line=None, zh="[measures] 缺少设置“headline_max”", en="lacks the setting"
    )


def test_settings_in_another_encoding_are_refused_with_their_line(file: Callable[[bytes], Path]) -> None:
    content = b"[measures]\nheadline_max = 40\n" + "# 注释\n".encode("gb18030")
    assert_refused(load_settings, file(content), line=3, zh="不是 UTF-8 编码", en="not UTF-8")


def numbers_in_the_settings() -> list[tuple[str, str]]:
    """Section and key of every setting that is one number."""
    return [
        (section, key)
        for section, values in tomllib.loads(SETTINGS).items()
        for key, value in values.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]


def with_value(section: str, key: str, value: object) -> str:
    """The settings with another value in this section."""
    head, mark, rest = SETTINGS.partition(f"[{section}]\n")
    changed, times = re.subn(rf"^{key} = .*$", f"{key} = {value}", rest, count=1, flags=re.MULTILINE)
    assert times == 1
    return head + mark + changed


@pytest.mark.parametrize(("section", "key"), numbers_in_the_settings())
@pytest.mark.parametrize("value", [10**30, -(10**30)])
def test_every_number_of_the_settings_has_a_range(
    file: Callable[[str], Path], section: str, key: str, value: int
) -> None:
    changed = with_value(section, key, value)
    start = line_of(changed, f"[{section}]")
    line = start + line_of("\n".join(changed.splitlines()[start:]), f"{key} =")
    assert_refused(load_settings, file(changed), line=line, zh="超出范围", en="out of range")


def test_the_settings_on_which_the_verdict_depends_survive_as_json_and_tell_when_one_of_them_changes(
    settings: Settings,
) -> None:
    known = calibrated(settings)
    assert json.loads(json.dumps(known)) == known
    verdict = {
        "draws": replace(settings, permutation=replace(settings.permutation, draws=1999)),
        "null": replace(settings, specification=replace(settings.specification, null_draws=199)),
        "jaccard": replace(settings, verdict=replace(settings.verdict, jaccard=0.85)),
        "k": replace(settings, cluster=replace(settings.cluster, k=4)),
        "singletons": replace(settings, cluster=replace(settings.cluster, max_singletons=0)),
        "common": replace(settings, keywords=replace(settings.keywords, common_share=0.5)),
    }
    assert [name for name, changed in verdict.items() if calibrated(changed) == known] == []
    others = {
        "seed": replace(settings, resampling=replace(settings.resampling, seed=1)),
        "bars": replace(settings, charts=replace(settings.charts, bars=5)),
        "label": replace(settings, cluster=replace(settings.cluster, label_terms=2)),
        "top": replace(settings, keywords=replace(settings.keywords, top=5)),
    }
    assert [name for name, changed in others.items() if calibrated(changed) != known] == []


# --- user_dict.txt ---------------------------------------------------------------------------------------------------


def test_a_dictionary_line_is_a_term_and_perhaps_a_frequency_and_a_tag(file: Callable[[str], Path]) -> None:
    path = file("# 注释\n\n鲁班工坊\n校企合作 vn\n成长 50000 vn\n双师 7 # 说明\n")
    assert load_dictionary(path) == (
        Entry("鲁班工坊", None, "n", 3),
        Entry("校企合作", None, "vn", 4),
        Entry("成长", 50000, "vn", 5),
        Entry("双师", 7, "n", 6),
    )


@pytest.mark.parametrize(
    ("content", "line", "zh", "en"),
    [
        ("双师\n鲁班工坊 很多\n", 2, "词频“很多”不是正整数", "frequency '很多' is not a positive whole number"),
        ("鲁班工坊 0\n", 1, "词频“0”不是正整数", "not a positive whole number"),
        ("鲁班工坊 -3 n\n", 1, "词频“-3”不是正整数", "not a positive whole number"),
        ("鲁班工坊 1.5\n", 1, "词频“1.5”不是正整数", "not a positive whole number"),
        ("鲁班工坊 ３\n", 1, "词频“３”不是正整数", "not a positive whole number"),
        ("鲁班工坊 3 N1\n", 1, "看不懂", "cannot read"),
        ("鲁班工坊 n 3\n", 1, "看不懂", "cannot read"),
        ("鲁班工坊 3 n v\n", 1, "看不懂", "cannot read"),
        ("双师\n\n“双师”素质\n", 3, "永远不会匹配", "it can never match"),
        ("以赛促教、以赛促学\n", 1, "永远不会匹配", "it can never match"),
        ("双师\n校企\n双师 n\n", 3, "在第 1 行已经有了", "stands in line 1 already"),
    ],
)
def test_a_wrong_dictionary_line_is_refused(
    file: Callable[[str], Path], content: str, line: int, zh: str, en: str
) -> None:
    assert_refused(load_dictionary, file(content), line=line, zh=zh, en=en)


# --- stop_words.txt, generic_words.txt -------------------------------------------------------------------------------


def test_a_word_list_is_one_word_a_line_without_comments(file: Callable[[str], Path]) -> None:
    assert load_word_list(file("# 动词\n加强\n推进  # 常见\n\nC#\n")) == {"加强", "推进", "C#"}
    assert load_word_list(file("")) == frozenset()


@pytest.mark.parametrize(
    ("content", "line", "zh", "en"),
    [
        ("加强\n# 又来\n推进\n加强\n", 4, "“加强”在第 1 行已经有了", "'加强' stands in line 1 already"),
        ("加强\n推进 完善\n", 2, "一行只能有一个词", "one word a line"),
    ],
)
def test_a_wrong_word_list_is_refused(file: Callable[[str], Path], content: str, line: int, zh: str, en: str) -> None:
    assert_refused(load_word_list, file(content), line=line, zh=zh, en=en)


# --- synonyms.csv ----------------------------------------------------------------------------------------------------

HEADER = "variant,term,kind,note\n"


def test_a_synonym_has_a_term_a_kind_and_its_line(file: Callable[[str], Path]) -> None:
    path = file("# 注释\n" + HEADER + '订制,定制,variant,"two spellings, one word"\n国培,国培项目,abbreviation,\n')
    assert load_synonyms(path) == {
        "订制": Synonym("订制", "定制", "variant", 3),
        "国培": Synonym("国培", "国培项目", "abbreviation", 4),
    }


@pytest.mark.parametrize(
    ("content", "line", "zh", "en"),
    [
        ("a,b\n", 1, "表头应为：variant,term,kind,note", "the header must be variant,term,kind,note"),
        (HEADER + "订制,定制,variant\n", 2, "有 3 列，应有 4 列", "3 cells in this row, 4 expected"),
        (HEADER + "订制,定制,other,\n", 2, "kind“other”应为", "kind 'other' must be"),
        (HEADER + "定制,定制,variant,\n", 2, "要与归并后的词不同", "a term that differs"),
        (HEADER + ",定制,variant,\n", 2, "每个变体只写一次", "give every variant once"),
        (HEADER + "订制,,variant,\n", 2, "每个变体只写一次", "give every variant once"),
        (HEADER + "订制,定制,variant,\n订制,制作,variant,\n", 3, "每个变体只写一次", "give every variant once"),
        (
            HEADER + "# 链\n甲,乙,variant,\n丙,丁,variant,\n乙,戊,variant,\n",
            3,
            "后者又被归并",
            "which is itself a variant",
        ),
        (HEADER + "甲,乙,variant,\n乙,甲,variant,\n", 2, "后者又被归并", "which is itself a variant"),
    ],
)
def test_a_wrong_synonym_is_refused(file: Callable[[str], Path], content: str, line: int, zh: str, en: str) -> None:
    assert_refused(load_synonyms, file(content), line=line, zh=zh, en=en)


# --- glossary.csv ----------------------------------------------------------------------------------------------------


def test_a_glossary_gives_each_term_its_english(file: Callable[[str], Path]) -> None:
    assert load_glossary(file('zh,en\n双师,"dual-qualified, teachers"\n')) == {"双师": "dual-qualified, teachers"}


# --- the lists of the project ----------------------------------------------------------------------------------------


def test_no_word_is_both_a_stop_word_and_a_generic_word_or_a_listed_term(entries: tuple[Entry, ...]) -> None:
    stop, generic = load_word_list(METHOD / "stop_words.txt"), load_word_list(METHOD / "generic_words.txt")
    assert not stop & generic
    assert not stop & {entry.term for entry in entries}


def test_a_wrong_setting_ends_a_stage_with_one_message_and_leaves_earlier_output_alone(
    corpus: Corpus, file: Callable[[str], Path], tmp_path: Path
) -> None:
    settings, output = file(SETTINGS.replace("min_length = 2", "min_length = 99")), tmp_path / "measures.csv"
    output.write_bytes(b"earlier")
    documents = tmp_path / "documents.csv"
    tables.write((corpus.documents, tables.DOCUMENTS, documents))
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.measures", documents, settings, output],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"{settings}:{line_of(SETTINGS, 'min_length')}\n  错误：")
    assert "Traceback" not in done.stderr
    assert output.read_bytes() == b"earlier"


@pytest.mark.parametrize("rows", ["双师,a\n双师,b\n", "双师,\n", ",a\n"])
def test_a_gloss_is_given_once_and_in_both_languages(file: Callable[[str], Path], rows: str) -> None:
    with pytest.raises(InputError, match="every term once"):
        load_glossary(file("zh,en\n" + rows))
