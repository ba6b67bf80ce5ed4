"""The trainer's next step: from phase to phase and period to period, and what it closes on the way."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.workshop import matching
from simulator.workshop.course import Course
from simulator.workshop.plan import COMPETING, PREDICTING, PREPARING
from simulator.workshop.refusal import Refused, flag, one_of
from simulator.workshop.seat_moves import awarding
from simulator.workshop.steps import agenda, stage_key

if TYPE_CHECKING:
    from simulator.workshop.asking import Ask
    from simulator.workshop.events import Event
    from simulator.workshop.pairs import Pair
    from simulator.workshop.seats import Group

__all__ = ["advance", "closed_pairs", "open_awards"]


def advance(ask: Ask) -> list[Event]:
    """The next step; what it would cut short needs `force`."""
    ways = {way.key: way for way in agenda(ask.room)}
    to = one_of(ask.move, "to", tuple(ways)) if ways else None
    if to is None:
        raise Refused("closed")
    if ask.sent("from") and ask.move["from"] != stage_key(ask.room):
        raise Refused("stale")
    if ask.room.phase == "lobby" and not any(seat.status == "here" for seat in ask.room.players()):
        raise Refused("nobody-here")
    if ways[to].confirm and not flag(ask.move, "force", absent=False):
        raise Refused("still-open", count=len(ways[to].waiting))
    return _WAYS[to](ask)


def _moved(ask: Ask, phase: str, *, minutes: float | None = None, round_: int = 0, period: int = 0) -> Event:
    deadline = None if minutes is None else ask.now + 60 * minutes
    return ask.event("moved", phase=phase, round=round_ or ask.room.round, period=period, deadline=deadline)


def _start(ask: Ask) -> list[Event]:
    moved = _moved(ask, "prepare", minutes=PREPARING)
    if ask.room.plan.compete:
        return [moved, ask.event("grouped", groups=matching.contests(ask.room, ask.rng))]
    here = [seat for seat in ask.room.players() if seat.status == "here"]
    return [moved, ask.event("paired", pairs=matching.match(ask.room, here, ask.rng, sides={}, begun=0))]


def _compete(ask: Ask) -> list[Event]:
    events = [_moved(ask, "compete", minutes=COMPETING)]
    for group in ask.room.groups:  # a contest among agents alone is over at once
        if all(bidder.bid is not None for bidder in group.bidders):
            events.append(awarding(ask, group, [bidder.bid or 0.0 for bidder in group.bidders]))
    return events


def open_awards(ask: Ask) -> tuple[list[Event], list[Group]]:
    """Close the contests: a missing bid is none. The events, and the groups as they then stand."""
    events, groups = [], []
    for group in ask.room.groups:
        closed = copy.copy(group)
        if group.winner is None:
            for k, bidder in enumerate(group.bidders):
                if bidder.bid is None:
                    events.append(ask.event("bid", group=group.number, bidder=k, bid=0.0))
            event = awarding(ask, group, [bidder.bid or 0.0 for bidder in group.bidders])
            closed.winner = event.data["winner"]
            events.append(event)
        groups.append(closed)
    return events, groups


def _play(ask: Ask) -> list[Event]:
    events: list[Event] = []
    if ask.room.phase == "compete":
        events, groups = open_awards(ask)
        events.append(ask.event("paired", pairs=matching.after_contests(ask.room, groups, ask.rng)))
    return [*events, _moved(ask, "play", minutes=ask.room.plan.minutes)]


def closed_pairs(ask: Ask) -> tuple[list[Event], list[Pair]]:
    """Close whatever is open in this period; the events, and this round's pairs as they then stand."""
    events, pairs = [], []
    for pair in ask.room.of_round():
        if pair.in_period and ask.room.phase == "play":
            course = Course(ask.room, pair, ask.rng, ask.now)
            course.finish()
            events += course.events
            pair = course.pair
        pairs.append(pair)
    return events, pairs


def _next_period(ask: Ask) -> list[Event]:
    events, pairs = closed_pairs(ask)
    apart, made = matching.rematched(ask.room, pairs, ask.rng)
    if apart:
        events.append(ask.event("unpaired", pairs=apart))
    if made:
        events.append(ask.event("paired", pairs=made))
    return [*events, _moved(ask, "play", minutes=ask.room.plan.minutes, period=ask.room.period + 1)]


def _predict(ask: Ask) -> list[Event]:
    events, _ = closed_pairs(ask)
    return [*events, _moved(ask, "predict", minutes=PREDICTING, period=ask.room.period)]


def _debrief(ask: Ask) -> list[Event]:
    events, _ = closed_pairs(ask)
    return [*events, _moved(ask, "debrief", period=ask.room.period)]


def _reveal(ask: Ask) -> list[Event]:
    hidden = [step for step in ask.room.revealable() if step not in ask.room.revealed]
    return [ask.event("revealed", step=hidden[0])]


def _second_round(ask: Ask) -> list[Event]:
    moved = _moved(ask, "prepare", minutes=PREPARING, round_=2)
    return [moved, ask.event("paired", pairs=matching.swapped(ask.room, ask.rng))]


def _close(ask: Ask) -> list[Event]:
    return [_moved(ask, "closed", period=ask.room.period)]


_WAYS: dict[str, Callable[[Ask], list[Event]]] = {
    "start": _start,
    "compete": _compete,
    "play": _play,
    "next-period": _next_period,
    "predict": _predict,
    "debrief": _debrief,
    "reveal": _reveal,
    "second-round": _second_round,
    "close": _close,
}
