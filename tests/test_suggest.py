"""What the word lists lack is suggested with reasons and with lines that the lists accept; nonsense is not."""

from __future__ import annotations

import csv
import io
import math
import shutil
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings as limits, strategies as st

from pipeline import suggest, tables
from pipeline.background import Space
from pipeline.cli import run
from pipeline.measures import measures_of
from pipeline.method import (
    CUT_FREE,
    Entry,
    Gazetteer,
    Settings,
    SuggestSettings,
    Synonym,
    load_dictionary,
    load_synonyms,
    load_word_list,
)
from pipeline.segmentation import Segmenter
from pipeline.suggest import dictionary_line, main, mergeable, passage, printed, suggestions_of, synonym_line
from pipeline.synonym_candidates import (
    SynonymCandidate,
    abbreviations,
    background_candidates,
    contexts_of,
    difference,
    finest_words,
    overlap,
    sound_distance,
    synonym_candidates,
    told_apart,
)
from pipeline.term_candidates import Clause, TermCandidate, clauses_of, term_candidates
from tests.conftest import METHOD, RAW, Cut, cutter, ingest, measures_frame

STOP = load_word_list(METHOD / "stop_words.txt")
GENERIC = load_word_list(METHOD / "generic_words.txt")
SYNONYMS = load_synonyms(METHOD / "synonyms.csv")


@pytest.fixture(scope="module")
def chosen(settings: Settings) -> SuggestSettings:
    return settings.suggest


def clauses(
    said: Sequence[str], *, quoted: bool = False, measure: str = "D{:02d}-1"
) -> tuple[list[Clause], dict[str, str]]:
    """Each string, ``word/tag word/tag``, as a clause of a measure and a region of its own, and the tags."""
    found, tags = [], {}
    for number, written in enumerate(said, 1):
        words = [word.partition("/") for word in written.split()]
        tags |= {word: tag or "n" for word, _, tag in words}
        surfaces = tuple(word for word, _, _ in words)
        found.append(Clause("".join(surfaces), surfaces, f"地区{number}", measure.format(number), 0, quoted))
    return found, tags


def found_in(
    said: Sequence[str],
    settings: SuggestSettings,
    *,
    listed: tuple[str, ...] = (),
    known: tuple[str, ...] = (),
    generic: tuple[str, ...] = (),
    quoted: Sequence[str] = (),
) -> list[TermCandidate]:
    plain, tags = clauses(said)
    marked, more = clauses(quoted, quoted=True)
    return term_candidates(
        [*plain, *marked],
        tags | more,
        listed=listed,
        known=known,
        stop_words={"下"},
        generic=generic,
        settings=settings,
    )


def terms_in(said: Sequence[str], settings: SuggestSettings, **other: object) -> list[str]:
    return [candidate.term for candidate in found_in(said, settings, **other)]  # type: ignore[arg-type]


# --- candidate terms -------------------------------------------------------------------------------------------------


def test_a_string_that_is_cut_apart_and_stands_freely_is_a_candidate_with_numbers_worked_by_hand(
    chosen: SuggestSettings,
) -> None:
    found = found_in(["推进/v 职教 师资", "提升/v 职教 师资 水平"], chosen, generic=("推进", "提升", "水平"))
    # 14 characters; each side of each cut stands twice, as 职教师资 does: ln(2 x 14 / (2 x 2)) / ln(14 / 2) = 1.
    # Before it 进 and 升, after it the end and 水: one bit. log2(1 + 2 words) x 2.
    assert found == [
        TermCandidate(
            "职教师资", ("职教", "师资"), ((0, 2), (1, 2)), math.log2(3) * 2, pytest.approx(1.0), 1.0, 1.0, False
        )
    ]


@pytest.mark.parametrize(
    ("said", "generic", "expected"),
    [
        ("教师队伍 建设/vn", ("建设",), True),
        ("政策 支持/v", ("支持",), True),
        ("职称 评审/v", (), True),  # to jieba's dictionary 评审 is a verb
        ("优质/a 培训/vn", (), True),
        ("新质/x 生产力", (), True),
        ("AI/eng 课程", (), True),
        ("强化/v 教师", ("强化",), False),  # a generic word opens none
        ("加快/v 建设/vn", ("建设",), False),
        ("扎实/a 推进/v", ("推进",), False),
        ("居/v 全国", (), False),
        ("取得/v 新/a", (), False),
        ("职教 下", (), False),  # a stop word
        ("下 职教", (), False),
        ("成果 的/uj 共享/v", (), False),
        ("学校 和/c 企业", (), False),
        ("不断/d 创新/v", (), False),
        ("三/m 教师", (), False),
        ("2025/x 计划", (), False),
        ("发展/vn 建设/vn", ("发展", "建设"), False),  # generic words only
    ],
)
def test_function_words_generic_words_and_verbs_bound_what_can_be_a_term(
    chosen: SuggestSettings, said: str, generic: tuple[str, ...], expected: bool
) -> None:
    whole = "".join(word.partition("/")[0] for word in said.split())
    assert (whole in terms_in([said, said], chosen, generic=generic)) == expected


def test_what_the_dictionary_lists_or_one_word_makes_is_no_candidate(chosen: SuggestSettings) -> None:
    assert terms_in(["职教 师资"] * 2, chosen) == ["职教师资"]
    assert terms_in(["职教 师资"] * 2, chosen, listed=("职教师资",)) == []
    assert terms_in(["职教师资"] * 2, chosen) == []


def test_what_is_said_too_seldom_or_is_too_long_is_no_candidate(chosen: SuggestSettings) -> None:
    assert terms_in(["职教 师资"], chosen) == []
    assert terms_in(["职教 师资"] * 2, replace(chosen, min_count=3)) == []
    assert terms_in(["职教 师资"] * 2, replace(chosen, max_characters=3)) == []


def test_a_string_that_mostly_begins_or_ends_inside_a_word_is_no_candidate(chosen: SuggestSettings) -> None:
    assert terms_in(["教师 发展", "教师 发展", "教师发展体系"], chosen) == ["教师发展"]
    assert terms_in(["教师 发展", "教师 发展", "教师发展体系", "教师发展体系"], chosen) == []


def test_a_piece_of_a_longer_candidate_is_left_out_for_it(chosen: SuggestSettings) -> None:
    # 职教师资 has two neighbours on the right, but never stands outside a longer candidate
    said = ["职教 师资 培训/vn"] * 2 + ["职教 师资 队伍"] * 2
    assert terms_in(said, chosen) == ["职教师资培训", "职教师资队伍"]
    found = found_in([*said, "职教 师资"], chosen)
    # five times, in two longer ones of two each: log2(3) x (5 - 2); log2(4) x 2
    assert [(candidate.term, candidate.c_value) for candidate in found] == [
        ("职教师资", pytest.approx(math.log2(3) * 3)),
        ("职教师资培训", 4.0),
        ("职教师资队伍", 4.0),
    ]
    assert terms_in([*said, "职教 师资"], replace(chosen, own_share=0.3)) == ["职教师资培训", "职教师资队伍"]


def test_a_string_that_always_goes_on_alike_is_not_free(chosen: SuggestSettings) -> None:
    # 发展 after it, four times of five: entropy 0.72 bits of log2 5 = 2.32, a share of 0.31
    said = [
        "甲/x 职教 师资 的/uj",
        "乙/x 职教 师资 的/uj",
        "丙/x 职教 师资 的/uj",
        "丁/x 职教 师资 的/uj",
        "戊/x 职教 师资",
    ]
    assert "职教师资" not in terms_in(said, chosen)
    assert "职教师资" in terms_in(said, replace(chosen, min_entropy=0.3))


def test_frequent_words_side_by_side_by_chance_are_not_firm(chosen: SuggestSettings) -> None:
    said = ["经济 发展/vn"] * 2 + ["经济/n 的/uj"] * 10 + ["发展/vn 的/uj"] * 10
    assert terms_in(said, chosen) == []
    assert terms_in(said, replace(chosen, min_npmi=-1.0)) == ["经济发展"]


def test_a_quotation_is_a_candidate_at_any_count(chosen: SuggestSettings) -> None:
    found = found_in([], chosen, quoted=["送/v 培/v 到/v 校"])
    assert [(c.term, c.words, c.quoted, len(c.places)) for c in found] == [
        ("送培到校", ("送", "培", "到", "校"), True, 1)
    ]
    assert terms_in([], chosen, quoted=["送培/x"]) == ["送培"]  # guessed by the hidden Markov model
    assert terms_in([], chosen, quoted=["送培/n"], known=("送培",)) == []  # jieba's own dictionary keeps it whole
    for left_out in ("送培", "下"):
        assert terms_in([], chosen, quoted=[left_out], listed=("送培",)) == []
    assert terms_in([], chosen, quoted=["2035", "校", "#/x 校"]) == []


def test_candidates_come_by_c_value_then_firmness_then_character(chosen: SuggestSettings) -> None:
    said = ["甲甲 乙乙"] * 2 + ["丙丙 丁丁 戊戊"] * 2 + ["己己 庚庚"] * 2 + ["己己 的/uj"]
    assert terms_in(said, chosen) == ["丙丙丁丁戊戊", "甲甲乙乙", "己己庚庚"]


# --- clauses ---------------------------------------------------------------------------------------------------------


def test_no_clause_crosses_a_mark_a_quote_or_a_blank(segmenter: Segmenter) -> None:
    measures = measures_frame([("山东", "职教，师资、职教 师资“职教”师资")])
    assert [clause.text for clause in clauses_of(measures, segmenter, longest_quotation=9)] == [
        "职教", "师资", "职教", "师资", "职教", "师资",
    ]  # fmt: skip


def test_the_parts_of_a_short_quotation_are_quoted_and_those_of_a_long_one_are_not(segmenter: Segmenter) -> None:
    measures = measures_frame([("山东", "以“走出去，请进来”为主"), ("浙江", "“一段很长的引文，不是词”")])
    found = clauses_of(measures, segmenter, longest_quotation=7)
    assert [clause.text for clause in found if clause.quoted] == ["走出去", "请进来"]


def test_the_words_of_a_clause_are_those_of_the_whole_text(measures: pd.DataFrame, segmenter: Segmenter) -> None:
    for measure in measures.itertuples():
        whole = [word.surface for word in segmenter.words(measure.text) if CUT_FREE.fullmatch(word.surface)]
        [frame] = [measures[measures["measure_id"] == measure.measure_id]]
        assert whole == [word for clause in clauses_of(frame, segmenter, longest_quotation=9) for word in clause.words]


TEXTS = st.lists(
    st.sampled_from(
        ["职教", "师资", "职业教育", "教师", "建设", "推进", "三", "级", "四", "的", "“", "”", "，", "。", " ", "\n", "#", "+",
         "1+X", "AI", "订制", "定制", "培训", "\U00020000", "、", "/", ",", '"', "-", "."]
    )
    | st.text(max_size=3),
    min_size=1,
    max_size=25,
).map("".join)  # fmt: skip


@given(TEXTS)
def test_clauses_know_their_place_and_their_words_give_back_their_text(segmenter: Segmenter, text: str) -> None:
    for clause in clauses_of(measures_frame([("山东", text)]), segmenter, longest_quotation=9):
        assert text[clause.start : clause.start + len(clause.text)] == clause.text == "".join(clause.words)
        assert CUT_FREE.fullmatch(clause.text)


# --- candidate synonyms ----------------------------------------------------------------------------------------------


def test_an_abbreviation_has_the_first_character_of_each_word_and_of_the_last_perhaps_the_last() -> None:
    assert abbreviations(["职业", "教育"]) == {"职教", "职育"}
    assert abbreviations(["高等", "学校"]) == {"高学", "高校"}
    assert abbreviations(["自由", "贸易", "区"]) == {"自贸区"}
    assert abbreviations(["教研", "室"]) == set()  # one word shortened is no abbreviation: 教室
    assert abbreviations(["培训"]) == set()
    assert abbreviations([]) == set()


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("订制", "定制", ("订", "定")),
        ("双师教师", "双师型教师", ("", "型")),
        ("教师素质提升计划", "教师素质提高计划", ("升", "高")),
        ("甲甲", "甲甲", ("", "")),
        ("甲甲", "甲", ("甲", "")),
        ("甲", "乙", ("甲", "乙")),
    ],
)
def test_the_difference_of_two_terms_is_what_beginning_and_end_leave(a: str, b: str, expected: tuple[str, str]) -> None:
    assert difference(a, b) == expected
    assert difference(b, a) == expected[::-1]


@pytest.mark.parametrize(
    ("a", "b", "apart"),
    [
        ("三级", "四级", True),
        ("三级", "省级", True),  # one numeral is enough
        ("省级团队", "国家级团队", True),
        ("职前", "职后", True),
        ("大赛", "比赛", False),  # 大 tells apart from 小, not from 比
        ("订制", "定制", False),
        ("教师素质提升计划", "教师素质提高计划", False),  # 升 from 降, 高 from 低
    ],
)
def test_numerals_levels_and_opposites_tell_terms_apart(chosen: SuggestSettings, a: str, b: str, apart: bool) -> None:
    assert told_apart(a, b, chosen.contrasts) == told_apart(b, a, chosen.contrasts) == apart


def test_characters_that_sound_alike_stand_near_each_other(chosen: SuggestSettings) -> None:
    for a, b in ("定订", "作做", "记纪", "杆秆", "账帐"):
        assert (distance := sound_distance(a, b)) is not None
        assert distance <= chosen.sound_distance
    for a, b in ("教培", "大比", "师生"):
        assert (distance := sound_distance(a, b)) is not None
        assert distance > chosen.sound_distance
    assert sound_distance("啊", "阿") == 1  # the first two of 3755
    assert sound_distance("啊", "座") == 3754  # and the last
    for strange in ("a", "，", "亍", "\U00020000"):  # a letter, a mark, second level, not in GB 2312
        assert sound_distance("定", strange) is None


def test_overlap_is_the_share_of_common_characters_in_the_longer() -> None:
    assert overlap("粮食产量", "粮食总产量") == 4 / 5
    assert overlap("职教", "师资") == 0
    assert overlap("", "") == 0


def test_words_are_taken_apart_as_far_as_jieba_can(segmenter: Segmenter) -> None:
    assert list(finest_words(["职业教育"], segmenter)) == ["职业", "教育"]
    assert list(finest_words(["职业院校", "建设"], segmenter)) == ["职业", "院校", "建设"]
    assert list(finest_words(["教师"], segmenter)) == ["教师"]


def pairs_in(
    said: Sequence[str],
    settings: SuggestSettings,
    *,
    candidates: Sequence[str] = (),
    listed: tuple[str, ...] = (),
    parts: dict[str, str] | None = None,
    measure: str = "D{:02d}-1",
    generic: tuple[str, ...] = ("推进", "建设"),
) -> list[tuple[str, str, str]]:
    """``candidates``: terms of several words, written with blanks; ``parts``: what a word consists of."""
    found, tags = clauses(said, measure=measure)
    terms = []
    for written in candidates:
        whole = written.replace(" ", "")
        places = tuple(
            (number, at)
            for number, clause in enumerate(found)
            for at in range(len(clause.text))
            if clause.text.startswith(whole, at)
        )
        terms.append(TermCandidate(whole, tuple(written.split()), places, 1.0, 1.0, 1.0, 1.0, False))
    term_of = {word: word for clause in found for word in clause.words}
    contexts = contexts_of(found, term_of, terms, generic=generic, words=settings.context_words)
    written_of = {term.term: " ".join(term.words) for term in terms} | (parts or {})
    words_of = {term: written_of.get(term, term).split() for term in contexts.terms}
    known = {**dict.fromkeys((part for words in words_of.values() for part in words), "n"), **tags}
    known |= {term: known.get(term, "x") for term in contexts.terms}
    pairs = synonym_candidates(found, contexts, words_of, known, listed=listed, settings=settings)
    return [(pair.variant, pair.term, pair.reason) for pair in pairs]


def test_another_spelling_sounds_alike_and_has_a_context_in_common(chosen: SuggestSettings) -> None:
    said = ["定制 培训", "订制 培训 模块", "定制 课程", "管理 制度"]
    assert pairs_in(said, chosen) == [("订制", "定制", "sound")]  # the rarer is the variant
    assert pairs_in(["定制 课程", "订制 模块", "管理 制度"], chosen) == []
    assert pairs_in(["培养 教师", "培训 教师", "管理 制度"], chosen) == []  # alike in use, not in sound


def test_an_abbreviation_that_is_coined_or_listed_needs_a_hint_and_an_everyday_word_more(
    chosen: SuggestSettings,
) -> None:
    said = ["职教 改革", "职教 名师", "职业教育 改革", "职业教育 类型", "管理 制度"]
    parts = {"职业教育": "职业 教育"}
    expected = [("职教", "职业教育", "abbreviation")]
    # 10 neighbours: 改革 stands near two terms of two, ln(1 x 10 / (2 x 2)), 名师 and 类型 near one, ln(1 x 10 / (2 x 1));
    # cosine ln(2.5)^2 / (ln(2.5)^2 + ln(5)^2) = 0.245
    assert pairs_in(said, chosen, parts=parts) == []
    assert pairs_in(said, replace(chosen, min_similarity=0.24), parts=parts) == expected
    assert pairs_in(said, chosen, parts=parts, listed=("职教",)) == expected
    assert pairs_in([line.replace("职教", "职教/j") for line in said], chosen, parts=parts) == expected
    other = ["职教 理念", *said[1:]]
    assert pairs_in(other, chosen, parts=parts, listed=("职教",)) == []  # nothing in common
    assert pairs_in(said[:1] + said[2:], chosen, parts=parts, listed=("职教",)) == []  # said once


def test_another_wording_shares_most_characters_and_is_used_alike(chosen: SuggestSettings) -> None:
    candidates = ["人民 生活 品质", "群众 生活 品质"]
    said = [
        "增进 人民 生活 品质",
        "改善 人民 生活 品质",
        "增进 群众 生活 品质",
        "改善 群众 生活 品质",
        "增进 群众 生活 品质",
    ]
    said += ["管理 制度"]
    assert ("人民生活品质", "群众生活品质", "wording") in pairs_in(said, chosen, candidates=candidates)
    listed_together = pairs_in(said, chosen, candidates=candidates, measure="D01-1")
    assert ("人民生活品质", "群众生活品质", "wording") not in listed_together
    once = pairs_in(said[1:3] + said[-1:], chosen, candidates=candidates)
    assert ("群众生活品质", "人民生活品质", "wording") not in once


def test_a_long_term_may_differ_in_one_character_however_it_is_used(chosen: SuggestSettings) -> None:
    said = ["教师素质提升计划", "实施 教师素质提高计划", "启动 教师素质提高计划"]
    assert pairs_in(said, chosen) == [("教师素质提升计划", "教师素质提高计划", "one character")]
    assert pairs_in(said, chosen, measure="D01-1") == []  # side by side
    assert pairs_in(["三级教学创新团队", "四级教学创新团队"], chosen) == []
    assert pairs_in(["提升计划", "提高计划"], chosen) == []  # too short


@pytest.mark.parametrize(
    "said",
    [
        ["三级 培训", "四级 培训", "管理 制度"],
        ["职前 培训", "职后 培训", "管理 制度"],
        ["山西/ns 培训", "陕西/ns 培训", "管理 制度"],
        ["省级 培训", "州级 培训", "管理 制度"],
    ],
)
def test_numbers_levels_opposites_and_names_are_never_synonyms(chosen: SuggestSettings, said: list[str]) -> None:
    easy = replace(chosen, min_overlap=0.0, min_similarity=0.0, hint_similarity=0.0, sound_distance=4000, long_term=3)
    assert not {frozenset(pair[:2]) for pair in pairs_in(said, easy)} & {
        frozenset(line.split()[0].partition("/")[0] for line in said[:2])
    }


# --- the lines to paste ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term", "tag", "quoted", "line"),
    [
        ("职教师资", "n", False, "职教师资 n"),
        ("职业教育周", "nz", False, "职业教育周 n"),
        ("教师队伍建设", "vn", False, "教师队伍建设 vn"),
        ("职称评审", "v", False, "职称评审 vn"),
        ("新质", "x", False, "新质 n"),
        ("送培到校", "x", True, "送培到校 l"),
        ("卓越计划", "n", True, "卓越计划 n"),
    ],
)
def test_a_line_for_the_dictionary_has_the_tag_of_its_head(term: str, tag: str, quoted: bool, line: str) -> None:
    assert dictionary_line(term, tag, quoted=quoted) == line


def test_a_line_for_the_synonyms_says_why_and_what_else_it_needs() -> None:
    assert synonym_line(SynonymCandidate("职教", "职业教育", "abbreviation", 0.5), ()) == (
        '职教,职业教育,abbreviation,"candidate: abbreviation, check"'
    )
    assert synonym_line(SynonymCandidate("粮食总产量", "粮食产量", "wording", 0.5), {"粮食总产量"}) == (
        '粮食总产量,粮食产量,variant,"candidate: wording, check; needs 粮食总产量 in user_dict.txt"'
    )


def test_pairs_that_would_make_a_chain_are_turned_round_or_left_out() -> None:
    table = {"订制": Synonym("订制", "定制", "variant", 1)}
    taken = mergeable(
        [
            SynonymCandidate("定制", "制作", "wording", 0.9),  # 定制 is a term already
            SynonymCandidate("订制", "制定", "sound", 0.8),  # merged already
            SynonymCandidate("职教", "职业教育", "abbreviation", 0.7),
            SynonymCandidate("职教", "职技教育", "abbreviation", 0.6),  # a variant once only
            SynonymCandidate("职业教育", "职校教育", "wording", 0.5),
            SynonymCandidate("定制", "定点制作", "abbreviation", 0.4),  # is not turned round
        ],
        table,
    )
    assert [(pair.variant, pair.term) for pair in taken] == [
        ("制作", "定制"), ("职教", "职业教育"), ("职校教育", "职业教育"),
    ]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from("甲乙丙丁戊"), st.sampled_from("甲乙丙丁戊"), st.booleans())))
def test_all_lines_for_the_synonyms_may_be_pasted_together(
    tmp_path_factory: pytest.TempPathFactory, given_pairs: list[tuple[str, str, bool]]
) -> None:
    pairs = [
        SynonymCandidate(a, b, "abbreviation" if short else "wording", 0.5) for a, b, short in given_pairs if a != b
    ]
    path = tmp_path_factory.getbasetemp() / "pasted.csv"
    path.write_text("variant,term,kind,note\n己,甲,variant,\n", "utf-8")
    taken = [synonym_line(pair, ()) for pair in mergeable(pairs, load_synonyms(path))]
    path.write_text(path.read_text("utf-8") + "\n".join(taken), "utf-8")
    assert len(load_synonyms(path)) == 1 + len(taken)


@given(st.text(min_size=1, max_size=120), st.data())
def test_a_passage_holds_the_term_and_ends_where_the_sentence_does(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    quote = passage(text, start, end)
    assert text[start:end].strip() in quote
    assert len(quote) <= max(end - start, 41) + 2


def test_a_long_passage_is_shortened_around_the_term() -> None:
    text = "甲" * 50 + "职教师资" + "乙" * 50 + "，丙"
    assert passage(text, 50, 54) == "…" + "甲" * 18 + "职教师资" + "乙" * 18 + "…"
    assert passage("开头，推进职教师资建设。结尾", 5, 9) == "推进职教师资建设"


# --- the stage -------------------------------------------------------------------------------------------------------

Suggest = Callable[..., pd.DataFrame]


@pytest.fixture(scope="module")
def suggest_for(
    segmenter: Segmenter, entries: tuple[Entry, ...], settings: Settings, chosen: SuggestSettings
) -> Suggest:
    """Measures -> suggestions, with the method of the project."""
    known = segmenter.tags(segmenter._jieba.FREQ)  # once: jieba's dictionary is read for each call
    quick = copy(segmenter)
    quick.tags = lambda words: {word: known.get(word, "x") for word in words}  # type: ignore[method-assign]
    cut_measures = cutter(quick, entries, settings)

    def run_on(measures: pd.DataFrame, settings: SuggestSettings = chosen) -> pd.DataFrame:
        return suggestions_of(
            measures, cut_measures(measures)[0], quick, entries=entries, stop_words=STOP, generic=GENERIC,
            synonyms=SYNONYMS, settings=settings,
        )  # fmt: skip

    return run_on


@pytest.fixture(scope="module")
def measures(places: Gazetteer, settings: Settings) -> pd.DataFrame:
    """Those of the appendix."""
    return measures_of(ingest(RAW, places, settings).documents, headline_max=40)


@pytest.fixture(scope="module")
def without_lists(measures: pd.DataFrame, settings: Settings, cut_plain: Cut, jieba_cache: Path) -> pd.DataFrame:
    """Suggestions for the appendix when nobody has written a dictionary or a table of synonyms."""
    return suggestions_of(
        measures,
        cut_plain(measures, synonyms={})[0],
        Segmenter((), hmm=settings.segment.hmm, cache=jieba_cache),
        entries=(),
        stop_words=STOP,
        generic=GENERIC,
        synonyms={},
        settings=settings.suggest,
    )


def test_the_appendix_still_has_terms_of_its_field_that_the_dictionary_lacks(
    measures: pd.DataFrame, suggest_for: Suggest
) -> None:
    found = suggest_for(measures)
    tables.check(found, tables.SUGGESTIONS)
    terms = found[found["kind"] == "term"].set_index("suggestion")
    assert {"职教师资", "教师队伍建设", "教学创新团队建设", "师范教育+企业实践"} <= set(terms.index)
    assert terms.index[0] == "职教师资"
    assert terms.loc["职教师资", ["count", "regions", "reason"]].tolist() == [5, 5, "repeated"]
    assert terms.loc["师范教育+企业实践", "reason"] == "quoted"


def test_without_a_dictionary_most_candidates_are_what_a_reader_put_into_it(
    without_lists: pd.DataFrame, entries: tuple[Entry, ...]
) -> None:
    terms = set(without_lists.loc[without_lists["kind"] == "term", "suggestion"])
    listed = {entry.term for entry in entries}
    assert len(terms & listed) >= 0.6 * len(terms)
    assert {"职业教育", "职称评审", "人才引进", "校本研修", "精准培训"} <= terms


def test_without_a_table_of_synonyms_those_that_the_texts_can_show_are_suggested(
    measures: pd.DataFrame, cut_measures: Cut, segmenter: Segmenter, entries: tuple[Entry, ...], chosen: SuggestSettings
) -> None:
    found = suggestions_of(
        measures, cut_measures(measures, synonyms={})[0], segmenter, entries=entries, stop_words=STOP, generic=GENERIC,
        synonyms={}, settings=chosen,
    )  # fmt: skip
    pairs = found.loc[found["kind"] == "synonym", ["suggestion", "other", "reason"]].to_numpy().tolist()
    assert ["职教", "职业教育", "abbreviation"] in pairs
    assert ["订制", "定制", "sound"] in pairs
    assert {frozenset(pair[:2]) for pair in pairs} <= {
        frozenset((synonym.variant, synonym.term)) for synonym in SYNONYMS.values()
    } | {frozenset(("教师素质提升计划", "教师素质提高计划"))}


def test_what_is_merged_already_is_not_suggested(measures: pd.DataFrame, suggest_for: Suggest) -> None:
    found = suggest_for(measures)
    merged = {frozenset((synonym.variant, synonym.term)) for synonym in SYNONYMS.values()}
    suggested = found[found["kind"] == "synonym"]
    assert not merged & {frozenset(pair) for pair in zip(suggested["suggestion"], suggested["other"], strict=True)}


def test_every_line_can_be_pasted_and_a_pasted_term_is_suggested_no_more(
    measures: pd.DataFrame,
    suggest_for: Suggest,
    settings: Settings,
    jieba_cache: Path,
    cut_measures: Cut,
    tmp_path: Path,
) -> None:
    found = suggest_for(measures)
    terms, synonyms = (found.loc[found["kind"] == kind, "line"].tolist() for kind in ("term", "synonym"))
    for name, lines in (("user_dict.txt", terms), ("synonyms.csv", synonyms)):
        (tmp_path / name).write_text((METHOD / name).read_text("utf-8") + "\n".join(lines) + "\n", "utf-8")
    entries = load_dictionary(tmp_path / "user_dict.txt")
    table = load_synonyms(tmp_path / "synonyms.csv")
    assert len(table) == len(SYNONYMS) + len(synonyms)
    pasted = set(found.loc[found["kind"] == "term", "suggestion"])
    assert pasted <= {entry.term for entry in entries}
    again = suggestions_of(
        measures, cut_measures(measures, synonyms=table)[0], Segmenter(entries, hmm=True, cache=jieba_cache),
        entries=entries, stop_words=STOP, generic=GENERIC, synonyms=table, settings=settings.suggest,
    )  # fmt: skip
    assert not pasted & set(again["suggestion"])


def test_the_lines_for_a_corpus_without_dictionary_can_be_pasted_too(
    without_lists: pd.DataFrame, tmp_path: Path
) -> None:
    terms = without_lists.loc[without_lists["kind"] == "term"]
    (tmp_path / "user_dict.txt").write_text("\n".join(terms["line"]), "utf-8")
    assert [entry.term for entry in load_dictionary(tmp_path / "user_dict.txt")] == terms["suggestion"].tolist()


@limits(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(["山东", "浙江"]), TEXTS), max_size=5))
def test_any_text_gives_suggestions_that_keep_the_contract_and_quote_what_they_name(
    suggest_for: Suggest, tmp_path_factory: pytest.TempPathFactory, said: list[tuple[str, str]]
) -> None:
    frame = measures_frame(said)
    found = suggest_for(frame)
    tables.check(found, tables.SUGGESTIONS)
    pd.testing.assert_frame_equal(found, suggest_for(frame))
    text_of = dict(zip(frame["measure_id"], frame["text"], strict=True))
    for row in found[found["kind"] == "term"].itertuples():
        assert row.suggestion in row.quote
        assert row.count == sum(
            clause.startswith(row.suggestion, at)
            for text in text_of.values()
            for clause in CUT_FREE.findall(text)
            for at in range(len(clause))
        )
        assert all(row.suggestion in text_of[measure_id] for measure_id in row.measure_ids)
    for row in found[found["kind"] == "synonym"].itertuples():
        assert all(term in row.quote for term in (row.suggestion, row.other))
        [cells] = csv.reader(io.StringIO(row.line))
        assert cells[:2] == [row.suggestion, row.other]
    path = tmp_path_factory.getbasetemp() / "user_dict.txt"
    path.write_text("\n".join(found.loc[found["kind"] == "term", "line"]), "utf-8")
    assert [entry.term for entry in load_dictionary(path)] == found.loc[found["kind"] == "term", "suggestion"].tolist()
    assert printed(found, 3)


def test_an_empty_corpus_has_no_suggestions_and_says_so_in_both_languages(suggest_for: Suggest) -> None:
    found = suggest_for(measures_frame([]))
    assert len(found) == 0
    tables.check(found, tables.SUGGESTIONS)
    assert printed(found, 5).count("没有候选。None.") == 2


def test_the_list_has_terms_then_synonyms_and_says_how_many_more_the_table_has(
    without_lists: pd.DataFrame, chosen: SuggestSettings
) -> None:
    text = printed(without_lists, 5)
    terms = without_lists[without_lists["kind"] == "term"]
    assert 0 < text.index("Candidate terms") < text.index("Candidate synonyms")
    assert f"Candidate terms: {len(terms)}" in text
    lines = text.splitlines()
    for number, row in enumerate(terms.itertuples()):
        assert (row.line in lines) == (number < 5)
    assert f"{len(terms) - 5} more are in the table only" in text
    assert "method/ 未作任何改动" in text
    first = terms.iloc[0]
    at = lines.index(first["line"])
    assert f"{first['count']} 次 times" in lines[at + 1]
    assert lines[at + 2] == f"    {first['quote']}"
    assert "more are in the table only" not in printed(without_lists, 10_000)


def test_the_stage_prints_the_list_writes_the_table_and_leaves_the_method_alone(
    measures: pd.DataFrame,
    cut_measures: Cut,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    jieba_cache: Path,
) -> None:
    monkeypatch.setattr(suggest, "_CACHE", jieba_cache)
    tables.write(
        (measures, tables.MEASURES, tmp_path / "measures.csv"),
        (cut_measures(measures)[0], tables.TOKENS, tmp_path / "tokens.csv"),
    )
    names = ("settings.toml", "user_dict.txt", "stop_words.txt", "generic_words.txt", "synonyms.csv")
    for name in names:
        shutil.copy(METHOD / name, tmp_path / name)
    before = {name: (tmp_path / name).read_bytes() for name in names}
    paths = [str(tmp_path / name) for name in ("measures.csv", "tokens.csv", *names)]
    paths += [str(METHOD / "background"), str(tmp_path / "suggestions.csv")]
    run(main, paths)
    said = capsys.readouterr().out
    written = tables.read(tmp_path / "suggestions.csv", tables.SUGGESTIONS)
    assert "职教师资 n" in said.splitlines()
    near = dict(zip(written["suggestion"], written["near"], strict=True))
    assert f"    背景语料中的近邻 near in the background: {near['职教师资']}" in said.splitlines()
    assert written["suggestion"].iloc[0] == "职教师资"
    assert {name: (tmp_path / name).read_bytes() for name in names} == before

    (tmp_path / "tokens.csv").write_text("a,b\n", "utf-8")
    with pytest.raises(SystemExit) as caught:
        run(main, paths)
    assert caught.value.code == 2
    error = capsys.readouterr().err
    assert "这个表的列与约定不符" in error
    assert "its columns are not those of tokens" in error


# --- what a background adds --------------------------------------------------------------------------------------------

# Three directions: titles (职称评审 and 职称评定 all but the same, 晋升 near them), money, a place.
_SPACE = Space(
    ("职称评审", "职称评定", "晋升", "经费", "职称", "经费投入", "陕西", "山西"),
    np.full(8, 5),
    np.array([[1, 0.0, 0], [0.9, 0.1, 0], [0.8, 0.6, 0], [0, 1, 0], [1, 0, 0], [0, 1, 0.1], [0, 0, 1], [0, 0, 1]]),
    np.ones(3),
)


def near_pairs(terms: Sequence[str], chosen: SuggestSettings, **tags: str) -> list[tuple[str, str]]:
    known = dict.fromkeys(terms, "n") | tags
    uses = {term: number for number, term in enumerate(terms, 1)}
    found = background_candidates(terms, {term: (term,) for term in terms}, known, _SPACE, uses, chosen)
    return [(pair.variant, pair.term) for pair in found]


def test_terms_used_alike_in_the_background_with_half_their_characters_in_common_may_be_one(
    chosen: SuggestSettings,
) -> None:
    assert near_pairs(["职称评定", "职称评审", "晋升", "经费"], chosen) == [("职称评定", "职称评审")]


def test_a_part_of_a_term_a_name_and_a_term_that_the_background_lacks_are_no_candidates(
    chosen: SuggestSettings,
) -> None:
    assert near_pairs(["职称", "职称评审", "经费", "经费投入"], chosen) == []
    assert near_pairs(["陕西", "山西"], replace(chosen, min_background=0.0), 陕西="ns", 山西="ns") == []
    assert near_pairs(["职称评价", "职称评审"], chosen) == []


def test_what_lies_near_is_named_by_use_without_the_word_itself_its_parts_and_what_points_elsewhere() -> None:
    terms = _SPACE.terms
    assert _SPACE.nearest(["职称评审"], terms, 3) == [
        "职称评定",
        "晋升",
    ]  # 职称 is a part of it; the rest is at right angles
    assert _SPACE.nearest(["职称评审"], terms, 1) == ["职称评定"]
    # half titles, half money: 晋升 is (0.8, 0.6), nearest to (1, 1)
    assert _SPACE.nearest(["职称评审", "经费"], ["职称评定", "晋升", "陕西"], 2) == ["晋升", "职称评定"]
    assert _SPACE.nearest(["没有的词"], terms, 3) == []


def test_without_a_background_nothing_is_named_near(
    measures: pd.DataFrame, cut_measures: Cut, segmenter: Segmenter, settings: Settings
) -> None:
    found = suggestions_of(
        measures,
        cut_measures(measures)[0],
        segmenter,
        entries=load_dictionary(METHOD / "user_dict.txt"),
        stop_words=load_word_list(METHOD / "stop_words.txt"),
        generic=load_word_list(METHOD / "generic_words.txt"),
        synonyms=load_synonyms(METHOD / "synonyms.csv"),
        settings=settings.suggest,
    )
    assert len(found)
    assert (found["near"] == "").all()
    assert "background" not in set(found["reason"])
