"""What happens without anybody's hand: hard deadlines, and the turns of agents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simulator.workshop import matching
from simulator.workshop.advancing import closed_pairs, open_awards
from simulator.workshop.course import Course
from simulator.workshop.pairs import SIDES
from simulator.workshop.refusal import Refused, one_of, whole
from simulator.workshop.seat_moves import bidding
from simulator.workshop.trainer_moves import pair_of

if TYPE_CHECKING:
    from simulator.workshop.asking import Ask
    from simulator.workshop.events import Event

__all__ = ["agent_turn", "tick"]


def tick(ask: Ask) -> list[Event]:
    """A hard deadline that has passed closes what is open; a soft one does nothing."""
    if not ask.room.hard or ask.room.deadline is None or ask.now < ask.room.deadline:
        return []
    if ask.room.phase == "compete":
        return open_awards(ask)[0]
    return closed_pairs(ask)[0] if ask.room.phase == "play" else []


def agent_turn(ask: Ask) -> list[Event]:
    """An agent does what is its turn: in a pair, or in a contest for a seat that it fills."""
    if ask.sent("group"):
        return _agent_bid(ask)
    if ask.room.phase != "play":
        raise Refused("not-now")
    pair, side = pair_of(ask), one_of(ask.move, "side", SIDES)
    if pair.chairs[side].agent is None:
        raise Refused("not-now")
    course = Course(ask.room, pair, ask.rng, ask.now)
    course.agent_acts(side)
    if all(chair.agent is not None for chair in pair.chairs.values()):
        while course.pair.in_period:  # two agents keep nobody waiting
            course.agent_acts(course.pair.turn_of()[0])
    return course.events


def _agent_bid(ask: Ask) -> list[Event]:
    number = whole(ask.move, "group", low=1, high=10**9)
    if ask.room.phase != "compete" or number > len(ask.room.groups) or ask.room.groups[number - 1].winner is not None:
        raise Refused("not-now")
    group = ask.room.groups[number - 1]
    own = whole(ask.move, "bidder", low=0, high=len(group.bidders) - 1)
    seat = group.bidders[own].seat
    if group.bidders[own].bid is not None or seat is None or ask.room.seats[seat].status == "here":
        raise Refused("not-now")
    return bidding(ask, group, own, matching.fair_bid(ask.room, ask.rng))
