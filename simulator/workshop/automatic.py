"""What happens by itself: agents that fill seats, and a rehearsal in which agents play the whole plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

    from simulator.scenario.schema import Scenario
    from simulator.workshop.events import Event
    from simulator.workshop.plan import Plan
    from simulator.workshop.room import Room

__all__ = ["pending", "rehearse"]


def pending(room: Room) -> list[dict[str, Any]]:
    """The moves that agents would make now, for `decide(room, CLOCK, move, ...)`; empty when they wait for people.

    Each is decided on the room as it then is, so ask again after applying one.
    """
    raise NotImplementedError


def rehearse(
    scenario: Scenario, plan: Plan, *, people: int, rng: np.random.Generator, now: float
) -> tuple[Room, list[Event]]:
    """A whole workshop up to its debrief, played by agents through the same moves, with its log."""
    raise NotImplementedError
