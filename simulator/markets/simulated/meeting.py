"""Random matching in a simulated market: free parties are paired by chance, and a bad record may be refused."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.markets.records import BAD, UNKNOWN, WORTH
from simulator.markets.simulated.draws import Draws
from simulator.markets.simulated.parties import Parties

__all__ = ["Sight", "drawn_places", "match_at_random"]

Ints = NDArray[np.intp]
Pairing = tuple[Ints, Ints]

# Places for each client up to which all are shuffled, and up to which all are listed.
FEW, MANY = 2, 32
SPARSE = 10_000_000  # places from which on no array has an entry for each


class Sight:
    """What parties see of each other's records, and whom they refuse."""

    def __init__(self, parties: Parties) -> None:
        market = parties.people.market
        self.recognition, self.acceptable = market.recognition, market.refuse_below <= WORTH
        self.refuses = not self.acceptable.all() and market.gossip > 0
        self.uncertain = 0.0 < market.recognition < 1.0 and market.gossip > 0

    def seen(self, record: Ints, uniform: NDArray[np.float64] | None) -> Ints:
        """Records as they are seen; `uniform` decides whether a bad one is recognised, None where that is certain."""
        if self.recognition >= 1.0:
            return record
        hidden = record == BAD
        if uniform is not None:
            hidden &= uniform >= self.recognition
        return np.where(hidden, UNKNOWN, record)


def match_at_random(parties: Parties, draws: Draws, sight: Sight, t: int) -> Pairing:
    """Vendors and clients that begin a relationship in period t.

    Free clients and free places are shuffled and paired one to one until one side is used up; with one role, any two.
    Where one refuses the other, both stay free in this period.
    """
    order = draws.keys("order", parties.n_clients)
    clients = parties.free_clients(t)
    if parties.people.one_role:
        clients = clients[np.argsort(order[clients])]
        half = len(clients) // 2
        vendors, clients = clients[:half], clients[half : 2 * half]
    elif parties.capacity == 0:
        vendors = (draws.uniforms("places", parties.n_clients) * parties.n_vendors).astype(np.intp)[clients]
    elif parties.capacity == 1:
        vendors, clients = _one_to_one(parties, draws, order, clients)
    else:
        vendors, clients = _by_places(parties, draws, order, clients)
    if sight.refuses:
        uniform = draws.of("sight").random((2, parties.n_clients)) if sight.uncertain else None
        seen = [
            sight.seen(record, None if uniform is None else uniform[side, clients])
            for side, record in enumerate((parties.vendor_record[vendors], parties.client_record[clients]))
        ]
        met = sight.acceptable[seen[0]] & sight.acceptable[seen[1]]
        vendors, clients = vendors[met], clients[met]
    return vendors, clients


def _one_to_one(parties: Parties, draws: Draws, order: NDArray[np.uint64], clients: Ints) -> Pairing:
    keys = draws.keys("places", parties.n_vendors)
    if len(clients) == 0:
        return clients, clients
    vendors = np.flatnonzero(parties.free_places() > 0)
    count = min(len(vendors), len(clients))
    vendors = _first(vendors, keys, count)
    return vendors[np.argsort(keys[vendors])], _first(clients, order, count)


def _by_places(parties: Parties, draws: Draws, order: NDArray[np.uint64], clients: Ints) -> Pairing:
    keys = draws.uniforms("places", parties.n_clients)
    if len(clients) == 0:
        return clients, clients
    free = parties.free_places()
    clients = _first(clients, order, min(len(clients), int(free.sum())))
    return drawn_places(free, keys[clients], draws), clients


def _first(parties: Ints, order: NDArray[np.uint64], count: int) -> Ints:
    """The so many with the smallest keys, in no particular order."""
    if count >= len(parties):
        return parties
    return parties[np.argpartition(order[parties], count)[:count]]


def drawn_places(free: Ints, uniform: NDArray[np.float64], draws: Draws) -> Ints:
    """Vendors of as many different places as there are `uniform` numbers, all places equally likely."""
    ends = np.cumsum(free)
    total, count = int(ends[-1]), len(uniform)
    again = draws.of("again")
    if total <= FEW * count:
        return np.repeat(np.arange(len(free)), free)[again.permutation(total)[:count]]
    # All draw at once, and whoever shares a place with a later one draws again. No place is special in this, so all
    # assignments are equally likely.
    places = (uniform * total).astype(np.intp)
    while True:
        double = _taken_later(places, total)
        if len(double) == 0:
            break
        places[double] = again.integers(0, total, len(double))
    if total <= MANY * count:
        return np.repeat(np.arange(len(free)), free)[places]
    return np.searchsorted(ends, places, side="right")


def _taken_later(places: Ints, total: int) -> Ints:
    """Positions of places that occur again further on."""
    number = np.arange(len(places))
    if total > SPARSE:
        _, first = np.unique(places[::-1], return_index=True)
        return np.setdiff1d(number, len(places) - 1 - first)
    latest = np.empty(total, dtype=np.intp)  # read only where it has been written
    latest[places] = number
    return np.flatnonzero(latest[places] != number)
