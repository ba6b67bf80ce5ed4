"""Moves of the trainer: the plan, deadlines, agents in seats, a pair's whole period at once, the reveals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from simulator.errors import SimulatorError
from simulator.workshop import matching
from simulator.workshop.advancing import advance, closed_pairs, open_awards
from simulator.workshop.agents import fitting
from simulator.workshop.course import Course
from simulator.workshop.names import given_name
from simulator.workshop.pair_moves import deliver, first_offer, package
from simulator.workshop.pairs import CHOOSE, CONFIRM, DELIVER, REVIEW, SIDES, TALK, Pair
from simulator.workshop.plan import CHOICES, MOST_MINUTES, MOST_PERIODS
from simulator.workshop.refusal import Refused, flag, needed, one_of, text, whole
from simulator.workshop.seat_moves import MOST_SEATS

if TYPE_CHECKING:
    from simulator.workshop.asking import Ask
    from simulator.workshop.events import Event
    from simulator.workshop.seats import Seat

__all__ = ["TRAINER_MOVES", "pair_of"]

LONGEST_AGENT = 200


def plan(ask: Ask) -> list[Event]:
    """Changes to the plan: all of it in the lobby, length and minutes at any time."""
    changes: dict[str, Any] = {}
    for key, allowed in CHOICES.items():
        if ask.move.get(key) not in (None, ""):
            changes[key] = one_of(ask.move, key, allowed)
    if changes and ask.room.phase != "lobby":
        raise Refused("only-before-the-start")
    least = ask.room.period + 1 if ask.room.phase == "play" else 1
    if ask.sent("periods"):
        changes["periods"] = whole(ask.move, "periods", low=least, high=MOST_PERIODS)
    if ask.sent("minutes"):
        changes["minutes"] = needed(ask.move, "minutes", low=0.1, high=MOST_MINUTES)
    return [ask.event("planned", changes=changes)] if changes else []


def expect(ask: Ask) -> list[Event]:
    """How many people the trainer expects."""
    return [ask.event("expected", count=whole(ask.move, "count", low=0, high=MOST_SEATS))]


def deadline(ask: Ask) -> list[Event]:
    """A new deadline in so many minutes from ask.now, none, or only whether it is hard."""
    hard = flag(ask.move, "hard", absent=ask.room.hard)
    if flag(ask.move, "off", absent=False):
        return [ask.event("deadline", at=None, hard=hard)]
    if not ask.sent("minutes"):
        return [ask.event("deadline", at=ask.room.deadline, hard=hard)]
    minutes = needed(ask.move, "minutes", low=0.0, high=MOST_MINUTES)
    return [ask.event("deadline", at=ask.now + 60 * minutes, hard=hard)]


def close(ask: Ask) -> list[Event]:
    """End open talks without agreement and fill missing answers, of one pair or of all."""
    if ask.room.phase == "compete" and not ask.sent("pair"):
        return open_awards(ask)[0]
    if ask.room.phase != "play":
        raise Refused("not-now")
    if not ask.sent("pair"):
        return closed_pairs(ask)[0]
    course = Course(ask.room, pair_of(ask), ask.rng, ask.now)
    course.finish()
    return course.events


def pair_of(ask: Ask) -> Pair:
    """The pair that a move names, if it has something to do in this period."""
    pair = ask.room.pairs.get(whole(ask.move, "pair", low=1, high=10**9))
    if pair is None or pair.round != ask.room.round:
        raise Refused("no-such-pair", "pair")
    if not pair.in_period:
        raise Refused("not-now")
    return pair


def _seat_of(ask: Ask) -> Seat:
    name = ask.move.get("seat")
    if not isinstance(name, str) or name not in ask.room.seats:
        raise Refused("no-such-seat", "seat")
    return ask.room.seats[name]


def _agent_of(ask: Ask) -> str:
    spec = text(ask.move, "agent", most=LONGEST_AGENT)
    if not spec:
        return matching.filler(ask.room)
    try:
        return fitting(ask.room.scenario, spec)
    except SimulatorError:
        raise Refused("no-such-agent", "agent", name=spec) from None


def seat_agent(ask: Ask) -> list[Event]:
    """An agent plays for a seat from now on."""
    seat = _seat_of(ask)
    if seat.role != "player" or seat.status == "gone":
        raise Refused("not-a-player", "seat")
    return [ask.event("replaced", seat=seat.id, agent=_agent_of(ask))]


def seat_person(ask: Ask) -> list[Event]:
    """A seat goes back to its person, also one that was taken for gone."""
    seat = _seat_of(ask)
    if seat.status == "here":
        raise Refused("plays-itself", "seat")
    return [ask.event("returned", seat=seat.id)]


def remove(ask: Ask) -> list[Event]:
    """Somebody left for good; an agent goes on in the relationship."""
    seat = _seat_of(ask)
    if seat.status == "gone":
        return []
    return [ask.event("removed", seat=seat.id, agent=_agent_of(ask))]


def filler(ask: Ask) -> list[Event]:
    """The agent that fills empty chairs from now on."""
    return [ask.event("filler", agent=_agent_of(ask))]


def add_seats(ask: Ask) -> list[Event]:
    """Seats without a phone, for which the trainer enters everything."""
    if ask.room.phase != "lobby":
        raise Refused("only-before-the-start")
    count = whole(ask.move, "count", low=1, high=MOST_SEATS)
    if len(ask.room.seats) + count > MOST_SEATS:
        raise Refused("room-full", "count", most=MOST_SEATS)
    taken = {seat.name for seat in ask.room.seats.values()}
    events = []
    for k in range(count):
        name = given_name(taken, ask.rng)
        taken.add(name)
        seat = f"s{len(ask.room.seats) + 1 + k}"
        events.append(ask.event("joined", seat=seat, name=name, role="player", device=None))
    return events


def enter_period(ask: Ask) -> list[Event]:
    """A pair's period in one form: the package, both efforts, both answers, as far as they are still missing."""
    if ask.room.phase != "play":
        raise Refused("not-now")
    course = Course(ask.room, pair_of(ask), ask.rng, ask.now)
    pair = course.pair
    if pair.mode == "type" or pair.has_agent:
        raise Refused("only-pairs-that-talk", "pair")
    if pair.step == CONFIRM:
        course.do("taken-back", side=pair.entry.side if pair.entry else "vendor")
    if pair.step == TALK:
        _enter_talks(course, ask.move)
    for side in SIDES:
        own = {"effort": ask.move.get(f"{side}_effort"), "invest": ask.move.get(f"{side}_invest")}
        if pair.step == CHOOSE:
            count = len(course.numbers.postures[side])
            course.do("posture", side=side, posture=whole(ask.move, f"{side}_posture", low=0, high=count - 1))
        if pair.step == DELIVER and pair.chairs[side].effort is None:
            try:
                deliver(course, side, own)
            except Refused as refused:
                raise Refused(refused.key, f"{side}_{refused.field}", **refused.values) from None
    for side in SIDES:
        if pair.step == REVIEW:
            sent = ask.move.get(f"{side}_again")
            again = None if sent in (None, "") else whole(ask.move, f"{side}_again", low=1, high=7)
            course.answer(side, again, flag(ask.move, f"{side}_stays", absent=True))
    return course.events


def _enter_talks(course: Course, move: Mapping[str, Any]) -> None:
    data: dict[str, Any] = {"side": "vendor", "options": None, "first_offer": None, "first_offer_by": None}
    if flag(move, "agreed", absent=True):
        data["options"] = package(course, move, "options")
        by = one_of(move, "first_offer_by", SIDES) if move.get("first_offer_by") else None
        data["first_offer"], data["first_offer_by"] = first_offer(course, move, by)
    course.do("entered", **data)
    course.do("confirmed", side="client")


def reveal(ask: Ask) -> list[Event]:
    """Show a step of the debrief on the wall."""
    if ask.room.phase != "debrief":
        raise Refused("not-now")
    return [ask.event("revealed", step=one_of(ask.move, "step", ask.room.revealable()))]


def names(ask: Ask) -> list[Event]:
    """Whether names are shown on the wall."""
    return [ask.event("names", shown=flag(ask.move, "shown"))]


TRAINER_MOVES: dict[str, Callable[[Ask], list[Event]]] = {
    "advance": advance,
    "plan": plan,
    "expect": expect,
    "deadline": deadline,
    "close": close,
    "seat-agent": seat_agent,
    "seat-person": seat_person,
    "remove": remove,
    "filler": filler,
    "add-seats": add_seats,
    "enter-period": enter_period,
    "reveal": reveal,
    "names": names,
}
