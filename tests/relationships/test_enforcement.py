"""The slack of a side against the condition of the relational contract, and against the best of all plans.

Source: section e of the numbers to reproduce: side i with stage value pi in the target profile, largest one-period gain
g from another posture, outside option u, discount d, churn q, switching cost K, the partner leaving after a deviation,
holds iff g <= (1-q)[d(pi - u - qK)/(1-(1-q)d) + K].
"""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import simulator as ns
from simulator.relationships.best_reply import best_reply
from simulator.relationships.deviation import judged_scenario
from simulator.relationships.enforcement import Guard, slack
from simulator.scenario.loading import build
from simulator.solvers.relational import holds, least_stage_value

money = st.floats(-5, 10)
chance = st.floats(0, 0.3)


def game(vendor, client, *, outside=(0.0, 0.0), discount=0.9, maturity=None, **relationship):
    """A game of two postures, or as many as the matrices have, in the order of competitive to cooperative."""
    names = [f"p{i}" for i in range(len(vendor))]
    counts = ["compete"] * (len(names) - 1) + ["cooperate"]
    return build(
        {
            "id": "x",
            "title": "X",
            "horizon": "unlimited",
            "discount": float(discount),
            "payoffs": {"postures": names, "counts_as": counts, "vendor": vendor, "client": client},
            "vendor": {"outside_option": float(outside[0])},
            "client": {"outside_option": float(outside[1])},
            "maturity": maturity or {},
            "relationship": relationship,
        }
    )


@settings(max_examples=40, deadline=None)
@given(
    matrix=st.lists(st.lists(money, min_size=3, max_size=3), min_size=3, max_size=3),
    outside=money,
    discount=st.floats(0.05, 0.99),
    churn=chance,
    cost=st.floats(0, 5),
)
def test_slack_is_the_condition_of_the_relational_contract(matrix, outside, discount, churn, cost):
    transposed = np.transpose(matrix).tolist()
    scenario = game(matrix, transposed, outside=(outside,) * 2, discount=discount, churn=churn, switching_cost=cost)
    pi, best = matrix[2][2], max(matrix[0][2], matrix[1][2])
    rules = {"outside": outside, "churn": churn, "switching_cost": cost}
    # Leaving at the end of an agreed period is a deviation that gains nothing at once.
    gain = max(best - pi, 0.0)
    going_on = (1 - churn) * (discount * (pi - outside - churn * cost) / (1 - (1 - churn) * discount) + cost)
    for side in ("vendor", "client"):
        found = slack(scenario, side, 2, 2)
        assert found.money == pytest.approx(going_on - gain, rel=1e-9, abs=1e-9)
        if abs(found.money) > 1e-7:
            assert found.holds == holds(pi, gain, discount, **rules)
            assert found.holds == (pi >= least_stage_value(gain, discount, **rules))
        if gain > 1e-6 and abs(matrix[0][2] - matrix[1][2]) > 1e-6:
            assert found.temptation == f"p{[matrix[0][2], matrix[1][2]].index(best)}"


@settings(max_examples=40, deadline=None)
@given(
    vendor=st.lists(st.lists(money, min_size=2, max_size=2), min_size=2, max_size=2),
    client=st.lists(st.lists(money, min_size=2, max_size=2), min_size=2, max_size=2),
    outside=st.tuples(money, money),
    discount=st.floats(0.3, 0.97),
    slip=chance,
    churn=chance,
    cost=st.floats(0, 5),
    begrudge=st.floats(0, 2),
    levels=st.integers(1, 3),
)
def test_no_single_deviation_pays_where_no_plan_does(
    vendor, client, outside, discount, slip, churn, cost, begrudge, levels
):
    # They must agree where a deviation is always seen and always answered by leaving: then no plan goes on after one,
    # and single deviations are all there is. That needs no misreading, leaving allowed, one cooperative posture, a
    # fixed share of reinvestment, and nobody's patience.
    maturity = {"levels": ["a", "b", "c"][:levels], "growth": 0.3, "reinvest": 0.3, "level_cost": 2.0, "decay": 0.5}
    scenario = game(
        vendor, client, outside=outside, discount=discount, maturity=maturity, slip=slip, churn=churn,
        switching_cost=cost, begrudge=begrudge,
    )  # fmt: skip
    for side in ("vendor", "client"):
        found = slack(scenario, side, 1, 1)
        gain = best_reply(scenario, side, Guard(posture=1), 0.3).captured - found.worth
        if found.holds:
            assert gain <= 1e-7 * (1 + abs(found.worth))
        elif levels == 1:  # one state: the shortfall is felt at the start, and again in each period that follows
            assert gain >= -found.money * (1 - 1e-9)


@settings(max_examples=25, deadline=None)
@given(
    matrix=st.lists(st.lists(money, min_size=2, max_size=2), min_size=2, max_size=2),
    outside=money,
    discount=st.floats(0.3, 0.97),
    churn=chance,
    cost=st.floats(0, 5),
)
def test_it_agrees_with_walk_away_twice(matrix, outside, discount, churn, cost):
    # Without slips too: after the partner's slip a walk-away leaves, and would often gain by staying.
    scenario = game(
        matrix, np.transpose(matrix).tolist(), outside=(outside,) * 2, discount=discount, churn=churn,
        switching_cost=cost,
    )  # fmt: skip
    found = [slack(scenario, side, 1, 1) for side in ("vendor", "client")]
    assume(all(abs(one.money) > 1e-6 for one in found))
    pair = ns.holds(scenario, vendor="walk-away", client="walk-away")
    for one, test in zip(found, (pair.of_vendor, pair.of_client), strict=True):
        assert test.pair.vendor_captured == pytest.approx(one.worth, rel=1e-9, abs=1e-9)
        assert one.holds == (test.gain < 1e-9)


def test_a_reaction_to_less_than_the_posture_only():
    # Against a guard of the middle posture: it leaves after less, and is left by a guard that asks for more.
    scenario = ns.load_scenario("saas-renewal").replace({"relationship.slip": 0, "relationship.begrudge": 0})
    lengths = [
        ns.relationship(scenario.replace({"relationship.churn": 0}), vendor=Guard(posture=own), client=Guard(posture=1))
        for own in range(3)
    ]
    assert [pair.expected_length for pair in lengths] == [1, 10, 1]


@pytest.mark.parametrize("side", ["vendor", "client"])
def test_slack_moves_with_what_a_side_has_elsewhere_and_here(side):
    scenario = judged_scenario(ns.load_scenario("saas-renewal"), known_end=False)
    scenario = scenario.replace({"relationship.begrudge": 0, "deal": {"price": 90, "support": "priority"}})
    own = scenario.party(side).outside_option
    outside = [slack(scenario.replace({f"{side}.outside_option": own + more}), side, 2, 2).money for more in (-4, 0, 4)]
    assert outside[0] > outside[1] > outside[2]
    base = getattr(scenario.base, side)
    # More from every agreement raises what is lost by leaving; the temptation of one period grows by as much as the
    # agreed payoff, so it cancels out.
    richer = [slack(scenario.replace({f"base.{side}": base + more}), side, 2, 2).money for more in (0, 3)]
    assert richer[1] > richer[0]


def test_slack_falls_with_churn_and_impatience():
    base = game([[1, 5], [0, 3]], [[1, 0], [5, 3]])
    for key, values in (("relationship.churn", (0.0, 0.1, 0.3)), ("discount", (0.95, 0.9, 0.6))):
        found = [slack(base.replace({key: value}), "vendor", 1, 1).money for value in values]
        assert found[0] > found[1] > found[2]


def test_nobody_leaves_where_nobody_can():
    found = slack(game([[1, 5], [0, 3]], [[1, 0], [5, 3]], can_leave=False), "vendor", 1, 1)
    # The partner cooperates on, so competing once gains T - R and costs nothing.
    assert (found.money, found.temptation, found.holds) == (pytest.approx(-2.0), "p0", False)
