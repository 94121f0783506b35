"""What the explorer of the page shows: the strings of the tables, every place in the texts, no text twice."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from pipeline import tables
from pipeline.method import Settings
from pipeline.report import explorer, sections, source
from pipeline.report.document import Measure
from pipeline.report.parts import occurrences
from pipeline.report.source import Tables
from pipeline.report.wording import Wording, load
from tests.test_report import wrong_cells


@pytest.fixture(scope="module")
def loaded(processed: Path, tmp_path_factory: pytest.TempPathFactory) -> Tables:
    return source.load(processed, tmp_path_factory.mktemp("none") / "calibration.csv")


@pytest.fixture(scope="module")
def words(loaded: Tables) -> dict[str, Wording]:
    return {language: load(language, {"双师": "dual-qualified"}, loaded.region_en) for language in ("zh", "en")}


@pytest.fixture(scope="module")
def told(loaded: Tables, words: dict[str, Wording], settings: Settings) -> dict[str, Any]:
    return explorer.data(loaded, words, settings, frozenset())


def test_every_number_is_the_value_of_its_cell_rounded(told: dict[str, Any], loaded: Tables, processed: Path) -> None:
    columns, regions = told["columns"], [region[0] for region in told["regions"]]
    terms, themes = [term[0] for term in told["terms"]], [theme[0] for theme in told["themes"]]
    cells = []
    for a, b, numbers, leading, _ in told["pairs"]:
        key = f"{regions[a]}|{regions[b]}"
        cells += [(f"{t}.csv | {key} | {c}", shown) for (t, c), shown in zip(columns["pair"], numbers, strict=True)]
        for term, *shares in leading:
            named = f"similarity_terms.csv | {key}|{terms[term]}"
            cells += [(f"{named} | {c}", shown) for c, shown in zip(columns["shared"], shares, strict=True)]
    for name, _, _, _, _, _, numbers, nearest, keywords, carried in told["regions"]:
        cells += [(f"{t}.csv | {name} | {c}", shown) for (t, c), shown in zip(columns["region"], numbers, strict=True)]
        for table, kind, rows, names in (
            ("neighbours", "neighbour", nearest, regions),
            ("keywords", "keyword", keywords, terms),
            ("themes", "theme", carried, themes),
        ):
            for other, *shown in rows:
                cells += [
                    (f"{table}.csv | {name}|{names[other]} | {c}", text)
                    for c, text in zip(columns[kind], shown, strict=True)
                ]
    assert len(cells) > 2000
    assert wrong_cells(cells, processed, Path("none")) == []


def test_it_has_every_region_pair_measure_and_counted_hit(told: dict[str, Any], loaded: Tables) -> None:
    assert [region[0] for region in told["regions"]] == loaded.names
    assert len(told["pairs"]) == len(loaded["similarity"])
    assert [measure[0] for measure in told["measures"]] == loaded["measures"]["measure_id"].tolist()
    texts = {measure[0]: measure[3] for measure in told["measures"]}
    assert texts == dict(zip(loaded["measures"]["measure_id"], loaded["measures"]["text"], strict=True))
    hits = loaded["theme_evidence"][loaded["theme_evidence"]["status"] == "counted"]
    names = [theme[0] for theme in told["themes"]]
    found = [
        (told["measures"][at][0], names[theme], told["measures"][at][3][start:end])
        for at, start, end, theme in told["hits"]
    ]
    assert found == list(zip(hits["measure_id"], hits["theme"], hits["indicator"], strict=True))


def test_terms_and_their_other_spellings_are_where_the_report_marks_them(told: dict[str, Any], loaded: Tables) -> None:
    """By an independent way: the places that `occurrences` finds for each term alone."""
    terms = [term[0] for term in told["terms"]]
    other: dict[tuple[int, int], set[tuple[int, int]]] = {}
    for measure, start, end, term in told["surfaces"]:
        other.setdefault((measure, term), set()).add((start, end))
    checked = 0
    for at, (measure_id, _, _, text) in enumerate(told["measures"]):
        for place, term in enumerate(terms):
            found = {(i, i + len(term)) for i in range(len(text)) if text.startswith(term, i)}
            if not found and (at, place) not in other:
                continue
            ours = {i for start, end in found | other.get((at, place), set()) for i in range(start, end)}
            theirs = {i for start, end in occurrences(loaded, measure_id, [term]) for i in range(start, end)}
            assert ours == theirs, (measure_id, term)
            checked += 1
    assert checked > 300


def test_the_shares_of_a_pair_with_the_rest_make_up_the_whole(told: dict[str, Any], loaded: Tables) -> None:
    for _, _, _, leading, rest in told["pairs"]:
        if leading:
            whole = sum(float(line[2].rstrip("%")) for line in leading) + (float(rest[1].rstrip("%")) if rest else 0)
            assert whole == pytest.approx(100, abs=0.5 * (len(leading) + 1))
    assert [bool(pair[3]) for pair in told["pairs"]] == [
        loaded.row("similarity", *(told["regions"][at][0] for at in pair[:2])).shared_terms > 0
        for pair in told["pairs"]
    ]


def test_a_text_that_stands_on_the_page_is_not_told_again(
    loaded: Tables, words: dict[str, Wording], settings: Settings, processed: Path
) -> None:
    provenance = json.loads((processed / "provenance.json").read_text("utf-8"))
    document = sections.build(loaded, words["zh"], settings, provenance)
    found = json.loads(explorer.of(loaded, words, settings, document).data)
    assert {measure[3] for measure in found["measures"]} == {0}
    # One without an anchor is quoted.
    whole = [block.anchor for block in document.blocks if isinstance(block, Measure) and block.anchor]
    assert whole == [measure[0] for measure in found["measures"]]
    broken = loaded["measures"].assign(text=loaded["measures"]["text"].str.replace("，", "\n", n=1))
    told = explorer.data(
        source.Tables({**loaded.frames, "measures": broken}), words, settings, frozenset(broken["measure_id"])
    )
    # The page shows such a text on one line: the explorer has it as it is, or its places would be others.
    assert [measure[3] for measure in told["measures"]] == [t if "\n" in t else 0 for t in broken["text"]]


def test_every_region_has_the_first_measures_of_the_terms_that_its_pairs_lead_with(
    told: dict[str, Any], loaded: Tables, settings: Settings
) -> None:
    names, terms = [region[0] for region in told["regions"]], [term[0] for term in told["terms"]]
    ids = [measure[0] for measure in told["measures"]]
    holding = [{term: measures for term, *measures in own} for own in told["holding"]]
    leading = loaded["similarity_terms"].groupby(["region_a", "region_b"]).head(settings.similarity.explained_terms)
    wanted: dict[tuple[str, str], list[str]] = {}
    for row in leading.itertuples():
        wanted[row.region_a, row.term], wanted[row.region_b, row.term] = row.measures_a[:3], row.measures_b[:3]
    assert {
        (names[region], terms[term]): [ids[at] for at in measures]
        for region, own in enumerate(holding)
        for term, measures in own.items()
    } == wanted


def test_the_verdict_is_told_as_the_report_words_it(told: dict[str, Any]) -> None:
    assert "".join(run[0] for run in told["verdict"]["zh"]).startswith("用词未显示出分组结构。")
    assert "no group structure" in "".join(run[0] for run in told["verdict"]["en"]).lower()
    assert all(run[2].count(" | ") == 2 for run in told["verdict"]["zh"] if run[2])


def test_long_data_are_packed_and_come_back_as_they_were() -> None:
    long = {"measures": [["D1-1", 0, "1", "加强双师队伍建设" * 60_000]]}
    packed = explorer.packed(explorer.written(long))
    assert len(packed) < 10_000
    assert json.loads(gzip.decompress(base64.b64decode(json.loads(packed)))) == long
    assert explorer.packed(explorer.written(long)) == packed
    assert json.loads(explorer.packed(explorer.written({"a": 1}))) == {"a": 1}


def test_a_single_region_is_shown_without_pairs_and_groups(
    settings: Settings, loaded: Tables, words: dict[str, Wording]
) -> None:
    frames = {name: frame.copy() for name, frame in loaded.frames.items()}
    for table in tables.ALL:
        if "region_a" in table.names:
            frames[table.name] = frames[table.name].iloc[:0]
        elif "region" in table.names and table.name in frames:
            frames[table.name] = frames[table.name][frames[table.name]["region"] == "浙江"]
    frames["neighbours"] = frames["neighbours"].iloc[:0]
    told = explorer.data(source.Tables(frames), words, settings, frozenset())
    assert [region[0] for region in told["regions"]] == ["浙江"]
    assert told["pairs"] == []
    assert not told["several"]
    assert told["verdict"] == {}
