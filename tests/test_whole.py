"""All of a large corpus, from the raw file to its tables: every number is what an independent count gives."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

from pipeline import cut, explore, ingest, tables, whole
from pipeline.method import load_settings
from tests.conftest import METHOD
from tests.make import ROOT

# What the measures of each planted group speak of.
THEMES = (
    ("师德", "师风", "考核", "监督", "评价", "诚信", "奖惩", "档案"),
    ("企业", "实践", "车间", "产业", "融合", "校企", "基地", "工匠"),
    ("引进", "人才", "编制", "职称", "招聘", "薪酬", "岗位", "兼职"),
    ("网络", "平台", "课程", "数字", "资源", "直播", "软件", "云端"),
)
NAMES = [table.name for table in tables.WHOLE_ALL]


def texts(units: int = 320) -> list[str]:
    rng = np.random.default_rng(5)
    written = []
    for at in range(units):
        own = rng.choice(THEMES[at % len(THEMES)], 6, replace=False)
        written.append(f"推进{own[0]}和{own[1]}；完善{own[2]}和{own[3]}；关于{own[4]}和{own[5]}。")
    written[9] = written[1]  # two units of the same words
    return written


def settings_of(folder: Path, **changes: object) -> Path:
    """The settings with other numbers of [scale]."""
    head, _, rest = (METHOD / "settings.toml").read_text("utf-8").partition("[scale]")
    own, _, after = rest.partition("[calibration]")
    lines = [
        f"{key} = {changes[key]}" if (key := line.partition(" = ")[0]) in changes else line for line in own.splitlines()
    ]
    path = folder / "settings.toml"
    path.write_text(f"{head}[scale]" + "\n".join(lines) + f"\n[calibration]{after}", "utf-8")
    return path


def run_all(folder: Path, raw: Path, settings: Path) -> dict[str, pd.DataFrame]:
    """The three stages, and every table they wrote."""
    ingested = [folder / f"{name}.csv" for name in ("documents", "sources", "files", "cleaning", "scale")]
    documents, scale, corpus = ingested[0], ingested[-1], folder / "corpus"
    partitions = folder / "partitions.csv"
    ingest.main(raw, Path("region"), METHOD / "regions.csv", settings, *ingested, corpus)
    lists = [METHOD / name for name in ("user_dict.txt", "stop_words.txt", "synonyms.csv")]
    cut.main(scale, settings, *lists, corpus, partitions)
    generic = METHOD / "generic_words.txt"
    whole.main(scale, documents, partitions, settings, generic, corpus, *(folder / f"{name}.csv" for name in NAMES))
    names = ("documents", "scale", "partitions", *NAMES)
    return {name: tables.read(folder / f"{name}.csv", tables.by_name(name)) for name in names}


SMALL = {
    "units_in_full": 100, "units_studied": 12, "units_studied_least": 5, "part_bytes": 6000, "group_numbers": "[2, 4, 8]", "subsample_units": 60,
    "forming_share": 0.6, "null_draws": 99, "map_units": 50,
}  # fmt: skip


def recorded(folder: Path, written: list[str]) -> Path:
    raw = folder / "corpus.jsonl"
    lines = (json.dumps({"地区": f"第{at}所", "正文": text}, ensure_ascii=False) for at, text in enumerate(written))
    raw.write_text("\n".join(lines) + "\n", "utf-8")
    return raw


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("JOBS", "1")
        return run_all(folder, recorded(folder, texts()), settings_of(folder, **SMALL))


def metric(found: dict[str, pd.DataFrame], name: str) -> float:
    return float(found["whole"].set_index("metric")["value"][name])


def terms_of_units(found: dict[str, pd.DataFrame]) -> list[list[str]]:
    """What counts of each text: no text says a word twice, and no word stands in another."""
    terms = found["whole_terms"]
    known = terms.loc[~terms["generic"] & ~terms["common"], "term"].tolist()
    return [[word for word in known if word in text] for text in texts()]


def test_the_sizes_are_those_of_the_file(found: dict[str, pd.DataFrame]) -> None:
    scale = found["scale"].set_index("metric")["value"]
    assert scale[["large", "units", "documents", "studied_units", "studied_documents"]].tolist() == [
        1,
        320,
        320,
        12,
        12,
    ]
    assert scale["characters"] == sum(map(len, texts()))
    assert scale["partitions"] == len(found["partitions"]) > 3
    assert metric(found, "measures") == 3 * 320
    assert found["whole_units"]["documents"].tolist() == [1] * 320
    assert found["whole_units"]["measures"].tolist() == [3] * 320


def test_the_units_studied_are_those_of_documents_csv(found: dict[str, pd.DataFrame]) -> None:
    units = found["whole_units"]
    assert set(units.loc[units["studied"], "unit"]) == set(found["documents"]["region"])
    assert units["studied"].sum() == 12


def test_neighbours_are_those_of_scikit_learn(found: dict[str, pd.DataFrame]) -> None:
    vectors = TfidfVectorizer(analyzer=lambda words: words).fit_transform(terms_of_units(found))
    cosines = cosine_similarity(vectors)
    np.fill_diagonal(cosines, 0)
    for name, own in found["whole_neighbours"].groupby("unit"):
        row = cosines[int(name[1:-1])]
        assert own["similarity"].tolist() == pytest.approx((-np.sort(-row)[: len(own)]).tolist(), abs=1e-6)
        assert [row[int(other[1:-1])] for other in own["neighbour"]] == pytest.approx(
            own["similarity"].tolist(), abs=1e-6
        )
    assert found["whole_neighbours"]["unit"].nunique() == 320


def test_the_pair_of_the_same_words_is_among_the_closest_and_its_terms_make_up_all_of_it(
    found: dict[str, pd.DataFrame],
) -> None:
    pairs = found["whole_pairs"].set_index(["unit_a", "unit_b"])
    own = pairs.loc[("第1所", "第9所")]
    assert own["similarity"] == pytest.approx(1)
    shares = [float(term.rpartition(" ")[2]) for term in own["terms"].split("; ")]
    assert sum(shares) == pytest.approx(1, abs=0.03)
    assert own["clause_a"] in texts()[1]
    assert own["terms"].split(" ")[0] in own["clause_a"]
    assert pairs["similarity"].is_monotonic_decreasing


def test_the_planted_groups_are_found_and_hold(found: dict[str, pd.DataFrame]) -> None:
    groups = found["whole_groups"]
    assert len(groups) == 4
    assert groups["holds"].all()
    assert groups["units"].sum() == 320
    assert groups["units"].is_monotonic_decreasing
    units = found["whole_units"]
    planted = np.arange(320) % 4
    assert pd.crosstab(planted, units["group"]).max(axis=1).sum() > 310
    assert found["whole"].set_index("metric")["note"]["verdict"] == "supported"


def test_every_marking_term_leads_to_a_clause_that_has_it(found: dict[str, pd.DataFrame]) -> None:
    written = dict(enumerate(texts()))
    terms = found["whole_group_terms"]
    units = found["whole_units"].set_index("unit")
    assert set(terms["group"]) == {1, 2, 3, 4}
    for row in terms.itertuples():
        text = written[int(row.unit[1:-1])]
        assert text[row.start : row.end] == row.clause
        assert row.term in row.clause
        assert units.loc[row.unit, "group"] == row.group
        assert units.loc[row.unit, "document"] == row.document


def test_counts_of_marking_terms_are_those_of_the_texts(found: dict[str, pd.DataFrame]) -> None:
    group = found["whole_units"]["group"].to_numpy()
    has = np.array([["师德" in text for text in texts()]]).ravel()
    row = found["whole_group_terms"].set_index("term").loc["师德"]
    assert row["count"] == has[group == row["group"]].sum()
    assert row["count_rest"] == has[group != row["group"]].sum()
    assert row["share"] == pytest.approx(has[group == row["group"]].mean(), abs=1e-6)


def test_terms_are_counted_over_all_units(found: dict[str, pd.DataFrame]) -> None:
    terms = found["whole_terms"].set_index("term")
    for word in ("师德", "校企", "云端"):
        assert terms.loc[word, "units"] == sum(word in text for text in texts())
    assert terms["units"].is_monotonic_decreasing


def test_the_other_tables_fit_the_groups(found: dict[str, pd.DataFrame]) -> None:
    assert len(found["whole_group_similarity"]) == 10
    assert found["whole_choice"]["k"].tolist() == [2, 4, 8]
    assert found["whole_choice"].loc[found["whole_choice"]["chosen"], "k"].tolist() == [4]
    assert len(found["whole_map"]) == 50
    assert found["whole_typical"].groupby("group").size().tolist() == [3, 3, 3, 3]


def test_a_small_corpus_has_empty_tables(tmp_path: Path) -> None:
    found = run_all(tmp_path, recorded(tmp_path, texts(20)), settings_of(tmp_path, **SMALL))
    assert found["scale"].set_index("metric")["value"]["large"] == 0
    assert all(found[name].empty for name in ("partitions", *NAMES))
    assert not (tmp_path / "corpus").exists()
    assert len(found["documents"]) == 20


def test_a_corpus_that_became_small_leaves_no_partitions_behind(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, **SMALL)
    run_all(tmp_path, recorded(tmp_path, texts(120)), settings)
    assert (tmp_path / "corpus").exists()
    run_all(tmp_path, recorded(tmp_path, texts(20)), settings)
    assert not (tmp_path / "corpus").exists()


def test_few_units_with_much_text_are_not_grouped(tmp_path: Path) -> None:
    written = texts(320)
    few = [("".join(written[at::16])) for at in range(16)]
    settings = settings_of(tmp_path, **SMALL, characters_in_full=1000, characters_studied=2000)
    found = run_all(tmp_path, recorded(tmp_path, few), settings)
    assert found["whole"].set_index("metric")["note"]["verdict"] == "too few units"
    assert found["whole_groups"].empty
    assert (found["whole_units"]["group"] == 0).all()
    assert len(found["whole_neighbours"]) > 0


def test_reading_in_parts_and_at_once_give_the_same_tables(tmp_path: Path) -> None:
    tables_of = {}
    for way, above in (("parts", 0), ("once", 10**9)):
        folder = tmp_path / way
        folder.mkdir()
        tables_of[way] = run_all(
            folder, recorded(folder, texts(150)), settings_of(folder, **SMALL, in_parts_above=above)
        )
    for name in NAMES:
        parts, once = (tables_of[way][name] for way in ("parts", "once"))
        same = [
            column for column in parts.columns if column not in ("document", "document_a", "document_b", "partition")
        ]
        pd.testing.assert_frame_equal(parts[same], once[same])


def test_processes_and_hash_seeds_change_no_byte(tmp_path: Path) -> None:
    raw, settings = recorded(tmp_path, texts(150)), settings_of(tmp_path, **SMALL)
    contents = []
    for jobs, seed in (("1", "1"), ("2", "2")):
        folder = tmp_path / jobs
        folder.mkdir()
        code = f"from pathlib import Path; from tests.test_whole import run_all; run_all(Path({str(folder)!r}), Path({str(raw)!r}), Path({str(settings)!r}))"
        environment = {
            "JOBS": jobs,
            "PYTHONHASHSEED": seed,
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "PATH": "",
        }
        subprocess.run(
            [sys.executable, "-c", f"if __name__ == '__main__': {code}".replace("; ", ";")],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
        )
        contents.append(
            {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
        )
    assert contents[0] == contents[1]
    assert len(contents[0]) > 20


def test_the_numbers_of_scale_are_checked(tmp_path: Path) -> None:
    from pipeline.errors import InputError

    with pytest.raises(InputError, match="group_numbers"):
        load_settings(settings_of(tmp_path, group_numbers="[1]"))


def test_look_ups_find_any_unit_and_any_characters(tmp_path: Path) -> None:
    run_all(tmp_path, recorded(tmp_path, texts()), settings_of(tmp_path, **SMALL, neighbours=2))
    for name in ("generic_words.txt",):
        (tmp_path / name).write_bytes((METHOD / name).read_bytes())
    near = explore.whole_neighbours(tmp_path, "第1所", tmp_path, 3)
    listed = tables.read(tmp_path / "whole_neighbours.csv", tables.WHOLE_NEIGHBOURS).set_index("unit").loc["第1所"]
    assert near["neighbour"].head(2).tolist() == listed["neighbour"].tolist()
    assert near["similarity"].head(2).tolist() == pytest.approx(listed["similarity"].tolist(), abs=1e-6)
    assert near["neighbour"].iloc[0] == "第9所"
    said = explore.whole_concordance(tmp_path, "师德", most=1000)
    assert len(said) == sum(text.count("师德") for text in texts())
    row = said.iloc[0]
    assert f"{row['left']}师德{row['right']}" in texts()[int(row["unit"][1:-1])]
    with pytest.raises(explore.UnknownNameError, match="第1所"):
        explore.whole_neighbours(tmp_path, "第1号所", tmp_path)
    assert len(explore.whole_concordance(tmp_path, "和", most=7)) == 7


def test_look_ups_into_a_small_corpus_say_that_its_tables_hold_all(tmp_path: Path) -> None:
    run_all(tmp_path, recorded(tmp_path, texts(20)), settings_of(tmp_path, **SMALL))
    with pytest.raises(FileNotFoundError, match="no large corpus"):
        explore.whole_concordance(tmp_path, "师德")
