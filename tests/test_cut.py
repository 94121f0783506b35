"""Cutting a large corpus: the terms of tokens.csv, each text cut once, the same bytes after any history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline import store, tables
from pipeline.cut import Cutter, partitions_of
from pipeline.method import Settings, load_dictionary, load_synonyms, load_word_list
from pipeline.store import Cut
from tests.conftest import METHOD, Corpus


@pytest.fixture
def cutter(settings: Settings) -> Cutter:
    return Cutter(
        load_dictionary(METHOD / "user_dict.txt"),
        load_word_list(METHOD / "stop_words.txt"),
        load_synonyms(METHOD / "synonyms.csv"),
        settings.segment,
        "jieba",
    )


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBS", "1")


def written(folder: Path, parts: Sequence[Sequence[str]]) -> None:
    folder.mkdir(exist_ok=True)
    number = 0
    for at, texts in enumerate(parts):
        rows = []
        for text in texts:
            number += 1
            rows.append(
                {
                    "doc_id": f"D{number}", "serial": number, "region_raw": f"区{number}", "region": f"区{number}", "region_en": "R",
                    "level": "unknown", "province": "", "adcode": "", "year": "", "title": "", "text": text,
                }
            )  # fmt: skip
        tables.write((tables.from_rows(rows, tables.DOCUMENTS), tables.DOCUMENTS, folder / f"documents-{at:05d}.csv"))


def terms_in(cut: Cut) -> list[str]:
    return [cut.words[at] for at in cut.terms]


def contents(folder: Path, rows: Sequence[dict[str, object]]) -> list[bytes]:
    return [(folder / str(row["file"])).read_bytes() for row in rows]


class Counting:
    """A cutter that remembers what it was asked to cut."""

    def __init__(self, cutter: Cutter) -> None:
        self.cutter, self.key, self.cut = cutter, cutter.key, list[str]()

    def __call__(self, texts: Sequence[str]) -> Cut:
        self.cut += texts
        return self.cutter(texts)


TEXTS = [f"推进双师型教师队伍建设第{at}项；开展精准培训，完善机制。" for at in range(12)]


def test_the_terms_are_those_of_tokens_csv(corpus: Corpus, cutter: Cutter) -> None:
    cut = cutter(corpus.documents["text"].tolist())
    assert terms_in(cut) == corpus.tokens["term"].tolist()
    places = [(row.start, row.end) for row in corpus.measures.itertuples()]
    assert list(zip(cut.start.tolist(), cut.end.tolist(), strict=True)) == places
    assert cut.tokens[-1] == len(corpus.tokens)


def test_rjieba_cuts_the_same_bytes(corpus: Corpus, cutter: Cutter) -> None:
    texts = corpus.documents["text"].tolist()
    assert store.pack(replace(cutter, engine="rjieba")(texts)) == store.pack(cutter(texts))


def test_what_was_cut_is_not_cut_again(tmp_path: Path, cutter: Cutter) -> None:
    written(tmp_path, [TEXTS[:6], TEXTS[6:]])
    first = list(partitions_of(tmp_path, 2, Counting(cutter)))
    again = Counting(cutter)
    assert list(partitions_of(tmp_path, 2, again)) == first
    assert again.cut == []


def test_after_an_edit_only_that_text_is_cut_and_the_files_are_those_of_a_first_run(
    tmp_path: Path, cutter: Cutter
) -> None:
    edited = [*TEXTS[:4], "新的一段：校企合作，产教融合。", *TEXTS[4:]]
    written(tmp_path / "a", [TEXTS[:6], TEXTS[6:]])
    list(partitions_of(tmp_path / "a", 2, Counting(cutter)))
    written(tmp_path / "a", [edited[:6], edited[6:]])  # all texts behind it move
    again = Counting(cutter)
    rows = list(partitions_of(tmp_path / "a", 2, again))
    assert again.cut == [edited[4]]
    written(tmp_path / "b", [edited[:6], edited[6:]])
    fresh = list(partitions_of(tmp_path / "b", 2, Counting(cutter)))
    assert rows == fresh
    assert contents(tmp_path / "a", rows) == contents(tmp_path / "b", fresh)


def test_a_run_that_was_stopped_goes_on_with_the_next_partition(tmp_path: Path, cutter: Cutter) -> None:
    written(tmp_path, [TEXTS[:4], TEXTS[4:8], TEXTS[8:]])
    begun = partitions_of(tmp_path, 3, Counting(cutter))
    next(begun)
    next(begun)
    begun.close()
    again = Counting(cutter)
    list(partitions_of(tmp_path, 3, again))
    assert again.cut == TEXTS[8:]


def test_another_list_cuts_everything_anew(tmp_path: Path, cutter: Cutter) -> None:
    written(tmp_path, [TEXTS])
    list(partitions_of(tmp_path, 1, Counting(cutter)))
    again = Counting(replace(cutter, stop_words=cutter.stop_words | {"机制"}))
    rows = list(partitions_of(tmp_path, 1, again))
    assert again.cut == TEXTS
    assert "机制" not in store.read(tmp_path / str(rows[0]["file"])).words


def test_a_damaged_file_of_an_earlier_run_is_made_anew(tmp_path: Path, cutter: Cutter) -> None:
    written(tmp_path, [TEXTS])
    row = next(partitions_of(tmp_path, 1, Counting(cutter)))
    sound = (tmp_path / str(row["file"])).read_bytes()
    (tmp_path / str(row["file"])).write_bytes(sound[:100])
    again = Counting(cutter)
    assert list(partitions_of(tmp_path, 1, again)) == [row]
    assert again.cut == TEXTS
    assert (tmp_path / str(row["file"])).read_bytes() == sound


def test_the_row_of_a_partition_counts_what_is_in_it(tmp_path: Path, cutter: Cutter) -> None:
    written(tmp_path, [["教师培训。教师培训。"]])
    row = next(partitions_of(tmp_path, 1, Counting(cutter)))
    cut = store.read(tmp_path / str(row["file"]))
    assert (row["documents"], row["measures"], row["tokens"], row["characters"]) == (1, 2, len(cut.terms), 10)
    assert pd.Series(terms_in(cut)).value_counts().to_dict()["培训"] == 2
