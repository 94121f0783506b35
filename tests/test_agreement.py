"""Krippendorff's alpha and Cohen's kappa: worked examples, and the values of the packages krippendorff and sklearn."""

from __future__ import annotations

from typing import Literal

import krippendorff
import numpy as np
import pytest
from hypothesis import given, strategies as st
from sklearn.metrics import cohen_kappa_score

from pipeline.stats.agreement import cohen_kappa, krippendorff_alpha, two_coder_agreement, two_coder_alpha

N = float("nan")
# Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability": four observers, twelve units, values missing
FOUR = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
        [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
    ]
)
# The same paper: two observers, ten units, two values
TWO = np.array([[0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]], dtype=float)


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_his_example_of_four_observers_has_his_values(level: str, alpha: float) -> None:
    assert krippendorff_alpha(FOUR, level) == pytest.approx(alpha, abs=0.0005)


def test_his_example_of_two_observers_is_worked_step_by_step() -> None:
    # Coincidences: 0-0 5 units x 2 = 10, 1-1 1 unit x 2 = 2, 0-1 and 1-0 4 each; 14 zeros and 6 ones of 20
    # 1 - (20 - 1) x (4 + 4) / (14 x 6 + 6 x 14) = 1 - 152 / 168 = 2/21
    assert krippendorff_alpha(TWO) == pytest.approx(2 / 21, abs=1e-12)


Level = Literal["nominal", "ordinal", "interval"]
LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval")


@given(
    st.integers(2, 4).flatmap(
        lambda coders: st.lists(
            st.lists(st.sampled_from([1.0, 2.0, 3.0, 5.0, N]), min_size=coders, max_size=coders),
            min_size=2,
            max_size=8,
        )
    ),
    st.sampled_from(LEVELS),
)
def test_any_codings_have_the_alpha_of_the_package(units: list[list[float]], level: Level) -> None:
    codings = np.array(units).T
    pairable = codings[:, (~np.isnan(codings)).sum(axis=0) > 1]
    found = krippendorff_alpha(codings, level)
    kinds = np.unique(pairable[~np.isnan(pairable)])
    if len(kinds) > 1:
        theirs = krippendorff.alpha(reliability_data=pairable, level_of_measurement=level)
        assert found == pytest.approx(theirs, abs=1e-9)
    elif len(kinds) == 1:  # the package refuses these
        assert found == 1.0
    else:
        assert np.isnan(found)


def test_coders_who_always_agree_have_1_whatever_is_missing() -> None:
    assert krippendorff_alpha(np.array([[1, 2, N, 4], [1, 2, 3, N], [N, 2, 3, 4]])) == pytest.approx(1, abs=1e-12)


def test_coders_who_never_agree_are_below_chance() -> None:
    # 0-1 and 1-0 2 each, 2 zeros and 2 ones: 1 - 3 x 4 / 8
    assert krippendorff_alpha(np.array([[0.0, 1.0], [1.0, 0.0]])) == pytest.approx(-0.5, abs=1e-12)


def test_units_coded_once_say_nothing_about_agreement() -> None:
    alone = np.array([[8, N, N], [N, 9, N]], dtype=float)
    assert np.isnan(krippendorff_alpha(alone))
    assert krippendorff_alpha(np.concatenate([TWO, alone], axis=1)) == pytest.approx(2 / 21, abs=1e-12)


def test_an_unknown_level_is_named_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="nominal, ordinal, interval"):
        krippendorff_alpha(TWO, "ratio")


# --- two coders and two values ---------------------------------------------------------------------------------------


def counts_of(first: list[bool], second: list[bool]) -> np.ndarray:
    """Units that both mark, the first only, the second only, neither."""
    pairs = list(zip(first, second, strict=True))
    return np.array([pairs.count(kind) for kind in ((True, True), (True, False), (False, True), (False, False))])


def test_the_example_of_two_observers_has_the_same_alpha_from_its_four_counts() -> None:
    counts = counts_of(*(TWO == 1).tolist())
    assert counts.tolist() == [1, 1, 3, 5]
    assert two_coder_agreement(counts) == pytest.approx(6 / 10, abs=1e-12)
    # 8 zeros and 2 ones beside 6 and 4: chance agrees on 0.2 x 0.4 + 0.8 x 0.6 = 0.56, so (0.6 - 0.56) / (1 - 0.56)
    assert cohen_kappa(counts) == pytest.approx(1 / 11, abs=1e-12)
    assert two_coder_alpha(counts) == pytest.approx(2 / 21, abs=1e-12)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_any_codings_of_two_coders_have_the_alpha_of_the_general_form_and_of_the_package(
    pairs: list[tuple[bool, bool]],
) -> None:
    codings = np.array(pairs, dtype=float).T
    found = float(two_coder_alpha(counts_of(*(list(one) for one in zip(*pairs, strict=True)))))
    if codings.min() == codings.max():
        assert np.isnan(found)
    else:
        assert found == pytest.approx(krippendorff_alpha(codings), abs=1e-12)
        theirs = krippendorff.alpha(reliability_data=codings, level_of_measurement="nominal")
        assert found == pytest.approx(theirs, abs=1e-9)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
def test_any_codings_of_two_coders_have_the_kappa_of_sklearn(pairs: list[tuple[bool, bool]]) -> None:
    first, second = (list(one) for one in zip(*pairs, strict=True))
    found = float(cohen_kappa(counts_of(first, second)))
    if len({*first, *second}) == 1:  # sklearn divides by zero
        assert np.isnan(found)
    else:
        assert found == pytest.approx(cohen_kappa_score(first, second), abs=1e-12)


@pytest.mark.parametrize("counts", [[7, 0, 0, 0], [0, 0, 0, 7], [0, 0, 0, 0]])
def test_coders_who_never_told_two_values_apart_have_neither_kappa_nor_alpha(counts: list[int]) -> None:
    assert np.isnan(cohen_kappa(np.array(counts)))
    assert np.isnan(two_coder_alpha(np.array(counts)))


def test_a_coder_who_marks_nothing_agrees_by_chance_only() -> None:
    assert cohen_kappa(np.array([0, 3, 0, 7])) == 0
    assert two_coder_agreement(np.array([0, 3, 0, 7])) == pytest.approx(0.7)
    # 3 ones and 17 zeros of 20: 1 - 19 x 3 / 51
    assert two_coder_alpha(np.array([0, 3, 0, 7])) == pytest.approx(-2 / 17, abs=1e-12)


def test_without_codings_there_is_no_agreement() -> None:
    assert np.isnan(two_coder_agreement(np.zeros(4)))


def test_many_counts_at_once_have_the_values_that_each_has_alone() -> None:
    many = np.array([[[1, 1, 3, 5], [7, 0, 0, 0]], [[2, 0, 0, 2], [0, 1, 1, 0]]])
    for measure in (two_coder_agreement, two_coder_alpha, cohen_kappa):
        alone = [[float(measure(counts)) for counts in row] for row in many]
        np.testing.assert_array_equal(measure(many), alone)
