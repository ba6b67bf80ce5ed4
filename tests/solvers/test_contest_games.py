"""Many contests at once: the closed forms, and nobody gains by any other effort."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import SimulatorError
from simulator.solvers.contest_games import contest_chances, contest_efforts
from simulator.solvers.contests import tullock, tullock_unequal


@pytest.mark.parametrize(("bidders", "effort", "profit"), [(2, 25, 25), (3, 22.222222, 11.111111), (5, 16, 4)])
def test_equal_bidders(bidders, effort, profit):
    # Source: VALIDATION f: prize 100, exponent 1.
    efforts = contest_efforts(np.full((1, bidders), 100.0))
    chances = contest_chances(efforts)
    assert efforts == pytest.approx(np.full((1, bidders), effort), abs=1e-6)
    assert chances * 100 - efforts == pytest.approx(np.full((1, bidders), profit), abs=1e-6)


def test_unequal_prizes_and_the_waste_of_five():
    # Source: VALIDATION f.
    efforts = contest_efforts([[100, 60]])
    assert efforts == pytest.approx(np.array([[23.4375, 14.0625]]))
    assert contest_chances(efforts) == pytest.approx(np.array([[0.625, 0.375]]))
    assert contest_efforts(np.full((1, 5), 100.0)).sum() == pytest.approx(80)


@pytest.mark.parametrize("bidders", [2, 3, 5, 9])
@pytest.mark.parametrize("part", [0.05, 0.5, 0.9, 0.999, 1, 1.0001])
def test_equal_bidders_at_every_exponent(bidders, part):
    for exponent in (part, part * bidders / (bidders - 1)):
        if exponent <= bidders / (bidders - 1):
            expected = tullock(100, bidders, exponent=exponent).efforts
            assert contest_efforts(np.full((1, bidders), 100.0), 1, exponent)[0] == pytest.approx(expected, rel=1e-12)


@given(st.floats(0.01, 100), st.floats(0.01, 100), st.floats(0.05, 2.0))
def test_two_bidders(first, second, exponent):
    odds = (min(first, second) / max(first, second)) ** exponent
    got = contest_efforts([[first, second]], 1, exponent)[0]
    if exponent <= 1 + odds - 1e-9:
        assert got == pytest.approx(tullock_unequal(first, second, exponent=exponent).efforts, rel=1e-11)
    elif exponent > 1 + odds + 1e-9:
        assert np.isnan(got).all()


def bidders_of(least=2, most=6):
    return st.lists(st.tuples(st.floats(0.5, 200), st.floats(0.1, 5)), min_size=least, max_size=most).map(np.array)


def best_profit(prize, weight, others, exponent):
    """Most that can be earned against what the others bring, by search."""
    tried = np.concatenate([[0.0], prize * np.geomspace(1e-9, 1.0, 4000)])
    for _ in range(3):
        power = (weight * tried) ** exponent
        profits = prize * power / np.where(power + others > 0, power + others, 1.0) - tried
        best = int(profits.argmax())
        tried = np.linspace(tried[max(best - 1, 0)], tried[min(best + 1, len(tried) - 1)], 1000)
    return float(profits.max())


@settings(deadline=None)
@given(bidders_of(), st.one_of(st.just(1.0), st.floats(0.1, 0.999), st.floats(1.001, 1.5)))
def test_nobody_gains_by_another_effort(bidders, exponent):
    prizes, weights = bidders.T
    efforts = contest_efforts(prizes[None], weights, exponent)[0]
    if exponent > 1 and np.isnan(efforts).any():
        return
    brought = (weights * efforts) ** exponent
    chances = contest_chances(efforts[None], weights, exponent)[0]
    for i, (prize, weight) in enumerate(bidders):
        others = brought.sum() - brought[i]
        assert chances[i] * prize - efforts[i] >= best_profit(prize, weight, others, exponent) - 1e-8 * prize


@settings(deadline=None)
@given(bidders_of(), st.one_of(st.just(1.0), st.floats(0.1, 0.999), st.floats(1.001, 1.5)))
def test_efforts_are_as_exact_as_the_arithmetic(bidders, exponent):
    # Chances are those of the efforts, and each effort is r p (1 - p) prize, or 0.
    prizes, weights = bidders.T
    efforts = contest_efforts(prizes[None], weights, exponent)
    if np.isnan(efforts).any():
        return
    chances = contest_chances(efforts, weights, exponent)
    assert chances.sum() == pytest.approx(1, rel=1e-13)
    assert efforts == pytest.approx(exponent * chances * (1 - chances) * prizes, rel=2e-11, abs=1e-13 * prizes.max())


@settings(deadline=None)
@given(bidders_of(), st.sampled_from([0.6, 1.0, 1.2]), st.floats(0.01, 1000), st.randoms())
def test_money_scales_and_bidders_can_be_reordered(bidders, exponent, factor, random):
    prizes, weights = bidders.T
    if len(np.unique(np.round(prizes * weights, 9))) < len(bidders):
        return  # of equals only the first may take part
    efforts = contest_efforts(prizes[None], weights, exponent)[0]
    assert contest_efforts(factor * prizes[None], weights, exponent)[0] == pytest.approx(
        factor * efforts, rel=1e-9, abs=1e-12 * factor, nan_ok=True
    )
    order = list(range(len(bidders)))
    random.shuffle(order)
    swapped = contest_efforts(prizes[None, order], weights[order], exponent)[0]
    assert swapped == pytest.approx(efforts[order], rel=1e-9, abs=1e-12, nan_ok=True)


def test_weak_bidders_stay_out():
    # Of 100, 100 and 50 the third would need more than 1 / (1/100 + 1/100) = 50 to take part.
    assert contest_efforts([[100, 100, 50]]) == pytest.approx(np.array([[25, 25, 0.0]]))
    assert contest_efforts([[100, 100, 51]])[0, 2] > 0


def test_far_weaker_rivals_leave_exact_numbers():
    # Two bidders: chances b/(a+b), efforts a b times prize over the square; 1 - chance would cancel.
    weak = 1e-12
    assert contest_efforts([[1.0, weak]])[0] == pytest.approx(
        [weak / (1 + weak) ** 2, weak**2 / (1 + weak) ** 2], rel=1e-14
    )


def test_who_does_not_take_part_spends_nothing():
    prizes = np.array([[100, 100, np.nan], [100, -5, 100], [100, 0, -1], [-1, -1, -1]])
    bidding = np.array([[True, True, False], [True, True, True], [True, True, True], [True, True, True]])
    for exponent in (0.7, 1, 1.2):
        half = 25 * exponent
        efforts = contest_efforts(prizes, 1, exponent, bidding)
        expected = [[half, half, 0], [half, 0, half], [0, 0, 0], [0, 0, 0]]
        assert efforts == pytest.approx(np.array(expected), rel=1e-12)
    assert contest_efforts([[100, 100]], [1, 0]).tolist() == [[0, 0]]
    assert contest_efforts([[100, 100]], bidding=False).tolist() == [[0, 0]]
    assert contest_efforts(np.empty((0, 3))).shape == (0, 3)


def test_exponents_above_1():
    # Three equals at 1.4 all take part; one much weaker gives up; two too unequal have no equilibrium.
    efforts = contest_efforts([[100, 100, 100], [100, 100, 20], [100, 10, 5]], 1, 1.4)
    assert efforts[0] == pytest.approx(tullock(100, 3, exponent=1.4).efforts)
    assert efforts[1] == pytest.approx([35, 35, 0])
    assert np.isnan(efforts[2]).all()


def test_chances_of_any_efforts():
    chances = contest_chances([[30, 10, 0], [0, 0, 0], [0, 5, 0], [1, 1, 1]], [1, 3, 1], 1, True)
    assert chances == pytest.approx(np.array([[0.5, 0.5, 0], [1 / 3] * 3, [0, 1, 0], [0.2, 0.6, 0.2]]))
    masked = contest_chances(np.zeros((2, 2)), 1, 0.5, [[True, False], [False, False]])
    assert masked.tolist() == [[1, 0], [0, 0]]
    assert contest_chances([[2, 1]], 1, 2)[0] == pytest.approx([0.8, 0.2])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: contest_efforts([1, 2]), r"prizes must have two dimensions, contests and bidders; got shape \(2,\)"),
        (lambda: contest_efforts([[1, 2]], [1, 2, 3]), r"weights and bidding must fit the shape \(1, 2\) of prizes"),
        (lambda: contest_efforts([[1, 2]], [1, -2]), "weights must be at least 0; got -2"),
        (lambda: contest_efforts([[1, np.nan]]), "prizes must be finite numbers"),
        (lambda: contest_efforts([[1, 2]], 1, 0), "exponent must be a finite number, above 0 and at most 2; got 0"),
        (lambda: contest_efforts([[1, 2]], 1, 2.1), "at most 2; got 2.1"),
        (lambda: contest_chances([[1, -2]]), "efforts must be at least 0; got -2"),
    ],
)
def test_bad_arguments_are_refused(call, message):
    with pytest.raises(SimulatorError, match=message):
        call()
