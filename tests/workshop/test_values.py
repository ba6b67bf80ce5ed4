"""What a period comes to: the engine's stage payoffs, to the bit, and a person's posture."""

import numpy as np
import pytest

import simulator as ns
from simulator.games.stages import NO_DEAL, begrudge_chances, compile_stages
from simulator.workshop.values import Numbers

BUSINESS = ("agency-retainer", "component-supply", "freight", "saas-renewal")
SHARE = 0.25


def cells(stages):
    levels, _, n_v, n_c = stages.vendor.shape
    return np.ndindex(levels, 2, n_v, n_c)


@pytest.mark.parametrize("name", [*BUSINESS, "prisoners-dilemma", "demand-game"])
def test_people_who_do_what_postures_do_get_what_postures_get(name):
    scenario = ns.load_scenario(name)
    numbers, stages = Numbers(scenario), compile_stages(scenario)
    rise = stages.rise(SHARE)
    begrudge = begrudge_chances(stages)
    for level, starved, i, j in cells(stages):
        deal = int(stages.deal[level, i, j])
        efforts = {s: numbers.posture_efforts[s][k] for s, k in (("vendor", i), ("client", j)) if not numbers.given}
        found = numbers.outcome(
            level=level,
            starved=bool(starved),
            deal=None if deal == NO_DEAL or numbers.given else deal,
            rounds=int(stages.rounds[level, i, j]),
            postures={"vendor": i, "client": j},
            efforts=efforts,
            share=SHARE,
        )
        at, mood_at = (level, i, j), (level, starved, i, j)
        assert found.vendor_payoff == stages.vendor[mood_at]
        assert found.client_payoff == stages.client[mood_at]
        assert found.invested == SHARE * stages.investable[at]
        assert found.starves == stages.starves[at]
        assert (found.rise, found.fall) == (rise[at], stages.falls[at])
        assert (found.vendor_below, found.client_below) == (stages.vendor_below[mood_at], stages.client_below[mood_at])
        assert found.vendor_begrudges == begrudge["vendor"][mood_at]
        assert found.client_begrudges == begrudge["client"][mood_at]


def test_without_agreement_both_have_their_outside_option_less_the_rounds():
    scenario = ns.load_scenario("saas-renewal")
    found = Numbers(scenario).outcome(
        level=0,
        starved=False,
        deal=None,
        rounds=3,
        postures={"vendor": 0, "client": 0},
        efforts={"vendor": 0.0, "client": 0.0},
        share=0.25,
    )
    assert found.vendor_payoff == 24.0 - 3 * 0.15
    assert found.client_payoff == 28.0 - 3 * 0.15
    assert found.vendor_below
    assert found.client_below
    assert found.starves


def deal_with(numbers: Numbers, **terms) -> int:
    return numbers.space(0).index(terms)


def test_a_persons_posture():
    numbers = Numbers(ns.load_scenario("saas-renewal"))
    even = deal_with(numbers, price=90.0, support="priority")  # gains 12 and 8 of 20: 60% and 40%
    dear = deal_with(numbers, price=95.0, support="priority")  # 17 and 3: 85% and 15%
    posture = numbers.person_posture
    assert posture("vendor", 1.0, level=0, deal=even) == 2  # up to a tenth above the fair share is building
    assert posture("vendor", 1.0, level=0, deal=dear) == 1
    assert posture("client", 1.0, level=0, deal=dear) == 2
    assert posture("vendor", 0.0, level=0, deal=even) == 0  # there is one posture that delivers nothing
    assert posture("client", 0.0, level=0, deal=dear) == 0
    assert posture("vendor", 1.0, level=0, deal=None) == 0


def test_where_nothing_is_gained_the_one_that_has_more_claims():
    numbers = Numbers(ns.load_scenario("saas-renewal"))
    poor = deal_with(numbers, price=60.0, support="dedicated")  # below the vendor's outside option
    assert numbers.space(0).vendor[poor] + numbers.space(0).client[poor] - 52 > 0
    assert numbers.person_posture("client", 1.0, level=0, deal=poor) == 1
    assert numbers.person_posture("vendor", 1.0, level=0, deal=poor) == 2


def test_what_is_seen_is_a_neighbour_when_it_is_misread():
    numbers = Numbers(ns.load_scenario("saas-renewal").replace({"relationship.misread": 1.0}))
    rng = np.random.default_rng(0)
    assert {numbers.seen("vendor", 0, rng) for _ in range(20)} == {1}
    assert {numbers.seen("vendor", 1, rng) for _ in range(60)} == {0, 2}
    assert numbers.seen_effort("vendor", 1, 0, 1.0) == 0.0
    assert numbers.seen_effort("vendor", 1, 1, 1.0) == 1.0


def test_a_persons_posture_is_looked_for_among_those_of_the_nearest_effort(scenario_from):
    numbers = Numbers(
        scenario_from("""
            id = "own"
            title = "Own postures"
            [[issue]]
            name = "share"
            options = ["mine", "even", "yours"]
            vendor = [10, 5, 0]
            client = [0, 5, 10]
            [[vendor_posture]]
            name = "press"
            tactic = "hard-bargainer"
            effort = 0.5
            [[vendor_posture]]
            name = "share"
            tactic = "principled"
            effort = 0.5
            [[client_posture]]
            name = "idle"
            tactic = "linear"
            effort = 0.0
            [[client_posture]]
            name = "work"
            tactic = "linear"
            effort = 1.0
        """)
    )
    assert numbers.efforts("vendor") == (0.5,)
    assert [numbers.person_posture("vendor", 0.5, level=0, deal=deal) for deal in range(3)] == [0, 1, 1]
    assert [numbers.person_posture("client", 1.0, level=0, deal=deal) for deal in range(3)] == [1, 1, 1]
    assert numbers.person_posture("client", 0.4, level=0, deal=0) == 0


def test_a_side_with_one_effort_is_not_asked_for_it(workshop, scenario_from):
    w = workshop(
        scenario_from("""
            id = "split"
            title = "Split"
            [[issue]]
            name = "share"
            options = ["a", "b"]
            vendor = [1, 2]
            client = [2, 1]
            [[posture]]
            name = "press"
            tactic = "hard-bargainer"
            effort = 1.0
            [[posture]]
            name = "share"
            tactic = "principled"
            effort = 1.0
        """)
    )
    w.begin(2)
    w.agree([1])
    assert w.step(w.at("vendor")) == "result"
    assert w.pair().turns[0].posture == {"vendor": 0, "client": 1}
