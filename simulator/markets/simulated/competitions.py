"""When vendors compete in a simulated market: for clients who look for one, and in the reviews of those who are served.

What low-balling vendors claim back from the clients they won is kept here until it falls due in the first period.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.markets.pairs import Pairs, first_claim_exit
from simulator.markets.simulated.bidding import Bidding
from simulator.markets.simulated.booking import Books
from simulator.markets.simulated.dealing import deal
from simulator.markets.simulated.draws import Draws
from simulator.markets.simulated.meeting import Sight
from simulator.markets.simulated.parties import Parties

__all__ = ["Competitions", "Won"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class Won(NamedTuple):
    """Clients and the vendors who won them."""

    vendors: Ints
    clients: Ints


class Competitions:
    """Contests or tenders of a market."""

    def __init__(self, pairs: Pairs, prizes: Floats, sight: Sight, draws: Draws) -> None:
        self.pairs, self.people, self.market, self.draws = pairs, pairs.population, pairs.population.market, draws
        self.bidding = Bidding(pairs, prizes, sight)
        self.low_balls = "low-ball" in self.people.bids
        self.claims = np.zeros(self.market.clients)  # due in the period now begun
        self.due = np.empty(0, dtype=np.intp)  # clients with a claim
        self._exits: dict[tuple[int, int, float], float] = {}

    def draw(self, parties: Parties) -> None:
        """Begin a period: draw its numbers; nothing is claimed yet."""
        self.bidding.draw(parties, self.draws)
        self.order = self.draws.keys("order", parties.n_clients)
        self.due = np.empty(0, dtype=np.intp)

    def review(self, t: int, parties: Parties, books: Books) -> Won:
        """Tender the clients whose review is due at the start of period t; returns those who change their vendor."""
        age, every = t - parties.since, self.market.review_every
        clients = np.flatnonzero((parties.partner < parties.n_vendors) & (age > 0) & (age % every == 0))
        clients = clients[np.argsort(self.order[clients])]
        lists = self._deal(self._free(parties), parties, len(clients), self.market.bidders - 1)
        clients = clients[: len(lists)]
        incumbents = parties.partner[clients][:, None]
        # Nobody challenges itself.
        lists = np.where(lists == incumbents, parties.n_vendors, lists)
        held = self.bidding.hold(parties, clients, np.concatenate([incumbents, lists], axis=1), incumbents=True)
        books.compete(parties, held)
        changed = held.winner > 0
        books.select(held.selected[changed])
        won = Won(held.vendors[changed, held.winner[changed]], clients[changed])
        self._claim(won.clients, held.claim[changed])
        return won

    def meet(self, t: int, parties: Parties, books: Books) -> Won:
        """Let the vendors compete for clients who are free at the start of period t, in rounds."""
        clients = parties.free_clients(t)
        clients = clients[np.argsort(self.order[clients])]
        free = self._free(parties)
        vendors, winners = [np.empty(0, dtype=np.intp)], [np.empty(0, dtype=np.intp)]
        while len(clients):
            lists = self._deal(free, parties, len(clients), self.market.bidders)
            if len(lists) == 0:
                break
            held = self.bidding.hold(parties, clients[: len(lists)], lists)
            books.compete(parties, held)
            books.select(held.selected)
            vendors.append(held.winners)
            winners.append(held.clients[held.won])
            self._claim(winners[-1], held.claim[held.won])
            clients = clients[len(lists) :]
            if free is not None:
                np.subtract.at(free, held.winners, 1)
        return Won(np.concatenate(vendors), np.concatenate(winners))

    def _free(self, parties: Parties) -> Ints | None:
        return None if parties.capacity == 0 else parties.free_places()

    def _deal(self, free: Ints | None, parties: Parties, clients: int, bidders: int) -> Ints:
        return deal(free, parties.n_vendors, clients, bidders, self.draws)

    # -- claims of low-balling winners -------------------------------------------------------------------------

    def _claim(self, clients: Ints, claims: Floats) -> None:
        if self.low_balls:
            self.claims[clients] = claims
            self.due = np.concatenate([self.due, clients[claims > 0]])

    def collect(self, parties: Parties, books: Books) -> None:
        """Book what is claimed in this period."""
        if len(self.due):
            agents = parties.vendor_agent[parties.partner[self.due]], parties.client_agent[self.due]
            books.claim(*agents, self.claims[self.due])

    def begrudge(self, parties: Parties) -> Ints:
        """Clients who leave after this period because of what was claimed, had they not left anyway."""
        if not self.low_balls:
            return self.due
        uniform = self.draws.uniforms("begrudging", parties.n_clients)[self.due]
        vendors, clients = parties.vendor_kind[parties.partner[self.due]], parties.client_kind[self.due]
        kinds = zip(vendors.tolist(), clients.tolist(), self.claims[self.due].tolist(), strict=True)
        return self.due[uniform < np.array([self._exit(*kind) for kind in kinds], dtype=np.float64)]

    def _exit(self, vendor: int, client: int, claim: float) -> float:
        """Extra chance to leave; there are as many different claims as kinds of winners."""
        if (vendor, client, claim) not in self._exits:
            self._exits[vendor, client, claim] = first_claim_exit(self.pairs, vendor, client, claim)
        return self._exits[vendor, client, claim]
