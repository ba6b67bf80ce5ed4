"""The state of one workshop, folded from its events. Pure: no disk, no clock, no randomness."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from simulator.workshop.pairs import CONFIRM, ENDED, TALK, Chair, Pair
from simulator.workshop.plan import Plan
from simulator.workshop.seats import Bidder, Group, Seat
from simulator.workshop.values import Numbers

if TYPE_CHECKING:
    from simulator.scenario.schema import Scenario
    from simulator.workshop.events import Event
    from simulator.workshop.views import ConsoleView, ProjectorView, SeatView

__all__ = ["BETS", "CHECKLIST", "PHASES", "REVEALS", "Room"]

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

    def name_of(self, seat: str | None, agent: str | None) -> str:
        """Shown name of a chair: the person's, else the agent's."""
        return self.seats[seat].name if seat is not None else agent or ""

    @property
    def questions(self) -> dict[str, tuple[float, float]]:
        """Questions of the bets with their bounds."""
        return BETS

    @property
    def checklist(self) -> tuple[str, ...]:
        """Points that an observer counts."""
        return CHECKLIST

    def revealable(self) -> tuple[str, ...]:
        """Steps of the debrief that have something to show."""
        hidden = set()
        if self.round == 1:
            hidden.add("rounds")
        if not any(key[0] == self.round for key in self.bets):
            hidden.add("bets")
        if self.numbers.given:
            hidden |= {"deals", "anchors"}
        return tuple(step for step in REVEALS if step not in hidden)

    # -- folding -------------------------------------------------------------------------------------------------------

    def apply(self, event: Event) -> None:
        """Take one event in. Deterministic; never fails on an event that `decide` gave."""
        self.version += 1
        if self.began_at is None:
            self.began_at = event.at
            self.phase_at = event.at
        handler = getattr(self, "_on_" + event.kind.replace("-", "_"), None)
        if handler is not None:
            handler(event.at, event.data)
        else:
            pair = self.pairs[event.data["pair"]]
            pair.take(event, self.numbers)
            self._touch(*pair.seats)
        if event.kind in _ON_THE_WALL:
            self._versions["projector"] = self.version

    def _touch(self, *seats: str | None) -> None:
        for seat in seats:
            if seat is not None:
                self._versions[seat] = self.version
        for other in self.seats.values() if any(s.advises for s in self.seats.values()) else ():
            if other.advises in seats:
                self._versions[other.id] = self.version

    def _touch_all(self) -> None:
        self._everybody = self.version

    def _on_planned(self, at: float, data: Mapping[str, Any]) -> None:
        import dataclasses

        self.plan = dataclasses.replace(self.plan, **data["changes"])
        self._touch_all()

    def _on_expected(self, at: float, data: Mapping[str, Any]) -> None:
        self.expected = data["count"]

    def _on_filler(self, at: float, data: Mapping[str, Any]) -> None:
        self.filler = data["agent"]

    def _on_joined(self, at: float, data: Mapping[str, Any]) -> None:
        device = data["device"]
        seat = Seat(data["seat"], data["name"], data["role"], at, [device] if device else [], device)
        self.seats[seat.id] = seat
        self._touch(seat.id)

    def _on_device_joined(self, at: float, data: Mapping[str, Any]) -> None:
        seat = self.seats[data["seat"]]
        seat.devices.append(data["device"])
        seat.driver = seat.driver or data["device"]
        self._touch(seat.id)

    def _on_driver(self, at: float, data: Mapping[str, Any]) -> None:
        self.seats[data["seat"]].driver = data["device"]
        self._touch(data["seat"])

    def _on_renamed(self, at: float, data: Mapping[str, Any]) -> None:
        seat = self.seats[data["seat"]]
        seat.name = data["name"]
        pair = self.pair_of(seat)
        self._touch(seat.id, *(pair.seats if pair is not None else ()))

    def _on_replaced(self, at: float, data: Mapping[str, Any]) -> None:
        seat = self.seats[data["seat"]]
        seat.status, seat.agent = "agent", data["agent"]
        self._hand_over(seat, data["agent"], at)

    def _on_removed(self, at: float, data: Mapping[str, Any]) -> None:
        seat = self.seats[data["seat"]]
        seat.status, seat.agent = "gone", data["agent"]
        self._hand_over(seat, data["agent"], at)

    def _hand_over(self, seat: Seat, agent: str, at: float) -> None:
        pair = self.pair_of(seat)
        self._touch(seat.id, *(pair.seats if pair is not None else ()))
        if pair is None or not pair.alive:
            return
        chair = pair.chairs[pair.side_of(seat.id)]
        chair.agent = chair.ever = agent
        pair.moved_at = at
        if pair.mode == "talk" and pair.step in (TALK, CONFIRM):
            pair.begin_talks(self.numbers, "type")

    def _on_returned(self, at: float, data: Mapping[str, Any]) -> None:
        seat = self.seats[data["seat"]]
        seat.status, seat.agent = "here", None
        pair = self.pair_of(seat)
        self._touch(seat.id, *(pair.seats if pair is not None else ()))
        if pair is not None and pair.alive:
            pair.chairs[pair.side_of(seat.id)].agent = None

    def _on_names(self, at: float, data: Mapping[str, Any]) -> None:
        self.names_shown = data["shown"]

    def _on_deadline(self, at: float, data: Mapping[str, Any]) -> None:
        self.deadline, self.hard = data["at"], data["hard"]
        self._touch_all()

    def _on_moved(self, at: float, data: Mapping[str, Any]) -> None:
        if data["round"] != self.round:
            self.revealed = []
            for seat in self.seats.values():
                seat.pair = seat.group = seat.side = seat.choice = seat.advises = None
                if seat.role == "adviser":
                    seat.role = "player"
        elif self.phase == "debrief" and data["phase"] not in ("debrief", "closed"):
            self.revealed = []
        self.phase, self.round, self.period = data["phase"], data["round"], data["period"]
        self.phase_at, self.deadline = at, data["deadline"]
        if self.phase == "play":
            self.played[self.round] = self.period + 1
            asks = self.reviews() and self.scenario.relationship.can_leave
            for pair in self.of_round():
                if pair.alive:
                    pair.open_period(self.period, self.numbers, mode=self.mode_of(pair), asks_stay=asks, at=at)
        self._touch_all()

    def _on_grouped(self, at: float, data: Mapping[str, Any]) -> None:
        for item in data["groups"]:
            bidders = [Bidder(b["seat"], b["name"], b["bid"]) for b in item["bidders"]]
            group = Group(item["number"], item["client"], bidders)
            self.groups.append(group)
            for bidder in bidders:
                if bidder.seat is not None:
                    self.seats[bidder.seat].side, self.seats[bidder.seat].group = "vendor", group.number
            if group.client is not None:
                self.seats[group.client].side, self.seats[group.client].group = "client", group.number
        self._touch_all()

    def _on_paired(self, at: float, data: Mapping[str, Any]) -> None:
        for item in data["pairs"]:
            chairs = {
                side: Chair(item[side], item[f"{side}_agent"], item[f"{side}_agent"]) for side in ("vendor", "client")
            }
            pair = Pair(item["number"], self.round, item["begun"], chairs, moved_at=at)
            self.pairs[pair.number] = pair
            for side, chair in chairs.items():
                if chair.seat is not None:
                    seat = self.seats[chair.seat]
                    seat.side, seat.pair = side, pair.number
                    seat.pairs.append(pair.number)
            self._touch(*pair.seats)

    def _on_unpaired(self, at: float, data: Mapping[str, Any]) -> None:
        for number in data["pairs"]:
            pair = self.pairs[number]
            pair.step, pair.reason = ENDED, pair.reason or "horizon"
            for name in pair.seats:
                if self.seats[name].pair == number:
                    self.seats[name].pair = None
            self._touch(*pair.seats)

    def _on_joined_pair(self, at: float, data: Mapping[str, Any]) -> None:
        """Somebody who joined late takes an agent's chair in a pair that has not begun."""
        pair, side, seat = self.pairs[data["pair"]], data["side"], self.seats[data["seat"]]
        pair.chairs[side] = Chair(seat.id)
        seat.side, seat.pair = side, pair.number
        seat.pairs.append(pair.number)
        self._touch(*pair.seats)

    def _on_prepared(self, at: float, data: Mapping[str, Any]) -> None:
        self.seats[data["seat"]].forms[self.round] = dict(data["form"]) | {"side": data["side"]}
        self.seats[data["seat"]].sent += 1
        self._touch(data["seat"])

    def _on_bid(self, at: float, data: Mapping[str, Any]) -> None:
        bidder = self.groups[data["group"] - 1].bidders[data["bidder"]]
        bidder.bid = data["bid"]
        self._touch(bidder.seat)

    def _on_awarded(self, at: float, data: Mapping[str, Any]) -> None:
        group = self.groups[data["group"] - 1]
        group.winner, group.chances = data["winner"], tuple(data["chances"])
        self._touch(group.client, *(bidder.seat for bidder in group.bidders))

    def _on_loser_goes_on(self, at: float, data: Mapping[str, Any]) -> None:
        seat = self.seats[data["seat"]]
        seat.choice, seat.advises = data["way"], data["advises"]
        seat.role = "adviser" if data["way"] == "adviser" else "player"
        self._touch(seat.id)

    def _on_bet(self, at: float, data: Mapping[str, Any]) -> None:
        self.bets[self.round, data["seat"]] = dict(data["answers"])
        self.seats[data["seat"]].sent += 1
        self._touch(data["seat"])

    def _on_revealed(self, at: float, data: Mapping[str, Any]) -> None:
        if data["step"] in self.revealed:  # shown once more: it is the one on the wall now
            self.revealed.remove(data["step"])
        self.revealed.append(data["step"])
        self._touch_all()

    def _on_observed(self, at: float, data: Mapping[str, Any]) -> None:
        seat = self.seats[data["seat"]]
        seat.watched, seat.marks, seat.note = data["pair"], dict(data["marks"]), data["note"]
        seat.sent += 1
        self._touch(seat.id)
