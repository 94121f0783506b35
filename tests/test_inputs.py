"""The page on bad and odd inputs is that of today, and every message on it says what to do, in both languages."""

from __future__ import annotations

import re

import pytest

from benchmarks import inputs
from benchmarks.inputs import Case, Told
from pipeline.method import Gazetteer, Settings

Found = dict[tuple[str, str], list[Told]]

# What a message may ask for, at the beginning of a sentence.
_DO = (
    *(
        "Add",
        "Ask",
        "Change",
        "Check",
        "Choose",
        "Copy",
        "Correct",
        "Delete",
        "Divide",
        "Download",
        "Fill",
        "Give",
        "Keep",
        "Look",
    ),
    *("Make", "Mend", "Name", "Open", "Put", "Quote", "Recognise", "Remove", "Rename", "Save", "Show", "Split", "Turn"),
    *("Unpack", "Use", "Write"),
)


@pytest.fixture(scope="module")
def found() -> Found:
    """Anything but an error in words, in any case, ends this with the case's name."""
    return inputs.every()


def test_the_page_was_written_with_the_readers_of_today(found: Found) -> None:
    assert inputs.page(found) == inputs.PAGE.read_text("utf-8"), "run python -m benchmarks.inputs"


def test_every_error_says_what_to_do_in_both_languages(found: Found) -> None:
    errors = [one for section in found.values() for one in section if one.code]
    of_make = [one for one in errors if one.case.name.startswith("make")]
    assert all(re.search("请|可看|应为", one.zh) and re.search("make corpora|Keep|must", one.en) for one in of_make)
    asking = re.compile(rf"(?:^|[.;] )(?:{'|'.join(_DO)})\b", re.IGNORECASE)
    others = [one for one in errors if one not in of_make]
    assert [one.zh for one in others if not re.search("请|应写成|应在", one.zh)] == []
    assert [one.en for one in others if not asking.search(one.en)] == []


def test_every_error_ends_with_code_2_and_names_its_file(found: Found) -> None:
    for one in (one for section in found.values() for one in section if one.code):
        assert one.code == 2, one
        if not one.case.name.startswith("make"):
            assert one.where, one
            assert not one.where.startswith("/"), one


def test_no_two_cases_of_a_section_are_the_same(found: Found) -> None:
    for section in found.values():
        names = [(one.case.zh, one.case.en) for one in section]
        assert len(names) == len(set(names))
    assert sum(map(len, found.values())) > 180


def test_an_exception_that_is_no_message_ends_the_script_with_the_name_of_its_case(
    places: Gazetteer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("a mistake of ours")

    monkeypatch.setattr(inputs, "gathered", broken)
    with pytest.raises(KeyError) as caught:
        inputs.told(Case("好", "good", "好.csv", "地区,正文\n山东,文字。\n"), places, settings)
    assert caught.value.__notes__ == ["in the case: good"]


def test_a_message_too_long_for_the_page_keeps_its_ends_and_breaks_no_cell() -> None:
    shown = inputs._shown("a|" + "b" * 500 + "\n<c>\u202e\\")
    assert shown.startswith("a\\|bbb")
    assert shown.endswith("␤&lt;c>\\\\u202e\\\\")
    assert len(shown) < 330
