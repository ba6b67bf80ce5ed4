"""The effects of numbers on a result: derivatives, steps, and the places where neither holds."""

import math
import re

import pytest

import simulator as ns
from simulator.relationships.derivatives import derivatives

SAAS = ns.load_scenario("saas-renewal")
PAIR = {"vendor": "tit-for-tat", "client": "tit-for-tat"}


def joint(scenario):
    return ns.relationship(scenario, **PAIR).joint_value


@pytest.fixture(scope="module")
def found():
    keys = [
        "discount",
        "horizon",
        "vendor.outside_option",
        "relationship.churn",
        "relationship.fair_share",
        "posture.build.tactic.share",
        "posture.build.effort",
        "relationship.misread.vendor",
        "negotiation.rounds",
    ]
    return ns.sensitivity(SAAS, **PAIR, keys=keys)


def test_rows_are_sorted_by_what_a_step_changes(found):
    swings = [found.swing(row) for row in found.rows]
    assert swings == sorted(swings, reverse=True)
    assert len(found) == 9


def test_both_ends_of_a_step_are_computed_anew(found):
    for row in found.rows:
        for value, result in ((row.low, row.at_low), (row.high, row.at_high)):
            whole = row.kind == "whole"
            assert joint(SAAS.replace({row.key: int(value) if whole else value})) == result


def test_a_smooth_row_has_the_exact_derivative_and_elasticity(found):
    row = found["relationship.churn"]
    assert (row.kind, row.low, row.high) == ("smooth", pytest.approx(0.045), pytest.approx(0.055))
    exact = derivatives(SAAS, **PAIR, keys=[row.key])[row.key]["joint_value"]
    assert row.derivative == exact
    assert row.elasticity == pytest.approx(exact * 0.05 / found.value)


def test_a_step_on_whose_way_the_deal_changes_says_so_with_both_values(found):
    # From 23 on, building together agrees on a price 5 higher.
    row = found["vendor.outside_option"]
    assert (row.kind, row.what) == ("jump", "the deal changes when build meets build")
    assert row.at == pytest.approx(23, abs=1e-6)
    just = [joint(SAAS.replace({row.key: 23 + side * 1e-6})) for side in (-1, 1)]
    assert [row.below, row.above] == pytest.approx(just, abs=1e-4)


def test_a_tactic_moves_only_the_deal(found):
    row = found["posture.build.tactic.share"]
    assert (row.kind, row.derivative) == ("jump", 0)
    assert abs(row.above - row.below) > 1


def test_a_kink_names_both_slopes(found):
    row = found["relationship.fair_share"]
    assert row.kind == "kink"
    assert "begrudge" in row.what
    left, right = (
        derivatives(SAAS.replace({row.key: row.at + side * 1e-6}), **PAIR, keys=[row.key])[row.key]["joint_value"]
        for side in (-1, 1)
    )
    assert (row.below, row.above) == (pytest.approx(left, rel=1e-3), pytest.approx(right, rel=1e-3))


def test_a_whole_number_shows_one_unit(found):
    row = found["horizon"]
    assert (row.kind, row.low, row.high) == ("whole", 9, 11)
    assert row.derivative == pytest.approx(joint(SAAS.replace({"horizon": 11})) - joint(SAAS))
    assert math.isnan(row.elasticity)


def test_a_number_at_its_bound_moves_inwards_only(found):
    effort, misread = found["posture.build.effort"], found["relationship.misread.vendor"]
    assert (effort.high, effort.at_high) == (1, found.value)
    assert effort.low == pytest.approx(0.9)
    assert (misread.low, misread.high) == (0, 0.01)
    assert misread.derivative < 0


def test_money_of_0_moves_by_a_part_of_the_payoffs(dilemma):
    row = ns.sensitivity(dilemma, vendor="grim", client="grim", keys=["vendor.outside_option"])["vendor.outside_option"]
    assert row.high == pytest.approx(0.05)


def test_a_scenario_without_a_last_period_and_a_best_reply_has_effects_too():
    s = SAAS.replace({"horizon": "unlimited", "maturity.reinvest": "best-reply"})
    found = ns.sensitivity(s, **PAIR, result="expected_length", keys=["relationship.churn", "maturity.level_cost"])
    assert found["relationship.churn"].derivative < 0
    assert "horizon" not in [row.key for row in found.rows]


def test_bad_arguments_name_the_nearest_valid_ones(found):
    with pytest.raises(ns.UnknownNameError, match="did you mean 'joint_value'"):
        ns.sensitivity(SAAS, **PAIR, result="join_value")
    with pytest.raises(ns.UnknownNameError, match=r"did you mean 'relationship\.slip"):
        ns.sensitivity(SAAS, **PAIR, keys=["relationship.slp"])
    with pytest.raises(ns.SimulatorError, match="step is 2"):
        ns.sensitivity(SAAS, **PAIR, step=2)
    with pytest.raises(ns.UnknownNameError, match="did you mean 'discount'"):
        found["discont"]


def test_a_change_exactly_at_the_value_is_named_with_both_slopes():
    """Two deals tie for a pair of postures: on either side of the value another one is agreed."""
    scenario = ns.load_scenario("component-supply")
    key, value, step = "issue.term.client.1", -12.0, 1e-5
    (row,) = ns.sensitivity(scenario, vendor="grim", client="tit-for-tat", keys=[key]).rows
    at = [
        ns.relationship(scenario.replace({key: value + k * step}), vendor="grim", client="tit-for-tat").joint_value
        for k in (-1, 0, 1)
    ]
    below, above = (at[1] - at[0]) / step, (at[2] - at[1]) / step
    assert below != pytest.approx(above, rel=1e-4)
    assert row.kind == "jump", "a larger change lies further off in the step"
    said = re.search(r"at the value itself the slope is (\S+) below and (\S+) above", row.what)
    assert (float(said[1]), float(said[2])) == pytest.approx((below, above), rel=1e-4)


def test_a_jump_exactly_at_the_value_is_named_there():
    (row,) = ns.sensitivity(
        ns.load_scenario("freight"), vendor="grim", client="tit-for-tat", keys=["issue.volume promised.vendor.1"]
    ).rows
    assert (row.kind, row.at) == ("jump", row.value)
