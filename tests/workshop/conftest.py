"""A workshop played by moves alone: what the tests of the room share."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import simulator as ns
from simulator.workshop.automatic import pending
from simulator.workshop.events import Event
from simulator.workshop.moves import CLOCK, NEW, TRAINER, Refused, decide
from simulator.workshop.plan import Plan
from simulator.workshop.room import Room


class Workshop:
    """A room with its log, moved on by moves; agents answer at once."""

    def __init__(self, scenario: ns.Scenario, plan: Plan | None = None, *, seed: int = 0) -> None:
        self.scenario, self.plan = scenario, plan or Plan.of(scenario)
        self.room = Room.new(scenario, self.plan)
        self.rng = np.random.default_rng(seed)
        self.log: list[Event] = []
        self.now = 1000.0

    def do(self, actor: str, kind: str, *, device: str | None = None, **fields: Any) -> list[Event]:
        """Make a move, let agents answer, give the events of the move itself."""
        self.now += 1.0
        events = decide(self.room, actor, {"kind": kind, **fields}, self.rng, self.now, device=device)
        self._take(events)
        while moves := pending(self.room):
            answers = decide(self.room, CLOCK, moves[0], self.rng, self.now)
            assert answers, f"the agent has nothing to do: {moves[0]}"
            self._take(answers)
        return events

    def _take(self, events: list[Event]) -> None:
        for event in events:
            self.room.apply(Event.from_json(event.to_json()))
            self.log.append(event)

    def trainer(self, kind: str, **fields: Any) -> list[Event]:
        return self.do(TRAINER, kind, **fields)

    def advance(self, to: str, **fields: Any) -> list[Event]:
        return self.do(TRAINER, "advance", to=to, **fields)

    def refused(self, actor: str, kind: str, *, device: str | None = None, **fields: Any) -> str:
        """The key of the reason why a move is refused; nothing may have changed."""
        version = self.room.version
        with pytest.raises(Refused) as caught:
            decide(self.room, actor, {"kind": kind, **fields}, self.rng, self.now, device=device)
        assert self.room.version == version
        return caught.value.key

    def join(self, count: int, **fields: Any) -> list[str]:
        """Let people in; their seats."""
        return [self.do(NEW, "join", **fields)[0].data["seat"] for _ in range(count)]

    def begin(self, people: int) -> list[str]:
        """People join, prepare nothing, and play begins."""
        seats = self.join(people)
        self.advance("start")
        self.advance("play")
        return seats

    def pair(self, number: int | None = None):
        pairs = self.room.of_round()
        return self.room.pairs[number] if number is not None else pairs[0]

    def at(self, side: str, number: int | None = None) -> str:
        """Seat on a side of a pair."""
        return self.pair(number).chairs[side].seat

    def step(self, seat: str) -> str:
        return self.room.view(seat).step

    def agree(self, options: list[int], number: int | None = None, **fields: Any) -> None:
        """A pair that talks agrees on a package."""
        self.do(self.at("vendor", number), "enter", options=options, **fields)
        self.do(self.at("client", number), "confirm", agrees=True)

    def deliver(self, vendor: float = 1.0, client: float = 1.0, number: int | None = None) -> None:
        self.do(self.at("vendor", number), "deliver", effort=vendor)
        self.do(self.at("client", number), "deliver", effort=client)

    def answer(self, number: int | None = None, *, vendor: bool = True, client: bool = True) -> None:
        """Both sides answer the thumb question and renew or leave."""
        for side, stays in (("vendor", vendor), ("client", client)):
            seat = self.at(side, number)
            self.do(seat, "again", answer=5)
            if self.step(seat) == "renew":
                self.do(seat, "renew", stays=stays)

    def replayed(self) -> Room:
        return Room.replay(self.scenario, self.plan, self.log)


@pytest.fixture(scope="session")
def quiet() -> ns.Scenario:
    """The reference scenario without chance: no slips, no outside events, no grudges."""
    changes = {"relationship.slip": 0, "relationship.churn": 0, "relationship.begrudge": 0, "relationship.misread": 0}
    return ns.load_scenario("saas-renewal").replace(changes)


@pytest.fixture
def workshop(quiet: ns.Scenario) -> Callable[..., Workshop]:
    """Makes a workshop; without a scenario, of the quiet one."""

    def make(scenario: ns.Scenario | None = None, *, seed: int = 0, **plan: Any) -> Workshop:
        found = scenario or quiet
        return Workshop(found, Plan.of(found, **plan), seed=seed)

    return make
