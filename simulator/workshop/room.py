"""The state of one workshop, folded from its events. Pure: no disk, no clock, no randomness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from simulator.workshop.plan import Plan

if TYPE_CHECKING:
    from simulator.scenario.schema import Scenario
    from simulator.workshop.events import Event
    from simulator.workshop.record import Record
    from simulator.workshop.views import ConsoleView, ProjectorView, SeatView

__all__ = ["BETS", "PHASES", "REVEALS", "Room", "record_of"]

PHASES = ("lobby", "prepare", "compete", "play", "predict", "debrief", "closed")
# Steps of the debrief, in the order in which they are offered; the trainer may take any.
REVEALS = (
    "headline",
    "deals",
    "captured",
    "anchors",
    "periods",
    "reasons",
    "loss",
    "satisfaction",
    "bets",
    "agents",
    "rounds",
    "sandbox",
)
# Questions of the bets with their bounds, all in percent.
BETS = {"left-on-table": (0.0, 100.0), "ended": (0.0, 100.0), "vendor-share": (0.0, 100.0)}


class Room:
    """One workshop.

    Attributes
    ----------
    scenario : Scenario
        The situation.
    plan : Plan
        How it is played.
    phase : str
        One of `PHASES`.
    round, period : int
        Round 1 or 2; period from 0.
    version : int
        Events applied so far.
    """

    def __init__(self, scenario: Scenario, plan: Plan, *, title: str = "") -> None:
        self.scenario, self.plan, self.title = scenario, plan, title or scenario.title
        self.phase, self.round, self.period, self.version = "lobby", 1, 0, 0

    @classmethod
    def new(cls, scenario: Scenario, plan: Plan | None = None, *, title: str = "") -> Room:
        """An empty room; without a plan, that of the scenario."""
        return cls(scenario, Plan.of(scenario) if plan is None else plan, title=title)

    @classmethod
    def replay(cls, scenario: Scenario, plan: Plan | None, events: Iterable[Event], *, title: str = "") -> Room:
        """The room that these events lead to."""
        room = cls.new(scenario, plan, title=title)
        for event in events:
            room.apply(event)
        return room

    def apply(self, event: Event) -> None:
        """Take one event in. Deterministic; never fails on an event that `decide` gave."""
        raise NotImplementedError

    def view(self, seat: str, *, device: str | None = None) -> SeatView:
        """What one seat may see; `device` only decides whether it `acts`. KeyError for no such seat."""
        raise NotImplementedError

    def worth(self, seat: str, options: Iterable[object]) -> float:
        """What a package is worth to this seat alone, to show while it is composed; Refused for no such package."""
        raise NotImplementedError

    def console(self, *, now: float, seen: Mapping[str, float] | None = None) -> ConsoleView:
        """The trainer's view; `seen`: when each seat was last heard of (absent: never)."""
        raise NotImplementedError

    def projector(self) -> ProjectorView:
        """The wall's view."""
        raise NotImplementedError

    def version_of(self, seat: str) -> int:
        """A number that grows whenever something changed that this seat sees; "trainer" and "projector" too."""
        raise NotImplementedError


def record_of(room: Room) -> Record:
    """What happened so far, for debrief and export."""
    raise NotImplementedError
