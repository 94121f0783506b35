"""Groups of many units: found where they were planted, and not shown where there are none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array, hstack
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.metrics import adjusted_rand_score, cohen_kappa_score
from sklearn.metrics.pairwise import cosine_similarity

from pipeline.counted import Said
from pipeline.whole_groups import (
    Halves,
    axes,
    centres,
    choice,
    cohesion,
    coordinates,
    halved,
    idf_of,
    nearest_centre,
    recurrence,
    stability,
    tf_idf,
    tried,
)


@pytest.fixture(autouse=True)
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOBS", "1")


def corpus(groups: int, units: int = 600, words: int = 10, seed: int = 1, own: float = 0.8) -> tuple[Said, np.ndarray]:
    """Units of ten words, most of them from the fifteen of their group; without groups from all alike. A measure each."""
    rng = np.random.default_rng(seed)
    group = rng.integers(max(groups, 1), size=units)
    terms = rng.integers(15 * 8, size=(units, words))
    if groups:
        theme = 15 * group[:, None] + rng.integers(15, size=(units, words))
        terms = np.where(rng.random((units, words)) < own, theme, terms)
    measure = np.repeat(np.arange(units), words)
    return Said(np.arange(units), measure, terms.ravel()), group


def table(said: Said, terms: int = 120) -> csr_array:
    counts = csr_array((np.ones(len(said.term)), (said.unit, said.term)), shape=(len(said.unit_of_measure), terms))
    counts.sum_duplicates()
    return counts


def judged(said: Said, ks: tuple[int, ...], by: str = "terms") -> Halves:
    counts = table(said)
    n = counts.shape[0]
    idf = idf_of(np.bincount(counts.indices, minlength=120), n)
    half = n // 2
    vectors = tf_idf(counts, idf)
    space = axes(csr_array(vectors[:half]), 20, 1)
    points = coordinates(vectors, space)
    middles = {k: centres(points[:half], k, 1) for k in ks}
    kept = said.measure >= half
    others = Said(np.arange(n - half), said.measure[kept] - half, said.term[kept])
    return halved(others, n - half, by, idf, space, middles, 5, 1)


def test_tf_idf_is_that_of_scikit_learn() -> None:
    counts = table(corpus(4, 50)[0])
    idf = idf_of(np.bincount(counts.indices, minlength=120), 50)
    assert tf_idf(counts, idf).toarray() == pytest.approx(TfidfTransformer().fit_transform(counts).toarray())


def test_cohesion_is_the_mean_of_all_pairs_of_cosines() -> None:
    said, group = corpus(3, 40)
    group = np.where(np.arange(40) == 7, -1, group)  # in none
    vectors = tf_idf(table(said), np.ones(120))
    cosines = cosine_similarity(vectors)
    found = cohesion(vectors, group, 3)
    for a in range(3):
        for b in range(3):
            pairs = [cosines[i, j] for i in np.flatnonzero(group == a) for j in np.flatnonzero(group == b) if i != j]
            assert found[a, b] == pytest.approx(np.mean(pairs))


def test_a_group_of_one_has_no_cohesion() -> None:
    vectors = csr_array(np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 1.0]]))
    found = cohesion(vectors, np.array([0, 0, 1]), 2)
    assert found[0, 0] == pytest.approx(0.6)
    assert found[0, 1] == pytest.approx(0.4)
    assert np.isnan(found[1, 1])


def test_planted_groups_come_back_most_surely_at_their_number() -> None:
    said, group = corpus(6)
    vectors = tf_idf(table(said), np.ones(120))
    points = coordinates(vectors, axes(vectors, 20, 1))
    found = recurrence(points, (3, 6, 12), 200, 5, 1)
    assert found.argmax() == 1
    assert found[1] > 0.9
    middles = centres(points, 6, 1)
    assert adjusted_rand_score(group, nearest_centre(points, middles)) > 0.9
    assert stability(points, middles, 200, 5, (1, 2)).min() > 0.75


def test_halves_of_the_words_agree_on_planted_groups_and_chance_does_not() -> None:
    halves = judged(corpus(6)[0], (6,))
    found = choice(np.array([1.0]), halves, 99, 1)
    assert found.agreement[0] > 0.2 > 0.05 > found.chance_high[0]
    assert found.p == pytest.approx(0.01)
    assert found.kappa.min() > 0.2
    assert (found.kappa_p <= 0.05).all()


@pytest.mark.parametrize("seed", range(5))
def test_texts_without_groups_do_not_agree_beyond_chance(seed: int) -> None:
    found = choice(np.array([0.5, 0.6]), judged(corpus(0, seed=seed)[0], (4, 8)), 99, 1)
    assert abs(found.agreement[1]) < 0.03
    assert found.kappa.max() < 0.2


def test_a_frequent_word_makes_no_group_that_halves_of_the_words_agree_on() -> None:
    rng = np.random.default_rng(3)
    said, _ = corpus(0)
    # Every third unit says one word twice: k-means parts the units by it.
    term = said.term.reshape(600, 10).copy()
    term[rng.random(600) < 0.33, :2] = 0
    halves = judged(Said(said.unit_of_measure, said.measure, term.ravel()), (2,))
    assert halves.kappas(2).max() < 0.2


def test_kappa_and_agreement_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.integers(3, size=(2, 200)), rng.integers(3, size=(2, 200))
    b = np.where(rng.random((2, 200)) < 0.6, a, b)
    halves = Halves({3: a}, {3: b}, "terms")
    for group in range(3):
        wanted = np.mean([cohen_kappa_score(a[at] == group, b[at] == group) for at in range(2)])
        assert halves.kappas(3)[group] == pytest.approx(wanted)
    assert halves.agreement(3) == pytest.approx(np.mean([adjusted_rand_score(a[at], b[at]) for at in range(2)]))


def test_halves_that_say_nothing_do_not_count() -> None:
    halves = Halves({2: np.array([[0, 0, 1, -1]])}, {2: np.array([[0, 0, 1, 1]])}, "terms")
    assert halves.kappas(2).tolist() == [1.0, 1.0]


def test_a_measure_falls_into_one_half_as_a_whole() -> None:
    # Two measures a unit, of one group's word each: where they fall apart, each half points to its own word's group.
    middles = {2: np.eye(2, dtype=np.float32)}
    said = Said(np.array([0, 0]), np.array([0, 0, 1, 1]), np.array([0, 0, 1, 1]))
    found = halved(said, 1, "measures", np.ones(2), np.eye(2), middles, 40, 1)
    pairs = set(zip(found.first[2].ravel().tolist(), found.second[2].ravel().tolist(), strict=True))
    assert {(0, 1), (1, 0)} <= pairs
    assert pairs <= {(0, 1), (1, 0), (-1, 0), (-1, 1), (0, -1), (1, -1)}


def test_too_few_units_are_not_grouped() -> None:
    assert tried(59, (4, 8)) == []
    assert tried(60, (8, 4)) == [4]


def test_the_same_seed_gives_the_same_choice() -> None:
    halves = judged(corpus(6)[0], (4, 6))
    once, again = (choice(np.array([0.4, 0.9]), halves, 99, 1) for _ in range(2))
    assert once.chosen == again.chosen == 6
    assert once.p == again.p
    assert np.array_equal(once.kappa_p, again.kappa_p)


def test_the_axes_are_those_of_scikit_learn_and_leave_out_what_one_unit_alone_says() -> None:
    vectors = tf_idf(table(corpus(4, 200)[0]), np.ones(120))
    alone = csr_array(([0.5], ([7], [0])), shape=(200, 1))
    space = axes(hstack([vectors, alone], format="csr"), 6, 1)
    assert np.abs(space[-1]).max() == 0
    exact = TruncatedSVD(6, algorithm="arpack", random_state=1).fit(vectors).components_
    assert np.abs(np.einsum("ij,ji->i", exact, space[:-1])) == pytest.approx(np.ones(6), abs=1e-3)
