"""The codebook of themes: the shipped one is sound, its patterns mean what they say, every mistake has its line."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from pipeline.coding import themes_in
from pipeline.errors import InputError
from pipeline.method import CLAUSE_ENDS, Codebook, folded, load_codebook
from pipeline.method.codebook import compiled
from tests.conftest import METHOD

SHIPPED = (METHOD / "themes.toml").read_text("utf-8")
IDS = (
    "leadership", "planning", "ethics", "needs", "training", "industry", "personnel", "teams", "evaluation", "funding",
    "digital", "competition", "credentials", "outreach", "international",
)  # fmt: skip
TEXTS = ("zh", "en", "definition_zh", "definition_en", "example", "counterexample")


def theme(name: str = "training", **other: str | None) -> str:
    """A theme as the file has it; ``other`` replaces the right side of a line, or takes it away."""
    lines: dict[str, str | None] = {
        "id": f'"{name}"',
        "zh": '"培训"',
        "en": '"Training"',
        "definition_zh": '"教师的培训。"',
        "definition_en": '"Training of teachers."',
        "indicators": '["培训"]',
        "example": '"组织培训。"',
        "counterexample": '"修路。"',
        **other,
    }
    return "[[theme]]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items() if value is not None)


def shared(**other: str | None) -> str:
    lines = {"indicator": '"双元制"', "themes": '["industry", "international"]', "why": '"It is both."', **other}
    return "[[shared]]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items() if value is not None)


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str | bytes], Path]:
    def write(content: str | bytes) -> Path:
        path = tmp_path / "themes.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        load_codebook(path)
    error = caught.value
    assert error.file == str(path)
    assert str(error).startswith(f"{path}:{error.line}\n  错误：")
    assert re.search(r"[一-鿿]", error.zh)
    assert re.match(r"[\x20-\x7e]", error.en)
    return error


# --- the shipped codebook ----------------------------------------------------------------------------------------


def test_the_shipped_codebook_has_its_fifteen_themes_in_order(codebook: Codebook) -> None:
    assert tuple(each.id for each in codebook.themes) == IDS
    with pytest.raises(dataclasses.FrozenInstanceError):
        codebook.themes = ()  # type: ignore[misc]


@pytest.mark.parametrize("name", IDS)
def test_the_example_of_a_theme_carries_it_and_the_counterexample_does_not(codebook: Codebook, name: str) -> None:
    own = next(each for each in codebook.themes if each.id == name)
    assert name in themes_in(own.example, codebook)
    assert name not in themes_in(own.counterexample, codebook)


def test_every_indicator_and_exclusion_knows_its_line(codebook: Codebook) -> None:
    lines = SHIPPED.splitlines()
    for own in codebook.themes:
        assert lines[own.line - 1] == "[[theme]]"
        assert lines[own.line] == f'id = "{own.id}"'
        for one in (*own.indicators, *own.exclusions):
            assert f'"{one.pattern}"' in lines[one.line - 1]
            assert one.line > own.line
        assert len({one.pattern for one in own.indicators}) == len(own.indicators)


def test_nothing_of_the_file_is_lost(codebook: Codebook) -> None:
    data = tomllib.loads(SHIPPED)
    for written, own in zip(data["theme"], codebook.themes, strict=True):
        assert {key: getattr(own, key) for key in ("id", *TEXTS)} == {key: written[key] for key in ("id", *TEXTS)}
        assert [one.pattern for one in own.indicators] == written["indicators"]
        assert [one.pattern for one in own.exclusions] == written.get("exclusions", [])
    negation = data["negation"]
    assert codebook.negation.reach == negation["reach"]
    for key, found in (("before", codebook.negation.before), ("after", codebook.negation.after), ("not", codebook.negation.not_)):  # fmt: skip
        assert list(found) == negation[key]


# --- what may be left out ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", ["", "\n", "# nothing yet\n", "\ufeff", "gap = 5\n", "theme = []\n"])
def test_an_empty_file_is_a_codebook_without_themes(file: Callable[[str], Path], content: str) -> None:
    found = load_codebook(file(content))
    assert found.themes == ()
    assert (found.negation.before, found.negation.after, found.negation.reach) == ((), (), 0)


def test_a_theme_needs_no_exclusions_and_a_codebook_neither_negation_nor_gap(file: Callable[[str], Path]) -> None:
    found = load_codebook(file(theme(indicators='["培训", "研…修"]')))
    assert found.themes[0].exclusions == ()
    # the gap is 8 then
    one = found.themes[0].indicators[1]
    assert list(one.spans("研" + "一" * 8 + "修")) == [(0, 10)]
    assert list(one.spans("研" + "一" * 9 + "修")) == []


def test_a_byte_order_mark_and_lines_of_windows_change_no_line(file: Callable[[str], Path]) -> None:
    text = "\ufeff" + theme(indicators='[\n  "培训",\n  "研修",\n]')
    plain = load_codebook(file(text)).themes[0]
    windows = load_codebook(file(text.replace("\n", "\r\n"))).themes[0]
    assert [one.line for one in plain.indicators] == [one.line for one in windows.indicators] == [8, 9]


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85"])
def test_a_separator_that_toml_takes_for_no_end_of_a_line_is_none(file: Callable[[str], Path], mark: str) -> None:
    text = f"# 甲{mark}[[theme]]\n" + theme(zh=f'"培{mark}训"')
    found = load_codebook(file(text)).themes
    assert [(one.line, one.indicators[0].line) for one in found] == [(2, 8)]


# --- mistakes ----------------------------------------------------------------------------------------------------

HERE = "  # here"  # marks the line that the message must name


def assert_refused_here(path: Path, *said: str) -> None:
    lines = path.read_text("utf-8-sig").splitlines()
    wanted = [number for number, line in enumerate(lines, 1) if line.endswith(HERE)]
    error = refused(path)
    assert [error.line] == wanted
    for each in said:
        assert each in str(error)


@pytest.mark.parametrize("value", [None, "[]"])
def test_a_theme_without_indicators_is_refused(file: Callable[[str], Path], value: str | None) -> None:
    text = theme("ethics", indicators='["师德"]') + theme(indicators=value).replace("[[theme]]", f"[[theme]]{HERE}")
    assert_refused_here(file(text), "主题 training 没有指示词", "theme training has no indicators")


@pytest.mark.parametrize("key", TEXTS)
def test_a_theme_without_one_of_its_texts_is_refused_at_its_head(file: Callable[[str], Path], key: str) -> None:
    text = theme("ethics", indicators='["师德"]') + theme(**{key: None}).replace("[[theme]]", f"[[theme]]{HERE}")
    assert_refused_here(file(text), f"主题 training 缺少 {key}", f"theme training lacks {key}")


@pytest.mark.parametrize("key", TEXTS)
@pytest.mark.parametrize("value", ['""', '"  "', "3", '["甲"]'])
def test_a_text_that_is_blank_or_none_is_refused_on_its_line(file: Callable[[str], Path], key: str, value: str) -> None:
    text = theme("ethics", indicators='["师德"]') + theme(**{key: value + HERE})
    assert_refused_here(file(text), f"主题 training 缺少 {key}", f"theme training lacks {key}")


@pytest.mark.parametrize(
    "name",
    ['""', '"Training"', '"培训"', '"1training"', '"train ing"', '"-training"', '"training."', "3", '["training"]'],
)
def test_an_id_that_is_no_short_name_in_small_letters_is_refused(file: Callable[[str], Path], name: str) -> None:
    text = theme("ethics", indicators='["师德"]') + theme(id=name + HERE)
    assert_refused_here(file(text), "应为小写英文字母开头的短名", "must be a short name in small letters")


def test_a_theme_without_an_id_is_refused_at_its_head(file: Callable[[str], Path]) -> None:
    text = theme(id=None, en='"Guidance"').replace("[[theme]]", f"[[theme]]{HERE}")
    assert_refused_here(file(text), "应为小写英文字母开头的短名", "must be a short name in small letters")


def test_the_line_of_an_id_is_that_of_its_key_wherever_the_letters_stand(file: Callable[[str], Path]) -> None:
    text = "[[theme]]\n" + 'en = "Guidance"\n' + "\n".join(theme(id=f'"培训"{HERE}', en=None).splitlines()[1:])
    assert_refused_here(file(text))


def test_an_id_that_another_theme_has_is_refused_with_the_line_of_both(file: Callable[[str], Path]) -> None:
    again = theme(indicators='["研修"]').replace("[[theme]]", f"[[theme]]{HERE}")
    assert_refused_here(file("\n" + theme() + again), "主题 training 在第 2 行已经有了", "stands in line 2 already")


@pytest.mark.parametrize(
    ("key", "zh", "en"), [("note", "主题里没有“note”这一项", "unknown key 'note'"), ("indicator", "“indicator”", "'indicator'")]
)  # fmt: skip
def test_an_unknown_key_of_a_theme_is_refused(file: Callable[[str], Path], key: str, zh: str, en: str) -> None:
    assert_refused_here(file(theme(en='"A note"', **{key: '"甲"' + HERE})), zh, en)


@pytest.mark.parametrize("line", ["themes = 3", "[themes]", "[[themes]]", "level = 1\nindicators = 2"])
def test_an_unknown_key_of_the_file_is_refused(file: Callable[[str], Path], line: str) -> None:
    text = "# themes of level 1\n" + line.replace("\n", f"{HERE}\n", 1) + ("" if "\n" in line else HERE) + "\n"
    assert_refused_here(file(text), "没有“", "unknown key")


@pytest.mark.parametrize("key", ["indicators", "exclusions"])
@pytest.mark.parametrize("value", ['"培训"', "3", "[1, 2]", '["培训", ""]', '["培训", " "]', '[["培训"]]'])
def test_indicators_that_are_no_list_of_texts_are_refused(file: Callable[[str], Path], key: str, value: str) -> None:
    given = {"indicators": '["培训"]', key: value + HERE}
    assert_refused_here(
        file(theme(definition_en='"Its indicators and exclusions."', **given)), f"{key} 应为一列文字", f"{key} must list texts"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second", "form"),
    [
        ("培训", "培训", "培训"),
        ("(国|省)培", "省培", "省培"),
        ("省培", "(国|省)培", "省培"),
        ("(国|省)培", "(市|国)培", "国培"),
        ("1+X", "１＋ｘ", "1+x"),
        ("研…修", "研……修", "研…修"),
    ],
)
@pytest.mark.parametrize("key", ["indicators", "exclusions"])
def test_an_indicator_that_a_theme_has_twice_also_as_an_alternative_is_refused(
    file: Callable[[str], Path], key: str, first: str, second: str, form: str
) -> None:
    given = {"indicators": '["师德"]', key: f'[\n  "基地",\n  "{first}",\n  "{second}",{HERE}\n]'}
    error_lines = theme(**given).splitlines()
    at = next(number for number, line in enumerate(error_lines, 1) if line == f'  "{first}",')
    assert_refused_here(
        file(theme(**given)),
        f"“{form}”写了两次（第 {at} 行已有）",
        f"{form!r} stands twice in {key} (line {at} has it)",
    )


@pytest.mark.parametrize(
    ("pattern", "zh", "en"),
    [
        ("(国|省", "括号不成对", "unpaired or nested"),
        ("培)", "括号不成对", "unpaired or nested"),
        ("((国|省)培)", "套了括号", "unpaired or nested"),
        ("(国|(省))培", "套了括号", "unpaired or nested"),
        ("()培", "每一项都要有字", "every alternative in ( ) needs text"),
        ("(国|)培", "每一项都要有字", "every alternative in ( ) needs text"),
        ("(国||省)培", "每一项都要有字", "every alternative in ( ) needs text"),
        ("(国| )培", "每一项都要有字", "every alternative in ( ) needs text"),
        ("国|省", "竖线只能写在括号里", "| stands only in ( )"),
        ("|", "竖线只能写在括号里", "| stands only in ( )"),
        ("…培训", "不能以 … 开头或结尾", "must not begin or end with …"),
        ("培训…", "不能以 … 开头或结尾", "must not begin or end with …"),
        ("…", "不能以 … 开头或结尾", "must not begin or end with …"),
        ("(国…|省)培", "每一项不能以 … 开头或结尾", "no alternative may begin or end with …"),
        ("国(培|…训)", "每一项不能以 … 开头或结尾", "no alternative may begin or end with …"),
        (f"({'|'.join('abcdefghij')})({'|'.join('abcdefghij')})({'|'.join('abcdef')})", "有 600 种形式，最多 500", "600 forms; at most 500"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", ["indicators", "exclusions"])
def test_a_pattern_that_cannot_be_read_is_refused_on_its_line(
    file: Callable[[str], Path], key: str, pattern: str, zh: str, en: str
) -> None:
    given = {"indicators": '["师德"]', key: f'[\n  "基地",\n  "{pattern}",{HERE}\n  "双师",\n]'}
    assert_refused_here(file(theme(**given)), f"主题 training 的 {key} “{pattern}” 不合写法", zh, en)


def test_as_many_forms_as_allowed_may_be_written(file: Callable[[str], Path]) -> None:
    letters = "|".join("abcdefghij")
    found = load_codebook(file(theme(indicators=f'["({letters})({letters})(v|w|x|y|z)"]'))).themes[0].indicators[0]
    assert len(found.forms) == 500
    assert {"aav", "jjz"} <= found.forms


@pytest.mark.parametrize("value", ["0", "31", "-1", "2.5", '"8"', "true"])
def test_a_gap_out_of_range_is_refused(file: Callable[[str], Path], value: str) -> None:
    changed = SHIPPED.replace("\ngap = 8\n", f"\ngap = {value}{HERE}\n")
    assert changed != SHIPPED
    assert_refused_here(file(changed), "gap 应为 1 至 30 的整数", "gap must be a whole number, 1 to 30")


@pytest.mark.parametrize("value", ["-1", "21", "2.5", '"3"', "true"])
def test_a_reach_out_of_range_is_refused(file: Callable[[str], Path], value: str) -> None:
    changed = SHIPPED.replace("\nreach = 3\n", f"\nreach = {value}{HERE}\n")
    assert changed != SHIPPED
    assert_refused_here(file(changed), "reach 应为 0 至 20 的整数", "reach must be a whole number, 0 to 20")


@pytest.mark.parametrize("bound", ["gap = 1", "gap = 30", "[negation]\nreach = 0", "[negation]\nreach = 20"])
def test_the_ends_of_the_ranges_are_allowed(file: Callable[[str], Path], bound: str) -> None:
    load_codebook(file(bound + "\n" + theme()))


@pytest.mark.parametrize("key", ["before", "after", "not"])
@pytest.mark.parametrize("value", ['"不"', "[1]", '[""]'])
def test_negating_words_that_are_no_list_of_texts_are_refused(
    file: Callable[[str], Path], key: str, value: str
) -> None:
    error = refused(file(f"# {key}\n\n[negation]\nreach = 3\n{key} = {value}\n" + theme()))
    assert error.line in (3, 5)  # the section, or the line
    assert f"{key} must list texts" in error.en


def test_negating_words_are_folded_as_the_text_is(file: Callable[[str], Path]) -> None:
    found = load_codebook(file('[negation]\nbefore = ["ＮＯ"]\nafter = ["Ｘ"]\nnot = ["ＮＯＴ"]\n')).negation
    assert (found.before, found.after, found.not_) == (("no",), ("x",), ("not",))


def test_an_unknown_key_of_the_negation_is_refused(file: Callable[[str], Path]) -> None:
    text = theme() + f'[negation]{HERE}\nbeside = ["不"]\n'
    assert_refused_here(file(text), "[negation] 只认 after, before, not, reach", "knows after, before, not, reach only")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("gap = 8\ngap = 9\n", 2),
        ("gap = 8\n\n[[theme]]\nid = training\n", 4),
        (theme() + "indicators = [\n", 10),  # the end of the file
        (theme(indicators='["培训" "研修"]'), 7),
    ],
)
def test_what_is_no_toml_is_refused_with_its_line(file: Callable[[str], Path], text: str, line: int) -> None:
    error = refused(file(text))
    assert error.line == line
    assert "不是合法的 TOML" in error.zh
    assert "not valid TOML" in error.en


def test_what_is_not_utf8_is_refused_with_its_line(file: Callable[[bytes], Path]) -> None:
    error = refused(file(b"gap = 8\n\n" + "# 主题".encode("gb18030") + b"\n"))
    assert error.line == 3
    assert "UTF-8" in error.en


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("theme = 3\n", 1),
        ("\n[theme]\nid = 'training'\n", 2),
        ("\ntheme = [1]\n", 2),
        ('\ntheme = [{id = "training"}]\n', 2),
        ('\n[["theme"]]\nid = "training"\n', 2),
        ('\nshared = [{indicator = "培训"}]\n', 2),
        ("\n[shared]\nindicator = '甲'\n", 2),
        (theme() + '\n[[shared]]\nindicator = "培训"\nthemes = 3\nwhy = "so"\n', 11),
        (theme() + '\n[[shared]]\nindicator = ["培训"]\nthemes = ["training", "ethics"]\nwhy = "so"\n', 11),
    ],
)
def test_a_section_of_another_shape_is_refused(file: Callable[[str], Path], text: str, line: int) -> None:
    assert refused(file(text)).line == line


@pytest.mark.parametrize("head", ["[[ theme ]]", "[[theme ]]", "  [[theme]]", "[[theme]] # 培训"])
def test_the_head_of_a_theme_may_be_written_as_toml_allows(file: Callable[[str], Path], head: str) -> None:
    text = "\n" + theme().replace("[[theme]]", head) + theme("ethics", indicators='["师德"]')
    assert [(one.id, one.line) for one in load_codebook(file(text)).themes] == [("training", 2), ("ethics", 11)]


@pytest.mark.parametrize("quote", ["'培训'", '"""培训"""', "'''培训'''"])
def test_an_indicator_may_be_quoted_as_toml_allows_and_keeps_its_line(file: Callable[[str], Path], quote: str) -> None:
    found = load_codebook(file(theme(indicators=f'[\n  "研修",\n  {quote},\n]'))).themes[0].indicators
    assert [(one.pattern, one.line) for one in found] == [("研修", 8), ("培训", 9)]


# --- shared indicators -------------------------------------------------------------------------------------------


def two(first: str, second: str) -> str:
    return theme("industry", indicators=f'["企业", "{first}"]') + theme(
        "international", indicators=f'[\n  "国外",\n  "{second}",{HERE}\n]'
    )


@pytest.mark.parametrize(
    ("first", "second", "form"),
    [
        ("双元制", "双元制", "双元制"),
        ("(双元|学徒)制", "双元制", "双元制"),
        ("双元制", "(双元|学徒)制", "双元制"),
        ("(双元|学徒)制", "(双元|流动)制", "双元制"),
        ("MOOC", "ｍｏｏｃ", "mooc"),
        ("研…修", "研…修", "研…修"),
    ],
)
def test_an_indicator_of_two_themes_also_as_an_alternative_needs_a_reason(
    file: Callable[[str], Path], first: str, second: str, form: str
) -> None:
    text = two(first, second)
    assert_refused_here(
        file(text), f"“{form}”同时是 industry（第 7 行）和 international 的指示词", f"{form!r} is an indicator of industry (line 7)"
    )  # fmt: skip
    given = text + shared(indicator=f'"{form}"')
    assert [one.id for one in load_codebook(file(given)).themes] == ["industry", "international"]


def test_a_reason_for_two_themes_is_none_for_a_third(file: Callable[[str], Path]) -> None:
    text = two("双元制", "双元制").replace(HERE, "") + theme("training", indicators=f'["双元制"]{HERE}') + shared()
    assert_refused_here(file(text), "“双元制”同时是 industry", "and of training")
    others = text.replace(HERE, "").replace('["industry", "international"]', '["international", "training"]')
    error = refused(file(others))
    assert "'双元制' is an indicator of industry (line 7) and of international" in error.en
    both = text.replace('["industry", "international"]', '["industry", "international", "training"]')
    assert len(load_codebook(file(both)).themes) == 3


def test_an_exclusion_may_be_what_another_theme_indicates(file: Callable[[str], Path]) -> None:
    text = theme(indicators='["培训"]') + theme("ethics", indicators='["师德"]', exclusions='["培训"]')
    assert len(load_codebook(file(text)).themes) == 2


@pytest.mark.parametrize(
    ("other", "zh", "en"),
    [
        ({"why": None}, "以及理由 why", "the reason, why"),
        ({"why": '" "'}, "以及理由 why", "the reason, why"),
        ({"indicator": None}, "需要 indicator", "needs indicator"),
        ({"themes": None}, "至少两个 themes", "at least two themes"),
        ({"themes": '["industry"]'}, "至少两个 themes", "at least two themes"),
        ({"themes": '["industry", "abroad"]'}, "没有主题“abroad”", "no theme 'abroad'"),
        # needless
        ({"indicator": '"学徒制"'}, "“学徒制”并不是", "'学徒制' is not an indicator of industry, international"),
        ({"indicator": '"企业"'}, "“企业”并不是", "'企业' is not an indicator of industry, international"),
        ({"themes": '["industry", "international", "training"]'}, "并不是", "is not an indicator of"),
    ],
)
def test_a_reason_that_is_incomplete_or_needless_is_refused(
    file: Callable[[str], Path], other: dict[str, str | None], zh: str, en: str
) -> None:
    # Beside it stands the entry that is needed, so that nothing else is wrong
    text = two("双元制", "双元制").replace(HERE, "") + theme("training", indicators='["培训"]')
    needed = "" if "themes" in other else shared()
    text += needed + shared(**other).replace("[[shared]]", f"[[shared]]{HERE}")
    assert_refused_here(file(text), zh, en)


def test_a_reason_given_twice_is_refused(file: Callable[[str], Path]) -> None:
    text = two("双元制", "双元制").replace(HERE, "") + shared() + shared().replace("[[shared]]", f"[[shared]]{HERE}")
    assert_refused_here(file(text))


# --- what a pattern means ----------------------------------------------------------------------------------------


def spans(pattern: str, text: str, gap: int = 8) -> list[str]:
    """What of the text the pattern finds, left to right."""
    return [text[slice(*match.span())] for match in compiled(pattern, gap)[0].finditer(folded(text))]


@pytest.mark.parametrize("written", ["１＋Ｘ", "1+x", "1+X", "１+ｘ"])
@pytest.mark.parametrize("said", ["１＋Ｘ", "1+x", "1+X", "1＋Ｘ"])
def test_case_and_full_width_forms_do_not_matter(written: str, said: str) -> None:
    assert folded(written) == "1+x"
    assert spans(written, f"推行{said}证书") == [said]


@given(st.text())
def test_folding_keeps_every_character_in_its_place(text: str) -> None:
    found = folded(text)
    assert len(found) == len(text)
    assert found == "".join(map(folded, text))


@given(st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)))
def test_folding_changes_no_han_character(text: str) -> None:
    assert folded(text) == text


@pytest.mark.parametrize("mark", list("，。；：！？,;:!?\n"))
def test_a_gap_crosses_no_end_of_a_clause(mark: str) -> None:
    assert spans("培养…教师", "培养青年教师") == ["培养青年教师"]
    assert spans("培养…教师", f"培养青年{mark}教师") == []
    assert spans("培养…教师", f"培养{mark}教师") == []
    assert folded(mark) in CLAUSE_ENDS


@pytest.mark.parametrize("mark", list("、“”（）·—… "))
def test_other_marks_may_stand_in_a_gap(mark: str) -> None:
    assert spans("培养…教师", f"培养青年{mark}教师") == [f"培养青年{mark}教师"]


@pytest.mark.parametrize("gap", [1, 3, 8])
def test_a_gap_holds_so_many_characters_and_no_more(gap: int) -> None:
    assert spans("培养…教师", "培养教师", gap) == ["培养教师"]
    assert spans("培养…教师", f"培养{'一' * gap}教师", gap) == [f"培养{'一' * gap}教师"]
    assert spans("培养…教师", f"培养{'一' * (gap + 1)}教师", gap) == []


def test_a_gap_may_stand_within_an_alternative() -> None:
    pattern = "国际(化…都市|贸易)"
    assert spans(pattern, "建成国际化大都市，发展国际贸易，国际化，都市") == ["国际化大都市", "国际贸易"]
    assert compiled("国际(化……都市|贸易)", 8)[1] == {"国际化…都市", "国际贸易"}


def test_a_gap_is_as_short_as_it_can_be() -> None:
    assert spans("培养…教师", "培养老教师和新教师") == ["培养老教师"]
    assert spans("a…b…c", "a1b2c3c") == ["a1b2c"]


def test_of_alternatives_the_longest_is_found_whatever_their_order() -> None:
    for pattern in ("(国家|国家级)", "(国家级|国家)"):
        assert spans(pattern, "国家级基地与国家基地") == ["国家级", "国家"]
    assert spans("(国家|国家级)级基地", "国家级基地") == ["国家级基地"]  # the shorter where only it leads on


def test_signs_of_expressions_mean_themselves() -> None:
    assert spans("中文+", "中文+职业技能，中文文") == ["中文+"]
    assert spans("a.c", "abc a.c") == ["a.c"]
    assert spans("[教]*", "教教 [教]*") == ["[教]*"]


def test_the_forms_of_a_pattern_are_its_alternatives_written_out() -> None:
    assert compiled("(国|省)培…(计划|项目)", 8)[1] == {"国培…计划", "国培…项目", "省培…计划", "省培…项目"}
    assert compiled("１＋Ｘ", 8)[1] == {"1+x"}


PIECES = st.lists(st.sampled_from(["培", "训", "x", "Ｘ", "，", "。", "\n", "、"]), max_size=25).map("".join)


@given(PIECES, st.integers(1, 5))
def test_a_gap_is_found_wherever_a_plain_search_finds_one(text: str, gap: int) -> None:
    plain = folded(text)
    found = [match.span() for match in compiled("培…训", gap)[0].finditer(plain)]

    def stands(start: int, end: int) -> bool:
        inner = plain[start + 1 : end - 1]
        return (
            end - start >= 2
            and plain[start] == "培"
            and plain[end - 1] == "训"
            and len(inner) <= gap
            and not any(mark in inner for mark in "，。；：！？,;:!?\n")
        )

    expected, at = [], 0
    while at < len(plain):
        end = next((end for end in range(at + 2, len(plain) + 1) if stands(at, end)), None)
        if end is not None:
            expected.append((at, end))
        at = at + 1 if end is None else end
    assert found == expected


WORD = st.text(alphabet="培训师德国省级1Xx+.*[]^$\\?", min_size=1, max_size=4)


@given(st.lists(WORD, min_size=1, max_size=4, unique_by=folded), WORD, WORD, PIECES)
def test_every_form_of_a_pattern_is_found_in_a_text_that_has_it(
    alternatives: list[str], before: str, after: str, around: str
) -> None:
    regex, forms = compiled(f"{before}({'|'.join(alternatives)}){after}", 8)
    assert forms == {folded(before + one + after) for one in alternatives}
    for form in forms:
        assert regex.search(around + form)
        assert regex.fullmatch(form)


# --- any text ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def any_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("codebook") / "themes.toml"


SMALL = (
    "gap = 3\n" + two("双元制", "双元制").replace(HERE, "") + shared() + '[negation]\nbefore = ["不"]\nreach = 2\n'
).strip()
MARKS = st.sampled_from([*list("[]\"'=\n#(|)…,{}. 1"), "[[theme]]", "[theme]", "why", "themes", "培"])


def loaded(path: Path, text: str) -> Codebook | InputError:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        return load_codebook(path)
    except InputError as error:
        return error


def loaded_or_refused(path: Path, text: str) -> None:
    found = loaded(path, text)
    if isinstance(found, InputError):
        assert found.line is not None
        assert 1 <= found.line <= text.count("\n") + 1
        assert found.zh
        assert found.en
    else:
        assert all(one.indicators for one in found.themes)


@given(st.text())
def test_any_text_is_a_codebook_or_refused(any_file: Path, text: str) -> None:
    loaded_or_refused(any_file, text)


@settings(max_examples=300)
@given(st.integers(0, len(SMALL)), st.integers(0, 30), st.lists(MARKS, max_size=3).map("".join))
def test_a_codebook_with_any_slip_of_the_pen_is_one_or_refused(
    any_file: Path, at: int, gone: int, written: str
) -> None:
    loaded_or_refused(any_file, SMALL[:at] + written + SMALL[at + gone :])


@given(st.lists(st.sampled_from(["(", ")", "|", "…", "培", "训", "Ｘ", " ", "，", "*"]), max_size=10).map("".join))
def test_any_pattern_is_read_or_refused_in_both_languages(pattern: str) -> None:
    try:
        regex, forms = compiled(pattern, 8)
    except ValueError as error:
        zh, en = error.args
        assert re.search(r"[一-鿿]", zh)
        assert re.match(r"[\x20-\x7e]", en)
    else:
        for form in forms:
            assert regex.fullmatch(form.replace("…", ""))
            assert regex.fullmatch(form.replace("…", "甲乙"))
