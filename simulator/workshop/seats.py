"""Who is in the room: seats with their devices, and the groups in which vendors compete for a client."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Bidder", "Group", "Notes", "Seat"]


@dataclass(frozen=True)
class Notes:
    """What an observer noted of a pair: how often it saw each point of the checklist, and one thing worth telling."""

    marks: dict[str, int] = field(default_factory=dict)
    note: str = ""


@dataclass
class Seat:
    """A participant, or a team that shares a seat."""

    id: str
    name: str
    role: str  # "player", "observer", "adviser"
    joined_at: float
    devices: list[str] = field(default_factory=list)
    driver: str | None = None
    status: str = "here"  # "agent": one plays for it until it returns; "gone": left for good
    agent: str | None = None
    side: str | None = None
    pair: int | None = None  # the present relationship
    pairs: list[int] = field(default_factory=list)  # all of them
    group: int | None = None
    advises: str | None = None  # of an adviser: the seat whose screen it sees
    choice: str | None = None  # of a loser of the contest
    forms: dict[int, dict[str, Any]] = field(default_factory=dict)  # preparation of each round
    sent: int = 0  # forms sent so far, for the identity of a decision
    # Of an observer, by round and pair; without a pair they are of the room as a whole.
    notes: dict[tuple[int, int | None], Notes] = field(default_factory=dict)
    watched: tuple[int, int | None] | None = None  # which of them are open now

    @property
    def plays(self) -> bool:
        """Whether the seat takes part in pairs: by itself or through an agent."""
        return self.role == "player" and self.status != "gone"


@dataclass
class Bidder:
    """A vendor in a contest; without a seat it is an agent."""

    seat: str | None
    name: str
    bid: float | None = None


@dataclass
class Group:
    """Vendors that compete for one client."""

    number: int
    client: str | None
    bidders: list[Bidder]
    winner: int | None = None
    chances: tuple[float, ...] = ()

    def bidder(self, seat: str) -> Bidder | None:
        """The bid of a seat; None for the client."""
        return next((bidder for bidder in self.bidders if bidder.seat == seat), None)
