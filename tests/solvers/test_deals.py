"""The four solution points over finitely many deals: known pies, ties, degenerate sides, invariances."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from simulator.errors import SimulatorError
from simulator.solvers.deals import SOLUTIONS, points
from simulator.solvers.frontier import pareto

deals = st.lists(st.tuples(st.integers(-20, 20), st.integers(-20, 20)), min_size=1, max_size=30)
outside = st.integers(-20, 10)


def columns(pairs):
    return np.array(pairs, dtype=float).T


def by_definition(pairs, d1, d2, weight_of_four):
    """The definitions in exact integers: nash^4 with weight a/4, shares cross-multiplied, ties as documented."""
    rational = [(i, a - d1, b - d2) for i, (a, b) in enumerate(pairs) if a >= d1 and b >= d2]
    if not rational:
        return dict.fromkeys(SOLUTIONS)
    optimal = [
        (i, g, h) for i, g, h in rational if not any(p >= g and q >= h and (p, q) != (g, h) for _, p, q in rational)
    ]
    best1, best2 = max(g for _, g, _ in optimal) or 1, max(h for _, _, h in optimal) or 1
    measures = {
        "nash": lambda g, h: g**weight_of_four * h ** (4 - weight_of_four),
        "kalai_smorodinsky": lambda g, h: sorted((g * best2, h * best1)),
        "egalitarian": lambda g, h: sorted((g, h)),
        "utilitarian": lambda g, h: g + h,
    }
    answer = {}
    for name, measure in measures.items():
        top = max(measure(g, h) for _, g, h in optimal)
        answer[name] = min(i for i, g, h in optimal if measure(g, h) == top)
    return answer


@given(deals, outside, outside, st.integers(0, 4))
def test_same_deals_as_the_definitions_in_whole_numbers(pairs, d1, d2, quarters):
    assert points(*columns(pairs), d1, d2, weight=quarters / 4) == by_definition(pairs, d1, d2, quarters)


@given(deals, outside, outside, st.sampled_from([0.1, 1 / 3, 7.7, 1e-9, 1e150]))
def test_another_currency_picks_the_same_deals(pairs, d1, d2, rate):
    first, second = columns(pairs)
    assert points(first * rate, second * rate, d1 * rate, d2 * rate) == points(first, second, d1, d2)


@given(deals, outside, outside, st.sampled_from([0.1, 1e5]))
def test_the_unit_of_one_side_does_not_move_nash_and_kalai_smorodinsky(pairs, d1, d2, rate):
    first, second = columns(pairs)
    scaled, plain = points(first * rate, second, d1 * rate, d2), points(first, second, d1, d2)
    assert scaled["nash"] == plain["nash"]
    assert scaled["kalai_smorodinsky"] == plain["kalai_smorodinsky"]


@given(deals, outside, outside, st.sampled_from([0.2, 0.5, 0.75]))
def test_swapping_the_sides_swaps_the_weight(pairs, d1, d2, weight):
    first, second = columns(pairs)
    assert points(second, first, d2, d1, weight=1 - weight) == points(first, second, d1, d2, weight=weight)


@given(st.lists(st.tuples(*[st.floats(-1e3, 1e3)] * 2), min_size=1, max_size=20), st.floats(-100, 100))
def test_every_point_is_individually_rational_and_pareto_optimal(pairs, d):
    first, second = columns(pairs)
    found = points(first, second, d, d)
    assume(found["nash"] is not None)
    for i in found.values():
        assert first[i] >= d
        assert second[i] >= d
        assert i in pareto(first, second)


@pytest.mark.parametrize(("weight", "nash"), [(0.5, 55), (0.3, 41), (0.7, 69)])
def test_a_pie_of_100(weight, nash):
    # Source: VALIDATION a. Pie 100, outside options (20, 10).
    first = np.arange(101.0)
    found = points(first, 100 - first, 20, 10, weight=weight)
    assert found == {"nash": nash, "kalai_smorodinsky": 55, "egalitarian": 55, "utilitarian": 20}


def test_a_curved_frontier():
    # Source: VALIDATION a: u2 = 2 sqrt(1 - u1); here on a grid of step 1e-5.
    x = np.linspace(0, 1, 100_001)
    found = points(x, 2 * np.sqrt(1 - x), 0, 0)
    expected = {"nash": 2 / 3, "kalai_smorodinsky": 0.618034, "egalitarian": 0.828427, "utilitarian": 0.0}
    for name, value in expected.items():
        assert x[found[name]] == pytest.approx(value, abs=1e-5)


def test_no_rational_deal_is_an_outcome_and_not_an_error():
    assert points([5, 1], [1, 5], 3, 3) == dict.fromkeys(SOLUTIONS)
    assert points([], [], 0, 0) == dict.fromkeys(SOLUTIONS)


def test_a_deal_worth_exactly_the_outside_options_counts():
    assert points([3], [3], 3, 3) == dict.fromkeys(SOLUTIONS, 0)


def test_a_side_that_cannot_gain_leaves_the_best_of_the_other():
    assert points([2, 2, 2], [5, 9, 9], 2, 1) == dict.fromkeys(SOLUTIONS, 1)


def test_a_transfer_in_tenths_ties_in_the_sum():
    # On paper every deal sums to 5; rounded sums differ in the last place, and the first is not the largest.
    steps = np.arange(1, 50)
    first, second = steps * 0.1, (50 - steps) * 0.1
    assert np.argmax(first + second) > 0
    assert points(first, second, 0, 0)["utilitarian"] == 0


def test_equal_nash_products_go_to_the_first_deal():
    assert points([0.3, 0.2], [0.2, 0.3], 0, 0)["nash"] == 0
    assert points([0.1 * 3, 0.2], [0.2, 0.1 * 3], 0, 0)["nash"] == 0
    assert points([0.2, 0.1 * 3], [0.1 * 3, 0.2], 0, 0)["nash"] == 0


def test_equal_smaller_gains_go_to_the_larger_other_gain():
    # Smaller gains 3 and 3, other gains 5 and 9. Relative gains (1/3, 1) and (1, 3/5): no tie there.
    found = points([3, 9], [5, 3], 0, 0)
    assert found["egalitarian"] == 1
    assert found["kalai_smorodinsky"] == 1
    # Relative gains (1/2, 3/4), (1, 1/2), (1/8, 1): the first two tie in the smaller one.
    assert points([4, 8, 1], [12, 8, 16], 0, 0)["kalai_smorodinsky"] == 1
    # Relative gains (1/2, 1) and (1, 1/2): equal in both, so the order of the deals decides.
    assert points([4, 8], [16, 8], 0, 0)["kalai_smorodinsky"] == 0


@pytest.mark.parametrize("scale", [1e-300, 1e-150, 1e150, 1e300])
def test_tiny_and_huge_money(scale):
    found = points(np.array([7, 6, 5]) * scale, np.array([2, 4.5, 5]) * scale, 2 * scale, scale)
    assert found == dict.fromkeys(SOLUTIONS, 1)


def test_negative_worth_and_far_away_zero():
    first, second = np.array([-7.0, -6, -5]), np.array([-2.0, -2.5, -6])
    near = points(first, second, -8, -7)
    assert points(first - 1e9, second + 1e9, -8 - 1e9, -7 + 1e9) == near


def test_a_full_weight_maximises_one_side():
    assert points([1, 3, 3], [5, 1, 2], 0, 0, weight=1.0)["nash"] == 2
    assert points([1, 3, 3], [5, 1, 2], 0, 0, weight=0.0)["nash"] == 0


@pytest.mark.parametrize("weight", [-0.1, 1.1, math.nan])
def test_a_weight_outside_0_to_1_is_refused(weight):
    with pytest.raises(
        SimulatorError, match="weight of the first side must be a finite number, at least 0 and at most 1"
    ):
        points([1], [1], 0, 0, weight=weight)


def test_an_infinite_outside_option_is_refused():
    with pytest.raises(SimulatorError, match="outside option of the second side must be a finite number; got inf"):
        points([1], [1], 0, math.inf)
