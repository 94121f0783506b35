"""Terms of many texts in arrays: nothing lost, the same bytes however they came about."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st

from pipeline import store
from pipeline.errors import InputError
from pipeline.store import Cut

# A text: its measures, each a list of terms.
TEXTS = st.lists(
    st.lists(st.lists(st.sampled_from(["教师", "培训", "双师", "a", "企业"]), max_size=4), max_size=3), max_size=6
)


def made(texts: list[list[list[str]]], first: int = 0) -> Cut:
    written = [f"{first + at}:{text}" for at, text in enumerate(texts)]
    spans = [[(10 * place, 10 * place + 5) for place in range(len(text))] for text in texts]
    return store.of_lists(written, spans, [terms for text in texts for terms in text])


def read_back(cut: Cut) -> list[list[list[str]]]:
    found = []
    for at in range(len(cut)):
        measures = range(cut.measures[at], cut.measures[at + 1])
        found.append([[cut.words[term] for term in cut.terms[cut.tokens[m] : cut.tokens[m + 1]]] for m in measures])
    return found


def test_the_arrays_of_two_short_texts_are_those_worked_by_hand() -> None:
    cut = made([[["教师", "培训"], []], [["培训"]]])
    assert cut.words == ("培训", "教师")
    assert cut.measures.tolist() == [0, 2, 3]
    assert cut.tokens.tolist() == [0, 2, 2, 3]
    assert cut.terms.tolist() == [1, 0, 0]
    assert cut.start.tolist() == [0, 10, 0]
    assert cut.end.tolist() == [5, 15, 5]


@given(texts=TEXTS)
def test_what_goes_in_comes_out(tmp_path_factory: pytest.TempPathFactory, texts: list[list[list[str]]]) -> None:
    cut = made(texts)
    assert read_back(cut) == texts
    path = tmp_path_factory.mktemp("store") / "terms.npz"
    store.write(cut, path)
    assert read_back(store.read(path)) == texts
    assert store.read_hashes(path).tolist() == cut.hashes.tolist()


@given(texts=TEXTS, data=st.data())
def test_documents_taken_apart_and_joined_again_are_the_same_bytes(
    texts: list[list[list[str]]], data: st.DataObject
) -> None:
    cut = made(texts)
    order = data.draw(st.permutations(range(len(texts))))
    at = data.draw(st.integers(0, len(texts)))
    pieces = [cut.take(np.array(half, dtype=np.int64)) for half in (order[:at], order[at:])]
    back = np.argsort(np.array(order, dtype=np.int64))
    assert store.pack(store.joined(pieces).take(back)) == store.pack(cut)


def test_a_term_takes_less_than_twenty_bytes() -> None:
    texts = [[["教师", "培训", "双师", "企业", f"词{at % 500}"] * 2] for at in range(3000)]
    assert len(store.pack(made(texts))) / 30_000 < 20


def test_texts_of_one_hash_are_one_text() -> None:
    assert store.hash_of("教师") == store.hash_of("教师") != store.hash_of("教师 ")


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"not an archive"])
def test_a_damaged_file_is_named(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "terms.npz"
    path.write_bytes(damage)
    for reader in (store.read, store.read_hashes):
        with pytest.raises(InputError) as told:
            reader(path)
        assert told.value.file == str(path)


def test_a_file_whose_arrays_do_not_fit_each_other_is_named(tmp_path: Path) -> None:
    path = tmp_path / "terms.npz"
    cut = made([[["教师"]], [["培训"]]])
    np.savez(
        path,
        hashes=cut.hashes,
        measures=cut.measures[:-1],
        tokens=cut.tokens,
        start=cut.start,
        end=cut.end,
        terms=cut.terms,
        words=np.frombuffer("教师\n培训".encode(), dtype=np.uint8),
    )
    with pytest.raises(InputError):
        store.read(path)
