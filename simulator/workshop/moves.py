"""What seats, the trainer and the clock may do: a move is checked against the room and becomes events, or is refused.

A move is a mapping with a ``kind``; everything in it may come from a form and is hostile. Nothing changes when a move
is refused. Moves of a seat (the trainer may make any of them for a seat by adding ``"seat"``: one-laptop mode)::

    rename        name                                   any time
    return                                               takes the seat back from an agent
    prepare       outside, target, first_offer, guess    each a number or nothing
    bid           bid                                    a bidder
    go-on         as = "agent" | "adviser"               who lost the contest
    enter         options | agreed = false, first_offer (options), first_offer_by = "me" | "other"    talk mode
    take-back                                            the own entry
    confirm       agrees = true | false                  the other's entry
    offer         options                                type mode: offer or counter
    accept        offer = number                         the offer that stands
    stop                                                 type mode: no agreement
    choose        posture = number                       payoffs given directly
    deliver       effort, invest (share)                 invest only where the view asks for it
    again         answer = 1..7 or nothing               the thumb question
    renew         stays = true | false
    bet           answers = {question: number}
    watch         pair or nothing (the whole room)       an observer opens its notes of that pair
    observe       pair or nothing, marks = {item: 0..99}, note     the last ones of a pair count

``options`` are option numbers in issue order, ``[3, 0, 1]`` (or digits as text). A move may carry ``key``: the
`step_key` of the page it was made on; one that is no longer asked is refused as stale.

The device of a move is given to `decide` beside it; only the driver's acts, the others take over first::

    take-over                                            this device drives from now on

Anybody: ``join`` (actor `NEW`): name, role = "player" | "observer", device; ``join-team`` (actor: the seat): device.
The trainer::

    advance       to = key of `NextStep`, from, force    the next step; force closes what is still open
    plan          changes to the plan                    lobby
    expect        count
    deadline      minutes | off, hard
    close         pair | nothing for all                 ends open talks without agreement, fills missing answers
    seat-agent    seat, agent (or nothing: the filler)   an agent plays for it from now on
    seat-person   seat                                   back to the person
    remove        seat                                   left for good: an agent finishes its period
    add-seats     count                                  seats without a phone (one laptop)
    enter-period  pair, options | agreed = false | postures, first_offer, first_offer_by = side, vendor_effort,
                  client_effort, vendor_invest, vendor_again, client_again, vendor_stays, client_stays
    filler        agent                                  that fills empty chairs
    reveal        step
    names         shown

The clock: ``tick`` (deadlines), ``agent`` (an agent's turn; `automatic.pending` lists them).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from simulator.workshop import seat_moves
from simulator.workshop.asking import Ask
from simulator.workshop.clock_moves import agent_turn, tick
from simulator.workshop.course import Course
from simulator.workshop.pair_moves import PAIR_MOVES
from simulator.workshop.refusal import Refused
from simulator.workshop.steps import identity, step_of
from simulator.workshop.trainer_moves import TRAINER_MOVES

if TYPE_CHECKING:
    import numpy as np

    from simulator.workshop.events import Event
    from simulator.workshop.room import Room
    from simulator.workshop.seats import Seat

__all__ = ["CLOCK", "NEW", "TRAINER", "Refused", "decide"]

TRAINER, CLOCK, NEW = "trainer", "clock", "new"

# Moves of a seat beside its pair: the steps in which they are allowed, and what they do.
_SEAT_MOVES_AT: dict[str, tuple[tuple[str, ...], Callable[[Ask, Seat], list[Event]]]] = {
    "prepare": (("prepare",), seat_moves.prepare),
    "bid": (("bid",), seat_moves.bid),
    "go-on": (("lost",), seat_moves.go_on),
    "bet": (("predict", "predict-wait"), seat_moves.bet),
    "watch": (("observe",), seat_moves.watch),
    "observe": (("observe",), seat_moves.observe),
}
_DEVICES = ("join-team", "take-over")  # allowed to a device that does not drive
_SEAT_MOVES = frozenset((*_DEVICES, "rename", "return", *_SEAT_MOVES_AT, *PAIR_MOVES))


def decide(
    room: Room, actor: str, move: Mapping[str, Any], rng: np.random.Generator, now: float, *, device: str | None = None
) -> list[Event]:
    """The events that a move leads to; apply them with `Room.apply` in order.

    Parameters
    ----------
    room : Room
        The workshop; not changed.
    actor : str
        A seat, or `TRAINER`, `CLOCK`, `NEW`.
    move : mapping
        See the module's text.
    rng : Generator
        For everything that is drawn.
    now : float
        Unix time.
    device : str, optional
        The device a seat's move comes from; None: its driver.

    Raises
    ------
    Refused
        When the move is not allowed.

    Examples
    --------
    >>> import numpy as np
    >>> import simulator as ns
    >>> from simulator.workshop.room import Room
    >>> room = Room.new(ns.load_scenario("saas-renewal"))
    >>> for event in decide(room, NEW, {"kind": "join", "name": "Ann"}, np.random.default_rng(0), 0.0):
    ...     room.apply(event)
    >>> room.view("s1").name
    'Ann'
    """
    if not isinstance(move, Mapping) or not isinstance(move.get("kind"), str):
        raise Refused("unknown-move")
    kind = move["kind"]
    ask = Ask(room, move, rng, now, device)
    if actor == NEW:
        if kind != "join":
            raise Refused("unknown-move")
        return seat_moves.join(ask)
    if actor == CLOCK:
        if kind not in ("tick", "agent"):
            raise Refused("unknown-move")
        return tick(ask) if kind == "tick" else agent_turn(ask)
    if actor == TRAINER and kind in TRAINER_MOVES:
        return TRAINER_MOVES[kind](ask)
    if kind not in _SEAT_MOVES:
        raise Refused("unknown-move")
    name = move.get("seat") if actor == TRAINER else actor
    if not isinstance(name, str) or name not in room.seats:
        raise Refused("no-such-seat", "seat" if actor == TRAINER else None)
    return _by_seat(ask, room.seats[name])


def _by_seat(ask: Ask, seat: Seat) -> list[Event]:
    """A move of a seat, once it is known that it may act at all."""
    room, kind = ask.room, ask.move["kind"]
    if seat.status == "gone" or (room.phase == "closed" and kind not in _DEVICES):
        raise Refused("closed")
    if kind == "join-team":
        return seat_moves.join_team(ask, seat)
    if kind == "take-over":
        return seat_moves.take_over(ask, seat)
    if ask.device is not None and ask.device != seat.driver:
        raise Refused("not-driver")
    if kind == "rename":
        return seat_moves.rename(ask, seat)
    if kind == "return":
        return seat_moves.come_back(ask, seat)
    step, _ = step_of(room, seat)
    if seat.role == "adviser" and kind in PAIR_MOVES:
        raise Refused("advises")
    if ask.sent("key") and ask.move["key"] != identity(room, seat, step):
        raise Refused("stale")
    if seat.status == "agent" and kind != "bet":
        raise Refused("replaced")
    if kind in PAIR_MOVES:
        return _in_pair(ask, seat, step)
    steps, act = _SEAT_MOVES_AT[kind]
    if step not in steps or (seat.role == "adviser" and kind not in ("bet", "watch", "observe")):
        raise Refused("not-now")
    return act(ask, seat)


def _in_pair(ask: Ask, seat: Seat, step: str) -> list[Event]:
    steps, act = PAIR_MOVES[ask.move["kind"]]
    pair = ask.room.pair_of(seat)
    if ask.room.phase != "play" or pair is None or step not in steps:
        raise Refused("not-now")
    course = Course(ask.room, pair, ask.rng, ask.now)
    act(course, pair.side_of(seat.id), ask.move)
    return course.events
