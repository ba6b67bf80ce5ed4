"""The solution points over lotteries: known answers, certificates on random hulls, and a linear program beside it."""

import json
import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import linprog

from simulator.errors import SimulatorError
from simulator.solvers import deals as single
from simulator.solvers.deals import SOLUTIONS
from simulator.solvers.lotteries import Lottery, points

SOLVED = ("nash", "kalai_smorodinsky", "egalitarian")

money = st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=1, max_size=15)
outside = st.integers(-20, 10)


def columns(pairs):
    return np.array(pairs, dtype=float).T


def coordinates(lottery):
    return lottery.first, lottery.second


def random_deals(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 25))
    first, second = rng.normal(size=(2, n)) * rng.choice([1e-3, 1.0, 1e4], size=(2, 1))
    d1, d2 = np.quantile(first, rng.random()), np.quantile(second, rng.random())
    return first, second, float(d1), float(d2)


def over_lotteries(first, second, objective, gains_at_least):
    """Largest objective over lotteries whose gains are at least t times a direction; variables p_1..p_n, t."""
    n = len(first)
    rows, limits = zip(*gains_at_least, strict=True)
    found = linprog(
        -np.append(*objective),
        A_ub=-np.array(rows),
        b_ub=-np.array(limits),
        A_eq=[[1.0] * n + [0.0]],
        b_eq=[1.0],
        bounds=[(0, None)] * n + [(None, None)],
        method="highs",
    )
    return None if found.status == 2 else -found.fun


@pytest.mark.parametrize("case", ["S1", "S2", "S3", "S5"])
def test_reference_cases(shared, case):
    # Source: oracles/bargaining_cases.json.
    cases = json.loads((shared / "oracles/bargaining_cases.json").read_text())["cooperative"]
    known = next(c for c in cases if c["id"] == case)
    found = points(*columns(known["deals"]), *known["d"])
    for name in SOLVED:
        assert coordinates(found[name]) == pytest.approx(known[name], abs=1e-9)
    if "asym" in known:
        weighted = points(*columns(known["deals"]), *known["d"], weight=known["asym"]["w1"])
        assert coordinates(weighted["nash"]) == pytest.approx(known["asym"]["nash"], abs=1e-9)


def test_reference_case_of_a_curve(shared):
    cases = json.loads((shared / "oracles/bargaining_cases.json").read_text())["cooperative"]
    known = next(c for c in cases if c["id"] == "S4")
    x = np.linspace(0, 1, 2001)
    found = points(x, 1 - x**2, *known["d"])
    for name in SOLVED:
        # A chord of length h lies h^2/8 below the curve; the place of the Nash point is known to within a corner.
        assert coordinates(found[name]) == pytest.approx(known[name], abs=1e-3 if name == "nash" else 1e-6)


def test_a_curved_frontier():
    # Source: VALIDATION a: u2 = 2 sqrt(1 - u1). The exact values are 2/3 and 2/sqrt 3; (sqrt 5 - 1)/2; 2 sqrt 2 - 2.
    # Worth is even in the second coordinate, so that the chords are short where the curve is steep.
    y = np.linspace(0, 2, 20_001)
    found = points(1 - y**2 / 4, y, 0, 0)
    assert coordinates(found["nash"]) == pytest.approx((2 / 3, 2 / math.sqrt(3)), abs=1e-4)
    assert coordinates(found["kalai_smorodinsky"]) == pytest.approx((0.6180339887, 1.2360679775), abs=1e-8)
    assert coordinates(found["egalitarian"]) == pytest.approx((0.8284271247, 0.8284271247), abs=1e-8)
    assert coordinates(found["utilitarian"]) == (0, 2)


@pytest.mark.parametrize(("weight", "nash"), [(0.5, 55), (0.3, 41), (0.7, 69)])
def test_a_pie_of_100(weight, nash):
    # Source: VALIDATION a. Two deals suffice: all to one, all to the other.
    found = points([100, 0], [0, 100], 20, 10, weight=weight)
    assert coordinates(found["nash"]) == pytest.approx((nash, 100 - nash), abs=1e-9)
    assert coordinates(found["kalai_smorodinsky"]) == pytest.approx((55, 45), abs=1e-9)
    assert coordinates(found["egalitarian"]) == pytest.approx((55, 45), abs=1e-9)


def test_a_whole_deal_on_an_edge_is_taken_as_it_stands():
    first = np.arange(101.0)
    found = points(first, 100 - first, 20, 10)
    assert found["nash"] == Lottery(55.0, 45.0, (55,), (1.0,))
    assert found["utilitarian"] == Lottery(20.0, 80.0, (20,), (1.0,))


@pytest.mark.parametrize("seed", range(300))
def test_certificates_and_a_linear_program_on_random_hulls(seed):
    first, second, d1, d2 = random_deals(seed)
    weight = float(np.random.default_rng(seed).uniform(0.05, 0.95))
    n = len(first)
    scale1, scale2 = np.abs(first).max(), np.abs(second).max()
    g1, g2 = (first - d1) / scale1, (second - d2) / scale2
    found = points(first, second, d1, d2, weight=weight)

    zero = np.zeros(1)
    rational = [(np.append(g1, 0), 0), (np.append(g2, 0), 0)]
    best1 = over_lotteries(first, second, (g1, zero), rational)
    if best1 is None:
        assert found == dict.fromkeys(SOLUTIONS)
        return
    best2 = over_lotteries(first, second, (g2, zero), rational)

    for lottery in found.values():
        assert sum(lottery.probabilities) == pytest.approx(1, abs=1e-15)
        assert list(lottery.deals) == sorted(set(lottery.deals))
        mix, p = list(lottery.deals), np.array(lottery.probabilities)
        assert coordinates(lottery) == pytest.approx((p @ first[mix], p @ second[mix]), rel=1e-12, abs=1e-12 * scale1)
        assert lottery.first - d1 >= -1e-12 * scale1
        assert lottery.second - d2 >= -1e-12 * scale2

    gain = {k: ((s.first - d1) / scale1, (s.second - d2) / scale2) for k, s in found.items()}
    if min(best1, best2) > 1e-7:
        # Nash: no deal lies beyond the tangent of weight log x + (1 - weight) log y, a sufficient condition.
        x, y = gain["nash"]
        assert np.max(weight * g1 / x + (1 - weight) * g2 / y) <= 1 + 1e-9
        x, y = gain["kalai_smorodinsky"]
        t = over_lotteries(
            first, second, (np.zeros(n), np.ones(1)), [(np.append(g1, -best1), 0), (np.append(g2, -best2), 0)]
        )
        assert (x / best1, y / best2) == pytest.approx((t, t), abs=1e-8)
    t = over_lotteries(
        first,
        second,
        (np.zeros(n), np.ones(1)),
        [(np.append(g1, -1 / scale1), 0), (np.append(g2, -1 / scale2), 0), *rational],
    )
    x, y = gain["egalitarian"]
    assert min(x * scale1, y * scale2) == pytest.approx(t, abs=1e-7 * max(scale1, scale2))
    total = over_lotteries(first, second, (g1 * scale1 + g2 * scale2, zero), rational)
    x, y = gain["utilitarian"]
    assert x * scale1 + y * scale2 == pytest.approx(total, abs=1e-7 * max(scale1, scale2))


@given(money, outside, outside)
def test_mixing_never_hurts(pairs, d1, d2):
    first, second = columns(pairs)
    alone, mixed = single.points(first, second, d1, d2), points(first, second, d1, d2)
    assume(alone["nash"] is not None)

    def gains(i):
        return first[i] - d1, second[i] - d2

    def lottery_gains(name):
        return mixed[name].first - d1, mixed[name].second - d2

    assert np.prod(lottery_gains("nash")) >= np.prod(gains(alone["nash"])) - 1e-9
    assert min(lottery_gains("egalitarian")) >= min(gains(alone["egalitarian"])) - 1e-9
    assert sum(lottery_gains("utilitarian")) >= sum(gains(alone["utilitarian"])) - 1e-9


@given(money, outside, outside, st.sampled_from([0.2, 0.5, 0.75]))
def test_swapping_the_sides_swaps_the_points(pairs, d1, d2, weight):
    first, second = columns(pairs)
    there = points(first, second, d1, d2, weight=weight)
    back = points(second, first, d2, d1, weight=1 - weight)
    for name in SOLUTIONS:
        if there[name] is None:
            assert back[name] is None
        else:
            assert coordinates(back[name]) == pytest.approx(coordinates(there[name])[::-1], abs=1e-9)


@given(money, outside, outside, st.sampled_from([1e-6, 7.7, 1e150]), st.sampled_from([1e-6, 7.7, 1e150]))
def test_units_of_money_do_not_move_nash_and_kalai_smorodinsky(pairs, d1, d2, rate1, rate2):
    first, second = columns(pairs)
    # An edge through the disagreement point is there or not there by the last place.
    assume(points(first, second, d1 + 1e-9, d2 + 1e-9)["nash"] is not None)
    plain = points(first, second, d1, d2)
    scaled = points(first * rate1, second * rate2, d1 * rate1, d2 * rate2)
    for name in ("nash", "kalai_smorodinsky"):
        x, y = coordinates(scaled[name])
        assert (x / rate1, y / rate2) == pytest.approx(coordinates(plain[name]), abs=1e-7)


def test_no_rational_lottery_is_an_outcome_and_not_an_error():
    assert points([5, 1], [1, 5], 3.1, 3.1) == dict.fromkeys(SOLUTIONS)
    assert points([5, 6], [1, 1], 0, 2) == dict.fromkeys(SOLUTIONS)
    assert points([5, 6], [1, 1], 7, 0) == dict.fromkeys(SOLUTIONS)
    assert points([], [], 0, 0) == dict.fromkeys(SOLUTIONS)


def test_two_bad_deals_can_make_a_good_lottery():
    assert single.points([5, 1], [1, 5], 2, 2)["nash"] is None
    found = points([5, 1], [1, 5], 2, 2)
    assert found["nash"] == Lottery(3.0, 3.0, (0, 1), (0.5, 0.5))
    # All lotteries sum to 6: of the two ends, the one in which the first deal is likelier.
    assert found["utilitarian"] == Lottery(4.0, 2.0, (0, 1), (0.75, 0.25))


@pytest.mark.parametrize("share", [0.1, 0.3, 0.7, 1 / 3, 0.123456])
def test_outside_options_that_use_up_the_pie(share):
    found = points([1, 0], [0, 1], share, 1 - share)
    for lottery in found.values():
        assert coordinates(lottery) == pytest.approx((share, 1 - share), abs=1e-12)


def test_a_side_that_cannot_gain_leaves_the_best_of_the_other():
    found = points([2, 2, 0], [5, 9, 20], 2, 1)
    assert found == dict.fromkeys(SOLUTIONS, Lottery(2.0, 9.0, (1,), (1.0,)))


def test_unequal_gains_where_the_frontier_has_no_equal_ones():
    # The first side gains at least 3 everywhere, the second at most 2.
    found = points([4, 3, 0], [1, 2, 0], 0, 0)
    assert found["egalitarian"] == Lottery(3.0, 2.0, (1,), (1.0,))


def test_equal_deals_are_the_first_of_them():
    assert points([0, 3, 3], [0, 3, 3], 0, 0)["nash"] == Lottery(3.0, 3.0, (1,), (1.0,))


def test_full_weight_gives_the_best_rational_lottery():
    assert coordinates(points([100, 0], [0, 100], 20, 10, weight=1)["nash"]) == pytest.approx((90, 10))
    assert coordinates(points([100, 0], [0, 100], 20, 10, weight=0)["nash"]) == pytest.approx((20, 80))


def test_bad_arguments_are_refused():
    with pytest.raises(SimulatorError, match="weight of the first side"):
        points([1], [1], 0, 0, weight=2)
    with pytest.raises(SimulatorError, match="outside option of the first side"):
        points([1], [1], math.nan, 0)
