"""How each event of the log changes the room; events of one pair move that pair on by themselves."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING

from simulator.workshop.pairs import CONFIRM, ENDED, TALK, Chair, Pair
from simulator.workshop.seats import Bidder, Group, Notes, Seat

if TYPE_CHECKING:
    from simulator.workshop.events import Event
    from simulator.workshop.room import Room

__all__ = ["HANDLERS"]

COUNTED = 40  # people up to which everybody in the lobby is told of each newcomer; beyond it the wall tells them


def _planned(room: Room, event: Event) -> None:
    room.plan = dataclasses.replace(room.plan, **event.data["changes"])
    room.touch_all()


def _expected(room: Room, event: Event) -> None:
    room.expected = event.data["count"]


def _filler(room: Room, event: Event) -> None:
    room.filler = event.data["agent"]


def _joined(room: Room, event: Event) -> None:
    device = event.data["device"]
    seat = Seat(
        event.data["seat"], event.data["name"], event.data["role"], event.at, [device] if device else [], device
    )
    room.seats[seat.id] = seat
    room.touch(seat.id)
    if room.phase == "lobby" and len(room.seats) <= COUNTED:
        room.touch_all()


def _device_joined(room: Room, event: Event) -> None:
    seat = room.seats[event.data["seat"]]
    seat.devices.append(event.data["device"])
    seat.driver = seat.driver or event.data["device"]
    room.touch(seat.id)


def _driver(room: Room, event: Event) -> None:
    room.seats[event.data["seat"]].driver = event.data["device"]
    room.touch(event.data["seat"])


def _renamed(room: Room, event: Event) -> None:
    seat = room.seats[event.data["seat"]]
    seat.name = event.data["name"]
    pair = room.pair_of(seat)
    room.touch(seat.id, *(pair.seats if pair is not None else ()))


def _replaced(room: Room, event: Event) -> None:
    seat = room.seats[event.data["seat"]]
    seat.status, seat.agent = "agent", event.data["agent"]
    _hand_over(room, seat, event.data["agent"], event.at)


def _removed(room: Room, event: Event) -> None:
    seat = room.seats[event.data["seat"]]
    seat.status, seat.agent = "gone", event.data["agent"]
    _hand_over(room, seat, event.data["agent"], event.at)


def _hand_over(room: Room, seat: Seat, agent: str, at: float) -> None:
    pair = room.pair_of(seat)
    room.touch(seat.id, *(pair.seats if pair is not None else ()))
    if pair is None or not pair.alive:
        return
    chair = pair.chairs[pair.side_of(seat.id)]
    chair.agent = chair.ever = agent
    room.staff(pair)
    pair.moved_at = at
    if pair.mode == "talk" and pair.step in (TALK, CONFIRM):
        pair.begin_talks(room.numbers, "type")


def _returned(room: Room, event: Event) -> None:
    seat = room.seats[event.data["seat"]]
    seat.status, seat.agent = "here", None
    pair = room.pair_of(seat)
    room.touch(seat.id, *(pair.seats if pair is not None else ()))
    if pair is not None and pair.alive:
        pair.chairs[pair.side_of(seat.id)].agent = None
        room.staff(pair)


def _names(room: Room, event: Event) -> None:
    room.names_shown = event.data["shown"]


def _deadline(room: Room, event: Event) -> None:
    room.deadline, room.hard = event.data["at"], event.data["hard"]
    room.touch_all()


def _moved(room: Room, event: Event) -> None:
    if event.data["round"] != room.round:
        room.revealed, room.advised, room.staffed = [], False, set()
        for seat in room.seats.values():
            seat.pair = seat.group = seat.side = seat.choice = seat.advises = seat.watched = None
            if seat.role == "adviser":
                seat.role = "player"
    elif room.phase == "debrief" and event.data["phase"] not in ("debrief", "closed"):
        room.revealed = []
    room.phase, room.round, room.period = event.data["phase"], event.data["round"], event.data["period"]
    room.phase_at, room.deadline = event.at, event.data["deadline"]
    if room.phase == "play":
        room.played[room.round] = room.period + 1
        asks = room.asks_stay()
        for pair in room.of_round():
            if pair.alive:
                pair.open_period(room.period, room.numbers, mode=room.mode_of(pair), asks_stay=asks, at=event.at)
    room.touch_all()


def _grouped(room: Room, event: Event) -> None:
    for item in event.data["groups"]:
        bidders = [Bidder(b["seat"], b["name"], b["bid"]) for b in item["bidders"]]
        group = Group(item["number"], item["client"], bidders)
        room.groups.append(group)
        for bidder in bidders:
            if bidder.seat is not None:
                room.seats[bidder.seat].side, room.seats[bidder.seat].group = "vendor", group.number
        if group.client is not None:
            room.seats[group.client].side, room.seats[group.client].group = "client", group.number
    room.touch_all()


def _paired(room: Room, event: Event) -> None:
    for item in event.data["pairs"]:
        chairs = {
            side: Chair(item[side], item[f"{side}_agent"], item[f"{side}_agent"]) for side in ("vendor", "client")
        }
        pair = Pair(item["number"], room.round, item["begun"], chairs, moved_at=event.at)
        room.pairs[pair.number] = pair
        room.staff(pair)
        for side, chair in chairs.items():
            if chair.seat is not None:
                seat = room.seats[chair.seat]
                seat.side, seat.pair = side, pair.number
                seat.pairs.append(pair.number)
        room.touch(*pair.seats)


def _unpaired(room: Room, event: Event) -> None:
    for number in event.data["pairs"]:
        pair = room.pairs[number]
        pair.step, pair.reason = ENDED, pair.reason or "horizon"
        room.staff(pair)
        for name in pair.seats:
            if room.seats[name].pair == number:
                room.seats[name].pair = None
        room.touch(*pair.seats)


def _joined_pair(room: Room, event: Event) -> None:
    """Somebody who joined late takes an agent's chair in a pair that has not begun."""
    pair, side, seat = room.pairs[event.data["pair"]], event.data["side"], room.seats[event.data["seat"]]
    pair.chairs[side] = Chair(seat.id)
    room.staff(pair)
    seat.side, seat.pair = side, pair.number
    seat.pairs.append(pair.number)
    room.touch(*pair.seats)


def _prepared(room: Room, event: Event) -> None:
    room.seats[event.data["seat"]].forms[room.round] = dict(event.data["form"]) | {"side": event.data["side"]}
    room.seats[event.data["seat"]].sent += 1
    room.touch(event.data["seat"])


def _bid(room: Room, event: Event) -> None:
    bidder = room.groups[event.data["group"] - 1].bidders[event.data["bidder"]]
    bidder.bid = event.data["bid"]
    room.touch(bidder.seat)


def _awarded(room: Room, event: Event) -> None:
    group = room.groups[event.data["group"] - 1]
    group.winner, group.chances = event.data["winner"], tuple(event.data["chances"])
    room.touch(group.client, *(bidder.seat for bidder in group.bidders))


def _loser_goes_on(room: Room, event: Event) -> None:
    seat = room.seats[event.data["seat"]]
    room.advised = room.advised or event.data["advises"] is not None
    seat.choice, seat.advises = event.data["way"], event.data["advises"]
    seat.role = "adviser" if event.data["way"] == "adviser" else "player"
    room.touch(seat.id)


def _bet(room: Room, event: Event) -> None:
    room.bets[room.round, event.data["seat"]] = dict(event.data["answers"])
    room.seats[event.data["seat"]].sent += 1
    room.touch(event.data["seat"])


def _revealed(room: Room, event: Event) -> None:
    if event.data["step"] in room.revealed:  # shown once more: it is the one on the wall now
        room.revealed.remove(event.data["step"])
    room.revealed.append(event.data["step"])
    room.touch_all()


def _watched(room: Room, event: Event) -> None:
    room.seats[event.data["seat"]].watched = room.round, event.data["pair"]
    room.touch(event.data["seat"])


def _observed(room: Room, event: Event) -> None:
    seat = room.seats[event.data["seat"]]
    seat.watched = room.round, event.data["pair"]
    notes = Notes(dict(event.data["marks"]), event.data["note"])
    if notes == Notes():  # saved once more with everything taken out
        seat.notes.pop(seat.watched, None)
    else:
        seat.notes[seat.watched] = notes
    seat.sent += 1
    room.touch(seat.id)


HANDLERS: dict[str, Callable[[Room, Event], None]] = {
    "planned": _planned,
    "expected": _expected,
    "filler": _filler,
    "joined": _joined,
    "device-joined": _device_joined,
    "driver": _driver,
    "renamed": _renamed,
    "replaced": _replaced,
    "removed": _removed,
    "returned": _returned,
    "names": _names,
    "deadline": _deadline,
    "moved": _moved,
    "grouped": _grouped,
    "paired": _paired,
    "unpaired": _unpaired,
    "joined-pair": _joined_pair,
    "prepared": _prepared,
    "bid": _bid,
    "awarded": _awarded,
    "loser-goes-on": _loser_goes_on,
    "bet": _bet,
    "revealed": _revealed,
    "watched": _watched,
    "observed": _observed,
}
