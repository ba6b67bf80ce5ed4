"""Contests, tenders, reputation: the known numbers, and no profitable deviation from any of them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import SimulatorError
from simulator.solvers.contests import (
    least_memory,
    least_recognition,
    tender_bid,
    tender_price,
    tullock,
    tullock_unequal,
)


@pytest.mark.parametrize(("bidders", "effort", "profit"), [(2, 25, 25), (3, 22.222222, 11.111111), (5, 16, 4)])
def test_equal_bidders(bidders, effort, profit):
    # Source: VALIDATION f: prize 100, exponent 1.
    found = tullock(100, bidders)
    assert found.efforts == pytest.approx([effort] * bidders, abs=1e-6)
    assert found.profits == pytest.approx([profit] * bidders, abs=1e-6)
    assert sum(found.chances) == pytest.approx(1)


def test_five_bidders_burn_80_of_100():
    assert tullock(100, 5).burned == pytest.approx(80)


def test_unequal_prizes():
    # Source: VALIDATION f.
    found = tullock_unequal(100, 60)
    assert found.efforts == pytest.approx((23.4375, 14.0625))
    assert found.chances == pytest.approx((0.625, 0.375))


@given(st.integers(2, 8), st.floats(0.1, 1.0), st.floats(1, 1e6))
def test_no_effort_pays_more_among_equals(bidders, part, prize):
    exponent = part * bidders / (bidders - 1)
    found = tullock(prize, bidders, exponent=exponent)
    tried = np.linspace(1e-9, 1.2, 2000) * prize
    others = (bidders - 1) * found.efforts[0] ** exponent
    profits = prize * tried**exponent / (tried**exponent + others) - tried
    assert found.profits[0] >= max(profits.max(), 0.0) - 1e-9 * prize


@given(st.floats(1, 100), st.floats(1, 100), st.floats(0.1, 1.0))
def test_no_effort_pays_more_with_unequal_prizes(first, second, exponent):
    found = tullock_unequal(first, second, exponent=exponent)
    for own, other, prize in ((0, 1, first), (1, 0, second)):
        tried = np.linspace(1e-9, 1.2, 2000) * prize
        profits = prize * tried**exponent / (tried**exponent + found.efforts[other] ** exponent) - tried
        assert found.profits[own] >= max(profits.max(), 0.0) - 1e-9 * prize
    swapped = tullock_unequal(second, first, exponent=exponent)
    assert swapped.efforts == pytest.approx(found.efforts[::-1])


def test_equal_prizes_are_the_equal_contest():
    assert tullock_unequal(80, 80, exponent=1.5).efforts == pytest.approx(tullock(80, 2, exponent=1.5).efforts)


def test_too_decisive_a_contest_is_refused():
    assert tullock(100, 2, exponent=2).profits == pytest.approx((0, 0))
    with pytest.raises(SimulatorError, match=r"exponent must be a finite number, above 0 and at most 1\.5; got 1\.6"):
        tullock(100, 3, exponent=1.6)
    with pytest.raises(SimulatorError, match=r"or the weaker bidder gives up; got 1\.9"):
        tullock_unequal(100, 60, exponent=1.9)


@pytest.mark.parametrize(("bidders", "price"), [(2, 73.333333), (3, 60), (5, 46.666667)])
def test_tender_price(bidders, price):
    # Source: VALIDATION f: costs from 20 to 100.
    assert tender_price(bidders, lowest=20, highest=100) == pytest.approx(price, abs=1e-6)


@pytest.mark.parametrize("bidders", [2, 3, 5])
def test_tender_price_is_the_mean_lowest_bid(bidders):
    costs = np.random.default_rng(0).uniform(20, 100, (200_000, bidders))
    lowest = tender_bid(costs, bidders, lowest=20, highest=100).min(axis=1)
    error = lowest.std() / math.sqrt(len(lowest))
    assert abs(lowest.mean() - tender_price(bidders, lowest=20, highest=100)) < 4 * error


@pytest.mark.parametrize("bidders", [2, 3, 5])
def test_no_other_bid_pays_more(bidders):
    # A bid b wins against one rival with the chance that the rival's cost is above the cost that would bid b.
    for cost in (20.0, 47.0, 83.0):
        bid = tender_bid(cost, bidders, lowest=20, highest=100)
        tried = np.linspace(cost, 100, 4001)
        rival = np.clip((tried - 100 / bidders) / (1 - 1 / bidders), 20, 100)
        profits = (tried - cost) * ((100 - rival) / 80) ** (bidders - 1)
        mine = float((bid - cost) * ((100 - cost) / 80) ** (bidders - 1))
        assert mine >= profits.max() - 1e-9


def test_a_single_bidder_asks_for_the_most():
    assert tender_bid([20, 60], 1, lowest=20, highest=100).tolist() == [100, 100]
    assert tender_price(1, lowest=20, highest=100) == 100


def streams(payoffs, discount):
    t = np.arange(math.ceil(math.log(1e-17) / math.log(discount)))
    return float(np.sum(discount**t * np.where(t == 0, payoffs[0], payoffs[1])))


def test_reputation_thresholds():
    # Source: VALIDATION f: 5/3/1/0, discount .95.
    assert least_recognition(5, 3, 1, 0.95) == pytest.approx(0.526, abs=5e-4)
    assert least_memory(5, 3, 1, 0.95) == pytest.approx(0.053, abs=5e-4)


@pytest.mark.parametrize("seed", range(50))
def test_reputation_thresholds_by_direct_sums(seed):
    rng = np.random.default_rng(seed)
    punishment, reward, temptation = np.sort(rng.uniform(0, 10, 3))
    d = rng.uniform(0.3, 0.97)
    honest = streams((reward, reward), d)
    g = least_recognition(temptation, reward, punishment, d)
    for_ever = streams((temptation, g * punishment + (1 - g) * temptation), d)
    assert for_ever == pytest.approx(honest, rel=1e-9, abs=1e-9)
    g = least_memory(temptation, reward, punishment, d)
    once = streams((temptation, g * punishment + (1 - g) * reward), d)
    assert once == pytest.approx(honest, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tullock(-1, 2), "prize must be a finite number, at least 0; got -1"),
        (lambda: tullock(1, 1), "bidders must be a whole number, at least 2; got 1"),
        (lambda: tullock_unequal(0, 1), "first prize must be a finite number, above 0; got 0"),
        (lambda: tender_bid(10, 2, lowest=20, highest=100), "cost must be from 20 to 100; got 10"),
        (lambda: tender_price(2, lowest=20, highest=10), "highest cost must be a finite number, at least 20; got 10"),
        (lambda: tender_price(0, lowest=20, highest=100), "bidders must be a whole number, at least 1; got 0"),
        (lambda: least_memory(3, 5, 1, 0.9), "payoffs must fall from temptation to reward to punishment; got 3, 5, 1"),
        (lambda: least_recognition(5, 3, 1, 1), "discount must be a finite number, above 0 and below 1; got 1"),
    ],
)
def test_bad_arguments_are_refused(call, message):
    with pytest.raises(SimulatorError, match=message):
        call()
