"""The trainer's console and the wall: who is where, and what comes next; numbers only by what the trainer reveals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from simulator.workshop.agents import offered
from simulator.workshop.pairs import CONFIRM, ENDED, TALK, Pair
from simulator.workshop.steps import agenda, stage_key, step_of
from simulator.workshop.views import ConsoleGroup, ConsolePair, ConsoleSeat, ConsoleView, ProjectorView

if TYPE_CHECKING:
    from simulator.workshop.room import Room
    from simulator.workshop.seats import Seat

__all__ = ["console_view", "projector_view"]

LOST = 45.0  # seconds without a word after which a seat counts as disconnected: three pings missed
IDLE_AFTER = 60.0  # seconds for a decision of one tap
REMEDIES_AFTER = 60.0  # seconds in which nobody joined


def console_view(room: Room, *, now: float, seen: Mapping[str, float], opened: float | None) -> ConsoleView:
    """What the trainer sees; `opened`: when the code was first shown."""
    seats = tuple(_seat(room, seat, now, seen) for seat in room.seats.values())
    pairs = tuple(_pair(room, pair, now) for pair in room.of_round())
    ways = agenda(room)
    playing = room.phase == "play"
    active = [pair for pair in room.of_round() if pair.period == room.period] if playing else []
    return ConsoleView(
        title=room.title,
        phase=room.phase,
        round=room.round,
        period=room.period,
        periods=room.periods,
        plan=room.plan,
        step_key=stage_key(room),
        next=ways[0] if ways else None,
        other_steps=ways[1:],
        joined=len(room.players()),
        expected=room.expected,
        observers=sum(seat.role == "observer" and seat.status != "gone" for seat in room.seats.values()),
        connected=sum(seat.connected for seat in seats),
        seats=seats,
        pairs=pairs,
        groups=tuple(
            ConsoleGroup(
                number=group.number,
                client_name=room.name_of(group.client, None),
                bidders=tuple(bidder.name for bidder in group.bidders),
                bids_in=sum(bidder.bid is not None for bidder in group.bidders),
                winner=None if group.winner is None else group.bidders[group.winner].name,
            )
            for group in room.groups
        ),
        idle=tuple(seat.seat for seat in seats if seat.idle),
        disconnected=tuple(
            seat.seat for seat in seats if seat.status == "here" and seat.devices and not seat.connected
        ),
        stuck=tuple(pair.number for pair in pairs if pair.stuck),
        done=sum(not pair.in_period for pair in active),
        active=len(active),
        deadline=room.deadline,
        hard=room.hard,
        names_shown=room.names_shown,
        reveals=tuple(room.revealed),
        revealable=room.revealable() if room.phase == "debrief" else (),
        bets_in=sum(key[0] == room.round for key in room.bets),
        bets_expected=sum(seat.status == "here" for seat in room.seats.values()),
        prepared=sum(room.round in seat.forms for seat in room.players()),
        remedies=room.phase == "lobby"
        and not room.seats
        and now - (now if opened is None else opened) > REMEDIES_AFTER,
        agents=offered(room.scenario),
    )


def _allowed(room: Room, step: str) -> float:
    """Seconds that a decision may take before somebody looks after it."""
    if step in (TALK, CONFIRM, "offer", "prepare", "choose"):
        return room.plan.minutes * 60
    return IDLE_AFTER


def _seat(room: Room, seat: Seat, now: float, seen: Mapping[str, float]) -> ConsoleSeat:
    step, asked = step_of(room, seat)
    pair = room.pair_of(seat)
    since = room.phase_at if pair is None or room.phase != "play" else max(pair.moved_at, room.phase_at)
    waiting = max(0.0, now - max(since, seat.joined_at)) if asked else 0.0
    return ConsoleSeat(
        seat=seat.id,
        name=seat.name,
        role=seat.role,
        status=seat.status,
        agent=seat.agent,
        side=seat.side,
        pair=None if pair is None or pair.step == ENDED else pair.number,
        step=step,
        asked=asked,
        waiting=waiting,
        idle=asked and waiting > _allowed(room, step),
        connected=seat.id in seen and now - seen[seat.id] <= LOST,
        devices=len(seat.devices),
    )


def _pair(room: Room, pair: Pair, now: float) -> ConsolePair:
    waiting = max(0.0, now - pair.moved_at) if pair.in_period and room.phase == "play" else 0.0
    vendor, client = pair.chairs["vendor"], pair.chairs["client"]
    asked = [pair.chairs[side].seat for side in pair.turn_of() if pair.chairs[side].agent is None]
    return ConsolePair(
        number=pair.number,
        vendor_name=room.name_of(vendor.seat, vendor.agent),
        client_name=room.name_of(client.seat, client.agent),
        vendor_seat=vendor.seat,
        client_seat=client.seat,
        vendor_agent=vendor.agent,
        client_agent=client.agent,
        mode=pair.mode if pair.period >= 0 else room.mode_of(pair),
        step=pair.step,
        waiting_for=tuple(seat for seat in asked if seat is not None),
        waiting=waiting,
        stuck=waiting > _allowed(room, pair.step),
        level_name=room.scenario.levels[pair.level],
        rounds=0 if pair.talks is None else pair.talks.round + 1,
        reason=pair.reason,
    )


def projector_view(room: Room) -> ProjectorView:
    """What the wall shows."""
    playing = room.phase == "play"
    active = [pair for pair in room.of_round() if pair.period == room.period] if playing else []
    return ProjectorView(
        title=room.title,
        summary=room.scenario.summary,
        phase=room.phase,
        round=room.round,
        period=room.period,
        periods=None if room.plan.ends == "hidden" else room.periods,
        joined=len(room.players()),
        expected=room.expected,
        names=tuple(seat.name for seat in room.players()) if room.names_shown and room.phase == "lobby" else (),
        done=sum(not pair.in_period for pair in active),
        active=len(active),
        prepared=sum(room.round in seat.forms for seat in room.players()),
        bets_in=sum(key[0] == room.round for key in room.bets),
        bets_expected=sum(seat.status == "here" for seat in room.seats.values()),
        asks_stay=room.asks_stay(),
        deadline=room.deadline,
        hard=room.hard,
        names_shown=room.names_shown,
        reveals=tuple(room.revealed) if room.phase == "debrief" else (),
        reveal=room.revealed[-1] if room.revealed and room.phase == "debrief" else None,
    )
