"""The course of one pair: moves tried on a copy of it, with everything that follows from them.

A move of one side can complete a step: the second effort settles the period, the last answer brings its review. What
is drawn on the way (slips, misreadings, grudges, outside events, level changes) is drawn here and written into events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simulator.workshop import agents
from simulator.workshop.events import Event
from simulator.workshop.pairs import CHOOSE, CONFIRM, DELIVER, REVIEW, SIDES, TALK, Pair, other

if TYPE_CHECKING:
    from simulator.workshop.room import Room

__all__ = ["Course"]


class Course:
    """What happens to one pair; `events` is what happened, `pair` the copy as it then stands."""

    def __init__(self, room: Room, pair: Pair, rng: np.random.Generator, now: float) -> None:
        self.room, self.numbers, self.rng, self.now = room, room.numbers, rng, now
        self.pair = pair.copied()
        self.events: list[Event] = []

    def do(self, kind: str, **data: Any) -> None:
        """One event of the pair, and what follows from it."""
        event = Event(kind, self.now, {"pair": self.pair.number, **data})
        self.pair.take(event, self.numbers)
        self.events.append(event)
        if kind not in ("settled", "reviewed"):
            self._follow()

    def _follow(self) -> None:
        pair = self.pair
        chairs = pair.chairs.values()
        delivered = pair.step == DELIVER and all(chair.effort is not None for chair in chairs)
        chosen = pair.step == CHOOSE and all(chair.posture is not None for chair in chairs)
        if delivered or chosen:
            self._settle()
        elif pair.step == REVIEW and all(pair.answered(side) for side in SIDES):
            self._review()

    # -- settling ------------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        pair, numbers = self.pair, self.numbers
        postures: dict[str, int] = {side: self._posture(side) for side in SIDES}
        efforts: dict[str, float] = {side: pair.chairs[side].effort or 0.0 for side in SIDES}
        found = numbers.outcome(
            level=pair.level,
            starved=pair.starved,
            deal=pair.deal,
            rounds=pair.rounds,
            postures=postures,
            efforts=efforts,
            share=self._share(),
        )
        self.do(
            "settled",
            vendor_posture=postures["vendor"],
            client_posture=postures["client"],
            vendor_effort=efforts["vendor"],
            client_effort=efforts["client"],
            vendor_payoff=found.vendor_payoff - found.invested,
            client_payoff=found.client_payoff,
            vendor_below=found.vendor_below,
            client_below=found.client_below,
            vendor_saw=numbers.seen("vendor", postures["client"], self.rng),
            client_saw=numbers.seen("client", postures["vendor"], self.rng),
            vendor_begrudges=found.vendor_begrudges,
            client_begrudges=found.client_begrudges,
            invested=found.invested,
            starves=found.starves,
            rise=found.rise,
            fall=found.fall,
        )

    def _posture(self, side: str) -> int:
        """The actual posture: an agent's own, what a person picked, or as what the person's behaviour counts."""
        pair, chair = self.pair, self.pair.chairs[side]
        if chair.posture is not None and (chair.agent is not None or self.numbers.given):
            return chair.posture
        if chair.agent is not None and (pair.deal is None or chair.effort is None):
            return agents.intended(self.numbers, pair, side, self.rng)
        return self.numbers.person_posture(side, chair.effort or 0.0, level=pair.level, deal=pair.deal)

    def _share(self) -> float:
        """Share of its surplus that the vendor puts back."""
        chair = self.pair.chairs["vendor"]
        if self.numbers.chooses_investment and chair.agent is None:
            return chair.invest or 0.0
        return agents.invested_share(self.numbers, self.pair)

    # -- review --------------------------------------------------------------------------------------------------------

    def _review(self) -> None:
        turn, pair = self.pair.turns[-1], self.pair
        reason = self._reason() if self.room.reviews() else None
        level = pair.level
        if reason is None and (turn.rise > 0 or turn.fall > 0):
            drawn = self.rng.random()
            level += int(drawn < turn.rise) - int(drawn >= 1 - turn.fall)
        self.do("reviewed", reason=reason, level=level)

    def _reason(self) -> str | None:
        """Why the relationship ends now, in the engine's order; None: it goes on."""
        rules = self.room.scenario.relationship
        if rules.can_leave:
            for what, wishes in (("left", self._wishes), ("begrudged", self._grudges), ("patience", self._patience)):
                gone = [side for side in SIDES if wishes(side)]
                if gone:
                    first = gone[0] if len(gone) == 1 or self.rng.random() < 0.5 else gone[1]
                    return f"{first}-{what}"
        return "churn" if rules.churn > 0 and self.rng.random() < rules.churn else None

    def _happens(self, chance: float) -> bool:
        return chance > 0 and self.rng.random() < chance

    def _wishes(self, side: str) -> bool:
        chair = self.pair.chairs[side]
        if chair.agent is None:
            return chair.stays is False
        return self._happens(agents.leaving(self.numbers, self.pair, side))

    def _grudges(self, side: str) -> bool:
        """A person decides by itself whether it stays; what an agent does over a grudge is drawn."""
        by_agent = self.pair.chairs[side].agent is not None
        return by_agent and self._happens(self.pair.turns[-1].begrudges[side])

    def _patience(self, side: str) -> bool:
        chair, turn = self.pair.chairs[side], self.pair.turns[-1]
        if chair.agent is None:
            return False
        bad = chair.bad + 1 if turn.below[side] else 0
        most = agents.patience(self.numbers, self.pair, side)
        return bad >= most > 0

    # -- agents --------------------------------------------------------------------------------------------------------

    def agent_acts(self, side: str) -> None:
        """Let the agent in a chair do whatever is its turn."""
        pair, chair = self.pair, self.pair.chairs[side]
        for one, own in pair.chairs.items():  # of two agents both, since what they disclose depends on each other
            if own.agent is not None and own.posture is None and pair.step in (TALK, CHOOSE, DELIVER):
                self.do("posture", side=one, posture=agents.intended(self.numbers, pair, one, self.rng))
        if pair.step == TALK and pair.talks is not None and pair.talks.turn == side:
            self._negotiate(side)
        if pair.step == DELIVER and chair.effort is None and chair.posture is not None:
            effort = self.numbers.posture_efforts[side][chair.posture]
            self.do("delivering", side=side, effort=effort, invest=0.0)
        if pair.step == REVIEW and not pair.answered(side):
            self.answer(side, None, True)

    def _negotiate(self, side: str) -> None:
        """One action of an agent's tactic, as in `Talks.act`."""
        pair, across = self.pair, self.pair.chairs[other(side)]
        talks, chair = pair.talks, pair.chairs[side]
        if talks is None or chair.posture is None:
            return
        player = self.numbers.tactics[side][chair.posture]
        together = False  # a person discloses nothing
        if across.agent is not None and across.posture is not None:
            together = player.discloses and self.numbers.tactics[other(side)][across.posture].discloses
        known = self.numbers.knowledge(side, pair.talks_level, together=together)
        if player.walks_away(known):
            self.do("walked-away", side=side)
            return
        time = np.array([talks.time])
        if talks.standing is not None and known.own[talks.standing] >= player.thresholds(known, time)[0]:
            self.do("accepted", side=side)
            return
        standing = np.array([-1 if talks.standing is None else talks.standing], dtype=np.intp)
        deal = int(player.proposals(known, time, standing, self.rng)[0])
        self.do("offered", side=side, options=list(self.numbers.options(pair.talks_level, deal)))

    def answer(self, side: str, again: int | None, stays: bool) -> None:
        """Both answers of a review that are still missing."""
        chair = self.pair.chairs[side]
        if self.pair.step == REVIEW and not chair.again_answered:
            self.do("again", side=side, answer=again)
        if self.pair.step == REVIEW and self.pair.asks_stay and chair.stays is None:
            self.do("renewing", side=side, stays=stays)

    # -- closing -------------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """Close the period: open talks end without agreement, missing answers are full effort and stay."""
        pair, numbers = self.pair, self.numbers
        if pair.step in (TALK, CONFIRM):
            self.do("lapsed")
        for side in SIDES:
            chair = pair.chairs[side]
            if chair.agent is not None:
                self.agent_acts(side)
            if pair.step == CHOOSE and chair.posture is None:
                self.do("posture", side=side, posture=len(numbers.postures[side]) - 1)
            if pair.step == DELIVER and chair.effort is None:
                self.do("delivering", side=side, effort=numbers.efforts(side)[-1], invest=0.0)
        for side in SIDES:
            self.answer(side, None, True)
