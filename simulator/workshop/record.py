"""What happened in a workshop, as plain frozen data for the debrief and the export.

A `Record` holds both sides' numbers, so it is for the trainer and for what the trainer reveals, never for a seat.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from simulator.workshop.plan import Plan

if TYPE_CHECKING:
    from simulator.scenario.schema import Scenario
    from simulator.workshop import pairs as state
    from simulator.workshop.room import Room

__all__ = ["Bet", "Bid", "Observation", "Pair", "Preparation", "Record", "Turn", "record_of"]


@dataclass(frozen=True)
class Turn:
    """One period of one pair.

    Attributes
    ----------
    period : int
        Counted from 0, over the workshop and not over the pair.
    level : int
        Maturity level in this period.
    starved : bool
        Whether the vendor was starved.
    deal : dict or None
        ``{issue: option}``; None without agreement, and where the scenario gives its payoffs directly.
    agreed : bool
        Whether there was an agreement; always where the payoffs are given directly.
    first_offer : dict or None
        The first offer of the talks, as far as it is known.
    first_offer_by : str or None
        ``"vendor"`` or ``"client"``.
    rounds : int
        Rounds begun; 0 where nothing is negotiated.
    vendor_posture, client_posture : int
        What they actually did, as numbers of the scenario's postures.
    vendor_effort, client_effort : float
        What they delivered; 0 without agreement, and where the payoffs are given directly.
    vendor_payoff, client_payoff : float
        Money of the period, after reinvestment.
    invested : float
        What the vendor put back.
    vendor_again, client_again : int or None
        "Would you deal with them again?", 1 to 7.
    """

    period: int
    level: int
    starved: bool
    deal: dict[str, Any] | None
    agreed: bool
    first_offer: dict[str, Any] | None
    first_offer_by: str | None
    rounds: int
    vendor_posture: int
    client_posture: int
    vendor_effort: float
    client_effort: float
    vendor_payoff: float
    client_payoff: float
    invested: float
    vendor_again: int | None
    client_again: int | None


@dataclass(frozen=True)
class Pair:
    """One relationship.

    Attributes
    ----------
    number : int
        From 1, over both rounds.
    round : int
        1, or 2 with sides swapped.
    begun : int
        Period in which it began; pairs that were matched anew begin later.
    vendor_seat, client_seat : str or None
        Seat; None: an agent.
    vendor_name, client_name : str
        Shown name, or the agent's.
    vendor_agent, client_agent : str or None
        The agent that played this side at any time.
    turns : tuple of Turn
        Its periods.
    reason : str
        One of `simulator.relationships.period.REASONS`; "horizon" while it lives and when it lasted to the end.
    """

    number: int
    round: int
    begun: int
    vendor_seat: str | None
    client_seat: str | None
    vendor_name: str
    client_name: str
    vendor_agent: str | None
    client_agent: str | None
    turns: tuple[Turn, ...]
    reason: str


@dataclass(frozen=True)
class Preparation:
    """What a seat wrote down before the talks, one per seat and round; None where it left a field empty."""

    seat: str
    round: int
    side: str
    outside: float | None
    target: float | None
    first_offer: float | None
    guess: float | None


@dataclass(frozen=True)
class Bid:
    """A vendor's bid for a client: what it spent (contest of effort) or offered to take off the price."""

    round: int
    group: int
    seat: str | None
    name: str
    bid: float
    chance: float
    won: bool


@dataclass(frozen=True)
class Bet:
    """A seat's answer to a question asked before a reveal."""

    round: int
    seat: str
    question: str
    answer: float


@dataclass(frozen=True)
class Observation:
    """What an observer noted of one pair, the last version of it.

    Attributes
    ----------
    seat : str
        Who noted it.
    round : int
        1 or 2.
    pair : int or None
        Number of the pair; None: the room as a whole.
    marks : dict
        ``{item: times}``, how often it saw the items of `simulator.workshop.room.CHECKLIST`; those left out, never.
    note : str
        One thing worth telling; may be empty.
    """

    seat: str
    round: int
    pair: int | None
    marks: dict[str, int]
    note: str


@dataclass(frozen=True)
class Record:
    """A workshop as it was played.

    Attributes
    ----------
    scenario : Scenario
        The situation.
    plan : Plan
        How it was played.
    title : str
        Title of the workshop.
    held : str
        ISO date.
    pairs, preparations, bids, bets : tuple
        Everything that happened, in order.
    observations : tuple of Observation
        What observers noted, one per observer, round and pair.
    seats : dict
        Seat to shown name.
    """

    scenario: Scenario
    plan: Plan
    title: str
    held: str
    pairs: tuple[Pair, ...]
    preparations: tuple[Preparation, ...]
    bids: tuple[Bid, ...]
    bets: tuple[Bet, ...]
    observations: tuple[Observation, ...]
    seats: dict[str, str]


def record_of(room: Room) -> Record:
    """What happened so far, for debrief and export.

    An end decided in the last period that was played is not early, as in the engine: its reason is "horizon".

    Examples
    --------
    >>> import simulator as ns
    >>> from simulator.workshop.room import Room
    >>> record_of(Room.new(ns.load_scenario("saas-renewal"))).title
    'Enterprise SaaS renewal'
    """
    held = datetime.fromtimestamp(room.began_at or 0.0, tz=UTC).date().isoformat()
    return Record(
        scenario=room.scenario,
        plan=room.plan,
        title=room.title,
        held=held,
        pairs=tuple(_pair(room, pair) for pair in room.pairs.values()),
        preparations=tuple(
            Preparation(
                seat.id, round_, form["side"], form["outside"], form["target"], form["first_offer"], form["guess"]
            )
            for seat in room.seats.values()
            for round_, form in seat.forms.items()
        ),
        bids=tuple(
            Bid(1, group.number, bidder.seat, bidder.name, bidder.bid or 0.0, chance, k == group.winner)
            for group in room.groups
            if group.winner is not None
            for k, (bidder, chance) in enumerate(zip(group.bidders, group.chances, strict=True))
        ),
        bets=tuple(
            Bet(round_, seat, question, answer)
            for (round_, seat), answers in room.bets.items()
            for question, answer in answers.items()
        ),
        observations=tuple(
            Observation(seat.id, round_, pair, dict(notes.marks), notes.note)
            for seat in room.seats.values()
            for (round_, pair), notes in seat.notes.items()
        ),
        seats={seat.id: seat.name for seat in room.seats.values()},
    )


def _pair(room: Room, pair: state.Pair) -> Pair:
    over = pair.round < room.round or room.phase in ("predict", "debrief", "closed")
    last = room.played.get(pair.round, 0) - 1
    at_the_end = over and bool(pair.turns) and pair.turns[-1].period == last
    vendor, client = pair.chairs["vendor"], pair.chairs["client"]
    return Pair(
        number=pair.number,
        round=pair.round,
        begun=pair.begun,
        vendor_seat=vendor.seat,
        client_seat=client.seat,
        vendor_name=room.name_of(vendor.seat, vendor.ever),
        client_name=room.name_of(client.seat, client.ever),
        vendor_agent=vendor.ever,
        client_agent=client.ever,
        turns=tuple(_turn(room, turn) for turn in pair.turns),
        reason="horizon" if at_the_end or not pair.reason else pair.reason,
    )


def _turn(room: Room, turn: state.Played) -> Turn:
    def deal(number: int | None) -> dict[str, Any] | None:
        return None if number is None else room.numbers.space(turn.level).deal(number)

    return Turn(
        period=turn.period,
        level=turn.level,
        starved=turn.starved,
        deal=deal(turn.deal),
        agreed=turn.agreed,
        first_offer=deal(turn.first_offer),
        first_offer_by=turn.first_offer_by,
        rounds=turn.rounds,
        vendor_posture=turn.posture["vendor"],
        client_posture=turn.posture["client"],
        vendor_effort=turn.effort["vendor"],
        client_effort=turn.effort["client"],
        vendor_payoff=turn.payoff["vendor"],
        client_payoff=turn.payoff["client"],
        invested=turn.invested,
        vendor_again=turn.again["vendor"],
        client_again=turn.again["client"],
    )
