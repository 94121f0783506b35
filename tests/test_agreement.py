"""Krippendorff's alpha: his own worked examples, and his values as the package krippendorff computes them."""

from __future__ import annotations

from typing import Literal

import krippendorff
import numpy as np
import pytest
from hypothesis import given, strategies as st

from pipeline.stats.agreement import krippendorff_alpha

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
