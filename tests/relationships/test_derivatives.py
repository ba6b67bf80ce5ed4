"""Exact derivatives against fourth-order central differences, wherever no kink and no change of a deal is near."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulator as ns
from simulator.games.numbers import all_numbers, number, numbers
from simulator.relationships.breaks import regime
from simulator.relationships.derivatives import RESULTS, derivatives
from simulator.runner.loading import checked_document

SHIPPED = sorted(ns.scenarios())
PAIRS = [
    ("tit-for-tat", "tit-for-tat"),
    ("generous-tit-for-tat", "walk-away"),
    ("steward(patience=2)", "opportunist(patience=3)"),
    ("nibbler", "steward"),
]
LIVELY = {
    "relationship.slip": 0.03,
    "relationship.misread": 0.02,
    "relationship.begrudge": 0.7,
    "relationship.churn": 0.04,
    "relationship.switching_cost": 1.3,
}
PLANNED = np.array([name in ("first_best", "left_on_table") for name in RESULTS])


def results(scenario, vendor, client):
    pair = ns.relationship(scenario, vendor=vendor, client=client)
    return np.array([getattr(pair, name) for name in RESULTS])


def check(scenario, *pairs):
    """Compare the derivatives of every number for some pairs; returns how many numbers every pair could compare."""
    continuous = [item for item in all_numbers(scenario) if not item.whole and ".tactic." not in item.key]
    keys = [item.key for item in continuous]
    slopes = {
        pair: [derivatives(scenario, vendor=pair[0], client=pair[1], keys=keys, direction=way) for way in (-1, 1)]
        for pair in pairs
    }
    now = {pair: ns.relationship(scenario, vendor=pair[0], client=pair[1]) for pair in pairs}
    here = {(pair, name): regime(now[pair], scenario, name) for pair in pairs for name in ("joint_value", "first_best")}
    # A value that is 0 is a difference of larger amounts, so rounding goes by the largest of the results.
    scale = {pair: np.abs(results(scenario, *pair)).max() for pair in pairs}
    compared = dict.fromkeys(here, 0)
    for item in continuous:
        step = 1e-3 * max(abs(item.value), 0.1)
        try:
            moved = {k: scenario.replace({item.key: item.value + k * step}) for k in (-2, -1, 1, 2)}
            met = {
                (pair, name): any(held.change(regime(now[pair], t, name)) for t in moved.values())
                for (pair, name), held in here.items()
            }
        except ns.SimulatorError:
            continue  # at a bound
        for pair, kind in (each for each in met if not met[each]):
            rows = PLANNED if kind == "first_best" else ~PLANNED
            left, right = (np.array([side[item.key][name] for name in RESULTS])[rows] for side in slopes[pair])
            if not np.allclose(left, right, rtol=1e-9, atol=1e-12):
                continue  # a kink exactly here
            down2, down, up, up2 = (results(moved[k], *pair)[rows] for k in (-2, -1, 1, 2))
            differences = (8 * (up - down) - (up2 - down2)) / (12 * step)
            rounding = 3e-14 * scale[pair] / step
            np.testing.assert_array_less(
                np.abs(left - differences), 1e-6 * np.abs(differences) + rounding, f"{item.key} {pair}"
            )
            compared[pair, kind] += 1
    return min(compared.values())


def lively(name, horizon):
    """A shipped scenario with every rule of a relationship switched on."""
    scenario = ns.load_scenario(name)
    limited = {"horizon": 7} if scenario.unlimited else {}
    return scenario.replace(LIVELY | ({"horizon": "unlimited", "discount": 0.9} if horizon == "unlimited" else limited))


@pytest.mark.parametrize(
    ("name", "horizon", "pairs"),
    [
        ("saas-renewal", "finite", PAIRS[:3]),
        ("saas-renewal", "unlimited", PAIRS[1:2]),
        ("freight", "finite", PAIRS[3:]),
        ("chicken", "unlimited", PAIRS[2:]),
        ("stag-hunt", "finite", PAIRS),
    ],
)
def test_derivatives_match_central_differences(name, horizon, pairs):
    assert check(lively(name, horizon), *pairs) >= 10


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("horizon", ["finite", "unlimited"])
def test_derivatives_match_central_differences_in_all_shipped_scenarios(name, horizon):
    assert check(lively(name, horizon), *PAIRS) >= 10
    assert check(ns.load_scenario(name), ("tit-for-tat", "walk-away(tolerance=1)")) >= 4


money = st.floats(-3, 8).map(lambda x: round(x, 3))
chance = st.floats(0.01, 0.4).map(lambda x: round(x, 3))


@st.composite
def games(draw):
    """A random 2 x 2 game with two levels and every rule of a relationship switched on."""
    matrix = st.lists(st.lists(money, min_size=2, max_size=2), min_size=2, max_size=2)
    return checked_document(
        {
            "id": "random",
            "title": "Random",
            "horizon": draw(st.sampled_from([1, 2, 7, "unlimited"])),
            "discount": draw(st.floats(0.5, 0.97).map(lambda x: round(x, 3))),
            "vendor": {"outside_option": draw(money)},
            "client": {"outside_option": draw(money)},
            "payoffs": {"postures": ["compete", "cooperate"], "vendor": draw(matrix), "client": draw(matrix)},
            "maturity": {
                "levels": ["one", "two"],
                "growth": draw(chance),
                "reinvest": draw(chance),
                "level_cost": 5.0,
                "decay": draw(chance),
            },
            "relationship": {
                "fair_share": 0.45,
                "begrudge": draw(chance),
                "switching_cost": {"vendor": draw(chance), "client": draw(chance)},
                "churn": draw(chance),
                "slip": draw(chance),
                "misread": {"vendor": draw(chance), "client": draw(chance)},
            },
        }
    )


@settings(max_examples=15, deadline=None)
@given(games(), st.sampled_from([*PAIRS, ("random", "win-stay-lose-shift(patience=1)")]))
def test_derivatives_match_central_differences_in_random_games(scenario, pair):
    check(scenario, pair)


def test_an_agent_that_reads_the_payoffs_is_differentiated_through_them(dilemma):
    game = dilemma.replace({**LIVELY, "discount": 0.9})
    assert check(game, ("extortioner", "generous-tit-for-tat")) >= 12


def test_a_number_on_its_bound_has_the_slope_inwards():
    s = ns.load_scenario("saas-renewal")  # misread is 0, and with a positive one more can happen
    for key, inwards in (("relationship.misread", 1), ("posture.build.effort", -1), ("relationship.misread.client", 1)):
        value = number(s, key).value
        here = results(s, "tit-for-tat", "grim")
        step = inwards * 1e-5
        one, two = (results(s.replace({key: value + k * step}), "tit-for-tat", "grim") for k in (1, 2))
        expected = (4 * (one - here) - (two - here)) / (2 * step)
        found = derivatives(s, vendor="tit-for-tat", client="grim", keys=[key])[key]
        np.testing.assert_allclose([found[name] for name in RESULTS], expected, rtol=1e-5, atol=1e-6)


def test_on_a_kink_the_two_sides_have_their_own_slopes():
    # Starved at level 1, claim against claim shares alike: whoever loses a little begins to begrudge.
    s = ns.load_scenario("saas-renewal").replace(LIVELY)
    key = "delivery.vendor.starved"
    for direction in (-1, 1):
        here = results(s, "nibbler", "steward")
        step = direction * 1e-5
        one, two = (results(s.replace({key: 0.5 + k * step}), "nibbler", "steward") for k in (1, 2))
        expected = (4 * (one - here) - (two - here)) / (2 * step)
        found = derivatives(s, vendor="nibbler", client="steward", keys=[key], direction=direction)[key]
        np.testing.assert_allclose([found[name] for name in RESULTS], expected, rtol=1e-4, atol=1e-5)


def test_the_results_add_up():
    s = ns.load_scenario("freight")
    for row in derivatives(s, vendor="tit-for-tat", client="walk-away").values():
        assert row["joint_value"] == pytest.approx(row["vendor_value"] + row["client_value"])
        assert row["created_value"] == pytest.approx(row["vendor_captured"] + row["client_captured"])


def test_both_sides_together_are_the_sum_of_the_sides():
    s = ns.load_scenario("saas-renewal").replace(LIVELY)
    for name in ("slip", "misread", "switching_cost"):
        keys = [f"relationship.{name}", f"relationship.{name}.vendor", f"relationship.{name}.client"]
        both, vendor, client = derivatives(s, vendor="grim", client="tit-for-tat", keys=keys).values()
        for result in RESULTS:
            assert both[result] == pytest.approx(vendor[result] + client[result], rel=1e-9, abs=1e-9)


def test_an_infinite_length_has_no_slope(dilemma):
    s = dilemma.replace({"horizon": "unlimited", "discount": 0.9})
    found = derivatives(s, vendor="grim", client="grim", keys=["relationship.churn"])["relationship.churn"]
    assert np.isnan(found["expected_length"])
    assert np.isfinite(found["joint_value"])


def test_the_planner_may_choose_the_share_to_reinvest():
    s = lively("saas-renewal", "unlimited").replace({"maturity.reinvest": "best-reply"})
    assert check(s, PAIRS[1]) >= 10


def test_where_the_planner_is_indifferent_each_side_has_its_own_slope(dilemma):
    # The planner earns joint gains by both cooperating; where its stay pays just what parting costs, it may do either.
    s = dilemma.replace({"horizon": 2, "discount": 0.9})
    best = max(a + b for a, b in zip(np.ravel(s.payoffs.vendor), np.ravel(s.payoffs.client), strict=True))
    outside = (best + 1.8) / 2  # a period more is worth -0.9 * 1.8
    tied = s.replace(
        {
            "vendor.outside_option": outside,
            "client.outside_option": outside,
            "relationship.switching_cost": 0.81,
        }
    )
    key = "relationship.switching_cost"
    for direction, expected in ((-1, -2.0), (1, 0.0)):
        found = derivatives(tied, vendor="grim", client="grim", keys=[key], direction=direction)[key]
        step = direction * 1e-4
        now, then = (ns.relationship(t, vendor="grim", client="grim") for t in (tied, tied.replace({key: 0.81 + step})))
        assert found["first_best"] == pytest.approx(expected, abs=1e-12)
        assert (then.first_best - now.first_best) / step == pytest.approx(expected, abs=1e-9)
    row = ns.sensitivity(tied, vendor="grim", client="grim", result="first_best", keys=[key])[key]
    assert (row.kind, row.below, row.above) == ("kink", pytest.approx(-2.0), pytest.approx(0.0))


def test_sensitivity_names_where_the_plan_changes(dilemma):
    s = dilemma.replace({"horizon": 2, "discount": 0.9, "vendor.outside_option": 9.0, "client.outside_option": 9.0})
    row = ns.sensitivity(
        s.replace({"relationship.switching_cost": 5.2}),
        vendor="grim",
        client="grim",
        result="left_on_table",
        keys=["vendor.outside_option"],
    )["vendor.outside_option"]
    assert row.kind == "kink"
    assert row.what == "a planner of both sides parts at another time"


def test_an_infinite_first_best_has_no_slope(dilemma):
    s = dilemma.replace({"horizon": "unlimited", "discount": 1.0, "relationship.can_leave": True})
    found = derivatives(s, vendor="always-compete", client="walk-away", keys=["payoffs.vendor.0.0"])[
        "payoffs.vendor.0.0"
    ]
    assert np.isnan(found["first_best"])
    assert np.isnan(found["left_on_table"])


def test_whole_numbers_and_unknown_ones_are_refused():
    s = ns.load_scenario("saas-renewal")
    with pytest.raises(ns.SimulatorError, match="whole number"):
        derivatives(s, vendor="grim", client="grim", keys=["horizon"])
    with pytest.raises(ns.UnknownNameError, match=r"did you mean 'relationship\.churn'"):
        derivatives(s, vendor="grim", client="grim", keys=["relationship.chrun"])


@pytest.mark.parametrize("name", SHIPPED)
def test_every_number_listed_can_be_replaced_and_read_back(name):
    s = ns.load_scenario(name)
    for item in numbers(s):
        assert item.allows(item.value), item
        value = int(item.value) if item.whole else item.value
        changed = s.replace({item.key: value})
        assert number(changed, item.key).value == item.value
