"""Turnover in a simulated market: who is replaced after a period, and by whom.

One number for each party and period decides all: whether it goes and, from where it falls below that chance, which
strategy its successor has.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.markets.newcomers import Newcomers
from simulator.markets.population import Population
from simulator.markets.simulated.draws import Draws
from simulator.markets.simulated.parties import Parties

__all__ = ["Leavers", "Succession"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class Leavers:
    """Parties that are replaced after a period.

    Attributes
    ----------
    vendors, clients : ndarray of int
        Who goes; with one role both are the same parties.
    ends : ndarray of int
        Clients whose relationships end with them.
    """

    def __init__(self, parties: Parties, vendors: tuple[Ints, Floats], clients: tuple[Ints, Floats]) -> None:
        (self.vendors, self.of_vendors), (self.clients, self.of_clients) = vendors, clients
        gone = np.zeros(parties.n_vendors + 1, dtype=bool)  # the last entry: no vendor
        gone[self.vendors] = True
        ends = gone[parties.partner]
        with_partner = self.clients[parties.partner[self.clients] < parties.n_vendors]
        ends[with_partner] = True
        self.ends = np.flatnonzero(ends)


class Succession:
    """Draws who goes, and newcomers' strategies."""

    def __init__(self, people: Population, draws: Draws) -> None:
        self.people, self.draws = people, draws
        self.newcomers = Newcomers(people)

    def leavers(self, t: int, parties: Parties) -> Leavers | None:
        """Who is replaced after period t; None where nobody is."""
        chance = self.newcomers.turnover(t)
        if chance <= 0:
            return None
        clients = _drawn(self.draws.uniforms("turnover-clients", parties.n_clients), chance)
        if self.people.one_role:
            return Leavers(parties, clients, clients) if len(clients[0]) else None
        vendors = _drawn(self.draws.uniforms("turnover-vendors", parties.n_vendors), chance)
        return Leavers(parties, vendors, clients) if len(clients[0]) or len(vendors[0]) else None

    def replace(self, t: int, parties: Parties, leavers: Leavers) -> None:
        """Put newcomers in the places of those who left after period t."""
        people = self.people
        parties.replace(t, leavers.vendors, leavers.clients)
        if len(leavers.clients):
            segments = parties.client_segment[leavers.clients]
            # A ladder for each segment, each one step above the last, is searched as a whole.
            ladder = np.cumsum(self.newcomers.client_shares(), axis=1)
            ladder /= ladder[:, -1:]
            steps = (ladder + np.arange(len(ladder))[:, None]).ravel()
            kinds = np.searchsorted(steps, segments + leavers.of_clients, side="right")
            # Rounding must not lead into the next segment.
            last = segments * len(people.client_agents) + ladder.shape[1] - 1
            parties.client_kind[leavers.clients] = np.minimum(kinds, last)
        if len(leavers.vendors) and not people.one_role:
            ladder = np.cumsum(self.newcomers.vendor_shares())
            agents = np.searchsorted(ladder / ladder[-1], leavers.of_vendors, side="right")
            quality = parties.vendor_quality[leavers.vendors]
            parties.vendor_kind[leavers.vendors] = agents * len(people.quality) + quality
        parties.renew()


def _drawn(uniforms: Floats, chance: float) -> tuple[Ints, Floats]:
    """Whose number lies below the chance, and where in it, from 0 to 1."""
    gone = np.flatnonzero(uniforms < chance)
    return gone, uniforms[gone] / chance
