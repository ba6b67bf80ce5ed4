"""The state of one relationship in the room, and how the events of its pair move it on."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from simulator.bargaining.protocol import Talks

if TYPE_CHECKING:
    from simulator.workshop.events import Event
    from simulator.workshop.values import Numbers

__all__ = ["Chair", "Entry", "Pair", "Played", "other"]

Side = Literal["vendor", "client"]
SIDES: tuple[Side, Side] = ("vendor", "client")

# Where a pair stands within a period.
IDLE, TALK, CONFIRM, CHOOSE, DELIVER, REVIEW, DONE, ENDED = (
    "idle",
    "talk",
    "confirm",
    "choose",
    "deliver",
    "review",
    "done",
    "ended",
)


def other(side: str) -> Side:
    """The side across the table."""
    return "client" if side == "vendor" else "vendor"


@dataclass
class Chair:
    """One side of a pair: who sits there, and what it has decided in this period."""

    seat: str | None
    agent: str | None = None  # that plays now
    ever: str | None = None  # agent that played it at any time
    bad: int = 0  # periods in a row below the outside option
    posture: int | None = None
    effort: float | None = None
    invest: float | None = None
    again: int | None = None
    again_answered: bool = False
    stays: bool | None = None

    def reset(self) -> None:
        """Begin a period: nothing is decided yet."""
        self.posture = self.effort = self.invest = self.again = self.stays = None
        self.again_answered = False


@dataclass(frozen=True)
class Entry:
    """What one of two people who talk has entered."""

    side: str
    deal: int | None  # None: no agreement
    first_offer: int | None
    first_offer_by: str | None


@dataclass(frozen=True)
class Played:
    """A period that is settled."""

    period: int
    level: int
    starved: bool
    deal: int | None
    agreed: bool
    first_offer: int | None
    first_offer_by: str | None
    rounds: int
    posture: Mapping[str, int]
    effort: Mapping[str, float]
    payoff: Mapping[str, float]
    below: Mapping[str, bool]
    saw: Mapping[str, int]  # the partner's posture, as each side saw it
    invested: float
    starves: bool
    rise: float
    fall: float
    begrudges: Mapping[str, float]
    again: Mapping[str, int | None]


@dataclass
class Pair:
    """One relationship."""

    number: int
    round: int
    begun: int
    chairs: dict[str, Chair]
    level: int = 0
    talks_level: int = 0  # level of the deals on the table: the next one may already be another
    starved: bool = False
    step: str = IDLE
    mode: str = "talk"
    period: int = -1
    moved_at: float = 0.0
    talks: Talks | None = None
    entry: Entry | None = None
    disputed: bool = False
    entries: int = 0  # how often something was entered, for the identity of a decision
    deal: int | None = None
    agreed: bool | None = None
    rounds: int = 0
    first_offer: int | None = None
    first_offer_by: str | None = None
    asks_stay: bool = True
    reason: str = ""
    turns: list[Played] = field(default_factory=list)

    def copied(self) -> Pair:
        """A copy to try moves on."""
        twin = copy.copy(self)
        twin.chairs = {side: copy.copy(chair) for side, chair in self.chairs.items()}
        twin.turns = list(self.turns)
        if self.talks is not None:
            twin.talks = copy.copy(self.talks)
            twin.talks.made = list(self.talks.made)
        return twin

    @property
    def alive(self) -> bool:
        """Whether the relationship goes on."""
        return self.step != ENDED

    @property
    def in_period(self) -> bool:
        """Whether the pair still has something to do in this period."""
        return self.step not in (IDLE, DONE, ENDED)

    @property
    def has_agent(self) -> bool:
        """Whether an agent plays one of its sides now."""
        return self.chairs["vendor"].agent is not None or self.chairs["client"].agent is not None

    @property
    def seats(self) -> list[str]:
        """The seats that sit here, also where an agent plays for one."""
        return [chair.seat for chair in self.chairs.values() if chair.seat is not None]

    def side_of(self, seat: str) -> Side:
        """The side on which a seat sits."""
        return "vendor" if self.chairs["vendor"].seat == seat else "client"

    @property
    def offers(self) -> int:
        """Offers made in this period's talks."""
        return 0 if self.talks is None else len(self.talks.made)

    def turn_of(self) -> list[Side]:
        """The sides that are asked something now."""
        if self.step == TALK:
            return list(SIDES) if self.talks is None else [self.talks.turn]
        if self.step == CONFIRM and self.entry is not None:
            return [other(self.entry.side)]
        if self.step == CHOOSE:
            return [side for side in SIDES if self.chairs[side].posture is None]
        if self.step == DELIVER:
            return [side for side in SIDES if self.chairs[side].effort is None]
        if self.step == REVIEW:
            return [side for side in SIDES if not self.answered(side)]
        return []

    def answered(self, side: str) -> bool:
        """Whether a side has answered everything in this period's review."""
        chair = self.chairs[side]
        return chair.again_answered and (chair.stays is not None or not self.asks_stay)

    # -- events --------------------------------------------------------------------------------------------------------

    def open_period(self, period: int, numbers: Numbers, *, mode: str, asks_stay: bool, at: float) -> None:
        """Begin a period."""
        for chair in self.chairs.values():
            chair.reset()
        self.period, self.asks_stay, self.moved_at = period, asks_stay, at
        self.deal = self.agreed = self.first_offer = self.first_offer_by = None
        self.rounds = 0
        self.begin_talks(numbers, mode)

    def begin_talks(self, numbers: Numbers, mode: str) -> None:
        """Begin this period's talks, or begin them anew when an agent takes over from somebody who talked."""
        self.talks_level = self.level
        self.mode, self.entry, self.disputed, self.entries, self.talks = mode, None, False, 0, None
        self.step = CHOOSE if mode == "choose" else TALK
        if mode == "type":
            rules = numbers.scenario.negotiation
            space = numbers.space(self.level)
            self.talks = Talks(space, rounds=rules.rounds, round_cost=rules.round_cost, first=rules.first_offer)

    def take(self, event: Event, numbers: Numbers) -> None:
        """Move on by an event of this pair."""
        self.moved_at = event.at
        getattr(self, "_" + event.kind.replace("-", "_"))(event.data, numbers)

    def _posture(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        self.chairs[data["side"]].posture = data["posture"]

    def _offered(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        deal = numbers.deal(data["options"])
        if self.talks is None:
            return
        if self.first_offer is None:
            self.first_offer, self.first_offer_by = deal, data["side"]
        self.talks.propose(deal)
        if self.talks.over:
            self._agree(None, self.talks.round + 1, numbers)

    def _accepted(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        if self.talks is not None:
            self.talks.accept()
            self._agree(self.talks.agreed, self.talks.round + 1, numbers)

    def _walked_away(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        if self.talks is not None:
            self.talks.walk_away()
            self._agree(None, self.talks.round + 1, numbers)

    def _entered(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        options, first = data["options"], data["first_offer"]
        self.entry = Entry(
            side=data["side"],
            deal=None if options is None else numbers.deal(options),
            first_offer=None if first is None else numbers.deal(first),
            first_offer_by=data["first_offer_by"],
        )
        self.entries += 1
        self.step, self.disputed = CONFIRM, False

    def _taken_back(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        self.entry, self.step = None, TALK

    def _disputed(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        self.entry, self.step, self.disputed = None, TALK, True

    def _confirmed(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        entry = self.entry
        if entry is not None:
            self.first_offer, self.first_offer_by = entry.first_offer, entry.first_offer_by
            self._agree(entry.deal, 1, numbers)

    def _lapsed(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        self._agree(None, 1 if self.talks is None else self.talks.round + 1, numbers)

    def _agree(self, deal: int | None, rounds: int, numbers: Numbers) -> None:
        """The talks are over, with a deal or without."""
        self.deal, self.agreed, self.rounds, self.step = deal, deal is not None, rounds, DELIVER
        for side, chair in self.chairs.items():
            choices = numbers.efforts(side)
            if deal is None:
                chair.effort, chair.invest = 0.0, 0.0
            elif len(choices) == 1 and not self.asks_invest(side, numbers):
                chair.effort = choices[0]

    def asks_invest(self, side: str, numbers: Numbers) -> bool:
        """Whether a person on this side decides how much of its surplus to put back."""
        return side == "vendor" and numbers.chooses_investment and self.level < numbers.levels - 1

    def _delivering(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        chair = self.chairs[data["side"]]
        chair.effort, chair.invest = data["effort"], data["invest"]

    def _settled(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        per_side: dict[str, Any] = {
            key: {side: data[f"{side}_{key}"] for side in SIDES}
            for key in ("posture", "effort", "payoff", "below", "saw", "begrudges")
        }
        self.turns.append(
            Played(
                period=self.period,
                level=self.level,
                starved=self.starved,
                deal=self.deal,
                agreed=self.mode == "choose" or bool(self.agreed),
                first_offer=self.first_offer,
                first_offer_by=self.first_offer_by,
                rounds=self.rounds,
                **per_side,
                invested=data["invested"],
                starves=data["starves"],
                rise=data["rise"],
                fall=data["fall"],
                again=dict.fromkeys(SIDES),
            )
        )
        self.step = REVIEW

    def _again(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        side, answer = data["side"], data["answer"]
        self.chairs[side].again, self.chairs[side].again_answered = answer, True
        self.turns[-1] = replace(self.turns[-1], again={**self.turns[-1].again, side: answer})

    def _renewing(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        self.chairs[data["side"]].stays = data["stays"]

    def _reviewed(self, data: Mapping[str, Any], numbers: Numbers) -> None:
        turn = self.turns[-1]
        for side, chair in self.chairs.items():
            chair.bad = chair.bad + 1 if turn.below[side] else 0
        self.level, self.starved = data["level"], turn.starves
        self.reason = data["reason"] or ""
        self.step = ENDED if self.reason else DONE
