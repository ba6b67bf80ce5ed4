"""The parties of a simulated market, as arrays: who they are, who is with whom, and who is free.

A client is in one relationship at a time, so a relationship is known by its client's place. With one role both arrays
of kinds and of records are the same array, the first of a pair sits in the vendor's place and the second in the
client's.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from simulator.markets.population import Population
from simulator.markets.records import UNKNOWN
from simulator.markets.simulated.draws import Draws

__all__ = ["Parties"]

Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]


class Parties:
    """Who is in the market and who is with whom.

    Attributes
    ----------
    n_vendors, n_clients : int
        Numbers of parties; the same parties where there is one role.
    vendor_kind, client_kind : ndarray of int, shape (n,)
        Kinds.
    vendor_record, client_record : ndarray of int, shape (n,)
        Records.
    partner : ndarray of int, shape (n_clients,)
        Each client's vendor; `n_vendors` where there is none.
    since : ndarray of int, shape (n_clients,)
        Period in which the client's relationship began.
    free_from : ndarray of int, shape (n_clients,)
        First period in which the client, once free, can be matched.
    busy, searching : ndarray of int, shape (n_vendors,)
        Places of a vendor in use, and those that lost their client too recently to be matched.
    used : ndarray of int, shape (n_vendors,)
        Places that earn the vendor's outside option or took it: the most so far in use or searching, at least one.
    """

    def __init__(self, people: Population, draws: Draws) -> None:
        market = people.market
        self.people, self.capacity, self.search_time = people, market.capacity, market.search_time
        self.n_clients = market.clients
        self.client_kind = _shuffled(people.client_counts(market.clients).ravel(), draws)
        self.client_record = np.full(market.clients, UNKNOWN)
        if people.one_role:
            self.n_vendors, self.vendor_kind, self.vendor_record = self.n_clients, self.client_kind, self.client_record
        else:
            self.n_vendors = market.vendors
            # By quality first, so that a place has the same quality whatever the mix is.
            kinds = np.arange(people.n_vendor_kinds).reshape(-1, len(people.quality)).T
            counts = people.vendor_counts(market.vendors)
            self.vendor_kind = kinds.ravel()[_shuffled(counts.ravel(), draws)]
            self.vendor_record = np.full(market.vendors, UNKNOWN)
        self.partner = np.full(self.n_clients, self.n_vendors)
        self.since = np.zeros(self.n_clients, dtype=np.intp)
        self.free_from = np.zeros(self.n_clients, dtype=np.intp)
        self.busy, self.searching = np.zeros((2, self.n_vendors), dtype=np.intp)
        self.used = np.ones(self.n_vendors, dtype=np.intp)
        self._here_since = np.zeros(self.n_vendors, dtype=np.intp)
        self._returning: deque[tuple[int, int, Ints]] = deque()  # period, period of the loss, vendors
        self.renew()

    def renew(self) -> None:
        """Derive what follows from the kinds: agents, segments, quality, and numbers of parties of each strategy."""
        people = self.people
        self.vendor_agent, self.vendor_quality = np.divmod(self.vendor_kind, len(people.quality))
        self.client_segment, self.client_agent = np.divmod(self.client_kind, len(people.client_agents))
        self.vendor_heads = np.bincount(self.vendor_agent, minlength=len(people.vendor_agents))
        self.client_heads = np.bincount(self.client_agent, minlength=len(people.client_agents))
        outside = np.array([scenario.client.outside_option for scenario in people.segment_scenarios])
        self.client_outside = np.bincount(
            self.client_agent, weights=outside[self.client_segment], minlength=len(people.client_agents)
        )
        self.count_places()

    def count_places(self) -> None:
        """Sum the places that earn the vendors' outside option by vendor agent."""
        if self.capacity == 1 or self.people.one_role:
            self.places: NDArray[np.float64] = self.vendor_heads.astype(np.float64)
        else:
            count = len(self.people.vendor_agents)
            self.places = np.bincount(self.vendor_agent, weights=self.used, minlength=count).astype(np.float64)

    # -- free parties ------------------------------------------------------------------------------------------

    def search(self, t: int) -> None:
        """Let places whose search is over at the start of period t be matched."""
        while self._returning and self._returning[0][0] <= t:
            _, lost, vendors = self._returning.popleft()
            # Those whose vendor has been replaced since then are gone.
            np.subtract.at(self.searching, vendors[self._here_since[vendors] <= lost], 1)

    def free_clients(self, t: int) -> Ints:
        """Clients that can be matched at the start of period t; with one role, parties."""
        free = (self.partner == self.n_vendors) & (self.free_from <= t)
        if self.people.one_role:
            free &= self.busy == 0
        return np.flatnonzero(free)

    def free_places(self) -> Ints:
        """Number of each vendor's places that can be matched now, (n_vendors,); limited capacity only."""
        return self.capacity - self.busy - self.searching

    # -- relationships -----------------------------------------------------------------------------------------

    def begin(self, t: int, vendors: Ints, clients: Ints) -> None:
        """Join each client with a vendor from period t on."""
        self.partner[clients] = vendors
        self.since[clients] = t
        if self.capacity == 1 or self.people.one_role:
            self.busy[vendors] = 1
            return
        np.add.at(self.busy, vendors, 1)
        self.used[vendors] = np.maximum(self.used[vendors], self.busy[vendors] + self.searching[vendors])
        self.count_places()

    def part(self, lost: int, clients: Ints) -> Ints:
        """End the relationships of these clients after period `lost`; returns their vendors."""
        vendors = self.partner[clients]
        self.partner[clients] = self.n_vendors
        back = lost + 1 + self.search_time
        self.free_from[clients] = back
        np.subtract.at(self.busy, vendors, 1)
        if self.people.one_role:
            self.free_from[vendors] = back
        elif self.search_time > 0:
            np.add.at(self.searching, vendors, 1)
            self._returning.append((back, lost, vendors))
        return vendors

    def replace(self, t: int, vendors: Ints, clients: Ints) -> None:
        """Forget all about parties that are replaced after period t; they are free, and the caller renews them."""
        self.client_record[clients] = UNKNOWN
        self.free_from[clients] = t + 1
        if self.people.one_role:
            return
        self.vendor_record[vendors] = UNKNOWN
        self.searching[vendors] = 0
        self.used[vendors] = 1
        self._here_since[vendors] = t + 1


def _shuffled(counts: Ints, draws: Draws) -> Ints:
    """So many of each of 0, 1, ... in an order that says nothing."""
    found = np.repeat(np.arange(len(counts)), counts)
    return found[np.argsort(draws.keys("order", len(found)), kind="stable")]
