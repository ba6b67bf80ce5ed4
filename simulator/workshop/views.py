"""What each screen may show, as plain frozen data: a seat's, the trainer's, the projector's.

Screens are rendered from these and from nothing else, so that secrecy is a property of the functions that make them
(`seat_view`, `console_view`): a `SeatView` holds the numbers of its own side alone, in whatever phase.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = [
    "ChecklistView",
    "ConsoleGroup",
    "ConsolePair",
    "ConsoleSeat",
    "ConsoleView",
    "ContestView",
    "DealView",
    "EnteredView",
    "IssueView",
    "NextStep",
    "OfferView",
    "PairView",
    "PreparationView",
    "ProjectorView",
    "QuestionView",
    "SeatView",
    "SheetView",
    "TurnView",
]


@dataclass(frozen=True)
class IssueView:
    """An issue with this side's own worths: row by row the scoring table."""

    name: str
    unit: str
    options: tuple[str, ...]  # as shown; a move names an option by its number, from 0
    worths: tuple[float, ...]
    best: int  # number of the option worth most to this side


@dataclass(frozen=True)
class SheetView:
    """The confidential sheet of one side, at the present level."""

    side: str
    name: str  # of the own party
    partner: str  # name of the party across the table
    brief: str
    outside: float
    switching_cost: float
    base: float  # worth of any agreement before the issues, the level's worth included
    issues: tuple[IssueView, ...]  # empty where the payoffs are given directly
    effort_cost: float  # of own full effort
    effort_benefit: float  # own benefit of the partner's full effort
    needs: float | None  # vendor: surplus below which the next period is starved; None: the rule is not in use
    postures: tuple[str, ...]  # own, to pick from where the payoffs are given directly, else empty
    partner_postures: tuple[str, ...]
    payoffs: tuple[tuple[float, ...], ...]  # own: row = own posture, column = partner's; empty with issues
    rounds: int
    round_cost: float
    first_offer: str  # side that opens in type mode


@dataclass(frozen=True)
class DealView:
    """A package as this side sees it."""

    options: tuple[int, ...]  # number of the option in each issue
    labels: tuple[str, ...]
    worth: float  # to this side, before effort and rounds' cost


@dataclass(frozen=True)
class OfferView:
    """One offer made in type mode."""

    number: int  # what `accept` names, from 1
    round: int  # from 1
    mine: bool
    deal: DealView


@dataclass(frozen=True)
class EnteredView:
    """What one of two people who talk has entered, for the other to confirm."""

    mine: bool
    deal: DealView | None  # None: they part without agreement
    first_offer: DealView | None
    first_offer_mine: bool | None


@dataclass(frozen=True)
class TurnView:
    """A past period of the own relationship, or the result of this one."""

    period: int  # from 0
    level: str
    starved: bool
    deal: DealView | None
    agreed: bool
    rounds: int
    effort: float | None  # None where nothing was delivered
    posture: str  # own, as it counted
    partner_effort: float | None  # as perceived
    partner_posture: str  # as perceived
    payoff: float  # own, after what was reinvested
    outside: float
    invested: float | None  # vendor's own; None for a client
    again: int | None


@dataclass(frozen=True)
class PairView:
    """The own relationship in this period."""

    number: int
    partner_name: str  # "" for an agent
    partner_is_agent: bool
    level: int
    level_name: str
    starved: bool  # the vendor is: its service is poor in this period
    mode: str  # "talk", "type", "choose" (payoffs given directly)
    round: int  # of the talks, from 1
    rounds: int
    my_turn: bool
    offers: tuple[OfferView, ...]
    standing: OfferView | None  # to answer
    entered: EnteredView | None
    disputed: bool  # the last entry was not confirmed
    deal: DealView | None  # agreed
    agreed: bool | None  # None: not yet decided
    efforts: tuple[float, ...]  # to choose from, least first
    invest: tuple[float, ...]  # shares of the surplus a vendor may put back, empty when it is not asked
    partner_priorities: tuple[str, ...]  # issues, dearest first, when an agent's tactic discloses them
    result: TurnView | None
    again: int | None
    again_answered: bool
    asks_stay: bool  # renew or leave is asked in this period
    stays: bool | None
    ended: str  # "" or why: you-left, they-left, you-begrudged, they-begrudged, ..., churn, horizon


@dataclass(frozen=True)
class PreparationView:
    """What the seat wrote before the talks."""

    outside: float | None
    target: float | None
    first_offer: float | None
    guess: float | None


@dataclass(frozen=True)
class ContestView:
    """The contest for a client, as one of the bidders or the client sees it."""

    kind: str  # "effort", "price"
    group: int
    bidders: int
    limit: float  # largest bid
    bid: float | None  # own
    chance: float | None  # own, once it is decided
    won: bool | None  # None: not decided; a client sees None
    burned: float  # own bid that is spent
    choice: str | None  # of a loser: "agent", "adviser"
    advisable: bool  # whether a person has won, so that there is somebody to advise


@dataclass(frozen=True)
class QuestionView:
    """A bet before a reveal."""

    key: str
    low: float
    high: float
    answer: float | None


@dataclass(frozen=True)
class ChecklistView:
    """An observer's own notes of this round, those of one pair open; None as a pair is the room as a whole."""

    items: tuple[str, ...]  # keys of the points
    noted: tuple[int | None, ...]  # pairs of which there are notes
    open: bool  # whether the notes of one pair are
    pair: int | None  # that pair
    marks: Mapping[str, int]  # times seen in it
    note: str


@dataclass(frozen=True)
class SeatView:
    """Everything that one seat may know.

    `step` says what its screen is about::

        lobby          joined, waiting for the start
        free           joined late or parted: matched at the next period
        prepare        the form (stays open until the trainer goes on; `preparation` holds what was sent)
        bid, bid-wait, won, lost, client-wait        compete
        talk           talk mode: enter the package agreed aloud, or "no agreement"
        confirm        the other's entry is to be confirmed;   confirm-wait: the own one is
        offer          type mode: offer, accept, counter or stop;   offer-wait: the other's turn
        choose, choose-wait                          payoffs given directly: pick a posture
        deliver, deliver-wait                        effort (and what to put back)
        result         see the result, thumb question 1 to 7
        renew          renew or leave
        review-wait    the other still answers
        done           period complete, waiting for the next
        ended          the relationship is over, nothing more in this round
        observe        checklist
        predict, predict-wait
        debrief        own sheet
        closed
        replaced       an agent plays this seat; `return` takes it back
    """

    seat: str
    name: str
    role: str  # "player", "observer", "adviser"
    step: str
    step_key: str  # identity of the decision asked now
    asked: bool  # whether this seat is asked something now
    acts: bool  # whether this device may act (the driver of the seat)
    devices: int
    title: str
    summary: str
    goal: str
    currency: str
    period_word: str
    phase: str
    round: int
    period: int
    periods: int | None  # None while the end is hidden
    deadline: float | None  # unix time
    hard: bool
    joined: int  # people in the room
    sheet: SheetView | None = None
    preparation: PreparationView | None = None
    contest: ContestView | None = None
    pair: PairView | None = None
    history: tuple[TurnView, ...] = ()  # of this round, oldest first, of all own pairs
    questions: tuple[QuestionView, ...] = ()
    checklist: ChecklistView | None = None
    reveals: tuple[str, ...] = ()
    pairs: tuple[int, ...] = ()  # an observer may pick one

    @property
    def side(self) -> str | None:
        """Own side; None before it is known and for observers."""
        return None if self.sheet is None else self.sheet.side


@dataclass(frozen=True)
class NextStep:
    """The one big button of the trainer."""

    key: str  # start, compete, play, next-period, predict, debrief, reveal, second-round, close
    move: Mapping[str, Any]  # to post as it is
    ready: bool  # everybody is done
    waiting: tuple[str, ...]  # names of those who are not
    confirm: bool  # going on would cut somebody short: ask first


@dataclass(frozen=True)
class ConsoleSeat:
    """A seat as the trainer sees it."""

    seat: str
    name: str
    role: str
    status: str  # "here", "agent", "gone"
    agent: str | None
    side: str | None
    pair: int | None
    step: str
    asked: bool
    waiting: float  # seconds for which the present decision has been asked
    idle: bool
    connected: bool
    devices: int


@dataclass(frozen=True)
class ConsolePair:
    """A pair as the trainer sees it: where it stands, not its numbers."""

    number: int
    vendor_name: str
    client_name: str
    vendor_seat: str | None
    client_seat: str | None
    vendor_agent: str | None  # playing now
    client_agent: str | None
    mode: str
    step: str  # talk, confirm, deliver, review, done, ended
    waiting_for: tuple[str, ...]  # seats
    waiting: float  # seconds since the pair last moved
    stuck: bool
    level_name: str
    rounds: int
    reason: str  # "" while it lives


@dataclass(frozen=True)
class ConsoleGroup:
    """A contest as the trainer sees it."""

    number: int
    client_name: str
    bidders: tuple[str, ...]
    bids_in: int
    winner: str | None


@dataclass(frozen=True)
class ConsoleView:
    """Everything the trainer's console shows."""

    title: str
    phase: str
    round: int
    period: int
    periods: int
    plan: Any
    step_key: str
    next: NextStep | None
    other_steps: tuple[NextStep, ...]  # less usual ways on, e.g. debrief before all periods are played
    joined: int
    expected: int | None
    observers: int
    connected: int
    seats: tuple[ConsoleSeat, ...]
    pairs: tuple[ConsolePair, ...]  # of this round
    groups: tuple[ConsoleGroup, ...]
    idle: tuple[str, ...]  # seats
    disconnected: tuple[str, ...]  # seats
    stuck: tuple[int, ...]  # pair numbers
    done: int  # pairs that finished the period
    active: int  # pairs that play in the period
    deadline: float | None
    hard: bool
    names_shown: bool
    reveals: tuple[str, ...]
    revealable: tuple[str, ...]
    bets_in: int
    bets_expected: int
    prepared: int
    remedies: bool  # nobody joined a minute after the code was shown: show the four ways out
    agents: tuple[str, ...] = ()  # that can fill a seat here, the usual one first


@dataclass(frozen=True)
class ProjectorView:
    """What the wall shows: nothing of anybody's numbers before a reveal."""

    title: str
    summary: str
    phase: str
    round: int
    period: int
    periods: int | None  # None while the end is hidden
    joined: int
    expected: int | None
    names: tuple[str, ...]  # in the lobby, and only when names are shown
    done: int  # of the pairs
    active: int
    prepared: int
    bets_in: int
    bets_expected: int
    deadline: float | None
    hard: bool
    names_shown: bool
    reveals: tuple[str, ...]
    reveal: str | None  # the step on the wall now
    asks_stay: bool  # renew or leave is asked in this period
