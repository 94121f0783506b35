"""The sample that is studied in full: random, stable, and of bounded length."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from pipeline.method import Settings
from pipeline.study import documents_studied, units_studied


def test_the_sample_of_units_changes_by_one_at_the_most_when_a_unit_comes(settings: Settings) -> None:
    scale = replace(settings.scale, units_studied=20)
    names = [f"第{at}区" for at in range(500)]
    before = units_studied(names, 30, scale, 7)
    assert len(before) == 20
    assert units_studied(list(reversed(names)), 30, scale, 7) == before
    for new in ("甲", "乙", "丙", "丁"):
        assert len(before - units_studied([*names, new], 30, scale, 7)) <= 1
    assert units_studied(names, 30, scale, 8) != before


def test_of_long_documents_fewer_units_are_studied_but_never_less_than_the_least(settings: Settings) -> None:
    scale = replace(settings.scale, units_studied=40, units_studied_least=12, characters_studied=120_000)
    names = [f"第{at}区" for at in range(500)]
    sizes = {length: len(units_studied(names, length, scale, 7)) for length in (30, 3000, 6000, 17_000)}
    assert sizes == {30: 40, 3000: 40, 6000: 20, 17_000: 12}
    assert units_studied(names, 6000, scale, 7) < units_studied(names, 30, scale, 7)


def test_of_units_with_long_texts_whole_documents_are_drawn_and_at_least_one(settings: Settings) -> None:
    scale = replace(settings.scale, characters_studied=100)
    rows = [("甲", 10)] * 30 + [("乙", 300)]
    documents = pd.DataFrame(
        {"doc_id": [f"D{at}" for at in range(31)], "region": [a for a, _ in rows], "text": ["字" * n for _, n in rows]}
    )
    kept = documents[documents_studied(documents, scale, 7)]
    # 50 characters each: five documents of ten characters, and the long one, because it is all there is.
    assert kept["region"].value_counts().to_dict() == {"甲": 5, "乙": 1}
    assert kept.index.is_monotonic_increasing


def test_short_texts_are_all_studied(settings: Settings) -> None:
    documents = pd.DataFrame({"doc_id": ["D1", "D2"], "region": ["甲", "乙"], "text": ["字", "字"]})
    assert documents_studied(documents, settings.scale, 7).all()
