"""Vendors with several places in a fluid market: how many of their idle places earn the outside option.

A vendor earns its outside option for each place that lost its client and is still empty, such places being filled
first, and for one place if it never had a client. So what counts is the largest number of places so far in use. Each
kind of vendor is held as a distribution over (places ever used, places busy), its places filling and emptying
independently of each other at the rates of the market.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from simulator.markets.population import Population

__all__ = ["IdleSlots"]

Floats = NDArray[np.float64]


class IdleSlots:
    """Distributions over (used, busy) places of each kind of vendor."""

    def __init__(self, people: Population) -> None:
        market = people.market
        mean = market.clients / market.vendors
        # Without limit, more busy places than this are out of reach of chance.
        self.limited = market.capacity > 0
        self.places = market.capacity or int(np.ceil(mean + 10 * np.sqrt(mean) + 10))
        size = self.places + 1
        self.state = np.zeros((people.n_vendor_kinds, size, size))
        self.state[:, 0, 0] = 1.0
        used, busy = np.indices((size, size))
        self.paid = np.where(used == 0, 1.0, used - busy)
        self.used, self.busy = used, busy

    def fill(self, per_vendor: Floats) -> None:
        """Places that find a client: expected number for each vendor, (kinds,)."""
        size = self.places + 1
        for kind, rate in enumerate(per_vendor):
            if rate <= 0:
                continue
            busy = self.state[kind].sum(axis=0)
            free = self.places - float(busy @ np.arange(size))
            move = _arrivals(size, min(1.0, rate / free) if free > 0 else 0.0, rate, self.limited)
            after = self.state[kind] @ move
            # The largest number so far rises where more are busy than ever before.
            self.state[kind] = _lifted(after)

    def empty(self, per_vendor: Floats) -> None:
        """Places that stop being busy (their client lost, and their search done): expected number for each vendor."""
        size = self.places + 1
        for kind, rate in enumerate(per_vendor):
            busy = float(self.state[kind].sum(axis=0) @ np.arange(size))
            if rate <= 0 or busy <= 0:
                continue
            self.state[kind] = self.state[kind] @ _departures(size, min(1.0, rate / busy))

    def replace(self, turnover: float) -> None:
        """Replace a part of the vendors by newcomers that never had a client."""
        self.state *= 1.0 - turnover
        self.state[:, 0, 0] += turnover

    @property
    def idle(self) -> Floats:
        """Idle places that earn the outside option, expected for each vendor, (kinds,)."""
        return np.asarray((self.state * self.paid).sum(axis=(1, 2)))


def _lifted(after: Floats) -> Floats:
    """Move mass with more busy than ever used places to where both are equal."""
    over = np.triu(after, 1)  # rows: used, columns: busy
    return after - over + np.diag(over.sum(axis=0))


def _arrivals(size: int, chance: float, rate: float, limited: bool) -> Floats:
    """Busy places before (row) and after (column), each free one filled with a chance; Poisson without a limit."""
    if limited:
        return _binomials(size, 1.0 - chance)[::-1, ::-1]  # by the places that stay free
    before, after = np.indices((size, size))
    more = np.maximum(after - before, 0)
    move = np.where(after >= before, np.exp(more * np.log(rate) - rate - gammaln(more + 1)), 0.0)
    move[:, -1] += 1.0 - move.sum(axis=1)
    return np.asarray(move)


def _departures(size: int, chance: float) -> Floats:
    """Busy places before (row) and after (column), each one emptied with a chance."""
    return _binomials(size, 1.0 - chance)


def _binomials(size: int, chance: float) -> Floats:
    """Probability of each number of successes (column) out of 0, 1, ..., size - 1 (row)."""
    if chance <= 0 or chance >= 1:
        found = np.eye(size)
        return found if chance >= 1 else np.eye(size)[np.zeros(size, dtype=np.intp)]
    return np.asarray(_coefficients(size) * chance ** np.arange(size) * (1.0 - chance) ** _failures(size))


@lru_cache(maxsize=8)
def _coefficients(size: int) -> Floats:
    count, k = np.indices((size, size))
    logs = gammaln(count + 1) - gammaln(k + 1) - gammaln(np.maximum(count - k, 0) + 1)
    return np.asarray(np.where(k <= count, np.exp(logs), 0.0))


@lru_cache(maxsize=8)
def _failures(size: int) -> Floats:
    count, k = np.indices((size, size))
    return np.asarray(np.maximum(count - k, 0), dtype=np.float64)
