"""What was coded where, the regions' profiles and what is left: worked by hand, and recounted on the appendix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st
from scipy.stats import chi2_contingency

from pipeline import tables, themes
from pipeline.cli import run
from pipeline.coding import COUNTED, EXCLUDED, NEGATED
from pipeline.method import Codebook, Negation, Settings
from pipeline.representations import regions_of
from pipeline.stats.resampling import resampled_within
from pipeline.themes import (
    carried,
    codebook_of as codebook_rows,
    coding_of,
    evidence_of,
    leading,
    main,
    themes_of,
    uncoded_of,
)
from tests.conftest import METHOD, NO_THEMES, REGIONS, Corpus, codebook_of, tokens_frame

Texts = Mapping[str, Sequence[str]]  # region -> its measures


def documents_of(said: Texts) -> dict[str, str]:
    """Document id -> its text: the measures numbered, each with a full stop."""
    return {
        f"D{number:02d}": "".join(f"{at}. {text}。" for at, text in enumerate(texts, 1))
        for number, texts in enumerate(said.values(), 1)
    }


def measures_of(said: Texts) -> pd.DataFrame:
    """measures.csv of the documents: each measure begins after its number."""
    documents = documents_of(said)
    rows = []
    for (doc_id, whole), (region, texts) in zip(documents.items(), said.items(), strict=True):
        at = 0
        for position, text in enumerate(texts, 1):
            start = whole.index(f"{position}. {text}", at) + len(f"{position}. ")
            at = start + len(text)
            rows.append(
                {
                    "measure_id": f"{doc_id}-{position}",
                    "doc_id": doc_id,
                    "region": region,
                    "position": position,
                    "headline": text or "—",
                    "text": text,
                    "start": start,
                    "end": at,
                }
            )
    return tables.from_rows(rows, tables.MEASURES)


def words_of(measures: pd.DataFrame, said: Mapping[str, str], generic: Sequence[str] = ()) -> pd.DataFrame:
    """Tokens of the measures: measure id -> words with blanks between them."""
    place = measures.set_index("measure_id")
    found = tokens_frame(
        [(place["region"][name], name, words.split()) for name, words in said.items()], generic=generic
    )
    start = found["measure_id"].map(place["start"])
    return found.assign(start=found["start"] + start, end=found["end"] + start)


# 甲 has two measures on training, one of them on evaluation too, and one on neither; 乙 has evaluation alone.
SAID: Texts = {"甲": ["教师培训和研修", "修路", "培训有评价"], "乙": ["评价", "评价"]}
BOOK = codebook_of({"training": ["培训", "研修"], "ethics": ["师德"], "evaluation": ["评价", "督导"]})


def quick(settings: Settings, resamples: int = 200) -> Settings:
    return replace(
        settings,
        resampling=replace(settings.resampling, resamples=resamples),
        themes=replace(settings.themes, subsamples=10),
    )


def profiles(said: Texts, codebook: Codebook, settings: Settings) -> pd.DataFrame:
    measures = measures_of(said)
    names = [each.id for each in codebook.themes]
    found = themes_of(evidence_of(measures, codebook), measures, names, settings.resampling)
    tables.check(found, tables.THEMES)
    return found


# --- evidence ----------------------------------------------------------------------------------------------------


def test_a_row_of_evidence_leads_from_the_indicator_to_its_characters_and_its_line() -> None:
    codebook = codebook_of(
        {"training": ["培…训", "１＋ｘ"], "needs": ["需求"]}, {"needs": ["用工需求"]}, Negation(("不",), (), 2, ())
    )
    measures = measures_of({"甲": ["调研用工需求，不培训"], "乙": ["修路", "培青年训，推行1＋X"]})
    found = evidence_of(measures, codebook)
    tables.check(found, tables.THEME_EVIDENCE)
    assert found.drop(columns=["start", "end"]).values.tolist() == [
        ["D01-1", "甲", "training", "培训", "培…训", 2, NEGATED, "不"],
        ["D01-1", "甲", "needs", "需求", "需求", 102, EXCLUDED, "用工需求"],
        ["D02-2", "乙", "training", "培青年训", "培…训", 2, COUNTED, ""],
        ["D02-2", "乙", "training", "1＋X", "１＋ｘ", 3, COUNTED, ""],
    ]
    # "1. 调研用工需求，不培训。": the measure begins at 3; "1. 修路。2. 培青年训，推行1＋X。": the second at 9
    assert found[["start", "end"]].values.tolist() == [[11, 13], [7, 9], [9, 13], [16, 19]]


PIECES = st.sampled_from(["培训", "评价", "督导", "１＋Ｘ", "不", "修路", "，", "。", " ", "ﬁ"])
TEXTS = st.lists(st.one_of(st.lists(PIECES, max_size=6).map("".join), st.text(max_size=8)), min_size=1, max_size=4)


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_the_offsets_of_any_evidence_give_back_the_indicator_from_the_documents_text(texts: list[list[str]]) -> None:
    said = {f"地区{at}": each for at, each in enumerate(texts)}
    measures, documents = measures_of(said), documents_of(said)
    codebook = codebook_of(
        {"training": ["培…训"], "evaluation": ["评价", "1+x"]}, {"training": ["培训评价"]}, Negation(("不",), (), 1, ())
    )
    found = evidence_of(measures, codebook)
    tables.check(found, tables.THEME_EVIDENCE)
    place = measures.set_index("measure_id")
    for row in found.itertuples():
        measure = place.loc[row.measure_id]
        assert documents[measure["doc_id"]][row.start : row.end] == row.indicator
        assert measure["start"] <= row.start < row.end <= measure["end"]
        assert row.region == measure["region"]


# --- the codebook's own table ------------------------------------------------------------------------------------


def test_a_theme_is_counted_by_measures_regions_indicators_and_single_hits() -> None:
    measures = measures_of(SAID)
    found = codebook_rows(BOOK, evidence_of(measures, BOOK), measures)
    tables.check(found, tables.CODEBOOK)
    columns = ["theme", "rules", "rules_used", "measures", "share", "regions", "single_hit"]
    # training: 教师培训和研修 has two hits, 培训有评价 one; evaluation: three measures with one each
    assert found[columns].values.tolist() == [
        ["training", 2, 2, 2, 2 / 5, 1, 1],
        ["ethics", 1, 0, 0, 0.0, 0, 0],
        ["evaluation", 2, 1, 3, 3 / 5, 2, 3],
    ]
    assert found["source"].tolist() == ["codebook"] * 3
    assert found["stability"].isna().all()
    assert found.loc[0, ["zh", "en", "definition_zh", "definition_en"]].tolist() == [
        "training zh", "training en", "training 定义", "training definition",
    ]  # fmt: skip


def test_what_is_excluded_or_negated_counts_nowhere(settings: Settings) -> None:
    codebook = codebook_of({"t": ["培训"]}, {"t": ["就业培训"]}, Negation(("不",), (), 2, ()))
    measures = measures_of({"甲": ["就业培训", "不培训"], "乙": ["就业培训，培训"]})
    evidence = evidence_of(measures, codebook)
    assert len(evidence) == 4
    found = codebook_rows(codebook, evidence, measures)
    assert found[["measures", "rules_used", "regions", "single_hit"]].values.tolist() == [[1, 1, 1, 1]]
    assert carried(evidence, regions_of(measures), ["t"]).tolist() == [[False], [False], [True]]
    profile = themes_of(evidence, measures, ["t"], settings.resampling)
    assert profile["share"].tolist() == [0, 1]
    assert set(uncoded_of(evidence, measures, words_of(measures, {}))["measure_id"]) == {"D01-1", "D01-2"}


# --- profiles ----------------------------------------------------------------------------------------------------


def test_the_profile_of_a_region_is_worked_by_hand(settings: Settings) -> None:
    found = profiles(SAID, BOOK, settings)
    assert found[["region", "theme"]].values.tolist() == [
        [region, theme] for region in "甲乙" for theme in ("training", "ethics", "evaluation")
    ]
    assert found["measures"].tolist() == [2, 0, 1, 0, 0, 2]
    assert found["share"].tolist() == pytest.approx([2 / 3, 0, 1 / 3, 0, 0, 1])
    assert found["measure_ids"].tolist() == [["D01-1", "D01-3"], [], ["D01-3"], [], [], ["D02-1", "D02-2"]]
    for column, expected in (("first_rank", [1, None, 3, None, None, 1]), ("rank", [1, None, 2, None, None, 1])):
        assert [None if pd.isna(value) else value for value in found[column]] == expected


def test_themes_of_equal_share_have_the_better_rank(settings: Settings) -> None:
    found = profiles({"甲": ["培训师德", "评价", "培训师德"]}, BOOK, settings)
    assert found["rank"].tolist() == [1, 1, 3]


def test_how_often_a_theme_leads_is_what_drawing_three_measures_gives(settings: Settings) -> None:
    found = profiles(SAID, BOOK, quick(settings, 20_000)).set_index(["region", "theme"])["leading_share"]
    # 甲 draws three of T, TE and none. Never T: 8 of 27, once of these nothing at all, 7 times training and evaluation
    # equally often. So training leads in 19 + 7/2 of 27, evaluation in 7/2 of 27. 乙 has evaluation alone.
    assert found["甲", "training"] == pytest.approx(22.5 / 27, abs=0.015)
    assert found["甲", "evaluation"] == pytest.approx(3.5 / 27, abs=0.015)
    assert found["甲", "ethics"] == found["乙", "training"] == 0
    assert found["乙", "evaluation"] == 1


def test_intervals_are_those_of_plain_loops_over_the_same_draws(settings: Settings) -> None:
    chosen = quick(settings, 150).resampling
    found = themes_of(evidence_of(measures_of(SAID), BOOK), measures_of(SAID), ["training", "evaluation"], chosen)
    rng = np.random.default_rng([chosen.seed, themes._RESAMPLE])
    times = resampled_within(np.array([0, 0, 0, 1, 1]), 150, rng)
    carry = {"training": [1, 0, 1, 0, 0], "evaluation": [0, 0, 1, 1, 1]}
    for row in found.itertuples():
        own = [0, 1, 2] if row.region == "甲" else [3, 4]
        drawn = [sum(draw[at] * carry[row.theme][at] for at in own) / len(own) for draw in times]
        assert row.share_low == pytest.approx(np.percentile(drawn, 2.5), abs=1e-12)
        assert row.share_high == pytest.approx(np.percentile(drawn, 97.5), abs=1e-12)


def test_many_measures_that_say_the_same_leave_no_doubt_and_half_of_them_little(settings: Settings) -> None:
    found = profiles({"甲": ["培训"] * 40, "乙": ["培训", "评价"] * 20}, BOOK, settings).set_index(["region", "theme"])
    assert found.loc[("甲", "training"), ["share", "share_low", "share_high"]].tolist() == [1, 1, 1]
    assert found.loc[("甲", "evaluation"), ["share", "share_low", "share_high"]].tolist() == [0, 0, 0]
    low, high = found.loc[("乙", "training"), ["share_low", "share_high"]]
    # 1.96 times root(1/4 / 40) = 0.155
    assert (low, high) == (pytest.approx(0.345, abs=0.03), pytest.approx(0.655, abs=0.03))


@given(st.lists(st.lists(st.sampled_from(["培训", "评价", "师德", "培训评价", "修路"]), min_size=1, max_size=9), min_size=1, max_size=4))  # fmt: skip
def test_shares_intervals_and_leads_of_any_profile_are_shares(settings: Settings, texts: list[list[str]]) -> None:
    found = profiles({f"地区{at}": each for at, each in enumerate(texts)}, BOOK, quick(settings, 100))
    for column in ("share", "share_low", "share_high", "leading_share"):
        assert found[column].between(0, 1).all()
    assert (found["share_low"] <= found["share_high"]).all()
    assert (found["share_low"] <= found["share"] + 1e-12).all()
    assert (found["share"] <= found["share_high"] + 1e-12).all()
    assert (found.groupby("region")["leading_share"].sum() <= 1 + 1e-12).all()
    assert (found["first_rank"].isna() == (found["measures"] == 0)).all()
    assert (found["rank"].isna() == (found["measures"] == 0)).all()


def test_the_share_of_leads_divides_ties_and_counts_no_draw_of_nothing() -> None:
    shares = np.array([[0.5, 0.2, 0.5], [0.3, 0.1, 0.0], [0.0, 0.0, 0.0], [0.1, 0.1 + 1e-14, 0.1]])
    # 1/2 + 1 + 0 + 1/3 of 4
    assert leading(shares).tolist() == pytest.approx([11 / 24, 1 / 12, 5 / 24])


def test_without_a_theme_nothing_leads_and_no_region_has_a_profile(settings: Settings) -> None:
    assert leading(np.zeros((3, 0))).tolist() == []
    assert profiles({"甲": ["培训"]}, NO_THEMES, settings).empty


def test_the_same_seed_gives_the_same_draws_and_another_seed_others(settings: Settings) -> None:
    said = {"甲": ["培训", "评价", "师德"] * 3}
    chosen = quick(settings)
    other = replace(chosen, resampling=replace(chosen.resampling, seed=chosen.resampling.seed + 1))
    first, again, third = (profiles(said, BOOK, each)["leading_share"].tolist() for each in (chosen, chosen, other))
    assert first == again != third


# --- what is left ------------------------------------------------------------------------------------------------


def left(said: Texts, words: Mapping[str, str], generic: Sequence[str] = ()) -> pd.DataFrame:
    measures = measures_of(said)
    found = uncoded_of(evidence_of(measures, BOOK), measures, words_of(measures, words, generic))
    tables.check(found, tables.UNCODED)
    return found


def keyness(inside: int, total: int, outside: int, total_outside: int) -> float:
    table = [[inside, outside], [total - inside, total_outside - outside]]
    value = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    return float(value) if inside * total_outside >= outside * total else -float(value)


def test_measures_without_a_theme_are_listed_with_their_words_the_marking_ones_first() -> None:
    words = {
        "D01-1": "教师 培训 培训",
        "D01-2": "种树 修路 教师 修路",
        "D02-1": "评价 教师",
        "D02-2": "教师 修路",
    }
    found = left({"甲": ["培训", "修路"], "乙": ["评价", "修路"]}, words)
    # without a theme: 修路 3, 教师 2, 种树 1 of 6; with one: 教师 2, 培训 2, 评价 1 of 5
    assert found[["measure_id", "region", "term", "count", "elsewhere"]].values.tolist() == [
        ["D01-2", "甲", "修路", 3, 0],
        ["D01-2", "甲", "种树", 1, 0],
        ["D01-2", "甲", "教师", 2, 2],
        ["D02-2", "乙", "修路", 3, 0],
        ["D02-2", "乙", "教师", 2, 2],
    ]
    expected = {"修路": keyness(3, 6, 0, 5), "种树": keyness(1, 6, 0, 5), "教师": keyness(2, 6, 2, 5)}
    assert expected["教师"] < 0 < expected["种树"]
    assert found["g2"].tolist() == pytest.approx([expected[term] for term in found["term"]], abs=1e-9)


def test_generic_words_are_no_candidates_and_count_on_neither_side() -> None:
    said = {"甲": ["培训", "修路"]}
    words = {"D01-1": "培训 加强 加强 加强 教师", "D01-2": "修路 加强 教师"}
    found = left(said, words, generic=["加强"])
    assert found["term"].tolist() == ["修路", "教师"]
    # 修路, 教师; 培训, 教师
    assert found["g2"].tolist() == pytest.approx([keyness(1, 2, 0, 2), 0.0], abs=1e-9)


def test_a_measure_without_words_has_one_row_all_the_same() -> None:
    found = left({"甲": ["培训", "修路", "加强"]}, {"D01-1": "培训", "D01-3": "加强"}, generic=["加强"])
    assert found.values.tolist() == [["D01-2", "甲", "", 0, 0, 0.0], ["D01-3", "甲", "", 0, 0, 0.0]]


def test_where_every_measure_has_a_theme_nothing_is_left() -> None:
    found = left({"甲": ["培训"]}, {"D01-1": "培训 教师"})
    assert found.empty
    assert list(found.columns) == tables.UNCODED.names


# --- small corpora -----------------------------------------------------------------------------------------------


def coding(
    said: Texts, settings: Settings, codebook: Codebook = BOOK
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    measures = measures_of(said)
    words = {row.measure_id: row.text for row in measures.itertuples() if row.text.strip()}
    found = coding_of(measures, words_of(measures, words), codebook, settings)
    contracts = (tables.CODEBOOK, tables.THEME_EVIDENCE, tables.THEMES, tables.UNCODED)
    for frame, table in zip(found, contracts, strict=True):
        tables.check(frame, table)
    return found


def test_where_nothing_is_coded_every_measure_is_left_and_no_number_is_missing(settings: Settings) -> None:
    themes, evidence, profile, uncoded = coding({"甲": ["修路", "种树 修路"], "乙": ["修路"]}, quick(settings))
    assert evidence.empty
    assert themes[["measures", "share", "rules_used", "regions", "single_hit"]].to_numpy().sum() == 0
    assert profile[["share", "share_low", "share_high", "leading_share"]].to_numpy().sum() == 0
    assert profile[["rank", "first_rank"]].isna().all().all()
    assert uncoded[["measure_id", "term"]].values.tolist() == [
        ["D01-1", "修路"], ["D01-2", "修路"], ["D01-2", "种树"], ["D02-1", "修路"]
    ]  # fmt: skip
    assert np.isfinite(uncoded["g2"]).all()


def test_one_region_with_one_measure_has_a_profile_without_doubt(settings: Settings) -> None:
    themes, evidence, profile, uncoded = coding({"甲": ["培训"]}, quick(settings))
    assert len(evidence) == 1
    assert themes["share"].tolist() == [1, 0, 0]
    assert profile[["share", "share_low", "share_high", "leading_share"]].values.tolist() == [[1] * 4, [0] * 4, [0] * 4]
    assert uncoded.empty


def test_texts_without_a_letter_and_without_a_codebook_are_left(settings: Settings) -> None:
    themes, evidence, profile, uncoded = coding({"甲": ["，", "——"], "乙": ["。"]}, quick(settings), NO_THEMES)
    assert themes.empty
    assert evidence.empty
    assert profile.empty
    assert uncoded["measure_id"].tolist() == ["D01-1", "D01-2", "D02-1"]


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_any_texts_are_coded_within_the_contracts(settings: Settings, texts: list[list[str]]) -> None:
    said = {f"地区{at}": each for at, each in enumerate(texts)}
    _, evidence, profile, uncoded = coding(said, quick(settings, 100))
    with_theme = set(evidence.loc[evidence["status"] == COUNTED, "measure_id"])
    assert {measure for own in profile["measure_ids"] for measure in own} == with_theme
    assert set(uncoded["measure_id"]) == set(measures_of(said)["measure_id"]) - with_theme


# --- the stage ---------------------------------------------------------------------------------------------------

OUTPUTS = (tables.CODEBOOK, tables.THEME_EVIDENCE, tables.THEMES, tables.UNCODED)


@pytest.fixture
def stage(tmp_path: Path) -> list[str]:
    """The arguments of the stage; the inputs are there, and outputs of an earlier run."""
    measures = measures_of(SAID)
    tokens = words_of(measures, {"D01-1": "教师 培训 研修", "D01-2": "修路", "D02-1": "评价"})
    tables.write(
        (measures, tables.MEASURES, tmp_path / "measures.csv"), (tokens, tables.TOKENS, tmp_path / "tokens.csv")
    )
    settings = (METHOD / "settings.toml").read_text("utf-8")
    (tmp_path / "settings.toml").write_text(settings.replace("subsamples = 100", "subsamples = 10"), "utf-8")
    (tmp_path / "themes.toml").write_bytes((METHOD / "themes.toml").read_bytes())
    for table in OUTPUTS:
        (tmp_path / f"{table.name}.csv").write_text("earlier", "utf-8")
    names = ["measures.csv", "tokens.csv", "themes.toml", "settings.toml", *(f"{table.name}.csv" for table in OUTPUTS)]
    return [str(tmp_path / name) for name in names]


def test_the_stage_reads_and_writes_its_tables(
    stage: list[str], tmp_path: Path, settings: Settings, codebook: Codebook
) -> None:
    run(main, stage)
    chosen = replace(settings, themes=replace(settings.themes, subsamples=10))
    frames = (
        tables.read(tmp_path / f"{table.name}.csv", table) for table in (tables.MEASURES, tables.TOKENS)
    )  # fmt: skip
    expected = coding_of(*frames, codebook, chosen)
    for frame, table in zip(expected, OUTPUTS, strict=True):
        path = tmp_path / "expected.csv"
        tables.write((frame, table, path))
        assert (tmp_path / f"{table.name}.csv").read_bytes() == path.read_bytes()


def test_an_empty_codebook_makes_the_stage_group_the_measures(stage: list[str], tmp_path: Path) -> None:
    (tmp_path / "themes.toml").write_text("", "utf-8")
    run(main, stage)
    found = tables.read(tmp_path / "codebook.csv", tables.CODEBOOK)
    assert set(found["source"]) == {"unsupervised"}
    assert tables.read(tmp_path / "theme_evidence.csv", tables.THEME_EVIDENCE)["line"].isna().all()


@pytest.mark.parametrize("gone", ["measures.csv", "tokens.csv", "themes.toml", "settings.toml"])
def test_a_missing_file_is_one_message_and_leaves_earlier_outputs_alone(
    gone: str, stage: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / gone).unlink()
    assert_refused(stage, tmp_path, capsys, f"{tmp_path / gone}\n", "找不到这个文件", "no such file")


def test_a_mistake_in_the_codebook_is_one_message_and_leaves_earlier_outputs_alone(
    stage: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "themes.toml"
    text = path.read_text("utf-8")
    broken = text.replace('"师德", "师风"', '"师德", "(师风"')
    assert broken != text
    path.write_text(broken, "utf-8")
    line = next(number for number, each in enumerate(broken.splitlines(), 1) if '"(师风"' in each)
    assert_refused(stage, tmp_path, capsys, f"{path}:{line}\n", "括号不成对", "unpaired")


def assert_refused(
    stage: list[str], folder: Path, capsys: pytest.CaptureFixture[str], beginning: str, zh: str, en: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        run(main, stage)
    assert caught.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(beginning)
    assert [line.strip()[:3] for line in said.err.splitlines()[1:]] == ["错误：", "Err"]
    assert zh in said.err
    assert en in said.err
    for table in OUTPUTS:
        assert (folder / f"{table.name}.csv").read_text("utf-8") == "earlier"
    assert not list(folder.glob("*.part"))


# --- the appendix ------------------------------------------------------------------------------------------------


def test_nearly_every_measure_of_the_appendix_carries_a_theme(corpus: Corpus) -> None:
    assert len(corpus.measures) == 59
    counted = corpus.theme_evidence[corpus.theme_evidence["status"] == COUNTED]
    assert counted["measure_id"].nunique() >= 0.95 * 59
    assert set(corpus.uncoded["measure_id"]) == set(corpus.measures["measure_id"]) - set(counted["measure_id"])


def test_the_evidence_of_the_appendix_stands_in_its_documents(corpus: Corpus, codebook: Codebook) -> None:
    text = corpus.documents.set_index("doc_id")["text"]
    measures = corpus.measures.set_index("measure_id")
    lines = (METHOD / "themes.toml").read_text("utf-8").splitlines()
    known = {theme.id for theme in codebook.themes}
    for row in corpus.theme_evidence.itertuples():
        measure = measures.loc[row.measure_id]
        assert text[measure["doc_id"]][row.start : row.end] == row.indicator
        assert measure["start"] <= row.start < row.end <= measure["end"]
        assert f'"{row.rule}"' in lines[row.line - 1]
        assert row.theme in known
        assert (row.status == COUNTED) == (row.reason == "")


def test_the_counts_of_the_appendix_are_those_of_its_evidence(corpus: Corpus) -> None:
    counted = [row for row in corpus.theme_evidence.itertuples() if row.status == COUNTED]
    for theme in corpus.codebook.itertuples():
        own = [row for row in counted if row.theme == theme.theme]
        hits = Counter(row.measure_id for row in own)
        assert theme.measures == len(hits)
        assert theme.share == pytest.approx(len(hits) / 59)
        assert theme.regions == len({row.region for row in own})
        assert theme.rules_used == len({row.rule for row in own}) <= theme.rules
        assert theme.single_hit == list(hits.values()).count(1)


def test_the_profiles_of_the_appendix_are_those_of_its_evidence(corpus: Corpus) -> None:
    marks = {
        (row.region, row.theme, row.measure_id) for row in corpus.theme_evidence.itertuples() if row.status == COUNTED
    }
    assert corpus.themes["region"].drop_duplicates().tolist() == list(REGIONS)
    size = Counter(corpus.measures["region"])
    position = corpus.measures.set_index("measure_id")["position"]
    for row in corpus.themes.itertuples():
        own = sorted(measure for region, theme, measure in marks if (region, theme) == (row.region, row.theme))
        assert sorted(row.measure_ids) == own
        assert row.measures == len(own)
        assert row.share == pytest.approx(len(own) / size[row.region])
        assert row.share_low - 1e-12 <= row.share <= row.share_high + 1e-12
        if own:
            assert row.first_rank == min(position[measure] for measure in own)
            better = corpus.themes[(corpus.themes["region"] == row.region) & (corpus.themes["measures"] > row.measures)]
            assert row.rank == len(better) + 1


def test_without_a_codebook_the_appendix_has_evidence_for_every_measure(corpus: Corpus, settings: Settings) -> None:
    chosen = replace(settings, themes=replace(settings.themes, subsamples=1))
    _, evidence, _, uncoded = coding_of(corpus.measures, corpus.tokens, NO_THEMES, chosen)
    text = corpus.documents.set_index("doc_id")["text"]
    doc = corpus.measures.set_index("measure_id")["doc_id"]
    assert set(evidence["measure_id"]) == set(corpus.measures["measure_id"])
    assert uncoded.empty
    for row in evidence.itertuples():
        assert text[doc[row.measure_id]][row.start : row.end] == row.indicator
