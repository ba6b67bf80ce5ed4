"""The state of one workshop, folded from its events. Pure: no disk, no clock, no randomness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from simulator.workshop.folding import HANDLERS
from simulator.workshop.plan import Plan
from simulator.workshop.reveals import REVEALS, revealable
from simulator.workshop.values import Numbers

if TYPE_CHECKING:
    from simulator.scenario.schema import Scenario
    from simulator.workshop.events import Event
    from simulator.workshop.pairs import Pair
    from simulator.workshop.seats import Group, Seat
    from simulator.workshop.views import ConsoleView, ProjectorView, SeatView

__all__ = ["BETS", "CHECKLIST", "PHASES", "REVEALS", "Room"]

PHASES = ("lobby", "prepare", "compete", "play", "predict", "debrief", "closed")
# Questions of the bets with their bounds, all in percent.
BETS = {"left-on-table": (0.0, 100.0), "ended": (0.0, 100.0), "vendor-share": (0.0, 100.0)}
# What an observer counts.
CHECKLIST = ("question", "interest", "anchor", "trade", "package", "threat", "promise", "silence")

_ON_THE_WALL = frozenset(
    (
        "joined",
        "expected",
        "removed",
        "names",
        "deadline",
        "moved",
        "prepared",
        "reviewed",
        "bet",
        "revealed",
        "planned",
    )
)


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

    Examples
    --------
    >>> import simulator as ns
    >>> from simulator.workshop.events import Event
    >>> room = Room.new(ns.load_scenario("saas-renewal"))
    >>> room.apply(Event("joined", 0.0, {"seat": "s1", "name": "Otter", "role": "player", "device": "d1"}))
    >>> room.view("s1").step
    'lobby'
    """

    def __init__(self, scenario: Scenario, plan: Plan, *, title: str = "") -> None:
        self.scenario, self.plan, self.title = scenario, plan, title or scenario.title
        self.numbers = Numbers(scenario)
        self.phase, self.round, self.period, self.version = "lobby", 1, 0, 0
        self.began_at: float | None = None  # time of the first event
        self.phase_at = 0.0
        self.deadline: float | None = None
        self.hard = False
        self.expected: int | None = None
        self.filler: str | None = None
        self.names_shown = False
        self.seats: dict[str, Seat] = {}
        self.pairs: dict[int, Pair] = {}
        self.groups: list[Group] = []
        self.bets: dict[tuple[int, str], dict[str, float]] = {}
        self.revealed: list[str] = []
        self.played: dict[int, int] = {}  # periods played, by round
        self.staffed: set[int] = set()  # pairs in which an agent plays
        self.advised = False  # whether somebody looks over another's shoulder
        self._versions: dict[str, int] = {}
        self._everybody = 0  # version at which something changed for everybody

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

    # -- reading -------------------------------------------------------------------------------------------------------

    def view(self, seat: str, *, device: str | None = None) -> SeatView:
        """What one seat may see; `device` only decides whether it `acts`. KeyError for no such seat."""
        from simulator.workshop.seat_view import seat_view

        return seat_view(self, seat, device=device)

    def worth(self, seat: str, options: object) -> float:
        """What a package is worth to this seat alone, to show while it is composed; Refused for no such package."""
        from simulator.workshop.refusal import Refused, listed

        found = self.seats[seat]
        pair = self.pair_of(found)
        if self.numbers.given or found.side is None:
            raise Refused("not-now")
        issues = [issue.name for issue in self.scenario.issue]
        deal = self.numbers.deal(listed({"options": options}, "options", self.numbers.shape, issues))
        return float(self.numbers.space(0 if pair is None else pair.level).worth(found.side)[deal])

    def console(
        self, *, now: float, seen: Mapping[str, float] | None = None, opened: float | None = None
    ) -> ConsoleView:
        """The trainer's view; `seen`: when each seat was last heard of (absent: never); `opened`: code shown since."""
        from simulator.workshop.console_view import console_view

        return console_view(self, now=now, seen=seen or {}, opened=opened)

    def projector(self) -> ProjectorView:
        """The wall's view."""
        from simulator.workshop.console_view import projector_view

        return projector_view(self)

    def version_of(self, who: str) -> int:
        """A number that grows whenever something changed that a seat sees; "trainer" and "projector" have one too."""
        if who == "trainer":
            return self.version
        return max(self._versions.get(who, 0), self._everybody)

    def players(self) -> list[Seat]:
        """Seats that take part in pairs, in the order in which they joined."""
        return [seat for seat in self.seats.values() if seat.plays]

    def of_round(self) -> list[Pair]:
        """The pairs of the present round."""
        return [pair for pair in self.pairs.values() if pair.round == self.round]

    def staff(self, pair: Pair) -> None:
        """Keep track of the pairs in which agents play."""
        if pair.alive and pair.has_agent:
            self.staffed.add(pair.number)
        else:
            self.staffed.discard(pair.number)

    def pair_of(self, seat: Seat) -> Pair | None:
        """The present relationship of a seat."""
        return None if seat.pair is None else self.pairs[seat.pair]

    def group_of(self, seat: Seat) -> Group | None:
        """The contest in which a seat takes part."""
        return None if seat.group is None else self.groups[seat.group - 1]

    def mode_of(self, pair: Pair) -> str:
        """How a pair comes to a deal in a period that begins now."""
        if self.numbers.given:
            return "choose"
        return "type" if self.plan.mode == "type" or pair.has_agent else "talk"

    def reviews(self) -> bool:
        """Whether relationships may end by choice at the end of this period."""
        known_last = self.plan.ends == "known" and self.period >= self.plan.periods - 1
        return self.plan.partners == "same" and not known_last

    @property
    def periods(self) -> int:
        """Periods of this round: those of the plan, more where the trainer has added some."""
        return max(self.plan.periods, self.period + 1)

    def asks_stay(self) -> bool:
        """Whether people are asked to renew or leave at the end of this period."""
        return self.reviews() and self.scenario.relationship.can_leave

    def name_of(self, seat: str | None, agent: str | None) -> str:
        """Shown name of a chair: the person's, else the agent's."""
        return self.seats[seat].name if seat is not None else agent or ""

    @property
    def questions(self) -> dict[str, tuple[float, float]]:
        """Questions of the bets with their bounds; where nobody could leave, not how many did."""
        asked = self.plan.partners == "same" and self.played.get(self.round, 0) > 1
        return {key: bounds for key, bounds in BETS.items() if asked or key != "ended"}

    @property
    def checklist(self) -> tuple[str, ...]:
        """Points that an observer counts."""
        return CHECKLIST

    def revealable(self) -> tuple[str, ...]:
        """Steps of the debrief that have something to show."""
        return revealable(self)

    # -- folding -------------------------------------------------------------------------------------------------------

    def apply(self, event: Event) -> None:
        """Take one event in. Deterministic; never fails on an event that `decide` gave."""
        self.version += 1
        if self.began_at is None:
            self.began_at = event.at
            self.phase_at = event.at
        handler = HANDLERS.get(event.kind)
        if handler is not None:
            handler(self, event)
        else:
            pair = self.pairs[event.data["pair"]]
            pair.take(event, self.numbers)
            self.touch(*pair.seats)
            if not pair.alive:
                self.staff(pair)
        if event.kind in _ON_THE_WALL:
            self._versions["projector"] = self.version

    def touch(self, *seats: str | None) -> None:
        """Something changed that these seats see, and those who advise them."""
        for seat in seats:
            if seat is not None:
                self._versions[seat] = self.version
        if self.advised:
            for other in self.seats.values():
                if other.advises in seats:
                    self._versions[other.id] = self.version

    def touch_all(self) -> None:
        """Something changed that everybody sees."""
        self._everybody = self.version
