"""Vendors with several places in a fluid market: how many of their idle places earn the outside option.

A vendor earns its outside option for each place that lost its client and is still empty, such places being filled
first, and for one place if it never had a client. So what counts is the largest number of places so far in use. Each
kind of vendor with each record is held as a distribution over (places ever used, places busy), its places filling and
emptying independently of each other at the rates of the market.
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
    """Masses of vendors by kind, record, and (used, busy) places.

    Attributes
    ----------
    state : ndarray, shape (kinds, records, size, size)
        Mass of vendors by the largest number of places so far in use, and by places in use or searching.
    """

    def __init__(self, people: Population, known: Floats) -> None:
        market = people.market
        mean = market.clients / market.vendors
        # Without limit, more busy places than this are out of reach of chance, also for the most sought-after.
        self.limited = market.capacity > 0
        self.places = market.capacity or min(market.clients, int(np.ceil(3 * mean + 20 * np.sqrt(mean) + 20)))
        size = self.places + 1
        self.state = np.zeros((*known.shape, size, size))
        self.state[:, :, 0, 0] = known
        used, busy = np.indices((size, size))
        self.paid = np.where(used == 0, 1.0, used - busy)

    def fill(self, taken: Floats) -> None:
        """Places that find a client, a mass by kind and record."""
        size = self.places + 1
        for at in zip(*np.nonzero(taken > 0), strict=True):
            vendors, busy = self.state[at].sum(), float(self.state[at].sum(axis=0) @ np.arange(size))
            if vendors <= 0:
                continue
            free = self.places * vendors - busy
            move = _arrivals(size, min(1.0, taken[at] / free) if free > 0 else 0.0, taken[at] / vendors, self.limited)
            # The largest number so far rises where more are busy than ever before.
            self.state[at] = _lifted(self.state[at] @ move)

    def empty(self, back: Floats) -> None:
        """Places that stop being busy (their client lost, and their search done), a mass by kind and record."""
        size = self.places + 1
        for at in zip(*np.nonzero(back > 0), strict=True):
            busy = float(self.state[at].sum(axis=0) @ np.arange(size))
            if busy > 0:
                self.state[at] = self.state[at] @ _departures(size, min(1.0, back[at] / busy))

    def learn(self, change: Floats) -> None:
        """Change the records of the vendors of each kind by (kinds, records, records) matrices."""
        self.state = np.einsum("vrub,vrq->vqub", self.state, change)

    def replace(self, turnover: float, newcomers: Floats, start: int) -> None:
        """Replace a part of the vendors by newcomers that never had a client, a mass by kind."""
        self.state *= 1.0 - turnover
        self.state[:, start, 0, 0] += newcomers

    @property
    def idle(self) -> Floats:
        """Idle places that earn the outside option, a mass by kind."""
        return np.asarray((self.state * self.paid).sum(axis=(1, 2, 3)))


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
