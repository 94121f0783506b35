"""What the report says of shared passages: what its tables say, in both languages alike, with links to the clauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
import pytest

from pipeline import tables
from pipeline.method import Settings
from pipeline.report.document import Block, Details, Paragraph, Span, Table
from pipeline.report.sections import shared_passages
from pipeline.report.source import Tables
from tests.conftest import Corpus
from tests.test_hedges import LANGUAGES, Noted, text_of, worded

PASSAGE = {
    "passage_id": "S1", "text": "全面落实立德树人根本任务", "characters": 12, "documents": 2, "regions": 2,
    "measure_ids": ["D01-1", "D02-1"], "region_names": "山东、浙江",
}  # fmt: skip
CLOSE = {
    "doc_a": "D01", "doc_b": "D02", "region_a": "山东", "region_b": "浙江", "shingles_a": 100, "shingles_b": 80,
    "shared": 60, "containment": 0.75, "resemblance": 0.5,
}  # fmt: skip
BETWEEN = {
    "passages": 1, "share": 0.0123, "mean": 0.25, "mean_without": 0.125, "region_a": "山东", "region_b": "浙江",
    "cosine": 0.5, "cosine_without": 0.375,
}  # fmt: skip


def said(
    corpus: Corpus,
    settings: Settings,
    language: str,
    effect: Mapping[str, Any] | None = None,
    passages: Sequence[Mapping[str, Any]] = (),
    close: Sequence[Mapping[str, Any]] = (),
) -> tuple[list[Block], set[str]]:
    frames: dict[str, pd.DataFrame] = {table.name: frame for frame, table in corpus.with_contracts()}
    frames["shared_passages"] = tables.from_rows(passages, tables.SHARED_PASSAGES)
    frames["near_duplicates"] = tables.from_rows(close, tables.NEAR_DUPLICATES)
    frames["shared_effect"] = frames["shared_effect"].assign(**(effect or {}))
    t = Tables(frames)
    w: Noted = worded(language, t)
    blocks = shared_passages.blocks(t, w, settings)
    return blocks, {key.removeprefix("shared.") for key in w.keys}


def spans_of(blocks: Sequence[Block]) -> Iterator[Span]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from block.spans
        elif isinstance(block, Details):
            yield from spans_of(block.blocks)
        elif isinstance(block, Table):
            for row in block.rows:
                for one in row:
                    yield from one


@pytest.mark.parametrize("language", LANGUAGES)
def test_when_nothing_is_shared_one_paragraph_says_so(corpus: Corpus, settings: Settings, language: str) -> None:
    blocks, keys = said(corpus, settings, language)
    assert [type(block).__name__ for block in blocks] == ["Heading", "Paragraph"]
    assert keys == {"none", "no_near"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_means_with_and_without_and_the_passages_are_told(
    corpus: Corpus, settings: Settings, language: str
) -> None:
    blocks, keys = said(corpus, settings, language, BETWEEN, [PASSAGE])
    assert keys == {"passages", "means", "most", "no_near"}
    text = text_of(blocks)
    for number in ("1.2%", "0.250", "0.125", "0.500", "0.375"):
        assert number in text
    assert PASSAGE["text"] in text
    assert {"#D01-1", "#D02-1"} <= {span.href for span in spans_of(blocks)}
    anchors = [block.anchor for block in blocks if isinstance(block, Details)]
    assert anchors == ["shared-passages", "shared-regions"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pairs_that_are_not_counted_are_told_and_no_mean_of_nothing(
    corpus: Corpus, settings: Settings, language: str
) -> None:
    fewer = BETWEEN | {"pairs_without": 55}
    blocks, keys = said(corpus, settings, language, fewer, [PASSAGE])
    assert "fewer_pairs" in keys
    assert "55" in text_of(blocks)
    nothing = BETWEEN | {"pairs_without": 0, "mean_without": float("nan"), "region_a": "", "region_b": ""}
    blocks, keys = said(corpus, settings, language, nothing, [PASSAGE])
    assert keys == {"passages", "nothing_left", "no_near"}
    assert "—" not in text_of(blocks[:2])


@pytest.mark.parametrize("language", LANGUAGES)
def test_passages_of_one_region_are_told_apart(corpus: Corpus, settings: Settings, language: str) -> None:
    within = PASSAGE | {"regions": 1, "region_names": "山东", "measure_ids": ["D01-1", "D01-2"]}
    blocks, keys = said(corpus, settings, language, {"passages_within": 1}, [within])
    assert keys == {"none_between", "within", "no_near"}
    assert [block.anchor for block in blocks if isinstance(block, Details)] == ["shared-passages"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_near_duplicates_are_listed_with_links_to_both_documents(
    corpus: Corpus, settings: Settings, language: str
) -> None:
    blocks, keys = said(corpus, settings, language, close=[CLOSE])
    assert keys == {"none", "near"}
    assert {"#D01-1", "#D02-1"} <= {span.href for span in spans_of(blocks)}
    assert "75%" in text_of(blocks)


def test_a_long_list_is_left_out_of_word_and_says_how_many_it_shows(corpus: Corpus, settings: Settings) -> None:
    many = [PASSAGE | {"passage_id": f"S{at}", "text": f"第{at}条"} for at in range(1, 302)]
    blocks, _ = said(corpus, settings, "en", BETWEEN, many)
    (folded,) = (block for block in blocks if isinstance(block, Details) and block.anchor == "shared-passages")
    assert folded.long
    assert len(folded.blocks[0].rows) == 300  # type: ignore[union-attr]
    assert "all: 301, listed: 300" in "".join(span.text for span in folded.summary)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_of_a_cell_is_that_cell_rounded(corpus: Corpus, settings: Settings, language: str) -> None:
    blocks, _ = said(corpus, settings, language, BETWEEN, [PASSAGE], [CLOSE])
    rows = {"S1": PASSAGE, "D01|D02": CLOSE, "words": BETWEEN, "characters": BETWEEN}
    bound = [span for span in spans_of(blocks) if span.cell]
    assert {span.cell.split(" | ")[0] for span in bound} == {
        "shared_effect.csv", "shared_passages.csv", "shared_regions.csv", "near_duplicates.csv"
    }  # fmt: skip
    for span in bound:
        file, key, column = span.cell.split(" | ")
        if file != "shared_regions.csv":
            value = rows[key][column]
            shown = span.text.rstrip("%")
            scale = 100 if span.text.endswith("%") else 1
            assert float(shown) == pytest.approx(value * scale, abs=0.06 if scale == 100 else 0.0006)
