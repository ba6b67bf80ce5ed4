"""Break-even values: re-evaluated they are 0, jumps have both sides, and the answers read in words."""

import math
import pickle

import numpy as np
import pytest

import simulator as ns
from simulator.relationships.exact import relationship_in
from simulator.relationships.pinned import pinned_period
from simulator.runner.conditions import condition

SAAS = ns.load_scenario("saas-renewal")
BUILD = {"vendor": "always-cooperate", "client": "always-cooperate"}


def captured(scenario, side, **pair):
    return getattr(ns.relationship(scenario, **(pair or BUILD)), f"{side}_captured")


@pytest.mark.parametrize("side", ["vendor", "client"])
def test_at_the_price_that_breaks_even_a_side_captures_nothing(side):
    (root,) = ns.breakeven(SAAS, "issue.price", where=f"{side}-captured")[f"{side}-captured"].roots
    pair = [ns.agent("always-cooperate")] * 2
    found = relationship_in(pinned_period(SAAS, "price", root.at), *pair)
    assert abs(getattr(found, f"{side}_captured")) < 1e-8 * found.joint_value
    assert not root.jump


def test_a_pinned_price_that_was_agreed_changes_nothing_but_the_other_levels():
    deals = {ns.negotiate(SAAS, vendor="principled", client="principled", level=m).deal["price"] for m in range(4)}
    assert len(deals) > 1
    one_level = SAAS.replace({"maturity": {}})
    agreed = ns.negotiate(one_level, vendor="principled", client="principled").deal["price"]
    pair = [ns.agent("tit-for-tat")] * 2
    pinned = relationship_in(pinned_period(one_level, "price", agreed), *pair)
    free = ns.relationship(one_level, vendor="tit-for-tat", client="tit-for-tat")
    assert pinned.joint_value == free.joint_value
    # Without grudges a higher price only moves money, in every period in which both build.
    calm = one_level.replace({"relationship.begrudge": 0})
    before, after = (relationship_in(pinned_period(calm, "price", agreed + more), *pair) for more in (0, 1))
    assert after.vendor_value > before.vendor_value
    assert after.joint_value == pytest.approx(before.joint_value)


@pytest.mark.parametrize(
    ("key", "where"),
    [
        ("relationship.churn", "vendor building = vendor squeezing"),
        ("discount", "vendor tit-for-tat = vendor squeezing"),
        ("delivery.vendor.cost", "vendor building = vendor squeezing"),
    ],
)
def test_a_break_even_evaluated_anew_is_0(key, where):
    verdict = ns.breakeven(SAAS, key, client="tit-for-tat", vendor="tit-for-tat", where=where)[where]
    assert verdict.roots
    for root in verdict.roots:
        there = SAAS.replace({key: root.at})
        side = where.split()[0]
        other = {"client": "tit-for-tat"} if side == "vendor" else {"vendor": "tit-for-tat"}
        ways = {"building": "always-cooperate", "squeezing": "always-compete"}
        one, two = (part.split()[1] for part in where.split("="))
        values = [
            getattr(ns.relationship(there, **{side: ways.get(way, way)}, **other), f"{side}_value")
            for way in (one, two)
        ]
        if root.jump:
            assert root.below * root.above <= 0
        else:
            assert abs(values[0] - values[1]) < 1e-8 * max(map(abs, values))


def test_a_deal_that_breaks_down_is_a_jump_with_both_values():
    verdict = ns.breakeven(SAAS, "client.outside_option", where="client-captured", low=30, high=60)["client captured"]
    (root,) = verdict.roots
    assert root.jump
    assert root.at == pytest.approx(46)
    assert root.below == pytest.approx(captured(SAAS.replace({"client.outside_option": 46 - 1e-9}), "client"), abs=1e-5)
    assert root.above == pytest.approx(captured(SAAS.replace({"client.outside_option": 46 + 1e-9}), "client"), abs=1e-5)
    assert "jumps" in verdict.sentence


def test_the_known_threshold_of_the_repeated_dilemma(dilemma):
    # Grim against a deviator for ever: cooperation pays iff discount >= (T - R)/(T - P) = .5 (Friedman 1971).
    s = dilemma.replace({"horizon": "unlimited", "discount": 0.8})
    where = "vendor building = vendor squeezing"
    verdict = ns.breakeven(s, "discount", client="grim", where=where, high=0.99)[where]
    (root,) = verdict.roots
    assert root.at == pytest.approx(0.5, abs=1e-10)
    assert "the vendor does better by squeezing below 0.5" in verdict.sentence


def test_whole_numbers_turn_between_two_units():
    where = "client building = client squeezing"
    verdict = ns.breakeven(SAAS, "horizon", where=where)[where]
    (root,) = verdict.roots
    assert (root.at, root.jump) == (2, True)
    assert root.below < 0 < root.above
    assert "from 2 on" in verdict.sentence


def test_what_never_breaks_even_says_so_with_the_direction():
    verdict = ns.breakeven(SAAS, "relationship.slip", where="created")["created"]
    assert verdict.roots == ()
    assert "never breaks even: both together gain by staying throughout; the difference falls" in verdict.sentence
    same = ns.breakeven(SAAS, "relationship.slip", where="vendor grim = vendor grim")["vendor grim = vendor grim"]
    assert "makes no difference" in same.sentence


def test_joint_conditions_compare_both_playing_the_same():
    where = "joint building = joint squeezing"
    found = ns.breakeven(SAAS, "relationship.churn", where=where, high=0.5)[where]
    both = [ns.relationship(SAAS, vendor=a, client=a).joint_value for a in ("always-cooperate", "always-compete")]
    assert found.now == pytest.approx(both[0] - both[1])
    assert "both do better by building" in found.sentence


def test_the_default_asks_both_sides_and_the_result_is_plain_data():
    found = ns.breakeven(SAAS, "issue.price", low=80, high=100)
    assert [verdict.condition.words for verdict in found.verdicts] == ["vendor-captured", "client-captured"]
    assert (found.low, found.high, found.value) == (80, 100, None)
    assert math.isnan(found.verdicts[0].now)
    assert pickle.loads(pickle.dumps(found)) == found or np.isnan(found.verdicts[0].now)
    assert len(str(found).splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"key": "client.outside_optoin"}, r"did you mean 'client\.outside_option'"),
        ({"key": "issue.prise"}, r"did you mean 'issue\.price'"),
        ({"key": "issue.support"}, "unknown setting"),
        ({"key": "discount", "where": "vendor-capture"}, "did you mean 'vendor-captured'"),
        ({"key": "discount", "where": "vendor bilding = vendor squeezing"}, "did you mean 'building'"),
        ({"key": "discount", "where": "vendor building = client squeezing"}, "did you mean"),
        ({"key": "discount", "vendor": "tit-for-tta"}, "did you mean 'tit-for-tat'"),
        ({"key": "discount", "low": 0.9, "high": 0.5}, "a low end below the high end"),
    ],
)
def test_bad_arguments_name_the_nearest_valid_ones(arguments, message):
    with pytest.raises(ns.SimulatorError, match=message):
        ns.breakeven(SAAS, **arguments)


def test_conditions_read_agents_with_parameters():
    found = condition("client generous-tit-for-tat(generosity=0.3) = client walk-away(tolerance=1)")
    assert [str(way) for way in found.ways] == ["generous-tit-for-tat(generosity=0.3)", "walk-away(tolerance=1)"]
    assert found.above == "the client does better by playing generous-tit-for-tat(generosity=0.3)"
