"""What happens by itself: the turns of agents that fill seats, and a dress rehearsal.

In a rehearsal made-up people with the manners of the catalogue's agents play the whole plan in seconds. They make the
same moves as people do, so the log and the debrief are those of a real workshop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.bargaining.protocol import Talks
from simulator.errors import SimulatorError
from simulator.workshop import agents
from simulator.workshop.moves import CLOCK, NEW, TRAINER, decide
from simulator.workshop.pairs import CHOOSE, SIDES, TALK, Pair, other
from simulator.workshop.room import Room
from simulator.workshop.seats import Seat
from simulator.workshop.steps import step_of

if TYPE_CHECKING:
    from simulator.scenario.schema import Scenario
    from simulator.workshop.events import Event
    from simulator.workshop.plan import Plan

__all__ = ["Cast", "pending", "rehearse"]

# How people in a room are: most answer in kind or build, some press, a few leave at once.
MANNERS = {
    "tit-for-tat": 5,
    "generous-tit-for-tat": 5,
    "always-cooperate": 3,
    "walk-away": 2,
    "opportunist": 2,
    "always-compete": 2,
    "always-claim": 2,
}
SECONDS = 1.0  # between two moves


def pending(room: Room) -> list[dict[str, Any]]:
    """The moves that agents would make now, for ``decide(room, CLOCK, move, ...)``; empty when they wait for people.

    Each is decided on the room as it then is, so ask again after applying one.
    """
    if room.phase == "compete":
        return [
            {"kind": "agent", "group": group.number, "bidder": k}
            for group in room.groups
            if group.winner is None
            for k, bidder in enumerate(group.bidders)
            if bidder.bid is None and bidder.seat is not None and room.seats[bidder.seat].status != "here"
        ]
    if room.phase != "play":
        return []
    found = []
    for number in sorted(room.staffed):
        pair = room.pairs[number]
        if not pair.in_period:
            continue
        asked = pair.turn_of()
        for side in SIDES:
            chair = pair.chairs[side]
            undecided = chair.posture is None and pair.step in (TALK, CHOOSE)
            if chair.agent is not None and (side in asked or undecided):
                found.append({"kind": "agent", "pair": pair.number, "side": side})
                break
    return found


class Cast:
    """Made-up people: what each seat would do now.

    Parameters
    ----------
    room : Room
        The workshop, which somebody else moves on.
    rng : Generator
        For manners and everything that they draw.
    """

    def __init__(self, room: Room, rng: np.random.Generator) -> None:
        self.room, self.rng = room, rng
        self.manners: dict[str, str] = {}
        self.postures: dict[tuple[str, int, int], int] = {}
        fit = [name for name in MANNERS if name in agents.offered(room.scenario)]
        self._names = fit
        self._weights = np.array([MANNERS[name] for name in fit], dtype=float) / sum(MANNERS[name] for name in fit)

    def manner(self, seat: str) -> str:
        """The agent like which a seat behaves."""
        if seat not in self.manners:
            self.manners[seat] = str(self._names[int(self.rng.choice(len(self._names), p=self._weights))])
        return self.manners[seat]

    def move(self, seat: Seat) -> dict[str, Any] | None:
        """The move of a seat that is asked something; None while it is not."""
        step, asked = step_of(self.room, seat)
        if not asked:
            return None
        beside = {"prepare": self._prepare, "bid": self._bid, "lost": self._lost, "predict": self._predict}
        if step in beside:
            return beside[step](seat)
        pair = self.room.pair_of(seat)
        return None if pair is None else self._in_pair(step, pair, seat)

    def _prepare(self, seat: Seat) -> dict[str, Any]:
        numbers = self.room.numbers
        side = seat.side or "vendor"
        outside = numbers.outside[side]
        best = numbers.period.stages.vendor.max() if side == "vendor" else numbers.period.stages.client.max()
        part = self.rng.uniform(0.5, 0.9)
        guess = numbers.outside[other(side)] * self.rng.uniform(0.6, 1.6)
        form = {"outside": outside, "target": outside + part * (best - outside), "first_offer": best, "guess": guess}
        return {"kind": "prepare", **{key: round(float(value), 1) for key, value in form.items()}}

    def _bid(self, seat: Seat) -> dict[str, Any]:
        from simulator.workshop.matching import fair_bid
        from simulator.workshop.seat_view import bid_limit

        amount = fair_bid(self.room, self.rng) * self.rng.uniform(0.3, 2.5)
        return {"kind": "bid", "bid": round(float(min(amount, bid_limit(self.room))), 1)}

    def _lost(self, seat: Seat) -> dict[str, Any]:
        return {"kind": "go-on", "as": "agent"}

    def _predict(self, seat: Seat) -> dict[str, Any]:
        answers = {
            key: round(float(self.rng.uniform(low, high / 2))) for key, (low, high) in self.room.questions.items()
        }
        return {"kind": "bet", "answers": answers}

    def _in_pair(self, step: str, pair: Pair, seat: Seat) -> dict[str, Any] | None:
        side = pair.side_of(seat.id)
        if step == "talk":
            return self._talk(pair, side)
        if step == "offer":
            return self._offer(pair, side)
        if step == "choose":
            return {"kind": "choose", "posture": self._posture(pair, side)}
        if step == "deliver":
            effort = self.room.numbers.posture_efforts[side][self._posture(pair, side)]
            return {"kind": "deliver", "effort": effort, "invest": 0.25}
        if step == "result":
            return {"kind": "again", "answer": self._again(pair, side)}
        if step == "renew":
            return {"kind": "renew", "stays": not self._leaves(pair, side)}
        return {"kind": "confirm", "agrees": True}

    def _posture(self, pair: Pair, side: str) -> int:
        seat = pair.chairs[side].seat or ""
        key = (seat, self.room.round, pair.period)
        if key not in self.postures:
            spec = self.manner(seat)
            self.postures[key] = agents.intended(self.room.numbers, pair, side, self.rng, spec=spec)
        return self.postures[key]

    def _talk(self, pair: Pair, side: str) -> dict[str, Any]:
        """What the two agree on aloud: what their tactics would, as one of them enters it."""
        numbers = self.room.numbers
        talks = Talks(numbers.space(pair.level), rounds=numbers.scenario.negotiation.rounds)
        talks.turn = talks.first = numbers.scenario.negotiation.first_offer
        while not talks.over:
            self._act(talks, pair, talks.turn)
        if talks.agreed is None:
            return {"kind": "enter", "agreed": False}
        _, who, first = talks.made[0]
        return {
            "kind": "enter",
            "options": list(numbers.options(pair.level, talks.agreed)),
            "first_offer": list(numbers.options(pair.level, first)),
            "first_offer_by": "me" if who == side else "other",
        }

    def _act(self, talks: Talks, pair: Pair, side: str) -> None:
        numbers = self.room.numbers
        tactics = {s: numbers.tactics[s][self._posture(pair, s)] for s in ("vendor", "client")}
        together = all(tactic.discloses for tactic in tactics.values())
        talks.act(tactics[side], numbers.knowledge(side, pair.level, together=together), self.rng)

    def _offer(self, pair: Pair, side: str) -> dict[str, Any]:
        talks, numbers = pair.talks, self.room.numbers
        if talks is None or pair.step != TALK:
            return {"kind": "stop"}
        player = numbers.tactics[side][self._posture(pair, side)]
        known = numbers.knowledge(side, pair.level, together=False)
        if player.walks_away(known):
            return {"kind": "stop"}
        time = np.array([talks.time])
        if talks.standing is not None and known.own[talks.standing] >= player.thresholds(known, time)[0]:
            return {"kind": "accept", "offer": len(talks.made)}
        standing = np.array([-1 if talks.standing is None else talks.standing], dtype=np.intp)
        deal = int(player.proposals(known, time, standing, self.rng)[0])
        return {"kind": "offer", "options": list(numbers.options(pair.level, deal))}

    def _share(self, pair: Pair, side: str) -> float:
        turn, outside = pair.turns[-1], self.room.numbers.outside
        gains = {s: turn.payoff[s] - outside[s] for s in ("vendor", "client")}
        created = gains["vendor"] + gains["client"]
        return gains[side] / created if created > 0 else 0.0

    def _again(self, pair: Pair, side: str) -> int:
        felt = 1 + 8 * self._share(pair, side) + self.rng.normal(0, 0.7)
        return int(np.clip(round(felt), 1, 7))

    def _leaves(self, pair: Pair, side: str) -> bool:
        spec = self.manner(pair.chairs[side].seat or "")
        wish = agents.leaving(self.room.numbers, pair, side, spec=spec)
        grudge = pair.turns[-1].begrudges[side]
        return bool(self.rng.random() < 1 - (1 - wish) * (1 - grudge))


def rehearse(
    scenario: Scenario, plan: Plan, *, people: int, rng: np.random.Generator, now: float, rounds: int = 1
) -> tuple[Room, list[Event]]:
    """A whole workshop up to its debrief, played by made-up people through the same moves, with its log.

    Parameters
    ----------
    scenario : Scenario
        The situation.
    plan : Plan
        How it is played.
    people : int
        How many, observers none.
    rng : Generator
        For everything that is drawn.
    now : float
        Unix time at which it begins.
    rounds : int
        2 to play the second round too, sides swapped.

    Examples
    --------
    >>> import numpy as np
    >>> import simulator as ns
    >>> from simulator.workshop.plan import Plan
    >>> room, log = rehearse(
    ...     ns.load_scenario("prisoners-dilemma"), Plan(periods=2), people=5, rng=np.random.default_rng(1), now=0.0
    ... )
    >>> room.phase, len(room.pairs) >= 3
    ('debrief', True)
    """
    room, log, at = Room.new(scenario, plan), [], now

    def make(actor: str, move: dict[str, Any]) -> None:
        nonlocal at
        at += SECONDS
        for event in decide(room, actor, move, rng, at):
            room.apply(event)
            log.append(event)
        while waiting := pending(room):
            for event in decide(room, CLOCK, waiting[0], rng, at):
                room.apply(event)
                log.append(event)

    cast = Cast(room, rng)
    for _ in range(people):
        make(NEW, {"kind": "join"})
    for k in range(rounds):
        make(TRAINER, {"kind": "advance", "to": "second-round" if k else "start"})
        while room.phase != "debrief":
            _everybody(room, cast, make)
            make(TRAINER, {"kind": "advance", "to": _onward(room), "force": True})
    return room, log


def _everybody(room: Room, cast: Cast, make: Any) -> None:
    """Let everybody move until nobody is asked anything any more."""
    moved = True
    while moved:
        moved = False
        for seat in list(room.seats.values()):
            move = cast.move(seat)
            if move is not None:
                make(seat.id, move)
                moved = True


def _onward(room: Room) -> str:
    from simulator.workshop.steps import agenda

    ways = agenda(room)
    if not ways:
        raise SimulatorError("the rehearsal is over")
    return ways[0].key
