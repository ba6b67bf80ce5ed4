"""Totals of a class against sums made apart, and the best possible against the planner and hand-made numbers."""

import math
from dataclasses import replace

import numpy as np
import pytest

import simulator as ns
from simulator.relationships.planner import plan_of
from simulator.workshop.automatic import rehearse
from simulator.workshop.debrief.account import account_of, periods_of, rounds_of
from simulator.workshop.debrief.best import best_play
from simulator.workshop.plan import Plan
from simulator.workshop.record import Pair, Record, Turn, record_of

GIVEN = [name for name in ns.scenarios() if ns.load_scenario(name).payoffs is not None]
NEGOTIATED = [name for name in ns.scenarios() if ns.load_scenario(name).payoffs is None]


def story_pair(s, number, vendor, client, periods, seed):
    """A pair played by two agents of the engine, and its story."""
    story = ns.play(s, vendor=vendor, client=client, periods=periods, seed=seed)
    postures = list(s.postures("vendor")), list(s.postures("client"))
    paid = list(zip(story.vendor_payoffs.tolist(), story.client_payoffs.tolist(), story.invested.tolist(), strict=True))
    turns = tuple(
        Turn(
            t, s.levels.index(str(story.levels[t])), bool(story.starved[t]), None, True, None, None, 1,
            postures[0].index(str(story.vendor_postures[t])), postures[1].index(str(story.client_postures[t])),
            1.0, 1.0, *paid[t], None, None,
        )
        for t in range(story.length)
    )  # fmt: skip
    return Pair(number, 1, 0, None, None, vendor, client, vendor, client, turns, story.reason), story


@pytest.mark.parametrize("name", ["saas-renewal", "prisoners-dilemma", "freight", "component-supply"])
def test_agents_playing_give_the_values_of_the_engine(name):
    s = ns.load_scenario(name)
    agents = ("tit-for-tat", "walk-away", "opportunist", "always-compete", "hit-and-run")
    made = [story_pair(s, k + 1, agents[k % 5], agents[k // 5], 5, k) for k in range(25)]
    plan = Plan.of(s, periods=5)
    account = account_of(Record(s, plan, "", "", tuple(pair for pair, _ in made), (), (), (), (), {}), 1)
    assert len({pair.reason for pair, _ in made}) > 2
    years = sum(s.discount**t for t in range(5))
    for one, (_, story) in zip(account.accounts, made, strict=True):
        assert one.vendor == pytest.approx(story.vendor_value - s.vendor.outside_option * years, abs=1e-9)
        assert one.client == pytest.approx(story.client_value - s.client.outside_option * years, abs=1e-9)
        assert one.ended == (story.reason != "horizon")
    assert account.vendor == pytest.approx(
        sum(story.vendor_value for _, story in made) - 25 * s.vendor.outside_option * years
    )
    assert account.possible == pytest.approx(25 * best_play(s, 5).created)


@pytest.mark.parametrize("name", ["saas-renewal", "prisoners-dilemma", "agency-retainer"])
def test_a_rehearsal_adds_up_to_its_payoffs(name):
    s = ns.load_scenario(name)
    room, _ = rehearse(s, Plan.of(s, periods=4), people=13, rng=np.random.default_rng(3), now=0.0, rounds=2)
    record = record_of(room)
    assert rounds_of(record) == (1, 2)
    for number in (1, 2):
        account = account_of(record, number)
        outside = s.vendor.outside_option + s.client.outside_option
        paid = sum(
            s.discount**turn.period * (turn.vendor_payoff + turn.client_payoff - outside)
            for pair in record.pairs
            if pair.round == number
            for turn in pair.turns
        )
        costs = s.relationship.switching_cost.vendor + s.relationship.switching_cost.client
        parted = sum(
            s.discount ** pair.turns[-1].period * costs
            for pair in record.pairs
            if pair.round == number and pair.turns and pair.reason != "horizon"
        )
        assert account.created == pytest.approx(paid - parted, abs=1e-9)
        assert account.created == pytest.approx(float(account.weights @ account.gains) - account.switching, abs=1e-9)


@pytest.mark.parametrize("name", GIVEN)
def test_the_best_of_given_payoffs_is_the_planners_without_slips_and_churn(name):
    s = ns.load_scenario(name)
    calm = s.replace({"horizon": 5, "relationship.slip": 0.0, "relationship.churn": 0.0})
    assert best_play(s, 5).created == pytest.approx(float(plan_of(calm).values[0, 0]), rel=1e-12)


@pytest.mark.parametrize("name", NEGOTIATED)
@pytest.mark.parametrize("periods", [1, 2, 5, 12])
def test_free_deals_are_at_least_as_good_as_what_the_tactics_reach(name, periods):
    s = ns.load_scenario(name)
    calm = s.replace({"horizon": periods, "relationship.slip": 0.0, "relationship.churn": 0.0})
    best = best_play(s, periods)
    assert best.created >= float(plan_of(calm).values[0, 0]) - 1e-9
    weights = s.discount ** np.arange(periods)
    assert best.created == pytest.approx(float(weights @ (best.alive * best.gain)) - best.switching, abs=1e-9)


def test_the_best_period_by_hand():
    # The best deal is worth 72 in all, delivery adds 14 - 6 and 9 - 5, a round costs 0.15 twice, outside is 24 + 28.
    assert best_play(ns.load_scenario("saas-renewal"), 1).created == pytest.approx(72 + 8 + 4 - 0.3 - 52)


def test_nobody_of_a_rehearsed_room_beats_the_best_by_more_than_rising_levels():
    s = ns.load_scenario("saas-renewal").replace({"maturity.levels": ["one"]})
    room, _ = rehearse(s, Plan.of(s), people=40, rng=np.random.default_rng(8), now=0.0)
    assert max(one.created - one.possible for one in account_of(record_of(room), 1).accounts) <= 1e-9


def test_matched_anew_adds_to_what_was_made_but_not_to_what_was_possible(made_up):
    record = made_up(pairs=10, leave=0.5, seed=4)
    account = account_of(record, 1)
    assert len(account.first) == 10 < len(account.accounts)
    assert account.possible == pytest.approx(10 * best_play(record.scenario, 5).created)
    assert account.created == pytest.approx(sum(one.created for one in account.accounts))


def test_late_joiners_are_first_pairs_with_fewer_periods(made_up):
    record = made_up(pairs=2, leave=0.0)
    late = replace(record.pairs[1], begun=3, turns=tuple(turn for turn in record.pairs[1].turns if turn.period >= 3))
    account = account_of(replace(record, pairs=(record.pairs[0], late)), 1)
    assert [one.first for one in account.accounts] == [True, True]
    d = record.scenario.discount
    assert account.accounts[1].possible == pytest.approx(d**3 * best_play(record.scenario, 2).created)


def test_partners_that_change_by_rule_are_all_first_pairs_of_one_period(made_up):
    record = made_up(pairs=4, partners="new")
    account = account_of(record, 1)
    assert {one.span for one in account.accounts} == {1}
    assert not any(one.ended for one in account.accounts)


def test_a_round_that_was_stopped_counts_the_periods_played(made_up):
    record = made_up(pairs=3, leave=0.0)
    cut = tuple(replace(pair, turns=pair.turns[:3]) for pair in record.pairs)
    assert periods_of(replace(record, pairs=cut), 1) == 3


def test_an_end_in_the_last_period_is_not_early(made_up):
    record = made_up(pairs=2, leave=0.0)
    gone = replace(record.pairs[0], reason="client-left")
    one = account_of(replace(record, pairs=(gone, record.pairs[1])), 1).accounts[0]
    assert (one.ended, one.switching) == (False, 0.0)
    early = replace(gone, turns=gone.turns[:2])
    one = account_of(replace(record, pairs=(early, record.pairs[1])), 1).accounts[0]
    costs = record.scenario.relationship.switching_cost
    assert one.ended
    assert math.isclose(one.switching, record.scenario.discount * (costs.vendor + costs.client))
