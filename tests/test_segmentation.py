"""A private jieba keeps the project's terms whole, gives offsets, and leaves jieba's own tokenizer alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import jieba
import pytest
from hypothesis import given, strategies as st

from pipeline.method import Entry, Settings, Synonym, load_synonyms, load_word_list
from pipeline.segmentation import Keeping, Segmenter, Word, drop_rule
from tests.conftest import METHOD, Corpus, Cut, measures_frame


def surfaces(segmenter: Segmenter, text: str) -> list[str]:
    return [word.surface for word in segmenter.words(text)]


@pytest.fixture(scope="module")
def bare(jieba_cache: Path) -> Segmenter:
    """jieba without any dictionary of ours."""
    return Segmenter((), hmm=True, cache=jieba_cache)


# The terms that jieba alone cuts apart, in the words in which the appendix has them.
@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("推进教师教学创新团队建设", "教学创新团队"),
        ("构建四级培训体系", "四级培训体系"),
        ("狠抓师德师风", "师德师风"),
        ("启动1+X证书培训", "1+X证书"),
        ("职称评审放权松绑", "职称评审"),
        ("加强校企合作", "校企合作"),
        ("专家意见、第三方评价", "第三方评价"),
        ("如：鲁班工坊建设项目", "鲁班工坊"),
        ("提高精准送培总体水平", "精准送培"),
        ("“整校发展”项目", "整校发展"),
        ("双证融通改革", "双证融通"),
        ("彰显校本研修特色", "校本研修"),
    ],
)
def test_a_dictionary_term_stays_whole_where_jieba_alone_cuts_it(
    segmenter: Segmenter, bare: Segmenter, text: str, term: str
) -> None:
    assert term in surfaces(segmenter, text)
    assert term not in surfaces(bare, text)


def test_the_dictionary_is_private_to_its_segmenter(segmenter: Segmenter, bare: Segmenter) -> None:
    assert segmenter.knows("鲁班工坊")
    assert not bare.knows("鲁班工坊")
    assert "鲁班工坊" not in jieba.dt.FREQ


def test_the_prepared_dictionary_lies_in_the_folder_given(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "cache"
    Segmenter((), hmm=False, cache=folder)
    assert [path.name for path in folder.iterdir()] == ["jieba.cache"]


def test_a_word_of_jiebas_dictionary_is_known_and_a_guessed_one_is_not(bare: Segmenter) -> None:
    assert bare.knows("教师")
    assert not bare.knows("鲁班工坊")
    assert not bare.knows("")


def test_the_hidden_markov_model_can_be_switched_off(jieba_cache: Path, bare: Segmenter) -> None:
    # 杭研 is jieba's own example of a word that no dictionary lists
    plain = Segmenter((), hmm=False, cache=jieba_cache)
    assert surfaces(plain, "他来到了网易杭研大厦")[-3:] == ["杭", "研", "大厦"]
    assert surfaces(bare, "他来到了网易杭研大厦")[-2:] == ["杭研", "大厦"]


def test_a_frequency_of_ones_own_decides_between_two_cuts(jieba_cache: Path) -> None:
    # jieba's counts: 促成 589, 长 40281, 促 758. 促 + 成长 wins from 589 x 40281 / 758 = 31300 on.
    def cut_with(frequency: int) -> list[str]:
        entries = [Entry("成长", frequency, "vn", 1)]
        return surfaces(Segmenter(entries, hmm=True, cache=jieba_cache), "以需求促成长")

    assert cut_with(31_500)[-2:] == ["促", "成长"]
    assert cut_with(31_000)[-2:] == ["促成", "长"]


def test_a_tag_of_ones_own_goes_before_that_of_jieba(jieba_cache: Path) -> None:
    assert Segmenter([Entry("加强", None, "n", 1)], hmm=True, cache=jieba_cache).tags(["加强"]) == {"加强": "n"}


def test_tags_come_from_the_dictionary_of_the_project_then_from_jieba_then_x(segmenter: Segmenter) -> None:
    # user_dict.txt: 校企合作 vn, 鲁班工坊 without a tag (a noun); jieba's dictionary: 加强 v
    assert segmenter.tags(["校企合作", "鲁班工坊", "加强", "没有这个词呀"]) == {
        "校企合作": "vn",
        "鲁班工坊": "n",
        "加强": "v",
        "没有这个词呀": "x",
    }


def nested(segmenter: Segmenter, text: str) -> dict[str, list[tuple[str, int, int]]]:
    found = {}
    for word in segmenter.words(text):
        found[word.surface] = [(part.surface, part.start, part.end) for part in segmenter.nested(word)]
    return found


def test_the_known_words_inside_a_listed_term_are_found_at_their_places(segmenter: Segmenter) -> None:
    # 评 0, 双 1, 师 2, 型 3, 教 4, 师 5; what is too short to be kept is for segment.py to drop
    assert nested(segmenter, "评双师型教师")["双师型教师"] == [("双师", 1, 3), ("型", 3, 4), ("教师", 4, 6)]


def test_a_term_inside_a_term_inside_a_term_is_found_too(segmenter: Segmenter) -> None:
    # 职称评审权 falls into 职称评审 and 权, and 职称评审 into 职称 and 评审
    assert nested(segmenter, "职称评审权")["职称评审权"] == [
        ("职称评审", 0, 4),
        ("职称", 0, 2),
        ("评审", 2, 4),
        ("权", 4, 5),
    ]


# 教学大纲 and 高等院校 are words of jieba's dictionary alone; the parts are cut at |
@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("教学大纲", ["教学", "大纲"]),
        ("高等院校", ["高等", "院校"]),
        ("规章制度", ["规章", "制度"]),
        ("精准培训", ["精准", "培训"]),
    ],
)
def test_a_word_of_four_characters_is_taken_apart_whoever_lists_it(
    segmenter: Segmenter, bare: Segmenter, entries: tuple[Entry, ...], word: str, parts: list[str]
) -> None:
    assert ({"教学大纲", "高等院校"} & {entry.term for entry in entries}) == set()
    assert [part.surface for part in segmenter.nested(Word(word, 0, 4))] == parts
    if bare.knows(word):  # no user dictionary needed
        assert [part.surface for part in bare.nested(Word(word, 0, 4))] == parts


def test_of_a_word_of_three_characters_only_terms_of_the_user_dictionary_count(
    segmenter: Segmenter, bare: Segmenter, jieba_cache: Path
) -> None:
    assert nested(segmenter, "校本化") == {"校本化": [("校本", 0, 2)]}
    assert segmenter.knows("信息")
    assert nested(segmenter, "信息化") == {"信息化": []}
    # the same word, once 信息 is on the list
    entries = [Entry("信息化", None, "n", 1), Entry("信息", None, "n", 2)]
    assert nested(Segmenter(entries, hmm=True, cache=jieba_cache), "信息化") == {"信息化": [("信息", 0, 2)]}
    # three characters that jieba alone lists are not taken apart at all
    assert bare.knows("工作室")
    assert nested(bare, "工作室") == {"工作室": []}


def test_a_part_of_three_characters_is_held_to_the_rule_of_three(segmenter: Segmenter) -> None:
    # 名师工作室 holds 工作室, but 工作室 does not hold 工作
    assert segmenter.knows("工作")
    assert nested(segmenter, "名师工作室")["名师工作室"] == [("名师", 0, 2), ("工作室", 2, 5)]


def test_taking_a_word_apart_leaves_it_whole_for_the_next_cut(segmenter: Segmenter) -> None:
    before = surfaces(segmenter, "建立规章制度与精准培训")
    assert [part.surface for part in segmenter.nested(Word("规章制度", 0, 4))] == ["规章", "制度"]
    assert surfaces(segmenter, "建立规章制度与精准培训") == before
    assert {"规章制度", "精准培训"} <= set(before)


def test_a_string_across_word_boundaries_is_no_nested_term(segmenter: Segmenter) -> None:
    # 兼|职教|师: the characters of 职教 stand there, the word does not
    assert "职教" in "兼职教师"
    assert segmenter.knows("职教")
    assert nested(segmenter, "兼职教师")["兼职教师"] == [("兼职", 0, 2), ("教师", 2, 4)]


def test_a_word_guessed_by_the_model_holds_nothing(jieba_cache: Path) -> None:
    # no dictionary lists 教师杭研, so nothing says that it is one word with parts
    plain = Segmenter((), hmm=True, cache=jieba_cache)
    assert not plain.knows("教师杭研")
    assert list(plain.nested(Word("教师杭研", 0, 4))) == []


def test_a_word_of_two_characters_holds_nothing(segmenter: Segmenter) -> None:
    assert list(segmenter.nested(Word("教师", 0, 2))) == []


def test_the_parts_of_a_term_are_words_of_a_dictionary_not_guesses(jieba_cache: Path) -> None:
    # the hidden Markov model would make 杭研 one word and hide 杭 and 研
    entries = [Entry("网易杭研大厦", None, "n", 1), Entry("研", None, "n", 2)]
    found = nested(Segmenter(entries, hmm=True, cache=jieba_cache), "网易杭研大厦")
    assert found["网易杭研大厦"] == [("网易", 0, 2), ("杭", 2, 3), ("研", 3, 4), ("大厦", 4, 6)]


def test_the_order_of_the_entries_does_not_matter(jieba_cache: Path) -> None:
    terms = ["职称评审权", "职称", "职称评审", "四级培训体系", "培训体系"]
    forward = [Entry(term, None, "n", 1) for term in terms]
    for entries in (forward, forward[::-1]):
        found = nested(Segmenter(entries, hmm=True, cache=jieba_cache), "职称评审权四级培训体系")
        assert found == {
            "职称评审权": [("职称评审", 0, 4), ("职称", 0, 2), ("评审", 2, 4), ("权", 4, 5)],
            "四级培训体系": [("四级", 5, 7), ("培训体系", 7, 11), ("培训", 7, 9), ("体系", 9, 11)],
        }


CHINESE = st.text(st.sampled_from("职称评审权教师兼双型四级培训体系1+X证书，。“” \nab"), max_size=30)


@given(CHINESE | st.text(max_size=30))
def test_the_words_of_any_text_joined_are_the_text(segmenter: Segmenter, text: str) -> None:
    words = list(segmenter.words(text))
    assert "".join(word.surface for word in words) == text
    for word in words:
        assert text[word.start : word.end] == word.surface
        for part in segmenter.nested(word):
            assert text[part.start : part.end] == part.surface
            assert word.start <= part.start < part.end <= word.end


# --- which words are kept --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("surface", "listed", "rule"),
    [
        ("，", False, "punctuation"),
        ("”", True, "punctuation"),
        ("2019", False, "number"),
        ("3.5%", False, "number"),
        ("2019", True, ""),
        ("的", False, "stop word"),
        ("的", True, ""),
        ("师", False, "too short"),
        ("师", True, ""),
        ("教师", False, ""),
    ],
)
def test_a_word_is_dropped_by_the_first_rule_that_applies_unless_it_is_listed(
    surface: str, listed: bool, rule: str
) -> None:
    assert drop_rule(surface, listed=listed, stop_words=frozenset("的"), min_length=2) == rule


@pytest.fixture(scope="module")
def keeping(entries: tuple[Entry, ...], settings: Settings) -> Keeping:
    return Keeping(
        frozenset(entry.term for entry in entries),
        load_word_list(METHOD / "stop_words.txt"),
        load_synonyms(METHOD / "synonyms.csv"),
        settings.segment,
    )


def test_terms_are_kept_in_order_with_nested_ones_after_their_word_and_synonyms_merged(
    jieba_cache: Path, settings: Settings
) -> None:
    entries = [Entry("教师素质", None, "n", 1), Entry("双师", None, "n", 2)]
    synonyms = {"素质": Synonym("素质", "素养", "variant", 1), "教师素质": Synonym("教师素质", "双师", "variant", 2)}
    small = Keeping(frozenset({"教师素质", "双师"}), frozenset({"提高"}), synonyms, settings.segment)
    cut_ = Segmenter(entries, hmm=False, cache=jieba_cache)
    assert small.terms("提高教师素质，2019年双师", cut_) == ["双师", "教师", "素养", "双师"]
    once = replace(small, settings=replace(settings.segment, count_nested=False))
    assert once.terms("提高教师素质，2019年双师", cut_) == ["双师", "双师"]


def test_the_terms_kept_of_the_appendix_are_those_of_its_tokens(
    corpus: Corpus, keeping: Keeping, segmenter: Segmenter
) -> None:
    expected = {key: group["term"].tolist() for key, group in corpus.tokens.groupby("measure_id")}
    assert len(expected) > 50
    for measure in corpus.measures.itertuples():
        assert keeping.terms(measure.text, segmenter) == expected.get(measure.measure_id, [])


@given(
    CHINESE
    | st.text(st.sampled_from("产教融合校本研修职教1+X的了，。2019%Ab双师型教师"), max_size=30)
    | st.text(max_size=30)
)
def test_the_terms_kept_of_any_text_are_those_of_the_segment_stage(
    keeping: Keeping, segmenter: Segmenter, cut_measures: Cut, text: str
) -> None:
    tokens, _ = cut_measures(measures_frame([("山东", text)]))
    assert keeping.terms(text, segmenter) == tokens["term"].tolist()
