"""The split of what is missing: exact sums, the engine's own split where both apply, and its extremes."""

from dataclasses import replace

import pytest

import simulator as ns
from simulator.workshop.debrief.account import account_of
from simulator.workshop.debrief.loss import loss_of
from simulator.workshop.plan import Plan
from simulator.workshop.record import Pair, Record, Turn


@pytest.mark.parametrize("name", ["saas-renewal", "agency-retainer", "freight", "prisoners-dilemma", "demand-game"])
@pytest.mark.parametrize("pairs", [1, 3, 15, 60])
@pytest.mark.parametrize("after", ["pool", "outside"])
def test_the_parts_add_up_to_what_was_left(made_up, name, pairs, after):
    account = account_of(made_up(name, pairs, leave=0.3, after_leaving=after, seed=pairs), 1)
    loss = loss_of(account)
    assert sum(loss.parts) == pytest.approx(account.left, abs=1e-9 * max(1, abs(account.possible)))
    assert loss.loss == pytest.approx(account.possible - account.created)


def played(s, vendor, client, pairs, periods):
    """Pairs of two agents of the engine, without chance."""
    made = []
    for number in range(1, pairs + 1):
        story = ns.play(s, vendor=vendor, client=client, periods=periods)
        names = [list(s.postures(side)) for side in ("vendor", "client")]
        turns = tuple(
            Turn(t, 0, False, None, True, None, None, 0, names[0].index(str(story.vendor_postures[t])),
                 names[1].index(str(story.client_postures[t])), 0.0, 0.0, float(story.vendor_payoffs[t]),
                 float(story.client_payoffs[t]), 0.0, None, None)
            for t in range(story.length)
        )  # fmt: skip
        made.append(Pair(number, 1, 0, None, None, vendor, client, vendor, client, turns, story.reason))
    return Record(s, Plan.of(s, periods=periods), "", "", tuple(made), (), (), (), (), {})


@pytest.mark.parametrize(
    "pair", [("always-compete", "always-cooperate"), ("hit-and-run", "tit-for-tat"), ("grim", "bully")]
)
def test_without_chance_it_is_the_engines_split_against_the_best_pair(pair):
    s = ns.load_scenario("prisoners-dilemma").replace(
        {"horizon": 6, "relationship.slip": 0.0, "relationship.churn": 0.0, "relationship.switching_cost": 0.5}
    )
    why = ns.explain(s, ("always-cooperate", "always-cooperate"), pair)
    loss = loss_of(account_of(played(s, *pair, pairs=4, periods=6), 1))
    assert loss.parts == pytest.approx([4 * why.shorter, 4 * why.poorer, 4 * why.switching], abs=1e-9)


def test_where_nobody_leaves_nothing_is_lost_by_a_shorter_life(made_up):
    loss = loss_of(account_of(made_up(leave=0.0), 1))
    assert loss.shorter == pytest.approx(0.0, abs=1e-9)
    assert loss.switching == pytest.approx(0.0, abs=1e-9)


def test_where_all_leave_at_once_the_later_periods_are_missing_and_not_poor(made_up):
    record = made_up("prisoners-dilemma", 5, leave=0.0)
    best = [replace(pair.turns[0], vendor_payoff=3.0, client_payoff=3.0) for pair in record.pairs]
    gone = tuple(
        replace(pair, turns=(turn,), reason="vendor-left") for pair, turn in zip(record.pairs, best, strict=True)
    )
    loss = loss_of(account_of(replace(record, pairs=gone), 1))
    assert loss.poorer == pytest.approx(0.0, abs=1e-9)
    assert loss.shorter == pytest.approx(loss.loss)
