"""A move as it is asked for: the room as it stands, what was sent, chance and time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simulator.workshop.events import Event

if TYPE_CHECKING:
    import numpy as np

    from simulator.workshop.room import Room

__all__ = ["Ask"]


@dataclass(frozen=True, eq=False)
class Ask:
    """One move to decide."""

    room: Room
    move: Mapping[str, Any]
    rng: np.random.Generator
    now: float
    device: str | None = None  # from which a seat's move comes; None: its driver

    def sent(self, field: str) -> bool:
        """Whether a field was filled in."""
        return self.move.get(field) not in (None, "")

    def event(self, kind: str, **data: Any) -> Event:
        """Something that happens now."""
        return Event(kind, self.now, data)
