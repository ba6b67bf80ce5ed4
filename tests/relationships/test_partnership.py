"""The zone of partnership: its ends against a closed form, and what it says where something is special."""

import numpy as np
import pytest

import simulator as ns
from simulator.relationships import partnership
from simulator.relationships.partnership import placed, settled_deal
from simulator.scenario.loading import build

SAAS = ns.load_scenario("saas-renewal")

DELIVERS = {"tactic": "principled", "effort": 1.0, "counts_as": "cooperate"}
SKIMPS = {"tactic": "hard-bargainer", "effort": 0.0, "counts_as": "compete"}


def trade(seed):
    """One price, two postures, no slips: a period can be worked out by hand; random otherwise."""
    random = np.random.default_rng(seed)
    cost, benefit, outside_v, outside_c, switching_v, switching_c = random.uniform(0, 1, 6) * (2, 5, 3, 3, 2, 2)
    return build(
        {
            "id": "trade",
            "title": "Trade",
            "horizon": "unlimited",
            "discount": float(random.uniform(0.6, 0.95)),
            "vendor": {"outside_option": outside_v},
            "client": {"outside_option": outside_c},
            "base": {"vendor": -10.0, "client": 30.0},
            "issue": [
                {
                    "name": "price",
                    "range": {"from": 0, "to": 40, "step": 0.5},
                    "vendor": {"per_unit": 1.0},
                    "client": {"per_unit": -1.0},
                }
            ],
            "delivery": {"vendor": {"cost": cost, "benefit": cost + benefit}},
            "posture": [{"name": "skimp", **SKIMPS}, {"name": "deliver", **DELIVERS}],
            "relationship": {
                "churn": float(random.uniform(0, 0.2)),
                "switching_cost": {"vendor": switching_v, "client": switching_c},
            },
        }
    )


def least_value(scenario, side, tempted):
    """The least stage value at which a side stays: g = max(0, tempted - value) in the condition, solved for value."""
    d, q = scenario.discount, scenario.relationship.churn
    u, k = scenario.party(side).outside_option, getattr(scenario.relationship.switching_cost, side)
    weight = (1 - q) * d / (1 - (1 - q) * d)
    against_cheating = (tempted + weight * (u + q * k) - (1 - q) * k) / (1 + weight)
    against_leaving = u + q * k - (1 - (1 - q) * d) / d * k
    return max(against_cheating, against_leaving)


@pytest.mark.parametrize("seed", range(8))
def test_both_ends_are_the_closed_form(seed):
    scenario = trade(seed)
    zone = ns.partnership_zone(scenario)
    game, serve = ns.stage_game(scenario), scenario.delivery.vendor
    # What each has in a period at price 0, when both deliver under the deal in force.
    vendor_at_0, client_at_0 = -10.0 - serve.cost, 30.0 + serve.benefit
    low = least_value(scenario, "vendor", game.vendor_payoffs[0, 1]) - vendor_at_0
    high = client_at_0 - least_value(scenario, "client", game.client_payoffs[1, 0])
    assert 0 < low < high < 40
    assert zone.interval == pytest.approx((low, high), abs=1e-9)
    assert zone.breakers == ("vendor", "client")
    for price in (low - 0.01, low + 0.01, high - 0.01, high + 0.01):
        assert partnership.tested(zone.scenario, {"price": price}).holds == (low <= price <= high)
    assert [deal["price"] for deal in zone.deals] == [
        one.deal["price"] for one in zone.listed if low <= one.deal["price"] <= high
    ]


def test_the_reference_zone():
    zone = ns.partnership_zone(SAAS)
    assert zone.current.deal == {"price": 90.0, "support": "priority"}
    assert zone.interval == pytest.approx((83.846058866, 104.174661917))
    for end, side in zip(zone.ends, ("vendor", "client"), strict=True):
        assert end.weaker.side == side
        assert end.weaker.money == pytest.approx(0, abs=1e-8)
    # 14.85 and 16.85 above the outside options, from the stage game that the scenario's own numbers give.
    assert (zone.current.vendor_gain, zone.current.client_gain) == (pytest.approx(14.85), pytest.approx(16.85))
    assert zone.current.vendor_share == pytest.approx(14.85 / 31.7)


def test_a_real_deal_is_placed():
    outside = ns.partnership_zone(SAAS, deal={"price": 105, "support": "standard"})
    assert not outside.current.holds
    assert outside.current.weaker.side == "client"
    assert outside.exists
    assert outside.interval[1] < 105
    in_force = ns.partnership_zone(SAAS.replace({"deal": {"price": 92.5, "support": "dedicated"}}))
    assert in_force.current.deal == {"price": 92.5, "support": "dedicated"}


def test_listed_deals_are_tested_one_by_one():
    zone = ns.partnership_zone(SAAS)
    space = ns.deal_space(SAAS)
    assert [one.deal for one in zone.listed] == [space.deal(int(i)) for i in np.flatnonzero(space.rational)]
    for one in zone.listed:
        again = partnership.tested(zone.scenario, one.deal)
        assert (again.vendor.money, again.client.money) == (one.vendor.money, one.client.money)


def test_the_ends_hold_where_the_worth_of_going_on_jumps():
    # Below needs the vendor starves and its service is worth nothing, so the client's worth of going on jumps there.
    scenario = trade(3).replace(
        {"delivery.vendor.needs": 6.0, "delivery.vendor.starved": 0.0, "delivery.vendor.benefit": 9.0}
    )
    zone = ns.partnership_zone(scenario)
    assert all(end.holds for end in zone.ends)
    for value, step in zip(zone.interval, (-1e-6, 1e-6), strict=True):
        assert not partnership.tested(zone.scenario, {"price": value + step}).holds


def test_no_zone_is_said():
    none = ns.partnership_zone(SAAS.replace({"relationship.can_leave": False}))
    assert (none.interval, none.ends, none.deals, none.exists) == (None, None, (), False)
    assert none.breakers == ("", "")


def test_a_range_may_end_inside_the_zone():
    zone = ns.partnership_zone(SAAS.replace({"issue.price.range.from": 85, "issue.price.range.to": 95}))
    assert zone.interval == (85, 95)
    assert zone.breakers == ("", "")


def test_without_an_issue_that_moves_money_there_are_only_listed_deals(scenario_from):
    scenario = scenario_from(
        'id = "x"\ntitle = "X"\ndiscount = 0.9\n[[issue]]\nname = "term"\noptions = ["a", "b"]\n'
        "vendor = [3.0, 5.0]\nclient = [5.0, 3.0]\n"
    )
    zone = ns.partnership_zone(scenario)
    assert (zone.issue, zone.interval) == (None, None)
    assert len(zone.listed) == 2


def test_lists_of_postures_of_different_length(scenario_from):
    document = {name: value for name, value in SAAS.document().items() if name != "posture"}
    few, many = [SKIMPS, DELIVERS], [SKIMPS, {**SKIMPS, "effort": 1.0}, DELIVERS]
    for vendor, client in ((few, many), (many, few), ([DELIVERS], many)):
        tables = {
            f"{side}_posture": [{"name": f"p{i}", **one} for i, one in enumerate(postures)]
            for side, postures in (("vendor", vendor), ("client", client))
        }
        zone = ns.partnership_zone(build(document | tables))
        low, high = zone.interval
        assert low < high


def test_the_settled_deal():
    assert settled_deal(SAAS) == {"price": 90.0, "support": "priority"}
    assert settled_deal(placed(SAAS, {"price": 77.0, "support": "standard"}))["price"] == 77.0
    # Tactics that never meet leave the deal with the largest joint worth.
    stubborn = SAAS.replace({"posture.build.tactic": "hard-bargainer", "negotiation.rounds": 1})
    assert settled_deal(stubborn)["support"] == "priority"
    with pytest.raises(ns.SimulatorError, match="no deal that suits both sides"):
        settled_deal(stubborn.replace({"vendor.outside_option": 200.0}))


@pytest.mark.parametrize(
    ("changes", "options", "message"),
    [
        ({}, {"issue": "support"}, "moves no money from side to side"),
        ({}, {"issue": "prise"}, "did you mean 'price'"),
        ({}, {"deal": {"price": 90}}, "leaves 'support' open"),
        ({}, {"deal": {"price": 300, "support": "priority"}}, "a number from 60 to 150"),
        ({"discount": 1.0}, {}, "a discount below 1"),
        ({"posture.build.counts_as": "compete"}, {}, "counts as competition"),
    ],
)
def test_faults_are_named(changes, options, message):
    with pytest.raises(ns.SimulatorError, match=message):
        ns.partnership_zone(SAAS.replace(changes), **options)


def test_given_payoffs_have_no_deals(dilemma):
    with pytest.raises(ns.SimulatorError, match="gives its payoffs directly"):
        ns.partnership_zone(dilemma.replace({"discount": 0.9}))
