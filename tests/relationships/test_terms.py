"""On what terms building lasts: trust among strangers, over-claiming, leaving the other side more, postures.

Source of the numbers of periods: Fujiwara-Greve & Okuno-Fujiwara 2009, section d of the numbers to reproduce.
"""

import numpy as np
import pytest

import simulator as ns
from simulator.relationships.deviation import judged_scenario
from simulator.relationships.partnership import placed
from simulator.relationships.terms import (
    best_for_client,
    highest_posture,
    least_trust_periods,
    over_claiming,
    per_period,
    transfer_effect,
)
from simulator.scenario.loading import build

SAAS = judged_scenario(ns.load_scenario("saas-renewal"), known_end=False)
DEAL = {"price": 90.0, "support": "priority"}


def strangers(dilemma, discount):
    """Each side survives a period with the discount, so does its partner: the same number is discount and survival."""
    return dilemma.replace({"horizon": "unlimited", "discount": discount, "relationship.churn": 1 - discount})


@pytest.mark.parametrize(("discount", "periods"), [(0.6, None), (0.75, 3), (0.9, 2), (0.95, 2), (0.99, 2)])
def test_trust_periods_of_fujiwara_greve_and_okuno_fujiwara(dilemma, discount, periods):
    assert least_trust_periods(strangers(dilemma, discount)) == periods


@pytest.mark.parametrize("discount", [0.7, 0.8, 0.85, 0.93])
def test_trust_periods_are_those_of_the_formula(dilemma, discount):
    # Value per period (1 - d^2T) P + d^2T R; an equilibrium iff value <= [R - (1 - d^2) T]/d^2. T = 0 never holds.
    def enough(periods):
        weight = discount ** (2 * periods)
        return (1 - weight) + weight * 3 <= (3 - (1 - discount**2) * 5) / discount**2 + 1e-12

    first = next((periods for periods in range(21) if enough(periods)), None)
    assert not enough(0)
    assert least_trust_periods(strangers(dilemma, discount)) == first


def test_a_switching_cost_replaces_trust(dilemma):
    # Section d: (1 - q) k >= T - R, so k >= 2/.95 = 2.10526 at churn .05.
    base = dilemma.replace({"horizon": "unlimited", "discount": 0.95, "relationship.churn": 0.05})
    assert least_trust_periods(base.replace({"relationship.switching_cost": 2.11})) == 0
    assert least_trust_periods(base.replace({"relationship.switching_cost": 2.10})) > 0


def test_no_trust_is_built_where_nobody_can_leave(dilemma):
    assert least_trust_periods(strangers(dilemma, 0.9).replace({"relationship.can_leave": False})) is None


@pytest.mark.parametrize("name", ["saas-renewal", "component-supply", "freight"])
def test_break_even_of_over_claiming_re_evaluated(name):
    scenario = judged_scenario(ns.load_scenario(name), known_end=False)
    found = over_claiming(scenario)

    def difference(begrudge):
        changed = scenario.replace({"relationship.begrudge": begrudge})
        hard, soft = (
            ns.relationship(changed, vendor=vendor, client="always-cooperate").vendor_captured
            for vendor in ("always-claim", "always-cooperate")
        )
        return per_period(scenario, hard - soft)

    assert difference(scenario.relationship.begrudge) == pytest.approx(found.claiming - found.building)
    assert abs(difference(found.breakeven)) < 1e-8
    # A little below it claiming pays, a little above not.
    assert difference(found.breakeven - 1e-4) > 0 > difference(found.breakeven + 1e-4)
    assert found.pays == (scenario.relationship.begrudge < found.breakeven)


def test_the_break_even_is_the_next_crossing_not_one_of_the_ends():
    # Begrudged strongly enough building ends early too, so claiming pays at both ends of the range and not between.
    scenario = placed(SAAS, DEAL)
    assert not over_claiming(scenario).pays
    assert 0 < over_claiming(scenario).breakeven < scenario.relationship.begrudge
    for begrudge in (0.0, 50.0):
        assert over_claiming(scenario.replace({"relationship.begrudge": begrudge})).pays


def test_no_grudge_matters_where_nobody_can_leave():
    assert over_claiming(SAAS.replace({"relationship.can_leave": False})).breakeven is None


@pytest.mark.parametrize("unit", [1.0, 5.0])
def test_transfer_against_direct_differences(unit):
    found = transfer_effect(SAAS, DEAL, "price", unit)
    before, after = (
        ns.relationship(SAAS.replace({"deal": {**DEAL, "price": price}}), vendor="always-cooperate",
                        client="always-cooperate")
        for price in (90.0, 90.0 - unit)
    )  # fmt: skip
    # Slips of 2% on both sides: the deal is kept with .98 x .98 in a period.
    kept = before.discounted_visits.sum() * 0.98**2
    assert found.client * kept == pytest.approx(after.client_captured - before.client_captured)
    assert found.vendor * kept == pytest.approx(after.vendor_captured - before.vendor_captured)
    assert found.full == unit
    assert found.invests_less
    assert found.ends_sooner
    assert not found.starves


@pytest.mark.parametrize("churn", [0.0, 0.05, 0.2])
def test_the_client_gains_what_it_takes_where_nothing_else_changes(churn):
    still = SAAS.replace(
        {"maturity.reinvest": 0, "delivery.vendor.starved": 1, "relationship.begrudge": 0, "relationship.churn": churn}
    )
    found = transfer_effect(still, DEAL, "price", 1.0)
    assert (found.client, found.vendor) == (pytest.approx(1.0), pytest.approx(-1.0))
    assert (found.invests_less, found.ends_sooner, found.starves) == (False, False, False)
    assert best_for_client(still, DEAL, "price", (80.0, 100.0)) == pytest.approx(80.0, abs=1e-3)


def test_unequal_worth_of_the_issue_is_counted():
    uneven = SAAS.replace(
        {
            "maturity.reinvest": 0, "delivery.vendor.starved": 1, "relationship.begrudge": 0,
            "issue.price.client": {"per_unit": -0.5},
        }
    )  # fmt: skip
    found = transfer_effect(uneven, DEAL, "price", 2.0)
    assert (found.full, found.client, found.vendor) == (1.0, pytest.approx(1.0), pytest.approx(-2.0))


def test_a_starved_vendor_costs_the_client():
    # The vendor needs 4 above its outside option of 24; at price 80 it has 4.85, at 79 it starves.
    fixed = SAAS.replace({"maturity.reinvest": 0, "relationship.begrudge": 0})
    assert transfer_effect(fixed, {**DEAL, "price": 79.5}, "price", 1.0).starves
    assert transfer_effect(fixed, {**DEAL, "price": 79.5}, "price", 1.0).client < 0


def test_best_for_the_client_is_best():
    ends = (83.85, 104.17)
    best = best_for_client(SAAS, DEAL, "price", ends)

    def worth(price):
        settled = placed(SAAS, {**DEAL, "price": price})
        return ns.relationship(settled, vendor="always-cooperate", client="always-cooperate").client_captured

    assert ends[0] < best < ends[1]
    assert worth(best) >= max(worth(float(price)) for price in np.linspace(*ends, 200)) - 1e-6


@pytest.mark.parametrize(("changes", "posture"), [({}, 2), ({"relationship.can_leave": False}, 0)])
def test_the_highest_posture(changes, posture):
    assert highest_posture(placed(SAAS, DEAL).replace(changes)) == posture


def test_the_highest_posture_of_lists_of_different_length():
    document = {name: value for name, value in SAAS.document().items() if name != "posture"}
    postures = [posture.model_dump() for posture in SAAS.posture_choices("vendor")]
    three = [{key: value for key, value in posture.items() if value is not None} for posture in postures]
    short = build(document | {"vendor_posture": [three[0], three[2]], "client_posture": three})
    assert highest_posture(placed(short, DEAL)) == 1
    one = build(document | {"vendor_posture": three[2:], "client_posture": three})
    assert highest_posture(placed(one, DEAL)) == 0
