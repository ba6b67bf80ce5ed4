"""The events of a workshop's log: what happened, when, and whatever was random about it.

The log is the workshop: folding it gives the room again, to the bit. So everything drawn or timed stands in an event,
and an event's data is plain JSON.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulator.errors import SimulatorError, UnknownNameError

__all__ = ["KINDS", "Event"]

KINDS = (
    "planned",  # changes to the plan
    "expected",  # how many people the trainer expects
    "filler",  # agent that fills empty chairs
    "joined",  # seat, name, role, device
    "device-joined",  # seat, device
    "driver",  # seat, device that acts for it from now on
    "renamed",  # seat, name
    "replaced",  # seat, agent that plays for it
    "returned",  # seat plays itself again
    "removed",  # seat left for good
    "names",  # whether the projector shows names
    "deadline",  # when the step should end, and whether it must
    "moved",  # phase, round, period
    "paired",  # new pairs
    "joined-pair",  # seat that takes an agent's chair before the pair has begun
    "unpaired",  # numbers of pairs taken apart to match their people anew
    "grouped",  # contests
    "prepared",  # seat and its form
    "bid",  # group, bidder, bid
    "awarded",  # group, winner, chances
    "loser-goes-on",  # seat as adviser or against an agent
    "posture",  # pair, side, posture: an agent's after slipping, or one that a person picked
    "offered",  # pair, side, options
    "accepted",  # pair, side
    "walked-away",  # pair, side
    "entered",  # pair, side, options or none, first offer
    "taken-back",  # pair: the entry
    "disputed",  # pair, side: the other does not confirm
    "confirmed",  # pair, side
    "lapsed",  # pair: talks closed without agreement
    "delivering",  # pair, side, effort, share to put back
    "settled",  # pair: what the period came to
    "again",  # pair, side, answer to the thumb question
    "renewing",  # pair, side, stays
    "reviewed",  # pair: reason for ending or none, next level, whether starved
    "bet",  # seat, question, answer
    "revealed",  # step of the debrief
    "watched",  # seat, pair whose notes it opens, or none: the room as a whole
    "observed",  # seat, pair or none, marks, note
)
_KNOWN = frozenset(KINDS)


@dataclass(frozen=True)
class Event:
    """One thing that happened.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    at : float
        Unix time.
    data : mapping
        Plain JSON values.

    Examples
    --------
    >>> Event.from_json(Event("names", 0.0, {"shown": True}).to_json())
    Event(kind='names', at=0.0, data={'shown': True})
    """

    kind: str
    at: float
    data: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """The event as one line."""
        return json.dumps(
            {"kind": self.kind, "at": self.at, "data": dict(self.data)}, ensure_ascii=False, allow_nan=False
        )

    @classmethod
    def from_json(cls, text: str) -> Event:
        """Read an event back.

        Raises
        ------
        SimulatorError
            For a line that is no event.
        """
        try:
            found = json.loads(text)
        except ValueError as error:
            raise SimulatorError(f"a line of the log is no JSON: {error}") from None
        if not isinstance(found, dict) or not isinstance(found.get("data"), dict):
            raise SimulatorError(f"a line of the log is no event: {text[:80]!r}")
        kind, at = found.get("kind"), found.get("at")
        if kind not in _KNOWN:
            raise UnknownNameError("kind of event", str(kind), KINDS)
        if isinstance(at, bool) or not isinstance(at, int | float) or not math.isfinite(at):
            raise SimulatorError(f"an event happened at {at!r}; allowed: unix time")
        return cls(kind, float(at), found["data"])
