"""What happens by itself: the turns of agents that fill seats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulator.workshop.pairs import CHOOSE, SIDES, TALK

if TYPE_CHECKING:
    from simulator.workshop.room import Room

__all__ = ["pending"]


def pending(room: Room) -> list[dict[str, Any]]:
    """The moves that agents would make now, for ``decide(room, CLOCK, move, ...)``; empty when they wait for people.

    Each is decided on the room as it then is, so ask again after applying one.
    """
    if room.phase == "compete":
        return [
            {"kind": "agent", "group": group.number, "bidder": k}
            for group in room.groups
            if group.winner is None
            for k, bidder in enumerate(group.bidders)
            if bidder.bid is None and bidder.seat is not None and room.seats[bidder.seat].status != "here"
        ]
    if room.phase != "play":
        return []
    found = []
    for pair in room.of_round():
        if not pair.has_agent or not pair.in_period:
            continue
        asked = pair.turn_of()
        for side in SIDES:
            chair = pair.chairs[side]
            undecided = chair.posture is None and pair.step in (TALK, CHOOSE)
            if chair.agent is not None and (side in asked or undecided):
                found.append({"kind": "agent", "pair": pair.number, "side": side})
                break
    return found
