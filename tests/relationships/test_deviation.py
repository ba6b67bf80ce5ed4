"""Best replies and which pairs hold: against theory, against a plain-Python model, and against every agent."""

import itertools
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import simulator as ns
from simulator.relationships.best_reply import best_reply
from simulator.relationships.chain import automaton_of, compile_chain
from simulator.relationships.course import Course, course_words
from simulator.relationships.exact import SHARES, Relationship
from simulator.relationships.period import patience_of, period_of, setting_of
from simulator.solvers import relational
from simulator.solvers.repeated import critical_discount_grim, critical_discount_tit_for_tat
from simulator.strategies.catalogue import admitted

SAAS = ns.load_scenario("saas-renewal")
CHANCE = st.floats(0, 0.3)
NAMES = [str(a) for a in ns.agents()]
AGENTS = st.sampled_from([name for name in NAMES if name != "extortioner"])


@st.composite
def renewals(draw):
    """The renewal scenario with other relationship rules, maturity and starvation."""
    return SAAS.replace(
        {
            "horizon": draw(st.sampled_from([1, 2, 5, "unlimited"])),
            "discount": draw(st.sampled_from([0.5, 0.8, 0.95])),
            "delivery.vendor.needs": draw(st.sampled_from([0.0, 8.0, 16.0])),
            "maturity.reinvest": draw(st.sampled_from([0.0, 0.5, "best-reply"])),
            "maturity.decay": draw(CHANCE),
            "relationship.can_leave": draw(st.booleans()),
            "relationship.patience": {"vendor": draw(st.integers(0, 2)), "client": draw(st.integers(0, 2))},
            "relationship.begrudge": draw(st.floats(0, 2)),
            "relationship.churn": draw(CHANCE),
            "relationship.switching_cost": {"vendor": draw(st.sampled_from([0.0, 5.0])), "client": 8.0},
            "relationship.slip": {"vendor": draw(CHANCE), "client": draw(CHANCE)},
            "relationship.misread": {"vendor": draw(CHANCE), "client": draw(CHANCE)},
        }
    )


def dilemma_with(dilemma, discount, payoffs=(5, 3, 1, 0), **rules):
    t, r, p, s = (float(x) for x in payoffs)
    changes = {f"relationship.{key}": value for key, value in rules.items()}
    matrices = {"payoffs.vendor": [[p, t], [s, r]], "payoffs.client": [[p, s], [t, r]]}
    return dilemma.replace({"horizon": "unlimited", "discount": discount, **matrices, **changes})


def threshold(holds, low=0.0, high=1.0):
    """The point from which on something holds, by bisection."""
    low, high = low + 1e-6, high - 1e-6
    assert holds(high)
    assert not holds(low)
    while high - low > 1e-11:
        middle = (low + high) / 2
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high


# -- theory -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("agent", "formula"), [("grim", critical_discount_grim), ("tit-for-tat", critical_discount_tit_for_tat)]
)
@pytest.mark.parametrize("payoffs", [(5, 3, 1, 0), (4, 3, 1, 0), (9, 6, 2, 1), (5.5, 3, 2.5, -4)])
def test_critical_discount_on_the_chain(dilemma, agent, formula, payoffs):
    """Friedman 1971, Axelrod 1984: grim from (T-R)/(T-P) on, tit-for-tat also needs (T-R)/(R-S)."""

    def holds(discount):
        return ns.holds(dilemma_with(dilemma, discount, payoffs), vendor=agent, client=agent).holds

    assert threshold(holds) == pytest.approx(formula(*payoffs), abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_critical_discount_for_any_dilemma(dilemma, data):
    """Where nobody may leave; who may escapes the punishment by leaving, if that is better than P."""
    steps = data.draw(st.tuples(*[st.floats(0.1, 3)] * 3))
    s = data.draw(st.floats(-2, 2))
    p, r, t = (s + sum(steps[:k]) for k in (1, 2, 3))
    for agent, formula in (("grim", critical_discount_grim), ("tit-for-tat", critical_discount_tit_for_tat)):
        critical = formula(t, r, p, s)
        for discount, holds in ((critical - 1e-6, False), (critical + 1e-6, True)):
            if 0 < discount < 0.999:
                scenario = dilemma_with(dilemma, discount, (t, r, p, s), can_leave=False)
                judged = ns.holds(scenario, vendor=agent, client=agent)
                assert judged.holds == holds, (agent, discount, judged)


def test_generosity_is_bounded_as_molander_says(dilemma):
    """Generous tit-for-tat of 1/3 is the most that 5, 3, 1, 0 bears as the discount goes to 1."""
    patient = dilemma_with(dilemma, 1 - 1e-5)
    for generosity, holds in ((0.333, True), (0.334, False)):
        agent = f"generous-tit-for-tat(generosity={generosity})"
        assert ns.holds(patient, vendor=agent, client=agent).holds == holds


@settings(max_examples=60, deadline=None)
@given(
    discount=st.floats(0.05, 0.99),
    churn=st.floats(0, 0.5),
    outside=st.floats(-2, 3),
    cost=st.floats(0, 4),
    gain=st.floats(0.1, 5),
    stage=st.floats(-3, 6),
    agent=st.sampled_from(["walk-away", "conditional-leaver"]),
)
def test_the_zone_where_the_partner_leaves_after_a_deviation(
    dilemma, discount, churn, outside, cost, gain, stage, agent
):
    """The inequality of `solvers.relational.holds` and the deviation test agree where nobody slips."""
    terms = {"outside": outside, "churn": churn, "switching_cost": cost}
    least = relational.least_stage_value(gain, discount, **terms)
    for value in (stage, least - 1e-5, least + 1e-5):
        scenario = dilemma_with(
            dilemma, discount, (value + gain, value, min(value, outside) - 1, min(value, outside) - 2),
            churn=churn, switching_cost=cost,
        ).replace({"vendor.outside_option": outside, "client.outside_option": outside})  # fmt: skip
        if abs(value - least) > 1e-6:
            judged = ns.holds(scenario, vendor=agent, client=agent)
            assert judged.holds == relational.holds(value, gain, discount, **terms), judged


def test_the_end_of_the_zone_by_bisection(dilemma):
    scenario = dilemma_with(dilemma, 0.8, churn=0.1, switching_cost=0.7).replace({"vendor.outside_option": 0.5})

    def holds(reward):
        payoffs = {"payoffs.vendor": [[1.0, reward + 1.5], [0.0, reward]]}
        return not ns.holds(scenario.replace(payoffs), vendor="grim", client="walk-away").vendor_gain

    least = relational.least_stage_value(1.5, 0.8, outside=0.5, churn=0.1, switching_cost=0.7)
    assert threshold(holds, 0.0, 3.0) == pytest.approx(least, abs=1e-9)


# -- the same model in plain Python ----------------------------------------------------------------


def plain_moves(scenario, side, partner, share):
    """What follows from a state: {(state, own posture): (gain, chance to end, {state: chance to go on})}, by loops."""
    other = "client" if side == "vendor" else "vendor"
    period, rules = period_of(scenario), scenario.relationship
    stages, machine = period.stages, automaton_of(scenario, other, partner)
    patience = patience_of(scenario, other, partner)
    rise = stages.rise(share)
    n_own, n_other = len(scenario.postures(side)), len(scenario.postures(other))

    def follow(state, intended):
        mind, level, mood, bad = state
        gain, end, onward = 0.0, 0.0, {}
        for own, their in itertools.product(range(n_own), range(n_other)):
            v, c = (own, their) if side == "vendor" else (their, own)
            plays = machine.play[mood if other == "client" else 0, mind] @ period.slip[other][:, their]
            chance = period.slip[side][intended, own] * plays
            payoff = getattr(stages, side)[level, mood, v, c] - scenario.party(side).outside_option
            if side == "vendor":
                payoff -= share * stages.investable[level, v, c]
            gain += chance * payoff
            below = getattr(stages, f"{other}_below")[level, mood, v, c]
            for seen in range(n_own):
                stay = 1 - rules.churn
                if rules.can_leave:
                    stay *= 1 - machine.leave[mind, their, seen]
                    stay *= 1 - period.begrudge["vendor"][level, mood, v, c]
                    stay *= 1 - period.begrudge["client"][level, mood, v, c]
                    stay *= not (patience and below and bad + 1 >= patience)
                sight = chance * period.seen_by[other][own, seen]
                end += sight * (1 - stay)
                up, down = rise[level, v, c], stages.falls[level, v, c]
                for step, moving in ((1, up), (-1, down), (0, 1 - up - down)):
                    if sight * stay * moving > 0:
                        target = (
                            int(machine.move[mind, their, seen]), level + step, int(stages.starves[level, v, c]),
                            bad + 1 if below and patience else 0,
                        )  # fmt: skip
                        onward[target] = onward.get(target, 0.0) + sight * stay * moving
        return gain, end, onward

    return machine.start, n_own, cache(follow)


def plain_best(scenario, side, partner, share):
    """The worth of the best reply by recursion over the periods; an unlimited horizon is cut where nothing counts."""
    start, n_own, follow = plain_moves(scenario, side, partner, share)
    cost, leave = getattr(scenario.relationship.switching_cost, side), scenario.relationship.can_leave
    keep = scenario.discount * (1 - scenario.relationship.churn)
    periods = int(np.ceil(np.log(1e-9) / np.log(keep))) if scenario.unlimited else scenario.horizon
    states = [(start, 0, 0, 0)]
    for state in states:
        states += {s for a in range(n_own) for s in follow(state, a)[2]} - set(states)
    worth = dict.fromkeys(states, 0.0)
    for left in range(periods):
        last = left == 0 and not scenario.unlimited
        kept = {s: max(scenario.discount * w, -cost) if leave else scenario.discount * w for s, w in worth.items()}
        following = {}
        for state in states:
            each = []
            for a in range(n_own):
                gain, end, onward = follow(state, a)
                each.append(gain if last else gain - cost * end + sum(p * kept[s] for s, p in onward.items()))
            following[state] = max(each)
        worth = following
    return worth[states[0]]


@settings(max_examples=25, deadline=None)
@given(scenario=renewals(), side=st.sampled_from(["vendor", "client"]), partner=AGENTS, share=st.sampled_from([0, 0.5]))
def test_best_reply_is_that_of_a_plain_model(scenario, side, partner, share):
    partner = ns.agent(partner)
    found = best_reply(scenario, side, partner, float(share)).captured
    assert found == pytest.approx(plain_best(scenario, side, partner, float(share)), rel=1e-6, abs=1e-5)


@pytest.mark.parametrize("partner", ["tit-for-tat", "walk-away", "grim", "random", "win-stay-lose-shift"])
@pytest.mark.parametrize("discount", [0.3, 0.9])
def test_best_reply_is_the_best_of_all_stationary_plans(dilemma, partner, discount):
    """Every posture and every wish to leave in every state of the partner, each plan solved as a linear system."""
    scenario = dilemma_with(
        dilemma, discount, slip=0.1, churn=0.05, switching_cost={"vendor": 0.5, "client": 0.5}
    ).replace({"vendor.outside_option": 1.2})
    start, n_own, follow = plain_moves(scenario, "vendor", ns.agent(partner), 0.0)
    states = [(start, 0, 0, 0)]
    for state in states:
        states += {s for a in range(n_own) for s in follow(state, a)[2]} - set(states)
    best = -np.inf
    for plan in itertools.product(itertools.product(range(n_own), (False, True)), repeat=len(states)):
        system, right = np.eye(len(states)), np.zeros(len(states))
        for i, state in enumerate(states):
            gain, end, onward = follow(state, plan[i][0])
            right[i] = gain - 0.5 * end
            for target, chance in onward.items():
                k = states.index(target)
                if plan[k][1]:
                    right[i] -= 0.5 * chance
                else:
                    system[i, k] -= discount * chance
        best = max(best, np.linalg.solve(system, right)[0])
    assert best_reply(scenario, "vendor", ns.agent(partner), 0.0).captured == pytest.approx(best, rel=1e-12)


# -- no agent does better ---------------------------------------------------------------------------


@settings(max_examples=12, deadline=None)
@given(scenario=renewals(), side=st.sampled_from(["vendor", "client"]), partner=AGENTS, share=st.sampled_from([0, 0.5]))
def test_no_agent_of_the_catalogue_beats_the_best_reply(scenario, side, partner, share):
    partner = ns.agent(partner)
    most = best_reply(scenario, side, partner, float(share)).captured
    fit, _ = admitted(tuple(ns.agents()), setting_of(scenario, side))
    for own in fit:
        vendor, client = (own, partner) if side == "vendor" else (partner, own)
        chain = compile_chain(scenario, vendor, client, reinvest=float(share))
        played = getattr(Relationship(scenario, vendor, client, chain, float(share)), f"{side}_captured")
        assert played <= most + 1e-9 * (1 + abs(most)), own


@settings(max_examples=12, deadline=None)
@given(scenario=renewals(), vendor=AGENTS, client=AGENTS)
def test_values_are_those_of_the_relationship_and_gains_are_not_negative(scenario, vendor, client):
    pair = ns.holds(scenario, vendor=vendor, client=client, known_end=not scenario.unlimited)
    played = ns.relationship(scenario, vendor=vendor, client=client)
    for test, value in ((pair.of_vendor, played.vendor_value), (pair.of_client, played.client_value)):
        assert test.value == pytest.approx(value)
        assert test.best >= value - 1e-9 * (1 + abs(value))
        assert 0 <= test.known_gain <= test.gain
        assert test.gain == pytest.approx(max(0.0, test.best - value), abs=1e-7)
        assert bool(test.words) == (test.gain > 0)
    assert pair.holds == (pair.vendor_gain == pair.client_gain == 0)


def test_a_vendor_that_commits_to_a_share_may_choose_another(dilemma):
    scenario = SAAS.replace({"maturity.reinvest": "best-reply"})
    pair = ns.holds(scenario, vendor="always-compete", client="always-cooperate")
    judged = scenario.replace({"horizon": "unlimited"})
    shares = [best_reply(judged, "vendor", ns.agent("always-cooperate"), float(share)).captured for share in SHARES]
    assert pair.of_vendor.reply.captured == max(shares)
    assert len({round(captured, 6) for captured in shares}) > 1
    assert pair.of_client.reply.share == pair.of_vendor.pair.reinvest


# -- what counts --------------------------------------------------------------------------------------


def test_unit_and_origin_of_money_do_not_matter():
    plain = ns.holds(SAAS, vendor="tit-for-tat", client="walk-away")
    shifted = SAAS.replace({"base.vendor": SAAS.base.vendor + 100, "vendor.outside_option": 124.0})
    moved = ns.holds(shifted, vendor="tit-for-tat", client="walk-away")
    assert (moved.vendor_gain, moved.client_gain) == pytest.approx((plain.vendor_gain, plain.client_gain))
    assert moved.vendor_value - plain.vendor_value == pytest.approx(100 / (1 - SAAS.discount))


def test_a_finite_horizon_is_judged_without_a_last_period(dilemma):
    finite = dilemma.replace({"discount": 0.9, "horizon": 10})
    pair = ns.holds(finite, vendor="grim", client="grim")
    assert pair.holds
    assert pair.scenario.unlimited
    assert not pair.known_end
    assert pair.vendor_value == pytest.approx(3 / (1 - 0.9))
    known = ns.holds(finite, vendor="grim", client="grim", known_end=True)
    assert (known.verdict, known.breaker, known.known_end) == ("breaks", "both", True)
    assert known.vendor_gain == pytest.approx(0.9**9 * 2)  # temptation instead of reward in the last period
    assert known.of_vendor.words == "cooperates for 9 periods and competes in the last"


def test_horizons_that_cannot_be_judged_are_refused(dilemma):
    with pytest.raises(ns.HorizonError, match=r"allowed: a discount below 1.*known_end=True"):
        ns.holds(dilemma, vendor="grim", client="grim")
    with pytest.raises(ns.HorizonError, match="no end to know"):
        ns.holds(
            dilemma.replace({"discount": 0.9, "horizon": "unlimited"}), vendor="grim", client="grim", known_end=True
        )
    churning = dilemma.replace({"relationship.churn": 0.1})  # the end is certain and both outside options are 0
    assert ns.holds(churning, vendor="grim", client="grim").holds
    assert ns.holds(dilemma, vendor="grim", client="grim", known_end=True).vendor_gain == pytest.approx(2)


def test_misreading_makes_the_gain_an_upper_bound(dilemma):
    clear = dilemma_with(dilemma, 0.9, slip=0.02)
    misread = dilemma_with(dilemma, 0.9, slip=0.02, misread=0.02)
    assert ns.holds(clear, vendor="grim", client="grim").exact
    pair = ns.holds(misread, vendor="grim", client="grim")
    assert not pair.exact
    assert 0 < pair.of_vendor.known_gain < pair.vendor_gain
    # A known gain is one that an agent really makes.
    best = max(ns.relationship(misread, vendor=own, client="grim").vendor_value for own in NAMES)
    assert pair.of_vendor.known_gain == pytest.approx(best - pair.vendor_value)
    assert "by how much it knows of what was misread" in str(pair)
    # Against a partner that reacts to nothing there is nothing to know; and a bound that an agent reaches is exact.
    assert ns.holds(misread, vendor="always-compete", client="always-compete").exact
    assert ns.holds(misread, vendor="tit-for-tat", client="tit-for-tat").exact


def test_an_open_verdict_names_no_breaker():
    pair = ns.holds(ns.load_scenario("component-supply"), vendor="opportunist", client="opportunist")
    assert (pair.verdict, pair.holds, pair.breaker) == ("open", False, "")
    assert "may break: the vendor gains at most" in str(pair)


def test_own_patience_does_not_bind_a_plan(dilemma):
    """Two periods below the outside option win over a partner that competes twice and then cooperates."""
    scenario = dilemma_with(dilemma, 0.95, patience=1).replace(
        {"vendor.outside_option": 1.5, "client.outside_option": 0.5}
    )
    pair = ns.holds(scenario, vendor="always-compete", client="trust-builder")
    reward = -0.5 - 0.5 * 0.95 + 1.5 * 0.95**2 / 0.05
    assert pair.of_vendor.best - 1.5 / 0.05 == pytest.approx(reward)
    assert pair.of_vendor.words == "competes for 2 periods, then cooperates for good"


def test_leaving_is_a_deviation(dilemma):
    """Against a partner that always competes, a side with a good outside option leaves as soon as it may."""
    scenario = dilemma_with(dilemma, 0.9).replace({"vendor.outside_option": 1.5})
    pair = ns.holds(scenario, vendor="always-compete", client="always-compete")
    assert (pair.breaker, pair.of_vendor.words) == ("vendor", "competes for 1 period and leaves")
    assert pair.vendor_gain == pytest.approx(0.5 * 0.9 / 0.1)
    dear = ns.holds(scenario.replace({"relationship.switching_cost": 4.6}), vendor="grim", client="always-compete")
    assert dear.of_vendor.words == "competes from the first period on"
    bound = ns.holds(scenario.replace({"relationship.can_leave": False}), vendor="bully", client="always-compete")
    assert bound.of_vendor.words == "competes from the first period on"
    forced = scenario.replace({"relationship.can_leave": False})
    assert "nobody may leave" in str(ns.holds(forced, vendor="always-compete", client="always-compete"))


def test_agents_without_an_automaton_are_refused():
    class Dreamer(ns.Agent):
        name = "dreamer"

    with pytest.raises(ns.SimulatorError, match="'dreamer' has no automaton"):
        ns.holds(SAAS, vendor=Dreamer(), client="grim")
    with pytest.raises(ns.SimulatorError, match="'dreamer' has no automaton"):
        best_reply(SAAS, "vendor", Dreamer(), 0.25)


# -- words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("course", "words"),
    [
        (Course((0,), 0, "", 0), "squeezes from the first year on"),
        (Course((2, 2, 0), 2, "", 2), "builds for 2 years, then squeezes for good"),
        (Course((1, 0, 2), 1, "", 0), "claims for 1 year, then squeezes and builds in turn"),
        (Course((0, 0, 2, 2), 0, "", 0), "squeezes for 2 years, builds for 2 years, and so on in turn"),
        (Course((0,), None, "ended", 0), "squeezes for 1 year, which ends it"),
        (Course((2, 0, 0), None, "leaves", 1), "builds for 1 year and squeezes for 2 years and leaves"),
        (Course((0,) * 10, None, "horizon", 0), "squeezes from the first year on"),
        (Course((2,) * 9 + (0,), None, "horizon", 9), "builds for 9 years and squeezes in the last"),
        (Course((2,) * 8 + (0,) * 2, None, "horizon", 8), "builds for 8 years and squeezes in the last 2 years"),
        (Course((2,), 0, "", None), "does the same until an accident, and answers that otherwise"),
        (Course((0, 2) * 3, None, "", 0),
         "squeezes for 1 year, builds for 1 year, squeezes for 1 year, builds for 1 year, and so on"),
    ],
)  # fmt: skip
def test_words(course, words):
    assert course_words(course, ("squeeze", "claim", "build"), "year") == words


def test_postures_without_a_verb_are_played():
    assert course_words(Course((0,), 0, "", 0), ("give way",), "round") == "plays give way from the first round on"


@pytest.mark.parametrize(
    ("partner", "words"),
    [
        ("always-cooperate", "competes from the first deal on"),
        ("tit-for-two-tats", "competes and cooperates in turn"),
        ("anti-tit-for-tat", "competes from the first deal on"),
        ("opportunist", "competes from the first deal on"),
        ("bully", "competes from the first deal on"),
    ],
)
def test_what_the_best_reply_does(partner, words):
    scenario = ns.load_scenario("prisoners-dilemma").replace({"relationship.slip": 0.0})
    pair = ns.holds(scenario, vendor="always-cooperate", client=partner)
    assert pair.of_vendor.words == words


def test_a_strategy_that_mixes_is_not_followed_by_a_plan():
    """A side that draws its posture by a coin does not do the same as a plan that always competes."""
    scenario = ns.load_scenario("prisoners-dilemma")
    pair = ns.holds(scenario, vendor="random", client="always-compete")
    assert pair.of_vendor.words == "competes from the first deal on"
    assert not pair.holds_until_accident


def test_tit_for_tat_holds_until_an_accident():
    pair = ns.holds(SAAS, vendor="tit-for-tat", client="tit-for-tat")
    assert (pair.verdict, pair.holds_until_accident) == ("breaks", True)
    assert ns.holds(SAAS.replace({"relationship.slip": 0.0}), vendor="tit-for-tat", client="tit-for-tat").holds
