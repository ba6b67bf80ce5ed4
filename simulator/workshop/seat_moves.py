"""Moves of people beside their pair: joining, preparing, bidding, betting, observing, devices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulator.workshop.matching import award, late_comer
from simulator.workshop.names import given_name, unique
from simulator.workshop.refusal import Refused, needed, number, one_of, text, whole
from simulator.workshop.seat_view import bid_limit

if TYPE_CHECKING:
    from simulator.workshop.asking import Ask
    from simulator.workshop.events import Event
    from simulator.workshop.seats import Group, Seat

__all__ = ["LONGEST_NAME", "LONGEST_NOTE", "MOST_SEATS", "awarding", "join"]

LONGEST_NAME, LONGEST_NOTE = 40, 500
MOST_SEATS, MOST_DEVICES = 1000, 20
FORM = ("outside", "target", "first_offer", "guess")


def device_of(ask: Ask) -> str | None:
    """The device from which somebody comes, as the server named it."""
    value = ask.device if ask.device is not None else ask.move.get("device")
    if value is None:
        return None
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", value):
        raise Refused("unknown-device", "device")
    return value


def join(ask: Ask) -> list[Event]:
    """Somebody comes in, at whatever time."""
    if ask.room.phase == "closed":
        raise Refused("closed")
    if len(ask.room.seats) >= MOST_SEATS:
        raise Refused("room-full", most=MOST_SEATS)
    role = one_of(ask.move, "role", ("player", "observer")) if ask.sent("role") else "player"
    taken = {seat.name for seat in ask.room.seats.values()}
    wished = text(ask.move, "name", most=LONGEST_NAME)
    name = unique(wished, taken) if wished else given_name(taken, ask.rng)
    seat = f"s{len(ask.room.seats) + 1}"
    events = [ask.event("joined", seat=seat, name=name, role=role, device=device_of(ask))]
    if role == "player":
        place = late_comer(ask.room, seat, ask.rng)
        if place is not None:
            events.append(ask.event(place[0], **place[1]))
    return events


def join_team(ask: Ask, seat: Seat) -> list[Event]:
    """One more device for a seat; the first one drives."""
    device = device_of(ask)
    if device is None:
        raise Refused("unknown-device", "device")
    if device in seat.devices:
        return []
    if len(seat.devices) >= MOST_DEVICES:
        raise Refused("team-full", most=MOST_DEVICES)
    return [ask.event("device-joined", seat=seat.id, device=device)]


def take_over(ask: Ask, seat: Seat) -> list[Event]:
    """Another device of the seat drives from now on."""
    if ask.device not in seat.devices:
        raise Refused("unknown-device", "device")
    return [] if ask.device == seat.driver else [ask.event("driver", seat=seat.id, device=ask.device)]


def come_back(ask: Ask, seat: Seat) -> list[Event]:
    """A person takes the seat back from the agent that filled it."""
    return [ask.event("returned", seat=seat.id)] if seat.status == "agent" else []


def rename(ask: Ask, seat: Seat) -> list[Event]:
    """Another shown name."""
    wished = text(ask.move, "name", most=LONGEST_NAME)
    if not wished:
        raise Refused("missing", "name")
    name = unique(wished, {other.name for other in ask.room.seats.values() if other is not seat})
    return [] if name == seat.name else [ask.event("renamed", seat=seat.id, name=name)]


def prepare(ask: Ask, seat: Seat) -> list[Event]:
    """The form before the talks; any field may stay empty, and it can be sent again."""
    form = {field: number(ask.move, field, empty=True) for field in FORM}
    return [ask.event("prepared", seat=seat.id, side=seat.side, form=form)]


def bid(ask: Ask, seat: Seat) -> list[Event]:
    """A bid in the contest; the last one brings the award."""
    group = ask.room.group_of(seat)
    if group is None:
        raise Refused("not-now")
    amount = needed(ask.move, "bid", low=0.0, high=bid_limit(ask.room))
    own = next(k for k, bidder in enumerate(group.bidders) if bidder.seat == seat.id)
    return bidding(ask, group, own, amount)


def bidding(ask: Ask, group: Group, own: int, amount: float) -> list[Event]:
    """A bid, and the award when it was the last one."""
    events = [ask.event("bid", group=group.number, bidder=own, bid=amount)]
    bids = [amount if k == own else bidder.bid for k, bidder in enumerate(group.bidders)]
    if None not in bids:
        events.append(awarding(ask, group, [b or 0.0 for b in bids]))
    return events


def awarding(ask: Ask, group: Group, bids: list[float]) -> Event:
    """The end of a contest."""
    winner, chances = award(bids, ask.room.plan.contest, ask.rng)
    return ask.event("awarded", group=group.number, winner=winner, chances=chances)


def go_on(ask: Ask, seat: Seat) -> list[Event]:
    """A loser of the contest advises the winner, or plays an agent."""
    way = one_of(ask.move, "as", ("agent", "adviser"))
    group = ask.room.group_of(seat)
    winner = None if group is None or group.winner is None else group.bidders[group.winner].seat
    if way == "adviser" and winner is None:
        raise Refused("no-one-to-advise", "as")
    return [ask.event("loser-goes-on", seat=seat.id, way=way, advises=winner if way == "adviser" else None)]


def bet(ask: Ask, seat: Seat) -> list[Event]:
    """Answers to the questions before a reveal; those left empty are not counted."""
    sent = ask.move.get("answers")
    if not isinstance(sent, Mapping):
        raise Refused("missing", "answers")
    answers = {}
    for key, (low, high) in ask.room.questions.items():
        found = number(sent, key, low=low, high=high, empty=True)
        if found is not None:
            answers[key] = found
    return [ask.event("bet", seat=seat.id, answers=answers)]


def _to_watch(ask: Ask) -> int | None:
    """The pair of this round that an observer means; None: the room as a whole."""
    pair = None if not ask.sent("pair") else whole(ask.move, "pair", low=1, high=1_000_000)
    if pair is not None and not (pair in ask.room.pairs and ask.room.pairs[pair].round == ask.room.round):
        raise Refused("no-such-pair", "pair")
    return pair


def watch(ask: Ask, seat: Seat) -> list[Event]:
    """An observer turns to a pair: its notes of that pair are open from now on."""
    pair = _to_watch(ask)
    return [] if seat.watched == (ask.room.round, pair) else [ask.event("watched", seat=seat.id, pair=pair)]


def observe(ask: Ask, seat: Seat) -> list[Event]:
    """What an observer noted of a pair; what it did not see is left out."""
    pair = _to_watch(ask)
    sent = ask.move.get("marks") or {}
    if not isinstance(sent, Mapping):
        raise Refused("unknown-choice", "marks")
    counts = {key: whole(sent, key, low=0, high=99) for key in ask.room.checklist if sent.get(key) not in (None, "")}
    marks = {key: count for key, count in counts.items() if count > 0}
    note = text(ask.move, "note", most=LONGEST_NOTE)
    return [ask.event("observed", seat=seat.id, pair=pair, marks=marks, note=note)]
