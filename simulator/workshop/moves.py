"""What seats, the trainer and the clock may do: a move is checked against the room and becomes events, or is refused.

A move is a mapping with a ``kind``; everything in it may come from a form and is hostile. Nothing changes when a move
is refused. Moves of a seat (the trainer may make any of them for a seat by adding ``"seat"``: one-laptop mode)::

    rename        name                                   lobby on
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
    observe       pair, marks = {item: 0..99}, note

``options`` are option numbers in issue order, ``[3, 0, 1]`` (or digits as text). A move may carry ``key``: the
`step_key` of the page it was made on; one that is no longer asked is refused as stale.

The device of a move is given to `decide` beside it; only the driver's acts, the others take over first::

    take-over                                            this device drives from now on

Anybody: ``join`` (actor `NEW`): name, role = "player" | "observer", device; ``join-team`` (actor: the seat): device.
The trainer::

    advance       to = key of `NextStep`, force          the next step; force closes what is still open
    plan          changes to the plan                    lobby
    expect        count
    deadline      minutes | off, hard
    close         pair | nothing for all                 ends open talks without agreement, fills missing answers
    seat-agent    seat, agent                            an agent plays for it from now on
    seat-person   seat                                   back to the person
    remove        seat                                   left for good: an agent finishes its period
    add-seats     count                                  seats without a phone (one laptop)
    enter-period  pair, options | agreed = false | postures, first_offer, first_offer_by = side, vendor_effort,
                  client_effort, vendor_invest, vendor_again, client_again, vendor_stays, client_stays
    reveal        step
    names         shown

The clock: ``tick`` (deadlines), ``agent`` (pair, side: an agent's turn; `automatic.pending` lists them).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from simulator.workshop.events import Event
    from simulator.workshop.room import Room

__all__ = ["CLOCK", "NEW", "TRAINER", "Refused", "decide"]

TRAINER, CLOCK, NEW = "trainer", "clock", "new"


class Refused(Exception):
    """A move that is not allowed now; nothing changed.

    Attributes
    ----------
    key : str
        Key of a sentence in the catalogue of messages, below "refused".
    field : str or None
        The field of the form that it concerns.
    values : dict
        For the placeholders of the sentence.
    """

    def __init__(self, key: str, field: str | None = None, **values: Any) -> None:
        self.key, self.field, self.values = key, field, values
        super().__init__(key)


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
    """
    raise NotImplementedError
