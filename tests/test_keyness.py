"""The log-likelihood ratio agrees with hand-worked tables and with SciPy's test of the same tables."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given, strategies as st
from logodds import log_odds_details  # type: ignore[import-untyped]
from scipy.stats import chi2, chi2_contingency

from pipeline.stats.keyness import g2_p, log_odds_z, signed_g2


@pytest.mark.parametrize(
    ("count", "total", "count_rest", "total_rest", "expected"),
    [
        # 2 of 4 here, 1 of 6 there: expected 4 x 3/10 = 1.2 and 1.8, without the term 2.8 and 4.2
        # 2 [2 ln(2/1.2) + 1 ln(1/1.8) + 2 ln(2/2.8) + 5 ln(5/4.2)]
        # = 2 [1.021651247532 - 0.587786664902 - 0.672944473242 + 0.871766935724] = 1.265374090223
        (2, 4, 1, 6, 1.2653740902226506),
        # 1 of 4 here, 0 of 6 there: expected 0.4, 0.6, 3.6, 5.4; a cell of 0 adds 0
        # 2 [ln(1/0.4) + 3 ln(3/3.6) + 6 ln(6/5.4)] = 2 [0.916290731874 - 0.546964670382 + 0.632163093947]
        (1, 4, 0, 6, 2.002978310878498),
        # the same from the other side
        (0, 6, 1, 4, -2.002978310878498),
        # 1 of 4 here, 1 of 6 there: expected 0.8, 1.2, 3.2, 4.8
        # 2 [ln(1/0.8) + ln(1/1.2) + 3 ln(3/3.2) + 5 ln(5/4.8)]
        # = 2 [0.223143551314 - 0.182321556794 - 0.193615563413 + 0.204109972601] = 0.102632807417
        (1, 4, 1, 6, 0.10263280741763452),
        # all of one side, nothing of the other: 2 [4 ln(4/1.6) + 6 ln(6/3.6)] = 2 [3.665162927497 + 3.064953742596]
        (4, 4, 0, 6, 13.460233340185074),
    ],
)
def test_a_table_worked_by_hand_has_its_value(
    count: int, total: int, count_rest: int, total_rest: int, expected: float
) -> None:
    assert signed_g2(count, total, count_rest, total_rest) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("count", "total", "count_rest", "total_rest"),
    [
        (1, 3, 2, 6),
        (5, 10, 50, 100),
        (0, 4, 0, 6),  # nobody has the term
        (4, 4, 6, 6),  # nobody has another term
        (0, 0, 3, 6),  # one side is empty
        (3, 6, 0, 0),
        (0, 0, 0, 0),
    ],
)
def test_equal_rates_and_empty_sides_have_no_keyness(count: int, total: int, count_rest: int, total_rest: int) -> None:
    assert signed_g2(count, total, count_rest, total_rest) == 0.0


SIDE = st.integers(1, 400).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total)))


@given(SIDE, SIDE)
def test_the_size_is_that_of_scipys_log_likelihood_test(here: tuple[int, int], rest: tuple[int, int]) -> None:
    (a, n1), (b, n2) = here, rest
    assume(0 < a + b < n1 + n2)  # SciPy takes no table with an empty margin
    table = [[a, n1 - a], [b, n2 - b]]
    result = chi2_contingency(table, lambda_="log-likelihood", correction=False)
    assert abs(signed_g2(a, n1, b, n2)) == pytest.approx(result.statistic, rel=1e-9, abs=1e-9)
    assert g2_p(signed_g2(a, n1, b, n2)) == pytest.approx(result.pvalue, rel=1e-6, abs=1e-9)


@given(SIDE, SIDE)
def test_the_sign_says_where_the_term_is_more_frequent(here: tuple[int, int], rest: tuple[int, int]) -> None:
    (a, n1), (b, n2) = here, rest
    g2 = float(signed_g2(a, n1, b, n2))
    difference = a * n2 - b * n1
    if difference == 0:
        assert g2 == pytest.approx(0, abs=1e-9)
    else:
        assert np.sign(g2) == np.sign(difference)


@given(SIDE, SIDE)
def test_swapping_the_sides_turns_the_sign_and_nothing_else(here: tuple[int, int], rest: tuple[int, int]) -> None:
    assert signed_g2(*here, *rest) == pytest.approx(-signed_g2(*rest, *here), rel=1e-9, abs=1e-9)


def test_columns_of_counts_are_worked_row_by_row() -> None:
    g2 = signed_g2([2, 0], [4, 6], [1, 1], [6, 4])
    assert g2.tolist() == pytest.approx([1.2653740902226506, -2.002978310878498], abs=1e-9)


def test_p_is_that_of_chi_square_with_one_degree_of_freedom_for_either_sign() -> None:
    # 3.841458820694124 is the 95 % point of chi-square with one degree of freedom
    assert g2_p([3.841458820694124, -3.841458820694124, 0.0]).tolist() == pytest.approx([0.05, 0.05, 1.0], abs=1e-12)
    assert g2_p(7.5) == pytest.approx(chi2.sf(7.5, 1), rel=1e-12)


# --- weighted log-odds -------------------------------------------------------------------------------------------


def test_log_odds_are_worked_by_hand() -> None:
    # 3 of 10 here, 1 of 20 there, prior 2 of 8: odds 5 / (18 - 5) and 3 / (28 - 3)
    # ln(5/13) - ln(3/25) = -0.955511445027 + 2.120263536200 = 1.164752091173; root(1/5 + 1/3) = 0.730296743340
    assert log_odds_z(3, 10, 1, 20, 2, 8) == pytest.approx(1.164752091173 / 0.730296743340, abs=1e-9)


COUNTS = st.dictionaries(st.sampled_from("甲乙丙丁戊"), st.integers(1, 50), min_size=2)


@given(COUNTS, COUNTS, COUNTS)
def test_log_odds_are_those_of_the_package_logodds(
    here: dict[str, int], rest: dict[str, int], background: dict[str, int]
) -> None:
    details = log_odds_details(here, rest, prior_counts=background, alpha=0.5)
    terms = list(details)
    prior = [details[term]["prior"] for term in terms]
    assert prior == [background.get(term, 0) + 0.5 for term in terms]
    found = log_odds_z(
        [here.get(term, 0) for term in terms],
        sum(here.values()),
        [rest.get(term, 0) for term in terms],
        sum(rest.values()),
        prior,
        sum(prior),
    )
    assert found.tolist() == pytest.approx([details[term]["z"] for term in terms], rel=1e-9, abs=1e-9)


@given(SIDE, SIDE, st.floats(0.1, 5))
def test_swapping_the_sides_turns_the_sign_of_the_log_odds(
    here: tuple[int, int], rest: tuple[int, int], prior: float
) -> None:
    one, other = log_odds_z(*here, *rest, prior, 20.0), log_odds_z(*rest, *here, prior, 20.0)
    assert one == pytest.approx(-other, rel=1e-9, abs=1e-9)


def test_a_larger_prior_draws_the_log_odds_of_a_rare_term_to_0() -> None:
    # the term is 1 of 100 words of the prior, whatever its size
    found = [float(log_odds_z(3, 100, 0, 900, prior, 100 * prior)) for prior in (1.0, 10.0, 1000.0, 100_000.0)]
    assert found == sorted(found, reverse=True)
    assert found[-1] == pytest.approx(0, abs=0.1)
