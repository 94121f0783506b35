"""What the report says of a background: only what its tables say, beside what holds without it, in both languages alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline import tables
from pipeline.method import Settings
from pipeline.report import wording
from pipeline.report.document import Block, Details, Figure, Heading, Measure, Paragraph, Span, Table
from pipeline.report.sections import background, background_hedges, findings, glance, method
from pipeline.report.source import Tables
from pipeline.summary import background_of
from tests.conftest import Corpus
from tests.test_hedges import LANGUAGES, Noted, at, every, text_of, worded

Frames = dict[str, pd.DataFrame]
LEFT = tuple(
    table.name
    for table in tables.ALL
    if table.name.startswith("background_") and table.name not in ("background_fit", "background_coverage")
)


def tables_of(corpus: Corpus, settings: Settings, **changed: Any) -> Tables:
    """The tables of the report with some changed; what summary.csv counts of the background is counted anew."""
    frames: Frames = {table.name: frame for frame, table in corpus.with_contracts()}
    for name, change in changed.items():
        frames[name] = change(frames[name])
    names = ("similarity", "measures", "groups", "claims")
    counted = background_of(
        frames["regions"], *(frames[f"background_{name}"] for name in names), settings.permutation.alpha
    )
    anew = {metric: float(value) for metric, value, _ in counted}
    summary = frames["summary"]
    frames["summary"] = summary.assign(value=[anew.get(row.metric, row.value) for row in summary.itertuples()])
    return Tables({**frames, "calibration": tables.from_rows([], tables.CALIBRATION)})


def none(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[:0]


NOTHING = dict.fromkeys(LEFT, none)


def blocks_of(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Details):
            yield from blocks_of(block.blocks)


def runs_of(blocks: Sequence[Block]) -> Iterator[Span]:
    """Every span of the blocks."""
    for block in blocks_of(blocks):
        if isinstance(block, Paragraph | Measure):
            yield from block.spans
        elif isinstance(block, Details):
            yield from block.summary
        elif isinstance(block, Figure):
            yield from block.caption
        elif isinstance(block, Table):
            for row in block.rows:
                for one in row:
                    yield from one


def table_of(blocks: Sequence[Block], anchor: str) -> Table:
    (found,) = (block for block in blocks_of(blocks) if isinstance(block, Table) and block.anchor == anchor)
    return found


def section_of(t: Tables, settings: Settings, language: str = "zh") -> tuple[list[Block], Noted]:
    w = worded(language, t)
    return background.section(t, w, settings), w


def said(t: Tables, settings: Settings) -> set[str]:
    """The sentences of the section, the same in both languages and all in its text."""
    both = []
    for language in LANGUAGES:
        _, w = section_of(t, settings, language)
        both.append({key.removeprefix("background.") for key in w.keys if key.startswith("background.")})
    assert both[0] == both[1]
    return both[0]


# --- numbers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_number_is_that_of_its_cell_and_every_table_of_the_stage_is_read(
    language: str, corpus: Corpus, settings: Settings
) -> None:
    t = tables_of(corpus, settings)
    blocks, _ = section_of(t, settings, language)
    bound = [span for span in runs_of(blocks) if span.cell]
    read = {span.cell.split(".csv")[0] for span in bound}
    behind = {"background_coassignment", "background_specifications"}  # told by groups and claims
    assert {table.name for table in tables.ALL if table.name.startswith("background_")} - behind <= read
    assert {"similarity", "similarity_intervals", "clusters"} <= read  # without the background, beside it
    found: dict[str, dict[str, list[Any]]] = {}  # table -> key -> its rows
    for span in bound:
        file, key, column = span.cell.split(" | ")
        table = tables.by_name(file.removesuffix(".csv"))
        if table.name not in found:
            rows = t[table.name].to_dict("records")
            found[table.name] = {}
            for row in rows:
                found[table.name].setdefault("|".join(str(row[name]) for name in table.key), []).append(row)
        (row,) = found[table.name][key]
        value = row[column]
        shown = span.text.strip("<% ").replace(",", "").replace("\u2212", "-")
        if shown == "—":
            assert np.isnan(value)
        else:
            half = 0.5 * 10 ** -len(shown.partition(".")[2])
            assert abs(value * (100 if span.text.endswith("%") else 1) - float(shown)) <= half + 1e-6


def test_the_listed_parts_of_a_pair_sum_to_its_similarity(corpus: Corpus) -> None:
    cosine = corpus.background_similarity.set_index(["region_a", "region_b"])["cosine"]
    sums = corpus.background_terms.groupby(["region_a", "region_b"])["value"].sum()
    assert sums.to_numpy() == pytest.approx(cosine.loc[sums.index].to_numpy(), abs=1e-9)


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_terms_of_a_pair_link_to_measures_of_their_regions_and_the_clauses_are_quoted(
    language: str, corpus: Corpus, settings: Settings
) -> None:
    t = tables_of(corpus, settings)
    blocks, _ = section_of(t, settings, language)
    apart = [b for b in blocks_of(blocks) if isinstance(b, Details) and b.anchor in
             {background_hedges.anchor_of(a, b) for a, b in zip(t["similarity"]["region_a"], t["similarity"]["region_b"], strict=True)}]  # fmt: skip
    explained = t["background_terms"].drop_duplicates(["region_a", "region_b"])
    assert len(apart) == len(explained) == len({block.anchor for block in apart})
    best = t["background_similarity"].sort_values("rank").iloc[0]
    assert apart[0].anchor == background_hedges.anchor_of(best.region_a, best.region_b)
    for block in apart:
        _, a, b = block.anchor.split("-")
        rows = t["background_terms"]
        rows = rows[(rows["region_a"] == a) & (rows["region_b"] == b) & (rows["kind"] == "terms")]
        hrefs = {(span.text, span.href) for span in runs_of(block.blocks)}
        for row in rows.itertuples():
            assert (row.term_a, f"#{row.measures_a[0]}") in hrefs
            assert (row.term_b, f"#{row.measures_b[0]}") in hrefs
            assert {t.measure[one].region for one in row.measures_a} == {a}
            assert {t.measure[one].region for one in row.measures_b} == {b}
        if len(rows[rows["part"] == "words"]):
            quoted = [one for one in block.blocks if isinstance(one, Measure)]
            assert {t.measure[one.spans[0].href[1:]].region for one in quoted} == {a, b}
            assert all(any(span.kind == "mark" for span in one.spans) for one in quoted)


# --- which claims change -------------------------------------------------------------------------------------------


def test_the_claims_that_change_are_listed_exactly_with_both_shares(corpus: Corpus, settings: Settings) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        first = frame.index < 2
        frame = frame.assign(standing="robust", standing_without="robust", changes=first)
        return frame.assign(standing=np.where(first, ["fragile"], "robust"))

    for changes in (every(), change):
        t = tables_of(corpus, settings, background_claims=changes)
        blocks, _ = section_of(t, settings)
        table = table_of(blocks, "table-background-claims")
        listed = [row[3][0].cell.split(" | ")[1] for row in table.rows]
        claims = t["background_claims"]
        assert listed == claims.loc[claims["standing"] != claims["standing_without"], "claim_id"].tolist()
        assert [row[1][0].cell.split(" | ")[2] for row in table.rows] == ["share_without"] * len(listed)
        assert t.metric["background_claims_changed"] == len(listed)
    assert t.metric["background_claims_weaker"] == 2
    assert t.metric["background_claims_robust"] == len(claims) - 2


def test_where_no_claim_changes_that_is_said_and_there_is_no_table(corpus: Corpus, settings: Settings) -> None:
    t = tables_of(corpus, settings, background_claims=lambda f: f.assign(standing=f["standing_without"], changes=False))
    blocks, _ = section_of(t, settings)
    assert "claims_same" in said(t, settings)
    assert not [b for b in blocks if isinstance(b, Table) and b.anchor == "table-background-claims"]


# --- does it fit? --------------------------------------------------------------------------------------------------

REFUSALS = {
    "overlap": "refused_overlap",
    "unknown to itself": "refused_itself",
    "no held-out paragraphs": "refused_held_out",
}


@pytest.mark.parametrize("reason", REFUSALS)
def test_a_refused_background_is_refused_in_words_and_nothing_is_shown_through_it(
    reason: str, corpus: Corpus, settings: Settings
) -> None:
    t = tables_of(corpus, settings, background_fit=every(outcome="refused", reason=reason), **NOTHING)
    assert said(t, settings) == {REFUSALS[reason], "remedy"}
    for language in LANGUAGES:
        blocks, w = section_of(t, settings, language)
        assert [type(block) for block in blocks] == [Heading, Paragraph, Paragraph, Table]
        assert blocks[-1].anchor == "table-background-coverage"  # type: ignore[union-attr]
        assert "make background" in text_of(blocks)
        named = {span.href for span in runs_of(blocks[:2])} - {""}
        assert named == {"#table-background-coverage"}
        whole = text_of(findings.section(t, w, settings))
        assert text_of([blocks[1]]) in whole
        assert w.text("background.glance_refused") in text_of(glance.section(t, w, settings))
        assert "Deerwester" not in "".join(span.text for span in method._background(t, w, settings))


def test_without_a_background_that_is_said_and_nothing_else(corpus: Corpus, settings: Settings) -> None:
    t = tables_of(corpus, settings, background_fit=none, background_coverage=none, **NOTHING)
    assert said(t, settings) == {"none", "remedy"}
    for language in LANGUAGES:
        blocks, w = section_of(t, settings, language)
        assert [type(block) for block in blocks] == [Heading, Paragraph, Paragraph]
        assert w.text("background.glance_none") in text_of(glance.section(t, w, settings))
        assert w.text("method.background_none") == "".join(s.text for s in method._background(t, w, settings))


def test_a_doubtful_background_is_used_with_a_warning(corpus: Corpus, settings: Settings) -> None:
    fitting = tables_of(corpus, settings)
    doubtful = tables_of(corpus, settings, background_fit=every(outcome="doubtful"))
    assert said(doubtful, settings) ^ said(fitting, settings) == {"fits", "doubtful"}
    for language in LANGUAGES:
        blocks, w = section_of(doubtful, settings, language)
        warned = text_of([blocks[1]])
        assert ("存疑" if language == "zh" else "doubtful") in warned
        assert warned in text_of(findings.section(doubtful, w, settings))


# --- a sentence follows its number ---------------------------------------------------------------------------------

SURE = {"rank_low": 1, "rank_high": 1, "first_share": 0.95}
CASES: dict[str, tuple[dict[str, Any], str, str]] = {
    "always first": ({"background_similarity": every(**SURE)}, "first_certain", "first_"),
    "not always first": ({"background_similarity": every(**SURE | {"first_share": 0.949})}, "first_among", "first_"),
    "up to half": ({"background_similarity": every(**SURE | {"rank_high": 39})}, "first_among", "first_"),
    "beyond half": ({"background_similarity": every(**SURE | {"rank_high": 40})}, "first_not", "first_"),
    "one pair holds": ({"background_similarity": at({"rank": 3}, q=0.05)}, "hold_some", "hold_"),
    "no pair holds": ({"background_similarity": every(q=0.0501)}, "hold_none", "hold_"),
    "same neighbours": (
        {"background_similarity": lambda f: f.assign(cosine=f["cosine_words"])}, "nearest_all", "nearest_"
    ),
    "other neighbours": (
        {"background_similarity": lambda f: f.assign(cosine=-f["cosine_words"])}, "nearest_none", "nearest_"
    ),
    "groups are supported": (
        {"background_verdict": at({"criterion": "verdict"}, outcome="supported")}, "groups_supported", "groups_"
    ),
    "groups are weak": ({"background_verdict": at({"criterion": "verdict"}, outcome="weak")}, "groups_weak", "groups_"),
    "groups are not shown": (
        {"background_verdict": at({"criterion": "verdict"}, outcome="not shown")}, "groups_not_shown", "groups_"
    ),
    "one group": ({"background_choice": lambda f: f.assign(chosen=f["k"] == 1)}, "groups_alike", "groups_"),
    "two regions": ({"regions": lambda f: f.head(2)}, "groups_few", "groups_"),
    "a region is sure": (
        {"background_groups": lambda f: f.assign(confident=f["region"] == "山东")}, "members_some", "members_"
    ),
    "no region is sure": ({"background_groups": every(confident=False)}, "members_none", "members_"),
    "no claims": ({"background_claims": none}, "claims_none", "claims_"),
    "a measure shares no word": (
        {"background_measures": at({"measure_id": "D01-1"}, nearest_words="")}, "measures_alone", "measures_a"
    ),
    "one region": ({"background_similarity": none}, "few", "few"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_sentence_follows_the_number_it_speaks_of(case: str, corpus: Corpus, settings: Settings) -> None:
    changes, expected, family = CASES[case]
    headings = {"nearest_heading", "groups_heading", "claims_heading", "measures_heading"}
    t = tables_of(corpus, settings, **changes)
    assert {key for key in said(t, settings) - headings if key.startswith(family)} == {expected}


def test_the_changes_say_every_sentence_there_is(corpus: Corpus, settings: Settings) -> None:
    hedging = ("first_", "hold_", "nearest_", "groups_", "members_", "claims_none", "claims_same", "claims_changed")
    texts = wording.load("zh", {}, {}).texts["background"]
    asked = {name for name in texts if name.startswith(hedging) and not name.endswith("_heading")}
    natural = said(tables_of(corpus, settings), settings)
    assert asked - natural - {expected for _, expected, _ in CASES.values()} == {"claims_same"}
    assert {"fits", "claims_changed", "nearest_some"} <= natural


@pytest.mark.parametrize(("changed", "key"), [(True, "glance_changed"), (False, "glance_same")])
def test_the_overview_says_what_changes(changed: bool, key: str, corpus: Corpus, settings: Settings) -> None:
    same = {
        "background_similarity": lambda f: f.assign(cosine=f["cosine_words"]),
        "background_claims": lambda f: f.assign(standing=f["standing_without"], changes=False),
    }
    t = tables_of(corpus, settings, **({} if changed else same))
    w = worded("en", t)
    glance.section(t, w, settings)
    assert f"background.{key}" in w.keys


def test_measures_that_are_each_other_s_nearest_are_listed_once(corpus: Corpus, settings: Settings) -> None:
    t = tables_of(corpus, settings)
    rows = background.closest_measures(t)
    pairs = [frozenset((row.measure_id, row.nearest)) for row in rows]
    assert len(set(pairs)) == len(pairs) == 15
    assert [row.similarity for row in rows] == sorted((row.similarity for row in rows), reverse=True)
    table = table_of(section_of(t, settings)[0], "table-background-measures")
    w = worded("zh", t)
    for row, shown in zip(rows, table.rows, strict=True):
        assert {shown[1][0].href, shown[2][0].href} == {f"#{row.measure_id}", f"#{row.nearest}"}
        same = "".join(span.text for span in shown[4]).startswith(w.text("background.words_same").split("（")[0])
        assert same == (row.nearest == row.nearest_words)
