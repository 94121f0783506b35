"""The made-up corpus of `make bench`: the same bytes each time, of the stated sizes, with something to find."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from benchmarks.made_up import KINDS, LONG, THEMES, as_json_lines, as_table, long, main, short, words
from tests.make import ROOT

# Of the first 300 short and 2 long texts, with jieba 0.42.1's dictionary.
DIGESTS = {"short": "963e9a0f3190", "long": "8ea42cea9eaa"}


@pytest.mark.parametrize(("kind", "count"), [("short", 300), ("long", 2)])
def test_two_processes_with_other_hashes_write_the_bytes_that_were_always_written(
    kind: str, count: int, tmp_path: Path
) -> None:
    digests = set()
    for seed in ("1", "2"):
        made = tmp_path / f"{seed}.jsonl"
        subprocess.run(
            [sys.executable, "-m", "benchmarks.made_up", str(made), kind, str(count)],
            cwd=ROOT, env=os.environ | {"PYTHONHASHSEED": seed}, check=True,
        )  # fmt: skip
        digests.add(hashlib.sha256(made.read_bytes()).hexdigest()[:12])
    assert digests == {DIGESTS[kind]}


def test_short_texts_have_75_bytes_and_some_stand_there_again() -> None:
    texts = [text.text for text in islice(short(), 20_000)]
    sizes = [len(text.encode()) for text in texts]
    assert 74.5 < sum(sizes) / len(sizes) < 75.5
    assert 24.5 < sum(map(len, texts)) / len(texts) < 26
    assert max(sizes) < 130
    assert 150 < len(texts) - len(set(texts)) < 250  # one in a hundred


def _alike_from_the_start(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def test_one_short_text_in_a_hundred_differs_from_an_earlier_one_in_a_single_word() -> None:
    texts = list(dict.fromkeys(text.text for text in islice(short(), 4_000)))
    alike: dict[str, list[str]] = {}
    near = 0
    for text in texts:
        ends = {text[:6], text[-6:]}
        earlier = [other for end in ends for other in alike.get(end, ())]
        near += any(
            _alike_from_the_start(text, other) + _alike_from_the_start(text[::-1], other[::-1]) >= len(text) - 5
            for other in earlier
        )
        for end in ends:
            alike.setdefault(end, []).append(text)
    assert 20 <= near <= 70


def test_long_texts_have_17000_characters_in_many_paragraphs() -> None:
    for text in islice(long(), 3):
        assert len(text.text) == LONG == 17_000
        assert len(text.text.split("\n")) > 50
        assert max(map(len, text.text.split("\n"))) < 700


@pytest.mark.parametrize("kind", ["short", "long"])
def test_fewer_texts_are_the_first_of_more(kind: str) -> None:
    make = KINDS[kind]
    assert list(islice(make(), 3)) == list(islice(make(), 5))[:3]


def test_every_text_has_a_unit_of_its_own_and_all_themes_come() -> None:
    texts = list(islice(short(), 1_000))
    assert len({text.unit for text in texts}) == 1_000
    assert {text.theme for text in texts} == set(range(THEMES))


def test_themes_have_no_word_in_common_and_a_text_has_more_of_its_own_than_of_any_other() -> None:
    themes = words().themes
    assert sum(map(len, themes)) == len({word for theme in themes for word in theme})
    texts = list(islice(short(), 500))
    own = [sum(word in text.text for word in themes[text.theme]) for text in texts]
    next_one = [sum(word in text.text for word in themes[(text.theme + 1) % THEMES]) for text in texts]
    assert sum(own) > 10 * sum(next_one)


def test_both_forms_hold_the_units_and_the_texts() -> None:
    texts = [*islice(short(), 2), *islice(long(), 1)]
    pairs = [(text.unit, text.text) for text in texts]
    rows = list(csv.reader(io.StringIO(as_table(texts).decode())))
    assert rows[0] == ["地区", "正文"]
    assert [tuple(row) for row in rows[1:]] == pairs
    lines = [json.loads(line) for line in as_json_lines(texts).decode().splitlines()]
    assert [(line["地区"], line["正文"]) for line in lines] == pairs


def test_the_command_writes_as_many_texts_as_it_is_told(tmp_path: Path) -> None:
    main([str(tmp_path / "some.csv"), "short", "7"])
    assert len((tmp_path / "some.csv").read_text("utf-8").splitlines()) == 8
