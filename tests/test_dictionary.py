"""What the user dictionary decides, on lists and pairs worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import tables
from pipeline.dictionary import keywords_of, regions_of
from pipeline.robustness import Claim, by_dictionary
from tests.conftest import Corpus

# (region, term, rank or None, count, stability)
Row = tuple[str, str, int | None, int, float]


def listed(*rows: Row) -> pd.DataFrame:
    """The columns of keywords.csv that matter; a term of rank None is no candidate."""
    frame = pd.DataFrame(
        [
            {
                "region": region, "term": term, "rank": rank, "count": count, "stability": stability,
                "measure_ids": [f"{region}-{term}"],
            }
            for region, term, rank, count, stability in rows
        ],
        columns=["region", "term", "rank", "count", "stability", "measure_ids"],
    )  # fmt: skip
    return frame.astype({"rank": "Int64"})


def changes(
    with_it: Sequence[Row], without: Sequence[Row], *, top: int = 2, stable: float = 0.7
) -> list[dict[str, Any]]:
    frame = keywords_of(listed(*with_it), listed(*without), ["甲", "乙"], top=top, stable=stable)
    tables.check(frame, tables.DICTIONARY_KEYWORDS)
    return frame.to_dict("records")


def test_a_term_of_both_lists_is_kept_whatever_its_rank() -> None:
    (row,) = changes([("甲", "双师", 1, 3, 0.9)], [("甲", "双师", 2, 4, 0.8)])
    assert (row["status"], row["cause"], row["sure"]) == ("kept", "", False)
    assert (row["rank"], row["rank_without"], row["count"], row["count_without"]) == (1, 2, 3, 4)


def test_a_term_that_is_no_word_without_the_dictionary_is_lost_by_the_cut() -> None:
    lost, gained = changes([("甲", "创新团队", 1, 3, 0.9)], [("甲", "创新", 1, 3, 0.9)])
    assert (lost["term"], lost["status"], lost["cause"], lost["sure"]) == ("创新团队", "lost", "cut", True)
    assert (lost["count_without"], lost["stability_without"]) == (0, 0.0)
    assert pd.isna(lost["rank_without"])
    assert (gained["term"], gained["status"], gained["cause"]) == ("创新", "gained", "cut")
    assert gained["measure_ids"] == ["甲-创新"]


def test_a_term_that_is_a_word_on_both_sides_and_falls_below_the_list_is_lost_by_rank() -> None:
    rows = changes(
        [("甲", "师德", 1, 2, 0.6), ("甲", "评价", 2, 2, 0.6)],
        [("甲", "师德", 3, 2, 0.5), ("甲", "评价", 1, 2, 0.6), ("甲", "培训", 2, 2, 0.6)],
    )
    assert [(row["term"], row["status"], row["cause"]) for row in rows] == [
        ("评价", "kept", ""), ("师德", "lost", "rank"), ("培训", "gained", "cut")
    ]  # fmt: skip
    assert not any(row["sure"] for row in rows)


@pytest.mark.parametrize(
    ("here", "there", "sure"),
    [(0.7, 0.3, True), (0.69, 0.3, False), (0.7, 0.31, False), (1.0, 0.0, True), (0.3, 0.7, True)],
)
def test_a_change_is_sure_where_it_survives_resampling_on_both_sides(here: float, there: float, *, sure: bool) -> None:
    rows = changes([("甲", "师德", 1, 2, here)], [("甲", "师德", 3, 2, there)])
    assert [(row["status"], row["sure"]) for row in rows] == [("lost", sure)]


def test_the_regions_stand_in_the_order_of_the_corpus_also_where_one_has_words_on_one_side_only() -> None:
    rows = changes([("乙", "双师", 1, 1, 0.5)], [("乙", "双师", 1, 1, 0.5), ("甲", "培训", 1, 1, 0.5)])
    assert [row["region"] for row in rows] == ["甲", "乙"]


def pairs(*rows: tuple[str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["region_a", "region_b", "cosine"])


def test_each_region_counts_its_list_and_names_its_nearest_on_both_sides() -> None:
    frame = keywords_of(
        listed(("甲", "双师", 1, 1, 0.5), ("甲", "培训", 2, 1, 0.5), ("乙", "双师", 1, 1, 0.5)),
        listed(("甲", "双师", 1, 1, 0.5), ("甲", "评价", 2, 1, 0.5), ("乙", "双师", 1, 1, 0.5)),
        ["甲", "乙", "丙"],
        top=2,
        stable=0.7,
    )
    found = regions_of(
        frame,
        pairs(("甲", "乙", 0.5), ("甲", "丙", 0.2), ("乙", "丙", 0.0)),
        pairs(("甲", "乙", 0.1), ("甲", "丙", 0.4), ("乙", "丙", 0.0)),
        ["甲", "乙", "丙"],
    )
    tables.check(found, tables.DICTIONARY_REGIONS)
    first, second, third = found.to_dict("records")
    assert (first["kept"], first["lost"], first["gained"]) == (1, 1, 1)
    assert first["jaccard"] == pytest.approx(1 / 3)
    assert (first["nearest"], first["nearest_without"], first["nearest_same"]) == ("乙", "丙", False)
    assert (second["nearest"], second["nearest_cosine_without"], second["nearest_same"]) == ("甲", 0.1, True)
    assert (second["kept"], second["jaccard"]) == (1, 1.0)
    assert (third["kept"], third["jaccard"]) == (0, 1.0)  # two empty lists are the same list


def test_a_region_without_a_neighbour_on_either_side_keeps_none() -> None:
    found = regions_of(
        keywords_of(listed(), listed(), ["甲", "乙"], top=2, stable=0.7),
        pairs(("甲", "乙", 0.0)),
        pairs(("甲", "乙", 0.0)),
        ["甲", "乙"],
    )
    assert found["nearest_same"].tolist() == [False, False]


def test_a_claim_is_judged_apart_with_the_dictionary_and_without_it() -> None:
    texts = ["dictionary"] * 4 + ["no dictionary"] * 4 + ["character pairs"] * 2
    claim = Claim("pair", "甲", "乙", choices=[{"text": text} for text in texts], holds=[True] * 4 + [True, False, False, False] + [False] * 2)  # fmt: skip
    assert by_dictionary(claim, robust=0.8, fragile=0.5) == {
        "with_specifications": 4, "with_share": 1.0, "with_standing": "robust",
        "without_specifications": 4, "without_share": 0.25, "without_standing": "fragile",
    }  # fmt: skip


def test_a_claim_that_no_such_specification_speaks_to_has_no_standing() -> None:
    found = by_dictionary(
        Claim("pair", "甲", "乙", choices=[{"text": "character pairs"}], holds=[True]), robust=0.8, fragile=0.5
    )
    assert found["with_specifications"] == found["without_specifications"] == 0
    assert np.isnan(found["with_share"])
    assert found["with_standing"] == found["without_standing"] == ""


def test_of_the_appendix_the_lists_of_both_sides_are_those_of_the_keywords(corpus: Corpus) -> None:
    listed_terms = corpus.keywords[corpus.keywords["rank"] <= 10]
    mine = corpus.dictionary_keywords[corpus.dictionary_keywords["status"] != "gained"]
    assert set(zip(mine["region"], mine["term"], strict=True)) == set(
        zip(listed_terms["region"], listed_terms["term"], strict=True)
    )
    sizes = corpus.dictionary_regions.set_index("region")
    assert (sizes["kept"] + sizes["lost"]).tolist() == listed_terms.groupby("region", sort=False).size().tolist()
    # a claim's specifications with the dictionary and without it are among all that can speak to it
    claims = corpus.robustness
    assert (claims["with_specifications"] + claims["without_specifications"] <= claims["specifications"]).all()
    whole_terms = corpus.dictionary_keywords[corpus.dictionary_keywords["term"] == "精准送培"]
    assert whole_terms["cause"].tolist() == ["cut"]
