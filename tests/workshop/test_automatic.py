"""Agents in the room behave as in the engine, and a rehearsal plays the whole plan in seconds."""

import time
from collections import Counter

import numpy as np
import pytest

import simulator as ns
from simulator.workshop import agents
from simulator.workshop.automatic import pending, rehearse
from simulator.workshop.events import Event
from simulator.workshop.matching import match
from simulator.workshop.moves import CLOCK, decide
from simulator.workshop.plan import Plan
from simulator.workshop.record import record_of
from simulator.workshop.room import Room


def agents_alone(scenario, vendor, client, *, pairs, periods, seed=1):
    """A room in which agents play both sides of every pair."""
    room, rng = Room.new(scenario, Plan(periods=periods)), np.random.default_rng(seed)

    def take(events):
        for event in events:
            room.apply(event)

    made = [
        {"number": k + 1, "begun": 0, "vendor": None, "client": None, "vendor_agent": vendor, "client_agent": client}
        for k in range(pairs)
    ]
    take([Event("paired", 0.0, {"pairs": made})])
    for period in range(periods):
        take([Event("moved", 0.0, {"phase": "play", "round": 1, "period": period, "deadline": None})])
        while moves := pending(room):
            for move in moves:
                take(decide(room, CLOCK, move, rng, 0.0))
    take([Event("moved", 0.0, {"phase": "debrief", "round": 1, "period": periods - 1, "deadline": None})])
    return record_of(room)


@pytest.mark.parametrize(
    ("name", "vendor", "client"),
    [
        ("saas-renewal", "tit-for-tat", "nibbler(every=3)"),
        ("saas-renewal", "always-cooperate", "always-compete"),
        ("freight", "generous-tit-for-tat(generosity=1)", "always-compete"),
        ("component-supply", "always-cooperate", "always-cooperate"),
        ("agency-retainer", "tit-for-tat", "always-cooperate"),
        ("prisoners-dilemma", "suspicious-tit-for-tat", "tit-for-tat"),
    ],
)
def test_two_agents_play_as_in_the_engine_to_the_bit_where_nothing_is_drawn(name, vendor, client):
    changes = {"relationship.slip": 0, "relationship.churn": 0, "relationship.begrudge": 0, "relationship.misread": 0}
    if name != "prisoners-dilemma":  # levels rise at once and fall at once, so that they are not drawn either
        changes |= {"maturity.decay": 1, "maturity.level_cost": 0.01}
    scenario = ns.load_scenario(name).replace(changes)
    story = ns.play(scenario, vendor=vendor, client=client, periods=8)
    turns = agents_alone(scenario, vendor, client, pairs=1, periods=8).pairs[0].turns
    levels = scenario.levels
    assert [levels[turn.level] for turn in turns] == list(story.levels)
    assert [turn.starved for turn in turns] == list(story.starved)
    assert [scenario.postures("vendor")[turn.vendor_posture] for turn in turns] == list(story.vendor_postures)
    assert [scenario.postures("client")[turn.client_posture] for turn in turns] == list(story.client_postures)
    assert [turn.vendor_payoff for turn in turns] == list(story.vendor_payoffs)
    assert [turn.client_payoff for turn in turns] == list(story.client_payoffs)
    assert [turn.invested for turn in turns] == list(story.invested)


@pytest.mark.parametrize(("vendor", "client"), [("tit-for-tat", "walk-away"), ("opportunist", "always-cooperate")])
def test_two_agents_end_for_the_engines_reasons_as_often(vendor, client):
    periods, pairs = 6, 300
    scenario = ns.load_scenario("saas-renewal").replace(
        {"horizon": periods, "relationship.misread": 0.1, "relationship.slip": 0.1, "relationship.patience": 3}
    )
    exact = ns.relationship(scenario, vendor=vendor, client=client)
    record = agents_alone(scenario, vendor, client, pairs=pairs, periods=periods)
    found = Counter(pair.reason for pair in record.pairs)
    for reason, chance in exact.end_reasons.items():
        deviation = np.sqrt(chance * (1 - chance) / pairs)
        assert abs(found[reason] / pairs - chance) <= 4 * deviation + 1e-12, reason
    lengths = np.array([len(pair.turns) for pair in record.pairs])
    assert abs(lengths.mean() - exact.expected_length) < 4 * lengths.std() / np.sqrt(pairs)
    levels = np.bincount([turn.level for pair in record.pairs for turn in pair.turns], minlength=4) / pairs
    np.testing.assert_allclose(levels, exact.level_occupancy.sum(axis=0), atol=0.25)


def test_people_who_squeeze_and_build_see_the_engines_levels_and_starvation(workshop):
    # The vendor squeezes where tit-for-tat would; both play the deals of their postures' tactics by hand.
    changes = {"maturity.decay": 1, "maturity.level_cost": 0.01, "relationship.slip": 0, "relationship.churn": 0}
    scenario = ns.load_scenario("freight").replace(
        changes | {"relationship.begrudge": 0, "relationship.misread": 0, "negotiation.round_cost": 0}
    )
    story = ns.play(scenario, vendor="tit-for-tat", client="nibbler(every=3)", periods=6)
    w = workshop(scenario, periods=6)
    w.begin(2)
    from simulator.games.stages import compile_stages

    stages = compile_stages(scenario)
    for t in range(6):
        i, j = (scenario.postures(side).index(str(did[t])) for side, did in zip(
            ("vendor", "client"), (story.vendor_postures, story.client_postures), strict=True))  # fmt: skip
        pair = w.pair()
        w.agree(list(w.room.numbers.options(pair.level, int(stages.deal[pair.level, i, j]))))
        w.deliver(*(0.0 if posture == 0 else 1.0 for posture in (i, j)))
        w.answer()
        if t < 5:
            w.advance("next-period")
    turns = record_of(w.room).pairs[0].turns
    assert [scenario.levels[turn.level] for turn in turns] == list(story.levels)
    assert [turn.starved for turn in turns] == list(story.starved)
    assert any(story.starved)
    assert len(set(story.levels)) > 1
    np.testing.assert_allclose([turn.vendor_payoff for turn in turns], story.vendor_payoffs, rtol=0, atol=1e-9)
    np.testing.assert_allclose([turn.client_payoff for turn in turns], story.client_payoffs, rtol=0, atol=1e-9)


def test_a_rehearsal_of_sixty_pairs_takes_seconds_and_fills_the_debrief():
    scenario = ns.load_scenario("saas-renewal")
    began = time.perf_counter()
    room, log = rehearse(scenario, Plan.of(scenario), people=121, rng=np.random.default_rng(3), now=0.0)
    assert time.perf_counter() - began < 20
    record = record_of(room)
    assert room.phase == "debrief"
    assert len(record.pairs) >= 61
    assert {pair.reason for pair in record.pairs} >= {"horizon"}
    assert len(record.preparations) == 121
    assert any(turn.vendor_again for pair in record.pairs for turn in pair.turns)
    assert record_of(Room.replay(scenario, room.plan, log)) == record


def test_a_move_among_two_hundred_people_takes_well_below_a_millisecond():
    # Processor time of a whole rehearsal, made-up people's own thinking included, over the moves in it.
    scenario, people = ns.load_scenario("saas-renewal"), 200
    began = time.process_time()
    room, log = rehearse(scenario, Plan(periods=2), people=people, rng=np.random.default_rng(3), now=0.0)
    spent = time.process_time() - began
    assert spent / len(log) < 0.001
    began = time.process_time()
    for _ in range(5):
        room.console(now=0.0)
    assert (time.process_time() - began) / 5 < 0.05


@pytest.mark.parametrize("name", ["saas-renewal", "agency-retainer", "prisoners-dilemma", "demand-game", "freight"])
@pytest.mark.parametrize("plan", [{}, {"mode": "type", "contest": "effort"}, {"partners": "new", "ends": "known"}])
def test_every_scenario_can_be_rehearsed_for_two_rounds(name, plan):
    room, _ = rehearse(
        ns.load_scenario(name), Plan(periods=2, **plan), people=9, rng=np.random.default_rng(0), now=0.0, rounds=2
    )
    assert (room.phase, room.round) == ("debrief", 2)


def test_an_agent_without_an_automaton_can_fill_a_seat(quiet, monkeypatch):
    class Counting:
        def __init__(self):
            self.seen = []

        def choose(self, starved, rng):
            return np.array([0 if len(self.seen) % 2 else 2])

        def observe(self, own, perceived, payoff):
            self.seen.append((int(own[0]), int(perceived[0])))

        def leaving(self):
            return np.array([1.0 if len(self.seen) == 3 else 0.0])

        def keep(self, alive):
            pass

    from dataclasses import dataclass
    from typing import ClassVar

    @dataclass(frozen=True, kw_only=True)
    class Learner(ns.Agent):
        name: ClassVar[str] = "learner"

        def player(self, setting, count):
            return Counting()

    monkeypatch.setattr(agents, "_made", lambda spec: Learner() if spec == "learner" else ns.agent(spec))
    (pair,) = agents_alone(quiet, "learner", "always-cooperate", pairs=1, periods=5).pairs
    assert [turn.vendor_posture for turn in pair.turns] == [2, 0, 2]
    assert pair.reason == "vendor-left"


def test_matching_gives_everybody_one_place(quiet):
    room = Room.new(quiet)
    for k in range(1, 12):
        room.apply(Event("joined", 0.0, {"seat": f"s{k}", "name": f"n{k}", "role": "player", "device": None}))
    for seed in range(30):
        rng = np.random.default_rng(seed)
        sides = {f"s{k}": ("vendor", "client", None)[int(rng.integers(3))] for k in range(1, 12)}
        made = match(room, room.players(), rng, sides=sides, begun=0)
        placed = [item[side] for item in made for side in ("vendor", "client") if item[side]]
        assert sorted(placed) == sorted(sides)
        for item in made:
            assert all(sides.get(item[side]) in (None, side) for side in ("vendor", "client"))
            assert [item["vendor"], item["client"]].count(None) <= 1
