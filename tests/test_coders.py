"""A second coder's agreement with the codebook: values worked by hand, intervals that keep a unit's codings together."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, strategies as st

from pipeline import coders, tables
from pipeline.coders import agreement_of, cells_of, coders_of, compared, interval_of, standing_of
from pipeline.errors import InputError
from pipeline.method import Settings
from pipeline.readers.coding_file import Coded, Coding
from pipeline.stats.agreement import krippendorff_alpha, two_coder_alpha
from tests.conftest import METHOD, measures_frame
from tests.make import ROOT, Make

THEMES = ("training", "teams")
# One measure a document, two documents of 浙江: D01-1 山东, D02-1 and D03-1 浙江, D04-1 上海.
SAID = (("山东", "精准培训"), ("浙江", "不开展培训"), ("浙江", "组建团队，组团培训"), ("上海", "加大投入"))


@pytest.fixture
def measures() -> pd.DataFrame:
    return measures_frame(SAID)


@pytest.fixture
def codebook() -> pd.DataFrame:
    shared = {"definition_zh": "释义", "definition_en": "meaning", "source": "codebook"}
    numbers = {
        "rules": 1,
        "rules_used": 1,
        "measures": 1,
        "share": 0.25,
        "regions": 1,
        "single_hit": 1,
        "stability": np.nan,
    }
    names = {"training": "培训", "teams": "团队"}
    return tables.from_rows(
        ({"theme": theme, "zh": names[theme], "en": theme, **shared, **numbers} for theme in THEMES), tables.CODEBOOK
    )


def hit(
    measure: str, region: str, theme: str, indicator: str, start: int, status: str = "counted"
) -> dict[str, object]:
    return {
        "measure_id": measure, "region": region, "theme": theme, "indicator": indicator, "rule": indicator, "line": 1,
        "start": start, "end": start + len(indicator), "status": status, "reason": "" if status == "counted" else "不",
    }  # fmt: skip


@pytest.fixture
def evidence() -> pd.DataFrame:
    """Training in D01-1 and D03-1, denied in D02-1; teams in D03-1, twice."""
    return tables.from_rows(
        (
            hit("D01-1", "山东", "training", "培训", 2),
            hit("D02-1", "浙江", "training", "培训", 3, "negated"),
            hit("D03-1", "浙江", "training", "培训", 7),
            hit("D03-1", "浙江", "teams", "团队", 2),
            hit("D03-1", "浙江", "teams", "组团", 5),
        ),
        tables.THEME_EVIDENCE,
    ).astype({"line": "Int64"})


def coding(unit: str, values: dict[str, str]) -> Coding:
    """Unit -> its values for the themes in order, as 1, 0 or - for none."""
    rows = enumerate(values.items(), 2)
    return Coding(
        unit,
        tuple(
            Coded(name, theme, value == "1", row)
            for row, (name, coded) in rows
            for theme, value in zip(THEMES, coded, strict=True)
            if value != "-"
        ),
    )


def test_the_four_counts_agreement_kappa_and_alpha_are_those_worked_by_hand(
    measures: pd.DataFrame, codebook: pd.DataFrame, evidence: pd.DataFrame, settings: Settings
) -> None:
    # The coder sees training in D01-1 to D03-1, for the codebook D02-1 denies it; on teams both say the same.
    second = coding("measure", {"D01-1": "10", "D02-1": "10", "D03-1": "11", "D04-1": "00"})
    found, _ = coders_of(second, measures, codebook, evidence, settings)
    tables.check(found, tables.CODER_AGREEMENT)
    counts = ["theme", "unit", "units", "both", "codebook_only", "coder_only", "neither", "agreement", "standing"]
    assert found[counts].to_numpy().tolist() == [
        ["training", "measure", 4, 2, 0, 1, 1, 0.75, "low"],
        ["teams", "measure", 4, 1, 0, 0, 3, 1.0, "good"],
        ["all", "measure", 8, 3, 0, 1, 4, 0.875, "tentative"],
    ]
    # training: chance 1/2 x 3/4 + 1/2 x 1/4 = 1/2, (3/4 - 1/2) / (1/2); 5 ones, 3 zeros: 1 - 7 x 1 / 15
    # all: chance 3/8 x 4/8 + 5/8 x 4/8 = 1/2, (7/8 - 1/2) / (1/2); 7 ones, 9 zeros: 1 - 15 x 1 / 63
    assert found["kappa"].tolist() == pytest.approx([1 / 2, 1, 3 / 4], abs=1e-12)
    assert found["alpha"].tolist() == pytest.approx([8 / 15, 1, 16 / 21], abs=1e-12)


def test_a_disagreement_names_what_the_codebook_found_the_row_and_the_measures_to_read(
    measures: pd.DataFrame, codebook: pd.DataFrame, evidence: pd.DataFrame, settings: Settings
) -> None:
    second = coding("measure", {"D04-1": "01", "D03-1": "10", "D02-1": "10"})
    _, found = coders_of(second, measures, codebook, evidence, settings)
    tables.check(found, tables.CODER_DISAGREEMENTS)
    assert found.to_numpy().tolist() == [
        ["D02-1", "浙江", "training", False, True, "(培训)", 4, ["D02-1"]],
        ["D03-1", "浙江", "teams", True, False, "团队·组团", 3, ["D03-1"]],
        ["D04-1", "上海", "teams", False, True, "", 2, ["D04-1"]],
    ]


def test_a_region_has_a_theme_for_the_codebook_when_one_of_its_measures_has(
    measures: pd.DataFrame, codebook: pd.DataFrame, evidence: pd.DataFrame, settings: Settings
) -> None:
    second = coding("region", {"浙江": "00", "山东": "11", "上海": "-0"})
    agreement, disagreements = coders_of(second, measures, codebook, evidence, settings)
    assert agreement["unit"].unique().tolist() == ["region"]
    assert agreement[["units", "both", "codebook_only", "coder_only", "neither"]].to_numpy().tolist() == [
        [2, 1, 1, 0, 0],
        [3, 0, 1, 1, 1],
        [5, 1, 2, 1, 1],
    ]
    assert disagreements[["unit_id", "region", "theme", "codebook", "indicators", "line", "measure_ids"]].to_numpy().tolist() == [
        ["山东", "山东", "teams", False, "", 3, ["D01-1"]],
        ["浙江", "浙江", "training", True, "(培训)·培训", 2, ["D02-1", "D03-1"]],
        ["浙江", "浙江", "teams", True, "团队·组团", 2, ["D03-1"]],
    ]  # fmt: skip


def test_a_region_whose_measures_have_no_hit_is_to_be_read_whole(
    measures: pd.DataFrame, codebook: pd.DataFrame, evidence: pd.DataFrame, settings: Settings
) -> None:
    bare = evidence[evidence["theme"] == "training"]
    _, found = coders_of(coding("region", {"浙江": "11"}), measures, codebook, bare, settings)
    assert found["measure_ids"].tolist() == [["D02-1", "D03-1"]]


def test_what_the_second_coder_left_out_is_not_compared(
    measures: pd.DataFrame, codebook: pd.DataFrame, evidence: pd.DataFrame, settings: Settings
) -> None:
    pairs = compared(coding("measure", {"D04-1": "1-", "D01-1": "1-"}), measures, codebook, evidence)
    assert pairs.to_numpy().tolist() == [["D01-1", "training", True, True, 3], ["D04-1", "training", False, True, 2]]
    assert agreement_of(pairs, "measure", THEMES, settings)["theme"].tolist() == ["training", "all"]


def test_a_theme_on_which_both_say_one_thing_only_has_neither_kappa_nor_alpha_nor_interval(
    measures: pd.DataFrame, codebook: pd.DataFrame, evidence: pd.DataFrame, settings: Settings
) -> None:
    second = coding("measure", {"D01-1": "10", "D04-1": "00"})
    found, _ = coders_of(second, measures, codebook, evidence, settings)
    teams = found.set_index("theme").loc["teams"]
    assert teams[["kappa", "alpha", "alpha_low", "alpha_high"]].isna().all()
    assert (teams["agreement"], teams["standing"]) == (1, "unknown")


@pytest.mark.parametrize(
    ("alpha", "standing"),
    [
        (1.0, "good"), (0.8, "good"), (0.7999999999999999, "good"), (0.7999, "tentative"), (0.667, "tentative"),
        (0.6669, "low"), (-1.0, "low"), (np.nan, "unknown"),
    ],
)  # fmt: skip
def test_the_standing_changes_at_the_two_thresholds(alpha: float, standing: str, settings: Settings) -> None:
    assert standing_of(alpha, settings.coders) == standing


def test_the_thresholds_are_those_of_the_settings(settings: Settings) -> None:
    strict = replace(settings.coders, good=0.95, tentative=0.9)
    assert [standing_of(alpha, strict) for alpha in (0.96, 0.92, 0.85)] == ["good", "tentative", "low"]


def many(kinds: str) -> pd.DataFrame:
    """Codings of one theme, a unit each: b both, k codebook, c coder, n neither."""
    return pd.DataFrame(
        {
            "unit_id": [f"U{at}" for at in range(len(kinds))],
            "theme": "training",
            "codebook": [kind in "bk" for kind in kinds],
            "coder": [kind in "bc" for kind in kinds],
            "row": range(len(kinds)),
        }
    )


def test_the_interval_is_that_of_alpha_worked_anew_on_drawn_units(settings: Settings) -> None:
    cells = cells_of(many("b" * 14 + "k" * 3 + "c" * 2 + "n" * 21))
    low, high = interval_of(cells, replace(settings.resampling, resamples=4000))
    # the same by the general form of alpha, one draw after the other, under another seed
    rng = np.random.default_rng(1)
    values = np.array([[1, 1, 0, 0], [1, 0, 1, 0]], dtype=float)[:, cells.argmax(axis=1)]
    drawn = [krippendorff_alpha(values[:, rng.integers(0, 40, 40)]) for _ in range(4000)]
    expected = np.quantile(drawn, [0.025, 0.975])
    assert (low, high) == pytest.approx(expected, abs=0.02)
    assert low < two_coder_alpha(cells.sum(axis=0)) < high


def test_the_row_of_all_themes_draws_units_so_that_codings_of_one_unit_stay_together(settings: Settings) -> None:
    # Two themes coded alike in every unit tell no more than one: the interval must not become narrower.
    one = many("b" * 10 + "k" * 5 + "n" * 10)
    both = pd.concat([one, one.assign(theme="teams")])
    found = agreement_of(both, "measure", THEMES, settings).set_index("theme")
    assert found.loc["all", "units"] == 50
    width = found["alpha_high"] - found["alpha_low"]
    assert width["all"] == pytest.approx(width["training"], rel=0.02)
    apart = agreement_of(both.assign(unit_id=range(50)), "measure", THEMES, settings).set_index("theme")
    assert apart.loc["all", "alpha_high"] - apart.loc["all", "alpha_low"] < 0.85 * width["all"]


def test_the_interval_of_a_theme_does_not_depend_on_the_other_themes(settings: Settings) -> None:
    one, other = many("bbkknnnnc"), many("bnnnnnnnk").assign(theme="teams")
    alone = agreement_of(one, "measure", THEMES, settings).iloc[0]
    beside = agreement_of(pd.concat([other, one]), "measure", THEMES, settings).iloc[0]
    pd.testing.assert_series_equal(alone, beside)


@pytest.mark.parametrize(
    ("kinds", "defined"),
    [
        # of 60 units one is marked: (59/60)^60 = 0.36 of the draws miss it; of two, 0.13; of four, 0.016
        ("b" + "n" * 59, False),
        ("bb" + "n" * 58, False),
        ("bbbb" + "n" * 56, True),
        ("bkcb" + "n" * 56, True),
        ("n" * 60, False),
        ("b" * 60, False),
        ("bn", False),
        ("k", True),  # one unit, coded differently: alpha is 0 in every draw
    ],
)
def test_an_interval_needs_alpha_in_nearly_all_of_the_draws(kinds: str, defined: bool, settings: Settings) -> None:
    low, high = interval_of(cells_of(many(kinds)), settings.resampling)
    assert (not np.isnan([low, high]).any()) is defined


def test_draws_without_alpha_are_left_out_up_to_the_share_that_the_interval_leaves_out(settings: Settings) -> None:
    cells = cells_of(many("bb" + "n" * 58))  # 0.13 of the draws have no alpha, in the others it is 1
    for level, defined in ((0.8, True), (0.9, False)):
        low, high = interval_of(cells, replace(settings.resampling, level=level))
        assert (low == high == 1) is defined
        assert bool(np.isnan(low) and np.isnan(high)) is not defined


@given(st.text("bkcn", min_size=1, max_size=12))
def test_any_codings_have_rows_that_keep_the_contract(settings: Settings, kinds: str) -> None:
    few = replace(settings, resampling=replace(settings.resampling, resamples=100))
    found = agreement_of(many(kinds), "measure", THEMES, few)
    tables.check(found, tables.CODER_AGREEMENT)
    assert found.iloc[0].drop("theme").equals(found.iloc[1].drop("theme"))  # one theme is all themes
    row = found.iloc[0]
    assert row["units"] == row[["both", "codebook_only", "coder_only", "neither"]].sum() == len(kinds)
    assert np.isnan(row["alpha"]) == np.isnan(row["kappa"]) == (row["standing"] == "unknown")
    assert np.isnan(row["alpha_low"]) == np.isnan(row["alpha_high"])
    assert not row["alpha_low"] > row["alpha_high"]


# --- the stage -------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, measures: pd.DataFrame, codebook: pd.DataFrame, evidence: pd.DataFrame) -> Path:
    """The tables that the stage reads."""
    tables.write(
        (measures, tables.MEASURES, tmp_path / "measures.csv"),
        (codebook, tables.CODEBOOK, tmp_path / "codebook.csv"),
        (evidence, tables.THEME_EVIDENCE, tmp_path / "theme_evidence.csv"),
    )
    return tmp_path


def run_stage(folder: Path, coding_file: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    read = [folder / f"{name}.csv" for name in ("measures", "codebook", "theme_evidence")]
    written = [folder / "coder_agreement.csv", folder / "coder_disagreements.csv"]
    coders.main(*read, coding_file, METHOD / "settings.toml", *written)
    return tables.read(written[0], tables.CODER_AGREEMENT), tables.read(written[1], tables.CODER_DISAGREEMENTS)


def test_without_a_second_coder_both_tables_are_empty_and_keep_their_columns(folder: Path) -> None:
    agreement, disagreements = run_stage(folder, Path(""))
    assert len(agreement) == len(disagreements) == 0
    assert list(agreement.columns) == tables.CODER_AGREEMENT.names


def test_the_stage_writes_the_same_bytes_twice_and_reads_a_theme_by_its_chinese_name(folder: Path) -> None:
    second = folder / "coding.csv"
    second.write_text("举措编号,主题,值\nD01-1,培训,1\nD02-1,培训,1\nD03-1,团队,1\nD04-1,团队,0\n", "utf-8")
    agreement, disagreements = run_stage(folder, second)
    assert agreement["theme"].tolist() == ["training", "teams", "all"]
    assert disagreements[["unit_id", "theme", "line"]].to_numpy().tolist() == [["D02-1", "training", 3]]
    before = [path.read_bytes() for path in sorted(folder.glob("coder_*.csv"))]
    run_stage(folder, second)
    assert [path.read_bytes() for path in sorted(folder.glob("coder_*.csv"))] == before


def test_a_wrong_coding_file_leaves_the_earlier_tables_as_they_were(folder: Path) -> None:
    second = folder / "coding.csv"
    second.write_text("measure_id,teams\nD01-1,1\nD03-1,1\n", "utf-8")
    run_stage(folder, second)
    before = [path.read_bytes() for path in sorted(folder.glob("coder_*.csv"))]
    second.write_text("measure_id,teams\nD01-1,1\nD03-1,3\n", "utf-8")
    with pytest.raises(InputError, match="'3' is neither 0 nor 1"):
        run_stage(folder, second)
    assert [path.read_bytes() for path in sorted(folder.glob("coder_*.csv"))] == before


# --- make ------------------------------------------------------------------------------------------------------------

GIVEN = "data/processed/vocational-teachers/coding.given"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the Makefile and two coding files."""
    shutil.copy2(ROOT / "Makefile", tmp_path / "Makefile")
    (tmp_path / "it's one (1).csv").write_text("a", "utf-8")
    (tmp_path / "two.csv").write_text("a", "utf-8")
    return tmp_path


def test_what_depends_on_the_second_coder_is_made_anew_exactly_when_the_file_or_its_name_changes(
    project: Path, make: Make
) -> None:
    one = "CODING=it's one (1).csv"

    def remade(*arguments: str) -> bool:
        done = make(project, GIVEN, *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        return "is up to date" not in done.stdout

    assert [remade(), remade(), remade("CODING=")] == [True, False, False]
    assert [remade(one), remade(one)] == [True, False]
    assert (project / GIVEN).read_text("utf-8") == "it's one (1).csv\na"
    (project / "it's one (1).csv").touch()
    assert not remade(one)
    (project / "it's one (1).csv").write_text("b", "utf-8")
    assert [remade(one), remade(one)] == [True, False]
    assert [remade("CODING=two.csv"), remade("CODING=two.csv"), remade(), remade()] == [True, False, True, False]


@pytest.mark.parametrize("name", ["none.csv", "no such file.xlsx", "data", "it's not.csv"])
def test_a_coding_file_that_is_not_there_stops_make_before_anything_is_made(
    project: Path, make: Make, name: str
) -> None:
    (project / "data").mkdir()
    done = make(project, "all", f"CODING={name}")
    assert done.returncode == 2
    assert f"no such file; check its name 没有这个文件，请检查文件名: '{name}'" in done.stderr
    assert done.stdout == ""
    assert list((project / "data").iterdir()) == []


def test_make_compares_with_the_file_named_keeps_what_it_has_when_that_is_wrong_and_forgets_it_when_not_named(
    project: Path, folder: Path, make: Make
) -> None:
    processed = (project / GIVEN).parent
    processed.mkdir(parents=True)
    read = [f"{name}.csv" for name in ("measures", "codebook", "theme_evidence")]
    for name in read:
        shutil.copy2(folder / name, processed / name)
    for name in ("pipeline", "method", "requirements.lock"):
        (project / name).symlink_to(ROOT / name)
    made = ".venv/core.ok", *(str((processed / name).relative_to(project)) for name in read)
    target = str((processed / "coder_agreement.csv").relative_to(project))

    def run(*arguments: str) -> tuple[int, str, int]:
        done = make(project, target, *arguments, *(part for name in made for part in ("-o", name)))
        found = tables.read(processed / "coder_agreement.csv", tables.CODER_AGREEMENT)
        return done.returncode, done.stderr, len(found)

    second = project / "it's one (1).csv"
    assert run() == (0, "", 0)
    second.write_text("measure_id,teams\nD01-1,1\nD03-1,1\n", "utf-8")
    assert run(f"CODING={second.name}") == (0, "", 2)
    second.write_text("measure_id,teams\nD01-1,1\nD03-1,3\n", "utf-8")
    for _ in range(2):  # the mistake is told until it is mended
        code, said, rows = run(f"CODING={second.name}")
        assert (code, rows) == (2, 2)
        assert (processed / "coder_disagreements.csv").exists()
        assert said.startswith(f"{second.name}:3\n  错误：")
        assert "'3' is neither 0 nor 1" in said
    assert run() == (0, "", 0)
