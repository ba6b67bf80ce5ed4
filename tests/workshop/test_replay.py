"""Replaying the log gives the same room, whatever was tried: random legal and illegal moves."""

import dataclasses
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import simulator as ns
from simulator.workshop.automatic import Cast, pending
from simulator.workshop.events import KINDS, Event
from simulator.workshop.moves import CLOCK, NEW, TRAINER, Refused, decide
from simulator.workshop.plan import CHOICES, Plan
from simulator.workshop.record import record_of
from simulator.workshop.room import Room
from simulator.workshop.steps import agenda

JUNK: list[Any] = [
    None, "", "x", -1, 0, 1, 2, 7, 8, 1.0, 0.5, math.nan, math.inf, 10**400, True, False, [], {}, [0, 0], [6, 1], "6,1",
    [99, 0], ["", ""], "s1", "s2", "s99", "vendor", "me", "agent", "adviser", "9" * 600, "tit-for-tat", {"threat": 1},
    "true", "no", "deals", (1, 2, 3), b"x", "\x00", "on", {"left-on-table": 10}, [None], "type", "1e5",
]  # fmt: skip
MOVES = [
    "join", "join-team", "take-over", "rename", "return", "prepare", "bid", "go-on", "enter", "take-back", "confirm",
    "offer", "accept", "stop", "choose", "deliver", "again", "renew", "bet", "observe", "advance", "plan", "expect",
    "deadline", "close", "seat-agent", "seat-person", "remove", "filler", "add-seats", "enter-period", "reveal",
    "names", "tick", "agent", "sing", "watch",
]  # fmt: skip
FIELDS = [
    "name", "role", "device", "seat", "options", "agreed", "first_offer", "first_offer_by", "agrees", "offer",
    "posture", "effort", "invest", "answer", "stays", "answers", "pair", "marks", "note", "to", "from", "force",
    "periods", "minutes", "mode", "count", "hard", "off", "agent", "step", "shown", "side", "group", "bidder", "bid",
    "as", "key", "target", "outside", "vendor_effort", "client_effort", "vendor_stays", "vendor_again",
    "vendor_posture", "client_posture",
]  # fmt: skip
WAYS = ["start", "compete", "play", "next-period", "predict", "debrief", "reveal", "second-round", "close"]
SCENARIOS = ("saas-renewal", "prisoners-dilemma", "agency-retainer")


def state(room: Room) -> dict[str, Any]:
    """Everything that a room is, in a form that can be compared."""
    found = {key: value for key, value in vars(room).items() if key not in ("numbers", "pairs", "scenario")}
    pairs = {}
    for number, pair in room.pairs.items():
        talks = None if pair.talks is None else {k: v for k, v in vars(pair.talks).items() if k != "space"}
        pairs[number] = dataclasses.asdict(dataclasses.replace(pair, talks=None)) | {"talks": talks}
    found["seats"] = {key: dataclasses.asdict(seat) for key, seat in room.seats.items()}
    found["groups"] = [dataclasses.asdict(group) for group in room.groups]
    return found | {"pairs": pairs}


class Monkey:
    """Makes moves, sensible and senseless, and keeps the log."""

    def __init__(self, scenario: ns.Scenario, plan: Plan, seed: int, *, onward: float = 0.55) -> None:
        self.onward = onward  # up to which luck the trainer goes on
        self.scenario, self.plan = scenario, plan
        self.room, self.rng = Room.new(scenario, plan), np.random.default_rng(seed)
        self.cast = Cast(self.room, self.rng)
        self.log: list[Event] = []
        self.now, self.refused, self.made = 0.0, 0, 0
        for _ in range(7):
            self.make(NEW, {"kind": "join"}, "d1")

    def pick(self, items: Any) -> Any:
        return items[int(self.rng.integers(len(items)))]

    def turn(self) -> None:
        self.now += float(self.rng.exponential(20))
        luck = self.rng.random()
        if luck < 0.5 and self.room.seats:
            asked = [(seat.id, self.cast.move(seat)) for seat in self.room.seats.values()]
            asked = [item for item in asked if item[1] is not None]
            if asked:
                self.make(*self.pick(asked), None)
        elif luck < self.onward:
            ways = [way.key for way in agenda(self.room) if way.key != "close"]
            self.make(TRAINER, {"kind": "advance", "to": self.pick(ways or WAYS), "force": True}, None)
        else:
            self.senseless()
        for move in pending(self.room):
            self.make(CLOCK, move, None)
            break

    def senseless(self) -> None:
        seats = list(self.room.seats) or ["s1"]
        actor = self.pick([TRAINER, CLOCK, NEW, "s99", *[self.pick(seats)] * 6])
        move = {"kind": self.pick(MOVES)}
        for _ in range(int(self.rng.integers(6))):
            move[self.pick(FIELDS)] = self.pick(JUNK)
        if move["kind"] == "add-seats":
            move["count"] = 2
        if move.get("to") == "close" or (move["kind"] == "remove" and self.rng.random() < 0.9):
            return
        self.make(actor, move, self.pick([None, None, "x", "d1"]))

    def make(self, actor: str, move: dict[str, Any], device: str | None) -> None:
        before = state(self.room) if self.rng.random() < 0.05 else None
        try:
            events = decide(self.room, actor, move, self.rng, self.now, device=device)
        except Refused:
            events = []
            self.refused += 1
        else:
            self.made += 1
        assert before is None or state(self.room) == before  # deciding changes nothing
        for event in events:
            assert event.kind in KINDS
            event = Event.from_json(event.to_json())
            self.room.apply(event)
            self.log.append(event)

    def look(self) -> None:
        for seat in self.room.seats:
            self.room.view(seat, device="d1")
        self.room.console(now=self.now, seen={"s1": self.now})
        self.room.projector()
        record_of(self.room)


def plans() -> Any:
    return st.builds(Plan, periods=st.integers(1, 4), **{key: st.sampled_from(words) for key, words in CHOICES.items()})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), plan=plans(), name=st.sampled_from(SCENARIOS))
def test_replaying_the_log_gives_the_same_room(seed, plan, name):
    monkey = Monkey(ns.load_scenario(name), plan, seed)
    for k in range(150):
        monkey.turn()
        if k % 30 == 0:
            monkey.look()
    monkey.look()
    again = Room.replay(monkey.scenario, monkey.plan, monkey.log)
    assert state(again) == state(monkey.room)
    assert record_of(again) == record_of(monkey.room)


def test_notes_come_back_from_the_log_with_the_pair_that_is_open(workshop):
    w = workshop()
    (watcher,) = w.join(1, role="observer")
    w.begin(4)
    for pair, note in ((1, "One."), (2, "Two."), (1, ""), (None, "All.")):
        w.do(watcher, "observe", pair=pair, note=note)
    w.do(watcher, "watch", pair=2)
    assert state(w.replayed()) == state(w.room)
    assert w.replayed().view(watcher).checklist.note == "Two."


@pytest.mark.slow
def test_a_hundred_thousand_moves_of_which_most_are_senseless():
    made = refused = 0
    for seed in range(200):
        plan = Plan(**{key: words[seed % len(words)] for key, words in CHOICES.items()}, periods=1 + seed % 4)
        monkey = Monkey(ns.load_scenario(SCENARIOS[seed % 3]), plan, seed, onward=0.51)
        for _ in range(1000):
            monkey.turn()
        monkey.look()
        made, refused = made + monkey.made, refused + monkey.refused
        assert state(Room.replay(monkey.scenario, monkey.plan, monkey.log)) == state(monkey.room)
    assert made + refused > 100_000
    assert made > 20_000
