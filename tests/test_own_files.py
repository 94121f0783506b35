"""What the notebook on one's own files shows: files read as the stages read them, and where each document and run stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pytest

from pipeline import explore, tables
from pipeline.errors import InputError
from pipeline.explore import Tables, preview
from tests.conftest import RAW, Corpus
from tests.containers import table, word
from tests.make import ROOT

Files = Callable[..., Path]


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Files:
    """Files of a folder `corpus`, by name."""

    def write(files: Mapping[str, str | bytes]) -> Path:
        folder = tmp_path / "corpus"
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    return write


@pytest.fixture(scope="module")
def appendix(corpus: Corpus) -> dict[str, pd.DataFrame]:
    return {table.name: frame for frame, table in corpus.with_contracts()}


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    """Two documents of 山东 and two of 浙江, with a sentence that all have and one that 山东 has twice; a picture."""
    folder = tmp_path_factory.mktemp("raw") / "corpus"
    folder.mkdir()
    for name, text in {
        "山东_甲.txt": "全面贯彻落实中央决策部署。\n山东省培训骨干教师一千人。\u200b",
        "山东_乙.txt": "全面贯彻落实中央决策部署。山东省培训骨干教师一千人。山东另建双师基地。",
        "浙江_甲.txt": "全面贯彻落实中央决策部署；浙江评选名师。",
        "浙江_乙.txt": "全面贯彻，落实中央决策部署。浙江支持企业实践，校企双师互聘。",
        "图.png": "x",
    }.items():
        (folder / name).write_text(text, "utf-8")
    return preview(folder)


# --- reading -----------------------------------------------------------------------------------------------------


def test_a_preview_has_the_tables_that_the_stages_make(appendix: Tables) -> None:
    found = preview(RAW)
    assert set(found) - set(appendix) == {"notes"}
    for name in set(found) - {"notes", "sources", "files", "cleaning"}:
        pd.testing.assert_frame_equal(found[name], appendix[name])
    for name in ("sources", "files", "cleaning"):  # which name their files from the folder of the corpus on
        assert set(found[name]["file"]) == {"vocational-teachers.txt"}
        pd.testing.assert_frame_equal(found[name].drop(columns="file"), appendix[name].drop(columns="file"))
    for name in set(found) - {"notes"}:
        tables.check(found[name], tables.by_name(name))


def test_a_preview_writes_nothing_beside_the_files_and_finds_them_from_a_folder_below(
    corpus_folder: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = corpus_folder({"山东.txt": "培训教师。", "浙江.txt": "评选名师。"})
    before = sorted(folder.parent.rglob("*"))
    assert preview(folder)["documents"]["region"].tolist() == ["山东", "浙江"]
    assert sorted(folder.parent.rglob("*")) == before
    monkeypatch.chdir(ROOT / "notebooks")
    assert len(preview("data/raw/vocational-teachers.txt")["documents"]) == 13


def test_a_preview_pools_by_the_unit_that_is_asked_for(corpus_folder: Files) -> None:
    text = "地区,年份,正文\n宜昌市,2023,培训教师。\n武汉市,2024,评选名师。\n"
    folder = corpus_folder({"表.csv": text})
    assert preview(folder, unit="province")["documents"]["region"].tolist() == ["湖北", "湖北"]
    assert set(preview(folder / "表.csv", unit="year")["keywords"]["region"]) == {"2023", "2024"}
    with pytest.raises(InputError, match="no such column"):
        preview(folder, unit="部门")


def test_a_preview_takes_from_the_method_what_it_has_and_the_rest_from_the_default(
    corpus_folder: Files, tmp_path: Path
) -> None:
    folder = corpus_folder({"表.csv": "来源地,材料\n山东,培训骨干教师。\n浙江,评选名师，培训教师。\n"})
    method = tmp_path / "mine"
    method.mkdir()
    (method / "settings.toml").write_text('[columns]\nregion = ["来源地"]\ntext = ["材料"]\n', "utf-8")
    terms = set(preview(folder, method=method)["keywords"]["term"])
    assert {"培训", "评选"} <= terms
    (method / "stop_words.txt").write_text("评选\n", "utf-8")
    assert set(preview(folder, method=method)["tokens"]["term"]) >= {"培训"}
    assert "评选" not in set(preview(folder, method=method)["tokens"]["term"])
    (method / "stopwords.txt").write_text("", "utf-8")
    with pytest.raises(InputError, match="unknown file"):
        preview(folder, method=method)


def test_a_text_of_no_words_is_refused_as_the_stage_refuses_it(corpus_folder: Files) -> None:
    with pytest.raises(InputError, match="no word was kept"):
        preview(corpus_folder({"山东.txt": "1。", "浙江.txt": "2。"}))


def test_what_make_would_refuse_is_one_row_and_what_it_reads_none(corpus_folder: Files) -> None:
    folder = corpus_folder({"a.docx": word(table(("来源地", "材料"), ("山东", "培训。"), ("浙江", "名师。")))})
    rows = explore.refusal(folder / "a.docx")
    assert rows[["file", "row"]].values.tolist() == [["a.docx", 1]]
    assert "“来源地”、“材料”" in rows["message"].iloc[0]
    assert "under [columns]" in rows["message_en"].iloc[0]
    empty = explore.refusal(corpus_folder({"b.txt": ""}) / "b.txt")
    assert empty["row"].isna().tolist() == [True]
    assert explore.refusal(RAW).empty


def test_notes_are_what_make_remarks_and_goes_on(shown: Tables, corpus_folder: Files) -> None:
    assert explore.notes(shown)[["file", "message_en"]].values.tolist() == [
        ["corpus/图.png", "not read: unknown ending."]
    ]
    rows = explore.notes(preview(corpus_folder({"表.csv": "地区,正文\n襄樊市,培训教师。\n浙江,评选名师。\n"})))
    assert rows[["file", "row"]].values.tolist() == [["corpus/表.csv", 2]]
    assert "“襄阳市”" in rows["message"].iloc[0]


# --- names -------------------------------------------------------------------------------------------------------


def test_a_name_is_shown_with_what_it_means_and_an_ambiguous_one_with_what_it_may_mean() -> None:
    rows = explore.place_names("浙江省", "襄樊市", "城关区", "长三角").set_index("region_raw")
    assert rows["status"].tolist() == ["found", "former", "ambiguous", "unknown"]
    assert rows["region"].tolist() == ["浙江", "襄阳", "城关区", "长三角"]
    assert rows["adcode"].tolist() == ["330000", "420600", "", ""]
    assert rows["candidates"].tolist() == ["", "", "西藏拉萨城关区、甘肃兰州城关区", ""]
    within = explore.place_names("城关区", within="甘肃省")
    assert within[["status", "province", "adcode"]].values.tolist() == [["found", "甘肃", "620102"]]


# --- look-ups ----------------------------------------------------------------------------------------------------


def test_sources_say_for_each_document_what_it_is_and_where_it_stands(shown: Tables, appendix: Tables) -> None:
    columns = ["doc_id", "region", "title", "characters", "file", "kind", "row"]
    assert explore.sources(shown)[columns].values.tolist() == [
        ["D01", "山东", "乙", 35, "corpus/山东_乙.txt", "line", 1],
        ["D02", "山东", "甲", 27, "corpus/山东_甲.txt", "line", 1],
        ["D03", "浙江", "乙", 30, "corpus/浙江_乙.txt", "line", 1],
        ["D04", "浙江", "甲", 20, "corpus/浙江_甲.txt", "line", 1],
    ]
    raw = RAW.read_text("utf-8").splitlines()
    for row, text in zip(explore.sources(appendix).itertuples(), appendix["documents"]["text"], strict=True):
        assert raw[row.row - 1].replace("[bookmark: _GoBack]", "").endswith(text)


def test_files_say_what_was_taken_from_each_or_why_nothing_was(shown: Tables, appendix: Tables) -> None:
    assert explore.files(shown)[["file", "documents", "skipped"]].values.tolist()[-1] == ["corpus/浙江_甲.txt", 1, ""]
    skipped = explore.files(shown).set_index("file")["skipped"]
    assert skipped["corpus/图.png"] == "unknown ending"
    assert explore.files(appendix)["columns"].tolist() == ["序号=serial · 省市=region · 经验做法简介=text"]


def test_cleaning_lists_every_run_but_the_blanks_between_cells_unless_asked_for(
    shown: Tables, appendix: Tables
) -> None:
    assert explore.cleaning(shown)[["doc_id", "row", "removed", "left_out_as"]].values.tolist() == [
        ["D02", 2, "\\u200b", "invisible character"]
    ]
    rows = explore.cleaning(appendix)
    assert rows["removed"].tolist().count("[bookmark: _GoBack]") == 1
    assert not {"structure", "blank"} & set(rows["left_out_as"])
    assert len(explore.cleaning(appendix, everything=True)) == len(appendix["cleaning"]) > len(rows)


def test_shared_passages_come_with_those_of_most_regions_first(shown: Tables) -> None:
    rows = explore.shared_passages(shown)
    assert rows[["text", "characters", "documents", "regions"]].values.tolist() == [
        ["全面贯彻落实中央决策部署", 12, 4, 2],
        ["山东省培训骨干教师一千人", 12, 2, 1],
    ]
    assert rows["measure_ids"].tolist()[1] == ["D01-2", "D02-2"]


def test_what_is_shared_is_measured_for_each_region_and_its_effect_for_each_view(shown: Tables) -> None:
    # 山东: 12 + 12 + 8 and 12 + 12 characters, the first 12 of both shared; 浙江: 12 + 14 and 12 + 6
    rows = explore.shared_regions(shown).set_index("region")
    assert rows["characters"].to_dict() == {"浙江": 44, "山东": 56}
    assert rows["shared_characters"].to_dict() == {"浙江": 24, "山东": 24}
    assert rows.index.tolist() == ["浙江", "山东"]
    effect = explore.shared_effect(shown).set_index("view")
    assert effect["passages"].tolist() == effect["passages_within"].tolist() == [1, 1]
    assert effect["share"].tolist() == pytest.approx([48 / 100] * 2)
    assert effect.loc["characters", "mean_without"] < effect.loc["characters", "mean"]
    picture = explore.shared_picture(shown)
    assert repr(picture).endswith("最多 most: 浙江, 55%")
    assert picture._repr_png_()[0].startswith(b"\x89PNG")
    assert [text.get_text() for text in picture.figure.axes[0].texts] == ["43%", "55%"]


def test_near_duplicates_come_with_their_titles(shown: Tables) -> None:
    # all 20 strings of five characters of D02 are in D01, which has 28
    rows = explore.near_duplicates(shown)
    columns = ["doc_a", "title_a", "doc_b", "title_b", "containment"]
    assert rows.loc[0, columns].tolist() == ["D01", "乙", "D02", "甲", 1.0]
    assert rows.loc[0, "resemblance"] == pytest.approx(20 / 28)
    assert explore.near_duplicates({**shown, "near_duplicates": shown["near_duplicates"].head(0)}).empty


def test_every_mention_of_a_term_leads_to_its_file(shown: Tables, appendix: Tables) -> None:
    rows = explore.origins(shown, "双师", width=2)
    assert rows[["doc_id", "left", "right", "file", "row"]].values.tolist() == [
        ["D01", "另建", "基地", "corpus/山东_乙.txt", 1],
        ["D03", "校企", "互聘", "corpus/浙江_乙.txt", 1],
    ]
    raw = RAW.read_text("utf-8").splitlines()
    found = explore.origins(appendix, "培训")
    assert len(found) == len(explore.concordance(appendix, "培训"))
    for row in found.itertuples():
        assert f"{row.left}{row.hit}{row.right}" in raw[row.row - 1].replace("[bookmark: _GoBack]", "")


def test_keywords_and_pairs_of_a_preview_are_looked_up_like_those_of_a_corpus(appendix: Tables) -> None:
    found = preview(RAW)
    pd.testing.assert_frame_equal(explore.keywords_of(found, "Zhejiang"), explore.keywords_of(appendix, "浙江"))
    assert explore.closest_pair(found) == explore.closest_pair(appendix)
    pd.testing.assert_frame_equal(
        explore.explain_pair(found, "浙江", "上海"), explore.explain_pair(appendix, "浙江", "上海")
    )


# --- the examples ------------------------------------------------------------------------------------------------


def test_the_examples_hold_the_corpuss_own_texts_in_a_folder_of_their_own(appendix: Tables) -> None:
    paths = explore.example_files(appendix)
    assert len({path.parent for path in paths}) == 1
    assert ROOT not in paths[0].parents
    texts = appendix["documents"].set_index("region")["text"]
    word_file, folder, renamed, method = paths
    for found in (preview(word_file), preview(renamed, method=method)):
        for row in found["documents"].itertuples():
            assert row.text == texts[row.region]
    assert preview(word_file)["documents"]["region"].tolist() == ["山东", "浙江", "上海", "宜昌", "兴安盟"]
    left_out = set(explore.cleaning(preview(word_file))["left_out_as"])
    assert left_out == {"title", "header", "page header", "invisible character", "row without text", "row of one cell"}
    pieces = preview(folder)["measures"]
    title = appendix["documents"]["title"].iloc[0]
    own = {region: set(rows["text"]) for region, rows in appendix["measures"].groupby("region")}
    for region, rows in pieces.groupby("region"):
        assert set(rows["text"]) <= own[region] | {title}
    assert len(explore.refusal(renamed)) == 1
