"""What each pair and the whole class made of a round, against the best they could have made.

All sums follow the definitions of the results of a relationship: money above both outside options, a later period
counts by the scenario's discount (to the round's first period), a switching cost is paid by each side in the period of
an early end, and an end decided in the last period is not early.

*First pairs* are those with which a place at the table was opened: the pairs of the start and those of late joiners.
When two of them part and their people are matched anew, the new pair works on in an old place: what it makes counts for
the class, but it adds nothing to what the class could have made. Where partners change every period by rule, each pair
is a first pair of one period.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simulator.relationships.period import ENDS
from simulator.scenario.schema import Scenario
from simulator.workshop.debrief.best import Best, best_play
from simulator.workshop.record import Pair, Record, Turn

__all__ = ["Account", "ClassAccount", "account_of", "periods_of", "rounds_of"]

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Account:
    """One pair's result; money above the outside options, discounted to the first period of the round.

    Attributes
    ----------
    pair : Pair
        Whose it is.
    vendor, client : float
        What each side captured, switching costs taken off.
    possible : float
        What the best play of its periods creates, in expectation.
    first : bool
        Whether it is a first pair, so that `possible` counts in the class's total.
    length : int
        Periods played.
    span : int
        Periods it could have played.
    ended : bool
        Whether it broke up before the last period.
    switching : float
        Switching costs of both sides, discounted; contained in `vendor` and `client`.
    """

    pair: Pair
    vendor: float
    client: float
    possible: float
    first: bool
    length: int
    span: int
    ended: bool
    switching: float

    @property
    def created(self) -> float:
        """What both captured."""
        return self.vendor + self.client

    @property
    def left(self) -> float:
        """What stayed on the table; negative where luck or the agents' slips made more than could be expected."""
        return self.possible - self.created


@dataclass(frozen=True, eq=False)
class ClassAccount:
    """One round of the whole class.

    Attributes
    ----------
    record : Record
        What happened.
    round : int
        Which round.
    periods : int
        Periods of the round that could be played.
    accounts : tuple of Account
        One per pair, in the order of the record.
    """

    record: Record
    round: int
    periods: int
    accounts: tuple[Account, ...]

    @property
    def scenario(self) -> Scenario:
        """The situation."""
        return self.record.scenario

    @cached_property
    def first(self) -> tuple[Account, ...]:
        """The first pairs."""
        return tuple(account for account in self.accounts if account.first)

    @cached_property
    def possible(self) -> float:
        """What the best play of all first pairs creates."""
        return math.fsum(account.possible for account in self.first)

    @cached_property
    def vendor(self) -> float:
        """What all vendors captured."""
        return math.fsum(account.vendor for account in self.accounts)

    @cached_property
    def client(self) -> float:
        """What all clients captured."""
        return math.fsum(account.client for account in self.accounts)

    @property
    def created(self) -> float:
        """What the class created."""
        return self.vendor + self.client

    @property
    def left(self) -> float:
        """What the class left on the table."""
        return self.possible - self.created

    @property
    def broken(self) -> int:
        """First pairs that broke up before the last period."""
        return sum(account.ended for account in self.first)

    @cached_property
    def playing(self) -> Floats:
        """Pairs that played in each period, shape (periods,)."""
        return self._per_period(lambda turn: 1.0)

    @cached_property
    def gains(self) -> Floats:
        """Joint gain of all pairs over their outside options in each period, not discounted, shape (periods,)."""
        outside = self.scenario.vendor.outside_option + self.scenario.client.outside_option
        return self._per_period(lambda turn: turn.vendor_payoff + turn.client_payoff - outside)

    @cached_property
    def best_playing(self) -> Floats:
        """Relationships expected to be played in each period under the best play of all first pairs."""
        return self._best_sum(lambda best: best.alive)

    @cached_property
    def best_gains(self) -> Floats:
        """Joint gain expected in each period under the best play of all first pairs."""
        return self._best_sum(lambda best: best.alive * best.gain)

    @cached_property
    def switching(self) -> float:
        """Switching costs paid, discounted."""
        return math.fsum(account.switching for account in self.accounts)

    @cached_property
    def best_switching(self) -> float:
        """Switching costs expected under the best play."""
        discount = self.scenario.discount
        return math.fsum(discount**a.pair.begun * best_play(self.scenario, a.span).switching for a in self.first)

    @property
    def weights(self) -> Floats:
        """What each period counts, shape (periods,)."""
        return np.asarray(self.scenario.discount ** np.arange(self.periods, dtype=np.float64))

    def _per_period(self, what: Callable[[Turn], float]) -> Floats:
        total = np.zeros(self.periods)
        for account in self.accounts:
            for turn in account.pair.turns:
                total[turn.period] += what(turn)
        return total

    def _best_sum(self, what: Callable[[Best], Floats]) -> Floats:
        total = np.zeros(self.periods)
        for account in self.first:
            best: Best = best_play(self.scenario, account.span)
            begun = account.pair.begun
            total[begun : begun + account.span] += what(best)
        return total


def rounds_of(record: Record) -> tuple[int, ...]:
    """The rounds in which somebody played.

    Examples
    --------
    >>> import simulator as ns
    >>> from simulator.workshop.plan import Plan
    >>> rounds_of(Record(ns.load_scenario("saas-renewal"), Plan(), "", "2026-01-01", (), (), (), (), (), {}))
    ()
    """
    return tuple(sorted({pair.round for pair in record.pairs if pair.turns}))


def periods_of(record: Record, round: int) -> int:
    """Periods of a round: those of the plan, fewer where it was stopped while pairs still lived."""
    pairs = [pair for pair in record.pairs if pair.round == round and pair.turns]
    played = max((pair.turns[-1].period + 1 for pair in pairs), default=0)
    if record.plan.partners == "new" or any(pair.reason not in ENDS for pair in pairs):
        return played
    return max(record.plan.periods, played)


def account_of(record: Record, round: int) -> ClassAccount:
    """Settle the accounts of a round."""
    periods = periods_of(record, round)
    pairs = [pair for pair in record.pairs if pair.round == round and pair.turns]
    met: set[str] = set()
    accounts = []
    for pair in sorted(pairs, key=lambda pair: (pair.begun, pair.number)):
        seats = {seat for seat in (pair.vendor_seat, pair.client_seat) if seat is not None}
        first = record.plan.partners == "new" or pair.begun == 0 or (bool(seats) and not seats & met)
        met |= seats
        accounts.append(_settled(record, pair, periods, first=first))
    accounts.sort(key=lambda account: account.pair.number)
    return ClassAccount(record, round, periods, tuple(accounts))


def _settled(record: Record, pair: Pair, periods: int, *, first: bool) -> Account:
    scenario, discount = record.scenario, record.scenario.discount
    last = pair.turns[-1].period
    ended = pair.reason in ENDS and last < periods - 1
    weight = discount**last if ended else 0.0
    costs = scenario.relationship.switching_cost
    span = 1 if record.plan.partners == "new" else periods - pair.begun

    def captured(side: str) -> float:
        outside, cost = scenario.party(side).outside_option, getattr(costs, side)
        return math.fsum(
            [discount**turn.period * (_payoff(turn, side) - outside) for turn in pair.turns] + [-weight * cost]
        )

    return Account(
        pair=pair,
        vendor=captured("vendor"),
        client=captured("client"),
        possible=discount**pair.begun * best_play(scenario, span).created,
        first=first,
        length=len(pair.turns),
        span=span,
        ended=ended,
        switching=weight * (costs.vendor + costs.client),
    )


def _payoff(turn: Turn, side: str) -> float:
    return turn.vendor_payoff if side == "vendor" else turn.client_payoff
