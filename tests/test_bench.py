"""The suite of `make bench` at tiny sizes, and the verdicts, exponents and counts that its page states."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_array

from benchmarks import (
    apart,
    bench,
    checkout,
    corpus,
    editing,
    growth,
    opening,
    peers,
    start_up,
    stored,
    vectors,
    watching,
)
from benchmarks.made_up import Text
from benchmarks.rows import (
    Found,
    Row,
    Target,
    Value,
    exponent,
    exponent_above,
    measured,
    shown,
    table,
    verdict,
    verdicts,
)
from benchmarks.watching import Limits, Run, Stage, StoppedError
from tests.make import ROOT, VENV, make

LIMITS = Limits(120, 8_000_000_000)

# --- rows --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "target", "expected"),
    [
        (1.2, Target(1.2), "yes"),
        (1.21, Target(1.2), "**not met**"),
        (8.0, Target(8, at_least=True), "yes"),
        (7.99, Target(8, at_least=True), "**not met**"),
        (0.0, Target(0), "yes"),
        (100.0, None, "—"),
    ],
)
def test_the_verdict_follows_from_the_number(value: float, target: Target | None, expected: str) -> None:
    assert verdict(Row("a.b", "work", "x", target), Found({"a.b": Value(value)})) == expected


def test_what_was_not_measured_meets_no_target_and_the_row_says_why() -> None:
    found = Found(why={"part": "no memory", "part.two": "no time"})
    rows = [Row(f"part.{name}", "work", "s", Target(1)) for name in ("one", "two")]
    assert [measured(row, found) for row in rows] == ["not measured: no memory", "not measured: no time"]
    assert {verdict(row, found) for row in rows} == {"**not met**"}
    assert measured(Row("other.one", "work"), found) == "not measured: its part was not run"


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0.0, "", "0"), (1_500.0, "MB", "1,500 MB"), (1234.56, "s", "1,235 s"), (12.345, "x", "12.3x"), (0.0123456, "s", "0.0123 s"),
        (9.999, "s", "10.0 s"), (181_000, "", "181,000"), (-0.5, "", "-0.500"),
    ],
)  # fmt: skip
def test_numbers_have_three_digits_that_count(value: float, unit: str, expected: str) -> None:
    assert shown(value, unit) == expected


def test_targets_say_which_way_they_go_and_what_would_be_better() -> None:
    assert Row("a.b", "work", "x", Target(8, at_least=True), "goal 15x").wanted == "≥ 8x (goal 15x)"
    assert Row("a.b", "work", "s", Target(0.1)).wanted == "≤ 0.100 s"
    assert Row("a.b", "work", "s").wanted == "—"


def test_exponents_as_worked_by_hand() -> None:
    """Ten times the texts in 20 times the time: log10(20); a hundred times in ten: a half."""
    assert exponent(20_000, 3.0, 200_000, 60.0) == pytest.approx(1.30103, abs=1e-5)
    assert exponent(10, 4.0, 1_000, 40.0) == pytest.approx(0.5)
    # 300 and 600 MB above a base of 100: twice as much for four times the texts.
    assert exponent_above(100, 50, 400, 200, 700) == pytest.approx(0.5)
    # Nothing on top of 100 for 10 texts counts as 1, a hundredth: 100 on top for 1,000 texts is a hundred times that.
    assert exponent_above(100, 10, 90, 1_000, 200) == pytest.approx(1.0)
    assert exponent_above(100, 10, 90, 1_000, 95) == 0


def test_a_part_that_fails_is_kept_as_a_reason_and_the_others_are_still_measured() -> None:
    found = Found()

    def fails() -> Found:
        raise ValueError("no\n  such thing")

    assert not found.attempt("one", fails)
    assert found.attempt("two", lambda: Found({"two.value": Value(1)}))
    assert found.why == {"one": "ValueError: no such thing"}
    assert found.values == {"two.value": Value(1)}


def test_tables_put_numbers_to_the_right_and_mask_bars() -> None:
    assert table(("work", "s"), [("a|b", "1.5"), ("c", "—")]) == [
        "| work | s |", "|---|---:|", "| a\\|b | 1.5 |", "| c | — |"
    ]  # fmt: skip


def test_a_row_of_the_table_has_work_measured_target_and_verdict() -> None:
    row = Row("a.b", "cutting", "x", Target(5, at_least=True))
    assert (
        verdicts([row], Found({"a.b": Value(4, "8 s and 2 s")}))[-1]
        == "| cutting | 4x (8 s and 2 s) | ≥ 5x | **not met** |"
    )


# --- the whole suite, on a pipeline of the first four stages ------------------------------------------------------------

MAKEFILE = """
CORPUS ?= vocational-teachers
D := data/processed/$(CORPUS)
RAW := $(filter-out %.md,$(wildcard data/raw/$(CORPUS).*))
RUN := .venv/bin/python -m pipeline
ROBUSTNESS := $(D)/verdict.csv
PAGE := reports/$(CORPUS)/report.html
all: $(D)/tokens.csv $(D)/partitions.csv $(ROBUSTNESS) $(PAGE)
robustness: $(ROBUSTNESS)
$(D)/documents.csv: $(RAW)
	mkdir -p $(D)
	$(RUN).ingest $(RAW) region method/regions.csv method/settings.toml $@ $(D)/sources.csv $(D)/files.csv $(D)/cleaning.csv \\
	$(D)/scale.csv $(D)/corpus
$(D)/measures.csv: $(D)/documents.csv
	$(RUN).measures $< method/settings.toml $@
$(D)/tokens.csv: $(D)/measures.csv
	$(RUN).segment $< method/settings.toml method/user_dict.txt method/stop_words.txt method/generic_words.txt method/synonyms.csv \\
	$@ $(D)/audit.csv
$(D)/partitions.csv: $(D)/documents.csv
	$(RUN).cut $(D)/scale.csv method/settings.toml method/user_dict.txt method/stop_words.txt method/synonyms.csv $(D)/corpus $@
$(D)/verdict.csv: $(D)/measures.csv
	cp $< $@
$(PAGE): $(D)/measures.csv
	mkdir -p $(@D)
	echo '<!doctype html><html data-ready="true"><title>page</title>' > $@
clean:
	rm -rf $(D) $(PAGE)
.PHONY: all robustness clean
"""
SIZES = bench.SIZES["tiny"]


@pytest.fixture
def short_pipeline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Path]:
    """The copies that the suite works in have the Makefile above; their folders."""
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("PEER_PYTHON", raising=False)
    folders = []

    @contextmanager
    def copied(venv: Path, limits: Limits) -> Iterator[checkout.Checkout]:
        with checkout.checkout(venv, limits) as copy:
            folders.append(copy.folder)
            (copy.folder / "Makefile").write_text(MAKEFILE, "utf-8")
            yield copy

    monkeypatch.setattr(bench, "checkout", copied)
    return folders


def _cells(page: str, at: int) -> dict[str, str]:
    """A column of the first table of a page, by the first one."""
    lines = [line for line in page.split("\n## ")[0].splitlines() if line.startswith("| ")][1:]
    return {line.split(" | ")[0].removeprefix("| "): line.removesuffix(" |").split(" | ")[at] for line in lines}


def test_the_suite_measures_every_part_and_its_page_has_every_row(short_pipeline: list[Path], tmp_path: Path) -> None:
    out = tmp_path / "page.md"
    bench.main([str(VENV), "--sizes", "tiny", "--out", str(out)])
    page = out.read_text("utf-8")
    rows = bench.rows(SIZES)
    assert list(_cells(page, 0)) == [row.work for row in rows]
    told, wanted, met = (_cells(page, at) for at in (1, 2, 3))
    by_key = {row.key: row.work for row in rows}
    without = {key for key, work in by_key.items() if told[work].startswith("not measured")}
    assert not {key for key in without if not key.startswith("peers.")} - (
        {"page.open"} if opening.CHROMIUM is None else set()
    )
    assert all(met[row.work] == "—" for row in rows if row.target is None)
    assert {met[row.work] for row in rows if row.target} <= {"yes", "**not met**"}
    assert all(wanted[row.work] == row.wanted for row in rows)
    assert told[by_key["editing.cut"]].startswith("1 (")  # beside the sample, which is cut by segment
    assert met[by_key["editing.cut"]] == "yes"
    assert "the store, " in told[by_key["store.disk"]]
    assert told[by_key["segmentation.differ"]].startswith("0 ")
    for title in (
        "The machine",
        "Segmentation",
        "The appendix",
        "The whole pipeline on short texts",
        "What the stages take: long texts",
        "What the stages take: the appendix",
    ):
        assert f"\n## {title}\n" in page
    stages = page.split("## What the stages take: short texts")[1].split("##")[0]
    assert all(f"| {stage} | " in stages for stage in ("ingest", "measures", "cut", "segment"))
    assert os.uname().nodename not in page
    assert str(Path.home()) not in page
    assert "/tmp" not in page
    assert not any(folder.exists() for folder in short_pipeline)


def test_a_part_that_fails_leaves_the_others_and_says_so(
    short_pipeline: list[Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> Found:
        raise StoppedError("stopped at 19.2 GB in keywords")

    monkeypatch.setattr(bench.parallel, "found", broken)
    bench.main([str(VENV), "--sizes", "tiny", "--only", "parallel,start-up"])
    printed = capsys.readouterr()
    told = _cells(printed.out, 1)
    works = {row.key: row.work for row in bench.rows(SIZES)}
    assert told[works["parallel.two"]] == "not measured: stopped at 19.2 GB in keywords"
    assert told[works["start-up.ingest-loads"]] == "0"
    assert "not run" in told[works["appendix.idle"]]
    assert "parallel failed: stopped at 19.2 GB in keywords" in printed.err


def test_only_a_whole_run_writes_the_page_of_the_repository(
    short_pipeline: list[Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(bench, "PAGE", tmp_path / "results.md")
    monkeypatch.setattr(bench, "measure", lambda *_: Found())
    own = tmp_path / "own.txt"
    own.write_text("推进改革\n", "utf-8")
    for arguments in (["--sizes", "tiny"], ["--only", "start-up"], ["--corpus", str(own)]):
        bench.main([str(VENV), *arguments])
        assert not bench.PAGE.exists()
    bench.main([str(VENV)])
    assert "0 are met" in bench.PAGE.read_text("utf-8")
    assert len(list(_cells(bench.PAGE.read_text("utf-8"), 0))) == len(bench.rows(bench.SIZES["full"]))


def test_make_hands_over_what_it_is_told_and_writes_the_page_of_the_small_texts_never(tmp_path: Path) -> None:
    plain, told = (
        make(ROOT, "-n", "bench", f"VENV={VENV}", *given).stdout
        for given in ((), ("SIZES=tiny", "ONLY=growth,peers", "BENCH_CORPUS=my texts.csv", "OUT=page.md"))
    )
    assert "-m benchmarks.bench" in plain
    assert "--" not in plain.split("benchmarks.bench")[1]
    assert "--sizes 'tiny' --only 'growth,peers' " in told
    assert "--corpus 'my texts.csv' --out 'page.md'" in told


def test_full_sizes_are_those_that_were_asked_for() -> None:
    full = bench.SIZES["full"]
    assert full.segmented >= 100_000
    assert full.parallel >= 60_000
    assert full.weighed == 181_000
    assert (full.neighbours, full.many_neighbours) == (10_000, 100_000)
    assert full.growth.growing == (20_000, 200_000)
    assert set(full.growth.short) >= {1_000, 10_000, 100_000, 200_000}
    assert full.growth.long == (31, 100, 300, 1_000)


# --- growth ---------------------------------------------------------------------------------------------------------------


def _run(seconds: float, together: int) -> Run:
    return Run(
        seconds,
        together // 2,
        together,
        {"segment": Stage(seconds / 2, together // 2), "report": Stage(seconds / 2, 1)},
        "",
    )


def test_growth_is_judged_between_the_two_sizes_above_the_memory_of_the_smallest() -> None:
    base, less, more = _run(5, 100_000_000), _run(10, 200_000_000), _run(100, 500_000_000)
    values = growth.judged(base, 20_000, less, 200_000, more).values
    assert values["growth.time"].value == pytest.approx(1.0)
    assert values["growth.memory"].value == pytest.approx(0.60206, abs=1e-5)  # 400 over 100: log10(4)


def test_a_size_that_stops_stops_the_larger_ones_of_its_kind_only(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pipeline").mkdir()
    (tmp_path / "pipeline/engine.py").write_text("")
    tried = []

    def one(copy: object, texts: object, kind: str, count: int, sizes: growth.Sizes, runs: dict[int, Run]) -> Found:
        tried.append((kind, count))
        if count == 20:
            raise StoppedError("stopped after 9 s")
        runs[count] = _run(count, count * 1_000_000)
        return Found({f"growth.{kind}-{count}": Value(1)})

    monkeypatch.setattr(growth, "_one", one)
    sizes = growth.Sizes((10, 20, 40), (2, 3), (10, 40), 40, 3)
    found = growth.found(checkout.Checkout(tmp_path, LIMITS), corpus.made_up(), sizes, lambda _: None)
    assert tried == [("short", 10), ("short", 20), ("long", 2), ("long", 3)]
    assert found.why["growth.short-20"] == "stopped after 9 s"
    assert found.why["growth.short-40"] == "not tried, for 20 were not done"
    assert found.why["growth.time"] == "10 and 40 texts were not both done"
    assert "40 texts were not done" in found.why["editing"]
    assert set(found.values) == {"growth.short-10", "growth.long-2", "growth.long-3"}


def test_the_table_of_stages_has_their_shares_and_the_exponents_from_size_to_size() -> None:
    whole, stages = growth.told("short", {10: _run(2, 10_000_000), 100: _run(20, 100_000_000)})
    assert list(whole.cells) == [("10", "2.0", "5", "10", "", ""), ("100", "20.0", "50", "100", "1.00", "1.00")]
    assert ("segment", "1.0 (50%)", "10.0 (50%)", "50") in stages.cells
    assert growth.told("long", {}) == []


# --- editing and the store ------------------------------------------------------------------------------------------------


def test_one_text_is_edited_and_its_words_stand_nowhere_else() -> None:
    texts = [Text(str(at), 0, said) for at, said in enumerate(("甲。", "乙。", "甲。", "丙。", "丁。"))]
    changed = editing.edited(texts)
    differing = [(a.text, b.text) for a, b in zip(texts, changed, strict=True) if a != b]
    assert differing == [("丙。", "丙，逐年公布这项工作的进展。")]


def test_documents_of_which_a_sentence_was_cut_are_counted_once() -> None:
    texts = [Text("a", 0, "甲一。甲二。"), Text("b", 0, "乙一\n乙二。"), Text("c", 0, "丙一。")]
    assert editing.documents_cut(texts, ["甲一", "甲二", "甲二"]) == 1
    assert editing.documents_cut(texts, ["甲二。\n乙二。"]) == 2
    assert editing.documents_cut(texts, ["", "丁"]) == 0


def test_the_copied_engine_notes_what_it_cuts_only_when_asked(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "pipeline", tmp_path / "pipeline")
    editing.counted(checkout.Checkout(tmp_path, LIMITS))
    program = (
        "from pathlib import Path\nfrom pipeline.segmentation import Segmenter\n"
        "for name in ('jieba', 'rjieba'):\n"
        "    s = Segmenter([], hmm=True, cache=Path('.cache'), engine=name)\n    print(list(s.words_of(['教师培训'])))"
    )
    outputs = []
    for noted in ("", str(tmp_path / "noted.jsonl")):
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True,
            env=os.environ | {"PYTHONPATH": str(tmp_path), "BENCH_CUT": noted},
        )  # fmt: skip
        outputs.append(done.stdout)
    assert outputs[0] == outputs[1] == "[['教师', '培训']]\n" * 2
    lines = (tmp_path / "noted.jsonl").read_text("utf-8").splitlines()
    assert {tuple(json.loads(line)) for line in lines} == {("", "教师培训")}
    assert len(lines) >= 2


def test_the_tokens_are_in_the_store_of_a_large_corpus_and_else_in_the_table(tmp_path: Path) -> None:
    assert stored.files(tmp_path) == [tmp_path / "tokens.csv"]
    (tmp_path / "corpus").mkdir()
    for name in ("corpus/terms-b.npz", "corpus/terms-a.npz", "corpus/documents-00000.csv"):
        (tmp_path / name).write_bytes(b"12")
    assert stored.files(tmp_path) == [tmp_path / "corpus/terms-a.npz", tmp_path / "corpus/terms-b.npz"]


# --- vectors ----------------------------------------------------------------------------------------------------------------


def _named(indices: list[list[int]], similarities: list[list[float]]) -> dict[str, np.ndarray]:
    return {"indices": np.array(indices), "similarities": np.array(similarities)}


def test_neighbours_are_exact_when_their_cosines_are_the_largest_and_true() -> None:
    """Rows at right angles but for 0 and 1 (cosine 0.6), and 2 as near to both (0.8, 0)."""
    matrix = csr_array(np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]]))
    right = _named([[1], [2], [1]], [[0.6], [0.8], [0.8]])
    assert vectors.wrong(matrix, right, right) == 0
    assert vectors.wrong(matrix, _named([[2], [2], [1]], [[0.0], [0.8], [0.8]]), right) == 1  # not the nearest
    assert vectors.wrong(matrix, _named([[2], [2], [1]], [[0.6], [0.8], [0.8]]), right) == 1  # another one's cosine
    assert vectors.wrong(matrix, _named([[0], [2], [1]], [[0.6], [0.8], [0.8]]), right) == 1  # itself


def test_of_equally_near_ones_any_may_be_named_but_none_twice() -> None:
    matrix = csr_array(np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    theirs = _named([[1], [2], [0], [0]], [[1.0], [1.0], [1.0], [0.0]])
    ours = _named([[2], [0], [1], [2]], [[1.0], [1.0], [1.0], [0.0]])
    assert vectors.wrong(matrix, ours, theirs) == 0
    itself = _named([[0], [1], [2], [2]], [[1.0], [1.0], [1.0], [0.0]])
    assert vectors.wrong(matrix, itself, theirs) == 3
    twice = _named([[1, 1], [0, 2], [0, 1], [0, 1]], [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    two = _named([[1, 2], [0, 2], [0, 1], [0, 1]], [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0], [0.0, 0.0]])
    assert vectors.wrong(matrix, twice, two) == 1


def test_our_weights_are_those_of_scikit_learn_also_over_several_partitions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_PARTITION", 2)
    words = tmp_path / "words.txt"
    words.write_text("甲 乙 乙\n乙 丙\n\n丙 丁 甲\n戊\n", "utf-8")
    ours, bare = vectors.weigh_ours(str(words)), vectors.weigh_bare(str(words))
    assert ours["cells"] == bare["cells"] == 8
    assert ours["sum"] == pytest.approx(bare["sum"])


def test_what_nothing_is_like_has_no_neighbours() -> None:
    matrix = csr_array(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    theirs = _named([[1, 2], [0, 2], [0, 1]], [[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]])
    assert vectors.wrong(matrix, _named([[1, -1], [0, -1], [-1, -1]], theirs["similarities"].tolist()), theirs) == 0
    assert (
        vectors.wrong(matrix, _named([[-1, -1], [0, -1], [-1, -1]], [[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]]), theirs) == 1
    )


def test_scikit_learns_neighbours_are_the_largest_cosines_of_the_whole_table(tmp_path: Path) -> None:
    draw = np.random.default_rng([3, 1])
    dense = draw.random((30, 6)) * (draw.random((30, 6)) < 0.5)
    words = tmp_path / "words.txt"
    words.write_text("\n".join(" ".join(f"t{at}" * 1 for at in np.flatnonzero(row)) for row in dense), "utf-8")
    matrix, out = tmp_path / "m.npz", tmp_path / "n.npz"
    vectors.weigh_bare(str(words), str(matrix))
    vectors.nearest_bare(str(matrix), str(out))
    from scipy.sparse import load_npz

    weights = load_npz(matrix).toarray()
    cosines = weights @ weights.T
    np.fill_diagonal(cosines, -1)
    with np.load(out) as found:
        expected = np.sort(cosines, axis=1)[:, ::-1][:, : vectors.NEAREST]
        assert np.allclose(np.sort(found["similarities"], axis=1)[:, ::-1], expected)


# --- processes --------------------------------------------------------------------------------------------------------------

HOLD = "import sys, time; held = bytearray(int(sys.argv[1])); held[::4096] = b'1' * len(held[::4096]); time.sleep(1)"


def test_memory_is_that_of_the_largest_process_and_of_all_together(tmp_path: Path) -> None:
    both = f'{sys.executable} -c "{HOLD}" 90000000 & {sys.executable} -c "{HOLD}" 60000000; wait; sleep 1.2'
    run = watching.watched(["sh", "-c", both], tmp_path, LIMITS)
    assert 90e6 < run.peak < 140e6
    assert 150e6 < run.together < 220e6


def test_the_stages_that_a_command_runs_are_told_apart_and_their_children_belong_to_them(tmp_path: Path) -> None:
    (tmp_path / "pipeline").mkdir()
    (tmp_path / "pipeline/__init__.py").write_text("")
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {HOLD!r}, '80000000'])"
    (tmp_path / "pipeline/one.py").write_text(child)
    (tmp_path / "pipeline/two.py").write_text("import time; time.sleep(0.3); print('done')")
    command = f"{sys.executable} -m pipeline.one x; {sys.executable} -m pipeline.two x"
    run = watching.watched(["sh", "-c", command], tmp_path, LIMITS)
    assert set(run.stages) == {"one", "two"}
    assert run.stages["one"].peak > 80e6 > run.stages["two"].peak
    assert sum(stage.seconds for stage in run.stages.values()) <= run.seconds + 0.1
    assert run.stages["one"].seconds >= 0.9
    assert run.printed == "done\n"


@pytest.mark.parametrize(
    ("limits", "said"), [(Limits(0.5, 10**10), "stopped after"), (Limits(60, 40_000_000), "stopped at 0.")]
)
def test_a_run_beyond_its_limits_is_ended_with_all_its_processes(limits: Limits, said: str, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    program = f"import os; open({str(pid)!r}, 'w').write(str(os.getpid())); {HOLD}; time.sleep(60)"
    (tmp_path / "program.py").write_text(program)
    with pytest.raises(StoppedError, match=said):
        watching.watched(["sh", "-c", f"{sys.executable} program.py 60000000; true"], tmp_path, limits)
    status = Path("/proc", pid.read_text(), "status")
    assert not status.exists() or "State:\tZ" in status.read_text()  # ended, and nobody has asked how yet


def test_a_command_that_fails_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(StoppedError, match="sh failed: no luck"):
        watching.watched(["sh", "-c", "echo no luck; exit 1"], tmp_path, LIMITS)


def holding(size: str) -> dict[str, int]:
    """What a test runs apart."""
    held = bytearray(int(size))
    held[::4096] = b"1" * len(held[::4096])
    return {"held": len(held)}


def test_a_function_apart_has_a_memory_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    here = bytearray(200_000_000)
    here[::4096] = b"1" * len(here[::4096])
    small, large = (apart.apart("tests.test_bench:holding", size, limits=LIMITS) for size in (1_000, 100_000_000))
    assert small["held"] == 1_000
    assert 95e6 < large["peak"] - small["peak"] < 110e6
    del here


def test_a_function_apart_that_wants_too_much_fails_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(StoppedError, match="test_bench:holding: MemoryError"):
        apart.apart("tests.test_bench:holding", 3_500_000_000, limits=Limits(60, 3_000_000_000))


# --- the rest ---------------------------------------------------------------------------------------------------------------


def test_a_corpus_of_ones_own_gives_paragraphs_and_long_documents_or_says_how_few_it_has(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    rows = [{"text": "甲" * 6_000 + "\n乙乙"}, {"text": "丙"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    own = corpus.own(path)
    assert [text.text for text in own.taken("short", 3)] == ["甲" * 6_000, "乙乙", "丙"]
    assert [text.text for text in own.taken("long", 1)] == ["甲" * 6_000 + "\n乙乙"]
    assert own.source == "`own.jsonl` (3 short, 1 long)"
    with pytest.raises(corpus.TooFewError, match="only 1 long texts, not 2"):
        own.taken("long", 2)


def test_a_stage_that_loads_what_is_heavy_is_found(tmp_path: Path) -> None:
    (tmp_path / "pipeline").mkdir()
    (tmp_path / ".venv").symlink_to(VENV)
    for name, code in (("__init__", ""), ("ingest", "import sklearn"), ("measures", "import json")):
        (tmp_path / f"pipeline/{name}.py").write_text(code)
    values = start_up.found(checkout.Checkout(tmp_path, LIMITS), 1).values
    assert values["start-up.ingest-loads"] == Value(1, "sklearn")
    assert values["start-up.measures-loads"] == Value(0)


def _peer(folder: Path, said: str) -> list[str]:
    program = folder / "peer"
    program.write_text(f"#!/bin/sh\necho '{said}'\n")
    program.chmod(0o755)
    return [str(program)]


def test_a_peer_says_what_it_took_or_that_it_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = peers.asked(_peer(tmp_path, '{"seconds": 2, "name": "x", "documents": 1, "terms": 1}'), LIMITS)
    assert (found["seconds"], found["name"]) == (2, "x")
    with pytest.raises(StoppedError, match="not installed: quanteda"):
        peers.asked(_peer(tmp_path, '{"missing": "quanteda or tm in R"}'), LIMITS)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(StoppedError, match="not installed: Rscript"):
        peers.r(tmp_path, LIMITS)
    monkeypatch.delenv("PEER_PYTHON", raising=False)
    with pytest.raises(StoppedError, match="not installed: gensim"):
        peers.gensim(tmp_path, LIMITS)
