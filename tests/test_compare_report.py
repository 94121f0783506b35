"""The report on two runs: bound numbers, working links, and hedges exactly where they must stand."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipeline import tables
from pipeline.compare import compared as tables_of, weights_of
from pipeline.comparing.runs import Run
from pipeline.ingest import scale_of
from pipeline.method import Settings
from pipeline.report import compared, html, markdown
from pipeline.report.compare import main
from pipeline.report.document import Document, Paragraph
from pipeline.report.source import Tables
from pipeline.report.wording import load
from tests.compare_runs import MANIFEST, SETTINGS, run_of
from tests.conftest import METHOD
from tests.make import ROOT, Make, make as runner
from tests.test_report import Page, half

LANGUAGES = ("zh", "en")
A = (("山东", "培训 培训 基地"), ("浙江", "培训 评价"), ("上海", "双师 评价"))
B = (("山东", "培训 基地 基地 师德"), ("浙江", "培训 评价"), ("上海", "双师 评价"), ("四川", "基地"))


def wrong_cells(page: Page, folder: Path) -> list[tuple[str, str]]:
    """The bound numbers that are not what the file holds, rounded; — where it holds nothing."""
    wrong = []
    held: dict[str, dict[str, Any]] = {}
    for cell, shown in sorted(set(page.cells)):
        file, key, column = cell.split(" | ")
        if file not in held:
            table = tables.by_name(file.removesuffix(".csv"))
            frame = pd.read_csv(folder / file, dtype=str, keep_default_na=False, encoding="utf-8-sig")
            held[file] = {"|".join(row[name] for name in table.key): row for row in frame.to_dict("records")}
        value = held[file][key][column]
        if shown == "—" or not value:
            right = (shown, value) == ("—", "")
        elif shown.startswith("<"):
            right = float(value) < float(shown[1:])
        else:
            number = shown.rstrip("%").replace(",", "").replace("\u2212", "-")
            half = 0.5 * 10 ** -len(number.partition(".")[2])
            right = abs(float(value) * (100 if shown.endswith("%") else 1) - float(number)) <= half + 1e-6
        wrong += [] if right else [(cell, shown)]
    return wrong


def with_sources(run: Run, *, large: bool = False) -> Tables:
    """What the report reads of a run."""
    documents = run["documents"].assign(doc_id=list(dict.fromkeys(run["measures"]["doc_id"])))
    sources = tables.from_rows(
        (
            {"doc_id": doc, "file": "data/raw/one.txt", "kind": "line", "part": "", "line": at}
            for at, doc in enumerate(documents["doc_id"], 5)
        ),
        tables.SOURCES,
    )
    files = tables.from_rows([{"file": "data/raw/one.txt"}], tables.FILES)
    scale = scale_of({"large": int(large), "units": 500 if large else documents["region"].nunique()}, documents)
    return Tables({**run.frames, "documents": documents, "sources": sources, "files": files, "scale": scale})


def made_of(a: Run, b: Run, reference: str = "own", settings: Settings = SETTINGS) -> dict[str, pd.DataFrame]:
    weights = weights_of(a, b, reference, settings, METHOD / "background", METHOD / "settings.toml")
    return tables_of(a, b, weights, settings)


def document_of(a: Run, b: Run, language: str = "zh", reference: str = "own") -> Document:
    return compared.build(
        Tables(made_of(a, b, reference)), load(language, {}, {}), {"A": with_sources(a), "B": with_sources(b)}, SETTINGS
    )


def test_of_a_large_corpus_it_is_said_that_a_sample_is_compared() -> None:
    a, b = run_of("A", A), run_of("B", B)
    runs = {"A": with_sources(a, large=True), "B": with_sources(b)}
    built = compared.build(Tables(made_of(a, b)), load("zh", {}, {}), runs, SETTINGS)
    notes = ["".join(one.text for one in block.spans) for block in built.blocks if isinstance(block, Paragraph)]
    units = a["measures"]["region"].nunique()
    said = f"A 是大语料：这里比较的只是其中随机抽取、细读的 {units} 个单位（全部 500 个中）。"
    assert [note for note in notes if "大语料" in note] == [said]


def findings(a: Run, b: Run, reference: str = "own") -> str:
    """The Chinese findings as text."""
    text = markdown.render(document_of(a, b, "zh", reference), load("zh", {}, {}))
    return text[text.index("一、主要结果") : text.index("二、关键词的增减")]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reference", ["own", "A"])
def test_every_number_is_that_of_its_cell_and_every_link_leads_somewhere(
    language: str, reference: str, tmp_path: Path
) -> None:
    a, b = run_of("A", A), run_of("B", B)
    made = made_of(a, b, reference)
    tables.write(*((made[table.name], table, tmp_path / f"{table.name}.csv") for table in tables.COMPARED))
    editions = [html.Edition(document_of(a, b, one, reference), load(one, {}, {})) for one in LANGUAGES]
    page = Page(half(html.render(editions), language))
    assert len(page.cells) > 100
    assert wrong_cells(page, tmp_path) == []
    assert set(page.links) <= set(page.ids)
    assert len(page.ids) == len(set(page.ids))
    before = "en-" if language == "en" else ""
    assert f"{before}a-D01-1" in page.links  # the clause that 培训 was lost from
    assert f"{before}b-D01-1" in page.links


def test_a_clause_is_quoted_with_its_region_run_place_and_the_term_marked() -> None:
    text = markdown.render(document_of(run_of("A", A), run_of("B", B)), load("zh", {}, {}))
    clauses = text[text.index("九、引用的举措") :]
    assert '<a id="a-D01-1"></a>A · 山东·1 **培训培训**基地 (第 5 行)' in clauses
    assert '<a id="b-D01-1"></a>B · 山东·1' in clauses


def test_a_table_has_the_number_of_a_then_of_b_and_one_number_where_they_are_equal() -> None:
    text = markdown.render(document_of(run_of("A", A), run_of("B", B)), load("zh", {}, {}))
    # 培训: first, then third; twice, then once; two regions both times
    assert "| 失去 | 1 → 3 | 2 → 1 | 2 |" in text


NO_KEYWORD = "没有一项增减经得起重抽样"
SOME_KEYWORD = "经得起重抽样的增减有"


@pytest.mark.parametrize(
    ("in_a", "in_b", "said", "unsaid"),
    [(0.6, 0.0, NO_KEYWORD, SOME_KEYWORD), (0.9, 0.5, NO_KEYWORD, SOME_KEYWORD), (0.9, 0.1, SOME_KEYWORD, NO_KEYWORD)],
)
def test_gains_and_losses_are_hedged_exactly_when_none_survives_resampling(
    in_a: float, in_b: float, said: str, unsaid: str
) -> None:
    a, b = (
        run_of(side, own, stable={("山东", "培训"): value}) for side, own, value in (("A", A, in_a), ("B", B, in_b))
    )
    text = findings(a, b)
    assert said in text
    assert unsaid not in text
    assert ("其余 [1](#summary) 项只是数值上的进出" in text) == (said == SOME_KEYWORD)
    assert ("没有一项经得起重抽样，不宜作为结论引用" in text) == (said == NO_KEYWORD)


@pytest.mark.parametrize(("ends", "apart"), [((0.9, 1.0), True), ((0.2, 1.0), False)])
def test_changes_of_likeness_are_hedged_exactly_when_no_intervals_lie_apart(
    ends: tuple[float, float], apart: bool
) -> None:
    pair = ("山东", "浙江")
    a, b = run_of("A", A, spans={pair: ends}), run_of("B", B, spans={pair: (0.0, 0.3)})
    text = findings(a, b)
    assert ("没有一对的前后区间互不相交" in text) == (not apart)
    assert ("区间互不相交的有 [1](#summary) 对：山东–浙江" in text) == apart


NOTHING = "地区在组间的移动没有意义"


@pytest.mark.parametrize(
    ("outcomes", "said"),
    [
        (("not shown", "supported"), NOTHING),
        (("supported", "not shown"), NOTHING),
        (("weak", "supported"), "只可作描述"),
        (("supported", "supported"), "两次都支持分组"),
    ],
)
def test_moves_between_groups_mean_nothing_where_either_run_shows_none(outcomes: tuple[str, str], said: str) -> None:
    groups = {"山东": 1, "浙江": 1, "上海": 2, "四川": 2}
    a, b = (run_of(s, own, outcome=each, groups=groups) for s, own, each in zip("AB", (A, B), outcomes, strict=True))
    text = findings(a, b)
    assert [known for known in (NOTHING, "只可作描述", "两次都支持分组") if known in text] == [said]
    whole = markdown.render(document_of(a, b), load("zh", {}, {}))
    assert (NOTHING in whole[whole.index("五、分组") :]) == (said == NOTHING)


def test_another_nearest_region_is_hedged_exactly_when_none_is_sure() -> None:
    said = {
        "A": (("山东", "培训"), ("浙江", "培训"), ("上海", "双师")),
        "B": (("山东", "双师"), ("浙江", "培训"), ("上海", "双师")),
    }
    unsure = findings(run_of("A", said["A"]), run_of("B", said["B"]))
    assert "没有一个有把握" in unsure
    sure = findings(run_of("A", said["A"], among=[("山东", "浙江")]), run_of("B", said["B"], among=[("山东", "上海")]))
    assert "没有一个有把握" not in sure
    assert "个有把握（山东" in sure


def test_two_equal_runs_are_said_to_be_equal_and_nothing_is_hedged() -> None:
    text = findings(run_of("A", A), run_of("B", A))
    for said in ("完全相同", "余弦全都未变", "最近邻都未变", "输入（原始文件、方法、程序、软件版本）完全相同"):
        assert said in text
    for unsaid in (NO_KEYWORD, SOME_KEYWORD, "没有一对的前后区间", "没有一个有把握", "文字改了什么"):
        assert unsaid not in text


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({}, "完全相同"),
        ({"method": {"files": {**MANIFEST["method"]["files"], "method/user_dict.txt": "9"}}}, "只有这一类不同"),
        ({"locks": {"requirements.lock": "9"}, "packages": {"numpy": "2.5.0"}}, "只有这一类不同"),
        ({"raw": {"file": "data/raw/one.txt", "sha256": "9"}, "python": "3.12.1"}, "分不清"),
    ],
)
def test_what_went_in_is_said_to_be_one_cause_or_several(parts: dict[str, Any], said: str) -> None:
    text = findings(run_of("A", A), run_of("B", A, manifest={**MANIFEST, **parts}))
    inputs = next(line for line in text.splitlines() if "两次运行的输入" in line)
    assert [known for known in ("完全相同", "只有这一类不同", "分不清") if known in inputs] == [said]


def test_the_report_says_whose_idf_was_used() -> None:
    a, b = run_of("A", A), run_of("B", B)
    assert "各次用各次的" in findings(a, b)
    assert "两次的权重都用 B 的 idf（[4]" not in findings(a, b, "B")
    assert "两次的权重都用 B 的 idf（4 个地区）" in findings(a, b, "B")
    assert f"背景“{SETTINGS.background.name}”的 idf" in findings(a, b, "background")


def test_a_region_of_one_run_only_is_named() -> None:
    assert "只在 B 的 [1](#summary) 个（四川）" in findings(run_of("A", A), run_of("B", B))


# --- through make ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def both(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The appendix and a second version of it: one region's text another one, one region more; compared by make."""
    folder = tmp_path_factory.mktemp("both") / "copy"
    shutil.copytree(built, folder, symlinks=True)
    raw = (folder / "data/raw/vocational-teachers.txt").read_text("utf-8")
    start = raw.index("\t3\n\t上海\n\t") + len("\t3\n\t上海\n\t")
    new = "推进产教融合，共建教师企业实践基地；改革职称评审，把企业实践经历作为晋升条件。强化绩效考核，考核培训机构。"
    raw = raw[:start] + new + raw[raw.index("\n", start) :]
    more = "加强教学创新团队建设，建立培训体系；实施精准培训，开展企业实践；健全师德师风长效机制。"
    (folder / "data/raw/revised.txt").write_text(raw.rstrip() + f"\n\n\t14\n\t四川\n\t{more}\n\n", "utf-8")
    done = runner(folder, "compare", "A=vocational-teachers", "B=revised")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_make_compare_makes_both_runs_and_says_where_the_report_is(both: Path) -> None:
    name = "vocational-teachers--revised"
    folder = both / "data/processed" / name
    found = {table.name: tables.read(folder / f"{table.name}.csv", table) for table in tables.COMPARED}
    regions = found["compare_regions"].set_index("region")
    assert regions.index[~regions["same_text"]].tolist() == ["上海", "四川"]
    assert regions.at["四川", "where"] == "B"
    assert regions.at["上海", "cosine"] < 0.5
    assert (regions["cosine"].drop(["上海", "四川"]) == 1).all()
    keywords = found["compare_keywords"]
    assert (keywords["from_tf"] + keywords["from_idf"] - keywords["change"]).abs().max() < 1e-14
    assert set(keywords.loc[keywords["cause"].isin(["absent", "text"]), "region"]) == {"上海"}
    sums = found["compare_pair_terms"].groupby(["region", "other"])["change"].sum()
    pairs = found["compare_pairs"].set_index(["region", "other"])["change"]
    assert (pairs - sums.reindex(pairs.index).fillna(0)).abs().max() < 1e-12
    assert not found["compare_inputs"].query("kind == 'raw'")["same"].any()
    assert found["compare_inputs"].query("kind != 'raw'")["same"].all()
    assert {path.name for path in (both / "reports" / name).iterdir()} == {
        "compare.html",
        "compare.zh.md",
        "compare.en.md",
    }


def test_every_number_of_the_made_report_is_that_of_its_cell(both: Path) -> None:
    name = "vocational-teachers--revised"
    page = Page((both / "reports" / name / "compare.html").read_text("utf-8"))
    assert len(page.cells) > 300
    assert wrong_cells(page, both / "data/processed" / name) == []
    assert set(page.links) <= set(page.ids)
    assert page.remote == []


def test_by_the_idf_of_the_first_run_only_pairs_of_the_replaced_region_change(both: Path) -> None:
    done = runner(both, "compare", "A=vocational-teachers", "B=revised", "REFERENCE=A")
    assert done.returncode == 0, done.stderr
    pairs = tables.read(both / "data/processed/vocational-teachers--revised/compare_pairs.csv", tables.COMPARE_PAIRS)
    moved = pairs[pairs["change"].abs() > 1e-9]
    assert len(moved)
    assert ((moved["region"] == "上海") | (moved["other"] == "上海")).all()


@pytest.mark.parametrize(
    "given",
    [(), ("A=x",), ("A=x", "B=x"), ("A=x", "B=a/b"), ("A=x", "B=y", "REFERENCE=C"), ("A=x", "B=..")],
)
def test_names_that_cannot_be_compared_are_told_how_to_call_it(make: Make, given: tuple[str, ...]) -> None:
    done = make(ROOT, "compare", *given)
    assert done.returncode == 2
    assert "请给出两个不同的名称" in done.stderr
    assert "Give two different names" in done.stderr


def test_a_run_of_another_unit_or_method_must_have_been_made(make: Make) -> None:
    done = make(ROOT, "compare", "A=no-such@province", "B=no-such+mine")
    assert done.returncode == 2
    assert "no-such@province/manifest.json" in done.stderr
    assert "请先运行 make all" in done.stderr


def test_the_same_run_through_the_stages_gives_the_same_bytes(both: Path, tmp_path: Path) -> None:
    folder = both / "data/processed"
    ends = (METHOD / "settings.toml", METHOD / "glossary.csv")
    runs = (folder / "vocational-teachers", folder / "revised")
    for at in ("one", "two"):
        main(folder / "vocational-teachers--revised", *runs, *ends, tmp_path / at)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
