"""What is learned of a few paragraphs, worked by hand; on a corpus it is what scikit-learn finds, whatever the pieces."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.sparse import csr_array
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from pipeline import learning
from pipeline.background import PAIRS, SINGLE, TEXTS, WORDS, Background, save
from pipeline.learning import counts_of, learned, rarity, terms_of, vocabulary, weighed
from pipeline.method import BackgroundSettings, Settings
from tests.make import ROOT


@pytest.fixture
def asked(settings: Settings) -> BackgroundSettings:
    """Small enough for paragraphs made by hand."""
    return replace(settings.background, min_paragraph=5, dimensions=3, single_dimensions=2)


def learned_of(documents: Sequence[Sequence[str]], asked: BackgroundSettings) -> Background:
    """Words stand between blanks."""
    return learned("small", documents, str.split, asked, {"jieba": "none"})


def many(seed: int = 1, documents: int = 12, paragraphs: int = 10) -> list[list[str]]:
    """Paragraphs of eight words, most of them of one of three subjects."""
    rng = np.random.default_rng(seed)
    return [
        [
            " ".join(f"{'甲乙丙'[rng.integers(3) if rng.random() < 0.2 else at % 3]}{rng.integers(10)}号" for _ in range(8))
            for at in rng.integers(0, 3, paragraphs)
        ]
        for _ in range(documents)
    ]  # fmt: skip


# --- counting ---------------------------------------------------------------------------------------------------------


def test_a_paragraph_has_words_pairs_of_characters_and_single_ones() -> None:
    found = terms_of("培训，培训基地", ["培训", "培训", "基地"])
    assert found == {
        WORDS: Counter({"培训": 2, "基地": 1}),
        PAIRS: Counter({"培训": 2, "训基": 1, "基地": 1}),
        SINGLE: Counter({"培": 2, "训": 2, "基": 1, "地": 1}),
    }


def test_the_most_frequent_terms_are_kept_in_the_order_of_their_characters() -> None:
    df = {"甲": 5, "乙": 2, "丙": 1, "丁": 2, "戊": 7}
    terms, numbers = vocabulary(df, 2, 3)
    assert terms == ("丁", "戊", "甲")  # of 丁 and 乙, equally frequent, the first by code point
    assert numbers.tolist() == [2, 7, 5]
    assert vocabulary(df, 2, 100)[0] == ("丁", "乙", "戊", "甲")
    assert vocabulary({}, 2, 5)[0] == ()


def test_counts_of_terms_without_a_place_are_left_out() -> None:
    found = counts_of([{"乙": 2, "甲": 1, "丙": 9}, {}, {"甲": 4}], {"甲": 0, "乙": 1})
    assert found.toarray().tolist() == [[1, 2], [0, 0], [4, 0]]
    assert counts_of([], {"甲": 0}).shape == (0, 1)


def test_rows_are_counts_times_idf_of_length_one_and_an_empty_row_stays() -> None:
    found = weighed(csr_array([[1.0, 2, 0], [0, 0, 0], [0, 0, 5]]), np.array([3.0, 2.0, 9.0]))
    assert found.toarray().tolist() == [[0.6, 0.8, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 1.0]]


def test_rarity_is_worked_by_hand() -> None:
    # 甲 twice (in 3 of 7 paragraphs), 乙 once (in 1), 丙 once (in none)
    known, rare = rarity({"甲": 2, "乙": 1, "丙": 1}, lambda term: {"甲": 3, "乙": 1}.get(term, 0), 7)
    assert known == 0.5  # one paragraph alone is not knowing
    # (2 (ln(8/4) + 1) + ln(8/2) + 1 + ln(8/1) + 1) / 4 = (3.386294 + 2.386294 + 3.079442) / 4
    assert rare == pytest.approx(2.213007566, abs=1e-9)
    assert rarity({"甲": 1}, lambda _: 2, 7)[0] == 1.0
    none = rarity({}, lambda _: 2, 7)
    assert none[0] == 0.0
    assert np.isnan(none[1])


# --- the background ----------------------------------------------------------------------------------------------------


def test_numbers_and_frequencies_are_those_of_the_paragraphs_that_are_long_enough(asked: BackgroundSettings) -> None:
    documents = [["标题", "培训 培训 基地", "培训 评价"], [], ["基地 培训", "一句"], ["很短的"]]
    found = learned_of(documents, replace(asked, min_paragraph=5))
    wanted = {"format": 1, "name": "small", "jieba": "none", "documents": 3, "paragraphs": 3, "short_paragraphs": 3}
    assert {name: found.about[name] for name in wanted} == wanted
    assert found.about["characters"] == 8 + 5 + 5
    space = found.spaces[WORDS]
    assert dict(zip(space.terms, space.df.tolist(), strict=True)) == {"培训": 3, "基地": 2}  # 评价 in one alone
    assert dict(zip(found.spaces[PAIRS].terms, found.spaces[PAIRS].df.tolist(), strict=True)) == {"培训": 3, "基地": 2}
    assert found.spaces[SINGLE].terms == ("地", "培", "基", "训")
    assert set(found.spaces) == set(TEXTS)


def test_no_more_terms_and_dimensions_are_learned_than_asked(asked: BackgroundSettings) -> None:
    found = learned_of(many(), replace(asked, words=7, pairs=9, single=4, dimensions=3, single_dimensions=2))
    shapes = {text: space.vectors.shape for text, space in found.spaces.items()}
    assert shapes == {WORDS: (7, 3), PAIRS: (9, 3), SINGLE: (4, 2)}


@pytest.mark.parametrize("text", TEXTS)
def test_the_space_is_that_of_scikit_learn(text: str, asked: BackgroundSettings) -> None:
    documents = many()
    found = learned_of(documents, asked).spaces[text]
    paragraphs = [paragraph for document in documents for paragraph in document]

    def analyzer(paragraph: str) -> list[str]:
        return list(terms_of(paragraph, paragraph.split())[text].elements())

    vectorizer = TfidfVectorizer(analyzer=analyzer, min_df=2)
    table = vectorizer.fit_transform(paragraphs)
    assert found.terms == tuple(sorted(vectorizer.vocabulary_))
    order = [vectorizer.vocabulary_[term] for term in found.terms]
    count = 2 if text == SINGLE else 3
    model = TruncatedSVD(count, algorithm="arpack", random_state=1).fit(table)
    arpack = np.argsort(-model.singular_values_)
    np.testing.assert_allclose(found.strength, model.singular_values_[arpack], rtol=1e-4)
    expected = model.components_[arpack][:, order].T
    turned = found.vectors * np.sign((found.vectors * expected).sum(axis=0))
    step = np.abs(expected).max(axis=1, keepdims=True) / 254  # half a step of what is stored
    assert (np.abs(turned - expected) <= step + 1e-3).all()
    assert np.abs(expected).max() > 0.1


def test_words_of_one_subject_point_the_same_way(asked: BackgroundSettings) -> None:
    space = learned_of(many(), asked).spaces[WORDS]
    cosines = space.directions @ space.directions.T
    subject = np.array([term[0] for term in space.terms])
    same = subject[:, None] == subject
    np.fill_diagonal(same, False)
    assert cosines[same].mean() > 0.5 > cosines[subject[:, None] != subject].mean()


# --- the held-out paragraphs --------------------------------------------------------------------------------------------


def test_a_held_out_paragraph_is_seen_from_all_documents_but_its_own(asked: BackgroundSettings) -> None:
    # 甲 is in both paragraphs of the first document and in one of the second: seen from the second document the first
    # knows nothing (one paragraph is not enough); seen from the first, the second knows 甲 (two), but not 乙
    found = learned_of([["甲 甲 甲", "甲 丙 丙"], ["甲 乙 乙 乙"]], asked).about["held_out"]
    # coverages 0, 0 and 1/4: percentile p lies at 2p/100 of the way
    assert found["coverage"][0] == found["coverage"][50] == 0.0
    assert found["coverage"][75] == 0.125
    assert found["coverage"][100] == 0.25
    assert len(found["coverage"]) == len(found["rarity"]) == 101
    # first document, from the one paragraph of the second: 甲 ln(2/2) + 1 = 1; 丙 ln(2/1) + 1 = 1.693147
    # second, from two paragraphs: (ln(3/3) + 1 + 3 (ln(3/1) + 1)) / 4 = 1.823959
    assert found["rarity"][0] == pytest.approx(1, abs=1e-6)
    assert found["rarity"][50] == pytest.approx((1 + 2 * 1.693147) / 3, abs=1e-6)
    assert found["rarity"][100] == pytest.approx(1.823959, abs=1e-6)


def test_one_document_alone_has_nothing_to_be_seen_from(asked: BackgroundSettings) -> None:
    assert learned_of([["甲 甲 甲", "甲 乙 乙"]], asked).about["held_out"] == {"coverage": [], "rarity": []}
    assert learned_of([], asked).about["held_out"] == {"coverage": [], "rarity": []}


def test_a_long_document_is_held_out_in_portions(monkeypatch: pytest.MonkeyPatch, asked: BackgroundSettings) -> None:
    monkeypatch.setattr(learning, "_BLOCK", 2)
    # 甲甲 | 乙乙 | 乙: the first two know nothing; of 乙乙 one elsewhere is not enough; 乙 is known from two
    found = learned_of([["甲 甲 甲", "甲 甲 甲", "乙 乙 乙", "乙 乙 乙", "乙 乙 乙"]], asked).about["held_out"]
    assert found["coverage"][75] == 0.0
    assert found["coverage"][100] == 1.0


def test_a_paragraph_without_words_has_no_rarity_to_count(asked: BackgroundSettings) -> None:
    found = learned("small", [["甲甲甲甲甲", "乙乙乙乙乙乙"], ["甲甲甲甲甲", "甲甲甲甲甲甲"]], lambda text: ["甲"] * (text[0] == "甲"), asked, {})  # fmt: skip
    # without the paragraph of 乙: the first is known from two (1), the second two from one (0)
    assert found.about["held_out"]["coverage"][0] == 0.0
    assert found.about["held_out"]["coverage"][50] == 0.0
    assert found.about["held_out"]["coverage"][100] == 1.0
    assert np.isfinite(found.about["held_out"]["rarity"]).all()


# --- the same bytes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("piece", [1, 7, 119, 120, 5000])
def test_the_size_of_the_pieces_changes_no_byte(
    piece: int, monkeypatch: pytest.MonkeyPatch, asked: BackgroundSettings, tmp_path: Path
) -> None:
    save(learned_of(many(), asked), tmp_path / "whole")
    monkeypatch.setattr(learning, "_PIECE", piece)
    save(learned_of(many(), asked), tmp_path / "pieces")
    assert (tmp_path / "pieces").read_bytes() == (tmp_path / "whole").read_bytes()


def test_the_hash_seed_changes_no_byte(tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; import sys; from dataclasses import replace\n"
        "from pipeline.background import save; from pipeline.learning import learned\n"
        "from pipeline.method import load_settings; from tests.test_learning import many\n"
        "asked = load_settings(Path('method/settings.toml')).background\n"
        "save(learned('x', many(), str.split, replace(asked, min_paragraph=5), {}), Path(sys.argv[1]))\n"
    )
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / seed)], cwd=ROOT, env=environment, check=True)
    assert (tmp_path / "1").read_bytes() == (tmp_path / "2").read_bytes()


def test_rare_terms_may_be_forgotten_on_the_way(monkeypatch: pytest.MonkeyPatch, asked: BackgroundSettings) -> None:
    monkeypatch.setattr(learning, "_PIECE", 1)
    monkeypatch.setattr(learning, "_KINDS", 2)
    # three words of the first paragraph are one too many, and each is in one only: all are forgotten; later 丁 and 戊
    found = learned_of([["甲 乙 丙 甲"], ["甲 乙 乙"], ["甲 乙 丁 丁"], ["甲 甲 戊 戊"]], asked)
    space = found.spaces[WORDS]
    assert dict(zip(space.terms, space.df.tolist(), strict=True)) == {"甲": 3, "乙": 2}
    assert np.isfinite(found.about["held_out"]["rarity"]).all()
    assert found.paragraphs == 4


@given(st.lists(st.lists(st.text(st.sampled_from("甲乙丙培训 ，1a\u3000"), max_size=12), max_size=4), max_size=5))
def test_any_text_can_be_learned_and_its_paragraphs_are_all_counted(
    settings: Settings, documents: list[list[str]]
) -> None:
    asked = replace(settings.background, min_paragraph=3)
    found = learned_of(documents, asked)
    long = [paragraph for document in documents for paragraph in document if len(paragraph) >= 3]
    assert found.paragraphs == len(long)
    assert found.paragraphs + found.about["short_paragraphs"] == sum(map(len, documents))
    for text, space in found.spaces.items():
        held = Counter(term for paragraph in long for term in terms_of(paragraph, paragraph.split())[text])
        assert dict(zip(space.terms, space.df.tolist(), strict=True)) == {t: n for t, n in held.items() if n > 1}
        assert len(space.vectors) == len(space.terms)
