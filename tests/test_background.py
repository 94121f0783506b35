"""A background is what was saved, byte for byte; similarities through it are x' S y written out."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.sparse import csr_array

from pipeline.background import (
    FUSED,
    PAIRS,
    SINGLE,
    TEXTS,
    WEIGHTS,
    WORDS,
    Background,
    Space,
    centred,
    image,
    inner,
    load,
    packed,
    save,
    unit,
)
from pipeline.errors import InputError

EMPTY = Space((), np.zeros(0, dtype=np.int64), np.zeros((0, 0)), np.zeros(0))
# 基地 and 培训 point nearly the same way, 评价 elsewhere; 双师 has no vector
WORD_SPACE = Space(
    ("双师", "培训", "基地", "评价"),
    np.array([9, 3, 1, 4]),
    np.array([[0.0, 0.0], [0.6, 0.1], [0.5, 0.2], [-0.1, 0.7]]),
    np.array([3.0, 2.0]),
)
ABOUT = {"format": 1, "name": "小背景", "paragraphs": 9, "held_out": {"coverage": [], "rarity": []}}


def background(**about: object) -> Background:
    pairs = Space(("培训", "训基"), np.array([2, 3]), np.array([[1.0], [0.25]]), np.array([1.5]))
    return Background({**ABOUT, **about}, {WORDS: WORD_SPACE, PAIRS: pairs, SINGLE: EMPTY})


# --- the file --------------------------------------------------------------------------------------------------------


def test_what_is_loaded_is_what_was_saved_but_for_the_steps(tmp_path: Path) -> None:
    given_ = background()
    save(given_, tmp_path / "deep" / "one.npz")
    found = load(tmp_path / "deep" / "one.npz")
    assert found.about == given_.about
    assert (found.name, found.paragraphs) == ("小背景", 9)
    for text in TEXTS:
        old, new = given_.spaces[text], found.spaces[text]
        assert new.terms == old.terms
        assert new.df.tolist() == old.df.tolist()
        assert new.vectors.shape == old.vectors.shape
        np.testing.assert_allclose(new.strength, old.strength, rtol=1e-7)
        bound = np.abs(old.vectors).max(axis=1, initial=0) / 254 + 1e-7
        assert (np.abs(new.vectors - old.vectors) <= bound[:, None]).all()
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["one.npz"]


def test_a_loaded_background_saved_again_is_the_same_bytes(tmp_path: Path) -> None:
    save(background(), tmp_path / "one.npz")
    save(load(tmp_path / "one.npz"), tmp_path / "two.npz")
    assert (tmp_path / "two.npz").read_bytes() == (tmp_path / "one.npz").read_bytes()


def test_equal_backgrounds_are_equal_bytes_whatever_the_order_of_their_keys(tmp_path: Path) -> None:
    first = background(sources=[{"name": "a", "bytes": 1}])
    about = dict(reversed(list(first.about.items())))
    about["sources"] = [{"bytes": 1, "name": "a"}]
    second = Background(about, dict(reversed(list(first.spaces.items()))))
    for name, each in (("one", first), ("again", first), ("two", second)):
        save(each, tmp_path / name)
    assert len({(tmp_path / name).read_bytes() for name in ("one", "again", "two")}) == 1
    save(background(name="其他"), tmp_path / "other")
    assert (tmp_path / "other").read_bytes() != (tmp_path / "one").read_bytes()


@given(st.lists(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3), max_size=6))
def test_a_vector_in_steps_is_off_by_half_a_step_at_the_most(rows: list[list[float]]) -> None:
    vectors = np.array(rows).reshape(-1, 3)
    whole, step = packed(vectors)
    assert whole.dtype == np.int8
    assert step.dtype == np.float32
    assert np.abs(whole.astype(int)).max(initial=0) <= 127
    largest = np.abs(vectors).max(axis=1, initial=0)
    kept = largest > 1e-30  # smaller ones are 0 in single precision
    off = np.abs(whole * step.astype(float)[:, None] - vectors)[kept]
    assert (off <= (largest[kept] / 254 * (1 + 1e-4))[:, None]).all()
    assert (np.abs(whole[kept].astype(int)).max(axis=1, initial=0) == 127).all()


def test_a_term_without_a_vector_stays_without() -> None:
    whole, step = packed(np.array([[0.0, 0.0], [0.5, -1.0]]))
    assert whole.tolist() == [[0, 0], [64, -127]]  # 0.5 is 63.5 steps; to the even number
    assert step.tolist() == [0.0, np.float32(1 / 127)]


def refused(path: Path) -> InputError:
    with pytest.raises(InputError) as caught:
        load(path)
    assert caught.value.file == str(path)
    assert "make background" in caught.value.zh
    assert "make background" in caught.value.en
    return caught.value


@pytest.mark.parametrize("content", [b"", b"PK", b"terms,df\n", b"\x93NUMPY", b"\x00" * 500, "背景".encode()])
def test_a_file_that_is_no_archive_is_told_so(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "bad.npz"
    path.write_bytes(content)
    refused(path)


def test_an_array_or_an_archive_of_something_else_is_told_so(tmp_path: Path) -> None:
    np.save(tmp_path / "array.npy", np.arange(3))
    refused(tmp_path / "array.npy")
    np.savez(tmp_path / "other.npz", weights=np.arange(3))
    refused(tmp_path / "other.npz")
    with zipfile.ZipFile(tmp_path / "word.npz", "w") as archive:
        archive.writestr("about.npy", "no array")
    refused(tmp_path / "word.npz")


def changed(path: Path, **other: np.ndarray) -> Path:
    """The file with some of its arrays replaced."""
    with np.load(path) as arrays:
        given_ = {name: arrays[name] for name in arrays}
    np.savez(path, **{**given_, **other})
    return path


def text_of(content: str) -> np.ndarray:
    return np.frombuffer(content.encode(), dtype=np.uint8)


@pytest.mark.parametrize(
    "other",
    [
        {"about": text_of(json.dumps({**ABOUT, "format": 2}))},
        {"about": text_of("{}")},
        {"about": text_of("[1]")},
        {"about": text_of("no json")},
        {"about": np.array([255, 254], dtype=np.uint8)},
        {"terms0": text_of("培训\n基地")},  # fewer than vectors
        {"df0": np.array([1, 2])},
        {"vectors0": np.zeros((3, 2), dtype=np.int8)},
        {"vectors0": np.zeros(4, dtype=np.int8)},
        {"step0": np.float32(1)},
        {"strength0": np.array([1.0, 2.0, 3.0])},  # more than dimensions
        {"df0": np.array(["a", "b", "c", "d"])},
    ],
    ids=lambda other: "-".join(f"{name}{value.size}" for name, value in other.items()),
)
def test_a_file_of_another_version_or_with_tables_that_do_not_match_is_told_so(
    other: dict[str, np.ndarray], tmp_path: Path
) -> None:
    save(background(), tmp_path / "one.npz")
    load(changed(tmp_path / "one.npz"))  # the same arrays, otherwise packed
    refused(changed(tmp_path / "one.npz", **other))


def test_a_file_cut_off_or_with_a_wrong_byte_is_told_so_or_means_the_same(tmp_path: Path) -> None:
    path = tmp_path / "one.npz"
    save(background(), path)
    content = path.read_bytes()
    told = 0
    for at in range(0, len(content), 5):
        wrong = bytearray(content)
        wrong[at] ^= 0xFF
        path.write_bytes(bytes(wrong))
        try:
            found = load(path)
        except InputError:
            told += 1
        else:  # a date, or a name that nobody reads
            assert found.about == background().about
            assert found.spaces[WORDS].terms == WORD_SPACE.terms
    assert told > len(content) / 10
    for end in range(0, len(content), 13):
        path.write_bytes(content[:end])
        refused(path)


def test_a_file_that_is_not_there_is_no_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.npz")


# --- what it knows of terms -------------------------------------------------------------------------------------------


def test_of_terms_in_any_order_it_gives_rarity_and_vectors_and_of_unknown_ones_the_largest_rarity() -> None:
    part = background().part(WORDS, ["评价", "鲁班", "培训"])
    assert part.known.tolist() == [True, False, True]
    # ln(10 / 5) + 1, ln(10 / 1) + 1, ln(10 / 4) + 1
    assert part.idf.tolist() == pytest.approx([1.693147180560, 3.302585092994, 1.916290731874])
    assert part.vectors.tolist() == [[-0.1, 0.7], [0, 0], [0.6, 0.1]]
    # (-0.3, 1.4) / 1.431782; (1.8, 0.2) / 1.811077
    np.testing.assert_allclose(
        part.directions, [[-0.209529, 0.977802], [0, 0], [0.993884, 0.110432]], atol=1e-6
    )  # fmt: skip


def test_a_space_without_terms_knows_none() -> None:
    part = background().part(SINGLE, ["甲", "乙"])
    assert part.known.tolist() == [False, False]
    assert part.idf.tolist() == pytest.approx([3.302585092994] * 2)
    assert part.vectors.shape == (2, 0)
    assert background().part(WORDS, []).vectors.shape == (0, 2)


# --- similarities -----------------------------------------------------------------------------------------------------

TERMS = ["双师", "培训", "基地", "研修", "评价", "鲁班"]  # 研修 and 鲁班 are unknown
COUNTS = np.array([[0, 2, 0, 1, 0, 0], [0, 0, 1, 0, 0, 2], [1, 0, 0, 0, 3, 0], [0, 0, 1, 1, 1, 1], [0, 0, 0, 0, 0, 0]])


def matrix_of(weight: str) -> np.ndarray:
    """S (terms x terms), entry by entry."""
    found = np.zeros((len(TERMS), len(TERMS)))
    place = {term: at for at, term in enumerate(WORD_SPACE.terms)}
    for i, a in enumerate(TERMS):
        for j, b in enumerate(TERMS):
            if weight == "background-idf":
                found[i, j] = a == b
            elif a in place and b in place:
                u, v = WORD_SPACE.vectors[place[a]], WORD_SPACE.vectors[place[b]]
                if weight == "background-lsa":
                    found[i, j] = sum(u * v)
                elif u.any() and v.any():
                    u, v = u * WORD_SPACE.strength, v * WORD_SPACE.strength
                    found[i, j] = sum(u * v) / np.sqrt(sum(u * u) * sum(v * v))
            elif weight == "soft-cosine":
                found[i, j] = a == b
    return found


@pytest.mark.parametrize("weight", WEIGHTS)
def test_an_inner_product_is_x_s_y_of_counts_times_idf_over_the_lengths(weight: str) -> None:
    df = {"双师": 9, "培训": 3, "基地": 1, "评价": 4}
    x = COUNTS * np.array([np.log(10 / (1 + df.get(term, 0))) + 1 for term in TERMS])
    s = matrix_of(weight)
    expected = np.zeros((5, 5))
    for i in range(5):
        for j in range(5):
            size = np.sqrt((x[i] @ s @ x[i]) * (x[j] @ s @ x[j]))
            expected[i, j] = x[i] @ s @ x[j] / size if size else 0.0
    found = inner(background().part(WORDS, TERMS), weight, csr_array(COUNTS))
    np.testing.assert_allclose(found, expected, atol=1e-12)
    assert found[4].tolist() == [0.0] * 5


def test_two_texts_without_a_common_word_are_alike_where_their_words_are_used_alike() -> None:
    part = background().part(WORDS, ["培训", "基地", "评价"])
    counts = csr_array(np.eye(3))
    assert inner(part, "background-idf", counts)[0, 1] == 0
    for weight in ("background-lsa", "soft-cosine"):
        found = inner(part, weight, counts)
        assert found[0, 1] > 0.9 > found[0, 2]


@pytest.mark.parametrize("weight", WEIGHTS)
def test_the_image_of_two_texts_together_is_the_sum_of_their_images(weight: str) -> None:
    part = background().part(WORDS, TERMS)
    both = image(part, weight, csr_array(COUNTS[:1] + COUNTS[1:2])).toarray()
    first, second = (image(part, weight, csr_array(COUNTS[at : at + 1])).toarray() for at in (0, 1))
    np.testing.assert_allclose(both, first + second, atol=1e-12)


def test_a_weight_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="background-idf"):
        image(background().part(WORDS, TERMS), "tf-idf", csr_array(COUNTS))


def test_the_fused_similarity_is_of_known_texts_and_weights() -> None:
    assert {text for text, _ in FUSED} == set(TEXTS)
    assert {weight for _, weight in FUSED} <= set(WEIGHTS)


# --- seen from the mean -----------------------------------------------------------------------------------------------


def test_centred_cosines_are_those_of_the_vectors_less_their_mean() -> None:
    vectors = unit(np.random.default_rng(1).random((3, 6, 4)))
    found = centred(vectors @ np.swapaxes(vectors, -1, -2))
    for draw in range(3):
        moved = vectors[draw] - vectors[draw].mean(axis=0)
        expected = moved @ moved.T / np.outer(np.linalg.norm(moved, axis=1), np.linalg.norm(moved, axis=1))
        np.testing.assert_allclose(found[draw], expected, atol=1e-12)


def test_two_different_texts_are_opposite_as_seen_from_their_mean() -> None:
    np.testing.assert_allclose(centred(np.array([[1.0, 0.3], [0.3, 1.0]])), [[1, -1], [-1, 1]], atol=1e-12)


def test_three_texts_are_centred_by_hand() -> None:
    # (1, 0), (0, 1), (0, 1) less (1/3, 2/3): (2, -2), (-1, 1), (-1, 1) over 3
    found = centred(np.array([[1.0, 0, 0], [0, 1, 1], [0, 1, 1]]))
    np.testing.assert_allclose(found, [[1, -1, -1], [-1, 1, 1], [-1, 1, 1]], atol=1e-12)


def test_one_text_is_like_itself_and_equal_texts_have_nothing_beyond_what_all_share() -> None:
    assert centred(np.array([[1.0]])).tolist() == [[1.0]]
    assert centred(np.ones((3, 3))).tolist() == np.eye(3).tolist()
    assert centred(np.zeros((2, 2))).tolist() == np.eye(2).tolist()


def test_rows_of_length_one_and_rows_of_zeros_that_stay() -> None:
    assert unit(np.array([[3.0, 4.0], [0.0, 0.0], [0.0, -2.0]])).tolist() == [[0.6, 0.8], [0.0, 0.0], [0.0, -1.0]]
