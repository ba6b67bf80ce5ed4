"""How free clients and vendors meet in a fluid market: which new relationships begin, and what competing costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.markets.records import Records

__all__ = ["Begun", "Encounters", "OneRole", "RandomMatching", "Review"]

Floats = NDArray[np.float64]


@dataclass(eq=False)
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
    bids, wins : ndarray, shape (v,)
        Bids made, and won.
    contests : ndarray, shape (c,)
        Contests or tenders held for clients of each kind who look for a vendor, also where nobody takes part.
    claimed : ndarray, shape (v, c)
        What low-balling winners claim back from their clients in the first period.
    transferred, selected : float
        What clients paid less than the highest cost; value of winners above their shortlists' average.
    """

    births: Floats
    burned: Floats
    tendering: Floats
    paid: Floats
    client_paid: Floats
    bids: Floats
    wins: Floats
    claimed: Floats
    contests: Floats
    transferred: float = 0.0
    selected: float = 0.0

    @classmethod
    def freely(cls, births: Floats) -> Begun:
        """Relationships that nobody had to compete for."""
        v, c = births.shape[:2]
        burned, tendering, paid, bids, wins = np.zeros((5, v))
        return cls(births, burned, tendering, paid, np.zeros(c), bids, wins, np.zeros((v, c)), np.zeros(c))


@dataclass(frozen=True, eq=False)
class Review:
    """What comes of tendering clients that are served.

    Attributes
    ----------
    keeps : ndarray, shape (v, c, records, records)
        Probability that the incumbent keeps the client, by kinds and records.
    losses : ndarray, shape (v, c, records, records, v, records)
        Probability that it loses it to a challenger of each kind and record.
    begun : Begun
        What it cost; the births in it are left to the caller, who knows what is heard of the ends.
    """

    keeps: Floats
    losses: Floats
    begun: Begun


class Encounters(Protocol):
    """A way of matching.

    `claim_exits`, shape (v, c, records): extra chance of a client to leave after the first period because its vendor
    claims back what it bid too low; None where nobody does.
    """

    claim_exits: Floats | None

    def meet(self, vendors: Floats, clients: Floats, unlimited: bool) -> Begun:
        """What begins when these eligible masses, (kinds, records) each, look for a partner."""

    def review(self, vendors: Floats, standing: Floats, unlimited: bool) -> Review:
        """Tender clients that are served; only where vendors compete for clients."""

    def claim(self, begun: Begun) -> None:
        """Note what low-balling vendors claim back in the first period."""


class _Free:
    """What all matching without competition has in common."""

    claim_exits: Floats | None = None

    def review(self, vendors: Floats, standing: Floats, unlimited: bool) -> Review:
        """Nobody competes here: everybody keeps its client."""
        losses = np.zeros((*standing.shape, *vendors.shape))
        return Review(np.ones(standing.shape), losses, Begun.freely(np.zeros(standing.shape)))

    def claim(self, begun: Begun) -> None:
        """Nobody bids here, so that there is nothing to claim back."""


@dataclass(frozen=True)
class RandomMatching(_Free):
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
class OneRole(_Free):
    """Any two free parties of one population meet; which of them takes the vendor's place is a coin."""

    records: Records

    def meet(self, vendors: Floats, clients: Floats, unlimited: bool) -> Begun:
        """What begins among the eligible parties; both arguments are the same masses."""
        free = float(vendors.sum())
        if free <= 0:
            return Begun.freely(np.zeros((len(vendors), len(vendors), self.records.n, self.records.n)))
        able = vendors * self.records.accepted
        return Begun.freely(np.einsum("vr,cs->vcrs", able, able) / (2.0 * free))
