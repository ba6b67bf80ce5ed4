"""Repeated games on arrays: minmax points, the set that can be held, and how patient cooperation must be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from simulator.errors import SimulatorError
from simulator.solvers.repeated import (
    critical_discount_grim,
    critical_discount_tit_for_tat,
    feasible_rational_set,
    largest_generosity,
    minmax,
)

DILEMMA = ([[1, 5], [0, 3]], [[1, 0], [5, 3]])


@st.composite
def games(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    if draw(st.booleans()):
        return rng.integers(-3, 4, (2, *shape)).astype(float)
    return rng.normal(size=(2, *shape)) * 10.0 ** draw(st.integers(-6, 6))


def secured(payoffs):
    """What the row side can secure by a mixed strategy: the other side of the minimax theorem."""
    rows, columns = payoffs.shape
    solved = linprog(
        np.r_[np.zeros(rows), -1.0],
        A_ub=np.c_[-payoffs.T, np.ones(columns)],
        b_ub=np.zeros(columns),
        A_eq=np.r_[np.ones(rows), 0.0][None],
        b_eq=[1.0],
        bounds=[(0, None)] * rows + [(None, None)],
    )
    return -solved.fun


@settings(max_examples=60, deadline=None)
@given(game=games())
def test_a_side_cannot_be_pushed_below_what_it_can_secure(game):
    row, column = game
    found = minmax(row, column)
    for value, payoffs, punishment in (
        (found.row, row, found.punishing_row),
        (found.column, column.T, found.punishing_column),
    ):
        scale = np.ptp(payoffs) or 1.0
        assert punishment.min() >= 0
        assert punishment.sum() == pytest.approx(1)
        assert (payoffs @ punishment).max() == value
        assert value / scale == pytest.approx(secured(payoffs / scale), abs=1e-7)


def test_punishing_may_need_a_mixed_strategy():
    # Fudenberg & Tirole 1991, example 5.1: the row side is held to 0 only by mixing, with 1 by pure punishments.
    row = [[-2, 1], [1, -2], [0, 0]]
    assert minmax(row, np.zeros((3, 2))).row == pytest.approx(0)
    assert min(max(r[j] for r in row) for j in (0, 1)) == 1


def test_unit_and_origin_of_money_do_not_matter():
    plain = minmax(*DILEMMA)
    other = minmax(1e-9 * np.array(DILEMMA[0]) + 7, 1e9 * np.array(DILEMMA[1]) - 3)
    assert (other.row - 7) * 1e9 == pytest.approx(plain.row, rel=1e-5)
    assert (other.column + 3) / 1e9 == pytest.approx(plain.column)


@settings(max_examples=60, deadline=None)
@given(game=games(), angle=st.floats(0, 2 * np.pi))
def test_the_set_reaches_as_far_as_lotteries_do(game, angle):
    """In any direction the corners reach as far as the best lottery over outcomes that pays both their minmax."""
    scale = np.array([np.ptp(side) or 1.0 for side in game])
    row, column = game / scale[:, None, None]
    corners = feasible_rational_set(*game) / scale
    floor = minmax(row, column)
    weights = np.array([np.cos(angle), np.sin(angle)])
    outcomes = np.stack([row.ravel(), column.ravel()])
    solved = linprog(
        -weights @ outcomes, A_ub=-outcomes, b_ub=-np.array([floor.row, floor.column]) + 1e-9,
        A_eq=np.ones((1, row.size)), b_eq=[1.0],
    )  # fmt: skip
    assert (corners @ weights).max() == pytest.approx(-solved.fun, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(game=games())
def test_corners_turn_left_and_are_distinct(game):
    corners = feasible_rational_set(*game) / np.array([np.ptp(side) or 1.0 for side in game])
    assert len(corners) >= 1
    if len(corners) > 2:
        edges = np.roll(corners, -1, axis=0) - corners
        following = np.roll(edges, -1, axis=0)
        assert np.all(edges[:, 0] * following[:, 1] - edges[:, 1] * following[:, 0] > 0)


def test_the_set_of_the_dilemma_and_of_degenerate_games():
    np.testing.assert_allclose(feasible_rational_set(*DILEMMA), [[1, 1], [13 / 3, 1], [3, 3], [1, 13 / 3]])
    np.testing.assert_allclose(feasible_rational_set([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]), [[0, 0]], atol=1e-9)
    np.testing.assert_allclose(feasible_rational_set([[2.0]], [[3.0]]), [[2, 3]])
    # One side is indifferent: the set is a line.
    np.testing.assert_allclose(feasible_rational_set([[1, 1], [1, 1]], [[0, 1], [2, 3]]), [[1, 1], [1, 3]])


def test_critical_discounts_of_the_usual_dilemma():
    # Friedman 1971; Axelrod 1984; Molander 1985.
    assert critical_discount_grim(5, 3, 1, 0) == 0.5
    assert critical_discount_tit_for_tat(5, 3, 1, 0) == pytest.approx(2 / 3)
    assert largest_generosity(5, 3, 1, 0) == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("payoffs", "grim", "tit_for_tat", "generosity"),
    [
        ((4, 3, 1, 0), 1 / 3, 1 / 3, 2 / 3),  # the temptation is small: competing for ever is the better deviation
        ((10, 3, 1, 0), 7 / 9, 7 / 3, -4 / 3),  # taking turns pays more than cooperating: no patience is enough
        ((5, 3, 1, -5), 0.5, 0.5, 0.5),
    ],
)
def test_other_payoffs(payoffs, grim, tit_for_tat, generosity):
    assert critical_discount_grim(*payoffs) == pytest.approx(grim)
    assert critical_discount_tit_for_tat(*payoffs) == pytest.approx(tit_for_tat)
    assert largest_generosity(*payoffs) == pytest.approx(generosity)


@pytest.mark.parametrize("function", [critical_discount_grim, critical_discount_tit_for_tat, largest_generosity])
def test_no_dilemma_is_refused(function):
    with pytest.raises(SimulatorError, match="temptation > reward > punishment > sucker's payoff; got 3, 5, 1, 0"):
        function(3, 5, 1, 0)
    with pytest.raises(SimulatorError, match="reward must be a finite number"):
        function(5, float("nan"), 1, 0)


def test_payoffs_are_checked():
    with pytest.raises(SimulatorError, match="must have one shape"):
        minmax([[1, 2]], [[1], [2]])
    with pytest.raises(SimulatorError, match="finite"):
        feasible_rational_set([[np.inf]], [[1]])
