"""How free clients and vendors meet in a fluid market: which new relationships begin, and what competing costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.markets.records import Records

__all__ = ["Begun", "Encounters", "OneRole", "RandomMatching"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Begun:
    """Relationships that begin in a period, and the price of competing for them.

    Attributes
    ----------
    births : ndarray, shape (v, c, records, records)
        New relationships by kind of vendor and client and by their records.
    burned, tendering, paid : ndarray, shape (v,)
        Effort spent by each kind of vendor, winners' own costs in tenders, and what clients paid to winners.
    client_paid : ndarray, shape (c,)
        The same payments by kind of client.
    transferred, selected : float
        What clients paid less than the highest cost; value of winners above their shortlists' average.
    bids, wins : ndarray, shape (v,)
        Bids made, and won.
    """

    births: Floats
    burned: Floats
    tendering: Floats
    paid: Floats
    client_paid: Floats
    transferred: float
    selected: float
    bids: Floats
    wins: Floats

    @classmethod
    def freely(cls, births: Floats) -> Begun:
        """Relationships that nobody had to compete for."""
        v, c = births.shape[:2]
        return cls(births, np.zeros(v), np.zeros(v), np.zeros(v), np.zeros(c), 0.0, 0.0, np.zeros(v), np.zeros(v))


class Encounters(Protocol):
    """A way of matching."""

    def meet(self, vendors: Floats, clients: Floats, unlimited: bool) -> Begun:
        """What begins when these eligible masses, (kinds, records) each, look for a partner."""


@dataclass(frozen=True)
class RandomMatching:
    """Any free client meets any free place of a vendor, one to one until one side is used up."""

    records: Records

    def meet(self, vendors: Floats, clients: Floats, unlimited: bool) -> Begun:
        """What begins when these eligible masses, (kinds, records) each, look for a partner."""
        supply, demand = float(vendors.sum()), float(clients.sum())
        if supply <= 0 or demand <= 0:
            return Begun.freely(np.zeros((len(vendors), len(clients), self.records.n, self.records.n)))
        accepted = self.records.accepted
        one, two = vendors * accepted / supply, clients * accepted / demand
        met = demand if unlimited else min(supply, demand)
        return Begun.freely(met * np.einsum("vr,cs->vcrs", one, two))


@dataclass(frozen=True)
class OneRole:
    """Any two free parties of one population meet; which of them takes the vendor's place is a coin."""

    records: Records

    def meet(self, vendors: Floats, clients: Floats, unlimited: bool) -> Begun:
        """What begins among the eligible parties; both arguments are the same masses."""
        free = float(vendors.sum())
        if free <= 0:
            return Begun.freely(np.zeros((len(vendors), len(vendors), self.records.n, self.records.n)))
        able = vendors * self.records.accepted
        return Begun.freely(np.einsum("vr,cs->vcrs", able, able) / (2.0 * free))
