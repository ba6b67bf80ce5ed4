"""Moves of a side within its pair: talk or type, choose, deliver, answer, renew or leave."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from simulator.workshop.refusal import Refused, flag, listed, needed, one_of, whole
from simulator.workshop.seat_view import INVEST

if TYPE_CHECKING:
    from simulator.workshop.course import Course

__all__ = ["PAIR_MOVES", "package"]

Data = Mapping[str, Any]


def package(course: Course, move: Data, field: str) -> list[int]:
    """A package of this scenario."""
    numbers = course.numbers
    return listed(move, field, numbers.shape, [issue.name for issue in numbers.scenario.issue])


def first_offer(course: Course, move: Data, by: str | None) -> tuple[list[int] | None, str | None]:
    """The first offer of people who talked, and who made it, as far as they say."""
    sent = move.get("first_offer")
    if sent is None or sent == "" or (isinstance(sent, list | tuple) and all(entry in (None, "") for entry in sent)):
        return None, None
    return package(course, move, "first_offer"), by


def enter(course: Course, side: str, move: Data) -> None:
    """What two people agreed aloud, or that they did not."""
    if not flag(move, "agreed", absent=True):
        course.do("entered", side=side, options=None, first_offer=None, first_offer_by=None)
        return
    options = package(course, move, "options")
    mine = one_of(move, "first_offer_by", ("me", "other")) if move.get("first_offer_by") else "me"
    partner = "client" if side == "vendor" else "vendor"
    first, by = first_offer(course, move, side if mine == "me" else partner)
    course.do("entered", side=side, options=options, first_offer=first, first_offer_by=by)


def take_back(course: Course, side: str, _: Data) -> None:
    """The own entry is withdrawn before it is confirmed."""
    course.do("taken-back", side=side)


def confirm(course: Course, side: str, move: Data) -> None:
    """The other's entry is right, or is not."""
    course.do("confirmed" if flag(move, "agrees") else "disputed", side=side)


def offer(course: Course, side: str, move: Data) -> None:
    """An offer, or a counter to the one that stands."""
    course.do("offered", side=side, options=package(course, move, "options"))


def accept(course: Course, side: str, move: Data) -> None:
    """The standing offer is taken; the move names it, so that a newer one is never accepted by mistake."""
    talks = course.pair.talks
    if talks is None or talks.standing is None:
        raise Refused("nothing-to-accept")
    if whole(move, "offer", low=0, high=10**9) != len(talks.made):
        raise Refused("stale-offer", "offer")
    course.do("accepted", side=side)


def stop(course: Course, side: str, _: Data) -> None:
    """The talks end without agreement."""
    course.do("walked-away", side=side)


def choose(course: Course, side: str, move: Data) -> None:
    """A posture, where the scenario gives its payoffs directly."""
    count = len(course.numbers.postures[side])
    course.do("posture", side=side, posture=whole(move, "posture", low=0, high=count - 1))


def deliver(course: Course, side: str, move: Data) -> None:
    """Effort, and for a vendor that decides it, the share of its surplus that it puts back."""
    effort = needed(move, "effort", low=0.0, high=1.0)
    if effort not in course.numbers.efforts(side):
        raise Refused("unknown-choice", "effort")
    invest = 0.0
    if course.pair.asks_invest(side, course.numbers) and move.get("invest") not in (None, ""):
        invest = needed(move, "invest", low=0.0, high=1.0)
        if invest not in INVEST:
            raise Refused("unknown-choice", "invest")
    course.do("delivering", side=side, effort=effort, invest=invest)


def again(course: Course, side: str, move: Data) -> None:
    """The thumb question, which may be left out."""
    sent = move.get("answer")
    course.do("again", side=side, answer=None if sent in (None, "") else whole(move, "answer", low=1, high=7))


def renew(course: Course, side: str, move: Data) -> None:
    """Renew or leave."""
    course.do("renewing", side=side, stays=flag(move, "stays"))


# Kind of move: the steps in which it is allowed, and what it does.
PAIR_MOVES: dict[str, tuple[tuple[str, ...], Callable[[Course, str, Data], None]]] = {
    "enter": (("talk",), enter),
    "take-back": (("confirm-wait",), take_back),
    "confirm": (("confirm",), confirm),
    "offer": (("offer",), offer),
    "accept": (("offer",), accept),
    "stop": (("offer",), stop),
    "choose": (("choose",), choose),
    "deliver": (("deliver",), deliver),
    "again": (("result",), again),
    "renew": (("renew",), renew),
}
